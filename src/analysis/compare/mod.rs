//! What changed between two waves, unit by unit and node by node, and by how much each cause moved each score.
//!
//! `editions` tells the two frameworks' nodes and answers in each other's words, `mixed` scores units whose answers,
//! framework, coverage and cohort are partly of the old and partly of the new wave, `causes` shares the difference among
//! them. Nothing is estimated: every mixture is scored by the plan's own steps.
//!
//! How Peru came from 0.25 to 0.8:
//!
//! ```
//! # use dgpf::framework::{self, Framework, Source};
//! # use dgpf::problem;
//! # use dgpf::responses::{self, Input, Options};
//! # use dgpf::scoring::{Assumptions, Plan};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let yaml = "{dgpf: 1, id: open-data, unit: country, range: [0, 100], scales: {yes-no: {'no': 0, 'yes': 1}}, indicators: [\
//! #   {id: policy, question: Is there an open data policy?, scale: yes-no},\
//! #   {id: licences, question: Share of data sets with a licence, number: {from: 0, to: 100}}]}";
//! # let source = Source { name: "open-data.yaml".into(), text: yaml.to_owned() };
//! # let framework = framework::load(&source, &|_| None).map_err(|problems| problem::render(&problems))?.framework;
//! # let read = |bytes: &[u8]| {
//! #     let input = Input { name: "responses.csv", bytes };
//! #     let loaded = responses::load(&[input], &framework, &Options::default());
//! #     loaded.map(|loaded| loaded.responses).map_err(|problems| problem::render(&problems))
//! # };
//! use dgpf::analysis::compare::{Side, compare};
//!
//! let assumptions = Assumptions::of(&framework);
//! let waves = [&b"country,policy,licences\nPER,no,50\n"[..], b"country,policy,licences\nPER,yes,60\n"];
//! let [old, new] = [read(waves[0])?, read(waves[1])?];
//! let side = |responses| Side { framework: &framework, assumptions: &assumptions, responses, period: 0 };
//! let comparison = compare(&side(&old), &side(&new));
//!
//! let peru = comparison.unit("PER").expect("both waves have it");
//! let index = &peru.nodes[comparison.pair_of(Framework::INDEX).expect("both have an index")];
//! assert!((index.difference().expect("both have a score") - 0.55).abs() < 1e-12); // 0.25 → 0.8
//! let causes = index.causes.as_ref().expect("both have a score");
//! assert!((causes.answers - 0.55).abs() < 1e-12); // nothing but answers changed
//! # Ok(())
//! # }
//! ```

mod causes;
mod editions;
mod mixed;
mod side_by_side;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::framework::{Better, Framework, LevelsIx, NodeIx, Text};
use crate::responses::Responses;
use crate::scoring::{Assumptions, Plan, ScoreTable};

pub use causes::Causes;
pub use side_by_side::{SideBySide, SideNode, side_by_side};

use editions::Editions;
use mixed::Mixer;

/// One of the two things that are compared: responses in one period, and how they are scored.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// By which framework.
    pub framework: &'a Framework,
    /// Under which assumptions; they must be made for the framework.
    pub assumptions: &'a Assumptions,
    /// The answers, those of other periods too.
    pub responses: &'a Responses,
    /// Position among the responses' periods.
    pub period: usize,
}

/// The differences between an old and a new wave.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The nodes: the newer framework's in their order, then those that are gone.
    pub nodes: Vec<NodePair>,
    /// Units that both waves have, sorted by id.
    pub units: Vec<UnitChange>,
    /// Units that only the new wave has.
    pub entered: Vec<Passing>,
    /// Units that only the old wave has.
    pub left: Vec<Passing>,
    /// What the frameworks say of each other.
    pub relation: Relation,
    /// The causes that can be told apart here: a wave scored by the same framework has no change of framework, and
    /// where nothing is relative to a cohort, others move nobody.
    pub moving: Moving,
}

/// Which causes could move a score at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moving {
    /// The two waves are scored by different frameworks, or with different weights.
    pub framework: bool,
    /// Scores depend on other units, or on answers of other periods, or are compared with different frozen cohorts.
    pub cohort: bool,
}

/// A node of one edition and what it is in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodePair {
    /// In the older framework.
    pub old: Option<NodeIx>,
    /// In the newer one.
    pub new: Option<NodeIx>,
}

/// What changed for one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitChange {
    /// Its id.
    pub unit: Arc<str>,
    /// Its name in the new wave.
    pub name: Arc<str>,
    /// By position among the [`Comparison::nodes`].
    pub nodes: Vec<Change>,
}

/// What changed in one score.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// As it was; `None` where the node was not there.
    pub old: Option<Standing>,
    /// As it is; `None` where the node is gone.
    pub new: Option<Standing>,
    /// What moved it; `None` unless both waves have a score.
    pub causes: Option<Causes>,
    /// Whether the level rose or fell, where both waves have one and know the old one.
    pub level: Option<Move>,
}

/// What is known of one node of one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// A share.
    pub score: Option<f64>,
    /// Share of weight that was answered.
    pub coverage: Option<f64>,
    /// 1 is best.
    pub rank: Option<f64>,
    /// Position among the node's bands.
    pub level: Option<usize>,
}

/// Where a level went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// To a better one.
    Up,
    /// It is the same.
    Same,
    /// To a worse one.
    Down,
}

/// A unit that only one of the waves has.
#[derive(Clone, Debug, PartialEq)]
pub struct Passing {
    /// Its id.
    pub unit: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its index.
    pub index: Standing,
}

