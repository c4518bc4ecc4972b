//! A saved result in place of responses: its answers, its framework, and the options that it was made with.

use std::path::Path;

use anyhow::bail;
use dgpf::framework::Framework;
use dgpf::report::ScoreResult;
use dgpf::report::json::{self, OpenError, Origin};

use super::io::{Bytes, Terminal};
use super::read::{Opened, Wanted};
use super::score::{add_groups, weight_set};

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
    if let Some(stats) = option(&result, "stats").filter(|_| !wanted.frozen) {
        bail!(
            "`{shown}` was scored with the values of a cohort (`--stats {stats}`), which are not in it, and its units are not \
             to be compared with each other: take the responses, or score it with `dgpf score {shown} --stats FILE`"
        );
    }
    let about = &result.about;
    let Some(opened) = sound(origin.open(&about.responses_sha256), shown, terminal)? else {
        return Ok(None);
    };
    let mut framework = opened.loaded.framework;
    keep_to_named(&framework, &result, shown)?;
    if let Some(name) = option(&result, "weights") {
        weigh(&mut framework, name)?;
    }
    if let Some(by) = option(&result, "by") {
        add_groups(&mut framework, &summaries(by))?;
    }
    Ok(Some(Opened {
        framework,
        responses: opened.responses,
        options: result.about.options,
        periods: Some(result.scores.periods),
    }))
}

/// The framework that a result from the file called `shown` was made by, as it is kept in it; none where something is wrong with
/// it, which is said.
pub(crate) fn framework(
    result: &ScoreResult,
    origin: &Origin,
    shown: &str,
    terminal: &Terminal,
) -> anyhow::Result<Option<Framework>> {
    let Some(loaded) = sound(origin.framework(), shown, terminal)? else {
        return Ok(None);
    };
    keep_to_named(&loaded.framework, result, shown)?;
    Ok(Some(loaded.framework))
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

/// Refuses a framework that is not the one that the result names.
fn keep_to_named(framework: &Framework, result: &ScoreResult, shown: &str) -> anyhow::Result<()> {
    if framework.sha256 != result.about.framework.sha256 {
        bail!("cannot read `{shown}`: the framework in it is not the one that it names");
    }
    Ok(())
}

/// An option that the result was made with.
pub(crate) fn option<'a>(result: &'a ScoreResult, wanted: &str) -> Option<&'a str> {
    let mut options = result.about.options.iter();
    let found = options.find(|(name, _)| name == wanted);
    found.map(|(_, value)| value.as_str())
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
