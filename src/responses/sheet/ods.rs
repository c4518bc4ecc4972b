//! Cells of ODS sheets as texts.
//!
//! A cell says how often it repeats, a row too: repeats of what is empty cost nothing, and all others are counted before
//! they are written out.

use quick_xml::events::{BytesStart, Event};

use super::xml::{LONGEST_CELL, Parser, attribute, broken, part, text_of};
use super::{Builder, Named, Refused, Sheet, shown};
use crate::problem::ResponsesKind;

/// The sheets of a file, in order.
pub(super) fn sheets(bytes: &[u8]) -> Result<Vec<Named>, ResponsesKind> {
    let mut sheets = Vec::new();
    content(bytes, |parser| {
        // Styles come first; one of them hides the sheets that it is of.
        let (mut style, mut hiding) = (None, Vec::new());
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match parser.read_event_into(&mut buffer).map_err(broken)? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "style" => style = attribute(&tag, "name"),
                    "table-properties" => {
                        let hides = attribute(&tag, "display").as_deref() == Some("false");
                        hiding.extend(style.take().filter(|_| hides));
                    }
                    "table" => sheets.push(Named {
                        name: attribute(&tag, "name").unwrap_or_default(),
                        is_hidden: attribute(&tag, "style-name")
                            .is_some_and(|style| hiding.contains(&style)),
                    }),
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    })?;
    Ok(sheets)
}

/// The cells of the sheet at `place`, called `name`.
pub(super) fn sheet(bytes: &[u8], place: usize, name: &str) -> Result<Sheet, ResponsesKind> {
    let mut builder = Builder::default();
    content(bytes, |parser| {
        let mut buffer = Vec::new();
        let mut table = 0;
        let mut row = 0;
        loop {
            buffer.clear();
            match parser.read_event_into(&mut buffer).map_err(broken)? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "table" => table += 1,
                    "table-row" if table == place + 1 => {
                        let repeats = repeats(&tag, "number-rows-repeated");
                        let cells = read_row(parser)?;
                        write_row(&mut builder, row, repeats, &cells).map_err(Refused::kind)?;
                        row = row.saturating_add(repeats);
                    }
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    })?;
    Ok(builder.finish(name))
}

/// A cell and how often it repeats.
struct Cell {
    text: String,
    repeats: usize,
}

fn write_row(
    builder: &mut Builder,
    row: usize,
    repeats: usize,
    cells: &[Cell],
) -> Result<(), Refused> {
    if cells.iter().all(|cell| cell.text.is_empty()) {
        return Ok(());
    }
    for again in 0..repeats {
        let mut column = 0_usize;
        for cell in cells {
            if !cell.text.is_empty() {
                for at in 0..cell.repeats {
                    builder.add(
                        row.saturating_add(again),
                        column.saturating_add(at),
                        &cell.text,
                    )?;
                }
            }
            column = column.saturating_add(cell.repeats);
        }
    }
    Ok(())
}

fn read_row(parser: &mut Parser<'_>) -> Result<Vec<Cell>, ResponsesKind> {
    let mut cells = Vec::new();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match parser.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) if is_cell(tag.local_name().as_ref()) => {
                let value = value(&tag);
                let repeats = repeats(&tag, "number-columns-repeated");
                let shown = read_text(parser)?;
                let text = value.unwrap_or(shown);
                cells.push(Cell { text, repeats });
            }
            Event::End(tag) if tag.local_name().as_ref() == "table-row" => return Ok(cells),
            Event::Eof => return Err(ResponsesKind::BrokenSpreadsheet),
            _ => {}
        }
    }
}

/// What is shown in a cell, up to its end; notes are passed over.
fn read_text(parser: &mut Parser<'_>) -> Result<String, ResponsesKind> {
    let (mut text, mut paragraphs, mut notes) = (String::new(), 0, 0);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = parser.read_event_into(&mut buffer).map_err(broken)?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "annotation" => notes += 1,
                _ if notes > 0 => {}
                "p" => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                }
                "s" => {
                    let spaces = repeats(tag, "c").min(LONGEST_CELL);
                    text.extend(std::iter::repeat_n(' ', spaces));
                }
                "tab" => text.push('\t'),
                "line-break" => text.push('\n'),
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "annotation" => notes -= 1,
                name if is_cell(name) => return Ok(text),
                _ => {}
            },
            Event::Eof => return Err(ResponsesKind::BrokenSpreadsheet),
            event if notes == 0 && paragraphs > 0 => {
                text.push_str(&text_of(event).unwrap_or_default());
            }
            _ => {}
        }
        if text.len() > LONGEST_CELL {
            return Err(ResponsesKind::SpreadsheetTooLarge);
        }
    }
}

fn is_cell(name: &str) -> bool {
    matches!(name, "table-cell" | "covered-table-cell")
}

/// The value behind what is shown, where it is a number, a date or a logical value.
fn value(tag: &BytesStart<'_>) -> Option<String> {
    match attribute(tag, "value-type")?.as_str() {
        "float" | "currency" => attribute(tag, "value"),
        "percentage" => {
            let share: f64 = attribute(tag, "value")?.parse().ok()?;
            share.is_finite().then(|| shown::percent(share))
        }
        "date" => attribute(tag, "date-value"),
        "boolean" => attribute(tag, "boolean-value").map(|value| value.to_uppercase()),
        _ => None,
    }
}

fn repeats(tag: &BytesStart<'_>, name: &str) -> usize {
    attribute(tag, name)
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
}

fn content(
    bytes: &[u8],
    read: impl FnOnce(&mut Parser<'_>) -> Result<(), ResponsesKind>,
) -> Result<(), ResponsesKind> {
    part(bytes, "content.xml", read)?.ok_or(ResponsesKind::BrokenSpreadsheet)
}
