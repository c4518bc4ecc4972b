//! Colours by formula: grey where a question does not arise, strong yellow where evidence is missing.

use rust_xlsxwriter::{
    ConditionalFormatFormula, Format, Worksheet, XlsxError, utility::row_col_to_cell,
};

use super::{IDLE, Maker, WANTED, column_number};
use crate::framework::{Answers, AttributeKind, Test};
use crate::report::forms::columns::Column;
use crate::report::forms::{Condition, KeyRole};
use crate::responses::StandsFor;

/// Longest formula; longer ones are refused by some programs, and the question is then never grey.
const LONGEST: usize = 2_000;

/// Whether what a condition looks at was answered, and whether it holds.
struct Formulas {
    answered: String,
    meets: String,
}

impl Maker<'_, '_> {
    /// Colours the cells of a column.
    pub(super) fn colours(
        &self,
        sheet: &mut Worksheet,
        number: u16,
        column: Column,
    ) -> Result<(), XlsxError> {
        let Some(question) = column.question(self.form) else {
            return Ok(());
        };
        let mut paint = |rule: String, look: Format| {
            let rule = ConditionalFormatFormula::new()
                .set_rule(rule.as_str())
                .set_format(look);
            sheet
                .add_conditional_format(1, number, self.last, number, &rule)
                .map(|_| ())
        };
        for condition in &question.asked_if {
            if let Some(Formulas { answered, meets }) = self.formulas(condition) {
                let look = Format::new()
                    .set_background_color(IDLE)
                    .set_font_color(0x0080_8080);
                paint(format!("=AND({answered},NOT({meets}))"), look)?;
            }
        }
        if let (Column::Evidence(_), Some(condition), true) =
            (column, &question.evidence_if, question.needs_evidence())
            && let Some(Formulas { meets, .. }) = self.formulas(condition)
        {
            let cell = row_col_to_cell(1, number);
            let look = Format::new().set_background_color(WANTED);
            paint(format!("=AND({meets},LEN(TRIM({cell}))=0)"), look)?;
        }
        Ok(())
    }

    /// The cell of a column in the first row of answers.
    fn first_cell(&self, wanted: Column) -> Option<String> {
        let at = self.columns.iter().position(|&column| column == wanted)?;
        Some(format!("${}", row_col_to_cell(1, column_number(at))))
    }

    fn formulas(&self, condition: &Condition) -> Option<Formulas> {
        let number = |question: usize, meets: &dyn Fn(&str) -> String| {
            let cell = self.first_cell(Column::Answer(question))?;
            Some(Formulas {
                answered: format!("ISNUMBER({cell})"),
                meets: format!("AND(ISNUMBER({cell}),{})", meets(&cell)),
            })
        };
        match condition {
            Condition::OneOf { question, options } => self.picked(*question, options, true),
            Condition::NoneOf { question, options } => self.picked(*question, options, false),
            Condition::Number { question, test } => {
                number(*question, &|cell| tested(cell, test, true))
            }
            Condition::Beyond {
                question,
                than,
                above,
            } => {
                let sign = if *above { ">" } else { "<" };
                number(*question, &|cell| format!("{cell}{sign}{than}"))
            }
            Condition::Answered { question } => number(*question, &|_| "TRUE".to_owned()),
            Condition::Attribute { attribute, test } => {
                let mut keys = self.form.keys.iter();
                let at = keys.position(|key| key.role == KeyRole::Attribute(*attribute))?;
                let numbers = self.form.keys[at].kind == AttributeKind::Number;
                let cell = self.first_cell(Column::Key(at))?;
                Some(Formulas {
                    answered: format!("{cell}<>\"\""),
                    meets: tested(&cell, test, numbers),
                })
            }
        }
    }

    /// Whether one of the options was picked, or none of them.
    fn picked(&self, question: usize, options: &[usize], wanted: bool) -> Option<Formulas> {
        let asked = self.form.question(question)?;
        let (answered, picked) = if let Answers::Multiple(multiple) = &asked.indicator.answers {
            let cells =
                (0..multiple.options.len()).map(|at| self.first_cell(Column::Option(question, at)));
            let cells: Vec<String> = cells.collect::<Option<_>>()?;
            let range = format!("{}:{}", cells.first()?, cells.last()?);
            let ticked = options.iter().map(|&at| format!("{}=\"x\"", cells[at]));
            (format!("COUNTA({range})>0"), any(ticked))
        } else {
            let cell = self.first_cell(Column::Answer(question))?;
            let entries = asked.offered.iter().zip(&self.entries[question]);
            let entries = entries.filter(|(offered, _)| {
                let mut options = options.iter();
                options.any(|&at| offered.stands_for == StandsFor::Option(at))
            });
            let equal = entries.map(|(_, entry)| format!("{cell}={}", quoted(entry)));
            (format!("{cell}<>\"\""), any(equal))
        };
        let meets = if wanted {
            picked
        } else {
            format!("NOT({picked})")
        };
        (meets.len() < LONGEST).then_some(Formulas { answered, meets })
    }
}

fn any(parts: impl Iterator<Item = String>) -> String {
    let parts = std::iter::once("FALSE".to_owned()).chain(parts);
    format!("OR({})", parts.collect::<Vec<_>>().join(","))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A test on a cell that holds a number, or a text.
fn tested(cell: &str, test: &Test, numbers: bool) -> String {
    let equal = |text: &String| match text.trim().parse::<f64>() {
        Ok(number) if numbers => format!("{cell}={number}"),
        Ok(_) | Err(_) => format!("{cell}={}", quoted(text.trim())),
    };
    match test {
        Test::OneOf(texts) => any(texts.iter().map(equal)),
        Test::NoneOf(texts) => format!("NOT({})", any(texts.iter().map(equal))),
        Test::AtLeast(least) => format!("{cell}>={least}"),
    }
}
