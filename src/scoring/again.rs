//! Scores made again and again from indicators that are ready: what an analysis of many assumptions repeats.
//!
//! Answers are decoded, imputed and scaled once ([`Ready`]). Under other weights, aggregations or missing rules only the
//! tree above is made again ([`Again`]): by the plan's own steps, and no further than the index needs.

use std::sync::Arc;

use crate::framework::{
    Aggregate, Better, Body, Framework, MinCoverage, MissingPart, Need, NodeIx, Normalise, Ranking,
    RoundAt,
};
use crate::responses::{Column, Responses};

use super::aggregate::{Lent, Patterns};
use super::assumptions::Assumptions;
use super::finish::peers_of;
use super::leaf::Bounds;
use super::levels::classify;
use super::nodes::{Detail, Slot};
use super::plan::Plan;
use super::ranks::{fields, rank};
use super::rows::{Cases, Folding};
use super::workings::Workings;

/// Indicators' shares for every case, before caps. Threads share it.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    /// Cases, and which of them were screened out; the rest is not kept.
    workings: Workings,
    /// By node; empty for nodes that hold others.
    slots: Vec<Arc<Slot>>,
    /// By node: which of its parts each case has, where all of them are indicators without a cap.
    known: Vec<Option<Known>>,
}

/// Which parts of a node each case has.
#[derive(Clone, Debug)]
struct Known {
    parts: Vec<NodeIx>,
    patterns: Arc<Patterns>,
}

/// The tree above indicators that are ready.
#[derive(Clone, Debug)]
pub(crate) struct Again<'a> {
    plan: Plan<'a>,
    responses: &'a Responses,
    ready: Arc<Ready>,
    workings: Workings,
    /// By node: as they are made.
    slots: Vec<Arc<Slot>>,
    /// By node: whether it counts.
    counting: Vec<bool>,
    /// What is made, in order.
    made: Vec<NodeIx>,
    detail: Detail,
    /// Row steps that combine scores, innermost first.
    folds: Vec<Folding<'static>>,
    /// Units and periods, after the last of these steps.
    observed: Workings,
    /// The index and what its levels' conditions name.
    wanted: Vec<bool>,
    /// By node: as they are shown; of the wanted ones only.
    shown: Vec<Arc<Slot>>,
}

impl Plan<'_> {
    /// Everything up to the indicators' shares.
    pub(crate) fn ready(&self, responses: &Responses) -> Ready {
        let detail = Detail {
            leaves: false,
            ..Detail::FULL
        };
        let known = self.questions.none_known();
        let (cases, leaves) = self.cases(responses, known, detail, &mut |_| {});
        let mut workings = Workings::new(self.framework, cases, leaves);
        self.scale_leaves(responses, &mut workings, &mut |_| {});
        let mut slots = self
            .framework
            .nodes
            .iter()
            .map(|_| Arc::new(Slot::default()))
            .collect::<Vec<_>>();
        for (ix, node, _) in self.framework.indicators() {
            let mut slot = self.leaf_slot(ix, responses, &mut workings, detail);
            if node.cap.is_none() {
                self.seal(ix, &mut slot, None);
            }
            slots[ix.0] = Arc::new(slot);
        }
        let screened = std::mem::take(&mut workings.screened);
        let cases = std::mem::take(&mut workings.cases);
        let workings = bare(self.framework, cases, screened);
        let mut ready = Ready {
            workings,
            slots,
            known: Vec::new(),
        };
        ready.know(self.framework, &self.parts);
        ready
    }

    /// Whether, once indicators are ready, each case's index depends on nothing but the case itself.
    pub(crate) fn cases_stand_alone(&self) -> bool {
        let compares = |node: NodeIx| {
            let assumptions = &self.assumptions;
            let competes = matches!(
                assumptions.aggregate[node.0],
                Aggregate::Copeland | Aggregate::Borda
            );
            let scaled = assumptions.normalise[node.0].as_ref();
            competes || scaled.is_some_and(Normalise::compares)
        };
        let mut parents = self.framework.walk();
        let quantiles = self.framework.levels.iter().any(|levels| levels.quantiles);
        !quantiles && !parents.any(|(ix, node)| node.indicator().is_none() && compares(ix))
    }
}

fn bare(framework: &Framework, cases: Cases, screened: Vec<bool>) -> Workings {
    let mut workings = Workings::new(framework, cases, Vec::new());
    workings.screened = screened;
    workings
}

