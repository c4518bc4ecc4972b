//! What would raise a score as JSON, in full precision. Scores and gains are shares (0 to 1), whatever the framework's
//! range; a gain is above zero where it is for the better.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::analysis::improve::{Aim, Now, Peer, Proof, Route, Step, Target, WhatIf};
use crate::framework::{Framework, NodeIx};
use crate::report::improve::{Found, ImproveResult};
use crate::responses::{Answer, answer_text};

use super::shown::write_pretty;

/// Writes what would raise a score.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_improvement(result: &ImproveResult<'_>, out: &mut impl Write) -> io::Result<()> {
    let framework = result.framework;
    let observation = result.observation();
    let options = result
        .options
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)));
    let mut value = json!({
        "schema_version": "1.0",
        "tool": {"name": "dgpf", "version": env!("CARGO_PKG_VERSION")},
        "framework": {
            "id": framework.id.as_str(),
            "version": framework.version,
            "sha256": framework.sha256,
        },
        "responses": {"sha256": result.responses.sha256},
        "options": options.collect::<Map<String, Value>>(),
        "unit": observation.unit.as_ref(),
        "name": observation.name.as_ref(),
        "period": result.period(),
    });
    let names = Names { framework, result };
    let found = match result.found {
        Found::Steps(found) => json!({
            "node": names.node(found.node),
            "score": found.score,
            "steps": found.steps.iter().map(|step| names.step(step)).collect::<Vec<Value>>(),
        }),
        Found::Route { route, by_effort } => names.route(route, by_effort),
        Found::WhatIf { changes, outcome } => {
            let changes = changes.iter().map(|(node, answer)| {
                json!({"node": names.node(*node), "to": names.answer(*node, *answer)})
            });
            json!({
                "changes": changes.collect::<Vec<Value>>(),
                "outcome": names.outcome(outcome),
            })
        }
    };
    if let (Value::Object(value), Value::Object(found)) = (&mut value, found) {
        value.extend(found);
    }
    write_pretty(&value, out)
}

struct Names<'a> {
    framework: &'a Framework,
    result: &'a ImproveResult<'a>,
}

impl Names<'_> {
    fn node(&self, node: NodeIx) -> &str {
        self.framework.node(node).id.as_str()
    }

    fn nodes(&self, nodes: &[NodeIx]) -> Vec<&str> {
        nodes.iter().map(|node| self.node(*node)).collect()
    }

    /// As the framework spells it; null where none was given.
    fn answer(&self, node: NodeIx, answer: Answer) -> Value {
        let indicator = self.framework.node(node).indicator();
        let text = indicator
            .map(|indicator| answer_text(answer, indicator, &self.framework.codes))
            .unwrap_or_default();
        match answer {
            Answer::Given(_) => json!(text),
            Answer::Missing(_) => Value::Null,
            Answer::NotApplicable => json!("not-applicable"),
        }
    }

    fn level(&self, node: NodeIx, level: Option<usize>) -> Option<&str> {
        let levels = self.framework.levels_of(node)?;
        Some(levels.bands.get(level?)?.id.as_str())
    }

    fn step(&self, step: &Step) -> Value {
        let (now, mixed) = match step.now {
            Now::Answer(answer) => (self.answer(step.node, answer), None),
            Now::Mixed(value) => (Value::Null, Some(value)),
        };
        let advice = self.framework.node(step.node).advice.as_ref();
        let peers = step.peers.iter().map(|peer| self.peer(step.node, peer));
        json!({
            "node": self.node(step.node),
            "row": step.row.iter().map(AsRef::as_ref).collect::<Vec<&str>>(),
            "now": now,
            "mixed": mixed,
            "asked": !step.closed,
            "to": self.answer(step.node, step.to),
            "aim": aim(step.aim),
            "rows": step.rows,
            "gain": step.gain,
            "index_gain": step.index_gain,
            "best": self.answer(step.node, step.best),
            "best_gain": step.most,
            "opens": self.nodes(&step.opens),
            "closes": self.nodes(&step.closes),
            "effort": step.effort,
            "advice": advice.map(ToString::to_string),
            "peers": peers.collect::<Vec<Value>>(),
        })
    }

    fn peer(&self, node: NodeIx, peer: &Peer) -> Value {
        json!({
            "unit": peer.unit.as_ref(),
            "name": peer.name.as_ref(),
            "answer": self.answer(node, peer.answer),
            "evidence": peer.evidence,
        })
    }

    fn route(&self, route: &Route, by_effort: bool) -> Value {
        let (node, target) = match route.target {
            Target::Score(node, score) => (node, json!({"score": score})),
            Target::Level(node, level) => (node, json!({"level": self.level(node, Some(level))})),
        };
        let changes = route.changes.iter().zip(&route.costs).map(|(step, cost)| {
            let mut change = self.step(step);
            change["cost"] = json!(cost);
            change
        });
        let proof = match route.proof {
            Proof::Sums => "sums",
            Proof::Blocking => "blocking",
            Proof::Trying => "trying",
            Proof::Nothing => "none",
        };
        json!({
            "node": self.node(node),
            "target": target,
            "reached": route.reached,
            "changes": changes.collect::<Vec<Value>>(),
            "cost": route.cost,
            "cost_of": if by_effort { "effort" } else { "changes" },
            "at_least": route.at_least,
            "proof": proof,
            "outcome": self.outcome(&route.outcome),
        })
    }

    fn outcome(&self, outcome: &WhatIf) -> Value {
        let row = outcome.row;
        let nodes = self.framework.walk().map(|(ix, _)| {
            let side = |column: &crate::scoring::NodeColumn| {
                json!({
                    "score": column.score[row],
                    "level": self.level(ix, column.level[row]),
                    "rank": column.rank[row],
                })
            };
            json!({
                "node": self.node(ix),
                "before": side(&self.result.before.nodes[ix.0]),
                "after": side(&outcome.after.nodes[ix.0]),
            })
        });
        let opened = outcome.opened.iter().map(|(node, answer)| {
            json!({"node": self.node(*node), "taken": self.answer(*node, *answer)})
        });
        json!({
            "opened": opened.collect::<Vec<Value>>(),
            "closed": self.nodes(&outcome.closed),
            "nodes": nodes.collect::<Vec<Value>>(),
        })
    }
}

fn aim(aim: Aim) -> &'static str {
    match aim {
        Aim::Option => "option",
        Aim::Options(_) => "options",
        Aim::Band => "band",
        Aim::PeersMedian => "peers-median",
        Aim::PeersQuarter => "peers-quarter",
        Aim::PeersBest => "peers-best",
        Aim::Goal => "goal",
    }
}
