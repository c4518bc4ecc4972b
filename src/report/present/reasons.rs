//! Why a score is what it is, in words.

use std::fmt::Write as _;

use crate::analysis::explain::{Change, Explained, Made, RowAnswer, Source, Step, Without};
use crate::framework::{
    Aggregate, Answers, Combiner, Denominator, Framework, Gap, MinCoverage, MissingAnswer, NodeIx,
    Outcome, Subject, Test,
};
use crate::report::document::Cell;
use crate::report::number::shortest;
use crate::responses::{Answer, bits_of, option_of};
use crate::scoring::{Reading, Scaler};

/// What words are taken from.
pub(super) struct Words<'a> {
    pub(super) framework: &'a Framework,
    pub(super) periods: &'a [String],
    pub(super) language: Option<&'a str>,
}

impl Words<'_> {
    /// A node's title; an indicator's question where it has no title.
    pub(super) fn title(&self, node: NodeIx) -> String {
        let facts = self.framework.node(node);
        let title = facts.title.in_language(self.language);
        let question = facts.indicator().and_then(|own| own.question.as_ref());
        match question {
            Some(question) if title == facts.id.as_str() => {
                question.in_language(self.language).to_owned()
            }
            _ if title == facts.id.as_str() && node == Framework::INDEX => "Index".to_owned(),
            _ => title.to_owned(),
        }
    }

    /// The id by which a node is named.
    pub(super) fn code(&self, node: NodeIx) -> String {
        self.framework.node(node).id.to_string()
    }

    fn period(&self, period: Option<usize>) -> String {
        let name = period.and_then(|period| self.periods.get(period));
        match name.map(String::as_str) {
            None | Some("") => String::new(),
            Some(name) => format!(" in {name}"),
        }
    }
}

/// How a node's score was made and what happened to it.
pub(super) fn how(words: &Words<'_>, explained: &Explained) -> String {
    let mut texts = match &explained.made {
        Made::Aggregated {
            how,
            without,
            parts,
            ..
        } => {
            let counting = parts.iter().filter(|part| part.counted.is_some()).count();
            vec![match without {
                Some(without) => format!("no score: {}", missing(words, without)),
                None => format!("{} of {counting} {}", aggregate(*how), parts_word(counting)),
            }]
        }
        Made::Combined {
            depth,
            combiner,
            rows,
            ..
        } => {
            let key = &words.framework.rows[*depth].key;
            vec![format!(
                "{} of {} by {key}",
                combined(*combiner),
                rows.len()
            )]
        }
        Made::Answered(answer) => vec![answered(words, explained.node, answer)],
    };
    texts.extend(explained.steps.iter().map(|step| self::step(words, step)));
    texts.join("; ")
}

fn parts_word(count: usize) -> &'static str {
    if count == 1 { "part" } else { "parts" }
}

fn aggregate(how: Aggregate) -> String {
    match how {
        Aggregate::Mean => "mean".to_owned(),
        Aggregate::Geometric(_) => "geometric mean".to_owned(),
        Aggregate::Harmonic(_) => "harmonic mean".to_owned(),
        Aggregate::Power(exponent, _) => format!("power mean ({})", shortest(exponent)),
        Aggregate::Median => "median".to_owned(),
        Aggregate::Minimum => "lowest".to_owned(),
        Aggregate::Maximum => "highest".to_owned(),
        Aggregate::Sum { out_of } => format!("sum (out of {})", shortest(out_of)),
        Aggregate::Product => "product".to_owned(),
        Aggregate::LevelSum { .. } => "sum of the stages".to_owned(),
        Aggregate::Staged { .. } => "stages passed".to_owned(),
        Aggregate::Copeland => "wins minus losses (Copeland)".to_owned(),
        Aggregate::Borda => "sum of ranks (Borda)".to_owned(),
    }
}

fn combined(combiner: Option<Combiner>) -> &'static str {
    match combiner {
        Some(Combiner::Mean) => "mean",
        Some(Combiner::Best) => "best",
        Some(Combiner::Worst) => "worst",
        Some(Combiner::Median) => "median",
        Some(Combiner::Majority) => "most frequent",
        None => "not combined: the framework does not say how; one",
    }
}

