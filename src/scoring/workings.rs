//! [`Workings`]: everything that is made on the way from answers to scores, kept so that a score can be explained.

use std::borrow::Cow;
use std::sync::Arc;

use crate::framework::{
    Answers, Cohort, Framework, Gap, MissingAnswer, NodeIx, Normalise, Periods, Screen,
};
use crate::responses::{Answer, Column, Mark, Responses, parts};

use super::cohort::{Comparison, Statistics, comparisons};
use super::gather::{alike, reference};
use super::impute::{RowMember, fill, fill_from, groups, row_fillings, series_fillings};
use super::known::{Filling, Fillings, Fit};
use super::leaf::{Bound, Bounds, Leaf};
use super::nodes::Slot;
use super::plan::{Moment, Plan};
use super::rows::Cases;
use super::scale::{Scaler, between_posts};
use super::table::{Lack, Remark};
use super::treat::Treatment;

/// What is made on the way.
#[derive(Clone, Debug)]
pub(crate) struct Workings {
    pub(crate) cases: Cases,
    /// By question: raw numbers (shares for choices), gaps filled, not yet scaled.
    pub(crate) leaves: Vec<Leaf>,
    /// By question: whether a value was imputed; empty where the question's rule fills nothing.
    pub(crate) imputed: Vec<Vec<bool>>,
    /// By question: what was done against outliers.
    pub(crate) treatments: Vec<Vec<(Comparison, Treatment)>>,
    /// By node: how values were scaled against a cohort.
    pub(crate) fits: Vec<Vec<Fitted>>,
    /// By node.
    pub(crate) slots: Vec<Slot>,
    /// By case: left out for lack of data.
    pub(crate) screened: Vec<bool>,
    /// Nodes and cases whose values are off the scale, so that they have no score.
    pub(crate) off_scale: Vec<(NodeIx, usize)>,
    pub(crate) remarks: Vec<Remark>,
}

/// How a cohort's members were scaled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fitted {
    pub(crate) comparison: Comparison,
    pub(crate) fit: Arc<Fit>,
}

impl Fitted {
    /// What the bounds of one of the scaled cases become. Without usable statistics it has no score, whatever its gaps
    /// hold. Whoever leaves the range of the cohort that it belongs to moves its end along.
    pub(crate) fn bound(&self, how: &Normalise, case: usize, bound: Bound) -> Bound {
        let Some(scaler) = &self.fit.scaler else {
            return Bound::ABSENT;
        };
        // Fixed goalposts do not ask who else there is.
        let statistics = Some(&self.fit.statistics);
        let cohort = statistics.filter(|_| how.compares());
        let bound = scaler.apply_bound(bound, cohort);
        // Members are in ascending order.
        if self.comparison.cohort.binary_search(&case).is_err() {
            return bound;
        }
        let (least, most) = Scaler::ends_of_members(how);
        Bound {
            low: bound.low.clamp(least, most),
            high: bound.high.clamp(least, most),
            ..bound
        }
    }
}

