//! How much each part of a score adds to it, so that the parts add up to the score.
//!
//! Sums and arithmetic means are their own attribution. For the other means M = g⁻¹(Σ ŵ·g(x)) (geometric: g = ln;
//! harmonic: 1/x; power: xᵖ) the definition Σ ŵ·(g(x) − g(M)) = 0 says Σ ŵ·d·(x − M) = 0 with the slope
//! d = (g(x) − g(M)) ÷ (x − M), so that M = Σ λ·x with the effective weights λ = ŵ·d ÷ Σ ŵ·d. For g = ln, 1/d is the
//! logarithmic mean of x and M: the exact additive decomposition of a geometric mean by Reinsdorf, Diewert and Ehemann
//! (Journal of Economic and Social Measurement 28, 2002), the weights of the logarithmic mean Divisia index (LMDI). A
//! part far below the mean has a large effective weight: that is what "no compensation" means.
//!
//! Losses are what is missing to the score of the best answers. Each part's share is in proportion to what it brings: in
//! sums and arithmetic means weight × (best − x), in the other means and products what it brings before all others and after
//! all others together. Where one part decides (minimum, median, stages), it takes all.

mod deciding;
mod means;
mod product;
mod stages;

use crate::framework::{Aggregate, Combiner, Zeros};
use crate::responses::{Answer, Column};
use crate::scoring;

use deciding::{deciding, extreme, middle};
use means::curved;
use product::product;
use stages::{spread_of_stages, stage_weight, staged};

/// How many scores are made at once.
const TRIES_AT_ONCE: usize = 256;

/// One part, as its parent sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) weight: f64,
    pub(super) stage: u32,
    /// The highest share that it can reach.
    pub(super) reach: f64,
    /// `None`: it takes no part …
    pub(super) value: Option<f64>,
    /// … although it applies.
    pub(super) missing: bool,
}

/// What a part does to the score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Effect {
    pub(super) effective: Option<f64>,
    pub(super) contribution: f64,
    pub(super) binding: bool,
}

impl Effect {
    /// So many points, by a rule that is no weighted sum.
    pub(super) fn adding(contribution: f64) -> Self {
        Self {
            contribution,
            ..Self::default()
        }
    }
}

/// What each row adds to a score that was combined from rows.
pub(super) fn of_rows(combiner: Combiner, cells: &[Cell], total: f64) -> Vec<Effect> {
    match combiner {
        Combiner::Mean => weighted(cells, &|_| 1.0),
        Combiner::Best | Combiner::Worst | Combiner::Majority => {
            deciding(cells, &extreme(cells, total))
        }
        Combiner::Median => {
            let equal: Vec<Cell> = cells
                .iter()
                .map(|cell| Cell {
                    weight: 1.0,
                    ..*cell
                })
                .collect();
            deciding(cells, &middle(&equal))
        }
    }
}

/// The score of these parts alone, by the plan's own formula.
pub(super) fn total(how: Aggregate, cells: &[Cell]) -> Option<f64> {
    totals(how, cells, 1, &|_, at| cells[at].value).value(0)
}

/// The scores of so many observations of these parts; `value` is told the observation and the part.
fn totals(
    how: Aggregate,
    cells: &[Cell],
    length: usize,
    value: &dyn Fn(usize, usize) -> Option<f64>,
) -> Column {
    let column = |(at, cell): (usize, &Cell)| {
        let mut column = Column::unanswered(length);
        for row in 0..length {
            match value(row, at) {
                Some(value) => column.set(row, Answer::Given(value)),
                None if cell.missing => {}
                None => column.set(row, Answer::NotApplicable),
            }
        }
        column
    };
    let columns: Vec<Column> = cells.iter().enumerate().map(column).collect();
    let parts: Vec<scoring::Part<'_>> = cells
        .iter()
        .zip(&columns)
        .map(|(cell, column)| scoring::Part {
            weight: cell.weight,
            stage: cell.stage,
            reach: cell.reach,
            column,
        })
        .collect();
    scoring::aggregate(how, &parts, length)
}

