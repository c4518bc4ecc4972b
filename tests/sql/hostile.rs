//! No label and no answer breaks out of a query, or comes back as something else.

use std::fmt::Write as _;

use dgpf::framework::{self, Framework, Source, builtin};
use dgpf::report::sql::{self, Dialect, Input, Options};
use dgpf::scoring::{Assumptions, Plan};
use rusqlite::Batch;
use rusqlite::fallible_iterator::FallibleIterator as _;

use crate::kit::{Table, check, run};

/// Answers that engines, templates or shells would like to read as something else; in lower case and without spaces
/// around, as answers are compared.
const ANSWERS: [&str; 22] = [
    "it's",
    "''",
    "\\",
    "\\'",
    "\\'); drop table responses; --",
    "a\\nb",
    "x' or '1'='1",
    "${env:home}",
    "${spark.app.name}",
    "$$x$$",
    "{{ env_var('home') }}",
    "{% raw %}",
    "{# x #}",
    "*/ 1 /*",
    "-- c",
    "bell \u{7}",
    "ünï 日本 😀",
    "%s ? :name @p",
    "\"dq\" `bt`",
    "e'x'",
    ";",
    "null",
];

const TITLE: &str = "*/ SELECT 1; -- {{ x }} {% y %} ${env:HOME} \\ ' \u{202e} $$ /* \r\n";

/// A framework with every answer above, each worth something else.
pub(crate) fn framework() -> Framework {
    let mut text = String::from(
        "dgpf: 1\nid: hostile\nunit: {key: unit, codes: any}\nindicators:\n  - id: q1\n",
    );
    let title = serde_json::to_string(TITLE).expect("a text");
    let _ = writeln!(
        text,
        "    title: {title}\n    question: {title}\n    scale:"
    );
    for (at, answer) in ANSWERS.iter().enumerate() {
        let answer = serde_json::to_string(answer).expect("a text");
        let _ = writeln!(text, "      {answer}: {{score: {at}/100, label: {answer}}}");
    }
    let source = Source {
        name: "hostile.yaml".into(),
        text,
    };
    let loaded = framework::load(&source, &builtin::find);
    loaded
        .unwrap_or_else(|problems| panic!("{}", dgpf::problem::render(&problems)))
        .framework
}

/// A unit for every answer.
pub(crate) fn table() -> Table {
    let rows = ANSWERS.iter().enumerate();
    Table {
        header: vec!["unit".to_owned(), "q1".to_owned()],
        rows: rows
            .map(|(at, answer)| vec![format!("u{at:02}"), (*answer).to_owned()])
            .collect(),
    }
}

