//! `dgpf coherence`.

use dgpf::analysis::coherence::{coherence, matrix};
use dgpf::report::{About, CoherenceResult, csv, json, markdown, present, terminal as page};

use super::Outcome;
use super::args::{Coherence, CoherenceFormat, CoherenceTable};
use super::io::{self, Terminal};
use super::progress;
use super::read::{open_one, period};

/// What a file's ending stands for.
const ENDINGS: [(&str, CoherenceFormat); 4] = [
    ("txt", CoherenceFormat::Table),
    ("csv", CoherenceFormat::Csv),
    ("json", CoherenceFormat::Json),
    ("md", CoherenceFormat::Markdown),
];

/// Tells what the indicators measure together.
pub(crate) fn run(arguments: &Coherence, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let output = arguments.output.as_deref();
    let format = io::format(arguments.format, output, &ENDINGS)?;
    let wanted = arguments.inputs.wanted(arguments.lang.as_deref());
    let Some(mut opened) = open_one(wanted, "coherence is told of", terminal)? else {
        return Ok(Outcome::Problems);
    };
    let assumptions = opened.assumptions(None, arguments.cohort.stats.as_deref())?;
    let (framework, responses) = (&opened.framework, &opened.responses);
    let period = period(responses, &arguments.period)?;
    let asks_for_matrix =
        format == CoherenceFormat::Csv && arguments.table == CoherenceTable::Matrix;
    let mut about = About::of(framework);
    about.responses_sha256.clone_from(&responses.sha256);
    about.options.clone_from(&opened.options);
    about.state_cohort(framework, &assumptions);
    progress::doing("comparing indicators");
    let result = CoherenceResult {
        about,
        period: responses.periods.get(period).cloned().unwrap_or_default(),
        found: coherence(framework, &assumptions, responses, period),
        matrix: if asks_for_matrix {
            matrix(framework, &assumptions, responses, period)
        } else {
            Vec::new()
        },
    };
    let mut text = Vec::new();
    let document = || present::coherence(&result, arguments.lang.as_deref());
    match format {
        CoherenceFormat::Table => {
            page::write(&document(), terminal.look_for(output), &mut text)?;
        }
        CoherenceFormat::Markdown => markdown::write(&document(), &mut text)?,
        CoherenceFormat::Json => json::write_coherence(&result, &mut text)?,
        CoherenceFormat::Csv => csv::write_coherence(&result, table(arguments.table), &mut text)?,
    }
    io::put(output, &text)?;
    Ok(Outcome::Done)
}

fn table(table: CoherenceTable) -> csv::CoherenceTable {
    match table {
        CoherenceTable::Indicators => csv::CoherenceTable::Indicators,
        CoherenceTable::Links => csv::CoherenceTable::Links,
        CoherenceTable::Pairs => csv::CoherenceTable::Pairs,
        CoherenceTable::Matrix => csv::CoherenceTable::Matrix,
        CoherenceTable::Alpha => csv::CoherenceTable::Alpha,
        CoherenceTable::Components => csv::CoherenceTable::Components,
        CoherenceTable::Importance => csv::CoherenceTable::Importance,
        CoherenceTable::Agreement => csv::CoherenceTable::Agreement,
    }
}
