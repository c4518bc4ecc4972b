//! Documents as the sheets of a workbook. Cells are typed: a text is never a formula, a number keeps all its digits and
//! is shown with those that pages print. The same sheets give the same bytes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use rust_xlsxwriter::{
    Chart as Drawn, ChartEmptyCells, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill,
    ChartType, Color, ConditionalFormat2ColorScale, ConditionalFormat3ColorScale,
    ConditionalFormatType, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Workbook, Worksheet, XlsxError,
};

use super::document::{Align, Block, Cell, Document, RowKind, Table};
use super::terminal::{escaped, shorten, wrap};
use super::words::Language;
use super::workbook::{Cells, Chart, ChartKind, Shade, Sheet};

/// What a cell can hold (Microsoft, "Excel specifications and limits"), in UTF-16 units.
const LONGEST_TEXT: usize = 32_767;
/// How many rows and columns a sheet has.
const MOST_ROWS: usize = 1_048_576;
const MOST_COLUMNS: usize = 16_384;
/// When a workbook was made that nobody dated.
const UNDATED: &str = "2000-01-01";

/// Colours of series: those of Okabe and Ito that can be told apart on white, then greys.
const SERIES: [u32; 8] = [
    0x00_5a9c, 0xa8_440a, 0x00_7a5a, 0x76_808a, 0x9a_4f80, 0x1b_1f23, 0x5c_4a00, 0x2f_8fc4,
];
const ACCENT: u32 = 0x00_5a9c;
const INK: u32 = 0x1b_1f23;
const QUIET: u32 = 0x4b_545c;
const HEADER: u32 = 0xe8_edf1;
const MISSING: u32 = 0xe3_e6e9;
const LINE: u32 = 0xc5_ccd3;
/// Lowest, middle and highest of the shades, as on the scorecards.
const SHADES: [u32; 3] = [0xfb_e3d6, 0xf3_f5f7, 0xa9_cdeb];

/// Writes a workbook.
///
/// # Errors
///
/// When `out` cannot be written, or the sheets hold more than a workbook can.
pub(super) fn write(
    sheets: &[Sheet],
    made_at: Option<u64>,
    out: &mut impl Write,
) -> io::Result<()> {
    for sheet in sheets {
        check(sheet)?;
    }
    let bytes = workbook(sheets, made_at).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

/// Whether a sheet's tables fit.
fn check(sheet: &Sheet) -> io::Result<()> {
    for block in &sheet.document.blocks {
        let Block::Table(table) = block else {
            continue;
        };
        let (rows, columns) = (table.rows.len(), table.columns.len());
        // Title, facts, header and notes stand above and below.
        if rows + 100 > MOST_ROWS || columns > MOST_COLUMNS {
            return Err(io::Error::other(format!(
                "a sheet of a workbook holds {MOST_ROWS} rows and {MOST_COLUMNS} columns, and `{}` would have {rows} \
                 and {columns}: write CSV instead",
                sheet.name
            )));
        }
    }
    Ok(())
}

fn workbook(sheets: &[Sheet], made_at: Option<u64>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let date = match made_at.and_then(|seconds| i64::try_from(seconds).ok()) {
        Some(seconds) => ExcelDateTime::from_timestamp(seconds)?,
        None => ExcelDateTime::parse_from_str(UNDATED)?,
    };
    let title = sheets.first().map_or("", |sheet| &sheet.document.title);
    let properties =
        DocProperties::new().set_title(plain(title).chars().take(255).collect::<String>());
    book.set_properties(&properties.set_creation_datetime(&date));
    let mut formats = Formats::default();
    let mut tops = BTreeMap::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        let top = write_sheet(sheet, page, &mut formats)?;
        tops.insert(sheet.name.clone(), top);
    }
    for (at, sheet) in sheets.iter().enumerate() {
        let page = book.worksheet_from_index(at)?;
        charts(sheet, &tops, page)?;
    }
    book.save_to_buffer()
}

/// Which way a cell is formatted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    Title,
    Fact,
    Heading,
    Note,
    Wrapped,
    Header(bool),
    Text(u8),
    Missing,
    Number(u8),
    Share,
    Rank(bool, bool),
}

/// Each format once.
#[derive(Default)]
struct Formats(BTreeMap<(Look, bool), Format>);

impl Formats {
    fn get(&mut self, look: Look, summary: bool) -> &Format {
        self.0.entry((look, summary)).or_insert_with(|| {
            let format = format(look);
            if summary {
                format.set_italic().set_font_color(Color::RGB(QUIET))
            } else {
                format
            }
        })
    }
}

