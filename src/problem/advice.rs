//! Advice on a framework file that is sound: one variant each, with its data, its text, its stable code and its help.

/// Something about a sound framework that is worth a look.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AdviceKind {
    /// A scale that no indicator has.
    #[error("no indicator has the scale `{name}`")]
    UnusedScale {
        /// The scale.
        name: String,
    },
    /// A facet that no indicator has.
    #[error("no indicator belongs to the facet `{name}`")]
    UnusedFacet {
        /// The facet.
        name: String,
    },
    /// A node that is shown but not counted.
    #[error("`{id}` has weight 0: it is shown, not counted")]
    WeightZero {
        /// The node.
        id: String,
    },
    /// A scale whose answers are not in the order of their worth.
    #[error("the answers do not run from the worst to the best")]
    ScaleOrder,
    /// A share among numbers that it cannot be combined with.
    #[error(
        "where `{id}` is skipped, what counts in its place is left out beside the numbers of other rows"
    )]
    ShareAmongNumbers {
        /// The indicator.
        id: String,
    },
    /// A node whose own score leaves the shown range.
    #[error("`{id}` can be shown as {low} to {high}, beyond the range")]
    PartBeyondRange {
        /// The node.
        id: String,
        /// Lowest shown score.
        low: f64,
        /// Highest shown score.
        high: f64,
    },
    /// A level whose scores its nodes cannot have.
    #[error("no score comes to level `{level}`: `{id}` is shown as at {} {end}", if *.most { "most" } else { "least" })]
    LevelOutOfReach {
        /// The level.
        level: String,
        /// The first node that has these levels.
        id: String,
        /// Its shown score that comes nearest to the level.
        end: f64,
        /// Whether that is the highest one.
        most: bool,
    },
    /// A target that no answers bring a score to.
    #[error("nothing comes to the target of `{id}` for {phase}: it is shown as at {} {best}", if *.most { "most" } else { "least" })]
    TargetOutOfReach {
        /// The phase.
        phase: String,
        /// The node.
        id: String,
        /// Its best shown score.
        best: f64,
        /// Whether that is the highest one.
        most: bool,
    },
    /// A level that leaves out what the next worse one needs.
    #[error("level `{level}` leaves out what `{below}` below it needs: {need}")]
    NeedLeftOut {
        /// The level.
        level: String,
        /// The one below it.
        below: String,
        /// The condition.
        need: String,
    },
    /// Indicators without question.
    #[error("{} no `question`", indicators(*.count))]
    NoQuestion {
        /// How many.
        count: usize,
    },
    /// Indicators without advice.
    #[error("{} no `advice`", indicators(*.count))]
    NoAdvice {
        /// How many.
        count: usize,
    },
    /// Indicators that ask for evidence without saying which.
    #[error("{} evidence without a `note` on what it should show", ask(*.count))]
    NoEvidenceNote {
        /// How many.
        count: usize,
    },
    /// Nodes without a translation that others have.
    #[error("{} no text in `{language}`", parts(*.count))]
    NoTranslation {
        /// The language.
        language: String,
        /// How many.
        count: usize,
    },
    /// Codes that some survey tools would not keep.
    #[error("{} that not every survey tool keeps, for instance `{code}`", codes(*.count))]
    CodeNotPortable {
        /// The first one.
        code: String,
        /// How many.
        count: usize,
    },
    /// Answer codes that some survey tools would not keep.
    #[error("{} answers that not every survey tool keeps, for instance `{code}`", indicators(*.count))]
    AnswerNotPortable {
        /// The first one.
        code: String,
        /// How many indicators have such answers.
        count: usize,
    },
    /// No source.
    #[error("the framework does not say where its method is published")]
    NoSource,
    /// No licence.
    #[error("the framework has no licence")]
    NoLicence,
    /// A dimension of few indicators.
    #[error("dimension `{id}` rests on {}", just(*.count))]
    FewIndicators {
        /// The dimension.
        id: String,
        /// How many indicators it has.
        count: usize,
        /// How many would do.
        fewest: usize,
    },
}

