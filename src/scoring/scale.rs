//! Raw numbers and scores → shares: goalposts, curves, and scaling against a cohort.
//!
//! A [`Scaler`] holds what was found in the cohort; applying it looks at one value alone. Methods: OECD/JRC, Handbook on
//! Constructing Composite Indicators (2008), step 5.

use crate::framework::{Curve, Goalposts, Normalise, TOLERANCE, tie_key};

use super::cohort::{Standings, Statistics};
use super::leaf::{Bound, Presence};

/// A transformation of one value, fitted to its cohort.
#[derive(Clone, Debug, PartialEq)]
pub enum Scaler {
    /// Numbers without a scale are shares as they stand.
    AsIs,
    /// Fixed goalposts.
    Goalposts(Goalposts),
    /// Steps, closed below.
    Bands {
        /// Lower ends, ascending, and shares.
        steps: Vec<(f64, f64)>,
        /// A value is at an end when it lies below it by no more than this.
        slack: f64,
    },
    /// Straight lines between points, flat beyond.
    Lines(Vec<(f64, f64)>),
    /// `from` becomes `onto.0`, `to` becomes `onto.1`, at most `most`.
    Linear {
        /// Becomes `onto.0`.
        from: f64,
        /// Becomes `onto.1`; another number than `from`.
        to: f64,
        /// The result's interval.
        onto: (f64, f64),
        /// No result above it.
        most: Option<f64>,
    },
    /// (x − mean) ÷ sd · `onto_sd` + `onto_mean`.
    Standard {
        /// The cohort's mean.
        mean: f64,
        /// The cohort's standard deviation; negative where less is better.
        sd: f64,
        /// Mean of the result.
        onto_mean: f64,
        /// Standard deviation of the result.
        onto_sd: f64,
    },
    /// Ascending rank among the cohort.
    Rank(RankScaler),
    /// x ÷ leader, or leader ÷ x where less is better; the leader is above zero.
    Share {
        /// The best value, not zero.
        leader: f64,
        /// Whether more is better.
        up: bool,
    },
    /// 1 from what everybody in the cohort has reached on, nothing before it.
    Reached {
        /// From here on it is 1.
        at: f64,
        /// Whether more is better.
        up: bool,
    },
    /// 1 inside an interval, else 1 − distance ÷ farthest.
    Interval {
        /// Its low end.
        low: f64,
        /// Its high end.
        high: f64,
        /// The largest distance in the cohort; zero where all are inside.
        farthest: f64,
    },
}

/// Ascending rank: the worst is 1.
#[derive(Clone, Debug, PartialEq)]
pub struct RankScaler {
    /// The cohort.
    pub among: Standings,
    /// Whether more is better.
    pub up: bool,
    /// Ties take the average rank instead of the lowest.
    pub average: bool,
    /// Subtracted from the rank.
    pub less: f64,
    /// What is left is divided by this.
    pub divisor: f64,
    /// Values are scores that may differ in their last bits.
    pub scores: bool,
}

impl Scaler {
    /// Of a curve; it needs no cohort. `scores`: values are scores of nodes, which may differ in their last bits.
    pub(crate) fn of_curve(curve: &Curve, scores: bool) -> Self {
        match curve {
            Curve::AsIs => Self::AsIs,
            Curve::Goalposts(posts) => Self::Goalposts(*posts),
            Curve::Bands(bands) => Self::Bands {
                steps: bands.clone(),
                slack: if scores { TOLERANCE } else { 0.0 },
            },
            Curve::Lines(points) => Self::Lines(points.clone()),
        }
    }

