//! `ex`, `ov`: the example step by step, and the build of the overview article.

use std::collections::BTreeSet;

use dgpf::framework::NodeIx;
use dgpf::scoring::{Assumptions, Remark};

use super::aggregated::nodes;
use super::filled::leaves;
use super::line::{Comparison, Line};
use super::reference::{Reference, Table};
use super::scored::{Scored, framework, written};
use super::treated::Stages;

pub(crate) fn tables(reference: &Reference) -> Vec<Line> {
    let input = reference.table("input/asem_iData");
    let responses = input.responses();
    let example = Scored::of("asem", &responses);
    let mut lines = vec![lineage(reference)];
    lines.extend(weights(reference));
    for step in ["denominated", "imputed", "treated"] {
        let scored = Scored::of(step, &responses);
        lines.push(leaves(reference, &format!("ex/{step}"), &scored, step));
    }
    lines.push(availability(reference, &responses));
    lines.extend(treatment(reference, &responses));
    lines.push(leaves(reference, "ex/normalised", &example, "asem"));
    lines.push(nodes(reference, "ex/aggregated", &example, "asem"));
    lines.extend(results(reference, &example));
    lines.push(group_ranks(reference, &responses));
    for unit in ["IND", "AUT"] {
        lines.push(unit_summary(reference, &example, unit));
    }
    lines.extend(strengths(reference, &input, &example));
    lines.extend(overview(reference, &responses));
    lines
}

/// Which pillar, sub-index and index each indicator belongs to.
fn lineage(reference: &Reference) -> Line {
    let path = "ex/lineage";
    let table = reference.table(path);
    let framework = framework("asem");
    let mut comparison = Comparison::exact(path, "asem");
    for row in &table.rows {
        let ix = framework.find(&row[0]).expect("the indicator is there");
        let above = std::iter::successors(framework.node(ix).parent, |ix: &NodeIx| {
            framework.node(*ix).parent
        });
        let above: Vec<&str> = above.map(|ix| framework.node(ix).id.as_str()).collect();
        assert_eq!(above.len() + 1, row.len(), "{path}: {}", row[0]);
        for (found, expected) in above.into_iter().zip(&row[1..]) {
            comparison.text(&row[0], found, expected);
        }
    }
    comparison.done()
}

fn weights(reference: &Reference) -> [Line; 2] {
    let framework = framework("asem");
    let effective = Assumptions::of(&framework).effective_weights(&framework);
    let of = |path: &str, column: &str, weight: &dyn Fn(NodeIx) -> f64| {
        let table = reference.table(path);
        Comparison::new(path, "asem")
            .cells(&table, [column], |row, _| {
                framework.find(table.text(row, "iCode")).map(weight)
            })
            .done()
    };
    [
        of("ex/weights_original", "Weight", &|ix| {
            framework.node(ix).weight.get()
        }),
        of("ex/eff_weights", "EffWeight", &|ix| effective[ix.0]),
    ]
}

/// After filling nothing is missing, and nobody is left out.
fn availability(reference: &Reference, responses: &str) -> Line {
    let path = "ex/screen_summary";
    let table = reference.table(path);
    let filled = Scored::of("imputed", responses);
    Comparison::exact(path, "imputed")
        .cells(
            &table,
            ["N_missing", "N_zero", "Dat_Avail", "Non_Zero", "Included"],
            |row, column| {
                let values = filled.leaves(table.text(row, "uCode"));
                let all = values.len() as f64;
                let given = values.iter().flatten().count() as f64;
                let zeros = values.iter().flatten().filter(|value| value.abs() <= 0.0);
                let zeros = zeros.count() as f64;
                Some(match column {
                    "N_missing" => all - given,
                    "N_zero" => zeros,
                    "Dat_Avail" => given / all,
                    "Non_Zero" => 1.0 - zeros / given,
                    _ => f64::from(u8::from(given / all >= 0.9)),
                })
            },
        )
        .done()
}

fn treatment(reference: &Reference, responses: &str) -> [Line; 2] {
    let [before, winsorised, after] =
        ["imputed", "treated-alone", "treated"].map(|id| Scored::of(id, responses));
    let path = "ex/treat_points";
    let table = reference.table(path);
    let mut points = Comparison::exact(path, "treated-alone");
    for (row, cells) in table.rows.iter().enumerate() {
        for (column, expected) in table.columns.iter().zip(cells).skip(1) {
            let unit = table.text(row, "uCode");
            let [from, to] = [&before, &winsorised].map(|scored| scored.score(column, unit));
            let found = match from.partial_cmp(&to) {
                Some(std::cmp::Ordering::Greater) => "winhi",
                Some(std::cmp::Ordering::Less) => "winlo",
                Some(std::cmp::Ordering::Equal) | None => "",
            };
            points.text(&format!("{unit} {column}"), found, expected);
        }
    }
    let stages = Stages {
        before: &before,
        winsorised: &winsorised,
        after: &after,
    };
    let path = "ex/treat_details";
    let details = stages.line(path, &reference.table(path), "treated", (2.0, 3.5));
    [points.done(), details]
}

