//! Worked examples, each one rule of the language and small enough to be redone by hand.

mod rows;

use dgpf::analysis::explain::{Explainer, Made};
use dgpf::framework::{self, Framework, Gap, Source, tie_key};
use dgpf::problem;
use dgpf::responses::{self, Answer, Input, Options, Responses};
use dgpf::scoring::{Assumptions, Fate, Plan, Remark, ScoreTable, Statistics, Wanted};

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

/// A loss is no share of a loss: -5 of the leader's -1 would be five times as good.
#[test]
fn nobody_has_a_share_of_a_leader_that_is_not_above_zero() {
    let by = |better: &str| {
        format!(
            "range: [0, 100]\nindicators: [{{id: x, number: {{{better}}}, normalise: share-of-leader}}]\n"
        )
    };
    let rows = "unit,x\nA,-5\nB,-2\nC,-1\n";
    assert_eq!(index(&by(""), rows), [None; 3]);
    assert_eq!(
        index(&by("better: lower"), "unit,x\nA,-5\nB,2\nC,1\n"),
        [None; 3]
    );
    // Who is below zero beside a leader above it is worst.
    let rows = "unit,x\nA,-1\nB,2\nC,4\n";
    assert_eq!(index(&by(""), rows), [Some(-0.25), Some(0.5), Some(1.0)]);
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
            Remark::ScreenedOut { .. } | Remark::Cells { .. } => None,
        };
        remarks.iter().find_map(of)
    };
    assert_eq!(constant("unit,a,b\nu1,3,1\n"), Some(false));
    assert_eq!(constant("unit,a,b\nu1,3,1\nu2,3,0\n"), Some(true));
    assert_eq!(constant("unit,a,b\nu1,3,1\nu2,4,0\n"), None);
}

