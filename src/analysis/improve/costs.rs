//! [`Costs`]: what a change of each indicator costs.

use crate::framework::{Framework, NodeIx};

/// What a change costs, by indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Costs {
    by_node: Vec<f64>,
}

/// The effort of an indicator that states none: the middle of 1 to 5.
pub(super) const MIDDLE: f64 = 3.0;

impl Costs {
    /// Every change costs the same, so that the fewest changes are the cheapest.
    pub fn even(framework: &Framework) -> Self {
        Self {
            by_node: vec![1.0; framework.nodes.len()],
        }
    }

    /// The framework's `effort`; 3 where an indicator states none.
    pub fn efforts(framework: &Framework) -> Self {
        let effort = |(ix, _)| framework.node(ix).indicator()?.effort;
        let efforts = framework.walk().map(effort);
        Self {
            by_node: efforts.map(|effort| effort.unwrap_or(MIDDLE)).collect(),
        }
    }

    /// The same with another effort for an indicator; above zero, finite.
    #[must_use]
    pub fn with(mut self, node: NodeIx, effort: f64) -> Self {
        self.by_node[node.0] = effort;
        self
    }

    /// What a change of an indicator costs.
    pub fn of(&self, node: NodeIx) -> f64 {
        self.by_node[node.0]
    }

    /// Whether all are whole numbers, so that sums of them are.
    pub(super) fn are_whole(&self) -> bool {
        self.by_node.iter().all(|cost| cost.fract().abs() <= 0.0)
    }
}
