//! Texts numbered in order of first appearance, many millions of times a second: short ones are found by their bytes.

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};
use std::hint::black_box;

use super::memory::padded;

/// Longest text in bytes that is found by its bytes alone.
pub(super) const SHORT: usize = 16;

/// What a text is found by: the bytes of a short one, a hash of a longer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    low: u64,
    high: u64,
}

impl Key {
    /// No text's: texts hold no zero bytes.
    pub(super) const NONE: Self = Self {
        low: 0,
        high: 1 << 63,
    };

    /// That of the text that the first so many of these bytes are, if it is short.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a key is made in registers")]
    pub(super) fn of(bytes: [u8; SHORT], length: usize) -> Option<Self> {
        let all = u128::from_le_bytes(bytes);
        MASKS.get(length).map(|mask| Self::whole(all & mask))
    }

    /// That of a short text.
    fn short(text: &str) -> Option<Self> {
        let bytes = padded(text)?;
        Some(Self::whole(u128::from_le_bytes(bytes)))
    }

    /// That of two numbers, which are found as texts are.
    pub(super) fn pair(first: u32, second: u32) -> Self {
        Self {
            low: first.into(),
            high: second.into(),
        }
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // both halves are wanted
    fn whole(all: u128) -> Self {
        Self {
            low: all as u64,
            high: (all >> 64) as u64,
        }
    }

    /// Whether a text is longer than its key: no text ends with the byte 255, which UTF-8 does not have.
    #[inline]
    pub(super) fn is_hash(self) -> bool {
        self.high >> 56 == 0xFF
    }

    fn bytes(self) -> [u8; SHORT] {
        (u128::from(self.high) << 64 | u128::from(self.low)).to_le_bytes()
    }
}

/// What remains of 16 bytes that only so many of belong to a text.
const MASKS: [u128; SHORT + 1] = {
    let mut masks = [0; SHORT + 1];
    let mut length = 0;
    while length < SHORT {
        masks[length + 1] = masks[length] << 8 | 0xFF;
        length += 1;
    }
    masks
};

/// How keys are made and scattered: differently in every run, so that no file can be written against it. Nothing that
/// leaves [`Texts`] depends on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Scatter {
    state: RandomState,
    seeds: [u64; 2],
}

impl Scatter {
    pub(super) fn new() -> Self {
        let state = RandomState::new();
        let seeds = [state.hash_one(0), state.hash_one(1)];
        Self { state, seeds }
    }

    /// The key of `text`.
    #[inline]
    pub(super) fn key(&self, text: &str) -> Key {
        Key::short(text).unwrap_or_else(|| self.hash(text))
    }

    #[cold]
    fn hash(&self, text: &str) -> Key {
        let hash = self.state.hash_one(text);
        Key {
            low: hash,
            high: 0xFF << 56 | (text.len() as u64 & 0xFFFF_FFFF),
        }
    }

    /// A number that is as good as drawn for `key`: the halves of a product of 128 bits, one over the other.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // both halves are wanted
    pub(super) fn place(&self, key: Key) -> u64 {
        let [low, high] = [key.low ^ self.seeds[0], key.high ^ self.seeds[1]];
        let product = u128::from(low) * u128::from(high | 1);
        (product as u64) ^ (product >> 64) as u64
    }
}

/// How far behind the text before it one is looked for where texts come in the same order again; some may be left out.
const IN_TURN: usize = 4;

/// Texts, each with its number.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    scatter: Scatter,
    /// Open addressing, at most half full, so that the first look mostly finds.
    slots: Vec<Slot>,
    keys: Vec<Key>,
    /// By number, as far as there is one: the text that is longer than its key.
    long: Vec<Box<str>>,
    /// The one that was found last.
    last: usize,
    last_key: Key,
    /// Whether it is found behind the one before it.
    in_turn: bool,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    key: Key,
    number: u32,
}

const FREE: Slot = Slot {
    key: Key::NONE,
    number: 0,
};

impl Texts {
    /// None yet.
    pub(super) fn new(scatter: &Scatter) -> Self {
        Self {
            scatter: scatter.clone(),
            slots: Vec::new(),
            keys: Vec::new(),
            long: Vec::new(),
            last: 0,
            last_key: Key::NONE,
            in_turn: false,
        }
    }

