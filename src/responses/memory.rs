//! What raw texts turned out to mean, so that " Yes " costs once; and numbers that are written plainly.
//!
//! A survey has few different answers: nearly every cell is found here by its bytes, without a look at its letters. What
//! is not goes to the [`Decoder`], which alone knows what an answer means.

use std::collections::HashMap;

use wide::u8x16;

use super::answers::{Decoder, Manner, Plain, Read, Refusal};
use super::number::LONGEST_PLAIN;
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
    missed: Vec<u32>,
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
    pub(super) starts: &'a [u32],
    pub(super) ends: &'a [u32],
    /// The cells that are not found there.
    pub(super) aside: &'a dyn Fn(usize) -> &'a str,
}

impl Cells<'_> {
    /// The cells in `column`, one a row, short ones as `read` says: it is given the cell's bytes, how many of them are its
    /// own, and the row. The rows without a cell, with a longer one or one that `read` knows nothing of are unanswered, and
    /// the first ones in `missed`: says how many.
    #[inline]
    fn column(
        &self,
        spans: &Spans,
        column: usize,
        missed: &mut Vec<u32>,
        mut found: Column,
        read: impl FnMut(&[u8; SHORT], usize, usize) -> Option<(f64, Mark)>,
    ) -> (Column, usize) {
        // What it held is written over.
        found.values.resize(spans.len(), 0.0);
        found.marks.resize(spans.len(), Mark::Unanswered);
        if missed.len() < spans.len() {
            missed.resize(spans.len(), 0);
        }
        let count = match spans.even {
            Some((first, width)) if column < width => {
                let mut next = first + column;
                let places = std::iter::repeat_with(|| {
                    let place = next;
                    next += width;
                    place
                });
                self.each(places, &mut found, missed, read)
            }
            _ => {
                let places = (0..spans.len()).map(|row| spans.place(row, column));
                self.each(places, &mut found, missed, read)
            }
        };
        (found, count)
    }

    /// Says how many are missed. It calls nothing, for a call would cost the registers of the loop.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // a piece has far fewer rows
    fn each(
        &self,
        mut places: impl Iterator<Item = usize>,
        found: &mut Column,
        missed: &mut [u32],
        mut read: impl FnMut(&[u8; SHORT], usize, usize) -> Option<(f64, Mark)>,
    ) -> usize {
        let mut count = 0;
        let (text, starts) = (self.text.as_bytes(), self.starts);
        let ends = &self.ends[..starts.len()];
        let cells = found.values.iter_mut().zip(&mut found.marks);
        for (row, (value, mark)) in cells.enumerate() {
            let Some(at) = places.next() else { break };
            let known = match (starts.get(at), ends.get(at)) {
                (Some(&start), Some(&end)) => {
                    let (start, length) = (start as usize, end.wrapping_sub(start) as usize);
                    let bytes = text.get(start..start + SHORT);
                    let short = bytes.and_then(|bytes| bytes.first_chunk());
                    let short = short.filter(|_| length <= SHORT);
                    short.and_then(|bytes| read(bytes, length, row))
                }
                _ => None,
            };
            if let Some(known) = known {
                (*value, *mark) = known;
            } else {
                (*value, *mark) = (0.0, Mark::Unanswered);
                missed[count] = row as u32;
                count += 1;
            }
        }
        count
    }
}

/// What is odd in a column, by position of the row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Oddities {
    pub(super) refused: Vec<(usize, Refusal)>,
    /// The first number with a decimal point and the first with a decimal comma.
    pub(super) point: Option<usize>,
    pub(super) comma: Option<usize>,
}

