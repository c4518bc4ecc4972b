//! Numbers per something: by an attribute or by another indicator's number, with their bounds.

use crate::framework::{Answers, Denominator, Gap};
use crate::responses::Answer;

use super::leaf::{Bound, Leaf, Presence};
use super::plan::Plan;
use super::rows::number_of;
use super::workings::Workings;

impl Plan<'_> {
    /// Numbers per something.
    pub(crate) fn divide(&self, workings: &mut Workings) {
        let numbers = (0..self.questions.nodes.len()).filter_map(|question| {
            match &self.questions.indicator(question).answers {
                Answers::Number(number) => Some((question, number.per?, number.times)),
                Answers::Choice(_) | Answers::Multiple(_) => None,
            }
        });
        let divided: Vec<(usize, Denominator, f64)> = numbers.collect();
        // A denominator may be divided itself: what it divides by is the number as answered.
        let divisors: Vec<Option<Leaf>> = divided
            .iter()
            .map(|(_, per, _)| match per {
                Denominator::Attribute(_) => None,
                Denominator::Indicator(node) => {
                    self.questions.position[node.0].map(|other| workings.leaves[other].clone())
                }
            })
            .collect();
        for ((question, per, times), other) in divided.into_iter().zip(divisors) {
            for case in 0..workings.cases.len() {
                let divisor = match per {
                    Denominator::Attribute(attribute) => {
                        let number = number_of(&workings.cases.attributes, attribute, case);
                        Divisor {
                            value: number,
                            bound: number.map(Bound::exactly),
                        }
                    }
                    Denominator::Indicator(_) => Divisor {
                        value: other.as_ref().and_then(|leaf| leaf.value.value(case)),
                        bound: other.as_ref().map(|leaf| leaf.bound(case)),
                    },
                };
                workings.leaves[question].divide(case, divisor, times);
            }
        }
    }
}

/// What a case's number is divided by.
#[derive(Clone, Copy, Debug)]
struct Divisor {
    value: Option<f64>,
    /// What it could still be; none where it is not known.
    bound: Option<Bound>,
}

impl Divisor {
    /// What the bound of a number becomes. Where the divisor could be zero or not apply, nothing limits the number, and it
    /// may stay missing whatever is answered.
    fn quotient(self, number: Bound, times: f64) -> Bound {
        let unlimited = Bound {
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
            ..number.perhaps()
        };
        let known = self.bound.filter(|divisor| {
            divisor.presence == Presence::Certain && (divisor.low > 0.0 || divisor.high < 0.0)
        });
        let Some(divisor) = known else {
            return unlimited;
        };
        let by = |divisor: f64| [number.low, number.high].map(|x| x / (divisor / times));
        let corners = [by(divisor.low), by(divisor.high)].concat();
        if corners.iter().any(|x| x.is_nan()) {
            return unlimited;
        }
        Bound {
            low: corners.iter().copied().fold(f64::INFINITY, f64::min),
            high: corners.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            ..number
        }
    }
}

impl Leaf {
    /// One case's number per something; without a divisor it is missing.
    fn divide(&mut self, case: usize, divisor: Divisor, times: f64) {
        let answer = self.value.get(case);
        let before = self.bound(case);
        let after = divisor.quotient(before, times);
        self.may_lose(case, |bound| divisor.quotient(bound, times));
        let quotient = match answer {
            Answer::Given(value) => divisor.value.map(|divisor| value / (divisor / times)),
            Answer::Missing(_) | Answer::NotApplicable => None,
        };
        let quotient = quotient.filter(|quotient| quotient.is_finite());
        let open = self.bounds.is_some() || after.is_open() || quotient.is_none();
        if before.presence != Presence::Absent && open {
            self.bounds_mut().set(case, after);
        }
        if !matches!(answer, Answer::Given(_)) {
            return;
        }
        if let Some(quotient) = quotient {
            self.value.set(case, Answer::Given(quotient));
        } else {
            self.value.set(case, Answer::Missing(Gap::Unanswered));
            if let Some(coverage) = self.coverage.get_mut(case) {
                *coverage = 0.0;
            }
        }
    }
}
