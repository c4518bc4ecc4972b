//! The way of a product from 1 to the score, shared among its parts.

use crate::framework::Aggregate;

use super::means::slope;
use super::{Cell, Effect, spread, total};

/// Π x^w starts at 1, from which each part takes its logarithmic share of the way to the score. Where logarithms end
/// (zero and below) the parts are multiplied in framework order and against it, and both are averaged.
pub(super) fn product(cells: &[Cell], total: f64) -> Vec<Effect> {
    let contributions = if cells.iter().all(|cell| cell.value.is_none_or(|x| x > 0.0)) {
        let spread = spread(cells, |cell| cell.weight);
        let log = |cell: &Cell| {
            let log = cell.value.map(libm::log);
            log.map_or(0.0, |log| cell.weight * spread * log)
        };
        let logs: Vec<f64> = cells.iter().map(log).collect();
        let sum: f64 = logs.iter().sum();
        // (m − 1) ÷ ln m, the logarithmic mean of 1 and the score.
        let mean = 1.0 / slope(total, 1.0, 0.0);
        let exact = sum.abs() > f64::EPSILON;
        let mean = if exact { (total - 1.0) / sum } else { mean };
        logs.iter().map(|log| mean * log).collect()
    } else {
        let forward: Vec<usize> = (0..cells.len()).collect();
        let backward: Vec<usize> = forward.iter().rev().copied().collect();
        let [there, back] = [forward, backward].map(|order| multiplied(cells, &order));
        there
            .iter()
            .zip(&back)
            .map(|(a, b)| f64::midpoint(*a, *b))
            .collect::<Vec<f64>>()
    };
    contributions.into_iter().map(Effect::adding).collect()
}

/// How much the product changes as each part joins in this order.
fn multiplied(cells: &[Cell], order: &[usize]) -> Vec<f64> {
    let mut changes = vec![0.0; cells.len()];
    let mut joined: Vec<Cell> = cells
        .iter()
        .map(|cell| Cell {
            value: None,
            ..*cell
        })
        .collect();
    let mut before = 1.0;
    for at in order {
        joined[*at] = cells[*at];
        let after = total(Aggregate::Product, &joined).unwrap_or(1.0);
        changes[*at] = after - before;
        before = after;
    }
    changes
}
