//! Whom units are compared with: each other, the cohort of a file that `dgpf stats` wrote, or the one that a saved result was
//! scored against.

use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use dgpf::scoring::{Assumptions, Frozen};

use super::io;
use super::read::{Opened, stated};
use super::{score, stats};

/// The cohort that a saved result was scored against.
pub(crate) struct Kept {
    /// The saved result.
    pub(crate) result: String,
    /// What the cohort's file was called.
    pub(crate) name: String,
    /// Its values; results of earlier versions do not hold them.
    pub(crate) values: Option<Arc<Frozen>>,
}

impl Opened {
    /// How it is scored: by these weights and against this cohort, or as the saved result was. The options then state it.
    ///
    /// # Errors
    /// When the cohort cannot be read, or is not the one that the saved result was scored against.
    pub(crate) fn assumptions(
        &mut self,
        weights: Option<&str>,
        stats: Option<&Path>,
    ) -> anyhow::Result<Assumptions> {
        let before = stated(&self.options, "weights").map(str::to_owned);
        let assumptions = score::assumptions(&self.framework, weights, &mut self.options)?;
        let weights = stated(&self.options, "weights");
        let kept = self.cohort.as_ref();
        let values = kept.and_then(|kept| kept.values.as_ref());
        let cohort = match (stats, kept) {
            (None, None) => return Ok(assumptions),
            (Some(path), _) => {
                let found = Arc::new(stats::read(path, &self.framework, weights)?);
                if let (Some(kept), Some(values)) = (kept, values)
                    && *values != found
                {
                    bail!(
                        "`{}` was scored against another cohort (`--stats {}`), which is in it: leave out --stats, or score \
                         it anew first with `dgpf score {} --stats {} -o FILE.json`",
                        kept.result,
                        kept.name,
                        kept.result,
                        io::shown(path)
                    );
                }
                let name = match (kept, values) {
                    (Some(kept), Some(_)) => kept.name.clone(),
                    (_, _) => stats::name(path),
                };
                score::state(&mut self.options, "stats", &name);
                found
            }
            (None, Some(kept)) => {
                let Some(values) = values else {
                    bail!(kept.lost())
                };
                if before.as_deref() != weights {
                    bail!(
                        "`{}` was scored against a cohort (`--stats {}`) that was found with other weights: freeze one with \
                         `dgpf stats --weights {}` and name it with --stats",
                        kept.result,
                        kept.name,
                        weights.unwrap_or_default()
                    );
                }
                Arc::clone(values)
            }
        };
        // Ranks compare the units that are given, and these may be a part of the cohort.
        self.framework.ranking = None;
        Ok(assumptions.with_frozen(cohort))
    }

    /// Refuses a saved result that was scored against a frozen cohort, where units are looked at among themselves alone.
    pub(crate) fn among_themselves(&self, why: &str) -> anyhow::Result<()> {
        let Some(kept) = &self.cohort else {
            return Ok(());
        };
        bail!(
            "`{}` was scored against a frozen cohort (`--stats {}`), and {why}: take the responses, or a result that was scored \
             without --stats",
            kept.result,
            kept.name
        );
    }
}

impl Kept {
    /// Why it cannot be used, and what to do.
    fn lost(&self) -> String {
        format!(
            "`{}` was scored against a cohort (`--stats {}`) that is not in it: name that file with --stats, or score the \
             responses with it anew",
            self.result, self.name
        )
    }
}
