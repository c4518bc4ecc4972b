//! Rows that were written as they came, before their order or their ranks were known: put in their place, with their rank at
//! the end.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use dgpf::framework::NodeIx;
use dgpf::report::csv;
use dgpf::responses;
use dgpf::scoring::Plan;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::pieces::PIECE;
use super::replace::{Replacement, ask_disk};

/// Bytes of rows that are given ranks at once.
const AT_ONCE: usize = 4 * PIECE;

/// Most rows that are copied at once.
const MOST_ROWS: usize = 256;

/// A unit's scores of a period in the text of a piece: one line in the wide form, a line a node in the tidy one.
pub(crate) struct Row {
    /// Where it ends in the text.
    pub(crate) end: usize,
    /// Whose it is.
    pub(crate) unit: Arc<str>,
    /// Position among the piece's periods.
    pub(crate) period: usize,
}

/// The rows of a piece.
#[derive(Default)]
pub(crate) struct Placed {
    pub(crate) rows: Vec<Row>,
    /// The scores of every line of a row that is ranked, row by row; no number where there is no rank.
    pub(crate) scores: Vec<Vec<f64>>,
    pub(crate) periods: Vec<String>,
}

/// What has to be done with rows when all are written.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    /// Put them in the order of units and periods.
    pub(crate) order: bool,
    /// Add ranks of these nodes' scores: one to each line of a row, at whose end an empty cell stands.
    pub(crate) rank: &'a [NodeIx],
}

impl Task<'_> {
    /// Whether there is anything to do.
    pub(crate) fn is_any(self) -> bool {
        self.order || !self.rank.is_empty()
    }
}

