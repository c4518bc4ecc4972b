//! `dgpf coherence`.

use anyhow::bail;
use dgpf::analysis::coherence::coherence;
use dgpf::report::{About, CoherenceResult, csv, json, markdown, present, terminal as page};

use super::Outcome;
use super::args::{Coherence, CoherenceFormat, CoherenceTable};
use super::choose;
use super::io::{self, Terminal};
use super::read::Files;
use super::robustness::period;

/// Tells what the indicators measure together.
pub(crate) fn run(arguments: &Coherence, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let format = format(arguments)?;
    if let Some(output) = &arguments.output {
        io::keep_inputs(output, &arguments.inputs.files)?;
    }
    let files = Files::open(&arguments.inputs)?;
    let Ok(frameworks) = choose::frameworks(&arguments.inputs.frameworks, &files, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let [chosen] = frameworks.as_slice() else {
        bail!("coherence is told of one framework at a time: name one with -f");
    };
    terminal.problems(&chosen.remarks);
    if let Some(language) = arguments.lang.as_deref() {
        choose::check_language(&chosen.framework, language, terminal);
    }
    let Some(responses) = files.load(&frameworks, terminal).pop().flatten() else {
        return Ok(Outcome::Problems);
    };
    let period = period(&responses, &arguments.period)?;
    let mut about = About::of(&chosen.framework);
    about.responses_sha256.clone_from(&responses.sha256);
    let result = CoherenceResult {
        about,
        period: responses.periods.get(period).cloned().unwrap_or_default(),
        found: coherence(&chosen.framework, &responses, period),
    };
    let mut text = Vec::new();
    let document = || present::coherence(&result, arguments.lang.as_deref());
    match format {
        CoherenceFormat::Table => {
            let look = if arguments.output.is_some() {
                Terminal::look_in_file()
            } else {
                terminal.look()
            };
            page::write(&document(), look, &mut text)?;
        }
        CoherenceFormat::Markdown => markdown::write(&document(), &mut text)?,
        CoherenceFormat::Json => json::write_coherence(&result, &mut text)?,
        CoherenceFormat::Csv => csv::write_coherence(&result, table(arguments.table), &mut text)?,
    }
    io::put(arguments.output.as_deref(), &text)?;
    Ok(Outcome::Done)
}

fn table(table: CoherenceTable) -> csv::CoherenceTable {
    match table {
        CoherenceTable::Indicators => csv::CoherenceTable::Indicators,
        CoherenceTable::Links => csv::CoherenceTable::Links,
        CoherenceTable::Pairs => csv::CoherenceTable::Pairs,
        CoherenceTable::Alpha => csv::CoherenceTable::Alpha,
        CoherenceTable::Components => csv::CoherenceTable::Components,
        CoherenceTable::Importance => csv::CoherenceTable::Importance,
        CoherenceTable::Agreement => csv::CoherenceTable::Agreement,
    }
}

/// What to write: as asked, else by the output file's ending, else tables.
fn format(arguments: &Coherence) -> anyhow::Result<CoherenceFormat> {
    let output = arguments.output.as_deref();
    let (None, Some(path)) = (arguments.format, output) else {
        return Ok(arguments.format.unwrap_or(CoherenceFormat::Table));
    };
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => Ok(CoherenceFormat::Csv),
        Some("json") => Ok(CoherenceFormat::Json),
        Some("md") => Ok(CoherenceFormat::Markdown),
        Some("txt") => Ok(CoherenceFormat::Table),
        Some(_) | None => bail!(
            "what to write to `{}`? its ending is none of .csv, .json, .md and .txt: say it with --format",
            path.display()
        ),
    }
}
