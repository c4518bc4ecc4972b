//! The steps of a plan: one node's score out of its parts, with coverage and bounds.

use std::borrow::Cow;

use crate::framework::{
    Aggregate, Answers, Body, Digits, Gap, MinCoverage, MissingAnswer, MissingPart, NodeIx, Range,
    reaches,
};
use crate::responses::{Answer, Column, Mark, Responses};

use super::aggregate::{Lent, Part, aggregate_with};
use super::bounds::node_bounds;
use super::compete::compete;
use super::leaf::{Bound, Bounds, Leaf, Presence};
use super::plan::Plan;
use super::rows::Folding;
use super::scale::Scaler;
use super::workings::Workings;

/// What is known of one node for every case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slot {
    /// Shares.
    pub(crate) score: Column,
    /// Share of the weight of what applies that was answered.
    pub(crate) coverage: Vec<f64>,
    /// How many indicators that count apply, and how many of them were answered.
    pub(crate) applicable: Vec<u32>,
    pub(crate) answered: Vec<u32>,
    /// What gaps could still give; `None`: nothing is open.
    pub(crate) bounds: Option<Box<Bounds>>,
}

/// What a slot must say beside its scores, and what stays. Scores alone are made much faster.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for or not")]
pub(crate) struct Detail {
    pub(crate) coverage: bool,
    pub(crate) counts: bool,
    pub(crate) bounds: bool,
    /// Whether the indicators' leaves stay beside the slots that are made of them: somebody will ask how scores were made.
    pub(crate) leaves: bool,
}

impl Detail {
    pub(crate) const FULL: Self = Self {
        coverage: true,
        counts: true,
        bounds: true,
        leaves: true,
    };

    pub(crate) const SCORES: Self = Self {
        coverage: false,
        counts: false,
        bounds: false,
        leaves: false,
    };

    /// Whether indicators must say which of their answers were given.
    pub(crate) fn needs_coverage(self) -> bool {
        self.coverage || self.counts
    }
}

