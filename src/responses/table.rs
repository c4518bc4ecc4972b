//! A file with its columns recognised: what stands between its bytes and its rows.

use std::sync::Arc;

use super::Input;
use super::answers::Manner;
use super::columns::Role;
use super::export::{self, Export, Exporter, Head, ShortNames, Skip, code};
use super::layout::Layout;
use super::load::{Options, breakage};
use super::normalised::unguarded;
use super::records::{Broken, Record};
use super::rows::Rows;
use super::source::{Records, Source};
use super::spelling::fold;
use crate::problem::{Kind, Place, Problem, ResponsesKind};

/// A file, what wrote it, and what its columns are for.
pub(super) struct Table<'b> {
    pub(super) source: Source<'b>,
    pub(super) export: Export,
    pub(super) layout: Layout,
    /// The line of a row below that looks like the header, where the header does not say who is scored.
    pub(super) header_below: Option<usize>,
    /// The line below the header and its choices, where it is a header, too, and was not said to be one.
    pub(super) choices_below: Option<(usize, Vec<String>)>,
    /// Indicators that an unread column is probably meant for.
    pub(super) meant: Vec<String>,
}

/// Why a file has no table.
pub(super) enum Fault {
    Kind(Kind),
    Broken(Broken),
}

impl Fault {
    /// In words.
    pub(super) fn problem(self, name: &Arc<str>) -> Problem {
        match self {
            Self::Kind(kind) => Problem::error(kind, Place::whole(name)),
            Self::Broken(broken) => breakage(broken, name),
        }
    }
}

impl<'b> Table<'b> {
    /// Opens `input` and recognises its columns.
    pub(super) fn open(
        input: &Input<'b>,
        options: &Options,
        rows: &Rows<'_>,
    ) -> Result<Self, Fault> {
        let mapping = options.mapping.as_ref();
        let layout = |export: &Export| Layout::of(export, &rows.names, &rows.decoders, mapping);
        let recognise = |head: &Head| {
            let mut export = export::recognise(head, options.header_rows);
            if export.exporter == Exporter::LimeSurvey {
                ShortNames::of(rows.framework()).spell_out(&mut export.headings);
            }
            export
        };
        let known = |header: &Record<'_>| {
            let mut head = Head::default();
            head.push(header);
            layout(&recognise(&head)).read()
        };
        let source = Source::open(input, options, &known).map_err(Fault::Kind)?;
        let head = source.head().map_err(Fault::Broken)?;
        if head.rows.is_empty() {
            return Err(Fault::Kind(Kind::EmptyFile));
        }
        let mut export = recognise(&head);
        let header_below = |at: usize| {
            let below = head.below(at);
            let layout = layout(&recognise(&below));
            // What stands above a table of years is narrower, even if nothing says yet which column is the unit's.
            let years = layout.years().is_some_and(|(first, last)| first != last);
            let wider = below.rows[0].len() > head.rows[0].len();
            let found = layout.unit.is_some() && (layout.read() > 1 || years) || years && wider;
            found.then(|| below.lines[0])
        };
        let choices_below = |first: &Layout| {
            let unit = first.unit?;
            let second = head.rows.get(1)?;
            let told = options.header_rows.is_some() || export.exporter != Exporter::Plain;
            if told || second.get(unit).is_some_and(|cell| !cell.trim().is_empty()) {
                return None;
            }
            let second = layout(&export::recognise(&head, Some(2)));
            let choices = second.choices();
            // Below a question with one column a choice is an answer.
            let are_several = second.splits.iter().any(|split| split.columns.len() > 1);
            let found = are_several && choices.len() > first.choices().len();
            found.then(|| (head.lines[1], choices))
        };
        let columns = layout(&export);
        let header_below = match columns.unit {
            None => (1..head.rows.len()).find_map(header_below),
            Some(_) => None,
        };
        let choices_below = choices_below(&columns);
        let layout = columns;
        // A form whose fields the framework does not know says nothing about the answers.
        export.rules.retain(|rule| {
            rule.from.is_none_or(|from| {
                let mut fields = layout.roles[from..rule.column].iter();
                fields.any(|role| matches!(role, Role::Answer(_) | Role::Option(_, _)))
            })
        });
        Ok(Self {
            source,
            export,
            layout,
            header_below,
            choices_below,
            meant: Vec::new(),
        })
    }

    /// How it writes what the framework does not declare.
    pub(super) fn manner(&self) -> Manner {
        let exporter = self.export.exporter;
        Manner {
            decimal_comma: self.source.decimal_comma(),
            missing: self.export.missing,
            other: matches!(
                exporter,
                Exporter::LimeSurvey | Exporter::SurveyMonkey | Exporter::TwoRows
            ),
            short: matches!(
                exporter,
                Exporter::LimeSurvey
                    | Exporter::KoboToolbox
                    | Exporter::OdkCentral
                    | Exporter::SurveyCto
            ),
        }
    }

    /// The records below the header.
    pub(super) fn answers(&self) -> Result<Records<'_>, Broken> {
        let mut records = self.source.records();
        records.skip(self.export.records)?;
        Ok(records)
    }

    /// What is odd about the text, and where.
    pub(super) fn remark(&self) -> Option<&(ResponsesKind, usize)> {
        match &self.source {
            Source::Text(decoded, _) => decoded.remark.as_ref(),
            Source::Sheet(_) => None,
        }
    }

    /// What there is to say about sheets that were not read.
    pub(super) fn other_sheets(&self) -> Option<ResponsesKind> {
        match &self.source {
            Source::Sheet(sheet) if !sheet.others.is_empty() => Some(ResponsesKind::OtherSheets {
                sheet: sheet.names.join(", "),
                others: sheet.others.clone(),
            }),
            Source::Sheet(_) | Source::Text(_, _) => None,
        }
    }

    /// Whether a row ends with its last filled cell.
    pub(super) fn rows_may_be_short(&self) -> bool {
        matches!(self.source, Source::Sheet(_))
    }

    /// Why a record is left out, if it is. One that is cut off before it says so is not: it is too short.
    pub(super) fn skips(&self, record: &Record<'_>) -> Option<Skip> {
        let says = |column: usize| column < record.len() || self.rows_may_be_short();
        let mut rules = self.export.rules.iter();
        let rule = rules.find(|rule| {
            let cell = record.cell(rule.column);
            says(rule.column) && (rule.skips)(&fold(cell))
        });
        rule.map(|rule| rule.reason)
    }

    /// Whether a look at its ends tells that a key counts as it is written.
    #[inline]
    pub(super) fn is_key_text(&self, cell: &[u8]) -> bool {
        let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        letter(cell.first()) && letter(cell.last()) && !self.export.labelled
    }

    /// A key as it counts: the code where labels follow codes.
    pub(super) fn key_text<'t>(&self, cell: &'t str) -> &'t str {
        let cell = unguarded(cell.trim());
        if self.export.labelled {
            code(cell)
        } else {
            cell
        }
    }
}
