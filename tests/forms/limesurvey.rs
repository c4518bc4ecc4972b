//! `LimeSurvey`: the structure is read as its import reads it, filled in by what it shows, and exported.

use std::collections::BTreeMap;

use dgpf::framework::Framework;
use dgpf::report::forms::{Form, Kind, Options};
use dgpf::responses::{Responses, ShortNames};

use crate::kit::{ANSWERS, RICH, filled, framework, of_one_row, read, same, written};
use crate::xlsform::{entered, table};

type Row = BTreeMap<String, String>;

/// The rows of a structure.
pub(crate) fn structure(form: &Form<'_>) -> Vec<Row> {
    let bytes = written(form, Kind::LimeSurvey);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .has_headers(false)
        .from_reader(bytes.as_slice());
    let rows = reader.records().map(|record| {
        let record = record.expect("all rows are equally long");
        record.iter().map(str::to_owned).collect()
    });
    table(&rows.collect::<Vec<Vec<String>>>())
}

/// A question in the first language, with what can be picked: short name and label.
struct Asked {
    question: Row,
    offered: Vec<(String, String)>,
    /// Sub-questions or answers that are chosen already.
    chosen: Vec<String>,
}

fn asked(rows: &[Row]) -> Vec<Asked> {
    let mut asked: Vec<Asked> = Vec::new();
    for row in rows.iter().filter(|row| row["language"] == "en") {
        match row["class"].as_str() {
            "Q" => asked.push(Asked {
                question: row.clone(),
                offered: Vec::new(),
                chosen: Vec::new(),
            }),
            "SQ" | "A" => {
                let question = asked.last_mut().expect("a question before its parts");
                question
                    .offered
                    .push((row["name"].clone(), row["text"].clone()));
                if row["default"] == "Y" {
                    question.chosen.push(row["name"].clone());
                }
            }
            _ => {}
        }
    }
    asked
}

/// An export with codes: every question, or every sub-question, has a column.
fn export(asked: &[Asked], rows: usize, value: impl Fn(usize, &Asked) -> Vec<String>) -> String {
    let quoted = |cells: Vec<String>| {
        let cells = cells
            .iter()
            .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
        cells.collect::<Vec<_>>().join(";") + "\r\n"
    };
    let mut header = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
        .map(str::to_owned)
        .to_vec();
    for question in asked {
        let name = &question.question["name"];
        if question.question["type/scale"] == "M" {
            header.extend(
                question
                    .offered
                    .iter()
                    .map(|(part, _)| format!("{name}[{part}]")),
            );
        } else {
            header.push(name.clone());
        }
    }
    let mut text = format!("\u{feff}{}", quoted(header));
    for row in 0..rows {
        let mut cells = [
            (row + 1).to_string().as_str(),
            "2026-05-01 10:00:00",
            "3",
            "en",
            "42",
        ]
        .map(str::to_owned)
        .to_vec();
        for question in asked {
            let value = value(row, question);
            match question.question["type/scale"].as_str() {
                "M" => cells.extend(
                    question
                        .offered
                        .iter()
                        .map(|(part, _)| if value.contains(part) { "Y" } else { "" }.to_owned()),
                ),
                // Numbers are stored with ten decimals.
                "N" => cells.push(
                    match value.first().and_then(|value| value.parse::<f64>().ok()) {
                        Some(number) => format!("{number:.10}"),
                        None => String::new(),
                    },
                ),
                _ => cells.push(value.join(" ")),
            }
        }
        text += &quoted(cells);
    }
    text + "\n"
}