impl Plan<'_> {
    /// Makes the slot of a node whose parts are ready.
    pub(crate) fn make_node(
        &self,
        node: NodeIx,
        responses: &Responses,
        workings: &mut Workings,
        detail: Detail,
    ) {
        let mut slot = if self.framework.node(node).indicator().is_some() {
            self.leaf_slot(node, responses, workings, detail)
        } else {
            let mut slot = self.unscaled_parent(node, responses, workings, detail);
            self.rescale_slot(node, &mut slot, responses, workings);
            slot
        };
        let cap = self.framework.node(node).cap;
        self.seal(node, &mut slot, cap.map(|cap| &workings.slots[cap.0]));
        workings.slots[node.0] = slot;
    }

    /// A parent's score out of its parts, which are ready.
    pub(crate) fn unscaled_parent(
        &self,
        node: NodeIx,
        responses: &Responses,
        workings: &Workings,
        detail: Detail,
    ) -> Slot {
        let parts = self.parts[node.0].iter();
        let parts = parts.map(|part| &workings.slots[part.0]);
        self.parent_slot(node, parts, responses, workings, detail, Lent::default())
    }

    /// Scales a parent's scores against its cohort, if it asks for that.
    pub(crate) fn rescale_slot(
        &self,
        node: NodeIx,
        slot: &mut Slot,
        responses: &Responses,
        workings: &mut Workings,
    ) {
        if let Some(how) = self.normalise(node) {
            let mut leaf = Leaf {
                value: std::mem::take(&mut slot.score),
                bounds: slot.bounds.take(),
                ..Leaf::default()
            };
            self.normalise_column(node, how, responses, &mut leaf, workings);
            (slot.score, slot.bounds) = (leaf.value, leaf.bounds);
        }
    }

    /// Caps a node's scores and rounds them, where it asks for that.
    pub(crate) fn seal(&self, node: NodeIx, slot: &mut Slot, cap: Option<&Slot>) {
        if let Some(cap) = cap {
            slot.cap(cap);
        }
        if let Some(digits) = self.rounding_when_made(node) {
            slot.round(self.framework.range, digits);
        }
    }

    /// Shares of one indicator.
    pub(crate) fn leaf_slot(
        &self,
        node: NodeIx,
        responses: &Responses,
        workings: &mut Workings,
        detail: Detail,
    ) -> Slot {
        let mut leaf = self.unscaled_leaf(node, workings, detail);
        if let Some(how) = self.normalise(node) {
            self.normalise_column(node, how, responses, &mut leaf, workings);
        }
        leaf.settle();
        let slot = Slot::of(leaf, detail);
        slot.filled(
            &self.assumptions.missing_answer[node.0],
            self.may_be_lost(node),
        )
    }

    /// An indicator's numbers after their own curve.
    pub(crate) fn unscaled_leaf(
        &self,
        node: NodeIx,
        workings: &mut Workings,
        detail: Detail,
    ) -> Leaf {
        let question = self.questions.position[node.0].expect("it is an indicator");
        let leaf = &mut workings.leaves[question];
        let mut leaf = if detail.leaves {
            leaf.clone()
        } else {
            std::mem::take(leaf)
        };
        if let Answers::Number(number) = &self.questions.indicator(question).answers {
            let lost = leaf.curve(&Scaler::of_curve(&number.curve, false));
            let lost = lost.into_iter().map(|case| (node, case));
            workings.off_scale.extend(lost);
        }
        leaf
    }

    /// A parent's score out of `slots`, those of its parts that count; without one where too little is covered.
    #[expect(clippy::needless_pass_by_value, reason = "an iterator is a few words")]
    pub(crate) fn parent_slot<'s>(
        &self,
        node: NodeIx,
        slots: impl Iterator<Item = &'s Slot> + Clone,
        responses: &Responses,
        workings: &Workings,
        detail: Detail,
        lent: Lent<'_>,
    ) -> Slot {
        let rule = self.assumptions.missing[node.0];
        let how = self.assumptions.aggregate[node.0];
        let length = workings.cases.len();
        let filled: Vec<Cow<'_, Column>>;
        let parts = if rule.fills() {
            filled = slots.clone().map(|slot| slot.standing_in(rule)).collect();
            self.weighted(node, &filled)
        } else {
            self.weigh(node, slots.clone().map(|slot| &slot.score))
        };
        let mut score = match how {
            Aggregate::Copeland | Aggregate::Borda => {
                compete(self, node, how, &parts, responses, workings)
            }
            _ => aggregate_with(how, &parts, length, lent),
        };
        explain_gaps(rule, slots.clone(), &mut score);
        let mut slot = Slot {
            score,
            ..Slot::default()
        };
        let all = || slots.clone().collect::<Vec<&Slot>>();
        if detail.coverage {
            let weights: Vec<f64> = parts.iter().map(|part| part.weight).collect();
            slot.coverage = coverage(&all(), &weights, length);
        }
        if detail.counts {
            slot.applicable = sum(&all(), |slot| &slot.applicable, length);
            slot.answered = sum(&all(), |slot| &slot.answered, length);
        }
        if detail.bounds {
            let widened = self.parts[node.0].iter().zip(slots.clone());
            let widened = widened.map(|(part, slot)| self.with_gap_filled(*part, rule, slot));
            let widened: Vec<Cow<'_, Slot>> = widened.collect();
            let widened: Vec<&Slot> = widened.iter().map(AsRef::as_ref).collect();
            slot.bounds = node_bounds(how, &widened, &parts, &slot.score).map(Box::new);
            for part in self.withholding(node) {
                slot.may_be_withheld(widened[part]);
            }
        }
        if let Some(least) = self.least_coverage(node) {
            slot.demand(least, &all(), detail);
        }
        slot
    }

    /// The coverage below which a node has no score, if it asks for any.
    fn least_coverage(&self, node: NodeIx) -> Option<MinCoverage> {
        match &self.framework.node(node).body {
            Body::Parent(parent) => Some(parent.min_coverage).filter(|least| least.share() > 0.0),
            Body::Indicator(_) => None,
        }
    }

    /// Positions of the parts for want of which a node may have no score, whatever is answered.
    pub(crate) fn withholding(&self, node: NodeIx) -> impl Iterator<Item = usize> {
        let withholds = self.assumptions.missing[node.0] == MissingPart::NoScore
            || self.least_coverage(node).is_some();
        let parts = self.parts[node.0].iter().enumerate();
        parts
            .filter(move |(_, part)| withholds && self.may_be_left(**part))
            .map(|(at, _)| at)
    }

    /// A part whose bounds hold what its parent puts into a gap that a condition may leave.
    fn with_gap_filled<'s>(
        &self,
        part: NodeIx,
        rule: MissingPart,
        slot: &'s Slot,
    ) -> Cow<'s, Slot> {
        match rule.share() {
            Some(share) if slot.bounds.is_some() && self.may_be_left(part) => {
                let mut slot = slot.clone();
                slot.widen(share);
                Cow::Owned(slot)
            }
            Some(_) | None => Cow::Borrowed(slot),
        }
    }

    /// Columns with the weights and stages of a node's parts.
    pub(crate) fn weighted<'c>(
        &self,
        node: NodeIx,
        columns: &'c [Cow<'_, Column>],
    ) -> Vec<Part<'c>> {
        self.weigh(node, columns.iter().map(AsRef::as_ref))
    }

    fn weigh<'c>(&self, node: NodeIx, columns: impl Iterator<Item = &'c Column>) -> Vec<Part<'c>> {
        let parts = self.parts[node.0].iter().zip(columns);
        parts
            .map(|(part, column)| Part {
                weight: self.assumptions.weights[part.0],
                stage: self.stages[part.0],
                reach: self.reach[part.0],
                column,
            })
            .collect()
    }
}