    /// How many there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.slots.fill(FREE);
        self.keys.clear();
        self.long.clear();
        self.last_key = Key::NONE;
        self.in_turn = false;
    }

    /// The number of `text`, which has this key and need not be given if it is short; a new one has the number that [`Texts::len`] was.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "mostly it is a look at what is near")]
    pub(super) fn number(&mut self, key: Key, text: &str) -> usize {
        if key != self.last_key || !self.is(self.last, key, text) {
            let next = self.last + 1;
            // Where they do not come in turn a look at the next one would cost more than all else, for it is far away, too.
            if self.in_turn && self.keys.get(next) == Some(&key) && self.is(next, key, text) {
                self.last = next;
            } else {
                let found = match self.slots.get(self.place(key)) {
                    Some(slot) if slot.key == key && !key.is_hash() => slot.number as usize,
                    _ => self.another(key, text),
                };
                self.in_turn = is_in_turn(self.last, found);
                self.last = found;
            }
            self.last_key = key;
        }
        self.last
    }

    /// The number of a text that the first look did not find.
    #[inline(never)]
    fn another(&mut self, key: Key, text: &str) -> usize {
        match self.find(key, text) {
            Ok(found) => found,
            Err(at) => self.insert(at, key, text),
        }
    }

    /// The same for a text whose key is not known yet.
    pub(super) fn add(&mut self, text: &str) -> usize {
        self.number(self.scatter.key(text), text)
    }

    /// The number of the short text with this key, if it has one.
    #[inline]
    pub(super) fn known(&self, key: Key) -> Option<usize> {
        self.find(key, "").ok()
    }

    /// The numbers of short texts with these keys, [`UNKNOWN`] of those that have none. It is a look at far places that wait
    /// for each other as little as can be; nothing where texts come in turn, for then the next one is near.
    pub(super) fn look(&self, keys: impl Iterator<Item = Key> + Clone, found: &mut Vec<u32>) {
        found.clear();
        if self.in_turn {
            found.extend(keys.map(|_| UNKNOWN));
            return;
        }
        self.touch(keys.clone());
        let known = |key: Key| (!key.is_hash()).then(|| self.known(key)).flatten();
        found.extend(keys.map(|key| known(key).map_or(UNKNOWN, number)));
    }

    /// Reads where keys are looked for first and does nothing with it: a read that nothing depends on waits for no other,
    /// and what was read is near when it is asked for.
    fn touch(&self, keys: impl Iterator<Item = Key>) {
        let slots = keys.filter_map(|key| self.slots.get(self.place(key)));
        black_box(slots.fold(0, |all, slot| all ^ slot.key.low ^ u64::from(slot.number)));
    }

    /// Goes on behind two that were looked at one after the other.
    pub(super) fn go_on(&mut self, before: usize, last: usize) {
        self.last = last;
        self.last_key = self.keys[last];
        self.in_turn = is_in_turn(before, last);
    }

    /// The number of a text, or the slot where it belongs.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a short text needs half of it")]
    fn find(&self, key: Key, text: &str) -> Result<usize, usize> {
        let mut at = self.place(key);
        while let Some(slot) = self.slots.get(at) {
            if slot.key == key && self.is(slot.number as usize, key, text) {
                return Ok(slot.number as usize);
            }
            if slot.key == Key::NONE {
                break;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        Err(at)
    }

    /// Whether the text with this number, which has this key, is `text`.
    #[inline]
    fn is(&self, number: usize, key: Key, text: &str) -> bool {
        !key.is_hash() || *self.long[number] == *text
    }

    #[cold]
    fn insert(&mut self, mut at: usize, key: Key, text: &str) -> usize {
        let number = self.keys.len();
        if self.slots.len() < 2 * (number + 1) {
            self.grow();
            at = self.free(key);
        }
        self.keys.push(key);
        self.slots[at] = slot(key, number);
        if key.is_hash() {
            self.long.resize_with(number, Box::default);
            self.long.push(Box::from(text));
        }
        number
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // the lower bits are wanted
    fn place(&self, key: Key) -> usize {
        self.scatter.place(key) as usize & self.slots.len().wrapping_sub(1)
    }

    fn grow(&mut self) {
        let larger = (self.slots.len() * 2).max(64);
        self.slots = vec![FREE; larger];
        for (number, &key) in self.keys.iter().enumerate() {
            let at = self.free(key);
            self.slots[at] = slot(key, number);
        }
    }

    /// The first free slot for a key.
    fn free(&self, key: Key) -> usize {
        let mut at = self.place(key);
        while self.slots[at].key != Key::NONE {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    /// The text with this number.
    pub(super) fn get(&self, number: usize) -> Text<'_> {
        match self.keys[number] {
            key if key.is_hash() => Text::Long(&self.long[number]),
            key => Text::Short(key),
        }
    }
}

fn slot(key: Key, text: usize) -> Slot {
    let number = number(text);
    Slot { key, number }
}

/// A text's number in few bytes: memory ends long before there are too many.
pub(super) fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(UNKNOWN)
}

/// The number of a text that is not there.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// Whether one text comes so closely behind another that the next one is looked for there.
fn is_in_turn(before: usize, text: usize) -> bool {
    text.wrapping_sub(before + 1) < IN_TURN
}

/// One of [`Texts`].
#[derive(Clone, Copy)]
pub(super) enum Text<'t> {
    Short(Key),
    Long(&'t str),
}

impl Text<'_> {
    /// Orders texts by their bytes.
    pub(super) fn compare(self, other: Text<'_>) -> Ordering {
        match (self, other) {
            (Text::Short(a), Text::Short(b)) => a.bytes().cmp(&b.bytes()),
            (a, b) => a.to_string().cmp(&b.to_string()),
        }
    }
}

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = match self {
            Self::Short(key) => key.bytes(),
            Self::Long(text) => return f.write_str(text),
        };
        let end = bytes.iter().position(|&byte| byte == 0);
        // They were those of a text.
        let text = std::str::from_utf8(&bytes[..end.unwrap_or(SHORT)]);
        f.write_str(text.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_any_length_are_numbered_as_they_come() {
        let mut texts = Texts::new(&Scatter::new());
        let all: Vec<String> = (0..3000)
            .map(|at| format!("{}{at}", "é".repeat(at % 20)))
            .chain((0..40).map(|length| "x".repeat(length)))
            .collect();
        for round in 0..2 {
            for (at, text) in all.iter().enumerate() {
                let key = texts.scatter.key(text);
                assert_eq!(texts.len(), if round == 0 { at } else { all.len() });
                assert_eq!(texts.number(key, text), at, "{text}");
                assert_eq!(texts.get(at).to_string(), *text);
            }
        }
        texts.clear();
        assert_eq!(texts.number(texts.scatter.key("a"), "a"), 0);
    }

    #[test]
    fn a_look_finds_short_texts_that_are_known() {
        let mut texts = Texts::new(&Scatter::new());
        let all: Vec<String> = (0..500).map(|at| format!("U{at}")).collect();
        for text in &all {
            texts.add(text);
        }
        let keys: Vec<Key> = all.iter().map(|text| texts.scatter.key(text)).collect();
        let mut found = Vec::new();
        texts.look(keys.iter().copied(), &mut found);
        assert!(found.iter().all(|&found| found == UNKNOWN), "in turn");
        texts.go_on(7, 3);
        let long = "a text that is longer than its key";
        texts.add(long);
        texts.go_on(7, 3);
        let others = (0..500).map(|at| texts.scatter.key(&format!("V{at}")));
        let others = others.chain([texts.scatter.key(long)]);
        texts.look(keys.iter().copied().chain(others), &mut found);
        let (known, unknown) = found.split_at(500);
        assert!(known.iter().copied().eq(0..500));
        assert!(unknown.iter().all(|&found| found == UNKNOWN));
        // Where they come in turn the next one is near.
        texts.go_on(3, 4);
        texts.look(keys.iter().copied(), &mut found);
        assert!(found.iter().all(|&found| found == UNKNOWN));
        assert_eq!(texts.number(keys[5], ""), 5);
        assert_eq!(texts.number(keys[490], ""), 490);
    }

    #[test]
    fn texts_are_ordered_by_their_bytes() {
        let mut texts = Texts::new(&Scatter::new());
        let all = [
            "",
            "B",
            "Ba",
            "a",
            "é",
            "U00000000000001",
            "U00000000000001x",
            "U000000000000001x",
            "z",
        ];
        for text in all {
            texts.number(texts.scatter.key(text), text);
        }
        for (a, first) in all.iter().enumerate() {
            for (b, second) in all.iter().enumerate() {
                assert_eq!(texts.get(a).compare(texts.get(b)), first.cmp(second));
            }
        }
    }
}
