//! Where one run happens: what every stage, producer and reader saw, by id. It knows nothing of the ledger.
//!
//! A simulation is one thread, so the world of a run is the thread's.

mod spot;

use std::cell::RefCell;
use std::time::Duration;

use forebay::Cause;
use forebay::pipeline::ledger::Snapshot;
use forebay::testing::{Dice, SimRt};

use crate::log::{Asked, Log, NodeLog, PortLog, ReaderLog};
use crate::plan::Plan;

pub use spot::{Call, Fate, Spot};

/// A lie of the recorder, so that the oracle is seen to find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twin {
    /// The truth.
    None,
    /// The record that is seen as so many'th is not.
    Loses(u64),
    /// It is seen twice.
    Doubles(u64),
}

struct World {
    log: Log,
    plan: Plan,
    rt: SimRt,
    next_id: u64,
    twin: Twin,
    seen: u64,
    /// The newest value of the topic that is lent, as far as it is known to be set.
    set: u64,
    clones: Dice,
}

thread_local! {
    static WORLD: RefCell<Option<World>> = const { RefCell::new(None) };
    static ALIVE: std::cell::Cell<i64> = const { std::cell::Cell::new(0) };
}

/// A new world.
pub fn begin(plan: Plan, rt: SimRt, twin: Twin, nodes: usize, ports: usize) {
    ALIVE.set(0);
    let log = Log {
        nodes: vec![NodeLog::default(); nodes],
        ports: vec![PortLog::default(); ports],
        ..Log::default()
    };
    let clones = Dice::new(plan.seed ^ 0x00c1_0e5e);
    let world = World {
        log,
        plan,
        rt,
        next_id: 1,
        twin,
        seen: 0,
        set: 0,
        clones,
    };
    WORLD.set(Some(world));
}

/// The end of it: what was seen, and how many records are still in memory.
pub fn end() -> (Log, i64) {
    let world = WORLD.take();
    (world.map(|world| world.log).unwrap_or_default(), ALIVE.get())
}

fn with<T>(f: impl FnOnce(&mut World) -> T) -> T {
    WORLD.with_borrow_mut(|world| f(world.as_mut().expect("a stage runs within a world")))
}

/// Records in memory.
pub(crate) fn alive(by: i64) {
    ALIVE.set(ALIVE.get() + by);
}

/// Somebody was told why a record failed.
pub(crate) fn told<E>(cause: &Cause<E>) {
    let word = match cause {
        Cause::Error(_) => "error",
        Cause::Panic(_) => "panic",
        Cause::Timeout => "timeout",
        Cause::Late => "late",
        Cause::BreakerOpen => "breaker open",
        Cause::WorkerDead => "worker dead",
        _ => "another cause",
    };
    with(|world| *world.log.causes.entry(word).or_default() += 1);
}

/// A record is about to be cloned. That may panic.
pub(crate) fn clones(id: u64) {
    let broken = WORLD.with_borrow_mut(|world| {
        let Some(world) = world else { return false };
        let broken = world.clones.one_in(world.plan.clones);
        if broken {
            world.log.broken.insert(id);
        }
        broken
    });
    assert!(!broken, "{}", crate::runs::PLANNED);
}

/// How much has happened.
pub fn events() -> u64 {
    with(|world| world.log.events)
}

/// An id that nobody has.
pub fn new_id() -> u64 {
    with(|world| {
        world.next_id += 1;
        world.next_id
    })
}

/// Something happened at a port.
pub fn at_port(port: usize, what: impl FnOnce(&mut PortLog)) {
    with(|world| {
        world.log.events += 1;
        what(&mut world.log.ports[port]);
    });
}

/// Somebody has tried to send a record.
pub fn asked(port: usize, asked: Asked) {
    with(|world| world.log.ports[port].asked.push(asked));
}

/// This value is set: whoever takes a record from now on sees it, or a newer one.
pub fn set(id: u64) {
    with(|world| world.set = id);
}

/// A reader got a record.
pub fn delivered(port: usize, id: u64) {
    with(|world| {
        world.log.events += 1;
        let times = world.times();
        (0..times).for_each(|_| world.log.ports[port].delivered.push(id));
    });
}

/// A reader of an output that overwrites.
pub fn reads(port: usize) -> Reading {
    with(|world| {
        world.log.ports[port].readers.push(ReaderLog::default());
        Reading {
            port,
            reader: world.log.ports[port].readers.len() - 1,
        }
    })
}

/// One reader of an output that overwrites.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    port: usize,
    reader: usize,
}

impl Reading {
    fn log(&self, what: impl FnOnce(&mut ReaderLog, u64)) {
        with(|world| {
            world.log.events += 1;
            let times = world.times();
            what(&mut world.log.ports[self.port].readers[self.reader], times);
        });
    }

    /// It got a record.
    pub fn got(&self, id: u64) {
        self.log(|reader, times| (0..times).for_each(|_| reader.got.push(id)));
    }

    /// So many it has missed by now, and whether it has seen the end.
    pub fn missed(&self, lost: u64, ended: bool) {
        with(|world| {
            let reader = &mut world.log.ports[self.port].readers[self.reader];
            (reader.lost, reader.ended) = (lost, ended);
        });
    }
}

/// The pipeline has ended.
pub fn ended(ledger: Snapshot) {
    with(|world| world.log.ends.push(ledger));
}

impl World {
    /// How often the next thing that is seen is written down.
    fn times(&mut self) -> u64 {
        self.seen += 1;
        match self.twin {
            Twin::Loses(at) if at == self.seen => 0,
            Twin::Doubles(at) if at == self.seen => 2,
            _ => 1,
        }
    }
}

/// Waits: not at all, for others, or for time to pass.
pub async fn pausing(rt: &SimRt, dice: &mut Dice, most: Duration) {
    match dice.below(4) {
        0 | 1 => {}
        2 => turns(dice.below(4)).await,
        _ => rt.sleep(Duration::from_nanos(dice.below(most.as_nanos() as u64 + 1))).await,
    }
}

/// Lets others run, so many times.
pub async fn turns(times: u64) {
    let mut left = times;
    std::future::poll_fn(|cx| {
        if left == 0 {
            return std::task::Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

/// The runtime of this world.
pub fn rt() -> SimRt {
    with(|world| world.rt.clone())
}

/// What this world is up to.
pub fn plan() -> Plan {
    with(|world| world.plan.clone())
}
