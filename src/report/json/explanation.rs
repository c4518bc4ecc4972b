//! An explanation as JSON, in full precision. Scores and contributions are shares (0 to 1), whatever the framework's
//! range: they add up as they stand.

use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::analysis::explain::{
    Change, CohortFacts, Explained, Explanation, Made, Origin, Part, RowAnswer, Source, Standing,
    Step, Without,
};
use crate::framework::{
    Aggregate, Answers, Combiner, Denominator, Framework, Gap, MinCoverage, MissingAnswer, Need,
    NodeIx, Zeros,
};
use crate::responses::{Answer, Responses, bits_of, option_of};
use crate::scoring::{Found, Reading, Scaler};

use super::shown::write_pretty;

/// Writes an explanation, with the options that led to the score.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_explanation(
    found: &Explanation,
    framework: &Framework,
    responses: &Responses,
    options: &[(String, String)],
    out: &mut impl Write,
) -> io::Result<()> {
    let names = Names {
        framework,
        responses,
    };
    let losses = found.losses.iter().map(|loss| {
        json!({"node": names.node(loss.node), "row": texts(&loss.row), "points": loss.points})
    });
    let stated = options
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)));
    let value = json!({
        "schema_version": "1.0",
        "tool": {"name": "dgpf", "version": env!("CARGO_PKG_VERSION")},
        "framework": {
            "id": framework.id.as_str(),
            "version": framework.version,
            "sha256": framework.sha256,
        },
        "responses": {"sha256": responses.sha256},
        "options": stated.collect::<Map<String, Value>>(),
        "unit": found.unit.as_ref(),
        "name": found.name.as_ref(),
        "period": names.period(Some(found.period)),
        "index": found.index,
        "adds": found.adds,
        "short": found.short,
        "explained": names.explained(&found.tree),
        "losses": losses.collect::<Vec<Value>>(),
        "rest": found.rest,
    });
    write_pretty(&value, out)
}

struct Names<'a> {
    framework: &'a Framework,
    responses: &'a Responses,
}

