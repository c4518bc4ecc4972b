//! The lowest and highest score that gaps could still give.
//!
//! Aggregations are monotone, so the bounds of a node are the aggregations of its parts' bounds. Where a part may turn
//! out not to apply, its weight may go to its siblings: all orders of leaving such parts out that can be extreme are
//! tried.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::framework::Aggregate;
use crate::responses::{Answer, Column, Mark};

use super::aggregate::{Part, aggregate};
use super::leaf::{Bound, Bounds, Presence};
use super::nodes::Slot;

/// The bounds of a node, if anything below it is open. `parts` carry the weights of `slots`.
pub(crate) fn node_bounds(
    how: Aggregate,
    slots: &[&Slot],
    parts: &[Part<'_>],
    score: &Column,
) -> Option<Bounds> {
    // A score that arithmetic forbids is missing without a gap below.
    let complete = || score.marks.iter().all(|mark| !mark.is_missing());
    if slots.iter().all(|slot| slot.bounds.is_none()) && complete() {
        return None;
    }
    let length = score.len();
    let lows: Vec<Cow<'_, Column>> = slots.iter().map(|slot| ends(slot, |b| &b.low)).collect();
    let highs: Vec<Cow<'_, Column>> = slots.iter().map(|slot| ends(slot, |b| &b.high)).collect();
    let low = aggregate(how, &with(parts, &lows), length);
    let high = aggregate(how, &with(parts, &highs), length);
    let (presence, open) = presence(slots, length);
    let mut bounds = Bounds {
        low: low.values,
        high: high.values,
        presence,
    };
    for (case, open) in open.into_iter().enumerate() {
        let presence = bounds.presence[case];
        let unlimited = Bound {
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
            presence,
        };
        let bound = match how {
            _ if presence == Presence::Absent => Bound::ABSENT,
            // Ranks depend on what others leave open too.
            Aggregate::Copeland | Aggregate::Borda => unlimited,
            _ if open => uncertain(how, slots, parts, case, presence),
            _ if bounds.low[case].is_nan() || bounds.high[case].is_nan() => unlimited,
            _ => continue,
        };
        bounds.set(case, bound);
    }
    Some(bounds)
}

/// One end of what a part could still be, where it certainly counts.
fn ends(slot: &Slot, end: impl Fn(&Bounds) -> &Vec<f64>) -> Cow<'_, Column> {
    let Some(bounds) = &slot.bounds else {
        return Cow::Borrowed(&slot.score);
    };
    let certain = |presence: &Presence| *presence == Presence::Certain;
    let cells = end(bounds).iter().zip(&bounds.presence);
    let marks = bounds.presence.iter().map(|presence| match presence {
        Presence::Certain => Mark::Given,
        Presence::Maybe | Presence::Absent => Mark::NotApplicable,
    });
    Cow::Owned(Column {
        // A cap may have moved what does not apply; a sum over columns takes it for zero.
        values: cells
            .map(|(value, presence)| if certain(presence) { *value } else { 0.0 })
            .collect(),
        marks: marks.collect(),
    })
}

/// Whether a node counts, case by case, and whether that or its score depends on parts that may not apply.
fn presence(slots: &[&Slot], length: usize) -> (Vec<Presence>, Vec<bool>) {
    let mut presence = vec![Presence::Absent; length];
    let mut open = vec![false; length];
    for slot in slots {
        if let Some(bounds) = &slot.bounds {
            for (case, own) in bounds.presence.iter().enumerate() {
                presence[case] = presence[case].max(*own);
                open[case] |= *own == Presence::Maybe;
            }
        } else {
            for (case, mark) in slot.score.marks.iter().enumerate() {
                if *mark == Mark::Given {
                    presence[case] = Presence::Certain;
                }
            }
        }
    }
    (presence, open)
}

/// A result that is a number; otherwise nothing limits it.
fn number(result: Option<f64>, unlimited: f64) -> f64 {
    result
        .filter(|result| !result.is_nan())
        .unwrap_or(unlimited)
}

fn with<'a>(parts: &[Part<'_>], columns: &'a [Cow<'_, Column>]) -> Vec<Part<'a>> {
    parts
        .iter()
        .zip(columns)
        .map(|(part, column)| Part {
            weight: part.weight,
            stage: part.stage,
            reach: part.reach,
            column,
        })
        .collect()
}

/// One case with parts that may not apply.
fn uncertain(
    how: Aggregate,
    slots: &[&Slot],
    parts: &[Part<'_>],
    case: usize,
    presence: Presence,
) -> Bound {
    let cells: Vec<Bound> = slots.iter().map(|slot| slot.bound(case)).collect();
    let low = extreme(how, parts, &cells, |bound| bound.low, f64::total_cmp);
    let high = extreme(
        how,
        parts,
        &cells,
        |bound| bound.high,
        |a, b| b.total_cmp(a),
    );
    Bound {
        low: number(low, f64::NEG_INFINITY),
        high: number(high, f64::INFINITY),
        presence,
    }
}

/// The first in `order` of the scores that taking optional parts one by one can give. For means the extreme one takes
/// the optional parts in the order of their own values (for sums, of the share of their points), as long as they pull
/// the mean that way; so it is among the prefixes of that order. Stages are means of their own, so there every set of few optional parts is tried.
fn extreme(
    how: Aggregate,
    parts: &[Part<'_>],
    cells: &[Bound],
    end: impl Fn(&Bound) -> f64,
    order: impl Fn(&f64, &f64) -> Ordering,
) -> Option<f64> {
    const FEW: usize = 10;
    let of = |presence: Presence| {
        (0..cells.len())
            .filter(move |at| cells[*at].presence == presence)
            .collect::<Vec<usize>>()
    };
    let certain = of(Presence::Certain);
    let mut optional = of(Presence::Maybe);
    let pull = |at: usize| match how {
        Aggregate::Sum { .. } => end(&cells[at]) / parts[at].reach,
        _ => end(&cells[at]),
    };
    optional.sort_by(|a, b| order(&pull(*a), &pull(*b)));
    let staged = matches!(how, Aggregate::Staged { .. } | Aggregate::LevelSum { .. });
    let score = |taken: &dyn Fn(usize) -> bool| {
        let columns: Vec<Cow<'_, Column>> = (0..cells.len())
            .map(|at| {
                let optional = optional.iter().position(|other| *other == at);
                let counts = certain.contains(&at) || optional.is_some_and(taken);
                let mut column = Column::default();
                column.push(if counts {
                    Answer::Given(end(&cells[at]))
                } else {
                    Answer::NotApplicable
                });
                Cow::Owned(column)
            })
            .collect();
        aggregate(how, &with(parts, &columns), 1).value(0)
    };
    let scores: Vec<Option<f64>> = if staged && optional.len() <= FEW {
        (0..1_usize << optional.len())
            .map(|set| score(&|at| set >> at & 1 == 1))
            .collect()
    } else {
        (0..=optional.len())
            .map(|count| score(&|at| at < count))
            .collect()
    };
    scores
        .into_iter()
        .flatten()
        .filter(|score| !score.is_nan())
        .min_by(order)
}
