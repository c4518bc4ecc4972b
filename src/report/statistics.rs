//! The values of a cohort as a file (`dgpf stats`): JSON, every value in full precision with how often it occurs. A saved
//! result keeps them in the same form.

use std::collections::BTreeSet;
use std::io;

use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::framework::{Framework, NodeIx};
use crate::scoring::{Assumptions, Entry, Frozen, Key, Plan, Statistics, Step};

/// What the files of this format are called.
const SCHEMA: &str = "dgpf-statistics";

/// The version of this format.
const VERSION: &str = "1.0";

/// Most values of all cohorts together: a file of a few bytes can say that a value occurs ever so often.
const MOST: u64 = 1 << 28;

/// A file; one that is written does not hold its cohorts as they stand there.
#[derive(Serialize, Deserialize)]
struct File<C = Vec<Cohort>> {
    schema: String,
    schema_version: String,
    framework: Of,
    weights: Option<String>,
    cohorts: C,
}

#[derive(Serialize, Deserialize)]
struct Of {
    id: String,
    version: String,
    sha256: String,
}

/// The values of a cohort before a step, each with how often it occurs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::report) struct Cohort<V = Vec<(f64, u64)>> {
    node: String,
    before: Before,
    period: Option<String>,
    reference: Option<f64>,
    values: V,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Before {
    Treat,
    Normalise,
}

/// The cohorts of a file, each made when it is written.
struct Cohorts<'a> {
    framework: &'a Framework,
    frozen: &'a Frozen,
}

/// Values with how often each occurs. There may be millions: they are written one by one.
struct Counted<'a>(&'a Statistics);

impl Serialize for Cohorts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut cohorts = serializer.serialize_seq(None)?;
        for (key, entry) in self.frozen.entries() {
            let values = Counted(&entry.statistics);
            if let Some(cohort) = cohort(self.framework, key, entry, values) {
                cohorts.serialize_element(&cohort)?;
            }
        }
        cohorts.end()
    }
}

impl Serialize for Counted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(counted(self.0))
    }
}

fn counted(statistics: &Statistics) -> impl Iterator<Item = (f64, u64)> {
    let runs = statistics.sorted.chunk_by(|a, b| a.total_cmp(b).is_eq());
    runs.map(|run| (run[0], run.len() as u64))
}

/// An entry with its values in some form; none of what fills gaps, which cannot be frozen.
fn cohort<V>(framework: &Framework, key: &Key, entry: &Entry, values: V) -> Option<Cohort<V>> {
    Some(Cohort {
        node: framework.node(key.node).id.to_string(),
        before: match key.before {
            Step::Fill => return None,
            Step::Treat => Before::Treat,
            Step::Normalise => Before::Normalise,
        },
        period: key.period.clone(),
        reference: entry.reference,
        values,
    })
}

/// The cohorts as a file holds them.
pub(in crate::report) fn cohorts(framework: &Framework, frozen: &Frozen) -> Vec<Cohort> {
    let entries = frozen.entries();
    let cohorts = entries.filter_map(|(key, entry)| {
        let values = counted(&entry.statistics).collect();
        cohort(framework, key, entry, values)
    });
    cohorts.collect()
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
        schema: SCHEMA.to_owned(),
        schema_version: VERSION.to_owned(),
        framework: Of {
            id: framework.id.to_string(),
            version: framework.version.clone(),
            sha256: framework.sha256.clone(),
        },
        weights: weights.map(str::to_owned),
        cohorts: Cohorts { framework, frozen },
    };
    serde_json::to_writer(&mut out, &file)?;
    out.write_all(b"\n")
}

/// SHA-256 of what [`write()`] writes.
pub fn sha256(frozen: &Frozen, framework: &Framework, weights: Option<&str>) -> String {
    let mut hash = Sha256::new();
    // A hash takes everything.
    let _ = write(frozen, framework, weights, &mut hash);
    format!("{:x}", hash.finalize())
}

