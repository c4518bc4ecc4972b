//! `dgpf frameworks`: list, show, check.

use dgpf::framework::Framework;
use dgpf::problem::Severity;
use dgpf::report::{present, terminal};

use super::Outcome;
use super::args::{Frameworks, FrameworksCommand};
use super::choose::{self, Unsound, counted};
use super::io::{self, Terminal};

/// Runs one of the commands about frameworks.
pub(crate) fn run(arguments: &Frameworks, terminal: &Terminal) -> anyhow::Result<Outcome> {
    match &arguments.command {
        None | Some(FrameworksCommand::List) => list(terminal),
        Some(FrameworksCommand::Show { framework, lang }) => {
            show(framework, lang.as_deref(), terminal)
        }
        Some(FrameworksCommand::Check { framework, strict }) => check(framework, *strict, terminal),
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
        choose::check_language(&chosen.framework, language, terminal);
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

fn check(name: &str, strict: bool, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let chosen = match choose::load_named(name, terminal)? {
        Ok(chosen) => chosen,
        Err(Unsound) => return Ok(Outcome::Problems),
    };
    terminal.problems(&chosen.remarks);
    let count = |severity| {
        let remarks = chosen.remarks.iter();
        remarks.filter(|remark| remark.severity == severity).count()
    };
    let warnings = count(Severity::Warning);
    let text = format!(
        "{}, {}\n",
        summary(&chosen.framework),
        counted(warnings, "warning")
    );
    io::put(None, text.as_bytes())?;
    Ok(if strict && warnings > 0 {
        Outcome::Problems
    } else {
        Outcome::Done
    })
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
