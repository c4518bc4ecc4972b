//! The columns of one file, each with its role.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Answer;
use super::answers::{Decoder, Manner};
use super::columns::{Heading, How, Names, Role};
use super::export::Export;
use super::mapping::Mapping;
use super::spelling::fold;

/// The columns of one file.
pub(super) struct Layout {
    /// Their names.
    pub(super) headings: Vec<Heading>,
    /// Physical line of the header.
    pub(super) line: usize,
    /// What each is for.
    pub(super) roles: Vec<Role>,
    /// How that was found.
    pub(super) how: Vec<Option<How>>,
    /// Where the unit stands.
    pub(super) unit: Option<usize>,
    /// Where the period stands.
    pub(super) period: Option<usize>,
    /// Where the finer keys stand, in framework order.
    pub(super) keys: Vec<Option<usize>>,
    /// Where it stands why an indicator has no answer: column, indicator.
    pub(super) reasons: Vec<(usize, usize)>,
    /// Where it stands what somebody means by an answer, which itself stands nowhere then: column, indicator, the answer.
    pub(super) others: Vec<(usize, usize, Answer)>,
    /// Multiple choices whose options have columns of their own.
    pub(super) splits: Vec<OptionColumns>,
    /// Long form: where it stands why there is no answer.
    pub(super) status: Option<usize>,
    /// Long form: where the power of ten stands that numbers are multiplied by.
    pub(super) multiplier: Option<usize>,
    /// Long form: columns that nothing reads and that may tell answers apart.
    pub(super) dimensions: Vec<usize>,
    /// Where it stands when the row was sent in.
    pub(super) sent: Option<usize>,
    /// Where indicator and answer stand, if every row holds one answer.
    pub(super) long: Option<Long>,
}

/// Where the options of a multiple choice stand.
pub(super) struct OptionColumns {
    pub(super) indicator: usize,
    /// Column, option.
    pub(super) columns: Vec<(usize, usize)>,
    /// The column that lists those that were chosen, if there is one too.
    pub(super) list: Option<usize>,
}

/// Where indicator, answer and evidence stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Long {
    pub(super) indicator: usize,
    pub(super) value: usize,
    pub(super) evidence: Option<usize>,
}

/// Columns that say when a row was sent in, folded, in files of no known exporter.
const SENT: [&str; 5] = [
    "submitted_at",
    "submission_time",
    "submitted",
    "timestamp",
    "updated_at",
];

