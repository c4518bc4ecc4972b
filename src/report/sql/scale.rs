//! Numbers and scores → shares: curves of one value, and scaling against a cohort by window functions. What
//! `scoring/scale.rs` does.

use crate::framework::{
    Better, CohortPeriods, Curve, Goalposts, NodeIx, Normalise, Outliers, Treat, may_be_off,
};

use crate::scoring::{Frozen, Scaler, Statistics, Step, Transformation, Treatment};

use super::expr::{
    Comparison, Direction, Expr, Function, Over, above, all, at_least, at_most, below, call, case,
    coalesce, compare, equal, minus, not_null, number, only_if, over_ordered, plus, ratio, times,
};
use super::work::{Among, Work, reaches, tie_key};

/// The share of a value before anything is compared.
pub(super) fn curve(curve: &Curve, x: Expr) -> Expr {
    match curve {
        Curve::AsIs => x,
        Curve::Goalposts(posts) => goalposts(posts, x),
        Curve::Bands(steps) => bands(steps, |from| at_least(x.clone(), from)),
        Curve::Lines(points) => lines(points, &x),
    }
}

/// `is_at`: whether the value is at the lower end of a step.
fn bands(steps: &[(f64, f64)], is_at: impl Fn(Expr) -> Expr) -> Expr {
    let best_first = steps.iter().rev();
    case(
        best_first.map(|(from, share)| (is_at(number(*from)), number(*share))),
        Expr::Null,
    )
}

fn lines(points: &[(f64, f64)], x: &Expr) -> Expr {
    let mut cases = Vec::new();
    let Some((first, last)) = points.first().zip(points.last()) else {
        return only_if(not_null(x.clone()), number(0.0));
    };
    cases.push((below(x.clone(), number(first.0)), number(first.1)));
    for pair in points.windows(2) {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        let along = times(
            ratio(minus(x.clone(), number(x0)), number(x1 - x0)),
            number(y1 - y0),
        );
        let height = if y0.abs() <= 0.0 {
            along
        } else {
            plus(number(y0), along)
        };
        cases.push((below(x.clone(), number(x1)), height));
    }
    cases.push((at_least(x.clone(), number(last.0)), number(last.1)));
    case(cases, Expr::Null)
}

/// (x − from) ÷ (to − from), of the logarithms if asked, clamped if asked, onto the interval.
fn goalposts(posts: &Goalposts, x: Expr) -> Expr {
    let onto = |share: Expr| {
        let width = posts.onto.1 - posts.onto.0;
        let scaled = times(share, number(width));
        if posts.onto.0.abs() <= 0.0 {
            scaled
        } else {
            plus(number(posts.onto.0), scaled)
        }
    };
    let end = |share: f64| number(posts.onto.0 + share * (posts.onto.1 - posts.onto.0));
    let (from, to) = if posts.log {
        (libm::log(posts.from), libm::log(posts.to))
    } else {
        (posts.from, posts.to)
    };
    let inner = if posts.log {
        call(Function::Ln, vec![x.clone()])
    } else {
        x.clone()
    };
    let share = onto(ratio(minus(inner, number(from)), number(to - from)));
    if !posts.clamp {
        return if posts.log {
            only_if(above(x, number(0.0)), share)
        } else {
            share
        };
    }
    // Below or beyond a goalpost nothing needs to be computed.
    let (low, high) = if posts.from < posts.to {
        (
            at_most(x.clone(), number(posts.from)),
            at_least(x.clone(), number(posts.to)),
        )
    } else {
        (
            at_least(x.clone(), number(posts.from)),
            at_most(x.clone(), number(posts.to)),
        )
    };
    case(
        [(low, end(0.0)), (high, end(1.0)), (not_null(x), share)],
        Expr::Null,
    )
}

