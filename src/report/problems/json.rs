//! Problems as JSON.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Checked, Columns};
use crate::problem::{Place, Problem, Severity};
use crate::report::json::write_pretty;

pub(super) fn write(checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    let problems = checked.problems.iter();
    let value = json!({
        "schema_version": "1.0",
        "tool": {"name": "dgpf", "version": env!("CARGO_PKG_VERSION")},
        "files": checked.files.iter().map(|file| &**file).collect::<Vec<_>>(),
        "errors": checked.count(Severity::Error),
        "warnings": checked.count(Severity::Warning),
        "notes": checked.count(Severity::Note),
        "problems": problems.map(|one| problem(checked, one)).collect::<Vec<_>>(),
        "summaries": checked.summaries,
    });
    write_pretty(&value, out)
}

/// One problem with all that is known of it.
pub(in crate::report) fn problem(checked: &Checked, problem: &Problem) -> Value {
    let places = problem.places.iter().map(|one| place(checked, one));
    json!({
        "severity": problem.severity.to_string(),
        "code": problem.kind.code(),
        "message": problem.kind.to_string(),
        "help": problem.kind.help(),
        "count": problem.count,
        "places": places.collect::<Vec<_>>(),
    })
}

/// `column` counts characters, `cell` the cells of a row.
fn place(checked: &Checked, place: &Place) -> Value {
    let mut value = json!({"file": &*place.file});
    let Some(region) = checked.region(place) else {
        return value;
    };
    value["line"] = json!(region.line);
    if let Some(Columns {
        start,
        end_line,
        end,
    }) = region.columns
    {
        value["column"] = json!(start);
        value["end_line"] = json!(end_line);
        value["end_column"] = json!(end);
    }
    if place.excerpt.is_none() && place.column > 0 {
        value["cell"] = json!(place.column);
    }
    value
}
