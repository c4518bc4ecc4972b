//! `XLSForm`: somebody fills the form in by what it shows, and a survey tool exports what it stores.

use std::collections::BTreeMap;

use dgpf::framework::{Answers, Framework, Indicator};
use dgpf::report::forms::{Form, Options, Sheets, sheets};
use dgpf::responses::{Responses, answer_text};

use crate::kit::{ANSWERS, RICH, filled, framework, of_one_row, read, same};

/// A sheet with its rows by column.
pub(crate) fn table(rows: &[Vec<String>]) -> Vec<BTreeMap<String, String>> {
    let (header, rows) = rows.split_first().expect("there is a header");
    let row = |cells: &Vec<String>| header.iter().cloned().zip(cells.iter().cloned()).collect();
    rows.iter().map(row).collect()
}

/// What an export has for every question: groups and name, and the answer of every row.
struct Submissions {
    /// Group or nothing, name, names that can be picked if there are several at once.
    fields: Vec<(Option<String>, String, Option<Vec<String>>)>,
    rows: Vec<Vec<String>>,
}

/// Fills the form in: picks the choice whose label is that of the answer. `value` gives the text that answers a field.
fn submit(
    sheets: &Sheets,
    count: usize,
    value: impl Fn(usize, &str, &[(String, String)]) -> String,
) -> Submissions {
    let choices = table(&sheets.choices);
    let mut fields = Vec::new();
    let mut values: Vec<Vec<String>> = vec![Vec::new(); count];
    let mut group = None;
    for row in table(&sheets.survey) {
        let (kind, list) = row["type"].split_once(' ').unwrap_or((&row["type"], ""));
        match kind {
            "begin_group" => group = Some(row["name"].clone()),
            "end_group" => group = None,
            "note" => {}
            _ => {
                let of_list = choices.iter().filter(|choice| choice["list_name"] == list);
                let label = |choice: &BTreeMap<String, String>| {
                    let label = choice.iter().find(|(name, _)| name.starts_with("label"));
                    label.expect("there is a label").1.clone()
                };
                let offered: Vec<(String, String)> =
                    of_list.map(|c| (c["name"].clone(), label(c))).collect();
                for (at, values) in values.iter_mut().enumerate() {
                    values.push(value(at, &row["name"], &offered));
                }
                let names = offered.into_iter().map(|(name, _)| name).collect();
                let several = (kind == "select_multiple").then_some(names);
                fields.push((group.clone(), row["name"].clone(), several));
            }
        }
    }
    Submissions {
        fields,
        rows: values,
    }
}

fn record(cells: &[String], separator: &str) -> String {
    let quoted: Vec<String> = cells
        .iter()
        .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
        .collect();
    quoted.join(separator) + "\n"
}

/// As ODK Central exports it, with columns for choices: 0 also where nothing was answered.
fn odk(submissions: &Submissions) -> String {
    let mut header = vec!["SubmissionDate".to_owned()];
    for (group, name, several) in &submissions.fields {
        let name = match group {
            Some(group) => format!("{group}-{name}"),
            None => name.clone(),
        };
        header.push(name.clone());
        header.extend(
            several
                .iter()
                .flatten()
                .map(|choice| format!("{name}/{choice}")),
        );
    }
    header.extend(["KEY", "SubmitterID", "ReviewState"].map(str::to_owned));
    let mut text = record(&header, ",");
    for (at, row) in submissions.rows.iter().enumerate() {
        let mut cells = vec!["2026-05-01T10:00:00Z".to_owned()];
        for (value, (_, _, several)) in row.iter().zip(&submissions.fields) {
            cells.push(value.clone());
            let chosen: Vec<&str> = value.split(' ').collect();
            let mark = |choice: &String| i32::from(chosen.contains(&choice.as_str())).to_string();
            cells.extend(several.iter().flatten().map(mark));
        }
        cells.extend([format!("uuid:{at}"), "7".to_owned(), String::new()]);
        text += &record(&cells, ",");
    }
    text
}

