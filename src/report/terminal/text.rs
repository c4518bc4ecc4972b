//! Texts on a terminal: their width, where they break, what is shown in place of what must not be printed.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    if is_plain(text) {
        text.len()
    } else {
        text.width()
    }
}

/// Whether it is made of ASCII that is printed.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The text with control characters and marks that turn the reading direction written out: `\u{1b}`.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if is_plain(text) || !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if steers(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal would act on it instead of showing it.
pub(in crate::report) fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Lines of at most `width` columns, broken at spaces and after hyphens; a longer word is cut with `…`.
pub(in crate::report) fn wrap(text: &str, width: usize) -> Vec<String> {
    let text = escaped(text);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        for (position, part) in parts(word).enumerate() {
            let part = shorten(part, width);
            let line = lines.last_mut().expect("never empty");
            let space = usize::from(position == 0 && !line.is_empty());
            if self::width(line) + space + self::width(&part) <= width {
                line.push_str(&" "[..space]);
                line.push_str(&part);
            } else {
                lines.push(part.into_owned());
            }
        }
    }
    lines
}

/// The parts of a word that stay together: it may break after a hyphen between letters.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(word);
    std::iter::from_fn(move || {
        let text = rest?;
        let break_after = text.match_indices('-').map(|(at, _)| at).find(|&at| {
            let letter = |found: Option<char>| found.is_some_and(char::is_alphabetic);
            letter(text[..at].chars().next_back()) && letter(text[at + 1..].chars().next())
        });
        if let Some(at) = break_after {
            rest = Some(&text[at + 1..]);
            Some(&text[..=at])
        } else {
            rest = None;
            Some(text)
        }
    })
}

/// The width of the longest part that [`wrap`] keeps together.
pub(super) fn longest_part(text: &str) -> usize {
    let text = escaped(text);
    if !text.contains([' ', '-']) {
        return width(&text);
    }
    text.split(' ')
        .flat_map(parts)
        .map(width)
        .max()
        .unwrap_or(0)
}

/// At most `room` columns of the text; what is cut is marked with `…`.
pub(in crate::report) fn shorten(text: &str, room: usize) -> Cow<'_, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut used = 1; // for the mark
    for letter in text.chars() {
        used += letter.width().unwrap_or(0);
        if used > room {
            break;
        }
        kept.push(letter);
    }
    kept.push('…');
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_steer_the_terminal() {
        assert_eq!(
            escaped("a\u{1b}[31m\tb\u{7}\n"),
            "a\\u{1b}[31m\\tb\\u{7}\\n"
        );
        assert_eq!(
            escaped("\u{202e}abc\u{2066}\u{9b}"),
            "\\u{202e}abc\\u{2066}\\u{9b}"
        );
        assert_eq!(escaped("Türkiye · 日本 👩‍⚖️"), "Türkiye · 日本 👩‍⚖️");
    }

    #[test]
    fn lines_break_between_words_and_after_hyphens() {
        assert_eq!(
            wrap("Data-driven public sector", 7),
            ["Data-", "driven", "public", "sector"]
        );
        assert_eq!(
            wrap("Data-driven public sector", 11),
            ["Data-driven", "public", "sector"]
        );
        assert_eq!(wrap("one two three", 80), ["one two three"]);
        assert_eq!(wrap("-1.5 0-1", 3), ["-1…", "0-1"]);
        assert_eq!(wrap("Proactiveness", 6), ["Proac…"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn wide_letters_count_twice() {
        assert_eq!(width("日本"), 4);
        assert_eq!(shorten("日本国", 5), "日本…");
        assert_eq!(shorten("日本国", 4), "日…");
        assert_eq!(longest_part("Data-driven 日本国"), 6);
    }
}
