//! A saved result in place of responses: its answers, its framework, and the options that it was made with.

use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use dgpf::framework::Framework;
use dgpf::report::ScoreResult;
use dgpf::report::json::{self, OpenError, Origin};
use dgpf::responses;

use super::cohort::Kept;
use super::io::{Bytes, Terminal};
use super::progress;
use super::read::{Opened, Wanted, sum_up};
use super::score::weight_set;

/// Whether a file is JSON, and so no table of responses.
pub(crate) fn is_json(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf");
    let text = text.unwrap_or(bytes).trim_ascii_start();
    text.first() == Some(&b'{')
}

/// Whether the file at a path is JSON; the standard input is not looked into.
pub(crate) fn is_result(path: &Path) -> bool {
    path.is_file() && super::io::read(path).is_ok_and(|file| is_json(&file.bytes))
}

/// The result in a file.
pub(crate) fn read(file: &Bytes) -> anyhow::Result<(String, ScoreResult)> {
    let shown = &file.name;
    let text = str::from_utf8(&file.bytes)
        .map_err(|_| anyhow::anyhow!("cannot read `{shown}`: it is not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let result =
        json::read(text).map_err(|error| anyhow::anyhow!("cannot read `{shown}`: {error}"))?;
    Ok((text.to_owned(), result))
}

/// What a saved result was made from, with its summary rows and weights.
pub(crate) fn open(
    file: &Bytes,
    wanted: Wanted<'_>,
    terminal: &Terminal,
) -> anyhow::Result<Option<Opened>> {
    let shown = &file.name;
    // Before anything is said of it as a result: other JSON files are none.
    let (_, result) = read(file)?;
    if !wanted.frameworks.is_empty() {
        bail!("`{shown}` is a saved result: its framework is in it, leave out -f");
    }
    if wanted.reading.is_stated() {
        bail!(
            "`{shown}` is a saved result: its answers are read already, leave out --units, --mapping and the like"
        );
    }
    let Some(origin) = &result.origin else {
        bail!(
            "`{shown}` holds scores and no answers: score the responses again without --without-answers"
        );
    };
    let about = &result.about;
    let Some(opened) = sound(origin.open(about), shown, terminal)? else {
        return Ok(None);
    };
    let mut framework = opened.loaded.framework;
    if let Some(name) = about.option("weights") {
        weigh(&mut framework, name)?;
    }
    if let Some(by) = about.option("by") {
        sum_up(&mut framework, &summaries(by))?;
    }
    sum_up(&mut framework, wanted.by)?;
    let conflicts = responses::attribute_conflicts(&framework, &opened.responses, shown);
    if !conflicts.is_empty() {
        terminal.problems(&conflicts);
        return Ok(None);
    }
    let cohort = about.option("stats").map(|name| Kept {
        result: shown.clone(),
        name: name.to_owned(),
        values: opened.cohort.map(Arc::new),
    });
    progress::doing("scoring");
    Ok(Some(Opened {
        framework,
        responses: opened.responses,
        options: result.about.options,
        periods: Some(result.scores.periods),
        cohort,
    }))
}

/// The framework that a result from the file called `shown` was made by, as it is kept in it; none where something is wrong with
/// it, which is said.
pub(crate) fn framework(
    (result, origin): (&ScoreResult, &Origin),
    shown: &str,
    terminal: &Terminal,
) -> anyhow::Result<Option<Framework>> {
    let loaded = sound(origin.framework(&result.about), shown, terminal)?;
    Ok(loaded.map(|loaded| loaded.framework))
}

fn sound<T>(
    opened: Result<T, OpenError>,
    shown: &str,
    terminal: &Terminal,
) -> anyhow::Result<Option<T>> {
    match opened {
        Ok(opened) => Ok(Some(opened)),
        Err(OpenError::Framework(problems)) => {
            terminal.problems(&problems);
            Ok(None)
        }
        Err(OpenError::Content(error)) => bail!("cannot read `{shown}`: {error}"),
    }
}

/// The attributes that the option `by` names.
pub(crate) fn summaries(by: &str) -> Vec<String> {
    by.split(',').map(str::to_owned).collect()
}

/// The weights of a set become the framework's own, so that whatever looks at it sees the scores of the result.
fn weigh(framework: &mut Framework, name: &str) -> anyhow::Result<()> {
    let weights = weight_set(framework, name)?.weights.clone();
    for (node, weight) in framework.nodes.iter_mut().zip(weights) {
        node.weight = weight;
    }
    Ok(())
}