fn format(look: Look) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match look {
        Look::Title => Format::new()
            .set_bold()
            .set_font_size(16)
            .set_font_color(Color::RGB(INK)),
        Look::Heading => Format::new().set_bold().set_font_size(13),
        Look::Fact | Look::Note => Format::new().set_font_color(Color::RGB(QUIET)),
        Look::Header(right) => Format::new()
            .set_bold()
            .set_text_wrap()
            .set_background_color(Color::RGB(HEADER))
            .set_border_bottom(FormatBorder::Medium)
            .set_border_bottom_color(Color::RGB(ACCENT))
            .set_align(FormatAlign::Bottom)
            .set_indent(u8::from(!right))
            .set_align(if right {
                FormatAlign::Right
            } else {
                FormatAlign::Left
            }),
        Look::Text(indent) => format.set_text_wrap().set_indent(indent),
        Look::Wrapped => Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_font_color(Color::RGB(QUIET)),
        Look::Missing => format
            .set_background_color(Color::RGB(MISSING))
            .set_border_bottom(FormatBorder::Hair)
            .set_border_bottom_color(Color::RGB(LINE)),
        Look::Number(0) => format.set_num_format("0"),
        Look::Number(digits) => {
            format.set_num_format(format!("0.{}", "0".repeat(usize::from(digits))))
        }
        Look::Share => format.set_num_format("0.0%"),
        Look::Rank(whole, tied) => {
            let number = if whole { "0" } else { "0.0##" };
            format.set_num_format(if tied {
                format!("{number}\"=\"")
            } else {
                number.to_owned()
            })
        }
    }
}

/// On one line, with what would steer a reader written out, and no longer than a cell holds.
fn plain(text: &str) -> String {
    let text = escaped(&text.replace(['\n', '\r', '\t'], " ")).into_owned();
    if text.encode_utf16().count() <= LONGEST_TEXT {
        return text;
    }
    let mut units = 1;
    let kept = text.chars().take_while(|letter| {
        units += letter.len_utf16();
        units <= LONGEST_TEXT
    });
    kept.collect::<String>() + "…"
}

/// Where the header of a sheet's first table stands.
type Top = u32;

fn write_sheet(
    sheet: &Sheet,
    page: &mut Worksheet,
    formats: &mut Formats,
) -> Result<Top, XlsxError> {
    page.set_name(&sheet.name)?;
    let document = &sheet.document;
    let mut row = 0;
    if !document.title.is_empty() {
        page.write_string_with_format(
            row,
            0,
            plain(&document.title),
            formats.get(Look::Title, false),
        )?;
        row += 1;
    }
    if !document.facts.is_empty() {
        let facts = plain(&document.facts.join(" · "));
        page.write_string_with_format(row, 0, facts, formats.get(Look::Fact, false))?;
        row += 1;
    }
    if row > 0 {
        row += 1;
    }
    let mut top = None;
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Heading(_) | Block::Text(_) | Block::Note(_) => None,
    });
    let last = tables
        .map(|table| table.columns.len().saturating_sub(1))
        .next();
    let last = number(last.unwrap_or(0).min(9));
    for block in &document.blocks {
        match block {
            Block::Heading(text) => {
                row += 1;
                page.write_string_with_format(
                    row,
                    0,
                    plain(text),
                    formats.get(Look::Heading, false),
                )?;
                row += 1;
            }
            Block::Text(text) | Block::Note(text) => {
                write_note(&plain(text), (row, last), page, formats)?;
                row += 1;
            }
            Block::Table(table) => {
                let first = top.is_none();
                top.get_or_insert(row);
                let end = write_table(table, row, document.language, page, formats)?;
                if first {
                    around(sheet, table, row, page)?;
                    widths(table, row, document, page)?;
                }
                row = end + 1;
            }
        }
    }
    page.set_landscape().set_paper_size(9);
    page.set_print_fit_to_pages(1, 0);
    Ok(top.unwrap_or(0))
}

fn write_table(
    table: &Table,
    top: u32,
    language: Language,
    page: &mut Worksheet,
    formats: &mut Formats,
) -> Result<u32, XlsxError> {
    for (at, column) in table.columns.iter().enumerate() {
        let look = Look::Header(column.align == Align::Right);
        let title = plain(&column.title);
        page.write_string_with_format(top, number(at), title, formats.get(look, false))?;
    }
    let mut row = top;
    for line in &table.rows {
        row += 1;
        let summary = line.kind == RowKind::Summary;
        for (at, cell) in line.cells.iter().enumerate() {
            let place = (row, number(at));
            write_cell(cell, place, language, summary, page, formats)?;
        }
    }
    Ok(row + 1)
}

