//! As written → [`Framework`], or every problem in it.

mod advise;
mod answers;
mod conditions;
mod head;
mod levels;
mod names;
mod nodes;
mod number;
mod overlay;
mod questions;
mod ranges;
mod read;
mod remedy;
mod rules;
mod sets;
mod shape;
mod skips;
mod soundness;
mod tree;

use self::answers::Scales;
use self::head::Head;
use self::levels::Bands;
use self::nodes::{Built, Context};
use self::remedy::What;
use self::tree::Drafts;
use super::attainable::points;
use super::findings::{Findings, Source};
use super::language::FRAMEWORK;
use super::yaml::Tree;
use super::{Cohort, Framework, Loaded, Need, Tier};
use crate::framework::value::{Id, TOLERANCE, Text};
use crate::problem::{FrameworkKind, Problem};

/// Reads a framework file; `find` gives the file that `extends` names.
pub fn load(
    source: &Source,
    find: &dyn Fn(&str) -> Option<Source>,
) -> Result<Loaded, Vec<Problem>> {
    read_with(source, find, None)
}

/// Reads a framework file as [`load`] does; the remarks hold advice, with `strict` also on what a published index should
/// have and a draft need not.
pub fn advise(
    source: &Source,
    find: &dyn Fn(&str) -> Option<Source>,
    strict: bool,
) -> Result<Loaded, Vec<Problem>> {
    read_with(source, find, Some(strict))
}

fn read_with(
    source: &Source,
    find: &dyn Fn(&str) -> Option<Source>,
    advice: Option<bool>,
) -> Result<Loaded, Vec<Problem>> {
    let mut findings = Findings::default();
    let Some(whole) = overlay::read(source, find, &mut findings) else {
        return Err(findings.finish());
    };
    let overlays = whole.sources.len() - 1;
    let mut framework = framework(&whole.tree, (overlays, whole.sha256), advice, &mut findings);
    framework.sources = whole.sources;
    if findings.errors() > 0 {
        return Err(findings.finish());
    }
    Ok(Loaded {
        framework,
        remarks: findings.finish(),
    })
}

/// Checks the shape of one file.
fn shape_of(tree: &Tree, findings: &mut Findings) {
    if let Some(version) = tree.get("dgpf")
        && let Some(found) = version.text()
        && found != "1"
    {
        let found = found.to_owned();
        findings.error(version.spot, FrameworkKind::UnknownVersion { found });
    }
    shape::keys(tree, &FRAMEWORK, What::FILE, findings);
}