impl Names<'_> {
    fn node(&self, node: NodeIx) -> &str {
        self.framework.node(node).id.as_str()
    }

    fn period(&self, period: Option<usize>) -> Option<&str> {
        let name = period.and_then(|period| self.responses.periods.get(period));
        name.map(String::as_str).filter(|name| !name.is_empty())
    }

    fn key(&self, depth: usize) -> Option<&str> {
        self.framework.rows.get(depth).map(|step| step.key.as_str())
    }

    fn explained(&self, explained: &Explained) -> Value {
        let mut value = Map::new();
        let mut put = |key: &str, part: Value| value.insert(key.to_owned(), part);
        put("node", json!(self.node(explained.node)));
        if !explained.row.is_empty() {
            put("row", json!(texts(&explained.row)));
        }
        put("score", json!(explained.value()));
        if explained.value().is_none() {
            put("why", json!(gap(explained.score)));
        }
        put("coverage", json!(explained.coverage));
        put("low", json!(explained.bounds.0));
        put("high", json!(explained.bounds.1));
        put("best", json!(explained.best));
        if let Some(standing) = &explained.standing {
            put("level", self.standing(explained.node, standing));
        }
        put("made", self.made(&explained.made));
        if let Made::Answered(answer) = &explained.made {
            put("answer", self.answer(explained.node, answer));
        }
        let steps: Vec<Value> = explained.steps.iter().map(|step| self.step(step)).collect();
        put("steps", json!(steps));
        let parts: Vec<Value> = explained
            .parts()
            .iter()
            .map(|part| self.part(part))
            .collect();
        if !parts.is_empty() {
            put("parts", json!(parts));
        }
        Value::Object(value)
    }

    fn part(&self, part: &Part) -> Value {
        json!({
            "weight": part.weight,
            "counts": part.counts,
            "counted": part.counted,
            "stood_in": part.stood_in,
            "effective_weight": part.effective,
            "contribution": part.contribution,
            "decides": part.binding,
            "explained": self.explained(&part.explained),
        })
    }

    fn made(&self, made: &Made) -> Value {
        match made {
            Made::Aggregated {
                how,
                base,
                total,
                without,
                ..
            } => json!({
                "by": "aggregate",
                "rule": aggregate(*how),
                "base": base,
                "total": total,
                "without": without.as_ref().map(|without| self.without(without)),
            }),
            Made::Combined {
                depth,
                combiner,
                total,
                ..
            } => json!({
                "by": "rows",
                "key": self.key(*depth),
                "rule": combiner.map(combined),
                "total": total,
            }),
            Made::Answered(_) => json!({"by": "answer"}),
        }
    }

    fn without(&self, without: &Without) -> Value {
        match without {
            Without::NothingApplies => json!({"reason": "nothing-applies"}),
            Without::NoPart => json!({"reason": "no-part"}),
            Without::Part(part) => json!({"reason": "part", "node": self.node(*part)}),
            Without::Coverage(least, found) => {
                let (of, least) = match least {
                    MinCoverage::Weight(least) => ("weight", least),
                    MinCoverage::Parts(least) => ("parts", least),
                    MinCoverage::Answers(least) => ("answers", least),
                };
                json!({"reason": "coverage", "of": of, "least": least, "found": found})
            }
            Without::NoNumber => json!({"reason": "no-number"}),
        }
    }

    fn answer(&self, node: NodeIx, answer: &RowAnswer) -> Value {
        let value = match answer.value {
            Answer::Given(value) => json!(value),
            Answer::Missing(_) | Answer::NotApplicable => Value::Null,
        };
        let source = match &answer.source {
            Source::Line {
                file,
                line,
                answer,
                reading,
                evidence,
            } => json!({
                "file": file.as_deref(),
                "line": line,
                "given": self.given(node, *answer),
                "reading": reading_of(*reading),
                "evidence": evidence,
            }),
            Source::Rows {
                depth,
                combiner,
                rows,
                weights,
            } => json!({
                "key": self.key(*depth),
                "rule": combiner.map(combined),
                "rows": rows.iter().map(|row| self.answer(node, row)).collect::<Vec<Value>>(),
                "weights": weights,
            }),
        };
        json!({
            "row": answer.key.as_ref(),
            "value": value,
            "why": gap(answer.value),
            "share_in_its_place": answer.settled,
            "source": source,
        })
    }

    /// An answer as it was given: a code, codes or a number; `null` where there is none.
    fn given(&self, node: NodeIx, answer: Answer) -> Value {
        let (Answer::Given(value), Some(indicator)) =
            (answer, self.framework.node(node).indicator())
        else {
            return Value::Null;
        };
        match &indicator.answers {
            Answers::Choice(scale) => {
                let option = scale.options.get(option_of(value));
                json!(option.map(|option| option.code.as_str()))
            }
            Answers::Multiple(multiple) => {
                let options = multiple.options.iter().enumerate();
                let chosen = options.filter(|(at, _)| bits_of(value) >> at & 1 == 1);
                json!(
                    chosen
                        .map(|(_, option)| option.code.as_str())
                        .collect::<Vec<_>>()
                )
            }
            Answers::Number(_) => json!(value),
        }
    }

    fn standing(&self, node: NodeIx, standing: &Standing) -> Value {
        let levels = self.framework.levels_of(node);
        let id = |position: usize| {
            let band = levels.and_then(|levels| levels.bands.get(position));
            band.map(|band| band.id.as_str())
        };
        let next = standing.next.as_ref().map(|next| {
            let unmet = next.unmet.iter().map(|(need, found)| match need {
                Need::Score(other, least) => {
                    json!({"node": self.node(*other), "at_least": least, "found": found})
                }
                Need::Level(other, least) => {
                    let levels = self.framework.levels_of(*other);
                    let band = levels.and_then(|levels| levels.bands.get(*least));
                    let band = band.map(|band| band.id.as_str());
                    json!({"node": self.node(*other), "level": band})
                }
                Need::Coverage(least) => json!({"coverage": least, "found": found}),
            });
            json!({
                "id": id(next.level),
                "from": next.from,
                "short": next.short,
                "unmet": unmet.collect::<Vec<Value>>(),
            })
        });
        json!({"id": id(standing.level), "by_score": id(standing.by_score), "next": next})
    }

    fn step(&self, step: &Step) -> Value {
        let mut change = match &step.change {
            Change::OutsidePeriods(node) => {
                json!({"change": "outside-periods", "node": self.node(*node)})
            }
            Change::ScreenedOut => json!({"change": "screened-out"}),
            Change::Divided { by, divisor, times } => {
                let by = match by {
                    Denominator::Attribute(attribute) => {
                        self.framework.attributes[attribute.0].column.as_str()
                    }
                    Denominator::Indicator(node) => self.node(*node),
                };
                json!({"change": "divided", "by": by, "divisor": divisor, "times": times})
            }
            Change::Imputed { rule, from } => {
                let from = match from {
                    Origin::Cohort { count, period } => {
                        json!({"count": count, "period": self.period(*period)})
                    }
                    Origin::Periods(values) => {
                        let values = values.iter().map(|(period, value)| {
                            json!({"period": self.period(Some(*period)), "value": value})
                        });
                        json!(values.collect::<Vec<Value>>())
                    }
                    Origin::Row { within } => json!({"within": self.node(*within)}),
                };
                json!({"change": "imputed", "rule": rule_of(rule), "from": from})
            }
            Change::Treated {
                treatment,
                percentile,
                cohort,
            } => json!({
                "change": "treated",
                "percentile": percentile,
                "limits": (treatment.limits != (None, None)).then_some(treatment.limits),
                "transform": format!("{:?}", treatment.transform),
                "cohort": self.cohort(cohort),
            }),
            Change::Settled => json!({"change": "settled"}),
            Change::Scaled { scaler, cohort } => json!({
                "change": "scaled",
                "scaler": scaler.as_ref().map(scaler_of),
                "cohort": cohort.as_ref().map(|cohort| self.cohort(cohort)),
            }),
            Change::Filled(rule) => json!({"change": "filled", "rule": rule_of(rule)}),
            Change::Capped(by) => json!({"change": "capped", "by": self.node(*by)}),
            Change::Rounded(digits) => json!({"change": "rounded", "digits": digits.digits}),
        };
        let result = match step.result {
            Answer::Given(value) => json!(value),
            Answer::Missing(_) | Answer::NotApplicable => Value::Null,
        };
        if let Value::Object(change) = &mut change {
            change.insert("result".to_owned(), result);
        }
        change
    }

    fn cohort(&self, cohort: &CohortFacts) -> Value {
        let group = cohort.group.map(|group| &self.framework.groups[group.0]);
        json!({
            "group": group.map(|group| group.id.as_str()),
            "period": cohort.period.as_deref().filter(|name| !name.is_empty()),
            "frozen": cohort.frozen,
            "count": cohort.count,
            "min": cohort.min,
            "max": cohort.max,
            "mean": cohort.mean,
            "sd": cohort.sd,
        })
    }
}

