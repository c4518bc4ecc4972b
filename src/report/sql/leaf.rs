//! One indicator on its way from an answer to a share: finer rows combined, divided, screened, filled, scaled. What
//! `scoring/workings.rs` and `scoring/nodes.rs` do with a leaf.

use std::collections::BTreeMap;

use crate::framework::{
    Aggregate, Answers, Curve, Denominator, MissingAnswer, NodeIx, Number, Periods, Screen,
};
use crate::scoring::{Bound, Presence, Scaler, above as nodes_above};

use super::aggregate::Cell;
use super::decode::not;
use super::expr::{
    Comparison, Expr, Function, Over, above, all, always, among, any, at_least, at_most, below,
    call, case, coalesce, compare, equal, is_null, minus, never, not_null, number, only_if, plus,
    ratio, sum, times,
};
use super::slot::{Covered, Slot};
use super::work::{UNLIMITED, Work, column, given, spellings};

/// An indicator's values.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    /// Choices: shares. Numbers: as answered, until they are scaled.
    pub(super) value: Expr,
    /// Its value does not apply.
    pub(super) away: Expr,
    /// A share that counts where a number does not apply.
    pub(super) fixed: Option<Expr>,
    /// Share of the answers asked for that were given, if that is not simply whether there is a value.
    pub(super) coverage: Option<Expr>,
    /// What gaps could still give, in the unit of `value`.
    pub(super) low: Expr,
    pub(super) high: Expr,
    /// 0: it does not apply, 1: that depends on answers, 2: it counts.
    pub(super) presence: Expr,
    /// Whether it can be 1.
    pub(super) open: bool,
    /// Whether bounds are others than the value, or those of any answer where there is none.
    pub(super) moved: bool,
}

impl Leaf {
    /// It applies, if only by a share that stands in for it.
    pub(super) fn applies(&self) -> Expr {
        let fixed = self.fixed.clone().map(not_null);
        any(fixed.into_iter().chain([not(self.away.clone())]))
    }

    /// No bounds.
    fn unbounded(&mut self, refused: &Expr) {
        self.low = refused.clone();
        self.high = refused.clone();
        self.presence = refused.clone();
        self.open = true;
    }
}

