//! Each kind of result → the document that shows it.

mod facets;
mod heads;
mod scores;

pub use scores::{View, remark, scores};
