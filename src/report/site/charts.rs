//! Every chart of a result as a picture of its own: the league, how dimensions are spread, who is where, levels, the
//! waves, and for every unit its dimensions among the peers.

use crate::framework::{Framework, NodeIx, tie_key};
use crate::report::File;
use crate::report::present::{View, short_heads};
use crate::report::result::ScoreResult;
use crate::report::svg::{self, Mark, Scale, Svg};
use crate::report::terminal::{escaped as plain, shorten, wrap};

use super::context::Context;
use super::unit::strip_of;
use super::{Material, Style};

const LINE: f64 = 30.0;
const TOP: f64 = 64.0;
const MARGIN: f64 = 20.0;
const NAMES: f64 = 250.0;
/// How many columns of letters a name has room for.
const LETTERS: usize = 36;
/// A strip as `svg` draws it.
const STRIP: f64 = 320.0;
const NUMBERS: f64 = 150.0;

/// `index.svg`, `dimensions.svg`, `heat.svg`, `levels.svg`, `waves.svg` as far as there is something to show, and one
/// picture a unit.
pub(in crate::report) fn charts(result: &ScoreResult, view: View<'_>) -> Vec<File> {
    let material = Material {
        result,
        framework: None,
        responses: None,
        comparison: None,
        trust: None,
    };
    let style = Style {
        language: view.language,
        radar: view.radar,
        ..Style::default()
    };
    let context = Context::new(&material, view.period, style);
    let mut files: Vec<File> = [
        ("index", Some(league(&context))),
        ("dimensions", spread(&context)),
        ("heat", heat(&context)),
        ("levels", levels(&context)),
        ("waves", waves(&context)),
    ]
    .into_iter()
    .filter_map(|(name, picture)| Some(file(name, picture?)))
    .collect();
    for (&row, name) in &context.names {
        // The names of the charts above are no units'.
        files.push(file(&format!("unit-{name}"), unit(&context, row)));
        if view.radar
            && let Some(picture) = super::radar::picture(&context, row)
        {
            let title = heading(&context, name_of(&context, row));
            let mut framed = sheet(LEFT + STRIP + NUMBERS, 14, &title, "");
            framed.put(&picture, [-20.0, TOP - 20.0]);
            for (at, line) in wrap(context.words.get("radar.rule"), 100)
                .iter()
                .enumerate()
            {
                let place = [MARGIN, TOP + 418.0 + 15.0 * at as f64];
                framed.text("axis-label", place, "start", line);
            }
            files.push(file(&format!("radar-{name}"), (framed, title)));
        }
    }
    files
}

type Titled = (Svg, String);

fn file(name: &str, (picture, title): Titled) -> File {
    File {
        name: format!("{name}.svg"),
        bytes: picture.file(&title).into_bytes(),
    }
}

fn name_of<'c>(context: &'c Context<'_>, row: usize) -> &'c str {
    &context.result.scores.observations[row].name
}

/// What, when and by which framework.
fn heading(context: &Context<'_>, what: &str) -> String {
    let parts = [
        what.to_owned(),
        context
            .text(&context.result.about.framework.title)
            .to_owned(),
        context.period_shown(),
    ];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

fn sheet(width: f64, lines: usize, title: &str, below: &str) -> Svg {
    let mut picture = Svg::new(width, TOP + LINE * lines as f64 + MARGIN);
    let letters = letters(width);
    picture.text(
        "label",
        [MARGIN, 22.0],
        "start",
        &shorten(&plain(title), letters),
    );
    picture.text(
        "axis-label",
        [MARGIN, 40.0],
        "start",
        &shorten(&plain(below), letters + 20),
    );
    picture
}

/// How many letters of a title a picture of this width has room for.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a width in pixels divided by seven"
)]
fn letters(width: f64) -> usize {
    ((width - 2.0 * MARGIN) / 6.8).max(20.0) as usize
}

fn named(picture: &mut Svg, at: usize, name: &str) {
    let y = middle(at) + 4.0;
    let name = plain(name);
    picture.text(
        "name",
        [MARGIN + NAMES - 8.0, y],
        "end",
        &shorten(&name, LETTERS),
    );
}

/// The middle of a line.
fn middle(at: usize) -> f64 {
    TOP + LINE * (at as f64 + 0.5)
}

const LEFT: f64 = MARGIN + NAMES;

/// Where a strip is put so that its middle is that of the line.
fn strip_at(at: usize) -> [f64; 2] {
    [LEFT, middle(at) - 14.0]
}

