//! The index page: everybody in one table, how scores are spread, what changed, and the weights to play with.

use crate::framework::{Framework, NodeIx, tie_key};
use crate::report::present::short_heads;
use crate::report::svg::{self, Mark};
use crate::scoring::GroupRow;

use super::context::Context;
use super::html::Html;
use super::{explorer, findings, frame, method, unit};

/// With more units small pictures are no overview.
const MOST_COURSES: usize = 60;
/// How many units are named in a cell.
const MOST_NAMED: usize = 40;

/// The index page.
pub(super) fn page(context: &Context<'_>) -> String {
    let framework = context.text(&context.result.about.framework.title);
    let title = [framework, &context.period_shown()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let explorer = explorer::data(context);
    let mut scripts = vec![frame::SCRIPT];
    if explorer.is_some() {
        scripts.push(explorer::SCRIPT);
    }
    frame::page(context, &title, &scripts, |html| {
        header(context, html);
        html.open("main", &[("id", "main")]);
        league(context, html);
        levels(context, html);
        spread(context, html);
        changes(context, html);
        courses(context, html);
        if let Some(data) = &explorer {
            explorer::section(context, data, html);
        }
        method::note(context, html);
        html.close();
        frame::footer(context, html);
    })
}

fn header(context: &Context<'_>, html: &mut Html) {
    let words = &context.words;
    html.open("header", &[("class", "top")]);
    frame::logo(context, html);
    html.leaf(
        "h1",
        &[],
        context.text(&context.result.about.framework.title),
    );
    let mut facts = unit::facts(context);
    facts.push(words.counted("units", context.rows.len()));
    html.open("p", &[("class", "facts")])
        .text(&facts.join(" · "))
        .close();
    if let Some(note) = &context.result.about.framework.note {
        html.leaf("p", &[("class", "disclaimer")], context.text(note));
    }
    html.close();
}

/// Everybody, best first where there is a ranking: the league table and the heat map in one.
fn league(context: &Context<'_>, html: &mut Html) {
    let words = &context.words;
    let about = &context.result.about;
    html.open("section", &[("aria-labelledby", "league")]);
    html.leaf("h2", &[("id", "league")], words.get("league"));
    html.open("p", &[("class", "search"), ("hidden", "")]);
    html.leaf("label", &[("for", "search")], words.get("search"))
        .text(" ");
    html.void(
        "input",
        &[
            ("type", "search"),
            ("id", "search"),
            ("autocomplete", "off"),
        ],
    );
    html.leaf(
        "span",
        &[
            ("id", "found"),
            ("role", "status"),
            ("data-of", words.get("found")),
        ],
        "",
    );
    html.close();
    html.scroll(words.get("league"));
    html.open("table", &[("id", "units"), ("class", "league")]);
    let ranges = context
        .rows
        .iter()
        .any(|&row| range(context, row).is_some());
    head(context, ranges, html);
    html.open("tbody", &[]);
    for &row in &context.rows {
        row_of(context, row, ranges, html);
    }
    html.close();
    summaries(context, ranges, html);
    html.close().close();
    let dimensions: Vec<String> = context
        .dimensions()
        .into_iter()
        .map(|node| context.title(node))
        .collect();
    let heads = heads(&dimensions);
    let legend: Vec<String> = heads
        .iter()
        .zip(&dimensions)
        .filter(|(head, title)| head != title)
        .map(|(head, title)| format!("{head} = {title}"))
        .collect();
    if !legend.is_empty() {
        html.leaf("p", &[("class", "rule")], &legend.join(" · "));
    }
    let ranking = about.framework.ranking.as_ref();
    let line = match ranking.and_then(|ranking| ranking.among.as_ref()) {
        Some(among) => words.fill("rank.among", &[context.text(among)]),
        None if ranking.is_none() => words.get("m.rank.none").to_owned(),
        None => words.get("league.rule").to_owned(),
    };
    html.leaf("p", &[("class", "rule")], &line);
    html.close();
}

fn heads(titles: &[String]) -> Vec<String> {
    let plain: Vec<&str> = titles.iter().map(String::as_str).collect();
    short_heads(&plain)
}

/// What the gaps of a unit leave open, where that shows.
fn range(context: &Context<'_>, row: usize) -> Option<String> {
    let index = &context.result.scores.nodes[Framework::INDEX.0];
    let (low, high) = (index.low[row]?, index.high[row]?);
    let ends = [low, high].map(|end| context.printed(Framework::INDEX, Some(end)));
    let words = &context.words;
    (ends[0] != ends[1]).then(|| words.fill("from-to", &[&ends[0], &ends[1]]))
}

/// The columns; that of ranges where one is shown.
fn head(context: &Context<'_>, ranges: bool, html: &mut Html) {
    let words = &context.words;
    let about = &context.result.about;
    html.open("thead", &[]).open("tr", &[]);
    let mut column = |class: &str, title: &str, full: &str| {
        let mut attributes = vec![("scope", "col"), ("class", class)];
        if full != title {
            attributes.push(("title", full));
        }
        html.leaf("th", &attributes, title);
    };
    if about.framework.ranking.is_some() {
        column("number", words.get("rank"), words.get("rank"));
    }
    let unit = context.view().unit(about);
    column("text", &unit, &unit);
    let index = context.title(Framework::INDEX);
    column("number", words.get("index"), &index);
    if ranges {
        column("number", words.get("range-head"), words.get("range-head"));
    }
    if about.nodes[Framework::INDEX.0].levels.is_some() {
        column("text", words.get("level"), words.get("level"));
    }
    let titles: Vec<String> = context
        .dimensions()
        .into_iter()
        .map(|node| context.title(node))
        .collect();
    for (short, title) in heads(&titles).iter().zip(&titles) {
        column("number", short, title);
    }
    column("number", words.get("coverage"), words.get("coverage"));
    if let Some(last) = context.last_wave() {
        let title = words.fill("since", &[&last]);
        column("number", &title, &title);
    }
    html.close().close();
}

fn row_of(context: &Context<'_>, row: usize, ranges: bool, html: &mut Html) {
    let words = &context.words;
    let about = &context.result.about;
    let scores = &context.result.scores;
    let observation = &scores.observations[row];
    let index = &scores.nodes[Framework::INDEX.0];
    // What sorts is the number itself, not its text.
    let key = |value: Option<f64>| {
        value
            .map(crate::report::number::shortest)
            .unwrap_or_default()
    };
    html.open("tr", &[]);
    if about.framework.ranking.is_some() {
        let rank = index.rank[row];
        html.leaf(
            "td",
            &[("class", "number"), ("data-key", &key(rank))],
            &ranked(context, row),
        );
    }
    html.open("th", &[("scope", "row")]);
    let page = context.names.get(&row).map(|name| format!("{name}.html"));
    html.open("a", &[("href", page.as_deref().unwrap_or("index.html"))]);
    html.leaf("bdi", &[], &observation.name).close();
    html.close();
    html.open(
        "td",
        &[("class", "number"), ("data-key", &key(index.score[row]))],
    );
    html.leaf(
        "strong",
        &[],
        &context.printed(Framework::INDEX, index.score[row]),
    )
    .close();
    if ranges {
        let range = range(context, row).unwrap_or_default();
        html.leaf("td", &[("class", "number")], &range);
    }
    if about.nodes[Framework::INDEX.0].levels.is_some() {
        let position = index.level[row];
        let level = position.and_then(|position| about.level(Framework::INDEX, position));
        let title = level.map_or("–", |(level, _)| context.text(&level.title));
        let place = position
            .map(|position| position.to_string())
            .unwrap_or_default();
        html.leaf("td", &[("data-key", &place)], title);
    }
    for node in context.dimensions() {
        let score = context.score(node, row);
        html.leaf(
            "td",
            &[
                ("class", context.shade(node, score)),
                ("data-key", &key(score)),
            ],
            &context.printed(node, score),
        );
    }
    let coverage = index.coverage[row];
    let shown = coverage.map_or_else(|| "–".to_owned(), |share| words.percent(share));
    html.leaf(
        "td",
        &[("class", "number"), ("data-key", &key(coverage))],
        &shown,
    );
    if context.last_wave().is_some() {
        let then = context
            .before
            .get(&row)
            .and_then(|&before| index.score[before]);
        let moved = then.zip(index.score[row]).map(|(then, now)| now - then);
        let shown = findings::change(context, Framework::INDEX, then, index.score[row]);
        html.leaf(
            "td",
            &[("class", "number"), ("data-key", &key(moved))],
            &shown,
        );
    }
    html.close();
}

/// A rank as it is printed, ties marked where the framework asks for that.
fn ranked(context: &Context<'_>, row: usize) -> String {
    let ranks = &context.result.scores.nodes[Framework::INDEX.0].rank;
    let Some(rank) = ranks[row] else {
        return String::new();
    };
    let marks = context
        .result
        .about
        .framework
        .ranking
        .as_ref()
        .is_some_and(|ranking| ranking.mark_ties);
    let tied = context.rows.iter().any(|&other| {
        other != row && ranks[other].is_some_and(|found| found.total_cmp(&rank).is_eq())
    });
    let text = context
        .words
        .written(&crate::report::number::shortest(rank));
    format!("{text}{}", if marks && tied { "=" } else { "" })
}

/// Means of peers and groups below the table.
fn summaries(context: &Context<'_>, ranges: bool, html: &mut Html) {
    let words = &context.words;
    let about = &context.result.about;
    let scores = &context.result.scores;
    let here = |group: &&GroupRow| group.period == context.period && group.members > 0;
    let peers: Vec<&GroupRow> = context.peers().into_iter().collect();
    let groups = scores
        .groups
        .iter()
        .filter(here)
        .filter(|group| peers.iter().all(|peers| peers.id != group.id));
    let all: Vec<&GroupRow> = peers.iter().copied().chain(groups).collect();
    if all.is_empty() {
        return;
    }
    html.open("tfoot", &[]);
    for group in all {
        html.open("tr", &[]);
        if about.framework.ranking.is_some() {
            html.leaf("td", &[], "");
        }
        let name = context.group_name(group);
        let label = words.weighted(&words.fill("mean-of", &[&name]), group);
        html.leaf("th", &[("scope", "row")], &label);
        let mean = |node: NodeIx| {
            let spread = group.nodes.get(node.0).copied().flatten();
            context.printed(node, spread.map(|spread| spread.mean))
        };
        html.leaf("td", &[("class", "number")], &mean(Framework::INDEX));
        if ranges {
            html.leaf("td", &[], "");
        }
        if about.nodes[Framework::INDEX.0].levels.is_some() {
            html.leaf("td", &[], "");
        }
        for node in context.dimensions() {
            html.leaf("td", &[("class", "number")], &mean(node));
        }
        html.leaf("td", &[], "");
        if context.last_wave().is_some() {
            html.leaf("td", &[], "");
        }
        html.close();
    }
    html.close();
}

/// How many units are at which level, and who.
fn levels(context: &Context<'_>, html: &mut Html) {
    let words = &context.words;
    let about = &context.result.about;
    let Some(set) = about.nodes[Framework::INDEX.0].levels else {
        return;
    };
    let column = &context.result.scores.nodes[Framework::INDEX.0];
    let bands = context
        .framework
        .and_then(|framework| framework.levels_of(Framework::INDEX));
    html.open("section", &[("aria-labelledby", "levels")]);
    html.leaf("h2", &[("id", "levels")], words.get("levels"));
    html.open("table", &[("class", "chart")]);
    html.open("thead", &[]).open("tr", &[]);
    html.leaf("th", &[("scope", "col")], words.get("level"));
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("count"),
    );
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "strip")],
        words.get("picture"),
    );
    html.leaf("th", &[("scope", "col")], words.get("who"));
    html.close().close().open("tbody", &[]);
    let whole = context.rows.len().max(1) as f64;
    let levels = &about.levels[set];
    for position in context.better().best_first(levels.len()) {
        let level = &levels[position];
        let members: Vec<&str> = context
            .rows
            .iter()
            .filter(|&&row| column.level[row] == Some(position))
            .map(|&row| context.result.scores.observations[row].name.as_ref())
            .collect();
        html.open("tr", &[]);
        html.open("th", &[("scope", "row")])
            .text(context.text(&level.title));
        let band = bands.and_then(|levels| levels.bands.get(position));
        if let Some(text) = band.and_then(|band| band.description.as_ref()) {
            html.leaf("small", &[("class", "stage")], context.text(text));
        }
        html.close();
        html.number(words.get("count"), &members.len().to_string());
        html.open("td", &[("class", "strip")]);
        html.markup(&svg::bar(whole, members.len() as f64, whole).inline("strip", ""));
        html.close();
        let mut names = members
            .iter()
            .take(MOST_NAMED)
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        if members.len() > MOST_NAMED {
            names.push_str(", ");
            names.push_str(&words.counted("more", members.len() - MOST_NAMED));
        }
        html.leaf("td", &[], &names);
        html.close();
    }
    html.close().close().close();
}

