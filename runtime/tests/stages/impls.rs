//! Stages with state and a life.

use std::fmt::Debug;

use forebay::prelude::*;
use forebay::stage::{self, Life, Nothing, PROCESS, RuntimeFree, Stage, Ticks, Types, Waits};
use futures_core::Stream;

use crate::drive::{Numbers, feed, gave, pause, run};

#[derive(Default)]
pub(crate) struct Mean {
    sum: u32,
    count: u32,
}

#[stage]
impl Mean {
    const LIMIT: u32 = { 100 };

    fn process(&mut self, x: u32) {
        self.sum += x.min(Self::LIMIT);
        self.count += 1;
    }
    /// Also called by `finish`.
    fn tick(&mut self) -> Option<f64> {
        (self.count > 0).then(|| self.mean())
    }
    async fn finish(&mut self) -> Result<f64, String> {
        pause().await;
        if self.count == 0 {
            Err("no record".to_owned())
        } else {
            Ok(self.mean())
        }
    }
    fn mean(&self) -> f64 {
        f64::from(self.sum) / f64::from(self.count)
    }
}

#[test]
fn process_tick_and_finish() {
    let mut mean = Mean::default();
    assert_eq!(run(Ticks::tick(&mut mean)), gave([]));
    assert_eq!(run(Life::finish(&mut mean)).failed, Some("no record".to_owned()));
    for x in [1, 2, 900] {
        assert!(matches!(<Mean as Stage<u32, _>>::now(x, (&mut mean,), &mut ()), Ok(None)));
    }
    const { assert!(<<Mean as Types<u32>>::Path as forebay::edge::Path>::DIRECT) };
    assert_eq!(run(Ticks::tick(&mut mean)).given, [103.0 / 3.0]);
    assert_eq!(run(Life::finish(&mut mean)).given, [103.0 / 3.0]);
    const { assert!(Mean::FINISHES && !Mean::CLOSES && !Mean::PULLED) };
    assert_eq!(mean.held(), 0);
    assert_eq!(mean.mean(), 103.0 / 3.0);
}

#[derive(Debug, PartialEq)]
pub(crate) struct Match<K>(K, u64);

#[derive(Default)]
pub(crate) struct Matcher<K> {
    orders: Vec<K>,
    closed: Vec<&'static str>,
}

#[stage]
impl<K: PartialEq + Debug> Matcher<K>
where
    K: Clone,
{
    #[inlet]
    fn order(&mut self, key: K) -> Option<Match<K>> {
        self.orders.push(key);
        None
    }
    /// Prices come with their key.
    #[inlet]
    async fn price(&mut self, (key, price): (K, u64)) -> Option<Match<K>> {
        let at = self.orders.iter().position(|order| *order == key)?;
        Some(Match(self.orders.remove(at), price))
    }
    fn closed(&mut self, inlet: Inlet) -> impl Iterator<Item = Match<K>> {
        self.closed.push(inlet.name());
        let left = std::mem::take(&mut self.orders);
        left.into_iter().map(|key| Match(key, 0))
    }
}

const ORDER: u64 = stage::inlet("order");
const PRICE: u64 = stage::inlet("price");

#[test]
fn a_join_takes_each_inlet_by_name() {
    fn waits<S: Waits>() {}
    waits::<Matcher<u8>>();
    let mut matcher = Matcher::default();
    let order = <Matcher<u8> as Stage<u8, _, ORDER>>::now(1, (&mut matcher,), &mut ());
    assert_eq!(order, Ok(None));
    assert_eq!(
        run(<Matcher<u8> as Stage<(u8, u64), _, PRICE>>::start(
            (2, 9),
            (&mut matcher,),
            &mut ()
        )),
        gave([])
    );
    assert_eq!(
        run(<Matcher<u8> as Stage<(u8, u64), _, PRICE>>::start(
            (1, 9),
            (&mut matcher,),
            &mut ()
        )),
        gave([Match(1, 9)])
    );
    let _ = <Matcher<u8> as Stage<u8, _, ORDER>>::now(3, (&mut matcher,), &mut ());
    assert_eq!(run(Life::closed(&mut matcher, Inlet::named("order"))), gave([Match(3, 0)]));
    assert_eq!(matcher.closed, ["order"]);
    const { assert!(Matcher::<u8>::CLOSES) };
}

#[derive(Default)]
struct Frontier {
    urls: Vec<String>,
}

#[stage]
impl Frontier {
    fn process(&mut self, url: String) {
        self.urls.push(url);
    }
    fn next(&mut self) -> Option<String> {
        self.urls.pop()
    }
    fn held(&self) -> usize {
        self.urls.len()
    }
}

#[test]
fn a_pulled_stage_is_asked() {
    fn free<S: RuntimeFree>() {}
    free::<Frontier>();
    let mut frontier = Frontier::default();
    let _ = <Frontier as Stage<String, _>>::now("a".to_owned(), (&mut frontier,), &mut ());
    assert_eq!(Life::held(&frontier), 1);
    assert_eq!(run(Life::next(&mut frontier)), gave(["a".to_owned()]));
    assert_eq!(run(Life::next(&mut frontier)), gave([]));
    const { assert!(Frontier::PULLED) };
}

struct Sink;

#[stage(runtime = none)]
impl Sink {
    async fn process(&mut self, _: u32) -> Result<(), String> {
        Ok(())
    }
}

struct Tokens(u32);

#[stage]
impl Tokens {
    async fn process(&mut self, n: u32, out: &mut Emit<u32>) {
        for _ in 0..n {
            self.0 += 1;
            out.emit(self.0).await;
        }
    }
    fn finish(&mut self) -> impl Stream<Item = u32> {
        Numbers::to(1)
    }
}

#[test]
fn other_forms() {
    fn nothing<S: Life<Out = Nothing> + RuntimeFree + Types<u32, PROCESS, Err = String>>() {}
    nothing::<Sink>();
    let mut tokens = Tokens(0);
    let mut scratch = Default::default();
    assert_eq!(
        run(<Tokens as Stage<u32, _>>::start(2, (&mut tokens,), &mut scratch)),
        gave([1, 2])
    );
    assert_eq!(
        run(<Tokens as Stage<u32, _>>::start(1, (&mut tokens,), &mut scratch)),
        gave([3])
    );
    assert_eq!(run(Life::finish(&mut tokens)).given, [1]);
    assert_eq!(feed(Sink, 1, (&mut Sink,)), gave([]));
}
