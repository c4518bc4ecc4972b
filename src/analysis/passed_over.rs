//! Which answers do not count because another answer says that the question did not arise.

use std::collections::{BTreeMap, BTreeSet};

use crate::framework::Framework;
use crate::problem::{Problem, ResponsesKind};
use crate::responses::Responses;
use crate::scoring::{Assumptions, PassedOver, Questions};

use super::evidence::{APART, warning};

/// A warning for each indicator with answers that a condition on another answer passes over; one for all of them if there
/// are many.
pub fn passed_over(framework: &Framework, responses: &Responses) -> Vec<Problem> {
    let questions = Questions::of(framework, &Assumptions::of(framework));
    if !questions
        .checks()
        .any(|(_, check)| check.question().is_some())
    {
        return Vec::new();
    }
    let settled = questions.settle_conditions(responses);
    let mut found: BTreeMap<usize, Vec<PassedOver>> = BTreeMap::new();
    for answer in settled.passed_over() {
        found.entry(answer.question).or_default().push(*answer);
    }
    if found.len() > APART {
        found = BTreeMap::from([(0, found.into_values().flatten().collect())]);
    }
    let warnings = found.values();
    warnings
        .map(|answers| about(answers, &questions, responses))
        .collect()
}

/// A warning about these answers, of which there is one at least.
fn about(answers: &[PassedOver], questions: &Questions<'_>, responses: &Responses) -> Problem {
    let codes = |of: fn(&PassedOver) -> usize| {
        let different: BTreeSet<usize> = answers.iter().map(of).collect();
        let codes = different.into_iter();
        codes
            .map(|question| questions.indicator(question).code.clone())
            .collect()
    };
    let kind = ResponsesKind::PassedOver {
        indicators: codes(|answer| answer.question),
        conditions: codes(|answer| answer.by),
    };
    let mut rows: Vec<usize> = answers.iter().map(|answer| answer.row).collect();
    rows.sort_unstable();
    warning(kind, &rows, responses)
}
