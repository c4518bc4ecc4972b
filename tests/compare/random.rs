//! Over random frameworks: the causes of every difference sum to it, and a cause that cannot move anything gets nothing.

use dgpf::analysis::compare::{Comparison, Side, compare};
use dgpf::framework::{Body, Framework, MinCoverage, MissingAnswer, MissingPart, Weight};
use dgpf::responses::Responses;
use dgpf::scoring::{Assumptions, Plan};
use proptest::prelude::*;

use crate::common::{Case, Dice, Wild, cases, config, responses};

/// Both waves, each by its own framework.
fn compared(
    old: (&Framework, &Responses, usize),
    new: (&Framework, &Responses, usize),
) -> Comparison {
    compared_under(old, new, &[old.0, new.0].map(Assumptions::of))
}

/// Both waves, each by its own framework and under its own assumptions.
fn compared_under(
    old: (&Framework, &Responses, usize),
    new: (&Framework, &Responses, usize),
    assumptions: &[Assumptions; 2],
) -> Comparison {
    let side = |(framework, responses, period), assumptions| Side {
        framework,
        assumptions,
        responses,
        period,
    };
    compare(&side(old, &assumptions[0]), &side(new, &assumptions[1]))
}

/// The framework's own assumptions, with a cohort that is frozen; none where it cannot be.
fn against(framework: &Framework, cohort: Option<&Responses>) -> Option<Assumptions> {
    let own = Assumptions::of(framework);
    let Some(cohort) = cohort else {
        return Some(own);
    };
    let frozen = Plan::compile(framework, &own).freeze(cohort);
    Some(own.with_frozen(frozen.ok()?))
}

/// A later edition: some weights, rules, answers and ids differ, an indicator is gone.
fn edited(framework: &Framework, dice: &mut Dice) -> Framework {
    let mut edited = framework.clone();
    "1.1.0".clone_into(&mut edited.version);
    for node in &mut edited.nodes {
        if dice.once_in(3) {
            node.weight = Weight::new(dice.pick(&[1.0, 4.0, 2.0])).expect("above zero");
        }
        match &mut node.body {
            Body::Parent(parent) if dice.once_in(4) => {
                parent.missing = dice.pick(&[MissingPart::Zero, MissingPart::Constant(0.5)]);
                parent.min_coverage =
                    dice.pick(&[MinCoverage::Parts(0.0), MinCoverage::Weight(0.4)]);
            }
            Body::Indicator(indicator) => {
                if dice.once_in(6) {
                    indicator.missing = MissingAnswer::Zero;
                }
                if dice.once_in(6) {
                    // No other edition knows the question.
                    node.id = crate::common::id(&format!("{}_new", node.id));
                    indicator.code = format!("{}_new", indicator.code);
                }
            }
            Body::Parent(_) => {}
        }
    }
    edited
}

/// Every split sums to its difference, and causes that cannot be at work get nothing.
fn sums_hold(found: &Comparison) -> Result<usize, TestCaseError> {
    let mut splits = 0;
    for unit in &found.units {
        for change in &unit.nodes {
            prop_assert_eq!(change.causes.is_some(), change.difference().is_some());
            let (Some(causes), Some(difference)) = (change.causes, change.difference()) else {
                continue;
            };
            splits += 1;
            let scale = difference.abs().max(1.0);
            let off = (causes.total() - difference).abs();
            prop_assert!(
                off <= 1e-12 * scale,
                "{off:e} in {change:?} of {}",
                unit.unit
            );
            if !found.moving.framework {
                prop_assert!(causes.framework.abs() < f64::MIN_POSITIVE);
            }
            if !found.moving.cohort {
                prop_assert!(causes.cohort.abs() < f64::MIN_POSITIVE);
            }
        }
    }
    Ok(splits)
}

fn later(case: &Case, numbers: Vec<u32>) -> (Dice, Responses) {
    let mut dice = Dice::new(numbers);
    let responses = responses(&mut dice, &case.framework, Wild::ALL);
    (dice, responses)
}