/// Reads a file that was written for this framework and these weights.
///
/// # Errors
/// Why it is none.
pub fn read(text: &str, framework: &Framework, weights: Option<&str>) -> Result<Frozen, String> {
    #[derive(Deserialize)]
    struct Head {
        schema: Option<String>,
        schema_version: Option<String>,
    }
    let head: Head = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    if head.schema.as_deref() != Some(SCHEMA) {
        return Err("it was not written by `dgpf stats`".to_owned());
    }
    if head.schema_version.as_deref() != Some(VERSION) {
        return Err("it was written by another version of `dgpf stats`".to_owned());
    }
    let file: File = serde_json::from_str(text).map_err(|error| unreadable(&error))?;
    if file.framework.sha256 != framework.sha256 {
        return Err(format!(
            "it was made with another framework, or another version of `{}`",
            framework.id
        ));
    }
    if file.weights.as_deref() != weights {
        let of = |weights: Option<&str>| match weights {
            Some(set) => format!("the weights `{set}`"),
            None => "the framework's own weights".to_owned(),
        };
        return Err(format!(
            "it was made with {}, not with {}",
            of(file.weights.as_deref()),
            of(weights)
        ));
    }
    frozen(&file.cohorts, framework)
}

fn unreadable(error: &serde_json::Error) -> String {
    if error.is_data() {
        format!("it is not laid out as `dgpf stats` writes it: {error}")
    } else {
        format!("no JSON, or not all of it: {error}")
    }
}

/// What a file's cohorts hold: one of every step in which the framework compares units.
///
/// # Errors
/// What is wrong with the first one that cannot be used.
pub(in crate::report) fn frozen(
    cohorts: &[Cohort],
    framework: &Framework,
) -> Result<Frozen, String> {
    let mut frozen = Frozen::default();
    let mut all: u64 = 0;
    for cohort in cohorts {
        let before = match cohort.before {
            Before::Treat => Step::Treat,
            Before::Normalise => Step::Normalise,
        };
        let named = named(&cohort.node, before, cohort.period.as_deref());
        let Some(node) = framework.find(&cohort.node) else {
            return Err(format!("{named}: the framework has no such node"));
        };
        let counts = cohort.values.iter().map(|(_, count)| *count);
        all = counts.fold(all, u64::saturating_add);
        if all > MOST {
            return Err(format!(
                "{named}: with it there are more than {MOST} values"
            ));
        }
        let runs = cohort.values.iter();
        let values = runs.flat_map(|(value, count)| {
            // No more than `MOST`.
            std::iter::repeat_n(*value, usize::try_from(*count).unwrap_or_default())
        });
        let entry = Entry {
            statistics: Statistics::new(values.collect()),
            reference: cohort.reference,
        };
        let key = Key {
            node,
            before,
            period: cohort.period.clone(),
            group: None,
        };
        if frozen.insert(key, entry).is_some() {
            return Err(format!("{named}: it is there twice"));
        }
    }
    let compared = Plan::compile(framework, &Assumptions::of(framework)).compared();
    let entries = frozen.entries();
    let found: BTreeSet<_> = entries.map(|(key, _)| (key.node, key.before)).collect();
    let named =
        |&(node, before): &(NodeIx, Step)| named(framework.node(node).id.as_str(), before, None);
    if let Some(lacking) = compared.difference(&found).next() {
        return Err(format!("it holds no values of {}", named(lacking)));
    }
    if let Some(more) = found.difference(&compared).next() {
        let named = named(more);
        return Err(format!(
            "it holds values of {named}, and nothing is compared with them"
        ));
    }
    Ok(frozen)
}

/// How messages name the values before a step.
fn named(node: &str, before: Step, period: Option<&str>) -> String {
    let before = match before {
        Step::Fill => "its gaps are filled",
        Step::Treat => "`treat`",
        Step::Normalise => "`normalise`",
    };
    let period = period.filter(|period| !period.is_empty());
    let period = period.map_or_else(String::new, |period| format!(" in {period}"));
    format!("`{node}` before {before}{period}")
}