#[test]
fn a_number_without_a_score_is_told() {
    let framework = framework(
        "attributes: {people: number}\nindicators:\n  \
         - {id: a, number: {per: people, bands: [{from: 10, score: 0.25}, {from: 20, score: 1}]}}\n  \
         - {id: b, number: {from: 1, to: 100, log: true, clamp: false}}\n  \
         - {id: c, number: {from: 1, to: 100, log: true}}\n",
    );
    // 50 ÷ 10 and 70 ÷ 10 are below the first band; 0 has no logarithm, which is clamped in `c`.
    let table = table(
        &framework,
        "unit,people,a,b,c\nu1,10,50,0,0\nu2,1,50,10,10\nu3,10,70,10,10\n",
    );
    let node = |id: &str| framework.find(id).expect("it is there");
    assert_eq!(
        table.remarks,
        [Remark::Cells {
            fate: Fate::OffScale,
            period: String::new(),
            nodes: vec![node("a"), node("b")],
            count: 3,
            unit: "u1".to_owned(),
        }]
    );
    let a = &table.nodes[node("a").0];
    assert_eq!(a.score, [None, Some(1.0), None]);
    assert_eq!(a.coverage, [Some(1.0); 3]);
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

/// The scores of a node, of every unit and period in their order.
fn scores(rest: &str, node: &str, csv: &str) -> Vec<Option<f64>> {
    let framework = framework(rest);
    let node = framework.find(node).expect("the node is there");
    table(&framework, csv).nodes[node.0].score.clone()
}

#[test]
fn a_difference_of_nothing_has_the_key_zero() {
    for nothing in [0.0, -0.0, 4e-10, -4e-10] {
        assert!(tie_key(nothing).abs() < 0.5);
    }
}

#[test]
fn minus_zero_is_zero_in_an_indicator_too() {
    let found = scores("indicators: [{id: a, number: {}}]", "a", "unit,a\nu,-0\n");
    assert!(found[0].expect("a score").is_sign_positive());
}

#[test]
fn a_general_rule_for_missing_parts_gives_no_answer_a_score() {
    let rest = "defaults: {number: {from: 0, to: 10}, missing: zero}\n\
                dimensions: [{id: d, indicators: [{id: a}, {id: b}]}]";
    assert_eq!(scores(rest, "b", "unit,a,b\nu,8,\n"), [None]);
}

#[test]
fn the_index_takes_no_default_that_it_does_not_know() {
    // It exists in every period, whatever its parts do unless they say otherwise.
    let rest = "period: wave\ndefaults: {periods: {from: '2020'}}\nindicators:\n  \
                - {id: a, number: {from: 0, to: 1}, periods: {from: '2019'}}\n  \
                - {id: b, number: {from: 0, to: 1}}\n";
    let found = index(rest, "unit,wave,a,b\nu,2019,1,0\nu,2020,1,0\n");
    assert_eq!(found, [Some(1.0), Some(0.5)]);
}

#[test]
fn penalties_pass_on_their_weight_where_no_points_can_be_reached() {
    let rest = "index: {aggregate: {sum: {out-of: 3}}}\nrange: unbounded\n\
                scales: {breach: {'yes': -1, 'no': 0}}\n\
                indicators: [{id: a, scale: breach}, {id: b, scale: breach, weight: 2}]";
    // −1 · 1 · (1 + 2) ÷ 1 ÷ 3; −1 · 2 · (1 + 2) ÷ 2 ÷ 3; both: (−1 − 2) ÷ 3.
    let csv = "unit,a,b\nu1,yes,\nu2,,yes\nu3,yes,yes\n";
    assert_eq!(index(rest, csv), [Some(-1.0), Some(-1.0), Some(-1.0)]);
}

#[test]
fn a_node_is_rounded_as_the_framework_is_unless_it_says_otherwise() {
    let of = |own: &str| {
        let rest = format!(
            "range: [0, 10]\nrounding: {{digits: 1, mode: half-even}}\nindicators:\n  \
             - {{id: a, rounding: {own}, number: {{from: 0, to: 10}}}}\n"
        );
        let found = scores(&rest, "a", "unit,a\nu,2.5\nv,3.5\n").into_iter();
        let shown = found.map(|score| score.map(|share| share * 10.0));
        shown.collect::<Vec<_>>()
    };
    assert_eq!(of("{digits: 0}"), [Some(2.0), Some(4.0)]);
    assert_eq!(of("{digits: 0, mode: half-up}"), [Some(3.0), Some(4.0)]);
}

#[test]
fn what_counts_in_place_of_an_answer_fills_no_gap() {
    let of = |answers: &str, csv: &str| {
        let rest = format!(
            "indicators:\n  - {{id: sells, scale: {{n: 0, y: 1}}}}\n  \
             - {{id: how, {answers}, missing: mean, when: {{sells: y}}, otherwise: 0}}\n"
        );
        scores(&rest, "how", csv)
    };
    let keys = |found: &[Option<f64>]| found.iter().map(|x| x.map(tie_key)).collect::<Vec<_>>();
    // The mean of those who sell: 0.8 and 0.4. Who does not sell has 0 and no part in it.
    let expected = keys(&[Some(0.8), Some(0.4), Some(0.0), Some(0.6)]);
    let number = "number: {from: 0, to: 10}";
    let found = of(number, "unit,sells,how\na,y,8\nb,y,4\nc,n,\nd,y,\n");
    assert_eq!(keys(&found), expected);
    let choice = "scale: {well: 0.8, badly: 0.4}";
    let found = of(choice, "unit,sells,how\na,y,well\nb,y,badly\nc,n,\nd,y,\n");
    assert_eq!(keys(&found), expected);
}

#[test]
fn a_part_with_levels_of_its_own_has_their_needs_whatever_the_head_has() {
    let level = |head: &str| {
        let framework = framework(&format!(
            "{head}dimensions:\n  - id: p\n    levels: [{{id: low, from: 0}}, {{id: high, from: 0.6, needs: [{{coverage: 0.7}}]}}]\n    \
             indicators: [{{id: a, scale: {{n: 0, y: 1}}}}, {{id: b, scale: {{n: 0, y: 1}}}}]\n"
        ));
        let table = table(&framework, "unit,a,b\nhalf,y,\nwhole,y,y\n");
        table.nodes[framework.find("p").expect("it is there").0]
            .level
            .clone()
    };
    assert_eq!(level(""), [Some(0), Some(1)]);
    assert_eq!(level("levels: [{id: l, from: 0}]\n"), [Some(0), Some(1)]);
}

#[test]
fn a_gap_in_a_sum_is_judged_by_the_weights_that_are_used() {
    let tree = |weight: &str| {
        format!(
            "range: unbounded\nindex: {{id: index, aggregate: {{sum: {{out-of: 4}}}}}}\nweight-sets: {{equal: equal}}\n\
             dimensions:\n  - id: a\n    aggregate: {{sum: {{out-of: 0.5}}}}\n    \
             indicators: [{{id: a1, weight: {weight}, scale: {{x: 0, y: 1}}}}]\n\
             indicators: [{{id: b, scale: {{x: 0, y: 0.5, z: 1}}}}]\n"
        )
    };
    let csv = "unit,a1,b\nu,,y\n";
    let (own, other) = (framework(&tree("1")), framework(&tree("0.5")));
    let found = |framework: &Framework, assumptions: &Assumptions| {
        let scores = Plan::compile(framework, assumptions).score(&read(framework, csv));
        scores.nodes[Framework::INDEX.0].score.clone()
    };
    // b reaches half of its 1 point, so that half of 2 + 1 points stand for all.
    let stated = found(&own, &Assumptions::of(&own));
    assert_eq!(stated, [Some(1.5 / 4.0)]);
    let equal = Assumptions::of(&other).with_weight_set(&other.weight_sets[0]);
    assert_eq!(found(&other, &equal), stated);
}

#[test]
fn a_skipped_choice_is_no_answer_for_a_unit_s_other_gaps() {
    let of = |missing: &str| {
        let rest = format!(
            "range: unbounded\nindicators:\n  - {{id: q, scale: {{a: 0, b: 1}}, scored: false}}\n  \
             - {{id: s, scale: {{x: 0, y: 1}}, when: {{q: b}}, otherwise: 0.5{missing}}}\n  \
             - {{id: t, number: {{}}, missing: row-mean, normalise: min-max}}\n  - {{id: z, scale: {{x: 0, y: 1}}}}\n"
        );
        scores(
            &rest,
            "t",
            "unit,q,s,t,z\nu0,a,,,x\nu1,b,x,10,x\nu2,b,y,30,y\n",
        )
    };
    // z alone says that u0 is the worst.
    let expected = [Some(0.0), Some(0.0), Some(1.0)];
    assert_eq!(of(""), expected);
    assert_eq!(of(", missing: mean"), expected);
}

#[test]
fn who_is_best_everywhere_is_filled_with_the_best_value() {
    let rest = "range: unbounded\nindicators:\n  \
                - {id: x, number: {better: lower}, missing: row-mean, normalise: rank}\n  - {id: y, number: {}}\n";
    let csv = "unit,x,y\na,46.91,27.95\nb,57.39,15.96\nc,1.31,79.71\ntop,,91.63\n";
    // To the last bit, so that both have the same rank.
    let found = scores(rest, "x", csv);
    assert_eq!(found, [Some(2.0), Some(1.0), Some(3.0), Some(3.0)]);
}

#[test]
fn a_stage_of_which_nothing_counts_is_none() {
    let of = |b: &str| {
        let rest = format!(
            "index: {{id: index, aggregate: level-sum}}\nindicators:\n  \
             - {{id: a, scale: {{n: 0, y: 1}}}}\n  - {{id: b, scale: {{n: 0, y: 1}}{b}}}\n  \
             - {{id: c, scale: {{n: 0, y: 1}}}}\n"
        );
        index(&rest, "unit,a,b,c\nu,y,y,n\nv,y,n,y\n")
    };
    assert_eq!(of(""), [Some(2.0 / 3.0), Some(2.0 / 3.0)]);
    assert_eq!(of(", scored: false"), [Some(0.5), Some(1.0)]);
    assert_eq!(of(", weight: 0"), [Some(0.5), Some(1.0)]);
}

#[test]
fn what_is_too_large_for_a_number_is_no_score() {
    let rest = "index: {aggregate: sum}\nrange: unbounded\n\
                indicators: [{id: a, number: {}}, {id: b, number: {}}]";
    assert_eq!(
        index(rest, "unit,a,b\nu1,1.5e308,1.5e308\nu2,1,2\n"),
        [None, Some(3.0)]
    );
}

#[test]
fn what_is_too_large_for_a_number_is_no_mean_of_rows_or_groups() {
    let rest = "range: unbounded\nrows: [{key: office, combine: mean, of: answers}]\nindicators: [{id: a, number: {}}]";
    let csv = "unit,office,a\nu1,x,1.5e308\nu1,y,1.5e308\nu2,x,1\n";
    assert_eq!(index(rest, csv), [None, Some(1.0)]);
    let framework = framework(
        "range: unbounded\ngroups: [{id: all}]\nindicators: [{id: a, number: {}}, {id: b, number: {}}]",
    );
    let table = table(&framework, "unit,a,b\nu1,1.5e308,1\nu2,1.5e308,3\n");
    let mean = |id: &str| {
        let node = framework.find(id).expect("it is there");
        table.groups[0].nodes[node.0].map(|spread| spread.mean)
    };
    assert_eq!([mean("a"), mean("b")], [None, Some(2.0)]);
}

#[test]
fn min_max_takes_whatever_numbers_there_are() {
    let scaled = |csv: &str| {
        scores(
            "indicators: [{id: a, number: {}, normalise: min-max}]",
            "a",
            csv,
        )
    };
    // Their sum would be too large for a number, their difference is not.
    assert_eq!(
        scaled("unit,a\nu1,1e308\nu2,1.5e308\n"),
        [Some(0.0), Some(1.0)]
    );
    // Their difference is: nothing can be told apart.
    assert_eq!(scaled("unit,a\nu1,-1.5e308\nu2,1.5e308\n"), [None, None]);
}

#[test]
fn the_scores_of_a_dimension_can_be_ranked() {
    let rest = "range: unbounded\nindex: {aggregate: maximum}\n\
                dimensions: [{id: d, normalise: rank, indicators: [{id: a, number: {from: 0, to: 1}}]}]";
    let found = scores(rest, "d", "unit,a\nu1,0.2\nu2,0.9\nu3,0.5\nu4,0.5\n");
    assert_eq!(found, [Some(1.0), Some(4.0), Some(2.0), Some(2.0)]);
}

#[test]
fn quiet_values_do_not_limit_who_is_outside_of_their_cohort() {
    let rest = "attributes: {region: text}\ngroups: [{id: north, where: {region: North}}]\nindicators:\n  \
                - id: a\n    number: {from: 0, to: 100}\n    treat: {cohort: {units: north}}\n";
    let csv = "unit,region,a\nu1,North,10\nu2,North,20\nu3,North,30\nu4,North,40\nu5,South,90\n";
    // Skewness 0: nothing is treated, so that 90 stays 90.
    assert_eq!(scores(rest, "a", csv)[4], Some(0.9));
}

fn assert_near(found: &[Option<f64>], wanted: &[f64]) {
    let near =
        |(found, wanted): (&Option<f64>, &f64)| found.is_some_and(|x| (x - wanted).abs() < 1e-12);
    let all = found.len() == wanted.len() && found.iter().zip(wanted).all(near);
    assert!(all, "{found:?} instead of {wanted:?}");
}

#[test]
fn who_is_deprived_in_less_than_the_cut_off_is_not_poor() {
    let rest = "better: lower\nattributes: {people: number}\nscales: {need: {met: 0, unmet: 1}}\n\
                rows: [{key: household, combine: mean, weight: people, of: scores}]\n\
                defaults: {indicator: {scale: need}}\ndimensions:\n  - id: deprived\n    missing: no-score\n    \
                normalise: {bands: [{from: 0, score: 0}, {from: 2/3, score: 2/3}, {from: 1, score: 1}]}\n    \
                indicators: [{id: a}, {id: b}, {id: c}]\n";
    let csv = "unit,household,people,a,b,c\n\
               u,1,4,unmet,unmet,met\nu,2,2,met,unmet,met\n\
               v,1,3,unmet,unmet,unmet\nv,2,1,met,met,met\nv,3,5,unmet,unmet,\n";
    // u: 4 people at 2/3, 2 at 1/3, which counts as nothing; v: 3 at 1, 1 at 0, and 5 of whom not all is known.
    let found = scores(rest, "index", csv);
    assert_near(&found, &[4.0 * (2.0 / 3.0) / 6.0, 3.0 / 4.0]);
}

#[test]
fn a_logarithm_is_scaled_over_the_cohort_by_the_node_that_holds_it() {
    let rest = "dimensions:\n  - id: economy\n    normalise: min-max\n    indicators:\n      \
                - {id: gdp, number: {from: 1, to: 2.718281828459045, log: true, clamp: false}}\n";
    // 1, 10 and 100 are as far from each other, 1000 once more.
    let found = scores(rest, "economy", "unit,gdp\nu1,1\nu2,10\nu3,100\nu4,1000\n");
    assert_near(&found, &[0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0]);
}

#[test]
fn values_beyond_percentiles_take_theirs() {
    let rest =
        "indicators: [{id: a, number: {}, treat: {percentiles: [10, 90]}, normalise: min-max}]";
    let csv = "unit,a\nu01,0\nu02,10\nu03,20\nu04,30\nu05,40\nu06,50\nu07,60\nu08,70\nu09,80\nu10,90\nu11,1000\n";
    // A tenth of the way from the first to the last of eleven values is the second one: 10 and 90 are the ends.
    let eighths = [0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 8.0];
    assert_eq!(scores(rest, "a", csv), eighths.map(|x| Some(x / 8.0)));
    // Half of the way from 0 to 10, and from 90 to 1000.
    let rest = "range: unbounded\nindicators: [{id: a, number: {}, treat: {percentiles: [5, 95]}}]";
    let found = scores(rest, "a", csv);
    assert_eq!([found[0], found[1]], [Some(5.0), Some(10.0)]);
    assert_eq!([found[9], found[10]], [Some(90.0), Some(545.0)]);
}

#[test]
fn the_worst_of_the_way_to_a_target_is_a_percentile_and_nobody_is_cut_at_an_open_end() {
    let of = |number: &str, percentiles: &str, target: u32, csv: &str| {
        let rest = format!(
            "attributes: {{region: text}}\ngroups: [{{id: north, where: {{region: North}}}}]\n\
             cohort: {{units: north}}\nindicators:\n  - id: a\n    number: {number}\n    \
             treat: {{percentiles: {percentiles}}}\n    \
             normalise: {{distance-to-target: {{at: {target}, cap: true}}}}\n"
        );
        scores(&rest, "a", csv)
    };
    let csv = "unit,region,a\nu1,North,0\nu2,North,2\nu3,North,4\nu4,North,6\nu5,North,8\nu6,South,1\nu7,South,20\n";
    // A quarter of the way from the first to the last of five values is the second one: (x − 2) ÷ (12 − 2).
    assert_eq!(
        of("{}", "[25, 100]", 12, csv),
        [0.0, 0.0, 0.2, 0.4, 0.6, 0.0, 1.0].map(Some)
    );
    // Less is better: (6 − x) ÷ (6 − 1), and at most 1.
    assert_eq!(
        of("{better: lower}", "[0, 75]", 1, csv),
        [1.0, 0.8, 0.4, 0.0, 0.0, 1.0, 0.0].map(Some)
    );
}

#[test]
fn percentiles_are_those_of_each_period_or_of_a_cohort_of_their_own() {
    let of = |cohort: &str| {
        let rest = format!(
            "period: year\nindicators:\n  - id: a\n    number: {{from: 0, to: 100}}\n    \
             treat: {{percentiles: [0, 50]{cohort}}}\n"
        );
        let csv = "unit,year,a\nu,2024,10\nu,2025,40\nv,2024,20\nv,2025,50\nw,2024,90\nw,2025,60\n";
        scores(&rest, "a", csv)
    };
    // By unit, then year: medians are 20 and 50.
    assert_eq!(of(""), [0.1, 0.4, 0.2, 0.5, 0.2, 0.5].map(Some));
    // 10, 20, 40, 50, 60, 90: the median is 45.
    let all = of(", cohort: {periods: all}");
    assert_eq!(all, [0.1, 0.4, 0.2, 0.45, 0.45, 0.45].map(Some));
}

#[test]
fn outliers_are_treated_from_the_stated_skewness_on() {
    let treated = |skewness: &str| {
        let rest = format!(
            "indicators:\n  - id: a\n    number: {{from: 0, to: 100}}\n    \
             treat: {{skewness: {skewness}, kurtosis: 1, winsorise: 2, transform: none}}\n"
        );
        let csv = "unit,a\nu1,0\nu2,50\nu3,50\nu4,50\nu5,50\nu6,50\nu7,100\n";
        scores(&rest, "a", csv)
    };
    let middle = [Some(0.5); 5];
    // Symmetric values, skewness 0, with long tails: S2 = 2·50², S4 = 2·50⁴, r = 7·S4 ÷ S2² = 3.5, and so a kurtosis of
    // (8·(3.5 − 3) + 6)·6 ÷ (5·4) = 3.
    assert_eq!(
        treated("0.1"),
        [&[Some(0.0)], &middle[..], &[Some(1.0)]].concat()
    );
    // Skewness 0 reaches 0: the highest value moves to the next one; then skewness is negative, and the lowest does.
    assert_eq!(treated("0"), vec![Some(0.5); 7]);
}

#[test]
fn the_majority_of_three_is_two_and_not_their_mean() {
    let rest = "scales: {yn: {'no': 0, 'yes': 1}}\n\
                rows: [{key: assessor, of: answers, combine: majority}]\n\
                indicators: [{id: a, scale: yn}]";
    let csv = "unit,assessor,a\nu1,x,yes\nu1,y,yes\nu1,z,no\nu2,x,no\nu2,y,yes\nu2,z,no\n";
    assert_eq!(index(rest, csv), [Some(1.0), Some(0.0)]);
}

#[test]
fn rows_have_weights_where_some_of_them_are_averaged() {
    let rest = "attributes: {staff: number, size: text}\n\
                rows: [{key: team, combine: {by: size, small: mean, otherwise: mean}, weight: staff, of: answers}]\n\
                indicators: [{id: a, number: {from: 0, to: 1}}]";
    // (3 · 1 + 1 · 0) ÷ 4.
    let csv = "unit,team,staff,size,a\nu,x,3,small,1\nu,y,1,small,0\n";
    assert_eq!(index(rest, csv), [Some(0.75)]);
}

#[test]
fn a_part_of_a_sum_that_cannot_reach_the_highest_score_has_no_level_of_the_whole() {
    // Of 20 points `a` can bring 10 and `b` as many; by the bands of the whole both would be low for ever.
    let level = |of: &str, whole: &str| {
        let framework = framework(&format!(
            "range: [0, 20]\nlevels: [{{id: low, from: 0}}, {{id: high, from: 12}}]\nindex: {{id: index, aggregate: {whole}}}\n\
             dimensions:\n  - {{id: a{of}, indicators: [{{id: a1, number: {{valid: [0, 10]}}}}]}}\n  \
             - {{id: b, indicators: [{{id: b1, number: {{valid: [0, 10]}}}}]}}\n"
        ));
        let table = table(&framework, "unit,a1,b1\nu1,10,5\n");
        ["index", "a", "b"].map(|id| {
            let node = framework.find(id).expect("it is there");
            table.nodes[node.0].level.first().copied().flatten()
        })
    };
    assert_eq!(level("", "sum"), [Some(1), None, None]);
    let own = ", levels: [{id: some, from: 0}, {id: most, from: 5}]";
    assert_eq!(level(own, "sum"), [Some(1), Some(1), None]);
    // Rescaled it reaches all of the range; and what a mean makes of its parts is on the range of the whole.
    let rescaled = ", normalise: {goalposts: {from: 0, to: 0.5}}";
    assert_eq!(
        level(rescaled, "{sum: {out-of: 2}}"),
        [Some(1), Some(1), None]
    );
    assert_eq!(level("", "mean"), [Some(0), Some(0), Some(0)]);
}

#[test]
fn quantiles_without_cut_offs_make_levels_of_equal_size() {
    let framework = framework(
        "levels: {by: quantiles, bands: [{id: low}, {id: middle}, {id: high}]}\n\
         indicators: [{id: a, number: {from: 0, to: 10}}]",
    );
    // Thirds of 0 to 10: from 10 ÷ 3 on, from 20 ÷ 3 on.
    let csv = "unit,a\nu1,0\nu2,2\nu3,4\nu4,6\nu5,8\nu6,10\n";
    let levels = &table(&framework, csv).nodes[Framework::INDEX.0].level;
    assert_eq!(*levels, [0, 0, 1, 1, 2, 2].map(Some));
}

#[test]
fn one_low_cut_off_may_be_meant() {
    // Among several, all from 0 to 1, shares would be; 1 of 100 alone may well be where a level starts.
    let framework = framework(
        "range: [0, 100]\nlevels: [{id: none}, {id: some, from: 1}]\n\
         indicators: [{id: a, number: {from: 0, to: 100}}]",
    );
    let levels = &table(&framework, "unit,a\nu1,0.5\nu2,1\n").nodes[Framework::INDEX.0].level;
    assert_eq!(*levels, [Some(0), Some(1)]);
}

#[test]
fn a_level_may_need_a_level_of_a_part() {
    let framework = framework(
        "levels:\n  - {id: low, from: 0}\n  - {id: middle, from: 0.4}\n  \
         - {id: high, from: 0.7, needs: [{node: d, level: strong}]}\n\
         dimensions:\n  - id: d\n    levels: [{id: weak, from: 0}, {id: fair, from: 0.3}, {id: strong, from: 0.6}]\n    \
         indicators: [{id: a, number: {from: 0, to: 1}}]\n  - id: e\n    indicators: [{id: b, number: {from: 0, to: 1}}]\n",
    );
    // 0.75 each; `d` is fair with 0.5, strong with 0.6 and with 0.9.
    let csv = "unit,a,b\nu1,0.5,1\nu2,0.6,0.9\nu3,0.9,0.6\n";
    let levels = &table(&framework, csv).nodes[Framework::INDEX.0].level;
    assert_eq!(*levels, [Some(1), Some(2), Some(2)]);
}

#[test]
fn a_part_of_weight_zero_may_be_zero_under_a_geometric_mean() {
    let rest = "scales: {yn: {'no': 0, 'yes': 1}, three: {a: 0.25, b: 0.5, c: 1}}\n\
                index: {aggregate: geometric}\n\
                indicators: [{id: a, scale: three}, {id: b, scale: three}, {id: c, scale: yn, weight: 0}]";
    // √(0.25 · 1); `c` moves nothing.
    let found = index(rest, "unit,a,b,c\nu,a,c,no\n")[0].expect("a score");
    assert!((found - 0.5).abs() < 1e-15);
}

#[test]
fn a_preset_chooses_the_option_that_it_names() {
    let rest = "attributes: {region: text}\nindicators:\n  - id: a\n    \
                multiple: {options: {web: 1, app: 3, desk: 4}, score: points}\n    \
                preset: [{where: {region: Arctic}, answer: app}]\n";
    // 3 of 1 + 3 + 4 points.
    let found = index(
        rest,
        "unit,region,a/web,a/app,a/desk\nu1,Arctic,,,\nu2,Alps,1,0,0\n",
    );
    assert_eq!(found, [Some(3.0 / 8.0), Some(1.0 / 8.0)]);
}

#[test]
fn a_group_in_which_nobody_has_a_score_has_no_mean() {
    let framework = framework(
        "attributes: {region: text}\n\
         groups: [{id: north, where: {region: North}}, {id: south, where: {region: South}}]\n\
         indicators: [{id: a, number: {from: 0, to: 1}}]",
    );
    let table = table(
        &framework,
        "unit,region,a\nu1,North,\nu2,South,0.25\nu3,South,0.75\n",
    );
    let means: Vec<Option<f64>> = table
        .groups
        .iter()
        .map(|group| group.nodes[Framework::INDEX.0].map(|spread| spread.mean))
        .collect();
    assert_eq!(means, [None, Some(0.5)]);
}

#[test]
fn a_gap_may_be_filled_with_its_lowest_score_whatever_else_is_asked_for() {
    let framework = framework(
        "scales: {three: {a: 0.25, b: 0.5, c: 1}}\n\
         indicators: [{id: a, scale: three, missing: lowest}, {id: b, scale: three}]",
    );
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    let responses = read(&framework, "unit,a,b\nu,,c\n");
    let wanted = Wanted::scores(vec![true; framework.nodes.len()]);
    let found = plan.score_wanted(&responses, &wanted);
    // (0.25 + 1) ÷ 2.
    assert_eq!(found.nodes[Framework::INDEX.0].score, [Some(0.625)]);
}

#[test]
fn values_without_spread_have_no_skewness() {
    assert_eq!(Statistics::new(vec![7.0; 5]).skewness(), None);
}

#[test]
fn a_distance_to_a_unit_is_the_same_from_kept_statistics() {
    let framework = framework(
        "indicators: [{id: a, number: {}, normalise: {distance-to-unit: {unit: u2}}}, {id: b, number: {from: 0, to: 1}}]",
    );
    let responses = read(&framework, "unit,a,b\nu1,10,1\nu2,30,1\nu3,20,1\n");
    let own = Assumptions::of(&framework);
    let frozen = Plan::compile(&framework, &own).freeze(&responses);
    let frozen = frozen.expect("it can be kept");
    let plan = Plan::compile(&framework, &own.with_frozen(frozen));
    // From 10, the worst, to the 30 of `u2`; a file of one unit is compared with those three.
    let later = read(&framework, "unit,a,b\nu4,25,1\n");
    let node = framework.find("a").expect("it is there");
    assert_eq!(plan.score(&later).nodes[node.0].score, [Some(0.75)]);
}

/// The way from the worst to the target is none where everybody is beyond it: who is further would have less.
#[test]
fn a_target_that_everybody_has_reached_turns_nothing_round() {
    let by = |how: &str, more: &str| {
        format!(
            "range: unbounded\nindicators: [{{id: a, number: {{{more}}}, normalise: {{{how}}}}}]"
        )
    };
    let beyond = "unit,a\nx,100\ny,120\nz,95\n";
    let target = "distance-to-target: {at: 90, cap: false}";
    assert_eq!(index(&by(target, ""), beyond), [None; 3]);
    let capped = "distance-to-target: {at: 90, cap: true}";
    assert_eq!(index(&by(capped, ""), beyond), [Some(1.0); 3]);
    let down = "unit,a\nx,5\ny,3\nz,10\n";
    let target = "distance-to-target: {at: 10, cap: false}";
    assert_eq!(index(&by(target, "better: lower"), down), [None; 3]);
    let capped = "distance-to-target: {at: 10, cap: true}";
    assert_eq!(index(&by(capped, "better: lower"), down), [Some(1.0); 3]);
    // The unit that the others are measured against is the worst one.
    let unit = "distance-to-unit: {unit: z, cap: false}";
    assert_eq!(index(&by(unit, ""), beyond), [None; 3]);
    let capped = "distance-to-unit: {unit: z, cap: true}";
    assert_eq!(index(&by(capped, ""), beyond), [Some(1.0); 3]);
}

/// Who is compared with a cohort that has all reached the target and is short of it alone is at no point of a way.
#[test]
fn who_alone_is_short_of_a_target_has_no_share_of_a_way_that_is_none() {
    let scores = index(
        "attributes: {in: text}\ngroups: [{id: in, where: {in: \"1\"}}]\ncohort: {units: in}\n\
         indicators: [{id: a, number: {}, normalise: {distance-to-target: {at: 90, cap: true}}}]",
        "unit,in,a\nx,1,100\ny,0,80\nz,0,90\n",
    );
    assert_eq!(scores, [Some(1.0), None, Some(1.0)]);
}

/// It is no gap of the cohort's: the node is not there. The answers are told of, for they do not count.
#[test]
fn nothing_is_said_of_a_cohort_in_a_period_in_which_the_node_does_not_exist() {
    let framework = framework(
        "period: year\nindicators:\n  - {id: a, number: {}, normalise: min-max, periods: {from: \"2023\"}}\n  \
         - {id: b, number: {from: 0, to: 10}}\n",
    );
    let responses = "unit,year,a,b\nx,2022,1,5\ny,2022,2,5\nx,2023,1,5\ny,2023,2,5\n";
    let gone = Remark::Cells {
        fate: Fate::OutsidePeriods,
        period: "2022".to_owned(),
        nodes: vec![framework.find("a").expect("it is there")],
        count: 2,
        unit: "x".to_owned(),
    };
    assert_eq!(
        table(&framework, responses).remarks,
        std::slice::from_ref(&gone)
    );
    let equal = "unit,year,a,b\nx,2022,1,5\ny,2022,1,5\nx,2023,1,5\ny,2023,1,5\n";
    let remarks = table(&framework, equal).remarks;
    assert_eq!(remarks.len(), 2, "{remarks:?}");
    assert_eq!(remarks[1], gone);
}

/// Two of three stages that apply: the fourth, of which nothing applies, is none, and a gap above the failed one is one.
#[test]
fn an_explanation_of_stages_counts_them_as_the_score_does() {
    let framework = framework(
        "scales: {q: {\"no\": 0, \"yes\": 1, \"n/a\": not-applicable}}\ndefaults: {scale: q}\nindex: {aggregate: staged}\n\
         indicators: [{id: a, stage: 1}, {id: b, stage: 1}, {id: c, stage: 2}, {id: d, stage: 3}, {id: e, stage: 4}]",
    );
    let responses = read(
        &framework,
        "unit,a,b,c,d,e\nu,yes,yes,yes,no,n/a\nv,yes,yes,no,n/a,yes\nw,yes,yes,no,,\nx,,,yes,yes,n/a\n",
    );
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    let explainer = Explainer::new(&plan, &responses);
    let of = |unit: &str| {
        let found = explainer.explain(unit, 0, Framework::INDEX);
        let tree = found.expect("it is there").tree;
        let Made::Aggregated { parts, total, .. } = &tree.made else {
            panic!("the index is made of parts");
        };
        let (passed, stages) = dgpf::analysis::explain::stages_passed(parts, 1.0);
        assert_eq!(*total, Some(passed as f64 / stages as f64));
        (passed, stages)
    };
    assert_eq!(of("u"), (2, 3));
    assert_eq!(of("v"), (1, 3));
    assert_eq!(of("w"), (1, 4));
    assert_eq!(of("x"), (2, 2));
}

#[test]
fn kept_statistics_cannot_be_merged_where_one_step_follows_another() {
    let mergeable = |first: &str, second: &str| {
        let framework = framework(&format!(
            "indicators: [{{id: a, number: {{}}, {first}}}, {{id: b, number: {{}}, {second}}}]"
        ));
        let responses = read(&framework, "unit,a,b\nu1,1,4\nu2,2,6\nu3,3,5\n");
        let plan = Plan::compile(&framework, &Assumptions::of(&framework));
        let frozen = plan.freeze(&responses).expect("it can be kept");
        frozen.mergeable(&framework).map_err(|why| why.to_string())
    };
    // What is scaled is known only after the treatment, and that only after the merge.
    let both = mergeable("treat: {}, normalise: min-max", "normalise: min-max");
    assert_eq!(
        both.expect_err("`a` is scaled after it was treated"),
        "`a` is scaled after `a`, whose cohort is not known before the merge: read all responses at once"
    );
    // Steps of different indicators do not wait for each other.
    assert_eq!(mergeable("treat: {}", "normalise: min-max"), Ok(()));
    assert_eq!(
        mergeable("treat: {percentiles: [5, 95]}", "normalise: min-max"),
        Ok(())
    );
}

#[test]
fn a_dimension_of_which_everything_is_left_out_does_not_apply() {
    let framework = framework(
        "defaults: {number: {from: 0, to: 10}}\nindex: {missing: zero}\n\
         dimensions: [{id: d, indicators: [{id: a}]}, {id: e, indicators: [{id: b}]}]",
    );
    let responses = read(&framework, "unit,a,b\nu,2,8\n");
    let a = framework.find("a").expect("it is there");
    let assumptions = Assumptions::of(&framework).without(a);
    let found = Plan::compile(&framework, &assumptions).score(&responses);
    // 0.8 of `e` alone: `d` is no gap that counts as zero.
    assert_eq!(found.nodes[Framework::INDEX.0].score, [Some(0.8)]);
}

#[test]
fn a_treatment_of_outliers_is_of_no_meaning_for_choices() {
    let framework = framework(
        "indicators:\n  - {id: a, scale: {none: 0, some: 0.1, all: 1}}\n  \
         - {id: b, number: {from: 0, to: 1}, treat: {winsorise: 1, transform: none}}\n",
    );
    // Skewness 2.6 and kurtosis 6.9 are above 2 and 3.5: the 1 moves to 0.1 where it is a number.
    let csv =
        "unit,a,b\nu1,none,0\nu2,none,0\nu3,none,0\nu4,none,0\nu5,none,0\nu6,some,0.1\nu7,all,1\n";
    let responses = read(&framework, csv);
    let mut assumptions = Assumptions::of(&framework);
    let node = |id: &str| framework.find(id).expect("it is there").0;
    assumptions.treat[node("a")] = assumptions.treat[node("b")].clone();
    let found = Plan::compile(&framework, &assumptions).score(&responses);
    let last = |id: &str| found.nodes[node(id)].score[6];
    assert_eq!((last("a"), last("b")), (Some(1.0), Some(0.1)));
}

/// Freedom House: points become ratings of 1 to 7, and the mean of both ratings says how free a country is.
const FREEDOM: &str = "range: [1, 7]
better: lower
levels: [{id: free, from: 1}, {id: partly-free, from: 3}, {id: not-free, from: 5.5}]
dimensions:
  - id: rights
    aggregate: {sum: {out-of: 40}}
    normalise: {bands: [{from: 0, score: 0}, {from: 0.125, score: 1/2}, {from: 0.6, score: 5/6}, {from: 0.85, score: 1}]}
    indicators: [{id: r1, weight: 16, number: {from: 16, to: 0}}, {id: r2, weight: 24, number: {from: 24, to: 0}}]
  - id: liberties
    normalise: {curve: [[0, 0], [0.5, 1/3], [1, 1]]}
    indicators: [{id: l1, number: {from: 60, to: 0}}]
";

/// 15 + 20 of 40 points lack 5: 0.125, where the rating of 4 starts. 30 of 60 are half way, where the curve is at 3: 2/6 of
/// the way from 1 to 7. Their mean is 3.5. 14 of 40 points lack 0.65: a rating of 6.
#[test]
fn bands_and_curves_rescale_the_scores_of_nodes() {
    let framework = framework(FREEDOM);
    let table = table(&framework, "unit,r1,r2,l1\nA,15,20,30\nB,7,7,60\nC,0,0,\n");
    let shown = |node: usize| -> Vec<Option<f64>> {
        let scores = table.nodes[node].score.iter();
        scores
            .map(|score| score.map(|share| (framework.range.show(share) * 1e9).round() / 1e9))
            .collect()
    };
    assert_eq!(shown(1), [Some(4.0), Some(6.0), Some(7.0)]);
    assert_eq!(shown(0), [Some(3.5), Some(3.5), Some(7.0)]);
}

/// Three tenths added up are a little less than 0.3: still at the band that starts there.
#[test]
fn a_score_is_at_a_band_whatever_its_last_bits() {
    let of = |third: &str| {
        index(
            "dimensions:
  - id: d
    aggregate: sum
    normalise: {bands: [{from: 0, score: 0}, {from: 0.3, score: 1}]}
    indicators: [{id: a, number: {from: 0, to: 1}}, {id: b, number: {from: 0, to: 1}}, {id: c, number: {from: 0, to: 1}}]
",
            &format!("unit,a,b,c\nA,0.15,{third},0.05\n"),
        )
    };
    assert_eq!(of("0.1"), [Some(1.0)]);
    assert_eq!(of("0.0999999999"), [Some(1.0)]);
    assert_eq!(of("0.0999"), [Some(0.0)]);
}
