//! Every command that the README, a page in `docs` or one of the examples' shows is run, and its output compared.
//!
//! A block of `console` holds commands after `$ ` and what they print, messages included. A line `…` stands for any
//! number of lines.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const README: &str = include_str!("../../README.md");

/// How the README calls the program before it is installed.
const UNBUILT: &str = "cargo run --release -- ";

struct Shown {
    line: usize,
    command: String,
    output: Vec<String>,
}

#[test]
fn commands_print_what_the_readme_shows() {
    let run = run_all("README.md", README);
    assert!(run >= 5, "only {run} commands were found in the README");
}

#[test]
fn commands_print_what_the_pages_show() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = pages(&root.join("docs"));
    pages.extend(pages_of_examples(&root.join("examples")));
    let mut run = 0;
    for page in pages {
        let text = fs::read_to_string(&page).expect("a page is text");
        run += run_all(&page.display().to_string(), &text);
    }
    assert!(run > 20, "only {run} commands were found");
}

/// The pages in a folder, by name.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut pages: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a listed file").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    pages.sort();
    pages
}

fn pages_of_examples(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("a listed file").path());
    let mut found: Vec<PathBuf> = paths
        .filter(|path| path.is_dir())
        .flat_map(|folder| pages(&folder))
        .collect();
    found.extend(pages(folder));
    found
}

/// Blocks of `sh` name files that are not there; what they ask for must be a way in which dgpf can be called.
#[test]
fn commands_in_scripts_can_be_called() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut called = 0;
    for page in pages(&root.join("docs")).into_iter().chain(pages(root)) {
        let text = fs::read_to_string(&page).expect("a page is text");
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut inside = false;
        for line in text.lines() {
            match line.trim_end() {
                "```sh" => inside = true,
                "```" => inside = false,
                line if inside && line.starts_with("dgpf ") => {
                    let printed = print(line, directory.path());
                    assert!(
                        !printed.contains("Usage: dgpf"),
                        "{page:?}: `{line}`: {printed}"
                    );
                    called += 1;
                }
                _ => {}
            }
        }
    }
    assert!(called > 10, "only {called} commands were found");
}

/// Runs the commands of a page; how many there were.
fn run_all(file: &str, text: &str) -> usize {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&root.join("examples"), &directory.path().join("examples"));
    let mut place = directory.path().to_owned();
    let mut run = 0;
    for shown in commands(text) {
        if shown.command.starts_with("cargo ") && !shown.command.starts_with(UNBUILT) {
            continue; // building and testing: this is one of the tests
        }
        if let Some(folder) = shown.command.strip_prefix("cd ") {
            place.push(folder);
            continue;
        }
        let printed = print(&shown.command.replace(UNBUILT, "dgpf "), &place);
        let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
        assert!(
            matches(&shown.output, &printed),
            "{file}:{}: `{}` prints\n{}\n-- the page shows\n{}\n--",
            shown.line,
            shown.command,
            printed.join("\n"),
            shown.output.join("\n")
        );
        run += 1;
    }
    run
}

fn commands(text: &str) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        match line.trim_end() {
            "```console" => inside = true,
            "```" => inside = false,
            line if inside => {
                if let Some(command) = line.strip_prefix("$ ") {
                    shown.push(Shown {
                        line: number + 1,
                        command: command.to_owned(),
                        output: Vec::new(),
                    });
                } else {
                    let last = shown.last_mut().expect("a command before its output");
                    last.output.push(line.to_owned());
                }
            }
            _ => {}
        }
    }
    // An empty line before the next command or the end belongs to neither.
    for command in &mut shown {
        while command.output.last().is_some_and(String::is_empty) {
            command.output.pop();
        }
    }
    shown
}

fn print(command: &str, directory: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_dgpf"));
    let folder = program.parent().expect("a file is in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .env("PATH", format!("{}:{path}", folder.display()))
        .env_remove("COLUMNS")
        .env_remove("NO_COLOR")
        .current_dir(directory)
        .output()
        .expect("there is a shell");
    String::from_utf8(output.stdout).expect("the program prints UTF-8")
}

/// Whether lines are as shown, `…` standing for any number of lines.
fn matches(shown: &[String], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((first, rest)) if first == "…" => {
            (0..=printed.len()).any(|from| matches(rest, &printed[from..]))
        }
        Some((first, rest)) => printed
            .split_first()
            .is_some_and(|(line, others)| first == line && matches(rest, others)),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory in a temporary one");
    for entry in fs::read_dir(from).expect("the examples are there") {
        let path = entry.expect("a listed file").path();
        let target = to.join(path.file_name().expect("a listed file has a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("an example can be copied");
        }
    }
}
