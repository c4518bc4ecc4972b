//! The smallest set of changes that reaches a target.
//!
//! The search looks at best answers first, at others where these do not reach the target (`trying`); the set that it finds
//! is thinned until no change can be left out, then each answer goes no further than it has to. How small a set can be is
//! told by `cover` where gains add up, by `blocking` where better answers never lower the score, and by trying all that is
//! smaller.

use crate::framework::{Better, Framework, Need, NodeIx, TOLERANCE};
use crate::responses::Answer;
use crate::scoring::ScoreTable;

use super::bench::{Bench, Completed, Edit};
use super::gates::Gates;
use super::improver::Improver;
use super::items::Item;
use super::{Costs, Proof, Route, Step, Target};

/// Answers that are changed at once, over several tries.
const MOST_EDITS: usize = 200_000;

/// An item with one of its ways to be better.
pub(super) type Pick = (usize, usize);

/// What the search knows.
pub(super) struct Hunt<'h> {
    pub(super) all: &'h Improver<'h>,
    pub(super) bench: &'h Bench<'h>,
    pub(super) target: Target,
    /// The target's node and all that its level's conditions name.
    pub(super) nodes: Vec<NodeIx>,
    /// Scores on the way to the target; the first ones are needed by every set.
    pub(super) goals: Vec<(NodeIx, f64)>,
    /// How many are needed by every set.
    pub(super) needed: usize,
    pub(super) items: Vec<Item>,
    pub(super) costs: Vec<f64>,
    pub(super) whole: bool,
    /// By item: the items that open it.
    pub(super) requires: Vec<Vec<usize>>,
    pub(super) gates: Gates,
    /// Whether no answer is better than the best one that is known of each item.
    pub(super) full: bool,
    /// Whether conditions tell no more answers apart than the items list.
    pub(super) listed: bool,
}

