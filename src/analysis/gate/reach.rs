//! Demands beyond the scores that there can be: nothing could ever hold to them, or nothing could ever fail.

use crate::framework::{Better, Bounds, Framework, NodeIx, number, reaches};
use crate::scoring::Plan;

use super::{Demand, worsening};

/// The scores that the nodes of a framework can have.
pub struct Reach<'f> {
    framework: &'f Framework,
    ends: Vec<Bounds>,
}

/// A demand that lies beyond what there can be. All are texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfReach {
    /// What the scores are: "scores of `index` run from 0 to 1".
    pub scores: String,
    /// What it has to be: "a number from 0 to 1".
    pub expected: String,
    /// How it is written instead.
    pub remedy: String,
}

impl<'f> Reach<'f> {
    /// What the plan can make.
    pub fn of(plan: &Plan<'f>) -> Self {
        Self {
            framework: plan.framework(),
            ends: plan.ends(),
        }
    }

    /// The framework.
    pub fn framework(&self) -> &'f Framework {
        self.framework
    }

    /// Refuses a demand to which one of the nodes cannot hold, and one that all of them hold whatever their scores. A node
    /// whose scores have no ends can fall by anything, which says nothing of the others.
    pub fn check(&self, nodes: &[NodeIx], demand: &Demand) -> Result<(), OutOfReach> {
        let never = nodes.iter().find(|node| self.never_holds(**node, demand));
        let falls_by_anything =
            |node: NodeIx| matches!(demand, Demand::MaxDrop(_)) && !self.is_limited(node);
        let mut others = nodes.iter().filter(|node| !falls_by_anything(**node));
        let always = others.clone().all(|node| self.never_fails(*node, demand));
        match never.or_else(|| others.next().filter(|_| always)) {
            Some(node) => Err(self.out_of_reach(*node, demand)),
            None => Ok(()),
        }
    }

    /// The worst score that may be asked for, that of the range included, and the best that there can be.
    fn extremes(&self, node: NodeIx) -> (f64, f64) {
        let (low, high) = self.ends[node.0];
        match self.framework.better {
            Better::Higher => (low.min(0.0), high),
            Better::Lower => (high.max(1.0), low),
        }
    }

    fn is_limited(&self, node: NodeIx) -> bool {
        let (low, high) = self.ends[node.0];
        low.is_finite() && high.is_finite()
    }

    fn never_holds(&self, node: NodeIx, demand: &Demand) -> bool {
        match demand {
            Demand::AtLeast(least) | Demand::Target { least, .. } => {
                let (_, best) = self.extremes(node);
                !self.framework.better.reaches(best, *least)
            }
            Demand::MaxDrop(_) | Demand::Coverage(_) | Demand::Level(_) | Demand::NoLevelLoss => {
                false
            }
        }
    }

    /// The worst score itself may be asked for, and the whole range as a drop: then there has to be a score.
    fn never_fails(&self, node: NodeIx, demand: &Demand) -> bool {
        let (worst, best) = self.extremes(node);
        match demand {
            Demand::AtLeast(least) | Demand::Target { least, .. } => {
                !self.framework.better.reaches(*least, worst)
            }
            Demand::MaxDrop(most) => !reaches(worsening(self.framework, best, worst), *most),
            Demand::Coverage(_) | Demand::Level(_) | Demand::NoLevelLoss => false,
        }
    }

    fn out_of_reach(&self, node: NodeIx, demand: &Demand) -> OutOfReach {
        let range = self.framework.range;
        let (low, high) = self.ends[node.0];
        let (worst, best) = self.extremes(node);
        let shown = |share: f64| number(range.show(share));
        let (expected, remedy) = match demand {
            Demand::MaxDrop(_) => {
                let widest = range.show_difference(worsening(self.framework, best, worst));
                let example = number(range.show_difference(0.02));
                (
                    format!("a number up to {}", number(widest)),
                    format!("write 2 % of the framework's range as `{example}`"),
                )
            }
            Demand::AtLeast(_)
            | Demand::Target { .. }
            | Demand::Coverage(_)
            | Demand::Level(_)
            | Demand::NoLevelLoss => {
                let [from, to] = [worst.min(best), worst.max(best)];
                let middle = if self.is_limited(node) {
                    f64::midpoint(from, to)
                } else {
                    0.5
                };
                (
                    format!("a number from {} to {}", shown(from), shown(to)),
                    format!("write the middle of its scores as `{}`", shown(middle)),
                )
            }
        };
        OutOfReach {
            scores: format!(
                "scores of `{}` run from {} to {}",
                self.framework.node(node).id,
                shown(low),
                shown(high)
            ),
            expected,
            remedy,
        }
    }
}
