//! How far a ranking can be trusted, as JSON in full precision; scores stand on the framework's range.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::analysis::robustness::{
    Benefit, Dominance, Drivers, Estimate, Freedom, Indices, Output, Removals, Sensitivity,
    Stability, Uncertainty, UnitSpread,
};
use crate::framework::{Framework, NodeIx};
use crate::report::robustness::RobustnessResult;

use super::shown::write_pretty;

/// Writes what was found.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_robustness(result: &RobustnessResult, out: &mut impl Write) -> io::Result<()> {
    let about = &result.about;
    let sources = result.sources.iter();
    let sources = sources.map(|(word, values)| json!({"source": word, "values": values}));
    let names = Names { result };
    let value = json!({
        "schema_version": "1.0",
        "tool": {"name": "dgpf", "version": about.tool},
        "framework": {
            "id": about.framework.id,
            "version": about.framework.version,
            "sha256": about.framework.sha256,
        },
        "responses": {"sha256": about.responses_sha256},
        "period": result.period,
        "seed": result.seed,
        "sources": sources.collect::<Vec<_>>(),
        "interval": [result.interval.0, result.interval.1],
        "peer": result.peer,
        "uncertainty": result.uncertainty.as_ref().map(|found| names.uncertainty(found)),
        "sensitivity": result.sensitivity.as_ref().map(|found| names.sensitivity(found)),
        "removals": result.removals.as_ref().map(|found| names.removals(found)),
        "weights": result.stability.as_ref().map(|found| names.stability(found)),
        "dominance": result.dominance.as_ref().map(dominance),
        "favourable": result.benefit.as_ref().map(|found| names.benefit(found)),
    });
    write_pretty(&value, out)
}

struct Names<'a> {
    result: &'a RobustnessResult,
}

impl Names<'_> {
    fn node(&self, node: NodeIx) -> &str {
        &self.result.about.nodes[node.0].id
    }

    fn shown(&self, score: f64) -> f64 {
        self.result.about.shown(Framework::INDEX, score)
    }

    fn uncertainty(&self, found: &Uncertainty) -> Value {
        let units = found.units.iter().map(|unit| self.unit(unit));
        json!({
            "draws": found.draws,
            "mean_shift": found.mean_shift,
            "shift": {"low": found.shift[0], "median": found.shift[1], "high": found.shift[2]},
            "score_resolution": self.result.about.framework.range.show_difference(found.resolution),
            "units": units.collect::<Vec<_>>(),
        })
    }

    fn unit(&self, unit: &UnitSpread) -> Value {
        let shown = |score: Option<f64>| score.map(|score| self.shown(score));
        let levels = unit.levels.iter().enumerate().map(|(level, share)| {
            let facts = self.result.about.level(Framework::INDEX, level);
            json!({"level": facts.map(|(level, _)| &level.id), "share": share})
        });
        let ranks = unit.acceptability.iter();
        let ranks = ranks.map(|(rank, share)| json!({"rank": rank, "share": share}));
        json!({
            "unit": unit.id,
            "name": unit.name,
            "score": shown(unit.score),
            "rank": unit.rank,
            "scored": unit.scored,
            "score_mean": shown(unit.score_mean),
            "scores": unit.scores.map(|ends| ends.map(|end| self.shown(end))),
            "rank_mean": unit.rank_mean,
            "ranks": unit.ranks,
            "shift": unit.shift,
            "acceptability": ranks.collect::<Vec<_>>(),
            "levels": levels.collect::<Vec<_>>(),
            "above_mean": unit.above_mean,
            "above_next": unit.above_next,
            "above_peer": unit.above_peer,
        })
    }

    fn sensitivity(&self, found: &Sensitivity) -> Value {
        let outputs = found.outputs.iter().map(|drivers| self.drivers(drivers));
        json!({"base": found.base, "runs": found.runs, "outputs": outputs.collect::<Vec<_>>()})
    }

    fn drivers(&self, drivers: &Drivers) -> Value {
        let (of, unit) = match &drivers.output {
            Output::MeanShift => ("mean_shift", None),
            Output::Rank(id) => ("rank", Some(id)),
            Output::Score(id) => ("score", Some(id)),
        };
        let sources = self.result.sources.iter().zip(&drivers.indices);
        let sources = sources.map(|((word, _), indices)| {
            let of = |pick: fn(&Indices) -> Estimate| indices.as_ref().map(|found| estimate(pick(found)));
            json!({"source": word, "first": of(|found| found.first), "total": of(|found| found.total)})
        });
        json!({
            "output": of,
            "unit": unit,
            "mean": drivers.mean,
            "variance": drivers.variance,
            "sources": sources.collect::<Vec<_>>(),
        })
    }

    fn removals(&self, found: &Removals) -> Value {
        let nodes = found.nodes.iter().map(|removal| {
            let mover = removal.mover.as_ref();
            let mover = mover.map(|m| json!({"unit": m.id, "from": m.from, "to": m.to}));
            json!({
                "node": self.node(removal.node),
                "weight": removal.weight,
                "mean_shift": removal.mean_shift,
                "mover": mover,
                "new_leader": removal.new_leader,
                "ranks": removal.ranks,
            })
        });
        let units = found.units.iter().map(|(id, _)| id);
        json!({"units": units.collect::<Vec<_>>(), "nodes": nodes.collect::<Vec<_>>()})
    }

    fn stability(&self, found: &[Stability]) -> Vec<Value> {
        let of = |weight: &Stability| {
            json!({
                "node": self.node(weight.node),
                "share": weight.share,
                "leader": [weight.leader.0, weight.leader.1],
                "order": [weight.order.0, weight.order.1],
            })
        };
        found.iter().map(of).collect()
    }

    fn benefit(&self, found: &Benefit) -> Value {
        let parts = found.parts.iter().zip(&found.shares);
        let parts = parts.map(
            |(part, (low, high))| json!({"node": self.node(*part), "least": low, "most": high}),
        );
        let units = found.units.iter().map(|unit| {
            json!({"unit": unit.id, "rank": unit.rank, "score": unit.score, "shares": unit.shares})
        });
        json!({"parts": parts.collect::<Vec<_>>(), "units": units.collect::<Vec<_>>()})
    }
}

fn estimate(estimate: Estimate) -> Value {
    json!({"value": estimate.value, "low": estimate.low, "high": estimate.high})
}

fn dominance(found: &Dominance) -> Value {
    let units = found.units.iter().map(|unit| {
        let before = unit.before.iter().map(|at| &found.units[*at].id);
        json!({
            "unit": unit.id,
            "rank": unit.rank,
            "best": unit.best,
            "worst": unit.worst,
            "before": before.collect::<Vec<_>>(),
        })
    });
    json!({
        "freedom": match found.freedom {
            Freedom::Any => Value::from("any"),
            Freedom::Within(factor) => Value::from(factor),
        },
        "exact": found.exact,
        "pairs": found.pairs,
        "decided": found.decided,
        "units": units.collect::<Vec<_>>(),
    })
}
