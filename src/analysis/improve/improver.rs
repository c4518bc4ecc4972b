//! [`Improver`]: scored once, asked what would raise any score of any unit.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::framework::{Aggregate, Better, Framework, MissingAnswer, NodeIx, Normalise, tie_key};
use crate::responses::{Answer, Column, Responses};
use crate::scoring::{Cases, Moment, Plan, ScoreTable, Settled, not_counted};

use super::bench::{Bench, Edit};
use super::items::Item;
use super::{Costs, Route, Steps, Target, WhatIf};

/// Tells what would raise a score. Making it costs about as much as scoring.
pub struct Improver<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) responses: &'a Responses,
    pub(super) table: ScoreTable,
    /// The finest rows that are scored.
    pub(super) cases: Cases,
    /// Which rows of the responses each of them is made of.
    pub(super) lines: Vec<Vec<usize>>,
    /// By question: what the answers of each case amount to, before and after division.
    pub(super) raw: Vec<Column>,
    pub(super) values: Vec<Column>,
    pub(super) settled: Settled,
    /// The units' names.
    pub(super) names: Vec<Arc<str>>,
    /// By case: the index of its unit in its period, the higher the better; below everything without one.
    pub(super) standings: Vec<f64>,
    /// By unit: its position in the responses, and its rows there.
    pub(super) units: BTreeMap<&'a str, (usize, Vec<usize>)>,
    /// Whether a unit's scores depend on nothing but its own answers.
    pub(super) alone: bool,
}

impl<'a> Improver<'a> {
    /// Scores `responses`.
    pub fn new(plan: &'a Plan<'a>, responses: &'a Responses) -> Self {
        let mut lines: Vec<Vec<usize>> = Vec::new();
        let (mut raw, mut values) = (Vec::new(), Vec::new());
        let mut conditions = Settled::default();
        let workings = plan.work_watched(responses, &mut |moment| match moment {
            Moment::Decoded {
                order,
                settled,
                leaves,
                ..
            } => {
                lines = order.iter().map(|line| vec![*line]).collect();
                raw = leaves.iter().map(|leaf| leaf.value.clone()).collect();
                conditions = settled;
            }
            Moment::Combined { leaves, groups, .. } => {
                let of = |rows: &Vec<usize>| -> Vec<usize> {
                    let finer = rows.iter().map(|row| lines[*row].as_slice());
                    finer.collect::<Vec<_>>().concat()
                };
                lines = groups.iter().map(of).collect();
                raw = leaves.iter().map(|leaf| leaf.value.clone()).collect();
            }
            Moment::Divided(workings) => {
                let leaves = workings.leaves.iter();
                values = leaves.map(|leaf| leaf.value.clone()).collect();
            }
            Moment::Screened(_) | Moment::Filled(_) => {}
        });
        let cases = workings.cases.clone();
        let mut table = plan.finish(responses, workings, 0);
        let told = not_counted(plan, responses, &conditions);
        table.remarks.extend(told);
        let mut rows = vec![Vec::new(); responses.units.len()];
        for (at, row) in responses.rows.iter().enumerate() {
            rows[row.unit].push(at);
        }
        Self {
            names: (responses.units.iter())
                .map(|unit| Arc::clone(&unit.name))
                .collect(),
            standings: standings(plan.framework, &table, &cases),
            units: (responses.units.iter().zip(rows).enumerate())
                .map(|(at, (unit, rows))| (unit.id.as_ref(), (at, rows)))
                .collect(),
            table,
            alone: stands_alone(plan),
            settled: conditions,
            plan,
            responses,
            cases,
            lines,
            raw,
            values,
        }
    }

    /// The scores as they are: those of [`Plan::score`].
    pub fn scores(&self) -> &ScoreTable {
        &self.table
    }

    /// Whether a unit's scores depend on nothing but its own answers. Where they do not, everybody is scored anew for each
    /// answer that is tried.
    pub fn units_stand_alone(&self) -> bool {
        self.alone
    }

    /// Single steps of a unit in a period, with what each gains `node`, at most so many; `None` where the responses do not
    /// hold the unit.
    pub fn steps(&self, unit: &str, period: usize, node: NodeIx, most: usize) -> Option<Steps> {
        let bench = Bench::new(self, unit, period)?;
        let items = self.items(&bench, node);
        let (steps, gaining) = self.single_steps(&bench, &items, node, most);
        Some(Steps {
            node,
            score: self.table.nodes[node.0].score[bench.row],
            steps,
            gaining,
        })
    }

    /// What each changed answer moved the index by since an earlier period: the index as it is, less the index with that
    /// answer alone as it was then. The largest first; `None` where the responses do not hold the unit.
    pub fn moved(&self, unit: &str, period: usize, before: usize) -> Option<Vec<(NodeIx, f64)>> {
        let bench = Bench::new(self, unit, period)?;
        let questions = self.plan.questions.nodes.iter().enumerate();
        let (nodes, tries): (Vec<NodeIx>, Vec<Vec<Edit>>) = questions
            .map(|(question, node)| (*node, bench.back_to(before, question)))
            .filter(|(_, edits)| !edits.is_empty())
            .unzip();
        let now = self.table.nodes[Framework::INDEX.0].score[bench.row];
        let mut moved = Vec::new();
        bench.evaluate(&tries, &mut |at, table, row| {
            let then = table.nodes[Framework::INDEX.0].score[row];
            let by = now.zip(then).map(|(now, then)| now - then);
            moved.extend(
                by.filter(|by| tie_key(*by) != 0.0)
                    .map(|by| (nodes[at], by)),
            );
        });
        moved.sort_by(|a, b| tie_key(b.1.abs()).total_cmp(&tie_key(a.1.abs())));
        Some(moved)
    }

