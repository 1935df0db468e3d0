//! `match { … }`: each record goes to one arm, or is dropped by declaration.

use core::task::{Context, Poll};
use std::sync::Arc;

use crate::edge::{At, Path, Place, Sink};
use crate::pipeline::NodeCell;
use crate::pipeline::counters::Counter;
use crate::record::{Env, Meta};

/// A user's `match`, in a function of its own: a stray `return` cannot leave the dispatcher, nor see what is in it.
pub trait Routing<T> {
    /// Which arm, and what it forwards: an [`Arm2`] for a `match` with two arms that forward.
    type Arm: Send;
    /// The `match`.
    fn route(record: T) -> Self::Arm;
}

/// A route: the places of the arms that forward.
pub struct Route<R, A, const N: usize> {
    arms: A,
    /// On the direct path: how many records each arm had since the last count.
    tally: [u64; N],
    /// The arm that has a record right now.
    busy: Option<usize>,
    /// Counts what `=> drop` arms end: the cell of the node before, or one of its own.
    drops: Arc<NodeCell>,
    routing: core::marker::PhantomData<fn() -> R>,
}

impl<R, A, const N: usize> Route<R, A, N> {
    /// A route to `arms`.
    pub fn new(arms: A, drops: Arc<NodeCell>) -> Self {
        Route {
            arms,
            tally: [0; N],
            busy: None,
            drops,
            routing: core::marker::PhantomData,
        }
    }
}

macro_rules! routes {
    ($n:literal $arm:ident: $($to:ident $place:ident $at:tt),+) => {
        #[doc = concat!("Where a `match` with ", $n, " forwarding arm(s) sends a record.")]
        pub enum $arm<$($to),+> {
            $(
                #[doc = concat!("To arm ", $at, ".")]
                $to($to),
            )+
            /// `=> drop`.
            Drop,
        }

        impl<R: Send, $($place: Place),+> Place for Route<R, ($($place,)+), $n> {
            fn blocked(&self) -> bool {
                $(self.arms.$at.blocked())||+
            }
            fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
                let mut settled = true;
                $(settled &= self.arms.$at.poll_settle(cx).is_ready();)+
                if settled { Poll::Ready(()) } else { Poll::Pending }
            }
            fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
                $(core::task::ready!(self.arms.$at.poll_room(cx));)+
                Poll::Ready(())
            }
            fn flush(&mut self) {
                $(self.arms.$at.flush();)+
            }
            fn count(&mut self, _taken: u64) {
                $(self.arms.$at.count(core::mem::take(&mut self.tally[$at]));)+
            }
            fn panicked(&mut self, mark: usize, message: &str) -> bool {
                let below = $(self.arms.$at.panicked(mark, message))||+;
                // The arm had the record, and was not tallied for it. It need not be the one that said so: arms may meet.
                if below && let Some(arm) = self.busy.take() {
                    self.tally[arm] += 1;
                }
                below
            }
            fn missed(&mut self) {
                // Which arm it would have taken nobody knows: it counts in the first.
                self.arms.0.missed();
            }
            async fn finish(&mut self) {
                // The next arm may wait: what this one said must be seen meanwhile.
                $(self.arms.$at.finish().await; self.arms.$at.flush();)+
            }
            async fn tick(&mut self, node: usize) {
                $(self.arms.$at.tick(node).await; self.arms.$at.flush();)+
            }
            fn close(&mut self) {
                $(self.arms.$at.close();)+
            }
        }

        impl<T, M, R, $($to,)+ $($place),+> Sink<T, M> for Route<R, ($($place,)+), $n>
        where
            T: Send,
            M: Meta,
            R: Routing<T, Arm = $arm<$($to),+>> + Send,
            $($to: Send, $place: Sink<$to, M>,)+
        {
            // Below it an arm that waits is not the first node of a chunk: each record goes by itself.
            type Path = <path_of!(And: $($place::Path),+) as Path>::Under;

            fn put(&mut self, x: Env<T, M>, at: &mut At) -> bool {
                self.busy = None;
                let meta = x.meta;
                match R::route(x.record) {
                    $($arm::$to(record) => {
                        self.busy = Some($at);
                        let more = self.arms.$at.put(Env { record, meta }, at);
                        self.tally[$at] += 1;
                        self.busy = None;
                        more
                    })+
                    $arm::Drop => {
                        self.drops.dropped.add(1);
                        true
                    }
                }
            }

            async fn send(&mut self, x: Env<T, M>) {
                let meta = x.meta;
                match R::route(x.record) {
                    $($arm::$to(record) => {
                        if !$place::Path::DIRECT {
                            // The arm may wait: what the others were given must be seen meanwhile.
                            self.flush();
                        }
                        if let Err(message) = $place::Path::send(&mut self.arms.$at, Env { record, meta }).await {
                            std::panic::resume_unwind(Box::new(message));
                        }
                    })+
                    $arm::Drop => self.drops.dropped.add(1),
                }
                if self.blocked() {
                    self.flush();
                    core::future::poll_fn(|cx| self.poll_settle(cx)).await;
                }
            }
        }
    };
}
routes!(1 Arm1: A PA 0);
routes!(2 Arm2: A PA 0, B PB 1);
routes!(3 Arm3: A PA 0, B PB 1, C PC 2);
routes!(4 Arm4: A PA 0, B PB 1, C PC 2, D PD 3);
routes!(5 Arm5: A PA 0, B PB 1, C PC 2, D PD 3, E PE 4);
routes!(6 Arm6: A PA 0, B PB 1, C PC 2, D PD 3, E PE 4, F PF 5);
routes!(7 Arm7: A PA 0, B PB 1, C PC 2, D PD 3, E PE 4, F PF 5, G PG 6);
routes!(8 Arm8: A PA 0, B PB 1, C PC 2, D PD 3, E PE 4, F PF 5, G PG 6, H PH 7);
