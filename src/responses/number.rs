//! Numbers as people write them in responses: one grammar, always finite, never guessed.

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotANumber {
    /// It does not look like one.
    Unlike,
    /// It looks like one with a sign that groups thousands, or with a decimal comma where commas part cells.
    Separators,
    /// It is too large to be one.
    TooLarge,
}

/// How a number was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Written {
    /// Its value.
    pub(super) value: f64,
    /// The decimal sign, if it has one.
    pub(super) decimal: Option<Decimal>,
}

/// The decimal sign of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Decimal {
    pub(super) sign: char,
    /// Whether it stands as one between thousands would: `1.200`.
    pub(super) groups: bool,
}

impl Decimal {
    /// A sign with so many digits before it, of which this is the first, and behind it.
    #[inline]
    fn new(sign: char, first: u8, before: usize, behind: usize) -> Self {
        let groups = behind == 3 && (1..=3).contains(&before) && first != b'0';
        Self { sign, groups }
    }
}

/// Whether all decimal signs of some numbers stand as those between thousands would, so that they may be such; the first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Thousands<T> {
    /// There were no decimal signs.
    #[default]
    Unseen,
    /// All do.
    Perhaps(T),
    /// One does not.
    No,
}

impl<T> Thousands<T> {
    /// Adds what comes behind.
    pub(super) fn add(&mut self, next: Self) {
        match (&*self, &next) {
            (Self::Unseen, _) | (Self::Perhaps(_), Self::No) => *self = next,
            (Self::Perhaps(_) | Self::No, _) => {}
        }
    }

    /// Adds a number whose sign is `decimal`; `is_first` is asked for where it may be one between thousands.
    #[inline]
    pub(super) fn see(&mut self, decimal: Decimal, is_first: impl FnOnce() -> T) {
        if !decimal.groups {
            *self = Self::No;
        } else if matches!(self, Self::Unseen) {
            *self = Self::Perhaps(is_first());
        }
    }

    /// The same with the first of them in another form.
    pub(super) fn map<U>(self, with: impl FnOnce(T) -> U) -> Thousands<U> {
        match self {
            Self::Unseen => Thousands::Unseen,
            Self::Perhaps(first) => Thousands::Perhaps(with(first)),
            Self::No => Thousands::No,
        }
    }

    /// The first of them, if all may be.
    pub(super) fn first(self) -> Option<T> {
        match self {
            Self::Perhaps(first) => Some(first),
            Self::Unseen | Self::No => None,
        }
    }
}

/// Reads `[+-]digits[.digits][e[+-]digits]`, with a comma instead of the point if `comma` allows it.
///
/// `nan`, `inf`, `0x10`, `1_000` and numbers beyond f64 are none.
pub(super) fn read(text: &str, comma: bool) -> Result<Written, NotANumber> {
    let text = text.trim();
    let (negative, unsigned) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, decimal, fraction) = match mantissa.split_once(['.', ',']) {
        Some((whole, fraction)) => (
            whole,
            mantissa[whole.len()..].chars().next(),
            Some(fraction),
        ),
        None => (mantissa, None, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fraction_digits = fraction.unwrap_or("");
    let sound = digits(whole)
        && digits(fraction_digits)
        && !(whole.is_empty() && fraction_digits.is_empty())
        && exponent.is_none_or(is_exponent);
    if !sound {
        return Err(unlike(unsigned));
    }
    if decimal == Some(',') && !comma {
        return Err(NotANumber::Separators);
    }
    let plain = format!(
        "{}{whole}.{fraction_digits}e{}",
        if negative { "-" } else { "" },
        exponent.unwrap_or("0")
    );
    // The grammar above is a part of what f64 reads, so that only the size can be wrong.
    let decimal = decimal.map(|sign| {
        let first = whole.bytes().next().unwrap_or(b'0');
        let behind = if exponent.is_none() {
            fraction_digits.len()
        } else {
            0
        };
        Decimal::new(sign, first, whole.len(), behind)
    });
    match plain.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Written { value, decimal }),
        Ok(_) | Err(_) => Err(NotANumber::TooLarge),
    }
}

/// Longest text in bytes that [`plain`] reads.
pub(super) const LONGEST_PLAIN: usize = 16;

