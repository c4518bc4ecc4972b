//! What a page is made of: headings, notes and tables with typed cells.
//!
//! A [`Document`] knows nothing of terminals, Markdown or HTML; a writer knows nothing of scores. Whoever presents a
//! result builds a document once, and every page format prints it.

use std::borrow::Cow;

use crate::framework::Digits;

use super::number::{fixed, shortest};
use super::words::Language;

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// Facts about the whole, one short text each: edition, version, how many units.
    pub facts: Vec<String>,
    /// What follows, in reading order.
    pub blocks: Vec<Block>,
    /// How its numbers are written.
    pub language: Language,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading below the title.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A remark, a rule or a disclaimer: set apart from the text.
    Note(String),
    /// A table.
    Table(Table),
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has one cell a column.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// A heading of a few letters for narrow places, explained in a legend.
    pub short: Option<String>,
    /// On which side its cells line up.
    pub align: Align,
    /// Whether it may go where there is no room for it; the highest goes first, 0 stays.
    pub expendable: u8,
    /// Whether it draws what other columns say in numbers: shown where somebody looks, left out of texts.
    pub picture: bool,
}

/// On which side cells line up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is.
    pub kind: RowKind,
    /// One cell a column.
    pub cells: Vec<Cell>,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// One of those the table is about.
    Plain,
    /// Listed apart, below the others: not ranked, for instance.
    Apart,
    /// A summary of others: a mean, a minimum.
    Summary,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing, because nothing belongs here.
    Empty,
    /// A value that could be here and is not.
    Missing,
    /// A text.
    Text(String),
    /// Somebody or something that has an id and a name.
    Named {
        /// The id.
        id: String,
        /// The name; the id itself if there is none.
        name: String,
    },
    /// A text of a tree, so many steps below its root.
    Branch {
        /// Steps below the root.
        depth: usize,
        /// The text.
        text: String,
    },
    /// A number.
    Number {
        /// Its value.
        value: f64,
        /// How it is rounded.
        digits: Digits,
    },
    /// From one number to another.
    Span {
        /// The lower one.
        low: f64,
        /// The higher one.
        high: f64,
        /// How both are rounded.
        digits: Digits,
    },
    /// A share, shown in per cent.
    Share(f64),
    /// A place in a ranking.
    Rank {
        /// 1 is best.
        rank: f64,
        /// Whether it is marked as shared with others.
        tied: bool,
    },
    /// A maturity level.
    Level {
        /// Its name.
        title: String,
        /// How many are worse.
        above: usize,
        /// Of how many.
        of: usize,
    },
    /// A share as a bar.
    Bar(f64),
    /// Shares one after the other, as a line of columns.
    Course(Vec<Option<f64>>),
}

/// How a missing value is shown on pages.
pub const MISSING: &str = "–";

const BAR_WIDTH: usize = 10;

impl Document {
    /// A page with this title.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }
}

impl Column {
    /// A column of texts.
    pub fn text(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            short: None,
            align: Align::Left,
            expendable: 0,
            picture: false,
        }
    }

    /// A column of numbers.
    pub fn number(title: impl Into<String>) -> Self {
        Self {
            align: Align::Right,
            ..Self::text(title)
        }
    }

    /// With a heading for narrow places.
    #[must_use]
    pub fn short(mut self, short: impl Into<String>) -> Self {
        self.short = Some(short.into());
        self
    }

    /// One that draws what other columns say in numbers.
    #[must_use]
    pub fn picture(mut self) -> Self {
        self.picture = true;
        self
    }

    /// One that may go where there is no room for it; the highest goes first.
    #[must_use]
    pub fn expendable(mut self, order: u8) -> Self {
        self.expendable = order;
        self
    }
}

impl Table {
    /// The table without the columns that draw what others say.
    #[must_use]
    pub fn without_pictures(&self) -> Cow<'_, Self> {
        if !self.columns.iter().any(|column| column.picture) {
            return Cow::Borrowed(self);
        }
        let kept: Vec<usize> = (0..self.columns.len())
            .filter(|&at| !self.columns[at].picture)
            .collect();
        let rows = self.rows.iter().map(|row| Row {
            kind: row.kind,
            cells: kept.iter().map(|&at| row.cells[at].clone()).collect(),
        });
        Cow::Owned(Self {
            columns: kept.iter().map(|&at| self.columns[at].clone()).collect(),
            rows: rows.collect(),
        })
    }
}

