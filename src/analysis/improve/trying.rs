//! Trying sets one after the other, where better answers can turn against the unit: all of them where they are few, else
//! the cheapest ones, or those near the best one so far.

use super::search::{Hunt, Pick, Verdict};
use super::strategies::progress;

/// How many sets are tried at most.
const MOST_SETS: usize = 4096;
/// The same where everybody is scored anew for each.
const MOST_ANEW: usize = 400;
/// Rows that are scored for that at most.
const MOST_ROWS: usize = 60_000;
/// For how many rounds an item stays as it was just changed.
const REST: usize = 7;

/// What trying came to.
pub(super) struct Tried {
    /// A set that reaches the target, else the one that comes nearest.
    pub(super) picks: Vec<Pick>,
    pub(super) reached: bool,
    /// Whether nothing was left untried.
    pub(super) all: bool,
}

impl Hunt<'_> {
    fn most_sets(&self) -> usize {
        let (rows, most) = if self.all.alone {
            (self.bench.lines.len(), MOST_SETS)
        } else {
            (self.all.responses.rows.len(), MOST_ANEW)
        };
        (MOST_ROWS / rows.max(1)).clamp(1, most)
    }

    /// Whether all sets of answers can be tried.
    pub(super) fn are_few(&self) -> bool {
        let ways = self.items.iter().map(|item| item.ways() + 1);
        let count = ways.fold(1_usize, usize::saturating_mul);
        count <= self.most_sets()
    }

    /// Looks for any set that reaches the target.
    pub(super) fn any(&self) -> Tried {
        if self.are_few() {
            let mut sets = Vec::new();
            self.list(0, f64::INFINITY, &mut Vec::new(), 0.0, &mut sets);
            let sets: Vec<Vec<Pick>> = sets.into_iter().map(|(set, _)| set).collect();
            let (at, verdict) = self.best_of(&sets);
            return Tried {
                picks: sets[at].clone(),
                reached: verdict.reached,
                all: self.full && self.listed,
            };
        }
        let everything: Vec<usize> = (0..self.items.len()).collect();
        let mut best = (self.tops(&everything), Verdict::default());
        let mut left = self.most_sets();
        for start in [best.0.clone(), Vec::new()] {
            let (picks, verdict) = self.climb(start, left / 2);
            left -= left / 2;
            if self.key(&verdict) > self.key(&best.1) {
                best = (picks, verdict);
            }
            if best.1.reached {
                break;
            }
        }
        Tried {
            picks: best.0,
            reached: best.1.reached,
            all: false,
        }
    }

    /// From one set to the best one that differs in a single item, worse ones included, as long as so many may be tried
    /// (tabu search: Glover, *ORSA Journal on Computing* 1, 1989).
    fn climb(&self, start: Vec<Pick>, most: usize) -> (Vec<Pick>, Verdict) {
        let mut rests = vec![0; self.items.len()];
        let verdict = self.verdicts(std::slice::from_ref(&start)).swap_remove(0);
        let mut best = (start.clone(), verdict);
        let (mut current, mut tried, mut round) = (start, 0, 0);
        loop {
            round += 1;
            let mut moves = Vec::new();
            for (at, item) in self.items.iter().enumerate() {
                if rests[at] > round {
                    continue;
                }
                let own = current.iter().find(|pick| pick.0 == at).map(|pick| pick.1);
                let ways = std::iter::once(None).chain((0..item.ways()).map(Some));
                for way in ways.filter(|way| *way != own) {
                    let mut set = current.clone();
                    set.retain(|pick| pick.0 != at);
                    set.extend(way.map(|way| (at, way)));
                    set.sort_unstable();
                    moves.push((at, set));
                }
            }
            tried += moves.len();
            if best.1.reached || moves.is_empty() || tried > most {
                return best;
            }
            let sets: Vec<Vec<Pick>> = moves.iter().map(|(_, set)| set.clone()).collect();
            let (at, verdict) = self.best_of(&sets);
            rests[moves[at].0] = round + 1 + REST.min(self.items.len() / 2);
            current.clone_from(&sets[at]);
            if self.key(&verdict) > self.key(&best.1) {
                best = (current.clone(), verdict);
            }
        }
    }

    /// A set that costs less than `most`, if one of those tried reaches the target; and what every set costs that was not
    /// tried or does.
    pub(super) fn cheaper(&self, most: f64) -> (Option<Vec<Pick>>, f64) {
        let step = self.costs.iter().copied().fold(f64::INFINITY, f64::min);
        let (mut least, mut known) = (0.0, 0);
        while least < most && step.is_finite() {
            // Each round all that costs less than one cheapest change more.
            let below = (least + step).min(most);
            let mut sets = Vec::new();
            if !self.list(0, below, &mut Vec::new(), 0.0, &mut sets) {
                break;
            }
            sets.sort_by(|a, b| a.1.total_cmp(&b.1));
            let sets: Vec<Vec<Pick>> = sets.into_iter().map(|(set, _)| set).collect();
            let verdicts = self.verdicts(&sets[known..]);
            if let Some(at) = verdicts.iter().position(|verdict| verdict.reached) {
                let picks = sets[known + at].clone();
                let cost = picks.iter().map(|pick| self.costs[pick.0]).sum();
                return (Some(picks), cost);
            }
            known = sets.len();
            least = below;
        }
        (None, least)
    }

    /// All sets that cost less than `below`; whether they are few enough.
    fn list(
        &self,
        from: usize,
        below: f64,
        picks: &mut Vec<Pick>,
        cost: f64,
        sets: &mut Vec<(Vec<Pick>, f64)>,
    ) -> bool {
        if sets.len() >= self.most_sets() {
            return false;
        }
        sets.push((picks.clone(), cost));
        for at in from..self.items.len() {
            let more = cost + self.costs[at];
            if more >= below - 1e-9 {
                continue;
            }
            for way in 0..self.items[at].ways() {
                picks.push((at, way));
                let few = self.list(at + 1, below, picks, more, sets);
                picks.pop();
                if !few {
                    return false;
                }
            }
        }
        true
    }

    fn best_of(&self, sets: &[Vec<Pick>]) -> (usize, Verdict) {
        let verdicts = self.verdicts(sets).into_iter().enumerate();
        // Of equals the first.
        let best = verdicts.reduce(|best, next| {
            if self.key(&next.1) > self.key(&best.1) {
                next
            } else {
                best
            }
        });
        best.expect("there is a set to try")
    }

    /// How good a try is: whether it reaches the target, how far it comes, what it gains the node.
    fn key(&self, verdict: &Verdict) -> (bool, f64, f64) {
        (
            verdict.reached,
            progress(verdict, &self.short()),
            verdict.gain,
        )
    }
}
