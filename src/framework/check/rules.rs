//! Rules by name: aggregation, missing answers, rescaling.

use super::answers::{bands, goalposts_of, lines};
use super::{number, read};
use crate::framework::findings::Findings;
use crate::framework::value::RoundingMode;
use crate::framework::yaml::Tree;
use crate::framework::{Aggregate, Curve, Digits, MinCoverage, MissingPart, Normalise, Zeros};
use crate::problem::FrameworkKind;

/// How parts become a score, and whether it is stated what zeros do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rule {
    pub(super) aggregate: Aggregate,
    pub(super) zeros_stated: bool,
}

/// Reads `aggregate`.
pub(super) fn aggregate(tree: &Tree, findings: &mut Findings) -> Option<Rule> {
    let (word, details) = read::case(tree)?;
    let zeros = details.and_then(zeros);
    let out_of = details.and_then(|details| read::number(details, "out-of"));
    let aggregate = match word {
        "mean" => Aggregate::Mean,
        "geometric" => Aggregate::Geometric(zeros.unwrap_or(Zeros::Zero)),
        "harmonic" => Aggregate::Harmonic(zeros.unwrap_or(Zeros::Zero)),
        "power" => {
            let details = details?;
            let stated = details.get("exponent").unwrap_or(details);
            let exponent = number::of(stated)?;
            if exponent == 0.0 {
                findings.error(stated.spot, FrameworkKind::PowerZero);
                return None;
            }
            Aggregate::Power(exponent, zeros.unwrap_or(Zeros::Zero))
        }
        "median" => Aggregate::Median,
        "minimum" => Aggregate::Minimum,
        "maximum" => Aggregate::Maximum,
        "sum" => Aggregate::Sum {
            out_of: out_of.unwrap_or(1.0),
        },
        "product" => Aggregate::Product,
        "level-sum" => Aggregate::LevelSum { out_of },
        "staged" => Aggregate::Staged {
            pass: details
                .and_then(|details| read::number(details, "pass"))
                .unwrap_or(1.0),
            partial: details
                .and_then(|details| read::flag(details, "partial"))
                .unwrap_or(false),
        },
        "copeland" => Aggregate::Copeland,
        "borda" => Aggregate::Borda,
        _ => return None,
    };
    Some(Rule {
        aggregate,
        zeros_stated: zeros.is_some(),
    })
}

fn zeros(details: &Tree) -> Option<Zeros> {
    let stated = details.get("zeros")?;
    if stated.text() == Some("zero") {
        return Some(Zeros::Zero);
    }
    number::of(stated)
        .filter(|floor| *floor > 0.0)
        .map(Zeros::Floor)
}

/// What a part without a score counts as.
pub(super) fn missing_part(tree: &Tree) -> Option<MissingPart> {
    let (word, details) = read::case(tree)?;
    match word {
        "renormalise" => Some(MissingPart::Renormalise),
        "zero" => Some(MissingPart::Zero),
        "lowest" => Some(MissingPart::Lowest),
        "constant" => details.and_then(number::of).map(MissingPart::Constant),
        "no-score" => Some(MissingPart::NoScore),
        _ => None,
    }
}

/// Below this a node has no score.
pub(super) fn min_coverage(tree: &Tree, findings: &mut Findings) -> Option<MinCoverage> {
    if let Some(share) = number::of(tree) {
        return Some(MinCoverage::Weight(share));
    }
    match tree.entries() {
        [entry] => {
            let share = number::of(&entry.value)?;
            match entry.key.as_str() {
                "weight" => Some(MinCoverage::Weight(share)),
                "parts" => Some(MinCoverage::Parts(share)),
                "answers" => Some(MinCoverage::Answers(share)),
                _ => None,
            }
        }
        [_, second, ..] => {
            findings.error(second.at, FrameworkKind::SeveralCoverages);
            None
        }
        [] => None,
    }
}

/// Rescaling. `periods` says whether the framework has any.
pub(super) fn normalise(tree: &Tree, findings: &mut Findings) -> Option<Normalise> {
    let (word, details) = read::case(tree)?;
    let cap = details
        .and_then(|details| read::flag(details, "cap"))
        .unwrap_or(false);
    let fixed = |curve: Option<Curve>| curve.map(Normalise::Fixed);
    match word {
        "min-max" => Some(Normalise::MinMax {
            onto: details
                .and_then(|details| read::interval(details, "onto"))
                .unwrap_or((0.0, 1.0)),
        }),
        "z-score" => Some(Normalise::ZScore {
            mean: details
                .and_then(|details| read::number(details, "mean"))
                .unwrap_or(0.0),
            sd: details
                .and_then(|details| read::number(details, "sd"))
                .unwrap_or(1.0),
        }),
        "rank" => Some(Normalise::Rank {
            average: details.is_some_and(|details| read::is(details, "ties", "average")),
        }),
        "borda" => Some(Normalise::Borda),
        "percentile" => Some(Normalise::Percentile),
        "share-of-leader" => Some(Normalise::ShareOfLeader),
        "distance-to-unit" => Some(Normalise::DistanceToUnit {
            unit: details.and_then(|details| read::text(details, "unit"))?,
            cap,
        }),
        "distance-to-target" => to_target(details?, cap, findings),
        "goalposts" => fixed(goalposts_of(details?, findings).map(Curve::Goalposts)),
        "bands" => fixed(bands(details?, findings).map(Curve::Bands)),
        "curve" => fixed(lines(details?, findings).map(Curve::Lines)),
        _ => None,
    }
}

fn to_target(details: &Tree, cap: bool, findings: &mut Findings) -> Option<Normalise> {
    match (details.get("at"), details.entry("between")) {
        (Some(at), None) => Some(Normalise::DistanceToTarget {
            at: number::of(at)?,
            cap,
        }),
        (None, Some(between)) => {
            let (low, high) = read::interval_of(&between.value)?;
            Some(Normalise::DistanceToInterval { low, high })
        }
        (Some(_), Some(between)) => {
            findings.error(between.at, FrameworkKind::TargetTwice);
            None
        }
        (None, None) => {
            findings.error(details.spot, FrameworkKind::NoTarget);
            None
        }
    }
}

/// Rounding of one node; an exact half goes where it goes elsewhere, unless the node says otherwise.
pub(super) fn rounding(tree: &Tree, elsewhere: RoundingMode) -> Option<Digits> {
    Some(Digits {
        digits: u8::try_from(read::count(tree, "digits")?).ok()?,
        mode: read::mode(tree).unwrap_or(elsewhere),
    })
}
