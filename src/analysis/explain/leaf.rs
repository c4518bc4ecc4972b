//! The steps of one indicator from its answer to its share.

use crate::framework::{
    Answers, Curve, Denominator, GroupIx, Indicator, MissingAnswer, NodeIx, Outliers,
};
use crate::responses::Answer;
use crate::scoring::{self, Bound, Presence, Scaler, above, exists, number_of, possible};

use super::explainer::Explainer;
use super::{Change, CohortFacts, Origin, Step, given};

impl Explainer<'_> {
    /// What happened to the answer of a case until it was a share; caps and rounding follow in `tree`.
    pub(super) fn leaf_steps(&self, node: NodeIx, case: usize, settled: Option<f64>) -> Vec<Step> {
        let framework = self.plan.framework;
        let question = self.plan.questions.position[node.0].expect("it is an indicator");
        let indicator = self.plan.questions.indicator(question);
        let mut steps = Vec::new();
        let period = &self.responses.periods[self.workings.cases.keys[case].period];
        let outside = std::iter::once(node)
            .chain(above(framework, node))
            .find(|node| !exists(&framework.node(*node).periods, period));
        if let Some(outside) = outside {
            return vec![Step {
                change: Change::OutsidePeriods(outside),
                result: Answer::NotApplicable,
            }];
        }
        if settled.is_none() {
            steps.extend(self.division(indicator, question, case));
        }
        if self.workings.screened[case] {
            steps.push(Step {
                change: Change::ScreenedOut,
                result: Answer::NotApplicable,
            });
            return steps;
        }
        if let Some(share) = settled {
            steps.push(Step {
                change: Change::Settled,
                result: Answer::Given(share),
            });
        } else {
            steps.extend(self.imputation(node, question, case));
            let value = self.trace.filled(question, case);
            let treated = self.treatment(node, question, case, value);
            let value = treated.as_ref().map_or(value, |step| step.result);
            steps.extend(treated);
            steps.extend(self.scaling(node, indicator, case, value));
        }
        let share = steps.last().map(|step| step.result);
        let share = share.unwrap_or_else(|| self.trace.filled(question, case));
        steps.extend(self.filling(node, case, share));
        steps
    }

    fn division(&self, indicator: &Indicator, question: usize, case: usize) -> Option<Step> {
        let Answers::Number(number) = &indicator.answers else {
            return None;
        };
        let by = number.per?;
        given(self.trace.raw(question, case))?;
        let divisor = match by {
            Denominator::Attribute(attribute) => {
                number_of(&self.workings.cases.attributes, attribute, case)
            }
            Denominator::Indicator(other) => self.plan.questions.position[other.0]
                .and_then(|other| given(self.trace.raw(other, case))),
        };
        Some(Step {
            change: Change::Divided {
                by,
                divisor,
                times: number.times,
            },
            result: self.trace.divided(question, case),
        })
    }

    fn imputation(&self, node: NodeIx, question: usize, case: usize) -> Option<Step> {
        let imputed = &self.workings.imputed[question];
        if !imputed.get(case).is_some_and(|imputed| *imputed) {
            return None;
        }
        let rule = self.plan.assumptions.missing_answer[node.0].clone();
        let from = match &rule {
            MissingAnswer::Row { within, .. } => Origin::Row { within: *within },
            MissingAnswer::Previous { .. } | MissingAnswer::Interpolate => {
                Origin::Periods(self.own_values(question, case, &rule))
            }
            MissingAnswer::Mean(_)
            | MissingAnswer::Median(_)
            | MissingAnswer::Keep
            | MissingAnswer::Zero
            | MissingAnswer::Lowest
            | MissingAnswer::Constant(_) => {
                let mut sources = self.sources[question].iter();
                let source = sources.find(|(comparison, _)| comparison.scales(case));
                Origin::Cohort {
                    count: source.map_or(0, |(_, count)| *count),
                    period: source.and_then(|(comparison, _)| comparison.period),
                }
            }
        };
        Some(Step {
            change: Change::Imputed { rule, from },
            result: self.trace.filled(question, case),
        })
    }

    /// The unit's own answers in other periods that an imputed one was made from.
    fn own_values(&self, question: usize, case: usize, rule: &MissingAnswer) -> Vec<(usize, f64)> {
        let keys = &self.workings.cases.keys;
        let mine = &keys[case];
        let here = mine.period;
        // Cases are sorted by unit.
        let first = keys.partition_point(|key| key.unit < mine.unit);
        let last = keys.partition_point(|key| key.unit <= mine.unit);
        let known: Vec<(usize, f64)> = (first..last)
            .filter(|other| keys[*other].keys == mine.keys)
            .filter_map(|other| {
                let value = given(self.trace.divided(question, other))?;
                Some((keys[other].period, value))
            })
            .collect();
        let before = known
            .iter()
            .filter(|own| own.0 < here)
            .max_by_key(|own| own.0);
        let after = known
            .iter()
            .filter(|own| own.0 > here)
            .min_by_key(|own| own.0);
        let MissingAnswer::Previous { at_most, .. } = rule else {
            return before.into_iter().chain(after).copied().collect();
        };
        let near =
            |own: &&(usize, f64)| at_most.is_none_or(|most| own.0.abs_diff(here) <= most as usize);
        before.filter(near).or(after).into_iter().copied().collect()
    }

    fn treatment(&self, node: NodeIx, question: usize, case: usize, value: Answer) -> Option<Step> {
        let (comparison, treatment) = self.workings.treatments[question]
            .iter()
            .find(|(comparison, _)| comparison.scales(case))?;
        let before = given(value)?;
        let result = treatment.apply(before)?;
        let changed = Answer::Given(result) != value;
        let period = comparison
            .period
            .map(|at| self.responses.periods[at].as_str());
        let frozen = self.plan.assumptions.cohort.as_deref();
        let frozen = frozen.and_then(|cohort| cohort.of(node, scoring::Step::Treat, period));
        let (count, period) = match frozen {
            Some((key, entry)) => (entry.statistics.count(), key.period.as_deref()),
            None => (self.values_among(question, &comparison.cohort), period),
        };
        changed.then(|| Step {
            change: Change::Treated {
                treatment: treatment.clone(),
                percentile: self.cut_at(node, result > before),
                cohort: CohortFacts {
                    group: self.treated_over(node),
                    period: period.map(str::to_owned),
                    frozen: frozen.is_some(),
                    count,
                    min: None,
                    max: None,
                    mean: None,
                    sd: None,
                },
            },
            result: Answer::Given(result),
        })
    }

    /// How many of these cases have a value that outliers are looked for among.
    fn values_among(&self, question: usize, cases: &[usize]) -> usize {
        let values = cases.iter().map(|case| self.trace.filled(question, *case));
        values.filter(|value| given(*value).is_some()).count()
    }

    /// The percentile that values are cut at, from below or from above, where that is the rule.
    fn cut_at(&self, node: NodeIx, from_below: bool) -> Option<f64> {
        let treat = self.plan.assumptions.treat[node.0].as_ref();
        match treat?.rule {
            Outliers::Skewed(_) => None,
            Outliers::Percentiles { low, high } => Some(if from_below { low } else { high }),
        }
    }

    /// The group whose outliers are looked for.
    fn treated_over(&self, node: NodeIx) -> Option<GroupIx> {
        let own = &self.plan.framework.node(node).cohort;
        let treat = self.plan.assumptions.treat[node.0].as_ref();
        let stated = treat.and_then(|treat| treat.cohort.as_ref());
        stated.unwrap_or(own).units
    }

    fn scaling(
        &self,
        node: NodeIx,
        indicator: &Indicator,
        case: usize,
        value: Answer,
    ) -> Vec<Step> {
        let mut steps = Vec::new();
        let Answer::Given(mut x) = value else {
            return steps;
        };
        if let Answers::Number(number) = &indicator.answers
            && number.curve != Curve::AsIs
        {
            let scaler = Scaler::of_curve(&number.curve, false);
            let step = scaled(Some(&scaler), None, x);
            steps.push(step.clone());
            match step.result {
                Answer::Given(result) => x = result,
                Answer::Missing(_) | Answer::NotApplicable => return steps,
            }
        }
        steps.extend(self.normalising(node, case, x));
        steps
    }

    /// The scaling that `normalise` asks for.
    pub(super) fn normalising(&self, node: NodeIx, case: usize, x: f64) -> Option<Step> {
        let how = self.plan.normalise(node)?;
        let at = self.fit(node, case)?;
        let fitted = &self.workings.fits[node.0][at];
        let cohort = how.compares().then(|| self.facts[node.0][at].clone());
        Some(scaled(fitted.fit.scaler.as_ref(), cohort, x))
    }

    /// Which of the cohorts a case is scaled against.
    fn fit(&self, node: NodeIx, case: usize) -> Option<usize> {
        let mut fits = self.workings.fits[node.0].iter();
        fits.position(|fitted| fitted.comparison.scales(case))
    }

    /// What a case's bounds become when the node is scaled.
    fn scaled_bound(&self, node: NodeIx, case: usize, bound: Bound) -> Option<Bound> {
        let Some(how) = self.plan.normalise(node) else {
            return Some(bound);
        };
        let fitted = &self.workings.fits[node.0][self.fit(node, case)?];
        Some(fitted.bound(how, case, bound))
    }

    fn filling(&self, node: NodeIx, case: usize, share: Answer) -> Option<Step> {
        let Answer::Missing(_) = share else {
            return None;
        };
        let rule = &self.plan.assumptions.missing_answer[node.0];
        self.workings.slots[node.0].score.value(case)?;
        let result = match rule {
            MissingAnswer::Zero => Some(0.0),
            MissingAnswer::Constant(share) => Some(*share),
            MissingAnswer::Lowest => self.lowest_answer(node, case),
            MissingAnswer::Keep
            | MissingAnswer::Mean(_)
            | MissingAnswer::Median(_)
            | MissingAnswer::Previous { .. }
            | MissingAnswer::Interpolate
            | MissingAnswer::Row { .. } => None,
        };
        result.map(|share| Step {
            change: Change::Filled(rule.clone()),
            result: Answer::Given(share),
        })
    }

    /// The lowest share that a gap could still give, before caps.
    fn lowest_answer(&self, node: NodeIx, case: usize) -> Option<f64> {
        let question = self.plan.questions.position[node.0]?;
        let leaf = &self.workings.leaves[question];
        let mut bound = leaf.bound(case);
        if let Answers::Number(number) = &self.plan.questions.indicator(question).answers {
            bound = Scaler::of_curve(&number.curve, false).apply_bound(bound, None);
        }
        let bound = self.scaled_bound(node, case, bound)?;
        bound.or_else(leaf.stand_in(case)).lowest()
    }

    /// The best share that an answer could give.
    pub(super) fn best_answer(&self, node: NodeIx, case: usize) -> Option<f64> {
        let question = self.plan.questions.position[node.0]?;
        let indicator = self.plan.questions.indicator(question);
        let mut bound = possible(&indicator.answers);
        if let Answers::Number(number) = &indicator.answers {
            let treated = self.workings.treatments[question]
                .iter()
                .find(|(comparison, _)| comparison.scales(case));
            if let Some((_, treatment)) = treated {
                for end in [&mut bound.low, &mut bound.high] {
                    *end = treatment.apply(*end).unwrap_or(*end);
                }
            }
            bound = Scaler::of_curve(&number.curve, false).apply_bound(bound, None);
        }
        self.best_scaled(node, case, bound)
    }

    /// The better end of a bound, scaled as the node is.
    pub(super) fn best_scaled(&self, node: NodeIx, case: usize, bound: Bound) -> Option<f64> {
        let bound = self.scaled_bound(node, case, bound)?;
        let best = if self.up() { bound.high } else { bound.low };
        (best.is_finite() && bound.presence != Presence::Absent).then_some(best)
    }
}

fn scaled(scaler: Option<&Scaler>, cohort: Option<CohortFacts>, x: f64) -> Step {
    let result = scaler.and_then(|scaler| scaler.apply(x));
    let unanswered = Answer::Missing(crate::framework::Gap::Unanswered);
    Step {
        change: Change::Scaled {
            scaler: scaler.cloned(),
            cohort,
        },
        result: result
            .filter(|result| result.is_finite())
            .map_or(unanswered, Answer::Given),
    }
}
