//! A form as `XLSForm` (<https://xlsform.org/en/>): three sheets that ODK, `KoboToolbox` and `SurveyCTO` make a form of, in
//! every language of the framework.
//!
//! Questions are called by their codes, evidence `code__evidence`, the reason why a number is missing `code__reason`. Rows
//! finer than the unit are submissions of their own, for no exporter writes repeats into the one table that is read.
//! Answers of one earlier row are defaults; those of several rows are looked up when the respondent picks one.

mod answers;
mod finish;

use super::columns::{coded, has_evidence};
use super::words::{Speech, range_in_words};
use super::xpath::all;
use super::{Filled, Form, Key, KeyRole, Question, Refused};
use crate::framework::{Answers, AttributeKind, Text};
use answers::{alone, beginning, between, choice_names, chosen};

pub(super) use answers::question_name;

/// The sheets of an `XLSForm`, each with its header first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheets {
    /// The questions.
    pub survey: Vec<Vec<String>>,
    /// What can be picked.
    pub choices: Vec<Vec<String>>,
    /// Title, id, version, languages.
    pub settings: Vec<Vec<String>>,
}

/// The list of rows that were filled in, the question that picks one, and what its fields begin with.
const LAST: &str = "last_answers";
const LAST_FIELD: &str = "last_";

/// Makes the sheets.
///
/// # Errors
///
/// When a key column cannot be the name of a question.
pub fn sheets(form: &Form<'_>) -> Result<Sheets, Refused> {
    let mut maker = Maker {
        form,
        speeches: form.languages.iter().map(|l| Speech::of(l)).collect(),
        lists: Vec::new(),
        survey: Vec::new(),
        last: Vec::new(),
    };
    maker.about()?;
    for (number, section) in form.sections.iter().enumerate() {
        let grouped = !section.path.is_empty();
        if grouped {
            let title = maker.every(|speech| {
                let titles = section.path.iter().map(|node| speech.text(&node.title));
                titles.collect::<Vec<_>>().join(" › ")
            });
            maker.survey.push(Row {
                // A page, where pages are shown.
                appearance: "field-list",
                label: Some(title),
                ..Row::new("begin_group", &format!("section_{}", number + 1))
            });
        }
        for question in &section.questions {
            maker.question(question);
        }
        if grouped {
            maker.survey.push(Row::new("end_group", ""));
        }
    }
    Ok(maker.finish())
}

/// A row of the sheet `survey`. Texts have one entry a language.
#[derive(Default)]
struct Row {
    kind: String,
    name: String,
    label: Option<Vec<String>>,
    hint: Option<Vec<String>>,
    required: bool,
    relevant: String,
    constraint: String,
    message: Option<Vec<String>>,
    appearance: &'static str,
    default: String,
    calculation: String,
    trigger: String,
}

impl Row {
    fn new(kind: &str, name: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            name: name.to_owned(),
            ..Self::default()
        }
    }
}

/// A list of choices: names and, a language each, labels.
struct List {
    name: String,
    choices: Vec<(String, Vec<String>)>,
}

struct Maker<'a, 'f> {
    form: &'a Form<'f>,
    speeches: Vec<Speech>,
    lists: Vec<List>,
    survey: Vec<Row>,
    /// The fields of every row that was filled in: name, a value a row.
    last: Vec<(String, Vec<String>)>,
}

impl Maker<'_, '_> {
    /// A text in every language.
    fn every(&self, text: impl Fn(&Speech) -> String) -> Vec<String> {
        self.speeches.iter().map(|s| shown(&text(s))).collect()
    }

    fn texts(&self, text: &Text) -> Vec<String> {
        self.every(|speech| speech.text(text).to_owned())
    }

    fn spoken(&self, key: &str) -> Vec<String> {
        self.every(|speech| speech.word(key).to_owned())
    }

