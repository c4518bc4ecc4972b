//! How long each stage takes on one core, for a thousand units with 155 answers each: `cargo bench`.

use std::fmt::Write as _;

use dgpf::framework::{self, Framework, Source};
use dgpf::report::present::View;
use dgpf::report::{self, Data, ScoreResult};
use dgpf::responses::{self, Input, Options, Responses};
use dgpf::scoring::{Assumptions, Plan};
use divan::Bencher;
use divan::counter::ItemsCount;

const UNITS: usize = 1_000;
const DIMENSIONS: usize = 5;
const QUESTIONS: usize = 31;
const ANSWERS: usize = UNITS * DIMENSIONS * QUESTIONS;

fn main() {
    divan::main();
}

/// Questions with three answers, in dimensions.
fn framework_text() -> String {
    let mut text = String::from(
        "dgpf: 1\nid: bench\nunit: {key: unit, codes: any}\nranking: {}\n\
         levels: [{id: low, from: 0}, {id: high, from: 0.5}]\n\
         scales: {s: {\"no\": 0, partly: 0.5, \"yes\": 1}}\ndimensions:\n",
    );
    for dimension in 0..DIMENSIONS {
        let _ = writeln!(text, "  - id: d{dimension}\n    indicators:");
        for question in 0..QUESTIONS {
            let _ = writeln!(text, "      - {{id: d{dimension}q{question}, scale: s}}");
        }
    }
    text
}

/// One answer in seventeen is missing.
fn responses_text() -> String {
    let mut text = String::from("unit");
    for dimension in 0..DIMENSIONS {
        for question in 0..QUESTIONS {
            let _ = write!(text, ",d{dimension}q{question}");
        }
    }
    text.push('\n');
    for unit in 0..UNITS {
        let _ = write!(text, "U{unit:04}");
        for question in 0..DIMENSIONS * QUESTIONS {
            let at = unit * 31 + question * 7;
            let answer = if at % 17 == 0 {
                ""
            } else {
                ["no", "partly", "yes"][at % 3]
            };
            let _ = write!(text, ",{answer}");
        }
        text.push('\n');
    }
    text
}

fn framework(text: String) -> Framework {
    let source = Source {
        name: "bench.yaml".into(),
        text,
    };
    let loaded = framework::load(&source, &|_| None);
    loaded.expect("the framework is sound").framework
}

fn responses(framework: &Framework, text: &str) -> Responses {
    let input = Input {
        name: "bench.csv",
        bytes: text.as_bytes(),
    };
    let loaded = responses::load(&[input], framework, &Options::default());
    loaded.expect("the responses are sound").responses
}

#[divan::bench]
fn load_framework(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(framework_text)
        .counter(ItemsCount::new(DIMENSIONS * QUESTIONS))
        .bench_values(framework);
}

#[divan::bench]
fn read_responses(bencher: Bencher<'_, '_>) {
    let framework = framework(framework_text());
    let text = responses_text();
    bencher
        .counter(ItemsCount::new(ANSWERS))
        .bench(|| responses(&framework, &text));
}

#[divan::bench]
fn compile_plan(bencher: Bencher<'_, '_>) {
    let framework = framework(framework_text());
    let assumptions = Assumptions::of(&framework);
    bencher
        .counter(ItemsCount::new(DIMENSIONS * QUESTIONS))
        .bench(|| Plan::compile(&framework, &assumptions));
}

#[divan::bench]
fn score_units(bencher: Bencher<'_, '_>) {
    let framework = framework(framework_text());
    let responses = responses(&framework, &responses_text());
    let assumptions = Assumptions::of(&framework);
    let plan = Plan::compile(&framework, &assumptions);
    bencher
        .counter(ItemsCount::new(ANSWERS))
        .bench(|| plan.score(&responses));
}

#[divan::bench(args = [Data::Csv, Data::CsvWide, Data::Json])]
fn write_scores(bencher: Bencher<'_, '_>, format: Data) {
    let framework = framework(framework_text());
    let responses = responses(&framework, &responses_text());
    let assumptions = Assumptions::of(&framework);
    let table = Plan::compile(&framework, &assumptions).score(&responses);
    let result = ScoreResult::new(&framework, &assumptions, &responses, Vec::new(), table);
    bencher.counter(ItemsCount::new(UNITS)).bench(|| {
        let mut out = Vec::new();
        report::write_data(&result, format, View::default(), &mut out).map(|()| out)
    });
}
