//! What `improve` promises, over random frameworks: gains are those of scoring anew, a set reaches its target, no change of
//! it can be left out, and nothing smaller than what is said to be the least reaches it.

mod common;

use std::sync::Arc;

use common::{Case, Wild, cases, shipped};
use dgpf::analysis::improve::{Costs, Improver, Proof, Step, Target};
use dgpf::framework::{Better, Framework, NodeIx, Subject, Test};
use dgpf::responses::{Answer, AttributeColumn, Responses};
use dgpf::scoring::{Assumptions, Plan, ScoreTable};
use proptest::prelude::*;

/// A change as somebody would make it in the file.
type Change = (NodeIx, Vec<Arc<str>>, Answer);

fn edited(
    framework: &Framework,
    responses: &Responses,
    who: (&str, usize),
    changes: &[Change],
) -> Responses {
    let mut edited = responses.clone();
    let questions: Vec<NodeIx> = framework.indicators().map(|(ix, _, _)| ix).collect();
    for (node, row, answer) in changes {
        let question = questions.iter().position(|own| own == node);
        let question = question.expect("steps are about indicators");
        for (line, own) in responses.rows.iter().enumerate() {
            let unit = responses.units[own.unit].id.as_ref() == who.0 && own.period == who.1;
            if unit && own.keys.starts_with(row) && has_a_say(framework, responses, *node, line) {
                edited.answers[question].set(line, *answer);
            }
        }
    }
    edited
}

/// Whether an indicator is one for a row with these attributes.
fn has_a_say(framework: &Framework, responses: &Responses, node: NodeIx, line: usize) -> bool {
    let indicator = framework.node(node).indicator();
    let conditions = indicator.into_iter().flat_map(|own| &own.when);
    let mut looks_at = conditions.flat_map(|when| &when.tests);
    looks_at.all(|(subject, test)| {
        let Subject::Attribute(attribute) = subject else {
            return true;
        };
        match (&responses.attributes[attribute.0], test) {
            (AttributeColumn::Text(texts), Test::OneOf(wanted)) => {
                let text = texts[line].as_deref();
                text.is_some_and(|text| wanted.iter().any(|own| own == text))
            }
            _ => panic!("random frameworks have no such test"),
        }
    })
}

fn gain(better: Better, before: Option<f64>, after: Option<f64>) -> Option<f64> {
    let sign = if better == Better::Higher { 1.0 } else { -1.0 };
    Some(sign * (after? - before?))
}

fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-12,
        (None, None) => true,
        _ => false,
    }
}

