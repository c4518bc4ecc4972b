//! `COINr`'s statistics, correlations, alphas and components of its example.

use std::sync::Arc;

use dgpf::analysis::coherence::{
    Coherence, alpha, coherence, components, kendall, pearson, spearman,
};
use dgpf::framework::{self, Framework};
use dgpf::problem;
use dgpf::responses::Responses;
use dgpf::scoring::{Assumptions, Plan, ScoreTable};

use crate::loading::{outside, responses, table};

/// One of the example's variants with its scores.
struct Example {
    framework: Framework,
    responses: Responses,
    scores: ScoreTable,
}

impl Example {
    fn open(id: &str) -> Option<Self> {
        let collected = outside("DGPF_COINR", "input/asem_iData.csv")?;
        let file = |id: &str| {
            let name = format!("tests/coinr/{id}.yaml");
            let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).ok()?;
            Some(framework::Source {
                name: Arc::from(name),
                text,
            })
        };
        let source = file(id).expect("it is in the repository");
        let framework = match framework::load(&source, &file) {
            Ok(loaded) => loaded.framework,
            Err(problems) => panic!("{}", problem::render(&problems)),
        };
        let unanswered = |cell: &str| {
            if cell == "NA" {
                String::new()
            } else {
                cell.to_owned()
            }
        };
        let lines = collected.lines().map(|line| {
            let cells: Vec<String> = line.split(',').map(unanswered).collect();
            cells.join(",") + "\n"
        });
        let responses = responses(&framework, &lines.collect::<String>());
        let plan = Plan::compile(&framework, &Assumptions::of(&framework));
        let scores = plan.score(&responses);
        Some(Self {
            framework,
            responses,
            scores,
        })
    }

    fn column(&self, id: &str) -> &[Option<f64>] {
        let node = self.framework.find(id).expect("it is a node");
        &self.scores.nodes[node.0].score
    }

    fn coherence(&self) -> Coherence {
        coherence(
            &self.framework,
            &Assumptions::of(&self.framework),
            &self.responses,
            0,
        )
    }

    /// The indicators under a node.
    fn leaves(&self, id: &str) -> Vec<String> {
        let node = self.framework.find(id).expect("it is a node");
        let children = self.framework.node(node).children();
        if children.is_empty() {
            return vec![id.to_owned()];
        }
        let ids = children
            .iter()
            .map(|child| self.framework.node(*child).id.as_str());
        ids.flat_map(|id| self.leaves(id)).collect()
    }
}

