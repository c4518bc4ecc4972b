//! [`Mixer`]: scores of units whose answers, framework, coverage and cohort are partly of the old and partly of the new
//! wave.
//!
//! A unit's cell (one row, one question) is of the new wave
//! - by *answers* where it was answered both times,
//! - by *coverage* where it was answered once, or did not apply once; a finer row that only one wave has comes and goes
//!   with coverage as well,
//! - by *framework* where the other edition has no such question, or no word for the answer: then each edition keeps its
//!   own answer.
//!
//! The *framework* brings everything in the file but the rules for missing answers (`missing`, `min-coverage`, `screen`),
//! which come with *coverage*. The *cohort* is everybody else's answers, and the unit's own in other periods; of waves that are
//! compared with frozen cohorts it is these, unless the editions differ: a frozen cohort belongs to its framework.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::framework::{Framework, Gap, NodeIx, Periods};
use crate::responses::{Answer, AttributeColumn, Column, Responses, Row, Unit};
use crate::scoring::{Assumptions, Plan, ScoreTable};

use super::causes::{ANSWERS, COHORT, COVERAGE, Causes, FRAMEWORK, MIXTURES, Mask, share};
use super::editions::{Editions, Said, as_of, is_relative};
use super::{Common, Side};

/// Mixes two waves.
pub(super) struct Mixer<'a> {
    sides: [&'a Side<'a>; 2],
    editions: &'a Editions,
    /// The answers of each side in the other edition's words, by question and row.
    retold: [Vec<Vec<Option<Answer>>>; 2],
    /// Each unit's rows in the period, for each side.
    rows: [BTreeMap<&'a str, Vec<usize>>; 2],
    /// By [`Mixer::variant`].
    variants: Vec<(Framework, Assumptions)>,
    relative: bool,
    /// By the same framework the waves are compared with different frozen cohorts, or with those of different periods.
    cohorts_differ: bool,
    /// The rules for missing answers differ.
    rules_differ: bool,
}

/// Where a unit's rows are in both waves.
struct Rows {
    both: Vec<[usize; 2]>,
    /// Rows that only one side has.
    only: [Vec<usize>; 2],
}

/// A row of a mixture.
struct Mixed {
    keys: Vec<Arc<str>>,
    line: usize,
    answers: Vec<Answer>,
    attributes: Vec<Said>,
}

/// Everybody's answers, in the words of one framework.
struct Base {
    responses: Responses,
    period: usize,
}

fn bit(mask: Mask, cause: Mask) -> usize {
    usize::from(mask & cause != 0)
}

impl<'a> Mixer<'a> {
    pub(super) fn new(sides: [&'a Side<'a>; 2], editions: &'a Editions) -> Self {
        let relative = sides
            .iter()
            .any(|side| is_relative(side.framework, side.assumptions));
        let mut mixer = Self {
            sides,
            editions,
            retold: [0, 1].map(|side| editions.retold(sides, side)),
            rows: sides.map(rows_by_unit),
            variants: Vec::new(),
            relative,
            cohorts_differ: editions.same && cohorts_differ(sides),
            rules_differ: false,
        };
        mixer.compile();
        mixer
    }

    /// Whether the cohort can move a score: it depends on more than a unit's own answers in one period, or is compared with
    /// others.
    pub(super) fn cohort_moves(&self) -> bool {
        self.relative || self.cohorts_differ
    }

