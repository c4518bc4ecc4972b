//! The lowest and the highest score that every node could have, whatever is answered.

use super::{
    Aggregate, Answers, Body, CohortPeriods, Curve, Framework, Goalposts, Indicator, MissingAnswer,
    MissingPart, Multiple, MultipleScore, Node, NodeIx, Normalise, Number, Outcome, Parent, Zeros,
};

/// Lowest and highest.
pub type Bounds = (f64, f64);

const UNBOUNDED: Bounds = (f64::NEG_INFINITY, f64::INFINITY);

/// The lowest and highest score (shares) that each node could have, in node order; infinite where there is no bound.
pub fn attainable(framework: &Framework) -> Vec<Bounds> {
    let uncapped = vec![(f64::INFINITY, f64::INFINITY); framework.nodes.len()];
    let mut bounds = capped(framework, &uncapped);
    // What caps a node may be anywhere in the tree, and capped itself.
    for _ in framework.walk().filter(|(_, node)| node.cap.is_some()) {
        let before = std::mem::take(&mut bounds);
        bounds = capped(framework, &before);
        if bounds == before {
            break;
        }
    }
    bounds
}

/// The highest score of what brings points to a sum, in node order; the whole (1) of everything else.
pub fn points(framework: &Framework) -> Vec<f64> {
    let bounds = attainable(framework);
    let mut brings = vec![false; framework.nodes.len()];
    for (ix, node) in framework.walk() {
        if let Body::Parent(parent) = &node.body {
            let adds = matches!(parent.aggregate, Aggregate::Sum { .. });
            for part in &parent.children {
                brings[part.0] = adds || brings[ix.0] && node.normalise.is_none();
            }
        }
    }
    let reach = brings.into_iter().zip(bounds);
    let reach = reach.map(|(brings, (_, high))| {
        if brings && high.is_finite() {
            high
        } else {
            1.0
        }
    });
    reach.collect()
}

/// Whether a node's score lies among those of its parts, so that a part outside of the range can take it there.
pub fn hands_on(node: &Node) -> bool {
    match &node.body {
        Body::Parent(parent) => parent.aggregate.lies_among_parts() && node.normalise.is_none(),
        Body::Indicator(_) => false,
    }
}

/// The bounds of every node if those that cap one had these.
fn capped(framework: &Framework, caps: &[Bounds]) -> Vec<Bounds> {
    let mut bounds = vec![UNBOUNDED; framework.nodes.len()];
    // Parts come after the node that holds them.
    for (ix, node) in framework.walk().rev() {
        let (low, high) = match &node.body {
            Body::Indicator(indicator) => leaf(indicator, node),
            Body::Parent(_) => normalised(node, unscaled(framework, node, &bounds)),
        };
        // What caps it may not apply, so that the high end stays.
        let lowest = node.cap.map_or(f64::INFINITY, |cap| caps[cap.0].0);
        bounds[ix.0] = (low.min(lowest), high);
    }
    bounds
}

/// Whether a node can have what this curve has no share of: bands start at or below the lowest score that is known.
pub(crate) fn may_be_off(framework: &Framework, node: NodeIx, curve: &Curve) -> bool {
    match curve {
        Curve::Bands(_) => {
            let bounds = attainable(framework);
            unscaled(framework, framework.node(node), &bounds)
                .0
                .is_infinite()
        }
        Curve::AsIs | Curve::Goalposts(_) | Curve::Lines(_) => !curve.is_total(),
    }
}

/// What a node can have before `normalise` rescales it, where its parts have these bounds.
pub(super) fn unscaled(framework: &Framework, node: &Node, bounds: &[Bounds]) -> Bounds {
    let parent = match &node.body {
        Body::Indicator(indicator) => return answers_worth(&indicator.answers),
        Body::Parent(parent) => parent,
    };
    let parts = parent.children.iter();
    let parts = parts.map(|child| (framework.node(*child), bounds[child.0]));
    let parts: Vec<(&Node, Bounds)> = parts.filter(|(child, _)| child.scored).collect();
    aggregated(parent, &parts)
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
        Answers::Number(number) => number_worth(number),
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
        Curve::AsIs if number.per.is_none() => number.valid.unwrap_or(UNBOUNDED),
        curve => along(curve, direct(number)),
    }
}

/// What a curve makes of numbers between these ends.
fn along(curve: &Curve, before: Option<Bounds>) -> Bounds {
    match curve {
        Curve::AsIs => UNBOUNDED,
        Curve::Goalposts(goalposts) => through(*goalposts, before),
        Curve::Bands(steps) | Curve::Lines(steps) => steps
            .iter()
            .fold(None, |bounds, (_, score)| Some(widened(bounds, *score)))
            .unwrap_or(UNBOUNDED),
    }
}

