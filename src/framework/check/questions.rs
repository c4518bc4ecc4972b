//! What every indicator asks: its answers and its column.

use super::answers::{self, Scales};
use super::head::Head;
use super::names::{Names, fold};
use super::tree::Drafts;
use super::{read, shape};
use crate::framework::findings::Findings;
use crate::framework::value::Id;
use crate::framework::yaml::Value;
use crate::framework::{Answers, Number, Tier};
use crate::problem::FrameworkKind;

/// What every indicator can be answered with; `None` where that was refused.
pub(super) fn answers(
    drafts: &Drafts<'_>,
    scales: &Scales,
    findings: &mut Findings,
) -> Vec<Option<Answers>> {
    (0..drafts.nodes.len())
        .map(|ix| match drafts.nodes[ix].tier {
            Tier::Indicator => answers_of(ix, drafts, scales, findings),
            Tier::Index | Tier::Dimension | Tier::Pillar => None,
        })
        .collect()
}

const WAYS: [&str; 3] = ["scale", "multiple", "number"];

fn answers_of(
    ix: usize,
    drafts: &Drafts<'_>,
    scales: &Scales,
    findings: &mut Findings,
) -> Option<Answers> {
    let draft = &drafts.nodes[ix];
    let own: Vec<_> = WAYS
        .into_iter()
        .filter_map(|way| draft.tree.entry(way))
        .collect();
    if let [first, second, ..] = own.as_slice() {
        findings.error_with(
            second.at,
            first.at,
            FrameworkKind::SeveralAnswers {
                first: first.key.clone(),
                second: second.key.clone(),
            },
        );
        return None;
    }
    let stated = own
        .first()
        .map(|entry| (entry.key.as_str(), &entry.value))
        .or_else(|| {
            WAYS.into_iter()
                .find_map(|way| Some((way, drafts.default(Tier::Indicator, way)?)))
        });
    match stated {
        Some(("scale", tree)) => scales.get(tree, findings).map(Answers::Choice),
        Some(("multiple", tree)) => answers::multiple(tree, findings).map(Answers::Multiple),
        Some((_, tree)) => Some(Answers::Number(Box::new(Number {
            curve: answers::curve(tree, findings)?,
            valid: read::interval(tree, "valid"),
            codes: answers::codes(tree, findings),
            better: read::better(tree),
            per: None,
            times: read::number(tree, "times").unwrap_or(1.0),
            unit: read::text(tree, "unit"),
            treat: None,
        }))),
        None => {
            let id = draft.id.to_owned();
            // What is no map has been refused as such.
            if matches!(draft.tree.value, Value::Map(_)) {
                findings.error(draft.spot, FrameworkKind::NoAnswers { id });
            }
            None
        }
    }
}

/// The column of every indicator, at the position of its node.
pub(super) fn codes(drafts: &Drafts<'_>, head: &Head, findings: &mut Findings) -> Names {
    let mut codes = Names::new("column");
    for draft in &drafts.nodes {
        if draft.tier != Tier::Indicator || draft.id.is_empty() {
            codes.skip();
            continue;
        }
        let (code, spot) = match draft.tree.get("code") {
            Some(code) => (code.text().unwrap_or_default(), code.spot),
            None => (draft.id, draft.spot),
        };
        if code.is_empty() {
            codes.skip();
            continue;
        }
        if draft.tree.get("code").is_none() && !shape::is_code(code) && Id::new(code).is_some() {
            let id = code.to_owned();
            findings.error(spot, FrameworkKind::IdIsNoColumn { id });
        }
        if head.columns.iter().any(|column| fold(column) == fold(code)) {
            let code = code.to_owned();
            findings.error(spot, FrameworkKind::ColumnTaken { code });
        }
        // Without a code of its own the id has been compared already.
        if draft.tree.get("code").is_some() {
            codes.add(code, spot, findings);
        } else if let Some(before) = codes.note(code, spot)
            && drafts.nodes[before].tree.get("code").is_some()
        {
            codes.taken(before, code, spot, findings);
        }
    }
    codes
}
