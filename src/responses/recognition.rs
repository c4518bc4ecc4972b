//! What was recognised in a file: for people who check an import.

use std::collections::BTreeMap;

use super::answers::Decoder;
use super::columns::{Heading, How, Role};
use super::export::{Exporter, Skip};
use super::rows::{File, Rows};
use super::source::Source;
use super::spelling::fold;
use crate::framework::Framework;

/// What was recognised in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognition {
    /// The file as the user named it.
    pub file: String,
    /// What wrote it.
    pub exporter: Exporter,
    /// How its characters are written; `None` for a spreadsheet.
    pub encoding: Option<&'static str>,
    /// What parts its cells; `None` for a spreadsheet.
    pub delimiter: Option<char>,
    /// The sheets that were read; none for text.
    pub sheets: Vec<String>,
    /// Records before the first answer.
    pub header_rows: usize,
    /// Whether every row holds one answer.
    pub long: bool,
    /// Rows that hold anything.
    pub rows_in: usize,
    /// Rows that were read as answers.
    pub rows_out: usize,
    /// Rows that were left out, by reason.
    pub skipped: BTreeMap<Skip, usize>,
    /// Its columns in order.
    pub columns: Vec<RecognisedColumn>,
    /// Codes of the indicators without a column; none for the long form.
    pub missing: Vec<String>,
}

/// A column and what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecognisedColumn {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub target: ColumnTarget,
    /// How that was found; `None` if nothing reads it.
    pub how: Option<How>,
    /// Whether nothing reads it and its name says that it is about a person: an address, a name, a place.
    pub personal: bool,
}

/// What a column is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnTarget {
    /// It is read; by what the framework calls it: a code, `code/option`, `code__evidence`, a key column or an attribute.
    Read(String),
    /// The exporter's own: about the submission or the person.
    Meta,
    /// A mapping leaves it out.
    Ignored,
    /// Nothing is called so.
    Unread,
}

impl Recognition {
    pub(super) fn of(
        file: &File<'_, '_>,
        rows: &Rows<'_>,
        counted: (usize, usize),
        skipped: BTreeMap<Skip, usize>,
    ) -> Self {
        let table = file.table;
        let layout = &table.layout;
        let (encoding, delimiter, sheets) = match &table.source {
            Source::Text(decoded, dialect) => (
                Some(decoded.encoding.name()),
                Some(char::from(dialect.delimiter)),
                Vec::new(),
            ),
            Source::Sheet(sheet) => (None, None, sheet.names.clone()),
        };
        let columns = layout.headings.iter().zip(&layout.roles).zip(&layout.how);
        let columns = columns.map(|((heading, &role), &how)| {
            let target = target(role, rows);
            RecognisedColumn {
                name: heading.shown(),
                personal: !matches!(target, ColumnTarget::Read(_))
                    && is_personal(heading)
                    && !is_option(heading, &rows.decoders),
                target,
                how,
            }
        });
        Self {
            file: file.name.to_string(),
            exporter: table.export.exporter,
            encoding,
            delimiter,
            sheets,
            header_rows: table.export.records,
            long: layout.long.is_some(),
            rows_in: counted.0,
            rows_out: counted.1,
            skipped,
            columns: columns.collect(),
            missing: missing(&layout.roles, layout.long.is_some(), &rows.decoders),
        }
    }
}

/// Parts of names of columns about a person, without what parts words.
const PERSONAL: [&str; 35] = [
    "email",
    "messagerie",
    "courriel",
    "correoelectr",
    "postaelettronica",
    "epost",
    "ipaddr",
    "adresseip",
    "phone",
    "telefon",
    "t\u{e9}l\u{e9}phone",
    "tel\u{e9}fono",
    "latitude",
    "longitude",
    "geopoint",
    "gps",
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "username",
    "submitter",
    "submittedby",
    "recipient",
    "pr\u{e9}nom",
    "vorname",
    "nachname",
    "apellido",
    "cognome",
    "deviceid",
    "subscriberid",
    "simserial",
    "imei",
    "benutzername",
    "accesscode",
];

/// Whole names of such columns.
const PERSONAL_NAMES: [&str; 13] = [
    "name", "nom", "nombre", "nome", "naam", "namn", "navn", "ip", "address", "adresse",
    "location", "mail", "token",
];

/// Whether a column is called like an option: `Telephone` may be a way to reach an office.
fn is_option(heading: &Heading, decoders: &[Decoder<'_>]) -> bool {
    let mut options = decoders.iter().filter_map(Decoder::options);
    options.any(|options| options.find(&heading.name).is_some())
}

fn is_personal(heading: &Heading) -> bool {
    let mut names = std::iter::once(&heading.name).chain(&heading.text);
    names.any(|name| {
        let name = fold(name);
        let letters: String = name.chars().filter(|sign| sign.is_alphanumeric()).collect();
        PERSONAL_NAMES.contains(&name.as_ref())
            || PERSONAL.iter().any(|part| letters.contains(part))
    })
}

fn missing(roles: &[Role], long: bool, decoders: &[Decoder<'_>]) -> Vec<String> {
    if long {
        return Vec::new();
    }
    let covered = |wanted: usize| {
        let mut roles = roles.iter();
        roles.any(|role| matches!(role, Role::Answer(at) | Role::Option(at, _) if *at == wanted))
    };
    let uncovered = decoders.iter().enumerate().filter(|(at, _)| !covered(*at));
    uncovered
        .map(|(_, decoder)| decoder.indicator().code.clone())
        .collect()
}

fn target(role: Role, rows: &Rows<'_>) -> ColumnTarget {
    match (role, called(role, rows.framework(), &rows.decoders)) {
        (_, Some(name)) => ColumnTarget::Read(name),
        (Role::Meta, None) => ColumnTarget::Meta,
        (Role::Ignored, None) => ColumnTarget::Ignored,
        (_, None) => ColumnTarget::Unread,
    }
}

/// What the framework calls a role, if it reads it.
pub(super) fn called(
    role: Role,
    framework: &Framework,
    decoders: &[Decoder<'_>],
) -> Option<String> {
    let code = |at: usize| decoders[at].indicator().code.as_str();
    let name = match role {
        Role::Unit => framework.unit.column.clone(),
        Role::Period => framework
            .period
            .clone()
            .unwrap_or_else(|| "period".to_owned()),
        Role::Key(at) => framework.rows[at].key.clone(),
        Role::Attribute(at) => framework.attributes[at].column.clone(),
        Role::Answer(at) | Role::Other(at) => code(at).to_owned(),
        Role::Option(at, option) => {
            let option = decoders[at].names(1 << option);
            format!("{}/{}", code(at), option.join(""))
        }
        Role::Evidence(at) => format!("{}__evidence", code(at)),
        Role::Reason(at) => format!("{}__reason", code(at)),
        Role::Indicator => "indicator".to_owned(),
        Role::Value => "answer".to_owned(),
        Role::RowEvidence => "evidence".to_owned(),
        Role::Status => "status".to_owned(),
        Role::Multiplier => "multiplier".to_owned(),
        Role::Sent => "time".to_owned(),
        Role::Meta | Role::Ignored | Role::Unread => return None,
    };
    Some(name)
}
