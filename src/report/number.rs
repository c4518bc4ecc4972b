//! How numbers become text: full precision for data, rounded once for pages.

use crate::framework::Digits;

/// The shortest text that reads back to the same number: `5`, `0.935`, `1e-7`.
pub fn shortest(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned(); // also for -0
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format(value);
    text.strip_suffix(".0").unwrap_or(text).to_owned()
}

/// Rounded to `digits`, always with that many decimals: `0.50`.
pub fn fixed(value: f64, digits: Digits) -> String {
    let decimals = usize::from(digits.digits);
    let text = format!("{:.decimals$}", digits.round(value));
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
    }
}
