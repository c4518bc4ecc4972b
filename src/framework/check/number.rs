//! Numbers as the language writes them: decimals, exponents and fractions; of a size that can be computed with.

use crate::framework::value::is_sizeable;
use crate::framework::yaml::Tree;

/// Why a text is not a number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NotANumber {
    /// `.nan`, `inf`, `1e999`, `1e-999`.
    NotFinite,
    /// `1/0`.
    DivisionByZero,
    /// No number; perhaps this was meant.
    Other(Option<String>),
}

/// The number that a scalar holds, if it holds one.
pub(super) fn of(tree: &Tree) -> Option<f64> {
    tree.text().and_then(|text| read(text).ok())
}

/// A number or a fraction of two numbers.
pub(super) fn read(text: &str) -> Result<f64, NotANumber> {
    let text = text.trim();
    if let Some((above, below)) = text.split_once('/') {
        let (above, below) = (decimal(above.trim())?, decimal(below.trim())?);
        if below == 0.0 {
            return Err(NotANumber::DivisionByZero);
        }
        return finite(above / below);
    }
    decimal(text)
}

/// A whole number without sign.
pub(super) fn count(text: &str) -> Option<u32> {
    let sound = !text.is_empty() && text.len() <= 9 && text.chars().all(|c| c.is_ascii_digit());
    sound.then(|| text.parse().ok()).flatten()
}

fn decimal(text: &str) -> Result<f64, NotANumber> {
    if !is_decimal(text) {
        return Err(
            match text
                .trim_start_matches(['-', '+', '.'])
                .to_lowercase()
                .as_str()
            {
                "nan" | "inf" | "infinity" => NotANumber::NotFinite,
                _ => NotANumber::Other(meant(text)),
            },
        );
    }
    let value = text.parse::<f64>().map_err(|_| NotANumber::Other(None))?;
    finite(value)
}

fn finite(value: f64) -> Result<f64, NotANumber> {
    if is_sizeable(value) {
        Ok(value)
    } else {
        Err(NotANumber::NotFinite)
    }
}

/// Sign, digits with at most one point among or before them, exponent.
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent)),
        None => (text, None),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let sound = all_digits(whole) && all_digits(part) && !(whole.is_empty() && part.is_empty());
    sound
        && exponent.is_none_or(|exponent| {
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            !digits.is_empty() && all_digits(digits)
        })
}

/// A decimal comma, a percentage and digits in groups are read by people, not by this language.
fn meant(text: &str) -> Option<String> {
    let point = text.replacen(',', ".", 1);
    if is_decimal(&point) {
        return Some(point);
    }
    if let Some(percent) = text.strip_suffix('%') {
        let percent = percent.trim();
        return is_decimal(percent).then(|| format!("{percent}/100"));
    }
    let grouped = text.replace(['_', ' ', '\''], "");
    (grouped != text && is_decimal(&grouped)).then_some(grouped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_and_decimals_are_numbers() {
        assert_eq!(read("2/3"), Ok(2.0 / 3.0));
        assert_eq!(read("0.5/2"), Ok(0.25));
        assert_eq!(read(" -1.5e2 "), Ok(-150.0));
        assert_eq!(read(".5"), Ok(0.5));
        assert_eq!(read("010"), Ok(10.0));
    }

    #[test]
    fn nothing_else_is_a_number() {
        for text in [
            "", ".", "-", "e5", "1e", "1.2.3", "0x10", "1/2/3", "½", "1 2x",
        ] {
            assert_eq!(read(text), Err(NotANumber::Other(None)), "{text}");
        }
        for text in [
            "nan",
            ".NaN",
            "-.inf",
            "Infinity",
            "1e999",
            "1e101",
            "1e-101",
            "1e80/1e-80",
        ] {
            assert_eq!(read(text), Err(NotANumber::NotFinite), "{text}");
        }
        assert_eq!(read("1/0"), Err(NotANumber::DivisionByZero));
    }

    #[test]
    fn what_was_meant_is_offered() {
        assert_eq!(read("0,5"), Err(NotANumber::Other(Some("0.5".to_owned()))));
        assert_eq!(
            read("50 %"),
            Err(NotANumber::Other(Some("50/100".to_owned())))
        );
        assert_eq!(
            read("1_000"),
            Err(NotANumber::Other(Some("1000".to_owned())))
        );
    }
}
