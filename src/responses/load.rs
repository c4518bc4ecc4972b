//! Files → [`Responses`], or every problem in them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Responses;
use super::answers::Manner;
use super::attributes::{self, Described};
use super::columns::{Layout, Role};
use super::dialect::{self, Dialect};
use super::findings::{Findings, Subject};
use super::header;
use super::multiple::AllZero;
use super::records::{Broken, LONGEST_RECORD, MOST_COLUMNS, Reader, line_breaks};
use super::rows::{File, Rows};
use super::text::{self, Decoded, Encoding};
use crate::framework::Framework;
use crate::problem::{Kind, Place, Problem, ResponsesKind};

/// A file of responses: its name as the user wrote it, and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// As the user named it, or `<stdin>`.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// A file that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnedInput {
    /// As the user named it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How files are read where they do not say it themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What parts the cells; found by trying if it is not given.
    pub delimiter: Option<u8>,
    /// How characters are written; found by the byte order mark, else UTF-8, else Windows-1252.
    pub encoding: Option<Encoding>,
    /// What happens to rows with the same keys.
    pub on_duplicate: OnDuplicate,
    /// A second file that describes units.
    pub units: Option<OwnedInput>,
}

/// What happens to rows with the same unit, period and finer keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDuplicate {
    /// They are a mistake.
    #[default]
    Error,
    /// The first one counts.
    First,
    /// The last one counts.
    Last,
    /// The one sent in last counts.
    Newest,
}

/// Sound responses.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The answers.
    pub responses: Responses,
    /// Warnings and notes.
    pub remarks: Vec<Problem>,
}

/// How well the columns of a file match a framework.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// Indicators that have a column.
    pub matched: usize,
    /// Indicators of the framework.
    pub indicators: usize,
    /// Columns of the file that nothing reads.
    pub unread: usize,
    /// Whether there is a column that says who is scored.
    pub unit: bool,
}

/// Reads files of responses to `framework`.
pub fn load(
    inputs: &[Input<'_>],
    framework: &Framework,
    options: &Options,
) -> Result<Loaded, Vec<Problem>> {
    let mut rows = Rows::new(framework);
    let mut covered = vec![false; rows.decoders.len()];
    let mut hash = Sha256::new();
    let mut header = None;
    for (index, input) in inputs.iter().enumerate() {
        hash.update(input.bytes);
        if let Some(layout) = read(&mut rows, index, input, options) {
            header.get_or_insert_with(|| Place::new(&Arc::from(input.name), layout.line, 0));
            for role in &layout.roles {
                if let Role::Answer(at) | Role::Option(at, _) = role {
                    covered[*at] = true;
                }
            }
            if layout.long.is_some() {
                covered.fill(true);
            }
        }
    }
    if let Some(place) = header {
        report_missing(framework, &covered, place, &mut rows.findings);
    }
    let described = options
        .units
        .as_ref()
        .and_then(|units| describe(&mut rows, inputs.len(), units, framework, options));
    let (mut responses, findings) = rows.finish(described.as_ref());
    if findings.has_errors() {
        return Err(findings.into_problems());
    }
    responses.sha256 = hexadecimal(&hash.finalize());
    Ok(Loaded {
        responses,
        remarks: findings.into_problems(),
    })
}

/// How well the columns of `input` match `framework`.
pub fn fits(input: &Input<'_>, framework: &Framework, options: &Options) -> Fit {
    let rows = Rows::new(framework);
    let mut fit = Fit {
        indicators: rows.decoders.len(),
        ..Fit::default()
    };
    let Ok(table) = Table::open(input, options, &rows) else {
        return fit;
    };
    let mut reader = table.reader();
    let layout = match reader.next() {
        Ok(Some(header)) => Layout::of(&header, &rows.names, &rows.decoders),
        Ok(None) | Err(_) => return fit,
    };
    let mut has = vec![false; rows.decoders.len()];
    let mut see = |role: Option<Role>| {
        if let Some(Role::Answer(at) | Role::Option(at, _)) = role {
            has[at] = true;
        }
    };
    for &role in &layout.roles {
        see(Some(role));
    }
    if let Some(long) = layout.long {
        // Enough rows to meet every indicator of one unit.
        for _ in 0..10_000 {
            let Ok(Some(record)) = reader.next() else {
                break;
            };
            see(rows.names.role(record.cell(long.indicator), &rows.decoders));
        }
    }
    fit.matched = has.iter().filter(|&&has| has).count();
    fit.unread = layout.header.len() - layout.read();
    fit.unit = layout.unit.is_some();
    fit
}

/// A file as text, and how it is parted.
struct Table<'b> {
    decoded: Decoded<'b>,
    dialect: Dialect,
}

