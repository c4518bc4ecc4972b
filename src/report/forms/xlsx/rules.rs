//! What may be written into the cells of a column: drop-downs, numbers.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, Formula, Worksheet, XlsxError,
    utility::row_col_to_cell,
};

use super::Maker;
use crate::framework::{Answers, AttributeKind, Number};
use crate::report::forms::Question;
use crate::report::forms::columns::{Column, cut, tick};
use crate::report::forms::words::range_in_words;
use crate::responses::{StandsFor, limits};

/// Longest message beside a cell; a spreadsheet takes 255 characters.
const LONGEST_MESSAGE: usize = 240;

impl Maker<'_, '_> {
    /// Puts the rule of a column on its cells.
    pub(super) fn rule(
        &mut self,
        sheet: &mut Worksheet,
        number: u16,
        column: Column,
    ) -> Result<(), XlsxError> {
        let Some(rule) = self.rule_of(number, column)? else {
            return Ok(());
        };
        let wrong = cut(self.speech.word("wrong"), LONGEST_MESSAGE);
        let rule = rule
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_message(wrong)?;
        sheet.add_data_validation(1, number, self.last, number, &rule)?;
        Ok(())
    }

    fn rule_of(
        &mut self,
        number: u16,
        column: Column,
    ) -> Result<Option<DataValidation>, XlsxError> {
        let form = self.form;
        Ok(match (column, column.question(form)) {
            (Column::Key(at), _) => match &form.keys[at].kind {
                AttributeKind::OneOf(values) => Some(self.drop_down(form.keys[at].column, values)),
                AttributeKind::Number => {
                    let cell = row_col_to_cell(1, number);
                    let formula = Formula::new(format!("=ISNUMBER({cell})"));
                    Some(DataValidation::new().allow_custom(formula))
                }
                AttributeKind::Text => None,
            },
            (Column::Answer(at), Some(question)) => match &question.indicator.answers {
                Answers::Number(of) => Some(self.number_rule(number, question, of)?),
                Answers::Choice(scale) => {
                    let name = scale.name.as_ref();
                    let name = name.map_or(question.indicator.code.as_str(), |name| name.as_str());
                    let entries = self.entries[at].clone();
                    (!entries.is_empty()).then(|| self.drop_down(name, &entries))
                }
                Answers::Multiple(_) => None,
            },
            (Column::Option(at, _), Some(question)) => {
                let mut entries = vec![tick(true).to_owned(), tick(false).to_owned()];
                let offered = question.offered.iter().zip(&self.entries[at]);
                let reasons = offered
                    .filter(|(offered, _)| matches!(offered.stands_for, StandsFor::Outcome(_)));
                entries.extend(reasons.map(|(_, entry)| entry.clone()));
                let prompt = cut(self.speech.word("ticks"), LONGEST_MESSAGE);
                Some(
                    self.drop_down("ticks", &entries)
                        .set_input_message(prompt)?,
                )
            }
            (Column::Answer(_) | Column::Option(_, _) | Column::Evidence(_), _) => None,
        })
    }

    fn drop_down(&mut self, name: &str, entries: &[String]) -> DataValidation {
        let range = self.list(name, entries);
        DataValidation::new().allow_list_formula(Formula::new(range))
    }

    /// A number within its limits, or the reason why there is none.
    fn number_rule(
        &mut self,
        number: u16,
        question: &Question<'_>,
        of: &Number,
    ) -> Result<DataValidation, XlsxError> {
        let cell = row_col_to_cell(1, number);
        let (low, high) = limits(of);
        let low = low.map(|low| format!(",{cell}>={low}")).unwrap_or_default();
        let high = high
            .map(|high| format!(",{cell}<={high}"))
            .unwrap_or_default();
        let mut allowed = format!("AND(ISNUMBER({cell}){low}{high})");
        let mut prompt = range_in_words(of, &self.speech);
        let entries = self.entries[question.at].clone();
        if !entries.is_empty() {
            let reasons = entries.join(" / ");
            prompt = format!("{prompt}. {}", self.speech.fill("instead", &[&reasons]));
            let codes = question
                .offered
                .iter()
                .map(|offered| offered.code.to_owned());
            let entries: Vec<String> = entries.into_iter().chain(codes).collect();
            let range = self.list("reasons", &entries);
            let range = range.trim_start_matches('=');
            allowed = format!("OR({allowed},SUMPRODUCT(--({range}={cell}))>0)");
        }
        DataValidation::new()
            .allow_custom(Formula::new(format!("={allowed}")))
            .set_input_message(cut(&prompt, LONGEST_MESSAGE))
    }
}
