//! Large files read piece by piece, so that memory does not grow with them: whole records in, [`Responses`] of their own
//! out, any number of them at the same time.
//!
//! This is for sound files whose rows stand in order; whatever else a file may be is left to [`super::load`], which reads
//! it as a whole and finds the words. Both read a cell in the same way.

mod crew;
mod long;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read as _};
use std::sync::Arc;

use self::crew::crew;
use self::long::{Desk, Long, longer};
use super::answers::{CountsAs, Decoder};
use super::attributes;
use super::batch::{Batch, Fate};
use super::columns::Role;
use super::country;
use super::export::{Exporter, Skip};
use super::findings::Findings;
use super::load::{Input, OnDuplicate, Options, left_out, open, report_missing};
use super::memory::Memory;
use super::records::{LONGEST_RECORD, Record, Records};
use super::rows::{Part, Rows, is_key};
use super::source::Source;
use super::spelling::fold;
use super::table::Table;
use super::texts::Scatter;
use super::tokens::{last_record_end, quoted};
use super::{Column, Responses, Row, Unit};
use crate::framework::Framework;
use crate::problem::Problem;

/// Most bytes of a file's beginning that are looked at to know its columns.
pub const BEGINNING: usize = 1 << 20;

/// Records that must stand in the beginning: as many as are looked at to find the delimiter, and some more.
const ENOUGH: usize = 64;

/// Whether so much of a file is enough to know its columns, or as much as is looked at.
pub fn is_beginning(bytes: &[u8]) -> bool {
    // Quotes that stray tell a wrong number of records; there are some to spare.
    let mut quoted = false;
    let ends = memchr::memchr2_iter(b'"', b'\n', bytes).filter(|&at| {
        quoted ^= bytes[at] == b'"';
        !quoted && bytes[at] == b'\n'
    });
    bytes.len() >= BEGINNING || ends.take(2 * ENOUGH).count() == 2 * ENOUGH
}

/// A file of which the beginning has been read.
#[derive(Clone, Copy, Debug)]
pub struct Begun<'a> {
    /// Its name, and what has been read of it.
    pub beginning: Input<'a>,
    /// Whether that is all of it.
    pub ended: bool,
}

/// Files whose columns are known.
pub struct Stream<'a> {
    framework: &'a Framework,
    decoders: Vec<Decoder<'a>>,
    /// What answers count as that several columns make: known when all of them have been read.
    later: Vec<(usize, CountsAs<'a>)>,
    files: Vec<File<'a>>,
    findings: Findings,
    form: Form,
    scatter: Scatter,
}

/// A file whose columns are known.
struct File<'a> {
    name: Arc<str>,
    table: Table<'a>,
    delimiter: u8,
    /// What has been read of it below its header.
    beginning: &'a [u8],
    /// The column that says what units are called.
    called: Option<usize>,
    /// The columns that hold attributes, and which.
    attributes: Vec<(usize, usize)>,
}

/// What a record is.
enum Form {
    /// A row, with all its answers.
    Wide,
    /// One answer.
    Long(Box<Long>),
}

/// In which order the rows of a file must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By unit, and by period within a unit, ascending: nothing has to be remembered.
    Ascending,
    /// Any order, one row a unit: 16 bytes a unit are remembered.
    Any,
    /// Any order, any periods of a unit: 16 bytes a row are remembered, and 16 more a unit where there are periods. Who is
    /// given the rows puts them in order.
    Scattered,
}

/// How a file is read.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Bytes of a piece.
    pub size: usize,
    /// How many pieces are read at the same time, each by a thread.
    pub pieces: usize,
}

/// What became of reading piece by piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The file has been read to its end.
    Done,
    /// There is something in it that takes reading it as a whole.
    Whole,
    /// Its rows do not stand in [`Order::Ascending`]; they may be [`Order::Scattered`].
    Unordered,
}

/// What reading piece by piece came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How it ended.
    pub outcome: Outcome,
    /// How many records of each file were left out.
    pub skipped: Vec<BTreeMap<Skip, usize>>,
}

