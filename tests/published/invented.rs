//! Methods that published indices use, each as a small invented framework whose results are redone by hand.

use super::corpus::{Scored, root, score};

/// `tests/published/invented/NAME.yaml` and the scores of `NAME.csv`.
fn invented(name: &str) -> Scored {
    let path = root().join(format!("tests/published/invented/{name}.csv"));
    let responses =
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    score(
        &format!("tests/published/invented/{name}.yaml"),
        &[&responses],
    )
}

/// Asserts shown scores of units at a node; `None`: no score.
#[track_caller]
fn assert_scores(scored: &Scored, node: &str, expected: &[(&str, Option<f64>)]) {
    for &(unit, expected) in expected {
        let got = scored.shown(unit, "", node);
        let same = match (got, expected) {
            (Some(got), Some(expected)) => (got - expected).abs() < 1e-9,
            (None, None) => true,
            _ => false,
        };
        assert!(same, "{unit} {node}: {got:?}, expected {expected:?}");
    }
}

/// Elements by weight, times how far the rule reaches.
#[test]
fn an_extent_multiplies_weighted_elements() {
    let scored = invented("extent");
    // AUT: (2·1 + 0 + 1) ÷ 4 = 0.75, half of it 0.375. BEL: 1 · 1. CHE: 1 · 0.
    let access = [
        ("AUT", Some(37.5)),
        ("BEL", Some(100.0)),
        ("CHE", Some(0.0)),
    ];
    assert_scores(&scored, "access", &access);
    // AUT: 3 ÷ 4 · 0.8 = 0.6. BEL: 1 ÷ 4 · 1. CHE: 1 · 0.5.
    let privacy = [
        ("AUT", Some(60.0)),
        ("BEL", Some(25.0)),
        ("CHE", Some(50.0)),
    ];
    assert_scores(&scored, "privacy", &privacy);
    // The mean of both.
    let index = [
        ("AUT", Some(48.75)),
        ("BEL", Some(62.5)),
        ("CHE", Some(25.0)),
    ];
    assert_scores(&scored, "index", &index);
}

/// The sum over levels of the mean of both streams.
#[test]
fn levels_add_up_over_streams() {
    let scored = invented("streams");
    // red, strategy: (1 + 0.5) ÷ 2 + (0.25 + 0) ÷ 2 + 0 = 0.875; policy: 1 + (1 + 0.5) ÷ 2 + 0.25 = 2.
    assert_scores(
        &scored,
        "strategy",
        &[("red", Some(0.875)), ("blue", Some(3.0))],
    );
    assert_scores(
        &scored,
        "policy",
        &[("red", Some(2.0)), ("blue", Some(3.0))],
    );
    assert_scores(
        &scored,
        "index",
        &[("red", Some(1.4375)), ("blue", Some(3.0))],
    );
}

/// 0 is open, 6 closed; the lowest score is first.
#[test]
fn less_restriction_is_better() {
    let scored = invented("regulation");
    // AUT: entry (3 + 6) ÷ 2 = 4.5, ownership 3, so 2/3 · 4.5 + 1/3 · 3 = 4. BEL and CHE: 2/3 · 1.5 = 1.
    let index = [
        ("AUT", Some(4.0)),
        ("BEL", Some(1.0)),
        ("CHE", Some(1.0)),
        ("DNK", Some(6.0)),
    ];
    assert_scores(&scored, "index", &index);
    for (unit, rank, level) in [
        ("AUT", 3.0, "strict"),
        ("BEL", 1.0, "liberal"),
        ("CHE", 1.0, "liberal"),
        ("DNK", 4.0, "strict"),
    ] {
        assert_eq!(scored.rank(unit, "", "index"), Some(rank), "{unit}");
        assert_eq!(scored.level(unit, ""), Some(level), "{unit}");
    }
}

/// -99 is no answer and -88 does not apply, in every column; what is not scored stays outside the index.
#[test]
fn sentinels_are_gaps_and_observed_nodes_do_not_count() {
    let scored = invented("sentinels");
    // AUT: (0.4 + 1 + 1) ÷ 3 = 0.8. BEL: (1 + 0) ÷ 2. CHE: the missing plan counts as 0, so (0.6 + 0) ÷ 2 = 0.3.
    let index = [
        ("AUT", Some(80.0)),
        ("BEL", Some(50.0)),
        ("CHE", Some(30.0)),
    ];
    assert_scores(&scored, "index", &index);
    // (5 − 1) ÷ (5 − 1), (1 − 1) ÷ (5 − 1), -99.
    let rating = [("AUT", Some(100.0)), ("BEL", Some(0.0)), ("CHE", None)];
    assert_scores(&scored, "rating", &rating);
    assert_scores(&scored, "satisfaction", &rating);
    // Answered of what applies: 3 of 3, 2 of 3, 1 of 2 (the budget does not apply, the plan was filled, not answered).
    let expected = [("AUT", 1.0), ("BEL", 2.0 / 3.0), ("CHE", 0.5)];
    for (unit, expected) in expected {
        let got = scored
            .coverage(unit, "", "index")
            .expect("something applies");
        assert!((got - expected).abs() < 1e-9, "{unit}: {got}");
    }
}

