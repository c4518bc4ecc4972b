//! Collects the problems of an input and groups those that are the same.

use std::collections::HashMap;

use crate::problem::{Place, Problem, ResponsesKind, Severity};

/// Most places that a group shows.
const PLACES: usize = 3;

/// Most different mistakes that one column shows.
const DIFFERENT: usize = 20;

/// What one cell is wrong in: the file, the column (or indicator), and its text.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) file: usize,
    pub(super) column: usize,
    pub(super) text: &'a str,
}

/// Problems by file and place.
#[derive(Clone, Default)]
pub(super) struct Findings {
    found: Vec<(usize, Problem)>,
    groups: HashMap<(usize, usize, String), usize>,
    columns: HashMap<(usize, usize), Column>,
}

#[derive(Clone, Default)]
struct Column {
    different: usize,
    /// The problem that stands for all mistakes beyond those shown.
    more: Option<usize>,
}

impl Findings {
    /// Adds a problem of `file`.
    pub(super) fn add(&mut self, file: usize, problem: Problem) {
        self.found.push((file, problem));
    }

    /// Adds a wrong cell; `kind` is asked for its words only if nothing like it was found before.
    pub(super) fn cell(
        &mut self,
        subject: Subject<'_>,
        name: &str,
        place: Place,
        kind: impl FnOnce() -> ResponsesKind,
    ) {
        // Texts of any length come in; their beginning is enough to tell them apart.
        let text: String = subject.text.chars().take(64).collect();
        let group = (subject.file, subject.column, text);
        if let Some(&at) = self.groups.get(&group) {
            again(&mut self.found[at].1, place);
            return;
        }
        let column = self
            .columns
            .entry((subject.file, subject.column))
            .or_default();
        if let Some(more) = column.more {
            again(&mut self.found[more].1, place);
            return;
        }
        let kind = if column.different == DIFFERENT {
            column.more = Some(self.found.len());
            ResponsesKind::MoreWrongCells {
                subject: name.to_owned(),
            }
        } else {
            column.different += 1;
            self.groups.insert(group, self.found.len());
            kind()
        };
        self.add(subject.file, Problem::error(kind, place));
    }

    /// Whether anything stops the work.
    pub(super) fn has_errors(&self) -> bool {
        self.found
            .iter()
            .any(|(_, problem)| problem.severity == Severity::Error)
    }

    /// All problems in the order of files and places.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|(file, problem)| {
            let place = problem.places.first();
            let line = place.map(|place| match (place.line, problem.severity) {
                // What is worth knowing of the whole file comes last.
                (0, Severity::Note) => usize::MAX,
                (line, Severity::Error | Severity::Warning | Severity::Note) => line,
            });
            // What stops the work comes first within a line.
            let column = place.map(|place| place.column);
            (*file, line, problem.severity, column)
        });
        joined(self.found.into_iter().map(|(_, problem)| problem))
    }
}

/// Joins remarks that are the same for several files.
fn joined(problems: impl Iterator<Item = Problem>) -> Vec<Problem> {
    let mut joined: Vec<Problem> = Vec::new();
    let mut first: HashMap<String, usize> = HashMap::new();
    for problem in problems {
        if problem.severity == Severity::Error {
            joined.push(problem);
            continue;
        }
        let text = problem.kind.to_string();
        let at = *first.entry(text).or_insert(joined.len());
        match joined.get_mut(at) {
            Some(known) if known.kind == problem.kind => {
                known.count += problem.count;
                let free = PLACES.saturating_sub(known.places.len());
                known.places.extend(problem.places.into_iter().take(free));
            }
            Some(_) | None => joined.push(problem),
        }
    }
    joined
}

/// Counts the same problem in another place.
pub(super) fn again(problem: &mut Problem, place: Place) {
    problem.count += 1;
    if problem.places.len() < PLACES && !problem.places.contains(&place) {
        problem.places.push(place);
    }
}
