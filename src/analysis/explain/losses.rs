//! What each answer takes from the index, and what a node adds to it: sums along the tree.

use std::sync::Arc;

use crate::framework::NodeIx;
use crate::responses::Answer;
use crate::scoring::Scaler;

use super::attribution::{Cell, counted, losses as of_parts, of_rows, shared};
use super::{Change, Explained, Loss, Made, Part, given};

/// How much of the distance between the index and its best each indicator takes. What a cap takes goes to the node that
/// caps.
pub(super) fn losses(index: &Explained) -> Vec<Loss> {
    let mut walk = Walk {
        index,
        found: Vec::new(),
    };
    if let (Some(best), Some(now)) = (index.best, index.value()) {
        walk.spread(index, best - now);
    }
    walk.found
}

struct Walk<'a> {
    index: &'a Explained,
    found: Vec<Loss>,
}

impl Walk<'_> {
    fn spread(&mut self, explained: &Explained, points: f64) {
        if points.abs() < f64::MIN_POSITIVE {
            return;
        }
        let parts = explained.parts();
        let (Some(best), Some(now)) = (explained.best, explained.value()) else {
            // It has no score, and something stood in for it.
            self.blame(explained, points);
            return;
        };
        let mut own = points;
        if let Some((cap, held_back)) = held_back(explained) {
            let distance = best - now;
            let share = points * (held_back / distance).clamp(0.0, 1.0);
            let index = self.index;
            if let Some(cap) = find(index, cap, &explained.row) {
                self.spread(cap, share);
                own -= share;
            }
        }
        if let Made::Answered(_) = explained.made {
            if own.abs() > 0.0 {
                self.add(explained.node, &explained.row, own);
            }
            return;
        }
        for (part, share) in parts.iter().zip(Self::shares(explained, own)) {
            self.spread(&part.explained, share);
        }
    }

    /// What was not answered takes the points, by weight.
    fn blame(&mut self, explained: &Explained, points: f64) {
        let parts = explained.parts();
        if parts.is_empty() {
            self.add(explained.node, &explained.row, points);
            return;
        }
        let mut pulls: Vec<f64> = parts.iter().map(unanswered).collect();
        if pulls.iter().all(|pull| *pull <= 0.0) {
            pulls = parts.iter().map(counting).collect();
        }
        for (part, share) in parts.iter().zip(shared(points, &pulls)) {
            if share.abs() > 0.0 {
                self.blame(&part.explained, share);
            }
        }
    }

    /// `points` shared among the parts.
    fn shares(explained: &Explained, points: f64) -> Vec<f64> {
        let parts = explained.parts();
        let cell = |part: &Part, value: Option<f64>| Cell {
            weight: part.weight,
            stage: part.stage,
            reach: part.reach,
            value: value.filter(|_| part.counted.is_some()),
            missing: matches!(part.explained.score, Answer::Missing(_)),
        };
        let now: Vec<Cell> = parts.iter().map(|part| cell(part, part.counted)).collect();
        match &explained.made {
            Made::Aggregated { how, .. } => {
                let best = |part: &Part| {
                    let best = part.explained.best.map(|best| counted(*how, best));
                    cell(part, best.or(part.counted))
                };
                let best: Vec<Cell> = parts.iter().map(best).collect();
                of_parts(*how, &now, &best, points)
            }
            Made::Combined {
                combiner: Some(combiner),
                total: Some(total),
                ..
            } => {
                let effects = of_rows(*combiner, &now, *total);
                let gap = |part: &Part| {
                    let gap = part.explained.best.zip(part.counted);
                    gap.map_or(0.0, |(best, now)| (best - now).abs())
                };
                let deciding: Vec<f64> = parts
                    .iter()
                    .zip(&effects)
                    .map(|(part, effect)| effect.effective.unwrap_or(0.0) * gap(part))
                    .collect();
                if deciding.iter().any(|pull| *pull > 0.0) {
                    shared(points, &deciding)
                } else {
                    let all: Vec<f64> = parts.iter().map(|part| part.weight * gap(part)).collect();
                    shared(points, &all)
                }
            }
            Made::Combined { .. } | Made::Answered(_) => vec![0.0; parts.len()],
        }
    }

    fn add(&mut self, node: NodeIx, row: &[Arc<str>], points: f64) {
        let known = self
            .found
            .iter_mut()
            .find(|loss| loss.node == node && loss.row == row);
        match known {
            Some(loss) => loss.points += points,
            None => self.found.push(Loss {
                node,
                row: row.to_vec(),
                points,
            }),
        }
    }
}

/// The weight of a part that was not answered.
fn unanswered(part: &Part) -> f64 {
    match part.explained.score {
        Answer::NotApplicable => 0.0,
        Answer::Given(_) | Answer::Missing(_) => {
            counting(part) * (1.0 - part.explained.coverage).max(0.0)
        }
    }
}

fn counting(part: &Part) -> f64 {
    if part.counts { part.weight } else { 0.0 }
}

/// The cap that binds, and by how much.
fn held_back(explained: &Explained) -> Option<(NodeIx, f64)> {
    let mut before = explained.start();
    for step in &explained.steps {
        if let Change::Capped(cap) = step.change {
            return Some((cap, before? - given(step.result)?));
        }
        before = given(step.result);
    }
    None
}

/// A node of the same row, wherever it stands in the tree.
fn find<'e>(explained: &'e Explained, node: NodeIx, row: &[Arc<str>]) -> Option<&'e Explained> {
    if explained.node == node && explained.row == row {
        return Some(explained);
    }
    explained
        .parts()
        .iter()
        .find_map(|part| find(&part.explained, node, row))
}

/// How many points of the index come through a node: its contribution, scaled as those above it are.
pub(super) fn adds(index: &Explained, node: NodeIx) -> f64 {
    if index.node == node {
        return index.value().unwrap_or(0.0);
    }
    through(index, node, 1.0)
}

fn through(explained: &Explained, node: NodeIx, factor: f64) -> f64 {
    let factor = factor * passed_on(explained);
    let parts = explained.parts().iter().filter(|part| part.counts);
    let of = |part: &Part| {
        let points = factor * part.contribution;
        if part.explained.node == node {
            return points;
        }
        let score = part.explained.value().filter(|score| score.abs() > 0.0);
        match (part.effective, score) {
            (_, None) => 0.0,
            (Some(effective), Some(_)) => through(&part.explained, node, factor * effective),
            (None, Some(score)) => through(&part.explained, node, points / score),
        }
    };
    parts.map(of).sum()
}

/// By what a linear rescaling multiplies.
fn passed_on(explained: &Explained) -> f64 {
    let steps = explained.steps.iter();
    let factor = |change: &Change| match change {
        Change::Scaled {
            scaler: Some(Scaler::Linear { from, to, onto, .. }),
            ..
        } => (onto.1 - onto.0) / (to - from),
        Change::Scaled {
            scaler: Some(Scaler::Goalposts(posts)),
            ..
        } if !posts.log => (posts.onto.1 - posts.onto.0) / (posts.to - posts.from),
        _ => 1.0,
    };
    steps.map(|step| factor(&step.change)).product()
}
