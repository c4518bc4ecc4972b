//! Which sheet of a file is the table.

use super::package::{self, Package, Unfit};
use super::xlsx::Workbook;
use super::{Builder, Named, Refused, Sheet, SheetRows, ods};
use crate::problem::ResponsesKind;
use crate::responses::spelling::{fold, nearest};

/// `EUSurvey` goes on in a further sheet after so many columns.
const CONTINUED_AFTER: usize = 254;

impl Refused {
    /// In words.
    pub(super) fn kind(self) -> ResponsesKind {
        match self {
            Self::OutOfOrder => ResponsesKind::BrokenSpreadsheet,
            Self::TooWide => ResponsesKind::TooManyColumns {
                most: crate::responses::records::MOST_COLUMNS,
            },
            Self::TooLarge => ResponsesKind::SpreadsheetTooLarge,
        }
    }
}

/// Reads the sheet called `wanted`, else one called "responses", else the first one that is shown.
pub(super) fn read(bytes: &[u8], wanted: Option<&str>) -> Result<Sheet, ResponsesKind> {
    let package = package::inspect(bytes).map_err(|unfit| match unfit {
        Unfit::Broken => ResponsesKind::BrokenSpreadsheet,
        Unfit::Else(what) => ResponsesKind::NotATable { what },
        Unfit::TooLarge => ResponsesKind::SpreadsheetTooLarge,
    })?;
    let file = match package {
        Package::Xlsx => File::Xlsx(Box::new(Workbook::open(bytes)?)),
        Package::Ods => File::Ods(bytes),
    };
    let sheets = file.sheets()?;
    let (chosen, is_sure) = choose(&sheets, wanted)?;
    let names: Vec<String> = sheets.into_iter().map(|sheet| sheet.name).collect();
    let mut sheet = file.sheet(chosen, &names)?;
    let begins = sheet
        .rows()
        .next()
        .map(|row| fold(row.cell(0)).into_owned());
    if begins.as_deref() != Some("alias") {
        if !is_sure {
            let others = names.iter().enumerate().filter(|(at, _)| *at != chosen);
            sheet.others = others.map(|(_, name)| name.clone()).collect();
        }
        return Ok(sheet);
    }
    let mut parts = vec![sheet];
    for number in 1.. {
        let name = format!("{}{number}", names[chosen]);
        let Some(at) = names.iter().position(|other| *other == name) else {
            break;
        };
        parts.push(file.sheet(at, &names)?);
    }
    join(&parts)
}

enum File<'b> {
    Xlsx(Box<Workbook<'b>>),
    Ods(&'b [u8]),
}

impl File<'_> {
    fn sheets(&self) -> Result<Vec<Named>, ResponsesKind> {
        match self {
            Self::Xlsx(workbook) => Ok(workbook.sheets()),
            Self::Ods(bytes) => ods::sheets(bytes),
        }
    }

    fn sheet(&self, at: usize, names: &[String]) -> Result<Sheet, ResponsesKind> {
        match self {
            Self::Xlsx(workbook) => workbook.sheet(at),
            Self::Ods(bytes) => ods::sheet(bytes, at, &names[at]),
        }
    }
}

/// Which one is read, and whether the user or its name says so.
fn choose(sheets: &[Named], wanted: Option<&str>) -> Result<(usize, bool), ResponsesKind> {
    let find = |name: &str| {
        let mut names = sheets.iter().map(|sheet| &sheet.name);
        names.position(|other| fold(other) == fold(name))
    };
    let names = || sheets.iter().map(|sheet| sheet.name.as_str());
    match wanted {
        Some(wanted) => match find(wanted) {
            Some(at) => Ok((at, true)),
            None => Err(ResponsesKind::NoSheet {
                sheet: wanted.to_owned(),
                near: nearest(wanted, names()),
                sheets: names().map(str::to_owned).collect(),
            }),
        },
        None if sheets.is_empty() => Err(ResponsesKind::BrokenSpreadsheet),
        None => {
            let shown = sheets.iter().position(|sheet| !sheet.is_hidden);
            let first = (shown.unwrap_or(0), false);
            Ok(find("responses").map_or(first, |at| (at, true)))
        }
    }
}

/// Puts the sheets of one table beside each other.
fn join(parts: &[Sheet]) -> Result<Sheet, ResponsesKind> {
    let mut builder = Builder::default();
    let mut names = Vec::new();
    let mut rows: Vec<_> = parts.iter().map(|part| part.rows()).collect();
    let mut waiting: Vec<_> = rows.iter_mut().map(SheetRows::next).collect();
    for part in parts {
        names.extend(part.names.iter().cloned());
    }
    while let Some(number) = waiting.iter().flatten().map(|row| row.line).min() {
        for (at, row) in waiting.iter_mut().enumerate() {
            let Some(found) = row.filter(|row| row.line == number) else {
                continue;
            };
            for (column, text) in found.cells().enumerate() {
                let column = at * CONTINUED_AFTER + column;
                builder
                    .add(number - 1, column, text)
                    .map_err(Refused::kind)?;
            }
            *row = rows[at].next();
        }
    }
    let mut sheet = builder.finish("");
    sheet.names = names;
    Ok(sheet)
}
