//! How a set is looked for: by what covers the needs, by adding, by leaving out; and how it is thinned.

use std::collections::BTreeMap;

use crate::framework::{Better, NodeIx, TOLERANCE};

use super::blocking;
use super::cover::Cover;
use super::items::{Item, State};
use super::search::{Hunt, Pick, Verdict};
use super::structure::adds_up;
use super::{Aim, Proof};

/// How often the search for what blocks may try a set.
const MOST_TRIES: usize = 600;
/// Rows that are scored for one round of trying every item.
const MOST_ROWS: usize = 60_000;
/// What sums of many gains may be off by.
const SLACK: f64 = 1e-10;

impl Hunt<'_> {
    /// The cheapest set that is found, what every set costs at least, and how that is known.
    /// Where the best answers to everything do not reach the target, `start` does.
    pub(super) fn cheapest(&self, start: Option<Vec<Pick>>) -> (Vec<Pick>, f64, Proof) {
        let cost =
            |picks: &[Pick]| -> f64 { picks.iter().map(|(item, _)| self.costs[*item]).sum() };
        let cheapest = self.costs.iter().copied().reduce(f64::min).unwrap_or(0.0);
        let mut least = cheapest;
        let mut proof = Proof::Nothing;
        let mut found: Vec<Vec<Pick>> = Vec::new();
        if self.adds_up() {
            let (covered, at_least) = self.covered();
            least = least.max(at_least);
            proof = Proof::Sums;
            found.extend(covered.map(|set| self.tops(&set)));
        }
        if found.is_empty() {
            found.extend(self.forward().map(|set| self.tops(&set)));
            found.extend(start.is_none().then(|| self.tops(&self.backward())));
        }
        found.extend(start);
        let proved = |found: &[Vec<Pick>], least: f64| {
            let best = found.iter().map(|set| cost(set)).reduce(f64::min);
            best.is_some_and(|best| best <= least + 1e-9)
        };
        for set in &mut found {
            *set = self.thinned(set);
        }
        if !proved(&found, least) && self.is_monotone() {
            let blocked = blocking::cheapest(
                &self.costs,
                &self.requires,
                self.whole,
                MOST_TRIES,
                &mut |items| self.reaches_alone(items),
            );
            if blocked.at_least > least + 1e-9 || proof == Proof::Nothing {
                proof = Proof::Blocking;
            }
            least = least.max(blocked.at_least);
            found.extend(blocked.chosen.map(|items| self.alone(&items)));
        }
        if !proved(&found, least) && (proof == Proof::Nothing || self.are_few()) {
            let most = found.iter().map(|set| cost(set)).reduce(f64::min);
            let (cheaper, tried) = self.cheaper(most.unwrap_or_default());
            found.extend(cheaper);
            if self.full && self.listed && tried > least + 1e-9 {
                (least, proof) = (tried, Proof::Trying);
            }
        }
        let best = found.into_iter().min_by(|a, b| cost(a).total_cmp(&cost(b)));
        (best.unwrap_or_default(), least, proof)
    }

    /// These items at their best answers, without those that open them.
    fn alone(&self, items: &[usize]) -> Vec<Pick> {
        let picks = items.iter().map(|item| (*item, self.items[*item].top()));
        picks.collect()
    }

    /// Whether these items reach the target without those that open them.
    fn reaches_alone(&self, items: &[usize]) -> bool {
        self.reaches_with(&self.alone(items))
    }

    /// Whether single gains bound what items gain together, for all that is needed.
    fn adds_up(&self) -> bool {
        let (all, row) = (self.all, self.bench.row);
        let plain = |node: NodeIx| adds_up(all.plan, &all.table, row, node);
        let one_row = all.plan.score_steps() == 0;
        all.alone
            && !self.is_compared()
            && one_row
            && !self.gates.wild
            && !self.gates.tangled
            && self.full
            && self.needed > 0
            && self.goals[..self.needed]
                .iter()
                .all(|(node, _)| plain(*node))
    }

    /// Whether scores are compared with a frozen cohort: a distance to a target can make the best answer too much.
    fn is_compared(&self) -> bool {
        self.all.plan.assumptions.cohort.is_some()
    }

    /// Whether a better answer never lowers a score.
    pub(super) fn is_monotone(&self) -> bool {
        let plan = self.all.plan;
        let most = plan.reach.iter().copied().fold(0.0, f64::max);
        let full = |item: &Item| {
            let goal = match item.rungs[item.top()].aim {
                Aim::Option | Aim::Options(_) | Aim::Goal => true,
                Aim::Band | Aim::PeersMedian | Aim::PeersQuarter | Aim::PeersBest => false,
            };
            goal && plan.reach[item.node.0] >= most - TOLERANCE
        };
        let gaps = self
            .items
            .iter()
            .filter(|item| item.state == State::Gap)
            .all(|item| plan.framework.better == Better::Higher && full(item));
        // Answers that bring a poor score about can lower what stands above it.
        let withheld = self.all.table.nodes.iter().any(|column| {
            column.score[self.bench.row].is_none() && column.answered[self.bench.row] > 0
        });
        self.all.alone && !self.is_compared() && !self.gates.wild && self.full && gaps && !withheld
    }

    /// By cover: the cheapest set by single gains that reaches the target, and the least that any set costs.
    fn covered(&self) -> (Option<Vec<usize>>, f64) {
        let count = self.items.len();
        let with: Vec<Vec<Pick>> = (0..count).map(|item| self.tops(&[item])).collect();
        // What has to be opened first is no gain of the item's own.
        let opened: Vec<usize> = (0..count).filter(|item| with[*item].len() > 1).collect();
        let without = opened.iter().map(|item| {
            let mut picks = with[*item].clone();
            picks.retain(|pick| pick.0 != *item);
            picks
        });
        let tries: Vec<Vec<Pick>> = with.iter().cloned().chain(without).collect();
        let verdicts = self.verdicts(&tries);
        let own = |need: usize, item: usize| {
            let before = opened.binary_search(&item);
            let before = before.map_or(0.0, |at| verdicts[count + at].lifted[need]);
            (verdicts[item].lifted[need] - before).max(0.0)
        };
        let gains: Vec<Vec<f64>> = (0..self.needed)
            .map(|need| (0..count).map(|item| own(need, item)).collect())
            .collect();
        let mut missing = self.short();
        missing.truncate(self.needed);
        let mut needs = missing.clone();
        let mut least = 0.0;
        for round in 0..25 {
            let cover = Cover {
                costs: &self.costs,
                gains: &gains,
                needs: &needs,
                requires: &self.requires,
                whole: self.whole,
            };
            let Some(covered) = cover.solve() else { break };
            if round == 0 {
                least = covered.at_least;
            }
            let verdict = self.verdicts(&[self.tops(&covered.chosen)]).swap_remove(0);
            if verdict.reached {
                return (Some(covered.chosen), least);
            }
            let mut short = false;
            for (at, need) in needs.iter_mut().enumerate() {
                let gap = missing[at] - verdict.lifted[at];
                if gap > 0.0 {
                    *need += gap.max(1e-6);
                    short = true;
                }
            }
            if !short {
                break;
            }
        }
        (None, least)
    }

    /// One item after the other, the one that brings most for its cost; none where that leads nowhere.
    fn forward(&self) -> Option<Vec<usize>> {
        let rows = if self.all.alone {
            1
        } else {
            self.all.cases.len()
        };
        let missing = self.short();
        if missing.is_empty() || self.items.len() * rows > MOST_ROWS {
            return None;
        }
        let mut chosen: Vec<usize> = Vec::new();
        let mut before = 0.0;
        loop {
            let open: Vec<usize> = (0..self.items.len())
                .filter(|item| !chosen.contains(item))
                .collect();
            let tries: Vec<Vec<Pick>> = open
                .iter()
                .map(|item| {
                    let mut more = chosen.clone();
                    more.push(*item);
                    self.tops(&more)
                })
                .collect();
            let verdicts = self.verdicts(&tries);
            let worth = |at: usize| {
                let added: f64 = tries[at]
                    .iter()
                    .filter(|pick| !chosen.contains(&pick.0))
                    .map(|pick| self.costs[pick.0])
                    .sum();
                let gain = progress(&verdicts[at], &missing) - before;
                (verdicts[at].reached, gain / added)
            };
            let best = (0..open.len()).rev().max_by(|a, b| {
                let (a, b) = (worth(*a), worth(*b));
                a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
            })?;
            let (reached, gain) = worth(best);
            if !reached && gain <= 1e-12 {
                return None;
            }
            before = progress(&verdicts[best], &missing);
            chosen = tries[best].iter().map(|pick| pick.0).collect();
            if reached {
                return Some(chosen);
            }
        }
    }

    /// All items, without those that bring least for their cost as long as the target is reached.
    fn backward(&self) -> Vec<usize> {
        let missing = self.short();
        let singles: Vec<Vec<Pick>> = (0..self.items.len())
            .map(|item| self.tops(&[item]))
            .collect();
        let worth: Vec<f64> = self
            .verdicts(&singles)
            .iter()
            .zip(&self.costs)
            .map(|(verdict, cost)| progress(verdict, &missing) / cost)
            .collect();
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_by(|a, b| {
            let dearer = self.costs[*b].total_cmp(&self.costs[*a]);
            worth[*a].total_cmp(&worth[*b]).then(dearer)
        });
        let mut kept = vec![true; self.items.len()];
        self.drop_all(&mut kept, &order);
        (0..kept.len()).filter(|item| kept[*item]).collect()
    }

    /// Leaves items out as long as the target is reached: whole halves where that is possible.
    fn drop_all(&self, kept: &mut [bool], items: &[usize]) {
        if items.is_empty() {
            return;
        }
        for item in items {
            kept[*item] = false;
        }
        let rest: Vec<usize> = (0..kept.len()).filter(|item| kept[*item]).collect();
        if self.reaches_alone(&rest) {
            return;
        }
        for item in items {
            kept[*item] = true;
        }
        if items.len() > 1 {
            let (first, last) = items.split_at(items.len() / 2);
            self.drop_all(kept, first);
            self.drop_all(kept, last);
        }
    }

    /// The same picks without those that can be left out, and none further up than it has to be.
    pub(super) fn thinned(&self, picks: &[Pick]) -> Vec<Pick> {
        let mut picks = picks.to_vec();
        let sums = self.sums(&picks);
        loop {
            let before = picks.clone();
            // The dearest first, of these the last.
            let mut order = picks.clone();
            order.sort_by(|a, b| self.costs[b.0].total_cmp(&self.costs[a.0]).then(b.cmp(a)));
            let mut spare = sums.as_ref().map(|sums| sums.spare(&picks));
            let mut falls_short = |pick: Pick, instead: Option<Pick>, taken: bool| {
                let (Some(sums), Some(spare)) = (&sums, &mut spare) else {
                    return false;
                };
                let left = sums.left(spare, pick, instead);
                let short = left.iter().any(|left| *left < -SLACK);
                if taken {
                    *spare = left;
                }
                short
            };
            for pick in order {
                if falls_short(pick, None, false) {
                    continue;
                }
                let mut fewer = picks.clone();
                fewer.retain(|own| *own != pick);
                if self.reaches_with(&fewer) {
                    picks = fewer;
                    falls_short(pick, None, true);
                }
            }
            for at in 0..picks.len() {
                let pick = picks[at];
                let lower = (0..pick.1).map(|rung| (pick.0, rung)).find(|lower| {
                    if falls_short(pick, Some(*lower), false) {
                        return false;
                    }
                    let mut less = picks.clone();
                    less[at] = *lower;
                    self.reaches_with(&less)
                });
                if let Some(lower) = lower {
                    picks[at] = lower;
                    falls_short(pick, Some(lower), true);
                }
            }
            if picks == before {
                return picks;
            }
        }
    }

    /// What these picks, and those below them, gain alone, where that bounds what they gain together and nothing has to be
    /// opened first.
    fn sums(&self, picks: &[Pick]) -> Option<Sums> {
        if !self.adds_up() || self.requires.iter().any(|items| !items.is_empty()) {
            return None;
        }
        let ways = picks.iter();
        let ways = ways.flat_map(|(item, top)| (0..=*top).map(|way| (*item, way)));
        let ways: Vec<Pick> = ways.collect();
        let tries: Vec<Vec<Pick>> = ways.iter().map(|way| vec![*way]).collect();
        let gains = self.verdicts(&tries).into_iter();
        let gains = gains.map(|verdict| {
            let needs = verdict.lifted[..self.needed].iter();
            needs.map(|gain| gain.max(0.0)).collect()
        });
        let mut missing = self.short();
        missing.truncate(self.needed);
        Some(Sums {
            gains: ways.into_iter().zip(gains).collect(),
            missing,
        })
    }
}

