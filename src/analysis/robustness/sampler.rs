//! The numbers of a draw → assumptions, and answers where those vary too.

use crate::framework::{Aggregate, Framework, NodeIx, Normalise, Outliers, Treat};
use crate::responses::Responses;
use crate::scoring::{Assumptions, Plan};

use super::answers::{Chance, err, fill, ranges, resample, row_names};
use super::random::{Stream, name, within};
use super::source::{Source, Weighting};

/// Everything that varies, ready to be drawn.
pub(crate) struct Sampler<'a> {
    framework: &'a Framework,
    responses: &'a Responses,
    seed: u64,
    sources: &'a [Source],
    nominal: Assumptions,
    /// Name of each source, and of each node under it; a choice goes by the name of the index.
    sources_named: Vec<u64>,
    things: Vec<Vec<u64>>,
    rows_named: Vec<u64>,
    /// The highest share that each node can reach.
    reach: Vec<f64>,
    ranges: Vec<Option<(f64, f64)>>,
}

/// What one draw decides beside the assumptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Drawn {
    /// Which combination of the decisions about the indicators' own answers: below [`Sampler::variants`].
    pub(crate) variant: usize,
}

/// A number that replaces the first one of a thing's stream, by source and thing; for quasi-random sequences.
pub(crate) type Points<'p> = &'p dyn Fn(usize, usize) -> Option<f64>;

