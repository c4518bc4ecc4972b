//! Rules for scores: mistakes in a file of rules, and rules that do not hold. Numbers are texts as they are shown.

/// A mistake in a file of rules, or a rule that does not hold.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GateKind {
    /// A rule names a node that there is not.
    #[error("no node `{name}` in framework `{framework}`")]
    UnknownNode {
        /// As written.
        name: String,
        /// The framework's id.
        framework: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A rule names a level that a node does not have.
    #[error("no level `{name}` for `{node}`")]
    UnknownLevel {
        /// As written.
        name: String,
        /// The node's id.
        node: String,
        /// The levels that there are.
        known: String,
    },
    /// A rule names a phase that the framework has no targets for.
    #[error("no phase `{name}` in the targets of framework `{framework}`")]
    UnknownPhase {
        /// As written.
        name: String,
        /// The framework's id.
        framework: String,
        /// The phases that there are; empty: there are no targets.
        known: String,
    },
    /// A rule about targets names a node that has none.
    #[error("no target of `{node}` for {phase}")]
    NoTarget {
        /// The node's id.
        node: String,
        /// The phase.
        phase: String,
        /// The nodes that have one.
        known: String,
    },
    /// A rule names a unit without answers.
    #[error("no unit `{name}` in the responses")]
    UnknownUnit {
        /// As written.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A rule that asks for nothing.
    #[error("the rule asks for nothing")]
    NoDemand,
    /// A score is not as good as it must be.
    #[error("{unit}: `{node}` is {score}, worse than {least}{split}")]
    ScoreBelow {
        /// The unit's id.
        unit: String,
        /// The node's id.
        node: String,
        /// The score.
        score: String,
        /// What the rule asks for.
        least: String,
        /// What it was and why it changed, in brackets; empty without a baseline.
        split: String,
    },
    /// A score is not as good as the framework's target for a phase.
    #[error("{unit}: `{node}` is {score}, worse than its target for {phase}, {least}{split}")]
    TargetMissed {
        /// The unit's id.
        unit: String,
        /// The node's id.
        node: String,
        /// The score.
        score: String,
        /// The phase.
        phase: String,
        /// The target.
        least: String,
        /// What it was and why it changed, in brackets; empty without a baseline.
        split: String,
    },
    /// Too little was answered.
    #[error("{unit}: coverage of `{node}` is {found}, below {least}")]
    CoverageBelow {
        /// The unit's id.
        unit: String,
        /// The node's id.
        node: String,
        /// The share that was answered.
        found: String,
        /// What the rule asks for.
        least: String,
    },
    /// A level is not as good as it must be.
    #[error("{unit}: `{node}` is at level `{found}`, below `{least}`{split}")]
    LevelBelow {
        /// The unit's id.
        unit: String,
        /// The node's id.
        node: String,
        /// The level.
        found: String,
        /// What the rule asks for.
        least: String,
        /// What it was and why it changed, in brackets; empty without a baseline.
        split: String,
    },
    /// A score got worse by more than it may.
    #[error("{unit}: `{node}` is {score}, was {old}: worse by {drop}, more than {most}{split}")]
    ScoreDropped {
        /// The unit's id.
        unit: String,
        /// The node's id.
        node: String,
        /// The score.
        score: String,
        /// The score of the baseline.
        old: String,
        /// By how much it got worse.
        drop: String,
        /// By how much it may.
        most: String,
        /// Why it changed, in brackets.
        split: String,
    },
    /// A level was lost.
    #[error("{unit}: `{node}` fell from level `{old}` to `{found}`{split}")]
    LevelLost {
        /// The unit's id.
        unit: String,
        /// The node's id.
        node: String,
        /// The level of the baseline.
        old: String,
        /// The level.
        found: String,
        /// What the score was and why it changed, in brackets.
        split: String,
    },
    /// There is no score to judge.
    #[error("{unit}: `{node}` has no score{was}")]
    NoScore {
        /// The unit's id.
        unit: String,
        /// The node's id.
        node: String,
        /// `, it was …`, if the baseline has one.
        was: String,
    },
    /// A unit of the baseline has no answers any more.
    #[error("{unit}: it is in the baseline and has no answers now{was}")]
    UnitGone {
        /// The unit's id.
        unit: String,
        /// `, its index was …`, if it had one.
        was: String,
    },
    /// Rules about changes, and nothing to compare with.
    #[error("there is no baseline: {rules} about changes {verb} not judged")]
    NoBaseline {
        /// `1 rule`, `2 rules`.
        rules: String,
        /// `was` or `were`.
        verb: &'static str,
    },
    /// A rule that holds everywhere.
    #[error("holds: {rule} ({checks})")]
    RuleHolds {
        /// The rule in words.
        rule: String,
        /// `38 checks`.
        checks: String,
    },
}

impl GateKind {
    /// The stable name of the mistake.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownNode { .. } => "unknown-node",
            Self::UnknownLevel { .. } => "unknown-level",
            Self::UnknownPhase { .. } => "unknown-phase",
            Self::NoTarget { .. } => "node-without-target",
            Self::UnknownUnit { .. } => "unknown-unit",
            Self::NoDemand => "no-demand",
            Self::ScoreBelow { .. } => "score-below",
            Self::TargetMissed { .. } => "target-missed",
            Self::CoverageBelow { .. } => "coverage-below",
            Self::LevelBelow { .. } => "level-below",
            Self::ScoreDropped { .. } => "score-dropped",
            Self::LevelLost { .. } => "level-lost",
            Self::NoScore { .. } => "no-score",
            Self::UnitGone { .. } => "unit-gone",
            Self::NoBaseline { .. } => "no-baseline",
            Self::RuleHolds { .. } => "rule-holds",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::UnknownNode { near, .. } | Self::UnknownUnit { near, .. } => {
                near.as_ref().map(|near| format!("did you mean `{near}`?"))
            }
            Self::UnknownLevel { known, .. } => Some(format!("its levels are {known}")),
            Self::UnknownPhase { known, .. } if known.is_empty() => Some(
                "it has no targets: write them under `targets` there, or ask for scores with `at-least`".to_owned(),
            ),
            Self::UnknownPhase { known, .. } => Some(format!("its phases are {known}")),
            Self::NoTarget { known, .. } => Some(format!("there are targets of {known}")),
            Self::NoDemand => Some(
                "say `at-least`, `targets`, `coverage`, `level`, `max-drop` or `no-level-loss`".to_owned(),
            ),
            Self::UnitGone { .. } => Some(
                "where that is meant, save a new baseline, or say under `units` whom rules are about".to_owned(),
            ),
            Self::NoBaseline { .. } => Some(
                "save this result (`dgpf score … -o baseline.json`) and name it with --baseline next time".to_owned(),
            ),
            Self::ScoreBelow { .. }
            | Self::TargetMissed { .. }
            | Self::CoverageBelow { .. }
            | Self::LevelBelow { .. }
            | Self::ScoreDropped { .. }
            | Self::LevelLost { .. }
            | Self::NoScore { .. }
            | Self::RuleHolds { .. } => None,
        }
    }
}