    /// What the form is, which earlier answers to begin with, who answers.
    fn about(&mut self) -> Result<(), Refused> {
        let form = self.form;
        let about = form
            .framework
            .description
            .iter()
            .chain(&form.framework.note);
        let about: Vec<&Text> = about.collect();
        if !about.is_empty() {
            let label = self.every(|speech| {
                let texts = about.iter().map(|text| speech.text(text));
                texts.collect::<Vec<_>>().join("\n\n")
            });
            self.survey.push(Row {
                label: Some(label),
                ..Row::new("note", "introduction")
            });
        }
        if form.rows.len() > 1 {
            let rows = form.rows.iter().enumerate().map(|(at, row)| {
                let keys = form.keys.iter().zip(&row.keys);
                let keys = keys.filter(|(key, text)| {
                    !matches!(key.role, KeyRole::Attribute(_) | KeyRole::Period) && !text.is_empty()
                });
                let keys: Vec<&str> = keys.map(|(_, text)| text.as_str()).collect();
                let label = self.every(|_| keys.join(" · "));
                (format!("r{}", at + 1), label)
            });
            let choices = rows.collect();
            self.lists.push(List {
                name: LAST.to_owned(),
                choices,
            });
            self.survey.push(Row {
                label: Some(self.spoken("last")),
                hint: Some(self.spoken("last.hint")),
                appearance: "minimal",
                ..Row::new(&format!("select_one {LAST}"), LAST)
            });
        }
        for (at, key) in form.keys.iter().enumerate() {
            self.key(at, key)?;
        }
        Ok(())
    }

    fn key(&mut self, at: usize, key: &Key<'_>) -> Result<(), Refused> {
        let name = key_name(key)?;
        let label = match key.role {
            KeyRole::Period => self.spoken("period"),
            KeyRole::Unit | KeyRole::Row | KeyRole::Attribute(_) => self.texts(&key.title),
        };
        let (kind, hint) = match &key.kind {
            AttributeKind::Number => ("decimal".to_owned(), None),
            AttributeKind::OneOf(values) => {
                let choices = values
                    .iter()
                    .map(|value| (value.clone(), self.every(|_| value.clone())));
                let choices = choices.collect();
                (format!("select_one {}", self.list(&name, choices)), None)
            }
            AttributeKind::Text => {
                let iso3166 = key.role == KeyRole::Unit && self.form.framework.unit.iso3166;
                let hint = iso3166.then(|| self.spoken("unit.country"));
                ("text".to_owned(), hint)
            }
        };
        let mut row = Row {
            label: Some(label),
            hint,
            required: !matches!(key.role, KeyRole::Attribute(_)),
            ..Row::new(&kind, &name)
        };
        if key.role == KeyRole::Period {
            row.default = self.form.period.clone().unwrap_or_default();
        }
        self.begin_with(&mut row, |filled| filled.keys[at].clone());
        self.survey.push(row);
        Ok(())
    }

    fn question(&mut self, question: &Question<'_>) {
        let form = self.form;
        let code = question.indicator.code.as_str();
        let relevant = all(&question.asked_if, form);
        let mut row = Row {
            label: Some(self.texts(question.text())),
            hint: self.hint(question),
            relevant: relevant.clone(),
            ..Row::new("", code)
        };
        let names = choice_names(&question.offered);
        match &question.indicator.answers {
            Answers::Choice(scale) => {
                let list = scale.name.as_ref().map_or(code, |name| name.as_str());
                row.kind = format!("select_one {}", self.offer(list, question));
            }
            Answers::Multiple(_) => {
                row.kind = format!("select_multiple {}", self.offer(code, question));
                row.constraint = alone(question, &names);
                if !row.constraint.is_empty() {
                    row.message = Some(self.spoken("alone"));
                }
            }
            Answers::Number(number) => {
                "decimal".clone_into(&mut row.kind);
                row.constraint = between(number);
                if !row.constraint.is_empty() {
                    row.message = Some(self.every(|speech| range_in_words(number, speech)));
                }
            }
        }
        self.begin_with(&mut row, |filled| chosen(question, &names, filled));
        self.survey.push(row);
        if matches!(question.indicator.answers, Answers::Number(_)) && !question.offered.is_empty()
        {
            self.reason(question, &relevant);
        }
        if has_evidence(form, question) {
            self.evidence(question, &relevant);
        }
    }

    /// Why there is no number.
    fn reason(&mut self, question: &Question<'_>, relevant: &str) {
        let code = &question.indicator.code;
        let name = format!("{code}__reason");
        let mut row = Row {
            label: Some(self.spoken("reason")),
            relevant: and(relevant, &format!("${{{code}}} = ''")),
            ..Row::new(
                &format!("select_one {}", self.offer("reason", question)),
                &name,
            )
        };
        let names = choice_names(&question.offered);
        let framework = self.form.framework;
        self.begin_with(&mut row, |filled| {
            let text = coded(framework, question.indicator, filled.answers[question.at]);
            let mut offered = question.offered.iter().zip(&names);
            let known = offered.find(|(offered, _)| offered.code == text);
            known.map_or_else(String::new, |(_, name)| name.clone())
        });
        self.survey.push(row);
    }

