//! REDCap: lower-case field names, choices in columns `field___code` of 0 and 1, 0 also where nothing was asked; every
//! form ends with its state. With labels instead of names every state is called `Complete?`.

use super::{Export, Exporter, Head, Rule, Skip};
use crate::responses::columns::Role;
use crate::responses::multiple::AllZero;
use crate::responses::spelling::fold;

const META: [&str; 10] = [
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_data_access_group",
    "redcap_survey_identifier",
    "event name",
    "repeat instrument",
    "repeat instance",
    "data access group",
    "survey identifier",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let header = head.rows.first()?;
    let plain = |name: &str| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let all = |ends: fn(&str) -> bool, is_state: fn(&str) -> bool| -> Vec<usize> {
        let states = (0..header.len())
            .filter(|&at| ends(header[at].trim()) && is_state(fold(head.cell(1, at)).as_ref()));
        states.collect()
    };
    let mut states = all(|name| name.ends_with("_complete"), is_state);
    if !header.iter().all(|name| plain(name.trim())) {
        states = all(|name| name == "Complete?", is_labelled_state);
    }
    if states.is_empty() {
        return None;
    }
    let mut export = Export::one_row(Exporter::RedCap, head, 0).with_meta(&META, &[]);
    for heading in &mut export.headings {
        heading.text = choice(&heading.name);
    }
    let time = (0..header.len()).find(|&at| {
        let name = header[at].trim();
        name.ends_with("_timestamp") || name == "Survey Timestamp"
    });
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

/// `Question [Option]` for `Question (choice=Option)`.
fn choice(heading: &str) -> Option<String> {
    let (question, option) = heading.strip_suffix(')')?.rsplit_once(" (choice=")?;
    Some(format!("{question} [{option}]"))
}

fn is_state(text: &str) -> bool {
    matches!(text, "" | "0" | "1" | "2") || is_labelled_state(text)
}

fn is_labelled_state(text: &str) -> bool {
    matches!(text, "incomplete" | "unverified" | "complete")
}
