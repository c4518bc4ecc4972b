//! A mapping: what columns and answers of a file mean where neither code nor label says so. A small YAML file, made from
//! what was recognised, corrected by hand and kept with the responses.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::answers::{Decoder, Manner};
use super::columns::{Heading, How, Names, Role};
use super::recognition::{ColumnTarget, Recognition};
use super::spelling::{fold, shown};
use crate::framework::{Findings, Framework, Source, Spot, Tree, Value, read_yaml};
use crate::problem::{FrameworkKind, Problem, ResponsesKind};

/// What columns and answers of a file mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Header → code, `code/option`, `code__evidence`, a key column, an attribute, or [`Mapping::IGNORE`].
    pub columns: BTreeMap<String, String>,
    /// Code → text in the file → answer.
    pub answers: BTreeMap<String, BTreeMap<String, String>>,
}

impl Mapping {
    /// The word for columns that are left out.
    pub const IGNORE: &str = "ignore";

    /// Reads a mapping to `framework`, or every mistake in it.
    pub fn read(source: &Source, framework: &Framework) -> Result<Self, Vec<Problem>> {
        let mut findings = Findings::default();
        let mut reader = MappingReader {
            framework,
            names: Names::of(framework),
            decoders: framework
                .indicators()
                .map(|(_, _, indicator)| Decoder::new(framework, indicator, None))
                .collect(),
            mapping: Self::default(),
        };
        if let Some(tree) = read_yaml(source, &mut findings) {
            reader.file(&tree, &mut findings);
        }
        if findings.errors() > 0 {
            return Err(findings.finish());
        }
        Ok(reader.mapping)
    }

    /// The mapping that says what was recognised in `files`: everything that a code does not say already; what nothing
    /// reads is listed as a comment, to be filled in.
    pub fn draft(files: &[Recognition]) -> String {
        let (mut known, mut open) = (BTreeMap::new(), BTreeSet::new());
        for column in files.iter().flat_map(|file| &file.columns) {
            match (&column.target, column.how) {
                (ColumnTarget::Read(target), Some(how)) if how != How::Code => {
                    known.insert(&column.name, target.as_str());
                }
                (ColumnTarget::Ignored, _) => {
                    known.insert(&column.name, Self::IGNORE);
                }
                (ColumnTarget::Unread, _) if !column.name.is_empty() => {
                    open.insert(&column.name);
                }
                (ColumnTarget::Read(_) | ColumnTarget::Meta | ColumnTarget::Unread, _) => {}
            }
        }
        let mut text = String::from(
            "# What the columns of the responses are: a code, code/option, code__evidence, a key column, an attribute, or \
             ignore.\ncolumns:",
        );
        if known.is_empty() {
            text.push_str(" {}");
        }
        text.push('\n');
        for (name, target) in known {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "  {}: {}", quoted(name), quoted(target));
        }
        for name in open {
            let _ = writeln!(text, "  # {}: ignore", quoted(name));
        }
        text
    }

    /// What answers to the indicator with this code are written as.
    pub(super) fn answers(&self, code: &str) -> Option<&BTreeMap<String, String>> {
        let mut all = self.answers.iter();
        all.find_map(|(name, answers)| name.eq_ignore_ascii_case(code).then_some(answers))
    }

    /// The role that the mapping gives to a column.
    pub(super) fn role(
        &self,
        heading: &Heading,
        names: &Names,
        decoders: &[Decoder<'_>],
    ) -> Option<Role> {
        let (whole, name) = (heading.shown(), fold(&heading.name));
        let whole = fold(&whole);
        let target = self.columns.iter().find_map(|(header, target)| {
            let header = fold(header);
            (header == whole || header == name).then_some(target)
        })?;
        role_of(target, names, decoders)
    }
}

