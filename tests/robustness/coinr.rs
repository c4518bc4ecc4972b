//! `COINr`'s uncertainty and sensitivity analysis of its example, draw by draw.
//!
//! Its random draws are stored, so that every replicate can be made again. Two of its habits are not copied: it takes a
//! choice by cutting the observed range of the draws instead of 0 to 1 (the stored choices are used here), and its
//! first-order index does not take the mean off (the difference is added back here).

use std::collections::BTreeMap;
use std::sync::Arc;

use dgpf::analysis::robustness::{Study, indices, removals, replay};
use dgpf::framework::{self, Aggregate, Framework, Normalise, Outliers, Zeros};
use dgpf::problem;
use dgpf::responses::Responses;
use dgpf::scoring::{Assumptions, Plan};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::loading::{outside, responses, table};

/// The example, and what its analyses vary.
struct Example {
    framework: Framework,
    responses: Responses,
    /// Weights by set and node.
    noisy: BTreeMap<String, Vec<(String, f64)>>,
}

impl Example {
    fn open() -> Option<Self> {
        let collected = outside("DGPF_COINR", "input/asem_iData.csv")?;
        let weights = outside("DGPF_COINR", "sens/noisy_weights.csv")?;
        let file = |id: &str| {
            let name = format!("tests/coinr/{id}.yaml");
            let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).ok()?;
            Some(framework::Source {
                name: Arc::from(name),
                text,
            })
        };
        let source = file("asem").expect("it is in the repository");
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
        let mut noisy: BTreeMap<String, Vec<(String, f64)>> = BTreeMap::new();
        for row in &table(&weights)[1..] {
            let weight = number(&row[3]).expect("every weight is a number");
            noisy
                .entry(row[0].clone())
                .or_default()
                .push((row[1].clone(), weight));
        }
        Some(Self {
            framework,
            responses,
            noisy,
        })
    }

    /// What a line of a sample stands for: columns `Winmax`, `Normalisation`, `Weights`, `Aggregation` at its end.
    fn assumptions(&self, line: &[String]) -> Assumptions {
        let [winmax, normalisation, weights, aggregation] = &line[line.len() - 4..] else {
            panic!("a sample has four choices");
        };
        let mut assumptions = Assumptions::of(&self.framework);
        let winsorise = winmax.parse().expect("a count");
        for treat in assumptions.treat.iter_mut().flatten() {
            let Outliers::Skewed(rule) = &mut treat.rule else {
                panic!("it winsorises");
            };
            rule.winsorise = winsorise;
        }
        for how in assumptions.normalise.iter_mut().flatten() {
            *how = match normalisation.as_str() {
                "1" => Normalise::MinMax { onto: (1.0, 100.0) },
                _ => Normalise::ZScore {
                    mean: 10.0,
                    sd: 2.0,
                },
            };
        }
        for (id, weight) in &self.noisy[weights] {
            let node = self.framework.find(id).expect("weights are of nodes");
            assumptions.weights[node.0] = *weight;
        }
        if aggregation == "2" {
            for how in &mut assumptions.aggregate {
                *how = Aggregate::Geometric(Zeros::Zero);
            }
        }
        assumptions
    }

    /// Scores and ranks of the index by unit.
    fn index(&self, assumptions: &Assumptions) -> BTreeMap<String, (f64, f64)> {
        let scores = Plan::compile(&self.framework, assumptions).score(&self.responses);
        let index = &scores.nodes[Framework::INDEX.0];
        let cell = |at: usize| {
            (
                index.score[at].expect("a score"),
                index.rank[at].expect("a rank"),
            )
        };
        let units = scores.observations.iter().enumerate();
        units
            .map(|(at, seen)| (seen.unit.to_string(), cell(at)))
            .collect()
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn close(found: f64, expected: f64, what: &str) {
    let scale = found.abs().max(expected.abs()).max(1.0);
    assert!(
        (found - expected).abs() <= 1e-9 * scale,
        "{what}: {found} is not {expected}"
    );
}

#[test]
fn every_replicate_of_the_uncertainty_analysis_comes_out() {
    let Some(example) = Example::open() else {
        return;
    };
    let stored = |file: &str| table(&outside("DGPF_COINR", file).expect("the folder was there"));
    let (sample, scores, ranks) = (
        stored("sens/ua_sample.csv"),
        stored("sens/ua_scores.csv"),
        stored("sens/ua_ranks.csv"),
    );
    let given: Vec<Assumptions> = sample[1..]
        .iter()
        .map(|line| example.assumptions(line))
        .collect();
    let found: Vec<BTreeMap<String, (f64, f64)>> =
        given.par_iter().map(|a| example.index(a)).collect();
    for (row, rank_row) in scores[1..].iter().zip(&ranks[1..]) {
        for (replicate, index) in found.iter().enumerate() {
            let (score, rank) = index[&row[0]];
            let expected = number(&row[replicate + 2]).expect("a score");
            close(
                score,
                expected,
                &format!("{} in replicate {}", row[0], replicate + 1),
            );
            assert_eq!(Some(rank), number(&rank_row[replicate + 2]), "{}", row[0]);
        }
    }
    // The same replicates, counted.
    let study = Study::of(&example.responses);
    let counted =
        replay(&example.framework, &example.responses, &study, &given).expect("units are ranked");
    for row in &stored("sens/ua_rank_stats.csv")[1..] {
        let unit = counted
            .units
            .iter()
            .find(|unit| unit.id == row[0])
            .expect("it is there");
        let [low, median, high] = unit.ranks.expect("it is ranked");
        let mean = unit.rank_mean.expect("it is ranked");
        let expected: Vec<f64> = row[1..].iter().filter_map(|cell| number(cell)).collect();
        assert_eq!(unit.rank, Some(expected[0]), "{}", row[0]);
        close(mean, expected[1], &row[0]);
        for (found, expected) in [median, low, high].into_iter().zip(&expected[2..]) {
            close(found, *expected, &row[0]);
        }
    }
}

#[test]
fn the_sensitivity_indices_come_out() {
    let Some(example) = Example::open() else {
        return;
    };
    let stored = |file: &str| table(&outside("DGPF_COINR", file).expect("the folder was there"));
    let nominal = example.index(&Assumptions::of(&example.framework));
    let sample = stored("sens/sa_sample.csv");
    let shift = |line: &Vec<String>| {
        let ranks = example.index(&example.assumptions(line));
        let shifts = ranks
            .iter()
            .map(|(unit, (_, rank))| (rank - nominal[unit].1).abs());
        shifts.sum::<f64>() / ranks.len() as f64
    };
    let found: Vec<f64> = sample[1..].par_iter().map(shift).collect();
    for (row, shift) in stored("sens/sa_output.csv")[1..].iter().zip(&found) {
        close(*shift, number(&row[1]).expect("a number"), "mean shift");
    }
    let part = |at: usize| found[at * 100..(at + 1) * 100].to_vec();
    let mixed: Vec<Vec<f64>> = (2..6).map(part).collect();
    let (a, b) = (part(0), part(1));
    let mean = found[..200].iter().sum::<f64>() / 200.0;
    let variance = found[..200]
        .iter()
        .map(|y| (y - mean) * (y - mean))
        .sum::<f64>()
        / 199.0;
    let drivers = indices(&a, &b, &mixed);
    for (at, row) in stored("sens/sa_indices.csv")[1..].iter().enumerate() {
        let (first, total) = drivers[at].expect("it varies");
        let drift = mixed[at].iter().zip(&a).map(|(ab, a)| ab - a).sum::<f64>() / 100.0;
        close(
            first + mean * drift / variance,
            number(&row[1]).expect("a number"),
            &row[0],
        );
        close(total, number(&row[2]).expect("a number"), &row[0]);
    }
}

#[test]
fn the_indices_of_its_ishigami_sample_come_out() {
    let Some(sample) = outside("DGPF_COINR", "sens/ishigami_sample.csv") else {
        return;
    };
    let y: Vec<f64> = table(&sample)[1..]
        .iter()
        .filter_map(|row| number(&row[3]))
        .collect();
    let part = |at: usize| y[at * 300..(at + 1) * 300].to_vec();
    let mixed: Vec<Vec<f64>> = (2..5).map(part).collect();
    let (a, b) = (part(0), part(1));
    let mean = y[..600].iter().sum::<f64>() / 600.0;
    let stored = outside("DGPF_COINR", "sens/ishigami_indices.csv").expect("the folder was there");
    for (at, row) in table(&stored)[1..].iter().enumerate() {
        let (first, total) = indices(&a, &b, &mixed)[at].expect("it varies");
        let variance = number(&row[3]).expect("a number");
        let drift = mixed[at].iter().zip(&a).map(|(ab, a)| ab - a).sum::<f64>() / 300.0;
        close(
            first + mean * drift / variance,
            number(&row[1]).expect("a number"),
            &row[0],
        );
        close(total, number(&row[2]).expect("a number"), &row[0]);
    }
}

#[test]
fn leaving_a_part_out_is_giving_it_no_weight() {
    let Some(example) = Example::open() else {
        return;
    };
    let (framework, responses) = (&example.framework, &example.responses);
    let found = removals(framework, responses, 0).expect("units are ranked");
    assert_eq!(found.nodes.len(), 49 + 8 + 2);
    for removal in found.nodes.iter().step_by(7) {
        let mut assumptions = Assumptions::of(framework);
        assumptions.weights[removal.node.0] = 0.0;
        let index = example.index(&assumptions);
        let mut shifts = 0.0;
        for ((id, _), rank) in found.units.iter().zip(&removal.ranks) {
            assert_eq!(Some(index[id].1), *rank, "{id}");
            shifts += (index[id].1 - example.index(&Assumptions::of(framework))[id].1).abs();
        }
        close(removal.mean_shift, shifts / 51.0, "mean shift");
    }
}
