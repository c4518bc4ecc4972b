//! What raw texts turned out to mean, so that " Yes " costs once; and numbers that are written plainly.
//!
//! A survey has few different answers: nearly every cell is found here by its bytes, without a look at its letters. What
//! is not goes to the [`Decoder`], which alone knows what an answer means.

use std::collections::HashMap;

use wide::u8x16;

use super::answers::{Decoder, Manner, Plain, Read, Refusal};
use super::number::{Decimal, LONGEST_PLAIN, Thousands};
use super::records::Edges;
use super::{Answer, Column, Mark, parts, whole};
use crate::framework::Gap;

/// Longest text in bytes that is found by its bytes.
pub(super) const SHORT: usize = LONGEST_PLAIN;

/// Rows that are enough to meet most spellings.
const LEARNT_FROM: usize = 16;

/// Most spellings that are remembered, short ones and long ones each.
const REMEMBERED: usize = 4096;

/// What the texts of one indicator mean, in files that are written in one manner.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    short: Table,
    long: HashMap<String, Answer>,
    manner: Option<Manner>,
    plain: Option<Plain>,
    /// Only lent.
    room: Column,
}

/// Where the cells of a row start among those of all rows, and how many it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) first: u32,
    pub(super) cells: u32,
}

/// Where the cells of rows stand among all.
#[derive(Clone, Debug)]
pub(super) struct Spans {
    each: Vec<Span>,
    /// Where the first row's cells start and how many every row has, if all have as many and stand one behind the other.
    even: Option<(usize, usize)>,
}

impl Spans {
    pub(super) fn new(each: Vec<Span>) -> Self {
        let first = each.first().copied();
        let even = first.filter(|first| {
            let mut next = first.first;
            each.iter().all(|span| {
                let follows = span.first == next && span.cells == first.cells;
                next = next.wrapping_add(first.cells);
                follows
            })
        });
        Self {
            even: even.map(|first| (first.first as usize, first.cells as usize)),
            each,
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.each.len()
    }

    /// Position of a row's cell in `column`; behind all cells if it has none.
    fn place(&self, row: usize, column: usize) -> usize {
        let span = self.each[row];
        if column < span.cells as usize {
            span.first as usize + column
        } else {
            usize::MAX
        }
    }
}

/// Cells of many rows.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) text: &'a str,
    /// Where every cell starts and ends in `text`.
    pub(super) edges: Edges<'a>,
    pub(super) count: usize,
    /// The cells that are not found there.
    pub(super) aside: &'a dyn Fn(usize) -> &'a str,
}

/// What a cell says until it is looked at closely: no answer's value.
const UNKNOWN: (f64, Mark) = (f64::NAN, Mark::Unanswered);

/// How the short cells of a column are read.
trait Reader {
    /// What the first so many of these bytes say in this row, if that is known.
    fn read(&mut self, bytes: &[u8; SHORT], length: usize, row: usize) -> Option<(f64, Mark)>;
}

#[expect(
    clippy::inline_always,
    reason = "each reader has a loop of its own, and what it knows of itself beforehand counts there"
)]
impl Cells<'_> {
    /// The cells in `column`, one a row, short ones as `reader` reads them. The rows without a cell, with a longer one or one
    /// that it knows nothing of have [`UNKNOWN`]: says whether there are any.
    #[inline(always)]
    fn column(
        &self,
        spans: &Spans,
        column: usize,
        mut found: Column,
        mut reader: impl Reader,
    ) -> (Column, bool) {
        // What it held is written over.
        found.values.resize(spans.len(), 0.0);
        found.marks.resize(spans.len(), Mark::Unanswered);
        let unknown = match (spans.even, self.edges.signs()) {
            (Some((first, width)), Some(signs)) if column < width => {
                let mut next = first + column;
                let cells = std::iter::repeat_with(|| {
                    let cell = signs.around(next);
                    next += width;
                    cell
                });
                self.each(cells, &mut found, &mut reader)
            }
            _ => {
                let cells = (0..spans.len()).map(|row| self.edges.get(spans.place(row, column)));
                self.each(cells, &mut found, &mut reader)
            }
        };
        (found, unknown)
    }

    /// It calls nothing, for a call would cost the registers of the loop.
    #[inline(always)]
    fn each(
        &self,
        mut edges: impl Iterator<Item = Option<(usize, usize)>>,
        found: &mut Column,
        reader: &mut impl Reader,
    ) -> bool {
        let mut unknown = false;
        let text = self.text.as_bytes();
        let cells = found.values.iter_mut().zip(&mut found.marks);
        for (row, (value, mark)) in cells.enumerate() {
            let Some(edges) = edges.next() else { break };
            let known = edges.and_then(|(start, end)| {
                let length = end.wrapping_sub(start);
                let bytes = text.get(start..start + SHORT);
                let short = bytes.and_then(|bytes| bytes.first_chunk());
                let short = short.filter(|_| length <= SHORT);
                short.and_then(|bytes| reader.read(bytes, length, row))
            });
            if let Some(known) = known {
                (*value, *mark) = known;
            } else {
                (*value, *mark) = UNKNOWN;
                unknown = true;
            }
        }
        unknown
    }
}

