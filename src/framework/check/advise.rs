//! Advice on a sound framework: what nobody will miss until it is in use.

mod ladders;
mod targets;

use std::collections::BTreeSet;

use super::names::fold;
use super::tree::Drafts;
use crate::framework::attainable::attainable;
use crate::framework::findings::{Findings, Spot};
use crate::framework::value::{Better, Range, TOLERANCE, Text};
use crate::framework::yaml::Tree;
use crate::framework::{
    Answers, Evidence, Framework, Indicator, Node, NodeIx, OnItsWay, Outcome, RollUp, Scale,
    StandIn, Tier, stand_in,
};
use crate::problem::AdviceKind;

/// The fewest indicators from which a dimension's score is more than the luck of single questions.
const FEWEST: usize = 15;
/// The longest code that every survey tool keeps.
const LONGEST_CODE: usize = 20;
/// The longest answer code that every survey tool keeps.
const LONGEST_ANSWER: usize = 5;

/// What there is to say. `strict` adds what a published index should have and a draft need not.
pub(super) fn advise(
    tree: &Tree,
    framework: &Framework,
    drafts: &Drafts<'_>,
    strict: bool,
    findings: &mut Findings,
) {
    unused(tree, framework, drafts, findings);
    weights(framework, drafts, findings);
    scales(tree, framework, drafts, findings);
    shares(framework, drafts, findings);
    ranges(framework, drafts, findings);
    ladders::advise(tree, framework, drafts, findings);
    targets::advise(tree, framework, findings);
    texts(framework, drafts, strict, findings);
    translations(tree, framework, drafts, findings);
    codes(framework, drafts, findings);
    if strict {
        published(tree, framework, drafts, findings);
    }
}

/// Scales and facets that no indicator has.
fn unused(tree: &Tree, framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    let used: BTreeSet<String> = framework
        .indicators()
        .filter_map(|(ix, ..)| drafts.property(ix.0, "scale")?.text().map(fold))
        .collect();
    for entry in tree.get("scales").map_or(&[][..], Tree::entries) {
        // An overlay leaves what it does not need of its base.
        if entry.at.file == 0 && !used.contains(&fold(&entry.key)) {
            let name = entry.key.clone();
            findings.warning(entry.at, AdviceKind::UnusedScale { name });
        }
    }
    for (position, facet) in framework.facets.iter().enumerate() {
        let has = |indicator: &Indicator| indicator.facets.iter().any(|own| own.0 == position);
        if !framework
            .indicators()
            .any(|(_, _, indicator)| has(indicator))
            && let Some(item) = tree.get("facets").and_then(|all| all.items().get(position))
        {
            let name = facet.id.to_string();
            findings.warning(item.spot, AdviceKind::UnusedFacet { name });
        }
    }
}

fn weights(framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    for (ix, node) in framework.walk() {
        if node.weight.get() == 0.0
            && node.scored
            && let Some(stated) = drafts.property(ix.0, "weight")
        {
            let id = node.id.to_string();
            findings.warning(stated.spot, AdviceKind::WeightZero { id });
        }
    }
}

/// Scales that do not run from the worst answer to the best one, as forms and charts show them.
fn scales(tree: &Tree, framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    for (ix, _, indicator) in framework.indicators() {
        let Answers::Choice(scale) = &indicator.answers else {
            continue;
        };
        // Where less is better, codebooks list the best first as often as the worst.
        if ascends(scale) || framework.better == Better::Lower && descends(scale) {
            continue;
        }
        let named = scale.name.as_ref().and_then(|name| {
            let entries = tree.get("scales")?.entries();
            entries
                .iter()
                .find(|entry| fold(&entry.key) == fold(name.as_str()))
                .map(|entry| entry.at)
        });
        let own = drafts.property(ix.0, "scale").map(|scale| scale.spot);
        if let Some(spot) = named.or(own) {
            findings.warning(spot, AdviceKind::ScaleOrder);
        }
    }
}

