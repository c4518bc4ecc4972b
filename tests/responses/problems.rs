//! Every mistake in responses has a file in `tests/problems` and, beside it, the exact message. A file is named after the
//! code of its first problem; what follows a `+` tells files of one code apart. `UPDATE=1` writes the messages anew.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use dgpf::analysis::beyond_range::beyond_range;
use dgpf::analysis::evidence::evidence;
use dgpf::analysis::off_scale::off_scale;
use dgpf::analysis::outside_periods::outside_periods;
use dgpf::analysis::passed_over::passed_over;
use dgpf::problem::{self, Problem};
use dgpf::responses::{self, Encoding, Input, Mapping, OnDuplicate, Options, OwnedInput};

use crate::kit::framework;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/problems")
}

/// The files of responses, sorted.
fn files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("entries can be read").path())
        .filter(|path| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("csv" | "xlsx"))
        })
        .collect();
    files.sort();
    files
}

fn stem(path: &Path) -> &str {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    stem.expect("names are plain")
}

fn code(path: &Path) -> &str {
    stem(path).split('+').next().unwrap_or_default()
}

/// What has to be asked for so that the mistake shows.
fn options(path: &Path) -> Options {
    let code = code(path);
    let mut options = Options::default();
    match code {
        "no-newest" => options.on_duplicate = OnDuplicate::Newest,
        "wrong-encoding" => options.encoding = Encoding::named("utf-8"),
        "no-sheet" => options.sheet = Some("Respones".to_owned()),
        "units-not-described" | "periods-not-described" => {
            let bytes = match code {
                "units-not-described" => {
                    std::fs::read(folder().join("bases/units.csv")).expect("it is there")
                }
                _ if stem(path).ends_with("+spelling") => {
                    b"country,year,population\nNO,2026,5500000\nSE,2026.0,10400000\n".to_vec()
                }
                _ => b"country,year,population\nNO,2026,5500000\nSE,2025,10400000\n".to_vec(),
            };
            options.units = Some(OwnedInput {
                name: "units.csv".to_owned(),
                bytes,
            });
        }
        "no-mapped-column" => {
            let columns = [
                ("Chanels", "channels"),
                ("Extent", "reach"),
                ("Part", "share"),
                ("Phone", "ignore"),
            ];
            let columns = columns.map(|(column, code)| (column.to_owned(), code.to_owned()));
            options.mapping = Some(Mapping {
                columns: BTreeMap::from(columns),
                ..Mapping::default()
            });
        }
        _ => {}
    }
    options
}

fn problems(path: &Path) -> Vec<Problem> {
    let base = match stem(path).split('+').nth(1) {
        Some(
            base @ ("rows" | "offices" | "claims" | "skips" | "scales" | "shown" | "elections"),
        ) => base,
        Some(_) | None => "responses",
    };
    let base = folder().join(format!("bases/{base}.yaml"));
    let framework = framework(&std::fs::read_to_string(base).expect("the framework is there"));
    let bytes = std::fs::read(path).expect("the file can be read");
    let name = path.file_name().and_then(|name| name.to_str());
    let input = Input {
        name: name.expect("names are plain"),
        bytes: &bytes,
    };
    match responses::load(&[input], &framework, &options(path)) {
        Ok(loaded) => {
            let mut problems = loaded.remarks;
            problems.extend(passed_over(&framework, &loaded.responses));
            problems.extend(outside_periods(&framework, &loaded.responses));
            problems.extend(off_scale(&framework, &loaded.responses));
            problems.extend(beyond_range(&framework, &loaded.responses));
            problems.extend(evidence(&framework, &loaded.responses).lacking);
            problems
        }
        Err(problems) => problems,
    }
}

#[test]
fn every_mistake_in_responses_has_its_message() {
    let mut wrong = Vec::new();
    for path in files() {
        let found = problems(&path);
        let text = problem::render(&found);
        let expected = path.with_extension("stderr");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&expected, &text).expect("the message can be written");
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        if text != expected {
            wrong.push(format!("{}\n{text}", path.display()));
        }
        let first = found.first().map(|problem| problem.kind.code());
        if first != Some(code(&path)) {
            wrong.push(format!("{} begins with {first:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_of_a_mistake_in_responses_has_a_sample() {
    // The table of codes is read as text: an enum cannot be asked for its variants.
    let table = include_str!("../../src/problem/responses.rs");
    let codes: Vec<&str> = table
        .lines()
        .filter(|line| line.trim_start().starts_with("Self::") && line.contains("=> \""))
        .filter_map(|line| line.split('"').nth(1))
        .filter(|code| !code.contains(' '))
        .collect();
    assert!(codes.len() > 40, "{} codes were found", codes.len());
    let different: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(different.len(), codes.len(), "two mistakes share a code");
    let files = files();
    let sampled: BTreeSet<&str> = files.iter().map(|path| code(path)).collect();
    // These are large or many and made in `hostile.rs`, or in mappings, which `mapping.rs` writes.
    let made = [
        "more-duplicates",
        "more-wrong-cells",
        "record-too-long",
        "spreadsheet-too-large",
        "too-many-columns",
        "unknown-target",
    ];
    let without: Vec<&&str> = different
        .iter()
        .filter(|code| !sampled.contains(**code) && !made.contains(code))
        .collect();
    assert!(without.is_empty(), "no sample of {without:?}");
}