/// Scores and ranks of every unit, as printed.
fn results(reference: &Reference, example: &Scored) -> [Line; 3] {
    let path = "ex/results_summ_scores_2dp";
    let table = reference.table(path);
    let digits = example.framework.rounding.digits;
    let printed = Comparison::exact(path, "asem")
        .cells(&table, ["Index", "Rank"], |row, column| {
            let unit = table.text(row, "uCode");
            match column {
                "Rank" => example.rank("Index", unit),
                _ => example
                    .score("Index", unit)
                    .map(|score| digits.round(score)),
            }
        })
        .done();
    let path = "ex/results_aggs_scores_full";
    let table = reference.table(path);
    let columns: Vec<&str> = table.columns[1..].iter().map(String::as_str).collect();
    let full = Comparison::new(path, "asem")
        .cells(&table, columns, |row, column| {
            let unit = table.text(row, "uCode");
            match column {
                "Rank" => example.rank("Index", unit),
                _ => example.score(column, unit),
            }
        })
        .done();
    [
        printed,
        full,
        ranks(reference, "ex/results_full_ranks", example, "asem"),
    ]
}

/// The country and the indicator in which `COINr` parts a tie: three countries have 5.1, one of them as
/// 5.100 000 000 000 000 5. See `differences`.
pub(crate) const LAST_BIT: &str = "GRC TolMin";

/// The ranks of every node that the table names.
fn ranks(reference: &Reference, path: &str, scored: &Scored, id: &str) -> Line {
    let table = reference.table(path);
    let columns: Vec<&str> = table.columns[1..].iter().map(String::as_str).collect();
    Comparison::exact(path, id)
        .except(LAST_BIT)
        .cells(&table, columns, |row, node| {
            scored.rank(node, table.text(row, "uCode"))
        })
        .done()
}

/// A framework that ranks within a group of countries.
fn within(base: &str, group: &str, responses: &str) -> Scored {
    let overlay = format!(
        "dgpf: 1\nid: within-group\nextends: {base}\nranking: {{among: gdp-{}}}\n",
        group.to_lowercase()
    );
    Scored::by(written(&overlay), responses)
}

/// The groups of countries with like gross domestic product.
const GROUPS: [&str; 4] = ["S", "M", "L", "XL"];

/// Ranks within groups of countries.
fn group_ranks(reference: &Reference, responses: &str) -> Line {
    let path = "ex/results_full_groupranks_GDP_group";
    let table = reference.table(path);
    let groups = GROUPS.map(|group| within("asem", group, responses));
    let columns: Vec<&str> = table.columns[2..].iter().map(String::as_str).collect();
    Comparison::exact(path, "asem, ranking among a group")
        .except(LAST_BIT)
        .cells(&table, columns, |row, node| {
            let own = table.text(row, "GDP_group");
            let at = GROUPS.iter().position(|group| *group == own)?;
            groups[at].rank(node, table.text(row, "uCode"))
        })
        .done()
}

/// Score and rank of one unit.
fn unit_summary(reference: &Reference, example: &Scored, unit: &str) -> Line {
    let path = format!("ex/unit_summary_{unit}");
    let table = reference.table(&path);
    Comparison::new(&path, "asem")
        .cells(&table, ["Score", "Rank"], |row, column| {
            let node = table.text(row, "Code");
            match column {
                "Score" => example.score(node, unit),
                _ => example.rank(node, unit),
            }
        })
        .done()
}

/// The indicators in which a unit ranks highest and lowest.
fn strengths(reference: &Reference, input: &Table, example: &Scored) -> Vec<Line> {
    let responses = input.responses();
    let raw = Scored::of("raw", &responses);
    // Ranks of what is better, whichever way the numbers run.
    let ranked = Scored::of("raw-rank", &responses);
    let groups = GROUPS.map(|group| within("raw-rank", group, &responses));
    let all: Vec<&Scored> = groups.iter().collect();
    let own = input.by("uCode", "GDP_group")["ESP"].clone();
    let at = GROUPS.iter().position(|group| *group == own);
    let spain = Ranked {
        unit: "ESP",
        ranks: &ranked,
        among: &[&ranked],
        values: &raw,
        distinct: None,
    };
    let china = Ranked {
        unit: "CHN",
        ranks: example,
        among: &[example],
        values: example,
        distinct: None,
    };
    let spain_in_group = Ranked {
        unit: "ESP",
        ranks: all[at.expect("the group is one of these")],
        among: &all,
        values: &raw,
        distinct: Some(0.2),
    };
    let mut lines = Vec::new();
    for (name, framework, of, count) in [
        ("ESP_Raw", "raw-rank", spain, 5),
        ("CHN_Normalised", "asem", china, 10),
        (
            "ESP_Raw_group",
            "raw-rank, ranking among a group",
            spain_in_group,
            5,
        ),
    ] {
        let order = of.order();
        let last = &order[order.len() - count..];
        for (end, chosen) in [("strengths", &order[..count]), ("weaknesses", last)] {
            let path = format!("ex/str_weak_{name}_{end}");
            let table = reference.table(&path);
            assert_eq!(table.rows.len(), count, "{path}");
            let mut comparison = Comparison::new(&path, framework);
            for (row, (rank, node)) in chosen.iter().enumerate() {
                let value = of.values.score(node, of.unit);
                comparison.text(&format!("row {row}"), node, table.text(row, "Code"));
                comparison.cell(node, Some(*rank), table.number(row, "Rank"));
                comparison.cell(node, value, table.number(row, "Value"));
            }
            lines.push(comparison.done());
        }
    }
    lines
}

