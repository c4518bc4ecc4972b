//! Which answers of a unit can become better, and by which rungs.
//!
//! A choice goes up by its options, a multiple choice by one option at a time (the one worth most first), a number in bands
//! by their lower ends. Any other number aims at what peers have reached: the median, the best quarter, the best; then at
//! the goal from which on no score is to be gained. Where scores rise and fall with the number, it goes either way to better
//! bands or to the nearest best point. A gap can be filled with any answer.

use std::sync::Arc;

use crate::framework::{
    Answers, Better, Curve, Denominator, Multiple, NodeIx, Normalise, Number, Outcome, Scale,
    fixed_curve, tie_key,
};
use crate::responses::{Answer, bits_of, option_of};
use crate::scoring::{
    Plan, Reading, Scaler, belongs, multiple_extremes, multiple_score, number_of,
};

use super::bench::{Bench, Edit};
use super::{Aim, Now};

/// Options of a multiple choice of which every set is tried.
pub(super) const MOST_OPTIONS: usize = 6;

/// One indicator of one case.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) node: NodeIx,
    pub(super) question: usize,
    pub(super) case: usize,
    pub(super) keys: Vec<Arc<str>>,
    /// Positions among the unit's rows.
    pub(super) rows: Vec<usize>,
    pub(super) now: Now,
    pub(super) state: State,
    /// Better answers, the best one last; at least one.
    pub(super) rungs: Vec<Rung>,
    /// More answers that are better than what stands there, where conditions look at them: they open and close other
    /// questions than the rungs do.
    pub(super) others: Vec<Rung>,
}

/// What an item stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Given,
    Gap,
    /// A condition says that it is not asked.
    Closed,
}

/// A better answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rung {
    pub(super) answer: Answer,
    pub(super) aim: Aim,
}

impl Item {
    /// A rung, or one of the other answers, which are counted on from there.
    pub(super) fn way(&self, way: usize) -> Rung {
        match way.checked_sub(self.rungs.len()) {
            None => self.rungs[way],
            Some(other) => self.others[other],
        }
    }

    /// How many there are of both.
    pub(super) fn ways(&self) -> usize {
        self.rungs.len() + self.others.len()
    }

    /// The answer in all its rows.
    pub(super) fn edits(&self, way: usize) -> impl Iterator<Item = Edit> {
        self.answered(self.way(way).answer)
    }

    /// Any answer in all its rows.
    pub(super) fn answered(&self, answer: Answer) -> impl Iterator<Item = Edit> {
        self.rows.iter().map(move |row| Edit {
            row: *row,
            question: self.question,
            answer,
        })
    }

    /// The position of its best answer.
    pub(super) fn top(&self) -> usize {
        self.rungs.len() - 1
    }
}