/// Reads `digits[.digits]`, with a comma instead of the point if `comma` allows it, where that can be done exactly in a
/// few steps; what it reads is what [`read`] reads. The text is the first so many bytes.
#[expect(clippy::inline_always, reason = "every number comes by here")]
#[inline(always)]
pub(super) fn plain(text: &[u8; LONGEST_PLAIN], length: usize, comma: bool) -> Option<Written> {
    match (text.first_chunk(), SHORTER.get(length)) {
        (Some(first), Some(own)) => short(u64::from_le_bytes(*first) & own, length, comma),
        _ => long(text.get(..length)?, comma),
    }
}

/// What remains of eight bytes that only so many of belong to a text.
const SHORTER: [u64; 9] = {
    let mut masks = [0; 9];
    let mut length = 1;
    while length < masks.len() {
        masks[length] = u64::MAX >> (8 * (8 - length));
        length += 1;
    }
    masks
};

/// Reads up to eight bytes, which are looked at together; the text stands in the low ones.
#[expect(clippy::inline_always, reason = "every number comes by here")]
#[inline(always)]
fn short(text: u64, length: usize, comma: bool) -> Option<Written> {
    let sign = match place_of(text, b'.') {
        None if comma => place_of(text, b',').map(|at| (at, ',')),
        point => point.map(|at| (at, '.')),
    };
    let Some((whole, sign)) = sign else {
        let value = f64::from(digits(text, length)?);
        return Some(Written {
            value,
            decimal: None,
        });
    };
    let before = text & SHORTER[whole];
    let behind = text >> 8 & !SHORTER[whole];
    let number = digits(before | behind, length - 1)?;
    let decimals = length - 1 - whole;
    Some(Written {
        value: f64::from(number) / POWERS[decimals],
        decimal: Some(Decimal::new(sign, text.to_le_bytes()[0], whole, decimals)),
    })
}

/// A one in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Where the first byte that is `sign` stands, if one is (Warren, Hacker's Delight, 6-1).
#[inline]
fn place_of(text: u64, sign: u8) -> Option<usize> {
    let other = text ^ (ONES * u64::from(sign));
    let found = other.wrapping_sub(ONES) & !other & (ONES << 7);
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

/// The number that the low `count` bytes write, if all are digits and there is one; the others are zero.
#[inline]
#[allow(clippy::cast_possible_truncation)] // eight digits
fn digits(text: u64, count: usize) -> Option<u32> {
    const ZEROS: u64 = ONES * b'0' as u64;
    if count == 0 {
        return None;
    }
    // Zeros before it, up to eight digits.
    let text = text << (64 - 8 * count) | ZEROS & SHORTER[8 - count];
    let below = text.wrapping_sub(ZEROS);
    let above = text.wrapping_add(ONES * u64::from(0x7F - b'9'));
    if (below | above) & (ONES << 7) != 0 {
        return None;
    }
    // Neighbours become pairs, pairs become fours, fours become all.
    let pairs = (below.wrapping_mul(1 + (10 << 8)) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(1 + (100 << 16)) >> 16) & 0x0000_FFFF_0000_FFFF;
    Some((fours.wrapping_mul(1 + (10_000 << 32)) >> 32) as u32)
}

/// Reads up to sixteen bytes, one after the other.
#[inline(never)]
fn long(text: &[u8], comma: bool) -> Option<Written> {
    // Fifteen digits are a whole number that f64 holds, as it holds the powers of ten that can follow: dividing one by
    // the other rounds once, as reading does (Clinger 1990).
    let mut mantissa = 0;
    let whole = take_digits(text, &mut mantissa);
    let (decimal, decimals) = match text.get(whole) {
        None => (None, 0),
        Some(&sign) if sign == b'.' || sign == b',' && comma => {
            let behind = &text[whole + 1..];
            let decimals = take_digits(behind, &mut mantissa);
            if decimals < behind.len() {
                return None;
            }
            let sign = Decimal::new(char::from(sign), text[0], whole, decimals);
            (Some(sign), decimals)
        }
        Some(_) => return None,
    };
    if !(1..=15).contains(&(whole + decimals)) {
        return None;
    }
    Some(Written {
        value: mantissa as f64 / POWERS[decimals],
        decimal,
    })
}

/// Adds the digits that `text` starts with to a whole number; how many they are.
fn take_digits(text: &[u8], number: &mut i64) -> usize {
    for (at, byte) in text.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return at;
        }
        *number = *number * 10 + i64::from(digit);
    }
    text.len()
}

