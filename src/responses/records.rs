//! Text → records: a CSV reader in blocks, with bounded memory, exact physical lines and a word for every way a record
//! can be broken.
//!
//! A block starts and ends with a record, so that blocks can be read in any order, or at the same time, and give what
//! reading from the first byte to the last would give. Neither an unclosed quote nor ten million delimiters in one line
//! can grow without a limit.

use memchr::{memchr_iter, memchr2, memchr2_iter};

use super::tokens::{BEFORE, last_record_end, positions, quoted};

/// Most bytes of one record.
pub(super) const LONGEST_RECORD: usize = 16 << 20;

/// Most columns of a file.
pub(super) const MOST_COLUMNS: usize = 20_000;

/// Bytes of a block that is read at once, unless a record is longer.
pub(super) const BLOCK: usize = 128 << 10;

/// One record: its cells are parts of a text, or of a second one that holds those that are not written as they are meant.
#[derive(Clone, Copy)]
pub(super) struct Record<'r> {
    text: &'r str,
    side: &'r str,
    edges: Edges<'r>,
    cells: usize,
    /// Physical line on which the record starts, from 1.
    pub(super) line: usize,
}

/// Where cells start and end in a text.
#[derive(Clone, Copy)]
pub(super) struct Edges<'r> {
    /// Where every cell starts and ends, one behind the other; or, where nothing but one sign stands between two cells, these
    /// signs: the one before the first cell and those behind every cell.
    list: &'r [u32],
    /// 0 if these are the signs, else 1.
    shift: u32,
}

impl<'r> Edges<'r> {
    /// Start and end of a cell; none if it is not there.
    #[inline]
    pub(super) fn get(self, cell: usize) -> Option<(usize, usize)> {
        if let Some(signs) = self.signs() {
            return signs.around(cell);
        }
        let at = cell.wrapping_mul(2);
        let &[start, end] = self.list.get(at..at.wrapping_add(2))?.first_chunk()?;
        Some((start as usize, end as usize))
    }

    /// The signs before all cells and those behind them, if nothing else stands between them.
    #[inline]
    pub(super) fn signs(self) -> Option<Signs<'r>> {
        let cells = self.list.len().checked_sub(1)?;
        (self.shift == 0).then_some(Signs {
            before: &self.list[..cells],
            behind: &self.list[1..],
        })
    }

    /// Those of so many cells from one on.
    fn from(self, first: usize) -> Self {
        Self {
            list: &self.list[first << self.shift..],
            ..self
        }
    }
}

impl<'r> Record<'r> {
    /// How many cells there are.
    pub(super) fn len(&self) -> usize {
        self.cells
    }

    /// The cell at `column`, from 0; empty beyond the end.
    pub(super) fn cell(&self, column: usize) -> &'r str {
        let edges = self.edges.get(column).filter(|_| column < self.cells);
        edges.map_or("", |edges| part(self.text, self.side, edges))
    }

    /// The cells in order.
    pub(super) fn cells(&self) -> impl Iterator<Item = &'r str> + use<'r> {
        let record = *self;
        (0..record.len()).map(move |column| record.cell(column))
    }

    /// Whether no cell holds anything.
    pub(super) fn is_blank(&self) -> bool {
        self.cells().all(|cell| cell.trim().is_empty())
    }

    /// Physical line of the cell at `column`: line ends in the cells before it count.
    pub(super) fn line_of(&self, column: usize) -> usize {
        let before = self.cells().take(column);
        self.line
            + before
                .map(|cell| line_breaks(cell, 0, cell.len()))
                .sum::<usize>()
    }
}

/// The signs before and behind cells, as many as these.
#[derive(Clone, Copy)]
pub(super) struct Signs<'r> {
    before: &'r [u32],
    behind: &'r [u32],
}

