//! The smallest set of changes that reaches a target.
//!
//! The search looks at best answers only; the set that it finds is thinned until no change can be left out, then each
//! answer goes no further than it has to. How small a set can be is told by `cover` where gains add up, by `blocking` where
//! better answers never lower the score.

use crate::framework::{Better, Framework, Need, NodeIx, Outcome, TOLERANCE, answers_worth};
use crate::scoring::{ScoreTable, at_least};

use super::bench::{Bench, Completed, Edit};
use super::improver::Improver;
use super::items::{Item, State};
use super::{Costs, Proof, Route, Step, Target};

/// An item with one of its rungs.
pub(super) type Pick = (usize, usize);

/// What the search knows.
pub(super) struct Hunt<'h> {
    pub(super) all: &'h Improver<'h>,
    pub(super) bench: &'h Bench<'h>,
    pub(super) target: Target,
    /// Nodes whose scores every set must lift, and to what.
    pub(super) needs: Vec<(NodeIx, f64)>,
    pub(super) items: Vec<Item>,
    pub(super) costs: Vec<f64>,
    pub(super) whole: bool,
    /// By item: the items that open it.
    pub(super) requires: Vec<Vec<usize>>,
    /// Whether a change closes questions, or opens some whose lowest answer scores less than their not being asked.
    pub(super) wild: bool,
}

/// What a try comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Verdict {
    pub(super) reached: bool,
    /// By need: how much better the score is than now.
    pub(super) lifted: Vec<f64>,
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

    pub(super) fn verdicts(&self, tries: &[Vec<Pick>]) -> Vec<Verdict> {
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
    pub(super) fn missing(&self) -> Vec<f64> {
        let now = |node: NodeIx| self.score(&self.all.table, self.bench.row, node);
        let needs = self.needs.iter();
        needs
            .map(|(node, least)| self.all.sign() * least - TOLERANCE - now(*node))
            .collect()
    }

    fn reaches(&self, items: &[usize]) -> bool {
        self.reaches_with(&self.tops(items))
    }

    pub(super) fn reaches_with(&self, picks: &[Pick]) -> bool {
        let verdicts = self.verdicts(&[picks.to_vec()]);
        verdicts.iter().all(|verdict| verdict.reached)
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
