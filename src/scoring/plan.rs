//! [`Plan`]: a framework with assumptions, resolved once; scoring a table is then a walk over its steps.

use std::borrow::Cow;
use std::sync::Arc;

use crate::framework::{
    Better, Bounds, Combiner, Framework, MissingAnswer, NodeIx, Normalise, Periods, Range, RollUp,
    RoundAt, TOLERANCE, Weight, attainable, hands_on, may_be_off, rises,
};
use crate::responses::{Column, CountsAs, Responses};

use super::again::{assumptions_need_bounds, detail};
use super::assumptions::Assumptions;
use super::decode::{Questions, Settled};
use super::finish::finish_wanted;
use super::known::Known;
use super::leaf::Leaf;
use super::nodes::{Detail, Slot};
use super::ranks::rank_fields;
use super::remarks::{off_scale, outside, passed_over};
use super::rows::{CaseKey, Cases, Folding, Groups};
use super::table::{Remark, ScoreTable, Wanted};
use super::workings::{Workings, above};

/// A framework with assumptions, ready to score. Compiling and scoring cannot fail: what could is settled when
/// framework and responses are read.
#[derive(Clone, Debug)]
pub struct Plan<'f> {
    pub(crate) framework: &'f Framework,
    pub(crate) assumptions: Assumptions,
    pub(crate) questions: Questions<'f>,
    /// Every node after its parts and after the node that caps it.
    pub(crate) order: Vec<NodeIx>,
    /// The parts that count, by node.
    pub(crate) parts: Vec<Vec<NodeIx>>,
    /// Stages, by node.
    pub(crate) stages: Vec<u32>,
    /// The highest share that each node can reach, never below zero; 1 for all where there is no limit to it.
    pub(crate) reach: Vec<f64>,
    /// The nodes whose scores the index passes on and that can lie outside of the shown range.
    pub(crate) leaving: Vec<NodeIx>,
    /// Whether rows that nothing says how to combine leave single questions without a score whatever is answered.
    pub(crate) rows_lose_questions: bool,
    /// The questions that the framework need not have in every period.
    pub(crate) dated: Vec<usize>,
    /// What is known of cohorts beforehand: they are not looked for in the responses.
    pub(crate) known: Option<Arc<Known>>,
}

impl<'f> Plan<'f> {
    /// Resolves `framework` under `assumptions`, which must be made for it.
    pub fn compile(framework: &'f Framework, assumptions: &Assumptions) -> Self {
        let counting = |children: &[NodeIx]| {
            children
                .iter()
                .copied()
                .filter(|child| assumptions.counts(*child))
                .collect()
        };
        let bounds = attainable(&weighted(framework, assumptions));
        let questions = Questions::of(framework, assumptions);
        let mut plan = Self {
            framework,
            assumptions: assumptions.clone(),
            dated: dated(framework, &questions),
            questions,
            order: order(framework),
            stages: framework.nodes.iter().map(|node| node.stage).collect(),
            rows_lose_questions: false,
            known: None,
            reach: reach(framework, &bounds),
            leaving: leaving(framework, assumptions, &bounds),
            parts: framework
                .nodes
                .iter()
                .map(|node| counting(node.children()))
                .collect(),
        };
        let steps = framework.rows.iter().enumerate();
        let mut answers = steps.filter(|(_, step)| step.of == RollUp::Answers);
        plan.rows_lose_questions =
            answers.any(|(depth, step)| step.leaves_open() && !plan.loses_whole(depth));
        match &assumptions.cohort {
            Some(cohort) => plan.knowing(cohort),
            None => plan,
        }
    }

