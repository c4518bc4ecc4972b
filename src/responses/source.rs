//! A file as records, whatever it is: text, or the sheets of a spreadsheet.

use super::Input;
use super::dialect::{self, Dialect};
use super::export::Head;
use super::load::Options;
use super::records::{BLOCK, Blocks, Broken, Reader, Record, line_breaks};
use super::sheet::{self, Sheet, SheetRows};
use super::text::{self, Decoded};
use super::wrong;
use crate::problem::{Kind, ResponsesKind};

/// A file that can be read record by record, any number of times.
pub(super) enum Source<'b> {
    /// Text with delimiters.
    Text(Decoded<'b>, Dialect),
    /// A spreadsheet.
    Sheet(Sheet),
}

impl<'b> Source<'b> {
    /// Opens `input`. `known` counts the names in a header that the framework declares.
    pub(super) fn open(
        input: &Input<'b>,
        options: &Options,
        known: &dyn Fn(&Record<'_>) -> usize,
    ) -> Result<Self, Kind> {
        if input.bytes.is_empty() {
            return Err(Kind::EmptyFile);
        }
        if input.bytes.starts_with(b"PK") {
            return Ok(sheet::read(input.bytes, options.sheet.as_deref()).map(Self::Sheet)?);
        }
        if let Some(what) = wrong::not_a_table(input.bytes) {
            return Err(ResponsesKind::NotATable { what }.into());
        }
        let decoded = text::decode(input.bytes, options.encoding)?;
        if decoded.text.trim().is_empty() {
            return Err(Kind::EmptyFile);
        }
        let dialect = dialect::find(&decoded.text, options.delimiter, known)?;
        Ok(Self::Text(decoded, dialect))
    }

    /// The records from the first one on.
    pub(super) fn records(&self) -> Records<'_> {
        match self {
            Self::Text(decoded, dialect) => {
                let reader = Reader::new(&decoded.text, dialect.start, dialect.delimiter);
                Records::Text(Box::new(reader))
            }
            Self::Sheet(sheet) => Records::Sheet(sheet.rows()),
        }
    }

    /// The first records.
    pub(super) fn head(&self) -> Result<Head, Broken> {
        let mut records = self.records();
        let mut head = Head::default();
        while head.rows.len() < Head::RECORDS {
            match records.next() {
                Ok(Some(record)) => head.push(&record),
                Ok(None) => break,
                // What is broken below the header is reported when the rows are read.
                Err(_) if !head.rows.is_empty() => break,
                Err(broken) => return Err(broken),
            }
        }
        Ok(head)
    }

    /// Lines of text, or rows of the sheet.
    pub(super) fn lines(&self) -> usize {
        match self {
            Self::Text(decoded, _) => line_breaks(&decoded.text, 0, decoded.text.len()) + 1,
            Self::Sheet(sheet) => sheet.last_row(),
        }
    }

    /// Whether a comma can be a decimal sign. Spreadsheets keep numbers as such; a number in a text cell is written by hand.
    pub(super) fn decimal_comma(&self) -> bool {
        match self {
            Self::Text(_, dialect) => dialect.decimal_comma(),
            Self::Sheet(_) => true,
        }
    }
}

/// Records of a file, one after another.
pub(super) enum Records<'t> {
    Text(Box<Reader<'t>>),
    Sheet(SheetRows<'t>),
}

impl Records<'_> {
    /// The next record, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, Broken> {
        match self {
            Self::Text(reader) => reader.next(),
            Self::Sheet(rows) => Ok(rows.next()),
        }
    }

    /// Where the next one starts: the byte of the text, or the row of the sheet.
    pub(super) fn at(&self) -> usize {
        match self {
            Self::Text(reader) => reader.at(),
            Self::Sheet(rows) => rows.at(),
        }
    }

    /// Passes over `count` records.
    pub(super) fn skip(&mut self, count: usize) -> Result<(), Broken> {
        for _ in 0..count {
            self.next()?;
        }
        Ok(())
    }
}

/// Records of a file from some record on, many together.
pub(super) enum Parts<'t> {
    Text(Blocks<'t>, u8),
    /// All at once, from the record at this position.
    Sheet(&'t Sheet, usize),
}

impl<'b> Source<'b> {
    /// What `records` has not read.
    pub(super) fn parts(&'b self, records: &Records<'_>) -> Parts<'b> {
        match (self, records) {
            (Self::Text(decoded, dialect), Records::Text(reader)) => {
                let delimiter = dialect.delimiter;
                let blocks = Blocks::new(&decoded.text, reader.at(), delimiter, BLOCK);
                Parts::Text(blocks, delimiter)
            }
            (Self::Text(decoded, dialect), Records::Sheet(_)) => {
                let blocks = Blocks::new(&decoded.text, dialect.start, dialect.delimiter, BLOCK);
                Parts::Text(blocks, dialect.delimiter)
            }
            (Self::Sheet(sheet), Records::Sheet(rows)) => Parts::Sheet(sheet, rows.at()),
            (Self::Sheet(sheet), Records::Text(_)) => Parts::Sheet(sheet, 0),
        }
    }
}
