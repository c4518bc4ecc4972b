//! The values of a cohort as a file (`dgpf stats`): JSON, every value in full precision with how often it occurs.

use std::io;

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::framework::Framework;
use crate::scoring::{Entry, Frozen, Key, Statistics, Step};

/// What the files of this format are called.
const SCHEMA: &str = "dgpf-statistics";

/// The version of this format.
const VERSION: &str = "1.0";

#[derive(Serialize)]
struct File<'a> {
    schema: &'a str,
    schema_version: &'a str,
    framework: Of<'a>,
    weights: Option<&'a str>,
    cohorts: Cohorts<'a>,
}

#[derive(Serialize)]
struct Of<'a> {
    id: &'a str,
    version: &'a str,
    sha256: &'a str,
}

struct Cohorts<'a> {
    framework: &'a Framework,
    frozen: &'a Frozen,
}

#[derive(Serialize)]
struct Cohort<'a> {
    node: &'a str,
    before: &'a str,
    period: Option<&'a str>,
    reference: Option<f64>,
    values: Counted<'a>,
}

/// Values with how often each occurs. There may be millions: they are written one by one.
struct Counted<'a>(&'a Statistics);

impl Serialize for Cohorts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut cohorts = serializer.serialize_seq(None)?;
        for (key, entry) in self.frozen.entries() {
            cohorts.serialize_element(&Cohort {
                node: self.framework.node(key.node).id.as_str(),
                before: word(key.before),
                period: key.period.as_deref(),
                reference: entry.reference,
                values: Counted(&entry.statistics),
            })?;
        }
        cohorts.end()
    }
}

impl Serialize for Counted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let runs = self.0.sorted.chunk_by(|a, b| a.total_cmp(b).is_eq());
        serializer.collect_seq(runs.map(|run| (run[0], run.len())))
    }
}

/// Writes a file's text.
///
/// # Errors
/// When `out` cannot be written.
pub fn write(
    frozen: &Frozen,
    framework: &Framework,
    weights: Option<&str>,
    mut out: impl io::Write,
) -> io::Result<()> {
    let file = File {
        schema: SCHEMA,
        schema_version: VERSION,
        framework: Of {
            id: framework.id.as_str(),
            version: &framework.version,
            sha256: &framework.sha256,
        },
        weights,
        cohorts: Cohorts { framework, frozen },
    };
    serde_json::to_writer(&mut out, &file)?;
    out.write_all(b"\n")
}

/// Reads a file that was written for this framework and these weights.
///
/// # Errors
/// Why it is none.
pub fn read(text: &str, framework: &Framework, weights: Option<&str>) -> Result<Frozen, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
    let is = |key: &str, wanted: &str| file.get(key).and_then(Value::as_str) == Some(wanted);
    if !is("schema", SCHEMA) {
        return Err("it was not written by `dgpf stats`".to_owned());
    }
    if !is("schema_version", VERSION) {
        return Err("it was written by another version of `dgpf stats`".to_owned());
    }
    let of = file.get("framework").and_then(|own| own.get("sha256"));
    if of.and_then(Value::as_str) != Some(framework.sha256.as_str()) {
        return Err(format!(
            "it was made with another framework, or another version of `{}`",
            framework.id
        ));
    }
    if file.get("weights").and_then(Value::as_str) != weights {
        return Err("it was made with other weights".to_owned());
    }
    let mut frozen = Frozen::default();
    for cohort in file
        .get("cohorts")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let (key, entry) = cohort
            .as_object()
            .and_then(|cohort| self::entry(cohort, framework))
            .ok_or("a cohort in it cannot be read")?;
        frozen.add(key, &entry);
    }
    Ok(frozen)
}

fn entry(cohort: &Map<String, Value>, framework: &Framework) -> Option<(Key, Entry)> {
    let text = |key: &str| cohort.get(key).and_then(Value::as_str);
    let before = [Step::Treat, Step::Normalise]
        .into_iter()
        .find(|step| Some(word(*step)) == text("before"))?;
    let key = Key {
        node: framework.find(text("node")?)?,
        before,
        period: text("period").map(str::to_owned),
        group: None,
    };
    let mut values = Vec::new();
    for pair in cohort.get("values")?.as_array()? {
        let value = pair.get(0)?.as_f64().filter(|value| value.is_finite())?;
        let count = usize::try_from(pair.get(1)?.as_u64()?).ok()?;
        if values.len() + count > MOST {
            return None;
        }
        values.extend(std::iter::repeat_n(value, count));
    }
    let entry = Entry {
        statistics: Statistics::new(values),
        reference: cohort.get("reference").and_then(Value::as_f64),
    };
    Some((key, entry))
}

/// Most values of a cohort: a file of a few bytes can say that a value occurs ever so often.
const MOST: usize = 1 << 28;

fn word(step: Step) -> &'static str {
    match step {
        Step::Fill => "fill",
        Step::Treat => "treat",
        Step::Normalise => "normalise",
    }
}
