//! The sheet that is filled in: headings with notes, cells with their look, what stands in them already.

use rust_xlsxwriter::{
    Format, FormatAlign, FormatBorder, Note, ProtectionOptions, Worksheet, XlsxError,
};

use super::{
    EVIDENCE, INK, KEY, LINE, LONGEST_HEADING, Maker, PICK, SEVERAL, column_number, fitting,
};
use crate::framework::{Answers, AttributeKind, Gap};
use crate::report::forms::columns::stands_for_answer;
use crate::report::forms::columns::{Column, coded, tick};
use crate::report::forms::{Filled, KeyRole, Question};
use crate::responses::{Answer, Offered, StandsFor, bits_of, option_of};

impl Maker<'_, '_> {
    pub(super) fn responses(&mut self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
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
            .take_while(|key| !matches!(key.role, KeyRole::Attribute(_)));
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
    pub(super) fn head(
        &self,
        sheet: &mut Worksheet,
        number: u16,
        column: Column,
    ) -> Result<(), XlsxError> {
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
            (_, Answer::Given(_) | Answer::Missing(Gap::Unanswered)) => false,
            (stands_for, answer) => stands_for_answer(stands_for, answers) == Some(answer),
        };
        let mut offered = question.offered.iter().zip(&self.entries[question.at]);
        match offered.find(|(offered, _)| stands(offered)) {
            Some((_, entry)) => entry.clone(),
            None => coded(self.form.framework, question.indicator, answer),
        }
    }
}
