//! `dgpf check`.

use std::collections::BTreeSet;
use std::sync::Arc;

use dgpf::framework::Framework;
use dgpf::problem::{Problem, Severity};
use dgpf::report::Answered;
use dgpf::report::problems::{self, Checked, ProblemFormat};
use dgpf::responses::CellPlace;

use super::Outcome;
use super::args::{Check, CheckFormat, CheckWriting};
use super::choose::{self, Chosen};
use super::io::{self, Terminal};
use super::read::{Files, exporters, tell_exporters};

/// Reports every problem of the responses; nothing is scored.
pub(crate) fn run(arguments: &Check, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let inputs = &arguments.inputs;
    let files = Files::open(&inputs.files, &inputs.reading)?;
    let mut checked = Checked {
        files: files.names(),
        ..Checked::default()
    };
    match choose::sound(&inputs.frameworks, &files, terminal)? {
        Ok(frameworks) => look(&files, &frameworks, &mut checked, terminal),
        Err(problems) => checked.problems = problems,
    }
    write(&checked, &arguments.writing, terminal)?;
    Ok(outcome(&checked))
}

/// Everything there is to say about the files.
fn look(files: &Files, frameworks: &[Chosen], checked: &mut Checked, terminal: &Terminal) {
    for chosen in frameworks {
        checked.problems.extend(chosen.remarks.iter().cloned());
    }
    let inspected = match files.inspect(frameworks) {
        Ok(inspected) => inspected,
        Err(problems) => {
            checked.problems.extend(problems);
            return;
        }
    };
    tell_exporters(exporters(&inspected), terminal);
    for (chosen, inspected) in frameworks.iter().zip(inspected) {
        checked.problems.extend(inspected.problems);
        if let Some(responses) = &inspected.responses {
            let answered = Answered::of(&chosen.framework, responses);
            checked
                .summaries
                .push(summary(&chosen.framework, &answered));
            checked.problems.extend(answered.warnings().cloned());
        }
        for file in &inspected.recognised {
            let name: Arc<str> = Arc::from(file.file.as_str());
            let spans = files.spans(file, &cells(&checked.problems, &name));
            checked.spans.entry(name).or_default().extend(spans);
        }
    }
}

/// The cells of a file that problems are about.
fn cells(problems: &[Problem], file: &Arc<str>) -> BTreeSet<CellPlace> {
    let places = problems.iter().flat_map(|problem| &problem.places);
    places
        .filter(|place| place.file == *file && place.column > 0 && place.excerpt.is_none())
        .map(|place| (place.line, place.column))
        .collect()
}

/// What was read: `38 units, 1 period, 228 answers: ready to score by `dgi-2023` 1.0.0`.
fn summary(framework: &Framework, answered: &Answered) -> String {
    format!(
        "{}: ready to score by `{}` {}",
        answered.sentence(),
        framework.id,
        framework.version
    )
}

/// Whether anything stops the work.
pub(crate) fn outcome(checked: &Checked) -> Outcome {
    let errors = (checked.problems.iter()).any(|problem| problem.severity == Severity::Error);
    if errors {
        Outcome::Problems
    } else {
        Outcome::Done
    }
}

/// Problems and summaries as asked: for people the problems go beside the result, for programs they are the result.
pub(crate) fn write(
    checked: &Checked,
    writing: &CheckWriting,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let format = match writing.format {
        CheckFormat::Human => None,
        CheckFormat::Json => Some(ProblemFormat::Json),
        CheckFormat::Sarif => Some(ProblemFormat::Sarif),
        CheckFormat::Github => Some(ProblemFormat::Github),
        CheckFormat::Junit => Some(ProblemFormat::Junit),
    };
    let mut text = Vec::new();
    match format {
        None => {
            terminal.problems(&checked.problems);
            for sentence in &checked.summaries {
                text.extend(sentence.bytes());
                text.push(b'\n');
            }
        }
        Some(format) => problems::write(checked, format, &mut text)?,
    }
    io::put(writing.output.as_deref(), &text)
}
