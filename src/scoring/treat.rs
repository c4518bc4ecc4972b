//! Outliers: winsorising by skewness and kurtosis, then a transformation if that is not enough; or a cut at percentiles.
//!
//! The rule of skewness is that of the JRC's COIN Tool and of `COINr` (`Treat`, `winsorise`, `log_CT`); kurtosis is excess kurtosis.
//! `COINr` 1.1.14 drops `winmax = NULL` and returns `log_GII` untransformed; neither is copied.

use std::sync::Arc;

use crate::framework::{Outliers, Skewed, Transform};

use super::cohort::Statistics;

/// What was decided for a cohort's values; applying it looks at one value alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Treatment {
    /// Values are kept at or above the first and at or below the second of these; an end without one is open.
    pub limits: (Option<f64>, Option<f64>),
    /// How many values of the cohort that moved, at the top and at the bottom.
    pub moved: (usize, usize),
    /// Then transformed.
    pub transform: Transformation,
}

/// A transformation with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transformation {
    /// As it is.
    None,
    /// ln(x + shift).
    Log {
        /// Added first.
        shift: f64,
    },
    /// −ln(top − x).
    MirroredLog {
        /// Subtracted from.
        top: f64,
    },
    /// ln((x − low)·factor + 1).
    StretchedLog {
        /// Subtracted first.
        low: f64,
        /// The rest is multiplied by it; above zero.
        factor: f64,
    },
    /// ((x + shift)^λ − 1) ÷ λ, λ not zero.
    BoxCox {
        /// Added first.
        shift: f64,
        /// The exponent.
        lambda: f64,
    },
}

impl Treatment {
    /// What `rule` asks for these values.
    pub(crate) fn fit(rule: &Outliers, cohort: &Statistics) -> Self {
        match rule {
            Outliers::Skewed(rule) => Self::of_skewed(rule, cohort),
            Outliers::Percentiles { low, high } => Self::of_percentiles((*low, *high), cohort),
        }
    }

    fn of_percentiles((low, high): (f64, f64), cohort: &Statistics) -> Self {
        let at = |percentile: f64| cohort.quantile(percentile / 100.0);
        let least = (low > 0.0).then(|| at(low)).flatten();
        let most = (high < 100.0).then(|| at(high)).flatten();
        let beyond = |is: &dyn Fn(f64) -> bool| cohort.sorted.iter().filter(|x| is(**x)).count();
        Self {
            limits: (least, most),
            moved: (
                beyond(&|x| most.is_some_and(|most| x > most)),
                beyond(&|x| least.is_some_and(|least| x < least)),
            ),
            transform: Transformation::None,
        }
    }

    fn of_skewed(rule: &Skewed, cohort: &Statistics) -> Self {
        let as_they_are = Self {
            limits: (None, None),
            moved: (0, 0),
            transform: Transformation::None,
        };
        if cohort.is_constant() || passes(rule, cohort) {
            return as_they_are;
        }
        let (winsorised, moved) = winsorise(rule, cohort);
        let limits = (winsorised.min(), winsorised.max());
        if passes(rule, &winsorised) || rule.transform == Transform::None {
            return Self {
                limits,
                moved,
                transform: Transformation::None,
            };
        }
        let basis = if rule.on_winsorised {
            &winsorised
        } else {
            cohort
        };
        let transform = transformation(rule.transform, basis);
        if rule.on_winsorised || transform == Transformation::None {
            Self {
                limits,
                moved,
                transform,
            }
        } else {
            Self {
                transform,
                ..as_they_are
            }
        }
    }

    /// A value after treatment; none where a logarithm has none.
    pub fn apply(&self, x: f64) -> Option<f64> {
        let (low, high) = self.limits;
        let x = low.filter(|low| x < *low).unwrap_or(x);
        let x = high.filter(|high| x > *high).unwrap_or(x);
        let positive = |x: f64| (x > 0.0).then_some(x);
        match self.transform {
            Transformation::None => Some(x),
            Transformation::Log { shift } => positive(x + shift).map(libm::log),
            Transformation::MirroredLog { top } => positive(top - x).map(|x| -libm::log(x)),
            Transformation::StretchedLog { low, factor } => {
                positive((x - low) * factor + 1.0).map(libm::log)
            }
            Transformation::BoxCox { shift, lambda } => {
                positive(x + shift).map(|x| (libm::pow(x, lambda) - 1.0) / lambda)
            }
        }
    }
}

/// Whether values need no treatment: |skewness| or kurtosis below its limit, or too few to tell.
fn passes(rule: &Skewed, values: &Statistics) -> bool {
    match (values.skewness(), values.kurtosis()) {
        (Some(skewness), Some(kurtosis)) => {
            skewness.abs() < rule.skewness || kurtosis < rule.kurtosis
        }
        _ => true,
    }
}

/// Moves the highest values (or the lowest, where the skew is negative) to the next one, until they pass or enough have
/// moved; ties move together.
fn winsorise(rule: &Skewed, values: &Statistics) -> (Statistics, (usize, usize)) {
    let mut values = values.clone();
    let (mut top, mut bottom) = (0, 0);
    while top + bottom < rule.winsorise && !passes(rule, &values) && !values.is_constant() {
        let skewness = values.skewness().unwrap_or(0.0);
        let sorted = Arc::make_mut(&mut values.sorted);
        let count = sorted.len();
        if skewness >= 0.0 {
            let highest = sorted[count - 1];
            let first = sorted.partition_point(|x| *x < highest);
            let next = sorted[first - 1];
            sorted[first..].fill(next);
            top = count - first;
        } else {
            let lowest = sorted[0];
            let first = sorted.partition_point(|x| *x <= lowest);
            let next = sorted[first];
            sorted[..first].fill(next);
            bottom = first;
        }
    }
    (values, (top, bottom))
}