impl MinCoverage {
    /// The least share.
    fn share(self) -> f64 {
        match self {
            Self::Weight(share) | Self::Parts(share) | Self::Answers(share) => share,
        }
    }
}

impl MissingPart {
    /// Whether something stands in for a score that there is not.
    pub(crate) fn fills(self) -> bool {
        match self {
            Self::Renormalise | Self::NoScore => false,
            Self::Zero | Self::Lowest | Self::Constant(_) => true,
        }
    }

    /// The share that stands in, the same for all.
    pub(crate) fn share(self) -> Option<f64> {
        match self {
            Self::Zero => Some(0.0),
            Self::Constant(share) => Some(share),
            Self::Renormalise | Self::NoScore | Self::Lowest => None,
        }
    }
}

/// Where there is no score: why not. And none where the rule, or arithmetic, forbids one.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, so that marks are looked at together"
)]
fn explain_gaps<'s>(
    rule: MissingPart,
    slots: impl Iterator<Item = &'s Slot> + Clone,
    score: &mut Column,
) {
    // Loops without a way out look at many cells together; mostly nothing is left to do after them.
    let marks = score.marks.iter();
    let complete = marks.fold(true, |given, mark| given & (*mark == Mark::Given));
    if !complete || rule == MissingPart::NoScore {
        explain_missing(rule, slots, score);
    }
    // One more in an exponent that is full runs over into the sign.
    let overflows = |value: &f64| (value.to_bits() & EXPONENT) + (1 << 52);
    let values = score.values.iter();
    if values.fold(0, |bits, value| bits | overflows(value)) >> 63 == 1 {
        for case in 0..score.len() {
            if !score.values[case].is_finite() {
                score.set(case, Answer::Missing(Gap::Unanswered));
            }
        }
    }
}

/// The bits that hold a number's exponent; all of them are set where it is not finite.
const EXPONENT: u64 = 0x7FF0_0000_0000_0000;

