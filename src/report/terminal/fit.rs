//! Which form of a table fits: full headings, short ones, ids in place of names, fewer columns.

use crate::report::document::{Cell, Column, Table};

use super::text::{longest_part, width};

/// Stands before a branch, once a step below the root.
pub(super) const INDENT: &str = "  ";

/// A single word of a heading is cut beyond this.
const LONGEST_HEADING: usize = 24;

/// A way to draw a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Whether columns that have a short heading get it.
    pub(super) short: bool,
    /// Spaces between columns.
    pub(super) gap: u16,
    /// Whether ids stand in place of names.
    pub(super) ids: bool,
    /// A column of texts may be narrowed to this.
    pub(super) narrowest: usize,
    /// Columns that are more expendable than this are left out.
    pub(super) keep: u8,
}

/// A form and the columns in it, each with its width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) form: Form,
    pub(super) columns: Vec<(usize, usize)>,
}

impl Form {
    /// The heading of a column.
    pub(super) fn title<'a>(&self, column: &'a Column) -> &'a str {
        match &column.short {
            Some(short) if self.short => short,
            _ => &column.title,
        }
    }

    /// The text of a cell.
    pub(super) fn text(&self, cell: &Cell) -> String {
        match cell {
            Cell::Named { id, .. } if self.ids => id.clone(),
            _ => cell.to_string(),
        }
    }
}

/// The first form that fits into `room` columns, from the richest to the barest.
pub(super) fn layout(table: &Table, room: usize) -> Option<Layout> {
    let mut grades: Vec<u8> = table
        .columns
        .iter()
        .map(|column| column.expendable)
        .collect();
    grades.push(0);
    grades.sort_unstable();
    grades.dedup();
    grades
        .into_iter()
        .rev()
        .flat_map(forms)
        .find_map(|form| widths(table, form, room).map(|columns| Layout { form, columns }))
}

fn forms(keep: u8) -> [Form; 5] {
    let form = |short, gap, ids, narrowest| Form {
        short,
        gap,
        ids,
        narrowest,
        keep,
    };
    [
        form(false, 2, false, 32),
        form(true, 2, false, 32),
        form(true, 1, false, 32),
        form(true, 1, true, 32),
        form(true, 1, true, 16),
    ]
}

/// What a column asks for.
struct Wish {
    column: usize,
    natural: usize,
    least: usize,
}

fn widths(table: &Table, form: Form, room: usize) -> Option<Vec<(usize, usize)>> {
    let wishes: Vec<Wish> = (0..table.columns.len())
        .filter(|&column| table.columns[column].expendable <= form.keep)
        .map(|column| wish(table, column, form))
        .collect();
    let gaps = usize::from(form.gap) * wishes.len().saturating_sub(1);
    let room = room.checked_sub(gaps)?;
    let least: usize = wishes.iter().map(|wish| wish.least).sum();
    let mut spare = room.checked_sub(least)?;
    let wanted: usize = wishes.iter().map(|wish| wish.natural - wish.least).sum();
    // What there is beyond the least is shared in proportion to what each column could use.
    let given = spare.min(wanted);
    let columns = wishes.iter().map(|wish| {
        let wants = wish.natural - wish.least;
        let more = (wants * given).div_ceil(wanted.max(1)).min(spare);
        spare -= more;
        (wish.column, wish.least + more)
    });
    Some(columns.collect())
}

fn wish(table: &Table, column: usize, form: Form) -> Wish {
    let heading = longest_part(form.title(&table.columns[column])).min(LONGEST_HEADING);
    let mut natural = heading;
    let mut least = heading;
    for row in &table.rows {
        let cell = &row.cells[column];
        let (whole, part) = cell_width(cell, form);
        natural = natural.max(whole);
        least = least.max(part);
    }
    Wish {
        column,
        natural,
        least: least.min(natural),
    }
}

/// The width of a cell on one line, and to what it can be narrowed.
fn cell_width(cell: &Cell, form: Form) -> (usize, usize) {
    let text = form.text(cell);
    match cell {
        Cell::Text(_) | Cell::Named { .. } => {
            let whole = width(&super::escaped(&text));
            (whole, whole.min(form.narrowest))
        }
        Cell::Branch { depth, .. } => {
            let whole = INDENT.len() * depth + width(&super::escaped(&text));
            (whole, whole.min(form.narrowest + INDENT.len() * depth))
        }
        Cell::Level { .. } => {
            let whole = width(&super::escaped(&text));
            (whole, longest_part(&text).min(form.narrowest))
        }
        Cell::Empty
        | Cell::Missing
        | Cell::Number { .. }
        | Cell::Span { .. }
        | Cell::Share(_)
        | Cell::Rank { .. }
        | Cell::Bar(_) => {
            let whole = width(&text);
            (whole, whole)
        }
    }
}
