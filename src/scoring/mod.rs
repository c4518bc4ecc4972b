//! HOW answers become scores.

mod table;

pub use table::{FacetColumn, GroupRow, NodeColumn, Observation, Remark, ScoreTable, Spread};