/// Where the sum of the contributions starts.
pub(super) fn base(how: Aggregate) -> f64 {
    match how {
        Aggregate::Product => 1.0,
        Aggregate::Mean
        | Aggregate::Geometric(_)
        | Aggregate::Harmonic(_)
        | Aggregate::Power(..)
        | Aggregate::Median
        | Aggregate::Minimum
        | Aggregate::Maximum
        | Aggregate::Sum { .. }
        | Aggregate::LevelSum { .. }
        | Aggregate::Staged { .. }
        | Aggregate::Copeland
        | Aggregate::Borda => 0.0,
    }
}

/// What each part adds to `total`. Cohort methods are attributed where they are defined, in `scoring::compete`.
pub(super) fn attribute(how: Aggregate, cells: &[Cell], total: f64) -> Vec<Effect> {
    match how {
        Aggregate::Mean => weighted(cells, &|_| 1.0),
        Aggregate::Geometric(zeros) => curved(cells, zeros, 0.0, total),
        Aggregate::Harmonic(zeros) => curved(cells, zeros, -1.0, total),
        Aggregate::Power(exponent, zeros) => curved(cells, zeros, exponent, total),
        Aggregate::Sum { out_of } => {
            let spread = spread(cells, |cell| cell.weight * cell.reach) / out_of;
            linear(cells, |cell| cell.weight * spread)
        }
        Aggregate::LevelSum { out_of } => {
            let spread = spread_of_stages(cells, out_of);
            linear(cells, |cell| {
                cell.weight / stage_weight(cells, cell.stage) * spread
            })
        }
        Aggregate::Minimum | Aggregate::Maximum => deciding(cells, &extreme(cells, total)),
        Aggregate::Median => deciding(cells, &middle(cells)),
        Aggregate::Product => product(cells, total),
        Aggregate::Staged { pass, partial } => staged(cells, pass, partial, total),
        Aggregate::Copeland | Aggregate::Borda => vec![Effect::default(); cells.len()],
    }
}

/// How much of `best` − `now` each part is to blame for; sums to it unless no part falls short of its best.
pub(super) fn losses(how: Aggregate, now: &[Cell], best: &[Cell], distance: f64) -> Vec<f64> {
    let effects = attribute(how, now, total(how, now).unwrap_or(0.0));
    let gap = |at: usize| match (now[at].value, best[at].value) {
        (Some(now), Some(best)) => (best - now).abs(),
        _ => 0.0,
    };
    let pulls: Vec<f64> = match how {
        Aggregate::Mean | Aggregate::Sum { .. } | Aggregate::LevelSum { .. } => (0..now.len())
            .map(|at| effects[at].effective.unwrap_or(0.0) * gap(at))
            .collect(),
        Aggregate::Geometric(_)
        | Aggregate::Harmonic(_)
        | Aggregate::Power(..)
        | Aggregate::Product => first_and_last(how, now, best),
        Aggregate::Median
        | Aggregate::Minimum
        | Aggregate::Maximum
        | Aggregate::Staged { .. }
        | Aggregate::Copeland
        | Aggregate::Borda => {
            let weighted = |wanted: &dyn Fn(usize) -> bool| -> Vec<f64> {
                (0..now.len())
                    .map(|at| f64::from(u8::from(wanted(at))) * now[at].weight * gap(at))
                    .collect()
            };
            let pulls = weighted(&|at| effects[at].binding);
            if pulls.iter().any(|pull| *pull > 0.0) {
                pulls
            } else {
                weighted(&|_| true)
            }
        }
    };
    shared(distance, &pulls)
}

