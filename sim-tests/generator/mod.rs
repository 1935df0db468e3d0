//! Topologies as source text, each from a number: the declaration, and beside it what the oracle has to know.

mod choose;
mod faults;
mod lent;
mod meeting;
mod nodes;
mod outlets;
mod parts;
mod text;
mod ways;

use choose::Dice;

/// The source text of a module with the topologies `numbers`.
pub(crate) fn shard(numbers: std::ops::Range<u64>) -> String {
    let mut text = String::from("use forebay_sim_tests::prelude::*;\n");
    for number in numbers.clone() {
        text += &text::module(&topology(number));
    }
    text += "static CASES: &[Case] = &[\n";
    for number in numbers {
        text += &format!("    Case {{ spec: &p{number}::SPEC, start: p{number}::start }},\n");
    }
    text + "];\n"
}

/// A node.
pub(crate) struct Node {
    pub name: String,
    /// `node n3: …;`; nothing for a clock, which its wire makes.
    pub declared: String,
    /// Its stage returns a `Result`, or an option fails its records.
    pub fallible: bool,
    /// What its failures carry.
    pub error: &'static str,
    /// What it says of faults.
    pub faults: Faults,
    pub batch: bool,
    pub mortal: bool,
    pub clock: bool,
    /// A join has its errors by inlet.
    pub inlets: &'static [&'static str],
    /// The rings before it, as the ledger names them; none where it is called.
    pub rings: Vec<String>,
    /// The smallest ring before it may have so many slots.
    pub batches: u64,
    /// Its rings choose the worker by key.
    pub keyed: bool,
    /// A ring before it says `shed`.
    pub sheds: bool,
    /// A ring before it overwrites what it has not read, and it may be told.
    pub lags: bool,
    /// A ring before it is of another kind.
    pub queues: bool,
    /// The segment that it is in.
    pub segment: usize,
    /// It takes `Rec`.
    pub takes_rec: bool,
    pub pulled: bool,
}

/// What a node says of faults, as far as the oracle has to know it.
#[derive(Default, Clone, Copy)]
pub(crate) struct Faults {
    pub retry: u32,
    /// `timeout` or `deadline`.
    pub limited: bool,
    /// `deadline` or `breaker`.
    pub refuses: bool,
}

/// A port.
pub(crate) struct Port {
    pub name: String,
    pub input: bool,
    /// `Rec`, or what an errors outlet yields.
    pub of: String,
    pub capacity: u64,
    pub policy: Policy,
    pub keyed: bool,
    /// Its shed wire is there.
    pub wired: bool,
    /// It sets the newest value of the topic that is lent.
    pub knob: bool,
}

/// What a ring does when it is full.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    Wait,
    Shed,
    DropOldest,
    Mailbox,
    Broadcast,
    Latest,
}

/// Where a link begins: as in the library.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    In(usize),
    Root(usize),
    Node(usize),
    Errors(usize),
    ShedOf(usize),
    ShedAt(usize),
    LaggedOf(usize),
}

/// Where a link ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum To {
    Node(usize),
    Out(usize),
    Drop,
}

/// A link.
pub(crate) struct Link {
    pub from: From,
    pub route: bool,
    pub to: Vec<To>,
}

/// A topology.
pub(crate) struct Topology {
    pub number: u64,
    dice: Dice,
    pub nodes: Vec<Node>,
    pub ports: Vec<Port>,
    pub resources: Vec<String>,
    pub wires: Vec<String>,
    pub links: Vec<Link>,
    /// Which node leads to which.
    leads: Vec<(usize, usize)>,
    segments: usize,
    /// Nodes that may still be made.
    left: usize,
    /// A join whose second inlet nothing feeds yet.
    half: Option<usize>,
    pub deadline: bool,
    pub aborts: bool,
    pub clock: bool,
}

/// The topology of this number.
pub(crate) fn topology(number: u64) -> Topology {
    let mut dice = Dice(number.wrapping_mul(0x2545_f491_4f6c_dd1d));
    let left = 2 + dice.below(6) as usize;
    let deadline = dice.below(2) == 0;
    let mut topology = Topology {
        number,
        dice,
        nodes: Vec::new(),
        ports: Vec::new(),
        resources: Vec::new(),
        wires: Vec::new(),
        links: Vec::new(),
        leads: Vec::new(),
        segments: 0,
        left,
        half: None,
        deadline,
        aborts: false,
        clock: false,
    };
    topology.begin();
    topology
}
