use std::fs;

use crate::run::Run;

const FRAMEWORK: &str = "dgpf: 1
id: open-data
version: 1.0.0
title: Open data
unit: country
scales:
  yes-no: {\"no\": 0, \"yes\": 1}
  extent: {none: 0, some: 0.5, all: {score: 1, label: In all ministries}}
indicators:
  - {id: pol_1, question: Is there a policy?, scale: yes-no, evidence: required}
  - {id: pol_2, question: Where is it applied?, scale: extent}
  - {id: por_1, question: Is there a portal?, scale: yes-no}
";

/// An export of `KoboToolbox` with labels as headers, a group, somebody's e-mail address, and a rejected submission.
const EXPORT: &str = "\u{feff}start;Country;policy/Is there a policy?;pol_1__evidence;Where is it applied?;por_1;por_l;\
Contact e-mail;_id;_uuid;_submission_time;_validation_status
2026-03-01;NO;yes;https://example.org/no;In all ministries;yes;;ada@example.org;1;u1;2026-03-01T10:00:00;
2026-03-01;SE;yes;;somme;no;;grace@example.org;2;u2;2026-03-01T10:05:00;
2026-03-01;FI;no;;somme;yes;;alan@example.org;3;u3;2026-03-01T10:06:00;
2026-03-01;DK;yes;;all;yes;;x@example.org;4;u4;2026-03-01T10:07:00;Not approved
";

fn export() -> String {
    EXPORT.replace("somme", "some")
}

fn run(arguments: &str, text: &str) -> Run {
    Run::new(&format!("import kobo.csv -f framework.yaml {arguments}"))
        .file("framework.yaml", FRAMEWORK)
        .file("kobo.csv", text)
}

#[test]
fn a_report_accounts_for_rows_and_columns() {
    run("-o normalised.csv", &export())
        .stdout(
            "\
Import: Open data
framework open-data 1.0.0 · 1 file

                       Encoding,
File      Written by   sheet      Parted by  Header rows  A row is      Rows  Read
────────  ───────────  ─────────  ─────────  ───────────  ────────────  ────  ────
kobo.csv  KoboToolbox  UTF-8      ;                    1  a submission     4     3

4 rows, 3 of them read; 1 left out: rejected by a reviewer.

Columns that are read

3 by code, 2 by label, 1 by what such files are known to hold.

Column                     Read as  Found by
─────────────────────────  ───────  ─────────────────────────────────
policy/Is there a policy?  pol_1    label
Where is it applied?       pol_2    label
_submission_time           time     what such files are known to hold

Columns that are not read

Column              Why
──────────────────  ──────────────────────────────────────
start               about the submission
por_l               nothing is called so
Contact e-mail      about a person: neither kept nor shown
_id                 about the submission
_uuid               about the submission
_validation_status  about the submission

Read: 3 units, 9 answers, evidence for 1 of 2 that require it.
",
        )
        .stderr_has("warning[no-evidence]: no evidence for a positive answer to `pol_1`")
        .code(0);
}

#[test]
fn values_that_are_not_understood_are_listed_with_a_suggestion() {
    run("-o normalised.csv --write-mapping mapping.yaml", EXPORT)
        .stdout_has("pol_2  somme      2  kobo.csv:3:5  some?\n")
        .stdout_has("Nothing was read: ")
        .stderr_has("note: `normalised.csv` was not written\n")
        .code(1);
}

#[test]
fn the_mapping_that_is_drafted_can_be_read() {
    let left = run("--write-mapping mapping.yaml", EXPORT).code(1);
    let draft = left.text("mapping.yaml");
    assert!(
        draft.contains("  \"Contact e-mail\": \"ignore\"\n"),
        "{draft}"
    );
    assert!(draft.contains("  # \"por_l\": ignore\n"), "{draft}");
    assert!(
        draft.contains(
            "answers:\n  # \"pol_2\":\n  #   \"somme\": \"some\"  # 2 times; one of none, some, all\n"
        ),
        "{draft}"
    );
    // What the comments suggest is put in, as a person would do it.
    let corrected = draft
        .replace("# \"pol_2\":", "\"pol_2\":")
        .replace("#   \"somme\"", "  \"somme\"");
    let left = run("--mapping mapping.yaml -o normalised.csv", EXPORT)
        .file("mapping.yaml", &corrected)
        .stdout_has("Contact e-mail      about a person: neither kept nor shown\n")
        .stderr_has("warning[no-evidence]")
        .code(0);
    assert_eq!(
        left.text("normalised.csv"),
        "country,indicator,answer,evidence\n\
         NO,pol_1,yes,https://example.org/no\nNO,pol_2,all,\nNO,por_1,yes,\n\
         SE,pol_1,yes,\nSE,pol_2,some,\nSE,por_1,no,\n\
         FI,pol_1,no,\nFI,pol_2,some,\nFI,por_1,yes,\n"
    );
}

#[test]
fn a_column_that_is_nearly_called_so_is_suggested_never_read() {
    let text = "country,pol_1,pol_2,por_l\nNO,no,all,yes\n";
    let left = run("--write-mapping mapping.yaml", text)
        .stdout_has("por_l   nothing is called so; did you mean `por_1`?\n")
        .stdout_has("Indicators without a column\n\n1 indicator: por_1.\n")
        .code(0);
    assert!(
        left.text("mapping.yaml")
            .contains("  # \"por_l\": \"por_1\"\n")
    );
}

#[test]
fn a_mapping_can_say_which_column_says_who_is_scored() {
    let text = "Land,pol_1,pol_2,por_1\nNO,no,all,yes\n";
    let left = run("--write-mapping mapping.yaml", text)
        .stdout_has("Land    nothing is called so\n")
        .stderr_has("error[no-column]: no column `country`, which says who is scored\n")
        .code(1);
    let draft = left.text("mapping.yaml");
    assert!(
        draft.contains("  # \"Land\": ignore\n  # ?: \"country\"  # says who is scored\n"),
        "{draft}"
    );
    let corrected = draft.replace("# \"Land\": ignore", "\"Land\": country");
    run("--mapping mapping.yaml", text)
        .file("mapping.yaml", &corrected)
        .stdout_has("Land    country  mapping\n")
        .code(0);
}

#[test]
fn a_mapping_is_never_written_over() {
    run("--write-mapping mapping.yaml", EXPORT)
        .file("mapping.yaml", "columns: {}\n")
        .stdout("")
        .stderr(
            "error: cannot write `mapping.yaml`: it is there already; read it with --mapping mapping.yaml, and write a new one \
             beside it\n",
        )
        .code(2);
}

#[test]
fn nothing_about_a_person_is_shown_in_any_format() {
    for format in ["table", "json", "markdown"] {
        let left = run(&format!("--format {format}"), EXPORT)
            .stderr_has("")
            .code(1);
        assert!(!left.stdout.contains("example.org"), "{format}");
        assert!(left.stdout.contains("Contact e-mail"), "{format}");
    }
}

#[test]
fn every_command_reads_with_the_mapping() {
    let mapping = "answers: {pol_2: {somme: some}}\n";
    let command = |arguments: &str| {
        Run::new(arguments)
            .file("framework.yaml", FRAMEWORK)
            .file("kobo.csv", EXPORT)
            .file("mapping.yaml", mapping)
            .stderr_has("")
    };
    let result =
        command("score kobo.csv -f framework.yaml --mapping mapping.yaml --format json").code(0);
    // By what it says, so that the same mapping in another place is the same.
    assert!(result.stdout.contains("\"mapping\": \""));
    for arguments in [
        "check kobo.csv -f framework.yaml --mapping mapping.yaml",
        "explain kobo.csv SE -f framework.yaml --mapping mapping.yaml",
        "coherence kobo.csv -f framework.yaml --mapping mapping.yaml",
        "robustness kobo.csv -f framework.yaml --mapping mapping.yaml --draws 20",
        "scorecards kobo.csv -f framework.yaml --mapping mapping.yaml -o site",
    ] {
        command(arguments).code(0);
    }
    let verify = |mapping: &str| {
        command(&format!(
            "verify result.json -f framework.yaml -r kobo.csv {mapping}"
        ))
        .file("result.json", &result.stdout)
    };
    verify("--mapping mapping.yaml").code(0);
    verify("").code(1);
}

#[test]
fn json_has_every_column_and_problem() {
    let left = run("--format json", EXPORT).stderr_has("").code(1);
    let value: serde_json::Value = serde_json::from_str(&left.stdout).expect("it is JSON");
    let file = &value["files"][0];
    assert_eq!(file["exporter"], "KoboToolbox");
    assert_eq!(file["delimiter"], ";");
    assert_eq!(file["columns"].as_array().expect("a list").len(), 12);
    assert_eq!(file["columns"][7]["personal"], true);
    assert_eq!(file["skipped"]["rejected by a reviewer"], 1);
    assert_eq!(value["unknown"][0]["near"], "some");
    assert_eq!(value["answered"], serde_json::Value::Null);
}

/// A copy of a file of `tests/exports`.
fn dialect(name: &str) -> Vec<u8> {
    fs::read(format!(
        "{}/tests/exports/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .expect("it is there")
}

#[test]
fn dialects_are_named_with_what_was_recognised() {
    for (name, words) in [
        ("qualtrics-three-rows.csv", ["Qualtrics", "UTF-8", "3"]),
        ("excel-tab-utf-16.csv", ["plain table", "UTF-16LE", "tab"]),
        ("eusurvey.xlsx", ["EUSurvey", "Content, Content1", "cells"]),
        ("surveymonkey.csv", ["SurveyMonkey", ",", "2"]),
    ] {
        let left = Run::new(&format!(
            "import {name} -f framework.yaml -o normalised.csv"
        ))
        .file("framework.yaml", dialect("framework.yaml"))
        .file(name, dialect(name))
        .stderr_has("")
        .code(0);
        let line = left
            .stdout
            .lines()
            .find(|line| line.starts_with(name))
            .expect("a line");
        for word in words {
            assert!(line.contains(word), "{word}: {line}");
        }
        assert_eq!(
            left.text("normalised.csv").as_bytes(),
            dialect("normalised.csv"),
            "{name}"
        );
    }
}

#[test]
fn responses_on_the_standard_output_stand_alone() {
    Run::new("import wide.csv -f framework.yaml -o -")
        .file("framework.yaml", FRAMEWORK)
        .file("wide.csv", "country,pol_1,pol_2,por_1\nNO,no,all,yes\n")
        .stdout("country,indicator,answer\nNO,pol_1,no\nNO,pol_2,all\nNO,por_1,yes\n")
        .code(0);
}
