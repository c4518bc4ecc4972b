//! Problems as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format): a rule a code, a result a problem.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Checked, message};
use crate::problem::{Place, Problem, explanations};
use crate::report::json::write_pretty;

pub(super) fn write(checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    let mut rules: BTreeMap<&'static str, usize> = BTreeMap::new();
    for problem in &checked.problems {
        rules.entry(problem.kind.code()).or_insert(0);
    }
    for (position, index) in rules.values_mut().enumerate() {
        *index = position;
    }
    let results = checked.problems.iter();
    let value = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "dgpf",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.keys().map(|code| rule(code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "artifacts": checked.files.iter().map(|file| json!({"location": {"uri": uri(file)}})).collect::<Vec<_>>(),
            "results": results.map(|one| result(checked, one, &rules)).collect::<Vec<_>>(),
        }],
    });
    write_pretty(&value, out)
}

/// A code and what `dgpf explain-code` says of it.
fn rule(code: &str) -> Value {
    let Some(explanation) = explanations().find(|known| known.code == code) else {
        return json!({"id": code});
    };
    let text: Vec<&str> = explanation.text.split_whitespace().collect();
    let text = text.join(" ");
    let first = text.find(". ").map_or(text.as_str(), |end| &text[..=end]);
    json!({
        "id": code,
        "shortDescription": {"text": first},
        "fullDescription": {"text": text},
    })
}

fn result(checked: &Checked, problem: &Problem, rules: &BTreeMap<&str, usize>) -> Value {
    let code = problem.kind.code();
    let mut places = problem.places.iter().map(|place| location(checked, place));
    let mut value = json!({
        "ruleId": code,
        "ruleIndex": rules.get(code),
        "level": problem.severity.to_string(),
        "message": {"text": message(problem)},
        "locations": places.next().into_iter().collect::<Vec<_>>(),
        "occurrenceCount": problem.count.max(1),
    });
    let further: Vec<Value> = places.collect();
    if !further.is_empty() {
        value["relatedLocations"] = Value::from(further);
    }
    value
}

fn location(checked: &Checked, place: &Place) -> Value {
    let mut value = json!({
        "physicalLocation": {"artifactLocation": {"uri": uri(&place.file)}},
    });
    if let Some(region) = checked.region(place) {
        let mut found = json!({"startLine": region.line});
        if let Some(columns) = region.columns {
            found["startColumn"] = json!(columns.start);
            found["endLine"] = json!(columns.end_line);
            found["endColumn"] = json!(columns.end);
        }
        value["physicalLocation"]["region"] = found;
    }
    value
}

/// A path as a URI: relative paths stay relative, so that they are found in the repository.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let drive = path.as_bytes().get(1) == Some(&b':');
    let mut uri = match (path.starts_with('/'), drive) {
        (true, _) => "file://".to_owned(),
        (false, true) => "file:///".to_owned(),
        (false, false) => String::new(),
    };
    for byte in path.trim_start_matches("./").bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
        if plain || (drive && byte == b':') {
            uri.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
