//! A stage is fed a type that it does not take, over a ring.
use forebay::prelude::*;

pub struct Question(pub String);
pub struct Answer(pub String);

#[stage]
async fn ask(question: Question) -> Question {
    question
}
#[stage]
async fn print(answer: Answer) -> Result<Answer, String> {
    Ok(answer)
}

pipeline! {
    P {
        input questions: Question [8];
        output answers: Answer [8];
        questions -> ask -[64]-> print -> answers;
        errors -> drop;
    }
}

fn main() {
    P::builder().start().unwrap();
}
