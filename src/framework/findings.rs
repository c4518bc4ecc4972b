//! Where things stand in framework files, and what is wrong with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::words::nearest;
use crate::problem::{FrameworkKind, Kind, Place, Problem, Severity};

/// A framework file as the user named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name in messages.
    pub name: Arc<str>,
    /// Its text.
    pub text: String,
}

impl Source {
    /// Largest file that is read, in bytes.
    pub const LARGEST: usize = 4 << 20;

    /// A file's bytes as text: UTF-8 with or without a byte order mark.
    pub fn decode(name: &str, bytes: &[u8]) -> Result<Self, Box<Problem>> {
        let name: Arc<str> = Arc::from(name);
        if bytes.len() > Self::LARGEST {
            let kind = FrameworkKind::FileTooLarge { bytes: bytes.len() };
            return Err(Box::new(Problem::error(kind, Place::whole(&name))));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                name,
                text: text.to_owned(),
            }),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                // What is before the bad byte is sound, so that nothing is lost here.
                let before = String::from_utf8_lossy(before);
                let line = before.split('\n').count();
                let column = before
                    .rsplit('\n')
                    .next()
                    .map_or(0, |text| text.chars().count())
                    + 1;
                let byte = bytes[error.valid_up_to()];
                let kind = FrameworkKind::NotUtf8 { byte };
                Err(Box::new(Problem::error(
                    kind,
                    Place::new(&name, line, column),
                )))
            }
        }
    }
}

/// Where something stands: file by position, line and column from 1, length in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) file: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) length: usize,
}

/// The problems found so far in a framework and the files it is made of.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    files: Vec<(Arc<str>, Vec<String>)>,
    found: BTreeMap<Spot, Vec<Problem>>,
    count: usize,
    errors: usize,
    compared: usize,
}

/// More than this are counted, not shown.
const MOST: usize = 500;
/// More names than this are not compared with what was written, in all.
const MOST_COMPARED: usize = 100_000;
/// Longest line that is quoted.
const LONGEST_EXCERPT: usize = 200;

impl Findings {
    /// Takes a file in; the number stands for it in spots.
    pub(crate) fn open(&mut self, source: &Source) -> usize {
        let lines = source
            .text
            .trim_start_matches('\u{feff}')
            .lines()
            .map(|line| {
                if line.len() <= LONGEST_EXCERPT {
                    line.to_owned()
                } else {
                    String::new()
                }
            })
            .collect();
        self.files.push((Arc::clone(&source.name), lines));
        self.files.len() - 1
    }

    /// Notes an error.
    pub(crate) fn error(&mut self, spot: Spot, kind: FrameworkKind) {
        self.add(Severity::Error, &[spot], kind.into());
    }

    /// Notes an error for which a second place matters.
    pub(super) fn error_with(&mut self, spot: Spot, other: Spot, kind: FrameworkKind) {
        self.add(Severity::Error, &[spot, other], kind.into());
    }

    /// Notes a warning.
    pub(super) fn warning(&mut self, spot: Spot, kind: impl Into<Kind>) {
        self.add(Severity::Warning, &[spot], kind.into());
    }

    /// Notes something worth knowing.
    pub(super) fn note(&mut self, spot: Spot, kind: impl Into<Kind>) {
        self.add(Severity::Note, &[spot], kind.into());
    }

    /// Notes an error of any kind.
    pub(crate) fn add(&mut self, severity: Severity, spots: &[Spot], kind: Kind) {
        if severity == Severity::Error {
            self.errors += 1;
        }
        if self.full() {
            return;
        }
        let problem = Problem {
            severity,
            kind,
            places: spots.iter().map(|spot| self.place(*spot)).collect(),
            count: 1,
        };
        let here = self
            .found
            .entry(spots.first().copied().unwrap_or_default())
            .or_default();
        // What stands in defaults or in a parent is read once for every node it holds for.
        if !here.contains(&problem) {
            here.push(problem);
            self.count += 1;
        }
    }

    /// The name that is nearest to what was written, if one is near and there is still somebody to read it.
    pub(crate) fn nearest<'a>(
        &mut self,
        written: &str,
        names: impl Iterator<Item = &'a str>,
    ) -> Option<String> {
        if self.full() {
            return None;
        }
        let compared = &mut self.compared;
        let names = names
            .take(MOST_COMPARED - *compared)
            .inspect(|_| *compared += 1);
        nearest(written, names)
    }

    pub(crate) fn place(&self, spot: Spot) -> Place {
        let (name, lines) = &self.files[spot.file];
        let mut place = Place::new(name, spot.line, spot.column);
        place.excerpt = spot
            .line
            .checked_sub(1)
            .and_then(|line| lines.get(line))
            .filter(|line| !line.trim().is_empty())
            .map(|line| (line.clone(), spot.length.max(1)));
        place
    }

    /// Whether so much is wrong that nothing more is noted.
    pub(super) fn full(&self) -> bool {
        self.count >= MOST
    }

    /// How many errors there are.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// Everything found, in the order of files, lines and columns.
    pub(crate) fn finish(self) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.found.into_values().flatten().collect();
        if self.count >= MOST
            && let Some((name, _)) = self.files.first()
        {
            let kind = FrameworkKind::ManyProblems { most: MOST };
            problems.push(Problem::note(kind, Place::whole(name)));
        }
        problems
    }
}
