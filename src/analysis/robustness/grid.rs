//! Quantiles of many values in bounded memory.

use crate::framework::TOLERANCE;

/// Counts of values on a grid that widens when a value lies beyond it. Its size does not depend on how many values are
/// counted; where they spread over a width R its resolution is between R ÷ 4096 and R ÷ 1024. A value that comes again and
/// again, as a score of 0 does, stays what it is where its bin holds no other.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    origin: f64,
    width: f64,
    /// 1 ÷ width, because it is cheaper to multiply.
    bins_a_unit: f64,
    counts: Vec<u32>,
    /// The value that all of a bin have; no number where they differ.
    alike: Vec<f64>,
    count: u64,
    min: f64,
    max: f64,
}

const BINS: usize = 4096;

impl Grid {
    pub(crate) fn new() -> Self {
        Self {
            origin: 0.0,
            width: 0.0,
            bins_a_unit: 0.0,
            counts: Vec::new(),
            alike: Vec::new(),
            count: 0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        }
    }

    /// Counts a finite value.
    pub(crate) fn add(&mut self, value: f64) {
        if self.count == 0 {
            // So narrow that it widens a few times before it is as coarse as most scores spread.
            self.width = value.abs().max(1e-3) * (1.0 / f64::from(1 << 22));
            self.bins_a_unit = 1.0 / self.width;
            self.origin = value - self.width * (BINS / 2) as f64;
            self.counts = vec![0; BINS];
            self.alike = vec![f64::NAN; BINS];
        }
        let bin = loop {
            let bin = (value - self.origin) * self.bins_a_unit;
            if bin < 0.0 {
                self.widen(true);
            } else if bin >= BINS as f64 {
                self.widen(false);
            } else {
                break bin;
            }
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 ≤ bin < BINS
        let bin = bin as usize;
        self.alike[bin] = both((self.counts[bin], self.alike[bin]), (1, value));
        self.counts[bin] += 1;
        self.count += 1;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Makes every bin twice as wide, with the new room below or above.
    fn widen(&mut self, below: bool) {
        let start = if below { BINS / 2 } else { 0 };
        let (mut wider, mut alike) = (vec![0; BINS], vec![f64::NAN; BINS]);
        let values = self.alike.chunks_exact(2);
        for (pair, (counts, values)) in self.counts.chunks_exact(2).zip(values).enumerate() {
            wider[start + pair] = counts[0] + counts[1];
            alike[start + pair] = both((counts[0], values[0]), (counts[1], values[1]));
        }
        if below {
            self.origin -= self.width * BINS as f64;
        }
        self.width *= 2.0;
        self.bins_a_unit *= 0.5;
        (self.counts, self.alike) = (wider, alike);
    }

    /// The quantile at `share`, linear between order statistics (Hyndman and Fan's type 7), each placed within its bin.
    pub(crate) fn quantile(&self, share: f64) -> Option<f64> {
        let last = self.count.checked_sub(1)?;
        let position = share.clamp(0.0, 1.0) * last as f64;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 0 and `last`
        let below = position as u64;
        let (low, high) = (self.nth(below), self.nth((below + 1).min(last)));
        Some(low + (position - below as f64) * (high - low))
    }

    /// The n-th smallest value, up to the resolution.
    fn nth(&self, n: u64) -> f64 {
        let mut before = 0;
        for (bin, count) in self.counts.iter().enumerate() {
            let count = u64::from(*count);
            if before + count > n {
                if !self.alike[bin].is_nan() {
                    return self.alike[bin];
                }
                let within = ((n - before) as f64 + 0.5) / count as f64;
                let value = self.origin + (bin as f64 + within) * self.width;
                return value.clamp(self.min, self.max);
            }
            before += count;
        }
        self.max
    }

    /// How wide a bin is.
    pub(crate) fn resolution(&self) -> f64 {
        self.width
    }
}

/// The value that all of two bins have, from how many each holds and what all of them have.
fn both(first: (u32, f64), second: (u32, f64)) -> f64 {
    match (first, second) {
        ((0, _), (_, value)) | ((_, value), (0, _)) => value,
        ((_, value), (_, other)) if (value - other).abs() <= TOLERANCE => value,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_up_to_the_resolution() {
        let mut grid = Grid::new();
        // 0, 1/1000, … 1, in an order that jumps about.
        for n in 0..=1000_u32 {
            grid.add(f64::from(n * 387 % 1001) / 1000.0);
        }
        assert!(grid.resolution() <= 1.0 / 1024.0, "{}", grid.resolution());
        for share in [0.0, 0.05, 0.333, 0.5, 0.95, 1.0] {
            let found = grid.quantile(share).expect("values were added");
            assert!(
                (found - share).abs() <= grid.resolution(),
                "{share}: {found}"
            );
        }
    }

    #[test]
    fn equal_values_stay_exact() {
        let mut grid = Grid::new();
        for _ in 0..5 {
            grid.add(0.7);
        }
        assert_eq!(grid.quantile(0.05), Some(0.7));
        assert_eq!(grid.quantile(0.95), Some(0.7));
        assert_eq!(Grid::new().quantile(0.5), None);
    }

    /// Nine draws in ten give no score at all, or always the same one.
    #[test]
    fn a_value_that_comes_again_and_again_stays_exact_among_others() {
        for often in [0.0, 0.3, 1.0] {
            let mut grid = Grid::new();
            for n in 0..1000_u32 {
                let other = 0.2 + f64::from(n * 387 % 1001) / 2000.0;
                grid.add(if n % 10 == 5 { other } else { often });
            }
            let quantiles = [0.05, 0.5, 0.95].map(|share| grid.quantile(share));
            assert_eq!(quantiles[1], Some(often));
            match often {
                0.0 => assert_eq!(quantiles[0], Some(0.0)),
                1.0 => assert_eq!(quantiles[2], Some(1.0)),
                _ => {}
            }
        }
    }

    #[test]
    fn any_scale_will_do() {
        let mut grid = Grid::new();
        for value in [1e6, -1e6, 0.0, 5e5, -5e5] {
            grid.add(value);
        }
        let median = grid.quantile(0.5).expect("values were added");
        assert!(median.abs() <= grid.resolution());
        assert!(grid.resolution() <= 2e6 / 1024.0);
    }
}
