//! A file in pieces of whole records.

use std::io;

use super::{Outcome, Pace};
use crate::responses::tokens::{last_record_end, quoted};

/// A file in pieces of whole records.
pub(super) struct Feed<'r> {
    source: &'r mut (dyn io::Read + Send),
    /// What was read beyond the last piece.
    left: Vec<u8>,
    /// Whether nothing more is given out: how that came.
    ended: Option<Outcome>,
    pace: Pace,
    delimiter: u8,
    cut: Cut<'r>,
}

/// Where pieces end.
#[derive(Clone, Copy)]
pub(super) struct Cut<'r> {
    /// Where a piece of some whole records ends behind which others follow; nowhere if all belong together with what follows.
    pub(super) end: &'r (dyn Fn(&[u8]) -> Option<usize> + Sync),
    /// Most bytes that may belong together.
    pub(super) most: usize,
}

impl<'r> Feed<'r> {
    pub(super) fn new(
        source: &'r mut (dyn io::Read + Send),
        pace: Pace,
        delimiter: u8,
        cut: Cut<'r>,
    ) -> Self {
        Self {
            source,
            left: Vec::new(),
            ended: None,
            pace,
            delimiter,
            cut,
        }
    }

    /// How reading ended when there is no piece left.
    pub(super) fn end(&self, any: bool) -> Outcome {
        self.ended.filter(|_| any).unwrap_or(Outcome::Whole)
    }

    /// Puts the next piece into `piece`; `false` if there is none, at the end or because a record is broken.
    pub(super) fn next(&mut self, piece: &mut Vec<u8>) -> io::Result<bool> {
        if self.ended.is_some() {
            return Ok(false);
        }
        let mut length = self.left.len();
        let mut size = self.pace.size.max(length + 1);
        // What it held is written over.
        piece.resize(size, 0);
        piece[..length].copy_from_slice(&self.left);
        loop {
            length += fill(self.source, &mut piece[length..])?;
            if length < size {
                piece.truncate(length);
                let open = quoted(piece, self.delimiter, |_, _| {}).is_some();
                self.ended = Some(if open { Outcome::Whole } else { Outcome::Done });
                return Ok(!open && !piece.is_empty());
            }
            let end = last_record_end(piece, self.delimiter);
            if let Some(end) = end.and_then(|end| (self.cut.end)(&piece[..end])) {
                self.left.clear();
                self.left.extend_from_slice(&piece[end..]);
                piece.truncate(end);
                return Ok(true);
            }
            if size > self.cut.most {
                self.ended = Some(Outcome::Whole);
                return Ok(false);
            }
            size *= 2;
            piece.resize(size, 0);
        }
    }
}

/// Reads until `room` is full or the source ends; how much that was.
fn fill(source: &mut dyn io::Read, room: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < room.len() {
        match source.read(&mut room[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}
