//! Which sign parts the cells: found by trying, never by guessing types.

use super::records::{Reader, Record};
use crate::problem::ResponsesKind;

/// The signs that are tried.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many records are tried.
const TRIED: usize = 51;

/// How a text is parted into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// Byte at which the first record starts.
    pub(super) start: usize,
}

impl Dialect {
    /// Whether a comma can be a decimal sign.
    pub(super) fn decimal_comma(self) -> bool {
        matches!(self.delimiter, b';' | b'\t')
    }
}

/// Finds the delimiter of `text`: the given one, that of a `sep=` line, else the one that parts the first records into
/// the same number of cells. Where several do, the one whose header holds more names that `known` counts.
pub(super) fn find(
    text: &str,
    given: Option<u8>,
    known: &dyn Fn(&Record<'_>) -> usize,
) -> Result<Dialect, ResponsesKind> {
    let (named, start) = sep_line(text);
    if let Some(delimiter) = given.or(named) {
        return Ok(Dialect { delimiter, start });
    }
    // What stands nowhere parts nothing.
    let signs = DELIMITERS.into_iter();
    let signs = signs.filter(|&sign| memchr::memchr(sign, text.as_bytes()).is_some());
    let mut tried: Vec<Trial> = signs
        .filter_map(|delimiter| try_out(text, start, delimiter))
        .collect();
    if tried.len() > 1 {
        for trial in &mut tried {
            let mut reader = Reader::new(text, start, trial.delimiter);
            trial.known = reader.next().ok().flatten().map_or(0, |head| known(&head));
        }
    }
    // Best first; the order of DELIMITERS decides nothing, for equals are reported.
    tried.sort_by_key(|trial| std::cmp::Reverse((trial.even, trial.known)));
    match tried[..] {
        [] => Ok(Dialect {
            delimiter: b',',
            start,
        }),
        [best, next, ..] if (best.even, best.known) == (next.even, next.known) && best.even => {
            Err(ResponsesKind::AmbiguousDelimiter {
                first: char::from(best.delimiter),
                second: char::from(next.delimiter),
            })
        }
        [best, ..] => Ok(Dialect {
            delimiter: best.delimiter,
            start,
        }),
    }
}

/// What came of trying a delimiter.
#[derive(Clone, Copy)]
struct Trial {
    delimiter: u8,
    /// Whether all records tried have as many cells as the first.
    even: bool,
    /// How many names of its header are known; not counted where it is the only one.
    known: usize,
}

/// Tries a delimiter; nothing if it parts nothing.
fn try_out(text: &str, start: usize, delimiter: u8) -> Option<Trial> {
    let mut reader = Reader::new(text, start, delimiter);
    let header = reader.next().ok()??;
    let width = header.len();
    if width < 2 {
        return None;
    }
    let mut even = true;
    for _ in 1..TRIED {
        match reader.next() {
            Ok(Some(record)) => even &= record.len() == width || record.is_blank(),
            Ok(None) => break,
            Err(_) => even = false,
        }
        if !even {
            break;
        }
    }
    Some(Trial {
        delimiter,
        even,
        known: 0,
    })
}

/// The delimiter that a first line `sep=;` names, and where the text goes on.
fn sep_line(text: &str) -> (Option<u8>, usize) {
    let line = text.lines().next().unwrap_or("");
    let named = line
        .trim_matches('"')
        .strip_prefix("sep=")
        .or_else(|| line.strip_prefix("SEP="));
    match named.map(str::as_bytes) {
        Some(&[delimiter]) => (Some(delimiter), line.len()),
        Some(_) | None => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delimiter_of(text: &str) -> Result<char, ResponsesKind> {
        let known = |header: &Record<'_>| header.cells().filter(|&cell| cell == "unit").count();
        find(text, None, &known).map(|dialect| char::from(dialect.delimiter))
    }

    #[test]
    fn the_delimiter_that_gives_one_width_is_taken() {
        assert_eq!(delimiter_of("unit,a\nx,1\n"), Ok(','));
        assert_eq!(delimiter_of("unit;a\nx;0,5\ny;1\n"), Ok(';'));
        assert_eq!(delimiter_of("unit\ta\nx\t1,2,3\n"), Ok('\t'));
        assert_eq!(delimiter_of("unit|a\n\"x|y\"|1\n"), Ok('|'));
        assert_eq!(delimiter_of("sep=|\nunit,a|b\nx|1\n"), Ok('|'));
    }

    #[test]
    fn names_in_the_header_decide_between_equals() {
        assert_eq!(delimiter_of("unit;a, b\nx;0,5\ny;1,0\n"), Ok(';'));
        assert_eq!(
            delimiter_of("k;a,b\nx;0,5\n"),
            Err(ResponsesKind::AmbiguousDelimiter {
                first: ',',
                second: ';'
            })
        );
    }

    #[test]
    fn a_ragged_row_does_not_hide_the_delimiter() {
        assert_eq!(delimiter_of("unit,a,b\nx,1\ny,1,2\n"), Ok(','));
    }

    #[test]
    fn records_start_after_a_sep_line() {
        let dialect = find("sep=;\r\nunit;a\r\n", None, &|_| 0).expect("one delimiter");
        assert_eq!(dialect.start, 5);
        let mut reader = Reader::new("sep=;\r\nunit;a\r\n", dialect.start, b';');
        let header = reader.next().expect("sound").expect("a header");
        assert_eq!((header.line, header.cell(0)), (2, "unit"));
    }
}
