//! `dgpf verify`.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::bail;
use dgpf::framework::Framework;
use dgpf::report::ScoreResult;
use dgpf::report::verify::{Difference, verify};
use dgpf::scoring::Plan;

use super::Outcome;
use super::args::{OnDuplicate, Reading, Verify};
use super::choose::{self, Chosen};
use super::cohort::Kept;
use super::io::{self, Bytes, Terminal};
use super::read::{Opened, Wanted, open_for};
use super::saved;
use super::score::state;

/// Computes a saved result again and compares.
pub(crate) fn run(arguments: &Verify, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let file = io::read(&arguments.result)?;
    let (text, saved) = saved::read(&file)?;
    let Some(computed) = compute(arguments, &file, &saved, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let differences = verify(&text, &saved, computed.result);
    let shown = arguments.result.display();
    let mut page = String::new();
    if differences.is_empty() {
        let units = choose::counted(saved.scores.observations.len(), "observation");
        let nodes = choose::counted(saved.about.nodes.len(), "node");
        writeln!(
            page,
            "`{shown}` holds: {units}, {nodes}, the same to the last byte"
        )?;
        for unchecked in unchecked(arguments, &saved, computed.unknown_framework) {
            writeln!(page, "not checked: that {unchecked}")?;
        }
    } else {
        writeln!(page, "`{shown}` does not hold")?;
        for difference in &differences {
            writeln!(page, "  {}", said(difference))?;
        }
    }
    io::put(None, page.as_bytes())?;
    Ok(if differences.is_empty() {
        Outcome::Done
    } else {
        Outcome::Problems
    })
}

/// What a result that holds may still not be, and what would prove it.
fn unchecked(arguments: &Verify, saved: &ScoreResult, unknown_framework: bool) -> Vec<String> {
    let mut unchecked = Vec::new();
    if arguments.responses.is_empty() {
        // Nothing in it says what the files were, but it.
        let what = "its answers, notes and line numbers and the hash beside them are those of the responses; name these \
                    with --responses";
        unchecked.push(what.to_owned());
    }
    if unknown_framework {
        let what = "the framework in it is yours; name yours with --framework";
        unchecked.push(what.to_owned());
    }
    if let (None, Some(name)) = (&arguments.stats, saved.about.option("stats")) {
        unchecked.push(format!(
            "its cohort is the one of `{name}`; name that file with --stats"
        ));
    }
    unchecked
}

/// A result computed again.
struct Computed {
    result: ScoreResult,
    /// Whether its framework was taken from the saved result and is none that comes with dgpf: it may call itself what it likes.
    unknown_framework: bool,
}

/// None where something is wrong with the framework or the responses, which is said.
fn compute(
    arguments: &Verify,
    file: &Bytes,
    saved: &ScoreResult,
    terminal: &Terminal,
) -> anyhow::Result<Option<Computed>> {
    let shown = arguments.result.display().to_string();
    let option = |wanted: &str| saved.about.option(wanted);
    let own = arguments.responses.is_empty();
    let id = [saved.about.framework.id.clone()];
    let by = option("by").map(saved::summaries).unwrap_or_default();
    let mut in_it = Vec::new();
    if let (false, None, Some(origin)) = (own, &arguments.framework, &saved.origin) {
        let Some(framework) = saved::framework((saved, origin), &shown, terminal)? else {
            return Ok(None);
        };
        in_it.push(Chosen {
            framework,
            remarks: Vec::new(),
            origin: shown.clone(),
        });
    }
    let mut unknown_framework = in_it
        .first()
        .is_some_and(|chosen| !choose::is_compiled_in(&chosen.framework));
    let wanted = Wanted {
        files: &arguments.responses,
        frameworks: match &arguments.framework {
            _ if own => &[],
            Some(named) => std::slice::from_ref(named),
            None => &id,
        },
        reading: &if own {
            arguments.reading.clone()
        } else {
            reading(arguments, option("on-duplicate"))?
        },
        by: &by,
        language: None,
    };
    let opened = if own {
        saved::open(file, wanted, terminal)?
    } else {
        open_for(wanted, false, in_it, terminal)?.and_then(|mut opened| opened.pop())
    };
    let Some(mut opened) = opened else {
        return Ok(None);
    };
    if own {
        unknown_framework = match &arguments.framework {
            None => !choose::is_compiled_in(&opened.framework),
            Some(named) => {
                let Ok(chosen) = choose::load_named(named, terminal)? else {
                    return Ok(None);
                };
                // The text in the result is held against that of the file.
                opened.framework.sha256 = chosen.framework.sha256;
                false
            }
        };
    }
    if let Some(by) = option("by") {
        state(&mut opened.options, "by", by);
    }
    let stats = arguments.stats.as_deref();
    opened.cohort = match stats {
        // A file that is named is compared with, whatever the result holds.
        Some(_) => None,
        None if own => opened.cohort,
        None => kept(shown, saved, &opened.framework)?,
    };
    let assumptions = opened.assumptions(option("weights"), stats)?;
    if let Some(name) = option("stats") {
        // Whether it is the same cohort its hash tells, whatever the file is called.
        state(&mut opened.options, "stats", name);
    }
    let Opened {
        framework,
        responses,
        options,
        periods: _,
        cohort: _,
    } = opened;
    let framework = &framework;
    let scores = Plan::compile(framework, &assumptions).score(&responses);
    let mut computed = ScoreResult::new(framework, &assumptions, &responses, options, scores);
    if saved.origin.is_some() {
        computed = computed.with_origin(framework, &assumptions, &responses);
    }
    let periods = computed.scores.periods.clone();
    let result = computed.of_periods(|ix| saved.scores.periods.contains(&periods[ix]));
    Ok(Some(Computed {
        result,
        unknown_framework,
    }))
}

/// The cohort that is in the result, where its responses are read anew.
fn kept(shown: String, saved: &ScoreResult, framework: &Framework) -> anyhow::Result<Option<Kept>> {
    let Some(name) = saved.about.option("stats") else {
        return Ok(None);
    };
    let same = saved.about.framework.sha256 == framework.sha256;
    let values = match &saved.origin {
        // Nodes of another framework have other places; that it is another one is said.
        Some(origin) if same => match origin.open(&saved.about) {
            Ok(opened) => opened.cohort,
            Err(error) => bail!("cannot read `{shown}`: {error}"),
        },
        Some(_) => return Ok(None),
        None => None,
    };
    Ok(Some(Kept {
        result: shown,
        name: name.to_owned(),
        values: values.map(Arc::new),
    }))
}

/// How the responses are read: rows of one unit as the saved result says they were.
fn reading(arguments: &Verify, on_duplicate: Option<&str>) -> anyhow::Result<Reading> {
    let saved = match on_duplicate {
        None => None,
        Some("first") => Some(OnDuplicate::First),
        Some("last") => Some(OnDuplicate::Last),
        Some("newest") => Some(OnDuplicate::Newest),
        Some(other) => bail!("the option `on-duplicate {other}` of the result is not known"),
    };
    Ok(Reading {
        on_duplicate: arguments.reading.on_duplicate.or(saved),
        ..arguments.reading.clone()
    })
}

fn said(difference: &Difference) -> String {
    match difference {
        Difference::Program { saved, computed } => {
            format!("program: it was made by dgpf {saved}, this is {computed}")
        }
        Difference::Framework { saved, computed } if saved == computed => {
            format!("framework: another text of {saved} made it")
        }
        Difference::Framework { saved, computed } => {
            format!("framework: it was made by {saved}, compared with {computed}")
        }
        Difference::Responses => "responses: it was made from other files".to_owned(),
        Difference::Cohort => "stats: it was scored against another cohort".to_owned(),
        Difference::Options { saved, computed } => {
            format!("options: it was made with {saved}, compared with {computed}")
        }
        Difference::Remark { text, is_new: true } => {
            format!("note: dgpf says today what is not in it: {text}")
        }
        Difference::Remark {
            text,
            is_new: false,
        } => format!("note: it says what dgpf does not say today: {text}"),
        Difference::Text {
            line,
            saved,
            computed,
        } => format!("line {line} is {saved}\n    should be {computed}"),
    }
}
