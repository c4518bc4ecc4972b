//! What names and answers mean to the readers, asked beforehand: a form is written in words that are read again.

use super::Answer;
use super::answers::{Decoder, Manner};
use super::columns::{Heading, Names, Role};
use crate::framework::{Framework, Gap};

/// The words of a framework.
pub struct Vocabulary<'f> {
    names: Names,
    decoders: Vec<Decoder<'f>>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Answers to the indicator at this position.
    Answer(usize),
    /// Whether this option of it was chosen; behind the last one: that none was.
    Option(usize, usize),
    /// Evidence for it.
    Evidence(usize),
    /// Why there is no answer to it.
    Reason(usize),
    /// A key or an attribute.
    Key,
}

impl<'f> Vocabulary<'f> {
    /// The words of `framework`.
    pub fn of(framework: &'f Framework) -> Self {
        Self {
            names: Names::of(framework),
            decoders: Decoder::all(framework, None),
        }
    }

    /// What a column called `heading` is read as.
    pub fn column(&self, heading: &str) -> Option<Holds> {
        let (role, _) = self.names.role(&Heading::plain(heading), &self.decoders)?;
        match role {
            Role::Answer(at) => Some(Holds::Answer(at)),
            Role::Option(at, option) => Some(Holds::Option(at, option)),
            Role::Evidence(at) => Some(Holds::Evidence(at)),
            Role::Reason(at) => Some(Holds::Reason(at)),
            Role::Unit | Role::Period | Role::Key(_) | Role::Attribute(_) => Some(Holds::Key),
            Role::Indicator
            | Role::Value
            | Role::RowEvidence
            | Role::Status
            | Role::Multiplier
            | Role::Sent
            | Role::Meta
            | Role::Ignored
            | Role::Other(_)
            | Role::Unread => None,
        }
    }

    /// What `text` is read as where indicator `at` is answered, if it is read.
    pub fn answer(&mut self, at: usize, text: &str) -> Option<Answer> {
        let read = self.decoders[at].read(text, Manner::default()).ok()?;
        (read.answer != Answer::Missing(Gap::Unanswered)).then_some(read.answer)
    }
}
