//! Why a score is what it is, in words.

use crate::analysis::explain::{
    Change, Explained, Made, Part, RowAnswer, Source, Step, Without, stages_passed,
};
use crate::framework::{
    Aggregate, Answers, Combiner, Denominator, Framework, Gap, MinCoverage, MissingAnswer, NodeIx,
    Outcome, Subject, Test,
};
use crate::report::number::{asked, shortest};
use crate::report::words::{Language, Words as Interface};
use crate::responses::{Answer, bits_of, option_of};
use crate::scoring::{Found, Reading, Scaler};

/// What words are taken from.
pub(super) struct Words<'a> {
    pub(super) framework: &'a Framework,
    pub(super) language: Option<&'a str>,
}

impl Words<'_> {
    /// The words of the interface for who reads this language.
    fn interface(&self) -> Interface {
        Interface::of(self.spoken())
    }

    pub(super) fn spoken(&self) -> Language {
        Language::of(self.language)
    }

    pub(super) fn get(&self, key: &str) -> String {
        self.interface().get(key).to_owned()
    }

    pub(super) fn fill(&self, key: &str, gaps: &[&str]) -> String {
        self.interface().fill(key, gaps)
    }

    pub(super) fn counted(&self, key: &str, count: usize) -> String {
        self.interface().counted(key, count)
    }

    pub(super) fn counted_with(&self, key: &str, count: usize, rest: &[&str]) -> String {
        self.interface().counted_with(key, count, rest)
    }

    pub(super) fn percent(&self, share: f64) -> String {
        self.spoken().percent(share)
    }

    /// A number in all its digits, but for the last ones, which only arithmetic can have left.
    pub(super) fn shortest(&self, value: f64) -> String {
        let told = format!("{value:.14e}").parse().unwrap_or(value);
        self.spoken().decimal(shortest(told))
    }

    /// One after the other.
    pub(super) fn joined(&self, texts: impl IntoIterator<Item = String>) -> String {
        let texts = texts.into_iter();
        let all = texts.reduce(|before, text| self.fill("e.then", &[&before, &text]));
        all.unwrap_or_default()
    }

    /// A text as the language quotes it.
    fn quoted(&self, text: &str) -> String {
        self.fill("e.quoted", &[text])
    }

    /// A node's title; an indicator's question where it has no title.
    pub(super) fn title(&self, node: NodeIx) -> String {
        let facts = self.framework.node(node);
        let title = facts.title.in_language(self.language);
        let question = facts.indicator().and_then(|own| own.question.as_ref());
        match question {
            Some(question) if title == facts.id.as_str() => {
                question.in_language(self.language).to_owned()
            }
            _ if title == facts.id.as_str() && node == Framework::INDEX => self.get("index"),
            _ => title.to_owned(),
        }
    }

    /// The id by which a node is named.
    pub(super) fn code(&self, node: NodeIx) -> String {
        self.framework.node(node).id.to_string()
    }

    fn period(&self, period: Option<&str>) -> String {
        match period {
            None | Some("") => String::new(),
            Some(name) => self.fill("e.in", &[name]),
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
            vec![match without {
                Some(without) => words.fill("e.none", &[&missing(words, without)]),
                None => aggregate(words, *how, parts),
            }]
        }
        Made::Combined {
            depth,
            combiner,
            rows,
            ..
        } => {
            let key = &words.framework.rows[*depth].key;
            vec![rolled_up(
                words,
                &combined(words, *combiner),
                rows.len(),
                key,
            )]
        }
        Made::Answered(answer) => vec![answered(words, explained.node, answer)],
    };
    texts.extend(explained.steps.iter().map(|step| self::step(words, step)));
    words.joined(texts)
}

