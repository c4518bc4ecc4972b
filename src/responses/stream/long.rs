//! The long form: every record is one answer. Where the records of a unit stand side by side, pieces are whole units;
//! where they do not, all answers are gathered first, in as few bytes as they take.

mod scattered;

use std::sync::Arc;

use super::file::File;
use super::met::{Facts, Key, Signs, hash};
use super::{Done, Order, Outcome, Pace, Stream};
use crate::framework::Framework;
use crate::responses::answers::{Decoder, Manner, Read, reaches_thousands};
use crate::responses::batch::is_ragged;
use crate::responses::columns::Names;
use crate::responses::gathered::{Code, Gathered, Shape, Spelled};
use crate::responses::memory::{Memory, SHORT};
use crate::responses::periods::is_period;
use crate::responses::records::{Record, Records};
use crate::responses::rows::{Part, Told, is_key};
use crate::responses::spelling::fold;
use crate::responses::table::Table;
use crate::responses::texts::{self, Scatter, Texts};
use crate::responses::tokens::last_record_end;
use crate::responses::{Responses, Row, attributes, in_order, layout};

/// Most periods, and most spellings of indicators' names; hostile files have as many as records.
const MOST: usize = 10_000;

/// How many times as long pieces are as those of rows: fewer of their bytes become a row of scores.
const LONGER: usize = 4;

/// Bytes of the records' beginning that show whether a file goes question by question.
const BEGINNING: usize = 128 << 10;

/// Bytes at the end of a piece in which its last unit is looked for first.
const TAIL: usize = 8 << 10;

/// What is known of records of one answer.
pub(super) struct Long {
    names: Names,
    shape: Shape,
}

impl Long {
    pub(super) fn new(decoders: &[Decoder<'_>], names: Names) -> Self {
        Self {
            names,
            shape: Shape::of(decoders),
        }
    }
}

/// What one reader keeps beside its records.
pub(super) struct Desk {
    heard: Heard,
    gathered: Gathered,
    /// Where the piece stands in the file.
    at: u64,
    /// What the piece says, by part of the table.
    notes: Vec<Vec<Note>>,
    /// By record: its period, as [`Heard`] numbers it; none where there are no periods.
    periods: Vec<u32>,
    /// By these numbers: the period's number in the table.
    known: Vec<u32>,
}

/// What was learnt of the texts of records.
struct Heard {
    /// Spellings of indicators' names.
    names: Texts,
    /// What each of them means: the answer to an indicator, or evidence.
    told: Vec<Option<usize>>,
    spelled: Spelled,
    periods: Texts,
    signs: Signs,
}

/// A record in the bytes that are worth keeping of it.
struct Note {
    unit: texts::Key,
    answer: Code,
    indicator: u32,
    record: u32,
}

impl Desk {
    pub(super) fn new(framework: &Framework, scatter: &Scatter, indicators: usize) -> Self {
        Self {
            heard: Heard {
                names: Texts::new(scatter),
                told: Vec::new(),
                spelled: Spelled::new(scatter, indicators),
                periods: Texts::new(scatter),
                signs: Signs::default(),
            },
            gathered: Gathered::new(framework, scatter),
            at: 0,
            notes: Vec::new(),
            periods: Vec::new(),
            known: Vec::new(),
        }
    }
}

/// What a record says.
struct Said<'r> {
    key: texts::Key,
    /// The unit, if it is longer than its key.
    unit: &'r str,
    period: u32,
    /// Whether the record before it is of the same unit and period.
    again: bool,
    indicator: usize,
    /// None if it is evidence that is told.
    answer: Code,
}

