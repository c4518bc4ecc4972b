//! Conditions and texts for `XForms`: `XPath` 1.0, which has no way to escape a quotation mark in a text.

use super::xlsform::question_name;
use super::{Condition, Form};
use crate::framework::{Answers, AttributeKind, Test};

/// A text as an expression.
pub(super) fn literal(text: &str) -> String {
    // `${` would be taken for a reference to a question.
    let plain = !text.contains("${");
    if plain && !text.contains('\'') {
        return format!("'{text}'");
    }
    if plain && !text.contains('"') {
        return format!("\"{text}\"");
    }
    let mut parts: Vec<String> = Vec::new();
    for (at, part) in text.split('\'').enumerate() {
        if at > 0 {
            parts.push("\"'\"".to_owned());
        }
        for (at, piece) in part.split("${").enumerate() {
            if at > 0 {
                parts.push("'$'".to_owned());
                parts.push(format!("'{{{piece}'"));
            } else if !piece.is_empty() {
                parts.push(format!("'{piece}'"));
            }
        }
    }
    format!("concat({})", parts.join(", "))
}

/// All of these hold; empty if there are none.
pub(super) fn all(conditions: &[Condition], form: &Form<'_>) -> String {
    let conditions: Vec<String> = conditions.iter().map(|c| expression(c, form)).collect();
    conditions.join(" and ")
}

/// One condition, in brackets where it has several parts.
pub(super) fn expression(condition: &Condition, form: &Form<'_>) -> String {
    match condition {
        Condition::OneOf { question, options } => {
            let picked = options.iter().map(|&at| picked(form, *question, at));
            any(&picked.collect::<Vec<_>>())
        }
        Condition::NoneOf { question, options } => {
            let picked = options.iter().map(|&at| picked(form, *question, at));
            let answered = format!("{} != ''", reference(form, *question));
            format!("({answered} and not({}))", any(&picked.collect::<Vec<_>>()))
        }
        Condition::Number { question, test } => tested(&reference(form, *question), test, None),
        Condition::Beyond {
            question,
            than,
            above,
        } => {
            let sign = if *above { ">" } else { "<" };
            let field = reference(form, *question);
            // No number is not below one.
            format!("({field} != '' and {field} {sign} {than})")
        }
        Condition::Answered { question } => format!("{} != ''", reference(form, *question)),
        Condition::Attribute { attribute, test } => {
            let attribute = &form.framework.attributes[*attribute];
            let field = format!("${{{}}}", attribute.column);
            tested(&field, test, Some(&attribute.kind))
        }
    }
}

fn any(parts: &[String]) -> String {
    match parts {
        [] => "false()".to_owned(),
        [only] => only.clone(),
        _ => format!("({})", parts.join(" or ")),
    }
}

fn reference(form: &Form<'_>, question: usize) -> String {
    let question = form.question(question);
    format!(
        "${{{}}}",
        question.map_or("", |q| q.indicator.code.as_str())
    )
}

fn picked(form: &Form<'_>, question: usize, option: usize) -> String {
    let field = reference(form, question);
    let Some(question) = form.question(question) else {
        return "false()".to_owned();
    };
    let name = literal(&question_name(question, option));
    match &question.indicator.answers {
        Answers::Multiple(_) => format!("selected({field}, {name})"),
        Answers::Choice(_) | Answers::Number(_) => format!("{field} = {name}"),
    }
}

/// A test on a number, or on an attribute of this kind.
fn tested(field: &str, test: &Test, kind: Option<&AttributeKind>) -> String {
    let value = |text: &String| match kind {
        // As the list spells it.
        Some(AttributeKind::OneOf(values)) => {
            let known = values
                .iter()
                .find(|value| value.to_lowercase() == text.trim().to_lowercase());
            literal(known.unwrap_or(text))
        }
        Some(AttributeKind::Text) => literal(text.trim()),
        Some(AttributeKind::Number) | None => match text.trim().parse::<f64>() {
            Ok(number) => number.to_string(),
            Err(_) => literal(text.trim()),
        },
    };
    match test {
        Test::OneOf(texts) => {
            let parts = texts
                .iter()
                .map(|text| format!("{field} = {}", value(text)));
            any(&parts.collect::<Vec<_>>())
        }
        Test::NoneOf(texts) => {
            let none = texts
                .iter()
                .map(|text| format!(" and {field} != {}", value(text)));
            format!("({field} != ''{})", none.collect::<String>())
        }
        Test::AtLeast(least) => format!("{field} >= {least}"),
    }
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn texts_are_quoted_whatever_they_hold() {
        assert_eq!(literal("yes"), "'yes'");
        assert_eq!(literal("it's"), "\"it's\"");
        assert_eq!(
            literal("a 'b' \"c\""),
            "concat('a ', \"'\", 'b', \"'\", ' \"c\"')"
        );
        assert_eq!(literal("${x}"), "concat('$', '{x}')");
    }
}
