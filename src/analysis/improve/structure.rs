//! Where gains add up: whether single gains bound what steps can gain together.
//!
//! In a weighted mean whose parts all have a score, gains add up. Where parts without one leave their weight to the others,
//! answering such a part adds its weight to the divisor: with s the mean before, W the weight that is there, Δ what given
//! answers gain and x what filled ones score, the gain (Σ w·Δ + Σ w·(x − s)) ÷ (W + Σ w of the filled) is at most the sum
//! of the single gains w·Δ ÷ W and w·(x − s) ÷ (W + w), those below zero left out. Means of means inherit that, as long as
//! no part appears or vanishes by a rule of its own.

use crate::framework::{Aggregate, Better, Body, MinCoverage, MissingPart, NodeIx, RoundAt};
use crate::scoring::{Plan, ScoreTable};

/// Whether steps towards a better score of `node` gain together no more than their single gains.
pub(super) fn adds_up(plan: &Plan<'_>, table: &ScoreTable, row: usize, node: NodeIx) -> bool {
    let framework = plan.framework;
    framework.better == Better::Higher
        && framework.rounding.at == RoundAt::Display
        && table.nodes[node.0].score[row].is_some()
        && part_adds_up(plan, table, row, node)
}

fn part_adds_up(plan: &Plan<'_>, table: &ScoreTable, row: usize, node: NodeIx) -> bool {
    let framework = plan.framework;
    let facts = framework.node(node);
    if facts.cap.is_some() || plan.rounding_when_made(node).is_some() {
        return false;
    }
    let Body::Parent(parent) = &facts.body else {
        return true;
    };
    let column = |node: NodeIx| &table.nodes[node.0];
    if column(node).applicable[row] == 0 {
        return true;
    }
    let (MinCoverage::Weight(least) | MinCoverage::Parts(least) | MinCoverage::Answers(least)) =
        parent.min_coverage;
    // Without enough answers there is no score, and several answers together may bring it about.
    let withheld =
        column(node).score[row].is_none() && (column(node).answered[row] > 0 || least > 0.0);
    if withheld || plan.normalise(node).is_some() {
        return false;
    }
    let parts = &plan.parts[node.0];
    let complete = parts
        .iter()
        .all(|part| column(*part).applicable[row] == 0 || column(*part).score[row].is_some());
    let rule = plan.assumptions.missing[node.0];
    let gaps = match rule {
        MissingPart::Renormalise | MissingPart::Zero | MissingPart::Constant(_) => true,
        MissingPart::Lowest | MissingPart::NoScore => complete,
    };
    let how = match plan.assumptions.aggregate[node.0] {
        Aggregate::Mean => true,
        Aggregate::Sum { .. } | Aggregate::LevelSum { .. } => complete,
        _ => false,
    };
    gaps && how
        && parts
            .iter()
            .all(|part| part_adds_up(plan, table, row, *part))
}
