//! What a report has measured, kept for the page.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::machine;
use crate::measure::Table;

/// One report.
#[derive(Serialize, Deserialize)]
pub(crate) struct Figures {
    pub(crate) machine: String,
    pub(crate) compiler: String,
    pub(crate) peers: Vec<String>,
    /// A smoke, not a measurement.
    pub(crate) quick: bool,
    pub(crate) runs: usize,
    pub(crate) tables: Vec<Table>,
}

impl Figures {
    pub(crate) fn new(quick: bool, runs: usize, tables: Vec<Table>) -> Self {
        Figures {
            machine: machine::describe(),
            compiler: machine::compiler().to_owned(),
            peers: machine::peers(),
            quick,
            runs,
            tables,
        }
    }

    /// The table of that name.
    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    pub(crate) fn save(&self) -> Result<(), Box<dyn Error>> {
        let path = path();
        fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        Ok(fs::write(path, serde_json::to_vec(self)?)?)
    }

    pub(crate) fn load() -> Result<Self, Box<dyn Error>> {
        let saved = fs::read(path()).map_err(|_| "no report was made yet")?;
        Ok(serde_json::from_slice(&saved)?)
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn path() -> PathBuf {
    root().join("target/forebay-benches/figures.json")
}
