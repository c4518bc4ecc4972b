//! Statistics of a cohort: whom values are compared with, and what was found there.

use std::sync::Arc;

use crate::framework::{CohortPeriods, Framework};
use crate::responses::Column;

use super::conditions::belongs;
use super::rows::Cases;

/// Who is compared with whom: positions of the cases that are looked at, and of those that are scaled by what is found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comparison {
    /// The period, where the cohort is one.
    pub(crate) period: Option<usize>,
    /// Whose values count.
    pub(crate) cohort: Vec<usize>,
    /// Who is scaled, ascending.
    pub(crate) scaled: Vec<usize>,
}

impl Comparison {
    /// Whether a case is scaled by what is found.
    pub(crate) fn scales(&self, case: usize) -> bool {
        self.scaled.binary_search(&case).is_ok()
    }
}

/// The comparisons that a cohort asks for; every case is scaled in at most one of them. `screened` cases take no part.
pub(crate) fn comparisons(
    framework: &Framework,
    cohort: &crate::framework::Cohort,
    cases: &Cases,
    periods: &[String],
    screened: &[bool],
) -> Vec<Comparison> {
    let here = |case: &usize| !screened[*case];
    let members: Vec<usize> = (0..cases.len())
        .filter(here)
        .filter(|case| match cohort.units {
            None => true,
            Some(group) => belongs(&framework.groups[group.0].members, &cases.attributes, *case),
        })
        .collect();
    let all: Vec<usize> = (0..cases.len()).filter(here).collect();
    let of = |wanted: &dyn Fn(usize) -> bool, from: &[usize]| -> Vec<usize> {
        from.iter()
            .copied()
            .filter(|case| wanted(cases.keys[*case].period))
            .collect()
    };
    match &cohort.periods {
        CohortPeriods::All => vec![Comparison {
            period: None,
            cohort: members,
            scaled: all,
        }],
        CohortPeriods::Listed(listed) => {
            let wanted = |period: usize| listed.contains(&periods[period]);
            vec![Comparison {
                period: None,
                cohort: of(&wanted, &members),
                scaled: all,
            }]
        }
        CohortPeriods::Same => (0..periods.len())
            .map(|period| Comparison {
                period: Some(period),
                cohort: of(&|at| at == period, &members),
                scaled: of(&|at| at == period, &all),
            })
            .collect(),
    }
}

/// What was found in a cohort. Values are sorted, so that sums do not depend on the order of units.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// The values, ascending, finite.
    pub sorted: Arc<[f64]>,
    /// How many more there are between the lowest and the highest, which are not kept: whoever asks for no more than the
    /// ends does without them.
    between: usize,
}

impl Statistics {
    /// Of the values that the cohort has in `column`.
    pub(crate) fn of(column: &Column, cohort: &[usize]) -> Self {
        Self::new(
            cohort
                .iter()
                .filter_map(|case| column.value(*case))
                .collect(),
        )
    }

    /// Of these values.
    pub fn new(mut values: Vec<f64>) -> Self {
        // Minus zero is zero: it must neither sort before it nor make a constant cohort look spread out.
        for value in &mut values {
            *value += 0.0;
        }
        // Values that compare as equal are the same to the bit.
        values.sort_unstable_by(f64::total_cmp);
        Self {
            sorted: values.into(),
            between: 0,
        }
    }

    /// Of `count` values of which only the ends are known.
    pub(crate) fn of_ends(low: f64, high: f64, count: usize) -> Self {
        match count {
            0 => Self::default(),
            1 => Self::new(vec![low]),
            _ => Self {
                between: count - 2,
                ..Self::new(vec![low, high])
            },
        }
    }

    /// What is left for those who ask for no more than the ends.
    pub(crate) fn ends(&self) -> Self {
        let ends = self.min().zip(self.max());
        ends.map_or_else(Self::default, |(low, high)| {
            Self::of_ends(low, high, self.count())
        })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.sorted.len() + self.between
    }

    /// The lowest.
    pub fn min(&self) -> Option<f64> {
        self.sorted.first().copied()
    }

