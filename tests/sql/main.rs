//! The query of `dgpf sql` gives the engine's scores: on `SQLite`, which is there wherever the tests run. Other engines are
//! asked by `tests/sql/engines.py`.

#[path = "../common/mod.rs"]
mod common;
mod export;
mod hostile;
mod kit;
mod shipped;

use std::cell::Cell as Counter;

use common::{Case, Wild, cases, config, losing};
use dgpf::framework::Framework;
use dgpf::report::sql::{Dialect, Input, Options, write};
use dgpf::scoring::{Assumptions, Plan};
use kit::{Table, check, check_plan, with_codes};
use proptest::prop_assert_eq;
use proptest::test_runner::{TestCaseError, TestRunner};

/// Checks random cases; tells how many of how many could be said.
fn agree(wild: Wild, count: u32, change: impl Fn(&mut Options)) -> (u32, u32) {
    agree_on(wild, count, |framework| framework, change)
}

/// The same for frameworks of this shape.
fn agree_on(
    wild: Wild,
    count: u32,
    shape: impl Fn(Framework) -> Framework,
    change: impl Fn(&mut Options),
) -> (u32, u32) {
    let (said, all) = (Counter::new(0), Counter::new(0));
    let mut runner = TestRunner::new(config(count));
    let result = runner.run(&cases(wild), |case: Case| {
        let framework = with_codes(shape(case.framework));
        let table = Table::wide(&case.responses, &framework);
        all.set(all.get() + 1);
        match check(&framework, &table, &change) {
            Ok(wrong) if wrong.is_empty() => {
                said.set(said.get() + 1);
                Ok(())
            }
            Ok(wrong) => Err(TestCaseError::fail(wrong.join("\n"))),
            Err(_) => Ok(()),
        }
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    (said.get(), all.get())
}

#[test]
fn tame_frameworks_get_the_same_scores() {
    let (said, all) = agree(Wild::TAME, 40, |_| {});
    assert_eq!(said, all);
}

#[test]
fn gaps_get_the_same_scores() {
    let wild = Wild {
        gaps: true,
        curved: true,
        ..Wild::TAME
    };
    let (said, all) = agree(wild, 60, |_| {});
    assert!(said * 10 >= all * 9, "{said} of {all}");
}

#[test]
fn conditions_and_caps_get_the_same_scores() {
    let wild = Wild {
        gaps: true,
        curved: true,
        logic: true,
        rounding: true,
        ..Wild::TAME
    };
    let (said, all) = agree(wild, 60, |options| options.indicators = true);
    assert!(said * 10 >= all * 8, "{said} of {all}");
}

#[test]
fn long_tables_get_the_same_scores() {
    let wild = Wild {
        rows: false,
        relative: false,
        ..Wild::ALL
    };
    let (said, all) = agree(wild, 30, |options| options.input = Input::Long);
    assert!(said * 10 >= all * 8, "{said} of {all}");
}

#[test]
fn many_questions_in_a_long_table_get_the_same_scores() {
    let framework = export::coded(90);
    let mut table = shipped::invented(&framework, 4, 8);
    // The last unit answers nothing.
    let last = table.rows.len() - 1;
    table.rows[last][1..].fill(String::new());
    let mut long = table.long(&framework);
    let silent = table.rows[last][0].clone();
    long.rows.retain(|row| row[0] != silent);
    // It has one row that says so; another one answers what nobody asks; the first unit's answers are called by id.
    long.rows.push(vec![silent, String::new(), String::new()]);
    let row = ["u1", "unknown", "b"].map(str::to_owned);
    long.rows.push(row.to_vec());
    for row in long.rows.iter_mut().filter(|row| row[0] == "u0") {
        row[1] = row[1].replace("Code_", "q");
    }
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    let scores = plan.score(&table.load(&framework));
    let database = long.open();
    // Also where the table is called as a step of the query would be.
    for name in ["responses", "entries", "answers", "questions"] {
        let mut options = Options::of(&framework, Dialect::Sqlite);
        options.input = Input::Long;
        options.table = vec![name.to_owned()];
        if name != "responses" {
            let copy = format!("CREATE TABLE {name} AS SELECT * FROM responses");
            database.execute(&copy, []).expect("a table");
        }
        let query = write(&plan, &options).expect("it can be said");
        let found = kit::run(&database, &query.text);
        let wanted = kit::expected(&framework, &scores, &options);
        let wrong = kit::differences(&query.columns, found, wanted, 1);
        assert_eq!(wrong, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn bounds_are_the_same() {
    for (rows, cases) in [(false, 60), (true, 100)] {
        let wild = Wild {
            rows,
            relative: false,
            ..Wild::ALL
        };
        let (said, all) = agree(wild, cases, |options| {
            options.bounds = true;
            options.indicators = true;
        });
        // Every question may be answered with `n/a`.
        assert!(said * 5 >= all * 2, "{said} of {all}");
    }
}

#[test]
fn bounds_beside_rows_that_are_lost_are_the_same() {
    let wild = Wild {
        relative: false,
        ..Wild::ALL
    };
    let (said, all) = agree_on(wild, 60, losing, |options| {
        options.bounds = true;
        options.indicators = true;
    });
    assert!(said * 5 >= all * 2, "{said} of {all}");
}

#[test]
fn finer_rows_get_the_same_scores() {
    let wild = Wild {
        relative: false,
        ..Wild::ALL
    };
    let (said, all) = agree(wild, 60, |options| options.facets = true);
    assert!(said * 2 >= all, "{said} of {all}");
}

#[test]
fn cohorts_get_the_same_scores() {
    let (said, all) = agree(Wild::ALL, 60, |_| {});
    assert!(said * 2 >= all, "{said} of {all}");
}

#[test]
fn medians_of_many_parts_get_the_same_scores() {
    let (framework, table) = export::many_parts();
    let wrong = check(&framework, &table, |options| options.indicators = true);
    assert_eq!(wrong.expect("it can be said"), Vec::<String>::new());
}

#[test]
fn rivals_get_the_same_scores() {
    let (framework, table) = export::rivals();
    let wrong = check(&framework, &table, |options| options.indicators = true);
    assert_eq!(wrong.expect("it can be said"), Vec::<String>::new());
}

#[test]
fn offices_get_the_same_scores() {
    let (framework, table) = export::offices();
    let wrong = check(&framework, &table, |options| options.indicators = true);
    assert_eq!(wrong.expect("it can be said"), Vec::<String>::new());
}

#[test]
fn more_questions_than_are_read_at_once_are_combined_by_an_attribute() {
    let (framework, table) = export::wide_offices();
    let wrong = check(&framework, &table, |options| options.bounds = true);
    assert_eq!(wrong.expect("it can be said"), Vec::<String>::new());
}

#[test]
fn frozen_cohorts_get_the_same_scores() {
    let wild = Wild {
        rows: false,
        ..Wild::ALL
    };
    let (said, all) = (Counter::new(0), Counter::new(0));
    let mut runner = TestRunner::new(config(100));
    let result = runner.run(&cases(wild), |case: Case| {
        let framework = with_codes(case.framework);
        let table = Table::wide(&case.responses, &framework);
        let own = Assumptions::of(&framework);
        let plan = Plan::compile(&framework, &own);
        let Ok(frozen) = plan.freeze(&table.load(&framework)) else {
            return Ok(());
        };
        all.set(all.get() + 1);
        // A frozen cohort gives the scores of the cohort itself.
        let scores = plan.score(&table.load(&framework));
        let plan = Plan::compile(&framework, &own.with_frozen(frozen));
        let again = plan.score(&table.load(&framework));
        for (before, after) in scores.nodes.iter().zip(&again.nodes) {
            prop_assert_eq!(&before.score, &after.score);
            prop_assert_eq!(&before.level, &after.level);
        }
        match check_plan(&plan, &table, |_| {}) {
            Ok(wrong) if wrong.is_empty() => {
                said.set(said.get() + 1);
                Ok(())
            }
            Ok(wrong) => Err(TestCaseError::fail(wrong.join("\n"))),
            Err(_) => Ok(()),
        }
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let (said, all) = (said.get(), all.get());
    assert!(said * 2 >= all && said >= 20, "{said} of {all}");
}