impl Bench<'_> {
    /// Everything that can become better, in framework order.
    pub(super) fn items(&self) -> Vec<Item> {
        let all = self.all;
        let keys = &all.cases.keys;
        let unit = all.table.observations[self.row].unit.as_ref();
        let first =
            keys.partition_point(|key| (key.unit.as_ref(), key.period) < (unit, self.period));
        let own = keys[first..]
            .iter()
            .take_while(|key| key.unit.as_ref() == unit && key.period == self.period);
        let cases = first..first + own.count();
        let questions = 0..all.plan.questions.nodes.len();
        questions
            .flat_map(|question| {
                cases
                    .clone()
                    .filter_map(move |case| self.item(question, case))
            })
            .collect()
    }

    fn item(&self, question: usize, case: usize) -> Option<Item> {
        let all = self.all;
        let rows: Vec<usize> = (0..self.lines.len())
            .filter(|row| all.lines[case].contains(&self.lines[*row]))
            .filter(|row| self.speaks(question, *row))
            .collect();
        let first = *rows.first()?;
        let closed = rows
            .iter()
            .all(|row| matches!(self.reading(question, *row), Reading::Skipped { .. }));
        let value = all.values[question].get(case);
        let state = match value {
            _ if closed => State::Closed,
            Answer::NotApplicable => return None,
            Answer::Missing(_) => State::Gap,
            Answer::Given(_) => State::Given,
        };
        let answer = self.answer(question, first);
        let same = rows.iter().all(|row| self.answer(question, *row) == answer);
        let current = match (state, value) {
            (State::Given, Answer::Given(value)) => Some(value),
            // What counts as soon as it is asked.
            (State::Closed, _) if same => self.worth(question, case, answer),
            _ => None,
        };
        let mut rungs = self.rungs(question, case, &rows, current);
        let mut others = self.others(question, case, &rows, current);
        // Rows without a weight may answer well already and count for nothing.
        rungs.retain(|rung| !same || rung.answer != answer);
        others.retain(|other| {
            (!same || other.answer != answer)
                && rungs.iter().all(|rung| rung.answer != other.answer)
        });
        (!rungs.is_empty()).then(|| Item {
            node: all.plan.questions.nodes[question],
            question,
            case,
            keys: all.cases.keys[case].keys.clone(),
            now: match current {
                Some(value) if !same => Now::Mixed(value),
                _ => Now::Answer(answer),
            },
            rows,
            state,
            rungs,
            others,
        })
    }

    /// What an answer amounts to: a share, or the number once it is divided.
    fn worth(&self, question: usize, case: usize, answer: Answer) -> Option<f64> {
        let Answer::Given(value) = answer else {
            return None;
        };
        match &self.all.plan.questions.indicator(question).answers {
            Answers::Choice(scale) => match scale.options.get(option_of(value))?.outcome {
                Outcome::Score(share) => Some(share),
                Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => None,
            },
            Answers::Multiple(multiple) => Some(multiple_score(multiple, bits_of(value))),
            Answers::Number(number) => self.after_division(number, case, value),
        }
    }

    /// Answers better than `now` between which conditions may tell a difference that scores do not.
    fn others(&self, question: usize, case: usize, rows: &[usize], now: Option<f64>) -> Vec<Rung> {
        let plan = self.all.plan;
        if !plan.questions.is_asked_about(question) {
            return Vec::new();
        }
        let indicator = plan.questions.indicator(question);
        let sign = match &indicator.answers {
            Answers::Number(_) if plan.more_is_better(question) => 1.0,
            Answers::Number(_) => -1.0,
            Answers::Choice(_) | Answers::Multiple(_) => self.all.sign(),
        };
        let answers: Vec<Answer> = match &indicator.answers {
            Answers::Choice(scale) => (0..scale.options.len())
                .map(|at| Answer::Given(at as f64))
                .collect(),
            Answers::Multiple(multiple) if multiple.options.len() <= MOST_OPTIONS => {
                choosable(multiple)
                    .map(|bits| Answer::Given(bits as f64))
                    .collect()
            }
            Answers::Multiple(_) => Vec::new(),
            Answers::Number(number) => {
                let valid = |x: &f64| {
                    number
                        .valid
                        .is_none_or(|(low, high)| low <= *x && *x <= high)
                };
                let limits = plan.questions.limits(question).filter(valid);
                limits.map(Answer::Given).collect()
            }
        };
        let kept = answers.into_iter().filter_map(|answer| {
            let worth = self.worth(question, case, answer)?;
            let better = now.is_none_or(|now| tie_key(sign * worth) > tie_key(sign * now));
            let aim = match &indicator.answers {
                Answers::Multiple(_) => Aim::Options(self.added(question, rows, answer)),
                Answers::Choice(_) | Answers::Number(_) => Aim::Option,
            };
            better.then_some(Rung { answer, aim })
        });
        kept.collect()
    }

    /// What an answer to a multiple choice has that no row says now.
    fn added(&self, question: usize, rows: &[usize], answer: Answer) -> u64 {
        let bits = |answer: Answer| match answer {
            Answer::Given(bits) => bits_of(bits),
            Answer::Missing(_) | Answer::NotApplicable => 0,
        };
        let own = rows.iter().map(|row| bits(self.answer(question, *row)));
        bits(answer) & !own.fold(0, |all, own| all | own)
    }

    fn rungs(&self, question: usize, case: usize, rows: &[usize], now: Option<f64>) -> Vec<Rung> {
        let plan = self.all.plan;
        let indicator = plan.questions.indicator(question);
        let sign = match plan.framework.better {
            Better::Higher => 1.0,
            Better::Lower => -1.0,
        };
        match &indicator.answers {
            Answers::Choice(scale) => choices(scale, sign, now),
            Answers::Multiple(multiple) => {
                let given = rows
                    .iter()
                    .filter_map(|row| match self.answer(question, *row) {
                        Answer::Given(bits) => Some(bits_of(bits)),
                        Answer::Missing(_) | Answer::NotApplicable => None,
                    });
                let share = |bits: &u64| sign * multiple_score(multiple, *bits);
                let start = given.max_by(|a, b| share(a).total_cmp(&share(b)));
                let start = start.filter(|_| now.is_some()).unwrap_or(0);
                sets(multiple, sign, start, now)
            }
            Answers::Number(number) => {
                let sign = if plan.more_is_better(question) {
                    1.0
                } else {
                    -1.0
                };
                self.numbers(number, question, case, sign, now)
            }
        }
    }

    /// Numbers to aim at; `sign` is −1 where less is better.
    fn numbers(
        &self,
        number: &Number,
        question: usize,
        case: usize,
        sign: f64,
        now: Option<f64>,
    ) -> Vec<Rung> {
        let normalise = self
            .all
            .plan
            .normalise(self.all.plan.questions.nodes[question]);
        let by_points =
            |points| self.aimed_at(self.by_points(points, number, case, now), number, case);
        if let Some(turning) = turning(self.all.plan, question) {
            return by_points(turning);
        }
        let mut aims: Vec<(f64, Aim)> = Vec::new();
        let mut aimless = false;
        match (fixed_curve(number, normalise), normalise) {
            (Some(curve @ Curve::Bands(bands)), _) => return by_points((curve, bands)),
            (_, Some(Normalise::DistanceToInterval { low, high })) => {
                let nearest = now.map_or(*low, |now| now.max(*low).min(*high));
                aims.push((nearest, Aim::Goal));
                aimless = true;
            }
            (Some(Curve::Goalposts(posts)), _) => {
                // The better of both ends, as near as a valid answer comes to it.
                let goal = if sign * posts.from < sign * posts.to {
                    posts.to
                } else {
                    posts.from
                };
                let valid = number.valid.filter(|_| number.per.is_none());
                let goal = valid.map_or(goal, |(low, high)| goal.max(low).min(high));
                aims.push((goal, Aim::Goal));
            }
            (_, Some(Normalise::DistanceToTarget { at, .. })) => aims.push((*at, Aim::Goal)),
            (Some(Curve::Lines(points)), _) => {
                let best = points.iter().map(|point| point.1).reduce(
                    if self.all.plan.framework.better == Better::Higher {
                        f64::max
                    } else {
                        f64::min
                    },
                );
                let mut points: Vec<f64> = points
                    .iter()
                    .filter(|point| Some(point.1) == best)
                    .map(|point| point.0)
                    .collect();
                points.sort_by(|a, b| (sign * a).total_cmp(&(sign * b)));
                aims.extend(points.first().map(|x| (*x, Aim::Goal)));
            }
            (Some(Curve::AsIs) | None, _) => {
                let end = number.valid.filter(|_| number.per.is_none());
                aims.extend(end.map(|(low, high)| {
                    let best = if sign > 0.0 { high } else { low };
                    (best, Aim::Goal)
                }));
            }
        }
        if !aimless {
            aims.extend(self.reached_by_peers(question, sign));
        }
        let interval = matches!(normalise, Some(Normalise::DistanceToInterval { .. }));
        aims.retain(|(value, _)| {
            now.is_none_or(|now| {
                let better = sign * value > sign * now;
                if interval {
                    (value - now).abs() > 0.0
                } else {
                    better
                }
            })
        });
        // Of equal numbers the goal comes last, and the first one is kept.
        aims.sort_by(|a, b| (sign * a.0).total_cmp(&(sign * b.0)));
        aims.dedup_by(|a, b| a.0.total_cmp(&b.0).is_eq());
        // Beyond the goal nothing is gained.
        if let Some(goal) = aims.iter().position(|(_, aim)| *aim == Aim::Goal) {
            aims.truncate(goal + 1);
        }
        self.aimed_at(aims, number, case)
    }

    /// Aims among the points of a curve: better bands, of equally good ones the nearest; between lines that rise and fall, the
    /// nearest one of the best points. What no valid answer comes to is none; the ends of what is valid may be.
    fn by_points(
        &self,
        (curve, points): (&Curve, &[(f64, f64)]),
        number: &Number,
        case: usize,
        now: Option<f64>,
    ) -> Vec<(f64, Aim)> {
        let valid = number.valid;
        let scaler = Scaler::of_curve(curve, false);
        let up = |share: f64| tie_key(self.all.sign() * share);
        let own = now.and_then(|now| scaler.apply(now));
        let distance = |x: f64| now.map_or(0.0, |now| (x - now).abs());
        let comes_to = |x: f64| {
            let answer = self.before_division(number, case, x);
            answer.is_some_and(|answer| {
                valid.is_none_or(|(low, high)| (low..=high).contains(&answer))
            })
        };
        let ends = valid.iter().flat_map(|(low, high)| [*low, *high]);
        let ends = ends.filter_map(|end| {
            let x = self.after_division(number, case, end)?;
            Some((x, scaler.apply(x)?))
        });
        let better = points.iter().copied().chain(ends);
        let better = better.filter(|(x, _)| comes_to(*x));
        let mut better: Vec<(f64, f64)> = better
            .filter(|(_, share)| own.is_none_or(|own| up(*share) > up(own)))
            .collect();
        better.sort_by(|a, b| {
            let nearer = || distance(a.0).total_cmp(&distance(b.0));
            up(a.1).total_cmp(&up(b.1)).then_with(nearer)
        });
        better.dedup_by(|a, b| up(a.1).total_cmp(&up(b.1)).is_eq());
        let is_banded = matches!(curve, Curve::Bands(_));
        let mut nearest = f64::INFINITY;
        let mut aims = Vec::new();
        // From the best one down: what is less good must be nearer.
        for (x, _) in better.into_iter().rev() {
            let aim = if is_banded { Aim::Band } else { Aim::Goal };
            if aims.is_empty() || is_banded && (now.is_none() || distance(x) < nearest) {
                nearest = distance(x);
                aims.push((x, aim));
            }
        }
        aims.reverse();
        aims
    }

    /// The answers by which a number comes to these aims.
    fn aimed_at(&self, aims: Vec<(f64, Aim)>, number: &Number, case: usize) -> Vec<Rung> {
        let rungs = aims.into_iter().filter_map(|(value, aim)| {
            let answer = self.before_division(number, case, value)?;
            let valid = number
                .valid
                .is_none_or(|(low, high)| (low..=high).contains(&answer));
            (answer.is_finite() && valid).then_some(Rung {
                answer: Answer::Given(answer),
                aim,
            })
        });
        rungs.collect()
    }

    /// The number that has to be answered so that it is `value` once it is divided.
    fn before_division(&self, number: &Number, case: usize, value: f64) -> Option<f64> {
        Some(value * self.divisor(number, case)?).filter(|answer| answer.is_finite())
    }

    /// What an answered number is once it is divided.
    pub(super) fn after_division(&self, number: &Number, case: usize, value: f64) -> Option<f64> {
        Some(value / self.divisor(number, case)?).filter(|answer| answer.is_finite())
    }

    /// What an item's number is divided by, if that is another indicator's, and a way to it aims at a quotient.
    pub(super) fn divided_by(&self, item: &Item, way: usize) -> Option<NodeIx> {
        let indicator = self.all.plan.questions.indicator(item.question);
        match (&indicator.answers, item.way(way).aim) {
            (_, Aim::Option | Aim::Options(_)) | (Answers::Choice(_) | Answers::Multiple(_), _) => {
                None
            }
            (Answers::Number(number), _) => match number.per? {
                Denominator::Indicator(node) => Some(node),
                Denominator::Attribute(_) => None,
            },
        }
    }

    /// The number whose quotient is that of `value` once what it is divided by is `by`, as near as a valid one comes to it.
    pub(super) fn with_divisor(&self, item: &Item, value: f64, by: f64) -> Option<f64> {
        let Answers::Number(number) = &self.all.plan.questions.indicator(item.question).answers
        else {
            return None;
        };
        let quotient = self.after_division(number, item.case, value)?;
        let answer = quotient * (by / number.times);
        let (low, high) = number.valid.unwrap_or((f64::MIN, f64::MAX));
        answer.is_finite().then(|| answer.max(low).min(high))
    }

    /// What a case's number is divided by.
    fn divisor(&self, number: &Number, case: usize) -> Option<f64> {
        let all = self.all;
        let divisor = match number.per {
            None => return Some(1.0),
            Some(Denominator::Attribute(attribute)) => {
                number_of(&all.cases.attributes, attribute, case)?
            }
            Some(Denominator::Indicator(node)) => {
                all.raw[all.plan.questions.position[node.0]?].value(case)?
            }
        };
        Some(divisor / number.times)
    }

    /// What half of the peers, a quarter and the best have reached.
    fn reached_by_peers(&self, question: usize, sign: f64) -> Vec<(f64, Aim)> {
        let all = self.all;
        let mut values: Vec<f64> = self
            .peer_cases()
            .filter_map(|case| all.values[question].value(case))
            .collect();
        values.sort_by(|a, b| (sign * b).total_cmp(&(sign * a)));
        let places = [
            (values.len() / 2, Aim::PeersMedian),
            (values.len() / 4, Aim::PeersQuarter),
            (0, Aim::PeersBest),
        ];
        let few = values.len() < 4;
        places
            .into_iter()
            .filter(|(_, aim)| !few || *aim == Aim::PeersBest)
            .filter_map(|(place, aim)| Some((*values.get(place)?, aim)))
            .collect()
    }

    /// Cases of the peers in the same period, without the unit's own.
    pub(super) fn peer_cases(&self) -> impl Iterator<Item = usize> {
        let all = self.all;
        let framework = all.plan.framework;
        let group = framework.peers.map(|group| &framework.groups[group.0]);
        let unit = all.table.observations[self.row].unit.as_ref();
        (0..all.cases.len())
            .filter(|case| all.cases.keys[*case].period == self.period)
            .filter(move |case| all.cases.keys[*case].unit.as_ref() != unit)
            .filter(move |case| {
                group.is_none_or(|group| belongs(&group.members, &all.cases.attributes, *case))
            })
    }
}