impl Layout {
    /// The columns of `export`.
    pub(super) fn of(
        export: &Export,
        names: &Names,
        decoders: &[Decoder<'_>],
        mapping: Option<&Mapping>,
    ) -> Self {
        let mut columns = Columns::new(&export.headings);
        for &at in &export.own {
            columns.set(at, Role::Meta, How::Convention);
        }
        columns.map(mapping, names, decoders);
        columns.name(names, decoders);
        columns.drop_weaker();
        columns.part(decoders);
        if export.choices_follow {
            columns.claim_choices(decoders);
        }
        columns.claim_indicator(&export.indicators, names, decoders);
        for (at, role) in &export.known {
            columns.claim_at(*at, *role);
        }
        columns.claim(Role::Unit, &["unit"]);
        columns.claim(Role::Period, &["period"]);
        columns.claim(Role::Sent, &SENT);
        let long = columns.long();
        let column = |role| columns.roles.iter().position(|&other| other == role);
        let reasons = columns.roles.iter().enumerate();
        let reasons = reasons.filter_map(|(column, role)| match role {
            Role::Reason(at) => Some((column, *at)),
            _ => None,
        });
        let others = columns.roles.iter().enumerate();
        let others = others.filter_map(|(column, role)| match role {
            Role::Other(at) => Some((column, *at, columns.explained(column, &decoders[*at])?)),
            _ => None,
        });
        let dimensions = export.dimensions.iter().copied();
        Self {
            dimensions: dimensions
                .filter(|&at| columns.roles[at] == Role::Meta)
                .collect(),
            reasons: reasons.collect(),
            others: others.collect(),
            splits: splits(&columns.roles),
            line: export.line,
            unit: column(Role::Unit),
            period: column(Role::Period),
            keys: (0..names.keys()).map(|at| column(Role::Key(at))).collect(),
            status: column(Role::Status),
            multiplier: column(Role::Multiplier),
            sent: column(Role::Sent),
            long,
            headings: export.headings.clone(),
            roles: columns.roles,
            how: columns.how,
        }
    }

    /// The first and the last column that is called like a year, as statistical offices write tables (`2024`,
    /// `2024 [YR2024]`), in a file in which nothing says what an indicator's answer is.
    pub(super) fn years(&self) -> Option<(String, String)> {
        let answers = |role: &Role| matches!(role, Role::Answer(_) | Role::Option(_, _));
        if self.long.is_some() || self.roles.iter().any(answers) {
            return None;
        }
        let is_year = |name: &str| {
            let (year, rest) = name.split_at_checked(4).unwrap_or((name, ""));
            let year = year
                .parse::<u16>()
                .is_ok_and(|year| (1900..2200).contains(&year));
            year && (rest.is_empty() || rest.starts_with(" [YR"))
        };
        let mut years = self.headings.iter().flat_map(|heading| {
            // Eurostat parts some names by commas and all others by tabs.
            let names = heading.shown();
            let names = names.split('\t').map(str::trim);
            names
                .filter(|name| is_year(name))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        });
        let first = years.next()?;
        let last = years.last().unwrap_or_else(|| first.clone());
        Some((first, last))
    }

    /// What the columns of options are called.
    pub(super) fn choices(&self) -> Vec<String> {
        let columns = self.splits.iter().flat_map(|split| &split.columns);
        let names = columns.map(|&(column, _)| {
            let heading = &self.headings[column];
            heading.part.clone().unwrap_or_else(|| heading.shown())
        });
        names.collect()
    }

    /// How many columns something reads.
    pub(super) fn read(&self) -> usize {
        let read = self.roles.iter().filter(|&&role| role != Role::Unread);
        read.count()
    }
}

/// The options that have columns, indicator by indicator.
fn splits(roles: &[Role]) -> Vec<OptionColumns> {
    let mut splits: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (column, role) in roles.iter().enumerate() {
        if let Role::Option(at, option) = role {
            splits.entry(*at).or_default().push((column, *option));
        }
    }
    let splits = splits.into_iter().map(|(indicator, columns)| {
        let list = roles
            .iter()
            .position(|role| *role == Role::Answer(indicator));
        OptionColumns {
            indicator,
            columns,
            list,
        }
    });
    splits.collect()
}

/// Roles while they are given out.
struct Columns<'h> {
    headings: &'h [Heading],
    folded: Vec<String>,
    roles: Vec<Role>,
    how: Vec<Option<How>>,
}

impl<'h> Columns<'h> {
    fn new(headings: &'h [Heading]) -> Self {
        Self {
            headings,
            folded: headings
                .iter()
                .map(|heading| fold(&heading.name).into_owned())
                .collect(),
            roles: vec![Role::Unread; headings.len()],
            how: vec![None; headings.len()],
        }
    }

    fn set(&mut self, at: usize, role: Role, how: How) {
        self.roles[at] = role;
        self.how[at] = Some(how);
    }

