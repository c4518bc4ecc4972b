//! A form as CSV: a column an indicator, or a row an indicator.

use std::io::{self, Write};

use super::columns::{Column, columns, has_evidence, lists_badly};
use super::words::Speech;
use super::{Filled, Form, KeyRole};
use crate::framework::Answers;
use crate::report::csv::{guarded, guarded_answer};

/// A header and a row a submission.
pub(super) fn write_wide(form: &Form<'_>, out: &mut impl Write) -> io::Result<()> {
    let columns = columns(form, &lists_badly);
    let mut writer = writer(out);
    writer.write_record(columns.iter().map(|column| column.name(form)))?;
    let blank = form.period.is_some().then(|| blank(form));
    for row in rows(form, blank.as_ref()) {
        writer.write_record(columns.iter().map(|column| cell(*column, form, row)))?;
    }
    writer.flush()
}

/// A header, and for each submission a row a question.
pub(super) fn write_long(form: &Form<'_>, out: &mut impl Write) -> io::Result<()> {
    let speech = Speech::of(form.language().unwrap_or_default());
    let evidence = form
        .questions()
        .any(|question| has_evidence(form, question));
    let mut writer = writer(out);
    let mut header: Vec<&str> = form.keys.iter().map(|key| key.column).collect();
    header.extend(["indicator", "question", "answer"]);
    header.extend(evidence.then_some("evidence"));
    writer.write_record(header)?;
    let blank = blank(form);
    for row in rows(form, Some(&blank)) {
        for column in columns(form, &lists_badly) {
            let Some(question) = column.question(form) else {
                continue;
            };
            if matches!(column, Column::Evidence(_)) {
                continue;
            }
            let keys = (0..form.keys.len()).map(|at| cell(Column::Key(at), form, row));
            let mut record: Vec<String> = keys.collect();
            let mut asked = speech.text(question.text()).to_owned();
            if let (Column::Option(_, option), Answers::Multiple(multiple)) =
                (column, &question.indicator.answers)
            {
                asked += " → ";
                asked += speech.text(&multiple.options[option].label);
            }
            record.push(column.name(form));
            record.push(guarded(&asked).into_owned());
            record.push(cell(column, form, row));
            if evidence {
                // One row of several for a multiple choice says it.
                let first = !matches!(column, Column::Option(_, option) if option > 0);
                let text = cell(Column::Evidence(question.at), form, row);
                record.push(if first { text } else { String::new() });
            }
            writer.write_record(record)?;
        }
    }
    writer.flush()
}

fn writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out)
}

/// The rows that are filled in, else the blank one.
fn rows<'a>(form: &'a Form<'_>, blank: Option<&'a Filled>) -> impl Iterator<Item = &'a Filled> {
    form.rows
        .iter()
        .chain(blank.filter(|_| form.rows.is_empty()))
}

/// A row to fill in; it says at most when.
fn blank(form: &Form<'_>) -> Filled {
    let keys = form.keys.iter().map(|key| match (key.role, &form.period) {
        (KeyRole::Period, Some(period)) => period.clone(),
        _ => String::new(),
    });
    let indicators = form.framework.indicators().count();
    Filled {
        keys: keys.collect(),
        answers: vec![
            crate::responses::Answer::Missing(crate::framework::Gap::Unanswered);
            indicators
        ],
        evidence: vec![String::new(); indicators],
    }
}

/// A cell. Nothing in it is a formula.
fn cell(column: Column, form: &Form<'_>, row: &Filled) -> String {
    let text = column.cell(form, row);
    match column {
        Column::Answer(_) | Column::Option(_, _) => guarded_answer(&text).into_owned(),
        Column::Key(_) | Column::Evidence(_) => guarded(&text).into_owned(),
    }
}