/// Where rows have been written.
pub(crate) struct Places<'a> {
    task: Task<'a>,
    lengths: Vec<u32>,
    /// Of every line that is ranked.
    scores: Vec<Vec<f64>>,
    /// The units' ids, one behind the other, and where each ends; only where rows have to be put in order.
    units: String,
    ends: Vec<usize>,
    /// The numbers of their periods.
    when: Vec<u32>,
    periods: BTreeMap<String, u32>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(task: Task<'a>) -> Self {
        Self {
            task,
            lengths: Vec::new(),
            scores: vec![Vec::new(); task.rank.len()],
            units: String::new(),
            ends: Vec::new(),
            when: Vec::new(),
            periods: BTreeMap::new(),
        }
    }

    /// Adds the rows of a piece that have been written.
    pub(crate) fn add(&mut self, piece: &Placed) {
        let periods = piece.periods.iter().map(|period| self.period(period));
        let periods: Vec<u32> = periods.collect();
        let mut before = 0;
        for row in &piece.rows {
            self.lengths
                .push(u32::try_from(row.end - before).expect("a row is far shorter"));
            before = row.end;
            if self.task.order {
                self.units.push_str(&row.unit);
                self.ends.push(self.units.len());
            }
            self.when.push(periods[row.period]);
        }
        for (all, more) in self.scores.iter_mut().zip(&piece.scores) {
            all.extend_from_slice(more);
        }
    }

    fn period(&mut self, period: &str) -> u32 {
        if let Some(&known) = self.periods.get(period) {
            return known;
        }
        let new = u32::try_from(self.periods.len()).expect("there are no more periods than rows");
        self.periods.insert(period.to_owned(), new);
        new
    }

    /// Whether any row was of this period, written or not.
    pub(crate) fn know(&self, period: &str) -> bool {
        self.periods.contains_key(period)
    }

    fn unit(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.units[start..self.ends[row]]
    }

    /// The rows as they are to stand.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.lengths.len()).collect();
        let mut periods = vec![""; self.periods.len()];
        for (period, number) in &self.periods {
            periods[*number as usize] = period;
        }
        let mut place = vec![0; periods.len()];
        for (at, period) in responses::in_order(&periods).into_iter().enumerate() {
            place[period] = at;
        }
        let when = |row: usize| place[self.when[row] as usize];
        // No unit has two rows of one period.
        order.sort_unstable_by(|&a, &b| match self.unit(a).cmp(self.unit(b)) {
            Ordering::Equal => when(a).cmp(&when(b)),
            different => different,
        });
        order
    }

    /// The ranks of the rows among those of their period. They take the place of the scores.
    fn ranks(&mut self, plan: &Plan<'_>) -> Ranks {
        let mut ranks = Ranks(std::mem::take(&mut self.scores));
        if !ranks.0.is_empty() {
            let mut fields = vec![Vec::new(); self.periods.len()];
            for (row, period) in self.when.iter().enumerate() {
                fields[*period as usize].push(row);
            }
            let nodes = self.task.rank.par_iter();
            nodes.zip(&mut ranks.0).for_each(|(&node, column)| {
                *column = plan.rank_column(node, column, &fields);
            });
        }
        ranks
    }

    /// Does with what was written below a header of so many bytes what is left to do.
    pub(crate) fn arrange(
        mut self,
        mut written: Replacement,
        header: usize,
        plan: &Plan<'_>,
        output: Option<&Path>,
    ) -> io::Result<Replacement> {
        if !self.task.is_any() {
            return Ok(written);
        }
        let ranks = self.ranks(plan);
        if !self.task.order {
            self.add_ranks(written.file_mut()?, header, &ranks)?;
            return Ok(written);
        }
        let mut arranged = Replacement::of(output)?
            .ok_or_else(|| io::Error::other("it cannot be written any more"))?;
        arranged.settle();
        let source = written.reopened()?;
        self.copy(source, &mut arranged, header, &ranks)?;
        Ok(arranged)
    }

    /// Adds ranks to the rows where they stand, in both halves of them at the same time.
    fn add_ranks(&self, file: &mut File, header: usize, ranks: &Ranks) -> io::Result<()> {
        let all = self.lengths.len();
        let middle = self.middle();
        let (before, behind) =
            rayon::join(|| ranks.length(0..middle), || ranks.length(middle..all));
        let start = header as u64;
        let upper = self.stretch(0..middle, (start, start), before);
        let ends = (upper.old_end, upper.new_end);
        let mut lower = self.stretch(middle..all, ends, behind);
        // The upper half ends where the lower one began: this is read before it is written over.
        let covered = before.min(lower.old_end - lower.old);
        lower.kept = vec![0; usize::try_from(covered).map_err(io::Error::other)?];
        file.seek(SeekFrom::Start(lower.old))?;
        file.read_exact(&mut lower.kept)?;
        let file = Mutex::new(file);
        let (upper, lower) = rayon::join(
            || self.rank_stretch(&file, upper, ranks),
            || self.rank_stretch(&file, lower, ranks),
        );
        upper.and(lower)
    }

    /// Rows that were written from `old` on and have to stand from `new` on, with ranks of so many bytes.
    fn stretch(&self, rows: Range<usize>, (old, new): (u64, u64), ranks: u64) -> Stretch {
        let lengths = self.lengths[rows.clone()].iter();
        let size: u64 = lengths.map(|&length| u64::from(length)).sum();
        Stretch {
            rows,
            old,
            old_end: old + size,
            new_end: new + size + ranks,
            kept: Vec::new(),
        }
    }

    /// Where the rows are parted that are given ranks at the same time: nowhere if there is nobody to do it, or not much to do.
    fn middle(&self) -> usize {
        let few = self
            .lengths
            .iter()
            .map(|&length| length as usize)
            .sum::<usize>()
            < 4 * AT_ONCE;
        if few || rayon::current_num_threads() == 1 {
            0
        } else {
            self.lengths.len() / 2
        }
    }

    /// Adds ranks to rows. With them everything ends further behind, so that it goes from the last row to the first: nothing is
    /// written over that has not been read.
    fn rank_stretch(
        &self,
        file: &Mutex<&mut File>,
        mut stretch: Stretch,
        ranks: &Ranks,
    ) -> io::Result<()> {
        let (mut piece, mut text) = (Vec::new(), Vec::new());
        let mut first = stretch.rows.end;
        while first > stretch.rows.start {
            let behind = first;
            let mut size = 0;
            while first > stretch.rows.start && size < AT_ONCE {
                first -= 1;
                size += self.lengths[first] as usize;
            }
            stretch.old_end -= size as u64;
            piece.resize(size, 0);
            stretch.read(file, &mut piece)?;
            text.clear();
            self.push_ranked(first..behind, &piece, ranks, &mut text);
            stretch.new_end -= text.len() as u64;
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(stretch.new_end))?;
            file.write_all(&text)?;
            ask_disk(&file, stretch.new_end, text.len() as u64);
        }
        Ok(())
    }

    /// Copies the rows in the order in which they are to stand.
    fn copy(
        &self,
        mut source: File,
        arranged: &mut Replacement,
        header: usize,
        ranks: &Ranks,
    ) -> io::Result<()> {
        let mut starts = Vec::with_capacity(self.lengths.len());
        let mut next = header as u64;
        for &length in &self.lengths {
            starts.push(next);
            next += u64::from(length);
        }
        let mut out = BufWriter::with_capacity(PIECE, arranged);
        let (mut piece, mut text) = (vec![0; header], Vec::new());
        source.read_exact(&mut piece)?;
        out.write_all(&piece)?;
        let order = self.order();
        // Rows that stood side by side are read at once.
        let runs = order.chunk_by(|row, next| row + 1 == *next);
        for run in runs.flat_map(|run| run.chunks(MOST_ROWS)) {
            let lengths = run.iter().map(|&row| self.lengths[row] as usize);
            piece.resize(lengths.sum(), 0);
            source.seek(SeekFrom::Start(starts[run[0]]))?;
            source.read_exact(&mut piece)?;
            text.clear();
            self.push_ranked(run.iter().copied(), &piece, ranks, &mut text);
            out.write_all(&text)?;
        }
        out.flush()
    }

    /// Adds rows that were read one behind the other to a text, with their ranks.
    fn push_ranked(
        &self,
        rows: impl Iterator<Item = usize>,
        mut read: &[u8],
        ranks: &Ranks,
        text: &mut Vec<u8>,
    ) {
        for row in rows {
            let (own, others) = read.split_at(self.lengths[row] as usize);
            ranks.push_row(row, own, text);
            read = others;
        }
    }
}

