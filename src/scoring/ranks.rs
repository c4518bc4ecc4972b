//! Scores → ranks.

use crate::framework::{Better, Framework, GroupIx, NodeIx, RankMethod, Ranking, tie_key};

use super::conditions::belongs;
use super::levels::rounded;
use super::rows::Cases;

/// Who is ranked against whom: period by period, the cases that are ranked.
pub(crate) fn fields(
    framework: &Framework,
    ranking: &Ranking,
    cases: &Cases,
    periods: usize,
) -> Vec<Vec<usize>> {
    let mut fields = vec![Vec::new(); periods];
    for (case, key) in cases.keys.iter().enumerate() {
        if is_member(framework, ranking.among, cases, case) {
            fields[key.period].push(case);
        }
    }
    fields
}

/// Whether a case belongs to a group; to no group in particular everybody does.
pub(crate) fn is_member(
    framework: &Framework,
    group: Option<GroupIx>,
    cases: &Cases,
    case: usize,
) -> bool {
    group.is_none_or(|group| belongs(&framework.groups[group.0].members, &cases.attributes, case))
}

/// Ranks a node's scores within each field: calls `ranked` with each case that has one and its rank; 1 is best.
pub(crate) fn rank_fields(
    framework: &Framework,
    ranking: &Ranking,
    node: NodeIx,
    fields: &[Vec<usize>],
    score: impl Fn(usize) -> Option<f64>,
    mut ranked: impl FnMut(usize, f64),
) {
    let mut order = Vec::new();
    for field in fields {
        let scores = field.iter().filter_map(|&case| Some((case, score(case)?)));
        rank(framework, ranking, node, scores, &mut order, &mut ranked);
    }
}

/// Ranks the cases of one field by their scores: calls `ranked` with each case and its rank. `order` is only lent.
pub(crate) fn rank(
    framework: &Framework,
    ranking: &Ranking,
    node: NodeIx,
    scores: impl Iterator<Item = (usize, f64)>,
    order: &mut Vec<(i64, usize)>,
    mut ranked: impl FnMut(usize, f64),
) {
    let key = |score: f64| {
        let score = if ranking.rounded {
            rounded(framework, node, score)
        } else {
            score
        };
        match framework.better {
            Better::Higher => -tie_key(score),
            Better::Lower => tie_key(score),
        }
    };
    order.clear();
    order.extend(scores.map(|(case, score)| (bits(key(score)), case)));
    // Those who tie share a rank, in whatever order they stand.
    order.sort_unstable_by_key(|(key, _)| *key);
    let mut before = 0;
    for (tier, tied) in order.chunk_by(|a, b| a.0 == b.0).enumerate() {
        let rank = match ranking.method {
            RankMethod::Competition => (before + 1) as f64,
            RankMethod::Dense => (tier + 1) as f64,
            RankMethod::Average => before as f64 + (tied.len() + 1) as f64 / 2.0,
        };
        for (_, case) in tied {
            ranked(*case, rank);
        }
        before += tied.len();
    }
}

/// Integers that order as the keys do, so that integers can be sorted.
fn bits(key: f64) -> i64 {
    let bits = (key + 0.0).to_bits().cast_signed();
    bits ^ (bits >> 63).cast_unsigned().wrapping_shr(1).cast_signed()
}
