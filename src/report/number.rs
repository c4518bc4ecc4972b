//! How numbers become text: full precision for data, rounded once for pages.

use crate::framework::Digits;

/// The shortest text that reads back to the same number: `5`, `0.935`, `1e-7`.
pub fn shortest(value: f64) -> String {
    let mut text = Vec::new();
    push_shortest(value, &mut text);
    // Digits, a point, signs and an `e`.
    String::from_utf8(text).unwrap_or_default()
}

/// Adds the shortest text that reads back to the same number to `out`.
#[allow(
    clippy::cast_possible_truncation, // the nearest digit that there is, or 0
    clippy::cast_sign_loss,
    clippy::float_cmp // whether it is just that
)]
pub(super) fn push_shortest(value: f64, out: &mut Vec<u8>) {
    let digit = value as u8;
    if digit < 10 && f64::from(digit) == value {
        out.push(b'0' + digit); // `0` also for -0
    } else if !push_short(value, out) {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format(value);
        out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
    }
}

/// Adds a number of at most six decimals, if it is one. No two texts of at most fifteen digits stand for one number, so
/// that what reads back to the number is its shortest text once closing zeros are gone.
fn push_short(value: f64, out: &mut Vec<u8>) -> bool {
    const MILLION: f64 = 1e6;
    if !(0.001..1e6).contains(&value) {
        return false;
    }
    let millionths = value * MILLION + WHOLE - WHOLE;
    let short = (millionths / MILLION).to_bits() == value.to_bits();
    if short {
        push_millionths(millionths, out);
    }
    short
}

/// 2^52: added to a smaller number it rounds that to a whole one, which then stands in the lowest bits.
const WHOLE: f64 = 4_503_599_627_370_496.0;

/// Adds a whole number of millionths between a thousand and a million millions as a number of ones, closing zeros aside.
#[inline]
#[allow(clippy::cast_possible_truncation)] // far below 2^32
pub(super) fn push_millionths(millionths: f64, out: &mut Vec<u8>) {
    /// Zeros where digits stand.
    const ZEROS: u64 = 0x3030_3030_3030_0030;
    let millionths = (millionths + WHOLE).to_bits() - WHOLE.to_bits();
    let large = millionths >= 100_000_000;
    if large {
        push_whole((millionths / 100_000_000) as u32, out);
    }
    // The tens, the ones and six decimals.
    let small = if large {
        millionths % 100_000_000
    } else {
        millionths
    };
    let digits = digits_of(small as u32);
    let tens = digits as u8;
    if tens > 0 || large {
        out.push(b'0' + tens);
    }
    // The place of the tens makes room for the point.
    let (ones, decimals) = (digits >> 8 & 0xFF, digits & !0xFFFF);
    let text = ones | u64::from(b'.') << 8 | decimals;
    // The text ends with the last digit that is no zero, or with the ones.
    let zeros = decimals.leading_zeros() as usize / 8;
    let length = if decimals == 0 { 1 } else { 8 - zeros };
    // Of a known length, and therefore copied at once; what is too much goes.
    out.extend_from_slice(&(text | ZEROS).to_le_bytes());
    out.truncate(out.len() - 8 + length);
}

/// The last eight digits of a number, the first one in the lowest byte: halves, quarters and eighths are parted at the same
/// time.
#[inline]
fn digits_of(number: u32) -> u64 {
    let halves = u64::from(number / 10_000) | u64::from(number % 10_000) << 32;
    // ⌊x·10486 ÷ 2^20⌋ = ⌊x ÷ 100⌋ below 10,000, and ⌊x·103 ÷ 2^10⌋ = ⌊x ÷ 10⌋ below 100.
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007F_0000_007F;
    let quarters = hundreds | (halves - hundreds * 100) << 16;
    let tens = ((quarters * 103) >> 10) & 0x000F_000F_000F_000F;
    tens | (quarters - tens * 10) << 8
}

/// Adds a whole number.
#[allow(clippy::cast_possible_truncation)] // a digit
fn push_whole(number: u32, out: &mut Vec<u8>) {
    if number >= 10 {
        push_whole(number / 10, out);
    }
    out.push(b'0' + (number % 10) as u8);
}

