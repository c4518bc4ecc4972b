//! Each kind of result → the document that shows it.

mod anatomy;
mod coherence;
mod compare;
mod difference;
mod explain;
mod facets;
mod frameworks;
mod heads;
mod import;
mod improve;
mod method;
mod reasons;
mod robustness;
mod scores;

pub use coherence::coherence;
pub use compare::{CompareView, caution, comparison, side_by_side};
pub use difference::difference;
pub(super) use explain::cut_off;
pub use explain::{ExplainView, explanation};
#[cfg(feature = "xlsx")]
pub(super) use facets::{facet_cells, facet_columns};
pub use frameworks::{framework, framework_list};
pub(super) use heads::short_heads;
pub(super) use import::by as how;
pub use import::import;
pub use improve::improvement;
pub(super) use method::method;
pub use robustness::robustness;
pub(super) use robustness::{output, source};
pub use scores::{View, remark, scores, wanted};
pub(super) use scores::{counted, ordered, title};
