//! Random frameworks with responses that fit them, for property tests.
//!
//! Everything is drawn from a list of numbers ([`Dice`]), so that a failing case shrinks to a small one: shorter lists and
//! smaller numbers make smaller frameworks. A list that is used up gives zeros.
#![allow(dead_code, reason = "every test uses a part of it")]

mod answers;
pub(crate) mod completions;
pub(crate) mod shipped;
mod sketch;
mod tree;

use std::sync::Arc;

use dgpf::framework::{
    Attribute, AttributeIx, AttributeKind, Better, Body, Combine, Combiner, Digits, Facet,
    Framework, Group, Id, Level, Levels, MissingAnswer, MissingPart, Need, NodeIx, Range,
    RankMethod, Ranking, RollUp, RoundAt, Rounding, RoundingMode, RowStep, Test, Text, Tier,
    UnitKey,
};
use dgpf::responses::{Answer, AttributeColumn, Column, Responses, Row, Unit};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// A framework and responses to it.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) framework: Framework,
    pub(crate) responses: Responses,
}

/// What may occur in a random framework.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is allowed or not, in any combination"
)]
pub(crate) struct Wild {
    /// Scores that depend on other units: `normalise` over a cohort, `treat`, imputation, Copeland, Borda.
    pub(crate) relative: bool,
    /// Rows finer than the unit.
    pub(crate) rows: bool,
    /// Scores rounded as they are made, or at the end.
    pub(crate) rounding: bool,
    /// Caps, conditions, presets.
    pub(crate) logic: bool,
    /// Gaps in the answers.
    pub(crate) gaps: bool,
    /// Aggregations other than means and sums.
    pub(crate) curved: bool,
}

impl Wild {
    /// Everything.
    pub(crate) const ALL: Self = Self {
        relative: true,
        rows: true,
        rounding: true,
        logic: true,
        gaps: true,
        curved: true,
    };
    /// Means and sums of answers that are all there.
    pub(crate) const TAME: Self = Self {
        relative: false,
        rows: false,
        rounding: false,
        logic: false,
        gaps: false,
        curved: false,
    };
}

/// So many cases, unless `PROPTEST_CASES` asks for others.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: if asked { default.cases } else { cases },
        max_shrink_iters: 400,
        failure_persistence: None,
        // The same cases in every run, so that a change is judged by what it changes; PROPTEST_RNG_SEED asks for others.
        rng_seed: if std::env::var_os("PROPTEST_RNG_SEED").is_some() {
            default.rng_seed
        } else {
            RngSeed::Fixed(2023)
        },
        ..default
    }
}

/// Random cases.
pub(crate) fn cases(wild: Wild) -> impl Strategy<Value = Case> {
    prop::collection::vec(any::<u32>(), 40..900).prop_map(move |numbers| {
        let mut dice = Dice { numbers, at: 0 };
        let framework = framework(&mut dice, wild);
        let responses = responses(&mut dice, &framework, wild);
        Case {
            framework,
            responses,
        }
    })
}

/// Random choices, one after the other.
pub(crate) struct Dice {
    numbers: Vec<u32>,
    at: usize,
}

impl Dice {
    /// Of random numbers.
    pub(crate) fn new(numbers: Vec<u32>) -> Self {
        Self { numbers, at: 0 }
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        number as usize % sides
    }

    /// True once in `sides`; never for an empty list.
    pub(crate) fn once_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == sides - 1
    }

    /// One of these.
    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }

    /// A share in hundredths.
    pub(crate) fn share(&mut self) -> f64 {
        f64::from(u32::try_from(self.roll(101)).expect("small")) / 100.0
    }
}

/// An id that is known to be one.
pub(crate) fn id(text: &str) -> Id {
    Id::new(text).expect("written as an id")
}

pub(crate) fn digits(digits: u8) -> Digits {
    Digits {
        digits,
        mode: RoundingMode::HalfUp,
    }
}

/// The attribute `region` of random cases, the same in all rows of a unit.
pub(crate) const REGION: AttributeIx = AttributeIx(0);
/// The attribute `staff` of random cases, the same in all rows of a unit.
pub(crate) const STAFF: AttributeIx = AttributeIx(1);
/// The attribute `channel` of random cases, of each row.
pub(crate) const CHANNEL: AttributeIx = AttributeIx(2);
/// The attribute `users` of random cases, of each row.
const USERS: AttributeIx = AttributeIx(3);

