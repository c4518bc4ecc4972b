//! What a framework is made of: how its indicators are answered, and what its facets weigh.

use crate::framework::{Answers, Digits, Evidence, Framework, Indicator, Outcome, RoundingMode};
use crate::report::document::{Block, Cell, Column, Row, RowKind, Table};
use crate::scoring::Assumptions;

/// Tables of kinds of answers and of facets; the latter only where there are facets.
pub(super) fn blocks(framework: &Framework, language: Option<&str>) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading("Answers".to_owned()),
        Block::Table(kinds(framework)),
    ];
    if !framework.facets.is_empty() {
        blocks.push(Block::Heading("Weights of the facets".to_owned()));
        blocks.push(Block::Table(facets(framework, language)));
    }
    blocks
}

/// How many indicators are answered in which way.
fn kinds(framework: &Framework) -> Table {
    type Is = fn(&Indicator) -> bool;
    let rows: [(&str, Is); 8] = [
        ("One of two", |i| options(i) == Some(2)),
        ("One of several", |i| options(i).is_some_and(|n| n != 2)),
        ("Several of a list", |i| {
            matches!(i.answers, Answers::Multiple(_))
        }),
        ("A number", |i| matches!(i.answers, Answers::Number(_))),
        ("A number where less is better", less_is_better),
        ("Asked on a condition", |i| !i.when.is_empty()),
        ("Can be not applicable", can_be_not_applicable),
        ("With evidence required", |i| {
            i.evidence == Evidence::Required
        }),
    ];
    let count = |is: Is| framework.indicators().filter(|(_, _, i)| is(i)).count();
    Table {
        columns: vec![Column::text("Answered by"), Column::number("Indicators")],
        rows: rows
            .into_iter()
            .map(|(name, is)| (name, count(is)))
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| Row::plain(vec![Cell::text(name), number(count as f64, 0)]))
            .collect(),
    }
}

/// How many scored options a single choice has.
fn options(indicator: &Indicator) -> Option<usize> {
    match &indicator.answers {
        Answers::Choice(scale) => Some(
            scale
                .options
                .iter()
                .filter(|option| matches!(option.outcome, Outcome::Score(_)))
                .count(),
        ),
        Answers::Multiple(_) | Answers::Number(_) => None,
    }
}

fn less_is_better(indicator: &Indicator) -> bool {
    use crate::framework::{Better, Curve};
    match &indicator.answers {
        Answers::Choice(_) | Answers::Multiple(_) => false,
        Answers::Number(number) => {
            number.better == Better::Lower
                || matches!(&number.curve, Curve::Goalposts(posts) if posts.from > posts.to)
        }
    }
}

fn can_be_not_applicable(indicator: &Indicator) -> bool {
    match &indicator.answers {
        Answers::Choice(scale) => scale
            .options
            .iter()
            .any(|option| option.outcome == Outcome::NotApplicable),
        Answers::Multiple(_) => false,
        Answers::Number(number) => number
            .codes
            .iter()
            .any(|(_, outcome)| *outcome == Outcome::NotApplicable),
    }
}

/// What each facet weighs in the index, in per cent, by the parts of the index.
fn facets(framework: &Framework, language: Option<&str>) -> Table {
    let effective = Assumptions::of(framework).effective_weights(framework);
    let none = vec![0.0; framework.facets.len()];
    let mut whole = none.clone();
    let mut parts: Vec<_> = framework
        .node(Framework::INDEX)
        .children()
        .iter()
        .map(|ix| (*ix, none.clone()))
        .collect();
    for (ix, _, indicator) in framework.indicators() {
        let mut top = ix;
        while let Some(parent) = framework
            .node(top)
            .parent
            .filter(|ix| *ix != Framework::INDEX)
        {
            top = parent;
        }
        for facet in &indicator.facets {
            whole[facet.0] += effective[ix.0];
            if let Some((_, weights)) = parts.iter_mut().find(|(part, _)| *part == top) {
                weights[facet.0] += effective[ix.0];
            }
        }
    }
    let row = |kind, name: &str, weights: &[f64]| Row {
        kind,
        cells: std::iter::once(Cell::text(name))
            .chain(weights.iter().map(|weight| number(weight * 100.0, 2)))
            .collect(),
    };
    let mut rows: Vec<Row> = parts
        .iter()
        .map(|(ix, weights)| {
            let title = framework.node(*ix).title.in_language(language);
            row(RowKind::Plain, title, weights)
        })
        .collect();
    rows.push(row(RowKind::Summary, "Index", &whole));
    let titles = framework.facets.iter();
    Table {
        columns: std::iter::once(Column::text("% of the index"))
            .chain(titles.map(|facet| Column::number(facet.title.in_language(language))))
            .collect(),
        rows,
    }
}

fn number(value: f64, digits: u8) -> Cell {
    Cell::Number {
        value,
        digits: Digits {
            digits,
            mode: RoundingMode::HalfUp,
        },
    }
}
