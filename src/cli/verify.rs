//! `dgpf verify`.

use std::fmt::Write as _;

use anyhow::bail;
use dgpf::report::verify::{Difference, verify};
use dgpf::report::{ScoreResult, json};
use dgpf::scoring::{Assumptions, Plan};

use super::Outcome;
use super::args::{Inputs, OnDuplicate, Verify};
use super::choose;
use super::io::{self, Terminal};
use super::read::Files;
use super::score::{add_groups, weight_set};

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
    let inputs = inputs(arguments, &saved, option("on-duplicate"))?;
    let files = Files::open(&inputs)?;
    let Ok(mut frameworks) = choose::frameworks(&inputs.frameworks, &files, terminal)? else {
        return Ok(Outcome::Problems);
    };
    for chosen in &mut frameworks {
        add_groups(&mut chosen.framework, &arguments.by)?;
    }
    let found = files.load(&frameworks, terminal).pop().flatten();
    let (Some(chosen), Some(responses)) = (frameworks.first(), found) else {
        return Ok(Outcome::Problems);
    };
    let framework = &chosen.framework;
    let mut assumptions = Assumptions::of(framework);
    let mut options = files.stated();
    if let Some(name) = option("weights") {
        assumptions = assumptions.with_weight_set(weight_set(framework, name)?);
        options.push(("weights".to_owned(), name.to_owned()));
    }
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

/// The responses, read as the saved result says they were.
fn inputs(
    arguments: &Verify,
    saved: &ScoreResult,
    on_duplicate: Option<&str>,
) -> anyhow::Result<Inputs> {
    let named = arguments.framework.clone();
    Ok(Inputs {
        files: arguments.responses.clone(),
        frameworks: vec![named.unwrap_or_else(|| saved.about.framework.id.clone())],
        units: arguments.units.clone(),
        on_duplicate: match on_duplicate {
            None => OnDuplicate::Error,
            Some("first") => OnDuplicate::First,
            Some("last") => OnDuplicate::Last,
            Some("newest") => OnDuplicate::Newest,
            Some(other) => bail!("the option `on-duplicate {other}` of the result is not known"),
        },
        delimiter: None,
        sheet: None,
        header_rows: None,
        encoding: None,
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
