//! Cronbach's alpha: whether parts of a score go together as items of one scale do (Cronbach 1951).

use crate::scoring::reduction;

use super::correlation::{FEWEST, both, covariance, is_constant, linear};

/// Alpha of some columns, over the units that each pair of them has.
#[derive(Clone, Debug, PartialEq)]
pub struct Alpha {
    /// Of the scores: k² · (mean covariance of two) ÷ (sum of all covariances).
    pub raw: f64,
    /// Of the standardised scores: k·r̄ ÷ (1 + (k − 1)·r̄); none where one of them does not vary.
    pub standardised: Option<f64>,
    /// The raw one without each column in turn; `None` where fewer than two are left.
    pub without: Vec<Option<f64>>,
}

/// Alpha of at least two columns of which one varies; none otherwise, and where two have fewer than three units in common.
pub fn alpha(columns: &[&[Option<f64>]]) -> Option<Alpha> {
    let count = columns.len();
    if count < 2 {
        return None;
    }
    let given = columns.iter().flat_map(|column| column.iter().flatten());
    let by = reduction(given.fold(0.0, |largest, x| x.abs().max(largest)));
    let reduced = |x: Vec<f64>| -> Vec<f64> { x.into_iter().map(|x| x * by).collect() };
    let mut covariances = vec![vec![0.0; count]; count];
    let mut correlations = Some(0.0);
    for a in 0..count {
        for b in a..count {
            let (x, y) = both(columns[a], columns[b]);
            if x.len() < FEWEST {
                return None;
            }
            let (x, y) = (reduced(x), reduced(y));
            // What does not vary goes with nothing, and must not do so by the last bits of its mean.
            if !is_constant(&x) && !is_constant(&y) {
                covariances[a][b] = covariance(&x, &y)?;
                covariances[b][a] = covariances[a][b];
            }
            if a != b {
                let both = correlations.zip(linear(&x, &y));
                correlations = both.map(|(sum, r)| sum + r);
            }
        }
    }
    let all: Vec<usize> = (0..count).collect();
    let without = |left_out: &usize| {
        let kept: Vec<usize> = all.iter().copied().filter(|at| at != left_out).collect();
        raw(&covariances, &kept)
    };
    let standardised = correlations.map(|correlations| {
        let mean = correlations / (count * (count - 1) / 2) as f64;
        count as f64 * mean / (1.0 + (count - 1) as f64 * mean)
    });
    Some(Alpha {
        raw: raw(&covariances, &all)?,
        standardised: standardised.filter(|alpha| alpha.is_finite()),
        without: all.iter().map(without).collect(),
    })
}

fn raw(covariances: &[Vec<f64>], kept: &[usize]) -> Option<f64> {
    let count = kept.len() as f64;
    let cells = kept.iter().flat_map(|a| kept.iter().map(move |b| (a, b)));
    let (mut all, mut diagonal) = (0.0, 0.0);
    for (a, b) in cells {
        all += covariances[*a][*b];
        diagonal += if a == b { covariances[*a][*b] } else { 0.0 };
    }
    let alpha = count * count * ((all - diagonal) / (count * (count - 1.0))) / all;
    (kept.len() > 1 && alpha.is_finite()).then_some(alpha)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_what_the_formula_says() {
        let columns: [Vec<Option<f64>>; 3] = [
            [1.0, 2.0, 3.0].map(Some).to_vec(),
            [2.0, 4.0, 6.0].map(Some).to_vec(),
            [1.0, 3.0, 2.0].map(Some).to_vec(),
        ];
        let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
        let found = alpha(&columns).expect("they vary");
        // Covariances: variances 1, 4, 1; 2 between the first two, 0.5 and 1 with the third. Σ = 6 + 2 · 3.5 = 13.
        assert!(
            (found.raw - 9.0 * (7.0 / 6.0) / 13.0).abs() < 1e-15,
            "{}",
            found.raw
        );
        // r = 1, 0.5, 0.5: r̄ = 2/3, 3 · 2/3 ÷ (1 + 2 · 2/3) = 6/7.
        let standardised = found.standardised.expect("all vary");
        assert!((standardised - 6.0 / 7.0).abs() < 1e-15);
        // Without the third: 4 · 2 ÷ (5 + 4) = 8/9.
        let without = found.without[2].expect("two are left");
        assert!((without - 8.0 / 9.0).abs() < 1e-15);
        assert_eq!(alpha(&columns[..1]), None);
    }

    #[test]
    fn a_column_that_does_not_vary_only_makes_the_sum_no_larger() {
        let columns: [Vec<Option<f64>>; 3] = [
            [1.0, 2.0, 3.0].map(Some).to_vec(),
            [2.0, 4.0, 6.0].map(Some).to_vec(),
            [0.1; 3].map(Some).to_vec(),
        ];
        let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
        let found = alpha(&columns).expect("two vary");
        // 9 · (2 · 2 ÷ 6) ÷ (1 + 4 + 2 · 2) = 2/3; without it 4 · 2 ÷ 9, and without another nothing goes together.
        assert!((found.raw - 2.0 / 3.0).abs() < 1e-15, "{}", found.raw);
        assert_eq!(found.standardised, None);
        assert!((found.without[2].expect("two are left") - 8.0 / 9.0).abs() < 1e-15);
        assert_eq!(found.without[0], Some(0.0));
        assert_eq!(alpha(&[columns[2], columns[2]]), None);
    }
}
