//! Weight stability: how far one weight may move before the first place, or any place, changes.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::framework::{Framework, NodeIx};
use crate::responses::Responses;
use crate::scoring::Assumptions;

use super::engine::{Draw, Engine, Worker};
use super::source::Refused;

/// How far the weight of a node may move.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    /// The node.
    pub node: NodeIx,
    /// Its share among its siblings.
    pub share: f64,
    /// Shares between which the same units are first; from 0 and to 1 where none changes that.
    pub leader: (f64, f64),
    /// Shares between which no rank changes.
    pub order: (f64, f64),
}

/// Moves the weight of each node that has siblings, these keeping their proportions to each other.
///
/// # Errors
///
/// When nobody is ranked.
pub fn stability(
    framework: &Framework,
    responses: &Responses,
    period: usize,
) -> Result<Vec<Stability>, Refused> {
    let engine = Engine::of(framework, responses, period, 0, &[])?;
    let nominal = engine.assumptions();
    let weights = nominal.effective_weights(framework);
    let movable: Vec<(NodeIx, Vec<NodeIx>)> = framework
        .walk()
        .filter(|(ix, _)| weights[ix.0] > 0.0)
        .filter_map(|(ix, node)| {
            let siblings = framework.node(node.parent?).children().iter().copied();
            let others = siblings.filter(|other| *other != ix && nominal.counts(*other));
            let others: Vec<NodeIx> = others.collect();
            (!others.is_empty()).then_some((ix, others))
        })
        .collect();
    let of = |(node, others): (NodeIx, Vec<NodeIx>)| {
        let mut mover = Mover::new(&engine, node, &others);
        let leader = mover.interval(same_first);
        let order = mover.interval(|nominal, now| nominal == now);
        Stability {
            node,
            share: mover.share,
            leader,
            order,
        }
    };
    Ok(movable.into_par_iter().map(of).collect())
}

/// Whether the same units are first, alone or level.
pub(super) fn same_first(before: &[u32], now: &[u32]) -> bool {
    let first = |ranks: &[u32]| ranks.iter().copied().filter(|rank| *rank > 0).min();
    let firsts = (first(before), first(now));
    let mut both = before.iter().zip(now);
    both.all(|(before, now)| (Some(*before) == firsts.0) == (Some(*now) == firsts.1))
}

/// Steps that are looked at on the way to an end, and halvings of the step in which something changes.
const STEPS: usize = 16;
const HALVINGS: usize = 24;
/// How near to nothing a share comes: nearer, what differs by little would be level.
const LEAST: f64 = 1e-6;
/// What a share is moved by for a second look.
const HAIR: f64 = 1e-10;

/// A weight that moves.
struct Mover<'e, 'a> {
    engine: &'e Engine<'a>,
    worker: Worker<'a>,
    draw: Draw,
    assumptions: Assumptions,
    node: NodeIx,
    /// Its siblings, each with its proportion among them.
    others: Vec<(NodeIx, f64)>,
    total: f64,
    share: f64,
}

impl<'e, 'a> Mover<'e, 'a> {
    fn new(engine: &'e Engine<'a>, node: NodeIx, others: &[NodeIx]) -> Self {
        let assumptions = engine.assumptions().clone();
        let weight = |node: &NodeIx| assumptions.weights[node.0];
        let rest: f64 = others.iter().map(weight).sum();
        let total = rest + weight(&node);
        Self {
            engine,
            worker: engine.worker(),
            draw: Draw::default(),
            node,
            others: others
                .iter()
                .map(|other| (*other, weight(other) / rest))
                .collect(),
            total,
            share: weight(&node) / total,
            assumptions,
        }
    }

    /// The shares around its own between which `same` holds of the nominal ranks and those made.
    fn interval(&mut self, same: impl Fn(&[u32], &[u32]) -> bool) -> (f64, f64) {
        (self.end(0.0, &same), self.end(1.0, &same))
    }

    fn end(&mut self, limit: f64, same: &impl Fn(&[u32], &[u32]) -> bool) -> f64 {
        let start = self.share;
        let mut held = start;
        for step in 1..=STEPS {
            let next = start + (limit - start) * step as f64 / STEPS as f64;
            if self.holds(next, same) {
                held = next;
                continue;
            }
            let mut changed = next;
            for _ in 0..HALVINGS {
                let middle = f64::midpoint(held, changed);
                if self.holds(middle, same) {
                    held = middle;
                } else {
                    changed = middle;
                }
            }
            // A tie that any move ends.
            return if (held - start).abs() < 1e-7 {
                start
            } else {
                held
            };
        }
        limit
    }

    fn holds(&mut self, share: f64, same: &impl Fn(&[u32], &[u32]) -> bool) -> bool {
        // Level scores part by their last bits where they lie just between two keys of ties, as round numbers do at halved
        // shares: a change must show a hair before as well.
        let before = share + HAIR * (self.share - share).signum();
        self.is_same(share, same) || self.is_same(before, same)
    }

    fn is_same(&mut self, share: f64, same: &impl Fn(&[u32], &[u32]) -> bool) -> bool {
        // A weight of nothing would take the part out, and with it the gaps that it fills.
        let share = share.clamp(LEAST, 1.0 - LEAST);
        self.assumptions.weights[self.node.0] = self.total * share;
        for (other, proportion) in &self.others {
            self.assumptions.weights[other.0] = self.total * (1.0 - share) * proportion;
        }
        self.engine
            .assume(&mut self.worker, &self.assumptions, &mut self.draw);
        same(&self.engine.nominal.ranks, &self.draw.ranks)
    }
}
