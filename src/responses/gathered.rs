//! Answers that come one by one, in as few bytes as they take: a row a unit and period, one byte for a choice, eight for
//! what can be any number.

use std::collections::HashMap;

use super::answers::Decoder;
use super::texts::{Key, Scatter, Text, Texts};
use super::{Answer, AttributeColumn, Column, attributes};
use crate::framework::{Answers, Framework, Gap};

/// Where the answers stand in the bytes of a row.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// By indicator.
    cells: Vec<Cell>,
    /// Bytes of a row.
    bytes: usize,
}

#[derive(Clone, Debug)]
struct Cell {
    start: usize,
    width: Width,
}

#[derive(Clone, Debug)]
enum Width {
    /// A choice: which of these answers was given, from 1.
    One(Vec<Answer>),
    /// A number, or a set of options.
    Eight,
}

/// An answer as it is kept; 0 says that there is no record. In eight bytes the bits of a number are turned round: those of
/// no finite number become a mark's code, or 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(u64);

impl Code {
    /// There is no record.
    pub(super) const NONE: Self = Self(0);
}

/// Everything that is no number, by its code less one.
const GAPS: [Answer; 4] = [
    Answer::Missing(Gap::Unanswered),
    Answer::Missing(Gap::DontKnow),
    Answer::Missing(Gap::NotAsked),
    Answer::NotApplicable,
];

