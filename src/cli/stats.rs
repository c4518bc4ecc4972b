//! `dgpf stats`.

use std::path::Path;

use anyhow::{anyhow, bail};
use dgpf::framework::Framework;
use dgpf::report::statistics;
use dgpf::responses::Order;
use dgpf::scoring::{Frozen, Keep, Plan};

use super::Outcome;
use super::args::Stats;
use super::choose::{self, Chosen};
use super::io::{self, Bytes, Terminal};
use super::pieces::{Large, Tried, in_pieces};
use super::read::{keep_to_one, open_for, stated};
use super::score;

/// Writes the values of a cohort, or puts those of its parts together.
pub(crate) fn run(arguments: &Stats, terminal: &Terminal) -> anyhow::Result<Outcome> {
    if arguments.merge {
        return merge(arguments, terminal);
    }
    keep_to_one(&arguments.inputs.frameworks, "statistics are")?;
    let tried = in_pieces(&arguments.inputs, terminal, |large, chosen| {
        gathered(arguments, large, chosen, terminal)
    })?;
    let chosen = match tried {
        Tried::Done(outcome) => return Ok(outcome),
        Tried::Whole(chosen) => chosen,
    };
    let wanted = arguments.inputs.wanted(None);
    let opened = open_for(wanted, false, chosen, terminal)?;
    let Some(mut opened) = opened.and_then(|mut opened| opened.pop()) else {
        return Ok(Outcome::Problems);
    };
    let assumptions = opened.assumptions(arguments.weights.as_deref(), None)?;
    let framework = &opened.framework;
    let weights = stated(&opened.options, "weights");
    if let Some(cohort) = &assumptions.cohort {
        // What the units of a saved result were compared with is in it.
        return put(cohort, framework, weights, arguments);
    }
    match Plan::compile(framework, &assumptions).freeze(&opened.responses) {
        Ok(frozen) => put(&frozen, framework, weights, arguments),
        Err(others) => {
            for other in others {
                terminal.error(&anyhow!(other));
            }
            Ok(Outcome::Problems)
        }
    }
}

/// Reads a large file piece by piece; nothing if it takes the whole.
fn gathered(
    arguments: &Stats,
    large: &mut Large,
    chosen: &Chosen,
    terminal: &Terminal,
) -> anyhow::Result<Option<Outcome>> {
    let framework = &chosen.framework;
    let mut said = Vec::new();
    let weights = arguments.weights.as_deref();
    let assumptions = score::assumptions(framework, weights, &mut said)?;
    let plan = Plan::compile(framework, &assumptions);
    let possible = plan.can_be_frozen().is_ok() && plan.rows_stand_alone();
    let Some(options) = large.options(framework).filter(|_| possible) else {
        return Ok(None);
    };
    let Some(mut pieces) = large.pieces(&plan, &options, Order::Ascending) else {
        return Ok(None);
    };
    let rounds = plan.rounds();
    if rounds.is_empty() {
        // Whatever is wrong with the responses has to be said all the same.
        return Ok(None);
    }
    pieces.expect(rounds.len());
    let mut frozen = Frozen::default();
    let mut plan = plan.knowing(&frozen);
    for round in &rounds {
        let Some(found) = pieces.gather(&plan, (round, Keep::Everything))? else {
            return Ok(None);
        };
        plan = plan.knowing(&found);
        frozen.extend(found);
    }
    pieces.tell(chosen, None, terminal)?;
    put(&frozen, framework, stated(&said, "weights"), arguments).map(Some)
}

fn merge(arguments: &Stats, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let [name] = arguments.inputs.frameworks.as_slice() else {
        bail!("--merge needs the framework: name one with -f");
    };
    let Ok(chosen) = choose::load_named(name, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let framework = &chosen.framework;
    let weights = match &arguments.weights {
        Some(name) => Some(score::weight_set(framework, name)?.id.as_str()),
        None => None,
    };
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
    put(&frozen, framework, weights, arguments)
}

fn put(
    frozen: &Frozen,
    framework: &Framework,
    weights: Option<&str>,
    arguments: &Stats,
) -> anyhow::Result<Outcome> {
    io::put_with(arguments.output.as_deref(), &|out| {
        statistics::write(frozen, framework, weights, out)
    })?;
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

/// What a result calls a file of statistics: where it lay is nobody's business.
pub(crate) fn name(path: &Path) -> String {
    let name = path.file_name().filter(|_| !io::is_dash(path));
    name.map_or_else(
        || io::shown(path),
        |name| name.to_string_lossy().into_owned(),
    )
}
