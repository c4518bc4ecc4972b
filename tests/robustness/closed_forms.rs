//! Cases whose probabilities can be worked out on paper.

use dgpf::analysis::robustness::{
    Freedom, Source, Study, UnitSpread, Weighting, benefit, dominance, removals, stability,
    uncertainty,
};
use dgpf::framework::{Framework, NodeIx};
use dgpf::responses::Responses;
use dgpf::scoring::{Assumptions, Plan};

use crate::loading::{framework, responses};

const TWO_DIMENSIONS: &str = "
dgpf: 1
id: two
indicators:
  - {id: x, number: {from: 0, to: 1}}
  - {id: y, number: {from: 0, to: 1}}
";

/// `edge` scores what `x` weighs, `flat` always 0.25, `best` and `worst` beat and lose everywhere.
const FOUR_UNITS: &str = "unit,x,y\nbest,1,1\nedge,0.99,0\nflat,0.25,0.25\nworst,0,0\n";

fn study_of(framework: &Framework, responses: &Responses, weighting: Weighting) -> Vec<UnitSpread> {
    study_in(40_000, framework, responses, weighting)
}

fn study_in(
    draws: usize,
    framework: &Framework,
    responses: &Responses,
    weighting: Weighting,
) -> Vec<UnitSpread> {
    let study = Study {
        draws,
        sources: vec![Source::Weights(weighting)],
        ..Study::of(responses)
    };
    uncertainty(framework, responses, &study, &|_| ())
        .expect("weights vary")
        .units
}

fn unit<'a>(units: &'a [UnitSpread], id: &str) -> &'a UnitSpread {
    units
        .iter()
        .find(|unit| unit.id == id)
        .expect("it was scored")
}

/// The share of draws in which a unit has a rank.
fn share(unit: &UnitSpread, rank: f64) -> f64 {
    let found = unit
        .acceptability
        .iter()
        .find(|(taken, _)| (taken - rank).abs() < 0.1);
    found.map_or(0.0, |(_, share)| *share)
}

#[test]
fn two_dimensions_have_closed_forms() {
    let framework = framework(TWO_DIMENSIONS);
    let responses = responses(&framework, FOUR_UNITS);
    let both = vec![NodeIx(1), NodeIx(2)];
    // `edge` comes before `flat` where 0.99·w > 0.25, w the weight of x.
    let turn = 0.25 / 0.99;
    // Four standard errors of a share of 40,000 draws.
    let near = |found: f64, expected: f64| {
        let error = (expected * (1.0 - expected) / 4e4).sqrt();
        assert!(
            (found - expected).abs() < 4.0 * error,
            "{found} is not {expected}"
        );
    };
    // Every combination equally likely: w is uniform.
    let flat = Weighting::Dirichlet {
        nodes: both.clone(),
        concentration: None,
    };
    let units = study_of(&framework, &responses, flat);
    near(share(unit(&units, "edge"), 2.0), 1.0 - turn);
    near(share(unit(&units, "flat"), 2.0), turn);
    // w = u ÷ (u + v): P(w > t) = P(v ÷ u < r) = 1 − 1 ÷ 2r for r = (1 − t) ÷ t ≥ 1.
    let units = study_of(
        &framework,
        &responses,
        Weighting::RandomShares(both.clone()),
    );
    near(
        share(unit(&units, "edge"), 2.0),
        1.0 - turn / (2.0 * (1.0 - turn)),
    );
    // A Dirichlet with parameters 2 and 2: P(w > t) = 1 − 3t² + 2t³.
    let around = Weighting::Dirichlet {
        nodes: both,
        concentration: Some(4.0),
    };
    let units = study_of(&framework, &responses, around);
    near(
        share(unit(&units, "edge"), 2.0),
        1.0 - 3.0 * turn.powi(2) + 2.0 * turn.powi(3),
    );
    // Weights of 1 ± u and 1 ± v: 0.74·(1 + u) > 0.25·(1 + v) fails where v > 1.96 + 2.96·u.
    let units = study_of(&framework, &responses, Weighting::Around([1.0; 4]));
    let ratio: f64 = 0.25 / 0.74;
    near(share(unit(&units, "flat"), 2.0), ratio / 2.0);
}

