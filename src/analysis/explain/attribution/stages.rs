//! Sums over stages, and stages that count only above full ones.

use crate::framework::reaches;

use super::{Cell, Effect, spread};

/// Stages that pass count the same, whatever is beyond the pass; their parts share that by weight × score. The first that
/// does not pass is the one that decides.
pub(super) fn staged(cells: &[Cell], pass: f64, partial: bool, total: f64) -> Vec<Effect> {
    let mut effects = vec![Effect::default(); cells.len()];
    let mut sum = 0.0;
    for stage in stages(cells, true) {
        let own: Vec<usize> = (0..cells.len())
            .filter(|at| cells[*at].stage == stage && cells[*at].value.is_some())
            .collect();
        let weight = stage_weight(cells, stage);
        let points: Vec<f64> = own
            .iter()
            .map(|at| cells[*at].weight * cells[*at].value.unwrap_or(0.0))
            .collect();
        let mean = points.iter().sum::<f64>() / weight;
        let passed = reaches(mean, pass);
        let reached = match (passed, partial) {
            (true, _) => 1.0,
            (false, true) => mean / pass,
            (false, false) => 0.0,
        };
        sum += reached;
        for (at, points) in own.iter().zip(&points) {
            let share = if mean.abs() > 0.0 {
                points / (mean * weight)
            } else {
                cells[*at].weight / weight
            };
            effects[*at] = Effect {
                effective: None,
                contribution: share * reached,
                binding: !passed,
            };
        }
        if !passed {
            break;
        }
    }
    let scale = if sum.abs() > 0.0 { total / sum } else { 0.0 };
    for effect in &mut effects {
        effect.contribution *= scale;
    }
    effects
}

/// How much a stage's mean counts in a sum over stages: like a part of a sum whose points are the highest mean of its own
/// parts, divided by `out_of`, else by the number of stages.
pub(super) fn spread_of_stages(cells: &[Cell], out_of: Option<f64>) -> f64 {
    let stage = |stage: u32| {
        let own = || cells.iter().filter(move |cell| cell.stage == stage);
        let points: f64 = own().map(|cell| cell.weight * cell.reach).sum();
        let weight: f64 = own().map(|cell| cell.weight).sum();
        Cell {
            weight: 1.0,
            stage,
            reach: points / weight,
            value: own().find_map(|cell| cell.value),
            missing: false,
        }
    };
    let stages = stages(cells, false).into_iter().map(stage);
    // A stage of parts that do not count is none.
    let stages: Vec<Cell> = stages.filter(|stage| !stage.reach.is_nan()).collect();
    spread(&stages, |stage| stage.reach) / out_of.unwrap_or(stages.len() as f64)
}

/// The stages of all parts, or of those that are known; ascending.
fn stages(cells: &[Cell], known: bool) -> Vec<u32> {
    let cells = cells.iter().filter(|cell| !known || cell.value.is_some());
    let mut stages: Vec<u32> = cells.map(|cell| cell.stage).collect();
    stages.sort_unstable();
    stages.dedup();
    stages
}

pub(super) fn stage_weight(cells: &[Cell], stage: u32) -> f64 {
    cells
        .iter()
        .filter(|cell| cell.stage == stage && cell.value.is_some())
        .map(|cell| cell.weight)
        .sum()
}
