//! What stands out on a unit's page: changes, strengths and weaknesses, contributions, next actions. Each by a rule that
//! the page states.

use crate::analysis::improve::{Aim, Now, Step};
use crate::framework::{Framework, NodeIx, Range, TOLERANCE, Tier, points, reaches, tie_key};
use crate::report::svg;
use crate::responses::Answer;

use super::answers;
use super::context::Context;
use super::html::Html;
use super::insight::Insight;

/// How many strengths, weaknesses and causes are listed.
const MOST: usize = 5;
/// How many peers are named for an action.
const MOST_PEERS: usize = 3;
/// How far from its reference a score must lie to stand out: a tenth of the range, or of the points that it can bring to a sum.
const MARGIN: f64 = 0.1;
/// Below this share of answers nothing is called strong or weak.
const LEAST_COVERAGE: f64 = 0.5;
/// With fewer peers a mean is no reference.
const LEAST_PEERS: usize = 3;

/// What changed since the last wave, and which answers made the difference.
pub(super) fn changes(
    context: &Context<'_>,
    row: usize,
    insight: Option<&Insight>,
    html: &mut Html,
) {
    let words = &context.words;
    let (Some(last), Some(&before)) = (context.last_wave(), context.before.get(&row)) else {
        return;
    };
    html.open("section", &[("aria-labelledby", "change")]);
    html.leaf("h2", &[("id", "change")], &words.fill("change", &[&last]));
    html.scroll(words.get("difference"));
    html.open("table", &[]);
    html.open("thead", &[]).open("tr", &[]);
    html.leaf("th", &[("scope", "col")], words.get("part"));
    let moving = moved_by(context);
    let now = context.period_shown();
    let titles = [last.as_str(), &now, words.get("difference")].into_iter();
    for title in titles.chain(moving.iter().map(|(key, _)| words.get(key))) {
        html.leaf("th", &[("scope", "col"), ("class", "number")], title);
    }
    html.close().close().open("tbody", &[]);
    for node in std::iter::once(Framework::INDEX).chain(context.dimensions()) {
        let (then, now) = (context.score(node, before), context.score(node, row));
        html.open("tr", &[]);
        html.leaf("th", &[("scope", "row")], &context.title(node));
        let change = change(context, node, then, now);
        let parts = parts(context, row, node);
        let parts = moving.iter().map(|(_, cause)| {
            parts.map_or_else(
                || "–".to_owned(),
                |parts| context.difference(node, parts[*cause]),
            )
        });
        let scores = [then, now].map(|score| context.printed(node, score));
        for text in scores.into_iter().chain([change]).chain(parts) {
            html.leaf("td", &[("class", "number")], &text);
        }
        html.close();
    }
    html.close().close().close();
    if !moving.is_empty() {
        html.leaf("p", &[("class", "rule")], words.get("cause.rule"));
    }
    coverage_change(context, row, before, html);
    if let Some(insight) = insight {
        causes(context, (before, row), &insight.moved, html);
    }
    html.close();
}

/// A difference with its sign and a mark for its direction.
pub(super) fn change(
    context: &Context<'_>,
    node: NodeIx,
    then: Option<f64>,
    now: Option<f64>,
) -> String {
    let (Some(then), Some(now)) = (then, now) else {
        return "–".to_owned();
    };
    let mark = match tie_key(now).total_cmp(&tie_key(then)) {
        std::cmp::Ordering::Greater => "▲",
        std::cmp::Ordering::Less => "▼",
        std::cmp::Ordering::Equal => "■",
    };
    format!("{mark} {}", context.difference(node, now - then))
}

/// The causes that could move a score: the word of each, and its position among the parts of a difference.
fn moved_by(context: &Context<'_>) -> Vec<(&'static str, usize)> {
    let Some(comparison) = context.comparison else {
        return Vec::new();
    };
    let all = [
        "cause.answers",
        "cause.framework",
        "cause.coverage",
        "cause.cohort",
    ];
    let moving = [
        true,
        comparison.moving.framework,
        true,
        comparison.moving.cohort,
    ];
    let known = all.into_iter().enumerate().zip(moving);
    known
        .filter(|(_, moves)| *moves)
        .map(|((at, key), _)| (key, at))
        .collect()
}

