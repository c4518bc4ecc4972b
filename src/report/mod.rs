//! HOW results leave: as pages for people and as data for programs.
//!
//! Pages (terminal, Markdown) print a [`document::Document`], which `present` makes of a result; so do the sheets of a
//! workbook. Data formats (CSV, SDMX-CSV, JSON) write the [`ScoreResult`] itself in full precision. [`write_pages`],
//! [`write_data`] and [`files`] are the matches from format to writer.
//!
//! Scores as a file:
//!
//! ```
//! # use dgpf::framework::{self, Framework, Source};
//! # use dgpf::problem;
//! # use dgpf::responses::{self, Input, Options};
//! # use dgpf::scoring::{Assumptions, Plan};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let yaml = "{dgpf: 1, id: open-data, unit: country, range: [0, 100], scales: {yes-no: {'no': 0, 'yes': 1}}, indicators: [\
//! #   {id: policy, question: Is there an open data policy?, scale: yes-no},\
//! #   {id: licences, question: Share of data sets with a licence, number: {from: 0, to: 100}}]}";
//! # let source = Source { name: "open-data.yaml".into(), text: yaml.to_owned() };
//! # let framework = framework::load(&source, &|_| None).map_err(|problems| problem::render(&problems))?.framework;
//! # let read = |bytes: &[u8]| {
//! #     let input = Input { name: "responses.csv", bytes };
//! #     let loaded = responses::load(&[input], &framework, &Options::default());
//! #     loaded.map(|loaded| loaded.responses).map_err(|problems| problem::render(&problems))
//! # };
//! use dgpf::report::{self, Data, ScoreResult};
//! use dgpf::report::present::View;
//!
//! let responses = read(b"country,policy,licences\nNOR,yes,80\nPER,no,50\n")?;
//! let assumptions = Assumptions::of(&framework);
//! let scores = Plan::compile(&framework, &assumptions).score(&responses);
//! let result = ScoreResult::new(&framework, &assumptions, &responses, Vec::new(), scores);
//! let mut written = Vec::new();
//! report::write_data(&result, Data::CsvWide, View::default(), &mut written)?;
//!
//! let written = String::from_utf8(written)?;
//! let lines: Vec<&str> = written.lines().collect();
//! assert_eq!(lines[0], "unit,period,name,index,policy,licences");
//! assert_eq!(lines[1], "NOR,,Norway,90,100,80");
//! # Ok(())
//! # }
//! ```

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
mod names;
mod number;
mod package;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod present;
pub mod problems;
mod result;
mod robustness;
pub mod site;
pub mod sql;
pub mod statistics;
pub mod svg;
pub mod terminal;
pub mod verify;
mod words;
#[cfg(feature = "xlsx")]
mod workbook;
#[cfg(feature = "xlsx")]
mod xlsx;

use std::io::{self, Write};

use document::Document;
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
pub use words::Language;

/// The formats in which a result can leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Made for reading: rounded, one period a page.
    Page(Page),
    /// One file that holds the whole result in full precision.
    Data(Data),
    /// Several files, in a directory of their own.
    Bundle(Bundle),
}

/// What prints a [`Document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// A table for a terminal.
    Table,
    /// A table for a web page.
    Markdown,
}

/// What writes a whole result into one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// A row for every score.
    Csv,
    /// A row for every observation.
    CsvWide,
    /// A row for every facet's score.
    CsvFacets,
    /// SDMX-CSV: a row for every measure of every score.
    SdmxCsv,
    /// The whole result.
    Json,
    /// Parquet: a row for every score.
    #[cfg(feature = "parquet")]
    Parquet,
    /// A workbook with charts.
    #[cfg(feature = "xlsx")]
    Xlsx,
}

/// What writes several files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// A Data Package: tables and what their columns mean.
    DataPackage,
    /// A badge for every unit, as a picture and as an endpoint.
    Badges,
    /// Every chart as a picture.
    Charts,
}

/// A file among others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the directory.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Writes pages one after the other; a terminal's have the given look.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_pages(
    pages: &[Document],
    format: Page,
    look: Look,
    out: &mut impl Write,
) -> io::Result<()> {
    for (position, page) in pages.iter().enumerate() {
        if position > 0 {
            writeln!(out)?;
        }
        match format {
            Page::Table => terminal::write(page, look, out)?,
            Page::Markdown => markdown::write_within(page, markdown::MOST / pages.len(), out)?,
        }
    }
    Ok(())
}

/// Writes a result whole. Of `view`, workbooks take the language and the period of the first sheet.
///
/// # Errors
///
/// When `out` cannot be written, or a workbook cannot hold the result.
#[cfg_attr(
    not(feature = "xlsx"),
    expect(unused_variables, reason = "only workbooks look at the view")
)]
pub fn write_data(
    result: &ScoreResult,
    format: Data,
    view: View<'_>,
    out: &mut impl Write,
) -> io::Result<()> {
    match format {
        Data::Csv => csv::write_tidy(result, out),
        Data::CsvWide => csv::write_wide(result, out),
        Data::CsvFacets => csv::write_facets(result, out),
        Data::SdmxCsv => csv::write_sdmx(result, out),
        Data::Json => json::write(result, out),
        #[cfg(feature = "parquet")]
        Data::Parquet => parquet::write(result, &csv::Columns::all(&result.about), out),
        #[cfg(feature = "xlsx")]
        Data::Xlsx => xlsx::write(&workbook::sheets(result, view), view.made_at, out),
    }
}

/// The files of a bundle.
pub fn files(result: &ScoreResult, bundle: Bundle, view: View<'_>) -> Vec<File> {
    match bundle {
        Bundle::DataPackage => package::files(result, view),
        Bundle::Badges => site::badges(result, view),
        Bundle::Charts => site::charts(result, view),
    }
}
