//! What changes open and close: which items open others, and what that means for the search.

use crate::framework::{
    Answers, Better, Curve, Denominator, Indicator, Normalise, Number, Outcome, TOLERANCE,
    answers_worth, fixed_curve, rises,
};
use crate::responses::Answer;
use crate::scoring::Check;

use super::Now;
use super::items::{Item, MOST_OPTIONS, State};
use super::search::Hunt;

/// What conditions mean for a search that looks at best answers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gates {
    /// Whether a best answer closes questions that another answer leaves open, or opens some whose lowest answer scores less
    /// than their not being asked.
    pub(super) wild: bool,
    /// Whether several tests stand in the way of a closed question, so that their gains do not add up.
    pub(super) tangled: bool,
    /// Whether questions stay closed when all answers are the best ones.
    pub(super) shut: bool,
}

impl Hunt<'_> {
    /// Which items open others, and whether that can do harm.
    pub(super) fn find_gates(&mut self) {
        let questions = &self.all.plan.questions;
        for (question, check) in questions.checks() {
            let Some(gate) = check.question() else {
                continue;
            };
            let calm = self.is_calm(question);
            for item in self.items.iter().filter(|item| item.question == gate) {
                let top = meets(check, item.way(item.top()).answer);
                let mut ways = (0..item.ways()).map(|way| meets(check, item.way(way).answer));
                let now = now_meets(check, item);
                let closes = !top && (now != Some(false) || ways.any(|meets| meets));
                let opens = top && (now == Some(false) || ways.any(|meets| !meets));
                self.gates.wild |= closes || opens && !calm;
            }
            self.gates.shut |= self.bench.rows_of_period().any(|row| {
                let found = (self.items.iter())
                    .find(|item| item.question == gate && item.rows.contains(&row));
                let best = match found {
                    Some(item) => item.way(item.top()).answer,
                    None => self.bench.answer(gate, row),
                };
                self.bench.speaks(gate, row) && !meets(check, best)
            });
        }
        for at in 0..self.items.len() {
            if self.items[at].state == State::Closed {
                let (requires, unmet) = self.gates_of(at);
                self.gates.tangled |= unmet > 1;
                self.requires[at] = requires;
            }
        }
        self.full = self.tops_are_best();
        self.listed = self.items.iter().all(|item| {
            let asked = questions.is_asked_about(item.question);
            !asked
                || match &questions.indicator(item.question).answers {
                    Answers::Choice(_) => true,
                    Answers::Multiple(multiple) => multiple.options.len() <= MOST_OPTIONS,
                    Answers::Number(_) => false,
                }
        });
    }

    /// The items that have to become better before a closed one is asked, and how many tests stand in its way.
    fn gates_of(&self, at: usize) -> (Vec<usize>, usize) {
        let questions = &self.all.plan.questions;
        let item = &self.items[at];
        let (mut requires, mut unmet) = (Vec::new(), 0);
        let mut behind = vec![item.question];
        let mut next = 0;
        while let Some(question) = behind.get(next).copied() {
            next += 1;
            for (_, check) in questions.checks().filter(|(own, _)| *own == question) {
                let Some(gate) = check.question() else {
                    continue;
                };
                let closed = item
                    .rows
                    .iter()
                    .all(|row| self.bench.is_skipped(gate, *row));
                let held = item.rows.iter().map(|row| self.bench.answer(gate, *row));
                let held: Vec<Answer> = held.collect();
                let met = held.iter().all(|answer| meets(check, *answer));
                if closed && !behind.contains(&gate) {
                    behind.push(gate);
                }
                if met && !closed {
                    continue;
                }
                unmet += 1;
                let none = held
                    .iter()
                    .all(|answer| matches!(answer, Answer::Missing(_)));
                // Once it is asked it has the lowest answer; where none is given, its answer counts already.
                let lowest = self.bench.lowest(gate).filter(|_| none && closed);
                let opened = met || lowest.is_some_and(|lowest| meets(check, lowest));
                if opened || none && !closed {
                    continue;
                }
                let found = self.items.iter().position(|own| {
                    own.question == gate
                        && own.case == item.case
                        && meets(check, own.way(own.top()).answer)
                });
                requires.extend(found.filter(|found| *found != at && !requires.contains(found)));
            }
        }
        (requires, unmet)
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
        plan.normalise(node).is_none()
            && self.bench.lowest(question).is_some()
            && indicator.when.iter().all(|when| counts(when.otherwise))
    }

    /// Whether no answer is better than the best one of each item.
    fn tops_are_best(&self) -> bool {
        let plan = self.all.plan;
        plan.framework.indicators().all(|(ix, _, indicator)| {
            let Answers::Number(number) = &indicator.answers else {
                return true;
            };
            !self.nodes.iter().any(|node| self.all.touches(ix, *node))
                || is_plain(indicator, number, plan.normalise(ix))
        })
    }
}

/// Whether a number has a best value that it can be told to aim at.
fn is_plain(indicator: &Indicator, number: &Number, normalise: Option<&Normalise>) -> bool {
    let curve = match fixed_curve(number, normalise) {
        Some(Curve::Goalposts(posts)) => posts.clamp,
        Some(Curve::Bands(_) | Curve::Lines(_)) => rises(indicator, normalise).is_some(),
        Some(Curve::AsIs) => number.valid.is_some() && number.per.is_none(),
        None => false,
    };
    curve && !matches!(number.per, Some(Denominator::Indicator(_)))
}

fn meets(check: &Check, answer: Answer) -> bool {
    matches!(answer, Answer::Given(value) if check.is_met_by(value))
}

/// Whether what stands there meets a test; not known of a gap, and where rows say different things.
fn now_meets(check: &Check, item: &Item) -> Option<bool> {
    match (item.state, item.now) {
        (State::Closed, _) => Some(false),
        (State::Gap, _) | (State::Given, Now::Mixed(_) | Now::Answer(Answer::Missing(_))) => None,
        (State::Given, Now::Answer(answer)) => Some(meets(check, answer)),
    }
}
