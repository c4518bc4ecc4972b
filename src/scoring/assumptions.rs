//! [`Assumptions`]: everything about the method that could have been decided otherwise.

use std::sync::Arc;

use crate::framework::{
    Aggregate, Answers, Body, Framework, MissingAnswer, MissingPart, NodeIx, Normalise, Treat,
    WeightSet,
};

use super::frozen::Frozen;

/// What could have been decided otherwise, node by node. [`Assumptions::of`] gives the framework's own decisions; a
/// variant is a copy with some of them changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumptions {
    /// Weights among siblings, by node; finite, not negative.
    pub weights: Vec<f64>,
    /// How parts become a score, by node; of no meaning for indicators.
    pub aggregate: Vec<Aggregate>,
    /// What a part without a score counts as, by node; of no meaning for indicators.
    pub missing: Vec<MissingPart>,
    /// What an indicator's own gap becomes, by node; of no meaning for other nodes.
    pub missing_answer: Vec<MissingAnswer>,
    /// What is done against outliers, by node; of no meaning for anything but numbers.
    pub treat: Vec<Option<Treat>>,
    /// Rescaling, by node.
    pub normalise: Vec<Option<Normalise>>,
    /// Nodes that do not count, by node.
    pub left_out: Vec<bool>,
    /// The cohort that whatever compares units compares them with; without it the units that are scored.
    pub cohort: Option<Arc<Frozen>>,
}

impl Assumptions {
    /// The decisions of the framework.
    pub fn of(framework: &Framework) -> Self {
        let mut assumptions = Self {
            weights: Vec::new(),
            aggregate: Vec::new(),
            missing: Vec::new(),
            missing_answer: Vec::new(),
            treat: Vec::new(),
            normalise: Vec::new(),
            left_out: Vec::new(),
            cohort: None,
        };
        for node in &framework.nodes {
            let (aggregate, missing, missing_answer) = match &node.body {
                Body::Parent(parent) => (parent.aggregate, parent.missing, MissingAnswer::Keep),
                Body::Indicator(indicator) => (
                    Aggregate::Mean,
                    MissingPart::Renormalise,
                    indicator.missing.clone(),
                ),
            };
            assumptions.weights.push(node.weight.get());
            assumptions.aggregate.push(aggregate);
            assumptions.missing.push(missing);
            assumptions.missing_answer.push(missing_answer);
            assumptions.treat.push(match node.indicator() {
                Some(indicator) => match &indicator.answers {
                    Answers::Number(number) => number.treat.clone(),
                    Answers::Choice(_) | Answers::Multiple(_) => None,
                },
                None => None,
            });
            assumptions.normalise.push(node.normalise.clone());
            assumptions.left_out.push(!node.scored);
        }
        assumptions
    }

    /// The same with the weights of a named set.
    #[must_use]
    pub fn with_weight_set(mut self, set: &WeightSet) -> Self {
        self.weights = set.weights.iter().map(|weight| weight.get()).collect();
        self
    }

    /// The same, but units are compared with a cohort whose values were found before, with the same weights.
    #[must_use]
    pub fn with_frozen(mut self, cohort: impl Into<Arc<Frozen>>) -> Self {
        self.cohort = Some(cohort.into());
        self
    }

    /// The same without a node.
    #[must_use]
    pub fn without(mut self, node: NodeIx) -> Self {
        self.left_out[node.0] = true;
        self
    }

    /// Whether a node counts in its parent's score.
    pub fn counts(&self, node: NodeIx) -> bool {
        !self.left_out[node.0] && self.weights[node.0] > 0.0
    }

    /// How much of the index each node carries: the product of its share among its siblings down from the root, which
    /// is 1; 0 for what does not count.
    pub fn effective_weights(&self, framework: &Framework) -> Vec<f64> {
        let mut effective = vec![0.0; framework.nodes.len()];
        effective[0] = 1.0;
        for (ix, node) in framework.walk() {
            let counting = || node.children().iter().filter(|child| self.counts(**child));
            let total: f64 = counting().map(|child| self.weights[child.0]).sum();
            for child in counting() {
                effective[child.0] = effective[ix.0] * self.weights[child.0] / total;
            }
        }
        effective
    }
}
