//! Ports, resources, nodes and types called like what the macros write.
use forebay::prelude::*;

pub struct Flows(pub u64);
pub struct Sizes;

mod resources {
    pub struct Db(pub u64);
}

#[stage]
fn launch(n: u64, db: &resources::Db, snapshot: &Flows, check: &u64) -> u64 {
    n + db.0 + snapshot.0 + check
}
#[stage]
fn get<T: Send + 'static>(t: T) -> T {
    t
}

pipeline! {
    P {
        input  take: u64 [2];
        output ring: u64 [2];
        shared check: u64;
        shared db: resources::Db;
        shared snapshot: Flows;
        node build = get;
        node rt = get;
        node life = get;
        node worker = get { workers: 2 };
        take -> launch(db, snapshot, check) -> build -[2]-> worker -[2]-> rt -> life -> ring;
    }
}

impl P {
    /// Methods of the user's own, called like ours.
    pub fn checks() -> u64 {
        1
    }
    pub fn topology() -> u64 {
        2
    }
    pub const RINGS: u64 = 3;
}

fn main() {
    let builder = P::builder().check(1).db(resources::Db(2)).snapshot(Flows(3));
    let PHandle { take, mut ring, control } = builder.start_threads().unwrap();
    take.send_blocking(4).unwrap();
    drop(take);
    assert_eq!(ring.recv_blocking(), Some(4 + P::checks() + P::topology() + P::RINGS));
    control.finished_blocking().check().unwrap();
}
