//! `dgpf stats`.

use std::path::Path;

use anyhow::{anyhow, bail};
use dgpf::framework::Framework;
use dgpf::report::statistics;
use dgpf::scoring::{Frozen, Plan};

use super::Outcome;
use super::args::Stats;
use super::choose;
use super::io::{self, Bytes, Terminal};
use super::read::open_one;
use super::score;

/// Writes the values of a cohort, or puts those of its parts together.
pub(crate) fn run(arguments: &Stats, terminal: &Terminal) -> anyhow::Result<Outcome> {
    if arguments.merge {
        return merge(arguments, terminal);
    }
    io::keep_inputs(arguments.output.as_deref(), &arguments.inputs.files)?;
    let wanted = arguments.inputs.wanted(None);
    let Some(opened) = open_one(wanted, "statistics are", terminal)? else {
        return Ok(Outcome::Problems);
    };
    let framework = &opened.framework;
    let weights = arguments.weights.as_deref();
    let assumptions = score::assumptions(framework, weights, &mut Vec::new())?;
    match Plan::compile(framework, &assumptions).freeze(&opened.responses) {
        Ok(frozen) => put(&frozen, framework, arguments),
        Err(others) => {
            for other in others {
                terminal.error(&anyhow!(other));
            }
            Ok(Outcome::Problems)
        }
    }
}

fn merge(arguments: &Stats, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let [name] = arguments.inputs.frameworks.as_slice() else {
        bail!("--merge needs the framework: name one with -f");
    };
    let Ok(chosen) = choose::load_named(name, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let framework = &chosen.framework;
    let weights = arguments.weights.as_deref();
    let mut frozen = Frozen::default();
    for file in &arguments.inputs.files {
        let part = read(file, framework, weights)?;
        for (key, entry) in part.entries() {
            frozen.add(key.clone(), entry);
        }
    }
    if let Err(why) = frozen.mergeable(framework) {
        terminal.error(&anyhow!(why));
        return Ok(Outcome::Problems);
    }
    put(&frozen, framework, arguments)
}

fn put(frozen: &Frozen, framework: &Framework, arguments: &Stats) -> anyhow::Result<Outcome> {
    let text = statistics::write(frozen, framework, arguments.weights.as_deref());
    io::put(arguments.output.as_deref(), text.as_bytes())?;
    Ok(Outcome::Done)
}

/// Reads a file of statistics.
pub(crate) fn read(
    path: &Path,
    framework: &Framework,
    weights: Option<&str>,
) -> anyhow::Result<Frozen> {
    let Bytes { name, bytes } = io::read(path)?;
    let text = String::from_utf8(bytes).map_err(|_| anyhow!("`{name}` is not UTF-8"))?;
    statistics::read(&text, framework, weights).map_err(|why| anyhow!("`{name}`: {why}"))
}
