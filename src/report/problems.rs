//! Problems for programs: JSON, SARIF, annotations of a build on GitHub, `JUnit`. People read [`crate::problem::render`].

mod github;
mod json;
mod junit;
mod sarif;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;

use crate::problem::{Place, Problem, Severity};
use crate::responses::{CellPlace, Span};

pub(super) use json::problem as json_of;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// The command that found it; `check` without a name.
    pub command: Option<&'static str>,
    /// The files that were checked, in the order named.
    pub files: Vec<Arc<str>>,
    /// What is wrong with them, or worth knowing.
    pub problems: Vec<Problem>,
    /// Where cells stand in the text of their file.
    pub spans: BTreeMap<Arc<str>, BTreeMap<CellPlace, Span>>,
    /// What can be said of everything that is sound, a sentence each.
    pub summaries: Vec<String>,
}

/// How problems are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemFormat {
    /// An object with all problems and places.
    Json,
    /// SARIF 2.1.0, which code hosts show beside the lines.
    Sarif,
    /// Workflow commands by which GitHub annotates lines.
    Github,
    /// `JUnit` XML, which build servers show as failed tests.
    Junit,
}

/// Writes what a check found.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write(checked: &Checked, format: ProblemFormat, out: &mut impl Write) -> io::Result<()> {
    match format {
        ProblemFormat::Json => json::write(checked, out),
        ProblemFormat::Sarif => sarif::write(checked, out),
        ProblemFormat::Github => github::write(checked, out),
        ProblemFormat::Junit => junit::write(checked, out),
    }
}

/// A part of a file: lines and columns count from 1, columns count characters, and the end is the first one after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Region {
    line: usize,
    columns: Option<Columns>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    start: usize,
    end_line: usize,
    end: usize,
}

impl Checked {
    /// The part of the file that a place means; none for the whole file.
    fn region(&self, place: &Place) -> Option<Region> {
        if place.line == 0 {
            return None;
        }
        let spans = self.spans.get(&place.file);
        let span = spans.and_then(|spans| spans.get(&(place.line, place.column)));
        let columns = match (span, &place.excerpt) {
            (Some(span), _) => Some(Columns {
                start: span.column,
                end_line: span.end_line,
                end: span.end_column,
            }),
            (None, Some((_, length))) if place.column > 0 => Some(Columns {
                start: place.column,
                end_line: place.line,
                end: place.column + (*length).max(1),
            }),
            // The number of a cell is no column of a text.
            (None, _) => None,
        };
        Some(Region {
            line: place.line,
            columns,
        })
    }

    /// How many problems there are of a severity, and how often they were found.
    fn count(&self, severity: Severity) -> usize {
        let problems = self.problems.iter();
        problems
            .filter(|problem| problem.severity == severity)
            .count()
    }

    /// `2 errors, 1 warning, 3 notes`.
    fn totals(&self) -> String {
        let counted = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| {
            let count = self.count(severity);
            format!("{count} {severity}{}", if count == 1 { "" } else { "s" })
        });
        counted.join(", ")
    }
}

