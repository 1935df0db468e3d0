//! `orchestrator`: see the README.

use std::{io::Write, sync::Arc, time::Instant};

use anyhow::Result;
use clap::Parser;
use orchestrator::{
    cli::{Cli, Worker},
    corpus::{Corpus, Origin},
    driver,
    model::{EchoWorker, ExtractiveModel, Model, SharedModel},
    records::PromptRequest,
    search::Store,
    terminal::{Progress, Screen},
};

#[tokio::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    let corpus = Corpus::find(cli.corpus.as_deref())?;
    if corpus.origin == Origin::OwnDocs {
        anstream::eprintln!(
            "No Rust documentation here (`rustup component add rust-docs` brings it): answering from {}.",
            corpus.name
        );
    }
    let store = match &cli.cache {
        Some(dir) => Store::at(dir)?,
        None => Store::in_cache()?,
    };
    let fingerprint = corpus.fingerprint()?;
    let known = if cli.reindex {
        None
    } else {
        store.open(&corpus, fingerprint)?
    };
    let (index, _) = match known {
        Some(known) => known,
        None => {
            anstream::eprintln!("Indexing {} ({}), once.", corpus.name, corpus.root.display());
            let (index, manifest) = driver::index(&corpus, &store, fingerprint, &Progress::on_screen())?;
            let took = manifest.took_ms as f64 / 1000.0;
            anstream::eprintln!(
                "Indexed {} pages in {} passages, in {took:.1} s.\n",
                manifest.pages,
                manifest.passages
            );
            (index, manifest)
        }
    };
    let shared: SharedModel = match cli.worker {
        Worker::Extractive => Arc::new(ExtractiveModel),
        Worker::Echo => Arc::new(EchoWorker),
    };
    let mut model = Model::new(shared);
    let mut screen = Screen::stdout();
    let questions: Vec<String> = match cli.question {
        Some(question) => vec![question],
        None => std::io::stdin().lines().collect::<Result<_, _>>()?,
    };
    for question in questions {
        anstream::println!("# {question}\n");
        let request = PromptRequest {
            id: 1,
            session: 1,
            question,
            top: cli.top.into(),
            asked: Instant::now(),
        };
        match driver::ask(request, &index, &mut model).await {
            Ok(pieces) => pieces.iter().try_for_each(|piece| screen.piece(piece))?,
            Err(letter) => screen.dead(&letter)?,
        }
    }
    std::io::stdout().flush()?;
    Ok(())
}