fn framework(
    tree: &Tree,
    (overlays, sha256): (usize, String),
    advice: Option<bool>,
    findings: &mut Findings,
) -> Framework {
    let head = Head::read(tree, findings);
    let scales = Scales::read(tree, findings);
    let drafts = Drafts::read(tree, findings);
    tree::empties(tree, &drafts, overlays, findings);
    let (bands, levels) = all_levels(tree, &head, &drafts, findings);
    let answers = questions::answers(&drafts, &scales, findings);
    let codes = questions::codes(&drafts, &head, findings);
    let cohort = tree
        .get("cohort")
        .map_or_else(Cohort::default, |cohort| head.cohort(cohort, findings));
    let mut context = Context {
        head: &head,
        drafts: &drafts,
        cohort,
        answers,
        codes,
        levels,
        bands,
    };
    let built: Vec<Built> = (0..drafts.nodes.len())
        .map(|ix| context.build(ix, findings))
        .collect();
    let zeros_stated: Vec<bool> = built.iter().map(|built| built.zeros_stated).collect();
    let nodes = built.into_iter().map(|built| built.node).collect();
    let id = read::id(tree, "id").unwrap_or_else(Id::unnamed);
    let mut framework = Framework {
        title: read::translated(tree, "title").unwrap_or_else(|| Text::plain(id.as_str())),
        id,
        description: read::translated(tree, "description"),
        edition: read::text(tree, "edition"),
        version: head::version(tree, findings),
        licence: read::text(tree, "licence"),
        source: read::texts(tree, "source"),
        note: read::translated(tree, "note"),
        tier_names: head::tier_names(tree),
        better: read::better(tree),
        ranking: head.ranking(tree, findings),
        peers: head.peers(tree, findings),
        weight_sets: sets::weight_sets(tree, &drafts, findings),
        targets: sets::targets(tree, &drafts, head.range, findings),
        screen: head::screen(tree),
        comparability: head::comparability(tree),
        levels: Vec::new(),
        nodes,
        sha256,
        sources: Vec::new(),
        unit: head.unit.clone(),
        period: head.period.clone(),
        attributes: head.attributes.clone(),
        rows: head.rows.clone(),
        codes: head.codes.clone(),
        range: head.range,
        rounding: head.rounding,
        groups: head.groups.clone(),
        group_by: head.group_by.clone(),
        facets: head.facets.clone(),
    };
    // What could not be read reaches nothing, and is told of already.
    let sound = findings.errors() == 0;
    let points = if sound {
        points(&framework)
    } else {
        Vec::new()
    };
    let reach = points.iter().enumerate();
    for (ix, _) in reach.filter(|(_, reach)| **reach < 1.0 - TOLERANCE) {
        let stated = drafts.property(ix, "levels").is_some();
        let of = context.levels[ix].map(|of| &context.bands[of].levels);
        if !stated && of.is_some_and(|levels| !levels.quantiles) {
            context.levels[ix] = None;
            framework.nodes[ix].levels = None;
        }
    }
    needs(&mut context, findings);
    let bands = context.bands.iter();
    framework.levels = bands.map(|bands| bands.levels.clone()).collect();
    let known: Vec<bool> = (0..framework.nodes.len())
        .map(|ix| drafts.nodes[ix].tier != Tier::Indicator || context.answers[ix].is_some())
        .collect();
    soundness::check(&framework, &drafts, findings);
    ranges::check(tree, &framework, &drafts, &known, &zeros_stated, findings);
    if let Some(strict) = advice
        && findings.errors() == 0
    {
        advise::advise(tree, &framework, &drafts, strict, findings);
    }
    framework
}

/// Every set of bands, the framework's own first, and which one each node has.
fn all_levels<'a>(
    tree: &'a Tree,
    head: &Head,
    drafts: &Drafts<'a>,
    findings: &mut Findings,
) -> (Vec<Bands<'a>>, Vec<Option<usize>>) {
    let mut bands: Vec<Bands<'a>> = Vec::new();
    let own = tree.get("levels").map(|levels| {
        let mut own = levels::read(levels, head.range, findings);
        own.levels.shared = true;
        bands.push(own);
        0
    });
    let mut of_tier = [None; 4];
    let mut of_node = Vec::new();
    for (ix, draft) in drafts.nodes.iter().enumerate() {
        let stated = drafts.property(ix, "levels");
        let shared = draft.tree.get("levels").is_none();
        let tier = draft.tier as usize;
        of_node.push(match (stated, of_tier[tier]) {
            (None, _) => own.filter(|_| draft.tier != Tier::Indicator),
            (Some(_), Some(levels)) if shared => Some(levels),
            (Some(levels), _) => {
                bands.push(levels::read(levels, head.range, findings));
                let levels = bands.len() - 1;
                if shared {
                    of_tier[tier] = Some(levels);
                }
                Some(levels)
            }
        });
    }
    (bands, of_node)
}

/// Reads what levels need beyond the score, once every node has its bands.
fn needs(context: &mut Context<'_>, findings: &mut Findings) {
    let levels = |node: usize| context.levels[node].map(|ix| &context.bands[ix].names);
    let all: Vec<Vec<Vec<Need>>> = context
        .bands
        .iter()
        .map(|bands| {
            levels::needs(
                bands.tree,
                context.head.range,
                &context.drafts.names,
                &levels,
                findings,
            )
        })
        .collect();
    for (set, needs) in context.bands.iter_mut().zip(all) {
        for (band, needs) in set.levels.bands.iter_mut().zip(needs) {
            band.needs = needs;
        }
    }
}