    /// Makes the frameworks of all mixtures.
    fn compile(&mut self) {
        let own = |side: usize| {
            let side = self.sides[side];
            (side.framework.clone(), side.assumptions.clone())
        };
        if self.editions.same {
            let (before, after) = (own(0).1, own(1));
            self.variants = if before.cohort == after.1.cohort {
                vec![after]
            } else {
                vec![(after.0.clone(), before), after]
            };
            return;
        }
        let mixed = [0, 1].map(|side| self.editions.with_rules(self.sides, side));
        self.rules_differ = (0..2).any(|side| mixed[side] != own(side));
        // By framework and by whose rules.
        let [old_by_new, new_by_old] = mixed;
        self.variants = vec![own(0), old_by_new, new_by_old, own(1)];
        let limited = |side: &&Side<'_>| {
            let mut nodes = side.framework.nodes.iter();
            nodes.any(|node| node.periods != Periods::default())
        };
        if self.relative && self.sides.iter().any(limited) {
            for at in 0..4 {
                let (mut framework, assumptions) = self.variants[at].clone();
                let side = self.sides[at / 2];
                as_of(&mut framework, &side.responses.periods[side.period]);
                self.variants.push((framework, assumptions));
            }
        }
    }

    /// The framework and assumptions of a mixture.
    fn variant(&self, mask: Mask) -> &(Framework, Assumptions) {
        let (framework, rules) = (bit(mask, FRAMEWORK), bit(mask, COVERAGE));
        let own = match self.variants.len() {
            1 => 0,
            2 => bit(mask, COHORT),
            _ => framework * 2 + rules,
        };
        let abroad = self.relative && bit(mask, COHORT) != framework;
        let own = if abroad && self.variants.len() > 4 {
            own + 4
        } else {
            own
        };
        &self.variants[own]
    }

    /// What moved every score: by unit, by pair of nodes.
    pub(super) fn causes(
        &self,
        common: &[Common],
        tables: &[ScoreTable; 2],
    ) -> Vec<Vec<Option<Causes>>> {
        let units: Vec<Rows> = common.iter().map(|unit| self.rows_of(&unit.unit)).collect();
        let pairs = &self.editions.nodes;
        let mixtures: Vec<Vec<[Option<f64>; MIXTURES]>> = if self.relative {
            let bases: Vec<Base> = (0..4).map(|at| self.base(at / 2, at % 2)).collect();
            (0..common.len())
                .into_par_iter()
                .map(|at| self.one_by_one(&common[at], &units[at], &bases, tables))
                .collect()
        } else {
            self.all_at_once(common, &units, tables)
        };
        mixtures
            .iter()
            .map(|scores| {
                debug_assert_eq!(scores.len(), pairs.len());
                scores.iter().map(share).collect()
            })
            .collect()
    }

    /// Where nothing depends on others, a mixture of all units is scored at once.
    fn all_at_once(
        &self,
        common: &[Common],
        units: &[Rows],
        tables: &[ScoreTable; 2],
    ) -> Vec<Vec<[Option<f64>; MIXTURES]>> {
        let nowhere = vec![[None; MIXTURES]; self.editions.nodes.len()];
        let mut scores = vec![nowhere; common.len()];
        let framework = if self.editions.same { 0 } else { FRAMEWORK };
        let cohort = if self.cohorts_differ { COHORT } else { 0 };
        let active = ANSWERS | COVERAGE | framework | cohort;
        for mask in 0..MIXTURES {
            let canonical = mask & active;
            if canonical != mask {
                for unit in &mut scores {
                    for scores in unit {
                        scores[mask] = scores[canonical];
                    }
                }
                continue;
            }
            let end = [0, active].iter().position(|end| *end == mask);
            let side = bit(mask, FRAMEWORK);
            let nodes = self.nodes(mask);
            if let Some(end) = end {
                for (unit, common) in scores.iter_mut().zip(common) {
                    self.take(unit, mask, &tables[end], common.rows[end]);
                }
                continue;
            }
            let mut responses = empty(self.sides[side].framework);
            // A frozen cohort can be another one in each period.
            let at = if self.editions.same {
                COHORT
            } else {
                FRAMEWORK
            };
            let then = self.sides[bit(mask, at)];
            let name = then.responses.periods.get(then.period);
            responses.periods = vec![name.cloned().unwrap_or_default()];
            for (at, (common, rows)) in common.iter().zip(units).enumerate() {
                responses.units.push(Unit {
                    id: Arc::clone(&common.unit),
                    name: Arc::clone(&common.unit),
                });
                for row in self.mixed(rows, &common.unit, mask) {
                    push(&mut responses, at, 0, row);
                }
            }
            let (framework, assumptions) = self.variant(mask);
            let table = Plan::compile(framework, assumptions).score(&responses);
            let rows: BTreeMap<&str, usize> = table
                .observations
                .iter()
                .enumerate()
                .map(|(row, observation)| (observation.unit.as_ref(), row))
                .collect();
            for (unit, common) in scores.iter_mut().zip(common) {
                if let Some(row) = rows.get(common.unit.as_ref()) {
                    fill(unit, mask, &nodes, &table, *row);
                }
            }
        }
        scores
    }

    /// Where scores depend on others, each unit is mixed alone among everybody else.
    fn one_by_one(
        &self,
        common: &Common,
        rows: &Rows,
        bases: &[Base],
        tables: &[ScoreTable; 2],
    ) -> Vec<[Option<f64>; MIXTURES]> {
        let mut scores = vec![[None; MIXTURES]; self.editions.nodes.len()];
        let active = self.active(rows, &common.unit);
        for mask in 0..MIXTURES {
            let canonical = mask & active;
            if canonical != mask {
                for scores in &mut scores {
                    scores[mask] = scores[canonical];
                }
                continue;
            }
            if let Some(end) = [0, active].iter().position(|end| *end == mask) {
                self.take(&mut scores, mask, &tables[end], common.rows[end]);
                continue;
            }
            let base = &bases[bit(mask, FRAMEWORK) * 2 + bit(mask, COHORT)];
            let Some(unit) = position(&base.responses, &common.unit) else {
                continue;
            };
            let others = base.responses.rows.iter().enumerate();
            let others: Vec<usize> = others
                .filter(|(_, row)| row.unit != unit || row.period != base.period)
                .map(|(at, _)| at)
                .collect();
            let mut responses = base.responses.of_rows(&others);
            for row in self.mixed(rows, &common.unit, mask) {
                push(&mut responses, unit, base.period, row);
            }
            let (framework, assumptions) = self.variant(mask);
            let table = Plan::compile(framework, assumptions).score(&responses);
            let found = table.observations.iter().position(|observation| {
                observation.unit == common.unit && observation.period == base.period
            });
            if let Some(row) = found {
                fill(&mut scores, mask, &self.nodes(mask), &table, row);
            }
        }
        scores
    }

    /// The nodes of a mixture's framework, by pair.
    fn nodes(&self, mask: Mask) -> Vec<Option<NodeIx>> {
        let pairs = self.editions.nodes.iter();
        match bit(mask, FRAMEWORK) {
            // With one framework its nodes are those of both.
            0 => pairs.map(|pair| pair.old).collect(),
            _ => pairs.map(|pair| pair.new).collect(),
        }
    }

    /// Takes the scores of one of the waves themselves.
    fn take(
        &self,
        scores: &mut [[Option<f64>; MIXTURES]],
        mask: Mask,
        table: &ScoreTable,
        row: usize,
    ) {
        let nodes = self.nodes(if mask == 0 { 0 } else { FRAMEWORK });
        fill(scores, mask, &nodes, table, row);
    }

    /// The causes that can move this unit.
    fn active(&self, rows: &Rows, unit: &str) -> Mask {
        let mut active = COHORT;
        if !self.editions.same {
            active |= FRAMEWORK;
        }
        if self.rules_differ || !rows.only.iter().all(Vec::is_empty) {
            active |= COVERAGE;
        }
        // What the two kinds of cells do is the same in both editions, so that one mixture tells.
        for framework in [0, FRAMEWORK] {
            let none = self.mixed(rows, unit, framework);
            for cause in [ANSWERS, COVERAGE] {
                let other = self.mixed(rows, unit, framework | cause);
                let same = none.len() == other.len()
                    && none.iter().zip(&other).all(|(a, b)| a.says_the_same(b));
                if !same {
                    active |= cause;
                }
            }
        }
        active
    }

    /// Everybody in the words of a framework, with the answers of a side.
    fn base(&self, framework: usize, side: usize) -> Base {
        let native = || {
            let side = self.sides[framework];
            let mut responses = side.responses.clone();
            responses.evidence.clear();
            Base {
                responses,
                period: side.period,
            }
        };
        let cohort = self.sides[side];
        if framework == side || !self.editions.same_rows && !self.editions.same {
            return native();
        }
        if self.editions.same {
            let mut responses = cohort.responses.clone();
            responses.evidence.clear();
            return Base {
                responses,
                period: cohort.period,
            };
        }
        let theirs = cohort.responses;
        let mut responses = empty(self.sides[framework].framework);
        responses.periods.clone_from(&theirs.periods);
        responses.units.clone_from(&theirs.units);
        let own = self.sides[framework].responses;
        for (at, row) in theirs.rows.iter().enumerate() {
            let unit = theirs.units[row.unit].id.as_ref();
            let twin = (row.period == cohort.period).then(|| self.twin(framework, unit, &row.keys));
            let twin = twin.flatten();
            let answers = (0..own.answers.len()).map(|question| {
                let native = twin.map(|twin| own.answers[question].get(twin));
                let unasked = native.unwrap_or(Answer::Missing(Gap::NotAsked));
                self.retold[side][question][at].unwrap_or(unasked)
            });
            let mixed = Mixed {
                keys: row.keys.clone(),
                line: row.line,
                answers: answers.collect(),
                attributes: self.attributes(framework, |own| {
                    let found = self.editions.attributes[framework][own];
                    found.map(|found| Said::of(theirs, found, at))
                }),
            };
            push(&mut responses, row.unit, row.period, mixed);
        }
        Base {
            responses,
            period: cohort.period,
        }
    }

    /// The row of a side with this unit and these keys.
    fn twin(&self, side: usize, unit: &str, keys: &[Arc<str>]) -> Option<usize> {
        let rows = self.rows[side].get(unit)?;
        let responses = self.sides[side].responses;
        rows.iter()
            .copied()
            .find(|row| responses.rows[*row].keys == keys)
    }

    /// The rows of a unit in both waves.
    fn rows_of(&self, unit: &str) -> Rows {
        let own = |side: usize| self.rows[side].get(unit).map_or(&[][..], Vec::as_slice);
        let mut rows = Rows {
            both: Vec::new(),
            only: [Vec::new(), Vec::new()],
        };
        if !self.editions.same_rows {
            return rows;
        }
        for old in own(0) {
            let keys = &self.sides[0].responses.rows[*old].keys;
            match self.twin(1, unit, keys) {
                Some(new) => rows.both.push([*old, new]),
                None => rows.only[0].push(*old),
            }
        }
        for new in own(1) {
            let keys = &self.sides[1].responses.rows[*new].keys;
            if self.twin(0, unit, keys).is_none() {
                rows.only[1].push(*new);
            }
        }
        rows
    }

    /// The rows of a unit in a mixture.
    fn mixed(&self, rows: &Rows, unit: &str, mask: Mask) -> Vec<Mixed> {
        let framework = bit(mask, FRAMEWORK);
        if !self.editions.same_rows {
            let own = self.rows[framework].get(unit).into_iter().flatten();
            return own
                .map(|row| self.lone(framework, framework, *row))
                .collect();
        }
        let both = rows.both.iter().map(|pair| self.pair(*pair, mask));
        let side = bit(mask, COVERAGE);
        let only = rows.only[side].iter();
        both.chain(only.map(|row| self.lone(framework, side, *row)))
            .collect()
    }

    /// A row that both waves have.
    fn pair(&self, rows: [usize; 2], mask: Mask) -> Mixed {
        let framework = bit(mask, FRAMEWORK);
        let own = self.sides[framework].responses;
        let pick = |known: [bool; 2]| match known {
            [true, true] => bit(mask, ANSWERS),
            [_, _] => bit(mask, COVERAGE),
        };
        let answers = (0..own.answers.len()).map(|question| {
            let native = own.answers[question].get(rows[framework]);
            let other = self.told(framework, 1 - framework, question, rows[1 - framework]);
            let Some(other) = other else { return native };
            let cells = if framework == 0 {
                [native, other]
            } else {
                [other, native]
            };
            cells[pick(cells.map(|cell| matches!(cell, Answer::Given(_))))]
        });
        let row = &own.rows[rows[framework]];
        Mixed {
            keys: row.keys.clone(),
            line: row.line,
            answers: answers.collect(),
            attributes: self.attributes(framework, |attribute| {
                let native = Said::of(own, attribute, rows[framework]);
                let theirs = self.said(framework, 1 - framework, attribute, rows[1 - framework]);
                let Some(other) = theirs else {
                    return Some(native);
                };
                let mut cells = if framework == 0 {
                    [native, other]
                } else {
                    [other, native]
                };
                let picked = pick([cells[0].is_known(), cells[1].is_known()]);
                let nothing = cells[picked].nothing();
                Some(std::mem::replace(&mut cells[picked], nothing))
            }),
        }
    }

    /// A row of one side, in the words of a framework.
    fn lone(&self, framework: usize, side: usize, row: usize) -> Mixed {
        let questions = 0..self.sides[framework].responses.answers.len();
        let unasked = Answer::Missing(Gap::NotAsked);
        let own = &self.sides[side].responses.rows[row];
        Mixed {
            keys: own.keys.clone(),
            line: own.line,
            answers: questions
                .map(|question| self.told(framework, side, question, row).unwrap_or(unasked))
                .collect(),
            attributes: self.attributes(framework, |attribute| {
                self.said(framework, side, attribute, row)
            }),
        }
    }

    /// An answer of a side to a question of a framework, if it has words for it.
    fn told(&self, framework: usize, side: usize, question: usize, row: usize) -> Option<Answer> {
        if framework == side || self.editions.same {
            return Some(self.sides[side].responses.answers[question].get(row));
        }
        self.retold[side][question][row]
    }

    /// What a row of a side says of an attribute of a framework, if it knows the attribute.
    fn said(&self, framework: usize, side: usize, attribute: usize, row: usize) -> Option<Said> {
        let responses = self.sides[side].responses;
        if framework == side || self.editions.same {
            return Some(Said::of(responses, attribute, row));
        }
        let found = self.editions.attributes[framework][attribute]?;
        Some(Said::of(responses, found, row))
    }

    /// One value for each attribute of a framework.
    fn attributes(&self, framework: usize, of: impl Fn(usize) -> Option<Said>) -> Vec<Said> {
        let attributes = self.sides[framework].framework.attributes.iter();
        attributes
            .enumerate()
            .map(|(at, attribute)| {
                of(at).unwrap_or(match attribute.kind {
                    crate::framework::AttributeKind::Number => Said::Number(None),
                    crate::framework::AttributeKind::Text
                    | crate::framework::AttributeKind::OneOf(_) => Said::Text(None),
                })
            })
            .collect()
    }
}

