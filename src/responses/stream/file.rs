//! A file whose columns are known.

use std::sync::Arc;

use super::met::{Key, OwnedKey};
use super::{Begun, ENOUGH, Outcome, may_be_in_pieces};
use crate::framework::Framework;
use crate::responses::columns::Role;
use crate::responses::load::Input;
use crate::responses::periods::is_period;
use crate::responses::records::{Record, Records};
use crate::responses::rows::{Part, is_key};
use crate::responses::source::Source;
use crate::responses::spelling::fold;
use crate::responses::table::Table;

/// A file whose columns are known.
pub(super) struct File<'a> {
    pub(super) name: Arc<str>,
    pub(super) table: Table<'a>,
    pub(super) delimiter: u8,
    /// What has been read of it below its header.
    pub(super) beginning: &'a [u8],
    /// The column that says what units are called.
    pub(super) called: Option<usize>,
    /// The columns that hold attributes, and which.
    pub(super) attributes: Vec<(usize, usize)>,
}

impl<'a> Begun<'a> {
    /// The lines of which all has been read; none if that is no text that is read in pieces.
    pub(super) fn whole_lines(&self) -> Option<Input<'a>> {
        let bytes = self.beginning.bytes;
        let end = if self.ended {
            bytes.len()
        } else {
            bytes.iter().rposition(|&byte| byte == b'\n')? + 1
        };
        may_be_in_pieces(bytes).then_some(Input {
            bytes: &bytes[..end],
            ..self.beginning
        })
    }
}

impl<'a> File<'a> {
    pub(super) fn new(
        name: Arc<str>,
        table: Table<'a>,
        (delimiter, beginning): (u8, &'a [u8]),
        framework: &Framework,
    ) -> Self {
        let roles = table.layout.roles.iter().enumerate();
        let attributes = roles.filter_map(|(column, role)| match role {
            Role::Attribute(at) => Some((column, *at)),
            _ => None,
        });
        let attributes: Vec<(usize, usize)> = attributes.collect();
        let calls = |at: usize| fold(&framework.attributes[at].column) == "name";
        let called = attributes.iter().find(|(_, at)| calls(*at));
        Self {
            name,
            called: called.map(|(column, _)| *column),
            table,
            delimiter,
            beginning,
            attributes,
        }
    }

    /// The records of a piece.
    pub(super) fn part<'l>(
        &self,
        bytes: &'l [u8],
        records: &'l mut Records,
    ) -> Result<Part<'l>, Outcome> {
        let text = simdutf8::basic::from_utf8(bytes).map_err(|_| Outcome::Whole)?;
        if memchr::memchr(0, bytes).is_some() {
            return Err(Outcome::Whole);
        }
        records.read(text, self.delimiter);
        match records.broken(1) {
            Some(_) => Err(Outcome::Whole),
            None => Ok(Part {
                text,
                line: 1,
                records,
            }),
        }
    }

    /// Who and when; none if that cannot be read.
    pub(super) fn key<'r>(&self, record: Record<'r>) -> Option<Key<'r>> {
        let layout = &self.table.layout;
        let text = |column: Option<usize>, fits: fn(&str) -> bool| match column {
            Some(column) => {
                let text = self.table.key_text(record.cell(column));
                fits(text).then_some(text)
            }
            None => Some(""),
        };
        let name = self.called.map_or("", |column| record.cell(column).trim());
        let (unit, period) = (text(layout.unit, is_key)?, text(layout.period, is_period)?);
        Some(Key::new(unit, period, name))
    }

    /// Which of a unit's rows it is; none if that cannot be read.
    pub(super) fn finer_keys(&self, record: Record<'_>) -> Option<Vec<Arc<str>>> {
        let keys = self.table.layout.keys.iter().flatten();
        let keys = keys.map(|&column| {
            let text = self.table.key_text(record.cell(column));
            is_key(text).then(|| Arc::from(text))
        });
        keys.collect()
    }

    /// Who the first record is about, and when; nothing if that cannot be read.
    pub(super) fn first_key(&self) -> Option<OwnedKey> {
        let mut records = self.table.answers().ok()?;
        let first = records.next().ok()??;
        Some(self.key(first)?.owned())
    }
}

/// The delimiter of a table in plain UTF-8, and what has been read of its answers; none if it is something else, or too short
/// to tell.
pub(super) fn text_of<'a>(
    table: &Table<'_>,
    lines: &Input<'_>,
    file: &Begun<'a>,
) -> Option<(u8, &'a [u8])> {
    let Source::Text(decoded, dialect) = &table.source else {
        return None;
    };
    let borrowed = matches!(decoded.text, std::borrow::Cow::Borrowed(_));
    if !borrowed || decoded.remark.is_some() || decoded.encoding.name() != "UTF-8" {
        return None;
    }
    let bytes = file.beginning.bytes;
    let mark = lines.bytes.len() - decoded.text.len();
    let mut records = table.answers().ok()?;
    let start = mark + records.at();
    for _ in 0..ENOUGH {
        if records.next().ok()?.is_none() {
            return file.ended.then_some((dialect.delimiter, &bytes[start..]));
        }
    }
    Some((dialect.delimiter, &bytes[start..]))
}
