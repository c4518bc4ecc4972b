//! How indicators go together, as CSV: one table a file, in full precision.

use std::io::{self, Write};

use crate::analysis::coherence::{Coherence, Correlation, Pair};
use crate::framework::NodeIx;
use crate::report::coherence::CoherenceResult;
use crate::report::number::shortest;

use super::number;

/// The tables that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoherenceTable {
    /// A row for every indicator: what was answered.
    Indicators,
    /// A row for every node that counts: with its parent and with the index.
    Links,
    /// A row for every pair of parts of one node.
    Pairs,
    /// A row for every two nodes that count.
    Matrix,
    /// A row for every node and part: alpha, and without the part.
    Alpha,
    /// A row for every node, component and part.
    Components,
    /// A row for every node and part: weight and importance.
    Importance,
    /// A row for every indicator that several assessed.
    Agreement,
}

/// Writes one table.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_coherence(
    result: &CoherenceResult,
    table: CoherenceTable,
    out: &mut impl Write,
) -> io::Result<()> {
    let found = &result.found;
    let id = |node: NodeIx| result.about.nodes[node.0].id.clone();
    let rows = match table {
        CoherenceTable::Indicators => indicators(found, &id),
        CoherenceTable::Links => links(found, &id),
        CoherenceTable::Pairs => pairs(&found.pairs, &id),
        CoherenceTable::Matrix => pairs(&result.matrix, &id),
        CoherenceTable::Alpha => alpha(found, &id),
        CoherenceTable::Components => components(found, &id),
        CoherenceTable::Importance => importance(found, &id),
        CoherenceTable::Agreement => agreement(found, &id),
    };
    let mut csv = csv::Writer::from_writer(out);
    for row in rows {
        csv.write_record(row)?;
    }
    csv.flush()
}

type Rows = Vec<Vec<String>>;

fn header(names: &[&str]) -> Rows {
    vec![names.iter().map(|name| (*name).to_owned()).collect()]
}

fn indicators(found: &Coherence, id: &dyn Fn(NodeIx) -> String) -> Rows {
    let mut rows = header(&[
        "indicator",
        "applicable",
        "answered",
        "coverage",
        "mean",
        "median",
        "sd",
        "skewness",
        "kurtosis",
        "min",
        "max",
        "distinct",
        "nonzero",
        "most_frequent",
        "floor",
        "ceiling",
    ]);
    rows.extend(found.indicators.iter().map(|found| {
        vec![
            id(found.node),
            found.applicable.to_string(),
            found.answered.to_string(),
            number(found.coverage()),
            number(found.mean),
            number(found.median),
            number(found.sd),
            number(found.skewness),
            number(found.kurtosis),
            number(found.min),
            number(found.max),
            found.distinct.to_string(),
            found.nonzero.to_string(),
            found.most_frequent.to_string(),
            number(found.floor),
            number(found.ceiling),
        ]
    }));
    rows
}

fn three(correlation: &Correlation) -> [String; 3] {
    [
        correlation.pearson,
        correlation.spearman,
        correlation.kendall,
    ]
    .map(number)
}

fn links(found: &Coherence, id: &dyn Fn(NodeIx) -> String) -> Rows {
    let mut rows = header(&[
        "node",
        "parent",
        "units",
        "pearson",
        "spearman",
        "kendall",
        "index_pearson",
        "index_spearman",
        "index_kendall",
        "fits_better",
        "fits_better_pearson",
    ]);
    rows.extend(found.links.iter().map(|link| {
        let mut row = vec![
            id(link.node),
            id(link.parent),
            link.with_parent.count.to_string(),
        ];
        row.extend(three(&link.with_parent));
        row.extend(three(&link.with_index));
        row.push(
            link.fits_better
                .map_or_else(String::new, |(home, _)| id(home)),
        );
        row.push(number(link.fits_better.map(|(_, found)| found)));
        row
    }));
    rows
}

fn pairs(found: &[Pair], id: &dyn Fn(NodeIx) -> String) -> Rows {
    let mut rows = header(&[
        "parent", "one", "other", "units", "pearson", "spearman", "kendall",
    ]);
    rows.extend(found.iter().map(|pair| {
        let mut row = vec![id(pair.parent), id(pair.one), id(pair.other)];
        row.push(pair.correlation.count.to_string());
        row.extend(three(&pair.correlation));
        row
    }));
    rows
}

fn alpha(found: &Coherence, id: &dyn Fn(NodeIx) -> String) -> Rows {
    let mut rows = header(&["node", "alpha", "standardised", "part", "without_part"]);
    for group in &found.nodes {
        for (at, part) in group.parts.iter().enumerate() {
            let alpha = group.alpha.as_ref();
            rows.push(vec![
                id(group.node),
                number(alpha.map(|alpha| alpha.raw)),
                number(alpha.and_then(|alpha| alpha.standardised)),
                id(*part),
                number(alpha.and_then(|alpha| alpha.without[at])),
            ]);
        }
    }
    rows
}

fn components(found: &Coherence, id: &dyn Fn(NodeIx) -> String) -> Rows {
    let mut rows = header(&[
        "node",
        "component",
        "eigenvalue",
        "explained",
        "part",
        "loading",
    ]);
    for group in &found.nodes {
        let Some(components) = &group.components else {
            continue;
        };
        for (at, eigenvalue) in components.eigenvalues.iter().enumerate() {
            for (part, loading) in group.parts.iter().zip(&components.vectors[at]) {
                rows.push(vec![
                    id(group.node),
                    (at + 1).to_string(),
                    shortest(*eigenvalue),
                    shortest(components.explained(at)),
                    id(*part),
                    shortest(*loading),
                ]);
            }
        }
    }
    rows
}

fn importance(found: &Coherence, id: &dyn Fn(NodeIx) -> String) -> Rows {
    let mut rows = header(&[
        "node",
        "part",
        "weight",
        "importance",
        "correlation_ratio",
        "linear",
    ]);
    for group in &found.nodes {
        rows.extend(group.importance.iter().map(|importance| {
            vec![
                id(group.node),
                id(importance.node),
                shortest(importance.weight),
                number(importance.share),
                number(importance.ratio),
                number(importance.linear),
            ]
        }));
    }
    rows
}

fn agreement(found: &Coherence, id: &dyn Fn(NodeIx) -> String) -> Rows {
    let mut rows = header(&["indicator", "compared", "answers", "equal", "alpha"]);
    rows.extend(found.agreement.iter().map(|found| {
        vec![
            found.node.map_or_else(String::new, id),
            found.compared.to_string(),
            found.answers.to_string(),
            number(found.equal),
            number(found.alpha),
        ]
    }));
    rows
}
