//! What would raise a score as CSV, in full precision, on the framework's range.

use std::io::{self, Write};

use crate::analysis::improve::{Now, Step, WhatIf};
use crate::framework::NodeIx;
use crate::report::improve::{Found, ImproveResult};
use crate::report::result::on_range;
use crate::responses::{Answer, answer_text};

use super::{guarded, guarded_answer, number};

/// The header of steps and of sets of them.
pub const STEPS_HEADER: [&str; 13] = [
    "unit",
    "period",
    "node",
    "indicator",
    "row",
    "now",
    "to",
    "gain",
    "index_gain",
    "effort",
    "opens",
    "peers",
    "evidence",
];

/// The header of what changed answers give.
pub const WHAT_IF_HEADER: [&str; 10] = [
    "unit",
    "period",
    "node",
    "tier",
    "before",
    "after",
    "level_before",
    "level_after",
    "rank_before",
    "rank_after",
];

/// One row a step, or one row a node for stated changes.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_improvement(result: &ImproveResult<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let (node, steps) = match result.found {
        Found::Steps(found) => (found.node, &found.steps),
        Found::Route { route, .. } => (route.target.node(), &route.changes),
        Found::WhatIf { outcome, .. } => {
            csv.write_record(WHAT_IF_HEADER)?;
            for row in nodes(result, outcome) {
                csv.write_record(row)?;
            }
            return csv.flush();
        }
    };
    csv.write_record(STEPS_HEADER)?;
    for step in steps {
        csv.write_record(row(result, node, step))?;
    }
    csv.flush()
}

fn row(result: &ImproveResult<'_>, node: NodeIx, step: &Step) -> Vec<String> {
    let framework = result.framework;
    let id = |node: NodeIx| framework.node(node).id.to_string();
    let text = |answer: Answer| {
        let indicator = framework.node(step.node).indicator();
        indicator
            .map(|indicator| answer_text(answer, indicator, &framework.codes))
            .unwrap_or_default()
    };
    let points =
        |gain: Option<f64>| number(gain.map(|gain| framework.range.show_difference(gain) + 0.0));
    let joined = |texts: Vec<String>| guarded(&texts.join("; ")).into_owned();
    let opens = step.opens.iter().map(|node| id(*node));
    let peers = step.peers.iter().map(|peer| peer.unit.to_string());
    let sources = step.peers.iter().filter_map(|peer| {
        let evidence = peer.evidence.as_ref()?;
        Some(format!("{}: {evidence}", peer.unit))
    });
    vec![
        guarded(&result.observation().unit).into_owned(),
        guarded(result.period().unwrap_or("")).into_owned(),
        id(node),
        id(step.node),
        joined(step.row.iter().map(ToString::to_string).collect()),
        match step.now {
            Now::Answer(answer) => guarded_answer(&text(answer)).into_owned(),
            Now::Mixed(_) => "mixed".to_owned(),
        },
        guarded_answer(&text(step.to)).into_owned(),
        points(step.gain),
        points(step.index_gain),
        number(step.effort),
        joined(opens.collect()),
        joined(peers.collect()),
        joined(sources.collect()),
    ]
}

fn nodes<'r>(
    result: &'r ImproveResult<'_>,
    outcome: &'r WhatIf,
) -> impl Iterator<Item = Vec<String>> + 'r {
    let (framework, at) = (result.framework, outcome.row);
    framework.walk().map(move |(ix, node)| {
        let (old, new) = (&result.before.nodes[ix.0], &outcome.after.nodes[ix.0]);
        let shown =
            |score: Option<f64>| number(score.map(|score| on_range(framework.range, score)));
        let level = |level: Option<usize>| {
            let bands = framework.levels_of(ix).map(|levels| &levels.bands);
            let band = bands.zip(level).and_then(|(bands, level)| bands.get(level));
            band.map_or_else(String::new, |band| band.id.to_string())
        };
        vec![
            guarded(&result.observation().unit).into_owned(),
            guarded(result.period().unwrap_or("")).into_owned(),
            node.id.to_string(),
            node.tier.word().to_owned(),
            shown(old.score[at]),
            shown(new.score[at]),
            level(old.level[at]),
            level(new.level[at]),
            number(old.rank[at]),
            number(new.rank[at]),
        ]
    })
}
