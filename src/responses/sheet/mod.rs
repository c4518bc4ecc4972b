//! Spreadsheets: XLSX and ODS files as rows of texts.

#[cfg(feature = "xlsx")]
mod choose;
#[cfg(feature = "xlsx")]
mod ods;
#[cfg(feature = "xlsx")]
mod package;
#[cfg(feature = "xlsx")]
mod shown;
#[cfg(feature = "xlsx")]
mod xlsx;
#[cfg(feature = "xlsx")]
mod xml;

use super::records::{Record, Records};
use crate::problem::ResponsesKind;

/// Cells of a sheet as texts, row by row; empty rows are left out.
#[derive(Default)]
pub(super) struct Sheet {
    /// Its name; several, where a table goes on in further sheets.
    pub(super) names: Vec<String>,
    /// Those that were not read, if nobody said which one is.
    pub(super) others: Vec<String>,
    /// The texts of all cells.
    pub(super) text: String,
    /// Where they stand; lines count from 0.
    pub(super) records: Records,
    last_row: usize,
}

impl Sheet {
    /// Number of its last row, from 1.
    pub(super) fn last_row(&self) -> usize {
        self.last_row
    }

    /// Its rows from the first one on.
    pub(super) fn rows(&self) -> SheetRows<'_> {
        SheetRows { sheet: self, at: 0 }
    }
}

/// A sheet of a file.
#[cfg(feature = "xlsx")]
#[derive(Clone)]
struct Named {
    name: String,
    /// Whether nobody sees it who opens the file.
    is_hidden: bool,
}

/// Rows of a sheet, one after another.
pub(super) struct SheetRows<'s> {
    sheet: &'s Sheet,
    at: usize,
}

impl<'s> SheetRows<'s> {
    /// The next row, if there is one.
    pub(super) fn next(&mut self) -> Option<Record<'s>> {
        let records = &self.sheet.records;
        (self.at < records.len()).then(|| {
            self.at += 1;
            records.get(&self.sheet.text, 1, self.at - 1)
        })
    }

    /// Position of the next row.
    pub(super) fn at(&self) -> usize {
        self.at
    }
}

/// Reads the sheet called `name`, else one called "responses", else the first one that is shown. A table that `EUSurvey` continues in
/// further sheets is put together.
#[cfg(feature = "xlsx")]
pub(super) fn read(bytes: &[u8], name: Option<&str>) -> Result<Sheet, ResponsesKind> {
    choose::read(bytes, name)
}

/// This build reads no spreadsheets.
#[cfg(not(feature = "xlsx"))]
pub(super) fn read(_: &[u8], _: Option<&str>) -> Result<Sheet, ResponsesKind> {
    Err(ResponsesKind::NotATable {
        what: "a ZIP archive or a spreadsheet, which this build cannot read",
    })
}

/// Puts a sheet together cell by cell.
#[cfg(feature = "xlsx")]
#[derive(Default)]
struct Builder {
    sheet: Sheet,
    row: usize,
    column: usize,
    any: bool,
}

/// Why a sheet is not read further.
#[cfg(feature = "xlsx")]
#[derive(Debug, PartialEq, Eq)]
enum Refused {
    /// A cell comes after one that should stand behind it.
    OutOfOrder,
    /// There are too many columns.
    TooWide,
    /// The cells hold too much.
    TooLarge,
}

#[cfg(feature = "xlsx")]
impl Builder {
    /// Most cells, empty ones before others included.
    const MOST_CELLS: usize = 6_000_000;
    /// Most rows of a spreadsheet.
    const MOST_ROWS: usize = 1 << 20;
    /// Most bytes of text.
    const MOST_TEXT: usize = 96 << 20;

    /// Adds a cell; `row` and `column` count from 0 and ascend.
    fn add(&mut self, row: usize, column: usize, text: &str) -> Result<(), Refused> {
        if text.is_empty() {
            return Ok(());
        }
        if column >= super::records::MOST_COLUMNS {
            return Err(Refused::TooWide);
        }
        if row >= Self::MOST_ROWS {
            return Err(Refused::TooLarge);
        }
        let sheet = &mut self.sheet;
        if !self.any || row > self.row {
            let line = u32::try_from(row).map_err(|_| Refused::TooLarge)?;
            sheet.records.start(line, sheet.text.len());
            sheet.last_row = row + 1;
            (self.row, self.column, self.any) = (row, 0, true);
        } else if row < self.row || column < self.column {
            return Err(Refused::OutOfOrder);
        }
        let blanks = column - self.column;
        if sheet.records.cells() + blanks >= Self::MOST_CELLS
            || sheet.text.len() + text.len() > Self::MOST_TEXT
        {
            return Err(Refused::TooLarge);
        }
        let start = sheet.text.len();
        for _ in 0..blanks {
            sheet.records.push(start, start);
        }
        sheet.text.push_str(text);
        sheet.records.push(start, sheet.text.len());
        self.column = column + 1;
        Ok(())
    }

    /// The sheet.
    fn finish(self, name: &str) -> Sheet {
        let mut sheet = self.sheet;
        sheet.names = vec![name.to_owned()];
        sheet
    }
}
