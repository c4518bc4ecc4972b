//! Correlations of two columns over the units that have both.

use std::cmp::Ordering;

use crate::scoring::reduction;

/// How two columns go together. `None` for fewer than three pairs, or where one of them does not vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// Over so many units.
    pub count: usize,
    /// Along a straight line.
    pub pearson: Option<f64>,
    /// Of the ranks, ties sharing their mean.
    pub spearman: Option<f64>,
    /// Kendall's tau-b: concordant less discordant pairs, ties taken off.
    pub kendall: Option<f64>,
}

impl Correlation {
    pub(super) fn of(a: &[Option<f64>], b: &[Option<f64>]) -> Self {
        let (x, y) = both(a, b);
        Self {
            count: x.len(),
            pearson: linear(&x, &y),
            spearman: linear(&ranks(&x), &ranks(&y)),
            kendall: tau_b(&x, &y),
        }
    }
}

/// Pearson's correlation.
pub fn pearson(a: &[Option<f64>], b: &[Option<f64>]) -> Option<f64> {
    let (x, y) = both(a, b);
    linear(&x, &y)
}

/// Spearman's rank correlation.
pub fn spearman(a: &[Option<f64>], b: &[Option<f64>]) -> Option<f64> {
    let (x, y) = both(a, b);
    linear(&ranks(&x), &ranks(&y))
}

/// Kendall's tau-b.
pub fn kendall(a: &[Option<f64>], b: &[Option<f64>]) -> Option<f64> {
    let (x, y) = both(a, b);
    tau_b(&x, &y)
}

/// Values of the rows that have both.
pub(super) fn both(a: &[Option<f64>], b: &[Option<f64>]) -> (Vec<f64>, Vec<f64>) {
    a.iter()
        .zip(b)
        .filter_map(|(a, b)| Some(((*a)?, (*b)?)))
        .unzip()
}

/// Σ (x − x̄)(y − ȳ) ÷ (n − 1); none for fewer than two pairs.
pub(super) fn covariance(x: &[f64], y: &[f64]) -> Option<f64> {
    let count = x.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / count, y.iter().sum::<f64>() / count);
    let products = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y));
    (x.len() > 1).then(|| products.sum::<f64>() / (count - 1.0))
}

/// The fewest pairs of which a correlation is made.
pub(super) const FEWEST: usize = 3;

pub(super) fn linear(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() < FEWEST || is_constant(x) || is_constant(y) {
        return None;
    }
    let (x, y) = (&reduced(x), &reduced(y));
    let r = covariance(x, y)? / (covariance(x, x)? * covariance(y, y)?).sqrt();
    r.is_finite().then(|| r.clamp(-1.0, 1.0))
}

/// Immense values smaller by one power of two, so that their squares are numbers, too.
pub(super) fn reduced(x: &[f64]) -> Vec<f64> {
    let by = reduction(x.iter().fold(0.0, |largest, x| x.abs().max(largest)));
    x.iter().map(|x| x * by).collect()
}

pub(super) fn is_constant(x: &[f64]) -> bool {
    x.iter().all(|value| value.total_cmp(&x[0]).is_eq())
}

/// Ascending ranks, ties sharing their mean.
fn ranks(x: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let mut ranks = vec![0.0; x.len()];
    let mut before = 0;
    for tied in order.chunk_by(|a, b| x[*a].total_cmp(&x[*b]).is_eq()) {
        for at in tied {
            ranks[*at] = before as f64 + (tied.len() + 1) as f64 / 2.0;
        }
        before += tied.len();
    }
    ranks
}

/// Tau-b by sorting (Knight 1966): discordant pairs are the exchanges that sorting by y takes after sorting by x.
fn tau_b(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.len() < FEWEST {
        return None;
    }
    let mut pairs: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let same = |a: f64, b: f64| a.total_cmp(&b).is_eq();
    let tied = |runs: &mut dyn Iterator<Item = usize>| -> u64 { runs.map(pairs_of).sum() };
    let tied_x = tied(&mut pairs.chunk_by(|a, b| same(a.0, b.0)).map(<[_]>::len));
    let tied_both = tied(
        &mut pairs
            .chunk_by(|a, b| same(a.0, b.0) && same(a.1, b.1))
            .map(<[_]>::len),
    );
    let mut second: Vec<f64> = pairs.iter().map(|pair| pair.1).collect();
    let discordant = sort_counting(&mut second);
    let tied_y = tied(&mut second.chunk_by(|a, b| same(*a, *b)).map(<[_]>::len));
    let all = pairs_of(x.len());
    let concordant = all + tied_both - tied_x - tied_y - discordant;
    let root = ((all - tied_x) as f64 * (all - tied_y) as f64).sqrt();
    let tau = (concordant as f64 - discordant as f64) / root;
    (root > 0.0).then(|| tau.clamp(-1.0, 1.0))
}

fn pairs_of(count: usize) -> u64 {
    let count = count as u64;
    count * count.saturating_sub(1) / 2
}

/// Sorts by merging, and counts how many pairs stood the other way round.
fn sort_counting(values: &mut [f64]) -> u64 {
    if values.len() < 2 {
        return 0;
    }
    let (low, high) = values.split_at_mut(values.len() / 2);
    let mut exchanges = sort_counting(low) + sort_counting(high);
    let (low, high) = (low.to_vec(), high.to_vec());
    let (mut from_low, mut from_high) = (0, 0);
    for value in values.iter_mut() {
        let take_high = match (low.get(from_low), high.get(from_high)) {
            (Some(a), Some(b)) => b.total_cmp(a) == Ordering::Less,
            (None, _) => true,
            (Some(_), None) => false,
        };
        if take_high {
            *value = high[from_high];
            from_high += 1;
            exchanges += (low.len() - from_low) as u64;
        } else {
            *value = low[from_low];
            from_low += 1;
        }
    }
    exchanges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn correlations_are_those_of_the_textbook() {
        let (x, y) = (
            some(&[1.0, 2.0, 3.0, 4.0, 5.0]),
            some(&[2.0, 1.0, 4.0, 3.0, 5.0]),
        );
        // Σ dx·dy = 8, Σ dx² = Σ dy² = 10; two of ten pairs are discordant.
        let near = |found: Option<f64>, expected: f64| {
            let found = found.expect("both vary");
            assert!(
                (found - expected).abs() < 1e-15,
                "{found} is not {expected}"
            );
        };
        near(pearson(&x, &y), 0.8);
        near(spearman(&x, &y), 0.8);
        near(kendall(&x, &y), 0.6);
        // With a tie in y: ranks 1.5, 1.5, 3, 4; five concordant pairs, none discordant, √(6 · 5).
        let (x, y) = (some(&[1.0, 2.0, 3.0, 4.0]), some(&[1.0, 1.0, 2.0, 3.0]));
        near(kendall(&x, &y), 5.0 / 30f64.sqrt());
        near(spearman(&x, &y), 4.5 / 22.5f64.sqrt());
    }

    #[test]
    fn only_units_with_both_count_and_what_does_not_vary_goes_with_nothing() {
        let x = [Some(1.0), None, Some(2.0), Some(3.0), Some(9.0)];
        let y = [Some(2.0), Some(7.0), Some(4.0), Some(6.0), None];
        let found = Correlation::of(&x, &y);
        assert_eq!(found.count, 3);
        assert!((found.pearson.expect("both vary") - 1.0).abs() < 1e-15);
        assert_eq!(pearson(&x, &[Some(1.0); 5]), None);
        assert_eq!(kendall(&x, &[Some(1.0); 5]), None);
        assert_eq!(pearson(&x[..2], &y[..2]), None);
    }
}
