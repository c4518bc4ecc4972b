//! What taking a score apart says on a scorecard.

use std::collections::BTreeMap;

use crate::analysis::explain::{Explanation, Made};
use crate::analysis::improve::{Step, Steps};
use crate::framework::NodeIx;

/// What each part adds to the index of a unit, and what each answer still takes from it. All are shares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Insight {
    /// What each part of the index adds to it.
    pub adds: Vec<(NodeIx, f64)>,
    /// What each indicator takes from the index, the largest first.
    pub losses: Vec<(NodeIx, f64)>,
    /// How far the index is from what the best answers would give.
    pub short: Option<f64>,
    /// The first steps, the largest gain first.
    pub steps: Vec<Step>,
    /// How many more would gain something.
    pub more: usize,
    /// What each changed answer alone moved the index by since the period before, the largest first.
    pub moved: Vec<(NodeIx, f64)>,
}

impl Insight {
    /// From the index of a unit, taken apart.
    pub fn of(explanation: &Explanation) -> Self {
        let adds = match &explanation.tree.made {
            Made::Aggregated { parts, .. } => parts
                .iter()
                .filter(|part| part.counts)
                .map(|part| (part.explained.node, part.contribution))
                .collect(),
            // The parts of a unit's rows are not the parts of its index.
            Made::Combined { .. } | Made::Answered(_) => Vec::new(),
        };
        // Of several rows of a unit, each takes its own.
        let mut taken: BTreeMap<NodeIx, f64> = BTreeMap::new();
        for loss in &explanation.losses {
            *taken.entry(loss.node).or_default() += loss.points;
        }
        let mut losses: Vec<(NodeIx, f64)> = taken.into_iter().collect();
        losses.sort_by(|a, b| b.1.total_cmp(&a.1));
        Self {
            adds,
            losses,
            short: explanation.short,
            steps: Vec::new(),
            more: 0,
            moved: Vec::new(),
        }
    }

    /// With what the changed answers moved the index by.
    #[must_use]
    pub fn with_moved(mut self, moved: Vec<(NodeIx, f64)>) -> Self {
        self.moved = moved;
        self
    }

    /// With what the unit could do first.
    #[must_use]
    pub fn with_steps(mut self, found: Steps) -> Self {
        let mut steps = found.steps;
        steps.retain(Step::gains);
        // Where the index has no score, a step that does not give it one is listed, and gains nothing yet.
        self.more = found.gaining.saturating_sub(steps.len());
        self.steps = steps;
        self
    }
}
