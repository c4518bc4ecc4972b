//! What random indicators can be answered, and random answers to them.

use dgpf::framework::{
    Answers, ChoiceOption, Curve, Evidence, FacetIx, Gap, Goalposts, Indicator, MissingAnswer,
    Multiple, MultipleOption, MultipleScore, NodeIx, Number, Outcome, Outliers, Preset, Scale,
    Skewed, Subject, Test, Text, Transform, Treat, When,
};
use dgpf::framework::{Better, Denominator};
use dgpf::responses::Answer;

use super::{CHANNEL, Dice, REGION, STAFF, Wild};

/// An indicator; conditions look at `earlier` ones.
pub(super) fn indicator(
    dice: &mut Dice,
    code: &str,
    earlier: &[(NodeIx, Answers)],
    parent: NodeIx,
    wild: Wild,
) -> Indicator {
    let answers = match dice.roll(4) {
        0 | 1 => Answers::Choice(scale(dice, wild)),
        2 => Answers::Multiple(multiple(dice)),
        _ => Answers::Number(Box::new(number(dice, earlier, wild))),
    };
    let mut indicator = Indicator {
        code: code.to_owned(),
        question: None,
        guidance: None,
        missing: missing(dice, parent, wild),
        when: Vec::new(),
        presets: Vec::new(),
        facets: (0..2).filter(|_| dice.once_in(3)).map(FacetIx).collect(),
        evidence: Evidence::None,
        evidence_note: None,
        effort: dice.once_in(3).then(|| dice.pick(&[1.0, 2.0, 3.0, 5.0])),
        answers,
    };
    if wild.logic {
        if !earlier.is_empty() && dice.once_in(4) {
            indicator.when.push(when(dice, earlier));
        }
        if dice.once_in(8) {
            let members = vec![(REGION, Test::OneOf(vec!["north".to_owned()]))];
            indicator.presets.push((members, Preset::NotApplicable));
        }
        if wild.rows && dice.once_in(8) {
            let web = Test::OneOf(vec!["web".to_owned()]);
            let rows = When {
                tests: vec![(Subject::Attribute(CHANNEL), web)],
                otherwise: Outcome::NotApplicable,
            };
            indicator.when.insert(0, rows);
        }
    }
    indicator
}

fn scale(dice: &mut Dice, wild: Wild) -> Scale {
    let count = 2 + dice.roll(3);
    let last = f64::from(u32::try_from(count - 1).expect("small"));
    let option = |at: usize, outcome| ChoiceOption {
        code: format!("a{at}"),
        label: Text::plain(format!("Answer {at}")),
        aliases: Vec::new(),
        outcome,
    };
    let mut options: Vec<ChoiceOption> = (0..count)
        .map(|at| {
            let share = f64::from(u32::try_from(at).expect("small")) / last;
            option(at, Outcome::Score(share))
        })
        .collect();
    if wild.gaps {
        options.push(option(count, Outcome::NotApplicable));
        options.push(option(count + 1, Outcome::Missing(Gap::DontKnow)));
    }
    Scale {
        name: None,
        options,
    }
}

fn multiple(dice: &mut Dice) -> Multiple {
    let options = (0..3).map(|at| MultipleOption {
        code: format!("m{at}"),
        label: Text::plain(format!("Choice {at}")),
        aliases: Vec::new(),
        score: 1.0,
        only: false,
    });
    Multiple {
        options: options.collect(),
        score: match dice.roll(4) {
            0 => MultipleScore::Share,
            1 => MultipleScore::Points {
                cap: Some(2.0),
                out_of: 2.0,
            },
            2 => MultipleScore::Any,
            _ => MultipleScore::All,
        },
    }
}

