//! A deterministic runtime.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::tasks::{Called, Choice, Job, Task, lock};
use super::{Dice, SimSleep, Stuck, StuckReason};
use crate::rt::{Rt, worn};

/// As many steps as a simulation takes, if nothing else is said.
const STEPS: u64 = 1_000_000;
/// The number of what `run` was given.
const MAIN: usize = 0;

/// A runtime on the calling thread: one step after the other, in an order that follows from a seed, under a clock of its own.
///
/// Give [`rt`](Self::rt) to the `start_on` of a builder, then [`run`](Self::run) what uses the pipeline.
///
/// * **Order.** A step polls one task. Which one is chosen by the seed: fairly, or by priorities that change now and then. Some
///   seeds poll tasks that nobody has woken, and some let the segments of a pipeline run as one task.
/// * **Time** goes on by itself when no task can run: to the next timer. A poll takes a moment, and the seed says how long work takes.
/// * **Blocking** nodes are tasks like others, and so are those that are pinned. Nothing here may sleep on its thread: `recv_blocking`
///   and its like would never wake.
/// * **No reactor.** What waits for tokio (its timers, sockets, `spawn`) cannot run here: sleep by [`SimRt::sleep`].
/// * **Dropped** it drops its tasks, in an order that the seed gives, as a runtime does that ends before its pipelines.
///
/// The same seed gives the same steps as long as the program is the same, and does not ask the time or chance of the machine.
pub struct Sim {
    rt: SimRt,
}

/// What a [`Sim`] gives to pipelines and tasks: spawns, tells the time, sleeps.
#[derive(Clone)]
pub struct SimRt {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    seed: u64,
    /// The clock shows this at first. Nothing depends on it.
    start: Instant,
    pub(super) state: Mutex<State>,
    called: Called,
}

pub(super) struct State {
    dice: Dice,
    choice: Choice,
    joins: bool,
    /// A task that nobody has woken is polled once in so many steps.
    spurious: u64,
    /// How long a piece of work may take.
    pace: &'static [Duration],
    pub(super) now: Duration,
    steps: u64,
    most: u64,
    tasks: Vec<Task>,
    runnable: Vec<usize>,
    pub(super) timers: BTreeMap<(Duration, u64), Waker>,
    pub(super) next_timer: u64,
    open: bool,
}

const MICRO: Duration = Duration::from_micros(1);
/// Work that is quick, slow, or now one and now the other.
const PACES: [&[Duration]; 4] = [
    &[Duration::ZERO],
    &[MICRO],
    &[Duration::from_micros(150)],
    &[
        Duration::ZERO,
        MICRO,
        Duration::from_micros(12),
        Duration::from_micros(40),
        Duration::from_micros(150),
    ],
];

impl Sim {
    /// Of this seed.
    pub fn new(seed: u64) -> Self {
        let called = Called::default();
        let mut dice = Dice::new(seed);
        let mut state = State {
            choice: Choice::of(&mut dice),
            joins: dice.one_in(4),
            spurious: if dice.one_in(8) { 16 } else { 0 },
            pace: dice.pick(&PACES),
            dice,
            now: Duration::ZERO,
            steps: 0,
            most: STEPS,
            tasks: Vec::new(),
            runnable: Vec::new(),
            timers: BTreeMap::new(),
            next_timer: 0,
            open: true,
        };
        let mut main = Task::new(MAIN, "run", None, &called, &mut state.dice);
        main.ended = true;
        state.tasks.push(main);
        let shared = Shared {
            seed,
            start: Instant::now(),
            state: Mutex::new(state),
            called,
        };
        Sim {
            rt: SimRt {
                shared: Arc::new(shared),
            },
        }
    }

    /// The same, with at most so many steps in all; without it, a million.
    pub fn steps(self, most: u64) -> Self {
        lock(&self.rt.shared.state).most = most;
        self
    }

    /// What pipelines run on.
    pub fn rt(&self) -> SimRt {
        self.rt.clone()
    }

    /// How much time has passed, by its own clock.
    pub fn elapsed(&self) -> Duration {
        lock(&self.rt.shared.state).now
    }

