//! What is wrong with an input: where, what, and what to do about it.
//!
//! A [`Problem`] is about the user's file; many are found at once. That work could not be done at all (a disk that is
//! full, a file that is not there) is an error of the stage concerned, never a problem.

mod advice;
mod explained;
mod framework;
mod gate;
mod help;
mod render;
mod responses;

use std::fmt;
use std::sync::Arc;

pub use advice::AdviceKind;
pub use explained::{Explanation, explanations};
pub use framework::FrameworkKind;
pub use gate::GateKind;
pub use render::render;
pub use responses::ResponsesKind;
pub(crate) use responses::says_nothing;

/// One mistake, or one thing worth knowing, in an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Whether it stops the work.
    pub severity: Severity,
    /// What it is.
    pub kind: Kind,
    /// Where it is; a second place is shown where two matter, for instance for a duplicate.
    pub places: Vec<Place>,
    /// How many times the same was found; the places show the first ones.
    pub count: usize,
}

/// How much a problem matters.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Severity {
    /// Nothing is scored.
    Error,
    /// Scored, but somebody should look.
    Warning,
    /// Worth knowing.
    Note,
}

/// A place in a file: line and column count from 1; column 0 stands for the whole line, line 0 for the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as the user named it, or `<stdin>`.
    pub file: Arc<str>,
    /// Physical line, from 1.
    pub line: usize,
    /// Column in characters, from 1 (for CSV: the number of the cell, from 1).
    pub column: usize,
    /// The line's text, if it helps, and how many characters of it from `column` on are meant.
    pub excerpt: Option<(String, usize)>,
}

impl Place {
    /// The place at `line` and `column` of `file`.
    pub fn new(file: &Arc<str>, line: usize, column: usize) -> Self {
        Self {
            file: Arc::clone(file),
            line,
            column,
            excerpt: None,
        }
    }

    /// The whole file.
    pub fn whole(file: &Arc<str>) -> Self {
        Self::new(file, 0, 0)
    }
}

impl Problem {
    /// An error at `place`.
    pub fn error(kind: impl Into<Kind>, place: Place) -> Self {
        Self {
            severity: Severity::Error,
            kind: kind.into(),
            places: vec![place],
            count: 1,
        }
    }

    /// A warning at `place`.
    pub fn warning(kind: impl Into<Kind>, place: Place) -> Self {
        Self {
            severity: Severity::Warning,
            kind: kind.into(),
            places: vec![place],
            count: 1,
        }
    }

    /// A note at `place`.
    pub fn note(kind: impl Into<Kind>, place: Place) -> Self {
        Self {
            severity: Severity::Note,
            kind: kind.into(),
            places: vec![place],
            count: 1,
        }
    }

    /// The same problem with a second place.
    #[must_use]
    pub fn and(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }
}

/// The mistakes, one variant each: its data here, its text in `Display`, its stable name in [`Kind::code`].
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Kind {
    /// The file holds nothing.
    #[error("the file is empty")]
    EmptyFile,
    /// Advice on a sound framework file.
    #[error(transparent)]
    Advice(#[from] AdviceKind),
    /// A mistake in a framework file.
    #[error(transparent)]
    Framework(#[from] FrameworkKind),
    /// A mistake in a file of rules, or a rule that does not hold.
    #[error(transparent)]
    Gate(Box<GateKind>),
    /// A mistake in responses.
    #[error(transparent)]
    Responses(#[from] ResponsesKind),
}

impl Kind {
    /// The stable name of the mistake.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty-file",
            Self::Advice(kind) => kind.code(),
            Self::Framework(kind) => kind.code(),
            Self::Gate(kind) => kind.code(),
            Self::Responses(kind) => kind.code(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::EmptyFile => Some("check that the right file was named".to_owned()),
            Self::Advice(kind) => kind.help(),
            Self::Framework(kind) => kind.help(),
            Self::Gate(kind) => kind.help(),
            Self::Responses(kind) => kind.help(),
        }
    }
}

impl From<GateKind> for Kind {
    fn from(kind: GateKind) -> Self {
        Self::Gate(Box::new(kind))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}
