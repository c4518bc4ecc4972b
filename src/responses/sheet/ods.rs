//! Cells of ODS sheets as texts.
//!
//! A cell says how often it repeats, a row too; repeats of what is empty cost nothing here, and all others are counted
//! before they are written out.

use std::io::{BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{Builder, Refused, Sheet};
use crate::problem::ResponsesKind;

/// Most characters of one cell.
const LONGEST_CELL: usize = 1 << 20;

type Parser<'z> = Reader<BufReader<Box<dyn Read + 'z>>>;

/// Names of the sheets of a file, in order.
pub(super) fn names(bytes: &[u8]) -> Result<Vec<String>, ResponsesKind> {
    let mut names = Vec::new();
    content(bytes, |parser| {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match parser.read_event_into(&mut buffer).map_err(broken)? {
                Event::Start(tag) if tag.name().as_ref() == "table:table" => {
                    names.push(attribute(&tag, "table:name").unwrap_or_default());
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    })?;
    Ok(names)
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
                Event::Start(tag) => match tag.name().as_ref() {
                    "table:table" => table += 1,
                    "table:table-row" if table == place + 1 => {
                        let repeats = repeats(&tag, "table:number-rows-repeated");
                        let cells = read_row(parser)?;
                        write_row(&mut builder, row, repeats, &cells).map_err(Refused::kind)?;
                        row = row.saturating_add(repeats);
                    }
                    _ => {}
                },
                Event::Empty(tag)
                    if table == place + 1 && tag.name().as_ref() == "table:table-row" =>
                {
                    row = row.saturating_add(repeats(&tag, "table:number-rows-repeated"));
                }
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
            Event::Start(tag) if is_cell(tag.name().as_ref()) => {
                let value = value(&tag);
                let repeats = repeats(&tag, "table:number-columns-repeated");
                let shown = read_text(parser)?;
                let text = value.unwrap_or(shown);
                cells.push(Cell { text, repeats });
            }
            Event::Empty(tag) if is_cell(tag.name().as_ref()) => {
                let repeats = repeats(&tag, "table:number-columns-repeated");
                let text = value(&tag).unwrap_or_default();
                cells.push(Cell { text, repeats });
            }
            Event::End(tag) if tag.name().as_ref() == "table:table-row" => return Ok(cells),
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
        match parser.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) => match tag.name().as_ref() {
                "office:annotation" => notes += 1,
                "text:p" if notes == 0 => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                }
                _ => {}
            },
            Event::Empty(tag) if notes == 0 => match tag.name().as_ref() {
                "text:s" => {
                    let spaces = repeats(&tag, "text:c").min(LONGEST_CELL);
                    text.extend(std::iter::repeat_n(' ', spaces));
                }
                "text:tab" => text.push('\t'),
                "text:line-break" | "text:p" => text.push('\n'),
                _ => {}
            },
            Event::Text(part) if notes == 0 && paragraphs > 0 => {
                text.push_str(&part.xml10_content());
            }
            Event::GeneralRef(part) if notes == 0 && paragraphs > 0 => {
                text.push_str(&entity(&part));
            }
            Event::End(tag) => match tag.name().as_ref() {
                "office:annotation" => notes -= 1,
                name if is_cell(name) => return Ok(text),
                _ => {}
            },
            Event::Eof => return Err(ResponsesKind::BrokenSpreadsheet),
            _ => {}
        }
        if text.len() > LONGEST_CELL {
            return Err(ResponsesKind::SpreadsheetTooLarge);
        }
    }
}

fn is_cell(name: &str) -> bool {
    matches!(name, "table:table-cell" | "table:covered-table-cell")
}

/// The value behind what is shown, where it is a number, a date or a logical value.
fn value(tag: &BytesStart<'_>) -> Option<String> {
    match attribute(tag, "office:value-type")?.as_str() {
        "float" | "currency" => attribute(tag, "office:value"),
        "percentage" => {
            let share: f64 = attribute(tag, "office:value")?.parse().ok()?;
            let percent = format!("{:.12e}", share * 100.0).parse::<f64>().ok()?;
            Some(format!("{percent}%"))
        }
        "date" => attribute(tag, "office:date-value"),
        "boolean" => attribute(tag, "office:boolean-value").map(|value| value.to_uppercase()),
        _ => None,
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = tag.try_get_attribute(name).ok().flatten()?;
    Some(attribute.value.into_owned())
}

fn repeats(tag: &BytesStart<'_>, name: &str) -> usize {
    attribute(tag, name)
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
}

fn entity(name: &str) -> String {
    match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        _ => {
            let code = name
                .strip_prefix('#')
                .and_then(|code| match code.strip_prefix('x') {
                    Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
                    None => code.parse().ok(),
                });
            code.and_then(char::from_u32)
                .map(String::from)
                .unwrap_or_default()
        }
    }
}

fn content(
    bytes: &[u8],
    read: impl FnOnce(&mut Parser<'_>) -> Result<(), ResponsesKind>,
) -> Result<(), ResponsesKind> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let part = zip.by_name("content.xml").map_err(broken)?;
    let part: Box<dyn Read + '_> = Box::new(part);
    let mut parser = Reader::from_reader(BufReader::new(part));
    read(&mut parser)
}

fn broken<E>(_: E) -> ResponsesKind {
    ResponsesKind::BrokenSpreadsheet
}
