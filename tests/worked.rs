//! Worked examples, each one rule of the language and small enough to be redone by hand.

use dgpf::analysis::explain::{Explainer, Made};
use dgpf::framework::{self, Framework, Gap, Source, tie_key};
use dgpf::problem;
use dgpf::responses::{self, Answer, Input, Options, Responses};
use dgpf::scoring::{Assumptions, Plan, Remark, ScoreTable};

/// A framework whose head is said once.
fn framework(rest: &str) -> Framework {
    let source = Source {
        name: "worked.yaml".into(),
        text: format!("dgpf: 1\nid: worked\nunit: {{key: unit, codes: any}}\n{rest}"),
    };
    let loaded = framework::load(&source, &|_| None);
    loaded
        .unwrap_or_else(|problems| panic!("{}", problem::render(&problems)))
        .framework
}

fn read(framework: &Framework, csv: &str) -> Responses {
    let input = Input {
        name: "worked.csv",
        bytes: csv.as_bytes(),
    };
    let loaded = responses::load(&[input], framework, &Options::default());
    loaded
        .unwrap_or_else(|problems| panic!("{}", problem::render(&problems)))
        .responses
}

fn table(framework: &Framework, csv: &str) -> ScoreTable {
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    plan.score(&read(framework, csv))
}

/// The index of every unit and period, in their order.
fn index(rest: &str, csv: &str) -> Vec<Option<f64>> {
    let framework = framework(rest);
    table(&framework, csv).nodes[Framework::INDEX.0]
        .score
        .clone()
}

#[test]
fn ranks_start_at_one_whatever_ties_get() {
    let ranks = |method: &str| {
        let framework = framework(&format!(
            "ranking: {{method: {method}}}\nindicators: [{{id: a, number: {{from: 0, to: 10}}}}]"
        ));
        let table = table(&framework, "unit,a\nu1,9\nu2,7\nu3,7\nu4,5\n");
        let ranks = &table.nodes[Framework::INDEX.0].rank;
        ranks
            .iter()
            .map(|rank| rank.expect("a rank"))
            .collect::<Vec<f64>>()
    };
    assert_eq!(ranks("competition"), [1.0, 2.0, 2.0, 4.0]);
    assert_eq!(ranks("dense"), [1.0, 2.0, 2.0, 3.0]);
    assert_eq!(ranks("average"), [1.0, 2.5, 2.5, 4.0]);
}

#[test]
fn a_curve_may_have_two_points_only() {
    let rest = "indicators: [{id: a, number: {curve: [[20, 0.2], [60, 1]]}}]";
    // 0.2 + (30 − 20) ÷ (60 − 20) · 0.8; flat outside.
    let found = index(rest, "unit,a\nu1,30\nu2,0\nu3,90\n");
    assert_eq!(found, [Some(0.4), Some(0.2), Some(1.0)]);
}

#[test]
fn minus_zero_is_zero() {
    let found = index(
        "indicators: [{id: a, number: {}}]",
        "unit,a\nu1,-0\nu2,-0.0\n",
    );
    for score in found {
        assert!(score.expect("a score").is_sign_positive());
    }
}

#[test]
fn what_does_not_exist_in_a_period_has_no_weight_there() {
    let rest = "period: wave\nindicators:\n  - {id: a, number: {from: 0, to: 1}}\n";
    let csv = "unit,wave,a,b\nu,2019,1,0\nu,2020,1,0\nu,2021,1,0\nu,2022,1,0\n";
    let with = |periods: &str| {
        index(
            &format!("{rest}  - {{id: b, number: {{from: 0, to: 1}}, periods: {periods}}}\n"),
            csv,
        )
    };
    let (alone, both) = (Some(1.0), Some(0.5));
    assert_eq!(
        with("{from: '2020', to: '2021'}"),
        [alone, both, both, alone]
    );
    assert_eq!(with("{from: '2021'}"), [alone, alone, both, both]);
    assert_eq!(with("{to: '2019'}"), [both, alone, alone, alone]);
    // Texts are compared as texts: `2020-H2` comes before `2021-H1`.
    let halves = "unit,wave,a,b\nu,2020-H1,1,0\nu,2020-H2,1,0\nu,2021-H1,1,0\n";
    let text = format!(
        "{rest}  - {{id: b, number: {{from: 0, to: 1}}, periods: {{from: 2020-H2, to: 2020-H2}}}}\n"
    );
    assert_eq!(index(&text, halves), [alone, both, alone]);
    // Numbers as numbers: 9 comes before 10.
    let rounds = "unit,wave,a,b\nu,9,1,0\nu,10,1,0\n";
    let text =
        format!("{rest}  - {{id: b, number: {{from: 0, to: 1}}, periods: {{from: '10'}}}}\n");
    assert_eq!(index(&text, rounds), [alone, both]);
}