impl Signs<'_> {
    /// Start and end of a cell; none if it is not there.
    #[inline]
    pub(super) fn around(self, cell: usize) -> Option<(usize, usize)> {
        let (before, behind) = (self.before.get(cell)?, self.behind.get(cell)?);
        // A sign is one byte long; the one before the first byte is not there.
        Some((before.wrapping_add(1) as usize, *behind as usize))
    }
}

/// A part of two texts of which the second one goes on where the first one ends.
fn part<'r>(text: &'r str, side: &'r str, (start, end): (usize, usize)) -> &'r str {
    let found = match start.checked_sub(text.len() + 1) {
        Some(start) => side.get(start..end - text.len() - 1),
        None => text.get(start..end),
    };
    found.unwrap_or("")
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

/// The records of a block, without its text.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    /// See [`Edges`]; what lies behind the text's end counts on in `side`, one further.
    edges: Vec<u32>,
    /// Whether `edges` are the signs between the cells.
    signs_only: bool,
    pub(super) side: String,
    rows: Vec<RecordStart>,
    /// Line of the record that has too many cells; those before it are read.
    too_wide: Option<usize>,
    /// Only lent.
    signs: Vec<u32>,
}

/// Where a record starts.
#[derive(Clone, Copy, Debug)]
struct RecordStart {
    /// Its first cell.
    cell: u32,
    /// Its first byte.
    byte: u32,
    /// Its line, where the block's first one is 0.
    line: u32,
}

impl Records {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// One of them; `line` is that of the block.
    pub(super) fn get<'r>(&'r self, text: &'r str, line: usize, at: usize) -> Record<'r> {
        let first = self.rows[at];
        let next = self.rows.get(at + 1);
        let first_cell = first.cell as usize;
        Record {
            text,
            side: &self.side,
            edges: self.edges().from(first_cell),
            cells: next.map_or(self.cells(), |next| next.cell as usize) - first_cell,
            line: line + first.line as usize,
        }
    }

    /// How many cells all records have.
    #[inline]
    pub(super) fn cells(&self) -> usize {
        if self.signs_only {
            self.edges.len().saturating_sub(1)
        } else {
            self.edges.len() / 2
        }
    }

