//! Puts together what every node was made of, from the plan's workings.

use std::sync::Arc;

use crate::framework::{
    Aggregate, Better, Body, Combiner, Digits, Framework, MinCoverage, MissingPart, NodeIx,
    RoundAt, reaches,
};
use crate::responses::{Answer, Mark, Responses};
use crate::scoring::{
    Bound, Cases, Groups, Part as Weighed, Plan, Presence, Reading, ScoreTable, Slot, Workings,
    above, combine, compete_shares,
};

use super::attribution::{Cell, Effect, attribute, base, counted, of_rows, total};
use super::trace::{Trace, line};
use super::{Change, Explained, Explanation, Loss, Made, Part, Step, Without, given, losses};

/// All that is known of one unit in one period.
pub(super) struct Builder<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) responses: &'a Responses,
    /// Of the finest rows that are scored; its slots are theirs.
    pub(super) workings: Workings,
    /// Of the units; its slots are theirs.
    pub(super) units: Workings,
    pub(super) table: ScoreTable,
    pub(super) trace: Trace,
    /// Position of the observation among the units' cases.
    pub(super) observation: usize,
    /// By question and the unit's lines.
    readings: Vec<Vec<Reading>>,
    /// Rows whose scores are combined, from the finer to the unit.
    layers: Vec<Layer>,
    /// The best scores of the finest cases of the unit, by case and node.
    bests: Vec<(usize, Vec<Option<f64>>)>,
}

