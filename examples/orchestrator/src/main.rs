//! `orchestrator`: see the README.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Result, bail};
use clap::Parser;
use orchestrator::{
    answering::{Answering, graph},
    cli::{Cli, Worker},
    corpus::{Corpus, Origin},
    indexing::build,
    model::{EchoWorker, ExtractiveModel, SharedModel},
    search::{Index, Store},
    terminal::{Progress, Screen},
};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our output has seen enough.
        Err(error)
            if error
                .downcast_ref::<io::Error>()
                .is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    if let Some(format) = cli.graph {
        return Ok(writeln!(io::stdout(), "{}", graph(format))?);
    }
    let (index, indexing) = open(&cli).await?;
    let model: SharedModel = match cli.worker {
        Worker::Extractive => Arc::new(ExtractiveModel),
        Worker::Echo => Arc::new(EchoWorker),
    };
    let ledger = match cli.load {
        Some(total) => flood(&cli, index, model, total).await?,
        None => answer(&cli, index, model).await?,
    };
    if cli.ledger || cli.load.is_some() {
        if let Some(indexing) = indexing {
            writeln!(io::stdout(), "\n{indexing}")?;
        }
        writeln!(io::stdout(), "\n{ledger}")?;
    }
    Ok(())
}

/// The index of the corpus as it is now, and the ledger of its making if it was made just now.
async fn open(cli: &Cli) -> Result<(Index, Option<String>)> {
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
    if !cli.reindex
        && let Some((index, _)) = store.open(&corpus, fingerprint)?
    {
        return Ok((index, None));
    }
    anstream::eprintln!("Indexing {} ({}), once.", corpus.name, corpus.root.display());
    let progress = Arc::new(Progress::on_screen());
    let (index, manifest, ledger) = build(&corpus, &store, fingerprint, progress.clone()).await?;
    let took = manifest.took_ms as f64 / 1000.0;
    anstream::eprintln!(
        "Indexed {} pages in {} passages, in {took:.1} s.\n",
        manifest.pages,
        manifest.passages
    );
    if progress.skipped() > 0 {
        anstream::eprintln!("{} pages could not be read.\n", progress.skipped());
    }
    if index.is_empty() {
        bail!("{} holds no pages (HTML, Markdown or text)", corpus.root.display());
    }
    Ok((index, Some(ledger)))
}

/// Answers the question of the command line, or each line of the input; gives the ledger.
async fn answer(cli: &Cli, index: Index, model: SharedModel) -> Result<String> {
    let mut answering = Answering::start(index, model)?;
    let mut screen = Screen::stdout();
    if let Some(question) = &cli.question {
        ask(&mut answering, question, cli, &mut screen).await?;
        return answering.drain().await;
    }
    let is_dialogue = io::stdin().is_terminal();
    let mut lines = io::stdin().lock().lines();
    loop {
        if is_dialogue {
            anstream::print!("\nAsk (an empty line ends): ");
            io::stdout().flush()?;
        }
        let Some(question) = lines
            .next()
            .transpose()?
            .filter(|line| !is_dialogue || !line.trim().is_empty())
        else {
            break;
        };
        if question.trim().is_empty() {
            continue;
        }
        if !is_dialogue {
            screen.question(&question)?;
        }
        ask(&mut answering, &question, cli, &mut screen).await?;
    }
    answering.drain().await
}

async fn ask<W: Write>(answering: &mut Answering, question: &str, cli: &Cli, screen: &mut Screen<W>) -> Result<()> {
    let letter = answering.ask(question, cli.top.into(), |piece| screen.piece(piece)).await?;
    Ok(letter.map_or(Ok(()), |letter| screen.dead(&letter))?)
}

/// Floods the pipeline and says what it made of it; gives the ledger.
async fn flood(cli: &Cli, index: Index, model: SharedModel, total: u64) -> Result<String> {
    let questions = match &cli.question {
        Some(question) => vec![question.clone()],
        None => index.questions(256)?,
    };
    let answering = Answering::start(index, model)?;
    let (report, ledger) = answering.flood(&questions, total, cli.clients.into(), cli.top.into()).await?;
    writeln!(io::stdout(), "{report}")?;
    Ok(ledger)
}
