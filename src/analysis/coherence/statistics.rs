//! What was answered to each indicator.

use crate::framework::{Framework, NodeIx};
use crate::responses::{Column, Mark, Responses};
use crate::scoring::{CaseKey, Moment, Plan, Statistics, possible};

/// The answers to one indicator: numbers as they stand (divided by what they are per), choices as what they are worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// The indicator.
    pub node: NodeIx,
    /// To how many units it applies.
    pub applicable: usize,
    /// How many answered.
    pub answered: usize,
    /// Mean of the answers.
    pub mean: Option<f64>,
    /// Median.
    pub median: Option<f64>,
    /// Standard deviation (n − 1).
    pub sd: Option<f64>,
    /// Sample skewness G1.
    pub skewness: Option<f64>,
    /// Sample excess kurtosis G2.
    pub kurtosis: Option<f64>,
    /// Lowest answer.
    pub min: Option<f64>,
    /// Highest answer.
    pub max: Option<f64>,
    /// How many different answers there are.
    pub distinct: usize,
    /// How many are not zero.
    pub nonzero: usize,
    /// How many gave the most frequent answer.
    pub most_frequent: usize,
    /// Share of the answers at the lowest value that is possible (that was given, where nothing limits it).
    pub floor: Option<f64>,
    /// At the highest.
    pub ceiling: Option<f64>,
}

impl Described {
    /// Share of those to whom it applies that answered.
    pub fn coverage(&self) -> Option<f64> {
        (self.applicable > 0).then(|| self.answered as f64 / self.applicable as f64)
    }
}

/// What is looked at: the answers of one period, gaps not yet filled.
pub(super) struct Look {
    /// By question.
    answers: Vec<Column>,
    /// Single rows before they became one, if there are any: whose they are, and by question.
    pub(super) rows: Option<(Vec<CaseKey>, Vec<Column>)>,
}

impl Look {
    pub(super) fn at(plan: &Plan<'_>, responses: &Responses, period: usize) -> Self {
        let mut look = Self {
            answers: Vec::new(),
            rows: None,
        };
        plan.work_watched(responses, &mut |moment| match moment {
            Moment::Divided(workings) => {
                let of_period: Vec<usize> = (0..workings.cases.len())
                    .filter(|case| workings.cases.keys[*case].period == period)
                    .collect();
                let columns = workings
                    .leaves
                    .iter()
                    .map(|leaf| pick(&leaf.value, &of_period));
                look.answers = columns.collect();
            }
            Moment::Decoded { cases, leaves, .. } => {
                let of_period: Vec<usize> = (0..cases.len())
                    .filter(|case| cases.keys[*case].period == period)
                    .collect();
                let keys = of_period
                    .iter()
                    .map(|case| cases.keys[*case].clone())
                    .collect();
                let columns = leaves
                    .iter()
                    .map(|leaf| pick(&leaf.value, &of_period))
                    .collect();
                look.rows = Some((keys, columns));
            }
            Moment::Combined { .. } | Moment::Screened(_) | Moment::Filled(_) => {}
        });
        look
    }

    pub(super) fn describe(&self, framework: &Framework) -> Vec<Described> {
        let indicators = framework.indicators().zip(&self.answers);
        indicators
            .map(|((node, _, indicator), column)| {
                let range = possible(&indicator.answers);
                describe(node, column, (range.low, range.high))
            })
            .collect()
    }
}

fn pick(column: &Column, rows: &[usize]) -> Column {
    Column {
        values: rows.iter().map(|row| column.values[*row]).collect(),
        marks: rows.iter().map(|row| column.marks[*row]).collect(),
    }
}

fn describe(node: NodeIx, column: &Column, (low, high): (f64, f64)) -> Described {
    let given = (0..column.len()).filter_map(|row| column.value(row));
    let values = Statistics::new(given.collect());
    let count = values.count();
    let runs = || values.sorted.chunk_by(|a, b| a.total_cmp(b).is_eq());
    let at = |limit: f64, found: Option<f64>| {
        let limit = Some(limit).filter(|limit| limit.is_finite()).or(found)?;
        let there = values
            .sorted
            .iter()
            .filter(|value| (**value - limit).abs() <= 1e-12 * limit.abs().max(1.0));
        (count > 0).then(|| there.count() as f64 / count as f64)
    };
    Described {
        node,
        applicable: column
            .marks
            .iter()
            .filter(|mark| **mark != Mark::NotApplicable)
            .count(),
        answered: count,
        mean: values.mean(),
        median: values.median(),
        sd: values.sd(),
        skewness: values.skewness(),
        kurtosis: values.kurtosis(),
        min: values.min(),
        max: values.max(),
        distinct: runs().count(),
        nonzero: values
            .sorted
            .iter()
            .filter(|value| value.abs() > 0.0)
            .count(),
        most_frequent: runs().map(<[f64]>::len).max().unwrap_or(0),
        floor: at(low, values.min()),
        ceiling: at(high, values.max()),
    }
}
