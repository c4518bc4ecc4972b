//! The values of a cohort as a file (`dgpf stats`): JSON, every value in full precision with how often it occurs.

use serde_json::{Map, Value, json};

use crate::framework::Framework;
use crate::scoring::{Entry, Frozen, Key, Statistics, Step};

/// What the files of this format are called.
const SCHEMA: &str = "dgpf-statistics";

/// A file's text.
pub fn write(frozen: &Frozen, framework: &Framework, weights: Option<&str>) -> String {
    let entries: Vec<Value> = frozen
        .entries()
        .map(|(key, entry)| {
            json!({
                "node": framework.node(key.node).id.as_str(),
                "before": word(key.before),
                "period": key.period,
                "reference": entry.reference,
                "values": counted(&entry.statistics),
            })
        })
        .collect();
    let file = json!({
        "schema": SCHEMA,
        "schema_version": "1.0",
        "framework": {
            "id": framework.id.as_str(),
            "version": framework.version,
            "sha256": framework.sha256,
        },
        "weights": weights,
        "cohorts": entries,
    });
    file.to_string() + "\n"
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
    if !is("schema_version", "1.0") {
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

/// Values with how often each occurs.
fn counted(statistics: &Statistics) -> Vec<Value> {
    let runs = statistics.sorted.chunk_by(|a, b| a.total_cmp(b).is_eq());
    runs.map(|run| json!([run[0], run.len()])).collect()
}
