//! The page of one unit: where it stands, among whom, what changed, what would raise it, and every answer behind it.

use crate::framework::{Framework, Need, NodeIx, TOLERANCE, reaches, tie_key};
use crate::report::present::cut_off;
use crate::report::svg::{self, Strip};
use crate::scoring::band;

use super::context::Context;
use super::html::Html;
use super::insight::Insight;
use super::{answers, findings, frame, method, radar};

/// The page of the unit of this observation.
pub(super) fn page(context: &Context<'_>, row: usize, insight: Option<&Insight>) -> String {
    let observation = &context.result.scores.observations[row];
    let framework = context.text(&context.result.about.framework.title);
    let period = context.period_shown();
    let title = [observation.name.as_ref(), &period, framework]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    frame::page(context, &title, &[], |html| {
        header(context, row, html);
        html.open("main", &[("id", "main")]);
        summary(context, row, html);
        dimensions(context, row, html);
        targets(context, row, html);
        if context.style.radar {
            radar(context, row, html);
        }
        findings::changes(context, row, insight, html);
        findings::strengths(context, row, html);
        if let Some(insight) = insight {
            findings::contributions(context, insight, html);
            findings::actions(context, row, insight, html);
        }
        method::heat(context, row, html);
        answers::table(context, row, html);
        method::note(context, html);
        html.close();
        frame::footer(context, html);
    })
}

fn header(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    let observation = &context.result.scores.observations[row];
    html.open("header", &[("class", "top")]);
    frame::logo(context, html);
    html.open("p", &[("class", "kicker")]);
    html.text(context.text(&context.result.about.framework.title));
    html.close();
    html.open("h1", &[]).leaf("bdi", &[], &observation.name);
    if observation.name != observation.unit {
        html.text(" ").leaf("small", &[], &observation.unit);
    }
    html.close();
    html.open("p", &[("class", "facts")]);
    html.text(&facts(context).join(" · ")).close();
    html.open("nav", &[("aria-label", words.get("nav"))]);
    html.leaf("a", &[("href", "index.html")], words.get("back"));
    html.close();
    html.close();
}

/// Period, edition and version.
pub(super) fn facts(context: &Context<'_>) -> Vec<String> {
    let words = &context.words;
    let facts = &context.result.about.framework;
    let mut shown = Vec::new();
    if !context.period_name().is_empty() {
        shown.push(words.fill("period", &[&context.period_shown()]));
    }
    if let Some(edition) = &facts.edition {
        shown.push(words.fill("edition", &[edition]));
    }
    shown.push(words.fill("version", &[&facts.id, &facts.version]));
    shown
}

/// Index, level, way to the next one, rank and coverage.
fn summary(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    html.open("section", &[("aria-labelledby", "summary")]);
    html.leaf("h2", &[("id", "summary")], words.get("summary"));
    html.open("div", &[("class", "cards")]);
    index_card(context, row, html);
    level_card(context, row, html);
    rank_card(context, row, html);
    coverage_card(context, row, html);
    html.close().close();
}

fn card(html: &mut Html, title: &str, figure: &str) {
    html.open("div", &[("class", "card")]);
    html.leaf("h3", &[], title);
    html.leaf("p", &[("class", "figure")], figure);
}

fn index_card(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    let score = context.score(Framework::INDEX, row);
    card(
        html,
        &context.title(Framework::INDEX),
        &context.printed(Framework::INDEX, score),
    );
    let mut lines = Vec::new();
    if let crate::framework::Range::Between { low, high } = context.range() {
        let end = |value: f64| words.written(&crate::report::number::shortest(value));
        let within = score.is_none_or(|score| (-TOLERANCE..=1.0 + TOLERANCE).contains(&score));
        let key = if within { "range" } else { "range.beyond" };
        lines.push(words.fill(key, &[&end(low), &end(high)]));
    }
    if let Some(spread) = context.spread(Framework::INDEX) {
        let mean = context.printed(Framework::INDEX, Some(spread.mean));
        lines.push(words.fill("peers.mean", &[&context.peers_name(), &mean]));
    }
    if score.is_none() {
        lines.push(words.get("no-score").to_owned());
    }
    for line in lines {
        html.leaf("p", &[], &line);
    }
    html.close();
}

