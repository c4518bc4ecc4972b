//! A form as `LimeSurvey`'s tab-separated survey structure
//! (<https://www.limesurvey.org/manual/Tab_Separated_Value_survey_structure>): rows for the survey, then for every
//! language its groups, questions, sub-questions and answers in the same order.
//!
//! `LimeSurvey`'s codes are shorter than a framework's; the readers know both ([`ShortNames`]). Texts are HTML there and may
//! hold expressions in braces, so that both are escaped.

mod expression;

use std::io::{self, Write};

use super::columns::{coded, has_evidence};
use super::words::{Speech, range_in_words};
use super::{Filled, Form, Key, KeyRole, Question, Refused};
use crate::framework::{Answers, AttributeKind, Text};
use crate::responses::{Answer, ShortNames, StandsFor, bits_of, limits, short_answers};
use expression::and;

/// The columns that are written.
const COLUMNS: [&str; 16] = [
    "id",
    "related_id",
    "class",
    "type/scale",
    "name",
    "relevance",
    "text",
    "help",
    "language",
    "validation",
    "mandatory",
    "other",
    "default",
    "min_num_value_n",
    "max_num_value_n",
    "exclude_all_others",
];

/// A row.
#[derive(Clone, Default)]
struct Row {
    id: String,
    class: &'static str,
    kind: String,
    name: String,
    relevance: String,
    text: String,
    help: String,
    language: String,
    validation: String,
    mandatory: &'static str,
    default: String,
    least: String,
    most: String,
    exclusive: String,
}

/// Writes the structure.
pub(in crate::report::forms) fn write(
    form: &Form<'_>,
    out: &mut impl Write,
) -> Result<(), Refused> {
    if form.rows.len() > 1 {
        return Err(Refused::SeveralRows {
            rows: form.rows.len(),
        });
    }
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b'\t')
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(out);
    let failed = |error: csv::Error| Refused::Io(io::Error::other(error));
    writer.write_record(COLUMNS).map_err(failed)?;
    for row in rows(form) {
        // Control characters, on which a terminal would act, cannot be seen in a form.
        let cells = row.cells().map(|cell| cell.replace(char::is_control, ""));
        writer.write_record(cells).map_err(failed)?;
    }
    writer.flush()?;
    Ok(())
}

impl Row {
    fn cells(&self) -> [&str; 16] {
        [
            &self.id,
            "",
            self.class,
            &self.kind,
            &self.name,
            &self.relevance,
            &self.text,
            &self.help,
            &self.language,
            &self.validation,
            self.mandatory,
            if self.class == "Q" { "N" } else { "" },
            &self.default,
            &self.least,
            &self.most,
            &self.exclusive,
        ]
    }
}

fn rows(form: &Form<'_>) -> Vec<Row> {
    let languages: Vec<String> = form.languages.iter().map(|of| stated(of)).collect();
    let (base, others) = languages.split_first().expect("there is a first language");
    let setting = |name: &str, text: String| Row {
        class: "S",
        name: name.to_owned(),
        relevance: "1".to_owned(),
        text,
        ..Row::default()
    };
    let mut rows = vec![
        setting("language", base.clone()),
        setting("additional_languages", others.join(" ")),
        setting("format", "G".to_owned()),
        setting("anonymized", "N".to_owned()),
        setting("datestamp", "Y".to_owned()),
        setting("allowprev", "Y".to_owned()),
        setting("allowsave", "Y".to_owned()),
    ];
    for language in &form.languages {
        let speech = Speech::of(language);
        let framework = form.framework;
        let text = |name: &str, text: Option<&Text>| Row {
            class: "SL",
            name: name.to_owned(),
            relevance: "1".to_owned(),
            text: text.map_or_else(String::new, |text| html(speech.text(text))),
            language: stated(language),
            ..Row::default()
        };
        rows.push(text("surveyls_title", Some(&framework.title)));
        rows.push(text("surveyls_description", framework.description.as_ref()));
        rows.push(text("surveyls_welcometext", framework.note.as_ref()));
    }
    for language in &form.languages {
        Maker {
            form,
            names: ShortNames::of(form.framework),
            speech: Speech::of(language),
            language: stated(language),
            filled: form.rows.first(),
            groups: 0,
            questions: 0,
            rows: &mut rows,
        }
        .make();
    }
    rows
}

/// `LimeSurvey`'s own words are English where the framework's language is not stated.
fn stated(language: &str) -> String {
    if language.is_empty() { "en" } else { language }.to_owned()
}

struct Maker<'a, 'f> {
    form: &'a Form<'f>,
    names: ShortNames,
    speech: Speech,
    language: String,
    filled: Option<&'a Filled>,
    groups: usize,
    questions: usize,
    rows: &'a mut Vec<Row>,
}

