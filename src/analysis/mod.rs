//! WHAT the scores mean: why a score is what it is, why it changed, what would raise it, whether it still holds.

pub mod beyond_range;
pub mod coherence;
pub mod compare;
pub mod evidence;
pub mod explain;
pub mod gate;
pub mod improve;
pub mod off_scale;
pub mod outside_periods;
pub mod passed_over;
pub mod robustness;
