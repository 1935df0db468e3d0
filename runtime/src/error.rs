//! What goes wrong before and around a pipeline, for people.

use core::fmt;
use std::error::Error as StdError;
use std::io;

use crate::edge::Reason;
use crate::pipeline::ledger::LedgerError;
use crate::ring::{Closed, PushError};
use crate::rt::NoRuntime;
use crate::segment::BoxError;

/// Why a record was not accepted by an input port. All but `Shed` give it back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum SendError<T> {
    /// No room for now.
    Full(T),
    /// The pipeline drains or has ended.
    Closed(T),
    /// Refused, and given to the port's shed wire.
    Shed,
    /// Not let in, though there may be room: the port has a `quota` or a `limit`, and this is which of them.
    Refused(T, Reason),
}

impl<T> SendError<T> {
    /// The record, if it came back.
    pub fn into_record(self) -> Option<T> {
        match self {
            SendError::Full(record) | SendError::Closed(record) | SendError::Refused(record, _) => Some(record),
            SendError::Shed => None,
        }
    }
}

// Records need not be `Debug` for their senders to `unwrap`.
impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SendError::Full(_) => f.write_str("Full(..)"),
            SendError::Closed(_) => f.write_str("Closed(..)"),
            SendError::Shed => f.write_str("Shed"),
            SendError::Refused(_, reason) => write!(f, "Refused(.., {reason:?})"),
        }
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SendError::Full(_) => f.write_str("the input is full"),
            SendError::Closed(_) => f.write_str("the pipeline has closed its input"),
            SendError::Shed => f.write_str("the input did not take the record: it went to its shed wire"),
            SendError::Refused(_, reason) => write!(f, "the input did not take the record: {reason}"),
        }
    }
}

impl<T> StdError for SendError<T> {}

/// Why a pipeline did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// `start()` was called outside of a tokio runtime.
    NoRuntime,
    /// A factory failed.
    Resource {
        /// The resource or node that it builds.
        name: &'static str,
        /// What it said.
        source: BoxError,
    },
    /// The static pipeline in which it was to live has been started before.
    Started,
    /// The system gave no thread.
    Thread(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::NoRuntime => {
                f.write_str("start() wants a tokio runtime around it: call it in async code, or use start_threads()")
            }
            StartError::Resource { name, source } => write!(f, "`{name}` could not be built: {source}"),
            StartError::Started => f.write_str("a static pipeline is started once: leave `in_static` out for more"),
            StartError::Thread(error) => write!(f, "no thread for a segment: {error}"),
        }
    }
}

impl StdError for StartError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            StartError::NoRuntime | StartError::Started => None,
            StartError::Resource { source, .. } => Some(&**source),
            StartError::Thread(error) => Some(error),
        }
    }
}

impl From<NoRuntime> for StartError {
    fn from(_: NoRuntime) -> Self {
        StartError::NoRuntime
    }
}

impl From<io::Error> for StartError {
    fn from(error: io::Error) -> Self {
        StartError::Thread(error)
    }
}

/// Any of forebay's errors, for a `main` that uses `?`. What such a `main` prints is its `Debug`, so that says what is wrong in words.
///
/// ```
/// use forebay::{Error, StartError};
///
/// let words = "start() wants a tokio runtime around it: call it in async code, or use start_threads()";
/// assert_eq!(format!("{:?}", Error::from(StartError::NoRuntime)), words);
/// ```
#[non_exhaustive]
pub enum Error {
    /// A pipeline did not start.
    Start(StartError),
    /// A record was not accepted; it is gone (match on [`SendError`] to have it back).
    Send(SendError<()>),
    /// The ledger does not balance.
    Ledger(LedgerError),
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Start(error) => error.fmt(f),
            Error::Send(error) => error.fmt(f),
            Error::Ledger(error) => error.fmt(f),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Error::Start(error) => error.source(),
            Error::Send(_) => None,
            Error::Ledger(error) => error.source(),
        }
    }
}

impl From<StartError> for Error {
    fn from(error: StartError) -> Self {
        Error::Start(error)
    }
}

impl<T> From<SendError<T>> for Error {
    fn from(error: SendError<T>) -> Self {
        Error::Send(match error {
            SendError::Full(_) => SendError::Full(()),
            SendError::Closed(_) => SendError::Closed(()),
            SendError::Shed => SendError::Shed,
            SendError::Refused(_, reason) => SendError::Refused((), reason),
        })
    }
}

/// What a ring that is used by itself refuses.
impl<T> From<PushError<T>> for Error {
    fn from(error: PushError<T>) -> Self {
        Error::Send(match error {
            PushError::Full(_) => SendError::Full(()),
            PushError::Closed(_) => SendError::Closed(()),
        })
    }
}

impl From<Closed> for Error {
    fn from(Closed: Closed) -> Self {
        Error::Send(SendError::Closed(()))
    }
}

impl From<LedgerError> for Error {
    fn from(error: LedgerError) -> Self {
        Error::Ledger(error)
    }
}
