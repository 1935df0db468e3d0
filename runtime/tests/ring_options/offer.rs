//! `offer 3 every 10ms`: a full ring is tried again, and then the record is shed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::tokio::sync::Semaphore;
use ::tokio::time::{Instant, sleep};
use forebay::Reason;
use forebay::prelude::*;

use crate::support::*;

/// Waits for a permit. (It sleeps, so a paused clock goes on.)
#[stage]
async fn held(job: Job, gate: &Semaphore) -> Job {
    gate.acquire().await.unwrap().forget();
    job
}
#[stage]
fn note(shed: Shed<Job>, log: &Log) {
    let at = log.start.elapsed().as_millis() as u64;
    log.shed.lock().unwrap().push((shed.record.n, at, shed.reason));
}

struct Log {
    start: Instant,
    shed: Mutex<Vec<(u64, u64, Reason)>>,
}
impl Log {
    fn new() -> Arc<Log> {
        Arc::new(Log {
            start: Instant::now(),
            shed: Mutex::default(),
        })
    }
    fn shed(&self) -> Vec<(u64, u64, Reason)> {
        self.shed.lock().unwrap().clone()
    }
    fn at(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }
}

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

pipeline! {
    Inside {
        input  jobs: Job [64];
        output done: Job [64];
        shared gate: Semaphore;
        shared log: Log;
        jobs -> same -[4, offer 3 every 10ms]-> held(gate) -> done;
        held.shed -[16]-> note(log);
    }
}

#[test]
fn a_record_is_shed_after_its_tries_and_the_next_one_has_all_of_them() {
    paused(async || {
        let (gate, log) = (Arc::new(Semaphore::new(0)), Log::new());
        let InsideHandle { jobs, done, control } = Inside::builder().gate(gate.clone()).log(log.clone()).start().unwrap();
        // One in work, four in the ring; two too many.
        for n in 0..7 {
            jobs.send(job(Now, n)).await.unwrap();
        }
        sleep(ms(29)).await;
        let ledger = control.ledger();
        assert_eq!((ledger.held.input.shed, log.shed()), (0, vec![]));
        sleep(ms(41)).await;
        assert_eq!(log.shed(), [(5, 30, Reason::Full), (6, 60, Reason::Full)]);
        gate.add_permits(100);
        drop(jobs);
        let done = numbers(done).await;
        assert_eq!(done, [0, 1, 2, 3, 4]);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.held.input.offered, ledger.held.input.shed), (7, 2));
    });
}

/// A slow reader calls for each slot, so a record that waits goes in before its next try.
#[test]
fn a_slot_of_a_slow_reader_is_filled_at_once() {
    paused(async || {
        let (gate, log) = (Arc::new(Semaphore::new(0)), Log::new());
        let InsideHandle { jobs, done, control } = Inside::builder().gate(gate.clone()).log(log.clone()).start().unwrap();
        for n in 0..6 {
            jobs.send(job(Now, n)).await.unwrap();
        }
        sleep(ms(12)).await;
        let before = control.ledger().held.input;
        gate.add_permits(1);
        sleep(ms(1)).await;
        let after = control.ledger().held.input;
        assert_eq!((before.taken, before.queued, after.taken, after.queued), (1, 4, 2, 4));
        sleep(ms(100)).await;
        assert_eq!(log.shed(), []);
        gate.add_permits(100);
        drop(jobs);
        assert_eq!(done.collect::<Vec<_>>().await.len(), 6);
        control.finished().await.check().unwrap();
    });
}

/// A ring that is half empty calls those who wait.
#[test]
fn room_for_a_batch_does_not_wait_for_the_next_try() {
    paused(async || {
        let (gate, log) = (Arc::new(Semaphore::new(0)), Log::new());
        let InsideHandle { jobs, done, control } = Inside::builder().gate(gate.clone()).log(log.clone()).start().unwrap();
        for n in 0..6 {
            jobs.send(job(Now, n)).await.unwrap();
        }
        sleep(ms(12)).await;
        gate.add_permits(100);
        drop(jobs);
        assert_eq!(done.collect::<Vec<_>>().await.len(), 6);
        assert_eq!(log.at(), 12);
        control.finished().await.check().unwrap();
    });
}

#[test]
fn an_abort_cuts_the_record_that_waits_for_its_tries() {
    paused(async || {
        let (gate, log) = (Arc::new(Semaphore::new(0)), Log::new());
        let InsideHandle { jobs, done, control } = Inside::builder().gate(gate).log(log.clone()).start().unwrap();
        for n in 0..7 {
            jobs.send(job(Now, n)).await.unwrap();
        }
        sleep(ms(15)).await;
        let ledger = control.abort().await;
        ledger.check().unwrap();
        assert_eq!(log.at(), 15);
        assert_eq!((ledger.held.input.offered, ledger.held.input.cut, ledger.jobs.cut), (6, 5, 1));
        drop((jobs, done));
    });
}

