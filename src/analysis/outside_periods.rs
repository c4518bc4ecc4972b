//! Which answers do not count because the framework does not have their indicators in that period.

use std::collections::BTreeMap;

use crate::framework::Framework;
use crate::problem::{Problem, ResponsesKind};
use crate::responses::Responses;
use crate::scoring::{self, Assumptions, Plan};

use super::evidence::warnings;

/// A warning for each indicator with such answers; one for all of them if there are many.
pub fn outside_periods(framework: &Framework, responses: &Responses) -> Vec<Problem> {
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (question, row) in scoring::outside_periods(&plan, responses, false) {
        found.entry(question).or_default().push(row);
    }
    let kind = |asked: &[usize], rows: &[usize]| ResponsesKind::OutsidePeriods {
        indicators: plan.questions.codes(asked),
        count: rows.len(),
    };
    warnings(found, kind, responses)
}
