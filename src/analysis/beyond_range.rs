//! Which scores lie outside of the range on which they are shown.

use std::collections::BTreeMap;

use crate::framework::{Framework, NodeIx, Range};
use crate::problem::{Problem, ResponsesKind};
use crate::responses::{Answer, Responses};
use crate::scoring::{Assumptions, Plan, Wanted, leaves_range};

use super::evidence::warnings;
use super::off_scale::rows;

/// A warning for each node with such scores, where they come from: not for what only hands them on. One for all of them if
/// there are many.
pub fn beyond_range(framework: &Framework, responses: &Responses) -> Vec<Problem> {
    let Range::Between { low, high } = framework.range else {
        return Vec::new();
    };
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    if plan.leaving.is_empty() {
        return Vec::new();
    }
    let mut wanted = vec![false; framework.nodes.len()];
    for node in &plan.leaving {
        wanted[node.0] = true;
    }
    let table = plan.score_wanted(responses, &Wanted::scores(wanted));
    let score = |node: NodeIx, at: usize| {
        let score = table.nodes[node.0].score.get(at).copied().flatten();
        score.filter(|score| leaves_range(*score))
    };
    let rows = rows(responses);
    let units = responses.units.iter().enumerate();
    let units: BTreeMap<&str, usize> = units.map(|(at, unit)| (unit.id.as_ref(), at)).collect();
    let mut shares: BTreeMap<NodeIx, f64> = BTreeMap::new();
    let mut found: BTreeMap<NodeIx, Vec<usize>> = BTreeMap::new();
    for node in &plan.leaving {
        let question = plan.questions.position[node.0];
        let parts = framework.node(*node).children();
        for (at, of) in table.observations.iter().enumerate() {
            let Some(share) = score(*node, at) else {
                continue;
            };
            if parts.iter().any(|part| score(*part, at).is_some()) {
                continue;
            }
            let unit = units.get(of.unit.as_ref());
            let all = unit.and_then(|unit| rows.get(&(*unit, of.period)));
            let all = all.map_or(&[][..], Vec::as_slice);
            let given = |row: &&usize| {
                question.is_some_and(|question| {
                    matches!(responses.answers[question].get(**row), Answer::Given(_))
                })
            };
            let mut own: Vec<usize> = all.iter().filter(given).copied().collect();
            if own.is_empty() {
                own = all.to_vec();
            }
            shares.entry(*node).or_insert(share);
            found.entry(*node).or_default().extend(own);
        }
    }
    let name = |node: &NodeIx| framework.node(*node).id.to_string();
    let kind = |nodes: &[NodeIx], rows: &[usize]| {
        let score = match (nodes, rows) {
            ([node], [_]) => shares
                .get(node)
                .map(|share| told(framework.range.show(*share))),
            _ => None,
        };
        ResponsesKind::BeyondRange {
            nodes: nodes.iter().map(name).collect(),
            score,
            low,
            high,
        }
    };
    warnings(found, kind, responses)
}

/// The first digits of a number: the last ones are what arithmetic left.
fn told(score: f64) -> f64 {
    format!("{score:.5e}").parse().unwrap_or(score)
}
