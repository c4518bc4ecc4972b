//! `dgpf check`.

use std::io::Write;

use dgpf::framework::Framework;
use dgpf::responses::{Mark, Responses};

use super::Outcome;
use super::args::Check;
use super::choose::{self, counted};
use super::io::Terminal;
use super::read::Files;

/// Reports every problem of the responses; nothing is scored.
pub(crate) fn run(arguments: &Check, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let inputs = &arguments.inputs;
    let files = Files::open(&inputs.files, &inputs.reading)?;
    let names = &inputs.frameworks;
    let Ok(frameworks) = choose::frameworks(names, &files, terminal)? else {
        return Ok(Outcome::Problems);
    };
    for chosen in &frameworks {
        terminal.problems(&chosen.remarks);
    }
    let found = files.load(&frameworks, terminal);
    let mut outcome = Outcome::Done;
    let mut out = Terminal::out();
    for (chosen, responses) in frameworks.iter().zip(found) {
        match responses {
            Some(responses) => writeln!(out, "{}", summary(&chosen.framework, &responses))?,
            None => outcome = Outcome::Problems,
        }
    }
    out.flush()?;
    Ok(outcome)
}

/// What was read: `38 units, 1 period, 228 of 228 answers given: ready to score by `dgi-2023` 1.0.0`.
fn summary(framework: &Framework, responses: &Responses) -> String {
    let (mut given, mut missing, mut not_applicable) = (0, 0, 0);
    for mark in responses.answers.iter().flat_map(|column| &column.marks) {
        match mark {
            Mark::Given => given += 1,
            Mark::NotApplicable => not_applicable += 1,
            Mark::Unanswered | Mark::DontKnow | Mark::NotAsked => missing += 1,
        }
    }
    let mut parts = vec![counted(responses.units.len(), "unit")];
    if framework.period.is_some() {
        parts.push(counted(responses.periods.len(), "period"));
    }
    parts.push(counted(given, "answer"));
    for (count, what) in [(missing, "missing"), (not_applicable, "not applicable")] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    format!(
        "{}: ready to score by `{}` {}",
        parts.join(", "),
        framework.id,
        framework.version
    )
}
