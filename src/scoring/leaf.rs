//! [`Leaf`]: what is known of one indicator while it travels from answers to shares.

use crate::framework::{Answers, Curve, Multiple, MultipleScore, Outcome};
use crate::responses::{Answer, Column, Mark};

/// One indicator's values over rows or observations. What is rarely there stands behind a pointer: leaves are moved often.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leaf {
    /// Choices: shares. Numbers: raw numbers until they are scaled, shares after.
    pub(crate) value: Column,
    /// Shares that count instead of an answer and are none (skip logic).
    pub(crate) fixed: Option<Box<Column>>,
    /// Share of the answers asked for that were given; of no meaning where nothing applies.
    pub(crate) coverage: Vec<f64>,
    /// What the gaps could still give, in the unit of `value`; `None`: there are no gaps.
    pub(crate) bounds: Option<Box<Bounds>>,
    /// The share that could count where no answer does, because a condition is not known yet; `None`: what
    /// `fixed` says.
    pub(crate) stand_in: Option<Box<Bounds>>,
}

/// The lowest and highest value that gaps could still give. Infinite where nothing limits it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) low: Vec<f64>,
    pub(crate) high: Vec<f64>,
    pub(crate) presence: Vec<Presence>,
}

/// Whether a value will count, once all gaps are filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Presence {
    /// It does not apply.
    #[default]
    Absent,
    /// It depends on the answers.
    Maybe,
    /// It counts.
    Certain,
}

/// The bounds of one cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) presence: Presence,
}

impl Bound {
    /// Nothing will count.
    pub(crate) const ABSENT: Self = Self {
        low: 0.0,
        high: 0.0,
        presence: Presence::Absent,
    };

    /// The share of an outcome; absent where it has none.
    pub(crate) fn of_share(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Score(share) => Self::exactly(share),
            Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => Self::ABSENT,
        }
    }

    /// This, or what stands in for it where it does not count.
    #[must_use]
    pub(crate) fn or_else(self, stand_in: Self) -> Self {
        match (self.presence, stand_in.presence) {
            (Presence::Certain, _) | (_, Presence::Absent) => self,
            (Presence::Absent, _) => stand_in,
            (Presence::Maybe, presence) => Self {
                low: self.low.min(stand_in.low),
                high: self.high.max(stand_in.high),
                presence,
            },
        }
    }

    /// Exactly this.
    pub(crate) fn exactly(value: f64) -> Self {
        Self {
            low: value,
            high: value,
            presence: Presence::Certain,
        }
    }

    /// The low end, where something can still count and limits it.
    pub(crate) fn lowest(self) -> Option<f64> {
        (self.presence != Presence::Absent && self.low.is_finite()).then_some(self.low)
    }

    /// Whether it is not known yet.
    pub(crate) fn is_open(self) -> bool {
        self.presence == Presence::Maybe || self.low < self.high
    }

    /// The same, but it may not apply.
    #[must_use]
    pub(crate) fn perhaps(self) -> Self {
        Self {
            presence: self.presence.min(Presence::Maybe),
            ..self
        }
    }

    /// One or the other.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        match (self.presence, other.presence) {
            (_, Presence::Absent) => self.perhaps(),
            (Presence::Absent, _) => other.perhaps(),
            (own, its) => Self {
                low: self.low.min(other.low),
                high: self.high.max(other.high),
                presence: own.min(its),
            },
        }
    }
}

impl Bounds {
    /// What a column amounts to of whose gaps nothing is known.
    pub(crate) fn of(column: &Column) -> Self {
        let presence = column.marks.iter().map(|mark| match mark {
            Mark::NotApplicable => Presence::Absent,
            _ => Presence::Certain,
        });
        let end = |unlimited: f64| {
            let cells = column.values.iter().zip(&column.marks);
            cells
                .map(|(value, mark)| if mark.is_missing() { unlimited } else { *value })
                .collect()
        };
        Self {
            low: end(f64::NEG_INFINITY),
            high: end(f64::INFINITY),
            presence: presence.collect(),
        }
    }

    /// Nothing will count in any of `length` rows.
    pub(crate) fn absent(length: usize) -> Self {
        Self {
            low: vec![0.0; length],
            high: vec![0.0; length],
            presence: vec![Presence::Absent; length],
        }
    }

    pub(crate) fn get(&self, row: usize) -> Bound {
        Bound {
            low: self.low[row],
            high: self.high[row],
            presence: self.presence[row],
        }
    }

    /// The low end, where something can still count and limits it.
    pub(crate) fn lowest(&self, row: usize) -> Option<f64> {
        self.get(row).lowest()
    }

    pub(crate) fn set(&mut self, row: usize, bound: Bound) {
        (self.low[row], self.high[row], self.presence[row]) =
            (bound.low, bound.high, bound.presence);
    }

    pub(crate) fn push(&mut self, bound: Bound) {
        self.low.push(bound.low);
        self.high.push(bound.high);
        self.presence.push(bound.presence);
    }
}

