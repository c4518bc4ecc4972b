//! A framework file in its canonical form: what it says stays, comments stay; how it is spaced and quoted is settled.

use super::findings::{Findings, Source};
use super::yaml::{self, ScalarForm};
use crate::problem::Problem;

/// The file's text with `\n` at the end of every line, no space before it, at most one empty line in a row, and quotes
/// round what other YAML readers would not take for text (`yes`, `no`, `on`, `off`, `010`, `2020-01-01`). Blocks of text
/// stay as they are. It reads to the same framework.
///
/// # Errors
/// Every problem that keeps the file from being read as YAML.
pub fn format(source: &Source) -> Result<String, Vec<Problem>> {
    let mut findings = Findings::default();
    let read = yaml::read(source, &mut findings);
    let text = source
        .text
        .trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let (Some(_), Some(scalars)) = (read, yaml::scalars(&text)) else {
        return Err(findings.finish());
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut verbatim = vec![false; lines.len()];
    for scalar in scalars.iter().rev() {
        match scalar.form {
            ScalarForm::Block => {
                let inside = scalar.first_line - 1..scalar.last_line.min(lines.len());
                verbatim
                    .get_mut(inside)
                    .into_iter()
                    .flatten()
                    .for_each(|line| *line = true);
            }
            ScalarForm::Plain if misread(&scalar.text) => {
                if let Some(line) = lines.get_mut(scalar.first_line - 1) {
                    quote(line, scalar.column, &scalar.text);
                }
            }
            ScalarForm::Plain | ScalarForm::Quoted => {}
        }
    }
    Ok(spaced(&lines, &verbatim))
}

/// Whether a reader of YAML 1.1 takes a plain text for something else.
fn misread(text: &str) -> bool {
    let word = ["yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let padded = text.len() > 1 && text.starts_with('0') && digits(text);
    let date = {
        let parts: Vec<&str> = text.split('-').collect();
        parts.len() == 3 && parts.iter().all(|part| digits(part)) && parts[0].len() == 4
    };
    word || padded || date
}

/// Puts quotes round `text` at `column` (in characters, from 0) of a line, if it stands there.
fn quote(line: &mut String, column: usize, text: &str) {
    let Some((at, _)) = line.char_indices().nth(column) else {
        return;
    };
    if !line[at..].starts_with(text) {
        return;
    }
    // `on` is also a key of the language, which no reader of frameworks takes for anything else.
    let own_key = text == "on" && line[at + text.len()..].starts_with(':');
    if !own_key {
        line.insert(at + text.len(), '"');
        line.insert(at, '"');
    }
}

/// Lines without trailing space and without runs of empty lines, save in blocks of text.
fn spaced(lines: &[String], verbatim: &[bool]) -> String {
    let mut text = String::new();
    let mut empty = true;
    for (line, verbatim) in lines.iter().zip(verbatim) {
        let line = if *verbatim {
            line.as_str()
        } else {
            line.trim_end()
        };
        if line.is_empty() && empty && !verbatim {
            continue;
        }
        empty = line.is_empty();
        text.push_str(line);
        text.push('\n');
    }
    let end = text.trim_end_matches('\n').len();
    text.truncate(end);
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::framework::{builtin, load};

    fn formatted(text: &str) -> String {
        let source = Source {
            name: Arc::from("f.yaml"),
            text: text.to_owned(),
        };
        format(&source).expect("it is YAML")
    }

    #[test]
    fn spaces_and_quotes_are_settled_and_comments_stay() {
        let untidy = "dgpf: 1  \r\n\r\n\r\n# why\r\nscales:\r\n  yn: {no: 0, yes: 1} # two\r\nnote: |\r\n  kept  \r\n\r\n\r\n  so\r\nedition: 2020-01-01\r\nversion: 007\r\n\r\n";
        let tidy = "dgpf: 1\n\n# why\nscales:\n  yn: {\"no\": 0, \"yes\": 1} # two\nnote: |\n  kept  \n\n\n  so\nedition: \"2020-01-01\"\nversion: \"007\"\n";
        assert_eq!(formatted(untidy), tidy);
        assert_eq!(formatted(tidy), tidy);
    }

    #[test]
    fn what_a_file_says_stays() {
        for (id, text) in builtin::all() {
            let read = |text: &str| {
                let source = Source {
                    name: Arc::from(*id),
                    text: text.to_owned(),
                };
                let mut framework = load(&source, &|id| builtin::find(id))
                    .expect("it is sound")
                    .framework;
                framework.sha256.clear();
                framework.sources.clear();
                framework.nodes.iter_mut().for_each(|node| node.line = 0);
                framework
            };
            assert_eq!(read(&formatted(text)), read(text), "{id}");
        }
    }

    #[test]
    fn what_is_no_yaml_is_refused() {
        let source = Source {
            name: Arc::from("f.yaml"),
            text: "a: [1".to_owned(),
        };
        assert_eq!(format(&source).expect_err("the bracket is open").len(), 1);
    }
}
