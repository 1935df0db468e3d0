//! How the code that `pipeline!` writes spells a topology: one short line for each part.

use core::any::type_name;

use super::{Edge, Kind, Node, Ring};

#[doc(hidden)]
impl Node {
    pub const fn of(kind: Kind, name: &'static str, workers: usize, options: &'static str) -> Node {
        Node {
            name,
            kind,
            segment: None,
            workers,
            options,
            takes: None,
            gives: None,
            ring: None,
        }
    }

    pub const fn port<T>(kind: Kind, name: &'static str, capacity: usize, options: &'static str) -> Node {
        let mut port = Node::of(kind, name, 0, options).takes::<T>().gives::<T>();
        port.ring = Some(Ring { capacity, options });
        port
    }

    pub const fn segment(mut self, segment: usize) -> Node {
        self.segment = Some(segment);
        self
    }

    pub const fn takes<T>(mut self) -> Node {
        self.takes = Some(type_name::<T>);
        self
    }

    pub const fn gives<T>(mut self) -> Node {
        self.gives = Some(type_name::<T>);
        self
    }
}

#[doc(hidden)]
impl Edge {
    pub const fn of<T>(from: usize, to: usize) -> Edge {
        Edge {
            from,
            to,
            label: "",
            outlet: false,
            ring: None,
            record: Some(type_name::<T>),
        }
    }

    pub const fn label(mut self, label: &'static str) -> Edge {
        self.label = label;
        self
    }

    pub const fn outlet(mut self) -> Edge {
        self.outlet = true;
        self
    }

    pub const fn ring(mut self, capacity: usize, options: &'static str) -> Edge {
        self.ring = Some(Ring { capacity, options });
        self
    }
}