/// Elements 2 to 5 at most as good as element 1.
#[test]
fn siblings_are_capped_by_the_first_element() {
    let scored = invented("coverage");
    // AUT: (0.5 + 0.5 + 0.5 + 0 + 0.5) ÷ 5. BEL: 3.5 ÷ 5. CHE: all capped at 0.
    // DNK: element 1 is missing and does not bind: (1 + 0.5 + 1) ÷ 3.
    let index = [
        ("AUT", Some(40.0)),
        ("BEL", Some(70.0)),
        ("CHE", Some(0.0)),
        ("DNK", Some(250.0 / 3.0)),
    ];
    assert_scores(&scored, "index", &index);
    // DNK: if element 1 were 0, all would be 0; if it and element 5 were 1: (1 + 1 + 0.5 + 1 + 1) ÷ 5.
    let (low, high) = scored.bounds("DNK", "", "index").expect("there are bounds");
    assert!(low.abs() < 1e-9, "{low}");
    assert!((high - 90.0).abs() < 1e-9, "{high}");
}

/// Half to even, tier by tier.
#[test]
fn every_tier_is_rounded_half_to_even_before_the_next() {
    let scored = invented("tiers");
    // AUT: 2.25 → 2.2. BEL: 2.3. CHE: 2.15 → 2.2.
    let one = [("AUT", Some(2.2)), ("BEL", Some(2.3)), ("CHE", Some(2.2))];
    assert_scores(&scored, "one", &one);
    // AUT: 3.35 → 3.4. BEL: 3.3. CHE: 3.55 → 3.6.
    let two = [("AUT", Some(3.4)), ("BEL", Some(3.3)), ("CHE", Some(3.6))];
    assert_scores(&scored, "two", &two);
    // From the rounded tiers; unrounded, CHE would have 2.85 and share the place of the others.
    let index = [
        ("AUT", Some(2.8)),
        ("BEL", Some(2.8)),
        ("CHE", Some(2.9)),
        ("DNK", Some(5.0)),
    ];
    assert_scores(&scored, "index", &index);
    for (unit, rank) in [("DNK", 1.0), ("CHE", 2.0), ("AUT", 3.0), ("BEL", 3.0)] {
        assert_eq!(scored.rank(unit, "", "index"), Some(rank), "{unit}");
    }
}

/// Addresses, services, life events, countries.
#[test]
fn addresses_combine_by_the_tier_of_their_service() {
    let scored = invented("services");
    // AUT, birth: register is central, best address per question: (1 + 1) ÷ 2 = 1; allowance is regional, mean address
    // per question: online 2/3, mobile 1/2 (one address does not say), so 7/12. Birth: (1 + 7/12) ÷ 2 = 19/24.
    // Moving: (1 + 0) ÷ 2. Country: (19/24 + 12/24) ÷ 2 = 31/48. BEL: (1/2 + 1) ÷ 2.
    assert_scores(
        &scored,
        "index",
        &[("AUT", Some(3100.0 / 48.0)), ("BEL", Some(75.0))],
    );
    // Online, AUT: birth (1 + 2/3) ÷ 2 = 5/6, moving 1, country 11/12.
    assert_scores(
        &scored,
        "online",
        &[("AUT", Some(1100.0 / 12.0)), ("BEL", Some(50.0))],
    );
}

/// A service whose tier is not stated: how its addresses combine is unknown.
#[test]
fn rows_that_nothing_says_how_to_combine_are_missing() {
    let scored = invented("services");
    assert_scores(&scored, "index", &[("CHE", None)]);
    assert_eq!(scored.coverage("CHE", "", "index"), Some(0.0));
    // 50 by its worse address, 100 by its better one: no question is lost without the other.
    assert_eq!(scored.bounds("CHE", "", "index"), Some((50.0, 100.0)));
}

/// A part below the minimum coverage is withheld, and the range still holds the score.
#[test]
fn the_range_holds_the_score_when_a_part_is_withheld() {
    let scored = invented("withheld");
    // AUT: 1 of 3 answered, so practice is withheld and law counts alone. BEL: (0.5 + 1) ÷ 2.
    assert_scores(&scored, "practice", &[("AUT", None), ("BEL", Some(100.0))]);
    assert_scores(
        &scored,
        "index",
        &[("AUT", Some(100.0)), ("BEL", Some(75.0))],
    );
    // AUT: practice could become 0 to 2/3, so the index (1 + 0) ÷ 2 at the least; at the most (1 + 2/3) ÷ 2 by complete
    // answers, but it is 1 now.
    assert_eq!(scored.bounds("AUT", "", "index"), Some((50.0, 100.0)));
    // BEL: (1/2 + 2/3) ÷ 2 to (1/2 + 1) ÷ 2.
    let (low, high) = scored.bounds("BEL", "", "index").expect("there are bounds");
    assert!((low - 175.0 / 3.0).abs() < 1e-9, "{low}");
    assert!((high - 75.0).abs() < 1e-9, "{high}");
}

