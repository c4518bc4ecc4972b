//! Texts numbered in order of first appearance, many millions of times a second: short ones are found by their bytes.

use std::cmp::Ordering;
use std::hash::{BuildHasher, RandomState};

/// Longest text in bytes that is found by its bytes alone.
const SHORT: usize = 16;

/// What a text is found by: the bytes of a short one, a hash of a longer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key([u64; 2]);

impl Key {
    /// That of a short text.
    #[inline]
    pub(super) fn short(text: &[u8]) -> Option<Self> {
        short(text).map(Self)
    }

    /// No text's: texts hold no zero bytes.
    const NONE: Self = Self([0, 1 << 63]);

    /// Whether a text is longer than its key: no text ends with the byte 255, which UTF-8 does not have.
    pub(super) fn is_hash(self) -> bool {
        self.0[1] >> 56 == 0xFF
    }
}

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
        Key::short(text.as_bytes()).unwrap_or_else(|| self.hash(text))
    }

    #[cold]
    fn hash(&self, text: &str) -> Key {
        let hash = self.state.hash_one(text);
        Key([hash, 0xFF << 56 | (text.len() as u64 & 0xFFFF_FFFF)])
    }

    /// A number that is as good as drawn for `key`: the halves of a product of 128 bits, one over the other.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // both halves are wanted
    pub(super) fn place(&self, key: Key) -> u64 {
        let [low, high] = [key.0[0] ^ self.seeds[0], key.0[1] ^ self.seeds[1]];
        let product = u128::from(low) * u128::from(high | 1);
        (product as u64) ^ (product >> 64) as u64
    }
}

/// The bytes of a short text as two numbers.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "through memory the two are written one by one and read together, which takes longer than all else"
)]
pub(super) fn short(bytes: &[u8]) -> Option<[u64; 2]> {
    let length = bytes.len();
    // Two looks that may overlap: what both see is the same.
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let first = u64::from_le_bytes(*first);
        return match length {
            8 => Some([first, 0]),
            9..=SHORT => Some([first, u64::from_le_bytes(*last) >> (8 * (SHORT - length))]),
            _ => None,
        };
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let first = u64::from(u32::from_le_bytes(*first));
        let last = u64::from(u32::from_le_bytes(*last));
        return Some([first | last << (8 * (length - 4)), 0]);
    }
    let [a, b, c] = match *bytes {
        [a, b, c] => [a, b, c],
        [a, b] => [a, b, 0],
        [a] => [a, 0, 0],
        _ => [0; 3],
    };
    Some([u64::from(u32::from_le_bytes([a, b, c, 0])), 0])
}

/// Texts, each with its number.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    scatter: Scatter,
    /// Open addressing, at most half full.
    slots: Vec<Slot>,
    keys: Vec<Key>,
    /// By number, as far as there is one: the text that is longer than its key.
    long: Vec<Box<str>>,
    last: usize,
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
            ..Self::default()
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        self.slots.fill(FREE);
        self.keys.clear();
        self.long.clear();
        self.last = 0;
    }

    /// The number of `text`, which has this key and need not be given if it is short; a new one has the number that [`Texts::len`] was.
    #[inline]
    pub(super) fn number(&mut self, key: Key, text: &str) -> usize {
        // The same as before, or the one behind it, where texts come in the same order again.
        let (last, next) = (self.last, self.last + 1);
        if self.keys.get(last) == Some(&key) && self.is(last, key, text) {
            return last;
        }
        if self.keys.get(next) == Some(&key) && self.is(next, key, text) {
            self.last = next;
            return next;
        }
        self.last = self.find(key, text);
        self.last
    }

    /// The same for a text whose key is not known yet.
    pub(super) fn add(&mut self, text: &str) -> usize {
        self.number(self.scatter.key(text), text)
    }

    #[inline]
    fn find(&mut self, key: Key, text: &str) -> usize {
        if self.slots.len() < 2 * (self.keys.len() + 1) {
            self.grow();
        }
        let mut at = self.place(key);
        loop {
            let slot = self.slots[at];
            if slot.key == key && self.is(slot.number as usize, key, text) {
                return slot.number as usize;
            }
            if slot.key == Key::NONE {
                return self.insert(at, key, text);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Whether the text with this number, which has this key, is `text`.
    #[inline]
    fn is(&self, number: usize, key: Key, text: &str) -> bool {
        !key.is_hash() || *self.long[number] == *text
    }

    #[cold]
    fn insert(&mut self, at: usize, key: Key, text: &str) -> usize {
        let number = self.keys.len();
        self.keys.push(key);
        self.slots[at] = Slot {
            key,
            // Memory ends long before.
            number: u32::try_from(number).unwrap_or(u32::MAX),
        };
        if key.is_hash() {
            self.long.resize_with(number, Box::default);
            self.long.push(Box::from(text));
        }
        number
    }

    #[allow(clippy::cast_possible_truncation)] // the lower bits are wanted
    fn place(&self, key: Key) -> usize {
        self.scatter.place(key) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        let larger = (self.slots.len() * 2).max(64);
        let old = std::mem::replace(&mut self.slots, vec![FREE; larger]);
        for slot in old.into_iter().filter(|slot| slot.key != Key::NONE) {
            let mut at = self.place(slot.key);
            while self.slots[at].key != Key::NONE {
                at = (at + 1) & (larger - 1);
            }
            self.slots[at] = slot;
        }
    }

    /// The text with this number.
    pub(super) fn get(&self, number: usize) -> Text<'_> {
        match self.keys[number] {
            key if key.is_hash() => Text::Long(&self.long[number]),
            key => Text::Short(key),
        }
    }
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
            (Text::Short(a), Text::Short(b)) => {
                a.0.map(u64::swap_bytes).cmp(&b.0.map(u64::swap_bytes))
            }
            (a, b) => a.to_string().cmp(&b.to_string()),
        }
    }
}

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Key([low, high]) = match self {
            Self::Short(key) => *key,
            Self::Long(text) => return f.write_str(text),
        };
        let bytes = [low, high].map(u64::to_le_bytes);
        let bytes = bytes.as_flattened();
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
