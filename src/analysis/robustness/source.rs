//! What varies in a study, as data.

use crate::framework::{Aggregate, Framework, MissingAnswer, MissingPart, NodeIx, Normalise};
use crate::responses::Responses;

/// What is varied, and how often.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// How many times assumptions are drawn; at least 1.
    pub draws: usize,
    /// Where the random numbers start.
    pub seed: u64,
    /// What varies; together in every draw.
    pub sources: Vec<Source>,
    /// Whose scores and ranks are looked at: a position among the responses' periods.
    pub period: usize,
    /// The ends of intervals, as shares: 0.05 and 0.95 hold nine tenths of the draws.
    pub interval: (f64, f64),
    /// The unit that the others are compared with, by its id.
    pub peer: Option<String>,
}

impl Study {
    /// Draws of a study unless something else is asked for.
    pub const DRAWS: usize = 10_000;

    /// Every weight up to a quarter more or less, 10,000 times, in the latest period with responses.
    pub fn of(responses: &Responses) -> Self {
        Self {
            draws: Self::DRAWS,
            seed: 1,
            sources: vec![Source::Weights(Weighting::Around([0.25; 4]))],
            period: latest(responses),
            interval: (0.05, 0.95),
            peer: None,
        }
    }
}

/// The last period in which anybody is observed.
fn latest(responses: &Responses) -> usize {
    let observed = responses.rows.iter().map(|row| row.period);
    observed.max().unwrap_or(0)
}

/// One thing about the method or the data that could have been otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Weights of siblings. What has weight 0 keeps it.
    Weights(Weighting),
    /// How these nodes make their scores; all in the same way in one draw, each way equally likely.
    Aggregation {
        /// Nodes that hold others.
        nodes: Vec<NodeIx>,
        /// At least one.
        alternatives: Vec<Aggregate>,
    },
    /// How these nodes are rescaled; likewise.
    Normalisation {
        /// Indicators or others.
        nodes: Vec<NodeIx>,
        /// At least one.
        alternatives: Vec<Normalise>,
    },
    /// How many points of these numbers may be winsorised; likewise.
    Treatment {
        /// Indicators that are winsorised where their skewness says so.
        nodes: Vec<NodeIx>,
        /// At least one; 0 leaves the numbers as they are.
        alternatives: Vec<usize>,
    },
    /// What a part without a score counts as; likewise.
    Missing {
        /// Nodes that hold others.
        nodes: Vec<NodeIx>,
        /// At least one.
        alternatives: Vec<MissingPart>,
    },
    /// What fills the gaps of these indicators; likewise.
    Imputation {
        /// Indicators.
        nodes: Vec<NodeIx>,
        /// At least one.
        alternatives: Vec<MissingAnswer>,
    },
    /// One of these nodes is left out, or none; each equally likely.
    LeaveOut {
        /// At least one.
        nodes: Vec<NodeIx>,
    },
    /// The rows of a finer key are drawn again with replacement, within each unit and coarser key.
    Respondents {
        /// Position among the framework's row steps.
        step: usize,
    },
    /// Given answers are off: with probability `share` a choice is one step up or down (at an end: the only way there is),
    /// and one option of a multiple choice is the other way; numbers are off by up to `numbers` of themselves.
    Errors {
        /// 0 to 1.
        share: f64,
        /// 0 to 1.
        numbers: f64,
    },
    /// Missing answers are drawn from what could have been answered.
    Gaps,
}

/// How weights are drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Weighting {
    /// w · (1 + f·u), u uniform between −1 and 1; f (0 to 1) by tier, in the order of
    /// [`Tier`](crate::framework::Tier).
    Around([f64; 4]),
    /// Uᵢ ÷ Σ u, u uniform between 0 and 1, among the siblings of these nodes that are listed.
    RandomShares(Vec<NodeIx>),
    /// Shares from a Dirichlet distribution among the siblings that are listed: around the framework's shares with this
    /// concentration (above zero; their sum of parameters), or every combination equally likely.
    Dirichlet {
        /// Whose weights are drawn.
        nodes: Vec<NodeIx>,
        /// The higher, the nearer to the framework's weights.
        concentration: Option<f64>,
    },
    /// One of these, each equally likely: a weight for every node, in node order.
    Sets(Vec<Vec<f64>>),
}

