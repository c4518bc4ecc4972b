//! What gaps, conditions and cohorts could still give, on cases small enough to redo by hand.

use std::sync::Arc;

use dgpf::framework::{self, Source};
use dgpf::problem;
use dgpf::responses::{self, Input, Options};
use dgpf::scoring::{Assumptions, Plan};

/// Score, lowest and highest of a node of the first unit.
type Found = (Option<f64>, Option<f64>, Option<f64>);

/// What a framework, without its head, makes of responses.
fn score(framework: &str, csv: &str, node: &str) -> Found {
    let head = "dgpf: 1\nid: bounds\nunit: {key: unit, codes: any}\n";
    let source = Source {
        name: Arc::from("bounds.yaml"),
        text: head.to_owned() + framework,
    };
    let framework = framework::load(&source, &|_| None)
        .unwrap_or_else(|problems| panic!("{}", problem::render(&problems)))
        .framework;
    let input = Input {
        name: "responses.csv",
        bytes: csv.as_bytes(),
    };
    let responses = responses::load(&[input], &framework, &Options::default())
        .unwrap_or_else(|problems| panic!("{}", problem::render(&problems)))
        .responses;
    let table = Plan::compile(&framework, &Assumptions::of(&framework)).score(&responses);
    let ix = framework.find(node).expect("the node is there");
    let column = &table.nodes[ix.0];
    (column.score[0], column.low[0], column.high[0])
}

/// Both ends and the score are these.
fn is(found: Found, score: f64, low: f64, high: f64) {
    assert_eq!(found, (Some(score), Some(low), Some(high)));
}

#[test]
fn conditions_see_what_presets_fill_in() {
    let framework = r#"
attributes: {tier: text}
indicators:
  - id: has
    scale: {"no": 0, "yes": 1}
    preset: [{where: {tier: central}, answer: "yes"}]
  - {id: how, scale: {bad: 0, good: 1}, when: {has: "yes"}}
"#;
    let csv = "unit,tier,has,how\na,central,,good\n";
    is(score(framework, csv, "how"), 1.0, 1.0, 1.0);
    let csv = "unit,tier,has,how\na,local,,good\n";
    is(score(framework, csv, "how"), 1.0, 1.0, 1.0);
    let csv = "unit,tier,has,how\na,local,no,good\n";
    assert_eq!(score(framework, csv, "how"), (None, None, None));
}

#[test]
fn what_is_skipped_and_missing_is_no_gap_that_an_answer_fills() {
    let framework = r#"
indicators:
  - {id: z, weight: 2, scale: {"no": 0, "yes": 1}}
  - {id: a, scale: {"no": 0, "yes": 1}, when: {z: "yes"}, otherwise: missing}
  - {id: b, scale: {"no": 0, "yes": 1}}
"#;
    // z counts twice, b will be 0 or 1: 0 to a third. The bounds still allow for an answer to a.
    let csv = "unit,z,a,b\nu,no,,\n";
    is(score(framework, csv, "index"), 0.0, 0.0, 0.5);
    // The score itself lies between the bounds: a third.
    let csv = "unit,z,a,b\nu,no,,yes\n";
    is(score(framework, csv, "index"), 1.0 / 3.0, 0.25, 0.5);
}

#[test]
fn what_does_not_meet_a_condition_fails_it_whether_or_not_it_is_asked() {
    let framework = r#"
indicators:
  - {id: z, scale: {"no": 0, "yes": 1}}
  - {id: a, scale: {"no": 0, "yes": 1}, when: {z: "yes"}, otherwise: 0}
  - {id: b, scale: {"no": 0, "yes": 1}, when: {a: "yes"}, otherwise: 0.3}
"#;
    // Whatever z turns out to be, a is no yes: b counts 0.3.
    let csv = "unit,z,a,b\nu,,no,yes\n";
    is(score(framework, csv, "b"), 0.3, 0.3, 0.3);
    // If z is no, a is skipped, and b with it.
    let csv = "unit,z,a,b\nu,,yes,yes\n";
    is(score(framework, csv, "b"), 1.0, 0.3, 1.0);
}

#[test]
fn the_bounds_of_a_number_per_something_are_divided_too() {
    let framework = "
attributes: {staff: number}
rows: [{key: office, combine: best, of: answers}]
indicators:
  - {id: cases, number: {from: 0, to: 10, per: staff, valid: [0, 80]}}
";
    // The best of 40 and of what the other office could have, at most 80: 4 to 8 for each of ten people.
    let csv = "unit,office,staff,cases\na,north,10,40\na,south,10,\n";
    is(score(framework, csv, "cases"), 0.4, 0.4, 0.8);
}

