//! How the scores of a page were made: dimensions by facets, and the note on the method.

use crate::framework::{
    Aggregate, Body, Framework, MinCoverage, MissingPart, NodeIx, Normalise, RankMethod, RoundAt,
};
use crate::report::present::remark;

use super::context::Context;
use super::html::Html;

/// Dimensions by facets, with numbers; nothing where the framework has no facets.
pub(super) fn heat(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    let about = &context.result.about;
    let columns = &context.result.scores.facets;
    if about.facets.is_empty() {
        return;
    }
    html.open("section", &[("aria-labelledby", "facets")]);
    html.leaf("h2", &[("id", "facets")], words.get("facets"));
    html.leaf("p", &[("class", "rule")], words.get("facets.rule"));
    html.scroll(words.get("facets"));
    html.open("table", &[("class", "heat-table")]);
    html.open("thead", &[]).open("tr", &[]);
    html.leaf("th", &[("scope", "col")], words.get("dimension"));
    for facet in &about.facets {
        html.leaf(
            "th",
            &[("scope", "col"), ("class", "number")],
            context.text(&facet.title),
        );
    }
    html.close().close().open("tbody", &[]);
    let within: Vec<Option<NodeIx>> = context
        .dimensions()
        .into_iter()
        .filter(|node| columns.iter().any(|column| column.within == Some(*node)))
        .map(Some)
        .chain([None])
        .collect();
    for node in within {
        let title = context.title(node.unwrap_or(Framework::INDEX));
        html.open(
            "tr",
            &[("class", if node.is_none() { "summary" } else { "plain" })],
        );
        html.leaf("th", &[("scope", "row")], &title);
        for facet in 0..about.facets.len() {
            let column = columns
                .iter()
                .find(|column| column.facet == facet && column.within == node);
            match column {
                None => {
                    html.leaf("td", &[("class", "heat none")], "");
                }
                Some(column) => {
                    let score = column.score[row];
                    let shown = score.map_or_else(
                        || "–".to_owned(),
                        |score| {
                            words.number(
                                context.range().show(score),
                                about.framework.rounding.digits,
                            )
                        },
                    );
                    let shade = context.shade(node.unwrap_or(Framework::INDEX), score);
                    html.leaf("td", &[("class", shade)], &shown);
                }
            }
        }
        html.close();
    }
    html.close().close().close().close();
}

/// How the scores were made, from what, by what.
pub(super) fn note(context: &Context<'_>, html: &mut Html) {
    let words = &context.words;
    let about = &context.result.about;
    html.open(
        "section",
        &[("aria-labelledby", "method"), ("class", "method")],
    );
    html.leaf("h2", &[("id", "method")], words.get("method"));
    if let Some(note) = &about.framework.note {
        html.leaf("p", &[("class", "disclaimer")], context.text(note));
    }
    html.open("dl", &[]);
    for (term, text) in facts(context) {
        html.open("div", &[]);
        html.leaf("dt", &[], &term);
        html.leaf("dd", &[], &text);
        html.close();
    }
    html.close();
    let remarks = &context.result.scores.remarks;
    if !remarks.is_empty() {
        html.leaf("h3", &[], words.get("remarks"));
        html.open("ul", &[]);
        for found in remarks {
            html.leaf("li", &[], &remark(about, found));
        }
        html.close();
    }
    html.close();
}

