//! Lines, for what is no terminal.

use std::{
    future::Future,
    io::{self, Write},
    pin::pin,
    time::Instant,
};

use super::board::{Board, Note, Tone};
use crate::{
    records::{Event, Reading},
    running::Running,
    settings::{Measure, Settings},
    units::{bytes, rate},
};

/// Prints a line for every reading, and for whatever else there is to say.
pub struct Lines<W> {
    out: W,
    board: Board,
    began: Instant,
}

impl<W: Write> Lines<W> {
    /// Lines on `out`; the time counts from now.
    pub fn new(out: W, settings: Settings) -> Lines<W> {
        Lines {
            out,
            board: Board::new(settings),
            began: Instant::now(),
        }
    }

    /// Prints until `ending` resolves or the pipeline has ended.
    pub async fn print(&mut self, running: &mut Running, ending: impl Future<Output = io::Result<()>>) -> io::Result<()> {
        let mut ending = pin!(ending);
        loop {
            tokio::select! {
                event = running.event() => match event {
                    Some(event) => self.event(event)?,
                    None => return Ok(()),
                },
                ended = &mut ending => return ended,
            }
        }
    }

    /// Prints what there is to say of one of the last events. Sentences that were said in a hurry are not repeated.
    pub fn last(&mut self, event: Event) -> io::Result<()> {
        match event {
            Event::Said { .. } => Ok(()),
            event => self.event(event),
        }
    }

    fn event(&mut self, event: Event) -> io::Result<()> {
        self.board.now = self.began.elapsed();
        let own = match &event {
            Event::Judged { reading, .. } => Some(one_line(reading)),
            Event::Busiest(busiest) => busiest.first().map(|busy| {
                let memory = bytes(busy.memory as f64);
                format!("blame:   {} takes {:.0} % of a core, {memory}", busy.name, busy.cpu)
            }),
            Event::Said { words, .. } => Some(format!("narrate: {words}")),
            _ => None,
        };
        // Who is busiest is told when that changes.
        let news = !matches!((&event, self.board.busiest.first()), (Event::Busiest(now), Some(before))
            if now.first().is_some_and(|now| now.name == before.name));
        if let Some(line) = own.filter(|_| news) {
            self.line(&line)?;
        }
        for Note { tone, text, .. } in self.board.take(event) {
            let mark = match tone {
                Tone::Calm => "",
                Tone::Lag | Tone::Alert => "! ",
            };
            self.line(&format!("{mark}{text}"))?;
        }
        self.out.flush()
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{:7.2}  {text}", self.board.now.as_secs_f64())
    }
}

fn one_line(reading: &Reading) -> String {
    let mut line = String::new();
    for measure in Measure::ALL {
        line += &format!("{} {}, ", measure.name(), measure.show(reading.level(measure)));
    }
    line + &format!("read {}, written {}", rate(reading.read), rate(reading.written))
}
