//! A cohort's values, found once and kept: whoever is scored later, or on another machine, is compared with them.
//!
//! All values are kept, so that those of several parts of a cohort are merged without any loss: the statistics of the
//! merged values are those of one run, to the last bit.

use std::collections::BTreeMap;

use crate::framework::{Aggregate, Answers, Framework, MissingAnswer, NodeIx, Normalise};
use crate::responses::Responses;

use super::cohort::Statistics;
use super::plan::{Moment, Plan};
use super::scale::Scaler;
use super::workings::above;

/// What is compared with what: by node, step and period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frozen {
    entries: BTreeMap<Key, Entry>,
}

/// Which values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Whose.
    pub node: NodeIx,
    /// Before which step.
    pub before: Step,
    /// Of which period, where each is a cohort of its own.
    pub period: Option<String>,
}

/// A step that compares with a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Outliers are tamed.
    Treat,
    /// Values are scaled.
    Normalise,
}

/// The values before a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Those of the cohort.
    pub statistics: Statistics,
    /// That of the unit from which distances are measured.
    pub reference: Option<f64>,
}

/// Why a cohort cannot be frozen, or two files of one cannot be merged.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotFrozen {
    /// Something else compares units.
    #[error("`{node}`: {what} compares units in a way that cannot be frozen")]
    Other {
        /// The node.
        node: String,
        /// What it asks for.
        what: &'static str,
    },
    /// One node is scaled after another.
    #[error(
        "`{node}` is scaled after `{before}`, whose cohort is not known before the merge: read all responses at once"
    )]
    After {
        /// The node.
        node: String,
        /// What comes before it.
        before: String,
    },
}

impl Frozen {
    /// Adds values; those of the same key are one cohort's.
    pub fn add(&mut self, key: Key, entry: &Entry) {
        let own = self.entries.entry(key).or_default();
        let values = own.statistics.sorted.iter().chain(&entry.statistics.sorted);
        own.statistics = Statistics::new(values.copied().collect());
        own.reference = own.reference.or(entry.reference);
    }

    /// Every entry, in the order of nodes.
    pub fn entries(&self) -> impl Iterator<Item = (&Key, &Entry)> {
        self.entries.iter()
    }

    /// What a node's values are compared with in `period`; in a period that was not there, with the last one that was.
    pub(crate) fn entry(&self, node: NodeIx, before: Step, period: Option<&str>) -> Entry {
        let of_node = || {
            self.entries
                .iter()
                .filter(|(key, _)| key.node == node && key.before == before)
        };
        let same = of_node().find(|(key, _)| key.period.as_deref() == period);
        let found = same.or_else(|| of_node().next_back());
        found.map(|(_, entry)| entry.clone()).unwrap_or_default()
    }

    /// Whether files of parts of a cohort can be merged: nothing is scaled after something else was.
    ///
    /// # Errors
    /// The first node that is.
    pub fn mergeable(&self, framework: &Framework) -> Result<(), NotFrozen> {
        for key in self.entries.keys() {
            let is_below = |other: &Key| {
                (other.node == key.node && other.before < key.before)
                    || above(framework, other.node).any(|node| node == key.node)
            };
            if let Some(before) = self.entries.keys().find(|other| is_below(other)) {
                return Err(NotFrozen::After {
                    node: framework.node(key.node).id.to_string(),
                    before: framework.node(before.node).id.to_string(),
                });
            }
        }
        Ok(())
    }
}

impl Plan<'_> {
    /// The same plan, but whatever is compared with a cohort is compared with these values.
    #[must_use]
    pub fn with_frozen(mut self, frozen: Frozen) -> Self {
        self.frozen = Some(frozen);
        self
    }

    /// The values that others will be compared with.
    ///
    /// # Errors
    /// What else compares units.
    pub fn freeze(&self, responses: &Responses) -> Result<Frozen, Vec<NotFrozen>> {
        let others = self.compares_otherwise();
        if !others.is_empty() {
            return Err(others);
        }
        let mut frozen = Frozen::default();
        let period = |at: Option<usize>| at.map(|at| responses.periods[at].clone());
        let workings = self.work_watched(responses, &mut |moment| {
            let Moment::Filled(workings) = moment else {
                return;
            };
            for (question, node) in self.questions.nodes.iter().enumerate() {
                for comparison in self.treated_with(question, responses, workings) {
                    let column = &workings.leaves[question].value;
                    let statistics = Statistics::of(column, &comparison.cohort);
                    let key = Key {
                        node: *node,
                        before: Step::Treat,
                        period: period(comparison.period),
                    };
                    let reference = None;
                    frozen.add(
                        key,
                        &Entry {
                            statistics,
                            reference,
                        },
                    );
                }
            }
        });
        for (node, fits) in workings.fits.iter().enumerate() {
            let node = NodeIx(node);
            let how = self.normalise(node);
            if matches!(how, Some(Normalise::Goalposts(_)) | None) {
                continue;
            }
            let measured = matches!(how, Some(Normalise::DistanceToUnit { .. }));
            for fitted in fits {
                let key = Key {
                    node,
                    before: Step::Normalise,
                    period: period(fitted.comparison.period),
                };
                let reference = match &fitted.scaler {
                    Some(Scaler::Linear { to, .. }) if measured => Some(*to),
                    _ => None,
                };
                let statistics = fitted.statistics.clone();
                frozen.add(
                    key,
                    &Entry {
                        statistics,
                        reference,
                    },
                );
            }
        }
        Ok(frozen)
    }

    /// What compares units but is neither scaling nor the treatment of outliers.
    fn compares_otherwise(&self) -> Vec<NotFrozen> {
        let mut found = Vec::new();
        for (ix, node) in self.framework.walk() {
            let mut add = |what| {
                let node = node.id.to_string();
                found.push(NotFrozen::Other { node, what });
            };
            match &self.assumptions.missing_answer[ix.0] {
                MissingAnswer::Mean(_) | MissingAnswer::Median(_) => {
                    add("the cohort's mean or median in a gap");
                }
                MissingAnswer::Row { .. } => add("the row's mean or median in a gap"),
                MissingAnswer::Keep
                | MissingAnswer::Zero
                | MissingAnswer::Lowest
                | MissingAnswer::Constant(_)
                | MissingAnswer::Previous { .. }
                | MissingAnswer::Interpolate => {}
            }
            if node.indicator().is_none()
                && matches!(
                    self.assumptions.aggregate[ix.0],
                    Aggregate::Copeland | Aggregate::Borda
                )
            {
                add("its aggregation");
            }
            if self
                .framework
                .levels_of(ix)
                .is_some_and(|levels| levels.quantiles)
            {
                add("levels by quantiles");
            }
        }
        found
    }

    /// Whether an indicator is a number whose outliers are treated.
    pub(crate) fn is_treated(&self, question: usize) -> bool {
        let node = self.questions.nodes[question];
        let number = matches!(
            self.questions.indicator(question).answers,
            Answers::Number(_)
        );
        number && self.assumptions.treat[node.0].is_some()
    }
}
