//! How much assessors agree: Krippendorff's alpha of the answers that were given to one question about one unit.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::framework::{Answers, Framework, NodeIx, RollUp};
use crate::scoring::reduction;

use super::statistics::Look;

/// How much assessors agree on an indicator, or on all choices together.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    /// The indicator; `None` for all choices together.
    pub node: Option<NodeIx>,
    /// How many questions about a unit were answered by at least two.
    pub compared: usize,
    /// How many answers these have.
    pub answers: usize,
    /// Krippendorff's alpha with squared differences: 1 where all agree, 0 where they differ as much as by chance. `None`
    /// where all answers are equal.
    pub alpha: Option<f64>,
    /// Share of pairs of answers to one question about one unit that are equal.
    pub equal: Option<f64>,
}

/// Of the innermost rows, where answers are combined. The whole first; nothing where nobody was assessed twice.
pub(super) fn agreements(framework: &Framework, look: &Look) -> Vec<Agreement> {
    let innermost = framework
        .rows
        .last()
        .filter(|step| step.of == RollUp::Answers);
    let (Some(_), Some((keys, columns))) = (innermost, &look.rows) else {
        return Vec::new();
    };
    let outer = framework.rows.len() - 1;
    let mut groups: BTreeMap<(&str, &[Arc<str>]), Vec<usize>> = BTreeMap::new();
    for (row, key) in keys.iter().enumerate() {
        groups
            .entry((&key.unit, &key.keys[..outer]))
            .or_default()
            .push(row);
    }
    let mut all = Vec::new();
    let mut found = Vec::new();
    for ((node, _, indicator), column) in framework.indicators().zip(columns) {
        let given = groups.values().map(|rows| {
            let answers = rows.iter().filter_map(|row| column.value(*row));
            answers.collect::<Vec<f64>>()
        });
        let ratings: Vec<Vec<f64>> = given.filter(|answers| answers.len() > 1).collect();
        if ratings.is_empty() {
            continue;
        }
        found.push(agreement(Some(node), &ratings));
        // Numbers of different indicators have different units.
        if !matches!(indicator.answers, Answers::Number(_)) {
            all.extend(ratings);
        }
    }
    if !all.is_empty() {
        found.insert(0, agreement(None, &all));
    }
    found
}

fn agreement(node: Option<NodeIx>, ratings: &[Vec<f64>]) -> Agreement {
    let (mut equal, mut pairs) = (0_usize, 0_usize);
    for answers in ratings {
        for (at, one) in answers.iter().enumerate() {
            pairs += answers.len() - at - 1;
            equal += answers[at + 1..]
                .iter()
                .filter(|other| (*one - **other).abs() < 1e-12)
                .count();
        }
    }
    Agreement {
        node,
        compared: ratings.len(),
        answers: ratings.iter().map(Vec::len).sum(),
        alpha: krippendorff(ratings),
        equal: (pairs > 0).then(|| equal as f64 / pairs as f64),
    }
}

/// Krippendorff's alpha for numbers (Krippendorff, Content Analysis, 2004, chapter 11): 1 − (observed ÷ expected squared
/// difference of two answers). Things that fewer than two answered have no say.
pub fn krippendorff(ratings: &[Vec<f64>]) -> Option<f64> {
    let compared = || ratings.iter().filter(|answers| answers.len() > 1);
    let count = compared().map(Vec::len).sum::<usize>() as f64;
    let all: Vec<f64> = compared().flatten().copied().collect();
    let by = reduction(all.iter().fold(0.0, |largest, x| x.abs().max(largest)));
    let all: Vec<f64> = all.iter().map(|x| x * by).collect();
    let mean = all.iter().sum::<f64>() / count;
    // Σ over ordered pairs of (a − b)² is 2·m times Σ (a − mean)².
    let spread = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>()
    };
    let observed: f64 = compared()
        .map(|answers| {
            let size = answers.len() as f64;
            let answers: Vec<f64> = answers.iter().map(|x| x * by).collect();
            2.0 * size * spread(&answers) / (size - 1.0)
        })
        .sum::<f64>()
        / count;
    let squares: f64 = all.iter().map(|x| (x - mean) * (x - mean)).sum();
    let expected = 2.0 * squares / (count - 1.0);
    (count > 1.0 && expected > 1e-24).then(|| 1.0 - observed / expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example_comes_out() {
        // Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), C and D: four observers, twelve units; for
        // intervals alpha is 0.849.
        let ratings = [
            vec![1.0, 1.0, 1.0],
            vec![2.0, 2.0, 3.0, 2.0],
            vec![3.0, 3.0, 3.0, 3.0],
            vec![3.0, 3.0, 3.0, 3.0],
            vec![2.0, 2.0, 2.0, 2.0],
            vec![1.0, 2.0, 3.0, 4.0],
            vec![4.0, 4.0, 4.0, 4.0],
            vec![1.0, 1.0, 2.0, 1.0],
            vec![2.0, 2.0, 2.0, 2.0],
            vec![5.0, 5.0, 5.0],
            vec![1.0, 1.0],
            vec![3.0],
        ];
        let alpha = krippendorff(&ratings).expect("they differ");
        assert!((alpha - 0.849).abs() < 5e-4, "{alpha}");
    }

    #[test]
    fn full_agreement_is_one_and_none_at_all_is_below_zero() {
        let same = [vec![1.0, 1.0], vec![2.0, 2.0]];
        assert_eq!(krippendorff(&same), Some(1.0));
        // Observed 1 twice over; expected 2 · 1 ÷ 3: 1 − 1 ÷ (2/3) = −1/2.
        let opposite = [vec![1.0, 2.0], vec![2.0, 1.0]];
        let alpha = krippendorff(&opposite).expect("they differ");
        assert!((alpha + 0.5).abs() < 1e-15, "{alpha}");
        assert_eq!(krippendorff(&[vec![1.0, 1.0]]), None);
    }
}