#[test]
fn a_gap_in_what_is_divided_by_opens_the_quotient() {
    let framework = "
rows: [{key: office, combine: mean, of: answers}]
indicators:
  - {id: staff, number: {from: 0, to: 100, valid: [10, 30]}}
  - {id: cases, number: {from: 0, to: 10, per: staff}}
";
    // 60 cases for 20 people; for 15 or 25 if the other office has 10 or 30.
    let csv = "unit,office,staff,cases\na,north,20,60\na,south,,60\n";
    is(score(framework, csv, "cases"), 0.3, 0.24, 0.4);
}

#[test]
fn a_number_whose_divisor_may_not_apply_is_open() {
    let framework = r#"
scales: {yes-no: {"no": 0, "yes": 1}}
indicators:
  - {id: has, scale: yes-no}
  - {id: staff, number: {from: 0, to: 100, valid: [1, 100]}, when: {has: "yes"}}
  - {id: cases, number: {from: 0, to: 10, per: staff}, missing: zero}
"#;
    // 60 cases for 20 people; without `has` there is nothing to divide by, and the rule for gaps says zero.
    let open = score(framework, "unit,has,staff,cases\na,,20,60\n", "cases");
    is(open, 0.3, 0.0, 1.0);
    let without = score(framework, "unit,has,staff,cases\na,no,,60\n", "cases");
    is(without, 0.0, 0.0, 1.0);
    let with = score(framework, "unit,has,staff,cases\na,yes,20,60\n", "cases");
    is(with, 0.3, 0.3, 0.3);
}

#[test]
fn what_does_not_apply_moves_no_bound_below_zero() {
    let framework = r#"
range: unbounded
indicators:
  - {id: breach, scale: {"yes": -1, "no": 0}}
  - {id: law, scale: {"no": 0, "yes": 1}}
  - {id: rare, scale: {"no": 0, "yes": 1, "n/a": not-applicable}, cap: breach}
"#;
    // `rare` is out, whatever would have capped it: (−1 + 0) ÷ 2 to (0 + 0) ÷ 2.
    let csv = "unit,breach,law,rare\na,,no,n/a\n";
    is(score(framework, csv, "index"), 0.0, -0.5, 0.0);
}

#[test]
fn no_member_leaves_the_scale_of_its_cohort() {
    let of = |normalise: &str| {
        let framework = format!(
            "indicators:\n  - {{id: x, number: {{valid: [0, 100]}}, normalise: {normalise}}}\n"
        );
        score(&framework, "unit,x\na,\nb,40\nc,60\n", "x")
    };
    // Below 40 or above 60 the unit itself would be the new end of the scale.
    for normalise in [
        "min-max",
        "percentile",
        "{distance-to-target: {between: [45, 50]}}",
    ] {
        assert_eq!(of(normalise), (None, Some(0.0), Some(1.0)), "{normalise}");
    }
    assert_eq!(of("share-of-leader"), (None, Some(0.0), Some(1.0)));
}

#[test]
fn where_a_cohort_says_nothing_the_lowest_score_is_none() {
    let framework = "
range: unbounded
indicators:
  - {id: x, number: {valid: [0, 100]}, normalise: z-score, missing: lowest}
";
    let csv = "unit,x\na,\nb,40\nc,40\n";
    assert_eq!(score(framework, csv, "x"), (None, None, None));
}

#[test]
fn each_outcome_of_open_conditions_is_among_the_bounds() {
    let framework = r#"
scales: {yes-no: {"no": 0, "yes": 1}}
defaults: {indicator: {scale: yes-no}}
pillars:
  - {id: about, indicators: [{id: one}, {id: two}]}
  - id: p
    when: {one: "yes"}
    otherwise: 0
    indicators:
      - {id: x, scale: {half: 0.5, most: 0.8}, when: {two: "yes"}, otherwise: 0.25}
"#;
    // The answer, a quarter without `two`, nothing without `one`.
    let csv = "unit,one,two,x\na,,,most\n";
    is(score(framework, csv, "x"), 0.8, 0.0, 0.8);
    // The answer does not count; a quarter, nothing without `one`.
    let csv = "unit,one,two,x\na,,no,most\n";
    is(score(framework, csv, "x"), 0.25, 0.0, 0.25);
    let csv = "unit,one,two,x\na,yes,,most\n";
    is(score(framework, csv, "x"), 0.8, 0.25, 0.8);
}

