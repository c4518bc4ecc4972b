//! WHO answered WHAT: [`Responses`] hold one row a line of data and one column an indicator.
//!
//! Reading (text → records → cells → answers) is left to the modules below; nothing in here knows how answers become
//! scores.

mod agreement;
mod answers;
mod attributes;
mod batch;
mod columns;
mod country;
mod declared;
mod deleted;
mod describe;
mod dialect;
mod duplicates;
mod export;
mod findings;
mod gathered;
mod header;
mod layout;
mod load;
mod mapping;
mod memory;
mod multiple;
mod normalised;
mod number;
mod offered;
mod periods;
mod recognition;
mod records;
mod retell;
mod rows;
mod sent;
mod sheet;
mod source;
mod spans;
mod spelling;
mod stream;
mod table;
mod text;
mod texts;
mod tokens;
mod vocabulary;
mod wrong;

pub(crate) use agreement::Agreement;
pub use agreement::attribute_conflicts;
pub use answers::{CountsAs, limits, read_answer};
pub use columns::How;
pub use declared::Declared;
pub use export::{Exporter, ShortNames, Skip};
pub use load::{
    Fit, Input, Inspected, Loaded, OnDuplicate, Options, OwnedInput, fits, inspect, inspect_all,
    load,
};
pub use mapping::Mapping;
pub use normalised::{answer_text, guarded, guarded_answer, write_long};
pub use offered::{NONE_OF_THESE, Offered, StandsFor, offered, short_answers};
pub use periods::in_order;
pub use recognition::{ColumnTarget, RecognisedColumn, Recognition};
pub use retell::Retelling;
pub use spans::{CellPlace, Span, spans};
pub use stream::{
    BEGINNING, Begun, Order, Outcome, Pace, Reading, Seen, Stream, is_beginning, may_be_in_pieces,
};
pub use text::Encoding;
pub use vocabulary::{Holds, Vocabulary};
pub use wrong::not_a_table;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::framework::Gap;

/// Answers of units, row by row; any number of rows make a unit's observation where the framework declares finer rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Responses {
    /// Every unit met, in order of first appearance.
    pub units: Vec<Unit>,
    /// Every period met, in ascending order (as numbers if all are, else as text); one empty text where the framework
    /// has no periods.
    pub periods: Vec<String>,
    /// One a line of data.
    pub rows: Vec<Row>,
    /// One column an indicator, in framework order; each as long as `rows`.
    pub answers: Vec<Column>,
    /// One column an attribute, in framework order; each as long as `rows`.
    pub attributes: Vec<AttributeColumn>,
    /// Evidence by row and position among the indicators.
    pub evidence: BTreeMap<(usize, usize), String>,
    /// The files in the order given, as the user named them.
    pub files: Vec<Arc<str>>,
    /// SHA-256 of the files' bytes in the order given, in hexadecimal.
    pub sha256: String,
}

impl Responses {
    /// What messages call a row: its unit, period and finer keys.
    fn row_name(&self, row: usize) -> String {
        let row = &self.rows[row];
        called(
            &self.units[row.unit].id,
            &self.periods[row.period],
            &row.keys,
        )
    }

    /// These rows only, in this order; units, periods and the hash stay as they are.
    #[must_use]
    pub fn of_rows(&self, rows: &[usize]) -> Self {
        let evidence = rows.iter().enumerate().flat_map(|(at, row)| {
            let own = self.evidence.range((*row, 0)..=(*row, usize::MAX));
            own.map(move |((_, question), text)| ((at, *question), text.clone()))
        });
        Self {
            units: self.units.clone(),
            periods: self.periods.clone(),
            rows: rows.iter().map(|row| self.rows[*row].clone()).collect(),
            answers: self
                .answers
                .iter()
                .map(|column| column.of_rows(rows))
                .collect(),
            attributes: self
                .attributes
                .iter()
                .map(|column| column.of_rows(rows))
                .collect(),
            evidence: evidence.collect(),
            files: self.files.clone(),
            sha256: self.sha256.clone(),
        }
    }
}

/// What messages call a row: its unit, its period and its finer keys, those that are not empty.
fn called(unit: &str, period: &str, keys: &[Arc<str>]) -> String {
    let further = keys.iter().map(AsRef::as_ref);
    let further = std::iter::once(period).chain(further);
    let further = further.filter(|key| !key.is_empty());
    let all = std::iter::once(unit).chain(further);
    let all = all.map(|key| format!("`{}`", spelling::shown(key)));
    all.collect::<Vec<_>>().join(", ")
}

/// Who is scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// As written in the key column.
    pub id: Arc<str>,
    /// For display: the attribute `name`, else the country's name, else the id.
    pub name: Arc<str>,
}