impl Workings {
    pub(crate) fn new(framework: &Framework, cases: Cases, leaves: Vec<Leaf>) -> Self {
        let questions = leaves.len();
        Self {
            screened: vec![false; cases.len()],
            cases,
            leaves,
            imputed: vec![Vec::new(); questions],
            treatments: vec![Vec::new(); questions],
            fits: vec![Vec::new(); framework.nodes.len()],
            slots: vec![Slot::default(); framework.nodes.len()],
            off_scale: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

impl Plan<'_> {
    /// Raw numbers become shares: `per` → screen → missing → treat; the scaling itself is the node's own step.
    pub(crate) fn scale_leaves(
        &self,
        responses: &Responses,
        workings: &mut Workings,
        watch: &mut dyn FnMut(Moment<'_>),
    ) {
        self.leave_periods(responses, workings);
        self.divide(workings);
        watch(Moment::Divided(workings));
        if let Some(screen) = &self.framework.screen {
            self.screen(screen, responses, workings);
        }
        watch(Moment::Screened(workings));
        self.impute(responses, workings);
        watch(Moment::Filled(workings));
        self.treat(responses, workings);
    }

    /// Who a node's values are compared with.
    pub(crate) fn comparisons(
        &self,
        node: NodeIx,
        responses: &Responses,
        workings: &Workings,
    ) -> Vec<Comparison> {
        let cohort = &self.framework.node(node).cohort;
        self.comparisons_of(cohort, responses, workings)
    }

    fn comparisons_of(
        &self,
        cohort: &Cohort,
        responses: &Responses,
        workings: &Workings,
    ) -> Vec<Comparison> {
        comparisons(
            self.framework,
            cohort,
            &workings.cases,
            &responses.periods,
            &workings.screened,
        )
    }

    /// Outside its periods an indicator does not apply.
    fn leave_periods(&self, responses: &Responses, workings: &mut Workings) {
        for question in self.dated.iter().copied() {
            let node = self.questions.nodes[question];
            let here = |period: usize| lives(self.framework, node, &responses.periods[period]);
            let gone: Vec<usize> = (0..workings.cases.len())
                .filter(|case| !here(workings.cases.keys[*case].period))
                .collect();
            let leaf = &mut workings.leaves[question];
            for case in gone {
                leaf.value.set(case, Answer::NotApplicable);
                for bounds in [&mut leaf.bounds, &mut leaf.stand_in].into_iter().flatten() {
                    bounds.set(case, Bound::ABSENT);
                }
                if let Some(fixed) = &mut leaf.fixed {
                    fixed.set(case, Answer::NotApplicable);
                }
            }
        }
    }

    /// Cases with too little data take no part in anything.
    fn screen(&self, screen: &Screen, responses: &Responses, workings: &mut Workings) {
        for case in 0..workings.cases.len() {
            let unit = &workings.cases.keys[case].unit;
            let named = |units: &[String]| units.iter().any(|named| named == unit.as_ref());
            let scored = self.questions.nodes.iter().enumerate();
            let columns: Vec<&Column> = scored
                .filter(|(_, node)| self.assumptions.counts(**node))
                .map(|(question, _)| &workings.leaves[question].value)
                .filter(|column| column.marks[case] != Mark::NotApplicable)
                .collect();
            let given: Vec<f64> = columns
                .iter()
                .filter_map(|column| column.value(case))
                .collect();
            let share = |part: usize, of: usize| {
                if of == 0 {
                    0.0
                } else {
                    part as f64 / of as f64
                }
            };
            let answered = share(given.len(), columns.len());
            let nonzero = share(
                given.iter().filter(|value| value.abs() > 0.0).count(),
                given.len(),
            );
            let short = |share: f64, least: Option<f64>| {
                least.is_some_and(|least| !crate::framework::reaches(share, least))
            };
            let lack = if named(&screen.drop) {
                Some(Lack::Named)
            } else if named(&screen.keep) {
                None
            } else if short(answered, screen.answered) {
                Some(Lack::Answers)
            } else {
                short(nonzero, screen.nonzero).then_some(Lack::Nonzero(nonzero))
            };
            if let Some(lack) = lack {
                let period = responses.periods[workings.cases.keys[case].period].clone();
                let unit = unit.to_string();
                workings.remarks.push(Remark::ScreenedOut {
                    unit,
                    period,
                    answered,
                    lack,
                });
            }
            workings.screened[case] = lack.is_some();
        }
        let screened = &workings.screened;
        for leaf in &mut workings.leaves {
            leaf.blank(screened);
        }
    }

    /// Fills gaps by the indicators' own rules: those that look at one column first, then those that look along rows.
    fn impute(&self, responses: &Responses, workings: &mut Workings) {
        let times = times(&responses.periods);
        let along_rows = self.row_fillings(responses, workings);
        for (question, node) in self.questions.nodes.iter().enumerate() {
            let rule = &self.assumptions.missing_answer[node.0];
            let filled = match rule {
                MissingAnswer::Keep
                | MissingAnswer::Zero
                | MissingAnswer::Lowest
                | MissingAnswer::Constant(_) => continue,
                MissingAnswer::Row { .. } => along_rows[question].clone(),
                MissingAnswer::Mean(_) | MissingAnswer::Median(_) => {
                    self.cohort_fillings(question, responses, workings)
                }
                MissingAnswer::Previous { .. } | MissingAnswer::Interpolate => {
                    let column = &workings.leaves[question].value;
                    series_fillings(rule, column, &workings.cases, &times)
                }
            };
            workings.imputed[question] = filled.iter().map(Option::is_some).collect();
            fill(&mut workings.leaves[question].value, &filled);
        }
    }

    /// The cohort's mean or median in each gap.
    fn cohort_fillings(
        &self,
        question: usize,
        responses: &Responses,
        workings: &Workings,
    ) -> Vec<Option<f64>> {
        let node = self.questions.nodes[question];
        let by = alike(&self.assumptions.missing_answer[node.0]);
        let column = &workings.leaves[question].value;
        let mut filled = vec![None; column.len()];
        for comparison in self.comparisons(node, responses, workings) {
            let found = self.fillings(question, responses, workings, &comparison);
            fill_from(
                &found,
                (column, by),
                &workings.cases,
                &comparison,
                &mut filled,
            );
        }
        filled
    }

    /// What the cohort of a comparison says to those who have no answer to a question.
    fn fillings<'a>(
        &'a self,
        question: usize,
        responses: &Responses,
        workings: &Workings,
        comparison: &Comparison,
    ) -> Cow<'a, Fillings> {
        let node = self.questions.nodes[question];
        let period = comparison.period.map(|at| responses.periods[at].as_str());
        let known = self.known.as_ref();
        if let Some(known) = known.and_then(|known| known.fillings(node, period)) {
            return Cow::Borrowed(known);
        }
        let rule = &self.assumptions.missing_answer[node.0];
        let column = &workings.leaves[question].value;
        let all = Statistics::of(column, &comparison.cohort);
        let mut found = Fillings::from([(None, Filling::of(rule, &all, false))]);
        if let Some(by) = alike(rule) {
            for (group, values) in groups(column, &workings.cases, comparison, by) {
                let filling = Filling::of(rule, &Statistics::new(values), true);
                found.insert(Some(group), filling);
            }
        }
        Cow::Owned(found)
    }

    fn row_fillings(&self, responses: &Responses, workings: &Workings) -> Vec<Vec<Option<f64>>> {
        let rules = self
            .questions
            .nodes
            .iter()
            .map(|node| &self.assumptions.missing_answer[node.0]);
        let within: Vec<Option<(NodeIx, bool)>> = rules
            .map(|rule| match rule {
                MissingAnswer::Row { within, median } => Some((*within, *median)),
                _ => None,
            })
            .collect();
        if within.iter().all(Option::is_none) {
            return Vec::new();
        }
        let nodes = &self.questions.nodes;
        let ends = |question: usize| {
            let up = self.scales_up(nodes[question]);
            let mut ends = vec![None; workings.cases.len()];
            for comparison in self.comparisons(nodes[question], responses, workings) {
                let found = self.fillings(question, responses, workings, &comparison);
                let of_all = found.get(&None).and_then(|filling| filling.ends);
                let Some((min, max)) = of_all.filter(|(min, max)| min < max) else {
                    continue;
                };
                for case in comparison.scaled {
                    ends[case] = Some(if up { (min, max) } else { (max, min) });
                }
            }
            ends
        };
        let members: Vec<RowMember<'_>> = (0..nodes.len())
            .map(|question| RowMember {
                column: &workings.leaves[question].value,
                ends: ends(question),
                within: within[question],
                above: above(self.framework, nodes[question]).collect(),
            })
            .collect();
        row_fillings(&members, workings.cases.len())
    }

    /// Tames outliers.
    fn treat(&self, responses: &Responses, workings: &mut Workings) {
        for question in 0..self.questions.nodes.len() {
            let node = self.questions.nodes[question];
            for comparison in self.treated_with(question, responses, workings) {
                let Some(rule) = &self.assumptions.treat[node.0] else {
                    continue;
                };
                let leaf = &mut workings.leaves[question];
                let fit = |statistics: &Statistics| Treatment::fit(&rule.rule, statistics);
                let treatment = match &self.known {
                    Some(known) => {
                        let period = comparison.period.map(|at| responses.periods[at].as_str());
                        let treatment = known.treatment(node, period).cloned();
                        treatment.unwrap_or_else(|| fit(&Statistics::default()))
                    }
                    None => fit(&Statistics::of(&leaf.value, &comparison.cohort)),
                };
                let lost = leaf.map(&comparison.scaled, |x| treatment.apply(x));
                let lost = lost.into_iter().map(|case| (node, case));
                workings.off_scale.extend(lost);
                workings.treatments[question].push((comparison, treatment));
            }
        }
    }

    /// Who a number's outliers are looked for among; nobody where they are not.
    pub(crate) fn treated_with(
        &self,
        question: usize,
        responses: &Responses,
        workings: &Workings,
    ) -> Vec<Comparison> {
        let node = self.questions.nodes[question];
        let rule = self.assumptions.treat[node.0].as_ref();
        let Some(rule) = rule.filter(|_| self.is_treated(question)) else {
            return Vec::new();
        };
        let cohort = rule.cohort.as_ref();
        let cohort = cohort.unwrap_or(&self.framework.node(node).cohort);
        self.comparisons_of(cohort, responses, workings)
    }

    /// Whether more of what `normalise` looks at is better.
    pub(crate) fn scales_up(&self, node: NodeIx) -> bool {
        match self
            .framework
            .node(node)
            .indicator()
            .map(|indicator| &indicator.answers)
        {
            Some(Answers::Number(number)) => number.better == crate::framework::Better::Higher,
            _ => true,
        }
    }

    /// Scales a column (and its bounds) against the node's cohort.
    pub(crate) fn normalise_column(
        &self,
        node: NodeIx,
        how: &Normalise,
        responses: &Responses,
        leaf: &mut Leaf,
        workings: &mut Workings,
    ) {
        for comparison in self.comparisons(node, responses, workings) {
            let period = comparison.period.map(|at| responses.periods[at].as_str());
            let fit = match (&self.known, how) {
                (_, Normalise::Fixed(curve)) => {
                    let scores = self.framework.node(node).indicator().is_none();
                    Arc::new(Fit::of_curve(curve, scores))
                }
                (Some(known), _) => known.fit(node, period),
                (None, _) => {
                    let statistics = Statistics::of(&leaf.value, &comparison.cohort);
                    let reference = reference(how, &leaf.value, &comparison, workings);
                    let scaler = self.scaler(node, how, &statistics, reference);
                    Arc::new(Fit { statistics, scaler })
                }
            };
            let here = period.is_none_or(|period| lives(self.framework, node, period));
            if fit.scaler.is_none() && !comparison.scaled.is_empty() && here {
                let (count, is_constant) = (fit.statistics.count(), fit.statistics.is_constant());
                workings.remarks.push(Remark::UselessCohort {
                    node,
                    period: period.map(ToOwned::to_owned),
                    count,
                    constant: count > 1 && is_constant,
                    reference: match how {
                        Normalise::DistanceToUnit { unit, .. } => Some(unit.clone()),
                        _ => None,
                    },
                });
            }
            let fitted = Fitted { comparison, fit };
            let lost = leaf.normalise(how, &fitted);
            // Where the cohort says nothing, that is what is told.
            let lost = lost.into_iter().filter(|_| fitted.fit.scaler.is_some());
            let lost = lost.map(|case| (node, case));
            workings.off_scale.extend(lost);
            workings.fits[node.0].push(fitted);
        }
    }
}

impl Leaf {
    /// Puts cases into another order.
    pub(crate) fn reorder(&mut self, order: &[usize]) {
        if order.iter().enumerate().all(|(at, from)| at == *from) {
            return;
        }
        let covered = !self.coverage.is_empty();
        let column = |column: &Column| Column {
            values: order.iter().map(|row| column.values[*row]).collect(),
            marks: order.iter().map(|row| column.marks[*row]).collect(),
        };
        let bounds = |bounds: &Bounds| {
            Box::new(Bounds {
                low: order.iter().map(|row| bounds.low[*row]).collect(),
                high: order.iter().map(|row| bounds.high[*row]).collect(),
                presence: order.iter().map(|row| bounds.presence[*row]).collect(),
            })
        };
        *self = Self {
            value: column(&self.value),
            fixed: self.fixed.as_deref().map(column).map(Box::new),
            coverage: order
                .iter()
                .filter(|_| covered)
                .map(|row| self.coverage[*row])
                .collect(),
            bounds: self.bounds.as_deref().map(bounds),
            stand_in: self.stand_in.as_deref().map(bounds),
        };
    }

