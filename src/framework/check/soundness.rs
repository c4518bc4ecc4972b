//! What nodes must be to each other: somebody counts among siblings, and nothing waits for itself.

use super::tree::Drafts;
use crate::framework::findings::Findings;
use crate::framework::yaml::Tree;
use crate::framework::{
    Aggregate, Answers, Better, Body, Combine, Combiner, Curve, Framework, Need, Node, NodeIx,
    Normalise, RollUp, Subject, fixed_curve, rises,
};
use crate::problem::FrameworkKind;

/// Notes sibling groups in which nothing counts, and circles of caps, conditions and needs.
pub(super) fn check(framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    weights(framework, drafts, findings);
    caps(framework, drafts, findings);
    conditions(framework, drafts, findings);
    needs(framework, drafts, findings);
    directions(framework, drafts, findings);
}

fn weights(framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    let mut unscored_above = vec![false; framework.nodes.len()];
    for (ix, node) in framework.walk() {
        let above = node.parent.is_some_and(|parent| unscored_above[parent.0]);
        unscored_above[ix.0] = above || !node.scored;
        let children = node.children();
        if children.is_empty() || unscored_above[ix.0] {
            continue;
        }
        let spot = drafts.nodes[ix.0].spot;
        let id = node.id.to_string();
        let counted: Vec<&Node> = children
            .iter()
            .map(|child| framework.node(*child))
            .filter(|child| child.scored)
            .collect();
        if counted.is_empty() {
            findings.error(spot, FrameworkKind::NothingScored { id });
        } else if counted.iter().all(|child| child.weight.get() == 0.0) {
            let first = children
                .iter()
                .find_map(|child| drafts.property(child.0, "weight"));
            let spot = first.map_or(spot, |weight| weight.spot);
            findings.error(spot, FrameworkKind::AllWeightsZero { id });
        }
        if let Body::Parent(parent) = &node.body
            && matches!(parent.aggregate, Aggregate::Copeland | Aggregate::Borda)
            && framework
                .rows
                .iter()
                .any(|row| row.of == crate::framework::RollUp::Scores)
            && let Some(stated) = drafts.property(ix.0, "aggregate")
        {
            findings.error(stated.spot, FrameworkKind::RanksOfRows);
        }
    }
}

/// A cap on a node that depends on the capped one, at whatever distance, could never be computed.
fn caps(framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    let needs = |ix: usize| {
        let node = &framework.nodes[ix];
        node.children()
            .iter()
            .copied()
            .chain(node.cap)
            .map(|other| other.0)
            .collect()
    };
    for ix in in_circles(framework.nodes.len(), &needs) {
        let node = &framework.nodes[ix];
        let (Some(cap), Some(stated)) = (node.cap, drafts.nodes[ix].tree.get("cap")) else {
            continue;
        };
        let id = node.id.to_string();
        let kind = if cap.0 == ix {
            FrameworkKind::CapOnItself { id }
        } else {
            let other = framework.node(cap).id.to_string();
            FrameworkKind::CapInCircle { id, other }
        };
        findings.error(stated.spot, kind);
    }
}

fn conditions(framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    let needs = |ix: usize| {
        let whens = framework.nodes[ix]
            .indicator()
            .map(|indicator| &indicator.when);
        let tests = whens.into_iter().flatten().flat_map(|when| &when.tests);
        tests
            .filter_map(|(subject, _)| match subject {
                Subject::Indicator(NodeIx(other)) => Some(*other),
                Subject::Attribute(_) => None,
            })
            .collect()
    };
    for ix in in_circles(framework.nodes.len(), &needs) {
        let mut at = Some(ix);
        while let Some(node) = at {
            if let Some(stated) = drafts.nodes[node].tree.entry("when") {
                let id = framework.nodes[ix].id.to_string();
                findings.error(stated.at, FrameworkKind::WhenInCircle { id });
                break;
            }
            at = drafts.nodes[node].parent;
        }
    }
}

fn needs(framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    // Needs hold for the index and for nodes with levels of their own.
    let bound = |ix: usize| ix == 0 || drafts.property(ix, "levels").is_some();
    let needs = |ix: usize| {
        let levels = framework.nodes[ix].levels.filter(|_| bound(ix));
        let bands = levels.map(|levels| &framework.levels[levels.0].bands);
        bands
            .into_iter()
            .flatten()
            .flat_map(|band| &band.needs)
            .filter_map(|need| match need {
                Need::Level(node, _) => Some(node.0),
                Need::Score(..) | Need::Coverage(_) => None,
            })
            .collect()
    };
    for ix in in_circles(framework.nodes.len(), &needs) {
        let id = framework.nodes[ix].id.to_string();
        let spot = drafts
            .property(ix, "levels")
            .map_or(drafts.nodes[ix].spot, |levels: &Tree| levels.spot);
        findings.error(spot, FrameworkKind::NeedInCircle { id });
    }
}

