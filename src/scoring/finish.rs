//! Scores → the table: rounded if the framework says so, classified, ranked, compared with peers.

use std::borrow::Cow;
use std::sync::Arc;

use crate::framework::{AttributeIx, Framework, Group, Need, NodeIx, RoundAt, Tier};
use crate::responses::{Answer, Column, Mark, Responses};

use super::conditions::belongs;
use super::levels::classify;
use super::nodes::Slot;
use super::plan::{FacetSlot, Plan};
use super::ranks::{fields, is_member, rank_fields};
use super::remarks::beyond_range;
use super::rows::{Cases, number_of, text_of};
use super::table::{FacetColumn, GroupRow, NodeColumn, Observation, ScoreTable, Spread, Wanted};
use super::workings::{Workings, above};

/// The table of scores that are ready; `slots` are rounded on the way where the framework rounds at the end.
pub(crate) fn finish(
    plan: &Plan<'_>,
    responses: &Responses,
    workings: &Workings,
    slots: &mut [Slot],
    facets: &[FacetSlot],
) -> ScoreTable {
    let wanted = Wanted::all(plan.framework);
    finish_wanted(plan, responses, workings, slots, facets, &wanted)
}

/// The same, but only what is `wanted`.
pub(crate) fn finish_wanted(
    plan: &Plan<'_>,
    responses: &Responses,
    workings: &Workings,
    slots: &mut [Slot],
    facets: &[FacetSlot],
    wanted: &Wanted,
) -> ScoreTable {
    let framework = plan.framework;
    let told = with_needs(framework, &wanted.levels);
    if framework.rounding.at == RoundAt::End {
        let shown = |ix: NodeIx| wanted.nodes[ix.0] || wanted.ranks[ix.0] || told[ix.0];
        for (ix, node) in framework.walk().filter(|(ix, _)| shown(*ix)) {
            let digits = node.rounding.unwrap_or(framework.rounding.digits);
            slots[ix.0].round(framework.range, digits);
        }
    }
    let cases = &workings.cases;
    let column = |(ix, slot): (usize, &Slot)| {
        if wanted.nodes[ix] {
            node_column(slot, wanted.coverage, wanted.bounds)
        } else {
            NodeColumn::default()
        }
    };
    let mut nodes: Vec<NodeColumn> = slots.iter().enumerate().map(column).collect();
    let periods = responses.periods.len();
    let ready: Vec<&Slot> = slots.iter().collect();
    let levels = classify(plan, responses, workings, &ready, &told);
    for (ix, levels) in levels.into_iter().enumerate() {
        if wanted.levels[ix] {
            nodes[ix].level = if levels.is_empty() {
                vec![None; cases.len()]
            } else {
                levels
            };
        }
    }
    for (ix, node) in nodes.iter_mut().enumerate() {
        if wanted.ranks[ix] {
            node.rank = vec![None; cases.len()];
        }
    }
    if let Some(ranking) = &framework.ranking {
        let fields = fields(framework, ranking, cases, periods);
        let ranked = nodes.iter_mut().enumerate();
        for (ix, node) in ranked.filter(|(ix, _)| wanted.ranks[*ix]) {
            let score = |case: usize| slots[ix].score.value(case);
            let ranked = |case: usize, rank| node.rank[case] = Some(rank);
            rank_fields(framework, ranking, NodeIx(ix), &fields, score, ranked);
        }
    }
    let shown: Vec<Option<&Slot>> = slots
        .iter()
        .zip(&wanted.nodes)
        .map(|(slot, wanted)| wanted.then_some(slot))
        .collect();
    let mut remarks = workings.remarks.clone();
    remarks.extend(beyond_range(plan, responses, cases, slots));
    ScoreTable {
        observations: (0..cases.len())
            .map(|case| observation(framework, responses, cases, case))
            .collect(),
        periods: responses.periods.clone(),
        facets: facets.iter().map(facet_column).collect(),
        peers: (0..if wanted.groups { periods } else { 0 })
            .map(|period| peers(framework, cases, period, &shown))
            .collect(),
        groups: if wanted.groups {
            groups(framework, cases, periods, &shown)
        } else {
            Vec::new()
        },
        remarks,
        nodes,
    }
}

/// The nodes whose levels are wanted, and those that their conditions name.
fn with_needs(framework: &Framework, wanted: &[bool]) -> Vec<bool> {
    let mut told = vec![false; wanted.len()];
    let mut open: Vec<usize> = (0..wanted.len()).filter(|ix| wanted[*ix]).collect();
    while let Some(ix) = open.pop() {
        if std::mem::replace(&mut told[ix], true) {
            continue;
        }
        let bands = framework.levels_of(NodeIx(ix)).map(|levels| &levels.bands);
        for need in bands.into_iter().flatten().flat_map(|band| &band.needs) {
            match need {
                Need::Score(node, _) | Need::Level(node, _) => open.push(node.0),
                Need::Coverage(_) => {}
            }
        }
    }
    told
}