impl Shape {
    /// What the answers that these decoders read take.
    pub(super) fn of(decoders: &[Decoder<'_>]) -> Self {
        let mut bytes = 0;
        let cells = decoders.iter().map(|decoder| {
            let start = bytes;
            let width = match few(decoder) {
                Some(answers) => Width::One(answers),
                None => Width::Eight,
            };
            bytes += match width {
                Width::One(_) => 1,
                Width::Eight => 8,
            };
            Cell { start, width }
        });
        let cells = cells.collect();
        Self { cells, bytes }
    }

    /// An answer to indicator `at`, if it is one that its decoder reads.
    #[inline]
    pub(super) fn code(&self, at: usize, answer: Answer) -> Option<Code> {
        let at = match (&self.cells[at].width, answer) {
            (Width::One(answers), _) => answers.iter().position(|known| *known == answer),
            (Width::Eight, Answer::Given(value)) => return Some(Code(!value.to_bits())),
            (Width::Eight, _) => GAPS.iter().position(|known| *known == answer),
        };
        at.map(|at| Code(at as u64 + 1))
    }

    /// The answer to indicator `at` in the bytes of a row.
    #[inline]
    fn answer(&self, row: &[u8], at: usize) -> Answer {
        let Cell { start, width } = &self.cells[at];
        let (known, code) = match width {
            Width::One(answers) => (&answers[..], u64::from(row[*start])),
            Width::Eight => (&GAPS[..], eight(row, *start)),
        };
        let Some(at) = code.checked_sub(1) else {
            // Nobody told.
            return Answer::Missing(Gap::Unanswered);
        };
        let known = usize::try_from(at).ok().and_then(|at| known.get(at));
        known
            .copied()
            .unwrap_or(Answer::Given(f64::from_bits(!code)))
    }
}

/// All that a choice can be read as, if one byte can tell them apart.
fn few(decoder: &Decoder<'_>) -> Option<Vec<Answer>> {
    let Answers::Choice(scale) = &decoder.indicator().answers else {
        return None;
    };
    let options = (0..scale.options.len()).map(|at| Answer::Given(at as f64));
    let read = options.chain(GAPS).map(|answer| decoder.counted(answer));
    let mut answers: Vec<Answer> = Vec::new();
    // What is left empty is unanswered, whatever that counts as.
    for answer in read.chain(GAPS) {
        if !answers.contains(&answer) {
            answers.push(answer);
        }
    }
    (answers.len() < usize::from(u8::MAX)).then_some(answers)
}

fn eight(row: &[u8], start: usize) -> u64 {
    let bytes = row[start..].first_chunk();
    u64::from_le_bytes(*bytes.expect("a row is as long as its cells"))
}

/// Rows, each with its unit and period.
#[derive(Debug)]
pub(super) struct Gathered {
    units: Texts,
    /// Unit and period of every row; none where there are no periods: rows are units then.
    keys: Vec<(u32, u32)>,
    rows: HashMap<(u32, u32), usize>,
    last: usize,
    cells: Vec<u8>,
    /// When every row was met first.
    first: Vec<u64>,
    pub(super) attributes: Vec<AttributeColumn>,
    has_periods: bool,
    /// Whether rows may come out of order, and when each was met first matters.
    keeps_first: bool,
}

impl Gathered {
    /// None yet.
    pub(super) fn new(framework: &Framework, scatter: &Scatter, keeps_first: bool) -> Self {
        let columns = framework.attributes.iter();
        Self {
            units: Texts::new(scatter),
            keys: Vec::new(),
            rows: HashMap::new(),
            last: 0,
            cells: Vec::new(),
            first: Vec::new(),
            attributes: columns.map(attributes::column).collect(),
            has_periods: framework.period.is_some(),
            keeps_first,
        }
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.units.clear();
        self.keys.clear();
        self.rows.clear();
        self.last = 0;
        self.cells.clear();
        self.first.clear();
        for column in &mut self.attributes {
            attributes::extend(column, 0);
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.first.len()
    }

    /// The row of a unit in a period, met now.
    #[inline]
    pub(super) fn row(
        &mut self,
        shape: &Shape,
        (key, unit): (Key, &str),
        period: u32,
        now: u64,
    ) -> usize {
        let unit = self.units.number(key, unit);
        let row = if self.has_periods {
            self.row_in(unit, period)
        } else {
            unit
        };
        if row == self.len() {
            self.add(shape, now);
        } else if self.keeps_first {
            self.first[row] = self.first[row].min(now);
        }
        row
    }

    /// The row of a unit in a period, which may be the next one to be added.
    fn row_in(&mut self, unit: usize, period: u32) -> usize {
        let key = (u32::try_from(unit).unwrap_or(u32::MAX), period);
        if self.keys.get(self.last) != Some(&key) {
            let new = self.len();
            self.last = *self.rows.entry(key).or_insert(new);
            if self.last == new {
                self.keys.push(key);
            }
        }
        self.last
    }

    fn add(&mut self, shape: &Shape, now: u64) {
        self.first.push(now);
        self.cells.resize(self.cells.len() + shape.bytes, 0);
        for column in &mut self.attributes {
            attributes::extend(column, self.first.len());
        }
    }

    /// Keeps an answer; `false` if there is one already.
    #[inline]
    pub(super) fn put(&mut self, shape: &Shape, row: usize, at: usize, Code(code): Code) -> bool {
        if Code(code) == Code::NONE {
            return true;
        }
        let Cell { start, width } = &shape.cells[at];
        let (start, row) = (*start, &mut self.cells[row * shape.bytes..][..shape.bytes]);
        match width {
            Width::One(_) => {
                let first = row[start] == 0;
                row[start] = code.to_le_bytes()[0];
                first
            }
            Width::Eight => {
                let first = eight(row, start) == 0;
                row[start..start + 8].copy_from_slice(&code.to_le_bytes());
                first
            }
        }
    }

    /// Number of a row's unit, as it was met.
    pub(super) fn unit_of(&self, row: usize) -> usize {
        self.keys.get(row).map_or(row, |key| key.0 as usize)
    }

    /// Whether its unit is the one that was met last of all.
    pub(super) fn is_newest(&self, row: usize) -> bool {
        self.unit_of(row) + 1 == self.units.len()
    }

    /// Its unit.
    pub(super) fn unit(&self, row: usize) -> Text<'_> {
        self.units.get(self.unit_of(row))
    }

    /// Its period.
    pub(super) fn period(&self, row: usize) -> u32 {
        self.keys.get(row).map_or(0, |key| key.1)
    }

    /// When it was met first.
    pub(super) fn first(&self, row: usize) -> u64 {
        self.first[row]
    }

    /// Copies the answers of `row` to place `to` of these columns.
    pub(super) fn tell(&self, shape: &Shape, row: usize, to: usize, columns: &mut [Column]) {
        let row = &self.cells[row * shape.bytes..][..shape.bytes];
        for (at, column) in columns.iter_mut().enumerate() {
            column.set(to, shape.answer(row, at));
        }
    }
}
