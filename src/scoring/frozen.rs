//! A cohort's values, found once and kept: whoever is scored later, or on another machine, is compared with them.
//!
//! All values are kept, so that those of several parts of a cohort are merged without any loss: the statistics of the
//! merged values are those of one run, to the last bit.

use std::collections::BTreeMap;

use crate::framework::{Aggregate, Answers, Framework, MissingAnswer, NodeIx};
use crate::responses::Responses;

use super::cohort::Statistics;
use super::gather::Keep;
use super::plan::Plan;
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
    /// Of those with which attribute, where gaps are filled from those who are alike.
    pub group: Option<String>,
}

/// A step that compares with a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Gaps are filled.
    Fill,
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
        let values = own.statistics.sorted.iter();
        let values = values.chain(entry.statistics.sorted.iter());
        own.statistics = Statistics::new(values.copied().collect());
        own.reference = own.reference.or(entry.reference);
    }

    /// Puts an entry in its place; the one that stood there.
    pub(crate) fn insert(&mut self, key: Key, entry: Entry) -> Option<Entry> {
        self.entries.insert(key, entry)
    }

    /// The values before a step in `period`; in a period that was not there, those of the last one that was.
    pub(crate) fn of(
        &self,
        node: NodeIx,
        before: Step,
        period: Option<&str>,
    ) -> Option<(&Key, &Entry)> {
        let first = Key {
            node,
            before,
            period: None,
            group: None,
        };
        let own = || {
            let from = self.entries.range(first.clone()..);
            from.take_while(move |(key, _)| (key.node, key.before) == (node, before))
        };
        let same =
            |key: &Key| key.period.as_deref().unwrap_or_default() == period.unwrap_or_default();
        own().find(|(key, _)| same(key)).or_else(|| own().last())
    }

    /// What is compared with in `period`, by node and step.
    pub(crate) fn in_period(&self, period: &str) -> BTreeMap<(NodeIx, Step), &Entry> {
        let steps = self.entries.keys().map(|key| (key.node, key.before));
        let of = |(node, before)| {
            let (_, entry) = self.of(node, before, Some(period))?;
            Some(((node, before), entry))
        };
        steps.filter_map(of).collect()
    }

    /// Adds the cohorts of another round.
    pub fn extend(&mut self, other: Self) {
        self.entries.extend(other.entries);
    }

    /// Every entry, in the order of nodes.
    pub fn entries(&self) -> impl Iterator<Item = (&Key, &Entry)> {
        self.entries.iter()
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
    /// The values that others will be compared with.
    ///
    /// # Errors
    /// What else compares units.
    pub fn freeze(&self, responses: &Responses) -> Result<Frozen, Vec<NotFrozen>> {
        self.can_be_frozen()?;
        let mut frozen = Frozen::default();
        let mut plan = self.clone().knowing(&frozen);
        for round in self.rounds() {
            let found = plan.gather(responses, &round, Keep::Everything).settle();
            plan = plan.knowing(&found);
            frozen.extend(found);
        }
        Ok(frozen)
    }

    /// Whether nothing compares units but scaling and the treatment of outliers.
    ///
    /// # Errors
    /// What else does.
    pub fn can_be_frozen(&self) -> Result<(), Vec<NotFrozen>> {
        let others = self.compares_otherwise();
        if others.is_empty() {
            return Ok(());
        }
        Err(others)
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
