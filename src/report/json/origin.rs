//! [`Origin`]: what a result was made from, kept in its file so that it can be scored, explained and compared again.
//!
//! Answers stand as the framework spells them, whatever file they came from; what was not answered is left out. Columns
//! that nothing reads never get here.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::ReadError;
use crate::framework::{self, Answers, Framework, Gap, Indicator, Loaded, Source};
use crate::problem::Problem;
use crate::report::result::About;
use crate::report::statistics::{self, Cohort};
use crate::responses::{
    Answer, AttributeColumn, Column, Responses, Row as ResponseRow, Unit as ResponseUnit, bits_of,
    option_of,
};
use crate::scoring::{Assumptions, Frozen};

/// What a result was made from: the framework's files, the answers, and the cohort that units were compared with if it was
/// stated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// An overlay before what it extends.
    framework: Vec<File>,
    /// Ascending; one `null` where the framework has no periods.
    periods: Vec<Option<String>>,
    /// In order of first appearance.
    units: Vec<Unit>,
    rows: Vec<Row>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cohorts: Vec<Cohort>,
}

/// A framework and responses that were saved.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The framework with the remarks about it.
    pub loaded: Loaded,
    /// The responses.
    pub responses: Responses,
    /// The cohort that units were compared with, if it was stated.
    pub cohort: Option<Frozen>,
}

/// Why what a result was made from cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its framework is none for this program.
    #[error("the framework in it is not sound")]
    Framework(Vec<Problem>),
    /// It names something that it does not hold.
    #[error(transparent)]
    Content(#[from] ReadError),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct File {
    name: String,
    text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unit {
    id: String,
    name: String,
}

/// A row of the responses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Row {
    unit: String,
    period: Option<String>,
    /// Finer keys, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<String>,
    /// Physical line in its file, from 1.
    line: usize,
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    attributes: IndexMap<String, Attribute>,
    /// By code; what was left empty is left out.
    answers: IndexMap<String, Given>,
    /// By code.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    evidence: IndexMap<String, String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Attribute {
    Number(f64),
    Text(String),
}

/// An answer: a number, a code, the codes that were chosen, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Given {
    Number(f64),
    Code(String),
    Codes(Vec<String>),
    Without { none: Without },
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Without {
    DontKnow,
    NotAsked,
    NotApplicable,
}

impl Origin {
    /// What a result of this framework and these responses was made from.
    pub fn of(framework: &Framework, assumptions: &Assumptions, responses: &Responses) -> Self {
        let main = format!("{}.yaml", framework.id);
        let sources = framework.sources.iter().enumerate();
        let files = sources.map(|(at, source)| File {
            // Where the file lay is nobody's business: the same inputs give the same bytes.
            name: if at == 0 {
                main.clone()
            } else {
                source.name.to_string()
            },
            text: source.text.clone(),
        });
        let indicators: Vec<&Indicator> = framework.indicators().map(|(_, _, own)| own).collect();
        let rows = 0..responses.rows.len();
        Self {
            framework: files.collect(),
            periods: responses.periods.iter().map(|name| period(name)).collect(),
            units: responses
                .units
                .iter()
                .map(|unit| Unit {
                    id: unit.id.to_string(),
                    name: unit.name.to_string(),
                })
                .collect(),
            rows: rows
                .map(|at| row(framework, &indicators, responses, at))
                .collect(),
            cohorts: match &assumptions.cohort {
                Some(cohort) => statistics::cohorts(framework, cohort),
                None => Vec::new(),
            },
        }
    }

    /// The framework, the responses and the cohort of a result that says this of them: framework and cohort have the hashes
    /// that it states, and the responses get theirs, which only their files can prove.
    ///
    /// # Errors
    ///
    /// When the framework is not sound or another one, the rows name something that it does not have, or the cohort is not the
    /// one that is stated.
    pub fn open(&self, about: &About) -> Result<Opened, OpenError> {
        let loaded = self.framework(about)?;
        let mut responses = self.responses(&loaded.framework)?;
        about.responses_sha256.clone_into(&mut responses.sha256);
        let cohort = self.cohort(&loaded.framework, about)?;
        Ok(Opened {
            loaded,
            responses,
            cohort,
        })
    }

