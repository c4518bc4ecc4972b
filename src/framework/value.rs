//! Small values that cannot be wrong: ids, weights, texts, ranges, rounding.

use std::fmt;

/// The id of a framework, a node, a level, a facet or a group: a letter, then letters, digits, `_`, `-`, `.`; at most
/// 64 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Id {
    /// Longest id in characters.
    pub const LONGEST: usize = 64;

    /// `text` as an id, if it is one.
    pub fn new(text: &str) -> Option<Self> {
        let mut letters = text.chars();
        let sound = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
            && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
            && text.len() <= Self::LONGEST;
        sound.then(|| Self(text.to_owned()))
    }

    /// Stands where an id was refused; a framework with such an id is never handed out.
    pub(super) fn unnamed() -> Self {
        Self("unnamed".to_owned())
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How much a part counts: not negative, and of a size that can be summed. Zero: shown, not counted.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Weight(f64);

/// Whether numbers of this size can be multiplied and summed without a loss that shows: 0, or from 1e-100 to 1e100 to either
/// side. Numbers of a framework and of attributes are; sums of what lies beyond would be infinite, or nothing.
pub(crate) fn is_sizeable(value: f64) -> bool {
    value == 0.0 || (1e-100..=1e100).contains(&value.abs())
}

impl Weight {
    /// Weight 1.
    pub const ONE: Self = Self(1.0);

    /// `value` as a weight, if it is one.
    pub fn new(value: f64) -> Option<Self> {
        (value >= 0.0 && is_sizeable(value)).then_some(Self(value))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// A text in one or more languages; the first is the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<(String, String)>);

impl Text {
    /// A text whose language is not stated.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![(String::new(), text.into())])
    }

    /// A text in several languages, the default first; `None` if there is none.
    pub fn translated(texts: Vec<(String, String)>) -> Option<Self> {
        (!texts.is_empty()).then_some(Self(texts))
    }

    /// In `language` if there is such a translation, else in the default language.
    pub fn in_language(&self, language: Option<&str>) -> &str {
        language
            .and_then(|wanted| self.0.iter().find(|(language, _)| language == wanted))
            .or_else(|| self.0.first())
            .map_or("", |(_, text)| text)
    }

    /// In the default language.
    pub fn as_str(&self) -> &str {
        self.in_language(None)
    }

    /// Language and text of every translation; the language is empty where it was not stated.
    pub fn translations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(language, text)| (language.as_str(), text.as_str()))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The numbers on which scores are shown: the share 0 as `low`, the share 1 as `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Range {
    /// Shares 0 to 1 are shown as low to high; low < high, both finite.
    Between {
        /// Shown for the share 0.
        low: f64,
        /// Shown for the share 1.
        high: f64,
    },
    /// Scores are shown as they were computed.
    Unbounded,
}

impl Range {
    /// Shares as they are.
    pub const UNIT: Self = Self::Between {
        low: 0.0,
        high: 1.0,
    };

    /// A score as it is shown.
    #[inline]
    pub fn show(self, score: f64) -> f64 {
        match self {
            Self::Between { low, high } => low + score * (high - low),
            Self::Unbounded => score,
        }
    }

    /// The score behind a shown number.
    #[inline]
    pub fn read(self, shown: f64) -> f64 {
        match self {
            Self::Between { low, high } => (shown - low) / (high - low),
            Self::Unbounded => shown,
        }
    }

    /// The shown number of a score of 0, and how much higher that of 1 is.
    pub fn line(self) -> (f64, f64) {
        match self {
            Self::Between { low, high } => (low, high - low),
            Self::Unbounded => (0.0, 1.0),
        }
    }

    /// A difference of scores as it is shown.
    pub fn show_difference(self, difference: f64) -> f64 {
        match self {
            Self::Between { low, high } => difference * (high - low),
            Self::Unbounded => difference,
        }
    }

    /// The difference of scores behind a shown one.
    pub fn read_difference(self, shown: f64) -> f64 {
        match self {
            Self::Between { low, high } => shown / (high - low),
            Self::Unbounded => shown,
        }
    }
}

/// Which end of the range is good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    #[default]
    Higher,
    /// Less is better.
    Lower,
}

/// Scores and levels by how good they are. Levels stand by their cut-offs, so that where less is better the first of them
/// is the best.
impl Better {
    /// Whether a score is at least as good as another.
    pub fn reaches(self, score: f64, least: f64) -> bool {
        match self {
            Self::Higher => reaches(score, least),
            Self::Lower => reaches(least, score),
        }
    }

    /// How far a score is from one that it should be at least as good as: 0 where it is.
    pub fn short_of(self, score: f64, least: f64) -> f64 {
        if self.reaches(score, least) {
            0.0
        } else {
            (least - score).abs()
        }
    }

    /// Whether a level is at least as good as another.
    pub fn reaches_level(self, level: usize, least: usize) -> bool {
        match self {
            Self::Higher => level >= least,
            Self::Lower => level <= least,
        }
    }

    /// How many of `of` levels are worse than this one.
    pub fn worse_levels(self, level: usize, of: usize) -> usize {
        match self {
            Self::Higher => level,
            Self::Lower => of.saturating_sub(level + 1),
        }
    }

    /// The level of `of` that is the next better one.
    pub fn next_level(self, level: usize, of: usize) -> Option<usize> {
        match self {
            Self::Higher => Some(level + 1).filter(|next| *next < of),
            Self::Lower => level.checked_sub(1),
        }
    }

    /// The level of `of` that is the next worse one.
    pub fn level_before(self, level: usize, of: usize) -> Option<usize> {
        match self {
            Self::Higher => level.checked_sub(1),
            Self::Lower => Some(level + 1).filter(|next| *next < of),
        }
    }

    /// All of `of` levels, the best first.
    pub fn best_first(self, of: usize) -> Vec<usize> {
        match self {
            Self::Higher => (0..of).rev().collect(),
            Self::Lower => (0..of).collect(),
        }
    }
}

/// To how many digits, and how ties are decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digits {
    /// Decimals on the shown range.
    pub digits: u8,
    /// What happens to an exact half.
    pub mode: RoundingMode,
}

/// What happens to an exact half.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RoundingMode {
    /// Away from zero.
    #[default]
    HalfUp,
    /// To the even neighbour.
    HalfEven,
}

/// Two scores are the same when they differ by less than this on the 0–1 scale, and a score is at a threshold when it
/// lies below it by less than this: sums in another order differ in their last bits, and neither a tie nor a
/// level may depend on that.
pub const TOLERANCE: f64 = 1e-9;

/// `score ≥ threshold`, up to [`TOLERANCE`].
pub fn reaches(score: f64, threshold: f64) -> bool {
    score + TOLERANCE >= threshold
}

/// The key by which scores tie: equal keys, equal scores.
pub fn tie_key(score: f64) -> f64 {
    floor(score / TOLERANCE + 0.5)
}

/// 10ⁿ, looked up where it is a number that is met.
#[inline]
fn power_of_ten(exponent: u8) -> f64 {
    const POWERS: [f64; 16] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ];
    #[cold]
    #[inline(never)]
    fn power(exponent: u8) -> f64 {
        10f64.powi(i32::from(exponent))
    }
    match POWERS.get(usize::from(exponent)) {
        Some(power) => *power,
        None => power(exponent),
    }
}

/// `x.floor()`, which is a slow call where processors of any age must do.
#[allow(clippy::cast_possible_truncation)] // below 2^52
#[inline]
fn floor(x: f64) -> f64 {
    if x.abs() < 4_503_599_627_370_496.0 {
        let towards_zero = x as i64 as f64;
        towards_zero - f64::from(u8::from(towards_zero > x))
    } else {
        x
    }
}

impl Digits {
    /// `value` rounded. The half is decided on the decimal value: 0.285 is a tie although its binary form is not, and so
    /// is a computed 0.284 999 999 999 99.
    #[inline]
    pub fn round(self, value: f64) -> f64 {
        self.rounder().round(value)
    }

    /// What rounds many numbers like this.
    #[inline]
    pub fn rounder(self) -> Rounder {
        Rounder {
            per_unit: power_of_ten(self.digits),
            mode: self.mode,
        }
    }
}

/// Rounds many numbers; no step depends on what a number is, so that several can be rounded at once.
#[derive(Clone, Copy, Debug)]
pub struct Rounder {
    /// Units of the last digit in 1.
    per_unit: f64,
    mode: RoundingMode,
}

impl Rounder {
    /// Two numbers of this size are one apart: what is larger has no digits behind the point, and adding it to what is
    /// smaller rounds that to a whole number.
    const WHOLE: f64 = 4_503_599_627_370_496.0;

    /// See [`Digits::round`].
    #[inline]
    pub fn round(self, value: f64) -> f64 {
        let size = value.abs();
        let rounded = self.units(size) / self.per_unit;
        let has_digits = size * self.per_unit < Self::WHOLE;
        let rounded = if has_digits { rounded } else { size };
        // Zero has no sign.
        rounded.copysign(value) + 0.0
    }

    /// The rounded number in units of its last digit, as 28 is 0.28 with two digits; `size` is not negative. What comes of
    /// 2^52 units or more means nothing.
    #[inline]
    pub fn units(self, size: f64) -> f64 {
        let scaled = size * self.per_unit;
        let nearest = scaled + Self::WHOLE - Self::WHOLE;
        let rest = scaled - nearest;
        // A sum of a few hundred terms is off by some 1e-14 of itself; anything that close to a half is a half. Never
        // more than a hundredth, or every large number would be one.
        let near = scaled * 1e-12;
        let near = if near > 1e-9 { near } else { 1e-9 };
        let near = if near < 0.01 { near } else { 0.01 };
        let one_if = |holds: bool| if holds { 1.0 } else { 0.0 };
        let (half_above, half_below) = (rest >= 0.5 - near, -rest >= 0.5 - near);
        match self.mode {
            RoundingMode::HalfUp => nearest + one_if(half_above),
            RoundingMode::HalfEven => {
                // Half of an odd number is no whole one.
                let half = nearest * 0.5;
                let odd = one_if(half + Self::WHOLE - Self::WHOLE - half != 0.0);
                nearest + odd * (one_if(half_above) - one_if(half_below))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_decided_on_the_decimal_value() {
        let up = Digits {
            digits: 2,
            mode: RoundingMode::HalfUp,
        };
        let even = Digits {
            digits: 2,
            mode: RoundingMode::HalfEven,
        };
        assert_eq!(up.round(0.285).to_string(), "0.29");
        assert_eq!(even.round(0.285).to_string(), "0.28");
        assert_eq!(even.round(0.275).to_string(), "0.28");
        assert_eq!(up.round(0.1 + 0.185).to_string(), "0.29");
        assert_eq!(up.round(-0.285).to_string(), "-0.29");
        assert_eq!(up.round(0.2849).to_string(), "0.28");
        assert_eq!(up.round(-0.001).to_string(), "0");
    }

    #[test]
    fn more_decimals_than_a_number_has_leave_it_alone() {
        let mode = RoundingMode::HalfUp;
        for digits in [9, 12, 15, 16, 30] {
            assert_eq!(Digits { digits, mode }.round(0.625).to_string(), "0.625");
        }
        let money = Digits { digits: 2, mode };
        assert_eq!(money.round(2.5e12).to_string(), "2500000000000");
        assert_eq!(money.round(2.5e12 + 0.375).to_string(), "2500000000000.38");
    }

    #[test]
    fn scores_tie_when_they_differ_in_their_last_bits() {
        assert_eq!(tie_key(0.1 + 0.2).to_bits(), tie_key(0.3).to_bits());
        assert_eq!(tie_key(-0.1 - 0.2).to_bits(), tie_key(-0.3).to_bits());
        for x in [
            -2.0,
            -1.5,
            -0.2,
            0.0,
            0.7,
            3.0,
            1e15 + 0.5,
            1e300,
            f64::NEG_INFINITY,
        ] {
            assert_eq!(floor(x).to_bits(), (x.floor() + 0.0).to_bits(), "{x}");
        }
    }

    #[test]
    fn ids_hold_letters_digits_and_three_signs() {
        assert!(Id::new("gov.lead-01_a").is_some());
        for wrong in ["", "1a", "a b", "é", "a/b", &"a".repeat(65)] {
            assert!(Id::new(wrong).is_none(), "{wrong}");
        }
    }
}