/// No such numbers.
pub(crate) fn no_points(_: usize, _: usize) -> Option<f64> {
    None
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(
        framework: &'a Framework,
        responses: &'a Responses,
        seed: u64,
        sources: &'a [Source],
    ) -> Self {
        let occurrence = |at: usize| {
            let word = sources[at].word();
            let before = sources[..at].iter().filter(|source| source.word() == word);
            name([word, &before.count().to_string()])
        };
        let varies_answers = sources.iter().any(Source::varies_answers);
        let nominal = Assumptions::of(framework);
        let reach = Plan::compile(framework, &nominal).reach;
        let sources_named: Vec<u64> = (0..sources.len()).map(occurrence).collect();
        let nodes = framework.nodes.iter();
        let nodes: Vec<u64> = nodes.map(|node| name([node.id.as_str()])).collect();
        let things = |source: &u64| nodes.iter().map(|node| within(*source, *node)).collect();
        Self {
            things: sources_named.iter().map(things).collect(),
            framework,
            responses,
            seed,
            sources,
            nominal,
            reach,
            sources_named,
            rows_named: if varies_answers {
                row_names(responses)
            } else {
                Vec::new()
            },
            ranges: if sources.contains(&Source::Gaps) {
                ranges(framework, responses)
            } else {
                Vec::new()
            },
        }
    }

    /// The framework's own assumptions.
    pub(crate) fn nominal(&self) -> &Assumptions {
        &self.nominal
    }

    /// How many combinations of decisions about the indicators' own answers there are.
    pub(crate) fn variants(&self) -> usize {
        let own = self
            .sources
            .iter()
            .filter(|source| self.settles_indicators(source));
        own.fold(1, |all, source| all.saturating_mul(source.alternatives()))
    }

    /// Whether a source decides about indicators' own answers (and not only about the tree above).
    fn settles_indicators(&self, source: &Source) -> bool {
        match source {
            Source::Normalisation { nodes, .. } => nodes
                .iter()
                .any(|node| self.framework.node(*node).indicator().is_some()),
            Source::Treatment { .. } | Source::Imputation { .. } => true,
            Source::Weights(_)
            | Source::Aggregation { .. }
            | Source::Missing { .. }
            | Source::LeaveOut { .. }
            | Source::Respondents { .. }
            | Source::Errors { .. }
            | Source::Gaps => false,
        }
    }

    /// Draws assumptions: source k takes the numbers of draw `picks[k]`. `assumptions` are the nominal ones or those of
    /// another draw.
    pub(crate) fn draw(
        &self,
        picks: &[u64],
        points: Points<'_>,
        assumptions: &mut Assumptions,
    ) -> Drawn {
        let mut variant = 0;
        for source in self.sources {
            source.undo(&self.nominal, assumptions);
        }
        for (at, source) in self.sources.iter().enumerate() {
            let key = Stream::key(self.seed, picks[at]);
            let stream = |position: usize| {
                let stream = Stream::of(key, self.things[at][position]);
                match points(at, position) {
                    Some(first) => stream.starting_with(first),
                    None => stream,
                }
            };
            let choice = self.apply(source, &stream, assumptions);
            if self.settles_indicators(source) {
                variant = variant * source.alternatives() + choice;
            }
        }
        Drawn { variant }
    }

    /// Lets one source decide; tells which alternative it took.
    fn apply(
        &self,
        source: &Source,
        stream: &impl Fn(usize) -> Stream,
        assumptions: &mut Assumptions,
    ) -> usize {
        let choice = match source {
            Source::Weights(Weighting::Sets(_))
            | Source::Aggregation { .. }
            | Source::Normalisation { .. }
            | Source::Treatment { .. }
            | Source::Missing { .. }
            | Source::Imputation { .. }
            | Source::LeaveOut { .. } => stream(Framework::INDEX.0).below(source.alternatives()),
            Source::Weights(_)
            | Source::Respondents { .. }
            | Source::Errors { .. }
            | Source::Gaps => 0,
        };
        match source {
            Source::Weights(weighting) => {
                self.weigh(weighting, choice, stream, assumptions);
                self.hold_points(weighting, assumptions);
            }
            Source::Aggregation {
                nodes,
                alternatives,
            } => {
                set(&mut assumptions.aggregate, nodes, &alternatives[choice]);
            }
            Source::Normalisation {
                nodes,
                alternatives,
            } => {
                for node in nodes {
                    let own = self.nominal.normalise[node.0].as_ref();
                    let how = on_the_scale_of(own, alternatives[choice].clone());
                    assumptions.normalise[node.0] = Some(how);
                }
            }
            Source::Treatment {
                nodes,
                alternatives,
            } => {
                for node in nodes {
                    let own = self.nominal.treat[node.0].as_ref();
                    assumptions.treat[node.0] = winsorised_by(own, alternatives[choice]);
                }
            }
            Source::Missing {
                nodes,
                alternatives,
            } => {
                set(&mut assumptions.missing, nodes, &alternatives[choice]);
            }
            Source::Imputation {
                nodes,
                alternatives,
            } => {
                set(
                    &mut assumptions.missing_answer,
                    nodes,
                    &alternatives[choice],
                );
            }
            Source::LeaveOut { nodes } => {
                if let Some(node) = choice.checked_sub(1) {
                    assumptions.left_out[nodes[node].0] = true;
                }
            }
            Source::Respondents { .. } | Source::Errors { .. } | Source::Gaps => {}
        }
        choice
    }

    fn weigh(
        &self,
        weighting: &Weighting,
        choice: usize,
        stream: &impl Fn(usize) -> Stream,
        assumptions: &mut Assumptions,
    ) {
        match weighting {
            Weighting::Sets(sets) => assumptions.weights.clone_from(&sets[choice]),
            Weighting::Around(factors) => {
                for (ix, node) in self.framework.walk() {
                    let factor = factors[node.tier as usize];
                    let weight = &mut assumptions.weights[ix.0];
                    if factor > 0.0 && *weight > 0.0 {
                        let moved = 1.0 + factor * stream(ix.0).symmetric();
                        *weight *= moved.max(LEAST);
                    }
                }
            }
            Weighting::RandomShares(nodes) => {
                self.share_out(nodes, assumptions, |ix, _| stream(ix.0).uniform());
            }
            Weighting::Dirichlet {
                nodes,
                concentration,
            } => {
                self.share_out(nodes, assumptions, |ix, share| {
                    let mut stream = stream(ix.0);
                    match concentration {
                        // A Dirichlet whose parameters are all 1.
                        None => stream.exponential(),
                        Some(concentration) => stream.gamma(concentration * share),
                    }
                });
            }
        }
    }

    /// Weights of a sum are points: those that are drawn can reach together what the framework's own can, or the sum would leave
    /// its range. A weight set says itself how many there are.
    fn hold_points(&self, weighting: &Weighting, assumptions: &mut Assumptions) {
        if let Weighting::Sets(_) = weighting {
            return;
        }
        for (ix, parent) in self.framework.walk() {
            if !matches!(assumptions.aggregate[ix.0], Aggregate::Sum { .. }) {
                continue;
            }
            let points = |weights: &[f64]| -> f64 {
                let counting = parent.children().iter();
                let counting = counting.filter(|child| assumptions.counts(**child));
                counting
                    .map(|child| weights[child.0] * self.reach[child.0])
                    .sum()
            };
            let (own, drawn) = (points(&self.nominal.weights), points(&assumptions.weights));
            if drawn > 0.0 {
                for child in parent.children() {
                    assumptions.weights[child.0] *= own / drawn;
                }
            }
        }
    }

    /// Gives the listed siblings of each parent new shares of what they weigh together, in proportion to what `draw`
    /// makes of each node and its present share.
    fn share_out(
        &self,
        nodes: &[NodeIx],
        assumptions: &mut Assumptions,
        draw: impl Fn(NodeIx, f64) -> f64,
    ) {
        for (_, parent) in self.framework.walk() {
            let counting = parent.children().iter().copied();
            let siblings: Vec<NodeIx> = counting
                .filter(|child| assumptions.counts(*child) && nodes.contains(child))
                .collect();
            let total: f64 = siblings.iter().map(|ix| assumptions.weights[ix.0]).sum();
            let drawn: Vec<f64> = siblings
                .iter()
                .map(|ix| draw(*ix, assumptions.weights[ix.0] / total).max(LEAST))
                .collect();
            let sum: f64 = drawn.iter().sum();
            for (ix, drawn) in siblings.iter().zip(&drawn) {
                assumptions.weights[ix.0] = total * drawn / sum;
            }
        }
    }

    /// Whether answers vary, so that nothing can be kept from one draw to the next.
    pub(crate) fn varies_answers(&self) -> bool {
        self.sources.iter().any(Source::varies_answers)
    }

    /// The answers of a draw: errors first, then gaps, then respondents, so that a respondent drawn twice says the same
    /// thing twice.
    pub(crate) fn answers(&self, picks: &[u64]) -> Responses {
        let mut responses = self.responses.clone();
        let chance = |at: usize| Chance {
            seed: self.seed,
            draw: picks[at],
            source: self.sources_named[at],
        };
        for (at, source) in self.sources.iter().enumerate() {
            if let Source::Errors { share, numbers } = source {
                let off = (*share, *numbers);
                err(
                    self.framework,
                    &mut responses,
                    &self.rows_named,
                    off,
                    chance(at),
                );
            }
        }
        for (at, _) in self.of(|source| *source == Source::Gaps) {
            let (rows, ranges) = (&self.rows_named, &self.ranges);
            fill(self.framework, &mut responses, rows, ranges, chance(at));
        }
        for (at, source) in self.sources.iter().enumerate() {
            if let Source::Respondents { step } = source {
                resample(&mut responses, *step, chance(at));
            }
        }
        responses
    }

    fn of(&self, wanted: impl Fn(&Source) -> bool) -> impl Iterator<Item = (usize, &Source)> {
        let sources = self.sources.iter().enumerate();
        sources.filter(move |(_, source)| wanted(source))
    }
}

