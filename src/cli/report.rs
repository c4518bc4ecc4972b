//! `dgpf report`.

use dgpf::report::ScoreResult;

use super::Outcome;
use super::args::Report;
use super::choose::{self, Spoken};
use super::io::{self, Terminal};
use super::{results, saved};

/// Writes a saved result in another format.
pub(crate) fn run(arguments: &Report, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let format = results::format(&arguments.writing)?;
    let files = io::read_all(&arguments.results, &|_| true)?;
    let saved = files.iter().map(|file| Ok(saved::read(file)?.1));
    let mut saved: Vec<ScoreResult> = saved.collect::<anyhow::Result<_>>()?;
    if let Some(language) = &arguments.writing.lang {
        let spoken = saved.iter().map(|result| Spoken::in_result(&result.about));
        choose::check_language(&spoken.collect::<Vec<_>>(), language, terminal)?;
    }
    if arguments.writing.without_answers {
        for result in &mut saved {
            result.origin = None;
        }
    }
    results::write(&saved, format, &arguments.writing, terminal)?;
    Ok(Outcome::Done)
}
