//! What goes wrong with a store.

use core::fmt;
use std::error::Error;
use std::path::PathBuf;

/// Why a store did not do what it was asked. Nothing of that has changed in it then.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// The file could not be read or written. The store may refuse every further change until it is opened anew.
    Disk(Box<redb::Error>),
    /// Another process has the file open, or another [`DeadLetters`](super::DeadLetters) of this one.
    InUse(PathBuf),
    /// The file was written by another version, which has this number.
    Format(u64),
    /// The store holds as much as its bounds allow, and its policy is to refuse. It holds so many letters and bytes.
    Full {
        /// Letters in the store.
        records: u64,
        /// Bytes that they take.
        bytes: u64,
    },
    /// One letter has more bytes than the whole store may hold.
    TooLarge {
        /// Its bytes.
        bytes: u64,
    },
    /// The record has no form as JSON: a map whose keys are no texts, or a `Serialize` that failed.
    Unwritable {
        /// Its type.
        record: &'static str,
        /// What was wrong with it.
        source: serde_json::Error,
    },
    /// What the store holds is not what it wrote.
    Unreadable(serde_json::Error),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Disk(error) => write!(f, "the store of dead letters: {error}"),
            StoreError::InUse(path) => write!(f, "the dead letters in {} are in use by another program", path.display()),
            StoreError::Format(found) => write!(
                f,
                "the dead letters were stored in format {found}, which this version does not read"
            ),
            StoreError::Full { records, bytes } => {
                write!(
                    f,
                    "the store of dead letters is full: it holds {records} of them in {bytes} bytes"
                )
            }
            StoreError::TooLarge { bytes } => write!(f, "a letter of {bytes} bytes is larger than the store may be"),
            StoreError::Unwritable { record, source } => write!(f, "a `{record}` cannot be stored as JSON: {source}"),
            StoreError::Unreadable(source) => write!(f, "a stored letter cannot be read: {source}"),
        }
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            StoreError::Disk(error) => Some(&**error),
            StoreError::Unwritable { source, .. } | StoreError::Unreadable(source) => Some(source),
            _ => None,
        }
    }
}

/// Every error of the database is one of the disk.
macro_rules! of_the_disk {
    ($($error:ident),*) => {$(
        impl From<redb::$error> for StoreError {
            fn from(error: redb::$error) -> Self {
                StoreError::Disk(Box::new(error.into()))
            }
        }
    )*};
}
of_the_disk!(CommitError, DatabaseError, StorageError, TableError, TransactionError);
