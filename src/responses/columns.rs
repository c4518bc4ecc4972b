//! Header → columns: what each column of a file is for.

use std::collections::HashMap;

use super::answers::Decoder;
use super::records::Record;
use super::spelling::fold;
use crate::framework::Framework;

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
    /// Long form: which indicator the row answers.
    Indicator,
    /// Long form: the answer.
    Value,
    /// Long form: the evidence for it.
    RowEvidence,
    /// When the row was sent in.
    Sent,
    /// Nothing reads it.
    Unread,
}

/// Finds the role of a column by its name.
pub(super) struct Names {
    exact: HashMap<String, Role>,
    /// How many finer keys there are.
    keys: usize,
}

/// What may follow an indicator's name where its evidence stands.
const EVIDENCE: [&str; 3] = ["__evidence", "_evidence", "__note"];

/// What may stand between a multiple choice's name and an option.
const OPTION: [&str; 5] = ["/", "[", "___", ".", "_"];

/// Columns that say when a row was sent in, folded.
const SENT: [&str; 9] = [
    "_submission_time",
    "submissiondate",
    "submitdate",
    "recordeddate",
    "timestamp",
    "submitted",
    "submission_time",
    "completion time",
    "last update",
];

impl Names {
    /// The names that `framework` declares.
    pub(super) fn of(framework: &Framework) -> Self {
        let mut exact = HashMap::new();
        let mut declare = |name: &str, role: Role| {
            exact.entry(fold(name).into_owned()).or_insert(role);
        };
        declare(&framework.unit.column, Role::Unit);
        if let Some(period) = &framework.period {
            declare(period, Role::Period);
        }
        for (at, step) in framework.rows.iter().enumerate() {
            declare(&step.key, Role::Key(at));
        }
        for (at, attribute) in framework.attributes.iter().enumerate() {
            declare(&attribute.column, Role::Attribute(at));
        }
        for (at, (_, _, indicator)) in framework.indicators().enumerate() {
            declare(&indicator.code, Role::Answer(at));
        }
        for (at, (_, node, _)) in framework.indicators().enumerate() {
            declare(node.id.as_str(), Role::Answer(at));
        }
        Self {
            exact,
            keys: framework.rows.len(),
        }
    }

    /// The role of the column `name`, if the framework declares it.
    pub(super) fn role(&self, name: &str, decoders: &[Decoder<'_>]) -> Option<Role> {
        let name = fold(name);
        self.exact
            .get(name.as_ref())
            .copied()
            .or_else(|| self.evidence(&name))
            .or_else(|| self.option(&name, decoders))
    }

    fn evidence(&self, name: &str) -> Option<Role> {
        EVIDENCE
            .iter()
            .find_map(|suffix| match self.exact.get(name.strip_suffix(suffix)?) {
                Some(Role::Answer(indicator)) => Some(Role::Evidence(*indicator)),
                Some(_) | None => None,
            })
    }

    /// The option that `name` names, if there is just one way to read it.
    fn option(&self, name: &str, decoders: &[Decoder<'_>]) -> Option<Role> {
        let mut found = None;
        for separator in OPTION {
            for (at, _) in name.match_indices(separator) {
                let Some(Role::Answer(indicator)) = self.exact.get(name[..at].trim_end()) else {
                    continue;
                };
                let option = &name[at + separator.len()..];
                let option = match separator {
                    "[" => option.strip_suffix(']').unwrap_or(option),
                    _ => option,
                };
                let options = decoders.get(*indicator).and_then(Decoder::options);
                if let Some(option) = options.and_then(|options| options.find(option)) {
                    let role = Role::Option(*indicator, option);
                    if found.is_some_and(|other| other != role) {
                        return None;
                    }
                    found = Some(role);
                }
            }
        }
        found
    }
}

/// The columns of one file.
pub(super) struct Layout {
    /// Their names as written.
    pub(super) header: Vec<String>,
    /// Physical line of the header.
    pub(super) line: usize,
    /// What each is for.
    pub(super) roles: Vec<Role>,
    /// Where the unit stands.
    pub(super) unit: Option<usize>,
    /// Where the period stands.
    pub(super) period: Option<usize>,
    /// Where the finer keys stand, in framework order.
    pub(super) keys: Vec<Option<usize>>,
    /// Where indicator and answer stand, if every row holds one answer.
    pub(super) long: Option<Long>,
}

/// Where indicator, answer and evidence stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Long {
    pub(super) indicator: usize,
    pub(super) value: usize,
    pub(super) evidence: Option<usize>,
}

impl Layout {
    /// The columns under `header`.
    pub(super) fn of(header: &Record<'_>, names: &Names, decoders: &[Decoder<'_>]) -> Self {
        let cells: Vec<String> = header.cells().map(|name| name.trim().to_owned()).collect();
        let mut roles: Vec<Role> = cells
            .iter()
            .map(|name| names.role(name, decoders).unwrap_or(Role::Unread))
            .collect();
        claim(&cells, &mut roles, Role::Unit, &["unit"]);
        claim(&cells, &mut roles, Role::Period, &["period"]);
        claim(&cells, &mut roles, Role::Sent, &SENT);
        let long = long(&cells, &mut roles);
        let column = |role| roles.iter().position(|&other| other == role);
        Self {
            line: header.line,
            unit: column(Role::Unit),
            period: column(Role::Period),
            keys: (0..names.keys).map(|at| column(Role::Key(at))).collect(),
            long,
            header: cells,
            roles,
        }
    }

    /// How many columns something reads.
    pub(super) fn read(&self) -> usize {
        let read = self.roles.iter().filter(|&&role| role != Role::Unread);
        read.count()
    }
}

/// Gives `role` to the first unread column with one of these names, unless a column has it.
fn claim(header: &[String], roles: &mut [Role], role: Role, names: &[&str]) -> Option<usize> {
    if let Some(at) = roles.iter().position(|&other| other == role) {
        return Some(at);
    }
    let at = names.iter().find_map(|name| {
        (0..header.len()).find(|&at| roles[at] == Role::Unread && fold(&header[at]) == *name)
    })?;
    roles[at] = role;
    Some(at)
}

/// Finds the columns of the long form, if all of them are there.
fn long(header: &[String], roles: &mut Vec<Role>) -> Option<Long> {
    let mut trial = roles.clone();
    let indicator = claim(header, &mut trial, Role::Indicator, &["indicator"])?;
    let value = claim(header, &mut trial, Role::Value, &["answer", "value"])?;
    let evidence = claim(header, &mut trial, Role::RowEvidence, &["evidence"]);
    *roles = trial;
    Some(Long {
        indicator,
        value,
        evidence,
    })
}