#[expect(clippy::needless_pass_by_value, reason = "an iterator is a few words")]
fn explain_missing<'s>(
    rule: MissingPart,
    slots: impl Iterator<Item = &'s Slot> + Clone,
    score: &mut Column,
) {
    for slot in slots.clone() {
        for (case, mark) in slot.score.marks.iter().enumerate() {
            if *mark == Mark::Given {
                continue;
            }
            let given = score.marks[case] == Mark::Given;
            if rule == MissingPart::NoScore && mark.is_missing() {
                if given {
                    score.set(case, slot.score.get(case));
                }
            } else if !given
                && *mark != Mark::NotApplicable
                && score.marks[case] == Mark::Unanswered
            {
                score.marks[case] = *mark;
            }
        }
    }
    for case in 0..score.len() {
        let applies = |slot: &Slot| slot.score.marks[case] != Mark::NotApplicable;
        if score.marks[case] == Mark::Unanswered && !slots.clone().any(applies) {
            score.set(case, Answer::NotApplicable);
        }
    }
}

fn sum(slots: &[&Slot], of: impl Fn(&Slot) -> &Vec<u32>, length: usize) -> Vec<u32> {
    let mut sums = vec![0; length];
    for slot in slots {
        for (sum, count) in sums.iter_mut().zip(of(slot)) {
            *sum += count;
        }
    }
    sums
}

/// Σ w·coverage ÷ Σ w over the parts that apply.
fn coverage(slots: &[&Slot], weights: &[f64], length: usize) -> Vec<f64> {
    let mut answered = vec![0.0; length];
    let mut all = vec![0.0; length];
    for (slot, weight) in slots.iter().zip(weights) {
        let cells = slot.score.marks.iter().zip(&slot.coverage);
        for ((mark, coverage), (answered, all)) in cells.zip(answered.iter_mut().zip(&mut all)) {
            if *mark != Mark::NotApplicable {
                *answered += weight * coverage;
                *all += weight;
            }
        }
    }
    let share = |(answered, all): (&f64, &f64)| if *all > 0.0 { answered / all } else { 0.0 };
    answered.iter().zip(&all).map(share).collect()
}

impl Leaf {
    /// Puts fixed shares in the place of numbers, in the bounds too.
    fn settle(&mut self) {
        if self.fixed.is_none() && self.stand_in.is_none() {
            return;
        }
        if self.bounds.is_some() || self.stand_in.is_some() {
            for case in 0..self.value.len() {
                let bound = self.bound(case).or_else(self.stand_in(case));
                self.bounds_mut().set(case, bound);
            }
        }
        self.stand_in = None;
        if let Some(fixed) = self.fixed.take() {
            for case in 0..fixed.len() {
                if let Some(share) = fixed.value(case) {
                    self.value.set(case, Answer::Given(share));
                }
            }
        }
    }
}

impl Slot {
    /// Of a leaf with shares.
    fn of(leaf: Leaf, detail: Detail) -> Self {
        let counts = |of: &dyn Fn(usize) -> bool| -> Vec<u32> {
            let cases = 0..if detail.counts { leaf.value.len() } else { 0 };
            cases.map(|case| u32::from(of(case))).collect()
        };
        let applies = |case: usize| leaf.value.marks[case] != Mark::NotApplicable;
        Self {
            applicable: counts(&applies),
            answered: counts(&|case| applies(case) && leaf.coverage[case] > 0.0),
            score: leaf.value,
            coverage: leaf.coverage,
            bounds: leaf.bounds,
        }
    }

