//! How far a ranking can be trusted, as CSV: one table a file, in full precision.

use std::io::{self, Write};

use crate::analysis::robustness::{Dominance, Removals, Sensitivity, Stability, Uncertainty};
use crate::framework::Framework;
use crate::report::present::output;
use crate::report::robustness::RobustnessResult;
use crate::report::words::{Language, Words};

use super::{guarded, number};
use crate::report::number::shortest;

/// The tables that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RobustnessTable {
    /// A row for every unit: intervals of scores and ranks.
    Units,
    /// A row for every unit and rank that it took.
    Ranks,
    /// A row for every unit and level.
    Levels,
    /// A row for every output and source.
    Drivers,
    /// A row for every node that is left out.
    Removals,
    /// A row for every weight.
    Weights,
    /// A row for every ranked unit: what its place can be.
    Dominance,
    /// A row for every ranked unit under its most favourable weights.
    Favourable,
}

/// Writes one table; what was not found has no rows.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_robustness(
    result: &RobustnessResult,
    table: RobustnessTable,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    match table {
        RobustnessTable::Units => units(result, result.uncertainty.as_ref(), &mut csv),
        RobustnessTable::Ranks => ranks(result.uncertainty.as_ref(), &mut csv),
        RobustnessTable::Levels => levels(result, result.uncertainty.as_ref(), &mut csv),
        RobustnessTable::Drivers => drivers(result, result.sensitivity.as_ref(), &mut csv),
        RobustnessTable::Removals => removals(result, result.removals.as_ref(), &mut csv),
        RobustnessTable::Weights => weights(result, result.stability.as_deref(), &mut csv),
        RobustnessTable::Dominance => dominance(result.dominance.as_ref(), &mut csv),
        RobustnessTable::Favourable => favourable(result, &mut csv),
    }?;
    csv.flush()
}

type Writer<W> = csv::Writer<W>;

fn units(
    result: &RobustnessResult,
    found: Option<&Uncertainty>,
    csv: &mut Writer<impl Write>,
) -> io::Result<()> {
    csv.write_record([
        "unit",
        "name",
        "score",
        "score_mean",
        "score_low",
        "score_median",
        "score_high",
        "rank",
        "rank_mean",
        "rank_low",
        "rank_median",
        "rank_high",
        "shift",
        "scored",
        "above_mean",
        "above_next",
        "above_peer",
    ])?;
    let shown =
        |score: Option<f64>| number(score.map(|score| result.about.shown(Framework::INDEX, score)));
    for unit in found.iter().flat_map(|found| &found.units) {
        let of = |ends: Option<[f64; 3]>, at: usize| ends.map(|ends| ends[at]);
        csv.write_record([
            guarded(&unit.id).into_owned(),
            guarded(&unit.name).into_owned(),
            shown(unit.score),
            shown(unit.score_mean),
            shown(of(unit.scores, 0)),
            shown(of(unit.scores, 1)),
            shown(of(unit.scores, 2)),
            number(unit.rank),
            number(unit.rank_mean),
            number(of(unit.ranks, 0)),
            number(of(unit.ranks, 1)),
            number(of(unit.ranks, 2)),
            number(unit.shift),
            shortest(unit.scored),
            shortest(unit.above_mean),
            number(unit.above_next),
            number(unit.above_peer),
        ])?;
    }
    Ok(())
}

fn ranks(found: Option<&Uncertainty>, csv: &mut Writer<impl Write>) -> io::Result<()> {
    csv.write_record(["unit", "rank", "share"])?;
    for unit in found.iter().flat_map(|found| &found.units) {
        for (rank, share) in &unit.acceptability {
            csv.write_record([
                guarded(&unit.id).as_ref(),
                &shortest(*rank),
                &shortest(*share),
            ])?;
        }
    }
    Ok(())
}

