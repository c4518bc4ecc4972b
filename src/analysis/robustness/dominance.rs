//! Dominance: which units stay before which others, whatever the weights.
//!
//! For every pair the smallest difference of their scores is sought over all weights that are allowed. For weighted means
//! that is a linear(-fractional) program over a box whose solution can be written down: parts in which the pair differs
//! least get the largest weights allowed, the others the smallest. Weights of different siblings move independently, so
//! that the tree is solved from the leaves up.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::framework::{Aggregate, Better, Framework, MissingPart, NodeIx, RoundAt, TOLERANCE};
use crate::scoring::{Assumptions, ScoreTable};

/// How far weights may move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Freedom {
    /// Any weights that are not negative.
    Any,
    /// Each between 1 − f and 1 + f times its own, f from 0 to 1.
    Within(f64),
}

/// Which units stay before which others.
#[derive(Clone, Debug, PartialEq)]
pub struct Dominance {
    /// How far weights may move.
    pub freedom: Freedom,
    /// Whether every pair was settled exactly; otherwise some pairs may be decided without being found.
    pub exact: bool,
    /// How many pairs of ranked units there are.
    pub pairs: usize,
    /// In how many of them one is at least as good as the other whatever the weights, and not always equal.
    pub decided: usize,
    /// The ranked units of the period, in nominal order.
    pub units: Vec<Standing>,
}

/// What a unit's place can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its nominal rank.
    pub rank: f64,
    /// The best rank that it could have: behind those that are always better only.
    pub best: usize,
    /// The worst rank that it could have.
    pub worst: usize,
    /// Positions of the units that it stays before.
    pub before: Vec<usize>,
}

/// Compares every pair of ranked units of a period.
pub fn dominance(
    framework: &Framework,
    assumptions: &Assumptions,
    scores: &ScoreTable,
    period: usize,
    freedom: Freedom,
) -> Dominance {
    let index = &scores.nodes[Framework::INDEX.0];
    let mut rows: Vec<(usize, f64)> = (0..scores.observations.len())
        .filter(|row| scores.observations[*row].period == period)
        .filter_map(|row| Some((row, index.rank[row]?)))
        .collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let tree = Tree {
        framework,
        assumptions,
        scores,
        freedom,
    };
    let count = rows.len();
    let least: Vec<Vec<Difference>> = (0..count)
        .into_par_iter()
        .map(|a| {
            let against = |b: usize| tree.least(Framework::INDEX, rows[a].0, rows[b].0);
            (0..count).map(against).collect()
        })
        .collect();
    // At least as good whatever the weights; always better.
    let never_behind = |a: usize, b: usize| a != b && least[a][b].value >= -TOLERANCE;
    let always_ahead = |a: usize, b: usize| a != b && least[a][b].value > TOLERANCE;
    let units: Vec<Standing> = rows
        .iter()
        .enumerate()
        .map(|(a, (row, rank))| {
            let others = || 0..count;
            Standing {
                id: scores.observations[*row].unit.to_string(),
                name: scores.observations[*row].name.to_string(),
                rank: *rank,
                best: 1 + others().filter(|b| always_ahead(*b, a)).count(),
                worst: count - others().filter(|b| never_behind(a, *b)).count(),
                before: others()
                    .filter(|b| never_behind(a, *b) && !never_behind(*b, a))
                    .collect(),
            }
        })
        .collect();
    Dominance {
        freedom,
        exact: least.iter().flatten().all(|difference| difference.exact),
        pairs: count * count.saturating_sub(1) / 2,
        decided: units.iter().map(|unit| unit.before.len()).sum(),
        units,
    }
}

/// The smallest difference that was found, and whether a smaller one is ruled out by more than caution.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Difference {
    value: f64,
    exact: bool,
}

struct Tree<'t> {
    framework: &'t Framework,
    assumptions: &'t Assumptions,
    scores: &'t ScoreTable,
    freedom: Freedom,
}

