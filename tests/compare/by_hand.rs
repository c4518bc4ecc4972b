//! Worked examples that a person can redo.

use std::sync::Arc;

use dgpf::analysis::compare::{Causes, Comparison, Move, Relation, Side, compare, side_by_side};
use dgpf::framework::{self, Framework, Source};
use dgpf::responses::{self, Input, Options, Responses};
use dgpf::scoring::Assumptions;

fn framework(yaml: &str) -> Framework {
    let source = Source {
        name: Arc::from("f.yaml"),
        text: yaml.to_owned(),
    };
    match framework::load(&source, &|_| None) {
        Ok(loaded) => loaded.framework,
        Err(problems) => panic!("{}", dgpf::problem::render(&problems)),
    }
}

fn answers(csv: &str, framework: &Framework) -> Responses {
    let input = Input {
        name: "r.csv",
        bytes: csv.as_bytes(),
    };
    match responses::load(&[input], framework, &Options::default()) {
        Ok(loaded) => loaded.responses,
        Err(problems) => panic!("{}", dgpf::problem::render(&problems)),
    }
}

fn compared(old: (&Framework, &str), new: (&Framework, &str)) -> Comparison {
    let assumptions = [old.0, new.0].map(Assumptions::of);
    let responses = [answers(old.1, old.0), answers(new.1, new.0)];
    let side = |at: usize, framework| Side {
        framework,
        assumptions: &assumptions[at],
        responses: &responses[at],
        period: 0,
    };
    compare(&side(0, old.0), &side(1, new.0))
}

/// The index is the mean of policy and portal, policy the mean of two questions.
const PLAIN: &str = r#"
dgpf: 1
id: open-data
version: 1.0.0
unit: country
scales: {yes-no: {"no": 0, "yes": 1}}
levels: [{id: low, from: 0}, {id: high, from: 0.6}]
dimensions:
  - id: policy
    indicators:
      - {id: pol_1, scale: yes-no}
      - {id: pol_2, scale: yes-no}
  - id: portal
    indicators:
      - {id: por_1, number: {from: 0, to: 100}}
"#;

fn close(found: Causes, expected: [f64; 4]) {
    let parts = found.parts().into_iter().zip(expected);
    for ((found, expected), name) in parts.zip(Causes::NAMES) {
        assert!(
            (found - expected).abs() < 1e-12,
            "{name}: {found}, not {expected}"
        );
    }
}

fn index(found: &Comparison, unit: &str) -> Causes {
    let unit = found.unit(unit).expect("it is in both waves");
    unit.nodes[0].causes.expect("it has both scores")
}