/// Rows that stand one behind the other, which are given ranks.
struct Stretch {
    rows: Range<usize>,
    /// Where they begin and where what is left of them ends, as they were written.
    old: u64,
    old_end: u64,
    /// Where that ends with its ranks.
    new_end: u64,
    /// Their first bytes, where somebody else writes by now.
    kept: Vec<u8>,
}

impl Stretch {
    /// Reads the last of what is left, as it was written.
    fn read(&self, file: &Mutex<&mut File>, piece: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(self.old_end - self.old).map_err(io::Error::other)?;
        let kept = self.kept.get(start..).unwrap_or_default();
        let (from_memory, from_file) = piece.split_at_mut(kept.len().min(piece.len()));
        from_memory.copy_from_slice(&kept[..from_memory.len()]);
        if from_file.is_empty() {
            return Ok(());
        }
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        let offset = self.old_end + from_memory.len() as u64;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(from_file)
    }
}

/// Of every line of a row that is ranked: the rows' ranks, no number where there is none.
struct Ranks(Vec<Vec<f64>>);

impl Ranks {
    /// Bytes that they add to these rows.
    fn length(&self, rows: Range<usize>) -> u64 {
        let mut number = Vec::new();
        let mut length = 0;
        let ranks = self.0.iter().flat_map(|ranks| &ranks[rows.clone()]);
        for rank in ranks.filter(|rank| !rank.is_nan()) {
            number.clear();
            csv::push_number(&mut number, *rank);
            length += number.len() as u64;
        }
        length
    }

    /// Adds a row to a text, with ranks in the cells at the ends of its lines, which are empty.
    fn push_row(&self, row: usize, mut rest: &[u8], text: &mut Vec<u8>) {
        for ranks in &self.0 {
            let (line, others) = rest.split_at(end_of_line(rest));
            let (end, cells) = line.split_last().unwrap_or((&b'\n', &[]));
            text.extend_from_slice(cells);
            if !ranks[row].is_nan() {
                csv::push_number(text, ranks[row]);
            }
            text.push(*end);
            rest = others;
        }
        text.extend_from_slice(rest);
    }
}

/// Where the first line of a row ends, behind its line break: one between quotes belongs to a text.
fn end_of_line(row: &[u8]) -> usize {
    let mut quoted = false;
    let end = memchr::memchr2_iter(b'"', b'\n', row).find(|&at| {
        quoted ^= row[at] == b'"';
        !quoted && row[at] == b'\n'
    });
    end.map_or(row.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of such a text, one behind the other, and with their ranks.
    fn ranked(cells: &str, rows: usize) -> (String, String) {
        const HEADER: &str = "unit,rank\n";
        let mut places = Places::new(Task {
            order: false,
            rank: &[],
        });
        let (mut text, mut expected) = (HEADER.to_owned(), HEADER.to_owned());
        let mut ranks = Vec::new();
        for row in 0..rows {
            let rank = if row % 7 == 0 { f64::NAN } else { row as f64 };
            let length = cells.len() + 2;
            places
                .lengths
                .push(u32::try_from(length).expect("it is short"));
            text.extend([cells, ",\n"]);
            expected.extend([cells, ","]);
            if !rank.is_nan() {
                expected.push_str(&rank.to_string());
            }
            expected.push('\n');
            ranks.push(rank);
        }
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(text.as_bytes()).expect("there is room");
        places
            .add_ranks(&mut file, HEADER.len(), &Ranks(vec![ranks]))
            .expect("it can be read and written");
        let mut found = String::new();
        file.rewind().expect("a file has a beginning");
        file.read_to_string(&mut found).expect("it is a text");
        (found, expected)
    }

    #[test]
    fn ranks_find_their_rows_however_short_these_are() {
        // Of the shortest, the first half ends where the second one ended, or further.
        for (cells, rows) in [("", 1_100_000), ("U000001,0.123456", 150_000), ("U1", 9)] {
            let (found, expected) = ranked(cells, rows);
            assert!(found == expected, "{cells}: {rows}");
        }
    }
}
