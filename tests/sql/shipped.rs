//! Every framework that is shipped, with its examples or with random answers.

use std::path::Path;

use dgpf::framework::{self, Framework, Source, builtin};
use dgpf::report::sql::{Input, Options};
use dgpf::responses::{self, Column, Responses, Row, Unit};

use crate::common::{Dice, completions};
use crate::kit::{Table, check};

/// Frameworks with their examples.
const EXAMPLES: [(&str, &str); 4] = [
    ("frameworks/dgi-2019.yaml", "examples/dgi-2019.csv"),
    ("frameworks/dgi-2023.yaml", "examples/dgi-2023.csv"),
    ("frameworks/dgpf.yaml", "examples/dgpf/responses.csv"),
    (
        "examples/ddps-agencies/ddps-agencies.yaml",
        "examples/ddps-agencies/responses.csv",
    ),
];

pub(crate) fn load(id: &str) -> Framework {
    sound(&builtin::find(id).expect("it is shipped"))
}

fn sound(source: &Source) -> Framework {
    let loaded = framework::load(source, &builtin::find);
    loaded.expect("shipped frameworks are sound").framework
}

/// The examples, as tables.
pub(crate) fn examples() -> Vec<(Framework, Table)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |(framework, path): (&str, &str)| {
        let framework = sound(&Source {
            name: framework.into(),
            text: std::fs::read_to_string(root.join(framework)).expect("a framework"),
        });
        let bytes = std::fs::read(root.join(path)).expect("an example");
        let input = responses::Input {
            name: path,
            bytes: &bytes,
        };
        let loaded = responses::load(&[input], &framework, &responses::Options::default());
        let responses = loaded.expect("examples are sound").responses;
        let table = Table::wide(&responses, &framework);
        (framework, table)
    };
    EXAMPLES.into_iter().map(read).collect()
}

/// Answers of `units` units to a framework, a tenth of them missing.
pub(crate) fn invented(framework: &Framework, units: usize, seed: u32) -> Table {
    let mut state = seed.wrapping_mul(747_796_405).wrapping_add(1);
    let numbers = (0..60_000).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    });
    let mut dice = Dice::new(numbers.collect());
    let mut responses = Responses {
        periods: vec!["2024".to_owned()],
        answers: vec![Column::default(); framework.indicators().count()],
        ..Responses::default()
    };
    for unit in 0..units {
        responses.units.push(Unit {
            id: format!("u{unit}").into(),
            name: format!("u{unit}").into(),
        });
        responses.rows.push(Row {
            unit,
            period: 0,
            keys: Vec::new(),
            file: 0,
            line: unit + 2,
        });
        for (question, (_, _, own)) in framework.indicators().enumerate() {
            let answers = completions::answers(own);
            let answer = if dice.once_in(10) || answers.is_empty() {
                responses::Answer::Missing(framework::Gap::Unanswered)
            } else {
                dice.pick(&answers)
            };
            responses.answers[question].push(answer);
        }
    }
    responses.attributes = framework
        .attributes
        .iter()
        .map(|own| match own.kind {
            framework::AttributeKind::Number => {
                responses::AttributeColumn::Number(vec![Some(1000.0); units])
            }
            framework::AttributeKind::Text | framework::AttributeKind::OneOf(_) => {
                responses::AttributeColumn::Text(vec![None; units])
            }
        })
        .collect();
    Table::wide(&responses, framework)
}

#[test]
fn examples_get_the_same_scores() {
    for (framework, table) in examples() {
        let everything = |options: &mut Options| {
            options.indicators = true;
            options.facets = true;
        };
        let wrong = check(&framework, &table, everything).expect("it can be said");
        assert!(wrong.is_empty(), "{}: {}", framework.id, wrong.join("\n"));
    }
}

#[test]
fn shipped_frameworks_get_the_same_scores() {
    let (mut bounded, mut all) = (0, 0);
    for (id, _) in builtin::all() {
        let framework = load(id);
        if !framework.rows.is_empty() {
            continue;
        }
        let table = invented(&framework, 7, 3);
        for (input, bounds) in [
            (Input::Wide, false),
            (Input::Long, false),
            (Input::Wide, true),
        ] {
            let asked = |options: &mut Options| {
                options.input = input;
                options.bounds = bounds;
                options.facets = !bounds;
            };
            match check(&framework, &table, asked) {
                Ok(wrong) => assert!(wrong.is_empty(), "{id}: {}", wrong.join("\n")),
                Err(refused) => assert!(bounds, "{id}: {refused:?}"),
            }
            if bounds {
                all += 1;
                bounded += u32::from(check(&framework, &table, asked).is_ok());
            }
        }
    }
    assert!(bounded * 2 >= all, "bounds of {bounded} of {all}");
}
