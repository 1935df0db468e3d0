//! What rings do when they are full.

use super::*;

pipeline! {
    Waits {
        input  numbers: u64 [2];
        output out: u64 [1];
        shared gate: Gate;
        numbers -> gated(gate) -[1]-> same -> out;
    }
}

#[test]
fn a_ring_that_waits_holds_what_it_says_and_no_more() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let WaitsHandle {
            numbers,
            mut out,
            control,
        } = start!(on, Waits::builder().gate(gate.clone()));
        // One in work, two in the ring.
        numbers.send(0).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        numbers.try_send(1).unwrap();
        numbers.try_send(2).unwrap();
        assert_eq!(numbers.try_send(3), Err(SendError::Full(3)));
        assert_eq!((numbers.len(), numbers.capacity()), (2, 2));
        let ledger = control.ledger();
        assert_eq!((ledger.numbers.offered, ledger.numbers.queued), (3, 2));
        // A send that is given up was never offered.
        drop(numbers.send(4));
        let slot = numbers.reserve();
        drop(slot);
        gate.open();
        drop(numbers);
        for n in 0..3 {
            assert_eq!(out.recv().await, Some(n));
        }
        assert_eq!(out.recv().await, None);
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(ledger.numbers.offered, 3);
    });
}

pipeline! {
    Oldest {
        input  numbers: u64 [2, drop_oldest];
        output out: u64 [2, drop_oldest];
        shared gate: Gate;
        numbers -> gated(gate) -[4, drop_oldest]-> same -> out;
    }
}

#[test]
fn the_oldest_make_room_and_are_counted() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let OldestHandle { numbers, out, control } = start!(on, Oldest::builder().gate(gate.clone()));
        numbers.send(0).await.unwrap();
        until(|| control.ledger().gated.in_work == 1).await;
        send_each(&numbers, 1..6).await;
        assert_eq!(control.ledger().numbers.lost, 3);
        gate.open();
        until(|| control.ledger().out.offered == 3).await;
        drop(numbers);
        control.finished().await;
        // Nobody read: the last two are there.
        assert_eq!(out.collect::<Vec<_>>().await, [4, 5]);
        let ledger = control.ledger();
        ledger.check().unwrap();
        assert_eq!((ledger.numbers.lost, ledger.gated.input.lost, ledger.out.lost), (3, 3, 1));
    });
}