impl<'a> Stream<'a> {
    /// Knows the columns of files, as much of each of which has been read as [`is_beginning`]; none if they have to be read
    /// as a whole. Choices are read as what they count as, where `counts_as` knows that of the indicator at a position.
    pub fn open(
        begun: &[Begun<'a>],
        framework: &'a Framework,
        options: &'a Options,
        counts_as: &dyn Fn(usize) -> Option<CountsAs<'a>>,
    ) -> Option<Self> {
        let plain = options.units.is_none()
            && options.on_duplicate == OnDuplicate::Error
            && framework.rows.is_empty();
        if !plain {
            return None;
        }
        let mut rows = Rows::new(framework, options.mapping.as_ref());
        let mut tables = Vec::new();
        let mut texts = Vec::new();
        for (at, file) in begun.iter().enumerate() {
            let input = file.whole_lines()?;
            let name: Arc<str> = Arc::from(input.name);
            rows.files.push((0, Arc::clone(&name)));
            let table = open(&mut rows, at, &input, &name, options)?;
            texts.push(text_of(&table, file)?);
            tables.push((at, name, table));
        }
        report_missing(&tables, &mut rows);
        let (names, mut decoders, findings) = rows.into_header();
        let mut together = BTreeSet::new();
        for (_, _, table) in &tables {
            let layout = &table.layout;
            together.extend(layout.splits.iter().map(|split| split.indicator));
            together.extend(layout.reasons.iter().map(|&(_, indicator)| indicator));
        }
        let mut later = Vec::new();
        for (question, decoder) in decoders.iter_mut().enumerate() {
            match counts_as(question) {
                Some(counts_as) if together.contains(&question) => {
                    later.push((question, counts_as));
                }
                counts_as => decoder.count_as(counts_as),
            }
        }
        let files = tables.into_iter().zip(texts);
        let files = files.map(|((_, name, table), (delimiter, beginning))| {
            File::new(name, table, (delimiter, beginning), framework)
        });
        let files: Vec<File<'_>> = files.collect();
        let long = files.first()?.table.layout.long.is_some();
        let form = if long {
            Form::Long(Box::new(Long::new(&decoders, names)))
        } else {
            Form::Wide
        };
        let simple = |file: &File<'_>| {
            let layout = &file.table.layout;
            let alone = layout.splits.is_empty() && layout.reasons.is_empty();
            layout.unit.is_some()
                && layout.period.is_some() == framework.period.is_some()
                && layout.status.is_none()
                && layout.long.is_some() == long
                && (!long || alone && file.table.export.rules.is_empty())
        };
        let sound = !findings.has_errors();
        (sound && files.iter().all(simple)).then_some(Self {
            framework,
            decoders,
            later,
            files,
            findings,
            form,
            scatter: Scatter::new(),
        })
    }

    /// What is worth knowing of the columns, and of records of each file that were left out.
    pub fn remarks(&self, skipped: &[BTreeMap<Skip, usize>]) -> Vec<Problem> {
        let mut findings = self.findings.clone();
        for (at, (file, skipped)) in self.files.iter().zip(skipped).enumerate() {
            for problem in left_out(skipped, &file.name) {
                findings.add(at, problem);
            }
        }
        findings.into_problems()
    }

    /// Each file's name, and what wrote it.
    pub fn exporters(&self) -> impl Iterator<Item = (&str, Exporter)> {
        let files = self.files.iter();
        files.map(|file| (&*file.name, file.table.export.exporter))
    }

