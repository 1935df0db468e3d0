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

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::records::{Busy, Fill};

    fn printed(events: impl IntoIterator<Item = Event>) -> Vec<String> {
        let mut lines = Lines::new(Vec::new(), Settings::default());
        for event in events {
            lines.event(event).unwrap();
        }
        let text = String::from_utf8(lines.out).unwrap();
        // Without the time.
        text.lines().map(|line| line[9..].to_owned()).collect()
    }

    #[test]
    fn a_reading_is_a_line() {
        let reading = Reading {
            at: UNIX_EPOCH,
            cpu: 12.3,
            cores: [].into(),
            memory: Fill { used: 1, total: 4 },
            disk: Fill { used: 1, total: 2 },
            read: 0.0,
            written: 2048.0,
            received: 0.0,
            sent: 1024.0,
        };
        let line = "CPU 12 %, memory 25 %, disk 50 %, network 1.0 KiB/s, read 0 B/s, written 2.0 KiB/s";
        assert_eq!(
            printed([Event::Judged {
                reading,
                alerts: Vec::new()
            }]),
            [line]
        );
    }

    #[test]
    fn who_is_busiest_is_told_when_it_is_another_one() {
        let busiest = |name: &str| {
            Event::Busiest(vec![Busy {
                name: name.to_owned(),
                cpu: 50.0,
                memory: 1 << 20,
            }])
        };
        let lines = printed(["cc", "cc", "ld", "ld", "cc"].map(busiest));
        let line = |name| format!("blame:   {name} takes 50 % of a core, 1.0 MiB");
        assert_eq!(lines, ["cc", "ld", "cc"].map(line));
    }

    #[test]
    fn what_is_no_good_news_is_marked() {
        let missed = Event::Missed {
            reader: "narrate",
            missed: 3,
        };
        let lines = printed([Event::InForce(Settings::default()), missed]);
        assert_eq!(
            lines,
            ["a reading every 250ms", "! narrate was too slow, and missed 3 readings"]
        );
    }
}