    /// The highest.
    pub fn max(&self) -> Option<f64> {
        self.sorted.last().copied()
    }

    /// Σ x ÷ n.
    pub fn mean(&self) -> Option<f64> {
        let by = self.reduction();
        let sum: f64 = self.sorted.iter().map(|x| x * by).sum();
        (!self.sorted.is_empty()).then(|| sum / self.count() as f64 / by)
    }

    /// The middle value, or the mean of both middle ones.
    pub fn median(&self) -> Option<f64> {
        self.quantile(0.5)
    }

    /// The quantile at `share` (0 to 1) with linear interpolation between order statistics: Hyndman and Fan's type 7,
    /// the default of R and numpy.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let last = self.count().checked_sub(1)?;
        let position = share.clamp(0.0, 1.0) * last as f64;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 0 and `last`
        let below = position as usize;
        let (low, high) = (self.sorted[below], self.sorted[(below + 1).min(last)]);
        let part = position - below as f64;
        let between = part * (high - low);
        Some(if between.is_finite() {
            low + between
        } else {
            low * (1.0 - part) + high * part
        })
    }

    /// The standard deviation with n − 1; none for fewer than two values.
    pub fn sd(&self) -> Option<f64> {
        let squares = self.power_sum(2);
        let sd = (squares / (self.count().checked_sub(1)? as f64)).sqrt() / self.reduction();
        (self.count() > 1 && sd.is_finite()).then_some(sd)
    }

    /// Whether all values are equal.
    pub fn is_constant(&self) -> bool {
        match (self.min(), self.max()) {
            (Some(min), Some(max)) => min.total_cmp(&max).is_eq(),
            _ => true,
        }
    }

    /// Σ (x − mean)ᵏ of the reduced values, multiplied out: `powi` need not give the same bits on every machine.
    fn power_sum(&self, exponent: usize) -> f64 {
        let by = self.reduction();
        let mean = self.mean().unwrap_or(0.0) * by;
        let power = |x: &f64| std::iter::repeat_n(x * by - mean, exponent).product::<f64>();
        self.sorted.iter().map(power).sum()
    }

    fn reduction(&self) -> f64 {
        let ends = self.min().zip(self.max());
        ends.map_or(1.0, |(min, max)| reduction(min.abs().max(max.abs())))
    }

    /// Sample skewness G1 = √n·S3 ÷ S2^1.5 · √(n(n−1)) ÷ (n−2), Sk = Σ (x − mean)ᵏ (Joanes and Gill 1998, type 2);
    /// none for fewer than three values or no spread.
    pub fn skewness(&self) -> Option<f64> {
        let n = self.count() as f64;
        let squares = self.power_sum(2);
        (self.count() >= 3 && squares > 0.0).then(|| {
            n.sqrt() * self.power_sum(3) / (squares * squares.sqrt()) * (n * (n - 1.0)).sqrt()
                / (n - 2.0)
        })
    }

    /// Sample excess kurtosis G2 = ((n+1)(r−3)+6)(n−1) ÷ ((n−2)(n−3)), r = n·S4 ÷ S2² (Joanes and Gill 1998, type 2);
    /// none for fewer than four values or no spread.
    pub fn kurtosis(&self) -> Option<f64> {
        let n = self.count() as f64;
        let squares = self.power_sum(2);
        (self.count() >= 4 && squares > 0.0).then(|| {
            let r = n * self.power_sum(4) / (squares * squares);
            ((n + 1.0) * (r - 3.0) + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0))
        })
    }
}

/// What values up to `largest` are multiplied by, so that their powers are numbers, too: 1 for all but immense ones, for those
/// a power of two, which loses no bit.
pub(crate) fn reduction(largest: f64) -> f64 {
    const IMMENSE: f64 = 1e60;
    if largest < IMMENSE {
        return 1.0;
    }
    // The largest number has the exponent 1023, of which no inverse is a normal number.
    let exponent = (largest.to_bits() >> 52 & 0x7ff).min(2045);
    f64::from_bits((2046 - exponent) << 52)
}