    /// Reads the files, of each of which the rest is in `rests`. `work` is done with every piece, several at the same time;
    /// `take` is given what comes of it, in the order of the files.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, and those of `take`.
    pub fn read<T: Send>(
        &self,
        rests: &mut [&mut (dyn io::Read + Send)],
        (order, pace): (Order, Pace),
        work: &(dyn Fn(&mut Responses) -> T + Sync),
        take: &mut (dyn FnMut(T) -> io::Result<()> + Send),
    ) -> io::Result<Reading> {
        let mut met = Met::new(order, self.framework.period.is_some());
        let outcome = match &self.form {
            Form::Long(long) if order != Order::Ascending => {
                self.gather(long, rests, (order, longer(pace)), work, take)?
            }
            _ if order == Order::Ascending && self.seems_unordered() => Outcome::Unordered,
            _ => self.pass(rests, (order, pace), &mut met, work, take)?,
        };
        let files = met.files.into_iter();
        Ok(Reading {
            outcome,
            skipped: files.map(|file| file.skipped).collect(),
        })
    }

    /// Whether the files' beginnings show that rows do not stand in order, from file to file or within one.
    fn seems_unordered(&self) -> bool {
        let firsts: Vec<Option<OwnedKey>> = self.files.iter().map(File::first_key).collect();
        let in_order = firsts.windows(2).all(|pair| match pair {
            [Some(own), Some(next)] => Key::of(own).precedes(Key::of(next)),
            _ => true,
        });
        let long = matches!(self.form, Form::Long(_));
        !in_order || long && self.files.iter().any(|file| self.goes_by_question(file))
    }

    /// Reads the files one after the other; what becomes of every piece depends on none but those before it.
    fn pass<T: Send>(
        &self,
        rests: &mut [&mut (dyn io::Read + Send)],
        (order, pace): (Order, Pace),
        met: &mut Met,
        work: &(dyn Fn(&mut Responses) -> T + Sync),
        take: &mut (dyn FnMut(T) -> io::Result<()> + Send),
    ) -> io::Result<Outcome> {
        for (file, rest) in self.files.iter().zip(rests) {
            let mut source = file.beginning.chain(rest);
            let cut = |piece: &[u8]| match &self.form {
                Form::Wide => Some(piece.len()),
                Form::Long(_) => file.last_unit(piece),
            };
            let pace = match &self.form {
                Form::Wide => pace,
                Form::Long(_) => longer(pace),
            };
            let mut feed = Feed::new(&mut source, pace, file.delimiter, &cut);
            met.begin();
            let ended = crew(
                pace.pieces,
                &|| self.lane(),
                &mut |lane| feed.next(&mut lane.bytes),
                &|lane| self.piece(file, lane, order, work),
                &mut |done| met.settle(done, take),
            )?;
            match ended.unwrap_or_else(|| feed.end(met.any())) {
                Outcome::Done => {}
                outcome => return Ok(outcome),
            }
        }
        Ok(Outcome::Done)
    }

    fn lane(&self) -> Lane {
        Lane {
            bytes: Vec::new(),
            records: Records::default(),
            memories: vec![Memory::default(); self.decoders.len()],
            desk: Desk::new(self.framework, &self.scatter, self.decoders.len()),
        }
    }

    /// Reads the piece in `lane`, and works on it.
    fn piece<T>(
        &self,
        file: &File<'_>,
        lane: &mut Lane,
        order: Order,
        work: &(dyn Fn(&mut Responses) -> T + Sync),
    ) -> Done<T> {
        let part = file.part(&lane.bytes, &mut lane.records)?;
        let (mut responses, facts) = match &self.form {
            Form::Wide => {
                let read = self.wide(file, part, &mut lane.memories, order);
                read.ok_or(Outcome::Whole)?
            }
            Form::Long(long) => self.grouped(
                long,
                (file, part),
                &mut lane.memories,
                &mut lane.desk,
                order,
            )?,
        };
        let done = work(&mut responses);
        // Columns of a long file are not made by its memories.
        if matches!(self.form, Form::Wide) {
            for (memory, column) in lane.memories.iter_mut().zip(responses.answers) {
                memory.lend(column);
            }
        }
        Ok((done, facts))
    }

