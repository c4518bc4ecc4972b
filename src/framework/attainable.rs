//! The lowest and the highest score that every node could have, whatever is answered.

use super::{
    Aggregate, Answers, Body, CohortPeriods, Curve, Framework, Goalposts, Indicator, MissingAnswer,
    MissingPart, Multiple, MultipleScore, Node, Normalise, Number, Outcome, Parent, Zeros,
};

/// Lowest and highest.
pub type Bounds = (f64, f64);

const UNBOUNDED: Bounds = (f64::NEG_INFINITY, f64::INFINITY);

/// The lowest and highest score (shares) that each node could have, in node order; infinite where there is no bound.
pub fn attainable(framework: &Framework) -> Vec<Bounds> {
    let mut bounds = vec![UNBOUNDED; framework.nodes.len()];
    // Parts come after the node that holds them.
    for (ix, node) in framework.walk().rev() {
        let own = match &node.body {
            Body::Indicator(indicator) => leaf(indicator, node),
            Body::Parent(parent) => {
                let parts: Vec<(&Node, Bounds)> = parent
                    .children
                    .iter()
                    .map(|child| (framework.node(*child), bounds[child.0]))
                    .filter(|(child, _)| child.scored)
                    .collect();
                normalised(node, aggregated(parent, &parts))
            }
        };
        bounds[ix.0] = own;
    }
    for (ix, node) in framework.walk() {
        if let Some(cap) = node.cap {
            let low = bounds[ix.0].0.min(bounds[cap.0].0);
            bounds[ix.0].0 = low;
        }
    }
    bounds
}

/// The lowest and highest share that an indicator's answer is worth, before anything is rescaled.
pub fn answers_worth(answers: &Answers) -> Bounds {
    match answers {
        Answers::Choice(scale) => scale
            .options
            .iter()
            .filter_map(|option| share(option.outcome))
            .fold(None, |bounds, score| Some(widened(bounds, score)))
            .unwrap_or(UNBOUNDED),
        Answers::Multiple(multiple) => chosen(multiple),
        Answers::Number(number) => {
            let mut bounds = number_worth(number);
            for score in number
                .codes
                .iter()
                .filter_map(|(_, outcome)| share(*outcome))
            {
                bounds = widened(Some(bounds), score);
            }
            bounds
        }
    }
}

fn share(outcome: Outcome) -> Option<f64> {
    match outcome {
        Outcome::Score(score) => Some(score),
        Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => None,
    }
}

fn widened(bounds: Option<Bounds>, score: f64) -> Bounds {
    bounds.map_or((score, score), |(low, high)| {
        (low.min(score), high.max(score))
    })
}

fn leaf(indicator: &Indicator, node: &Node) -> Bounds {
    let answer = answers_worth(&indicator.answers);
    let mut bounds = normalised(node, answer);
    for when in &indicator.when {
        if let Some(score) = share(when.otherwise) {
            bounds = widened(Some(bounds), score);
        }
    }
    match indicator.missing {
        MissingAnswer::Zero => widened(Some(bounds), 0.0),
        MissingAnswer::Constant(score) => widened(Some(bounds), score),
        MissingAnswer::Row { .. } => union(bounds, UNBOUNDED),
        // The rest repeats or mixes what was answered.
        MissingAnswer::Keep
        | MissingAnswer::Lowest
        | MissingAnswer::Mean(_)
        | MissingAnswer::Median(_)
        | MissingAnswer::Previous { .. }
        | MissingAnswer::Interpolate => bounds,
    }
}

fn union(one: Bounds, other: Bounds) -> Bounds {
    (one.0.min(other.0), one.1.max(other.1))
}

fn chosen(multiple: &Multiple) -> Bounds {
    match multiple.score {
        MultipleScore::Share | MultipleScore::Any | MultipleScore::All => (0.0, 1.0),
        MultipleScore::Points { cap, out_of } => {
            let together = multiple.options.iter().filter(|option| !option.only);
            let (mut low, mut high) = (0.0_f64, 0.0_f64);
            for option in together {
                low += option.score.min(0.0);
                high += option.score.max(0.0);
            }
            for alone in multiple.options.iter().filter(|option| option.only) {
                low = low.min(alone.score);
                high = high.max(alone.score);
            }
            let most = cap.unwrap_or(f64::INFINITY);
            (low.min(most) / out_of, high.min(most) / out_of)
        }
    }
}

fn number_worth(number: &Number) -> Bounds {
    match &number.curve {
        Curve::AsIs if number.per.is_none() => number.valid.map_or(UNBOUNDED, |(low, high)| {
            (low * number.times, high * number.times)
        }),
        Curve::AsIs => UNBOUNDED,
        Curve::Goalposts(goalposts) => through(*goalposts, direct(number)),
        Curve::Bands(steps) | Curve::Lines(steps) => steps
            .iter()
            .fold(None, |bounds, (_, score)| Some(widened(bounds, *score)))
            .unwrap_or(UNBOUNDED),
    }
}

/// What goalposts read, where that is the number itself.
fn direct(number: &Number) -> Option<Bounds> {
    let untouched = number.per.is_none() && number.treat.is_none();
    number
        .valid
        .filter(|_| untouched)
        .map(|(low, high)| (low * number.times, high * number.times))
}