/// Reads the records of a piece.
struct Reader<'r, 'a> {
    stream: &'r Stream<'a>,
    long: &'r Long,
    table: &'r Table<'a>,
    part: Part<'r>,
    memories: &'r mut [Memory],
    heard: &'r mut Heard,
    manner: Manner,
    /// Which column says whose record it is, which hold its answer, and how many there are.
    unit: usize,
    own: layout::Long,
    columns: usize,
    /// The last unit: its key, and its text where that took a closer look.
    last: (texts::Key, &'r str),
    /// The last period as it is written, and its number.
    period: Option<(&'r str, u32)>,
}

#[expect(
    clippy::inline_always,
    reason = "every record comes by here, where every register counts: what is rare has functions of its own"
)]
impl<'r> Reader<'r, '_> {
    /// What a record says; nothing if it is blank.
    #[inline(always)]
    fn read(&mut self, at: usize) -> Result<Option<Said<'r>>, Outcome> {
        let Part { text, records, .. } = self.part;
        let table = self.table;
        let first = records.first_cell(at);
        let whole = records.width(at) == self.columns;
        let plain = if whole {
            self.key(first + self.unit)
        } else {
            None
        };
        let mut again = plain == Some(self.last.0) && self.last.1.is_empty();
        match plain {
            Some(_) if again => {}
            Some(key) if table.is_key_text(records.bytes(text, first + self.unit)) => {
                self.last = (key, "");
            }
            _ => match self.unit(at)? {
                Some(unit) => {
                    again = unit.1 == self.last.1;
                    self.last = unit;
                }
                None => return Ok(None),
            },
        }
        let mut period = 0;
        if let Some(column) = table.layout.period {
            let before = self.period.map(|(_, number)| number);
            period = self.period(first + column)?;
            again &= before == Some(period);
        }
        let (answer, indicator) = match self.indicator(first + self.own.indicator)? {
            Some(at) => (self.answer(at, first + self.own.value)?, at),
            None => (Code::NONE, 0),
        };
        Ok(Some(Said {
            key: self.last.0,
            unit: self.last.1,
            period,
            again,
            indicator,
            answer,
        }))
    }

    /// The bytes of the cell at this position, what follows included, and how many are its own; nothing if it is longer,
    /// or stands aside. Nearly every cell has others behind it.
    #[inline(always)]
    fn short(&self, at: usize) -> Option<([u8; SHORT], usize)> {
        let Part { text, records, .. } = self.part;
        let (start, end) = records.edges().get(at)?;
        let bytes = text.as_bytes().get(start..start + SHORT)?.first_chunk()?;
        Some((*bytes, end - start)).filter(|(_, length)| *length <= SHORT)
    }

    #[inline(always)]
    fn key(&self, at: usize) -> Option<texts::Key> {
        let (bytes, length) = self.short(at)?;
        texts::Key::of(bytes, length)
    }

    /// Whose record it is, by a closer look; nothing if it is blank.
    #[inline(never)]
    fn unit(&self, at: usize) -> Result<Option<(texts::Key, &'r str)>, Outcome> {
        let table = self.table;
        let record = self.part.get(at);
        let text = table.key_text(record.cell(self.unit));
        if is_key(text) && !is_ragged(table, &record) {
            let key = if text == self.last.1 {
                self.last.0
            } else {
                self.stream.scatter.key(text)
            };
            Ok(Some((key, text)))
        } else if record.is_blank() {
            Ok(None)
        } else {
            Err(Outcome::Whole)
        }
    }

    /// The number of the period in the cell at this position.
    #[inline(never)]
    fn period(&mut self, at: usize) -> Result<u32, Outcome> {
        let Part { text, records, .. } = self.part;
        let cell = records.cell(text, at);
        if let Some((last, number)) = self.period
            && last == cell
        {
            return Ok(number);
        }
        let text = self.table.key_text(cell);
        if !is_period(text) || self.heard.periods.len() > MOST {
            return Err(Outcome::Whole);
        }
        let number = number(self.heard.periods.add(text));
        self.period = Some((cell, number));
        Ok(number)
    }

    /// The indicator that the cell at this position names; none if it asks for evidence.
    #[inline(always)]
    fn indicator(&mut self, at: usize) -> Result<Option<usize>, Outcome> {
        let known = self.heard.names.len();
        let number = match self.key(at) {
            Some(key) => self.heard.names.number(key, ""),
            None => self.name(at),
        };
        if number == known {
            self.learn(at)?;
        }
        Ok(self.heard.told[number])
    }

    /// The number of a name that is longer than its key, or has none.
    #[inline(never)]
    fn name(&mut self, at: usize) -> usize {
        let Part { text, records, .. } = self.part;
        self.heard.names.add(records.cell(text, at))
    }

    /// Finds out what the newest name means.
    #[cold]
    fn learn(&mut self, at: usize) -> Result<(), Outcome> {
        let Part { text, records, .. } = self.part;
        let told = self.told(records.cell(text, at))?;
        self.heard.told.push(told);
        Ok(())
    }

    fn told(&self, cell: &str) -> Result<Option<usize>, Outcome> {
        let (names, decoders) = (&self.long.names, &self.stream.decoders);
        let name = self.table.key_text(cell);
        match Told::named(name, names, decoders) {
            Some(Told::Answer(at)) if self.heard.told.len() < MOST => Ok(Some(at)),
            Some(Told::Evidence(_)) if self.heard.told.len() < MOST => Ok(None),
            _ => Err(Outcome::Whole),
        }
    }

    /// The answer to an indicator in the cell at this position.
    #[inline(always)]
    fn answer(&mut self, indicator: usize, at: usize) -> Result<Code, Outcome> {
        let shape = &self.long.shape;
        if shape.is_choice(indicator) {
            let key = self.key(at);
            if let Some(key) = key
                && let Some(code) = self.heard.spelled.code(key, indicator)
            {
                return Ok(code);
            }
            return self.ask(indicator, at, key);
        }
        let known = self.short(at);
        let known =
            known.and_then(|(bytes, length)| self.memories[indicator].known(&bytes, length));
        match known {
            Some(read) => self.code(indicator, at, read),
            None => self.ask(indicator, at, None),
        }
    }

    /// The same where a closer look is needed. What a choice is spelled like is remembered by its key, if it has one.
    #[inline(never)]
    fn ask(
        &mut self,
        indicator: usize,
        at: usize,
        key: Option<texts::Key>,
    ) -> Result<Code, Outcome> {
        let Part { text, records, .. } = self.part;
        let decoder = &self.stream.decoders[indicator];
        let memory = &mut self.memories[indicator];
        let read = memory.read(decoder, records.cell(text, at), self.manner);
        let code = self.code(indicator, at, read.map_err(|_| Outcome::Whole)?)?;
        if let Some(key) = key {
            self.heard.spelled.add(key, indicator, code);
        }
        Ok(code)
    }

    #[inline]
    fn code(&mut self, indicator: usize, at: usize, read: Read) -> Result<Code, Outcome> {
        if let Some(decimal) = read.decimal {
            let Part { text, records, .. } = self.part;
            let reaches = reaches_thousands(self.stream.decoders[indicator].indicator());
            let cell = records.cell(text, at);
            self.heard.signs.see(decimal, reaches, cell);
        }
        let code = self.long.shape.code(indicator, read.answer);
        code.ok_or(Outcome::Whole)
    }
}

