//! Rules that scores must hold to, judged on unrounded values.

mod reach;
mod read;

use crate::analysis::compare::{Causes, Comparison, Move, Side, Standing};
use crate::framework::{Better, Framework, NodeIx, reaches};
use crate::problem::{Place, Severity};
use crate::scoring::Plan;

pub use reach::{OutOfReach, Reach};
pub use read::read;

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its nodes.
    pub nodes: Vec<NodeIx>,
    /// Its units, by id; all if there are none.
    pub units: Vec<String>,
    /// How much it matters when it does not hold: an error or a warning.
    pub severity: Severity,
    /// What it asks for.
    pub demand: Demand,
    /// Where it is written; `None`: on the command line.
    pub place: Option<Place>,
}

/// What a rule asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Demand {
    /// A score (a share) at least as good as this.
    AtLeast(f64),
    /// A score at least as good as the target that the framework sets for this phase.
    Target {
        /// The phase.
        phase: String,
        /// The target (a share).
        least: f64,
    },
    /// So much of the weight answered.
    Coverage(f64),
    /// A level at least as good as the one with this id.
    Level(String),
    /// A score that got worse by no more than this (a share) since the baseline.
    MaxDrop(f64),
    /// A level that is no worse than in the baseline.
    NoLevelLoss,
}

/// What judging found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// Where rules do not hold: rule by rule, unit by unit.
    pub broken: Vec<Broken>,
    /// How many things were judged, by rule; `None`: there is no baseline to judge it by.
    pub checks: Vec<Option<usize>>,
    /// Units that rules name and that have no answers: position of the rule, and the unit.
    pub unknown: Vec<(usize, String)>,
    /// Units of the baseline that have no answers now, if a rule is about all units.
    pub gone: Vec<Gone>,
}

/// A unit that was judged once and cannot be any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Gone {
    /// Its id.
    pub unit: String,
    /// Its index (a share) in the baseline.
    pub index: Option<f64>,
    /// As grave as the gravest rule that is about all units.
    pub severity: Severity,
}

/// A rule that does not hold for a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// Position of the rule.
    pub rule: usize,
    /// The unit's id.
    pub unit: String,
    /// The node.
    pub node: NodeIx,
    /// As it is.
    pub new: Standing,
    /// As it was, if there is a baseline that knows it.
    pub old: Option<Standing>,
    /// The id of the level that it was at.
    pub old_level: Option<String>,
    /// Why it changed.
    pub causes: Option<Causes>,
}

impl Demand {
    /// Whether it needs a baseline.
    pub fn is_about_change(&self) -> bool {
        match self {
            Self::MaxDrop(_) | Self::NoLevelLoss => true,
            Self::AtLeast(_) | Self::Target { .. } | Self::Coverage(_) | Self::Level(_) => false,
        }
    }
}

/// Judges the scores of a wave, and their changes since a baseline: `baseline` is its side and the comparison with it.
pub fn judge(
    side: &Side<'_>,
    baseline: Option<(&Side<'_>, &Comparison)>,
    rules: &[Rule],
) -> Judged {
    let framework = side.framework;
    let table = Plan::compile(framework, side.assumptions).score(side.responses);
    let rows: Vec<usize> = (0..table.observations.len())
        .filter(|row| table.observations[*row].period == side.period)
        .collect();
    let mut judged = Judged::default();
    for (at, rule) in rules.iter().enumerate() {
        let known = |unit: &&String| {
            let mut rows = rows.iter();
            rows.any(|row| table.observations[*row].unit.as_ref() == unit.as_str())
        };
        let unknown = rule.units.iter().filter(|unit| !known(unit));
        judged
            .unknown
            .extend(unknown.map(|unit| (at, unit.clone())));
        if rule.demand.is_about_change() && baseline.is_none() {
            judged.checks.push(None);
            continue;
        }
        let mut checks = 0;
        for row in &rows {
            let unit = table.observations[*row].unit.as_ref();
            if !rule.units.is_empty() && !rule.units.iter().any(|own| own == unit) {
                continue;
            }
            for node in &rule.nodes {
                checks += 1;
                let column = &table.nodes[node.0];
                let new = Standing {
                    score: column.score[*row],
                    coverage: column.coverage[*row],
                    rank: column.rank[*row],
                    level: column.level[*row],
                };
                let change = baseline.and_then(|(old, comparison)| {
                    let pair = comparison.pair_of(*node)?;
                    let change = &comparison.unit(unit)?.nodes[pair];
                    Some((old, comparison.nodes[pair], change))
                });
                let old = change.and_then(|(_, _, change)| change.old);
                let moved = change.and_then(|(_, _, change)| change.level);
                if !holds(framework, *node, &rule.demand, new, old, moved) {
                    judged.broken.push(Broken {
                        rule: at,
                        unit: unit.to_owned(),
                        node: *node,
                        new,
                        old,
                        old_level: change.and_then(|(side, pair, change)| {
                            let levels = side.framework.levels_of(pair.old?)?;
                            let level = change.old?.level?;
                            Some(levels.bands[level].id.to_string())
                        }),
                        causes: change.and_then(|(_, _, change)| change.causes),
                    });
                }
            }
        }
        judged.checks.push(Some(checks));
    }
    judged.gone = gone(baseline.map(|(_, comparison)| comparison), rules);
    judged
}

/// Who has left is worse off than any rule allows; rules that name their units are about nobody else.
fn gone(comparison: Option<&Comparison>, rules: &[Rule]) -> Vec<Gone> {
    let about_all = rules.iter().filter(|rule| rule.units.is_empty());
    let Some(severity) = about_all.map(|rule| rule.severity).min() else {
        return Vec::new();
    };
    let left = comparison.iter().flat_map(|comparison| &comparison.left);
    let gone = left.map(|passing| Gone {
        unit: passing.unit.to_string(),
        index: passing.index.score,
        severity,
    });
    gone.collect()
}

/// Whether a demand holds. A score that there is not holds to none; what has no past cannot have got worse.
fn holds(
    framework: &Framework,
    node: NodeIx,
    demand: &Demand,
    new: Standing,
    old: Option<Standing>,
    moved: Option<Move>,
) -> bool {
    match demand {
        Demand::AtLeast(least) | Demand::Target { least, .. } => new
            .score
            .is_some_and(|score| framework.better.reaches(score, *least)),
        Demand::Coverage(least) => new.coverage.is_some_and(|found| reaches(found, *least)),
        Demand::Level(least) => {
            let bands = framework.levels_of(node).map(|levels| &levels.bands);
            let wanted = bands.and_then(|bands| {
                let mut bands = bands.iter();
                bands.position(|band| band.id.as_str() == least)
            });
            match (new.level, wanted) {
                (Some(level), Some(wanted)) => framework.better.reaches_level(level, wanted),
                _ => false,
            }
        }
        Demand::MaxDrop(most) => match (old.and_then(|old| old.score), new.score) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(old), Some(new)) => reaches(*most, worsening(framework, old, new)),
        },
        Demand::NoLevelLoss => match (old.and_then(|old| old.level), new.level) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(_), Some(_)) => moved != Some(Move::Down),
        },
    }
}

/// By how much a score got worse.
pub fn worsening(framework: &Framework, old: f64, new: f64) -> f64 {
    match framework.better {
        Better::Higher => old - new,
        Better::Lower => new - old,
    }
}
