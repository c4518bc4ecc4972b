//! Cohorts found piece by piece: which steps can be looked at together, and what some rows add to each of them.
//!
//! A step that compares with a cohort waits until the values that it looks at are known, which may take the cohorts of
//! steps before it. So cohorts are found in rounds ([`Plan::rounds`]): in each all rows are looked at once
//! ([`Plan::gather`]), and the next one knows what was found ([`Plan::knowing`]). After the last one every row can be scored
//! alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::framework::{Aggregate, AttributeIx, MissingAnswer, NodeIx, Normalise};
use crate::responses::{Column, Responses};

use super::cohort::{Comparison, Statistics};
use super::frozen::{Entry, Frozen, Key, Step};
use super::impute::groups;
use super::nodes::Detail;
use super::plan::{Moment, Plan};
use super::table::Wanted;
use super::workings::{Workings, above};

/// Steps whose cohorts are found together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    steps: BTreeSet<(NodeIx, Step)>,
    /// What is made of the nodes below those that are scaled, and these themselves, in order.
    made: Vec<NodeIx>,
}

/// How much is kept of a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Every value: 8 bytes each.
    Everything,
    /// What is needed to score: of many steps only the ends.
    WhatIsNeeded,
}

/// What rows add to the cohorts of a round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gathered {
    cohorts: BTreeMap<Key, Sample>,
}

#[derive(Clone, Debug, PartialEq)]
struct Sample {
    values: Values,
    /// That of the unit from which distances are measured.
    reference: Option<f64>,
}

#[derive(Clone, Debug, PartialEq)]
enum Values {
    All(Vec<f64>),
    Ends { low: f64, high: f64, count: usize },
}

impl Values {
    fn new(only_ends: bool) -> Self {
        if only_ends {
            Self::Ends {
                low: f64::INFINITY,
                high: f64::NEG_INFINITY,
                count: 0,
            }
        } else {
            Self::All(Vec::new())
        }
    }

    fn add(&mut self, value: f64) {
        match self {
            Self::All(values) => values.push(value),
            Self::Ends { low, high, count } => {
                *low = low.min(value);
                *high = high.max(value);
                *count += 1;
            }
        }
    }

    fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::All(own), Self::All(mut others)) => own.append(&mut others),
            (own, Self::All(others)) => others.into_iter().for_each(|value| own.add(value)),
            (own, Self::Ends { low, high, count }) => {
                // The ones between are counted where nobody asks for them.
                let more = count.saturating_sub(2);
                [low, high]
                    .into_iter()
                    .take(count)
                    .for_each(|end| own.add(end));
                if let Self::Ends { count, .. } = own {
                    *count += more;
                }
            }
        }
    }

    fn statistics(self) -> Statistics {
        match self {
            Self::All(values) => Statistics::new(values),
            Self::Ends { low, high, count } => Statistics::of_ends(low, high, count),
        }
    }
}

impl Gathered {
    /// Adds what further rows have, which come after these.
    pub fn append(&mut self, other: Self) {
        for (key, sample) in other.cohorts {
            match self.cohorts.get_mut(&key) {
                None => {
                    self.cohorts.insert(key, sample);
                }
                Some(own) => {
                    own.values.append(sample.values);
                    own.reference = own.reference.or(sample.reference);
                }
            }
        }
    }

    /// What was found in all of them.
    pub fn settle(self) -> Frozen {
        let mut found = Frozen::default();
        for (key, Sample { values, reference }) in self.cohorts {
            let statistics = values.statistics();
            let entry = Entry {
                statistics,
                reference,
            };
            found.insert(key, entry);
        }
        found
    }

    /// The values of one cohort.
    fn cohort(&mut self, key: Key, only_ends: bool) -> &mut Sample {
        self.cohorts.entry(key).or_insert_with(|| Sample {
            values: Values::new(only_ends),
            reference: None,
        })
    }
}

