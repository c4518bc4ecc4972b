//! What an indicator's own gap becomes before anything is aggregated.

use std::collections::BTreeMap;

use crate::framework::{AttributeIx, MissingAnswer, NodeIx};
use crate::responses::{Answer, Column};

use super::cohort::{Comparison, Statistics};
use super::known::Fillings;
use super::rows::{Cases, text_of};

/// The values that fill gaps of `column` from the unit's other periods, by case; `None` where a case has no gap or nothing
/// fills it; `times` says when each period was.
pub(crate) fn series_fillings(
    rule: &MissingAnswer,
    column: &Column,
    cases: &Cases,
    times: &[f64],
) -> Vec<Option<f64>> {
    let mut filled = vec![None; column.len()];
    match rule {
        MissingAnswer::Previous { at_most, or_next } => {
            previous(column, cases, *at_most, *or_next, &mut filled);
        }
        MissingAnswer::Interpolate => interpolate(column, cases, times, &mut filled),
        MissingAnswer::Keep
        | MissingAnswer::Zero
        | MissingAnswer::Lowest
        | MissingAnswer::Constant(_)
        | MissingAnswer::Mean(_)
        | MissingAnswer::Median(_)
        | MissingAnswer::Row { .. } => {}
    }
    filled
}

/// A cohort's values by an attribute; those who do not have it are alike to nobody.
pub(crate) fn groups(
    column: &Column,
    cases: &Cases,
    comparison: &Comparison,
    by: AttributeIx,
) -> BTreeMap<String, Vec<f64>> {
    let mut groups: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for &case in &comparison.cohort {
        let group = text_of(&cases.attributes, by, case);
        if let (Some(group), Some(value)) = (group, column.value(case)) {
            groups.entry(group).or_default().push(value);
        }
    }
    groups
}

/// Fills the gaps of those who are compared with what was found in their cohort, among those with the same attribute if
/// one is named. A case without the attribute is not filled.
pub(crate) fn fill_from(
    found: &Fillings,
    (column, by): (&Column, Option<AttributeIx>),
    cases: &Cases,
    comparison: &Comparison,
    filled: &mut [Option<f64>],
) {
    for &case in &comparison.scaled {
        if !column.marks[case].is_missing() {
            continue;
        }
        let group = by.map(|attribute| text_of(&cases.attributes, attribute, case));
        if group != Some(None) {
            let filling = found.get(&group.flatten());
            filled[case] = filling.and_then(|filling| filling.middle);
        }
    }
}

/// The same unit's cases (and finer keys), by period, ascending.
fn series(cases: &Cases) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..cases.len()).collect();
    let key = |case: usize| {
        let key = &cases.keys[case];
        (key.unit_at, &key.keys)
    };
    order.sort_by(|a, b| {
        key(*a)
            .cmp(&key(*b))
            .then(cases.keys[*a].period.cmp(&cases.keys[*b].period))
    });
    order
        .chunk_by(|a, b| key(*a) == key(*b))
        .map(<[usize]>::to_vec)
        .collect()
}

/// The unit's last answer, or its next one if that is asked for; their distance is counted in periods, whatever the years
/// between them.
fn previous(
    column: &Column,
    cases: &Cases,
    at_most: Option<u32>,
    or_next: bool,
    filled: &mut [Option<f64>],
) {
    for line in series(cases) {
        let known: Vec<(usize, f64)> = line
            .iter()
            .filter_map(|case| Some((cases.keys[*case].period, column.value(*case)?)))
            .collect();
        for case in line
            .into_iter()
            .filter(|case| column.marks[*case].is_missing())
        {
            let now = cases.keys[case].period;
            let near = |(then, _): &&(usize, f64)| {
                at_most.is_none_or(|most| now.abs_diff(*then) <= most as usize)
            };
            let after = known.partition_point(|(then, _)| *then < now);
            let last = known[..after].last().filter(near);
            let next = known[after..].first().filter(|_| or_next).filter(near);
            filled[case] = last.or(next).map(|(_, value)| *value);
        }
    }
}

/// A straight line in time between the answers before and after; flat beyond.
fn interpolate(column: &Column, cases: &Cases, times: &[f64], filled: &mut [Option<f64>]) {
    for line in series(cases) {
        let known: Vec<(f64, f64)> = line
            .iter()
            .filter_map(|case| Some((times[cases.keys[*case].period], column.value(*case)?)))
            .collect();
        for case in line
            .into_iter()
            .filter(|case| column.marks[*case].is_missing())
        {
            let at = times[cases.keys[case].period];
            let after = known.partition_point(|(time, _)| *time < at);
            filled[case] = match (
                after.checked_sub(1).map(|before| known[before]),
                known.get(after),
            ) {
                (Some((x0, y0)), Some((x1, y1))) => Some(y0 + (at - x0) / (x1 - x0) * (y1 - y0)),
                (Some((_, y)), None) | (None, Some(&(_, y))) => Some(y),
                (None, None) => None,
            };
        }
    }
}

