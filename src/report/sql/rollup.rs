//! Rows finer than the unit become one: of answers before scoring, of scores after. What `scoring/rows.rs` does.

use std::collections::BTreeMap;

use crate::framework::{
    AttributeKind, Better, Combine, Combiner, Framework, NodeIx, RollUp, RowStep,
};

use super::decode::not;
use super::expr::{
    Direction, Expr, Function, Name, Over, above, aggregate, all, always, among, any, at_most,
    call, case, coalesce, equal, is_null, not_null, number, only_if, over, over_ordered, plus,
    ratio, times,
};
use super::finish::FacetSlot;
use super::leaf::{Leaf, perhaps};
use super::slot::{Covered, Slot};
use super::work::{UNLIMITED, Work, column, spellings, tie_key};

/// The column that says of what nothing says how to combine.
const LOST: &str = "lost";

/// A column before its rows are combined.
struct Finer {
    name: String,
    value: Expr,
    up: bool,
}

/// How finer rows become one.
struct Combining<'s> {
    step: &'s RowStep,
    /// What the attribute that decides says of a group, if there is one.
    by: Option<Expr>,
    keys: Vec<Name>,
    /// How much each row counts.
    weight: Expr,
    /// Which rows count for more than nothing.
    heard: Expr,
    /// Which rows are looked at: those, or all of a group in which nobody has a say.
    told: Expr,
}

impl Combining<'_> {
    /// Whether nobody of a group has a say.
    fn is_silent(&self) -> Expr {
        if self.heard == always() {
            return super::expr::never();
        }
        at_most(aggregate(Over::Max, self.weight.clone()), number(0.0))
    }

    /// How many of the rows that are looked at meet a condition.
    fn count(&self, condition: Expr) -> Expr {
        let condition = all([self.told.clone(), condition]);
        aggregate(Over::Sum, case([(condition, number(1.0))], number(0.0)))
    }
}

/// What finer rows could still give; nothing where a row has no say or does not apply.
struct Rows {
    node: NodeIx,
    name: String,
    low: Expr,
    high: Expr,
    presence: Expr,
    /// Whether rows may turn out not to apply.
    open: bool,
    /// Whether more is better.
    up: bool,
}

