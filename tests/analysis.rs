//! What every analysis promises, over random frameworks: what is said to sum up sums up.

mod common;

use std::fmt::Write as _;

use common::{Case, Wild, cases, given, shipped};
use dgpf::analysis::explain::{Change, Explained, Explainer, Made};
use dgpf::framework::{self, Aggregate, Better, Framework, NodeIx, builtin};
use dgpf::responses::{self, Answer, Input, Options, Responses};
use dgpf::scoring::{Assumptions, Plan};
use proptest::prelude::*;

/// Equal up to the last bits of numbers of this size.
fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1.0)
}

/// A tree in a line a node, for those who look for what went wrong.
fn outline(explained: &Explained, depth: usize, out: &mut String) {
    let how = match &explained.made {
        Made::Aggregated {
            how,
            total,
            without,
            ..
        } => format!("{how:?} {total:?} {without:?}"),
        Made::Combined {
            combiner, total, ..
        } => format!("{combiner:?} {total:?}"),
        Made::Answered(answer) => format!("{answer:?}"),
    };
    let (node, score, best) = (explained.node.0, explained.score, explained.best);
    let steps = &explained.steps;
    let _ = writeln!(
        out,
        "n{node} {:?} {score:?} best {best:?} = {how} {steps:?}",
        explained.row
    );
    for part in explained.parts() {
        let _ = write!(
            out,
            "{}{} {:?} {:?} {}: ",
            "  ".repeat(depth + 1),
            part.weight,
            part.counted,
            part.effective,
            part.contribution
        );
        outline(&part.explained, depth + 1, out);
    }
}

fn outlined(explained: &Explained) -> String {
    let mut out = String::from("\n");
    outline(explained, 0, &mut out);
    out
}

/// Every sum in an explanation, from its root down.
fn sums_up(explained: &Explained) -> Result<(), TestCaseError> {
    let total = match &explained.made {
        Made::Aggregated {
            base,
            total: Some(total),
            parts,
            ..
        } => {
            let parts: f64 = parts.iter().map(|part| part.contribution).sum();
            prop_assert!(same(base + parts, *total), "{}", outlined(explained));
            Some(*total)
        }
        Made::Combined {
            total: Some(total),
            rows,
            ..
        } => {
            let rows: f64 = rows.iter().map(|row| row.contribution).sum();
            prop_assert!(same(rows, *total), "{}", outlined(explained));
            Some(*total)
        }
        Made::Answered(answer) => given(answer.value),
        Made::Aggregated { .. } | Made::Combined { .. } => None,
    };
    for part in explained.parts() {
        if let (Some(effective), Some(counted)) = (part.effective, part.counted) {
            prop_assert!(same(effective * counted, part.contribution));
        }
        sums_up(&part.explained)?;
    }
    let last = explained.steps.last().map(|step| step.result);
    let without = matches!(
        explained.made,
        Made::Aggregated {
            without: Some(_),
            ..
        }
    );
    let end = last.map_or(total.filter(|_| !without), given);
    match (end, explained.score) {
        (Some(end), Answer::Given(score)) => {
            prop_assert!(
                same(end, score),
                "{end} is not {score}: {}",
                outlined(explained)
            );
        }
        (None, Answer::Missing(_) | Answer::NotApplicable) => {}
        (end, score) => prop_assert!(false, "{end:?} is not {score:?}: {}", outlined(explained)),
    }
    Ok(())
}

/// Among the units themselves; and half of them against all, where that cohort can be frozen.
fn explained(case: &Case) -> Result<(), TestCaseError> {
    let (framework, responses) = (&case.framework, &case.responses);
    let own = Assumptions::of(framework);
    let plan = Plan::compile(framework, &own);
    explained_by(&plan, responses)?;
    if let Ok(frozen) = plan.freeze(responses) {
        let plan = Plan::compile(framework, &own.with_frozen(frozen));
        let half: Vec<usize> = (0..responses.rows.len()).step_by(2).collect();
        explained_by(&plan, &responses.of_rows(&half))?;
    }
    Ok(())
}

