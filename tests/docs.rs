//! Pages hold together: their links lead somewhere, every crate has its reason, versions agree.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every page in Markdown that the project writes.
fn pages() -> Vec<PathBuf> {
    let mut open = ["docs", "examples", "benches", "fuzz"]
        .map(|folder| root().join(folder))
        .to_vec();
    let mut pages: Vec<PathBuf> = [
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ]
    .map(|page| root().join(page))
    .to_vec();
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() && !path.ends_with("target") {
                open.push(path);
            } else if path.extension().is_some_and(|kind| kind == "md") {
                pages.push(path);
            }
        }
    }
    pages
}

/// The lines outside blocks of code.
fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut inside = false;
    let lines = text.lines().enumerate().filter(|(_, line)| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    });
    lines.map(|(number, line)| (number + 1, line)).collect()
}

/// Targets of `[text](target)` that are files of this project.
fn links(line: &str) -> Vec<&str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
        .collect()
}

/// How a heading is linked to.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        letter if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}

fn anchors(text: &str) -> BTreeSet<String> {
    prose(text)
        .into_iter()
        .filter(|(_, line)| line.starts_with('#'))
        .map(|(_, line)| anchor(line.trim_start_matches('#')))
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut followed = 0;
    for page in pages() {
        let text = read(&page);
        for (number, line) in prose(&text) {
            for link in links(line) {
                let place = format!("{}:{number}: `{link}`", page.display());
                let (file, part) = link.split_once('#').unwrap_or((link, ""));
                let target = if file.is_empty() {
                    page.clone()
                } else {
                    page.parent().expect("a folder").join(file)
                };
                assert!(target.exists(), "{place} is not there");
                if !part.is_empty() {
                    assert!(
                        anchors(&read(&target)).contains(part),
                        "{place} has no such heading"
                    );
                }
                followed += 1;
            }
        }
    }
    assert!(followed > 20, "only {followed} links were found");
}

#[test]
fn every_crate_has_its_reason() {
    let manifest = read("Cargo.toml");
    let page = read("docs/dependencies.md");
    let mut section = "";
    let mut used = BTreeSet::new();
    for line in manifest.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if section.ends_with("dependencies")
            && let Some((name, _)) = line.split_once('=')
            && !name.starts_with('#')
        {
            used.insert(name.trim().to_owned());
        }
    }
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let names = rows.flat_map(|row| {
        let cell = row.split(" | ").next().unwrap_or(row);
        cell.split(", ")
            .map(|name| name.trim_matches('`').to_owned())
    });
    assert_eq!(names.collect::<BTreeSet<String>>(), used);
}

#[test]
fn versions_agree() {
    let version = concat!("\nversion: ", env!("CARGO_PKG_VERSION"), "\n");
    assert!(read("CITATION.cff").contains(version), "CITATION.cff");
}
