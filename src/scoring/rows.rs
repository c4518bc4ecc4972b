//! Rows finer than the unit become one: of answers before scoring, of scores after.

use std::borrow::Cow;
use std::sync::Arc;

use crate::framework::{AttributeIx, Combine, Combiner, Gap, RowStep, tie_key};
use crate::responses::{Answer, AttributeColumn, Column, Mark, Responses};

use super::leaf::{Bound, Bounds, Leaf, Presence};
use super::nodes::Detail;

/// What is scored: one line an observation, or a finer row of one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cases {
    pub(crate) keys: Vec<CaseKey>,
    pub(crate) attributes: Vec<AttributeColumn>,
    /// By attribute and case: whether the rows that it is made of say different things. Nothing that scores depend on may
    /// be such an attribute. Empty before rows become one.
    pub(super) contested: Vec<Vec<bool>>,
    /// Whether nothing says how to combine the rows that a case is made of, so that it has no score whatever they answer.
    /// Empty where that is said question by question.
    pub(super) lost: Vec<bool>,
}

/// Whose case it is. Cases are sorted by unit, period and keys, so that the order of input rows changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CaseKey {
    pub(crate) unit: Arc<str>,
    /// Position in the responses' units.
    pub(crate) unit_at: usize,
    pub(crate) period: usize,
    pub(crate) keys: Vec<Arc<str>>,
}

/// Cases of one key: positions of the finer ones.
pub(crate) type Groups = Vec<Vec<usize>>;

impl Cases {
    /// One case a row, in the order of the responses.
    pub(crate) fn of(responses: &Responses) -> Self {
        let keys = responses.rows.iter().map(|row| CaseKey {
            unit: Arc::clone(&responses.units[row.unit].id),
            unit_at: row.unit,
            period: row.period,
            keys: row.keys.clone(),
        });
        Self {
            keys: keys.collect(),
            attributes: responses.attributes.clone(),
            contested: Vec::new(),
            lost: Vec::new(),
        }
    }

    /// What a case says of itself, as text; none where its rows disagree.
    pub(crate) fn says(&self, attribute: AttributeIx, case: usize) -> Option<String> {
        let contested = self.contested.get(attribute.0);
        if contested.is_some_and(|contested| contested[case]) {
            return None;
        }
        text_of(&self.attributes, attribute, case)
    }

    /// Whether rows that become one say different things, now or before.
    fn contested(&self, groups: &Groups) -> Vec<Vec<bool>> {
        let columns = self.attributes.iter().enumerate();
        let columns = columns.map(|(attribute, column)| {
            let before = self.contested.get(attribute);
            let disagree = |rows: &Vec<usize>| {
                let mut said = rows.iter().copied().filter(|row| column.says(*row));
                let first = said.next();
                first.is_some_and(|first| said.any(|row| !column.agrees(first, row)))
                    || before.is_some_and(|before| rows.iter().any(|row| before[*row]))
            };
            groups.iter().map(disagree).collect()
        });
        columns.collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether every case stands behind those before it, so that grouping would change nothing.
    pub(crate) fn are_sorted(&self) -> bool {
        self.keys.is_sorted_by(|a, b| a < b)
    }

    /// The same cases in another order.
    pub(crate) fn reordered(&self, order: &[usize]) -> Self {
        let groups: Groups = order.iter().map(|case| vec![*case]).collect();
        Self {
            keys: order.iter().map(|case| self.keys[*case].clone()).collect(),
            attributes: self
                .attributes
                .iter()
                .map(|column| first_of(column, &groups))
                .collect(),
            contested: self.contested(&groups),
            lost: Vec::new(),
        }
    }

    /// The cases that remain when only the first `keep` keys count, and what each is made of; both in canonical order.
    pub(crate) fn grouped(&self, keep: usize) -> (Self, Groups) {
        let mut order: Vec<usize> = (0..self.len()).collect();
        if !self.keys.is_sorted() {
            order.sort_by(|a, b| self.keys[*a].cmp(&self.keys[*b]));
        }
        let coarse = |case: usize| {
            let key = &self.keys[case];
            let kept = &key.keys[..key.keys.len().min(keep)];
            (&key.unit, key.unit_at, key.period, kept)
        };
        let groups = order.chunk_by(|a, b| coarse(*a) == coarse(*b));
        let groups: Groups = groups.map(<[usize]>::to_vec).collect();
        let keys = groups.iter().map(|rows| {
            let (unit, unit_at, period, kept) = coarse(rows[0]);
            CaseKey {
                unit: Arc::clone(unit),
                unit_at,
                period,
                keys: kept.to_vec(),
            }
        });
        let keys = keys.collect();
        let attributes = self
            .attributes
            .iter()
            .map(|column| first_of(column, &groups))
            .collect();
        let contested = self.contested(&groups);
        let coarser = Self {
            keys,
            attributes,
            contested,
            lost: Vec::new(),
        };
        (coarser, groups)
    }
}

/// What the first row of each group that says something says.
fn first_of(column: &AttributeColumn, groups: &Groups) -> AttributeColumn {
    match column {
        AttributeColumn::Text(texts) => AttributeColumn::Text(
            groups
                .iter()
                .map(|rows| rows.iter().find_map(|row| texts[*row].clone()))
                .collect(),
        ),
        AttributeColumn::Number(numbers) => AttributeColumn::Number(
            groups
                .iter()
                .map(|rows| rows.iter().find_map(|row| numbers[*row]))
                .collect(),
        ),
    }
}

/// How the rows of each group become one.
#[derive(Clone, Debug)]
pub(crate) struct Folding<'a> {
    groups: Cow<'a, Groups>,
    /// The rows of each group that count for more than nothing; all of them where none does.
    heard: Groups,
    /// None: nothing says how to combine a group's rows.
    combiners: Vec<Option<Combiner>>,
    weights: Vec<f64>,
}

