//! How the scores of a page were made: dimensions by facets, and the note on the method.

use crate::framework::{Framework, NodeIx};
use crate::report::present::{method, remark};
use crate::scoring::Remark;

use super::Trust;
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
    let mut facts = method(context.result, context.framework, context.view());
    if let Some(Trust { study, found }) = context.trust {
        let draws = [
            found.draws.to_string(),
            study.seed.to_string(),
            words.percent(study.interval.1 - study.interval.0),
        ];
        let text = words.fill("m.drawn.text", &[&draws[0], &draws[1], &draws[2]]);
        facts.push((words.get("m.drawn").to_owned(), text));
    }
    for (term, text) in facts {
        html.open("div", &[]);
        html.leaf("dt", &[], &term);
        html.leaf("dd", &[], &text);
        html.close();
    }
    html.close();
    let remarks = context.result.scores.remarks.iter();
    let period = context.result.scores.periods.get(context.period);
    let is_told = |remark: &&Remark| period.is_none_or(|period| remark.is_about(period));
    let remarks: Vec<&Remark> = remarks.filter(is_told).collect();
    if !remarks.is_empty() {
        html.leaf("h3", &[], words.get("remarks"));
        html.open("ul", &[]);
        for found in remarks {
            html.leaf("li", &[], &remark(about, found, words.language()));
        }
        html.close();
    }
    html.close();
}
