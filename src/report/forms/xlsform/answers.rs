//! What can be picked, what may be entered, and what stands in a field already.

use crate::framework::{Answers, Gap, Number};
use crate::report::forms::columns::stands_for_answer;
use crate::report::forms::xpath::literal;
use crate::report::forms::{Filled, Question};
use crate::responses::{
    Answer, NONE_OF_THESE, Offered, StandsFor, bits_of, limits, option_of, short_answers,
};

/// The names of what can be picked: codes, as long as they hold no space, which parts several of them.
pub(super) fn choice_names(offered: &[Offered<'_>]) -> Vec<String> {
    let short = short_answers(offered);
    let names = offered.iter().zip(short).map(|(offered, short)| {
        let whole = !offered.code.is_empty() && !offered.code.contains(char::is_whitespace);
        if whole {
            offered.code.to_owned()
        } else {
            short
        }
    });
    names.collect()
}

/// The name of a framework's option.
pub(in crate::report::forms) fn question_name(question: &Question<'_>, option: usize) -> String {
    let names = choice_names(&question.offered);
    let mut offered = question.offered.iter().zip(names);
    offered
        .find(|(offered, _)| offered.stands_for == StandsFor::Option(option))
        .map(|(_, name)| name)
        .unwrap_or_default()
}

/// Answers that are picked alone.
pub(super) fn alone(question: &Question<'_>, names: &[String]) -> String {
    let offered = question.offered.iter().zip(names);
    let alone = offered.filter(|(offered, _)| offered.is_alone(&question.indicator.answers));
    let alone: Vec<String> = alone
        .map(|(_, name)| format!("selected(., {})", literal(name)))
        .collect();
    match alone.as_slice() {
        [] => String::new(),
        [only] => format!("not({only} and count-selected(.) > 1)"),
        _ => format!("not(({}) and count-selected(.) > 1)", alone.join(" or ")),
    }
}

pub(super) fn between(number: &Number) -> String {
    let (low, high) = limits(number);
    let low = low.map(|low| format!(". >= {low}"));
    let high = high.map(|high| format!(". <= {high}"));
    let limits: Vec<String> = low.into_iter().chain(high).collect();
    limits.join(" and ")
}

/// The answer as the question holds it: the name of a choice, names parted by spaces, a number.
pub(super) fn chosen(question: &Question<'_>, names: &[String], filled: &Filled) -> String {
    let name = |wanted: &dyn Fn(StandsFor) -> bool| {
        let mut offered = question.offered.iter().zip(names);
        offered
            .find(|(offered, _)| wanted(offered.stands_for))
            .map_or_else(String::new, |(_, name)| name.clone())
    };
    let answer = filled.answers[question.at];
    match (answer, &question.indicator.answers) {
        (Answer::Given(value), Answers::Choice(_)) => {
            name(&|stands_for| stands_for == StandsFor::Option(option_of(value)))
        }
        (Answer::Given(value), Answers::Multiple(_)) if bits_of(value) == 0 => {
            let none = name(&|stands_for| stands_for == StandsFor::NoneOfThese);
            if none.is_empty() {
                NONE_OF_THESE.to_owned()
            } else {
                none
            }
        }
        (Answer::Given(value), Answers::Multiple(_)) => {
            let offered = question.offered.iter().zip(names);
            let chosen = offered.filter(|(offered, _)| match offered.stands_for {
                StandsFor::Option(at) => bits_of(value) >> at & 1 == 1,
                StandsFor::NoneOfThese | StandsFor::Outcome(_) => false,
            });
            let chosen: Vec<&str> = chosen.map(|(_, name)| name.as_str()).collect();
            chosen.join(" ")
        }
        (Answer::Given(value), Answers::Number(_)) => value.to_string(),
        (_, Answers::Number(_)) | (Answer::Missing(Gap::Unanswered), _) => String::new(),
        (answer, answers) => {
            name(&|stands_for| stands_for_answer(stands_for, answers) == Some(answer))
        }
    }
}

/// A text as a default. What could be an expression is made one that gives the text.
pub(super) fn beginning(text: &str) -> String {
    let number = text.parse::<f64>().is_ok();
    let plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_'));
    // Words such as `and` and `div` are operators between others.
    if number || (plain && !text.trim().contains(' ')) {
        return text.to_owned();
    }
    let literal = literal(text);
    if literal.starts_with("concat(") {
        literal
    } else {
        format!("concat({literal}, '')")
    }
}
