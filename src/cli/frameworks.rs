//! `dgpf frameworks`: list, show, check, diff, new, fmt, schema.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use dgpf::framework::{Framework, Source};
use dgpf::problem::Severity;
use dgpf::report::problems::Checked;
use dgpf::report::{present, terminal};

use super::Outcome;
use super::args::{CheckWriting, Frameworks, FrameworksCommand};
use super::choose::{self, Chosen, Spoken, Unsound, counted};
use super::io::{self, Terminal};
use super::replace::write_back;

/// Runs one of the commands about frameworks.
pub(crate) fn run(arguments: &Frameworks, terminal: &Terminal) -> anyhow::Result<Outcome> {
    match &arguments.command {
        None | Some(FrameworksCommand::List) => list(terminal),
        Some(FrameworksCommand::Show { framework, lang }) => {
            show(framework, lang.as_deref(), terminal)
        }
        Some(FrameworksCommand::Check {
            framework,
            strict,
            writing,
        }) => check(framework, *strict, writing, terminal),
        Some(FrameworksCommand::Diff { old, new }) => diff(old, new, terminal),
        Some(FrameworksCommand::New { id }) => new(id),
        Some(FrameworksCommand::Fmt { files, check }) => fmt(files, *check, terminal),
    }
}

fn list(terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut listed = Vec::new();
    for candidate in choose::at_hand()? {
        match candidate.load() {
            Ok(chosen) => listed.push((chosen.framework, chosen.origin)),
            Err(_) => terminal.note(&format!(
                "{} has problems; see `dgpf frameworks check {0}`",
                candidate.origin()
            )),
        }
    }
    let document = present::framework_list(&listed);
    print(&document, terminal)
}

fn show(name: &str, language: Option<&str>, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let chosen = match choose::load_named(name, terminal)? {
        Ok(chosen) => chosen,
        Err(Unsound) => return Ok(Outcome::Problems),
    };
    if let Some(language) = language {
        choose::check_language(&[Spoken::by(&chosen.framework)], language, terminal)?;
    }
    print(&present::framework(&chosen.framework, language), terminal)
}

fn print(
    document: &dgpf::report::document::Document,
    terminal: &Terminal,
) -> anyhow::Result<Outcome> {
    let mut text = Vec::new();
    terminal::write(document, terminal.look(), &mut text)?;
    io::put(None, &text)?;
    Ok(Outcome::Done)
}

fn check(
    name: &str,
    strict: bool,
    writing: &CheckWriting,
    terminal: &Terminal,
) -> anyhow::Result<Outcome> {
    let candidate = choose::named(name)?;
    let mut checked = Checked {
        files: vec![Arc::from(candidate.name())],
        ..Checked::default()
    };
    let advised = candidate.advise(strict);
    let warned = match advised {
        Ok(chosen) => {
            let (sentence, warnings) = counts(&chosen);
            checked.summaries.push(sentence);
            checked.problems = chosen.remarks;
            warnings > 0
        }
        Err(problems) => {
            checked.problems = problems;
            true
        }
    };
    super::check::write(&checked, writing, terminal)?;
    Ok(if strict && warned {
        Outcome::Problems
    } else {
        super::check::outcome(&checked)
    })
}

/// What a sound framework holds and how much there is to say about it; how many warnings there are.
fn counts(chosen: &Chosen) -> (String, usize) {
    let count = |severity| {
        let remarks = chosen.remarks.iter();
        let of = remarks.filter(|remark| remark.severity == severity);
        of.map(|remark| remark.count).sum::<usize>()
    };
    let (warnings, notes) = (count(Severity::Warning), count(Severity::Note));
    let sentence = format!(
        "{}, {}, {}",
        summary(&chosen.framework),
        counted(warnings, "warning"),
        counted(notes, "note")
    );
    (sentence, warnings)
}

fn diff(old: &str, new: &str, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let (old, new) = (
        choose::load_named(old, terminal)?,
        choose::load_named(new, terminal)?,
    );
    let (Ok(old), Ok(new)) = (old, new) else {
        return Ok(Outcome::Problems);
    };
    let difference = dgpf::framework::diff(&old.framework, &new.framework);
    print(
        &present::difference(&old.framework, &new.framework, &difference),
        terminal,
    )
}

/// Writes a framework to start from and responses to it.
fn new(id: &str) -> anyhow::Result<Outcome> {
    let Some(skeleton) = dgpf::framework::skeleton(id) else {
        bail!(
            "`{id}` cannot be an id: start with a letter, then use letters, digits, `_`, `-` and `.`, at most 64 characters"
        );
    };
    let (framework, responses) = (format!("{id}.yaml"), format!("{id}.csv"));
    for file in [&framework, &responses] {
        if Path::new(file).exists() {
            bail!("`{file}` is there already; choose another name or remove it");
        }
    }
    io::put(Some(Path::new(&framework)), skeleton.framework.as_bytes())?;
    io::put(Some(Path::new(&responses)), skeleton.responses.as_bytes())?;
    let text =
        format!("Wrote {framework} and {responses}. Next: dgpf score {responses} -f {framework}\n");
    io::put(None, text.as_bytes())?;
    Ok(Outcome::Done)
}

/// Puts files into their canonical form, or says which are not.
fn fmt(files: &[PathBuf], check: bool, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Done;
    let mut text = String::new();
    for file in files {
        let bytes = io::read_written(file)?.bytes;
        let Ok(written) = String::from_utf8(bytes) else {
            bail!("`{}` is not UTF-8; save it as UTF-8", file.display());
        };
        let source = Source {
            name: Arc::from(file.display().to_string()),
            text: written,
        };
        match dgpf::framework::format(&source) {
            Err(problems) => {
                terminal.problems(&problems);
                outcome = Outcome::Problems;
            }
            Ok(formatted) if formatted == source.text => {}
            Ok(_) if check => {
                let _ = writeln!(text, "{} is not formatted", file.display());
                outcome = Outcome::Problems;
            }
            Ok(formatted) => {
                write_back(file, formatted.as_bytes())?;
                let _ = writeln!(text, "Formatted {}", file.display());
            }
        }
    }
    io::put(None, text.as_bytes())?;
    Ok(outcome)
}

fn summary(framework: &Framework) -> String {
    format!(
        "framework `{}` {} is sound: {}, {}",
        framework.id,
        framework.version,
        counted(framework.nodes.len(), "node"),
        counted(framework.indicators().count(), "indicator")
    )
}
