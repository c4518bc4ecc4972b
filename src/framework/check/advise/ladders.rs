//! Advice on levels: those that no score comes to, and those that ask for less than the one below.

use crate::framework::attainable::{Bounds, attainable};
use crate::framework::check::levels::bands_of;
use crate::framework::check::tree::Drafts;
use crate::framework::findings::{Findings, Spot};
use crate::framework::value::{Better, reaches};
use crate::framework::yaml::Tree;
use crate::framework::{Framework, Levels, LevelsIx, Need, NodeIx};
use crate::problem::AdviceKind;

pub(super) fn advise(
    tree: &Tree,
    framework: &Framework,
    drafts: &Drafts<'_>,
    findings: &mut Findings,
) {
    let bounds = attainable(framework);
    for (at, levels) in framework.levels.iter().enumerate() {
        let has = |ix: &NodeIx| framework.node(*ix).levels == Some(LevelsIx(at));
        let nodes: Vec<NodeIx> = framework.walk().map(|(ix, _)| ix).filter(has).collect();
        let Some(first) = nodes.first() else {
            continue;
        };
        let own = drafts.property(first.0, "levels");
        let Some(stated) = own.or_else(|| tree.get("levels")) else {
            continue;
        };
        let spots: Vec<Spot> = bands_of(stated).iter().map(|band| band.spot).collect();
        if !levels.quantiles && !levels.rounded {
            out_of_reach(framework, levels, (&nodes, &bounds), &spots, findings);
        }
        let conditional = |ix: &NodeIx| framework.levels_with_needs(*ix).is_some();
        if nodes.iter().any(conditional) {
            left_out(framework, levels, &spots, findings);
        }
    }
}

/// Bands above or below all scores of every node that has them.
fn out_of_reach(
    framework: &Framework,
    levels: &Levels,
    (nodes, bounds): (&[NodeIx], &[Bounds]),
    spots: &[Spot],
    findings: &mut Findings,
) {
    let bands = &levels.bands;
    for (at, (band, spot)) in bands.iter().zip(spots).enumerate() {
        let above = |(_, high): Bounds| {
            if levels.closed_below {
                !reaches(high, band.from)
            } else {
                at > 0 && reaches(band.from, high)
            }
        };
        let next = bands.get(at + 1);
        let below = |(low, _): Bounds| {
            next.is_some_and(|next| {
                if levels.closed_below {
                    reaches(low, next.from)
                } else {
                    !reaches(next.from, low)
                }
            })
        };
        let own = bounds[nodes[0].0];
        let all = |is: &dyn Fn(Bounds) -> bool| nodes.iter().all(|node| is(bounds[node.0]));
        let most = all(&above);
        if most || all(&below) {
            let kind = AdviceKind::LevelOutOfReach {
                level: band.id.to_string(),
                id: framework.node(nodes[0]).id.to_string(),
                end: framework.range.show(if most { own.1 } else { own.0 }),
                most,
            };
            findings.warning(*spot, kind);
        }
    }
}

/// Levels that leave out what the next worse one needs: the first of these needs.
fn left_out(framework: &Framework, levels: &Levels, spots: &[Spot], findings: &mut Findings) {
    for at in 1..levels.bands.len() {
        let (worse, better) = match framework.better {
            Better::Higher => (at - 1, at),
            Better::Lower => (at, at - 1),
        };
        // The worst level needs nothing.
        if framework.better.worse_levels(worse, levels.bands.len()) == 0 {
            continue;
        }
        let spot = spots.get(better);
        let (worse, better) = (&levels.bands[worse], &levels.bands[better]);
        let held = |need: &&Need| better.needs.iter().any(|own| implies(framework, own, need));
        let lost = worse.needs.iter().find(|need| !held(need));
        if let (Some(need), Some(spot)) = (lost, spot) {
            let kind = AdviceKind::NeedLeftOut {
                level: better.id.to_string(),
                below: worse.id.to_string(),
                need: told(framework, need),
            };
            findings.warning(*spot, kind);
        }
    }
}

/// Whether whoever holds `own` holds `need`.
fn implies(framework: &Framework, own: &Need, need: &Need) -> bool {
    let better = framework.better;
    match (own, need) {
        (Need::Coverage(own), Need::Coverage(least)) => reaches(*own, *least),
        (Need::Score(node, own), Need::Score(other, least)) => {
            node == other && better.reaches(*own, *least)
        }
        (Need::Level(node, own), Need::Level(other, least)) => {
            node == other && better.reaches_level(*own, *least)
        }
        (Need::Level(node, own), Need::Score(other, least)) => {
            let from = plain(framework, *node).and_then(|levels| levels.bands.get(*own));
            let from = from.filter(|_| better == Better::Higher);
            node == other && from.is_some_and(|band| reaches(band.from, *least))
        }
        (Need::Score(node, own), Need::Level(other, least)) => {
            // A level may ask for more than a score.
            let levels = plain(framework, *node).filter(|levels| {
                let free = levels.bands.iter().all(|band| band.needs.is_empty());
                better == Better::Higher && levels.closed_below && free
            });
            let from = levels.and_then(|levels| levels.bands.get(*least));
            node == other && from.is_some_and(|band| reaches(*own, band.from))
        }
        (Need::Coverage(_), _) | (_, Need::Coverage(_)) => false,
    }
}

/// The bands of a node if they are cut on scores as they are.
fn plain(framework: &Framework, node: NodeIx) -> Option<&Levels> {
    let levels = framework.levels_of(node)?;
    (!levels.quantiles && !levels.rounded).then_some(levels)
}

fn told(framework: &Framework, need: &Need) -> String {
    match need {
        Need::Coverage(least) => format!("`coverage: {least}`"),
        Need::Score(node, least) => {
            let id = framework.node(*node).id.as_str();
            let least = framework.range.show(*least);
            format!("`{{node: {id}, at-least: {least}}}`")
        }
        Need::Level(node, level) => {
            let id = framework.node(*node).id.as_str();
            let levels = framework.levels_of(*node);
            let level = levels.and_then(|levels| levels.bands.get(*level));
            let level = level.map_or("", |band| band.id.as_str());
            format!("`{{node: {id}, level: {level}}}`")
        }
    }
}
