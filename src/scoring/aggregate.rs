//! Means and their kin: columns in, a column out.
//!
//! Every formula of the language that makes one score out of several stands here, once. Parts are columns over the same
//! observations; a cell without a value takes no part, and its weight with it. Sums run in the order of the parts, in
//! plain `f64`, so that every run gives the same bits. Formulas of the means: OECD/JRC, Handbook on Constructing
//! Composite Indicators (2008), step 6; level sums: OWASP SAMM 2; staged levels: CMMI for Development 1.3, staged
//! representation.

use std::collections::BTreeMap;

use crate::framework::{Aggregate, Zeros, reaches};
use crate::responses::{Answer, Column, Mark};

/// One part of a score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    /// Finite, above zero.
    pub(crate) weight: f64,
    /// From 1.
    pub(crate) stage: u32,
    /// The highest share that it can reach: what its weight is worth in a sum of points. Finite, zero or above.
    pub(crate) reach: f64,
    /// Its scores.
    pub(crate) column: &'a Column,
}

/// The score of every observation: given where at least one part has a value, else unanswered. The cohort methods are
/// not made here but in `cohort`, because they compare observations.
pub(crate) fn aggregate(how: Aggregate, parts: &[Part<'_>], length: usize) -> Column {
    aggregate_with(how, parts, length, Lent::default())
}

/// What makes a column cheaper.
#[derive(Debug, Default)]
pub(crate) struct Lent<'p> {
    /// Which parts each observation has, if that is known.
    pub(crate) patterns: Option<&'p Patterns>,
    /// A column that is no longer needed.
    pub(crate) room: Column,
}

