//! The level that a score has, and what it still needs for the next one.

use crate::framework::{Better, Need, NodeIx, reaches};
use crate::scoring::band;

use super::tree::Builder;
use super::{NextLevel, Standing};

impl Builder<'_, '_> {
    /// The level of a node for the unit itself.
    pub(super) fn standing(&self, node: NodeIx) -> Option<Standing> {
        let framework = self.all.plan.framework;
        let levels = framework.levels_of(node)?;
        let column = &self.all.scores().nodes[node.0];
        let (score, level) = (
            column.score[self.observation]?,
            column.level[self.observation]?,
        );
        let cuts = self.all.cuts[node.0].of(self.observation);
        let by_score = band(framework, node, levels, cuts, score);
        let next = framework.better.next_level(level, levels.bands.len());
        let next = next.map(|next| {
            // Where less is better, a level ends where the next worse one starts.
            let (from, short) = match framework.better {
                Better::Higher => (cuts[next], cuts[next] - score),
                Better::Lower => (cuts[level], score - cuts[level]),
            };
            let reached = framework.better.reaches_level(by_score, next);
            NextLevel {
                level: next,
                from,
                short: if reached { 0.0 } else { short.max(0.0) },
                unmet: self.unmet(node, &levels.bands[next].needs),
            }
        });
        Some(Standing {
            level,
            by_score,
            next,
        })
    }

    /// Conditions that do not hold, each with what was found.
    fn unmet(&self, node: NodeIx, needs: &[Need]) -> Vec<(Need, Option<f64>)> {
        let framework = self.all.plan.framework;
        if framework.levels_with_needs(node).is_none() {
            return Vec::new();
        }
        let (table, at) = (self.all.scores(), self.observation);
        let judged = needs.iter().map(|need| {
            let (found, holds) = match need {
                Need::Coverage(least) => {
                    let found = table.nodes[node.0].coverage[at];
                    (found, found.is_some_and(|found| reaches(found, *least)))
                }
                Need::Score(other, least) => {
                    let found = table.nodes[other.0].score[at];
                    let holds = found.is_some_and(|score| framework.better.reaches(score, *least));
                    (found, holds)
                }
                Need::Level(other, least) => {
                    let found = table.nodes[other.0].level[at];
                    let holds =
                        found.is_some_and(|level| framework.better.reaches_level(level, *least));
                    (found.map(|level| level as f64), holds)
                }
            };
            (need, found, holds)
        });
        judged
            .filter(|(_, _, holds)| !holds)
            .map(|(need, found, _)| (need.clone(), found))
            .collect()
    }
}