impl Plan<'_> {
    /// Whether the scores, coverage and bounds of every unit and period depend on nothing but their own rows and the cohorts
    /// that [`Plan::rounds`] find, if there is one row of each: not ranks, nor peers.
    pub fn rows_stand_alone(&self) -> bool {
        let framework = self.framework;
        let quantiles = framework.levels.iter().any(|levels| levels.quantiles);
        let stands = |node: NodeIx| {
            let along_time = matches!(
                self.assumptions.missing_answer[node.0],
                MissingAnswer::Previous { .. } | MissingAnswer::Interpolate
            );
            let competes = matches!(
                self.assumptions.aggregate[node.0],
                Aggregate::Copeland | Aggregate::Borda
            );
            match framework.node(node).indicator() {
                Some(_) => !along_time,
                None => !competes,
            }
        };
        !quantiles && framework.walk().all(|(node, _)| stands(node))
    }

    /// The rounds in which cohorts are found; none where nothing is compared with one.
    pub fn rounds(&self) -> Vec<Round> {
        let mut rounds: Vec<Round> = Vec::new();
        let mut add = |round: usize, node: NodeIx, step: Step| {
            rounds.resize_with(rounds.len().max(round + 1), Round::default);
            rounds[round].steps.insert((node, step));
        };
        // After how many rounds a node's scores are known.
        let mut known = vec![0; self.framework.nodes.len()];
        for &node in &self.order {
            let parts = self.parts[node.0].iter();
            let mut at = parts.map(|part| known[part.0]).max().unwrap_or(0);
            if let Some(question) = self.questions.position[node.0] {
                if self.is_filled_from(node) {
                    add(0, node, Step::Fill);
                }
                if self.is_filled_by_others(node) {
                    at = 1;
                }
                if self.is_treated(question) {
                    add(at, node, Step::Treat);
                    at += 1;
                }
            }
            if self.scales_in_cohort(node) {
                add(at, node, Step::Normalise);
                at += 1;
            }
            let cap = self.framework.node(node).cap;
            known[node.0] = cap.map_or(at, |cap| at.max(known[cap.0]));
        }
        for round in &mut rounds {
            round.made = self.made_for(round);
        }
        rounds
    }

    /// The steps that compare units with a cohort.
    pub(crate) fn compared(&self) -> BTreeSet<(NodeIx, Step)> {
        let rounds = self.rounds().into_iter();
        rounds.flat_map(|round| round.steps).collect()
    }

    /// What `responses` add to the cohorts of a round.
    pub fn gather(&self, responses: &Responses, round: &Round, keep: Keep) -> Gathered {
        let known = self.questions.none_known();
        self.gather_from(responses, known, (round, keep))
    }

    /// The same of responses whose answers were read as [`Plan::counts_as`] says. They lose those answers.
    pub fn gather_read(&self, responses: &mut Responses, round: &Round, keep: Keep) -> Gathered {
        let known = self.questions.known(responses);
        self.gather_from(responses, known, (round, keep))
    }

    fn gather_from(
        &self,
        responses: &Responses,
        known: Vec<Option<Column>>,
        (round, keep): (&Round, Keep),
    ) -> Gathered {
        let detail = self.detail(&Wanted::scores(vec![false; self.framework.nodes.len()]));
        let (cases, leaves) = self.cases(responses, known, detail, &mut |_| {});
        let mut workings = Workings::new(self.framework, cases, leaves);
        let mut gathered = Gathered::default();
        self.scale_leaves(responses, &mut workings, &mut |moment| match moment {
            Moment::Screened(workings) => {
                self.gather_fillings(responses, workings, (round, keep), &mut gathered);
            }
            Moment::Filled(workings) => {
                self.gather_outliers(responses, workings, round, &mut gathered);
            }
            Moment::Decoded { .. } | Moment::Combined { .. } | Moment::Divided(_) => {}
        });
        for &node in &round.made {
            if !round.steps.contains(&(node, Step::Normalise)) {
                self.make_node(node, responses, &mut workings, detail);
                continue;
            }
            let Some(how) = self.normalise(node) else {
                continue;
            };
            let unscaled = self.unscaled(node, responses, &mut workings, detail);
            let only_ends = keep == Keep::WhatIsNeeded && how.asks_for_ends_only();
            for comparison in self.comparisons(node, responses, &workings) {
                let key = key(node, Step::Normalise, responses, &comparison);
                let sample = gathered.cohort(key, only_ends);
                add_cohort(&mut sample.values, &unscaled, &comparison);
                let reference = reference(how, &unscaled, &comparison, &workings);
                sample.reference = sample.reference.or(reference);
            }
        }
        gathered
    }

    /// What a node's scaling looks at.
    fn unscaled(
        &self,
        node: NodeIx,
        responses: &Responses,
        workings: &mut Workings,
        detail: Detail,
    ) -> Column {
        match self.framework.node(node).indicator() {
            Some(_) => self.unscaled_leaf(node, workings, detail).value,
            None => {
                self.unscaled_parent(node, responses, workings, detail)
                    .score
            }
        }
    }

    fn gather_fillings(
        &self,
        responses: &Responses,
        workings: &Workings,
        (round, keep): (&Round, Keep),
        gathered: &mut Gathered,
    ) {
        for (question, &node) in self.questions.nodes.iter().enumerate() {
            if !round.steps.contains(&(node, Step::Fill)) {
                continue;
            }
            let rule = &self.assumptions.missing_answer[node.0];
            let of_all = matches!(
                rule,
                MissingAnswer::Mean(None) | MissingAnswer::Median(None)
            );
            let only_ends = keep == Keep::WhatIsNeeded && !of_all;
            let column = &workings.leaves[question].value;
            for comparison in self.comparisons(node, responses, workings) {
                let key = key(node, Step::Fill, responses, &comparison);
                let sample = gathered.cohort(key.clone(), only_ends);
                add_cohort(&mut sample.values, column, &comparison);
                let Some(by) = alike(rule) else { continue };
                for (group, values) in groups(column, &workings.cases, &comparison, by) {
                    let group = Some(group);
                    let sample = gathered.cohort(
                        Key {
                            group,
                            ..key.clone()
                        },
                        false,
                    );
                    sample.values.append(Values::All(values));
                }
            }
        }
    }

    fn gather_outliers(
        &self,
        responses: &Responses,
        workings: &Workings,
        round: &Round,
        gathered: &mut Gathered,
    ) {
        for (question, &node) in self.questions.nodes.iter().enumerate() {
            if !round.steps.contains(&(node, Step::Treat)) {
                continue;
            }
            let column = &workings.leaves[question].value;
            for comparison in self.treated_with(question, responses, workings) {
                let key = key(node, Step::Treat, responses, &comparison);
                add_cohort(&mut gathered.cohort(key, false).values, column, &comparison);
            }
        }
    }

    /// The nodes that a round scales, and what has to be made for them, in order.
    fn made_for(&self, round: &Round) -> Vec<NodeIx> {
        let mut needed = vec![false; self.framework.nodes.len()];
        let mut made = Vec::new();
        for &node in self.order.iter().rev() {
            let scaled = round.steps.contains(&(node, Step::Normalise));
            if !scaled && !needed[node.0] {
                continue;
            }
            made.push(node);
            // What caps a node is asked for after its scaling.
            let cap = self.framework.node(node).cap.filter(|_| !scaled);
            for below in self.parts[node.0].iter().chain(&cap) {
                needed[below.0] = true;
            }
        }
        made.reverse();
        made
    }

    /// Whether a cohort's values of an indicator fill gaps: its own, or those of others in the same row.
    fn is_filled_from(&self, node: NodeIx) -> bool {
        let mut rules = self.assumptions.missing_answer.iter();
        let rows = rules.any(|rule| match rule {
            MissingAnswer::Row { within, .. } => {
                above(self.framework, node).any(|above| above == *within)
            }
            _ => false,
        });
        rows || self.is_filled_by_others(node)
    }

    /// Whether an indicator's gaps are filled by what others have.
    fn is_filled_by_others(&self, node: NodeIx) -> bool {
        matches!(
            self.assumptions.missing_answer[node.0],
            MissingAnswer::Mean(_) | MissingAnswer::Median(_) | MissingAnswer::Row { .. }
        )
    }

    /// Whether a node is scaled against a cohort.
    fn scales_in_cohort(&self, node: NodeIx) -> bool {
        self.normalise(node).is_some_and(Normalise::compares)
    }
}