impl Maker<'_, '_> {
    fn make(mut self) {
        let form = self.form;
        let title = html(self.speech.text(&form.framework.unit.title));
        self.group(title);
        for (at, key) in form.keys.iter().enumerate() {
            self.key(at, key);
        }
        for section in &form.sections {
            let nodes = section
                .path
                .iter()
                .map(|node| self.speech.text(&node.title));
            let title = nodes.collect::<Vec<_>>().join(" › ");
            let title = if title.is_empty() {
                self.speech.text(&form.framework.title).to_owned()
            } else {
                title
            };
            self.group(html(&title));
            for question in &section.questions {
                self.question(question);
            }
        }
    }

    fn group(&mut self, title: String) {
        self.groups += 1;
        let row = Row {
            class: "G",
            kind: self.groups.to_string(),
            id: self.groups.to_string(),
            name: title,
            relevance: "1".to_owned(),
            ..Row::default()
        };
        self.push(row);
    }

    /// Questions and their parts have ids of one kind.
    fn next_id(&mut self) -> String {
        self.questions += 1;
        self.questions.to_string()
    }

    fn push(&mut self, row: Row) {
        self.rows.push(Row {
            language: self.language.clone(),
            ..row
        });
    }

    /// A question; sub-questions and answers follow it.
    fn ask(&mut self, row: Row) {
        let id = self.next_id();
        let relevance = if row.relevance.is_empty() {
            "1".to_owned()
        } else {
            row.relevance
        };
        self.push(Row {
            class: "Q",
            id,
            relevance,
            ..row
        });
    }

    fn key(&mut self, at: usize, key: &Key<'_>) {
        let title = match key.role {
            KeyRole::Period => self.speech.word("period"),
            KeyRole::Unit | KeyRole::Row | KeyRole::Attribute(_) => self.speech.text(&key.title),
        };
        let iso3166 = key.role == KeyRole::Unit && self.form.framework.unit.iso3166;
        let period = self.form.period.as_ref();
        let period = period.filter(|_| key.role == KeyRole::Period);
        let default = self.filled.map(|row| &row.keys[at]).or(period);
        let (kind, validation, help) = match &key.kind {
            AttributeKind::Number => ("N", String::new(), String::new()),
            AttributeKind::Text if iso3166 => {
                ("S", String::new(), html(self.speech.word("unit.country")))
            }
            AttributeKind::Text => ("S", String::new(), String::new()),
            AttributeKind::OneOf(values) => {
                let quoted: Vec<String> = values.iter().map(|value| pattern(value)).collect();
                (
                    "S",
                    format!("/^({})$/i", quoted.join("|")),
                    html(&values.join(" / ")),
                )
            }
        };
        let row = Row {
            kind: kind.to_owned(),
            name: self.names.short(key.column).to_owned(),
            text: html(title),
            help,
            validation,
            mandatory: if matches!(key.role, KeyRole::Attribute(_)) {
                "N"
            } else {
                "Y"
            },
            default: default.map_or_else(String::new, |text| html(text)),
            ..Row::default()
        };
        self.ask(row);
    }

    fn question(&mut self, question: &Question<'_>) {
        let code = &question.indicator.code;
        let relevance = self.all(&question.asked_if);
        let short = short_answers(&question.offered);
        let coded = self.filled.map_or_else(String::new, |row| {
            coded(
                self.form.framework,
                question.indicator,
                row.answers[question.at],
            )
        });
        let picked = |code: &str| {
            let offered = question.offered.iter().zip(&short);
            let mut offered = offered.filter(|(offered, _)| offered.code == code);
            offered
                .next()
                .map_or_else(String::new, |(_, short)| short.clone())
        };
        let mut row = Row {
            name: self.names.short(code).to_owned(),
            relevance: relevance.clone(),
            text: html(self.speech.text(question.text())),
            help: self.help(question),
            mandatory: "N",
            ..Row::default()
        };
        match &question.indicator.answers {
            Answers::Choice(_) => {
                "L".clone_into(&mut row.kind);
                row.default = picked(&coded);
                self.ask(row);
                self.answers(question, &short, |_| true);
            }
            Answers::Multiple(_) => {
                "M".clone_into(&mut row.kind);
                row.exclusive = alone(question, &short);
                self.ask(row);
                self.parts(question, &short);
                let parts = self.none_chosen(question, &short);
                self.reason(question, &short, &and(&relevance, &parts), &picked(&coded));
            }
            Answers::Number(number) => {
                "N".clone_into(&mut row.kind);
                let (least, most) = limits(number);
                row.least = least.map_or_else(String::new, |least| least.to_string());
                row.most = most.map_or_else(String::new, |most| most.to_string());
                if let Some(Answer::Given(value)) = self.filled.map(|row| row.answers[question.at])
                {
                    row.default = value.to_string();
                }
                self.ask(row);
                let empty = format!("is_empty({}.NAOK)", self.names.short(code));
                self.reason(question, &short, &and(&relevance, &empty), &picked(&coded));
            }
        }
        if has_evidence(self.form, question) {
            self.evidence(question, &relevance);
        }
    }

    /// No option of a multiple choice was chosen.
    fn none_chosen(&self, question: &Question<'_>, short: &[String]) -> String {
        let code = self.names.short(&question.indicator.code);
        let options = question.offered.iter().zip(short);
        let options = options.filter(|(offered, _)| is_option(offered.stands_for));
        let parts = options.map(|(_, short)| format!("{code}_{short}.NAOK != \"Y\""));
        parts.collect::<Vec<_>>().join(" and ")
    }

