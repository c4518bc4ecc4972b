//! One score taken apart: from the index down to the answers, every step with its number.
//!
//! An [`Explainer`] scores once while `trace` looks on; nothing is scored anew for what it is asked then: `tree` puts
//! together what every node was made of, `attribution` says how much each part adds, `losses` which answers cost most.
//! What is stated adds up: a node's score is its `base`, plus what its parts contribute, plus what the steps after that
//! changed.
//!
//! Why Norway has 0.9:
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
//! use dgpf::analysis::explain::Explainer;
//!
//! let responses = read(b"country,policy,licences\nNOR,yes,80\nPER,no,50\n")?;
//! let plan = Plan::compile(&framework, &Assumptions::of(&framework));
//! let explainer = Explainer::new(&plan, &responses);
//! let norway = explainer.explain("NOR", 0, Framework::INDEX).expect("it is among the responses");
//!
//! assert_eq!(norway.index, Some(0.9));
//! let parts: Vec<f64> = norway.tree.parts().iter().map(|part| part.contribution).collect();
//! assert_eq!(parts, [0.5, 0.4]);
//! assert!((norway.losses[0].points - 0.1).abs() < 1e-12); // what the missing 20 % cost
//! # Ok(())
//! # }
//! ```

mod attribution;
mod best;
mod explainer;
mod leaf;
mod levels;
mod losses;
mod trace;
mod tree;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::framework::{
    Aggregate, Combiner, Denominator, Digits, GroupIx, MinCoverage, MissingAnswer, Need, NodeIx,
    reaches,
};
use crate::responses::Answer;
use crate::scoring::{Reading, Scaler, Treatment};

pub use explainer::Explainer;

/// A score of one unit in one period, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The unit's id.
    pub unit: Arc<str>,
    /// The unit's name.
    pub name: Arc<str>,
    /// Position among the periods of the responses.
    pub period: usize,
    /// The node that was asked for, with everything below it.
    pub tree: Explained,
    /// The unit's score of the index.
    pub index: Option<f64>,
    /// What the node adds to the index; none where the index has no score.
    pub adds: Option<f64>,
    /// How far the index is from what the best answers would give; none where it has no score.
    pub short: Option<f64>,
    /// What each indicator below the node takes from the index, the largest first. Over all indicators they sum to
    /// `short`, together with `rest`.
    pub losses: Vec<Loss>,
    /// What no answer takes: rounding, rules that compare units, and caps where less is better.
    pub rest: f64,
}

/// One node's score and how it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Which node.
    pub node: NodeIx,
    /// The finer row it belongs to, outermost key first; empty for the unit itself.
    pub row: Vec<Arc<str>>,
    /// Its score (a share), or why there is none.
    pub score: Answer,
    /// Share of the weight of what applies that was answered.
    pub coverage: f64,
    /// Lowest and highest score that the gaps could still give; `None` where nothing limits it.
    pub bounds: (Option<f64>, Option<f64>),
    /// Its level and what is missing to the next one.
    pub standing: Option<Standing>,
    /// Where it came from.
    pub made: Made,
    /// What happened to it then, in this order.
    pub steps: Vec<Step>,
    /// What it would be with the best answers, where that is known.
    pub best: Option<f64>,
}

/// Where a score came from.
#[derive(Clone, Debug, PartialEq)]
pub enum Made {
    /// From the node's parts.
    Aggregated {
        /// By which rule.
        how: Aggregate,
        /// Where the sum starts: 1 for a product, else 0.
        base: f64,
        /// The base and the contributions of the parts.
        total: Option<f64>,
        /// Why there is no score.
        without: Option<Without>,
        /// In framework order.
        parts: Vec<Part>,
    },
    /// From the scores of finer rows.
    Combined {
        /// Position of the framework's row step that tells the rows apart.
        depth: usize,
        /// How they become one; `None` where the framework does not say for these rows.
        combiner: Option<Combiner>,
        /// The sum of the contributions.
        total: Option<f64>,
        /// In the order of their keys.
        rows: Vec<Part>,
    },
    /// From an answer.
    Answered(RowAnswer),
}

