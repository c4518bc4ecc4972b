//! Records → rows: every record finds its unit, period and finer keys, and its cells become answers.

mod finish;
mod long;
mod wide;

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::sync::Arc;

pub(super) use self::long::Told;
pub(super) use self::wide::Part;
use super::answers::{Decoder, Manner, Read, Refusal, reaches_thousands};
use super::columns::Names;
use super::findings::{Findings, Subject};
use super::mapping::Mapping;
use super::memory::Memory;
use super::multiple::{AllZero, Split};
use super::normalised::unguarded;
use super::number::{Decimal, Thousands};
use super::periods::is_period;
use super::records::Record;
use super::spelling::shown;
use super::table::Table;
use super::{AttributeColumn, Column, Row, attributes};
use crate::framework::Framework;
use crate::problem::{Place, ResponsesKind};

/// A file that is being read.
pub(super) struct File<'t, 'b> {
    /// Position among the inputs.
    pub(super) index: usize,
    /// As the user named it.
    pub(super) name: Arc<str>,
    /// Lines of all files before it.
    pub(super) before: usize,
    pub(super) table: &'t Table<'b>,
}

impl File<'_, '_> {
    fn manner(&self) -> Manner {
        self.table.manner()
    }
}

/// A cell that is being read.
#[derive(Clone, Copy)]
struct Cell<'a> {
    file: &'a File<'a, 'a>,
    record: Record<'a>,
    column: usize,
    /// What is wrong with cells is grouped by this number: the column, or in the long form the indicator.
    subject: usize,
}

impl<'a> Cell<'a> {
    fn text(&self) -> &'a str {
        self.record.cell(self.column)
    }

    fn place(&self) -> Place {
        let line = self.record.line_of(self.column);
        Place::new(&self.file.name, line, self.column + 1)
    }

    fn subject(&self) -> Subject<'a> {
        Subject {
            file: self.file.index,
            column: self.subject,
            text: self.text(),
        }
    }
}

/// Texts numbered in order of first appearance.
#[derive(Default)]
struct Numbered {
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, usize>,
}

impl Numbered {
    fn number(&mut self, text: &str) -> usize {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let text: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, self.texts.len() - 1);
        self.texts.len() - 1
    }
}

/// Longest name of a unit, a period or a finer row, in bytes.
const LONGEST_KEY: usize = 500;

/// Unit, period and finer keys, by number.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Keys {
    unit: usize,
    period: usize,
    finer: Vec<usize>,
}

/// What the answers to an indicator's options say of one row so far.
struct Ticks {
    split: Split,
    file: usize,
    zeros: AllZero,
    /// Where the first one stands.
    place: Place,
}

/// Gathers rows from any number of files.
pub(super) struct Rows<'f> {
    framework: &'f Framework,
    pub(super) names: Names,
    pub(super) decoders: Vec<Decoder<'f>>,
    /// What the decoders' texts turned out to mean.
    memories: Vec<Memory>,
    pub(super) findings: Findings,
    units: Numbered,
    periods: Numbered,
    finer: Numbered,
    /// Every file that was opened: the lines of all before it, and its name.
    pub(super) files: Vec<(usize, Arc<str>)>,
    list: Vec<Row>,
    keys: HashMap<Keys, usize>,
    /// The file in which every row was first met.
    origin: Vec<usize>,
    answers: Vec<Column>,
    attributes: Vec<AttributeColumn>,
    evidence: BTreeMap<(usize, usize), String>,
    /// Further places of rows with the same keys.
    repeated: BTreeMap<usize, Vec<Place>>,
    /// Long form: the line of every answer, counted over all files, by indicator and row.
    answered: Vec<Vec<Option<NonZeroU32>>>,
    /// Long form: answers given again, by row and indicator.
    answered_again: BTreeMap<(usize, usize), Vec<Place>>,
    /// Long form: options with an answer of their own, by row and indicator.
    splits: BTreeMap<(usize, usize), Ticks>,
    /// The first number with a decimal point and the first with a decimal comma, by file.
    decimals: BTreeMap<(usize, char), Place>,
    /// By file: whether the signs of its numbers may group thousands; the first of these as it is written.
    thousands: BTreeMap<usize, Thousands<String>>,
    /// Long form: the first text of a column that nothing reads, by file, column and indicator; none as soon as it is told
    /// that there are others.
    dimensions: HashMap<(usize, usize, usize), Option<String>>,
    /// Long form: what the indicator column's texts stand for.
    told: HashMap<String, Option<Told>>,
    /// Whether another framework that is read at the same time knows an indicator by this name.
    pub(super) elsewhere: Option<&'f Elsewhere<'f>>,
}

/// Says of a name whether something else knows it.
pub(super) type Elsewhere<'f> = dyn Fn(&str) -> bool + Sync + 'f;

