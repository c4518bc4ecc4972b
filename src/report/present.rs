//! Each kind of result → the document that shows it.

mod anatomy;
mod difference;
mod facets;
mod frameworks;
mod heads;
mod scores;

pub use difference::difference;
pub use frameworks::{framework, framework_list};
pub use scores::{View, remark, scores};
