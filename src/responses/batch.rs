//! Records → columns of answers: all that can be made of some records without knowing the others, so that any number of
//! batches can be made at the same time.

use std::collections::BTreeMap;

use super::answers::{Decoder, Manner, Refusal, reaches_thousands};
use super::columns::Role;
use super::export::Skip;
use super::layout::OptionColumns;
use super::memory::{Cells, Memory, Oddities, Span, Spans};
use super::multiple::{NoList, Split, Tick};
use super::number::Thousands;
use super::records::Record;
use super::rows::Part;
use super::table::Table;
use super::{Answer, Column};
use crate::framework::Gap;

/// What becomes of a record that is not left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A row.
    Row,
    /// It has more or fewer cells than there are columns.
    Ragged,
}

/// What is no answer to an indicator.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) row: usize,
    /// Where it stands, or the first of the columns that make no sense together.
    pub(super) column: usize,
    pub(super) indicator: usize,
    /// Whether it is wrong by itself.
    pub(super) alone: bool,
    pub(super) why: Refusal,
}

impl Refused {
    /// A cell that is wrong by itself.
    fn cell((row, column): (usize, usize), indicator: usize, why: Refusal) -> Self {
        Self {
            row,
            column,
            indicator,
            alone: true,
            why,
        }
    }
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
    /// What is no answer, by row and column.
    pub(super) refused: Vec<Refused>,
    /// The first number with a decimal point and the first with a decimal comma: row and column.
    pub(super) point: Option<(usize, usize)>,
    pub(super) comma: Option<(usize, usize)>,
    /// Whether signs of answers may group thousands; the first of these by row and column.
    pub(super) thousands: Thousands<(usize, usize)>,
    /// How many records hold anything.
    pub(super) met: usize,
    /// How many of them were left out.
    pub(super) skipped: BTreeMap<Skip, usize>,
}

