//! A result as a Data Package (version 2): four tables and one with facets, and a descriptor that says what every column
//! means, how tables refer to each other, and the hash of every file.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::framework::{Range, Text};

use super::File;
use super::csv::{guarded, write_facets, write_tidy};
use super::json::write_pretty;
use super::number::shortest;
use super::present::View;
use super::result::ScoreResult;
use super::words::civil;

/// A column of a table.
struct Field {
    name: String,
    kind: &'static str,
    description: &'static str,
    required: bool,
}

struct Table {
    name: &'static str,
    title: &'static str,
    fields: Vec<Field>,
    key: Vec<&'static str>,
    /// Own columns, and the table and columns that they refer to.
    refers: Vec<(Vec<&'static str>, &'static str)>,
    bytes: Vec<u8>,
}

/// `datapackage.json` and its tables.
pub(super) fn files(result: &ScoreResult, view: View<'_>) -> Vec<File> {
    let mut tables = vec![scores(result), units(result), nodes(result, view)];
    tables.extend(levels(result, view));
    tables.extend(facets(result));
    let mut files = vec![File {
        name: "datapackage.json".to_owned(),
        bytes: descriptor(result, view, &tables).into_bytes(),
    }];
    files.extend(tables.into_iter().map(|table| File {
        name: format!("{}.csv", table.name),
        bytes: table.bytes,
    }));
    files
}

fn descriptor(result: &ScoreResult, view: View<'_>, tables: &[Table]) -> String {
    let facts = &result.about.framework;
    let text = |text: &Text| text.in_language(view.language).to_owned();
    let mut package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": slug(&facts.id),
        "title": text(&facts.title),
        "version": facts.version,
    });
    let mut set = |key: &str, value: Value| package[key] = value;
    if let Some(note) = &facts.note {
        set("description", json!(text(note)));
    }
    if let Some(licence) = &facts.licence {
        set("licenses", json!([{ "name": licence }]));
    }
    if !facts.source.is_empty() {
        let sources = facts.source.iter();
        let sources: Vec<Value> = sources
            .map(|source| {
                if source.starts_with("https://") || source.starts_with("http://") {
                    json!({ "title": source, "path": source })
                } else {
                    json!({ "title": source })
                }
            })
            .collect();
        set("sources", json!(sources));
    }
    if let Some(seconds) = view.made_at {
        set("created", json!(moment(seconds)));
    }
    let periods = result.has_periods();
    set(
        "resources",
        tables
            .iter()
            .map(|table| resource(table, periods))
            .collect(),
    );
    // How the numbers were made, so that they can be made again.
    let mut made = json!({
        "tool": result.about.tool,
        "framework": { "id": facts.id, "edition": facts.edition, "version": facts.version, "sha256": facts.sha256 },
        "responses": { "sha256": result.about.responses_sha256 },
        "options": result.about.options.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
    });
    if let Some(hash) = &result.about.cohort_sha256 {
        made["stats"] = json!({ "sha256": hash });
    }
    set("dgpf", made);
    let written = table_of(|out| write_pretty(&package, out));
    String::from_utf8(written).unwrap_or_default()
}

fn resource(table: &Table, periods: bool) -> Value {
    // A column of periods that is empty is part of no key.
    let key = |columns: &[&str]| -> Vec<String> {
        let kept = columns.iter();
        kept.filter(|column| periods || **column != "period")
            .map(|column| (*column).to_owned())
            .collect()
    };
    let fields: Vec<Value> = table
        .fields
        .iter()
        .map(|field| {
            let mut value = json!({
                "name": field.name,
                "type": field.kind,
                "description": field.description,
            });
            if field.required && (periods || field.name != "period") {
                value["constraints"] = json!({ "required": true });
            }
            value
        })
        .collect();
    let mut schema = json!({
        "fields": fields,
        "missingValues": [""],
        "primaryKey": key(&table.key),
    });
    if !table.refers.is_empty() {
        let refers = table.refers.iter().map(|(columns, to)| {
            let there: Vec<String> = match *to {
                "nodes" => vec!["node".to_owned()],
                _ => key(columns),
            };
            json!({
                "fields": key(columns),
                "reference": { "resource": to, "fields": there },
            })
        });
        schema["foreignKeys"] = refers.collect();
    }
    json!({
        "name": table.name,
        "type": "table",
        "title": table.title,
        "path": format!("{}.csv", table.name),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.bytes.len(),
        "hash": format!("sha256:{}", hex(&table.bytes)),
        "schema": schema,
    })
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}"); // a string takes everything
    }
    text
}