#[test]
fn hostile_answers_are_what_they_are() {
    let wrong = check(&framework(), &table(), |options| options.indicators = true);
    let wrong = wrong.expect("it can be said");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn queries_are_one_statement_whatever_they_hold() {
    let framework = framework();
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    for dialect in Dialect::ALL {
        let options = Options::of(&framework, dialect);
        let query = sql::write(&plan, &options).expect("it can be said").text;
        let checks = sql::checks(&plan, &options).expect("they can be said");
        let texts = checks.iter().map(|check| &check.text).chain([&query]);
        for text in texts {
            let dangerous = ["{{", "{%", "{#", "\u{202e}", "${"];
            for sign in dangerous
                .iter()
                .filter(|sign| **sign != "${" || dialect == Dialect::Spark)
            {
                assert!(!text.contains(sign), "{dialect:?} {sign}\n{text}");
            }
            assert!(!text.trim_end().ends_with(';'), "{text}");
            assert_eq!(
                text.matches("/*").count(),
                text.matches("*/").count(),
                "{text}"
            );
        }
        if dialect == Dialect::Sqlite {
            let database = table().open();
            let mut batch = Batch::new(&database, &query);
            assert!(batch.next().expect("a statement").is_some());
            assert!(batch.next().expect("nothing more").is_none());
        }
    }
}

#[test]
fn checks_find_what_is_wrong_and_nothing_else() {
    let framework = framework();
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    let options = Options::of(&framework, Dialect::Sqlite);
    let checks = sql::checks(&plan, &options).expect("they can be said");
    let rows_of = |table: &Table| -> Vec<(String, usize)> {
        let database = table.open();
        let found = checks
            .iter()
            .map(|check| (check.id.clone(), run(&database, &check.text).len()));
        found.filter(|(_, rows)| *rows > 0).collect()
    };
    assert_eq!(rows_of(&table()), []);
    let mut wrong = table();
    wrong.rows.push(vec!["u00".to_owned(), String::new()]);
    wrong.rows.push(vec![" ".to_owned(), "perhaps".to_owned()]);
    assert_eq!(
        rows_of(&wrong),
        [
            ("empty_keys".to_owned(), 1),
            ("repeated_rows".to_owned(), 1),
            ("unknown_answers".to_owned(), 1)
        ]
    );
}

#[test]
fn checks_find_rows_that_disagree_about_what_they_become() {
    let text = "dgpf: 1
id: sample
unit: {key: unit, codes: any}
rows: [{key: office, combine: {by: kind, central: best, regional: mean}, of: answers}]
attributes: {kind: {values: [central, regional]}, staff: number, note: text}
groups: [{id: staffed, where: {note: open}, average: {weight: staff}}]
indicators:
  - {id: q1, number: {from: 0, to: 1}}
  - {id: q2, number: {from: 0, to: 1}}
";
    let source = Source {
        name: "sample.yaml".into(),
        text: text.to_owned(),
    };
    let framework = framework::load(&source, &builtin::find)
        .unwrap_or_else(|problems| panic!("{}", dgpf::problem::render(&problems)))
        .framework;
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    let found = |input: Input, header: &str, rows: &[&str]| {
        let cells = |line: &str| line.split(',').map(str::to_owned).collect();
        let database = Table {
            header: cells(header),
            rows: rows.iter().map(|row| cells(row)).collect(),
        }
        .open();
        let options = Options {
            input,
            ..Options::of(&framework, Dialect::Sqlite)
        };
        let checks = sql::checks(&plan, &options).expect("they can be said");
        let rows = checks.iter().flat_map(|check| {
            let rows = run(&database, &check.text).into_iter();
            rows.map(|row| format!("{} {row:?}", check.id))
        });
        rows.collect::<Vec<_>>()
    };
    let wide = |rows: &[&str]| found(Input::Wide, "unit,office,kind,staff,note,q1,q2", rows);
    assert_eq!(
        wide(&[
            "A,1,central,3,Open,1,1",
            "A,2,CENTRAL,3.0,open,0,1",
            "A,3,,,,0,1"
        ]),
        [] as [String; 0]
    );
    assert_eq!(
        wide(&["A,1,central,3,open,1,1", "A,2,regional,4,shut,0,1"]),
        [
            r#"disagreeing_kind [Text("A"), Text("central"), Text("regional")]"#,
            r#"disagreeing_staff [Text("A"), Number(3.0), Number(4.0)]"#,
            r#"disagreeing_note [Text("A"), Text("open"), Text("shut")]"#,
        ]
    );
    let long = |rows: &[&str]| {
        let header = "unit,office,kind,staff,note,indicator,answer";
        found(Input::Long, header, rows)
    };
    assert_eq!(
        long(&["A,1,central,3,open,q1,1", "A,2,central,3,,q1,0"]),
        [] as [String; 0]
    );
    // Within a row of a file, capitals make a difference, too.
    assert_eq!(
        long(&["A,1,central,3,open,q1,1", "A,1,central,3,Open,q2,0"]),
        [r#"contradicted_note [Text("A"), Text("1"), Text("Open"), Text("open")]"#]
    );
}

#[test]
fn names_that_could_be_read_otherwise_are_refused() {
    let framework = framework();
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    for name in ["a\u{0}b", "{{ x }}", "${env:HOME}", ""] {
        let options = Options {
            table: vec![name.to_owned()],
            ..Options::of(&framework, Dialect::Spark)
        };
        assert!(sql::write(&plan, &options).is_err(), "{name:?}");
    }
}