/// By how much each cause moved a node's score, in shares.
fn parts(context: &Context<'_>, row: usize, node: NodeIx) -> Option<[f64; 4]> {
    let comparison = context.comparison?;
    let unit = &context.result.scores.observations[row].unit;
    let change = comparison
        .unit(unit)?
        .nodes
        .get(comparison.pair_of(node)?)?;
    Some(change.causes?.parts())
}

fn coverage_change(context: &Context<'_>, row: usize, before: usize, html: &mut Html) {
    let words = &context.words;
    let column = &context.result.scores.nodes[Framework::INDEX.0];
    let counts = |row: usize| format!("{}/{}", column.answered[row], column.applicable[row]);
    if column.answered[row] != column.answered[before]
        || column.applicable[row] != column.applicable[before]
    {
        let line = words.fill("change.coverage", &[&counts(before), &counts(row)]);
        html.leaf("p", &[], &line);
    }
}

/// The answers whose change moved the index most, each alone.
fn causes(
    context: &Context<'_>,
    (before, row): (usize, usize),
    moved: &[(NodeIx, f64)],
    html: &mut Html,
) {
    let words = &context.words;
    if moved.is_empty() {
        return;
    }
    html.leaf("h3", &[], words.get("causes"));
    html.leaf("p", &[("class", "rule")], words.get("causes.rule"));
    html.open("ul", &[("class", "list")]);
    for &(node, effect) in moved.iter().take(MOST) {
        html.open("li", &[]);
        html.leaf("b", &[], &context.title(node)).text(" ");
        let from = answers::given(context, before, node);
        let to = answers::given(context, row, node);
        if let (Some(from), Some(to)) = (from, to) {
            html.text(&words.fill("causes.answers", &[&from, &to]))
                .text(" ");
        }
        let points = context.range().show_difference(effect);
        let text = words.difference(points, context.finer());
        html.leaf("span", &[("class", "points")], &text);
        html.close();
    }
    html.close();
    if moved.len() > MOST {
        html.leaf(
            "p",
            &[("class", "rule")],
            &words.counted("more", moved.len() - MOST),
        );
    }
}

/// The indicators that count.
fn indicators<'c>(context: &'c Context<'_>) -> impl Iterator<Item = NodeIx> + 'c {
    let nodes = context.result.about.nodes.iter().enumerate();
    nodes
        .filter(|(ix, facts)| facts.tier == Tier::Indicator && context.weights[*ix] > 0.0)
        .map(|(ix, _)| NodeIx(ix))
}

/// What lies furthest above and below the peers.
pub(super) fn strengths(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    let index = &context.result.scores.nodes[Framework::INDEX.0];
    html.open("section", &[("aria-labelledby", "strengths")]);
    html.leaf("h2", &[("id", "strengths")], words.get("strengths"));
    let coverage = index.coverage[row].unwrap_or(0.0);
    if !reaches(coverage, LEAST_COVERAGE) || index.score[row].is_none() {
        let least = words.percent(LEAST_COVERAGE);
        html.leaf("p", &[], &words.fill("strengths.none", &[&least]));
        html.close();
        return;
    }
    let with_peers = context
        .spread(Framework::INDEX)
        .is_some_and(|spread| spread.count >= LEAST_PEERS);
    let points = context.framework.map(points);
    let whole = |node: NodeIx| points.as_ref().map_or(1.0, |points| points[node.0]);
    let sums = indicators(context).any(|node| (whole(node) - 1.0).abs() > TOLERANCE);
    let tenth = words.get(if sums {
        "strengths.points"
    } else {
        "strengths.range"
    });
    let rule = if with_peers {
        words.fill("strengths.rule", &[&context.peers_name(), tenth])
    } else {
        words.fill("strengths.alone", &[tenth])
    };
    html.leaf("p", &[("class", "rule")], &rule);
    let found = distances(context, row, with_peers, whole);
    let mut above: Vec<_> = found.iter().filter(|found| found.distance > 0.0).collect();
    let mut below: Vec<_> = found.iter().filter(|found| found.distance < 0.0).collect();
    above.sort_by(|a, b| tie_key(b.distance).total_cmp(&tie_key(a.distance)));
    below.sort_by(|a, b| tie_key(a.distance).total_cmp(&tie_key(b.distance)));
    html.open("div", &[("class", "columns")]);
    list(context, row, words.get("strong"), "●", &above, html);
    list(context, row, words.get("weak"), "○", &below, html);
    html.close().close();
}