/// The least that a weight is drawn as, so that what counts goes on counting.
const LEAST: f64 = 1e-12;

/// An alternative of the same kind as a node's own method runs between the same ends, so that `min-max` stays what it is
/// where the framework has it run from 0 to 100.
fn on_the_scale_of(own: Option<&Normalise>, alternative: Normalise) -> Normalise {
    match (own, &alternative) {
        (Some(Normalise::MinMax { .. }), Normalise::MinMax { .. })
        | (Some(Normalise::ZScore { .. }), Normalise::ZScore { .. }) => {
            own.cloned().unwrap_or(alternative)
        }
        _ => alternative,
    }
}

/// A treatment by its own rule, of at most so many points.
fn winsorised_by(own: Option<&Treat>, points: usize) -> Option<Treat> {
    let mut treat = own.filter(|_| points > 0)?.clone();
    if let Outliers::Skewed(rule) = &mut treat.rule {
        rule.winsorise = points;
    }
    Some(treat)
}

fn set<T: Clone>(decisions: &mut [T], nodes: &[NodeIx], decision: &T) {
    for node in nodes {
        decisions[node.0].clone_from(decision);
    }
}

impl Source {
    /// Between how many alternatives it chooses; 1 where it draws numbers instead.
    pub(crate) fn alternatives(&self) -> usize {
        match self {
            Self::Weights(Weighting::Sets(sets)) => sets.len(),
            Self::Aggregation { alternatives, .. } => alternatives.len(),
            Self::Normalisation { alternatives, .. } => alternatives.len(),
            Self::Treatment { alternatives, .. } => alternatives.len(),
            Self::Missing { alternatives, .. } => alternatives.len(),
            Self::Imputation { alternatives, .. } => alternatives.len(),
            Self::LeaveOut { nodes } => nodes.len() + 1,
            Self::Weights(_) | Self::Respondents { .. } | Self::Errors { .. } | Self::Gaps => 1,
        }
    }