    /// Nothing is known of screened cases.
    fn blank(&mut self, screened: &[bool]) {
        for (case, _) in screened.iter().enumerate().filter(|(_, out)| **out) {
            self.value.set(case, Answer::NotApplicable);
            if let Some(fixed) = &mut self.fixed {
                fixed.set(case, Answer::NotApplicable);
            }
            for bounds in [&mut self.bounds, &mut self.stand_in].into_iter().flatten() {
                bounds.set(case, Bound::ABSENT);
            }
        }
    }

    /// Replaces the values of some cases and the ends of their bounds; a value without a result becomes missing. Gives back
    /// which.
    pub(crate) fn map(&mut self, cases: &[usize], of: impl Fn(f64) -> Option<f64>) -> Vec<usize> {
        let mut without = Vec::new();
        for case in cases {
            let lost = self.replace(*case, &of);
            without.extend(lost.map(|_| *case));
            if let (Some(lost), None) = (lost, &self.bounds) {
                self.bounds_mut().set(*case, Bound::exactly(lost));
            }
            if let Some(bounds) = &mut self.bounds {
                for end in [&mut bounds.low[*case], &mut bounds.high[*case]] {
                    *end = of(*end).unwrap_or(*end);
                }
            }
        }
        without
    }

    /// Scales the cases of a comparison and their bounds. Gives back which values have no result.
    fn normalise(&mut self, how: &Normalise, fitted: &Fitted) -> Vec<usize> {
        let mut without = Vec::new();
        for case in &fitted.comparison.scaled {
            let scaler = fitted.fit.scaler.as_ref();
            let lost = self.replace(*case, |x| scaler.and_then(|scaler| scaler.apply(x)));
            without.extend(lost.map(|_| *case));
            if let (Some(lost), None) = (lost, &self.bounds) {
                self.bounds_mut().set(*case, Bound::exactly(lost));
            }
            if let Some(bounds) = &mut self.bounds {
                bounds.set(*case, fitted.bound(how, *case, bounds.get(*case)));
            }
        }
        without
    }

