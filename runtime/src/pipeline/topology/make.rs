//! How the code that `pipeline!` writes spells a topology: one short line for each part.

use core::any::type_name;

use super::{Edge, Kind, Node, Ring, RingKind};

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
        port.ring = Some(Ring::queue(capacity, options));
        port
    }

    pub const fn overwriting(mut self, kind: RingKind) -> Node {
        self.ring = Ring::of(self.ring, kind);
        self
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
        self.ring = Some(Ring::queue(capacity, options));
        self
    }

    pub const fn overwriting(mut self, kind: RingKind) -> Edge {
        self.ring = Ring::of(self.ring, kind);
        self
    }
}

impl Ring {
    pub(super) const fn queue(capacity: usize, options: &'static str) -> Ring {
        Ring {
            kind: RingKind::Queue,
            capacity,
            options,
        }
    }

    const fn of(ring: Option<Ring>, kind: RingKind) -> Option<Ring> {
        match ring {
            Some(ring) => Some(Ring { kind, ..ring }),
            None => None,
        }
    }
}
