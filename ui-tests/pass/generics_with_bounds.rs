//! A pipeline with parameters, bounds and a `where` clause; a stage that is generic over its resource.
use forebay::prelude::*;

trait Model {
    fn answer(&self, question: u64) -> u64;
}

struct Twice;
impl Model for Twice {
    fn answer(&self, question: u64) -> u64 {
        question * 2
    }
}

#[stage]
fn ask<M>(question: u64, model: &M) -> u64
where
    M: Model + Send + Sync + 'static,
{
    model.answer(question)
}
#[stage]
fn tagged<T: Send + 'static>(record: T) -> (u32, T) {
    (7, record)
}
#[stage]
fn untag<T: Send + 'static>(record: (u32, T)) -> T {
    record.1
}

pipeline! {
    /// Asks a model.
    pub Asking<M, T: Clone = u64, const QUEUE: usize = 16>
    where
        M: Model + Send + Sync + 'static,
        T: Send + Sync + 'static,
    {
        budget 1MiB;
        input questions: u64 [QUEUE];
        input others: T [8];
        output answers: u64 [QUEUE];
        output tagged_ones: T [8];
        shared model: M;
        questions -> ask(model) -[QUEUE]-> tagged -> untag -> answers;
        node tag = tagged;
        node tag_off = untag;
        others -> tag -[4]-> tag_off -> tagged_ones;
    }
}

fn main() {
    let handle = <Asking<Twice, String, 4> as Pipeline>::builder().model(Twice).start_threads().unwrap();
    let AskingHandle { questions, others, mut answers, mut tagged_ones, control } = handle;
    questions.send_blocking(21).unwrap();
    others.send_blocking("why".to_owned()).unwrap();
    drop((questions, others));
    assert_eq!(answers.recv_blocking(), Some(42));
    assert_eq!(tagged_ones.recv_blocking().as_deref(), Some("why"));
    assert_eq!((answers.recv_blocking(), tagged_ones.recv_blocking()), (None, None));
    control.finished_blocking().check().unwrap();
    assert_eq!(<Asking<Twice, String, 4> as Pipeline>::TOPOLOGY.name, "Asking");
}
