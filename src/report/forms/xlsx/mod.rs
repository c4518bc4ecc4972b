//! A form as a workbook: `readme`, `responses` (a row a unit, a column an answer, drop-downs), `codebook`, `lists`.
//!
//! Texts are written as texts, so that none becomes a formula; drop-downs take their entries from `lists`, for a list in a
//! cell's own rule ends at 255 characters and is parted at commas. An entry is a label if that is read as its answer
//! and looks like no formula, else the code.

mod formulas;
mod pages;
mod responses;
mod rules;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
    utility::row_col_to_cell_absolute,
};

use super::columns::stands_for_answer;
use super::columns::{Column, columns, cut};
use super::words::Speech;
use super::{Form, Question, Refused, Sheets};
use crate::framework::{Answers, Outcome};
use crate::report::csv::guarded;
use crate::responses::{Answer, Offered, StandsFor, Vocabulary};

/// Columns and rows of a sheet.
const MOST_COLUMNS: usize = 16_384;
const MOST_ROWS: usize = 1_048_576;

/// Rows that are made ready beyond those that are filled in.
const READY: usize = 500;

/// Longest entry of a drop-down, and longest text of a cell, in UTF-16 units.
const LONGEST_ENTRY: usize = 255;
const LONGEST_CELL: usize = 32_767;

/// Longest question in a heading; the note has all of it.
const LONGEST_HEADING: usize = 160;

/// Backgrounds of headings, a dimension each, in turn.
const HUES: [u32; 6] = [
    0x00D6_E4F0,
    0x00DD_EBDA,
    0x00FB_E5D0,
    0x00E6_DFEE,
    0x00D5_ECEC,
    0x00F4_E7C5,
];
const PICK: u32 = 0x00F2_F7FC;
const SEVERAL: u32 = 0x00F1_F8EF;
const EVIDENCE: u32 = 0x00FF_FBE8;
const WANTED: u32 = 0x00FF_E08A;
const IDLE: u32 = 0x00D9_D9D9;
const KEY: u32 = 0x00F2_F2F2;
const INK: u32 = 0x001F_2A36;
const LINE: u32 = 0x00D0_D5DA;

/// The workbook's bytes; `created` in seconds since 1970.
pub(in crate::report::forms) fn workbook(
    form: &Form<'_>,
    created: i64,
) -> Result<Vec<u8>, Refused> {
    let columns = columns(form, &|_| true);
    let rows = form.rows.len() + READY;
    let check = |needed: usize, what, most| {
        let too_large = needed > most;
        too_large.then_some(Refused::TooLarge { needed, what, most })
    };
    let refused =
        check(columns.len(), "columns", MOST_COLUMNS).or(check(rows + 1, "rows", MOST_ROWS));
    if let Some(refused) = refused {
        return Err(refused);
    }
    let speech = Speech::of(form.language().unwrap_or_default());
    let mut maker = Maker {
        form,
        vocabulary: Vocabulary::of(form.framework),
        lists: Vec::new(),
        last: u32::try_from(rows).expect("below the number of rows"),
        entries: Vec::new(),
        columns,
        speech,
    };
    maker.entries = maker.all_entries();
    maker
        .book(created)
        .map_err(|error| Refused::Spreadsheet(error.to_string()))
}

/// A workbook of plain sheets: an `XLSForm`.
pub(in crate::report::forms) fn plain(sheets: &Sheets, created: i64) -> Result<Vec<u8>, Refused> {
    let book = || -> Result<Vec<u8>, XlsxError> {
        let mut book = book("", created)?;
        let head = Format::new()
            .set_bold()
            .set_background_color(HUES[0])
            .set_text_wrap();
        let text = Format::new()
            .set_num_format("@")
            .set_align(FormatAlign::Top);
        let named = [
            ("survey", &sheets.survey),
            ("choices", &sheets.choices),
            ("settings", &sheets.settings),
        ];
        for (name, rows) in named {
            let sheet = book.add_worksheet().set_name(name)?;
            for (row, cells) in (0u32..).zip(rows) {
                for (column, cell) in (0u16..).zip(cells) {
                    if !cell.is_empty() {
                        let format = if row == 0 { &head } else { &text };
                        sheet.write_string_with_format(row, column, fitting(cell), format)?;
                    }
                }
            }
            for (column, title) in (0u16..).zip(rows.first().into_iter().flatten()) {
                let width = match title.split("::").next().unwrap_or_default() {
                    "label" => 60,
                    "hint" | "constraint_message" | "relevant" => 36,
                    _ => 22,
                };
                sheet.set_column_width(column, width)?;
            }
            sheet.set_freeze_panes(1, 0)?;
        }
        book.save_to_buffer()
    };
    book().map_err(|error| Refused::Spreadsheet(error.to_string()))
}

/// A workbook that was made at this time.
fn book(title: &str, created: i64) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let time = ExcelDateTime::from_timestamp(created)?;
    book.set_properties(
        &DocProperties::new()
            .set_title(title)
            .set_creation_datetime(&time),
    );
    Ok(book)
}

/// As much of a text as a cell holds.
fn fitting(text: &str) -> &str {
    let mut units = 0;
    for (at, letter) in text.char_indices() {
        units += letter.len_utf16();
        if units > LONGEST_CELL {
            return &text[..at];
        }
    }
    text
}

