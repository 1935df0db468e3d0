//! A stage is fed a type that it does not take.
use forebay::prelude::*;

pub struct Question(pub String);
pub struct Answer(pub String);

#[stage]
fn ask(question: Question) -> Question {
    question
}
#[stage]
fn print(answer: Answer) -> Answer {
    answer
}

pipeline! {
    P {
        input questions: Question [8];
        output answers: Answer [8];
        questions -> ask -> print -> answers;
    }
}

fn main() {
    let PHandle { questions, answers, control } = P::builder().start().unwrap();
    drop((questions, answers, control));
}
