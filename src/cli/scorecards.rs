//! `dgpf scorecards`.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use dgpf::analysis::explain::Explainer;
use dgpf::framework::Framework;
use dgpf::report::ScoreResult;
use dgpf::report::site::{self, Insight, Logo, Material, Style};
use dgpf::scoring::Plan;

use super::Outcome;
use super::args::Scorecards;
use super::choose::listed;
use super::io::{self, Terminal};
use super::read::{Opened, open_one};
use super::score;

/// Scores responses and writes a site.
pub(crate) fn run(arguments: &Scorecards, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let logo = arguments.logo.as_deref().map(read_logo).transpose()?;
    let wanted = arguments.inputs.wanted(arguments.lang.as_deref());
    let Some(opened) = open_one(wanted, "a site shows", terminal)? else {
        return Ok(Outcome::Problems);
    };
    let Opened {
        framework,
        responses,
        mut options,
        periods: _,
    } = opened;
    let framework = &framework;
    let assumptions = score::assumptions(framework, arguments.weights.as_deref(), &mut options)?;
    let plan = Plan::compile(framework, &assumptions);
    let explainer = Explainer::new(&plan, &responses);
    let scores = explainer.scores().clone();
    let result = ScoreResult::new(framework, &assumptions, &responses, options, scores);
    let period = period(&result, &arguments.period)?;
    let style = Style {
        language: arguments.lang.as_deref(),
        accent: arguments.accent.as_deref(),
        logo: logo.as_ref().map(|(media, bytes)| Logo { media, bytes }),
    };
    let material = Material {
        result: &result,
        framework: Some(framework),
        responses: Some(&responses),
    };
    let insight = |row: usize| {
        let observation = &result.scores.observations[row];
        let taken_apart =
            explainer.explain(&observation.unit, observation.period, Framework::INDEX);
        taken_apart.as_ref().map(Insight::of)
    };
    let pages = site::pages(&material, period, style, &insight);
    write(&arguments.output, &pages, terminal)?;
    Ok(Outcome::Done)
}

fn period(result: &ScoreResult, wanted: &str) -> anyhow::Result<usize> {
    let periods = &result.scores.periods;
    match periods.iter().position(|period| period == wanted) {
        Some(found) => Ok(found),
        None if wanted == "latest" => Ok(periods.len().saturating_sub(1)),
        None if periods.iter().all(String::is_empty) => {
            bail!("--period {wanted}: the responses have no periods")
        }
        None => bail!(
            "--period {wanted}: no such period; there are {}",
            listed(periods)
        ),
    }
}

/// The picture and its media type, told by its first bytes.
fn read_logo(path: &Path) -> anyhow::Result<(&'static str, Vec<u8>)> {
    let bytes = io::read(path)?.bytes;
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

/// Writes the files whose bytes change, and says how many.
fn write(directory: &Path, pages: &[site::File], terminal: &Terminal) -> anyhow::Result<()> {
    let shown = directory.display();
    fs::create_dir_all(directory).with_context(|| format!("cannot make directory `{shown}`"))?;
    let mut changed = 0;
    for page in pages {
        let path = directory.join(&page.name);
        if !fs::read(&path).is_ok_and(|old| old == page.bytes) {
            io::write_file(&path, &page.bytes)?;
            changed += 1;
        }
    }
    terminal.note(&format!(
        "`{shown}`: {} files, {changed} of them changed; open `{}`",
        pages.len(),
        directory.join("index.html").display()
    ));
    Ok(())
}