impl<'f> Rows<'f> {
    /// No rows yet.
    pub(super) fn new(framework: &'f Framework, mapping: Option<&Mapping>) -> Self {
        let decoders = Decoder::all(framework, mapping);
        Self {
            framework,
            names: Names::of(framework),
            answers: vec![Column::default(); decoders.len()],
            memories: vec![Memory::default(); decoders.len()],
            answered: vec![Vec::new(); decoders.len()],
            attributes: framework
                .attributes
                .iter()
                .map(attributes::column)
                .collect(),
            decoders,
            findings: Findings::default(),
            dimensions: HashMap::new(),
            units: Numbered::default(),
            periods: Numbered::default(),
            finer: Numbered::default(),
            files: Vec::new(),
            list: Vec::new(),
            keys: HashMap::new(),
            origin: Vec::new(),
            evidence: BTreeMap::new(),
            repeated: BTreeMap::new(),
            answered_again: BTreeMap::new(),
            splits: BTreeMap::new(),
            decimals: BTreeMap::new(),
            thousands: BTreeMap::new(),
            told: HashMap::new(),
            elsewhere: None,
        }
    }

    /// Only what is known without any row: names, decoders, and what was found in headers.
    pub(super) fn into_header(self) -> (Names, Vec<Decoder<'f>>, Findings) {
        (self.names, self.decoders, self.findings)
    }

