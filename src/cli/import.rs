//! `dgpf import`.

use std::path::Path;

use anyhow::bail;
use dgpf::problem::Severity;
use dgpf::report::{
    Answered, FrameworkFacts, ImportResult, json, markdown, present, terminal as page,
};
use dgpf::responses::{self, Mapping};

use super::Outcome;
use super::args::{Import, ImportFormat};
use super::choose;
use super::io::{self, Terminal};
use super::read::Files;

/// Says what was recognised in responses, and writes them in one form.
pub(crate) fn run(arguments: &Import, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let (inputs, output) = (&arguments.inputs, arguments.output.as_deref());
    if let Some(mapping) = &arguments.write_mapping {
        keep_mapping(mapping)?;
    }
    if inputs.frameworks.len() > 1 {
        bail!("responses are imported for one framework at a time: name one with -f");
    }
    let files = Files::open(&inputs.files, &inputs.reading)?;
    let Ok(frameworks) = choose::frameworks(&inputs.frameworks, &files, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let Some(chosen) = frameworks.first() else {
        return Ok(Outcome::Problems);
    };
    terminal.problems(&chosen.remarks);
    let mut inspected = match files.inspect(&frameworks) {
        Ok(inspected) => inspected,
        Err(problems) => {
            terminal.problems(&problems);
            return Ok(Outcome::Problems);
        }
    };
    let framework = &chosen.framework;
    let mut inspected = inspected.remove(0);
    let answered = inspected.responses.as_ref();
    let answered = answered.map(|responses| Answered::of(framework, responses));
    let warnings = answered.iter().flat_map(Answered::warnings);
    inspected.problems.extend(warnings.cloned());
    let result = ImportResult {
        framework: FrameworkFacts::of(framework),
        files: inspected.recognised,
        problems: inspected.problems,
        answered,
    };
    if let Some(path) = &arguments.write_mapping {
        let given = files.mapping(&[framework]).ok().flatten();
        let draft = Mapping::draft(&result.files, &result.problems, given.as_ref());
        io::put(Some(path), draft.as_bytes())?;
    }
    if let (Some(path), Some(responses)) = (output, &inspected.responses) {
        let mut text = Vec::new();
        responses::write_long(responses, framework, &mut text)?;
        io::put(Some(path), &text)?;
    }
    if output.is_some_and(|path| path.as_os_str() == "-") {
        // The responses have the standard output for themselves.
        terminal.problems(&result.problems);
    } else {
        report(&result, arguments.format, terminal)?;
    }
    if let (Some(path), None) = (output, &inspected.responses) {
        terminal.note(&format!("`{}` was not written", path.display()));
    }
    let sound = !(result.problems.iter()).any(|problem| problem.severity == Severity::Error);
    Ok(if sound {
        Outcome::Done
    } else {
        Outcome::Problems
    })
}

/// The report on the standard output, and what it does not show beside it.
fn report(result: &ImportResult, format: ImportFormat, terminal: &Terminal) -> anyhow::Result<()> {
    let mut text = Vec::new();
    match format {
        ImportFormat::Table => page::write(&present::import(result), terminal.look(), &mut text)?,
        ImportFormat::Markdown => markdown::write(&present::import(result), &mut text)?,
        ImportFormat::Json => json::write_import(result, &mut text)?,
    }
    if format != ImportFormat::Json {
        terminal.problems(&result.further());
    }
    io::put(None, &text)
}

/// A mapping is corrected by hand: none is written over.
fn keep_mapping(path: &Path) -> anyhow::Result<()> {
    if path.exists() {
        bail!(
            "cannot write `{0}`: it is there already; read it with --mapping {0}, and write a new one beside it",
            path.display()
        );
    }
    Ok(())
}
