//! What wrote a file, and how its rows are to be read: one module an exporter.
//!
//! Every exporter comes down to the same thing: headings, how many records stand before the first answer, and a few
//! rules of its own. The columns are matched to the framework afterwards, in one way for all.

#![allow(clippy::doc_markdown)] // names of products are written as their makers write them

mod alchemer;
mod eusurvey;
mod google;
mod kobo;
mod limesurvey;
mod microsoft;
mod odk;
mod qualtrics;
mod redcap;
mod sdmx;
mod short;
mod surveymonkey;

use super::columns::{Heading, Role};
use super::multiple::AllZero;
use super::records::Record;
use super::spelling::fold;

pub(super) use sdmx::code;
pub use short::ShortNames;

/// What wrote a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exporter {
    /// Nothing known: one header row, then answers.
    Plain,
    /// Nothing known: questions, choices, then answers.
    TwoRows,
    /// KoboToolbox, Ona.
    KoboToolbox,
    /// ODK Central.
    OdkCentral,
    /// SurveyCTO.
    SurveyCto,
    /// LimeSurvey.
    LimeSurvey,
    /// Qualtrics.
    Qualtrics,
    /// SurveyMonkey.
    SurveyMonkey,
    /// Google Forms.
    GoogleForms,
    /// Microsoft Forms.
    MicrosoftForms,
    /// EUSurvey.
    EuSurvey,
    /// REDCap.
    RedCap,
    /// Alchemer.
    Alchemer,
    /// SDMX-CSV.
    SdmxCsv,
}

impl Exporter {
    /// Whether it is somebody's, not a table of no known kind.
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Plain | Self::TwoRows)
    }

    /// As its makers write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain table",
            Self::TwoRows => "plain table with two header rows",
            Self::KoboToolbox => "KoboToolbox",
            Self::OdkCentral => "ODK Central",
            Self::SurveyCto => "SurveyCTO",
            Self::LimeSurvey => "LimeSurvey",
            Self::Qualtrics => "Qualtrics",
            Self::SurveyMonkey => "SurveyMonkey",
            Self::GoogleForms => "Google Forms",
            Self::MicrosoftForms => "Microsoft Forms",
            Self::EuSurvey => "EUSurvey",
            Self::RedCap => "REDCap",
            Self::Alchemer => "Alchemer",
            Self::SdmxCsv => "SDMX-CSV",
        }
    }
}

/// Why a submission is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// It was not finished.
    Incomplete,
    /// A reviewer rejected it.
    Rejected,
    /// It was made to try the form out.
    Preview,
    /// It says that the answer is to be deleted.
    Deleted,
    /// A later one says that it is to be deleted.
    Withdrawn,
    /// Another submission for the same keys counts.
    Duplicate,
    /// Another submission for the same keys may count: which one is the newest cannot be said, which is a problem of its own.
    Undecided,
    /// Long form: it concerns no indicator of the framework.
    OtherIndicator,
    /// Long form: it concerns an indicator of another framework that is read at the same time.
    OtherFramework,
}

impl Skip {
    /// In words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Incomplete => "not finished",
            Self::Rejected => "rejected by a reviewer",
            Self::Preview => "made to try the form out",
            Self::Deleted => "they say what is to be deleted",
            Self::Withdrawn => "a later row says that they are to be deleted",
            Self::Undecided => "which one is the newest cannot be said",
            Self::Duplicate => "another one of the same unit counts",
            Self::OtherIndicator => "for indicators of other frameworks",
            Self::OtherFramework => "for another framework that is read, too",
        }
    }
}

/// The first records of a file.
#[derive(Default)]
pub(super) struct Head {
    /// Cells of each.
    pub(super) rows: Vec<Vec<String>>,
    /// Physical line of each.
    pub(super) lines: Vec<usize>,
}

impl Head {
    /// How many records are looked at.
    pub(super) const RECORDS: usize = 8;

    /// Longest cell that is kept, in bytes; no name is longer.
    const LONGEST: usize = 2000;

    /// Adds a record.
    pub(super) fn push(&mut self, record: &Record<'_>) {
        let cells = record.cells().map(|cell| {
            let end = cell.floor_char_boundary(Self::LONGEST);
            cell[..end].to_owned()
        });
        self.rows.push(cells.collect());
        self.lines.push(record.line);
    }

    /// The records from this one on.
    pub(super) fn below(&self, at: usize) -> Self {
        Self {
            rows: self.rows[at..].to_vec(),
            lines: self.lines[at..].to_vec(),
        }
    }

    /// The cell, trimmed; empty if there is none.
    fn cell(&self, row: usize, column: usize) -> &str {
        let row = self.rows.get(row);
        row.and_then(|row| row.get(column))
            .map_or("", |cell| cell.trim())
    }

    /// Whether a record has a cell that says just this, whatever its case.
    fn says(&self, row: usize, text: &str) -> bool {
        let row = self.rows.get(row);
        row.is_some_and(|row| row.iter().any(|cell| fold(cell) == text))
    }
}

