//! Forms that are filled in with an earlier wave.

use std::collections::BTreeMap;

use dgpf::framework::{Framework, Gap};
use dgpf::report::forms::{Form, Kind, Options};
use dgpf::responses::{Answer, Responses};
use proptest::prelude::*;

use crate::common::{Wild, cases, config};
use crate::kit::{ANSWERS, RICH, answers, filled, framework, read, same, written};

const TABLES: &[Kind] = &[
    Kind::Csv,
    Kind::CsvLong,
    #[cfg(feature = "xlsx")]
    Kind::Xlsx,
];

#[test]
fn every_answer_stands_in_every_table() {
    let framework = framework(RICH);
    let expected = read(&framework, ANSWERS.as_bytes());
    // Nothing was lost when the answers themselves were read: dates and an owner, no option, do not know, not applicable.
    let text = answers(&framework, &expected);
    for line in [
        "A,2026,first,north,12.5,pl3,dates;named owner,\"page 3, \"\"annex\"\"\"",
        "C,2026,first,far south,,pl3,none_of_these,",
        "D,2026,first,north,40,sh1,dk,",
        "F,2026,first,far south,8,sh2,-88,",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    for &kind in TABLES {
        let form = filled(&framework, &expected, None);
        same(
            &framework,
            &written(&form, kind),
            &expected,
            &format!("{kind:?}"),
        );
        let french = Options {
            language: Some("fr"),
            ..Options::default()
        };
        let mut form = Form::of(&framework, &french);
        form.prefill(&expected, None);
        same(
            &framework,
            &written(&form, kind),
            &expected,
            &format!("{kind:?} in French"),
        );
    }
}

/// The cells of `ANSWERS`, a row by name.
fn by_hand() -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(ANSWERS.as_bytes());
    let header = reader.headers().expect("there is a header").clone();
    let row = |record: csv::StringRecord| {
        let cells = header.iter().zip(record.iter());
        cells
            .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
            .collect()
    };
    reader
        .records()
        .map(|record| row(record.expect("it is sound")))
        .collect()
}

#[test]
fn a_blank_table_is_filled_in_by_hand() {
    let framework = framework(RICH);
    let expected = read(&framework, ANSWERS.as_bytes());
    let blank = written(&Form::of(&framework, &Options::default()), Kind::Csv);
    let mut reader = csv::Reader::from_reader(blank.as_slice());
    let header = reader.headers().expect("there is a header").clone();
    assert_eq!(reader.records().count(), 0);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("memory takes it");
    for row in by_hand() {
        let cells = header
            .iter()
            .map(|name| row.get(name).map_or("", String::as_str));
        writer.write_record(cells).expect("memory takes it");
    }
    same(
        &framework,
        &writer.into_inner().expect("memory takes it"),
        &expected,
        "wide",
    );
}

#[test]
fn a_blank_long_table_is_filled_in_by_hand() {
    let framework = framework(RICH);
    let expected = read(&framework, ANSWERS.as_bytes());
    let blank = written(&Form::of(&framework, &Options::default()), Kind::CsvLong);
    let mut reader = csv::Reader::from_reader(blank.as_slice());
    let header = reader.headers().expect("there is a header").clone();
    let questions: Vec<csv::StringRecord> =
        reader.records().map(|r| r.expect("it is sound")).collect();
    assert_eq!(questions.len(), framework.indicators().count());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("memory takes it");
    for row in by_hand() {
        for question in &questions {
            let at = |name: &str| {
                header
                    .iter()
                    .position(|other| other == name)
                    .expect("a column")
            };
            let code = &question[at("indicator")];
            let cells = header.iter().zip(question).map(|(name, cell)| {
                let name = match name {
                    "answer" => code.to_owned(),
                    "evidence" => format!("{code}__evidence"),
                    other => other.to_owned(),
                };
                row.get(&name).map_or(cell, String::as_str)
            });
            writer.write_record(cells).expect("memory takes it");
        }
    }
    same(
        &framework,
        &writer.into_inner().expect("memory takes it"),
        &expected,
        "long",
    );
}

