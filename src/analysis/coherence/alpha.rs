//! Cronbach's alpha: whether parts of a score go together as items of one scale do (Cronbach 1951).

use super::correlation::{both, covariance, linear};

/// Alpha of some columns, over the units that each pair of them has.
#[derive(Clone, Debug, PartialEq)]
pub struct Alpha {
    /// Of the scores: k² · (mean covariance of two) ÷ (sum of all covariances).
    pub raw: f64,
    /// Of the standardised scores: k·r̄ ÷ (1 + (k − 1)·r̄).
    pub standardised: f64,
    /// The raw one without each column in turn; `None` where fewer than two are left.
    pub without: Vec<Option<f64>>,
}

/// Alpha of at least two columns that vary; none otherwise.
pub fn alpha(columns: &[&[Option<f64>]]) -> Option<Alpha> {
    let count = columns.len();
    if count < 2 {
        return None;
    }
    let mut covariances = vec![vec![0.0; count]; count];
    let mut correlations = 0.0;
    for a in 0..count {
        for b in a..count {
            let (x, y) = both(columns[a], columns[b]);
            covariances[a][b] = covariance(&x, &y)?;
            covariances[b][a] = covariances[a][b];
            if a != b {
                correlations += linear(&x, &y)?;
            }
        }
    }
    let mean = correlations / (count * (count - 1) / 2) as f64;
    let all: Vec<usize> = (0..count).collect();
    let without = |left_out: &usize| {
        let kept: Vec<usize> = all.iter().copied().filter(|at| at != left_out).collect();
        raw(&covariances, &kept)
    };
    Some(Alpha {
        raw: raw(&covariances, &all)?,
        standardised: count as f64 * mean / (1.0 + (count - 1) as f64 * mean),
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
        assert!((found.standardised - 6.0 / 7.0).abs() < 1e-15);
        // Without the third: 4 · 2 ÷ (5 + 4) = 8/9.
        let without = found.without[2].expect("two are left");
        assert!((without - 8.0 / 9.0).abs() < 1e-15);
        assert_eq!(alpha(&columns[..1]), None);
    }
}