fn aggregate(words: &Words<'_>, how: Aggregate, parts: &[Part]) -> String {
    let counting = parts.iter().filter(|part| part.counted.is_some()).count();
    let what = match how {
        Aggregate::Mean => words.get("e.a.mean"),
        Aggregate::Geometric(_) => words.get("e.a.geometric"),
        Aggregate::Harmonic(_) => words.get("e.a.harmonic"),
        Aggregate::Median => words.get("e.a.median"),
        Aggregate::Minimum => words.get("e.a.minimum"),
        Aggregate::Maximum => words.get("e.a.maximum"),
        Aggregate::Product => words.get("e.a.product"),
        Aggregate::LevelSum { .. } => words.get("e.a.level-sum"),
        Aggregate::Staged { pass, .. } => {
            let (passed, stages) = stages_passed(parts, pass);
            let stages = words.counted("e.stages", stages);
            return words.fill("e.of", &[&passed.to_string(), &stages]);
        }
        Aggregate::Copeland => words.get("e.a.copeland"),
        Aggregate::Borda => words.get("e.a.borda"),
        Aggregate::Power(exponent, _) => words.fill("e.a.power", &[&words.shortest(exponent)]),
        Aggregate::Sum { out_of } => words.fill("e.a.sum", &[&words.shortest(out_of)]),
    };
    words.fill("e.of", &[&what, &words.counted("e.parts", counting)])
}

/// How many finer rows became one, and by which column they differ.
fn rolled_up(words: &Words<'_>, how: &str, rows: usize, key: &str) -> String {
    words.fill("e.rows", &[how, &rows.to_string(), key])
}

fn combined(words: &Words<'_>, combiner: Option<Combiner>) -> String {
    match combiner {
        Some(Combiner::Mean) => words.get("e.a.mean"),
        Some(Combiner::Best) => words.get("e.c.best"),
        Some(Combiner::Worst) => words.get("e.c.worst"),
        Some(Combiner::Median) => words.get("e.a.median"),
        Some(Combiner::Majority) => words.get("e.c.majority"),
        None => words.get("e.c.none"),
    }
}

fn missing(words: &Words<'_>, without: &Without) -> String {
    match without {
        Without::NothingApplies => words.get("e.n.applies"),
        Without::NoPart => words.get("e.n.part"),
        Without::Part(part) => words.fill("e.n.lacks", &[&words.title(*part)]),
        Without::Coverage(least, found) => {
            let gaps = |least: f64| [words.percent(*found), words.percent(asked(least))];
            let (key, [found, least]) = match *least {
                MinCoverage::Weight(least) => ("e.n.weight", gaps(least)),
                MinCoverage::Parts(least) => ("e.n.parts", gaps(least)),
                MinCoverage::Answers(least) => ("e.n.answers", gaps(least)),
            };
            words.fill(key, &[&found, &least])
        }
        Without::NoNumber => words.get("e.n.number"),
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
                Some(reason) => words.joined([text, reason]),
                None => text,
            }
        }
        Source::Rows {
            depth,
            combiner,
            rows,
            weights,
        } => {
            let step = &words.framework.rows[*depth];
            let weighted = step.weight.is_some() && *combiner == Some(Combiner::Mean);
            let how = if weighted {
                words.get("e.c.weighted")
            } else {
                combined(words, *combiner)
            };
            let each = rows.iter().zip(weights);
            let counting = each
                .clone()
                .filter(|(row, weight)| row.is_given() && **weight > 0.0)
                .count();
            let text = rolled_up(words, &how, counting, &step.key);
            let each: Vec<String> = each
                .map(|(row, weight)| {
                    let said = format!("{} {}", row.key, answered(words, node, row));
                    if weighted && row.is_given() {
                        words.fill("e.times", &[&said, &words.shortest(*weight)])
                    } else {
                        said
                    }
                })
                .collect();
            format!("{text} ({})", each.join(", "))
        }
    }
}

