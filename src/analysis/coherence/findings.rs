//! What an auditor would say of the figures.

use crate::framework::NodeIx;

use super::{Agreement, Described, Group, Link, Pair};

/// Between it and its negative a correlation says little (JRC).
pub const WEAK: f64 = 0.3;
/// Above it two parts say the same twice (JRC).
pub const REDUNDANT: f64 = 0.92;
/// Below it parts of a score do not hang together.
pub const LEAST_ALPHA: f64 = 0.7;
/// Below it assessors do not agree.
const LEAST_AGREEMENT: f64 = 0.667;
/// Answered by fewer: thin ground.
const LEAST_COVERAGE: f64 = 0.65;
/// More than this at one end tell nobody apart.
const CROWDED: f64 = 0.8;

/// One thing to look at.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// A part falls where its parent rises.
    WrongWay {
        /// The part.
        node: NodeIx,
        /// Its parent.
        parent: NodeIx,
        /// Their correlation.
        correlation: f64,
    },
    /// A part has little to do with its parent.
    Weak {
        /// The part.
        node: NodeIx,
        /// Its parent.
        parent: NodeIx,
        /// Their correlation.
        correlation: f64,
    },
    /// Two parts fall against each other.
    Against {
        /// One of them.
        one: NodeIx,
        /// The other.
        other: NodeIx,
        /// Their correlation.
        correlation: f64,
    },
    /// Two parts say the same.
    Twice {
        /// One of them.
        one: NodeIx,
        /// The other.
        other: NodeIx,
        /// Their correlation.
        correlation: f64,
    },
    /// An indicator goes better with another node than with its own.
    Elsewhere {
        /// The indicator.
        node: NodeIx,
        /// Where it belongs now.
        parent: NodeIx,
        /// Where it would fit better.
        home: NodeIx,
    },
    /// The parts of a node do not hang together.
    Loose {
        /// The node.
        node: NodeIx,
        /// Cronbach's alpha.
        alpha: f64,
        /// The part without which it would be highest, and how high, if that is higher.
        without: Option<(NodeIx, f64)>,
    },
    /// A node measures more than one thing.
    Several {
        /// The node.
        node: NodeIx,
        /// How many.
        count: usize,
        /// The parts of the second one.
        apart: Vec<NodeIx>,
    },
    /// A part counts for much more or less than its weight says.
    Misweighted {
        /// The part.
        node: NodeIx,
        /// Its share of the weights.
        weight: f64,
        /// Its share of the importance.
        share: f64,
    },
    /// Few answered.
    Thin {
        /// The indicator.
        node: NodeIx,
        /// Share answered.
        coverage: f64,
    },
    /// Most are at one end.
    Crowded {
        /// The indicator.
        node: NodeIx,
        /// Share of the answers there.
        share: f64,
        /// Whether it is the upper end.
        top: bool,
    },
    /// All answered alike.
    Constant {
        /// The indicator.
        node: NodeIx,
    },
    /// Assessors do not agree.
    Disagreement {
        /// The indicator; `None` for all choices together.
        node: Option<NodeIx>,
        /// Krippendorff's alpha.
        alpha: f64,
    },
}

pub(super) fn findings(
    indicators: &[Described],
    links: &[Link],
    pairs: &[Pair],
    groups: &[Group],
    agreement: &[Agreement],
) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    found.extend(links.iter().filter_map(of_link));
    found.extend(pairs.iter().filter_map(of_pair));
    found.extend(links.iter().filter_map(elsewhere));
    for group in groups {
        found.extend(loose(group));
        found.extend(several(group));
        found.extend(group.importance.iter().filter_map(misweighted));
    }
    found.extend(indicators.iter().filter_map(of_indicator));
    found.extend(agreement.iter().filter_map(|agreement| {
        let alpha = agreement.alpha.filter(|alpha| *alpha < LEAST_AGREEMENT)?;
        Some(Finding::Disagreement {
            node: agreement.node,
            alpha,
        })
    }));
    found
}

fn of_link(link: &Link) -> Option<Finding> {
    let (node, parent) = (link.node, link.parent);
    let correlation = link.with_parent.pearson?;
    if correlation <= -WEAK {
        Some(Finding::WrongWay {
            node,
            parent,
            correlation,
        })
    } else if correlation < WEAK {
        Some(Finding::Weak {
            node,
            parent,
            correlation,
        })
    } else {
        None
    }
}

fn of_pair(pair: &Pair) -> Option<Finding> {
    let (one, other) = (pair.one, pair.other);
    let correlation = pair.correlation.pearson?;
    if correlation <= -WEAK {
        Some(Finding::Against {
            one,
            other,
            correlation,
        })
    } else if correlation > REDUNDANT {
        Some(Finding::Twice {
            one,
            other,
            correlation,
        })
    } else {
        None
    }
}

fn elsewhere(link: &Link) -> Option<Finding> {
    let (home, _) = link.fits_better?;
    Some(Finding::Elsewhere {
        node: link.node,
        parent: link.parent,
        home,
    })
}

fn loose(group: &Group) -> Option<Finding> {
    let alpha = group
        .alpha
        .as_ref()
        .filter(|alpha| alpha.raw < LEAST_ALPHA)?;
    let better = group.parts.iter().zip(&alpha.without);
    let better = better.filter_map(|(part, without)| Some((*part, (*without)?)));
    let best = better.max_by(|a, b| a.1.total_cmp(&b.1));
    Some(Finding::Loose {
        node: group.node,
        alpha: alpha.raw,
        without: best.filter(|(_, without)| *without > alpha.raw + 0.01),
    })
}

fn several(group: &Group) -> Option<Finding> {
    let components = group.components.as_ref()?;
    let count = components.above_one();
    if count < 2 {
        return None;
    }
    let (first, second) = (&components.vectors[0], &components.vectors[1]);
    let apart = (0..group.parts.len()).filter(|part| {
        let weight = |vector: &Vec<f64>, component: usize| {
            vector[*part].abs() * components.eigenvalues[component].sqrt()
        };
        weight(second, 1) > weight(first, 0)
    });
    Some(Finding::Several {
        node: group.node,
        count,
        apart: apart.map(|part| group.parts[part]).collect(),
    })
}

fn misweighted(importance: &super::Importance) -> Option<Finding> {
    let share = importance.share?;
    let off = share > 1.5 * importance.weight || share < importance.weight / 2.0;
    off.then_some(Finding::Misweighted {
        node: importance.node,
        weight: importance.weight,
        share,
    })
}

fn of_indicator(indicator: &Described) -> Option<Finding> {
    let node = indicator.node;
    if indicator.answered > 1 && indicator.distinct == 1 {
        return Some(Finding::Constant { node });
    }
    let crowd = |share: Option<f64>, top: bool| {
        let share = share.filter(|share| *share > CROWDED && indicator.answered > 4)?;
        Some(Finding::Crowded { node, share, top })
    };
    let thin = || {
        let coverage = indicator
            .coverage()
            .filter(|share| *share < LEAST_COVERAGE)?;
        Some(Finding::Thin { node, coverage })
    };
    thin()
        .or_else(|| crowd(indicator.floor, false))
        .or_else(|| crowd(indicator.ceiling, true))
}
