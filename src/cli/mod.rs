//! The only code that knows flags, files and terminals: one match from command to function, and from outcome to exit
//! code.

mod args;
mod arrange;
mod check;
mod choose;
mod coherence;
mod cohort;
mod compare;
mod explain;
mod explain_code;
mod frameworks;
mod gate;
mod import;
mod improve;
mod init;
mod io;
mod manual;
mod one_unit;
mod pieces;
mod progress;
mod read;
mod replace;
mod report;
mod results;
mod robustness;
mod saved;
mod schema;
mod score;
mod scorecards;
mod sql;
mod stats;
mod stream;
mod template;
mod verify;

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use args::{Arguments, Colour, Command, FIRST_STEPS};
use io::Terminal;

/// How a command ended when it could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It did what was asked.
    Done,
    /// The inputs have problems, or a check that was asked for did not hold.
    Problems,
}

/// Could not run: usage, files.
const COULD_NOT_RUN: u8 = 2;

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Problems => Self::FAILURE,
        }
    }
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => return report_usage(&usage),
    };
    let terminal = Terminal::new(arguments.color);
    let outcome = run(&arguments, &terminal);
    progress::end();
    match outcome {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            terminal.error(&error);
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let output = arguments.command.as_ref().and_then(Command::output);
    if let Some(output) = io::named(output) {
        replace::will_write(output);
    }
    match &arguments.command {
        None => {
            io::put(None, FIRST_STEPS.as_bytes())?;
            Ok(Outcome::Done)
        }
        Some(Command::Init { directory }) => init::run(directory),
        Some(Command::Score(arguments)) => score::run(arguments, terminal),
        Some(Command::Report(arguments)) => report::run(arguments, terminal),
        Some(Command::Scorecards(arguments)) => scorecards::run(arguments, terminal),
        Some(Command::Import(arguments)) => import::run(arguments, terminal),
        Some(Command::Template(arguments)) => template::run(arguments, terminal),
        Some(Command::Check(arguments)) => check::run(arguments, terminal),
        Some(Command::Frameworks(arguments)) => frameworks::run(arguments, terminal),
        Some(Command::Explain(arguments)) => explain::run(arguments, terminal),
        Some(Command::Robustness(arguments)) => robustness::run(arguments, terminal),
        Some(Command::Improve(arguments)) => improve::run(arguments, terminal),
        Some(Command::Compare(arguments)) => compare::run(arguments, terminal),
        Some(Command::Gate(arguments)) => gate::run(arguments, terminal),
        Some(Command::Coherence(arguments)) => coherence::run(arguments, terminal),
        Some(Command::Stats(arguments)) => stats::run(arguments, terminal),
        Some(Command::Sql(arguments)) => sql::run(arguments, terminal),
        Some(Command::Verify(arguments)) => verify::run(arguments, terminal),
        Some(Command::ExplainCode { code }) => explain_code::run(code.as_deref(), terminal),
        Some(Command::Schema { of }) => schema::run(*of),
        Some(Command::Completions { shell }) => manual::completions(*shell),
        Some(Command::Man { command }) => manual::page(command),
    }
}

/// Help and version are no failure; anything else about usage is.
fn report_usage(usage: &clap::Error) -> ExitCode {
    let printed = io::as_far_as_read(usage.print()).context(io::CANNOT_WRITE_STDOUT);
    match (usage.exit_code(), printed) {
        (0, Ok(())) => ExitCode::SUCCESS,
        (0, Err(error)) => {
            Terminal::new(Colour::Auto).error(&error);
            ExitCode::from(COULD_NOT_RUN)
        }
        // Where messages cannot be written there is nobody to be told so.
        _ => ExitCode::from(COULD_NOT_RUN),
    }
}
