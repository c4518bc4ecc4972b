//! Weight sets and targets: numbers by node.

use super::levels::on_range;
use super::names::Names;
use super::tree::Drafts;
use super::{number, read};
use crate::framework::findings::Findings;
use crate::framework::value::{Id, Range, Text, Weight};
use crate::framework::words::list;
use crate::framework::yaml::{Entry, Tree};
use crate::framework::{NodeIx, Target, WeightSet};
use crate::problem::FrameworkKind;

/// Reads `weight-sets`: a weight for every node.
pub(super) fn weight_sets(
    tree: &Tree,
    drafts: &Drafts<'_>,
    findings: &mut Findings,
) -> Vec<WeightSet> {
    let mut names = Names::new("weight set");
    let mut sets = Vec::new();
    for entry in tree.get("weight-sets").map_or(&[][..], Tree::entries) {
        names.add(&entry.key, entry.at, findings);
        let id = Id::new(&entry.key).unwrap_or_else(|| {
            let found = entry.key.clone();
            findings.error(entry.at, FrameworkKind::NotAnId { found });
            Id::unnamed()
        });
        // What is neither has been refused.
        let weights = match entry.value.text() {
            Some(_) => Some(&entry.value),
            None => entry.value.get("weights"),
        };
        sets.push(WeightSet {
            title: read::translated(&entry.value, "title")
                .unwrap_or_else(|| Text::plain(id.as_str())),
            id,
            weights: match weights {
                Some(stated) if stated.text().is_none() => set(stated, drafts, findings),
                Some(_) | None => vec![Weight::ONE; drafts.nodes.len()],
            },
        });
    }
    sets
}

fn set(tree: &Tree, drafts: &Drafts<'_>, findings: &mut Findings) -> Vec<Weight> {
    let mut named: Vec<Option<(&Entry, f64)>> = vec![None; drafts.nodes.len()];
    let mut all_known = true;
    for entry in tree.entries() {
        let Some(node) = drafts.names.resolve(&entry.key, entry.at, findings) else {
            all_known = false;
            continue;
        };
        if node == 0 {
            findings.error(entry.at, FrameworkKind::WeightOfIndex);
        }
        if let Some(before) = named[node].map(|(entry, _)| entry) {
            let key = entry.key.clone();
            findings.error_with(entry.at, before.at, FrameworkKind::DuplicateKey { key });
        }
        named[node] = Some((entry, number::of(&entry.value).unwrap_or(1.0)));
    }
    // A name that is misspelled is mostly the one that seems to be left out.
    if all_known {
        for parent in &drafts.nodes {
            whole_group(&parent.children, &named, drafts, findings);
        }
    }
    (0..drafts.nodes.len())
        .map(|ix| {
            let weight = named[ix].map_or_else(|| drafts.weight(ix), |(_, weight)| Some(weight));
            weight.and_then(Weight::new).unwrap_or(Weight::ONE)
        })
        .collect()
}

/// Notes a group of siblings of which some have a weight in the set and others none, or of which all have none.
fn whole_group(
    siblings: &[usize],
    named: &[Option<(&Entry, f64)>],
    drafts: &Drafts<'_>,
    findings: &mut Findings,
) {
    let Some((first, _)) = siblings.iter().find_map(|ix| named[*ix]) else {
        return;
    };
    let left_out = siblings
        .iter()
        .filter(|ix| named[**ix].is_none() && drafts.scored(**ix))
        .map(|ix| drafts.nodes[*ix].id);
    let left_out = list(left_out, "and");
    if !left_out.is_empty() {
        let named = first.key.clone();
        findings.error(first.at, FrameworkKind::SetLeavesOut { named, left_out });
        return;
    }
    if siblings
        .iter()
        .filter(|ix| drafts.scored(**ix))
        .all(|ix| named[*ix].is_some_and(|(_, weight)| weight == 0.0))
    {
        findings.error(first.at, FrameworkKind::AllZeroInSet);
    }
}

/// Reads `targets`: shown scores by phase and node.
pub(super) fn targets(
    tree: &Tree,
    drafts: &Drafts<'_>,
    range: Range,
    findings: &mut Findings,
) -> Vec<Target> {
    let mut targets = Vec::new();
    for phase in tree.get("targets").map_or(&[][..], Tree::entries) {
        let mut scores = Vec::new();
        for entry in phase.value.entries() {
            let node = drafts.names.resolve(&entry.key, entry.at, findings);
            let (Some(node), Some(shown)) = (node, number::of(&entry.value)) else {
                continue;
            };
            on_range(shown, entry.value.spot, range, findings);
            scores.push((NodeIx(node), range.read(shown)));
        }
        targets.push(Target {
            phase: phase.key.trim().to_owned(),
            scores,
        });
    }
    targets
}