impl Tree<'_> {
    /// The smallest difference between the scores that two observations have at a node: positive where the first stays
    /// ahead.
    fn least(&self, node: NodeIx, a: usize, b: usize) -> Difference {
        let Some(parts) = self.parts(node) else {
            let value = match (self.score(node, a), self.score(node, b)) {
                (Some(a), Some(b)) => self.ahead(a, b),
                _ => f64::NEG_INFINITY,
            };
            return Difference { value, exact: true };
        };
        let present = |row: usize| {
            parts
                .iter()
                .map(move |part| self.score_in(node, *part, row).is_some())
        };
        if !present(a).eq(present(b)) {
            return self.apart(node, a, b);
        }
        let differences: Vec<(Difference, f64)> = parts
            .iter()
            .filter(|part| self.score_in(node, **part, a).is_some())
            .map(|part| {
                (
                    self.part_least(node, *part, a, b),
                    self.assumptions.weights[part.0],
                )
            })
            .collect();
        let exact = differences.iter().all(|(difference, _)| difference.exact);
        let cells: Vec<(f64, f64)> = differences
            .iter()
            .map(|(difference, weight)| (difference.value, *weight))
            .collect();
        if self.assumptions.aggregate[node.0] == Aggregate::Mean {
            let value = lowest_mean(&cells, self.freedom).unwrap_or(f64::NEG_INFINITY);
            return Difference { value, exact };
        }
        let cautious = self.apart(node, a, b);
        // Every aggregation rises with its parts.
        let floor = cells
            .iter()
            .map(|(value, _)| *value)
            .fold(f64::INFINITY, f64::min);
        if floor >= 0.0 && !cells.is_empty() {
            Difference {
                value: cautious.value.max(0.0),
                exact: false,
            }
        } else {
            cautious
        }
    }

    /// The first's lowest score less the second's highest: caution where the weights do not act on both alike.
    fn apart(&self, node: NodeIx, a: usize, b: usize) -> Difference {
        let value = match (self.range(node, a), self.range(node, b)) {
            (Some((a_low, a_high)), Some((b_low, b_high))) => match self.framework.better {
                Better::Higher => a_low - b_high,
                Better::Lower => b_low - a_high,
            },
            _ => f64::NEG_INFINITY,
        };
        Difference {
            value,
            exact: false,
        }
    }

    fn part_least(&self, node: NodeIx, part: NodeIx, a: usize, b: usize) -> Difference {
        if self.score(part, a).is_some() && self.score(part, b).is_some() {
            return self.least(part, a, b);
        }
        let value = match (self.range_in(node, part, a), self.range_in(node, part, b)) {
            (Some((a_low, a_high)), Some((b_low, b_high))) => match self.framework.better {
                Better::Higher => a_low - b_high,
                Better::Lower => b_low - a_high,
            },
            _ => f64::NEG_INFINITY,
        };
        Difference { value, exact: true }
    }

    /// Between which scores an observation stays at a node.
    fn range(&self, node: NodeIx, row: usize) -> Option<(f64, f64)> {
        let score = self.score(node, row)?;
        let Some(parts) = self.parts(node) else {
            return Some((score, score));
        };
        let cells: Vec<((f64, f64), f64)> = parts
            .iter()
            .filter_map(|part| {
                let range = self.range_in(node, *part, row)?;
                Some((range, self.assumptions.weights[part.0]))
            })
            .collect();
        let lows: Vec<(f64, f64)> = cells
            .iter()
            .map(|((low, _), weight)| (*low, *weight))
            .collect();
        let highs: Vec<(f64, f64)> = cells
            .iter()
            .map(|((_, high), weight)| (-*high, *weight))
            .collect();
        if self.assumptions.aggregate[node.0] == Aggregate::Mean {
            let low = lowest_mean(&lows, self.freedom)?;
            return Some((low, -lowest_mean(&highs, self.freedom)?));
        }
        // Means of any kind stay between their parts; a floor under zeros may lie above them.
        let low = lows.iter().map(|(low, _)| *low).fold(score, f64::min);
        let high = highs.iter().map(|(high, _)| -*high).fold(score, f64::max);
        Some((low, high))
    }

    fn range_in(&self, node: NodeIx, part: NodeIx, row: usize) -> Option<(f64, f64)> {
        self.range(part, row).or_else(|| {
            let stands_in = self.score_in(node, part, row)?;
            Some((stands_in, stands_in))
        })
    }

    /// The parts of a node whose weights may move; none for indicators, and for nodes whose scores do not follow from
    /// those of their parts alone.
    fn parts(&self, node: NodeIx) -> Option<Vec<NodeIx>> {
        let facts = self.framework.node(node);
        let rounded = facts.rounding.is_some() || self.framework.rounding.at == RoundAt::EveryTier;
        let scaled = self.assumptions.normalise[node.0].is_some();
        let kind = self.assumptions.aggregate[node.0].lies_among_parts();
        let moves =
            facts.indicator().is_none() && facts.cap.is_none() && !rounded && !scaled && kind;
        let counting = facts.children().iter().copied();
        moves.then(|| {
            counting
                .filter(|part| self.assumptions.counts(*part))
                .collect()
        })
    }

    fn score(&self, node: NodeIx, row: usize) -> Option<f64> {
        self.scores.nodes[node.0].score[row]
    }

    /// A part's score as its node counts it.
    fn score_in(&self, node: NodeIx, part: NodeIx, row: usize) -> Option<f64> {
        let column = &self.scores.nodes[part.0];
        column.score[row].or_else(|| {
            column.coverage[row]?;
            match self.assumptions.missing[node.0] {
                MissingPart::Renormalise | MissingPart::NoScore => None,
                MissingPart::Zero => Some(0.0),
                MissingPart::Constant(share) => Some(share),
                MissingPart::Lowest => column.low[row],
            }
        })
    }

    fn ahead(&self, a: f64, b: f64) -> f64 {
        match self.framework.better {
            Better::Higher => a - b,
            Better::Lower => b - a,
        }
    }
}

