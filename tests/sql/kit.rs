//! Responses as a table, the query on `SQLite`, and its result beside the engine's.
#![allow(dead_code, reason = "every test uses a part of it")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use dgpf::framework::{Framework, Gap, Outcome};
use dgpf::report::sql::{self, Dialect, Input, Options};
use dgpf::responses::{self, Responses, answer_text};
use dgpf::scoring::{Assumptions, Plan, ScoreTable};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use serde_json::json;

/// A table of texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A cell of a result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Nothing,
    Number(f64),
    Text(String),
}

impl Table {
    /// Responses as a wide file.
    pub(crate) fn wide(responses: &Responses, framework: &Framework) -> Self {
        let mut header = key_names(framework);
        header.extend(framework.indicators().map(|(_, _, own)| own.code.clone()));
        let rows = responses.rows.iter().enumerate().map(|(at, _)| {
            let mut row = key_cells(responses, framework, at);
            for (question, (_, _, own)) in framework.indicators().enumerate() {
                let answer = responses.answers[question].get(at);
                row.push(answer_text(answer, own, &framework.codes));
            }
            row
        });
        Self {
            rows: rows.collect(),
            header,
        }
    }

    /// The same as a long file, with a row for every answer.
    pub(crate) fn long(&self, framework: &Framework) -> Self {
        let keys = key_names(framework).len();
        let mut header = self.header[..keys].to_vec();
        header.extend(["indicator", "answer"].map(str::to_owned));
        let mut rows = Vec::new();
        for row in &self.rows {
            for (code, cell) in self.header[keys..].iter().zip(&row[keys..]) {
                let mut long = row[..keys].to_vec();
                long.extend([code.clone(), cell.clone()]);
                rows.push(long);
            }
        }
        Self { header, rows }
    }

    pub(crate) fn csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header).expect("to memory");
        for row in &self.rows {
            writer.write_record(row).expect("to memory");
        }
        writer.into_inner().expect("to memory")
    }

    /// As the program reads it.
    pub(crate) fn load(&self, framework: &Framework) -> Responses {
        let bytes = self.csv();
        let input = responses::Input {
            name: "table.csv",
            bytes: &bytes,
        };
        let loaded = responses::load(&[input], framework, &responses::Options::default());
        loaded
            .unwrap_or_else(|problems| panic!("{}", dgpf::problem::render(&problems)))
            .responses
    }

    /// As a table of `SQLite`.
    pub(crate) fn open(&self) -> Connection {
        let database = Connection::open_in_memory().expect("a database in memory");
        functions(&database);
        let columns: Vec<String> = self
            .header
            .iter()
            .map(|name| format!("\"{name}\" TEXT"))
            .collect();
        let create = format!("CREATE TABLE responses ({})", columns.join(", "));
        database.execute(&create, []).expect("a table");
        let marks = vec!["?"; self.header.len()].join(", ");
        let insert = format!("INSERT INTO responses VALUES ({marks})");
        let mut statement = database.prepare(&insert).expect("an insertion");
        for row in &self.rows {
            statement
                .execute(rusqlite::params_from_iter(row))
                .expect("a row");
        }
        drop(statement);
        database
    }
}

fn key_names(framework: &Framework) -> Vec<String> {
    let mut names = vec![framework.unit.column.clone()];
    names.extend(framework.period.clone());
    names.extend(framework.rows.iter().map(|step| step.key.clone()));
    names.extend(framework.attributes.iter().map(|own| own.column.clone()));
    names
}

fn key_cells(responses: &Responses, framework: &Framework, at: usize) -> Vec<String> {
    let row = &responses.rows[at];
    let mut cells = vec![responses.units[row.unit].id.to_string()];
    if framework.period.is_some() {
        cells.push(responses.periods[row.period].clone());
    }
    cells.extend(row.keys.iter().map(ToString::to_string));
    for column in &responses.attributes {
        cells.push(match column {
            responses::AttributeColumn::Text(texts) => {
                texts[at].as_deref().unwrap_or_default().to_owned()
            }
            responses::AttributeColumn::Number(numbers) => {
                numbers[at].map_or_else(String::new, |number| number.to_string())
            }
        });
    }
    cells
}

/// A function of one number.
type Function = fn(f64) -> f64;

