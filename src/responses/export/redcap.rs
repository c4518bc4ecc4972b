//! REDCap: lower-case field names, choices in columns `field___code` of 0 and 1, 0 also where nothing was asked; every
//! form ends with its state.

use super::{Export, Exporter, Head, Rule, Skip};
use crate::responses::columns::Role;
use crate::responses::multiple::AllZero;
use crate::responses::spelling::fold;

const META: [&str; 5] = [
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_data_access_group",
    "redcap_survey_identifier",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let header = head.rows.first()?;
    let plain = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let states: Vec<usize> = (0..header.len())
        .filter(|&at| header[at].trim().ends_with("_complete") && is_state(head.cell(1, at)))
        .collect();
    if states.is_empty() || !header.iter().all(|name| plain(name.trim())) {
        return None;
    }
    let mut export = Export::one_row(Exporter::RedCap, head, 0).with_meta(&META, &[]);
    let time = (0..header.len()).find(|&at| header[at].trim().ends_with("_timestamp"));
    export.known.extend(time.map(|at| (at, Role::Sent)));
    // The fields of a form stand before its state.
    let mut from = 0;
    for column in states {
        export.known.push((column, Role::Meta));
        export.rules.push(Rule {
            column,
            from: Some(std::mem::replace(&mut from, column)),
            skips: |state| !matches!(state, "2" | "complete"),
            reason: Skip::Incomplete,
        });
    }
    export.zeros = AllZero::Unanswered;
    Some(export)
}

fn is_state(text: &str) -> bool {
    matches!(
        fold(text).as_ref(),
        "" | "0" | "1" | "2" | "incomplete" | "unverified" | "complete"
    )
}
