//! Which answers do not count because another answer says that the question did not arise.

use std::collections::{BTreeMap, BTreeSet};

use crate::framework::Framework;
use crate::problem::{Problem, ResponsesKind};
use crate::responses::Responses;
use crate::scoring::{Assumptions, Questions};

use super::evidence::warnings;

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
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut by: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for answer in settled.passed_over() {
        found.entry(answer.question).or_default().push(answer.row);
        by.entry(answer.question).or_default().insert(answer.by);
    }
    let kind = |asked: &[usize], _: &[usize]| {
        let conditions: BTreeSet<usize> = asked.iter().flat_map(|own| &by[own]).copied().collect();
        ResponsesKind::PassedOver {
            indicators: questions.codes(asked),
            conditions: questions.codes(&conditions),
        }
    };
    warnings(found, kind, responses)
}
