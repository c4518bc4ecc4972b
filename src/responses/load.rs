//! Files → [`Responses`], or every problem in them.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use rayon::iter::{IntoParallelRefMutIterator, ParallelIterator};
use sha2::{Digest, Sha256};

use super::Responses;
use super::answers::Decoder;
use super::batch::{Batch, is_ragged};
use super::columns::{Names, Role};
use super::deleted::deleted;
use super::describe::describe;
use super::duplicates::{self, Dropped};
use super::export::Skip;
use super::header;
use super::mapping::Mapping;
use super::memory::Memory;
use super::recognition::{ColumnTarget, Recognition};
use super::records::{Broken, LONGEST_RECORD, MOST_COLUMNS, Records};
use super::rows::{Elsewhere, File, Part, Rows};
use super::source::Parts;
use super::spelling::{fold, nearest, shown};
use super::stream::BEGINNING;
use super::table::Table;
use super::text::Encoding;
use crate::framework::{Framework, NodeIx, Subject as Condition};
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
    /// How many header rows there are: 1, 2 (questions, choices) or 3 (names, questions, a row that is passed over).
    pub header_rows: Option<usize>,
    /// The sheet of a spreadsheet; the one called "responses", else the first one, if it is not given.
    pub sheet: Option<String>,
    /// What happens to rows with the same keys.
    pub on_duplicate: OnDuplicate,
    /// A second file that describes units.
    pub units: Option<OwnedInput>,
    /// What columns and answers mean where neither code nor label says so.
    pub mapping: Option<Mapping>,
    /// Whether the files' hash may be left out, which takes as long as reading them.
    pub unhashed: bool,
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
    /// What was recognised in each file.
    pub recognised: Vec<Recognition>,
}

/// What is in files of responses, sound or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspected {
    /// The answers, if nothing is wrong.
    pub responses: Option<Responses>,
    /// Everything found, errors included.
    pub problems: Vec<Problem>,
    /// What was recognised in each file that could be opened.
    pub recognised: Vec<Recognition>,
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
    let inspected = inspect(inputs, framework, options);
    match inspected.responses {
        Some(responses) => Ok(Loaded {
            responses,
            remarks: inspected.problems,
            recognised: inspected.recognised,
        }),
        None => Err(inspected.problems),
    }
}

