//! Puts together what every node was made of, from the plan's workings.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::framework::{
    Body, Digits, Framework, MinCoverage, MissingPart, NodeIx, RoundAt, reaches,
};
use crate::responses::{Answer, Mark};
use crate::scoring::{Part as Weighed, Slot, above, combine, compete_shares};

use super::attribution::{Cell, Effect, attribute, base, of_rows, total};
use super::best::cohort_method;
use super::explainer::Explainer;
use super::{Change, Explained, Explanation, Loss, Made, Part, Step, Without, given, losses};

/// Takes apart what is known of one unit in one period.
pub(super) struct Builder<'e, 'a> {
    pub(super) all: &'e Explainer<'a>,
    /// Position of the observation in the table.
    pub(super) observation: usize,
    /// The best scores of the finest cases behind it, by case and node.
    bests: BTreeMap<usize, Vec<Option<f64>>>,
}

impl<'e, 'a> Builder<'e, 'a> {
    pub(super) fn new(all: &'e Explainer<'a>, observation: usize) -> Self {
        let mut cases = vec![observation];
        for layer in all.layers.iter().rev() {
            let finer = cases.iter().flat_map(|case| &layer.groups[*case]);
            cases = finer.copied().collect();
        }
        let bests = cases.into_iter().map(|case| (case, all.bests_of(case)));
        Self {
            all,
            observation,
            bests: bests.collect(),
        }
    }

    pub(super) fn explanation(&self, node: NodeIx) -> Explanation {
        let top = self.all.layers.len();
        let index = self.node(top, self.observation, Framework::INDEX);
        let tree = if node == Framework::INDEX {
            index.clone()
        } else {
            self.node(top, self.observation, node)
        };
        let framework = self.all.plan.framework;
        let all = losses::losses(&index);
        let short = index.best.zip(index.value()).map(|(best, now)| best - now);
        let lost: f64 = all.iter().map(|loss| loss.points).sum();
        let within = |loss: &Loss| {
            loss.node == node || above(framework, loss.node).any(|above| above == node)
        };
        let mut losses: Vec<Loss> = all.into_iter().filter(within).collect();
        losses.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
        let observation = &self.all.scores().observations[self.observation];
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
            None => (&self.all.workings.cases, &self.all.workings.slots),
            Some(above) => (&self.all.layers[above].cases, &self.all.layers[above].slots),
        };
        let slot = &slots[node.0];
        let (made, mut steps) = match (layer, &self.all.plan.framework.node(node).body) {
            (0, Body::Indicator(_)) => self.answered(node, case),
            (0, Body::Parent(parent)) => {
                let (made, start) = self.aggregated(node, case, parent.min_coverage);
                let steps = start.and_then(|start| self.all.normalising(node, case, start));
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
        let last = layer == self.all.layers.len();
        let score = if last {
            self.all.scores().nodes[node.0].score[case].map_or(slot.score.get(case), Answer::Given)
        } else {
            slot.score.get(case)
        };
        Explained {
            node,
            row: cases.keys[case].keys.clone(),
            score,
            coverage: slot.coverage[case],
            bounds: slot.ends(case),
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
        let framework = self.all.plan.framework;
        if layer == 0
            && let Some(cap) = framework.node(node).cap
            && let Some(limit) = self.all.workings.slots[cap.0].score.value(case)
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
        if let Some(digits) = self.all.plan.rounding_when_made(node) {
            round(digits);
        }
        if layer == self.all.layers.len() && framework.rounding.at == RoundAt::End {
            let stated = framework.node(node).rounding;
            round(stated.unwrap_or(framework.rounding.digits));
        }
        steps
    }

    fn answered(&self, node: NodeIx, case: usize) -> (Made, Vec<Step>) {
        let question = self.all.plan.questions.position[node.0].expect("it is an indicator");
        let all = self.all;
        let answer = all.trace.answer(all.plan, all.responses, question, case);
        let steps = self.all.leaf_steps(node, case, answer.settled);
        (Made::Answered(answer), steps)
    }

    /// The score out of the parts, and what it was before anything else happened to it.
    fn aggregated(&self, node: NodeIx, case: usize, least: MinCoverage) -> (Made, Option<f64>) {
        let how = self.all.plan.assumptions.aggregate[node.0];
        let rule = self.all.plan.assumptions.missing[node.0];
        let parts = &self.all.plan.parts[node.0];
        let cells: Vec<Cell> = parts
            .iter()
            .map(|part| self.all.cell(*part, rule, how, case))
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
        let children = self.all.plan.framework.node(node).children().iter();
        let parts = children.map(|child| {
            let explained = self.node(0, case, *child);
            let weight = self.all.plan.assumptions.weights[child.0];
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

    /// What each part adds to a score that compares cases.
    fn competed(&self, node: NodeIx, case: usize) -> Option<Vec<f64>> {
        if !cohort_method(self.all.plan.assumptions.aggregate[node.0]) {
            return None;
        }
        let rule = self.all.plan.assumptions.missing[node.0];
        let columns: Vec<_> = self.all.plan.parts[node.0]
            .iter()
            .map(|part| self.all.workings.slots[part.0].standing_in(rule))
            .collect();
        let parts: Vec<Weighed<'_>> = self.all.plan.weighted(node, &columns);
        compete_shares(
            self.all.plan,
            node,
            &parts,
            self.all.responses,
            &self.all.workings,
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
        let slot = |part: &NodeIx| &self.all.workings.slots[part.0];
        let mark = |part: &NodeIx| slot(part).score.marks[case];
        let parts = &self.all.plan.parts[node.0];
        let own = &self.all.workings.slots[node.0];
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
        let own = &self.all.layers[layer - 1];
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
        let sum = combiner.and_then(|combiner| combine(combiner, values, self.all.up()));
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
            depth: self.all.layers.len() - layer,
            combiner,
            total: sum,
            rows: parts.collect(),
        }
    }

    fn finer(&self, layer: usize) -> &[Slot] {
        match layer.checked_sub(2) {
            None => &self.all.workings.slots,
            Some(below) => &self.all.layers[below].slots,
        }
    }

    /// What the score would be with the best answers.
    fn best(&self, layer: usize, case: usize, node: NodeIx) -> Option<f64> {
        if layer == 0 {
            return self.bests.get(&case)?[node.0];
        }
        let own = &self.all.layers[layer - 1];
        let rows = own.groups[case].iter();
        let values: Vec<(f64, f64)> = rows
            .filter(|row| self.finer(layer)[node.0].score.value(**row).is_some())
            .filter_map(|row| Some((self.best(layer - 1, *row, node)?, own.weights[*row])))
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        combine(own.combiners[case]?, values, self.all.up())
    }
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