impl AdviceKind {
    /// The stable name of the advice.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnusedScale { .. } => "unused-scale",
            Self::UnusedFacet { .. } => "unused-facet",
            Self::WeightZero { .. } => "weight-zero",
            Self::ScaleOrder => "scale-order",
            Self::ShareAmongNumbers { .. } => "share-among-numbers",
            Self::PartBeyondRange { .. } => "part-beyond-range",
            Self::LevelOutOfReach { .. } => "level-out-of-reach",
            Self::TargetOutOfReach { .. } => "target-out-of-reach",
            Self::NeedLeftOut { .. } => "need-left-out",
            Self::NoQuestion { .. } => "no-question",
            Self::NoAdvice { .. } => "no-advice",
            Self::NoEvidenceNote { .. } => "no-evidence-note",
            Self::NoTranslation { .. } => "no-translation",
            Self::CodeNotPortable { .. } => "code-not-portable",
            Self::AnswerNotPortable { .. } => "answer-not-portable",
            Self::NoSource => "no-source",
            Self::NoLicence => "no-licence",
            Self::FewIndicators { .. } => "few-indicators",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let text = match self {
            Self::UnusedScale { .. } => "remove it, or name it in `scale`",
            Self::UnusedFacet { .. } => "remove it, or name it in `facet`",
            Self::WeightZero { .. } => {
                "give it a weight if it should count; `scored: false` says that it does in no weight set either"
            }
            Self::ScaleOrder => "order them by their worth: forms and charts keep the order",
            Self::ShareAmongNumbers { .. } => {
                "combine scores (`of: scores`), or let it not apply (`otherwise: not-applicable`)"
            }
            Self::PartBeyondRange { .. } => {
                "divide it with `out-of`, so that its levels mean something"
            }
            Self::LevelOutOfReach { .. } => {
                "cut-offs are shown scores: write them as the node is shown, or leave the level out"
            }
            Self::TargetOutOfReach { .. } => {
                "targets are shown scores: write it as the node is shown, or leave it out"
            }
            Self::NeedLeftOut { .. } => {
                "repeat it, unless units that lack it should have the better level and never the one below"
            }
            Self::NoQuestion { .. } => "write what is asked: forms and scorecards show it",
            Self::NoAdvice { .. } => {
                "write what to do next: scorecards name it for the largest gains"
            }
            Self::NoEvidenceNote { .. } => "write `evidence: {ask: required, note: …}`",
            Self::NoTranslation { .. } => "translate them, or the default language is shown",
            Self::CodeNotPortable { .. } => {
                "codes of a letter and at most 19 letters and digits survive every tool"
            }
            Self::AnswerNotPortable { .. } => {
                "answer codes of at most 5 letters and digits survive every tool; put the words into `label`"
            }
            Self::NoSource => "add `source`: a link or a title",
            Self::NoLicence => "add `licence`, for instance `CC-BY-4.0`",
            Self::FewIndicators { fewest, .. } => {
                return Some(format!(
                    "with {fewest} and more a single answer moves the score less"
                ));
            }
        };
        Some(text.to_owned())
    }
}

fn indicators(count: usize) -> String {
    match count {
        1 => "1 indicator has".to_owned(),
        _ => format!("{count} indicators have"),
    }
}

fn ask(count: usize) -> String {
    match count {
        1 => "1 indicator asks for".to_owned(),
        _ => format!("{count} indicators ask for"),
    }
}

fn parts(count: usize) -> String {
    match count {
        1 => "1 part has".to_owned(),
        _ => format!("{count} parts have"),
    }
}

fn codes(count: usize) -> String {
    match count {
        1 => "1 code".to_owned(),
        _ => format!("{count} codes"),
    }
}

fn just(count: usize) -> String {
    match count {
        1 => "1 indicator".to_owned(),
        _ => format!("{count} indicators"),
    }
}