    /// Reads rows, if they are as they should be.
    fn wide(
        &self,
        file: &File<'_>,
        part: Part<'_>,
        memories: &mut [Memory],
        order: Order,
    ) -> Option<(Responses, Facts)> {
        let decoders = &self.decoders;
        let mut batch = Batch::read(&file.table, decoders, memories, (part, 0), &|_| false);
        let sound =
            batch.refused.is_empty() && batch.fates.iter().all(|(_, fate)| *fate == Fate::Row);
        if !sound {
            return None;
        }
        for (question, counts_as) in &self.later {
            if let Some(column) = &mut batch.answers[*question] {
                for row in 0..column.len() {
                    column.set(row, counts_as(column.get(row)));
                }
            }
        }
        let mut facts = Facts {
            point: batch.point.is_some(),
            comma: batch.comma.is_some(),
            skipped: std::mem::take(&mut batch.skipped),
            ..Facts::default()
        };
        let responses = self.responses((file, part), batch, order, &mut facts)?;
        Some((responses, facts))
    }

    /// A piece as responses of its own.
    fn responses(
        &self,
        (file, part): (&File<'_>, Part<'_>),
        batch: Batch,
        order: Order,
        facts: &mut Facts,
    ) -> Option<Responses> {
        let rows = batch.rows.len();
        let columns = self.framework.attributes.iter();
        let mut responses = Responses {
            units: Vec::with_capacity(rows),
            rows: Vec::with_capacity(rows),
            files: vec![Arc::clone(&file.name)],
            attributes: columns.map(attributes::column).collect(),
            answers: batch
                .answers
                .into_iter()
                .map(|column| column.unwrap_or_else(|| Column::unanswered(rows)))
                .collect(),
            ..Responses::default()
        };
        for column in &mut responses.attributes {
            attributes::extend(column, rows);
        }
        let mut before: Option<Key<'_>> = None;
        let mut period = 0;
        for (row, &at) in batch.rows.iter().enumerate() {
            let record = part.get(at);
            self.describe(file, record, row, &mut responses)?;
            let key = file.key(record)?;
            match order {
                Order::Ascending => {
                    facts.disorder |= before.is_some_and(|before| !before.precedes(key));
                }
                Order::Any | Order::Scattered => facts.keys.push(key.hashed()),
            }
            if before.is_none() {
                facts.first = key.owned();
            }
            let last = before.replace(key);
            // To compare empty texts would take longer than most others do: one of them stands nowhere.
            let same = |known: &str| {
                known.len() == key.period.len() && (known.is_empty() || known == key.period)
            };
            // Mostly it is that of the row before or the next one, the first again after the last.
            let periods = &mut responses.periods;
            let mut nearest = (period..periods.len()).chain(0..period);
            period = nearest.find(|&at| same(&periods[at])).unwrap_or_else(|| {
                periods.push(key.period.to_owned());
                periods.len() - 1
            });
            responses.rows.push(Row {
                unit: row,
                period,
                keys: Vec::new(),
                file: 0,
                line: record.line,
            });
            let (unit, country) = self.unit(key.unit, key.name);
            let again = last.is_some_and(|last| last.unit == key.unit);
            let new = country.filter(|_| !again);
            facts
                .countries
                .extend(new.map(|country| (country, hash(key.unit))));
            responses.units.push(unit);
        }
        facts.rows = rows;
        facts.last = before.map(Key::owned).unwrap_or_default();
        Some(responses)
    }

    /// A unit with what it is called, if that is stated, and the country that it is.
    fn unit(&self, id: &str, stated: &str) -> (Unit, Option<&'static str>) {
        let country = if self.framework.unit.iso3166 {
            country::find(id)
        } else {
            None
        };
        let id: Arc<str> = Arc::from(id);
        let name = match (stated, country) {
            ("", Some(country)) => Arc::from(country.name),
            ("", None) => Arc::clone(&id),
            (name, _) => Arc::from(name),
        };
        (Unit { id, name }, country.map(|country| country.alpha2))
    }

