//! Problems as workflow commands: GitHub shows them beside the lines, ten of a kind at most, so that the tenth says how many
//! more there are.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Checked, message};
use crate::problem::{Problem, Severity};
use crate::report::terminal::escaped;

/// Annotations of a kind.
const MOST: usize = 9;

pub(super) fn write(checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_kind: Vec<&Problem> = (checked.problems.iter())
            .filter(|problem| problem.severity == severity)
            .collect();
        let command = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        for problem in of_kind.iter().take(MOST) {
            writeln!(out, "{}", annotation(checked, problem, command))?;
        }
        let more = of_kind.len().saturating_sub(MOST);
        if more > 0 {
            let plural = if more == 1 { " is" } else { "s are" };
            writeln!(
                out,
                "::{command}::{more} more {severity}{plural} not shown here: the log and the other formats have them all"
            )?;
        }
    }
    let mut summary = checked.totals();
    for sentence in &checked.summaries {
        summary.push_str("; ");
        summary.push_str(sentence);
    }
    writeln!(out, "{}", harmless(&summary))
}

fn annotation(checked: &Checked, problem: &Problem, command: &str) -> String {
    let mut text = format!("::{command} ");
    if let Some(place) = problem.places.first() {
        // Writing to a text cannot fail.
        let _ = write!(text, "file={},", property(&place.file));
        if let Some(region) = checked.region(place) {
            let _ = write!(text, "line={},", region.line);
            match region.columns {
                Some(columns) if columns.end_line == region.line => {
                    let (start, end) = (columns.start, columns.end);
                    let _ = write!(text, "col={start},endColumn={end},");
                }
                // Columns are not understood where an annotation goes over several lines.
                Some(columns) => {
                    let _ = write!(text, "endLine={},", columns.end_line);
                }
                None => {}
            }
        }
    }
    let _ = write!(
        text,
        "title={}::{}",
        property(problem.kind.code()),
        data(&message(problem))
    );
    text
}

/// A text after the second `::`.
fn data(text: &str) -> String {
    let text = text
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A");
    escaped(&text).into_owned()
}

/// A text before it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A line of the log that is no command, whatever it holds.
fn harmless(line: &str) -> String {
    let line = line.replace(['\r', '\n'], " ");
    let line = escaped(&line).into_owned();
    if line.trim_start().starts_with("::") {
        format!("> {line}")
    } else {
        line
    }
}