/// One indicator as [`row_fillings`] sees it.
pub(crate) struct RowMember<'a> {
    pub(crate) column: &'a Column,
    /// Worst and best value of each case's cohort, if they differ.
    pub(crate) ends: Vec<Option<(f64, f64)>>,
    /// Whether its gaps are filled by this rule, and over which node.
    pub(crate) within: Option<(NodeIx, bool)>,
    /// The nodes above it.
    pub(crate) above: Vec<NodeIx>,
}

/// Fills gaps with the unit's own mean (or median) over its other indicators under the same node: each is scaled min–max
/// over its cohort, 1 the best; the result is scaled back (`COINr`, `Impute` by row).
pub(crate) fn row_fillings(members: &[RowMember<'_>], length: usize) -> Vec<Vec<Option<f64>>> {
    let share = |member: usize, case: usize| {
        let (worst, best) = members[member].ends[case]?;
        Some((members[member].column.value(case)? - worst) / (best - worst))
    };
    members
        .iter()
        .map(|member| {
            let Some((within, median)) = member.within else {
                return vec![None; length];
            };
            let fill = |case: usize| {
                if !member.column.marks[case].is_missing() {
                    return None;
                }
                let (worst, best) = member.ends[case]?;
                let others =
                    (0..members.len()).filter(|other| members[*other].above.contains(&within));
                let shares =
                    Statistics::new(others.filter_map(|other| share(other, case)).collect());
                let middle = if median {
                    shares.median()
                } else {
                    shares.mean()
                }?;
                // Who is best everywhere is filled with the best value, to its last bit.
                let is_best = middle.total_cmp(&1.0).is_eq();
                Some(if is_best {
                    best
                } else {
                    worst + middle * (best - worst)
                })
            };
            (0..length).map(fill).collect()
        })
        .collect()
}

/// Puts values into gaps.
pub(crate) fn fill(column: &mut Column, fillings: &[Option<f64>]) {
    for (case, filling) in fillings.iter().enumerate() {
        if let Some(value) = filling.filter(|value| value.is_finite()) {
            column.set(case, Answer::Given(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::framework::Gap;
    use crate::scoring::rows::CaseKey;

    /// One unit in the periods 0, 1, 2, …
    fn line(answers: &[Option<f64>]) -> (Column, Cases) {
        let mut column = Column::default();
        let mut keys = Vec::new();
        for (period, answer) in answers.iter().enumerate() {
            column.push(answer.map_or(Answer::Missing(Gap::Unanswered), Answer::Given));
            keys.push(CaseKey {
                unit: Arc::from("a"),
                unit_at: 0,
                period,
                keys: Vec::new(),
            });
        }
        let cases = Cases {
            keys,
            ..Cases::default()
        };
        (column, cases)
    }

    fn filled(rule: &MissingAnswer, answers: &[Option<f64>], times: &[f64]) -> Vec<Option<f64>> {
        let (column, cases) = line(answers);
        series_fillings(rule, &column, &cases, times)
    }

    #[test]
    fn the_age_of_an_answer_is_counted_in_periods() {
        let answers = [None, Some(3.0), None, None];
        let biennial = [2016.0, 2018.0, 2020.0, 2022.0];
        let previous = |at_most, or_next| {
            let rule = MissingAnswer::Previous { at_most, or_next };
            filled(&rule, &answers, &biennial)
        };
        let three = Some(3.0);
        assert_eq!(previous(Some(1), false), [None, None, three, None]);
        assert_eq!(previous(None, false), [None, None, three, three]);
        assert_eq!(previous(Some(1), true), [three, None, three, None]);
    }

    #[test]
    fn straight_lines_run_in_time_and_flat_beyond_the_ends() {
        let answers = [None, Some(1.0), None, Some(4.0), None];
        let uneven = [2010.0, 2012.0, 2013.0, 2018.0, 2020.0];
        let lines = filled(&MissingAnswer::Interpolate, &answers, &uneven);
        assert_eq!(lines, [Some(1.0), None, Some(1.5), None, Some(4.0)]);
    }
}