/// Everybody's index, with what the missing answers leave open.
fn league(context: &Context<'_>) -> Titled {
    let title = heading(context, &context.title(Framework::INDEX));
    let scale = context.scale(&[Framework::INDEX]);
    let below = axis_line(context, &[Framework::INDEX]);
    let mut picture = sheet(LEFT + STRIP + NUMBERS, context.rows.len(), &title, &below);
    for (at, &row) in context.rows.iter().enumerate() {
        named(&mut picture, at, name_of(context, row));
        let strip = svg::strip(scale, strip_of(context, row, Framework::INDEX));
        picture.put(&strip, strip_at(at));
        let score = context.printed(Framework::INDEX, context.score(Framework::INDEX, row));
        let place = [LEFT + STRIP + 8.0, middle(at) + 4.0];
        picture.text("number", place, "start", &score);
    }
    (picture, title)
}

fn axis_line(context: &Context<'_>, nodes: &[NodeIx]) -> String {
    let axis = super::unit::axis(context, context.words.get("score"), nodes);
    if context.peers().is_none() {
        return axis;
    }
    let mean = context.words.fill("legend.mean", &[&context.peers_name()]);
    let band = context.words.get("legend.band");
    let own = context.words.get("legend.score");
    let last = context.last_wave();
    let last = last.map_or_else(String::new, |last| format!(" · ◇ {last}"));
    format!("{axis}: ● {own} · ▬ {band} · ┃ {mean}{last}")
}

/// One line a dimension, one dot a unit.
fn spread(context: &Context<'_>) -> Option<Titled> {
    if context.rows.len() < 2 {
        return None;
    }
    let nodes: Vec<NodeIx> = std::iter::once(Framework::INDEX)
        .chain(context.dimensions())
        .collect();
    let title = heading(context, context.words.get("spread"));
    let below = super::unit::axis(context, context.words.get("spread.rule"), &nodes);
    let scale = context.scale(&nodes);
    let mut picture = sheet(LEFT + STRIP + NUMBERS, nodes.len(), &title, &below);
    for (at, &node) in nodes.iter().enumerate() {
        named(&mut picture, at, &context.title(node));
        let shown = |score: f64| context.shown(node, score);
        let scores = context.rows.iter();
        let scores = scores.filter_map(|&row| context.score(node, row));
        let mean = context.spread(node).map(|spread| spread.mean);
        let marks: Vec<Mark> = scores
            .map(|score| Mark::Unit(shown(score)))
            .chain(mean.map(|mean| Mark::Mean(shown(mean))))
            .collect();
        picture.put(&svg::dots(scale, &marks), strip_at(at));
        let place = [LEFT + STRIP + 8.0, middle(at) + 4.0];
        picture.text("number", place, "start", &context.printed(node, mean));
    }
    Some((picture, title))
}

/// Units × dimensions, every cell with its number.
fn heat(context: &Context<'_>) -> Option<Titled> {
    const CELL: f64 = 64.0;
    let nodes = context.dimensions();
    if nodes.is_empty() {
        return None;
    }
    let title = heading(context, context.words.get("dimensions"));
    let titles: Vec<String> = nodes.iter().map(|node| context.title(*node)).collect();
    let plain_titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let heads = short_heads(&plain_titles);
    let legend: Vec<String> = heads
        .iter()
        .zip(&titles)
        .filter(|(head, title)| head != title)
        .map(|(head, title)| format!("{head} = {title}"))
        .collect();
    let width = LEFT + CELL * nodes.len() as f64 + MARGIN;
    let lines = context.rows.len() + 1;
    let legend_top = TOP + LINE * lines as f64 + 12.0;
    let height = legend_top + 18.0 * legend.len() as f64 + MARGIN;
    let mut picture = Svg::new(width.max(420.0), height);
    let shown = shorten(&plain(&title), letters(width.max(420.0))).into_owned();
    picture.text("label", [MARGIN, 22.0], "start", &shown);
    for (at, head) in heads.iter().enumerate() {
        let x = LEFT + CELL * (at as f64 + 0.5);
        let head = plain(head);
        picture.text("name", [x, middle(0) + 6.0], "middle", &shorten(&head, 9));
    }
    for (at, &row) in context.rows.iter().enumerate() {
        named(&mut picture, at + 1, name_of(context, row));
        for (column, &node) in nodes.iter().enumerate() {
            let score = context.score(node, row);
            let x = LEFT + CELL * column as f64;
            let y = middle(at + 1) - LINE / 2.0;
            picture.rect(context.shade(node, score), [x, y, CELL, LINE]);
            let place = [x + CELL / 2.0, middle(at + 1) + 4.0];
            picture.text("name", place, "middle", &context.printed(node, score));
        }
    }
    for (at, line) in legend.iter().enumerate() {
        let place = [MARGIN, legend_top + 18.0 * (at as f64 + 0.5)];
        picture.text("axis-label", place, "start", &shorten(&plain(line), 90));
    }
    Some((picture, title))
}