    /// Where the cells of all records start and end, by position among all.
    #[inline]
    pub(super) fn edges(&self) -> Edges<'_> {
        Edges {
            list: &self.edges,
            shift: u32::from(!self.signs_only),
        }
    }

    /// Position of a record's first cell among all.
    #[inline]
    pub(super) fn first_cell(&self, at: usize) -> usize {
        self.rows[at].cell as usize
    }

    /// Where a record starts in the text.
    pub(super) fn first_byte(&self, at: usize) -> usize {
        self.rows[at].byte as usize
    }

    /// How many cells a record has.
    #[inline]
    pub(super) fn width(&self, at: usize) -> usize {
        let next = self.rows.get(at + 1);
        next.map_or(self.cells(), |next| next.cell as usize) - self.first_cell(at)
    }

    /// The bytes of a cell by its position among all.
    #[inline]
    pub(super) fn bytes<'r>(&'r self, text: &'r str, at: usize) -> &'r [u8] {
        let plain = self.edges().get(at);
        let plain = plain.and_then(|(start, end)| text.as_bytes().get(start..end));
        plain.unwrap_or_else(|| self.cell(text, at).as_bytes())
    }

    /// A cell by its position among all.
    pub(super) fn cell<'r>(&'r self, text: &'r str, at: usize) -> &'r str {
        let edges = self.edges().get(at);
        edges.map_or("", |edges| part(text, &self.side, edges))
    }

    /// Starts a record of a table that is no text; cells are added with [`Records::push`].
    #[cfg(feature = "xlsx")]
    pub(super) fn start(&mut self, line: u32, byte: usize) {
        let row = RecordStart {
            cell: position(self.cells()),
            byte: position(byte),
            line,
        };
        self.rows.push(row);
    }

    /// Adds a cell.
    pub(super) fn push(&mut self, start: usize, end: usize) {
        self.edges.extend([position(start), position(end)]);
    }

    /// Reads a block: whole records, of which the last one may lack its line end.
    pub(super) fn read(&mut self, text: &str, delimiter: u8) {
        self.side.clear();
        self.rows.clear();
        self.too_wide = None;
        let bytes = text.as_bytes();
        let plain = memchr2(b'"', b'\r', bytes).is_none();
        if plain {
            positions(bytes, delimiter, false, &mut self.edges);
            if bytes.last().is_some_and(|&last| last != b'\n') {
                self.edges.push(position(bytes.len()));
            }
            self.signs_only = self.is_regular(bytes);
            if self.signs_only {
                return;
            }
        }
        self.signs_only = false;
        self.edges.clear();
        self.read_any(bytes, delimiter);
    }

    /// Whether every record has as many cells as the first one, more than one; then they are read.
    fn is_regular(&mut self, bytes: &[u8]) -> bool {
        let ends_line = |end: u32| bytes.get(end as usize).is_none_or(|&byte| byte == b'\n');
        let (_, ends) = self.edges.split_first().unwrap_or((&BEFORE, &[]));
        let Some(width) = ends.iter().position(|&end| ends_line(end)) else {
            return false;
        };
        let width = width + 1;
        let regular = width > 1
            && width <= MOST_COLUMNS
            && ends.len().is_multiple_of(width)
            && ends
                .chunks_exact(width)
                .all(|row| ends_line(row[width - 1]))
            && memchr_iter(b'\n', bytes).count()
                + usize::from(bytes.last().is_some_and(|&last| last != b'\n'))
                == ends.len() / width;
        if !regular {
            return false;
        }
        for (line, first) in (0..ends.len()).step_by(width).enumerate() {
            self.rows.push(RecordStart {
                cell: position(first),
                byte: self.edges[first].wrapping_add(1),
                line: position(line),
            });
        }
        true
    }

    /// Reads records of any number of cells, quoted or not, whatever ends their lines.
    fn read_any(&mut self, bytes: &[u8], delimiter: u8) {
        let mut signs = std::mem::take(&mut self.signs);
        positions(bytes, delimiter, true, &mut signs);
        let mut regions: Vec<(usize, usize)> = Vec::new();
        quoted(bytes, delimiter, |open, close| regions.push((open, close)));
        let mut regions = regions.into_iter().peekable();
        let mut state = Reading {
            bytes,
            line: 0,
            record: None,
            cell: 0,
            quoted: None,
        };
        for at in signs.iter().skip(1).map(|&at| at as usize) {
            while let Some(region) = regions.next_if(|&(_, close)| close < at) {
                if region.0 == state.cell {
                    state.quoted = Some(region);
                }
            }
            let within = regions.peek().is_some_and(|&(open, _)| open < at);
            if within {
                state.line += u32::from(breaks_line(bytes, at));
                continue;
            }
            if bytes[at] == delimiter {
                self.end_cell(&mut state, at);
            } else {
                if state.record.is_some() || state.cell < at {
                    self.end_cell(&mut state, at);
                    self.end_record(&mut state);
                }
                state.line += u32::from(breaks_line(bytes, at));
            }
            state.cell = at + 1;
            if self.too_wide.is_some() {
                break;
            }
        }
        if let Some(region) = regions.next()
            && region.0 == state.cell
        {
            state.quoted = Some(region);
        }
        if self.too_wide.is_none() && (state.record.is_some() || state.cell < bytes.len()) {
            self.end_cell(&mut state, bytes.len());
            self.end_record(&mut state);
        }
        self.signs = signs;
    }

    /// Adds the cell that ends at `end`.
    fn end_cell(&mut self, state: &mut Reading<'_>, end: usize) {
        if state.record.is_none() {
            state.record = Some(RecordStart {
                cell: position(self.cells()),
                byte: position(state.cell),
                // Line ends within its quotes were counted already.
                line: state.line - state.breaks_in_quotes(),
            });
        }
        match state.quoted.take() {
            None => self.push(state.cell, end),
            Some((open, close)) => {
                let inner = &state.bytes[open + 1..close];
                if close + 1 == end && !inner.contains(&b'"') {
                    self.push(open + 1, close);
                } else {
                    self.push_aside(state.bytes, (open, close), end);
                }
            }
        }
    }

    /// Adds a cell with doubled quotes, or with letters behind its closing quote.
    fn push_aside(&mut self, bytes: &[u8], (open, close): (usize, usize), end: usize) {
        let text = |from: usize, to: usize| std::str::from_utf8(&bytes[from..to]).unwrap_or("");
        let behind = bytes.len() + 1;
        let start = behind + self.side.len();
        let inner = text(open + 1, close).replace("\"\"", "\"");
        self.side.push_str(&inner);
        self.side.push_str(text(close + 1, end));
        self.push(start, behind + self.side.len());
    }

    fn end_record(&mut self, state: &mut Reading<'_>) {
        if let Some(record) = state.record.take() {
            if self.cells() - record.cell as usize > MOST_COLUMNS {
                self.too_wide = Some(record.line as usize);
                self.edges.truncate(2 * record.cell as usize);
            } else {
                self.rows.push(record);
            }
        }
    }

    /// Whether the last record could not be read.
    pub(super) fn broken(&self, line: usize) -> Option<Broken> {
        self.too_wide
            .map(|relative| Broken::TooWide(line + relative))
    }
}

