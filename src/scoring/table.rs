//! [`ScoreTable`]: score, coverage, bounds, level and rank of every node for every observation.

use std::collections::HashMap;
use std::sync::Arc;

use crate::framework::{Framework, NodeIx};
use crate::responses::Responses;

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

impl ScoreTable {
    /// The same scores with units as they come in the responses, each one's periods ascending.
    #[must_use]
    pub fn in_order_of(self, responses: &Responses) -> Self {
        let units = responses.units.iter().enumerate();
        let places: HashMap<&str, usize> = units.map(|(at, unit)| (unit.id.as_ref(), at)).collect();
        let place = |row: &usize| {
            let observation = &self.observations[*row];
            let unit = places.get(observation.unit.as_ref()).copied();
            (unit, observation.period)
        };
        let mut rows: Vec<usize> = (0..self.observations.len()).collect();
        rows.sort_by_key(place);
        if rows.is_sorted() {
            return self;
        }
        self.of_rows(&rows)
    }

    /// These observations only, in this order; what is said of all of them stays.
    #[must_use]
    pub fn of_rows(&self, rows: &[usize]) -> Self {
        let node = |node: &NodeColumn| NodeColumn {
            score: pick(&node.score, rows),
            coverage: pick(&node.coverage, rows),
            low: pick(&node.low, rows),
            high: pick(&node.high, rows),
            level: pick(&node.level, rows),
            rank: pick(&node.rank, rows),
            applicable: pick(&node.applicable, rows),
            answered: pick(&node.answered, rows),
        };
        let facet = |facet: &FacetColumn| FacetColumn {
            score: pick(&facet.score, rows),
            coverage: pick(&facet.coverage, rows),
            ..facet.clone()
        };
        Self {
            observations: pick(&self.observations, rows),
            nodes: self.nodes.iter().map(node).collect(),
            facets: self.facets.iter().map(facet).collect(),
            periods: self.periods.clone(),
            peers: self.peers.clone(),
            groups: self.groups.clone(),
            remarks: self.remarks.clone(),
        }
    }
}

/// Cells of a column; a column that was not wanted has none.
fn pick<T: Clone>(cells: &[T], rows: &[usize]) -> Vec<T> {
    if cells.is_empty() {
        return Vec::new();
    }
    rows.iter().map(|&row| cells[row].clone()).collect()
}

/// Which columns of a [`ScoreTable`] are wanted. What is not wanted is not made where it can be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is wanted or not, in any combination"
)]
pub struct Wanted {
    /// By [`NodeIx`]: whether its scores are.
    pub nodes: Vec<bool>,
    /// By [`NodeIx`]: whether its levels are.
    pub levels: Vec<bool>,
    /// By [`NodeIx`]: whether its ranks are.
    pub ranks: Vec<bool>,
    /// Coverage, and how many indicators apply and were answered, of the nodes whose scores are wanted.
    pub coverage: bool,
    /// What the gaps could still give, of the same nodes.
    pub bounds: bool,
    /// The second groupings.
    pub facets: bool,
    /// Peers and groups, of the same nodes.
    pub groups: bool,
}

impl Wanted {
    /// Everything.
    pub fn all(framework: &Framework) -> Self {
        let every = vec![true; framework.nodes.len()];
        Self {
            nodes: every.clone(),
            levels: every.clone(),
            ranks: every,
            coverage: true,
            bounds: true,
            facets: true,
            groups: true,
        }
    }

    /// The scores of these nodes alone.
    pub fn scores(nodes: Vec<bool>) -> Self {
        let none = vec![false; nodes.len()];
        Self {
            nodes,
            levels: none.clone(),
            ranks: none,
            coverage: false,
            bounds: false,
            facets: false,
            groups: false,
        }
    }
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
    /// The attribute that weights its mean.
    pub weight: Option<String>,
    /// By [`NodeIx`]; `None` where nobody has a score.
    pub nodes: Vec<Option<Spread>>,
}

impl GroupRow {
    /// How many members count at the index: those with a score and, where the mean is weighted, a weight.
    pub fn counted(&self) -> usize {
        let index = self.nodes.first().copied().flatten();
        index.map_or(0, |spread| spread.count)
    }
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
        /// The unit that the others are compared with, where it is one.
        reference: Option<String>,
    },
    /// A unit was left out for lack of data.
    ScreenedOut {
        /// The unit.
        unit: String,
        /// The period.
        period: String,
        /// Share answered.
        answered: f64,
        /// What it lacks.
        lack: Lack,
    },
    /// Some answers, values or scores of a period need a word: what became of them, and where.
    Cells {
        /// What became of them.
        fate: Fate,
        /// The period.
        period: String,
        /// The nodes, in framework order.
        nodes: Vec<NodeIx>,
        /// How many they are.
        count: usize,
        /// The first unit by its id.
        unit: String,
    },
}

impl Remark {
    /// Whether it says something of this period: of its own, or of all.
    pub fn is_about(&self, wanted: &str) -> bool {
        match self {
            Self::UselessCohort { period: None, .. } => true,
            Self::UselessCohort {
                period: Some(period),
                ..
            }
            | Self::ScreenedOut { period, .. }
            | Self::Cells { period, .. } => period == wanted,
        }
    }
}

/// What became of answers, values or scores, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Values have no score, because their scale has none for them: numbers below the first band, logarithms of nothing.
    OffScale,
    /// Scores lie outside of the range on which they are shown.
    BeyondRange,
    /// Answers do not count, because other answers fail the conditions of their indicators.
    PassedOver,
    /// Answers do not count, because the framework does not have their indicators in that period.
    OutsidePeriods,
}

/// Why a unit was left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lack {
    /// Too little was answered.
    Answers,
    /// Of what was answered only this share is not zero.
    Nonzero(f64),
    /// The framework names it among those that are left out.
    Named,
}
