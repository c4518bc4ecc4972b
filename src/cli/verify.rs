//! `dgpf verify`.

use std::fmt::Write as _;

use anyhow::bail;
use dgpf::report::ScoreResult;
use dgpf::report::verify::{Difference, verify};
use dgpf::scoring::Plan;

use super::Outcome;
use super::args::{OnDuplicate, Reading, Verify};
use super::choose::{self, Chosen};
use super::io::{self, Terminal};
use super::read::{Opened, Wanted, open_for};
use super::saved;
use super::score::{add_groups, assumptions, state};

/// Computes a saved result again and compares.
pub(crate) fn run(arguments: &Verify, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let shown = arguments.result.display();
    let (text, saved) = saved::read(&io::read(&arguments.result)?)?;
    let option = |wanted: &str| saved::option(&saved, wanted);
    if let Some(stats) = option("stats") {
        bail!(
            "`{shown}` was scored with the values of a cohort (`--stats {stats}`), which are not in it: score the responses \
             with them again, and compare the files"
        );
    }
    let own = arguments.responses.is_empty();
    let id = [saved.about.framework.id.clone()];
    let mut kept = Vec::new();
    if let (false, None, Some(origin)) = (own, &arguments.framework, &saved.origin) {
        let Some(framework) = saved::framework(&saved, origin, &shown.to_string(), terminal)?
        else {
            return Ok(Outcome::Problems);
        };
        kept.push(Chosen {
            framework,
            remarks: Vec::new(),
            origin: shown.to_string(),
        });
    }
    // It may call itself what it likes.
    let unknown_framework = !kept.is_empty() && !choose::is_compiled_in(&kept[0].framework);
    let wanted = Wanted {
        files: if own {
            std::slice::from_ref(&arguments.result)
        } else {
            &arguments.responses
        },
        frameworks: match &arguments.framework {
            Some(named) => std::slice::from_ref(named),
            None if own => &[],
            None => &id,
        },
        reading: &if own {
            arguments.reading.clone()
        } else {
            reading(arguments, option("on-duplicate"))?
        },
        language: None,
        frozen: false,
    };
    let opened = open_for(wanted, false, kept, terminal)?;
    let Some(opened) = opened.and_then(|mut opened| opened.pop()) else {
        return Ok(Outcome::Problems);
    };
    let Opened {
        mut framework,
        responses,
        mut options,
        periods: _,
    } = opened;
    if let Some(by) = option("by") {
        add_groups(&mut framework, &saved::summaries(by))?;
        state(&mut options, "by", by);
    }
    let framework = &framework;
    let assumptions = assumptions(framework, option("weights"), &mut options)?;
    let scores = Plan::compile(framework, &assumptions).score(&responses);
    let mut computed = ScoreResult::new(framework, &assumptions, &responses, options, scores);
    if saved.origin.is_some() {
        computed = computed.with_origin(framework, &responses);
    }
    let periods = computed.scores.periods.clone();
    let computed = computed.of_periods(|ix| saved.scores.periods.contains(&periods[ix]));
    let differences = verify(&text, &saved, &computed);
    let mut page = String::new();
    if differences.is_empty() {
        let units = choose::counted(saved.scores.observations.len(), "observation");
        let nodes = choose::counted(saved.about.nodes.len(), "node");
        writeln!(
            page,
            "`{shown}` holds: {units}, {nodes}, the same to the last byte"
        )?;
        if own {
            // Nothing in it says what the files were, but it.
            writeln!(
                page,
                "not checked: that its answers, notes and line numbers and the hash beside them are those of the responses; name these with --responses"
            )?;
        }
        if unknown_framework {
            writeln!(
                page,
                "not checked: that the framework in it is yours; name yours with --framework"
            )?;
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
        Difference::Options { saved, computed } => {
            format!("options: it was made with {saved}, compared with {computed}")
        }
        Difference::Text {
            line,
            saved,
            computed,
        } => format!("line {line} is {saved}\n    should be {computed}"),
    }
}