/// An indicator's score and how far it lies from its reference; above zero is better.
struct Found {
    node: NodeIx,
    score: f64,
    reference: f64,
    distance: f64,
}

/// What stands out; the points that an indicator can bring to a sum are the `whole` that its distance is measured by.
fn distances(
    context: &Context<'_>,
    row: usize,
    with_peers: bool,
    whole: impl Fn(NodeIx) -> f64,
) -> Vec<Found> {
    let own = context.score(Framework::INDEX, row).unwrap_or(0.0);
    indicators(context)
        .filter_map(|node| {
            let whole = whole(node);
            let score = context.score(node, row)?;
            // A score that nobody's answer stands behind is no strength.
            context.result.scores.nodes[node.0].coverage[row].filter(|share| *share > 0.0)?;
            let (reference, margin) = if with_peers {
                let spread = context
                    .spread(node)
                    .filter(|spread| spread.count >= LEAST_PEERS)?;
                let margin = match context.range() {
                    Range::Between { .. } => MARGIN * whole,
                    Range::Unbounded => MARGIN * (spread.max - spread.min),
                };
                (spread.mean, margin)
            } else {
                (own * whole, MARGIN * whole)
            };
            let above = if context.up() {
                score - reference
            } else {
                reference - score
            };
            reaches(above.abs(), margin).then_some(Found {
                node,
                score,
                reference,
                distance: above,
            })
        })
        .collect()
}

fn list(
    context: &Context<'_>,
    row: usize,
    title: &str,
    mark: &str,
    found: &[&Found],
    html: &mut Html,
) {
    let words = &context.words;
    html.open("div", &[]);
    html.leaf("h3", &[], title);
    if found.is_empty() {
        html.leaf("p", &[], words.get("strengths.nothing"));
    } else {
        html.open("ul", &[("class", "list")]);
        for found in found.iter().take(MOST) {
            html.open("li", &[]);
            html.leaf("span", &[("class", "mark"), ("aria-hidden", "true")], mark)
                .text(" ");
            html.leaf("b", &[], &context.title(found.node)).text(" ");
            if let Some(answer) = answers::given(context, row, found.node) {
                html.text(&format!("({answer}) "));
            }
            let numbers = [found.score, found.reference]
                .map(|score| context.printed(found.node, Some(score)));
            html.text(&words.fill("against", &[&numbers[0], &numbers[1]]));
            html.close();
        }
        html.close();
    }
    let shown = found.len().min(MOST);
    if let (Some(last), Some(next)) = (found.get(shown.saturating_sub(1)), found.get(shown))
        && tie_key(last.distance)
            .total_cmp(&tie_key(next.distance))
            .is_eq()
    {
        let key = tie_key(last.distance);
        let tied = found[shown..]
            .iter()
            .filter(|found| tie_key(found.distance).total_cmp(&key).is_eq());
        html.leaf(
            "p",
            &[("class", "rule")],
            &words.counted("tied", tied.count()),
        );
    }
    html.close();
}

