//! Rules spelled as in a framework file, for messages about them.

use super::{
    Aggregate, Answers, Cohort, CohortPeriods, Combine, Combiner, Curve, Digits, Framework, Gap,
    Goalposts, Levels, MinCoverage, MissingAnswer, MissingPart, Multiple, MultipleScore, Normalise,
    Number, Outcome, Outliers, Preset, RankMethod, Ranking, RollUp, RoundAt, Rounding,
    RoundingMode, RowStep, Screen, Skewed, Subject, Target, Test, Transform, Treat, When, Where,
    Zeros,
};

/// A number as people write it: at most nine decimals.
pub(crate) fn number(value: f64) -> String {
    let digits = Digits {
        digits: 9,
        mode: RoundingMode::HalfEven,
    };
    digits.round(value).to_string()
}

pub(super) fn targets(framework: &Framework) -> String {
    let of = |target: &Target| {
        let scores = target.scores.iter().map(|(node, share)| {
            let shown = number(framework.range.show(*share));
            format!("{}: {shown}", framework.node(*node).id)
        });
        let scores = scores.collect::<Vec<_>>().join(", ");
        format!("{}: {{{scores}}}", target.phase)
    };
    let targets = framework.targets.iter().map(of);
    targets.collect::<Vec<_>>().join(", ")
}

pub(super) fn aggregate(aggregate: Aggregate) -> String {
    match aggregate {
        Aggregate::Mean => "mean".to_owned(),
        Aggregate::Geometric(rule) => format!("{{geometric: {{zeros: {}}}}}", zeros(rule)),
        Aggregate::Harmonic(rule) => format!("{{harmonic: {{zeros: {}}}}}", zeros(rule)),
        Aggregate::Power(exponent, rule) if exponent < 0.0 => format!(
            "{{power: {{exponent: {}, zeros: {}}}}}",
            number(exponent),
            zeros(rule)
        ),
        Aggregate::Power(exponent, _) => format!("{{power: {}}}", number(exponent)),
        Aggregate::Median => "median".to_owned(),
        Aggregate::Minimum => "minimum".to_owned(),
        Aggregate::Maximum => "maximum".to_owned(),
        Aggregate::Sum { out_of } => format!("{{sum: {{out-of: {}}}}}", number(out_of)),
        Aggregate::Product => "product".to_owned(),
        Aggregate::LevelSum { out_of: None } => "level-sum".to_owned(),
        Aggregate::LevelSum {
            out_of: Some(out_of),
        } => {
            format!("{{level-sum: {{out-of: {}}}}}", number(out_of))
        }
        Aggregate::Staged { pass, partial } => {
            format!("{{staged: {{pass: {}, partial: {partial}}}}}", number(pass))
        }
        Aggregate::Copeland => "copeland".to_owned(),
        Aggregate::Borda => "borda".to_owned(),
    }
}

fn zeros(zeros: Zeros) -> String {
    match zeros {
        Zeros::Zero => "zero".to_owned(),
        Zeros::Floor(floor) => number(floor),
    }
}

pub(super) fn missing_part(missing: MissingPart) -> String {
    match missing {
        MissingPart::Renormalise => "renormalise".to_owned(),
        MissingPart::Zero => "zero".to_owned(),
        MissingPart::Lowest => "lowest".to_owned(),
        MissingPart::Constant(score) => format!("{{constant: {}}}", number(score)),
        MissingPart::NoScore => "no-score".to_owned(),
    }
}

pub(super) fn missing_answer(missing: &MissingAnswer, framework: &Framework) -> String {
    let by = |word: &str, attribute: Option<super::AttributeIx>| match attribute {
        Some(attribute) => format!(
            "{{{word}: {{by: {}}}}}",
            framework.attributes[attribute.0].column
        ),
        None => word.to_owned(),
    };
    match missing {
        MissingAnswer::Keep => "renormalise".to_owned(),
        MissingAnswer::Zero => "zero".to_owned(),
        MissingAnswer::Lowest => "lowest".to_owned(),
        MissingAnswer::Constant(score) => format!("{{constant: {}}}", number(*score)),
        MissingAnswer::Mean(attribute) => by("mean", *attribute),
        MissingAnswer::Median(attribute) => by("median", *attribute),
        MissingAnswer::Previous { at_most, or_next } => {
            let mut details = Vec::new();
            details.extend(at_most.map(|most| format!("at-most: {most}")));
            details.extend(or_next.then(|| "or: next".to_owned()));
            word_with("previous", &details)
        }
        MissingAnswer::Interpolate => "interpolate".to_owned(),
        MissingAnswer::Row { within, median } => {
            let word = if *median { "row-median" } else { "row-mean" };
            format!("{{{word}: {{within: {}}}}}", framework.node(*within).id)
        }
    }
}

