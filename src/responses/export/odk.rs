//! ODK Central, and SurveyCTO, which is of its kin: names as headers, groups before them, choices listed in one cell; the
//! columns of choices hold 0 even where the question was not answered.

use super::{Export, Exporter, Head, Skip};
use crate::responses::multiple::AllZero;
use crate::responses::spelling::fold;

const META: [&str; 30] = [
    "introduction",
    "last_answers",
    "submissiondate",
    "start",
    "end",
    "today",
    "deviceid",
    "key",
    "submitterid",
    "submittername",
    "attachmentspresent",
    "attachmentsexpected",
    "status",
    "reviewstate",
    "edits",
    "formversion",
    "instanceid",
    "meta-instanceid",
    "meta-instancename",
    // SurveyCTO
    "starttime",
    "endtime",
    "subscriberid",
    "simid",
    "devicephonenum",
    "username",
    "duration",
    "caseid",
    "formdef_version",
    "review_quality",
    "review_status",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let known = fold(head.cell(0, 0)) == "submissiondate" && head.says(0, "key");
    if !known {
        return None;
    }
    let exporter = if head.says(0, "formdef_version") {
        Exporter::SurveyCto
    } else {
        Exporter::OdkCentral
    };
    let mut export = Export::one_row(exporter, head, 0)
        .with_meta(&META, &["submissiondate"])
        .with_rule(
            &["reviewstate", "review_status"],
            |state| state == "rejected",
            Skip::Rejected,
        );
    export.zeros = AllZero::Unanswered;
    Some(export)
}
