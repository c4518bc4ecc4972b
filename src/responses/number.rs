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
    pub(super) decimal: Option<char>,
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
    match plain.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Written { value, decimal }),
        Ok(_) | Err(_) => Err(NotANumber::TooLarge),
    }
}

/// Reads `digits[.digits]`, with a comma instead of the point if `comma` allows it, where that can be done exactly in a
/// few steps; what it reads is what [`read`] reads.
#[inline]
pub(super) fn plain(text: &[u8], comma: bool) -> Option<Written> {
    // Fifteen digits are a whole number that f64 holds, as it holds the powers of ten that can follow: dividing one by
    // the other rounds once, as reading does (Clinger 1990).
    if text.len() > 16 {
        return None;
    }
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
            (Some(char::from(sign)), decimals)
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
#[inline]
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
            for text in [text.clone(), text.replace('.', ","), whole.to_string()] {
                if let Some(written) = plain(text.as_bytes(), true) {
                    assert_eq!(Ok(written), read(&text, true), "{text}");
                }
            }
        }
        assert_eq!(plain(b"53.7", false), read("53.7", false).ok());
        for text in [
            "",
            ".",
            "5,3",
            "1e3",
            "-1",
            "+1",
            " 1",
            "1.2.3",
            "1234567890123456",
        ] {
            assert_eq!(plain(text.as_bytes(), false), None, "{text}");
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
    fn a_decimal_comma_is_read_only_where_it_is_allowed() {
        assert_eq!(
            read("0,71", true),
            Ok(Written {
                value: 0.71,
                decimal: Some(',')
            })
        );
        assert_eq!(read("0,71", false), Err(NotANumber::Separators));
    }
}
