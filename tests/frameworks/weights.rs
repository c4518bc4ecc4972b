//! Weights: those of the sources, and those that a framework's comments promise.

use std::collections::BTreeMap;

use dgpf::framework::{Framework, Tier};
use dgpf::scoring::Assumptions;

use crate::shipped;

/// Per cent of the index that each facet carries within each dimension.
fn facet_weights(framework: &Framework) -> BTreeMap<(String, String), f64> {
    let effective = Assumptions::of(framework).effective_weights(framework);
    let mut weights = BTreeMap::new();
    for (ix, node, indicator) in framework.indicators() {
        let parent = node.parent.expect("an indicator has a parent");
        for facet in &indicator.facets {
            let key = (
                framework.node(parent).id.to_string(),
                framework.facets[facet.0].id.to_string(),
            );
            *weights.entry(key).or_insert(0.0) += effective[ix.0] * 100.0;
        }
    }
    weights
}

/// The weights printed in the method of 2023 (doi 10.1787/1a89ed5e-en), with two decimals.
const PRINTED_2023: [(&str, [f64; 4]); 6] = [
    ("digital_by_design", [3.51, 5.70, 4.82, 2.63]),
    ("data_driven", [3.79, 5.30, 6.06, 1.52]),
    ("gov_as_platform", [3.42, 4.70, 7.69, 0.85]),
    ("open_by_default", [1.52, 3.03, 9.85, 2.27]),
    ("user_driven", [3.79, 3.79, 3.79, 5.30]),
    ("proactiveness", [3.33, 3.33, 6.67, 3.33]),
];

#[test]
fn facets_of_the_index_of_2023_weigh_what_was_printed() {
    let computed = facet_weights(&shipped("dgi-2023-points"));
    assert_eq!(computed.len(), 24);
    for (dimension, printed) in PRINTED_2023 {
        let facets = ["strategy", "levers", "implementation", "monitoring"];
        for (facet, printed) in facets.into_iter().zip(printed) {
            let weight = computed[&(dimension.to_owned(), facet.to_owned())];
            assert!(
                (weight - printed).abs() <= 0.01,
                "{dimension}, {facet}: {weight}, printed {printed}"
            );
        }
    }
}

/// Averages of the OECD in 2023 in per cent, as printed there: of the four facets, and of the dimension.
const AVERAGES_2023: [(&str, [f64; 4], f64); 6] = [
    ("digital_by_design", [73.0, 71.0, 69.0, 53.0], 68.4),
    ("data_driven", [71.0, 62.0, 65.0, 44.0], 63.3),
    ("gov_as_platform", [70.0, 58.0, 60.0, 56.0], 61.5),
    ("open_by_default", [71.0, 53.0, 53.0, 39.0], 52.5),
    ("user_driven", [78.0, 53.0, 60.0, 55.0], 60.7),
    ("proactiveness", [70.0, 63.0, 53.0, 45.0], 56.7),
];

#[test]
fn averages_of_the_facets_of_2023_give_those_of_the_dimensions() {
    let weights = facet_weights(&shipped("dgi-2023-points"));
    for (dimension, averages, printed) in AVERAGES_2023 {
        let facets = ["strategy", "levers", "implementation", "monitoring"];
        let weight = |facet: &str| weights[&(dimension.to_owned(), facet.to_owned())];
        let sum: f64 = facets
            .iter()
            .zip(averages)
            .map(|(facet, x)| weight(facet) * x)
            .sum();
        let all: f64 = facets.iter().map(|facet| weight(facet)).sum();
        // The facets are printed without decimals.
        assert!(
            (sum / all - printed).abs() < 0.55,
            "{dimension}: {}",
            sum / all
        );
    }
}

#[test]
fn dimensions_of_the_index_of_2023_hold_their_points() {
    let framework = shipped("dgi-2023-points");
    let mut points: Vec<(String, f64)> = Vec::new();
    for (_, node, _) in framework.indicators() {
        let parent = node.parent.expect("an indicator has a parent");
        let dimension = framework.node(parent).id.to_string();
        match points.last_mut() {
            Some((last, sum)) if *last == dimension => *sum += node.weight.get(),
            _ => points.push((dimension, node.weight.get())),
        }
    }
    let rounded: Vec<f64> = points
        .iter()
        .map(|(_, sum)| (sum * 1e9).round() / 1e9)
        .collect();
    assert_eq!(rounded, [38.0, 22.0, 39.0, 22.0, 22.0, 20.0]);
    assert_eq!(framework.indicators().count(), 155);
}

#[test]
fn ourdata_2017_divides_equally_on_every_tier() {
    let framework = shipped("ourdata-2017");
    let effective = Assumptions::of(&framework).effective_weights(&framework);
    let weight = |code: &str| {
        let ix = framework.find(code).unwrap_or_else(|| panic!("no {code}"));
        effective[ix.0]
    };
    let near = |computed: f64, exact: f64| (computed - exact).abs() < 1e-15;
    // A third for the pillar, a third of it for the sub-pillar, a fourth of that for the parameter.
    assert!(near(weight("I101"), 1.0 / 36.0));
    // The same parameter's four items, and the 53 data sets that share half of a sub-pillar.
    assert!(near(weight("I103"), 1.0 / 36.0 / 4.0));
    assert!(near(weight("I122"), 1.0 / 9.0 / 2.0 / 53.0));
    assert!(near(weight("I121"), 1.0 / 9.0 / 2.0));
    assert!(near(weight("I328"), 1.0 / 9.0 / 2.0 / 10.0));
    let count = |tier, depth| {
        let nodes = framework.walk();
        nodes
            .filter(|(_, node)| node.tier == tier && node.depth == depth)
            .count()
    };
    let tiers = [
        count(Tier::Dimension, 1),
        count(Tier::Pillar, 2),
        count(Tier::Pillar, 3),
        count(Tier::Indicator, 4),
    ];
    assert_eq!(tiers, [3, 9, 24, 140]);
}

/// Item weights as derived from the method of 2017, where the corpus is at hand.
#[test]
#[allow(clippy::print_stdout)] // Whoever reads the test's output must see what was not tested.
fn ourdata_2017_weighs_every_item_as_given() {
    let Ok(corpus) = std::env::var("DGPF_CORPUS") else {
        println!("skipped: DGPF_CORPUS is not set");
        return;
    };
    let path = format!("{corpus}/ourdata2017_items.csv");
    let items = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let framework = shipped("ourdata-2017");
    let effective = Assumptions::of(&framework).effective_weights(&framework);
    let mut met = 0;
    for line in items.lines().skip(1) {
        let (item, _) = line.split_once(',').expect("the first cell is the item");
        let (_, given) = line.rsplit_once(',').expect("the last cell is the weight");
        let (pillar, number) = item.split_once('-').expect("an item is written 1-1");
        let ix = framework
            .find(&format!("I{pillar}{number:0>2}"))
            .expect(item);
        let given: f64 = given.trim().parse().expect("a weight is a number");
        assert!((effective[ix.0] - given).abs() < 1e-6, "{item}");
        met += 1;
    }
    assert_eq!(met, 140);
}

#[test]
fn sides_of_user_driven_weigh_the_points_they_hold() {
    let framework = shipped("dgpf");
    for side in ["usr.foundational", "usr.transformational"] {
        let node = framework.node(framework.find(side).expect("it is in the file"));
        let points = node.children().iter();
        let points: f64 = points
            .map(|child| framework.node(*child).weight.get())
            .sum();
        assert_eq!(node.weight.get().to_bits(), points.to_bits(), "{side}");
    }
}