fn number(dice: &mut Dice, earlier: &[(NodeIx, Answers)], wild: Wild) -> Number {
    let posts = |from, to, clamp| {
        Curve::Goalposts(Goalposts {
            from,
            to,
            clamp,
            log: false,
            onto: (0.0, 1.0),
        })
    };
    let curve = match dice.roll(5) {
        0 => posts(0.0, 100.0, true),
        1 => posts(100.0, 0.0, true),
        2 => Curve::Bands(vec![(0.0, 0.0), (30.0, 0.5), (80.0, 1.0)]),
        3 => Curve::Lines(vec![(0.0, 0.0), (20.0, 0.5), (100.0, 1.0)]),
        _ => posts(10.0, 90.0, true),
    };
    let numbers: Vec<NodeIx> = earlier
        .iter()
        .filter(|(_, answers)| matches!(answers, Answers::Number(_)))
        .map(|(node, _)| *node)
        .collect();
    let per = match (wild.logic, dice.roll(8)) {
        (true, 7) => Some(Denominator::Attribute(STAFF)),
        (true, 5 | 6) if !numbers.is_empty() => Some(Denominator::Indicator(dice.pick(&numbers))),
        _ => None,
    };
    Number {
        curve,
        valid: per
            .is_none()
            .then(|| dice.pick(&[(0.0, 100.0), (1.0, 100.0)])),
        codes: Vec::new(),
        better: Better::Higher,
        per,
        times: 1.0,
        unit: None,
        treat: (wild.relative && dice.once_in(6)).then(|| Treat {
            rule: outliers(dice),
            cohort: None,
        }),
    }
}

fn outliers(dice: &mut Dice) -> Outliers {
    let skewed = Outliers::Skewed(Skewed {
        skewness: 0.5,
        kurtosis: 0.0,
        winsorise: 1,
        transform: Transform::None,
        on_winsorised: false,
    });
    let cut = |(low, high)| Outliers::Percentiles { low, high };
    dice.pick(&[
        skewed,
        cut((5.0, 95.0)),
        cut((10.0, 100.0)),
        cut((0.0, 75.0)),
    ])
}

fn missing(dice: &mut Dice, parent: NodeIx, wild: Wild) -> MissingAnswer {
    if !wild.gaps {
        return MissingAnswer::Keep;
    }
    match (wild.relative, dice.roll(16)) {
        (_, 10) => MissingAnswer::Zero,
        (_, 11) => MissingAnswer::Lowest,
        (_, 12) => MissingAnswer::Constant(0.25),
        (true, 13) => MissingAnswer::Mean(None),
        (true, 14) => MissingAnswer::Interpolate,
        (true, 15) => MissingAnswer::Row {
            within: parent,
            median: dice.once_in(2),
        },
        _ => MissingAnswer::Keep,
    }
}

fn when(dice: &mut Dice, earlier: &[(NodeIx, Answers)]) -> When {
    let (node, answers) = dice.pick(earlier);
    let test = match &answers {
        Answers::Choice(scale) => {
            let option = &scale.options[1];
            Test::OneOf(vec![option.code.clone()])
        }
        Answers::Multiple(multiple) => Test::OneOf(vec![multiple.options[0].code.clone()]),
        Answers::Number(_) => Test::AtLeast(50.0),
    };
    When {
        tests: vec![(Subject::Indicator(node), test)],
        otherwise: dice.pick(&[
            Outcome::NotApplicable,
            Outcome::Score(0.0),
            Outcome::Missing(Gap::NotAsked),
        ]),
    }
}

/// No answer, for one of the reasons.
pub(super) fn gap(dice: &mut Dice) -> Answer {
    match dice.roll(4) {
        0 => Answer::Missing(Gap::Unanswered),
        1 => Answer::Missing(Gap::DontKnow),
        2 => Answer::Missing(Gap::NotAsked),
        _ => Answer::NotApplicable,
    }
}

/// An answer that the indicator allows.
pub(super) fn answer(dice: &mut Dice, indicator: &Indicator, wild: Wild) -> Answer {
    let count = |count: usize| f64::from(u32::try_from(count).expect("small"));
    Answer::Given(match &indicator.answers {
        Answers::Choice(scale) => {
            let scores = scale.options.len() - if wild.gaps { 2 } else { 0 };
            let rare = wild.gaps && dice.once_in(12);
            count(dice.roll(if rare { scale.options.len() } else { scores }))
        }
        Answers::Multiple(multiple) => count(dice.roll(1 << multiple.options.len())),
        Answers::Number(number) => match number.valid {
            Some((low, _)) if low > 0.0 => 1.0 + count(dice.roll(100)),
            _ => count(dice.roll(101)),
        },
    })
}