/// Existence, elements and extent multiply; what does not exist is not asked about.
#[test]
fn what_does_not_exist_scores_nothing_and_leaves_no_gap() {
    let scored = invented("barometer");
    // AUT: 1 · (3 + 0) ÷ 4 · 1. BEL: 0.5 · (3 + 0.5) ÷ 4 · 0.6. CHE: 0. DNK: 1 · 1 (of what is known) · 0.6.
    let index = [
        ("AUT", Some(75.0)),
        ("BEL", Some(26.25)),
        ("CHE", Some(0.0)),
        ("DNK", Some(60.0)),
    ];
    assert_scores(&scored, "index", &index);
    assert_eq!(scored.coverage("CHE", "", "index"), Some(1.0));
    // DNK: consent not required would be 1 ÷ 4 · 0.6.
    let (low, high) = scored.bounds("DNK", "", "index").expect("there are bounds");
    assert!((low - 15.0).abs() < 1e-9, "{low}");
    assert!((high - 60.0).abs() < 1e-9, "{high}");
}

/// Standardised sources, at least two of them, published as whole numbers.
#[test]
fn sources_are_standardised_and_too_few_give_no_score() {
    let scored = invented("perceptions");
    // Every source has mean m and deviation s with values m − s, m, m + s: 25, 45, 65.
    let source = [
        ("AUT", Some(25.0)),
        ("BEL", Some(45.0)),
        ("CHE", Some(65.0)),
    ];
    assert_scores(&scored, "sourceA", &source);
    // AUT: (25 + 65 + 25) ÷ 3 = 38.3. BEL: (45 + 45) ÷ 2. CHE: (65 + 25 + 45) ÷ 3. DNK: one source.
    let index = [
        ("AUT", Some(38.0)),
        ("BEL", Some(45.0)),
        ("CHE", Some(45.0)),
        ("DNK", None),
    ];
    assert_scores(&scored, "index", &index);
    let ranks = [
        ("BEL", Some(1.0)),
        ("CHE", Some(1.0)),
        ("AUT", Some(3.0)),
        ("DNK", None),
    ];
    for (unit, rank) in ranks {
        assert_eq!(scored.rank(unit, "", "index"), rank, "{unit}");
    }
}

/// A node is rescaled as an indicator is.
#[test]
fn components_are_rescaled_over_the_cohort() {
    let scored = invented("components");
    // Lines −1, 0, 1; mobiles −1, 1, 0; their means −1, 0.5, 0.5, from lowest to highest 0, 1, 1.
    let network = [("AUT", Some(0.0)), ("BEL", Some(1.0)), ("CHE", Some(1.0))];
    assert_scores(&scored, "network", &network);
    // Less is better: 0, 0.5, 1.
    let cost = [("AUT", Some(0.0)), ("BEL", Some(0.5)), ("CHE", Some(1.0))];
    assert_scores(&scored, "cost", &cost);
    let index = [("AUT", Some(0.0)), ("BEL", Some(0.75)), ("CHE", Some(1.0))];
    assert_scores(&scored, "index", &index);
}

/// Stages count from below.
#[test]
fn stages_are_climbed_in_order() {
    let scored = invented("ladder");
    // red: (1 + 0.5) ÷ 2 passes, 0.5 ÷ 0.75 of the second stage, the third is not looked at. blue: 0.25 ÷ 0.75.
    // grey: the first stage passes by what is known, the second is 0, so the third cannot matter.
    let index = [
        ("red", Some(5.0 / 3.0)),
        ("blue", Some(1.0 / 3.0)),
        ("green", Some(3.0)),
        ("grey", Some(1.0)),
    ];
    assert_scores(&scored, "index", &index);
    let levels = [
        ("red", "managed"),
        ("blue", "initial"),
        ("green", "improving"),
        ("grey", "managed"),
    ];
    for (unit, level) in levels {
        assert_eq!(scored.level(unit, ""), Some(level), "{unit}");
    }
    // grey: an owner or none makes the first stage 1 or 0.5 ÷ 0.75.
    let (low, high) = scored
        .bounds("grey", "", "index")
        .expect("there are bounds");
    assert!((low - 2.0 / 3.0).abs() < 1e-9, "{low}");
    assert!((high - 1.0).abs() < 1e-9, "{high}");
}

/// A number without goalposts is a score as it is shown.
#[test]
fn published_scores_are_entered_as_they_are_shown() {
    let scored = invented("shown");
    // AUT: (3·57.3 + 20) ÷ 4 = 47.975. BEL: (3·100 + 0) ÷ 4.
    assert_scores(
        &scored,
        "index",
        &[("AUT", Some(47.975)), ("BEL", Some(75.0))],
    );
    assert_scores(
        &scored,
        "rights",
        &[("AUT", Some(57.3)), ("BEL", Some(100.0))],
    );
    assert_scores(
        &scored,
        "published",
        &[("AUT", Some(48.0)), ("BEL", Some(75.1))],
    );
}
