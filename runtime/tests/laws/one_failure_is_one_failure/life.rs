//! The life of an `impl` stage.

use super::*;

pub(super) static BUILT: AtomicU64 = AtomicU64::new(0);

#[derive(Default)]
struct Moody {
    seen: u64,
}
#[stage]
impl Moody {
    fn process(&mut self, n: u64) -> u64 {
        self.seen += 1;
        if n == 3 {
            panic!("tripped process");
        }
        self.seen
    }
    fn tick(&mut self) -> Option<u64> {
        panic!("tripped tick");
    }
    fn finish(&mut self) -> u64 {
        if self.seen >= 5 {
            panic!("tripped finish");
        }
        1000 + self.seen
    }
}
pipeline! {
    Keeps {
        input  numbers: u64 [8];
        output out: u64 [8];
        shared log: Log;
        node moody: Moody { tick: 1h } = Moody::default();
        numbers -> moody -> out;
        errors -[4]-> note(log);
    }
}
pipeline! {
    Rebuilds {
        input  numbers: u64 [8];
        output out: u64 [8];
        shared log: Log;
        node moody: Moody { tick: 1h, on_panic: rebuild } = { BUILT.fetch_add(1, Relaxed); Moody::default() };
        numbers -> moody -> out;
        errors -[4]-> note(log);
    }
}

#[test]
fn an_impl_stage_keeps_its_state_unless_it_says_rebuild() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let KeepsHandle { numbers, out, control } = start!(on, Keeps::builder().log(log.clone()));
        send_each(&numbers, 0..6).await;
        drop(numbers);
        let got: Vec<u64> = out.collect().await;
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(got, [1, 2, 3, 5, 6]);
        assert_eq!(log.take(), ["moody tripped finish", "moody tripped process"]);
        assert_eq!((ledger.moody.failed, ledger.moody.rebuilt), (2, 0));

        let RebuildsHandle { numbers, out, control } = start!(on, Rebuilds::builder().log(log.clone()));
        send_each(&numbers, 0..6).await;
        drop(numbers);
        let got: Vec<u64> = out.collect().await;
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(got, [1, 2, 3, 1, 2, 1002]);
        assert_eq!(log.take(), ["moody tripped process"]);
        assert_eq!((ledger.moody.failed, ledger.moody.rebuilt), (1, 1));
    });
}

pipeline! {
    Ticks {
        input  numbers: u64 [8];
        output out: u64 [8];
        shared log: Log;
        node moody: Moody { tick: 5ms } = Moody::default();
        numbers -> moody -> out;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_tick_that_panics_is_a_failure_without_a_record() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let TicksHandle { numbers, out, control } = start!(on, Ticks::builder().log(log.clone()));
        while control.ledger().moody.failed < 3 {
            ::tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        numbers.send(1).await.unwrap();
        drop(numbers);
        assert_eq!(out.collect::<Vec<_>>().await, [1, 1001]);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        let ticks = log.take();
        assert!(
            ticks.len() >= 3 && ticks.iter().all(|line| line == "moody tripped tick"),
            "{ticks:?}"
        );
    });
}
