//! Whether a saved result is what framework and responses give, byte for byte; and if not, what differs.

use super::result::ScoreResult;
use super::{Language, json, present};

/// Something in which a saved result differs from the computed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It was made by another version of the program.
    Program {
        /// The version that made it.
        saved: String,
        /// This one.
        computed: String,
    },
    /// It was made by another framework, or by another text of the same one.
    Framework {
        /// Id and version that made it.
        saved: String,
        /// Those of the framework at hand.
        computed: String,
    },
    /// It was made from other responses.
    Responses,
    /// Units were compared with another cohort, or one of the two has none that was stated.
    Cohort,
    /// It was made with other options.
    Options {
        /// Those that made it.
        saved: String,
        /// Those of the computation.
        computed: String,
    },
    /// Something is said of the scores today that the saved result does not say, or the other way round.
    Remark {
        /// As a sentence.
        text: String,
        /// Whether it is the computation that says it.
        is_new: bool,
    },
    /// Its text differs, first at this line, from 1.
    Text {
        /// The line.
        line: usize,
        /// What stands there; empty behind the end.
        saved: String,
        /// What should.
        computed: String,
    },
}

/// Everything in which `text`, which reads as `saved`, differs from what `computed` is written as.
pub fn verify(text: &str, saved: &ScoreResult, mut computed: ScoreResult) -> Vec<Difference> {
    let mut differences = Vec::new();
    let (then, now) = (&saved.about, &computed.about);
    if then.framework.sha256 != now.framework.sha256 {
        let name = |facts: &super::FrameworkFacts| format!("{} {}", facts.id, facts.version);
        differences.push(Difference::Framework {
            saved: name(&then.framework),
            computed: name(&now.framework),
        });
    }
    if then.responses_sha256 != now.responses_sha256 {
        differences.push(Difference::Responses);
    }
    if then.cohort_sha256 != now.cohort_sha256 {
        differences.push(Difference::Cohort);
    }
    if then.options != now.options {
        let listed = |options: &[(String, String)]| {
            let named = options
                .iter()
                .map(|(name, value)| format!("{name} {value}"));
            named.collect::<Vec<_>>().join(", ")
        };
        differences.push(Difference::Options {
            saved: listed(&then.options),
            computed: listed(&now.options),
        });
    }
    if then.tool != now.tool {
        differences.push(Difference::Program {
            saved: then.tool.clone(),
            computed: now.tool.clone(),
        });
    }
    let remarks = remarks(saved, &computed);
    if !remarks.is_empty() {
        // That has been told: the first line should be one that differs in something else.
        computed.scores.remarks.clone_from(&saved.scores.remarks);
        differences.extend(remarks);
    }
    let mut bytes = Vec::new();
    if json::write(&computed, &mut bytes).is_ok() {
        differences.extend(first_line(text, &String::from_utf8_lossy(&bytes)));
    }
    differences
}

/// What one of the two says of the scores and the other does not.
fn remarks(saved: &ScoreResult, computed: &ScoreResult) -> Vec<Difference> {
    let only_in = |one: &ScoreResult, other: &ScoreResult, is_new: bool| -> Vec<Difference> {
        let said = one.scores.remarks.iter();
        let said = said.filter(|remark| !other.scores.remarks.contains(remark));
        let told = said.map(|said| present::remark(&one.about, said, Language::English));
        told.map(|text| Difference::Remark { text, is_new })
            .collect()
    };
    let mut all = only_in(computed, saved, true);
    all.extend(only_in(saved, computed, false));
    all
}

fn first_line(saved: &str, computed: &str) -> Option<Difference> {
    if saved == computed {
        return None;
    }
    // `split` and not `lines`, so that other line ends are a difference too.
    let (mut saved, mut computed) = (saved.split('\n'), computed.split('\n'));
    for line in 1.. {
        match (saved.next(), computed.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => {
                return Some(Difference::Text {
                    line,
                    saved: a.unwrap_or_default().trim().to_owned(),
                    computed: b.unwrap_or_default().trim().to_owned(),
                });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn text(result: &ScoreResult) -> String {
        let mut out = Vec::new();
        json::write(result, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("written from text")
    }

    #[test]
    fn what_was_written_verifies() {
        let result = fixture::result();
        assert_eq!(verify(&text(&result), &result, result.clone()), []);
    }

    #[test]
    fn every_cause_is_named_and_the_first_line_shown() {
        let computed = fixture::result();
        let mut saved = fixture::result();
        saved.about.tool = "9.9.8".to_owned();
        saved.about.responses_sha256 = "ef".repeat(32);
        let found = verify(&text(&saved), &saved, computed.clone());
        assert_eq!(found[0], Difference::Responses);
        assert_eq!(
            found[1],
            Difference::Program {
                saved: "9.9.8".to_owned(),
                computed: "9.9.9".to_owned(),
            }
        );
        assert!(
            matches!(found[2], Difference::Text { line: 5, .. }),
            "{found:?}"
        );
        let windows = text(&computed).replace('\n', "\r\n");
        let found = verify(&windows, &computed, computed.clone());
        assert!(
            matches!(found[..], [Difference::Text { line: 1, .. }]),
            "{found:?}"
        );
    }
}
