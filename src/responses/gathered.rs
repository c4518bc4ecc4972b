//! Answers that come one by one, in as few bytes as they take: a row a unit and period, one byte for a choice, eight for
//! what can be any number.

use std::hint::black_box;

use super::answers::Decoder;
use super::texts::{self, Key, Scatter, Text, Texts, UNKNOWN};
use super::{Answer, AttributeColumn, Column, Mark, attributes, parts, whole};
use crate::framework::{Answers, Framework, Gap};

/// Where the answers stand in the bytes of a row.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// By indicator.
    cells: Vec<Cell>,
    /// By indicator: what it means by codes from 0 on. In eight bytes, what is no number.
    known: Vec<Vec<(f64, Mark)>>,
    /// Bytes of a row.
    bytes: usize,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    start: u32,
    width: Width,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Width {
    /// A choice: which of few answers was given.
    One,
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

/// Everything that is no number.
const GAPS: [Answer; 4] = [
    Answer::Missing(Gap::Unanswered),
    Answer::Missing(Gap::DontKnow),
    Answer::Missing(Gap::NotAsked),
    Answer::NotApplicable,
];

impl Shape {
    /// What the answers that these decoders read take.
    pub(super) fn of(decoders: &[Decoder<'_>]) -> Self {
        let mut shape = Self {
            cells: Vec::new(),
            known: Vec::new(),
            bytes: 0,
        };
        for decoder in decoders {
            let start = u32::try_from(shape.bytes).expect("a framework has far fewer indicators");
            let (width, answers) = match few(decoder) {
                Some(answers) => (Width::One, answers),
                None => (Width::Eight, GAPS.to_vec()),
            };
            // What nobody told.
            let none = Answer::Missing(Gap::Unanswered);
            let known = std::iter::once(none).chain(answers);
            shape.known.push(known.map(parts).collect());
            shape.cells.push(Cell { start, width });
            shape.bytes += match width {
                Width::One => 1,
                Width::Eight => 8,
            };
        }
        shape
    }

    /// Whether indicator `at` is a choice.
    #[inline]
    pub(super) fn is_choice(&self, at: usize) -> bool {
        self.cells[at].width == Width::One
    }

    /// An answer to indicator `at`, if it is one that its decoder reads.
    #[inline]
    pub(super) fn code(&self, at: usize, answer: Answer) -> Option<Code> {
        match answer {
            Answer::Given(value) if !self.is_choice(at) => Some(Code(!value.to_bits())),
            answer => {
                let mut known = self.known[at].iter().enumerate().skip(1);
                let found = known.find(|(_, (value, mark))| whole(*value, *mark) == answer);
                found.map(|(code, _)| Code(code as u64))
            }
        }
    }

    /// The answers to every indicator in the bytes of some rows.
    pub(super) fn columns(&self, rows: &[&[u8]]) -> Vec<Column> {
        let columns = self.cells.iter().zip(&self.known).map(|(cell, known)| {
            let mut column = Column::unanswered(rows.len());
            let cells = column.values.iter_mut().zip(&mut column.marks).zip(rows);
            let start = cell.start as usize;
            match cell.width {
                Width::One => {
                    for ((value, mark), row) in cells {
                        (*value, *mark) = known[usize::from(row[start])];
                    }
                }
                Width::Eight => {
                    for ((value, mark), row) in cells {
                        let code = eight(row, start);
                        let gap = usize::try_from(code).ok().and_then(|code| known.get(code));
                        (*value, *mark) = *gap.unwrap_or(&(f64::from_bits(!code), Mark::Given));
                    }
                }
            }
            column
        });
        columns.collect()
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

/// Most codes of [`Spelled`], which hostile files have as many of as records.
const MOST: usize = 1 << 20;

/// Codes of answers to choices by their spelling: a survey has few of them, most of which many indicators share.
#[derive(Debug)]
pub(super) struct Spelled {
    spellings: Texts,
    /// By spelling and indicator; 0 as long as it is not known.
    codes: Vec<u8>,
    indicators: usize,
}

impl Spelled {
    /// None yet.
    pub(super) fn new(scatter: &Scatter, indicators: usize) -> Self {
        Self {
            spellings: Texts::new(scatter),
            codes: Vec::new(),
            indicators,
        }
    }

    /// What a spelling means as an answer to an indicator, if that is known.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "nearly every answer comes by here")]
    pub(super) fn code(&self, spelling: Key, indicator: usize) -> Option<Code> {
        let spelling = self.spellings.known(spelling)?;
        let code = self.codes[spelling * self.indicators + indicator];
        (code != 0).then_some(Code(code.into()))
    }

    /// Remembers what it means.
    pub(super) fn add(&mut self, spelling: Key, indicator: usize, Code(code): Code) {
        if self.codes.len() + self.indicators > MOST && self.spellings.known(spelling).is_none() {
            return;
        }
        let spelling = self.spellings.number(spelling, "");
        self.codes.resize(self.spellings.len() * self.indicators, 0);
        self.codes[spelling * self.indicators + indicator] = u8::try_from(code).unwrap_or(0);
    }
}

/// Rows, each with its unit and period.
#[derive(Debug)]
pub(super) struct Gathered {
    units: Texts,
    /// Unit and period of every row; none where there are no periods: rows are units then.
    keys: Vec<(u32, u32)>,
    /// The rows by their unit and period, where there are periods.
    rows: Texts,
    cells: Vec<u8>,
    /// When every row was met first, and the latest of that.
    first: Vec<u64>,
    latest: u64,
    pub(super) attributes: Vec<AttributeColumn>,
    has_periods: bool,
}

impl Gathered {
    /// None yet.
    pub(super) fn new(framework: &Framework, scatter: &Scatter) -> Self {
        let columns = framework.attributes.iter();
        Self {
            units: Texts::new(scatter),
            keys: Vec::new(),
            rows: Texts::new(scatter),
            cells: Vec::new(),
            first: Vec::new(),
            latest: 0,
            attributes: columns.map(attributes::column).collect(),
            has_periods: framework.period.is_some(),
        }
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.units.clear();
        self.keys.clear();
        self.rows.clear();
        self.cells.clear();
        self.first.clear();
        self.latest = 0;
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
        self.row_of(shape, unit, period, now)
    }

    #[inline]
    fn row_of(&mut self, shape: &Shape, unit: usize, period: u32, now: u64) -> usize {
        let row = if self.has_periods {
            self.row_in(unit, period)
        } else {
            unit
        };
        if row == self.len() {
            self.add(shape, now);
        } else if now < self.latest {
            self.first[row] = self.first[row].min(now);
        }
        row
    }

    /// The rows of many units in their periods, in the order in which they are met; asked by position are the text of a unit
    /// that is longer than its key, and the period and when that was.
    pub(super) fn rows<'t>(
        &mut self,
        shape: &Shape,
        keys: impl Iterator<Item = Key> + Clone,
        (text, when): (impl Fn(usize) -> &'t str, impl Fn(usize) -> (u32, u64)),
        rows: &mut Vec<u32>,
    ) {
        self.units.look(keys.clone(), rows);
        let known = self.units.len();
        for (at, (row, key)) in rows.iter_mut().zip(keys).enumerate() {
            if *row == UNKNOWN {
                *row = texts::number(self.units.number(key, text(at)));
            }
        }
        if let [.., before, last] = rows[..] {
            self.units.go_on(before as usize, last as usize);
        }
        let are_new = self.units.len() > known || (!rows.is_empty() && when(0).1 < self.latest);
        if self.has_periods || are_new {
            for (at, row) in rows.iter_mut().enumerate() {
                let (period, now) = when(at);
                *row = texts::number(self.row_of(shape, *row as usize, period, now));
            }
        }
    }

    /// The row of a unit in a period, which may be the next one to be added.
    fn row_in(&mut self, unit: usize, period: u32) -> usize {
        let unit = u32::try_from(unit).unwrap_or(u32::MAX);
        let row = self.rows.number(Key::pair(unit, period), "");
        if row == self.keys.len() {
            self.keys.push((unit, period));
        }
        row
    }

    fn add(&mut self, shape: &Shape, now: u64) {
        self.first.push(now);
        self.latest = self.latest.max(now);
        self.cells.resize(self.cells.len() + shape.bytes, 0);
        for column in &mut self.attributes {
            attributes::extend(column, self.first.len());
        }
    }

    /// Keeps an answer; `false` if there is one already.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "every answer comes by here")]
    pub(super) fn put(&mut self, shape: &Shape, row: usize, at: usize, Code(code): Code) -> bool {
        if Code(code) == Code::NONE {
            return true;
        }
        let Cell { start, width } = shape.cells[at];
        let row = &mut self.cells[row * shape.bytes..][..shape.bytes];
        let start = start as usize;
        match width {
            Width::One => {
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

    /// Reads where answers will be put, by row and indicator, and does nothing with it: a read that nothing depends on waits
    /// for no other, and what was read is near afterwards.
    pub(super) fn touch(&self, shape: &Shape, places: impl Iterator<Item = (usize, usize)>) {
        let place = |(row, at): (usize, usize)| row * shape.bytes + shape.cells[at].start as usize;
        let cells = places.filter_map(|at| self.cells.get(place(at)));
        black_box(cells.fold(0, |all, cell| all ^ cell));
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

    /// The bytes of its answers.
    pub(super) fn bytes(&self, shape: &Shape, row: usize) -> &[u8] {
        &self.cells[row * shape.bytes..][..shape.bytes]
    }
}
