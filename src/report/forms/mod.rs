//! Forms to collect responses with. A [`Form`] is a framework's questions as data: what is asked in which order, what can
//! be answered, under which conditions, and what was answered last time. One writer a kind prints it; all of them use
//! words that the readers of responses know, so that what is filled in is scored without a mapping.

mod columns;
mod condition;
mod csv;
mod limesurvey;
mod markdown;
mod prefill;
mod words;
mod xlsform;
#[cfg(feature = "xlsx")]
mod xlsx;
mod xpath;

use std::io::{self, Write};

use crate::framework::{
    AttributeKind, Evidence, Framework, Indicator, Node, NodeIx, Subject, Text,
};
use crate::responses::{Answer, Offered, offered};
use crate::scoring::exists;

pub use condition::Condition;
pub use xlsform::{Sheets, sheets};

/// What a form asks, and what it was filled in with.
#[derive(Clone, Debug)]
pub struct Form<'f> {
    /// What the answers are scored by.
    pub framework: &'f Framework,
    /// Languages of its texts, the one of its readers first; one empty text where the framework does not say.
    pub languages: Vec<String>,
    /// The period that it asks about, if that is known.
    pub period: Option<String>,
    /// Who answers, and when: one field a column.
    pub keys: Vec<Key<'f>>,
    /// The questions in framework order.
    pub sections: Vec<Section<'f>>,
    /// Answers that stand in it already, a row each.
    pub rows: Vec<Filled>,
    /// Section and place of every indicator's question.
    places: Vec<Option<(usize, usize)>>,
}

/// A field that says who answers.
#[derive(Clone, Debug)]
pub struct Key<'f> {
    /// The column.
    pub column: &'f str,
    /// As shown.
    pub title: Text,
    /// What it is for.
    pub role: KeyRole,
    /// What it can hold.
    pub kind: AttributeKind,
}

/// What a key field is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRole {
    /// Who is scored.
    Unit,
    /// When.
    Period,
    /// Which of the unit's rows it is.
    Row,
    /// An attribute, by position.
    Attribute(usize),
}

/// Questions that stand together: those directly under one node.
#[derive(Clone, Debug)]
pub struct Section<'f> {
    /// The nodes from the dimension down to the one that holds them; none where they stand under the index.
    pub path: Vec<&'f Node>,
    /// At least one.
    pub questions: Vec<Question<'f>>,
}

/// What is asked for one indicator.
#[derive(Clone, Debug)]
pub struct Question<'f> {
    /// Position among the framework's indicators.
    pub at: usize,
    /// Its node.
    pub node: &'f Node,
    /// Its indicator.
    pub indicator: &'f Indicator,
    /// What can be picked; for a number why there is none.
    pub offered: Vec<Offered<'f>>,
    /// It is put where all of these hold.
    pub asked_if: Vec<Condition>,
    /// Evidence is asked for where this holds too; `None`: never.
    pub evidence_if: Option<Condition>,
}

impl<'f> Question<'f> {
    /// As asked: the question, else the title.
    pub fn text(&self) -> &'f Text {
        self.indicator.question.as_ref().unwrap_or(&self.node.title)
    }

    /// Whether a positive answer needs evidence.
    pub fn needs_evidence(&self) -> bool {
        self.indicator.evidence == Evidence::Required
    }
}

/// What stands in a form already: one submission.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// One text a key field.
    pub keys: Vec<String>,
    /// One a framework's indicator.
    pub answers: Vec<Answer>,
    /// Evidence by position of the indicator; empty where there is none.
    pub evidence: Vec<String>,
}

/// What can be chosen about a form.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// The language of its texts, or the first one of several; the framework's first one without it.
    pub language: Option<&'a str>,
    /// The period that it asks about.
    pub period: Option<&'a str>,
    /// Whether indicators are asked for that are not scored.
    pub unscored: bool,
}

/// The kinds of form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A column an indicator.
    Csv,
    /// A row an indicator.
    CsvLong,
    /// A workbook with drop-downs.
    Xlsx,
    /// `XLSForm`: ODK, `KoboToolbox`, `SurveyCTO`.
    XlsForm,
    /// `LimeSurvey`'s tab-separated structure.
    LimeSurvey,
    /// A questionnaire to print.
    Markdown,
}

