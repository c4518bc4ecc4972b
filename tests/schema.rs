//! `docs/framework.schema.json` is the schema of the language as it is, and whatever ships fits it; `UPDATE=1` writes it
//! anew. Real results fit `docs/result.schema.json`, rules `docs/gates.schema.json`.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use dgpf::framework::{self, Framework, Source, builtin, schema};
use dgpf::report::{ScoreResult, json};
use dgpf::responses::{self, Input, Options, Responses};
use dgpf::scoring::{Assumptions, Plan};

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

fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn schema_of(kind: &str) -> Value {
    let text = text(&format!("docs/{kind}.schema.json"));
    serde_json::from_str(&text).expect("the schema is JSON")
}

/// The saved result of an example, with answers.
fn result(framework: &Framework, csv: &str) -> Value {
    let bytes = text(csv).into_bytes();
    let input = Input {
        name: csv,
        bytes: &bytes,
    };
    let loaded = responses::load(&[input], framework, &Options::default());
    let responses = loaded.expect("it is sound").responses;
    let assumptions = Assumptions::of(framework);
    saved(framework, &assumptions, responses)
}

fn saved(framework: &Framework, assumptions: &Assumptions, responses: Responses) -> Value {
    let scores = Plan::compile(framework, assumptions).score(&responses);
    let options = vec![("by".to_owned(), "region".to_owned())];
    let result = ScoreResult::new(framework, assumptions, &responses, options, scores);
    let result = result.with_origin(framework, assumptions, &responses);
    let mut out = Vec::new();
    json::write(&result, &mut out).expect("a vector takes everything");
    let text = String::from_utf8(out).expect("written from text");
    assert_eq!(json::read(&text).expect("just written"), result);
    let origin = result.origin.as_ref().expect("it was added");
    let opened = origin.open(&result.about).expect("just written");
    assert_eq!(opened.loaded.framework.nodes, framework.nodes);
    assert_eq!(opened.cohort.as_ref(), assumptions.cohort.as_deref());
    // What files were called is not kept.
    let known = Responses {
        files: Vec::new(),
        ..responses
    };
    assert_eq!(opened.responses, known);
    serde_json::from_str(&text).expect("it is JSON")
}

fn of_file(path: &str) -> Framework {
    let source = Source {
        name: Arc::from(path),
        text: text(path),
    };
    framework::load(&source, &builtin::find)
        .expect("it is sound")
        .framework
}

#[test]
fn real_results_fit_their_schema_and_nothing_in_them_is_unknown_to_it() {
    let open = schema_of("result");
    let closed = closed(&open);
    for (yaml, csv) in [
        ("frameworks/dgi-2023.yaml", "examples/dgi-2023.csv"),
        ("frameworks/dgpf.yaml", "examples/dgpf/responses.csv"),
        (
            "examples/ddps-agencies/ddps-agencies.yaml",
            "examples/ddps-agencies/responses.csv",
        ),
    ] {
        let result = result(&of_file(yaml), csv);
        for schema in [&open, &closed] {
            if let Err(reason) = fits(&result, schema, schema) {
                panic!("{csv}: {reason}");
            }
        }
        let mut later = result.clone();
        later["schema_version"] = "1.9".into();
        later["mood"] = "fine".into();
        assert_eq!(fits(&later, &open, &open), Ok(()));
        let mut broken = result;
        broken["observations"][0]["scores"]["index"]["score"] = "0.5".into();
        assert!(fits(&broken, &open, &open).is_err());
    }
}

#[test]
fn a_result_that_keeps_a_frozen_cohort_fits_the_schema_too() {
    let open = schema_of("result");
    let source = Source {
        name: Arc::from("speeds.yaml"),
        text: "{dgpf: 1, id: speeds, unit: {key: city, codes: any}, \
               indicators: [{id: speed, number: {}, treat: {}, normalise: min-max}]}"
            .to_owned(),
    };
    let framework = framework::load(&source, &builtin::find);
    let framework = framework.expect("it is sound").framework;
    let input = Input {
        name: "responses.csv",
        bytes: b"city,speed\na,10\nb,20\nc,20\n",
    };
    let responses = responses::load(&[input], &framework, &Options::default());
    let responses = responses.expect("it is sound").responses;
    let own = Assumptions::of(&framework);
    let frozen = Plan::compile(&framework, &own).freeze(&responses);
    let assumptions = own.with_frozen(frozen.expect("it can be frozen"));
    let mut result = saved(&framework, &assumptions, responses);
    for schema in [&open, &closed(&open)] {
        assert_eq!(fits(&result, schema, schema), Ok(()));
    }
    result["inputs"]["cohorts"][0]["values"][0][0] = Value::Null;
    assert!(fits(&result, &open, &open).is_err());
}

/// The same schema without room for keys that it does not name. Remarks have keys of their own.
fn closed(schema: &Value) -> Value {
    let mut closed = schema.clone();
    let mut open: Vec<&mut Value> = vec![&mut closed];
    while let Some(value) = open.pop() {
        if let Value::Object(entries) = value {
            let names = entries.contains_key("properties");
            let remark = entries
                .get("properties")
                .is_some_and(|properties| properties["code"].is_object());
            if names && !remark {
                entries.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            open.extend(entries.values_mut());
        }
    }
    closed
}

#[test]
fn rules_fit_their_schema_as_they_fit_the_program() {
    let schema = schema_of("gates");
    for (name, sound) in [
        ("score-dropped", true),
        ("coverage-below", true),
        ("level-lost", true),
        ("target-missed", true),
        ("unknown-key", false),
    ] {
        let rules = text(&format!("tests/problems/gates/{name}.yaml"));
        let rules: Value = serde_yaml::from_str(&rules).expect("it is YAML");
        assert_eq!(fits(&rules, &schema, &schema).is_ok(), sound, "{name}");
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
        Some("null") => value.is_null(),
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
