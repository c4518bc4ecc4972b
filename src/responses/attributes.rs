//! What describes units and rows: columns beside the answers, or a second file of units.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::AttributeColumn;
use super::answers::Manner;
use super::normalised::unguarded;
use super::number::{self, Decimal, NotANumber};
use super::periods::alike;
use super::spelling::{fold, nearest, shown};
use crate::framework::{Attribute, AttributeKind, is_sizeable};
use crate::problem::ResponsesKind;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(Arc<str>),
    Number(f64),
}

/// An empty column for `attribute`.
pub(super) fn column(attribute: &Attribute) -> AttributeColumn {
    match attribute.kind {
        AttributeKind::Number => AttributeColumn::Number(Vec::new()),
        AttributeKind::Text | AttributeKind::OneOf(_) => AttributeColumn::Text(Vec::new()),
    }
}

/// Makes `column` hold `length` rows.
pub(super) fn extend(column: &mut AttributeColumn, length: usize) {
    match column {
        AttributeColumn::Text(texts) => texts.resize(length, None),
        AttributeColumn::Number(numbers) => numbers.resize(length, None),
    }
}

/// Adds what another column of the same attribute says of `row`.
pub(super) fn copy(from: &AttributeColumn, row: usize, to: &mut AttributeColumn) {
    match (from, to) {
        (AttributeColumn::Text(from), AttributeColumn::Text(to)) => to.push(from[row].clone()),
        (AttributeColumn::Number(from), AttributeColumn::Number(to)) => to.push(from[row]),
        // A column is made for its attribute.
        (AttributeColumn::Text(_) | AttributeColumn::Number(_), _) => {}
    }
}

/// What `cell` says, and the decimal sign of its number if it has one; nothing if it is empty.
pub(super) fn read(
    attribute: &Attribute,
    cell: &str,
    manner: Manner,
) -> Result<Option<(Value, Option<Decimal>)>, ResponsesKind> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Ok(None);
    }
    let text = |text: &str| Ok(Some((Value::Text(Arc::from(text)), None)));
    match &attribute.kind {
        AttributeKind::Text => text(unguarded(cell)),
        AttributeKind::Number => match number::read(cell, manner.decimal_comma) {
            Ok(written) if is_sizeable(written.value) => {
                Ok(Some((Value::Number(written.value), written.decimal)))
            }
            read => Err(ResponsesKind::NotANumber {
                indicator: attribute.column.clone(),
                text: shown(cell),
                grouped: matches!(read, Err(NotANumber::Separators)),
                too_large: matches!(read, Ok(_) | Err(NotANumber::TooLarge)),
            }),
        },
        AttributeKind::OneOf(values) => {
            let folded = fold(cell);
            match values.iter().find(|value| fold(value) == folded) {
                Some(value) => text(value),
                None => Err(ResponsesKind::UnknownValue {
                    attribute: attribute.column.clone(),
                    text: shown(cell),
                    near: nearest(cell, values.iter().map(String::as_str)),
                    expected: values.clone(),
                }),
            }
        }
    }
}

/// Puts `value` into an empty cell; the value that stands there if it is another.
pub(super) fn fill(column: &mut AttributeColumn, row: usize, value: &Value) -> Result<(), String> {
    match (column, value) {
        (AttributeColumn::Text(texts), Value::Text(text)) => match &texts[row] {
            Some(first) if first != text => Err(shown(first)),
            Some(_) => Ok(()),
            None => {
                texts[row] = Some(Arc::clone(text));
                Ok(())
            }
        },
        (AttributeColumn::Number(numbers), Value::Number(number)) => match numbers[row] {
            Some(first) if first.to_bits() != number.to_bits() => Err(first.to_string()),
            Some(_) => Ok(()),
            None => {
                numbers[row] = Some(*number);
                Ok(())
            }
        },
        // A column is made for its attribute, which says what is read.
        (AttributeColumn::Text(_) | AttributeColumn::Number(_), _) => Ok(()),
    }
}

/// What a file of units says.
pub(super) struct Described {
    /// The file.
    pub(super) file: Arc<str>,
    /// A value an attribute, by unit and, where a row says one, by period.
    pub(super) units: BTreeMap<(String, Option<String>), Vec<Option<Value>>>,
}

impl Described {
    /// Whether the file has rows of a unit, whatever their period.
    pub(super) fn has(&self, unit: &str) -> bool {
        let mut from = self.units.range((unit.to_owned(), None)..);
        from.next().is_some_and(|((first, _), _)| first == unit)
    }

    /// How the file writes a period that it has in another spelling.
    pub(super) fn otherwise(&self, period: &str) -> Option<&str> {
        let mut periods = self
            .units
            .keys()
            .filter_map(|(_, period)| period.as_deref());
        periods.find(|other| *other != period && alike(other) == alike(period))
    }
}
