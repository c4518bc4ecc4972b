//! Frameworks as pages: the list of those at hand, and one with its tree.

use crate::framework::{
    Aggregate, Answers, Body, Curve, Digits, Framework, Indicator, Levels, MissingAnswer, Multiple,
    MultipleScore, Need, Node, NodeIx, Normalise, Number, Range, RoundingMode, Text, Zeros,
};
use crate::report::document::{Block, Cell, Column, Document, Row, Table};
use crate::report::number::{percent, shortest};
use crate::scoring::Assumptions;

use super::anatomy;
use super::scores::{capitalised, counted};

/// Frameworks with where each is from.
pub fn framework_list(frameworks: &[(Framework, String)]) -> Document {
    let mut document = Document::new("Frameworks");
    document.facts = vec![counted(frameworks.len(), "framework")];
    let whole = Digits {
        digits: 0,
        mode: RoundingMode::HalfUp,
    };
    let rows = frameworks.iter().map(|(framework, origin)| {
        Row::plain(vec![
            Cell::text(framework.id.as_str()),
            Cell::text(framework.title.as_str()),
            Cell::text(&framework.version),
            Cell::Number {
                value: framework.indicators().count() as f64,
                digits: whole,
            },
            Cell::text(origin),
        ])
    });
    document.blocks.push(Block::Table(Table {
        columns: vec![
            Column::text("Id"),
            Column::text("Title"),
            Column::text("Version").expendable(2),
            Column::number("Indicators").expendable(1),
            Column::text("From").expendable(3),
        ],
        rows: rows.collect(),
    }));
    document
}

/// A framework: what it is, its tree with weights, its levels.
pub fn framework(framework: &Framework, language: Option<&str>) -> Document {
    let text = |text: &Text| text.in_language(language).to_owned();
    let mut document = Document::new(text(&framework.title));
    document.facts = facts(framework);
    document.blocks.extend(
        framework
            .description
            .as_ref()
            .map(|found| Block::Text(text(found))),
    );
    document
        .blocks
        .push(Block::Table(tree(framework, language)));
    document.blocks.extend(anatomy::blocks(framework, language));
    document.blocks.extend(levels(framework, language));
    document
        .blocks
        .extend(framework.note.as_ref().map(|note| Block::Note(text(note))));
    document
}

fn facts(framework: &Framework) -> Vec<String> {
    let mut facts = vec![format!("{} {}", framework.id, framework.version)];
    facts.extend(
        framework
            .edition
            .iter()
            .map(|edition| format!("edition {edition}")),
    );
    facts.push(match framework.range {
        Range::Between { low, high } => {
            format!("scores from {} to {}", shortest(low), shortest(high))
        }
        Range::Unbounded => "scores as computed".to_owned(),
    });
    facts.push(counted(framework.indicators().count(), "indicator"));
    let mut columns = vec![format!("units in column {}", framework.unit.column)];
    columns.extend(
        framework
            .period
            .iter()
            .map(|period| format!("periods in column {period}")),
    );
    facts.extend(columns);
    facts.extend(framework.licence.clone());
    facts.extend(framework.source.iter().cloned());
    facts
}

fn tree(framework: &Framework, language: Option<&str>) -> Table {
    let effective = Assumptions::of(framework).effective_weights(framework);
    let rows = framework.walk().map(|(ix, node)| {
        let weight = if ix == Framework::INDEX {
            Cell::Empty
        } else {
            Cell::Text(weight(node.weight.get()))
        };
        Row::plain(vec![
            Cell::Branch {
                depth: node.depth,
                text: node.id.to_string(),
            },
            Cell::Text(title(node, language)),
            weight,
            in_index(effective[ix.0]),
            Cell::Text(how(framework, node)),
        ])
    });
    Table {
        columns: vec![
            Column::text("Node"),
            Column::text("Title").expendable(1),
            Column::number("Weight").expendable(2),
            Column::number("In\u{a0}index"),
            Column::text("How").expendable(3),
        ],
        rows: rows.collect(),
    }
}

/// The title, or the question of an indicator that has none; empty where it would repeat the id.
fn title(node: &Node, language: Option<&str>) -> String {
    let title = node.title.in_language(language);
    let question = node
        .indicator()
        .and_then(|indicator| indicator.question.as_ref());
    match question {
        Some(question) if title == node.id.as_str() => question.in_language(language).to_owned(),
        _ if title == node.id.as_str() => String::new(),
        _ => title.to_owned(),
    }
}

