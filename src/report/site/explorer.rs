//! The weights explorer: what a small script on the page needs to make the index anew under other weights.
//!
//! The script applies the index's own rule to the dimensions' scores, in the engine's order of summation; a browser test
//! holds it against the engine. Rules that compare units with each other have no explorer.

use serde_json::{Value, json};

use crate::framework::{
    Aggregate, Body, Digits, Framework, MinCoverage, MissingPart, NodeIx, Range, RankMethod,
    RollUp, RoundAt, RoundingMode, Zeros,
};

use crate::report::terminal;

use super::context::Context;
use super::html::Html;

/// The script.
pub(super) const SCRIPT: &str = include_str!("explorer.js");

/// What the script reads; nothing where the index's rule cannot be applied to the dimensions' scores alone.
pub(super) fn data(context: &Context<'_>) -> Option<String> {
    let framework = context.framework?;
    let root = framework.node(Framework::INDEX);
    let Body::Parent(parent) = &root.body else {
        return None;
    };
    let alone = root.normalise.is_none()
        && root.cap.is_none()
        && framework.rounding.at != RoundAt::End
        && framework.rows.iter().all(|step| step.of == RollUp::Answers);
    let parts: Vec<NodeIx> = context
        .dimensions()
        .into_iter()
        .filter(|node| context.result.about.nodes[node.0].scored)
        .collect();
    // What a gap passes on in a sum or a product depends on points that a result does not hold.
    let passes_on = matches!(parent.aggregate, Aggregate::Sum { .. } | Aggregate::Product)
        && matches!(
            parent.missing,
            MissingPart::Renormalise | MissingPart::Lowest
        );
    let gaps = || {
        let scores = |node: &NodeIx| &context.result.scores.nodes[node.0].score;
        parts
            .iter()
            .any(|node| scores(node).iter().any(Option::is_none))
    };
    if !alone || parts.len() < 2 || (passes_on && gaps()) {
        return None;
    }
    let index = context.result.about.digits(Framework::INDEX);
    let rounding = root
        .rounding
        .or((framework.rounding.at == RoundAt::EveryTier).then_some(framework.rounding.digits));
    let value = json!({
        "rule": rule(parent.aggregate)?,
        "missing": missing(parent.missing),
        "least": least(parent.min_coverage),
        "range": match framework.range {
            Range::Between { low, high } => json!([low, high]),
            Range::Unbounded => Value::Null,
        },
        "digits": digits(index),
        "rounding": rounding.map(digits),
        "better": if context.up() { 1 } else { -1 },
        "ranking": context.framework.and_then(|framework| framework.ranking.as_ref()).map(|ranking| json!({
            "method": match ranking.method {
                RankMethod::Competition => "competition",
                RankMethod::Dense => "dense",
                RankMethod::Average => "average",
            },
            "rounded": ranking.rounded,
            "ties": ranking.mark_ties,
        })),
        "parts": parts.iter().map(|&node| json!({
            "id": context.result.about.nodes[node.0].id,
            "weight": context.result.about.nodes[node.0].weight,
        })).collect::<Vec<_>>(),
        "units": context.rows.iter().map(|&row| unit(context, row, &parts)).collect::<Vec<_>>(),
        "comma": context.words.written("."),
        "percent": context.words.share(0.0).trim_start_matches(['0', '.', ',']),
    });
    // Inside a script element only `<` can end it early.
    Some(value.to_string().replace('<', "\\u003c"))
}

fn unit(context: &Context<'_>, row: usize, parts: &[NodeIx]) -> Value {
    let nodes = &context.result.scores.nodes;
    let observation = &context.result.scores.observations[row];
    let of =
        |value: &dyn Fn(NodeIx) -> Value| parts.iter().map(|&node| value(node)).collect::<Vec<_>>();
    json!({
        "name": terminal::escaped(&observation.name),
        "id": terminal::escaped(&observation.unit),
        "ranked": observation.ranked,
        "rank": nodes[Framework::INDEX.0].rank[row],
        "index": nodes[Framework::INDEX.0].score[row],
        "scores": of(&|node| json!(nodes[node.0].score[row])),
        // Nothing applies where there is no coverage.
        "coverage": of(&|node| json!(nodes[node.0].coverage[row])),
        "low": of(&|node| json!(nodes[node.0].low[row])),
        "answered": of(&|node| json!([nodes[node.0].answered[row], nodes[node.0].applicable[row]])),
    })
}

