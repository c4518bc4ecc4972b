//! Text → records: a CSV reader with bounded memory, exact physical lines and a word for every way a record can be
//! broken.
//!
//! `csv-core` does the parsing; it writes into buffers of this module, so that neither an unclosed quote nor ten million
//! delimiters in one line can grow without a limit.

use csv_core::{ReadRecordResult, ReaderBuilder};

/// Most bytes of one record.
pub(super) const LONGEST_RECORD: usize = 16 << 20;

/// Most columns of a file.
pub(super) const MOST_COLUMNS: usize = 20_000;

/// One record: its cells as one text with the end of each.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    text: &'r str,
    ends: &'r [usize],
    /// Physical line on which the record starts, from 1.
    pub(super) line: usize,
}

impl<'r> Record<'r> {
    /// A record whose cells end at `ends` of `text`.
    pub(super) fn new(text: &'r str, ends: &'r [usize], line: usize) -> Self {
        Self { text, ends, line }
    }

    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell at `column`, from 0; empty beyond the end.
    pub(super) fn cell(&self, column: usize) -> &'r str {
        let start = match column.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(self.text.len()),
            None => 0,
        };
        let end = self.ends.get(column).copied().unwrap_or(self.text.len());
        self.text.get(start..end).unwrap_or("")
    }

    /// The cells in order.
    pub(super) fn cells(&self) -> impl Iterator<Item = &'r str> + use<'r> {
        let record = *self;
        (0..record.len()).map(move |column| record.cell(column))
    }

    /// Whether no cell holds anything.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Physical line of the cell at `column`: line ends in the cells before it count.
    pub(super) fn line_of(&self, column: usize) -> usize {
        let before = match column.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        self.line + line_breaks(self.text, 0, before)
    }
}

/// Why a record cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// It is longer than [`LONGEST_RECORD`]; the line on which it starts.
    TooLong(usize),
    /// It has more than [`MOST_COLUMNS`] cells.
    TooWide(usize),
    /// A quote is never closed; its line.
    OpenQuote(usize),
}

/// Reads a text record by record; empty lines are passed over.
pub(super) struct Reader<'t> {
    text: &'t str,
    delimiter: u8,
    parser: csv_core::Reader,
    at: usize,
    line: usize,
    output: Vec<u8>,
    ends: Vec<usize>,
}

impl<'t> Reader<'t> {
    /// Reads `text` from byte `start`.
    pub(super) fn new(text: &'t str, start: usize, delimiter: u8) -> Self {
        Self {
            text,
            delimiter,
            parser: ReaderBuilder::new().delimiter(delimiter).build(),
            at: start,
            line: 1 + line_breaks(text, 0, start),
            output: vec![0; 4096],
            ends: vec![0; 256],
        }
    }

    /// The next record, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, Broken> {
        self.skip_line_ends();
        let start = self.at;
        let line = self.line;
        let (mut written, mut cells) = (0, 0);
        loop {
            let (result, read, wrote, ended) = self.parser.read_record(
                &self.text.as_bytes()[self.at..],
                &mut self.output[written..],
                &mut self.ends[cells..],
            );
            self.at += read;
            written += wrote;
            cells += ended;
            match result {
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::Record => break,
                // The input is one slice, so that it is at its end; the next call says so to the parser.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    grow(&mut self.output, LONGEST_RECORD).map_err(|()| Broken::TooLong(line))?;
                }
                ReadRecordResult::OutputEndsFull => {
                    // One more than allowed: the parser asks for room before it sees that the record ends.
                    grow(&mut self.ends, MOST_COLUMNS + 1).map_err(|()| Broken::TooWide(line))?;
                }
            }
        }
        if cells > MOST_COLUMNS {
            return Err(Broken::TooWide(line));
        }
        if self.at == self.text.len()
            && let Some(quote) = open_quote(&self.text.as_bytes()[start..], self.delimiter)
        {
            return Err(Broken::OpenQuote(
                line + line_breaks(self.text, start, start + quote),
            ));
        }
        self.line += line_breaks(self.text, start, self.at);
        // The parser only leaves out ASCII delimiters and quotes, so that what it keeps of a text is text.
        let text = std::str::from_utf8(&self.output[..written]).unwrap_or("");
        Ok(Some(Record::new(text, &self.ends[..cells], line)))
    }

    /// The parser passes over empty lines, so that the record's own line has to be found first.
    fn skip_line_ends(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = rest
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        self.line += line_breaks(self.text, self.at, self.at + ends);
        self.at += ends;
    }
}

