//! What a part is really worth in a score: how much of the score's variance goes with it.
//!
//! The squared correlation ratio V(E[y|x]) ÷ V(y) (Pearson 1905; Paruolo, Saisana and Saltelli, "Ratings and rankings:
//! voodoo or science?", J. R. Stat. Soc. A 176, 2013), E[y|x] by local straight lines whose reach is chosen by leaving each
//! unit out.

use crate::framework::NodeIx;

use super::correlation::{both, linear, reduced};

/// What a part is worth in its parent's score.
#[derive(Clone, Debug, PartialEq)]
pub struct Importance {
    /// The part.
    pub node: NodeIx,
    /// Its share of the weights.
    pub weight: f64,
    /// Squared linear correlation with the parent's score.
    pub linear: Option<f64>,
    /// Squared correlation ratio.
    pub ratio: Option<f64>,
    /// The ratio's share of the sum over all parts; to be held against the weight.
    pub share: Option<f64>,
}

impl Importance {
    pub(super) fn of(
        node: NodeIx,
        weight: f64,
        part: &[Option<f64>],
        parent: &[Option<f64>],
    ) -> Self {
        let (x, y) = both(part, parent);
        Self {
            node,
            weight,
            linear: linear(&x, &y).map(|r| r * r),
            ratio: ratio(&x, &y),
            share: None,
        }
    }
}

/// Fills in the shares.
pub(super) fn in_shares(mut parts: Vec<Importance>) -> Vec<Importance> {
    let total: f64 = parts.iter().filter_map(|part| part.ratio).sum();
    for part in &mut parts {
        part.share = part
            .ratio
            .filter(|_| total > 0.0)
            .map(|ratio| ratio / total);
    }
    parts
}

/// The squared correlation ratio of y on x over the rows that have both.
pub fn correlation_ratio(x: &[Option<f64>], y: &[Option<f64>]) -> Option<f64> {
    let (x, y) = both(x, y);
    ratio(&x, &y)
}

/// More units than this are joined into so many groups of neighbours first.
const MOST_UNITS: usize = 500;

fn ratio(x: &[f64], y: &[f64]) -> Option<f64> {
    let straight = linear(x, y)?;
    let (x, y, weights) = joined(&reduced(x), &reduced(y));
    let smooth = smoothest(&x, &y, &weights);
    let total: f64 = weights.iter().sum();
    let mean =
        |values: &[f64]| values.iter().zip(&weights).map(|(v, w)| v * w).sum::<f64>() / total;
    let squares = |values: &[f64]| {
        let mean = mean(values);
        values
            .iter()
            .zip(&weights)
            .map(|(v, w)| w * (v - mean) * (v - mean))
            .sum::<f64>()
    };
    let of_y = squares(&y);
    let found = smooth.map_or(straight * straight, |smooth| squares(&smooth) / of_y);
    found.is_finite().then(|| found.clamp(0.0, 1.0))
}

/// Sorted by x; of many units, groups of neighbours with their means and how many they are.
fn joined(x: &[f64], y: &[f64]) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]).then(y[*a].total_cmp(&y[*b])));
    let size = x.len().div_ceil(MOST_UNITS).max(1);
    let mean = |group: &[usize], of: &[f64]| {
        group.iter().map(|at| of[*at]).sum::<f64>() / group.len() as f64
    };
    let groups: Vec<&[usize]> = order.chunks(size).collect();
    (
        groups.iter().map(|group| mean(group, x)).collect(),
        groups.iter().map(|group| mean(group, y)).collect(),
        groups.iter().map(|group| group.len() as f64).collect(),
    )
}

/// Reaches that are tried, as shares of the range of x; beyond them a straight line.
const REACHES: [f64; 7] = [0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1.0];

/// The fitted values whose reach predicts left-out units best; `None` where the straight line does.
fn smoothest(x: &[f64], y: &[f64], weights: &[f64]) -> Option<Vec<f64>> {
    let range = x.last()? - x.first()?;
    let (mut best, mut fitted) = (fit(x, y, weights, f64::INFINITY)?.1, None);
    for reach in REACHES {
        if let Some((values, error)) = fit(x, y, weights, reach * range)
            && error < best
        {
            (best, fitted) = (error, Some(values));
        }
    }
    fitted
}

/// Local straight lines with Gaussian weights of this reach: fitted values, and the mean squared error of predicting each
/// unit from the others.
fn fit(x: &[f64], y: &[f64], weights: &[f64], reach: f64) -> Option<(Vec<f64>, f64)> {
    let mut fitted = Vec::with_capacity(x.len());
    let (mut error, mut total) = (0.0, 0.0);
    for (at, own) in x.iter().enumerate() {
        let (mut s0, mut s1, mut s2, mut t0, mut t1) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for ((x, y), weight) in x.iter().zip(y).zip(weights) {
            let d = x - own;
            let near = if reach.is_finite() {
                libm::exp(-0.5 * (d / reach) * (d / reach))
            } else {
                1.0
            };
            let w = weight * near;
            s0 += w;
            s1 += w * d;
            s2 += w * d * d;
            t0 += w * y;
            t1 += w * d * y;
        }
        let determinant = s0 * s2 - s1 * s1;
        // All neighbours at one place: their mean.
        let (value, leverage) = if determinant > 1e-12 * s0 * s2 {
            (
                (s2 * t0 - s1 * t1) / determinant,
                weights[at] * s2 / determinant,
            )
        } else {
            (t0 / s0, weights[at] / s0)
        };
        let residual = (y[at] - value) / (1.0 - leverage);
        if !residual.is_finite() {
            return None;
        }
        error += weights[at] * residual * residual;
        total += weights[at];
        fitted.push(value);
    }
    (total > 0.0).then(|| (fitted, error / total))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(values: impl Iterator<Item = f64>) -> Vec<Option<f64>> {
        values.map(Some).collect()
    }

    #[test]
    fn a_straight_line_explains_as_much_as_its_correlation() {
        let x = some((0..40).map(f64::from));
        let y = some((0..40).map(|n| 2.0 * f64::from(n) + if n % 2 == 0 { 10.0 } else { -10.0 }));
        let r = super::super::pearson(&x, &y).expect("both vary");
        let ratio = correlation_ratio(&x, &y).expect("both vary");
        assert!((ratio - r * r).abs() < 0.02, "{ratio} is not {}", r * r);
    }

    #[test]
    fn a_parabola_explains_what_no_line_does() {
        let x = some((-20..=20).map(f64::from));
        let y = some((-20..=20).map(|n| f64::from(n * n)));
        assert!(super::super::pearson(&x, &y).expect("both vary").abs() < 1e-12);
        let ratio = correlation_ratio(&x, &y).expect("both vary");
        assert!(ratio > 0.9, "{ratio}");
    }

    #[test]
    fn what_does_not_vary_is_worth_nothing_that_could_be_told() {
        assert_eq!(
            correlation_ratio(&[Some(1.0); 5], &some((0..5).map(f64::from))),
            None
        );
    }
}