#[test]
fn a_share_in_the_place_of_a_number_is_one_of_the_rows_numbers() {
    let framework = r#"
rows: [{key: office, combine: worst, of: answers}]
indicators:
  - {id: open, scale: {"no": 0, "yes": 1}}
  - {id: hours, number: {from: 0, to: 40, valid: [10, 40]}, when: {open: "yes"}, otherwise: 0}
"#;
    // Whatever the open office will give, the closed one has 0.
    let csv = "unit,office,open,hours\na,north,yes,\na,south,no,\n";
    is(score(framework, csv, "hours"), 0.0, 0.0, 0.0);
    // Whether the first office is open is not known: if not, it has 0.
    let csv = "unit,office,open,hours\na,north,,30\na,south,yes,20\n";
    is(score(framework, csv, "hours"), 0.5, 0.0, 0.5);
}

#[test]
fn a_share_that_no_number_is_scaled_to_gives_way_to_another_rows_number() {
    let framework = r#"
attributes: {staff: number}
rows: [{key: office, combine: worst, of: answers}]
indicators:
  - {id: open, scale: {"no": 0, "yes": 1}}
  - id: hours
    number: {from: 0, to: 40, valid: [10, 40], per: staff}
    when: {open: "yes"}
    otherwise: 0
"#;
    // Nobody gives a number yet; the open office will, and the closed one has none.
    let csv = "unit,office,staff,open,hours\na,north,1,yes,\na,south,1,no,\n";
    is(score(framework, csv, "hours"), 0.0, 0.0, 1.0);
    // Whether the first office is open is not known: then its 30 hours do not count, and the other's 20 stay.
    let csv = "unit,office,staff,open,hours\na,north,1,,30\na,south,1,yes,20\n";
    is(score(framework, csv, "hours"), 0.5, 0.5, 0.5);
    let csv = "unit,office,staff,open,hours\na,north,1,,20\na,south,1,yes,30\n";
    is(score(framework, csv, "hours"), 0.5, 0.5, 0.75);
}

#[test]
fn nothing_chosen_is_zero_and_not_minus_zero() {
    let framework = "
pillars:
  - id: p
    aggregate: {harmonic: {zeros: zero}}
    indicators:
      - {id: x, multiple: {options: {a: 1, b: 1}, score: points}}
      - {id: y, scale: {low: 0, high: 1}}
";
    let csv = "unit,x/a,x/b,y\na,0,0,low\n";
    is(score(framework, csv, "p"), 0.0, 0.0, 0.0);
}

#[test]
fn a_number_that_does_not_apply_may_still_give_way_to_a_share() {
    let framework = r#"
indicators:
  - {id: has, scale: {"no": 0, "yes": 1}}
  - id: much
    number: {from: 0, to: 100, valid: [0, 100], codes: {na: not-applicable}}
    when: {has: "yes"}
    otherwise: 0
"#;
    // `yes`: `much` does not apply, and the index is 1. `no`: `much` is 0, and so is the index.
    let csv = "unit,has,much\na,,na\n";
    assert_eq!(score(framework, csv, "index"), (None, Some(0.0), Some(1.0)));
    assert_eq!(score(framework, csv, "much"), (None, Some(0.0), Some(0.0)));
}

#[test]
fn what_stands_for_a_gap_in_a_sum_is_the_share_of_the_points_within_reach() {
    let framework = r#"
index: {aggregate: {sum: {out-of: 5}}}
indicators:
  - {id: large, scale: {none: 0, half: 2, all: 4}}
  - {id: small, scale: {"no": 0, "yes": 1}}
"#;
    // All of the one point that is known, so all of five; four of them are still open.
    is(
        score(framework, "unit,large,small\na,,yes\n", "index"),
        1.0,
        0.2,
        1.0,
    );
    // Two of the four points that are known, so half of five.
    is(
        score(framework, "unit,large,small\na,half,\n", "index"),
        0.5,
        0.4,
        0.6,
    );
}

