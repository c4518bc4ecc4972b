//! [`ImportResult`]: what was made of files of responses, for people who check an import.

use std::collections::BTreeMap;

use super::answered::Answered;
use super::result::FrameworkFacts;
use crate::problem::{Kind, Place, Problem, ResponsesKind};
use crate::responses::Recognition;

/// What was made of files of responses.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportResult {
    /// The framework that they answer.
    pub framework: FrameworkFacts,
    /// What was recognised, file by file.
    pub files: Vec<Recognition>,
    /// Everything found.
    pub problems: Vec<Problem>,
    /// What they hold; none where something stops the work.
    pub answered: Option<Answered>,
}

/// A text that is no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct UnknownText<'a> {
    /// The indicator, or the column where every row names its indicator.
    pub(super) indicator: &'a str,
    /// The text.
    pub(super) text: &'a str,
    /// How often it stands there.
    pub(super) count: usize,
    /// Where it stands first.
    pub(super) first: Option<&'a Place>,
    /// What is probably meant.
    pub(super) near: Option<&'a str>,
}

impl ImportResult {
    /// Texts that are no answers, in file order.
    pub(super) fn unknown(&self) -> Vec<UnknownText<'_>> {
        let unknown = self.problems.iter().filter_map(|problem| {
            let (indicator, text, near) = match &problem.kind {
                Kind::Responses(ResponsesKind::UnknownAnswer {
                    indicator,
                    text,
                    near,
                    ..
                }) => (indicator, text, near),
                Kind::Responses(ResponsesKind::UnknownValue {
                    attribute,
                    text,
                    near,
                    ..
                }) => (attribute, text, near),
                _ => return None,
            };
            Some(UnknownText {
                indicator,
                text,
                count: problem.count,
                first: problem.places.first(),
                near: near.as_deref(),
            })
        });
        unknown.collect()
    }

    /// What unread columns are probably meant for.
    pub(super) fn near_columns(&self) -> BTreeMap<&str, &str> {
        let near = self
            .problems
            .iter()
            .filter_map(|problem| match &problem.kind {
                Kind::Responses(ResponsesKind::NearColumn { column, near }) => {
                    Some((column.as_str(), near.as_str()))
                }
                _ => None,
            });
        near.collect()
    }

    /// Problems that the report does not show in tables of its own.
    pub fn further(&self) -> Vec<Problem> {
        let tabled = |kind: &Kind| {
            matches!(
                kind,
                Kind::Responses(
                    ResponsesKind::UnknownAnswer { .. }
                        | ResponsesKind::UnknownValue { .. }
                        | ResponsesKind::NearColumn { .. }
                        | ResponsesKind::UnreadColumns { .. }
                        | ResponsesKind::MissingColumns { .. }
                        | ResponsesKind::Skipped { .. }
                )
            )
        };
        let further = self
            .problems
            .iter()
            .filter(|problem| !tabled(&problem.kind));
        further.cloned().collect()
    }
}
