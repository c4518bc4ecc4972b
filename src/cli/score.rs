//! `dgpf score`.

use anyhow::bail;
use dgpf::framework::{AttributeIx, Framework};
use dgpf::report::present::{self, View};
use dgpf::report::terminal::Look;
use dgpf::report::{self, Format, ScoreResult};
use dgpf::scoring::{Assumptions, Plan};

use super::Outcome;
use super::args::{self, Score};
use super::choose::listed;
use super::io::{self, Terminal};
use super::read::{Opened, open};

/// Scores responses and writes the result.
pub(crate) fn run(arguments: &Score, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let format = format(arguments)?;
    io::keep_inputs(arguments.output.as_deref(), &arguments.inputs.files)?;
    let wanted = arguments.inputs.wanted(arguments.lang.as_deref());
    let Some(opened) = open(wanted, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let results: Vec<ScoreResult> = opened
        .into_iter()
        .map(|opened| scored(opened, arguments, format))
        .collect::<anyhow::Result<_>>()?;
    write(&results, format, arguments, terminal)?;
    Ok(Outcome::Done)
}

/// Scores what was opened, with summary rows and weights as asked.
fn scored(opened: Opened, arguments: &Score, format: Format) -> anyhow::Result<ScoreResult> {
    let Opened {
        mut framework,
        responses,
        mut options,
        periods,
    } = opened;
    add_groups(&mut framework, &arguments.by)?;
    if !arguments.by.is_empty() {
        let attributes = framework.group_by.iter();
        let columns = attributes.map(|by| framework.attributes[by.0].column.as_str());
        state(&mut options, "by", &columns.collect::<Vec<_>>().join(","));
    }
    let weights = arguments.weights.as_deref();
    let assumptions = assumptions(&framework, weights, &mut options)?;
    let scores = Plan::compile(&framework, &assumptions).score(&responses);
    let mut result = ScoreResult::new(&framework, &assumptions, &responses, options, scores);
    if let Some(periods) = periods {
        let all = result.scores.periods.clone();
        result = result.of_periods(|period| periods.contains(&all[period]));
    }
    if format == Format::Json && !arguments.without_answers {
        result = result.with_origin(&framework, &responses);
    }
    Ok(result)
}

/// States an option, instead of what was stated of it before.
pub(super) fn state(options: &mut Vec<(String, String)>, name: &str, value: &str) {
    options.retain(|(stated, _)| stated != name);
    options.push((name.to_owned(), value.to_owned()));
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

/// The framework's own assumptions, with the weights of the set that was asked for, which the options then state.
pub(super) fn assumptions(
    framework: &Framework,
    weights: Option<&str>,
    options: &mut Vec<(String, String)>,
) -> anyhow::Result<Assumptions> {
    let own = Assumptions::of(framework);
    let Some(name) = weights else { return Ok(own) };
    state(options, "weights", name);
    Ok(own.with_weight_set(weight_set(framework, name)?))
}

/// What to write: as asked, else by the output file's ending, else a table.
fn format(arguments: &Score) -> anyhow::Result<Format> {
    let endings = [
        ("txt", args::Format::Table),
        ("csv", args::Format::Csv),
        ("json", args::Format::Json),
        ("md", args::Format::Markdown),
    ];
    let format = io::format(arguments.format, arguments.output.as_deref(), &endings)?;
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
    let output = arguments.output.as_deref();
    let look = terminal.look_for(output);
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