/// What two frameworks say of each other's scores.
#[derive(Clone, Debug, PartialEq)]
pub enum Relation {
    /// They are the same framework, or editions of it without a new major version.
    Same,
    /// One of them says whether the scores can be compared, and perhaps why.
    Stated {
        /// The answer.
        comparable: bool,
        /// The reason.
        reason: Option<Text>,
    },
    /// The same id with another major version, which says that scores are not comparable.
    Major,
    /// Neither says anything of the other.
    Unrelated,
}

impl Relation {
    /// Whether scores can be compared by what the frameworks say.
    pub fn is_comparable(&self) -> bool {
        match self {
            Self::Same => true,
            Self::Stated { comparable, .. } => *comparable,
            Self::Major | Self::Unrelated => false,
        }
    }
}

impl Change {
    /// New score − old score, in shares; `None` unless there are both.
    pub fn difference(&self) -> Option<f64> {
        Some(self.new?.score? - self.old?.score?)
    }

    /// Old rank − new rank: above zero the unit went up. `None` unless there are both.
    pub fn places(&self) -> Option<f64> {
        Some(self.old?.rank? - self.new?.rank?)
    }
}

impl Comparison {
    /// Position of the pair of a node of the newer framework.
    pub fn pair_of(&self, node: NodeIx) -> Option<usize> {
        self.nodes.iter().position(|pair| pair.new == Some(node))
    }

    /// What changed for a unit.
    pub fn unit(&self, unit: &str) -> Option<&UnitChange> {
        self.units
            .binary_search_by(|change| change.unit.as_ref().cmp(unit))
            .ok()
            .map(|found| &self.units[found])
    }
}

/// Compares two waves. Each difference is split into its causes by their Shapley values; see [`Causes`].
pub fn compare(old: &Side<'_>, new: &Side<'_>) -> Comparison {
    let editions = Editions::of(old, new);
    let tables = [old, new].map(|side| {
        let plan = Plan::compile(side.framework, side.assumptions);
        plan.score(side.responses)
    });
    let rows = [(old, &tables[0]), (new, &tables[1])].map(|(side, table)| rows_of(side, table));
    let common: Vec<Common> = rows[1]
        .iter()
        .filter_map(|(unit, new)| {
            let old = rows[0].get(unit)?;
            Some(Common {
                unit: Arc::clone(unit),
                rows: [*old, *new],
            })
        })
        .collect();
    let mixer = Mixer::new([old, new], &editions);
    let causes = mixer.causes(&common, &tables);
    let units = common.iter().zip(causes).map(|(common, causes)| {
        let pairs = editions.nodes.iter().zip(causes);
        let changes = pairs.map(|(pair, causes)| {
            let nodes = [pair.old, pair.new];
            let [old_standing, new_standing] = [0, 1].map(|side| {
                let node = nodes[side]?;
                Some(standing(&tables[side], node, common.rows[side]))
            });
            Change {
                old: old_standing,
                new: new_standing,
                causes,
                level: moved([old, new], *pair, old_standing, new_standing),
            }
        });
        UnitChange {
            unit: Arc::clone(&common.unit),
            name: Arc::clone(&tables[1].observations[common.rows[1]].name),
            nodes: changes.collect(),
        }
    });
    let passing = |side: usize| {
        let only = rows[side]
            .iter()
            .filter(|(unit, _)| !rows[1 - side].contains_key(*unit));
        only.map(|(unit, row)| Passing {
            unit: Arc::clone(unit),
            name: Arc::clone(&tables[side].observations[*row].name),
            index: standing(&tables[side], Framework::INDEX, *row),
        })
        .collect()
    };
    Comparison {
        units: units.collect(),
        entered: passing(1),
        left: passing(0),
        relation: editions::relation(old.framework, new.framework),
        moving: Moving {
            framework: !editions.same,
            cohort: mixer.cohort_moves(),
        },
        nodes: editions.nodes,
    }
}

/// A unit that both waves have, and its row in both tables.
struct Common {
    unit: Arc<str>,
    rows: [usize; 2],
}

/// The rows of a table that belong to the period, by unit.
fn rows_of(side: &Side<'_>, table: &ScoreTable) -> BTreeMap<Arc<str>, usize> {
    let observations = table.observations.iter().enumerate();
    observations
        .filter(|(_, observation)| observation.period == side.period)
        .map(|(row, observation)| (Arc::clone(&observation.unit), row))
        .collect()
}

fn standing(table: &ScoreTable, node: NodeIx, row: usize) -> Standing {
    let column = &table.nodes[node.0];
    Standing {
        score: column.score[row],
        coverage: column.coverage[row],
        rank: column.rank[row],
        level: column.level[row],
    }
}

/// Where the level went, by the ids of the newer framework's levels.
fn moved(
    sides: [&Side<'_>; 2],
    pair: NodePair,
    old: Option<Standing>,
    new: Option<Standing>,
) -> Option<Move> {
    let [before, after] = sides.map(|side| side.framework);
    let levels =
        |framework: &Framework, node: NodeIx| -> Option<LevelsIx> { framework.node(node).levels };
    let bands = |framework: &Framework, node: Option<NodeIx>| {
        let levels = levels(framework, node?)?;
        let bands = framework.levels[levels.0].bands.iter();
        Some(bands.map(|band| band.id.to_string()).collect::<Vec<_>>())
    };
    let (old_bands, new_bands) = (bands(before, pair.old)?, bands(after, pair.new)?);
    let was = &old_bands[old?.level?];
    let was = new_bands
        .iter()
        .position(|id| id.eq_ignore_ascii_case(was))?;
    let order = new?.level?.cmp(&was);
    let better = match after.better {
        Better::Higher => order,
        Better::Lower => order.reverse(),
    };
    Some(match better {
        Ordering::Greater => Move::Up,
        Ordering::Equal => Move::Same,
        Ordering::Less => Move::Down,
    })
}