/// An answer as it was given.
pub(super) fn answer_text(words: &Words<'_>, node: NodeIx, answer: Answer) -> String {
    let value = match answer {
        Answer::Given(value) => value,
        Answer::Missing(Gap::Unanswered) => return words.get("gap.unanswered"),
        Answer::Missing(Gap::DontKnow) => return words.get("gap.dont-know"),
        Answer::Missing(Gap::NotAsked) => return words.get("gap.not-asked"),
        Answer::NotApplicable => return words.get("flag.not-applicable"),
    };
    let Some(indicator) = words.framework.node(node).indicator() else {
        return words.shortest(value);
    };
    match &indicator.answers {
        Answers::Choice(scale) => {
            let option = scale.options.get(option_of(value));
            option.map_or_else(String::new, |option| {
                words.quoted(option.label.in_language(words.language))
            })
        }
        Answers::Multiple(multiple) => {
            let options = multiple.options.iter().enumerate();
            let chosen: Vec<String> = options
                .filter(|(at, _)| bits_of(value) >> at & 1 == 1)
                .map(|(_, option)| words.quoted(option.label.in_language(words.language)))
                .collect();
            if chosen.is_empty() {
                words.get("e.none-chosen")
            } else {
                chosen.join(" + ")
            }
        }
        Answers::Number(number) => match &number.unit {
            Some(unit) => format!("{} {unit}", words.shortest(value)),
            None => words.shortest(value),
        },
    }
}

/// Why an answer does not count as it was given.
fn reason(words: &Words<'_>, node: NodeIx, reading: Reading) -> Option<String> {
    let (when, test, failing) = match reading {
        Reading::AsGiven => return None,
        Reading::Preset(_) => return Some(words.get("e.preset")),
        Reading::Skipped { when, test, found } => (when, test, Some(found)),
        Reading::Unsure { when, test } => (when, test, None),
    };
    let indicator = words.framework.node(node).indicator()?;
    let condition = indicator.when.get(when)?;
    let (subject, test) = condition.tests.get(test)?;
    let subject = match subject {
        Subject::Indicator(other) => words.code(*other),
        Subject::Attribute(attribute) => words.framework.attributes[attribute.0].column.clone(),
    };
    let Some(found) = failing else {
        return Some(words.fill("e.open", &[&subject]));
    };
    let listed = |values: &[String]| values.join(&words.get("e.or"));
    let test = match (found, test) {
        (Found::Empty, _) => words.fill("e.is-empty", &[&subject]),
        (Found::Skipped, _) => words.fill("e.is-skipped", &[&subject]),
        (Found::NotApplicable, _) => words.fill("e.is-out", &[&subject]),
        (Found::Other, Test::OneOf(wanted)) => words.fill("e.is-not", &[&subject, &listed(wanted)]),
        (Found::Other, Test::NoneOf(unwanted)) => {
            words.fill("e.is", &[&subject, &listed(unwanted)])
        }
        (Found::Other, Test::AtLeast(least)) => {
            words.fill("e.is-below", &[&subject, &words.shortest(*least)])
        }
    };
    let outcome = match condition.otherwise {
        Outcome::Score(share) => words.fill("e.counts", &[&words.shortest(share)]),
        Outcome::NotApplicable | Outcome::Error => words.get("e.not-applied"),
        Outcome::Missing(_) => words.get("e.counts-missing"),
    };
    Some(words.fill("e.skipped", &[&test, &outcome]))
}