fn write_cell(
    cell: &Cell,
    (row, column): (u32, u16),
    language: Language,
    summary: bool,
    page: &mut Worksheet,
    formats: &mut Formats,
) -> Result<(), XlsxError> {
    let (value, look) = match cell {
        Cell::Empty => return Ok(()),
        Cell::Missing => {
            page.write_blank(row, column, formats.get(Look::Missing, false))?;
            return Ok(());
        }
        Cell::Number { value, digits } => (*value, Look::Number(digits.digits)),
        Cell::Share(share) | Cell::Bar(share) => (*share, Look::Share),
        Cell::Rank { rank, tied } => (*rank, Look::Rank(rank.fract() == 0.0, *tied)),
        Cell::Branch { depth, text } => {
            let indent = u8::try_from(*depth).unwrap_or(u8::MAX).clamp(0, 14) + 1;
            let format = formats.get(Look::Text(indent), summary);
            page.write_string_with_format(row, column, plain(text), format)?;
            return Ok(());
        }
        Cell::Text(_)
        | Cell::Named { .. }
        | Cell::Span { .. }
        | Cell::Level { .. }
        | Cell::Course(_) => {
            let text = plain(&cell.shown(language));
            if !text.is_empty() {
                let format = formats.get(Look::Text(1), summary);
                page.write_string_with_format(row, column, text, format)?;
            }
            return Ok(());
        }
    };
    page.write_number_with_format(row, column, value, formats.get(look, summary))?;
    Ok(())
}

/// What stays in view, what is filtered and shaded, what is repeated on paper.
fn around(sheet: &Sheet, table: &Table, top: u32, page: &mut Worksheet) -> Result<(), XlsxError> {
    let last = number(table.columns.len().saturating_sub(1));
    let plain = table.rows.iter();
    let plain = plain.filter(|row| row.kind != RowKind::Summary).count();
    let bottom = top + rows(plain);
    page.set_freeze_panes(top + 1, number(sheet.frozen))?;
    page.set_repeat_rows(top, top)?;
    if plain > 0 && !table.columns.is_empty() {
        page.autofilter(top, 0, bottom, last)?;
        for shade in &sheet.shades {
            shaded(shade, top + 1, bottom, page)?;
        }
    }
    Ok(())
}

fn shaded(shade: &Shade, first: u32, last: u32, page: &mut Worksheet) -> Result<(), XlsxError> {
    if shade.columns.is_empty() {
        return Ok(());
    }
    let (left, right) = (number(shade.columns.start), number(shade.columns.end - 1));
    let [low, middle, high] = if shade.up {
        SHADES
    } else {
        [SHADES[2], SHADES[1], SHADES[0]]
    }
    .map(Color::RGB);
    if let Some((from, to)) = shade.ends {
        let scale = ConditionalFormat3ColorScale::new()
            .set_minimum(ConditionalFormatType::Number, from)
            .set_midpoint(ConditionalFormatType::Number, f64::midpoint(from, to))
            .set_maximum(ConditionalFormatType::Number, to)
            .set_minimum_color(low)
            .set_midpoint_color(middle)
            .set_maximum_color(high);
        page.add_conditional_format(first, left, last, right, &scale)?;
    } else {
        let scale = ConditionalFormat2ColorScale::new()
            .set_minimum_color(low)
            .set_maximum_color(high);
        page.add_conditional_format(first, left, last, right, &scale)?;
    }
    Ok(())
}

/// Wide enough for the widest cell, within reason; a header wraps.
fn widths(
    table: &Table,
    top: u32,
    document: &Document,
    page: &mut Worksheet,
) -> Result<(), XlsxError> {
    const LOOKED_AT: usize = 2_000;
    let mut lines = 1;
    for (at, column) in table.columns.iter().enumerate() {
        let cells = table.rows.iter().take(LOOKED_AT).map(|row| &row.cells[at]);
        let widest = cells
            .map(|cell| {
                let indent = match cell {
                    Cell::Branch { depth, .. } => 2 * depth,
                    _ => 0,
                };
                indent + cell.shown(document.language).chars().count()
            })
            .max()
            .unwrap_or(0);
        let word = column.title.split(' ').map(|word| word.chars().count());
        let least = word.max().unwrap_or(0).min(18);
        let width = widest.max(least).clamp(7, 60) + 2;
        page.set_column_width(number(at), f64::from(rows(width)))?;
        // Bold letters are wider, and the sign of the filter takes room.
        lines = lines.max(wrap(&column.title, (width - 2).max(4)).len());
    }
    page.set_row_height(top, 16 * rows(lines.min(8)) + 6)?;
    Ok(())
}