    /// The framework of a result that says this of it: it has the hash that it states.
    ///
    /// # Errors
    ///
    /// When it is not sound or another one, or there is none.
    pub fn framework(&self, about: &About) -> Result<Loaded, OpenError> {
        let source = |file: &File| Source {
            name: Arc::from(file.name.as_str()),
            text: file.text.clone(),
        };
        let Some((main, bases)) = self.framework.split_first() else {
            return Err(content("inputs", "there is no framework").into());
        };
        let find = |id: &str| bases.iter().find(|file| file.name == id).map(source);
        let loaded = framework::load(&source(main), &find).map_err(OpenError::Framework)?;
        if loaded.framework.sha256 != about.framework.sha256 {
            let what = "the framework in it is not the one that it names";
            return Err(content("inputs", what).into());
        }
        Ok(loaded)
    }

    fn cohort(&self, framework: &Framework, about: &About) -> Result<Option<Frozen>, ReadError> {
        let Some(stated) = &about.cohort_sha256 else {
            return Ok(None);
        };
        let frozen = statistics::frozen(&self.cohorts, framework);
        let frozen = frozen.map_err(|why| content("cohorts of the inputs", why))?;
        if statistics::sha256(&frozen, framework, about.option("weights")) != *stated {
            let what = "they are not those that it names";
            return Err(content("cohorts of the inputs", what));
        }
        Ok(Some(frozen))
    }

    fn responses(&self, framework: &Framework) -> Result<Responses, ReadError> {
        let indicators: Vec<&Indicator> = framework.indicators().map(|(_, _, own)| own).collect();
        let codes = indicators.iter().map(|own| own.code.as_str());
        let questions: BTreeMap<&str, usize> = codes.zip(0..).collect();
        let names = self
            .periods
            .iter()
            .map(|name| name.as_deref().unwrap_or(""));
        let periods: BTreeMap<&str, usize> = names.clone().zip(0..).collect();
        let ids = self.units.iter().map(|unit| unit.id.as_str());
        let units: BTreeMap<&str, usize> = ids.zip(0..).collect();
        let length = self.rows.len();
        let mut responses = Responses {
            units: self
                .units
                .iter()
                .map(|unit| ResponseUnit {
                    id: Arc::from(unit.id.as_str()),
                    name: Arc::from(unit.name.as_str()),
                })
                .collect(),
            periods: names.map(str::to_owned).collect(),
            answers: vec![Column::unanswered(length); indicators.len()],
            attributes: framework
                .attributes
                .iter()
                .map(|attribute| match attribute.kind {
                    framework::AttributeKind::Number => AttributeColumn::Number(vec![None; length]),
                    framework::AttributeKind::Text | framework::AttributeKind::OneOf(_) => {
                        AttributeColumn::Text(vec![None; length])
                    }
                })
                .collect(),
            ..Responses::default()
        };
        for (at, row) in self.rows.iter().enumerate() {
            let place = || format!("row {} of the inputs", at + 1);
            let known = |found: Option<&usize>, what: &str, name: &str| {
                let missing = || content(place(), format!("no {what} `{name}`"));
                found.copied().ok_or_else(missing)
            };
            let period = row.period.as_deref().unwrap_or("");
            if row.keys.len() != framework.rows.len() {
                return Err(content(place(), "its keys are not those of the framework"));
            }
            responses.rows.push(ResponseRow {
                unit: known(units.get(row.unit.as_str()), "unit", &row.unit)?,
                period: known(periods.get(period), "period", period)?,
                keys: row.keys.iter().map(|key| Arc::from(key.as_str())).collect(),
                // What files were called is no part of a result: elsewhere they are called otherwise.
                file: 0,
                line: row.line,
            });
            for (code, given) in &row.answers {
                let question = known(questions.get(code.as_str()), "indicator", code)?;
                let answer = answer(given, indicators[question]).ok_or_else(|| {
                    content(place(), format!("`{code}` cannot have such an answer"))
                })?;
                responses.answers[question].set(at, answer);
            }
            for (code, text) in &row.evidence {
                let question = known(questions.get(code.as_str()), "indicator", code)?;
                responses.evidence.insert((at, question), text.clone());
            }
            for (name, value) in &row.attributes {
                let mut columns = framework.attributes.iter();
                let column = columns.position(|attribute| attribute.column == *name);
                let column = known(column.as_ref(), "attribute", name)?;
                match (&mut responses.attributes[column], value) {
                    (AttributeColumn::Text(texts), Attribute::Text(text)) => {
                        texts[at] = Some(Arc::from(text.as_str()));
                    }
                    (AttributeColumn::Number(numbers), Attribute::Number(number)) => {
                        numbers[at] = Some(*number);
                    }
                    (AttributeColumn::Text(_) | AttributeColumn::Number(_), _) => {
                        return Err(content(place(), format!("`{name}` is of another kind")));
                    }
                }
            }
        }
        Ok(responses)
    }
}

