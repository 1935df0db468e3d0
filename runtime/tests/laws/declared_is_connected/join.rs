//! An inlet that two wires feed.

use super::*;

#[derive(Default)]
struct Ends {
    closed: Vec<&'static str>,
}
#[stage]
impl Ends {
    #[inlet]
    fn left(&mut self, n: u64) -> Option<String> {
        Some(format!("left {n}"))
    }
    #[inlet]
    fn right(&mut self, n: u64) -> Option<String> {
        Some(format!("right {n}"))
    }
    fn closed(&mut self, inlet: Inlet) -> Option<String> {
        self.closed.push(inlet.name());
        Some(format!("closed {}", inlet.name()))
    }
}
pipeline! {
    TwoWires {
        input  one: u64 [4];
        input  two: u64 [4];
        input  three: u64 [4];
        output out: String [16];
        node   ends: Ends = Ends::default();
        one -> ends.left;
        two -> same -[4]-> ends.left;
        three -> ends.right;
        ends -> out;
    }
}

#[test]
fn an_inlet_has_closed_when_its_last_wire_has() {
    everywhere(async |on| {
        let TwoWiresHandle {
            one,
            two,
            three,
            mut out,
            control,
        } = start!(on, TwoWires::builder());
        one.send(1).await.unwrap();
        assert_eq!(out.recv().await.unwrap(), "left 1");
        drop(one);
        three.send(3).await.unwrap();
        assert_eq!(out.recv().await.unwrap(), "right 3");
        two.send(2).await.unwrap();
        assert_eq!(out.recv().await.unwrap(), "left 2");
        drop(two);
        assert_eq!(out.recv().await.unwrap(), "closed left");
        drop(three);
        assert_eq!(out.recv().await.unwrap(), "closed right");
        assert_eq!(out.recv().await, None);
        control.finished().await.check().unwrap();
    });
}