fn levels(
    result: &RobustnessResult,
    found: Option<&Uncertainty>,
    csv: &mut Writer<impl Write>,
) -> io::Result<()> {
    csv.write_record(["unit", "level", "share"])?;
    for unit in found.iter().flat_map(|found| &found.units) {
        for (level, share) in unit.levels.iter().enumerate() {
            let facts = result.about.level(Framework::INDEX, level);
            let id = facts.map_or("", |(level, _)| level.id.as_str());
            csv.write_record([guarded(&unit.id).as_ref(), id, &shortest(*share)])?;
        }
    }
    Ok(())
}

fn drivers(
    result: &RobustnessResult,
    found: Option<&Sensitivity>,
    csv: &mut Writer<impl Write>,
) -> io::Result<()> {
    csv.write_record([
        "output",
        "source",
        "first",
        "first_low",
        "first_high",
        "total",
        "total_low",
        "total_high",
    ])?;
    let english = Words::of(Language::English);
    for drivers in found.iter().flat_map(|found| &found.outputs) {
        for ((word, _), indices) in result.sources.iter().zip(&drivers.indices) {
            let of = |total: bool, end: usize| {
                let estimate =
                    indices.map(|indices| if total { indices.total } else { indices.first });
                number(estimate.map(|e| [e.value, e.low, e.high][end]))
            };
            csv.write_record([
                output(&drivers.output, &english),
                word.clone(),
                of(false, 0),
                of(false, 1),
                of(false, 2),
                of(true, 0),
                of(true, 1),
                of(true, 2),
            ])?;
        }
    }
    Ok(())
}

fn removals(
    result: &RobustnessResult,
    found: Option<&Removals>,
    csv: &mut Writer<impl Write>,
) -> io::Result<()> {
    csv.write_record([
        "node",
        "weight",
        "mean_shift",
        "mover",
        "from",
        "to",
        "new_leader",
    ])?;
    for removal in found.iter().flat_map(|found| &found.nodes) {
        let mover = removal.mover.as_ref();
        csv.write_record([
            result.about.nodes[removal.node.0].id.clone(),
            shortest(removal.weight),
            shortest(removal.mean_shift),
            mover.map_or_else(String::new, |mover| guarded(&mover.id).into_owned()),
            number(mover.map(|mover| mover.from)),
            number(mover.map(|mover| mover.to)),
            removal.new_leader.to_string(),
        ])?;
    }
    Ok(())
}

fn weights(
    result: &RobustnessResult,
    found: Option<&[Stability]>,
    csv: &mut Writer<impl Write>,
) -> io::Result<()> {
    csv.write_record([
        "node",
        "share",
        "leader_low",
        "leader_high",
        "order_low",
        "order_high",
    ])?;
    for weight in found.into_iter().flatten() {
        csv.write_record([
            result.about.nodes[weight.node.0].id.clone(),
            shortest(weight.share),
            shortest(weight.leader.0),
            shortest(weight.leader.1),
            shortest(weight.order.0),
            shortest(weight.order.1),
        ])?;
    }
    Ok(())
}

fn dominance(found: Option<&Dominance>, csv: &mut Writer<impl Write>) -> io::Result<()> {
    csv.write_record(["unit", "rank", "best", "worst", "always_before"])?;
    for unit in found.iter().flat_map(|found| &found.units) {
        csv.write_record([
            guarded(&unit.id).as_ref(),
            &shortest(unit.rank),
            &unit.best.to_string(),
            &unit.worst.to_string(),
            &unit.before.len().to_string(),
        ])?;
    }
    Ok(())
}

fn favourable(result: &RobustnessResult, csv: &mut Writer<impl Write>) -> io::Result<()> {
    let found = result.benefit.as_ref();
    let nodes = &result.about.nodes;
    let parts = found.iter().flat_map(|found| &found.parts);
    let header = ["unit", "rank", "score"].into_iter();
    csv.write_record(header.chain(parts.map(|part| nodes[part.0].id.as_str())))?;
    if let Some(found) = found {
        for unit in &found.units {
            let mut cells = vec![
                guarded(&unit.id).into_owned(),
                shortest(unit.rank),
                number(unit.score),
            ];
            cells.extend((0..found.parts.len()).map(|part| number(unit.shares.get(part).copied())));
            csv.write_record(cells)?;
        }
    }
    Ok(())
}