    /// The smallest set of changes that reaches a target, or the cheapest one; the best that is found where that is not
    /// known.
    pub fn route(&self, unit: &str, period: usize, target: Target, costs: &Costs) -> Option<Route> {
        let bench = Bench::new(self, unit, period)?;
        Some(self.find_route(&bench, target, costs))
    }

    /// What all scores are when a unit's answers change, in all its rows that have a say.
    pub fn what_if(
        &self,
        unit: &str,
        period: usize,
        changes: &[(NodeIx, Answer)],
    ) -> Option<WhatIf> {
        let bench = Bench::new(self, unit, period)?;
        let edits = changes.iter().flat_map(|(node, answer)| {
            let question = self.plan.questions.position[node.0];
            let rows = bench.rows_of_period();
            let bench = &bench;
            rows.filter_map(move |row| {
                let question = question.filter(|question| bench.speaks(*question, row))?;
                Some(Edit {
                    row,
                    question,
                    answer: *answer,
                })
            })
        });
        let edits: Vec<Edit> = edits.collect();
        Some(self.scored_anew(&bench, &edits))
    }

    /// All scores with these edits and what they open.
    pub(super) fn scored_anew(&self, bench: &Bench<'_>, edits: &[Edit]) -> WhatIf {
        let completed = bench.complete(edits);
        let mut responses = self.responses.clone();
        for edit in &completed.edits {
            let line = bench.lines[edit.row];
            responses.answers[edit.question].set(line, edit.answer);
        }
        WhatIf {
            after: self.plan.score(&responses),
            row: bench.row,
            opened: completed
                .opened
                .iter()
                .filter(|opened| {
                    let stated = |edit: &Edit| (edit.row, edit.question);
                    !edits.iter().any(|edit| stated(edit) == stated(opened))
                })
                .map(|edit| (self.plan.questions.nodes[edit.question], edit.answer))
                .collect(),
            closed: completed.closed,
        }
    }

    /// The items below a node, and those that it depends on from elsewhere: whatever counts in the index.
    pub(super) fn items(&self, bench: &Bench<'_>, node: NodeIx) -> Vec<Item> {
        let mut items = bench.items();
        items.retain(|item| self.touches(item.node, node));
        items
    }

    /// Whether an indicator can have a say in a node: it counts on the way up to it, or caps or opens something.
    pub(super) fn touches(&self, indicator: NodeIx, node: NodeIx) -> bool {
        let framework = self.plan.framework;
        let question = self.plan.questions.position[indicator.0];
        if question.is_some_and(|question| self.plan.questions.is_asked_about(question)) {
            return true;
        }
        if framework.nodes.iter().any(|node| node.cap.is_some()) || node == indicator {
            return true;
        }
        let mut at = indicator;
        while at != node {
            if !self.plan.assumptions.counts(at) {
                return false;
            }
            match framework.node(at).parent {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        true
    }
}

/// By case: the index of its unit, the higher the better.
fn standings(framework: &Framework, table: &ScoreTable, cases: &Cases) -> Vec<f64> {
    let scores = &table.nodes[Framework::INDEX.0].score;
    let standing = |unit: &str, period: usize| {
        let row = (table.observations)
            .partition_point(|found| (found.unit.as_ref(), found.period) < (unit, period));
        match (scores.get(row).copied().flatten(), framework.better) {
            (Some(score), Better::Higher) => score,
            (Some(score), Better::Lower) => -score,
            (None, _) => f64::NEG_INFINITY,
        }
    };
    let keys = cases.keys.iter();
    keys.map(|key| standing(&key.unit, key.period)).collect()
}

/// Whether each unit's scores depend on nothing but its own answers.
fn stands_alone(plan: &Plan<'_>) -> bool {
    let assumptions = &plan.assumptions;
    let framework: &Framework = plan.framework;
    let quantiles = framework.levels.iter().any(|levels| levels.quantiles);
    let relative = framework.walk().any(|(ix, _)| {
        let scaled = assumptions.normalise[ix.0].as_ref();
        let competes = matches!(
            assumptions.aggregate[ix.0],
            Aggregate::Copeland | Aggregate::Borda
        );
        let imputed = matches!(
            assumptions.missing_answer[ix.0],
            MissingAnswer::Mean(_) | MissingAnswer::Median(_) | MissingAnswer::Row { .. }
        );
        let compared = assumptions.treat[ix.0].is_some() || scaled.is_some_and(Normalise::compares);
        competes || imputed || compared && assumptions.cohort.is_none()
    });
    !quantiles && !relative
}
