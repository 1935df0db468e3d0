//! Factories and restarts.

use super::*;

struct Model;
#[stage(runtime = none)]
async fn fragile(n: u64, model: &mut Model) -> u64 {
    let _ = model;
    if n.is_multiple_of(3) {
        panic!("tripped fragile");
    }
    n
}
#[stage]
fn dead(f: Failed<u64, std::convert::Infallible>, log: &Log) {
    log.add(match f.cause {
        Cause::Panic(_) => format!("panic {:?}", f.record),
        Cause::WorkerDead => format!("dead {:?}", f.record),
        _ => "other".to_owned(),
    });
}
pipeline! {
    Limited {
        input  numbers: u64 [16];
        output out: u64 [16];
        shared log: Log;
        local  model: Model;
        numbers -> fragile(model) { restart: 2 in 1h else drain } -> out;
        fragile.errors -[16]-> dead(log);
    }
}
pipeline! {
    LimitedAbort {
        input  numbers: u64 [16];
        output out: u64 [16];
        shared log: Log;
        local  model: Model;
        numbers -> fragile(model) { restart: 1 in 1h else abort } -> out;
        fragile.errors -[16]-> dead(log);
    }
}

#[test]
fn restarts_that_are_exhausted_drain() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let ids = Arc::new(Mutex::new(Vec::new()));
        let built = ids.clone();
        let factory = move |w: WorkerId| {
            built.lock().unwrap().push((w.index(), w.incarnation()));
            Model
        };
        let LimitedHandle { numbers, out, control } = start!(on, Limited::builder().log(log.clone()).model(factory));
        // All at once: the third panic ends the input.
        numbers.try_send_all(&mut (1..=12).collect()).unwrap();
        let ledger = control.finished().await;
        assert!(matches!(numbers.try_send(1), Err(SendError::Closed(1))));
        assert_eq!(out.collect::<Vec<_>>().await, [1, 2, 4, 5, 7, 8]);
        control.ledger().check().unwrap();
        assert_eq!(*ids.lock().unwrap(), [(0, 0), (0, 1), (0, 2)]);
        assert_eq!((ledger.fragile.rebuilt, ledger.fragile.failed), (2, 6));
        let lines = log.take();
        assert_eq!(
            lines,
            [
                "dead Some(10)",
                "dead Some(11)",
                "dead Some(12)",
                "panic Some(3)",
                "panic Some(6)",
                "panic Some(9)"
            ]
        );
    });
}

#[test]
fn restarts_that_are_exhausted_abort() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let LimitedAbortHandle { numbers, out, control } = start!(on, LimitedAbort::builder().log(log.clone()).model(|_| Model));
        for n in 1..=12 {
            if numbers.send(n).await.is_err() {
                break;
            }
        }
        let ledger = control.finished().await;
        ledger.check().unwrap();
        drop(out);
        assert_eq!(ledger.fragile.rebuilt, 1);
        assert!(ledger.fragile.input.cut + ledger.fragile.cut + ledger.fragile.failed + ledger.fragile.finished >= 6);
    });
}

pipeline! {
    BadFactory {
        input  numbers: u64 [16];
        output out: u64 [16];
        shared log: Log;
        local  model: Model;
        numbers -> fragile(model) -> out;
        fragile.errors -[16]-> dead(log);
    }
}

#[test]
fn a_factory_that_fails_on_a_rebuild_ends_its_worker() {
    everywhere(async |on| {
        for panics in [true, false] {
            let log = Arc::new(Log::default());
            let factory = move |w: WorkerId| match w.incarnation() {
                0 => Ok(Model),
                _ if panics => panic!("tripped factory"),
                _ => Err("no model"),
            };
            let builder = BadFactory::builder().log(log.clone()).try_model(factory);
            let BadFactoryHandle { numbers, out, control } = start!(on, builder);
            // All at once: the first panic ends the worker, and with it the pipeline.
            numbers.try_send_all(&mut (1..=5).collect()).unwrap();
            control.finished().await;
            assert_eq!(out.collect::<Vec<_>>().await, [1, 2]);
            let ledger = control.ledger();
            ledger.check().unwrap();
            assert_eq!(log.take(), ["dead Some(4)", "dead Some(5)", "panic Some(3)"]);
            assert_eq!(ledger.fragile.rebuilt, 0);
        }
    });
}

#[test]
fn a_factory_that_fails_at_the_start_says_so() {
    tokio(async |_| {
        let builder = BadFactory::builder().log(Arc::new(Log::default()));
        let error = builder.try_model(|_| Err::<Model, _>("no model")).start().err().unwrap();
        assert_eq!(error.to_string(), "`model` could not be built: no model");
    });
}