/// A position in a block, which is far shorter than four thousand million bytes.
fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// How far a block has been read.
struct Reading<'b> {
    bytes: &'b [u8],
    line: u32,
    record: Option<RecordStart>,
    /// Where the cell starts that is being read.
    cell: usize,
    /// Its quotes.
    quoted: Option<(usize, usize)>,
}

impl Reading<'_> {
    fn breaks_in_quotes(&self) -> u32 {
        let Some((open, close)) = self.quoted else {
            return 0;
        };
        position(
            (open..close)
                .filter(|&at| breaks_line(self.bytes, at))
                .count(),
        )
    }
}

/// Whether a line ends at `at`; `\r\n` is one end and stands where its `\r` is.
fn breaks_line(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'\r' => true,
        b'\n' => at == 0 || bytes[at - 1] != b'\r',
        _ => false,
    }
}

/// A text in blocks.
pub(super) struct Blocks<'t> {
    text: &'t str,
    delimiter: u8,
    size: usize,
    at: usize,
    line: usize,
}

/// Whole records, and where they stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'t> {
    pub(super) text: &'t str,
    /// Physical line of its first byte, from 1.
    pub(super) line: usize,
    /// Where its first byte stands in the whole text.
    at: usize,
}

impl<'t> Blocks<'t> {
    /// The blocks of about `size` bytes from byte `start` of `text` on, where a record starts.
    pub(super) fn new(text: &'t str, start: usize, delimiter: u8, size: usize) -> Self {
        Self {
            text,
            delimiter,
            size,
            at: start,
            line: 1 + line_breaks(text, 0, start),
        }
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.text.len() - self.at
    }

