//! Records of one answer in any order: gathered in a table by unit, from which units are taken in order.

use std::io::{self, Read as _};
use std::sync::Mutex;

use rayon::slice::ParallelSliceMut;

use super::{Desk, Long, Note, Periods, Place, longer, number};
use crate::responses::Responses;
use crate::responses::gathered::Gathered;
use crate::responses::records::LONGEST_RECORD;
use crate::responses::rows::Part;
use crate::responses::stream::crew::{crew, into_inner, lock};
use crate::responses::stream::feed::{Cut, Feed};
use crate::responses::stream::file::File;
use crate::responses::stream::met::{Facts, Met, Signs};
use crate::responses::stream::{Done, Lane, Order, Outcome, Pace, Stream};
use crate::responses::texts::Texts;

/// Parts of the table of all answers, by unit: as many can be written to at the same time.
const SHARDS: usize = 64;

/// Rows of the table that are scored together.
const TOGETHER: usize = 256;

impl Stream<'_> {
    /// Reads files of one answer a record, in any order: everything is kept, in as few bytes as it takes, before the first
    /// unit is given to `work`. Units come in order, or as they were met if that is asked for.
    pub(in crate::responses::stream) fn gather<T: Send>(
        &self,
        long: &Long,
        rests: &mut [&mut (dyn io::Read + Send)],
        (order, pace, met): (Order, Pace, &mut Met),
        work: &(dyn Fn(&mut Responses) -> T + Sync),
        take: &mut (dyn FnMut(T) -> io::Result<()> + Send),
    ) -> io::Result<Outcome> {
        let periods = Mutex::new(Texts::new(&self.scatter));
        let shard = || Mutex::new(Gathered::new(self.framework, &self.scatter));
        let shards: Vec<Mutex<Gathered>> = std::iter::repeat_with(shard).take(SHARDS).collect();
        let mut read = 0;
        for (file, rest) in self.files.iter().zip(rests) {
            let cut = Cut {
                end: &|piece| Some(piece.len()),
                most: LONGEST_RECORD,
            };
            let mut source = file.beginning.chain(rest);
            let mut feed = Feed::new(&mut source, longer(pace), file.delimiter, cut);
            met.begin();
            let ended = crew(
                pace.pieces,
                &|| self.lane(),
                &mut |lane| {
                    let more = feed.next(&mut lane.bytes)?;
                    lane.desk.at = read;
                    read += lane.bytes.len() as u64;
                    Ok(more)
                },
                &|lane| self.note((long, file), lane, (&shards, &periods)),
                &mut |done| met.settle(done, &mut |()| Ok(())),
            )?;
            match ended.unwrap_or_else(|| feed.end(met.any())) {
                Outcome::Done => {}
                ended => return Ok(ended),
            }
        }
        let shards: Vec<Gathered> = shards.into_iter().map(into_inner).collect();
        let periods = Periods::of(&into_inner(periods));
        let rows = ordered(&shards, order);
        let same = |a: &Place, b: &Place| a.unit_in(&shards) == b.unit_in(&shards);
        let mut units = rows.chunk_by(same);
        let ended = crew(
            pace.pieces,
            &Vec::new,
            &mut |rows: &mut Vec<Place>| {
                rows.clear();
                for unit in units.by_ref() {
                    rows.extend(unit);
                    if rows.len() >= TOGETHER {
                        break;
                    }
                }
                Ok(!rows.is_empty())
            },
            &|rows| {
                let mut facts = Facts::default();
                let rows = (&shards[..], &rows[..]);
                let read = self.responses_of(long, rows, &periods, Order::Any, &mut facts);
                let mut responses = read.ok_or(Outcome::Whole)?;
                Ok((work(&mut responses), facts))
            },
            &mut |done| met.settle(done, take),
        )?;
        Ok(ended.unwrap_or(Outcome::Done))
    }

    /// Puts what the piece in `lane` says where it is gathered.
    fn note(
        &self,
        (long, file): (&Long, &File<'_>),
        lane: &mut Lane,
        (shards, known): (&[Mutex<Gathered>], &Mutex<Texts>),
    ) -> Done<()> {
        let part = file.part(&lane.bytes, &mut lane.records)?;
        let desk = &mut lane.desk;
        desk.notes.resize_with(SHARDS, Vec::new);
        desk.notes.iter_mut().for_each(Vec::clear);
        desk.periods.clear();
        let has_periods = file.table.layout.period.is_some();
        let reader = self.reader(long, (file, part), &mut lane.memories, &mut desk.heard);
        let mut reader = reader.ok_or(Outcome::Whole)?;
        let mut rows = 0;
        for at in 0..part.records.len() {
            let said = reader.read(at)?;
            if has_periods {
                let period = said.as_ref().map_or(0, |said| said.period);
                desk.periods.push(period);
            }
            let Some(said) = said else { continue };
            rows += 1;
            desk.notes[shard_of(self.scatter.place(said.key))].push(Note {
                unit: said.key,
                answer: said.answer,
                indicator: number(said.indicator),
                record: number(at),
            });
        }
        desk.know_periods(&mut lock(known));
        let mut signs = std::mem::take(&mut desk.heard.signs);
        // Not all readers begin with the same part of the table.
        for at in 0..SHARDS {
            let at = (at + usize::try_from(desk.at >> 16).unwrap_or(0)) % SHARDS;
            let notes = &desk.notes[at];
            let mut shard = lock(&shards[at]);
            self.take_notes(long, &mut shard, notes, (file, part), (desk, &mut signs))?;
        }
        let facts = Facts {
            rows,
            signs,
            ..Facts::default()
        };
        Ok(((), facts))
    }

    /// Puts what was noted for one part of the table there.
    fn take_notes(
        &self,
        long: &Long,
        shard: &mut Gathered,
        notes: &[Note],
        (file, part): (&File<'_>, Part<'_>),
        (desk, signs): (&Desk, &mut Signs),
    ) -> Result<(), Outcome> {
        let unit = file.table.layout.unit.unwrap_or(0);
        let described = !file.attributes.is_empty();
        let text = |at: usize| match notes[at] {
            Note {
                unit: key, record, ..
            } if key.is_hash() => file.table.key_text(part.get(record as usize).cell(unit)),
            _ => "",
        };
        let when = |at: usize| {
            let record = notes[at].record;
            let period = desk.periods.get(record as usize);
            let period = period.map_or(0, |&period| desk.known[period as usize]);
            (period, desk.at + u64::from(record))
        };
        // First all rows, then all answers: every look goes far, and none has to wait for another.
        let keys = notes.iter().map(|note| note.unit);
        let mut rows = Vec::new();
        shard.rows(&long.shape, keys, (text, when), &mut rows);
        let places = notes.iter().zip(&rows);
        let places = places.map(|(note, &row)| (row as usize, note.indicator as usize));
        shard.touch(&long.shape, places);
        for (note, &row) in notes.iter().zip(&rows) {
            let row = row as usize;
            let record = note.record as usize;
            if !shard.put(&long.shape, row, note.indicator as usize, note.answer) {
                return Err(Outcome::Whole);
            }
            if described {
                self.describe_row(file, shard, row, (part.get(record), None), signs)?;
            }
        }
        Ok(())
    }
}

