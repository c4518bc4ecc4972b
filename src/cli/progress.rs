//! What the program is at, in a line on the terminal, once that takes longer than a second.
//!
//! There is one terminal and so one line, whoever works: what is about to take time says what it does, and nothing else is
//! written before the line is gone.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::io::is_dumb;

/// After so long somebody wants to know.
const SOON: Duration = Duration::from_secs(1);

/// How often the line is written anew.
const PACE: Duration = Duration::from_millis(200);

/// What is being done.
struct Task {
    what: &'static str,
    since: Instant,
    /// How much of it is done, where that is known.
    share: Option<f64>,
}

/// The line.
struct Line {
    task: Option<Task>,
    /// Whether it stands on the terminal.
    shown: bool,
}

static LINE: Mutex<Line> = Mutex::new(Line {
    task: None,
    shown: false,
});

impl Line {
    fn lock() -> MutexGuard<'static, Self> {
        LINE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&mut self) {
        let Some(task) = &self.task else {
            return;
        };
        let text = match task.share {
            Some(share) => format!("{}: {:.0}%", task.what, (100.0 * share).floor()),
            None => format!("{}: {} s", task.what, task.since.elapsed().as_secs()),
        };
        self.shown = write_it(&format!("\r\x1b[K{text}"));
    }

    fn take_away(&mut self) {
        if std::mem::take(&mut self.shown) {
            write_it("\r\x1b[K");
        }
    }
}

/// Whether it could be written; where that fails there is nobody to be told so.
fn write_it(text: &str) -> bool {
    io::stderr().lock().write_all(text.as_bytes()).is_ok()
}

/// Whether somebody looks, in which case the line is kept up to date from now on.
fn is_watched() -> bool {
    static WATCHED: OnceLock<bool> = OnceLock::new();
    *WATCHED.get_or_init(|| {
        let keep = || {
            thread::sleep(SOON);
            loop {
                Line::lock().show();
                thread::sleep(PACE);
            }
        };
        io::stderr().is_terminal() && !is_dumb() && thread::Builder::new().spawn(keep).is_ok()
    })
}

/// Says what is done from here on: `scoring`.
pub(crate) fn doing(what: &'static str) {
    if !is_watched() {
        return;
    }
    let task = &mut Line::lock().task;
    if task.as_ref().is_none_or(|task| task.what != what) {
        *task = Some(Task {
            what,
            since: Instant::now(),
            share: None,
        });
    }
}

/// Says how much of it is done: 0 to 1.
pub(crate) fn share(share: f64) {
    if is_watched()
        && let Some(task) = &mut Line::lock().task
    {
        task.share = Some(share);
    }
}

/// Takes the line away, because what was done is done and its result is written.
pub(crate) fn end() {
    let mut line = Line::lock();
    line.take_away();
    line.task = None;
}

/// The same where the program is ended from outside, unless somebody else is writing.
pub(crate) fn end_at_once() {
    if let Ok(mut line) = LINE.try_lock() {
        line.take_away();
        line.task = None;
    }
}

/// Writes a message above the line.
pub(crate) fn above(message: &str) {
    let mut line = Line::lock();
    line.take_away();
    write_it(message);
}
