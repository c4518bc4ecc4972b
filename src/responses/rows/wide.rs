//! The wide form: every record is a row, and its cells are one answer each.

use super::{Cell, File, Rows};
use crate::framework::Gap;
use crate::problem::{Place, ResponsesKind};
use crate::responses::Answer;
use crate::responses::answers::Refusal;
use crate::responses::attributes;
use crate::responses::batch::{Batch, Fate};
use crate::responses::columns::Role;
use crate::responses::findings::Subject;
use crate::responses::records::{Record, Records};

/// Records, their text, and the line on which it starts.
#[derive(Clone, Copy)]
pub(in crate::responses) struct Part<'a> {
    pub(in crate::responses) text: &'a str,
    pub(in crate::responses) line: usize,
    pub(in crate::responses) records: &'a Records,
}

impl<'a> Part<'a> {
    /// One of the records.
    pub(in crate::responses) fn get(&self, at: usize) -> Record<'a> {
        self.records.get(self.text, self.line, at)
    }
}

impl Rows<'_> {
    /// Takes over what was read of some records: their answers as they are, everything else record by record.
    pub(in crate::responses) fn take(&mut self, file: &File<'_, '_>, part: Part<'_>, batch: Batch) {
        let before = self.list.len();
        let rows = batch.rows.len();
        for (at, column) in batch.answers.into_iter().enumerate() {
            let own = &mut self.answers[at];
            if let Some(column) = column {
                own.values.extend_from_slice(&column.values);
                own.marks.extend_from_slice(&column.marks);
            } else {
                for _ in 0..rows {
                    own.push(Answer::Missing(Gap::Unanswered));
                }
            }
        }
        for column in &mut self.attributes {
            attributes::extend(column, before + rows);
        }
        for (sign, place) in [('.', batch.point), (',', batch.comma)] {
            if let Some((row, column)) = place {
                let record = part.get(batch.rows[row]);
                let place = Place::new(&file.name, record.line_of(column), column + 1);
                self.decimals.entry((file.index, sign)).or_insert(place);
            }
        }
        let beside = file.table.layout.roles.iter().any(|role| {
            matches!(
                role,
                Role::Option(..) | Role::Attribute(_) | Role::Evidence(_)
            )
        }) || !file.table.layout.reasons.is_empty();
        let mut refused = batch.refused.into_iter().peekable();
        let mut row = 0;
        for (at, fate) in batch.fates {
            let record = part.get(at);
            if fate == Fate::Ragged {
                self.ragged(file, record);
                continue;
            }
            let mut own: Vec<(usize, Refusal)> = Vec::new();
            while let Some((_, column, refusal)) = refused.next_if(|refused| refused.0 == row) {
                own.push((column, refusal));
            }
            row += 1;
            let added = self.wide(file, record);
            if beside || !own.is_empty() {
                self.beside(file, record, added, &own);
            }
        }
    }

    /// Adds the row of a record whose answers are there.
    fn wide(&mut self, file: &File<'_, '_>, record: Record<'_>) -> usize {
        let keys = self.keys(file, record);
        if let (Some(&first), true) = (self.keys.get(&keys), self.are_whole(file, &keys)) {
            let place = Place::new(&file.name, record.line, 0);
            self.repeated.entry(first).or_default().push(place);
        }
        self.begin_row(file, record, keys)
    }

    /// What a record says beside plain answers, and what is wrong with these.
    fn beside(
        &mut self,
        file: &File<'_, '_>,
        record: Record<'_>,
        row: usize,
        refused: &[(usize, Refusal)],
    ) {
        for (column, &role) in file.table.layout.roles.iter().enumerate() {
            let cell = Cell {
                file,
                record,
                column,
                subject: column,
            };
            match role {
                Role::Answer(at) => {
                    if let Some((_, refusal)) = refused.iter().find(|(own, _)| *own == column) {
                        self.refuse_answer(&cell, at, row, refusal);
                    }
                }
                Role::Option(at, option) => self.tick(cell, at, option, row),
                Role::Attribute(at) => self.attribute(cell, at, row),
                Role::Evidence(at) => self.note(row, at, cell.text()),
                Role::Unit
                | Role::Period
                | Role::Key(_)
                | Role::Sent
                | Role::Status
                | Role::Meta
                | Role::Ignored
                | Role::Unread
                | Role::Reason(_)
                | Role::Indicator
                | Role::Value
                | Role::RowEvidence => {}
            }
        }
        let lists = !file.table.export.empty_lists;
        self.settle_splits(|_, at| lists && file.table.layout.roles.contains(&Role::Answer(at)));
        for &(column, at) in &file.table.layout.reasons {
            let cell = Cell {
                file,
                record,
                column,
                subject: column,
            };
            if self.answers[at].get(row) == Answer::Missing(Gap::Unanswered) {
                self.answer(cell, at, row);
            }
        }
    }

    /// A record with more or fewer cells than there are columns.
    pub(in crate::responses) fn ragged(&mut self, file: &File<'_, '_>, record: Record<'_>) {
        let (found, expected) = (record.len(), file.table.layout.headings.len());
        let subject = Subject {
            file: file.index,
            column: usize::MAX,
            text: &found.to_string(),
        };
        let place = Place::new(&file.name, record.line, 0);
        self.findings
            .cell(subject, "row", place, || ResponsesKind::RaggedRow {
                found,
                expected,
            });
    }
}
