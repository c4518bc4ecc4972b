//! Draws are scored by a shorter way than tables are; both must say the same to the last bit.

use dgpf::analysis::robustness::{Source, Study, Weighting, drawn, uncertainty};
use dgpf::framework::{Aggregate, Framework, MissingPart, NodeIx, Normalise, Zeros};
use dgpf::responses::Responses;
use dgpf::scoring::Plan;

use crate::loading::{framework, responses};

/// Everything that a node's score can depend on: gaps, caps, rounding, coverage, cohorts, finer rows, conditions.
const FRAMEWORK: &str = r#"
dgpf: 1
id: everything
unit: unit
period: year
range: [0, 100]
rows: [{key: office, combine: mean, of: scores}, {key: person, combine: mean, of: answers}]
scales:
  extent: {none: 0, some: 0.5, all: 1, "n/a": not-applicable, "?": dont-know}
levels:
  - {id: low, from: 0}
  - {id: middle, from: 40}
  - {id: high, from: 60, needs: [{node: trust, at-least: 50}, {coverage: 0.8}]}
ranking: {method: average}
dimensions:
  - id: policy
    missing: lowest
    indicators:
      - {id: p1, scale: extent}
      - {id: p2, scale: extent, weight: 2, when: {p1: [some, all]}, otherwise: 0}
      - {id: p3, scale: extent, cap: p1}
  - id: trust
    min-coverage: 1/2
    aggregate: {geometric: {zeros: 0.01}}
    rounding: {digits: 1}
    indicators:
      - {id: t1, scale: extent}
      - {id: t2, number: {from: 0, to: 10}, missing: mean}
  - id: reach
    weight: 2
    normalise: min-max
    cap: policy
    indicators:
      - {id: r1, number: {}, normalise: percentile}
      - {id: r2, number: {from: 50, to: 0}}
"#;

/// Six units in two years, two offices each, two persons in each of them; the seventh answer is missing.
fn answers(framework: &Framework) -> Responses {
    let mut text = "unit,year,office,person,p1,p2,p3,t1,t2,r1,r2\n".to_owned();
    let scale = ["none", "some", "all", "n/a", "?", "all", "some"];
    let mut turn: usize = 0;
    for unit in ["A", "B", "C", "D", "E", "F"] {
        for year in ["2023", "2024"] {
            for office in ["1", "2"] {
                for person in ["x", "y"] {
                    let mut cells = vec![unit.to_owned(), year.to_owned(), office.to_owned()];
                    cells.push(person.to_owned());
                    for question in 0..7 {
                        turn = (turn * 5 + 3 + question) % 101;
                        cells.push(match (turn % 7, question) {
                            (6, _) => String::new(),
                            (_, 0..=3) => scale[turn % scale.len()].to_owned(),
                            (_, 4) => (turn % 11).to_string(),
                            _ => (turn % 50).to_string(),
                        });
                    }
                    text += &(cells.join(",") + "\n");
                }
            }
        }
    }
    responses(framework, &text)
}

fn every_source(framework: &Framework) -> Vec<Source> {
    let node = |id: &str| framework.find(id).expect("it is in the framework");
    vec![
        Source::Weights(Weighting::Around([0.5; 4])),
        Source::Aggregation {
            nodes: vec![Framework::INDEX, node("policy")],
            alternatives: vec![Aggregate::Mean, Aggregate::Harmonic(Zeros::Floor(0.01))],
        },
        Source::Missing {
            nodes: vec![node("policy"), node("reach")],
            alternatives: vec![
                MissingPart::Lowest,
                MissingPart::Renormalise,
                MissingPart::Zero,
            ],
        },
        Source::Normalisation {
            nodes: vec![node("r1"), node("reach")],
            alternatives: vec![
                Normalise::MinMax { onto: (0.0, 1.0) },
                Normalise::Percentile,
                Normalise::ZScore { mean: 0.5, sd: 0.2 },
            ],
        },
        Source::LeaveOut {
            nodes: vec![node("t2"), node("r2"), node("trust")],
        },
    ]
}

