//! Which numbers have no score because their scales have none for them.

use std::collections::BTreeMap;

use crate::framework::{Answers, Framework, Indicator, Normalise};
use crate::problem::{Problem, ResponsesKind};
use crate::responses::{Answer, Responses};
use crate::scoring::{Assumptions, Plan};

use super::evidence::warnings;

/// A warning for each indicator with such numbers; one for all of them if there are many.
pub fn off_scale(framework: &Framework, responses: &Responses) -> Vec<Problem> {
    if !may_be(framework) {
        return Vec::new();
    }
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    let rows = rows(responses);
    let mut found: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (question, key) in plan.off_scale(responses) {
        let of_unit = rows.get(&(key.unit_at, key.period)).into_iter().flatten();
        let own = of_unit.filter(|row| {
            let given = responses.answers[question].get(**row);
            matches!(given, Answer::Given(_)) && responses.rows[**row].keys.starts_with(&key.keys)
        });
        found.entry(question).or_default().extend(own);
    }
    let kind = |asked: &[usize], _: &[usize]| ResponsesKind::OffScale {
        indicators: plan.questions.codes(asked),
        relative: asked.iter().all(|question| is_relative(&plan, *question)),
    };
    warnings(found, kind, responses)
}

/// Whether any indicator's scale has no score for some numbers.
fn may_be(framework: &Framework) -> bool {
    framework.indicators().any(|(_, node, indicator)| {
        let rescaled = match &node.normalise {
            Some(Normalise::Fixed(curve)) => !curve.is_total(),
            Some(how) => gives_some_none(how),
            None => false,
        };
        leaves_some_out(indicator) || rescaled
    })
}

/// Whether an indicator's own scale need not have a score for every number.
fn leaves_some_out(indicator: &Indicator) -> bool {
    match &indicator.answers {
        Answers::Number(number) => !number.curve.is_total() || number.treat.is_some(),
        Answers::Choice(_) | Answers::Multiple(_) => false,
    }
}

/// Whether it is a cohort, rather than a fixed scale, that has no score for the numbers that lie off.
fn is_relative(plan: &Plan<'_>, question: usize) -> bool {
    let own = leaves_some_out(plan.questions.indicator(question));
    let how = plan.normalise(plan.questions.nodes[question]);
    !own && how.is_some_and(gives_some_none)
}

/// Whether a cohort of others can leave a number without a score: it is short of a target that all of them have reached, or
/// there is nothing of a leader that it could be a share of.
fn gives_some_none(how: &Normalise) -> bool {
    match how {
        Normalise::ShareOfLeader => true,
        Normalise::DistanceToUnit { cap, .. } | Normalise::DistanceToTarget { cap, .. } => *cap,
        Normalise::Fixed(_)
        | Normalise::MinMax { .. }
        | Normalise::ZScore { .. }
        | Normalise::Rank { .. }
        | Normalise::Borda
        | Normalise::Percentile
        | Normalise::DistanceToInterval { .. } => false,
    }
}

/// The rows of each unit and period.
pub(super) fn rows(responses: &Responses) -> BTreeMap<(usize, usize), Vec<usize>> {
    let mut rows: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (at, row) in responses.rows.iter().enumerate() {
        rows.entry((row.unit, row.period)).or_default().push(at);
    }
    rows
}
