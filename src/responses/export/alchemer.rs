//! Alchemer: options stand before their question (`Web:Which channels?`), each in a column of its own; where the respondent was,
//! guessed from the address, stands in columns called like a country and a city.

use std::collections::HashMap;

use super::{Export, Exporter, Head, Skip};
use crate::responses::columns::Heading;
use crate::responses::spelling::fold;

const META: [&str; 12] = [
    "response id",
    "time started",
    "status",
    "contact id",
    "legacy comments",
    "comments",
    "language",
    "referer",
    "sessionid",
    "user agent",
    "extended referer",
    "longitude",
];

const SENT: &str = "date submitted";

/// What follows `Latitude`, in this order.
const PLACE: [&str; 4] = ["country", "city", "state/region", "postal"];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let mut export = Export::one_row(Exporter::Alchemer, head, 0);
    let all = ["response id", SENT, "status", "sessionid"];
    if !all.iter().all(|name| export.column(&[name]).is_some()) {
        return None;
    }
    if let Some(latitude) = export.column(&["latitude"]) {
        // Once each: a question of the survey may be called so, too.
        let mut last = latitude;
        for name in PLACE {
            let next = last + 1;
            if next < export.headings.len() && export.is_called(next, &[name]) {
                last = next;
            }
        }
        export.own = (latitude..=last).collect();
    }
    let mut of: HashMap<String, usize> = HashMap::new();
    for (_, question) in export.headings.iter().filter_map(apart) {
        *of.entry(fold(question).into_owned()).or_default() += 1;
    }
    for heading in &mut export.headings {
        let parts = apart(heading).filter(|(_, question)| of.get(&*fold(question)) > Some(&1));
        if let Some((option, question)) = parts {
            *heading = Heading {
                part: Some(option.to_owned()),
                ..Heading::plain(question)
            };
        }
    }
    let unfinished = |text: &str| matches!(text, "partial" | "disqualified" | "deleted");
    let export = export.with_meta(&META, &[SENT]);
    Some(export.with_rule(&["status"], unfinished, Skip::Incomplete))
}

/// `Web:Which channels?`: what stands before the question, and the question.
fn apart(heading: &Heading) -> Option<(&str, &str)> {
    let (option, question) = heading.name.split_once(':')?;
    let told = !option.is_empty() && question.starts_with(|sign: char| !sign.is_whitespace());
    told.then_some((option, question))
}
