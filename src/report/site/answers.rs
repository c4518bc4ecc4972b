//! Every answer behind a unit's score: what was answered, what it is worth, how much it counts, what proves it.

use crate::framework::{Answers, Evidence, Framework, Gap, Indicator, NodeIx, Tier};
use crate::report::number::shortest;
use crate::responses::{Answer, bits_of, option_of};

use super::context::Context;
use super::html::Html;

/// One collapsible table a dimension.
pub(super) fn table(context: &Context<'_>, row: usize, html: &mut Html) {
    let words = &context.words;
    html.open("section", &[("aria-labelledby", "answers")]);
    html.leaf("h2", &[("id", "answers")], words.get("indicators"));
    html.leaf("p", &[("class", "rule")], words.get("indicators.rule"));
    let about = &context.result.about;
    let tops = context.dimensions();
    let leaves = |top: NodeIx| -> Vec<NodeIx> {
        let all = (0..about.nodes.len()).map(NodeIx);
        all.filter(|node| {
            about.nodes[node.0].tier == Tier::Indicator && context.is_below(*node, top)
        })
        .collect()
    };
    let alone: Vec<NodeIx> = tops
        .iter()
        .copied()
        .filter(|top| about.nodes[top.0].tier == Tier::Indicator)
        .collect();
    if !alone.is_empty() {
        part(context, row, &context.title(Framework::INDEX), &alone, html);
    }
    for top in tops {
        if about.nodes[top.0].tier != Tier::Indicator {
            part(context, row, &context.title(top), &leaves(top), html);
        }
    }
    html.close();
}

fn part(context: &Context<'_>, row: usize, title: &str, nodes: &[NodeIx], html: &mut Html) {
    let words = &context.words;
    html.open("details", &[]);
    html.open("summary", &[]).text(title).text(" ");
    html.leaf(
        "small",
        &[],
        &words.counted("indicators.count", nodes.len()),
    );
    html.close();
    html.scroll(title);
    html.open("table", &[("class", "answers")]);
    html.open("thead", &[]).open("tr", &[]);
    html.leaf("th", &[("scope", "col")], words.get("indicator"));
    if context.responses.is_some() {
        html.leaf("th", &[("scope", "col")], words.get("answer"));
    }
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("score"),
    );
    html.leaf(
        "th",
        &[("scope", "col"), ("class", "number")],
        words.get("weight"),
    );
    if context.responses.is_some() {
        html.leaf("th", &[("scope", "col")], words.get("evidence"));
    }
    html.leaf("th", &[("scope", "col")], words.get("flags"));
    html.close().close().open("tbody", &[]);
    for &node in nodes {
        indicator(context, row, node, html);
    }
    html.close().close().close().close();
}

fn indicator(context: &Context<'_>, row: usize, node: NodeIx, html: &mut Html) {
    let words = &context.words;
    html.open("tr", &[]);
    html.open("th", &[("scope", "row")])
        .text(&context.title(node));
    let asked = context
        .framework
        .and_then(|framework| framework.node(node).indicator());
    let question = asked.and_then(|indicator| indicator.question.as_ref());
    if let Some(question) = question.map(|question| context.text(question))
        && question != context.title(node)
    {
        html.leaf("small", &[("class", "stage")], question);
    }
    html.close();
    let lines = context.lines(row);
    if context.responses.is_some() {
        let answer = given(context, row, node).unwrap_or_else(|| "–".to_owned());
        html.leaf("td", &[], &answer);
    }
    let score = context.score(node, row);
    html.leaf("td", &[("class", "number")], &context.printed(node, score));
    let weight = if context.weights[node.0] > 0.0 {
        words.written(&format!("{:.1}%", context.weights[node.0] * 100.0))
    } else {
        "–".to_owned()
    };
    html.leaf("td", &[("class", "number")], &weight);
    if let Some(responses) = context.responses {
        html.open("td", &[("class", "evidence")]);
        if let Some(position) = context.questions.get(&node) {
            for line in lines {
                if let Some(text) = responses.evidence.get(&(*line, *position)) {
                    evidence(text, html);
                }
            }
        }
        html.close();
    }
    html.leaf("td", &[], &flags(context, row, node).join(", "));
    html.close();
}