    /// Gaps filled with a share, where the indicator asks for it; `may_be_lost`: there may be none whatever is answered.
    fn filled(mut self, rule: &MissingAnswer, may_be_lost: bool) -> Self {
        let share = |slot: &Self, case: usize| match rule {
            MissingAnswer::Zero => Some(0.0),
            MissingAnswer::Constant(share) => Some(*share),
            MissingAnswer::Lowest => slot.lowest(case),
            MissingAnswer::Keep
            | MissingAnswer::Mean(_)
            | MissingAnswer::Median(_)
            | MissingAnswer::Previous { .. }
            | MissingAnswer::Interpolate
            | MissingAnswer::Row { .. } => None,
        };
        if *rule == MissingAnswer::Keep {
            return self;
        }
        for case in 0..self.score.len() {
            if self.score.marks[case].is_missing()
                && let Some(share) = share(&self, case)
            {
                self.score.set(case, Answer::Given(share));
            }
        }
        match rule {
            MissingAnswer::Zero if may_be_lost => self.widen(0.0),
            MissingAnswer::Constant(share) if may_be_lost => self.widen(*share),
            _ => {}
        }
        self
    }

    /// Where a part may be left without a score, the node may be, too.
    fn may_be_withheld(&mut self, part: &Self) {
        let (Some(own), Some(part)) = (&mut self.bounds, &part.bounds) else {
            return;
        };
        for (own, part) in own.presence.iter_mut().zip(&part.presence) {
            if *part == Presence::Maybe {
                *own = (*own).min(Presence::Maybe);
            }
        }
    }

    /// Where it may be left without a score, a share is among the bounds.
    fn widen(&mut self, share: f64) {
        let Some(bounds) = &mut self.bounds else {
            return;
        };
        for case in 0..bounds.presence.len() {
            if bounds.presence[case] == Presence::Maybe {
                bounds.set(case, bounds.get(case).or(Bound::exactly(share)));
            }
        }
    }

