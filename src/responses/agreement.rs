//! Rows that become one say the same of it: attributes of units and what these are called, attributes of groups of finer rows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::findings::{Findings, Subject};
use super::spelling::{fold, shown};
use super::{AttributeColumn, Responses, Row};
use crate::framework::{
    Answers, AttributeIx, Combine, Denominator, Framework, MissingAnswer, RollUp,
};
use crate::problem::{Place, Problem, ResponsesKind};

/// Which rows must agree about which attributes.
#[derive(Clone, Debug)]
pub(crate) struct Agreement {
    /// Attributes, each with the number of keys that rows which must agree have in common.
    asked: Vec<(usize, usize)>,
}

/// Two rows that say different things of what they become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Disagreement {
    attribute: usize,
    /// The first row that says something.
    first: usize,
    second: usize,
}

/// What is wrong with responses that were sound when they were read, once more is asked of their attributes (`group_by`);
/// they are called `name`.
pub fn attribute_conflicts(
    framework: &Framework,
    responses: &Responses,
    name: &str,
) -> Vec<Problem> {
    let whole = Place::whole(&Arc::from(name));
    let mut findings = Findings::default();
    report(framework, responses, &|_| (0, whole.clone()), &mut findings);
    findings.into_problems()
}

/// Reports rows that become one and say different things of it; `origin` knows the file and the place of a row.
pub(super) fn report(
    framework: &Framework,
    responses: &Responses,
    origin: &dyn Fn(usize) -> (usize, Place),
    findings: &mut Findings,
) {
    let found = Agreement::of(framework).conflicts(&responses.rows, &responses.attributes);
    for Disagreement {
        attribute,
        first,
        second,
    } in found
    {
        let column = &framework.attributes[attribute].column;
        let said = &responses.attributes[attribute];
        let (file, place) = origin(second);
        let subject = Subject {
            file,
            // Once an attribute, apart from what is wrong with single cells and with options' columns.
            column: usize::MAX / 2 - attribute,
            text: "",
        };
        findings.cell(subject, column, place, || {
            ResponsesKind::AttributeConflict {
                attribute: column.clone(),
                row: responses.row_name(second),
                first: said.shown(first),
                second: said.shown(second),
            }
        });
    }
}

impl Agreement {
    /// What `framework` asks of units and of combined rows. What is asked of single rows (conditions, presets) may differ.
    pub(crate) fn of(framework: &Framework) -> Self {
        let finest = framework.rows.len();
        let scored = framework
            .rows
            .iter()
            .filter(|step| step.of == RollUp::Scores)
            .count();
        let mut depths = vec![finest; framework.attributes.len()];
        let mut ask = |AttributeIx(attribute): AttributeIx, depth: usize| {
            depths[attribute] = depths[attribute].min(depth);
        };
        for group in &framework.groups {
            let members = group.members.iter().map(|(attribute, _)| *attribute);
            members
                .chain(group.weight)
                .for_each(|attribute| ask(attribute, 0));
        }
        for attribute in &framework.group_by {
            ask(*attribute, 0);
        }
        for (depth, step) in framework.rows.iter().enumerate() {
            if let Combine::By { attribute, .. } = &step.combine {
                ask(*attribute, depth);
            }
            if let Some(weight) = step.weight {
                ask(weight, depth + 1);
            }
        }
        for (_, _, indicator) in framework.indicators() {
            if let Answers::Number(number) = &indicator.answers
                && let Some(Denominator::Attribute(attribute)) = number.per
            {
                ask(attribute, scored);
            }
            if let MissingAnswer::Mean(Some(by)) | MissingAnswer::Median(Some(by)) =
                indicator.missing
            {
                ask(by, scored);
            }
        }
        let asked = depths.into_iter().enumerate();
        Self {
            asked: asked.filter(|(_, depth)| *depth < finest).collect(),
        }
    }

    /// Attributes, each with the number of keys that rows which must agree have in common.
    pub(crate) fn depths(&self) -> impl Iterator<Item = (usize, usize)> {
        self.asked.iter().copied()
    }

    /// Whether rows say the same wherever they must.
    pub(super) fn holds(&self, rows: &[Row], attributes: &[AttributeColumn]) -> bool {
        self.conflicts(rows, attributes).is_empty()
    }

    /// The rows that say something else than the first of those with which they must agree.
    fn conflicts(&self, rows: &[Row], attributes: &[AttributeColumn]) -> Vec<Disagreement> {
        let mut found = Vec::new();
        for &(attribute, depth) in &self.asked {
            let column = &attributes[attribute];
            let mut said: HashMap<(usize, usize, &[Arc<str>]), usize> = HashMap::new();
            for (second, row) in rows.iter().enumerate() {
                if !column.says(second) {
                    continue;
                }
                let keys = &row.keys[..row.keys.len().min(depth)];
                match said.entry((row.unit, row.period, keys)) {
                    Entry::Vacant(entry) => {
                        entry.insert(second);
                    }
                    Entry::Occupied(entry) if column.agrees(*entry.get(), second) => {}
                    Entry::Occupied(entry) => found.push(Disagreement {
                        attribute,
                        first: *entry.get(),
                        second,
                    }),
                }
            }
        }
        found
    }
}

impl AttributeColumn {
    /// Whether a row says anything.
    pub(crate) fn says(&self, row: usize) -> bool {
        match self {
            Self::Text(texts) => texts[row].is_some(),
            Self::Number(numbers) => numbers[row].is_some(),
        }
    }

    /// Whether two rows say the same.
    pub(crate) fn agrees(&self, first: usize, second: usize) -> bool {
        match self {
            Self::Text(texts) => match (&texts[first], &texts[second]) {
                (Some(first), Some(second)) => first == second || fold(first) == fold(second),
                (first, second) => first == second,
            },
            Self::Number(numbers) => numbers[first] == numbers[second],
        }
    }

    /// What a row says, as a message shows it.
    fn shown(&self, row: usize) -> String {
        match self {
            Self::Text(texts) => texts[row].as_deref().map(shown).unwrap_or_default(),
            Self::Number(numbers) => numbers[row]
                .map(|number| number.to_string())
                .unwrap_or_default(),
        }
    }
}
