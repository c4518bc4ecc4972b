//! A second file that describes units: one row a unit, or a unit and period, with columns of attributes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answers::Manner;
use super::attributes::{self, Described, Value};
use super::columns::Role;
use super::findings::Subject;
use super::load::{Input, Options, OwnedInput, breakage};
use super::records::{Broken, Record};
use super::rows::Rows;
use super::table::Table;
use crate::problem::{Place, Problem, ResponsesKind};

/// Reads a file of units; what is wrong with it is added to the findings of `rows` as file `index`.
pub(super) fn describe(
    rows: &mut Rows<'_>,
    index: usize,
    units: &OwnedInput,
    options: &Options,
) -> Option<Described> {
    let name: Arc<str> = Arc::from(units.name.as_str());
    let input = Input {
        name: &units.name,
        bytes: &units.bytes,
    };
    // What the responses need said of them does not hold for this file.
    let plain = Options {
        encoding: options.encoding,
        ..Options::default()
    };
    let table = match Table::open(&input, &plain, rows) {
        Ok(table) => table,
        Err(fault) => {
            rows.findings.add(index, fault.problem(&name));
            return None;
        }
    };
    let Some(unit) = table.layout.unit else {
        let kind = ResponsesKind::NoColumn {
            column: rows.framework().unit.column.clone(),
            what: "who is described",
            near: None,
            header_below: table.header_below,
        };
        let place = Place::new(&name, table.layout.line, 0);
        rows.findings.add(index, Problem::error(kind, place));
        return None;
    };
    let mut described = Described {
        file: Arc::clone(&name),
        units: BTreeMap::new(),
    };
    let file = Units {
        index,
        name,
        table: &table,
        unit,
    };
    if let Err(broken) = read(rows, &file, &mut described) {
        rows.findings.add(index, breakage(broken, &file.name));
        return None;
    }
    Some(described)
}

struct Units<'t, 'b> {
    index: usize,
    name: Arc<str>,
    table: &'t Table<'b>,
    unit: usize,
}

fn read(
    rows: &mut Rows<'_>,
    file: &Units<'_, '_>,
    described: &mut Described,
) -> Result<(), Broken> {
    let mut lines: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    let mut records = file.table.answers()?;
    while let Some(record) = records.next()? {
        let id = file.table.key_text(record.cell(file.unit));
        if id.is_empty() {
            continue;
        }
        // Where no period is said, it is any.
        let period = file.table.layout.period.map(|column| record.cell(column));
        let period = period.map(|cell| file.table.key_text(cell).to_owned());
        let period = period.filter(|period| !period.is_empty());
        let key = (id.to_owned(), period);
        if let Some(&line) = lines.get(&key) {
            let kind = ResponsesKind::DuplicateRow {
                row: format!("`{}`", super::spelling::shown(id)),
                rows: 2,
            };
            let place = |line| Place::new(&file.name, line, 0);
            let problem = Problem::error(kind, place(line)).and(place(record.line));
            rows.findings.add(file.index, problem);
            continue;
        }
        lines.insert(key.clone(), record.line);
        let values = values(rows, file, &record);
        described.units.insert(key, values);
    }
    Ok(())
}

/// What a row says of every attribute.
fn values(rows: &mut Rows<'_>, file: &Units<'_, '_>, record: &Record<'_>) -> Vec<Option<Value>> {
    let manner = Manner {
        decimal_comma: file.table.source.decimal_comma(),
        ..Manner::default()
    };
    let framework = rows.framework();
    let mut values = vec![None; framework.attributes.len()];
    for (column, &role) in file.table.layout.roles.iter().enumerate() {
        let Role::Attribute(at) = role else { continue };
        let attribute = &framework.attributes[at];
        match attributes::read(attribute, record.cell(column), manner) {
            Ok(None) => {}
            Ok(Some((value, decimal))) => {
                values[at] = Some(value);
                if let Some(decimal) = decimal {
                    let place = || Place::new(&file.name, record.line_of(column), column + 1);
                    rows.sign((file.index, decimal), record.cell(column), true, place);
                }
            }
            Err(kind) => {
                let subject = Subject {
                    file: file.index,
                    column,
                    text: record.cell(column),
                };
                let place = Place::new(&file.name, record.line_of(column), column + 1);
                rows.findings
                    .cell(subject, &attribute.column, place, || kind);
            }
        }
    }
    values
}
