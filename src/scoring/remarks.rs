//! What is to be said of rows that were scored piece by piece: the same, in the same order, as of all at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::framework::{NodeIx, TOLERANCE};
use crate::responses::{Responses, in_order};

use super::decode::{Questions, Settled};
use super::nodes::Slot;
use super::plan::Plan;
use super::rows::Cases;
use super::table::{Fate, Remark};
use super::workings::{Workings, lives};

/// Remarks of all pieces.
#[derive(Clone, Debug, Default)]
pub struct Remarks {
    screened: Vec<Remark>,
    /// What is said of cohorts: every piece says it again.
    useless: Vec<Remark>,
    cells: Tally,
    periods: BTreeSet<String>,
}

impl Remarks {
    /// Adds those of a piece that holds these periods.
    pub fn add(&mut self, remarks: Vec<Remark>, periods: &[String]) {
        for period in periods {
            if !self.periods.contains(period) {
                self.periods.insert(period.clone());
            }
        }
        for remark in remarks {
            match remark {
                Remark::ScreenedOut { .. } => self.screened.push(remark),
                Remark::UselessCohort { .. } if self.useless.contains(&remark) => {}
                Remark::UselessCohort { .. } => self.useless.push(remark),
                Remark::Cells {
                    fate,
                    period,
                    nodes,
                    count,
                    unit,
                } => self.cells.add(fate, &period, &nodes, count, &unit),
            }
        }
    }

    /// Those of units by unit, then those of cohorts by node and period, then those of values, of scores and of answers by
    /// period.
    pub fn in_order(mut self, plan: &Plan<'_>) -> Vec<Remark> {
        // Each one's periods have come in their order.
        self.screened.sort_by(|a, b| unit(a).cmp(unit(b)));
        let periods: Vec<&String> = self.periods.iter().collect();
        let order = in_order(&periods);
        let place = |remark: &Remark| match remark {
            Remark::UselessCohort { node, period, .. } => {
                let made = plan.order.iter().position(|made| made == node);
                let period = order
                    .iter()
                    .position(|&at| Some(periods[at]) == period.as_ref());
                (made, period)
            }
            Remark::ScreenedOut { .. } | Remark::Cells { .. } => (None, None),
        };
        self.useless.sort_by_key(place);
        self.screened.append(&mut self.useless);
        let periods = order.iter().map(|&at| periods[at].as_str());
        self.screened.extend(self.cells.told(&periods));
        self.screened
    }
}

fn unit(remark: &Remark) -> &str {
    match remark {
        Remark::ScreenedOut { unit, .. } => unit,
        Remark::UselessCohort { .. } | Remark::Cells { .. } => "",
    }
}

/// What is to be said of answers that do not count, and of those that the framework has no indicator for in their period.
pub(crate) fn not_counted(
    plan: &Plan<'_>,
    responses: &Responses,
    settled: &Settled,
) -> Vec<Remark> {
    let mut told = passed_over(&plan.questions, responses, settled);
    told.extend(outside(plan, responses, false));
    told
}

/// What is to be said of answers that do not count.
pub(super) fn passed_over(
    questions: &Questions<'_>,
    responses: &Responses,
    settled: &Settled,
) -> Vec<Remark> {
    let mut tally = Tally::default();
    for answer in settled.passed_over() {
        let row = &responses.rows[answer.row];
        let node = questions.nodes[answer.question];
        let (period, unit) = (&responses.periods[row.period], &responses.units[row.unit]);
        tally.add(Fate::PassedOver, period, &[node], 1, &unit.id);
    }
    tally.told(&responses.periods.iter().map(String::as_str))
}

/// Answers in periods in which the framework does not have their indicators: question by question, row by row. `read`: the
/// answers were read as [`Plan::counts_as`] says.
pub(crate) fn outside_periods(
    plan: &Plan<'_>,
    responses: &Responses,
    read: bool,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for question in plan.dated.iter().copied() {
        let node = plan.questions.nodes[question];
        let periods = responses.periods.iter();
        let gone: Vec<bool> = periods
            .map(|period| !lives(plan.framework, node, period))
            .collect();
        if !gone.contains(&true) {
            continue;
        }
        let answers = &responses.answers[question];
        let rows = responses.rows.iter().enumerate();
        let rows = rows.filter(|(at, row)| {
            gone[row.period] && plan.questions.is_worth(question, answers.get(*at), read)
        });
        found.extend(rows.map(|(at, _)| (question, at)));
    }
    found
}

