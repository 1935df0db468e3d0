//! Declarations, and what becomes of them.

mod documented;
mod graphs;
mod prefix;
mod refused;
mod sound;
mod syntax;
mod undeclared;

use super::{ast, check, model};

/// The graph of a declaration as text, or its errors.
fn read(text: &str) -> Result<String, Vec<String>> {
    let tokens = text.parse().expect("a test is made of tokens");
    let mut cx = ast::Context::default();
    let Some(ast) = ast::pipeline(tokens, &mut cx) else {
        return Err(cx.errors.messages());
    };
    let model = model::build(ast, &mut cx);
    check::all(&model, &mut cx);
    match cx.errors.is_empty() {
        true => {
            sound::sound(&model);
            Ok(model.dump())
        }
        false => Err(cx.errors.messages()),
    }
}

/// The body of a declaration is refused with exactly these errors.
#[track_caller]
fn refuses(body: &str, errors: &[&str]) {
    match read(&format!("P {{ {body} }}")) {
        Ok(dump) => panic!("accepted:\n{dump}"),
        Err(found) => assert_eq!(found, errors, "for {body}"),
    }
}

/// The body of a declaration gives this graph.
#[track_caller]
fn gives(body: &str, graph: &str) {
    match read(&format!("P {{ {body} }}")) {
        Ok(dump) => {
            let trimmed = |text: &str| text.trim().lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
            assert_eq!(trimmed(&dump), trimmed(graph), "for {body}:\n{dump}");
        }
        Err(errors) => panic!("refused: {errors:#?}"),
    }
}

/// The example of the design, without what is not built yet.
const ORCHESTRATOR: &str = "
    /// Answers questions from a corpus.
    pub Orchestrator<M: ModelWorker, const QUEUE: usize = 1024> where M: Send {
        budget 8MiB;
        drain  5s;

        input  requests: PromptRequest [512, shed, quota 8 per 1s by key, limit 1000 per 1s];
        output answers:  Answer [256];

        shared index: Index;
        local  model: M;
        shared template: Template = Template::default();
        shared store: DeadLetters;

        node   window: Window { tick: 1s };
        node   mean: Mean { tick: 1s } = Mean::over(60);

        requests -> rag(index) { concurrency: 16 ordered } -[512]-> assemble(template) -[QUEUE, by key]-> infer(model) { workers: 4, timeout: 500ms, retry: 3, backoff: 10ms..1s }
                 -[512]-> redact -[256]-> answers;

        infer.errors  -[128]-> dead_letters(store);
        errors        -[128]-> note_failure;
        requests.shed -[64]->  count_shed;
        every 30s -> beat -> window -> mean -> report;
    }
";

/// All kinds of rings that overwrite, their readers, and what is told of them.
const TELEMETRY: &str = "
    /// Watches a machine.
    pub Telemetry<R: Reading> where R: Send {
        input  limits: Limits [mailbox];
        topic  readings: R [broadcast 1024];
        topic  config: Limits [latest = Limits::default()];
        output shown: R [broadcast 64];
        output state: State [latest];
        shared log: Log;
        cpu -> readings;
        memory -[64]-> scaled(config) -> readings;
        readings -> { history -[latest]-> state, alert(config) -> log_alert(log), -[8]-> store { workers: 2 } };
        readings -> shown;
        alert.lagged -[mailbox]-> note_lag(log);
        errors -> drop;
        every 1s -> beat(config);
        limits -> config;
    }
";

/// What few rings say.
const DISPATCH: &str = "
    /// Gives jobs to workers.
    pub Dispatch<const QUEUE: usize = 64> {
        budget 1MiB;
        drain  5s;
        input  jobs: Job [512, priority weighted 4:2:1, by key];
        input  quotes: Quote [256, coalesce by key, shed];
        output done: Done [64, offer 3 every 10ms, priority];
        output board: Quote [64, coalesce by key];
        jobs -> parse { workers: 4 } -[QUEUE, priority, offer 3 every 10ms, by user]-> work { workers: 2 } -> done;
        work.shed -[64]-> note;
        every 1s -> beat -[4, offer 1 every 5ms]-> report;
        quotes -> checked -[QUEUE, coalesce by key, by key]-> priced { workers: 2 } -> board;
        quotes.shed -[64]-> missed;
    }
";
