//! What a cell can say by an indicator's declaration, for those who do not read files themselves.

use super::Answer;
use super::answers::Decoder;
use crate::framework::{Framework, Indicator};

/// Every declared spelling of an indicator, as texts are compared: trimmed, in lower case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Declared {
    /// Spellings of whole answers, ascending, and what each stands for; none: it must not occur, or could be several.
    pub answers: Vec<(String, Option<Answer>)>,
    /// A multiple choice: spellings of its options, ascending, with the option's position.
    pub options: Vec<(String, usize)>,
}

impl Declared {
    /// Of `indicator`.
    pub fn of(framework: &Framework, indicator: &Indicator) -> Self {
        let decoder = Decoder::new(framework, indicator);
        let options = decoder.options().map(super::multiple::Options::declared);
        Self {
            answers: decoder.declared(),
            options: options.unwrap_or_default(),
        }
    }
}
