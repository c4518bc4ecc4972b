//! The long form: every record holds one answer, and records with the same keys are one row.

use std::num::NonZeroU32;

use super::{Cell, File, Keys, Rows};
use crate::framework::Gap;
use crate::problem::{Place, Problem, ResponsesKind};
use crate::responses::answers::Decoder;
use crate::responses::columns::{Names, Role};
use crate::responses::export::{Exporter, Skip, code};
use crate::responses::layout::Long;
use crate::responses::normalised::unguarded;
use crate::responses::records::Record;
use crate::responses::spelling::{nearest, shown};
use crate::responses::{Answer, attributes};

/// What a record says something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::responses) enum Told {
    /// An indicator.
    Answer(usize),
    /// An option of a multiple choice.
    Option(usize, usize),
    /// The evidence for an answer.
    Evidence(usize),
    /// An indicator of another framework that is read at the same time.
    Elsewhere,
}

impl Told {
    /// What a text of the indicator column stands for in the framework itself.
    pub(in crate::responses) fn named(
        name: &str,
        names: &Names,
        decoders: &[Decoder<'_>],
    ) -> Option<Self> {
        match names.named(name, decoders)?.0 {
            Role::Answer(at) => Some(Self::Answer(at)),
            Role::Option(at, option) => Some(Self::Option(at, option)),
            Role::Evidence(at) => Some(Self::Evidence(at)),
            _ => None,
        }
    }
}

/// Most indicators' names that are remembered, and the longest of them: hostile files have as many as rows.
const REMEMBERED: usize = 100_000;
const LONGEST: usize = 200;

impl Rows<'_> {
    /// Reads a record that holds one answer, unless it concerns an indicator of another framework and may do so.
    pub(in crate::responses) fn long(
        &mut self,
        file: &File<'_, '_>,
        record: Record<'_>,
    ) -> Option<Skip> {
        let Long {
            indicator, value, ..
        } = file.table.layout.long?;
        let mut cell = Cell {
            file,
            record,
            column: value,
            subject: usize::MAX,
        };
        let name = file.table.key_text(record.cell(indicator));
        let Some(told) = self.told(name) else {
            // A download of many indicators is no mistake.
            let many = file.table.export.exporter == Exporter::SdmxCsv;
            if !many || name.is_empty() {
                cell.column = indicator;
                self.unknown_indicator(&cell);
            }
            return many.then_some(Skip::OtherIndicator);
        };
        if told == Told::Elsewhere {
            return Some(Skip::OtherFramework);
        }
        let keys = self.keys(file, record);
        let row = match self.keys.get(&keys) {
            Some(&row) => row,
            None => self.add_row(file, record, keys),
        };
        if let Told::Answer(at) | Told::Option(at, _) = told {
            self.look_apart(&cell, at);
        }
        self.tell(cell, told, row);
        for (column, &role) in file.table.layout.roles.iter().enumerate() {
            if let Role::Attribute(at) = role {
                cell.column = column;
                cell.subject = column;
                self.attribute(cell, at, row);
            }
        }
        None
    }

    /// Warns once of a column that nothing reads and in which answers to one indicator differ.
    fn look_apart(&mut self, cell: &Cell<'_>, indicator: usize) {
        let file = cell.file;
        for &column in &file.table.layout.dimensions {
            let cell = Cell { column, ..*cell };
            let text = code(unguarded(cell.text().trim()));
            let key = (file.index, column, indicator);
            let Some(known) = self.dimensions.get_mut(&key) else {
                self.dimensions.insert(key, Some(text.to_owned()));
                continue;
            };
            let Some(first) = known.take_if(|first| first != text) else {
                continue;
            };
            let kind = ResponsesKind::UnreadDimension {
                column: file.table.layout.headings[column].shown(),
                indicator: self.decoders[indicator].indicator().code.clone(),
                first: shown(&first),
                second: shown(text),
            };
            let problem = Problem::warning(kind, cell.place());
            self.findings.add(file.index, problem);
        }
    }

    /// A row whose answers come one by one.
    fn add_row(&mut self, file: &File<'_, '_>, record: Record<'_>, keys: Keys) -> usize {
        let row = self.begin_row(file, record, keys);
        for column in &mut self.answers {
            column.push(Answer::Missing(Gap::Unanswered));
        }
        for column in &mut self.attributes {
            attributes::extend(column, row + 1);
        }
        row
    }