/// How cases were made of finer ones.
struct Layer {
    cases: Cases,
    slots: Vec<Slot>,
    groups: Groups,
    combiners: Vec<Option<Combiner>>,
    weights: Vec<f64>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        plan: &'a Plan<'a>,
        responses: &'a Responses,
        unit: &str,
        period: usize,
    ) -> Option<Self> {
        let mut trace = Trace::new(unit);
        let workings = plan.work_watched(responses, &mut |moment| {
            trace.watch(plan.framework, moment);
        });
        let mut units = workings.clone();
        let mut layers = Vec::new();
        let slots = plan.combine_scores(&mut units, &mut [], 0, &mut |raised| {
            layers.push(Layer {
                cases: raised.cases.clone(),
                slots: raised.slots.to_vec(),
                groups: raised.folding.groups().clone(),
                combiners: raised.folding.combiners().to_vec(),
                weights: raised.folding.weights().to_vec(),
            });
        });
        units.slots = slots;
        let observation = (units.cases.keys.iter())
            .position(|key| key.unit.as_ref() == unit && key.period == period)?;
        let readings = plan.questions.readings(&responses.of_rows(trace.lines()));
        let mut builder = Self {
            plan,
            responses,
            workings,
            units,
            table: plan.score(responses),
            trace,
            observation,
            readings,
            layers,
            bests: Vec::new(),
        };
        let cases = builder.trace.focus().to_vec();
        builder.bests = cases
            .into_iter()
            .map(|case| (case, builder.bests_of(case)))
            .collect();
        Some(builder)
    }

    pub(super) fn up(&self) -> bool {
        self.plan.framework.better == Better::Higher
    }

    pub(super) fn explanation(&self, node: NodeIx) -> Explanation {
        let top = self.layers.len();
        let index = self.node(top, self.observation, Framework::INDEX);
        let tree = if node == Framework::INDEX {
            index.clone()
        } else {
            self.node(top, self.observation, node)
        };
        let framework = self.plan.framework;
        let all = losses::losses(&index);
        let short = index.best.zip(index.value()).map(|(best, now)| best - now);
        let lost: f64 = all.iter().map(|loss| loss.points).sum();
        let within = |loss: &Loss| {
            loss.node == node || above(framework, loss.node).any(|above| above == node)
        };
        let mut losses: Vec<Loss> = all.into_iter().filter(within).collect();
        losses.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
        let observation = &self.table.observations[self.observation];
        Explanation {
            unit: Arc::clone(&observation.unit),
            name: Arc::clone(&observation.name),
            period: observation.period,
            index: index.value(),
            adds: index.value().map(|_| losses::adds(&index, node)),
            short,
            rest: short.unwrap_or(0.0) - lost,
            losses,
            tree,
        }
    }

    /// A node's score of a case of layer `layer`: 0 for the finest cases that are scored.
    fn node(&self, layer: usize, case: usize, node: NodeIx) -> Explained {
        let (cases, slots) = match layer.checked_sub(1) {
            None => (&self.workings.cases, &self.workings.slots),
            Some(above) => (&self.layers[above].cases, &self.layers[above].slots),
        };
        let slot = &slots[node.0];
        let (made, mut steps) = match (layer, &self.plan.framework.node(node).body) {
            (0, Body::Indicator(_)) => self.answered(node, case),
            (0, Body::Parent(parent)) => {
                let (made, start) = self.aggregated(node, case, parent.min_coverage);
                let steps = start.and_then(|start| self.normalising(node, case, start));
                (made, steps.into_iter().collect())
            }
            (_, _) => (self.combined(layer, case, node), Vec::new()),
        };
        let start = match &made {
            Made::Aggregated { total, without, .. } => total.filter(|_| without.is_none()),
            Made::Combined { total, .. } => *total,
            Made::Answered(answer) => given(answer.value),
        };
        let value = steps.last().map_or(start, |step: &Step| given(step.result));
        steps.extend(self.last_steps(layer, case, node, value));
        let last = layer == self.layers.len();
        let score = if last {
            self.table.nodes[node.0].score[case].map_or(slot.score.get(case), Answer::Given)
        } else {
            slot.score.get(case)
        };
        let bound = slot.bound(case);
        Explained {
            node,
            row: cases.keys[case].keys.clone(),
            score,
            coverage: slot.coverage[case],
            bounds: ends(bound),
            standing: if last { self.standing(node) } else { None },
            made,
            steps,
            best: self.best(layer, case, node),
        }
    }

    /// Cap and rounding.
    fn last_steps(&self, layer: usize, case: usize, node: NodeIx, value: Option<f64>) -> Vec<Step> {
        let mut steps = Vec::new();
        let Some(mut value) = value else { return steps };
        let framework = self.plan.framework;
        if layer == 0
            && let Some(cap) = framework.node(node).cap
            && let Some(limit) = self.workings.slots[cap.0].score.value(case)
            && limit < value
        {
            value = limit;
            steps.push(Step {
                change: Change::Capped(cap),
                result: Answer::Given(limit),
            });
        }
        let mut round = |digits: Digits| {
            let rounded = framework
                .range
                .read(digits.round(framework.range.show(value)));
            if rounded.total_cmp(&value).is_ne() {
                value = rounded;
                steps.push(Step {
                    change: Change::Rounded(digits),
                    result: Answer::Given(rounded),
                });
            }
        };
        if let Some(digits) = self.plan.rounding_when_made(node) {
            round(digits);
        }
        if layer == self.layers.len() && framework.rounding.at == RoundAt::End {
            let stated = framework.node(node).rounding;
            round(stated.unwrap_or(framework.rounding.digits));
        }
        steps
    }

    fn answered(&self, node: NodeIx, case: usize) -> (Made, Vec<Step>) {
        let question = self.plan.questions.position[node.0].expect("it is an indicator");
        let position = self.trace.position(case).expect("the case is the unit's");
        let lines = self.trace.lines();
        let answer = self.trace.answer(question, position, &|question, row| {
            line(
                self.responses,
                lines[row],
                question,
                self.readings[question][row],
            )
        });
        let steps = self.leaf_steps(node, case, answer.settled);
        (Made::Answered(answer), steps)
    }

    /// The score out of the parts, and what it was before anything else happened to it.
    fn aggregated(&self, node: NodeIx, case: usize, least: MinCoverage) -> (Made, Option<f64>) {
        let how = self.plan.assumptions.aggregate[node.0];
        let rule = self.plan.assumptions.missing[node.0];
        let parts = &self.plan.parts[node.0];
        let cells: Vec<Cell> = parts
            .iter()
            .map(|part| self.cell(*part, rule, how, case))
            .collect();
        let competed = self.competed(node, case);
        let sum = match &competed {
            Some(shares) => Some(shares.iter().sum()),
            None => total(how, &cells),
        };
        let sum = sum.filter(|sum| sum.is_finite());
        let effects = match (sum, competed) {
            (Some(_), Some(shares)) => shares.into_iter().map(Effect::adding).collect(),
            (Some(sum), None) => attribute(how, &cells, sum),
            (None, _) => vec![Effect::default(); cells.len()],
        };
        let without = self.without(node, case, rule, least, sum);
        let children = self.plan.framework.node(node).children().iter();
        let parts = children.map(|child| {
            let explained = self.node(0, case, *child);
            let weight = self.plan.assumptions.weights[child.0];
            match parts.iter().position(|part| part == child) {
                None => uncounted(explained, weight),
                Some(at) => Part {
                    stood_in: explained.value().is_none() && cells[at].value.is_some(),
                    explained,
                    weight,
                    stage: cells[at].stage,
                    reach: cells[at].reach,
                    counts: true,
                    counted: cells[at].value,
                    effective: effects[at].effective,
                    contribution: effects[at].contribution,
                    binding: effects[at].binding,
                },
            }
        });
        let made = Made::Aggregated {
            how,
            base: base(how),
            total: sum,
            parts: parts.collect(),
            without: without.clone(),
        };
        (made, sum.filter(|_| without.is_none()))
    }

    /// A part as its parent sees it.
    fn cell(&self, part: NodeIx, rule: MissingPart, how: Aggregate, case: usize) -> Cell {
        let answer = self.workings.slots[part.0].standing_in(rule).get(case);
        Cell {
            weight: self.plan.assumptions.weights[part.0],
            stage: self.plan.framework.node(part).stage,
            reach: self.plan.reach[part.0],
            value: given(answer).map(|value| counted(how, value)),
            missing: matches!(answer, Answer::Missing(_)),
        }
    }

    /// What each part adds to a score that compares cases.
    fn competed(&self, node: NodeIx, case: usize) -> Option<Vec<f64>> {
        if !cohort_method(self.plan.assumptions.aggregate[node.0]) {
            return None;
        }
        let rule = self.plan.assumptions.missing[node.0];
        let columns: Vec<_> = self.plan.parts[node.0]
            .iter()
            .map(|part| self.workings.slots[part.0].standing_in(rule))
            .collect();
        let parts: Vec<Weighed<'_>> = self.plan.weighted(node, &columns);
        compete_shares(
            self.plan,
            node,
            &parts,
            self.responses,
            &self.workings,
            case,
        )
    }

    fn without(
        &self,
        node: NodeIx,
        case: usize,
        rule: MissingPart,
        least: MinCoverage,
        sum: Option<f64>,
    ) -> Option<Without> {
        let slot = |part: &NodeIx| &self.workings.slots[part.0];
        let mark = |part: &NodeIx| slot(part).score.marks[case];
        let parts = &self.plan.parts[node.0];
        let own = &self.workings.slots[node.0];
        if sum.is_none() && parts.iter().all(|part| mark(part) == Mark::NotApplicable) {
            return Some(Without::NothingApplies);
        }
        if rule == MissingPart::NoScore
            && let Some(part) = parts.iter().find(|part| mark(part).is_missing())
        {
            return Some(Without::Part(*part));
        }
        if sum.is_none() {
            let any = parts
                .iter()
                .any(|part| slot(part).score.value(case).is_some());
            return Some(if any {
                Without::NoNumber
            } else {
                Without::NoPart
            });
        }
        let (MinCoverage::Weight(share) | MinCoverage::Parts(share) | MinCoverage::Answers(share)) =
            least;
        let slots: Vec<&Slot> = parts.iter().map(slot).collect();
        let found = own.found(least, &slots, case);
        (share > 0.0 && !reaches(found, share)).then_some(Without::Coverage(least, found))
    }

    /// The score out of finer rows.
    fn combined(&self, layer: usize, case: usize, node: NodeIx) -> Made {
        let own = &self.layers[layer - 1];
        let rows = &own.groups[case];
        let combiner = own.combiners[case];
        let cells: Vec<Cell> = rows
            .iter()
            .map(|row| Cell {
                weight: own.weights[*row],
                stage: 1,
                reach: 1.0,
                missing: false,
                value: self
                    .finer(layer)
                    .get(node.0)
                    .and_then(|slot| slot.score.value(*row))
                    .filter(|_| own.weights[*row] > 0.0 && combiner.is_some()),
            })
            .collect();
        let values: Vec<(f64, f64)> = cells
            .iter()
            .filter_map(|cell| Some((cell.value?, cell.weight)))
            .collect();
        let sum = combiner.and_then(|combiner| combine(combiner, &values, self.up()));
        let effects = match (combiner, sum) {
            (Some(combiner), Some(sum)) => of_rows(combiner, &cells, sum),
            _ => vec![Effect::default(); cells.len()],
        };
        let parts = rows.iter().enumerate().map(|(at, row)| Part {
            explained: self.node(layer - 1, *row, node),
            weight: own.weights[*row],
            stage: 1,
            reach: 1.0,
            counts: own.weights[*row] > 0.0,
            counted: cells[at].value,
            stood_in: false,
            effective: effects[at].effective,
            contribution: effects[at].contribution,
            binding: effects[at].binding,
        });
        Made::Combined {
            depth: self.layers.len() - layer,
            combiner,
            total: sum,
            rows: parts.collect(),
        }
    }

    fn finer(&self, layer: usize) -> &[Slot] {
        match layer.checked_sub(2) {
            None => &self.workings.slots,
            Some(below) => &self.layers[below].slots,
        }
    }

    /// What the score would be with the best answers.
    fn best(&self, layer: usize, case: usize, node: NodeIx) -> Option<f64> {
        if layer == 0 {
            let own = self.bests.iter().find(|(own, _)| *own == case);
            return own.and_then(|(_, bests)| bests[node.0]);
        }
        let own = &self.layers[layer - 1];
        let rows = own.groups[case].iter();
        let values: Vec<(f64, f64)> = rows
            .filter(|row| self.finer(layer)[node.0].score.value(**row).is_some())
            .filter_map(|row| Some((self.best(layer - 1, *row, node)?, own.weights[*row])))
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        combine(own.combiners[case]?, &values, self.up())
    }

    /// The best scores of a finest case, by node.
    fn bests_of(&self, case: usize) -> Vec<Option<f64>> {
        let framework = self.plan.framework;
        let mut bests: Vec<Option<f64>> = vec![None; framework.nodes.len()];
        for node in &self.plan.order {
            let own = self.workings.slots[node.0].score.value(case);
            let mut best = match &framework.node(*node).body {
                Body::Indicator(_) => self.best_answer(*node, case),
                Body::Parent(_) => self.best_of_parts(*node, case, &bests),
            };
            if let Some(cap) = framework.node(*node).cap.and_then(|cap| bests[cap.0]) {
                best = best.map(|best| best.min(cap));
            }
            if let Some(digits) = self.plan.rounding_when_made(*node) {
                let range = framework.range;
                best = best.map(|best| range.read(digits.round(range.show(best))));
            }
            // Where the best is not known, or an answer beats it, the score itself is the best that there is.
            bests[node.0] = match (best, own) {
                (Some(best), Some(own)) if self.up() => Some(best.max(own)),
                (Some(best), Some(own)) => Some(best.min(own)),
                (best, own) => best.or(own),
            };
        }
        bests
    }

    fn best_of_parts(&self, node: NodeIx, case: usize, bests: &[Option<f64>]) -> Option<f64> {
        let how = self.plan.assumptions.aggregate[node.0];
        if cohort_method(how) {
            return None;
        }
        let cells = self.best_cells(node, case, how, bests);
        let best = total(how, &cells).filter(|best| best.is_finite())?;
        self.best_scaled(node, case, Bound::exactly(best))
    }

    /// The parts that count now, each with its best score; all that apply where none counts.
    fn best_cells(
        &self,
        node: NodeIx,
        case: usize,
        how: Aggregate,
        bests: &[Option<f64>],
    ) -> Vec<Cell> {
        let rule = self.plan.assumptions.missing[node.0];
        let parts = &self.plan.parts[node.0];
        let now: Vec<Cell> = parts
            .iter()
            .map(|part| self.cell(*part, rule, how, case))
            .collect();
        let nothing = now.iter().all(|cell| cell.value.is_none());
        let best = |(part, now): (&NodeIx, Cell)| {
            let best = bests[part.0].map(|best| counted(how, best));
            let mark = self.workings.slots[part.0].score.marks[case];
            let value = if nothing && mark != Mark::NotApplicable {
                best
            } else {
                now.value.map(|value| best.unwrap_or(value))
            };
            Cell { value, ..now }
        };
        parts.iter().zip(now).map(best).collect()
    }
}

/// Whether a rule compares cases with each other.
pub(super) fn cohort_method(how: Aggregate) -> bool {
    matches!(how, Aggregate::Copeland | Aggregate::Borda)
}

/// A part that is shown but does not count.
fn uncounted(explained: Explained, weight: f64) -> Part {
    Part {
        explained,
        weight,
        stage: 1,
        reach: 1.0,
        counts: false,
        counted: None,
        stood_in: false,
        effective: None,
        contribution: 0.0,
        binding: false,
    }
}

fn ends(bound: Bound) -> (Option<f64>, Option<f64>) {
    let end = |x: f64| (x.is_finite() && bound.presence != Presence::Absent).then_some(x);
    (end(bound.low), end(bound.high))
}
