//! `panel`: several periods, filled from each other and on one scale.

use super::line::{Comparison, Line};
use super::reference::{Reference, Table, number};
use super::scored::Scored;

/// Table and framework.
const FILLED: [(&str, &str); 4] = [
    ("impute_latest", "series-latest"),
    ("impute_latest_max1", "series-latest-year"),
    ("impute_linear_constant", "series-linear"),
    ("impute_constant", "series-constant"),
];

pub(crate) fn tables(reference: &Reference) -> Vec<Line> {
    let gaps = reference.table("panel/gaps_input");
    let untouched = Scored::of("series", &gaps.responses());
    let mut lines = vec![cells(reference, "panel/gaps_input", &untouched, "series")];
    for (table, id) in FILLED {
        let filled = Scored::of(id, &gaps.responses());
        lines.push(cells(reference, &format!("panel/{table}"), &filled, id));
    }
    lines.push(years(reference, &gaps));
    let input = reference.table("input/asem_iData_p").responses();
    let panel = Scored::of("panel", &input);
    for table in ["normalised_global", "aggregated"] {
        lines.push(cells(reference, &format!("panel/{table}"), &panel, "panel"));
    }
    lines.push(trend(reference, &panel));
    lines
}

/// The score of every node that the table names, in every year.
fn cells(reference: &Reference, path: &str, scored: &Scored, id: &str) -> Line {
    let table = reference.table(path);
    let columns = table.columns.iter().map(String::as_str);
    let columns: Vec<&str> = columns
        .filter(|column| !matches!(*column, "uCode" | "Time"))
        .collect();
    Comparison::new(path, id)
        .cells(&table, columns, |row, node| {
            scored.score_in(node, table.text(row, "uCode"), table.text(row, "Time"))
        })
        .done()
}

/// From which year each gap was filled: the same series with the year in the place of every number.
fn years(reference: &Reference, gaps: &Table) -> Line {
    let nodes = gaps.columns.clone().into_iter();
    let nodes = nodes.filter(|column| !matches!(column.as_str(), "uCode" | "Time"));
    let dated = nodes.fold(gaps.clone(), |table, node| {
        table.with(&node, |row| match number(&row[&node]) {
            Some(_) => row["Time"].clone(),
            None => String::new(),
        })
    });
    let filled = Scored::of("series-latest", &dated.responses());
    let path = "panel/impute_latest_year_used";
    cells(reference, path, &filled, "series-latest")
}

/// Change of the index per year in percent of the fitted first value.
fn trend(reference: &Reference, panel: &Scored) -> Line {
    let path = "panel/prc_change_index";
    let table = reference.table(path);
    let years: Vec<f64> = panel
        .table
        .periods
        .iter()
        .map(|year| year.parse().expect("periods are years"))
        .collect();
    Comparison::new(path, "panel")
        .cells(&table, ["prc_change"], |row, _| {
            let unit = table.text(row, "uCode");
            let scores: Vec<f64> = panel
                .table
                .periods
                .iter()
                .filter_map(|year| panel.score_in("Index", unit, year))
                .collect();
            assert_eq!(
                scores.len(),
                years.len(),
                "{unit} has a score in every year"
            );
            let count = years.len() as f64;
            let (x, y) = (
                years.iter().sum::<f64>() / count,
                scores.iter().sum::<f64>() / count,
            );
            let pairs = || years.iter().zip(&scores);
            let together: f64 = pairs().map(|(year, score)| (year - x) * (score - y)).sum();
            let alone: f64 = years.iter().map(|year| (year - x) * (year - x)).sum();
            let slope = together / alone;
            Some(slope / (y + slope * (years[0] - x)) * 100.0)
        })
        .done()
}
