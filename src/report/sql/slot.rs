//! One node's columns: its score, what it covers, what gaps could still make of it. What `scoring/nodes.rs` does.

use crate::framework::{
    Aggregate, Body, Digits, MinCoverage, MissingPart, NodeIx, Range, RoundingMode,
};
use crate::scoring::Plan;

use super::aggregate::{Cell, present_weight};
use super::decode::not;
use super::expr::{
    Comparison, Expr, Function, above, all, any, at_most, below, call, case, coalesce, compare,
    equal, is_null, minus, number, only_if, plus, ratio, sum, times,
};
use super::work::{Work, reaches};

/// A node in a row. All expressions are short.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// A share.
    pub(super) score: Expr,
    /// It does not apply. What applies and has no score is missing.
    pub(super) away: Expr,
    pub(super) covered: Covered,
    /// How many indicators that count apply, and how many of them were answered.
    pub(super) applicable: Expr,
    pub(super) answered: Expr,
    /// What gaps could still give.
    pub(super) low: Expr,
    pub(super) high: Expr,
    /// 0: it does not apply, 1: that depends on answers, 2: it counts.
    pub(super) presence: Expr,
    /// Whether it can be 1.
    pub(super) open: bool,
}

/// Share of the weight of what applies that was answered.
#[derive(Clone, Debug)]
pub(super) enum Covered {
    /// All of it where there is a score.
    WhereGiven,
    By(Expr),
}

impl Slot {
    /// The share covered.
    pub(super) fn coverage(&self) -> Expr {
        match &self.covered {
            Covered::WhereGiven => super::work::given(self.score.clone()),
            Covered::By(coverage) => coverage.clone(),
        }
    }

    fn missing(&self) -> Expr {
        all([is_null(self.score.clone()), not(self.away.clone())])
    }
}