/// What each part brings as the first one that becomes its best, and as the last one: of two parts these are all orders.
/// In a part that can reach zero, or stands there, a logarithm would have no end.
fn first_and_last(how: Aggregate, now: &[Cell], best: &[Cell]) -> Vec<f64> {
    let differs = |at: &usize| now[*at].value != best[*at].value;
    let open: Vec<usize> = (0..now.len()).filter(differs).collect();
    let score = |cells: &[Cell]| total(how, cells).unwrap_or(0.0);
    let (lowest, highest) = (score(now), score(best));
    let mut pulls = vec![0.0; now.len()];
    for open in open.chunks(TRIES_AT_ONCE) {
        let tries = |others: &[Cell], own: &[Cell]| {
            totals(how, now, open.len(), &|row, at| {
                let cells = if open[row] == at { own } else { others };
                cells[at].value
            })
        };
        let (first, last) = (tries(now, best), tries(best, now));
        for (row, at) in open.iter().enumerate() {
            let brings = |from: f64, to: Option<f64>| to.map_or(0.0, |to| (to - from).abs());
            pulls[*at] = brings(lowest, first.value(row)) + brings(highest, last.value(row));
        }
    }
    pulls
}

/// `amount` in proportion to `pulls`; infinite ones take all.
pub(super) fn shared(amount: f64, pulls: &[f64]) -> Vec<f64> {
    let infinite = pulls.iter().filter(|pull| pull.is_infinite()).count();
    if infinite > 0 {
        let share = amount / infinite as f64;
        let own = |pull: &f64| if pull.is_infinite() { share } else { 0.0 };
        return pulls.iter().map(own).collect();
    }
    let sum: f64 = pulls.iter().sum();
    if sum > 0.0 {
        pulls.iter().map(|pull| amount * pull / sum).collect()
    } else {
        vec![0.0; pulls.len()]
    }
}

/// By how much the known parts grow where they take what the gaps leave: `points` of all ÷ of the known ones; by weight
/// where the known ones have no points.
fn spread(cells: &[Cell], points: impl Fn(&Cell) -> f64) -> f64 {
    let sum = |of: &dyn Fn(&Cell) -> f64, known: bool| -> f64 {
        let cells = cells.iter().filter(|cell| !known || cell.value.is_some());
        cells.map(of).sum()
    };
    let of = |of: &dyn Fn(&Cell) -> f64| sum(of, false) / sum(of, true);
    if sum(&points, true) > 0.0 {
        of(&points)
    } else {
        of(&|cell| cell.weight)
    }
}

fn linear(cells: &[Cell], factor: impl Fn(&Cell) -> f64) -> Vec<Effect> {
    let effect = |cell: &Cell| {
        let Some(value) = cell.value else {
            return Effect::default();
        };
        let factor = factor(cell);
        Effect {
            effective: Some(factor),
            contribution: factor * value,
            binding: false,
        }
    };
    cells.iter().map(effect).collect()
}

/// Effective weights in proportion to weight × `slope` of the value.
fn weighted(cells: &[Cell], slope: &dyn Fn(f64) -> f64) -> Vec<Effect> {
    let pulls: Vec<f64> = cells
        .iter()
        .map(|cell| cell.value.map_or(0.0, |value| cell.weight * slope(value)))
        .collect();
    let effective = shared(1.0, &pulls);
    let effect = |(cell, factor): (&Cell, &f64)| {
        cell.value.map_or(Effect::default(), |value| Effect {
            effective: Some(*factor),
            contribution: factor * value,
            binding: false,
        })
    };
    cells.iter().zip(&effective).map(effect).collect()
}