fn through(goalposts: Goalposts, valid: Option<Bounds>) -> Bounds {
    let Goalposts {
        from,
        to,
        clamp,
        log,
        onto: (low, high),
    } = goalposts;
    if clamp {
        return (low.min(high), low.max(high));
    }
    let Some((least, most)) = valid else {
        return UNBOUNDED;
    };
    if log && least <= 0.0 {
        return UNBOUNDED;
    }
    let scale = |value: f64| if log { libm::log(value) } else { value };
    let at =
        |value: f64| low + (scale(value) - scale(from)) / (scale(to) - scale(from)) * (high - low);
    widened(Some((at(least), at(least))), at(most))
}

/// Bounds after `normalise`. A cohort that does not hold everybody leaves room beyond its ends.
fn normalised(node: &Node, before: Bounds) -> Bounds {
    let everybody =
        node.cohort.units.is_none() && !matches!(node.cohort.periods, CohortPeriods::Listed(_));
    let within = |ends: Bounds| if everybody { ends } else { UNBOUNDED };
    match &node.normalise {
        None => before,
        Some(Normalise::Goalposts(goalposts)) => through(*goalposts, finite(before)),
        Some(Normalise::MinMax { onto }) => within(*onto),
        Some(Normalise::Rank { .. }) => (1.0, f64::INFINITY),
        Some(Normalise::Borda) => (0.0, f64::INFINITY),
        Some(Normalise::Percentile | Normalise::DistanceToInterval { .. }) => within((0.0, 1.0)),
        Some(
            Normalise::DistanceToUnit { cap: true, .. }
            | Normalise::DistanceToTarget { cap: true, .. },
        ) => (f64::NEG_INFINITY, 1.0),
        Some(Normalise::ShareOfLeader) if before.0 >= 0.0 => within((0.0, 1.0)),
        Some(
            Normalise::ZScore { .. }
            | Normalise::ShareOfLeader
            | Normalise::DistanceToUnit { cap: false, .. }
            | Normalise::DistanceToTarget { cap: false, .. },
        ) => UNBOUNDED,
    }
}

fn finite(bounds: Bounds) -> Option<Bounds> {
    (bounds.0.is_finite() && bounds.1.is_finite()).then_some(bounds)
}

fn aggregated(parent: &Parent, parts: &[(&Node, Bounds)]) -> Bounds {
    let filled = parts.iter().map(|(node, bounds)| {
        let bounds = match parent.missing {
            MissingPart::Zero => widened(Some(*bounds), 0.0),
            MissingPart::Constant(score) => widened(Some(*bounds), score),
            MissingPart::Renormalise | MissingPart::Lowest | MissingPart::NoScore => *bounds,
        };
        (*node, bounds)
    });
    // A part of weight 0 moves nothing, and some aggregations would still meet its bounds.
    let parts: Vec<(&Node, Bounds)> = filled.filter(|(node, _)| node.weight.get() > 0.0).collect();
    let Some(hull) = parts.iter().map(|(_, bounds)| *bounds).reduce(union) else {
        return UNBOUNDED;
    };
    let sum = |parts: &[(&Node, Bounds)], divisor: f64| {
        // A part may be missing or not apply: then it adds nothing.
        let low: f64 = parts
            .iter()
            .map(|(node, bounds)| (node.weight.get() * bounds.0).min(0.0))
            .sum();
        let high: f64 = parts
            .iter()
            .map(|(node, bounds)| (node.weight.get() * bounds.1).max(0.0))
            .sum();
        let every_low: f64 = parts
            .iter()
            .map(|(node, bounds)| node.weight.get() * bounds.0)
            .sum();
        let low = if parent.missing == MissingPart::NoScore {
            every_low
        } else {
            low
        };
        (low / divisor, high / divisor)
    };
    match parent.aggregate {
        Aggregate::Mean | Aggregate::Median | Aggregate::Minimum | Aggregate::Maximum => hull,
        Aggregate::Geometric(zeros) | Aggregate::Harmonic(zeros) | Aggregate::Power(_, zeros) => {
            match zeros {
                Zeros::Zero => (hull.0.max(0.0), hull.1.max(0.0)),
                Zeros::Floor(floor) => (hull.0.max(floor), hull.1.max(floor)),
            }
        }
        Aggregate::Sum { out_of } => sum(&parts, out_of),
        Aggregate::Product => product(&parts),
        Aggregate::LevelSum { out_of } => by_stage(&parts, out_of),
        Aggregate::Staged { .. } => (hull.0.min(0.0), 1.0),
        Aggregate::Copeland => UNBOUNDED,
        Aggregate::Borda => (0.0, f64::INFINITY),
    }
}

fn product(parts: &[(&Node, Bounds)]) -> Bounds {
    if parts.iter().any(|(_, bounds)| bounds.0 < 0.0) {
        return UNBOUNDED;
    }
    parts
        .iter()
        .fold((1.0_f64, 1.0_f64), |product, (node, bounds)| {
            let weight = node.weight.get();
            let low = libm::pow(bounds.0, weight);
            let high = libm::pow(bounds.1, weight);
            // A part may be missing: then the product goes on without it.
            (product.0 * low.min(1.0), product.1 * high.max(1.0))
        })
}

fn by_stage(parts: &[(&Node, Bounds)], out_of: f64) -> Bounds {
    let mut stages: Vec<u32> = parts.iter().map(|(node, _)| node.stage).collect();
    stages.sort_unstable();
    stages.dedup();
    let (mut low, mut high) = (0.0, 0.0);
    for stage in stages {
        let of_stage = parts.iter().filter(|(node, _)| node.stage == stage);
        if let Some(hull) = of_stage.map(|(_, bounds)| *bounds).reduce(union) {
            // A stage without a score adds nothing.
            low += hull.0.min(0.0);
            high += hull.1.max(0.0);
        }
    }
    (low / out_of, high / out_of)
}
