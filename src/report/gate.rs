//! What a gate found, as problems: every format in which problems leave then shows it.

use std::sync::Arc;

use crate::analysis::compare::Causes;
use crate::analysis::gate::{Broken, Demand, Judged, Rule, worsening};
use crate::framework::{Framework, NodeIx};
use crate::problem::{GateKind, Place, Problem, Severity};

use super::number::{percent, shortest};
use super::result::on_range;

/// Every rule that does not hold, by rule and unit; then who is gone; then notes on what could not be judged and on what holds. `file` is
/// what rules of the command line are about.
pub fn problems(
    judged: &Judged,
    rules: &[Rule],
    framework: &Framework,
    file: &Arc<str>,
) -> Vec<Problem> {
    let place = |rule: &Rule| rule.place.clone().unwrap_or_else(|| Place::whole(file));
    let mut problems = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        for (_, unit) in judged.unknown.iter().filter(|(of, _)| *of == at) {
            let kind = GateKind::UnknownUnit {
                name: unit.clone(),
                near: None,
            };
            problems.push(Problem::error(kind, place(rule)));
        }
        let words = Words { framework };
        for broken in judged.broken.iter().filter(|broken| broken.rule == at) {
            problems.push(Problem {
                severity: rule.severity,
                ..Problem::error(words.broken(broken, &rule.demand), place(rule))
            });
        }
    }
    problems.extend(judged.gone.iter().map(|gone| {
        let words = Words { framework };
        let kind = GateKind::UnitGone {
            unit: gone.unit.clone(),
            was: gone.index.map_or_else(String::new, |index| {
                format!(", its index was {}", plain(words.shown(index)))
            }),
        };
        Problem {
            severity: gone.severity,
            ..Problem::error(kind, Place::whole(file))
        }
    }));
    let unjudged = judged
        .checks
        .iter()
        .filter(|checks| checks.is_none())
        .count();
    if unjudged > 0 {
        let kind = GateKind::NoBaseline {
            rules: counted(unjudged, "rule"),
            verb: if unjudged == 1 { "was" } else { "were" },
        };
        problems.push(Problem::note(kind, Place::whole(file)));
    }
    for (at, (rule, checks)) in rules.iter().zip(&judged.checks).enumerate() {
        let broken = judged.broken.iter().any(|broken| broken.rule == at);
        let Some(checks) = checks.filter(|_| !broken) else {
            continue;
        };
        let kind = GateKind::RuleHolds {
            rule: Words { framework }.rule(rule),
            checks: counted(checks, "check"),
        };
        problems.push(Problem::note(kind, place(rule)));
    }
    problems
}

/// `18 checks: 1 does not hold`.
pub fn verdict(judged: &Judged, rules: &[Rule]) -> String {
    let checks = judged.checks.iter().flatten().sum::<usize>() + judged.gone.len();
    let of = |severity: Severity| {
        let broken = judged.broken.iter().map(|own| rules[own.rule].severity);
        let all = broken.chain(judged.gone.iter().map(|gone| gone.severity));
        all.filter(|own| *own == severity).count()
    };
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    let holds = match errors {
        0 => "every rule holds".to_owned(),
        1 => "1 does not hold".to_owned(),
        several => format!("{several} do not hold"),
    };
    let warned = match warnings {
        0 => String::new(),
        several => format!(", {}", counted(several, "warning")),
    };
    format!("{}: {holds}{warned}", counted(checks, "check"))
}

fn counted(count: usize, what: &str) -> String {
    super::present::counted(count, what)
}

struct Words<'f> {
    framework: &'f Framework,
}

