//! What gaps could turn out to hold.

use dgpf::framework::{Answers, Curve, Framework, Indicator, MultipleScore, Outcome, Test};
use dgpf::responses::{Answer, AttributeColumn, Responses, bits_of, option_of};

use super::Dice;

/// At most so many completions are looked at.
const MOST: usize = 128;

/// The gaps of responses, each with what could be answered there.
pub(crate) struct Gaps {
    cells: Vec<Cell>,
}

struct Cell {
    question: usize,
    row: usize,
    answers: Vec<Answer>,
}

/// Whether an answer is none: left out, or an option that says so.
pub(crate) fn is_gap(indicator: &Indicator, answer: Answer) -> bool {
    match (answer, &indicator.answers) {
        (Answer::Missing(_), _) => true,
        (Answer::Given(option), Answers::Choice(scale)) => {
            matches!(
                scale.options[option_of(option)].outcome,
                Outcome::Missing(_)
            )
        }
        (Answer::Given(_) | Answer::NotApplicable, _) => false,
    }
}

/// What can be answered. Numbers: both ends of what is valid, and where curves bend.
pub(crate) fn answers(indicator: &Indicator) -> Vec<Answer> {
    let count = |count: usize| f64::from(u32::try_from(count).expect("small"));
    match &indicator.answers {
        Answers::Choice(scale) => {
            let options = scale.options.iter().enumerate();
            options
                .filter_map(|(at, option)| match option.outcome {
                    Outcome::Score(_) => Some(Answer::Given(count(at))),
                    Outcome::NotApplicable => Some(Answer::NotApplicable),
                    Outcome::Missing(_) | Outcome::Error => None,
                })
                .collect()
        }
        Answers::Multiple(multiple) => {
            let alone = multiple.options.iter().enumerate();
            let alone: Vec<usize> = alone
                .filter(|(_, option)| option.only)
                .map(|(at, _)| 1 << at)
                .collect();
            let all = 0..1_usize << multiple.options.len();
            let fits =
                |bits: &usize| alone.contains(bits) || alone.iter().all(|only| bits & only == 0);
            all.filter(fits)
                .map(|bits| Answer::Given(count(bits)))
                .collect()
        }
        Answers::Number(number) => {
            let (low, high) = number.valid.unwrap_or((-1e6, 1e6));
            let bends = [0.0, 10.0, 20.0, 30.0, 50.0, 80.0, 90.0, 100.0];
            let inside = bends.into_iter().filter(|x| low < *x && *x < high);
            let mut numbers: Vec<Answer> = [low, high]
                .into_iter()
                .chain(inside)
                .map(Answer::Given)
                .collect();
            let codes = number.codes.iter();
            if codes
                .into_iter()
                .any(|(_, outcome)| *outcome == Outcome::NotApplicable)
            {
                numbers.push(Answer::NotApplicable);
            }
            numbers
        }
    }
}

impl Gaps {
    /// Every cell without an answer that no preset fills.
    pub(crate) fn of(framework: &Framework, responses: &Responses) -> Self {
        let mut cells = Vec::new();
        for (question, (_, _, indicator)) in framework.indicators().enumerate() {
            for row in 0..responses.rows.len() {
                let answer = responses.answers[question].get(row);
                if is_gap(indicator, answer) && !is_preset(indicator, responses, row) {
                    let answers = answers(indicator);
                    cells.push(Cell {
                        question,
                        row,
                        answers,
                    });
                }
            }
        }
        Self { cells }
    }

    /// All completions if they are few, else some that `dice` choose.
    pub(crate) fn completions(&self, responses: &Responses, dice: &mut Dice) -> Vec<Responses> {
        let counts = self.cells.iter().map(|cell| cell.answers.len());
        let all = counts.fold(1_usize, usize::saturating_mul);
        let of = |choose: &mut dyn FnMut(&Cell) -> Answer| self.filled(responses, choose);
        if all <= MOST {
            let each = (0..all).map(|number| {
                let mut rest = number;
                of(&mut |cell| {
                    let (at, more) = (rest % cell.answers.len(), rest / cell.answers.len());
                    rest = more;
                    cell.answers[at]
                })
            });
            return each.collect();
        }
        (0..MOST / 4)
            .map(|_| of(&mut |cell| dice.pick(&cell.answers)))
            .collect()
    }

    /// With the lowest and with the highest share in every gap.
    pub(crate) fn ends(&self, framework: &Framework, responses: &Responses) -> [Responses; 2] {
        let questions: Vec<&Indicator> = framework.indicators().map(|(_, _, own)| own).collect();
        let by = |best: bool| {
            self.filled(responses, &mut |cell| {
                let share = |answer: &Answer| worth(questions[cell.question], *answer);
                let mut answers = cell.answers.clone();
                answers.sort_by(|a, b| share(a).partial_cmp(&share(b)).expect("numbers"));
                answers[if best { answers.len() - 1 } else { 0 }]
            })
        };
        [by(false), by(true)]
    }

    fn filled(&self, responses: &Responses, choose: &mut dyn FnMut(&Cell) -> Answer) -> Responses {
        let mut filled = responses.clone();
        for cell in &self.cells {
            filled.answers[cell.question].set(cell.row, choose(cell));
        }
        filled
    }
}

/// What orders answers as their shares do.
pub(crate) fn worth(indicator: &Indicator, answer: Answer) -> Option<f64> {
    let Answer::Given(value) = answer else {
        return None;
    };
    Some(match &indicator.answers {
        Answers::Choice(scale) => match scale.options[option_of(value)].outcome {
            Outcome::Score(score) => score,
            Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => return None,
        },
        Answers::Multiple(multiple) => {
            let bits = bits_of(value);
            let chosen = multiple.options.iter().enumerate();
            let chosen: Vec<f64> = chosen
                .filter(|(at, option)| bits >> at & 1 == 1 && !option.only)
                .map(|(_, option)| option.score)
                .collect();
            match multiple.score {
                MultipleScore::Points { cap, .. } => {
                    let points: f64 = chosen.iter().sum();
                    cap.map_or(points, |cap| points.min(cap))
                }
                MultipleScore::Share | MultipleScore::Any | MultipleScore::All => {
                    chosen.len() as f64
                }
            }
        }
        Answers::Number(number) => match &number.curve {
            Curve::Goalposts(posts) if posts.from > posts.to => -value,
            Curve::AsIs | Curve::Goalposts(_) | Curve::Bands(_) | Curve::Lines(_) => value,
        },
    })
}

/// Whether a preset says what stands in the gap.
fn is_preset(indicator: &Indicator, responses: &Responses, row: usize) -> bool {
    indicator.presets.iter().any(|(members, _)| {
        members.iter().all(|(attribute, test)| {
            let AttributeColumn::Text(texts) = &responses.attributes[attribute.0] else {
                return false;
            };
            let text = texts[row].as_deref();
            matches!(test, Test::OneOf(wanted) if wanted.iter().any(|own| Some(own.as_str()) == text))
        })
    })
}