/// Rounded to `digits`, always with that many decimals: `0.50`.
pub fn fixed(value: f64, digits: Digits) -> String {
    let decimals = usize::from(digits.digits);
    let rounded = digits.round(value);
    let mut text = Vec::new();
    if decimals > 0 && push_short(rounded, &mut text) {
        let point = text.iter().position(|&byte| byte == b'.');
        let point = point.unwrap_or_else(|| {
            text.push(b'.');
            text.len() - 1
        });
        text.resize(point + 1 + decimals, b'0');
        return String::from_utf8(text).unwrap_or_default();
    }
    let text = format!("{rounded:.decimals$}");
    // A tiny negative number rounds to `-0.00`.
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

/// A share as whole per cent, rounded down so that only the whole reads `100%`, and never to nothing.
pub fn percent(share: f64) -> String {
    // The sum of a hundred weights is off in its last bits; 0.99 must not read as 98%.
    let whole = (share * 100.0 + 1e-7).floor();
    if whole < 1.0 && share > 0.0 {
        "<1%".to_owned()
    } else {
        format!("{whole}%")
    }
}

/// A share that is asked for, up to whole per cent: what falls short of 2/3 reads as 66% at most, and 2/3 as 67%.
pub(super) fn asked(share: f64) -> f64 {
    (share * 100.0 - 1e-7).ceil() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::RoundingMode;

    fn digits(digits: u8) -> Digits {
        Digits {
            digits,
            mode: RoundingMode::HalfUp,
        }
    }

    #[test]
    fn data_gets_the_shortest_text() {
        for (value, text) in [
            (5.0, "5"),
            (0.935, "0.935"),
            (-0.0, "0"),
            (1.0 / 3.0, "0.3333333333333333"),
            (1e-7, "1e-7"),
            (1e21, "1e+21"),
            (61.23, "61.23"),
        ] {
            assert_eq!(shortest(value), text);
        }
    }

    #[test]
    fn short_numbers_get_the_same_text() {
        let of_crate = |value: f64| {
            let mut buffer = zmij::Buffer::new();
            let text = buffer.format(value);
            text.strip_suffix(".0").unwrap_or(text).to_owned()
        };
        let mut state = 1_u64;
        for round in 0..200_000_u64 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let digits = 10_u64.pow(u32::try_from(round % 13).expect("small"));
            let value = ((state >> 12) % digits.max(2)) as f64 / 1e6;
            for value in [value, value.next_up(), value.next_down(), value / 3.0] {
                if value > 0.0 {
                    assert_eq!(shortest(value), of_crate(value));
                }
            }
        }
        for value in [0.001, 0.0009, 999_999.999_999, 1e6, 0.1 + 0.2, 123_456.5] {
            assert_eq!(shortest(value), of_crate(value));
        }
    }

    #[test]
    fn a_number_has_its_digits() {
        for number in (0..100_000_000)
            .step_by(4_999)
            .chain([9_999, 10_000, 99_999_999])
        {
            let digits = digits_of(number) | u64::from_le_bytes(*b"00000000");
            assert_eq!(digits.to_le_bytes(), *format!("{number:08}").as_bytes());
        }
    }

    #[test]
    fn pages_get_fixed_decimals() {
        assert_eq!(fixed(0.285, digits(2)), "0.29");
        assert_eq!(fixed(7.0, digits(1)), "7.0");
        assert_eq!(fixed(-0.001, digits(2)), "0.00");
        assert_eq!(fixed(-1.25, digits(1)), "-1.3");
        assert_eq!(fixed(41.5, digits(0)), "42");
    }

    #[test]
    fn only_the_whole_is_a_hundred_per_cent() {
        assert_eq!(percent(1.0), "100%");
        assert_eq!(percent(0.1 + 0.2 + 0.3 + 0.4 - 1e-12), "100%");
        assert_eq!(percent(154.0 / 155.0), "99%");
        assert_eq!(percent(0.29), "29%");
        assert_eq!(percent(0.001), "<1%");
        assert_eq!(percent(0.0), "0%");
        let least = [2.0 / 3.0, 0.28, 0.29, 0.5, 0.001, 1.0].map(|share| percent(asked(share)));
        assert_eq!(least, ["67%", "28%", "29%", "50%", "1%", "100%"]);
    }
}
