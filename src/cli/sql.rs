//! `dgpf sql`.

use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use dgpf::framework::Framework;
use dgpf::report::sql::{self, Check, Dialect, Input, Options, Query, Refusal, dbt};
use dgpf::scoring::{Assumptions, Plan};

use super::Outcome;
use super::args::{Sql, SqlDialect, SqlInput};
use super::choose;
use super::io::{self, Terminal};
use super::replace::{keep_inputs, write_file};
use super::score;
use super::stats;

/// Prints a framework as a query.
pub(crate) fn run(arguments: &Sql, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let Ok(chosen) = choose::load_named(&arguments.framework, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let framework = &chosen.framework;
    let mut assumptions = match &arguments.weights {
        Some(name) => {
            Assumptions::of(framework).with_weight_set(score::weight_set(framework, name)?)
        }
        None => Assumptions::of(framework),
    };
    if let Some(path) = &arguments.stats {
        let cohort = stats::read(path, framework, arguments.weights.as_deref())?;
        assumptions = assumptions.with_frozen(cohort);
    }
    let plan = Plan::compile(framework, &assumptions);
    let options = options(arguments, framework)?;
    let found =
        sql::write(&plan, &options).and_then(|query| Ok((query, sql::checks(&plan, &options)?)));
    let (query, checks) = match found {
        Ok(found) => found,
        Err(refusals) => {
            refuse(&refusals, &chosen.origin, options.dialect, terminal);
            return Ok(Outcome::Problems);
        }
    };
    if arguments.as_files.is_some() {
        let directory = arguments.output.as_deref().unwrap_or(Path::new("."));
        write_files(directory, framework, &options, &query, &checks)?;
        return Ok(Outcome::Done);
    }
    let text = if arguments.checks {
        let checks = checks
            .iter()
            .map(|check| format!("{};\n", check.text.trim_end()));
        checks.collect::<Vec<_>>().join("\n")
    } else {
        query.text
    };
    io::put(arguments.output.as_deref(), text.as_bytes())?;
    Ok(Outcome::Done)
}

fn options(arguments: &Sql, framework: &Framework) -> anyhow::Result<Options> {
    let dialect = match arguments.dialect {
        SqlDialect::Duckdb => Dialect::DuckDb,
        SqlDialect::Postgres => Dialect::Postgres,
        SqlDialect::Spark => Dialect::Spark,
        SqlDialect::Sqlite => Dialect::Sqlite,
    };
    let table: Vec<String> = arguments.table.split('.').map(str::to_owned).collect();
    if table.len() > 3 || table.iter().any(String::is_empty) {
        bail!(
            "--table {}: expected a name such as `responses` or `survey.responses`",
            arguments.table
        );
    }
    let own = Options::of(framework, dialect);
    let reference = match arguments.as_files {
        Some(_) => Some(dbt::reference(&table).map_err(|why| anyhow!("--table: {why}"))?),
        None => None,
    };
    Ok(Options {
        input: match arguments.input {
            SqlInput::Wide => Input::Wide,
            SqlInput::Long => Input::Long,
        },
        table,
        reference,
        unit: arguments.unit.clone().unwrap_or(own.unit),
        period: match (&arguments.period, arguments.no_period) {
            (_, true) => None,
            (Some(column), false) => Some(column.clone()),
            (None, false) => own.period,
        },
        depth: arguments.depth,
        indicators: arguments.indicators,
        bounds: arguments.bounds,
        facets: arguments.facets,
        ranks: !arguments.no_rank && arguments.stats.is_none(),
        comments: !arguments.compact,
        ..Options::of(framework, dialect)
    })
}

/// Says what cannot be said in SQL, and where the framework asks for it.
fn refuse(refusals: &[Refusal], origin: &str, dialect: Dialect, terminal: &Terminal) {
    for refusal in refusals {
        let place = match refusal.line {
            0 => origin.to_owned(),
            line => format!("{origin}:{line}"),
        };
        terminal.error(&anyhow!(
            "{place}: {} is not written for {}: {}",
            refusal.what,
            dialect.name(),
            refusal.why
        ));
    }
}

fn write_files(
    directory: &Path,
    framework: &Framework,
    options: &Options,
    query: &Query,
    checks: &[Check],
) -> anyhow::Result<()> {
    let name: String = framework
        .id
        .as_str()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    let files = dbt::files(
        &format!("{name}_scores"),
        framework.title.as_str(),
        options,
        query,
        checks,
    );
    // All of them, or none.
    keep_inputs(files.iter().map(|file| directory.join(&file.path)))?;
    for file in files {
        let path = directory.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("cannot make `{}`", parent.display()))?;
        }
        write_file(&path, file.text.as_bytes())?;
    }
    Ok(())
}
