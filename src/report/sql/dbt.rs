//! A query as a dbt model: the model, a schema file that describes its columns, and a singular test for every check.

use std::fmt::Write as _;

use super::names::comment;
use super::{Check, Options, Query};

/// A file of a dbt project: where it goes, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Below the project's directory, parted by `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What stands for the table in dbt: a source where a schema is named, else another model.
///
/// # Errors
/// A name that cannot stand in a template.
pub fn reference(table: &[String]) -> Result<String, String> {
    let plain = |part: &String| {
        part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !part.is_empty()
    };
    match table {
        [only] if plain(only) => Ok(format!("{{{{ ref('{only}') }}}}")),
        [schema, name] if plain(schema) && plain(name) => {
            Ok(format!("{{{{ source('{schema}', '{name}') }}}}"))
        }
        _ => Err(format!(
            "`{}` cannot stand in a dbt model: a name of letters, digits and `_`, or two of them parted by a point",
            table.join(".")
        )),
    }
}

/// The files of the model `name`.
pub fn files(
    name: &str,
    title: &str,
    options: &Options,
    query: &Query,
    checks: &[Check],
) -> Vec<File> {
    let mut files = vec![
        File {
            path: format!("models/{name}.sql"),
            text: format!("{{{{ config(materialized='table') }}}}\n{}", query.text),
        },
        File {
            path: format!("models/{name}.yml"),
            text: schema(name, title, options, query),
        },
    ];
    files.extend(checks.iter().map(|check| File {
        path: format!("tests/{name}_{}.sql", check.id),
        text: check.text.clone(),
    }));
    files
}

fn schema(name: &str, title: &str, options: &Options, query: &Query) -> String {
    let mut out = format!(
        "version: 2\nmodels:\n  - name: {name}\n    description: {}\n    columns:\n",
        quoted(title)
    );
    for (column, about, values) in &query.columns {
        let _ = write!(
            out,
            "      - name: {}\n        description: {}\n",
            quoted_name(column),
            quoted(about)
        );
        let is_key = *column == options.unit || Some(column) == options.period.as_ref();
        if is_key {
            out.push_str("        data_tests: [not_null]\n");
        }
        if !values.is_empty() {
            let values: Vec<String> = values.iter().map(|value| quoted_name(value)).collect();
            let _ = write!(
                out,
                "        data_tests:\n          - accepted_values:\n              values: [{}]\n",
                values.join(", ")
            );
        }
    }
    out
}

/// A text of YAML that no template reads.
fn quoted(text: &str) -> String {
    quoted_name(&comment(text))
}

/// The same of a name, whose letters must stay.
fn quoted_name(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
