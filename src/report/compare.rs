//! [`ComparisonResult`]: what changed between two waves, with the words to show it. [`SideResult`]: units side by side.

use crate::analysis::compare::{Change, Comparison, NodePair, SideBySide};
use crate::framework::{Framework, NodeIx, TOLERANCE};

use super::result::{About, NodeFacts};

/// What changed, and between what.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparisonResult {
    /// How the old scores were made.
    pub old: About,
    /// How the new ones were; the differences are shown on its range.
    pub new: About,
    /// The old and the new period; empty where there are none.
    pub periods: [String; 2],
    /// What was found.
    pub found: Comparison,
}

/// Units of one wave side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct SideResult {
    /// How the scores were made.
    pub about: About,
    /// The period; empty where there is none.
    pub period: String,
    /// What was found.
    pub found: SideBySide,
}

impl ComparisonResult {
    /// What is known of a pair's node: of the newer one, if there is one.
    pub fn facts(&self, pair: NodePair) -> &NodeFacts {
        match (pair.new, pair.old) {
            (Some(node), _) => &self.new.nodes[node.0],
            (None, Some(node)) => &self.old.nodes[node.0],
            (None, None) => &self.new.nodes[Framework::INDEX.0],
        }
    }

    /// A score of the pair's node on the newer framework's range.
    pub fn shown(&self, pair: NodePair, score: f64) -> f64 {
        match pair.new {
            Some(node) => self.new.shown(node, score),
            None => super::result::on_range(self.new.framework.range, score),
        }
    }

    /// The difference of a change on the newer framework's range: of the scores as they are shown.
    pub fn difference(&self, pair: NodePair, change: &Change) -> Option<f64> {
        let [old, new] = [change.old?.score?, change.new?.score?];
        Some(self.shown(pair, new) - self.shown(pair, old))
    }

    /// A difference of shares on the newer framework's range.
    pub fn shown_difference(&self, difference: f64) -> f64 {
        self.new.framework.range.show_difference(difference)
    }

    /// The id of a level that a change starts or ends at.
    pub fn level_ids(&self, pair: NodePair, change: &Change) -> [Option<&str>; 2] {
        let id = |about: &'_ About, node: Option<NodeIx>, level: Option<usize>| {
            let set = about.nodes[node?.0].levels?;
            Some((set, level?))
        };
        let old = id(&self.old, pair.old, change.old.and_then(|old| old.level));
        let new = id(&self.new, pair.new, change.new.and_then(|new| new.level));
        [
            old.map(|(set, level)| self.old.levels[set][level].id.as_str()),
            new.map(|(set, level)| self.new.levels[set][level].id.as_str()),
        ]
    }
}

/// Whether a difference of shares is none: two scores that are reached by different sums differ in their last bits.
pub(super) fn is_none(difference: f64) -> bool {
    difference.abs() < TOLERANCE
}
