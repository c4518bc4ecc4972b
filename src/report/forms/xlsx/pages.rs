//! What is read in a workbook: how to fill it in, every question with its answers, and the notes on headings.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::{EVIDENCE, HUES, IDLE, INK, LINE, Maker, PICK, SEVERAL, fitting, height};
use crate::framework::Answers;
use crate::report::forms::columns::Column;
use crate::report::forms::words::range_in_words;
use crate::report::forms::{KeyRole, Question};

/// How a line of the first sheet looks.
#[derive(Clone, Copy)]
enum Look {
    Title,
    Heading,
    Text,
    Faint,
    /// As the cells of this colour.
    Like(u32),
}

impl Maker<'_, '_> {
    pub(super) fn readme(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        let plain = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_font_size(11);
        sheet.set_column_width(0, 2)?.set_column_width(1, 100)?;
        let lines = self.about().into_iter().chain(self.instructions());
        for (row, (line, look)) in (1u32..).zip(lines) {
            let (format, size) = match look {
                Look::Title => (
                    plain
                        .clone()
                        .set_bold()
                        .set_font_size(18)
                        .set_font_color(INK),
                    26.0,
                ),
                Look::Heading => (
                    plain
                        .clone()
                        .set_bold()
                        .set_font_size(13)
                        .set_font_color(INK),
                    20.0,
                ),
                Look::Text => (plain.clone(), 16.0),
                Look::Faint => (plain.clone().set_font_color(0x005A_6570), 16.0),
                Look::Like(colour) => {
                    let boxed = plain.clone().set_background_color(colour);
                    (
                        boxed.set_border(FormatBorder::Thin).set_border_color(LINE),
                        16.0,
                    )
                }
            };
            if !line.is_empty() {
                sheet.write_string_with_format(row, 1, fitting(&line), &format)?;
            }
            sheet.set_row_height(row, height(size, [(line.as_str(), 112)]))?;
        }
        sheet.set_screen_gridlines(false);
        sheet.set_right_to_left(self.speech.is_right_to_left());
        sheet
            .set_portrait()
            .set_paper_size(9)
            .set_print_fit_to_pages(1, 0);
        sheet.set_tab_color(HUES[0]);
        Ok(())
    }

    /// What the workbook asks about.
    fn about(&self) -> Vec<(String, Look)> {
        let (speech, framework) = (&self.speech, self.form.framework);
        let edition = framework.edition.iter();
        let edition = edition.map(|edition| speech.fill("edition", &[edition]));
        let facts = std::iter::once(format!("{} {}", framework.id, framework.version));
        let facts = facts.chain(edition).chain(framework.licence.clone());
        let facts: Vec<String> = facts.chain(self.form.period.clone()).collect();
        let mut lines = vec![
            (speech.text(&framework.title).to_owned(), Look::Title),
            (facts.join(" · "), Look::Faint),
        ];
        for about in framework.description.iter().chain(&framework.note) {
            lines.push((String::new(), Look::Text));
            lines.push((speech.text(about).to_owned(), Look::Text));
        }
        let sources = framework.source.iter();
        lines.extend(sources.map(|source| (source.clone(), Look::Faint)));
        lines
    }

    /// How it is filled in.
    fn instructions(&self) -> Vec<(String, Look)> {
        let speech = &self.speech;
        let has = |kind: fn(&Question<'_>) -> bool| self.form.questions().any(kind);
        let unit = speech.text(&self.form.framework.unit.title);
        let evidence = |column: &Column| matches!(column, Column::Evidence(_));
        let lines = [
            (true, String::new(), Look::Text),
            (true, speech.word("readme.how").to_owned(), Look::Heading),
            (true, speech.fill("readme.row", &[unit]), Look::Text),
            (true, speech.word("readme.header").to_owned(), Look::Text),
            (true, speech.word("readme.question").to_owned(), Look::Text),
            (
                has(|asked| matches!(asked.indicator.answers, Answers::Choice(_))),
                speech.word("readme.pick").to_owned(),
                Look::Like(PICK),
            ),
            (
                has(|asked| matches!(asked.indicator.answers, Answers::Multiple(_))),
                speech.word("readme.several").to_owned(),
                Look::Like(SEVERAL),
            ),
            (
                has(|asked| matches!(asked.indicator.answers, Answers::Number(_))),
                speech.word("readme.number").to_owned(),
                Look::Like(0x00FF_FFFF),
            ),
            (
                self.columns.iter().any(evidence),
                speech.word("readme.evidence").to_owned(),
                Look::Like(EVIDENCE),
            ),
            (
                has(|asked| !asked.asked_if.is_empty()),
                speech.word("readme.grey").to_owned(),
                Look::Like(IDLE),
            ),
            (true, speech.word("readme.empty").to_owned(), Look::Text),
            (
                !self.form.rows.is_empty(),
                speech.word("readme.last").to_owned(),
                Look::Text,
            ),
        ];
        let said = lines.into_iter().filter(|(said, ..)| *said);
        said.map(|(_, line, look)| (line, look)).collect()
    }

    pub(super) fn codebook(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
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

    /// Section, question, guidance, answers, condition.
    pub(super) fn note(&self, column: Column) -> String {
        let speech = &self.speech;
        let Some(question) = column.question(self.form) else {
            return match column {
                Column::Key(at) => {
                    let key = &self.form.keys[at];
                    let title = match key.role {
                        KeyRole::Period => speech.word("period"),
                        _ => speech.text(&key.title),
                    };
                    let iso3166 = key.role == KeyRole::Unit && self.form.framework.unit.iso3166;
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
        let condition = self.condition_in_words(question);
        parts.extend(condition.map(|text| format!("{} {text}", self.speech.word("if"))));
        parts.join("\n\n")
    }

    fn condition_in_words(&self, question: &Question<'_>) -> Option<String> {
        let conditions = question
            .asked_if
            .iter()
            .map(|c| c.in_words(self.form, &self.speech));
        let conditions: Vec<String> = conditions.collect();
        let text = conditions.join(self.speech.word("and"));
        (!text.is_empty()).then_some(text)
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
}
