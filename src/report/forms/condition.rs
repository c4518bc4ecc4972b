//! Skip logic as data, and in words: what a question waits for.

use super::Form;
use super::words::Speech;
use crate::analysis::evidence::is_positive;
use crate::framework::{
    Answers, Curve, Evidence, Framework, Indicator, MultipleOption, MultipleScore, Outcome,
    Subject, Test, When,
};
use crate::report::number::shortest;
use crate::scoring::{Check, compile};

/// What a question waits for. What is not answered meets nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// One of these options of the indicator at this position was picked.
    OneOf {
        /// The indicator.
        question: usize,
        /// Its options.
        options: Vec<usize>,
    },
    /// The multiple choice was answered, and none of these options was picked.
    NoneOf {
        /// The indicator.
        question: usize,
        /// Its options.
        options: Vec<usize>,
    },
    /// The number meets the test.
    Number {
        /// The indicator.
        question: usize,
        /// On numbers.
        test: Test,
    },
    /// The number is above this, or below it.
    Beyond {
        /// The indicator.
        question: usize,
        /// The number.
        than: f64,
        /// Above instead of below.
        above: bool,
    },
    /// There is a number.
    Answered {
        /// The indicator.
        question: usize,
    },
    /// The attribute meets the test.
    Attribute {
        /// The attribute.
        attribute: usize,
        /// On its value.
        test: Test,
    },
}

/// What an indicator's question waits for, as far as the form asks for it; `position` numbers the indicators by node.
pub(super) fn asked_if(
    framework: &Framework,
    indicator: &Indicator,
    position: &[Option<usize>],
    is_asked: &dyn Fn(Subject) -> bool,
) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for when in &indicator.when {
        let known = When {
            tests: when
                .tests
                .iter()
                .filter(|(subject, _)| is_asked(*subject))
                .cloned()
                .collect(),
            otherwise: when.otherwise,
        };
        let compiled = compile(&known, framework, position);
        conditions.extend(compiled.checks.into_iter().map(|c| of(framework, c)));
    }
    conditions
}

fn of(framework: &Framework, check: Check) -> Condition {
    match check {
        Check::Options { question, meets } => {
            let given = |at: usize| match answers(framework, question) {
                Some(Answers::Choice(scale)) => {
                    matches!(scale.options[at].outcome, Outcome::Score(_))
                }
                _ => false,
            };
            let options = (0..meets.len()).filter(|&at| meets[at] && given(at));
            Condition::OneOf {
                question,
                options: options.collect(),
            }
        }
        Check::Bits {
            question,
            bits,
            chosen,
        } => {
            let count = match answers(framework, question) {
                Some(Answers::Multiple(multiple)) => multiple.options.len(),
                _ => 0,
            };
            let options = (0..count).filter(|at| bits >> at & 1 == 1).collect();
            if chosen {
                Condition::OneOf { question, options }
            } else {
                Condition::NoneOf { question, options }
            }
        }
        Check::Number { question, test } => Condition::Number { question, test },
        Check::Attribute { column, test } => Condition::Attribute {
            attribute: column,
            test,
        },
    }
}

fn answers(framework: &Framework, question: usize) -> Option<&Answers> {
    let mut indicators = framework.indicators();
    indicators
        .nth(question)
        .map(|(_, _, indicator)| &indicator.answers)
}

/// When evidence for an answer is asked for: where the answer claims anything, by the same rule that warns where evidence
/// is missing ([`is_positive`]).
pub(super) fn evidence_if(question: usize, indicator: &Indicator) -> Option<Condition> {
    if indicator.evidence == Evidence::None {
        return None;
    }
    Some(match &indicator.answers {
        Answers::Choice(scale) => {
            let options = scale.options.iter().enumerate();
            let positive = options.filter(|(_, option)| match option.outcome {
                Outcome::Score(score) => is_positive(indicator, score),
                Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => false,
            });
            Condition::OneOf {
                question,
                options: positive.map(|(at, _)| at).collect(),
            }
        }
        Answers::Multiple(multiple) => {
            let counts = |option: &MultipleOption| match multiple.score {
                MultipleScore::Points { .. } => option.score > 0.0,
                MultipleScore::Share | MultipleScore::Any | MultipleScore::All => !option.only,
            };
            let options = multiple.options.iter().enumerate();
            Condition::OneOf {
                question,
                options: options
                    .filter(|(_, o)| counts(o))
                    .map(|(at, _)| at)
                    .collect(),
            }
        }
        Answers::Number(number) => match &number.curve {
            Curve::Goalposts(posts) => Condition::Beyond {
                question,
                than: posts.from,
                above: posts.to > posts.from,
            },
            Curve::AsIs | Curve::Bands(_) | Curve::Lines(_) => Condition::Answered { question },
        },
    })
}

impl Condition {
    /// In words: `Is there a plan? = Yes / Partly`.
    pub(super) fn in_words(&self, form: &Form<'_>, speech: &Speech) -> String {
        let code = |question: usize| {
            let asked = form.question(question);
            asked.map_or("", |asked| asked.indicator.code.as_str())
        };
        let labels = |question: usize, options: &[usize]| {
            let labels = options.iter().map(|&option| {
                let answers = answers(form.framework, question);
                let label = match answers {
                    Some(Answers::Choice(scale)) => &scale.options[option].label,
                    Some(Answers::Multiple(multiple)) => &multiple.options[option].label,
                    Some(Answers::Number(_)) | None => return String::new(),
                };
                format!("“{}”", speech.text(label))
            });
            labels.collect::<Vec<_>>().join(speech.word("or"))
        };
        let tested = |name: &str, test: &Test| match test {
            Test::OneOf(texts) => speech.fill("if.is", &[name, &texts.join(speech.word("or"))]),
            Test::NoneOf(texts) => speech.fill("if.not", &[name, &texts.join(speech.word("or"))]),
            Test::AtLeast(least) => speech.fill("if.least", &[name, &shortest(*least)]),
        };
        match self {
            Self::OneOf { question, options } => {
                speech.fill("if.is", &[code(*question), &labels(*question, options)])
            }
            Self::NoneOf { question, options } => {
                speech.fill("if.not", &[code(*question), &labels(*question, options)])
            }
            Self::Number { question, test } => tested(code(*question), test),
            Self::Beyond {
                question,
                than,
                above,
            } => {
                let key = if *above { "if.above" } else { "if.below" };
                speech.fill(key, &[code(*question), &shortest(*than)])
            }
            Self::Answered { question } => speech.fill("if.answered", &[code(*question)]),
            Self::Attribute { attribute, test } => {
                let title = &form.framework.attributes[*attribute].title;
                tested(speech.text(title), test)
            }
        }
    }
}
