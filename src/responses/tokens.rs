//! Where the signs stand that part a text into cells and records: a vector of bytes at a time.

use memchr::{memchr_iter, memrchr, memrchr2};
use wide::u8x16;

/// Bytes that are looked at together.
const TOGETHER: usize = 64;

/// The sign that stands before the first byte, so to speak: one less than its position.
pub(super) const BEFORE: u32 = u32::MAX;

/// Fills `found` with [`BEFORE`] and, ascending, where `delimiter`, line feeds and, if `returns` says so, carriage returns
/// stand in `bytes`. What it held goes, but is room that need not be made again.
pub(super) fn positions(bytes: &[u8], delimiter: u8, returns: bool, found: &mut Vec<u32>) {
    if returns {
        all_positions::<true>(bytes, delimiter, found);
    } else {
        all_positions::<false>(bytes, delimiter, found);
    }
}

fn all_positions<const RETURNS: bool>(bytes: &[u8], delimiter: u8, found: &mut Vec<u32>) {
    let mut chunks = bytes.chunks_exact(TOGETHER);
    let mut base = 0_u32;
    match found.first_mut() {
        Some(first) => *first = BEFORE,
        None => found.push(BEFORE),
    }
    let mut length = 1;
    let signs = Signs {
        delimiter: u8x16::splat(delimiter),
        feed: u8x16::splat(b'\n'),
        carriage: u8x16::splat(b'\r'),
    };
    for chunk in &mut chunks {
        if found.len() < length + TOGETHER {
            found.resize(length + (bytes.len() - base as usize) / 4 + TOGETHER, 0);
        }
        length += extract(
            signs.mask::<RETURNS>(chunk),
            base,
            &mut found[length..length + TOGETHER],
        );
        base += 64;
    }
    let mut rest = [0; TOGETHER];
    rest[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
    found.resize(found.len().max(length + TOGETHER), 0);
    length += extract(
        signs.mask::<RETURNS>(&rest),
        base,
        &mut found[length..length + TOGETHER],
    );
    found.truncate(length);
}

/// The signs that are looked for, once for every byte of a vector.
struct Signs {
    delimiter: u8x16,
    feed: u8x16,
    carriage: u8x16,
}

impl Signs {
    /// One bit a byte of `chunk`, which has 64.
    #[inline]
    fn mask<const RETURNS: bool>(&self, chunk: &[u8]) -> u64 {
        let (parts, _) = chunk.as_chunks::<16>();
        let of = |part: &[u8; 16]| {
            let bytes = u8x16::new(*part);
            let mut found = bytes.simd_eq(self.delimiter) | bytes.simd_eq(self.feed);
            if RETURNS {
                found |= bytes.simd_eq(self.carriage);
            }
            u64::from(found.to_bitmask() & 0xFFFF)
        };
        parts
            .iter()
            .enumerate()
            .fold(0, |mask, (at, part)| mask | of(part) << (16 * at))
    }
}

/// Writes the positions of the bits of `mask`, counted from `base`, to `found`, which has room for 64; says how many.
#[inline]
fn extract(mut mask: u64, base: u32, found: &mut [u32]) -> usize {
    let count = mask.count_ones() as usize;
    let (fours, _) = found.as_chunks_mut::<4>();
    // Four at a time without a question between them; what is too much is written over.
    for four in &mut fours[..count.div_ceil(4)] {
        for position in four {
            *position = base.wrapping_add(mask.trailing_zeros());
            mask &= mask.wrapping_sub(1);
        }
    }
    count
}

/// Calls `found` with where each quoted part of `bytes`, which start with a record, opens and closes; the quote that is
/// still open at the end.
///
/// A quote opens at the start of a cell only and closes where no second one follows. Any other quote is a letter.
pub(super) fn quoted(
    bytes: &[u8],
    delimiter: u8,
    mut found: impl FnMut(usize, usize),
) -> Option<usize> {
    let mut open = None;
    let mut from = 0;
    for at in memchr_iter(b'"', bytes) {
        match open {
            _ if at < from => {}
            None => {
                let before = at.checked_sub(1).map(|before| bytes[before]);
                let starts_cell =
                    before.is_none_or(|byte| byte == delimiter || byte == b'\n' || byte == b'\r');
                open = starts_cell.then_some(at);
            }
            Some(start) => {
                if bytes.get(at + 1) == Some(&b'"') {
                    from = at + 2;
                } else {
                    found(start, at);
                    open = None;
                }
            }
        }
    }
    open
}

/// Where the last record of `bytes` that is whole ends, line end included, if there is one; `bytes` start with a record
/// and go on after their end.
pub(super) fn last_record_end(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let mut regions = Vec::new();
    let open = quoted(bytes, delimiter, |start, end| regions.push((start, end)));
    let mut limit = open.unwrap_or(bytes.len());
    loop {
        let end = last_line_end(&bytes[..limit], limit == bytes.len())?;
        let at = regions.partition_point(|&(start, _)| start < end);
        match at.checked_sub(1).map(|at| regions[at]) {
            Some((start, close)) if end <= close => limit = start,
            Some(_) | None => return Some(end),
        }
    }
}

/// Where the last line end of `bytes` ends. A carriage return at the very end may be half of one.
fn last_line_end(bytes: &[u8], half: bool) -> Option<usize> {
    match memrchr2(b'\n', b'\r', bytes)? {
        at if bytes[at] == b'\n' => Some(at + 1),
        at if half && at + 1 == bytes.len() => memrchr(b'\n', &bytes[..at])
            .or_else(|| memrchr(b'\r', &bytes[..at]))
            .map(|at| at + 1),
        at => Some(at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_found_wherever_they_stand() {
        for length in [0, 1, 63, 64, 65, 127, 128, 200] {
            for every in [1, 2, 3, 5, 17, 64] {
                let bytes: Vec<u8> = (0..length)
                    .map(|at| match at % every {
                        0 => [b',', b'\n', b'\r', b'x'][at / every % 4],
                        _ => b'a',
                    })
                    .collect();
                for returns in [false, true] {
                    let mut found = vec![7];
                    positions(&bytes, b',', returns, &mut found);
                    let expected = (0..length).filter(|&at| {
                        matches!(bytes[at], b',' | b'\n') || returns && bytes[at] == b'\r'
                    });
                    let expected = expected.map(|at| u32::try_from(at).expect("small"));
                    let expected = std::iter::once(BEFORE).chain(expected);
                    assert_eq!(found, expected.collect::<Vec<_>>());
                }
            }
        }
    }

    #[test]
    fn quotes_open_at_the_start_of_a_cell_only() {
        let of = |text: &str| {
            let mut regions = Vec::new();
            let open = quoted(text.as_bytes(), b',', |start, end| {
                regions.push((start, end));
            });
            (regions, open)
        };
        assert_eq!(of("\"a\",b"), (vec![(0, 2)], None));
        assert_eq!(of("\"a\"\"b\",c"), (vec![(0, 5)], None));
        assert_eq!(of("5\"6,\"\""), (vec![(4, 5)], None));
        assert_eq!(of("a,\"b\"c\"d"), (vec![(2, 4)], None));
        assert_eq!(of("a\n\"b,\n"), (vec![], Some(2)));
    }

    #[test]
    fn a_text_is_cut_where_a_record_ends() {
        let cut = |text: &str| last_record_end(text.as_bytes(), b',');
        assert_eq!(cut("a,b\nc"), Some(4));
        assert_eq!(cut("a,b"), None);
        assert_eq!(cut("a\n\"b\nc\nd"), Some(2));
        assert_eq!(cut("a\n\"b\nc\",d\ne"), Some(10));
        assert_eq!(cut("a\n\"b\nc\",d"), Some(2));
        assert_eq!(cut("a\n5\"6\nc\"d\ne"), Some(10));
        // What follows the carriage return may be a line feed.
        assert_eq!(cut("a\rb\r"), Some(2));
        assert_eq!(cut("a\r\nb\r"), Some(3));
        assert_eq!(cut("a\rb"), Some(2));
    }
}
