//! What is known of cohorts before a row is looked at: treatments, scalers and fillings, fitted once to values that were
//! found earlier, and the same for every row.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::framework::{Curve, MissingAnswer, NodeIx, Normalise};

use super::cohort::Statistics;
use super::frozen::{Entry, Frozen, Key, Step};
use super::plan::Plan;
use super::scale::Scaler;
use super::treat::Treatment;

/// By node and step, then by period; the period's name is empty where all are one cohort.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    treatments: BTreeMap<NodeIx, BTreeMap<String, Treatment>>,
    fits: BTreeMap<NodeIx, BTreeMap<String, Arc<Fit>>>,
    fillings: BTreeMap<NodeIx, BTreeMap<String, Fillings>>,
}

/// How a cohort's values are scaled.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fit {
    pub(crate) statistics: Statistics,
    /// `None`: the cohort gave no usable statistics.
    pub(crate) scaler: Option<Scaler>,
}

impl Fit {
    /// Of a curve that is fixed, whoever is compared; `scores`: of scores of nodes.
    pub(crate) fn of_curve(curve: &Curve, scores: bool) -> Self {
        Self {
            statistics: Statistics::default(),
            scaler: Some(Scaler::of_curve(curve, scores)),
        }
    }
}

/// What gaps are filled from, by the attribute that those who are alike share.
pub(crate) type Fillings = BTreeMap<Option<String>, Filling>;

/// What a cohort says to those who have a gap.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Filling {
    /// Its mean or median, where the rule asks for it.
    pub(crate) middle: Option<f64>,
    /// Its lowest and highest value.
    pub(crate) ends: Option<(f64, f64)>,
}

impl Filling {
    /// Of everybody, or of those alone who are alike.
    pub(crate) fn of(rule: &MissingAnswer, statistics: &Statistics, alike: bool) -> Self {
        let middle = match rule {
            MissingAnswer::Mean(by) if by.is_some() == alike => statistics.mean(),
            MissingAnswer::Median(by) if by.is_some() == alike => statistics.median(),
            MissingAnswer::Mean(_)
            | MissingAnswer::Median(_)
            | MissingAnswer::Keep
            | MissingAnswer::Zero
            | MissingAnswer::Lowest
            | MissingAnswer::Constant(_)
            | MissingAnswer::Previous { .. }
            | MissingAnswer::Interpolate
            | MissingAnswer::Row { .. } => None,
        };
        let ends = statistics.min().zip(statistics.max());
        Self { middle, ends }
    }
}

impl Known {
    /// A node's treatment in `period`; in a period that was not there, that of the last one that was.
    pub(crate) fn treatment(&self, node: NodeIx, period: Option<&str>) -> Option<&Treatment> {
        of_period(&self.treatments, node, period)
    }

    /// How a node is scaled in `period`; likewise.
    pub(crate) fn fit(&self, node: NodeIx, period: Option<&str>) -> Arc<Fit> {
        let found = of_period(&self.fits, node, period);
        found.map(Arc::clone).unwrap_or_default()
    }

    /// What a node's gaps in `period` are filled from; likewise.
    pub(crate) fn fillings(&self, node: NodeIx, period: Option<&str>) -> Option<&Fillings> {
        of_period(&self.fillings, node, period)
    }
}

fn of_period<'k, T>(
    all: &'k BTreeMap<NodeIx, BTreeMap<String, T>>,
    node: NodeIx,
    period: Option<&str>,
) -> Option<&'k T> {
    let of_node = all.get(&node)?;
    let same = of_node.get(period.unwrap_or_default());
    same.or_else(|| of_node.values().next_back())
}

impl Plan<'_> {
    /// The same plan, but whatever is compared with a cohort is compared with what is known: these values, and those that
    /// were known before.
    #[must_use]
    pub fn knowing(mut self, found: &Frozen) -> Self {
        let mut known = self.known.take().map(Arc::unwrap_or_clone);
        let known = known.get_or_insert_default();
        for (key, entry) in found.entries() {
            self.fit_to(known, key, entry);
        }
        self.known = Some(Arc::new(std::mem::take(known)));
        self
    }

    fn fit_to(&self, known: &mut Known, key: &Key, entry: &Entry) {
        let node = key.node;
        let period = key.period.clone().unwrap_or_default();
        match key.before {
            Step::Fill => {
                let rule = &self.assumptions.missing_answer[node.0];
                let filling = Filling::of(rule, &entry.statistics, key.group.is_some());
                let of_node = known.fillings.entry(node).or_default();
                let of_period = of_node.entry(period).or_default();
                of_period.insert(key.group.clone(), filling);
            }
            Step::Treat => {
                if let Some(rule) = &self.assumptions.treat[node.0] {
                    let treatment = Treatment::fit(&rule.rule, &entry.statistics);
                    let of_node = known.treatments.entry(node).or_default();
                    of_node.insert(period, treatment);
                }
            }
            Step::Normalise => {
                if let Some(how) = self.normalise(node) {
                    let fit = Fit {
                        scaler: self.scaler(node, how, &entry.statistics, entry.reference),
                        statistics: entry.statistics.ends(),
                    };
                    let of_node = known.fits.entry(node).or_default();
                    of_node.insert(period, Arc::new(fit));
                }
            }
        }
    }

    /// A node's scaler for the values of a cohort.
    pub(crate) fn scaler(
        &self,
        node: NodeIx,
        how: &Normalise,
        statistics: &Statistics,
        reference: Option<f64>,
    ) -> Option<Scaler> {
        let scores = self.framework.node(node).indicator().is_none();
        let up = self.scales_up(node);
        Scaler::fit(how, statistics.clone(), up, scores, reference)
    }
}