    /// The attributes of a row; none if one of them cannot be read.
    fn describe(
        &self,
        file: &File<'_>,
        record: Record<'_>,
        row: usize,
        responses: &mut Responses,
    ) -> Option<()> {
        for &(column, at) in &file.attributes {
            let attribute = &self.framework.attributes[at];
            let value = attributes::read(attribute, record.cell(column), file.table.manner());
            if let Some(value) = value.ok()? {
                attributes::fill(&mut responses.attributes[at], row, &value).ok()?;
            }
        }
        Some(())
    }
}

impl<'a> Begun<'a> {
    /// The lines of which all has been read; none if that is no text that is read in pieces.
    fn whole_lines(&self) -> Option<Input<'a>> {
        let bytes = self.beginning.bytes;
        let end = if self.ended {
            bytes.len()
        } else {
            bytes.iter().rposition(|&byte| byte == b'\n')? + 1
        };
        let lines = &bytes[..end];
        let text = memchr::memchr(0, lines).is_none() && !lines.starts_with(b"PK");
        text.then_some(Input {
            bytes: lines,
            ..self.beginning
        })
    }
}

impl<'a> File<'a> {
    fn new(
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
    fn part<'l>(&self, bytes: &'l [u8], records: &'l mut Records) -> Result<Part<'l>, Outcome> {
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
    fn key<'r>(&self, record: Record<'r>) -> Option<Key<'r>> {
        let layout = &self.table.layout;
        let text = |column: Option<usize>| match column {
            Some(column) => {
                let text = self.table.key_text(record.cell(column));
                is_key(text).then_some(text)
            }
            None => Some(""),
        };
        let name = self.called.map_or("", |column| record.cell(column).trim());
        Some(Key::new(text(layout.unit)?, text(layout.period)?, name))
    }

    /// Who the first record is about, and when; nothing if that cannot be read.
    fn first_key(&self) -> Option<OwnedKey> {
        let mut records = self.table.answers().ok()?;
        let first = records.next().ok()??;
        Some(self.key(first)?.owned())
    }
}

/// The delimiter of a table in plain UTF-8, and what has been read of its answers; none if it is something else, or too short
/// to tell.
fn text_of<'a>(table: &Table<'_>, file: &Begun<'a>) -> Option<(u8, &'a [u8])> {
    let Source::Text(decoded, dialect) = &table.source else {
        return None;
    };
    let borrowed = matches!(decoded.text, std::borrow::Cow::Borrowed(_));
    if !borrowed || decoded.remark.is_some() || decoded.encoding.name() != "UTF-8" {
        return None;
    }
    let bytes = file.beginning.bytes;
    let mark = file.whole_lines()?.bytes.len() - decoded.text.len();
    let mut records = table.answers().ok()?;
    let start = mark + records.at();
    for _ in 0..ENOUGH {
        if records.next().ok()?.is_none() {
            return file.ended.then_some((dialect.delimiter, &bytes[start..]));
        }
    }
    Some((dialect.delimiter, &bytes[start..]))
}

/// What one of several readers that work at the same time keeps from piece to piece.
struct Lane {
    bytes: Vec<u8>,
    records: Records,
    memories: Vec<Memory>,
    desk: Desk,
}

/// What came of a piece; how reading ends if it cannot be read.
type Done<T> = Result<(T, Facts), Outcome>;

/// Who a row is about, and when.
#[derive(Clone, Copy)]
struct Key<'r> {
    unit: &'r str,
    /// Whether that is visible ASCII, of which folding changes the case alone.
    plain: bool,
    period: &'r str,
    /// What the unit is called; empty where the row does not say so.
    name: &'r str,
}

/// What is remembered of a [`Key`]: what is not the same has another number. Where it has not, which is rare, the file is
/// looked at closely.
#[derive(Clone, Copy)]
struct Hashed {
    /// Who, however it is spelled.
    unit: u64,
    /// Who, and what it is called.
    spelled: u64,
    /// Who and when.
    row: u64,
}

