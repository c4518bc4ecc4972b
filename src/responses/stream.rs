//! Large files read piece by piece, so that memory does not grow with them: whole records in, [`Responses`] of their own
//! out, any number of them at the same time.
//!
//! This is for sound files whose rows stand in order; whatever else a file may be is left to [`super::load`], which reads
//! it as a whole and finds the words. Both read a cell in the same way. Where a unit has finer rows, a piece holds all of each.

mod crew;
mod feed;
mod file;
mod long;
mod met;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{self, Read as _};
use std::sync::Arc;

use self::crew::crew;
use self::feed::{Cut, Feed};
use self::file::{File, text_of};
use self::long::{Desk, Long, longer};
use self::met::{Facts, Key, Met, OwnedKey, Signs, hash};
use super::agreement::Agreement;
use super::answers::{CountsAs, Decoder};
use super::attributes;
use super::batch::{Batch, Fate};
use super::country;
use super::export::{Exporter, Skip};
use super::findings::Findings;
use super::load::{
    Input, OnDuplicate, Options, left_out, open, perhaps_thousands, report_absent, report_missing,
    total_row,
};
use super::memory::Memory;
use super::records::{LONGEST_RECORD, Record, Records};
use super::rows::{Part, Rows};
use super::texts::Scatter;
use super::wrong::not_a_table;
use super::{Column, Responses, Row, Unit, in_order};
use crate::framework::Framework;
use crate::problem::Problem;

/// Most bytes of a file's beginning that are looked at to know its columns.
pub const BEGINNING: usize = 1 << 20;

/// Most bytes of a unit with finer rows: they are read at once.
const LARGEST_UNIT: usize = 64 << 20;

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

/// Whether what begins so may be read in pieces: a text that is no data of another kind.
pub fn may_be_in_pieces(beginning: &[u8]) -> bool {
    // UTF-16 has zero bytes, workbooks are archives.
    let text = memchr::memchr(0, beginning).is_none() && !beginning.starts_with(b"PK");
    text && not_a_table(beginning).is_none()
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
    agreement: Agreement,
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
    /// The files have been read to their end.
    Done,
    /// There is something in them that takes reading them as a whole.
    Whole,
    /// Their rows do not stand in [`Order::Ascending`]; they may be [`Order::Scattered`].
    Unordered,
}

/// What reading piece by piece came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How it ended.
    pub outcome: Outcome,
    /// What there is to say of each file.
    pub seen: Vec<Seen>,
}

