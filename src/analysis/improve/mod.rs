//! What would raise a score: single steps, the smallest set of changed answers that reaches a target, and what-if.
//!
//! An [`Improver`] scores once; every answer that is tried after that is scored by the plan itself, so that skip logic,
//! caps, gates, stages and rounding hold as they do for the real responses. `items` says which answers can become better
//! and by which rungs, `bench` scores many tries at once, `steps` lists single ones, `search` finds the smallest set and
//! `cover`, `blocking` and `trying` say how small it can be at best, `gates` what changes open and close, `peers` names who is there already.
//!
//! A change concerns one indicator of one scored row of a unit (the unit itself, unless the framework combines scores of
//! finer rows). Where several rows are combined into one answer first (assessors), the change is made in all of them that
//! have a say. A question that a change opens gets the lowest answer, unless the responses hold one already.
//!
//! What Peru has to do for 0.7:
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
//! use dgpf::analysis::improve::{Costs, Improver, Target};
//!
//! let responses = read(b"country,policy,licences\nNOR,yes,80\nPER,no,50\n")?;
//! let plan = Plan::compile(&framework, &Assumptions::of(&framework));
//! let improver = Improver::new(&plan, &responses);
//! let target = Target::Score(Framework::INDEX, 0.7);
//! let route = improver.route("PER", 0, target, &Costs::even(&framework)).expect("it is among the responses");
//!
//! assert!(route.reached);
//! assert_eq!(route.changes.len(), 1); // a policy is enough
//! assert_eq!(framework.node(route.changes[0].node).id.as_str(), "policy");
//! let after = &route.outcome.after.nodes[Framework::INDEX.0];
//! assert_eq!(after.score[route.outcome.row], Some(0.75));
//! # Ok(())
//! # }
//! ```

mod bench;
mod blocking;
mod costs;
mod cover;
mod gates;
mod improver;
mod items;
mod peers;
mod search;
mod steps;
mod strategies;
mod structure;
mod trying;

use std::sync::Arc;

use crate::framework::{NodeIx, tie_key};
use crate::responses::Answer;
use crate::scoring::ScoreTable;

pub use costs::Costs;
pub use improver::Improver;

/// What a unit could do first, for one node.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// The node whose gains are told.
    pub node: NodeIx,
    /// Its score (a share), if there is one.
    pub score: Option<f64>,
    /// The largest gain first; in framework order where gains are equal. Steps without a gain come last.
    pub steps: Vec<Step>,
    /// How many there are that gain something, those left out included.
    pub gaining: usize,
}

/// One answer that could be better.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The indicator.
    pub node: NodeIx,
    /// The finer row whose score it makes, outermost key first; empty for the unit itself.
    pub row: Vec<Arc<str>>,
    /// What is answered now.
    pub now: Now,
    /// Whether it is not asked now: another change of the same set opens it.
    pub closed: bool,
    /// The better answer, in so many rows.
    pub to: Answer,
    /// How many rows of the responses it changes.
    pub rows: usize,
    /// What makes it the next one.
    pub aim: Aim,
    /// What it alone gains the node (a share, above zero is better); `None` where there is no score before or after.
    pub gain: Option<f64>,
    /// The same for the index.
    pub index_gain: Option<f64>,
    /// The best answer, …
    pub best: Answer,
    /// … and what it alone gains the node.
    pub most: Option<f64>,
    /// Questions that it opens, so that they are asked; they are taken to get the lowest answer.
    pub opens: Vec<NodeIx>,
    /// Questions that it closes.
    pub closes: Vec<NodeIx>,
    /// The framework's estimate of the effort, 1 to 5.
    pub effort: Option<f64>,
    /// Who has it already: those who name a source first, then by score.
    pub peers: Vec<Peer>,
}

impl Step {
    /// Whether it alone gains something, at the latest with its best answer, or brings a score about.
    pub fn gains(&self) -> bool {
        let some = |gain: f64| tie_key(gain) > 0.0;
        self.gain.is_none_or(some) || self.most.is_some_and(some)
    }
}

/// What is answered now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Now {
    /// This, in every row.
    Answer(Answer),
    /// Rows say different things, which make this together (a share, for numbers the number).
    Mixed(f64),
}

/// What makes an answer the next better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// The next better option of a choice.
    Option,
    /// One more option of a multiple choice, or as many as it takes to score more: bit n stands for option n.
    Options(u64),
    /// The lower end of the next better band.
    Band,
    /// The number that half of the peers have reached.
    PeersMedian,
    /// The number that a quarter of the peers have reached.
    PeersQuarter,
    /// The best peer's number.
    PeersBest,
    /// The number from which on no score is to be gained.
    Goal,
}

/// A unit that has reached an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Peer {
    /// Its id.
    pub unit: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its answer.
    pub answer: Answer,
    /// The source that it names.
    pub evidence: Option<String>,
}

/// What is to be reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A level of the node, by position among its bands, with its conditions.
    Level(NodeIx, usize),
    /// A score of the node (a share): at least, or at most where less is better.
    Score(NodeIx, f64),
}

impl Target {
    /// The node.
    pub fn node(self) -> NodeIx {
        match self {
            Self::Level(node, _) | Self::Score(node, _) => node,
        }
    }
}

/// The way to a target.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The target.
    pub target: Target,
    /// Whether it is reached; if nothing was found that reaches it, `changes` is empty, and `proof` says whether it is known
    /// that nothing does.
    pub reached: bool,
    /// What changes, the largest gain first. A step's `gain` is what would be lost if it alone were left out of the set.
    pub changes: Vec<Step>,
    /// What each of them costs.
    pub costs: Vec<f64>,
    /// The sum of these.
    pub cost: f64,
    /// No set costs less than this.
    pub at_least: f64,
    /// How that is known.
    pub proof: Proof,
    /// What all changes give together; without changes, what the best answers that were found would give.
    pub outcome: WhatIf,
}

/// How it is known that no smaller set reaches the target, or that none does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Steps add up (or to less than their sum) on the way to the target: a covering problem, solved by branch and bound.
    Sums,
    /// Better answers never lower the score: what cannot be left out together must be met by every set.
    Blocking,
    /// All smaller sets of better answers were tried.
    Trying,
    /// It is not known: a change may close questions, or open some whose lowest answer costs more than it gains, or others'
    /// scores decide.
    Nothing,
}

/// What changed answers give.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// All scores anew; the same rows as [`Improver::scores`].
    pub after: ScoreTable,
    /// The observation whose answers changed.
    pub row: usize,
    /// Questions that are asked now, with their rows, and the answer that was taken for them.
    pub opened: Vec<(NodeIx, Answer)>,
    /// Questions that are not asked any more.
    pub closed: Vec<NodeIx>,
}
