//! The order of knowledge: problem ← framework ← responses ← scoring ← analysis ← report ← cli. A station imports only from
//! those before it.

use std::fs;
use std::path::{Path, PathBuf};

/// In their order. What is not there yet has no files.
const STATIONS: [&str; 7] = [
    "problem",
    "framework",
    "responses",
    "scoring",
    "analysis",
    "report",
    "cli",
];

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_owned());
    }
    for entry in fs::read_dir(path).into_iter().flatten() {
        files(&entry.expect("a listed file").path(), found);
    }
}

/// The stations that a text names in its paths: `crate::scoring::…`, and `dgpf::scoring::…` in the program.
fn named(text: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    for (line, text) in text.lines().enumerate() {
        let code = text.split("//").next().unwrap_or_default();
        for station in STATIONS {
            for root in ["crate::", "dgpf::"] {
                if code.contains(&format!("{root}{station}")) {
                    found.push((line + 1, station));
                }
            }
        }
    }
    found
}

#[test]
fn no_station_knows_a_later_one() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut wrong, mut read) = (Vec::new(), 0);
    for (position, station) in STATIONS.into_iter().enumerate() {
        let mut own = Vec::new();
        files(&source.join(station), &mut own);
        files(&source.join(format!("{station}.rs")), &mut own);
        for path in own {
            let text = fs::read_to_string(&path).expect("source is UTF-8");
            read += 1;
            for (line, named) in named(&text) {
                if STATIONS[position + 1..].contains(&named) {
                    wrong.push(format!("{}:{line}: {named}", path.display()));
                }
            }
        }
    }
    assert!(read > 50, "only {read} files were read");
    assert_eq!(wrong, Vec::<String>::new(), "{}", wrong.join("\n"));
}

#[test]
fn the_library_does_not_know_the_command_line() {
    assert!(!include_str!("../src/lib.rs").contains("mod cli"));
}
