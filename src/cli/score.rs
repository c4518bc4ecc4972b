//! `dgpf score`.

use anyhow::bail;
use dgpf::framework::{AttributeIx, Framework};
use dgpf::report::present::{self, View};
use dgpf::report::terminal::Look;
use dgpf::report::{self, Format, ScoreResult};
use dgpf::responses::Responses;
use dgpf::scoring::{Assumptions, Plan};

use super::Outcome;
use super::args::{self, Score};
use super::choose::{self, Chosen, listed};
use super::io::{self, Terminal};
use super::read::Files;

/// Scores responses and writes the result.
pub(crate) fn run(arguments: &Score, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let format = format(arguments)?;
    if let Some(output) = &arguments.output {
        io::keep_inputs(output, &arguments.inputs.files)?;
    }
    let files = Files::open(&arguments.inputs)?;
    let names = &arguments.inputs.frameworks;
    let Ok(mut frameworks) = choose::frameworks(names, &files, terminal)? else {
        return Ok(Outcome::Problems);
    };
    for chosen in &mut frameworks {
        add_groups(&mut chosen.framework, &arguments.by)?;
    }
    let assumptions = assumptions(&frameworks, arguments.weights.as_deref())?;
    for chosen in &frameworks {
        terminal.problems(&chosen.remarks);
        if let Some(language) = arguments.lang.as_deref() {
            choose::check_language(&chosen.framework, language, terminal);
        }
    }
    let found = files.load(&frameworks, terminal);
    let Some(found): Option<Vec<Responses>> = found.into_iter().collect() else {
        return Ok(Outcome::Problems);
    };
    let mut options = files.stated();
    options.extend(
        arguments
            .weights
            .iter()
            .map(|name| ("weights".to_owned(), name.clone())),
    );
    let results: Vec<ScoreResult> = frameworks
        .iter()
        .zip(&assumptions)
        .zip(&found)
        .map(|((chosen, assumptions), responses)| {
            let scores = Plan::compile(&chosen.framework, assumptions).score(responses);
            let framework = &chosen.framework;
            ScoreResult::new(framework, assumptions, responses, options.clone(), scores)
        })
        .collect();
    write(&results, format, arguments, terminal)?;
    Ok(Outcome::Done)
}

/// A summary row for each value of these attributes.
pub(crate) fn add_groups(framework: &mut Framework, by: &[String]) -> anyhow::Result<()> {
    for key in by {
        let attribute = attribute(framework, key)?;
        if !framework.group_by.contains(&attribute) {
            framework.group_by.push(attribute);
        }
    }
    Ok(())
}

/// Each framework's own assumptions, with the weights of the set that was asked for.
pub(super) fn assumptions(
    frameworks: &[Chosen],
    weights: Option<&str>,
) -> anyhow::Result<Vec<Assumptions>> {
    let assumptions = frameworks.iter().map(|chosen| {
        let own = Assumptions::of(&chosen.framework);
        Ok(match weights {
            Some(name) => own.with_weight_set(weight_set(&chosen.framework, name)?),
            None => own,
        })
    });
    assumptions.collect()
}

/// What to write: as asked, else by the output file's ending, else a table.
fn format(arguments: &Score) -> anyhow::Result<Format> {
    let output = arguments
        .output
        .as_deref()
        .filter(|path| path.as_os_str() != "-");
    let format = match (arguments.format, output) {
        (Some(format), _) => format,
        (None, None) => args::Format::Table,
        (None, Some(path)) => match path.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => args::Format::Csv,
            Some("json") => args::Format::Json,
            Some("md") => args::Format::Markdown,
            Some("txt") => args::Format::Table,
            Some(_) | None => bail!(
                "what to write to `{}`? its ending is none of .csv, .json, .md and .txt: say it with --format",
                path.display()
            ),
        },
    };
    Ok(match format {
        args::Format::Table => Format::Table,
        args::Format::Csv if arguments.facets => Format::CsvFacets,
        args::Format::Csv => Format::Csv,
        args::Format::CsvWide => Format::CsvWide,
        args::Format::Json => Format::Json,
        args::Format::Markdown => Format::Markdown,
    })
}