/// As `KoboToolbox` exports it: semicolons, columns for choices that are empty where nothing was answered.
fn kobo(submissions: &Submissions) -> String {
    let mut header = Vec::new();
    for (group, name, several) in &submissions.fields {
        let name = match group {
            Some(group) => format!("{group}/{name}"),
            None => name.clone(),
        };
        header.push(name.clone());
        header.extend(
            several
                .iter()
                .flatten()
                .map(|choice| format!("{name}/{choice}")),
        );
    }
    header.extend(["_id", "_uuid", "_submission_time", "_validation_status"].map(str::to_owned));
    let mut text = record(&header, ";");
    for (at, row) in submissions.rows.iter().enumerate() {
        let mut cells = Vec::new();
        for (value, (_, _, several)) in row.iter().zip(&submissions.fields) {
            cells.push(value.clone());
            let chosen: Vec<&str> = value.split(' ').collect();
            let mark = |choice: &String| match value.as_str() {
                "" => String::new(),
                _ => i32::from(chosen.contains(&choice.as_str())).to_string(),
            };
            cells.extend(several.iter().flatten().map(mark));
        }
        cells.extend([
            at.to_string(),
            format!("u{at}"),
            "2026-05-01T10:00:00".to_owned(),
            String::new(),
        ]);
        text += &record(&cells, ";");
    }
    text
}

/// The label that a form shows for an answer's code.
fn label(indicator: &Indicator, code: &str) -> String {
    let own = match &indicator.answers {
        Answers::Choice(scale) => scale
            .options
            .iter()
            .find(|o| o.code == code)
            .map(|o| &o.label),
        Answers::Multiple(multiple) => multiple
            .options
            .iter()
            .find(|o| o.code == code)
            .map(|o| &o.label),
        Answers::Number(_) => None,
    };
    match (own, code) {
        (Some(label), _) => label.as_str().to_owned(),
        (None, "none_of_these") => "None of these".to_owned(),
        (None, "dk") => "Don’t know".to_owned(),
        (None, "-88") => "Not applicable".to_owned(),
        (None, other) => panic!("{other}"),
    }
}

/// What somebody enters into the field `name` who wants to give the answers of `row`.
pub(crate) fn entered(
    framework: &Framework,
    responses: &Responses,
    row: usize,
    name: &str,
    offered: &[(String, String)],
) -> String {
    let keys = &responses.rows[row];
    let (code, reason) = match name.strip_suffix("__reason") {
        Some(code) => (code, true),
        None => (name, false),
    };
    if let Some(code) = name.strip_suffix("__evidence") {
        let at = framework.indicators().position(|(_, _, i)| i.code == code);
        let at = at.expect("evidence of an indicator");
        return responses
            .evidence
            .get(&(row, at))
            .cloned()
            .unwrap_or_default();
    }
    let Some((at, (_, _, indicator))) = framework
        .indicators()
        .enumerate()
        .find(|(_, (_, _, i))| i.code == code)
    else {
        return match name {
            "year" => responses.periods[keys.period].clone(),
            "body" => responses.units[keys.unit].id.to_string(),
            "assessor" => keys.keys[0].to_string(),
            _ => attribute(framework, responses, row, name),
        };
    };
    let text = answer_text(responses.answers[at].get(row), indicator, &framework.codes);
    let is_number = matches!(indicator.answers, Answers::Number(_));
    let says_why = text == "dk" || text == "-88";
    if text.is_empty() || (is_number && reason != says_why) {
        return String::new();
    }
    if is_number && !reason {
        return text;
    }
    let picked = text.split(';').map(|code| {
        let label = label(indicator, code);
        let found = offered.iter().find(|(_, shown)| *shown == label);
        found
            .unwrap_or_else(|| panic!("{label} in {offered:?}"))
            .0
            .clone()
    });
    picked.collect::<Vec<_>>().join(" ")
}

fn attribute(framework: &Framework, responses: &Responses, row: usize, name: &str) -> String {
    use dgpf::responses::AttributeColumn;
    let at = framework.attributes.iter().position(|a| a.column == name);
    match &responses.attributes[at.expect("a field of the form")] {
        AttributeColumn::Text(texts) => texts[row].as_deref().unwrap_or("").to_owned(),
        AttributeColumn::Number(numbers) => {
            numbers[row].map_or_else(String::new, |n| n.to_string())
        }
    }
}

/// What both servers export of these submissions are these responses.
#[track_caller]
fn same_by_both_servers(framework: &Framework, submissions: &Submissions, expected: &Responses) {
    for (export, server) in [
        (odk(submissions), "ODK Central"),
        (kobo(submissions), "KoboToolbox"),
    ] {
        same(framework, export.as_bytes(), expected, server);
    }
}

#[test]
fn what_is_filled_in_is_exported_and_scored_the_same() {
    let framework = framework(RICH);
    let expected = read(&framework, ANSWERS.as_bytes());
    let form = Form::of(&framework, &Options::default());
    let sheets = sheets(&form).expect("all names are names");
    let submissions = submit(&sheets, expected.rows.len(), |row, name, offered| {
        entered(&framework, &expected, row, name, offered)
    });
    same_by_both_servers(&framework, &submissions, &expected);
}

