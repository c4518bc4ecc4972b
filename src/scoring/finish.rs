//! Scores → the table: rounded if the framework says so, classified, ranked, compared with peers.

use std::borrow::Cow;
use std::sync::Arc;

use crate::framework::{
    Better, Framework, Group, GroupIx, Levels, Need, NodeIx, RankMethod, Ranking, RoundAt, Tier,
    reaches, tie_key,
};
use crate::responses::{Answer, Column, Mark, Responses};

use super::cohort::{Statistics, comparisons};
use super::decode::belongs;
use super::nodes::Slot;
use super::plan::{FacetSlot, Plan};
use super::rows::{Cases, number_of, text_of};
use super::table::{FacetColumn, GroupRow, NodeColumn, Observation, ScoreTable, Spread};
use super::workings::{Workings, above};

/// The table of scores that are ready.
pub(crate) fn finish(
    plan: &Plan<'_>,
    responses: &Responses,
    workings: &Workings,
    mut slots: Vec<Slot>,
    facets: &[FacetSlot],
) -> ScoreTable {
    let framework = plan.framework;
    if framework.rounding.at == RoundAt::End {
        for (ix, node) in framework.walk() {
            let digits = node.rounding.unwrap_or(framework.rounding.digits);
            slots[ix.0].round(framework.range, digits);
        }
    }
    let cases = &workings.cases;
    let mut nodes: Vec<NodeColumn> = slots.iter().map(node_column).collect();
    classify(plan, responses, workings, &slots, &mut nodes);
    if let Some(ranking) = &framework.ranking {
        for (ix, node) in nodes.iter_mut().enumerate() {
            node.rank = rank(framework, ranking, NodeIx(ix), cases, &slots[ix].score);
        }
    }
    let periods = responses.periods.len();
    ScoreTable {
        observations: (0..cases.len())
            .map(|case| observation(framework, responses, cases, case))
            .collect(),
        periods: responses.periods.clone(),
        facets: facets.iter().map(facet_column).collect(),
        peers: (0..periods)
            .map(|period| peers(framework, cases, period, &slots))
            .collect(),
        groups: groups(framework, cases, periods, &slots),
        remarks: workings.remarks.clone(),
        nodes,
    }
}

fn node_column(slot: &Slot) -> NodeColumn {
    let cases = 0..slot.score.len();
    let applies = |case: usize| slot.score.marks[case] != Mark::NotApplicable;
    let finite = |x: f64| Some(x).filter(|x| x.is_finite());
    NodeColumn {
        score: cases.clone().map(|case| slot.score.value(case)).collect(),
        coverage: cases
            .clone()
            .map(|case| applies(case).then(|| slot.coverage[case]))
            .collect(),
        low: cases
            .clone()
            .map(|case| end(slot, case, |b| b.low).and_then(finite))
            .collect(),
        high: cases
            .clone()
            .map(|case| end(slot, case, |b| b.high).and_then(finite))
            .collect(),
        level: vec![None; slot.score.len()],
        rank: vec![None; slot.score.len()],
        applicable: slot.applicable.clone(),
        answered: slot.answered.clone(),
    }
}

fn end(slot: &Slot, case: usize, of: impl Fn(super::leaf::Bound) -> f64) -> Option<f64> {
    let bound = slot.bound(case);
    (bound.presence != super::leaf::Presence::Absent).then(|| of(bound))
}

fn observation(
    framework: &Framework,
    responses: &Responses,
    cases: &Cases,
    case: usize,
) -> Observation {
    let key = &cases.keys[case];
    let named = |name: &str| {
        std::iter::once(name)
            .chain(key.keys.iter().map(AsRef::as_ref))
            .collect::<Vec<_>>()
            .join("/")
    };
    let attributes = (0..framework.attributes.len()).map(|attribute| {
        let text = text_of(
            &cases.attributes,
            crate::framework::AttributeIx(attribute),
            case,
        );
        Arc::from(text.unwrap_or_default())
    });
    let among = framework.ranking.as_ref().map(|ranking| ranking.among);
    Observation {
        unit: Arc::from(named(&key.unit)),
        name: Arc::from(named(&responses.units[key.unit_at].name)),
        period: key.period,
        attributes: attributes.collect(),
        ranked: among.is_some_and(|among| is_member(framework, among, cases, case)),
    }
}

