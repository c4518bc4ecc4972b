//! Conditions on other answers and on attributes, compiled: what each looks at, and what meets it.

use crate::framework::{Answers, Framework, MultipleOption, Outcome, Subject, Test, When, Where};
use crate::responses::{AttributeColumn, bits_of, option_of};

/// What an indicator asks of other answers and of attributes.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) checks: Vec<Check>,
    pub(crate) otherwise: Outcome,
}

/// One test of a condition.
#[derive(Clone, Debug)]
pub(crate) enum Check {
    /// A choice: which options meet it.
    Options { question: usize, meets: Vec<bool> },
    /// A multiple choice: any of these bits chosen, or none of them.
    Bits {
        question: usize,
        bits: u64,
        chosen: bool,
    },
    /// A number.
    Number { question: usize, test: Test },
    /// An attribute.
    Attribute { column: usize, test: Test },
}

impl Condition {
    /// Whether a row has all attributes that it asks for.
    pub(crate) fn allows(&self, attributes: &[AttributeColumn], row: usize) -> bool {
        self.checks.iter().all(|check| match check {
            Check::Attribute { column, test } => attribute_meets(&attributes[*column], row, test),
            Check::Options { .. } | Check::Bits { .. } | Check::Number { .. } => true,
        })
    }
}

impl Check {
    /// The indicator that it looks at.
    pub(crate) fn question(&self) -> Option<usize> {
        match self {
            Self::Options { question, .. }
            | Self::Bits { question, .. }
            | Self::Number { question, .. } => Some(*question),
            Self::Attribute { .. } => None,
        }
    }

    /// Whether an answer that was given, as it stands in the responses, meets it.
    pub(crate) fn is_met_by(&self, value: f64) -> bool {
        match self {
            Self::Options { meets, .. } => meets.get(option_of(value)).copied().unwrap_or(false),
            Self::Bits { bits, chosen, .. } => (bits_of(value) & bits != 0) == *chosen,
            Self::Number { test, .. } => number_meets(value, test),
            Self::Attribute { .. } => false,
        }
    }
}

/// A condition with what it looks at resolved.
pub(crate) fn compile(when: &When, framework: &Framework, position: &[Option<usize>]) -> Condition {
    let checks = when.tests.iter().map(|(subject, test)| match subject {
        Subject::Attribute(attribute) => Check::Attribute {
            column: attribute.0,
            test: test.clone(),
        },
        Subject::Indicator(node) => {
            let question = position[node.0].expect("conditions look at indicators");
            let indicator = framework
                .node(*node)
                .indicator()
                .expect("it has a position");
            compile_test(question, &indicator.answers, test)
        }
    });
    Condition {
        checks: checks.collect(),
        otherwise: when.otherwise,
    }
}

fn compile_test(question: usize, answers: &Answers, test: &Test) -> Check {
    match answers {
        Answers::Choice(scale) => {
            let meets = scale.options.iter().map(|option| match test {
                Test::OneOf(codes) => names(codes, &option.code, &option.aliases),
                Test::NoneOf(codes) => !names(codes, &option.code, &option.aliases),
                Test::AtLeast(least) => {
                    matches!(option.outcome, Outcome::Score(score) if score >= *least)
                }
            });
            Check::Options {
                question,
                meets: meets.collect(),
            }
        }
        Answers::Multiple(multiple) => {
            let bits = |codes: &[String]| {
                multiple.options.iter().enumerate().fold(
                    0,
                    |bits, (at, option): (usize, &MultipleOption)| {
                        if names(codes, &option.code, &option.aliases) {
                            bits | 1 << at
                        } else {
                            bits
                        }
                    },
                )
            };
            match test {
                Test::OneOf(codes) => Check::Bits {
                    question,
                    bits: bits(codes),
                    chosen: true,
                },
                Test::NoneOf(codes) => Check::Bits {
                    question,
                    bits: bits(codes),
                    chosen: false,
                },
                Test::AtLeast(_) => Check::Bits {
                    question,
                    bits: u64::MAX,
                    chosen: true,
                },
            }
        }
        Answers::Number(_) => Check::Number {
            question,
            test: test.clone(),
        },
    }
}

fn names(codes: &[String], code: &str, aliases: &[String]) -> bool {
    codes
        .iter()
        .any(|wanted| same(wanted, code) || aliases.iter().any(|alias| same(wanted, alias)))
}

/// Whether an indicator says itself what a code means, whatever the framework says of it.
pub(crate) fn declares(answers: &Answers, code: &str) -> bool {
    let wanted = &[code.to_owned()];
    match answers {
        Answers::Choice(scale) => {
            let mut options = scale.options.iter();
            options.any(|option| names(wanted, &option.code, &option.aliases))
        }
        Answers::Multiple(multiple) => {
            let mut options = multiple.options.iter();
            options.any(|option| names(wanted, &option.code, &option.aliases))
        }
        Answers::Number(number) => number.codes.iter().any(|(own, _)| same(own, code)),
    }
}

/// Whether two answers are the same: case and surrounding space do not matter.
fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

pub(crate) fn number_meets(value: f64, test: &Test) -> bool {
    let named = |texts: &[String]| {
        texts.iter().any(|text| {
            text.trim()
                .parse::<f64>()
                .is_ok_and(|wanted| wanted.total_cmp(&value).is_eq())
        })
    };
    match test {
        Test::OneOf(texts) => named(texts),
        Test::NoneOf(texts) => !named(texts),
        Test::AtLeast(least) => value >= *least,
    }
}

/// Whether a row has all of these attributes.
pub(crate) fn belongs(members: &Where, attributes: &[AttributeColumn], row: usize) -> bool {
    members
        .iter()
        .all(|(attribute, test)| attribute_meets(&attributes[attribute.0], row, test))
}

/// A row without the attribute meets nothing.
pub(crate) fn attribute_meets(column: &AttributeColumn, row: usize, test: &Test) -> bool {
    match column {
        AttributeColumn::Number(numbers) => {
            numbers[row].is_some_and(|number| number_meets(number, test))
        }
        AttributeColumn::Text(texts) => texts[row].as_ref().is_some_and(|text| match test {
            Test::OneOf(wanted) => wanted.iter().any(|wanted| same(wanted, text)),
            Test::NoneOf(unwanted) => !unwanted.iter().any(|unwanted| same(unwanted, text)),
            Test::AtLeast(least) => text
                .trim()
                .parse::<f64>()
                .is_ok_and(|number| number >= *least),
        }),
    }
}

/// Every indicator after those that its conditions look at; the framework has no cycles.
pub(crate) fn order(conditions: &[Vec<Condition>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(conditions.len());
    let mut placed = vec![false; conditions.len()];
    let mut open: Vec<usize> = Vec::new();
    for start in 0..conditions.len() {
        open.push(start);
        while let Some(question) = open.last().copied() {
            let waits = conditions[question]
                .iter()
                .flat_map(|condition| &condition.checks);
            let next = waits.filter_map(Check::question);
            if let Some(before) = next.into_iter().find(|waits_for| !placed[*waits_for]) {
                open.push(before);
            } else {
                open.pop();
                if !placed[question] {
                    placed[question] = true;
                    order.push(question);
                }
            }
        }
    }
    order
}
