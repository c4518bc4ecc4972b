//! A form as a workbook: `readme`, `responses` (a row a unit, a column an answer, drop-downs), `codebook`, `lists`.
//!
//! Texts are written as texts, so that none becomes a formula; drop-downs take their entries from `lists`, for a list in a
//! cell's own rule ends at 255 characters and is parted at commas. An entry is a label if that is read as its answer,
//! else the code.

use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DocProperties,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, ProtectionOptions, Workbook,
    Worksheet, XlsxError, utility::row_col_to_cell,
};

use super::columns::{Column, columns, cut, tick};
use super::words::Speech;
use super::xlsform::{range_in_words, stands_for_answer};
use super::{Condition, Filled, Form, Question, Refused, Sheets};
use crate::framework::{Answers, AttributeKind, Outcome, Test};
use crate::responses::{Answer, Offered, StandsFor, Vocabulary, bits_of, limits, option_of};

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
pub(super) fn workbook(form: &Form<'_>, created: i64) -> Result<Vec<u8>, Refused> {
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
pub(super) fn plain(sheets: &Sheets, created: i64) -> Result<Vec<u8>, Refused> {
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

    fn readme(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let speech = &self.speech;
        let framework = self.form.framework;
        let title = Format::new()
            .set_bold()
            .set_font_size(18)
            .set_font_color(INK)
            .set_text_wrap();
        let head = Format::new()
            .set_bold()
            .set_font_size(13)
            .set_font_color(INK);
        let text = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_font_size(11);
        let faint = text.clone().set_font_color(0x005A_6570);
        let swatch = |colour: u32| {
            text.clone()
                .set_background_color(colour)
                .set_border(FormatBorder::Thin)
                .set_border_color(LINE)
        };
        let mut lines: Vec<(String, Format)> =
            vec![(speech.text(&framework.title).to_owned(), title)];
        let edition = framework
            .edition
            .iter()
            .map(|edition| speech.fill("edition", &[edition]));
        let facts =
            std::iter::once(format!("{} {}", framework.id, framework.version)).chain(edition);
        let facts = facts
            .chain(framework.licence.clone())
            .chain(self.form.period.clone());
        lines.push((facts.collect::<Vec<_>>().join(" · "), faint.clone()));
        let about = framework.description.iter().chain(&framework.note);
        for about in about {
            lines.push((String::new(), text.clone()));
            lines.push((speech.text(about).to_owned(), text.clone()));
        }
        lines.push((String::new(), text.clone()));
        lines.push((speech.word("readme.how").to_owned(), head));
        let unit = speech.text(&framework.unit.title);
        lines.push((speech.fill("readme.row", &[unit]), text.clone()));
        lines.push((speech.word("readme.header").to_owned(), text.clone()));
        lines.push((speech.word("readme.question").to_owned(), text.clone()));
        let has = |kind: fn(&Answers) -> bool| {
            let mut questions = self.form.questions();
            questions.any(|question| kind(&question.indicator.answers))
        };
        if has(|answers| matches!(answers, Answers::Choice(_))) {
            lines.push((speech.word("readme.pick").to_owned(), swatch(PICK)));
        }
        if has(|answers| matches!(answers, Answers::Multiple(_))) {
            lines.push((speech.word("readme.several").to_owned(), swatch(SEVERAL)));
        }
        if has(|answers| matches!(answers, Answers::Number(_))) {
            lines.push((speech.word("readme.number").to_owned(), swatch(0x00FF_FFFF)));
        }
        if self
            .columns
            .iter()
            .any(|column| matches!(column, Column::Evidence(_)))
        {
            lines.push((speech.word("readme.evidence").to_owned(), swatch(EVIDENCE)));
        }
        if self
            .form
            .questions()
            .any(|question| !question.asked_if.is_empty())
        {
            lines.push((speech.word("readme.grey").to_owned(), swatch(IDLE)));
        }
        lines.push((speech.word("readme.empty").to_owned(), text.clone()));
        if !self.form.rows.is_empty() {
            lines.push((speech.word("readme.last").to_owned(), text.clone()));
        }
        lines.push((String::new(), text.clone()));
        lines.extend(
            framework
                .source
                .iter()
                .map(|source| (source.clone(), faint.clone())),
        );
        sheet.set_column_width(0, 2)?.set_column_width(1, 100)?;
        for (row, (line, format)) in (1u32..).zip(&lines) {
            if !line.is_empty() {
                sheet.write_string_with_format(row, 1, fitting(line), format)?;
            }
            let size = if row == 1 { 26.0 } else { 16.0 };
            sheet.set_row_height(row, height(size, [(line.as_str(), 100)]))?;
        }
        sheet.set_screen_gridlines(false);
        sheet.set_right_to_left(speech.is_right_to_left());
        sheet
            .set_portrait()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0);
        sheet.set_tab_color(HUES[0]);
        Ok(())
    }

    fn responses(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let columns = self.columns.clone();
        for (at, column) in columns.iter().enumerate() {
            let number = column_number(at);
            self.head(sheet, number, *column)?;
            let (width, body) = self.body(*column);
            sheet.set_column_width(number, width)?;
            sheet.set_column_format(number, &body)?;
            self.rule(sheet, number, *column)?;
            self.colours(sheet, number, *column)?;
            for (row, filled) in (1u32..).zip(&self.form.rows) {
                self.cell(sheet, (row, number), *column, filled, &body)?;
            }
        }
        // Two lines of text.
        sheet.set_default_row_height(30);
        sheet.set_row_height(0, 104)?;
        let fixed = self
            .form
            .keys
            .iter()
            .take_while(|key| !matches!(key.role, super::KeyRole::Attribute(_)));
        sheet.set_freeze_panes(1, column_number(fixed.count()))?;
        sheet.protect_with_options(&ProtectionOptions {
            format_cells: true,
            format_columns: true,
            format_rows: true,
            insert_rows: true,
            delete_rows: true,
            ..ProtectionOptions::default()
        });
        sheet.set_right_to_left(self.speech.is_right_to_left());
        sheet
            .set_landscape()
            .set_paper_size(8)
            .set_repeat_rows(0, 0)?;
        sheet.set_tab_color(0x002E_75B6);
        Ok(())
    }

    /// The heading, and the whole question as its note.
    fn head(&self, sheet: &mut Worksheet, number: u16, column: Column) -> Result<(), XlsxError> {
        let hue = column
            .question(self.form)
            .map_or(KEY, |question| self.hue(question));
        let head = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_background_color(hue)
            .set_font_color(INK)
            .set_font_size(10)
            .set_border(FormatBorder::Thin)
            .set_border_color(LINE)
            .set_border_bottom(FormatBorder::Medium);
        let name = column.name(self.form);
        let heading = column.heading(self.form, &self.vocabulary, &self.speech, LONGEST_HEADING);
        let bold = Format::new()
            .set_bold()
            .set_font_color(INK)
            .set_font_size(10);
        let thin = Format::new().set_font_color(INK).set_font_size(10);
        match heading.strip_prefix(name.as_str()) {
            Some(rest) if !rest.is_empty() => {
                let parts = [(&bold, name.as_str()), (&thin, rest)];
                sheet.write_rich_string_with_format(0, number, &parts, &head)?;
            }
            Some(_) | None => {
                sheet.write_string_with_format(0, number, &heading, &head.set_bold())?;
            }
        }
        let text = self.note(column);
        if text.is_empty() {
            return Ok(());
        }
        let lines: usize = text.lines().map(|line| 1 + line.chars().count() / 52).sum();
        let height = u32::try_from(20 + 16 * lines).unwrap_or(u32::MAX).min(640);
        let note = Note::new(text.chars().take(10_000).collect::<String>())
            .add_author_prefix(false)
            .set_author("")
            .set_width(380)
            .set_height(height)
            .set_background_color(0x00FF_FFFF);
        sheet.insert_note(0, number, &note)?;
        Ok(())
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

    /// Section, question, guidance, answers, condition.
    fn note(&self, column: Column) -> String {
        let speech = &self.speech;
        let Some(question) = column.question(self.form) else {
            return match column {
                Column::Key(at) => {
                    let key = &self.form.keys[at];
                    let title = match key.role {
                        super::KeyRole::Period => speech.word("period"),
                        _ => speech.text(&key.title),
                    };
                    let iso3166 =
                        key.role == super::KeyRole::Unit && self.form.framework.unit.iso3166;
                    let country = iso3166.then(|| format!("\n{}", speech.word("unit.country")));
                    format!("{title}{}", country.unwrap_or_default())
                }
                _ => String::new(),
            };
        };
        if let Column::Evidence(_) = column {
            let note = question.indicator.evidence_note.as_ref();
            let note = note.map_or_else(|| speech.word("evidence.what"), |note| speech.text(note));
            let needed = if question.needs_evidence() {
                speech.word("evidence.required")
            } else {
                ""
            };
            return format!("{}\n{note}\n{needed}", speech.text(question.text()))
                .trim()
                .to_owned();
        }
        let mut parts = vec![speech.text(question.text()).to_owned()];
        if let Column::Option(_, option) = column {
            let label = question.offered.get(option);
            parts.extend(label.map(|label| format!("→ {}", speech.text(&label.label))));
            parts.push(speech.word("ticks").to_owned());
            parts.push(speech.word("none").to_owned());
        }
        parts.extend(
            question
                .indicator
                .guidance
                .iter()
                .map(|text| speech.text(text).to_owned()),
        );
        parts.extend(self.answers_in_words(question));
        parts.extend(self.condition_in_words(question));
        parts.join("\n\n")
    }

    fn condition_in_words(&self, question: &Question<'_>) -> Option<String> {
        let conditions = question
            .asked_if
            .iter()
            .map(|c| c.in_words(self.form, &self.speech));
        let conditions: Vec<String> = conditions.collect();
        let text = conditions.join(self.speech.word("and"));
        (!text.is_empty()).then(|| format!("{} {text}", self.speech.word("if")))
    }

    /// What can be answered, a line each.
    fn answers_in_words(&self, question: &Question<'_>) -> Option<String> {
        let lines = question.offered.iter().map(|offered| {
            let label = self.speech.text(&offered.label);
            if label == offered.code {
                format!("• {label}")
            } else {
                format!("• {label} ({})", offered.code)
            }
        });
        let lines = lines.collect::<Vec<_>>().join("\n");
        match &question.indicator.answers {
            Answers::Number(number) => {
                let range = range_in_words(number, &self.speech);
                Some(format!("{range}\n{lines}").trim().to_owned())
            }
            Answers::Choice(_) | Answers::Multiple(_) => {
                Some(lines).filter(|lines| !lines.is_empty())
            }
        }
    }

    /// Width and look of the cells below a heading. They are texts, so that what is picked or written stays what it is.
    fn body(&self, column: Column) -> (f64, Format) {
        let cell = Format::new()
            .set_unlocked()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Hair)
            .set_border_color(LINE)
            .set_text_wrap();
        let text = cell.clone().set_num_format("@");
        match column {
            Column::Key(at) => match self.form.keys[at].kind {
                AttributeKind::Number => (14.0, cell.set_background_color(KEY)),
                AttributeKind::Text | AttributeKind::OneOf(_) => {
                    (16.0, text.set_background_color(KEY))
                }
            },
            Column::Answer(_) => match column.question(self.form).map(|q| &q.indicator.answers) {
                Some(Answers::Number(_)) | None => (18.0, cell),
                Some(Answers::Choice(_) | Answers::Multiple(_)) => {
                    (28.0, text.set_background_color(PICK))
                }
            },
            Column::Option(_, _) => (
                20.0,
                text.set_background_color(SEVERAL)
                    .set_align(FormatAlign::Center),
            ),
            Column::Evidence(_) => (34.0, text.set_background_color(EVIDENCE)),
        }
    }

    /// What may be written into a column.
    fn rule(
        &mut self,
        sheet: &mut Worksheet,
        number: u16,
        column: Column,
    ) -> Result<(), XlsxError> {
        let wrong = self.speech.word("wrong").to_owned();
        let rule = match (column, column.question(self.form)) {
            (Column::Key(at), _) => match &self.form.keys[at].kind {
                AttributeKind::OneOf(values) => {
                    let (name, values) = (self.form.keys[at].column.to_owned(), values.clone());
                    let range = self.list(&name, &values);
                    DataValidation::new().allow_list_formula(Formula::new(range))
                }
                AttributeKind::Number => {
                    let cell = row_col_to_cell(1, number);
                    DataValidation::new().allow_custom(Formula::new(format!("=ISNUMBER({cell})")))
                }
                AttributeKind::Text => return Ok(()),
            },
            (Column::Answer(at), Some(question)) => match &question.indicator.answers {
                Answers::Number(number_of) => {
                    let (low, high) = limits(number_of);
                    let prompt = self.prompt(question, &range_in_words(number_of, &self.speech));
                    let codes = question
                        .offered
                        .iter()
                        .map(|offered| offered.code.to_owned());
                    let entries: Vec<String> =
                        self.entries[at].iter().cloned().chain(codes).collect();
                    let cell = row_col_to_cell(1, number);
                    let low = low.map(|low| format!(",{cell}>={low}")).unwrap_or_default();
                    let high = high
                        .map(|high| format!(",{cell}<={high}"))
                        .unwrap_or_default();
                    let mut allowed = format!("AND(ISNUMBER({cell}){low}{high})");
                    if !entries.is_empty() {
                        let range = self.list("reasons", &entries);
                        let range = range.trim_start_matches('=');
                        allowed = format!("OR({allowed},SUMPRODUCT(--({range}={cell}))>0)");
                    }
                    DataValidation::new()
                        .allow_custom(Formula::new(format!("={allowed}")))
                        .set_input_message(cut(&prompt, 240))?
                }
                Answers::Choice(scale) => {
                    let name = scale.name.as_ref();
                    let name = name.map_or(question.indicator.code.as_str(), |name| name.as_str());
                    let (name, entries) = (name.to_owned(), self.entries[at].clone());
                    if entries.is_empty() {
                        return Ok(());
                    }
                    let range = self.list(&name, &entries);
                    DataValidation::new().allow_list_formula(Formula::new(range))
                }
                Answers::Multiple(_) => return Ok(()),
            },
            (Column::Option(at, _), Some(question)) => {
                let prompt = self.speech.word("ticks").to_owned();
                let mut entries = vec![tick(true).to_owned(), tick(false).to_owned()];
                let reasons = question.offered.iter().zip(&self.entries[at]);
                let reasons = reasons
                    .filter(|(offered, _)| matches!(offered.stands_for, StandsFor::Outcome(_)));
                entries.extend(reasons.map(|(_, entry)| entry.clone()));
                let range = self.list("ticks", &entries);
                DataValidation::new()
                    .allow_list_formula(Formula::new(range))
                    .set_input_message(cut(&prompt, 240))?
            }
            _ => return Ok(()),
        };
        let rule = rule
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_message(cut(&wrong, 200))?;
        sheet.add_data_validation(1, number, self.last, number, &rule)?;
        Ok(())
    }

    /// What can be written where there is no number.
    fn prompt(&self, question: &Question<'_>, range: &str) -> String {
        let entries = self.entries[question.at].join(" / ");
        if entries.is_empty() {
            range.to_owned()
        } else {
            format!("{range}. {}", self.speech.fill("instead", &[&entries]))
        }
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
        let absolute = |row: usize| {
            rust_xlsxwriter::utility::row_col_to_cell_absolute(row_number(row), column)
        };
        format!("=lists!{}:{}", absolute(1), absolute(entries.len().max(1)))
    }

    /// Grey where a question does not arise, strong yellow where evidence is missing.
    fn colours(&self, sheet: &mut Worksheet, number: u16, column: Column) -> Result<(), XlsxError> {
        let Some(question) = column.question(self.form) else {
            return Ok(());
        };
        for condition in &question.asked_if {
            let Some((answered, meets)) = self.formulas(condition) else {
                continue;
            };
            let rule = format!("=AND({answered},NOT({meets}))");
            let look = Format::new()
                .set_background_color(IDLE)
                .set_font_color(0x0080_8080);
            let rule = ConditionalFormatFormula::new()
                .set_rule(rule.as_str())
                .set_format(look);
            sheet.add_conditional_format(1, number, self.last, number, &rule)?;
        }
        if let (Column::Evidence(_), Some(condition), true) =
            (column, &question.evidence_if, question.needs_evidence())
            && let Some((_, meets)) = self.formulas(condition)
        {
            let cell = row_col_to_cell(1, number);
            let rule = format!("=AND({meets},LEN(TRIM({cell}))=0)");
            let look = Format::new().set_background_color(WANTED);
            let rule = ConditionalFormatFormula::new()
                .set_rule(rule.as_str())
                .set_format(look);
            sheet.add_conditional_format(1, number, self.last, number, &rule)?;
        }
        Ok(())
    }

    /// Whether what a condition looks at was answered, and whether it holds, for the first row of answers.
    fn formulas(&self, condition: &Condition) -> Option<(String, String)> {
        let cell = |wanted: Column| {
            let at = self.columns.iter().position(|&column| column == wanted)?;
            Some(format!("${}", row_col_to_cell(1, column_number(at))))
        };
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let is_one = |cell: &str, texts: &[String]| {
            let texts = texts.iter().map(|text| format!("{cell}={}", quoted(text)));
            format!("OR(FALSE,{})", texts.collect::<Vec<_>>().join(","))
        };
        let tested = |cell: &str, test: &Test, numbers: bool| {
            let value = |text: &String| match text.trim().parse::<f64>() {
                Ok(number) if numbers => number.to_string(),
                Ok(_) | Err(_) => quoted(text.trim()),
            };
            let named = |texts: &[String]| {
                let texts = texts.iter().map(|text| format!("{cell}={}", value(text)));
                format!("OR(FALSE,{})", texts.collect::<Vec<_>>().join(","))
            };
            match test {
                Test::OneOf(texts) => named(texts),
                Test::NoneOf(texts) => format!("NOT({})", named(texts)),
                Test::AtLeast(least) => format!("{cell}>={least}"),
            }
        };
        let (question, options, chosen) = match condition {
            Condition::OneOf { question, options } => (*question, options, true),
            Condition::NoneOf { question, options } => (*question, options, false),
            Condition::Number { question, test } => {
                let cell = cell(Column::Answer(*question))?;
                return Some((format!("ISNUMBER({cell})"), tested(&cell, test, true)));
            }
            Condition::Beyond {
                question,
                than,
                above,
            } => {
                let cell = cell(Column::Answer(*question))?;
                let sign = if *above { ">" } else { "<" };
                let meets = format!("AND(ISNUMBER({cell}),{cell}{sign}{than})");
                return Some((format!("ISNUMBER({cell})"), meets));
            }
            Condition::Answered { question } => {
                let cell = cell(Column::Answer(*question))?;
                return Some((format!("{cell}<>\"\""), format!("ISNUMBER({cell})")));
            }
            Condition::Attribute { attribute, test } => {
                let key = self
                    .form
                    .keys
                    .iter()
                    .position(|key| key.role == super::KeyRole::Attribute(*attribute))?;
                let numbers = self.form.keys[key].kind == AttributeKind::Number;
                let cell = cell(Column::Key(key))?;
                return Some((format!("{cell}<>\"\""), tested(&cell, test, numbers)));
            }
        };
        let asked = self.form.question(question)?;
        if let Answers::Multiple(multiple) = &asked.indicator.answers {
            let count = multiple.options.len();
            let cells: Option<Vec<String>> = (0..count)
                .map(|at| cell(Column::Option(question, at)))
                .collect();
            let cells = cells?;
            let range = format!("{}:{}", cells.first()?, cells.last()?);
            let ticked = options.iter().map(|&at| format!("{}=\"x\"", cells[at]));
            let ticked = format!("OR(FALSE,{})", ticked.collect::<Vec<_>>().join(","));
            let meets = if chosen {
                ticked
            } else {
                format!("NOT({ticked})")
            };
            return Some((format!("COUNTA({range})>0"), meets));
        }
        let cell = cell(Column::Answer(question))?;
        let entries: Vec<String> = asked
            .offered
            .iter()
            .zip(&self.entries[question])
            .filter(|(offered, _)| {
                options
                    .iter()
                    .any(|&at| offered.stands_for == StandsFor::Option(at))
            })
            .map(|(_, entry)| entry.clone())
            .collect();
        // Longer rules are refused by some programs; the question is then never grey.
        let meets = is_one(&cell, &entries);
        (meets.len() < 2_000).then(|| (format!("{cell}<>\"\""), meets))
    }

    /// What stands in a cell already.
    fn cell(
        &self,
        sheet: &mut Worksheet,
        (row, number): (u32, u16),
        column: Column,
        filled: &Filled,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let as_number = match (column, column.question(self.form)) {
            (Column::Answer(at), Some(question)) => {
                match (&question.indicator.answers, filled.answers[at]) {
                    (Answers::Number(_), Answer::Given(value)) => Some(value),
                    _ => None,
                }
            }
            (Column::Key(at), _) if self.form.keys[at].kind == AttributeKind::Number => {
                filled.keys[at].parse().ok()
            }
            _ => None,
        };
        if let Some(value) = as_number {
            sheet.write_number_with_format(row, number, value, format)?;
            return Ok(());
        }
        let text = match (column, column.question(self.form)) {
            (Column::Answer(at), Some(question)) => self.answer(question, filled.answers[at]),
            (Column::Option(at, option), Some(question)) => match filled.answers[at] {
                Answer::Given(value) => tick(bits_of(value) >> option & 1 == 1).to_owned(),
                answer if option == 0 => self.answer(question, answer),
                Answer::Missing(_) | Answer::NotApplicable => String::new(),
            },
            (column, _) => column.cell(self.form, filled),
        };
        if !text.is_empty() {
            sheet.write_string_with_format(row, number, fitting(&text), format)?;
        }
        Ok(())
    }

    /// An answer as its drop-down writes it; by its code where it is not offered.
    fn answer(&self, question: &Question<'_>, answer: Answer) -> String {
        let answers = &question.indicator.answers;
        let stands = |offered: &Offered<'_>| match (offered.stands_for, answer) {
            (StandsFor::Option(at), Answer::Given(value))
                if matches!(answers, Answers::Choice(_)) =>
            {
                option_of(value) == at
            }
            (_, Answer::Given(_) | Answer::Missing(crate::framework::Gap::Unanswered)) => false,
            (stands_for, answer) => stands_for_answer(stands_for, answers) == Some(answer),
        };
        let mut offered = question.offered.iter().zip(&self.entries[question.at]);
        match offered.find(|(offered, _)| stands(offered)) {
            Some((_, entry)) => entry.clone(),
            None => super::columns::coded(self.form.framework, question.indicator, answer),
        }
    }

    fn codebook(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let speech = &self.speech;
        let head = Format::new()
            .set_bold()
            .set_background_color(HUES[0])
            .set_font_color(INK)
            .set_border(FormatBorder::Thin)
            .set_border_color(LINE);
        let text = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Hair)
            .set_border_color(LINE);
        let titles = [
            (speech.word("codebook.code"), 16),
            (speech.word("codebook.section"), 30),
            (speech.word("codebook.question"), 60),
            (speech.word("codebook.answers"), 50),
            (speech.word("codebook.condition"), 36),
            (speech.word("codebook.guidance"), 44),
        ];
        for (column, (title, width)) in (0u16..).zip(titles) {
            sheet.write_string_with_format(0, column, title, &head)?;
            sheet.set_column_width(column, width)?;
        }
        let mut row = 1;
        for section in &self.form.sections {
            let path = section.path.iter().map(|node| speech.text(&node.title));
            let path = path.collect::<Vec<_>>().join(" › ");
            for question in &section.questions {
                let guidance = question.indicator.guidance.as_ref();
                let cells = [
                    question.indicator.code.clone(),
                    path.clone(),
                    speech.text(question.text()).to_owned(),
                    self.answers_in_words(question).unwrap_or_default(),
                    self.condition_in_words(question).unwrap_or_default(),
                    guidance.map_or_else(String::new, |text| speech.text(text).to_owned()),
                ];
                let coloured = text
                    .clone()
                    .set_bold()
                    .set_background_color(Color::RGB(self.hue(question)));
                for (column, cell) in (0u16..).zip(&cells) {
                    let format = if column == 0 { &coloured } else { &text };
                    sheet.write_string_with_format(row, column, fitting(cell), format)?;
                }
                let widths = titles.iter().map(|(_, width)| *width);
                let texts = cells.iter().map(String::as_str).zip(widths);
                sheet.set_row_height(row, height(15.0, texts))?;
                row += 1;
            }
        }
        sheet.set_freeze_panes(1, 1)?;
        sheet
            .set_landscape()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0)
            .set_repeat_rows(0, 0)?;
        sheet.set_right_to_left(speech.is_right_to_left());
        sheet.protect();
        Ok(())
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
    let mut fitting = candidates
        .into_iter()
        .filter(|text| !text.is_empty() && text.encode_utf16().count() <= LONGEST_ENTRY);
    fitting
        .find(|text| meant.is_some() && vocabulary.answer(question.at, text) == meant)
        .unwrap_or_else(|| offered.code.to_owned())
}