/// What is odd in a column, by position of the row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Oddities {
    pub(super) refused: Vec<(usize, Refusal)>,
    /// The first number with a decimal point and the first with a decimal comma.
    pub(super) point: Option<usize>,
    pub(super) comma: Option<usize>,
    pub(super) thousands: Thousands<usize>,
}

impl Oddities {
    fn sign(&mut self, row: usize, decimal: Option<Decimal>) {
        let Some(decimal) = decimal else { return };
        let known = if decimal.sign == '.' {
            &mut self.point
        } else {
            &mut self.comma
        };
        known.get_or_insert(row);
        self.thousands.see(decimal, || row);
    }
}

impl Memory {
    /// What `cell` says.
    pub(super) fn read(
        &mut self,
        decoder: &Decoder<'_>,
        cell: &str,
        manner: Manner,
    ) -> Result<Read, Refusal> {
        if cell.is_empty() {
            return Ok(Answer::Missing(Gap::Unanswered).into());
        }
        self.prepare(decoder, manner);
        let known = match padded(cell) {
            Some(bytes) => {
                let plain = self.plain.as_ref();
                if let Some(read) = plain.and_then(|plain| plain.read(&bytes, cell.len())) {
                    return Ok(read);
                }
                self.short.known().find(Key::new(bytes)).map(Slot::answer)
            }
            None => self.long.get(cell).copied(),
        };
        match known {
            Some(answer) => Ok(answer.into()),
            None => self.ask(decoder, cell, manner),
        }
    }

    /// What the first so many bytes of `cell` say if they were read before, or are a plain number; only for files that are
    /// all written in one manner.
    #[inline]
    pub(super) fn known(&self, cell: &[u8; SHORT], length: usize) -> Option<Read> {
        let plain = self.plain.as_ref();
        if let Some(read) = plain.and_then(|plain| plain.read(cell, length)) {
            return Some(read);
        }
        let (value, mark) = self.short.known().meaning(cell, length)?;
        Some(whole(value, mark).into())
    }

    /// What the cells in `column` of these rows say; a refused one stays unanswered.
    pub(super) fn column(
        &mut self,
        decoder: &Decoder<'_>,
        cells: Cells<'_>,
        (spans, column): (&Spans, usize),
        manner: Manner,
        oddities: &mut Oddities,
    ) -> Column {
        self.prepare(decoder, manner);
        self.learn(decoder, cells, (spans, column), manner);
        let (short, room) = (&self.short, std::mem::take(&mut self.room));
        let (mut found, unknown) = match &self.plain {
            Some(plain) => {
                let numbers = Numbers {
                    plain,
                    codes: short.known(),
                    oddities,
                };
                numbers.column(cells, spans, column, room)
            }
            None => short.column(cells, spans, column, room),
        };
        let rows = if unknown { spans.len() } else { 0 };
        for row in 0..rows {
            if !found.values[row].is_nan() {
                continue;
            }
            found.values[row] = 0.0;
            let at = spans.place(row, column);
            if at >= cells.count {
                continue;
            }
            match self.read(decoder, (cells.aside)(at), manner) {
                Ok(read) => {
                    (found.values[row], found.marks[row]) = parts(read.answer);
                    oddities.sign(row, read.decimal);
                }
                Err(refusal) => oddities.refused.push((row, refusal)),
            }
        }
        found
    }

