//! Responses as one long CSV file, the same whatever file they came from.

use std::borrow::Cow;
use std::io::Write;

use super::offered::NONE_OF_THESE;
use super::{Answer, AttributeColumn, Responses, bits_of, option_of};
use crate::framework::{Answers, Framework, Gap, Indicator, Outcome};

/// Writes a row an answer: the framework's key columns, its attributes, `indicator`, `answer`, and `evidence` if there is
/// any. Texts are [`guarded`]. Answers that were not given are left out; a unit without any answer has one row without one.
/// Reading the file gives the same responses, but for control characters, which are written out.
pub fn write_long(
    responses: &Responses,
    framework: &Framework,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    let evidence = !responses.evidence.is_empty();
    let period = period_column(responses, framework);
    let mut header = vec![framework.unit.column.as_str()];
    header.extend(period);
    header.extend(framework.rows.iter().map(|step| step.key.as_str()));
    header.extend(framework.attributes.iter().map(|a| a.column.as_str()));
    header.extend(["indicator", "answer"]);
    header.extend(evidence.then_some("evidence"));
    writer.write_record(header)?;
    let indicators: Vec<&Indicator> = framework.indicators().map(|(_, _, i)| i).collect();
    for (at, row) in responses.rows.iter().enumerate() {
        let mut keys = vec![guarded(&responses.units[row.unit].id).into_owned()];
        keys.extend(period.map(|_| guarded(&responses.periods[row.period]).into_owned()));
        keys.extend(row.keys.iter().map(|key| guarded(key).into_owned()));
        keys.extend(
            responses
                .attributes
                .iter()
                .map(|column| attribute(column, at)),
        );
        let mut written = false;
        for (position, indicator) in indicators.iter().enumerate() {
            let answer = answer_text(
                responses.answers[position].get(at),
                indicator,
                &framework.codes,
            );
            let source = responses.evidence.get(&(at, position));
            if answer.is_empty() && source.is_none() {
                continue;
            }
            let mut record = keys.clone();
            record.extend([indicator.code.clone(), guarded_answer(&answer).into_owned()]);
            record
                .extend(evidence.then(|| guarded(source.map_or("", String::as_str)).into_owned()));
            writer.write_record(record)?;
            written = true;
        }
        if let (false, Some(first)) = (written, indicators.first()) {
            let mut record = keys;
            record.extend([first.code.clone(), String::new()]);
            record.extend(evidence.then(String::new));
            writer.write_record(record)?;
        }
    }
    writer.flush()
}

/// The period's column; none where there is one period without a name.
fn period_column<'f>(responses: &Responses, framework: &'f Framework) -> Option<&'f str> {
    let nameless = responses.periods.iter().all(String::is_empty);
    let column = framework.period.as_deref().unwrap_or("period");
    (!nameless).then_some(column)
}

fn attribute(column: &AttributeColumn, row: usize) -> String {
    match column {
        AttributeColumn::Text(texts) => guarded(texts[row].as_deref().unwrap_or("")).into_owned(),
        AttributeColumn::Number(numbers) => {
            numbers[row].map_or_else(String::new, |number| number.to_string())
        }
    }
}

/// An answer as the framework spells it; empty if none was given.
pub fn answer_text(answer: Answer, indicator: &Indicator, codes: &[(String, Outcome)]) -> String {
    match (answer, &indicator.answers) {
        (Answer::Given(value), Answers::Choice(scale)) => scale
            .options
            .get(option_of(value))
            .map_or_else(String::new, |option| option.code.clone()),
        (Answer::Given(value), Answers::Multiple(multiple)) => {
            let bits = bits_of(value);
            if bits == 0 {
                return NONE_OF_THESE.to_owned();
            }
            let chosen = multiple.options.iter().enumerate();
            let chosen = chosen.filter(|(at, _)| bits >> at & 1 == 1);
            let chosen: Vec<&str> = chosen.map(|(_, option)| option.code.as_str()).collect();
            // One option with a separator in its code would be taken apart by another one.
            chosen.join(";")
        }
        (Answer::Given(value), Answers::Number(_)) => value.to_string(),
        (Answer::Missing(Gap::Unanswered), _) => String::new(),
        (Answer::Missing(gap), _) => spelling(Outcome::Missing(gap), indicator, codes),
        (Answer::NotApplicable, _) => spelling(Outcome::NotApplicable, indicator, codes),
    }
}

/// The first declared spelling of an outcome.
fn spelling(outcome: Outcome, indicator: &Indicator, codes: &[(String, Outcome)]) -> String {
    let own = match &indicator.answers {
        Answers::Choice(scale) => scale
            .options
            .iter()
            .find(|option| option.outcome == outcome)
            .map(|option| option.code.clone()),
        Answers::Number(number) => code_of(&number.codes, outcome),
        Answers::Multiple(_) => None,
    };
    own.or_else(|| code_of(codes, outcome)).unwrap_or_default()
}

fn code_of(codes: &[(String, Outcome)], outcome: Outcome) -> Option<String> {
    let mut codes = codes.iter();
    codes.find_map(|(code, meant)| (*meant == outcome).then(|| code.clone()))
}

/// `text` as it can stand in CSV whatever opens that: with a leading apostrophe if a spreadsheet would take it for a
/// formula, control characters written out, on which a terminal would act.
pub fn guarded(text: &str) -> Cow<'_, str> {
    let shown = without_controls(text);
    if is_formula(text) {
        Cow::Owned(format!("'{shown}"))
    } else {
        shown
    }
}

/// The same of an answer: a number stays one, for a minus makes it no formula.
pub fn guarded_answer(text: &str) -> Cow<'_, str> {
    if text.parse::<f64>().is_ok() {
        Cow::Borrowed(text)
    } else {
        guarded(text)
    }
}

fn is_formula(text: &str) -> bool {
    // Spreadsheets look past leading spaces, and some take the full-width signs for the plain ones.
    let first = text.trim_start_matches(' ').chars().next();
    matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
    )
}

/// Line ends and tabs stay.
fn without_controls(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let stays = match sign {
            '\n' | '\t' => true,
            // Alone it would let what follows be shown in the place of what is before.
            '\r' => signs.peek() == Some(&'\n'),
            other => !other.is_control(),
        };
        if stays {
            shown.push(sign);
        } else {
            shown.extend(sign.escape_default());
        }
    }
    Cow::Owned(shown)
}

/// `text` without the apostrophe that guards it: this program and some survey tools put one before formulas.
pub(super) fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        Some(_) | None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_written_out() {
        let text = "a\u{1b}[31m\u{9b}2J\u{7f}\u{7}\rb\r\nc\td";
        let shown = "a\\u{1b}[31m\\u{9b}2J\\u{7f}\\u{7}\\rb\r\nc\td";
        assert_eq!(guarded(text), shown);
        assert_eq!(guarded("=\u{1b}"), "'=\\u{1b}");
        assert_eq!(unguarded("'\u{1b}"), "'\u{1b}");
    }

    #[test]
    fn formulas_are_guarded() {
        for text in ["=1", "+1", "-1", "@a", "\tx", "  =1", "＝1"] {
            assert_eq!(guarded(text), format!("'{text}"));
            assert_eq!(unguarded(&guarded(text)), text);
        }
        assert_eq!(guarded("\rx"), "'\\rx");
        for text in ["", "NOR", "a=1", "2=", "'", "'quoted'", "Österreich"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }
}
