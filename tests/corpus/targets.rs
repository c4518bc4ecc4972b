//! What a fuzzer feeds: the targets in `fuzz/` call these with whatever bytes they invent, the tests with those that were
//! worth keeping.

#![allow(dead_code, reason = "every target is one of these")]

use std::sync::OnceLock;

use dgpf::analysis::explain::Explainer;
use dgpf::analysis::improve::Improver;
use dgpf::framework::{self, Framework, Source};
use dgpf::problem;
use dgpf::report::present::{self, ExplainView, View};
use dgpf::report::sql::{self, Dialect};
use dgpf::report::terminal::Look;
use dgpf::report::{self, Bundle, Data, Page, ScoreResult, json, site};
use dgpf::responses::{
    self, Begun, Encoding, Input, OnDuplicate, Options, Order, Outcome, Pace, Responses, Stream,
};
use dgpf::scoring::{Assumptions, Plan};

/// What parts the framework from the responses in the bytes for [`pair`], and the beginning from the rest in those for
/// [`pieces`].
const SCISSORS: &str = "---8<---\n";

/// Any bytes as a framework file: every mistake is told; what is sound is laid out.
pub(crate) fn framework(bytes: &[u8]) {
    let Ok(source) = Source::decode("fuzzed.yaml", bytes) else {
        return;
    };
    match framework::load(&source, &|_| None) {
        Ok(loaded) => {
            framework::attainable(&loaded.framework);
            problem::render(&loaded.remarks);
        }
        Err(problems) => {
            problem::render(&problems);
        }
    }
}

/// Any bytes as responses in text: in whatever dialect they seem to be, and in one that they are said to be in.
pub(crate) fn responses(bytes: &[u8]) {
    read("fuzzed.csv", bytes, &Options::default());
    let length = bytes.len();
    let said = Options {
        delimiter: [None, Some(b','), Some(b';'), Some(b'\t'), Some(b'|')][length % 5],
        encoding: Encoding::named(["", "utf-8", "utf-16le", "windows-1252"][length % 4]),
        header_rows: [None, Some(1), Some(2), Some(3)][length / 4 % 4],
        on_duplicate: [OnDuplicate::First, OnDuplicate::Last, OnDuplicate::Newest][length % 3],
        ..Options::default()
    };
    read("fuzzed.csv", bytes, &said);
}

/// Any bytes as responses that are read in pieces, their beginning parted from the rest by [`SCISSORS`]: what can be read
/// to its end is sound as a whole, and says the same.
pub(crate) fn pieces(bytes: &[u8]) {
    static FRAMEWORK: OnceLock<Framework> = OnceLock::new();
    let framework = FRAMEWORK.get_or_init(|| {
        let yaml = "dgpf: 1\nid: pieces\nunit: {key: unit, codes: any}\nattributes: {name: text}\nindicators:\n\
                    - {id: a, scale: {\"no\": 0, \"yes\": 1}}\n- {id: b, number: {from: 0, to: 100}}\n";
        sound(yaml).expect("it is sound")
    });
    let mut places = bytes.windows(SCISSORS.len());
    let Some(at) = places.position(|found| found == SCISSORS.as_bytes()) else {
        return;
    };
    let (beginning, rest) = (&bytes[..at], &bytes[at + SCISSORS.len()..]);
    let options = Options::default();
    let name = "fuzzed.csv";
    let begun = Begun {
        beginning: Input {
            name,
            bytes: beginning,
        },
        ended: false,
    };
    let Some(stream) = Stream::open(&[begun], framework, &options, &|_| None) else {
        return;
    };
    let pace = Pace {
        size: 32 + bytes.len() % 97,
        pieces: 1,
    };
    for order in [Order::Ascending, Order::Any] {
        let mut found = Vec::new();
        let mut take = |rows: Vec<String>| {
            found.extend(rows);
            Ok(())
        };
        let work = |responses: &mut Responses| rows(responses);
        let read = stream.read(&mut [&mut &*rest], (order, pace), &work, &mut take);
        if read.expect("a text can be read").outcome != Outcome::Done {
            continue;
        }
        let whole = [beginning, rest].concat();
        let whole = Input {
            name,
            bytes: &whole,
        };
        let loaded = responses::load(&[whole], framework, &options)
            .unwrap_or_else(|problems| panic!("{}", problem::render(&problems)));
        let mut expected = rows(&loaded.responses);
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    }
}

/// What every row says.
fn rows(responses: &Responses) -> Vec<String> {
    let rows = responses.rows.iter().enumerate();
    let said = rows.map(|(at, row)| {
        let answers: Vec<_> = responses.answers.iter().map(|own| own.get(at)).collect();
        format!("{:?} {answers:?}", responses.units[row.unit])
    });
    said.collect()
}