/// The mathematical functions of the engine itself: the `SQLite` that comes with rusqlite has none.
fn functions(database: &Connection) {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let of_one: [(&str, Function); 4] = [
        ("ln", libm::log),
        ("exp", libm::exp),
        ("sqrt", libm::sqrt),
        ("floor", f64::floor),
    ];
    for (name, function) in of_one {
        database
            .create_scalar_function(name, 1, flags, move |context| {
                Ok(context.get::<Option<f64>>(0)?.map(function))
            })
            .expect("a function");
    }
    database
        .create_scalar_function("power", 2, flags, |context| {
            let (x, y) = (
                context.get::<Option<f64>>(0)?,
                context.get::<Option<f64>>(1)?,
            );
            Ok(x.zip(y).map(|(x, y)| libm::pow(x, y)))
        })
        .expect("a function");
}

/// What answers can be spelled that scales leave open.
pub(crate) fn with_codes(mut framework: Framework) -> Framework {
    framework.codes = vec![
        ("n/a".to_owned(), Outcome::NotApplicable),
        ("?".to_owned(), Outcome::Missing(Gap::DontKnow)),
        ("not asked".to_owned(), Outcome::Missing(Gap::NotAsked)),
    ];
    framework
}

/// Runs a query that must be one statement.
pub(crate) fn run(database: &Connection, query: &str) -> Vec<Vec<Cell>> {
    let mut statement = database
        .prepare(query)
        .unwrap_or_else(|error| panic!("{error}\n{query}"));
    let columns = statement.column_count();
    let mut rows = statement.query([]).expect("a query");
    let mut found = Vec::new();
    while let Some(row) = rows
        .next()
        .unwrap_or_else(|error| panic!("{error}\n{query}"))
    {
        let cells = (0..columns).map(|at| match row.get(at).expect("a cell") {
            Value::Null => Cell::Nothing,
            Value::Real(value) => Cell::Number(value),
            Value::Integer(value) => Cell::Number(value as f64),
            Value::Text(text) => Cell::Text(text),
            Value::Blob(_) => panic!("bytes"),
        });
        found.push(cells.collect());
    }
    found
}

/// What a query's columns must hold, row by row, each with the unit and period first.
pub(crate) fn expected(
    framework: &Framework,
    scores: &ScoreTable,
    options: &Options,
) -> Vec<Vec<Cell>> {
    let cell = |value: Option<f64>| value.map_or(Cell::Nothing, Cell::Number);
    let shown = |value: Option<f64>| cell(value.map(|value| framework.range.show(value)));
    let mut rows = Vec::new();
    for (row, observation) in scores.observations.iter().enumerate() {
        let mut cells = vec![Cell::Text(observation.unit.to_string())];
        if options.period.is_some() {
            cells.push(Cell::Text(scores.periods[observation.period].clone()));
        }
        for (ix, node) in framework.walk() {
            let is_shown = options.indicators || node.indicator().is_none();
            let deep = options.depth.is_some_and(|depth| node.depth > depth);
            if !is_shown || deep {
                continue;
            }
            let column = &scores.nodes[ix.0];
            cells.push(shown(column.score[row]));
            cells.push(cell(column.coverage[row]));
            if options.bounds {
                cells.push(shown(column.low[row]));
                cells.push(shown(column.high[row]));
            }
            if let Some(levels) = framework.levels_of(ix) {
                cells.push(column.level[row].map_or(Cell::Nothing, |level| {
                    Cell::Text(levels.bands[level].id.to_string())
                }));
            }
            if options.ranks && framework.ranking.is_some() {
                cells.push(cell(column.rank[row]));
            }
        }
        if options.facets {
            for facet in &scores.facets {
                cells.push(shown(facet.score[row]));
                cells.push(cell(facet.coverage[row]));
            }
        }
        rows.push(cells);
    }
    rows
}

/// Whether two cells hold the same: numbers to 1e-12.
pub(crate) fn same(a: &Cell, b: &Cell) -> bool {
    match (a, b) {
        (Cell::Number(a), Cell::Number(b)) => (a - b).abs() <= 1e-12 * a.abs().max(1.0),
        (a, b) => a == b,
    }
}

