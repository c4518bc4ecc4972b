//! [`Bench`]: one unit on which changed answers are tried, many at once.
//!
//! Where a unit's scores depend on its own answers alone, every try is a copy of the unit beside the others, and all are
//! scored in one go; else everybody is scored anew for each.

use crate::framework::{
    Answers, Better, Curve, Indicator, NodeIx, Normalise, Outcome, fixed_curve,
};
use crate::responses::{Answer, AttributeColumn, Responses, Row};
use crate::scoring::{Reading, ScoreTable, multiple_extremes, multiple_score};

use super::improver::Improver;

/// Rows that are scored in one go …
const ROWS_AT_ONCE: usize = 4096;
/// … and answers in them.
const ANSWERS_AT_ONCE: usize = 1 << 21;

/// One unit in one period.
pub(super) struct Bench<'b> {
    pub(super) all: &'b Improver<'b>,
    /// Position of its observation in the table.
    pub(super) row: usize,
    pub(super) period: usize,
    /// Its rows of the responses, of all periods.
    pub(super) lines: Vec<usize>,
    /// Those rows alone.
    own: Responses,
}

/// An answer that is put in the place of another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edit {
    /// Position among the unit's rows.
    pub(super) row: usize,
    pub(super) question: usize,
    pub(super) answer: Answer,
}

/// Changes, with what they open and close.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Completed {
    /// All answers that change, newly asked ones included.
    pub(super) edits: Vec<Edit>,
    /// The newly asked ones, with the answer that they have then.
    pub(super) opened: Vec<Edit>,
    pub(super) closed: Vec<NodeIx>,
}

impl<'b> Bench<'b> {
    pub(super) fn new(all: &'b Improver<'b>, unit: &str, period: usize) -> Option<Self> {
        // Observations are sorted by unit and period.
        let observations = &all.table.observations;
        let row = observations
            .partition_point(|found| (found.unit.as_ref(), found.period) < (unit, period));
        let found = observations.get(row)?;
        if found.unit.as_ref() != unit || found.period != period {
            return None;
        }
        let responses = all.responses;
        let (at, lines) = all.units.get(unit)?;
        let (at, lines) = (*at, lines.clone());
        let alone = |line: &usize| Row {
            unit: 0,
            ..responses.rows[*line].clone()
        };
        let own = Responses {
            units: vec![responses.units[at].clone()],
            periods: responses.periods.clone(),
            rows: lines.iter().map(alone).collect(),
            answers: responses
                .answers
                .iter()
                .map(|column| column.of_rows(&lines))
                .collect(),
            attributes: responses
                .attributes
                .iter()
                .map(|column| column.of_rows(&lines))
                .collect(),
            ..Responses::default()
        };
        Some(Self {
            all,
            row,
            period,
            lines,
            own,
        })
    }

    /// Positions of the unit's rows in the period.
    pub(super) fn rows_of_period(&self) -> impl Iterator<Item = usize> {
        let rows = self.own.rows.iter().enumerate();
        rows.filter(|(_, row)| row.period == self.period)
            .map(|(at, _)| at)
    }

    /// What puts the answers of an earlier period back, where they were others. A row that only one of the periods has
    /// stays as it is.
    pub(super) fn back_to(&self, before: usize, question: usize) -> Vec<Edit> {
        let rows = &self.own.rows;
        let edit = |row: usize| {
            let same = |then: &Row| then.period == before && then.keys == rows[row].keys;
            let then = rows.iter().position(same)?;
            let answer = self.answer(question, then);
            (answer != self.answer(question, row)).then_some(Edit {
                row,
                question,
                answer,
            })
        };
        self.rows_of_period().filter_map(edit).collect()
    }

    /// Whether a row has a say in an indicator: what its attributes forbid no answer allows.
    pub(super) fn speaks(&self, question: usize, row: usize) -> bool {
        let questions = &self.all.plan.questions;
        questions.may_apply(question, &self.own.attributes, row)
    }

    /// What a row answers.
    pub(super) fn answer(&self, question: usize, row: usize) -> Answer {
        self.own.answers[question].get(row)
    }

    /// Why a row's answer counts as it does now.
    pub(super) fn reading(&self, question: usize, row: usize) -> Reading {
        let (questions, line) = (&self.all.plan.questions, self.lines[row]);
        questions.reading(question, self.all.responses, &self.all.settled, line)
    }

    /// Whether a condition says that a row is not asked.
    pub(super) fn is_skipped(&self, question: usize, row: usize) -> bool {
        matches!(self.reading(question, row), Reading::Skipped { .. })
    }

    /// Scores each try; `look` sees its number, a table, and the unit's row in it.
    pub(super) fn evaluate(
        &self,
        tries: &[Vec<Edit>],
        look: &mut dyn FnMut(usize, &ScoreTable, usize),
    ) {
        if !self.all.alone {
            let mut responses = self.all.responses.clone();
            for (at, edits) in tries.iter().enumerate() {
                let mut before = Vec::new();
                for edit in edits {
                    let column = &mut responses.answers[edit.question];
                    let line = self.lines[edit.row];
                    before.push((edit.question, line, column.get(line)));
                    column.set(line, edit.answer);
                }
                look(at, &self.all.plan.score_only(&responses), self.row);
                for (question, line, answer) in before.into_iter().rev() {
                    responses.answers[question].set(line, answer);
                }
            }
            return;
        }
        let mut periods: Vec<usize> = self.own.rows.iter().map(|row| row.period).collect();
        periods.sort_unstable();
        periods.dedup();
        let own = periods.iter().position(|period| *period == self.period);
        let own = own.expect("the unit has rows in its period");
        let rows = ROWS_AT_ONCE.min(ANSWERS_AT_ONCE / self.own.answers.len().max(1));
        let at_once = (rows / self.own.rows.len()).max(1);
        for (chunk, tries) in tries.chunks(at_once).enumerate() {
            let table = self.all.plan.score_only(&self.copies(tries));
            for at in 0..tries.len() {
                // Copies have the same id, and stand in their own order.
                look(chunk * at_once + at, &table, at * periods.len() + own);
            }
        }
    }