    /// What the rows answer.
    pub(super) fn framework(&self) -> &'f Framework {
        self.framework
    }

    /// Unit, period and finer keys of a record. An empty key is a problem; it goes on as an empty text.
    fn keys(&mut self, file: &File<'_, '_>, record: Record<'_>) -> Keys {
        let layout = &file.table.layout;
        let unit = self.key(file, record, layout.unit, ("who is scored", is_key));
        let unit = self.units.number(unit);
        // Without such a column there is one period; that was said when the header was read.
        let period = self.key(file, record, layout.period, ("when", is_period));
        let period = self.periods.number(period);
        let mut finer = Vec::with_capacity(layout.keys.len());
        for &column in &layout.keys {
            let text = self.key(
                file,
                record,
                column,
                ("which row of the unit it is", is_key),
            );
            finer.push(self.finer.number(text));
        }
        Keys {
            unit,
            period,
            finer,
        }
    }

    /// Whether no key is empty; one that is was reported, and rows without are not the same row.
    fn are_whole(&self, file: &File<'_, '_>, keys: &Keys) -> bool {
        let has_period = file.table.layout.period.is_some();
        let finer = keys.finer.iter().map(|&key| &self.finer.texts[key]);
        let unit = &self.units.texts[keys.unit];
        let period = &self.periods.texts[keys.period];
        let mut all = finer.chain([unit]).chain(has_period.then_some(period));
        all.all(|text| !text.is_empty())
    }

    fn key<'r>(
        &mut self,
        file: &File<'_, '_>,
        record: Record<'r>,
        column: Option<usize>,
        (what, fits): (&'static str, fn(&str) -> bool),
    ) -> &'r str {
        let Some(column) = column else {
            return "";
        };
        let text = file.table.key_text(record.cell(column));
        if fits(text) {
            return text;
        }
        let cell = Cell {
            file,
            record,
            column,
            subject: column,
        };
        let name = file.table.layout.headings[column].shown();
        let subject = Subject {
            text,
            ..cell.subject()
        };
        let place = cell.place();
        self.findings.cell(subject, &name, place, || {
            let (column, bytes) = (name.clone(), text.len());
            match text {
                "" => ResponsesKind::EmptyKey { column, what },
                text if is_error(text) => {
                    let text = text.to_owned();
                    ResponsesKind::ErrorCell { text }
                }
                text if bytes <= LONGEST_KEY => {
                    let text = shown(text);
                    ResponsesKind::NotAPeriod { column, text }
                }
                _ => ResponsesKind::LongKey {
                    column,
                    what,
                    bytes,
                    most: LONGEST_KEY,
                },
            }
        });
        ""
    }

    /// A row without answers yet; its cells are added to the columns by the caller.
    fn begin_row(&mut self, file: &File<'_, '_>, record: Record<'_>, keys: Keys) -> usize {
        let row = self.list.len();
        let finer = keys.finer.iter();
        self.list.push(Row {
            unit: keys.unit,
            period: keys.period,
            keys: finer
                .map(|&key| Arc::clone(&self.finer.texts[key]))
                .collect(),
            file: file.index,
            line: record.line,
        });
        self.origin.push(file.index);
        self.keys.entry(keys).or_insert(row);
        row
    }

    /// Who the last row of a file is about.
    pub(super) fn last_unit(&self, file: usize) -> Option<&str> {
        let row = self.list.last().filter(|row| row.file == file)?;
        Some(&self.units.texts[row.unit])
    }

    /// Where a row was first met: the file, and the place in it.
    fn origin(&self, row: usize) -> (usize, Place) {
        let file = self.origin[row];
        (
            file,
            Place::new(&self.files[file].1, self.list[row].line, 0),
        )
    }

    /// Takes what a cell says, which comes to this text, as the answer to indicator `at`.
    fn answer(
        &mut self,
        cell: Cell<'_>,
        (text, read): (&str, Result<Read, Refusal>),
        at: usize,
        row: usize,
    ) {
        let decoder = &self.decoders[at];
        match read {
            Ok(read) => {
                self.answers[at].set(row, read.answer);
                if let Some(decimal) = read.decimal {
                    let reaches = reaches_thousands(decoder.indicator());
                    self.sign((cell.file.index, decimal), text, reaches, || cell.place());
                }
            }
            Err(refusal) => self.refuse(&cell, text, at, &refusal),
        }
    }

    /// A number has a decimal sign; `reaches`: it may be a thousand times as large.
    pub(super) fn sign(
        &mut self,
        (file, decimal): (usize, Decimal),
        text: &str,
        reaches: bool,
        place: impl FnOnce() -> Place,
    ) {
        self.decimals
            .entry((file, decimal.sign))
            .or_insert_with(place);
        let groups = decimal.groups && reaches;
        let thousands = self.thousands.entry(file).or_default();
        thousands.see(Decimal { groups, ..decimal }, || text.trim().to_owned());
    }

    /// Reads whether `option` of indicator `at` was chosen.
    fn tick(&mut self, cell: Cell<'_>, at: usize, option: usize, row: usize) {
        match self.decoders[at].tick(option, cell.text(), cell.file.manner()) {
            Ok(tick) => {
                let ticks = self.splits.entry((row, at)).or_insert_with(|| Ticks {
                    split: Split::default(),
                    file: cell.file.index,
                    zeros: cell.file.table.export.zeros,
                    place: cell.place(),
                });
                if !ticks.split.tick(option, tick) {
                    let place = Place::new(&cell.file.name, cell.record.line, 0);
                    self.answered_again
                        .entry((row, at))
                        .or_default()
                        .push(place);
                }
            }
            Err(refusal) => self.refuse(&cell, cell.text(), at, &refusal),
        }
    }

    fn refuse(&mut self, cell: &Cell<'_>, text: &str, at: usize, refusal: &Refusal) {
        let decoder = &self.decoders[at];
        let code = &decoder.indicator().code;
        let subject = Subject {
            text,
            ..cell.subject()
        };
        self.findings.cell(subject, code, cell.place(), || {
            let text = text.trim();
            if is_error(text) {
                let text = text.to_owned();
                return ResponsesKind::ErrorCell { text };
            }
            if text.starts_with('=') {
                let formula = shown(text);
                return ResponsesKind::FormulaCell { formula };
            }
            decoder.explain(text, refusal)
        });
    }

    /// Turns what options' cells say into answers. `listed` says of a row and an indicator whether a cell that lists its
    /// options was read, too.
    fn settle_splits(&mut self, listed: impl Fn(usize, usize) -> bool) {
        for ((row, at), ticks) in std::mem::take(&mut self.splits) {
            let summary = listed(row, at).then(|| self.answers[at].get(row));
            let decoder = &self.decoders[at];
            match decoder.settle(&ticks.split, summary, ticks.zeros) {
                Ok(answer) => self.answers[at].set(row, answer),
                Err(refusal) => self.unsettled(at, (ticks.file, ticks.place), &refusal),
            }
        }
    }

    /// What the columns of an indicator's options come to is no answer; where the first one stands.
    fn unsettled(&mut self, at: usize, (file, place): (usize, Place), refusal: &Refusal) {
        let decoder = &self.decoders[at];
        let kind = decoder.explain("", refusal);
        let subject = Subject {
            file,
            // Apart from what is wrong with single cells.
            column: usize::MAX - 1 - at,
            text: &kind.to_string(),
        };
        let code = &decoder.indicator().code;
        self.findings.cell(subject, code, place, || kind.clone());
    }

    fn note(&mut self, row: usize, at: usize, text: &str) {
        let text = unguarded(text.trim());
        if !text.is_empty() {
            self.evidence.insert((row, at), text.to_owned());
        }
    }

    /// Reads attribute `at` of a row.
    fn attribute(&mut self, cell: Cell<'_>, at: usize, row: usize) {
        let attribute = &self.framework.attributes[at];
        let kind = match attributes::read(attribute, cell.text(), cell.file.manner()) {
            Ok(None) => return,
            Ok(Some((value, decimal))) => {
                if let Some(decimal) = decimal {
                    self.sign((cell.file.index, decimal), cell.text(), true, || {
                        cell.place()
                    });
                }
                match attributes::fill(&mut self.attributes[at], row, &value) {
                    Ok(()) => return,
                    Err(first) => ResponsesKind::AttributeConflict {
                        attribute: attribute.column.clone(),
                        row: self.row_name(row),
                        first,
                        second: shown(cell.text()),
                    },
                }
            }
            Err(kind) => kind,
        };
        self.findings
            .cell(cell.subject(), &attribute.column, cell.place(), || kind);
    }
}

/// Whether a text can name a unit, a period or a finer row.
pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_KEY && !is_error(text)
}

/// Whether a cell holds an error of a spreadsheet.
fn is_error(text: &str) -> bool {
    const ERRORS: [&str; 7] = [
        "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!",
    ];
    text.starts_with('#') && ERRORS.contains(&text)
}