/// What goalposts read, where that is the number itself.
fn direct(number: &Number) -> Option<Bounds> {
    let untouched = number.per.is_none() && number.treat.is_none();
    number.valid.filter(|_| untouched)
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
        Some(Normalise::Fixed(curve)) => along(curve, finite(before)),
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
    match parent.aggregate {
        Aggregate::Mean | Aggregate::Median | Aggregate::Minimum | Aggregate::Maximum => hull,
        Aggregate::Geometric(zeros) | Aggregate::Harmonic(zeros) | Aggregate::Power(_, zeros) => {
            match zeros {
                Zeros::Zero => (hull.0.max(0.0), hull.1.max(0.0)),
                Zeros::Floor(floor) => (hull.0.max(floor), hull.1.max(floor)),
            }
        }
        Aggregate::Sum { out_of } => {
            let weighted = parts
                .iter()
                .map(|(node, bounds)| (node.weight.get(), *bounds));
            sum(weighted, out_of)
        }
        Aggregate::Product => product(&parts),
        Aggregate::LevelSum { out_of } => by_stage(&parts, out_of),
        Aggregate::Staged {
            pass,
            partial: true,
        } => ((hull.0 / pass).min(0.0), 1.0),
        Aggregate::Staged { partial: false, .. } => (0.0, 1.0),
        Aggregate::Copeland => UNBOUNDED,
        Aggregate::Borda => (0.0, f64::INFINITY),
    }
}

/// A weighted sum. A gap passes its points on (its weight, where there is no limit to points), so that the part that
/// reaches the least of its own can stand for all; what only parts without points could stand for is left out.
fn sum(parts: impl Iterator<Item = (f64, Bounds)>, out_of: f64) -> Bounds {
    let parts: Vec<(f64, Bounds)> = parts.collect();
    let limited = parts.iter().all(|(_, (_, high))| high.is_finite());
    let reach = |high: f64| if limited { high.max(0.0) } else { 1.0 };
    let (mut low, mut high, mut points) = (0.0, 0.0, 0.0);
    let mut least = f64::INFINITY;
    for (own, bounds) in parts {
        low += own * bounds.0;
        high += own * bounds.1;
        points += own * reach(bounds.1);
        if reach(bounds.1) > 0.0 {
            least = least.min(bounds.0 / reach(bounds.1));
        }
    }
    let low = if points > 0.0 {
        low.min(least * points)
    } else {
        low
    };
    (low / out_of, high / out_of)
}

/// A product of parts to the power of their weights. A gap passes its weight on, so that the lowest part alone can stand
/// for all, and together they are never lower.
fn product(parts: &[(&Node, Bounds)]) -> Bounds {
    let parts = parts
        .iter()
        .map(|(node, (low, high))| (node, (low.max(0.0), high.max(0.0))));
    let parts: Vec<_> = parts.collect();
    let weight: f64 = parts.iter().map(|(node, _)| node.weight.get()).sum();
    let (mut low, mut high) = (f64::INFINITY, 1.0);
    for (node, bounds) in &parts {
        low = low.min(libm::pow(bounds.0, weight));
        high *= libm::pow(bounds.1, node.weight.get());
    }
    (low, high)
}

