//! What indicators measure together: against `COINr`, figures that the OECD published, and numbers worked out on paper.
//!
//! `DGPF_COINR` names the folder with `COINr`'s tables; without it those tests say that they were skipped.

mod assessors;
mod coinr;
#[path = "../robustness/loading.rs"]
#[allow(dead_code)] // shared with the tests of robustness
mod loading;
mod published;