    /// Fits `how` to a cohort; `up`: more is better; `scores`: values are scores of nodes; `reference`: the value of the
    /// unit that [`Normalise::DistanceToUnit`] names. None where the cohort gives no usable statistics.
    pub(crate) fn fit(
        how: &Normalise,
        cohort: Statistics,
        up: bool,
        scores: bool,
        reference: Option<f64>,
    ) -> Option<Self> {
        if let Normalise::Fixed(curve) = how {
            return Some(Self::of_curve(curve, scores));
        }
        let (min, max) = (cohort.min()?, cohort.max()?);
        let (worst, best) = if up { (min, max) } else { (max, min) };
        let linear = |from: f64, to: f64, onto, most| {
            ((to - from).abs() > 0.0 && (to - from).is_finite()).then_some(Self::Linear {
                from,
                to,
                onto,
                most,
            })
        };
        // The way from the worst to `to` is one only where the worst is short of it.
        let toward = |to: f64, cap: bool| {
            let short = if up { worst < to } else { worst > to };
            if short {
                linear(worst, to, (0.0, 1.0), cap.then_some(1.0))
            } else {
                cap.then_some(Self::Reached { at: to, up })
            }
        };
        let rank = |average: bool, less: f64, divisor: f64, cohort: Statistics| {
            let among = if scores { rank_keys(&cohort) } else { cohort };
            Self::Rank(RankScaler {
                among: Standings::new(among),
                up,
                average,
                less,
                divisor,
                scores,
            })
        };
        match how {
            Normalise::Fixed(curve) => Some(Self::of_curve(curve, scores)),
            Normalise::MinMax { onto } => linear(worst, best, *onto, None),
            Normalise::ZScore { mean, sd } => {
                let spread = cohort
                    .sd()
                    .filter(|spread| *spread > 0.0 && !cohort.is_constant())?;
                let spread = if up { spread } else { -spread };
                Some(Self::Standard {
                    mean: cohort.mean()?,
                    sd: spread,
                    onto_mean: *mean,
                    onto_sd: *sd,
                })
            }
            Normalise::Rank { average } => Some(rank(*average, 0.0, 1.0, cohort)),
            Normalise::Borda => Some(rank(false, 1.0, 1.0, cohort)),
            Normalise::Percentile => {
                let others = cohort.count().checked_sub(1).filter(|others| *others > 0)?;
                Some(rank(false, 1.0, others as f64, cohort))
            }
            Normalise::ShareOfLeader => (best > 0.0).then_some(Self::Share { leader: best, up }),
            Normalise::DistanceToUnit { cap, .. } => toward(reference?, *cap),
            Normalise::DistanceToTarget { at, cap } => toward(*at, *cap),
            Normalise::DistanceToInterval { low, high } => {
                let outside = |x: f64| (low - x).max(x - high).max(0.0);
                Some(Self::Interval {
                    low: *low,
                    high: *high,
                    farthest: outside(min).max(outside(max)),
                })
            }
        }
    }

    /// The share of a value; none where the value has none (a logarithm of nothing, a number below the first band).
    pub fn apply(&self, x: f64) -> Option<f64> {
        let share = match self {
            // Minus zero is zero.
            Self::AsIs => x + 0.0,
            Self::Goalposts(posts) => between_posts(posts, x)?,
            Self::Bands { steps, slack } => {
                steps.iter().rev().find(|(from, _)| x + slack >= *from)?.1
            }
            Self::Lines(points) => on_lines(points, x),
            Self::Linear {
                from,
                to,
                onto,
                most,
            } => {
                let share = onto.0 + (x - from) / (to - from) * (onto.1 - onto.0);
                most.map_or(share, |most| share.min(most))
            }
            Self::Standard {
                mean,
                sd,
                onto_mean,
                onto_sd,
            } => (x - mean) / sd * onto_sd + onto_mean,
            Self::Rank(rank) => rank.apply(x),
            Self::Share { leader, up: true } => x / leader,
            Self::Share { leader, up: false } if x > 0.0 => leader / x,
            Self::Share { up: false, .. } => return None,
            Self::Reached { at, up } => {
                let reached = if *up { x >= *at } else { x <= *at };
                return reached.then_some(1.0);
            }
            Self::Interval {
                low,
                high,
                farthest,
            } => {
                let distance = (low - x).max(x - high).max(0.0);
                if distance > 0.0 {
                    1.0 - distance / farthest
                } else {
                    1.0
                }
            }
        };
        (!share.is_nan()).then_some(share)
    }

    /// What bounds become. Where nothing limits them, the cohort does if there is one.
    pub(crate) fn apply_bound(&self, bound: Bound, cohort: Option<&Statistics>) -> Bound {
        if bound.presence == Presence::Absent {
            return bound;
        }
        // Whoever is short of what all have reached is the new worst, from which the way starts: 0.
        let cohort = cohort.filter(|_| !matches!(self, Self::Reached { .. }));
        let limit = |x: f64, of: Option<f64>| if x.is_finite() { x } else { of.unwrap_or(x) };
        let low = limit(bound.low, cohort.and_then(Statistics::min));
        let high = limit(bound.high, cohort.and_then(Statistics::max));
        let between = self
            .turning_points()
            .into_iter()
            .filter(|x| (low..=high).contains(x));
        // What lies off a fixed scale has no score, whatever is answered.
        let is_fixed = matches!(self, Self::Goalposts(_) | Self::Bands { .. });
        let mut is_lost = false;
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for x in [low, high].into_iter().chain(between) {
            let share = self.apply(x);
            is_lost |= is_fixed && share.is_none();
            let share = share.unwrap_or(self.nearest());
            (least, most) = (least.min(share), most.max(share));
        }
        let bound = Bound {
            low: least,
            high: most,
            presence: bound.presence,
        };
        if is_lost { bound.perhaps() } else { bound }
    }

