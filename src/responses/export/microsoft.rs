//! Microsoft Forms: questions as headers and labels as answers; several choices stand in one cell, each followed by `;`.

use super::{Export, Exporter, Head};
use crate::responses::spelling::fold;

const META: [&str; 7] = [
    "id",
    "start time",
    "completion time",
    "email",
    "name",
    "last modified time",
    "language",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let first: Vec<String> = (0..3)
        .map(|at| fold(head.cell(0, at)).into_owned())
        .collect();
    if first != ["id", "start time", "completion time"] {
        return None;
    }
    let mut export =
        Export::one_row(Exporter::MicrosoftForms, head, 0).with_meta(&META, &["completion time"]);
    // The form's own columns come first; a question in the same words comes later. `Name` is the person's.
    export.known.retain(|&(at, _)| at < META.len());
    export.own = export.known.iter().map(|&(at, _)| at).collect();
    Some(export)
}