/// What a problem says, in one paragraph: what was found, how often, and what to do.
fn message(problem: &Problem) -> String {
    let mut text = problem.kind.to_string();
    if problem.count > problem.places.len().max(1) {
        // Writing to a text cannot fail.
        let _ = write!(text, " ({} times in all)", problem.count);
    }
    if let Some(help) = problem.kind.help() {
        text.push_str("; ");
        text.push_str(&help);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ResponsesKind;

    fn file(name: &str) -> Arc<str> {
        Arc::from(name)
    }

    /// Twelve errors, a warning with two places, a note on the whole file.
    fn checked() -> Checked {
        let name = file("data, 100%.csv");
        let error = |line| {
            let kind = ResponsesKind::UnknownAnswer {
                indicator: "q".to_owned(),
                text: "a\n::error::b".to_owned(),
                written: "a\n::error::b".into(),
                expected: vec!["yes".to_owned(), "no".to_owned()],
                near: None,
            };
            Problem::error(kind, Place::new(&name, line, 2))
        };
        let mut problems: Vec<Problem> = (2..14).map(error).collect();
        let units = ResponsesKind::UnitsAlike {
            first: "a".to_owned(),
            second: "A".to_owned(),
            by: vec!["case"],
        };
        let second = Place::new(&name, 9, 1);
        problems.push(Problem::warning(units, Place::new(&name, 8, 1)).and(second));
        let skipped = ResponsesKind::Skipped {
            rows: 2,
            reason: "not finished",
        };
        problems.push(Problem::note(skipped, Place::whole(&name)));
        let span = Span {
            line: 2,
            column: 4,
            end_line: 3,
            end_column: 2,
        };
        Checked {
            command: None,
            files: vec![name.clone()],
            problems,
            spans: BTreeMap::from([(name, BTreeMap::from([((2, 2), span)]))]),
            summaries: vec!["2 units".to_owned()],
        }
    }

    fn text(format: ProblemFormat) -> String {
        let mut out = Vec::new();
        write(&checked(), format, &mut out).expect("memory takes it");
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn github_gets_nine_annotations_a_kind_and_a_summary() {
        let text = text(ProblemFormat::Github);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "::error file=data%2C 100%25.csv,line=2,endLine=3,title=unknown-answer::`a%0A::error::b` is \
             no answer to `q`, which takes `yes` or `no`; correct it, or say what it stands for in a mapping: `dgpf import \
             --write-mapping FILE` drafts one"
        );
        assert_eq!(
            lines[1],
            "::error file=data%2C 100%25.csv,line=3,title=unknown-answer::`a%0A::error::b` is no answer to `q`, which takes \
             `yes` or `no`; correct it, or say what it stands for in a mapping: `dgpf import --write-mapping FILE` drafts one"
        );
        assert_eq!(
            lines
                .iter()
                .filter(|line| line.starts_with("::error "))
                .count(),
            9
        );
        assert_eq!(
            lines[9],
            "::error::3 more errors are not shown here: the log and the other formats have them all"
        );
        assert!(lines[10].starts_with(
            "::warning file=data%2C 100%25.csv,line=8,title=units-alike::units `a` and `A`"
        ));
        assert_eq!(
            lines[11],
            "::notice file=data%2C 100%25.csv,title=skipped::2 rows left out: not finished"
        );
        assert_eq!(lines[12], "12 errors, 1 warning, 1 note; 2 units");
        assert_eq!(lines.len(), 13);
    }

    #[test]
    fn sarif_names_rules_and_places() {
        let value: serde_json::Value =
            serde_json::from_str(&text(ProblemFormat::Sarif)).expect("it is JSON");
        let run = &value["runs"][0];
        assert_eq!(value["version"], "2.1.0");
        let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
        assert_eq!(rules.len(), 3);
        let first = &run["results"][0];
        assert_eq!(first["ruleId"], "unknown-answer");
        assert_eq!(first["level"], "error");
        let place = &first["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "data%2C%20100%25.csv");
        assert_eq!(
            place["region"],
            serde_json::json!({"startLine": 2, "startColumn": 4, "endLine": 3, "endColumn": 2})
        );
        let warning = &run["results"][12];
        assert_eq!(
            rules
                [usize::try_from(warning["ruleIndex"].as_u64().expect("a number")).expect("small")]
                ["id"],
            "units-alike"
        );
        assert_eq!(
            warning["relatedLocations"][0]["physicalLocation"]["region"],
            serde_json::json!({"startLine": 9})
        );
        assert_eq!(run["results"][13]["level"], "note");
        assert!(
            run["results"][13]["locations"][0]["physicalLocation"]
                .get("region")
                .is_none()
        );
    }

    #[test]
    fn junit_is_xml_with_a_failure_an_error() {
        let text = text(ProblemFormat::Junit);
        assert!(text.starts_with(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dgpf check\" tests=\"14\" failures=\"12\">\n  <testsuite \
             name=\"data, 100%.csv\" tests=\"14\" failures=\"12\">\n"
        ));
        assert_eq!(text.matches("<failure ").count(), 12);
        assert!(text.contains(
            "<testcase classname=\"data, 100%.csv\" name=\"unknown-answer, line 2, cell 2\">"
        ));
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn a_sound_file_is_a_test_that_passes() {
        let checked = Checked {
            files: vec![file("a<b>.csv")],
            ..Checked::default()
        };
        let mut out = Vec::new();
        write(&checked, ProblemFormat::Junit, &mut out).expect("memory takes it");
        assert_eq!(
            String::from_utf8(out).expect("it is text"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"dgpf check\" tests=\"1\" failures=\"0\">\n  <testsuite \
             name=\"a&lt;b&gt;.csv\" tests=\"1\" failures=\"0\">\n    <testcase classname=\"a&lt;b&gt;.csv\" name=\"can be \
             read\"/>\n  </testsuite>\n</testsuites>\n"
        );
    }
}