impl Mixed {
    /// Whether two rows score the same: a gap is a gap, whatever its reason.
    fn says_the_same(&self, other: &Self) -> bool {
        let same = |(a, b): (&Said, &Said)| match (a, b) {
            (Said::Text(a), Said::Text(b)) => a == b,
            (Said::Number(a), Said::Number(b)) => a.map(f64::to_bits) == b.map(f64::to_bits),
            (Said::Text(_) | Said::Number(_), _) => false,
        };
        self.keys == other.keys
            && self.answers == other.answers
            && self.attributes.iter().zip(&other.attributes).all(same)
    }
}

/// Whether both sides are compared with frozen cohorts that are not the same.
fn cohorts_differ(sides: [&Side<'_>; 2]) -> bool {
    let [old, new] = sides.map(|side| {
        let period = side.responses.periods.get(side.period);
        let cohort = side.assumptions.cohort.as_ref()?;
        Some(cohort.in_period(period.map_or("", String::as_str)))
    });
    old.zip(new).is_some_and(|(old, new)| old != new)
}

fn rows_by_unit<'a>(side: &'a Side<'a>) -> BTreeMap<&'a str, Vec<usize>> {
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, row) in side.responses.rows.iter().enumerate() {
        if row.period == side.period {
            let unit = side.responses.units[row.unit].id.as_ref();
            rows.entry(unit).or_default().push(at);
        }
    }
    rows
}