fn level_card(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    let about = &context.result.about;
    let column = &context.result.scores.nodes[Framework::INDEX.0];
    let Some(position) = column.level[row] else {
        return;
    };
    let Some((level, of)) = about.level(Framework::INDEX, position) else {
        return;
    };
    html.open("div", &[("class", "card")]);
    html.leaf("h3", &[], words.get("level"));
    html.leaf("p", &[("class", "figure word")], context.text(&level.title));
    let above = context.better().worse_levels(position, of);
    html.markup(&blocks(above, of));
    let place = [(above + 1).to_string(), of.to_string()];
    html.leaf(
        "p",
        &[],
        &words.fill("level.place", &[&place[0], &place[1]]),
    );
    if let Some(framework) = context.framework
        && let Some(levels) = framework.levels_of(Framework::INDEX)
        && let Some(text) = levels
            .bands
            .get(position)
            .and_then(|band| band.description.as_ref())
    {
        html.leaf("p", &[], context.text(text));
    }
    next_level(context, row, (position, of), html);
    html.close();
}

/// One block a level, those reached filled; the words beside it say the same.
fn blocks(above: usize, of: usize) -> String {
    let mut picture = svg::Svg::new(of as f64 * 28.0, 14.0);
    for block in 0..of {
        let class = if block <= above { "part" } else { "open" };
        picture.rect(class, [block as f64 * 28.0 + 1.0, 1.0, 24.0, 12.0]);
    }
    picture.inline("blocks", "")
}

/// Points to the next level, and the conditions beside the score that do not hold yet.
fn next_level(context: &Context<'_>, row: usize, (position, of): (usize, usize), html: &mut Html) {
    let words = &context.words;
    let about = &context.result.about;
    let better = context.better();
    let Some(above) = better.next_level(position, of) else {
        html.leaf("p", &[("class", "next")], words.get("level.top"));
        return;
    };
    let bands = context
        .framework
        .and_then(|framework| Some((framework, framework.levels_of(Framework::INDEX)?)));
    if bands.is_some_and(|(_, levels)| levels.quantiles) {
        return; // no distance on the range leads to it
    }
    // Where less is better, a level ends where the next worse one starts.
    let cut = above.max(position);
    let level = |position: usize| about.level(Framework::INDEX, position);
    let (Some((next, _)), Some((cut, _))) = (level(above), level(cut)) else {
        return;
    };
    let title = context.text(&next.title);
    if let Some(score) = context.score(Framework::INDEX, row) {
        let suffices = match bands {
            Some((framework, levels)) => {
                let cuts: Vec<f64> = levels.bands.iter().map(|band| band.from).collect();
                let by_score = band(framework, Framework::INDEX, levels, &cuts, score);
                better.reaches_level(by_score, above)
            }
            None => reaches(score, cut.from) == context.up(),
        };
        let line = if suffices {
            words.fill("level.conditions", &[title])
        } else {
            let missing = (cut.from - score).abs();
            if missing > TOLERANCE {
                let points = context.range().show_difference(missing);
                words.measured("level.next", points, &[&context.points(missing), title])
            } else {
                // At a cut-off that belongs to the worse level the least step will do.
                let closed_below = bands.is_none_or(|(_, levels)| levels.closed_below);
                let cut = context.printed(Framework::INDEX, Some(cut.from));
                title.to_owned() + &words.fill(cut_off(better, closed_below), &[&cut])
            }
        };
        html.leaf("p", &[("class", "next")], &line);
    }
    let needs = bands.and_then(|(_, levels)| levels.bands.get(above));
    let unmet: Vec<String> = needs
        .iter()
        .flat_map(|band| &band.needs)
        .filter_map(|need| unmet(context, row, need))
        .collect();
    if !unmet.is_empty() {
        html.open("ul", &[]);
        for text in unmet {
            html.leaf("li", &[], &text);
        }
        html.close();
    }
}

