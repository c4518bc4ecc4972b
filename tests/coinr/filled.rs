//! `impute`: gaps filled, in the raw values.

use super::line::{Comparison, Line};
use super::reference::Reference;
use super::scored::Scored;

/// Table and framework.
const TABLES: [(&str, &str); 7] = [
    ("mean_column", "impute-mean"),
    ("median_column", "impute-median"),
    ("mean_grp_GDP_group", "impute-mean-gdp"),
    ("median_grp_EurAsia_group", "impute-median-eurasia"),
    ("mean_row", "impute-row-mean"),
    ("mean_row_within_pillar", "impute-row-mean-pillar"),
    ("median_row_within_subindex", "impute-row-median-subindex"),
];

pub(crate) fn tables(reference: &Reference) -> Vec<Line> {
    let input = reference.table("input/asem_iData").responses();
    let lines = TABLES.iter().map(|(table, id)| {
        leaves(
            reference,
            &format!("impute/{table}"),
            &Scored::of(id, &input),
            id,
        )
    });
    lines.collect()
}

/// Every indicator's score of every unit.
pub(crate) fn leaves(reference: &Reference, path: &str, scored: &Scored, id: &str) -> Line {
    let table = reference.table(path);
    let columns: Vec<&str> = table.columns[1..].iter().map(String::as_str).collect();
    Comparison::new(path, id)
        .cells(&table, columns, |row, node| {
            scored.score(node, table.text(row, "uCode"))
        })
        .done()
}
