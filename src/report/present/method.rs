//! How scores were made, in words: rules, weights, rounding, ranking, licence, hashes.

use crate::framework::{
    Aggregate, Body, Framework, MinCoverage, MissingPart, Normalise, RankMethod, RoundAt,
};
use crate::report::number::asked;
use crate::report::result::{About, ScoreResult};
use crate::report::words::Words;

use super::scores::{View, title};

/// Term and text of each rule; those that only the framework knows where it is at hand.
pub(in crate::report) fn method(
    result: &ScoreResult,
    framework: Option<&Framework>,
    view: View<'_>,
) -> Vec<(String, String)> {
    let words = &view.words();
    let about = &result.about;
    let facts = &about.framework;
    let mut shown = Vec::new();
    let mut add = |term: &str, text: String| shown.push((term.to_owned(), text));
    if let Some(framework) = framework {
        if let Body::Parent(parent) = &framework.node(Framework::INDEX).body {
            add(words.get("m.aggregate"), aggregate(words, parent.aggregate));
            add(
                words.get("m.missing"),
                missing(about, words, parent.missing),
            );
            let least = match parent.min_coverage {
                MinCoverage::Weight(least)
                | MinCoverage::Parts(least)
                | MinCoverage::Answers(least) => least,
            };
            if least > 0.0 {
                add(words.get("m.least"), words.percent(asked(least)));
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
            .filter(|node| node.normalise.as_ref().is_some_and(Normalise::compares))
            .count();
        let text = if relative > 0 && about.cohort_sha256.is_some() {
            words.counted("m.normalise.frozen", relative)
        } else if relative > 0 {
            words.counted("m.normalise.cohort", relative)
        } else if scaled > 0 {
            words.get("m.normalise.fixed").to_owned()
        } else {
            words.get("m.normalise.none").to_owned()
        };
        add(words.get("m.normalise"), text);
        if !framework.targets.is_empty() {
            add(words.get("m.targets"), targets(result, framework, view));
        }
    }
    let shares = about.shares();
    let weights: Vec<String> = about
        .parts(Framework::INDEX)
        .filter(|node| shares[node.0] > 0.0)
        .map(|node| {
            let share = words.share(shares[node.0]);
            format!("{} {share}", title(about, node, view))
        })
        .collect();
    add(words.get("m.weights"), weights.join(" · "));
    let digits = usize::from(facts.rounding.digits.digits);
    let rounded = match facts.rounding.at {
        RoundAt::Display => words.counted("m.rounding.display", digits),
        RoundAt::End => words.counted("m.rounding.end", digits),
        RoundAt::EveryTier => words.counted("m.rounding.tier", digits),
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
    if let Some(hash) = &about.cohort_sha256 {
        add(words.get("m.cohort-hash"), hash.clone());
    }
    add(words.get("m.tool"), format!("dgpf {}", about.tool));
    if let Some(seconds) = view.made_at {
        add(words.get("m.made"), words.language().day(seconds));
    }
    shown
}

/// `2027: Index 60.0, Policy 75.0`, phase by phase.
fn targets(result: &ScoreResult, framework: &Framework, view: View<'_>) -> String {
    let about = &result.about;
    let phases = framework.targets.iter().map(|target| {
        let scores = target.scores.iter().map(|(node, score)| {
            let shown = view
                .words()
                .number(about.shown(*node, *score), about.digits(*node));
            format!("{} {shown}", title(about, *node, view))
        });
        let scores: Vec<String> = scores.collect();
        format!("{}: {}", target.phase, scores.join(", "))
    });
    phases.collect::<Vec<_>>().join(" · ")
}

fn aggregate(words: &Words, how: Aggregate) -> String {
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

fn missing(about: &About, words: &Words, rule: MissingPart) -> String {
    let text = match rule {
        MissingPart::Renormalise => words.get("g.renormalise"),
        MissingPart::Zero => words.get("g.zero"),
        MissingPart::Lowest => words.get("g.lowest"),
        MissingPart::Constant(share) => {
            let shown = about.shown(Framework::INDEX, share);
            let shown = words.number(shown, about.digits(Framework::INDEX));
            return words.fill("g.constant", &[&shown]);
        }
        MissingPart::NoScore => words.get("g.no-score"),
    };
    text.to_owned()
}
