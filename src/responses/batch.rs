//! Records → columns of answers: all that can be made of some records without knowing the others, so that any number of
//! batches can be made at the same time.

use std::collections::BTreeMap;

use super::Column;
use super::answers::{Decoder, Manner, Refusal};
use super::columns::Role;
use super::export::Skip;
use super::memory::{Cells, Memory, Oddities, Span, Spans};
use super::records::Record;
use super::rows::Part;
use super::table::Table;

/// What becomes of a record that is not left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A row.
    Row,
    /// It has more or fewer cells than there are columns.
    Ragged,
}

/// What some records say.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Records that hold anything and are not left out, by position.
    pub(super) fates: Vec<(usize, Fate)>,
    /// Those that are rows.
    pub(super) rows: Vec<usize>,
    /// By indicator; none where no column answers it.
    pub(super) answers: Vec<Option<Column>>,
    /// Cells that are no answers, by row and column.
    pub(super) refused: Vec<(usize, usize, Refusal)>,
    /// The first number with a decimal point and the first with a decimal comma: row and column.
    pub(super) point: Option<(usize, usize)>,
    pub(super) comma: Option<(usize, usize)>,
    /// How many records hold anything.
    pub(super) met: usize,
    /// How many of them were left out.
    pub(super) skipped: BTreeMap<Skip, usize>,
}

impl Batch {
    /// Reads the records of `part` from the position `from` on; `dropped` says which lines do not count.
    pub(super) fn read(
        table: &Table<'_>,
        decoders: &[Decoder<'_>],
        memories: &mut [Memory],
        (part, from): (Part<'_>, usize),
        dropped: &dyn Fn(usize) -> bool,
    ) -> Self {
        let mut batch = Self {
            answers: vec![None; decoders.len()],
            ..Self::default()
        };
        let spans = batch.sort_out(table, part, from, dropped);
        let manner = table.manner();
        for (column, &role) in table.layout.roles.iter().enumerate() {
            if let Role::Answer(at) = role {
                let memory = &mut memories[at];
                batch.column(&decoders[at], memory, part, &spans, (at, column), manner);
            }
        }
        batch.refused.sort_by_key(|&(row, column, _)| (row, column));
        batch
    }

    /// Finds out what becomes of every record; where the rows' cells stand.
    fn sort_out(
        &mut self,
        table: &Table<'_>,
        part: Part<'_>,
        from: usize,
        dropped: &dyn Fn(usize) -> bool,
    ) -> Spans {
        let most = part.records.len();
        let mut spans = Vec::with_capacity(most);
        self.fates.reserve(most);
        self.rows.reserve(most);
        for at in from..part.records.len() {
            let record = part.get(at);
            if record.is_blank() {
                continue;
            }
            self.met += 1;
            let skip = table.skips(&record);
            if let Some(skip) = skip.or_else(|| dropped(record.line).then_some(Skip::Duplicate)) {
                *self.skipped.entry(skip).or_insert(0) += 1;
            } else if is_ragged(table, &record) {
                self.fates.push((at, Fate::Ragged));
            } else {
                self.fates.push((at, Fate::Row));
                self.rows.push(at);
                let cells = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
                spans.push(Span {
                    first: cells(part.records.first_cell(at)),
                    cells: cells(record.len()),
                });
            }
        }
        Spans::new(spans)
    }

    fn column(
        &mut self,
        decoder: &Decoder<'_>,
        memory: &mut Memory,
        part: Part<'_>,
        spans: &Spans,
        (at, column): (usize, usize),
        manner: Manner,
    ) {
        let mut oddities = Oddities::default();
        let cells = Cells {
            text: part.text,
            starts: &part.records.starts,
            ends: &part.records.ends,
            aside: &|at| part.records.cell(part.text, at),
        };
        let found = memory.column(decoder, cells, (spans, column), manner, &mut oddities);
        self.answers[at] = Some(found);
        let refused = oddities.refused.into_iter();
        self.refused
            .extend(refused.map(|(row, refusal)| (row, column, refusal)));
        let firsts = [
            (&mut self.point, oddities.point),
            (&mut self.comma, oddities.comma),
        ];
        for (known, row) in firsts {
            if let Some(place) = row.map(|row| (row, column))
                && known.is_none_or(|known| place < known)
            {
                *known = Some(place);
            }
        }
    }
}

/// Whether a record has more or fewer cells than there are columns; empty ones behind the last column do not count.
pub(super) fn is_ragged(table: &Table<'_>, record: &Record<'_>) -> bool {
    let (width, found) = (table.layout.headings.len(), record.len());
    let surplus = (width..found).any(|column| !record.cell(column).trim().is_empty());
    surplus || (found < width && !table.rows_may_be_short())
}
