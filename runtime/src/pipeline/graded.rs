//! The rings with `priority` of a pipeline that is about to start.

use std::sync::Arc;

use crate::edge::{Graded, Keyed, Ranked, Ranks, Room};
use crate::pipeline::Assembly;
use crate::pipeline::counters::PortOffers;
use crate::pipeline::ends::*;
use crate::record::{Env, Meta};
use crate::ring::Held;
use crate::ring::mpmc::{self, Mpmc, Receiver, Sender};

type Lanes<T, M, const N: usize> = (Vec<Sender<Env<T, M>, N>>, Vec<Receiver<Env<T, M>, N>>);
type RankedEnds<T, M, const N: usize> = Ends<ReadEnd<Ranked<Receiver<Env<T, M>, N>>>>;
type GradedEnds<T, M, const N: usize> = (Ends<WriteEnd<Graded<T, M, N>>>, RankedEnds<T, M, N>);
type GradedKeyedEnds<T, M, const N: usize> = (Ends<WriteEnd<Keyed<T, Graded<T, M, N>>>>, RankedEnds<T, M, N>);

type GradedPort<T, M, const N: usize> = (PortEnd<T, N, M>, Rooms, RankedEnds<T, M, N>);
/// Of the lanes of a port, for each worker that a key chooses; none where they do not share their room.
pub(super) type Rooms = Vec<Arc<Room>>;

impl Assembly {
    /// A lane for each level, which all producers and all workers share.
    pub fn graded<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        producers: &[usize],
        workers: usize,
        ranks: Ranks<T>,
        home: MpmcHome<T, M, N>,
    ) -> GradedEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let (mut home, mut queued) = (home_of(home), Queued::new());
        let (senders, receivers) = lanes(ranks, &mut home, &mut queued, |_| ());
        let room = room::<T, N>(ranks);
        let graded = Graded::new(senders, ranks, room.clone());
        let written = each(producers, || graded.clone());
        let read = vec![Ranked::new(receivers, ranks.weights, room); workers];
        self.ring(name, written, read, queued)
    }

    /// The same for each worker, chosen by key.
    pub fn graded_keyed<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        producers: &[usize],
        workers: usize,
        (ranks, hash): (Ranks<T>, fn(&T) -> u64),
        home: MpmcHome<T, M, N>,
    ) -> GradedKeyedEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let (mut home, mut queued) = (home_of(home), Queued::new());
        let (mut graded, mut read) = (Vec::new(), Vec::new());
        for _ in 0..workers {
            let (senders, receivers) = lanes(ranks, &mut home, &mut queued, |_| ());
            let room = room::<T, N>(ranks);
            graded.push(Graded::new(senders, ranks, room.clone()));
            read.push(Ranked::new(receivers, ranks.weights, room));
        }
        let written = each(producers, || Keyed::new(graded.clone(), hash));
        self.ring(name, written, read, queued)
    }

    /// The ring of an input port with `priority`: its producers are outside and unknown. One for each worker where a key decides.
    pub fn graded_port<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        workers: usize,
        keyed: bool,
        ranks: Ranks<T>,
        home: MpmcHome<T, M, N>,
    ) -> GradedPort<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let (mut home, mut queued) = (home_of(home), Queued::new());
        let (mut senders, mut read, mut rooms) = (Vec::new(), Vec::new(), Vec::new());
        let rings = if keyed { workers } else { 1 };
        for _ in 0..rings {
            let (written, receivers) = lanes(ranks, &mut home, &mut queued, |ring| {
                let ring = ring.clone();
                self.lifeline.on_drain(Box::new(move || ring.close_all()));
            });
            // Its producers do not count what is left: the reader does.
            senders.extend(written.into_iter().map(Sender::leaving_all));
            let room = room::<T, N>(ranks);
            rooms.extend(room.clone());
            read.extend(vec![Ranked::new(receivers, ranks.weights, room); workers / rings]);
        }
        let cell = Arc::<PortOffers>::default();
        let (_, read) = self.ring::<Sender<Env<T, M>, N>, _>(name, Vec::new(), read, queued);
        if let Some(ring) = self.registry.rings.last_mut() {
            ring.outside = Some(cell.clone());
        }
        (PortEnd { senders, cell }, rooms, read)
    }
}

/// What lanes of so many slots share.
fn room<T, const N: usize>(ranks: Ranks<T>) -> Option<Arc<Room>> {
    ranks.shares.then(|| Arc::new(Room::new(N)))
}

/// A ring for each level.
fn lanes<T, M, const N: usize>(
    ranks: Ranks<T>,
    home: &mut impl Iterator<Item = &'static Mpmc<Env<T, M>, N>>,
    queued: &mut Queued,
    mut made: impl FnMut(&Held<Mpmc<Env<T, M>, N>>),
) -> Lanes<T, M, N>
where
    T: Send + 'static,
    M: Meta,
{
    let lanes = (0..ranks.levels).map(|_| {
        let ring = mpmc_ring(home);
        made(&ring);
        let counted = ring.clone();
        queued.push(Box::new(move || counted.len()));
        mpmc::ends(ring)
    });
    lanes.unzip()
}
