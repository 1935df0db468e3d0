//! A future whose drop panics.

use super::*;

struct Bomb;
impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic!("tripped bomb");
        }
    }
}
#[stage(runtime = none)]
async fn waits(n: u64) -> Result<u64, Bad> {
    let bomb = (n == 2).then(|| Bomb);
    if n >= 2 {
        std::future::pending::<()>().await;
    }
    drop(bomb);
    Ok(n)
}
pipeline! {
    Waits {
        input  numbers: u64 [16];
        output out: u64 [16];
        shared log: Log;
        numbers -> waits -> out;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_future_whose_drop_panics_does_not_keep_an_abort_from_its_end() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let WaitsHandle {
            numbers,
            mut out,
            control,
        } = start!(on, Waits::builder().log(log.clone()));
        send_each(&numbers, 0..5).await;
        assert_eq!((out.recv().await, out.recv().await), (Some(0), Some(1)));
        while control.ledger().waits.taken < 3 {
            yields(1).await;
        }
        let ledger = control.abort().await;
        ledger.check().unwrap();
        assert_eq!((ledger.waits.taken, ledger.waits.finished, ledger.numbers.cut), (3, 2, 2));
        assert_eq!(out.recv().await, None);
    });
}
