//! Overlays: what a file that extends another one keeps of it, and what it changes.

use std::sync::Arc;

use dgpf::framework::{self, Aggregate, Answers, Body, Framework, NodeIx, Source};
use dgpf::problem;

const BASE: &str = r#"
dgpf: 1
id: base
title: Base
version: 1.0.0
attributes: {region: text}
groups: [{id: north, where: {region: North}}]
defaults: {references: https://example.org}
scales:
  yes-no: {"no": 0, "yes": 1}
index: {title: Composite, aggregate: minimum}
dimensions:
  - id: policy
    indicators:
      - {id: pol1, question: Is there a policy?, scale: yes-no}
      - {id: pol2, scale: yes-no}
  - id: portal
    indicators:
      - {id: por1, scale: yes-no}
      - {id: por2, scale: yes-no}
"#;

fn overlay(text: &str) -> Framework {
    let source = |name: &str, text: &str| Source {
        name: Arc::from(name),
        text: text.to_owned(),
    };
    let whole = source(
        "overlay.yaml",
        &format!("dgpf: 1\nid: overlay\nextends: base\n{text}"),
    );
    let find = |name: &str| (name == "base").then(|| source("base.yaml", BASE));
    match framework::load(&whole, &find) {
        Ok(loaded) => loaded.framework,
        Err(problems) => panic!("{}", problem::render(&problems)),
    }
}

fn ids(framework: &Framework) -> Vec<&str> {
    let nodes = framework.nodes.iter();
    nodes.map(|node| node.id.as_str()).collect()
}

fn node(framework: &Framework, id: &str) -> NodeIx {
    framework.find(id).expect("the node is there")
}

#[test]
fn an_overlay_that_says_nothing_keeps_everything_but_the_id() {
    let framework = overlay("");
    assert_eq!(framework.id.as_str(), "overlay");
    assert_eq!(framework.title.as_str(), "Base");
    assert_eq!(
        ids(&framework),
        ["index", "policy", "pol1", "pol2", "portal", "por1", "por2"]
    );
}

#[test]
fn the_index_keeps_what_is_not_named() {
    let framework = overlay("index: {title: For agencies}\n");
    let index = framework.node(Framework::INDEX);
    assert_eq!(index.title.as_str(), "For agencies");
    let Body::Parent(parent) = &index.body else {
        panic!("the index holds others");
    };
    assert_eq!(parent.aggregate, Aggregate::Minimum);
}

#[test]
fn nodes_are_changed_dropped_marked_and_added() {
    let framework = overlay(
        "change:\n  - {id: POL1, question: Does the agency have a policy?, weight: 3, number: {from: 0, to: 10}}\n\
         drop: [por1]\n\
         not-applicable: [pol2]\n\
         add:\n  - {to: portal, indicators: [{id: por3, scale: extent}]}\n\
         scales: {extent: {none: 0, all: 1}}\n",
    );
    assert_eq!(
        ids(&framework),
        ["index", "policy", "pol1", "pol2", "portal", "por2", "por3"]
    );
    let changed = framework.node(node(&framework, "pol1"));
    assert!((changed.weight.get() - 3.0).abs() < f64::EPSILON);
    let indicator = changed.indicator().expect("it is an indicator");
    assert_eq!(
        indicator
            .question
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some("Does the agency have a policy?")
    );
    assert!(matches!(indicator.answers, Answers::Number(_)));
    assert!(!framework.node(node(&framework, "pol2")).scored);
    let Some(Answers::Choice(scale)) = framework
        .node(node(&framework, "por3"))
        .indicator()
        .map(|indicator| indicator.answers.clone())
    else {
        panic!("the added indicator is a choice");
    };
    assert_eq!(scale.options.len(), 2);
}

#[test]
fn the_hash_covers_both_files() {
    assert_ne!(overlay("").sha256, overlay("title: Other\n").sha256);
    assert_eq!(overlay("").sha256.len(), 64);
}

#[test]
fn at_most_16_files_extend_one_another() {
    let source = |name: &str, text: String| Source {
        name: Arc::from(name),
        text,
    };
    // `b0` stands on its own; every other one extends the one before.
    let file = |at: usize| {
        let text = match at {
            0 => BASE.to_owned(),
            _ => format!("dgpf: 1\nid: b{at}\nextends: b{}\n", at - 1),
        };
        source(&format!("b{at}.yaml"), text)
    };
    let find = |name: &str| name.strip_prefix('b')?.parse().ok().map(&file);
    assert!(framework::load(&file(15), &find).is_ok());
    let problems = framework::load(&file(16), &find).expect_err("it is one too many");
    assert_eq!(problems[0].kind.code(), "extends-in-circle");
}

#[test]
fn an_empty_map_takes_away_what_the_base_says() {
    assert_eq!(overlay("").attributes.len(), 1);
    let framework = overlay("groups: []\nattributes: {}\n");
    assert_eq!(framework.attributes, []);
}

#[test]
fn an_empty_list_takes_away_what_the_base_says() {
    let framework = overlay("groups: []\nchange: [{id: pol1, references: []}]\n");
    assert_eq!(framework.groups, []);
    let references = |id: &str| {
        let node = node(&framework, id);
        framework.node(node).references.clone()
    };
    assert_eq!(references("pol1"), [] as [String; 0]);
    assert_eq!(references("pol2"), ["https://example.org"]);
}