    /// The framework that it scores.
    pub fn framework(&self) -> &'f Framework {
        self.framework
    }

    /// Between which shares the scores of every node lie, in node order, whatever is answered; where scores are rounded, at
    /// least the framework's range, as they may end up beyond what they are made of. Infinite where that range has no ends,
    /// and where a cohort is known that need not hold those who are scored.
    pub fn ends(&self) -> Vec<Bounds> {
        let none = self.framework.range == Range::Unbounded || self.assumptions.cohort.is_some();
        let rounded = self.framework.rounds_scores();
        let bounds = attainable(&weighted(self.framework, &self.assumptions));
        let ends = bounds.into_iter().map(|(low, high)| {
            if none {
                (f64::NEG_INFINITY, f64::INFINITY)
            } else if rounded {
                (low.min(0.0), high.max(1.0))
            } else {
                (low, high)
            }
        });
        ends.collect()
    }

    /// Score, coverage, bounds, level and rank of every node for every observation.
    pub fn score(&self, responses: &Responses) -> ScoreTable {
        self.score_wanted(responses, &Wanted::all(self.framework))
    }

    /// The same, but only what is `wanted`; the columns of all else are empty.
    pub fn score_wanted(&self, responses: &Responses, wanted: &Wanted) -> ScoreTable {
        let known = self.questions.none_known();
        let outside = outside(self, responses, false);
        let (workings, mut passed) = self.work_told(responses, known, wanted, outside);
        let mut scores = self.finish_wanted(responses, workings, 0, wanted).0;
        scores.remarks.append(&mut passed);
        scores
    }

    /// The same for responses whose answers were read as [`Plan::counts_as`] says; scores take their places.
    pub fn score_read(&self, responses: &mut Responses, wanted: &Wanted) -> ScoreTable {
        let outside = outside(self, responses, true);
        let known = self.questions.known(responses);
        let (workings, mut passed) = self.work_told(responses, known, wanted, outside);
        let (mut scores, mut slots) = self.finish_wanted(responses, workings, 0, wanted);
        scores.remarks.append(&mut passed);
        for (column, node) in responses.answers.iter_mut().zip(&self.questions.nodes) {
            std::mem::swap(column, &mut slots[node.0].score);
        }
        scores
    }

    /// What one answer to the choice at this position among the indicators counts as, whatever else its row says; none
    /// where that depends on the row.
    pub fn counts_as(&self, question: usize) -> Option<CountsAs<'f>> {
        let counts_as = self.questions.counts_as(question)?;
        Some(Box::new(counts_as))
    }

    /// The same for the finer rows down to row step `depth` (0: units) of those whose scores are combined; deeper ones
    /// stay combined. Observations are then named by unit and keys, joined by `/`.
    pub fn score_rows(&self, responses: &Responses, depth: usize) -> ScoreTable {
        let (known, wanted) = (self.questions.none_known(), Wanted::all(self.framework));
        let outside = outside(self, responses, false);
        let (workings, mut passed) = self.work_told(responses, known, &wanted, outside);
        let mut scores = self.finish(responses, workings, depth);
        scores.remarks.append(&mut passed);
        scores
    }

    /// Scores, coverage and levels of every node, the same as [`Plan::score`] gives them, and nothing else: what is
    /// repeated for many tries.
    pub(crate) fn score_only(&self, responses: &Responses) -> ScoreTable {
        let every = vec![true; self.framework.nodes.len()];
        let wanted = Wanted {
            levels: every.clone(),
            coverage: true,
            ..Wanted::scores(every)
        };
        let known = self.questions.none_known();
        let workings = self.work_in_detail(responses, known, self.detail(&wanted), &mut |_| {});
        self.finish_wanted(responses, workings, 0, &wanted).0
    }

    /// Ranks of a node's scores within each field: positions of those who are ranked against each other. What is no number
    /// has no rank, which is no number either.
    pub fn rank_column(&self, node: NodeIx, scores: &[f64], fields: &[Vec<usize>]) -> Vec<f64> {
        let mut ranks = vec![f64::NAN; scores.len()];
        let Some(ranking) = &self.framework.ranking else {
            return ranks;
        };
        let score = |row: usize| Some(scores[row]).filter(|score| !score.is_nan());
        let ranked = |row: usize, rank| ranks[row] = rank;
        rank_fields(self.framework, ranking, node, fields, score, ranked);
        ranks
    }

    /// What slots must say beside their scores, so that what is wanted can be told.
    pub(crate) fn detail(&self, wanted: &Wanted) -> Detail {
        let framework = self.framework;
        let needed = detail(framework, &wanted.levels);
        let lowest = self
            .assumptions
            .missing_answer
            .contains(&MissingAnswer::Lowest);
        Detail {
            coverage: wanted.coverage || wanted.facets || needed.coverage,
            counts: wanted.coverage || needed.counts,
            bounds: wanted.bounds || lowest || assumptions_need_bounds(&self.assumptions),
            ..needed
        }
    }

    /// How many row steps combine scores: the deepest `depth` of [`Plan::score_rows`].
    pub fn score_steps(&self) -> usize {
        self.framework
            .rows
            .iter()
            .filter(|step| step.of == RollUp::Scores)
            .count()
    }

    /// Everything that is made on the way from answers to the scores of the finest rows that are scored, with a look at what
    /// does not stay in the workings.
    pub(crate) fn work_watched(
        &self,
        responses: &Responses,
        watch: &mut dyn FnMut(Moment<'_>),
    ) -> Workings {
        self.work_in_detail(responses, self.questions.none_known(), Detail::FULL, watch)
    }

    /// The same for what is `wanted`, and what is to be said of the answers themselves, of which `outside` is known already.
    fn work_told(
        &self,
        responses: &Responses,
        known: Vec<Option<Column>>,
        wanted: &Wanted,
        outside: Vec<Remark>,
    ) -> (Workings, Vec<Remark>) {
        let mut passed = Vec::new();
        let workings = self.work_in_detail(responses, known, self.detail(wanted), &mut |moment| {
            if let Moment::Decoded { settled, .. } = moment {
                passed = passed_over(&self.questions, responses, &settled);
            }
        });
        passed.extend(outside);
        (workings, passed)
    }

    /// The same, saying no more than `detail` asks for.
    fn work_in_detail(
        &self,
        responses: &Responses,
        known: Vec<Option<Column>>,
        detail: Detail,
        watch: &mut dyn FnMut(Moment<'_>),
    ) -> Workings {
        let (cases, leaves) = self.cases(responses, known, detail, watch);
        let mut workings = Workings::new(self.framework, cases, leaves);
        self.scale_leaves(responses, &mut workings, watch);
        for node in &self.order {
            self.make_node(*node, responses, &mut workings, detail);
        }
        let told = off_scale(self, responses, &workings);
        workings.remarks.extend(told);
        workings
    }

    /// Answers decoded, and rows rolled up as far as answers are combined.
    pub(crate) fn cases(
        &self,
        responses: &Responses,
        known: Vec<Option<Column>>,
        detail: Detail,
        watch: &mut dyn FnMut(Moment<'_>),
    ) -> (Cases, Vec<Leaf>) {
        let mut cases = Cases::of(responses);
        let (mut leaves, settled) = self.questions.settle_for(responses, known, detail);
        let steps = &self.framework.rows;
        let mut order: Vec<usize> = (0..cases.len()).collect();
        if !cases.are_sorted() {
            // One grouping with every key kept brings rows into canonical order.
            let (sorted, groups) = cases.grouped(steps.len());
            order = groups.into_iter().flatten().collect();
            for leaf in &mut leaves {
                leaf.reorder(&order);
            }
            cases = if sorted.len() == order.len() {
                sorted
            } else {
                cases.reordered(&order)
            };
        }
        watch(Moment::Decoded {
            cases: &cases,
            leaves: &leaves,
            order: &order,
            settled,
        });
        for (depth, step) in steps.iter().enumerate().rev() {
            if step.of == RollUp::Scores {
                break;
            }
            let (mut coarser, groups) = cases.grouped(depth);
            let folding = Folding::of(step, &cases, &groups);
            let whole = self.loses_whole(depth);
            if whole {
                coarser.lost = folding.lost();
            }
            let share_up = self.framework.better == Better::Higher;
            for (question, leaf) in leaves.iter_mut().enumerate() {
                let up = self.more_is_better(question);
                *leaf = folding.leaf(leaf, up, share_up, whole, detail);
            }
            watch(Moment::Combined {
                cases: &coarser,
                leaves: &leaves,
                groups: &groups,
                combiners: folding.combiners(),
                weights: folding.weights(),
            });
            cases = coarser;
        }
        (cases, leaves)
    }

    /// Rolls up rows whose scores are combined, then rounds, classifies, ranks and compares.
    pub(crate) fn finish(
        &self,
        responses: &Responses,
        workings: Workings,
        depth: usize,
    ) -> ScoreTable {
        let wanted = Wanted::all(self.framework);
        self.finish_wanted(responses, workings, depth, &wanted).0
    }

    fn finish_wanted(
        &self,
        responses: &Responses,
        mut workings: Workings,
        depth: usize,
        wanted: &Wanted,
    ) -> (ScoreTable, Vec<Slot>) {
        let mut facets = if wanted.facets {
            self.facets(&workings)
        } else {
            Vec::new()
        };
        let mut slots = self.combine_scores(&mut workings, &mut facets, depth, &mut |_| {});
        let scores = finish_wanted(self, responses, &workings, &mut slots, &facets, wanted);
        (scores, slots)
    }

    /// The indicators whose numbers are off the scale, with whose numbers these are.
    pub(crate) fn off_scale(&self, responses: &Responses) -> Vec<(usize, CaseKey)> {
        let known = self.questions.none_known();
        let detail = Detail::SCORES;
        let workings = self.work_in_detail(responses, known, detail, &mut |_| {});
        let found = workings.off_scale.iter();
        let found = found.filter_map(|(node, case)| {
            let question = self.questions.position[node.0]?;
            Some((question, workings.cases.keys[*case].clone()))
        });
        found.collect()
    }

    /// The slots of the rows down to row step `depth`; the workings' cases become theirs.
    pub(crate) fn combine_scores(
        &self,
        workings: &mut Workings,
        facets: &mut [FacetSlot],
        depth: usize,
        watch: &mut dyn FnMut(Raised<'_>),
    ) -> Vec<Slot> {
        let steps = self.score_steps();
        let mut slots = std::mem::take(&mut workings.slots);
        for slot in &mut slots {
            slot.lose(&workings.cases.lost);
        }
        let up = self.framework.better == crate::framework::Better::Higher;
        for keep in (depth..steps).rev() {
            let step = &self.framework.rows[keep];
            let (coarser, groups) = workings.cases.grouped(keep);
            let folding = Folding::of(step, &workings.cases, &groups);
            for (ix, slot) in slots.iter_mut().enumerate() {
                let mut folded = slot.folded(&folding, up);
                if let Some(digits) = self.rounding_when_made(NodeIx(ix)) {
                    folded.round(self.framework.range, digits);
                }
                *slot = folded;
            }
            for facet in facets.iter_mut() {
                facet.slot = facet.slot.folded(&folding, up);
            }
            workings.screened = groups
                .iter()
                .map(|rows| rows.iter().all(|row| workings.screened[*row]))
                .collect();
            watch(Raised {
                cases: &coarser,
                slots: &slots,
                folding: &folding,
            });
            workings.cases = coarser;
        }
        slots
    }

    /// How a node's score is rounded when it is made.
    pub(crate) fn rounding_when_made(&self, node: NodeIx) -> Option<crate::framework::Digits> {
        let every = self.framework.rounding.at == RoundAt::EveryTier;
        let node = self.framework.node(node);
        node.rounding
            .or(every.then_some(self.framework.rounding.digits))
    }

    /// Whether more of what a question's answers amount to (before scaling) is better. Where scores rise and fall, nobody
    /// asks which of two numbers is the better one.
    pub(crate) fn more_is_better(&self, question: usize) -> bool {
        let indicator = self.questions.indicator(question);
        let normalise = self.normalise(self.questions.nodes[question]);
        let rises = rises(indicator, normalise).unwrap_or(true);
        rises == (self.framework.better == Better::Higher)
    }

    /// Whether a node may be left without a score whatever is answered, and no rule below fills it with a share.
    pub(crate) fn may_be_left(&self, node: NodeIx) -> bool {
        if self.questions.position[node.0].is_none() {
            let mut parts = self.parts[node.0].iter();
            return self.may_be_lost(node) || parts.any(|part| self.may_be_left(*part));
        }
        let rule = &self.assumptions.missing_answer[node.0];
        let is_filled = matches!(rule, MissingAnswer::Zero | MissingAnswer::Constant(_));
        !is_filled && self.may_be_lost(node)
    }

    /// The same before its own gaps are filled, and apart from its parts.
    pub(crate) fn may_be_lost(&self, node: NodeIx) -> bool {
        let rescaled = match self.normalise(node) {
            Some(Normalise::Fixed(curve)) => may_be_off(self.framework, node, curve),
            Some(_) | None => false,
        };
        let question = self.questions.position[node.0];
        let of_rows = question.is_some() && self.rows_lose_questions;
        let left = question.is_some_and(|question| self.questions.may_be_left(question));
        rescaled || of_rows || left
    }

    /// Whether what nothing says how to combine in the answers' row step `depth` is lost as a whole: all questions at once,
    /// after the last such step, and nothing takes the place of a score. Then no part is left that its siblings' weight
    /// could go to.
    pub(crate) fn loses_whole(&self, depth: usize) -> bool {
        let keep = |rule: &MissingAnswer| *rule == MissingAnswer::Keep;
        depth == self.score_steps()
            && self.assumptions.missing_answer.iter().all(keep)
            && !self.assumptions.missing.iter().any(|rule| rule.fills())
    }

    /// How a node is rescaled.
    pub(crate) fn normalise(&self, node: NodeIx) -> Option<&Normalise> {
        self.assumptions.normalise[node.0].as_ref()
    }
}

/// What an onlooker sees on the way from answers to scores.
pub(crate) enum Moment<'a> {
    /// Every row has its value.
    Decoded {
        cases: &'a Cases,
        leaves: &'a [Leaf],
        /// Which row of the responses each case is.
        order: &'a [usize],
        /// What conditions know of the rows of the responses.
        settled: Settled,
    },
    /// The innermost rows have become one.
    Combined {
        cases: &'a Cases,
        leaves: &'a [Leaf],
        /// Which of the finer cases each case is made of.
        groups: &'a Groups,
        combiners: &'a [Option<Combiner>],
        /// How much each of the finer cases counts.
        weights: &'a [f64],
    },
    /// Numbers have been divided, and what lies outside its periods does not apply.
    Divided(&'a Workings),
    /// Cases with too little data are out; gaps are not filled yet.
    Screened(&'a Workings),
    /// Gaps have been filled, outliers not yet tamed.
    Filled(&'a Workings),
}

/// The scores of rows have become one.
pub(crate) struct Raised<'a> {
    pub(crate) cases: &'a Cases,
    pub(crate) slots: &'a [Slot],
    pub(crate) folding: &'a Folding<'a>,
}

/// The framework with the weights that are assumed.
fn weighted<'f>(framework: &'f Framework, assumptions: &Assumptions) -> Cow<'f, Framework> {
    let stated = framework.nodes.iter().map(|node| node.weight.get());
    if stated.eq(assumptions.weights.iter().copied()) {
        return Cow::Borrowed(framework);
    }
    let weights = framework.nodes.iter().zip(&assumptions.weights);
    let weights = weights.map(|(node, weight)| Weight::new(*weight).unwrap_or(node.weight));
    Cow::Owned(framework.weighted(&weights.collect::<Vec<_>>()))
}

/// What each node can reach; where one is without limit, points say nothing and all count alike.
fn reach(framework: &Framework, bounds: &[Bounds]) -> Vec<f64> {
    let highs: Vec<f64> = bounds.iter().map(|(_, high)| high.max(0.0)).collect();
    let of_parts = |node: NodeIx| -> bool {
        let siblings = framework.node(node).children().iter();
        siblings.copied().all(|part| highs[part.0].is_finite())
    };
    let mut reach = vec![1.0; framework.nodes.len()];
    for (node, _) in framework.walk().filter(|(node, _)| of_parts(*node)) {
        for part in framework.node(node).children() {
            reach[part.0] = highs[part.0];
        }
    }
    reach
}

/// The nodes that can leave the range: the index, and from there down what only means hand on. What is rescaled or
/// summed up before it reaches the index may have a scale of its own.
fn leaving(framework: &Framework, assumptions: &Assumptions, bounds: &[Bounds]) -> Vec<NodeIx> {
    if framework.range == Range::Unbounded {
        return Vec::new();
    }
    let mut shows = vec![false; framework.nodes.len()];
    shows[Framework::INDEX.0] = true;
    for (ix, node) in framework.walk() {
        if shows[ix.0] && hands_on(node) {
            for part in node.children() {
                shows[part.0] = assumptions.counts(*part);
            }
        }
    }
    // A cohort that is known beforehand need not hold those who are scored.
    let held = assumptions.cohort.is_none();
    let within = |(low, high): Bounds| held && low >= -TOLERANCE && high <= 1.0 + TOLERANCE;
    let all = framework.walk().map(|(ix, _)| ix);
    all.filter(|ix| shows[ix.0] && !within(bounds[ix.0]))
        .collect()
}

/// The questions that have `periods`, of their own or of a node above.
fn dated(framework: &Framework, questions: &Questions<'_>) -> Vec<usize> {
    let is_dated = |node: NodeIx| framework.node(node).periods != Periods::default();
    let nodes = questions.nodes.iter().enumerate();
    let dated = nodes.filter(|(_, node)| above(framework, **node).chain([**node]).any(is_dated));
    dated.map(|(question, _)| question).collect()
}

/// Every node after its parts and after the node that caps it; the framework has no cycles.
fn order(framework: &Framework) -> Vec<NodeIx> {
    let mut order = Vec::with_capacity(framework.nodes.len());
    let mut placed = vec![false; framework.nodes.len()];
    // Parts come after their node in the framework, so that walking backwards meets most nodes when they are ready.
    for (start, _) in framework.walk().rev() {
        let mut open = vec![start];
        while let Some(node) = open.last().copied() {
            let waits = framework
                .node(node)
                .children()
                .iter()
                .chain(&framework.node(node).cap);
            if let Some(before) = waits.into_iter().find(|before| !placed[before.0]) {
                open.push(*before);
            } else {
                open.pop();
                if !placed[node.0] {
                    placed[node.0] = true;
                    order.push(node);
                }
            }
        }
    }
    order
}

/// A facet's scores on the way.
pub(crate) struct FacetSlot {
    pub(crate) facet: usize,
    pub(crate) within: Option<NodeIx>,
    pub(crate) weight: f64,
    pub(crate) slot: Slot,
}