#[test]
fn what_does_not_apply_may_be_worth_what_a_condition_says() {
    let framework = r#"
indicators:
  - {id: has, scale: {"no": 0, "yes": 1}}
  - {id: much, scale: {"no": 0, "yes": 1, "n/a": not-applicable}, when: {has: "yes"}, otherwise: 0.25}
"#;
    // `yes`: `much` does not apply. `no`: it is a quarter.
    let csv = "unit,has,much\na,,n/a\n";
    let expected = (None, Some(0.25), Some(0.25));
    assert_eq!(score(framework, csv, "much"), expected);
}

#[test]
fn what_has_one_score_only_is_known_though_it_was_not_answered() {
    let framework = r#"
indicators:
  - {id: sound, scale: {"yes": 1, "n/a": not-applicable}}
  - {id: open, scale: {"no": 0, "yes": 1}}
"#;
    let csv = "unit,sound,open\na,,no\n";
    let expected = (None, Some(1.0), Some(1.0));
    assert_eq!(score(framework, csv, "sound"), expected);
    // Whether `sound` counts is open: 0 without it, (1 + 0) ÷ 2 with it.
    is(score(framework, csv, "index"), 0.0, 0.0, 0.5);
}

#[test]
fn a_number_is_limited_by_what_it_is_divided_by_if_that_is_not_zero() {
    let framework = "
attributes: {change: number}
range: unbounded
indicators:
  - {id: change_of_staff, number: {valid: [-2, 2]}, scored: false}
  - {id: x, number: {valid: [0, 10], per: change}}
  - {id: y, number: {valid: [0, 10], per: change_of_staff}}
";
    // 0 to 10, divided by −2.
    let csv = "unit,change,change_of_staff,x,y\na,-2,,,4\n";
    assert_eq!(score(framework, csv, "x"), (None, Some(-5.0), Some(0.0)));
    // 4 divided by something between −2 and 2, perhaps by nearly nothing.
    assert_eq!(score(framework, csv, "y"), (None, None, None));
}

#[test]
fn where_the_leader_is_below_zero_there_is_nothing_between_bounds() {
    let framework = "
range: unbounded
indicators:
  - {id: x, number: {}, normalise: share-of-leader}
  - {id: y, number: {valid: [-20, -5]}, normalise: share-of-leader}
";
    let csv = "unit,x,y\na,-10,\nb,-5,-5\nc,-8,-10\n";
    assert_eq!(score(framework, csv, "x"), (None, None, None));
    assert_eq!(score(framework, csv, "y"), (None, None, None));
}

#[test]
fn the_best_choice_among_parts_of_a_sum_is_told_by_the_share_of_their_points() {
    let framework = r#"
index: {aggregate: {sum: {out-of: 5}}}
indicators:
  - {id: gate_1, scale: {"no": 0, "yes": 1}, scored: false}
  - {id: gate_2, scale: {"no": 0, "yes": 1}, scored: false}
  - {id: large, scale: {none: 0, half: 2, all: 4}, when: {gate_1: "yes"}}
  - {id: small, scale: {"no": 0, "yes": 1}, when: {gate_2: "yes"}}
"#;
    // Whether either applies is open. Both: (2 + 1) ÷ 5. `large` alone: half of its points, so half of five. `small`
    // alone: all of its points, so all of five.
    let csv = "unit,gate_1,gate_2,large,small\na,,,half,yes\n";
    is(score(framework, csv, "index"), 0.6, 0.5, 1.0);
}

#[test]
fn a_gap_that_a_condition_may_leave_is_among_the_bounds() {
    let of = |missing: &str, csv: &str, node: &str| {
        let framework = format!(
            "indicators:\n  - {{id: has, scale: {{n: 0, y: 1}}, scored: false}}\n  \
             - {{id: how, scale: {{half: 0.5, all: 1}}, when: {{has: y}}, otherwise: missing{missing}}}\n  \
             - {{id: law, scale: {{n: 0, y: 1}}}}\n"
        );
        score(&framework, csv, node)
    };
    let (open, law) = (
        "unit,has,how,law\na,,all,n\n",
        "unit,has,how,law\na,,all,y\n",
    );
    // `y`: all. `n`: nothing, and the rule says zero, or a quarter.
    is(of(", missing: zero", open, "how"), 1.0, 0.0, 1.0);
    is(
        of(", missing: {constant: 0.25}", open, "how"),
        1.0,
        0.25,
        1.0,
    );
    is(of(", missing: lowest", open, "how"), 1.0, 0.5, 1.0);
    is(of(", missing: zero", open, "index"), 0.5, 0.0, 0.5);
    // The parent's rule says zero: (0 + 1) ÷ 2, or (1 + 1) ÷ 2.
    let by_parent = "index: {id: index, missing: zero}\nindicators:\n  - {id: has, scale: {n: 0, y: 1}, scored: false}\n  \
                     - {id: how, scale: {half: 0.5, all: 1}, when: {has: y}, otherwise: missing}\n  \
                     - {id: law, scale: {n: 0, y: 1}}\n";
    is(score(by_parent, law, "index"), 1.0, 0.5, 1.0);
    // Without a rule the bounds allow for an answer, as they do once `n` is known: (0.5 + 1) ÷ 2.
    is(of("", law, "index"), 1.0, 0.75, 1.0);
    let known = of("", "unit,has,how,law\na,n,all,y\n", "index");
    is(known, 1.0, 0.75, 1.0);
}