/// RFC 3339, in UTC.
fn moment(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// A package's name: small letters, digits, `.`, `_` and `-`.
fn slug(id: &str) -> String {
    id.to_lowercase()
        .chars()
        .map(|letter| match letter {
            'a'..='z' | '0'..='9' | '.' | '_' | '-' => letter,
            _ => '-',
        })
        .collect()
}

fn field(name: &str, kind: &'static str, description: &'static str) -> Field {
    Field {
        name: name.to_owned(),
        kind,
        description,
        required: false,
    }
}

fn key(name: &str, description: &'static str) -> Field {
    Field {
        required: true,
        ..field(name, "string", description)
    }
}

const UNIT: &str = "Who is scored: the id in the responses";
const PERIOD: &str = "When; empty where the framework has no periods";

fn table_of(write: impl Fn(&mut Vec<u8>) -> std::io::Result<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A vector takes everything.
    let _ = write(&mut bytes);
    bytes
}

fn rows(header: &[String], rows: &[Vec<String>]) -> Vec<u8> {
    table_of(|out| {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(header)?;
        for row in rows {
            csv.write_record(row.iter().map(|cell| guarded(cell).into_owned()))?;
        }
        csv.flush()
    })
}

fn header_of(fields: &[Field]) -> Vec<String> {
    fields.iter().map(|field| field.name.clone()).collect()
}

fn scores(result: &ScoreResult) -> Table {
    let score = match result.about.framework.range {
        Range::Between { .. } => {
            "On the framework's range, in full precision; empty: there is none"
        }
        Range::Unbounded => "In full precision; empty: there is none",
    };
    Table {
        name: "scores",
        title: "A row for every score",
        fields: vec![
            key("unit", UNIT),
            key("period", PERIOD),
            key(
                "node",
                "What is scored: the index, a dimension, a pillar or an indicator",
            ),
            field("tier", "string", "index, dimension, pillar or indicator"),
            field("score", "number", score),
            field(
                "coverage",
                "number",
                "Share of the weight that was answered, from 0 to 1",
            ),
            field(
                "low",
                "number",
                "The lowest score that the missing answers could still give",
            ),
            field(
                "high",
                "number",
                "The highest score that the missing answers could still give",
            ),
            field("level", "string", "Id of the maturity level"),
            field("rank", "number", "1 is best; equal scores may share a rank"),
        ],
        key: vec!["unit", "period", "node"],
        refers: vec![(vec!["unit", "period"], "units"), (vec!["node"], "nodes")],
        bytes: table_of(|out| write_tidy(result, out)),
    }
}

fn units(result: &ScoreResult) -> Table {
    let attributes = &result.about.attributes;
    let mut fields = vec![
        key("unit", UNIT),
        key("period", PERIOD),
        field("name", "string", "What the unit is called"),
        field(
            "ranked",
            "boolean",
            "Whether it is among those that are ranked",
        ),
    ];
    let fixed: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    // An attribute may be called like one of the columns before it.
    let names: Vec<String> = attributes
        .iter()
        .map(|name| {
            if fixed.contains(name) {
                format!("attribute_{name}")
            } else {
                name.clone()
            }
        })
        .collect();
    fields.extend(
        names
            .iter()
            .map(|name| field(name, "string", "An attribute of the unit, as it was given")),
    );
    let header = header_of(&fields);
    let lines = result.scores.observations.iter().map(|observation| {
        let mut cells = vec![
            observation.unit.to_string(),
            result.scores.periods[observation.period].clone(),
            observation.name.to_string(),
            observation.ranked.to_string(),
        ];
        cells.extend(observation.attributes.iter().map(ToString::to_string));
        cells
    });
    Table {
        name: "units",
        title: "A row for every unit and period",
        bytes: rows(&header, &lines.collect::<Vec<_>>()),
        fields,
        key: vec!["unit", "period"],
        refers: Vec::new(),
    }
}

fn nodes(result: &ScoreResult, view: View<'_>) -> Table {
    let about = &result.about;
    let shares = about.shares();
    let fields = vec![
        key("node", "Its id"),
        field("title", "string", "What it is called"),
        field("tier", "string", "index, dimension, pillar or indicator"),
        field(
            "parent",
            "string",
            "The node that holds it; empty: the index itself",
        ),
        field("weight", "number", "How much it counts among its siblings"),
        field(
            "share",
            "number",
            "What it carries of the index, from 0 to 1",
        ),
        field(
            "scored",
            "boolean",
            "false: stored and shown, never counted",
        ),
    ];
    let lines = about.nodes.iter().zip(shares).map(|(facts, share)| {
        let parent = facts.parent.map(|parent| about.nodes[parent.0].id.clone());
        vec![
            facts.id.clone(),
            facts.title.in_language(view.language).to_owned(),
            facts.tier.word().to_owned(),
            parent.unwrap_or_default(),
            shortest(facts.weight),
            shortest(share),
            facts.scored.to_string(),
        ]
    });
    Table {
        name: "nodes",
        title: "What is measured, in the framework's order",
        bytes: rows(&header_of(&fields), &lines.collect::<Vec<_>>()),
        fields,
        key: vec!["node"],
        refers: vec![(vec!["parent"], "nodes")],
    }
}

fn levels(result: &ScoreResult, view: View<'_>) -> Option<Table> {
    let about = &result.about;
    let lines: Vec<Vec<String>> = about
        .nodes
        .iter()
        .filter_map(|facts| Some((facts, about.levels.get(facts.levels?)?)))
        .flat_map(|(facts, levels)| {
            levels.iter().enumerate().map(|(at, level)| {
                vec![
                    facts.id.clone(),
                    level.id.clone(),
                    (at + 1).to_string(),
                    level.title.in_language(view.language).to_owned(),
                    shortest(level.from),
                ]
            })
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    let fields = vec![
        key("node", "Whose levels they are"),
        key("level", "Its id"),
        field("position", "integer", "1 is the lowest"),
        field("title", "string", "What it is called"),
        field(
            "from",
            "number",
            "Its lower cut-off, as a share from 0 to 1",
        ),
    ];
    Some(Table {
        name: "levels",
        title: "Maturity levels",
        bytes: rows(&header_of(&fields), &lines),
        fields,
        key: vec!["node", "level"],
        refers: vec![(vec!["node"], "nodes")],
    })
}

fn facets(result: &ScoreResult) -> Option<Table> {
    if result.about.facets.is_empty() {
        return None;
    }
    let fields = vec![
        key("unit", UNIT),
        key("period", PERIOD),
        key(
            "facet",
            "Id of the facet: a second grouping over the same indicators",
        ),
        field(
            "within",
            "string",
            "The dimension; empty: over the whole index",
        ),
        field("score", "number", "Empty: there is none"),
        field(
            "coverage",
            "number",
            "Share of the weight that was answered, from 0 to 1",
        ),
        field(
            "weight",
            "number",
            "Share of the index's weight, from 0 to 1",
        ),
    ];
    Some(Table {
        name: "facets",
        title: "A row for every facet's score",
        fields,
        // The whole index is an empty cell, which no key may hold.
        key: Vec::new(),
        refers: vec![(vec!["unit", "period"], "units")],
        bytes: table_of(|out| write_facets(result, out)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn every_file_is_described_with_its_hash_and_every_column_by_name() {
        let view = View {
            made_at: Some(951_782_400),
            ..View::default()
        };
        let files = files(&fixture::result(), view);
        let listed: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(
            listed,
            [
                "datapackage.json",
                "scores.csv",
                "units.csv",
                "nodes.csv",
                "levels.csv",
                "facets.csv"
            ]
        );
        let package: Value = serde_json::from_slice(&files[0].bytes).expect("it is JSON");
        assert_eq!(package["created"], "2000-02-29T00:00:00Z");
        assert_eq!(package["licenses"][0]["name"], "CC-BY-4.0");
        for (file, resource) in files[1..]
            .iter()
            .zip(package["resources"].as_array().expect("a list"))
        {
            assert_eq!(resource["path"], file.name);
            assert_eq!(resource["bytes"], file.bytes.len());
            assert_eq!(resource["hash"], format!("sha256:{}", hex(&file.bytes)));
            let text = String::from_utf8(file.bytes.clone()).expect("it is text");
            let fields = resource["schema"]["fields"].as_array().expect("a list");
            let named: Vec<&str> = fields
                .iter()
                .filter_map(|field| field["name"].as_str())
                .collect();
            assert_eq!(text.lines().next(), Some(named.join(",").as_str()));
        }
    }

    #[test]
    fn without_periods_none_is_part_of_a_key() {
        let mut result = fixture::result();
        result.scores.periods = vec![String::new()];
        let files = files(&result, View::default());
        let package: Value = serde_json::from_slice(&files[0].bytes).expect("it is JSON");
        assert_eq!(
            package["resources"][0]["schema"]["primaryKey"],
            json!(["unit", "node"])
        );
        assert_eq!(
            package["resources"][0]["schema"]["foreignKeys"][0]["reference"]["fields"],
            json!(["unit"])
        );
        assert!(package.get("created").is_none());
    }
}
