//! An answer on the screen, piece by piece as it arrives.

use std::{
    io::{self, Write},
    time::Instant,
};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};

use crate::records::{Content, Notice, Part, Piece, Source};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const CODE: Style = AnsiColor::Cyan.on_default();
const MARK: Style = AnsiColor::Yellow.on_default();

/// Where answers are written: the width is kept, colours only where someone sees them.
pub struct Screen<W: Write> {
    out: W,
    width: usize,
    colours: bool,
}

impl Screen<AutoStream<io::Stdout>> {
    /// Standard output: plain in a pipe and under `NO_COLOR`.
    pub fn stdout() -> Self {
        let colours = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
        let width = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0).clamp(40, 100));
        Screen {
            out: AutoStream::auto(io::stdout()),
            width,
            colours,
        }
    }
}

impl<W: Write> Screen<W> {
    /// Somewhere else.
    pub fn new(out: W, width: usize, colours: bool) -> Self {
        Screen { out, width, colours }
    }

    /// Shows a question, where many are answered one after the other.
    pub fn question(&mut self, question: &str) -> io::Result<()> {
        writeln!(self.out, "{BOLD}# {question}{BOLD:#}\n")
    }

    /// Shows a piece.
    pub fn piece(&mut self, piece: &Piece) -> io::Result<()> {
        match &piece.content {
            Content::Part(Part::Text(text)) => self.text(text)?,
            Content::Part(Part::Code(code)) => self.code(code)?,
            Content::Sources(sources) => self.sources(sources)?,
            Content::End { model, asked, .. } => self.end(model, *asked)?,
        }
        self.out.flush()
    }

    /// Says why there is no answer.
    pub fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        let kept = notice
            .letter
            .map(|id| format!("; kept as dead letter {id}"))
            .unwrap_or_default();
        writeln!(
            self.out,
            "{BOLD}No answer:{BOLD:#} {} {DIM}(the stage `{}` gave it up{kept}){DIM:#}",
            notice.cause, notice.node
        )
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        let mut in_code = false;
        for line in textwrap::wrap(text, self.width) {
            let line = self.inline(&line, &mut in_code);
            writeln!(self.out, "{line}")?;
        }
        writeln!(self.out)
    }

    fn code(&mut self, code: &str) -> io::Result<()> {
        for line in code.lines() {
            writeln!(self.out, "  {DIM}│{DIM:#} {CODE}{line}{CODE:#}")?;
        }
        writeln!(self.out)
    }

    fn sources(&mut self, sources: &[Source]) -> io::Result<()> {
        for (i, source) in sources.iter().enumerate() {
            let headings: String = source.headings.iter().map(|h| format!(" › {}", h.replace('`', ""))).collect();
            let book = if source.book.is_empty() || source.book == "Rust" {
                String::new()
            } else {
                format!(", {}", source.book)
            };
            writeln!(
                self.out,
                "{MARK}[{}]{MARK:#} {BOLD}{}{BOLD:#}{headings}{DIM}{book}{DIM:#}",
                i + 1,
                source.title
            )?;
            writeln!(self.out, "    {DIM}{}{DIM:#}", source.address)?;
        }
        Ok(())
    }

    fn end(&mut self, model: &str, asked: Instant) -> io::Result<()> {
        let took = asked.elapsed();
        writeln!(self.out, "\n{DIM}model: {model} · {:.0?}{DIM:#}", took)
    }

    /// Inline code and citations in colour; without colours the backticks stay. Code may go on in the next line.
    fn inline(&self, line: &str, in_code: &mut bool) -> String {
        if !self.colours {
            return line.to_owned();
        }
        let mut out = String::new();
        for (i, piece) in line.split('`').enumerate() {
            if i > 0 {
                *in_code = !*in_code;
            }
            if *in_code {
                out += &format!("{CODE}{piece}{CODE:#}");
            } else {
                out += &marked(piece);
            }
        }
        out
    }
}

fn marked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((open, close)) = rest.find('[').and_then(|open| Some((open, open + rest[open..].find(']')?))) {
        let inner = &rest[open + 1..close];
        out += &rest[..open];
        if !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit()) {
            out += &format!("{MARK}[{inner}]{MARK:#}");
        } else {
            out += &rest[open..=close];
        }
        rest = &rest[close + 1..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(contents: Vec<Content>, width: usize, colours: bool) -> String {
        let mut screen = Screen::new(Vec::new(), width, colours);
        for content in contents {
            screen
                .piece(&Piece {
                    id: 1,
                    session: 1,
                    content,
                })
                .unwrap();
        }
        String::from_utf8(screen.out).unwrap()
    }

    #[test]
    fn text_keeps_the_width_and_its_backticks_without_colours() {
        let text = "Use the macro `pin!` to pin a future to the stack of the caller. [1]";
        let out = shown(vec![Content::Part(Part::Text(text.into()))], 40, false);
        assert_eq!(
            out,
            "Use the macro `pin!` to pin a future to\nthe stack of the caller. [1]\n\n"
        );
    }

    #[test]
    fn colours_replace_the_backticks() {
        let out = shown(vec![Content::Part(Part::Text("Use `pin!` so. [1]".into()))], 80, true);
        assert!(
            !out.contains('`') && out.contains(&format!("{CODE}pin!{CODE:#}")) && out.contains(&format!("{MARK}[1]{MARK:#}"))
        );
    }

    #[test]
    fn sources_show_their_headings_and_address() {
        let source = Source {
            title: "std::pin".into(),
            book: "Rust".into(),
            headings: vec!["`Unpin`".into()],
            address: "std/pin#unpin".into(),
        };
        let out = shown(vec![Content::Sources(vec![source])], 80, false);
        let plain = anstream::adapter::strip_str(&out).to_string();
        assert_eq!(plain, "[1] std::pin › Unpin\n    std/pin#unpin\n");
    }
}