/// An indicator's curve and its points, where its score rises and falls with its number.
pub(super) fn turning<'p>(
    plan: &'p Plan<'p>,
    question: usize,
) -> Option<(&'p Curve, &'p [(f64, f64)])> {
    let indicator = plan.questions.indicator(question);
    let Answers::Number(number) = &indicator.answers else {
        return None;
    };
    let normalise = plan.normalise(plan.questions.nodes[question]);
    let curve = fixed_curve(number, normalise)?;
    let (Curve::Bands(points) | Curve::Lines(points)) = curve else {
        return None;
    };
    curve.rises().is_none().then_some((curve, points))
}

/// Every set of options that may be chosen together.
fn choosable(multiple: &Multiple) -> impl Iterator<Item = u64> {
    let alone = |bits: u64| {
        let chosen = |at: usize| bits >> at & 1 == 1;
        (0..multiple.options.len()).any(|at| chosen(at) && multiple.options[at].only)
    };
    (0..1_u64 << multiple.options.len()).filter(move |bits| bits.count_ones() <= 1 || !alone(*bits))
}

/// The options of a choice that are better than `now`, one of each score.
fn choices(scale: &Scale, sign: f64, now: Option<f64>) -> Vec<Rung> {
    let options = scale.options.iter().enumerate();
    let mut scored: Vec<(f64, usize)> = options
        .filter_map(|(at, option)| match option.outcome {
            Outcome::Score(score) => Some((tie_key(sign * score), at)),
            Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => None,
        })
        .filter(|(key, _)| now.is_none_or(|now| *key > tie_key(sign * now)))
        .collect();
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    scored.dedup_by(|a, b| a.0.total_cmp(&b.0).is_eq());
    let rung = |(_, at): (f64, usize)| Rung {
        answer: Answer::Given(at as f64),
        aim: Aim::Option,
    };
    scored.into_iter().map(rung).collect()
}