/// Everybody on one line a dimension.
fn spread(context: &Context<'_>, html: &mut Html) {
    let words = &context.words;
    let nodes: Vec<NodeIx> = std::iter::once(Framework::INDEX)
        .chain(context.dimensions())
        .collect();
    if context.rows.len() < 2 {
        return;
    }
    html.open("section", &[("aria-labelledby", "spread")]);
    html.leaf("h2", &[("id", "spread")], words.get("spread"));
    html.leaf("p", &[("class", "rule")], words.get("spread.rule"));
    html.open("table", &[("class", "chart")]);
    html.open("thead", &[]).open("tr", &[]);
    html.leaf("th", &[("scope", "col")], words.get("dimension"));
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "strip")],
        &unit::axis(context, words.get("picture"), &nodes),
    );
    let titles = [words.get("lowest"), words.get("mean"), words.get("highest")];
    for title in titles {
        html.leaf("th", &[("scope", "col"), ("class", "number")], title);
    }
    html.close().close().open("tbody", &[]);
    for &node in &nodes {
        let scores: Vec<f64> = context
            .rows
            .iter()
            .filter_map(|&row| context.score(node, row))
            .collect();
        let shown = |score: f64| context.shown(node, score);
        let lowest = scores.iter().copied().reduce(f64::min);
        let highest = scores.iter().copied().reduce(f64::max);
        let mean = context.spread(node).map(|spread| spread.mean);
        let marks: Vec<Mark> = scores
            .iter()
            .map(|score| Mark::Unit(shown(*score)))
            .chain(mean.map(|mean| Mark::Mean(shown(mean))))
            .collect();
        html.open("tr", &[]);
        html.leaf("th", &[("scope", "row")], &context.title(node));
        html.open("td", &[("class", "strip")]);
        html.markup(&svg::dots(context.scale(&nodes), &marks).inline("strip", ""));
        html.close();
        for (title, value) in titles.into_iter().zip([lowest, mean, highest]) {
            html.number(title, &context.printed(node, value));
        }
        html.close();
    }
    html.close().close().close();
}