impl<'a> Folding<'a> {
    /// `finer` are the cases that `groups` point to.
    pub(crate) fn of(step: &RowStep, finer: &Cases, groups: &'a Groups) -> Self {
        let combiners = groups.iter().map(|rows| match &step.combine {
            Combine::Always(combiner) => Some(*combiner),
            Combine::By {
                attribute,
                cases,
                otherwise,
            } => {
                let value = rows
                    .iter()
                    .find_map(|row| text_of(&finer.attributes, *attribute, *row));
                let case = |value: String| {
                    cases
                        .iter()
                        .find(|(case, _)| case.eq_ignore_ascii_case(value.trim()))
                };
                value
                    .and_then(case)
                    .map(|(_, combiner)| *combiner)
                    .or(*otherwise)
            }
        });
        let weights = (0..finer.len()).map(|row| match step.weight {
            None => 1.0,
            Some(AttributeIx(column)) => match &finer.attributes[column] {
                AttributeColumn::Number(numbers) => {
                    numbers[row].filter(|w| *w > 0.0).unwrap_or(0.0)
                }
                AttributeColumn::Text(_) => 0.0,
            },
        });
        let weights: Vec<f64> = weights.collect();
        let mut combiners: Vec<Option<Combiner>> = combiners.collect();
        let mut heard: Groups = Vec::with_capacity(groups.len());
        for (rows, combiner) in groups.iter().zip(&mut combiners) {
            let with_a_say = rows.iter().copied().filter(|row| weights[*row] > 0.0);
            let with_a_say: Vec<usize> = with_a_say.collect();
            if with_a_say.is_empty() {
                // Where nobody has a say, nothing says how to combine what they say.
                *combiner = None;
                heard.push(rows.clone());
            } else {
                heard.push(with_a_say);
            }
        }
        Self {
            groups: Cow::Borrowed(groups),
            heard,
            combiners,
            weights,
        }
    }

    /// What each group asks for.
    pub(crate) fn combiners(&self) -> &[Option<Combiner>] {
        &self.combiners
    }

    /// What each group is made of.
    pub(crate) fn groups(&self) -> &Groups {
        &self.groups
    }