impl Work<'_> {
    /// Values become shares: `per` → screen → missing → scale.
    pub(super) fn scale_leaves(&mut self, leaves: &mut BTreeMap<usize, Leaf>) {
        self.layers.stage(
            "filled",
            "numbers per something, gaps filled, what lies outside of its periods does not apply",
        );
        self.leave_periods(leaves);
        self.divide(leaves);
        if let Some(screen) = self.framework().screen.clone() {
            self.screen(&screen, leaves);
        }
        self.cover(leaves);
        self.impute(leaves);
    }

    fn leave_periods(&mut self, leaves: &mut BTreeMap<usize, Leaf>) {
        if !self.has_period() {
            return;
        }
        for (question, leaf) in leaves {
            let node = self.plan.questions.nodes[*question];
            let name = self.names[node.0].clone();
            let chain = nodes_above(self.framework(), node).chain([node]);
            let limits: Vec<Periods> = chain
                .map(|node| self.framework().node(node).periods.clone())
                .filter(|periods| *periods != Periods::default())
                .collect();
            if limits.is_empty() {
                continue;
            }
            let lives = all(limits.iter().map(Self::exists));
            let lives = self.layers.condition(&format!("pe_{name}"), lives);
            self.blank(&name, leaf, &not(lives));
        }
    }

    /// Whether something exists in a row's period: bounds compare as numbers where both are, else as text.
    fn exists(periods: &Periods) -> Expr {
        let period = column("period");
        let is_number = call(Function::IsNumber, vec![period.clone()]);
        let value = only_if(
            is_number.clone(),
            call(Function::ToNumber, vec![period.clone()]),
        );
        let test = |limit: &str, from: bool| {
            let how = if from {
                Comparison::AtLeast
            } else {
                Comparison::AtMost
            };
            let text = compare(
                how,
                call(Function::Binary, vec![period.clone()]),
                super::expr::text(limit),
            );
            match limit.parse::<f64>() {
                Ok(limit) if limit.is_finite() => {
                    let numeric = compare(how, value.clone(), number(limit));
                    let yes = Expr::Whole(1);
                    equal(
                        case(
                            [
                                (all([is_number.clone(), numeric]), yes.clone()),
                                (is_number.clone(), Expr::Whole(0)),
                                (text, yes.clone()),
                            ],
                            Expr::Whole(0),
                        ),
                        yes,
                    )
                }
                _ => text,
            }
        };
        let from = periods.from.as_deref().map(|limit| test(limit, true));
        let to = periods.to.as_deref().map(|limit| test(limit, false));
        all(from.into_iter().chain(to))
    }

    /// Nothing applies where `gone` holds.
    fn blank(&mut self, name: &str, leaf: &mut Leaf, gone: &Expr) {
        let nothing = |of: &Expr| case([(gone.clone(), Expr::Null)], of.clone());
        leaf.value = self.column_of("u", name, nothing(&leaf.value));
        leaf.fixed = leaf.fixed.as_ref().map(nothing);
        let away = any([gone.clone(), leaf.away.clone()]);
        let flag = self.layers.fresh("g", name);
        leaf.away = self.layers.condition(&flag, away);
        let absent = [(gone.clone(), Expr::Whole(0))];
        leaf.presence = case(absent, leaf.presence.clone());
    }

    /// A column with a name that was not used yet.
    pub(super) fn column_of(&mut self, prefix: &str, name: &str, of: Expr) -> Expr {
        let name = self.layers.fresh(prefix, name);
        self.layers.short(&name, of)
    }

    fn divide(&mut self, leaves: &mut BTreeMap<usize, Leaf>) {
        // What a number is divided by is another one as answered.
        let answered = leaves.clone();
        for (question, leaf) in leaves.iter_mut() {
            let node = self.plan.questions.nodes[*question];
            let Answers::Number(own) = &self.plan.questions.indicator(*question).answers else {
                continue;
            };
            let (Some(per), by) = (own.per, own.times) else {
                continue;
            };
            let name = self.names[node.0].clone();
            let divisor = match per {
                Denominator::Attribute(attribute) => {
                    Some(Divisor::exactly(self.attribute(attribute)))
                }
                Denominator::Indicator(other) => self.plan.questions.position[other.0]
                    .and_then(|other| Some((other, answered.get(&other)?)))
                    .map(|(other, leaf)| self.divisor(other, leaf)),
            };
            let Some(divisor) = divisor else {
                leaf.value = self.refuse(node, "per", "it is divided by another block");
                continue;
            };
            let differs = compare(Comparison::Differs, divisor.value.clone(), number(0.0));
            let quotient = ratio(leaf.value.clone(), ratio(divisor.value.clone(), number(by)));
            let quotient =
                self.layers
                    .define(&format!("q_{name}"), only_if(differs, quotient), None);
            let answered = std::mem::replace(&mut leaf.value, quotient.clone());
            // A number without a divisor is a gap.
            if let Some(coverage) = leaf.coverage.take() {
                let lost = all([not_null(answered), is_null(quotient)]);
                let coverage = case([(lost, number(0.0))], coverage);
                leaf.coverage = Some(self.column_of("rc", &name, coverage));
            }
            let refused = [&leaf.low, &divisor.low]
                .into_iter()
                .find(|end| matches!(end, Expr::Refused(_)));
            if let Some(refused) = refused.cloned() {
                leaf.unbounded(&refused);
            } else {
                let range = self.plan.questions.possible(*question);
                self.divide_bounds(&name, leaf, !is_limited(range), divisor, by);
            }
        }
    }

    /// Another number, as answered, that a number is divided by.
    fn divisor(&self, question: usize, leaf: &Leaf) -> Divisor {
        Divisor {
            value: leaf.value.clone(),
            low: leaf.low.clone(),
            high: leaf.high.clone(),
            counts: above(leaf.presence.clone(), Expr::Whole(1)),
            unlimited: !is_limited(self.plan.questions.possible(question)),
        }
    }

    /// The bounds of a number per something: the ends of all quotients. Where the divisor could be zero or not apply, nothing
    /// limits them.
    fn divide_bounds(
        &mut self,
        name: &str,
        leaf: &mut Leaf,
        unlimited: bool,
        divisor: Divisor,
        by: f64,
    ) {
        let low = self.column_of("dl", name, leaf.low.clone());
        let high = self.column_of("dh", name, leaf.high.clone());
        let is_far = |low: &Expr, high: &Expr| {
            any([
                at_most(low.clone(), number(-UNLIMITED)),
                at_least(high.clone(), number(UNLIMITED)),
            ])
        };
        let mut conditions = vec![
            divisor.counts,
            any([
                above(divisor.low.clone(), number(0.0)),
                below(divisor.high.clone(), number(0.0)),
            ]),
        ];
        if unlimited && divisor.unlimited {
            conditions.push(not(all([
                is_far(&low, &high),
                is_far(&divisor.low, &divisor.high),
            ])));
        }
        let known = self.layers.fresh("dk", name);
        let known = self.layers.condition(&known, all(conditions));
        let mut divisors = vec![divisor.low, divisor.high];
        divisors.dedup();
        let quotients: Vec<Expr> = divisors
            .iter()
            .flat_map(|divisor| {
                [&low, &high].map(|end| ratio(end.clone(), ratio(divisor.clone(), number(by))))
            })
            .collect();
        let end = |function: Function, unlimited: f64| {
            let found = call(function, quotients.clone());
            case([(known.clone(), found)], number(unlimited))
        };
        leaf.low = end(Function::Least, -UNLIMITED);
        leaf.high = end(Function::Greatest, UNLIMITED);
        // Whatever is answered, it may stay missing.
        leaf.presence = case(
            [(not(known), perhaps(&leaf.presence))],
            leaf.presence.clone(),
        );
        leaf.open = true;
        leaf.moved = true;
    }

    /// Who gave too little data takes no part in anything.
    fn screen(&mut self, screen: &Screen, leaves: &mut BTreeMap<usize, Leaf>) {
        let counted = leaves.iter().filter(|(question, _)| {
            let node = self.plan.questions.nodes[**question];
            self.plan.assumptions.counts(node)
        });
        let counted: Vec<Leaf> = counted.map(|(_, leaf)| leaf.clone()).collect();
        let ones = |conditions: Vec<Expr>| {
            sum(conditions
                .into_iter()
                .map(|condition| case([(condition, number(1.0))], number(0.0)))
                .collect())
        };
        let is_given = |leaf: &Leaf| not_null(leaf.value.clone());
        let asked = ones(counted.iter().map(|leaf| not(leaf.away.clone())).collect());
        let given_ones = ones(counted.iter().map(is_given).collect());
        let nonzero = ones(
            counted
                .iter()
                .map(|leaf| compare(Comparison::Differs, leaf.value.clone(), number(0.0)))
                .collect(),
        );
        let asked = self.layers.short("screen_asked", asked);
        let answered = self.layers.short("screen_answered", given_ones);
        let nonzero = self.layers.short("screen_nonzero", nonzero);
        let share = |part: Expr, of: Expr| {
            case(
                [(above(of.clone(), number(0.0)), ratio(part, of))],
                number(0.0),
            )
        };
        let short = |share: Expr, least: Option<f64>| {
            least.map(|least| {
                below(
                    plus(share, number(crate::framework::TOLERANCE)),
                    number(least),
                )
            })
        };
        let too_few = short(share(answered.clone(), asked), screen.answered);
        let too_zero = short(share(nonzero, answered), screen.nonzero);
        let named = |units: &[String]| among(column("unit"), units.to_vec());
        let out = any([
            named(&screen.drop),
            all([
                not(named(&screen.keep)),
                any(too_few.into_iter().chain(too_zero)),
            ]),
        ]);
        let out = self.layers.condition("screened", out);
        for (question, leaf) in leaves.iter_mut() {
            let node = self.plan.questions.nodes[*question];
            let name = self.names[node.0].clone();
            self.blank(&name, leaf, &out);
        }
    }

    /// What was answered, before gaps are filled.
    fn cover(&mut self, leaves: &mut BTreeMap<usize, Leaf>) {
        for (question, leaf) in leaves {
            if leaf.coverage.is_some() || self.is_plain(*question) {
                continue;
            }
            let name = self.names[self.plan.questions.nodes[*question].0].clone();
            let missing = all([
                is_null(leaf.value.clone()),
                not(leaf.away.clone()),
                leaf.fixed.clone().map_or_else(always, is_null),
            ]);
            let covered = case([(missing, number(0.0))], number(1.0));
            leaf.coverage = Some(self.layers.define(&format!("c_{name}"), covered, None));
        }
    }

    /// Whether a question's share is there exactly where it was answered.
    fn is_plain(&self, question: usize) -> bool {
        let node = self.plan.questions.nodes[question];
        let indicator = self.plan.questions.indicator(question);
        let total = match &indicator.answers {
            Answers::Choice(_) | Answers::Multiple(_) => true,
            Answers::Number(own) => own.treat.is_none() && own.curve.is_total(),
        };
        total
            && self.plan.normalise(node).is_none()
            && self.plan.assumptions.missing_answer[node.0] == MissingAnswer::Keep
    }

    fn impute(&mut self, leaves: &mut BTreeMap<usize, Leaf>) {
        let rows = self.row_fillings(leaves);
        for (question, leaf) in leaves.iter_mut() {
            let node = self.plan.questions.nodes[*question];
            let name = self.names[node.0].clone();
            let rule = self.plan.assumptions.missing_answer[node.0].clone();
            let filling = match &rule {
                MissingAnswer::Keep
                | MissingAnswer::Zero
                | MissingAnswer::Lowest
                | MissingAnswer::Constant(_) => continue,
                MissingAnswer::Mean(by) | MissingAnswer::Median(by) => {
                    let middle = matches!(rule, MissingAnswer::Median(_));
                    self.statistic(node, &name, leaf, *by, middle)
                }
                MissingAnswer::Row { .. } => rows.get(question).cloned().unwrap_or(Expr::Null),
                MissingAnswer::Previous { at_most, or_next } => {
                    self.previous(&name, leaf, *at_most, *or_next)
                }
                MissingAnswer::Interpolate => self.interpolate(&name, leaf),
            };
            let missing = all([is_null(leaf.value.clone()), not(leaf.away.clone())]);
            leaf.value = self.layers.define(
                &format!("i_{name}"),
                case([(missing, filling)], leaf.value.clone()),
                None,
            );
            // What fills a gap does not narrow what an answer could be.
            leaf.moved = true;
        }
    }

    /// A leaf's share, out of its value.
    pub(super) fn leaf_slot(&mut self, question: usize, leaf: &Leaf) -> Slot {
        let node = self.plan.questions.nodes[question];
        let name = self.names[node.0].clone();
        let indicator = self.plan.questions.indicator(question);
        let mut leaf = leaf.clone();
        let mut share = leaf.value.clone();
        if let Answers::Number(own) = &indicator.answers {
            if let Some(treat) = self.plan.assumptions.treat[node.0].clone() {
                share = self.treated(node, &treat, &share);
                let refused = self.refuse(node, "bounds", "they are not made for `treat`");
                leaf.unbounded(&refused);
            }
            if own.curve != Curve::AsIs {
                share = self.layers.short(&format!("e_{name}"), share);
            }
            let curved = |x: Expr| super::scale::curve(&own.curve, x);
            self.curve_bounds(question, own, &mut leaf);
            share = curved(share);
        }
        if let Some(how) = self.plan.normalise(node).cloned() {
            let x = self.column_of("e", &name, share);
            share = self.normalised(node, &how, x);
            leaf.low = self.normalised_bound(node, &how, &leaf.low);
            leaf.high = self.normalised_bound(node, &how, &leaf.high);
        }
        if let Some(fixed) = &leaf.fixed {
            share = coalesce(fixed.clone(), share);
        }
        let fixed = leaf.fixed.clone();
        let away = all([
            leaf.away.clone(),
            fixed.clone().map_or_else(always, is_null),
        ]);
        let (low, high, presence) = match fixed {
            None => (leaf.low.clone(), leaf.high.clone(), leaf.presence.clone()),
            Some(fixed) => {
                let there = not_null(fixed.clone());
                (
                    case([(there.clone(), fixed.clone())], leaf.low.clone()),
                    case([(there.clone(), fixed)], leaf.high.clone()),
                    case([(there, Expr::Whole(2))], leaf.presence.clone()),
                )
            }
        };
        let low = self.column_of("bl", &name, low);
        let high = self.column_of("bh", &name, high);
        let presence = self.column_of("bp", &name, presence);
        let filling = self.share_filling(node, &low, &presence);
        let score = match filling {
            Some(filling) => {
                let share = self.column_of("e", &name, share);
                let missing = all([is_null(share.clone()), not(away.clone())]);
                case([(missing, filling)], share)
            }
            None => share,
        };
        let title = self.title(node);
        let score = if score.is_short() {
            score
        } else {
            self.layers
                .define(&format!("s_{name}"), score, Some(&title))
        };
        let away = self.layers.condition(&format!("w_{name}"), away);
        let covered = match leaf.coverage.clone() {
            None => Covered::WhereGiven,
            Some(coverage) => Covered::By(coverage),
        };
        let applicable = case([(away.clone(), number(0.0))], number(1.0));
        let answered = match &covered {
            Covered::WhereGiven => given(score.clone()),
            Covered::By(coverage) => case(
                [(
                    all([not(away.clone()), above(coverage.clone(), number(0.0))]),
                    number(1.0),
                )],
                number(0.0),
            ),
        };
        let mut slot = Slot {
            score,
            away,
            covered,
            applicable,
            answered,
            low,
            high,
            presence,
            open: leaf.open,
        };
        let share = match self.plan.assumptions.missing_answer[node.0] {
            MissingAnswer::Zero => Some(0.0),
            MissingAnswer::Constant(share) => Some(share),
            _ => None,
        };
        if let Some(share) = share.filter(|_| self.plan.may_be_lost(node)) {
            (slot.low, slot.high) = self.widened(&name, share, &slot);
        }
        slot
    }

    /// The share that fills an indicator's own gap.
    fn share_filling(&self, node: NodeIx, low: &Expr, presence: &Expr) -> Option<Expr> {
        match self.plan.assumptions.missing_answer[node.0] {
            MissingAnswer::Zero => Some(number(0.0)),
            MissingAnswer::Constant(share) => Some(number(share)),
            MissingAnswer::Lowest => {
                let there = compare(Comparison::Above, presence.clone(), Expr::Whole(0));
                Some(only_if(there, low.clone()))
            }
            MissingAnswer::Keep
            | MissingAnswer::Mean(_)
            | MissingAnswer::Median(_)
            | MissingAnswer::Previous { .. }
            | MissingAnswer::Interpolate
            | MissingAnswer::Row { .. } => None,
        }
    }

    /// The bounds of a number after its curve.
    fn curve_bounds(&mut self, question: usize, own: &Number, leaf: &mut Leaf) {
        if matches!(leaf.low, Expr::Refused(_)) {
            return;
        }
        let node = self.plan.questions.nodes[question];
        let mut range = self.plan.questions.possible(question);
        if own.per.is_some() {
            (range.low, range.high) = (f64::NEG_INFINITY, f64::INFINITY);
        }
        let scaler = Scaler::of_curve(&own.curve, false);
        let ends = scaler.apply_bound(range, None);
        if ends.presence == Presence::Absent || !is_limited(ends) {
            let refused = self.refuse(
                node,
                "bounds",
                "nothing limits the number: state `valid` or goalposts",
            );
            leaf.unbounded(&refused);
            return;
        }
        // What lies off the scale has no score, whatever is answered.
        let may_be_lost = own.per.is_some() || own.curve.needs_logarithm();
        leaf.open |= may_be_lost;
        if !leaf.moved {
            // A gap's are the same for all rows, so that they are made here.
            let share = super::scale::curve(&own.curve, leaf.value.clone());
            let given = not_null(leaf.value.clone());
            if may_be_lost {
                let gap = match ends.presence {
                    Presence::Certain => leaf.presence.clone(),
                    Presence::Maybe | Presence::Absent => perhaps(&leaf.presence),
                };
                let lost = all([given.clone(), is_null(share.clone())]);
                let known = (given.clone(), leaf.presence.clone());
                leaf.presence = case([(lost, perhaps(&leaf.presence)), known], gap);
            }
            let share = coalesce(share, number(0.0));
            leaf.low = case([(given.clone(), share.clone())], number(ends.low));
            leaf.high = case([(given, share)], number(ends.high));
            return;
        }
        let name = self.names[node.0].clone();
        let low = self.column_of("cl", &name, leaf.low.clone());
        let high = self.column_of("ch", &name, leaf.high.clone());
        let share = |x: &Expr| super::scale::curve(&own.curve, x.clone());
        if may_be_lost {
            let lost = any([is_null(share(&low)), is_null(share(&high))]);
            leaf.presence = case([(lost, perhaps(&leaf.presence))], leaf.presence.clone());
        }
        let share = |x: &Expr| coalesce(share(x), number(scaler.nearest()));
        let ends = [share(&low), share(&high)];
        let between = |otherwise: f64| {
            let points = scaler.turning_points().into_iter().map(|x| {
                let within = all([
                    at_most(low.clone(), number(x)),
                    at_least(high.clone(), number(x)),
                ]);
                let share = number(scaler.apply(x).unwrap_or(scaler.nearest()));
                case([(within, share)], number(otherwise))
            });
            ends.iter().cloned().chain(points).collect::<Vec<_>>()
        };
        leaf.low = call(Function::Least, between(UNLIMITED));
        leaf.high = call(Function::Greatest, between(-UNLIMITED));
    }

    /// The cohort's mean or median of the raw values, of rows with the same attribute if one is named.
    fn statistic(
        &mut self,
        node: NodeIx,
        name: &str,
        leaf: &Leaf,
        by: Option<crate::framework::AttributeIx>,
        middle: bool,
    ) -> Expr {
        let mut cohort = self.cohort(&self.framework().node(node).cohort.clone());
        let alike = by.map(|by| self.attribute(by));
        cohort.partition.extend(alike.clone());
        let found = if middle {
            self.quantile(name, &cohort, leaf.value.clone(), &[0.5])
                .swap_remove(0)
        } else {
            cohort.over(Over::Mean, leaf.value.clone())
        };
        match alike {
            Some(alike) => only_if(not_null(alike), found),
            None => found,
        }
    }

    /// The unit's mean (or median) over its other indicators under a node, each scaled min–max over its cohort.
    fn row_fillings(&mut self, leaves: &BTreeMap<usize, Leaf>) -> BTreeMap<usize, Expr> {
        let mut middles: Vec<(NodeIx, bool, Expr)> = Vec::new();
        let mut fillings = BTreeMap::new();
        for (question, leaf) in leaves {
            let node = self.plan.questions.nodes[*question];
            let rule = &self.plan.assumptions.missing_answer[node.0];
            let MissingAnswer::Row { within, median } = *rule else {
                continue;
            };
            let made = middles
                .iter()
                .find(|made| (made.0, made.1) == (within, median));
            let middle = if let Some((_, _, middle)) = made {
                middle.clone()
            } else {
                let middle = self.row_middle(within, median, leaves);
                middles.push((within, median, middle.clone()));
                middle
            };
            let (worst, best) = self.ends(node, leaf);
            let spread = minus(best.clone(), worst.clone());
            let is_best = equal(middle.clone(), number(1.0));
            let back = plus(worst.clone(), times(middle, spread));
            let back = case([(is_best, best.clone())], back);
            let usable = compare(Comparison::Differs, best, worst);
            fillings.insert(*question, only_if(usable, back));
        }
        fillings
    }

    /// The mean (or median) of what a row has under a node.
    fn row_middle(&mut self, within: NodeIx, median: bool, leaves: &BTreeMap<usize, Leaf>) -> Expr {
        let mut shares = Vec::new();
        for (other, own) in leaves {
            let other = self.plan.questions.nodes[*other];
            if !nodes_above(self.framework(), other).any(|above| above == within) {
                continue;
            }
            let (worst, best) = self.ends(other, own);
            let spread = minus(best.clone(), worst.clone());
            let share = only_if(
                compare(Comparison::Differs, best, worst.clone()),
                ratio(minus(own.value.clone(), worst), spread),
            );
            let name = self.names[other.0].clone();
            shares.push(Cell {
                weight: 1.0,
                stage: 1,
                reach: 1.0,
                value: self.layers.once(&format!("rs_{name}"), share),
                certain: false,
                away: never(),
            });
        }
        let (word, how) = if median {
            ("row_median", Aggregate::Median)
        } else {
            ("row_mean", Aggregate::Mean)
        };
        let name = format!("{word}_{}", self.names[within.0]);
        let middle = self.aggregate(how, &shares, &name);
        self.column_of("rm", &name, middle)
    }

    /// Worst and best value of an indicator's cohort.
    fn ends(&mut self, node: NodeIx, leaf: &Leaf) -> (Expr, Expr) {
        let name = self.names[node.0].clone();
        let cohort = self.cohort(&self.framework().node(node).cohort.clone());
        let low = cohort.over(Over::Min, leaf.value.clone());
        let low = self.layers.once(&format!("rl_{name}"), low);
        let high = cohort.over(Over::Max, leaf.value.clone());
        let high = self.layers.once(&format!("rh_{name}"), high);
        if self.plan.scales_up(node) {
            (low, high)
        } else {
            (high, low)
        }
    }

    /// When a row was: its period as a number, if all periods are numbers.
    fn time(&mut self) -> Option<(Expr, Vec<Expr>)> {
        if !self.has_period() {
            return None;
        }
        let period = column("period");
        let is_number = call(Function::IsNumber, vec![period.clone()]);
        let value = only_if(is_number, call(Function::ToNumber, vec![period.clone()]));
        let value = self.layers.once("period_number", value);
        let numbers = super::expr::over(Over::Count, value.clone(), &[]);
        let all_of_them = super::expr::over(Over::Count, period.clone(), &[]);
        let numeric = self.layers.once(
            "periods_are_numbers",
            super::expr::flag(equal(numbers, all_of_them)),
        );
        let order = super::expr::over_ordered(
            Over::DenseRank,
            Expr::Null,
            &[],
            call(Function::Binary, vec![period]),
            super::expr::Direction::Ascending,
        );
        let position = self.layers.once("period_order", plus(order, number(0.0)));
        let time = case([(equal(numeric, Expr::Whole(1)), value)], position);
        let time = self.layers.once("period_time", time);
        let line: Vec<Expr> = self
            .keys(self.depth)
            .into_iter()
            .filter(|key| key.as_ref() != "period")
            .map(Expr::Column)
            .collect();
        Some((time, line))
    }

    /// The times of the last answer and of the next one, and those answers.
    fn neighbours(
        &mut self,
        name: &str,
        leaf: &Leaf,
        time: &Expr,
        line: &[Expr],
    ) -> [(Expr, Expr); 2] {
        let known = only_if(not_null(leaf.value.clone()), time.clone());
        let directions = [
            ("before", Over::Max, super::expr::Direction::Ascending),
            ("after", Over::Min, super::expr::Direction::Descending),
        ];
        directions.map(|(word, over, direction)| {
            let at = super::expr::over_ordered(over, known.clone(), line, time.clone(), direction);
            let at = self.layers.define(&format!("{word}_{name}"), at, None);
            let mut same = line.to_vec();
            same.push(at.clone());
            let value = super::expr::over(Over::Max, leaf.value.clone(), &same);
            let value = self.layers.define(&format!("{word}v_{name}"), value, None);
            (at, value)
        })
    }

    fn previous(&mut self, name: &str, leaf: &Leaf, at_most: Option<u32>, or_next: bool) -> Expr {
        let Some((time, line)) = self.time() else {
            return Expr::Null;
        };
        let rank = super::expr::over_ordered(
            Over::DenseRank,
            Expr::Null,
            &[],
            time,
            super::expr::Direction::Ascending,
        );
        let place = self.layers.once("period_place", plus(rank, number(0.0)));
        let [before, after] = self.neighbours(name, leaf, &place, &line);
        let near = |at: Expr, from: Expr| match at_most {
            None => always(),
            Some(most) => super::expr::at_most(minus(from, at), number(f64::from(most))),
        };
        let (then, value) = before;
        let last = only_if(near(then, place.clone()), value);
        if !or_next {
            return last;
        }
        let (then, value) = after;
        coalesce(last, only_if(near(place, then), value))
    }

    fn interpolate(&mut self, name: &str, leaf: &Leaf) -> Expr {
        let Some((time, line)) = self.time() else {
            return Expr::Null;
        };
        let [(t0, y0), (t1, y1)] = self.neighbours(name, leaf, &time, &line);
        let between = plus(
            y0.clone(),
            times(
                ratio(minus(time, t0.clone()), minus(t1.clone(), t0.clone())),
                minus(y1.clone(), y0.clone()),
            ),
        );
        case(
            [
                (
                    all([not_null(t0.clone()), not_null(t1), compare_times(&y0, &y1)]),
                    between,
                ),
                (not_null(t0), y0),
            ],
            y1,
        )
    }

    /// Whether a unit is named, whatever its case.
    pub(super) fn is_unit(unit: &str) -> Expr {
        among(
            call(Function::Lower, vec![column("unit")]),
            spellings(&[unit.to_owned()]),
        )
    }
}

/// What a number is divided by, as answered.
struct Divisor {
    value: Expr,
    low: Expr,
    high: Expr,
    /// Whether it is certainly there.
    counts: Expr,
    /// Whether a gap could be any number.
    unlimited: bool,
}

impl Divisor {
    fn exactly(value: Expr) -> Self {
        Self {
            low: value.clone(),
            high: value.clone(),
            value,
            counts: always(),
            unlimited: false,
        }
    }
}

/// What may not apply, where it applied before.
pub(super) fn perhaps(presence: &Expr) -> Expr {
    call(Function::Least, vec![presence.clone(), Expr::Whole(1)])
}

/// Whether both ends are numbers.
fn is_limited(bound: Bound) -> bool {
    bound.low.is_finite() && bound.high.is_finite()
}

/// Both ends are there.
fn compare_times(y0: &Expr, y1: &Expr) -> Expr {
    all([not_null(y0.clone()), not_null(y1.clone())])
}
