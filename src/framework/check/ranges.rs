//! What scores can become: means that cannot take a zero, and scores that would leave the shown range.

use super::tree::Drafts;
use crate::framework::attainable::{Bounds, attainable, hands_on, unscaled};
use crate::framework::findings::{Findings, Spot};
use crate::framework::value::{Range, TOLERANCE, reaches};
use crate::framework::yaml::Tree;
use crate::framework::{
    Aggregate, Answers, Body, Curve, Framework, MissingPart, Node, NodeIx, Normalise, Parent,
};
use crate::problem::FrameworkKind;

/// `known` says of each node whether its answers were read; where they were not, nothing is concluded.
pub(super) fn check(
    tree: &Tree,
    framework: &Framework,
    drafts: &Drafts<'_>,
    known: &[bool],
    zeros_stated: &[bool],
    findings: &mut Findings,
) {
    let bounds = attainable(framework);
    let known = known_below(framework, known);
    for (ix, node) in framework.walk() {
        if let Body::Parent(parent) = &node.body
            && known[ix.0]
        {
            let stated = zeros_stated[ix.0];
            zeros(framework, drafts, ix, parent, stated, &bounds, findings);
        }
        if known[ix.0] {
            rescaled(framework, drafts, ix, &bounds, findings);
        }
    }
    if !known[0] || framework.range == Range::Unbounded {
        return;
    }
    if beyond(bounds[0]) {
        let blamed = blame(framework, &bounds, NodeIx(0));
        let spot = drafts.nodes[blamed.0].spot;
        leaves_range(framework, blamed, bounds[blamed.0], None, spot, findings);
        return;
    }
    let stated = tree.get("weight-sets").map_or(&[][..], Tree::entries);
    for (set, stated) in framework.weight_sets.iter().zip(stated) {
        let weighted = framework.weighted(&set.weights);
        let bounds = attainable(&weighted);
        if beyond(bounds[0]) {
            let blamed = blame(&weighted, &bounds, NodeIx(0));
            let (ends, set) = (bounds[blamed.0], set.id.to_string());
            leaves_range(framework, blamed, ends, Some(set), stated.at, findings);
        }
    }
}

/// Notes that a node, and the index with it, can leave the range: by the framework's own weights, or by those of a set.
fn leaves_range(
    framework: &Framework,
    blamed: NodeIx,
    (low, high): Bounds,
    set: Option<String>,
    spot: Spot,
    findings: &mut Findings,
) {
    let kind = FrameworkKind::BeyondRange {
        id: framework.node(blamed).id.to_string(),
        set,
        low: framework.range.show(low),
        high: framework.range.show(high),
        range_low: framework.range.show(0.0),
        range_high: framework.range.show(1.0),
    };
    findings.error(spot, kind);
}

/// Notes a curve of `normalise` that does not rise all along: good parts would make a bad score; and bands that say nothing
/// of the lowest score that they rescale. What has no bound is the user's own affair.
fn rescaled(
    framework: &Framework,
    drafts: &Drafts<'_>,
    ix: NodeIx,
    bounds: &[Bounds],
    findings: &mut Findings,
) {
    let node = framework.node(ix);
    let Some(Normalise::Fixed(curve)) = &node.normalise else {
        return;
    };
    let stated = drafts.property(ix.0, "normalise");
    let spot = stated.map_or(drafts.nodes[ix.0].spot, |normalise| normalise.spot);
    let is_number =
        matches!(node.indicator(), Some(own) if matches!(own.answers, Answers::Number(_)));
    if !is_number && curve.rises() != Some(true) {
        let id = node.id.to_string();
        let parts = node.indicator().is_none();
        findings.error(spot, FrameworkKind::FallingCurve { id, parts });
    }
    let Curve::Bands(bands) = curve else {
        return;
    };
    let (low, _) = unscaled(framework, node, bounds);
    if let Some((from, _)) = bands.first()
        && low.is_finite()
        && !reaches(low, *from)
    {
        let id = node.id.to_string();
        findings.error(
            spot,
            FrameworkKind::FirstBand {
                id,
                from: *from,
                low,
                shares: !is_number,
            },
        );
    }
}

