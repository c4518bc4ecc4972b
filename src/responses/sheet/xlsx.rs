//! Cells of XLSX sheets as texts.
//!
//! The parts are read here, not by a library for spreadsheets: such libraries make room for what a file says it has, and
//! a file of a thousand bytes can say anything.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use super::xml::{LONGEST_CELL, Parser, attribute, broken, part, text_of};
use super::{Builder, Named, Refused, Sheet, shown};
use crate::problem::ResponsesKind;
use crate::responses::records::MOST_COLUMNS;

/// Most texts that cells share.
const MOST_TEXTS: usize = 2_000_000;

/// An XLSX file.
pub(super) struct Workbook<'b> {
    bytes: &'b [u8],
    /// Every sheet and its part.
    sheets: Vec<(Named, String)>,
    texts: Texts,
    formats: Vec<Format>,
    from_1904: bool,
}

/// What a style makes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Number,
    Percent,
    /// A day, a time, or both.
    Time,
    /// Hours and minutes, however many.
    Elapsed,
}

/// Texts that cells share, one after another.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    fn get(&self, at: usize) -> Option<&str> {
        let start = match at.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..*self.ends.get(at)?)
    }
}

impl<'b> Workbook<'b> {
    /// Opens a file that was measured.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, ResponsesKind> {
        let root = relations(bytes, "_rels/.rels", "")?;
        let book = root
            .into_values()
            .find(|relation| relation.kind.ends_with("/officeDocument"))
            .map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target);
        let (folder, name) = book.rsplit_once('/').unwrap_or(("", &book));
        let relations = relations(bytes, &format!("{folder}/_rels/{name}.rels"), folder)?;
        let of_kind = |kind: &str| {
            let mut all = relations.values();
            all.find(|relation| relation.kind.ends_with(kind))
                .map(|relation| relation.target.clone())
        };
        let texts = match of_kind("/sharedStrings") {
            Some(name) => part(bytes, &name, read_texts)?,
            None => part(bytes, &format!("{folder}/sharedStrings.xml"), read_texts)?,
        };
        let styles = of_kind("/styles").unwrap_or_else(|| format!("{folder}/styles.xml"));
        let (named, from_1904) =
            part(bytes, &book, read_book)?.ok_or(ResponsesKind::BrokenSpreadsheet)?;
        let sheets = named.into_iter().filter_map(|(sheet, id)| {
            let relation = relations.get(&id)?;
            Some((sheet, relation.target.clone()))
        });
        Ok(Self {
            bytes,
            sheets: sheets.collect(),
            texts: texts.unwrap_or_default(),
            formats: part(bytes, &styles, read_styles)?.unwrap_or_default(),
            from_1904,
        })
    }

    /// Its sheets in order.
    pub(super) fn sheets(&self) -> Vec<Named> {
        self.sheets.iter().map(|(sheet, _)| sheet.clone()).collect()
    }

    /// The cells of the sheet at `at`.
    pub(super) fn sheet(&self, at: usize) -> Result<Sheet, ResponsesKind> {
        let (sheet, target) = &self.sheets[at];
        part(self.bytes, target, |parser| self.cells(parser, &sheet.name))?
            .ok_or(ResponsesKind::BrokenSpreadsheet)
    }

    fn cells(&self, parser: &mut Parser<'_>, name: &str) -> Result<Sheet, ResponsesKind> {
        let mut builder = Builder::default();
        let (mut row, mut column) = (0_usize, 0_usize);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match parser.read_event_into(&mut buffer).map_err(broken)? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        let number = attribute(&tag, "r").and_then(|text| text.parse().ok());
                        row = number.unwrap_or(row.saturating_add(1));
                        column = 0;
                    }
                    "c" => {
                        if let Some(place) = attribute(&tag, "r") {
                            (column, row) = place_of(&place)?;
                        }
                        let cell = Cell::of(&tag);
                        let text = self.cell_text(&cell, &read_value(parser)?);
                        // Rows count from 1; a row 0 is a mistake of the file.
                        let row = row.checked_sub(1).ok_or(ResponsesKind::BrokenSpreadsheet)?;
                        builder.add(row, column, &text).map_err(Refused::kind)?;
                        column += 1;
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => break,
                Event::Eof => break,
                _ => {}
            }
        }
        Ok(builder.finish(name))
    }

    /// A cell as a person would type it: `0.71` shown in per cent is `71%`.
    fn cell_text(&self, cell: &Cell, value: &str) -> String {
        if value.starts_with('=') {
            return unescape(value);
        }
        match cell.kind.as_deref() {
            Some("s") => {
                let text = value.trim().parse().ok().and_then(|at| self.texts.get(at));
                unescape(text.unwrap_or(""))
            }
            Some("b") => match value.trim() {
                "" => "",
                "0" => "FALSE",
                _ => "TRUE",
            }
            .to_owned(),
            Some("n") | None => {
                let number = value.trim().parse::<f64>().ok().filter(|n| n.is_finite());
                let format = self.formats.get(cell.style).copied();
                match (number, format.unwrap_or(Format::Number)) {
                    (None, _) => value.trim().to_owned(),
                    (Some(number), Format::Number) => shown::number(number),
                    (Some(number), Format::Percent) => shown::percent(number),
                    (Some(number), Format::Elapsed) => shown::elapsed(number),
                    (Some(number), Format::Time) => shown::time(number, self.from_1904),
                }
            }
            // Texts of formulas and cells, errors, dates.
            Some(_) => unescape(value),
        }
    }
}

