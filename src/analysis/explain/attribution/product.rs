//! The way of a product from 1 to the score, shared among its parts.

use super::means::slope;
use super::{Cell, Effect, shared, spread};

/// Π x^w starts at 1, from which each part takes its logarithmic share of the way to the score. Where logarithms end
/// (zero and below) the way is that of the parts at zero alone, by weight: whatever the others are, the score is 0.
pub(super) fn product(cells: &[Cell], total: f64) -> Vec<Effect> {
    let at_zero = |cell: &Cell| cell.weight > 0.0 && cell.value.is_some_and(|x| x <= 0.0);
    if cells.iter().any(at_zero) {
        let weight = |cell: &Cell| if at_zero(cell) { cell.weight } else { 0.0 };
        let shares = shared(total - 1.0, &cells.iter().map(weight).collect::<Vec<_>>());
        let effect = |(cell, share): (&Cell, f64)| Effect {
            binding: at_zero(cell),
            ..Effect::adding(share)
        };
        return cells.iter().zip(shares).map(effect).collect();
    }
    let spread = spread(cells, |cell| cell.weight);
    let log = |cell: &Cell| {
        let counted = cell.value.filter(|_| cell.weight > 0.0);
        counted.map_or(0.0, |x| cell.weight * spread * libm::log(x))
    };
    let logs: Vec<f64> = cells.iter().map(log).collect();
    let sum: f64 = logs.iter().sum();
    // (m − 1) ÷ ln m, the logarithmic mean of 1 and the score.
    let mean = 1.0 / slope(total, 1.0, 0.0);
    let exact = sum.abs() > f64::EPSILON;
    let mean = if exact { (total - 1.0) / sum } else { mean };
    logs.iter().map(|log| Effect::adding(mean * log)).collect()
}