fn attribute(framework: &Framework, key: &str) -> anyhow::Result<AttributeIx> {
    let attributes = &framework.attributes;
    let found = attributes
        .iter()
        .position(|attribute| attribute.column.eq_ignore_ascii_case(key));
    if let Some(found) = found {
        return Ok(AttributeIx(found));
    }
    let columns: Vec<String> = attributes
        .iter()
        .map(|attribute| attribute.column.clone())
        .collect();
    bail!(
        "--by {key}: framework `{}` declares no such attribute; it has {}",
        framework.id,
        listed(&columns)
    )
}

pub(crate) fn weight_set<'a>(
    framework: &'a Framework,
    name: &str,
) -> anyhow::Result<&'a dgpf::framework::WeightSet> {
    let mut sets = framework.weight_sets.iter();
    if let Some(set) = sets.find(|set| set.id.as_str().eq_ignore_ascii_case(name)) {
        return Ok(set);
    }
    let ids: Vec<String> = framework
        .weight_sets
        .iter()
        .map(|set| set.id.to_string())
        .collect();
    bail!(
        "--weights {name}: framework `{}` has no such weight set; it has {}",
        framework.id,
        listed(&ids)
    )
}

/// Which periods are written.
#[derive(Clone, Copy)]
pub(super) enum Periods {
    All,
    One(usize),
}

pub(super) fn periods(
    result: &ScoreResult,
    format: Format,
    wanted: Option<&str>,
) -> anyhow::Result<Periods> {
    let periods = &result.scores.periods;
    let latest = Periods::One(periods.len().saturating_sub(1));
    match wanted {
        None if format.is_page() => Ok(latest),
        None | Some("all") => Ok(Periods::All),
        Some("latest") => Ok(latest),
        Some(name) => match periods.iter().position(|period| period == name) {
            Some(found) => Ok(Periods::One(found)),
            None if periods.iter().all(String::is_empty) => {
                bail!("--period {name}: the responses have no periods")
            }
            None => bail!(
                "--period {name}: no such period; there are {}",
                listed(periods)
            ),
        },
    }
}

/// One text of all results, so that a file is written whole or not at all.
fn write(
    results: &[ScoreResult],
    format: Format,
    arguments: &Score,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    if results.len() > 1 && !format.is_page() {
        let ids = results
            .iter()
            .map(|result| result.about.framework.id.clone());
        bail!(
            "data hold the scores of one framework: write {} one by one, or print them as tables",
            listed(&ids.collect::<Vec<_>>())
        );
    }
    let output = arguments
        .output
        .as_deref()
        .filter(|path| path.as_os_str() != "-");
    let look = match output {
        Some(_) => Terminal::look_in_file(),
        None => terminal.look(),
    };
    let mut text = Vec::new();
    for result in results {
        let periods = periods(result, format, arguments.period.as_deref())?;
        if format.is_page() {
            write_pages(result, format, periods, arguments, look, &mut text)?;
        } else {
            for remark in &result.scores.remarks {
                terminal.note(&present::remark(&result.about, remark));
            }
            let result = match periods {
                Periods::All => result,
                Periods::One(period) => &result.of_periods(|found| found == period),
            };
            report::write(result, format, View::default(), look, &mut text)?;
        }
    }
    io::put(output, &text)
}

/// A page a period, with an empty line between pages.
fn write_pages(
    result: &ScoreResult,
    format: Format,
    periods: Periods,
    arguments: &Score,
    look: Look,
    out: &mut Vec<u8>,
) -> anyhow::Result<()> {
    let shown = match periods {
        Periods::All => 0..result.scores.periods.len(),
        Periods::One(period) => period..period + 1,
    };
    for period in shown {
        if !out.is_empty() {
            out.push(b'\n');
        }
        let view = View {
            period,
            language: arguments.lang.as_deref(),
            facets: arguments.facets,
        };
        report::write(result, format, view, look, out)?;
    }
    Ok(())
}
