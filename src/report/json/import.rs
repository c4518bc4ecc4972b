//! An import as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use crate::report::import::ImportResult;
use crate::report::present::how;
use crate::report::problems::{Checked, json_of};
use crate::responses::{ColumnTarget, RecognisedColumn, Recognition};

use super::shown::write_pretty;

/// Writes what was made of files of responses.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_import(result: &ImportResult, out: &mut impl Write) -> io::Result<()> {
    let checked = Checked::default();
    let unknown = result.unknown().into_iter().map(|one| {
        json!({
            "of": one.indicator,
            "text": one.text,
            "count": one.count,
            "first": one.first.map(|place| json!({"file": &*place.file, "line": place.line, "cell": place.column})),
            "near": one.near,
        })
    });
    let answered = result.answered.as_ref().map(|answered| {
        json!({
            "units": answered.units,
            "periods": answered.periods,
            "given": answered.given,
            "missing": answered.missing,
            "not_applicable": answered.not_applicable,
            "evidence": {"required": answered.evidence.required, "given": answered.evidence.given},
        })
    });
    let problems = result
        .problems
        .iter()
        .map(|problem| json_of(&checked, problem));
    let value = json!({
        "schema_version": "1.0",
        "tool": {"name": "dgpf", "version": env!("CARGO_PKG_VERSION")},
        "framework": {
            "id": result.framework.id,
            "version": result.framework.version,
            "sha256": result.framework.sha256,
        },
        "files": result.files.iter().map(file).collect::<Vec<_>>(),
        "unknown": unknown.collect::<Vec<_>>(),
        "problems": problems.collect::<Vec<_>>(),
        "answered": answered,
    });
    write_pretty(&value, out)
}

fn file(file: &Recognition) -> Value {
    let skipped: BTreeMap<&str, usize> = file
        .skipped
        .iter()
        .map(|(skip, count)| (skip.reason(), *count))
        .collect();
    json!({
        "file": file.file,
        "exporter": file.exporter.name(),
        "encoding": file.encoding,
        "delimiter": file.delimiter.map(String::from),
        "sheets": file.sheets,
        "header_rows": file.header_rows,
        "long": file.long,
        "rows_in": file.rows_in,
        "rows_out": file.rows_out,
        "skipped": skipped,
        "columns": file.columns.iter().map(column).collect::<Vec<_>>(),
        "missing": file.missing,
    })
}

fn column(column: &RecognisedColumn) -> Value {
    let (what, read_as) = match &column.target {
        ColumnTarget::Read(target) => ("read", Some(target)),
        ColumnTarget::Meta => ("submission", None),
        ColumnTarget::Ignored => ("ignored", None),
        ColumnTarget::Unread => ("unread", None),
    };
    json!({
        "name": column.name,
        "is": what,
        "read_as": read_as,
        "found_by": column.how.filter(|_| read_as.is_some()).map(how),
        "personal": column.personal,
    })
}