/// How a file is to be read.
pub(super) struct Export {
    pub(super) exporter: Exporter,
    /// The columns.
    pub(super) headings: Vec<Heading>,
    /// Records before the first answer.
    pub(super) records: usize,
    /// Physical line of the header.
    pub(super) line: usize,
    /// Columns whose role the exporter fixes, unless the framework declares their names.
    pub(super) known: Vec<(usize, Role)>,
    /// Columns of the exporter's own that no name in the framework can mean.
    pub(super) own: Vec<usize>,
    /// Long form: columns that can name the indicator, the likeliest first, with their first texts.
    pub(super) indicators: Vec<(usize, Vec<String>)>,
    /// Long form: columns that tell answers of one unit, period and indicator apart, if something reads them.
    pub(super) dimensions: Vec<usize>,
    /// Whether codes are followed by their labels: `NOR: Norway`.
    pub(super) labelled: bool,
    /// Whether choices in columns of their own follow their question and are called by their texts alone.
    pub(super) choices_follow: bool,
    /// Whether the cell that lists the options stays empty where they have columns.
    pub(super) empty_lists: bool,
    /// What marks that are all "not chosen" mean.
    pub(super) zeros: AllZero,
    /// Texts that mean "no answer" unless the framework declares them, folded.
    pub(super) missing: &'static [&'static str],
    /// Which submissions are left out.
    pub(super) rules: Vec<Rule>,
}

/// Leaves out rows whose cell in `column` passes `skips`.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) column: usize,
    /// The rule holds only if there are answers in the columns from this one to its own; `None`: always.
    pub(super) from: Option<usize>,
    /// Asked with the folded text.
    pub(super) skips: fn(&str) -> bool,
    pub(super) reason: Skip,
}

impl Export {
    /// A file with one header row, the record `header`.
    fn one_row(exporter: Exporter, head: &Head, header: usize) -> Self {
        let cells = head.rows.get(header).map_or(&[][..], Vec::as_slice);
        Self {
            exporter,
            headings: cells.iter().map(|cell| Heading::plain(cell)).collect(),
            records: header + 1,
            line: head.lines.get(header).copied().unwrap_or(1),
            known: Vec::new(),
            own: Vec::new(),
            indicators: Vec::new(),
            dimensions: Vec::new(),
            labelled: false,
            choices_follow: false,
            empty_lists: false,
            zeros: AllZero::NoneChosen,
            missing: &[],
            rules: Vec::new(),
        }
    }

    /// Marks the columns with these folded names as what the exporter adds, and the first of `sent` as the time.
    fn with_meta(mut self, meta: &[&str], sent: &[&str]) -> Self {
        let time = sent.iter().find_map(|name| self.column(&[name]));
        self.known.extend(time.map(|at| (at, Role::Sent)));
        for at in 0..self.headings.len() {
            if self.is_called(at, meta) || self.is_called(at, sent) {
                self.known.push((at, Role::Meta));
            }
        }
        self
    }

    /// Leaves out rows by the first column with one of these folded names.
    fn with_rule(mut self, names: &[&str], skips: fn(&str) -> bool, reason: Skip) -> Self {
        let column = self.column(names);
        self.rules.extend(column.map(|column| Rule {
            column,
            from: None,
            skips,
            reason,
        }));
        self
    }

    /// The first column with one of these folded names.
    fn column(&self, names: &[&str]) -> Option<usize> {
        (0..self.headings.len()).find(|&at| self.is_called(at, names))
    }

    fn is_called(&self, at: usize, names: &[&str]) -> bool {
        let heading = &self.headings[at];
        let mut own = std::iter::once(&heading.name).chain(&heading.text);
        own.any(|name| names.contains(&fold(name).as_ref()))
    }
}

/// Recognises what wrote the file that begins with `head`. With `header_rows` the number of header rows is given:
/// 1, 2 (questions, choices) or 3 (names, questions, a row that is passed over).
pub(super) fn recognise(head: &Head, header_rows: Option<usize>) -> Export {
    match header_rows {
        Some(2) => {
            let known = surveymonkey::recognise(head);
            return known.unwrap_or_else(|| surveymonkey::read(head, Exporter::TwoRows));
        }
        Some(3) => return qualtrics::read(head, 3),
        Some(_) => return Export::one_row(Exporter::Plain, head, 0),
        None => {}
    }
    let exporters = [
        eusurvey::recognise,
        qualtrics::recognise,
        surveymonkey::recognise,
        odk::recognise,
        kobo::recognise,
        limesurvey::recognise,
        sdmx::recognise,
        microsoft::recognise,
        google::recognise,
        redcap::recognise,
        alchemer::recognise,
    ];
    exporters
        .iter()
        .find_map(|recognise| recognise(head))
        .unwrap_or_else(|| Export::one_row(Exporter::Plain, head, 0))
}