fn hash(what: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// A [`Key`] that is kept.
type OwnedKey = [String; 3];

impl<'r> Key<'r> {
    fn new(unit: &'r str, period: &'r str, name: &'r str) -> Self {
        Self {
            unit,
            plain: unit
                .bytes()
                .fold(true, |plain, byte| plain & byte.is_ascii_graphic()),
            period,
            name,
        }
    }

    /// Whether this row may stand before `next` in a file that is in order: by the bytes of the units and by what counts
    /// of them, so that two that are nearly the same would stand side by side.
    fn precedes(self, next: Key<'_>) -> bool {
        if self.unit == next.unit {
            let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
            let numbers = number(self.period).zip(number(next.period));
            // A unit is called as its first row says.
            return self.name == next.name
                && self.period < next.period
                && numbers.is_none_or(|(own, next)| own < next);
        }
        self.unit < next.unit && self.precedes_folded(next)
    }

    /// Whether the unit stands before the other as [`fold`] makes them.
    fn precedes_folded(self, next: Key<'_>) -> bool {
        if !self.plain || !next.plain {
            return fold(self.unit) < fold(next.unit);
        }
        let (own, next) = (self.unit.bytes(), next.unit.bytes());
        let same = own.clone().zip(next.clone());
        let same = same.take_while(|(own, next)| own == next).count();
        let lower = |byte: u8| byte.to_ascii_lowercase();
        own.skip(same).map(lower).lt(next.skip(same).map(lower))
    }

    fn hashed(self) -> Hashed {
        let folded = fold(self.unit);
        Hashed {
            unit: hash(&folded),
            spelled: hash(&(self.unit, self.name)),
            row: hash(&(&folded, self.period)),
        }
    }

    fn of([unit, period, name]: &'r OwnedKey) -> Self {
        Self::new(unit, period, name)
    }

    fn owned(self) -> OwnedKey {
        [self.unit, self.period, self.name].map(str::to_owned)
    }
}

/// What must be known of a piece to know whether it fits behind those before it.
#[derive(Default)]
struct Facts {
    rows: usize,
    /// How many records were left out.
    skipped: BTreeMap<Skip, usize>,
    first: OwnedKey,
    last: OwnedKey,
    point: bool,
    comma: bool,
    /// Whether a row stands before one that should come first.
    disorder: bool,
    keys: Vec<Hashed>,
    /// Codes of the countries that are units, and under which name.
    countries: Vec<(&'static str, u64)>,
}

/// What has been met so far.
struct Met {
    order: Order,
    /// Whether a unit may have several rows.
    periods: bool,
    /// The last row, once there is one.
    last: Option<OwnedKey>,
    rows: HashSet<u64>,
    /// How each unit is spelled, where it may have several rows.
    units: HashMap<u64, u64>,
    countries: HashMap<&'static str, u64>,
    /// Of every file that is read or has been.
    files: Vec<MetInFile>,
}

/// What has been met in one file.
#[derive(Default)]
struct MetInFile {
    rows: bool,
    point: bool,
    comma: bool,
    skipped: BTreeMap<Skip, usize>,
}

impl Met {
    fn new(order: Order, periods: bool) -> Self {
        Self {
            order,
            periods,
            last: None,
            rows: HashSet::new(),
            units: HashMap::new(),
            countries: HashMap::new(),
            files: Vec::new(),
        }
    }

    /// Another file begins.
    fn begin(&mut self) {
        self.files.push(MetInFile::default());
    }

    /// Whether the last file has any rows.
    fn any(&self) -> bool {
        self.files.last().is_some_and(|file| file.rows)
    }

    /// Takes what was made of a piece; how reading ends, if it does not fit.
    fn settle<T>(
        &mut self,
        piece: Done<T>,
        take: &mut dyn FnMut(T) -> io::Result<()>,
    ) -> io::Result<Option<Outcome>> {
        let ended = match piece {
            Ok((done, facts)) => match self.admits(&facts) {
                Outcome::Done => {
                    take(done)?;
                    None
                }
                outcome => Some(outcome),
            },
            Err(outcome) => Some(outcome),
        };
        Ok(ended)
    }

    /// Whether a piece fits behind those before it.
    fn admits(&mut self, facts: &Facts) -> Outcome {
        if let Some(file) = self.files.last_mut() {
            for (skip, records) in &facts.skipped {
                *file.skipped.entry(*skip).or_insert(0) += records;
            }
            file.rows |= facts.rows > 0;
            file.point |= facts.point;
            file.comma |= facts.comma;
            if file.point && file.comma {
                return Outcome::Whole;
            }
        }
        if facts.rows == 0 {
            return Outcome::Done;
        }
        if self.order == Order::Ascending {
            let last = self.last.as_ref();
            let behind = last.is_none_or(|last| Key::of(last).precedes(Key::of(&facts.first)));
            if facts.disorder || !behind {
                return Outcome::Unordered;
            }
        }
        // One country under two codes is worth a warning.
        let known = |&(country, unit): &(&'static str, u64)| {
            *self.countries.entry(country).or_insert(unit) == unit
        };
        if !facts.countries.iter().all(known) || !facts.keys.iter().all(|key| self.is_new(*key)) {
            return Outcome::Whole;
        }
        self.last = Some(facts.last.clone());
        Outcome::Done
    }

    /// Whether a row is the only one of its unit and period, and says of the unit what others say.
    fn is_new(&mut self, key: Hashed) -> bool {
        match self.order {
            Order::Ascending => true,
            Order::Scattered if self.periods => {
                let spelled = *self.units.entry(key.unit).or_insert(key.spelled);
                spelled == key.spelled && self.rows.insert(key.row)
            }
            Order::Any | Order::Scattered => self.rows.insert(key.unit),
        }
    }
}

/// A file in pieces of whole records.
struct Feed<'r> {
    source: &'r mut (dyn io::Read + Send),
    /// What was read beyond the last piece.
    left: Vec<u8>,
    /// Whether nothing more is given out: how that came.
    ended: Option<Outcome>,
    pace: Pace,
    delimiter: u8,
    /// Where to cut some whole records behind which others follow; nowhere if they belong together with what follows.
    cut: &'r (dyn Fn(&[u8]) -> Option<usize> + Sync),
}

impl<'r> Feed<'r> {
    fn new(
        source: &'r mut (dyn io::Read + Send),
        pace: Pace,
        delimiter: u8,
        cut: &'r (dyn Fn(&[u8]) -> Option<usize> + Sync),
    ) -> Self {
        Self {
            source,
            left: Vec::new(),
            ended: None,
            pace,
            delimiter,
            cut,
        }
    }

    /// How reading ended when there is no piece left.
    fn end(&self, any: bool) -> Outcome {
        self.ended.filter(|_| any).unwrap_or(Outcome::Whole)
    }

    /// Puts the next piece into `piece`; `false` if there is none, at the end or because a record is broken.
    fn next(&mut self, piece: &mut Vec<u8>) -> io::Result<bool> {
        if self.ended.is_some() {
            return Ok(false);
        }
        let mut length = self.left.len();
        let mut size = self.pace.size.max(length + 1);
        // What it held is written over.
        piece.resize(size, 0);
        piece[..length].copy_from_slice(&self.left);
        loop {
            length += fill(self.source, &mut piece[length..])?;
            if length < size {
                piece.truncate(length);
                let open = quoted(piece, self.delimiter, |_, _| {}).is_some();
                self.ended = Some(if open { Outcome::Whole } else { Outcome::Done });
                return Ok(!open && !piece.is_empty());
            }
            let end = last_record_end(piece, self.delimiter);
            if let Some(end) = end.and_then(|end| (self.cut)(&piece[..end])) {
                self.left.clear();
                self.left.extend_from_slice(&piece[end..]);
                piece.truncate(end);
                return Ok(true);
            }
            if size > LONGEST_RECORD {
                self.ended = Some(Outcome::Whole);
                return Ok(false);
            }
            size *= 2;
            piece.resize(size, 0);
        }
    }
}

/// Reads until `room` is full or the source ends; how much that was.
fn fill(source: &mut dyn io::Read, room: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < room.len() {
        match source.read(&mut room[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