/// What a part has to do with the score above it.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The part itself.
    pub explained: Explained,
    /// Its weight as stated.
    pub weight: f64,
    /// Its stage, for level sums and staged levels.
    pub stage: u32,
    /// The highest share that it can reach: what its weight is worth where points are summed.
    pub reach: f64,
    /// Whether it counts: it has a weight and is scored.
    pub counts: bool,
    /// The score that it counted with; `None` where it took no part.
    pub counted: Option<f64>,
    /// Whether that is not its own score but what the missing rule puts in its place.
    pub stood_in: bool,
    /// What its score was multiplied with; `None` where the rule is no weighted sum.
    pub effective: Option<f64>,
    /// What it adds to the score above.
    pub contribution: f64,
    /// Whether it decided the score alone, or together with others that are marked so.
    pub binding: bool,
}

/// How many stages of a staged score pass, and how many there are: as the score counts them.
pub fn stages_passed(parts: &[Part], pass: f64) -> (usize, usize) {
    let mut stages: BTreeMap<u32, Vec<&Part>> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.counts) {
        stages.entry(part.stage).or_default().push(part);
    }
    let (mut passed, mut count, mut failed) = (0, 0, false);
    for own in stages.values() {
        let known = || {
            own.iter()
                .filter_map(|part| Some((part.weight, part.counted?)))
        };
        let weight: f64 = known().map(|(weight, _)| weight).sum();
        if weight > 0.0 {
            let mean = known().map(|(weight, x)| weight * x).sum::<f64>() / weight;
            failed |= !reaches(mean, pass);
            passed += usize::from(!failed);
            count += 1;
        } else if own
            .iter()
            .any(|part| part.explained.score != Answer::NotApplicable)
        {
            count += usize::from(failed);
        }
    }
    (passed, count)
}

/// Why a node has no score.
#[derive(Clone, Debug, PartialEq)]
pub enum Without {
    /// None of its parts applies.
    NothingApplies,
    /// None of its parts has a score.
    NoPart,
    /// This part has none, and the framework asks for all.
    Part(NodeIx),
    /// Too little was answered: what was asked for, and what was found.
    Coverage(MinCoverage, f64),
    /// The rule gives no number for these parts.
    NoNumber,
}

/// An answer of a row, or of the rows it was combined from.
#[derive(Clone, Debug, PartialEq)]
pub struct RowAnswer {
    /// The row's own key; empty for the unit.
    pub key: Arc<str>,
    /// What it amounts to: a share for choices, a number for numbers.
    pub value: Answer,
    /// The share that counts in place of a number (skip logic, presets).
    pub settled: Option<f64>,
    /// Where it came from.
    pub source: Source,
}

/// Where a row's answer came from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A line of the responses.
    Line {
        /// Its file as the user named it, where there are several.
        file: Option<Arc<str>>,
        /// Physical line in its file, from 1.
        line: usize,
        /// As it was given.
        answer: Answer,
        /// Why it counts as it does.
        reading: Reading,
        /// The source that was named for it.
        evidence: Option<String>,
    },
    /// Finer rows.
    Rows {
        /// Position of the framework's row step that tells them apart.
        depth: usize,
        /// How they became one.
        combiner: Option<Combiner>,
        /// In the order of their keys.
        rows: Vec<RowAnswer>,
        /// How much each of them counts in a mean, in the same order: 1 unless the framework names a weight.
        weights: Vec<f64>,
    },
}

impl RowAnswer {
    /// Whether there is anything in it that can count.
    pub fn is_given(&self) -> bool {
        self.settled.is_some() || given(self.value).is_some()
    }
}

/// What happened to a value, and what it was then.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What happened.
    pub change: Change,
    /// The value after it.
    pub result: Answer,
}

