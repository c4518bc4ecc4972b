//! Scores maturity frameworks from survey responses, and explains every score.
//!
//! Modules in reading order; each knows only those before it.

pub mod framework;
pub mod problem;
pub mod report;
pub mod responses;
pub mod scoring;