fn content(place: impl Into<String>, what: impl Into<String>) -> ReadError {
    ReadError::Content {
        place: place.into(),
        what: what.into(),
    }
}

fn period(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

fn row(framework: &Framework, indicators: &[&Indicator], responses: &Responses, at: usize) -> Row {
    let row = &responses.rows[at];
    let attributes = framework.attributes.iter().zip(&responses.attributes);
    let answers = indicators.iter().zip(&responses.answers);
    let evidence = responses.evidence.range((at, 0)..=(at, usize::MAX));
    Row {
        unit: responses.units[row.unit].id.to_string(),
        period: period(&responses.periods[row.period]),
        keys: row.keys.iter().map(ToString::to_string).collect(),
        line: row.line,
        attributes: attributes
            .filter_map(|(attribute, column)| {
                let value = match column {
                    AttributeColumn::Text(texts) => {
                        Attribute::Text(texts[at].as_deref()?.to_owned())
                    }
                    AttributeColumn::Number(numbers) => Attribute::Number(numbers[at]?),
                };
                Some((attribute.column.clone(), value))
            })
            .collect(),
        answers: answers
            .filter_map(|(indicator, column)| {
                Some((indicator.code.clone(), given(column.get(at), indicator)?))
            })
            .collect(),
        evidence: evidence
            .map(|((_, question), text)| (indicators[*question].code.clone(), text.clone()))
            .collect(),
    }
}

fn given(answer: Answer, indicator: &Indicator) -> Option<Given> {
    let without = |none| Some(Given::Without { none });
    match (answer, &indicator.answers) {
        (Answer::Given(value), Answers::Number(_)) => Some(Given::Number(value)),
        (Answer::Given(value), Answers::Choice(scale)) => {
            let option = scale.options.get(option_of(value))?;
            Some(Given::Code(option.code.clone()))
        }
        (Answer::Given(value), Answers::Multiple(multiple)) => {
            let bits = bits_of(value);
            let options = multiple.options.iter().enumerate();
            let chosen = options.filter(|(position, _)| bits >> position & 1 == 1);
            Some(Given::Codes(
                chosen.map(|(_, option)| option.code.clone()).collect(),
            ))
        }
        (Answer::Missing(Gap::Unanswered), _) => None,
        (Answer::Missing(Gap::DontKnow), _) => without(Without::DontKnow),
        (Answer::Missing(Gap::NotAsked), _) => without(Without::NotAsked),
        (Answer::NotApplicable, _) => without(Without::NotApplicable),
    }
}

/// What [`given`] has written; none if the indicator cannot be answered like that.
fn answer(given: &Given, indicator: &Indicator) -> Option<Answer> {
    match (given, &indicator.answers) {
        (Given::Without { none }, _) => Some(match none {
            Without::DontKnow => Answer::Missing(Gap::DontKnow),
            Without::NotAsked => Answer::Missing(Gap::NotAsked),
            Without::NotApplicable => Answer::NotApplicable,
        }),
        (Given::Number(value), Answers::Number(_)) => {
            value.is_finite().then_some(Answer::Given(*value))
        }
        (Given::Code(code), Answers::Choice(scale)) => {
            let position = scale.options.iter().position(|own| own.code == *code)?;
            Some(Answer::Given(position as f64))
        }
        (Given::Codes(codes), Answers::Multiple(multiple)) => {
            let mut bits = 0u64;
            for code in codes {
                bits |= 1 << multiple.options.iter().position(|own| own.code == *code)?;
            }
            Some(Answer::Given(bits as f64))
        }
        (Given::Number(_) | Given::Code(_) | Given::Codes(_), _) => None,
    }
}
