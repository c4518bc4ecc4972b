//! A mapping: what columns and answers of a file mean where neither code nor label says so.

use std::collections::BTreeMap;

use super::answers::Decoder;
use super::columns::{Heading, Names, Role};
use super::spelling::fold;

/// What columns and answers of a file mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// Header → code, `code/option`, `code__evidence`, a key column, an attribute, or [`Mapping::IGNORE`].
    pub columns: BTreeMap<String, String>,
    /// Code → text in the file → answer.
    pub answers: BTreeMap<String, BTreeMap<String, String>>,
}

impl Mapping {
    /// The word for columns that are left out.
    pub const IGNORE: &str = "ignore";

    /// What answers to the indicator with this code are written as.
    pub(super) fn answers(&self, code: &str) -> Option<&BTreeMap<String, String>> {
        let mut all = self.answers.iter();
        all.find_map(|(name, answers)| name.eq_ignore_ascii_case(code).then_some(answers))
    }

    /// The role that the mapping gives to a column.
    pub(super) fn role(
        &self,
        heading: &Heading,
        names: &Names,
        decoders: &[Decoder<'_>],
    ) -> Option<Role> {
        let shown = heading.shown();
        let target = self.columns.iter().find_map(|(name, target)| {
            (fold(name) == fold(&shown) || fold(name) == fold(&heading.name)).then_some(target)
        })?;
        if fold(target) == Self::IGNORE {
            return Some(Role::Ignored);
        }
        names.named(target, decoders).map(|(role, _)| role)
    }
}