fn numbers() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 40..400)
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn causes_sum_to_every_difference(case in cases(Wild::ALL), numbers in numbers()) {
        let (_, after) = later(&case, numbers);
        let framework = &case.framework;
        sums_hold(&compared((framework, &case.responses, 0), (framework, &after, 0)))?;
    }

    #[test]
    fn they_do_where_the_framework_changed_too(case in cases(Wild::ALL), numbers in numbers()) {
        let (mut dice, after) = later(&case, numbers);
        let edition = edited(&case.framework, &mut dice);
        let last = after.periods.len() - 1;
        sums_hold(&compared((&case.framework, &case.responses, 0), (&edition, &after, last)))?;
    }

    #[test]
    fn they_do_where_nothing_is_relative(
        case in cases(Wild { relative: false, ..Wild::ALL }),
        numbers in numbers(),
    ) {
        let (mut dice, after) = later(&case, numbers);
        let edition = edited(&case.framework, &mut dice);
        let found = compared((&case.framework, &case.responses, 0), (&edition, &after, 0));
        prop_assert!(!found.moving.cohort);
        sums_hold(&found)?;
    }

    #[test]
    fn they_do_against_frozen_cohorts(case in cases(Wild::ALL), numbers in numbers()) {
        let (mut dice, after) = later(&case, numbers);
        let edition = edited(&case.framework, &mut dice);
        let last = after.periods.len() - 1;
        let cohorts = [None, Some(&case.responses), Some(&after)];
        let old = (&case.framework, &case.responses, 0);
        for framework in [&case.framework, &edition] {
            for cohort in cohorts {
                let pair = (against(&case.framework, cohort), against(framework, dice.pick(&cohorts)));
                let (Some(then), Some(now)) = pair else { continue };
                let found = compared_under(old, (framework, &after, last), &[then, now]);
                sums_hold(&found)?;
            }
        }
    }

    #[test]
    fn between_the_periods_of_one_file(case in cases(Wild::ALL)) {
        let last = case.responses.periods.len() - 1;
        let framework = &case.framework;
        sums_hold(&compared((framework, &case.responses, 0), (framework, &case.responses, last)))?;
    }

    #[test]
    fn nothing_changed_means_no_change(case in cases(Wild::ALL)) {
        let framework = &case.framework;
        let found = compared((framework, &case.responses, 0), (framework, &case.responses, 0));
        prop_assert!(found.entered.is_empty() && found.left.is_empty());
        for change in found.units.iter().flat_map(|unit| &unit.nodes) {
            if let Some(causes) = change.causes {
                let none = causes.parts().iter().all(|part| part.abs() < f64::MIN_POSITIVE);
                prop_assert!(none, "{causes:?}");
            }
        }
    }

    #[test]
    fn the_way_back_is_the_way_there_with_other_signs(
        // Where every mixture has a score: the rule for those that have none looks from the old wave.
        case in cases(Wild { curved: true, rounding: true, ..Wild::TAME }),
        numbers in numbers(),
    ) {
        let mut dice = Dice::new(numbers);
        let after = responses(&mut dice, &case.framework, Wild::TAME);
        let edition = edited(&case.framework, &mut dice);
        let (old, new) = ((&case.framework, &case.responses, 0), (&edition, &after, 0));
        let (there, back) = (compared(old, new), compared(new, old));
        for unit in &there.units {
            let other = back.unit(&unit.unit).expect("it is in both waves");
            for (pair, change) in there.nodes.iter().zip(&unit.nodes) {
                let Some(causes) = change.causes else { continue };
                let twin = back.nodes.iter().position(|own| own.new == pair.old).expect("it has one");
                let reversed = other.nodes[twin].causes.expect("both scores are there");
                for (a, b) in causes.parts().into_iter().zip(reversed.parts()) {
                    prop_assert!((a + b).abs() <= 1e-12, "{causes:?} {reversed:?}");
                }
            }
        }
    }
}
