//! Cells of XLSX sheets as texts.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, Style, Xlsx, open_workbook_from_rs};

use super::{Builder, Refused, Sheet};
use crate::problem::ResponsesKind;

/// An XLSX file.
pub(super) struct Workbook<'b> {
    file: Xlsx<Cursor<&'b [u8]>>,
}

impl<'b> Workbook<'b> {
    /// Opens a file that was measured.
    pub(super) fn open(bytes: &'b [u8]) -> Result<Self, ResponsesKind> {
        open_workbook_from_rs(Cursor::new(bytes))
            .map(|file| Self { file })
            .map_err(|_: calamine::XlsxError| ResponsesKind::BrokenSpreadsheet)
    }

    /// Names of its sheets in order.
    pub(super) fn names(&self) -> Vec<String> {
        self.file.sheet_names()
    }

    /// The cells of a sheet.
    pub(super) fn sheet(&mut self, name: &str) -> Result<Sheet, ResponsesKind> {
        let broken = |_: calamine::XlsxError| ResponsesKind::BrokenSpreadsheet;
        let mut cells = self.file.worksheet_cells_reader(name).map_err(broken)?;
        let percent: Vec<bool> = cells.styles().iter().map(is_percent).collect();
        let mut builder = Builder::default();
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(broken)? {
            let (row, column) = cell.get_position();
            let percent = percent.get(style).copied().unwrap_or(false);
            let text = text_of(cell.get_value(), percent);
            builder
                .add(row as usize, column as usize, &text)
                .map_err(Refused::kind)?;
        }
        Ok(builder.finish(name))
    }
}

/// Whether a number of this style is shown in per cent.
fn is_percent(style: &Style) -> bool {
    let format = style.number_format.as_ref();
    format.is_some_and(|format| {
        let mut quoted = false;
        format.format_code.chars().any(|c| {
            quoted ^= c == '"';
            c == '%' && !quoted
        })
    })
}

/// A cell as a person would type it: `0.71` shown in per cent is `71%`.
fn text_of(value: &DataRef<'_>, percent: bool) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if percent => format!("{}%", number_text(number * 100.0)),
        DataRef::Float(number) => number_text(*number),
        DataRef::DateTime(time) => time_text(time),
        DataRef::Error(error) => error.to_string(),
    }
}

/// What Excel shows of a number: 15 digits, so that 0.1 + 0.2 is 0.3.
fn number_text(number: f64) -> String {
    let shown = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    shown.to_string()
}

fn time_text(time: &ExcelDateTime) -> String {
    if !time.is_datetime() {
        return number_text(time.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date}T{hour:02}:{minute:02}:{second:02}")
    }
}