fn position(responses: &Responses, unit: &str) -> Option<usize> {
    responses
        .units
        .iter()
        .position(|own| own.id.as_ref() == unit)
}

/// Responses to a framework that nobody has answered yet.
fn empty(framework: &Framework) -> Responses {
    let attributes = framework.attributes.iter();
    Responses {
        answers: vec![Column::default(); framework.indicators().count()],
        attributes: attributes
            .map(|attribute| match attribute.kind {
                crate::framework::AttributeKind::Number => AttributeColumn::Number(Vec::new()),
                crate::framework::AttributeKind::Text
                | crate::framework::AttributeKind::OneOf(_) => AttributeColumn::Text(Vec::new()),
            })
            .collect(),
        ..Responses::default()
    }
}

fn push(responses: &mut Responses, unit: usize, period: usize, row: Mixed) {
    responses.rows.push(Row {
        unit,
        period,
        keys: row.keys,
        file: 0,
        line: row.line,
    });
    for (column, answer) in responses.answers.iter_mut().zip(row.answers) {
        column.push(answer);
    }
    for (column, said) in responses.attributes.iter_mut().zip(row.attributes) {
        said.push_to(column);
    }
}

/// Puts the scores of a mixture into their places.
fn fill(
    scores: &mut [[Option<f64>; MIXTURES]],
    mask: Mask,
    nodes: &[Option<NodeIx>],
    table: &ScoreTable,
    row: usize,
) {
    for (scores, node) in scores.iter_mut().zip(nodes) {
        scores[mask] = node.and_then(|node| table.nodes[node.0].score[row]);
    }
}
