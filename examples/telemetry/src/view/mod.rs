//! What people see.

mod board;
mod draw;
mod keys;
mod panel;
mod plain;
mod screen;

use std::{
    future::Future,
    io,
    pin::pin,
    time::{Duration, Instant},
};

use crossterm::event::{Event as Input, EventStream};
use futures_util::StreamExt;

use board::Board;
use keys::{Act, act};
pub use plain::Lines;
use screen::Screen;

use crate::{running::Running, settings::Settings};

/// At least so often the counts are drawn anew.
const REDRAW: Duration = Duration::from_millis(250);

/// Draws on the whole terminal until somebody ends it there, `ending` resolves or the pipeline has ended.
pub async fn draw(running: &mut Running, settings: Settings, ending: impl Future<Output = io::Result<()>>) -> io::Result<()> {
    let mut screen = Screen::open()?;
    let mut board = Board::new(settings);
    let (mut inputs, mut redraw, began) = (EventStream::new(), tokio::time::interval(REDRAW), Instant::now());
    let mut ending = pin!(ending);
    loop {
        board.readers = running.readers();
        board.now = began.elapsed();
        screen.draw(|frame| draw::draw(frame, &board))?;
        tokio::select! {
            event = running.event() => match event {
                Some(event) => drop(board.take(event)),
                None => return Ok(()),
            },
            input = inputs.next() => match input {
                Some(Ok(Input::Key(key))) => match act(key) {
                    Some(Act::Quit) => return Ok(()),
                    Some(Act::Choose(step)) => board.choose(step),
                    Some(Act::Want(change)) => {
                        change(&mut board.wanted, board.chosen);
                        running.want(board.wanted.clone());
                    }
                    None => {}
                },
                // A new size, the mouse: drawn anew above.
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error),
                None => return Ok(()),
            },
            _ = redraw.tick() => {}
            ended = &mut ending => return ended,
        }
    }
}
