//! Means of ln x and of powers of x as weighted sums.

use crate::framework::Zeros;

use super::{Cell, Effect, weighted};

/// Means of xᵖ; p = 0 stands for the logarithm.
pub(super) fn curved(cells: &[Cell], zeros: Zeros, exponent: f64, total: f64) -> Vec<Effect> {
    let cells = lifted(cells, zeros);
    if total > 0.0 {
        weighted(&cells, &|x| slope(x, total, exponent))
    } else {
        // One zero makes the mean zero: it decides alone.
        let mut effects = weighted(&cells, &|x| f64::from(u8::from(x <= 0.0)));
        for effect in &mut effects {
            effect.binding = effect.effective.is_some_and(|effective| effective > 0.0);
        }
        effects
    }
}

/// (g(x) − g(m)) ÷ (x − m), up to a constant factor, without cancellation where x is near m.
pub(super) fn slope(x: f64, m: f64, exponent: f64) -> f64 {
    let d = (x - m) / m;
    if exponent.abs() < f64::EPSILON {
        if d.abs() < f64::EPSILON {
            1.0
        } else {
            libm::log1p(d) / d
        }
    } else if d.abs() < f64::EPSILON {
        1.0
    } else {
        libm::expm1(exponent * libm::log1p(d)) / (exponent * d)
    }
}

/// Parts below the floor count as the floor, below zero as zero.
fn lifted(cells: &[Cell], zeros: Zeros) -> Vec<Cell> {
    let least = match zeros {
        Zeros::Zero => 0.0,
        Zeros::Floor(floor) => floor,
    };
    cells
        .iter()
        .map(|cell| Cell {
            value: cell.value.map(|value| value.max(least)),
            ..*cell
        })
        .collect()
}