    /// Reads a few cells where nothing is known yet, so that the others are found by their bytes.
    fn learn(
        &mut self,
        decoder: &Decoder<'_>,
        cells: Cells<'_>,
        (spans, column): (&Spans, usize),
        manner: Manner,
    ) {
        if self.short.used > 1 || self.plain.is_some() {
            return;
        }
        let places = (0..spans.len().min(LEARNT_FROM)).map(|row| spans.place(row, column));
        for place in places.filter(|place| *place < cells.count) {
            // What is wrong with it is told when its row is read.
            let _ = self.read(decoder, (cells.aside)(place), manner);
        }
    }

    /// Takes a column that nobody needs any more: what is read next takes its place.
    pub(super) fn lend(&mut self, room: Column) {
        self.room = room;
    }

    /// Forgets what was learnt in files of another manner.
    fn prepare(&mut self, decoder: &Decoder<'_>, manner: Manner) {
        if self.manner != Some(manner) {
            *self = Self {
                manner: Some(manner),
                plain: decoder.plain(manner),
                ..Self::default()
            };
            self.short
                .insert(Key::default(), Answer::Missing(Gap::Unanswered));
        }
    }

    #[cold]
    fn ask(&mut self, decoder: &Decoder<'_>, cell: &str, manner: Manner) -> Result<Read, Refusal> {
        let mut read = decoder.read(cell, manner)?;
        read.answer = decoder.counted(read.answer);
        // Numbers hardly repeat.
        let repeats = !decoder.is_number() || !matches!(read.answer, Answer::Given(_));
        if repeats {
            match padded(cell) {
                Some(bytes) => self.short.insert(Key::new(bytes), read.answer),
                None if self.long.len() < REMEMBERED => {
                    self.long.insert(cell.to_owned(), read.answer);
                }
                None => {}
            }
        }
        Ok(read)
    }
}

/// Numbers, and the codes among them.
struct Numbers<'m> {
    plain: &'m Plain,
    codes: Known<'m>,
    oddities: &'m mut Oddities,
}

impl Numbers<'_> {
    /// See [`Cells::column`].
    #[inline(never)]
    fn column(
        self,
        cells: Cells<'_>,
        spans: &Spans,
        column: usize,
        room: Column,
    ) -> (Column, bool) {
        cells.column(spans, column, room, self)
    }
}

impl Reader for Numbers<'_> {
    #[expect(clippy::inline_always, reason = "every number comes by here")]
    #[inline(always)]
    fn read(&mut self, bytes: &[u8; SHORT], length: usize, row: usize) -> Option<(f64, Mark)> {
        let Some(read) = self.plain.read(bytes, length) else {
            return self.codes.meaning(bytes, length);
        };
        self.oddities.sign(row, read.decimal);
        Some(parts(read.answer))
    }
}

/// The bytes of a short text, zeros behind them. Texts hold no zero bytes, so that no two of them have the same ones.
type Key = u8x16;

/// A short text with zeros behind it.
pub(super) fn padded(cell: &str) -> Option<[u8; SHORT]> {
    let mut bytes = [0; SHORT];
    bytes
        .get_mut(..cell.len())?
        .copy_from_slice(cell.as_bytes());
    Some(bytes)
}

/// What remains of 16 bytes that only so many of belong to a text.
const MASKS: [Key; SHORT + 1] = {
    let mut masks = [Key::new([0; SHORT]); SHORT + 1];
    let (mut length, mut mask) = (0, [0; SHORT]);
    while length < SHORT {
        mask[length] = u8::MAX;
        length += 1;
        masks[length] = Key::new(mask);
    }
    masks
};