impl Source {
    /// Its word, as in flags, files and data.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Weights(_) => "weights",
            Self::Aggregation { .. } => "aggregation",
            Self::Normalisation { .. } => "normalisation",
            Self::Treatment { .. } => "treatment",
            Self::Missing { .. } => "missing",
            Self::Imputation { .. } => "imputation",
            Self::LeaveOut { .. } => "leave-out",
            Self::Respondents { .. } => "respondents",
            Self::Errors { .. } => "errors",
            Self::Gaps => "gaps",
        }
    }
}

/// Why a study cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No draws were asked for.
    #[error("a study needs at least one draw")]
    NoDraws,
    /// Nothing varies.
    #[error("nothing varies: name at least one source")]
    NoSources,
    /// A source has nothing to vary.
    #[error("nothing varies under `{source_word}`: {why}")]
    Idle {
        /// The source.
        source_word: &'static str,
        /// Why it does nothing here.
        why: &'static str,
    },
    /// Fewer than two units have a rank.
    #[error("fewer than two units are ranked in this period")]
    NobodyToRank,
    /// The peer is not among those that are ranked.
    #[error("no ranked unit `{0}`")]
    NoSuchPeer(String),
    /// A unit that is asked about is not there.
    #[error("no unit `{0}` in this period")]
    NoSuchUnit(String),
}

impl Study {
    /// What stands against making it.
    pub(crate) fn check(
        &self,
        framework: &Framework,
        responses: &Responses,
    ) -> Result<(), Refused> {
        if self.draws == 0 {
            return Err(Refused::NoDraws);
        }
        if self.sources.is_empty() {
            return Err(Refused::NoSources);
        }
        for source in &self.sources {
            if let Some(why) = source.idle(framework, responses) {
                let source_word = source.word();
                return Err(Refused::Idle { source_word, why });
            }
        }
        Ok(())
    }
}

impl Source {
    /// Why it would change nothing.
    fn idle(&self, framework: &Framework, responses: &Responses) -> Option<&'static str> {
        let lacking = |lacks: bool, why: &'static str| lacks.then_some(why);
        match self {
            Self::Weights(Weighting::Around(factors)) => {
                lacking(factors.iter().all(|f| *f <= 0.0), "every factor is 0")
            }
            Self::Weights(Weighting::RandomShares(nodes) | Weighting::Dirichlet { nodes, .. }) => {
                let siblings = |node: &NodeIx| {
                    let parent = framework.node(*node).parent;
                    let alike = nodes.iter();
                    alike
                        .filter(|other| framework.node(**other).parent == parent)
                        .count()
                        > 1
                };
                lacking(
                    !nodes.iter().any(siblings),
                    "no two of the nodes are siblings",
                )
            }
            Self::Weights(Weighting::Sets(sets)) => {
                lacking(sets.is_empty(), "no weight set is named")
            }
            Self::Aggregation {
                nodes,
                alternatives,
            } => lacking(
                nodes.is_empty() || alternatives.is_empty(),
                "no node takes an alternative",
            ),
            Self::Normalisation {
                nodes,
                alternatives,
            } => lacking(
                nodes.is_empty() || alternatives.is_empty(),
                "nothing is normalised against a cohort",
            ),
            Self::Treatment {
                nodes,
                alternatives,
            } => lacking(
                nodes.is_empty() || alternatives.is_empty(),
                "no number is winsorised",
            ),
            Self::Missing {
                nodes,
                alternatives,
            } => lacking(
                nodes.is_empty() || alternatives.is_empty(),
                "no node takes an alternative",
            ),
            Self::Imputation {
                nodes,
                alternatives,
            } => lacking(
                nodes.is_empty() || alternatives.is_empty(),
                "no gap takes an alternative",
            ),
            Self::LeaveOut { nodes } => lacking(nodes.is_empty(), "no node is named"),
            Self::Respondents { step } => lacking(
                framework.rows.len() <= *step,
                "the framework has no rows finer than the unit",
            ),
            Self::Errors { share, numbers } => {
                lacking(*share <= 0.0 && *numbers <= 0.0, "the probability is 0")
            }
            Self::Gaps => {
                let gaps = responses.answers.iter().flat_map(|column| &column.marks);
                lacking(
                    !gaps.clone().any(|mark| mark.is_missing()),
                    "no answer is missing",
                )
            }
        }
    }
}
