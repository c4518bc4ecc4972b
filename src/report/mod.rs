//! HOW results leave: as pages for people and as data for programs.
//!
//! Pages (terminal, Markdown) print a [`document::Document`], which `present` makes of a result; data formats (CSV, JSON)
//! write the [`ScoreResult`] itself in full precision. [`write()`] is the one match from format to writer.

mod answered;
mod coherence;
mod compare;
pub mod csv;
pub mod document;
#[cfg(test)]
mod fixture;
pub mod forms;
pub mod gate;
mod import;
mod improve;
pub mod json;
pub mod markdown;
mod number;
pub mod present;
pub mod problems;
mod result;
mod robustness;
pub mod site;
pub mod svg;
pub mod terminal;
pub mod verify;

use std::io::{self, Write};

use present::View;
use terminal::Look;

pub use answered::Answered;
pub use coherence::CoherenceResult;
pub use compare::{ComparisonResult, SideResult};
pub use import::ImportResult;
pub use improve::{Found, ImproveResult};
pub use number::{fixed, percent, shortest};
pub use result::{
    About, FacetFacts, FrameworkFacts, LevelFacts, NodeFacts, RankingFacts, ScoreResult,
};
pub use robustness::RobustnessResult;

/// The formats in which a result can leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table for a terminal.
    Table,
    /// A row for every score.
    Csv,
    /// A row for every observation.
    CsvWide,
    /// A row for every facet's score.
    CsvFacets,
    /// The whole result.
    Json,
    /// A table for a web page.
    Markdown,
}

impl Format {
    /// Whether it is made for reading: rounded, one period a page. The others hold the whole result in full precision.
    pub fn is_page(self) -> bool {
        match self {
            Self::Table | Self::Markdown => true,
            Self::Csv | Self::CsvWide | Self::CsvFacets | Self::Json => false,
        }
    }
}

/// Writes a result. A page shows what `view` says; a terminal's has the given look.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write(
    result: &ScoreResult,
    format: Format,
    view: View<'_>,
    look: Look,
    out: &mut impl Write,
) -> io::Result<()> {
    match format {
        Format::Table => terminal::write(&present::scores(result, view), look, out),
        Format::Markdown => markdown::write(&present::scores(result, view), out),
        Format::Csv => csv::write_tidy(result, out),
        Format::CsvWide => csv::write_wide(result, out),
        Format::CsvFacets => csv::write_facets(result, out),
        Format::Json => json::write(result, out),
    }
}
