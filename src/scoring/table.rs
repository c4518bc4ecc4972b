//! [`ScoreTable`]: score, coverage, bounds, level and rank of every node for every observation.

use std::sync::Arc;

use crate::framework::NodeIx;

/// The result of scoring: one column a node, one cell an observation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreTable {
    /// Who and when, sorted by unit and period, so that the order of input rows changes nothing.
    pub observations: Vec<Observation>,
    /// Every period, ascending; one empty text where the framework has none.
    pub periods: Vec<String>,
    /// By [`NodeIx`].
    pub nodes: Vec<NodeColumn>,
    /// Scores of the second groupings: first every facet over the whole index, then facet by facet within each
    /// dimension, in framework order.
    pub facets: Vec<FacetColumn>,
    /// The peers of each period, in the order of `periods`.
    pub peers: Vec<GroupRow>,
    /// The framework's groups, group by group, each by period.
    pub groups: Vec<GroupRow>,
    /// What happened that a reader should know (a cohort that was constant, units that were screened out).
    pub remarks: Vec<Remark>,
}

/// One unit in one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The unit's id.
    pub unit: Arc<str>,
    /// The unit's name.
    pub name: Arc<str>,
    /// Position in `periods`.
    pub period: usize,
    /// Its attributes, in framework order, as text; empty where unknown.
    pub attributes: Vec<Arc<str>>,
    /// Whether it is among those that are ranked.
    pub ranked: bool,
}

/// What is known of one node for all observations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeColumn {
    /// Shares, full precision.
    pub score: Vec<Option<f64>>,
    /// Share of weight that was answered; `None` where nothing applies.
    pub coverage: Vec<Option<f64>>,
    /// Lowest score that the gaps could still give, never above the score; equals it where there are none.
    pub low: Vec<Option<f64>>,
    /// Highest, never below the score.
    pub high: Vec<Option<f64>>,
    /// Index of the band among the node's levels.
    pub level: Vec<Option<usize>>,
    /// 1 is best.
    pub rank: Vec<Option<f64>>,
    /// How many indicators that count apply, …
    pub applicable: Vec<u32>,
    /// … and how many of them were answered.
    pub answered: Vec<u32>,
}

/// A facet's scores, over the index or within a dimension.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FacetColumn {
    /// Position among the framework's facets.
    pub facet: usize,
    /// The dimension; `None`: over the whole index.
    pub within: Option<NodeIx>,
    /// Share of the index's weight that its indicators carry.
    pub weight: f64,
    /// Shares.
    pub score: Vec<Option<f64>>,
    /// Share of its weight that was answered.
    pub coverage: Vec<Option<f64>>,
}

/// Mean, minimum and maximum of every node over a group in one period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupRow {
    /// The group's id, or the attribute's value.
    pub id: String,
    /// For display.
    pub title: String,
    /// Position in `periods`.
    pub period: usize,
    /// How many observations belong to it.
    pub members: usize,
    /// By [`NodeIx`]; `None` where nobody has a score.
    pub nodes: Vec<Option<Spread>>,
}

/// Mean, minimum and maximum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// (Weighted) mean.
    pub mean: f64,
    /// Lowest.
    pub min: f64,
    /// Highest.
    pub max: f64,
    /// Over how many.
    pub count: usize,
}

/// Something that happened while scoring.
#[derive(Clone, Debug, PartialEq)]
pub enum Remark {
    /// A cohort gave no usable statistics, so the node has no score for it.
    UselessCohort {
        /// The node.
        node: NodeIx,
        /// The period, where the cohort is one.
        period: Option<String>,
        /// How many values it had.
        count: usize,
        /// Whether all were equal.
        constant: bool,
    },
    /// A unit was left out for lack of data.
    ScreenedOut {
        /// The unit.
        unit: String,
        /// The period.
        period: String,
        /// Share answered.
        answered: f64,
    },
}
