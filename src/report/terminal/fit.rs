//! Which form of a table fits: full headings, short ones, ids in place of names, fewer columns.

use crate::report::document::{Cell, Column, RowKind, Table};

use super::face::{Face, Faces};
use super::text::{longest_part, width};

/// Stands before a branch, once a step below the root.
pub(super) const INDENT: &str = "  ";

/// A single word of a heading is cut beyond this.
const LONGEST_HEADING: usize = 24;

/// A single word in a cell is cut beyond this.
const LONGEST_WORD: usize = 48;

/// A heading of at most so many columns stays on one line where there is room.
const SHORT_HEADING: usize = 12;

/// To how much a column of texts is narrowed at most.
const NARROWEST: usize = 16;

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
}

/// The first form that fits into `room` columns, from the richest to the barest.
pub(super) fn layout(table: &Table, faces: &Faces<'_>, room: usize) -> Option<Layout> {
    let mut grades: Vec<u8> = table
        .columns
        .iter()
        .map(|column| column.expendable)
        .collect();
    grades.push(0);
    grades.sort_unstable();
    grades.dedup();
    let fixed: Vec<usize> = (0..table.columns.len())
        .map(|column| fixed(table, faces, column))
        .collect();
    grades.into_iter().rev().flat_map(forms).find_map(|form| {
        let columns = widths((table, faces), &fixed, form, room)?;
        Some(Layout { form, columns })
    })
}

/// The width of the widest cell of a column that is as wide in every form.
fn fixed(table: &Table, faces: &Faces<'_>, column: usize) -> usize {
    let rows = table.rows.iter().enumerate();
    let rows = rows.filter(|(_, row)| !is_text(&row.cells[column]));
    let widths = rows.map(|(row, _)| faces.of(row, column, false).width);
    widths.max().unwrap_or(0)
}

/// Whether a cell holds words, which can be narrowed or left out.
fn is_text(cell: &Cell) -> bool {
    match cell {
        Cell::Text(_) | Cell::Named { .. } | Cell::Branch { .. } | Cell::Level { .. } => true,
        Cell::Empty
        | Cell::Missing
        | Cell::Number { .. }
        | Cell::Span { .. }
        | Cell::Share(_)
        | Cell::Rank { .. }
        | Cell::Bar(_)
        | Cell::Course(_) => false,
    }
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
        form(true, 1, true, NARROWEST),
    ]
}

/// What a column asks for.
struct Wish {
    column: usize,
    /// For its cells on one line.
    natural: usize,
    /// To which it can be narrowed.
    least: usize,
    /// For a short heading on one line.
    heading: usize,
}

fn widths(
    (table, faces): (&Table, &Faces<'_>),
    fixed: &[usize],
    form: Form,
    room: usize,
) -> Option<Vec<(usize, usize)>> {
    let wishes: Vec<Wish> = (0..table.columns.len())
        .filter(|&column| table.columns[column].expendable <= form.keep)
        .map(|column| wish((table, faces), (column, fixed[column]), form))
        .collect();
    let gaps = usize::from(form.gap) * wishes.len().saturating_sub(1);
    let room = room.checked_sub(gaps)?;
    let least: usize = wishes.iter().map(|wish| wish.least).sum();
    let mut spare = room.checked_sub(least)?;
    // What there is beyond the least goes to the small wishes first, and equally to those that remain.
    let mut by_wish: Vec<usize> = (0..wishes.len()).collect();
    by_wish.sort_by_key(|&ix| wishes[ix].natural - wishes[ix].least);
    let mut columns: Vec<(usize, usize)> = wishes.iter().map(|wish| (wish.column, 0)).collect();
    for (done, &ix) in by_wish.iter().enumerate() {
        let wish = &wishes[ix];
        let more = (wish.natural - wish.least).min(spare / (wishes.len() - done));
        spare -= more;
        columns[ix].1 = wish.least + more;
    }
    // Headings come last, and either all of them or none.
    let missing = |(column, wish): (&(usize, usize), &Wish)| wish.heading.saturating_sub(column.1);
    if columns.iter().zip(&wishes).map(missing).sum::<usize>() <= spare {
        for (column, wish) in columns.iter_mut().zip(&wishes) {
            column.1 = column.1.max(wish.heading);
        }
    }
    Some(columns)
}

fn wish((table, faces): (&Table, &Faces<'_>), (column, fixed): (usize, usize), form: Form) -> Wish {
    let title = form.title(&table.columns[column]);
    let mut least = longest_part(title).min(LONGEST_HEADING).max(fixed);
    let mut natural = least;
    let heading = Some(width(&super::escaped(title))).filter(|&whole| whole <= SHORT_HEADING);
    let rows = table.rows.iter().enumerate();
    for (at, row) in rows.filter(|(_, row)| is_text(&row.cells[column])) {
        // The label of a summary may wrap before the names above it have to.
        let narrowest = match row.kind {
            RowKind::Summary => NARROWEST,
            RowKind::Plain | RowKind::Apart => form.narrowest,
        };
        let face = faces.of(at, column, form.ids);
        let (whole, part) = cell_width(&row.cells[column], &face, narrowest);
        natural = natural.max(whole);
        least = least.max(part);
    }
    Wish {
        column,
        natural,
        least: least.min(natural),
        heading: heading.unwrap_or(0),
    }
}

/// The width of words on one line, and to what they can be narrowed.
fn cell_width(cell: &Cell, face: &Face, narrowest: usize) -> (usize, usize) {
    let whole = face.width;
    // An id is cut only where it is longer than any that people write.
    let word = face.part.min(LONGEST_WORD);
    match cell {
        Cell::Branch { depth, .. } => {
            let indent = INDENT.len() * depth;
            (indent + whole, indent + whole.min(narrowest.max(word)))
        }
        Cell::Level { .. } => (whole, word),
        _ => (whole, whole.min(narrowest.max(word))),
    }
}
