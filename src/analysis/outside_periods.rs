//! Which answers do not count because the framework does not have their indicators in that period.

use std::collections::BTreeMap;

use crate::framework::Framework;
use crate::problem::{Problem, ResponsesKind};
use crate::responses::{Answer, Responses};
use crate::scoring::lives;

use super::evidence::{APART, warning};

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
    let codes: Vec<&str> = framework
        .indicators()
        .map(|(_, _, indicator)| indicator.code.as_str())
        .collect();
    let about = |questions: &[usize], rows: &[usize]| {
        let indicators = questions.iter().map(|at| codes[*at].to_owned()).collect();
        let count = rows.len();
        warning(
            ResponsesKind::OutsidePeriods { indicators, count },
            rows,
            responses,
        )
    };
    if found.len() > APART {
        let questions: Vec<usize> = found.keys().copied().collect();
        let mut rows: Vec<usize> = found.into_values().flatten().collect();
        rows.sort_unstable();
        return vec![about(&questions, &rows)];
    }
    let warnings = found.iter();
    warnings
        .map(|(question, rows)| about(&[*question], rows))
        .collect()
}