    /// The answers of a list.
    fn answers(
        &mut self,
        question: &Question<'_>,
        short: &[String],
        wanted: fn(StandsFor) -> bool,
    ) {
        for (offered, short) in question.offered.iter().zip(short) {
            if wanted(offered.stands_for) {
                let text = html(self.speech.text(&offered.label));
                self.push(Row {
                    class: "A",
                    kind: "0".to_owned(),
                    name: short.clone(),
                    text,
                    ..Row::default()
                });
            }
        }
    }

    /// The sub-questions of a multiple choice.
    fn parts(&mut self, question: &Question<'_>, short: &[String]) {
        let bits = match self.filled.map(|row| row.answers[question.at]) {
            Some(Answer::Given(value)) => Some(bits_of(value)),
            Some(Answer::Missing(_) | Answer::NotApplicable) | None => None,
        };
        for (offered, short) in question.offered.iter().zip(short) {
            let chosen = match offered.stands_for {
                StandsFor::Option(at) => bits.is_some_and(|bits| bits >> at & 1 == 1),
                StandsFor::NoneOfThese => bits == Some(0),
                StandsFor::Outcome(_) => continue,
            };
            let text = html(self.speech.text(&offered.label));
            let id = self.next_id();
            self.push(Row {
                class: "SQ",
                id,
                kind: "0".to_owned(),
                name: short.clone(),
                relevance: "1".to_owned(),
                text,
                default: if chosen { "Y" } else { "" }.to_owned(),
                ..Row::default()
            });
        }
    }

    /// Why there is no answer, where a list has no room for it.
    fn reason(
        &mut self,
        question: &Question<'_>,
        short: &[String],
        relevance: &str,
        default: &str,
    ) {
        let is_reason = |stands_for| !is_option(stands_for);
        if !question
            .offered
            .iter()
            .any(|offered| is_reason(offered.stands_for))
        {
            return;
        }
        let code = format!("{}__reason", question.indicator.code);
        let is_default = question
            .offered
            .iter()
            .zip(short)
            .any(|(offered, short)| is_reason(offered.stands_for) && short == default);
        let row = Row {
            kind: "L".to_owned(),
            name: self.names.short(&code).to_owned(),
            relevance: relevance.to_owned(),
            text: html(self.speech.word("reason.answer")),
            mandatory: "N",
            default: if is_default { default } else { "" }.to_owned(),
            ..Row::default()
        };
        self.ask(row);
        self.answers(question, short, |stands_for| !is_option(stands_for));
    }

    fn evidence(&mut self, question: &Question<'_>, relevance: &str) {
        let note = question.indicator.evidence_note.as_ref();
        let note = note.map_or_else(
            || self.speech.word("evidence.what"),
            |n| self.speech.text(n),
        );
        let condition = question.evidence_if.as_ref().map(|c| self.expression(c));
        let code = format!("{}__evidence", question.indicator.code);
        let row = Row {
            kind: "T".to_owned(),
            name: self.names.short(&code).to_owned(),
            relevance: and(relevance, &condition.unwrap_or_default()),
            text: html(self.speech.word("evidence")),
            help: html(note),
            // Asked for once more, but not insisted on.
            mandatory: if question.needs_evidence() { "S" } else { "N" },
            default: self
                .filled
                .map_or_else(String::new, |row| html(&row.evidence[question.at])),
            ..Row::default()
        };
        self.ask(row);
    }

    fn help(&self, question: &Question<'_>) -> String {
        let guidance = question
            .indicator
            .guidance
            .iter()
            .map(|text| html(self.speech.text(text)));
        let number = match &question.indicator.answers {
            Answers::Number(number) => Some(html(&range_in_words(number, &self.speech))),
            Answers::Choice(_) | Answers::Multiple(_) => None,
        };
        guidance.chain(number).collect::<Vec<_>>().join("<br />")
    }
}

/// The options that exclude all others.
fn alone(question: &Question<'_>, short: &[String]) -> String {
    let options = question.offered.iter().zip(short);
    let alone = options.filter(|(offered, _)| {
        is_option(offered.stands_for) && offered.is_alone(&question.indicator.answers)
    });
    let alone: Vec<&str> = alone.map(|(_, short)| short.as_str()).collect();
    alone.join(";")
}

/// Whether it is picked among the options, not beside them.
fn is_option(stands_for: StandsFor) -> bool {
    match stands_for {
        StandsFor::Option(_) | StandsFor::NoneOfThese => true,
        StandsFor::Outcome(_) => false,
    }
}

/// A text as HTML without expressions, on one line.
fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '{' => html.push_str("&#123;"),
            '}' => html.push_str("&#125;"),
            '\n' => html.push_str("<br />"),
            '\r' => {}
            '\t' => html.push(' '),
            letter => html.push(letter),
        }
    }
    html
}

/// A text as a part of a regular expression.
fn pattern(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}