/// A source, with its addresses as links: following one is the reader's choice, nothing is loaded from there.
fn evidence(text: &str, html: &mut Html) {
    for (position, word) in text.split_whitespace().enumerate() {
        if position > 0 {
            html.text(" ");
        }
        let address = word.trim_end_matches(['.', ',', ';', ')']);
        if address.starts_with("https://") || address.starts_with("http://") {
            html.leaf(
                "a",
                &[("href", address), ("rel", "noreferrer noopener")],
                address,
            );
            html.text(&word[address.len()..]);
        } else {
            html.text(word);
        }
    }
    html.text(" ");
}

/// What a reader must know of a score beside the number.
fn flags<'c>(context: &'c Context<'_>, row: usize, node: NodeIx) -> Vec<&'c str> {
    let words = &context.words;
    let mut flags = Vec::new();
    let column = &context.result.scores.nodes[node.0];
    let score = column.score[row];
    if context.weights[node.0] == 0.0 {
        flags.push(words.get("flag.uncounted"));
    }
    let covered = column.coverage[row];
    match (score, covered) {
        (None, None) => flags.push(words.get("flag.not-applicable")),
        (None, Some(_)) => flags.push(words.get("flag.missing")),
        (Some(_), Some(0.0)) => flags.push(words.get("flag.filled")),
        (Some(_), _) => {}
    }
    let Some((responses, position)) = context.responses.zip(context.questions.get(&node)) else {
        return flags;
    };
    let lines = context.lines(row);
    let answers = || {
        lines
            .iter()
            .map(|line| responses.answers[*position].get(*line))
    };
    let unanswered = !answers().any(|answer| matches!(answer, Answer::Given(_)));
    if score.is_some() && unanswered && covered.is_some_and(|share| share > 0.0) {
        flags.push(words.get("flag.rule"));
    }
    let wanted = context
        .framework
        .and_then(|framework| framework.node(node).indicator())
        .is_some_and(|indicator| indicator.evidence == Evidence::Required);
    let proven = lines
        .iter()
        .any(|line| responses.evidence.contains_key(&(*line, *position)));
    if wanted && !proven && !unanswered && score.is_some_and(|score| score > 0.0) {
        flags.push(words.get("flag.no-evidence"));
    }
    flags
}

/// What was answered, in words; nothing where the responses are not at hand.
pub(super) fn given(context: &Context<'_>, row: usize, node: NodeIx) -> Option<String> {
    let responses = context.responses?;
    let indicator = context.framework?.node(node).indicator()?;
    let position = *context.questions.get(&node)?;
    let lines = context.lines(row);
    let mut answers: Vec<String> = lines
        .iter()
        .map(|line| worded(context, indicator, responses.answers[position].get(*line)))
        .collect();
    match answers.len() {
        0 => None,
        1 => answers.pop(),
        count => Some(context.words.counted("rows", count)),
    }
}

/// An answer in words.
pub(super) fn worded(context: &Context<'_>, indicator: &Indicator, answer: Answer) -> String {
    let words = &context.words;
    match answer {
        Answer::Given(value) => match &indicator.answers {
            Answers::Choice(scale) => scale
                .options
                .get(option_of(value))
                .map_or_else(String::new, |option| context.text(&option.label).to_owned()),
            Answers::Multiple(multiple) => {
                let bits = bits_of(value);
                let chosen: Vec<&str> = multiple
                    .options
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| bits >> at & 1 == 1)
                    .map(|(_, option)| context.text(&option.label))
                    .collect();
                if chosen.is_empty() {
                    words.get("nothing-chosen").to_owned()
                } else {
                    chosen.join("; ")
                }
            }
            Answers::Number(_) => words.written(&shortest(value)),
        },
        Answer::Missing(Gap::Unanswered) => words.get("gap.unanswered").to_owned(),
        Answer::Missing(Gap::DontKnow) => words.get("gap.dont-know").to_owned(),
        Answer::Missing(Gap::NotAsked) => words.get("gap.not-asked").to_owned(),
        Answer::NotApplicable => words.get("flag.not-applicable").to_owned(),
    }
}
