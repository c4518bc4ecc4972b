//! HOW answers become scores.
//!
//! A framework and [`Assumptions`] are compiled into a [`Plan`]; a plan and responses give a [`ScoreTable`]. The way of
//! an answer: `decode` (skip logic, scales) → `rows` (finer rows become one) → `workings` (per, screen, impute, treat) →
//! `nodes` (scale, aggregate, cap, round, with coverage and `bounds`) → `finish` (levels, ranks, peers).

mod again;
mod aggregate;
mod assumptions;
mod bounds;
mod cohort;
mod compete;
mod decode;
mod finish;
mod impute;
mod leaf;
mod levels;
mod nodes;
mod plan;
mod ranks;
mod rows;
mod scale;
mod table;
mod treat;
mod workings;

pub use assumptions::Assumptions;
pub use cohort::Statistics;
pub use plan::Plan;
pub use scale::{RankScaler, Scaler};
pub use table::{FacetColumn, GroupRow, NodeColumn, Observation, Remark, ScoreTable, Spread};
pub use treat::{Transformation, Treatment};
