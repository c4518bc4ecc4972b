//! Words for messages: lists of names, and the name that was probably meant.

use std::fmt::Write;

/// Names in backticks, the last one after `last` (`or`, `and`; `,` for no word).
pub(super) fn list<'a>(names: impl Iterator<Item = &'a str>, last: &str) -> String {
    let names: Vec<&str> = names.collect();
    let mut text = String::new();
    for (position, name) in names.iter().enumerate() {
        let joint = match position {
            0 => "",
            _ if position + 1 < names.len() || last == "," => ", ",
            _ => {
                let _ = write!(text, " {last} ");
                ""
            }
        };
        let _ = write!(text, "{joint}`{name}`");
    }
    text
}

/// Names in backticks if there are few of them, else nothing.
pub(super) fn few<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.take(13).collect();
    if names.len() > 12 {
        return String::new();
    }
    list(names.into_iter(), ",")
}

/// The name that is nearest to what was written, if one is near.
pub(super) fn nearest<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    // Long texts are no typing mistakes of names, and comparing them costs their product.
    if written.chars().count() > 80 {
        return None;
    }
    let wanted = folded(written);
    let mut best: Option<(f64, &str)> = None;
    for name in names.filter(|name| name.len() <= 160) {
        let near = strsim::jaro_winkler(&wanted, &folded(name))
            .max(strsim::normalized_damerau_levenshtein(&wanted, &folded(name)) + 0.15);
        if near >= 0.85 && best.is_none_or(|(other, _)| near > other) {
            best = Some((near, name));
        }
    }
    best.map(|(_, name)| name.to_owned())
}

/// Without case and joints, so that `min_coverage` is near `min-coverage`.
pub(super) fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '-' | '_' | ' ' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}
