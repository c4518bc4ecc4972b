//! A document on a terminal: wrapped between words, tables in the widest form that fits.
//!
//! Width and colour are told, not found out. What data hold cannot steer the terminal: control characters and marks that
//! turn the reading direction are shown escaped.

mod face;
mod fit;
mod text;

use std::borrow::Cow;
use std::io::{self, Write};
use std::iter;

use comfy_table::{
    Attribute, Cell as Drawn, CellAlignment, Color, ColumnConstraint, Row as DrawnRow,
    Table as Grid, Width,
};

use super::document::{Align, Block, Cell, Document, Row, RowKind, Table};
use super::words::{Language, Words};
use face::{Face, Faces};
use fit::Layout;
pub use text::escaped;
pub(super) use text::steers;
pub(super) use text::{shorten, wrap};

/// How wide a page is and whether it has colours.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether colours and weights of letters are used.
    pub colour: bool,
    /// Whether bars and courses are drawn.
    pub pictures: bool,
}

/// Prints a page.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write(document: &Document, look: Look, out: &mut impl Write) -> io::Result<()> {
    write_title(document, look, out)?;
    let mut after_note = false;
    for block in &document.blocks {
        let note = matches!(block, Block::Note(_));
        if !(note && after_note) {
            writeln!(out)?;
        }
        after_note = note;
        match block {
            Block::Heading(heading) => write_bold(heading, look, out)?,
            Block::Text(text) | Block::Note(text) => write_lines(&wrap(text, look.width), out)?,
            Block::Table(table) => write_table(table, document.language, look, out)?,
        }
    }
    Ok(())
}

fn write_title(document: &Document, look: Look, out: &mut impl Write) -> io::Result<()> {
    write_bold(&document.title, look, out)?;
    write_lines(&wrap_items(&document.facts, look.width), out)
}

