//! Cells as they are drawn: each is written and measured once, however many forms of its table are tried.

use std::borrow::Cow;

use crate::report::document::{Cell, Table};
use crate::report::words::Language;

use super::text::{escaped, longest_part, shorten, width};

/// A name is cut beyond this.
const LONGEST_NAME: usize = 64;

/// What is drawn of a cell, the indentation of a branch aside.
#[derive(Clone, Debug)]
pub(super) struct Face {
    /// Nothing in it steers the terminal.
    pub(super) text: String,
    /// Columns it takes on one line.
    pub(super) width: usize,
    /// Columns that its longest part takes, which stays together.
    pub(super) part: usize,
}

impl Face {
    fn of(text: &str) -> Self {
        let text = escaped(text.trim_start_matches(' ')).into_owned();
        Self {
            width: width(&text),
            part: longest_part(&text),
            text,
        }
    }
}

/// What is drawn of the cells of a table.
pub(super) struct Faces<'t> {
    table: &'t Table,
    /// By row and column.
    cells: Vec<Vec<Face>>,
}

impl<'t> Faces<'t> {
    pub(super) fn new(table: &'t Table, language: Language) -> Self {
        let face = |cell: &Cell| match cell {
            Cell::Named { id, name } if id != name => {
                let name = shorten(&escaped(name), LONGEST_NAME).into_owned();
                let id = id.clone();
                Face::of(&Cell::Named { id, name }.shown(language))
            }
            _ => Face::of(&cell.shown(language)),
        };
        let rows = table.rows.iter();
        Self {
            table,
            cells: rows
                .map(|row| row.cells.iter().map(face).collect())
                .collect(),
        }
    }

    /// What is drawn of a cell; `ids`: an id stands in place of a name.
    pub(super) fn of(&self, row: usize, column: usize, ids: bool) -> Cow<'_, Face> {
        match &self.table.rows[row].cells[column] {
            Cell::Named { id, name } if ids && id != name => Cow::Owned(Face::of(id)),
            _ => Cow::Borrowed(&self.cells[row][column]),
        }
    }
}