fn word_with(word: &str, details: &[String]) -> String {
    if details.is_empty() {
        word.to_owned()
    } else {
        format!("{{{word}: {{{}}}}}", details.join(", "))
    }
}

pub(super) fn min_coverage(coverage: MinCoverage) -> String {
    match coverage {
        MinCoverage::Weight(share) => number(share),
        MinCoverage::Parts(share) => format!("{{parts: {}}}", number(share)),
        MinCoverage::Answers(share) => format!("{{answers: {}}}", number(share)),
    }
}

pub(super) fn normalise(normalise: &Normalise) -> String {
    match normalise {
        Normalise::Fixed(Curve::Goalposts(posts)) => {
            format!("{{goalposts: {{{}}}}}", goalposts(*posts))
        }
        Normalise::Fixed(fixed) => format!("{{{}}}", curve(fixed)),
        Normalise::MinMax { onto: (low, high) } => {
            format!(
                "{{min-max: {{onto: [{}, {}]}}}}",
                number(*low),
                number(*high)
            )
        }
        Normalise::ZScore { mean, sd } => {
            format!(
                "{{z-score: {{mean: {}, sd: {}}}}}",
                number(*mean),
                number(*sd)
            )
        }
        Normalise::Rank { average: true } => "{rank: {ties: average}}".to_owned(),
        Normalise::Rank { average: false } => "rank".to_owned(),
        Normalise::Borda => "borda".to_owned(),
        Normalise::Percentile => "percentile".to_owned(),
        Normalise::ShareOfLeader => "share-of-leader".to_owned(),
        Normalise::DistanceToUnit { unit, cap } => {
            format!("{{distance-to-unit: {{unit: {unit}, cap: {cap}}}}}")
        }
        Normalise::DistanceToTarget { at, cap } => {
            format!(
                "{{distance-to-target: {{at: {}, cap: {cap}}}}}",
                number(*at)
            )
        }
        Normalise::DistanceToInterval { low, high } => format!(
            "{{distance-to-target: {{between: [{}, {}]}}}}",
            number(*low),
            number(*high)
        ),
    }
}

fn curve(curve: &Curve) -> String {
    let pairs = |pairs: &[(f64, f64)]| {
        let pairs = pairs.iter();
        let pairs = pairs.map(|(at, score)| format!("[{}, {}]", number(*at), number(*score)));
        pairs.collect::<Vec<_>>().join(", ")
    };
    match curve {
        Curve::AsIs => String::new(),
        Curve::Goalposts(posts) => goalposts(*posts),
        Curve::Bands(bands) => format!("bands: [{}]", pairs(bands)),
        Curve::Lines(points) => format!("curve: [{}]", pairs(points)),
    }
}

fn goalposts(posts: Goalposts) -> String {
    let mut details = vec![
        format!("from: {}", number(posts.from)),
        format!("to: {}", number(posts.to)),
    ];
    if !posts.clamp {
        details.push("clamp: false".to_owned());
    }
    if posts.log {
        details.push("log: true".to_owned());
    }
    let (low, high) = posts.onto;
    if (low, high) != (0.0, 1.0) {
        details.push(format!("onto: [{}, {}]", number(low), number(high)));
    }
    details.join(", ")
}

pub(super) fn cohort(cohort: &Cohort, framework: &Framework) -> String {
    let units = cohort
        .units
        .map_or("all", |group| framework.groups[group.0].id.as_str());
    let periods = match &cohort.periods {
        CohortPeriods::Same => "same".to_owned(),
        CohortPeriods::All => "all".to_owned(),
        CohortPeriods::Listed(periods) => format!("[{}]", periods.join(", ")),
    };
    format!("{{units: {units}, periods: {periods}}}")
}

pub(super) fn treat(treat: &Treat, framework: &Framework) -> String {
    let mut details = match &treat.rule {
        Outliers::Skewed(rule) => skewed(rule),
        Outliers::Percentiles { low, high } => {
            vec![format!(
                "percentiles: [{}, {}]",
                number(*low),
                number(*high)
            )]
        }
    };
    if let Some(own) = &treat.cohort {
        details.push(format!("cohort: {}", cohort(own, framework)));
    }
    format!("{{{}}}", details.join(", "))
}