    /// Puts every number through its curve, and its bounds too. Gives back which have no result.
    pub(crate) fn curve(&mut self, scaler: &Scaler) -> Vec<usize> {
        if self.stand_in.is_some() {
            for case in 0..self.value.len() {
                self.may_lose(case, |bound| scaler.apply_bound(bound, None));
            }
        }
        let lost = match scaler {
            // Nearly every number has goalposts: a loop that does nothing else.
            Scaler::Goalposts(posts) => self.recast(|x| between_posts(posts, x)),
            _ => self.recast(|x| scaler.apply(x)),
        };
        if self.bounds.is_none() {
            for (case, before) in &lost {
                let bound = scaler.apply_bound(Bound::exactly(*before), None);
                self.bounds_mut().set(*case, bound);
            }
        } else if let Some(bounds) = &mut self.bounds {
            for case in 0..bounds.low.len() {
                bounds.set(case, scaler.apply_bound(bounds.get(case), None));
            }
        }
        lost.into_iter().map(|(case, _)| case).collect()
    }

    /// Replaces every value; one without a result becomes missing. Gives back which, as they were.
    fn recast(&mut self, of: impl Fn(f64) -> Option<f64>) -> Vec<(usize, f64)> {
        let mut lost = Vec::new();
        let cells = self.value.values.iter_mut().zip(&mut self.value.marks);
        let given = cells
            .enumerate()
            .filter(|(_, (_, mark))| **mark == Mark::Given);
        for (case, (value, mark)) in given {
            let before = *value;
            (*value, *mark) = parts(finite(of(before)));
            if *mark != Mark::Given {
                lost.push((case, before));
            }
        }
        lost
    }

