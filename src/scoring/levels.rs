//! Scores → maturity levels: cut-offs first, then conditions.

use std::sync::Arc;

use crate::framework::{Framework, Levels, Need, NodeIx, reaches};
use crate::responses::{Column, Responses};

use super::cohort::{Statistics, comparisons};
use super::nodes::Slot;
use super::plan::Plan;
use super::workings::Workings;

/// Levels of the wanted nodes that have any: by score first, then the conditions, the deepest nodes first so that the
/// index sees final levels. Nodes that the conditions of wanted ones name must be wanted too. Empty for other nodes.
pub(crate) fn classify(
    plan: &Plan<'_>,
    responses: &Responses,
    workings: &Workings,
    slots: &[&Slot],
    wanted: &[bool],
) -> Vec<Vec<Option<usize>>> {
    let framework = plan.framework;
    let mut found: Vec<Vec<Option<usize>>> = vec![Vec::new(); slots.len()];
    for (ix, _) in framework.walk().filter(|(ix, _)| wanted[ix.0]) {
        if let Some(levels) = framework.levels_of(ix) {
            let scores = &slots[ix.0].score;
            let cuts = cut_offs(plan, ix, levels, responses, workings, scores);
            let level = |case: usize| {
                let score = scores.value(case)?;
                Some(band(framework, ix, levels, cuts.of(case), score))
            };
            found[ix.0] = (0..scores.len()).map(level).collect();
        }
    }
    for (ix, _) in framework.walk().rev() {
        let Some(levels) = framework.levels_with_needs(ix) else {
            continue;
        };
        for case in 0..found[ix.0].len() {
            let Some(mut level) = found[ix.0][case] else {
                continue;
            };
            let holds = |need: &Need| match need {
                Need::Coverage(least) => reaches(slots[ix.0].coverage[case], *least),
                Need::Score(node, least) => slots[node.0]
                    .score
                    .value(case)
                    .is_some_and(|score| framework.better.reaches(score, *least)),
                Need::Level(node, least) => found[node.0][case]
                    .is_some_and(|level| framework.better.reaches_level(level, *least)),
            };
            while !levels.bands[level].needs.iter().all(holds) {
                match framework.better.level_before(level, levels.bands.len()) {
                    Some(next) => level = next,
                    None => break,
                }
            }
            found[ix.0][case] = Some(level);
        }
    }
    found
}

/// Where levels start.
#[derive(Clone, Debug, Default)]
pub(crate) struct CutOffs {
    stated: Arc<[f64]>,
    /// By case, where they are quantiles of a cohort; else empty.
    of_cohorts: Vec<Arc<[f64]>>,
}

impl CutOffs {
    /// Those that hold for a case.
    pub(crate) fn of(&self, case: usize) -> &[f64] {
        self.of_cohorts.get(case).unwrap_or(&self.stated)
    }
}

/// The cut-offs that hold for each case: the same for all, unless they are quantiles of a cohort.
pub(crate) fn cut_offs(
    plan: &Plan<'_>,
    node: NodeIx,
    levels: &Levels,
    responses: &Responses,
    workings: &Workings,
    score: &Column,
) -> CutOffs {
    let stated: Arc<[f64]> = levels.bands.iter().map(|band| band.from).collect();
    let mut of_cohorts = Vec::new();
    if levels.quantiles {
        of_cohorts.resize(score.len(), Arc::clone(&stated));
        let cohort = &plan.framework.node(node).cohort;
        let periods = &responses.periods;
        for comparison in comparisons(
            plan.framework,
            cohort,
            &workings.cases,
            periods,
            &workings.screened,
        ) {
            let among = Statistics::of(score, &comparison.cohort);
            let quantiles: Arc<[f64]> = stated
                .iter()
                .map(|share| among.quantile(*share).unwrap_or(f64::NEG_INFINITY))
                .collect();
            for case in &comparison.scaled {
                of_cohorts[*case] = Arc::clone(&quantiles);
            }
        }
    }
    CutOffs { stated, of_cohorts }
}

/// The highest band whose cut-off the score reaches; the first if none.
pub(crate) fn band(
    framework: &Framework,
    node: NodeIx,
    levels: &Levels,
    cuts: &[f64],
    score: f64,
) -> usize {
    let score = if levels.rounded {
        rounded(framework, node, score)
    } else {
        score
    };
    let above = |cut: f64| {
        if levels.closed_below {
            reaches(score, cut)
        } else {
            !reaches(cut, score)
        }
    };
    cuts.iter().rposition(|cut| above(*cut)).unwrap_or(0)
}

/// A score as it is printed.
pub(crate) fn rounded(framework: &Framework, node: NodeIx, score: f64) -> f64 {
    let digits = framework
        .node(node)
        .rounding
        .unwrap_or(framework.rounding.digits);
    framework
        .range
        .read(digits.round(framework.range.show(score)))
}