fn is_member(framework: &Framework, group: Option<GroupIx>, cases: &Cases, case: usize) -> bool {
    group.is_none_or(|group| belongs(&framework.groups[group.0].members, &cases.attributes, case))
}

/// Levels: by score first, then the conditions, the deepest nodes first so that the index sees final levels.
fn classify(
    plan: &Plan<'_>,
    responses: &Responses,
    workings: &Workings,
    slots: &[Slot],
    nodes: &mut [NodeColumn],
) {
    let framework = plan.framework;
    for (ix, _) in framework.walk() {
        if let Some(levels) = framework.levels_of(ix) {
            let cuts = cut_offs(plan, ix, levels, responses, workings, &slots[ix.0].score);
            for (case, level) in nodes[ix.0].level.iter_mut().enumerate() {
                let score = slots[ix.0].score.value(case);
                *level = score.map(|score| band(framework, ix, levels, &cuts[case], score));
            }
        }
    }
    for (ix, node) in framework.walk().rev() {
        let own = node.levels.is_some_and(|levels| levels.0 > 0);
        let Some(levels) = framework
            .levels_of(ix)
            .filter(|_| own || ix == Framework::INDEX)
        else {
            continue;
        };
        for case in 0..nodes[ix.0].level.len() {
            let Some(mut level) = nodes[ix.0].level[case] else {
                continue;
            };
            let holds = |need: &Need| match need {
                Need::Coverage(least) => reaches(slots[ix.0].coverage[case], *least),
                Need::Score(node, least) => slots[node.0]
                    .score
                    .value(case)
                    .is_some_and(|score| at_least(framework, score, *least)),
                Need::Level(node, least) => {
                    nodes[node.0].level[case].is_some_and(|level| match framework.better {
                        Better::Higher => level >= *least,
                        Better::Lower => level <= *least,
                    })
                }
            };
            while !levels.bands[level].needs.iter().all(holds) {
                match worse(framework.better, level, levels.bands.len()) {
                    Some(next) => level = next,
                    None => break,
                }
            }
            nodes[ix.0].level[case] = Some(level);
        }
    }
}

/// A score that is at least as good.
fn at_least(framework: &Framework, score: f64, least: f64) -> bool {
    match framework.better {
        Better::Higher => reaches(score, least),
        Better::Lower => reaches(least, score),
    }
}

fn worse(better: Better, level: usize, levels: usize) -> Option<usize> {
    match better {
        Better::Higher => level.checked_sub(1),
        Better::Lower => Some(level + 1).filter(|next| *next < levels),
    }
}

/// The cut-offs that hold for each case: the same for all, unless they are quantiles of a cohort.
fn cut_offs(
    plan: &Plan<'_>,
    node: NodeIx,
    levels: &Levels,
    responses: &Responses,
    workings: &Workings,
    score: &Column,
) -> Vec<Arc<[f64]>> {
    let stated: Arc<[f64]> = levels.bands.iter().map(|band| band.from).collect();
    let mut cuts = vec![Arc::clone(&stated); score.len()];
    if levels.quantiles {
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
                cuts[*case] = Arc::clone(&quantiles);
            }
        }
    }
    cuts
}

