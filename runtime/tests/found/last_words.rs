//! What a stage says last goes round a cycle, and comes back when it has ended.

use forebay::prelude::*;

use crate::kit::feed::send_each;

/// Gives nothing but its last word.
#[derive(Default)]
struct Heard(u64);
#[stage]
impl Heard {
    fn process(&mut self, n: u64) -> Option<u64> {
        self.0 += n;
        None
    }
    fn finish(&mut self) -> Option<u64> {
        Some(self.0)
    }
}
#[stage]
fn back(n: u64) -> u64 {
    n
}
#[stage]
fn refused(_shed: Shed<u64>) {}

pipeline! {
    Round {
        input numbers: u64 [8];
        node  heard: Heard = Heard::default();
        numbers -> back -[8, shed]-> heard -[8]-> again -[8, drop_oldest]-> heard;
        node  again = back;
        heard.shed -[8]-> refused;
    }
}

/// A ring that says `drop_oldest` has no shed wire. The ring beside it has one.
#[tokio::test]
async fn what_comes_round_when_its_node_has_ended_is_shed_beside_the_shed_wire() {
    let RoundHandle { numbers, control } = Round::builder().start().unwrap();
    send_each(&numbers, 1..=3).await;
    drop(numbers);
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert_eq!((ledger.heard.input.shed, ledger.refused.taken), (1, 0), "{ledger}");
    assert_eq!((ledger.heard.input.offered, ledger.heard.input.taken), (4, 3), "{ledger}");
}