impl Normalise {
    /// Whether it asks for no more than the lowest and the highest value of a cohort.
    fn asks_for_ends_only(&self) -> bool {
        match self {
            Self::Fixed(_)
            | Self::MinMax { .. }
            | Self::ShareOfLeader
            | Self::DistanceToUnit { .. }
            | Self::DistanceToTarget { .. }
            | Self::DistanceToInterval { .. } => true,
            Self::ZScore { .. } | Self::Rank { .. } | Self::Borda | Self::Percentile => false,
        }
    }
}

/// The attribute by which those are alike whose values fill a gap.
pub(crate) fn alike(rule: &MissingAnswer) -> Option<AttributeIx> {
    match rule {
        MissingAnswer::Mean(by) | MissingAnswer::Median(by) => *by,
        MissingAnswer::Keep
        | MissingAnswer::Zero
        | MissingAnswer::Lowest
        | MissingAnswer::Constant(_)
        | MissingAnswer::Previous { .. }
        | MissingAnswer::Interpolate
        | MissingAnswer::Row { .. } => None,
    }
}

fn key(node: NodeIx, before: Step, responses: &Responses, comparison: &Comparison) -> Key {
    Key {
        node,
        before,
        period: comparison.period.map(|at| responses.periods[at].clone()),
        group: None,
    }
}

fn add_cohort(values: &mut Values, column: &Column, comparison: &Comparison) {
    let cohort = comparison.cohort.iter();
    for value in cohort.filter_map(|&case| column.value(case)) {
        values.add(value);
    }
}

/// The value of the unit from which distances are measured: its first one.
pub(crate) fn reference(
    how: &Normalise,
    column: &Column,
    comparison: &Comparison,
    workings: &Workings,
) -> Option<f64> {
    let Normalise::DistanceToUnit { unit, .. } = how else {
        return None;
    };
    let is_it = |case: &&usize| {
        let key = &workings.cases.keys[**case];
        key.unit.eq_ignore_ascii_case(unit)
    };
    let mut cases = comparison.scaled.iter().filter(is_it);
    cases.find_map(|&case| column.value(case))
}