/// As people write it: `2`, `0.25`, `1/3`.
fn weight(weight: f64) -> String {
    const LARGEST_DIVISOR: u32 = 99;
    let text = shortest(weight);
    if text.len() <= 5 {
        return text;
    }
    for divisor in 2..=LARGEST_DIVISOR {
        let parts = weight * f64::from(divisor);
        if (parts - parts.round()).abs() < 1e-9 && parts.round() >= 1.0 {
            return format!("{}/{divisor}", parts.round());
        }
    }
    let digits = Digits {
        digits: 4,
        mode: RoundingMode::HalfUp,
    };
    shortest(digits.round(weight))
}

fn in_index(share: f64) -> Cell {
    const TWO: Digits = Digits {
        digits: 2,
        mode: RoundingMode::HalfUp,
    };
    Cell::Text(if share >= 1.0 {
        percent(1.0)
    } else {
        format!("{}%", crate::report::fixed(share * 100.0, TWO))
    })
}

/// How a node's score comes about, in a few words.
fn how(framework: &Framework, node: &Node) -> String {
    let mut words = vec![match &node.body {
        Body::Parent(parent) => aggregate(parent.aggregate),
        Body::Indicator(indicator) => answers(&indicator.answers),
    }];
    if let Some(indicator) = node.indicator() {
        words.extend(conditions(framework, node, indicator));
    }
    if !node.scored {
        words.push("not scored".to_owned());
    }
    if let Some(cap) = node.cap {
        words.push(format!("at most {}", framework.node(cap).id));
    }
    words.extend(node.normalise.as_ref().map(|normalise| match normalise {
        Normalise::Fixed(curve) => format!("rescaled{}", shape(curve)),
        _ => "scaled over the cohort".to_owned(),
    }));
    words.join(", ")
}

fn aggregate(aggregate: Aggregate) -> String {
    match aggregate {
        Aggregate::Mean => "mean".to_owned(),
        Aggregate::Geometric(zeros) => format!("geometric mean{}", floor(zeros)),
        Aggregate::Harmonic(zeros) => format!("harmonic mean{}", floor(zeros)),
        Aggregate::Power(exponent, _) => format!("power mean ({})", shortest(exponent)),
        Aggregate::Median => "median".to_owned(),
        Aggregate::Minimum => "minimum".to_owned(),
        Aggregate::Maximum => "maximum".to_owned(),
        Aggregate::Sum { out_of } => format!("sum ÷ {}", shortest(out_of)),
        Aggregate::Product => "product".to_owned(),
        Aggregate::LevelSum { out_of: None } => "mean over stages".to_owned(),
        Aggregate::LevelSum {
            out_of: Some(out_of),
        } => format!("sum over stages ÷ {}", shortest(out_of)),
        Aggregate::Staged { pass, .. } => format!("staged, a stage passes at {}", shortest(pass)),
        Aggregate::Copeland => "Copeland".to_owned(),
        Aggregate::Borda => "Borda".to_owned(),
    }
}

fn floor(zeros: Zeros) -> String {
    match zeros {
        Zeros::Zero => String::new(),
        Zeros::Floor(floor) => format!(" (at least {})", shortest(floor)),
    }
}

fn answers(answers: &Answers) -> String {
    match answers {
        Answers::Choice(scale) => match &scale.name {
            Some(name) => name.to_string(),
            None => format!("one of {}", scale.options.len()),
        },
        Answers::Multiple(multiple) => choices(multiple),
        Answers::Number(number) => self::number(number),
    }
}

fn choices(multiple: &Multiple) -> String {
    // What excludes the others is not offered beside them.
    let of = multiple
        .options
        .iter()
        .filter(|option| !option.only)
        .count();
    match multiple.score {
        MultipleScore::Share => format!("share of {of}"),
        MultipleScore::Points { out_of, .. } => format!("points ÷ {} from {of}", shortest(out_of)),
        MultipleScore::Any => format!("any of {of}"),
        MultipleScore::All => format!("all of {of}"),
    }
}

