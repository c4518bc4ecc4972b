//! [`number_line`]: the numbers that shares in their place stand for, where rows are combined by their numbers.

use crate::framework::{
    Answers, Curve, Denominator, Framework, Indicator, MissingAnswer, NodeIx, Outcome, RollUp, When,
};

use super::assumptions::Assumptions;

/// A straight line from shares to the numbers that are scaled to them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NumberLine {
    shares: (f64, f64),
    numbers: (f64, f64),
}

impl NumberLine {
    /// The number that is scaled to a share.
    pub(crate) fn at(&self, share: f64) -> f64 {
        let ((from, to), (first, last)) = (self.shares, self.numbers);
        let way = (share - from) / (to - from);
        first * (1.0 - way) + last * way
    }
}

/// Where rows are combined by their numbers: what a share in a number's place stands for, so that it can be combined with
/// the others. None where no number does: one that is divided, tamed, compared or bent on its way to a share.
pub(crate) fn number_line(
    framework: &Framework,
    assumptions: &Assumptions,
    node: NodeIx,
) -> Option<NumberLine> {
    let indicator = framework.node(node).indicator()?;
    let Answers::Number(number) = &indicator.answers else {
        return None;
    };
    let combined = framework.rows.last()?.of == RollUp::Answers;
    let divides = |other: &Indicator| matches!(&other.answers, Answers::Number(other) if other.per == Some(Denominator::Indicator(node)));
    let alone = number.per.is_none()
        && assumptions.treat[node.0].is_none()
        && assumptions.normalise[node.0].is_none()
        && matches!(
            assumptions.missing_answer[node.0],
            MissingAnswer::Keep
                | MissingAnswer::Zero
                | MissingAnswer::Lowest
                | MissingAnswer::Constant(_)
        )
        && !framework.indicators().any(|(_, _, other)| divides(other));
    if !combined || !alone {
        return None;
    }
    match &number.curve {
        Curve::AsIs => Some(NumberLine {
            shares: (0.0, 1.0),
            numbers: (0.0, 1.0),
        }),
        Curve::Goalposts(posts) => {
            let (least, most) = (
                posts.onto.0.min(posts.onto.1),
                posts.onto.0.max(posts.onto.1),
            );
            let is_kept = |when: &When| match when.otherwise {
                Outcome::Score(share) => !posts.clamp || (least..=most).contains(&share),
                Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => true,
            };
            let straight = !posts.log && least < most && indicator.when.iter().all(is_kept);
            straight.then_some(NumberLine {
                shares: posts.onto,
                numbers: (posts.from, posts.to),
            })
        }
        Curve::Bands(_) | Curve::Lines(_) => None,
    }
}