fn explained_by(plan: &Plan<'_>, responses: &Responses) -> Result<(), TestCaseError> {
    let framework = plan.framework();
    let explainer = Explainer::new(plan, responses);
    let table = plan.score(responses);
    prop_assert_eq!(explainer.scores(), &table);
    for (row, observation) in table.observations.iter().enumerate() {
        let every = framework.nodes.len().div_ceil(4);
        for (node, _) in framework.walk().step_by(every) {
            let found = explainer.explain(&observation.unit, observation.period, node);
            let found = found.expect("it was scored");
            prop_assert_eq!(found.tree.value(), table.nodes[node.0].score[row]);
            prop_assert_eq!(found.index, table.nodes[0].score[row]);
            sums_up(&found.tree)?;
            let lost: f64 = found.losses.iter().map(|loss| loss.points).sum();
            if node == Framework::INDEX {
                prop_assert!(same(lost + found.rest, found.short.unwrap_or(0.0)));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(common::config(100))]

    #[test]
    fn every_explanation_sums_up(case in cases(Wild::ALL)) {
        explained(&case)?;
    }

    #[test]
    fn losses_account_for_the_whole_distance_to_the_best(case in cases(Wild {
        relative: false,
        rounding: false,
        ..Wild::ALL
    })) {
        // Where less is better a better answer of one node may cap another one, which is nobody's loss.
        prop_assume!(case.framework.better == Better::Higher);
        let plan = Plan::compile(&case.framework, &Assumptions::of(&case.framework));
        let explainer = Explainer::new(&plan, &case.responses);
        for observation in &explainer.scores().observations {
            let found = explainer.explain(&observation.unit, observation.period, Framework::INDEX);
            let found = found.expect("it was scored");
            prop_assert!(found.rest.abs() < 1e-12, "{:?} {:?}{}", found.rest, found.losses, outlined(&found.tree));
        }
    }

    #[test]
    fn leaves_add_up_to_the_index(case in cases(Wild {
        relative: false,
        rounding: false,
        logic: false,
        ..Wild::ALL
    })) {
        let plan = Plan::compile(&case.framework, &Assumptions::of(&case.framework));
        let starts_elsewhere = case.framework.walk().any(|(ix, _)| {
            plan_aggregate(&case.framework, ix) == Some(Aggregate::Product)
        });
        prop_assume!(!starts_elsewhere);
        let explainer = Explainer::new(&plan, &case.responses);
        for observation in &explainer.scores().observations {
            let of = |node: NodeIx| {
                explainer.explain(&observation.unit, observation.period, node)
                    .expect("it was scored")
            };
            let index = of(Framework::INDEX);
            let Some(score) = index.index else { continue };
            if stands_in(&index.tree) { continue }
            let leaves: f64 = case.framework.indicators()
                .filter_map(|(ix, _, _)| of(ix).adds)
                .sum();
            prop_assert!(same(leaves, score), "{leaves} is not {score}: {}", outlined(&index.tree));
        }
    }
}

fn plan_aggregate(framework: &Framework, node: NodeIx) -> Option<Aggregate> {
    match &framework.node(node).body {
        dgpf::framework::Body::Parent(parent) => Some(parent.aggregate),
        dgpf::framework::Body::Indicator(_) => None,
    }
}

/// Whether something counts that no leaf adds: a missing rule, a floor, a step of a parent.
fn stands_in(explained: &Explained) -> bool {
    explained.parts().iter().any(|part| {
        let lifted = part
            .counted
            .is_some_and(|counted| Some(counted) != part.explained.value());
        let stepped = !part.explained.parts().is_empty()
            && part
                .explained
                .steps
                .iter()
                .any(|step| !matches!(step.change, Change::Scaled { .. }));
        part.stood_in || lifted || stepped || stands_in(&part.explained)
    })
}

#[test]
fn every_score_of_every_shipped_framework_is_the_sum_of_its_parts() {
    for shipped in shipped::shipped() {
        let case = Case {
            framework: shipped.framework,
            responses: shipped.responses,
        };
        let plan = Plan::compile(&case.framework, &Assumptions::of(&case.framework));
        let explainer = Explainer::new(&plan, &case.responses);
        let mut scores = 0;
        for observation in &explainer.scores().observations {
            let (unit, period) = (&observation.unit, observation.period);
            let found = explainer.explain(unit, period, Framework::INDEX);
            let found = found.expect("it was scored");
            // From the index down this looks at every node of the unit.
            scores += nodes(&found.tree);
            sums_up(&found.tree).unwrap_or_else(|error| panic!("{} {unit}: {error}", shipped.name));
            let lost: f64 = found.losses.iter().map(|loss| loss.points).sum();
            let short = found.short.unwrap_or(0.0);
            assert!(same(lost + found.rest, short), "{} {unit}", shipped.name);
        }
        assert!(scores >= explainer.scores().observations.len() * case.framework.nodes.len());
    }
}

/// How many scores a tree tells.
fn nodes(explained: &Explained) -> usize {
    let parts = explained.parts().iter();
    1 + parts.map(|part| nodes(&part.explained)).sum::<usize>()
}

/// The stacked bars of the published index: each of the six dimensions adds a sixth of its score.
#[test]
fn dimensions_of_the_digital_government_index_add_a_sixth_each() {
    let source = builtin::find("dgi-2023").expect("it is compiled in");
    let framework = framework::load(&source, &|_| None)
        .expect("it is sound")
        .framework;
    let bytes = include_bytes!("../examples/dgi-2023.csv");
    let input = Input {
        name: "dgi-2023.csv",
        bytes,
    };
    let responses = responses::load(&[input], &framework, &Options::default());
    let responses = responses.expect("they are sound").responses;
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    let explainer = Explainer::new(&plan, &responses);
    let table = explainer.scores();
    assert_eq!(table.observations.len(), 38);
    for (row, observation) in table.observations.iter().enumerate() {
        for node in framework.node(Framework::INDEX).children() {
            let found = explainer.explain(&observation.unit, 0, *node);
            let adds = found.expect("it was scored").adds.expect("it counts");
            let dimension = table.nodes[node.0].score[row].expect("it was published");
            assert!((adds - dimension / 6.0).abs() < 1e-12);
        }
    }
}