/// Where a line of data belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Position in `units`.
    pub unit: usize,
    /// Position in `periods`.
    pub period: usize,
    /// The finer keys, one for each of the framework's row steps, outermost first.
    pub keys: Vec<Arc<str>>,
    /// Position in `files`.
    pub file: usize,
    /// Physical line in its file, from 1.
    pub line: usize,
}

/// What is known of one answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// A choice: the option's position in its scale. A multiple choice: bit n stands for option n. A number: itself.
    Given(f64),
    /// None.
    Missing(Gap),
    /// Does not concern the unit.
    NotApplicable,
}

/// The option's position behind the value of a given choice.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // readers store small whole numbers
pub fn option_of(value: f64) -> usize {
    value as usize
}

/// The chosen options behind the value of a given multiple choice: bit n stands for option n.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // readers store whole numbers below 2^52
pub fn bits_of(value: f64) -> u64 {
    value as u64
}

/// [`Answer`] without its number: what columns keep beside their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Mark {
    /// There is a value.
    Given,
    /// Left empty.
    #[default]
    Unanswered,
    /// "Don't know".
    DontKnow,
    /// The question was not put.
    NotAsked,
    /// Does not concern the unit.
    NotApplicable,
}

impl Mark {
    /// Whether there is no value although there could be one.
    pub fn is_missing(self) -> bool {
        matches!(self, Self::Unanswered | Self::DontKnow | Self::NotAsked)
    }
}

/// Values with their marks. Where the mark is not [`Mark::Given`] the value is 0 and means nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Finite numbers.
    pub values: Vec<f64>,
    /// As many.
    pub marks: Vec<Mark>,
}

impl Column {
    /// `length` unanswered cells.
    pub fn unanswered(length: usize) -> Self {
        Self {
            values: vec![0.0; length],
            marks: vec![Mark::Unanswered; length],
        }
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// These cells only, in this order.
    #[must_use]
    pub fn of_rows(&self, rows: &[usize]) -> Self {
        Self {
            values: rows.iter().map(|row| self.values[*row]).collect(),
            marks: rows.iter().map(|row| self.marks[*row]).collect(),
        }
    }

    /// Adds a cell.
    pub fn push(&mut self, answer: Answer) {
        let (value, mark) = parts(answer);
        self.values.push(value);
        self.marks.push(mark);
    }

    /// Replaces a cell.
    #[inline]
    pub fn set(&mut self, row: usize, answer: Answer) {
        (self.values[row], self.marks[row]) = parts(answer);
    }

    /// A cell.
    #[inline]
    pub fn get(&self, row: usize) -> Answer {
        whole(self.values[row], self.marks[row])
    }

    /// The value, if there is one.
    #[inline]
    pub fn value(&self, row: usize) -> Option<f64> {
        (self.marks[row] == Mark::Given).then(|| self.values[row])
    }
}

/// Value and mark of an answer.
#[inline]
pub(crate) fn parts(answer: Answer) -> (f64, Mark) {
    match answer {
        Answer::Given(value) => (value, Mark::Given),
        Answer::Missing(Gap::Unanswered) => (0.0, Mark::Unanswered),
        Answer::Missing(Gap::DontKnow) => (0.0, Mark::DontKnow),
        Answer::Missing(Gap::NotAsked) => (0.0, Mark::NotAsked),
        Answer::NotApplicable => (0.0, Mark::NotApplicable),
    }
}

/// The answer that has this value and this mark.
#[inline]
pub(crate) fn whole(value: f64, mark: Mark) -> Answer {
    match mark {
        Mark::Given => Answer::Given(value),
        Mark::Unanswered => Answer::Missing(Gap::Unanswered),
        Mark::DontKnow => Answer::Missing(Gap::DontKnow),
        Mark::NotAsked => Answer::Missing(Gap::NotAsked),
        Mark::NotApplicable => Answer::NotApplicable,
    }
}

/// What an attribute says of each row; `None` where it says nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeColumn {
    /// Texts, trimmed; of a fixed list in the framework's spelling.
    Text(Vec<Option<Arc<str>>>),
    /// Finite numbers.
    Number(Vec<Option<f64>>),
}

impl AttributeColumn {
    /// The text of a row, if it is one.
    pub fn text(&self, row: usize) -> Option<&Arc<str>> {
        match self {
            Self::Text(texts) => texts.get(row)?.as_ref(),
            Self::Number(_) => None,
        }
    }

    /// These rows only, in this order.
    #[must_use]
    pub fn of_rows(&self, rows: &[usize]) -> Self {
        match self {
            Self::Text(texts) => Self::Text(rows.iter().map(|row| texts[*row].clone()).collect()),
            Self::Number(numbers) => Self::Number(rows.iter().map(|row| numbers[*row]).collect()),
        }
    }
}
