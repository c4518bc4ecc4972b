//! `docs/framework.schema.json` is the schema of the language as it is, and whatever ships fits it. `UPDATE=1` writes it
//! anew.

use std::path::Path;

use serde_json::Value;

use dgpf::framework::{builtin, schema};

fn file() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/framework.schema.json")
}

#[test]
fn the_schema_in_the_repository_is_that_of_the_language() {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file(), schema()).expect("the schema can be written");
    }
    let kept = std::fs::read_to_string(file()).expect("the schema is there");
    assert!(kept == schema(), "run this test with UPDATE=1");
}

#[test]
fn every_framework_that_ships_fits_the_schema() {
    let schema: Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    for (id, text) in builtin::all() {
        let framework: Value = serde_yaml::from_str(text).expect("it is YAML");
        if let Err(reason) = fits(&framework, &schema, &schema) {
            panic!("{id}: {reason}");
        }
    }
}

#[test]
fn what_is_no_framework_does_not_fit_the_schema() {
    let schema: Value = serde_json::from_str(&schema()).expect("the schema is JSON");
    for wrong in [
        "title: Without id",
        "{dgpf: 1, id: a, indicators: [{id: q1, wieght: 2}]}",
        "{dgpf: 1, id: a, indicators: [{id: q1, weight: -1}]}",
        "{dgpf: 1, id: a, index: {aggregate: power}}",
        "{dgpf: 1, id: a, index: {missing: mean}}",
        "{dgpf: 1, id: a, rounding: {digits: 99}}",
        "{dgpf: 1, id: a, range: [0, 1, 2]}",
    ] {
        let value: Value = serde_yaml::from_str(wrong).expect("it is YAML");
        assert!(fits(&value, &schema, &schema).is_err(), "{wrong}");
    }
}

/// Whether a value fits a schema, by the keywords that the schema of the language uses (patterns left out).
fn fits(value: &Value, schema: &Value, root: &Value) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.trim_start_matches("#/$defs/");
        fits(value, &root["$defs"][name], root)?;
    }
    if let Some(forms) = schema["anyOf"].as_array() {
        let reasons: Vec<String> = forms
            .iter()
            .map_while(|form| fits(value, form, root).err())
            .collect();
        if reasons.len() == forms.len() {
            return Err(format!("({})", reasons.join(" | ")));
        }
    }
    let refuse = |expected: &Value| Err(format!("{value} is not {expected}"));
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        return refuse(&schema["enum"]);
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.clone(),
        Value::Null => Vec::new(),
        kind => vec![kind.clone()],
    };
    if !kinds.is_empty() && !kinds.iter().any(|kind| is(value, kind.as_str())) {
        return refuse(&schema["type"]);
    }
    let below = |limit: &str| {
        schema[limit]
            .as_f64()
            .zip(value.as_f64())
            .map(|(limit, value)| value < limit)
    };
    let above = |limit: &str| {
        schema[limit]
            .as_f64()
            .zip(value.as_f64())
            .map(|(limit, value)| value > limit)
    };
    if below("minimum") == Some(true)
        || above("maximum") == Some(true)
        || above("exclusiveMinimum") == Some(false)
    {
        return refuse(schema);
    }
    match value {
        Value::Array(items) => list_fits(items, schema, root),
        Value::Object(_) => map_fits(value, schema, root),
        _ => Ok(()),
    }
}

fn is(value: &Value, kind: Option<&str>) -> bool {
    match kind {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("number") => value.is_number(),
        _ => false,
    }
}

fn list_fits(items: &[Value], schema: &Value, root: &Value) -> Result<(), String> {
    let count = items.len() as u64;
    let least = schema["minItems"].as_u64().unwrap_or(0);
    let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX);
    if !(least..=most).contains(&count) {
        return Err(format!("{count} items"));
    }
    if schema["items"].is_object() {
        for item in items {
            fits(item, &schema["items"], root)?;
        }
    }
    Ok(())
}

fn map_fits(value: &Value, schema: &Value, root: &Value) -> Result<(), String> {
    let entries = value.as_object().expect("it is a map");
    for required in schema["required"].as_array().into_iter().flatten() {
        let key = required.as_str().expect("keys are texts");
        if !entries.contains_key(key) {
            return Err(format!("{key} is missing"));
        }
    }
    for (key, value) in entries {
        let own = &schema["properties"][key];
        let other = &schema["additionalProperties"];
        if own.is_object() {
            fits(value, own, root).map_err(|reason| format!("{key}: {reason}"))?;
        } else if other.is_object() {
            fits(value, other, root).map_err(|reason| format!("{key}: {reason}"))?;
        } else if *other == Value::Bool(false) {
            return Err(format!("{key} is not known"));
        }
    }
    Ok(())
}
