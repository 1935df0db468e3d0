//! The crates that are generated.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What becomes of the functions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Plain,
    Stages,
    Pipeline,
}

impl Shape {
    pub(super) const ALL: [Shape; 3] = [Shape::Plain, Shape::Stages, Shape::Pipeline];

    /// The name of the package.
    pub(super) fn package(self) -> &'static str {
        match self {
            Shape::Plain => "plain",
            Shape::Stages => "stages",
            Shape::Pipeline => "pipeline",
        }
    }

    pub(super) fn about(self) -> &'static str {
        match self {
            Shape::Plain => "plain functions",
            Shape::Stages => "the same with `#[stage]`",
            Shape::Pipeline => "the same, and a `pipeline!` of them all",
        }
    }

    /// What a user would write.
    fn source(self, stages: usize) -> String {
        let mut text = String::from("#![allow(missing_docs)]\n");
        if self != Shape::Plain {
            text += "use forebay::prelude::*;\n";
        }
        text += "pub struct Bad;\n";
        for i in 0..stages {
            if self != Shape::Plain {
                text += "#[stage]\n";
            }
            let body = format!("if record == {i} {{ Err(Bad) }} else {{ Ok(record.wrapping_add({i})) }}");
            let _ = writeln!(text, "pub fn stage_{i}(record: u64) -> Result<u64, Bad> {{ {body} }}");
        }
        if self == Shape::Pipeline {
            let nodes: Vec<_> = (0..stages).map(|i| format!("stage_{i}")).collect();
            let wire = nodes.join("\n            -[64]-> ");
            let ports = "input records: u64 [64];\n        output done: u64 [64];\n        errors -> drop;";
            let _ = writeln!(
                text,
                "pipeline! {{\n    pub Line {{\n        {ports}\n        records -> {wire} -> done;\n    }}\n}}"
            );
        }
        text
    }
}

/// A workspace of its own with one package a shape, under the target directory.
pub(super) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Writes it; what was built there before is kept.
    pub(super) fn create(stages: usize) -> io::Result<Self> {
        let program = env::current_exe()?;
        let target = program.ancestors().nth(2).unwrap_or(Path::new("target"));
        let root = target.join("compile-cost");
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
        fs::create_dir_all(&root)?;
        fs::write(
            root.join("Cargo.toml"),
            "[workspace]\nresolver = \"3\"\nmembers = [\"plain\", \"stages\", \"pipeline\"]\n",
        )?;
        fs::write(root.join("rustfmt.toml"), "# The widths that everybody has.\n")?;
        fs::copy(ours.join("Cargo.lock"), root.join("Cargo.lock"))?;
        for shape in Shape::ALL {
            let package = root.join(shape.package());
            fs::create_dir_all(package.join("src"))?;
            fs::write(package.join("Cargo.toml"), manifest(shape, &ours.join("runtime")))?;
            fs::write(package.join("src/lib.rs"), shape.source(stages))?;
        }
        Ok(Workspace { root })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Makes cargo believe that the package has changed.
    pub(super) fn touch(&self, shape: Shape) -> io::Result<()> {
        let file = self.root.join(shape.package()).join("src/lib.rs");
        fs::write(&file, fs::read(&file)?)
    }
}

fn manifest(shape: Shape, forebay: &Path) -> String {
    format!(
        "[package]\nname = \"{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nforebay = {{ path = {:?} }}\n",
        shape.package(),
        forebay
    )
}
