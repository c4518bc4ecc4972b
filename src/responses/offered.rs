//! What a form offers to an indicator's respondents, and the short names that `LimeSurvey` has for it: forms are
//! made and read by the same list.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::spelling::fold;
use crate::framework::{Answers, Framework, Gap, Indicator, Outcome, Text};

/// In a cell that lists options: somebody looked and chose none.
pub const NONE_OF_THESE: &str = "none_of_these";

/// An answer that a form offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered<'f> {
    /// As written in responses.
    pub code: &'f str,
    /// As shown.
    pub label: Cow<'f, Text>,
    /// What it stands for.
    pub stands_for: StandsFor,
}

/// What an offered answer stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StandsFor {
    /// The option of a choice or multiple choice with this position.
    Option(usize),
    /// No option of a multiple choice.
    NoneOfThese,
    /// Why there is no answer, by a code of the indicator's number or of the framework.
    Outcome(Outcome),
}

impl Offered<'_> {
    /// Whether it is chosen alone in a multiple choice.
    pub fn is_alone(&self, answers: &Answers) -> bool {
        match (self.stands_for, answers) {
            (StandsFor::Option(at), Answers::Multiple(multiple)) => multiple.options[at].only,
            (StandsFor::Option(_), _) => false,
            (StandsFor::NoneOfThese | StandsFor::Outcome(_), _) => true,
        }
    }
}

/// What can be answered to `indicator`: its options that may occur, for a multiple choice without an option that excludes
/// the others also that none was chosen, and one code each for "don't know" and "not applicable" if they are declared.
pub fn offered<'f>(framework: &'f Framework, indicator: &'f Indicator) -> Vec<Offered<'f>> {
    let mut offered: Vec<Offered<'f>> = Vec::new();
    let mut said: Vec<Outcome> = Vec::new();
    let mut reasons: Vec<&(String, Outcome)> = Vec::new();
    match &indicator.answers {
        Answers::Choice(scale) => {
            for (at, option) in scale.options.iter().enumerate() {
                if option.outcome != Outcome::Error {
                    offered.push(option_of(&option.code, &option.label, at));
                }
                said.push(option.outcome);
            }
        }
        Answers::Multiple(multiple) => {
            let options = multiple.options.iter().enumerate();
            offered.extend(options.map(|(at, o)| option_of(&o.code, &o.label, at)));
            if !multiple.options.iter().any(|option| option.only) {
                offered.push(Offered {
                    code: NONE_OF_THESE,
                    label: Cow::Owned(none_of_these()),
                    stands_for: StandsFor::NoneOfThese,
                });
            }
        }
        Answers::Number(number) => reasons.extend(&number.codes),
    }
    reasons.extend(&framework.codes);
    for (code, outcome) in reasons {
        let label = match outcome {
            Outcome::NotApplicable => not_applicable(),
            Outcome::Missing(Gap::DontKnow) => dont_know(),
            Outcome::Missing(Gap::Unanswered | Gap::NotAsked)
            | Outcome::Score(_)
            | Outcome::Error => continue,
        };
        let taken = |offered: &Offered<'_>| fold(offered.code) == fold(code);
        if !said.contains(outcome) && !offered.iter().any(taken) {
            said.push(*outcome);
            offered.push(Offered {
                code,
                label: Cow::Owned(label),
                stands_for: StandsFor::Outcome(*outcome),
            });
        }
    }
    offered
}

fn option_of<'f>(code: &'f str, label: &'f Text, at: usize) -> Offered<'f> {
    Offered {
        code,
        label: Cow::Borrowed(label),
        stands_for: StandsFor::Option(at),
    }
}

/// How forms call the answer that none of the options was chosen.
pub(super) fn none_of_these() -> Text {
    words("None of these", "Aucune de ces réponses")
}

fn dont_know() -> Text {
    words("Don’t know", "Ne sait pas")
}

fn not_applicable() -> Text {
    words("Not applicable", "Sans objet")
}

fn words(english: &str, french: &str) -> Text {
    let texts = [("en", english), ("fr", french)];
    let texts = texts.map(|(language, text)| (language.to_owned(), text.to_owned()));
    Text::translated(texts.to_vec()).expect("there are two")
}

/// Names of at most five letters and digits for these answers, as `LimeSurvey` asks for: the code itself where it is
/// such a name, else a number behind the letter `a`. None is the code of another answer.
pub fn short_answers(offered: &[Offered<'_>]) -> Vec<String> {
    let fits = |code: &str| {
        (1..=5).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let mut taken: BTreeSet<String> = offered
        .iter()
        .map(|offered| fold(offered.code).into_owned())
        .collect();
    let mut own: BTreeSet<String> = BTreeSet::new();
    let short = offered.iter().map(|offered| {
        if fits(offered.code) && own.insert(offered.code.to_ascii_lowercase()) {
            return offered.code.to_owned();
        }
        let mut number = 1;
        while !taken.insert(format!("a{number}")) {
            number += 1;
        }
        format!("a{number}")
    });
    short.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_codes_where_they_can_be() {
        let offered = ["yes", "not at all", "a1", "n/a"].map(|code| Offered {
            code,
            label: Cow::Owned(Text::plain(code)),
            stands_for: StandsFor::Option(0),
        });
        assert_eq!(short_answers(&offered), ["yes", "a2", "a1", "a3"]);
    }
}
