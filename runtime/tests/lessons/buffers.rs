//! Record buffers.

use std::sync::Mutex;
use std::time::Duration;

use forebay::prelude::*;
use tokio::time::{Instant, sleep};

use crate::kit::feed::send_each;
use crate::kit::wait::soon;

struct Seen(Mutex<Vec<Duration>>, Instant);

#[stage]
async fn slow(_n: u64) {
    sleep(Duration::from_millis(50)).await;
}
#[stage]
fn ticked(_tick: Tick, seen: &Seen) {
    seen.0.lock().unwrap().push(seen.1.elapsed());
}
pipeline! {
    Beside {
        input  numbers: u64 [64];
        shared seen: Seen;
        numbers -> slow;
        every 1ms -> ticked(seen);
    }
}

/// "All consumers ran in one task: a 50 ms consumer stalled another record's 1 ms ticker for 76 ms."
#[tokio::test(start_paused = true)]
async fn a_slow_consumer_does_not_stall_the_ticker_beside_it() {
    let seen = std::sync::Arc::new(Seen(Mutex::new(Vec::new()), Instant::now()));
    let BesideHandle { numbers, control } = Beside::builder().seen(seen.clone()).start().unwrap();
    for n in 0..20 {
        numbers.try_send(n).unwrap();
    }
    sleep(Duration::from_millis(500)).await;
    control.drain().await.check().unwrap();
    let times = seen.0.lock().unwrap().clone();
    assert!(times.len() >= 499, "{} ticks", times.len());
    for (n, at) in times.iter().enumerate() {
        let due = Duration::from_millis(n as u64 + 1);
        assert!((due..due + Duration::from_millis(2)).contains(at), "tick {n} came at {at:?}");
    }
}

#[stage]
fn pass(n: u64) -> u64 {
    n
}
pipeline! {
    Seen16 {
        input  numbers: u64 [64];
        output every: u64 [broadcast 16];
        numbers -> pass -> every;
    }
}

/// "`while let Ok(x) = recv()` ended for ever at the first lag."
#[tokio::test]
async fn a_reader_that_lags_reads_on() {
    let Seen16Handle {
        numbers,
        mut every,
        control,
    } = Seen16::builder().start().unwrap();
    send_each(&numbers, 0..1000).await;
    drop(numbers);
    let (mut last, mut got) = (None, 0);
    while let Some(n) = soon(every.recv()).await {
        (last, got) = (Some(n), got + 1);
    }
    assert_eq!(last, Some(999));
    assert!(every.lost() > 0, "it lags");
    assert_eq!(got + every.lost(), 1000);
    control.finished().await.check().unwrap();
}