#[test]
fn what_a_code_of_the_framework_says_of_a_question_is_among_the_bounds() {
    let of = |own: &str| {
        let framework = format!(
            "codes: {{na: not-applicable}}\nindicators:\n  - {{id: a, {own}}}\n  - {{id: b, scale: {{n: 0, y: 1}}}}\n"
        );
        score(&framework, "unit,a,b\nu,,n\n", "index")
    };
    // Half of what `a` could have, 0.5 to 1, or nothing if it does not apply.
    is(of("scale: {half: 0.5, all: 1}"), 0.0, 0.0, 0.5);
    is(of("number: {curve: [[0, 0.5], [10, 1]]}"), 0.0, 0.0, 0.5);
    // Its own scale wins.
    is(of("scale: {half: 0.5, NA: 1}"), 0.0, 0.0, 0.5);
}

#[test]
fn a_quotient_that_may_be_lost_is_no_gap_that_an_answer_fills() {
    let of = |rules: [&str; 2], csv: &str, node: &str| {
        let [own, above] = rules;
        let framework = format!(
            "indicators:\n  - {{id: has, scale: {{n: 0, y: 1}}, scored: false}}\n  \
             - {{id: staff, number: {{valid: [1, 100]}}, when: {{has: y}}, scored: false}}\n  \
             - {{id: law, scale: {{n: 0, y: 1}}}}\n\
             pillars:\n  - id: p\n{above}    indicators:\n      \
             - {{id: cases, number: {{curve: [[0, 0.5], [10, 1]], per: staff}}{own}}}\n      \
             - {{id: plan, scale: {{n: 0, y: 1}}}}\n"
        );
        score(&framework, csv, node)
    };
    // 60 cases for 20 people, 3 each: 0.65. Without `has` there is nothing to divide by.
    let open = "unit,has,staff,law,cases,plan\na,,20,n,60,y\n";
    is(of(["", ""], open, "cases"), 0.65, 0.5, 1.0);
    // The rule says zero.
    is(of([", missing: zero", ""], open, "cases"), 0.65, 0.0, 1.0);
    is(of([", missing: zero", ""], open, "p"), 0.825, 0.5, 1.0);
    is(of(["", "    missing: zero\n"], open, "p"), 0.825, 0.5, 1.0);
    // `plan` is all that is left of `p`, here nothing.
    let without = "unit,has,staff,law,cases,plan\na,,20,n,60,n\n";
    is(of(["", ""], without, "p"), 0.325, 0.0, 0.5);
    // `p` has no score, and `law` is all that is left of the index.
    let withheld = [
        "    missing: no-score\n",
        "    min-coverage: 0.8\n",
        "    min-coverage: {answers: 0.8}\n",
    ];
    for rule in withheld {
        is(of(["", rule], open, "index"), 0.4125, 0.0, 0.5);
    }
}

#[test]
fn rows_that_nothing_says_how_to_combine_lose_all_questions_or_none() {
    let framework = "
attributes: {staff: number}
rows: [{key: office, combine: mean, weight: staff, of: answers}]
indicators:
  - {id: some, number: {from: 0, to: 10, valid: [5, 10]}}
  - {id: law, scale: {n: 0, y: 1}}
pillars: [{id: p, indicators: [{id: more, scale: {n: 0, y: 1}}]}]
";
    // Nobody has a say, so that nothing is known: 5 and 8 of ten are what could be said of the one, the rest of the rest.
    let csv = "unit,office,staff,some,law,more\na,north,0,5,y,n\na,south,,8,n,y\n";
    let of = |node| score(framework, csv, node);
    assert_eq!(of("some"), (None, Some(0.5), Some(0.8)));
    // (0.5 + 0 + 0) ÷ 3 to (0.8 + 1 + 1) ÷ 3.
    assert_eq!(of("index"), (None, Some(0.5 / 3.0), Some(2.8 / 3.0)));
}