/// What a try comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Verdict {
    pub(super) reached: bool,
    /// By goal: how much better the score is than now.
    pub(super) lifted: Vec<f64>,
    /// The same of the target's node.
    pub(super) gain: f64,
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
        let tops = hunt.tops(&everything);
        let tried = if hunt.reaches_with(&tops) {
            None
        } else if hunt.is_monotone() && !hunt.gates.shut {
            return self.out_of_reach(bench, target, Proof::Blocking, &hunt.asked(&tops));
        } else {
            Some(hunt.any())
        };
        if let Some(tried) = tried.as_ref().filter(|tried| !tried.reached) {
            let proof = if tried.all {
                Proof::Trying
            } else {
                Proof::Nothing
            };
            return self.out_of_reach(bench, target, proof, &hunt.asked(&tried.picks));
        }
        let (chosen, least, proof) = hunt.cheapest(tried.map(|tried| tried.picks));
        let picks = hunt.thinned(&chosen);
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

    fn out_of_reach(
        &self,
        bench: &Bench<'_>,
        target: Target,
        proof: Proof,
        best: &[Edit],
    ) -> Route {
        Route {
            target,
            reached: false,
            changes: Vec::new(),
            costs: Vec::new(),
            cost: 0.0,
            at_least: 0.0,
            proof,
            outcome: self.scored_anew(bench, best),
        }
    }

    /// Whether a target is reached in a row of a table.
    fn reaches(&self, table: &ScoreTable, row: usize, target: Target) -> bool {
        let framework = self.plan.framework;
        match target {
            Target::Score(node, least) => table.nodes[node.0].score[row]
                .is_some_and(|score| framework.better.reaches(score, least)),
            Target::Level(node, wanted) => table.nodes[node.0].level[row]
                .is_some_and(|level| framework.better.reaches_level(level, wanted)),
        }
    }

    /// Scores on the way to a target, and how many of them no set can do without: these come first.
    fn goals(&self, target: Target) -> (Vec<(NodeIx, f64)>, usize) {
        let framework = self.plan.framework;
        let (node, wanted) = match target {
            Target::Score(node, least) => return (vec![(node, least)], 1),
            Target::Level(node, wanted) => (node, wanted),
        };
        let Some(levels) = framework.levels_of(node).filter(|levels| !levels.quantiles) else {
            return (Vec::new(), 0);
        };
        let cut = |bands: &[crate::framework::Level], level: usize| match framework.better {
            Better::Higher => bands.get(level).map(|band| band.from),
            Better::Lower => bands.get(level + 1).map(|band| band.from),
        };
        // A rounded score may reach a cut-off that the score itself does not reach.
        let (mut needed, mut others) = (Vec::new(), Vec::new());
        let own = if levels.rounded {
            &mut others
        } else {
            &mut needed
        };
        own.extend(cut(&levels.bands, wanted).map(|cut| (node, cut)));
        // Conditions of the best level only: a better one than was asked for has its own.
        let conditional = framework.levels_with_needs(node).is_some();
        let best = match framework.better {
            Better::Higher => wanted + 1 == levels.bands.len(),
            Better::Lower => wanted == 0,
        };
        if conditional {
            for need in &levels.bands[wanted].needs {
                let (goal, strict) = match need {
                    Need::Score(other, least) => (Some((*other, *least)), true),
                    Need::Level(other, level) => {
                        let bands = framework.levels_of(*other);
                        let plain = bands.filter(|levels| !levels.quantiles);
                        let least = plain.and_then(|levels| cut(&levels.bands, *level));
                        let strict = plain.is_some_and(|levels| !levels.rounded);
                        (least.map(|least| (*other, least)), strict)
                    }
                    Need::Coverage(_) => (None, true),
                };
                let goals = if best && strict {
                    &mut needed
                } else {
                    &mut others
                };
                goals.extend(goal);
            }
        }
        let count = needed.len();
        (needed.into_iter().chain(others).collect(), count)
    }

    /// A target's node, and those whose scores and levels its conditions name.
    fn nodes_of(&self, target: Target) -> Vec<NodeIx> {
        let mut nodes = vec![target.node()];
        let mut next = 0;
        while let (Target::Level(..), Some(node)) = (target, nodes.get(next).copied()) {
            next += 1;
            let bands = self.plan.framework.levels_of(node);
            let bands = bands.into_iter().flat_map(|levels| &levels.bands);
            for need in bands.flat_map(|band| &band.needs) {
                match need {
                    Need::Score(other, _) | Need::Level(other, _) if !nodes.contains(other) => {
                        nodes.push(*other);
                    }
                    Need::Score(..) | Need::Level(..) | Need::Coverage(_) => {}
                }
            }
        }
        nodes
    }
}

impl<'h> Hunt<'h> {
    fn new(all: &'h Improver<'h>, bench: &'h Bench<'h>, target: Target, costs: &Costs) -> Self {
        let nodes = all.nodes_of(target);
        let (goals, needed) = all.goals(target);
        let mut items = bench.items();
        items.retain(|item| nodes.iter().any(|node| all.touches(item.node, *node)));
        let mut hunt = Self {
            all,
            bench,
            target,
            nodes,
            goals,
            needed,
            costs: items.iter().map(|item| costs.of(item.node)).collect(),
            whole: costs.are_whole(),
            requires: vec![Vec::new(); items.len()],
            gates: Gates::default(),
            full: false,
            listed: false,
            items,
        };
        hunt.find_gates();
        hunt
    }