impl Ready {
    /// Finds out which parts each case has, of the nodes whose parts' gaps do not change with assumptions.
    fn know(&mut self, framework: &Framework, parts: &[Vec<NodeIx>]) {
        let length = self.workings.cases.len();
        let of = |parts: &Vec<NodeIx>| {
            let settled = |part: &NodeIx| {
                let node = framework.node(*part);
                node.indicator().is_some() && node.cap.is_none()
            };
            if parts.is_empty() || !parts.iter().all(settled) {
                return None;
            }
            let columns = parts.iter().map(|part| &self.slots[part.0].score);
            let patterns = Patterns::of(&columns.collect::<Vec<_>>(), length)?;
            Some(Known {
                parts: parts.clone(),
                patterns: Arc::new(patterns),
            })
        };
        self.known = parts.iter().map(of).collect();
    }

    /// The cases of one period alone.
    pub(crate) fn of_period(&self, framework: &Framework, period: usize) -> Self {
        let cases = &self.workings.cases;
        let kept: Vec<usize> = (0..cases.len())
            .filter(|case| cases.keys[*case].period == period)
            .collect();
        let screened = kept.iter().map(|case| self.workings.screened[*case]);
        let slots = self.slots.iter();
        let mut ready = Self {
            workings: bare(framework, cases.reordered(&kept), screened.collect()),
            slots: slots.map(|slot| Arc::new(slot.of_cases(&kept))).collect(),
            known: Vec::new(),
        };
        let parts = self.known.iter().map(|known| {
            let parts = known.as_ref().map(|known| known.parts.clone());
            parts.unwrap_or_default()
        });
        ready.know(framework, &parts.collect::<Vec<_>>());
        ready
    }
}

impl Slot {
    fn of_cases(&self, kept: &[usize]) -> Self {
        fn pick<T: Copy>(cells: &[T], kept: &[usize]) -> Vec<T> {
            if cells.is_empty() {
                return Vec::new();
            }
            kept.iter().map(|case| cells[*case]).collect()
        }
        Self {
            score: Column {
                values: pick(&self.score.values, kept),
                marks: pick(&self.score.marks, kept),
            },
            coverage: pick(&self.coverage, kept),
            applicable: pick(&self.applicable, kept),
            answered: pick(&self.answered, kept),
            bounds: self.bounds.as_ref().map(|bounds| {
                Box::new(Bounds {
                    low: pick(&bounds.low, kept),
                    high: pick(&bounds.high, kept),
                    presence: pick(&bounds.presence, kept),
                })
            }),
        }
    }
}

impl<'a> Again<'a> {
    /// Ready to score under the assumptions of `plan`.
    pub(crate) fn new(plan: &Plan<'a>, responses: &'a Responses, ready: Arc<Ready>) -> Self {
        let framework = plan.framework;
        let mut finer = ready.workings.cases.clone();
        let mut screened = ready.workings.screened.clone();
        let mut folds = Vec::new();
        for keep in (0..plan.score_steps()).rev() {
            let (coarser, groups) = finer.grouped(keep);
            screened = groups
                .iter()
                .map(|rows| rows.iter().all(|row| screened[*row]))
                .collect();
            folds.push(Folding::of(&framework.rows[keep], &finer, &groups).kept());
            finer = coarser;
        }
        let wanted = wanted(framework);
        let counts = |ix: usize| plan.assumptions.counts(NodeIx(ix));
        let mut again = Self {
            plan: plan.clone(),
            responses,
            workings: ready.workings.clone(),
            slots: ready.slots.clone(),
            shown: ready.slots.clone(),
            ready,
            counting: (0..framework.nodes.len()).map(counts).collect(),
            made: made(plan, &wanted),
            detail: detail(framework, &wanted),
            folds,
            observed: bare(framework, finer, screened),
            wanted,
        };
        again.restructure();
        again
    }

    /// Replaces the indicators' shares; they must be of the same cases.
    pub(crate) fn take(&mut self, ready: &Arc<Ready>) {
        if !Arc::ptr_eq(&self.ready, ready) {
            self.ready = Arc::clone(ready);
            self.slots.clone_from(&self.ready.slots);
        }
    }