/// Who moved since the last wave, and who came or went.
fn changes(context: &Context<'_>, html: &mut Html) {
    let words = &context.words;
    let Some(last) = context.last_wave() else {
        return;
    };
    let scores = &context.result.scores;
    let about = &context.result.about;
    let index = &scores.nodes[Framework::INDEX.0];
    html.open("section", &[("aria-labelledby", "moves")]);
    html.leaf("h2", &[("id", "moves")], &words.fill("change", &[&last]));
    let mut lines = Vec::new();
    for &row in &context.rows {
        let name = &scores.observations[row].name;
        let Some(&before) = context.before.get(&row) else {
            lines.push(words.fill("moves.new", &[name]));
            continue;
        };
        let level =
            |row: usize| index.level[row].and_then(|level| about.level(Framework::INDEX, level));
        if let (Some((then, _)), Some((now, _))) = (level(before), level(row))
            && then.id != now.id
        {
            lines.push(words.fill(
                "moves.level",
                &[name, context.text(&then.title), context.text(&now.title)],
            ));
        }
        match (index.score[before], index.score[row]) {
            (None, Some(_)) => lines.push(words.fill("moves.score", &[name, &last])),
            (Some(_), None) => lines.push(words.fill("moves.no-score", &[name])),
            _ => {}
        }
    }
    let here: Vec<&str> = context
        .rows
        .iter()
        .map(|&row| scores.observations[row].unit.as_ref())
        .collect();
    for observation in &scores.observations {
        if Some(observation.period) == context.last_period()
            && !here.contains(&observation.unit.as_ref())
        {
            lines.push(words.fill("moves.gone", &[&observation.name]));
        }
    }
    let moved = |up: bool| {
        let pairs = context.before.iter().filter_map(|(&row, &before)| {
            Some(tie_key(index.score[row]?) - tie_key(index.score[before]?))
        });
        pairs
            .filter(|moved| if up { *moved > 0.0 } else { *moved < 0.0 })
            .count()
    };
    let (up, down) = (moved(true).to_string(), moved(false).to_string());
    html.leaf("p", &[], &words.fill("moves.count", &[&up, &down]));
    if !lines.is_empty() {
        html.open("ul", &[("class", "list")]);
        for line in lines.iter().take(MOST_NAMED) {
            html.leaf("li", &[], line);
        }
        html.close();
    }
    if lines.len() > MOST_NAMED {
        html.leaf(
            "p",
            &[("class", "rule")],
            &words.counted("more", lines.len() - MOST_NAMED),
        );
    }
    html.close();
}