impl Leaf {
    /// Without rows yet, with room for some.
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self {
            value: Column {
                values: Vec::with_capacity(rows),
                marks: Vec::with_capacity(rows),
            },
            coverage: Vec::with_capacity(rows),
            ..Self::default()
        }
    }

    /// The bounds of one cell.
    pub(crate) fn bound(&self, row: usize) -> Bound {
        match (&self.bounds, self.value.get(row)) {
            (Some(bounds), _) => bounds.get(row),
            (None, Answer::Given(value)) => Bound::exactly(value),
            (None, Answer::NotApplicable | Answer::Missing(_)) => Bound::ABSENT,
        }
    }

    /// Whether a share counts where no answer does.
    pub(crate) fn is_fixed(&self, row: usize) -> bool {
        let fixed = self.fixed.as_ref();
        fixed.is_some_and(|fixed| fixed.value(row).is_some())
    }

    /// What counts where no answer does, as a leaf of its own; none where nothing does.
    pub(crate) fn shares(&self) -> Option<Self> {
        if self.fixed.is_none() && self.stand_in.is_none() {
            return None;
        }
        let length = self.value.len();
        let mut bounds = Bounds::absent(length);
        for row in 0..length {
            bounds.set(row, self.stand_in(row));
        }
        let fixed = self.fixed.as_deref();
        Some(Self {
            value: fixed.map_or_else(|| Column::unanswered(length), Column::clone),
            bounds: Some(Box::new(bounds)),
            ..Self::default()
        })
    }

    /// The bounds of what counts in one cell where no number does.
    pub(crate) fn stand_in(&self, row: usize) -> Bound {
        let fixed = self.fixed.as_ref().and_then(|fixed| fixed.value(row));
        match (&self.stand_in, fixed) {
            (Some(bounds), _) if bounds.presence[row] != Presence::Absent => bounds.get(row),
            (_, Some(share)) => Bound::exactly(share),
            (_, None) => Bound::ABSENT,
        }
    }

    /// Where `of` may lose the number of a case for good, nothing stands in for it.
    pub(crate) fn may_lose(&mut self, case: usize, of: impl Fn(Bound) -> Bound) {
        let number = Bound {
            presence: Presence::Certain,
            ..self.bound(case)
        };
        if let Some(stand_in) = &mut self.stand_in
            && of(number).presence == Presence::Maybe
        {
            let presence = &mut stand_in.presence[case];
            *presence = (*presence).min(Presence::Maybe);
        }
    }

    /// Its bounds, to be narrowed or widened.
    pub(crate) fn bounds_mut(&mut self) -> &mut Bounds {
        let value = &self.value;
        self.bounds
            .get_or_insert_with(|| Box::new(Bounds::of(value)))
    }
}

/// What a complete answer to an indicator could be, in the unit of [`Leaf::value`] before scaling.
pub(crate) fn possible(answers: &Answers) -> Bound {
    match answers {
        Answers::Choice(scale) => {
            let scores = scale
                .options
                .iter()
                .filter_map(|option| match option.outcome {
                    Outcome::Score(score) => Some(score),
                    Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => None,
                });
            let skippable = scale
                .options
                .iter()
                .any(|option| option.outcome == Outcome::NotApplicable);
            hull(
                scores,
                if skippable {
                    Presence::Maybe
                } else {
                    Presence::Certain
                },
            )
        }
        Answers::Multiple(multiple) => {
            let none = multiple_score(multiple, 0);
            hull(
                extreme_choices(multiple)
                    .map(|bits| multiple_score(multiple, bits))
                    .chain([none]),
                Presence::Certain,
            )
        }
        Answers::Number(number) => {
            // As answered: what it is divided by is not known here.
            let (low, high) = match (&number.curve, number.valid) {
                (_, Some(valid)) => valid,
                (Curve::Bands(bands), None) if number.per.is_none() => (
                    bands.first().map_or(f64::NEG_INFINITY, |b| b.0),
                    f64::INFINITY,
                ),
                _ => (f64::NEG_INFINITY, f64::INFINITY),
            };
            let skippable = number
                .codes
                .iter()
                .any(|(_, outcome)| *outcome == Outcome::NotApplicable);
            let presence = if skippable {
                Presence::Maybe
            } else {
                Presence::Certain
            };
            Bound {
                low,
                high,
                presence,
            }
        }
    }
}

fn hull(scores: impl Iterator<Item = f64>, presence: Presence) -> Bound {
    let (low, high) = scores.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), score| {
        (low.min(score), high.max(score))
    });
    if low > high {
        Bound::ABSENT
    } else {
        Bound {
            low,
            high,
            presence,
        }
    }
}

/// Choices among which the lowest and the highest score are: all that gain, all that lose, everything, each `only`.
pub(crate) fn extreme_choices(multiple: &Multiple) -> impl Iterator<Item = u64> {
    let chosen = |wanted: &dyn Fn(f64) -> bool| {
        multiple
            .options
            .iter()
            .enumerate()
            .fold(0, |bits, (position, option)| {
                if !option.only && wanted(option.score) {
                    bits | 1 << position
                } else {
                    bits
                }
            })
    };
    let alone = multiple
        .options
        .iter()
        .enumerate()
        .filter(|(_, option)| option.only);
    let alone: Vec<u64> = alone.map(|(position, _)| 1 << position).collect();
    [
        chosen(&|score| score > 0.0),
        chosen(&|score| score < 0.0),
        chosen(&|_| true),
    ]
    .into_iter()
    .chain(alone)
}

/// The share of a multiple choice; bit n stands for option n.
pub(crate) fn multiple_score(multiple: &Multiple, bits: u64) -> f64 {
    let chosen = |position: usize| bits >> position & 1 == 1;
    let offered = multiple
        .options
        .iter()
        .filter(|option| !option.only)
        .count();
    let options = || multiple.options.iter().enumerate();
    let count = options()
        .filter(|(position, option)| !option.only && chosen(*position))
        .count();
    match multiple.score {
        MultipleScore::Share => count as f64 / offered.max(1) as f64,
        MultipleScore::Any => f64::from(u8::from(count > 0)),
        MultipleScore::All => f64::from(u8::from(count == offered)),
        MultipleScore::Points { cap, out_of } => {
            let points: f64 = options()
                .filter(|(position, _)| chosen(*position))
                .map(|(_, o)| o.score)
                // Nothing chosen is 0; a sum of nothing would be −0.
                .fold(0.0, std::ops::Add::add);
            cap.map_or(points, |cap| points.min(cap)) / out_of
        }
    }
}
