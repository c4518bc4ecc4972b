//! Comparisons as JSON, in full precision, on the newer framework's range.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::analysis::compare::{Causes, Change, Move, NodePair, Passing, Relation, Standing};
use crate::report::compare::{ComparisonResult, SideResult};
use crate::report::result::About;

use super::shown::write_pretty;

/// Writes a comparison.
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
    let wanted = |unit: &str| units.is_empty() || units.iter().any(|own| own == unit);
    let changes = found.units.iter().filter(|unit| wanted(&unit.unit));
    let changes = changes.map(|unit| {
        let nodes = found.nodes.iter().zip(&unit.nodes);
        let nodes: Map<String, Value> = nodes
            .map(|(pair, own)| (result.facts(*pair).id.clone(), change(result, *pair, own)))
            .collect();
        json!({"unit": unit.unit.as_ref(), "name": unit.name.as_ref(), "nodes": nodes})
    });
    let passing = |passing: &[Passing], about: &About| -> Vec<Value> {
        let passing = passing.iter().filter(|unit| wanted(&unit.unit));
        let index = crate::framework::Framework::INDEX;
        passing
            .map(|unit| {
                let score = unit.index.score.map(|score| about.shown(index, score));
                json!({"unit": unit.unit.as_ref(), "name": unit.name.as_ref(), "score": score, "rank": unit.index.rank})
            })
            .collect()
    };
    let [before, after] = &result.periods;
    let value = json!({
        "schema_version": "1.0",
        "tool": {"name": "dgpf", "version": env!("CARGO_PKG_VERSION")},
        "old": side(&result.old, before),
        "new": side(&result.new, after),
        "comparable": comparable(&found.relation),
        "moving": {"framework": found.moving.framework, "cohort": found.moving.cohort},
        "units": changes.collect::<Vec<_>>(),
        "entered": passing(&found.entered, &result.new),
        "left": passing(&found.left, &result.old),
    });
    write_pretty(&value, out)
}

fn side(about: &About, period: &str) -> Value {
    let mut side = json!({
        "framework": {
            "id": about.framework.id,
            "version": about.framework.version,
            "sha256": about.framework.sha256,
        },
        "responses": {"sha256": about.responses_sha256},
        "period": Some(period).filter(|period| !period.is_empty()),
        "options": about.options.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
    });
    if let Some(hash) = &about.cohort_sha256 {
        side["stats"] = json!({"sha256": hash});
    }
    side
}

fn comparable(relation: &Relation) -> Value {
    match relation {
        Relation::Same => json!({"by": "same-framework", "holds": true}),
        Relation::Stated { comparable, reason } => {
            let reason = reason.as_ref().map(ToString::to_string);
            json!({"by": "stated", "holds": comparable, "reason": reason})
        }
        Relation::Major => json!({"by": "version", "holds": false}),
        Relation::Unrelated => json!({"by": "nothing", "holds": null}),
    }
}

fn change(result: &ComparisonResult, pair: NodePair, change: &Change) -> Value {
    let levels = result.level_ids(pair, change);
    let known = |own: Option<Standing>, level: Option<&str>| {
        own.map(|own| {
            json!({
                "score": own.score.map(|score| result.shown(pair, score)),
                "coverage": own.coverage,
                "rank": own.rank,
                "level": level,
            })
        })
    };
    let causes = change.causes.map(|causes| {
        let parts = Causes::NAMES.into_iter().zip(causes.parts());
        parts
            .map(|(name, part)| (name.to_owned(), json!(result.shown_difference(part))))
            .collect::<Map<String, Value>>()
    });
    json!({
        "old": known(change.old, levels[0]),
        "new": known(change.new, levels[1]),
        "difference": result.difference(pair, change),
        "causes": causes,
        "level": change.level.map(|level| match level {
            Move::Up => "up",
            Move::Same => "same",
            Move::Down => "down",
        }),
    })
}

/// Writes units side by side.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_side_by_side(result: &SideResult, out: &mut impl Write) -> io::Result<()> {
    let (about, found) = (&result.about, &result.found);
    let ids: Vec<&str> = found.units.iter().map(|(id, _)| id.as_ref()).collect();
    let nodes: Map<String, Value> = found
        .nodes
        .iter()
        .map(|node| {
            let facts = &about.nodes[node.node.0];
            let units = ids.iter().zip(&node.standings).map(|(id, own)| {
                let level = own.level.and_then(|level| about.level(node.node, level));
                let value = json!({
                    "score": own.score.map(|score| about.shown(node.node, score)),
                    "coverage": own.coverage,
                    "rank": own.rank,
                    "level": level.map(|(level, _)| level.id.as_str()),
                });
                ((*id).to_owned(), value)
            });
            let shown = |value: Option<f64>| {
                value.map(|value| about.framework.range.show_difference(value))
            };
            let scores: Vec<Option<f64>> = node.standings.iter().map(|own| own.score).collect();
            let difference = match scores.as_slice() {
                [Some(first), Some(second)] => Some(first - second),
                _ => None,
            };
            let value = json!({
                "units": units.collect::<Map<String, Value>>(),
                "difference": shown(difference),
                "adds": shown(node.adds),
                "own": shown(node.own),
            });
            (facts.id.clone(), value)
        })
        .collect();
    let value = json!({
        "schema_version": "1.0",
        "tool": {"name": "dgpf", "version": env!("CARGO_PKG_VERSION")},
        "of": side(about, &result.period),
        "units": ids,
        "nodes": nodes,
    });
    write_pretty(&value, out)
}