/// A cohort in which places are looked up, often as many as it has values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standings {
    among: Statistics,
    /// Every [`STEP`]th value; every [`STEP`]th of those; and so on while there are more than that. All but the first few
    /// lists stay in the processor's cache, where halving the values themselves would wait for memory at every step.
    guides: Vec<Box<[f64]>>,
}

const STEP: usize = 16;

impl Standings {
    /// In a cohort whose values are all kept.
    pub(crate) fn new(among: Statistics) -> Self {
        let mut guides: Vec<Box<[f64]>> = Vec::new();
        loop {
            let last = guides.last().map_or(&*among.sorted, |guide| &**guide);
            if last.len() <= STEP {
                return Self { among, guides };
            }
            let guide = last.iter().step_by(STEP).copied().collect();
            guides.push(guide);
        }
    }

    /// The cohort.
    pub fn cohort(&self) -> &Statistics {
        &self.among
    }

    /// How many values lie below `x`, a number, and how many equal it.
    pub(crate) fn of(&self, x: f64) -> (usize, usize) {
        let sorted = &*self.among.sorted;
        let guides = self.guides.iter().rev().map(|guide| &**guide);
        let below = guides.chain([sorted]).fold(0, |before: usize, values| {
            let start = before.saturating_sub(1) * STEP;
            let end = values.len().min(start + STEP);
            start
                + values[start..end]
                    .iter()
                    .filter(|value| **value < x)
                    .count()
        });
        // Mostly few are equal: the steps that look for their end grow.
        let equal = |at: usize| sorted.get(at).is_some_and(|value| *value <= x);
        let mut step = 1;
        while equal(below + step - 1) {
            step *= 2;
        }
        let from = below + step / 2;
        let to = (below + step - 1).min(sorted.len());
        let behind = from + sorted[from..to].partition_point(|value| *value <= x);
        (below, behind - below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_textbook() {
        let statistics = Statistics::new(vec![2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!(statistics.mean(), Some(5.0));
        assert_eq!(statistics.median(), Some(4.5));
        assert_eq!(statistics.quantile(0.25), Some(4.0));
        let sd = statistics.sd().expect("eight values");
        assert!((sd - (32.0f64 / 7.0).sqrt()).abs() < 1e-15);
        // S2 = 32, S3 = 42, S4 = 356; G1 = √8·42/32^1.5·√56/6, G2 = (9·(8·356/32² − 3) + 6)·7/30.
        let skewness = statistics.skewness().expect("eight values");
        assert!((skewness - 0.818_487_553_356_8).abs() < 1e-14, "{skewness}");
        let kurtosis = statistics.kurtosis().expect("eight values");
        assert!((kurtosis - 0.940_625).abs() < 1e-14, "{kurtosis}");
    }

    #[test]
    fn places_are_those_of_counting() {
        let several = |count: usize, different: usize| {
            let values = (0..count).map(|at| (at * 7 % different) as f64 - 3.0);
            values.collect::<Vec<f64>>()
        };
        for values in [
            Vec::new(),
            vec![2.0],
            vec![-0.0, 0.0, 0.0],
            several(16, 16),
            several(17, 17),
            several(63, 63),
            several(64, 5),
            several(65, 64),
            several(1000, 1000),
            several(1000, 3),
            several(1000, 1),
        ] {
            let places = Standings::new(Statistics::new(values.clone()));
            for twice in -8..2010 {
                let x = f64::from(twice) / 2.0;
                let below = values.iter().filter(|value| **value < x).count();
                let upto = values.iter().filter(|value| **value <= x).count();
                assert_eq!(places.of(x), (below, upto - below), "{x} among {values:?}");
            }
        }
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let none = Statistics::new(Vec::new());
        assert_eq!(
            (none.mean(), none.sd(), none.median(), none.skewness()),
            (None, None, None, None)
        );
        assert!(none.is_constant());
        assert_eq!(Statistics::new(vec![1.0]).sd(), None);
    }
}