impl<'b> Table<'b> {
    fn open(input: &Input<'b>, options: &Options, rows: &Rows<'_>) -> Result<Self, Kind> {
        let decoded = text::decode(input.bytes, options.encoding)?;
        if decoded.text.trim().is_empty() {
            return Err(Kind::EmptyFile);
        }
        let dialect = dialect::find(&decoded.text, options.delimiter, &|header| {
            Layout::of(header, &rows.names, &rows.decoders).read()
        })?;
        Ok(Self { decoded, dialect })
    }

    fn reader(&self) -> Reader<'_> {
        Reader::new(
            &self.decoded.text,
            self.dialect.start,
            self.dialect.delimiter,
        )
    }

    fn lines(&self) -> usize {
        line_breaks(&self.decoded.text, 0, self.decoded.text.len()) + 1
    }
}

/// Reads one file into `rows`; its columns, if its rows could be read.
fn read(rows: &mut Rows<'_>, index: usize, input: &Input<'_>, options: &Options) -> Option<Layout> {
    let name: Arc<str> = Arc::from(input.name);
    let before = rows.files.last().map_or(0, |&(lines, _)| lines);
    let table = match Table::open(input, options, rows) {
        Ok(table) => table,
        Err(kind) => {
            rows.files.push((before, Arc::clone(&name)));
            let problem = Problem::error(kind, Place::whole(&name));
            rows.findings.add(index, problem);
            return None;
        }
    };
    rows.files.push((before, Arc::clone(&name)));
    if let Some((kind, line)) = &table.decoded.remark {
        let place = Place::new(&name, *line, 0);
        rows.findings
            .add(index, Problem::warning(kind.clone(), place));
    }
    let mut reader = table.reader();
    let layout = match reader.next() {
        Ok(Some(header)) => Layout::of(&header, &rows.names, &rows.decoders),
        Ok(None) => {
            let problem = Problem::error(Kind::EmptyFile, Place::whole(&name));
            rows.findings.add(index, problem);
            return None;
        }
        Err(broken) => {
            rows.findings.add(index, breakage(broken, &name));
            return None;
        }
    };
    if !header::check(
        rows.framework(),
        &layout,
        (index, &name),
        &mut rows.findings,
    ) {
        return None;
    }
    let file = File {
        index,
        name,
        before,
        layout,
        manner: Manner {
            decimal_comma: table.dialect.decimal_comma(),
        },
        zeros: AllZero::default(),
    };
    read_rows(rows, &file, &mut reader);
    if let Some(last) = rows.files.last_mut() {
        last.0 = before + table.lines();
    }
    Some(file.layout)
}

fn read_rows(rows: &mut Rows<'_>, file: &File, reader: &mut Reader<'_>) {
    let (mut met, before) = (0, rows.len());
    let width = file.layout.header.len();
    let whole = Place::whole(&file.name);
    loop {
        let record = match reader.next() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            Err(broken) => {
                rows.findings.add(file.index, breakage(broken, &file.name));
                return;
            }
        };
        met += 1;
        if record.is_blank() {
            continue;
        }
        let found = record.len();
        let surplus = (width..found).any(|column| !record.cell(column).trim().is_empty());
        if found < width || surplus {
            ragged(rows, file, record.line, found);
        } else if file.layout.long.is_some() {
            rows.long(file, record);
        } else {
            rows.wide(file, record);
        }
    }
    if met == 0 {
        let place = Place::new(&file.name, file.layout.line, 0);
        rows.findings
            .add(file.index, Problem::error(ResponsesKind::HeaderOnly, place));
    } else if rows.len() == before && !rows.findings.has_errors() {
        let kind = ResponsesKind::NoUsableRow { rows: met };
        rows.findings.add(file.index, Problem::error(kind, whole));
    }
}