impl Work<'_> {
    /// What a value becomes among its cohort. `x` is short.
    pub(super) fn normalised(&mut self, node: NodeIx, how: &Normalise, x: Expr) -> Expr {
        if let Normalise::Fixed(curve) = how {
            return scaled(&self.fixed(node, curve), &x);
        }
        let plan = self.plan;
        if let Some(frozen) = &plan.assumptions.cohort {
            return self.normalised_by(node, how, frozen, &x);
        }
        let name = self.names[node.0].clone();
        let framework = self.framework();
        let cohort = self.cohort(&framework.node(node).cohort.clone());
        let is_leaf = framework.node(node).indicator().is_some();
        let up = self.plan.scales_up(node);
        let stat = |work: &mut Self, word: &str, over: Over| {
            let found = cohort.over(over, x.clone());
            let column = work.layers.fresh(word, &name);
            work.layers.define(&column, found, None)
        };
        match how {
            Normalise::Fixed(curve) => scaled(&self.fixed(node, curve), &x),
            Normalise::MinMax { onto } => {
                let (worst, best) = self.worst_and_best(up, &stat);
                linear(&x, worst, best, *onto, None)
            }
            Normalise::ZScore { mean, sd } => {
                self.standard(&name, &cohort, x.clone(), up, (*mean, *sd), &stat)
            }
            Normalise::Rank { average } => {
                self.rank_among(&name, &cohort, x, up, !is_leaf, (*average, 0.0, false))
            }
            Normalise::Borda => {
                self.rank_among(&name, &cohort, x, up, !is_leaf, (false, 1.0, false))
            }
            Normalise::Percentile => {
                self.rank_among(&name, &cohort, x, up, !is_leaf, (false, 1.0, true))
            }
            Normalise::ShareOfLeader => {
                let leader = stat(self, "leader", if up { Over::Max } else { Over::Min });
                let usable = above(leader.clone(), number(0.0));
                if up {
                    only_if(usable, ratio(x, leader))
                } else {
                    let divides = above(x.clone(), number(0.0));
                    only_if(all([usable, divides]), ratio(leader, x))
                }
            }
            Normalise::DistanceToUnit { unit, cap } => {
                if self.has_period() && framework.node(node).cohort.periods != CohortPeriods::Same {
                    let why = "the unit could have a value in several periods";
                    return self.refuse(node, "normalise: distance-to-unit", why);
                }
                let worst = stat(self, "worst", if up { Over::Min } else { Over::Max });
                let there = only_if(Self::is_unit(unit), x.clone());
                let reference = super::expr::over(Over::Max, there, &cohort.partition);
                let column = self.layers.fresh("reference", &name);
                let reference = self.layers.define(&column, reference, None);
                toward(&x, up, &worst, &reference, *cap)
            }
            Normalise::DistanceToTarget { at, cap } => {
                let worst = stat(self, "worst", if up { Over::Min } else { Over::Max });
                toward(&x, up, &worst, &number(*at), *cap)
            }
            Normalise::DistanceToInterval { low, high } => {
                self.interval(&name, &x, (*low, *high), &stat)
            }
        }
    }

    /// (x − mean) ÷ sd · `onto.1` + `onto.0`.
    fn standard(
        &mut self,
        name: &str,
        cohort: &Among,
        x: Expr,
        up: bool,
        onto: (f64, f64),
        stat: &dyn Fn(&mut Self, &str, Over) -> Expr,
    ) -> Expr {
        let low = stat(self, "min", Over::Min);
        let high = stat(self, "max", Over::Max);
        let count = stat(self, "count", Over::Count);
        let middle = stat(self, "mean", Over::Mean);
        let away = minus(x.clone(), middle.clone());
        let squares = cohort.over(Over::Sum, Expr::Product(vec![away.clone(), away.clone()]));
        let column = self.layers.fresh("squares", name);
        let squares = self.layers.define(&column, squares, None);
        let variance = ratio(squares, minus(count.clone(), number(1.0)));
        let spread = only_if(
            all([above(count, Expr::Whole(1)), above(high, low)]),
            call(Function::Sqrt, vec![variance]),
        );
        let column = self.layers.fresh("sd", name);
        let spread = self.layers.define(&column, spread, None);
        let signed = if up { away } else { minus(middle, x) };
        let standard = times(ratio(signed, spread.clone()), number(onto.1));
        let moved = if onto.0.abs() <= 0.0 {
            standard
        } else {
            plus(standard, number(onto.0))
        };
        only_if(above(spread, number(0.0)), moved)
    }

    /// 1 inside of an interval, else 1 − distance ÷ farthest.
    fn interval(
        &mut self,
        name: &str,
        x: &Expr,
        (low, high): (f64, f64),
        stat: &dyn Fn(&mut Self, &str, Over) -> Expr,
    ) -> Expr {
        let min = stat(self, "min", Over::Min);
        let max = stat(self, "max", Over::Max);
        let farthest = call(
            Function::Greatest,
            vec![
                minus(number(low), min.clone()),
                minus(max, number(high)),
                number(0.0),
            ],
        );
        let column = self.layers.fresh("farthest", name);
        let farthest = self.layers.define(&column, farthest, None);
        let some = above(farthest.clone(), number(0.0));
        let share = |away: Expr| minus(number(1.0), ratio(away, farthest.clone()));
        let lower = below(x.clone(), number(low));
        let higher = above(x.clone(), number(high));
        case(
            [
                (
                    all([lower.clone(), some.clone()]),
                    share(minus(number(low), x.clone())),
                ),
                (
                    all([higher.clone(), some]),
                    share(minus(x.clone(), number(high))),
                ),
                (super::expr::any([lower, higher]), Expr::Null),
                (all([not_null(x.clone()), not_null(min)]), number(1.0)),
            ],
            Expr::Null,
        )
    }

    /// A node's own curve.
    fn fixed(&self, node: NodeIx, curve: &Curve) -> Scaler {
        let is_leaf = self.framework().node(node).indicator().is_some();
        Scaler::of_curve(curve, !is_leaf)
    }

    fn worst_and_best(
        &mut self,
        up: bool,
        stat: &dyn Fn(&mut Self, &str, Over) -> Expr,
    ) -> (Expr, Expr) {
        let low = stat(self, "min", Over::Min);
        let high = stat(self, "max", Over::Max);
        if up { (low, high) } else { (high, low) }
    }

    /// Bounds of what is scaled: only fixed goalposts say what they become.
    pub(super) fn normalised_bound(&mut self, node: NodeIx, how: &Normalise, end: &Expr) -> Expr {
        if matches!(end, Expr::Refused(_)) {
            return end.clone();
        }
        match how {
            Normalise::Fixed(curve) if may_be_off(self.framework(), node, curve) => self.refuse(
                node,
                "bounds",
                "what lies off its scale has no score, whatever is answered",
            ),
            Normalise::Fixed(curve) if curve.rises() == Some(true) => {
                let name = self.names[node.0].clone();
                let end = self.column_of("be", &name, end.clone());
                scaled(&self.fixed(node, curve), &end)
            }
            Normalise::Fixed(_) => self.refuse(
                node,
                "bounds",
                "they are not made for curves that do not only rise",
            ),
            _ => self.refuse(
                node,
                "bounds",
                "they are not made for what is scaled against a cohort",
            ),
        }
    }

    /// How many values of the cohort lie below `key`, and how many equal it; whole numbers.
    pub(super) fn place(&mut self, name: &str, cohort: &Among, key: Expr) -> (Expr, Expr) {
        let one = cohort.of(only_if(not_null(key.clone()), number(1.0)));
        let upto = over_ordered(
            Over::Sum,
            coalesce(one.clone(), number(0.0)),
            &cohort.partition,
            key.clone(),
            Direction::Ascending,
        );
        let upto_name = self.layers.fresh("upto", name);
        let upto = self.layers.define(&upto_name, upto, None);
        let mut alike = cohort.partition.clone();
        alike.push(key);
        let equal = super::expr::over(Over::Sum, coalesce(one, number(0.0)), &alike);
        let equal_name = self.layers.fresh("ties", name);
        let equal = self.layers.define(&equal_name, equal, None);
        (minus(upto, equal.clone()), equal)
    }

    /// Ascending rank; ties take the lowest rank, or the average.
    fn rank_among(
        &mut self,
        name: &str,
        cohort: &Among,
        x: Expr,
        up: bool,
        scores: bool,
        (average, less, of_others): (bool, f64, bool),
    ) -> Expr {
        let key = if scores {
            tie_key(x.clone())
        } else {
            x.clone()
        };
        let key_name = self.layers.fresh("key", name);
        let key = self.layers.short(&key_name, key);
        let (lower, equal) = self.place(name, cohort, key.clone());
        let count = super::expr::over(
            Over::Sum,
            coalesce(
                cohort.of(only_if(not_null(key.clone()), number(1.0))),
                number(0.0),
            ),
            &cohort.partition,
        );
        let count_name = self.layers.fresh("count", name);
        let count = self.layers.define(&count_name, count, None);
        let before = if up {
            lower
        } else {
            minus(minus(count.clone(), lower), equal.clone())
        };
        let tie = if average {
            let at_least_one = call(Function::Greatest, vec![equal, number(1.0)]);
            ratio(minus(at_least_one, number(1.0)), number(2.0))
        } else {
            number(0.0)
        };
        let rank = minus(plus(plus(before, number(1.0)), tie), number(less));
        let usable = above(count.clone(), number(if of_others { 1.0 } else { 0.0 }));
        let share = if of_others {
            ratio(rank, minus(count, number(1.0)))
        } else {
            rank
        };
        only_if(all([not_null(x), usable]), share)
    }

    /// Quantiles of the cohort's values with linear interpolation between order statistics.
    pub(super) fn quantile(
        &mut self,
        name: &str,
        cohort: &Among,
        x: Expr,
        shares: &[f64],
    ) -> Vec<Expr> {
        let own = cohort.of(x);
        let own_name = self.layers.fresh("own", name);
        let own = self.layers.short(&own_name, own);
        let count = super::expr::over(Over::Count, own.clone(), &cohort.partition);
        let count_name = self.layers.fresh("count", name);
        let count = self.layers.define(
            &count_name,
            times(number(1.0), plus(count, number(0.0))),
            None,
        );
        let place = over_ordered(
            Over::RowNumber,
            Expr::Null,
            &cohort.partition,
            own.clone(),
            Direction::Ascending,
        );
        let place_name = self.layers.fresh("place", name);
        let place = self.layers.define(
            &place_name,
            minus(plus(place, number(0.0)), number(1.0)),
            None,
        );
        let mut found = Vec::new();
        for share in shares {
            let position = times(number(*share), minus(count.clone(), number(1.0)));
            let position_name = self.layers.fresh("position", name);
            let position = self.layers.define(&position_name, position, None);
            let lower = call(Function::Floor, vec![position.clone()]);
            let at = |offset: f64| {
                let here = equal(
                    place.clone(),
                    if offset > 0.0 {
                        plus(lower.clone(), number(offset))
                    } else {
                        lower.clone()
                    },
                );
                super::expr::over(Over::Max, only_if(here, own.clone()), &cohort.partition)
            };
            let low_name = self.layers.fresh("below", name);
            let low = self.layers.define(&low_name, at(0.0), None);
            let high_name = self.layers.fresh("beyond", name);
            let high = self.layers.define(&high_name, at(1.0), None);
            let rest = minus(position, lower);
            let step = times(rest, minus(high, low.clone()));
            found.push(plus(low, coalesce(step, number(0.0))));
        }
        found
    }

    /// What a value becomes among a cohort that is known.
    fn normalised_by(&mut self, node: NodeIx, how: &Normalise, frozen: &Frozen, x: &Expr) -> Expr {
        let is_leaf = self.framework().node(node).indicator().is_some();
        let up = self.plan.scales_up(node);
        let mut periods = Vec::new();
        for (key, entry) in frozen.entries() {
            if key.node != node || key.before != Step::Normalise {
                continue;
            }
            let statistics = entry.statistics.clone();
            let scaler = Scaler::fit(how, statistics, up, !is_leaf, entry.reference);
            let share = match &scaler {
                Some(Scaler::Rank(rank)) if distinct(rank.among.cohort()).len() > MOST_RANKS => {
                    let what = "normalise: rank";
                    self.refuse(node, what, "the frozen cohort has more than 1,000 values")
                }
                Some(scaler) => scaled(scaler, x),
                None => Expr::Null,
            };
            periods.push((key.period.clone(), share));
        }
        by_period(periods)
    }

    /// A value after outliers have been tamed. Where the cohort is not known yet, that looks at all values again and again.
    pub(super) fn treated(&mut self, node: NodeIx, rule: &Treat, x: &Expr) -> Expr {
        let plan = self.plan;
        if let Some(frozen) = &plan.assumptions.cohort {
            let own = frozen
                .entries()
                .filter(|(key, _)| key.node == node && key.before == Step::Treat);
            let periods = own.map(|(key, entry)| {
                let treatment = Treatment::fit(&rule.rule, &entry.statistics);
                (key.period.clone(), tamed(&treatment, x))
            });
            return by_period(periods.collect());
        }
        let Outliers::Percentiles { low, high } = rule.rule else {
            return self.refuse(
                node,
                "treat",
                "winsorising looks at all values step by step: freeze it with `dgpf stats` and name the file with --stats",
            );
        };
        let cohort = rule.cohort.as_ref();
        let cohort = cohort.unwrap_or(&self.framework().node(node).cohort);
        let cohort = self.cohort(cohort);
        let name = self.names[node.0].clone();
        let ends = [(low > 0.0).then_some(low), (high < 100.0).then_some(high)];
        let shares: Vec<f64> = ends.iter().flatten().map(|end| end / 100.0).collect();
        let mut found = self
            .quantile(&name, &cohort, x.clone(), &shares)
            .into_iter();
        let [low, high] = ends.map(|end| end.and_then(|_| found.next()));
        within(low, high, x)
    }

    /// A score as ranks and ties see it, the best one highest.
    pub(super) fn rank_key(&mut self, name: &str, score: Expr, member: Expr) -> Expr {
        let key = case(
            [(all([member, not_null(score.clone())]), tie_key(score))],
            Expr::Null,
        );
        let key = match self.framework().better {
            Better::Higher => key,
            Better::Lower => minus(number(0.0), key),
        };
        let column = self.layers.fresh("rank_key", name);
        self.layers.define(&column, key, None)
    }
}