/// The height of a row that shows these texts in columns of these widths, in points; a line is `line` high.
fn height<'t>(line: f64, texts: impl IntoIterator<Item = (&'t str, u32)>) -> f64 {
    let lines = texts.into_iter().map(|(text, width)| {
        // Words are not broken, so that lines are seldom full.
        let letters = f64::from(width) * 0.9;
        let lines = text
            .lines()
            .map(|line| (line.chars().count() as f64 / letters).ceil().max(1.0));
        lines.sum::<f64>()
    });
    // The highest that a row can be is 409.
    (lines.fold(1.0, f64::max) * line).min(409.0)
}

/// The number of a row or column that was checked to be one of a sheet's.
fn column_number(at: usize) -> u16 {
    u16::try_from(at).expect("below the number of columns")
}

fn row_number(at: usize) -> u32 {
    u32::try_from(at).expect("below the number of rows")
}

struct Maker<'a, 'f> {
    form: &'a Form<'f>,
    vocabulary: Vocabulary<'f>,
    columns: Vec<Column>,
    speech: Speech,
    /// The lists of the drop-downs: name, entries.
    lists: Vec<(String, Vec<String>)>,
    /// The last row that is ready.
    last: u32,
    /// How the answers of every indicator are written: one text an offered answer; none where it is not asked for.
    entries: Vec<Vec<String>>,
}

impl Maker<'_, '_> {
    fn book(mut self, created: i64) -> Result<Vec<u8>, XlsxError> {
        let title = self.speech.text(&self.form.framework.title).to_owned();
        let mut book = book(&cut(&title, 200), created)?;
        self.readme(book.add_worksheet().set_name("readme")?)?;
        self.responses(book.add_worksheet().set_name("responses")?)?;
        self.codebook(book.add_worksheet().set_name("codebook")?)?;
        self.lists(book.add_worksheet().set_name("lists")?)?;
        book.save_to_buffer()
    }

    fn all_entries(&mut self) -> Vec<Vec<String>> {
        let count = self.form.framework.indicators().count();
        let mut entries = vec![Vec::new(); count];
        for question in self.form.questions() {
            let texts = question
                .offered
                .iter()
                .map(|offered| entry(&mut self.vocabulary, question, offered, &self.speech));
            entries[question.at] = texts.collect();
        }
        entries
    }

    fn hue(&self, question: &Question<'_>) -> u32 {
        let dimension = |section: &super::Section<'_>| section.path.first().map(|node| node.line);
        let mut seen: Vec<Option<usize>> = Vec::new();
        for section in &self.form.sections {
            let of = dimension(section);
            if !seen.contains(&of) {
                seen.push(of);
            }
            if section
                .questions
                .iter()
                .any(|other| other.at == question.at)
            {
                break;
            }
        }
        HUES[seen.len().saturating_sub(1) % HUES.len()]
    }

    /// The range of a list with these entries; another one of the same name gets a number.
    fn list(&mut self, name: &str, entries: &[String]) -> String {
        let known = self.lists.iter().position(|(_, known)| known == entries);
        let at = known.unwrap_or_else(|| {
            let mut wanted = name.to_owned();
            let mut number = 2;
            while self
                .lists
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(&wanted))
            {
                wanted = format!("{name} {number}");
                number += 1;
            }
            self.lists.push((wanted, entries.to_vec()));
            self.lists.len() - 1
        });
        let column = column_number(at);
        let absolute = |row: usize| row_col_to_cell_absolute(row_number(row), column);
        format!("=lists!{}:{}", absolute(1), absolute(entries.len().max(1)))
    }

    fn lists(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let head = Format::new().set_bold().set_background_color(KEY);
        let text = Format::new().set_num_format("@");
        for (column, (name, entries)) in (0u16..).zip(&self.lists) {
            sheet.write_string_with_format(0, column, fitting(name), &head)?;
            sheet.set_column_width(column, 28)?;
            for (row, entry) in (1u32..).zip(entries) {
                sheet.write_string_with_format(row, column, fitting(entry), &text)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_tab_color(IDLE);
        sheet.protect();
        Ok(())
    }
}

/// How an offered answer is written: by its label if that is read as this answer, by label and code, or by the code.
fn entry(
    vocabulary: &mut Vocabulary<'_>,
    question: &Question<'_>,
    offered: &Offered<'_>,
    speech: &Speech,
) -> String {
    let meant = match (offered.stands_for, &question.indicator.answers) {
        (StandsFor::Option(at), Answers::Choice(scale)) => match scale.options[at].outcome {
            Outcome::Score(_) => Some(Answer::Given(at as f64)),
            Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => {
                stands_for_answer(offered.stands_for, &question.indicator.answers)
            }
        },
        (stands_for, answers) => stands_for_answer(stands_for, answers),
    };
    let label = speech
        .text(&offered.label)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let both = format!("{label} ({})", offered.code);
    let candidates = [label, both];
    let mut fitting = candidates.into_iter().filter(|text| {
        // Some programs make a formula of what is picked.
        let is_text = !text.is_empty() && guarded(text) == *text;
        is_text && text.encode_utf16().count() <= LONGEST_ENTRY
    });
    fitting
        .find(|text| meant.is_some() && vocabulary.answer(question.at, text) == meant)
        .unwrap_or_else(|| offered.code.to_owned())
}