impl Work<'_> {
    /// A parent's score out of those of its parts.
    pub(super) fn parent_slot(&mut self, node: NodeIx, slots: &[Slot]) -> Slot {
        let name = self.names[node.0].clone();
        let rule = self.plan.assumptions.missing[node.0];
        let how = self.plan.assumptions.aggregate[node.0];
        let cells = self.cells(node, slots, rule);
        let mut score = match how {
            Aggregate::Copeland | Aggregate::Borda => {
                let cohort = self.cohort(&self.framework().node(node).cohort.clone());
                if how == Aggregate::Borda {
                    self.borda(&cells, &cohort, &name)
                } else {
                    self.copeland(&cells, &cohort, &name)
                }
            }
            _ => self.aggregate(how, &cells, &name),
        };
        if rule == MissingPart::NoScore {
            let gap = any(slots.iter().map(Slot::missing));
            score = case([(gap, Expr::Null)], score);
        }
        let away = all(slots.iter().map(|slot| slot.away.clone()));
        let away = self.layers.condition(&format!("n_{name}"), away);
        let covered = self.coverage(&name, slots, &cells, rule);
        let applicable = sum(slots.iter().map(|slot| slot.applicable.clone()).collect());
        let answered = sum(slots.iter().map(|slot| slot.answered.clone()).collect());
        let mut slot = Slot {
            applicable: self.layers.short(&format!("ka_{name}"), applicable),
            answered: self.layers.short(&format!("kn_{name}"), answered),
            score,
            away,
            covered: Covered::By(covered),
            low: Expr::Null,
            high: Expr::Null,
            presence: Expr::Whole(2),
            open: false,
        };
        let parts = self.with_gaps_filled(node, slots);
        self.bounds(node, how, &parts, &cells, &mut slot);
        if let Body::Parent(parent) = &self.framework().node(node).body {
            self.demand(&name, parent.min_coverage, slots, &mut slot);
        }
        slot
    }

    /// The parts as they are aggregated.
    fn cells(&mut self, node: NodeIx, slots: &[Slot], rule: MissingPart) -> Vec<Cell> {
        let parts = self.plan.parts[node.0].clone();
        let mut cells = Vec::new();
        for (part, slot) in parts.iter().zip(slots) {
            let certain = slot.away.is_never()
                && matches!(rule, MissingPart::Zero | MissingPart::Constant(_));
            let value = standing_in(slot, rule);
            let name = self.names[part.0].clone();
            cells.push(Cell {
                weight: self.plan.assumptions.weights[part.0],
                stage: self.plan.stages[part.0],
                reach: self.plan.reach[part.0],
                value: self.column_of("f", &name, value),
                certain,
                away: slot.away.clone(),
            });
        }
        cells
    }

    /// Σ w·coverage ÷ Σ w over the parts that apply.
    fn coverage(&mut self, name: &str, slots: &[Slot], cells: &[Cell], rule: MissingPart) -> Expr {
        if cells.is_empty() {
            return number(0.0);
        }
        let terms = slots
            .iter()
            .zip(cells)
            .map(|(slot, cell)| match &slot.covered {
                // The same as what the mean divides by.
                Covered::WhereGiven
                    if matches!(rule, MissingPart::Renormalise | MissingPart::NoScore) =>
                {
                    present_weight(cell)
                }
                _ => {
                    let term = times(number(cell.weight), slot.coverage());
                    case([(slot.away.clone(), number(0.0))], term)
                }
            });
        let answered = self
            .layers
            .short(&format!("ca_{name}"), sum(terms.collect()));
        let total: f64 = cells.iter().map(|cell| cell.weight).sum();
        let coverage = if slots.iter().all(|slot| slot.away.is_never()) {
            ratio(answered, number(total))
        } else {
            let applies = slots
                .iter()
                .zip(cells)
                .map(|(slot, cell)| case([(slot.away.clone(), number(0.0))], number(cell.weight)));
            let applies = self
                .layers
                .short(&format!("cw_{name}"), sum(applies.collect()));
            case(
                [(
                    above(applies.clone(), number(0.0)),
                    ratio(answered, applies),
                )],
                number(0.0),
            )
        };
        self.layers.define(&format!("c_{name}"), coverage, None)
    }

    /// No score below the minimum coverage.
    fn demand(&mut self, name: &str, least: MinCoverage, parts: &[Slot], slot: &mut Slot) {
        let share = |part: Expr, of: Expr| {
            case(
                [(above(of.clone(), number(0.0)), ratio(part, of))],
                number(1.0),
            )
        };
        let (found, least) = match least {
            MinCoverage::Weight(least) => (slot.coverage(), least),
            MinCoverage::Answers(least) => {
                (share(slot.answered.clone(), slot.applicable.clone()), least)
            }
            MinCoverage::Parts(least) => {
                let given = parts
                    .iter()
                    .map(|part| super::work::given(part.score.clone()));
                let applies = parts
                    .iter()
                    .map(|part| case([(part.away.clone(), number(0.0))], number(1.0)));
                let given = self
                    .layers
                    .short(&format!("pg_{name}"), sum(given.collect()));
                let applies = self
                    .layers
                    .short(&format!("pa_{name}"), sum(applies.collect()));
                (share(given, applies), least)
            }
        };
        if least > 0.0 {
            let found = self.layers.short(&format!("mc_{name}"), found);
            slot.score = only_if(reaches(found, number(least)), slot.score.clone());
        }
    }

    /// Caps a node's score and rounds it, where it asks for that; then it is ready.
    pub(super) fn seal(&mut self, node: NodeIx, mut slot: Slot, cap: Option<&Slot>) -> Slot {
        let name = self.names[node.0].clone();
        let title = self.title(node);
        if let Some(cap) = cap {
            let free = self.column_of("sf", &name, slot.score);
            let over = below(cap.score.clone(), free.clone());
            slot.score = case([(over, cap.score.clone())], free);
            let low = self.column_of("l", &name, slot.low);
            let high = self.column_of("h", &name, slot.high);
            let limits = |least: i64| {
                compare(
                    Comparison::AtLeast,
                    cap.presence.clone(),
                    Expr::Whole(least),
                )
            };
            slot.low = case(
                [(
                    all([limits(1), below(cap.low.clone(), low.clone())]),
                    cap.low.clone(),
                )],
                low,
            );
            slot.high = case(
                [(
                    all([limits(2), below(cap.high.clone(), high.clone())]),
                    cap.high.clone(),
                )],
                high,
            );
        }
        if let Some(digits) = self.plan.rounding_when_made(node) {
            slot.score = self.rounded(&name, slot.score, digits);
            slot.low = self.rounded(&name, slot.low, digits);
            slot.high = self.rounded(&name, slot.high, digits);
        }
        let is_ready = slot.score.is_short();
        if !is_ready {
            let column = self.layers.fresh("s", &name);
            slot.score = self.layers.define(&column, slot.score, Some(&title));
        }
        slot.low = self.column_of("lo", &name, slot.low);
        slot.high = self.column_of("hi", &name, slot.high);
        slot.presence = self.column_of("p", &name, slot.presence);
        slot
    }

    /// A score as it is shown, read back: the half is decided on the decimal value.
    pub(super) fn rounded(&mut self, name: &str, score: Expr, digits: Digits) -> Expr {
        let range = self.framework().range;
        let shown = match range {
            Range::Between { low, high } => plus(number(low), times(score, number(high - low))),
            Range::Unbounded => score,
        };
        let shown = match (range, shown) {
            (Range::Between { low, .. }, Expr::Sum(terms)) if low.abs() <= 0.0 => {
                terms.into_iter().nth(1).unwrap_or(Expr::Null)
            }
            (_, shown) => shown,
        };
        let shown = self.column_of("ro", name, shown);
        let shift = 10f64.powi(i32::from(digits.digits));
        let size = times(call(Function::Abs, vec![shown.clone()]), number(shift));
        let size = self.column_of("rz", name, size);
        let whole = self.column_of("rw", name, call(Function::Floor, vec![size.clone()]));
        let rest = minus(size.clone(), whole.clone());
        let from_half = call(Function::Abs, vec![minus(rest.clone(), number(0.5))]);
        let near = call(
            Function::Greatest,
            vec![number(1e-9), times(size, number(1e-12))],
        );
        let near = call(Function::Least, vec![near, number(0.01)]);
        let is_half = at_most(from_half, near);
        let up = match digits.mode {
            RoundingMode::HalfUp => number(1.0),
            RoundingMode::HalfEven => {
                let half = times(whole.clone(), number(0.5));
                let odd = compare(
                    Comparison::Differs,
                    call(Function::Floor, vec![half.clone()]),
                    half,
                );
                case([(odd, number(1.0))], number(0.0))
            }
        };
        let step = case(
            [(is_half, up), (above(rest, number(0.5)), number(1.0))],
            number(0.0),
        );
        let step = self.column_of("rs", name, step);
        let rounded = ratio(plus(whole, step), number(shift));
        let rounded = case(
            [(
                below(shown, number(0.0)),
                minus(number(0.0), rounded.clone()),
            )],
            rounded,
        );
        let back = match range {
            Range::Between { low, high } => ratio(minus(rounded, number(low)), number(high - low)),
            Range::Unbounded => rounded,
        };
        self.column_of("rb", name, back)
    }

    /// Parts whose bounds hold what their parent puts into a gap that a condition may leave.
    fn with_gaps_filled(&mut self, node: NodeIx, slots: &[Slot]) -> Vec<Slot> {
        let mut slots = slots.to_vec();
        let Some(share) = self.plan.assumptions.missing[node.0].share() else {
            return slots;
        };
        let parts = &self.plan.parts[node.0];
        for (part, slot) in parts.iter().zip(&mut slots) {
            if self.plan.may_be_left(*part) {
                let name = self.names[part.0].clone();
                (slot.low, slot.high) = self.widened(&name, share, slot);
            }
        }
        slots
    }

    /// Bounds with a share where there may be no score.
    pub(super) fn widened(&mut self, name: &str, share: f64, slot: &Slot) -> (Expr, Expr) {
        if let Expr::Refused(_) = slot.low {
            return (slot.low.clone(), slot.high.clone());
        }
        let perhaps = equal(slot.presence.clone(), Expr::Whole(1));
        let mut end = |prefix: &str, farther: Function, end: &Expr| {
            let both = call(farther, vec![end.clone(), number(share)]);
            self.column_of(prefix, name, case([(perhaps.clone(), both)], end.clone()))
        };
        let low = end("bl", Function::Least, &slot.low);
        (low, end("bh", Function::Greatest, &slot.high))
    }

    /// What gaps could still make of a node.
    fn bounds(
        &mut self,
        node: NodeIx,
        how: Aggregate,
        parts: &[Slot],
        cells: &[Cell],
        slot: &mut Slot,
    ) {
        let name = self.names[node.0].clone();
        if let Some(refused) = parts
            .iter()
            .flat_map(|part| [&part.low, &part.presence])
            .find(|low| matches!(low, Expr::Refused(_)))
        {
            (slot.low, slot.high, slot.presence) =
                (refused.clone(), refused.clone(), refused.clone());
            return;
        }
        if matches!(how, Aggregate::Copeland | Aggregate::Borda) {
            let refused = self.refuse(node, "bounds", "ranks depend on what others leave open");
            (slot.low, slot.high, slot.presence) = (refused.clone(), refused.clone(), refused);
            return;
        }
        slot.open = parts.iter().any(|part| part.open);
        let presence = parts.iter().map(|part| part.presence.clone());
        let presence = if parts.is_empty() {
            Expr::Whole(0)
        } else if parts.iter().any(|part| part.presence == Expr::Whole(2)) {
            Expr::Whole(2)
        } else {
            call(Function::Greatest, presence.collect())
        };
        let withholding = self.plan.withholding(node);
        let lost = any(withholding.map(|at| equal(parts[at].presence.clone(), Expr::Whole(1))));
        let presence = case([(lost, super::leaf::perhaps(&presence))], presence);
        slot.presence = self.layers.short(&format!("pr_{name}"), presence);
        slot.low = self.end(node, how, parts, cells, true);
        slot.high = self.end(node, how, parts, cells, false);
    }

    /// One end of what gaps could still give.
    fn end(
        &mut self,
        node: NodeIx,
        how: Aggregate,
        parts: &[Slot],
        cells: &[Cell],
        lowest: bool,
    ) -> Expr {
        let name = self.names[node.0].clone();
        let word = if lowest { "low" } else { "high" };
        let of = |part: &Slot| {
            if lowest {
                part.low.clone()
            } else {
                part.high.clone()
            }
        };
        let staged = matches!(how, Aggregate::Staged { .. } | Aggregate::LevelSum { .. });
        let optional: Vec<usize> = (0..parts.len()).filter(|at| parts[*at].open).collect();
        if staged && !optional.is_empty() {
            return self.refuse(node, "bounds", "parts of a stage may turn out not to apply");
        }
        if optional.len() > 40 {
            return self.refuse(
                node,
                "bounds",
                "more than 40 parts may turn out not to apply",
            );
        }
        let is_sum = matches!(how, Aggregate::Sum { .. });
        if is_sum && optional.iter().any(|at| cells[*at].reach <= 0.0) {
            return self.refuse(
                node,
                "bounds",
                "a part without points may turn out not to apply",
            );
        }
        // What pulls at a sum is the share of a part's points.
        let pull = |at: usize| {
            let end = of(&parts[at]);
            if is_sum {
                ratio(end, number(cells[at].reach))
            } else {
                end
            }
        };
        // The optional parts are taken in the order of their pull: none, or all up to each of them.
        let mut candidates = Vec::new();
        for upto in std::iter::once(None).chain(optional.iter().copied().map(Some)) {
            let mut taken = Vec::new();
            for (at, (part, cell)) in parts.iter().zip(cells).enumerate() {
                let certain = equal(part.presence.clone(), Expr::Whole(2));
                let certain = match part.presence {
                    Expr::Whole(2) => super::expr::always(),
                    _ => certain,
                };
                let within = match upto {
                    Some(limit) if part.open => {
                        let order = if lowest {
                            at_most(pull(at), pull(limit))
                        } else {
                            super::expr::at_least(pull(at), pull(limit))
                        };
                        let reached = compare(
                            Comparison::Above,
                            parts[limit].presence.clone(),
                            Expr::Whole(0),
                        );
                        let own = equal(part.presence.clone(), Expr::Whole(1));
                        all([own, reached, order])
                    }
                    _ => super::expr::never(),
                };
                let counts = any([certain, within]);
                let value = only_if(counts.clone(), of(part));
                let number = upto.map_or(0, |limit| limit + 1);
                let column = format!("b{word}{number}_{}_{name}", at + 1);
                taken.push(Cell {
                    value: self.layers.short(&column, value),
                    certain: counts == super::expr::always(),
                    away: not(counts),
                    ..cell.clone()
                });
            }
            let label = format!("{name}_{word}{}", upto.map_or(0, |limit| limit + 1));
            let found = self.aggregate(how, &taken, &label);
            let column = self.layers.fresh("q", &label);
            candidates.push(self.layers.short(&column, found));
        }
        self.farthest(&format!("{name}_{word}"), candidates, lowest)
    }

    /// The lowest or the highest of candidates, some of which are there.
    fn farthest(&mut self, name: &str, candidates: Vec<Expr>, lowest: bool) -> Expr {
        let far = if lowest { 9e99 } else { -9e99 };
        let function = if lowest {
            Function::Least
        } else {
            Function::Greatest
        };
        if let [only] = candidates.as_slice() {
            return only.clone();
        }
        let found = call(
            function,
            candidates
                .into_iter()
                .map(|candidate| coalesce(candidate, number(far)))
                .collect(),
        );
        let column = self.layers.fresh("qq", name);
        let found = self.layers.define(&column, found, None);
        let is_there = if lowest {
            below(found.clone(), number(9e98))
        } else {
            above(found.clone(), number(-9e98))
        };
        only_if(is_there, found)
    }

    /// Whether the plan rescales a node.
    pub(super) fn rescale(&mut self, node: NodeIx, slot: &mut Slot) {
        let Some(how) = self.plan.normalise(node).cloned() else {
            return;
        };
        let name = self.names[node.0].clone();
        let x = self.column_of("sr", &name, slot.score.clone());
        slot.score = self.normalised(node, &how, x);
        slot.low = self.normalised_bound(node, &how, &slot.low.clone());
        slot.high = self.normalised_bound(node, &how, &slot.high.clone());
    }
}

/// A score with what its parent counts where there is none.
pub(super) fn standing_in(slot: &Slot, rule: MissingPart) -> Expr {
    let filling = match rule {
        MissingPart::Zero => number(0.0),
        MissingPart::Constant(share) => number(share),
        MissingPart::Lowest => {
            let there = match &slot.presence {
                Expr::Whole(2) => super::expr::always(),
                presence => compare(Comparison::Above, presence.clone(), Expr::Whole(0)),
            };
            only_if(there, slot.low.clone())
        }
        MissingPart::Renormalise | MissingPart::NoScore => return slot.score.clone(),
    };
    if slot.away.is_never() {
        coalesce(slot.score.clone(), filling)
    } else {
        case([(slot.missing(), filling)], slot.score.clone())
    }
}

/// Every node after its parts and after the node that caps it: how many steps it takes.
pub(super) fn heights(plan: &Plan<'_>) -> Vec<usize> {
    let mut heights = vec![0; plan.framework.nodes.len()];
    for node in &plan.order {
        let own = plan.framework.node(*node);
        let waits = own.children().iter().chain(&own.cap);
        heights[node.0] = waits.map(|before| heights[before.0] + 1).max().unwrap_or(0);
    }
    heights
}
