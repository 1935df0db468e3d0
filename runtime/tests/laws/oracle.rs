//! What came in and what came out, by unique id: it knows nothing of the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use forebay::pipeline::ledger::Ledger;

/// Remembers every record that was accepted, and where each came out.
#[derive(Debug, Default)]
pub struct Oracle {
    accepted: Mutex<Vec<u64>>,
    ends: Mutex<Vec<(&'static str, u64)>>,
}

impl Oracle {
    pub fn accepted(&self, id: u64) {
        self.accepted.lock().unwrap().push(id);
    }

    /// The record came out at `end`: an output, a node at which it failed, a shed wire.
    pub fn end(&self, end: &'static str, id: u64) {
        self.ends.lock().unwrap().push((end, id));
    }

    pub fn count(&self, end: &str) -> u64 {
        self.ends.lock().unwrap().iter().filter(|(at, _)| *at == end).count() as u64
    }

    /// The ids that came out at `end`, in the order they did.
    pub fn at(&self, end: &str) -> Vec<u64> {
        let ends = self.ends.lock().unwrap();
        ends.iter().filter(|(at, _)| *at == end).map(|(_, id)| *id).collect()
    }

    /// How many ends there were.
    pub fn ends(&self) -> u64 {
        self.ends.lock().unwrap().len() as u64
    }

    /// Every accepted record came out at exactly one of `ends`, but for `missing` of them, which came out nowhere.
    pub fn check(&self, ends: &[&str], missing: u64) -> Result<(), String> {
        self.compare(ends, missing, |vanished| vanished == missing)
    }

    /// The same, with at most `missing` that came out nowhere.
    pub fn check_at_most(&self, ends: &[&str], missing: u64) -> Result<(), String> {
        self.compare(ends, missing, |vanished| vanished <= missing)
    }

    fn compare(&self, ends: &[&str], missing: u64, right: impl FnOnce(u64) -> bool) -> Result<(), String> {
        let mut accepted = BTreeMap::new();
        for id in self.accepted.lock().unwrap().iter() {
            if accepted.insert(*id, None).is_some() {
                return Err(format!("{id} was accepted twice"));
            }
        }
        for (end, id) in self.ends.lock().unwrap().iter().filter(|(end, _)| ends.contains(end)) {
            match accepted.get_mut(id) {
                None => return Err(format!("{id} came out at {end} and was never accepted")),
                Some(Some(before)) => return Err(format!("{id} came out at {before} and again at {end}")),
                Some(first) => *first = Some(*end),
            }
        }
        let vanished: BTreeSet<u64> = accepted.iter().filter(|(_, end)| end.is_none()).map(|(id, _)| *id).collect();
        if !right(vanished.len() as u64) {
            return Err(format!(
                "{} of {} records came out nowhere, the ledger says {missing}: {vanished:?}",
                vanished.len(),
                accepted.len()
            ));
        }
        Ok(())
    }
}

/// How many records the ledger says were dropped on a way, by declaration or by an end: in these rings and nodes. What a ring
/// with a shed wire refused is not among them: name it with a `!` before it.
pub fn gone(ledger: &impl Ledger, way: &[&str]) -> u64 {
    let mut gone = 0;
    for name in way {
        let plain = name.trim_start_matches('!');
        let (ring, node) = (ledger.ring(plain), ledger.node(plain));
        assert!(ring.is_some() || node.is_some(), "nothing is called {plain}");
        gone += ring.map_or(0, |ring| ring.cut + ring.lost + if plain == *name { ring.shed } else { 0 });
        gone += node.map_or(0, |node| node.cut + node.dropped + node.unwired);
    }
    gone
}

#[test]
fn a_twin_that_loses_one_record_is_caught() {
    let oracle = Oracle::default();
    (0..3).for_each(|id| oracle.accepted(id));
    (0..2).for_each(|id| oracle.end("out", id));
    assert_eq!(
        oracle.check(&["out"], 0).unwrap_err(),
        "1 of 3 records came out nowhere, the ledger says 0: {2}"
    );
    oracle.check(&["out"], 1).unwrap();
}

#[test]
fn a_twin_that_doubles_one_record_is_caught() {
    let oracle = Oracle::default();
    (0..3).for_each(|id| oracle.accepted(id));
    (0..3).for_each(|id| oracle.end("out", id));
    oracle.end("dead", 1);
    assert_eq!(
        oracle.check(&["out", "dead"], 0).unwrap_err(),
        "1 came out at out and again at dead"
    );
    oracle.check(&["out"], 0).unwrap();
    oracle.end("out", 7);
    assert_eq!(
        oracle.check(&["out"], 0).unwrap_err(),
        "7 came out at out and was never accepted"
    );
}
