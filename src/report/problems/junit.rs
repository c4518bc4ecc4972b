//! Problems as `JUnit` XML: a suite a file, a test case a problem; an error is a failure, what is only worth knowing is told
//! by a case that passes.

use std::io::{self, Write};
use std::sync::Arc;

use super::{Checked, message};
use crate::problem::{Place, Problem, Severity};

pub(super) fn write(checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    let suites: Vec<(&Arc<str>, Vec<&Problem>)> = files(checked)
        .into_iter()
        .map(|file| (file, problems_of(checked, file)))
        .collect();
    let cases = suites.iter().map(|(_, problems)| problems.len().max(1));
    let failures = checked.count(Severity::Error);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"dgpf {}\" tests=\"{}\" failures=\"{failures}\">",
        checked.command.unwrap_or("check"),
        cases.sum::<usize>()
    )?;
    for (file, problems) in &suites {
        suite(file, problems, out)?;
    }
    writeln!(out, "</testsuites>")
}

/// The files that were checked, and those that problems are about beside them.
fn files(checked: &Checked) -> Vec<&Arc<str>> {
    let mut files: Vec<&Arc<str>> = checked.files.iter().collect();
    for place in checked.problems.iter().filter_map(|one| one.places.first()) {
        if !files.contains(&&place.file) {
            files.push(&place.file);
        }
    }
    files
}

fn problems_of<'c>(checked: &'c Checked, file: &Arc<str>) -> Vec<&'c Problem> {
    let about = |problem: &&Problem| {
        problem
            .places
            .first()
            .is_some_and(|place| place.file == *file)
    };
    checked.problems.iter().filter(about).collect()
}

fn suite(file: &str, problems: &[&Problem], out: &mut impl Write) -> io::Result<()> {
    let file = escaped(file);
    let failures = problems.iter();
    let failures = failures.filter(|problem| problem.severity == Severity::Error);
    writeln!(
        out,
        "  <testsuite name=\"{file}\" tests=\"{}\" failures=\"{}\">",
        problems.len().max(1),
        failures.count()
    )?;
    if problems.is_empty() {
        writeln!(
            out,
            "    <testcase classname=\"{file}\" name=\"can be read\"/>"
        )?;
    }
    for problem in problems {
        let code = problem.kind.code();
        let whereabouts = problem.places.first().map_or_else(String::new, whereabouts);
        writeln!(
            out,
            "    <testcase classname=\"{file}\" name=\"{code}{whereabouts}\">"
        )?;
        let text = escaped(&message(problem));
        match problem.severity {
            Severity::Error => {
                writeln!(out, "      <failure type=\"{code}\" message=\"{text}\"/>")?;
            }
            Severity::Warning | Severity::Note => {
                writeln!(
                    out,
                    "      <system-out>{}: {text}</system-out>",
                    problem.severity
                )?;
            }
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

fn whereabouts(place: &Place) -> String {
    let unit = if place.excerpt.is_some() {
        "column"
    } else {
        "cell"
    };
    match (place.line, place.column) {
        (0, _) => String::new(),
        (line, 0) => format!(", line {line}"),
        (line, column) => format!(", line {line}, {unit} {column}"),
    }
}

/// A text as XML takes it: signs of markup as entities, and no control characters, which it has no way to write.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            sign if sign.is_control() || matches!(sign, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('\u{fffd}');
            }
            sign => escaped.push(sign),
        }
    }
    escaped
}
