//! Parts of spreadsheets as XML.

use std::io::{BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::problem::ResponsesKind;

/// Reads a part event by event.
pub(super) type Parser<'z> = Reader<BufReader<Box<dyn Read + 'z>>>;

/// Most characters of one cell.
pub(super) const LONGEST_CELL: usize = 1 << 20;

/// Whatever is wrong with the XML or the ZIP around it: the file is damaged.
pub(super) fn broken<E>(_: E) -> ResponsesKind {
    ResponsesKind::BrokenSpreadsheet
}

/// Reads the part called `name`, whatever its case; nothing if there is none.
pub(super) fn part<T>(
    bytes: &[u8],
    name: &str,
    read: impl FnOnce(&mut Parser<'_>) -> Result<T, ResponsesKind>,
) -> Result<Option<T>, ResponsesKind> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let at = (0..zip.len()).find(|&at| {
        let other = zip.name_for_index(at).and_then(Result::ok);
        other.is_some_and(|other| other.eq_ignore_ascii_case(name))
    });
    let Some(at) = at else {
        return Ok(None);
    };
    let part = zip.by_index(at).map_err(broken)?;
    let part: Box<dyn Read + '_> = Box::new(part);
    let mut parser = Reader::from_reader(BufReader::new(part));
    // `<a/>` is read as `<a></a>`, so that there is one way to read it.
    parser.config_mut().expand_empty_elements = true;
    read(&mut parser).map(Some)
}

/// The value of an attribute, whatever its prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let attribute = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(unescaped(&attribute.value))
}

/// What a piece of text or an entity says; nothing for other events.
pub(super) fn text_of(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Text(text) => Some(text.xml10_content().into_owned()),
        Event::CData(text) => Some(text.xml10_content().into_owned()),
        Event::GeneralRef(name) => Some(entity(name)),
        _ => None,
    }
}

/// A text with its entities resolved.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let Some((name, after)) = after.split_once(';') else {
            plain.push('&');
            rest = after;
            continue;
        };
        plain.push_str(&entity(name));
        rest = after;
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> String {
    let sign = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name
            .strip_prefix('#')
            .and_then(|code| match code.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
                None => code.parse().ok(),
            })
            .and_then(char::from_u32),
    };
    sign.map(String::from).unwrap_or_default()
}
