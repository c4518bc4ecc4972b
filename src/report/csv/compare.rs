//! Comparisons as CSV, in full precision, on the newer framework's range.

use std::io::{self, Write};

use crate::analysis::compare::{Change, NodePair, Passing, Standing};
use crate::framework::{Framework, NodeIx};
use crate::report::compare::{ComparisonResult, SideResult};

use super::{guarded, number};

/// The header of a comparison.
pub const COMPARISON_HEADER: [&str; 17] = [
    "unit",
    "status",
    "node",
    "tier",
    "old",
    "new",
    "difference",
    "answers",
    "framework",
    "coverage",
    "cohort",
    "old_coverage",
    "new_coverage",
    "old_rank",
    "new_rank",
    "old_level",
    "new_level",
];

/// One row a unit and node; the index of units that only one wave has, with the status `entered` or `left`.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_comparison(
    result: &ComparisonResult,
    units: &[String],
    out: &mut impl Write,
) -> io::Result<()> {
    let found = &result.found;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COMPARISON_HEADER)?;
    let wanted = |unit: &str| units.is_empty() || units.iter().any(|own| own == unit);
    for unit in found.units.iter().filter(|unit| wanted(&unit.unit)) {
        for (pair, change) in found.nodes.iter().zip(&unit.nodes) {
            let status = match (pair.old, pair.new) {
                (Some(_), None) => "gone",
                (None, _) => "added",
                (Some(_), Some(_)) => "both",
            };
            csv.write_record(row(result, &unit.unit, status, *pair, change))?;
        }
    }
    for (status, passing) in [("entered", &found.entered), ("left", &found.left)] {
        for unit in passing.iter().filter(|unit| wanted(&unit.unit)) {
            let (pair, change) = alone(status, unit);
            csv.write_record(row(result, &unit.unit, status, pair, &change))?;
        }
    }
    csv.flush()
}

fn alone(status: &str, unit: &Passing) -> (NodePair, Change) {
    let side = |own: &str| (own == status).then_some(Framework::INDEX);
    let standing = |own: &str| (own == status).then_some(unit.index);
    let pair = NodePair {
        old: side("left"),
        new: side("entered"),
    };
    let change = Change {
        old: standing("left"),
        new: standing("entered"),
        causes: None,
        level: None,
    };
    (pair, change)
}

fn row(
    result: &ComparisonResult,
    unit: &str,
    status: &str,
    pair: NodePair,
    change: &Change,
) -> Vec<String> {
    let facts = result.facts(pair);
    let score = |standing: Option<Standing>| {
        let score = standing.and_then(|standing| standing.score);
        number(score.map(|score| result.shown(pair, score)))
    };
    let moved = |difference: f64| number(Some(result.shown_difference(difference)));
    let of = |standing: Option<Standing>, what: fn(Standing) -> Option<f64>| {
        number(standing.and_then(what))
    };
    let mut cells = vec![
        guarded(unit).into_owned(),
        status.to_owned(),
        facts.id.clone(),
        facts.tier.word().to_owned(),
        score(change.old),
        score(change.new),
        number(result.difference(pair, change)),
    ];
    match change.causes {
        Some(causes) => cells.extend(causes.parts().map(moved)),
        None => cells.extend(std::iter::repeat_n(String::new(), 4)),
    }
    cells.extend([
        of(change.old, |own| own.coverage),
        of(change.new, |own| own.coverage),
        of(change.old, |own| own.rank),
        of(change.new, |own| own.rank),
    ]);
    let levels = result.level_ids(pair, change);
    cells.extend(levels.map(|level| level.unwrap_or_default().to_owned()));
    cells
}

/// One row a node, one column a unit; of two units, their difference and what the node adds to the one above it.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_side_by_side(result: &SideResult, out: &mut impl Write) -> io::Result<()> {
    let (about, found) = (&result.about, &result.found);
    let mut csv = csv::Writer::from_writer(out);
    let mut header = vec!["node".to_owned(), "tier".to_owned()];
    header.extend(found.units.iter().map(|(id, _)| guarded(id).into_owned()));
    let two = found.units.len() == 2;
    if two {
        header.extend(["difference", "adds", "own"].map(str::to_owned));
    }
    csv.write_record(header)?;
    for node in &found.nodes {
        let NodeIx(at) = node.node;
        let facts = &about.nodes[at];
        let scores: Vec<Option<f64>> = node.standings.iter().map(|own| own.score).collect();
        let mut cells = vec![facts.id.clone(), facts.tier.word().to_owned()];
        cells.extend(
            scores
                .iter()
                .map(|score| number(score.map(|score| about.shown(node.node, score)))),
        );
        if let [first, second] = scores.as_slice() {
            let difference = first.zip(*second).map(|(first, second)| first - second);
            let shown = |value: Option<f64>| {
                number(value.map(|value| about.framework.range.show_difference(value)))
            };
            cells.extend([shown(difference), shown(node.adds), shown(node.own)]);
        }
        csv.write_record(cells)?;
    }
    csv.flush()
}