/// Among the units themselves, and against their own cohort where it can be frozen.
fn in_both(
    case: &Case,
    holds: impl Fn(&Plan<'_>, &Responses) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let own = Assumptions::of(&case.framework);
    let plan = Plan::compile(&case.framework, &own);
    holds(&plan, &case.responses)?;
    match plan.freeze(&case.responses) {
        Ok(frozen) => {
            let plan = Plan::compile(&case.framework, &own.with_frozen(frozen));
            holds(&plan, &case.responses)
        }
        Err(_) => Ok(()),
    }
}

fn steps_gain_what_scoring_anew_gives(
    plan: &Plan<'_>,
    responses: &Responses,
) -> Result<(), TestCaseError> {
    let framework = plan.framework();
    let improver = Improver::new(plan, responses);
    prop_assert_eq!(improver.scores(), &plan.score(responses));
    for (row, observation) in improver.scores().observations.iter().enumerate() {
        let (unit, period) = (observation.unit.as_ref(), observation.period);
        for node in [Framework::INDEX, NodeIx(framework.nodes.len() / 2)] {
            let found = improver.steps(unit, period, node, usize::MAX);
            let found = found.expect("it was scored");
            let before = improver.scores().nodes[node.0].score[row];
            prop_assert_eq!(found.score, before);
            for step in &found.steps {
                if !step.opens.is_empty() {
                    continue; // the lowest answer is taken for what it opens
                }
                let change = (step.node, step.row.clone(), step.to);
                let anew = edited(framework, responses, (unit, period), &[change]);
                let anew = plan.score(&anew);
                let after = anew.nodes[node.0].score[row];
                let expected = gain(framework.better, before, after);
                prop_assert!(
                    same(step.gain, expected),
                    "{:?} gains {:?}, not {:?}",
                    step,
                    expected,
                    step.gain
                );
            }
            let gains = found.steps.iter().filter_map(|step| step.gain);
            let gains: Vec<f64> = gains.collect();
            prop_assert!(gains.windows(2).all(|two| two[0] >= two[1] - 1e-8));
        }
    }
    Ok(())
}

fn holds(framework: &Framework, table: &ScoreTable, row: usize, target: Target) -> bool {
    let up = framework.better == Better::Higher;
    match target {
        Target::Score(node, least) => table.nodes[node.0].score[row].is_some_and(|score| {
            if up {
                score + 1e-9 >= least
            } else {
                score <= least + 1e-9
            }
        }),
        Target::Level(node, level) => table.nodes[node.0].level[row]
            .is_some_and(|found| if up { found >= level } else { found <= level }),
    }
}

fn routes_reach_their_targets(
    plan: &Plan<'_>,
    responses: &Responses,
    aim: f64,
) -> Result<(), TestCaseError> {
    let framework = plan.framework();
    let improver = Improver::new(plan, responses);
    let costs = [Costs::even(framework), Costs::efforts(framework)];
    for (row, observation) in improver.scores().observations.iter().enumerate().take(2) {
        let who = (observation.unit.as_ref(), observation.period);
        let mut targets = vec![Target::Score(Framework::INDEX, aim)];
        if framework.levels_of(Framework::INDEX).is_some() {
            targets.push(Target::Level(Framework::INDEX, 1));
        }
        for (target, costs) in targets.into_iter().zip(&costs) {
            let route = improver.route(who.0, who.1, target, costs);
            let route = route.expect("it was scored");
            if !route.reached {
                prop_assert!(route.changes.is_empty());
                continue;
            }
            prop_assert!(holds(framework, &route.outcome.after, row, target));
            prop_assert!(route.at_least <= route.cost + 1e-9);
            let stated: f64 = route.changes.iter().map(|step| costs.of(step.node)).sum();
            prop_assert!((stated - route.cost).abs() < 1e-9);
            if route.changes.iter().any(|step| !step.opens.is_empty()) {
                continue;
            }
            let change = |step: &Step| (step.node, step.row.clone(), step.to);
            let all: Vec<Change> = route.changes.iter().map(change).collect();
            let anew = plan.score(&edited(framework, responses, who, &all));
            prop_assert!(holds(framework, &anew, row, target), "{:?}", route.changes);
            for left_out in 0..all.len() {
                let mut fewer = all.clone();
                fewer.remove(left_out);
                let anew = plan.score(&edited(framework, responses, who, &fewer));
                prop_assert!(
                    !holds(framework, &anew, row, target),
                    "{:?} can be left out of {:?}",
                    all[left_out],
                    route.changes
                );
            }
            if route.proof != Proof::Nothing {
                let steps = improver.steps(who.0, who.1, Framework::INDEX, usize::MAX);
                let steps = steps.expect("it was scored").steps;
                nothing_cheaper(
                    plan,
                    responses,
                    (who, row),
                    (target, costs),
                    &steps,
                    route.at_least,
                )?;
            }
        }
    }
    Ok(())
}

/// No set of best answers that costs less than `least` reaches the target.
fn nothing_cheaper(
    plan: &Plan<'_>,
    responses: &Responses,
    (who, row): ((&str, usize), usize),
    (target, costs): (Target, &Costs),
    steps: &[Step],
    least: f64,
) -> Result<(), TestCaseError> {
    if steps.len() > 9 {
        return Ok(());
    }
    for set in 0..1_usize << steps.len() {
        let chosen: Vec<&Step> = (0..steps.len())
            .filter(|at| set >> at & 1 == 1)
            .map(|at| &steps[at])
            .collect();
        let cost: f64 = chosen.iter().map(|step| costs.of(step.node)).sum();
        let opens = chosen.iter().any(|step| !step.opens.is_empty());
        if opens || cost >= least - 1e-9 {
            continue;
        }
        let changes: Vec<Change> = chosen
            .iter()
            .map(|step| (step.node, step.row.clone(), step.best))
            .collect();
        let anew = plan.score(&edited(plan.framework(), responses, who, &changes));
        prop_assert!(
            !holds(plan.framework(), &anew, row, target),
            "{cost} is less than {least}: {changes:?}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(common::config(60))]

    #[test]
    fn a_step_gains_what_scoring_anew_gives(case in cases(Wild::ALL)) {
        in_both(&case, steps_gain_what_scoring_anew_gives)?;
    }

    #[test]
    fn a_route_reaches_its_target_and_every_change_of_it_is_needed(
        case in cases(Wild::ALL), aim in 0.05..0.95_f64,
    ) {
        in_both(&case, |plan, responses| routes_reach_their_targets(plan, responses, aim))?;
    }

    #[test]
    fn a_route_on_means_is_as_small_as_can_be(
        case in cases(Wild { gaps: true, ..Wild::TAME }), aim in 0.05..0.95_f64,
    ) {
        in_both(&case, |plan, responses| routes_reach_their_targets(plan, responses, aim))?;
    }

    #[test]
    fn a_route_on_other_rules_is_as_small_as_is_said(
        case in cases(Wild { curved: true, ..Wild::TAME }), aim in 0.05..0.95_f64,
    ) {
        in_both(&case, |plan, responses| routes_reach_their_targets(plan, responses, aim))?;
    }
}

/// The first units of every framework and example: each step gains what the changed answers give, the set half way
/// to the best and to the next level reaches it, and no change can be left out.
#[test]
fn every_shipped_framework_is_improved_as_promised() {
    let mut proved = 0;
    for shipped in shipped::shipped() {
        let (name, framework) = (&shipped.name, &shipped.framework);
        let plan = Plan::compile(framework, &Assumptions::of(framework));
        let improver = Improver::new(&plan, &shipped.responses);
        let observations = improver.scores().observations.iter().enumerate();
        let units = if framework.nodes.len() > 60 { 1 } else { 3 };
        for (row, observation) in observations.take(units) {
            let who = (observation.unit.as_ref(), observation.period);
            let index = |table: &ScoreTable| table.nodes[0].score[row];
            let what_if = |changes: &[(NodeIx, Answer)]| {
                let found = improver.what_if(who.0, who.1, changes);
                found.expect("it was scored").after
            };
            let steps = improver.steps(who.0, who.1, Framework::INDEX, usize::MAX);
            for step in steps.expect("it was scored").steps.iter().step_by(7) {
                let after = index(&what_if(&[(step.node, step.to)]));
                let expected = gain(framework.better, index(improver.scores()), after);
                assert!(same(step.gain, expected), "{name} {who:?}: {step:?}");
            }
            let costs = Costs::even(framework);
            let route = |target: Target| {
                let found = improver.route(who.0, who.1, target, &costs);
                found.expect("it was scored")
            };
            let beyond = route(Target::Score(Framework::INDEX, 1e6));
            assert!(!beyond.reached && beyond.changes.is_empty());
            let best = index(&beyond.outcome.after).expect("all is answered");
            let now = index(improver.scores()).unwrap_or(0.0);
            let mut targets = vec![Target::Score(Framework::INDEX, f64::midpoint(now, best))];
            let level = improver.scores().nodes[0].level[row];
            let levels = framework.levels_of(Framework::INDEX);
            if let (Some(level), Some(levels)) = (level, levels)
                && level + 1 < levels.bands.len()
            {
                targets.push(Target::Level(Framework::INDEX, level + 1));
            }
            for target in targets {
                let route = route(target);
                assert!(route.reached, "{name} {who:?} {target:?}");
                let change = |step: &Step| (step.node, step.to);
                let all: Vec<(NodeIx, Answer)> = route.changes.iter().map(change).collect();
                assert!(
                    holds(framework, &what_if(&all), row, target),
                    "{name} {who:?}"
                );
                for at in 0..all.len() {
                    let mut fewer = all.clone();
                    let left_out = fewer.remove(at);
                    assert!(
                        !holds(framework, &what_if(&fewer), row, target),
                        "{name} {who:?} {target:?}: {left_out:?} can be left out"
                    );
                }
                proved += usize::from(route.cost <= route.at_least + 1e-9);
                assert!(route.at_least <= route.cost + 1e-9);
            }
        }
    }
    assert!(
        proved >= 30,
        "only {proved} sets are known to be the smallest"
    );
}