/// Shares in a number's place that cannot be combined with the numbers of other rows.
fn shares(framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    let last = framework.rows.last();
    if last.is_none_or(|step| step.of != RollUp::Answers) {
        return;
    }
    for (ix, node, indicator) in framework.indicators() {
        let Answers::Number(number) = &indicator.answers else {
            continue;
        };
        let (normalise, treat) = (node.normalise.as_ref(), number.treat.as_ref());
        let on_its_way = OnItsWay::new(normalise, treat, &indicator.missing);
        if let StandIn::Nothing = stand_in(framework, ix, on_its_way) {
            let stated = drafts.property(ix.0, "otherwise");
            let spot = stated.map_or(drafts.nodes[ix.0].spot, |stated| stated.spot);
            let id = node.id.to_string();
            findings.warning(spot, AdviceKind::ShareAmongNumbers { id });
        }
    }
}

fn ascends(scale: &Scale) -> bool {
    scores(scale).is_sorted()
}

fn descends(scale: &Scale) -> bool {
    scores(scale).is_sorted_by(|before, after| before >= after)
}

fn scores(scale: &Scale) -> impl Iterator<Item = f64> {
    scale
        .options
        .iter()
        .filter_map(|option| match option.outcome {
            Outcome::Score(score) => Some(score),
            Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => None,
        })
}

/// Nodes below the index whose own scores leave the range, so that their levels and charts say little.
fn ranges(framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    if framework.range == Range::Unbounded {
        return;
    }
    for ((low, high), (ix, node)) in attainable(framework).into_iter().zip(framework.walk()) {
        let finite = low.is_finite() && high.is_finite();
        if finite && (low < -TOLERANCE || high > 1.0 + TOLERANCE) && node.tier != Tier::Indicator {
            findings.warning(
                drafts.nodes[ix.0].spot,
                AdviceKind::PartBeyondRange {
                    id: node.id.to_string(),
                    low: framework.range.show(low),
                    high: framework.range.show(high),
                },
            );
        }
    }
}

/// The first of these nodes and how many there are.
fn counted<'f>(
    drafts: &Drafts<'_>,
    nodes: impl Iterator<Item = (NodeIx, &'f Node)>,
) -> Option<(Spot, usize)> {
    let spots: Vec<Spot> = nodes.map(|(ix, _)| drafts.nodes[ix.0].spot).collect();
    spots.first().map(|first| (*first, spots.len()))
}

/// Texts that somebody who answers, or who reads a score, will look for.
fn texts(framework: &Framework, drafts: &Drafts<'_>, strict: bool, findings: &mut Findings) {
    let without = |lacks: fn(&Node, &Indicator) -> bool| {
        let nodes = framework.indicators();
        let nodes = nodes.filter(move |(_, node, indicator)| lacks(node, indicator));
        counted(drafts, nodes.map(|(ix, node, _)| (ix, node)))
    };
    let question = |_: &Node, indicator: &Indicator| indicator.question.is_none();
    if let Some((spot, count)) = without(question) {
        findings.note(spot, AdviceKind::NoQuestion { count });
    }
    let advice = |node: &Node, _: &Indicator| node.advice.is_none();
    if let Some((spot, count)) = without(advice) {
        findings.note(spot, AdviceKind::NoAdvice { count });
    }
    let evidence = |_: &Node, indicator: &Indicator| {
        indicator.evidence == Evidence::Required && indicator.evidence_note.is_none()
    };
    if strict && let Some((spot, count)) = without(evidence) {
        findings.note(spot, AdviceKind::NoEvidenceNote { count });
    }
}

