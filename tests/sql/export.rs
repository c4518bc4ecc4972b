//! Cases for `engines.py`: tables, queries and scores in files, for engines that are no library.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use dgpf::framework;
use dgpf::report::sql::{Input, Options};
use dgpf::scoring::{Assumptions, Plan};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::common::{Wild, cases, config};
use crate::kit::{self, Table, with_codes};
use crate::{hostile, shipped};

/// Writes a case of a framework as it stands; whether it can be said.
fn write(
    directory: &Path,
    framework: &framework::Framework,
    table: &Table,
    change: impl Fn(&mut Options),
) -> bool {
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    kit::export(directory, &plan, table, change)
}

#[test]
fn export() {
    let Some(directory) = std::env::var_os("DGPF_SQL_CASES").map(PathBuf::from) else {
        return;
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
        (
            "rows",
            Wild {
                relative: false,
                ..Wild::ALL
            },
        ),
    ];
    for (word, wild) in wilds {
        let mut runner = TestRunner::new(config(1));
        let (mut said, mut all) = (0, 0);
        let most = if word == "rows" { 50 } else { 100 };
        while said < most {
            let case = cases(wild).new_tree(&mut runner).expect("a case").current();
            let framework = with_codes(case.framework);
            let table = Table::wide(&case.responses, &framework);
            let name = format!("e-{word}-{said:03}");
            all += 1;
            let done = write(&directory.join(name), &framework, &table, |options| {
                options.bounds = word == "rows" || word == "gaps" && said % 2 == 0;
                if said % 3 == 0 {
                    options.input = Input::Long;
                }
            });
            said += u32::from(done);
            assert!(said * 3 + 30 >= all, "{said} of {all}");
        }
    }
    made_by_hand(&directory);
    two_thousand_questions(&directory);
}

fn everything(options: &mut Options) {
    options.indicators = true;
    options.facets = true;
}

/// What random cases do not come to.
fn made_by_hand(directory: &Path) {
    let case = |name: &str, (framework, table), change: fn(&mut Options)| {
        let done = write(&directory.join(name), &framework, &table, change);
        assert!(done, "{name}");
    };
    case("f-median-70", many_parts(), everything);
    case("b-rivals", rivals(), everything);
    case("r-offices", offices(), everything);
    // With bounds they have more columns than PostgreSQL takes.
    case("r-offices-wide", wide_offices(), |_| {});
}

/// A median of so many parts that they become rows, inside of a Copeland node.
pub(crate) fn many_parts() -> (framework::Framework, Table) {
    let mut text = String::from(
        "dgpf: 1\nid: many\nunit: {key: unit, codes: any}\nscales: {s: {a: 0, b: 0.3, c: 0.5, d: 1, na: not-applicable}}\n\
         index: {aggregate: copeland}\ndimensions:\n  - id: other\n    indicators: [{id: p, scale: s}, {id: q, scale: s}]\n  \
         - id: middle\n    aggregate: median\n    indicators:\n",
    );
    for question in 0..70 {
        let weight = 1 + question % 3;
        let _ = writeln!(
            text,
            "      - {{id: q{question}, scale: s, weight: {weight}}}"
        );
    }
    let framework = read("many.yaml", text);
    let table = shipped::invented(&framework, 9, 4);
    (framework, table)
}

/// Units that are compared in pairs, and gaps filled with a row's median: small enough for engines that plan for long.
pub(crate) fn rivals() -> (framework::Framework, Table) {
    let text = "dgpf: 1\nid: rivals\nunit: {key: unit, codes: any}\nscales: {s: {a: 0, b: 0.3, c: 1}}\n\
                index: {aggregate: copeland}\ndefaults: {indicator: {missing: {row-median: {within: left}}}}\ndimensions:\n  \
                - id: left\n    indicators: [{id: p, scale: s}, {id: q, scale: s}, {id: r, number: {from: 0, to: 80}}]\n  \
                - id: right\n    indicators: [{id: u, scale: s}, {id: v, scale: s, weight: 2}]\n";
    let framework = read("rivals.yaml", text.to_owned());
    let table = shipped::invented(&framework, 12, 6);
    (framework, table)
}

