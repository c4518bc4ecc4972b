//! [`Causes`]: a difference of two scores, shared among what moved it.

/// By how much each cause moved a score, in shares. They sum to new − old.
///
/// A cause's part is its Shapley value: the causes are put into effect one after the other, in each of the 24 orders, and
/// the part is the mean of what the score moves by when this one's turn comes (L. S. Shapley, "A value for n-person
/// games", 1953). So no order is preferred, a cause that never moves anything gets exactly 0, and two that move the same
/// get the same.
///
/// The score between two turns is that of a mixture: answers, framework, coverage and cohort are each wholly of the old
/// or wholly of the new wave, and the mixture is scored like any other responses. Where a mixture has no score (too
/// little is answered, for instance) the turn that led to it moves nothing, and the turn after which there is a score
/// again moves the whole way.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Causes {
    /// What was answered both times, and differently.
    pub answers: f64,
    /// Weights, rules, questions and scales that changed between editions; and answers that the other edition has no
    /// question or no word for.
    pub framework: f64,
    /// What was answered only once, and the rules for missing answers.
    pub coverage: f64,
    /// Everybody else: who the others are, what they answered, and earlier answers that fill gaps; of frozen cohorts, which
    /// one it is.
    pub cohort: f64,
}

impl Causes {
    /// Their names, in the order of [`Causes::parts`].
    pub const NAMES: [&str; 4] = ["answers", "framework", "coverage", "cohort"];

    /// All of them, in order.
    pub fn parts(&self) -> [f64; 4] {
        [self.answers, self.framework, self.coverage, self.cohort]
    }

    /// Their sum: the difference of the scores.
    pub fn total(&self) -> f64 {
        self.parts().iter().sum()
    }
}

/// Which causes are in effect: bit n for the nth of [`Causes::NAMES`].
pub(super) type Mask = usize;
pub(super) const ANSWERS: Mask = 1;
pub(super) const FRAMEWORK: Mask = 2;
pub(super) const COVERAGE: Mask = 4;
pub(super) const COHORT: Mask = 8;
/// How many mixtures there are.
pub(super) const MIXTURES: usize = 16;

/// The causes of the way from the first to the last of the mixtures' scores; `None` unless both have one.
pub(super) fn share(scores: &[Option<f64>; MIXTURES]) -> Option<Causes> {
    let start = scores[0]?;
    scores[MIXTURES - 1]?;
    let mut parts = [0.0; 4];
    let mut orders = 0.0;
    for order in orders_of_four() {
        let (mut mask, mut last) = (0, start);
        for cause in order {
            mask |= 1 << cause;
            if let Some(score) = scores[mask] {
                parts[cause] += score - last;
                last = score;
            }
        }
        orders += 1.0;
    }
    let [answers, framework, coverage, cohort] = parts.map(|part| part / orders);
    Some(Causes {
        answers,
        framework,
        coverage,
        cohort,
    })
}

/// Every order of four things.
fn orders_of_four() -> impl Iterator<Item = [usize; 4]> {
    let all = (0..256).map(|code| [code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6]);
    all.filter(|order| order.iter().fold(0, |seen, at| seen | 1 << at) == 0b1111)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_causes_have_twenty_four_orders() {
        assert_eq!(orders_of_four().count(), 24);
    }

    #[test]
    fn what_acts_together_is_shared_and_what_does_nothing_gets_nothing() {
        // 0.2 alone for answers, 0.1 alone for coverage, 0.1 more for both together: half of that each.
        let mut scores = [Some(0.0); MIXTURES];
        for (mask, score) in scores.iter_mut().enumerate() {
            *score = Some(match mask & (ANSWERS | COVERAGE) {
                ANSWERS => 0.2,
                COVERAGE => 0.1,
                0 => 0.0,
                _ => 0.4,
            });
        }
        let causes = share(&scores).expect("all have scores");
        assert!((causes.answers - 0.25).abs() < 1e-15, "{causes:?}");
        assert!((causes.coverage - 0.15).abs() < 1e-15, "{causes:?}");
        assert_eq!((causes.framework, causes.cohort), (0.0, 0.0));
    }

    #[test]
    fn a_mixture_without_a_score_moves_nothing_until_there_is_one() {
        // No mixture has a score but the ends: whoever comes last moves the whole way, each in a quarter of the orders.
        let mut scores = [None; MIXTURES];
        (scores[0], scores[MIXTURES - 1]) = (Some(0.2), Some(0.6));
        let causes = share(&scores).expect("both ends have scores");
        for part in causes.parts() {
            assert!((part - 0.1).abs() < 1e-15, "{causes:?}");
        }
        scores[0] = None;
        assert_eq!(share(&scores), None);
    }
}