/// The same with what is lent.
pub(crate) fn aggregate_with(
    how: Aggregate,
    parts: &[Part<'_>],
    length: usize,
    lent: Lent<'_>,
) -> Column {
    match how {
        Aggregate::Mean => mean(parts, length, lent),
        Aggregate::Geometric(zeros) => geometric(zeros, parts, length),
        Aggregate::Harmonic(zeros) => harmonic(zeros, parts, length),
        Aggregate::Power(exponent, zeros) => power(exponent, zeros, parts, length),
        Aggregate::Median => by_row(parts, length, median),
        Aggregate::Minimum => fold(parts, length, f64::min),
        Aggregate::Maximum => fold(parts, length, f64::max),
        Aggregate::Sum { out_of } => sum(parts, length, out_of),
        Aggregate::Product => product(parts, length),
        Aggregate::LevelSum { out_of } => {
            let means = stage_means(parts, length);
            let reach = stages(parts)
                .into_iter()
                .map(|stage| stage_reach(parts, stage));
            let columns: Vec<Part<'_>> = means.iter().zip(reach).map(whole).collect();
            sum(&columns, length, out_of.unwrap_or(columns.len() as f64))
        }
        Aggregate::Staged { pass, partial } => staged(pass, partial, parts, length),
        Aggregate::Copeland | Aggregate::Borda => Column::unanswered(length),
    }
}

/// Σ w·x ÷ Σ w.
fn mean(parts: &[Part<'_>], length: usize, Lent { patterns, room }: Lent<'_>) -> Column {
    let complete = || parts.iter().all(|part| is_complete(part.column));
    let own;
    let patterns = match patterns {
        Some(patterns) => patterns,
        None if parts.len() <= FEW => {
            own = Patterns::of_few(parts, length);
            &own
        }
        None if complete() => {
            own = Patterns::same(parts.len(), length);
            &own
        }
        None => return weighted(parts, length, |x| x, |mean| mean),
    };
    mean_of_patterns(parts, patterns, length, room)
}

/// Σ w·x ÷ Σ w, where a part that is not there has a value of 0, so that it can be added: Σ w is that of the pattern.
fn mean_of_patterns(
    parts: &[Part<'_>],
    patterns: &Patterns,
    length: usize,
    mut scores: Column,
) -> Column {
    let totals = patterns.totals(parts);
    scores.values.clear();
    scores.values.reserve(length);
    scores.marks.clear();
    scores.marks.resize(length, Mark::Given);
    while scores.values.len() < length {
        match length - scores.values.len() {
            8.. => quotients::<8>(parts, patterns, &totals, &mut scores),
            _ => quotients::<1>(parts, patterns, &totals, &mut scores),
        }
    }
    scores
}

/// Adds the means of the next so many cells.
fn quotients<const CELLS: usize>(
    parts: &[Part<'_>],
    patterns: &Patterns,
    totals: &[f64],
    scores: &mut Column,
) {
    let start = scores.values.len();
    let sums = products::<CELLS>(parts, start);
    let of = &patterns.of[start..start + CELLS];
    let weights: [f64; CELLS] = std::array::from_fn(|at| totals[usize::from(of[at])]);
    let mut means: [f64; CELLS] = std::array::from_fn(|at| sums[at] / weights[at]);
    if let Some(empty) = patterns.empty
        && of.contains(&empty)
    {
        for at in (0..CELLS).filter(|at| of[*at] == empty) {
            means[at] = 0.0;
            scores.marks[start + at] = Mark::Unanswered;
        }
    }
    scores.values.extend_from_slice(&means);
}

/// Σ w·x of so many cells from `start` on.
fn products<const CELLS: usize>(parts: &[Part<'_>], start: usize) -> [f64; CELLS] {
    let mut sums = [0.0; CELLS];
    for part in parts {
        let values = &part.column.values[start..start + CELLS];
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += part.weight * value;
        }
    }
    sums
}

/// Which parts each case has. Cases share few patterns, so that weights need not be summed case by case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Patterns {
    /// Position among the sets, by case.
    of: Vec<u16>,
    sets: Sets,
    /// The set of no parts, if some case may have none.
    empty: Option<u16>,
}

/// Sets of parts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sets {
    /// Positions of those that are there, ascending.
    Listed(Vec<Vec<u16>>),
    /// All sets of [`FEW`] parts or fewer: in the position of a set, each part that is there has its bit.
    All,
}

/// So many parts have few enough sets that all can be weighed.
const FEW: usize = 8;

impl Patterns {
    /// Of these columns; none if there are too many, or if a cell without a value holds another number than 0.
    pub(crate) fn of(columns: &[&Column], length: usize) -> Option<Self> {
        let mut known: BTreeMap<Vec<u16>, u16> = BTreeMap::new();
        let mut of = Vec::with_capacity(length);
        for case in 0..length {
            let mut present = Vec::new();
            for (part, column) in columns.iter().enumerate() {
                if column.marks[case] == Mark::Given {
                    present.push(u16::try_from(part).ok()?);
                } else if column.values[case].abs() > 0.0 {
                    return None;
                }
            }
            let next = u16::try_from(known.len()).ok()?;
            of.push(*known.entry(present).or_insert(next));
        }
        let empty = known.get([].as_slice()).copied();
        let mut sets = vec![Vec::new(); known.len()];
        for (present, position) in known {
            sets[usize::from(position)] = present;
        }
        Some(Self {
            of,
            sets: Sets::Listed(sets),
            empty,
        })
    }

    /// Of [`FEW`] parts or fewer.
    fn of_few(parts: &[Part<'_>], length: usize) -> Self {
        let mut of = vec![0; length];
        for (at, part) in parts.iter().enumerate() {
            for (of, mark) in of.iter_mut().zip(&part.column.marks) {
                *of |= u16::from(*mark == Mark::Given) << at;
            }
        }
        Self {
            of,
            sets: Sets::All,
            empty: Some(0),
        }
    }

    /// The weight of every set: a sum in the order of the parts.
    fn totals(&self, parts: &[Part<'_>]) -> Vec<f64> {
        match &self.sets {
            Sets::Listed(sets) => {
                let weight = |part: &u16| parts[usize::from(*part)].weight;
                let total = |present: &Vec<u16>| present.iter().map(weight).sum();
                sets.iter().map(total).collect()
            }
            Sets::All => {
                let mut totals = Vec::with_capacity(1 << parts.len());
                totals.push(0.0);
                for part in parts {
                    // Every set once more, with this part behind the others.
                    for set in 0..totals.len() {
                        totals.push(totals[set] + part.weight);
                    }
                }
                totals
            }
        }
    }

    /// All parts in every case.
    fn same(parts: usize, length: usize) -> Self {
        Self {
            of: vec![0; length],
            sets: Sets::Listed(vec![
                (0..parts)
                    .filter_map(|part| u16::try_from(part).ok())
                    .collect(),
            ]),
            empty: (parts == 0).then_some(0),
        }
    }
}

/// Whether a column has a value in every case.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, so that marks are looked at together"
)]
fn is_complete(column: &Column) -> bool {
    // Not `all`: without a way out of the loop many marks are looked at together.
    let marks = column.marks.iter();
    marks.fold(true, |given, mark| given & (*mark == Mark::Given))
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
    let mut start = 0;
    while start < length {
        let whole = length - start >= BLOCK;
        let (sums, weights) = if whole {
            sums::<BLOCK>(parts, start, &before)
        } else {
            let (sums, weights) = sums::<1>(parts, start, &before);
            ([sums[0]; BLOCK], [weights[0]; BLOCK])
        };
        let end = start + if whole { BLOCK } else { 1 };
        for (case, (sum, weight)) in (start..end).zip(sums.into_iter().zip(weights)) {
            if weight > 0.0 {
                scores.set(case, Answer::Given(after(sum / weight)));
            }
        }
        start = end;
    }
    scores
}

/// Cells that are summed together: blocks have a size that the compiler knows, so that several cells are done at once.
const BLOCK: usize = 8;

/// Σ w·before(x) and Σ w of so many cells from `start` on.
fn sums<const CELLS: usize>(
    parts: &[Part<'_>],
    start: usize,
    before: &impl Fn(f64) -> f64,
) -> ([f64; CELLS], [f64; CELLS]) {
    let (mut sums, mut weights) = ([0.0; CELLS], [0.0; CELLS]);
    for part in parts {
        let values = &part.column.values[start..start + CELLS];
        let marks = &part.column.marks[start..start + CELLS];
        // Zero is added where there is no value: a loop without jumps does several cells at once.
        let mask: [u64; CELLS] = std::array::from_fn(|at| match marks[at] {
            Mark::Given => u64::MAX,
            Mark::Unanswered | Mark::DontKnow | Mark::NotAsked | Mark::NotApplicable => 0,
        });
        let masked = |value: f64, at: usize| f64::from_bits(value.to_bits() & mask[at]);
        for at in 0..CELLS {
            sums[at] += masked(part.weight * before(values[at]), at);
            weights[at] += masked(part.weight, at);
        }
    }
    (sums, weights)
}

/// The lowest or highest part.
fn fold(parts: &[Part<'_>], length: usize, pick: impl Fn(f64, f64) -> f64) -> Column {
    by_row(parts, length, |row| {
        row.iter().map(|(_, x)| *x).reduce(&pick).unwrap_or(0.0)
    })
}

/// The value at which half of the weight lies on either side; the mean of both neighbours if that is between two.
fn median(row: &mut [(&Part<'_>, f64)]) -> f64 {
    row.sort_by(|a, b| a.1.total_cmp(&b.1));
    let half = weight(row) / 2.0;
    let mut below = 0.0;
    for position in 0..row.len() {
        below += row[position].0.weight;
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

/// Σ w·x ÷ `out_of`. Where parts have no value the points that they could reach go to the others, see [`passed_on`].
fn sum(parts: &[Part<'_>], length: usize, out_of: f64) -> Column {
    by_row(parts, length, |row| {
        let sum = row.iter().map(|(part, x)| part.weight * x).sum::<f64>();
        sum * passed_on(parts, row) / out_of
    })
}

/// How much what is known of a sum grows, so that a gap is no zero: points that can be reached by all ÷ by those with a
/// value, so that the share of the points within reach stays; by weight where no points can be reached.
fn passed_on(parts: &[Part<'_>], row: &[(&Part<'_>, f64)]) -> f64 {
    if row.len() == parts.len() {
        return 1.0;
    }
    let points = |part: &Part<'_>| part.weight * part.reach;
    let known: f64 = row.iter().map(|(part, _)| points(part)).sum();
    if known > 0.0 {
        parts.iter().map(points).sum::<f64>() / known
    } else {
        total(parts) / weight(row)
    }
}

/// Π x^w; a part below zero counts as zero. Where parts have no value their weight goes to the others, as in a geometric
/// mean: (Π x^w)^(Σ all w ÷ Σ known w), so that a gap is no full mark.
fn product(parts: &[Part<'_>], length: usize) -> Column {
    let all = total(parts);
    by_row(parts, length, |row| {
        let share = if row.len() < parts.len() {
            all / weight(row)
        } else {
            1.0
        };
        row.iter().fold(1.0, |product, (part, x)| {
            let exponent = part.weight * share;
            let plain = (exponent - 1.0).abs() < f64::EPSILON;
            let x = x.max(0.0);
            product * if plain { x } else { libm::pow(x, exponent) }
        })
    })
}

/// All weight.
fn total(parts: &[Part<'_>]) -> f64 {
    parts.iter().map(|part| part.weight).sum()
}

/// The weight of the parts that have a value.
fn weight(row: &[(&Part<'_>, f64)]) -> f64 {
    row.iter().map(|(part, _)| part.weight).sum()
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
    let of = |stage: u32| -> Vec<Part<'_>> {
        parts
            .iter()
            .copied()
            .filter(|part| part.stage == stage)
            .collect()
    };
    let stages = stages(parts).into_iter().map(|stage| {
        let parts = of(stage);
        let mut column = mean(&parts, length, Lent::default());
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

/// Ascending, each once.
fn stages(parts: &[Part<'_>]) -> Vec<u32> {
    let mut stages: Vec<u32> = parts.iter().map(|part| part.stage).collect();
    stages.sort_unstable();
    stages.dedup();
    stages
}

/// The highest mean that a stage's parts can reach.
fn stage_reach(parts: &[Part<'_>], stage: u32) -> f64 {
    let own = parts.iter().filter(|part| part.stage == stage);
    let (points, weight) = own.fold((0.0, 0.0), |(points, weight), part| {
        (points + part.weight * part.reach, weight + part.weight)
    });
    points / weight
}

fn whole((column, reach): (&Column, f64)) -> Part<'_> {
    Part {
        weight: 1.0,
        stage: 1,
        reach,
        column,
    }
}

/// `score` of every row's parts and values, in the order of the parts; unanswered where there is none.
fn by_row<'p>(
    parts: &'p [Part<'p>],
    length: usize,
    score: impl Fn(&mut [(&'p Part<'p>, f64)]) -> f64,
) -> Column {
    let mut scores = Column::unanswered(length);
    let mut row = Vec::with_capacity(parts.len());
    for at in 0..length {
        row.clear();
        row.extend(
            parts
                .iter()
                .filter_map(|part| Some((part, part.column.value(at)?))),
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
                reach: 1.0,
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
    fn knowing_which_parts_are_there_changes_no_bit() {
        // Nine are too many to weigh every set of them.
        for parts in [4, 9] {
            knowing_changes_no_bit(parts);
        }
    }

    fn knowing_changes_no_bit(parts: usize) {
        let column = |part: usize| {
            let mut column = Column::unanswered(37);
            for case in
                (0..37).filter(|case| !(case * 7 + part * 3).is_multiple_of(5) && *case != 11)
            {
                column.set(case, Answer::Given(1.0 / (1 + case + part) as f64));
            }
            column
        };
        let columns: Vec<Column> = (0..parts).map(column).collect();
        let parts: Vec<Part<'_>> = columns
            .iter()
            .zip([0.1, 0.7, 1.3, 3.0, 0.4, 0.9, 1.7, 0.3, 2.2])
            .map(|(column, weight)| Part {
                weight,
                stage: 1,
                reach: 1.0,
                column,
            })
            .collect();
        let patterns = Patterns::of(&columns.iter().collect::<Vec<_>>(), 37).expect("few patterns");
        let lent = Lent {
            patterns: Some(&patterns),
            ..Lent::default()
        };
        let known = aggregate_with(Aggregate::Mean, &parts, 37, lent);
        let found = aggregate(Aggregate::Mean, &parts, 37);
        assert_eq!(known, found);
        assert_eq!(found.value(11), None);
        if parts.len() == 4 {
            let mean = (0.7 / 2.0 + 1.3 / 3.0 + 3.0 / 4.0) / 5.0;
            assert_eq!(found.value(0), Some(mean));
        }
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
            staged_of(Aggregate::LevelSum { out_of: None }, &stages),
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
                Aggregate::LevelSum { out_of: None },
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
