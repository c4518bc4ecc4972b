//! Single steps: what each answer alone gains.

use crate::framework::{Better, Framework, NodeIx, tie_key};
use crate::responses::Answer;

use super::Step;
use super::bench::{Bench, Completed, Edit};
use super::improver::Improver;
use super::items::{Item, State};

/// What a try gives a node and the index.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gains {
    pub(super) node: Option<f64>,
    pub(super) index: Option<f64>,
    /// There was no score, and now there is.
    pub(super) scored: bool,
}

impl Improver<'_> {
    /// 1, or −1 where less is better: gains are above zero either way.
    pub(super) fn sign(&self) -> f64 {
        match self.plan.framework.better {
            Better::Higher => 1.0,
            Better::Lower => -1.0,
        }
    }

    /// Every item's next step, the largest gain first, at most so many; and how many gain something.
    pub(super) fn single_steps(
        &self,
        bench: &Bench<'_>,
        items: &[Item],
        node: NodeIx,
        most: usize,
    ) -> (Vec<Step>, usize) {
        let asked: Vec<&Item> = items
            .iter()
            .filter(|item| item.state != State::Closed)
            .collect();
        // A gap's next step is the lowest answer that gains something: all of them are tried.
        let rungs_of = |item: &Item| match item.state {
            State::Gap => (0..=item.top()).collect::<Vec<usize>>(),
            State::Given | State::Closed if item.top() == 0 => vec![0],
            State::Given | State::Closed => vec![0, item.top()],
        };
        let mut tries: Vec<(usize, usize, Completed)> = Vec::new();
        for (at, item) in asked.iter().enumerate() {
            for rung in rungs_of(item) {
                let edits: Vec<Edit> = item.edits(rung).collect();
                tries.push((at, rung, bench.complete(&edits)));
            }
        }
        let gains = self.gains(bench, node, tries.iter().map(|(_, _, all)| &all.edits));
        let mut steps = Vec::new();
        let mut first = 0;
        for (at, item) in asked.iter().enumerate() {
            let own = tries[first..].iter().take_while(|own| own.0 == at).count();
            let range = first..first + own;
            first += own;
            let gaining = |found: &Gains| found.scored || tie_key(found.node.unwrap_or(0.0)) > 0.0;
            let chosen = match item.state {
                State::Gap => range
                    .clone()
                    .find(|found| gaining(&gains[*found]))
                    .unwrap_or(range.end - 1),
                State::Given | State::Closed => range.start,
            };
            let best = gains[range.end - 1];
            let below = item.node == node || self.is_below(item.node, node);
            if below || gaining(&gains[chosen]) || gaining(&best) {
                steps.push((*item, &tries[chosen], gains[chosen], best));
            }
        }
        let key = |gains: &Gains| {
            let gain = gains.node.map_or(f64::NEG_INFINITY, tie_key);
            if gains.scored { f64::INFINITY } else { gain }
        };
        // Of those that gain nothing yet first what gains most in the end.
        let later = |own: &(_, _, Gains, Gains)| match key(&own.2) {
            next if next > 0.0 => 0.0,
            _ => key(&own.3),
        };
        steps.sort_by(|a, b| {
            let next = key(&b.2).total_cmp(&key(&a.2));
            next.then(later(b).total_cmp(&later(a)))
        });
        let gaining = steps
            .iter()
            .filter(|own| key(&own.2).max(key(&own.3)) > 0.0)
            .count();
        steps.truncate(most);
        let steps = steps
            .into_iter()
            .map(|(item, (_, rung, completed), gains, best)| {
                let mut step = self.step(bench, item, *rung, completed);
                (step.gain, step.index_gain) = (gains.node, gains.index);
                step.most = best.node;
                step
            })
            .collect();
        (steps, gaining)
    }

    /// What tries give a node and the index.
    pub(super) fn gains<'t>(
        &self,
        bench: &Bench<'_>,
        node: NodeIx,
        tries: impl Iterator<Item = &'t Vec<Edit>>,
    ) -> Vec<Gains> {
        let tries: Vec<Vec<Edit>> = tries.cloned().collect();
        let score = |node: NodeIx| self.table.nodes[node.0].score[bench.row];
        let (before, index) = (score(node), score(Framework::INDEX));
        let mut gains = vec![Gains::default(); tries.len()];
        let gain = |before: Option<f64>, after: Option<f64>| {
            before
                .zip(after)
                .map(|(before, after)| self.sign() * (after - before))
        };
        bench.evaluate(&tries, &mut |at, table, row| {
            let after = |node: NodeIx| table.nodes[node.0].score[row];
            gains[at] = Gains {
                node: gain(before, after(node)),
                index: gain(index, after(Framework::INDEX)),
                scored: before.is_none() && after(node).is_some(),
            };
        });
        gains
    }

    /// A step in words, without its gains.
    pub(super) fn step(
        &self,
        bench: &Bench<'_>,
        item: &Item,
        rung: usize,
        completed: &Completed,
    ) -> Step {
        let nodes = &self.plan.questions.nodes;
        let mut opens: Vec<NodeIx> = completed
            .opened
            .iter()
            .map(|edit| nodes[edit.question])
            .collect();
        opens.dedup();
        let indicator = self.plan.questions.indicator(item.question);
        let answer = |rung: usize| -> Answer { item.way(rung).answer };
        Step {
            node: item.node,
            row: item.keys.clone(),
            now: item.now,
            closed: item.state == State::Closed,
            to: answer(rung),
            rows: item.rows.len(),
            aim: item.way(rung).aim,
            gain: None,
            index_gain: None,
            best: answer(item.top()),
            most: None,
            opens,
            closes: completed.closed.clone(),
            effort: indicator.effort,
            peers: bench.peers(item, item.way(rung)),
        }
    }

    pub(super) fn is_below(&self, node: NodeIx, top: NodeIx) -> bool {
        crate::scoring::above(self.plan.framework, node).any(|above| above == top)
    }
}
