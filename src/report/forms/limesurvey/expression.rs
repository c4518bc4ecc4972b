//! Skip logic in `LimeSurvey`'s expressions.

use super::Maker;
use crate::framework::{Answers, Test};
use crate::report::forms::Condition;
use crate::responses::{StandsFor, short_answers};

impl Maker<'_, '_> {
    /// All of these hold; empty if there are none.
    pub(super) fn all(&self, conditions: &[Condition]) -> String {
        let conditions = conditions
            .iter()
            .map(|condition| self.expression(condition));
        conditions.collect::<Vec<_>>().join(" and ")
    }

    /// A condition as an expression of `LimeSurvey`'s.
    pub(super) fn expression(&self, condition: &Condition) -> String {
        let picked = |question: usize, options: &[usize]| {
            let parts = options.iter().map(|&option| self.picked(question, option));
            any(&parts.collect::<Vec<_>>())
        };
        match condition {
            Condition::OneOf { question, options } => picked(*question, options),
            Condition::NoneOf { question, options } => {
                let all: Vec<usize> =
                    match self.form.question(*question).map(|q| &q.indicator.answers) {
                        Some(Answers::Multiple(multiple)) => (0..multiple.options.len()).collect(),
                        Some(Answers::Choice(_) | Answers::Number(_)) | None => Vec::new(),
                    };
                format!(
                    "({} and !({}))",
                    picked(*question, &all),
                    picked(*question, options)
                )
            }
            Condition::Number { question, test } => {
                tested(&format!("{}.NAOK", self.code(*question)), test)
            }
            Condition::Beyond {
                question,
                than,
                above,
            } => {
                let sign = if *above { ">" } else { "<" };
                let field = format!("{}.NAOK", self.code(*question));
                format!("(!is_empty({field}) and {field} {sign} {than})")
            }
            Condition::Answered { question } => format!("!is_empty({}.NAOK)", self.code(*question)),
            Condition::Attribute { attribute, test } => {
                let column = &self.form.framework.attributes[*attribute].column;
                tested(&format!("{}.NAOK", self.names.short(column)), test)
            }
        }
    }

    fn code(&self, question: usize) -> &str {
        let question = self.form.question(question);
        question.map_or("", |question| self.names.short(&question.indicator.code))
    }

    fn picked(&self, question: usize, option: usize) -> String {
        let code = self.code(question);
        let Some(question) = self.form.question(question) else {
            return "0".to_owned();
        };
        let short = short_answers(&question.offered);
        let mut offered = question.offered.iter().zip(&short);
        let found = offered.find(|(offered, _)| offered.stands_for == StandsFor::Option(option));
        let short = found.map_or("", |(_, short)| short.as_str());
        match &question.indicator.answers {
            Answers::Multiple(_) => format!("{code}_{short}.NAOK == \"Y\""),
            Answers::Choice(_) | Answers::Number(_) => format!("{code}.NAOK == \"{short}\""),
        }
    }
}

fn any(parts: &[String]) -> String {
    match parts {
        [] => "0".to_owned(),
        [only] => only.clone(),
        _ => format!("({})", parts.join(" or ")),
    }
}

/// Both hold; one that is empty always does.
pub(super) fn and(one: &str, other: &str) -> String {
    match (one, other) {
        ("", other) => other.to_owned(),
        (one, "") => one.to_owned(),
        (one, other) => format!("{one} and {other}"),
    }
}

fn tested(field: &str, test: &Test) -> String {
    let value = |text: &str| match text.trim().parse::<f64>() {
        Ok(number) => number.to_string(),
        Err(_) => format!("\"{}\"", text.trim().replace(['"', '\\'], "")),
    };
    match test {
        Test::OneOf(texts) => {
            let parts = texts.iter().map(|t| format!("{field} == {}", value(t)));
            any(&parts.collect::<Vec<_>>())
        }
        Test::NoneOf(texts) => {
            let none = texts
                .iter()
                .map(|text| format!(" and {field} != {}", value(text)));
            format!("(!is_empty({field}){})", none.collect::<String>())
        }
        Test::AtLeast(least) => format!("{field} >= {least}"),
    }
}
