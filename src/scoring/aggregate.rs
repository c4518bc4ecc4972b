//! Means and their kin: columns in, a column out.
//!
//! Every formula of the language that makes one score out of several stands here, once. Parts are columns over the same
//! observations; a cell without a value takes no part, and its weight with it. Sums run in the order of the parts, in
//! plain `f64`, so that every run gives the same bits. Formulas of the means: OECD/JRC, Handbook on Constructing
//! Composite Indicators (2008), step 6; level sums: OWASP SAMM 2; staged levels: CMMI for Development 1.3, staged
//! representation.

use crate::framework::{Aggregate, Zeros, reaches};
use crate::responses::{Answer, Column, Mark};

/// One part of a score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    /// Finite, above zero.
    pub(crate) weight: f64,
    /// From 1.
    pub(crate) stage: u32,
    /// Its scores.
    pub(crate) column: &'a Column,
}

/// The score of every observation: given where at least one part has a value, else unanswered. The cohort methods are
/// not made here but in `cohort`, because they compare observations.
pub(crate) fn aggregate(how: Aggregate, parts: &[Part<'_>], length: usize) -> Column {
    match how {
        Aggregate::Mean => mean(parts, length),
        Aggregate::Geometric(zeros) => geometric(zeros, parts, length),
        Aggregate::Harmonic(zeros) => harmonic(zeros, parts, length),
        Aggregate::Power(exponent, zeros) => power(exponent, zeros, parts, length),
        Aggregate::Median => by_row(parts, length, median),
        Aggregate::Minimum => fold(parts, length, f64::min),
        Aggregate::Maximum => fold(parts, length, f64::max),
        Aggregate::Sum { out_of } => sum(parts, length, out_of),
        Aggregate::Product => product(parts, length),
        Aggregate::LevelSum { out_of } => {
            let stages = stage_means(parts, length);
            let columns: Vec<Part<'_>> = stages.iter().map(whole).collect();
            sum(&columns, length, out_of)
        }
        Aggregate::Staged { pass, partial } => staged(pass, partial, parts, length),
        Aggregate::Copeland | Aggregate::Borda => Column::unanswered(length),
    }
}

/// Σ w·x ÷ Σ w.
fn mean(parts: &[Part<'_>], length: usize) -> Column {
    weighted(parts, length, |x| x, |mean| mean)
}

/// exp(Σ w·ln x ÷ Σ w).
fn geometric(zeros: Zeros, parts: &[Part<'_>], length: usize) -> Column {
    let logarithm = |x: f64| match zeros {
        Zeros::Floor(floor) => libm::log(x.max(floor)),
        Zeros::Zero if x > 0.0 => libm::log(x),
        Zeros::Zero => f64::NEG_INFINITY,
    };
    weighted(parts, length, logarithm, libm::exp)
}

/// Σ w ÷ Σ (w ÷ x). One part at zero makes the sum below infinite and the mean zero.
fn harmonic(zeros: Zeros, parts: &[Part<'_>], length: usize) -> Column {
    weighted(parts, length, |x| 1.0 / lifted(zeros, x), |mean| 1.0 / mean)
}

/// (Σ w·xᵖ ÷ Σ w)^(1/p). With a negative p one part at zero makes the mean zero, as for the harmonic mean.
fn power(exponent: f64, zeros: Zeros, parts: &[Part<'_>], length: usize) -> Column {
    let raise = |x: f64| libm::pow(lifted(zeros, x), exponent);
    weighted(parts, length, raise, |mean| libm::pow(mean, 1.0 / exponent))
}

/// Parts below zero count as zero, or as the floor.
fn lifted(zeros: Zeros, x: f64) -> f64 {
    match zeros {
        Zeros::Floor(floor) => x.max(floor),
        // Minus zero must not pass: 1 ÷ −0 is −∞.
        Zeros::Zero if x > 0.0 => x,
        Zeros::Zero => 0.0,
    }
}

/// `after(Σ w·before(x) ÷ Σ w)`.
fn weighted(
    parts: &[Part<'_>],
    length: usize,
    before: impl Fn(f64) -> f64,
    after: impl Fn(f64) -> f64,
) -> Column {
    let mut scores = Column::unanswered(length);
    let mut weights = vec![0.0; length];
    for part in parts {
        let cells = part.column.values.iter().zip(&part.column.marks);
        // Nothing is added instead of skipping the cell: a loop without jumps does several cells at once.
        for ((x, mark), (sum, weight)) in cells.zip(scores.values.iter_mut().zip(&mut weights)) {
            let given = *mark == Mark::Given;
            *sum += if given { part.weight * before(*x) } else { 0.0 };
            *weight += if given { part.weight } else { 0.0 };
        }
    }
    for (row, weight) in weights.iter().enumerate() {
        if *weight > 0.0 {
            let mean = scores.values[row] / weight;
            scores.set(row, Answer::Given(after(mean)));
        }
    }
    scores
}

/// The lowest or highest part.
fn fold(parts: &[Part<'_>], length: usize, pick: impl Fn(f64, f64) -> f64) -> Column {
    by_row(parts, length, |row| {
        row.iter().map(|(_, x)| *x).reduce(&pick).unwrap_or(0.0)
    })
}

/// The value at which half of the weight lies on either side; the mean of both neighbours if that is between two.
fn median(row: &mut [(f64, f64)]) -> f64 {
    row.sort_by(|a, b| a.1.total_cmp(&b.1));
    let half = row.iter().map(|(w, _)| w).sum::<f64>() / 2.0;
    let mut below = 0.0;
    for position in 0..row.len() {
        below += row[position].0;
        let edge = (below - half).abs() <= half * 1e-12;
        if edge && position + 1 < row.len() {
            return f64::midpoint(row[position].1, row[position + 1].1);
        }
        if below > half || edge {
            return row[position].1;
        }
    }
    row.last().map_or(0.0, |(_, x)| *x)
}

/// Σ w·x ÷ `out_of`. Where parts have no value their weight goes to the others, as in a mean: the sum is then the mean of
/// what is known times all weight, so that a gap is no zero.
fn sum(parts: &[Part<'_>], length: usize, out_of: f64) -> Column {
    let all = total(parts);
    by_row(parts, length, |row| {
        let sum = row.iter().map(|(w, x)| w * x).sum::<f64>();
        let whole = if row.len() < parts.len() {
            sum / known(row) * all
        } else {
            sum
        };
        whole / out_of
    })
}

/// Π x^w; a part below zero counts as zero unless its weight is 1. Where parts have no value their weight goes to the
/// others, as in a geometric mean: (Π x^w)^(Σ all w ÷ Σ known w), so that a gap is no full mark.
fn product(parts: &[Part<'_>], length: usize) -> Column {
    let all = total(parts);
    by_row(parts, length, |row| {
        let share = if row.len() < parts.len() {
            all / known(row)
        } else {
            1.0
        };
        row.iter().fold(1.0, |product, (w, x)| {
            let exponent = w * share;
            let plain = (exponent - 1.0).abs() < f64::EPSILON;
            product
                * if plain {
                    *x
                } else {
                    libm::pow(x.max(0.0), exponent)
                }
        })
    })
}

/// All weight.
fn total(parts: &[Part<'_>]) -> f64 {
    parts.iter().map(|part| part.weight).sum()
}

/// The weight of the parts that have a value.
fn known(row: &[(f64, f64)]) -> f64 {
    row.iter().map(|(w, _)| w).sum()
}

/// Stages, ascending: those that pass count 1; the first that does not ends it, and adds its share if that is wanted.
///
/// A stage that is not answered is passed over, but not above the first one that fails: there no answer could count, so
/// that leaving it out of the number of stages would reward the gap.
fn staged(pass: f64, partial: bool, parts: &[Part<'_>], length: usize) -> Column {
    let stages = stage_means(parts, length);
    let mut scores = Column::unanswered(length);
    for row in 0..length {
        let (mut reached, mut counted) = (0.0, 0_u32);
        let (mut failed, mut answered) = (false, false);
        for stage in &stages {
            match stage.get(row) {
                Answer::Given(x) => {
                    counted += 1;
                    answered = true;
                    if !failed && reaches(x, pass) {
                        reached += 1.0;
                    } else if !failed {
                        failed = true;
                        reached += if partial { x / pass } else { 0.0 };
                    }
                }
                Answer::Missing(_) => counted += u32::from(failed),
                Answer::NotApplicable => {}
            }
        }
        if answered {
            scores.set(row, Answer::Given(reached / f64::from(counted)));
        }
    }
    scores
}

/// The weighted mean of each stage's parts, stages ascending.
fn stage_means(parts: &[Part<'_>], length: usize) -> Vec<Column> {
    let mut stages: Vec<u32> = parts.iter().map(|part| part.stage).collect();
    stages.sort_unstable();
    stages.dedup();
    let of = |stage: u32| -> Vec<Part<'_>> {
        parts
            .iter()
            .copied()
            .filter(|part| part.stage == stage)
            .collect()
    };
    let stages = stages.into_iter().map(|stage| {
        let parts = of(stage);
        let mut column = mean(&parts, length);
        for row in 0..length {
            let applies = |part: &Part<'_>| part.column.marks[row] != Mark::NotApplicable;
            if !parts.iter().any(applies) {
                column.set(row, Answer::NotApplicable);
            }
        }
        column
    });
    stages.collect()
}

fn whole(column: &Column) -> Part<'_> {
    Part {
        weight: 1.0,
        stage: 1,
        column,
    }
}

/// `score` of every row's weights and values, in the order of the parts; unanswered where there is none.
fn by_row(parts: &[Part<'_>], length: usize, score: impl Fn(&mut [(f64, f64)]) -> f64) -> Column {
    let mut scores = Column::unanswered(length);
    let mut row = Vec::with_capacity(parts.len());
    for at in 0..length {
        row.clear();
        row.extend(
            parts
                .iter()
                .filter_map(|part| Some((part.weight, part.column.value(at)?))),
        );
        if !row.is_empty() {
            scores.set(at, Answer::Given(score(&mut row)));
        }
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(how: Aggregate, cells: &[(f64, Option<f64>)]) -> Option<f64> {
        staged_of(
            how,
            &cells.iter().map(|(w, x)| (*w, 1, *x)).collect::<Vec<_>>(),
        )
    }

    fn staged_of(how: Aggregate, cells: &[(f64, u32, Option<f64>)]) -> Option<f64> {
        let columns: Vec<Column> = cells
            .iter()
            .map(|(_, _, x)| {
                let mut column = Column::unanswered(1);
                if let Some(x) = x {
                    column.set(0, Answer::Given(*x));
                }
                column
            })
            .collect();
        let parts: Vec<Part<'_>> = cells
            .iter()
            .zip(&columns)
            .map(|((weight, stage, _), column)| Part {
                weight: *weight,
                stage: *stage,
                column,
            })
            .collect();
        aggregate(how, &parts, 1).value(0)
    }

    fn close(found: Option<f64>, expected: f64) {
        let found = found.expect("there is a score");
        assert!(
            (found - expected).abs() < 1e-15,
            "{found} is not {expected}"
        );
    }

    #[test]
    fn what_is_not_answered_takes_its_weight_along() {
        close(
            of(
                Aggregate::Mean,
                &[(1.0, Some(0.2)), (3.0, Some(0.6)), (9.0, None)],
            ),
            0.5,
        );
        assert_eq!(of(Aggregate::Mean, &[(1.0, None)]), None);
    }

    #[test]
    fn a_geometric_mean_multiplies() {
        close(
            of(
                Aggregate::Geometric(Zeros::Zero),
                &[(1.0, Some(0.2)), (1.0, Some(0.8))],
            ),
            0.4,
        );
        let zero = [(1.0, Some(0.0)), (1.0, Some(0.64))];
        assert_eq!(of(Aggregate::Geometric(Zeros::Zero), &zero), Some(0.0));
        close(of(Aggregate::Geometric(Zeros::Floor(0.01)), &zero), 0.08);
    }

    #[test]
    fn a_harmonic_mean_is_a_power_mean_of_minus_one() {
        let parts = [(1.0, Some(0.25)), (1.0, Some(0.5)), (2.0, Some(1.0))];
        close(of(Aggregate::Harmonic(Zeros::Zero), &parts), 0.5);
        close(of(Aggregate::Power(-1.0, Zeros::Zero), &parts), 0.5);
        for zero in [0.0, -0.0] {
            let parts = [(1.0, Some(0.0)), (1.0, Some(zero)), (1.0, Some(1.0))];
            assert_eq!(of(Aggregate::Harmonic(Zeros::Zero), &parts), Some(0.0));
        }
    }

    #[test]
    fn a_power_mean_raises_and_takes_the_root() {
        close(
            of(
                Aggregate::Power(2.0, Zeros::Zero),
                &[(1.0, Some(0.6)), (1.0, Some(0.8))],
            ),
            0.5f64.sqrt(),
        );
    }

    #[test]
    fn the_median_splits_the_weight() {
        close(
            of(
                Aggregate::Median,
                &[(1.0, Some(0.9)), (1.0, Some(0.1)), (1.0, Some(0.4))],
            ),
            0.4,
        );
        close(
            of(Aggregate::Median, &[(1.0, Some(0.2)), (1.0, Some(0.4))]),
            0.3,
        );
        close(
            of(Aggregate::Median, &[(3.0, Some(0.2)), (1.0, Some(0.4))]),
            0.2,
        );
    }

    #[test]
    fn sums_and_products_use_weights_as_points_and_exponents() {
        close(
            of(
                Aggregate::Sum { out_of: 10.0 },
                &[(2.0, Some(0.5)), (4.0, Some(1.0))],
            ),
            0.5,
        );
        close(
            of(Aggregate::Product, &[(1.0, Some(0.5)), (2.0, Some(0.6))]),
            0.18,
        );
    }

    #[test]
    fn a_gap_in_a_sum_or_a_product_is_neither_zero_nor_full() {
        let half = [(2.0, Some(0.5)), (4.0, None)];
        close(of(Aggregate::Sum { out_of: 6.0 }, &half), 0.5);
        close(
            of(Aggregate::Product, &[(1.0, Some(0.5)), (1.0, None)]),
            0.25,
        );
        let stages = [(1.0, 1, Some(0.5)), (1.0, 2, None), (1.0, 3, Some(1.0))];
        close(
            staged_of(Aggregate::LevelSum { out_of: 3.0 }, &stages),
            0.75,
        );
    }

    #[test]
    fn stages_count_only_above_full_ones() {
        let stages = |x: [f64; 4]| {
            [
                (1.0, 1, Some(x[0])),
                (1.0, 1, Some(x[1])),
                (1.0, 2, Some(x[2])),
                (1.0, 3, Some(x[3])),
            ]
        };
        let full = Aggregate::Staged {
            pass: 1.0,
            partial: false,
        };
        let partly = Aggregate::Staged {
            pass: 1.0,
            partial: true,
        };
        close(staged_of(full, &stages([1.0, 1.0, 0.5, 1.0])), 1.0 / 3.0);
        close(staged_of(partly, &stages([1.0, 1.0, 0.5, 1.0])), 0.5);
        close(
            staged_of(
                Aggregate::LevelSum { out_of: 3.0 },
                &stages([1.0, 0.0, 0.5, 1.0]),
            ),
            2.0 / 3.0,
        );
    }

    #[test]
    fn a_gap_above_a_failed_stage_does_not_shorten_the_ladder() {
        let partly = Aggregate::Staged {
            pass: 1.0,
            partial: true,
        };
        let stages = |x: [Option<f64>; 3]| [(1.0, 1, x[0]), (1.0, 2, x[1]), (1.0, 3, x[2])];
        // Whatever the third stage would be, the second one stops at a half.
        let stopped = stages([Some(1.0), Some(0.5), None]);
        close(staged_of(partly, &stopped), 0.5);
        // A gap below says nothing: one of the two stages that are known is passed.
        let unknown = stages([Some(1.0), None, Some(0.0)]);
        close(staged_of(partly, &unknown), 0.5);
        assert_eq!(staged_of(partly, &stages([None, None, None])), None);
    }
}
