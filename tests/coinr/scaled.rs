//! `norm`: numbers scaled against each other or between fixed ends.

use dgpf::framework::{Answers, Better, Curve, Framework, Normalise};

use super::filled::leaves;
use super::line::{Comparison, Line};
use super::reference::Reference;
use super::scored::{Scored, framework};

/// Table and framework.
const TABLES: [(&str, &str); 20] = [
    ("minmax_1_100", "min-max-1-100"),
    ("zscore_0_1", "z-score"),
    ("zscore_10_2", "z-score-10-2"),
    ("rank", "rank"),
    ("borda", "borda"),
    ("prank", "percentile"),
    ("dist2max", "min-max"),
    ("dist2ref_row5", "distance-to-bulgaria"),
    ("dist2ref_row5_cap", "distance-to-bulgaria-capped"),
    ("scaled_0_100", "scaled"),
    ("raw_minmax_0_100", "raw-min-max"),
    ("raw_zscore_0_1", "raw-z-score"),
    ("raw_rank", "raw-rank"),
    ("raw_rank_average", "raw-rank-average"),
    ("raw_prank", "raw-percentile"),
    ("meta_dist2targ_capped", "target-capped"),
    ("meta_dist2targ_uncapped", "target"),
    ("meta_goalposts_scale1_trunc", "goalposts"),
    ("meta_goalposts_scale100_untrunc", "goalposts-100"),
    ("meta_scaled", "scaled-own"),
];

pub(crate) fn tables(reference: &Reference) -> Vec<Line> {
    let input = reference.table("input/asem_iData").responses();
    let mut lines: Vec<Line> = TABLES
        .iter()
        .map(|(table, id)| {
            let scored = Scored::of(id, &input);
            leaves(reference, &format!("norm/{table}"), &scored, id)
        })
        .collect();
    lines.push(share_of_leader(reference, &input));
    lines.push(parameters(reference));
    lines
}

/// Goalposts and targets of the framework files are those that `COINr` was given.
fn parameters(reference: &Reference) -> Line {
    let path = "norm/meta_parameters";
    let table = reference.table(path);
    let [goalposts, target] = ["goalposts", "target"].map(framework);
    let node = |framework: &Framework, row: usize| {
        let ix = framework.find(table.text(row, "iCode"))?;
        framework.node(ix).normalise.clone()
    };
    Comparison::exact(path, "goalposts, target")
        .cells(
            &table,
            ["goalpost_lower", "goalpost_upper", "Target"],
            |row, column| match (column, node(&goalposts, row)?, node(&target, row)?) {
                ("Target", _, Normalise::DistanceToTarget { at, .. }) => Some(at),
                ("goalpost_lower", Normalise::Fixed(Curve::Goalposts(posts)), _) => {
                    Some(posts.from.min(posts.to))
                }
                ("goalpost_upper", Normalise::Fixed(Curve::Goalposts(posts)), _) => {
                    Some(posts.from.max(posts.to))
                }
                _ => None,
            },
        )
        .done()
}

/// Where more is better a share of the leader is `COINr`'s fraction of the maximum. Where less is better that divides
/// by the lowest value, so that worse scores more; see `differences`.
fn share_of_leader(reference: &Reference, input: &str) -> Line {
    let table = reference.table("norm/fracmax");
    let scored = Scored::of("share-of-leader", input);
    let up = scored.indicators().filter(|(_, indicator)| {
        matches!(&indicator.answers, Answers::Number(number) if number.better == Better::Higher)
    });
    let up: Vec<&str> = up.map(|(id, _)| id).collect();
    Comparison::new("norm/fracmax", "share-of-leader")
        .cells(&table, up, |row, node| {
            scored.score(node, table.text(row, "uCode"))
        })
        .done()
}