    /// The share that limits what a value without one of its own could become.
    pub(crate) fn nearest(&self) -> f64 {
        match self {
            Self::Bands { steps, .. } => steps.first().map_or(0.0, |(_, share)| *share),
            Self::AsIs
            | Self::Goalposts(_)
            | Self::Lines(_)
            | Self::Linear { .. }
            | Self::Standard { .. }
            | Self::Rank(_)
            | Self::Share { .. }
            | Self::Interval { .. }
            | Self::Reached { .. } => 0.0,
        }
    }

    /// The lowest and the highest share of a member of the cohort that it is fitted to; infinite where there is none.
    pub(crate) fn ends_of_members(how: &Normalise) -> (f64, f64) {
        match how {
            Normalise::MinMax { onto } => (onto.0.min(onto.1), onto.0.max(onto.1)),
            Normalise::Percentile | Normalise::DistanceToInterval { .. } => (0.0, 1.0),
            Normalise::Rank { .. } => (1.0, f64::INFINITY),
            Normalise::Borda => (0.0, f64::INFINITY),
            Normalise::ShareOfLeader => (f64::NEG_INFINITY, 1.0),
            Normalise::Fixed(_)
            | Normalise::ZScore { .. }
            | Normalise::DistanceToUnit { .. }
            | Normalise::DistanceToTarget { .. } => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    /// Values at which it may turn from rising to falling.
    pub(crate) fn turning_points(&self) -> Vec<f64> {
        match self {
            Self::Bands { steps: points, .. } | Self::Lines(points) => {
                points.iter().map(|(x, _)| *x).collect()
            }
            Self::Interval { low, high, .. } => vec![*low, *high],
            Self::Reached { at, .. } => vec![*at],
            Self::AsIs
            | Self::Goalposts(_)
            | Self::Linear { .. }
            | Self::Standard { .. }
            | Self::Rank(_)
            | Self::Share { .. } => Vec::new(),
        }
    }
}

impl RankScaler {
    fn apply(&self, x: f64) -> f64 {
        let x = if self.scores {
            tie_key(x) * TOLERANCE
        } else {
            x
        };
        let (below, equal) = self.among.of(x);
        let before = if self.up {
            below
        } else {
            self.among.cohort().count() - below - equal
        };
        let tie = if self.average {
            (equal.max(1) - 1) as f64 / 2.0
        } else {
            0.0
        };
        ((before + 1) as f64 + tie - self.less) / self.divisor
    }
}

/// Scores with the bits removed in which equal ones may differ.
fn rank_keys(scores: &Statistics) -> Statistics {
    Statistics::new(
        scores
            .sorted
            .iter()
            .map(|score| tie_key(*score) * TOLERANCE)
            .collect(),
    )
}

/// (x − from) ÷ (to − from), of the logarithms if asked, clamped if asked, onto the interval.
#[inline]
pub(super) fn between_posts(posts: &Goalposts, x: f64) -> Option<f64> {
    let (x, from, to) = if posts.log {
        if x <= 0.0 && !posts.clamp {
            return None;
        }
        // ln 0 = −∞ lies beyond either goalpost, which is what clamping makes of it.
        (
            libm::log(x.max(0.0)),
            libm::log(posts.from),
            libm::log(posts.to),
        )
    } else {
        (x, posts.from, posts.to)
    };
    let share = (x - from) / (to - from);
    let share = if posts.clamp {
        share.clamp(0.0, 1.0)
    } else {
        share
    };
    Some(posts.onto.0 + share * (posts.onto.1 - posts.onto.0))
}

/// The height at `x` of the lines through ascending `points`.
fn on_lines(points: &[(f64, f64)], x: f64) -> f64 {
    let after = points.partition_point(|(at, _)| *at <= x);
    match (
        after.checked_sub(1).map(|before| points[before]),
        points.get(after),
    ) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (x - x0) / (x1 - x0) * (y1 - y0),
        (Some((_, y)), None) | (None, Some(&(_, y))) => y,
        (None, None) => 0.0,
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // results that are exact
mod tests {
    use super::*;

    fn fit(how: &Normalise, values: &[f64], up: bool) -> Option<Scaler> {
        Scaler::fit(how, Statistics::new(values.to_vec()), up, false, Some(4.0))
    }

    fn scaled(how: &Normalise, up: bool, x: f64) -> f64 {
        let scaler = fit(how, &[1.0, 2.0, 2.0, 5.0], up).expect("the cohort is spread out");
        scaler.apply(x).expect("finite")
    }

    #[test]
    fn every_method_follows_its_formula() {
        let min_max = Normalise::MinMax { onto: (1.0, 100.0) };
        assert_eq!(scaled(&min_max, true, 2.0).to_string(), "25.75");
        assert_eq!(scaled(&min_max, false, 2.0).to_string(), "75.25");
        let z = Normalise::ZScore {
            mean: 10.0,
            sd: 2.0,
        };
        // mean 2.5, sd √3
        assert!((scaled(&z, true, 5.0) - (10.0 + 2.0 * 2.5 / 3f64.sqrt())).abs() < 1e-14);
        assert!((scaled(&z, false, 5.0) - (10.0 - 2.0 * 2.5 / 3f64.sqrt())).abs() < 1e-14);
        let rank = |average| Normalise::Rank { average };
        assert_eq!(
            [
                scaled(&rank(false), true, 2.0),
                scaled(&rank(true), true, 2.0)
            ],
            [2.0, 2.5]
        );
        assert_eq!(
            [
                scaled(&rank(false), true, 5.0),
                scaled(&rank(false), false, 5.0)
            ],
            [4.0, 1.0]
        );
        assert_eq!(scaled(&Normalise::Borda, true, 5.0), 3.0);
        assert_eq!(scaled(&Normalise::Percentile, true, 2.0), 1.0 / 3.0);
        assert_eq!(scaled(&Normalise::ShareOfLeader, true, 2.0), 0.4);
        assert_eq!(scaled(&Normalise::ShareOfLeader, false, 2.0), 0.5);
        let unit = Normalise::DistanceToUnit {
            unit: String::new(),
            cap: true,
        };
        assert_eq!(
            [scaled(&unit, true, 2.5), scaled(&unit, true, 5.0)],
            [0.5, 1.0]
        );
        let target = Normalise::DistanceToTarget {
            at: 9.0,
            cap: false,
        };
        assert_eq!(scaled(&target, true, 5.0), 0.5);
        let inside = Normalise::DistanceToInterval {
            low: 2.0,
            high: 3.0,
        };
        assert_eq!(
            [scaled(&inside, true, 2.5), scaled(&inside, true, 1.0)],
            [1.0, 0.5]
        );
    }

    #[test]
    fn a_cohort_that_says_nothing_fits_nothing() {
        for how in [
            Normalise::MinMax { onto: (0.0, 1.0) },
            Normalise::ZScore { mean: 0.0, sd: 1.0 },
            Normalise::ShareOfLeader,
            Normalise::DistanceToTarget {
                at: 0.0,
                cap: false,
            },
        ] {
            assert_eq!(fit(&how, &[0.0, -0.0], true), None, "{how:?}");
            assert_eq!(fit(&how, &[], true), None, "{how:?}");
        }
    }

    #[test]
    fn goalposts_clamp_reverse_and_take_logarithms() {
        let posts = |from, to, clamp, log| Goalposts {
            from,
            to,
            clamp,
            log,
            onto: (0.0, 1.0),
        };
        assert_eq!(
            between_posts(&posts(20.0, 85.0, true, false), 52.5),
            Some(0.5)
        );
        assert_eq!(
            between_posts(&posts(20.0, 85.0, true, false), 100.0),
            Some(1.0)
        );
        assert_eq!(
            between_posts(&posts(20.0, 85.0, false, false), 98.0),
            Some(1.2)
        );
        assert_eq!(
            between_posts(&posts(30.0, 0.0, true, false), 12.0),
            Some(0.6)
        );
        let half = between_posts(&posts(100.0, 10_000.0, true, true), 1000.0).expect("above zero");
        assert!((half - 0.5).abs() < 1e-15, "{half}");
        assert_eq!(
            between_posts(&posts(100.0, 10_000.0, true, true), 0.0),
            Some(0.0)
        );
        assert_eq!(
            between_posts(&posts(100.0, 10_000.0, false, true), 0.0),
            None
        );
    }

    #[test]
    fn curves_step_or_run_straight() {
        let bands = Scaler::of_curve(
            &Curve::Bands(vec![(0.0, 0.0), (10.0, 0.5), (50.0, 1.0)]),
            false,
        );
        assert_eq!(bands.apply(10.0), Some(0.5));
        assert_eq!(bands.apply(9.99), Some(0.0));
        assert_eq!(bands.apply(-1.0), None);
        let lines = Scaler::Lines(vec![(0.0, 0.0), (20.0, 0.5), (80.0, 1.0)]);
        assert_eq!(lines.apply(50.0), Some(0.75));
        assert_eq!(
            [lines.apply(-5.0), lines.apply(99.0)],
            [Some(0.0), Some(1.0)]
        );
    }
}
