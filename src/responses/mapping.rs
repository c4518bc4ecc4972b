//! A mapping: what columns and answers of a file mean where neither code nor label says so. A small YAML file, made from
//! what was recognised, corrected by hand and kept with the responses.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write;

use super::answers::{Decoder, Manner};
use super::columns::{Heading, How, Names, Role, of_part};
use super::recognition::{ColumnTarget, Recognition};
use super::spelling::{fold, shown};
use crate::framework::{Findings, Framework, Source, Spot, Tree, Value, read_yaml};
use crate::problem::{FrameworkKind, Kind, Problem, ResponsesKind};

/// What columns and answers of a file mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Header → code, `code/option`, `code__evidence`, a key column, an attribute, `time` (when a row was sent in), in the
    /// long form `indicator`, `answer`, `evidence`, or [`Mapping::IGNORE`].
    pub columns: BTreeMap<String, String>,
    /// Code → text in the file → answer.
    pub answers: BTreeMap<String, BTreeMap<String, String>>,
}

impl Mapping {
    /// The word for columns that are left out.
    pub const IGNORE: &str = "ignore";

    /// Reads a mapping to `frameworks`, or every mistake in it. Whatever it names is something in one of them.
    pub fn read(source: &Source, frameworks: &[&Framework]) -> Result<Self, Vec<Problem>> {
        let mut findings = Findings::default();
        let known = frameworks.iter().map(|framework| Known {
            framework,
            names: Names::of(framework),
            decoders: Decoder::all(framework, None),
        });
        let mut reader = MappingReader {
            known: known.collect(),
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

    /// The mapping that says what was recognised in `files`: everything that a code does not say already, and what the
    /// mapping said that they were read with. What nothing reads, and answers that `problems` name, are listed as comments,
    /// to be filled in.
    pub fn draft(files: &[Recognition], problems: &[Problem], given: Option<&Self>) -> String {
        let (mut known, mut open) = (BTreeMap::new(), BTreeSet::new());
        for column in files.iter().flat_map(|file| &file.columns) {
            match (&column.target, column.how) {
                (ColumnTarget::Read(target), Some(how)) if how != How::Code => {
                    known.insert(&column.name, target.as_str());
                }
                (ColumnTarget::Ignored, _) => {
                    known.insert(&column.name, Self::IGNORE);
                }
                (ColumnTarget::Unread, _) if column.personal => {
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
             ignore.\ncolumns:\n",
        );
        for (name, target) in known {
            // Writing to a text cannot fail.
            let _ = writeln!(text, "  {}: {}", quoted(name), quoted(target));
        }
        let meant = near_columns(problems);
        for name in open {
            let target = meant.get(name.as_str()).map(|meant| quoted(meant));
            let target = target.unwrap_or_else(|| Self::IGNORE.to_owned());
            let _ = writeln!(text, "  # {}: {target}", quoted(name));
        }
        for (column, what) in columns_without_a_name(problems) {
            let _ = writeln!(text, "  # ?: {}  # says {what}", quoted(column));
        }
        draft_answers(&mut text, problems, given);
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
        let [own, question] = names_of(heading);
        let target = |name: &str| {
            let mut columns = self.columns.iter();
            columns.find_map(|(header, target)| (name == fold(header)).then_some(target))
        };
        if let Some(target) = target(&own) {
            return role_of(target, names, decoders);
        }
        // What is said of a question holds for those of its parts of which nothing is said.
        let part = heading.part.as_deref().filter(|part| !part.is_empty());
        of_part(
            role_of(target(&question)?, names, decoders)?,
            part,
            decoders,
        )
    }

    /// The columns that it reads and that are not there. What it leaves out may be in some files only.
    pub(super) fn absent<'h>(&self, headings: impl Iterator<Item = &'h Heading>) -> Vec<&str> {
        let there: HashSet<String> = headings.flat_map(names_of).collect();
        let read = self.columns.iter();
        let read = read.filter(|(_, target)| fold(target) != Self::IGNORE);
        let named = read.map(|(name, _)| name.as_str());
        named
            .filter(|name| !there.contains(fold(name).as_ref()))
            .collect()
    }
}

/// What a mapping may call a column, folded.
fn names_of(heading: &Heading) -> [String; 2] {
    [&heading.shown(), &heading.name].map(|name| fold(name).into_owned())
}

fn role_of(target: &str, names: &Names, decoders: &[Decoder<'_>]) -> Option<Role> {
    match names.named(target, decoders) {
        Some((role, How::Code)) => Some(role),
        Some(_) | None => word(&fold(target)),
    }
}

/// What means the same to every framework, unless it calls something else so.
fn word(target: &str) -> Option<Role> {
    match target {
        Mapping::IGNORE => Some(Role::Ignored),
        "unit" => Some(Role::Unit),
        "period" => Some(Role::Period),
        "time" => Some(Role::Sent),
        "indicator" => Some(Role::Indicator),
        "answer" => Some(Role::Value),
        "evidence" => Some(Role::RowEvidence),
        "status" => Some(Role::Status),
        "multiplier" => Some(Role::Multiplier),
        _ => None,
    }
}

/// What columns are probably meant for.
fn near_columns(problems: &[Problem]) -> BTreeMap<&str, &str> {
    let near = problems.iter().filter_map(|problem| match &problem.kind {
        Kind::Responses(ResponsesKind::NearColumn { column, near }) => {
            Some((column.as_str(), near.as_str()))
        }
        Kind::Responses(ResponsesKind::NoColumn { column, near, .. }) => {
            near.as_deref().map(|near| (near, column.as_str()))
        }
        _ => None,
    });
    near.collect()
}

/// Columns that are needed and that nothing in the file is called like, with what they say.
fn columns_without_a_name(problems: &[Problem]) -> BTreeSet<(&str, &str)> {
    let needed = problems.iter().filter_map(|problem| match &problem.kind {
        Kind::Responses(ResponsesKind::NoColumn {
            column,
            what,
            near: None,
            header_below: None,
        }) => Some((column.as_str(), *what)),
        _ => None,
    });
    needed.collect()
}

/// An answer that is not understood.
struct Unknown<'p> {
    written: &'p str,
    near: &'p str,
    count: usize,
    expected: &'p [String],
}

/// What a mapping says of answers, and as comments those that are not understood: without `# ` they are read.
fn draft_answers(text: &mut String, problems: &[Problem], given: Option<&Mapping>) {
    // By question, in file order; a part of several lists stands once.
    let mut unknown: BTreeMap<&str, Vec<Unknown<'_>>> = BTreeMap::new();
    for problem in problems {
        if let Kind::Responses(ResponsesKind::UnknownAnswer {
            indicator,
            written,
            expected,
            near,
            ..
        }) = &problem.kind
        {
            let of = unknown.entry(indicator).or_default();
            match of.iter_mut().find(|known| known.written == &**written) {
                Some(known) => known.count += problem.count,
                None => of.push(Unknown {
                    written,
                    near: near.as_deref().unwrap_or("?"),
                    count: problem.count,
                    expected,
                }),
            }
        }
    }
    let given = given.map(|mapping| &mapping.answers);
    let given: BTreeMap<&str, _> = given
        .into_iter()
        .flatten()
        .map(|(code, answers)| (code.as_str(), answers))
        .collect();
    if given.is_empty() && unknown.is_empty() {
        return;
    }
    text.push_str(
        "# What answers stand for that are neither a code nor a label: code of the indicator, text in the file, answer.\n\
         answers:\n",
    );
    let codes: BTreeSet<&str> = given.keys().chain(unknown.keys()).copied().collect();
    for code in codes {
        // Writing to a text cannot fail.
        let comment = if given.contains_key(code) { "" } else { "# " };
        let _ = writeln!(text, "  {comment}{}:", quoted(code));
        for (written, meant) in given.get(code).copied().into_iter().flatten() {
            let _ = writeln!(text, "    {}: {}", quoted(written), quoted(meant));
        }
        for answer in unknown.get(code).into_iter().flatten() {
            let sign = if comment.is_empty() { "  # " } else { "#   " };
            let (written, near) = (quoted(answer.written), quoted(answer.near));
            let times = if answer.count == 1 { "time" } else { "times" };
            let (count, one_of) = (answer.count, answer.expected.join(", "));
            let _ = writeln!(
                text,
                "  {sign}{written}: {near}  # {count} {times}; one of {one_of}"
            );
        }
    }
}

/// A text as YAML and JSON quote it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

struct MappingReader<'f> {
    known: Vec<Known<'f>>,
    mapping: Mapping,
}

/// A framework and what it calls things.
struct Known<'f> {
    framework: &'f Framework,
    names: Names,
    decoders: Vec<Decoder<'f>>,
}

impl Known<'_> {
    fn role(&self, target: &str) -> Option<Role> {
        role_of(target, &self.names, &self.decoders)
    }
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
        if !is_filled(tree, "columns", findings) {
            return;
        }
        for entry in tree.entries() {
            let Some(target) = text(&entry.value, &entry.key, findings) else {
                continue;
            };
            if self.known.iter().any(|known| known.role(target).is_some()) {
                self.mapping
                    .columns
                    .insert(entry.key.clone(), target.to_owned());
            } else {
                self.unknown_target(target, entry.value.spot, findings);
            }
        }
    }

    fn unknown_target(&self, target: &str, spot: Spot, findings: &mut Findings) {
        let frameworks = || self.known.iter().map(|known| known.framework);
        let indicators = frameworks().flat_map(Framework::indicators);
        let codes = indicators.map(|(_, _, indicator)| indicator.code.as_str());
        let ids: Vec<&str> = frameworks()
            .map(|framework| framework.id.as_str())
            .collect();
        let kind = ResponsesKind::UnknownTarget {
            target: shown(target),
            framework: ids.join("` and `"),
            near: findings.nearest(target, codes),
        };
        findings.add(crate::problem::Severity::Error, &[spot], kind.into());
    }

    fn answers(&mut self, tree: &Tree, findings: &mut Findings) {
        if !is_filled(tree, "answers", findings) {
            return;
        }
        for entry in tree.entries() {
            let roles = self.known.iter().map(|known| known.role(&entry.key));
            let indicators = roles.enumerate().filter_map(|(known, role)| match role {
                Some(Role::Answer(at)) => Some((known, at)),
                Some(_) | None => None,
            });
            let indicators: Vec<(usize, usize)> = indicators.collect();
            if indicators.is_empty() {
                self.unknown_target(&entry.key, entry.at, findings);
                continue;
            }
            if !is_filled(&entry.value, &entry.key, findings) {
                continue;
            }
            for (known, at) in indicators {
                let decoder = &mut self.known[known].decoders[at];
                let answers = answers_to(decoder, &entry.value, findings);
                let code = decoder.indicator().code.clone();
                self.mapping.answers.insert(code, answers);
            }
        }
    }
}