    fn evidence(&mut self, question: &Question<'_>, relevant: &str) {
        let condition = question.evidence_if.as_ref();
        let positive = condition.map(|condition| all(std::slice::from_ref(condition), self.form));
        let note = question.indicator.evidence_note.as_ref();
        let hint = match note {
            Some(note) => self.texts(note),
            None => self.spoken("evidence.what"),
        };
        let name = format!("{}__evidence", question.indicator.code);
        let mut row = Row {
            label: Some(self.spoken("evidence")),
            hint: Some(hint),
            required: question.needs_evidence(),
            relevant: and(relevant, &positive.unwrap_or_default()),
            appearance: "multiline",
            ..Row::new("text", &name)
        };
        self.begin_with(&mut row, |filled| filled.evidence[question.at].clone());
        self.survey.push(row);
    }

    fn hint(&self, question: &Question<'_>) -> Option<Vec<String>> {
        let hints = self.every(|speech| {
            let guidance = question
                .indicator
                .guidance
                .iter()
                .map(|text| speech.text(text).to_owned());
            let number = match &question.indicator.answers {
                Answers::Number(number) => Some(range_in_words(number, speech)),
                Answers::Choice(_) | Answers::Multiple(_) => None,
            };
            let parts: Vec<String> = guidance.chain(number).collect();
            parts.join("\n")
        });
        hints.iter().any(|hint| !hint.is_empty()).then_some(hints)
    }

    /// What the row begins with: the one earlier answer, or the one of the row that is picked.
    fn begin_with(&mut self, row: &mut Row, value: impl Fn(&Filled) -> String) {
        let mut values: Vec<String> = self.form.rows.iter().map(value).collect();
        if values.iter().all(String::is_empty) {
            return;
        }
        if values.len() == 1 {
            row.default = beginning(&values.remove(0));
            return;
        }
        let field = format!("{LAST_FIELD}{}", row.name);
        row.default.clear();
        row.trigger = format!("${{{LAST}}}");
        row.calculation = format!("instance('{LAST}')/root/item[name = ${{{LAST}}}]/{field}");
        self.last.push((field, values));
    }

    /// The list of what is offered.
    fn offer(&mut self, name: &str, question: &Question<'_>) -> String {
        let names = choice_names(&question.offered);
        let choices = names
            .into_iter()
            .zip(&question.offered)
            .map(|(name, offered)| (name, self.texts(&offered.label)));
        let choices = choices.collect();
        self.list(name, choices)
    }

    /// The list with these choices; another one of the same name gets a number.
    fn list(&mut self, name: &str, choices: Vec<(String, Vec<String>)>) -> String {
        let plain: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let mut wanted = plain.clone();
        let mut number = 2;
        loop {
            match self
                .lists
                .iter()
                .find(|list| list.name.eq_ignore_ascii_case(&wanted))
            {
                Some(list) if list.choices == choices => return list.name.clone(),
                Some(_) => {
                    wanted = format!("{plain}_{number}");
                    number += 1;
                }
                None => break,
            }
        }
        self.lists.push(List {
            name: wanted.clone(),
            choices,
        });
        wanted
    }
}

/// A text as it is shown: `${` would be taken for a reference to a question.
fn shown(text: &str) -> String {
    text.trim().replace("${", "$\u{2060}{")
}

/// The name of the question for a key. A unit and a period are recognised by these words, too.
fn key_name(key: &Key<'_>) -> Result<String, Refused> {
    let mut letters = key.column.chars();
    let is_name = letters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    match (is_name, key.role) {
        (true, _) => Ok(key.column.to_owned()),
        (false, KeyRole::Unit) => Ok("unit".to_owned()),
        (false, KeyRole::Period) => Ok("period".to_owned()),
        (false, KeyRole::Row | KeyRole::Attribute(_)) => Err(Refused::NoName {
            column: key.column.to_owned(),
        }),
    }
}

fn and(one: &str, other: &str) -> String {
    match (one, other) {
        ("", other) => other.to_owned(),
        (one, "") => one.to_owned(),
        (one, other) => format!("{one} and {other}"),
    }
}