/// A condition that does not hold, with what was found.
fn unmet(context: &Context<'_>, row: usize, need: &Need) -> Option<String> {
    let words = &context.words;
    let better = context.better();
    let nodes = &context.result.scores.nodes;
    match need {
        Need::Score(node, least) => {
            let score = nodes[node.0].score[row];
            let holds = score.is_some_and(|score| better.reaches(score, *least));
            (!holds).then(|| {
                words.fill(
                    if context.up() {
                        "need.score"
                    } else {
                        "need.score.most"
                    },
                    &[
                        &context.title(*node),
                        &context.printed(*node, Some(*least)),
                        &context.printed(*node, score),
                    ],
                )
            })
        }
        Need::Level(node, least) => {
            let found = nodes[node.0].level[row];
            let name = |position: usize| {
                let level = context.result.about.level(*node, position);
                level.map_or("–", |(level, _)| context.text(&level.title))
            };
            (found.is_none_or(|found| !better.reaches_level(found, *least))).then(|| {
                words.fill(
                    "need.level",
                    &[&context.title(*node), name(*least), found.map_or("–", name)],
                )
            })
        }
        Need::Coverage(least) => {
            let found = nodes[Framework::INDEX.0].coverage[row].unwrap_or(0.0);
            (!reaches(found, *least)).then(|| {
                words.fill(
                    "need.coverage",
                    &[&words.percent(*least), &words.percent(found)],
                )
            })
        }
    }
}

fn rank_card(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    let scores = &context.result.scores;
    let Some(ranking) = &context.result.about.framework.ranking else {
        return;
    };
    let Some(rank) = scores.nodes[Framework::INDEX.0].rank[row] else {
        return;
    };
    let (best, worst, of) = rank_interval(context, row);
    let shown = words.written(&crate::report::number::shortest(rank));
    card(html, words.get("rank"), &shown);
    html.leaf("p", &[], &words.fill("rank.of", &[&of.to_string()]));
    if best < worst {
        let (best, worst) = (best.to_string(), worst.to_string());
        html.leaf("p", &[], &words.fill("rank.interval", &[&best, &worst]));
    }
    if let Some(([low, _, high], trust)) = context
        .drawn(row)
        .and_then(|found| found.ranks)
        .zip(context.trust)
    {
        let rank = |rank: f64| words.written(&crate::report::number::shortest(rank));
        let (low, high) = (rank(low), rank(high));
        let held = words.percent(trust.study.interval.1 - trust.study.interval.0);
        let line = if low == high {
            words.fill("rank.drawn.one", &[&low, &held])
        } else {
            words.fill("rank.drawn", &[&low, &high, &held])
        };
        html.leaf("p", &[], &line);
    }
    if let Some(among) = &ranking.among {
        html.leaf("p", &[], &words.fill("rank.among", &[context.text(among)]));
    }
    html.close();
}

/// The best and the worst rank that all missing answers leave open, and how many are ranked.
pub(super) fn rank_interval(context: &Context<'_>, row: usize) -> (usize, usize, usize) {
    let column = &context.result.scores.nodes[Framework::INDEX.0];
    let end = |row: usize| {
        let score = column.score[row].unwrap_or(0.0);
        let low = column.low[row].unwrap_or(score);
        let high = column.high[row].unwrap_or(score);
        let (worst, best) = if context.up() {
            (low, high)
        } else {
            (-high, -low)
        };
        (tie_key(worst), tie_key(best))
    };
    let (own_worst, own_best) = end(row);
    let (mut best, mut worst, mut of) = (1, 1, 0);
    for &other in &context.rows {
        if column.rank[other].is_none() {
            continue;
        }
        of += 1;
        if other != row {
            let (their_worst, their_best) = end(other);
            best += usize::from(their_worst > own_best);
            worst += usize::from(their_best > own_worst);
        }
    }
    (best, worst, of)
}

