//! The answers themselves, as they could have been: other respondents, small errors, gaps filled.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::framework::{
    Answers, Curve, Denominator, Framework, Indicator, Multiple, Number, Outcome, Scale,
};
use crate::responses::{Answer, AttributeColumn, Column, Mark, Responses, Row, bits_of, option_of};
use crate::scoring::belongs;

use super::random::{Stream, name, within};

/// The random numbers of one source in one draw.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance {
    pub(crate) seed: u64,
    pub(crate) draw: u64,
    /// The source's own name.
    pub(crate) source: u64,
}

impl Chance {
    pub(crate) fn stream(self, thing: u64) -> Stream {
        Stream::new(self.seed, self.draw, within(self.source, thing))
    }
}

/// Names of the rows, so that a row's numbers do not depend on where it stands.
pub(crate) fn row_names(responses: &Responses) -> Vec<u64> {
    let of = |row: &Row| {
        let unit = responses.units[row.unit].id.as_ref();
        let period = responses.periods[row.period].as_str();
        name(
            [unit, period]
                .into_iter()
                .chain(row.keys.iter().map(AsRef::as_ref)),
        )
    };
    responses.rows.iter().map(of).collect()
}

/// Indicators with their columns.
fn columns(framework: &Framework) -> impl Iterator<Item = (u64, &Indicator)> {
    framework
        .indicators()
        .map(|(_, node, indicator)| (name([node.id.as_str()]), indicator))
}

/// Lets given answers be off.
pub(crate) fn err(
    framework: &Framework,
    responses: &mut Responses,
    rows: &[u64],
    (share, numbers): (f64, f64),
    chance: Chance,
) {
    for (column, (question, indicator)) in responses.answers.iter_mut().zip(columns(framework)) {
        let steps = Steps::of(&indicator.answers);
        for (row, name) in rows.iter().enumerate().take(column.len()) {
            let Some(value) = column.value(row) else {
                continue;
            };
            let mut stream = chance.stream(within(*name, question));
            let off = stream.uniform() < share;
            let other = match &steps {
                Steps::Choice(neighbours) if off => {
                    neighbour(neighbours, option_of(value), &mut stream)
                }
                Steps::Multiple(multiple) if off => {
                    Some(toggled(multiple, bits_of(value), &mut stream))
                }
                Steps::Choice(_) | Steps::Multiple(_) => None,
                Steps::Number(valid) => {
                    let other = value * (1.0 + numbers * stream.symmetric());
                    Some(valid.map_or(other, |(low, high)| other.clamp(low, high)))
                }
            };
            if let Some(other) = other.filter(|other| other.is_finite()) {
                column.set(row, Answer::Given(other));
            }
        }
    }
}

/// What a step away from an answer is.
enum Steps<'f> {
    /// By option: the next lower and the next higher one.
    Choice(Vec<[Option<usize>; 2]>),
    Multiple(&'f Multiple),
    /// The numbers that are valid.
    Number(Option<(f64, f64)>),
}

impl<'f> Steps<'f> {
    fn of(answers: &'f Answers) -> Self {
        match answers {
            Answers::Choice(scale) => Self::Choice(neighbours(scale)),
            Answers::Multiple(multiple) => Self::Multiple(multiple),
            Answers::Number(number) => Self::Number(number.valid),
        }
    }
}

fn score_of(scale: &Scale, option: usize) -> Option<f64> {
    match scale.options[option].outcome {
        Outcome::Score(score) => Some(score),
        Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => None,
    }
}

fn neighbours(scale: &Scale) -> Vec<[Option<usize>; 2]> {
    let all = || 0..scale.options.len();
    let next = |option: usize, up: bool| {
        let own = score_of(scale, option)?;
        let ahead = |other: &usize| {
            score_of(scale, *other).is_some_and(|score| if up { score > own } else { score < own })
        };
        let distance =
            |other: &usize| score_of(scale, *other).map_or(0.0, |score| (score - own).abs());
        all()
            .filter(ahead)
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
    };
    all()
        .map(|option| [next(option, false), next(option, true)])
        .collect()
}