    /// Replaces a value; gives it back if there is none in its place. The gap that it leaves is not one that an answer could
    /// fill: bounds must say so, whether or not others leave something open.
    fn replace(&mut self, case: usize, of: impl Fn(f64) -> Option<f64>) -> Option<f64> {
        let value = self.value.value(case)?;
        let result = finite(of(value));
        self.value.set(case, result);
        (!matches!(result, Answer::Given(_))).then_some(value)
    }
}

/// A result as a value, if it is one.
fn finite(result: Option<f64>) -> Answer {
    match result.filter(|result| result.is_finite()) {
        Some(result) => Answer::Given(result),
        None => Answer::Missing(Gap::Unanswered),
    }
}

/// The nodes above one, the nearest first.
pub(crate) fn above(framework: &Framework, node: NodeIx) -> impl Iterator<Item = NodeIx> {
    std::iter::successors(framework.node(node).parent, |node| {
        framework.node(*node).parent
    })
}

/// Whether a node, and all above it, exists in a period.
pub(crate) fn lives(framework: &Framework, node: NodeIx, period: &str) -> bool {
    above(framework, node)
        .chain([node])
        .all(|node| exists(&framework.node(node).periods, period))
}

/// Whether a node exists in a period: bounds compare as numbers where both are, else as text.
pub(crate) fn exists(periods: &Periods, period: &str) -> bool {
    let at_least = |a: &str, b: &str| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a >= b,
        _ => a >= b,
    };
    periods
        .from
        .as_deref()
        .is_none_or(|from| at_least(period, from))
        && periods.to.as_deref().is_none_or(|to| at_least(to, period))
}

/// When each period was: the number that it is if all are numbers, else its position.
fn times(periods: &[String]) -> Vec<f64> {
    let numbers: Option<Vec<f64>> = periods
        .iter()
        .map(|period| period.parse().ok().filter(|n: &f64| n.is_finite()))
        .collect();
    numbers.unwrap_or_else(|| (0..periods.len()).map(|at| at as f64).collect())
}
