//! A form as a questionnaire to print or to review: every question with boxes, a line for the number, room for evidence.
//! Filled-in rows are printed one after the other.

use std::io::{self, Write};

use super::columns::has_evidence;
use super::columns::stands_for_answer;
use super::words::Speech;
use super::words::range_in_words;
use super::{Filled, Form, KeyRole, Question};
use crate::framework::Answers;
use crate::report::markdown::escaped;
use crate::responses::{Answer, StandsFor, bits_of, option_of};

const BLANK: &str = "\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_";

/// Prints a form a row, or a blank one.
pub(super) fn write(form: &Form<'_>, out: &mut impl Write) -> io::Result<()> {
    let speech = Speech::of(form.language().unwrap_or_default());
    if form.rows.is_empty() {
        return questionnaire(form, None, &speech, out);
    }
    for (at, row) in form.rows.iter().enumerate() {
        if at > 0 {
            writeln!(out, "\n---\n")?;
        }
        questionnaire(form, Some(row), &speech, out)?;
    }
    Ok(())
}

fn questionnaire(
    form: &Form<'_>,
    row: Option<&Filled>,
    speech: &Speech,
    out: &mut impl Write,
) -> io::Result<()> {
    let (framework, colon) = (form.framework, speech.word("colon"));
    writeln!(out, "# {}\n", escaped(speech.text(&framework.title)))?;
    let edition = framework
        .edition
        .iter()
        .map(|edition| speech.fill("edition", &[edition]));
    let facts = std::iter::once(format!("{} {}", framework.id, framework.version)).chain(edition);
    writeln!(out, "{}\n", escaped(&facts.collect::<Vec<_>>().join(" · ")))?;
    for text in framework.description.iter().chain(&framework.note) {
        writeln!(out, "{}\n", escaped(speech.text(text)))?;
    }
    for (at, key) in form.keys.iter().enumerate() {
        let title = match key.role {
            KeyRole::Period => speech.word("period"),
            KeyRole::Unit | KeyRole::Row | KeyRole::Attribute(_) => speech.text(&key.title),
        };
        let stated = row.map(|row| row.keys[at].as_str());
        let stated = match (stated, key.role, &form.period) {
            (None, KeyRole::Period, Some(period)) => Some(period.as_str()),
            _ => stated,
        };
        let text = stated.filter(|text| !text.is_empty());
        let text = text.map_or_else(|| BLANK.to_owned(), escaped);
        writeln!(
            out,
            "- **{}** ({}){colon} {text}",
            escaped(title),
            escaped(key.column)
        )?;
    }
    let mut number = 0;
    for section in &form.sections {
        let titles = section.path.iter().map(|node| speech.text(&node.title));
        let titles = titles.collect::<Vec<_>>().join(" › ");
        if !titles.is_empty() {
            writeln!(out, "\n## {}", escaped(&titles))?;
        }
        for asked in &section.questions {
            number += 1;
            question(form, asked, number, row, speech, out)?;
        }
    }
    Ok(())
}

fn question(
    form: &Form<'_>,
    question: &Question<'_>,
    number: usize,
    row: Option<&Filled>,
    speech: &Speech,
    out: &mut impl Write,
) -> io::Result<()> {
    let colon = speech.word("colon");
    let text = escaped(speech.text(question.text()));
    writeln!(
        out,
        "\n### {number}. {text} ({})\n",
        escaped(&question.indicator.code)
    )?;
    if !question.asked_if.is_empty() {
        let conditions = question.asked_if.iter().map(|c| c.in_words(form, speech));
        let conditions = conditions.collect::<Vec<_>>().join(speech.word("and"));
        writeln!(out, "*{}* {}\n", speech.word("if"), escaped(&conditions))?;
    }
    if let Some(guidance) = &question.indicator.guidance {
        writeln!(out, "{}\n", escaped(speech.text(guidance)))?;
    }
    answers(
        question,
        row.map(|row| row.answers[question.at]),
        speech,
        out,
    )?;
    if has_evidence(form, question) {
        let note = question.indicator.evidence_note.as_ref();
        let note = note.map_or_else(|| speech.word("evidence.what"), |note| speech.text(note));
        let stated = row.map_or("", |row| row.evidence[question.at].as_str());
        let stated = if stated.is_empty() {
            BLANK.to_owned()
        } else {
            escaped(stated)
        };
        writeln!(
            out,
            "\n{} ({}){colon} {stated}",
            speech.word("evidence"),
            escaped(note)
        )?;
    }
    Ok(())
}

/// What can be answered, with a mark at what was.
fn answers(
    question: &Question<'_>,
    answer: Option<Answer>,
    speech: &Speech,
    out: &mut impl Write,
) -> io::Result<()> {
    let colon = speech.word("colon");
    match &question.indicator.answers {
        Answers::Choice(_) => {}
        Answers::Multiple(_) => writeln!(out, "{}{colon}\n", speech.word("several"))?,
        Answers::Number(number) => {
            let stated = match answer {
                Some(Answer::Given(value)) => escaped(&value.to_string()),
                Some(Answer::Missing(_) | Answer::NotApplicable) | None => BLANK.to_owned(),
            };
            writeln!(
                out,
                "{}{colon} {stated}",
                escaped(&range_in_words(number, speech))
            )?;
            if !question.offered.is_empty() {
                writeln!(out, "\n{}\n", speech.word("reason"))?;
            }
        }
    }
    for offered in &question.offered {
        let picked = answer.is_some_and(|answer| {
            is_picked(offered.stands_for, &question.indicator.answers, answer)
        });
        let mark = if picked { "x" } else { " " };
        writeln!(out, "- [{mark}] {}", escaped(speech.text(&offered.label)))?;
    }
    Ok(())
}

fn is_picked(stands_for: StandsFor, answers: &Answers, answer: Answer) -> bool {
    match (stands_for, answer, answers) {
        (StandsFor::Option(at), Answer::Given(value), Answers::Choice(_)) => option_of(value) == at,
        (StandsFor::Option(at), Answer::Given(value), Answers::Multiple(_)) => {
            bits_of(value) >> at & 1 == 1
        }
        (StandsFor::NoneOfThese, Answer::Given(value), _) => bits_of(value) == 0,
        (_, Answer::Given(_) | Answer::Missing(crate::framework::Gap::Unanswered), _) => false,
        (stands_for, answer, answers) => stands_for_answer(stands_for, answers) == Some(answer),
    }
}