/// What is to be said of them.
pub(super) fn outside(plan: &Plan<'_>, responses: &Responses, read: bool) -> Vec<Remark> {
    let mut tally = Tally::default();
    for (question, row) in outside_periods(plan, responses, read) {
        let (node, row) = (plan.questions.nodes[question], &responses.rows[row]);
        let (period, unit) = (&responses.periods[row.period], &responses.units[row.unit]);
        tally.add(Fate::OutsidePeriods, period, &[node], 1, &unit.id);
    }
    tally.told(&responses.periods.iter().map(String::as_str))
}

/// What is to be said of values that are off the scale.
pub(crate) fn off_scale(
    plan: &Plan<'_>,
    responses: &Responses,
    workings: &Workings,
) -> Vec<Remark> {
    let mut tally = Tally::default();
    for (node, case) in &workings.off_scale {
        let key = &workings.cases.keys[*case];
        if !plan.assumptions.left_out[node.0] {
            let period = &responses.periods[key.period];
            tally.add(Fate::OffScale, period, &[*node], 1, &key.unit);
        }
    }
    tally.told(&responses.periods.iter().map(String::as_str))
}

/// What is to be said of scores outside of the shown range.
pub(crate) fn beyond_range(
    plan: &Plan<'_>,
    responses: &Responses,
    cases: &Cases,
    slots: &[Slot],
) -> Vec<Remark> {
    let mut tally = Tally::default();
    for node in &plan.leaving {
        for (case, key) in cases.keys.iter().enumerate() {
            let score = slots[node.0].score.value(case);
            if score.is_some_and(leaves_range) {
                let period = &responses.periods[key.period];
                tally.add(Fate::BeyondRange, period, &[*node], 1, &key.unit);
            }
        }
    }
    tally.told(&responses.periods.iter().map(String::as_str))
}

/// Whether a score lies outside of the shown range.
pub(crate) fn leaves_range(score: f64) -> bool {
    !(-TOLERANCE..=1.0 + TOLERANCE).contains(&score)
}

/// Answers, values or scores, by what became of them and period by period.
#[derive(Clone, Debug, Default)]
struct Tally(BTreeMap<Fate, BTreeMap<String, Counted>>);

#[derive(Clone, Debug)]
struct Counted {
    nodes: BTreeSet<NodeIx>,
    count: usize,
    unit: String,
}

impl Tally {
    fn add(&mut self, fate: Fate, period: &str, nodes: &[NodeIx], count: usize, unit: &str) {
        let periods = self.0.entry(fate).or_default();
        if let Some(counted) = periods.get_mut(period) {
            counted.nodes.extend(nodes);
            counted.count += count;
            if unit < counted.unit.as_str() {
                unit.clone_into(&mut counted.unit);
            }
        } else {
            let counted = Counted {
                nodes: nodes.iter().copied().collect(),
                count,
                unit: unit.to_owned(),
            };
            periods.insert(period.to_owned(), counted);
        }
    }

    /// Those of each of these periods that has any, fate by fate.
    fn told<'p>(self, periods: &(impl Iterator<Item = &'p str> + Clone)) -> Vec<Remark> {
        let of_fate = |(fate, mut counted): (Fate, BTreeMap<String, Counted>)| {
            periods.clone().filter_map(move |period| {
                let (period, counted) = counted.remove_entry(period)?;
                Some(Remark::Cells {
                    fate,
                    period,
                    nodes: counted.nodes.into_iter().collect(),
                    count: counted.count,
                    unit: counted.unit,
                })
            })
        };
        self.0.into_iter().flat_map(of_fate).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_pieces_are_counted_together_whatever_their_order() {
        let piece = |nodes: &[usize], count, unit: &str| {
            let nodes: Vec<NodeIx> = nodes.iter().copied().map(NodeIx).collect();
            (nodes, count, unit.to_owned())
        };
        let mut pieces = [
            piece(&[4, 7], 3, "SWE"),
            piece(&[2], 1, "NOR"),
            piece(&[7], 2, "PER"),
        ];
        for _ in 0..2 {
            let mut tally = Tally::default();
            for (nodes, count, unit) in &pieces {
                tally.add(Fate::PassedOver, "2025", nodes, *count, unit);
            }
            let told = tally.told(&["2024", "2025"].into_iter());
            assert_eq!(
                told,
                [Remark::Cells {
                    fate: Fate::PassedOver,
                    period: "2025".to_owned(),
                    nodes: [2, 4, 7].map(NodeIx).to_vec(),
                    count: 6,
                    unit: "NOR".to_owned(),
                }]
            );
            pieces.reverse();
        }
    }
}