/// Doubles `buffer`, at most to `limit`.
fn grow<T: Clone + Default>(buffer: &mut Vec<T>, limit: usize) -> Result<(), ()> {
    if buffer.len() >= limit {
        return Err(());
    }
    buffer.resize((buffer.len() * 2).min(limit), T::default());
    Ok(())
}

/// Line ends that stand in `text` from byte `start` to `end`; `\r\n` is one and stands where its `\r` is.
pub(super) fn line_breaks(text: &str, start: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    let part = &bytes[start..end];
    #[allow(clippy::naive_bytecount)]
    // the compiler makes a vector loop of it; another crate is not worth it
    let newlines = part.iter().filter(|&&byte| byte == b'\n').count();
    if !part.contains(&b'\r') && (start == 0 || bytes[start - 1] != b'\r') {
        return newlines;
    }
    (start..end)
        .filter(|&at| match bytes[at] {
            b'\r' => true,
            b'\n' => at == 0 || bytes[at - 1] != b'\r',
            _ => false,
        })
        .count()
}

/// Where the quote stands that is still open at the end of `record`.
fn open_quote(record: &[u8], delimiter: u8) -> Option<usize> {
    #[derive(PartialEq)]
    enum At {
        FieldStart,
        Plain,
        Quoted(usize),
        QuoteInQuoted(usize),
    }
    if !record.contains(&b'"') {
        return None;
    }
    let mut state = At::FieldStart;
    for (at, &byte) in record.iter().enumerate() {
        state = match (state, byte) {
            (At::FieldStart, b'"') => At::Quoted(at),
            (At::Quoted(start), b'"') => At::QuoteInQuoted(start),
            (At::QuoteInQuoted(start), b'"') | (At::Quoted(start), _) => At::Quoted(start),
            (_, byte) if byte == delimiter || byte == b'\n' || byte == b'\r' => At::FieldStart,
            (At::FieldStart | At::Plain | At::QuoteInQuoted(_), _) => At::Plain,
        };
    }
    match state {
        At::Quoted(start) => Some(start),
        At::FieldStart | At::Plain | At::QuoteInQuoted(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, delimiter: u8) -> Vec<(usize, Vec<String>)> {
        let mut reader = Reader::new(text, 0, delimiter);
        let mut records = Vec::new();
        while let Some(record) = reader.next().expect("the text is sound") {
            records.push((record.line, record.cells().map(str::to_owned).collect()));
        }
        records
    }

    fn cells(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn records_know_their_physical_line() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "\"x\ny\",2", "3,4"].join(end);
            assert_eq!(
                all(&text, b','),
                [
                    (1, cells(&["a", "b"])),
                    (3, cells(&["x\ny", "2"])),
                    (5, cells(&["3", "4"]))
                ],
                "{end:?}"
            );
        }
    }

    #[test]
    fn cells_know_their_physical_line() {
        let mut reader = Reader::new("h,i,j\n\"1\n\n2\",b,\"c\nd\"\n", 0, b',');
        reader.next().expect("sound").expect("a header");
        let record = reader.next().expect("sound").expect("a record");
        assert_eq!(
            [record.line_of(0), record.line_of(1), record.line_of(2)],
            [2, 4, 4]
        );
    }

    #[test]
    fn an_open_quote_is_named_where_it_opens() {
        let mut reader = Reader::new("a,b\n1,2\n3,\"4\n5,6\n", 0, b',');
        reader.next().expect("sound");
        reader.next().expect("sound");
        assert_eq!(reader.next().err(), Some(Broken::OpenQuote(3)));
        assert_eq!(
            all("5\"6,\"a\"\"b\"", b','),
            [(1, cells(&["5\"6", "a\"b"]))]
        );
    }

    #[test]
    fn a_record_has_limits() {
        let wide = ",".repeat(MOST_COLUMNS - 1);
        assert_eq!(all(&wide, b',')[0].1.len(), MOST_COLUMNS);
        let mut reader = Reader::new(&wide, 0, b';');
        assert_eq!(reader.next().map(|r| r.map(|r| r.len())), Ok(Some(1)));
        let wider = ",".repeat(MOST_COLUMNS);
        assert_eq!(
            Reader::new(&wider, 0, b',').next().err(),
            Some(Broken::TooWide(1))
        );
        let long = "x".repeat(LONGEST_RECORD + 1);
        assert_eq!(
            Reader::new(&long, 0, b',').next().err(),
            Some(Broken::TooLong(1))
        );
    }
}
