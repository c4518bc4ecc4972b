//! A framework and responses, parted by a line of `---8<---`: scored, explained and written in every format.
#![no_main]

use dgpf::analysis::explain::Explainer;
use dgpf::framework::{self, Framework, Source};
use dgpf::report::present::{self, View};
use dgpf::report::terminal::Look;
use dgpf::report::{self, Bundle, Data, Page, ScoreResult};
use dgpf::responses::{self, Input, Options};
use dgpf::scoring::{Assumptions, Plan};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some((yaml, csv)) = text.split_once("---8<---\n") else {
        return;
    };
    let source = Source {
        name: "fuzzed.yaml".into(),
        text: yaml.to_owned(),
    };
    let Ok(loaded) = framework::load(&source, &|_| None) else {
        return;
    };
    let framework = loaded.framework;
    let input = Input {
        name: "fuzzed.csv",
        bytes: csv.as_bytes(),
    };
    let Ok(loaded) = responses::load(&[input], &framework, &Options::default()) else {
        return;
    };
    let assumptions = Assumptions::of(&framework);
    let plan = Plan::compile(&framework, &assumptions);
    let table = plan.score(&loaded.responses);
    let explainer = Explainer::new(&plan, &loaded.responses);
    if let Some(first) = table.observations.first() {
        explainer.explain(&first.unit, first.period, Framework::INDEX);
    }
    let result = ScoreResult::new(
        &framework,
        &assumptions,
        &loaded.responses,
        Vec::new(),
        table,
    )
    .with_origin(&framework, &loaded.responses);
    let view = View::default();
    let page = [present::scores(&result, view)];
    let look = Look {
        width: 80,
        colour: true,
        pictures: true,
    };
    for format in [Page::Table, Page::Markdown] {
        report::write_pages(&page, format, look, &mut Vec::new()).expect("a vector takes all");
    }
    for format in [
        Data::Csv,
        Data::CsvWide,
        Data::CsvFacets,
        Data::SdmxCsv,
        Data::Json,
    ] {
        report::write_data(&result, format, view, &mut Vec::new()).expect("a vector takes all");
    }
    for bundle in [Bundle::DataPackage, Bundle::Badges, Bundle::Charts] {
        report::files(&result, bundle, view);
    }
});
