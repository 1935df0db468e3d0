//! The rings with `coalesce` of a pipeline that is about to start.

use std::sync::Arc;

use crate::edge::{Backlog, Coalesced, Coalescing, Keyed, Keying};
use crate::pipeline::Assembly;
use crate::pipeline::ends::*;
use crate::record::{Env, Meta};
use crate::ring::mpmc::{Receiver, Sender};

type CoalescedEnds<T, M, const N: usize> = Ends<ReadEnd<Coalesced<Env<T, M>, Receiver<Env<T, M>, N>>>>;
type CoalescingEnds<T, M, const N: usize> = (Ends<WriteEnd<Coalescing<T, M, N>>>, CoalescedEnds<T, M, N>);
type CoalescingKeyedEnds<T, M, const N: usize> = (Ends<WriteEnd<Keyed<T, Coalescing<T, M, N>>>>, CoalescedEnds<T, M, N>);
type CoalescingPort<T, M, const N: usize> = (PortEnd<T, N, M>, Backlogs<T, M>, CoalescedEnds<T, M, N>);
type KeysAndHash<T, M> = (Keying<Env<T, M>>, fn(&T) -> u64);
/// One for each lane of a port.
pub(super) type Backlogs<T, M> = Vec<Arc<dyn Backlog<Env<T, M>>>>;

impl Assembly {
    /// One ring that all producers and all workers share.
    pub fn coalesced<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        producers: &[usize],
        workers: usize,
        keys: Keying<Env<T, M>>,
        home: MpmcHome<T, M, N>,
    ) -> CoalescingEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let (written, read) = self.shared(name, producers, workers, home);
        let backlog = (keys.make)(N);
        let written = written.map(|ring: Sender<_, N>| Coalescing::new(ring, backlog.clone()));
        (written, read.map(|_, ring| Coalesced::new(ring, backlog.clone())))
    }

    /// One ring for each worker, shared by all producers, chosen by key.
    pub fn coalesced_keyed<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        producers: &[usize],
        workers: usize,
        (keys, hash): KeysAndHash<T, M>,
        home: MpmcHome<T, M, N>,
    ) -> CoalescingKeyedEnds<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let (written, read) = self.shared_keyed(name, producers, workers, hash, home);
        let backlogs: Backlogs<T, M> = (0..workers).map(|_| (keys.make)(N)).collect();
        let written = written.map(|keyed: Keyed<T, Sender<_, N>>| {
            let mut backlogs = backlogs.iter();
            keyed.map(|ring| Coalescing::new(ring, backlogs.next().expect("a lane for each worker").clone()))
        });
        (
            written,
            read.map(|worker, ring| Coalesced::new(ring, backlogs[worker].clone())),
        )
    }

    /// The ring of an input port: its producers are outside and unknown. One for each worker where a key decides.
    pub fn coalesced_port<T, M, const N: usize>(
        &mut self,
        name: &'static str,
        workers: usize,
        keyed: bool,
        keys: Keying<Env<T, M>>,
        home: MpmcHome<T, M, N>,
    ) -> CoalescingPort<T, M, N>
    where
        T: Send + 'static,
        M: Meta,
    {
        let (end, read) = self.port(name, workers, keyed, home);
        let backlogs: Backlogs<T, M> = (0..end.senders.len()).map(|_| (keys.make)(N)).collect();
        let of = |worker| backlogs[if keyed { worker } else { 0 }].clone();
        let read = read.map(|worker, ring| Coalesced::new(ring, of(worker)));
        (end, backlogs, read)
    }
}
