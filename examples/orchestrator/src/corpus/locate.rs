//! Which folder is answered from, and whether it has changed.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context, Result, bail};

use super::walk;

/// A folder of pages.
#[derive(Debug, Clone, PartialEq)]
pub struct Corpus {
    /// The folder.
    pub root: PathBuf,
    /// How it was found.
    pub origin: Origin,
    /// Its name, for people.
    pub name: String,
}

/// How a corpus was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Origin {
    /// The documentation that came with Rust.
    RustDocs,
    /// The user named the folder.
    Given,
    /// This repository's own documentation, for want of anything better.
    OwnDocs,
}

impl Corpus {
    /// The folder that the user named; else the documentation of the installed Rust; else that of this repository.
    pub fn find(given: Option<&Path>) -> Result<Corpus> {
        if let Some(given) = given {
            return Corpus::given(given);
        }
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        match rust_docs() {
            Some(found) => Ok(found),
            None if own.is_dir() => {
                let root = own.canonicalize()?;
                Ok(Corpus {
                    root,
                    origin: Origin::OwnDocs,
                    name: "the documentation of Forebay itself".into(),
                })
            }
            None => bail!(
                "no Rust documentation on this machine: `rustup component add rust-docs` brings it, or name a folder with --corpus"
            ),
        }
    }

    fn given(path: &Path) -> Result<Corpus> {
        let root = path
            .canonicalize()
            .with_context(|| format!("there is no folder {}", path.display()))?;
        if !root.is_dir() {
            bail!(
                "{} is a file; --corpus wants a folder of HTML, Markdown or text",
                root.display()
            );
        }
        let is_rust = root.join("std/index.html").is_file() && root.join("book/index.html").is_file();
        let origin = if is_rust { Origin::RustDocs } else { Origin::Given };
        Ok(Corpus {
            name: root.display().to_string(),
            root,
            origin,
        })
    }

    /// Changes when the corpus does: another folder, another Rust, another file.
    ///
    /// The documentation of Rust changes as a whole, so its folder and version say enough; elsewhere every file is looked at.
    pub fn fingerprint(&self) -> Result<u64> {
        let mut hash = DefaultHasher::new();
        self.root.hash(&mut hash);
        self.name.hash(&mut hash);
        if self.origin == Origin::RustDocs {
            stamp(&self.root, &mut hash)?;
            stamp(&self.root.join("std/index.html"), &mut hash)?;
        } else {
            for page in walk::files(self).pages {
                page.path.hash(&mut hash);
                stamp(&page.full, &mut hash)?;
            }
        }
        Ok(hash.finish())
    }
}

fn stamp(path: &Path, hash: &mut DefaultHasher) -> Result<()> {
    let meta = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    meta.len().hash(hash);
    let changed = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    changed.hash(hash);
    Ok(())
}

fn rust_docs() -> Option<Corpus> {
    let root = Path::new(rustc(&["--print", "sysroot"])?.trim()).join("share/doc/rust/html");
    let version = rustc(&["-V"])?;
    let version = version.split(' ').nth(1).unwrap_or_default();
    let name = format!("the documentation of Rust {version}");
    root.join("std/index.html").is_file().then_some(Corpus {
        root,
        origin: Origin::RustDocs,
        name,
    })
}

fn rustc(args: &[&str]) -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let answer = Command::new(rustc).args(args).output().ok().filter(|o| o.status.success())?;
    String::from_utf8(answer.stdout).ok()
}
