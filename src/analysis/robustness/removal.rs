//! Leaving parts out, one after the other: which of them the ranking hangs on.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::framework::{Framework, NodeIx};
use crate::responses::Responses;

use super::engine::{Draw, Engine};
use super::source::Refused;
use super::stability::same_first;

/// What leaving out a node does.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    /// The node.
    pub node: NodeIx,
    /// How much of the index it carries.
    pub weight: f64,
    /// Mean over units of how far ranks move.
    pub mean_shift: f64,
    /// Who moves farthest; the first in the nominal order of several. `None` if nobody moves.
    pub mover: Option<Mover>,
    /// Whether other units than before are first.
    pub new_leader: bool,
    /// The ranks without it, in the order of [`Removals::units`].
    pub ranks: Vec<Option<f64>>,
}

/// A unit that changes its rank.
#[derive(Clone, Debug, PartialEq)]
pub struct Mover {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its nominal rank.
    pub from: f64,
    /// Its rank now.
    pub to: f64,
}

/// What leaving out each node does.
#[derive(Clone, Debug, PartialEq)]
pub struct Removals {
    /// Id and name of the ranked units, in nominal order.
    pub units: Vec<(String, String)>,
    /// Nodes that count, in framework order; without the index, and without those that are their parent's only part:
    /// leaving them out is leaving out the parent.
    pub nodes: Vec<Removal>,
}

/// Leaves out each node that counts, one after the other. Who is screened out, and cohorts, stay as they are.
///
/// # Errors
///
/// When nobody is ranked.
pub fn removals(
    framework: &Framework,
    responses: &Responses,
    period: usize,
) -> Result<Removals, Refused> {
    let engine = Engine::of(framework, responses, period, 0, &[])?;
    let nominal = engine.assumptions();
    let weights = nominal.effective_weights(framework);
    let order: Vec<usize> = engine
        .nominal_order()
        .into_iter()
        .filter(|at| engine.nominal.ranks[*at] > 0)
        .collect();
    let alone = |ix: NodeIx| {
        let parent = framework.node(ix).parent.unwrap_or(Framework::INDEX);
        let siblings = framework.node(parent).children().iter();
        siblings.filter(|other| weights[other.0] > 0.0).count() < 2
    };
    let counting: Vec<NodeIx> = (1..framework.nodes.len())
        .map(NodeIx)
        .filter(|ix| weights[ix.0] > 0.0 && !alone(*ix))
        .collect();
    let without = |node: NodeIx| {
        let mut worker = engine.worker();
        let mut draw = Draw::default();
        engine.assume(&mut worker, &nominal.clone().without(node), &mut draw);
        removal(&engine, &order, node, weights[node.0], &draw)
    };
    Ok(Removals {
        units: order.iter().map(|at| owned(engine.unit(*at))).collect(),
        nodes: counting.into_par_iter().map(without).collect(),
    })
}

fn owned((id, name): (&str, &str)) -> (String, String) {
    (id.to_owned(), name.to_owned())
}

fn removal(
    engine: &Engine<'_>,
    order: &[usize],
    node: NodeIx,
    weight: f64,
    draw: &Draw,
) -> Removal {
    let rank = |halves: u32| (halves > 0).then(|| f64::from(halves) / 2.0);
    let before = &engine.nominal.ranks;
    let mut mover: Option<(u32, Mover)> = None;
    for at in order.iter().copied() {
        let (from, to) = (before[at], draw.ranks[at]);
        let distance = from.abs_diff(to);
        if to > 0 && distance > mover.as_ref().map_or(0, |(farthest, _)| *farthest) {
            let (id, name) = owned(engine.unit(at));
            let (from, to) = (f64::from(from) / 2.0, f64::from(to) / 2.0);
            mover = Some((distance, Mover { id, name, from, to }));
        }
    }
    Removal {
        node,
        weight,
        mean_shift: engine.mean_shift(draw),
        mover: mover.map(|(_, mover)| mover),
        new_leader: !same_first(before, &draw.ranks),
        ranks: order.iter().map(|at| rank(draw.ranks[*at])).collect(),
    }
}