fn coverage_card(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    let column = &context.result.scores.nodes[Framework::INDEX.0];
    let coverage =
        column.coverage[row].map_or_else(|| "–".to_owned(), |share| words.percent(share));
    card(html, words.get("coverage"), &coverage);
    if column.applicable[row] > 0 {
        let counts = [column.answered[row], column.applicable[row]].map(|count| count.to_string());
        html.leaf("p", &[], &words.fill("answered", &[&counts[0], &counts[1]]));
    }
    match (column.low[row], column.high[row]) {
        (Some(low), Some(high)) if tie_key(low) < tie_key(high) => {
            let ends = [low, high].map(|end| context.printed(Framework::INDEX, Some(end)));
            html.leaf("p", &[], &words.fill("bounds", &[&ends[0], &ends[1]]));
        }
        _ => {
            html.leaf("p", &[], words.get("bounds.none"));
        }
    }
    html.close();
}

/// One line a dimension: the score among its peers, beside the last wave.
fn dimensions(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    let nodes = context.dimensions();
    html.open("section", &[("aria-labelledby", "dimensions")]);
    html.leaf("h2", &[("id", "dimensions")], words.get("dimensions"));
    html.markup(&legend(context));
    html.open("table", &[("class", "chart")]);
    html.leaf(
        "caption",
        &[("class", "hidden")],
        words.get("dimensions.caption"),
    );
    html.open("thead", &[]).open("tr", &[]);
    let last = context.last_wave();
    html.leaf("th", &[("scope", "col")], words.get("dimension"));
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("score"),
    );
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "strip")],
        &axis(context, words.get("among-peers"), &nodes),
    );
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("mean"),
    );
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("lowest-highest"),
    );
    if let Some(last) = last {
        html.leaf("th", &[("scope", "col"), ("class", "number")], &last);
    }
    html.close().close();
    html.open("tbody", &[]);
    for &node in &nodes {
        dimension(context, row, node, &nodes, html);
    }
    html.close().close().close();
}

/// What the framework aims at, phase by phase, beside what there is; nothing where it states no targets.
fn targets(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    let Some(framework) = context
        .framework
        .filter(|framework| !framework.targets.is_empty())
    else {
        return;
    };
    html.open("section", &[("aria-labelledby", "targets")]);
    html.leaf("h2", &[("id", "targets")], words.get("targets"));
    html.scroll(words.get("targets"));
    html.open("table", &[]);
    html.open("thead", &[]).open("tr", &[]);
    for head in ["targets.phase", "targets.part"] {
        html.leaf("th", &[("scope", "col")], words.get(head));
    }
    for head in ["targets.target", "score", "targets.to-go"] {
        let class = [("scope", "col"), ("class", "number")];
        html.leaf("th", &class, words.get(head));
    }
    html.close().close().open("tbody", &[]);
    for target in &framework.targets {
        for (node, least) in &target.scores {
            let score = context.score(*node, row);
            let to_go = match score.map(|score| framework.better.short_of(score, *least)) {
                None => "–".to_owned(),
                Some(short) if short > 0.0 => context.points(short),
                Some(_) => words.get("targets.reached").to_owned(),
            };
            html.open("tr", &[]);
            html.leaf("td", &[], &target.phase);
            html.leaf("th", &[("scope", "row")], &context.title(*node));
            for figure in [
                context.printed(*node, Some(*least)),
                context.printed(*node, score),
                to_go,
            ] {
                html.leaf("td", &[("class", "number")], &figure);
            }
            html.close();
        }
    }
    html.close().close().close().close();
}

/// The dimensions once more, as a radar.
fn radar(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    let Some(picture) = radar::picture(context, row) else {
        return;
    };
    html.open("section", &[("aria-labelledby", "radar")]);
    html.leaf("h2", &[("id", "radar")], words.get("radar"));
    html.leaf("p", &[("class", "rule")], words.get("radar.rule"));
    // The numbers stand in the table above.
    html.markup(&picture.inline("radar", "")).close();
}

/// A chart's head with the ends of its axis.
pub(super) fn axis(context: &Context<'_>, title: &str, nodes: &[NodeIx]) -> String {
    let scale = context.scale(nodes);
    let digits = crate::framework::Digits {
        digits: 2,
        mode: crate::framework::RoundingMode::HalfUp,
    };
    let end = |value: f64| {
        let text = crate::report::number::shortest(digits.round(value));
        context.words.written(&text)
    };
    let words = &context.words;
    words.fill("axis", &[title, &end(scale.low), &end(scale.high)])
}

