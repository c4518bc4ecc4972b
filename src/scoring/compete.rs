//! Aggregations that compare cases with each other: Copeland and Borda.

use crate::framework::{Aggregate, NodeIx, reaches, tie_key};
use crate::responses::{Answer, Column, Responses};

use super::aggregate::Part;
use super::cohort::{Standings, Statistics, comparisons};
use super::plan::Plan;
use super::workings::Workings;

/// Scores of a node whose parts are compared over its cohort.
pub(crate) fn compete(
    plan: &Plan<'_>,
    node: NodeIx,
    how: Aggregate,
    parts: &[Part<'_>],
    responses: &Responses,
    workings: &Workings,
) -> Column {
    let cohort = &plan.framework.node(node).cohort;
    let periods = &responses.periods;
    let mut scores = Column::unanswered(workings.cases.len());
    for comparison in comparisons(
        plan.framework,
        cohort,
        &workings.cases,
        periods,
        &workings.screened,
    ) {
        let ranks = borda_ranks(parts, &comparison.cohort);
        for case in &comparison.scaled {
            let score = match how {
                Aggregate::Borda => borda(parts, &ranks, *case),
                _ => copeland(parts, &comparison.cohort, *case),
            };
            if let Some(score) = score {
                scores.set(*case, Answer::Given(score));
            }
        }
    }
    scores
}

/// What each part adds to a case's score: for Borda its own points; for Copeland each comparison's win or loss, shared
/// among the parts in proportion to the weight by which they decided it. They sum to the score.
pub(crate) fn compete_shares(
    plan: &Plan<'_>,
    node: NodeIx,
    parts: &[Part<'_>],
    responses: &Responses,
    workings: &Workings,
    case: usize,
) -> Option<Vec<f64>> {
    let comparison = plan
        .comparisons(node, responses, workings)
        .into_iter()
        .find(|comparison| comparison.scales(case))?;
    let known = |part: &Part<'_>| part.column.value(case);
    parts.iter().find_map(known)?;
    if plan.assumptions.aggregate[node.0] == Aggregate::Borda {
        let ranks = borda_ranks(parts, &comparison.cohort);
        let points = parts.iter().zip(&ranks).map(|(part, among)| {
            known(part).map_or(0.0, |value| part.weight * among.of(tie_key(value)).0 as f64)
        });
        return Some(points.collect());
    }
    let mut shares = vec![0.0; parts.len()];
    for other in comparison.cohort.iter().filter(|other| **other != case) {
        let leads: Vec<f64> = parts
            .iter()
            .map(|part| match (known(part), part.column.value(*other)) {
                (Some(mine), Some(theirs)) => match tie_key(mine).total_cmp(&tie_key(theirs)) {
                    std::cmp::Ordering::Greater => part.weight,
                    std::cmp::Ordering::Equal => 0.0,
                    std::cmp::Ordering::Less => -part.weight,
                },
                _ => 0.0,
            })
            .collect();
        let margin: f64 = leads.iter().sum();
        let outcome = pair(parts, case, *other);
        if outcome.abs() > 0.0 {
            for (share, lead) in shares.iter_mut().zip(&leads) {
                *share += outcome * lead / margin;
            }
        }
    }
    Some(shares)
}

/// Pairwise wins minus losses. A case wins against another when it is ahead on more than half of the weight of the
/// parts that both have, ties counting half. `COINr` divides by all weight and compares each pair once, so that a
/// missing cell favours the later row; here a pair without common parts is undecided.
fn copeland(parts: &[Part<'_>], cohort: &[usize], case: usize) -> Option<f64> {
    parts.iter().find_map(|part| part.column.value(case))?;
    let others = cohort.iter().filter(|other| **other != case);
    Some(others.map(|other| pair(parts, case, *other)).sum())
}

/// 1 for a win, −1 for a loss, 0 where it is undecided.
fn pair(parts: &[Part<'_>], case: usize, other: usize) -> f64 {
    let (mut ahead, mut common) = (0.0, 0.0);
    for part in parts {
        if let (Some(mine), Some(theirs)) = (part.column.value(case), part.column.value(other)) {
            common += part.weight;
            ahead += match tie_key(mine).total_cmp(&tie_key(theirs)) {
                std::cmp::Ordering::Greater => part.weight,
                std::cmp::Ordering::Equal => part.weight / 2.0,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    if common > 0.0 {
        let share = ahead / common;
        f64::from(u8::from(!reaches(0.5, share))) - f64::from(u8::from(!reaches(share, 0.5)))
    } else {
        0.0
    }
}

/// The cohort's values of every part, with the bits removed in which equal ones may differ.
fn borda_ranks(parts: &[Part<'_>], cohort: &[usize]) -> Vec<Standings> {
    let of = |part: &Part<'_>| {
        let values = cohort
            .iter()
            .filter_map(|case| part.column.value(*case))
            .map(tie_key);
        Standings::new(Statistics::new(values.collect()))
    };
    parts.iter().map(of).collect()
}

/// Σ w·(ascending rank − 1) over the parts that the case has.
fn borda(parts: &[Part<'_>], ranks: &[Standings], case: usize) -> Option<f64> {
    let mut points = None;
    for (part, among) in parts.iter().zip(ranks) {
        if let Some(value) = part.column.value(case) {
            let (below, _) = among.of(tie_key(value));
            *points.get_or_insert(0.0) += part.weight * below as f64;
        }
    }
    points
}