#[test]
fn a_preset_fills_a_gap_and_says_so_but_leaves_an_answer_alone() {
    let framework = framework(
        "attributes: {region: text}\nscales: {yn: {'no': 0, 'yes': 1}}\nindicators:\n  \
         - {id: a, scale: yn, preset: [{where: {region: Arctic}, answer: 'yes'}]}\n",
    );
    let responses = read(
        &framework,
        "unit,region,a\nu1,Arctic,\nu2,Arctic,no\nu3,Alps,yes\n",
    );
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    let explainer = Explainer::new(&plan, &responses);
    let scores = &explainer.scores().nodes[Framework::INDEX.0].score;
    assert_eq!(*scores, [Some(1.0), Some(0.0), Some(1.0)]);
    let reading = |unit: &str| {
        let told = explainer
            .explain(unit, 0, Framework::INDEX)
            .expect("it is there");
        let Made::Answered(answered) = &told.tree.parts()[0].explained.made else {
            panic!("the indicator is answered")
        };
        answered.clone()
    };
    assert!(format!("{:?}", reading("u1")).contains("Preset"));
    assert!(!format!("{:?}", reading("u2")).contains("Preset"));
    assert!(!format!("{:?}", reading("u3")).contains("Preset"));
}

#[test]
fn defaults_of_all_reach_a_tier_only_where_it_knows_them() {
    // `number` is a property of indicators: a dimension that has none must not stumble over it.
    let rest = "defaults: {number: {from: 0, to: 10}, aggregate: minimum}\n\
                dimensions: [{id: d, indicators: [{id: a}, {id: b}]}]";
    assert_eq!(index(rest, "unit,a,b\nu,8,4\n"), [Some(0.4)]);
    // A general `missing` speaks of parts: it fills no answer, so that coverage stays one half.
    let framework = framework(
        "defaults: {number: {from: 0, to: 10}, missing: zero}\n\
         dimensions: [{id: d, indicators: [{id: a}, {id: b}]}]",
    );
    let found = table(&framework, "unit,a,b\nu,8,\n");
    assert_eq!(found.nodes[Framework::INDEX.0].score, [Some(0.4)]);
    assert_eq!(found.nodes[Framework::INDEX.0].coverage, [Some(0.5)]);
}

#[test]
fn pairwise_wins_are_shared_by_the_parts_that_led() {
    let framework = framework(
        "indicators:\n  - {id: a, number: {from: 0, to: 10}, weight: 2}\n  - {id: b, number: {from: 0, to: 10}}\n\
         index: {aggregate: copeland}\nrange: [-2, 2]",
    );
    let responses = read(&framework, "unit,a,b\nu1,9,1\nu2,5,5\nu3,1,9\n");
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    let explainer = Explainer::new(&plan, &responses);
    assert_eq!(
        explainer.scores().nodes[Framework::INDEX.0].score,
        [Some(2.0), Some(0.0), Some(-2.0)]
    );
    // u1 beats both on `a` (2 against 1 each): of each win, `a` led by 2 and `b` trailed by 1, 2 ÷ (2 − 1) and −1 ÷ 1.
    let told = explainer
        .explain("u1", 0, Framework::INDEX)
        .expect("it is there");
    let shares: Vec<f64> = told
        .tree
        .parts()
        .iter()
        .map(|part| part.contribution)
        .collect();
    assert_eq!(shares, [4.0, -2.0]);
}

#[test]
fn a_cohort_of_one_is_not_called_constant() {
    let framework = framework(
        "indicators: [{id: a, number: {}, normalise: min-max}, {id: b, number: {from: 0, to: 1}}]",
    );
    let constant = |csv: &str| {
        let remarks = &table(&framework, csv).remarks;
        let of = |remark: &Remark| match remark {
            Remark::UselessCohort { constant, .. } => Some(*constant),
            Remark::ScreenedOut { .. } => None,
        };
        remarks.iter().find_map(of)
    };
    assert_eq!(constant("unit,a,b\nu1,3,1\n"), Some(false));
    assert_eq!(constant("unit,a,b\nu1,3,1\nu2,3,0\n"), Some(true));
    assert_eq!(constant("unit,a,b\nu1,3,1\nu2,4,0\n"), None);
}

#[test]
fn scores_tie_when_they_are_the_same_to_a_billionth() {
    // floor(score ÷ 1e-9 + 0.5): half a billionth to either side.
    for near in [0.300_000_000_4, 0.299_999_999_6] {
        assert!((tie_key(near) - tie_key(0.3)).abs() < 0.5);
    }
    for beyond in [0.300_000_000_6, 0.299_999_999_4] {
        assert!((tie_key(beyond) - tie_key(0.3)).abs() > 0.5);
    }
}

#[test]
fn a_preset_may_say_which_kind_of_gap_it_is() {
    for (word, gap) in [
        ("missing", Gap::Unanswered),
        ("dont-know", Gap::DontKnow),
        ("not-asked", Gap::NotAsked),
    ] {
        let framework = framework(&format!(
            "attributes: {{region: text}}\nindicators: [{{id: a, number: {{from: 0, to: 1}}, \
             preset: [{{where: {{region: Arctic}}, answer: {word}}}]}}]"
        ));
        let responses = read(&framework, "unit,region,a\nu1,Arctic,\n");
        let plan = Plan::compile(&framework, &Assumptions::of(&framework));
        let explainer = Explainer::new(&plan, &responses);
        let told = explainer
            .explain("u1", 0, Framework::INDEX)
            .expect("it is there");
        assert_eq!(told.tree.parts()[0].explained.score, Answer::Missing(gap));
    }
}
