//! Column names → roles: what the framework declares, found by code, within a group, by part, or by label.
//!
//! The first way that finds something wins, in this order; what two indicators could claim, neither gets. Nothing is
//! matched because it is similar.

use std::collections::HashMap;

use super::answers::Decoder;
use super::spelling::{fold, without_markup};
use crate::framework::{Framework, Text};

/// What a column is for. Numbers count the framework's row steps, attributes, indicators and their options.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    /// Who is scored.
    Unit,
    /// When.
    Period,
    /// A finer key.
    Key(usize),
    /// An attribute.
    Attribute(usize),
    /// The answers to an indicator.
    Answer(usize),
    /// Whether an option of a multiple choice was chosen.
    Option(usize, usize),
    /// The evidence for an answer.
    Evidence(usize),
    /// Why an indicator has no answer.
    Reason(usize),
    /// What somebody means whose answer to an indicator is "other".
    Other(usize),
    /// Long form: which indicator the row answers.
    Indicator,
    /// Long form: the answer.
    Value,
    /// Long form: the evidence for it.
    RowEvidence,
    /// Long form: why there is no answer.
    Status,
    /// Long form: the power of ten that the answer is multiplied by.
    Multiplier,
    /// When the row was sent in.
    Sent,
    /// What an exporter adds about the submission.
    Meta,
    /// Left out by a mapping.
    Ignored,
    /// Nothing reads it.
    Unread,
}

impl Role {
    /// Whether it says something about an indicator.
    pub(super) fn is_answer(self) -> bool {
        matches!(
            self,
            Self::Answer(_) | Self::Option(_, _) | Self::Evidence(_) | Self::Reason(_)
        )
    }
}

/// How a column was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// By the name that the framework declares.
    Code,
    /// By that name after the names of groups.
    Group,
    /// By a code in brackets at its end, or before the question.
    ShortName,
    /// By the question or title.
    Label,
    /// By a mapping.
    Mapping,
    /// By a word that stands for the same in every file, such as `unit`, or by what the exporter is known to write.
    Convention,
}

/// A column's name: as written, and the further texts that stand for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heading {
    /// As written.
    pub(super) name: String,
    /// A second name, for instance the question below the code.
    pub(super) text: Option<String>,
    /// The option of a multiple choice, where a row of its own names it.
    pub(super) part: Option<String>,
}

impl Heading {
    /// A heading of one row.
    pub(super) fn plain(name: &str) -> Self {
        Self {
            name: name.trim().to_owned(),
            ..Self::default()
        }
    }

    /// As messages show it.
    pub(super) fn shown(&self) -> String {
        match self.part.as_deref() {
            Some(part) if !part.is_empty() => format!("{} [{part}]", self.name),
            Some(_) | None => self.name.clone(),
        }
    }
}

/// Finds the role of a column by its name.
pub(super) struct Names {
    exact: HashMap<String, Role>,
    /// `None`: several things are called so.
    labels: HashMap<String, Option<Role>>,
    /// Names of units, which never are taken out of a longer name: `user-name` is a person.
    personal: Vec<Role>,
    /// How many finer keys there are.
    keys: usize,
}

/// What may follow an indicator's name where its evidence stands.
const EVIDENCE: [&str; 4] = ["__evidence", "_evidence", "evidence", "__note"];

/// What may follow an indicator's name where it stands why there is no answer.
const REASON: [&str; 3] = ["__reason", "_reason", "reason"];

/// What may stand between a multiple choice's name and an option.
const PART: [&str; 5] = ["/", "[", "___", ".", "_"];

/// What may stand between a multiple choice's label and an option.
const LABEL_PART: [&str; 5] = ["/", "[", "-", ": ", "("];

/// What parts the names of groups.
const GROUP: [char; 4] = ['/', '-', '.', ':'];

/// Longest name in bytes; what is longer names nothing.
const LONGEST: usize = 2000;

/// Most places at which a name is taken apart.
const PARTS: usize = 12;

/// What may stand between a code and the question.
const CODE_END: [&str; 3] = [". ", ": ", " - "];

