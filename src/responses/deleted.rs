//! SDMX-CSV: observations that a later row says are to be deleted.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::duplicates::Dropped;
use super::export::Skip;
use super::records::Record;
use super::spelling::fold;
use super::table::Table;

/// What rows delete: by the dimensions that they fill in, what stands there, and where it was deleted last. A dimension that is
/// left empty is any.
type Deletions = BTreeMap<Vec<String>, HashMap<Vec<String>, (usize, usize)>>;

/// Observations that a row below them, or in a later file, deletes.
pub(super) fn deleted(tables: &[(usize, Arc<str>, Table<'_>)]) -> Dropped {
    let mut dropped = Dropped::new();
    let mut deletions = Deletions::new();
    each(tables, |place, (table, columns), record| {
        if table.skips(record) == Some(Skip::Deleted) {
            let (mut names, mut texts) = (Vec::new(), Vec::new());
            for (name, &column) in columns {
                let text = table.key_text(record.cell(column));
                if !text.is_empty() {
                    names.push(name.clone());
                    texts.push(text.to_owned());
                }
            }
            deletions.entry(names).or_default().insert(texts, place);
        }
    });
    if deletions.is_empty() {
        return dropped;
    }
    each(tables, |place, (table, columns), record| {
        let is_deleted = deletions.iter().any(|(names, at)| {
            let text = |name| Some(table.key_text(record.cell(*columns.get(name)?)).to_owned());
            let texts: Option<Vec<String>> = names.iter().map(text).collect();
            let last = texts.and_then(|texts| at.get(&texts));
            last.is_some_and(|last| place < *last)
        });
        if is_deleted && table.skips(record).is_none() {
            dropped.insert(place, Skip::Withdrawn);
        }
    });
    dropped
}

/// Goes through the records of files that may delete some, with file and line of each, and the columns of its dimensions.
fn each<'t>(
    tables: &'t [(usize, Arc<str>, Table<'_>)],
    mut with: impl FnMut((usize, usize), (&'t Table<'_>, &BTreeMap<String, usize>), &Record<'_>),
) {
    let deletes = |table: &Table<'_>| {
        let mut rules = table.export.rules.iter();
        rules.any(|rule| rule.reason == Skip::Deleted)
    };
    if !tables.iter().any(|(_, _, table)| deletes(table)) {
        return;
    }
    for (file, _, table) in tables {
        let columns = dimensions(table);
        let Ok(mut records) = table.answers() else {
            continue;
        };
        // What is broken is reported when the rows are read.
        while let Ok(Some(record)) = records.next() {
            if !record.is_blank() {
                with((*file, record.line), (table, &columns), &record);
            }
        }
    }
}

/// The columns that tell observations apart, by name.
fn dimensions(table: &Table<'_>) -> BTreeMap<String, usize> {
    let layout = &table.layout;
    let keys = [
        layout.unit,
        layout.period,
        layout.long.map(|long| long.indicator),
    ];
    let keys = keys.iter().chain(&layout.keys).copied().flatten();
    let all = keys.chain(table.export.dimensions.iter().copied());
    all.map(|column| (fold(&layout.headings[column].name).into_owned(), column))
        .collect()
}