/// The sets of options that are better than `now`: from `start` one option after the other joins or leaves, the one that
/// gains most first.
fn sets(multiple: &Multiple, sign: f64, start: u64, now: Option<f64>) -> Vec<Rung> {
    let key = |bits: u64| tie_key(sign * multiple_score(multiple, bits));
    let alone = |at: usize| multiple.options[at].only;
    let mut bits = (0..multiple.options.len())
        .filter(|at| !alone(*at))
        .fold(0, |bits, at| bits | start & (1 << at));
    let mut found: Vec<u64> = Vec::new();
    if now.is_none() {
        found.push(bits);
    }
    loop {
        let toggled = (0..multiple.options.len())
            .filter(|at| !alone(*at))
            .map(|at| bits ^ (1 << at));
        // The first one of equals: options in the order of the framework.
        let next = toggled.rev().max_by(|a, b| key(*a).total_cmp(&key(*b)));
        match next.filter(|next| key(*next) > key(bits)) {
            Some(next) => bits = next,
            None => break,
        }
        found.push(bits);
    }
    found.extend(multiple_extremes(multiple));
    let mut rungs: Vec<Rung> = Vec::new();
    let mut reached = now.map(|now| tie_key(sign * now));
    for bits in found {
        if reached.is_none_or(|reached| key(bits) > reached) {
            reached = Some(key(bits));
            rungs.push(Rung {
                answer: Answer::Given(bits as f64),
                aim: Aim::Options(bits & !start),
            });
        }
    }
    rungs
}