    /// How much each finer row counts.
    pub(crate) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The same, to be kept.
    pub(crate) fn kept(self) -> Folding<'static> {
        Folding {
            groups: Cow::Owned(self.groups.into_owned()),
            heard: self.heard,
            combiners: self.combiners,
            weights: self.weights,
        }
    }

    /// A leaf's rows combined, saying no more than `detail` asks for; `up` and `share_up` say whether more of its values, and
    /// of the shares in their place, is better. `whole`: what nothing says how to combine is lost as a whole ([`Cases::lost`]),
    /// not question by question.
    pub(crate) fn leaf(
        &self,
        leaf: &Leaf,
        up: bool,
        share_up: bool,
        whole: bool,
        detail: Detail,
    ) -> Leaf {
        let length = self.groups.len();
        let mut folded = Leaf::default();
        let gaps = detail.bounds && (leaf.bounds.is_some() || self.leaves_open());
        let mut bounds = Box::<Bounds>::default();
        let fixed = leaf.fixed.as_ref();
        let mut fixed = fixed.map(|_| Box::new(Column::unanswered(length)));
        let is_open = leaf.stand_in.is_some() || leaf.fixed.is_some() && self.leaves_open();
        let shares = leaf.shares().filter(|_| detail.bounds && is_open);
        let mut stand_in = shares.is_some().then(|| Box::new(Bounds::absent(length)));
        let bound = |group: usize, rows: &[usize], leaf: &Leaf, up: bool| {
            let bound = self.bound(group, rows, leaf, up);
            if whole {
                bound
            } else {
                self.lost_or(group, bound)
            }
        };
        for (group, rows) in self.heard.iter().enumerate() {
            let share = leaf.fixed.as_ref();
            let share = share.and_then(|fixed| self.combined(group, rows, fixed, share_up));
            let answer = match (self.combined(group, rows, &leaf.value, up), share) {
                (Some(value), _) => Answer::Given(value),
                // A share counts in its place, as in a row that is skipped: it is no gap.
                (None, Some(_)) => Answer::NotApplicable,
                (None, None) => why_not(rows, &leaf.value, |row| leaf.is_fixed(row)),
            };
            folded.value.push(answer);
            if let (Some(fixed), Some(share), Answer::NotApplicable) = (&mut fixed, share, answer) {
                fixed.set(group, Answer::Given(share));
            }
            if detail.needs_coverage() {
                let combined = self.combiners[group].is_some();
                let covered = if combined { coverage(leaf, rows) } else { 0.0 };
                folded.coverage.push(covered);
            }
            if gaps {
                bounds.push(bound(group, rows, leaf, up));
            }
            if let (Some(stand_in), Some(shares)) = (&mut stand_in, &shares) {
                stand_in.set(group, bound(group, rows, shares, share_up));
            }
        }
        folded.fixed = fixed;
        folded.stand_in = stand_in;
        folded.bounds = gaps.then_some(bounds);
        folded
    }

    /// Scores of a node combined.
    pub(crate) fn scores(&self, scores: &Column, up: bool) -> Column {
        let mut folded = Column::default();
        for (group, rows) in self.heard.iter().enumerate() {
            let score = self.combined(group, rows, scores, up);
            folded.push(score.map_or_else(|| why_not(rows, scores, |_| false), Answer::Given));
        }
        folded
    }

    /// The bounds of a node's scores combined.
    pub(crate) fn bounds(&self, scores: &Column, bounds: &Bounds, up: bool) -> Bounds {
        let mut folded = Bounds::default();
        let leaf = Leaf {
            value: scores.clone(),
            bounds: Some(Box::new(bounds.clone())),
            ..Leaf::default()
        };
        for (group, rows) in self.heard.iter().enumerate() {
            folded.push(self.lost_or(group, self.bound(group, rows, &leaf, up)));
        }
        folded
    }

    /// Whether there are groups that nothing says how to combine.
    pub(crate) fn leaves_open(&self) -> bool {
        self.combiners.iter().any(Option::is_none)
    }

    /// The groups that nothing says how to combine; empty where there are none.
    pub(crate) fn lost(&self) -> Vec<bool> {
        if self.leaves_open() {
            self.combiners.iter().map(Option::is_none).collect()
        } else {
            Vec::new()
        }
    }

    /// Means of shares (coverage) over the rows that count and where something applies; none where nothing says how to
    /// combine them, as for answers.
    pub(crate) fn shares(&self, shares: &[f64], applies: &[Mark]) -> Vec<f64> {
        if shares.is_empty() {
            return Vec::new();
        }
        let of = |(rows, combiner): (&Vec<usize>, &Option<Combiner>)| {
            let applying = rows
                .iter()
                .filter(|row| applies[**row] != Mark::NotApplicable);
            let values = applying.map(|row| (shares[*row], 1.0)).collect();
            let mean = combiner.and_then(|_| combine(Combiner::Mean, values, true));
            mean.unwrap_or(0.0)
        };
        self.heard.iter().zip(&self.combiners).map(of).collect()
    }

    /// Sums of counts over the rows that are looked at; nothing where none were wanted.
    pub(crate) fn sums(&self, counts: &[u32]) -> Vec<u32> {
        let groups = self.heard.iter().filter(|_| !counts.is_empty());
        let sum = |rows: &Vec<usize>| rows.iter().map(|row| counts[*row]).sum();
        groups.map(sum).collect()
    }

    /// The same, but nothing where nothing says how to combine the rows.
    pub(crate) fn sums_that_count(&self, counts: &[u32]) -> Vec<u32> {
        let sums = self.sums(counts).into_iter().zip(&self.combiners);
        sums.map(|(sum, combiner)| combiner.map_or(0, |_| sum))
            .collect()
    }

    /// The values of a group's rows as one; none where that is too large for a number.
    fn combined(&self, group: usize, rows: &[usize], column: &Column, up: bool) -> Option<f64> {
        let combiner = self.combiners[group]?;
        let mut given = Vec::with_capacity(rows.len());
        for &row in rows {
            if let Some(value) = column.value(row) {
                given.push((value, self.weights[row]));
            }
        }
        combine(combiner, given, up).filter(|value| value.is_finite())
    }

    /// The hull of what the rows' gaps could make of the group.
    fn bound(&self, group: usize, rows: &[usize], leaf: &Leaf, up: bool) -> Bound {
        let known: Vec<(Bound, f64)> = rows
            .iter()
            .map(|row| (leaf.bound(*row), self.weights[*row]))
            .filter(|(bound, _)| bound.presence != Presence::Absent)
            .collect();
        let Some(presence) = known.iter().map(|(bound, _)| bound.presence).max() else {
            return Bound::ABSENT;
        };
        let exact = known.iter().all(|(bound, _)| {
            bound.presence == Presence::Certain && bound.low.total_cmp(&bound.high).is_eq()
        });
        let lows = known
            .iter()
            .map(|(bound, weight)| (bound.low, *weight, bound.presence));
        let highs = known
            .iter()
            .map(|(bound, weight)| (bound.high, *weight, bound.presence));
        let monotone =
            self.combiners[group].filter(|combiner| *combiner != Combiner::Majority || exact);
        let (low, high) = if let Some(combiner) = monotone {
            (
                extreme(lows.collect(), f64::total_cmp, |cells| {
                    combine(combiner, cells.to_vec(), up)
                }),
                extreme(
                    highs.collect(),
                    |a, b| b.total_cmp(a),
                    |cells| combine(combiner, cells.to_vec(), up),
                ),
            )
        } else {
            // One more vote can bring another value to the top, and who is not told how to combine can only say that
            // the result lies among the rows.
            (
                lows.map(|cell| cell.0).reduce(f64::min),
                highs.map(|cell| cell.0).reduce(f64::max),
            )
        };
        match (low, high) {
            (Some(low), Some(high)) => Bound {
                low,
                high,
                presence,
            },
            _ => Bound::ABSENT,
        }
    }

    /// The same, but what nothing says how to combine may stay missing whatever the rows answer.
    fn lost_or(&self, group: usize, bound: Bound) -> Bound {
        match self.combiners[group] {
            Some(_) => bound,
            None => bound.perhaps(),
        }
    }
}

