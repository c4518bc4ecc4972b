//! A framework with everything that a form can ask for, answers to it, and what they are scored to.

use std::sync::Arc;

use dgpf::framework::{self, Framework, Source};
use dgpf::problem;
use dgpf::report::forms::{self, Form, Kind, Options};
use dgpf::report::{ScoreResult, csv};
use dgpf::responses::{self, Input, Responses};
use dgpf::scoring::{Assumptions, Plan};

/// Skip logic on every kind of answer, evidence, numbers that need not be there, codes that no survey tool takes.
pub(crate) const RICH: &str = include_str!("rich.yaml");

/// Every kind of answer, gaps included; what a condition hides is not answered.
pub(crate) const ANSWERS: &str = "\
body,year,assessor,region,staff,has_a_plan_for_the_data,has_a_plan_for_the_data__evidence,pl2,pl3,pl3__evidence,ch1,sh1,sh1__evidence,sh2,re1
A,2026,first,north,12.5,yes,https://example.org/plan,in some,dates;named owner,\"page 3, \"\"annex\"\"\",web;app,71.5,survey,12,
A,2026,second,north,12.5,yes,,all,dates;budget_line;named owner,,app,60,,30.5,
B,2026,first,far south,3,no,,,,,none,,,,yes
C,2026,first,far south,,yes,a link,all,none_of_these,,web,49.25,,,dk
D,2026,first,north,40,dk,,,,,app,dk,,,
E,2026,first,north,7,yes,x,none_at_all,,,dk,,,,
F,2026,first,far south,8,yes,y,all,dk,,web;app,100,z,-88,no
";

/// The framework in `text`.
pub(crate) fn framework(text: &str) -> Framework {
    let source = Source {
        name: Arc::from("framework.yaml"),
        text: text.to_owned(),
    };
    match framework::load(&source, &|_| None) {
        Ok(loaded) => loaded.framework,
        Err(problems) => panic!("{}", problem::render(&problems)),
    }
}

/// The responses in a file.
pub(crate) fn read(framework: &Framework, bytes: &[u8]) -> Responses {
    let input = Input {
        name: "responses",
        bytes,
    };
    match responses::load(&[input], framework, &responses::Options::default()) {
        Ok(loaded) => loaded.responses,
        Err(problems) => panic!(
            "{}\n{}",
            problem::render(&problems),
            String::from_utf8_lossy(bytes)
        ),
    }
}

/// The scores as data: without the hash of the file.
pub(crate) fn scores(framework: &Framework, responses: &Responses) -> String {
    let assumptions = Assumptions::of(framework);
    let table = Plan::compile(framework, &assumptions).score(responses);
    let result = ScoreResult::new(framework, &assumptions, responses, Vec::new(), table);
    let mut out = Vec::new();
    csv::write_tidy(&result, &mut out).expect("memory takes it");
    String::from_utf8(out).expect("CSV is text")
}

/// The answers as data.
pub(crate) fn answers(framework: &Framework, responses: &Responses) -> String {
    let mut out = Vec::new();
    responses::write_long(responses, framework, &mut out).expect("memory takes it");
    String::from_utf8(out).expect("CSV is text")
}

/// The answers and scores of a file are those of another one.
#[track_caller]
pub(crate) fn same(framework: &Framework, found: &[u8], expected: &Responses, what: &str) {
    let found = read(framework, found);
    assert_eq!(
        answers(framework, &found),
        answers(framework, expected),
        "{what}"
    );
    assert_eq!(
        scores(framework, &found),
        scores(framework, expected),
        "{what}"
    );
}

/// A form with these answers in it.
pub(crate) fn filled<'f>(
    framework: &'f Framework,
    responses: &Responses,
    unit: Option<&str>,
) -> Form<'f> {
    let mut form = Form::of(framework, &Options::default());
    assert!(form.prefill(responses, unit) > 0);
    form
}

pub(crate) fn written(form: &Form<'_>, kind: Kind) -> Vec<u8> {
    let mut out = Vec::new();
    forms::write(form, kind, 946_684_800, &mut out).expect("it can be made");
    out
}

/// The units of [`ANSWERS`] that have one row, each with its answers.
pub(crate) fn of_one_row(all: &Responses) -> [(&'static str, Responses); 5] {
    ["B", "C", "D", "E", "F"].map(|unit| {
        let mut rows = all.rows.iter();
        let row = rows.position(|row| all.units[row.unit].id.as_ref() == unit);
        (unit, all.of_rows(&[row.expect("the unit is there")]))
    })
}