/// A small picture a unit: its index over all waves.
fn courses(context: &Context<'_>, html: &mut Html) {
    let words = &context.words;
    let scores = &context.result.scores;
    if scores.periods.len() < 2 || context.rows.len() > MOST_COURSES {
        return;
    }
    html.open("section", &[("aria-labelledby", "waves")]);
    html.leaf("h2", &[("id", "waves")], words.get("waves"));
    html.open("div", &[("class", "multiples")]);
    for &row in &context.rows {
        let values = context.course(row);
        let shown: Vec<Option<f64>> = values
            .iter()
            .map(|value| value.map(|value| context.shown(Framework::INDEX, value)))
            .collect();
        html.open("figure", &[]);
        html.markup(&svg::spark(context.scale(&[Framework::INDEX]), &shown).inline("spark", ""));
        html.open("figcaption", &[]);
        html.leaf("bdi", &[], &scores.observations[row].name);
        let course: Vec<String> = scores
            .periods
            .iter()
            .zip(&values)
            .map(|(period, value)| {
                let period = words.language().date(period);
                let score = context.printed(Framework::INDEX, *value);
                words.fill("meaning", &[&period, &score])
            })
            .collect();
        html.leaf("small", &[], &course.join(" · "));
        html.close().close();
    }
    html.close().close();
}
