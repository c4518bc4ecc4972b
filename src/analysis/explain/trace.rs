//! What an onlooker notes while the plan scores: what does not stay in the workings.

use std::sync::Arc;

use crate::framework::Combiner;
use crate::responses::{Answer, Column, Responses, Row};
use crate::scoring::{Cases, Groups, Leaf, Moment, Plan, Settled, Workings};

use super::{RowAnswer, Source};

/// Everybody's values on their way.
#[derive(Default)]
pub(super) struct Trace {
    /// Rows, finest first; the last ones are the workings' cases.
    layers: Vec<Layer>,
    /// What conditions know of the rows of the responses.
    settled: Settled,
    /// By question: after division.
    divided: Vec<Column>,
    /// Then with gaps filled.
    filled: Vec<Column>,
}

struct Layer {
    cases: Cases,
    /// By question: what every case's answer amounts to.
    values: Vec<Column>,
    /// By question: the shares that count in place of a number.
    fixed: Vec<Option<Box<Column>>>,
    from: From,
}

enum From {
    /// Rows of the responses.
    Lines(Vec<usize>),
    /// Positions in the finer layer, how they became one, and how much each case of the finer layer counts.
    Rows(Groups, Vec<Option<Combiner>>, Vec<f64>),
}

impl Trace {
    /// Notes what will not stay.
    pub(super) fn watch(&mut self, moment: Moment<'_>) {
        match moment {
            Moment::Decoded {
                cases,
                leaves,
                order,
                settled,
            } => {
                self.settled = settled;
                self.layer(cases, leaves, From::Lines(order.to_vec()));
            }
            Moment::Combined {
                cases,
                leaves,
                groups,
                combiners,
                weights,
            } => {
                let from = From::Rows(groups.clone(), combiners.to_vec(), weights.to_vec());
                self.layer(cases, leaves, from);
            }
            Moment::Divided(workings) => self.divided = values(workings),
            Moment::Screened(_) => {}
            Moment::Filled(workings) => self.filled = values(workings),
        }
    }

    /// What conditions know of the rows of the responses.
    pub(super) fn settled(&self) -> &Settled {
        &self.settled
    }

    fn layer(&mut self, cases: &Cases, leaves: &[Leaf], from: From) {
        self.layers.push(Layer {
            cases: cases.clone(),
            values: leaves.iter().map(|leaf| leaf.value.clone()).collect(),
            fixed: leaves.iter().map(|leaf| leaf.fixed.clone()).collect(),
            from,
        });
    }

    /// A case's answer to a question, down to its lines.
    pub(super) fn answer(
        &self,
        plan: &Plan<'_>,
        responses: &Responses,
        question: usize,
        case: usize,
    ) -> RowAnswer {
        let layer = self.layers.len() - 1;
        self.row(plan, responses, layer, question, case)
    }

    fn row(
        &self,
        plan: &Plan<'_>,
        responses: &Responses,
        layer: usize,
        question: usize,
        case: usize,
    ) -> RowAnswer {
        let own = &self.layers[layer];
        let source = match &own.from {
            From::Lines(lines) => self.line(plan, responses, question, lines[case]),
            From::Rows(groups, combiners, weights) => Source::Rows {
                depth: own.cases.keys[case].keys.len(),
                combiner: combiners[case],
                rows: groups[case]
                    .iter()
                    .map(|row| self.row(plan, responses, layer - 1, question, *row))
                    .collect(),
                weights: groups[case].iter().map(|row| weights[*row]).collect(),
            },
        };
        let key = own.cases.keys[case].keys.last();
        let fixed = own.fixed[question].as_ref();
        RowAnswer {
            key: key.cloned().unwrap_or_else(|| Arc::from("")),
            value: own.values[question].get(case),
            settled: fixed.and_then(|fixed| fixed.value(case)),
            source,
        }
    }

    /// What the line behind a row says.
    fn line(&self, plan: &Plan<'_>, responses: &Responses, question: usize, row: usize) -> Source {
        let questions = &plan.questions;
        let &Row { file, line, .. } = &responses.rows[row];
        let file = responses.files.get(file);
        Source::Line {
            file: file.filter(|_| responses.files.len() > 1).cloned(),
            line,
            answer: responses.answers[question].get(row),
            reading: questions.reading(question, responses, &self.settled, row),
            evidence: responses.evidence.get(&(row, question)).cloned(),
        }
    }

    /// A case's value before division.
    pub(super) fn raw(&self, question: usize, case: usize) -> Answer {
        let coarsest = self.layers.last();
        coarsest.map_or(Answer::NotApplicable, |layer| {
            layer.values[question].get(case)
        })
    }

    /// A case's value after division.
    pub(super) fn divided(&self, question: usize, case: usize) -> Answer {
        self.divided[question].get(case)
    }

    /// A case's value after gaps were filled.
    pub(super) fn filled(&self, question: usize, case: usize) -> Answer {
        self.filled[question].get(case)
    }
}

fn values(workings: &Workings) -> Vec<Column> {
    let leaves = workings.leaves.iter();
    leaves.map(|leaf| leaf.value.clone()).collect()
}
