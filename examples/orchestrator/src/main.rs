//! `orchestrator`: see the README.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    panic,
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Result, bail, ensure};
use clap::Parser;
use forebay::dead_letters::Select;
use orchestrator::{
    answering::{Answering, graph},
    cli::{Cli, Command, Dlq, Worker},
    corpus::{Corpus, Origin},
    dlq::{self, Letters},
    indexing::build,
    load::{Audit, Journal, Load, killed_and_restarted},
    model::{EchoWorker, ExtractiveModel, POISON, SharedModel, SlowWorker},
    records::PromptRequest,
    search::{Index, Store},
    terminal::{Progress, Screen},
};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough.
        Err(error)
            if error
                .downcast_ref::<io::Error>()
                .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    if let Some(format) = cli.graph {
        return Ok(writeln!(io::stdout(), "{}", graph(format))?);
    }
    if let (true, Some(total)) = (cli.kill, cli.load) {
        return killed_and_restarted(total);
    }
    let home = match &cli.cache {
        Some(dir) => Store::at(dir)?,
        None => Store::in_cache()?,
    };
    if let Some(Command::Dlq(command)) = &cli.command {
        ensure!(
            cli.question.is_none() && cli.load.is_none() && !cli.ledger && !cli.reindex,
            "`dlq` takes no question and no load"
        );
        return tend(&cli, command, &home).await;
    }
    let model = model(&cli)?;
    let (index, indexing) = open(&cli, &home).await?;
    let ledger = match cli.load {
        Some(total) => load(&cli, index, model, total).await?,
        None => answer(&cli, index, model, &home).await?,
    };
    if cli.ledger || cli.load.is_some() {
        if let Some(indexing) = indexing {
            writeln!(io::stdout(), "\n{indexing}")?;
        }
        writeln!(io::stdout(), "\n{ledger}")?;
    }
    Ok(())
}

fn model(cli: &Cli) -> Result<SharedModel> {
    let of_slow = cli.delay.is_some() || cli.jitter.is_some() || cli.poison.is_some();
    ensure!(
        cli.worker == Worker::Slow || !of_slow,
        "--delay, --jitter and --poison are for --worker slow"
    );
    Ok(match cli.worker {
        Worker::Extractive => Arc::new(ExtractiveModel),
        Worker::Echo => Arc::new(EchoWorker),
        Worker::Slow => Arc::new(SlowWorker {
            delay: cli.delay.unwrap_or(SlowWorker::default().delay),
            jitter: cli.jitter.unwrap_or(SlowWorker::default().jitter),
            poison: cli.poison,
        }),
    })
}

/// The index of the corpus as it is now, and the ledger of its making if it was made just now.
async fn open(cli: &Cli, store: &Store) -> Result<(Index, Option<String>)> {
    let corpus = Corpus::find(cli.corpus.as_deref())?;
    if corpus.origin == Origin::OwnDocs {
        anstream::eprintln!(
            "No Rust documentation here (`rustup component add rust-docs` brings it): answering from {}.",
            corpus.name
        );
    }
    let fingerprint = corpus.fingerprint()?;
    if !cli.reindex
        && let Some((index, _)) = store.open(&corpus, fingerprint)?
    {
        return Ok((index, None));
    }
    anstream::eprintln!("Indexing {} ({}), once.", corpus.name, corpus.root.display());
    let progress = Arc::new(Progress::on_screen());
    let (index, manifest, ledger) = build(&corpus, store, fingerprint, progress.clone()).await?;
    let took = manifest.took_ms as f64 / 1000.0;
    anstream::eprintln!(
        "Indexed {} pages in {} passages, in {took:.1} s.\n",
        manifest.pages,
        manifest.passages
    );
    if progress.skipped() > 0 {
        anstream::eprintln!("{} pages could not be read.\n", progress.skipped());
    }
    if index.is_empty() {
        bail!("{} holds no pages (HTML, Markdown or text)", corpus.root.display());
    }
    Ok((index, Some(ledger)))
}

