//! The order of periods.

use std::cmp::Ordering;

/// Positions of periods in their order: as numbers if all are, else as text.
pub fn in_order(texts: &[impl AsRef<str>]) -> Vec<usize> {
    let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
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