fn missing(words: &Words<'_>, without: &Without) -> String {
    match without {
        Without::NothingApplies => "nothing applies".to_owned(),
        Without::NoPart => "no part has one".to_owned(),
        Without::Part(part) => format!("{} has none", words.title(*part)),
        Without::Coverage(least, found) => {
            let (what, least) = match least {
                MinCoverage::Weight(least) => ("of the weight", least),
                MinCoverage::Parts(least) => ("of the parts", least),
                MinCoverage::Answers(least) => ("of the indicators", least),
            };
            format!(
                "{} {what} answered, {} asked for",
                Cell::Share(*found),
                Cell::Share(*least)
            )
        }
        Without::NoNumber => "the rule gives no number".to_owned(),
    }
}

fn answered(words: &Words<'_>, node: NodeIx, answer: &RowAnswer) -> String {
    match &answer.source {
        Source::Line {
            answer: given,
            reading,
            ..
        } => {
            let text = answer_text(words, node, *given);
            match reason(words, node, *reading) {
                Some(reason) => format!("{text}; {reason}"),
                None => text,
            }
        }
        Source::Rows {
            depth,
            combiner,
            rows,
        } => {
            let key = &words.framework.rows[*depth].key;
            let silent = rows.iter().filter(|row| !row.speaks).count();
            let mut text = format!("{} of {} by {key}", combined(*combiner), rows.len());
            let each: Vec<String> = rows
                .iter()
                .map(|row| format!("{} {}", row.key, answered(words, node, row)))
                .collect();
            let _ = write!(text, " ({})", each.join(", "));
            if silent > 0 {
                let _ = write!(text, ", {silent} of them without a say");
            }
            text
        }
    }
}

/// An answer as it was given.
pub(super) fn answer_text(words: &Words<'_>, node: NodeIx, answer: Answer) -> String {
    let value = match answer {
        Answer::Given(value) => value,
        Answer::Missing(Gap::Unanswered) => return "not answered".to_owned(),
        Answer::Missing(Gap::DontKnow) => return "don’t know".to_owned(),
        Answer::Missing(Gap::NotAsked) => return "not asked".to_owned(),
        Answer::NotApplicable => return "not applicable".to_owned(),
    };
    let Some(indicator) = words.framework.node(node).indicator() else {
        return shortest(value);
    };
    match &indicator.answers {
        Answers::Choice(scale) => {
            let option = scale.options.get(option_of(value));
            option.map_or_else(String::new, |option| {
                format!("“{}”", option.label.in_language(words.language))
            })
        }
        Answers::Multiple(multiple) => {
            let options = multiple.options.iter().enumerate();
            let chosen: Vec<String> = options
                .filter(|(at, _)| bits_of(value) >> at & 1 == 1)
                .map(|(_, option)| format!("“{}”", option.label.in_language(words.language)))
                .collect();
            if chosen.is_empty() {
                "none chosen".to_owned()
            } else {
                chosen.join(" + ")
            }
        }
        Answers::Number(number) => match &number.unit {
            Some(unit) => format!("{} {unit}", shortest(value)),
            None => shortest(value),
        },
    }
}

/// Why an answer does not count as it was given.
fn reason(words: &Words<'_>, node: NodeIx, reading: Reading) -> Option<String> {
    let (when, test, skipped) = match reading {
        Reading::AsGiven => return None,
        Reading::Preset(_) => return Some("filled by the framework’s preset".to_owned()),
        Reading::Skipped { when, test } => (when, test, true),
        Reading::Unsure { when, test } => (when, test, false),
    };
    let indicator = words.framework.node(node).indicator()?;
    let condition = indicator.when.get(when)?;
    let (subject, test) = condition.tests.get(test)?;
    let subject = match subject {
        Subject::Indicator(other) => words.code(*other),
        Subject::Attribute(attribute) => words.framework.attributes[attribute.0].column.clone(),
    };
    if !skipped {
        return Some(format!(
            "whether it applies is open: `{subject}` is not known"
        ));
    }
    let test = match test {
        Test::OneOf(wanted) => format!("`{subject}` is not {}", wanted.join(" or ")),
        Test::NoneOf(unwanted) => format!("`{subject}` is {}", unwanted.join(" or ")),
        Test::AtLeast(least) => format!("`{subject}` is not at least {}", shortest(*least)),
    };
    let outcome = match condition.otherwise {
        Outcome::Score(share) => format!("counts as {}", shortest(share)),
        Outcome::NotApplicable | Outcome::Error => "does not apply".to_owned(),
        Outcome::Missing(_) => "counts as missing".to_owned(),
    };
    Some(format!("skipped because {test}: {outcome}"))
}