fn transformation(transform: Transform, values: &Statistics) -> Transformation {
    let (Some(min), Some(max)) = (values.min(), values.max()) else {
        return Transformation::None;
    };
    let margin = 0.01 * (max - min);
    match transform {
        Transform::None => Transformation::None,
        Transform::LogShift | Transform::BoxCox(0.0) => Transformation::Log { shift: 1.0 - min },
        Transform::BoxCox(lambda) => Transformation::BoxCox {
            shift: 1.0 - min,
            lambda,
        },
        Transform::LogSigned if values.skewness().is_some_and(|skewness| skewness <= 0.0) => {
            Transformation::MirroredLog { top: max + margin }
        }
        // Below a maximum of 1 it would turn the order round.
        Transform::LogGii if max <= 1.0 => Transformation::None,
        Transform::LogGii => Transformation::StretchedLog {
            low: min,
            factor: (max - 1.0) / (max - min),
        },
        Transform::Log | Transform::LogSigned => Transformation::Log {
            shift: margin - min,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Skewed = Skewed {
        skewness: 2.0,
        kurtosis: 3.5,
        winsorise: 5,
        transform: Transform::Log,
        on_winsorised: false,
    };

    #[test]
    fn one_outlier_moves_to_its_neighbour() {
        let mut values: Vec<f64> = (1..=20).map(f64::from).collect();
        values.push(500.0);
        let treatment = Treatment::of_skewed(&RULE, &Statistics::new(values));
        assert_eq!(treatment.limits, (Some(1.0), Some(20.0)));
        assert_eq!(treatment.moved, (1, 0));
        assert_eq!(treatment.apply(500.0), Some(20.0));
        assert_eq!(treatment.apply(7.0), Some(7.0));
    }

    #[test]
    fn what_winsorising_does_not_mend_is_transformed_from_the_original() {
        let mut values = vec![1.0; 20];
        values.extend([100.0, 200.0]);
        let rule = Skewed {
            winsorise: 1,
            ..RULE
        };
        let treatment = Treatment::of_skewed(&rule, &Statistics::new(values));
        assert_eq!(treatment.limits, (None, None));
        let smallest = treatment.apply(1.0).expect("above zero");
        assert!((smallest - 1.99f64.ln()).abs() < 1e-12, "{smallest}");
    }

    #[test]
    fn the_logarithm_of_the_innovation_index_stretches_first() {
        let skewed = |scale: f64| {
            let mut values = vec![0.0; 20];
            values.extend([100.0 * scale, 201.0 * scale]);
            let rule = Skewed {
                winsorise: 1,
                transform: Transform::LogGii,
                ..RULE
            };
            Treatment::of_skewed(&rule, &Statistics::new(values))
        };
        // (201 − 1)·(100.5 − 0) ÷ (201 − 0) + 1 = 101.
        let middle = skewed(1.0).apply(100.5).expect("above zero");
        assert!((middle - 101f64.ln()).abs() < 1e-12, "{middle}");
        let largest = skewed(1.0).apply(201.0).expect("above zero");
        assert!((largest - 201f64.ln()).abs() < 1e-12, "{largest}");
        // Below 1 the order would be turned round: the values stay winsorised.
        assert_eq!(skewed(0.001).apply(0.201), Some(0.1));
    }

    #[test]
    fn quiet_values_are_left_alone() {
        let treatment = Treatment::of_skewed(&RULE, &Statistics::new(vec![1.0, 2.0, 3.0, 4.0]));
        assert_eq!(treatment.apply(3.0), Some(3.0));
        assert_eq!(treatment.moved, (0, 0));
    }

    #[test]
    fn percentiles_lie_between_values_and_an_end_may_be_open() {
        let values = Statistics::new((0..=20).map(|x| f64::from(x * x)).collect());
        let cut = |low, high| Treatment::fit(&Outliers::Percentiles { low, high }, &values);
        // 5 % and 95 % of the way from the first to the last of 21 values are the second and the last but one.
        let both = cut(5.0, 95.0);
        assert_eq!(
            (both.limits, both.moved),
            ((Some(1.0), Some(361.0)), (1, 1))
        );
        assert_eq!(
            [-9.0, 0.0, 1.0, 361.0, 400.0, 999.0].map(|x| both.apply(x)),
            [1.0, 1.0, 1.0, 361.0, 361.0, 361.0].map(Some)
        );
        // 2.5 % lie halfway between 0 and 1.
        let low = cut(2.5, 100.0);
        assert_eq!((low.limits, low.moved), ((Some(0.5), None), (0, 1)));
        assert_eq!(low.apply(999.0), Some(999.0));
        let nobody = Treatment::fit(
            &Outliers::Percentiles {
                low: 5.0,
                high: 95.0,
            },
            &Statistics::new(Vec::new()),
        );
        assert_eq!(nobody.limits, (None, None));
    }
}
