//! Names that stand unquoted in a query, and texts that stand in its comments.

use std::collections::BTreeSet;

/// Longest name in bytes: `PostgreSQL` cuts at 63, and prefixes and endings need some.
const LONGEST: usize = 40;

/// `ids` as names: lower-case letters, digits and `_`, at most 40, unique. They are only used with a prefix or an ending,
/// so that none is a reserved word.
pub(super) fn names<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut names = Vec::new();
    for id in ids {
        let plain: String = id
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '_'
                }
            })
            .take(LONGEST)
            .collect();
        let mut name = plain.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            let ending = format!("_{number}");
            let kept = plain.len().min(LONGEST - ending.len());
            name = format!("{}{ending}", &plain[..kept]);
            number += 1;
        }
        names.push(name);
    }
    names
}

/// A text that can stand in a comment: one line, no sign that ends a comment, starts another one, or that a template, a
/// driver or a shell could take for its own.
pub(super) fn comment(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let hidden = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if hidden || c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if matches!(
            c,
            '{' | '}' | '$' | '*' | '/' | '\\' | ';' | '\'' | '"' | '`' | '@' | '?' | '%' | '#'
        ) || (c == '-' && out.ends_with('-'))
        {
            out.push('·');
        } else {
            out.push(c);
        }
        if out.chars().count() >= 100 {
            break;
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_names_that_need_no_quotes() {
        let ids = [
            "Gov.Lead-01",
            "gov_lead_01",
            "index",
            &"x".repeat(64),
            &"x".repeat(63),
        ];
        assert_eq!(
            names(ids.into_iter()),
            [
                "gov_lead_01",
                "gov_lead_01_2",
                "index",
                &"x".repeat(40),
                &format!("{}_2", "x".repeat(38))
            ]
        );
    }

    #[test]
    fn nothing_breaks_out_of_a_comment() {
        assert_eq!(
            comment("a */ DROP -- x\n{{ y }} ${env:HOME}\u{202e}; 'z'"),
            "a ·· DROP -· x ·· y ·· ··env:HOME· · ·z·"
        );
    }
}