    /// The unit once for every try.
    fn copies(&self, tries: &[Vec<Edit>]) -> Responses {
        let (own, count) = (&self.own, tries.len());
        let rows = (0..count).flat_map(|unit| {
            let own = own.rows.iter();
            own.map(move |row| Row {
                unit,
                ..row.clone()
            })
        });
        let rows: Vec<Row> = rows.collect();
        let order: Vec<usize> = (0..count).flat_map(|_| 0..own.rows.len()).collect();
        let mut copies = Responses {
            units: vec![own.units[0].clone(); count],
            periods: own.periods.clone(),
            rows,
            answers: own
                .answers
                .iter()
                .map(|column| column.of_rows(&order))
                .collect(),
            attributes: own
                .attributes
                .iter()
                .map(|column: &AttributeColumn| column.of_rows(&order))
                .collect(),
            ..Responses::default()
        };
        for (unit, edits) in tries.iter().enumerate() {
            for edit in edits {
                let row = unit * own.rows.len() + edit.row;
                copies.answers[edit.question].set(row, edit.answer);
            }
        }
        copies
    }

    /// These changes, with the lowest answers to what they open.
    pub(super) fn complete(&self, edits: &[Edit]) -> Completed {
        let questions = &self.all.plan.questions;
        let mut completed = Completed {
            edits: edits.to_vec(),
            ..Completed::default()
        };
        if !edits
            .iter()
            .any(|edit| questions.is_asked_about(edit.question))
        {
            return completed;
        }
        let mut changed = self.own.clone();
        for edit in edits {
            changed.answers[edit.question].set(edit.row, edit.answer);
        }
        // An answer that is taken for an opened question may open others.
        loop {
            let (_, settled) = questions.settle(&changed);
            let mut more = Vec::new();
            (completed.opened, completed.closed) = (Vec::new(), Vec::new());
            for question in 0..questions.nodes.len() {
                if !questions.is_conditional(question) {
                    continue;
                }
                for row in self
                    .rows_of_period()
                    .filter(|row| self.speaks(question, *row))
                {
                    let skipped = |reading| matches!(reading, Reading::Skipped { .. });
                    let before = skipped(self.reading(question, row));
                    let after = questions.reading(question, &changed, &settled, row);
                    match (before, skipped(after)) {
                        (true, false) => {
                            let lowest = self.lowest(question);
                            let answer = changed.answers[question].get(row);
                            let edit = Edit {
                                row,
                                question,
                                answer,
                            };
                            match (answer, after, lowest) {
                                (
                                    Answer::Missing(_),
                                    Reading::AsGiven | Reading::Unsure { .. },
                                    Some(answer),
                                ) => {
                                    more.push(Edit { answer, ..edit });
                                }
                                _ => completed.opened.push(edit),
                            }
                        }
                        (false, true) => {
                            let node = questions.nodes[question];
                            if !completed.closed.contains(&node) {
                                completed.closed.push(node);
                            }
                        }
                        (true, true) | (false, false) => {}
                    }
                }
            }
            if more.is_empty() {
                return completed;
            }
            for edit in more {
                changed.answers[edit.question].set(edit.row, edit.answer);
                completed.edits.push(edit);
            }
        }
    }

    /// The answer that scores least.
    pub(super) fn lowest(&self, question: usize) -> Option<Answer> {
        let plan = self.all.plan;
        let indicator = plan.questions.indicator(question);
        lowest(
            indicator,
            plan.framework.better,
            plan.more_is_better(question),
            plan.normalise(plan.questions.nodes[question]),
        )
    }
}

/// The answer that scores least; none for a number that nothing limits.
fn lowest(
    indicator: &Indicator,
    better: Better,
    up: bool,
    normalise: Option<&Normalise>,
) -> Option<Answer> {
    let worse = |a: f64, b: f64| match better {
        Better::Higher => a.total_cmp(&b),
        Better::Lower => b.total_cmp(&a),
    };
    match &indicator.answers {
        Answers::Choice(scale) => {
            let options = scale.options.iter().enumerate();
            let scored = options.filter_map(|(at, option)| match option.outcome {
                Outcome::Score(score) => Some((at, score)),
                Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => None,
            });
            let lowest = scored.min_by(|a, b| worse(a.1, b.1));
            lowest.map(|(at, _)| Answer::Given(at as f64))
        }
        Answers::Multiple(multiple) => {
            let choices = std::iter::once(0).chain(multiple_extremes(multiple));
            let scored = choices.map(|bits| (bits, multiple_score(multiple, bits)));
            let lowest = scored.min_by(|a, b| worse(a.1, b.1));
            lowest.map(|(bits, _)| Answer::Given(bits as f64))
        }
        Answers::Number(number) => {
            let ends = match (fixed_curve(number, normalise), number.valid) {
                (_, Some((low, high))) => Some(if up { low } else { high }),
                (Some(Curve::Goalposts(posts)), None) => Some(if up {
                    posts.from.min(posts.to)
                } else {
                    posts.from.max(posts.to)
                }),
                (Some(Curve::Bands(points) | Curve::Lines(points)), None) => {
                    let end = if up { points.first() } else { points.last() };
                    end.map(|point| point.0)
                }
                (Some(Curve::AsIs) | None, None) => None,
            };
            ends.map(Answer::Given)
        }
    }
}
