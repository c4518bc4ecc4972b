//! An import as a page: what was recognised, what became of rows and columns, what is not understood.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::problem::Place;
use crate::report::document::{Block, Cell, Column, Document, Row, Table};
use crate::report::import::ImportResult;
use crate::responses::{ColumnTarget, How, Recognition};

use super::scores::{View, counted};

/// The page.
pub fn import(result: &ImportResult) -> Document {
    let name = View::default().text(&result.framework.title);
    let mut document = Document::new(format!("Import: {name}"));
    document.facts = vec![
        format!(
            "framework {} {}",
            result.framework.id, result.framework.version
        ),
        counted(result.files.len(), "file"),
    ];
    let blocks = &mut document.blocks;
    if !result.files.is_empty() {
        blocks.push(Block::Table(files(&result.files)));
        blocks.push(Block::Text(rows(&result.files)));
    }
    columns(result, blocks);
    missing(&result.files, blocks);
    unknown(result, blocks);
    blocks.push(Block::Text(match &result.answered {
        Some(answered) => format!("Read: {}.", answered.sentence()),
        None => "Nothing was read: something above or below has to be put right first.".to_owned(),
    }));
    document
}

fn heading(text: impl Into<String>) -> Block {
    Block::Heading(text.into())
}

fn number(count: usize) -> Cell {
    Cell::text(count.to_string())
}

fn files(files: &[Recognition]) -> Table {
    let columns = vec![
        Column::text("File"),
        Column::text("Written by"),
        Column::text("Encoding, sheet").expendable(2),
        Column::text("Parted by").expendable(1),
        Column::number("Header rows").short("Header").expendable(3),
        Column::text("A row is").expendable(4),
        Column::number("Rows"),
        Column::number("Read"),
    ];
    let rows = files.iter().map(|file| {
        let delimiter = match file.delimiter {
            Some('\t') => "tab".to_owned(),
            Some(sign) => sign.to_string(),
            None => "cells".to_owned(),
        };
        let encoding = match file.encoding {
            Some(encoding) => encoding.to_owned(),
            None => file.sheets.join(", "),
        };
        Row::plain(vec![
            Cell::text(file.file.clone()),
            Cell::text(file.exporter.name()),
            Cell::text(encoding),
            Cell::text(delimiter),
            number(file.header_rows),
            Cell::text(if file.long {
                "an answer"
            } else {
                "a submission"
            }),
            number(file.rows_in),
            number(file.rows_out),
        ])
    });
    Table {
        columns,
        rows: rows.collect(),
    }
}

/// What became of the rows, in a sentence.
fn rows(files: &[Recognition]) -> String {
    let (mut found, mut read) = (0, 0);
    let mut skipped: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files {
        found += file.rows_in;
        read += file.rows_out;
        for (skip, count) in &file.skipped {
            *skipped.entry(skip.reason()).or_insert(0) += count;
        }
    }
    let mut text = format!("{}, {read} of them read", counted(found, "row"));
    for (reason, count) in skipped {
        // Writing to a text cannot fail.
        let _ = write!(text, "; {count} left out: {reason}");
    }
    text.push('.');
    text
}

/// A column by its name, and the files that have it.
struct Known<'r> {
    target: &'r ColumnTarget,
    how: Option<How>,
    personal: bool,
    files: usize,
}