/// The sum over stages of the bounds of their means; gaps as in [`sum`].
fn by_stage(parts: &[(&Node, Bounds)], out_of: Option<f64>) -> Bounds {
    let mut stages: Vec<u32> = parts.iter().map(|(node, _)| node.stage).collect();
    stages.sort_unstable();
    stages.dedup();
    let means = stages.into_iter().filter_map(|stage| {
        let of_stage = parts.iter().filter(|(node, _)| node.stage == stage);
        let hull = of_stage.map(|(_, bounds)| *bounds).reduce(union)?;
        Some((1.0, hull))
    });
    let means: Vec<(f64, Bounds)> = means.collect();
    let stages = means.len() as f64;
    sum(means.into_iter(), out_of.unwrap_or(stages))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::{Source, load};

    /// The bounds of the nodes of a framework with this tree, by id.
    fn bounds(tree: &str) -> Vec<(String, Bounds)> {
        let source = Source {
            name: "tree.yaml".into(),
            text: format!(
                "dgpf: 1\nid: tree\nrange: unbounded\nscales: {{yn: {{\"no\": 0, \"yes\": 1}}, abc: {{a: 0.2, b: 0.5, c: 0.8}}}}\n{tree}"
            ),
        };
        let framework = load(&source, &|_| None).expect("it is sound").framework;
        let ids = framework.nodes.iter().map(|node| node.id.to_string());
        ids.zip(attainable(&framework)).collect()
    }

    fn index(tree: &str) -> Bounds {
        bounds(tree)[0].1
    }

    const INFINITE: f64 = f64::INFINITY;

    #[test]
    fn leaves_reach_what_their_answers_are_worth() {
        for (leaf, expected) in [
            ("scale: abc", (0.2, 0.8)),
            ("scale: abc, missing: zero", (0.0, 0.8)),
            (
                "multiple: {options: {a: 2, b: 1, c: -1}, score: points, cap: 2, out-of: 2}",
                (-0.5, 1.0),
            ),
            ("number: {from: 0, to: 10}", (0.0, 1.0)),
            (
                "number: {from: 0, to: 10, clamp: false}",
                (-INFINITE, INFINITE),
            ),
            (
                "number: {from: 0, to: 10, clamp: false, valid: [5, 20]}",
                (0.5, 2.0),
            ),
            (
                "number: {from: 10, to: 0, clamp: false, valid: [5, 20]}",
                (-1.0, 0.5),
            ),
            (
                "number: {bands: [{from: 0, score: 0.3}, {from: 5, score: 0.1}]}",
                (0.1, 0.3),
            ),
            // Without a logarithm of the low end nothing limits it; ln 1000 ÷ ln 100 = 1.5.
            (
                "number: {from: 1, to: 100, log: true, clamp: false, valid: [1, 1000]}",
                (0.0, 1.5),
            ),
            (
                "number: {from: 1, to: 100, log: true, clamp: false, valid: [0, 1000]}",
                (-INFINITE, INFINITE),
            ),
            // 0.2 to 0.8 from 0 to a half, onto 10 to 20: 10 + 0.4 · 10, 10 + 1.6 · 10.
            (
                "scale: abc, normalise: {goalposts: {from: 0, to: 0.5, clamp: false, onto: [10, 20]}}",
                (14.0, 26.0),
            ),
            ("number: {valid: [1, 6]}", (1.0, 6.0)),
            ("number: {}", (-INFINITE, INFINITE)),
            ("number: {}, normalise: min-max", (0.0, 1.0)),
            (
                "number: {}, normalise: {min-max: {onto: [1, 100]}}",
                (1.0, 100.0),
            ),
            ("number: {}, normalise: z-score", (-INFINITE, INFINITE)),
            ("number: {}, normalise: rank", (1.0, INFINITE)),
        ] {
            let tree = format!("indicators: [{{id: q1, {leaf}}}]");
            let found = bounds(&tree)[1].1;
            let near = |a: f64, b: f64| a.total_cmp(&b).is_eq() || (a - b).abs() < 1e-12;
            assert!(
                near(found.0, expected.0) && near(found.1, expected.1),
                "{leaf}: {found:?}"
            );
        }
    }

    #[test]
    fn parents_reach_what_their_parts_allow() {
        let parts = "indicators: [{id: q1, scale: abc}, {id: q2, scale: yn, weight: 2}]";
        for (rule, expected) in [
            ("aggregate: mean", (0.0, 1.0)),
            ("aggregate: {geometric: {zeros: 0.01}}", (0.01, 1.0)),
            ("aggregate: {sum: {out-of: 2}}", (0.0, 1.4)),
            ("aggregate: {staged: {partial: true}}", (0.0, 1.0)),
            ("aggregate: borda", (0.0, INFINITE)),
        ] {
            assert_eq!(
                index(&format!("index: {{{rule}}}\n{parts}")),
                expected,
                "{rule}"
            );
        }
        // Points of 0.2 to 0.8 and a penalty of up to 2: (0.2 − 2) ÷ 2, 0.8 ÷ 2.
        let (low, high) = index(
            "index: {aggregate: {sum: {out-of: 2}}}\n\
             indicators: [{id: q1, scale: abc}, {id: q2, scale: {breach: -1, none: 0}, weight: 2}]",
        );
        assert!((low + 0.9).abs() < 1e-12 && (high - 0.4).abs() < 1e-12);
        let parts = "indicators: [{id: q1, scale: abc}, {id: q2, scale: abc}]";
        // 0.2 · 0.2, 0.8 · 0.8
        let (low, high) = index(&format!("index: {{aggregate: product}}\n{parts}"));
        assert!((low - 0.04).abs() < 1e-12 && (high - 0.64).abs() < 1e-12);
        // (0.2 + 0.2) ÷ 2, (0.8 + 0.8) ÷ 2
        let (low, high) = index(&format!("index: {{aggregate: level-sum}}\n{parts}"));
        assert!((low - 0.2).abs() < 1e-12 && (high - 0.8).abs() < 1e-12);
    }

    #[test]
    fn a_cap_lowers_the_low_end() {
        let tree = "indicators: [{id: q1, scale: abc, cap: q2}, {id: q2, scale: yn}]";
        assert_eq!(bounds(tree)[1].1, (0.0, 0.8));
        // And that of what it is part of.
        let tree = "index: {aggregate: {sum: {out-of: 2}}}
indicators: [{id: q1, scale: abc, cap: q2}, {id: q2, scale: {breach: -1, none: 0}}]";
        assert_eq!(bounds(tree)[0].1, (-1.0, 0.4));
    }
}
