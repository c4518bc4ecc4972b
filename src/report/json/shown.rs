//! JSON that steers no terminal: what one would act on is written `\u009b`, which every reader takes for the sign itself.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::report::terminal::steers;

/// Writes a value, indented, and a line end.
pub(in crate::report) fn write_pretty(
    value: &impl Serialize,
    out: &mut impl Write,
) -> io::Result<()> {
    serde_json::to_writer_pretty(Shown(&mut *out), value)?;
    out.write_all(b"\n")
}

/// What JSON is written through. Signs below the space have been escaped by then.
pub(super) struct Shown<W>(pub(super) W);

impl<W: Write> Write for Shown<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let plain = bytes.is_ascii() && !bytes.contains(&0x7f);
        match str::from_utf8(bytes) {
            // Signs come whole, so that nothing is missed.
            Ok(text) if !plain && text.chars().any(hidden) => {
                let mut shown = String::with_capacity(text.len() + 8);
                for sign in text.chars() {
                    if hidden(sign) {
                        // Writing to a text cannot fail.
                        let _ = write!(shown, "\\u{:04x}", u32::from(sign));
                    } else {
                        shown.push(sign);
                    }
                }
                self.0.write_all(shown.as_bytes())?;
            }
            Ok(_) | Err(_) => self.0.write_all(bytes)?,
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
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
