//! One run: producers, readers, and the end.

mod producer;
mod reader;

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use forebay::AsyncTask;
use forebay::pipeline::ledger::{Ledger, Snapshot};
use forebay::prelude::*;
use forebay::record::Entry;
use forebay::rt::Rt;
use forebay::testing::{Dice, SimRt};

use self::producer::{Producer, set};
use self::reader::{Habits, follow, read};
use crate::plan::{Ending, Plan};
use crate::rec::{Rec, Who};
use crate::world;

/// A gate that opens once.
#[derive(Clone, Default)]
pub struct Gate(Arc<Mutex<(bool, Vec<Waker>)>>);

impl Gate {
    /// Opens it.
    pub fn open(&self) {
        let waiting = {
            let mut gate = self.0.lock().unwrap();
            gate.0 = true;
            std::mem::take(&mut gate.1)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut gate = self.0.lock().unwrap();
        if gate.0 {
            return Poll::Ready(());
        }
        gate.1.push(cx.waker().clone());
        Poll::Pending
    }

    async fn opens(&self) {
        std::future::poll_fn(|cx| self.poll(cx)).await;
    }

    /// Follows `work` until it is done, or the gate opens.
    async fn until<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        std::future::poll_fn(|cx| match self.poll(cx) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => work.as_mut().poll(cx).map(Some),
        })
        .await
    }
}

/// A control, whatever its ledger.
trait Ends {
    fn ends(&self, how: &Ending) -> Pin<Box<dyn Future<Output = ()>>>;
    fn ledger(&self) -> Snapshot;
}

impl<L: Ledger> Ends for Control<L> {
    fn ends(&self, how: &Ending) -> Pin<Box<dyn Future<Output = ()>>> {
        let task: AsyncTask<L> = match how {
            Ending::Finish => self.finished(),
            Ending::Drain(_) => self.drain(),
            _ => self.abort(),
        };
        Box::pin(async { drop(task.await) })
    }
    fn ledger(&self) -> Snapshot {
        Control::ledger(self).snapshot().clone()
    }
}

/// What a topology hands its ports to.
pub struct Play {
    rt: SimRt,
    start: Instant,
    plan: Plan,
    dice: Dice,
    control: Option<Box<dyn Ends>>,
    /// Producers that are not done.
    producing: Arc<Mutex<u64>>,
    /// Everybody lets go of what he holds.
    let_go: Gate,
    /// The pipeline has ended.
    over: Gate,
}

impl Play {
    /// Of a plan.
    pub fn new(rt: SimRt, plan: Plan) -> Self {
        let dice = Dice::new(plan.seed ^ 0x7777);
        Play {
            start: rt.now(),
            rt,
            plan,
            dice,
            control: None,
            producing: Arc::default(),
            let_go: Gate::default(),
            over: Gate::default(),
        }
    }

    /// Where it runs.
    pub fn rt(&self) -> SimRt {
        self.rt.clone()
    }

    /// An input: it gets producers.
    pub fn input<const N: usize, M: Entry>(&mut self, port: usize, input: Input<Rec, N, M>, sheds: bool) {
        for _ in 0..self.plan.producers {
            *self.producing.lock().unwrap() += 1;
            let producer = Producer {
                port,
                sheds,
                dice: self.dice.fork(),
                plan: self.plan.clone(),
                rt: self.rt.clone(),
                start: self.start,
            };
            let (input, producing, let_go) = (input.clone(), self.producing.clone(), self.let_go.clone());
            self.rt.task("producer", async move {
                let _ = let_go.until(producer.run(input)).await;
                *producing.lock().unwrap() -= 1;
            });
        }
    }

    /// The input that sets the newest value of the topic that is lent.
    pub fn knob<const N: usize, M: Entry, L: Ledger + 'static>(
        &mut self,
        port: usize,
        input: Input<Rec, N, M>,
        control: Control<L>,
    ) {
        *self.producing.lock().unwrap() += 1;
        let with = (port, self.plan.clone(), self.rt.clone(), self.dice.fork());
        let (producing, let_go) = (self.producing.clone(), self.let_go.clone());
        self.rt.task("knob", async move {
            let _ = let_go.until(set(with, input, control)).await;
            *producing.lock().unwrap() -= 1;
        });
    }

    /// An output: it gets a reader.
    pub fn output<T: Who + Send + 'static, const N: usize>(&mut self, port: usize, output: AsyncStream<T, N>) {
        let (habits, let_go) = (self.habits(port), self.let_go.clone());
        self.rt.task("reader", async move {
            let _ = let_go.until(read(port, output, habits)).await;
        });
    }

    /// An output of kind `broadcast`: it gets two readers.
    pub fn broadcast<T: Who + Clone + Send + Sync + 'static, const N: usize>(&mut self, port: usize, output: Subscription<T, N>) {
        for output in [output.clone(), output] {
            let (habits, let_go, reading) = (self.habits(port), self.let_go.clone(), world::reads(port));
            self.rt.task("subscriber", async move {
                let _ = let_go.until(follow(output, habits, reading)).await;
            });
        }
    }

    /// An output of kind `latest`.
    pub fn latest<T: Who + Clone + Send + Sync + 'static, const N: usize>(&mut self, port: usize, output: Watch<T, N>) {
        let (habits, let_go, reading) = (self.habits(port), self.let_go.clone(), world::reads(port));
        self.rt.task("watcher", async move {
            let _ = let_go.until(follow(output, habits, reading)).await;
        });
    }

    fn habits(&mut self, port: usize) -> Habits {
        Habits {
            how: self.plan.readers[port % self.plan.readers.len()],
            rt: self.rt.clone(),
            pause: self.plan.pause,
            dice: self.dice.fork(),
            over: self.over.clone(),
            read: 0,
        }
    }

    /// The control.
    pub fn control<L: Ledger + 'static>(&mut self, control: Control<L>) {
        self.control = Some(Box::new(control));
    }

    /// Plays to the end that the plan says.
    pub async fn to_the_end(&mut self) {
        let ending = self.plan.ending;
        match ending {
            Ending::Finish => {}
            Ending::Drain(after) | Ending::Abort(after) | Ending::LetGo(after) | Ending::Gone(after) => self.until(after).await,
        }
        match ending {
            Ending::Gone(_) => {}
            Ending::LetGo(_) => {
                self.let_go.open();
                self.control = None;
            }
            _ => {
                let end = self.control.as_ref().map(|control| control.ends(&ending));
                end.expect("a topology hands over its control").await;
            }
        }
    }

    /// Readers that stalled go on.
    pub fn release(&self) {
        self.over.open();
    }

    /// The counts, if there still is a control.
    pub fn ledger(&self) -> Option<Snapshot> {
        self.control.as_ref().map(|control| control.ledger())
    }

    async fn until(&self, events: u64) {
        for _ in 0..400 {
            if world::events() >= events || *self.producing.lock().unwrap() == 0 {
                return;
            }
            self.rt.sleep(Duration::from_micros(25)).await;
        }
    }
}