/// What there is to say of a file once it has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// How many records were left out.
    pub skipped: BTreeMap<Skip, usize>,
    /// The first number with a decimal sign, if all such signs may be signs between thousands.
    pub thousands: Option<String>,
    /// Who the last row is about, if it is called as if it summed up the others.
    pub total: Option<String>,
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
        let plain = options.units.is_none() && options.on_duplicate == OnDuplicate::Error;
        // Where units have finer rows, all of each have to stand in one file.
        if !plain || !framework.rows.is_empty() && begun.len() > 1 {
            return None;
        }
        let mut rows = Rows::new(framework, options.mapping.as_ref());
        let mut tables = Vec::new();
        let mut texts = Vec::new();
        for (at, file) in begun.iter().enumerate() {
            let input = file.whole_lines()?;
            let name: Arc<str> = Arc::from(input.name);
            rows.files.push((0, Arc::clone(&name)));
            let (table, readable) = open(&mut rows, at, &input, &name, options)?;
            if !readable {
                return None;
            }
            texts.push(text_of(&table, &input, file)?);
            tables.push((at, name, table));
        }
        report_missing(&tables, &mut rows);
        report_absent(&tables.iter().collect::<Vec<_>>(), &mut rows, options);
        let (names, mut decoders, findings) = rows.into_header();
        let mut together = BTreeSet::new();
        for (_, _, table) in &tables {
            let layout = &table.layout;
            together.extend(layout.splits.iter().map(|split| split.indicator));
            together.extend(layout.reasons.iter().map(|&(_, indicator)| indicator));
            together.extend(layout.others.iter().map(|&(_, indicator, _)| indicator));
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
        if long && !framework.rows.is_empty() {
            return None;
        }
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
                && layout.keys.iter().all(Option::is_some)
                && layout.status.is_none()
                && layout.multiplier.is_none()
                && layout.dimensions.is_empty()
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
            agreement: Agreement::of(framework),
        })
    }

    /// What is worth knowing of the columns, and of records of each file that were left out.
    pub fn remarks(&self, seen: &[Seen]) -> Vec<Problem> {
        let mut findings = self.findings.clone();
        for (at, (file, seen)) in self.files.iter().zip(seen).enumerate() {
            for problem in left_out(&seen.skipped, &file.name) {
                findings.add(at, problem);
            }
            if let Some(first) = &seen.thousands {
                findings.add(at, perhaps_thousands(first, &file.name));
            }
            let wide = matches!(self.form, Form::Wide);
            if let Some(unit) = seen.total.as_deref().filter(|_| wide) {
                findings.add(at, total_row(unit, &file.name));
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
        let several = self.framework.period.is_some() && !self.has_finer_rows();
        let mut met = Met::new(order, several);
        let outcome = match &self.form {
            Form::Long(long) if order != Order::Ascending => {
                met = Met::new(Order::Any, false);
                self.gather(long, rests, (order, pace, &mut met), work, take)?
            }
            _ if order == Order::Ascending && self.seems_unordered() => Outcome::Unordered,
            _ => self.pass(rests, (order, pace), &mut met, work, take)?,
        };
        let seen = met.seen();
        Ok(Reading { outcome, seen })
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
            // The records of a long file's unit belong together, and so do finer rows.
            let alone = matches!(self.form, Form::Wide) && !self.has_finer_rows();
            let end = |piece: &[u8]| {
                if alone {
                    Some(piece.len())
                } else {
                    file.last_unit(piece)
                }
            };
            let pace = if alone { pace } else { longer(pace) };
            let most = if self.has_finer_rows() {
                LARGEST_UNIT
            } else {
                LONGEST_RECORD
            };
            let cut = Cut { end: &end, most };
            let mut feed = Feed::new(&mut source, pace, file.delimiter, cut);
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
        let mut batch = Batch::read(&file.table, decoders, memories, (part, 0), &|_| None);
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
            signs: Signs {
                point: batch.point.is_some(),
                comma: batch.comma.is_some(),
                thousands: std::mem::take(&mut batch.thousands).map(|(row, column)| {
                    let record = part.get(batch.rows[row]);
                    record.cell(column).trim().to_owned()
                }),
            },
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
        let mut finer = Finer::default();
        for (row, &at) in batch.rows.iter().enumerate() {
            let record = part.get(at);
            self.describe(file, record, (row, &mut responses), &mut facts.signs)?;
            let key = file.key(record)?;
            let last = before.replace(key);
            let again = last.is_some_and(|last| last.unit == key.unit);
            let another = again && self.has_finer_rows();
            match order {
                Order::Ascending if another => {
                    facts.disorder |= last.is_some_and(|last| !last.is_followed_by(key));
                }
                Order::Ascending => {
                    facts.disorder |= last.is_some_and(|last| !last.precedes(key));
                }
                Order::Any | Order::Scattered if another => {}
                Order::Any | Order::Scattered => facts.keys.push(key.hashed()),
            }
            if last.is_none() {
                facts.first = key.owned();
            }
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
            if another {
                if !finer.name(&mut responses.units, key.name) {
                    return None;
                }
            } else {
                let (unit, country) = self.unit(key.unit, key.name);
                let new = country.filter(|_| !again);
                facts
                    .countries
                    .extend(new.map(|country| (country, hash(key.unit))));
                responses.units.push(unit);
                finer.begin(key.name);
            }
            let keys = file.finer_keys(record)?;
            if self.has_finer_rows() && !finer.rows.insert((period, keys.clone())) {
                return None;
            }
            responses.rows.push(Row {
                unit: responses.units.len() - 1,
                period,
                keys,
                file: 0,
                line: record.line,
            });
        }
        if self.has_finer_rows() {
            let Responses {
                rows, attributes, ..
            } = &responses;
            if !self.agreement.holds(rows, attributes) || !sort_periods(&mut responses) {
                return None;
            }
        }
        facts.rows = rows;
        facts.periods.clone_from(&responses.periods);
        facts.last = before.map(Key::owned).unwrap_or_default();
        Some(responses)
    }

    /// Whether a unit has several rows, which are combined.
    fn has_finer_rows(&self) -> bool {
        !self.framework.rows.is_empty()
    }

    /// A unit with what it is called, if that is stated, and the country that it is.
    fn unit(&self, id: &str, stated: &str) -> (Unit, Option<&'static str>) {
        let iso3166 = self.framework.unit.iso3166;
        let coded = iso3166.then(|| country::find(id)).flatten();
        let named = || iso3166.then(|| country::named(id)).flatten();
        let country = coded.or_else(named);
        let id: Arc<str> = Arc::from(id);
        let name = match (stated, coded) {
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
        (row, responses): (usize, &mut Responses),
        signs: &mut Signs,
    ) -> Option<()> {
        for &(column, at) in &file.attributes {
            let attribute = &self.framework.attributes[at];
            let cell = record.cell(column);
            let value = attributes::read(attribute, cell, file.table.manner());
            if let Some((value, decimal)) = value.ok()? {
                if let Some(decimal) = decimal {
                    signs.see(decimal, true, cell);
                }
                attributes::fill(&mut responses.attributes[at], row, &value).ok()?;
            }
        }
        Some(())
    }
}

/// The rows of one unit.
#[derive(Default)]
struct Finer {
    /// By period and keys.
    rows: HashSet<(usize, Vec<Arc<str>>)>,
    /// What one of them has said that the unit is called.
    name: String,
}

impl Finer {
    /// Another unit begins, which its first row calls so, if it does.
    fn begin(&mut self, name: &str) {
        self.rows.clear();
        name.clone_into(&mut self.name);
    }

    /// A further row of the last unit calls it so; whether no other one calls it otherwise, which is worth a warning.
    fn name(&mut self, units: &mut [Unit], name: &str) -> bool {
        if name.is_empty() {
            return true;
        }
        if let Some(unit) = units.last_mut()
            && self.name.is_empty()
        {
            unit.name = Arc::from(name);
            name.clone_into(&mut self.name);
        }
        self.name == name
    }
}

/// Puts periods in order; `false` if that may not be their order among those of all rows.
fn sort_periods(responses: &mut Responses) -> bool {
    let order = in_order(&responses.periods);
    let mut place = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        place[old] = new;
    }
    for row in &mut responses.rows {
        row.period = place[row.period];
    }
    let periods = order.iter().map(|&old| responses.periods[old].clone());
    responses.periods = periods.collect();
    responses.periods.is_sorted()
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
