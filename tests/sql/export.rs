//! Cases for `engines.py`: tables, queries and scores in files, for engines that are no library.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use dgpf::framework::{self, Framework};
use dgpf::report::sql::{self, Dialect, Input, Options};
use dgpf::scoring::{Assumptions, Plan};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::common::{Wild, cases, config};
use crate::kit::{Cell, Table, expected, with_codes};
use crate::{hostile, shipped};

/// Engines that are asked.
const ENGINES: [Dialect; 3] = [Dialect::DuckDb, Dialect::Postgres, Dialect::Spark];

/// Writes a case for every engine; whether it can be said.
fn write(
    directory: &Path,
    framework: &Framework,
    table: &Table,
    change: impl Fn(&mut Options),
) -> bool {
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    let mut said = false;
    for dialect in ENGINES {
        let mut options = Options::of(framework, dialect);
        change(&mut options);
        let Ok(query) = sql::write(&plan, &options) else {
            continue;
        };
        let scores = plan.score(&table.load(framework));
        let rows = expected(framework, &scores, &options);
        let cell = |cell: &Cell| match cell {
            Cell::Nothing => Value::Null,
            Cell::Number(number) => json!(number),
            Cell::Text(text) => json!(text),
        };
        let rows: Vec<Vec<Value>> = rows
            .iter()
            .map(|row| row.iter().map(cell).collect())
            .collect();
        let columns: Vec<&String> = query.columns.iter().map(|(name, _, _)| name).collect();
        let keys = 1 + usize::from(options.period.is_some());
        let expected = json!({"columns": columns, "keys": keys, "rows": rows});
        let table = match options.input {
            Input::Wide => table.clone(),
            Input::Long => table.long(framework),
        };
        fs::create_dir_all(directory).expect("a directory");
        let file = |name: &str, text: &[u8]| {
            fs::write(directory.join(name), text).expect("a file");
        };
        file("table.csv", &table.csv());
        file("expected.json", expected.to_string().as_bytes());
        file(&format!("{}.sql", dialect.name()), query.text.as_bytes());
        said = true;
    }
    said
}

#[test]
fn export() {
    let Some(directory) = std::env::var_os("DGPF_SQL_CASES").map(PathBuf::from) else {
        return;
    };
    let everything = |options: &mut Options| {
        options.indicators = true;
        options.facets = true;
    };
    for (framework, table) in shipped::examples() {
        let name = format!("a-{}", framework.id);
        write(&directory.join(name), &framework, &table, everything);
    }
    write(
        &directory.join("b-hostile"),
        &hostile::framework(),
        &hostile::table(),
        everything,
    );
    for (id, _) in dgpf::framework::builtin::all() {
        let framework = shipped::load(id);
        if framework.rows.is_empty() {
            let table = shipped::invented(&framework, 6, 5);
            write(
                &directory.join(format!("c-{id}")),
                &framework,
                &table,
                |_| {},
            );
            let name = format!("d-{id}-long");
            write(&directory.join(name), &framework, &table, |options| {
                options.input = Input::Long;
            });
        }
    }
    let wilds = [
        (
            "gaps",
            Wild {
                logic: true,
                gaps: true,
                curved: true,
                rounding: true,
                ..Wild::TAME
            },
        ),
        ("all", Wild::ALL),
    ];
    for (word, wild) in wilds {
        let mut runner = TestRunner::new(config(1));
        let (mut said, mut all) = (0, 0);
        while said < 100 {
            let case = cases(wild).new_tree(&mut runner).expect("a case").current();
            let framework = with_codes(case.framework);
            let table = Table::wide(&case.responses, &framework);
            let name = format!("e-{word}-{said:03}");
            all += 1;
            let done = write(&directory.join(name), &framework, &table, |options| {
                options.bounds = word == "gaps" && said % 2 == 0;
                if said % 3 == 0 {
                    options.input = Input::Long;
                }
            });
            said += u32::from(done);
            assert!(said * 3 + 30 >= all, "{said} of {all}");
        }
    }
    wide_framework(&directory);
}

/// Two thousand questions in fifty parts.
fn wide_framework(directory: &Path) {
    let mut text = String::from(
        "dgpf: 1\nid: wide\nunit: {key: unit, codes: any}\nscales: {s: {a: 0, b: 0.3, c: 1, na: not-applicable}}\ndimensions:\n",
    );
    for part in 0..50 {
        let _ = writeln!(text, "  - id: p{part}\n    indicators:");
        for question in 0..40 {
            let _ = writeln!(
                text,
                "      - {{id: q{part}_{question}, scale: s, weight: {}}}",
                1 + question % 3
            );
        }
    }
    let source = framework::Source {
        name: "wide.yaml".into(),
        text,
    };
    let loaded = framework::load(&source, &framework::builtin::find);
    let framework = loaded
        .unwrap_or_else(|problems| panic!("{}", dgpf::problem::render(&problems)))
        .framework;
    let table = shipped::invented(&framework, 20, 9);
    let done = write(
        &directory.join("f-wide-2000-long"),
        &framework,
        &table,
        |options| {
            options.input = Input::Long;
        },
    );
    assert!(done, "2,000 questions can be said");
}