/// Columns of all files by name and what they are, in order of first appearance.
fn by_name(files: &[Recognition]) -> Vec<(&str, Known<'_>)> {
    let mut columns: Vec<(&str, Known<'_>)> = Vec::new();
    let mut at: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for column in files.iter().flat_map(|file| &file.columns) {
        let key = (column.name.as_str(), format!("{:?}", column.target));
        let position = *at.entry(key).or_insert_with(|| {
            let known = Known {
                target: &column.target,
                how: column.how,
                personal: column.personal,
                files: 0,
            };
            columns.push((&column.name, known));
            columns.len() - 1
        });
        columns[position].1.files += 1;
    }
    columns
}

fn columns(result: &ImportResult, blocks: &mut Vec<Block>) {
    let columns = by_name(&result.files);
    let mut ways: BTreeMap<How, usize> = BTreeMap::new();
    let (mut found, mut left) = (Vec::new(), Vec::new());
    let near = result.near_columns();
    for (name, column) in &columns {
        let read = match (column.target, column.how) {
            (ColumnTarget::Read(target), Some(how)) => {
                *ways.entry(how).or_insert(0) += 1;
                if how == How::Code {
                    continue;
                }
                Some((target, how))
            }
            _ => None,
        };
        if let Some((target, how)) = read {
            found.push(Row::plain(vec![
                Cell::text(*name),
                Cell::text(target.clone()),
                Cell::text(by(how)),
            ]));
        } else if !name.is_empty() {
            let why = why_not(column, near.get(name).copied());
            left.push(Row::plain(vec![Cell::text(*name), Cell::text(why)]));
        }
    }
    let counts = ways
        .iter()
        .map(|(how, count)| format!("{count} by {}", by(*how)));
    let counts: Vec<String> = counts.collect();
    if !counts.is_empty() {
        blocks.push(heading("Columns that are read"));
        blocks.push(Block::Text(format!("{}.", counts.join(", "))));
    }
    if !found.is_empty() {
        let columns = ["Column", "Read as", "Found by"].map(Column::text);
        blocks.push(Block::Table(Table {
            columns: columns.into(),
            rows: found,
        }));
    }
    if !left.is_empty() {
        blocks.push(heading("Columns that are not read"));
        blocks.push(Block::Table(Table {
            columns: ["Column", "Why"].map(Column::text).into(),
            rows: left,
        }));
    }
}

/// How a column was found, in words.
pub(in crate::report) fn by(how: How) -> &'static str {
    match how {
        How::Code => "code",
        How::Group => "code behind a group",
        How::ShortName => "code beside the question",
        How::Label => "label",
        How::Mapping => "mapping",
        How::Convention => "what such files are known to hold",
    }
}

fn why_not(column: &Known<'_>, near: Option<&str>) -> String {
    match column.target {
        _ if column.personal => "about a person: neither kept nor shown".to_owned(),
        ColumnTarget::Meta => "about the submission".to_owned(),
        ColumnTarget::Ignored => "left out by the mapping".to_owned(),
        ColumnTarget::Unread | ColumnTarget::Read(_) => match near {
            Some(near) => format!("nothing is called so; did you mean `{near}`?"),
            None => "nothing is called so".to_owned(),
        },
    }
}

/// Indicators that no file has a column for.
fn missing(files: &[Recognition], blocks: &mut Vec<Block>) {
    let Some((first, others)) = files.split_first() else {
        return;
    };
    let nowhere = |code: &&String| others.iter().all(|file| file.missing.contains(code));
    let codes: Vec<&str> = (first.missing.iter().filter(nowhere))
        .map(String::as_str)
        .collect();
    if files.iter().any(|file| file.long) || codes.is_empty() {
        return;
    }
    blocks.push(heading("Indicators without a column"));
    blocks.push(Block::Text(format!(
        "{}: {}.",
        counted(codes.len(), "indicator"),
        codes.join(", ")
    )));
}

fn unknown(result: &ImportResult, blocks: &mut Vec<Block>) {
    let unknown = result.unknown();
    if unknown.is_empty() {
        return;
    }
    blocks.push(heading("Values that are not understood"));
    let rows = unknown.iter().map(|one| {
        Row::plain(vec![
            Cell::text(one.indicator),
            Cell::text(one.text),
            number(one.count),
            Cell::text(one.first.map_or_else(String::new, place)),
            Cell::text(one.near.map_or_else(String::new, |near| format!("{near}?"))),
        ])
    });
    blocks.push(Block::Table(Table {
        columns: vec![
            Column::text("Of"),
            Column::text("Value"),
            Column::number("Times"),
            Column::text("First in"),
            Column::text("Perhaps"),
        ],
        rows: rows.collect(),
    }));
}

fn place(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}