/// Answers the question of the command line, or each line of the input; gives the ledger.
async fn answer(cli: &Cli, index: Index, model: SharedModel, home: &Store) -> Result<String> {
    let letters = Letters::open_or_borrow(&dlq::path(cli.letters.as_ref(), home.home()))?;
    let mut answering = Answering::start(index, model, letters.store.clone())?;
    let mut screen = Screen::stdout();
    if let Some(question) = &cli.question {
        ask(&mut answering, question, cli, &mut screen).await?;
        return answering.drain().await;
    }
    let is_dialogue = io::stdin().is_terminal();
    let mut lines = io::stdin().lock().lines();
    loop {
        if is_dialogue {
            anstream::print!("\nAsk (an empty line ends): ");
            io::stdout().flush()?;
        }
        let Some(question) = lines
            .next()
            .transpose()?
            .filter(|line| !is_dialogue || !line.trim().is_empty())
        else {
            break;
        };
        if question.trim().is_empty() {
            continue;
        }
        if !is_dialogue {
            screen.question(&question)?;
        }
        ask(&mut answering, &question, cli, &mut screen).await?;
    }
    answering.drain().await
}

async fn ask<W: Write>(answering: &mut Answering, question: &str, cli: &Cli, screen: &mut Screen<W>) -> Result<()> {
    let notice = answering.ask(question, cli.top.into(), |piece| screen.piece(piece)).await?;
    Ok(notice.map_or(Ok(()), |notice| screen.notice(&notice))?)
}

/// Lists, shows, replays or purges dead letters.
async fn tend(cli: &Cli, command: &Dlq, home: &Store) -> Result<()> {
    let letters = Letters::open(&dlq::path(cli.letters.as_ref(), home.home()))?;
    if let Dlq::Replay { ids, force } = command {
        let model = model(cli)?;
        let (index, _) = open(cli, home).await?;
        let mut answering = Answering::start(index, model, letters.store.clone())?;
        dlq::replay(&mut answering, &letters.store, ids, *force).await?;
        answering.drain().await?;
        return Ok(());
    }
    dlq::tend(command, &letters.store)
}

/// Loads the pipeline and says what it made of it; gives the ledger.
async fn load(cli: &Cli, index: Index, model: SharedModel, total: u64) -> Result<String> {
    let load = Load {
        questions: match &cli.question {
            Some(question) => vec![question.clone()],
            None => index.questions(256)?,
        },
        total,
        clients: cli.clients.unwrap_or(if cli.burst { 1024 } else { 64 }).into(),
        burst: cli.burst,
        top: cli.top.into(),
    };
    if cli.poison.is_some() {
        keep_quiet_about_poison();
    }
    ensure!(
        cli.journal.is_none() || cli.letters.is_none(),
        "a journal keeps its dead letters in its own folder: leave --letters out"
    );
    let Some(dir) = &cli.journal else {
        let letters = match &cli.letters {
            Some(file) => Letters::open(file)?,
            None => Letters::for_this_run()?,
        };
        let answering = Answering::start(index, model, letters.store.clone())?;
        let (report, ledger) = load.run(answering, Journal::none(total), false).await?;
        writeln!(io::stdout(), "{report}")?;
        return Ok(ledger);
    };
    std::fs::create_dir_all(dir)?;
    let letters = Letters::open(&dir.join(dlq::FILE))?;
    let mut dead = std::collections::HashSet::new();
    for letter in letters.store.letters(&Select::all())? {
        dead.extend(letters.store.record::<PromptRequest>(letter?.id)?.map(|request| request.id));
    }
    let journal = Journal::open(dir, total, &dead)?;
    let answering = Answering::start(index, model, letters.store.clone())?;
    let (report, ledger) = load.run(answering, journal, true).await?;
    writeln!(io::stdout(), "{report}\n\n{}", Audit::of(dir, &letters.store)?)?;
    Ok(ledger)
}

/// A poison question panics because it was told to: that is no news.
fn keep_quiet_about_poison() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<&str>() != Some(&POISON) {
            usual(info);
        }
    }));
}
