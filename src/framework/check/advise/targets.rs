//! Advice on targets: those that no score comes to.

use crate::framework::attainable::attainable;
use crate::framework::findings::Findings;
use crate::framework::value::Better;
use crate::framework::yaml::Tree;
use crate::framework::{Framework, Node, RoundAt};
use crate::problem::AdviceKind;

pub(super) fn advise(tree: &Tree, framework: &Framework, findings: &mut Findings) {
    // Scores that are rounded may pass what they are made of.
    let is_rounded = |(_, node): (_, &Node)| node.rounding.is_some();
    if framework.rounding.at != RoundAt::Display || framework.walk().any(is_rounded) {
        return;
    }
    let bounds = attainable(framework);
    let stated = tree.get("targets").map_or(&[][..], Tree::entries);
    for (target, phase) in framework.targets.iter().zip(stated) {
        for (&(node, aim), entry) in target.scores.iter().zip(phase.value.entries()) {
            let (low, high) = bounds[node.0];
            let best = match framework.better {
                Better::Higher => high,
                Better::Lower => low,
            };
            if !framework.better.reaches(best, aim) {
                let kind = AdviceKind::TargetOutOfReach {
                    phase: target.phase.clone(),
                    id: framework.node(node).id.to_string(),
                    best: framework.range.show(best),
                    most: framework.better == Better::Higher,
                };
                findings.warning(entry.value.spot, kind);
            }
        }
    }
}