impl Oddities {
    fn sign(&mut self, row: usize, sign: Option<char>) {
        match sign {
            Some('.') => {
                self.point.get_or_insert(row);
            }
            Some(_) => {
                self.comma.get_or_insert(row);
            }
            None => {}
        }
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
                self.short.find(Key::new(bytes)).map(Slot::answer)
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
        let (value, mark) = self.short.meaning(cell, length)?;
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
        let mut missed = std::mem::take(&mut self.missed);
        let (short, room) = (&self.short, std::mem::take(&mut self.room));
        let (mut found, count) = match &self.plain {
            Some(plain) => cells.column(spans, column, &mut missed, room, |bytes, length, row| {
                let Some(read) = plain.read(bytes, length) else {
                    return short.meaning(bytes, length);
                };
                oddities.sign(row, read.decimal);
                Some(parts(read.answer))
            }),
            None => short.column(cells, spans, column, &mut missed, room),
        };
        for row in missed[..count].iter().map(|row| *row as usize) {
            let at = spans.place(row, column);
            if at >= cells.ends.len() {
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
        self.missed = missed;
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
        for place in places.filter(|place| *place < cells.ends.len()) {
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

/// Answers by the bytes of their texts: open addressing, at most a quarter full, so that the first look mostly finds.
#[derive(Clone, Debug, Default)]
struct Table {
    /// As many as a power of two.
    slots: Vec<Slot>,
    /// How many bits of 64 are too many for a position among them.
    shift: u32,
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
    const SMALLEST: usize = 32;

    #[inline]
    fn find(&self, key: Key) -> Option<&Slot> {
        let mut at = self.place(key);
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

    /// See [`Cells::column`]. A function of its own, for every register counts in its loop.
    #[inline(never)]
    fn column(
        &self,
        cells: Cells<'_>,
        spans: &Spans,
        column: usize,
        missed: &mut Vec<u32>,
        room: Column,
    ) -> (Column, usize) {
        cells.column(spans, column, missed, room, |bytes, length, _| {
            self.meaning(bytes, length)
        })
    }

    /// What a text means, if that is known.
    #[inline]
    fn meaning(&self, bytes: &[u8; SHORT], length: usize) -> Option<(f64, Mark)> {
        let slot = self.find(Key::new(*bytes) & MASKS[length])?;
        Some((slot.value, slot.mark))
    }

    /// Where to look first: the factor scatters what differs in any byte into the highest bits (a factor of splitmix64, Steele
    /// et al. 2014, whose bytes are all far from 0 and from each other).
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // both halves are wanted
    fn place(&self, key: Key) -> usize {
        let key = u128::from_le_bytes(key.to_array());
        let mixed = (key as u64).wrapping_add((key >> 64) as u64);
        (mixed.wrapping_mul(0x94D0_49BB_1331_11EB) >> (self.shift % u64::BITS)) as usize
    }

    fn insert(&mut self, key: Key, answer: Answer) {
        if self.used >= REMEMBERED {
            return;
        }
        if self.slots.len() < 4 * (self.used + 1) {
            let larger = (self.slots.len() * 2).max(Self::SMALLEST);
            let old = std::mem::replace(&mut self.slots, vec![Slot::FREE; larger]);
            self.shift = u64::BITS - larger.trailing_zeros();
            for slot in old.into_iter().filter(|slot| !slot.is_free()) {
                self.put(slot);
            }
        }
        let (value, mark) = parts(answer);
        self.put(Slot { key, value, mark });
        self.used += 1;
    }

    fn put(&mut self, slot: Slot) {
        let mut at = self.place(slot.key);
        while !self.slots[at].is_free() {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = slot;
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
        assert!(table.find(Key::default()).is_none());
        for (at, text) in texts.iter().enumerate() {
            assert!(table.find(key(text)).is_none());
            table.insert(key(text), Answer::Given(at as f64));
        }
        for (at, text) in texts.iter().enumerate() {
            let found = table.find(key(text)).map(Slot::answer);
            assert_eq!(found, Some(Answer::Given(at as f64)));
        }
        assert!(table.find(key("answer")).is_none());
    }

    #[test]
    fn texts_that_differ_in_one_byte_stand_apart() {
        for place in 0..SHORT {
            let mut table = Table::default();
            for letter in b'a'..=b'g' {
                let mut bytes = *b"the answer is no";
                bytes[place] = letter;
                table.insert(Key::new(bytes), Answer::Given(f64::from(letter)));
            }
            let first = table.slots.iter().filter(|slot| !slot.is_free());
            let at_once = first.filter(|slot| table.slots[table.place(slot.key)].is_at(slot.key));
            assert!(at_once.count() >= 5, "byte {place}");
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