impl Names {
    /// The names that `framework` declares.
    pub(super) fn of(framework: &Framework) -> Self {
        let mut names = Self {
            exact: HashMap::new(),
            labels: HashMap::new(),
            personal: Vec::new(),
            keys: framework.rows.len(),
        };
        names.declare(&framework.unit.column, Role::Unit);
        names.label(&framework.unit.title, Role::Unit);
        if let Some(period) = &framework.period {
            names.declare(period, Role::Period);
        }
        for (at, step) in framework.rows.iter().enumerate() {
            names.declare(&step.key, Role::Key(at));
        }
        for (at, attribute) in framework.attributes.iter().enumerate() {
            names.declare(&attribute.column, Role::Attribute(at));
            names.label(&attribute.title, Role::Attribute(at));
            if fold(&attribute.column) == "name" {
                names.personal.push(Role::Attribute(at));
            }
        }
        for (at, (_, _, indicator)) in framework.indicators().enumerate() {
            names.declare(&indicator.code, Role::Answer(at));
        }
        for (at, (_, node, indicator)) in framework.indicators().enumerate() {
            names.declare(node.id.as_str(), Role::Answer(at));
            names.label(&node.title, Role::Answer(at));
            if let Some(question) = &indicator.question {
                names.label(question, Role::Answer(at));
            }
        }
        names
    }

    /// How many finer keys there are.
    pub(super) fn keys(&self) -> usize {
        self.keys
    }

    /// The first one to declare a name has it.
    fn declare(&mut self, name: &str, role: Role) {
        self.exact.entry(fold(name).into_owned()).or_insert(role);
    }

    fn label(&mut self, label: &Text, role: Role) {
        for (_, text) in label.translations() {
            let text = fold(&without_markup(text)).into_owned();
            for text in behind_dash(&text).into_iter().chain([text]) {
                let known = self.labels.entry(text).or_insert(Some(role));
                if *known != Some(role) {
                    *known = None;
                }
            }
        }
    }