/// Any bytes as a spreadsheet.
pub(crate) fn spreadsheet(bytes: &[u8]) {
    read("fuzzed.xlsx", bytes, &Options::default());
}

/// Reads responses to the framework of the tests' exports, and writes what was read.
fn read(name: &str, bytes: &[u8], options: &Options) {
    static FRAMEWORK: OnceLock<Framework> = OnceLock::new();
    let framework = FRAMEWORK.get_or_init(|| {
        let text = include_str!("../exports/framework.yaml");
        sound(text).expect("the tests' own framework is sound")
    });
    let input = Input { name, bytes };
    responses::fits(&input, framework, options);
    match responses::load(&[input], framework, options) {
        Ok(loaded) => {
            let mut out = Vec::new();
            responses::write_long(&loaded.responses, framework, &mut out)
                .expect("a vector takes all");
        }
        Err(problems) => {
            problem::render(&problems);
        }
    }
}

/// Any bytes as a saved result: one that can be read is written, and read to the same again.
pub(crate) fn result(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(result) = json::read(text) {
        let written = json_of(&result);
        let again = json::read(&written).expect("what was written can be read");
        assert_eq!(written, json_of(&again));
        write_all(&result);
    }
}

/// A framework and responses, parted by [`SCISSORS`]: scored, explained and written in every format.
pub(crate) fn pair(text: &str) {
    let Some((yaml, csv)) = text.split_once(SCISSORS) else {
        return;
    };
    let Some(framework) = sound(yaml) else {
        return;
    };
    let input = Input {
        name: "fuzzed.csv",
        bytes: csv.as_bytes(),
    };
    let Ok(loaded) = responses::load(&[input], &framework, &Options::default()) else {
        return;
    };
    let assumptions = Assumptions::of(&framework);
    let plan = Plan::compile(&framework, &assumptions);
    score(&plan, &assumptions, &loaded.responses);
    for dialect in [
        Dialect::DuckDb,
        Dialect::Postgres,
        Dialect::Spark,
        Dialect::Sqlite,
    ] {
        // What a query cannot say is refused by name.
        let _ = sql::write(&plan, &sql::Options::of(&framework, dialect));
    }
}

fn score(plan: &Plan<'_>, assumptions: &Assumptions, responses: &Responses) {
    let framework = plan.framework();
    let explainer = Explainer::new(plan, responses);
    let improver = Improver::new(plan, responses);
    let table = plan.score(responses);
    if let Some(first) = table.observations.first() {
        let found = explainer.explain(&first.unit, first.period, Framework::INDEX);
        if let Some(found) = found {
            let periods = &responses.periods;
            present::explanation(&found, framework, periods, ExplainView::default());
        }
        improver.steps(&first.unit, first.period, Framework::INDEX, 3);
    }
    let result = ScoreResult::new(framework, assumptions, responses, Vec::new(), table)
        .with_origin(framework, assumptions, responses);
    let material = site::Material {
        result: &result,
        framework: Some(framework),
        responses: Some(responses),
        comparison: None,
        trust: None,
    };
    site::pages(&material, 0, site::Style::default(), &|_| None);
    write_all(&result);
    again(&result);
}

/// A result that holds what it was made from gives the same scores when it is opened.
fn again(result: &ScoreResult) {
    let written = json_of(result);
    let saved = json::read(&written).expect("what was written can be read");
    let origin = saved.origin.expect("it was written with its answers");
    let opened = origin
        .open(&result.about)
        .expect("what was scored is sound");
    let framework = &opened.loaded.framework;
    let assumptions = Assumptions::of(framework);
    let table = Plan::compile(framework, &assumptions).score(&opened.responses);
    assert_eq!(
        format!("{:?}", table.nodes),
        format!("{:?}", result.scores.nodes)
    );
}

fn write_all(result: &ScoreResult) {
    let view = View::default();
    let page = [present::scores(result, view)];
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
        #[cfg(feature = "xlsx")]
        Data::Xlsx,
    ] {
        report::write_data(result, format, view, &mut Vec::new()).expect("a vector takes all");
    }
    for bundle in [Bundle::DataPackage, Bundle::Badges, Bundle::Charts] {
        report::files(result, bundle, view);
    }
}

fn json_of(result: &ScoreResult) -> String {
    let mut written = Vec::new();
    json::write(result, &mut written).expect("a vector takes all");
    String::from_utf8(written).expect("JSON is UTF-8")
}

fn sound(yaml: &str) -> Option<Framework> {
    let source = Source {
        name: "fuzzed.yaml".into(),
        text: yaml.to_owned(),
    };
    let loaded = framework::load(&source, &|_| None).ok()?;
    Some(loaded.framework)
}
