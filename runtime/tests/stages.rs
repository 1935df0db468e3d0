use forebay::prelude::*;

#[derive(Clone, Debug, PartialEq)]
pub struct Word(String);

#[stage]
fn double(x: u32) -> u32 {
    x * 2
}
#[stage]
async fn shared(x: u32, factor: &u32) -> Result<u32, String> {
    Ok(x * factor)
}
#[stage]
fn words(line: String) -> impl Iterator<Item = Word> {
    line.split_whitespace()
        .map(|w| Word(w.to_owned()))
        .collect::<Vec<_>>()
        .into_iter()
}
#[stage]
async fn many(x: u32, log: &mut Vec<u32>, out: &mut Emit<u32>) -> Result<(), String> {
    for i in 0..x {
        log.push(i);
        out.emit(i).await;
    }
    Ok(())
}
#[derive(Default)]
pub struct Count {
    n: u64,
}
#[stage]
impl Count {
    fn process(&mut self, _word: Word) {
        self.n += 1;
    }
    fn finish(&mut self) -> Option<u64> {
        Some(self.n)
    }
}
fn main() {}