fn number(number: &Number) -> String {
    let unit = number
        .unit
        .as_deref()
        .map(|unit| format!(" {unit}"))
        .unwrap_or_default();
    format!("number{}{unit}", shape(&number.curve))
}

fn shape(curve: &Curve) -> String {
    match curve {
        Curve::AsIs => String::new(),
        Curve::Goalposts(posts) => {
            let log = if posts.log { " (log)" } else { "" };
            format!(" {} to {}{log}", shortest(posts.from), shortest(posts.to))
        }
        Curve::Bands(bands) => format!(" in {}", counted(bands.len(), "step")),
        Curve::Lines(points) => format!(" on a curve of {}", counted(points.len(), "point")),
    }
}

fn conditions(framework: &Framework, node: &Node, indicator: &Indicator) -> Vec<String> {
    let mut words = Vec::new();
    if !indicator.code.eq_ignore_ascii_case(node.id.as_str()) {
        words.push(format!("column {}", indicator.code));
    }
    let facets = indicator
        .facets
        .iter()
        .map(|facet| framework.facets[facet.0].id.as_str());
    words.extend(facets.map(|facet| format!("facet {facet}")));
    if !indicator.when.is_empty() {
        words.push("asked on a condition".to_owned());
    }
    if indicator.missing != MissingAnswer::Keep {
        words.push("gaps filled".to_owned());
    }
    words
}

fn levels(framework: &Framework, language: Option<&str>) -> Vec<Block> {
    let Some(levels) = framework.levels_of(Framework::INDEX) else {
        return Vec::new();
    };
    let demanding = levels.bands.iter().any(|level| !level.needs.is_empty());
    let rows = levels.bands.iter().enumerate().map(|(position, level)| {
        let described = level
            .description
            .as_ref()
            .map(|text| text.in_language(language));
        let mut cells = vec![
            Cell::Level {
                title: capitalised(level.title.in_language(language)),
                above: framework.better.worse_levels(position, levels.bands.len()),
                of: levels.bands.len(),
            },
            Cell::Text(from(framework, levels, level.from)),
        ];
        if demanding {
            let needs = level.needs.iter().map(|own| need(framework, own, language));
            cells.push(Cell::Text(needs.collect::<Vec<_>>().join(" · ")));
        }
        cells.push(Cell::text(described.unwrap_or_default()));
        Row::plain(cells)
    });
    let rows = rows.collect();
    let mut columns = vec![Column::text("Level"), Column::number("From")];
    if demanding {
        columns.push(Column::text("Needs"));
    }
    columns.push(Column::text("Meaning").expendable(1));
    vec![
        Block::Heading("Levels".to_owned()),
        Block::Table(Table { columns, rows }),
    ]
}

/// What a level asks for beside the score.
fn need(framework: &Framework, need: &Need, language: Option<&str>) -> String {
    let id = |node: &NodeIx| framework.node(*node).id.as_str();
    match need {
        Need::Coverage(least) => format!("coverage {}", percent(*least)),
        Need::Score(node, least) => format!("{} {}", id(node), cut_off(framework, *least)),
        Need::Level(node, least) => {
            let levels = framework.levels_of(*node);
            let level = levels.and_then(|levels| levels.bands.get(*least));
            let title = level.map_or("", |level| level.title.in_language(language));
            format!("{} at {}", id(node), capitalised(title))
        }
    }
}

fn from(framework: &Framework, levels: &Levels, from: f64) -> String {
    if levels.quantiles {
        format!("{} of units", percent(from))
    } else {
        cut_off(framework, from)
    }
}

/// A share on the shown range. A cut-off such as 0.55 on 0–100 comes back as 55.000000000000007.
fn cut_off(framework: &Framework, share: f64) -> String {
    let digits = Digits {
        digits: 9,
        mode: RoundingMode::HalfUp,
    };
    shortest(digits.round(framework.range.show(share)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_shown_as_people_write_them() {
        for (value, text) in [
            (2.0, "2"),
            (0.25, "0.25"),
            (1.0 / 3.0, "1/3"),
            (2.0 / 9.0, "2/9"),
            (155.0 / 7.0, "155/7"),
            (0.123_456_789, "0.1235"),
        ] {
            assert_eq!(weight(value), text);
        }
    }
}
