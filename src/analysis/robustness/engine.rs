//! One draw → scores, ranks and levels of a period's units.
//!
//! What an assumption does not touch is not made again: weights, aggregations and missing rules of nodes leave the
//! indicators' shares as they are, and alternatives for those are made once each. Only where answers themselves vary is
//! everything made anew.

use std::sync::{Arc, OnceLock};

use crate::framework::{Aggregate, Better, Framework, RankMethod, Ranking, reaches};
use crate::responses::Responses;
use crate::scoring::{Again, Assumptions, Plan, Ready, weighted_mean};

use super::sampler::{Points, Sampler};
use super::source::{Refused, Source, Study};

/// Scores a study's draws.
pub(crate) struct Engine<'a> {
    framework: &'a Framework,
    responses: &'a Responses,
    sampler: Sampler<'a>,
    /// Made under the framework's own assumptions.
    base: Again<'a>,
    /// The indicators' shares under every combination of decisions about them; made when first needed.
    variants: Vec<OnceLock<Arc<Ready>>>,
    /// Only the cases of this period are made, where no other matters.
    alone: Option<usize>,
    ranking: Ranking,
    period: usize,
    /// The period's observations, by unit.
    pub(crate) seen: Vec<usize>,
    /// Those of them that are ranked.
    field: Vec<usize>,
    peers: Vec<(usize, f64)>,
    /// Position among `seen`, by case.
    position: Vec<usize>,
    pub(crate) nominal: Draw,
}

/// What one draw gave; by position among the engine's `seen`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Draw {
    pub(crate) scores: Vec<Option<f64>>,
    /// Twice the rank, so that halves are whole; 0 for none.
    pub(crate) ranks: Vec<u32>,
    /// Empty where there are no levels.
    pub(crate) levels: Vec<Option<usize>>,
    /// Whether a score lies above the peers' mean.
    pub(crate) above_mean: Vec<bool>,
}

/// What a thread needs to make draws.
pub(crate) struct Worker<'a> {
    again: Again<'a>,
    plan: Plan<'a>,
    assumptions: Assumptions,
    order: Vec<(i64, usize)>,
}

/// Given assumptions by what they decide about the indicators' own answers, so that these are made once each.
pub(crate) struct Variants {
    /// Position among `ready`, by position among the given ones.
    of: Vec<usize>,
    ready: Vec<OnceLock<Arc<Ready>>>,
}

impl Variants {
    pub(crate) fn of(given: &[Assumptions]) -> Self {
        let mut first: Vec<&Assumptions> = Vec::new();
        let mut of = Vec::with_capacity(given.len());
        for own in given {
            let alike = |other: &&Assumptions| {
                own.missing_answer == other.missing_answer
                    && own.treat == other.treat
                    && own.normalise == other.normalise
            };
            let known = first.iter().position(alike);
            of.push(known.unwrap_or(first.len()));
            if known.is_none() {
                first.push(own);
            }
        }
        Self {
            of,
            ready: vec![OnceLock::new(); first.len()],
        }
    }
}

/// More combinations than this are not kept.
const MOST_VARIANTS: usize = 4096;

impl<'a> Engine<'a> {
    pub(crate) fn new(
        framework: &'a Framework,
        responses: &'a Responses,
        study: &'a Study,
    ) -> Result<Self, Refused> {
        Self::of(
            framework,
            responses,
            study.period,
            study.seed,
            &study.sources,
        )
    }

    pub(crate) fn of(
        framework: &'a Framework,
        responses: &'a Responses,
        period: usize,
        seed: u64,
        sources: &'a [Source],
    ) -> Result<Self, Refused> {
        let sampler = Sampler::new(framework, responses, seed, sources);
        let plan = Plan::compile(framework, sampler.nominal());
        let stands_alone =
            plan.cases_stand_alone() && !sources.iter().any(|s| compares(framework, s));
        let alone = stands_alone.then_some(period);
        let ready = Arc::new(restricted(framework, plan.ready(responses), alone));
        let mut base = Again::new(&plan, responses, ready);
        base.score();
        let ranking = framework.ranking.clone().unwrap_or(Ranking {
            method: RankMethod::Competition,
            rounded: false,
            among: None,
            mark_ties: false,
        });
        let mut engine = Self {
            variants: vec![OnceLock::new(); sampler.variants().min(MOST_VARIANTS)],
            framework,
            responses,
            sampler,
            base,
            alone,
            ranking,
            period,
            seen: Vec::new(),
            field: Vec::new(),
            peers: Vec::new(),
            position: Vec::new(),
            nominal: Draw::default(),
        };
        engine.see();
        if engine
            .nominal
            .ranks
            .iter()
            .filter(|rank| **rank > 0)
            .count()
            < 2
        {
            return Err(Refused::NobodyToRank);
        }
        Ok(engine)
    }

