//! Dead letters: a store for records that failed, in a file. Behind the feature `dead-letters`.
//!
//! A pipeline wires what failed to [`dead_letters`] or [`dead_letter_batch`] and gives them a [`DeadLetters`]. There each failure becomes
//! a [`Letter`], with its record whole. Letters are listed, read, sent into a port again ([`DeadLetters::replay`]), and purged.
//!
//! ```
//! use forebay::dead_letters::{DeadLetters, Select, dead_letters};
//! use forebay::prelude::*;
//! use serde::{Deserialize, Serialize};
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
//!
//! #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
//! pub struct Order {
//!     id: u64,
//! }
//!
//! #[stage]
//! fn charge(order: Order, bank_is_open: &AtomicBool) -> Result<(), String> {
//!     if bank_is_open.load(Relaxed) { Ok(()) } else { Err(format!("no bank for {}", order.id)) }
//! }
//! #[stage]
//! fn unkept<In: Send + 'static, E: std::fmt::Display + Send + 'static>(failed: Failed<In, E>) {
//!     eprintln!("{}: {}", failed.node, failed.cause);
//! }
//!
//! pipeline! {
//!     Shop {
//!         input  orders: Order [16];
//!         shared bank_is_open: AtomicBool;
//!         shared store: DeadLetters;
//!
//!         orders -> charge(bank_is_open);
//!         charge.errors -[16]-> dead_letters(store) { blocking };
//!         errors        -[16]-> unkept; // what the store refuses
//!     }
//! }
//!
//! let folder = tempfile::tempdir()?;
//! let store = Arc::new(DeadLetters::open(folder.path().join("letters"))?);
//! let bank = Arc::new(AtomicBool::new(false));
//!
//! let shop = Shop::builder().bank_is_open(bank.clone()).store(store.clone()).start_threads()?;
//! shop.orders.send_blocking(Order { id: 7 })?;
//! drop(shop.orders);
//! shop.control.finished_blocking().check()?;
//! let letters = store.list(&Select::all())?;
//! assert_eq!((letters[0].node.as_str(), letters[0].message.as_str()), ("charge", "no bank for 7"));
//! assert_eq!(store.record(letters[0].id)?, Some(Order { id: 7 }));
//!
//! bank.store(true, Relaxed);
//! let shop = Shop::builder().bank_is_open(bank).store(store.clone()).start_threads()?;
//! let replay = store.replay(&shop.orders, &Select::all())?;
//! drop(shop.orders);
//! shop.control.finished_blocking().check()?;
//! assert_eq!(store.settle(&replay.accepted)?, 1); // it has not come back
//! assert_eq!(store.totals()?.records, 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The life of a letter
//!
//! ```text
//!            fails                  replay                settle
//!  record ──────────▶ waiting ───────────────────▶ out ──────────▶ (removed)
//!                      ▲  ▲        refused           │
//!                      │  └──────────────────────────┤
//!                      │     fails again, or the     │ fails again,
//!                      └──── program has ended ──────┤ the n-th time
//!                                                    ▼
//!                                                  aside ── a forced replay ──▶ out
//! ```
//!
//! # What it promises
//!
//! * **Whole.** The record is stored, not a pointer to it: as JSON, readable without its type.
//! * **Stored before it is counted.** The stage's `finished` comes after the fsync.
//! * **Never lost by a replay.** The letter is there until [`DeadLetters::settle`] or [`DeadLetters::purge`] removes it. A kill at any moment
//!   leaves a record that may be worked on twice, and [`Letter::unsettled`] and [`Replay::again`] say which.
//! * **The same letter.** A replayed record that fails again comes back to its letter, where its tries and returns are counted. After
//!   [`Options::poison_after`] returns it is poison, and only a forced replay takes it.
//! * **Bounded.** In letters and in bytes; what happens then is declared by [`WhenFull`].
//!
//! # What it costs
//!
//! An fsync for each letter, or one for each batch. The store keeps 8 MiB of pages in memory. The file keeps the room of what was removed
//! and fills it again.

mod error;
mod letter;
mod letters;
mod options;
mod payload;
mod replay;
mod room;
mod select;
mod stages;
mod store;

pub use error::StoreError;
pub use letter::{CauseKind, Letter, LetterId, State};
pub use letters::Letters;
pub use options::{Options, WhenFull};
pub use replay::Replay;
pub use select::Select;
pub use stages::{Kept, dead_letter_batch, dead_letters};
pub use store::{DeadLetters, Totals};
