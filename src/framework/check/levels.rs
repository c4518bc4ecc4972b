//! Levels: bands of scores and what they need beyond the score.

use super::answers::meets;
use super::head::id_of;
use super::names::Names;
use super::{number, read};
use crate::framework::findings::{Findings, Spot};
use crate::framework::value::{Id, Range, TOLERANCE, Text};
use crate::framework::yaml::Tree;
use crate::framework::{Level, Levels, Need, NodeIx};
use crate::problem::FrameworkKind;

/// Levels as read, with the names of their bands.
#[derive(Debug)]
pub(super) struct Bands<'a> {
    pub(super) tree: &'a Tree,
    pub(super) levels: Levels,
    pub(super) names: Names,
}

/// The list of bands, in the short and in the long form.
pub(super) fn bands_of(tree: &Tree) -> &[Tree] {
    tree.get("bands").unwrap_or(tree).items()
}

/// Reads `levels` but for the needs of its bands.
pub(super) fn read<'a>(tree: &'a Tree, range: Range, findings: &mut Findings) -> Bands<'a> {
    let items = bands_of(tree);
    let quantiles = read::is(tree, "by", "quantiles");
    // Quantiles cut units, not scores: their cut-offs are shares whatever is shown.
    let scale = if quantiles { Range::UNIT } else { range };
    let mut names = Names::new("level");
    let mut bands = Vec::new();
    for (position, item) in items.iter().enumerate() {
        let (text, spot) = id_of(item);
        names.add(text, spot, findings);
        let id = Id::new(text).unwrap_or_else(Id::unnamed);
        let equal_part = quantiles.then(|| position as f64 / items.len() as f64);
        bands.push(Level {
            title: read::translated(item, "title").unwrap_or_else(|| Text::plain(id.as_str())),
            id,
            from: read::number(item, "from")
                .map(|from| scale.read(from))
                .or(equal_part)
                .unwrap_or(0.0),
            description: read::translated(item, "description"),
            advice: read::translated(item, "advice"),
            needs: Vec::new(),
        });
    }
    cut_offs(items, scale, quantiles, findings);
    Bands {
        tree,
        levels: Levels {
            bands,
            closed_below: !read::is(tree, "closed", "to"),
            rounded: read::is(tree, "on", "rounded"),
            quantiles,
            shared: false,
        },
        names,
    }
}

/// Notes cut-offs that do not ascend from the low end, overlap, leave gaps or lie outside.
fn cut_offs(items: &[Tree], range: Range, quantiles: bool, findings: &mut Findings) {
    let stated: Vec<f64> = items
        .iter()
        .filter_map(|item| read::number(item, "from"))
        .collect();
    if let Range::Between { low, high } = range
        && high - low > 1.0
        && stated.len() > 1
        && stated.iter().all(|from| (0.0..=1.0).contains(from))
        && let Some(last) = items.iter().rev().find_map(|item| item.get("from"))
    {
        findings.error(last.spot, FrameworkKind::CutOffsAsShares { low, high });
        return;
    }
    let equal_parts = quantiles && stated.is_empty();
    let mut before: Option<f64> = None;
    for (position, item) in items.iter().enumerate() {
        let next = items
            .get(position + 1)
            .and_then(|next| read::number(next, "from"));
        meets(item, next, findings);
        let Some(from) = item.get("from") else {
            let first_can_be_left_out = position == 0 && matches!(range, Range::Between { .. });
            if !equal_parts && !first_can_be_left_out {
                findings.error(item.spot, FrameworkKind::LevelWithoutFrom);
            }
            before = before.or(match range {
                Range::Between { low, .. } => Some(low),
                Range::Unbounded => None,
            });
            continue;
        };
        let Some(value) = number::of(from) else {
            continue;
        };
        if let Some(before) = before
            && value <= before
        {
            let kind = FrameworkKind::NotAscending {
                from: value,
                before,
            };
            findings.error(from.spot, kind);
        } else if let Range::Between { low, high } = range {
            if position == 0 && (value - low).abs() > TOLERANCE {
                findings.error(from.spot, FrameworkKind::FirstLevel { from: value, low });
            } else if value < low || value > high {
                let kind = FrameworkKind::CutOffOutside {
                    from: value,
                    low,
                    high,
                };
                findings.error(from.spot, kind);
            }
        }
        before = Some(value);
    }
    top(items, range, findings);
}

/// Notes a last band whose `to` is not the range's high end.
fn top(items: &[Tree], range: Range, findings: &mut Findings) {
    if let (Some(last), Range::Between { high, .. }) = (items.last(), range)
        && let Some(end) = last.get("to")
        && let Some(to) = number::of(end)
        && (to - high).abs() > TOLERANCE
    {
        findings.error(end.spot, FrameworkKind::LastLevel { to, high });
    }
}

/// Reads the needs of every band. `levels` gives the bands of a node, by the node's position.
pub(super) fn needs<'a>(
    tree: &Tree,
    range: Range,
    nodes: &Names,
    levels: &impl Fn(usize) -> Option<&'a Names>,
    findings: &mut Findings,
) -> Vec<Vec<Need>> {
    bands_of(tree)
        .iter()
        .map(|band| {
            let needs = band.get("needs").map_or(&[][..], Tree::items);
            needs
                .iter()
                .filter_map(|need| one(need, range, nodes, levels, findings))
                .collect()
        })
        .collect()
}

fn one<'a>(
    tree: &Tree,
    range: Range,
    nodes: &Names,
    levels: &impl Fn(usize) -> Option<&'a Names>,
    findings: &mut Findings,
) -> Option<Need> {
    let stated: Vec<_> = ["at-least", "level", "coverage"]
        .into_iter()
        .filter_map(|key| tree.entry(key))
        .collect();
    let [condition] = stated.as_slice() else {
        findings.error(
            tree.spot,
            FrameworkKind::NeedOfNothing {
                found: stated.len(),
            },
        );
        return None;
    };
    if condition.key == "coverage" {
        if let Some(node) = tree.entry("node") {
            findings.error(node.at, FrameworkKind::CoverageOfNode);
        }
        return number::of(&condition.value).map(Need::Coverage);
    }
    let Some(node) = tree.get("node") else {
        findings.error(tree.spot, FrameworkKind::NeedWithoutNode);
        return None;
    };
    let node = nodes.of(node, findings)?;
    if condition.key == "at-least" {
        let least = number::of(&condition.value)?;
        on_range(least, condition.value.spot, range, findings);
        return Some(Need::Score(NodeIx(node), range.read(least)));
    }
    let Some(names) = levels(node) else {
        findings.error(condition.value.spot, FrameworkKind::NodeWithoutLevels);
        return None;
    };
    let level = names.of(&condition.value, findings)?;
    Some(Need::Level(NodeIx(node), level))
}

/// Notes a shown score that lies outside the range, or that looks like a share.
pub(super) fn on_range(value: f64, spot: Spot, range: Range, findings: &mut Findings) {
    let Range::Between { low, high } = range else {
        return;
    };
    if !(low..=high).contains(&value) {
        let from = value;
        findings.error(spot, FrameworkKind::CutOffOutside { from, low, high });
    } else if high - low >= 10.0 && value > 0.0 && value < 1.0 {
        findings.warning(spot, FrameworkKind::ShareOnRange { value, low, high });
    }
}