/// Periods in order, and the place of each number among them.
struct Periods {
    texts: Vec<String>,
    places: Vec<usize>,
}

impl Periods {
    fn of(texts: &Texts) -> Self {
        let texts: Vec<String> = (0..texts.len())
            .map(|at| texts.get(at).to_string())
            .collect();
        let order = in_order(&texts);
        let mut places = vec![0; order.len()];
        for (place, &number) in order.iter().enumerate() {
            places[number] = place;
        }
        Self {
            texts: order.iter().map(|&number| texts[number].clone()).collect(),
            places,
        }
    }
}

/// A row of a table in parts.
#[derive(Clone, Copy)]
struct Place {
    shard: u32,
    row: u32,
}

impl Place {
    fn new(shard: usize, row: usize) -> Self {
        Self {
            shard: number(shard),
            row: number(row),
        }
    }

    fn of(self, shards: &[Gathered]) -> (&Gathered, usize) {
        (&shards[self.shard as usize], self.row as usize)
    }

    /// The number of its unit.
    fn unit_in(self, shards: &[Gathered]) -> (u32, usize) {
        let (shard, row) = self.of(shards);
        (self.shard, shard.unit_of(row))
    }
}

impl File<'_> {
    /// Where the last unit of some records starts, if those before it are of others.
    pub(super) fn last_unit(&self, piece: &[u8]) -> Option<usize> {
        let unit = self.table.layout.unit?;
        let mut records = Records::default();
        let mut tail = TAIL;
        loop {
            let start = piece.len().checked_sub(tail);
            let start = start.and_then(|end| last_record_end(&piece[..end], self.delimiter));
            let start = start.unwrap_or(0);
            let Ok(text) = std::str::from_utf8(&piece[start..]) else {
                // Reading the piece will tell.
                return Some(piece.len());
            };
            records.read(text, self.delimiter);
            let mut last = "";
            for at in (0..records.len()).rev() {
                let cell = records.get(text, 1, at).cell(unit);
                let own = self.table.key_text(cell);
                if last.is_empty() {
                    last = own;
                } else if own != last && !own.is_empty() {
                    return Some(start + records.first_byte(at + 1));
                }
            }
            if start == 0 {
                return None;
            }
            tail *= 4;
        }
    }
}