#[test]
fn the_answers_of_a_row_that_is_picked_are_those_of_the_last_wave() {
    let framework = framework(RICH);
    let expected = read(&framework, ANSWERS.as_bytes());
    let sheets = sheets(&filled(&framework, &expected, None)).expect("all names are names");
    let last = table(&sheets.choices);
    let last: Vec<_> = last
        .iter()
        .filter(|choice| choice["list_name"] == "last_answers")
        .collect();
    let labels: Vec<&str> = last
        .iter()
        .map(|choice| choice["label::English (en)"].as_str())
        .collect();
    let first = ["B", "C", "D", "E", "F"].map(|unit| format!("{unit} · first"));
    assert_eq!(labels[..2], ["A · first", "A · second"]);
    assert_eq!(labels[2..], first);
    let by_name: BTreeMap<String, BTreeMap<String, String>> = table(&sheets.survey)
        .into_iter()
        .map(|row| (row["name"].clone(), row))
        .collect();
    // Every field is looked up in the column that the form names; what was never answered has none.
    let submissions = submit(&sheets, last.len(), |at, name, _| {
        let calculation = &by_name[name]["calculation"];
        if calculation.is_empty() {
            return String::new();
        }
        assert_eq!(by_name[name]["trigger"], "${last_answers}");
        let column = format!("last_{name}");
        let lookup =
            format!("instance('last_answers')/root/item[name = ${{last_answers}}]/{column}");
        assert_eq!(*calculation, lookup);
        last[at][&column].clone()
    });
    same_by_both_servers(&framework, &submissions, &expected);
}

#[test]
fn one_rows_answers_are_defaults() {
    let framework = framework(RICH);
    let all = read(&framework, ANSWERS.as_bytes());
    for (unit, expected) in of_one_row(&all) {
        let sheets = sheets(&filled(&framework, &all, Some(unit))).expect("all names are names");
        let rows = table(&sheets.survey);
        let submissions = submit(&sheets, 1, |_, name, _| {
            let row = rows
                .iter()
                .find(|row| row["name"] == name)
                .expect("it is there");
            let default = &row["default"];
            // An expression stands for its text.
            let text = default
                .strip_prefix("concat('")
                .and_then(|rest| rest.strip_suffix("', '')"));
            text.unwrap_or(default).to_owned()
        });
        same(&framework, odk(&submissions).as_bytes(), &expected, unit);
    }
}

#[test]
fn questions_wait_for_answers() {
    let framework = framework(RICH);
    let form = Form::of(&framework, &Options::default());
    let sheets = sheets(&form).expect("all names are names");
    let rows = table(&sheets.survey);
    let of = |name: &str, column: &str| {
        let row = rows.iter().find(|row| row["name"] == name);
        row.expect("it is asked")[column].clone()
    };
    assert_eq!(of("pl2", "relevant"), "${has_a_plan_for_the_data} = 'yes'");
    // A code with a space would be taken for two.
    assert_eq!(of("pl3", "relevant"), "(${pl2} = 'a2' or ${pl2} = 'all')");
    assert_eq!(
        of("sh1", "relevant"),
        "(selected(${ch1}, 'web') or selected(${ch1}, 'app'))"
    );
    assert_eq!(of("sh2", "relevant"), "${sh1} >= 50");
    assert_eq!(of("re1", "relevant"), "${region} = 'far south'");
    assert_eq!(
        of("has_a_plan_for_the_data__evidence", "relevant"),
        "${has_a_plan_for_the_data} = 'yes'"
    );
    assert_eq!(of("has_a_plan_for_the_data__evidence", "required"), "yes");
    assert_eq!(of("pl3__evidence", "required"), "");
    assert_eq!(of("sh1", "constraint"), ". >= 0 and . <= 100");
    assert_eq!(
        of("sh1__reason", "relevant"),
        "(selected(${ch1}, 'web') or selected(${ch1}, 'app')) and ${sh1} = ''"
    );
    assert_eq!(
        of("ch1", "constraint"),
        "not((selected(., 'none') or selected(., 'dk') or selected(., '-88')) and count-selected(.) > 1)"
    );
    assert_eq!(of("pl2", "label::Français (fr)"), "Où s’applique-t-il ?");
    assert_eq!(of("body", "required"), "yes");
}