    /// The next one.
    pub(super) fn next(&mut self) -> Result<Option<Block<'t>>, Broken> {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.is_empty() {
            return Ok(None);
        }
        let length = self.length(rest)?;
        let block = Block {
            text: &self.text[self.at..self.at + length],
            line: self.line,
            at: self.at,
        };
        self.line += line_breaks(self.text, self.at, self.at + length);
        self.at += length;
        Ok(Some(block))
    }

    fn length(&self, rest: &[u8]) -> Result<usize, Broken> {
        let mut size = self.size.min(rest.len());
        loop {
            let found = if size == rest.len() {
                end_of_last(rest, self.delimiter)
            } else {
                last_record_end(&rest[..size], self.delimiter).map(|end| (end, None))
            };
            match found {
                Some((0, open)) => return Err(self.broken(rest, open)),
                Some((length, _)) => return Ok(length),
                None => {}
            }
            if size > LONGEST_RECORD {
                return Err(Broken::TooLong(self.line));
            }
            if too_wide(&rest[..size], self.delimiter) {
                return Err(Broken::TooWide(self.line));
            }
            size = (size * 4).min(rest.len());
        }
    }

    /// What is wrong with the last record, whose quote is open.
    fn broken(&self, rest: &[u8], open: Option<usize>) -> Broken {
        if rest.len() > LONGEST_RECORD {
            return Broken::TooLong(self.line);
        }
        let before = line_breaks(self.text, self.at, self.at + open.unwrap_or(0));
        Broken::OpenQuote(self.line + before)
    }
}

/// How much of a text that ends here is whole records, and where the quote stands that is open behind them.
fn end_of_last(rest: &[u8], delimiter: u8) -> Option<(usize, Option<usize>)> {
    match quoted(rest, delimiter, |_, _| {}) {
        None if rest.len() > LONGEST_RECORD => {
            // What looks like the end of a text may be one record that is far too long.
            let end = last_record_end(rest, delimiter).unwrap_or(0);
            (end > 0 && rest.len() - end <= LONGEST_RECORD).then_some((rest.len(), None))
        }
        None => Some((rest.len(), None)),
        Some(open) => {
            // The quote is looked at too, so that it is known how the line before it ends.
            let end = last_record_end(&rest[..=open], delimiter).unwrap_or(0);
            Some((end, Some(open)))
        }
    }
}

/// Whether a text that holds no whole record has too many cells already.
fn too_wide(bytes: &[u8], delimiter: u8) -> bool {
    let mut outside = 0;
    let mut from = 0;
    let cells = |part: &[u8]| memchr_iter(delimiter, part).count();
    let open = quoted(bytes, delimiter, |open, close| {
        outside += cells(&bytes[from..open]);
        from = close;
    });
    outside += cells(&bytes[from..open.unwrap_or(bytes.len()).max(from)]);
    outside >= MOST_COLUMNS
}

/// Reads a text record by record; empty lines are passed over.
pub(super) struct Reader<'t> {
    blocks: Blocks<'t>,
    block: Block<'t>,
    records: Records,
    next: usize,
}

impl<'t> Reader<'t> {
    /// Bytes that are read at once: few, for mostly no more than a header is wanted.
    const BLOCK: usize = 16 << 10;

    /// Reads `text` from byte `start`.
    pub(super) fn new(text: &'t str, start: usize, delimiter: u8) -> Self {
        Self {
            blocks: Blocks::new(text, start, delimiter, Self::BLOCK),
            block: Block {
                text: "",
                line: 1,
                at: start,
            },
            records: Records::default(),
            next: 0,
        }
    }

    /// The next record, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, Broken> {
        while self.next == self.records.len() {
            if let Some(broken) = self.records.broken(self.block.line) {
                return Err(broken);
            }
            let Some(block) = self.blocks.next()? else {
                return Ok(None);
            };
            self.block = block;
            self.records.read(block.text, self.blocks.delimiter);
            self.next = 0;
        }
        self.next += 1;
        let (text, line) = (self.block.text, self.block.line);
        Ok(Some(self.records.get(text, line, self.next - 1)))
    }

    /// Where the next record starts.
    pub(super) fn at(&self) -> usize {
        let next = self.records.rows.get(self.next);
        self.block.at + next.map_or(self.block.text.len(), |next| next.byte as usize)
    }
}

/// Line ends that stand in `text` from byte `start` to `end`; `\r\n` is one and stands where its `\r` is.
pub(super) fn line_breaks(text: &str, start: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    let part = &bytes[start..end];
    let ends = memchr2_iter(b'\n', b'\r', part);
    ends.filter(|&at| breaks_line(bytes, start + at)).count()
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
