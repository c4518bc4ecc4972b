//! How numbers and scores run: which of two answers is the better one, and which number a share stands for.

use super::{
    Answers, Better, Curve, Denominator, Framework, Goalposts, Indicator, MissingAnswer, NodeIx,
    Normalise, Number, Outcome, RollUp, Treat, When,
};

/// Whether more of an indicator's answer (the share of a choice, a number as answered) gives a higher score; none where its
/// score rises and falls.
pub(crate) fn rises(indicator: &Indicator, normalise: Option<&Normalise>) -> Option<bool> {
    let Answers::Number(number) = &indicator.answers else {
        return Some(true);
    };
    let curve = number.curve.rises()?;
    match normalise {
        Some(Normalise::DistanceToInterval { .. }) => None,
        Some(Normalise::Fixed(then)) => Some(curve == then.rises()?),
        None if number.curve != Curve::AsIs => Some(curve),
        // Numbers that are compared, or shown as they stand, say themselves which ones are better.
        None | Some(_) => Some(curve == (number.better == Better::Higher)),
    }
}

/// The curve by which a number alone becomes a share, whichever of both says so; none where a cohort has a part in it.
pub(crate) fn fixed_curve<'a>(
    number: &'a Number,
    normalise: Option<&'a Normalise>,
) -> Option<&'a Curve> {
    match normalise {
        None => Some(&number.curve),
        Some(Normalise::Fixed(curve)) => Some(curve),
        Some(_) => None,
    }
}

impl Curve {
    /// Whether more gives a higher share; none where its shares rise and fall.
    pub(crate) fn rises(&self) -> Option<bool> {
        match self {
            Self::AsIs => Some(true),
            Self::Goalposts(posts) => Some(posts.from < posts.to),
            Self::Bands(points) | Self::Lines(points) => {
                let is_sorted = |ordered: fn(f64, f64) -> bool| {
                    points.is_sorted_by(|before, after| ordered(before.1, after.1))
                };
                match (is_sorted(|a, b| a <= b), is_sorted(|a, b| a >= b)) {
                    (false, false) => None,
                    (rises, _) => Some(rises),
                }
            }
        }
    }

    /// Whether every number has a share.
    pub(crate) fn is_total(&self) -> bool {
        match self {
            Self::AsIs | Self::Lines(_) => true,
            Self::Goalposts(posts) => posts.is_total(),
            Self::Bands(_) => false,
        }
    }

    /// Whether numbers that have no logarithm have no share.
    pub(crate) fn needs_logarithm(&self) -> bool {
        match self {
            Self::Goalposts(posts) => !posts.is_total(),
            Self::AsIs | Self::Bands(_) | Self::Lines(_) => false,
        }
    }
}

impl Goalposts {
    /// Whether every number has a share: what has no logarithm is clamped.
    pub(crate) fn is_total(&self) -> bool {
        self.clamp || !self.log
    }
}

impl Normalise {
    /// Whether values are compared with those of a cohort.
    pub(crate) fn compares(&self) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::MinMax { .. }
            | Self::ZScore { .. }
            | Self::Rank { .. }
            | Self::Borda
            | Self::Percentile
            | Self::ShareOfLeader
            | Self::DistanceToUnit { .. }
            | Self::DistanceToTarget { .. }
            | Self::DistanceToInterval { .. } => true,
        }
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

/// What becomes of an answer on its way to a share, beside its curve.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnItsWay<'a> {
    /// It is compared with a cohort or rescaled.
    is_scaled: bool,
    /// Outliers are tamed.
    is_treated: bool,
    /// How its gap is filled.
    missing: &'a MissingAnswer,
}

impl<'a> OnItsWay<'a> {
    pub(crate) fn new(
        normalise: Option<&Normalise>,
        treat: Option<&Treat>,
        missing: &'a MissingAnswer,
    ) -> Self {
        Self {
            is_scaled: normalise.is_some(),
            is_treated: treat.is_some(),
            missing,
        }
    }

    /// Whether nobody else's number has a part in it.
    fn is_alone(self) -> bool {
        !self.is_scaled && !self.is_treated && !self.is_filled_by_others()
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

/// What a share that counts in place of an answer is among the answers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum StandIn {
    /// A share like those of the answers.
    Share,
    /// The number that is scaled to it.
    Number(NumberLine),
    /// Nothing: it stays beside the answers until all else is done with them, and no gap is filled with it.
    Nothing,
}

/// What the shares that an indicator's conditions put in the place of its answer are among its answers; of no meaning where
/// they put none there.
pub(crate) fn stand_in(framework: &Framework, node: NodeIx, on_its_way: OnItsWay<'_>) -> StandIn {
    let Some(indicator) = framework.node(node).indicator() else {
        return StandIn::Share;
    };
    let puts_share = |when: &When| matches!(when.otherwise, Outcome::Score(_));
    if !indicator.when.iter().any(puts_share) {
        return StandIn::Share;
    }
    if let Answers::Number(number) = &indicator.answers {
        let line = number_line(framework, node, indicator, number, on_its_way);
        return line.map_or(StandIn::Nothing, StandIn::Number);
    }
    let fills_rows = |own: &Indicator| matches!(own.missing, MissingAnswer::Row { .. });
    let is_looked_at = || {
        let mut others = framework.indicators();
        on_its_way.is_filled_by_others() || others.any(|(_, _, own)| fills_rows(own))
    };
    if !on_its_way.is_scaled && !combines_answers(framework) && is_looked_at() {
        StandIn::Nothing
    } else {
        StandIn::Share
    }
}

/// Whether finer rows become one before they are scored.
fn combines_answers(framework: &Framework) -> bool {
    let innermost = framework.rows.last();
    innermost.is_some_and(|step| step.of == RollUp::Answers)
}

/// Where rows are combined by their numbers: what a share in a number's place stands for, so that it can be combined with
/// the others. None where no number does: one that is divided, tamed, compared or bent on its way to a share.
fn number_line(
    framework: &Framework,
    node: NodeIx,
    indicator: &Indicator,
    number: &Number,
    on_its_way: OnItsWay<'_>,
) -> Option<NumberLine> {
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