fn node_column(slot: &Slot, coverage: bool, bounds: bool) -> NodeColumn {
    let all = 0..slot.score.len();
    let if_wanted = |wanted: bool| if wanted { all.clone() } else { 0..0 };
    let values = slot.score.values.iter().zip(&slot.score.marks);
    let applies = |case: usize| slot.score.marks[case] != Mark::NotApplicable;
    NodeColumn {
        score: values
            .map(|(value, mark)| (*mark == Mark::Given).then_some(*value))
            .collect(),
        coverage: if_wanted(coverage)
            .map(|case| applies(case).then(|| slot.coverage[case]))
            .collect(),
        low: if_wanted(bounds).map(|case| slot.ends(case).0).collect(),
        high: if_wanted(bounds).map(|case| slot.ends(case).1).collect(),
        level: Vec::new(),
        rank: Vec::new(),
        applicable: if coverage {
            slot.applicable.clone()
        } else {
            Vec::new()
        },
        answered: if coverage {
            slot.answered.clone()
        } else {
            Vec::new()
        },
    }
}

fn observation(
    framework: &Framework,
    responses: &Responses,
    cases: &Cases,
    case: usize,
) -> Observation {
    let key = &cases.keys[case];
    let named = |name: &Arc<str>| {
        if key.keys.is_empty() {
            return Arc::clone(name);
        }
        let names = std::iter::once(name).chain(&key.keys);
        Arc::from(names.map(AsRef::as_ref).collect::<Vec<&str>>().join("/"))
    };
    let attributes = (0..framework.attributes.len()).map(|attribute| {
        let text = cases.says(AttributeIx(attribute), case);
        Arc::from(text.unwrap_or_default())
    });
    let among = framework.ranking.as_ref().map(|ranking| ranking.among);
    Observation {
        unit: named(&key.unit),
        name: named(&responses.units[key.unit_at].name),
        period: key.period,
        attributes: attributes.collect(),
        ranked: among.is_some_and(|among| is_member(framework, among, cases, case)),
    }
}

fn peers(framework: &Framework, cases: &Cases, period: usize, slots: &[Option<&Slot>]) -> GroupRow {
    if let Some(group) = framework.peers.map(|group| &framework.groups[group.0]) {
        return group_row(framework, group, cases, period, slots);
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

fn groups(
    framework: &Framework,
    cases: &Cases,
    periods: usize,
    slots: &[Option<&Slot>],
) -> Vec<GroupRow> {
    let stated = framework.groups.iter().flat_map(|group| {
        (0..periods).map(move |period| group_row(framework, group, cases, period, slots))
    });
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

fn group_row(
    framework: &Framework,
    group: &Group,
    cases: &Cases,
    period: usize,
    slots: &[Option<&Slot>],
) -> GroupRow {
    let members: Vec<usize> = (0..cases.len())
        .filter(|case| cases.keys[*case].period == period)
        .filter(|case| belongs(&group.members, &cases.attributes, *case))
        .collect();
    let (id, title) = (group.id.to_string(), group.title.to_string());
    let weight = group
        .weight
        .map(|AttributeIx(at)| &framework.attributes[at]);
    GroupRow {
        weight: weight.map(|attribute| attribute.column.clone()),
        ..spread_row(id, title, period, &members, group.weight, cases, slots)
    }
}

/// The peers of a period, each with its weight in their mean; who has no weight has no say.
pub(crate) fn peers_of(framework: &Framework, cases: &Cases, period: usize) -> Vec<(usize, f64)> {
    let group = framework.peers.map(|group| &framework.groups[group.0]);
    let weight = group.and_then(|group| group.weight);
    (0..cases.len())
        .filter(|case| cases.keys[*case].period == period)
        .filter(|case| group.is_none_or(|group| belongs(&group.members, &cases.attributes, *case)))
        .filter_map(|case| Some((case, weight_of(weight, cases, case)?)))
        .collect()
}

/// How much a case counts in the mean of its group.
fn weight_of(weight: Option<AttributeIx>, cases: &Cases, case: usize) -> Option<f64> {
    weight.map_or(Some(1.0), |attribute| {
        number_of(&cases.attributes, attribute, case).filter(|weight| *weight > 0.0)
    })
}

/// Σ w·x ÷ Σ w of scores and weights; none where that is too large for a number.
pub(crate) fn weighted_mean(cells: &[(f64, f64)]) -> Option<f64> {
    let total: f64 = cells.iter().map(|(_, weight)| weight).sum();
    let sum: f64 = cells.iter().map(|(score, weight)| score * weight).sum();
    Some(sum / total).filter(|mean| mean.is_finite())
}

fn spread_row(
    id: String,
    title: String,
    period: usize,
    members: &[usize],
    weight: Option<AttributeIx>,
    cases: &Cases,
    slots: &[Option<&Slot>],
) -> GroupRow {
    let spread = |slot: Option<&Slot>| {
        let slot = slot?;
        // Cases are in canonical order, so that the order of input rows does not change the sums.
        let cells: Vec<(f64, f64)> = members
            .iter()
            .filter_map(|case| {
                let weight = weight_of(weight, cases, *case)?;
                Some((slot.score.value(*case)?, weight))
            })
            .collect();
        Some(Spread {
            mean: weighted_mean(&cells)?,
            min: cells.iter().map(|cell| cell.0).reduce(f64::min)?,
            max: cells.iter().map(|cell| cell.0).reduce(f64::max)?,
            count: cells.len(),
        })
    };
    let nodes = slots.iter().copied().map(spread).collect();
    GroupRow {
        id,
        title,
        period,
        members: members.len(),
        weight: None,
        nodes,
    }
}

fn facet_column(facet: &FacetSlot) -> FacetColumn {
    let column = node_column(&facet.slot, true, false);
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