/// A unit's ranks in every indicator.
struct Ranked<'a> {
    unit: &'a str,
    ranks: &'a Scored,
    /// All rankings, for the worst rank that anybody has.
    among: &'a [&'a Scored],
    values: &'a Scored,
    /// Indicators with no larger share of distinct values are left out.
    distinct: Option<f64>,
}

impl Ranked<'_> {
    /// Indicators by rank, ties by the code of the pillar and then as in the framework; without those where the unit has
    /// no rank or the worst one.
    fn order(&self) -> Vec<(f64, String)> {
        let framework = &self.ranks.framework;
        let mut indicators: Vec<(&str, &str)> = framework
            .indicators()
            .map(|(_, node, _)| {
                let parent = node.parent.expect("indicators have parents");
                (framework.node(parent).id.as_str(), node.id.as_str())
            })
            .collect();
        indicators.sort_by_key(|(parent, _)| *parent);
        let mut order = Vec::new();
        for (_, node) in indicators {
            let worst = self
                .among
                .iter()
                .flat_map(|scored| &scored.column(node).rank);
            let worst = worst.copied().flatten().fold(0.0, f64::max);
            let rank = self.ranks.rank(node, self.unit);
            if let Some(rank) = rank.filter(|rank| *rank < worst)
                && self.distinct.is_none_or(|share| self.spread(node) > share)
            {
                order.push((rank, node.to_owned()));
            }
        }
        order.sort_by(|a, b| a.0.total_cmp(&b.0));
        order
    }

    /// The share of distinct values among the units'; none counts as one.
    fn spread(&self, node: &str) -> f64 {
        let values = &self.values.column(node).score;
        let distinct: BTreeSet<Option<u64>> =
            values.iter().map(|value| value.map(f64::to_bits)).collect();
        distinct.len() as f64 / values.len() as f64
    }
}

/// The build of the overview article: countries are left out, gaps stay.
fn overview(reference: &Reference, responses: &str) -> Vec<Line> {
    let [filled, winsorised, treated, scored] = [
        "overview-imputed",
        "overview-treated-alone",
        "overview-treated",
        "overview",
    ]
    .map(|id| Scored::of(id, responses));
    let before = Scored::of("overview-divided", responses);
    let stages = Stages {
        before: &before,
        winsorised: &winsorised,
        after: &treated,
    };
    let path = "ov/treat_details";
    vec![
        left_out(reference, &scored),
        leaves(reference, "ov/imputed", &filled, "overview-imputed"),
        leaves(reference, "ov/treated", &treated, "overview-treated"),
        stages.line(path, &reference.table(path), "overview-treated", (2.0, 3.5)),
        leaves(reference, "ov/normalised", &scored, "overview"),
        nodes(reference, "ov/aggregated", &scored, "overview"),
        ranks(reference, "ov/results_aggs_ranks", &scored, "overview"),
    ]
}

/// Who is left out, and how much those had answered.
fn left_out(reference: &Reference, scored: &Scored) -> Line {
    let path = "ov/screen_summary";
    let table = reference.table(path);
    let out = |unit: &str| {
        scored.table.remarks.iter().find_map(|remark| match remark {
            Remark::ScreenedOut {
                unit: named,
                answered,
                ..
            } if named == unit => Some(*answered),
            _ => None,
        })
    };
    let mut comparison = Comparison::new(path, "overview");
    for row in 0..table.rows.len() {
        let unit = table.text(row, "uCode");
        let included = f64::from(u8::from(out(unit).is_none()));
        comparison.cell(unit, Some(included), table.number(row, "Included"));
        if let Some(answered) = out(unit) {
            comparison.cell(unit, Some(answered), table.number(row, "Dat_Avail"));
        }
    }
    comparison.done()
}
