//! [`Retelling`]: an answer to a question of one edition, read as an answer to its successor in another.

use super::answers::{Decoder, Manner};
use super::{Answer, bits_of, option_of};
use crate::framework::{Answers, Framework, Indicator};

/// Reads answers to one indicator as answers to another one, as if they stood in a file of responses.
pub struct Retelling<'f> {
    from: &'f Indicator,
    decoder: Decoder<'f>,
}

impl<'f> Retelling<'f> {
    /// From an indicator to one of `framework`.
    pub fn new(from: &'f Indicator, framework: &'f Framework, to: &'f Indicator) -> Self {
        Self {
            from,
            decoder: Decoder::new(framework, to),
        }
    }

    /// The answer in the other edition's words; `None` where that has none for it: another kind of question, an answer
    /// that is gone, a number outside of what is valid.
    pub fn answer(&mut self, answer: Answer) -> Option<Answer> {
        let Answer::Given(value) = answer else {
            return Some(answer);
        };
        match (&self.from.answers, &self.decoder.indicator().answers) {
            (Answers::Choice(scale), Answers::Choice(_)) => {
                let option = scale.options.get(option_of(value))?;
                self.read(&option.code)
            }
            (Answers::Number(_), Answers::Number(_)) => self.read(&value.to_string()),
            (Answers::Multiple(multiple), Answers::Multiple(_)) => {
                let bits = bits_of(value);
                let options = multiple.options.iter().enumerate();
                let chosen = options.filter(|(position, _)| bits >> position & 1 == 1);
                let mut retold = 0;
                for (_, option) in chosen {
                    retold |= 1 << self.decoder.options()?.find(&option.code)?;
                }
                self.decoder.set(retold).ok()
            }
            (Answers::Choice(_) | Answers::Number(_) | Answers::Multiple(_), _) => None,
        }
    }

    fn read(&mut self, text: &str) -> Option<Answer> {
        let read = self.decoder.read(text, Manner::default()).ok()?;
        Some(read.answer)
    }
}
