//! HOW answers become scores.
//!
//! A framework and [`Assumptions`] are compiled into a [`Plan`]; a plan and responses give a [`ScoreTable`]. The way of
//! an answer: `decode` (skip logic, scales) → `rows` (finer rows become one) → `workings` (`divide`, screen, `impute`, `treat`) →
//! `nodes` (scale, aggregate, cap, round, with coverage and `bounds`) → `finish` (levels, ranks, peers).

mod again;
mod aggregate;
mod assumptions;
mod bounds;
mod cohort;
mod compete;
mod conditions;
mod decode;
mod divide;
mod finish;
mod frozen;
mod gather;
mod impute;
mod known;
mod leaf;
mod levels;
mod nodes;
mod plan;
mod ranks;
mod remarks;
mod rows;
mod scale;
mod table;
mod treat;
mod workings;

pub(crate) use again::{Again, Ready};
pub use assumptions::Assumptions;
pub use cohort::{Standings, Statistics};
pub(crate) use conditions::{Check, belongs, compile, number_meets};
pub use decode::{Found, Reading};
pub(crate) use decode::{Questions, Settled};
pub(crate) use finish::{finish, weighted_mean};
pub use frozen::{Entry, Frozen, Key, NotFrozen, Step};
pub use gather::{Gathered, Keep, Round};
pub use plan::Plan;
pub use remarks::Remarks;
pub(crate) use remarks::{leaves_range, not_counted, outside_periods};
pub use scale::{RankScaler, Scaler};
pub use table::{
    FacetColumn, Fate, GroupRow, Lack, NodeColumn, Observation, Remark, ScoreTable, Spread, Wanted,
};
pub use treat::{Transformation, Treatment};

// For those who take scores apart: `crate::analysis`.
pub(crate) use aggregate::{Part, aggregate};
pub(crate) use cohort::{Comparison, reduction};
pub(crate) use compete::compete_shares;
pub(crate) use leaf::{
    Bound, Leaf, Presence, extreme_choices as multiple_extremes, multiple_score, possible,
};
pub(crate) use levels::{CutOffs, band, cut_offs};
pub(crate) use nodes::Slot;
pub(crate) use plan::Moment;
pub(crate) use rows::{CaseKey, Cases, Groups, combine, number_of};
pub(crate) use workings::{Workings, above, exists};
