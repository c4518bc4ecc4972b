//! Whether indicators measure together what they should: statistics, correlations, consistency, importance, agreement.
//!
//! Methods: OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 4. Statistics look at what was answered;
//! everything else at the scores that enter the index, gaps filled where the framework fills them, pair by pair over the
//! units that have both.

mod agreement;
mod alpha;
mod components;
mod correlation;
mod findings;
mod importance;
mod statistics;

pub use agreement::{Agreement, krippendorff};
pub use alpha::{Alpha, alpha};
pub use components::{Components, components};
pub use correlation::{Correlation, kendall, pearson, spearman};
pub use findings::{Finding, LEAST_ALPHA, REDUNDANT, WEAK};
pub use importance::{Importance, correlation_ratio};
pub use statistics::Described;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::framework::{Framework, NodeIx};
use crate::responses::Responses;
use crate::scoring::{Assumptions, Plan, ScoreTable};

/// What was found in one period.
#[derive(Clone, Debug, PartialEq)]
pub struct Coherence {
    /// How many units were looked at.
    pub units: usize,
    /// Every indicator, in framework order.
    pub indicators: Vec<Described>,
    /// Every node that counts and has siblings, with its parent and with the index.
    pub links: Vec<Link>,
    /// Every pair of parts of one node.
    pub pairs: Vec<Pair>,
    /// Every node with at least two parts.
    pub nodes: Vec<Group>,
    /// How much assessors agree, where there are several; the whole framework first.
    pub agreement: Vec<Agreement>,
    /// What an auditor would say.
    pub findings: Vec<Finding>,
}

/// How a node goes with what it is part of.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The node.
    pub node: NodeIx,
    /// What holds it.
    pub parent: NodeIx,
    /// With its parent's score.
    pub with_parent: Correlation,
    /// With the index.
    pub with_index: Correlation,
    /// The node beside its parent that it goes with best, if it goes with that better than with its parent.
    pub fits_better: Option<(NodeIx, f64)>,
}

/// Two nodes: parts of one node, or any two.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The nearest node that holds both (or is one of them).
    pub parent: NodeIx,
    /// The earlier one.
    pub one: NodeIx,
    /// The later one.
    pub other: NodeIx,
    /// How they go together.
    pub correlation: Correlation,
}

/// The parts of a node together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The node.
    pub node: NodeIx,
    /// Its parts that count.
    pub parts: Vec<NodeIx>,
    /// Cronbach's alpha of its parts.
    pub alpha: Option<Alpha>,
    /// Principal components of its parts.
    pub components: Option<Components>,
    /// What each part is worth in the node's score, and what its weight says.
    pub importance: Vec<Importance>,
}

/// Looks at one period, under assumptions that are made for the framework.
pub fn coherence(
    framework: &Framework,
    assumptions: &Assumptions,
    responses: &Responses,
    period: usize,
) -> Coherence {
    let plan = Plan::compile(framework, assumptions);
    let look = statistics::Look::at(&plan, responses, period);
    let scores = plan.score(responses);
    let table = Table::of(framework, assumptions, &scores, period);
    let links = table.links();
    let pairs = table.pairs();
    let nodes = table.groups();
    let indicators = look.describe(framework);
    let agreement = agreement::agreements(framework, &look);
    let findings = findings::findings(&indicators, &links, &pairs, &nodes, &agreement);
    Coherence {
        units: table.rows.len(),
        indicators,
        links,
        pairs,
        nodes,
        agreement,
        findings,
    }
}

/// How every two nodes that count go together, in framework order, with the nearest node that holds both; not part of
/// [`coherence`], because there are many.
pub fn matrix(
    framework: &Framework,
    assumptions: &Assumptions,
    responses: &Responses,
    period: usize,
) -> Vec<Pair> {
    let scores = Plan::compile(framework, assumptions).score(responses);
    Table::of(framework, assumptions, &scores, period).matrix()
}

/// The scores of one period.
struct Table<'a> {
    framework: &'a Framework,
    assumptions: &'a Assumptions,
    rows: Vec<usize>,
    /// By node.
    columns: Vec<Vec<Option<f64>>>,
}

impl<'a> Table<'a> {
    fn of(
        framework: &'a Framework,
        assumptions: &'a Assumptions,
        scores: &ScoreTable,
        period: usize,
    ) -> Self {
        let rows: Vec<usize> = (0..scores.observations.len())
            .filter(|row| scores.observations[*row].period == period)
            .collect();
        let column =
            |node: &crate::scoring::NodeColumn| rows.iter().map(|row| node.score[*row]).collect();
        Self {
            framework,
            assumptions,
            columns: scores.nodes.iter().map(column).collect(),
            rows,
        }
    }