/// Offices of which some have a share in a number's place, some no weight, and some nothing that combines them.
pub(crate) fn offices() -> (framework::Framework, Table) {
    let text = "dgpf: 1\nid: offices\nunit: {key: unit, codes: any}\nrange: unbounded\nattributes: {tier: text, staff: number}\n\
                rows: [{key: office, combine: {by: tier, central: mean}, weight: staff, of: answers}]\nindicators:\n  \
                - {id: open, scale: {n: 0, y: 1}}\n  \
                - {id: hours, number: {from: 1, to: 20, log: true}, when: {open: y}, otherwise: 0.5, missing: zero}\n  \
                - {id: visits, number: {}, normalise: rank, missing: mean, when: {open: y}, otherwise: 0.5}\n  \
                - {id: level, scale: {low: 0.2, high: 1}, missing: lowest}\n";
    let rows = [
        "A,a,central,1,y,5,10,high",
        "A,b,central,2,n,,,low",
        "B,a,central,1,y,,,",
        "B,b,central,1,n,,,high",
        "C,a,local,1,n,,,low",
        "C,b,local,1,n,,,high",
        "D,a,central,0,y,7,30,",
        "D,b,central,,n,,,high",
        "E,a,central,1,y,9,30,high",
        "E,b,central,0,y,2,40,low",
    ];
    let row = |row: &str| row.split(',').map(str::to_owned).collect::<Vec<String>>();
    let table = Table {
        header: row("unit,office,tier,staff,open,hours,visits,level"),
        rows: rows.into_iter().map(row).collect(),
    };
    (read("offices.yaml", text.to_owned()), table)
}

/// Offices with more questions than some engines read at once.
pub(crate) fn wide_offices() -> (framework::Framework, Table) {
    let mut text = String::from(
        "dgpf: 1\nid: wide-offices\nunit: {key: unit, codes: any}\nattributes: {tier: text}\nrows:\n  \
         - {key: service, combine: mean, of: scores}\n  - {key: office, combine: {by: tier, central: best}, of: answers}\n\
         dimensions:\n",
    );
    let questions = 0..450;
    for question in questions.clone() {
        if question % 150 == 0 {
            let _ = writeln!(text, "  - id: part_{question}\n    indicators:");
        }
        let _ = writeln!(text, "      - {{id: q{question}, scale: {{n: 0, y: 1}}}}");
    }
    let names = questions.clone().map(|question| format!("q{question}"));
    let keys = ["unit", "service", "office", "tier"].map(str::to_owned);
    // Nothing says how the offices of C are combined.
    let offices = [
        "A,s,a,central",
        "A,s,b,central",
        "A,t,a,central",
        "B,s,a,central",
        "C,s,a,local",
        "C,t,a,central",
    ];
    let rows = offices.iter().enumerate().map(|(at, office)| {
        let answers = questions
            .clone()
            .map(|question| match (question * 7 + at) % 5 {
                0 | 1 => "y",
                2 | 3 => "n",
                _ => "",
            });
        office
            .split(',')
            .chain(answers)
            .map(str::to_owned)
            .collect()
    });
    let table = Table {
        header: keys.into_iter().chain(names).collect(),
        rows: rows.collect(),
    };
    (read("wide-offices.yaml", text), table)
}

fn read(name: &str, text: String) -> framework::Framework {
    let source = framework::Source {
        name: name.into(),
        text,
    };
    let loaded = framework::load(&source, &framework::builtin::find);
    loaded
        .unwrap_or_else(|problems| panic!("{}", dgpf::problem::render(&problems)))
        .framework
}

/// As many questions as are asked for, which have codes beside their ids.
pub(crate) fn coded(questions: usize) -> framework::Framework {
    let mut text = String::from(
        "dgpf: 1\nid: coded\nunit: {key: unit, codes: any}\nscales: {s: {a: 0, b: 0.3, c: 1}}\ndimensions:\n  - id: all\n    \
         indicators:\n",
    );
    for question in 0..questions {
        let _ = writeln!(
            text,
            "      - {{id: q{question}, code: Code_{question}, scale: s}}"
        );
    }
    read("coded.yaml", text)
}

/// Two thousand questions in fifty parts, in both forms.
fn two_thousand_questions(directory: &Path) {
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
    let framework = read("wide.yaml", text);
    let table = shipped::invented(&framework, 20, 9);
    for (name, input) in [("f-2000-wide", Input::Wide), ("f-2000-long", Input::Long)] {
        let done = write(&directory.join(name), &framework, &table, |options| {
            options.input = input;
        });
        assert!(done, "2,000 questions can be said");
    }
}