fn facts(context: &Context<'_>) -> Vec<(String, String)> {
    let words = &context.words;
    let about = &context.result.about;
    let facts = &about.framework;
    let mut shown = Vec::new();
    let mut add = |term: &str, text: String| shown.push((term.to_owned(), text));
    if let Some(framework) = context.framework {
        if let Body::Parent(parent) = &framework.node(Framework::INDEX).body {
            add(
                words.get("m.aggregate"),
                aggregate(context, parent.aggregate),
            );
            add(words.get("m.missing"), missing(context, parent.missing));
            let least = match parent.min_coverage {
                MinCoverage::Weight(least)
                | MinCoverage::Parts(least)
                | MinCoverage::Answers(least) => least,
            };
            if least > 0.0 {
                add(words.get("m.least"), words.percent(least));
            }
        }
        let scaled = framework
            .nodes
            .iter()
            .filter(|node| node.normalise.is_some())
            .count();
        let relative = framework
            .nodes
            .iter()
            .filter(|node| node.normalise.as_ref().is_some_and(is_relative))
            .count();
        let text = if relative > 0 {
            words.counted("m.normalise.cohort", relative)
        } else if scaled > 0 {
            words.get("m.normalise.fixed").to_owned()
        } else {
            words.get("m.normalise.none").to_owned()
        };
        add(words.get("m.normalise"), text);
    }
    let weights: Vec<String> = context
        .dimensions()
        .into_iter()
        .filter(|node| context.weights[node.0] > 0.0)
        .map(|node| {
            let share = words.written(&format!("{:.1}%", context.weights[node.0] * 100.0));
            format!("{} {share}", context.title(node))
        })
        .collect();
    add(words.get("m.weights"), weights.join(" · "));
    let digits = facts.rounding.digits.digits.to_string();
    let rounded = match facts.rounding.at {
        RoundAt::Display => words.fill("m.rounding.display", &[&digits]),
        RoundAt::End => words.fill("m.rounding.end", &[&digits]),
        RoundAt::EveryTier => words.fill("m.rounding.tier", &[&digits]),
    };
    add(words.get("m.rounding"), rounded);
    let ranking = match &facts.ranking {
        None => words.get("m.rank.none"),
        Some(ranking) => match ranking.method {
            RankMethod::Competition => words.get("m.rank.competition"),
            RankMethod::Dense => words.get("m.rank.dense"),
            RankMethod::Average => words.get("m.rank.average"),
        },
    };
    add(words.get("m.rank"), ranking.to_owned());
    if !about.options.is_empty() {
        let options: Vec<String> = about
            .options
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        add(words.get("m.options"), options.join(", "));
    }
    if let Some(licence) = &facts.licence {
        add(words.get("m.licence"), licence.clone());
    }
    if !facts.source.is_empty() {
        add(words.get("m.source"), facts.source.join(" · "));
    }
    add(words.get("m.framework-hash"), facts.sha256.clone());
    add(
        words.get("m.responses-hash"),
        about.responses_sha256.clone(),
    );
    add(words.get("m.tool"), format!("dgpf {}", about.tool));
    shown
}

fn is_relative(how: &Normalise) -> bool {
    !matches!(how, Normalise::Goalposts(_))
}

fn aggregate(context: &Context<'_>, how: Aggregate) -> String {
    let words = &context.words;
    let text = match how {
        Aggregate::Mean => words.get("a.mean"),
        Aggregate::Geometric(_) => words.get("a.geometric"),
        Aggregate::Harmonic(_) => words.get("a.harmonic"),
        Aggregate::Power(exponent, _) => return words.fill("a.power", &[&exponent.to_string()]),
        Aggregate::Median => words.get("a.median"),
        Aggregate::Minimum => words.get("a.minimum"),
        Aggregate::Maximum => words.get("a.maximum"),
        Aggregate::Sum { out_of } => return words.fill("a.sum", &[&out_of.to_string()]),
        Aggregate::Product => words.get("a.product"),
        Aggregate::LevelSum { .. } => words.get("a.level-sum"),
        Aggregate::Staged { .. } => words.get("a.staged"),
        Aggregate::Copeland => words.get("a.copeland"),
        Aggregate::Borda => words.get("a.borda"),
    };
    text.to_owned()
}

fn missing(context: &Context<'_>, rule: MissingPart) -> String {
    let words = &context.words;
    let text = match rule {
        MissingPart::Renormalise => words.get("g.renormalise"),
        MissingPart::Zero => words.get("g.zero"),
        MissingPart::Lowest => words.get("g.lowest"),
        MissingPart::Constant(share) => {
            return words.fill(
                "g.constant",
                &[&context.printed(Framework::INDEX, Some(share))],
            );
        }
        MissingPart::NoScore => words.get("g.no-score"),
    };
    text.to_owned()
}