/// The cells in which a query's result differs from the engine's.
pub(crate) fn differences(
    columns: &[(String, String, Vec<String>)],
    mut found: Vec<Vec<Cell>>,
    mut expected: Vec<Vec<Cell>>,
    keys: usize,
) -> Vec<String> {
    let key = |row: &Vec<Cell>| format!("{:?}", &row[..keys]);
    found.sort_by_key(key);
    expected.sort_by_key(key);
    if found.len() != expected.len() {
        return vec![format!(
            "{} rows instead of {}",
            found.len(),
            expected.len()
        )];
    }
    let mut wrong = Vec::new();
    for (found, expected) in found.iter().zip(&expected) {
        if found.len() != expected.len() {
            return vec![format!(
                "{} columns instead of {}",
                found.len(),
                expected.len()
            )];
        }
        for (at, (found_cell, wanted)) in found.iter().zip(expected).enumerate() {
            if !same(found_cell, wanted) {
                wrong.push(format!(
                    "{:?} {}: {found_cell:?} instead of {wanted:?}",
                    &found[..keys],
                    columns[at].0
                ));
            }
        }
    }
    wrong
}

/// What the query makes of a table and what differs; the reasons if it is refused.
pub(crate) fn check(
    framework: &Framework,
    table: &Table,
    change: impl Fn(&mut Options),
) -> Result<Vec<String>, Vec<sql::Refusal>> {
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    check_plan(&plan, table, change)
}

/// The combinations of framework and responses that [`agrees`] has seen.
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Panics if the query gives these responses other scores than the plan does, with the cohort frozen where a query cannot
/// treat it. Whether there is a query; looks at nothing twice. With `DGPF_SQL_CASES` it is written for other engines, too.
pub(crate) fn agrees(
    framework: &Framework,
    assumptions: &Assumptions,
    responses: &Responses,
) -> bool {
    let name = format!("{}-{}", framework.id, &responses.sha256[..12]);
    let name = if assumptions == &Assumptions::of(framework) {
        name
    } else {
        format!("{name}-weighted")
    };
    if !SEEN.lock().expect("no test failed").insert(name.clone()) {
        return true;
    }
    let table = Table::wide(responses, framework);
    let plan = Plan::compile(framework, assumptions);
    let agrees = |plan: &Plan<'_>, change: &dyn Fn(&mut Options)| {
        let Ok(wrong) = check_plan(plan, &table, change) else {
            return false;
        };
        assert!(wrong.is_empty(), "{name}: {}", wrong.join("\n"));
        if let Some(directory) = std::env::var_os("DGPF_SQL_CASES") {
            export(
                &Path::new(&directory).join(format!("g-{name}")),
                plan,
                &table,
                change,
            );
        }
        true
    };
    let indicators = |options: &mut Options| options.indicators = true;
    if agrees(&plan, &indicators) {
        return true;
    }
    let Ok(frozen) = plan.freeze(responses) else {
        return false;
    };
    let plan = Plan::compile(framework, &assumptions.clone().with_frozen(frozen));
    agrees(&plan, &|options| {
        indicators(options);
        options.ranks = false;
    })
}

/// Engines that are asked.
const ENGINES: [Dialect; 3] = [Dialect::DuckDb, Dialect::Postgres, Dialect::Spark];

/// Writes a case for `engines.py`: table, query and scores; whether it can be said.
pub(crate) fn export(
    directory: &Path,
    plan: &Plan<'_>,
    table: &Table,
    change: impl Fn(&mut Options),
) -> bool {
    let framework = plan.framework();
    let mut said = false;
    for dialect in ENGINES {
        let mut options = Options::of(framework, dialect);
        change(&mut options);
        let Ok(query) = sql::write(plan, &options) else {
            continue;
        };
        let scores = plan.score(&table.load(framework));
        let rows = expected(framework, &scores, &options);
        let cell = |cell: &Cell| match cell {
            Cell::Nothing => json!(null),
            Cell::Number(number) => json!(number),
            Cell::Text(text) => json!(text),
        };
        let rows: Vec<Vec<serde_json::Value>> = rows
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

/// The same of a plan.
pub(crate) fn check_plan(
    plan: &Plan<'_>,
    table: &Table,
    change: impl Fn(&mut Options),
) -> Result<Vec<String>, Vec<sql::Refusal>> {
    let framework = plan.framework();
    let mut options = Options::of(framework, Dialect::Sqlite);
    change(&mut options);
    let query = sql::write(plan, &options)?;
    let scores = plan.score(&table.load(framework));
    let database = match options.input {
        Input::Wide => table.open(),
        Input::Long => table.long(framework).open(),
    };
    let found = run(&database, &query.text);
    let keys = 1 + usize::from(options.period.is_some());
    let wanted = expected(framework, &scores, &options);
    let mut wrong = differences(&query.columns, found, wanted, keys);
    if !wrong.is_empty() {
        wrong.truncate(12);
        wrong.push(query.text);
    }
    Ok(wrong)
}
