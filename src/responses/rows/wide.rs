//! The wide form: every record is a row, and its cells are one answer each.

use super::{Cell, File, Rows};
use crate::framework::Gap;
use crate::problem::{Place, ResponsesKind};
use crate::responses::Answer;
use crate::responses::attributes;
use crate::responses::batch::{Batch, Fate, Refused};
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
        let text = |(row, column): (usize, usize)| {
            part.get(batch.rows[row]).cell(column).trim().to_owned()
        };
        let thousands = self.thousands.entry(file.index).or_default();
        thousands.add(batch.thousands.map(text));
        let beside = file
            .table
            .layout
            .roles
            .iter()
            .any(|role| matches!(role, Role::Attribute(_) | Role::Evidence(_)));
        let mut refused = batch.refused.into_iter().peekable();
        let mut row = 0;
        for (at, fate) in batch.fates {
            let record = part.get(at);
            if fate == Fate::Ragged {
                self.ragged(file, record);
                continue;
            }
            let added = self.wide(file, record);
            while let Some(wrong) = refused.next_if(|refused| refused.row == row) {
                self.wrong(file, record, &wrong);
            }
            row += 1;
            if beside {
                self.beside(file, record, added);
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

    /// Says why a cell, or several of them together, are no answer.
    fn wrong(&mut self, file: &File<'_, '_>, record: Record<'_>, refused: &Refused) {
        let cell = Cell {
            file,
            record,
            column: refused.column,
            subject: refused.column,
        };
        if refused.alone {
            self.refuse(&cell, cell.text(), refused.indicator, &refused.why);
        } else {
            self.unsettled(refused.indicator, (file.index, cell.place()), &refused.why);
        }
    }

    /// What a record says beside answers.
    fn beside(&mut self, file: &File<'_, '_>, record: Record<'_>, row: usize) {
        for (column, &role) in file.table.layout.roles.iter().enumerate() {
            let cell = Cell {
                file,
                record,
                column,
                subject: column,
            };
            match role {
                Role::Attribute(at) => self.attribute(cell, at, row),
                Role::Evidence(at) => self.note(row, at, cell.text()),
                Role::Answer(_)
                | Role::Option(..)
                | Role::Reason(_)
                | Role::Other(_)
                | Role::Unit
                | Role::Period
                | Role::Key(_)
                | Role::Sent
                | Role::Status
                | Role::Multiplier
                | Role::Meta
                | Role::Ignored
                | Role::Unread
                | Role::Indicator
                | Role::Value
                | Role::RowEvidence => {}
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
