//! How texts are compared with what a framework declares: without regard to case and surrounding space, never guessed.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` as it is compared: trimmed, runs of white space as one space, accents composed, quotation marks straight (some
/// survey tools straighten them in labels), lower case.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let plain = text
        .bytes()
        .all(|byte| matches!(byte, b'!'..=b'~') && !byte.is_ascii_uppercase());
    if plain {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        if word.is_ascii() {
            folded.extend(
                word.bytes()
                    .map(|byte| char::from(byte.to_ascii_lowercase())),
            );
        } else {
            folded.extend(word.nfc().map(straight).flat_map(char::to_lowercase));
        }
    }
    Cow::Owned(folded)
}

/// A quotation mark or apostrophe as it is typed.
fn straight(letter: char) -> char {
    match letter {
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        other => other,
    }
}

/// `text` as names are compared that a reader takes for one: as [`fold`] makes it, without what cannot be seen.
pub(super) fn look(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_invisible) {
        return fold(text);
    }
    Cow::Owned(fold(&text.replace(is_invisible, "")).into_owned())
}

/// Whether nothing is seen where it stands: spaces without width, joiners, soft hyphens, byte order marks.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// What two texts with one [`look`] differ in, in words, and both as they are written.
pub(super) fn differences(first: &str, second: &str) -> (Vec<&'static str>, [String; 2]) {
    type Alike = fn(&str) -> String;
    const ACCENTS: &str = "the way accents are written";
    let ways: [(&str, Alike); 5] = [
        ("characters that cannot be seen", |text| {
            text.replace(is_invisible, "")
        }),
        ("spaces", |text| {
            let words: Vec<&str> = text.split_whitespace().collect();
            words.join(" ")
        }),
        (ACCENTS, |text| text.nfc().collect()),
        ("quotation marks", |text| {
            text.chars().map(straight).collect()
        }),
        ("case", |text| {
            text.chars().flat_map(char::to_lowercase).collect()
        }),
    ];
    // They differ in what keeps them apart when all else is alike.
    let differ = |(own, _): &(&'static str, Alike)| {
        let others = || ways.iter().filter(|(way, _)| way != own);
        let alike = |text: &str| others().fold(text.to_owned(), |text, (_, alike)| alike(&text));
        (alike(first) != alike(second)).then_some(*own)
    };
    let by: Vec<&str> = ways.iter().filter_map(differ).collect();
    let accents = by.contains(&ACCENTS);
    let written = [first, second].map(|text| {
        shown_without(text, |c| {
            c.is_whitespace() && c != ' ' || accents && is_combining_mark(c)
        })
    });
    (by, written)
}

/// `text` without the tags and entities that survey tools leave in labels.
pub(super) fn without_markup(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        plain.push_str(before);
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match tag.find('>') {
            Some(end) if is_tag => {
                plain.push(' ');
                rest = &tag[end + 1..];
            }
            Some(_) | None => {
                plain.push('<');
                rest = &tag[1..];
            }
        }
    }
    plain.push_str(rest);
    let entities = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    for (entity, sign) in entities {
        if plain.contains(entity) {
            plain = plain.replace(entity, sign);
        }
    }
    Cow::Owned(plain)
}

/// The candidate that `text` probably stands for, if one is near.
pub(super) fn nearest<'a>(
    text: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    // A longer text is prose; comparing it with every candidate costs time and finds nothing.
    if text.len() > 256 {
        return None;
    }
    let text = fold(text);
    let written = text.chars().count();
    candidates
        .into_iter()
        .map(|candidate| {
            let likeness = strsim::damerau_levenshtein(&text, &fold(candidate));
            (likeness, candidate)
        })
        .filter(|&(distance, candidate)| {
            let length = candidate.chars().count();
            // A letter in place of another is all that a name of one letter can be mistaken by: that is a different name.
            distance <= length.max(3) / 3 && distance < length.max(written)
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate.to_owned())
}

/// `text` as a message shows it: at most 60 characters, control characters, marks of direction and what cannot be seen
/// spelled out.
pub(super) fn shown(text: &str) -> String {
    shown_without(text, |_| false)
}

/// `text` as [`shown`], with further characters spelled out.
fn shown_without(text: &str, spelled_out: impl Fn(char) -> bool) -> String {
    let mut shown = String::new();
    for (count, c) in text.trim().chars().enumerate() {
        if count == 60 {
            shown.push('…');
            break;
        }
        let hidden = c.is_control()
            || is_invisible(c)
            || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if hidden || spelled_out(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_space_do_not_count() {
        assert_eq!(fold("  Yes "), "yes");
        assert_eq!(fold("In some\u{a0} ministries"), "in some ministries");
        assert_eq!(fold("DANS CERTAINS MINISTÈRES"), "dans certains ministères");
        assert_eq!(fold("yes"), "yes");
        assert_eq!(fold("Don’t know"), "don't know");
        // One letter with its accent, and a letter followed by the accent.
        assert_eq!(fold("e\u{301}tat"), fold("ÉTAT"));
    }

    #[test]
    fn names_that_look_the_same_say_what_tells_them_apart() {
        let of = |first: &str, second: &str| {
            assert_eq!(look(first), look(second));
            let (by, [first, second]) = differences(first, second);
            (by.join(", "), first, second)
        };
        let told = |by: &str, first: &str, second: &str| {
            (by.to_owned(), first.to_owned(), second.to_owned())
        };
        assert_eq!(of("NO", "no"), told("case", "NO", "no"));
        assert_eq!(of("a  b", "a b"), told("spaces", "a  b", "a b"));
        assert_eq!(of("a\u{a0}b", "a b"), told("spaces", "a\\u{a0}b", "a b"));
        assert_eq!(
            of("\u{e9}t\u{e9}", "\u{e9}te\u{301}"),
            told(
                "the way accents are written",
                "\u{e9}t\u{e9}",
                "\u{e9}te\\u{301}"
            )
        );
        assert_eq!(
            of("l\u{2019}a", "l'a"),
            told("quotation marks", "l\u{2019}a", "l'a")
        );
        assert_eq!(
            of("a\u{ad}b\u{200b} c", "Ab c"),
            told(
                "characters that cannot be seen, case",
                "a\\u{ad}b\\u{200b} c",
                "Ab c"
            )
        );
        assert_ne!(look("a\u{200b}b"), look("a b"));
    }

    #[test]
    fn markup_does_not_count() {
        assert_eq!(
            fold(&without_markup("<p>Is there <b>a</b> plan&nbsp;?</p>")),
            "is there a plan ?"
        );
        assert_eq!(without_markup("a < b & c"), "a < b & c");
    }

    #[test]
    fn only_near_spellings_are_suggested() {
        let options = ["yes", "no", "partially"];
        assert_eq!(nearest("Yess", options).as_deref(), Some("yes"));
        assert_eq!(nearest("partialy", options).as_deref(), Some("partially"));
        assert_eq!(nearest("perhaps", options), None);
        assert_eq!(nearest("f", ["a", "b", "c"]), None);
        assert_eq!(nearest("q1x", ["a", "q1"]).as_deref(), Some("q1"));
    }

    #[test]
    fn messages_show_what_cannot_be_seen() {
        assert_eq!(shown("a\u{1b}[31m\nb\u{202e}"), "a\\u{1b}[31m\\nb\\u{202e}");
        assert_eq!(shown("a\u{ad}b\u{2060}"), "a\\u{ad}b\\u{2060}");
        assert_eq!(shown(&"x".repeat(100)).chars().count(), 61);
    }
}