fn rule(how: Aggregate) -> Option<Value> {
    let zeros = |zeros: Zeros| match zeros {
        Zeros::Zero => Value::Null,
        Zeros::Floor(floor) => json!(floor),
    };
    Some(match how {
        Aggregate::Mean => json!({"kind": "mean"}),
        Aggregate::Geometric(how) => json!({"kind": "geometric", "floor": zeros(how)}),
        Aggregate::Harmonic(how) => json!({"kind": "harmonic", "floor": zeros(how)}),
        Aggregate::Power(exponent, how) => {
            json!({"kind": "power", "exponent": exponent, "floor": zeros(how)})
        }
        Aggregate::Median => json!({"kind": "median"}),
        Aggregate::Minimum => json!({"kind": "minimum"}),
        Aggregate::Maximum => json!({"kind": "maximum"}),
        Aggregate::Sum { out_of } => json!({"kind": "sum", "out_of": out_of}),
        Aggregate::Product => json!({"kind": "product"}),
        // Stages and comparisons of units need more than a score a dimension.
        Aggregate::LevelSum { .. }
        | Aggregate::Staged { .. }
        | Aggregate::Copeland
        | Aggregate::Borda => return None,
    })
}

fn missing(rule: MissingPart) -> Value {
    match rule {
        MissingPart::Renormalise => json!({"kind": "renormalise"}),
        MissingPart::Zero => json!({"kind": "constant", "value": 0.0}),
        MissingPart::Constant(share) => json!({"kind": "constant", "value": share}),
        MissingPart::Lowest => json!({"kind": "lowest"}),
        MissingPart::NoScore => json!({"kind": "no-score"}),
    }
}

fn least(least: MinCoverage) -> Value {
    let (kind, share) = match least {
        MinCoverage::Weight(share) => ("weight", share),
        MinCoverage::Parts(share) => ("parts", share),
        MinCoverage::Answers(share) => ("answers", share),
    };
    json!({"kind": kind, "share": share})
}

fn digits(digits: Digits) -> Value {
    json!({"digits": digits.digits, "even": digits.mode == RoundingMode::HalfEven})
}

/// Sliders and a table that the script fills; hidden without it.
pub(super) fn section(context: &Context<'_>, data: &str, html: &mut Html) {
    let words = &context.words;
    html.open(
        "section",
        &[
            ("aria-labelledby", "explorer"),
            ("id", "explore"),
            ("hidden", ""),
        ],
    );
    html.leaf("h2", &[("id", "explorer")], words.get("explorer"));
    html.leaf("p", &[("class", "rule")], words.get("explorer.rule"));
    html.open("div", &[("class", "explorer")]);
    sliders(context, html);
    explored(context, html);
    html.close();
    html.open("script", &[("type", "application/json"), ("id", "data")]);
    html.markup(data).close();
    html.close();
}

fn sliders(context: &Context<'_>, html: &mut Html) {
    let words = &context.words;
    html.open("fieldset", &[("id", "sliders")]);
    html.leaf("legend", &[], words.get("explorer.sliders"));
    let nodes = context.dimensions();
    let parts: Vec<NodeIx> = nodes
        .into_iter()
        .filter(|node| context.result.about.nodes[node.0].scored)
        .collect();
    let top = parts
        .iter()
        .map(|node| context.result.about.nodes[node.0].weight)
        .fold(0.0, f64::max)
        .max(f64::MIN_POSITIVE);
    for (position, &node) in parts.iter().enumerate() {
        let id = format!("w{position}");
        html.open("p", &[]);
        html.leaf("label", &[("for", &id)], &context.title(node))
            .text(" ");
        let weight = context.result.about.nodes[node.0].weight;
        html.void(
            "input",
            &[
                ("type", "range"),
                ("id", &id),
                ("min", "0"),
                ("max", &(top * 2.0).to_string()),
                ("step", "any"),
                ("value", &weight.to_string()),
                ("autocomplete", "off"),
            ],
        );
        html.leaf(
            "output",
            &[("for", &id), ("id", &format!("o{position}"))],
            "",
        );
        html.close();
    }
    html.open("p", &[]);
    html.leaf(
        "button",
        &[("type", "button"), ("id", "equal")],
        words.get("explorer.equal"),
    )
    .text(" ");
    html.leaf(
        "button",
        &[("type", "button"), ("id", "own")],
        words.get("explorer.reset"),
    );
    html.close().close();
}

/// The table that the script fills.
fn explored(context: &Context<'_>, html: &mut Html) {
    let words = &context.words;
    html.scroll(words.get("explorer.caption"));
    html.open("table", &[("id", "explored")]);
    html.leaf(
        "caption",
        &[("class", "hidden"), ("aria-live", "polite")],
        words.get("explorer.caption"),
    );
    html.open("thead", &[]).open("tr", &[]);
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("rank"),
    );
    let unit = context.view().unit(&context.result.about);
    html.leaf("th", &[("scope", "col")], &unit);
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("index"),
    );
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("explorer.moved"),
    );
    html.close().close();
    html.open("tbody", &[]).close();
    html.close();
    html.leaf(
        "p",
        &[
            ("id", "unlisted"),
            ("class", "rule"),
            ("data-more", words.get("more.many")),
            ("hidden", ""),
        ],
        "",
    );
    html.close();
}