#[test]
fn a_row_that_is_lost_as_a_whole_leaves_its_weight_to_other_rows() {
    let of = |rules: &str, csv: &str| {
        let framework = format!(
            "{rules}attributes: {{tier: text}}\nrows:\n  - {{key: service, combine: mean, of: scores}}\n  \
             - {{key: url, combine: {{by: tier, central: best}}, of: answers}}\n\
             indicators:\n  - {{id: x, scale: {{n: 0, y: 1}}}}\n  - {{id: z, scale: {{n: 0, y: 1}}}}\n"
        );
        let csv = format!("unit,service,url,tier,x,z\n{csv}");
        score(&framework, &csv, "index")
    };
    // `one` has 0. `two`, if anything said so, would have a half or 1; else the unit has what `one` has.
    let lost = "a,one,u,central,n,n\na,two,u,,y,\n";
    is(of("", lost), 0.0, 0.0, 0.5);
    // `one` has 1, so that `two` can only take away from it: (1 + 1/2) ÷ 2.
    let full = "a,one,u,central,y,y\na,two,u,,y,\n";
    is(of("", full), 1.0, 0.75, 1.0);
    // The rule says that what is lost counts zero: (1 + 0) ÷ 2.
    is(of("index: {missing: zero}\n", full), 0.5, 0.5, 1.0);
}

#[test]
fn rows_whose_answers_are_lost_before_others_are_combined_lose_single_questions() {
    let framework = "
attributes: {tier: text}
rows:
  - {key: service, combine: mean, of: answers}
  - {key: url, combine: {by: tier, central: best}, of: answers}
scales: {yes-no: {n: 0, y: 1, na: not-applicable}}
indicators: [{id: x, scale: yes-no}, {id: z, scale: yes-no}]
";
    // Only the service that is lost says anything of `z`: it may be 0, or leave its weight to `x`.
    let csv = "unit,service,url,tier,x,z\na,one,u,central,y,na\na,two,u,,y,n\n";
    is(score(framework, csv, "index"), 1.0, 0.5, 1.0);
}

#[test]
fn scores_that_nothing_may_say_how_to_combine_open_no_score_of_their_parts() {
    let framework = "
attributes: {tier: text}
rows: [{key: office, combine: {by: tier, central: mean}, of: scores}]
index: {missing: zero}
indicators:
  - {id: has, scale: {n: 0, y: 1}, scored: false}
  - {id: how, scale: {half: 0.5, all: 1}, when: {has: y}}
  - {id: law, scale: {n: 0, y: 1}}
";
    // With `how` or without it: (1 + 1) ÷ 2, or 1.
    let csv = "unit,office,tier,has,how,law\na,north,central,,all,y\n";
    is(score(framework, csv, "index"), 1.0, 1.0, 1.0);
}

#[test]
fn what_lies_off_its_scale_leaves_its_weight_to_others() {
    let of = |number: &str, csv: &str| {
        let framework = format!(
            "attributes: {{staff: number}}\nindicators:\n  - {{id: law, scale: {{n: 0, y: 1}}}}\n\
             pillars:\n  - id: p\n    indicators:\n      - {{id: some, number: {number}}}\n      \
             - {{id: plan, scale: {{n: 0, y: 1}}}}\n"
        );
        score(&framework, csv, "index")
    };
    // Nothing has no logarithm: `plan` is all of `p`, so that the index is (0 + 1) ÷ 2, or (1 + 1) ÷ 2.
    let log = "{from: 1, to: 100, log: true, clamp: false, valid: [0, 10]}";
    let zero = "unit,staff,law,some,plan\na,1,,0,y\n";
    is(of(log, zero), 1.0, 0.25, 1.0);
    // Nor has a half of one a band.
    let bands = "{bands: [{from: 1, to: 5, score: 0.1}, {from: 5, score: 0.5}], per: staff}";
    let half = "unit,staff,law,some,plan\na,2,,1,y\n";
    is(of(bands, half), 1.0, 0.275, 1.0);
}