/// Why a form cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// A spreadsheet has no room.
    #[error("the form needs {needed} {what}, and a spreadsheet has {most}: use --kind csv-long")]
    TooLarge {
        /// How many are needed.
        needed: usize,
        /// Columns or rows.
        what: &'static str,
        /// How many there are.
        most: usize,
    },
    /// A column's name cannot be the name of a question.
    #[error(
        "`{column}` cannot be the name of a question in an XLSForm: a letter or `_` first, then letters, digits, `_`, `-`, `.`"
    )]
    NoName {
        /// The column.
        column: String,
    },
    /// One form holds one unit's answers.
    #[error(
        "a LimeSurvey form is filled in with the answers of one row, and there are {rows}: name a unit with --unit"
    )]
    SeveralRows {
        /// How many there are.
        rows: usize,
    },
    /// Made without spreadsheets.
    #[error("this dgpf was built without spreadsheets (feature `xlsx`)")]
    NoSpreadsheets,
    /// The spreadsheet cannot be made.
    #[error("cannot make the spreadsheet: {0}")]
    Spreadsheet(String),
    /// The output cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl<'f> Form<'f> {
    /// The blank form of `framework`.
    pub fn of(framework: &'f Framework, options: &Options<'_>) -> Self {
        let mut form = Self {
            framework,
            languages: words::languages(framework, options.language),
            period: options.period.map(str::to_owned),
            keys: keys(framework),
            sections: Vec::new(),
            rows: Vec::new(),
            places: Vec::new(),
        };
        form.ask(&|node| options.unscored || is_scored(framework, node));
        form
    }

    /// Puts the questions that `wanted` says and that exist in the form's period.
    fn ask(&mut self, wanted: &dyn Fn(NodeIx) -> bool) {
        let framework = self.framework;
        let lives = |ix: NodeIx| match &self.period {
            Some(period) => lineage(framework, ix).all(|node| exists(&node.periods, period)),
            None => true,
        };
        let asked: Vec<(usize, NodeIx)> = framework
            .indicators()
            .enumerate()
            .map(|(at, (ix, _, _))| (at, ix))
            .filter(|&(_, ix)| wanted(ix) && lives(ix))
            .collect();
        let mut position = vec![None; framework.nodes.len()];
        for (at, (NodeIx(node), _, _)) in framework.indicators().enumerate() {
            position[node] = Some(at);
        }
        let mut is_asked = vec![false; framework.nodes.len()];
        for &(_, NodeIx(node)) in &asked {
            is_asked[node] = true;
        }
        let is_asked = |subject: Subject| match subject {
            Subject::Indicator(NodeIx(node)) => is_asked[node],
            Subject::Attribute(_) => true,
        };
        let mut sections: Vec<Section<'f>> = Vec::new();
        let mut parent = None;
        for &(at, ix) in &asked {
            let node = framework.node(ix);
            let Some(indicator) = node.indicator() else {
                continue;
            };
            let question = Question {
                at,
                node,
                indicator,
                offered: offered(framework, indicator),
                asked_if: condition::asked_if(framework, indicator, &position, &is_asked),
                evidence_if: condition::evidence_if(at, indicator),
            };
            match sections.last_mut() {
                Some(section) if parent == node.parent => section.questions.push(question),
                _ => sections.push(Section {
                    path: path(framework, ix),
                    questions: vec![question],
                }),
            }
            parent = node.parent;
        }
        self.places = vec![None; position.len()];
        for (section, of) in sections.iter().enumerate() {
            for (place, question) in of.questions.iter().enumerate() {
                self.places[question.at] = Some((section, place));
            }
        }
        self.sections = sections;
    }

    /// Every question in order.
    pub fn questions(&self) -> impl Iterator<Item = &Question<'f>> {
        self.sections.iter().flat_map(|section| &section.questions)
    }

    /// The question of the framework's indicator at this position, if it is asked.
    pub fn question(&self, at: usize) -> Option<&Question<'f>> {
        let (section, place) = self.places.get(at).copied().flatten()?;
        Some(&self.sections[section].questions[place])
    }

    /// The language of its readers; `None` where the framework does not say.
    pub fn language(&self) -> Option<&str> {
        let first = self.languages.first();
        first.map(String::as_str).filter(|first| !first.is_empty())
    }
}

/// Writes a form. `created` is the time that a workbook is said to be made, in seconds since 1970.
pub fn write(
    form: &Form<'_>,
    kind: Kind,
    created: i64,
    out: &mut impl Write,
) -> Result<(), Refused> {
    match kind {
        Kind::Csv => csv::write_wide(form, out)?,
        Kind::CsvLong => csv::write_long(form, out)?,
        Kind::LimeSurvey => limesurvey::write(form, out)?,
        Kind::Markdown => markdown::write(form, out)?,
        #[cfg(feature = "xlsx")]
        Kind::Xlsx => out.write_all(&xlsx::workbook(form, created)?)?,
        #[cfg(feature = "xlsx")]
        Kind::XlsForm => out.write_all(&xlsx::plain(&sheets(form)?, created)?)?,
        #[cfg(not(feature = "xlsx"))]
        Kind::Xlsx | Kind::XlsForm => {
            let _ = created;
            return Err(Refused::NoSpreadsheets);
        }
    }
    Ok(())
}

fn keys(framework: &Framework) -> Vec<Key<'_>> {
    let unit = Key {
        column: &framework.unit.column,
        title: framework.unit.title.clone(),
        role: KeyRole::Unit,
        kind: AttributeKind::Text,
    };
    let text = |column, role| Key {
        column,
        title: Text::plain(column),
        role,
        kind: AttributeKind::Text,
    };
    let period = framework
        .period
        .as_deref()
        .map(|column| text(column, KeyRole::Period));
    let rows = framework
        .rows
        .iter()
        .map(|step| text(step.key.as_str(), KeyRole::Row));
    let attributes = framework.attributes.iter().enumerate();
    let attributes = attributes.map(|(at, attribute)| Key {
        column: attribute.column.as_str(),
        title: attribute.title.clone(),
        role: KeyRole::Attribute(at),
        kind: attribute.kind.clone(),
    });
    let finer = period.into_iter().chain(rows).chain(attributes);
    std::iter::once(unit).chain(finer).collect()
}

/// Whether a node counts: neither it nor a node above it is left out of the score.
fn is_scored(framework: &Framework, ix: NodeIx) -> bool {
    lineage(framework, ix).all(|node| node.scored)
}

/// The node and all above it.
fn lineage(framework: &Framework, ix: NodeIx) -> impl Iterator<Item = &Node> {
    std::iter::successors(Some(ix), |ix| framework.node(*ix).parent).map(|ix| framework.node(ix))
}

/// The nodes above one, from the dimension down.
fn path(framework: &Framework, ix: NodeIx) -> Vec<&Node> {
    let mut path: Vec<&Node> = lineage(framework, ix).skip(1).collect();
    path.pop();
    path.reverse();
    path
}
