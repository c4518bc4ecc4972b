//! `agg`: scores of every tier.

use dgpf::framework::NodeIx;

use super::filled::leaves;
use super::line::{Comparison, Line};
use super::reference::{Reference, Table};
use super::scored::Scored;

/// Table, framework, weight set.
const TABLES: [(&str, &str, Option<&str>); 25] = [
    ("amean", "min-max-1-100", None),
    ("gmean", "geometric", None),
    ("hmean", "harmonic", None),
    ("genmean_p2", "power-2", None),
    ("genmean_p0.5", "power-half", None),
    ("genmean_pm1", "power-minus-1", None),
    ("copeland", "copeland", None),
    ("amean_custom_w", "min-max-1-100", Some("custom")),
    ("gmean_custom_w", "geometric", Some("custom")),
    ("hmean_custom_w", "harmonic", Some("custom")),
    ("genmean_p3_custom_w", "power-3", Some("custom")),
    ("copeland_custom_w", "copeland", Some("custom")),
    ("zscore_amean", "z-score", None),
    ("rank_amean", "rank", None),
    ("borda_amean_custom_w", "borda", Some("custom")),
    ("na_amean", "gaps-mean", None),
    ("na_gmean", "gaps-geometric", None),
    ("na_hmean", "gaps-harmonic", None),
    ("na_amean_custom_w", "gaps-mean", Some("custom")),
    // COINr's manual says that a missing part is skipped; its table has no score where one is missing, which is
    // another rule of ours.
    ("na_genmean_p2", "gaps-power-2-whole", None),
    ("na_amean_thresh_2_3", "gaps-two-thirds", None),
    ("na_amean_thresh_0.9", "gaps-nine-tenths", None),
    ("na_amean_thresh_by_level", "gaps-by-tier", None),
    ("na_gmean_thresh_1", "gaps-geometric-whole", None),
    ("na_copeland", "gaps-copeland", None),
];

pub(crate) fn tables(reference: &Reference) -> Vec<Line> {
    let input = reference.table("input/asem_iData").responses();
    let mut lines = vec![weights(reference)];
    for (table, id, set) in TABLES {
        let scored = match set {
            None => Scored::of(id, &input),
            Some(set) => Scored::weighted(id, set, &input),
        };
        let path = format!("agg/{table}");
        lines.push(match table {
            "na_copeland" => complete_groups(reference, &path, &scored, id),
            _ => nodes(reference, &path, &scored, &named(id, set)),
        });
    }
    let scored = Scored::of("gaps-mean", &input);
    lines.push(leaves(
        reference,
        "agg/na_normalised_input",
        &scored,
        "gaps-mean",
    ));
    lines.extend(pairs(reference));
    lines
}

fn named(id: &str, set: Option<&str>) -> String {
    set.map_or_else(|| id.to_owned(), |set| format!("{id}, weights {set}"))
}

/// The scores of every node above the indicators.
pub(crate) fn nodes(reference: &Reference, path: &str, scored: &Scored, id: &str) -> Line {
    let table = reference.table(path);
    let columns: Vec<&str> = table.columns[1..].iter().map(String::as_str).collect();
    Comparison::new(path, id)
        .cells(&table, columns, |row, node| {
            scored.score(node, table.text(row, "uCode"))
        })
        .done()
}

/// The weight set holds the weights of `COINr`'s table.
fn weights(reference: &Reference) -> Line {
    let path = "agg/weights_custom";
    let table = reference.table(path);
    let framework = super::scored::framework("asem");
    let set = &framework.weight_sets[0];
    let below = |row: usize| framework.find(table.text(row, "iCode"));
    let mut comparison = Comparison::exact(path, "asem, weights custom");
    for row in 0..table.rows.len() {
        // The weight of the index counts nowhere.
        if let Some(NodeIx(at)) = below(row).filter(|ix| ix.0 > 0) {
            let code = table.text(row, "iCode");
            let weight = set.weights[at].get();
            comparison.cell(code, Some(weight), table.number(row, "Weight"));
        }
    }
    comparison.done()
}

/// Copeland scores of the pillars that have no gap. In `COINr` an undecided pair is a win for the later row, so that its
/// numbers for the other nodes depend on the order of units; see `differences`.
fn complete_groups(reference: &Reference, path: &str, scored: &Scored, id: &str) -> Line {
    let table = reference.table(path);
    let complete = |node: &&str| {
        let column = scored.column(node);
        column.applicable == column.answered
    };
    let pillars = table.columns[1..].iter().map(String::as_str);
    let pillars: Vec<&str> = pillars.filter(complete).collect();
    assert!(!pillars.is_empty(), "no pillar is complete");
    Comparison::new(path, id)
        .cells(&table, pillars, |row, node| {
            scored.score(node, table.text(row, "uCode"))
        })
        .done()
}

/// The outranking matrix, read from the Borda points that two units give each other: each pair is a period of its own,
/// so that a unit's points are the weight on which it is ahead.
fn pairs(reference: &Reference) -> [Line; 2] {
    let normalised = reference.table("norm/minmax_1_100");
    let units: Vec<String> = normalised.rows.iter().map(|row| row[0].clone()).collect();
    let scored = Scored::of("pairs", &paired(&normalised).responses());
    let total = scored.framework.indicators().count() as f64;
    // COINr's value for row i and column j: the share of weight where i is ahead, and half of the rest.
    let ahead = |i: usize, j: usize| {
        let pair = pair(i, j);
        let [mine, theirs] = [i, j].map(|at| scored.score_in("P2P", &units[at], &pair));
        let (mine, theirs) = (mine?, theirs?);
        Some((mine + (total - mine - theirs) / 2.0) / total)
    };
    let path = "agg/outrank_P2P_matrix";
    let table = reference.table(path);
    let columns: Vec<&str> = units.iter().map(String::as_str).collect();
    let at = |unit: &str| units.iter().position(|own| own == unit);
    let matrix = Comparison::new(path, "pairs")
        .cells(&table, columns, |row, unit| match at(unit) {
            // COINr leaves the diagonal at zero.
            Some(column) if column == row => Some(0.0),
            Some(column) => ahead(row, column),
            None => None,
        })
        .done();
    let count = units.len();
    let dominant = (0..count)
        .flat_map(|i| (0..count).map(move |j| (i, j)))
        .filter(|(i, j)| i != j && ahead(*i, *j).is_some_and(|share| share >= 1.0))
        .count() as f64;
    let path = "agg/outrank_P2P_dominance";
    let table = reference.table(path);
    let mut dominance = Comparison::new(path, "pairs");
    let pairs = (count * (count - 1) / 2) as f64;
    for (column, found) in [("nDominant", dominant), ("fracDominant", dominant / pairs)] {
        dominance.cell(column, Some(found), table.number(0, column));
    }
    [matrix, dominance.done()]
}

/// The name of the pair of two units, in either order.
fn pair(i: usize, j: usize) -> String {
    let (low, high) = (i.min(j), i.max(j));
    (low * 1000 + high).to_string()
}

/// Every unit once for each other one.
fn paired(units: &Table) -> Table {
    let mut columns = units.columns.clone();
    columns.push("Time".to_owned());
    let count = units.rows.len();
    let mut rows = Vec::new();
    for i in 0..count {
        for j in (i + 1)..count {
            for unit in [i, j] {
                let mut row = units.rows[unit].clone();
                row.push(pair(i, j));
                rows.push(row);
            }
        }
    }
    Table { columns, rows }
}