/// How a cell is written.
struct Cell {
    kind: Option<String>,
    style: usize,
}

impl Cell {
    fn of(tag: &BytesStart<'_>) -> Self {
        Self {
            kind: attribute(tag, "t"),
            style: attribute(tag, "s")
                .and_then(|text| text.parse().ok())
                .unwrap_or(0),
        }
    }
}

/// Column from 0 and row from 1 of `B7`.
fn place_of(text: &str) -> Result<(usize, usize), ResponsesKind> {
    let letters = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (letters, digits) = text.split_at(letters);
    if letters.len() > 4 {
        return Err(ResponsesKind::TooManyColumns { most: MOST_COLUMNS });
    }
    let column = letters.bytes().fold(0, |column, letter| {
        column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    let row = digits.parse().map_err(broken)?;
    let column = column.checked_sub(1);
    Ok((column.ok_or(ResponsesKind::BrokenSpreadsheet)?, row))
}

/// The value of a cell, up to its end; its phonetic spelling is passed over, and so is its formula, which stands for the value
/// where a program that does not compute has left that out.
fn read_value(parser: &mut Parser<'_>) -> Result<String, ResponsesKind> {
    let (mut text, mut within) = (String::new(), 0);
    let (mut formula, mut has_value) = (None, false);
    let mut passed_over = 0;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = parser.read_event_into(&mut buffer).map_err(broken)?;
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "v" | "t" => {
                    within += 1;
                    has_value = true;
                }
                "f" => formula = Some(read_formula(parser)?),
                "rPh" => passed_over += 1,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" => within -= 1,
                "rPh" => passed_over -= 1,
                "c" | "si" => {
                    return Ok(match formula {
                        Some(formula) if !has_value => formula,
                        Some(_) | None => text,
                    });
                }
                _ => {}
            },
            Event::Eof => return Err(ResponsesKind::BrokenSpreadsheet),
            event if within > 0 && passed_over == 0 => {
                text.push_str(&text_of(event).unwrap_or_default());
            }
            _ => {}
        }
        if text.len() > LONGEST_CELL {
            return Err(ResponsesKind::SpreadsheetTooLarge);
        }
    }
}

/// A formula as it is typed, up to its end; one that another cell writes out is a `=` alone.
fn read_formula(parser: &mut Parser<'_>) -> Result<String, ResponsesKind> {
    let mut formula = "=".to_owned();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match parser.read_event_into(&mut buffer).map_err(broken)? {
            Event::End(tag) if tag.local_name().as_ref() == "f" => return Ok(formula),
            Event::Eof => return Err(ResponsesKind::BrokenSpreadsheet),
            event => formula.push_str(&text_of(&event).unwrap_or_default()),
        }
        if formula.len() > LONGEST_CELL {
            return Err(ResponsesKind::SpreadsheetTooLarge);
        }
    }
}

fn read_texts(parser: &mut Parser<'_>) -> Result<Texts, ResponsesKind> {
    let mut texts = Texts::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match parser.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                texts.text.push_str(&read_value(parser)?);
                texts.ends.push(texts.text.len());
                if texts.ends.len() > MOST_TEXTS {
                    return Err(ResponsesKind::SpreadsheetTooLarge);
                }
            }
            Event::Eof => return Ok(texts),
            _ => {}
        }
    }
}

/// Every sheet and its relation, and whether days count from 1904.
fn read_book(parser: &mut Parser<'_>) -> Result<(Vec<(Named, String)>, bool), ResponsesKind> {
    let (mut sheets, mut from_1904) = (Vec::new(), false);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match parser.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "workbookPr" => {
                    let flag = attribute(&tag, "date1904");
                    from_1904 = matches!(flag.as_deref(), Some("1" | "true"));
                }
                "sheet" => {
                    let (name, id) = (attribute(&tag, "name"), attribute(&tag, "id"));
                    let state = attribute(&tag, "state");
                    let is_hidden = matches!(state.as_deref(), Some("hidden" | "veryHidden"));
                    let sheet = name.map(|name| Named { name, is_hidden });
                    sheets.extend(sheet.zip(id));
                }
                _ => {}
            },
            Event::Eof => return Ok((sheets, from_1904)),
            _ => {}
        }
    }
}