fn skewed(rule: &Skewed) -> Vec<String> {
    let transform = match rule.transform {
        Transform::None => "none".to_owned(),
        Transform::Log => "log".to_owned(),
        Transform::LogShift => "log-shift".to_owned(),
        Transform::LogSigned => "log-signed".to_owned(),
        Transform::LogGii => "log-gii".to_owned(),
        Transform::BoxCox(lambda) => format!("{{box-cox: {}}}", number(lambda)),
    };
    let mut details = vec![
        format!("skewness: {}", number(rule.skewness)),
        format!("kurtosis: {}", number(rule.kurtosis)),
        format!("winsorise: {}", rule.winsorise),
        format!("transform: {transform}"),
    ];
    if rule.on_winsorised {
        details.push("on: winsorised".to_owned());
    }
    details
}

pub(super) fn outcome(outcome: Outcome) -> String {
    match outcome {
        Outcome::Score(score) => number(score),
        Outcome::NotApplicable => "not-applicable".to_owned(),
        Outcome::Missing(gap) => self::gap(gap).to_owned(),
        Outcome::Error => "error".to_owned(),
    }
}

fn gap(gap: Gap) -> &'static str {
    match gap {
        Gap::Unanswered => "missing",
        Gap::DontKnow => "dont-know",
        Gap::NotAsked => "not-asked",
    }
}

pub(super) fn answers(answers: &Answers, framework: &Framework) -> String {
    match answers {
        Answers::Choice(scale) => {
            let options = scale.options.iter();
            let options = options.map(|own| format!("{}: {}", own.code, outcome(own.outcome)));
            format!("{{{}}}", options.collect::<Vec<_>>().join(", "))
        }
        Answers::Multiple(multiple) => self::multiple(multiple),
        Answers::Number(number) => format!("number: {}", self::numeric(number, framework)),
    }
}

fn multiple(multiple: &Multiple) -> String {
    let options = multiple.options.iter().map(|own| {
        if own.only {
            format!("{}: {{only: true, score: {}}}", own.code, number(own.score))
        } else {
            format!("{}: {}", own.code, number(own.score))
        }
    });
    let options = options.collect::<Vec<_>>().join(", ");
    let score = match multiple.score {
        MultipleScore::Share => "share".to_owned(),
        MultipleScore::Any => "any".to_owned(),
        MultipleScore::All => "all".to_owned(),
        MultipleScore::Points { cap, out_of } => {
            let cap = cap.map_or(String::new(), |cap| format!(", cap: {}", number(cap)));
            format!("points{cap}, out-of: {}", number(out_of))
        }
    };
    format!("multiple: {{options: {{{options}}}, score: {score}}}")
}

fn numeric(own: &Number, framework: &Framework) -> String {
    let mut details = Vec::new();
    details.extend((own.curve != Curve::AsIs).then(|| curve(&own.curve)));
    if let Some((low, high)) = own.valid {
        details.push(format!("valid: [{}, {}]", number(low), number(high)));
    }
    if own.better == super::Better::Lower {
        details.push("better: lower".to_owned());
    }
    if let Some(per) = own.per {
        let per = match per {
            super::Denominator::Attribute(ix) => framework.attributes[ix.0].column.as_str(),
            super::Denominator::Indicator(ix) => framework.node(ix).id.as_str(),
        };
        details.push(format!("per: {per}, times: {}", number(own.times)));
    }
    if !own.codes.is_empty() {
        details.push(format!("codes: {}", codes(&own.codes)));
    }
    format!("{{{}}}", details.join(", "))
}

pub(super) fn codes(codes: &[(String, Outcome)]) -> String {
    let codes = codes.iter();
    let codes = codes.map(|(code, stands)| format!("{code}: {}", outcome(*stands)));
    format!("{{{}}}", codes.collect::<Vec<_>>().join(", "))
}

pub(super) fn whens(whens: &[When], framework: &Framework) -> String {
    let whens = whens.iter().map(|when| {
        let tests = when.tests.iter().map(|(subject, test)| {
            let subject = match subject {
                Subject::Indicator(ix) => framework.node(*ix).id.as_str(),
                Subject::Attribute(ix) => framework.attributes[ix.0].column.as_str(),
            };
            format!("{subject}: {}", self::test(test))
        });
        let tests = tests.collect::<Vec<_>>().join(", ");
        format!("{{{tests}}} otherwise {}", outcome(when.otherwise))
    });
    whens.collect::<Vec<_>>().join(" and ")
}

fn test(test: &Test) -> String {
    match test {
        Test::OneOf(values) => format!("[{}]", values.join(", ")),
        Test::NoneOf(values) => format!("{{not: [{}]}}", values.join(", ")),
        Test::AtLeast(least) => format!("{{at-least: {}}}", number(*least)),
    }
}