/// Answers by the bytes of their texts: open addressing, at most a quarter full, so that the first look mostly finds; in the
/// smallest table it always does.
#[derive(Clone, Debug, Default)]
struct Table {
    /// As many as a power of two.
    slots: Vec<Slot>,
    /// See [`shift`] and [`place`].
    shift: u32,
    factor: u64,
    used: usize,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    key: Key,
    value: f64,
    mark: Mark,
}

impl Slot {
    /// Its key is the bytes of no text.
    const FREE: Self = Self {
        key: Key::new([u8::MAX; SHORT]),
        value: 0.0,
        mark: Mark::Unanswered,
    };

    /// Whether this is its key.
    #[inline]
    fn is_at(&self, key: Key) -> bool {
        self.key.simd_eq(key).to_bitmask() == 0xFFFF
    }

    fn is_free(&self) -> bool {
        self.is_at(Self::FREE.key)
    }

    fn answer(&self) -> Answer {
        whole(self.value, self.mark)
    }
}

impl Table {
    /// Slots of a table of up to eight texts, as most are.
    const SMALLEST: usize = 32;

    /// How many factors are tried that may give every text of the smallest table a slot of its own: of those for eight texts,
    /// two in five do. Texts that none of them parts are found by another look.
    const TRIED: usize = 100;

    #[inline]
    fn known(&self) -> Known<'_> {
        Known {
            slots: &self.slots,
            shift: self.shift,
            factor: self.factor,
        }
    }

    /// See [`Cells::column`]. A function of its own, for every register counts in its loop: in the smallest table one look is
    /// enough, and its place needs none at how many there are.
    #[inline(never)]
    fn column(
        &self,
        cells: Cells<'_>,
        spans: &Spans,
        column: usize,
        room: Column,
    ) -> (Column, bool) {
        let smallest: Result<&[Slot; Self::SMALLEST], _> = self.slots.as_slice().try_into();
        match smallest {
            Ok(slots) => {
                let factor = self.factor;
                cells.column(spans, column, room, AtOnce { slots, factor })
            }
            Err(_) => cells.column(spans, column, room, self.known()),
        }
    }

    fn insert(&mut self, key: Key, answer: Answer) {
        if self.used >= REMEMBERED {
            return;
        }
        if self.slots.len() < 4 * (self.used + 1) {
            let larger = (self.slots.len() * 2).max(Self::SMALLEST);
            self.place_anew(larger, FACTOR);
        }
        let (value, mark) = parts(answer);
        let mut at_once = self.put(Slot { key, value, mark });
        self.used += 1;
        let mut tried = 1;
        while self.slots.len() == Self::SMALLEST && !at_once && tried < Self::TRIED {
            // Odd times odd is odd.
            at_once = self.place_anew(Self::SMALLEST, self.factor.wrapping_mul(FACTOR));
            tried += 1;
        }
    }

    /// Places all among so many slots by this factor; says whether each is found at once.
    fn place_anew(&mut self, slots: usize, factor: u64) -> bool {
        let old = std::mem::replace(&mut self.slots, vec![Slot::FREE; slots]);
        self.shift = shift(slots);
        self.factor = factor;
        let mut at_once = true;
        for slot in old.into_iter().filter(|slot| !slot.is_free()) {
            at_once &= self.put(slot);
        }
        at_once
    }

    /// Says whether it is found at once.
    fn put(&mut self, slot: Slot) -> bool {
        let first = place(slot.key, self.factor, self.shift);
        let mut at = first;
        while !self.slots[at].is_free() {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = slot;
        at == first
    }
}

/// How many bits of 64 are too many for a position among so many slots.
const fn shift(slots: usize) -> u32 {
    u64::BITS - slots.trailing_zeros()
}

/// A factor of splitmix64 (Steele et al. 2014), whose bytes are all far from 0 and from each other; so are those of most of
/// its powers.
const FACTOR: u64 = 0x94D0_49BB_1331_11EB;

/// Where to look first: the factor scatters what differs in any byte into the highest bits.
#[inline]
#[allow(clippy::cast_possible_truncation)] // both halves are wanted
fn place(key: Key, factor: u64, shift: u32) -> usize {
    let key = u128::from_le_bytes(key.to_array());
    let mixed = (key as u64).wrapping_add((key >> 64) as u64);
    (mixed.wrapping_mul(factor) >> (shift % u64::BITS)) as usize
}