/// Weights of a sum are points: drawn ones can reach together what the framework's own can.
#[test]
fn no_drawn_weights_take_a_sum_out_of_its_range() {
    let framework = framework(
        "
dgpf: 1
id: points
range: [0, 100]
index: {aggregate: {sum: {out-of: 5}}}
indicators:
  - {id: large, scale: {none: 0, all: 4}}
  - {id: small, scale: {none: 0, all: 1}}
",
    );
    let responses = responses(
        &framework,
        "unit,large,small\nfull,all,all\nmost,all,none\nempty,none,none\n",
    );
    let both = vec![NodeIx(1), NodeIx(2)];
    let dirichlet = Weighting::Dirichlet {
        nodes: both.clone(),
        concentration: None,
    };
    for weighting in [
        Weighting::Around([0.25; 4]),
        Weighting::RandomShares(both),
        dirichlet,
    ] {
        let units = study_in(1_000, &framework, &responses, weighting.clone());
        let scores = |id: &str| unit(&units, id).scores.expect("it has a score");
        for score in scores("full") {
            assert!((score - 1.0).abs() < 1e-9, "{weighting:?}: {score}");
        }
        assert!(scores("empty").iter().all(|score| score.abs() < 1e-9));
        let [low, _, high] = scores("most");
        assert!(0.0 < low && low < 0.8 && 0.8 < high && high < 1.0);
    }
}

#[test]
fn who_dominates_is_first_in_every_draw() {
    let framework = framework(TWO_DIMENSIONS);
    let responses = responses(&framework, FOUR_UNITS);
    let units = study_of(&framework, &responses, Weighting::Around([0.5; 4]));
    assert_eq!(unit(&units, "best").acceptability, [(1.0, 1.0)]);
    assert_eq!(unit(&units, "worst").acceptability, [(4.0, 1.0)]);
    assert_eq!(unit(&units, "best").above_next, Some(1.0));
    assert_eq!(unit(&units, "worst").above_next, None);
    assert_eq!(unit(&units, "best").shift, Some(0.0));
    assert_eq!(unit(&units, "best").scores, Some([1.0; 3]));
}

#[test]
fn a_weight_may_move_until_two_lines_cross() {
    let framework = framework(TWO_DIMENSIONS);
    let responses = responses(&framework, "unit,x,y\na,0.8,0.2\nb,0.4,0.5\nc,0.1,0.1\n");
    let found = stability(&framework, &responses, 0).expect("units are ranked");
    let near = |found: (f64, f64), expected: (f64, f64)| {
        let off = (found.0 - expected.0)
            .abs()
            .max((found.1 - expected.1).abs());
        assert!(off < 1e-6, "{found:?} is not {expected:?}");
    };
    // `a` leads while 0.8·t + 0.2·(1 − t) > 0.4·t + 0.5·(1 − t), t the share of x: while t > 3/7. `c` is last throughout.
    near(found[0].leader, (3.0 / 7.0, 1.0));
    near(found[0].order, (3.0 / 7.0, 1.0));
    near(found[1].leader, (0.0, 4.0 / 7.0));
    assert!((found[0].share - 0.5).abs() < 1e-15);
}

/// Where less is better, `a` and `d` are level at the top whatever d1 weighs, as long as d2 and d3 weigh the same: 0.45 in both.
#[test]
fn units_that_stay_level_do_not_end_an_interval_of_weights() {
    let framework = framework(
        "{dgpf: 1, id: f, unit: unit, range: [0, 1], better: lower, ranking: {method: dense}, dimensions: [
          {id: d1, weight: 2, indicators: [{id: q1, number: {from: 0, to: 10}}]},
          {id: d2, indicators: [{id: q2, number: {from: 0, to: 10}}]},
          {id: d3, indicators: [{id: q3, number: {from: 0, to: 10}}]}]}",
    );
    let answers = "unit,q1,q2,q3\na,4,2,7\nb,8,1,5\nc,4,9,7\nd,4,5,4\ne,8,9,10\n";
    let responses = responses(&framework, answers);
    let found = stability(&framework, &responses, 0).expect("units are ranked");
    // `b` has 0.8 and 0.3: 0.4·t + 0.45·(1 − t) is less while t > 3/11.
    assert!((found[0].leader.0 - 3.0 / 11.0).abs() < 1e-6);
    assert_eq!(found[0].leader.1.to_bits(), 1.0_f64.to_bits());
    // Any move of d2 parts them.
    assert_eq!(found[1].leader, (0.25, 0.25));
}

