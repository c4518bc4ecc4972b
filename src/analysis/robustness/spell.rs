//! Sources as people write them: a word and its values, in flags and in files alike.

use crate::framework::{
    Aggregate, Answers, Framework, Indicator, MissingAnswer, MissingPart, NodeIx, Normalise,
    Outliers, Tier, Zeros,
};

use super::source::{Source, Weighting};

/// The words that name a source, in the order in which they are drawn.
pub const WORDS: [&str; 10] = [
    "weights",
    "aggregation",
    "normalisation",
    "winsorise",
    "missing",
    "imputation",
    "leave-out",
    "respondents",
    "errors",
    "gaps",
];

/// The source that `word` and `values` stand for, in a framework.
///
/// # Errors
///
/// What was expected instead.
pub fn spelled(word: &str, values: &[String], framework: &Framework) -> Result<Source, String> {
    match word {
        "weights" => Ok(Source::Weights(weighting(values, framework)?)),
        "aggregation" => Ok(Source::Aggregation {
            nodes: parents(framework, Aggregate::lies_among_parts),
            alternatives: each(values, aggregation)?,
        }),
        "normalisation" => Ok(Source::Normalisation {
            nodes: framework
                .walk()
                .filter(|(_, node)| {
                    let how = node.normalise.as_ref();
                    how.is_some_and(Normalise::compares)
                })
                .map(|(ix, _)| ix)
                .collect(),
            alternatives: each(values, normalisation)?,
        }),
        "winsorise" => winsorise(values, framework),
        "missing" => Ok(Source::Missing {
            nodes: parents(framework, |_| true),
            alternatives: each(values, missing)?,
        }),
        "imputation" => Ok(Source::Imputation {
            nodes: framework.indicators().map(|(ix, _, _)| ix).collect(),
            alternatives: each(values, imputation)?,
        }),
        "leave-out" => Ok(Source::LeaveOut {
            nodes: left_out(values, framework)?,
        }),
        "respondents" => respondents(values, framework),
        "errors" => errors(values),
        "gaps" => Ok(Source::Gaps),
        _ => Err(format!("expected one of {}", WORDS.join(", "))),
    }
}

fn each<T>(values: &[String], read: fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    values.iter().map(|value| read(value)).collect()
}

fn parents(framework: &Framework, wanted: impl Fn(Aggregate) -> bool) -> Vec<NodeIx> {
    let parents = framework.walk().filter(|(_, node)| match &node.body {
        crate::framework::Body::Parent(parent) => wanted(parent.aggregate),
        crate::framework::Body::Indicator(_) => false,
    });
    parents.map(|(ix, _)| ix).collect()
}

/// A share: `25%` or `0.25`.
fn share(text: &str) -> Result<f64, String> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    number
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| format!("expected a share such as `25%` or `0.25`, found `{text}`"))
}

fn weighting(values: &[String], framework: &Framework) -> Result<Weighting, String> {
    let top = || {
        let children = framework.node(Framework::INDEX).children().iter().copied();
        children
            .filter(|node| framework.node(*node).scored)
            .collect()
    };
    let all = || (1..framework.nodes.len()).map(NodeIx).collect();
    match values {
        [only] if only == "shares" => return Ok(Weighting::RandomShares(top())),
        [only] if only == "shares:all" => return Ok(Weighting::RandomShares(all())),
        [only] if only == "sets" => return sets(framework, |_| true),
        [only] if only.starts_with("dirichlet") => {
            let concentration = match only.strip_prefix("dirichlet:") {
                None => None,
                Some(text) => {
                    let number = text
                        .parse::<f64>()
                        .ok()
                        .filter(|c| *c > 0.0 && c.is_finite());
                    let expected =
                        || format!("expected a number above 0 after `dirichlet:`, found `{text}`");
                    Some(number.ok_or_else(expected)?)
                }
            };
            return Ok(Weighting::Dirichlet {
                nodes: top(),
                concentration,
            });
        }
        _ => {}
    }
    let names = |value: &String| {
        let mut sets = framework.weight_sets.iter();
        sets.any(|set| set.id.as_str().eq_ignore_ascii_case(value))
    };
    if !values.is_empty() && values.iter().all(names) {
        return sets(framework, |id| {
            values.iter().any(|v| v.eq_ignore_ascii_case(id))
        });
    }
    let mut factors = [0.0; 4];
    for value in values {
        match value.split_once(':') {
            Some((tier, factor)) => factors[tier_of(tier)? as usize] = share(factor)?,
            None => factors = [share(value).map_err(|_| expected_weights(value))?; 4],
        }
    }
    Ok(Weighting::Around(factors))
}

fn expected_weights(found: &str) -> String {
    format!(
        "expected a share such as `25%`, a tier and a share such as `dimension:25%`, `shares`, `dirichlet`, `sets` or \
         weight sets of the framework, found `{found}`"
    )
}

