//! How numbers and scores run: which of two answers is the better one, and which number a share stands for.

use super::{
    Answers, Better, Curve, Denominator, Framework, Indicator, MissingAnswer, Node, NodeIx,
    Normalise, Outcome, RollUp, When,
};

/// Whether more of an indicator's answer (the share of a choice, a number as answered) gives a higher score; none where its
/// score rises and falls.
pub(crate) fn rises(indicator: &Indicator, normalise: Option<&Normalise>) -> Option<bool> {
    let Answers::Number(number) = &indicator.answers else {
        return Some(true);
    };
    let curve = match &number.curve {
        Curve::AsIs => true,
        Curve::Goalposts(posts) => posts.from < posts.to,
        Curve::Bands(points) | Curve::Lines(points) => {
            let is_sorted = |ordered: fn(f64, f64) -> bool| {
                points.is_sorted_by(|before, after| ordered(before.1, after.1))
            };
            match (is_sorted(|a, b| a <= b), is_sorted(|a, b| a >= b)) {
                (false, false) => return None,
                (rises, _) => rises,
            }
        }
    };
    match normalise {
        Some(Normalise::DistanceToInterval { .. }) => None,
        Some(Normalise::Goalposts(posts)) => Some(curve == (posts.from < posts.to)),
        None if number.curve != Curve::AsIs => Some(curve),
        // Numbers that are shown as they stand say themselves which ones are better.
        None
        | Some(
            Normalise::MinMax { .. }
            | Normalise::ZScore { .. }
            | Normalise::Rank { .. }
            | Normalise::Borda
            | Normalise::Percentile
            | Normalise::ShareOfLeader
            | Normalise::DistanceToUnit { .. }
            | Normalise::DistanceToTarget { .. },
        ) => Some(curve == (number.better == Better::Higher)),
    }
}

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

/// What becomes of a number on its way to a share, beside its curve.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnItsWay<'a> {
    /// It is compared with a cohort or rescaled.
    pub(crate) normalise: Option<&'a Normalise>,
    /// Outliers are tamed.
    pub(crate) is_treated: bool,
    /// Gaps are filled.
    pub(crate) missing: &'a MissingAnswer,
}

impl<'a> OnItsWay<'a> {
    /// What the framework itself says.
    pub(crate) fn stated(node: &'a Node, indicator: &'a Indicator) -> Self {
        let treat = match &indicator.answers {
            Answers::Number(number) => number.treat.as_ref(),
            Answers::Choice(_) | Answers::Multiple(_) => None,
        };
        Self {
            normalise: node.normalise.as_ref(),
            is_treated: treat.is_some(),
            missing: &indicator.missing,
        }
    }

    /// Whether nobody else's number has a part in it.
    fn is_alone(self) -> bool {
        self.normalise.is_none() && !self.is_treated && !self.is_filled_by_others()
    }

    /// Whether gaps are filled with what others answered, or with what was answered at other times.
    fn is_filled_by_others(self) -> bool {
        match self.missing {
            MissingAnswer::Keep
            | MissingAnswer::Zero
            | MissingAnswer::Lowest
            | MissingAnswer::Constant(_) => false,
            MissingAnswer::Mean(_)
            | MissingAnswer::Median(_)
            | MissingAnswer::Previous { .. }
            | MissingAnswer::Interpolate
            | MissingAnswer::Row { .. } => true,
        }
    }
}

/// Whether what counts in place of an indicator's answer stays beside the answers until all else is done with them: no gap
/// is filled with it.
pub(crate) fn stays_apart(framework: &Framework, node: NodeIx, on_its_way: OnItsWay<'_>) -> bool {
    let answers = framework.node(node).indicator().map(|own| &own.answers);
    match answers {
        Some(Answers::Number(_)) => number_line(framework, node, on_its_way).is_none(),
        Some(Answers::Choice(_) | Answers::Multiple(_)) => {
            let fills_rows = |own: &Indicator| matches!(own.missing, MissingAnswer::Row { .. });
            let is_scaled = on_its_way.normalise.is_some();
            let is_looked_at = || {
                let mut others = framework.indicators();
                on_its_way.is_filled_by_others() || others.any(|(_, _, own)| fills_rows(own))
            };
            !is_scaled && !combines_answers(framework) && is_looked_at()
        }
        None => false,
    }
}

/// Whether finer rows become one before they are scored.
fn combines_answers(framework: &Framework) -> bool {
    let innermost = framework.rows.last();
    innermost.is_some_and(|step| step.of == RollUp::Answers)
}

/// Where rows are combined by their numbers: what a share in a number's place stands for, so that it can be combined with
/// the others. None where no number does: one that is divided, tamed, compared or bent on its way to a share.
pub(crate) fn number_line(
    framework: &Framework,
    node: NodeIx,
    on_its_way: OnItsWay<'_>,
) -> Option<NumberLine> {
    let indicator = framework.node(node).indicator()?;
    let Answers::Number(number) = &indicator.answers else {
        return None;
    };
    let divides = |other: &Indicator| match &other.answers {
        Answers::Number(other) => other.per == Some(Denominator::Indicator(node)),
        Answers::Choice(_) | Answers::Multiple(_) => false,
    };
    let divides_others = || {
        let mut others = framework.indicators();
        others.any(|(_, _, other)| divides(other))
    };
    if !combines_answers(framework)
        || number.per.is_some()
        || !on_its_way.is_alone()
        || divides_others()
    {
        return None;
    }
    match &number.curve {
        Curve::AsIs => Some(NumberLine {
            shares: (0.0, 1.0),
            numbers: (0.0, 1.0),
        }),
        Curve::Goalposts(posts) => {
            let (first, last) = posts.onto;
            let (low, high) = (first.min(last), first.max(last));
            let is_kept = |when: &When| match when.otherwise {
                Outcome::Score(share) => !posts.clamp || (low..=high).contains(&share),
                Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => true,
            };
            let straight = !posts.log && low < high && indicator.when.iter().all(is_kept);
            straight.then_some(NumberLine {
                shares: posts.onto,
                numbers: (posts.from, posts.to),
            })
        }
        Curve::Bands(_) | Curve::Lines(_) => None,
    }
}