/// What the marks of the chart mean.
fn legend(context: &Context<'_>) -> String {
    let words = &context.words;
    let mut html = Html::default();
    html.open("p", &[("class", "legend")]);
    let mut entry = |class: &str, text: &str| {
        let mut sign = svg::Svg::new(22.0, 16.0);
        match class {
            "score" => sign.circle("score", [11.0, 8.0], 6.0),
            "band" => sign.rect("band", [1.0, 3.0, 20.0, 10.0]),
            "mean" => sign.line("mean", [11.0, 0.0], [11.0, 16.0]),
            _ => sign.path(
                "before",
                &[[11.0, 1.0], [18.0, 8.0], [11.0, 15.0], [4.0, 8.0]],
                true,
            ),
        };
        html.open("span", &[]);
        html.markup(&sign.inline("sign", "")).text(" ").text(text);
        html.close();
    };
    entry("score", words.get("legend.score"));
    if context.peers().is_some() {
        entry("band", words.get("legend.band"));
        entry("mean", &words.fill("legend.mean", &[&context.peers_name()]));
    }
    if let Some(last) = context.last_wave() {
        entry("before", &last);
    }
    html.finish()
}

fn dimension(context: &Context<'_>, row: usize, node: NodeIx, nodes: &[NodeIx], html: &mut Html) {
    let score = context.score(node, row);
    let spread = context.spread(node);
    let before = context
        .before
        .get(&row)
        .and_then(|&row| context.score(node, row));
    let marks = strip_of(context, row, node);
    html.open("tr", &[]);
    html.open("th", &[("scope", "row")])
        .text(&context.title(node));
    if let Some(stage) = stage(context, row, node) {
        html.leaf("small", &[("class", "stage")], &stage);
    }
    html.close();
    let words = &context.words;
    let head = ("data-head", words.get("score"));
    html.open("td", &[("class", "number"), head]);
    html.leaf("strong", &[], &context.printed(node, score))
        .close();
    html.open("td", &[("class", "strip")]);
    // The numbers stand in the cells beside it.
    html.markup(&svg::strip(context.scale(nodes), marks).inline("strip", ""));
    html.close();
    let mean = context.printed(node, spread.map(|spread| spread.mean));
    html.number(words.get("mean"), &mean);
    let ends = spread.map_or_else(
        || "–".to_owned(),
        |spread| {
            let [low, high] = [spread.min, spread.max].map(|end| context.printed(node, Some(end)));
            format!("{low}–{high}")
        },
    );
    html.number(words.get("lowest-highest"), &ends);
    if let Some(last) = context.last_wave() {
        html.number(&last, &context.printed(node, before));
    }
    html.close();
}

/// A node's score among its peers, beside the last wave.
pub(super) fn strip_of(context: &Context<'_>, row: usize, node: NodeIx) -> Strip {
    let spread = context.spread(node);
    let before = context.before.get(&row);
    let before = before.and_then(|&row| context.score(node, row));
    let shown = |score: f64| context.shown(node, score);
    let column = &context.result.scores.nodes[node.0];
    let bounds = match (column.low[row], column.high[row]) {
        (Some(low), Some(high)) if tie_key(low) < tie_key(high) => Some((shown(low), shown(high))),
        _ => None,
    };
    Strip {
        score: context.score(node, row).map(shown),
        bounds,
        peers: spread.map(|spread| (shown(spread.min), shown(spread.max))),
        mean: spread.map(|spread| shown(spread.mean)),
        before: before.map(shown),
    }
}

/// The level of a node and what it means there.
fn stage(context: &Context<'_>, row: usize, node: NodeIx) -> Option<String> {
    let position = context.result.scores.nodes[node.0].level[row]?;
    let (level, _) = context.result.about.level(node, position)?;
    let title = context.text(&level.title);
    let stages = context
        .framework
        .map(|framework| &framework.node(node).stages);
    let meaning = stages
        .into_iter()
        .flatten()
        .find(|(stage, _)| *stage == position)
        .map(|(_, text)| context.text(text));
    Some(match meaning {
        Some(meaning) => context.words.fill("meaning", &[title, meaning]),
        None => title.to_owned(),
    })
}