fn stored(file: &str) -> Vec<Vec<String>> {
    table(&outside("DGPF_COINR", file).expect("the folder was there"))
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[track_caller]
fn close(found: Option<f64>, expected: Option<f64>, what: &str) {
    match (found, expected) {
        (Some(found), Some(expected)) => {
            let scale = found.abs().max(expected.abs()).max(1.0);
            assert!(
                (found - expected).abs() <= 1e-9 * scale,
                "{what}: {found} is not {expected}"
            );
        }
        (None, None) => {}
        _ => panic!("{what}: {found:?} is not {expected:?}"),
    }
}

#[test]
fn correlations_of_all_indicators_come_out() {
    type Method = fn(&[Option<f64>], &[Option<f64>]) -> Option<f64>;
    let Some(raw) = Example::open("raw") else {
        return;
    };
    let methods: [(&str, Method); 3] = [
        ("pearson", pearson),
        ("spearman", spearman),
        ("kendall", kendall),
    ];
    for (name, method) in methods {
        let matrix = stored(&format!("corr/raw_{name}_matrix.csv"));
        let mut cells = 0;
        for row in &matrix[1..] {
            for (other, expected) in matrix[0][1..].iter().zip(&row[1..]) {
                let found = method(raw.column(&row[0]), raw.column(other));
                close(
                    found,
                    number(expected),
                    &format!("{name} of {} and {other}", row[0]),
                );
                cells += 1;
            }
        }
        assert_eq!(cells, 49 * 49);
    }
}

#[test]
fn correlations_with_parents_come_out() {
    let Some(example) = Example::open("asem") else {
        return;
    };
    let found = example.coherence();
    let mut cells = 0;
    for row in &stored("corr/agg_ind_with_parents.csv")[1..] {
        let node = example.framework.find(&row[1]).expect("it is an indicator");
        let link = found
            .links
            .iter()
            .find(|link| link.node == node)
            .expect("it counts");
        let correlation = match row[0].as_str() {
            "Pillar" => link.with_parent.pearson,
            "Index" => link.with_index.pearson,
            _ => continue,
        };
        close(correlation, number(&row[2]), &row[1]);
        cells += 1;
    }
    assert_eq!(cells, 2 * 49);
    for row in &stored("corr/agg_pillars.csv")[1..] {
        let found = pearson(example.column(&row[0]), example.column(&row[1]));
        close(
            found,
            number(&row[2]),
            &format!("{} and {}", row[0], row[1]),
        );
    }
}

#[test]
fn alphas_come_out() {
    let (Some(raw), Some(example)) = (Example::open("raw"), Example::open("asem")) else {
        return;
    };
    for row in &stored("corr/cronbach.csv")[1..] {
        let data = if row[0] == "Raw" { &raw } else { &example };
        let leaves = data.leaves(&row[2]);
        let columns: Vec<&[Option<f64>]> = leaves.iter().map(|leaf| data.column(leaf)).collect();
        let found = alpha(&columns).map(|alpha| alpha.raw);
        close(found, number(&row[3]), &format!("{} of {}", row[0], row[2]));
    }
    let upper = example.coherence();
    for row in &stored("corr/cronbach_upper.csv")[1..] {
        let node = example.framework.find(&row[2]).expect("it is a node");
        let group = upper
            .nodes
            .iter()
            .find(|group| group.node == node)
            .expect("it has parts");
        // The index over its pillars is no node of the tree.
        if (row[1].as_str(), row[2].as_str()) != ("2", "Index") {
            close(
                group.alpha.as_ref().map(|alpha| alpha.raw),
                number(&row[3]),
                &row[2],
            );
        }
    }
}

#[test]
fn components_come_out() {
    let (Some(raw), Some(example)) = (Example::open("raw"), Example::open("asem")) else {
        return;
    };
    for (file, data) in [
        ("level1_normalised", &example),
        ("level2_aggregated", &example),
        ("level3_aggregated", &example),
        ("level2_no_groups", &example),
        ("level1_raw_na", &raw),
    ] {
        let rows = stored(&format!("weights/pca_loadings_{file}.csv"));
        for group in rows[1..].chunk_by(|a, b| a[1] == b[1]) {
            let ids: Vec<&str> = group
                .iter()
                .filter(|row| row[2] == "1")
                .map(|row| row[4].as_str())
                .collect();
            let columns: Vec<&[Option<f64>]> = ids.iter().map(|id| data.column(id)).collect();
            let found = components(&columns).expect("all of them vary");
            for (at, component) in group.chunk_by(|a, b| a[2] == b[2]).enumerate() {
                let sd = found.eigenvalues[at].sqrt();
                close(
                    Some(sd),
                    number(&component[0][3]),
                    &format!("{file} {}", group[0][1]),
                );
                let stored: Vec<f64> = component.iter().filter_map(|row| number(&row[5])).collect();
                let product: f64 = stored
                    .iter()
                    .zip(&found.vectors[at])
                    .map(|(a, b)| a * b)
                    .sum();
                for (stored, own) in stored.iter().zip(&found.vectors[at]) {
                    let off = (stored - product.signum() * own).abs();
                    assert!(off < 1e-7, "{file} {}: {own} is not {stored}", group[0][1]);
                }
            }
        }
    }
}

#[test]
fn statistics_come_out() {
    let Some(raw) = Example::open("raw") else {
        return;
    };
    let found = raw.coherence();
    for row in &stored("stats/raw_stats.csv")[1..] {
        let node = raw.framework.find(&row[0]).expect("it is an indicator");
        let own = found
            .indicators
            .iter()
            .find(|own| own.node == node)
            .expect("it is described");
        let count = |count: usize| Some(count as f64);
        let share = |part: usize, of: usize| Some(part as f64 / of as f64);
        // Shares of those that are not zero, and of different ones, are of the answers: COINr prints these but flags by others.
        let cells = [
            own.min,
            own.max,
            own.mean,
            own.median,
            own.sd,
            own.skewness,
            own.kurtosis,
            count(own.answered),
            count(own.nonzero),
            count(own.distinct),
            count(own.most_frequent),
            own.coverage(),
            share(own.nonzero, own.answered),
            share(own.distinct, own.answered),
            share(own.most_frequent, own.answered),
        ];
        for (cell, expected) in cells.into_iter().zip(&row[1..]) {
            close(cell, number(expected), &row[0]);
        }
    }
}
