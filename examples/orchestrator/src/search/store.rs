//! Where indexes are kept: one folder for each corpus as it is now. A folder appears by renaming, so it is complete or not there.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Serialize};

use super::index::{FORMAT, Index, IndexError, Indexed};
use crate::corpus::Corpus;

const MANIFEST: &str = "orchestrator.json";
const BUILDING: &str = "building-";
/// A folder under construction that nothing has touched for so long was left by a crash.
const ABANDONED: Duration = Duration::from_secs(2 * 60 * 60);

/// What an index says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The folder that was indexed.
    pub corpus: PathBuf,
    /// How many pages it had.
    pub pages: u64,
    /// How many passages they were cut into.
    pub passages: u64,
    /// How long that took, in milliseconds.
    pub took_ms: u64,
}

/// The folder of all indexes.
#[derive(Debug, Clone)]
pub struct Store {
    home: PathBuf,
}

impl Store {
    /// In the user's cache folder.
    pub fn in_cache() -> io::Result<Store> {
        let dirs = directories::ProjectDirs::from("", "", "forebay-orchestrator")
            .ok_or_else(|| io::Error::other("this system does not say where the home folder is: name a folder with --cache"))?;
        Store::at(dirs.cache_dir())
    }

    /// In the folder `home`, which is made if need be.
    pub fn at(home: &Path) -> io::Result<Store> {
        fs::create_dir_all(home)?;
        Ok(Store { home: home.to_owned() })
    }

    /// The folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    fn folder(&self, corpus: &Corpus, fingerprint: u64) -> PathBuf {
        self.home.join(format!("{}{fingerprint:016x}", prefix(&corpus.root)))
    }

    /// The index of `corpus` as it is now, if there is one.
    pub fn open(&self, corpus: &Corpus, fingerprint: u64) -> Result<Option<(Index, Manifest)>, IndexError> {
        let folder = self.folder(corpus, fingerprint);
        let Ok(manifest) = fs::read(folder.join(MANIFEST)) else {
            return Ok(None);
        };
        let manifest = serde_json::from_slice(&manifest)?;
        Ok(Some((Index::open(&folder)?, manifest)))
    }

    /// Starts to build the index of `corpus` beside where it will stand.
    pub fn build(&self, corpus: &Corpus, fingerprint: u64) -> Result<Building, IndexError> {
        self.sweep();
        let scratch = tempfile::Builder::new().prefix(BUILDING).tempdir_in(&self.home)?;
        Ok(Building {
            store: self.clone(),
            target: self.folder(corpus, fingerprint),
            corpus: corpus.root.clone(),
            scratch,
        })
    }

    /// Removes what crashes have left.
    fn sweep(&self) {
        let Ok(entries) = fs::read_dir(&self.home) else { return };
        for entry in entries
            .flatten()
            .filter(|e| e.file_name().to_string_lossy().starts_with(BUILDING))
        {
            let changed = entry
                .metadata()
                .and_then(|m| m.modified())
                .unwrap_or_else(|_| SystemTime::now());
            if changed.elapsed().is_ok_and(|age| age > ABANDONED) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// The start of the name of every index of this corpus, in this format.
fn prefix(root: &Path) -> String {
    // FNV-1a: the same in every build, which the hasher of std does not promise.
    let hash = root
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    format!("v{FORMAT}-{hash:016x}-")
}

/// An index under construction. Dropped before [`finish`](Self::finish), it leaves nothing.
pub struct Building {
    store: Store,
    target: PathBuf,
    corpus: PathBuf,
    scratch: tempfile::TempDir,
}

impl Building {
    /// The folder that an [`Indexer`](super::Indexer) is to write into.
    pub fn folder(&self) -> &Path {
        self.scratch.path()
    }

    /// Puts the complete index in its place and removes those of the same corpus that it replaces.
    pub fn finish(self, indexed: Indexed, took: Duration) -> Result<(Index, Manifest), IndexError> {
        let Indexed { pages, passages } = indexed;
        let manifest = Manifest {
            corpus: self.corpus.clone(),
            pages,
            passages,
            took_ms: took.as_millis() as u64,
        };
        fs::write(self.scratch.path().join(MANIFEST), serde_json::to_vec_pretty(&manifest)?)?;
        self.replace_older()?;
        match fs::rename(self.scratch.path(), &self.target) {
            Ok(()) => drop(self.scratch.keep()),
            // Another process was faster: its index is as good.
            Err(_) if self.target.join(MANIFEST).is_file() => {}
            Err(error) => return Err(error.into()),
        }
        Ok((Index::open(&self.target)?, manifest))
    }

    fn replace_older(&self) -> io::Result<()> {
        let prefix = prefix(&self.corpus);
        for entry in fs::read_dir(&self.store.home)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&prefix) {
                // Renamed first: a folder that is half removed must not look complete.
                let grave = tempfile::Builder::new().prefix(BUILDING).tempdir_in(&self.store.home)?;
                let _ = fs::rename(entry.path(), grave.path().join("old"));
            }
        }
        Ok(())
    }
}
