//! Rules by which one part decides, or a few together.

use super::{Cell, Effect, shared};

/// Parts that share the score between them.
pub(super) fn deciding(cells: &[Cell], shares: &[f64]) -> Vec<Effect> {
    let effect = |(cell, share): (&Cell, &f64)| {
        cell.value.map_or(Effect::default(), |value| Effect {
            effective: Some(*share),
            contribution: share * value,
            binding: *share > 0.0,
        })
    };
    cells.iter().zip(shares).map(effect).collect()
}

/// Equal shares for those that are the score.
pub(super) fn extreme(cells: &[Cell], total: f64) -> Vec<f64> {
    let ties = |cell: &Cell| {
        let same = cell.value.is_some_and(|x| (x - total).abs() < 1e-14);
        f64::from(u8::from(same))
    };
    shared(1.0, &cells.iter().map(ties).collect::<Vec<_>>())
}

/// All for the middle part, or half for each of two; by the plan's rule.
pub(super) fn middle(cells: &[Cell]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = cells
        .iter()
        .enumerate()
        .filter_map(|(at, cell)| Some((at, cell.value?)))
        .collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let half = order.iter().map(|(at, _)| cells[*at].weight).sum::<f64>() / 2.0;
    let mut shares = vec![0.0; cells.len()];
    let mut below = 0.0;
    for (position, (at, _)) in order.iter().enumerate() {
        below += cells[*at].weight;
        let edge = (below - half).abs() <= half * 1e-12;
        match order.get(position + 1) {
            Some((next, _)) if edge => {
                (shares[*at], shares[*next]) = (0.5, 0.5);
                break;
            }
            None => shares[*at] = 1.0,
            Some(_) if below > half => {
                shares[*at] = 1.0;
                break;
            }
            Some(_) => {}
        }
    }
    shares
}