/// What can happen to a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The period lies outside those of this node.
    OutsidePeriods(NodeIx),
    /// The unit was left out for lack of data.
    ScreenedOut,
    /// A number per something.
    Divided {
        /// Per what.
        by: Denominator,
        /// What that was; without it there is no value.
        divisor: Option<f64>,
        /// Then multiplied by this.
        times: f64,
    },
    /// A gap was filled with a raw value.
    Imputed {
        /// By which rule.
        rule: MissingAnswer,
        /// From what.
        from: Origin,
    },
    /// Outliers were tamed.
    Treated {
        /// How.
        treatment: Treatment,
        /// The percentile that it was cut at, where that is the rule.
        percentile: Option<f64>,
        /// Over whom.
        cohort: CohortFacts,
    },
    /// A share stands in place of the number: a skipped question, a preset.
    Settled,
    /// Scaled, by fixed posts or over a cohort.
    Scaled {
        /// How; `None` where the cohort gave no usable statistics.
        scaler: Option<Scaler>,
        /// Over whom, if it is relative.
        cohort: Option<CohortFacts>,
    },
    /// A gap was filled with a share.
    Filled(MissingAnswer),
    /// It cannot exceed the score of this node.
    Capped(NodeIx),
    /// Rounded.
    Rounded(Digits),
}

/// What an imputed value was made from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// So many values of the cohort, in this period if it is one.
    Cohort {
        /// How many.
        count: usize,
        /// Position among the periods.
        period: Option<usize>,
    },
    /// The unit's own values in other periods: position and value.
    Periods(Vec<(usize, f64)>),
    /// The unit's other indicators under a node.
    Row {
        /// The node.
        within: NodeIx,
    },
}

/// A cohort, as far as a reader can check it.
#[derive(Clone, Debug, PartialEq)]
pub struct CohortFacts {
    /// The group, if it is not everybody.
    pub group: Option<GroupIx>,
    /// Name of the period, if it is one.
    pub period: Option<String>,
    /// Whether it was found before: the units at hand are compared with it, and not with each other.
    pub frozen: bool,
    /// How many values it had.
    pub count: usize,
    /// The lowest.
    pub min: Option<f64>,
    /// The highest.
    pub max: Option<f64>,
    /// Their mean.
    pub mean: Option<f64>,
    /// Their standard deviation.
    pub sd: Option<f64>,
}

/// A level and the way to the next one.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Position among the node's bands.
    pub level: usize,
    /// The band by the score alone; better than `level` where conditions hold it back.
    pub by_score: usize,
    /// What is missing; `None` at the best level.
    pub next: Option<NextLevel>,
}

/// What the next level asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct NextLevel {
    /// Position among the node's bands.
    pub level: usize,
    /// The score (share) that it starts at; where less is better, that it lies below.
    pub from: f64,
    /// How far the score is from it; zero where it is there.
    pub short: f64,
    /// Its conditions that do not hold, each with what was found (a share, or the position of a level).
    pub unmet: Vec<(Need, Option<f64>)>,
}

/// What one indicator takes from the index.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// The indicator.
    pub node: NodeIx,
    /// The finer row, if there is one.
    pub row: Vec<Arc<str>>,
    /// How much of the index (a share).
    pub points: f64,
}

impl Explained {
    /// The parts that its score was made from; none for an answer.
    pub fn parts(&self) -> &[Part] {
        match &self.made {
            Made::Aggregated { parts, .. } => parts,
            Made::Combined { rows, .. } => rows,
            Made::Answered(_) => &[],
        }
    }

    /// The score, if there is one.
    pub fn value(&self) -> Option<f64> {
        given(self.score)
    }

    /// The value before the first step.
    pub fn start(&self) -> Option<f64> {
        match &self.made {
            Made::Aggregated { total, .. } | Made::Combined { total, .. } => *total,
            Made::Answered(answer) => given(answer.value),
        }
    }
}

/// The number of an answer that has one.
pub(crate) fn given(answer: Answer) -> Option<f64> {
    match answer {
        Answer::Given(value) => Some(value),
        Answer::Missing(_) | Answer::NotApplicable => None,
    }
}
