//! SurveyMonkey: questions in the first row, empty for every further choice of the same question, and choices in the
//! second.

use super::{Export, Exporter, Head};
use crate::responses::columns::Heading;

const META: [&str; 9] = [
    "respondent id",
    "collector id",
    "start date",
    "end date",
    "ip address",
    "email address",
    "first name",
    "last name",
    "custom data 1",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let known = head.says(0, "respondent id") && head.says(0, "collector id");
    known.then(|| read(head, Exporter::SurveyMonkey))
}

/// A file with questions in the first row and choices in the second.
pub(super) fn read(head: &Head, exporter: Exporter) -> Export {
    let mut export = Export::one_row(exporter, head, 0);
    let width = head.rows.iter().take(2).map(Vec::len).max().unwrap_or(0);
    let mut question = String::new();
    export.headings = (0..width)
        .map(|at| {
            let above = head.cell(0, at);
            if !above.is_empty() {
                above.clone_into(&mut question);
            }
            let part = head.cell(1, at);
            let answer =
                ["response", "open-ended response"].contains(&part.to_lowercase().as_str());
            Heading {
                name: question.clone(),
                text: None,
                part: Some(part.to_owned()).filter(|part| !part.is_empty() && !answer),
            }
        })
        .collect();
    export.records = 2;
    export.with_meta(&META, &["end date"])
}
