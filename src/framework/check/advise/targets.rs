//! Advice on targets: those that no score comes to.

use crate::framework::Framework;
use crate::framework::attainable::attainable;
use crate::framework::findings::Findings;
use crate::framework::value::Better;
use crate::framework::yaml::Tree;
use crate::problem::AdviceKind;

pub(super) fn advise(tree: &Tree, framework: &Framework, findings: &mut Findings) {
    if framework.rounds_scores() {
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
