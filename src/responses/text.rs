//! Bytes → text: byte order marks, UTF-8, UTF-16, Windows-1252 with a warning, and a word for what is no text at all.

use std::borrow::Cow;

use encoding_rs::{UTF_8, WINDOWS_1252};

use super::records::line_breaks;
use crate::problem::ResponsesKind;

/// How a text file writes its characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    /// The encoding with this name, for instance `windows-1252` or `utf-16le`.
    pub fn named(name: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(name.trim().as_bytes()).map(Self)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

/// A text, how it was written, and what is odd about it: the mistake and its line.
pub(super) struct Decoded<'b> {
    pub(super) text: Cow<'b, str>,
    pub(super) encoding: Encoding,
    pub(super) remark: Option<(ResponsesKind, usize)>,
}

/// `bytes` as text: in the encoding that is named, else in that of the byte order mark, else in UTF-8 if it is that, else
/// in Windows-1252.
pub(super) fn decode(bytes: &[u8], named: Option<Encoding>) -> Result<Decoded<'_>, ResponsesKind> {
    let marked = encoding_rs::Encoding::for_bom(bytes);
    if let Some(Encoding(encoding)) = named.or(marked.map(|(encoding, _)| Encoding(encoding))) {
        return whole(bytes, encoding);
    }
    if memchr::memchr(0, bytes).is_some() {
        return Err(ResponsesKind::NulBytes {
            utf16: looks_like_utf16(bytes),
        });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded {
            text: Cow::Borrowed(text),
            encoding: Encoding(UTF_8),
            remark: None,
        }),
        Err(error) => Ok(guessed(bytes, error.valid_up_to())),
    }
}

fn whole<'b>(
    bytes: &'b [u8],
    encoding: &'static encoding_rs::Encoding,
) -> Result<Decoded<'b>, ResponsesKind> {
    let (text, used, broken) = encoding.decode(bytes);
    let used = Encoding(used);
    if broken {
        return Err(ResponsesKind::WrongEncoding {
            encoding: used.name(),
        });
    }
    if text.contains('\0') {
        return Err(ResponsesKind::NulBytes { utf16: false });
    }
    Ok(Decoded {
        text,
        encoding: used,
        remark: None,
    })
}

/// Neither marked nor UTF-8: what Excel writes in the west.
fn guessed(bytes: &[u8], odd: usize) -> Decoded<'_> {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let before = std::str::from_utf8(&bytes[..odd]).unwrap_or("");
    let byte = bytes[odd];
    let (letter, _) = WINDOWS_1252.decode_without_bom_handling(&bytes[odd..=odd]);
    Decoded {
        remark: Some((
            ResponsesKind::NotUtf8 {
                byte,
                shown: letter.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER),
            },
            1 + line_breaks(before, 0, before.len()),
        )),
        text,
        encoding: Encoding(WINDOWS_1252),
    }
}

/// Whether every second of the first bytes is zero, as in western text written as UTF-16.
fn looks_like_utf16(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(64)];
    let zeros = |first: usize| {
        start
            .iter()
            .skip(first)
            .step_by(2)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let half = start.len() / 2;
    half > 0 && (zeros(0) == 0 && zeros(1) == half || zeros(1) == 0 && zeros(0) >= half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: &[u8]) -> (String, &'static str) {
        let decoded = decode(bytes, None).expect("it is text");
        (decoded.text.into_owned(), decoded.encoding.name())
    }

    #[test]
    fn byte_order_marks_are_read_and_dropped() {
        assert_eq!(text_of(b"\xef\xbb\xbfa"), ("a".to_owned(), "UTF-8"));
        assert_eq!(text_of(b"\xff\xfeh\0i\0"), ("hi".to_owned(), "UTF-16LE"));
        assert_eq!(text_of(b"\xfe\xff\0h\0i"), ("hi".to_owned(), "UTF-16BE"));
    }

    #[test]
    fn western_text_names_its_first_odd_byte() {
        let decoded = decode(b"a,b\nCura\xe7ao,1\n", None).expect("it is text");
        assert_eq!(decoded.text, "a,b\nCuraçao,1\n");
        assert_eq!(
            decoded.remark,
            Some((
                ResponsesKind::NotUtf8 {
                    byte: 0xe7,
                    shown: 'ç'
                },
                2
            ))
        );
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let kind = |bytes: &[u8]| decode(bytes, None).err();
        assert_eq!(
            kind(b"a\0\0\0b"),
            Some(ResponsesKind::NulBytes { utf16: false })
        );
        assert_eq!(
            kind(b"h\0i\0"),
            Some(ResponsesKind::NulBytes { utf16: true })
        );
        assert_eq!(
            decode(b"\xe9", Encoding::named("utf-8")).err(),
            Some(ResponsesKind::WrongEncoding { encoding: "UTF-8" })
        );
    }
}