fn ragged(rows: &mut Rows<'_>, file: &File, line: usize, found: usize) {
    let expected = file.layout.header.len();
    let subject = Subject {
        file: file.index,
        column: usize::MAX,
        text: &found.to_string(),
    };
    let place = Place::new(&file.name, line, 0);
    rows.findings
        .cell(subject, "row", place, || ResponsesKind::RaggedRow {
            found,
            expected,
        });
}

fn breakage(broken: Broken, name: &Arc<str>) -> Problem {
    let (kind, line) = match broken {
        Broken::TooLong(line) => {
            let mebibytes = LONGEST_RECORD >> 20;
            (ResponsesKind::RecordTooLong { mebibytes }, line)
        }
        Broken::TooWide(line) => (ResponsesKind::TooManyColumns { most: MOST_COLUMNS }, line),
        Broken::OpenQuote(line) => (ResponsesKind::OpenQuote, line),
    };
    Problem::error(kind, Place::new(name, line, 0))
}

fn report_missing(framework: &Framework, covered: &[bool], place: Place, findings: &mut Findings) {
    let indicators: Vec<String> = framework
        .indicators()
        .zip(covered)
        .filter(|(_, covered)| !**covered)
        .map(|((_, _, indicator), _)| indicator.code.clone())
        .collect();
    if !indicators.is_empty() {
        let of = covered.len();
        let kind = ResponsesKind::MissingColumns { indicators, of };
        findings.add(0, Problem::warning(kind, place));
    }
}

/// Reads a file of units.
fn describe(
    rows: &mut Rows<'_>,
    index: usize,
    units: &OwnedInput,
    framework: &Framework,
    options: &Options,
) -> Option<Described> {
    let name: Arc<str> = Arc::from(units.name.as_str());
    let input = Input {
        name: &units.name,
        bytes: &units.bytes,
    };
    let fail = |rows: &mut Rows<'_>, problem| {
        rows.findings.add(index, problem);
        None
    };
    let table = match Table::open(&input, options, rows) {
        Ok(table) => table,
        Err(kind) => return fail(rows, Problem::error(kind, Place::whole(&name))),
    };
    let mut reader = table.reader();
    let layout = match reader.next() {
        Ok(Some(header)) => Layout::of(&header, &rows.names, &rows.decoders),
        Ok(None) => {
            return fail(rows, Problem::error(Kind::EmptyFile, Place::whole(&name)));
        }
        Err(broken) => return fail(rows, breakage(broken, &name)),
    };
    let Some(unit) = layout.unit else {
        let kind = ResponsesKind::NoColumn {
            column: framework.unit.column.clone(),
            what: "who is scored",
            near: None,
        };
        let place = Place::new(&name, layout.line, 0);
        return fail(rows, Problem::error(kind, place));
    };
    let manner = Manner {
        decimal_comma: table.dialect.decimal_comma(),
    };
    let mut described = BTreeMap::new();
    loop {
        let record = match reader.next() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            Err(broken) => return fail(rows, breakage(broken, &name)),
        };
        let id = record.cell(unit).trim();
        if id.is_empty() {
            continue;
        }
        let period = layout
            .period
            .map(|column| record.cell(column).trim().to_owned());
        let mut values = vec![None; framework.attributes.len()];
        for (column, &role) in layout.roles.iter().enumerate() {
            let Role::Attribute(at) = role else { continue };
            let attribute = &framework.attributes[at];
            match attributes::read(attribute, record.cell(column), manner) {
                Ok(value) => values[at] = value,
                Err(kind) => {
                    let place = Place::new(&name, record.line_of(column), column + 1);
                    let subject = Subject {
                        file: index,
                        column,
                        text: record.cell(column),
                    };
                    rows.findings
                        .cell(subject, &attribute.column, place, || kind);
                }
            }
        }
        described.insert((id.to_owned(), period), values);
    }
    Some(Described {
        file: name,
        units: described,
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