fn sets(framework: &Framework, wanted: impl Fn(&str) -> bool) -> Result<Weighting, String> {
    let sets = framework
        .weight_sets
        .iter()
        .filter(|set| wanted(set.id.as_str()));
    let named = sets.map(|set| set.weights.iter().map(|weight| weight.get()).collect());
    let own = framework
        .nodes
        .iter()
        .map(|node| node.weight.get())
        .collect();
    let sets: Vec<Vec<f64>> = std::iter::once(own).chain(named).collect();
    if sets.len() == 1 {
        return Err("the framework has no weight sets".to_owned());
    }
    Ok(Weighting::Sets(sets))
}

fn tier_of(text: &str) -> Result<Tier, String> {
    let tiers = [Tier::Dimension, Tier::Pillar, Tier::Indicator];
    let found = tiers
        .into_iter()
        .find(|tier| text.trim_end_matches('s') == tier.word());
    found.ok_or_else(|| format!("expected `dimension`, `pillar` or `indicator`, found `{text}`"))
}

/// `geometric`, or `geometric:0.01` with a floor under zeros.
fn aggregation(text: &str) -> Result<Aggregate, String> {
    let (name, parameter) = match text.split_once(':') {
        Some((name, parameter)) => (name, Some(number(parameter)?)),
        None => (text, None),
    };
    let zeros = match parameter {
        Some(floor) if floor > 0.0 => Zeros::Floor(floor),
        Some(_) | None => Zeros::Zero,
    };
    Ok(match name {
        "mean" => Aggregate::Mean,
        "geometric" => Aggregate::Geometric(zeros),
        "harmonic" => Aggregate::Harmonic(zeros),
        "power" => Aggregate::Power(
            parameter
                .filter(|exponent| exponent.abs() > 0.0)
                .ok_or("expected an exponent, for instance `power:2`")?,
            Zeros::Zero,
        ),
        "median" => Aggregate::Median,
        "minimum" => Aggregate::Minimum,
        "maximum" => Aggregate::Maximum,
        _ => {
            return Err(format!(
                "expected `mean`, `geometric`, `geometric:0.01`, `harmonic`, `power:2`, `median`, `minimum` or `maximum`, \
                 found `{text}`"
            ));
        }
    })
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| format!("expected a number, found `{text}`"))
}

fn normalisation(text: &str) -> Result<Normalise, String> {
    Ok(match text {
        "min-max" => Normalise::MinMax { onto: (0.0, 1.0) },
        "z-score" => Normalise::ZScore { mean: 0.0, sd: 1.0 },
        "rank" => Normalise::Rank { average: false },
        "borda" => Normalise::Borda,
        "percentile" => Normalise::Percentile,
        "share-of-leader" => Normalise::ShareOfLeader,
        _ => {
            return Err(format!(
                "expected `min-max`, `z-score`, `rank`, `borda`, `percentile` or `share-of-leader`, found `{text}`"
            ));
        }
    })
}

fn missing(text: &str) -> Result<MissingPart, String> {
    Ok(match text {
        "renormalise" => MissingPart::Renormalise,
        "zero" => MissingPart::Zero,
        "lowest" => MissingPart::Lowest,
        "no-score" => MissingPart::NoScore,
        _ => MissingPart::Constant(share(text).map_err(|_| {
            format!(
                "expected `renormalise`, `zero`, `lowest`, `no-score` or a share, found `{text}`"
            )
        })?),
    })
}

fn imputation(text: &str) -> Result<MissingAnswer, String> {
    Ok(match text {
        "keep" => MissingAnswer::Keep,
        "zero" => MissingAnswer::Zero,
        "lowest" => MissingAnswer::Lowest,
        "mean" => MissingAnswer::Mean(None),
        "median" => MissingAnswer::Median(None),
        _ => MissingAnswer::Constant(share(text).map_err(|_| {
            format!(
                "expected `keep`, `zero`, `lowest`, `mean`, `median` or a share, found `{text}`"
            )
        })?),
    })
}

/// Numbers that the framework winsorises, by other counts of points.
fn winsorise(values: &[String], framework: &Framework) -> Result<Source, String> {
    let is_winsorised = |indicator: &Indicator| match &indicator.answers {
        Answers::Number(number) => {
            let treat = number.treat.as_ref();
            treat.is_some_and(|treat| matches!(treat.rule, Outliers::Skewed(_)))
        }
        Answers::Choice(_) | Answers::Multiple(_) => false,
    };
    let nodes: Vec<NodeIx> = framework
        .indicators()
        .filter(|(_, _, indicator)| is_winsorised(indicator))
        .map(|(ix, _, _)| ix)
        .collect();
    if nodes.is_empty() {
        return Err("the framework winsorises no number".to_owned());
    }
    let points = |value: &String| {
        let points = value.parse::<usize>();
        points.map_err(|_| format!("expected a count of points, found `{value}`"))
    };
    Ok(Source::Treatment {
        nodes,
        alternatives: values.iter().map(points).collect::<Result<_, String>>()?,
    })
}

