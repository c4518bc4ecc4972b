//! What a fuzzer found worth keeping, by target: read again on every run of the tests.

mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Calls a target with every file of its folder.
fn all(folder: &str, target: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(folder);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a listed file").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    for path in paths {
        let bytes = fs::read(&path).expect("a readable file");
        let called = catch_unwind(AssertUnwindSafe(|| target(&bytes)));
        assert!(called.is_ok(), "{} makes it panic", path.display());
    }
}

#[test]
fn frameworks() {
    all("framework", targets::framework);
}

#[test]
fn responses() {
    all("responses", targets::responses);
}

#[test]
fn pieces() {
    all("pieces", targets::pieces);
}

#[cfg(feature = "xlsx")]
#[test]
fn spreadsheets() {
    all("spreadsheet", targets::spreadsheet);
}

#[test]
fn results() {
    all("result", targets::result);
}

#[test]
fn pairs() {
    all("pair", |bytes| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            targets::pair(text);
        }
    });
}