impl Stream<'_> {
    fn reader<'r>(
        &'r self,
        long: &'r Long,
        (file, part): (&'r File<'_>, Part<'r>),
        memories: &'r mut [Memory],
        heard: &'r mut Heard,
    ) -> Option<Reader<'r, 'r>> {
        heard.signs = Signs::default();
        let table = &file.table;
        if table.layout.period.is_none() {
            // There is one, without a name.
            heard.periods.add("");
        }
        Some(Reader {
            stream: self,
            long,
            table,
            part,
            memories,
            heard,
            manner: table.manner(),
            unit: table.layout.unit?,
            own: table.layout.long?,
            columns: table.layout.headings.len(),
            last: (texts::Key::NONE, ""),
            period: None,
        })
    }

    /// Whether the beginning of the records puts one question to several units, as files do that go question by question:
    /// units do not stand in order there.
    pub(super) fn goes_by_question(&self, file: &File<'_>) -> bool {
        let layout = &file.table.layout;
        let (Some(bytes), Some(long)) = (file.beginning.get(..BEGINNING), layout.long) else {
            return false;
        };
        let end = last_record_end(bytes, file.delimiter).unwrap_or(0);
        let Ok(text) = std::str::from_utf8(&bytes[..end]) else {
            return false;
        };
        let mut records = Records::default();
        records.read(text, file.delimiter);
        let cell = |at: usize, column: usize| records.get(text, 1, at).cell(column);
        let question = |at: usize| cell(at, long.indicator);
        let unit = |at: usize| cell(at, layout.unit.unwrap_or(0));
        let mut others = 1..records.len();
        self.decoders.len() > 1
            && records.len() > 1
            && unit(0) != unit(records.len() - 1)
            && others.all(|at| question(at) == question(0))
    }

    /// Reads a piece of whole units.
    pub(super) fn grouped(
        &self,
        long: &Long,
        (file, part): (&File<'_>, Part<'_>),
        memories: &mut [Memory],
        desk: &mut Desk,
        order: Order,
    ) -> Done<Responses> {
        let Desk {
            heard, gathered, ..
        } = desk;
        gathered.clear();
        heard.periods.clear();
        let reader = self.reader(long, (file, part), memories, heard);
        let mut reader = reader.ok_or(Outcome::Whole)?;
        let mut row = 0;
        let mut described = Signs::default();
        let mut last = (usize::MAX, 0);
        for at in 0..part.records.len() {
            let Some(said) = reader.read(at)? else {
                continue;
            };
            if !said.again {
                let who = (said.key, said.unit);
                row = gathered.row(&long.shape, who, said.period, at as u64);
                if !gathered.is_newest(row) {
                    return Err(Outcome::Unordered);
                }
            }
            if !gathered.put(&long.shape, row, said.indicator, said.answer) {
                return Err(Outcome::Whole);
            }
            if !file.attributes.is_empty() {
                let before = Some(last.1).filter(|_| last.0 == row);
                let before = before.map(|before| part.get(before));
                let records = (part.get(at), before);
                self.describe_row(file, gathered, row, records, &mut described)?;
                last = (row, at);
            }
        }
        let mut facts = Facts {
            signs: std::mem::take(&mut heard.signs),
            ..Facts::default()
        };
        facts.signs.add(&described);
        let periods = Periods::of(&heard.periods);
        // Periods of other pieces may not be numbers: then these are no numbers, too.
        if !periods.texts.is_sorted() {
            return Err(Outcome::Unordered);
        }
        let rows: Vec<Place> = (0..gathered.len()).map(|row| Place::new(0, row)).collect();
        let shards = std::slice::from_ref(&*gathered);
        let responses = self.responses_of(long, (shards, &rows), &periods, order, &mut facts);
        Ok((responses.ok_or(Outcome::Unordered)?, facts))
    }

    /// Keeps what a record says of its row; what the one before it in the same row says, too, is kept already.
    fn describe_row(
        &self,
        file: &File<'_>,
        table: &mut Gathered,
        row: usize,
        (record, before): (Record<'_>, Option<Record<'_>>),
        signs: &mut Signs,
    ) -> Result<(), Outcome> {
        for &(column, at) in &file.attributes {
            let cell = record.cell(column);
            if before.is_some_and(|before| before.cell(column) == cell) {
                continue;
            }
            let attribute = &self.framework.attributes[at];
            let value = attributes::read(attribute, cell, file.table.manner());
            if let Some((value, decimal)) = value.map_err(|_| Outcome::Whole)? {
                if let Some(decimal) = decimal {
                    signs.see(decimal, true, cell);
                }
                let filled = attributes::fill(&mut table.attributes[at], row, &value);
                filled.map_err(|_| Outcome::Whole)?;
            }
        }
        Ok(())
    }

    /// Some rows of a table, whole units, as responses of their own; none if they have to be in order and are not.
    fn responses_of(
        &self,
        long: &Long,
        (shards, rows): (&[Gathered], &[Place]),
        periods: &Periods,
        order: Order,
        facts: &mut Facts,
    ) -> Option<Responses> {
        let columns = self.framework.attributes.iter();
        let cells = rows.iter().map(|place| {
            let (table, row) = place.of(shards);
            table.bytes(&long.shape, row)
        });
        let cells: Vec<&[u8]> = cells.collect();
        let mut responses = Responses {
            periods: periods.texts.clone(),
            rows: Vec::with_capacity(rows.len()),
            files: self.files[..1]
                .iter()
                .map(|file| Arc::clone(&file.name))
                .collect(),
            attributes: columns.map(attributes::column).collect(),
            answers: long.shape.columns(&cells),
            ..Responses::default()
        };
        let mut attributes = self.framework.attributes.iter();
        let name = attributes.position(|attribute| fold(&attribute.column) == "name");
        let same = |a: &Place, b: &Place| a.unit_in(shards) == b.unit_in(shards);
        for unit in rows.chunk_by(same) {
            let mut stated = None;
            for place in unit {
                let (table, row) = place.of(shards);
                let to = responses.rows.len();
                for (column, from) in responses.attributes.iter_mut().zip(&table.attributes) {
                    attributes::copy(from, row, column);
                }
                let called = name.and_then(|at| responses.attributes[at].text(to).cloned());
                stated = stated.or(called);
                responses.rows.push(Row {
                    unit: responses.units.len(),
                    period: periods.places[table.period(row) as usize],
                    keys: Vec::new(),
                    file: 0,
                    line: 0,
                });
            }
            let (table, row) = unit.first()?.of(shards);
            let id = table.unit(row).to_string();
            let key = Key::new(&id, "", "");
            if order == Order::Ascending {
                let before = responses.units.last();
                let before = before.map(|before| Key::new(&before.id, "", ""));
                facts.disorder |= before.is_some_and(|before| !before.precedes(key));
            } else {
                facts.keys.push(key.hashed());
            }
            if responses.units.is_empty() {
                facts.first = key.owned();
            }
            facts.last = key.owned();
            let (unit, country) = self.unit(&id, stated.as_deref().unwrap_or(""));
            let country = country.map(|country| (country, hash(key.unit)));
            facts.countries.extend(country);
            responses.units.push(unit);
        }
        facts.rows = rows.len();
        facts.periods.clone_from(&responses.periods);
        Some(responses)
    }
}

/// The pace at which records of one answer are read.
pub(super) fn longer(pace: Pace) -> Pace {
    Pace {
        size: pace.size * LONGER,
        ..pace
    }
}

/// A number of a record, a row or a text: memory ends long before there are too many.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