    /// How many steps it has taken.
    pub fn steps_taken(&self) -> u64 {
        lock(&self.rt.shared.state).steps
    }

    /// Runs `main`, and the tasks with it, until `main` is done. Tasks that are not done stay, for a later call.
    ///
    /// # Errors
    /// [`Stuck`] when nothing can run any more, when there were too many steps, or when a task has panicked. The message has the
    /// seed that repeats it.
    ///
    /// # Panics
    /// When `main` does.
    pub fn run<T>(&self, main: impl Future<Output = T>) -> Result<T, Stuck> {
        let mut main = pin!(main);
        let waker = self.rt.open_main();
        waker.wake_by_ref();
        let mut cx = Context::from_waker(&waker);
        let output = self.go(|rt| match rt.next()? {
            MAIN => Ok(main.as_mut().poll(&mut cx)),
            task => rt.poll(task).map(|()| Poll::Pending),
        });
        lock(&self.rt.shared.state).tasks[MAIN].ended = true;
        output
    }

    /// Runs until every task has ended.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn rest(&self) -> Result<(), Stuck> {
        self.go(|rt| {
            if lock(&rt.shared.state).tasks.iter().all(|task| task.ended) {
                return Ok(Poll::Ready(()));
            }
            rt.next().and_then(|task| rt.poll(task)).map(|()| Poll::Pending)
        })
    }

    /// Steps until one of them gives something. Whoever looks at the watch meanwhile sees ours.
    fn go<T>(&self, mut step: impl FnMut(&SimRt) -> Result<Poll<T>, StuckReason>) -> Result<T, Stuck> {
        worn(&self.rt, || {
            loop {
                match step(&self.rt) {
                    Ok(Poll::Pending) => {}
                    Ok(Poll::Ready(output)) => return Ok(output),
                    Err(reason) => return Err(self.rt.stuck(reason)),
                }
            }
        })
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        loop {
            // One by one: what a task does in its drop may wake others, or ask for the time.
            let job = {
                let state = &mut *lock(&self.rt.shared.state);
                state.open = false;
                let left: Vec<usize> = (0..state.tasks.len())
                    .filter(|task| state.tasks[*task].job.is_some())
                    .collect();
                let Some(most) = left.len().checked_sub(1) else { break };
                let task = &mut state.tasks[left[state.dice.below(most as u64 + 1) as usize]];
                task.ended = true;
                task.job.take()
            };
            worn(&self.rt, || {
                // As in the runtimes that this stands for, a drop that panics is its own affair.
                let _ = catch_unwind(AssertUnwindSafe(|| drop(job)));
            });
        }
    }
}

impl SimRt {
    /// Runs a task beside those of the pipelines. A panic in it ends the run.
    pub fn task(&self, name: &str, task: impl Future<Output = ()> + Send + 'static) {
        // After the end there is nothing to run it, and nobody who waits for it.
        let _ = self.spawn(name, task);
    }

    /// Resolves after `time`, by the clock of the simulation.
    pub fn sleep(&self, time: Duration) -> SimSleep {
        self.sleep_until(self.now() + time)
    }

    /// Numbers that follow from the seed, for a test's own choices.
    pub fn dice(&self) -> Dice {
        lock(&self.shared.state).dice.fork()
    }

    /// A look at the watch after a piece of work.
    pub(crate) fn look(&self) -> Instant {
        let state = &mut *lock(&self.shared.state);
        state.now += state.dice.pick(state.pace);
        self.shared.start + state.now
    }

    fn add(&self, name: &str, job: Job) -> io::Result<()> {
        let refused = {
            let state = &mut *lock(&self.shared.state);
            if state.open {
                let number = state.tasks.len();
                let task = Task::new(number, name, Some(job), &self.shared.called, &mut state.dice);
                let waker = task.waker.clone();
                state.tasks.push(task);
                waker.wake();
                return Ok(());
            }
            job
        };
        drop(refused);
        Err(io::Error::other("the simulation has ended"))
    }

