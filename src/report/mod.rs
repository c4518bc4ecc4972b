//! HOW results leave: as pages for people and as data for programs.
//!
//! Pages (terminal, Markdown) print a [`document::Document`], which `present` makes of a result; data formats (CSV, JSON)
//! write the [`ScoreResult`] itself in full precision. [`write`] is the one match from format to writer.

pub mod csv;
pub mod document;
#[cfg(test)]
mod fixture;
pub mod json;
pub mod markdown;
mod number;
pub mod present;
mod result;
pub mod terminal;

pub use number::{fixed, percent, shortest};
pub use result::{
    About, FacetFacts, FrameworkFacts, LevelFacts, NodeFacts, RankingFacts, ScoreResult,
};