/// Across the columns of the table, in as many lines as it takes.
fn write_note(
    text: &str,
    (row, last): (u32, u16),
    page: &mut Worksheet,
    formats: &mut Formats,
) -> Result<(), XlsxError> {
    const LINE: u32 = 16;
    if last == 0 {
        page.write_string_with_format(row, 0, text, formats.get(Look::Note, false))?;
        return Ok(());
    }
    // A column is nine letters wide at least.
    let letters = 9 * (usize::from(last) + 1);
    let lines = text.chars().count().div_ceil(letters);
    page.merge_range(row, 0, row, last, text, formats.get(Look::Wrapped, false))?;
    page.set_row_height(row, LINE * rows(lines.clamp(1, 20)))?;
    Ok(())
}

/// To the right of the table, one below the other.
fn charts(
    sheet: &Sheet,
    tops: &BTreeMap<String, Top>,
    page: &mut Worksheet,
) -> Result<(), XlsxError> {
    const WIDTH: u32 = 720;
    const ROW: u32 = 20;
    let columns = sheet.document.blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table.columns.len()),
        Block::Heading(_) | Block::Text(_) | Block::Note(_) => None,
    });
    let column = number(columns.unwrap_or(0) + 1);
    let mut row = tops.get(&sheet.name).copied().unwrap_or(0);
    for chart in &sheet.charts {
        let Some(&top) = tops.get(&chart.sheet) else {
            continue;
        };
        let (mut drawn, height) = chart_of(chart, top);
        drawn.set_width(WIDTH).set_height(height);
        page.insert_chart(row, column, &drawn)?;
        row += height / ROW + 2;
    }
    Ok(())
}

fn chart_of(chart: &Chart, top: Top) -> (Drawn, u32) {
    let mut drawn = Drawn::new(match chart.kind {
        ChartKind::Bars => ChartType::Bar,
        ChartKind::Lines => ChartType::Line,
    });
    let name = plain(&chart.title);
    drawn.title().set_name(shorten(&name, 120).as_ref());
    drawn.set_alt_text(shorten(&name, 200).as_ref());
    let range = |(down, across): &Cells| {
        (
            chart.sheet.as_str(),
            top + rows(down.start),
            number(across.start),
            top + rows(down.end - 1),
            number(across.end - 1),
        )
    };
    for (at, series) in chart.series.iter().enumerate() {
        let colour = Color::RGB(SERIES[at % SERIES.len()]);
        let mut format = ChartFormat::new();
        match chart.kind {
            ChartKind::Bars => format.set_solid_fill(ChartSolidFill::new().set_color(colour)),
            ChartKind::Lines => format.set_line(ChartLine::new().set_color(colour)),
        };
        drawn
            .add_series()
            .set_format(&mut format)
            .set_name(shorten(&plain(&series.name), 120).as_ref())
            .set_categories(range(&series.categories))
            .set_values(range(&series.values));
    }
    let places = format!("0.{}", "0".repeat(usize::from(chart.digits.digits.max(1))));
    // Of lying bars the values run along the x axis.
    let values = match chart.kind {
        ChartKind::Bars => {
            drawn.y_axis().set_reverse();
            drawn.x_axis()
        }
        ChartKind::Lines => drawn.y_axis(),
    };
    values.set_num_format(places);
    if let Some((low, high)) = chart.ends {
        values.set_min(low).set_max(high);
    }
    if chart.series.len() == 1 {
        drawn.legend().set_hidden();
    } else {
        drawn.legend().set_position(ChartLegendPosition::Bottom);
    }
    // Missing is no zero.
    drawn.show_empty_cells_as(ChartEmptyCells::Gaps);
    let bars = chart.series.iter().map(|series| {
        let (down, across) = &series.values;
        down.len() * across.len()
    });
    let height = match chart.kind {
        ChartKind::Bars => 110 + 22 * rows(bars.sum()),
        ChartKind::Lines => 380,
    };
    (drawn, height)
}

/// A column's number; sheets were checked to have no more than they can.
fn number(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn rows(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
