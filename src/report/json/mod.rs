//! The canonical result as JSON, written and read back without loss.
//!
//! `file` mirrors the text: names and order of keys are its promise, additive within a major [`SCHEMA_VERSION`]. Scores
//! stand on the framework's range, as in every other format; where that loses the last bits of the share behind a score,
//! the shares are kept beside it (`exact`), so that a saved result compares like a computed one.

mod coherence;
mod compare;
mod explanation;
mod file;
mod import;
mod improve;
mod layout;
mod origin;
mod read;
mod robustness;
mod shown;
mod write;

use std::io::{self, Write};

use self::layout::Lines;
use super::result::ScoreResult;

pub use coherence::write_coherence;
pub use compare::{write_comparison, write_side_by_side};
pub use explanation::write_explanation;
pub use import::write_import;
pub use improve::write_improvement;
pub use origin::{OpenError, Opened, Origin};
pub use robustness::write_robustness;
pub(super) use shown::write_pretty;

/// Version of the layout: the major number changes when a reader must change.
pub const SCHEMA_VERSION: &str = "1.2";

const MAJOR: &str = "1";

/// A file that is no result.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not JSON, or not laid out as a result.
    #[error("not a result of dgpf: {0}")]
    Layout(#[from] serde_json::Error),
    /// It was written by a later program.
    #[error("schema version `{found}` is not known: this program reads {SCHEMA_VERSION}")]
    Version {
        /// What it says.
        found: String,
    },
    /// It names something that it does not hold, or the same thing twice.
    #[error("{place}: {what}")]
    Content {
        /// Where.
        place: String,
        /// What is wrong there.
        what: String,
    },
}

/// Writes a result.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write(result: &ScoreResult, out: &mut impl Write) -> io::Result<()> {
    shown::serialize(&write::file(result), Lines::OF_SCORES, out)
}

/// Reads a result that [`write()`] has written.
///
/// # Errors
///
/// When `text` is not such a result.
pub fn read(text: &str) -> Result<ScoreResult, ReadError> {
    #[derive(serde::Deserialize)]
    struct Version {
        schema_version: String,
    }
    let version: Version = serde_json::from_str(text)?;
    if version.schema_version.split('.').next() != Some(MAJOR) {
        return Err(ReadError::Version {
            found: version.schema_version,
        });
    }
    read::result(serde_json::from_str(text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::{NodeIx, Range};
    use crate::report::fixture;

    fn text(result: &ScoreResult) -> String {
        let mut out = Vec::new();
        write(result, &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("written from text")
    }

    #[test]
    fn what_was_written_reads_back_to_the_last_bit() {
        let mut result = fixture::result();
        for range in [
            Range::UNIT,
            Range::Unbounded,
            Range::Between {
                low: 0.0,
                high: 100.0,
            },
            Range::Between {
                low: 1.0,
                high: 7.0,
            },
        ] {
            result.about.framework.range = range;
            for tenth in 0..=100 {
                result.scores.nodes[0].score[1] = Some(f64::from(tenth) / 100.0 / 3.0);
                result.scores.facets[0].score[1] = result.scores.nodes[0].score[1];
                let read = read(&text(&result)).expect("just written");
                assert_eq!(read, result);
            }
        }
    }

    #[test]
    fn a_score_is_one_line() {
        let text = text(&fixture::result());
        for line in [
            r#"        "index": {"score": 75.0, "coverage": 1.0, "low": 75.0, "high": 75.0, "level": "leading", "rank": 1.0, "answered": 1, "applicable": 1},"#,
            r#"        "portal": {"score": null, "coverage": 0.0, "low": 0.0, "high": 100.0, "level": null, "rank": null, "answered": 0, "applicable": 1},"#,
            r#"      "name": "A | \"B\" <b>\nC","#,
        ] {
            assert!(text.lines().any(|found| found == line), "{text}");
        }
    }

    #[test]
    fn only_results_are_read() {
        let good = text(&fixture::result());
        let error = |text: &str| read(text).expect_err("not a result").to_string();
        assert_eq!(
            error("{}"),
            "not a result of dgpf: missing field `schema_version` at line 1 column 2"
        );
        assert_eq!(
            error(&good.replace(r#""schema_version": "1.2""#, r#""schema_version": "2.0""#)),
            "schema version `2.0` is not known: this program reads 1.2"
        );
        assert_eq!(
            error(&good.replace(r#""parent": "policy""#, r#""parent": "polcy""#)),
            "node `pol_1`: no node `polcy`"
        );
        assert_eq!(
            error(&good.replacen(r#""parent": "index""#, r#""parent": "por_1""#, 1)),
            "node `policy`: it does not come after the node that holds it"
        );
        assert_eq!(
            error(&good.replacen(r#""level": "leading""#, r#""level": "leader""#, 1)),
            "unit `NOR`, node `index`: no level `leader`"
        );
        assert_eq!(
            error(&good.replacen(r#""portal": {"score""#, r#""portl": {"score""#, 1)),
            "unit `NOR`: no score of node `portal`"
        );
        assert_eq!(
            error(&good.replacen(r#""period": "2023""#, r#""period": "2024""#, 1)),
            "unit `NOR`: no period `2024`"
        );
    }

    #[test]
    fn later_minor_versions_are_read_and_their_new_keys_passed_over() {
        let result = fixture::result();
        let later = text(&result)
            .replace(r#""schema_version": "1.2""#, r#""schema_version": "1.7""#)
            .replace(r#""tool":"#, r#""mood": "fine", "tool":"#);
        let read = read(&later).expect("only additions");
        assert_eq!(read, result);
        assert_eq!(read.about.parts(NodeIx(0)).count(), 2);
    }
}