/// Most values among which a rank is written out.
const MOST_RANKS: usize = 1000;

/// Values with how many lie below each, and how many it occurs.
fn distinct(statistics: &Statistics) -> Vec<(f64, usize, usize)> {
    let mut before = 0;
    let mut found = Vec::new();
    for run in statistics.sorted.chunk_by(|a, b| a.total_cmp(b).is_eq()) {
        found.push((run[0], before, run.len()));
        before += run.len();
    }
    found
}

/// What holds in each period; in a period that was not there, what holds in the last one.
fn by_period(mut periods: Vec<(Option<String>, Expr)>) -> Expr {
    let Some((_, last)) = periods.pop() else {
        return Expr::Null;
    };
    let cases = periods.into_iter().filter_map(|(period, share)| {
        Some((
            equal(super::work::column("period"), super::expr::text(&period?)),
            share,
        ))
    });
    case(cases.collect::<Vec<_>>(), last)
}

/// The way from the worst to `to`, where the worst is short of it; else, with a cap, 1 for those who are there.
fn toward(x: &Expr, up: bool, worst: &Expr, to: &Expr, cap: bool) -> Expr {
    let most = cap.then_some(1.0);
    let way = linear(x, worst.clone(), to.clone(), (0.0, 1.0), most);
    let short = |of: &Expr| {
        let (less, more) = if up { (of, to) } else { (to, of) };
        below(less.clone(), more.clone())
    };
    let reached = all([not_null(worst.clone()), reached(x, up, to)]);
    let rest = if cap {
        only_if(reached, number(1.0))
    } else {
        Expr::Null
    };
    case([(short(worst), way)], rest)
}