/// What each style makes of a number.
fn read_styles(parser: &mut Parser<'_>) -> Result<Vec<Format>, ResponsesKind> {
    let mut own: HashMap<String, Format> = HashMap::new();
    let (mut formats, mut within) = (Vec::new(), false);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match parser.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "numFmt" => {
                    let code = attribute(&tag, "formatCode").unwrap_or_default();
                    let id = attribute(&tag, "numFmtId").unwrap_or_default();
                    own.insert(id, format_of(&code));
                }
                "cellXfs" => within = true,
                "xf" if within => {
                    let id = attribute(&tag, "numFmtId").unwrap_or_default();
                    let known = own.get(&id).copied();
                    formats.push(known.unwrap_or_else(|| built_in(&id)));
                }
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => within = false,
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}

/// The formats that a file does not write out.
fn built_in(id: &str) -> Format {
    match id.parse::<u32>() {
        Ok(9 | 10) => Format::Percent,
        Ok(46) => Format::Elapsed,
        Ok(14..=22 | 27..=36 | 45 | 47 | 50..=58) => Format::Time,
        Ok(_) | Err(_) => Format::Number,
    }
}

/// What a format code makes of a number: letters of dates or a per cent sign, outside of quotes and brackets.
fn format_of(code: &str) -> Format {
    let mut signs = code.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => {
                signs.by_ref().find(|&c| c == '"');
            }
            // `[h]:mm` counts on beyond a day; `[Red]` and `[$-409]` say how it looks.
            '[' => {
                let within: String = signs.by_ref().take_while(|&c| c != ']').collect();
                let counts = |c: char| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S');
                if !within.is_empty() && within.chars().all(counts) {
                    return Format::Elapsed;
                }
            }
            '\\' | '_' | '*' => {
                signs.next();
            }
            '%' => return Format::Percent,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => return Format::Time,
            _ => {}
        }
    }
    Format::Number
}

/// Where a part is, and what it is for.
struct Relation {
    kind: String,
    target: String,
}

/// The parts that belong to another one, by id; their names start at the root of the file.
fn relations(
    bytes: &[u8],
    name: &str,
    folder: &str,
) -> Result<HashMap<String, Relation>, ResponsesKind> {
    let found = part(bytes, name, |parser| {
        let mut relations = HashMap::new();
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match parser.read_event_into(&mut buffer).map_err(broken)? {
                Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                    let target = attribute(&tag, "Target").unwrap_or_default();
                    let target = match target.strip_prefix('/') {
                        Some(absolute) => absolute.to_owned(),
                        None if folder.is_empty() => target,
                        None => format!("{folder}/{target}"),
                    };
                    let kind = attribute(&tag, "Type").unwrap_or_default();
                    let id = attribute(&tag, "Id").unwrap_or_default();
                    relations.insert(id, Relation { kind, target });
                }
                Event::Eof => return Ok(relations),
                _ => {}
            }
        }
    })?;
    Ok(found.unwrap_or_default())
}

/// A text with `_x000A_` read as the character that it stands for.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, code) = rest.split_at(at);
        plain.push_str(before);
        let sign = code
            .get(2..7)
            .and_then(|code| code.strip_suffix('_'))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .and_then(char::from_u32);
        if let Some(sign) = sign {
            plain.push(sign);
            rest = &code[7..];
        } else {
            plain.push_str("_x");
            rest = &code[2..];
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_letters_and_digits() {
        assert_eq!(place_of("A1"), Ok((0, 1)));
        assert_eq!(place_of("xfd1048576"), Ok((16_383, 1_048_576)));
        assert_eq!(place_of("7"), Err(ResponsesKind::BrokenSpreadsheet));
        assert_eq!(place_of("A"), Err(ResponsesKind::BrokenSpreadsheet));
        assert!(place_of("AAAAAAAAAAAAAAAAAA1").is_err());
        assert!(place_of("A99999999999999999999999").is_err());
    }

    #[test]
    fn formats_are_told_by_their_codes() {
        assert_eq!(format_of("0.0%"), Format::Percent);
        assert_eq!(format_of("0\" %\""), Format::Number);
        assert_eq!(format_of("[$-409]dd/mm/yyyy"), Format::Time);
        assert_eq!(format_of("[Red]0.00"), Format::Number);
        assert_eq!(format_of("[hh]:mm"), Format::Elapsed);
        assert_eq!(built_in("46"), Format::Elapsed);
        assert_eq!(format_of("0\\d"), Format::Number);
        assert_eq!(built_in("14"), Format::Time);
    }

    #[test]
    fn escaped_characters_are_read() {
        assert_eq!(unescape("a_x000A_b_xyz_x0041_"), "a\nb_xyzA");
        assert_eq!(unescape("_x00"), "_x00");
    }
}