#[test]
fn one_unit_and_another_period() {
    let framework = framework(RICH);
    let expected = read(&framework, ANSWERS.as_bytes());
    let options = Options {
        period: Some("2027"),
        ..Options::default()
    };
    let mut form = Form::of(&framework, &options);
    assert_eq!(form.prefill(&expected, Some("b")), 1);
    let found = read(&framework, &written(&form, Kind::Csv));
    assert_eq!(
        answers(&framework, &found),
        "\
body,year,assessor,region,staff,indicator,answer
B,2027,first,far south,3,has_a_plan_for_the_data,no
B,2027,first,far south,3,ch1,none
B,2027,first,far south,3,re1,yes
"
    );
    assert_eq!(form.prefill(&expected, Some("nobody")), 0);
}

#[test]
fn a_questionnaire_shows_what_was_answered() {
    let framework = framework(RICH);
    let expected = read(&framework, ANSWERS.as_bytes());
    let form = filled(&framework, &expected, Some("A"));
    let text = String::from_utf8(written(&form, Kind::Markdown)).expect("it is text");
    for line in [
        "- **Public body** (body): A",
        "### 1. Is there a plan? (has\\_a\\_plan\\_for\\_the\\_data)",
        "- [x] Yes",
        "- [ ] No",
        "*Only if:* has\\_a\\_plan\\_for\\_the\\_data is “Yes”",
        "- [x] Dates",
        "- [ ] A budget line",
        "- [x] A named owner",
        "- [ ] None of these",
        "Evidence (The page): page 3, \"annex\"",
        "A number from 0 to 100 (%): 71.5",
        "*Only if:* sh1 is at least 50",
        "*Only if:* Region is far south",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} in\n{text}");
    }
}

#[test]
fn the_latest_period_counts() {
    let framework = framework(RICH);
    let text =
        "body,year,assessor,has_a_plan_for_the_data\nA,2024,x,no\nA,2026,x,yes\nB,2024,x,yes\n";
    let responses = read(&framework, text.as_bytes());
    let form = filled(&framework, &responses, None);
    let found = read(&framework, &written(&form, Kind::Csv));
    assert_eq!(found.units.len(), 1);
    assert!(answers(&framework, &found).contains("A,2026,x,,,has_a_plan_for_the_data,yes"));
}

#[test]
fn questions_that_do_not_exist_or_do_not_count_are_not_asked() {
    let framework = framework(
        "dgpf: 1\nid: f\nunit: unit\nperiod: year\nscales: {s: {a: 0, b: 1}}\nindicators:\n  - {id: old, scale: s, periods: {to: '2024'}}\n  - {id: now, scale: s}\n  - {id: aside, scale: s, scored: false}\n",
    );
    let asked = |options: &Options<'_>| -> Vec<String> {
        let form = Form::of(&framework, options);
        form.questions().map(|q| q.indicator.code.clone()).collect()
    };
    assert_eq!(asked(&Options::default()), ["old", "now"]);
    let later = Options {
        period: Some("2026"),
        unscored: true,
        ..Options::default()
    };
    assert_eq!(asked(&later), ["now", "aside"]);
    // What was answered is kept.
    let responses = read(&framework, b"unit,year,old,now,aside\nA,2024,a,b,b\n");
    let form = filled(&framework, &responses, None);
    same(&framework, &written(&form, Kind::Csv), &responses, "aside");
}

/// The rows of the latest period, without what only the file knows.
fn latest(responses: &Responses) -> Responses {
    let last = responses.periods.len() - 1;
    let rows = (0..responses.rows.len()).filter(|&row| responses.rows[row].period == last);
    responses.of_rows(&rows.collect::<Vec<_>>())
}

/// Every answer of every row, and by whom.
fn told(responses: &Responses, framework: &Framework) -> Vec<String> {
    let answer = |at: usize, row: usize| match responses.answers[at].get(row) {
        Answer::Missing(Gap::Unanswered) => String::new(),
        answer => format!(" {at}={answer:?}"),
    };
    let count = framework.indicators().count();
    let rows = responses.rows.iter().enumerate().map(|(at, row)| {
        let unit = &responses.units[row.unit].id;
        let told: String = (0..count).map(|question| answer(question, at)).collect();
        format!(
            "{unit} {} {:?}{told}",
            responses.periods[row.period], row.keys
        )
    });
    rows.collect()
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn random_answers_stand_in_every_table(case in cases(Wild { gaps: false, ..Wild::ALL })) {
        let expected = latest(&case.responses);
        let form = filled(&case.framework, &case.responses, None);
        for &kind in TABLES {
            let found = read(&case.framework, &written(&form, kind));
            prop_assert_eq!(
                told(&found, &case.framework),
                told(&expected, &case.framework),
                "{:?}", kind
            );
        }
    }
}