/// A drain goes through the tries, and is not held up by them.
#[test]
fn a_drain_goes_through_the_tries() {
    paused(async || {
        let (gate, log) = (Arc::new(Semaphore::new(0)), Log::new());
        let InsideHandle { jobs, done, control } = Inside::builder().gate(gate.clone()).log(log.clone()).start().unwrap();
        for n in 0..7 {
            jobs.send(job(Now, n)).await.unwrap();
        }
        let drained = control.drain();
        sleep(ms(70)).await;
        assert_eq!(log.shed(), [(5, 30, Reason::Full), (6, 60, Reason::Full)]);
        gate.add_permits(100);
        assert_eq!(done.collect::<Vec<_>>().await.len(), 5);
        drained.await.check().unwrap();
        drop(jobs);
    });
}

pipeline! {
    Port {
        input  jobs: Job [2, offer 3 every 10ms];
        output done: Job [64];
        shared gate: Semaphore;
        jobs -> held(gate) -> done;
    }
}

#[test]
fn a_send_waits_as_long_as_the_port_says() {
    paused(async || {
        let (gate, log) = (Arc::new(Semaphore::new(0)), Log::new());
        let PortHandle { jobs, done, control } = Port::builder().gate(gate.clone()).start().unwrap();
        for n in 0..3 {
            jobs.send(job(Now, n)).await.unwrap();
        }
        assert_eq!(jobs.try_send(job(Now, 3)), Err(SendError::Full(job(Now, 3))));
        assert_eq!((log.at(), control.ledger().jobs.shed), (0, 0));
        assert_eq!(jobs.send(job(Now, 3)).await, Err(SendError::Full(job(Now, 3))));
        assert_eq!(log.at(), 30);
        // Any slot will do, at once and in turn.
        let (freed, first, second) = ::tokio::join!(
            async {
                sleep(ms(5)).await;
                gate.add_permits(1);
                sleep(ms(5)).await;
                gate.add_permits(1);
            },
            async { (jobs.send(job(Now, 4)).await, log.at()) },
            async { (jobs.send(job(Now, 5)).await, log.at()) },
        );
        assert_eq!((freed, first, second), ((), (Ok(()), 35), (Ok(()), 40)));
        // Given up, it was never offered; closed, it comes back at once.
        assert!(::tokio::time::timeout(ms(10), jobs.send(job(Now, 6))).await.is_err());
        let (closed, _) = ::tokio::join!(jobs.send(job(Now, 7)), async {
            sleep(ms(3)).await;
            drop(control.drain());
        });
        assert_eq!((closed, log.at()), (Err(SendError::Closed(job(Now, 7))), 53));
        gate.add_permits(100);
        assert_eq!(done.collect::<Vec<_>>().await.len(), 5);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.jobs.offered, ledger.jobs.shed), (5, 0));
    });
}

pipeline! {
    PortWired {
        input  jobs: Job [2, offer 2 every 10ms];
        output done: Job [64];
        shared gate: Semaphore;
        shared log: Log;
        jobs -> held(gate) -> done;
        jobs.shed -[16]-> note(log);
    }
}

#[test]
fn what_a_port_has_offered_in_vain_goes_to_its_wire() {
    paused(async || {
        let (gate, log) = (Arc::new(Semaphore::new(0)), Log::new());
        let PortWiredHandle { jobs, done, control } = PortWired::builder().gate(gate.clone()).log(log.clone()).start().unwrap();
        let mut queue: VecDeque<Job> = (0..3).map(|n| job(Now, n)).collect();
        jobs.send_all(&mut queue).await.unwrap();
        assert_eq!(jobs.try_send(job(Now, 3)), Err(SendError::Shed));
        assert_eq!(jobs.send(job(Now, 4)).await, Err(SendError::Shed));
        // Each record of a run has its tries.
        queue.extend((5..7).map(|n| job(Now, n)));
        assert_eq!(jobs.send_all(&mut queue).await, Err(SendError::Shed));
        assert!(queue.is_empty());
        sleep(ms(1)).await;
        let full = Reason::Full;
        assert_eq!(log.shed(), [(3, 0, full), (4, 20, full), (5, 40, full), (6, 60, full)]);
        gate.add_permits(100);
        drop(jobs);
        assert_eq!(done.collect::<Vec<_>>().await.len(), 3);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!((ledger.jobs.offered, ledger.jobs.shed), (7, 4));
    });
}

pipeline! {
    Out {
        input  jobs: Job [64];
        output done: Job [2, offer 3 every 10ms];
        jobs -> same -> done;
    }
}

