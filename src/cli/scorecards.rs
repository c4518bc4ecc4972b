//! `dgpf scorecards`.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use dgpf::analysis::compare::{Side, compare};
use dgpf::analysis::explain::Explainer;
use dgpf::analysis::improve::Improver;
use dgpf::analysis::robustness::{Study, Uncertainty, uncertainty};
use dgpf::framework::Framework;
use dgpf::report::site::{self, Insight, Logo, Material, Style, Trust};
use dgpf::report::{File, ScoreResult};
use dgpf::responses::Responses;
use dgpf::scoring::Plan;

use super::Outcome;
use super::args::Scorecards;
use super::choose::listed;
use super::io::{self, Terminal};
use super::progress;
use super::read::{Opened, open_one};
use super::results;

/// What a picture that stands on every page may weigh.
const LARGEST_LOGO: usize = 200_000;

/// How many next actions a page lists.
const MOST_ACTIONS: usize = 8;

/// Scores responses and writes a site.
pub(crate) fn run(arguments: &Scorecards, terminal: &Terminal) -> anyhow::Result<Outcome> {
    if arguments.draws.is_some() && arguments.weights.is_some() {
        bail!(
            "--draws varies the framework's own weights, not those of --weights: leave one of the two out; \
             `dgpf robustness` tells how far ranks move"
        );
    }
    let logo = arguments.logo.as_deref().map(read_logo).transpose()?;
    let wanted = arguments.inputs.wanted(arguments.lang.as_deref());
    let Some(mut opened) = open_one(wanted, "a site shows", terminal)? else {
        return Ok(Outcome::Problems);
    };
    let (weights, stats) = (&arguments.weights, &arguments.cohort.stats);
    let assumptions = opened.assumptions(weights.as_deref(), stats.as_deref())?;
    if arguments.draws.is_some() && assumptions.cohort.is_some() {
        bail!(
            "--draws varies ranks, and beside a frozen cohort there are none: leave out --draws, or score without --stats"
        );
    }
    let Opened {
        framework,
        responses,
        options,
        periods: _,
        cohort: _,
    } = opened;
    let framework = &framework;
    let plan = Plan::compile(framework, &assumptions);
    let explainer = Explainer::new(&plan, &responses);
    let scores = explainer.scores().clone();
    let result = ScoreResult::new(framework, &assumptions, &responses, options, scores);
    let Some(period) = results::period(&result.scores.periods, &arguments.period)? else {
        bail!("--period all: a site shows one period");
    };
    let style = Style {
        language: arguments.lang.as_deref(),
        accent: arguments.accent.as_deref(),
        logo: logo.as_ref().map(|(media, bytes)| Logo { media, bytes }),
        radar: arguments.radar,
        made_at: io::made_at()?,
    };
    let side = |period: usize| Side {
        framework,
        assumptions: &assumptions,
        responses: &responses,
        period,
    };
    let before = period.checked_sub(1);
    let comparison = before.map(|before| compare(&side(before), &side(period)));
    let study = Study {
        draws: arguments.draws.unwrap_or(1),
        seed: arguments.seed,
        period,
        ..Study::of(&responses)
    };
    let found = match arguments.draws {
        None => None,
        Some(_) => Some(drawn(framework, &responses, &study)?),
    };
    let material = Material {
        result: &result,
        framework: Some(framework),
        responses: Some(&responses),
        comparison: comparison.as_ref(),
        trust: found.as_ref().map(|found| Trust {
            study: &study,
            found,
        }),
    };
    let improver = improver(&plan, &responses, terminal);
    let insight = |row: usize| {
        let observation = &result.scores.observations[row];
        let taken_apart =
            explainer.explain(&observation.unit, observation.period, Framework::INDEX);
        let insight = Insight::of(&taken_apart?);
        let steps = improver.as_ref().and_then(|improver| {
            let (unit, period) = (&observation.unit, observation.period);
            improver.steps(unit, period, Framework::INDEX, MOST_ACTIONS)
        });
        let moved = improver
            .as_ref()
            .zip(before)
            .and_then(|(improver, before)| {
                improver.moved(&observation.unit, observation.period, before)
            });
        let insight = match steps {
            Some(steps) => insight.with_steps(steps),
            None => insight,
        };
        Some(match moved {
            Some(moved) => insight.with_moved(moved),
            None => insight,
        })
    };
    progress::doing("making pages");
    let pages = site::pages(&material, period, style, &insight);
    write(&arguments.output, &pages, terminal)?;
    Ok(Outcome::Done)
}

