//! JSON that steers no terminal: what one would act on is written `\u009b`, which every reader takes for the sign itself.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;

use super::layout::Lines;
use crate::report::terminal::steers;

/// Writes a value, indented, and a line end.
pub(in crate::report) fn write_pretty(
    value: &impl Serialize,
    out: &mut impl Write,
) -> io::Result<()> {
    serialize(value, Lines::OF_ALL, out)
}

/// Writes a value in this layout, and a line end.
pub(super) fn serialize(
    value: &impl Serialize,
    lines: Lines,
    out: &mut impl Write,
) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, lines))?;
    out.write_all(b"\n")
}

/// Writes a part of a text. Signs below the space have been escaped by then.
pub(super) fn write<W: ?Sized + Write>(text: &str, out: &mut W) -> io::Result<()> {
    let plain = text.is_ascii() && !text.contains('\u{7f}');
    if plain || !text.contains(hidden) {
        return out.write_all(text.as_bytes());
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        if hidden(sign) {
            // Writing to a text cannot fail.
            let _ = write!(shown, "\\u{:04x}", u32::from(sign));
        } else {
            shown.push(sign);
        }
    }
    out.write_all(shown.as_bytes())
}

fn hidden(sign: char) -> bool {
    sign >= '\u{7f}' && steers(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped_and_read_back() {
        let text = "\u{1b}[1m \u{9b}1m \u{7f} \u{202e}é \u{2028}\n\"";
        let mut written = Vec::new();
        write_pretty(&text, &mut written).expect("a vector takes all");
        let written = String::from_utf8(written).expect("JSON is UTF-8");
        assert_eq!(
            written,
            "\"\\u001b[1m \\u009b1m \\u007f \\u202eé \\u2028\\n\\\"\"\n"
        );
        let read: String = serde_json::from_str(&written).expect("it was just written");
        assert_eq!(read, text);
    }
}