    /// Finds the period's observations among the cases that are made, and reads what they have nominally.
    fn see(&mut self) {
        let keys = &self.base.cases().keys;
        self.position = vec![0; keys.len()];
        self.seen.clear();
        for (case, key) in keys.iter().enumerate() {
            if key.period == self.period {
                self.position[case] = self.seen.len();
                self.seen.push(case);
            }
        }
        self.field = self.base.field(&self.ranking, self.period);
        self.peers = self.base.peers(self.period);
        let mut nominal = Draw::default();
        self.read(&self.base, &mut Vec::new(), &mut nominal);
        self.nominal = nominal;
    }

    pub(crate) fn worker(&self) -> Worker<'a> {
        Worker {
            again: self.base.clone(),
            plan: Plan::compile(self.framework, self.sampler.nominal()),
            assumptions: self.sampler.nominal().clone(),
            order: Vec::new(),
        }
    }

    /// Scores the draw in which source k takes the numbers of draw `picks[k]`.
    pub(crate) fn make(
        &self,
        worker: &mut Worker<'a>,
        picks: &[u64],
        points: Points<'_>,
        draw: &mut Draw,
    ) {
        let drawn = self.sampler.draw(picks, points, &mut worker.assumptions);
        if self.sampler.varies_answers() {
            let answers = self.sampler.answers(picks);
            let ready = self.ready(&mut worker.plan, &worker.assumptions, &answers);
            // The rows that scores are combined from may be others.
            worker.again = Again::new(&worker.plan, self.responses, Arc::new(ready));
        } else {
            let make = |worker: &mut Worker<'a>| {
                let assumptions = worker.assumptions.clone();
                Arc::new(self.ready(&mut worker.plan, &assumptions, self.responses))
            };
            if let Some(kept) = self.variants.get(drawn.variant) {
                let ready = kept.get_or_init(|| make(worker));
                worker.again.take(ready);
            } else {
                let ready = make(worker);
                worker.again.take(&ready);
            }
        }
        self.finish(worker, draw);
    }

    /// The same, but nothing is known of the assumptions to come: all periods are made, because cases may be compared.
    pub(crate) fn of_any_tree(mut self) -> Self {
        let plan = Plan::compile(self.framework, self.sampler.nominal());
        let ready = Arc::new(plan.ready(self.responses));
        self.alone = None;
        self.base = Again::new(&plan, self.responses, ready);
        self.base.score();
        self.see();
        self
    }

    /// Scores under given assumptions, the `number`th of those that `variants` were made of.
    pub(crate) fn replay(
        &self,
        worker: &mut Worker<'a>,
        assumptions: &Assumptions,
        variants: &Variants,
        number: usize,
        draw: &mut Draw,
    ) {
        let ready = variants.ready[variants.of[number]].get_or_init(|| {
            let ready = self.ready(&mut worker.plan, assumptions, self.responses);
            Arc::new(ready)
        });
        worker.again.take(ready);
        self.assume(worker, assumptions, draw);
    }

    /// Scores under assumptions that leave the indicators' own answers as the framework has them.
    pub(crate) fn assume(
        &self,
        worker: &mut Worker<'a>,
        assumptions: &Assumptions,
        draw: &mut Draw,
    ) {
        worker.assumptions.clone_from(assumptions);
        self.finish(worker, draw);
    }

    fn finish(&self, worker: &mut Worker<'a>, draw: &mut Draw) {
        worker.again.assume(&worker.assumptions);
        worker.again.score();
        self.read(&worker.again, &mut worker.order, draw);
    }

    /// The indicators' shares under the decisions about them; who is screened out stays as it is.
    fn ready(
        &self,
        plan: &mut Plan<'a>,
        assumptions: &Assumptions,
        responses: &Responses,
    ) -> Ready {
        let own = &mut plan.assumptions;
        own.clone_from(self.sampler.nominal());
        own.missing_answer.clone_from(&assumptions.missing_answer);
        own.treat.clone_from(&assumptions.treat);
        own.normalise.clone_from(&assumptions.normalise);
        restricted(self.framework, plan.ready(responses), self.alone)
    }

    /// Reads scores, ranks and levels.
    fn read(&self, again: &Again<'a>, order: &mut Vec<(i64, usize)>, draw: &mut Draw) {
        let scores = again.index();
        draw.scores.clear();
        draw.scores
            .extend(self.seen.iter().map(|case| scores.value(*case)));
        draw.ranks.clear();
        draw.ranks.resize(self.seen.len(), 0);
        again.rank(&self.ranking, &self.field, order, |case, rank| {
            draw.ranks[self.position[case]] = halves(rank);
        });
        let levels = again.levels();
        draw.levels.clear();
        if !levels.is_empty() {
            draw.levels
                .extend(self.seen.iter().map(|case| levels[*case]));
        }
        let cells: Vec<(f64, f64)> = self
            .peers
            .iter()
            .filter_map(|(case, weight)| Some((scores.value(*case)?, *weight)))
            .collect();
        let mean = weighted_mean(&cells);
        draw.above_mean.clear();
        draw.above_mean
            .extend(draw.scores.iter().map(|score| match (score, mean) {
                (Some(score), Some(mean)) => self.is_better(*score, mean),
                _ => false,
            }));
    }

    /// Whether a score is better than another by more than the last bits.
    pub(crate) fn is_better(&self, score: f64, than: f64) -> bool {
        match self.framework.better {
            Better::Higher => !reaches(than, score),
            Better::Lower => !reaches(score, than),
        }
    }

    /// The mean over ranked units of how far their ranks lie from the nominal ones.
    pub(crate) fn mean_shift(&self, draw: &Draw) -> f64 {
        let both = self.nominal.ranks.iter().zip(&draw.ranks);
        let (mut sum, mut count) = (0, 0_u32);
        for (nominal, rank) in both.filter(|(nominal, rank)| **nominal > 0 && **rank > 0) {
            sum += u64::from(nominal.abs_diff(*rank));
            count += 1;
        }
        if count == 0 {
            0.0
        } else {
            sum as f64 / 2.0 / f64::from(count)
        }
    }

    /// Whether ranks are whole numbers.
    pub(crate) fn whole_ranks(&self) -> bool {
        match self.ranking.method {
            RankMethod::Competition | RankMethod::Dense => true,
            RankMethod::Average => false,
        }
    }

    /// Id and name of a unit, by position.
    pub(crate) fn unit(&self, at: usize) -> (&str, &str) {
        let key = &self.base.cases().keys[self.seen[at]];
        (&key.unit, &self.responses.units[key.unit_at].name)
    }

    /// The framework's own assumptions.
    pub(crate) fn assumptions(&self) -> &Assumptions {
        self.sampler.nominal()
    }

    pub(crate) fn framework(&self) -> &'a Framework {
        self.framework
    }

    /// Positions in nominal order: ranked ones by rank, then the others; ties by id.
    pub(crate) fn nominal_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.seen.len()).collect();
        let key = |at: usize| match self.nominal.ranks[at] {
            0 => u32::MAX,
            rank => rank,
        };
        // Positions follow the units' ids, so a stable sort keeps ties in the order of ids.
        order.sort_by_key(|at| key(*at));
        order
    }
}

/// Twice a rank.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // ranks are halves from 1 up
fn halves(rank: f64) -> u32 {
    (rank * 2.0) as u32
}

fn restricted(framework: &Framework, ready: Ready, alone: Option<usize>) -> Ready {
    match alone {
        Some(period) => ready.of_period(framework, period),
        None => ready,
    }
}

/// Whether a source may let nodes be compared over the cohort that the framework does not compare.
fn compares(framework: &Framework, source: &Source) -> bool {
    match source {
        Source::Aggregation { alternatives, .. } => alternatives
            .iter()
            .any(|how| matches!(how, Aggregate::Copeland | Aggregate::Borda)),
        Source::Normalisation { nodes, .. } => nodes
            .iter()
            .any(|node| framework.node(*node).indicator().is_none()),
        Source::Weights(_)
        | Source::Treatment { .. }
        | Source::Missing { .. }
        | Source::Imputation { .. }
        | Source::LeaveOut { .. }
        | Source::Respondents { .. }
        | Source::Errors { .. }
        | Source::Gaps => false,
    }
}