    fn tell(&mut self, mut cell: Cell<'_>, told: Told, row: usize) {
        match told {
            Told::Answer(at) => {
                cell.subject = at;
                if self.is_first(&cell, at, row) {
                    self.stated(cell, at, row);
                }
                self.row_note(&cell, at, row);
            }
            Told::Option(at, option) => {
                cell.subject = at;
                self.tick(cell, at, option, row);
                self.row_note(&cell, at, row);
            }
            Told::Evidence(at) => self.note(row, at, cell.text()),
            Told::Elsewhere => {}
        }
    }

    /// The answer, or why there is none.
    fn stated(&mut self, cell: Cell<'_>, at: usize, row: usize) {
        let status = cell.file.table.layout.status;
        let status = status.map_or("", |column| cell.record.cell(column));
        let status = cell.file.table.key_text(status);
        let stated = match (cell.text().trim(), status) {
            ("" | "NaN", "M") => Some(Answer::NotApplicable),
            ("" | "NaN", "L") => Some(Answer::Missing(Gap::NotAsked)),
            _ => None,
        };
        if let Some(answer) = stated {
            self.answers[at].set(row, answer);
            return;
        }
        let manner = cell.file.manner();
        let product = self.multiplied(&cell, at);
        let read = match &product {
            Some(text) => self.decoders[at].product(text, manner),
            None => self.memories[at].read(&self.decoders[at], cell.text(), manner),
        };
        let text = product.as_deref().unwrap_or(cell.text());
        self.answer(cell, (text, read), at, row);
    }

    /// A number as it counts where a column says which power of ten it is multiplied by.
    fn multiplied(&mut self, number: &Cell<'_>, at: usize) -> Option<String> {
        let cell = Cell {
            column: number.file.table.layout.multiplier?,
            ..*number
        };
        let text = code(unguarded(cell.text().trim()));
        let power = match text {
            // SDMX writes `_Z` where something does not apply.
            "" | "_Z" => return None,
            text => text.parse(),
        };
        let decoder = &self.decoders[at];
        let times = |power| decoder.times_ten_to(number.text(), power, number.file.manner());
        if let Ok(power) = power {
            return times(power);
        }
        times(0)?;
        let code = &decoder.indicator().code;
        self.findings.cell(cell.subject(), code, cell.place(), || {
            ResponsesKind::NotAPower {
                indicator: code.clone(),
                text: shown(text),
            }
        });
        None
    }

    /// What a text of the indicator column stands for.
    fn told(&mut self, name: &str) -> Option<Told> {
        if let Some(&told) = self.told.get(name) {
            return told;
        }
        let told = Told::named(name, &self.names, &self.decoders);
        let elsewhere = || self.elsewhere.is_some_and(|elsewhere| elsewhere(name));
        let told = told.or_else(|| elsewhere().then_some(Told::Elsewhere));
        if self.told.len() < REMEMBERED && name.len() <= LONGEST {
            self.told.insert(name.to_owned(), told);
        }
        told
    }

    fn unknown_indicator(&mut self, cell: &Cell<'_>) {
        let framework = self.framework;
        let name = cell.text().trim();
        self.findings
            .cell(cell.subject(), "indicator", cell.place(), || {
                if name.is_empty() {
                    return ResponsesKind::EmptyKey {
                        column: cell.file.table.layout.headings[cell.column].shown(),
                        what: "which indicator is answered",
                    };
                }
                let codes = framework.indicators().map(|(_, _, i)| i.code.as_str());
                ResponsesKind::UnknownIndicator {
                    text: shown(name),
                    framework: framework.id.to_string(),
                    near: nearest(name, codes),
                }
            });
    }

    /// Whether the row has no answer to indicator `at` yet.
    fn is_first(&mut self, cell: &Cell<'_>, at: usize, row: usize) -> bool {
        let lines = &mut self.answered[at];
        if lines.len() <= row {
            lines.resize(self.list.len(), None);
        }
        let first = lines[row].is_none();
        if first {
            let line = u32::try_from(cell.file.before + cell.record.line);
            lines[row] = NonZeroU32::new(line.unwrap_or(u32::MAX));
        } else {
            let place = Place::new(&cell.file.name, cell.record.line, 0);
            let again = self.answered_again.entry((row, at)).or_default();
            again.push(place);
        }
        first
    }

    fn row_note(&mut self, cell: &Cell<'_>, at: usize, row: usize) {
        let long = cell.file.table.layout.long.as_ref();
        if let Some(column) = long.and_then(|long| long.evidence) {
            self.note(row, at, cell.record.cell(column));
        }
    }
}