    fn column(&self, node: NodeIx) -> &[Option<f64>] {
        &self.columns[node.0]
    }

    fn parts(&self, node: NodeIx) -> Vec<NodeIx> {
        let children = self.framework.node(node).children().iter().copied();
        children
            .filter(|child| self.assumptions.counts(*child))
            .collect()
    }

    fn correlation(&self, a: NodeIx, b: NodeIx) -> Correlation {
        Correlation::of(self.column(a), self.column(b))
    }

    fn links(&self) -> Vec<Link> {
        let counting = self
            .framework
            .walk()
            .filter(|(ix, _)| self.assumptions.counts(*ix));
        let link = |(node, facts): (NodeIx, &crate::framework::Node)| {
            // What is its parent's only part is its parent.
            let parent = facts
                .parent
                .filter(|parent| self.parts(*parent).len() > 1)?;
            let with_parent = self.correlation(node, parent);
            Some(Link {
                node,
                parent,
                with_index: self.correlation(node, Framework::INDEX),
                fits_better: self.better_home(node, parent, with_parent.pearson),
                with_parent,
            })
        };
        counting.filter_map(link).collect()
    }

    /// The sibling of a node's parent with which the node goes better than with its parent.
    fn better_home(&self, node: NodeIx, parent: NodeIx, own: Option<f64>) -> Option<(NodeIx, f64)> {
        let grandparent = self.framework.node(parent).parent?;
        let homes = self
            .parts(grandparent)
            .into_iter()
            .filter(|home| *home != parent && self.framework.node(*home).indicator().is_none());
        homes
            .filter_map(|home| Some((home, pearson(self.column(node), self.column(home))?)))
            .filter(|(_, found)| own.is_some_and(|own| *found > own))
            .max_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn pairs(&self) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (parent, _) in self.framework.walk() {
            let parts = self.parts(parent);
            for (at, one) in parts.iter().enumerate() {
                for other in &parts[at + 1..] {
                    pairs.push(Pair {
                        parent,
                        one: *one,
                        other: *other,
                        correlation: self.correlation(*one, *other),
                    });
                }
            }
        }
        pairs
    }

    fn matrix(&self) -> Vec<Pair> {
        let counting = self.framework.walk().map(|(node, _)| node);
        let nodes: Vec<NodeIx> = counting
            .filter(|node| *node == Framework::INDEX || self.assumptions.counts(*node))
            .collect();
        let rows: Vec<Vec<Pair>> = (0..nodes.len())
            .into_par_iter()
            .map(|at| {
                let others = nodes[at + 1..].iter();
                let pair = |other: &NodeIx| Pair {
                    parent: self.holding_both(nodes[at], *other),
                    one: nodes[at],
                    other: *other,
                    correlation: self.correlation(nodes[at], *other),
                };
                others.map(pair).collect()
            })
            .collect();
        rows.into_iter().flatten().collect()
    }

    /// The nearest node that holds both or is one of them.
    fn holding_both(&self, one: NodeIx, other: NodeIx) -> NodeIx {
        let up = |node: &NodeIx| self.framework.node(*node).parent;
        let above: Vec<NodeIx> = std::iter::successors(Some(one), up).collect();
        std::iter::successors(Some(other), up)
            .find(|node| above.contains(node))
            .unwrap_or(Framework::INDEX)
    }

    fn groups(&self) -> Vec<Group> {
        let several = self.framework.walk().filter_map(|(node, _)| {
            let parts = self.parts(node);
            (parts.len() > 1).then_some((node, parts))
        });
        let group = |(node, parts): (NodeIx, Vec<NodeIx>)| {
            let columns: Vec<&[Option<f64>]> =
                parts.iter().map(|part| self.column(*part)).collect();
            let total: f64 = parts
                .iter()
                .map(|part| self.assumptions.weights[part.0])
                .sum();
            let importance = parts.iter().map(|part| {
                let weight = self.assumptions.weights[part.0] / total;
                Importance::of(*part, weight, self.column(*part), self.column(node))
            });
            Group {
                node,
                alpha: alpha(&columns),
                components: components(&columns),
                importance: importance::in_shares(importance.collect()),
                parts,
            }
        };
        several.map(group).collect()
    }
}