/// A study's draws counted the long way: every draw compiled and scored as a table.
fn the_long_way(framework: &Framework, responses: &Responses, study: &Study) {
    let found = uncertainty(framework, responses, study, &|_| ()).expect("it varies");
    for unit in &found.units {
        let (mut scores, mut ranks, mut levels) = (Vec::new(), Vec::new(), vec![0.0; 3]);
        for draw in 0..study.draws {
            let (assumptions, answers) = drawn(framework, responses, study, draw);
            let answers = answers.as_ref().unwrap_or(responses);
            let table = Plan::compile(framework, &assumptions).score(answers);
            let mut seen = table.observations.iter();
            let row = seen.position(|o| *o.unit == *unit.id && o.period == study.period);
            let row = row.expect("every unit is scored");
            let index = &table.nodes[Framework::INDEX.0];
            scores.extend(index.score[row]);
            ranks.extend(index.rank[row]);
            if let Some(level) = index.level[row] {
                levels[level] += 1.0;
            }
        }
        let count = scores.len() as f64;
        let mean = scores.iter().sum::<f64>() / count;
        assert_eq!(
            unit.score_mean.map(f64::to_bits),
            Some(mean.to_bits()),
            "{}",
            unit.id
        );
        for (rank, share) in &unit.acceptability {
            let times = ranks
                .iter()
                .filter(|taken| (*taken - rank).abs() < 0.1)
                .count();
            assert!((times as f64 / ranks.len() as f64 - share).abs() < 1e-12);
        }
        let shares: Vec<f64> = levels.iter().map(|times| times / count).collect();
        assert_eq!(unit.levels, shares, "{}", unit.id);
    }
}

#[test]
fn draws_score_as_tables_do() {
    let framework = framework(FRAMEWORK);
    let responses = answers(&framework);
    let study = Study {
        draws: 60,
        sources: every_source(&framework),
        ..Study::of(&responses)
    };
    the_long_way(&framework, &responses, &study);
}

#[test]
fn each_source_alone_scores_as_tables_do() {
    let framework = framework(FRAMEWORK);
    let responses = answers(&framework);
    for source in every_source(&framework) {
        let study = Study {
            draws: 12,
            sources: vec![source],
            period: 0,
            ..Study::of(&responses)
        };
        the_long_way(&framework, &responses, &study);
    }
}

#[test]
fn drawn_answers_score_as_tables_do() {
    let framework = framework(FRAMEWORK);
    let responses = answers(&framework);
    for sources in [
        vec![Source::Respondents { step: 1 }],
        vec![Source::Respondents { step: 0 }],
        vec![
            Source::Errors {
                share: 0.2,
                numbers: 0.1,
            },
            Source::Gaps,
        ],
    ] {
        let study = Study {
            draws: 12,
            sources,
            ..Study::of(&responses)
        };
        the_long_way(&framework, &responses, &study);
    }
}

#[test]
fn another_unit_moves_nobody_elses_draws() {
    let framework = framework(FRAMEWORK);
    let all = answers(&framework);
    let mut fewer = all.clone();
    let kept: Vec<usize> = (0..all.rows.len())
        .filter(|row| all.units[all.rows[*row].unit].id.as_ref() != "B")
        .collect();
    fewer.rows = kept.iter().map(|row| all.rows[*row].clone()).collect();
    for column in &mut fewer.answers {
        column.values = kept.iter().map(|row| column.values[*row]).collect();
        column.marks = kept.iter().map(|row| column.marks[*row]).collect();
    }
    let study = Study {
        sources: vec![
            Source::Errors {
                share: 0.3,
                numbers: 0.1,
            },
            Source::Respondents { step: 1 },
        ],
        ..Study::of(&all)
    };
    let column = |responses: &Responses, unit: &str| {
        let (_, answers) = drawn(&framework, responses, &study, 5);
        let answers = answers.expect("answers vary");
        let rows = (0..answers.rows.len())
            .filter(|row| answers.units[answers.rows[*row].unit].id.as_ref() == unit);
        rows.map(|row| {
            format!(
                "{:?}",
                answers
                    .answers
                    .iter()
                    .map(|c| c.get(row))
                    .collect::<Vec<_>>()
            )
        })
        .collect::<Vec<_>>()
    };
    for unit in ["A", "C", "F"] {
        assert_eq!(column(&all, unit), column(&fewer, unit), "{unit}");
    }
    assert_eq!(framework.find("p1"), Some(NodeIx(2)));
}

#[test]
fn threads_change_nothing() {
    let framework = framework(FRAMEWORK);
    let responses = answers(&framework);
    let mut sources = every_source(&framework);
    sources.push(Source::Gaps);
    let study = Study {
        draws: 100,
        sources,
        ..Study::of(&responses)
    };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.expect("threads can be made");
        let found = pool.install(|| uncertainty(&framework, &responses, &study, &|_| ()));
        format!("{:?}", found.expect("it varies"))
    };
    assert_eq!(on(1), on(8));
}