impl Words<'_> {
    fn node(&self, node: NodeIx) -> String {
        self.framework.node(node).id.to_string()
    }

    fn shown(&self, score: f64) -> f64 {
        on_range(self.framework.range, score)
    }

    fn moved(&self, difference: f64) -> f64 {
        self.framework.range.show_difference(difference)
    }

    fn rule(&self, rule: &Rule) -> String {
        let nodes = match rule.nodes.as_slice() {
            all if all.len() == self.framework.nodes.len() && all.len() > 1 => {
                "every node".to_owned()
            }
            some => {
                let ids = some.iter().map(|node| format!("`{}`", self.node(*node)));
                ids.collect::<Vec<_>>().join(", ")
            }
        };
        match &rule.demand {
            Demand::AtLeast(least) => {
                format!("{nodes} at least as good as {}", plain(self.shown(*least)))
            }
            Demand::Target { phase, least } => {
                format!(
                    "{nodes} at its target for {phase}, {}",
                    plain(self.shown(*least))
                )
            }
            Demand::Coverage(least) => format!("{nodes} covered by at least {}", percent(*least)),
            Demand::Level(level) => format!("{nodes} at least at level `{level}`"),
            Demand::MaxDrop(most) => {
                format!("{nodes} worse by at most {}", plain(self.moved(*most)))
            }
            Demand::NoLevelLoss => format!("{nodes} at no lower level than before"),
        }
    }

    fn broken(&self, broken: &Broken, demand: &Demand) -> GateKind {
        let (unit, node) = (broken.unit.clone(), self.node(broken.node));
        let old = broken.old.and_then(|old| old.score);
        let (Some(score), Some(coverage)) = (broken.new.score, broken.new.coverage) else {
            let was = old.map_or_else(String::new, |old| {
                format!(", it was {}", plain(self.shown(old)))
            });
            return GateKind::NoScore { unit, node, was };
        };
        let level = |position: Option<usize>| {
            let levels = self.framework.levels_of(broken.node);
            let band = levels
                .zip(position)
                .map(|(levels, at)| &levels.bands[at].id);
            band.map_or_else(|| "none".to_owned(), ToString::to_string)
        };
        let split = self.split(broken.causes.as_ref(), old);
        match demand {
            Demand::AtLeast(least) => {
                let [score, least] = apart(self.shown(score), self.shown(*least));
                GateKind::ScoreBelow {
                    unit,
                    node,
                    score,
                    least,
                    split,
                }
            }
            Demand::Target { phase, least } => {
                let [score, least] = apart(self.shown(score), self.shown(*least));
                GateKind::TargetMissed {
                    unit,
                    node,
                    score,
                    phase: phase.clone(),
                    least,
                    split,
                }
            }
            Demand::Coverage(least) => {
                let [found, least] = apart(coverage, *least);
                GateKind::CoverageBelow {
                    unit,
                    node,
                    found,
                    least,
                }
            }
            Demand::Level(least) => GateKind::LevelBelow {
                unit,
                node,
                found: level(broken.new.level),
                least: least.clone(),
                split,
            },
            Demand::MaxDrop(most) => {
                let old = old.unwrap_or(score);
                let drop = worsening(self.framework, old, score);
                let [drop, most] = apart(self.moved(drop), self.moved(*most));
                let [score, old] = apart(self.shown(score), self.shown(old));
                GateKind::ScoreDropped {
                    unit,
                    node,
                    score,
                    old,
                    drop,
                    most,
                    split: self.split(broken.causes.as_ref(), None),
                }
            }
            Demand::NoLevelLoss => GateKind::LevelLost {
                unit,
                node,
                old: broken
                    .old_level
                    .clone()
                    .unwrap_or_else(|| "none".to_owned()),
                found: level(broken.new.level),
                split,
            },
        }
    }

    /// What the score was and why it changed; empty without a baseline.
    fn split(&self, causes: Option<&Causes>, old: Option<f64>) -> String {
        let Some(causes) = causes else {
            return String::new();
        };
        let was = old.map_or_else(String::new, |old| {
            format!("was {}: ", plain(self.shown(old)))
        });
        let parts = Causes::NAMES.into_iter().zip(causes.parts());
        let parts = parts.filter(|(_, part)| !super::compare::is_none(*part));
        let parts: Vec<String> = parts
            .map(|(name, part)| {
                let part = self.moved(part);
                let sign = if part < 0.0 { "-" } else { "+" };
                format!("{name} {sign}{}", plain(part.abs()))
            })
            .collect();
        if parts.is_empty() {
            return format!(" ({was}nothing changed)");
        }
        format!(" ({was}{})", parts.join(", "))
    }
}

/// A number with at most six decimals; with all of them where six leave nothing.
fn plain(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded == 0.0 && value != 0.0 {
        format!("{value:.1e}")
    } else {
        shortest(rounded)
    }
}

/// Two numbers that are not the same, so that their texts are not the same either.
fn apart(one: f64, other: f64) -> [String; 2] {
    let short = [plain(one), plain(other)];
    if short[0] == short[1] {
        [shortest(one), shortest(other)]
    } else {
        short
    }
}