impl RowStep {
    /// Whether there may be groups that nothing says how to combine.
    pub(crate) fn leaves_open(&self) -> bool {
        let unsaid = match &self.combine {
            Combine::Always(_) => false,
            Combine::By { otherwise, .. } => otherwise.is_none(),
        };
        unsaid || self.weight.is_some()
    }
}

/// The extreme result of `combined` when cells that may be absent can be left out: for monotone combinations it is
/// among those that take the optional cells in the order of their values.
fn extreme(
    mut cells: Vec<(f64, f64, Presence)>,
    order: impl Fn(&f64, &f64) -> std::cmp::Ordering,
    combined: impl Fn(&[(f64, f64)]) -> Option<f64>,
) -> Option<f64> {
    cells.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| order(&a.0, &b.0)));
    let certain = cells
        .iter()
        .filter(|cell| cell.2 == Presence::Certain)
        .count();
    let cells: Vec<(f64, f64)> = cells
        .into_iter()
        .map(|(value, weight, _)| (value, weight))
        .collect();
    (certain.max(1)..=cells.len())
        .filter_map(|taken| combined(&cells[..taken]))
        .min_by(&order)
}

/// Share of a group's answers that were given.
fn coverage(leaf: &Leaf, rows: &[usize]) -> f64 {
    let asked: Vec<usize> = rows
        .iter()
        .copied()
        .filter(|row| leaf.value.marks[*row] != Mark::NotApplicable || leaf.is_fixed(*row))
        .collect();
    if asked.is_empty() {
        return 0.0;
    }
    asked.iter().map(|row| leaf.coverage[*row]).sum::<f64>() / asked.len() as f64
}

