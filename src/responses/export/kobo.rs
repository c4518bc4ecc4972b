//! KoboToolbox, and Ona with its kin: names or labels as headers, groups before them, marks of 1 and 0 beside a cell that
//! lists the choices, empty where nothing was answered.

use super::{Export, Exporter, Head, Skip};

const META: [&str; 26] = [
    "introduction",
    "last_answers",
    "start",
    "end",
    "today",
    "username",
    "deviceid",
    "phonenumber",
    "simserial",
    "subscriberid",
    "audit",
    "_id",
    "_uuid",
    "_submission_time",
    "_validation_status",
    "_notes",
    "_status",
    "_submitted_by",
    "__version__",
    "_version_",
    "_tags",
    "_index",
    "_duration",
    "_version",
    "_xform_id",
    "meta/instanceid",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let known = head.says(0, "_uuid") && (head.says(0, "_submission_time") || head.says(0, "_id"));
    if !known {
        return None;
    }
    let mut export = Export::one_row(Exporter::KoboToolbox, head, 0)
        .with_meta(&META, &["_submission_time"])
        .with_rule(
            &["_validation_status"],
            |status| matches!(status, "not approved" | "validation_status_not_approved"),
            Skip::Rejected,
        );
    // Ona writes these for questions that were not answered.
    export.missing = &["n/a", "null"];
    // A second row of tags, as for the Humanitarian Exchange Language.
    let tags = head.rows.get(1).is_some_and(|row| {
        let mut filled = row.iter().filter(|cell| !cell.trim().is_empty());
        filled.clone().count() > 0 && filled.all(|cell| cell.trim().starts_with('#'))
    });
    if tags {
        export.records = 2;
    }
    Some(export)
}
