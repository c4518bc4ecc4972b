//! Who has reached an answer already.

use std::sync::Arc;

use crate::framework::{Answers, Better, tie_key};
use crate::responses::{Answer, bits_of};
use crate::scoring::Scaler;

use super::bench::Bench;
use super::items::{Item, Rung, turning};
use super::{Aim, Peer};

impl Bench<'_> {
    /// The peers that are there: those who name a source first, then the best in the index.
    pub(super) fn peers(&self, item: &Item, rung: Rung) -> Vec<Peer> {
        let all = self.all;
        let wanted = self.value_of(item, rung);
        let mut found: Vec<(Peer, f64)> = Vec::new();
        for case in self.peer_cases() {
            if !wanted.is_some_and(|wanted| self.has(item.question, case, wanted, rung)) {
                continue;
            }
            let key = &all.cases.keys[case];
            let evidence = all.lines[case]
                .iter()
                .find_map(|line| all.responses.evidence.get(&(*line, item.question)));
            let line = all.lines[case].iter().copied().find(|line| {
                matches!(
                    all.responses.answers[item.question].get(*line),
                    Answer::Given(_)
                )
            });
            let Some(line) = line else { continue };
            let peer = Peer {
                unit: Arc::clone(&key.unit),
                name: Arc::clone(&all.names[key.unit_at]),
                answer: all.responses.answers[item.question].get(line),
                evidence: evidence.cloned(),
            };
            // Of several rows of a unit the first one with a source speaks.
            match found.last_mut().filter(|(last, _)| last.unit == peer.unit) {
                Some((last, _)) if last.evidence.is_some() || peer.evidence.is_none() => {}
                Some((last, _)) => *last = peer,
                None => found.push((peer, all.standings[case])),
            }
        }
        found.sort_by(|a, b| {
            let sourced = |peer: &Peer| peer.evidence.is_none();
            sourced(&a.0).cmp(&sourced(&b.0)).then(b.1.total_cmp(&a.1))
        });
        found.into_iter().map(|(peer, _)| peer).collect()
    }

    /// What an answer amounts to beside what peers' answers amount to: a share, or the number once it is divided.
    fn value_of(&self, item: &Item, rung: Rung) -> Option<f64> {
        let indicator = self.all.plan.questions.indicator(item.question);
        let Answer::Given(value) = rung.answer else {
            return None;
        };
        match &indicator.answers {
            Answers::Choice(_) | Answers::Multiple(_) => Some(value),
            Answers::Number(number) => self.after_division(number, item.case, value),
        }
    }

    fn has(&self, question: usize, case: usize, wanted: f64, rung: Rung) -> bool {
        let all = self.all;
        let plan = all.plan;
        let indicator = plan.questions.indicator(question);
        let Some(value) = all.values[question].value(case) else {
            return false;
        };
        let sign = |up: bool| if up { 1.0 } else { -1.0 };
        let better = sign(plan.framework.better == Better::Higher);
        match &indicator.answers {
            Answers::Choice(scale) => {
                let option = scale.options.get(crate::responses::option_of(wanted));
                option.is_some_and(|option| match option.outcome {
                    crate::framework::Outcome::Score(score) => {
                        tie_key(better * value) >= tie_key(better * score)
                    }
                    _ => false,
                })
            }
            Answers::Multiple(_) => {
                let Aim::Options(added) = rung.aim else {
                    return false;
                };
                let added = if added == 0 { bits_of(wanted) } else { added };
                all.lines[case].iter().any(|line| {
                    matches!(all.responses.answers[question].get(*line),
                        Answer::Given(bits) if bits_of(bits) & added == added)
                })
            }
            Answers::Number(_) => {
                if let Some((curve, _)) = turning(plan, question) {
                    let scaler = Scaler::of_curve(curve, false);
                    let worth = |x| scaler.apply(x).map(|share| tie_key(all.sign() * share));
                    return worth(value) >= worth(wanted);
                }
                let up = sign(plan.more_is_better(question));
                tie_key(up * value) >= tie_key(up * wanted)
            }
        }
    }
}
