//! [`ImproveResult`]: what would raise a score, with what it takes to show it.

use crate::analysis::improve::{Route, Steps, WhatIf};
use crate::framework::{Framework, NodeIx};
use crate::responses::{Answer, Responses};
use crate::scoring::{Observation, ScoreTable};

/// What was asked about one unit, and what was found.
#[derive(Clone, Copy, Debug)]
pub struct ImproveResult<'a> {
    /// The framework.
    pub framework: &'a Framework,
    /// The responses.
    pub responses: &'a Responses,
    /// Options that led to the scores.
    pub options: &'a [(String, String)],
    /// The scores as they are.
    pub before: &'a ScoreTable,
    /// The unit's observation among them.
    pub row: usize,
    /// What was found.
    pub found: Found<'a>,
}

/// What was found.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    /// Single steps.
    Steps(&'a Steps),
    /// The smallest set that reaches a target, or the one of least effort.
    Route {
        /// The set.
        route: &'a Route,
        /// Whether efforts are summed instead of changes counted.
        by_effort: bool,
    },
    /// What stated changes give.
    WhatIf {
        /// What was stated.
        changes: &'a [(NodeIx, Answer)],
        /// What they give.
        outcome: &'a WhatIf,
    },
}

impl ImproveResult<'_> {
    /// Who and when.
    pub(super) fn observation(&self) -> &Observation {
        &self.before.observations[self.row]
    }

    /// The period's name, if it has one.
    pub(super) fn period(&self) -> Option<&str> {
        let name = self.before.periods.get(self.observation().period)?;
        Some(name.as_str()).filter(|name| !name.is_empty())
    }
}
