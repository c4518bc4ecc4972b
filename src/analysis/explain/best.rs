//! What a score would be with the best answers.

use crate::framework::{Aggregate, Better, Body, MissingPart, NodeIx};
use crate::responses::{Answer, Mark};
use crate::scoring::Bound;

use super::attribution::{Cell, counted, total};
use super::explainer::Explainer;
use super::given;

impl Explainer<'_> {
    /// Whether more is better.
    pub(super) fn up(&self) -> bool {
        self.plan.framework.better == Better::Higher
    }

    /// A part as its parent sees it.
    pub(super) fn cell(
        &self,
        part: NodeIx,
        rule: MissingPart,
        how: Aggregate,
        case: usize,
    ) -> Cell {
        let answer = self.workings.slots[part.0].counted(rule, case);
        Cell {
            weight: self.plan.assumptions.weights[part.0],
            stage: self.plan.framework.node(part).stage,
            reach: self.plan.reach[part.0],
            value: given(answer).map(|value| counted(how, value)),
            missing: matches!(answer, Answer::Missing(_)),
        }
    }

    /// The best scores of a finest case, by node.
    pub(super) fn bests_of(&self, case: usize) -> Vec<Option<f64>> {
        let framework = self.plan.framework;
        let mut bests: Vec<Option<f64>> = vec![None; framework.nodes.len()];
        for node in &self.plan.order {
            let own = self.workings.slots[node.0].score.value(case);
            let mut best = match &framework.node(*node).body {
                Body::Indicator(_) => self.best_answer(*node, case),
                Body::Parent(_) => self.best_of_parts(*node, case, &bests),
            };
            if let Some(cap) = framework.node(*node).cap.and_then(|cap| bests[cap.0]) {
                best = best.map(|best| best.min(cap));
            }
            if let Some(digits) = self.plan.rounding_when_made(*node) {
                let range = framework.range;
                best = best.map(|best| range.read(digits.round(range.show(best))));
            }
            // Where the best is not known, or an answer beats it, the score itself is the best that there is.
            bests[node.0] = match (best, own) {
                (Some(best), Some(own)) if self.up() => Some(best.max(own)),
                (Some(best), Some(own)) => Some(best.min(own)),
                (best, own) => best.or(own),
            };
        }
        bests
    }

    fn best_of_parts(&self, node: NodeIx, case: usize, bests: &[Option<f64>]) -> Option<f64> {
        let how = self.plan.assumptions.aggregate[node.0];
        if cohort_method(how) {
            return None;
        }
        let cells = self.best_cells(node, case, how, bests);
        let best = total(how, &cells).filter(|best| best.is_finite())?;
        self.best_scaled(node, case, Bound::exactly(best))
    }

    /// The parts that count now, each with its best score; all that apply where none counts.
    fn best_cells(
        &self,
        node: NodeIx,
        case: usize,
        how: Aggregate,
        bests: &[Option<f64>],
    ) -> Vec<Cell> {
        let rule = self.plan.assumptions.missing[node.0];
        let parts = &self.plan.parts[node.0];
        let now: Vec<Cell> = parts
            .iter()
            .map(|part| self.cell(*part, rule, how, case))
            .collect();
        let nothing = now.iter().all(|cell| cell.value.is_none());
        let best = |(part, now): (&NodeIx, Cell)| {
            let best = bests[part.0].map(|best| counted(how, best));
            let mark = self.workings.slots[part.0].score.marks[case];
            let value = if nothing && mark != Mark::NotApplicable {
                best
            } else {
                now.value.map(|value| best.unwrap_or(value))
            };
            Cell { value, ..now }
        };
        parts.iter().zip(now).map(best).collect()
    }
}

/// Whether a rule compares cases with each other.
pub(super) fn cohort_method(how: Aggregate) -> bool {
    matches!(how, Aggregate::Copeland | Aggregate::Borda)
}