fn role_of(target: &str, names: &Names, decoders: &[Decoder<'_>]) -> Option<Role> {
    match names.named(target, decoders) {
        Some((role, How::Code)) => Some(role),
        Some(_) | None => (fold(target) == Mapping::IGNORE).then_some(Role::Ignored),
    }
}

/// A text as YAML and JSON quote it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

struct MappingReader<'f> {
    framework: &'f Framework,
    names: Names,
    decoders: Vec<Decoder<'f>>,
    mapping: Mapping,
}

impl MappingReader<'_> {
    fn file(&mut self, tree: &Tree, findings: &mut Findings) {
        if !is_map(tree, "the file", findings) {
            return;
        }
        for entry in tree.entries() {
            match entry.key.as_str() {
                "columns" => self.columns(&entry.value, findings),
                "answers" => self.answers(&entry.value, findings),
                key => {
                    let known = ["columns", "answers"];
                    let kind = FrameworkKind::UnknownKey {
                        key: key.to_owned(),
                        inside: "a mapping",
                        near: findings.nearest(key, known.into_iter()),
                        known: "`columns`, `answers`".to_owned(),
                        elsewhere: None,
                    };
                    findings.error(entry.at, kind);
                }
            }
        }
    }

    fn columns(&mut self, tree: &Tree, findings: &mut Findings) {
        if !is_map(tree, "columns", findings) {
            return;
        }
        for entry in tree.entries() {
            let Some(target) = text(&entry.value, &entry.key, findings) else {
                continue;
            };
            if role_of(target, &self.names, &self.decoders).is_some() {
                self.mapping
                    .columns
                    .insert(entry.key.clone(), target.to_owned());
            } else {
                self.unknown_target(target, entry.value.spot, findings);
            }
        }
    }

    fn unknown_target(&self, target: &str, spot: Spot, findings: &mut Findings) {
        let codes = self.framework.indicators().map(|(_, _, i)| i.code.as_str());
        let kind = ResponsesKind::UnknownTarget {
            target: shown(target),
            framework: self.framework.id.to_string(),
            near: findings.nearest(target, codes),
        };
        findings.add(crate::problem::Severity::Error, &[spot], kind.into());
    }

    fn answers(&mut self, tree: &Tree, findings: &mut Findings) {
        if !is_map(tree, "answers", findings) {
            return;
        }
        for entry in tree.entries() {
            let role = role_of(&entry.key, &self.names, &self.decoders);
            let Some(Role::Answer(at)) = role else {
                self.unknown_target(&entry.key, entry.at, findings);
                continue;
            };
            if !is_map(&entry.value, &entry.key, findings) {
                continue;
            }
            let mut answers = BTreeMap::new();
            for answer in entry.value.entries() {
                let Some(meant) = text(&answer.value, &answer.key, findings) else {
                    continue;
                };
                match self.decoders[at].read(meant, Manner::default()) {
                    Ok(_) => {
                        answers.insert(answer.key.clone(), meant.to_owned());
                    }
                    Err(refusal) => {
                        let kind = self.decoders[at].explain(meant, &refusal);
                        let severity = crate::problem::Severity::Error;
                        findings.add(severity, &[answer.value.spot], kind.into());
                    }
                }
            }
            let code = self.decoders[at].indicator().code.clone();
            self.mapping.answers.insert(code, answers);
        }
    }
}

fn is_map(tree: &Tree, what: &str, findings: &mut Findings) -> bool {
    match &tree.value {
        Value::Map(_) | Value::Null => true,
        Value::Text(_) | Value::List(_) => {
            let kind = FrameworkKind::WrongShape {
                what: what.to_owned(),
                found: tree.shape(),
                expected: "a map".to_owned(),
            };
            findings.error(tree.spot, kind);
            false
        }
    }
}

fn text<'t>(tree: &'t Tree, what: &str, findings: &mut Findings) -> Option<&'t str> {
    let text = tree.text();
    if text.is_none() {
        let kind = FrameworkKind::WrongShape {
            what: what.to_owned(),
            found: tree.shape(),
            expected: "a text".to_owned(),
        };
        findings.error(tree.spot, kind);
    }
    text
}