#[test]
fn other_answers_and_more_answers_are_told_apart() {
    let plain = framework(PLAIN);
    // Old: policy 1 (one answer), portal 0.5: index 0.75. New: policy 0.5, portal 0.9: index 0.7.
    let found = compared(
        (
            &plain,
            "country,pol_1,pol_2,por_1\nNOR,yes,,50\nPER,no,no,10\n",
        ),
        (
            &plain,
            "country,pol_1,pol_2,por_1\nNOR,yes,no,90\nEST,no,no,10\n",
        ),
    );
    // por_1: 0.4 of half the index. pol_2, answered only now: policy from 1 to 0.5, half of it in the index.
    close(index(&found, "NOR"), [0.2, 0.0, -0.25, 0.0]);
    let change = &found.unit("NOR").expect("it is in both").nodes[0];
    assert_eq!(change.level, Some(Move::Same));
    assert_eq!(
        (change.places(), found.relation.clone()),
        (Some(0.0), Relation::Same)
    );
    let names = |passing: &[dgpf::analysis::compare::Passing]| {
        passing
            .iter()
            .map(|one| one.unit.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (names(&found.entered), names(&found.left)),
        (vec!["EST".to_owned()], vec!["PER".to_owned()])
    );
}

#[test]
fn what_weights_do_depends_on_the_answers_and_is_shared() {
    let old = framework(PLAIN);
    let new = framework(
        &PLAIN
            .replace("version: 1.0.0", "version: 1.1.0")
            .replace("- id: portal", "- id: portal\n    weight: 3"),
    );
    // policy 1 stays, portal 0.2 becomes 0.6. Old weights: 0.6, 0.8; new weights (1 and 3): 0.4, 0.7.
    let found = compared(
        (&old, "country,pol_1,pol_2,por_1\nNOR,yes,yes,20\n"),
        (&new, "country,pol_1,pol_2,por_1\nNOR,yes,yes,60\n"),
    );
    // Answers move 0.2 by the old and 0.3 by the new weights; weights move −0.2 with the old and −0.1 with the new answers.
    close(index(&found, "NOR"), [0.25, -0.15, 0.0, 0.0]);
    assert!(found.moving.framework && !found.moving.cohort);
}

#[test]
fn a_question_that_is_new_belongs_to_the_framework_and_a_renamed_one_stays_itself() {
    let old = framework(PLAIN);
    let new = framework(&PLAIN.replace("version: 1.0.0", "version: 1.1.0").replace(
        "- {id: pol_2, scale: yes-no}",
        "- {id: pol_9, scale: yes-no, replaces: [pol_2]}\n      - {id: pol_3, scale: yes-no}",
    ));
    // policy: (1 + 0) ÷ 2 becomes (1 + 1 + 0) ÷ 3.
    let found = compared(
        (&old, "country,pol_1,pol_2,por_1\nNOR,yes,no,50\n"),
        (&new, "country,pol_1,pol_9,pol_3,por_1\nNOR,yes,yes,no,50\n"),
    );
    // pol_2/pol_9 from no to yes: 1/2 of policy by the old, 1/3 by the new framework, half of that in the index.
    // The framework takes policy from 1/2 to 1/3 with the old, from 1 to 2/3 with the new answers.
    close(index(&found, "NOR"), [5.0 / 24.0, -1.0 / 8.0, 0.0, 0.0]);
    let names: Vec<_> = found
        .nodes
        .iter()
        .filter(|pair| pair.old.is_none())
        .collect();
    assert_eq!(names.len(), 1, "pol_3 alone is new");
}

#[test]
fn others_move_the_minimum_and_the_maximum() {
    let relative = framework(
        r"
dgpf: 1
id: roads
unit: country
indicators:
  - {id: km, number: {}, normalise: min-max}
",
    );
    // B stays at 50: 0.5 between 0 and 100, 0.25 between 0 and 200. A and C are at the ends and stay there.
    let found = compared(
        (&relative, "country,km\nA,0\nB,50\nC,100\n"),
        (&relative, "country,km\nA,0\nB,50\nC,200\n"),
    );
    close(index(&found, "B"), [0.0, 0.0, 0.0, -0.25]);
    close(index(&found, "A"), [0.0; 4]);
    // C among the old others and with its new answer is the maximum as before.
    close(index(&found, "C"), [0.0; 4]);
    // B doubles as the others double: answers lift it from 0.5 to 1 among the old, from 0.25 to 0.5 among the new others.
    let found = compared(
        (&relative, "country,km\nA,0\nB,50\nC,100\n"),
        (&relative, "country,km\nA,0\nB,100\nC,200\n"),
    );
    close(index(&found, "B"), [0.375, 0.0, 0.0, -0.375]);
}

#[test]
fn assessors_that_only_one_edition_asks_are_the_frameworks() {
    let old = framework(PLAIN);
    let new = framework(&PLAIN.replace(
        "version: 1.0.0",
        "version: 1.1.0\nrows: [{key: assessor, combine: mean, of: answers}]",
    ));
    // Index (1 + 0.5) ÷ 2, then (0.75 + 0.7) ÷ 2: no row of one wave can be told from the rows of the other.
    let found = compared(
        (&old, "country,pol_1,pol_2,por_1\nNOR,yes,yes,50\n"),
        (
            &new,
            "country,assessor,pol_1,pol_2,por_1\nNOR,a,yes,yes,60\nNOR,b,yes,no,80\n",
        ),
    );
    close(index(&found, "NOR"), [0.0, -0.025, 0.0, 0.0]);
}

#[test]
fn an_assessor_who_comes_counts_with_coverage() {
    let plain = framework(&PLAIN.replace(
        "version: 1.0.0",
        "version: 1.0.0\nrows: [{key: assessor, combine: mean, of: answers}]",
    ));
    // Portal: 50 of one assessor, then (70 + 90) ÷ 2. The first one's 50 → 70 is an answer: 0.2 alone, 0.1 as one of two.
    // The second one's 90 adds 0.2 to 50 and 0.1 to 70. Half of each mean is the index's.
    let found = compared(
        (
            &plain,
            "country,assessor,pol_1,pol_2,por_1\nNOR,a,yes,yes,50\n",
        ),
        (
            &plain,
            "country,assessor,pol_1,pol_2,por_1\nNOR,a,yes,yes,70\nNOR,b,yes,yes,90\n",
        ),
    );
    close(index(&found, "NOR"), [0.075, 0.0, 0.075, 0.0]);
}

#[test]
fn the_rule_for_gaps_goes_with_coverage() {
    let old = framework(PLAIN);
    let new = framework(&PLAIN.replace(
        "version: 1.0.0",
        "version: 1.1.0\ndefaults: {missing: zero}",
    ));
    // policy: 1 over the one answer, then 0.5 with a zero for the gap.
    let rows = "country,pol_1,pol_2,por_1\nNOR,yes,,50\n";
    close(
        index(&compared((&old, rows), (&new, rows)), "NOR"),
        [0.0, 0.0, -0.25, 0.0],
    );
}

#[test]
fn two_units_side_by_side_differ_by_what_their_parts_add() {
    let plain = framework(PLAIN);
    let responses = answers(
        "country,pol_1,pol_2,por_1\nNOR,yes,yes,50\nPER,no,yes,90\n",
        &plain,
    );
    let assumptions = Assumptions::of(&plain);
    let side = Side {
        framework: &plain,
        assumptions: &assumptions,
        responses: &responses,
        period: 0,
    };
    let found = side_by_side(&side, &["NOR", "PER"]).expect("both are there");
    // Index 0.75 and 0.7; policy adds 0.5 − 0.25, portal 0.25 − 0.45; in policy, pol_1 adds 0.5 − 0, pol_2 nothing.
    let adds: Vec<Option<f64>> = found.nodes.iter().map(|node| node.adds).collect();
    let expected = [
        None,
        Some(0.25),
        Some(0.5),
        Some(0.0),
        Some(-0.2),
        Some(-0.4),
    ];
    for (found, expected) in adds.iter().zip(expected) {
        assert_eq!(found.is_some(), expected.is_some());
        assert!(
            (found.unwrap_or(0.0) - expected.unwrap_or(0.0)).abs() < 1e-12,
            "{adds:?}"
        );
    }
    assert_eq!(side_by_side(&side, &["NOR", "SWE"]), Err("SWE".to_owned()));
}
