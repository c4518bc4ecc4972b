//! `dgpf verify`.

use std::fmt::Write as _;

use anyhow::bail;
use dgpf::report::verify::{Difference, verify};
use dgpf::report::{ScoreResult, json};
use dgpf::scoring::Plan;

use super::Outcome;
use super::args::{OnDuplicate, Reading, Verify};
use super::choose;
use super::io::{self, Terminal};
use super::read::{Opened, Wanted, open_one};
use super::score::{add_groups, assumptions};

/// Computes a saved result again and compares.
pub(crate) fn run(arguments: &Verify, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let shown = arguments.result.display();
    let text = String::from_utf8(io::read(&arguments.result)?.bytes)
        .map_err(|_| anyhow::anyhow!("cannot read `{shown}`: it is not UTF-8"))?;
    let saved =
        json::read(&text).map_err(|error| anyhow::anyhow!("cannot read `{shown}`: {error}"))?;
    let option = |wanted: &str| {
        let options = saved.about.options.iter();
        let mut found = options.filter(|(name, _)| name == wanted);
        found.next().map(|(_, value)| value.as_str())
    };
    let named = arguments.framework.clone();
    let framework = named.unwrap_or_else(|| saved.about.framework.id.clone());
    let wanted = Wanted {
        files: &arguments.responses,
        frameworks: std::slice::from_ref(&framework),
        reading: &reading(arguments, option("on-duplicate"))?,
        language: None,
    };
    let Some(opened) = open_one(wanted, "a result is verified by", terminal)? else {
        return Ok(Outcome::Problems);
    };
    let Opened {
        mut framework,
        responses,
        mut options,
    } = opened;
    add_groups(&mut framework, &arguments.by)?;
    let framework = &framework;
    let assumptions = assumptions(framework, option("weights"), &mut options)?;
    let scores = Plan::compile(framework, &assumptions).score(&responses);
    let computed = ScoreResult::new(framework, &assumptions, &responses, options, scores);
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