    fn open_main(&self) -> Waker {
        let main = &mut lock(&self.shared.state).tasks[MAIN];
        main.ended = false;
        main.waker.clone()
    }

    /// Who takes the next step.
    fn next(&self) -> Result<usize, StuckReason> {
        loop {
            let due = {
                let state = &mut *lock(&self.shared.state);
                state.runnable.append(&mut lock(&self.shared.called));
                state.runnable.retain(|task| !state.tasks[*task].ended);
                let due = state.due();
                if due.is_empty() {
                    return state.choose();
                }
                due
            };
            due.into_iter().for_each(Waker::wake);
        }
    }

    /// Polls a task once.
    fn poll(&self, task: usize) -> Result<(), StuckReason> {
        let (job, waker) = {
            let task = &mut lock(&self.shared.state).tasks[task];
            (task.job.take(), task.waker.clone())
        };
        let Some(mut job) = job else { return Ok(()) };
        let polled = catch_unwind(AssertUnwindSafe(|| job.as_mut().poll(&mut Context::from_waker(&waker))));
        let over = match polled {
            Ok(Poll::Pending) => {
                lock(&self.shared.state).tasks[task].job = Some(job);
                return Ok(());
            }
            Ok(Poll::Ready(())) => Ok(()),
            Err(panic) => Err(StuckReason::Panicked(text_of(&*panic))),
        };
        lock(&self.shared.state).tasks[task].ended = true;
        match catch_unwind(AssertUnwindSafe(|| drop(job))) {
            Err(panic) if over.is_ok() => Err(StuckReason::Panicked(text_of(&*panic))),
            _ => over,
        }
    }

    fn stuck(&self, reason: StuckReason) -> Stuck {
        let state = lock(&self.shared.state);
        let waiting = state.tasks.iter().filter(|task| !task.ended).map(|task| task.name.clone());
        Stuck {
            reason,
            seed: self.shared.seed,
            steps: state.steps,
            after: state.now,
            tasks: waiting.collect(),
        }
    }
}

impl State {
    /// The timers that are due. Time passes with every step, and to the first timer where nobody can run.
    fn due(&mut self) -> Vec<Waker> {
        if self.runnable.is_empty()
            && let Some((first, _)) = self.timers.keys().next()
        {
            self.now = self.now.max(*first);
        }
        let later = self.timers.split_off(&(self.now + Duration::from_nanos(1), 0));
        std::mem::replace(&mut self.timers, later).into_values().collect()
    }

    fn choose(&mut self) -> Result<usize, StuckReason> {
        self.steps += 1;
        self.now += Duration::from_nanos(self.dice.below(1000));
        if self.steps > self.most {
            return Err(StuckReason::Steps);
        }
        if self.dice.one_in(self.spurious) {
            let task = self.dice.below(self.tasks.len() as u64) as usize;
            if !self.tasks[task].ended && !self.runnable.contains(&task) {
                return Ok(task);
            }
        }
        if self.runnable.is_empty() {
            return Err(StuckReason::Deadlock);
        }
        Ok(self.choice.take(&mut self.runnable, &mut self.tasks, &mut self.dice))
    }
}

impl Rt for SimRt {
    type Sleep = SimSleep;

    fn spawn(&self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        self.add(name, Box::pin(task))
    }

    fn joins(&self) -> bool {
        lock(&self.shared.state).joins
    }

    fn has_threads(&self) -> bool {
        false
    }

    fn spawn_blocking(&self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        self.add(name, Box::pin(task))
    }

    fn now(&self) -> Instant {
        self.shared.start + lock(&self.shared.state).now
    }

    fn sleep_until(&self, at: Instant) -> SimSleep {
        SimSleep {
            at: at.saturating_duration_since(self.shared.start),
            timer: None,
            rt: self.clone(),
        }
    }

    fn random(&self) -> u64 {
        self.dice().roll()
    }
}

fn text_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "a panic that is not a text".to_owned())
}

impl fmt::Debug for Sim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rt.fmt(f)
    }
}

impl fmt::Debug for SimRt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimRt")
            .field("seed", &self.shared.seed)
            .finish_non_exhaustive()
    }
}