/// What each part adds to the index, and what is still to be had there.
pub(super) fn contributions(context: &Context<'_>, insight: &Insight, html: &mut Html) {
    let words = &context.words;
    if insight.adds.is_empty() {
        return;
    }
    html.open("section", &[("aria-labelledby", "adds")]);
    html.leaf("h2", &[("id", "adds")], words.get("contributions"));
    html.leaf("p", &[("class", "rule")], words.get("contributions.rule"));
    html.open("table", &[("class", "chart")]);
    html.open("thead", &[]).open("tr", &[]);
    html.leaf("th", &[("scope", "col")], words.get("part"));
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("adds"),
    );
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "strip")],
        words.get("picture"),
    );
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("available"),
    );
    html.close().close().open("tbody", &[]);
    let available = |part: NodeIx| -> f64 {
        let below = insight
            .losses
            .iter()
            .filter(|(node, _)| context.is_below(*node, part));
        below.map(|(_, points)| points).sum()
    };
    let full = |(part, adds): &(NodeIx, f64)| adds + available(*part).max(0.0);
    let whole = insight.adds.iter().map(full).fold(0.0, f64::max);
    for entry in &insight.adds {
        let (part, adds) = *entry;
        html.open("tr", &[]);
        html.leaf("th", &[("scope", "row")], &context.title(part));
        html.number(words.get("adds"), &context.points(adds));
        html.open("td", &[("class", "strip")]);
        html.markup(&svg::bar(whole, adds.max(0.0), full(entry)).inline("strip", ""));
        html.close();
        html.number(words.get("available"), &context.points(available(part)));
        html.close();
    }
    html.close();
    html.open("tfoot", &[]).open("tr", &[]);
    html.leaf("th", &[("scope", "row")], words.get("sum"));
    let sum: f64 = insight.adds.iter().map(|(_, adds)| adds).sum();
    html.number(words.get("adds"), &context.points(sum));
    html.leaf("td", &[("class", "strip")], "");
    let open: f64 = insight.losses.iter().map(|(_, points)| points).sum();
    html.number(words.get("available"), &context.points(open));
    html.close().close().close().close();
}

/// The steps that gain most, each with the answer that it takes, the framework's advice and who is there already.
pub(super) fn actions(context: &Context<'_>, row: usize, insight: &Insight, html: &mut Html) {
    let words = &context.words;
    if insight.steps.is_empty() {
        return;
    }
    html.open("section", &[("aria-labelledby", "actions")]);
    html.leaf("h2", &[("id", "actions")], words.get("actions"));
    html.leaf("p", &[("class", "rule")], words.get("actions.rule"));
    if let Some(advice) = level_advice(context, row) {
        html.leaf("p", &[], advice);
    }
    html.open("ol", &[("class", "actions")]);
    for step in &insight.steps {
        action(context, step, html);
    }
    html.close();
    if insight.more > 0 {
        html.leaf(
            "p",
            &[("class", "rule")],
            &words.counted("actions.more", insight.more),
        );
    }
    html.close();
}

fn action(context: &Context<'_>, step: &Step, html: &mut Html) {
    let words = &context.words;
    let keys = step.row.iter().map(ToString::to_string);
    let name: Vec<String> = std::iter::once(context.title(step.node))
        .chain(keys)
        .collect();
    html.open("li", &[]);
    html.leaf("b", &[], &name.join(" / ")).text(" ");
    if let Some(gain) = step.gain {
        let points = context.range().show_difference(gain);
        let text = words.difference(points, context.finer());
        html.leaf(
            "span",
            &[("class", "points")],
            &words.measured("points.index", points, &[&text]),
        );
    }
    let Some(node) = context.framework.map(|framework| framework.node(step.node)) else {
        html.close();
        return;
    };
    if let Some(indicator) = node.indicator() {
        // Of a multiple choice what is to be added.
        let (key, answer) = match (step.aim, step.now) {
            (Aim::Options(added), Now::Answer(Answer::Given(_))) if added > 0 => {
                ("actions.also", Answer::Given(added as f64))
            }
            _ => ("actions.to", step.to),
        };
        let answer = answers::worded(context, indicator, answer);
        html.leaf("p", &[], &words.fill(key, &[&answer]));
    }
    if let Some(advice) = &node.advice {
        html.leaf("p", &[], context.text(advice));
    }
    if !step.peers.is_empty() {
        let named = step.peers.iter().take(MOST_PEERS);
        let named: Vec<&str> = named.map(|peer| peer.name.as_ref()).collect();
        let text = words.fill("actions.peers", &[&named.join(", ")]);
        html.leaf("p", &[("class", "rule")], &text);
    }
    html.close();
}

/// What the framework advises a unit at this level.
fn level_advice<'c>(context: &'c Context<'_>, row: usize) -> Option<&'c str> {
    let position = context.result.scores.nodes[Framework::INDEX.0].level[row]?;
    let levels = context.framework?.levels_of(Framework::INDEX)?;
    let advice = levels.bands.get(position)?.advice.as_ref()?;
    Some(context.text(advice))
}