    /// Takes back what it decided in another draw.
    fn undo(&self, nominal: &Assumptions, assumptions: &mut Assumptions) {
        match self {
            Self::Weights(_) => assumptions.weights.clone_from(&nominal.weights),
            Self::Aggregation { .. } => assumptions.aggregate.clone_from(&nominal.aggregate),
            Self::Normalisation { .. } => assumptions.normalise.clone_from(&nominal.normalise),
            Self::Treatment { .. } => assumptions.treat.clone_from(&nominal.treat),
            Self::Missing { .. } => assumptions.missing.clone_from(&nominal.missing),
            Self::Imputation { .. } => {
                assumptions
                    .missing_answer
                    .clone_from(&nominal.missing_answer);
            }
            Self::LeaveOut { .. } => assumptions.left_out.clone_from(&nominal.left_out),
            Self::Respondents { .. } | Self::Errors { .. } | Self::Gaps => {}
        }
    }

    /// Whether it changes answers instead of assumptions.
    pub(crate) fn varies_answers(&self) -> bool {
        match self {
            Self::Respondents { .. } | Self::Errors { .. } | Self::Gaps => true,
            Self::Weights(_)
            | Self::Aggregation { .. }
            | Self::Normalisation { .. }
            | Self::Treatment { .. }
            | Self::Missing { .. }
            | Self::Imputation { .. }
            | Self::LeaveOut { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::{Skewed, Transform};

    #[test]
    fn other_counts_of_points_leave_the_rest_of_a_rule() {
        let rule = Skewed {
            skewness: 1.5,
            kurtosis: 3.0,
            winsorise: 5,
            transform: Transform::None,
            on_winsorised: false,
        };
        let treat = |rule| Treat {
            rule: Outliers::Skewed(rule),
            cohort: None,
        };
        let own = treat(rule.clone());
        let one = treat(Skewed {
            winsorise: 1,
            ..rule
        });
        assert_eq!(winsorised_by(Some(&own), 1), Some(one));
        assert_eq!(winsorised_by(Some(&own), 5), Some(own.clone()));
        assert_eq!(winsorised_by(Some(&own), 0), None);
    }
}
