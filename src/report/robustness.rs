//! [`RobustnessResult`]: what was found on how far a ranking can be trusted, with the words to show it.

use crate::analysis::robustness::{
    Benefit, Dominance, Removals, Sensitivity, Stability, Uncertainty,
};

use super::result::About;

/// What was found, and how. Parts that were not asked for are not there.
#[derive(Clone, Debug, PartialEq)]
pub struct RobustnessResult {
    /// The framework and how scores are made.
    pub about: About,
    /// The period; empty where there are none.
    pub period: String,
    /// Where random numbers start.
    pub seed: u64,
    /// What varies: the word of each source and its values, as they were given.
    pub sources: Vec<(String, String)>,
    /// The ends of intervals, as shares.
    pub interval: (f64, f64),
    /// The unit that the others are compared with.
    pub peer: Option<String>,
    /// How far scores and ranks move.
    pub uncertainty: Option<Uncertainty>,
    /// What drives them.
    pub sensitivity: Option<Sensitivity>,
    /// What leaving parts out does.
    pub removals: Option<Removals>,
    /// How far weights may move.
    pub stability: Option<Vec<Stability>>,
    /// What no weights can turn round.
    pub dominance: Option<Dominance>,
    /// Units under the weights that favour them.
    pub benefit: Option<Benefit>,
}

impl RobustnessResult {
    /// How much the interval holds, as a share.
    pub fn held(&self) -> f64 {
        self.interval.1 - self.interval.0
    }
}