pub(super) fn conditions(conditions: &Where, framework: &Framework) -> String {
    let conditions = conditions.iter();
    let tests = conditions.map(|(attribute, test)| {
        let column = &framework.attributes[attribute.0].column;
        format!("{column}: {}", self::test(test))
    });
    format!("{{{}}}", tests.collect::<Vec<_>>().join(", "))
}

pub(super) fn presets(presets: &[(Where, Preset)], framework: &Framework) -> String {
    let presets = presets.iter().map(|(members, preset)| {
        let answer = match preset {
            Preset::Given(answer) => number(*answer),
            Preset::Missing(gap) => self::gap(*gap).to_owned(),
            Preset::NotApplicable => "not-applicable".to_owned(),
        };
        format!("{} {answer}", conditions(members, framework))
    });
    presets.collect::<Vec<_>>().join(", ")
}

pub(super) fn rows(rows: &[RowStep], framework: &Framework) -> String {
    let rows = rows.iter().map(|row| {
        let of = match row.of {
            RollUp::Answers => "answers",
            RollUp::Scores => "scores",
        };
        let weight = row.weight.map_or(String::new(), |weight| {
            format!(", weight: {}", framework.attributes[weight.0].column)
        });
        let combine = combine(&row.combine, framework);
        format!("{{key: {}, combine: {combine}{weight}, of: {of}}}", row.key)
    });
    rows.collect::<Vec<_>>().join(", ")
}

fn combine(combine: &Combine, framework: &Framework) -> String {
    match combine {
        Combine::Always(combiner) => self::combiner(*combiner).to_owned(),
        Combine::By {
            attribute,
            cases,
            otherwise,
        } => {
            let mut details = vec![format!("by: {}", framework.attributes[attribute.0].column)];
            let cases = cases.iter();
            details.extend(cases.map(|(value, own)| format!("{value}: {}", combiner(*own))));
            details.extend(otherwise.map(|own| format!("otherwise: {}", combiner(own))));
            format!("{{{}}}", details.join(", "))
        }
    }
}

fn combiner(combiner: Combiner) -> &'static str {
    match combiner {
        Combiner::Mean => "mean",
        Combiner::Best => "best",
        Combiner::Worst => "worst",
        Combiner::Median => "median",
        Combiner::Majority => "majority",
    }
}

pub(super) fn levels(levels: &Levels, framework: &Framework) -> String {
    let bands = levels.bands.iter().map(|band| {
        let from = if levels.quantiles {
            band.from
        } else {
            framework.range.show(band.from)
        };
        format!("{} from {}", band.id, number(from))
    });
    bands.collect::<Vec<_>>().join(", ")
}

pub(super) fn screen(screen: &Screen) -> String {
    let shares = [("answered", screen.answered), ("nonzero", screen.nonzero)];
    let shares = shares
        .into_iter()
        .filter_map(|(name, share)| Some(format!("{name}: {}", number(share?))));
    let units = [("keep", &screen.keep), ("drop", &screen.drop)];
    let units = units
        .into_iter()
        .filter(|(_, units)| !units.is_empty())
        .map(|(name, units)| format!("{name}: [{}]", units.join(", ")));
    let said: Vec<String> = shares.chain(units).collect();
    format!("{{{}}}", said.join(", "))
}

pub(super) fn digits(digits: Digits) -> String {
    let mode = match digits.mode {
        RoundingMode::HalfUp => "half-up",
        RoundingMode::HalfEven => "half-even",
    };
    format!("{{digits: {}, mode: {mode}}}", digits.digits)
}

pub(super) fn rounding(rounding: Rounding) -> String {
    let at = match rounding.at {
        RoundAt::Display => "display",
        RoundAt::End => "end",
        RoundAt::EveryTier => "every-tier",
    };
    format!("{} at {at}", digits(rounding.digits))
}

pub(super) fn ranking(ranking: Option<&Ranking>, framework: &Framework) -> String {
    let Some(ranking) = ranking else {
        return "none".to_owned();
    };
    let method = match ranking.method {
        RankMethod::Competition => "competition",
        RankMethod::Dense => "dense",
        RankMethod::Average => "average",
    };
    let on = if ranking.rounded {
        "rounded"
    } else {
        "unrounded"
    };
    let among = ranking
        .among
        .map_or("all", |group| framework.groups[group.0].id.as_str());
    format!("{{method: {method}, on: {on}, among: {among}}}")
}