    /// Takes other assumptions about the tree; those about the indicators' own answers are settled in [`Ready`].
    pub(crate) fn assume(&mut self, assumptions: &Assumptions) {
        let own = &mut self.plan.assumptions;
        own.weights.clone_from(&assumptions.weights);
        own.left_out.clone_from(&assumptions.left_out);
        if own.aggregate != assumptions.aggregate {
            own.aggregate.clone_from(&assumptions.aggregate);
        }
        if own.missing != assumptions.missing {
            own.missing.clone_from(&assumptions.missing);
        }
        if own.normalise != assumptions.normalise {
            own.normalise.clone_from(&assumptions.normalise);
        }
        self.restructure();
    }

    /// Which parts count, and what must be made of them.
    fn restructure(&mut self) {
        let assumptions = &self.plan.assumptions;
        let nodes = 0..self.counting.len();
        if nodes
            .clone()
            .any(|ix| self.counting[ix] != assumptions.counts(NodeIx(ix)))
        {
            self.counting = nodes.map(|ix| assumptions.counts(NodeIx(ix))).collect();
            for (ix, node) in self.plan.framework.walk() {
                let counting = node.children().iter().copied();
                let counting = counting.filter(|child| self.counting[child.0]);
                self.plan.parts[ix.0] = counting.collect();
            }
            self.made = made(&self.plan, &self.wanted);
        }
        self.detail.bounds = assumptions_need_bounds(&self.plan.assumptions);
    }

    /// Makes the tree.
    pub(crate) fn score(&mut self) {
        for at in 0..self.made.len() {
            let node = self.made[at];
            let mut slot = if self.plan.framework.node(node).indicator().is_some() {
                self.ready.slots[node.0].as_ref().clone()
            } else {
                // What the scores before stood in is used again, unless somebody looks at them.
                let before = Arc::get_mut(&mut self.slots[node.0]);
                let room = before.map(|slot| std::mem::take(&mut slot.score));
                let parts = self.plan.parts[node.0].iter();
                let parts = parts.map(|part| self.slots[part.0].as_ref());
                let fills = self.plan.assumptions.missing[node.0].fills();
                let known = self.ready.known[node.0].as_ref();
                let known = known.filter(|known| !fills && known.parts == self.plan.parts[node.0]);
                let lent = Lent {
                    patterns: known.map(|known| known.patterns.as_ref()),
                    room: room.unwrap_or_default(),
                };
                let (workings, detail) = (&self.workings, self.detail);
                self.plan
                    .parent_slot(node, parts, self.responses, workings, detail, lent)
            };
            if self.plan.framework.node(node).indicator().is_none() {
                self.workings.fits[node.0].clear();
                self.plan
                    .rescale_slot(node, &mut slot, self.responses, &mut self.workings);
            }
            let cap = self.plan.framework.node(node).cap;
            let cap = cap.map(|cap| self.slots[cap.0].as_ref());
            self.plan.seal(node, &mut slot, cap);
            self.slots[node.0] = Arc::new(slot);
        }
        self.workings.remarks.clear();
        self.show();
    }

    /// Finer rows combined, scores rounded at the end.
    fn show(&mut self) {
        let framework = self.plan.framework;
        let up = framework.better == Better::Higher;
        let rounds = framework.rounding.at == RoundAt::End;
        for ix in (0..self.wanted.len()).filter(|ix| self.wanted[*ix]) {
            let mut shown = Arc::clone(&self.slots[ix]);
            for fold in &self.folds {
                let mut folded = Slot {
                    score: fold.scores(&shown.score, up),
                    ..Slot::default()
                };
                if self.detail.coverage {
                    folded.coverage = fold.shares(&shown.coverage, &shown.score.marks);
                }
                self.plan.seal(NodeIx(ix), &mut folded, None);
                shown = Arc::new(folded);
            }
            if rounds {
                let digits = framework.nodes[ix].rounding;
                let digits = digits.unwrap_or(framework.rounding.digits);
                Arc::make_mut(&mut shown).round(framework.range, digits);
            }
            self.shown[ix] = shown;
        }
    }

    /// The index's scores.
    pub(crate) fn index(&self) -> &Column {
        &self.shown[Framework::INDEX.0].score
    }

    /// The index's level of every observation; empty where the framework has no levels for it.
    pub(crate) fn levels(&self) -> Vec<Option<usize>> {
        if self.plan.framework.levels_of(Framework::INDEX).is_none() {
            return Vec::new();
        }
        let slots: Vec<&Slot> = self.shown.iter().map(Arc::as_ref).collect();
        let mut levels = classify(
            &self.plan,
            self.responses,
            &self.observed,
            &slots,
            &self.wanted,
        );
        levels.swap_remove(Framework::INDEX.0)
    }

