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

/// All for the middle part, or half for each of two, by the plan's rule; those that are equal to it share what it has.
pub(super) fn middle(cells: &[Cell]) -> Vec<f64> {
    let mut order: Vec<(f64, f64)> = cells
        .iter()
        .filter_map(|cell| Some((cell.value?, cell.weight)))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = order.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut shares = vec![0.0; cells.len()];
    let mut give = |share: f64, to: f64| {
        for (own, tied) in shares.iter_mut().zip(extreme(cells, to)) {
            *own += share * tied;
        }
    };
    let mut below = 0.0;
    for (position, (x, weight)) in order.iter().enumerate() {
        below += weight;
        let edge = (below - half).abs() <= half * 1e-12;
        match order.get(position + 1) {
            Some((next, _)) if edge => {
                give(0.5, *x);
                give(0.5, *next);
                break;
            }
            None => give(1.0, *x),
            Some(_) if below > half => {
                give(1.0, *x);
                break;
            }
            Some(_) => {}
        }
    }
    shares
}