fn step(words: &Words<'_>, step: &Step) -> String {
    let result = match step.result {
        Answer::Given(value) => shortest(rounded(value)),
        Answer::Missing(_) => "no score".to_owned(),
        Answer::NotApplicable => "not applicable".to_owned(),
    };
    match &step.change {
        Change::OutsidePeriods(node) => {
            format!("`{}` does not exist in this period", words.code(*node))
        }
        Change::ScreenedOut => "left out for lack of data".to_owned(),
        Change::Divided { by, divisor, times } => {
            let by = match by {
                Denominator::Attribute(attribute) => {
                    words.framework.attributes[attribute.0].column.clone()
                }
                Denominator::Indicator(node) => words.code(*node),
            };
            let divisor = divisor.map_or_else(|| "unknown".to_owned(), shortest);
            format!("÷ {by} ({divisor}) × {} = {result}", shortest(*times))
        }
        Change::Imputed { rule, .. } => format!("filled with {}: {result}", rule_text(rule)),
        Change::Treated { cohort, .. } => format!(
            "outliers tamed over {} values{}: {result}",
            cohort.count,
            words.period(cohort.period)
        ),
        Change::Settled => format!("share {result}"),
        Change::Scaled { scaler: None, .. } => {
            "no score: the cohort gives no usable statistics".to_owned()
        }
        Change::Scaled {
            scaler: Some(scaler),
            cohort,
        } => {
            let over = cohort.as_ref().map_or_else(String::new, |cohort| {
                format!(
                    " over {} values{}",
                    cohort.count,
                    words.period(cohort.period)
                )
            });
            format!("{}{over} = {result}", scaler_text(scaler))
        }
        Change::Filled(rule) => format!("counts as {result} ({})", rule_text(rule)),
        Change::Capped(by) => format!("capped by {} at {result}", words.title(*by)),
        Change::Rounded(_) => format!("rounded to {result}"),
    }
}

/// Six digits are enough for a reader.
fn rounded(value: f64) -> f64 {
    let six = crate::framework::Digits {
        digits: 6,
        mode: crate::framework::RoundingMode::HalfUp,
    };
    six.round(value)
}

fn rule_text(rule: &MissingAnswer) -> &'static str {
    match rule {
        MissingAnswer::Keep => "nothing",
        MissingAnswer::Zero => "missing counts as zero",
        MissingAnswer::Lowest => "missing counts as the lowest",
        MissingAnswer::Constant(_) => "missing counts as a constant",
        MissingAnswer::Mean(_) => "the cohort’s mean",
        MissingAnswer::Median(_) => "the cohort’s median",
        MissingAnswer::Previous { .. } => "the unit’s own answer of another period",
        MissingAnswer::Interpolate => "a line between the unit’s own answers",
        MissingAnswer::Row { median: false, .. } => "the unit’s mean over its other indicators",
        MissingAnswer::Row { median: true, .. } => "the unit’s median over its other indicators",
    }
}

fn scaler_text(scaler: &Scaler) -> String {
    match scaler {
        Scaler::AsIs => "as it is".to_owned(),
        Scaler::Goalposts(posts) => {
            format!("from {} to {}", shortest(posts.from), shortest(posts.to))
        }
        Scaler::Bands(_) => "by bands".to_owned(),
        Scaler::Lines(_) => "by a curve".to_owned(),
        Scaler::Linear { from, to, .. } => {
            format!("scaled from {} to {}", shortest(*from), shortest(*to))
        }
        Scaler::Standard { mean, sd, .. } => format!(
            "z-score (mean {}, sd {})",
            shortest(rounded(*mean)),
            shortest(rounded(sd.abs()))
        ),
        Scaler::Rank(_) => "rank".to_owned(),
        Scaler::Share { leader, .. } => format!("share of the leader ({})", shortest(*leader)),
        Scaler::Interval { low, high, .. } => {
            format!("distance to {} to {}", shortest(*low), shortest(*high))
        }
    }
}
