//! How far a ranking can be trusted: the same responses under many assumptions.
//!
//! A [`Study`] says what varies ([`Source`]) and how often. [`uncertainty()`] draws assumptions, scores again and counts
//! scores, ranks and levels; [`sensitivity()`] says which source drives the ranking. Methods: OECD/JRC, Handbook on
//! Constructing Composite Indicators (2008), step 7. Nothing here prints: a seed comes in, progress goes out through a
//! callback, and results are the same bytes on any number of threads.

mod answers;
mod benefit;
mod dominance;
mod engine;
mod grid;
mod quasi;
mod random;
mod removal;
mod sampler;
mod sensitivity;
mod simplex;
mod source;
mod spell;
mod stability;
mod tally;
mod uncertainty;

pub use benefit::{Benefit, Favoured, benefit};
pub use dominance::{Dominance, Freedom, Standing, dominance};
pub use removal::{Mover, Removal, Removals, removals};
pub use sensitivity::{
    Design, Drivers, Estimate, Indices, Output, Sensitivity, indices, sensitivity,
};
pub use source::{Refused, Source, Study, Weighting};
pub use spell::{WORDS, spelled};
pub use stability::{Stability, stability};
pub use uncertainty::{Uncertainty, UnitSpread, drawn, replay, uncertainty};

/// Told how many runs are done, from time to time.
pub type Progress<'a> = &'a (dyn Fn(usize) + Sync);