/// What somebody picks or writes who wants to give the answers of `row`.
fn picked(framework: &Framework, responses: &Responses, row: usize, asked: &Asked) -> Vec<String> {
    let names = ShortNames::of(framework);
    let code = |code: &String| {
        vec![
            code.clone(),
            format!("{code}__evidence"),
            format!("{code}__reason"),
        ]
    };
    let known = framework
        .indicators()
        .flat_map(|(_, _, indicator)| code(&indicator.code));
    let known = known.chain(
        [
            "body", "year", "assessor", "region", "staff", "channel", "users",
        ]
        .map(str::to_owned),
    );
    let name = known
        .into_iter()
        .find(|name| names.short(name) == asked.question["name"]);
    let name = name.unwrap_or_else(|| panic!("{}", asked.question["name"]));
    // The reason for no choice stands in a question of its own.
    let base = name.strip_suffix("__reason").unwrap_or(&name);
    let at = framework.indicators().position(|(_, _, i)| i.code == base);
    let is_gap = at.is_some_and(|at| {
        !matches!(
            responses.answers[at].get(row),
            dgpf::responses::Answer::Given(_)
        )
    });
    let is_multiple = at.is_some_and(|at| {
        let mut indicators = framework.indicators();
        let (_, _, indicator) = indicators.nth(at).expect("a position");
        matches!(indicator.answers, dgpf::framework::Answers::Multiple(_))
    });
    if is_multiple && is_gap == (base == name) && !name.ends_with("__evidence") {
        return Vec::new();
    }
    let asks_for = if is_multiple { base } else { name.as_str() };
    let asks_for = if name.ends_with("__evidence") {
        name.as_str()
    } else {
        asks_for
    };
    let text = entered(framework, responses, row, asks_for, &asked.offered);
    let list = asked.question["type/scale"] == "M";
    if list {
        text.split(' ').map(str::to_owned).collect()
    } else {
        vec![text]
    }
}

#[test]
fn what_is_filled_in_is_exported_and_scored_the_same() {
    let framework = framework(RICH);
    let expected = read(&framework, ANSWERS.as_bytes());
    let asked = asked(&structure(&Form::of(&framework, &Options::default())));
    let text = export(&asked, expected.rows.len(), |row, question| {
        picked(&framework, &expected, row, question)
    });
    same(&framework, text.as_bytes(), &expected, "codes");
}

#[test]
fn one_rows_answers_are_defaults() {
    let framework = framework(RICH);
    let all = read(&framework, ANSWERS.as_bytes());
    for (unit, expected) in of_one_row(&all) {
        let asked = asked(&structure(&filled(&framework, &all, Some(unit))));
        let text = export(&asked, 1, |_, question| {
            let mut value = question.chosen.clone();
            value.push(question.question["default"].replace("&quot;", "\""));
            value
        });
        same(&framework, text.as_bytes(), &expected, unit);
    }
}

#[test]
fn names_are_as_short_as_limesurvey_asks_for() {
    let framework = framework(RICH);
    let rows = structure(&Form::of(&framework, &Options::default()));
    let mut questions = std::collections::BTreeSet::new();
    for row in rows.iter().filter(|row| row["language"] == "en") {
        let name = &row["name"];
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match row["class"].as_str() {
            "Q" => {
                assert!(plain && name.len() <= 20, "{name}");
                assert!(questions.insert(name.to_lowercase()), "{name} twice");
            }
            "A" | "SQ" => assert!(plain && name.len() <= 5, "{name}"),
            _ => {}
        }
    }
    let relevance = |name: &str| {
        let row = rows
            .iter()
            .find(|row| row["name"] == name && row["class"] == "Q");
        row.unwrap_or_else(|| panic!("{name}"))["relevance"].clone()
    };
    assert_eq!(relevance("pl2"), "hasaplanforthedata.NAOK == \"yes\"");
    assert_eq!(
        relevance("sh1"),
        "(ch1_web.NAOK == \"Y\" or ch1_app.NAOK == \"Y\")"
    );
    assert_eq!(relevance("sh2"), "sh1.NAOK >= 50");
}

#[test]
fn every_language_has_the_same_rows() {
    let framework = framework(RICH);
    let rows = structure(&Form::of(&framework, &Options::default()));
    let of = |language: &str| -> Vec<(String, String, String)> {
        let own = rows.iter().filter(|row| {
            row["language"] == language && row["class"] != "SL" && row["class"] != "G"
        });
        own.map(|row| (row["class"].clone(), row["name"].clone(), row["id"].clone()))
            .collect()
    };
    assert_eq!(of("en"), of("fr"));
    assert!(of("en").len() > 40);
}
