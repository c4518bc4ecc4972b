//! Rows that were written as they came, before their order or their ranks were known: put in their place, with their rank at
//! the end.

use std::cmp::Ordering;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

use dgpf::report::csv;
use dgpf::responses;
use dgpf::scoring::Plan;

use super::pieces::PIECE;
use super::replace::Replacement;

/// Bytes of rows that are given ranks at once.
const AT_ONCE: usize = 4 * PIECE;

/// What is read around a row that stands somewhere in the file.
const AROUND: usize = 8 << 10;

/// A row of a piece.
pub(crate) struct Row {
    /// Where it ends in the piece's text.
    pub(crate) end: usize,
    /// Its index's score; no number if it is not ranked.
    pub(crate) score: f64,
    /// Whose it is.
    pub(crate) unit: Arc<str>,
    /// Position among the piece's periods.
    pub(crate) period: usize,
}

/// What has to be done with rows when all are written.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    /// Put them in the order of units and periods.
    pub(crate) order: bool,
    /// Add ranks.
    pub(crate) rank: bool,
}

impl Task {
    /// Whether there is anything to do.
    pub(crate) fn is_any(self) -> bool {
        self.order || self.rank
    }
}

/// Where rows have been written.
pub(crate) struct Places {
    task: Task,
    lengths: Vec<u32>,
    scores: Vec<f64>,
    /// The units' ids, one behind the other, and where each ends.
    units: String,
    ends: Vec<usize>,
    /// Positions in `periods`.
    when: Vec<u32>,
    periods: Vec<String>,
}

impl Places {
    pub(crate) fn new(task: Task) -> Self {
        Self {
            task,
            lengths: Vec::new(),
            scores: Vec::new(),
            units: String::new(),
            ends: Vec::new(),
            when: Vec::new(),
            periods: Vec::new(),
        }
    }

    /// Adds the rows of a piece that have been written.
    pub(crate) fn add(&mut self, rows: &[Row], periods: &[String]) {
        let mut before = 0;
        for row in rows {
            self.lengths
                .push(u32::try_from(row.end - before).expect("a row is far shorter"));
            before = row.end;
            if self.task.rank {
                self.scores.push(row.score);
            }
            if self.task.order {
                self.units.push_str(&row.unit);
                self.ends.push(self.units.len());
                let when = self.period(&periods[row.period]);
                self.when.push(when);
            }
        }
    }

    fn period(&mut self, period: &str) -> u32 {
        let found = self.periods.iter().position(|known| known == period);
        let found = found.unwrap_or_else(|| {
            self.periods.push(period.to_owned());
            self.periods.len() - 1
        });
        u32::try_from(found).expect("there are no more periods than rows")
    }

    fn unit(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.units[start..self.ends[row]]
    }

    /// The rows as they are to stand.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.lengths.len()).collect();
        if self.task.order {
            let mut place = vec![0; self.periods.len()];
            for (at, period) in responses::in_order(&self.periods).into_iter().enumerate() {
                place[period] = at;
            }
            let when = |row: usize| place[self.when[row] as usize];
            // No unit has two rows of one period.
            order.sort_unstable_by(|&a, &b| match self.unit(a).cmp(self.unit(b)) {
                Ordering::Equal => when(a).cmp(&when(b)),
                different => different,
            });
        }
        order
    }

    /// Does with what was written below a header of so many bytes what is left to do.
    pub(crate) fn arrange(
        self,
        mut written: Replacement,
        header: usize,
        plan: &Plan<'_>,
        output: &Path,
    ) -> io::Result<Replacement> {
        if !self.task.is_any() {
            return Ok(written);
        }
        let order = self.order();
        let ranks = self.task.rank.then(|| {
            let scores = order.iter().map(|&row| self.scores[row]);
            plan.rank_index(&scores.collect::<Vec<f64>>())
        });
        if let (Some(ranks), false) = (&ranks, self.task.order) {
            self.add_ranks(&mut written, header, ranks)?;
            return Ok(written);
        }
        let mut arranged = Replacement::beside(output)?
            .ok_or_else(|| io::Error::other("it has become something else than a file"))?;
        let source = written.reopened()?;
        self.copy(source, &mut arranged, header, (&order, ranks.as_deref()))?;
        Ok(arranged)
    }

    /// Adds ranks to the rows where they stand. With them everything ends further behind, so that it goes from the last row
    /// to the first: nothing is written over that has not been read, and while some rows are written those before them are
    /// read.
    fn add_ranks(
        &self,
        written: &mut Replacement,
        header: usize,
        ranks: &[Option<f64>],
    ) -> io::Result<()> {
        let mut source = written.reopened()?;
        let file = written.file_mut()?;
        let lengths = self.lengths.iter().copied();
        let mut old = header as u64 + lengths.map(u64::from).sum::<u64>();
        let mut new = old;
        let mut number = Vec::new();
        for rank in ranks.iter().flatten() {
            number.clear();
            csv::push_number(&mut number, *rank);
            new += number.len() as u64;
        }
        let mut first = ranks.len();
        let (mut piece, mut text, mut ranked) = (Vec::new(), Vec::new(), Vec::new());
        while first > 0 || !ranked.is_empty() {
            let behind = first;
            let mut size = 0;
            while first > 0 && size < AT_ONCE {
                first -= 1;
                size += self.lengths[first] as usize;
            }
            old -= size as u64;
            let read = || {
                piece.resize(size, 0);
                source.seek(SeekFrom::Start(old))?;
                source.read_exact(&mut piece)?;
                text.clear();
                let mut rest = piece.as_slice();
                for row in first..behind {
                    let (own, others) = rest.split_at(self.lengths[row] as usize);
                    text.extend_from_slice(own);
                    add_rank(&mut text, ranks[row]);
                    rest = others;
                }
                Ok(())
            };
            new -= ranked.len() as u64;
            let write = || {
                file.seek(SeekFrom::Start(new))?;
                file.write_all(&ranked)
            };
            let (read, written): (io::Result<()>, _) = rayon::join(read, write);
            read.and(written)?;
            std::mem::swap(&mut ranked, &mut text);
        }
        Ok(())
    }

    /// Copies the rows in this order.
    fn copy(
        &self,
        source: File,
        arranged: &mut Replacement,
        header: usize,
        (order, ranks): (&[usize], Option<&[Option<f64>]>),
    ) -> io::Result<()> {
        let mut starts = Vec::with_capacity(self.lengths.len());
        let mut next = header as u64;
        for &length in &self.lengths {
            starts.push(next);
            next += u64::from(length);
        }
        let mut source = BufReader::with_capacity(AROUND, source);
        let mut out = BufWriter::with_capacity(PIECE, arranged);
        let mut row = vec![0; header];
        source.read_exact(&mut row)?;
        out.write_all(&row)?;
        let mut at = header as u64;
        for (place, &from) in order.iter().enumerate() {
            source.seek_relative(starts[from].wrapping_sub(at).cast_signed())?;
            at = starts[from] + u64::from(self.lengths[from]);
            row.resize(self.lengths[from] as usize, 0);
            source.read_exact(&mut row)?;
            if let Some(ranks) = ranks {
                add_rank(&mut row, ranks[place]);
            }
            out.write_all(&row)?;
        }
        out.flush()
    }
}

/// Adds a rank to the row at the end of a text, whose last cell is empty.
fn add_rank(text: &mut Vec<u8>, rank: Option<f64>) {
    if let (Some(rank), Some(end)) = (rank, text.pop()) {
        csv::push_number(text, rank);
        text.push(end);
    }
}
