//! Which claims are backed: positive answers and the evidence that the framework requires for them.

use std::collections::BTreeMap;

use crate::framework::{Answers, Curve, Evidence, Framework, Indicator};
use crate::problem::{Place, Problem, ResponsesKind};
use crate::responses::{Answer, Responses};
use crate::scoring::{Assumptions, Questions, Reading, possible};

/// Most places that a warning shows.
const PLACES: usize = 3;

/// Most indicators that have a warning each.
const APART: usize = 10;

/// Positive answers to indicators that require evidence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidenced {
    /// How many there are.
    pub required: usize,
    /// How many of them have evidence.
    pub given: usize,
    /// A warning for each indicator with answers that have none; one for all of them if there are many.
    pub lacking: Vec<Problem>,
}

/// Looks at every positive answer to an indicator that requires evidence: a choice or a set of choices that is worth more
/// than the least that could have been answered, a number that is better than the worse goalpost (any number where there
/// is none). What skip logic passes over is no claim.
pub fn evidence(framework: &Framework, responses: &Responses) -> Evidenced {
    let questions = Questions::of(framework, &Assumptions::of(framework));
    let required: Vec<usize> = (0..questions.nodes.len())
        .filter(|question| questions.indicator(*question).evidence == Evidence::Required)
        .collect();
    if required.is_empty() {
        return Evidenced::default();
    }
    let (leaves, settled) = questions.settle(responses);
    let mut found = Evidenced::default();
    let mut lacking: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for question in required {
        let indicator = questions.indicator(question);
        for (row, _) in responses.rows.iter().enumerate() {
            let given = matches!(responses.answers[question].get(row), Answer::Given(_));
            let worth = leaves[question].value.value(row);
            let positive = given && worth.is_some_and(|worth| is_positive(indicator, worth));
            let reading = || questions.reading(question, responses, &settled, row);
            if !positive || matches!(reading(), Reading::Skipped { .. }) {
                continue;
            }
            found.required += 1;
            if responses.evidence.contains_key(&(row, question)) {
                found.given += 1;
            } else {
                lacking.entry(question).or_default().push(row);
            }
        }
    }
    let kind = |asked: &[usize], _: &[usize]| ResponsesKind::NoEvidence {
        indicators: questions.codes(asked),
    };
    found.lacking = warnings(lacking, kind, responses);
    found
}

/// Whether an answer of this worth (a number: the number) claims anything.
pub(crate) fn is_positive(indicator: &Indicator, worth: f64) -> bool {
    match &indicator.answers {
        Answers::Choice(_) | Answers::Multiple(_) => {
            let least = possible(&indicator.answers).lowest();
            least.is_none_or(|least| worth > least)
        }
        Answers::Number(number) => match &number.curve {
            Curve::Goalposts(posts) => (worth - posts.from) * (posts.to - posts.from) > 0.0,
            Curve::AsIs | Curve::Bands(_) | Curve::Lines(_) => true,
        },
    }
}

/// A warning for each question or node with something in these rows; one for all of them if there are many. A row stands
/// there once an answer.
pub(super) fn warnings<K: Copy + Ord>(
    mut found: BTreeMap<K, Vec<usize>>,
    kind: impl Fn(&[K], &[usize]) -> ResponsesKind,
    responses: &Responses,
) -> Vec<Problem> {
    found.retain(|_, rows| !rows.is_empty());
    let about = |of: &[K], mut rows: Vec<usize>| {
        rows.sort_unstable();
        warning(kind(of, &rows), &rows, responses)
    };
    if found.len() > APART {
        let of: Vec<K> = found.keys().copied().collect();
        return vec![about(&of, found.into_values().flatten().collect())];
    }
    let each = found.into_iter();
    each.map(|(of, rows)| about(&[of], rows)).collect()
}

/// A warning about answers in these rows, in ascending order; a row stands there once an answer.
fn warning(kind: ResponsesKind, rows: &[usize], responses: &Responses) -> Problem {
    let place = |row: &usize| {
        let row = &responses.rows[*row];
        let file = responses.files.get(row.file).cloned();
        Place::new(&file.unwrap_or_else(|| "".into()), row.line, 0)
    };
    let mut places = rows.to_vec();
    places.dedup();
    let mut problem = Problem::warning(kind, place(&places[0]));
    let further = places[1..].iter().take(PLACES - 1);
    problem.places.extend(further.map(place));
    problem.count = rows.len();
    problem
}
