//! Every mistake in a framework has a file in `tests/problems/frameworks` and, beside it, the exact message. A file is
//! named after the code of its first problem; what follows a `+` tells files of one code apart. Advice is in
//! `tests/problems/advice`. `UPDATE=1` writes the messages anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dgpf::framework::{self, Source, builtin};
use dgpf::problem::{self, Problem};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/problems/frameworks")
}

/// The files of a folder with this extension, sorted.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("entries can be read").path())
        .filter(|path| path.extension().is_some_and(|own| own == extension))
        .collect();
    files.sort();
    files
}

fn stem(path: &Path) -> &str {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .expect("names are plain")
}

/// The code that a file is named after.
fn code(path: &Path) -> &str {
    stem(path).split('+').next().unwrap_or_default()
}

/// What `extends` can name: a framework that comes with the program, or a file of the folder `bases` beside the samples.
fn find(name: &str) -> Option<Source> {
    builtin::find(name).or_else(|| {
        let text = std::fs::read_to_string(folder().join("bases").join(name)).ok()?;
        Some(Source {
            name: Arc::from(name),
            text,
        })
    })
}

/// Everything there is to say about a framework file: what is wrong, or else the remarks of `read`.
fn problems(path: &Path, read: &Read) -> Vec<Problem> {
    let bytes = std::fs::read(path).expect("the file can be read");
    let name = path.file_name().and_then(|name| name.to_str());
    let source = match Source::decode(name.expect("names are plain"), &bytes) {
        Ok(source) => source,
        Err(problem) => return vec![*problem],
    };
    match read(&source) {
        Ok(loaded) => loaded.remarks,
        Err(problems) => problems,
    }
}

type Read = dyn Fn(&Source) -> Result<framework::Loaded, Vec<Problem>>;

/// Fails unless every file of a folder has exactly the message beside it.
fn compare(folder: &Path, read: &Read) {
    let mut wrong = Vec::new();
    for path in files(folder, "yaml") {
        let found = problems(&path, read);
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
fn every_mistake_in_a_framework_has_its_message() {
    compare(&folder(), &|source| framework::load(source, &find));
}

#[test]
fn every_piece_of_advice_has_its_message() {
    compare(&folder().join("../advice"), &|source| {
        framework::advise(source, &find, true)
    });
}

#[test]
fn advice_for_published_indices_is_given_when_asked_for() {
    let path = folder().join("../advice/no-source.yaml");
    let found = problems(&path, &|source| framework::advise(source, &find, false));
    assert_eq!(found, []);
}

#[test]
fn every_code_of_a_framework_mistake_has_a_sample() {
    let table = include_str!("../src/problem/framework.rs");
    let without = without_sample(table, &folder());
    // Large files are made in tests instead of being kept.
    assert_eq!(without, ["file-too-large", "many-problems"]);
}

#[test]
fn every_code_of_advice_has_a_sample() {
    let table = include_str!("../src/problem/advice.rs");
    let without = without_sample(table, &folder().join("../advice"));
    assert_eq!(without, [] as [&str; 0]);
}

/// The codes of a table that no file of the folder is named after. The table is read as text: an enum cannot be asked
/// for its variants.
fn without_sample<'t>(table: &'t str, folder: &Path) -> Vec<&'t str> {
    let codes: Vec<&str> = table
        .lines()
        .filter(|line| line.contains("=> \""))
        .filter_map(|line| line.split('"').nth(1))
        .filter(|text| !text.contains(' '))
        .collect();
    assert!(codes.len() > 10, "{} codes were found", codes.len());
    let different: BTreeSet<&str> = codes.iter().copied().collect();
    assert_eq!(different.len(), codes.len(), "two share a code");
    let files = files(folder, "yaml");
    let sampled: BTreeSet<&str> = files.iter().map(|path| code(path)).collect();
    different
        .into_iter()
        .filter(|code| !sampled.contains(code))
        .collect()
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let bytes = vec![b'#'; Source::LARGEST + 1];
    let problem = Source::decode("large.yaml", &bytes).expect_err("it is too large");
    assert_eq!(
        problem::render(&[*problem]),
        "error[file-too-large]: the file has 4194305 bytes, a framework has at most 4 MiB\n  --> large.yaml\n   = help: \
         check that the right file was named\n"
    );
}