/// One step down or up, each equally likely; at an end the only way there is.
fn neighbour(neighbours: &[[Option<usize>; 2]], option: usize, stream: &mut Stream) -> Option<f64> {
    let [down, up] = neighbours.get(option)?;
    let (first, second) = if stream.uniform() < 0.5 {
        (down, up)
    } else {
        (up, down)
    };
    first.or(*second).map(|option| option as f64)
}

/// One option the other way. An option that excludes the others goes when another one comes.
fn toggled(multiple: &Multiple, bits: u64, stream: &mut Stream) -> f64 {
    let (mut offered, mut alone) = (Vec::new(), 0);
    for (at, option) in multiple.options.iter().enumerate() {
        if option.only {
            alone |= 1_u64 << at;
        } else {
            offered.push(at);
        }
    }
    match offered.get(stream.below(offered.len())) {
        Some(at) => ((bits & !alone) ^ (1 << at)) as f64,
        None => bits as f64,
    }
}

/// Draws missing answers from what could have been answered. Where a framework's preset fills the gap, it does.
pub(crate) fn fill(
    framework: &Framework,
    responses: &mut Responses,
    rows: &[u64],
    ranges: &[Option<(f64, f64)>],
    chance: Chance,
) {
    let (attributes, answers) = (&responses.attributes, &responses.answers);
    let mut filled: Vec<Column> = answers.clone();
    for (at, (question, indicator)) in columns(framework).enumerate() {
        for (row, name) in rows.iter().enumerate().take(answers[at].len()) {
            let preset = |(members, _): &(_, _)| belongs(members, attributes, row);
            if is_gap(indicator, &answers[at], row) && !indicator.presets.iter().any(preset) {
                let mut stream = chance.stream(within(*name, question));
                let divisor = divisor(framework, indicator, attributes, answers, row);
                if let Some(value) = possible(indicator, ranges[at], divisor, &mut stream) {
                    filled[at].set(row, Answer::Given(value));
                }
            }
        }
    }
    responses.answers = filled;
}

fn is_gap(indicator: &Indicator, column: &Column, row: usize) -> bool {
    let stands_for_none = |option: usize| match &indicator.answers {
        Answers::Choice(scale) => matches!(
            scale.options.get(option).map(|option| option.outcome),
            Some(Outcome::Missing(_))
        ),
        Answers::Multiple(_) | Answers::Number(_) => false,
    };
    match column.marks[row] {
        Mark::Given => stands_for_none(option_of(column.values[row])),
        Mark::NotApplicable => false,
        Mark::Unanswered | Mark::DontKnow | Mark::NotAsked => true,
    }
}

fn possible(
    indicator: &Indicator,
    range: Option<(f64, f64)>,
    divisor: Option<f64>,
    stream: &mut Stream,
) -> Option<f64> {
    match &indicator.answers {
        Answers::Choice(scale) => {
            let scored: Vec<usize> = (0..scale.options.len())
                .filter(|option| score_of(scale, *option).is_some())
                .collect();
            scored.get(stream.below(scored.len())).map(|at| *at as f64)
        }
        Answers::Multiple(multiple) => {
            let options = multiple.options.iter().enumerate();
            let bits = options.fold(0_u64, |bits, (at, option)| {
                let chosen = stream.uniform() < 0.5 && !option.only;
                bits | u64::from(chosen) << at
            });
            Some(bits as f64)
        }
        Answers::Number(_) => {
            let (low, high) = range?;
            Some((low + stream.uniform() * (high - low)) * divisor?)
        }
    }
}

/// What a ratio is multiplied by to be the raw number: 1 where a number stands alone.
fn divisor(
    framework: &Framework,
    indicator: &Indicator,
    attributes: &[AttributeColumn],
    answers: &[Column],
    row: usize,
) -> Option<f64> {
    let Answers::Number(number) = &indicator.answers else {
        return Some(1.0);
    };
    let raw = match number.per {
        None => return Some(1.0),
        Some(Denominator::Attribute(attribute)) => match &attributes[attribute.0] {
            AttributeColumn::Number(numbers) => numbers[row],
            AttributeColumn::Text(_) => None,
        },
        Some(Denominator::Indicator(node)) => {
            let at = framework.indicators().position(|(ix, _, _)| ix == node);
            at.and_then(|at| answers[at].value(row))
        }
    };
    raw.filter(|raw| raw.abs() > 0.0)
        .map(|raw| raw / number.times)
}

