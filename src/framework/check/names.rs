//! Names that one part of a file gives and another refers to.

use std::collections::BTreeMap;

use crate::framework::findings::{Findings, Spot};
use crate::framework::words::few;
use crate::framework::yaml::Tree;
use crate::problem::FrameworkKind;

/// What can be referred to, of one kind, with the place where it was named first.
#[derive(Debug)]
pub(super) struct Names {
    /// What they are called in messages: `group`, `attribute`.
    kind: &'static str,
    all: Vec<(String, Spot)>,
    /// First position of each, without case.
    index: BTreeMap<String, usize>,
}

impl Names {
    /// No names yet of this kind.
    pub(super) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            all: Vec::new(),
            index: BTreeMap::new(),
        }
    }

    /// Adds a name; its position stands for it. One that is there already, whatever its case, is a mistake.
    pub(super) fn add(&mut self, name: &str, spot: Spot, findings: &mut Findings) {
        if let Some(position) = self.note(name, spot) {
            self.taken(position, name, spot, findings);
        }
    }

    /// Notes that a name is that of an earlier position.
    pub(super) fn taken(&self, position: usize, name: &str, spot: Spot, findings: &mut Findings) {
        let (before, first) = &self.all[position];
        findings.error_with(
            spot,
            *first,
            FrameworkKind::DuplicateName {
                kind: self.kind,
                name: name.to_owned(),
                before: before.clone(),
            },
        );
    }

    /// Adds a name; returns the position of the one that is the same.
    pub(super) fn note(&mut self, name: &str, spot: Spot) -> Option<usize> {
        let before = self.find(name);
        if before.is_none() {
            self.index.insert(fold(name), self.all.len());
        }
        self.all.push((name.to_owned(), spot));
        before
    }

    /// Takes a position for something whose name was refused.
    pub(super) fn skip(&mut self) {
        self.all.push((String::new(), Spot::default()));
    }

    /// The position of a name, whatever its case.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.index.get(&fold(name)).copied()
    }

    /// The position of a name that must exist.
    pub(super) fn resolve(&self, name: &str, spot: Spot, findings: &mut Findings) -> Option<usize> {
        let found = self.find(name);
        if found.is_none() {
            let kind = self.unknown(name, findings);
            findings.error(spot, kind);
        }
        found
    }

    /// The position of the name that a scalar holds.
    pub(super) fn of(&self, tree: &Tree, findings: &mut Findings) -> Option<usize> {
        let name = tree.text().filter(|name| !name.trim().is_empty())?;
        self.resolve(name, tree.spot, findings)
    }

    /// The mistake of naming something that is not there.
    fn unknown(&self, name: &str, findings: &mut Findings) -> FrameworkKind {
        let all = || {
            let names = self.all.iter().map(|(name, _)| name.as_str());
            names.filter(|name| !name.is_empty())
        };
        FrameworkKind::UnknownName {
            kind: self.kind,
            name: name.to_owned(),
            near: findings.nearest(name, all()),
            known: few(all()),
        }
    }
}

/// A name without case and the space around it: equal texts, equal names.
pub(super) fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}