/// The highest band whose cut-off the score reaches; the first if none.
fn band(framework: &Framework, node: NodeIx, levels: &Levels, cuts: &[f64], score: f64) -> usize {
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
fn rounded(framework: &Framework, node: NodeIx, score: f64) -> f64 {
    let digits = framework
        .node(node)
        .rounding
        .unwrap_or(framework.rounding.digits);
    framework
        .range
        .read(digits.round(framework.range.show(score)))
}

/// Ranks within each period; 1 is best.
fn rank(
    framework: &Framework,
    ranking: &Ranking,
    node: NodeIx,
    cases: &Cases,
    scores: &Column,
) -> Vec<Option<f64>> {
    let mut ranks = vec![None; scores.len()];
    let key = |score: f64| {
        let score = if ranking.rounded {
            rounded(framework, node, score)
        } else {
            score
        };
        match framework.better {
            Better::Higher => -tie_key(score),
            Better::Lower => tie_key(score),
        }
    };
    // Bits of keys order as the keys do, so that integers can be sorted.
    let bits = |key: f64| {
        let bits = (key + 0.0).to_bits().cast_signed();
        bits ^ (bits >> 63).cast_unsigned().wrapping_shr(1).cast_signed()
    };
    let mut order: Vec<(usize, i64, usize)> = (0..scores.len())
        .filter(|case| is_member(framework, ranking.among, cases, *case))
        .filter_map(|case| {
            Some((
                cases.keys[case].period,
                bits(key(scores.value(case)?)),
                case,
            ))
        })
        .collect();
    order.sort_unstable();
    for period in order.chunk_by(|a, b| a.0 == b.0) {
        let mut before = 0;
        for (tier, tied) in period.chunk_by(|a, b| a.1 == b.1).enumerate() {
            let rank = match ranking.method {
                RankMethod::Competition => (before + 1) as f64,
                RankMethod::Dense => (tier + 1) as f64,
                RankMethod::Average => before as f64 + (tied.len() + 1) as f64 / 2.0,
            };
            for (_, _, case) in tied {
                ranks[*case] = Some(rank);
            }
            before += tied.len();
        }
    }
    ranks
}

fn peers(framework: &Framework, cases: &Cases, period: usize, slots: &[Slot]) -> GroupRow {
    if let Some(group) = framework.peers.map(|group| &framework.groups[group.0]) {
        return group_row(group, cases, period, slots);
    }
    let members: Vec<usize> = (0..cases.len())
        .filter(|case| cases.keys[*case].period == period)
        .collect();
    spread_row(
        String::new(),
        String::new(),
        period,
        &members,
        None,
        cases,
        slots,
    )
}

fn groups(framework: &Framework, cases: &Cases, periods: usize, slots: &[Slot]) -> Vec<GroupRow> {
    let stated = framework
        .groups
        .iter()
        .flat_map(|group| (0..periods).map(move |period| group_row(group, cases, period, slots)));
    let by = framework.group_by.iter().flat_map(|attribute| {
        let mut values: Vec<String> = (0..cases.len())
            .filter_map(|case| text_of(&cases.attributes, *attribute, case))
            .collect();
        values.sort();
        values.dedup();
        values.into_iter().flat_map(move |value| {
            (0..periods).map(move |period| {
                let members: Vec<usize> = (0..cases.len())
                    .filter(|case| cases.keys[*case].period == period)
                    .filter(|case| {
                        text_of(&cases.attributes, *attribute, *case).as_ref() == Some(&value)
                    })
                    .collect();
                spread_row(
                    value.clone(),
                    value.clone(),
                    period,
                    &members,
                    None,
                    cases,
                    slots,
                )
            })
        })
    });
    stated.chain(by).collect()
}

fn group_row(group: &Group, cases: &Cases, period: usize, slots: &[Slot]) -> GroupRow {
    let members: Vec<usize> = (0..cases.len())
        .filter(|case| cases.keys[*case].period == period)
        .filter(|case| belongs(&group.members, &cases.attributes, *case))
        .collect();
    let (id, title) = (group.id.to_string(), group.title.to_string());
    spread_row(id, title, period, &members, group.weight, cases, slots)
}

fn spread_row(
    id: String,
    title: String,
    period: usize,
    members: &[usize],
    weight: Option<crate::framework::AttributeIx>,
    cases: &Cases,
    slots: &[Slot],
) -> GroupRow {
    let spread = |slot: &Slot| {
        // Cases are in canonical order, so that the order of input rows does not change the sums.
        let cells: Vec<(f64, f64)> = members
            .iter()
            .filter_map(|case| {
                let weight = weight.map_or(Some(1.0), |attribute| {
                    number_of(&cases.attributes, attribute, *case).filter(|weight| *weight > 0.0)
                })?;
                Some((slot.score.value(*case)?, weight))
            })
            .collect();
        let total: f64 = cells.iter().map(|(_, weight)| weight).sum();
        Some(Spread {
            mean: cells
                .iter()
                .map(|(score, weight)| score * weight)
                .sum::<f64>()
                / total,
            min: cells.iter().map(|cell| cell.0).reduce(f64::min)?,
            max: cells.iter().map(|cell| cell.0).reduce(f64::max)?,
            count: cells.len(),
        })
    };
    let nodes = slots.iter().map(spread).collect();
    GroupRow {
        id,
        title,
        period,
        members: members.len(),
        nodes,
    }
}

fn facet_column(facet: &FacetSlot) -> FacetColumn {
    let column = node_column(&facet.slot);
    FacetColumn {
        facet: facet.facet,
        within: facet.within,
        weight: facet.weight,
        score: column.score,
        coverage: column.coverage,
    }
}

impl Plan<'_> {
    /// Scores of the facets over the index, then within each dimension: means of their indicators by effective weight.
    pub(crate) fn facets(&self, workings: &Workings) -> Vec<FacetSlot> {
        let framework = self.framework;
        let effective = self.assumptions.effective_weights(framework);
        let dimensions = framework
            .walk()
            .filter(|(_, node)| node.tier == Tier::Dimension);
        let within: Vec<Option<NodeIx>> = std::iter::once(None)
            .chain(dimensions.map(|(ix, _)| Some(ix)))
            .collect();
        let mut slots = Vec::new();
        for within in within {
            for facet in 0..framework.facets.len() {
                let members: Vec<NodeIx> = framework
                    .indicators()
                    .filter(|(ix, _, indicator)| {
                        effective[ix.0] > 0.0
                            && indicator.facets.iter().any(|own| own.0 == facet)
                            && within.is_none_or(|within| {
                                above(framework, *ix).any(|node| node == within)
                            })
                    })
                    .map(|(ix, _, _)| ix)
                    .collect();
                if !members.is_empty() {
                    slots.push(self.facet(facet, within, &members, &effective, workings));
                }
            }
        }
        slots
    }

    fn facet(
        &self,
        facet: usize,
        within: Option<NodeIx>,
        members: &[NodeIx],
        effective: &[f64],
        workings: &Workings,
    ) -> FacetSlot {
        let weights: Vec<f64> = members.iter().map(|member| effective[member.0]).collect();
        let columns: Vec<Cow<'_, Column>> = members
            .iter()
            .map(|member| {
                let parent = self
                    .framework
                    .node(*member)
                    .parent
                    .unwrap_or(Framework::INDEX);
                workings.slots[member.0].standing_in(self.assumptions.missing[parent.0])
            })
            .collect();
        let mut slot = Slot::default();
        for case in 0..workings.cases.len() {
            let cells = members.iter().zip(&weights).zip(&columns);
            let (mut sum, mut weight, mut answered, mut applies) = (0.0, 0.0, 0.0, 0.0);
            for ((member, w), column) in cells {
                let own = &workings.slots[member.0];
                if let Some(score) = column.value(case) {
                    sum += w * score;
                    weight += w;
                }
                if own.score.marks[case] != Mark::NotApplicable {
                    answered += w * own.coverage[case];
                    applies += w;
                }
            }
            let answer = match (weight > 0.0, applies > 0.0) {
                (true, _) => Answer::Given(sum / weight),
                (false, true) => Answer::Missing(crate::framework::Gap::Unanswered),
                (false, false) => Answer::NotApplicable,
            };
            slot.score.push(answer);
            slot.coverage.push(if applies > 0.0 {
                answered / applies
            } else {
                0.0
            });
        }
        slot.applicable = vec![0; slot.score.len()];
        slot.answered = vec![0; slot.score.len()];
        FacetSlot {
            facet,
            within,
            weight: weights.iter().sum(),
            slot,
        }
    }
}