fn reached(x: &Expr, up: bool, to: &Expr) -> Expr {
    let compare = if up { at_least } else { at_most };
    compare(x.clone(), to.clone())
}

/// A value scaled by what was found in a cohort.
fn scaled(scaler: &Scaler, x: &Expr) -> Expr {
    match scaler {
        Scaler::AsIs => x.clone(),
        Scaler::Goalposts(posts) => goalposts(posts, x.clone()),
        Scaler::Bands { steps, slack } => bands(steps, |from| {
            if *slack > 0.0 {
                reaches(x.clone(), from)
            } else {
                at_least(x.clone(), from)
            }
        }),
        Scaler::Lines(points) => lines(points, x),
        Scaler::Linear {
            from,
            to,
            onto,
            most,
        } => linear(x, number(*from), number(*to), *onto, *most),
        Scaler::Standard {
            mean,
            sd,
            onto_mean,
            onto_sd,
        } => {
            let standard = ratio(minus(x.clone(), number(*mean)), number(*sd));
            plus(times(standard, number(*onto_sd)), number(*onto_mean))
        }
        Scaler::Rank(rank) => {
            let x = if rank.scores {
                times(tie_key(x.clone()), number(crate::framework::TOLERANCE))
            } else {
                x.clone()
            };
            let count = rank.among.cohort().count();
            let value = |before: usize, equal: usize| {
                let before = if rank.up {
                    before
                } else {
                    count - before - equal
                };
                let tie = if rank.average {
                    (equal.max(1) - 1) as f64 / 2.0
                } else {
                    0.0
                };
                number(((before + 1) as f64 + tie - rank.less) / rank.divisor)
            };
            let mut cases = Vec::new();
            for (at, before, equals) in distinct(rank.among.cohort()).into_iter().rev() {
                cases.push((above(x.clone(), number(at)), value(before + equals, 0)));
                cases.push((equal(x.clone(), number(at)), value(before, equals)));
            }
            cases.push((not_null(x), value(0, 0)));
            case(cases, Expr::Null)
        }
        Scaler::Share { leader, up: true } => ratio(x.clone(), number(*leader)),
        Scaler::Share { leader, up: false } => only_if(
            above(x.clone(), number(0.0)),
            ratio(number(*leader), x.clone()),
        ),
        Scaler::Reached { at, up } => only_if(reached(x, *up, &number(*at)), number(1.0)),
        Scaler::Interval {
            low,
            high,
            farthest,
        } => {
            let share = |away: Expr| {
                if *farthest > 0.0 {
                    minus(number(1.0), ratio(away, number(*farthest)))
                } else {
                    Expr::Null
                }
            };
            case(
                [
                    (
                        below(x.clone(), number(*low)),
                        share(minus(number(*low), x.clone())),
                    ),
                    (
                        above(x.clone(), number(*high)),
                        share(minus(x.clone(), number(*high))),
                    ),
                    (not_null(x.clone()), number(1.0)),
                ],
                Expr::Null,
            )
        }
    }
}