/// How many units are at which level.
fn levels(context: &Context<'_>) -> Option<Titled> {
    let about = &context.result.about;
    let set = about.nodes[Framework::INDEX.0].levels?;
    let column = &context.result.scores.nodes[Framework::INDEX.0];
    let levels = &about.levels[set];
    let title = heading(context, context.words.get("levels"));
    let below = context.words.counted("units", context.rows.len());
    let mut picture = sheet(LEFT + STRIP + NUMBERS, levels.len(), &title, &below);
    let whole = context.rows.len().max(1) as f64;
    let order = context.better().best_first(levels.len());
    for (at, position) in order.into_iter().enumerate() {
        named(&mut picture, at, context.text(&levels[position].title));
        let members = context.rows.iter();
        let members = members
            .filter(|&&row| column.level[row] == Some(position))
            .count();
        picture.put(&svg::bar(whole, members as f64, whole), strip_at(at));
        let place = [LEFT + STRIP + 8.0, middle(at) + 4.0];
        picture.text("number", place, "start", &members.to_string());
    }
    Some((picture, title))
}

/// Everybody's index over the waves.
fn waves(context: &Context<'_>) -> Option<Titled> {
    let scores = &context.result.scores;
    if scores.periods.len() < 2 {
        return None;
    }
    let first = context.words.language().date(scores.periods.first()?);
    let last = context.words.language().date(scores.periods.last()?);
    let title = heading(context, context.words.get("waves"));
    let below = context.words.fill("from-to", &[&first, &last]);
    let wide = 60.0;
    let mut picture = Svg::new(
        LEFT + STRIP + NUMBERS,
        TOP + wide * context.rows.len() as f64 + MARGIN,
    );
    picture.text(
        "label",
        [MARGIN, 22.0],
        "start",
        &shorten(&plain(&title), 90),
    );
    picture.text("axis-label", [MARGIN, 40.0], "start", &below);
    let scale = context.scale(&[Framework::INDEX]);
    for (at, &row) in context.rows.iter().enumerate() {
        let top = TOP + wide * at as f64;
        let name = plain(name_of(context, row)).into_owned();
        let place = [MARGIN + NAMES - 8.0, top + 30.0];
        picture.text("name", place, "end", &shorten(&name, LETTERS));
        let course = context.course(row);
        let shown: Vec<Option<f64>> = course
            .iter()
            .map(|value| value.map(|value| context.shown(Framework::INDEX, value)))
            .collect();
        picture.put(&svg::spark(scale, &shown), [LEFT, top]);
        let printed: Vec<String> = course
            .iter()
            .map(|value| context.printed(Framework::INDEX, *value))
            .collect();
        let line = shorten(&printed.join(" → "), 44).into_owned();
        picture.text("number", [LEFT + 164.0, top + 30.0], "start", &line);
    }
    Some((picture, title))
}

/// A unit's dimensions among its peers.
fn unit(context: &Context<'_>, row: usize) -> Titled {
    let nodes = context.dimensions();
    let title = heading(context, name_of(context, row));
    let below = axis_line(context, &nodes);
    let scale: Scale = context.scale(&nodes);
    let mut picture = sheet(LEFT + STRIP + NUMBERS, nodes.len(), &title, &below);
    for (at, &node) in nodes.iter().enumerate() {
        named(&mut picture, at, &context.title(node));
        picture.put(
            &svg::strip(scale, strip_of(context, row, node)),
            strip_at(at),
        );
        let column = &context.result.scores.nodes[node.0];
        let mut text = context.printed(node, column.score[row]);
        if let (Some(low), Some(high)) = (column.low[row], column.high[row])
            && tie_key(low) < tie_key(high)
        {
            let ends = [low, high].map(|end| context.printed(node, Some(end)));
            text = format!("{text} ({}–{})", ends[0], ends[1]);
        }
        let place = [LEFT + STRIP + 8.0, middle(at) + 4.0];
        picture.text("number", place, "start", &text);
    }
    (picture, title)
}
