//! [`Explainer`]: scored once with an onlooker, asked for any score of any unit.

use crate::framework::{Combiner, MissingAnswer, NodeIx};
use crate::responses::Responses;
use crate::scoring::{
    Cases, Comparison, CutOffs, Groups, Plan, ScoreTable, Slot, Step, Workings, cut_offs, finish,
    not_counted,
};

use super::trace::Trace;
use super::tree::Builder;
use super::{CohortFacts, Explanation};

/// Takes the scores of responses apart. Making it costs about as much as scoring them; what it then tells of a unit
/// looks at that unit alone.
pub struct Explainer<'a> {
    pub(super) plan: &'a Plan<'a>,
    pub(super) responses: &'a Responses,
    /// Of the finest rows that are scored; its slots are theirs.
    pub(super) workings: Workings,
    /// Rows whose scores are combined, from the finer to the unit.
    pub(super) layers: Vec<Layer>,
    table: ScoreTable,
    /// The units and periods of the table.
    units: Cases,
    pub(super) trace: Trace,
    /// By node: the cut-offs of its levels, by observation; empty without levels.
    pub(super) cuts: Vec<CutOffs>,
    /// By node: what was found in each cohort that it is scaled against.
    pub(super) facts: Vec<Vec<CohortFacts>>,
    /// By question: each cohort whose values fill gaps, and how many of its own answers it had.
    pub(super) sources: Vec<Vec<(Comparison, usize)>>,
}

/// How cases were made of finer ones.
pub(super) struct Layer {
    pub(super) cases: Cases,
    pub(super) slots: Vec<Slot>,
    pub(super) groups: Groups,
    pub(super) combiners: Vec<Option<Combiner>>,
    pub(super) weights: Vec<f64>,
}

impl<'a> Explainer<'a> {
    /// Scores `responses`, and remembers how.
    pub fn new(plan: &'a Plan<'a>, responses: &'a Responses) -> Self {
        let mut trace = Trace::default();
        let workings = plan.work_watched(responses, &mut |moment| trace.watch(moment));
        let mut facets = plan.facets(&workings);
        let mut layers = Vec::new();
        let mut units = Workings::new(plan.framework, workings.cases.clone(), Vec::new());
        units.screened.clone_from(&workings.screened);
        units.slots.clone_from(&workings.slots);
        units.remarks.clone_from(&workings.remarks);
        let mut slots = plan.combine_scores(&mut units, &mut facets, 0, &mut |raised| {
            layers.push(Layer {
                cases: raised.cases.clone(),
                slots: raised.slots.to_vec(),
                groups: raised.folding.groups().clone(),
                combiners: raised.folding.combiners().to_vec(),
                weights: raised.folding.weights().to_vec(),
            });
        });
        let mut table = finish(plan, responses, &units, &mut slots, &facets);
        let told = not_counted(plan, responses, trace.settled());
        table.remarks.extend(told);
        let cuts = plan.framework.walk().map(|(ix, _)| {
            let levels = plan.framework.levels_of(ix);
            levels.map_or_else(CutOffs::default, |levels| {
                cut_offs(plan, ix, levels, responses, &units, &slots[ix.0].score)
            })
        });
        Self {
            cuts: cuts.collect(),
            facts: facts(plan, responses, &workings),
            sources: sources(plan, responses, &workings),
            plan,
            responses,
            workings,
            layers,
            table,
            units: units.cases,
            trace,
        }
    }

    /// The scores: those of [`Plan::score`].
    pub fn scores(&self) -> &ScoreTable {
        &self.table
    }

    /// Takes apart the score of `node`; `None` where the responses do not hold the unit in this period.
    pub fn explain(&self, unit: &str, period: usize, node: NodeIx) -> Option<Explanation> {
        // Cases are sorted by unit and period.
        let keys = &self.units.keys;
        let at = keys.partition_point(|key| (key.unit.as_ref(), key.period) < (unit, period));
        let found = keys.get(at)?;
        let known = found.unit.as_ref() == unit && found.period == period;
        known.then(|| Builder::new(self, at).explanation(node))
    }
}

/// What was found in every cohort that something is scaled against.
fn facts(plan: &Plan<'_>, responses: &Responses, workings: &Workings) -> Vec<Vec<CohortFacts>> {
    let of = |(ix, _): (NodeIx, _)| {
        let fits = workings.fits[ix.0].iter().map(|fitted| {
            let period = fitted.comparison.period;
            let period = period.map(|at| responses.periods[at].as_str());
            let frozen = plan.assumptions.cohort.as_deref();
            // Of a cohort that is known, a fit keeps no more than the ends.
            let frozen = frozen.and_then(|cohort| cohort.of(ix, Step::Normalise, period));
            let (statistics, period) = match frozen {
                Some((key, entry)) => (&entry.statistics, key.period.as_deref()),
                None => (&fitted.fit.statistics, period),
            };
            CohortFacts {
                group: plan.framework.node(ix).cohort.units,
                period: period.map(str::to_owned),
                frozen: frozen.is_some(),
                count: statistics.count(),
                min: statistics.min(),
                max: statistics.max(),
                mean: statistics.mean(),
                sd: statistics.sd(),
            }
        });
        fits.collect()
    };
    plan.framework.walk().map(of).collect()
}

/// The cohorts whose values fill gaps, of each question that asks for that.
fn sources(
    plan: &Plan<'_>,
    responses: &Responses,
    workings: &Workings,
) -> Vec<Vec<(Comparison, usize)>> {
    let of = |(question, node): (usize, &NodeIx)| {
        let rule = &plan.assumptions.missing_answer[node.0];
        if !matches!(rule, MissingAnswer::Mean(_) | MissingAnswer::Median(_)) {
            return Vec::new();
        }
        let (leaf, imputed) = (&workings.leaves[question], &workings.imputed[question]);
        let own = |case: &&usize| {
            leaf.value.value(**case).is_some()
                && !imputed.get(**case).is_some_and(|imputed| *imputed)
        };
        plan.comparisons(*node, responses, workings)
            .into_iter()
            .map(|comparison| {
                let count = comparison.cohort.iter().filter(own).count();
                (comparison, count)
            })
            .collect()
    };
    plan.questions.nodes.iter().enumerate().map(of).collect()
}
