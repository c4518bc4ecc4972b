//! Which numbers have no score because their scales have none for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::framework::{Answers, Framework, Normalise};
use crate::problem::{Problem, ResponsesKind};
use crate::responses::{Answer, Responses};
use crate::scoring::{Assumptions, Plan};

use super::evidence::{APART, warning};

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
    found.retain(|_, rows| !rows.is_empty());
    let code = |question: &usize| plan.questions.indicator(*question).code.clone();
    if found.len() > APART {
        let indicators = found.keys().map(code).collect();
        let rows: BTreeSet<usize> = found.into_values().flatten().collect();
        let rows: Vec<usize> = rows.into_iter().collect();
        return vec![warning(
            ResponsesKind::OffScale { indicators },
            &rows,
            responses,
        )];
    }
    let warnings = found.iter_mut().map(|(question, rows)| {
        rows.sort_unstable();
        let indicators = vec![code(question)];
        warning(ResponsesKind::OffScale { indicators }, rows, responses)
    });
    warnings.collect()
}

/// Whether any indicator's scale has no score for some numbers.
fn may_be(framework: &Framework) -> bool {
    framework.indicators().any(|(_, node, indicator)| {
        let curve = match &indicator.answers {
            Answers::Number(number) => !number.curve.is_total(),
            Answers::Choice(_) | Answers::Multiple(_) => false,
        };
        let rescaled = match &node.normalise {
            Some(Normalise::Fixed(curve)) => !curve.is_total(),
            Some(_) | None => false,
        };
        curve || rescaled
    })
}

/// The rows of each unit and period.
pub(super) fn rows(responses: &Responses) -> BTreeMap<(usize, usize), Vec<usize>> {
    let mut rows: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (at, row) in responses.rows.iter().enumerate() {
        rows.entry((row.unit, row.period)).or_default().push(at);
    }
    rows
}
