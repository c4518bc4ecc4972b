//! Units side by side: the same wave, node by node, and what each part adds to the difference of two of them.

use std::sync::Arc;

use crate::analysis::explain::{Explained, Explainer, Made};
use crate::framework::{Framework, NodeIx};
use crate::scoring::Plan;

use super::{Side, Standing, rows_of, standing};

/// Units side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct SideBySide {
    /// Their ids and names, in the order asked for.
    pub units: Vec<(Arc<str>, Arc<str>)>,
    /// Every node in framework order.
    pub nodes: Vec<SideNode>,
}

/// One node of all the units.
#[derive(Clone, Debug, PartialEq)]
pub struct SideNode {
    /// Which node.
    pub node: NodeIx,
    /// By unit.
    pub standings: Vec<Standing>,
    /// Of two units: what the node adds to the first one's score above it, less what it adds to the second one's. Over
    /// the parts of a node, and together with the node's `own`, they sum to the difference of its scores. `None` where
    /// one of the scores is not made of parts.
    pub adds: Option<f64>,
    /// Of two units: what the difference of the node's scores owes to no part, but to what was done after adding up (a
    /// cap, rounding, rescaling).
    pub own: Option<f64>,
}

/// Puts units side by side; `None` names the first of them that has no answers in the period.
pub fn side_by_side(side: &Side<'_>, units: &[&str]) -> Result<SideBySide, String> {
    let plan = Plan::compile(side.framework, side.assumptions);
    let table = plan.score(side.responses);
    let rows = rows_of(side, &table);
    let found: Vec<usize> = units
        .iter()
        .map(|unit| rows.get(*unit).copied().ok_or_else(|| (*unit).to_owned()))
        .collect::<Result<_, _>>()?;
    let trees: Vec<Explained> = match units {
        [_, _] => {
            let explainer = Explainer::new(&plan, side.responses);
            let explain = |unit: &&str| explainer.explain(unit, side.period, Framework::INDEX);
            let explanations = units.iter().filter_map(explain);
            explanations.map(|explanation| explanation.tree).collect()
        }
        _ => Vec::new(),
    };
    let mut nodes: Vec<SideNode> = side
        .framework
        .walk()
        .map(|(node, _)| SideNode {
            node,
            standings: found
                .iter()
                .map(|row| standing(&table, node, *row))
                .collect(),
            adds: None,
            own: None,
        })
        .collect();
    if let [first, second] = trees.as_slice() {
        split(first, second, &mut nodes);
    }
    Ok(SideBySide {
        units: found
            .iter()
            .map(|row| {
                let observation = &table.observations[*row];
                (Arc::clone(&observation.unit), Arc::clone(&observation.name))
            })
            .collect(),
        nodes,
    })
}

/// What each part adds to the difference of the two, down the tree.
fn split(first: &Explained, second: &Explained, nodes: &mut [SideNode]) {
    let (Some(one), Some(other)) = (first.value(), second.value()) else {
        return;
    };
    let (
        Made::Aggregated {
            parts: ones,
            total: Some(total_of_one),
            ..
        },
        Made::Aggregated {
            parts: others,
            total: Some(total_of_other),
            ..
        },
    ) = (&first.made, &second.made)
    else {
        return;
    };
    nodes[first.node.0].own = Some((one - total_of_one) - (other - total_of_other));
    for part in ones {
        let node = part.explained.node;
        let twin = others.iter().find(|other| other.explained.node == node);
        if let Some(twin) = twin {
            nodes[node.0].adds = Some(part.contribution - twin.contribution);
            split(&part.explained, &twin.explained, nodes);
        }
    }
}
