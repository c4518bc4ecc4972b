//! Names for files that hold something of one unit.

use std::collections::{BTreeMap, BTreeSet};

use super::result::ScoreResult;

/// A file name for each unit: its id where that is a name on every system, else what is left of it; numbered where two
/// would be the same whatever their case.
pub(super) fn names(result: &ScoreResult, rows: &[usize]) -> BTreeMap<usize, String> {
    const LONGEST: usize = 60;
    let mut taken: BTreeSet<String> = ["index", "con", "prn", "aux", "nul"]
        .map(str::to_owned)
        .into();
    // In the order of the table, so that a change of ranks moves no name.
    let mut sorted = rows.to_vec();
    sorted.sort_unstable();
    sorted
        .into_iter()
        .map(|row| {
            let plain: String = result.scores.observations[row]
                .unit
                .chars()
                .take(LONGEST)
                .map(|letter| match letter {
                    'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => letter,
                    _ => '_',
                })
                .collect();
            let plain = if plain.is_empty() {
                "_".to_owned()
            } else {
                plain
            };
            let mut name = plain.clone();
            let mut number = 1;
            while !taken.insert(name.to_ascii_lowercase()) {
                number += 1;
                name = format!("{plain}-{number}");
            }
            (row, name)
        })
        .collect()
}
