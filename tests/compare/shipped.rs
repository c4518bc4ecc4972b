//! Every framework that comes with the program, and every example: the causes sum to each change.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use dgpf::analysis::compare::{Comparison, Relation, Side, compare};
use dgpf::framework::{self, AttributeKind, Framework, Source, builtin};
use dgpf::responses::{
    self, Answer, AttributeColumn, Column, Input, Options, Responses, Row, Unit,
};
use dgpf::scoring::Assumptions;

use crate::common::{Dice, completions};

struct Wave<'a> {
    framework: &'a Framework,
    responses: &'a Responses,
    period: usize,
}

/// Compares two waves and sees to it that every split sums to its difference; how many there were.
fn sums(name: &str, old: &Wave<'_>, new: &Wave<'_>) -> (Comparison, usize) {
    let assumptions = [old, new].map(|wave| Assumptions::of(wave.framework));
    let side = |at: usize| {
        let wave = [old, new][at];
        Side {
            framework: wave.framework,
            assumptions: &assumptions[at],
            responses: wave.responses,
            period: wave.period,
        }
    };
    let found = compare(&side(0), &side(1));
    let mut splits = 0;
    for unit in &found.units {
        for change in &unit.nodes {
            let Some(causes) = change.causes else {
                continue;
            };
            let difference = change.difference().expect("there are causes of it");
            let off = (causes.total() - difference).abs();
            let scale = difference.abs().max(1.0);
            assert!(
                off <= 1e-12 * scale,
                "{name}, {}: off by {off:e}",
                unit.unit
            );
            splits += 1;
        }
    }
    (found, splits)
}

fn shipped(id: &str) -> Framework {
    let source = builtin::find(id).expect("it is shipped");
    let loaded = framework::load(&source, &builtin::find).expect("it is sound");
    loaded.framework
}

fn text(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn answers(path: &str, framework: &Framework) -> Responses {
    let bytes = text(path).into_bytes();
    let input = Input {
        name: path,
        bytes: &bytes,
    };
    let loaded = responses::load(&[input], framework, &Options::default()).expect("they are sound");
    loaded.responses
}

/// Made-up answers of six units, some of them missing.
fn made_up(framework: &Framework, seed: u32) -> Responses {
    let numbers = (0..60_000u32).map(|at| {
        let mixed = (at ^ seed.wrapping_mul(0x9E37_79B9)).wrapping_mul(0x85EB_CA6B);
        (mixed ^ mixed >> 13).wrapping_mul(0xC2B2_AE35) >> 7
    });
    let mut dice = Dice::new(numbers.collect());
    let mut responses = Responses {
        periods: vec!["2023".to_owned()],
        answers: vec![Column::default(); framework.indicators().count()],
        ..Responses::default()
    };
    let mut attributes: Vec<AttributeColumn> = framework
        .attributes
        .iter()
        .map(|attribute| match attribute.kind {
            AttributeKind::Number => AttributeColumn::Number(Vec::new()),
            AttributeKind::Text | AttributeKind::OneOf(_) => AttributeColumn::Text(Vec::new()),
        })
        .collect();
    for unit in 0..6 {
        responses.units.push(Unit {
            id: Arc::from(format!("U{unit}")),
            name: Arc::from(format!("Unit {unit}")),
        });
        responses.rows.push(Row {
            unit,
            period: 0,
            keys: framework.rows.iter().map(|_| Arc::from("only")).collect(),
            file: 0,
            line: unit + 2,
        });
        for (attribute, column) in framework.attributes.iter().zip(&mut attributes) {
            match (&attribute.kind, column) {
                (AttributeKind::OneOf(values), AttributeColumn::Text(texts)) => {
                    texts.push(Some(Arc::from(dice.pick(values))));
                }
                (_, AttributeColumn::Text(texts)) => texts.push(None),
                (_, AttributeColumn::Number(numbers)) => {
                    numbers.push(Some(1.0 + dice.share()));
                }
            }
        }
        for (question, (_, _, indicator)) in framework.indicators().enumerate() {
            let answer = if dice.once_in(12) {
                Answer::Missing(framework::Gap::Unanswered)
            } else {
                dice.pick(&completions::answers(indicator))
            };
            responses.answers[question].push(answer);
        }
    }
    responses.attributes = attributes;
    responses
}

#[test]
fn causes_sum_to_each_change_by_every_shipped_framework() {
    for (id, _) in builtin::all() {
        let framework = shipped(id);
        let waves = [made_up(&framework, 1), made_up(&framework, 2)];
        let wave = |at: usize| Wave {
            framework: &framework,
            responses: &waves[at],
            period: 0,
        };
        let (_, splits) = sums(id, &wave(0), &wave(1));
        assert!(splits > 0, "{id}: nothing was compared");
    }
}

#[test]
fn causes_sum_to_each_change_of_the_examples() {
    let (dgpf, agencies) = (shipped("dgpf"), {
        let path = "examples/ddps-agencies/ddps-agencies.yaml";
        let source = Source {
            name: Arc::from(path),
            text: text(path),
        };
        framework::load(&source, &builtin::find)
            .expect("it is sound")
            .framework
    });
    for (framework, path) in [
        (&dgpf, "examples/dgpf/responses.csv"),
        (&agencies, "examples/ddps-agencies/responses.csv"),
    ] {
        let responses = answers(path, framework);
        let wave = |period: usize| Wave {
            framework,
            responses: &responses,
            period,
        };
        let (_, splits) = sums(path, &wave(0), &wave(responses.periods.len() - 1));
        assert!(splits > 100, "{path}: {splits}");
    }
}

#[test]
fn the_two_editions_of_the_index_are_declared_not_comparable() {
    let frameworks = [shipped("dgi-2019"), shipped("dgi-2023")];
    let waves = [
        answers("examples/dgi-2019.csv", &frameworks[0]),
        answers("examples/dgi-2023.csv", &frameworks[1]),
    ];
    let wave = |at: usize| Wave {
        framework: &frameworks[at],
        responses: &waves[at],
        period: 0,
    };
    let (found, splits) = sums("dgi", &wave(0), &wave(1));
    assert!(splits > 300, "{splits}");
    assert!(
        matches!(
            found.relation,
            Relation::Stated {
                comparable: false,
                reason: Some(_)
            }
        ),
        "{:?}",
        found.relation
    );
    let entered: Vec<&str> = found.entered.iter().map(|one| one.unit.as_ref()).collect();
    assert!(entered.contains(&"ROU"), "{entered:?}");
}