/// A look into the smallest table.
#[derive(Clone, Copy)]
struct AtOnce<'t> {
    slots: &'t [Slot; Table::SMALLEST],
    factor: u64,
}

impl Reader for AtOnce<'_> {
    #[inline]
    fn read(&mut self, bytes: &[u8; SHORT], length: usize, _row: usize) -> Option<(f64, Mark)> {
        let key = Key::new(*bytes) & MASKS[length];
        let slot = &self.slots[place(key, self.factor, const { shift(Table::SMALLEST) })];
        slot.is_at(key).then_some((slot.value, slot.mark))
    }
}

/// A look into a table.
#[derive(Clone, Copy)]
struct Known<'t> {
    slots: &'t [Slot],
    shift: u32,
    factor: u64,
}

#[expect(
    clippy::inline_always,
    reason = "how many slots there are is known where it is called"
)]
impl<'t> Known<'t> {
    /// The slot with this key.
    #[inline(always)]
    fn find(self, key: Key) -> Option<&'t Slot> {
        let mut at = place(key, self.factor, self.shift);
        loop {
            let slot = self.slots.get(at)?;
            if slot.is_at(key) {
                return Some(slot);
            }
            if slot.is_free() {
                return None;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// What a text means.
    #[inline(always)]
    fn meaning(self, bytes: &[u8; SHORT], length: usize) -> Option<(f64, Mark)> {
        let slot = self.find(Key::new(*bytes) & MASKS[length])?;
        Some((slot.value, slot.mark))
    }
}

impl Reader for Known<'_> {
    #[inline]
    fn read(&mut self, bytes: &[u8; SHORT], length: usize, _row: usize) -> Option<(f64, Mark)> {
        self.meaning(bytes, length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_their_bytes() {
        let mut table = Table::default();
        let texts: Vec<String> = (0..1000).map(|n| format!("answer {n}")).collect();
        let key = |text: &str| Key::new(padded(text).expect("it is short"));
        assert!(table.known().find(Key::default()).is_none());
        for (at, text) in texts.iter().enumerate() {
            assert!(table.known().find(key(text)).is_none());
            table.insert(key(text), Answer::Given(at as f64));
        }
        for (at, text) in texts.iter().enumerate() {
            let found = table.known().find(key(text)).map(Slot::answer);
            assert_eq!(found, Some(Answer::Given(at as f64)));
        }
        assert!(table.known().find(key("answer")).is_none());
    }

    #[test]
    fn texts_that_differ_in_one_byte_are_found_at_once() {
        for byte in 0..SHORT {
            let mut table = Table::default();
            for letter in b'a'..=b'g' {
                let mut bytes = *b"the answer is no";
                bytes[byte] = letter;
                table.insert(Key::new(bytes), Answer::Given(f64::from(letter)));
            }
            for slot in table.slots.iter().filter(|slot| !slot.is_free()) {
                let found = &table.slots[place(slot.key, table.factor, table.shift)];
                assert!(found.is_at(slot.key), "byte {byte}");
            }
        }
    }

    #[test]
    fn texts_that_no_factor_parts_are_found_by_another_look() {
        let mut table = Table::default();
        // The sum of both halves is the same.
        let key = |first: u8| {
            let mut bytes = [b'a'; SHORT];
            (bytes[0], bytes[8]) = (first, 200 - first);
            Key::new(bytes)
        };
        for first in b'A'..=b'F' {
            table.insert(key(first), Answer::Given(f64::from(first)));
        }
        for first in b'A'..=b'F' {
            let found = table.known().find(key(first)).map(Slot::answer);
            assert_eq!(found, Some(Answer::Given(f64::from(first))));
        }
    }

    #[test]
    fn a_mask_leaves_the_text() {
        let bytes = *b"yes,no\nyes,no\nye";
        for length in 0..=SHORT {
            let masked = (Key::new(bytes) & MASKS[length]).to_array();
            let text = str::from_utf8(&bytes[..length]).expect("letters");
            assert_eq!(Some(masked), padded(text));
        }
    }
}