impl Work<'_> {
    /// Combines answers, the innermost rows first.
    pub(super) fn combine_answers(&mut self, leaves: &mut BTreeMap<usize, Leaf>) {
        let steps = self.framework().rows.clone();
        for (depth, step) in steps.iter().enumerate().rev() {
            if step.of == RollUp::Scores {
                break;
            }
            self.combine_leaves(depth, step, leaves);
        }
    }

    fn combine_leaves(&mut self, depth: usize, step: &RowStep, leaves: &mut BTreeMap<usize, Leaf>) {
        self.layers.stage(
            &format!("rows_{}", step.key_name()),
            "what each finer row says, and its place among the others",
        );
        let combining = self.combining(step, depth);
        let mut columns = self.group_attributes(depth, &combining.keys);
        let share_up = self.framework().better == Better::Higher;
        let whole = self.loses_whole(depth);
        for (question, leaf) in leaves.iter_mut() {
            let node = self.plan.questions.nodes[*question];
            let name = self.names[node.0].clone();
            let up = self.plan.more_is_better(*question);
            let heard = &combining.heard;
            let finer = Finer {
                value: self.column_of("u", &name, only_if(heard.clone(), leaf.value.clone())),
                name: name.clone(),
                up,
            };
            let (value, combined) = self.combined(&combining, &finer);
            let fixed = leaf.fixed.clone().map(|fixed| {
                let finer = Finer {
                    value: self.column_of("uf", &name, only_if(heard.clone(), fixed)),
                    name: format!("f_{name}"),
                    up: share_up,
                };
                self.combined(&combining, &finer).0
            });
            let asks = any(leaf
                .fixed
                .clone()
                .map(not_null)
                .into_iter()
                .chain([not(leaf.away.clone())]));
            let away = at_most(combining.count(asks.clone()), number(0.0));
            let asked = all([heard.clone(), asks]);
            let covered = leaf.coverage.clone().unwrap_or_else(|| {
                let gap = all([
                    is_null(leaf.value.clone()),
                    not(leaf.away.clone()),
                    leaf.fixed.clone().map_or_else(always, is_null),
                ]);
                case([(gap, number(0.0))], number(1.0))
            });
            let coverage = coalesce(aggregate(Over::Mean, only_if(asked, covered)), number(0.0));
            let coverage = case([(combined.clone(), coverage)], number(0.0));
            let lost = super::expr::flag(not(combined.clone()));
            let combined = if whole { always() } else { combined };
            let bounds = (!matches!(leaf.low, Expr::Refused(_))).then(|| {
                let ends = [&leaf.low, &leaf.high, &leaf.presence];
                let rows = self.rows(node, &name, &combining.told, ends);
                let rows = Rows {
                    open: leaf.open,
                    up,
                    ..rows
                };
                self.combined_bounds(&combining, &rows, &combined)
            });
            if whole && columns.iter().all(|(name, _)| *name != Name::from(LOST)) {
                columns.push((Name::from(LOST), lost));
            }
            let mut column = |work: &Self, prefix: &str, expr: Expr| {
                let name = work.layers.fresh(prefix, &name);
                columns.push((Name::from(name.as_str()), expr));
                Expr::Column(Name::from(name.as_str()))
            };
            let value = column(self, "rv", value);
            let flag = column(self, "rn", super::expr::flag(away));
            leaf.away = equal(flag, Expr::Whole(1));
            leaf.coverage = Some(column(self, "rc", coverage));
            leaf.fixed = fixed.map(|fixed| column(self, "rx", fixed));
            if let Some(fixed) = leaf.fixed.clone() {
                let fixed = only_if(is_null(value.clone()), fixed);
                // A share counts in its place, as in a row that is skipped: it is no gap.
                leaf.away = any([leaf.away.clone(), not_null(fixed.clone())]);
                leaf.fixed = Some(fixed);
            }
            leaf.value = value;
            leaf.moved = true;
            let Some(bounds) = bounds else { continue };
            let [low, high, presence] = bounds;
            leaf.low = column(self, "gl", low);
            leaf.high = column(self, "gh", high);
            leaf.presence = column(self, "gp", presence);
            leaf.open |= step.leaves_open() && !whole;
        }
        self.layers.group(
            &format!("by_{}", step.key_name()),
            "finer rows combined",
            &combining.keys,
            columns,
        );
        // What reads a combined share twice reads a column.
        self.layers.stage("combined", "finer rows combined");
        for (question, leaf) in leaves.iter_mut() {
            let node = self.plan.questions.nodes[*question];
            let name = self.names[node.0].clone();
            if let Some(fixed) = leaf.fixed.clone() {
                leaf.fixed = Some(self.column_of("x", &name, fixed));
            }
        }
    }

    /// Whether what nothing says how to combine is lost as a whole in this step of the answers: then `LOST` says so.
    fn loses_whole(&self, depth: usize) -> bool {
        let steps = &self.framework().rows;
        let step = steps.get(depth);
        step.is_some_and(|step| step.of == RollUp::Answers && step.leaves_open())
            && self.plan.loses_whole(depth)
    }

    /// The bounds of the rows that are looked at.
    fn rows(&mut self, node: NodeIx, name: &str, told: &Expr, bounds: [&Expr; 3]) -> Rows {
        let [low, high, presence] = bounds;
        let presence = self.column_of("kp", name, only_if(told.clone(), presence.clone()));
        let known = above(presence.clone(), Expr::Whole(0));
        Rows {
            low: self.column_of("kl", name, only_if(known.clone(), low.clone())),
            high: self.column_of("kh", name, only_if(known, high.clone())),
            presence,
            node,
            name: name.to_owned(),
            open: false,
            up: true,
        }
    }

    /// How the rows of a step become one.
    fn combining<'s>(&mut self, step: &'s RowStep, depth: usize) -> Combining<'s> {
        let keys = self.keys(depth);
        let weight = self.row_weight(step);
        let by = self.group_attribute(step, depth, &keys);
        let (heard, told) = match &weight {
            Expr::Number(weight) if *weight > 0.0 => (always(), always()),
            _ => {
                let name = step.key_name();
                let partition: Vec<Expr> = keys.iter().cloned().map(Expr::Column).collect();
                let heard = above(weight.clone(), number(0.0));
                let column = self.layers.fresh("heard", &name);
                let heard = self.layers.condition(&column, heard);
                let most = over(Over::Max, weight.clone(), &partition);
                let column = self.layers.fresh("most", &name);
                let most = self.layers.define(&column, most, None);
                let silent = at_most(most, number(0.0));
                (heard.clone(), any([heard, silent]))
            }
        };
        Combining {
            step,
            by,
            keys,
            weight,
            heard,
            told,
        }
    }

    /// How much each row counts.
    fn row_weight(&mut self, step: &RowStep) -> Expr {
        let Some(attribute) = step.weight else {
            return number(1.0);
        };
        let weight = match self.framework().attributes[attribute.0].kind {
            AttributeKind::Number => {
                let own = self.attribute(attribute);
                case([(above(own.clone(), number(0.0)), own)], number(0.0))
            }
            AttributeKind::Text | AttributeKind::OneOf(_) => number(0.0),
        };
        let name = self.layers.fresh("weight", &step.key_name());
        self.layers.short(&name, weight)
    }

    /// The attribute that decides how a group is combined: that of its first row which has one.
    fn group_attribute(&mut self, step: &RowStep, depth: usize, keys: &[Name]) -> Option<Expr> {
        let Combine::By { attribute, .. } = &step.combine else {
            return None;
        };
        Some(self.first_of(attribute.0, depth, keys))
    }

    /// What the first row of a group that says something says.
    fn first_of(&mut self, attribute: usize, depth: usize, keys: &[Name]) -> Expr {
        let partition: Vec<Expr> = keys.iter().cloned().map(Expr::Column).collect();
        let own = column(&format!("at_{}", self.attributes[attribute]));
        let key = column(&format!("key_{}", depth + 1));
        let order = call(Function::Binary, vec![key]);
        let stem = format!("{}_{depth}", self.attributes[attribute]);
        let position = over_ordered(
            Over::RowNumber,
            Expr::Null,
            &partition,
            order,
            Direction::Ascending,
        );
        let position = self
            .layers
            .once(&format!("row_{depth}"), times(position, number(1.0)));
        let first = over(
            Over::Min,
            only_if(not_null(own.clone()), position.clone()),
            &partition,
        );
        let first = self.layers.once(&format!("first_{stem}"), first);
        let found = over(Over::Max, only_if(equal(position, first), own), &partition);
        self.layers.once(&format!("group_{stem}"), found)
    }

    /// All attributes of the groups, under their old names.
    fn group_attributes(&mut self, depth: usize, keys: &[Name]) -> Vec<(Name, Expr)> {
        let mut columns = Vec::new();
        for attribute in 0..self.attributes.len() {
            let first = self.first_of(attribute, depth, keys);
            let name = format!("at_{}", self.attributes[attribute]);
            columns.push((Name::from(name.as_str()), aggregate(Over::Max, first)));
        }
        self.depth = depth;
        columns
    }

    /// A column's rows combined, and where anything says how to combine them.
    fn combined(&mut self, combining: &Combining<'_>, finer: &Finer) -> (Expr, Expr) {
        self.by_combiner(combining, &mut |work, combiner| match combiner {
            Some(combiner) => work.combiner(combiner, combining, finer),
            None => Expr::Null,
        })
    }

    /// What `of` makes of the combiner that each group asks for, and where it asks for one.
    fn by_combiner(
        &mut self,
        combining: &Combining<'_>,
        of: &mut dyn FnMut(&mut Self, Option<Combiner>) -> Expr,
    ) -> (Expr, Expr) {
        let silent = combining.is_silent();
        let mut whens = Vec::new();
        if !silent.is_never() {
            whens.push((silent.clone(), of(self, None)));
        }
        let (rest, stated) = match (&combining.step.combine, &combining.by) {
            (
                Combine::By {
                    cases, otherwise, ..
                },
                Some(by),
            ) => {
                let mut stated = Vec::new();
                let group = aggregate(Over::Max, by.clone());
                for (value, combiner) in cases {
                    let lower = call(Function::Lower, vec![group.clone()]);
                    let here = among(lower, spellings(std::slice::from_ref(value)));
                    stated.push(here.clone());
                    whens.push((here, of(self, Some(*combiner))));
                }
                let all_groups = otherwise.is_some();
                let stated = if all_groups { always() } else { any(stated) };
                (of(self, *otherwise), stated)
            }
            (Combine::Always(combiner), _) => (of(self, Some(*combiner)), always()),
            (Combine::By { .. }, None) => (Expr::Null, super::expr::never()),
        };
        (case(whens, rest), all([not(silent), stated]))
    }

    /// What the gaps of a group's rows could make of it: low, high, presence; `combined`: whether anything says how.
    fn combined_bounds(
        &mut self,
        combining: &Combining<'_>,
        rows: &Rows,
        combined: &Expr,
    ) -> [Expr; 3] {
        let mut end = |lowest: bool| {
            let mut of =
                |work: &mut Self, combiner| work.end_of_rows(combiner, combining, rows, lowest);
            self.by_combiner(combining, &mut of).0
        };
        let (low, high) = (end(true), end(false));
        let presence = aggregate(Over::Max, rows.presence.clone());
        let presence = coalesce(presence, Expr::Whole(0));
        // Whatever the rows answer, it may stay missing.
        let lost = perhaps(&presence);
        let presence = case([(combined.clone(), presence)], lost);
        [low, high, presence]
    }

    /// One end. Rows that may not apply are taken in the order of their own ends, after those that do: the farthest result
    /// is among those of the first of them, the first two, and so on.
    fn end_of_rows(
        &mut self,
        combiner: Option<Combiner>,
        combining: &Combining<'_>,
        rows: &Rows,
        lowest: bool,
    ) -> Expr {
        let (end, farthest, direction) = if lowest {
            (rows.low.clone(), Over::Min, Direction::Ascending)
        } else {
            (rows.high.clone(), Over::Max, Direction::Descending)
        };
        let hull = aggregate(farthest, end.clone());
        let certain = equal(rows.presence.clone(), Expr::Whole(2));
        let finer = |value: Expr| Finer {
            name: rows.name.clone(),
            value,
            up: rows.up,
        };
        match combiner {
            None => hull,
            Some(Combiner::Best | Combiner::Worst) => {
                let most = (combiner == Some(Combiner::Best)) == rows.up;
                if most != lowest {
                    return hull;
                }
                let over = if most { Over::Max } else { Over::Min };
                coalesce(aggregate(over, only_if(certain, end)), hull)
            }
            // One more vote can bring another value to the top.
            Some(Combiner::Majority) => {
                let finer = finer(rows.low.clone());
                let majority = self.combiner(Combiner::Majority, combining, &finer);
                let exact = all([certain, equal(rows.low.clone(), rows.high.clone())]);
                let open = case(
                    [
                        (is_null(rows.low.clone()), number(0.0)),
                        (exact, number(0.0)),
                    ],
                    number(1.0),
                );
                let open = above(aggregate(Over::Sum, open), number(0.0));
                case([(open, hull)], majority)
            }
            Some(combiner) if !rows.open => self.combiner(combiner, combining, &finer(end)),
            Some(Combiner::Median) => self.refuse(
                rows.node,
                "bounds",
                "they are not made for the median of rows that may not apply",
            ),
            Some(Combiner::Mean) => {
                let first = if lowest { -UNLIMITED } else { UNLIMITED };
                let order = case([(certain, number(first))], end.clone());
                let order = self.column_of("order", &rows.name, order);
                let Combining { keys, weight, .. } = combining;
                let partition: Vec<Expr> = keys.iter().cloned().map(Expr::Column).collect();
                let mut upto = |prefix: &str, of: Expr| {
                    let of = over_ordered(Over::Sum, of, &partition, order.clone(), direction);
                    self.column_of(prefix, &rows.name, of)
                };
                let total = upto("upto", times(weight.clone(), end.clone()));
                let count = upto("uptow", only_if(not_null(end.clone()), weight.clone()));
                aggregate(farthest, only_if(not_null(end), ratio(total, count)))
            }
        }
    }

    fn combiner(&mut self, combiner: Combiner, combining: &Combining<'_>, finer: &Finer) -> Expr {
        let Combining { keys, weight, .. } = combining;
        let partition: Vec<Expr> = keys.iter().cloned().map(Expr::Column).collect();
        let x = finer.value.clone();
        let is_there = not_null(x.clone());
        match (combiner, finer.up) {
            (Combiner::Mean, _) if matches!(weight, Expr::Number(_)) => aggregate(Over::Mean, x),
            (Combiner::Mean, _) => ratio(
                aggregate(Over::Sum, times(weight.clone(), x)),
                aggregate(Over::Sum, only_if(is_there, weight.clone())),
            ),
            (Combiner::Best, true) | (Combiner::Worst, false) => aggregate(Over::Max, x),
            (Combiner::Best, false) | (Combiner::Worst, true) => aggregate(Over::Min, x),
            (Combiner::Median, _) => {
                let place = over_ordered(
                    Over::RowNumber,
                    Expr::Null,
                    &partition,
                    x.clone(),
                    Direction::Ascending,
                );
                let place_name = self.layers.fresh("place", &finer.name);
                let place = self
                    .layers
                    .define(&place_name, plus(place, number(0.0)), None);
                let count = over(Over::Count, x.clone(), &partition);
                let count_name = self.layers.fresh("of", &finer.name);
                let count = self
                    .layers
                    .define(&count_name, plus(count, number(0.0)), None);
                let twice = times(place, number(2.0));
                let at = |least: f64| {
                    let low =
                        super::expr::at_least(twice.clone(), plus(count.clone(), number(least)));
                    let high = at_most(twice.clone(), plus(count.clone(), number(least + 1.0)));
                    aggregate(Over::Max, only_if(all([low, high]), x.clone()))
                };
                times(plus(at(0.0), at(1.0)), number(0.5))
            }
            (Combiner::Majority, up) => {
                let key_name = self.layers.fresh("vote", &finer.name);
                let key = self.layers.define(&key_name, tie_key(x.clone()), None);
                let mut alike = partition.clone();
                alike.push(key);
                let votes = over(Over::Count, x.clone(), &alike);
                let votes_name = self.layers.fresh("votes", &finer.name);
                let votes = self.layers.define(&votes_name, votes, None);
                let lowest = over(Over::Min, x, &alike);
                let lowest_name = self.layers.fresh("voted", &finer.name);
                let lowest = self.layers.define(&lowest_name, lowest, None);
                let most = over(Over::Max, votes.clone(), &partition);
                let most_name = self.layers.fresh("most", &finer.name);
                let most = self.layers.define(&most_name, most, None);
                let winner = only_if(
                    all([above(votes.clone(), Expr::Whole(0)), equal(votes, most)]),
                    lowest,
                );
                aggregate(if up { Over::Min } else { Over::Max }, winner)
            }
        }
    }

    /// Combines the scores of all nodes, the innermost rows first.
    pub(super) fn combine_scores(&mut self, slots: &mut [Slot], facets: &mut [FacetSlot]) {
        let steps = self.framework().rows.clone();
        let count = self.plan.score_steps();
        if count > 0 && self.loses_whole(count) {
            let lost = equal(column(LOST), Expr::Whole(1));
            for slot in slots.iter_mut() {
                if !matches!(slot.low, Expr::Refused(_)) {
                    let perhaps = (lost.clone(), perhaps(&slot.presence));
                    slot.presence = case([perhaps], slot.presence.clone());
                    slot.open = true;
                }
            }
        }
        for depth in (0..count).rev() {
            let step = &steps[depth];
            self.layers.stage(
                &format!("scores_{}", step.key_name()),
                "the scores of each finer row, and its place among the others",
            );
            let combining = self.combining(step, depth);
            let mut columns = self.group_attributes(depth, &combining.keys);
            for (at, slot) in slots.iter_mut().enumerate() {
                let name = self.names[at].clone();
                self.combine_slot(&combining, NodeIx(at), &name, slot, &mut columns);
            }
            for FacetSlot { name, slot, .. } in facets.iter_mut() {
                self.combine_slot(&combining, Framework::INDEX, name, slot, &mut columns);
            }
            self.layers.group(
                &format!("by_{}", step.key_name()),
                "finer rows combined",
                &combining.keys,
                columns,
            );
            self.layers.stage("combined", "finer rows combined");
            for (at, slot) in slots.iter_mut().enumerate() {
                let name = self.names[at].clone();
                if let Some(digits) = self.plan.rounding_when_made(NodeIx(at)) {
                    slot.score = self.rounded(&name, slot.score.clone(), digits);
                    if !matches!(slot.low, Expr::Refused(_)) {
                        slot.low = self.rounded(&name, slot.low.clone(), digits);
                        slot.high = self.rounded(&name, slot.high.clone(), digits);
                    }
                }
            }
        }
    }

    /// What is said of `node`, or of a facet of it, whose columns are called by `name`.
    fn combine_slot(
        &mut self,
        combining: &Combining<'_>,
        node: NodeIx,
        name: &str,
        slot: &mut Slot,
        columns: &mut Vec<(Name, Expr)>,
    ) {
        let up = self.framework().better == Better::Higher;
        let Combining { heard, told, .. } = combining;
        let finer = Finer {
            value: self.column_of("u", name, only_if(heard.clone(), slot.score.clone())),
            name: name.to_owned(),
            up,
        };
        let (score, combined) = self.combined(combining, &finer);
        let bounds = if let Expr::Refused(_) = slot.low {
            Err(slot.low.clone())
        } else {
            let rows = self.rows(node, name, told, [&slot.low, &slot.high, &slot.presence]);
            let rows = Rows {
                open: slot.open,
                up,
                ..rows
            };
            Ok(self.combined_bounds(combining, &rows, &combined))
        };
        let applies = not(slot.away.clone());
        let away = at_most(combining.count(applies.clone()), number(0.0));
        let covered = only_if(all([heard.clone(), applies]), slot.coverage());
        let coverage = coalesce(aggregate(Over::Mean, covered), number(0.0));
        let coverage = case([(combined.clone(), coverage)], number(0.0));
        let mut column = |work: &Self, prefix: &str, expr: Expr| {
            let name = work.layers.fresh(prefix, name);
            columns.push((Name::from(name.as_str()), expr));
            Expr::Column(Name::from(name.as_str()))
        };
        let counted = |of: &Expr| aggregate(Over::Sum, only_if(told.clone(), of.clone()));
        let applicable = counted(&slot.applicable);
        let answered = case([(combined.clone(), counted(&slot.answered))], number(0.0));
        slot.score = column(self, "rv", score);
        let flag = column(self, "rn", super::expr::flag(away));
        slot.away = equal(flag, Expr::Whole(1));
        slot.covered = Covered::By(column(self, "rc", coverage));
        slot.applicable = column(self, "rk", applicable);
        slot.answered = column(self, "ra", answered);
        match bounds {
            Ok([low, high, presence]) => {
                slot.low = column(self, "gl", low);
                slot.high = column(self, "gh", high);
                slot.presence = column(self, "gp", presence);
                slot.open |= combining.step.leaves_open();
            }
            Err(refused) => {
                (slot.low, slot.high, slot.presence) = (refused.clone(), refused.clone(), refused);
            }
        }
    }
}

impl RowStep {
    /// Its key as a part of a step's name.
    fn key_name(&self) -> String {
        super::names::names(std::iter::once(self.key.as_str())).swap_remove(0)
    }
}
