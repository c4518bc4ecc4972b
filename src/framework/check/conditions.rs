//! Conditions: on attributes for groups, presets and rows; on attributes and answers for skip logic.

use super::names::{Names, fold};
use super::{number, read};
use crate::framework::findings::{Findings, Spot};
use crate::framework::words::few;
use crate::framework::yaml::{Entry, Tree, Value};
use crate::framework::{Attribute, AttributeIx, AttributeKind, Test, Where};
use crate::problem::FrameworkKind;

/// The attributes that conditions can look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subjects<'a> {
    attributes: &'a [Attribute],
    names: &'a Names,
}

impl<'a> Subjects<'a> {
    pub(super) fn attributes(attributes: &'a [Attribute], names: &'a Names) -> Self {
        Self { attributes, names }
    }

    /// The attribute that a scalar names.
    pub(super) fn attribute(&self, tree: &Tree, findings: &mut Findings) -> Option<AttributeIx> {
        self.names.of(tree, findings).map(AttributeIx)
    }

    /// The attribute that a scalar names; it must hold numbers.
    pub(super) fn number_attribute(
        &self,
        tree: &Tree,
        findings: &mut Findings,
    ) -> Option<AttributeIx> {
        let attribute = self.attribute(tree, findings)?;
        if self.attributes[attribute.0].kind != AttributeKind::Number {
            let name = self.attributes[attribute.0].column.clone();
            findings.error(tree.spot, FrameworkKind::NotANumberAttribute { name });
            return None;
        }
        Some(attribute)
    }

    /// The attribute of this name, if there is one.
    pub(super) fn find(&self, name: &str) -> Option<AttributeIx> {
        self.names.find(name).map(AttributeIx)
    }

    /// Notes a value that the attribute cannot have.
    pub(super) fn value(
        &self,
        attribute: AttributeIx,
        value: &str,
        spot: Spot,
        findings: &mut Findings,
    ) {
        let attribute = &self.attributes[attribute.0];
        match &attribute.kind {
            AttributeKind::Text => {}
            AttributeKind::Number => {
                if number::read(value).is_err() {
                    findings.error(
                        spot,
                        FrameworkKind::NotANumber {
                            what: attribute.column.clone(),
                            found: value.to_owned(),
                            expected: "a number".to_owned(),
                            near: None,
                            remedy: "write the number that the attribute is compared with".into(),
                        },
                    );
                }
            }
            AttributeKind::OneOf(values) => {
                if !values.iter().any(|known| fold(known) == fold(value)) {
                    let known = || values.iter().map(String::as_str);
                    let near = findings.nearest(value, known());
                    findings.error(
                        spot,
                        FrameworkKind::UnknownValue {
                            attribute: attribute.column.clone(),
                            found: value.to_owned(),
                            known: few(known()),
                            near,
                        },
                    );
                }
            }
        }
    }

    /// The tests of one attribute.
    pub(super) fn tests(
        &self,
        attribute: AttributeIx,
        entry: &Entry,
        findings: &mut Findings,
    ) -> Vec<Test> {
        let mut check = |value: &str, spot: Spot, findings: &mut Findings| {
            self.value(attribute, value, spot, findings);
            let text = value.trim().to_owned();
            match self.attributes[attribute.0].kind {
                AttributeKind::Number => number::read(value).ok().map(|value| value.to_string()),
                AttributeKind::Text | AttributeKind::OneOf(_) => Some(text),
            }
        };
        let tests = tests_of(&entry.value, &mut check, findings);
        if let Some(at_least) = entry.value.entry("at-least")
            && self.attributes[attribute.0].kind != AttributeKind::Number
        {
            let name = self.attributes[attribute.0].column.clone();
            findings.error(at_least.at, FrameworkKind::NotANumberAttribute { name });
        }
        tests
    }
}

/// Conditions on attributes.
pub(super) fn where_of(tree: &Tree, subjects: &Subjects<'_>, findings: &mut Findings) -> Where {
    let mut conditions = Where::new();
    for entry in tree.entries() {
        let Some(attribute) = subjects.names.resolve(&entry.key, entry.at, findings) else {
            continue;
        };
        let attribute = AttributeIx(attribute);
        for test in subjects.tests(attribute, entry, findings) {
            conditions.push((attribute, test));
        }
    }
    conditions
}

/// The tests that are written for one subject. `accept` turns a value as written into the value to compare with, or
/// notes what is wrong with it.
pub(super) fn tests_of(
    tree: &Tree,
    accept: &mut impl FnMut(&str, Spot, &mut Findings) -> Option<String>,
    findings: &mut Findings,
) -> Vec<Test> {
    let mut values = |trees: &mut dyn Iterator<Item = &Tree>, findings: &mut Findings| {
        let mut values = Vec::new();
        for tree in trees {
            if let Some(text) = tree.text() {
                values.extend(accept(text, tree.spot, findings));
            }
        }
        values
    };
    let mut tests = Vec::new();
    match &tree.value {
        Value::Null => {}
        Value::Text(_) => tests.push(Test::OneOf(values(&mut std::iter::once(tree), findings))),
        Value::List(items) => tests.push(Test::OneOf(values(&mut items.iter(), findings))),
        Value::Map(entries) => {
            if tree.get("not").is_some() {
                let listed = values(&mut read::each(tree, "not"), findings);
                tests.push(Test::NoneOf(listed));
            }
            if let Some(least) = read::number(tree, "at-least") {
                tests.push(Test::AtLeast(least));
            }
            if entries.is_empty() {
                findings.error(tree.spot, FrameworkKind::EmptyCondition);
            }
        }
    }
    tests
}