impl Row {
    /// One of those the table is about.
    pub fn plain(cells: Vec<Cell>) -> Self {
        Self {
            kind: RowKind::Plain,
            cells,
        }
    }
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number, or missing.
    pub fn number(value: Option<f64>, digits: Digits) -> Self {
        value.map_or(Self::Missing, |value| Self::Number { value, digits })
    }

    /// A share in per cent, or missing.
    pub fn share(value: Option<f64>) -> Self {
        value.map_or(Self::Missing, Self::Share)
    }
}

impl Cell {
    /// The cell as plain text in a language, without the indentation of a branch.
    pub fn shown(&self, language: Language) -> String {
        let number = |value: f64, digits: Digits| language.decimal(fixed(value, digits));
        match self {
            Self::Empty => String::new(),
            Self::Missing => MISSING.to_owned(),
            Self::Text(text) | Self::Branch { text, .. } => text.clone(),
            Self::Named { id, name } if id == name => id.clone(),
            Self::Named { id, name } => format!("{name} ({id})"),
            Self::Number { value, digits } => number(*value, *digits),
            Self::Span { low, high, digits } => {
                let (low, high) = (number(*low, *digits), number(*high, *digits));
                // A dash between two minus signs cannot be read.
                let between = if low.starts_with('-') || high.starts_with('-') {
                    match language {
                        Language::English => " to ",
                        Language::French => " à ",
                    }
                } else {
                    "–"
                };
                format!("{low}{between}{high}")
            }
            Self::Share(share) => language.percent(*share),
            Self::Rank { rank, tied } => {
                // `2=`, never `=2`: a spreadsheet reads that as a formula.
                language.decimal(shortest(*rank)) + if *tied { "=" } else { "" }
            }
            Self::Level { title, .. } => title.clone(),
            Self::Bar(share) => bar(*share),
            Self::Course(values) => course(values),
        }
    }
}

/// The cell as plain text in English.
impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown(Language::English))
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=BAR_WIDTH before"
)]
fn bar(share: f64) -> String {
    let full = (share.clamp(0.0, 1.0) * BAR_WIDTH as f64).round() as usize;
    "█".repeat(full) + &"░".repeat(BAR_WIDTH - full)
}

/// One column a share, from the lowest to the highest of eight; a gap where there is none.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=7 before"
)]
fn course(values: &[Option<f64>]) -> String {
    const COLUMNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let column = |share: f64| COLUMNS[(share.clamp(0.0, 1.0) * 7.0).round() as usize];
    let columns = values.iter();
    columns.map(|value| value.map_or('·', column)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::RoundingMode;

    #[test]
    fn every_kind_of_cell_has_its_text() {
        let digits = Digits {
            digits: 2,
            mode: RoundingMode::HalfUp,
        };
        let span = |low, high| Cell::Span { low, high, digits };
        let rank = |rank, tied| Cell::Rank { rank, tied };
        for (cell, text) in [
            (Cell::Empty, ""),
            (Cell::number(None, digits), "–"),
            (Cell::number(Some(0.285), digits), "0.29"),
            (span(0.5, 0.75), "0.50–0.75"),
            (span(-1.0, 0.5), "-1.00 to 0.50"),
            (Cell::share(Some(0.995)), "99%"),
            (rank(2.0, true), "2="),
            (rank(2.5, false), "2.5"),
            (Cell::Bar(0.34), "███░░░░░░░"),
            (Cell::Bar(7.0), "██████████"),
            (
                Cell::Course(vec![Some(0.0), None, Some(0.5), Some(1.0)]),
                "▁·▅█",
            ),
        ] {
            assert_eq!(cell.to_string(), text);
        }
        for (cell, text) in [
            (Cell::number(Some(0.285), digits), "0,29"),
            (span(-1.0, 0.5), "-1,00 à 0,50"),
            (Cell::share(Some(0.995)), "99\u{202f}%"),
            (rank(2.5, true), "2,5="),
        ] {
            assert_eq!(cell.shown(Language::French), text);
        }
    }
}