/// `a`, `b` and `d` share the first three places, which the average calls 2: whatever moves, they part.
#[test]
fn places_that_are_shared_are_first_places_too() {
    let framework = framework(
        "{dgpf: 1, id: f, unit: unit, range: [0, 1], ranking: {method: average}, dimensions: [
          {id: d1, weight: 2, indicators: [{id: q1, number: {from: 0, to: 10}}]},
          {id: d2, weight: 1, indicators: [{id: q2, number: {from: 0, to: 10}}]},
          {id: d3, weight: 2, indicators: [{id: q3, number: {from: 0, to: 10}}]}]}",
    );
    let answers = "unit,q1,q2,q3\na,7,7,3\nb,8,5,3\nc,1,7,3\nd,5,1,8\ne,9,5,1\n";
    let responses = responses(&framework, answers);
    let found = stability(&framework, &responses, 0).expect("units are ranked");
    assert!(
        found
            .iter()
            .all(|found| found.leader == (found.share, found.share))
    );
}

#[test]
fn pairs_are_decided_where_no_weights_turn_them_round() {
    let framework = framework(TWO_DIMENSIONS);
    let responses = responses(&framework, FOUR_UNITS);
    let assumptions = Assumptions::of(&framework);
    let scores = Plan::compile(&framework, &assumptions).score(&responses);
    let found = |freedom| dominance(&framework, &assumptions, &scores, 0, freedom);
    let any = found(Freedom::Any);
    // Of six pairs only `edge` and `flat` depend on the weights.
    assert_eq!((any.pairs, any.decided, any.exact), (6, 5, true));
    let places: Vec<(&str, usize, usize)> = any
        .units
        .iter()
        .map(|unit| (unit.id.as_str(), unit.best, unit.worst))
        .collect();
    assert_eq!(
        places,
        // `worst` is level with `edge` where x weighs nothing.
        [
            ("best", 1, 1),
            ("edge", 2, 3),
            ("flat", 2, 3),
            ("worst", 3, 4)
        ]
    );
    // `edge` stays ahead while x weighs more than 25/99: with weights of 1 ± f that is while (1 − f) ÷ (1 + f) > 25/74.
    let turn = (1.0 - 25.0 / 74.0) / (1.0 + 25.0 / 74.0);
    assert_eq!(found(Freedom::Within(turn - 1e-6)).decided, 6);
    assert_eq!(found(Freedom::Within(turn + 1e-6)).decided, 5);
}

#[test]
fn leaving_out_a_dimension_leaves_the_other() {
    let framework = framework(TWO_DIMENSIONS);
    let responses = responses(&framework, FOUR_UNITS);
    let found = removals(&framework, &responses, 0).expect("units are ranked");
    // Without x `edge` scores 0, as `worst` does, and both share the third place.
    let without_x = &found.nodes[0];
    assert_eq!(
        without_x.ranks,
        [Some(1.0), Some(3.0), Some(2.0), Some(3.0)]
    );
    assert!((without_x.mean_shift - 0.75).abs() < 1e-15);
    assert!(!without_x.new_leader);
    let mover = without_x.mover.as_ref().expect("somebody moves");
    assert_eq!(
        (mover.id.as_str(), mover.from, mover.to),
        ("edge", 2.0, 3.0)
    );
}