/// Reads files of responses to `framework` and tells everything about them, also if they cannot be scored.
pub fn inspect(inputs: &[Input<'_>], framework: &Framework, options: &Options) -> Inspected {
    inspect_beside(inputs, framework, options, None, &|| {})
}

/// Reads the same files to several frameworks. What one of them reads is no remark of another, and what is the same for all
/// is said once, by the first. `progress` is told how many files of how many have been read.
pub fn inspect_all(
    inputs: &[Input<'_>],
    frameworks: &[&Framework],
    options: &Options,
    progress: &dyn Fn(usize, usize),
) -> Vec<Inspected> {
    let known: Vec<(Names, Vec<Decoder<'_>>)> = frameworks
        .iter()
        .map(|framework| {
            let rows = Rows::new(framework, options.mapping.as_ref());
            (rows.names, rows.decoders)
        })
        .collect();
    let all = inputs.len() * frameworks.len();
    let done = Cell::new(0);
    let step = || {
        done.set(done.get() + 1);
        progress(done.get(), all);
    };
    let mut inspected = Vec::new();
    for (at, framework) in frameworks.iter().enumerate() {
        let elsewhere = |name: &str| {
            let others = known.iter().enumerate().filter(|(other, _)| *other != at);
            let mut named = others.filter_map(|(_, (names, decoders))| names.named(name, decoders));
            named.any(|(role, _)| role.is_answer())
        };
        let elsewhere = (frameworks.len() > 1).then_some(&elsewhere as &Elsewhere<'_>);
        inspected.push(inspect_beside(inputs, framework, options, elsewhere, &step));
    }
    say_once(&mut inspected);
    inspected
}

/// Keeps what several frameworks have to say about the same files from being said twice.
fn say_once(inspected: &mut [Inspected]) {
    let read: BTreeSet<String> = inspected
        .iter()
        .flat_map(|one| &one.recognised)
        .flat_map(|file| &file.columns)
        .filter(|column| matches!(column.target, ColumnTarget::Read(_)))
        .map(|column| column.name.clone())
        .collect();
    let Some((first, others)) = inspected.split_first_mut() else {
        return;
    };
    let elsewhere = !others.is_empty();
    // What one framework reads is no remark of another.
    let keep = |problem: &mut Problem| match &mut problem.kind {
        Kind::Responses(ResponsesKind::UnreadColumns { columns }) if elsewhere => {
            columns.retain(|column| !read.contains(column));
            !columns.is_empty()
        }
        Kind::Responses(ResponsesKind::NearColumn { column, .. }) => {
            !elsewhere || !read.contains(column)
        }
        _ => true,
    };
    first.problems.retain_mut(keep);
    for other in others {
        other
            .problems
            .retain_mut(|problem| keep(problem) && !first.problems.contains(problem));
    }
}

/// Reads files to one framework, beside others that may know what it does not.
fn inspect_beside<'f>(
    inputs: &[Input<'_>],
    framework: &'f Framework,
    options: &Options,
    elsewhere: Option<&'f Elsewhere<'f>>,
    step: &dyn Fn(),
) -> Inspected {
    let mut rows = Rows::new(framework, options.mapping.as_ref());
    rows.elsewhere = elsewhere;
    let mut hash = Sha256::new();
    let mut before = 0;
    let (mut tables, mut unreadable) = (Vec::new(), Vec::new());
    for (index, input) in inputs.iter().enumerate() {
        if !options.unhashed {
            hash.update(input.bytes);
        }
        let name: Arc<str> = Arc::from(input.name);
        rows.files.push((before, Arc::clone(&name)));
        match open(&mut rows, index, input, &name, options) {
            Some((table, true)) => {
                if inputs.len() > 1 {
                    before += table.source.lines();
                }
                tables.push((index, name, table));
            }
            Some((table, false)) => unreadable.push((index, name, table)),
            None => {}
        }
    }
    let mut dropped = deleted(&tables);
    duplicates::choose(&tables, &mut rows, options.on_duplicate, &mut dropped);
    let mut recognised = Vec::new();
    for (index, name, table) in &tables {
        let file = File {
            index: *index,
            name: Arc::clone(name),
            before: rows.files[*index].0,
            table,
        };
        recognised.push(read(&mut rows, &file, &dropped));
        step();
    }
    // A mapping can say what their columns are.
    for (index, name, table) in &unreadable {
        let file = File {
            index: *index,
            name: Arc::clone(name),
            before: 0,
            table,
        };
        recognised.push(Recognition::of(&file, &rows, (0, 0), BTreeMap::new()));
    }
    report_missing(&tables, &mut rows);
    let opened: Vec<_> = tables.iter().chain(&unreadable).collect();
    report_absent(&opened, &mut rows, options);
    let described = options
        .units
        .as_ref()
        .and_then(|units| describe(&mut rows, inputs.len(), units, options));
    let (mut responses, findings) = rows.finish(described.as_ref());
    if !options.unhashed {
        responses.sha256 = hexadecimal(&hash.finalize());
    }
    let sound = !findings.has_errors();
    Inspected {
        responses: sound.then_some(responses),
        problems: findings.into_problems(),
        recognised,
    }
}

/// How well the columns of `input` match `framework`.
pub fn fits(input: &Input<'_>, framework: &Framework, options: &Options) -> Fit {
    let rows = Rows::new(framework, options.mapping.as_ref());
    let mut fit = Fit {
        indicators: rows.decoders.len(),
        ..Fit::default()
    };
    let Ok(table) = Table::open(&beginning(input), options, &rows) else {
        return fit;
    };
    let mut has = vec![false; rows.decoders.len()];
    let mut see = |role: Role| {
        if let Role::Answer(at) | Role::Option(at, _) = role {
            has[at] = true;
        }
    };
    table.layout.roles.iter().for_each(|&role| see(role));
    if let (Some(long), Ok(mut records)) = (table.layout.long, table.answers()) {
        // Enough rows to meet every indicator of one unit.
        for _ in 0..10_000 {
            let Ok(Some(record)) = records.next() else {
                break;
            };
            let name = table.key_text(record.cell(long.indicator));
            let named = rows.names.named(name, &rows.decoders);
            see(named.map_or(Role::Unread, |(role, _)| role));
        }
    }
    fit.matched = has.iter().filter(|&&has| has).count();
    fit.unread = table.layout.headings.len() - table.layout.read();
    fit.unit = table.layout.unit.is_some();
    fit
}

/// The first lines of a text, which are enough to know its columns; all of anything else.
fn beginning<'b>(input: &Input<'b>) -> Input<'b> {
    let bytes = match input.bytes.get(..BEGINNING) {
        Some(first) if !first.contains(&0) && !first.starts_with(b"PK") => {
            let end = first.iter().rposition(|&byte| byte == b'\n');
            end.map_or(input.bytes, |end| &first[..=end])
        }
        Some(_) | None => input.bytes,
    };
    Input { bytes, ..*input }
}

/// Opens a file and reports on its columns: the table, and whether its rows can be read.
pub(super) fn open<'b>(
    rows: &mut Rows<'_>,
    index: usize,
    input: &Input<'b>,
    name: &Arc<str>,
    options: &Options,
) -> Option<(Table<'b>, bool)> {
    let table = match Table::open(input, options, rows) {
        Ok(table) => table,
        Err(fault) => {
            let problem = fault.problem(name);
            rows.findings.add(index, problem);
            return None;
        }
    };
    if let Some((kind, line)) = table.remark() {
        let place = Place::new(name, *line, 0);
        rows.findings
            .add(index, Problem::warning(kind.clone(), place));
    }
    if let Some(kind) = table.other_sheets() {
        let problem = Problem::note(kind, Place::whole(name));
        rows.findings.add(index, problem);
    }
    let known = (rows.framework(), rows.decoders.as_slice());
    let meant = header::check(known, &table, (index, name), &mut rows.findings);
    let readable = meant.is_some();
    let meant = meant.unwrap_or_default();
    Some((Table { meant, ..table }, readable))
}

/// Reads the rows of a file.
fn read(rows: &mut Rows<'_>, file: &File<'_, '_>, dropped: &Dropped) -> Recognition {
    let mut count = Count::default();
    let outcome = read_records(rows, file, dropped, &mut count);
    if let Err(broken) = outcome {
        let problem = breakage(broken, &file.name);
        rows.findings.add(file.index, problem);
    }
    let layout = &file.table.layout;
    for problem in left_out(&count.skipped, &file.name) {
        rows.findings.add(file.index, problem);
    }
    if outcome.is_ok() && count.met == 0 {
        let place = Place::new(&file.name, layout.line, 0);
        let problem = Problem::error(ResponsesKind::HeaderOnly, place);
        rows.findings.add(file.index, problem);
    } else if outcome.is_ok() && count.used == 0 {
        let kind = ResponsesKind::NoUsableRow { rows: count.met };
        let problem = Problem::error(kind, Place::whole(&file.name));
        rows.findings.add(file.index, problem);
    }
    if outcome.is_ok()
        && layout.long.is_none()
        && let Some(unit) = rows.last_unit(file.index)
        && is_total(unit, count.used)
    {
        let problem = total_row(unit, &file.name);
        rows.findings.add(file.index, problem);
    }
    Recognition::of(file, rows, (count.met, count.used), count.skipped)
}

/// How many records of a file are left out, and why.
pub(super) fn left_out(
    skipped: &BTreeMap<Skip, usize>,
    file: &Arc<str>,
) -> impl Iterator<Item = Problem> {
    let told = skipped.iter();
    // The other framework reads some, and of others there is a problem.
    let told = told.filter(|(skip, _)| !matches!(skip, Skip::OtherFramework | Skip::Undecided));
    told.map(|(skip, &rows)| {
        let reason = skip.reason();
        Problem::note(ResponsesKind::Skipped { rows, reason }, Place::whole(file))
    })
}

/// That all decimal signs of a file may be signs between thousands; the first number as it is written.
pub(super) fn perhaps_thousands(first: &str, file: &Arc<str>) -> Problem {
    let text = shown(first);
    Problem::warning(ResponsesKind::PerhapsThousands { text }, Place::whole(file))
}

/// What a spreadsheet calls the row that sums up those above it, folded.
const TOTALS: [&str; 45] = [
    "total",
    "totals",
    "grand total",
    "sum",
    "average",
    "mean",
    "median",
    "gesamt",
    "gesamtsumme",
    "gesamtergebnis",
    "insgesamt",
    "summe",
    "mittelwert",
    "durchschnitt",
    "total g\u{e9}n\u{e9}ral",
    "somme",
    "moyenne",
    "m\u{e9}diane",
    "total general",
    "suma",
    "promedio",
    "media",
    "mediana",
    "totale",
    "totale complessivo",
    "somma",
    "total geral",
    "soma",
    "m\u{e9}dia",
    "totaal",
    "eindtotaal",
    "som",
    "gemiddelde",
    "razem",
    "suma ko\u{144}cowa",
    "\u{15b}rednia",
    "totalt",
    "totalsumma",
    "summa",
    "medelv\u{e4}rde",
    "genomsnitt",
    "gjennomsnitt",
    "gennemsnit",
    "totalsum",
    "hovedtotal",
];

/// Whether the unit of the last of so many rows is called as if it were no unit but what the others come to.
pub(super) fn is_total(unit: &str, rows: usize) -> bool {
    let called = fold(unit);
    rows > 2 && TOTALS.contains(&called.trim_end_matches([':', ' ']))
}

/// That the last row of a file is [such a one](is_total).
pub(super) fn total_row(unit: &str, file: &Arc<str>) -> Problem {
    let unit = shown(unit);
    Problem::warning(ResponsesKind::TotalRow { unit }, Place::whole(file))
}

/// How many records were met and what became of them.
#[derive(Default)]
struct Count {
    met: usize,
    used: usize,
    skipped: BTreeMap<Skip, usize>,
}

fn read_records(
    rows: &mut Rows<'_>,
    file: &File<'_, '_>,
    dropped: &Dropped,
    count: &mut Count,
) -> Result<(), Broken> {
    if file.table.layout.long.is_some() {
        read_long(rows, file, dropped, count)
    } else {
        read_wide(rows, file, dropped, count)
    }
}

/// Reads records of one answer each, one after the other.
fn read_long(
    rows: &mut Rows<'_>,
    file: &File<'_, '_>,
    dropped: &Dropped,
    count: &mut Count,
) -> Result<(), Broken> {
    let table = file.table;
    let mut records = table.answers()?;
    while let Some(record) = records.next()? {
        if record.is_blank() {
            continue;
        }
        count.met += 1;
        let skip = table
            .skips(&record)
            .or_else(|| dropped.get(&(file.index, record.line)).copied());
        if let Some(skip) = skip {
            *count.skipped.entry(skip).or_insert(0) += 1;
            continue;
        }
        if is_ragged(table, &record) {
            rows.ragged(file, record);
        } else if let Some(skip) = rows.long(file, record) {
            *count.skipped.entry(skip).or_insert(0) += 1;
            continue;
        }
        count.used += 1;
    }
    Ok(())
}

/// Reads records that are rows: blocks of them at the same time, and what is made of them in their order.
fn read_wide(
    rows: &mut Rows<'_>,
    file: &File<'_, '_>,
    dropped: &Dropped,
    count: &mut Count,
) -> Result<(), Broken> {
    let table = file.table;
    let dropped = |line| dropped.get(&(file.index, line)).copied();
    let records = table.answers()?;
    let mut take = |rows: &mut Rows<'_>, part: Part<'_>, batch: Batch| {
        count.met += batch.met;
        count.used += batch.fates.len();
        for (skip, rows) in &batch.skipped {
            *count.skipped.entry(*skip).or_insert(0) += rows;
        }
        rows.take(file, part, batch);
    };
    match table.source.parts(&records) {
        Parts::Sheet(sheet, from) => {
            let part = Part {
                text: &sheet.text,
                line: 1,
                records: &sheet.records,
            };
            let mut memories = vec![Memory::default(); rows.decoders.len()];
            let batch = Batch::read(table, &rows.decoders, &mut memories, (part, from), &dropped);
            take(rows, part, batch);
            Ok(())
        }
        Parts::Text(mut blocks, delimiter) => {
            let mut lanes = Lane::some(blocks.left(), rows.decoders.len());
            loop {
                let mut end = None;
                let mut used = 0;
                for lane in &mut lanes {
                    match blocks.next() {
                        Ok(Some(block)) => (lane.text, lane.line) = (block.text, block.line),
                        Ok(None) => end = end.or(Some(Ok(()))),
                        Err(broken) => end = Some(Err(broken)),
                    }
                    if end.is_some() {
                        break;
                    }
                    used += 1;
                }
                let decoders = &rows.decoders;
                let read = |lane: &mut Lane<'_>| lane.read(table, decoders, delimiter, &dropped);
                match &mut lanes[..used] {
                    // Even none in parallel would start the threads.
                    [] => {}
                    [only] => read(only),
                    several => several.par_iter_mut().for_each(read),
                }
                for lane in &mut lanes[..used] {
                    let batch = std::mem::take(&mut lane.batch);
                    take(rows, lane.part(), batch);
                    if let Some(broken) = lane.records.broken(lane.line) {
                        return Err(broken);
                    }
                }
                if let Some(end) = end {
                    return end;
                }
            }
        }
    }
}

/// One of several readers that work at the same time.
#[derive(Default)]
struct Lane<'t> {
    text: &'t str,
    line: usize,
    records: Records,
    memories: Vec<Memory>,
    batch: Batch,
}

