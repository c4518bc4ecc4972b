//! Every example of `docs/framework.md` is read: whole files as they stand, parts inside a file that holds the rest.

use std::fmt::Write as _;
use std::sync::Arc;

use dgpf::framework::{self, Source};
use dgpf::problem;

const REFERENCE: &str = include_str!("../docs/framework.md");

/// What a part of a file is read with; a part replaces the keys that it has itself.
const HOST: &str = r#"
dgpf: 1
id: host
unit: country
period: year
attributes: {region: text, group: text, population: number, staff: number, tier: text, channel: text}
range: [0, 100]
scales:
  yes-no: {"no": 0, "yes": 1}
dimensions:
  - id: policy
    indicators:
      - {id: plan_1, scale: yes-no}
      - {id: pol_2, scale: yes-no}
  - id: portal
    indicators:
      - {id: por_1, scale: yes-no}
  - id: trust
    indicators:
      - {id: tru_1, scale: yes-no}
"#;

/// The examples: their kind (the word after `yaml`) and their text, with the line on which they start.
fn examples() -> Vec<(usize, &'static str, &'static str)> {
    let mut examples = Vec::new();
    let mut rest = REFERENCE;
    let mut line = 1;
    while let Some((before, after)) = rest.split_once("```yaml") {
        let (kind, after) = after.split_once('\n').expect("the fence ends its line");
        let (text, after) = after.split_once("```").expect("the fence is closed");
        line += before.matches('\n').count() + 1;
        examples.push((line, kind.trim(), text));
        line += text.matches('\n').count();
        rest = after;
    }
    examples
}

/// The top-level keys of a file with the lines that belong to each.
fn keys(text: &str) -> Vec<(&str, String)> {
    let mut keys: Vec<(&str, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match line.split_once(':') {
            Some((key, _)) if !line.starts_with([' ', '#', '-']) => keys.push((key, String::new())),
            _ => {}
        }
        if let Some((_, lines)) = keys.last_mut() {
            let _ = writeln!(lines, "{line}");
        }
    }
    keys
}

/// The host with the part in the place of its own keys.
fn inside_host(part: &str) -> String {
    let own = keys(part);
    let others = keys(HOST)
        .into_iter()
        .filter(|(key, _)| own.iter().all(|(other, _)| other != key));
    others.map(|(_, lines)| lines).collect::<String>() + part
}

/// The host with one more indicator.
fn with_indicator(part: &str) -> String {
    let mut item = String::from("  - id: more\n    indicators:\n");
    for (at, line) in part.lines().filter(|line| !line.is_empty()).enumerate() {
        let _ = writeln!(item, "      {} {line}", if at == 0 { "-" } else { " " });
    }
    HOST.to_owned() + &item
}

fn read(text: &str, base: Option<&str>) -> Result<framework::Loaded, String> {
    let source = |text: &str| Source {
        name: Arc::from("example.yaml"),
        text: text.to_owned(),
    };
    let find = |_: &str| base.map(source);
    framework::load(&source(text), &find).map_err(|problems| problem::render(&problems))
}

#[test]
fn every_example_of_the_reference_is_read() {
    let examples = examples();
    assert!(
        examples.len() >= 10,
        "examples are found: {}",
        examples.len()
    );
    let first = examples.first().map(|(_, _, text)| *text);
    for (line, kind, text) in examples {
        let result = match kind {
            "framework" => read(text, None),
            "top" => read(&inside_host(text), None),
            "indicator" => read(&with_indicator(text), None),
            "overlay" => read(text, first),
            other => panic!("line {line}: `yaml {other}` is no kind of example"),
        };
        if let Err(problems) = result {
            panic!("docs/framework.md, line {line}:\n{problems}");
        }
    }
}