    /// Who is ranked in a period.
    pub(crate) fn field(&self, ranking: &Ranking, period: usize) -> Vec<usize> {
        let (framework, cases) = (self.plan.framework, &self.observed.cases);
        let periods = self.responses.periods.len();
        fields(framework, ranking, cases, periods).swap_remove(period)
    }

    /// Ranks of the index among `field`; see [`rank`].
    pub(crate) fn rank(
        &self,
        ranking: &Ranking,
        field: &[usize],
        order: &mut Vec<(i64, usize)>,
        ranked: impl FnMut(usize, f64),
    ) {
        let index = self.index();
        let scores = field
            .iter()
            .filter_map(|&case| Some((case, index.value(case)?)));
        rank(
            self.plan.framework,
            ranking,
            Framework::INDEX,
            scores,
            order,
            ranked,
        );
    }

    /// The peers of a period, each with its weight in their mean.
    pub(crate) fn peers(&self, period: usize) -> Vec<(usize, f64)> {
        peers_of(self.plan.framework, &self.observed.cases, period)
    }

    /// Units and periods.
    pub(crate) fn cases(&self) -> &Cases {
        &self.observed.cases
    }
}

/// The index, and what the conditions of its levels name.
fn wanted(framework: &Framework) -> Vec<bool> {
    let mut wanted = vec![false; framework.nodes.len()];
    let mut open = vec![Framework::INDEX];
    while let Some(node) = open.pop() {
        if std::mem::replace(&mut wanted[node.0], true) {
            continue;
        }
        let bands = framework.levels_of(node).map(|levels| &levels.bands);
        for need in bands.into_iter().flatten().flat_map(|band| &band.needs) {
            match need {
                Need::Score(node, _) | Need::Level(node, _) => open.push(*node),
                Need::Coverage(_) => {}
            }
        }
    }
    wanted
}

/// What must be made for the wanted nodes, in order: all that holds others, and indicators with a cap.
fn made(plan: &Plan<'_>, wanted: &[bool]) -> Vec<NodeIx> {
    let framework = plan.framework;
    let mut needed = wanted.to_vec();
    for node in plan
        .order
        .iter()
        .rev()
        .filter(|node| !plan.parts[node.0].is_empty() || framework.node(**node).cap.is_some())
    {
        if needed[node.0] {
            let parts = plan.parts[node.0].iter();
            for before in parts.chain(&framework.node(*node).cap) {
                needed[before.0] = true;
            }
        }
    }
    let is_made = |node: &NodeIx| {
        let facts = framework.node(*node);
        needed[node.0] && (facts.indicator().is_none() || facts.cap.is_some())
    };
    plan.order.iter().copied().filter(is_made).collect()
}

/// What slots must say beside their scores; bounds depend on the assumptions.
pub(crate) fn detail(framework: &Framework, wanted: &[bool]) -> Detail {
    let demands = |of: fn(MinCoverage) -> Option<f64>| {
        framework.nodes.iter().any(|node| match &node.body {
            Body::Parent(parent) => of(parent.min_coverage).is_some_and(|least| least > 0.0),
            Body::Indicator(_) => false,
        })
    };
    let levels = framework.walk().filter(|(ix, _)| wanted[ix.0]);
    let levels = levels.filter_map(|(ix, _)| framework.levels_of(ix));
    let mut needs = levels.flat_map(|levels| levels.bands.iter().flat_map(|band| &band.needs));
    let on_coverage = needs.any(|need| matches!(need, Need::Coverage(_)));
    Detail {
        coverage: on_coverage
            || demands(|least| match least {
                MinCoverage::Weight(least) => Some(least),
                MinCoverage::Parts(_) | MinCoverage::Answers(_) => None,
            }),
        counts: demands(|least| match least {
            MinCoverage::Answers(least) => Some(least),
            MinCoverage::Parts(_) | MinCoverage::Weight(_) => None,
        }),
        ..Detail::SCORES
    }
}

/// Whether a part's lowest possible score may stand in for it.
pub(crate) fn assumptions_need_bounds(assumptions: &Assumptions) -> bool {
    assumptions.missing.contains(&MissingPart::Lowest)
}