/// Gains of single picks, of which no set gains more than their sum.
struct Sums {
    /// By need, for each pick.
    gains: BTreeMap<Pick, Vec<f64>>,
    missing: Vec<f64>,
}

impl Sums {
    /// By need: how much more than is missing picks could gain.
    fn spare(&self, picks: &[Pick]) -> Vec<f64> {
        let needs = self.missing.iter().enumerate();
        let spare = needs.map(|(need, missing)| {
            let gains = picks.iter().map(|pick| self.gains[pick][need]);
            gains.sum::<f64>() - missing
        });
        spare.collect()
    }

    /// What is left of that without a pick, or with another one instead.
    fn left(&self, spare: &[f64], pick: Pick, instead: Option<Pick>) -> Vec<f64> {
        let needs = spare.iter().enumerate();
        let left = needs.map(|(need, spare)| {
            let other = instead.map_or(0.0, |other| self.gains[&other][need]);
            spare - self.gains[&pick][need] + other
        });
        left.collect()
    }
}

/// How far a try has come, at most 1 for each need.
pub(super) fn progress(verdict: &Verdict, missing: &[f64]) -> f64 {
    let share = |(lifted, missing): (&f64, &f64)| {
        if *missing > 0.0 {
            (lifted / missing).min(1.0)
        } else {
            0.0
        }
    };
    verdict.lifted.iter().zip(missing).map(share).sum()
}