    /// The role of a column, if the framework declares it.
    pub(super) fn role(&self, heading: &Heading, decoders: &[Decoder<'_>]) -> Option<(Role, How)> {
        let part = heading.part.as_deref().filter(|part| !part.is_empty());
        // A question that is asked row by row may be declared as `Question [Row]`.
        if part.is_some()
            && let Some(role) = self.labelled(&fold(&without_markup(&heading.shown())))
        {
            return Some((role, How::Label));
        }
        let names = std::iter::once(&heading.name).chain(&heading.text);
        let mut roles = names.filter_map(|name| self.named(name, decoders));
        let (role, how) = roles.next()?;
        of_part(role, part, decoders).map(|role| (role, how))
    }

    /// The role of the column called `name`.
    pub(super) fn named(&self, name: &str, decoders: &[Decoder<'_>]) -> Option<(Role, How)> {
        if name.len() > LONGEST {
            return None;
        }
        let name = fold(&without_markup(name)).into_owned();
        let code = |text: &str| {
            self.exact
                .get(text)
                .copied()
                .or_else(|| self.beside(text, &EVIDENCE).map(Role::Evidence))
                .or_else(|| self.beside(text, &REASON).map(Role::Reason))
                .or_else(|| part(text, &PART, decoders, |base| self.exact.get(base).copied()))
                .or_else(|| self.in_array(text))
        };
        if let Some(role) = code(&name) {
            return Some((role, How::Code));
        }
        let within = |text: &str| code(text).filter(|role| !self.personal.contains(role));
        if let Some(role) = groups(&name).find_map(within) {
            return Some((role, How::Group));
        }
        if let Some(role) = bracketed(&name).and_then(within).or_else(|| {
            // "Country: other" is not the country.
            leading(&name)
                .filter_map(code)
                .find(|role| role.is_answer())
        }) {
            return Some((role, How::ShortName));
        }
        let label = |text: &str| self.labelled(text);
        let labelled =
            |text: &str| label(text).or_else(|| part(text, &LABEL_PART, decoders, label));
        labelled(&name)
            .or_else(|| groups(&name).find_map(labelled))
            .map(|role| (role, How::Label))
    }

    /// What has this label; the row of a question may stand in brackets or behind a dash.
    fn labelled(&self, text: &str) -> Option<Role> {
        let row = || self.labels.get(&behind_dash(text)?);
        self.labels.get(text).or_else(row).copied().flatten()
    }

    /// `q[SQ001]`, a row of an array in `LimeSurvey`, where an indicator is called `q_SQ001` or `qSQ001`, but not both.
    fn in_array(&self, name: &str) -> Option<Role> {
        let (base, rows) = name.strip_suffix(']')?.split_once('[')?;
        let found = ["_", ""].map(|sign| {
            let name = format!("{base}{sign}{}", rows.replace("][", sign));
            self.exact
                .get(&name)
                .copied()
                .filter(|role| role.is_answer())
        });
        match found {
            [Some(one), Some(other)] if one != other => None,
            [one, other] => one.or(other),
        }
    }

    /// The indicator whose name stands before one of these endings.
    fn beside(&self, name: &str, endings: &[&str]) -> Option<usize> {
        endings
            .iter()
            .find_map(|ending| match self.exact.get(name.strip_suffix(ending)?) {
                Some(Role::Answer(indicator)) => Some(*indicator),
                Some(_) | None => None,
            })
    }
}

/// The role of a part of what has this one: an option, where it names one.
pub(super) fn of_part(role: Role, part: Option<&str>, decoders: &[Decoder<'_>]) -> Option<Role> {
    let (Role::Answer(at), Some(part)) = (role, part) else {
        return Some(role);
    };
    let options = decoders.get(at).and_then(Decoder::options);
    match options.and_then(|options| options.find(part)) {
        Some(option) => Some(Role::Option(at, option)),
        // Not one of several options: the one answer, below a word such as "Response".
        None if options.is_none() => Some(role),
        None => None,
    }
}

/// The option that `name` names after its multiple choice, if there is just one way to read it.
fn part(
    name: &str,
    separators: &[&str],
    decoders: &[Decoder<'_>],
    base: impl Fn(&str) -> Option<Role>,
) -> Option<Role> {
    let mut found = None;
    for separator in separators {
        for (at, _) in name.match_indices(separator).take(PARTS) {
            let Some(Role::Answer(indicator)) = base(name[..at].trim_end()) else {
                continue;
            };
            let option = name[at + separator.len()..].trim();
            let option = match *separator {
                "[" => option.strip_suffix(']').unwrap_or(option),
                "(" => option.strip_suffix(')').unwrap_or(option),
                _ => option,
            };
            let options = decoders.get(indicator).and_then(Decoder::options);
            if let Some(option) = options.and_then(|options| options.find(option)) {
                let role = Role::Option(indicator, option);
                if found.is_some_and(|other| other != role) {
                    return None;
                }
                found = Some(role);
            }
        }
    }
    found
}

/// `Question [Row]` as `Question - Row`.
fn behind_dash(label: &str) -> Option<String> {
    let (question, row) = label.strip_suffix(']')?.rsplit_once('[')?;
    Some(format!("{} - {}", question.trim_end(), row.trim()))
}

/// What is left of `name` after the names of groups, the longest first.
fn groups(name: &str) -> impl Iterator<Item = &str> {
    let mut left: Vec<&str> = name
        .rmatch_indices(GROUP)
        .take(PARTS)
        .map(|(at, sign)| name[at + sign.len()..].trim_start())
        .collect();
    left.reverse();
    left.into_iter()
}

/// A code in brackets at the end of a text.
fn bracketed(name: &str) -> Option<&str> {
    let (_, code) = name.strip_suffix(')')?.rsplit_once('(')?;
    Some(code.trim())
}

/// What can be a code at the beginning of a text.
fn leading(name: &str) -> impl Iterator<Item = &str> {
    CODE_END
        .iter()
        .filter_map(|end| name.split_once(end))
        .map(|(code, _)| code)
}
