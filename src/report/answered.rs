//! [`Answered`]: what responses hold, counted.

use crate::analysis::beyond_range::beyond_range;
use crate::analysis::evidence::{Evidenced, evidence};
use crate::analysis::off_scale::off_scale;
use crate::analysis::outside_periods::outside_periods;
use crate::analysis::passed_over::passed_over;
use crate::framework::Framework;
use crate::problem::Problem;
use crate::responses::{Mark, Responses};

/// What responses hold, counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Units.
    pub units: usize,
    /// Periods; none where the framework has none.
    pub periods: Option<usize>,
    /// Answers that were given.
    pub given: usize,
    /// Answers that are missing.
    pub missing: usize,
    /// Answers that do not concern the unit.
    pub not_applicable: usize,
    /// Positive answers that require evidence, and how many of them have it.
    pub evidence: Evidenced,
    /// Warnings about answers that a condition on another answer passes over.
    pub passed_over: Vec<Problem>,
    /// Warnings about answers in periods in which the framework does not have their indicators.
    pub outside_periods: Vec<Problem>,
    /// Warnings about numbers that have no score because they are off the scale.
    pub off_scale: Vec<Problem>,
    /// Warnings about scores outside of the range on which they are shown.
    pub beyond_range: Vec<Problem>,
}

impl Answered {
    /// Counts.
    pub fn of(framework: &Framework, responses: &Responses) -> Self {
        let mut answered = Self {
            units: responses.units.len(),
            periods: framework
                .period
                .is_some()
                .then_some(responses.periods.len()),
            given: 0,
            missing: 0,
            not_applicable: 0,
            evidence: evidence(framework, responses),
            passed_over: passed_over(framework, responses),
            outside_periods: outside_periods(framework, responses),
            off_scale: off_scale(framework, responses),
            beyond_range: beyond_range(framework, responses),
        };
        for mark in responses.answers.iter().flat_map(|column| &column.marks) {
            match mark {
                Mark::Given => answered.given += 1,
                Mark::NotApplicable => answered.not_applicable += 1,
                Mark::Unanswered | Mark::DontKnow | Mark::NotAsked => answered.missing += 1,
            }
        }
        answered
    }

    /// What somebody should look at before the answers are scored.
    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        let answers = self.passed_over.iter().chain(&self.outside_periods);
        let answers = answers.chain(&self.off_scale);
        let answers = answers.chain(&self.beyond_range);
        answers.chain(&self.evidence.lacking)
    }

    /// `38 units, 1 period, 228 answers, 3 missing`.
    pub fn sentence(&self) -> String {
        let mut parts = vec![counted(self.units, "unit")];
        parts.extend(self.periods.map(|periods| counted(periods, "period")));
        parts.push(counted(self.given, "answer"));
        for (count, what) in [
            (self.missing, "missing"),
            (self.not_applicable, "not applicable"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        let Evidenced {
            required, given, ..
        } = &self.evidence;
        if *required > 0 {
            parts.push(format!(
                "evidence for {given} of {required} that require it"
            ));
        }
        parts.join(", ")
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
