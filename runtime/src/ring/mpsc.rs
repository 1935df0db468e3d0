//! Any number of senders, one receiver.
//!
//! This is [`Mpmc`] whose records go to one receiver, for good: it takes them out without an exchange a record. A push claims its
//! positions as there; [`try_push_all`](Sender::try_push_all) and [`send_all`](Sender::send_all) claim a run of them at once.
//!
//! ```
//! use forebay::ring::mpsc::{Mpsc, split};
//!
//! let (sender, mut receiver) = split(Mpsc::<u32, 4>::boxed()).expect("it is new");
//! let another = sender.clone();
//! assert_eq!((sender.try_push(1), another.try_push(2)), (Ok(()), Ok(())));
//! assert_eq!((receiver.pop(), receiver.pop(), receiver.pop()), (Some(1), Some(2), None));
//! receiver.release();                         // the slots are free again
//! ```

use super::mpmc::Mpmc;

pub use super::mpmc::Sender;
pub use super::mpmc::sole::{Sole as Receiver, split};

/// A ring for any number of senders and one receiver, with room for `N` records, a power of two.
pub type Mpsc<T, const N: usize> = Mpmc<T, N>;
