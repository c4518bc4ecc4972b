//! The order of periods, and which of them a reader takes for one.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::rows::is_key;
use super::spelling::look;
use crate::problem::says_nothing;

/// Positions of periods in their order: as numbers if all are, else as text.
pub fn in_order(texts: &[impl AsRef<str>]) -> Vec<usize> {
    let numbers = texts.iter().map(|text| number(text.as_ref()));
    let numbers: Option<Vec<f64>> = numbers.collect();
    let mut order: Vec<usize> = (0..texts.len()).collect();
    order.sort_by(|&a, &b| {
        let by_number = numbers
            .as_ref()
            .map_or(Ordering::Equal, |n| n[a].total_cmp(&n[b]));
        by_number.then_with(|| texts[a].as_ref().cmp(texts[b].as_ref()))
    });
    order
}

/// The number that a period is, if it is one.
fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Whether a text can be a period: programs write `NA` or `nan` where they have none, and a number without end is none.
pub(super) fn is_period(text: &str) -> bool {
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_endless = |text: &str| text.parse().is_ok_and(|number: f64| !number.is_finite());
    is_year || is_key(text) && !says_nothing(text) && !is_endless(text)
}

/// A period as it is compared with others that a reader may take for it: `2024` for `2024.0`, as programs write years
/// where one is missing; else as names are compared.
pub(super) fn alike(text: &str) -> Cow<'_, str> {
    // Beyond, numbers that differ can be the same to a computer.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number(text).filter(|number| number.abs() < EXACT) {
        Some(number) => Cow::Owned((number + 0.0).to_string()),
        None => look(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_nothing_is_no_period() {
        for text in ["2024", "2024-Q1", "1e3", "wave one", "Nan Province", "0"] {
            assert!(is_period(text), "{text}");
        }
        for text in ["", "nan", "NA", "NaT", "None", "-inf", "1e400", "#N/A"] {
            assert!(!is_period(text), "{text}");
        }
    }

    #[test]
    fn a_number_is_one_period_however_it_is_written() {
        for text in ["2024", "2024.0", "2.024e3", "02024", "+2024"] {
            assert_eq!(alike(text), "2024", "{text}");
        }
        assert_eq!(alike("-0"), "0");
        assert_eq!(alike("Wave  1"), alike("wave 1"));
        assert_ne!(alike("2024"), alike("2024.5"));
        // No computer number holds the last digit of both.
        assert_ne!(alike("9007199254740992"), alike("9007199254740993"));
    }
}