fn texts(row: &[Arc<str>]) -> Vec<&str> {
    row.iter().map(AsRef::as_ref).collect()
}

fn gap(answer: Answer) -> Option<&'static str> {
    match answer {
        Answer::Given(_) => None,
        Answer::Missing(Gap::Unanswered) => Some("unanswered"),
        Answer::Missing(Gap::DontKnow) => Some("dont-know"),
        Answer::Missing(Gap::NotAsked) => Some("not-asked"),
        Answer::NotApplicable => Some("not-applicable"),
    }
}

fn reading_of(reading: Reading) -> Value {
    match reading {
        Reading::AsGiven => json!({"rule": "as-given"}),
        Reading::Preset(position) => json!({"rule": "preset", "preset": position}),
        Reading::Skipped { when, test, found } => {
            let found = match found {
                Found::Other => "other",
                Found::Empty => "empty",
                Found::Skipped => "skipped",
                Found::NotApplicable => "not-applicable",
            };
            json!({"rule": "skipped", "when": when, "test": test, "found": found})
        }
        Reading::Unsure { when, test } => json!({"rule": "open", "when": when, "test": test}),
    }
}

fn aggregate(how: Aggregate) -> Value {
    let zeros = |zeros: Zeros| match zeros {
        Zeros::Zero => json!("zero"),
        Zeros::Floor(floor) => json!(floor),
    };
    match how {
        Aggregate::Mean => json!("mean"),
        Aggregate::Geometric(rule) => json!({"geometric": {"zeros": zeros(rule)}}),
        Aggregate::Harmonic(rule) => json!({"harmonic": {"zeros": zeros(rule)}}),
        Aggregate::Power(exponent, rule) => {
            json!({"power": {"exponent": exponent, "zeros": zeros(rule)}})
        }
        Aggregate::Median => json!("median"),
        Aggregate::Minimum => json!("minimum"),
        Aggregate::Maximum => json!("maximum"),
        Aggregate::Sum { out_of } => json!({"sum": {"out-of": out_of}}),
        Aggregate::Product => json!("product"),
        Aggregate::LevelSum { out_of: None } => json!("level-sum"),
        Aggregate::LevelSum {
            out_of: Some(out_of),
        } => json!({"level-sum": {"out-of": out_of}}),
        Aggregate::Staged { pass, partial } => {
            json!({"staged": {"pass": pass, "partial": partial}})
        }
        Aggregate::Copeland => json!("copeland"),
        Aggregate::Borda => json!("borda"),
    }
}