    fn map(&mut self, mapping: Option<&Mapping>, names: &Names, decoders: &[Decoder<'_>]) {
        let Some(mapping) = mapping else { return };
        for at in 0..self.headings.len() {
            if let Some(role) = mapping.role(&self.headings[at], names, decoders) {
                self.set(at, role, How::Mapping);
            }
        }
    }

    fn name(&mut self, names: &Names, decoders: &[Decoder<'_>]) {
        for at in 0..self.headings.len() {
            if self.how[at].is_none()
                && let Some((role, how)) = names.role(&self.headings[at], decoders)
            {
                self.set(at, role, how);
            }
        }
    }

    /// Of several columns with one role only those stay that were found in the strongest way: beside `unit`, `sub-unit`
    /// is another thing.
    fn drop_weaker(&mut self) {
        let mut strongest: HashMap<Role, How> = HashMap::new();
        let strength = |how: How| match how {
            How::Mapping => 0,
            How::Code => 1,
            How::Group => 2,
            How::ShortName => 3,
            How::Label => 4,
            How::Convention => 5,
        };
        for (role, how) in self.roles.iter().zip(&self.how) {
            if let Some(how) = *how {
                let best = strongest.entry(*role).or_insert(how);
                if strength(how) < strength(*best) {
                    *best = how;
                }
            }
        }
        for at in 0..self.roles.len() {
            if self.how[at].is_some() && self.how[at] != strongest.get(&self.roles[at]).copied() {
                self.roles[at] = Role::Unread;
                self.how[at] = None;
            }
        }
    }

    /// Beside the column of an answer, one of the same question that names a part of it is another thing: what somebody means
    /// by the answer that it is called like, as "Other (please specify)", or a comment.
    fn part(&mut self, decoders: &[Decoder<'_>]) {
        let part = |at: usize| self.headings[at].part.as_deref().unwrap_or_default();
        let whole: HashSet<Role> = (0..self.roles.len())
            .filter(|&at| part(at).is_empty())
            .map(|at| self.roles[at])
            .collect();
        for at in 0..self.roles.len() {
            let Role::Answer(indicator) = self.roles[at] else {
                continue;
            };
            let whole = part(at).is_empty() || !whole.contains(&self.roles[at]);
            if whole {
                continue;
            }
            if self.explained(at, &decoders[indicator]).is_some() {
                self.roles[at] = Role::Other(indicator);
            } else {
                self.roles[at] = Role::Unread;
                self.how[at] = None;
            }
        }
    }

    /// The answer that a column is called like, with or without what stands behind it in brackets.
    fn explained(&self, at: usize, decoder: &Decoder<'_>) -> Option<Answer> {
        // A number explains nothing.
        let part = self.headings[at]
            .part
            .as_deref()
            .filter(|_| !decoder.is_number())?;
        let bare = part.rsplit_once(" (").map_or(part, |(bare, _)| bare);
        let read = [part, bare].map(|text| decoder.read(text, Manner::default()));
        let answer = read.into_iter().flatten().next()?.answer;
        matches!(answer, Answer::Given(_)).then_some(answer)
    }

    /// Gives the columns that follow a multiple choice and are called like its options to them.
    fn claim_choices(&mut self, decoders: &[Decoder<'_>]) {
        let mut current = None;
        for at in 0..self.roles.len() {
            if let Role::Answer(indicator) = self.roles[at] {
                current = Some(indicator);
                continue;
            }
            let options = current.and_then(|indicator| decoders.get(indicator)?.options());
            let name = &self.headings[at].name;
            let bare = name
                .rsplit_once(" (")
                .map_or(name.as_str(), |(bare, _)| bare);
            let option = options.and_then(|options| options.find(name).or(options.find(bare)));
            match (current, option) {
                (Some(indicator), Some(option)) => {
                    self.set(at, Role::Option(indicator, option), How::Convention);
                }
                _ => current = None,
            }
        }
    }

    /// The first candidate that names an indicator of the framework, else the first one.
    fn claim_indicator(
        &mut self,
        candidates: &[(usize, Vec<String>)],
        names: &Names,
        decoders: &[Decoder<'_>],
    ) {
        let is_named =
            |text: &String| matches!(names.named(text, decoders), Some((Role::Answer(_), _)));
        let sure = candidates
            .iter()
            .find(|(_, texts)| texts.iter().any(is_named));
        if let Some((at, _)) = sure.or(candidates.first()) {
            self.claim_at(*at, Role::Indicator);
        }
    }

    fn claim_at(&mut self, at: usize, role: Role) {
        let given = self.roles.get(at) == Some(&Role::Unread);
        let single = !matches!(role, Role::Meta | Role::Ignored);
        if given && !(single && self.roles.contains(&role)) {
            self.set(at, role, How::Convention);
        }
    }

    /// Gives `role` to the first unread column with one of these names, unless a column has it.
    fn claim(&mut self, role: Role, names: &[&str]) -> Option<usize> {
        if let Some(at) = self.roles.iter().position(|&other| other == role) {
            return Some(at);
        }
        let free = |name: &&str| {
            (0..self.roles.len())
                .find(|&at| self.roles[at] == Role::Unread && self.folded[at] == **name)
        };
        let at = names.iter().find_map(free)?;
        self.set(at, role, How::Convention);
        Some(at)
    }

    /// Finds the columns of the long form, if all of them are there.
    fn long(&mut self) -> Option<Long> {
        let before = (self.roles.clone(), self.how.clone());
        let indicator = self.claim(Role::Indicator, &["indicator"]);
        let value = self.claim(Role::Value, &["answer", "value"]);
        let (Some(indicator), Some(value)) = (indicator, value) else {
            (self.roles, self.how) = before;
            return None;
        };
        // The question stands there for those who fill the file in.
        if let Some(at) = (0..self.roles.len()).find(|&at| self.folded[at] == "question") {
            self.claim_at(at, Role::Meta);
        }
        Some(Long {
            indicator,
            value,
            evidence: self.claim(Role::RowEvidence, &["evidence"]),
        })
    }
}
