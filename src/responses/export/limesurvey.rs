//! LimeSurvey: codes (`q[SQ001]`, `q_SQ001`), questions, or both as headers; choices with a column each, `Y` or empty; a
//! submission without its date was not finished.

use super::{Export, Exporter, Head, Skip};

const META: [&str; 22] = [
    "id",
    "response id",
    "submitdate",
    "date submitted",
    "lastpage",
    "last page",
    "startlanguage",
    "start language",
    "seed",
    "token",
    "access code",
    "startdate",
    "date started",
    "datestamp",
    "date last action",
    "ipaddr",
    "ip address",
    "refurl",
    "referrer url",
    "interviewtime",
    "total time",
    "email",
];

const SENT: [&str; 2] = ["submitdate", "date submitted"];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let codes = head.says(0, "submitdate")
        && (head.says(0, "lastpage") || head.says(0, "startlanguage") || head.says(0, "seed"));
    let texts = head.says(0, "date submitted")
        && (head.says(0, "last page") || head.says(0, "start language"));
    if !codes && !texts {
        return None;
    }
    let export = Export::one_row(Exporter::LimeSurvey, head, 0)
        .with_meta(&META, &SENT)
        .with_rule(&SENT, str::is_empty, Skip::Incomplete);
    Some(export)
}