/// A value within limits; an end without one is open.
fn within(low: Option<Expr>, high: Option<Expr>, x: &Expr) -> Expr {
    let low = low.map(|low| (below(x.clone(), low.clone()), low));
    let high = high.map(|high| (above(x.clone(), high.clone()), high));
    let ends: Vec<(Expr, Expr)> = low.into_iter().chain(high).collect();
    if ends.is_empty() {
        return x.clone();
    }
    case(ends, x.clone())
}

/// A value within limits, then transformed.
fn tamed(treatment: &Treatment, x: &Expr) -> Expr {
    let (low, high) = treatment.limits;
    let x = within(low.map(number), high.map(number), x);
    let positive = |of: Expr, result: &dyn Fn(Expr) -> Expr| {
        only_if(above(of.clone(), number(0.0)), result(of))
    };
    let ln = |of: Expr| call(Function::Ln, vec![of]);
    match treatment.transform {
        Transformation::None => x,
        Transformation::Log { shift } => positive(plus(x, number(shift)), &ln),
        Transformation::MirroredLog { top } => {
            positive(minus(number(top), x), &|of| minus(number(0.0), ln(of)))
        }
        Transformation::StretchedLog { low, factor } => {
            let stretched = times(minus(x, number(low)), number(factor));
            positive(plus(stretched, number(1.0)), &ln)
        }
        Transformation::BoxCox { shift, lambda } => positive(plus(x, number(shift)), &|of| {
            let power = call(Function::Power, vec![of, number(lambda)]);
            ratio(minus(power, number(1.0)), number(lambda))
        }),
    }
}

/// `worst` becomes `onto.0`, `best` becomes `onto.1`, at most `most`.
fn linear(x: &Expr, worst: Expr, best: Expr, onto: (f64, f64), most: Option<f64>) -> Expr {
    let spread = minus(best.clone(), worst.clone());
    let share = times(
        ratio(minus(x.clone(), worst.clone()), spread),
        number(onto.1 - onto.0),
    );
    let share = if onto.0.abs() <= 0.0 {
        share
    } else {
        plus(number(onto.0), share)
    };
    let share = match most {
        Some(most) => case([(above(share.clone(), number(most)), number(most))], share),
        None => share,
    };
    only_if(compare(Comparison::Differs, best, worst), share)
}