fn left_out(values: &[String], framework: &Framework) -> Result<Vec<NodeIx>, String> {
    let mut nodes = Vec::new();
    for value in values {
        if let Ok(tier) = tier_of(value) {
            let of_tier = framework
                .walk()
                .filter(|(_, node)| node.tier == tier && node.scored);
            nodes.extend(of_tier.map(|(ix, _)| ix));
        } else {
            let found = framework.find(value).filter(|ix| *ix != Framework::INDEX);
            nodes.push(found.ok_or_else(|| {
                format!("expected a tier (`dimension`, `pillar`, `indicator`) or the id of a node, found `{value}`")
            })?);
        }
    }
    nodes.sort_unstable();
    nodes.dedup();
    Ok(nodes)
}

fn respondents(values: &[String], framework: &Framework) -> Result<Source, String> {
    let Some(innermost) = framework.rows.len().checked_sub(1) else {
        return Err("the framework has no rows finer than the unit".to_owned());
    };
    let step = match values {
        [] => innermost,
        [key, ..] => {
            let found = framework
                .rows
                .iter()
                .position(|step| step.key.eq_ignore_ascii_case(key));
            found.ok_or_else(|| {
                let keys: Vec<&str> = framework
                    .rows
                    .iter()
                    .map(|step| step.key.as_str())
                    .collect();
                format!("expected one of {}, found `{key}`", keys.join(", "))
            })?
        }
    };
    Ok(Source::Respondents { step })
}

fn errors(values: &[String]) -> Result<Source, String> {
    let (mut of_choices, mut of_numbers) = (0.0, 0.0);
    for value in values {
        match value.strip_prefix("numbers:") {
            Some(numbers) => of_numbers = share(numbers)?,
            None => of_choices = share(value)?,
        }
    }
    Ok(Source::Errors {
        share: of_choices,
        numbers: of_numbers,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::{self as language, Source as Text};
    use std::sync::Arc;

    fn framework() -> Framework {
        let text = "
dgpf: 1
id: two
dimensions:
  - {id: a, weight: 2, indicators: [{id: x, scale: {no: 0, yes: 1}}, {id: y, scale: {no: 0, yes: 1}}]}
  - {id: b, indicators: [{id: z, scale: {no: 0, yes: 1}}]}
";
        let source = Text {
            name: Arc::from("two.yaml"),
            text: text.to_owned(),
        };
        language::load(&source, &|_| None)
            .expect("it is sound")
            .framework
    }

    fn spelt(word: &str, values: &[&str]) -> Result<Source, String> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        spelled(word, &values, &framework())
    }

    #[test]
    fn every_word_has_its_source() {
        assert_eq!(
            spelt("weights", &["25%"]),
            Ok(Source::Weights(Weighting::Around([0.25; 4])))
        );
        assert_eq!(
            spelt("weights", &["dimension:0.5"]),
            Ok(Source::Weights(Weighting::Around([0.0, 0.5, 0.0, 0.0])))
        );
        let top = vec![NodeIx(1), NodeIx(4)];
        assert_eq!(
            spelt("weights", &["shares"]),
            Ok(Source::Weights(Weighting::RandomShares(top.clone())))
        );
        assert_eq!(
            spelt("weights", &["dirichlet:20"]),
            Ok(Source::Weights(Weighting::Dirichlet {
                nodes: top.clone(),
                concentration: Some(20.0)
            }))
        );
        assert_eq!(
            spelt("aggregation", &["mean", "geometric:0.01"]),
            Ok(Source::Aggregation {
                nodes: vec![NodeIx(0), NodeIx(1), NodeIx(4)],
                alternatives: vec![Aggregate::Mean, Aggregate::Geometric(Zeros::Floor(0.01))],
            })
        );
        assert_eq!(
            spelt("leave-out", &["dimensions"]),
            Ok(Source::LeaveOut { nodes: top })
        );
        assert_eq!(
            spelt("errors", &["5%", "numbers:2%"]),
            Ok(Source::Errors {
                share: 0.05,
                numbers: 0.02
            })
        );
        assert_eq!(spelt("gaps", &[]), Ok(Source::Gaps));
    }

    #[test]
    fn what_is_not_understood_is_told_with_what_was_expected() {
        for (word, value, expected) in [
            ("weights", "lots", "expected a share such as `25%`, a tier"),
            ("weights", "sets", "the framework has no weight sets"),
            ("aggregation", "sum", "expected `mean`, `geometric`"),
            ("missing", "2", "expected `renormalise`"),
            ("leave-out", "c", "expected a tier"),
            ("respondents", "assessor", "the framework has no rows finer"),
            ("winsorise", "5", "the framework winsorises no number"),
            ("wights", "25%", "expected one of weights, aggregation"),
        ] {
            let found = spelt(word, &[value]).expect_err("it is not understood");
            assert!(found.starts_with(expected), "{found}");
        }
    }
}