/// Why a group has no value: a gap of one of its rows; or values, or shares in their place, that nothing says how to
/// combine; else it does not apply.
fn why_not(rows: &[usize], column: &Column, is_fixed: impl Fn(usize) -> bool) -> Answer {
    let gap = rows.iter().find(|row| column.marks[**row].is_missing());
    let says = |row: &usize| column.marks[*row] == Mark::Given || is_fixed(*row);
    match gap {
        Some(row) => column.get(*row),
        None if rows.iter().any(says) => Answer::Missing(Gap::Unanswered),
        None => Answer::NotApplicable,
    }
}

/// Values with weights become one; `up`: more is better. Sums run in ascending order, so that the order of rows does
/// not matter.
pub(crate) fn combine(combiner: Combiner, mut cells: Vec<(f64, f64)>, up: bool) -> Option<f64> {
    cells.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (lowest, highest) = (cells.first()?.0, cells.last()?.0);
    Some(match (combiner, up) {
        (Combiner::Mean, _) => {
            let weight: f64 = cells.iter().map(|(_, weight)| weight).sum();
            cells
                .iter()
                .map(|(value, weight)| value * weight)
                .sum::<f64>()
                / weight
        }
        (Combiner::Median, _) => {
            let middle = cells.len() / 2;
            if cells.len() % 2 == 1 {
                cells[middle].0
            } else {
                f64::midpoint(cells[middle - 1].0, cells[middle].0)
            }
        }
        (Combiner::Best, true) | (Combiner::Worst, false) => highest,
        (Combiner::Best, false) | (Combiner::Worst, true) => lowest,
        (Combiner::Majority, _) => majority(&cells, up),
    })
}

/// The most frequent value of ascending cells; on a tie the worse one.
fn majority(cells: &[(f64, f64)], up: bool) -> f64 {
    let runs: Vec<&[(f64, f64)]> = cells
        .chunk_by(|a, b| tie_key(a.0).total_cmp(&tie_key(b.0)).is_eq())
        .collect();
    let longest = runs.iter().map(|run| run.len()).max().unwrap_or(0);
    let mut best = runs
        .iter()
        .filter(|run| run.len() == longest)
        .map(|run| run[0].0);
    let (first, last) = (best.next(), best.next_back());
    let (first, last) = (first.unwrap_or(0.0), last.or(first).unwrap_or(0.0));
    if up { first } else { last }
}

/// An attribute of a case, as text.
pub(crate) fn text_of(
    attributes: &[AttributeColumn],
    attribute: AttributeIx,
    row: usize,
) -> Option<String> {
    match &attributes[attribute.0] {
        AttributeColumn::Text(texts) => texts[row].as_ref().map(ToString::to_string),
        AttributeColumn::Number(numbers) => numbers[row].map(|number| number.to_string()),
    }
}

/// An attribute of a case, as a number.
pub(crate) fn number_of(
    attributes: &[AttributeColumn],
    attribute: AttributeIx,
    row: usize,
) -> Option<f64> {
    match &attributes[attribute.0] {
        AttributeColumn::Number(numbers) => numbers[row],
        AttributeColumn::Text(_) => None,
    }
}