fn write_bold(text: &str, look: Look, out: &mut impl Write) -> io::Result<()> {
    let bold = anstyle::Style::new().bold();
    for line in wrap(text, look.width) {
        if look.colour {
            writeln!(out, "{bold}{line}{bold:#}")?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn write_lines(lines: &[String], out: &mut impl Write) -> io::Result<()> {
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Short texts one after the other, broken between them where that is possible.
fn wrap_items(items: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        let item = escaped(item);
        match lines.last_mut() {
            Some(line) if text::width(line) + 3 + text::width(&item) <= width => {
                line.push_str(" · ");
                line.push_str(&item);
            }
            _ => lines.extend(wrap(&item, width)),
        }
    }
    lines
}

fn write_table(
    table: &Table,
    language: Language,
    look: Look,
    out: &mut impl Write,
) -> io::Result<()> {
    let plain;
    let table = if look.pictures {
        table
    } else {
        plain = table.without_pictures();
        plain.as_ref()
    };
    let faces = Faces::new(table, language);
    let Some(layout) = fit::layout(table, &faces, look.width) else {
        return write_list(table, language, look, out);
    };
    write_grid((table, &faces), &layout, look, out)?;
    let mut notes = Vec::new();
    if layout.form.short {
        notes.extend(wrap_items(&legend(table, &layout), look.width));
    }
    notes.extend(
        not_shown(table, &layout, language)
            .iter()
            .flat_map(|note| wrap(note, look.width)),
    );
    if !notes.is_empty() {
        writeln!(out)?;
    }
    write_lines(&notes, out)
}

/// What the short headings stand for.
fn legend(table: &Table, layout: &Layout) -> Vec<String> {
    let shown = layout.columns.iter().map(|&(ix, _)| &table.columns[ix]);
    shown
        .filter_map(|column| {
            let short = column.short.as_ref()?;
            (*short != column.title).then(|| format!("{short} = {}", column.title))
        })
        .collect()
}

fn not_shown(table: &Table, layout: &Layout, language: Language) -> Option<String> {
    let gone: Vec<&str> = (table.columns.iter())
        .filter(|column| column.expendable > layout.form.keep && !column.picture)
        .map(|column| column.title.as_str())
        .collect();
    match gone.as_slice() {
        [] => None,
        titles => {
            let words = Words::of(language);
            Some(if titles.len() <= 8 {
                words.fill("not-shown", &[&titles.join(", ")])
            } else {
                words.fill("not-shown.many", &[&titles.len().to_string()])
            })
        }
    }
}

/// So many rows are drawn at once: while they are, they take several times the memory of their text.
const AT_ONCE: usize = 64;

fn write_grid(
    (table, faces): (&Table, &Faces<'_>),
    layout: &Layout,
    look: Look,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut headings = Some(headings(table, layout));
    let mut rows = rows((table, faces), layout).peekable();
    while rows.peek().is_some() {
        let mut grid = Grid::new();
        grid.load_style(comfy_table::presets::NOTHING);
        if look.colour {
            // Padding stays plain, so that it can be cut off at the end of a line.
            grid.enforce_styling().style_text_only();
        } else {
            grid.force_no_tty();
        }
        if let Some(headings) = headings.take() {
            grid.set_header(headings);
        }
        grid.add_rows(rows.by_ref().take(AT_ONCE));
        let last = layout.columns.len().saturating_sub(1);
        for (ix, column) in grid.column_iter_mut().enumerate() {
            let gap = if ix == last { 0 } else { layout.form.gap };
            let width = u16::try_from(layout.columns[ix].1).unwrap_or(u16::MAX);
            column.set_padding((0, gap));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(
                width.saturating_add(gap),
            )));
        }
        for line in grid.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    Ok(())
}

/// A rule below the headings, and one before each other kind of rows.
fn rows<'t>(
    (table, faces): (&'t Table, &'t Faces<'t>),
    layout: &'t Layout,
) -> impl Iterator<Item = DrawnRow> + 't {
    let below = table.rows.iter().enumerate().flat_map(move |(at, row)| {
        let apart = at > 0 && table.rows[at - 1].kind != row.kind;
        let drawn = drawn((at, row), (table, faces), layout);
        apart.then(|| rule(layout)).into_iter().chain([drawn])
    });
    iter::once(rule(layout)).chain(below)
}

/// The headings, their last lines side by side.
fn headings(table: &Table, layout: &Layout) -> Vec<Drawn> {
    let columns = layout.columns.iter();
    let headings: Vec<(Vec<String>, Align)> = columns
        .map(|&(ix, width)| {
            let column = &table.columns[ix];
            (wrap(layout.form.title(column), width), column.align)
        })
        .collect();
    let lines = headings
        .iter()
        .map(|(lines, _)| lines.len())
        .max()
        .unwrap_or(0);
    let drawn = headings.into_iter().map(|(heading, align)| {
        let above = "\n".repeat(lines - heading.len());
        aligned(above + &heading.join("\n"), align).add_attribute(Attribute::Bold)
    });
    drawn.collect()
}

fn rule(layout: &Layout) -> DrawnRow {
    let line = |width: usize| Drawn::new("─".repeat(width)).add_attribute(Attribute::Dim);
    layout
        .columns
        .iter()
        .map(|&(_, width)| line(width))
        .collect::<Vec<_>>()
        .into()
}

fn drawn(
    (at, row): (usize, &Row),
    (table, faces): (&Table, &Faces<'_>),
    layout: &Layout,
) -> DrawnRow {
    let cells = layout.columns.iter().map(|&(ix, width)| {
        let cell = &row.cells[ix];
        let text = cell_text(cell, faces.of(at, ix, layout.form.ids), width);
        let drawn = aligned(text, table.columns[ix].align);
        coloured(drawn, cell, row.kind)
    });
    cells.collect::<Vec<_>>().into()
}

/// Lines of at most `width` columns.
fn cell_text(cell: &Cell, face: Cow<'_, Face>, width: usize) -> String {
    match cell {
        Cell::Branch { depth, .. } => {
            let indent = fit::INDENT.repeat(*depth);
            let room = width.saturating_sub(indent.len()).max(1);
            let lines = wrap(&face.text, room).into_iter();
            let lines = lines.map(|line| format!("{indent}{line}"));
            lines.collect::<Vec<_>>().join("\n")
        }
        _ if face.width <= width => face.into_owned().text,
        _ => wrap(&face.text, width).join("\n"),
    }
}

fn aligned(text: String, align: Align) -> Drawn {
    Drawn::new_owned(text).set_alignment(match align {
        Align::Left => CellAlignment::Left,
        Align::Right => CellAlignment::Right,
    })
}

fn coloured(drawn: Drawn, cell: &Cell, kind: RowKind) -> Drawn {
    match (cell, kind) {
        (Cell::Empty, _) => drawn,
        (_, RowKind::Summary) => drawn.add_attribute(Attribute::Italic),
        (Cell::Missing, _) => drawn.add_attribute(Attribute::Dim),
        (Cell::Level { above, of, .. }, _) => drawn.fg(level_colour(*above, *of)),
        (_, RowKind::Plain | RowKind::Apart) => drawn,
    }
}

/// Worst red, best green, yellow between: the word itself says it too. The darker shades can be read on white.
fn level_colour(above: usize, of: usize) -> Color {
    if above == 0 {
        Color::DarkRed
    } else if above + 1 == of {
        Color::DarkGreen
    } else {
        Color::DarkYellow
    }
}

/// Where no table fits: a few lines a row.
fn write_list(
    table: &Table,
    language: Language,
    look: Look,
    out: &mut impl Write,
) -> io::Result<()> {
    let width = look.width.max(1);
    for (position, row) in table.rows.iter().enumerate() {
        if position > 0 {
            writeln!(out)?;
        }
        for (column, cell) in table.columns.iter().zip(&row.cells) {
            if !matches!(cell, Cell::Empty) {
                let line = format!("{}: {}", column.title, cell.shown(language));
                write_lines(&wrap(&line, width), out)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
