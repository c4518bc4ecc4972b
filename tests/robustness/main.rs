//! How far rankings can be trusted: against published figures, closed forms, `COINr` and scoring in full.
//!
//! `DGPF_CORPUS` and `DGPF_COINR` name the folders with the published tables; without them those tests say that they
//! were skipped.

mod closed_forms;
mod coinr;
mod loading;
mod published;
mod same_scores;