    /// Its scores with what the parent counts where there is none.
    pub(crate) fn standing_in(&self, rule: MissingPart) -> Cow<'_, Column> {
        if !rule.fills() {
            return Cow::Borrowed(&self.score);
        }
        let mut column = self.score.clone();
        for case in 0..column.len() {
            if column.marks[case].is_missing() {
                column.set(case, self.counted(rule, case));
            }
        }
        Cow::Owned(column)
    }

    /// One of these cells.
    pub(crate) fn counted(&self, rule: MissingPart, case: usize) -> Answer {
        let share = match rule {
            MissingPart::Zero => Some(0.0),
            MissingPart::Constant(share) => Some(share),
            MissingPart::Lowest => self.lowest(case),
            MissingPart::Renormalise | MissingPart::NoScore => None,
        };
        match (self.score.get(case), share) {
            (Answer::Missing(_), Some(share)) => Answer::Given(share),
            (answer, _) => answer,
        }
    }

    /// No score below the minimum coverage.
    fn demand(&mut self, least: MinCoverage, parts: &[&Self], detail: Detail) {
        for case in 0..self.score.len() {
            let enough = reaches(self.found(least, parts, case), least.share());
            if !enough && self.score.marks[case] == Mark::Given {
                if detail.bounds {
                    self.keep_bounds();
                }
                self.score.set(case, Answer::Missing(Gap::Unanswered));
            }
        }
    }

    /// The share that a minimum coverage looks at.
    pub(crate) fn found(&self, least: MinCoverage, parts: &[&Self], case: usize) -> f64 {
        let share = |part: u32, of: u32| {
            if of == 0 {
                1.0
            } else {
                f64::from(part) / f64::from(of)
            }
        };
        match least {
            MinCoverage::Weight(_) => self.coverage[case],
            MinCoverage::Answers(_) => share(self.answered[case], self.applicable[case]),
            MinCoverage::Parts(_) => {
                let marks = parts.iter().map(|part| part.score.marks[case]);
                let (given, all) = marks
                    .filter(|mark| *mark != Mark::NotApplicable)
                    .fold((0, 0), |(given, all), mark| {
                        (given + u32::from(mark == Mark::Given), all + 1)
                    });
                share(given, all)
            }
        }
    }

    /// A node that loses its score for lack of coverage keeps what the gaps could give.
    fn keep_bounds(&mut self) {
        let score = &self.score;
        self.bounds
            .get_or_insert_with(|| Box::new(Bounds::of(score)));
    }

    /// No score above the cap's; a cap without a score does not bind.
    fn cap(&mut self, cap: &Self) {
        if self.bounds.is_some() || cap.bounds.is_some() {
            self.keep_bounds();
        }
        for case in 0..self.score.len() {
            if let (Some(value), Some(limit)) = (self.score.value(case), cap.score.value(case)) {
                self.score.set(case, Answer::Given(value.min(limit)));
            }
            let limit = cap.bound(case);
            if let Some(bounds) = &mut self.bounds {
                let bound = bounds.get(case);
                let low = match limit.presence {
                    Presence::Absent => bound.low,
                    Presence::Maybe | Presence::Certain => bound.low.min(limit.low),
                };
                let high = match limit.presence {
                    Presence::Absent | Presence::Maybe => bound.high,
                    Presence::Certain => bound.high.min(limit.high),
                };
                bounds.set(case, Bound { low, high, ..bound });
            }
        }
    }

    /// Rounds scores and bounds as they are shown.
    pub(crate) fn round(&mut self, range: Range, digits: Digits) {
        let (rounder, (low, span)) = (digits.rounder(), range.line());
        // Without a look at what is there, so that several cells are rounded at once.
        let round = |values: &mut [f64]| {
            for value in values {
                *value = (rounder.round(low + *value * span) - low) / span;
            }
        };
        round(&mut self.score.values);
        let cells = self.score.values.iter_mut().zip(&self.score.marks);
        for (value, _) in cells.filter(|(_, mark)| **mark != Mark::Given) {
            *value = 0.0;
        }
        if let Some(bounds) = &mut self.bounds {
            round(&mut bounds.low);
            round(&mut bounds.high);
        }
    }

    /// The lowest score that a gap could still give, if anything limits it.
    pub(crate) fn lowest(&self, case: usize) -> Option<f64> {
        self.bounds.as_ref().and_then(|bounds| bounds.lowest(case))
    }

    /// What is open in one case.
    pub(crate) fn bound(&self, case: usize) -> Bound {
        match (&self.bounds, self.score.value(case)) {
            (Some(bounds), _) => bounds.get(case),
            (None, Some(value)) => Bound::exactly(value),
            (None, None) => Bound::ABSENT,
        }
    }

    /// The ends of what the gaps could still give, the score itself included: a part that was withheld for lack of coverage
    /// leaves its weight to its siblings, so that the score can lie outside of what complete answers could give.
    pub(crate) fn ends(&self, case: usize) -> (Option<f64>, Option<f64>) {
        let bound = self.bound(case);
        if bound.presence == Presence::Absent {
            return (None, None);
        }
        let (low, high) = match self.score.value(case) {
            Some(score) => (bound.low.min(score), bound.high.max(score)),
            None => (bound.low, bound.high),
        };
        let finite = |end: f64| Some(end).filter(|end| end.is_finite());
        (finite(low), finite(high))
    }

    /// What is lost may stay without a score whatever is answered.
    pub(crate) fn lose(&mut self, lost: &[bool]) {
        if let Some(bounds) = &mut self.bounds {
            let presence = bounds.presence.iter_mut().zip(lost);
            for (presence, _) in presence.filter(|(_, lost)| **lost) {
                *presence = (*presence).min(Presence::Maybe);
            }
        }
    }

    /// Rows combined into one.
    pub(crate) fn folded(&self, folding: &Folding<'_>, up: bool) -> Self {
        let exact = || folding.leaves_open().then(|| Bounds::of(&self.score));
        let bounds = self.bounds.as_deref().map(Cow::Borrowed);
        let bounds = bounds.or_else(|| exact().map(Cow::Owned));
        Self {
            score: folding.scores(&self.score, up),
            coverage: folding.shares(&self.coverage, &self.score.marks),
            applicable: folding.sums(&self.applicable),
            answered: folding.sums_that_count(&self.answered),
            bounds: bounds.map(|bounds| Box::new(folding.bounds(&self.score, &bounds, up))),
        }
    }
}