/// Between which numbers (per whatever they are divided by) an answer can lie, by question: what is valid, else the
/// goalposts, else what others have.
pub(crate) fn ranges(framework: &Framework, responses: &Responses) -> Vec<Option<(f64, f64)>> {
    let (attributes, answers) = (&responses.attributes, &responses.answers);
    columns(framework)
        .enumerate()
        .map(|(at, (_, indicator))| {
            let Answers::Number(number) = &indicator.answers else {
                return None;
            };
            let ratio = |row: usize| {
                let divisor = divisor(framework, indicator, attributes, answers, row)?;
                Some(answers[at].value(row)? / divisor)
            };
            let found: Vec<f64> = (0..answers[at].len()).filter_map(ratio).collect();
            let low = found.iter().copied().reduce(f64::min);
            let high = found.iter().copied().reduce(f64::max);
            stated(number).or(low.zip(high))
        })
        .collect()
}

fn stated(number: &Number) -> Option<(f64, f64)> {
    let valid = number.valid.filter(|_| number.per.is_none());
    valid.or(match &number.curve {
        Curve::Goalposts(posts) => Some((posts.from.min(posts.to), posts.from.max(posts.to))),
        Curve::Lines(points) => Some((points.first()?.0, points.last()?.0)),
        Curve::AsIs | Curve::Bands(_) => None,
    })
}

/// Unit, period and coarser keys.
type Coarser<'a> = (&'a str, usize, &'a [Arc<str>]);

/// Rows of a finer key drawn again with replacement, as many as there are, within each unit, period and coarser key.
pub(crate) fn resample(responses: &mut Responses, step: usize, chance: Chance) {
    let mut groups: BTreeMap<Coarser<'_>, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (at, row) in responses.rows.iter().enumerate() {
        let unit = responses.units[row.unit].id.as_ref();
        let clusters = groups
            .entry((unit, row.period, &row.keys[..step]))
            .or_default();
        clusters.entry(&row.keys[step]).or_default().push(at);
    }
    let mut drawn: Vec<(usize, usize)> = Vec::new();
    for ((unit, period, keys), clusters) in &groups {
        let period = responses.periods[*period].as_str();
        let thing = name(
            [*unit, period]
                .into_iter()
                .chain(keys.iter().map(AsRef::as_ref)),
        );
        let mut stream = chance.stream(thing);
        let clusters: Vec<&Vec<usize>> = clusters.values().collect();
        for copy in 0..clusters.len() {
            let rows = clusters[stream.below(clusters.len())];
            drawn.extend(rows.iter().map(|row| (*row, copy)));
        }
    }
    let rows = drawn.iter().map(|(at, copy)| {
        let mut row = responses.rows[*at].clone();
        // The same row drawn twice is two rows.
        row.keys[step] = Arc::from(format!("{copy}"));
        row
    });
    let rows: Vec<Row> = rows.collect();
    let picked: Vec<usize> = drawn.iter().map(|(at, _)| *at).collect();
    responses.answers = responses
        .answers
        .iter()
        .map(|column| Column {
            values: picked.iter().map(|at| column.values[*at]).collect(),
            marks: picked.iter().map(|at| column.marks[*at]).collect(),
        })
        .collect();
    responses.attributes = responses
        .attributes
        .iter()
        .map(|column| match column {
            AttributeColumn::Text(cells) => {
                AttributeColumn::Text(picked.iter().map(|at| cells[*at].clone()).collect())
            }
            AttributeColumn::Number(cells) => {
                AttributeColumn::Number(picked.iter().map(|at| cells[*at]).collect())
            }
        })
        .collect();
    responses.rows = rows;
    // Evidence is kept by row.
    responses.evidence.clear();
}
