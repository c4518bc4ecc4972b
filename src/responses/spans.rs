//! Where cells stand in the text of a file, for tools that mark them there: cells are known by line and number, and quoted
//! ones may go on over several lines.

use std::collections::{BTreeMap, BTreeSet};

use super::load::{Input, Options};
use super::recognition::Recognition;
use super::text;

/// A cell's place: physical line and number of the cell, both from 1.
pub type CellPlace = (usize, usize);

/// From where to where a cell goes, quotes included; columns count characters, from 1, and the end is the first column after
/// the cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Physical line on which it starts, from 1.
    pub line: usize,
    /// Column in which it starts.
    pub column: usize,
    /// Physical line on which it ends.
    pub end_line: usize,
    /// Column after its last character.
    pub end_column: usize,
}

/// Finds cells of a text file that was recognised; none in a spreadsheet, where cells have no place in a text.
pub fn spans(
    input: &Input<'_>,
    options: &Options,
    recognised: &Recognition,
    cells: &BTreeSet<CellPlace>,
) -> BTreeMap<CellPlace, Span> {
    match (
        recognised.delimiter,
        text::decode(input.bytes, options.encoding),
    ) {
        (Some(delimiter), Ok(decoded)) if !cells.is_empty() => {
            find(&decoded.text, delimiter, cells)
        }
        _ => BTreeMap::new(),
    }
}

/// Where the scanner is in a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Quoted,
    QuoteInQuoted,
}

fn find(text: &str, delimiter: char, cells: &BTreeSet<CellPlace>) -> BTreeMap<CellPlace, Span> {
    let mut found = BTreeMap::new();
    let (mut line, mut column, mut number) = (1, 1, 1);
    let mut start = (1, 1);
    let mut state = At::Start;
    let mut before = '\n';
    let mut close = |number: usize, start: (usize, usize), end: (usize, usize)| {
        let place = (start.0, number);
        if cells.contains(&place) {
            let span = Span {
                line: start.0,
                column: start.1,
                end_line: end.0,
                end_column: end.1,
            };
            found.entry(place).or_insert(span);
        }
    };
    for sign in text.chars() {
        let ends_line = matches!(sign, '\r' | '\n');
        // `\r\n` is one line end.
        let second_half = sign == '\n' && before == '\r';
        before = sign;
        state = match (state, sign) {
            (At::Quoted, '"') => At::QuoteInQuoted,
            (At::Start | At::QuoteInQuoted, '"') | (At::Quoted, _) => At::Quoted,
            (_, sign) if sign == delimiter => {
                close(number, start, (line, column));
                number += 1;
                start = (line, column + 1);
                At::Start
            }
            _ if ends_line => {
                if !second_half {
                    close(number, start, (line, column));
                }
                number = 1;
                At::Start
            }
            _ => At::Plain,
        };
        if ends_line {
            if !second_half {
                line += 1;
            }
            column = 1;
            if state == At::Start {
                start = (line, 1);
            }
        } else {
            column += 1;
        }
    }
    close(number, start, (line, column));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, delimiter: char, place: CellPlace) -> Option<(usize, usize, usize, usize)> {
        let found = find(text, delimiter, &BTreeSet::from([place]));
        let span = found.get(&place)?;
        Some((span.line, span.column, span.end_line, span.end_column))
    }

    #[test]
    fn cells_stand_where_an_editor_shows_them() {
        let text = "a,b,c\n\"x, y\",é,\"1\n2\",z\nlast,\"\"\"q\"\"\",\n";
        assert_eq!(span(text, ',', (1, 2)), Some((1, 3, 1, 4)));
        assert_eq!(span(text, ',', (2, 1)), Some((2, 1, 2, 7)));
        assert_eq!(span(text, ',', (2, 2)), Some((2, 8, 2, 9)));
        assert_eq!(span(text, ',', (2, 3)), Some((2, 10, 3, 3)));
        // The cell after the line break is on the line on which that one ends.
        assert_eq!(span(text, ',', (3, 4)), Some((3, 4, 3, 5)));
        assert_eq!(span(text, ',', (4, 2)), Some((4, 6, 4, 13)));
        assert_eq!(span(text, ',', (4, 3)), Some((4, 14, 4, 14)));
        assert_eq!(span(text, ',', (9, 1)), None);
    }

    #[test]
    fn every_kind_of_line_end_is_one() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a;b", "\"1", "2\";x", "3;4"].join(end);
            assert_eq!(span(&text, ';', (2, 1)), Some((2, 1, 3, 3)), "{end:?}");
            assert_eq!(span(&text, ';', (3, 2)), Some((3, 4, 3, 5)), "{end:?}");
            assert_eq!(span(&text, ';', (4, 2)), Some((4, 3, 4, 4)), "{end:?}");
        }
    }
}
