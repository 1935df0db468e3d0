//! One run: producers, readers, and the end.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use forebay::pipeline::ledger::{Ledger, Snapshot};
use forebay::prelude::*;
use forebay::record::Entry;
use forebay::testing::{Dice, SimRt};
use forebay::{AsyncTask, TryRecvError};

use crate::plan::{Ending, Plan, Reader};
use crate::rec::{Rec, Who};
use crate::world::{self, Reading, at_port, delivered, pausing};

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
            };
            let (input, producing, let_go) = (input.clone(), self.producing.clone(), self.let_go.clone());
            self.rt.task("producer", async move {
                let _ = let_go.until(producer.run(input)).await;
                *producing.lock().unwrap() -= 1;
            });
        }
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

struct Producer {
    port: usize,
    sheds: bool,
    dice: Dice,
    plan: Plan,
    rt: SimRt,
}

/// Records that are sent together: those that are gone were accepted, however that ends.
struct Together {
    port: usize,
    ids: Vec<u64>,
    queue: VecDeque<Rec>,
}

impl Drop for Together {
    fn drop(&mut self) {
        let left: Vec<u64> = self.queue.iter().map(|r| r.id).collect();
        let gone = self.ids.iter().copied().filter(|id| !left.contains(id));
        at_port(self.port, |log| log.accepted.extend(gone));
    }
}

impl Producer {
    fn record(&mut self) -> Rec {
        let id = world::new_id();
        Rec::new(id, self.dice.below(5), 0)
    }

    async fn run<const N: usize, M: Entry>(mut self, input: Input<Rec, N, M>) {
        let mut sent = 0;
        while sent < self.plan.records {
            sent += 1;
            if !self.plan.eager {
                pausing(&self.rt, &mut self.dice, self.plan.pause).await;
            }
            let record = self.record();
            let id = record.id;
            let result = match self.dice.below(7) {
                0 => input.try_send(record),
                1 => match input.reserve().await {
                    None => return,
                    Some(slot) => {
                        // It is kept for a while, and now and then given up.
                        pausing(&self.rt, &mut self.dice, self.plan.pause).await;
                        if self.dice.one_in(4) {
                            continue;
                        }
                        slot.send(record)
                    }
                },
                2 => {
                    // Given up at the first wait.
                    let mut send = pin!(input.send(record));
                    let polled = std::future::poll_fn(|cx| Poll::Ready(send.as_mut().poll(cx))).await;
                    match polled {
                        Poll::Ready(sent) => sent,
                        Poll::Pending => continue,
                    }
                }
                3 if !self.sheds => {
                    let queue: VecDeque<Rec> = (0..1 + self.dice.below(5)).map(|_| self.record()).collect();
                    sent += queue.len() as u64;
                    let ids = queue.iter().map(|r| r.id).collect();
                    let port = self.port;
                    let mut together = Together { port, ids, queue };
                    let result = match self.dice.below(2) {
                        0 => input.send_all(&mut together.queue).await,
                        _ => input.try_send_all(&mut together.queue),
                    };
                    match result {
                        Err(SendError::Closed(())) => return,
                        _ => continue,
                    }
                }
                _ => input.send(record).await,
            };
            match result {
                Ok(()) => at_port(self.port, |log| log.accepted.push(id)),
                Err(SendError::Shed) => at_port(self.port, |log| {
                    log.accepted.push(id);
                    log.shed.push(id);
                }),
                Err(SendError::Full(_)) => pausing(&self.rt, &mut self.dice, self.plan.pause).await,
                Err(SendError::Closed(_)) => return,
            }
        }
    }
}

/// How a reader reads.
struct Habits {
    how: Reader,
    rt: SimRt,
    pause: Duration,
    dice: Dice,
    over: Gate,
    read: u64,
}

impl Habits {
    /// Before each record; false when it leaves.
    async fn goes_on(&mut self) -> bool {
        match self.how {
            Reader::Eager => {}
            Reader::Slow => pausing(&self.rt, &mut self.dice, self.pause).await,
            Reader::Leaves(after) if self.read >= after => return false,
            Reader::Stalls(after) if self.read >= after => self.over.opens().await,
            Reader::Leaves(_) | Reader::Stalls(_) => {}
        }
        true
    }
}

async fn read<T: Who + Send + 'static, const N: usize>(port: usize, mut output: AsyncStream<T, N>, mut habits: Habits) {
    while habits.goes_on().await {
        match habits.dice.below(6) {
            0 => {
                let mut together = Vec::new();
                habits.read += output.drain_into(&mut together) as u64;
                together.iter().for_each(|r| delivered(port, r.who()));
            }
            1 => habits.read += output.for_each_ready(|r| delivered(port, r.who())) as u64,
            2 => {
                if let Ok(r) = output.try_recv() {
                    delivered(port, r.who());
                    habits.read += 1;
                }
            }
            _ => {}
        }
        match output.recv().await {
            Some(r) => delivered(port, r.who()),
            None => return,
        }
        habits.read += 1;
    }
}

/// An output that overwrites.
trait Overwrites<T> {
    fn recv(&mut self) -> impl Future<Output = Option<T>> + Send;
    fn try_recv(&mut self) -> Result<T, TryRecvError>;
    fn lost(&self) -> u64;
}

macro_rules! overwrites {
    ($output:ident) => {
        impl<T: Clone + Send + Sync + 'static, const N: usize> Overwrites<T> for $output<T, N> {
            fn recv(&mut self) -> impl Future<Output = Option<T>> + Send {
                $output::recv(self)
            }
            fn try_recv(&mut self) -> Result<T, TryRecvError> {
                $output::try_recv(self)
            }
            fn lost(&self) -> u64 {
                $output::lost(self)
            }
        }
    };
}
overwrites!(Subscription);
overwrites!(Watch);

async fn follow<T: Who + Send>(mut output: impl Overwrites<T>, mut habits: Habits, reading: Reading) {
    while habits.goes_on().await {
        if habits.dice.below(3) == 0
            && let Ok(record) = output.try_recv()
        {
            reading.got(record.who());
            habits.read += 1;
        }
        let record = output.recv().await;
        if let Some(record) = &record {
            reading.got(record.who());
        }
        habits.read += 1;
        reading.missed(output.lost(), record.is_none());
        if record.is_none() {
            return;
        }
    }
}