/// Powers of ten.
const POWERS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// A text that is a number, times ten to the power of `power`: to the last digit, as only its exponent changes.
pub(super) fn times_ten_to(text: &str, power: i16) -> String {
    let text = text.trim();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    match exponent.parse::<i64>() {
        Ok(exponent) => format!("{mantissa}e{}", exponent.saturating_add(power.into())),
        // Beyond all that can be computed with, however it is multiplied.
        Err(_) => text.to_owned(),
    }
}

fn is_exponent(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn unlike(unsigned: &str) -> NotANumber {
    let grouped = unsigned.starts_with(|c: char| c.is_ascii_digit())
        && unsigned.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | '’') || c.is_whitespace()
        });
    if grouped {
        NotANumber::Separators
    } else {
        NotANumber::Unlike
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_grammar() {
        for (text, value) in [
            ("0.71", 0.71),
            (" 12 ", 12.0),
            ("-3", -3.0),
            ("\u{2212}3", -3.0),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("1e-3", 0.001),
            ("0007", 7.0),
            ("0.1234567890123456789", 0.123_456_789_012_345_68),
        ] {
            let written = read(text, false).expect(text);
            assert!(written.value.to_bits() == f64::to_bits(value), "{text}");
        }
    }

    fn plainly(text: &str, comma: bool) -> Option<Written> {
        let mut bytes = [b'7'; LONGEST_PLAIN];
        bytes
            .get_mut(..text.len())?
            .copy_from_slice(text.as_bytes());
        plain(&bytes, text.len(), comma)
    }

    #[test]
    fn plain_numbers_are_the_same_numbers() {
        let mut state = 1_u64;
        for _ in 0..20_000 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let whole = (state >> 20) % 10_u64.pow(1 + u32::try_from(state % 15).expect("small"));
            let decimals = usize::try_from((state >> 8) % 14).expect("small");
            let text = format!("{}.{:0decimals$}", whole % 1000, whole / 1000);
            let short = format!("{}.{}", whole % 100, whole / 100 % 100_000);
            let comma = text.replace('.', ",");
            for text in [text, comma, short, whole.to_string()] {
                let fits = text.len() <= LONGEST_PLAIN;
                assert_eq!(plainly(&text, true).is_some(), fits, "{text}");
                if let Some(written) = plainly(&text, true) {
                    assert_eq!(Ok(written), read(&text, true), "{text}");
                }
            }
        }
        for text in [
            "0", "7", "5.", ".5", "00.10", "12345678", "1234567.", ".1234567",
        ] {
            assert_eq!(plainly(text, false), read(text, false).ok(), "{text}");
        }
        assert_eq!(plainly("53.7", false), read("53.7", false).ok());
        for text in [
            "",
            ".",
            "5,3",
            "1e3",
            "-1",
            "+1",
            " 1",
            "1.2.3",
            "1:2",
            "1/2",
            "1.,2",
            "1\u{a0}2",
            "1234567890123456",
        ] {
            assert_eq!(plainly(text, false), None, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_none() {
        for text in [
            "", "-", ".", "e5", "1e", "nan", "inf", "Infinity", "0x10", "1_000", "yes", "--1",
            "1-2",
        ] {
            assert_eq!(read(text, true), Err(NotANumber::Unlike), "{text}");
        }
        for text in ["1,234.5", "1 234", "1.234,5", "1'234", "1,2,3"] {
            assert_eq!(read(text, true), Err(NotANumber::Separators), "{text}");
        }
        assert_eq!(read("1e999", true), Err(NotANumber::TooLarge));
    }

    #[test]
    fn a_sign_may_group_thousands_where_three_digits_follow_and_up_to_three_stand_before_it() {
        for (text, groups) in [
            ("1.200", true),
            ("-83,200", true),
            ("999.000", true),
            ("0.512", false),
            ("1.2", false),
            ("1.2000", false),
            ("1234.567", false),
            (".125", false),
            ("1.200e3", false),
        ] {
            let written = read(text, true).expect(text);
            assert_eq!(
                written.decimal.map(|sign| sign.groups),
                Some(groups),
                "{text}"
            );
        }
    }

    #[test]
    fn a_decimal_comma_is_read_only_where_it_is_allowed() {
        assert_eq!(
            read("0,71", true),
            Ok(Written {
                value: 0.71,
                decimal: Some(Decimal {
                    sign: ',',
                    groups: false
                })
            })
        );
        assert_eq!(read("0,71", false), Err(NotANumber::Separators));
    }
}