/// Numbers that say two things about which of them are better, or nothing where one has to be chosen.
fn directions(framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    let chooses = |combiner: &Combiner| match combiner {
        Combiner::Best | Combiner::Worst | Combiner::Majority => true,
        Combiner::Mean | Combiner::Median => false,
    };
    let steps = framework.rows.iter();
    let mut of_answers = steps.filter(|step| step.of == RollUp::Answers);
    let chosen = of_answers.any(|step| match &step.combine {
        Combine::Always(combiner) => chooses(combiner),
        Combine::By {
            cases, otherwise, ..
        } => cases
            .iter()
            .map(|(_, own)| own)
            .chain(otherwise)
            .any(chooses),
    });
    for (ix, node, indicator) in framework.indicators() {
        let Answers::Number(number) = &indicator.answers else {
            continue;
        };
        let id = || node.id.to_string();
        let spot = drafts.nodes[ix.0].spot;
        if chosen && rises(indicator, node.normalise.as_ref()).is_none() {
            findings.error(spot, FrameworkKind::NoBetterNumber { id: id() });
        }
        let stated = drafts.property(ix.0, "number");
        let Some(better) = stated.and_then(|number| number.get("better")) else {
            continue;
        };
        let normalise = node.normalise.as_ref();
        let rising = rises(indicator, normalise);
        if says_itself(&number.curve, normalise)
            && rising != Some(number.better == Better::Higher)
            && let Some(word) = better.text()
        {
            let goalposts = match fixed_curve(number, normalise) {
                Some(Curve::Goalposts(posts)) => Some((posts.from, posts.to)),
                _ => None,
            };
            let kind = FrameworkKind::AgainstBetter {
                id: id(),
                better: word.to_owned(),
                rising,
                goalposts,
            };
            findings.error(better.spot, kind);
        }
    }
}

/// Whether what scores a number says which numbers are better, so that `better` decides nothing.
fn says_itself(curve: &Curve, normalise: Option<&Normalise>) -> bool {
    match normalise {
        None => *curve != Curve::AsIs,
        Some(Normalise::Fixed(_) | Normalise::DistanceToInterval { .. }) => true,
        Some(
            Normalise::MinMax { .. }
            | Normalise::ZScore { .. }
            | Normalise::Rank { .. }
            | Normalise::Borda
            | Normalise::Percentile
            | Normalise::ShareOfLeader
            | Normalise::DistanceToUnit { .. }
            | Normalise::DistanceToTarget { .. },
        ) => false,
    }
}

/// Every node that can reach itself, by strongly connected components (Tarjan's algorithm without recursion).
fn in_circles(count: usize, next: &dyn Fn(usize) -> Vec<usize>) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    let mut order = vec![NEW; count];
    let mut low = vec![0; count];
    let mut on_stack = vec![false; count];
    let mut stack = Vec::new();
    let mut circles = Vec::new();
    let mut counter = 0;
    for start in 0..count {
        if order[start] != NEW {
            continue;
        }
        let mut work = vec![(start, next(start), 0)];
        while let Some((node, targets, position)) = work.last_mut() {
            let node = *node;
            if *position == 0 && order[node] == NEW {
                order[node] = counter;
                low[node] = counter;
                counter += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(target) = targets.get(*position).copied() {
                *position += 1;
                if order[target] == NEW {
                    work.push((target, next(target), 0));
                } else if on_stack[target] {
                    low[node] = low[node].min(order[target]);
                }
                continue;
            }
            let itself = targets.contains(&node);
            work.pop();
            if let Some((parent, ..)) = work.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
            if low[node] == order[node] {
                let from = stack.iter().rposition(|other| *other == node).unwrap_or(0);
                let component = stack.split_off(from);
                for member in &component {
                    on_stack[*member] = false;
                }
                if component.len() > 1 || itself {
                    circles.extend(component);
                }
            }
        }
    }
    circles.sort_unstable();
    circles
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(edges: &[(usize, usize)], count: usize) -> Vec<usize> {
        in_circles(count, &|from| {
            let from_here = edges.iter().filter(|(start, _)| *start == from);
            from_here.map(|(_, end)| *end).collect()
        })
    }

    #[test]
    fn circles_are_found_and_what_leads_to_them_is_not() {
        assert_eq!(circles(&[(0, 1), (1, 2), (2, 1)], 3), [1, 2]);
        assert_eq!(circles(&[(0, 0), (0, 1)], 2), [0]);
        assert_eq!(circles(&[(0, 1), (0, 2), (1, 2)], 3), [] as [usize; 0]);
        assert_eq!(
            circles(&[(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3)], 5),
            [0, 1, 2, 3, 4]
        );
    }
}