fn combined(combiner: Combiner) -> &'static str {
    match combiner {
        Combiner::Mean => "mean",
        Combiner::Best => "best",
        Combiner::Worst => "worst",
        Combiner::Median => "median",
        Combiner::Majority => "majority",
    }
}

fn rule_of(rule: &MissingAnswer) -> Value {
    match rule {
        MissingAnswer::Keep => json!("keep"),
        MissingAnswer::Zero => json!("zero"),
        MissingAnswer::Lowest => json!("lowest"),
        MissingAnswer::Constant(share) => json!({"constant": share}),
        MissingAnswer::Mean(_) => json!("mean"),
        MissingAnswer::Median(_) => json!("median"),
        MissingAnswer::Previous { .. } => json!("previous"),
        MissingAnswer::Interpolate => json!("interpolate"),
        MissingAnswer::Row { median: false, .. } => json!("row-mean"),
        MissingAnswer::Row { median: true, .. } => json!("row-median"),
    }
}

fn scaler_of(scaler: &Scaler) -> Value {
    match scaler {
        Scaler::AsIs => json!("as-is"),
        Scaler::Goalposts(posts) => json!({"goalposts": {
            "from": posts.from, "to": posts.to, "clamp": posts.clamp, "log": posts.log, "onto": posts.onto,
        }}),
        Scaler::Bands { steps, .. } => json!({"bands": steps}),
        Scaler::Lines(points) => json!({"curve": points}),
        Scaler::Linear {
            from,
            to,
            onto,
            most,
        } => json!({"linear": {"from": from, "to": to, "onto": onto, "most": most}}),
        Scaler::Standard {
            mean,
            sd,
            onto_mean,
            onto_sd,
        } => json!({"z-score": {"mean": mean, "sd": sd, "onto": [onto_mean, onto_sd]}}),
        Scaler::Rank(rank) => json!({"rank": {"more_is_better": rank.up, "average": rank.average}}),
        Scaler::Share { leader, up } => {
            json!({"share-of-leader": {"leader": leader, "more_is_better": up}})
        }
        Scaler::Reached { at, up } => json!({"reached": {"at": at, "more_is_better": up}}),
        Scaler::Interval {
            low,
            high,
            farthest,
        } => json!({"distance-to-target": {"between": [low, high], "farthest": farthest}}),
    }
}