/// Languages that some texts have and others lack.
fn translations(tree: &Tree, framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    let mut languages: BTreeSet<&str> = BTreeSet::new();
    let head = [
        Some(&framework.title),
        framework.description.as_ref(),
        framework.note.as_ref(),
    ];
    let head: Vec<&Text> = head.into_iter().flatten().collect();
    let nodes: Vec<(NodeIx, Vec<&Text>)> = framework
        .walk()
        .map(|(ix, node)| (ix, texts_of(node)))
        .collect();
    for text in head.iter().chain(nodes.iter().flat_map(|(_, texts)| texts)) {
        languages.extend(text.translations().map(|(language, _)| language));
    }
    languages.remove("");
    let mut texts = head.iter().chain(nodes.iter().flat_map(|(_, texts)| texts));
    // A text in no stated language is in the first one that is stated.
    let default = texts.find_map(|text| {
        text.translations()
            .map(|(own, _)| own)
            .find(|own| !own.is_empty())
    });
    for language in languages {
        let speaks = |own: &str| own == language || (own.is_empty() && default == Some(language));
        let lacks = |text: &&Text| text.translations().all(|(own, _)| !speaks(own));
        let mut spots: Vec<Spot> = Vec::new();
        if head.iter().any(lacks) {
            spots.push(tree.spot);
        }
        let lacking = nodes.iter().filter(|(_, texts)| texts.iter().any(lacks));
        spots.extend(lacking.map(|(ix, _)| drafts.nodes[ix.0].spot));
        if let Some(first) = spots.first() {
            let language = language.to_owned();
            let count = spots.len();
            findings.note(*first, AdviceKind::NoTranslation { language, count });
        }
    }
}

/// The texts of a node that a reader sees; a title that is only the id speaks every language.
fn texts_of(node: &Node) -> Vec<&Text> {
    let mut texts: Vec<&Text> = [
        Some(&node.title).filter(|title| title.as_str() != node.id.as_str()),
        node.description.as_ref(),
        node.advice.as_ref(),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Some(indicator) = node.indicator() {
        texts.extend(&indicator.question);
        texts.extend(&indicator.guidance);
    }
    texts
}

/// Codes that some survey tool would cut or refuse.
fn codes(framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    let plain = |code: &str, longest: usize| {
        code.len() <= longest && code.chars().all(|c| c.is_ascii_alphanumeric())
    };
    let cut: Vec<(NodeIx, &str)> = framework
        .indicators()
        .filter(|(_, _, indicator)| !plain(&indicator.code, LONGEST_CODE))
        .map(|(ix, _, indicator)| (ix, indicator.code.as_str()))
        .collect();
    if let Some((ix, code)) = cut.first() {
        findings.note(
            drafts.nodes[ix.0].spot,
            AdviceKind::CodeNotPortable {
                code: (*code).to_owned(),
                count: cut.len(),
            },
        );
    }
    let mut answers: Vec<(NodeIx, &str)> = Vec::new();
    for (ix, _, indicator) in framework.indicators() {
        let options: Vec<&str> = match &indicator.answers {
            // What stands for no answer is a tool's own matter: it has codes of its own for that.
            Answers::Choice(scale) => scale
                .options
                .iter()
                .filter(|option| matches!(option.outcome, Outcome::Score(_)))
                .map(|option| &*option.code)
                .collect(),
            Answers::Multiple(multiple) => multiple
                .options
                .iter()
                .map(|option| &*option.code)
                .collect(),
            Answers::Number(_) => Vec::new(),
        };
        let long = options
            .into_iter()
            .find(|code| !plain(code, LONGEST_ANSWER));
        answers.extend(long.map(|code| (ix, code)));
    }
    if let Some((ix, code)) = answers.first() {
        findings.note(
            drafts.nodes[ix.0].spot,
            AdviceKind::AnswerNotPortable {
                code: (*code).to_owned(),
                count: answers.len(),
            },
        );
    }
}

/// What a published index should have.
fn published(tree: &Tree, framework: &Framework, drafts: &Drafts<'_>, findings: &mut Findings) {
    if framework.source.is_empty() {
        findings.note(tree.spot, AdviceKind::NoSource);
    }
    if framework.licence.is_none() {
        findings.note(tree.spot, AdviceKind::NoLicence);
    }
    let mut below = vec![0_usize; framework.nodes.len()];
    for (ix, node) in framework.walk().rev() {
        if node.indicator().is_some() {
            below[ix.0] = 1;
        }
        if let Some(parent) = node.parent {
            below[parent.0] += below[ix.0];
        }
    }
    for (ix, node) in framework.walk() {
        if node.tier == Tier::Dimension && node.scored && below[ix.0] < FEWEST {
            findings.note(
                drafts.nodes[ix.0].spot,
                AdviceKind::FewIndicators {
                    id: node.id.to_string(),
                    count: below[ix.0],
                    fewest: FEWEST,
                },
            );
        }
    }
}
