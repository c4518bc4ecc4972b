//! The smallest set of changes that reaches a target.
//!
//! The search looks at best answers only; the set that it finds is thinned until no change can be left out, then each
//! answer goes no further than it has to. How small a set can be is told by `cover` where gains add up, by `blocking` where
//! better answers never lower the score.

use crate::framework::{Better, Framework, Need, NodeIx, Outcome, TOLERANCE, answers_worth};
use crate::scoring::{ScoreTable, at_least};

use super::bench::{Bench, Completed, Edit};
use super::blocking;
use super::cover::Cover;
use super::improver::Improver;
use super::items::{Item, State};
use super::structure::adds_up;
use super::{Aim, Costs, Proof, Route, Step, Target};

/// How often the search for what blocks may try a set.
const MOST_TRIES: usize = 1500;
/// Rows that are scored for one round of trying every item.
const MOST_ROWS: usize = 60_000;

/// An item with one of its rungs.
type Pick = (usize, usize);

/// What the search knows.
struct Hunt<'h> {
    all: &'h Improver<'h>,
    bench: &'h Bench<'h>,
    target: Target,
    /// Nodes whose scores every set must lift, and to what.
    needs: Vec<(NodeIx, f64)>,
    items: Vec<Item>,
    costs: Vec<f64>,
    whole: bool,
    /// By item: the items that open it.
    requires: Vec<Vec<usize>>,
    /// Whether a change closes questions, or opens some whose lowest answer scores less than their not being asked.
    wild: bool,
}

/// What a try comes to.
#[derive(Clone, Debug, Default)]
struct Verdict {
    reached: bool,
    /// By need: how much better the score is than now.
    lifted: Vec<f64>,
}

impl Improver<'_> {
    pub(super) fn find_route(&self, bench: &Bench<'_>, target: Target, costs: &Costs) -> Route {
        if self.reaches(&self.table, bench.row, target) {
            return Route {
                target,
                reached: true,
                changes: Vec::new(),
                costs: Vec::new(),
                cost: 0.0,
                at_least: 0.0,
                proof: Proof::Sums,
                outcome: self.scored_anew(bench, &[]),
            };
        }
        let hunt = Hunt::new(self, bench, target, costs);
        let everything: Vec<usize> = (0..hunt.items.len()).collect();
        if !hunt.reaches(&everything) {
            return Route {
                target,
                reached: false,
                changes: Vec::new(),
                costs: Vec::new(),
                cost: 0.0,
                at_least: 0.0,
                proof: Proof::Nothing,
                outcome: self.scored_anew(bench, &hunt.edits(&hunt.tops(&everything)).edits),
            };
        }
        let (chosen, least, proof) = hunt.cheapest();
        let picks = hunt.thinned(&hunt.tops(&chosen));
        let changes = hunt.steps(&picks);
        let each: Vec<f64> = changes.iter().map(|step| costs.of(step.node)).collect();
        let cost = each.iter().sum();
        Route {
            target,
            reached: true,
            changes,
            costs: each,
            cost,
            at_least: least.min(cost),
            proof,
            outcome: self.scored_anew(bench, &hunt.asked(&picks)),
        }
    }

    /// Whether a target is reached in a row of a table.
    fn reaches(&self, table: &ScoreTable, row: usize, target: Target) -> bool {
        let framework = self.plan.framework;
        match target {
            Target::Score(node, least) => table.nodes[node.0].score[row]
                .is_some_and(|score| at_least(framework, score, least)),
            Target::Level(node, wanted) => {
                table.nodes[node.0].level[row].is_some_and(|level| match framework.better {
                    Better::Higher => level >= wanted,
                    Better::Lower => level <= wanted,
                })
            }
        }
    }

    /// Scores without which the target is out of reach, beside others perhaps.
    fn needs(&self, target: Target) -> Vec<(NodeIx, f64)> {
        let framework = self.plan.framework;
        let (node, wanted) = match target {
            Target::Score(node, least) => return vec![(node, least)],
            Target::Level(node, wanted) => (node, wanted),
        };
        let Some(levels) = framework.levels_of(node).filter(|levels| !levels.quantiles) else {
            return Vec::new();
        };
        if levels.rounded {
            return Vec::new();
        }
        let cut = |bands: &[crate::framework::Level], level: usize| match framework.better {
            Better::Higher => bands.get(level).map(|band| band.from),
            Better::Lower => bands.get(level + 1).map(|band| band.from),
        };
        let mut needs: Vec<(NodeIx, f64)> = Vec::new();
        needs.extend(cut(&levels.bands, wanted).map(|cut| (node, cut)));
        // Conditions of the best level only: a better one than was asked for has its own.
        let own = framework
            .node(node)
            .levels
            .is_some_and(|levels| levels.0 > 0);
        let best = match framework.better {
            Better::Higher => wanted + 1 == levels.bands.len(),
            Better::Lower => wanted == 0,
        };
        if best && (own || node == Framework::INDEX) {
            for need in &levels.bands[wanted].needs {
                match need {
                    Need::Score(other, least) => needs.push((*other, *least)),
                    Need::Level(other, level) => {
                        let bands = framework.levels_of(*other);
                        let plain = bands.filter(|levels| !levels.quantiles && !levels.rounded);
                        let least = plain.and_then(|levels| cut(&levels.bands, *level));
                        needs.extend(least.map(|least| (*other, least)));
                    }
                    Need::Coverage(_) => {}
                }
            }
        }
        needs
    }
}

