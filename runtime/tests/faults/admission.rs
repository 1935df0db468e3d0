//! `quota 8 per 1s by key`, `limit 1000 per 1s`

use std::collections::VecDeque;
use std::time::Duration;

use forebay::prelude::*;
use tokio::time::sleep;

use crate::kit::feed::send_each;
use crate::support::until;

#[record]
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    #[key]
    session: u64,
    n: u64,
}

fn ask(session: u64, n: u64) -> Ask {
    Ask { session, n }
}

/// Goes on when it is let.
#[stage]
async fn answer(ask: Ask, gate: &tokio::sync::Semaphore) -> Ask {
    gate.acquire().await.unwrap().forget();
    ask
}

pipeline! {
    Door {
        input  asks: Ask [4, shed, quota 2 per 1s by key, limit 4 per 1s];
        output done: Ask [64];
        shared gate: tokio::sync::Semaphore;
        asks -> answer(gate) -> done;
    }
}

/// As many as there are.
fn open() -> std::sync::Arc<tokio::sync::Semaphore> {
    std::sync::Arc::new(tokio::sync::Semaphore::new(1_000_000))
}

#[tokio::test(start_paused = true)]
async fn each_refusal_has_its_reason() {
    let DoorHandle { asks, mut done, control } = Door::builder().gate(open()).start().unwrap();
    assert_eq!(asks.send(ask(1, 0)).await, Ok(()));
    assert_eq!(asks.send(ask(1, 1)).await, Ok(()));
    assert_eq!(asks.send(ask(1, 2)).await, Err(SendError::Refused(ask(1, 2), Reason::Quota)));
    assert_eq!(asks.try_send(ask(2, 3)), Ok(()));
    assert_eq!(asks.try_send(ask(3, 4)), Ok(()));
    assert_eq!(asks.try_send(ask(4, 5)), Err(SendError::Refused(ask(4, 5), Reason::Limit)));
    // Of the limit there is one more every quarter of a second, of a quota every half.
    sleep(Duration::from_millis(250)).await;
    assert_eq!(asks.try_send(ask(1, 6)), Err(SendError::Refused(ask(1, 6), Reason::Quota)));
    assert_eq!(asks.try_send(ask(4, 7)), Ok(()));
    sleep(Duration::from_millis(250)).await;
    assert_eq!(asks.try_send(ask(1, 8)), Ok(()));
    for n in [0, 1, 3, 4, 7, 8] {
        assert_eq!(done.recv().await.unwrap().n, n);
    }
    let ledger = control.ledger();
    assert_eq!((ledger.asks.quota, ledger.asks.limit), (2, 1));
    assert_eq!(
        (ledger.asks.offered, ledger.asks.shed),
        (6, 0),
        "what the caller had back was not offered"
    );
    assert!(control.ledger().to_string().contains("quota"));
    control.drain().await.check().unwrap();
    assert_eq!(asks.try_send(ask(9, 9)), Err(SendError::Closed(ask(9, 9))));
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_uses_nothing_up() {
    let gate = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let DoorHandle { asks, done, control } = Door::builder().gate(gate.clone()).start().unwrap();
    for session in 0..4 {
        asks.try_send(ask(session, 0)).unwrap();
    }
    // The limit refuses: the quota of the session is as it was.
    for _ in 0..10 {
        assert_eq!(asks.try_send(ask(7, 0)), Err(SendError::Refused(ask(7, 0), Reason::Limit)));
    }
    sleep(Duration::from_secs(1)).await;
    until(|| control.ledger().answer.in_work == 1).await;
    asks.try_send(ask(7, 1)).unwrap();
    // The ring is full now, which refuses too: neither the quota nor the limit is used up.
    for _ in 0..10 {
        assert_eq!(asks.try_send(ask(7, 2)), Err(SendError::Full(ask(7, 2))));
    }
    gate.add_permits(3);
    until(|| control.ledger().done.offered == 3).await;
    for n in 3..6 {
        let sent = asks.try_send(ask(if n == 3 { 7 } else { n }, n));
        assert_eq!(sent, Ok(()));
    }
    assert_eq!(asks.try_send(ask(7, 6)), Err(SendError::Refused(ask(7, 6), Reason::Quota)));
    gate.add_permits(1_000);
    control.drain().await.check().unwrap();
    drop(done);
}

#[tokio::test(start_paused = true)]
async fn a_query_uses_nothing_up() {
    let DoorHandle { asks, done, control } = Door::builder().gate(open()).start().unwrap();
    for _ in 0..100 {
        assert_eq!(asks.admits(&ask(1, 0)), Ok(()));
        assert!(asks.is_empty() && asks.len() < asks.capacity() && !asks.is_closed());
        // Nor does a slot that is not filled.
        drop(asks.reserve().await);
    }
    asks.try_send(ask(1, 0)).unwrap();
    asks.try_send(ask(1, 1)).unwrap();
    for _ in 0..100 {
        assert_eq!(asks.admits(&ask(1, 2)), Err(Reason::Quota));
    }
    sleep(Duration::from_millis(500)).await;
    assert_eq!((asks.admits(&ask(1, 2)), asks.try_send(ask(1, 2))), (Ok(()), Ok(())));
    for session in 2..5 {
        asks.try_send(ask(session, 3)).unwrap();
    }
    assert_eq!(asks.admits(&ask(9, 4)), Err(Reason::Limit));
    control.drain().await.check().unwrap();
    assert_eq!(asks.admits(&ask(9, 4)), Err(Reason::Closed));
    drop(done);
}

#[tokio::test(start_paused = true)]
async fn whichever_way_a_record_is_sent() {
    let DoorHandle { asks, done, control } = Door::builder().gate(open()).start().unwrap();
    let slot = asks.reserve().await.unwrap();
    slot.send(ask(1, 0)).unwrap();
    let mut all: VecDeque<_> = (1..5).map(|n| ask(1, n)).collect();
    // One of them is let in; what was not sent is still there, the one that was refused first.
    assert_eq!(asks.try_send_all(&mut all), Err(SendError::Refused((), Reason::Quota)));
    assert_eq!((all.len(), all[0].n), (3, 2));
    assert_eq!(asks.send_all(&mut all).await, Err(SendError::Refused((), Reason::Quota)));
    assert_eq!(all.len(), 3);
    let slot = asks.reserve().await.unwrap();
    assert_eq!(slot.send(ask(1, 5)), Err(SendError::Refused(ask(1, 5), Reason::Quota)));
    // Who comes too late is told so, whatever is left of the quota.
    let slot = asks.reserve().await.unwrap();
    let ledger = control.drain().await;
    assert_eq!(slot.send(ask(1, 6)), Err(SendError::Closed(ask(1, 6))));
    ledger.check().unwrap();
    assert_eq!((ledger.asks.offered, ledger.asks.quota), (2, 3));
    drop(done);
}

#[stage]
fn note(shed: Shed<Ask>) -> (u64, Reason) {
    (shed.record.n, shed.reason)
}

pipeline! {
    Wired {
        input  asks: Ask [2, shed, quota 2 per 1s by session, limit 4 per 1s];
        output done: Ask [64];
        output refused: (u64, Reason) [64];
        shared gate: tokio::sync::Semaphore;
        asks -> answer(gate) -> done;
        asks.shed -[4]-> note -> refused;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_goes_to_the_wire_with_its_reason() {
    let gate = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let WiredHandle {
        asks,
        done,
        mut refused,
        control,
    } = Wired::builder().gate(gate.clone()).start().unwrap();
    asks.send(ask(1, 0)).await.unwrap();
    until(|| control.ledger().answer.in_work == 1).await;
    asks.send(ask(1, 1)).await.unwrap();
    assert_eq!(asks.send(ask(1, 2)).await, Err(SendError::Shed));
    asks.send(ask(2, 3)).await.unwrap();
    assert_eq!(asks.send(ask(2, 4)).await, Err(SendError::Shed), "the ring is full");
    gate.add_permits(1);
    until(|| asks.len() == 1).await;
    asks.send(ask(3, 5)).await.unwrap();
    assert_eq!(asks.send(ask(4, 6)).await, Err(SendError::Shed));
    for expected in [(2, Reason::Quota), (4, Reason::Full), (6, Reason::Limit)] {
        assert_eq!(refused.recv().await, Some(expected));
    }
    gate.add_permits(100);
    let ledger = control.drain().await;
    ledger.check().unwrap();
    let asks = ledger.asks;
    assert_eq!((asks.offered, asks.taken, asks.shed), (7, 4, 3));
    assert_eq!((asks.quota, asks.limit), (1, 1));
    drop(done);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_floods_does_not_starve_another() {
    pipeline! {
        Sessions {
            input  asks: Ask [16, shed, quota 5 per 1s by key, limit 100 per 1s];
            output done: Ask [64];
            asks -> slow -> done;
        }
    }
    #[stage]
    async fn slow(ask: Ask) -> Ask {
        sleep(Duration::from_millis(50)).await;
        ask
    }
    let SessionsHandle { asks, mut done, control } = Sessions::builder().start().unwrap();
    let flood = asks.clone();
    let flood = tokio::spawn(async move {
        let mut let_in = 0;
        for n in 0..10_000 {
            let_in += u64::from(flood.send(ask(1, n)).await.is_ok());
            sleep(Duration::from_millis(1)).await;
        }
        let_in
    });
    let answered = tokio::spawn(async move {
        let mut answered = 0;
        while let Some(ask) = done.recv().await {
            answered += u64::from(ask.session == 2);
        }
        answered
    });
    // The stage has room for both, and for no flood.
    for n in 0..40 {
        assert_eq!(asks.send(ask(2, n)).await, Ok(()), "record {n} of the polite one");
        sleep(Duration::from_millis(250)).await;
    }
    drop(asks);
    let let_in = flood.await.unwrap();
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert_eq!(answered.await.unwrap(), 40);
    assert!(
        (50..=56).contains(&let_in),
        "{let_in}: five at once, and five a second for ten seconds"
    );
    assert_eq!(ledger.asks.quota, 10_000 - let_in);
}

pipeline! {
    Before {
        input  numbers: u64 [64];
        output asks: Ask [64];
        numbers -> made -> asks;
    }
}
#[stage]
fn made(n: u64) -> Ask {
    ask(n % 2, n)
}

#[tokio::test(start_paused = true)]
async fn what_a_pipeline_before_it_sends_is_shed() {
    let BeforeHandle { numbers, asks, control } = Before::builder().start().unwrap();
    let door = Door::builder().gate(open()).start().unwrap();
    asks.pipe_into(&door.asks).unwrap();
    send_each(&numbers, 0..10).await;
    drop((numbers, door.asks));
    control.finished().await.check().unwrap();
    let ledger = door.control.finished().await;
    ledger.check().unwrap();
    assert_eq!((ledger.asks.offered, ledger.asks.taken, ledger.asks.shed), (10, 4, 6));
    assert_eq!(ledger.asks.quota + ledger.asks.limit, 6);
    drop(door.done);
}
