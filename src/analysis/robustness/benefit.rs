//! Benefit of the doubt: every unit under the weights that favour it most.
//!
//! Per unit the weights that make its score largest, such that no unit scores above 1 under them (Melyn and Moesen 1991;
//! Cherchye et al., "An introduction to benefit of the doubt composite indicators", Soc. Indic. Res. 82, 2007). What each
//! part contributes is kept near the framework's share, so that nobody shines by its one good part.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::framework::{Framework, NodeIx};
use crate::scoring::{Assumptions, ScoreTable};

use super::simplex::maximise;

/// Scores under the most favourable weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Benefit {
    /// The parts whose weights are free: those of the index that count.
    pub parts: Vec<NodeIx>,
    /// Least and largest share of a unit's score that each of them may stand for.
    pub shares: Vec<(f64, f64)>,
    /// The ranked units of the period, in nominal order.
    pub units: Vec<Favoured>,
}

/// A unit under its most favourable weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Favoured {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its nominal rank.
    pub rank: f64,
    /// Its score, 1 where no unit is better under these weights; `None` where a part has no score or one below zero.
    pub score: Option<f64>,
    /// What each part stands for in it; empty without a score.
    pub shares: Vec<f64>,
}

/// Scores every ranked unit of a period under its most favourable weights; each part's share of the score stays between
/// 1 − `bound` and 1 + `bound` times its share of the index's weights (a part without points stands for none).
pub fn benefit(
    framework: &Framework,
    assumptions: &Assumptions,
    scores: &ScoreTable,
    period: usize,
    bound: f64,
) -> Benefit {
    let children = framework.node(Framework::INDEX).children().iter().copied();
    let parts: Vec<NodeIx> = children.filter(|part| assumptions.counts(*part)).collect();
    let total: f64 = parts.iter().map(|part| assumptions.weights[part.0]).sum();
    let shares: Vec<(f64, f64)> = parts
        .iter()
        .map(|part| {
            let share = assumptions.weights[part.0] / total;
            let (low, high) = (share * (1.0 - bound), share * (1.0 + bound));
            (low.max(0.0), high.min(1.0))
        })
        .collect();
    let index = &scores.nodes[Framework::INDEX.0];
    let mut rows: Vec<(usize, f64)> = (0..scores.observations.len())
        .filter(|row| scores.observations[*row].period == period)
        .filter_map(|row| Some((row, index.rank[row]?)))
        .collect();
    rows.sort_by(|a, b| a.1.total_cmp(&b.1));
    let values = |row: usize| -> Option<Vec<f64>> {
        let value = |part: &NodeIx| scores.nodes[part.0].score[row].filter(|x| *x >= 0.0);
        parts.iter().map(value).collect()
    };
    let known: Vec<Vec<f64>> = rows.iter().filter_map(|(row, _)| values(*row)).collect();
    let favoured = |(row, rank): (usize, f64)| {
        let found = values(row).and_then(|own| favour(&own, &known, &shares));
        let (score, shares) =
            found.map_or((None, Vec::new()), |(score, shares)| (Some(score), shares));
        Favoured {
            id: scores.observations[row].unit.to_string(),
            name: scores.observations[row].name.to_string(),
            rank,
            score,
            shares,
        }
    };
    Benefit {
        units: rows.into_par_iter().map(favoured).collect(),
        parts,
        shares,
    }
}

/// The largest score of a unit with these values, and what each part stands for in it.
fn favour(own: &[f64], all: &[Vec<f64>], shares: &[(f64, f64)]) -> Option<(f64, Vec<f64>)> {
    // In terms of what each part contributes to the unit's own score; parts without points contribute nothing.
    let with_points: Vec<usize> = (0..own.len()).filter(|part| own[*part] > 0.0).collect();
    if with_points.is_empty() {
        return Some((0.0, vec![0.0; own.len()]));
    }
    let mut rows: Vec<(Vec<f64>, f64)> = all
        .iter()
        .map(|other| {
            let ratios = with_points.iter().map(|part| other[*part] / own[*part]);
            (ratios.collect(), 1.0)
        })
        .collect();
    for (at, part) in with_points.iter().enumerate() {
        let (low, high) = shares[*part];
        let share_of = |share: f64, sign: f64| {
            let coefficient = |other: usize| sign * (f64::from(u8::from(other == at)) - share);
            (0..with_points.len()).map(coefficient).collect()
        };
        rows.push((share_of(low, -1.0), 0.0));
        // Where parts have no points the others must stand for more than they may.
        if with_points.len() == own.len() {
            rows.push((share_of(high, 1.0), 0.0));
        }
    }
    let (score, contributions) = maximise(&vec![1.0; with_points.len()], &rows)?;
    let mut found = vec![0.0; own.len()];
    for (at, part) in with_points.iter().enumerate() {
        found[*part] = if score > 0.0 {
            contributions[at] / score
        } else {
            0.0
        };
    }
    Some((score, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_unit_gets_the_weights_that_favour_it() {
        let all = vec![vec![1.0, 0.5], vec![0.5, 1.0], vec![0.5, 0.5]];
        let free = [(0.0, 1.0), (0.0, 1.0)];
        let score = |unit: usize, shares: &[(f64, f64)]| {
            favour(&all[unit], &all, shares)
                .expect("it has a solution")
                .0
        };
        assert!((score(0, &free) - 1.0).abs() < 1e-12);
        assert!((score(1, &free) - 1.0).abs() < 1e-12);
        // Weights of 2/3 each: 2/3 · (1/2 + 1/2), and both leaders are at 1.
        assert!((score(2, &free) - 2.0 / 3.0).abs() < 1e-12);
        // Both parts must stand for half: w = (s/2, s) for the first unit, so that the second has 5/4 s = 1.
        let equal = [(0.5, 0.5), (0.5, 0.5)];
        assert!((score(0, &equal) - 0.8).abs() < 1e-12);
        assert!((score(2, &equal) - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn a_part_without_points_stands_for_none() {
        let all = vec![vec![0.0, 0.6], vec![0.5, 1.0]];
        let shares = [(0.25, 0.75), (0.25, 0.75)];
        let (score, stands_for) = favour(&all[0], &all, &shares).expect("it has a solution");
        assert!((score - 0.6).abs() < 1e-12, "{score}");
        assert_eq!(stands_for, [0.0, 1.0]);
        let (none, _) = favour(&[0.0, 0.0], &all, &shares).expect("it has a solution");
        assert!(none.abs() < 1e-15);
    }
}