/// What each part counts with, once zeros are dealt with.
pub(super) fn counted(how: Aggregate, value: f64) -> f64 {
    match how {
        Aggregate::Geometric(zeros) | Aggregate::Harmonic(zeros) | Aggregate::Power(_, zeros) => {
            match zeros {
                Zeros::Zero => value.max(0.0),
                Zeros::Floor(floor) => value.max(floor),
            }
        }
        Aggregate::Mean
        | Aggregate::Median
        | Aggregate::Minimum
        | Aggregate::Maximum
        | Aggregate::Sum { .. }
        | Aggregate::LevelSum { .. }
        | Aggregate::Staged { .. }
        | Aggregate::Copeland
        | Aggregate::Borda => value,
        Aggregate::Product => value.max(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(values: &[(f64, f64)]) -> Vec<Cell> {
        values
            .iter()
            .map(|(weight, value)| Cell {
                weight: *weight,
                stage: 1,
                reach: 1.0,
                value: Some(*value),
                missing: false,
            })
            .collect()
    }

    fn parts(how: Aggregate, values: &[(f64, f64)]) -> (f64, Vec<Effect>) {
        let cells = cells(values);
        let total = total(how, &cells).expect("there are parts");
        (total, attribute(how, &cells, total))
    }

    #[test]
    fn a_geometric_mean_is_a_sum_by_logarithmic_weights() {
        // 0.25 and 1 give 0.5. Logarithmic means with 0.5: 0.25 ÷ ln 2 and 0.5 ÷ ln 2, so the lower part weighs 2 : 1.
        let (total, effects) = parts(
            Aggregate::Geometric(Zeros::Zero),
            &[(1.0, 0.25), (1.0, 1.0)],
        );
        assert!((total - 0.5).abs() < 1e-15);
        let weights: Vec<f64> = effects
            .iter()
            .filter_map(|effect| effect.effective)
            .collect();
        assert!((weights[0] - 2.0 / 3.0).abs() < 1e-15, "{weights:?}");
        assert!((weights[1] - 1.0 / 3.0).abs() < 1e-15, "{weights:?}");
        let sum: f64 = effects.iter().map(|effect| effect.contribution).sum();
        assert!((sum - 0.5).abs() < 1e-15);
    }

    #[test]
    fn a_harmonic_mean_gives_every_part_the_same_points() {
        // 2 ÷ (1/0.2 + 1/0.8) = 0.32: weights 4/5 and 1/5, each adds 0.16.
        let (_, effects) = parts(Aggregate::Harmonic(Zeros::Zero), &[(1.0, 0.2), (1.0, 0.8)]);
        for effect in &effects {
            assert!((effect.contribution - 0.16).abs() < 1e-15, "{effects:?}");
        }
    }

    #[test]
    fn a_zero_decides_a_geometric_mean_alone() {
        let (total, effects) = parts(Aggregate::Geometric(Zeros::Zero), &[(1.0, 0.0), (3.0, 0.9)]);
        assert!(total.abs() < f64::EPSILON);
        assert_eq!([effects[0].binding, effects[1].binding], [true, false]);
    }

    #[test]
    fn the_parts_of_a_product_start_from_one() {
        // 0.5 · 0.5 = 0.25: each takes half of 0.75.
        let (_, effects) = parts(Aggregate::Product, &[(1.0, 0.5), (1.0, 0.5)]);
        for effect in &effects {
            assert!((effect.contribution + 0.375).abs() < 1e-15, "{effects:?}");
        }
    }

    #[test]
    fn parts_at_zero_have_the_whole_way_of_a_product() {
        let of = |values: &[(f64, f64)]| {
            let (_, effects) = parts(Aggregate::Product, values);
            let all = effects.iter();
            all.map(|effect| (effect.contribution, effect.binding))
                .collect::<Vec<_>>()
        };
        let (none, all) = ((0.0, false), (-1.0, true));
        assert_eq!(
            of(&[(1.0, 0.0), (1.0, 0.25), (1.0, 0.5)]),
            [all, none, none]
        );
        assert_eq!(
            of(&[(1.0, 0.25), (1.0, 1.0), (1.0, 0.0)]),
            [none, none, all]
        );
        // Two of them share it by weight.
        let two = of(&[(3.0, 0.0), (1.0, 0.5), (1.0, 0.0)]);
        assert_eq!(two, [(-0.75, true), none, (-0.25, true)]);
    }

    #[test]
    fn parts_that_tie_with_the_middle_share_what_it_has() {
        // Of 0.25, 0.25, 0.5 and 0.5 the median is 0.375: half of either value, from two parts each.
        let of = |values: &[f64]| {
            let values: Vec<(f64, f64)> = values.iter().map(|value| (1.0, *value)).collect();
            let (_, effects) = parts(Aggregate::Median, &values);
            let all = effects.iter();
            all.map(|effect| effect.contribution).collect::<Vec<_>>()
        };
        assert_eq!(of(&[0.5, 0.5, 0.25, 0.25]), [0.125, 0.125, 0.0625, 0.0625]);
        assert_eq!(of(&[0.5, 0.0, 0.5, 1.0]), [0.25, 0.0, 0.25, 0.0]);
        assert_eq!(
            of(&[0.5, 0.0, 0.5, 0.5, 0.5]),
            [0.125, 0.0, 0.125, 0.125, 0.125]
        );
    }

    #[test]
    fn the_first_stage_that_fails_decides() {
        let mut cells = cells(&[(1.0, 1.0), (1.0, 0.4), (1.0, 1.0)]);
        for (stage, cell) in (1..).zip(&mut cells) {
            cell.stage = stage;
        }
        let how = Aggregate::Staged {
            pass: 0.8,
            partial: true,
        };
        let effects = attribute(how, &cells, 0.5);
        let third = 1.0 / 3.0;
        for (effect, contribution) in effects.iter().zip([third, third / 2.0, 0.0]) {
            assert!((effect.contribution - contribution).abs() < 1e-15);
        }
        let binding: Vec<bool> = effects.iter().map(|effect| effect.binding).collect();
        assert_eq!(binding, [false, true, false]);
    }

    #[test]
    fn losses_of_a_geometric_mean_are_what_its_parts_bring_first_and_last() {
        // From √(0.25 · 0.64) = 0.4 to 1. The first one brings √0.64 − 0.4 = 0.4 before the other and 1 − √0.25 = 0.5
        // after it, the second one 0.1 and 0.2.
        let now = cells(&[(1.0, 0.25), (1.0, 0.64)]);
        let best = cells(&[(1.0, 1.0), (1.0, 1.0)]);
        let losses = losses(Aggregate::Geometric(Zeros::Zero), &now, &best, 0.6);
        assert!((losses[0] - 0.45).abs() < 1e-15, "{losses:?}");
        assert!((losses[1] - 0.15).abs() < 1e-15, "{losses:?}");
    }

    #[test]
    fn parts_that_can_reach_zero_leave_the_others_their_losses() {
        // Where less is better: 0.5, 0.5 and 0.5 can become 0.0625, 0 and 0. Alone the first one brings 0.5 − 0.25, each of
        // the others all that there is; after the others none brings anything.
        let now = cells(&[(1.0, 0.5), (1.0, 0.5), (1.0, 0.5)]);
        let best = cells(&[(1.0, 0.0625), (1.0, 0.0), (1.0, 0.0)]);
        let losses = losses(Aggregate::Geometric(Zeros::Zero), &now, &best, -0.5);
        for (loss, expected) in losses.iter().zip([-0.1, -0.2, -0.2]) {
            assert!((loss - expected).abs() < 1e-12, "{losses:?}");
        }
    }

    #[test]
    fn a_part_at_zero_leaves_the_others_of_a_product_what_they_bring_after_it() {
        // From 0 to 1: the part at 0 brings 0.5 before the other and 1 after it, the part at 0.5 brings 0 and 0.5.
        let now = cells(&[(1.0, 0.0), (1.0, 0.5)]);
        let best = cells(&[(1.0, 1.0), (1.0, 1.0)]);
        let losses = losses(Aggregate::Product, &now, &best, 1.0);
        assert_eq!(losses, [0.75, 0.25]);
    }
}