/// The smallest Σ w·x ÷ Σ w of values with their own weights, over all weights that are allowed.
fn lowest_mean(cells: &[(f64, f64)], freedom: Freedom) -> Option<f64> {
    let mut cells = cells.to_vec();
    cells.sort_by(|a, b| a.0.total_cmp(&b.0));
    let lowest = cells.first()?.0;
    let Freedom::Within(factor) = freedom else {
        return Some(lowest);
    };
    let factor = factor.clamp(0.0, 1.0);
    // The weights of the lowest values go up, those of the others down; where to part them is tried.
    let mean = |up: usize| {
        let weight = |at: usize| cells[at].1 * if at < up { 1.0 + factor } else { 1.0 - factor };
        let sum: f64 = (0..cells.len()).map(|at| weight(at) * cells[at].0).sum();
        sum / (0..cells.len()).map(weight).sum::<f64>()
    };
    (1..=cells.len())
        .map(mean)
        .filter(|mean| !mean.is_nan())
        .min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_mean_shifts_weight_to_the_lowest_values() {
        let cells = [(0.9, 1.0), (0.1, 1.0), (0.5, 2.0)];
        assert_eq!(lowest_mean(&cells, Freedom::Any), Some(0.1));
        assert_eq!(lowest_mean(&cells, Freedom::Within(0.0)), Some(0.5));
        // 0.1 at 1.5, 0.5 and 0.9 at half: (0.15 + 0.5 + 0.45) ÷ 3 = 1.1 ÷ 3; with 0.5 at 3 too: 2.1 ÷ 5 is more.
        let half = lowest_mean(&cells, Freedom::Within(0.5)).expect("there are values");
        assert!((half - 1.1 / 3.0).abs() < 1e-15, "{half}");
        assert_eq!(lowest_mean(&[], Freedom::Any), None);
    }
}