#[test]
fn favourable_weights_favour_each_its_own_way() {
    let framework = framework(TWO_DIMENSIONS);
    let responses = responses(&framework, "unit,x,y\na,1,0.5\nb,0.5,1\nc,0.5,0.5\n");
    let assumptions = Assumptions::of(&framework);
    let scores = Plan::compile(&framework, &assumptions).score(&responses);
    let found = benefit(&framework, &assumptions, &scores, 0, 1.0);
    let score = |id: &str| {
        let unit = found
            .units
            .iter()
            .find(|unit| unit.id == id)
            .expect("it is ranked");
        unit.score.expect("it has both parts")
    };
    assert!((score("a") - 1.0).abs() < 1e-12);
    assert!((score("b") - 1.0).abs() < 1e-12);
    assert!((score("c") - 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn a_unit_is_in_a_level_in_as_many_draws_as_its_score_is() {
    let framework = framework(&format!(
        "{TWO_DIMENSIONS}levels: [{{id: low, from: 0}}, {{id: middle, from: 0.25}}, {{id: high, from: 0.75}}]\n"
    ));
    let responses = responses(&framework, "unit,x,y\nbest,1,1\nedge,1,0\n");
    let flat = Weighting::Dirichlet {
        nodes: vec![NodeIx(1), NodeIx(2)],
        concentration: None,
    };
    let units = study_of(&framework, &responses, flat);
    assert_eq!(unit(&units, "best").levels, [0.0, 0.0, 1.0]);
    // `edge` scores what `x` weighs, which is uniform; four standard errors are less than 0.01.
    let found = &unit(&units, "edge").levels;
    for (found, expected) in found.iter().zip([0.25, 0.5, 0.25]) {
        assert!((found - expected).abs() < 0.01, "{found} is not {expected}");
    }
    assert_eq!(found.len(), 3);
}

#[test]
fn units_of_other_periods_are_compared_with_where_the_framework_says_so() {
    let csv = "unit,year,x,y\na,2023,0,0\nb,2023,0.1,0.1\na,2024,0.5,0.5\nb,2024,1,1\n";
    let units = |rest: &str| {
        let framework = framework(&format!(
            "dgpf: 1\nid: years\nunit: unit\nperiod: year\ncohort: {{periods: all}}\n{rest}"
        ));
        let responses = responses(&framework, csv);
        study_in(100, &framework, &responses, Weighting::Around([0.5; 4]))
    };
    // From 0 in 2023 to 1 in 2024: `a` stands at a half in 2024, and with both dimensions alike whatever they weigh.
    let found = units(
        "dimensions:\n  \
         - {id: d, normalise: min-max, indicators: [{id: x, number: {from: 0, to: 1}}]}\n  \
         - {id: e, normalise: min-max, indicators: [{id: y, number: {from: 0, to: 1}}]}\n",
    );
    assert_eq!(unit(&found, "a").score, Some(0.5));
    assert_eq!(unit(&found, "a").scores, Some([0.5; 3]));
    // The upper half of 0, 0.1, 0.5 and 1 begins at 0.3: both are in it in 2024.
    let found = units(
        "levels: {by: quantiles, bands: [{id: lower}, {id: upper}]}\n\
         indicators: [{id: x, number: {from: 0, to: 1}}, {id: y, number: {from: 0, to: 1}}]\n",
    );
    assert_eq!(unit(&found, "a").levels, [0.0, 1.0]);
    assert_eq!(unit(&found, "b").levels, [0.0, 1.0]);
}

#[test]
fn nobody_is_above_the_mean_of_peers_without_a_score() {
    let framework = framework(
        "dgpf: 1\nid: peers\nunit: unit\nattributes: {region: text}\n\
         groups: [{id: north, where: {region: North}}]\npeers: north\n\
         indicators: [{id: x, number: {from: 0, to: 1}}, {id: y, number: {from: 0, to: 1}}]\n",
    );
    let above = |north: &str| {
        let csv = format!("unit,region,x,y\na,North,{north}\nb,South,0.5,0.5\nc,South,0.1,0.1\n");
        let responses = responses(&framework, &csv);
        let units = study_in(100, &framework, &responses, Weighting::Around([0.5; 4]));
        unit(&units, "b").above_mean
    };
    let found = [",", "0.2,0.3", "0.6,0.7"].map(above);
    assert_eq!(found.to_vec(), [0.0, 1.0, 0.0]);
}