fn framework(dice: &mut Dice, wild: Wild) -> Framework {
    let at = match (wild.rounding, dice.roll(6)) {
        (true, 4) => RoundAt::End,
        (true, 5) => RoundAt::EveryTier,
        _ => RoundAt::Display,
    };
    let attribute = |column: &str, kind| Attribute {
        column: column.to_owned(),
        title: Text::plain(column),
        kind,
    };
    let mut framework = Framework {
        id: id("random"),
        title: Text::plain("Random"),
        description: None,
        edition: None,
        version: "1.0.0".to_owned(),
        licence: None,
        source: Vec::new(),
        note: None,
        unit: UnitKey {
            column: "unit".to_owned(),
            title: Text::plain("unit"),
            iso3166: false,
        },
        period: Some("year".to_owned()),
        attributes: vec![
            attribute("region", AttributeKind::Text),
            attribute("staff", AttributeKind::Number),
            attribute("channel", AttributeKind::Text),
            attribute("users", AttributeKind::Number),
        ],
        rows: if wild.rows { rows(dice) } else { Vec::new() },
        codes: Vec::new(),
        tier_names: ["index", "dimension", "pillar", "indicator"].map(Text::plain),
        range: dice.pick(&[
            Range::Between {
                low: 0.0,
                high: 100.0,
            },
            Range::UNIT,
        ]),
        better: if dice.once_in(5) {
            Better::Lower
        } else {
            Better::Higher
        },
        rounding: Rounding {
            digits: digits(u8::try_from(dice.roll(3)).expect("small")),
            at,
        },
        ranking: Some(Ranking {
            method: RankMethod::Competition,
            rounded: false,
            among: None,
            mark_ties: false,
        }),
        groups: vec![Group {
            id: id("north"),
            title: Text::plain("North"),
            members: vec![(REGION, Test::OneOf(vec!["north".to_owned()]))],
            weight: None,
        }],
        group_by: Vec::new(),
        peers: None,
        levels: Vec::new(),
        facets: ["means", "ends"].map(facet).into(),
        weight_sets: Vec::new(),
        targets: Vec::new(),
        screen: None,
        comparability: Vec::new(),
        nodes: Vec::new(),
        sha256: String::new(),
        sources: Vec::new(),
    };
    tree::grow(&mut framework, dice, wild);
    levels(&mut framework, dice);
    framework
}

fn facet(name: &str) -> Facet {
    Facet {
        id: id(name),
        title: Text::plain(name),
        description: None,
    }
}

fn rows(dice: &mut Dice) -> Vec<RowStep> {
    let mut step = |key: &str, of: RollUp, weight: AttributeIx| RowStep {
        key: key.to_owned(),
        combine: match dice.roll(6) {
            0 => Combine::Always(Combiner::Mean),
            1 => Combine::Always(Combiner::Best),
            2 => Combine::Always(Combiner::Worst),
            3 => Combine::Always(Combiner::Median),
            4 => Combine::Always(Combiner::Majority),
            _ => Combine::By {
                attribute: REGION,
                cases: vec![("north".to_owned(), Combiner::Best)],
                otherwise: dice.once_in(2).then_some(Combiner::Mean),
            },
        },
        weight: dice.once_in(4).then_some(weight),
        of,
    };
    let (scores, answers) = (
        step("service", RollUp::Scores, STAFF),
        step("assessor", RollUp::Answers, USERS),
    );
    match dice.roll(4) {
        0 => Vec::new(),
        1 => vec![answers],
        2 => vec![scores],
        _ => vec![scores, answers],
    }
}

/// The same framework, but the answers of who has no users have no say, so that some rows of a unit are lost and some are
/// not, and nothing takes the place of a score.
pub(crate) fn losing(mut framework: Framework) -> Framework {
    for step in &mut framework.rows {
        step.weight = (step.of == RollUp::Answers).then_some(USERS);
        step.combine = Combine::Always(match step.of {
            RollUp::Answers => Combiner::Best,
            RollUp::Scores => Combiner::Mean,
        });
    }
    for node in &mut framework.nodes {
        match &mut node.body {
            Body::Indicator(indicator) => indicator.missing = MissingAnswer::Keep,
            Body::Parent(parent) if parent.missing != MissingPart::NoScore => {
                parent.missing = MissingPart::Renormalise;
            }
            Body::Parent(_) => {}
        }
    }
    framework
}

