//! What an onlooker notes of one unit while the plan scores everybody: what does not stay in the workings.

use std::sync::Arc;

use crate::framework::{Combiner, Framework};
use crate::responses::{Answer, Responses};
use crate::scoring::{CaseKey, Cases, Leaf, Moment, Workings, speaks};

use super::{RowAnswer, Source};

/// The unit's values on their way.
pub(super) struct Trace {
    unit: Arc<str>,
    /// Rows, finest first; the last ones are the workings' cases.
    layers: Vec<Layer>,
    /// Positions of the unit's cases in the workings.
    focus: Vec<usize>,
    /// By question and position in `focus`: after division.
    divided: Vec<Vec<Answer>>,
    /// Then with gaps filled.
    filled: Vec<Vec<Answer>>,
}

struct Layer {
    keys: Vec<CaseKey>,
    /// By question.
    cells: Vec<Vec<Cell>>,
    /// By question: whether the row may speak for it when it is combined.
    speaks: Vec<Vec<bool>>,
    from: From,
}

enum From {
    /// Rows of the responses.
    Lines(Vec<usize>),
    /// Positions in the finer layer, and how they became one.
    Rows(Vec<(Vec<usize>, Option<Combiner>)>),
}

#[derive(Clone, Copy)]
struct Cell {
    value: Answer,
    settled: Option<f64>,
}

impl Trace {
    pub(super) fn new(unit: &str) -> Self {
        Self {
            unit: Arc::from(unit),
            layers: Vec::new(),
            focus: Vec::new(),
            divided: Vec::new(),
            filled: Vec::new(),
        }
    }

    /// Notes what concerns the unit.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a moment is a handful of references"
    )]
    pub(super) fn watch(&mut self, framework: &Framework, moment: Moment<'_>) {
        match moment {
            Moment::Decoded {
                cases,
                leaves,
                order,
            } => {
                let own = self.own(cases);
                let lines = own.iter().map(|case| order[*case]).collect();
                self.layer(framework, cases, leaves, &own, From::Lines(lines));
            }
            Moment::Combined {
                cases,
                leaves,
                groups,
                combiners,
                finer,
            } => {
                let own = self.own(cases);
                let before = self.own(finer);
                let rows = own.iter().map(|case| {
                    let rows = groups[*case].iter();
                    let rows = rows.filter_map(|row| before.binary_search(row).ok());
                    (rows.collect(), combiners[*case])
                });
                let rows = From::Rows(rows.collect());
                self.layer(framework, cases, leaves, &own, rows);
            }
            Moment::Divided(workings) => {
                self.focus = self.own(&workings.cases);
                self.divided = self.values(workings);
            }
            Moment::Filled(workings) => self.filled = self.values(workings),
        }
    }

    fn own(&self, cases: &Cases) -> Vec<usize> {
        (0..cases.len())
            .filter(|case| cases.keys[*case].unit == self.unit)
            .collect()
    }

    fn values(&self, workings: &Workings) -> Vec<Vec<Answer>> {
        let of = |leaf: &Leaf| {
            let own = self.focus.iter();
            own.map(|case| leaf.value.get(*case)).collect()
        };
        workings.leaves.iter().map(of).collect()
    }

    fn layer(
        &mut self,
        framework: &Framework,
        cases: &Cases,
        leaves: &[Leaf],
        own: &[usize],
        from: From,
    ) {
        let cell = |leaf: &Leaf, case: usize| Cell {
            value: leaf.value.get(case),
            settled: leaf.fixed.as_ref().and_then(|fixed| fixed.value(case)),
        };
        let cells = leaves
            .iter()
            .map(|leaf| own.iter().map(|case| cell(leaf, *case)).collect());
        let speaking = framework.indicators().map(|(_, _, indicator)| {
            own.iter()
                .map(|case| speaks(indicator, cases, *case))
                .collect()
        });
        self.layers.push(Layer {
            keys: own.iter().map(|case| cases.keys[*case].clone()).collect(),
            cells: cells.collect(),
            speaks: speaking.collect(),
            from,
        });
    }

    /// Which rows of the responses are the unit's, in the order of [`Trace::answer`]'s readings.
    pub(super) fn lines(&self) -> &[usize] {
        match self.layers.first().map(|layer| &layer.from) {
            Some(From::Lines(lines)) => lines,
            Some(From::Rows(_)) | None => &[],
        }
    }

    /// The answer to a question at the unit's `position`-th case, down to its lines.
    pub(super) fn answer(
        &self,
        question: usize,
        position: usize,
        read: &impl Fn(usize, usize) -> Source,
    ) -> RowAnswer {
        self.row(self.layers.len() - 1, question, position, read)
    }

    fn row(
        &self,
        layer: usize,
        question: usize,
        position: usize,
        read: &impl Fn(usize, usize) -> Source,
    ) -> RowAnswer {
        let own = &self.layers[layer];
        let cell = own.cells[question][position];
        let source = match &own.from {
            From::Lines(_) => read(question, position),
            From::Rows(groups) => {
                let (rows, combiner) = &groups[position];
                let finer = rows
                    .iter()
                    .map(|row| self.row(layer - 1, question, *row, read));
                Source::Rows {
                    depth: own.keys[position].keys.len(),
                    combiner: *combiner,
                    rows: finer.collect(),
                }
            }
        };
        let key = own.keys[position].keys.last();
        RowAnswer {
            key: key.cloned().unwrap_or_else(|| Arc::from("")),
            value: cell.value,
            settled: cell.settled,
            speaks: own.speaks[question][position],
            source,
        }
    }

    /// Where a case of the workings stands among the unit's.
    pub(super) fn position(&self, case: usize) -> Option<usize> {
        self.focus.iter().position(|own| *own == case)
    }

    /// The unit's cases.
    pub(super) fn focus(&self) -> &[usize] {
        &self.focus
    }

    /// A value after division.
    pub(super) fn divided(&self, question: usize, position: usize) -> Answer {
        self.divided[question][position]
    }

    /// A value after gaps were filled.
    pub(super) fn filled(&self, question: usize, position: usize) -> Answer {
        self.filled[question][position]
    }

    /// A value before division.
    pub(super) fn raw(&self, question: usize, position: usize) -> Answer {
        let coarsest = self.layers.last();
        coarsest.map_or(Answer::NotApplicable, |layer| {
            layer.cells[question][position].value
        })
    }
}

/// What the line behind a row says.
pub(super) fn line(
    responses: &Responses,
    row: usize,
    question: usize,
    reading: crate::scoring::Reading,
) -> Source {
    Source::Line {
        line: responses.rows[row].line,
        answer: responses.answers[question].get(row),
        reading,
        evidence: responses.evidence.get(&(row, question)).cloned(),
    }
}
