//! Which answers do not count because the framework does not have their indicators in that period.

use std::collections::BTreeMap;

use crate::framework::Framework;
use crate::problem::{Problem, ResponsesKind};
use crate::responses::{Answer, Responses};
use crate::scoring::{Assumptions, Questions, lives};

use super::evidence::warnings;

/// A warning for each indicator with such answers; one for all of them if there are many.
pub fn outside_periods(framework: &Framework, responses: &Responses) -> Vec<Problem> {
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (question, (node, _, _)) in framework.indicators().enumerate() {
        let periods = responses.periods.iter();
        let gone: Vec<bool> = periods
            .map(|period| !lives(framework, node, period))
            .collect();
        if !gone.contains(&true) {
            continue;
        }
        let rows = responses.rows.iter().enumerate();
        let given = rows.filter(|(at, row)| {
            let answer = responses.answers[question].get(*at);
            gone[row.period] && matches!(answer, Answer::Given(_))
        });
        let given: Vec<usize> = given.map(|(at, _)| at).collect();
        if !given.is_empty() {
            found.insert(question, given);
        }
    }
    let kind = |indicators, count| ResponsesKind::OutsidePeriods { indicators, count };
    let questions = Questions::of(framework, &Assumptions::of(framework));
    warnings(found, kind, &questions, responses)
}
