//! Rows that become one say the same of it: attributes of units, and of groups of finer rows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use super::spelling::{fold, shown};
use super::{AttributeColumn, Row};
use crate::framework::{
    Answers, AttributeIx, Combine, Denominator, Framework, MissingAnswer, RollUp,
};

/// Which rows must agree about which attributes.
#[derive(Clone, Debug)]
pub(super) struct Agreement {
    /// Attributes, each with the number of keys that rows which must agree have in common.
    asked: Vec<(usize, usize)>,
}

/// Two rows that say different things of what they become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Disagreement {
    pub(super) attribute: usize,
    /// The first row that says something.
    pub(super) first: usize,
    pub(super) second: usize,
}

impl Agreement {
    /// What `framework` asks of units and of combined rows. What is asked of single rows (conditions, presets) may differ.
    pub(super) fn of(framework: &Framework) -> Self {
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

    /// The rows that say something else than the first of those with which they must agree.
    pub(super) fn disagreements(
        &self,
        rows: &[Row],
        attributes: &[AttributeColumn],
    ) -> Vec<Disagreement> {
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
    fn says(&self, row: usize) -> bool {
        match self {
            Self::Text(texts) => texts[row].is_some(),
            Self::Number(numbers) => numbers[row].is_some(),
        }
    }

    /// Whether two rows say the same.
    fn agrees(&self, first: usize, second: usize) -> bool {
        match self {
            Self::Text(texts) => match (&texts[first], &texts[second]) {
                (Some(first), Some(second)) => first == second || fold(first) == fold(second),
                (first, second) => first == second,
            },
            Self::Number(numbers) => numbers[first] == numbers[second],
        }
    }

    /// What a row says, as a message shows it.
    pub(super) fn shown(&self, row: usize) -> String {
        match self {
            Self::Text(texts) => texts[row].as_deref().map(shown).unwrap_or_default(),
            Self::Number(numbers) => numbers[row]
                .map(|number| number.to_string())
                .unwrap_or_default(),
        }
    }
}