impl<'h> Hunt<'h> {
    fn new(all: &'h Improver<'h>, bench: &'h Bench<'h>, target: Target, costs: &Costs) -> Self {
        let needs = all.needs(target);
        let mut items = bench.items();
        let mut nodes: Vec<NodeIx> = needs.iter().map(|need| need.0).collect();
        nodes.push(target.node());
        items.retain(|item| nodes.iter().any(|node| all.touches(item.node, *node)));
        let mut hunt = Self {
            all,
            bench,
            target,
            needs,
            costs: items.iter().map(|item| costs.of(item.node)).collect(),
            whole: costs.are_whole(),
            requires: vec![Vec::new(); items.len()],
            wild: false,
            items,
        };
        hunt.find_gates();
        hunt
    }

    /// Which items open others, and whether that can do harm.
    fn find_gates(&mut self) {
        let questions = &self.all.plan.questions;
        let mut gates = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            let edits: Vec<Edit> = item.edits(item.top()).collect();
            let completed = self.bench.complete(&edits);
            let harmful = completed
                .opened
                .iter()
                .any(|edit| !self.is_calm(edit.question));
            self.wild |= harmful || !completed.closed.is_empty();
            if !completed.opened.is_empty() {
                gates.push(at);
            }
        }
        for at in 0..self.items.len() {
            let item = &self.items[at];
            if item.state != State::Closed {
                continue;
            }
            let mut behind = vec![item.question];
            let mut next = 0;
            while let Some(question) = behind.get(next).copied() {
                let more: Vec<usize> = questions
                    .looks_at(question)
                    .filter(|other| !behind.contains(other))
                    .collect();
                behind.extend(more);
                next += 1;
            }
            let opens = |gate: &&usize| {
                let gate = &self.items[**gate];
                gate.case == item.case
                    && gate.question != item.question
                    && behind.contains(&gate.question)
            };
            let found: Vec<usize> = gates.iter().filter(opens).copied().collect();
            // A gate that is closed itself is opened first.
            self.requires[at] = found;
        }
    }

    /// Whether being asked a question costs nothing: not being asked counts as a share that its lowest answer has too.
    fn is_calm(&self, question: usize) -> bool {
        let plan = self.all.plan;
        let indicator = plan.questions.indicator(question);
        let node = plan.questions.nodes[question];
        let (lowest, highest) = answers_worth(&indicator.answers);
        let counts = |outcome: Outcome| match (outcome, plan.framework.better) {
            (Outcome::Score(share), Better::Higher) => share <= lowest + TOLERANCE,
            (Outcome::Score(share), Better::Lower) => share >= highest - TOLERANCE,
            _ => false,
        };
        plan.normalise(node).is_none() && indicator.when.iter().all(|when| counts(when.otherwise))
    }

    /// Items with everything that they require, at their best answers.
    fn tops(&self, items: &[usize]) -> Vec<Pick> {
        let mut all = items.to_vec();
        let mut at = 0;
        while at < all.len() {
            for other in &self.requires[all[at]] {
                if !all.contains(other) {
                    all.push(*other);
                }
            }
            at += 1;
        }
        all.sort_unstable();
        all.into_iter()
            .map(|item| (item, self.items[item].top()))
            .collect()
    }

    /// The answers that picks ask for.
    fn asked(&self, picks: &[Pick]) -> Vec<Edit> {
        let edits = picks
            .iter()
            .flat_map(|(item, rung)| self.items[*item].edits(*rung));
        edits.collect()
    }

    fn edits(&self, picks: &[Pick]) -> Completed {
        self.bench.complete(&self.asked(picks))
    }

    fn verdicts(&self, tries: &[Vec<Pick>]) -> Vec<Verdict> {
        let tries: Vec<Vec<Edit>> = tries.iter().map(|picks| self.edits(picks).edits).collect();
        let mut verdicts = vec![Verdict::default(); tries.len()];
        self.bench.evaluate(&tries, &mut |at, table, row| {
            verdicts[at] = Verdict {
                reached: self.all.reaches(table, row, self.target),
                lifted: self
                    .needs
                    .iter()
                    .map(|(node, _)| {
                        self.score(table, row, *node)
                            - self.score(&self.all.table, self.bench.row, *node)
                    })
                    .collect(),
            };
        });
        verdicts
    }

    /// A score, the more the better; the worst without one.
    fn score(&self, table: &ScoreTable, row: usize, node: NodeIx) -> f64 {
        let score = table.nodes[node.0].score[row];
        let worst = match self.all.plan.framework.better {
            Better::Higher => 0.0,
            Better::Lower => 1.0,
        };
        self.all.sign() * score.unwrap_or(worst)
    }

    /// By need: what is missing to it.
    fn missing(&self) -> Vec<f64> {
        let now = |node: NodeIx| self.score(&self.all.table, self.bench.row, node);
        let needs = self.needs.iter();
        needs
            .map(|(node, least)| self.all.sign() * least - TOLERANCE - now(*node))
            .collect()
    }

    fn reaches(&self, items: &[usize]) -> bool {
        self.reaches_with(&self.tops(items))
    }

    fn reaches_with(&self, picks: &[Pick]) -> bool {
        let verdicts = self.verdicts(&[picks.to_vec()]);
        verdicts.iter().all(|verdict| verdict.reached)
    }

    /// The cheapest set that is found, what every set costs at least, and how that is known.
    fn cheapest(&self) -> (Vec<usize>, f64, Proof) {
        let cost = |items: &[usize]| -> f64 {
            let picks = self.tops(items);
            picks.iter().map(|(item, _)| self.costs[*item]).sum()
        };
        let cheapest = self.costs.iter().copied().reduce(f64::min).unwrap_or(0.0);
        let mut least = cheapest;
        let mut proof = Proof::Nothing;
        let mut found: Vec<Vec<usize>> = Vec::new();
        if self.adds_up() {
            let (covered, at_least) = self.covered();
            least = least.max(at_least);
            proof = Proof::Sums;
            found.extend(covered);
        }
        if found.is_empty() {
            found.extend(self.forward());
            found.push(self.backward());
        }
        let proved = |found: &[Vec<usize>], least: f64| {
            let best = found.iter().map(|set| cost(set)).reduce(f64::min);
            best.is_some_and(|best| best <= least + 1e-9)
        };
        for set in &mut found {
            *set = self
                .thinned(&self.tops(set))
                .iter()
                .map(|pick| pick.0)
                .collect();
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
            found.extend(blocked.chosen);
        }
        let best = found.into_iter().min_by(|a, b| cost(a).total_cmp(&cost(b)));
        (best.unwrap_or_default(), least, proof)
    }

    /// Whether these items reach the target without those that open them.
    fn reaches_alone(&self, items: &[usize]) -> bool {
        let picks = items.iter().map(|item| (*item, self.items[*item].top()));
        self.reaches_with(&picks.collect::<Vec<Pick>>())
    }

    /// Whether single gains bound what items gain together, for all that is needed.
    fn adds_up(&self) -> bool {
        let (all, row) = (self.all, self.bench.row);
        let plain = |node: NodeIx| adds_up(all.plan, &all.table, row, node);
        let one_row = all.plan.score_steps() == 0;
        all.alone
            && one_row
            && !self.wild
            && !self.needs.is_empty()
            && self.needs.iter().all(|(node, _)| plain(*node))
    }

    /// Whether a better answer never lowers a score.
    fn is_monotone(&self) -> bool {
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
        self.all.alone && !self.wild && gaps && !withheld
    }

    /// By cover: the cheapest set by single gains that reaches the target, and the least that any set costs.
    fn covered(&self) -> (Option<Vec<usize>>, f64) {
        let count = self.items.len();
        let with: Vec<Vec<Pick>> = (0..count).map(|item| self.tops(&[item])).collect();
        let without = (0..count).map(|item| {
            let mut picks = with[item].clone();
            picks.retain(|pick| pick.0 != item);
            picks
        });
        let tries: Vec<Vec<Pick>> = with.iter().cloned().chain(without).collect();
        let verdicts = self.verdicts(&tries);
        let gains: Vec<Vec<f64>> = (0..self.needs.len())
            .map(|need| {
                (0..count)
                    .map(|item| {
                        let gain =
                            verdicts[item].lifted[need] - verdicts[count + item].lifted[need];
                        gain.max(0.0)
                    })
                    .collect()
            })
            .collect();
        let missing = self.missing();
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
        let missing = self.missing();
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
        let missing = self.missing();
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
    fn thinned(&self, picks: &[Pick]) -> Vec<Pick> {
        let mut picks = picks.to_vec();
        loop {
            let before = picks.clone();
            // The dearest first, of these the last.
            let mut order: Vec<usize> = picks.iter().map(|pick| pick.0).collect();
            order.sort_by(|a, b| self.costs[*b].total_cmp(&self.costs[*a]).then(b.cmp(a)));
            for item in order {
                let mut fewer = picks.clone();
                fewer.retain(|pick| pick.0 != item);
                if self.reaches_with(&fewer) {
                    picks = fewer;
                }
            }
            for at in 0..picks.len() {
                let lower = (0..picks[at].1).find(|rung| {
                    let mut lower = picks.clone();
                    lower[at].1 = *rung;
                    self.reaches_with(&lower)
                });
                if let Some(rung) = lower {
                    picks[at].1 = rung;
                }
            }
            if picks == before {
                return picks;
            }
        }
    }

    /// The steps of a set: each gains what would be lost without it.
    fn steps(&self, picks: &[Pick]) -> Vec<Step> {
        let node = self.target.node();
        let mut tries = vec![self.edits(picks).edits];
        for at in 0..picks.len() {
            let mut others = picks.to_vec();
            others.remove(at);
            tries.push(self.edits(&others).edits);
        }
        let mut scores = vec![(None, None); tries.len()];
        self.bench.evaluate(&tries, &mut |at, table, row| {
            let score = |node: NodeIx| table.nodes[node.0].score[row];
            scores[at] = (score(node), score(Framework::INDEX));
        });
        let sign = self.all.sign();
        let lost = |all: Option<f64>, without: Option<f64>| {
            all.zip(without)
                .map(|(all, without)| sign * (all - without))
        };
        let steps = picks.iter().enumerate().map(|(at, (item, rung))| {
            let item = &self.items[*item];
            let own: Vec<Edit> = item.edits(*rung).collect();
            let completed = self.bench.complete(&own);
            let mut step = self.all.step(self.bench, item, *rung, &completed);
            step.gain = lost(scores[0].0, scores[at + 1].0);
            step.index_gain = lost(scores[0].1, scores[at + 1].1);
            step
        });
        let mut steps: Vec<Step> = steps.collect();
        let key = |step: &Step| step.gain.map_or(f64::INFINITY, crate::framework::tie_key);
        steps.sort_by(|a, b| key(b).total_cmp(&key(a)));
        steps
    }
}

/// How far a try has come, at most 1 for each need.
fn progress(verdict: &Verdict, missing: &[f64]) -> f64 {
    let share = |(lifted, missing): (&f64, &f64)| {
        if *missing > 0.0 {
            (lifted / missing).min(1.0)
        } else {
            0.0
        }
    };
    verdict.lifted.iter().zip(missing).map(share).sum()
}
