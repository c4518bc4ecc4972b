//! Headings of a few letters for narrow tables: `DDPS` for `Data-driven public sector`.

use std::collections::BTreeSet;

/// One short heading a title, all different: initials, or the first letters of a single word; numbers where those do not
/// tell them apart.
pub(in crate::report) fn short_heads(titles: &[&str]) -> Vec<String> {
    let heads: Vec<String> = titles.iter().map(|title| initials(title)).collect();
    let different: BTreeSet<String> = heads.iter().map(|head| head.to_lowercase()).collect();
    if different.len() == heads.len() && !different.contains("") {
        heads
    } else {
        (1..=titles.len())
            .map(|number| format!("#{number}"))
            .collect()
    }
}

fn initials(title: &str) -> String {
    let words: Vec<&str> = title
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    match words.as_slice() {
        [word] if word.chars().count() <= 4 => (*word).to_owned(),
        [word] => word.chars().take(3).collect(),
        words => words.iter().filter_map(|word| initial(word)).collect(),
    }
}

/// Small words (of, by, as, the) stay small, so that a heading can be read aloud.
fn initial(word: &str) -> Option<String> {
    let first = word.chars().next()?;
    Some(if word.chars().count() > 3 {
        first.to_uppercase().collect()
    } else {
        first.to_string()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_the_words() {
        let titles = [
            "Digital by design",
            "Data-driven public sector",
            "Government as a platform",
            "Open by default",
            "User-driven",
            "Proactiveness",
        ];
        assert_eq!(
            short_heads(&titles),
            ["DbD", "DDPS", "GaaP", "ObD", "UD", "Pro"]
        );
    }

    #[test]
    fn numbers_where_initials_collide() {
        assert_eq!(short_heads(&["Public value", "Public voice"]), ["#1", "#2"]);
        assert_eq!(short_heads(&["—", "Trust"]), ["#1", "#2"]);
    }
}
