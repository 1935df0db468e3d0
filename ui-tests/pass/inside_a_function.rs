//! Stages, a record and a pipeline inside a function.
use forebay::prelude::*;

fn main() {
    #[record(max_size = 8)]
    #[derive(Clone)]
    struct Reading {
        #[key]
        n: u64,
    }

    #[stage]
    fn odd(reading: Reading) -> Result<Reading, u64> {
        if reading.n % 2 == 0 { Err(reading.n) } else { Ok(reading) }
    }
    #[stage]
    fn sum(reading: Reading, base: &u64) -> u64 {
        reading.n + base
    }
    #[stage]
    fn dead(failed: Failed<Reading, u64>) -> u64 {
        failed.record.map_or(0, |reading| reading.n)
    }

    pipeline! {
        Inside {
            input readings: Reading [8];
            output sums: u64 [8];
            output evens: u64 [8];
            shared base: u64 = 100;
            readings -> odd -[8]-> sum(base) -> sums;
            odd.errors -[8]-> dead -> evens;
        }
    }

    let InsideHandle { readings, mut sums, mut evens, control } = Inside::builder().start_threads().unwrap();
    for n in 0..4 {
        readings.send_blocking(Reading { n }).unwrap();
    }
    drop(readings);
    assert_eq!([sums.recv_blocking(), sums.recv_blocking(), sums.recv_blocking()], [Some(101), Some(103), None]);
    assert_eq!([evens.recv_blocking(), evens.recv_blocking(), evens.recv_blocking()], [Some(0), Some(2), None]);
    control.finished_blocking().check().unwrap();
}
