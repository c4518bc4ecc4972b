//! [`CoherenceResult`]: what was found on how indicators go together, with the words to show it.

use crate::analysis::coherence::{Coherence, Pair};

use super::result::About;

/// What was found in one period.
#[derive(Clone, Debug, PartialEq)]
pub struct CoherenceResult {
    /// The framework and how scores are made.
    pub about: About,
    /// The period; empty where there are none.
    pub period: String,
    /// The figures.
    pub found: Coherence,
    /// How every two nodes go together; empty where that is not asked for.
    pub matrix: Vec<Pair>,
}
