//! What raw texts turned out to mean, so that " Yes " costs once; and numbers that are written plainly.
//!
//! A survey has few different answers: nearly every cell is found here by its bytes, without a look at its letters. What
//! is not goes to the [`Decoder`], which alone knows what an answer means.

use std::collections::HashMap;

use super::answers::{Decoder, Manner, Plain, Read, Refusal};
use super::{Answer, Column, Mark, parts, whole};
use crate::framework::Gap;

/// Longest text in bytes that is found by its bytes.
const SHORT: usize = 16;

/// Most spellings that are remembered, short ones and long ones each.
const REMEMBERED: usize = 4096;

/// What the texts of one indicator mean, in files that are written in one manner.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    short: Table,
    long: HashMap<String, Answer>,
    manner: Option<Manner>,
    plain: Option<Plain>,
    /// A column that is no longer needed.
    room: Column,
}

/// Where the cells of a column stand: by row, where its cells start among those of all rows, and how many it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) first: u32,
    pub(super) cells: u32,
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
    /// Fills `found` with what `read` makes of every short cell: it is given the cell's bytes, how many of them are its own,
    /// and the row. Returns the rows whose cell is another or that `read` knows nothing of.
    #[inline]
    fn each(
        &self,
        (rows, column): (&[Span], usize),
        found: &mut Column,
        mut read: impl FnMut(&[u8; SHORT], usize, usize) -> Option<(f64, Mark)>,
    ) -> Vec<usize> {
        let text = self.text.as_bytes();
        let mut missed = Vec::new();
        let places = found.values.iter_mut().zip(&mut found.marks);
        for ((row, span), (value, mark)) in rows.iter().enumerate().zip(places) {
            if column >= span.cells as usize {
                continue;
            }
            let at = span.first as usize + column;
            let start = self.starts[at] as usize;
            let length = self.ends[at] as usize - start;
            let bytes = text.get(start..).and_then(|bytes| bytes.first_chunk());
            let short = bytes.filter(|_| length <= SHORT);
            match short.and_then(|bytes| read(bytes, length, row)) {
                Some(known) => (*value, *mark) = known,
                None => missed.push(row),
            }
        }
        missed
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
        let bytes = cell.as_bytes();
        if let Some(read) = self.plain.as_ref().and_then(|plain| plain.read(bytes)) {
            return Ok(read);
        }
        let known = match key_of(bytes) {
            Some(key) => self.short.find(key).map(Slot::answer),
            None => self.long.get(cell).copied(),
        };
        match known {
            Some(answer) => Ok(answer.into()),
            None => self.ask(decoder, cell, manner),
        }
    }

    /// What the cells in `column` of these rows say; a refused one stays unanswered.
    pub(super) fn column(
        &mut self,
        decoder: &Decoder<'_>,
        cells: Cells<'_>,
        (rows, column): (&[Span], usize),
        manner: Manner,
        oddities: &mut Oddities,
    ) -> Column {
        self.prepare(decoder, manner);
        let mut found = std::mem::take(&mut self.room);
        found.blank(rows.len());
        let spans = (rows, column);
        let missed = match &self.plain {
            Some(plain) => cells.each(spans, &mut found, |bytes, length, row| {
                let Some(read) = plain.read(&bytes[..length]) else {
                    return self.short.meaning(bytes, length);
                };
                oddities.sign(row, read.decimal);
                Some(parts(read.answer))
            }),
            None => cells.each(spans, &mut found, |bytes, length, _| {
                self.short.meaning(bytes, length)
            }),
        };
        for row in missed {
            let at = rows[row].first as usize + column;
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

    /// Takes a column that is no longer needed: the next one stands where it stood.
    pub(super) fn take_back(&mut self, column: Column) {
        self.room = column;
    }

    /// Forgets what was learnt in files of another manner.
    fn prepare(&mut self, decoder: &Decoder<'_>, manner: Manner) {
        if self.manner != Some(manner) {
            *self = Self {
                manner: Some(manner),
                plain: decoder.plain(manner),
                ..Self::default()
            };
            self.short.insert(0, Answer::Missing(Gap::Unanswered));
        }
    }

    #[cold]
    fn ask(&mut self, decoder: &Decoder<'_>, cell: &str, manner: Manner) -> Result<Read, Refusal> {
        let read = decoder.read(cell, manner)?;
        // Numbers hardly repeat.
        let repeats = !decoder.is_number() || !matches!(read.answer, Answer::Given(_));
        if repeats {
            match key_of(cell.as_bytes()) {
                Some(key) => self.short.insert(key, read.answer),
                None if self.long.len() < REMEMBERED => {
                    self.long.insert(cell.to_owned(), read.answer);
                }
                None => {}
            }
        }
        Ok(read)
    }
}

/// The bytes of a short text as a number. Texts hold no zero bytes, so that no two of them have the same number.
fn key_of(bytes: &[u8]) -> Option<u128> {
    if bytes.len() > SHORT {
        return None;
    }
    let mut key = [0; SHORT];
    key[..bytes.len()].copy_from_slice(bytes);
    Some(u128::from_le_bytes(key))
}

/// What remains of 16 bytes that only so many of belong to a text.
const MASKS: [u128; SHORT + 1] = {
    let mut masks = [0; SHORT + 1];
    let mut length = 1;
    while length <= SHORT {
        masks[length] = u128::MAX >> (8 * (SHORT - length));
        length += 1;
    }
    masks
};

/// Answers by the bytes of their texts: open addressing, at most a quarter full, so that the first look mostly finds.
#[derive(Clone, Debug, Default)]
struct Table {
    slots: Vec<Slot>,
    used: usize,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    key: u128,
    value: f64,
    mark: Mark,
}

impl Slot {
    /// Its key is the bytes of no text.
    const FREE: Self = Self {
        key: u128::MAX,
        value: 0.0,
        mark: Mark::Unanswered,
    };

    fn answer(&self) -> Answer {
        whole(self.value, self.mark)
    }
}

impl Table {
    const SMALLEST: usize = 32;

    #[inline]
    fn find(&self, key: u128) -> Option<&Slot> {
        let mut at = Self::place(key);
        loop {
            let slot = self.slots.get(at & (self.slots.len().wrapping_sub(1)))?;
            if slot.key == key {
                return Some(slot);
            }
            if slot.key == u128::MAX {
                return None;
            }
            at += 1;
        }
    }

    /// What a text means, if that is known.
    #[inline]
    fn meaning(&self, bytes: &[u8; SHORT], length: usize) -> Option<(f64, Mark)> {
        let slot = self.find(u128::from_le_bytes(*bytes) & MASKS[length])?;
        Some((slot.value, slot.mark))
    }

    /// Where to look first: the golden ratio's bits scatter what differs in any byte (Knuth, The Art of Computer
    /// Programming 3, 6.4).
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // both halves are wanted
    fn place(key: u128) -> usize {
        let mixed = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
        (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize
    }

    fn insert(&mut self, key: u128, answer: Answer) {
        if self.used >= REMEMBERED {
            return;
        }
        if self.slots.len() < 4 * (self.used + 1) {
            let larger = (self.slots.len() * 2).max(Self::SMALLEST);
            let old = std::mem::replace(&mut self.slots, vec![Slot::FREE; larger]);
            for slot in old.into_iter().filter(|slot| slot.key != u128::MAX) {
                self.put(slot);
            }
        }
        let (value, mark) = parts(answer);
        self.put(Slot { key, value, mark });
        self.used += 1;
    }

    fn put(&mut self, slot: Slot) {
        let last = self.slots.len() - 1;
        let mut at = Self::place(slot.key) & last;
        while self.slots[at].key != u128::MAX {
            at = (at + 1) & last;
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
        let key = |text: &str| key_of(text.as_bytes()).expect("it is short");
        assert!(table.find(0).is_none());
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
    fn a_mask_leaves_the_text() {
        let bytes = *b"yes,no\nyes,no\nye";
        for length in 0..=SHORT {
            let masked = u128::from_le_bytes(bytes) & MASKS[length];
            assert_eq!(Some(masked), key_of(&bytes[..length]));
        }
    }
}