fn levels(framework: &mut Framework, dice: &mut Dice) {
    if dice.once_in(2) {
        return;
    }
    let level = |name: &str, from: f64| Level {
        id: id(name),
        title: Text::plain(name),
        from,
        description: None,
        advice: None,
        needs: Vec::new(),
    };
    let mut bands = vec![level("low", 0.0), level("middle", 0.3), level("high", 0.7)];
    if dice.once_in(2) {
        let node = NodeIx(dice.roll(framework.nodes.len()));
        bands[2].needs = vec![Need::Score(node, 0.5), Need::Coverage(0.5)];
    }
    framework.levels.push(Levels {
        bands,
        closed_below: true,
        rounded: false,
        quantiles: false,
        shared: dice.once_in(2),
    });
    for node in &mut framework.nodes {
        if node.tier != Tier::Indicator {
            node.levels = Some(dgpf::framework::LevelsIx(0));
        }
    }
}

/// Responses of a few units in one or two periods.
pub(crate) fn responses(dice: &mut Dice, framework: &Framework, wild: Wild) -> Responses {
    let units = 1 + dice.roll(5);
    let periods = 1 + dice.roll(2);
    let mut responses = Responses {
        units: (0..units)
            .map(|unit| Unit {
                id: Arc::from(format!("U{unit}")),
                name: Arc::from(format!("Unit {unit}")),
            })
            .collect(),
        periods: (0..periods).map(|at| (2020 + at).to_string()).collect(),
        answers: vec![Column::default(); framework.indicators().count()],
        ..Responses::default()
    };
    let (mut regions, mut staff) = (Vec::new(), Vec::new());
    let (mut channels, mut users) = (Vec::new(), Vec::new());
    for unit in 0..units {
        for period in 0..periods {
            let combinations = framework.rows.iter().fold(vec![Vec::new()], |before, _| {
                let count = 1 + dice.roll(3);
                let keys = (0..count).map(|key| Arc::<str>::from(format!("r{key}")));
                let keys: Vec<Arc<str>> = keys.collect();
                let extend = |row: &Vec<Arc<str>>| -> Vec<Vec<Arc<str>>> {
                    let longer = keys.iter().map(|key| {
                        let mut row = row.clone();
                        row.push(Arc::clone(key));
                        row
                    });
                    longer.collect()
                };
                before.iter().flat_map(extend).collect::<Vec<_>>()
            });
            let region: Arc<str> = Arc::from(dice.pick(&["north", "south"]));
            let size = count(dice);
            for keys in combinations {
                responses.rows.push(Row {
                    unit,
                    period,
                    keys,
                    file: 0,
                    line: responses.rows.len() + 2,
                });
                let channel: Arc<str> = Arc::from(dice.pick(&["web", "app"]));
                let own = count(dice);
                regions.push((!dice.once_in(8)).then(|| Arc::clone(&region)));
                staff.push((!dice.once_in(8)).then_some(size));
                channels.push((!dice.once_in(8)).then_some(channel));
                users.push((!dice.once_in(3)).then_some(own));
                for (question, (_, _, indicator)) in framework.indicators().enumerate() {
                    let answer = if wild.gaps && dice.once_in(5) {
                        answers::gap(dice)
                    } else {
                        answers::answer(dice, indicator, wild)
                    };
                    responses.answers[question].push(answer);
                }
            }
        }
    }
    responses.attributes = vec![
        AttributeColumn::Text(regions),
        AttributeColumn::Number(staff),
        AttributeColumn::Text(channels),
        AttributeColumn::Number(users),
    ];
    responses
}

/// How many there are of something.
fn count(dice: &mut Dice) -> f64 {
    f64::from(u32::try_from(1 + dice.roll(9)).expect("small"))
}

/// The number of an answer that has one.
pub(crate) fn given(answer: Answer) -> Option<f64> {
    match answer {
        Answer::Given(value) => Some(value),
        Answer::Missing(_) | Answer::NotApplicable => None,
    }
}