/// Tells next actions and what changed answers moved, unless scores are relative to so many others that everybody would have to be scored anew too often.
fn improver<'a>(
    plan: &'a Plan<'a>,
    responses: &'a Responses,
    terminal: &Terminal,
) -> Option<Improver<'a>> {
    const MOST_CELLS: usize = 200_000_000;
    let improver = Improver::new(plan, responses);
    let (rows, answers) = (responses.rows.len(), responses.answers.len());
    let cells = (rows * answers).saturating_mul(rows * answers);
    if !improver.units_stand_alone() && cells > MOST_CELLS {
        terminal.note(
            "the pages have no next actions and do not say which answers made a difference: scores are relative to many others; `dgpf improve` tells those of one unit",
        );
        return None;
    }
    Some(improver)
}

/// The ranks that other weights would give.
fn drawn(
    framework: &Framework,
    responses: &Responses,
    study: &Study,
) -> anyhow::Result<Uncertainty> {
    progress::doing("drawing");
    let told = |done| progress::share(done as f64 / study.draws as f64);
    let found = uncertainty(framework, responses, study, &told);
    found.map_err(|refused| anyhow::anyhow!("--draws: {refused}"))
}

/// The picture and its media type, told by its first bytes.
fn read_logo(path: &Path) -> anyhow::Result<(&'static str, Vec<u8>)> {
    let bytes = io::read_written(path)?.bytes;
    if bytes.len() > LARGEST_LOGO {
        bail!(
            "--logo {}: it has {} kB and stands on every page: {} kB at most",
            path.display(),
            bytes.len() / 1000,
            LARGEST_LOGO / 1000
        );
    }
    let media = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        other if String::from_utf8_lossy(other).contains("<svg") => "image/svg+xml",
        _ => bail!(
            "--logo {}: it is neither SVG nor PNG nor JPEG",
            path.display()
        ),
    };
    Ok((media, bytes))
}

/// Writes the files whose bytes change, takes away pages of units that are gone, and says so.
fn write(directory: &Path, pages: &[File], terminal: &Terminal) -> anyhow::Result<()> {
    let shown = directory.display();
    let written = io::put_files(directory, pages)?;
    let stale = stale(directory, pages)?;
    for name in &stale {
        let path = directory.join(name);
        fs::remove_file(&path).with_context(|| format!("cannot take away `{}`", path.display()))?;
    }
    if !stale.is_empty() {
        terminal.note(&format!(
            "`{shown}`: taken away, since their units are gone: {}",
            listed(&stale)
        ));
    }
    terminal.note(&format!(
        "`{shown}`: {written}; open `{}`",
        directory.join("index.html").display()
    ));
    Ok(())
}

/// Pages in the directory that an earlier run made and this one did not.
fn stale(directory: &Path, pages: &[File]) -> anyhow::Result<Vec<String>> {
    let shown = directory.display();
    let listed = fs::read_dir(directory).with_context(|| format!("cannot read `{shown}`"))?;
    let mut stale = Vec::new();
    for entry in listed {
        let entry = entry.with_context(|| format!("cannot read `{shown}`"))?;
        let Ok(name) = entry.file_name().into_string() else {
            continue; // dgpf gives no such names
        };
        let html = Path::new(&name)
            .extension()
            .is_some_and(|ending| ending == "html");
        let page = html && !pages.iter().any(|page| page.name == name);
        if page && entry.path().is_file() && site::is_page(&fs::read(entry.path())?) {
            stale.push(name);
        }
    }
    stale.sort();
    Ok(stale)
}