#[test]
fn an_output_that_nobody_reads_sheds_after_the_tries() {
    paused(async || {
        let log = Log::new();
        let OutHandle { jobs, done, control } = Out::builder().start().unwrap();
        for n in 0..4 {
            jobs.send(job(Now, n)).await.unwrap();
        }
        drop(jobs);
        let ledger = control.finished().await;
        assert_eq!((log.at(), ledger.done.shed, ledger.done.queued), (60, 2, 2));
        assert_eq!(done.collect::<Vec<_>>().await.len(), 2);
        control.ledger().check().unwrap();
    });
}

pipeline! {
    Ranked {
        input  jobs: Job [2, priority, offer 3 every 10ms];
        output done: Job [64];
        shared gate: Semaphore;
        shared log: Log;
        jobs -> held(gate) -> done;
        jobs.shed -[16]-> note(log);
    }
}
pipeline! {
    RankedInside {
        input  jobs: Job [64];
        output done: Job [64];
        shared gate: Semaphore;
        shared log: Log;
        jobs -> same -[2, offer 3 every 10ms, priority]-> held(gate) -> done;
        held.shed -[16]-> note(log);
    }
}

/// It waits first, and displaces then.
#[test]
fn an_urgent_record_displaces_a_lesser_one_when_its_tries_are_over() {
    paused(async || {
        let (gate, log) = (Arc::new(Semaphore::new(0)), Log::new());
        let RankedHandle { jobs, done, control } = Ranked::builder().gate(gate.clone()).log(log.clone()).start().unwrap();
        jobs.send(job(Sometime, 0)).await.unwrap();
        sleep(ms(1)).await;
        for (urgency, n) in [(Sometime, 1), (Sometime, 2), (Now, 3)] {
            jobs.send(job(urgency, n)).await.unwrap();
        }
        assert_eq!(log.at(), 31);
        assert_eq!(jobs.send(job(Sometime, 4)).await, Err(SendError::Shed));
        // A slot is found by the next try.
        let (sent, ()) = ::tokio::join!(jobs.send(job(Sometime, 5)), async {
            sleep(ms(12)).await;
            gate.add_permits(1);
        });
        assert_eq!((sent, log.at()), (Ok(()), 81));
        assert_eq!(log.shed(), [(1, 31, Reason::Displaced), (4, 61, Reason::Full)]);
        gate.add_permits(100);
        drop(jobs);
        let done = numbers(done).await;
        assert_eq!(done, [0, 3, 2, 5]);
        let ledger = control.finished().await;
        ledger.check().unwrap();

        let (gate, log) = (Arc::new(Semaphore::new(0)), Log::new());
        let RankedInsideHandle { jobs, done, control } =
            RankedInside::builder().gate(gate.clone()).log(log.clone()).start().unwrap();
        jobs.send(job(Now, 0)).await.unwrap();
        sleep(ms(1)).await;
        for (urgency, n) in [(Sometime, 1), (Sometime, 2), (Now, 3), (Sometime, 4)] {
            jobs.send(job(urgency, n)).await.unwrap();
        }
        sleep(ms(100)).await;
        assert_eq!(log.shed(), [(1, 31, Reason::Displaced), (4, 61, Reason::Full)]);
        gate.add_permits(100);
        drop(jobs);
        let done = numbers(done).await;
        assert_eq!(done, [0, 3, 2]);
        control.finished().await.check().unwrap();
    });
}

pipeline! {
    Anywhere {
        input  jobs: Job [2, offer 2 every 1ms];
        output done: Job [2, offer 2 every 1ms];
        jobs -> same -[2, offer 2 every 1ms]-> same2 -> done;
        node same2 = same;
    }
}

/// On every runtime, from a thread without one too: nothing hangs, and each record is in one place.
#[test]
fn it_waits_on_any_runtime_and_from_any_thread() {
    everywhere(async |on| {
        let AnywhereHandle { jobs, done, control } = start!(on, Anywhere::builder());
        let (here, there) = (jobs.clone(), jobs);
        // A runtime with one thread has nobody else to drive its timers.
        let from_outside = std::thread::spawn(move || {
            let send = |n| there.send_blocking(job(Now, n)).is_ok();
            let sent = (0..10).filter(|n| send(*n)).count();
            drop(there);
            sent
        });
        let mut sent = 0;
        for n in 10..20 {
            sent += usize::from(here.send(job(Now, n)).await.is_ok());
        }
        drop(here);
        until(|| from_outside.is_finished()).await;
        sent += from_outside.join().unwrap();
        let ledger = control.finished().await;
        let shed = ledger.same2.input.shed + ledger.done.shed;
        assert_eq!(done.collect::<Vec<_>>().await.len() as u64 + shed, sent as u64);
        assert_eq!(ledger.jobs.offered, sent as u64);
        control.ledger().check().unwrap();
    });
}

#[test]
fn it_shows_in_the_topology() {
    let text = Ranked::TOPOLOGY.to_text();
    assert!(text.contains("offer 3 every 10ms, priority"), "{text}");
}
