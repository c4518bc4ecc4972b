//! Differences between waves, and what they are put down to.

#[path = "../common/mod.rs"]
mod common;

mod by_hand;
mod random;
mod shipped;