/// Whether everything that a node rests on is known.
fn known_below(framework: &Framework, known: &[bool]) -> Vec<bool> {
    let mut all = known.to_vec();
    for (ix, node) in framework.walk().rev() {
        if node.children().iter().any(|child| !all[child.0]) {
            all[ix.0] = false;
        }
    }
    all
}

/// A finite bound outside 0 to 1. What has no bound is the user's own affair.
fn beyond((low, high): Bounds) -> bool {
    low.is_finite() && high.is_finite() && (low < -TOLERANCE || high > 1.0 + TOLERANCE)
}

/// The node that makes the index leave its range: down from the index, as long as a mean only hands on what a part
/// brought.
fn blame(framework: &Framework, bounds: &[Bounds], from: NodeIx) -> NodeIx {
    let node = framework.node(from);
    let part = node.children().iter().find(|child| {
        let part = framework.node(**child);
        part.scored && part.weight.get() > 0.0 && beyond(bounds[child.0])
    });
    match part {
        Some(part) if hands_on(node) => blame(framework, bounds, *part),
        _ => from,
    }
}

/// Whether a mean can take what its parts can become.
fn zeros(
    framework: &Framework,
    drafts: &Drafts<'_>,
    ix: NodeIx,
    parent: &Parent,
    stated: bool,
    bounds: &[Bounds],
    findings: &mut Findings,
) {
    let (name, takes_zero) = match parent.aggregate {
        Aggregate::Geometric(_) => ("geometric", stated),
        Aggregate::Harmonic(_) => ("harmonic", stated),
        Aggregate::Power(exponent, _) if exponent < 0.0 => ("power", stated),
        Aggregate::Power(..) => ("power", true),
        Aggregate::Product => ("product", true),
        Aggregate::Mean
        | Aggregate::Median
        | Aggregate::Minimum
        | Aggregate::Maximum
        | Aggregate::Sum { .. }
        | Aggregate::LevelSum { .. }
        | Aggregate::Staged { .. }
        | Aggregate::Copeland
        | Aggregate::Borda => return,
    };
    // With a rule for zeros whatever lies below counts as zero or as the floor.
    let takes_negative = stated && !matches!(parent.aggregate, Aggregate::Product);
    let spot = drafts
        .property(ix.0, "aggregate")
        .map_or(drafts.nodes[ix.0].spot, |aggregate| aggregate.spot);
    let filled = match parent.missing {
        MissingPart::Zero => Some(0.0),
        MissingPart::Constant(score) => Some(score),
        MissingPart::Renormalise | MissingPart::Lowest | MissingPart::NoScore => None,
    };
    let parts = parent.children.iter().map(|child| {
        let part = framework.node(*child);
        (part, bounds[child.0].0.min(filled.unwrap_or(f64::INFINITY)))
    });
    let mut parts = parts.filter(|(part, _): &(&Node, f64)| part.scored && part.weight.get() > 0.0);
    let refused = parts.find(|(_, low)| {
        if *low < 0.0 {
            !takes_negative
        } else {
            *low <= 0.0 && !takes_zero
        }
    });
    let Some((part, low)) = refused else {
        return;
    };
    let kind = if low < 0.0 {
        FrameworkKind::NegativePart {
            aggregate: name,
            part: part.id.to_string(),
            zeros: !matches!(parent.aggregate, Aggregate::Product),
        }
    } else {
        let exponent = match parent.aggregate {
            Aggregate::Power(exponent, _) => Some(exponent),
            _ => None,
        };
        FrameworkKind::ZeroPart {
            aggregate: name,
            part: part.id.to_string(),
            exponent,
        }
    };
    findings.error(spot, kind);
}