impl Desk {
    /// Numbers periods as the table does.
    fn know_periods(&mut self, periods: &mut Texts) {
        for at in self.known.len()..self.heard.periods.len() {
            let text = self.heard.periods.get(at).to_string();
            self.known.push(number(periods.add(&text)));
        }
    }
}

/// Which part of a table keeps what is scattered to `place`, by bits that a part itself makes no use of.
fn shard_of(place: u64) -> usize {
    usize::try_from(place >> 58).unwrap_or(0) % SHARDS
}

/// All rows, those of a unit side by side as they were met; units in the order that is asked for.
fn ordered(shards: &[Gathered], order: Order) -> Vec<Place> {
    let places = shards.iter().enumerate();
    let places =
        places.flat_map(|(at, shard)| (0..shard.len()).map(move |row| Place::new(at, row)));
    let mut rows: Vec<Place> = places.collect();
    rows.par_sort_unstable_by(|a, b| {
        let ((own, a), (other, b)) = (a.of(shards), b.of(shards));
        let units = own.unit(a).compare(other.unit(b));
        units.then_with(|| own.first(a).cmp(&other.first(b)))
    });
    if order == Order::Any {
        let same = |a: &Place, b: &Place| a.unit_in(shards) == b.unit_in(shards);
        let mut units: Vec<&[Place]> = rows.chunk_by(same).collect();
        units.sort_by_key(|unit| {
            let (shard, row) = unit[0].of(shards);
            shard.first(row)
        });
        rows = units.concat();
    }
    rows
}
