//! The second groupings: a table of units, and dimension by facet over those that are ranked.

use crate::framework::NodeIx;
use crate::report::document::{Block, Cell, Column, Row, Table};
use crate::report::result::ScoreResult;

use super::heads::short_heads;
use crate::report::words::Words;

use super::scores::{View, title};

/// Tables of facets; none where the framework has none.
pub(super) fn blocks(
    result: &ScoreResult,
    view: View<'_>,
    rows: &[usize],
    words: &Words,
) -> Vec<Block> {
    if result.about.facets.is_empty() {
        return vec![Block::Note(words.get("facets.none").to_owned())];
    }
    let mean_of = averaged(result, rows);
    vec![
        Block::Heading(words.get("facets.by").to_owned()),
        Block::Table(by_unit(result, view, rows)),
        Block::Heading(words.fill("facets.mean", &[&words.counted("units", mean_of.len())])),
        Block::Table(by_dimension(result, view, &mean_of, words)),
    ]
}

/// The ranked units, or all where nobody is.
fn averaged(result: &ScoreResult, rows: &[usize]) -> Vec<usize> {
    let ranked = rows
        .iter()
        .filter(|&&row| result.scores.observations[row].ranked);
    let ranked: Vec<usize> = ranked.copied().collect();
    if ranked.is_empty() {
        rows.to_vec()
    } else {
        ranked
    }
}

/// A column a facet.
pub(in crate::report) fn facet_columns(result: &ScoreResult, view: View<'_>) -> Vec<Column> {
    let facets = result.about.facets.iter();
    let titles: Vec<String> = facets.map(|facet| view.text(&facet.title)).collect();
    let heads = short_heads(&titles.iter().map(String::as_str).collect::<Vec<_>>());
    let columns = titles.into_iter().zip(heads);
    columns
        .map(|(title, head)| Column::number(title).short(head))
        .collect()
}

fn by_unit(result: &ScoreResult, view: View<'_>, rows: &[usize]) -> Table {
    let mut columns = vec![Column::text(view.unit(&result.about))];
    columns.extend(facet_columns(result, view));
    let rows = rows.iter().map(|&row| {
        let observation = &result.scores.observations[row];
        let mut cells = vec![Cell::Named {
            id: observation.unit.to_string(),
            name: observation.name.to_string(),
        }];
        cells.extend(facet_cells(result, None, &[row]));
        Row::plain(cells)
    });
    Table {
        columns,
        rows: rows.collect(),
    }
}

fn by_dimension(result: &ScoreResult, view: View<'_>, rows: &[usize], words: &Words) -> Table {
    let mut columns = vec![Column::text(words.get("dimension"))];
    columns.extend(facet_columns(result, view));
    let mut dimensions: Vec<NodeIx> = result
        .scores
        .facets
        .iter()
        .filter_map(|column| column.within)
        .collect();
    dimensions.sort_unstable();
    dimensions.dedup();
    let rows = dimensions.into_iter().map(|dimension| {
        let mut cells = vec![Cell::Text(title(&result.about, dimension, view))];
        cells.extend(facet_cells(result, Some(dimension), rows));
        Row::plain(cells)
    });
    Table {
        columns,
        rows: rows.collect(),
    }
}

/// One cell a facet: the mean over the rows of its score within a node.
pub(in crate::report) fn facet_cells(
    result: &ScoreResult,
    within: Option<NodeIx>,
    rows: &[usize],
) -> Vec<Cell> {
    let framework = &result.about.framework;
    let cell = |facet: usize| {
        let mut columns = result.scores.facets.iter();
        let Some(column) = columns.find(|column| column.facet == facet && column.within == within)
        else {
            return Cell::Empty; // no indicator of this facet there
        };
        let known: Vec<f64> = rows.iter().filter_map(|&row| column.score[row]).collect();
        let mean = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
        Cell::number(
            mean.map(|share| framework.range.show(share)),
            framework.rounding.digits,
        )
    };
    (0..result.about.facets.len()).map(cell).collect()
}
