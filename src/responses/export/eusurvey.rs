//! EUSurvey: a preamble of alias and date, then questions as headers, with their short names if asked for. Several choices
//! stand in one cell, or each in a column after its question, called by its text alone.

use super::{Export, Exporter, Head};
use crate::responses::multiple::AllZero;
use crate::responses::spelling::fold;

const META: [&str; 7] = [
    "invitation number",
    "contribution id",
    "user name",
    "creation date",
    "last update",
    "languages",
    "total score",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let known = fold(head.cell(0, 0)) == "alias" && fold(head.cell(1, 0)) == "export date";
    if !known {
        return None;
    }
    let header = (2..head.rows.len()).find(|&row| {
        let cells = &head.rows[row];
        cells.iter().any(|cell| !cell.trim().is_empty())
    })?;
    let mut export =
        Export::one_row(Exporter::EuSurvey, head, header).with_meta(&META, &["last update"]);
    export.choices_follow = true;
    export.empty_lists = true;
    // "No" is written for what was not answered, too.
    export.zeros = AllZero::Unanswered;
    Some(export)
}