    /// Items with everything that they require, at their best answers.
    pub(super) fn tops(&self, items: &[usize]) -> Vec<Pick> {
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

    /// The answer of a pick beside others. Where they change what its number is divided by, it is the one that gives the
    /// same quotient then.
    fn answer_among(&self, (at, way): Pick, picks: &[Pick]) -> Answer {
        let item = &self.items[at];
        let own = item.way(way).answer;
        let Some(divisor) = self.bench.divided_by(item, way) else {
            return own;
        };
        // Numbers may be divided by each other: as answered, so that each is looked at once.
        let others: Vec<Pick> = picks.iter().copied().filter(|pick| pick.0 != at).collect();
        let by = others.iter().copied().find(|(other, _)| {
            let other = &self.items[*other];
            other.node == divisor && other.case == item.case
        });
        let by = by.map(|pick| self.answer_among(pick, &others));
        match (own, by) {
            (Answer::Given(value), Some(Answer::Given(by))) => {
                let answer = self.bench.with_divisor(item, value, by);
                answer.map_or(own, Answer::Given)
            }
            _ => own,
        }
    }

    /// The answers that picks ask for.
    fn asked(&self, picks: &[Pick]) -> Vec<Edit> {
        self.asked_by_each(picks).concat()
    }

    /// The same, pick by pick.
    fn asked_by_each(&self, picks: &[Pick]) -> Vec<Vec<Edit>> {
        let edits = picks.iter().map(|pick| {
            let answer = self.answer_among(*pick, picks);
            self.items[pick.0].answered(answer).collect()
        });
        edits.collect()
    }

    fn edits(&self, picks: &[Pick]) -> Completed {
        self.bench.complete(&self.asked(picks))
    }

    pub(super) fn verdicts(&self, tries: &[Vec<Pick>]) -> Vec<Verdict> {
        let tries: Vec<Vec<Edit>> = tries.iter().map(|picks| self.edits(picks).edits).collect();
        let mut verdicts = vec![Verdict::default(); tries.len()];
        self.bench.evaluate(&tries, &mut |at, table, row| {
            let before = |node| self.score(&self.all.table, self.bench.row, node);
            let gain = |node| self.score(table, row, node) - before(node);
            verdicts[at] = Verdict {
                reached: self.all.reaches(table, row, self.target),
                lifted: self.goals.iter().map(|(node, _)| gain(*node)).collect(),
                gain: gain(self.target.node()),
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

    /// By goal: what is missing to it.
    pub(super) fn short(&self) -> Vec<f64> {
        let now = |node: NodeIx| self.score(&self.all.table, self.bench.row, node);
        let goals = self.goals.iter();
        goals
            .map(|(node, least)| self.all.sign() * least - TOLERANCE - now(*node))
            .collect()
    }

    pub(super) fn reaches_with(&self, picks: &[Pick]) -> bool {
        let verdicts = self.verdicts(&[picks.to_vec()]);
        verdicts.iter().all(|verdict| verdict.reached)
    }

    /// The steps of a set: each gains what would be lost without it.
    fn steps(&self, picks: &[Pick]) -> Vec<Step> {
        let node = self.target.node();
        let asked = self.asked_by_each(picks);
        let node_and_index = |tries: &[Vec<Edit>]| {
            let mut scores = vec![(None, None); tries.len()];
            self.bench.evaluate(tries, &mut |at, table, row| {
                let score = |node: NodeIx| table.nodes[node.0].score[row];
                scores[at] = (score(node), score(Framework::INDEX));
            });
            scores
        };
        let mut scores = node_and_index(&[self.bench.complete(&asked.concat()).edits]);
        // Each try changes nearly as much as there is: not all of them at once.
        let picked: Vec<usize> = (0..picks.len()).collect();
        for some in picked.chunks((MOST_EDITS / picks.len().max(1)).max(1)) {
            let without = some.iter().map(|at| {
                let others = [&asked[..*at], &asked[at + 1..]].concat();
                self.bench.complete(&others.concat()).edits
            });
            scores.extend(node_and_index(&without.collect::<Vec<_>>()));
        }
        let sign = self.all.sign();
        let lost = |all: Option<f64>, without: Option<f64>| {
            all.zip(without)
                .map(|(all, without)| sign * (all - without))
        };
        let steps = picks.iter().enumerate().map(|(at, (item, rung))| {
            let item = &self.items[*item];
            let completed = self.bench.complete(&asked[at]);
            let mut step = self.all.step(self.bench, item, *rung, &completed);
            step.to = self.answer_among(picks[at], picks);
            step.best = self.answer_among((picks[at].0, item.top()), picks);
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