fn step(words: &Words<'_>, step: &Step) -> String {
    let result = match step.result {
        Answer::Given(value) => words.shortest(rounded(value)),
        Answer::Missing(_) => words.get("e.no-score"),
        Answer::NotApplicable => words.get("flag.not-applicable"),
    };
    match &step.change {
        Change::OutsidePeriods(node) => words.fill("e.outside", &[&words.code(*node)]),
        Change::ScreenedOut => words.get("e.screened"),
        Change::Divided { by, divisor, times } => {
            let by = match by {
                Denominator::Attribute(attribute) => {
                    words.framework.attributes[attribute.0].column.clone()
                }
                Denominator::Indicator(node) => words.code(*node),
            };
            let divisor =
                divisor.map_or_else(|| words.get("e.unknown"), |divisor| words.shortest(divisor));
            let times = if (times - 1.0).abs() > 0.0 {
                format!(" × {}", words.shortest(*times))
            } else {
                String::new()
            };
            format!("÷ {by} ({divisor}){times} = {result}")
        }
        Change::Imputed { rule, .. } => {
            words.fill("e.imputed", &[&rule_text(words, rule), &result])
        }
        Change::Treated {
            percentile, cohort, ..
        } => {
            let count = cohort.count.to_string();
            let period = words.period(cohort.period.as_deref());
            let key = match (percentile, cohort.frozen) {
                (None, false) => "e.treated",
                (None, true) => "e.treated.frozen",
                (Some(_), false) => "e.cut",
                (Some(_), true) => "e.cut.frozen",
            };
            let percentile = percentile.map_or_else(String::new, |at| words.shortest(at));
            words.fill(key, &[&count, &period, &result, &percentile])
        }
        Change::Settled => words.fill("e.settled", &[&result]),
        Change::Scaled { scaler: None, .. } => words.get("e.unscaled"),
        Change::Scaled {
            scaler: Some(scaler),
            cohort,
        } => {
            let over = cohort.as_ref().map_or_else(String::new, |cohort| {
                let count = cohort.count.to_string();
                let period = words.period(cohort.period.as_deref());
                let key = if cohort.frozen {
                    "e.over.frozen"
                } else {
                    "e.over"
                };
                words.fill(key, &[&count, &period])
            });
            format!("{}{over} = {result}", scaler_text(words, scaler))
        }
        Change::Filled(rule) => words.fill("e.filled", &[&result, &rule_text(words, rule)]),
        Change::Capped(by) => words.fill("e.capped", &[&words.title(*by), &result]),
        // Digits are those of the shown score.
        Change::Rounded(_) => {
            let shown = match step.result {
                Answer::Given(share) => words.shortest(rounded(words.framework.range.show(share))),
                Answer::Missing(_) | Answer::NotApplicable => result,
            };
            words.fill("e.rounded", &[&shown])
        }
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

fn rule_text(words: &Words<'_>, rule: &MissingAnswer) -> String {
    words.get(match rule {
        MissingAnswer::Keep => "e.r.keep",
        MissingAnswer::Zero => "e.r.zero",
        MissingAnswer::Lowest => "e.r.lowest",
        MissingAnswer::Constant(_) => "e.r.constant",
        MissingAnswer::Mean(_) => "e.r.mean",
        MissingAnswer::Median(_) => "e.r.median",
        MissingAnswer::Previous { .. } => "e.r.previous",
        MissingAnswer::Interpolate => "e.r.interpolate",
        MissingAnswer::Row { median: false, .. } => "e.r.row-mean",
        MissingAnswer::Row { median: true, .. } => "e.r.row-median",
    })
}

fn scaler_text(words: &Words<'_>, scaler: &Scaler) -> String {
    let number = |value: f64| words.shortest(value);
    match scaler {
        Scaler::AsIs => words.get("e.s.as-is"),
        Scaler::Goalposts(posts) => {
            let key = if posts.log {
                "e.s.posts.log"
            } else {
                "e.s.posts"
            };
            words.fill(key, &[&number(posts.from), &number(posts.to)])
        }
        Scaler::Bands { .. } => words.get("e.s.bands"),
        Scaler::Lines(_) => words.get("e.s.curve"),
        Scaler::Linear { from, to, .. } => {
            words.fill("e.s.linear", &[&number(*from), &number(*to)])
        }
        Scaler::Standard { mean, sd, .. } => {
            let (mean, sd) = (number(rounded(*mean)), number(rounded(sd.abs())));
            words.fill("e.s.standard", &[&mean, &sd])
        }
        Scaler::Rank(_) => words.get("e.s.rank"),
        Scaler::Share { leader, .. } => words.fill("e.s.leader", &[&number(*leader)]),
        Scaler::Reached { at, .. } => words.fill("e.s.reached", &[&number(*at)]),
        Scaler::Interval { low, high, .. } => {
            words.fill("e.s.interval", &[&number(*low), &number(*high)])
        }
    }
}
