//! The framework that `dgpf frameworks new` starts with: without a remark, and scored at once.

use std::sync::Arc;

use dgpf::framework::{self, Source, skeleton};
use dgpf::problem;
use dgpf::responses::{self, Input};
use dgpf::scoring::{Assumptions, Plan};

#[test]
fn a_new_framework_scores_its_sample_without_a_remark() {
    let skeleton = skeleton("my-index").expect("it is an id");
    let source = Source {
        name: Arc::from("my-index.yaml"),
        text: skeleton.framework,
    };
    let loaded = framework::advise(&source, &|_| None, false).expect("it is sound");
    assert_eq!(problem::render(&loaded.remarks), "");
    let framework = loaded.framework;
    assert_eq!(framework.title.as_str(), "My index");

    let input = Input {
        name: "my-index.csv",
        bytes: skeleton.responses.as_bytes(),
    };
    let options = responses::Options::default();
    let loaded = responses::load(&[input], &framework, &options).expect("they are sound");
    assert_eq!(problem::render(&loaded.remarks), "");

    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    let table = plan.score(&loaded.responses);
    let shown: Vec<f64> = table.nodes[0]
        .score
        .iter()
        .map(|score| framework.range.show(score.expect("all have a score")))
        .collect();
    // north: strategy 1, delivery (1 + 0.8 + 2/3) ÷ 3 = 0.8222; (1 + 2·0.8222) ÷ 3
    // south: strategy 0.5, delivery (0.5 + 0.35 + 1/3) ÷ 3 = 0.3944; (0.5 + 2·0.3944) ÷ 3
    // west: strategy 0, delivery 0 from the channels alone
    for (shown, expected) in shown.iter().zip([88.148_148, 42.962_963, 0.0]) {
        assert!((shown - expected).abs() < 1e-6, "{shown} {expected}");
    }
}
