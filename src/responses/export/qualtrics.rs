//! Qualtrics: field names, question texts and import ids in three header rows, or the first two of them.

use super::{Export, Exporter, Head, Skip};
use crate::responses::spelling::fold;

const META: [&str; 27] = [
    "startdate",
    "enddate",
    "status",
    "ipaddress",
    "progress",
    "duration (in seconds)",
    "finished",
    "recordeddate",
    "responseid",
    "recipientlastname",
    "recipientfirstname",
    "recipientemail",
    "externalreference",
    "locationlatitude",
    "locationlongitude",
    "distributionchannel",
    "userlanguage",
    "q_recaptchascore",
    "q_relevantidduplicate",
    "q_relevantidduplicatescore",
    "q_relevantidfraudscore",
    "q_relevantidlaststartdate",
    "q_ballotboxstuffing",
    // Files with two header rows.
    "responseset",
    "externaldatareference",
    "emailaddress",
    "email",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let ids = |row: usize| {
        head.rows.get(row).is_some_and(|cells| {
            cells
                .iter()
                .any(|cell| cell.trim_start().starts_with("{\"ImportId\""))
        })
    };
    if ids(2) {
        return Some(read(head, 3));
    }
    let old = fold(head.cell(0, 0)) == "v1" && fold(head.cell(1, 0)) == "responseid";
    let two = head.says(0, "responseid") && head.says(1, "response id");
    (old || two).then(|| read(head, 2))
}

/// A file with field names in the first row, texts in the second, and `rows` header rows.
pub(super) fn read(head: &Head, rows: usize) -> Export {
    let mut export = Export::one_row(Exporter::Qualtrics, head, 0);
    for (at, heading) in export.headings.iter_mut().enumerate() {
        heading.text = Some(question(head.cell(1, at))).filter(|text| !text.is_empty());
    }
    export.records = rows;
    // In old files the second row names what the first one numbers, so both are looked at.
    let mut export = export
        .with_meta(&META, &["recordeddate", "enddate", "end date"])
        .with_rule(
            &["finished"],
            |finished| matches!(finished, "0" | "false"),
            Skip::Incomplete,
        )
        .with_rule(&["status"], is_trial, Skip::Preview);
    // In old files these have numbers for names; `Name` below one of them is the person's.
    let numbered = |name: &str| {
        name.strip_prefix('V')
            .is_some_and(|rest| rest.parse::<u8>().is_ok())
    };
    export.own = (0..export.headings.len())
        .take_while(|&at| numbered(&export.headings[at].name))
        .filter(|&at| export.is_called(at, &META) || export.is_called(at, &["name"]))
        .collect();
    // What a question that was seen and left open is commonly recoded to.
    export.missing = &["-99"];
    export
}

/// The question of "Question - Selected Choice", and "Question - Option" of "Question - Selected Choice - Option".
fn question(text: &str) -> String {
    let text = text.trim();
    match text.strip_suffix("- Selected Choice") {
        Some(question) => question.trim_end().to_owned(),
        None => text.replacen("- Selected Choice - ", "- ", 1),
    }
}

/// Previews, tests and spam, in words and as numbers.
fn is_trial(status: &str) -> bool {
    matches!(
        status,
        "survey preview" | "survey test" | "spam" | "spam preview" | "1" | "2" | "8" | "9" | "12"
    )
}
