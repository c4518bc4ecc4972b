//! Every framework and example of the repository, each with responses: those of the examples, and made-up ones.

use std::path::Path;
use std::sync::Arc;

use dgpf::framework::{self, Answers, Curve, Framework, Gap, Indicator, Outcome, Source, builtin};
use dgpf::responses::{
    self, Answer, AttributeColumn, Column, Input, Options, Responses, Row, Unit,
};

use super::Dice;

/// A framework with responses, by name.
pub(crate) struct Shipped {
    pub(crate) name: String,
    pub(crate) framework: Framework,
    pub(crate) responses: Responses,
}

/// The responses of the examples, and the framework of each.
const EXAMPLES: [(&str, &str); 4] = [
    ("dgi-2019", "examples/dgi-2019.csv"),
    ("dgi-2023", "examples/dgi-2023.csv"),
    ("dgpf", "examples/dgpf/responses.csv"),
    (
        "examples/ddps-agencies/ddps-agencies.yaml",
        "examples/ddps-agencies/responses.csv",
    ),
];

/// All of them.
pub(crate) fn shipped() -> Vec<Shipped> {
    let examples = EXAMPLES.iter().map(|(id, path)| {
        let framework = load(id);
        let bytes = read(path);
        let input = Input {
            name: path,
            bytes: &bytes,
        };
        let responses = responses::load(&[input], &framework, &Options::default());
        Shipped {
            name: (*path).to_owned(),
            responses: responses.expect("the example is sound").responses,
            framework,
        }
    });
    let made_up = builtin::all().iter().map(|(id, _)| {
        let framework = load(id);
        let responses = made_up(&framework);
        Shipped {
            name: (*id).to_owned(),
            framework,
            responses,
        }
    });
    examples.chain(made_up).collect()
}

fn read(path: &str) -> Vec<u8> {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read(whole).expect("it is in the repository")
}

fn load(id: &str) -> Framework {
    let source = builtin::find(id).unwrap_or_else(|| Source {
        name: id.into(),
        text: String::from_utf8(read(id)).expect("it is UTF-8"),
    });
    let loaded = framework::load(&source, &builtin::find);
    loaded.expect("it is sound").framework
}

/// Five units with an answer to nearly everything.
fn made_up(framework: &Framework) -> Responses {
    let numbers = (1_u32..40_000).map(|at| at.wrapping_mul(2_654_435_761) >> 7);
    let mut dice = Dice::new(numbers.collect());
    let indicators: Vec<&Indicator> = framework.indicators().map(|(_, _, own)| own).collect();
    let units = 5;
    let mut answers = vec![Column::default(); indicators.len()];
    for _ in 0..units {
        for (column, indicator) in answers.iter_mut().zip(&indicators) {
            column.push(answer(&mut dice, indicator));
        }
    }
    let attributes = framework
        .attributes
        .iter()
        .map(|attribute| match attribute.kind {
            framework::AttributeKind::Number => {
                AttributeColumn::Number((1..=units).map(|n| Some(f64::from(n))).collect())
            }
            _ => AttributeColumn::Text(vec![None; 5]),
        });
    Responses {
        units: (0..units)
            .map(|unit| Unit {
                id: Arc::from(format!("U{unit}")),
                name: Arc::from(format!("Unit {unit}")),
            })
            .collect(),
        periods: vec![framework.period.as_ref().map_or("", |_| "2023").to_owned()],
        rows: (0..5)
            .map(|unit| Row {
                unit,
                period: 0,
                keys: framework.rows.iter().map(|_| Arc::from("a")).collect(),
                file: 0,
                line: unit + 2,
            })
            .collect(),
        answers,
        attributes: attributes.collect(),
        ..Responses::default()
    }
}

fn answer(dice: &mut Dice, indicator: &Indicator) -> Answer {
    if dice.once_in(15) {
        return Answer::Missing(Gap::Unanswered);
    }
    let count = |count: usize| f64::from(u32::try_from(count).expect("small"));
    Answer::Given(match &indicator.answers {
        Answers::Choice(scale) => {
            let options = scale.options.iter().enumerate();
            let scored: Vec<usize> = options
                .filter(|(_, option)| matches!(option.outcome, Outcome::Score(_)))
                .map(|(at, _)| at)
                .collect();
            count(dice.pick(&scored))
        }
        Answers::Multiple(multiple) => {
            let options = multiple.options.iter().enumerate();
            let chosen = options.filter(|(_, option)| !option.only && dice.once_in(2));
            let bits: u64 = chosen.map(|(at, _)| 1 << at).sum();
            bits as f64
        }
        Answers::Number(number) => {
            let (low, high) = match (number.valid, &number.curve) {
                (Some(valid), _) => valid,
                (None, Curve::Goalposts(posts)) => {
                    (posts.from.min(posts.to), posts.from.max(posts.to))
                }
                (None, Curve::Bands(points) | Curve::Lines(points)) => {
                    (points[0].0, points[points.len() - 1].0)
                }
                (None, Curve::AsIs) => (0.0, 1.0),
            };
            low + (high - low) * dice.share()
        }
    })
}