/// What texts mean as answers to one indicator.
fn answers_to(
    decoder: &mut Decoder<'_>,
    tree: &Tree,
    findings: &mut Findings,
) -> BTreeMap<String, String> {
    let mut answers = BTreeMap::new();
    for answer in tree.entries() {
        let Some(meant) = text(&answer.value, &answer.key, findings) else {
            continue;
        };
        match decoder.read(meant, Manner::default()) {
            Ok(_) => {
                answers.insert(answer.key.clone(), meant.to_owned());
            }
            Err(refusal) => {
                let kind = decoder.explain(meant, &refusal);
                let severity = crate::problem::Severity::Error;
                findings.add(severity, &[answer.value.spot], kind.into());
            }
        }
    }
    answers
}

/// Whether it is a map that says something, or is left open as drafts leave it.
fn is_filled(tree: &Tree, what: &str, findings: &mut Findings) -> bool {
    if matches!(&tree.value, Value::Map(entries) if entries.is_empty()) {
        let what = what.to_owned();
        findings.error(tree.spot, FrameworkKind::EmptyMap { what });
        return false;
    }
    is_map(tree, what, findings)
}

fn is_map(tree: &Tree, what: &str, findings: &mut Findings) -> bool {
    match &tree.value {
        Value::Map(_) | Value::Null => true,
        Value::Text(_) | Value::List(_) => {
            let kind = FrameworkKind::WrongShape {
                what: what.to_owned(),
                found: tree.shape(),
                expected: "a map".to_owned(),
                remedy: "write `key: value` lines, as `dgpf import` drafts them".into(),
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
            remedy: "write one name or answer, as `dgpf import` drafts it".into(),
        };
        findings.error(tree.spot, kind);
    }
    text
}