impl Lane<'_> {
    /// Bytes from which on several readers are worth their start.
    const MUCH: usize = 4 << 20;

    /// As many as a text of so many bytes is worth.
    fn some(bytes: usize, indicators: usize) -> Vec<Self> {
        let lanes = if bytes < Self::MUCH {
            1
        } else {
            2 * rayon::current_num_threads()
        };
        let lane = || Self {
            memories: vec![Memory::default(); indicators],
            ..Self::default()
        };
        std::iter::repeat_with(lane).take(lanes).collect()
    }

    fn read(
        &mut self,
        table: &Table<'_>,
        decoders: &[Decoder<'_>],
        delimiter: u8,
        dropped: &(dyn Fn(usize) -> Option<Skip> + Sync),
    ) {
        self.records.read(self.text, delimiter);
        let part = Part {
            text: self.text,
            line: self.line,
            records: &self.records,
        };
        self.batch = Batch::read(table, decoders, &mut self.memories, (part, 0), dropped);
    }

    fn part(&self) -> Part<'_> {
        Part {
            text: self.text,
            line: self.line,
            records: &self.records,
        }
    }
}

/// A record that cannot be read, in words.
pub(super) fn breakage(broken: Broken, name: &Arc<str>) -> Problem {
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

/// Indicators that count for something and that no file has a column for.
pub(super) fn report_missing(tables: &[(usize, Arc<str>, Table<'_>)], rows: &mut Rows<'_>) {
    let Some((index, name, first)) = tables.first() else {
        return;
    };
    let mut covered = vec![false; rows.decoders.len()];
    for (_, _, table) in tables {
        if table.layout.long.is_some() {
            return;
        }
        for role in &table.layout.roles {
            if let Role::Answer(at) | Role::Option(at, _) = role {
                covered[*at] = true;
            }
        }
        // These were named with their columns.
        for (decoder, covered) in rows.decoders.iter().zip(&mut covered) {
            *covered |= table.meant.contains(&decoder.indicator().code);
        }
    }
    let counts = counting(rows.framework());
    let indicators: Vec<String> = rows
        .decoders
        .iter()
        .zip(covered.iter().zip(&counts))
        .filter(|(_, (covered, counts))| !**covered && **counts)
        .map(|(decoder, _)| decoder.indicator().code.clone())
        .collect();
    if !indicators.is_empty() {
        let of = covered.len();
        let kind = ResponsesKind::MissingColumns { indicators, of };
        let place = Place::new(name, first.layout.line, 0);
        rows.findings.add(*index, Problem::warning(kind, place));
    }
}

/// Columns that a mapping names and that no file has.
pub(super) fn report_absent(
    tables: &[&(usize, Arc<str>, Table<'_>)],
    rows: &mut Rows<'_>,
    options: &Options,
) {
    let (Some(mapping), Some((index, name, first))) = (&options.mapping, tables.first()) else {
        return;
    };
    let layouts = || tables.iter().map(|(_, _, table)| &table.layout);
    let absent = mapping.absent(layouts().flat_map(|layout| &layout.headings));
    let columns = || layouts().flat_map(|layout| layout.headings.iter().zip(&layout.roles));
    let unread = || columns().filter(|(_, role)| **role == Role::Unread);
    let near = |column: &str| nearest(column, unread().map(|(heading, _)| heading.name.as_str()));
    let (mut problems, mut far) = (Vec::new(), Vec::new());
    for column in absent {
        let near = near(column).filter(|_| problems.len() < NEAR);
        let column = shown(column);
        match near {
            Some(near) => problems.push(ResponsesKind::NoMappedColumn {
                columns: vec![column],
                near: Some(near),
            }),
            None => far.push(column),
        }
    }
    problems.extend((!far.is_empty()).then_some(ResponsesKind::NoMappedColumn {
        columns: far,
        near: None,
    }));
    for kind in problems {
        let place = Place::new(name, first.layout.line, 0);
        rows.findings.add(*index, Problem::warning(kind, place));
    }
}

/// Most columns of a mapping that are said to be like one of the file.
const NEAR: usize = 20;

/// Of each indicator, whether its answers matter: it is scored, or a condition asks about it.
fn counting(framework: &Framework) -> Vec<bool> {
    let conditions = framework.indicators().flat_map(|(_, _, own)| &own.when);
    let asked: BTreeSet<NodeIx> = conditions
        .flat_map(|when| &when.tests)
        .filter_map(|(subject, _)| match subject {
            Condition::Indicator(node) => Some(*node),
            Condition::Attribute(_) => None,
        })
        .collect();
    let indicators = framework.indicators();
    indicators
        .map(|(ix, _, _)| framework.is_scored(ix) || asked.contains(&ix))
        .collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