impl Batch {
    /// Reads the records of `part` from the position `from` on; `dropped` says of a line why it does not count, if it does not.
    pub(super) fn read(
        table: &Table<'_>,
        decoders: &[Decoder<'_>],
        memories: &mut [Memory],
        (part, from): (Part<'_>, usize),
        dropped: &dyn Fn(usize) -> Option<Skip>,
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
        for split in &table.layout.splits {
            batch.options(table, &decoders[split.indicator], part, split);
        }
        for &(column, at, answer) in &table.layout.others {
            batch.other(part, (at, column), answer);
        }
        for &(column, at) in &table.layout.reasons {
            batch.reason(&decoders[at], &mut memories[at], part, (at, column), manner);
        }
        batch
            .refused
            .sort_by_key(|refused| (refused.row, refused.column));
        batch
    }

    /// Finds out what becomes of every record; where the rows' cells stand.
    fn sort_out(
        &mut self,
        table: &Table<'_>,
        part: Part<'_>,
        from: usize,
        dropped: &dyn Fn(usize) -> Option<Skip>,
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
            if let Some(skip) = skip.or_else(|| dropped(record.line)) {
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
            edges: part.records.edges(),
            count: part.records.cells(),
            aside: &|at| part.records.cell(part.text, at),
        };
        let found = memory.column(decoder, cells, (spans, column), manner, &mut oddities);
        self.answers[at] = Some(found);
        let refused = oddities.refused.into_iter();
        self.refused
            .extend(refused.map(|(row, why)| Refused::cell((row, column), at, why)));
        for (sign, row) in [('.', oddities.point), (',', oddities.comma)] {
            if let Some(row) = row {
                self.sign(sign, (row, column));
            }
        }
        self.group(match oddities.thousands {
            Thousands::Perhaps(row) if reaches_thousands(decoder.indicator()) => {
                Thousands::Perhaps((row, column))
            }
            Thousands::Perhaps(_) | Thousands::No => Thousands::No,
            Thousands::Unseen => Thousands::Unseen,
        });
    }

    /// Adds what is known of the signs in a column.
    fn group(&mut self, column: Thousands<(usize, usize)>) {
        match (&mut self.thousands, column) {
            (Thousands::Perhaps(known), Thousands::Perhaps(place)) => *known = place.min(*known),
            (known, column) => known.add(column),
        }
    }

    /// A number has this decimal sign.
    fn sign(&mut self, sign: char, place: (usize, usize)) {
        let known = if sign == '.' {
            &mut self.point
        } else {
            &mut self.comma
        };
        if known.is_none_or(|known| place < known) {
            *known = Some(place);
        }
    }

    /// Makes the answers of a multiple choice whose options have columns of their own.
    fn options(
        &mut self,
        table: &Table<'_>,
        decoder: &Decoder<'_>,
        part: Part<'_>,
        own: &OptionColumns,
    ) {
        let Some(&(first, _)) = own.columns.first() else {
            return;
        };
        let indicator = own.indicator;
        let mut splits = vec![Split::default(); self.rows.len()];
        for &(column, option) in &own.columns {
            let mut known = Ticks::default();
            for (row, split) in splits.iter_mut().enumerate() {
                let cell = part.get(self.rows[row]).cell(column);
                match known.read(decoder, option, cell, table.manner()) {
                    // Where an option has two columns, that was said when the header was read.
                    Ok(tick) => drop(split.tick(option, tick)),
                    Err(why) => {
                        let refused = Refused::cell((row, column), indicator, why);
                        self.refused.push(refused);
                    }
                }
            }
        }
        let lists = own.list.is_some() && !table.export.empty_lists;
        let unlisted = self.unlisted(own);
        let rows = self.rows.len();
        let answers = self.answers[indicator].get_or_insert_with(|| Column::unanswered(rows));
        for (row, split) in splits
            .iter()
            .enumerate()
            .filter(|(_, split)| split.is_met())
        {
            let listed = lists && unlisted.binary_search(&row).is_err();
            let listed = listed.then(|| answers.get(row));
            match decoder.settle(split, listed, table.export.zeros) {
                Ok(answer) => answers.set(row, answer),
                Err(why) => self.refused.push(Refused {
                    row,
                    column: first,
                    indicator,
                    alone: false,
                    why,
                }),
            }
        }
    }

    /// Rows whose list of options cannot be taken apart, which does not matter where these have columns of their own.
    fn unlisted(&mut self, own: &OptionColumns) -> Vec<usize> {
        let unlisted = |refused: &mut Refused| {
            Some(refused.column) == own.list
                && matches!(
                    refused.why,
                    Refusal::List(NoList::JoinedLabels | NoList::Ambiguous)
                )
        };
        let unlisted = self.refused.extract_if(.., unlisted);
        unlisted.map(|refused| refused.row).collect()
    }

    /// Reads a column that says what somebody means who gives this answer, where the answer itself does not stand.
    fn other(&mut self, part: Part<'_>, (indicator, column): (usize, usize), answer: Answer) {
        let rows = self.rows.len();
        let answers = self.answers[indicator].get_or_insert_with(|| Column::unanswered(rows));
        for row in 0..rows {
            let unanswered = answers.get(row) == Answer::Missing(Gap::Unanswered);
            if unanswered && !part.get(self.rows[row]).cell(column).trim().is_empty() {
                answers.set(row, answer);
            }
        }
    }

    /// Reads a column that says why there is no answer.
    fn reason(
        &mut self,
        decoder: &Decoder<'_>,
        memory: &mut Memory,
        part: Part<'_>,
        (indicator, column): (usize, usize),
        manner: Manner,
    ) {
        let rows = self.rows.len();
        let mut answers = self.answers[indicator]
            .take()
            .unwrap_or_else(|| Column::unanswered(rows));
        for row in 0..rows {
            if answers.get(row) != Answer::Missing(Gap::Unanswered) {
                continue;
            }
            let cell = part.get(self.rows[row]).cell(column);
            match memory.read(decoder, cell, manner) {
                Ok(read) => {
                    answers.set(row, read.answer);
                    if let Some(decimal) = read.decimal {
                        self.sign(decimal.sign, (row, column));
                        self.group(Thousands::No);
                    }
                }
                Err(why) => {
                    let refused = Refused::cell((row, column), indicator, why);
                    self.refused.push(refused);
                }
            }
        }
        self.answers[indicator] = Some(answers);
    }
}

/// What the cells of an option's own column turned out to say: mostly a mark or two.
#[derive(Default)]
struct Ticks<'c>(Vec<(&'c str, Tick)>);

impl<'c> Ticks<'c> {
    /// Most texts that are remembered.
    const MOST: usize = 8;

    fn read(
        &mut self,
        decoder: &Decoder<'_>,
        option: usize,
        cell: &'c str,
        manner: Manner,
    ) -> Result<Tick, Refusal> {
        if let Some((_, tick)) = self.0.iter().find(|(known, _)| *known == cell) {
            return Ok(*tick);
        }
        let tick = decoder.tick(option, cell, manner)?;
        if self.0.len() < Self::MOST {
            self.0.push((cell, tick));
        }
        Ok(tick)
    }
}

/// Whether a record has more or fewer cells than there are columns; empty ones behind the last column do not count.
pub(super) fn is_ragged(table: &Table<'_>, record: &Record<'_>) -> bool {
    let (width, found) = (table.layout.headings.len(), record.len());
    let surplus = (width..found).any(|column| !record.cell(column).trim().is_empty());
    surplus || (found < width && !table.rows_may_be_short())
}
