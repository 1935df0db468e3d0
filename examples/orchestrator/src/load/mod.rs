//! The pipeline under load.

mod audit;
mod crash;
mod journal;

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    time::{Duration, Instant},
};

use anyhow::Result;
use hdrhistogram::Histogram;

pub use audit::Audit;
pub use crash::killed_and_restarted;
pub use journal::{Journal, Outcome};

use crate::{
    answering::Answering,
    records::{Content, Notice, Piece},
    terminal::load_report,
};

/// What is asked, and how.
#[derive(Debug, Clone)]
pub struct Load {
    /// The questions, asked in turn.
    pub questions: Vec<String>,
    /// So many requests.
    pub total: u64,
    /// So many ask at the same time.
    pub clients: u64,
    /// All of them ask at once, and again when all have heard; otherwise each asks again when it has heard.
    pub burst: bool,
    /// How many passages an answer may draw on.
    pub top: usize,
}

/// A load under way.
struct Flood<'a> {
    load: &'a Load,
    journal: Journal,
    /// Somebody wants to hear how far it is.
    aloud: bool,
    micros: Histogram<u64>,
    open: u64,
    answered: u64,
    failed: u64,
    refused: u64,
    /// Requests of which nothing came.
    lost: u64,
}

impl Load {
    /// Asks until everything was answered, has failed or was refused, and ends the pipeline; the report and its ledger. A request of which
    /// nothing comes, as a stage has panicked that should never fail, is waited for until the pipeline is at rest.
    ///
    /// With `aloud` it says on standard output how far it is, 20 times.
    pub async fn run(&self, mut answering: Answering, journal: Journal, aloud: bool) -> Result<(String, String)> {
        let mut flood = Flood::new(self, journal, aloud)?;
        let started = Instant::now();
        while flood.ask(&answering)? {
            flood.listen(&mut answering).await?;
        }
        flood.journal.end()?;
        let took = started.elapsed();
        let mut report = load_report(flood.answered, flood.refused, flood.failed, took, &flood.micros);
        if flood.lost > 0 {
            let _ = write!(
                report,
                "\nof {} nothing came: the ledger says which stage has failed",
                flood.lost
            );
        }
        Ok((report, answering.drain().await?))
    }
}

impl<'a> Flood<'a> {
    fn new(load: &'a Load, journal: Journal, aloud: bool) -> Result<Flood<'a>> {
        Ok(Flood {
            load,
            journal,
            aloud,
            micros: Histogram::new_with_max(600_000_000, 3)?,
            open: 0,
            answered: 0,
            failed: 0,
            refused: 0,
            lost: 0,
        })
    }

    /// Asks what is to be asked now; false when all is asked and heard.
    fn ask(&mut self, answering: &Answering) -> Result<bool> {
        let Load { clients, burst, .. } = *self.load;
        if burst && self.open > 0 {
            return Ok(true);
        }
        if burst {
            self.journal.will_ask(clients)?;
        }
        let mut asked = 0;
        while if burst { asked < clients } else { self.open < clients } {
            let Some(id) = self.journal.ask()? else { break };
            asked += 1;
            let question = &self.load.questions[id as usize % self.load.questions.len()];
            if answering.try_ask(id, id % clients, question, self.load.top) {
                self.open += 1;
                continue;
            }
            self.refused += 1;
            self.hear(id, Outcome::Shed)?;
            // Without bursts, whoever was refused asks again only after somebody was answered.
            if !burst {
                break;
            }
        }
        Ok(self.open > 0 || !self.journal.is_asked())
    }

    /// Waits for somebody to hear something, and takes what has come by then.
    async fn listen(&mut self, answering: &mut Answering) -> Result<()> {
        if self.open > 0 {
            let rest = answering.rest();
            let (pieces, notices) = answering.outputs();
            tokio::select! {
                biased;
                Some(piece) = pieces.recv() => self.piece(&piece)?,
                Some(notice) = notices.recv() => self.notice(&notice)?,
                () = rest => (self.lost, self.open) = (self.lost + self.open, 0),
                else => anyhow::bail!("the pipeline has ended before the load"),
            }
            while let Ok(piece) = pieces.try_recv() {
                self.piece(&piece)?;
            }
            while let Ok(notice) = notices.try_recv() {
                self.notice(&notice)?;
            }
        } else {
            // All was refused: the pipeline is to have the thread.
            tokio::task::yield_now().await;
        }
        self.journal.give()
    }

    fn piece(&mut self, piece: &Piece) -> Result<()> {
        let Content::End { asked, .. } = &piece.content else {
            return Ok(());
        };
        self.micros.saturating_record(micros(asked.elapsed()));
        self.open -= 1;
        self.answered += 1;
        self.hear(piece.id, Outcome::Answered)
    }

    fn notice(&mut self, notice: &Notice) -> Result<()> {
        self.open -= 1;
        self.failed += 1;
        self.hear(notice.id, Outcome::Dead)
    }

    fn hear(&mut self, id: u64, outcome: Outcome) -> Result<()> {
        self.journal.hear(id, outcome);
        let done = self.journal.heard();
        let step = (self.load.total / 20).max(1);
        if self.aloud && done.is_multiple_of(step) {
            let mut out = io::stdout();
            writeln!(out, "{}", crash::progress(done, self.load.total))?;
            out.flush()?;
        }
        Ok(())
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answering::tests::{answering, index};
    use crate::model::EchoWorker;

    #[tokio::test]
    async fn a_request_of_which_nothing_comes_does_not_hold_up_the_load() {
        let (mut answering, _letters) = answering(index().await, EchoWorker);
        let load = Load {
            questions: vec!["How do I open a gate?".to_owned()],
            total: 3,
            clients: 3,
            burst: true,
            top: 3,
        };
        let mut flood = Flood::new(&load, Journal::none(load.total), false).unwrap();
        assert!(flood.ask(&answering).unwrap());
        // As if there had been a fourth, at which a stage has panicked.
        flood.open += 1;
        while flood.open > 0 {
            flood.listen(&mut answering).await.unwrap();
        }
        assert_eq!((flood.answered, flood.lost), (3, 1));
        assert!(!flood.ask(&answering).unwrap());
        answering.drain().await.unwrap();
    }
}
