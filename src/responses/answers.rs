//! Cells → answers: a [`Decoder`] an indicator, made from what the framework declares.

use std::collections::HashMap;
use std::sync::Arc;

use super::Answer;
use super::mapping::Mapping;
use super::multiple::{
    self, AllZero, Disagreement, NoList, Options, Settled, Spellings, Split, Tick,
};
use super::normalised::unguarded;
use super::number::{self, Decimal, LONGEST_PLAIN, NotANumber, Written};
use super::offered::{self, Offered, StandsFor};
use super::spelling::{fold, nearest, shown};
use crate::framework::{
    Answers, Curve, Framework, Gap, Goalposts, Id, Indicator, Number, Outcome, Scale,
};
use crate::problem::ResponsesKind;

/// Longest answer in bytes; whatever is longer is prose.
const LONGEST_ANSWER: usize = 64 << 10;

/// What the answer is called that those who choose it explain, folded.
const OTHER: [&str; 2] = ["other", "other (please specify)"];

/// Reads the cells of one indicator.
pub(super) struct Decoder<'f> {
    indicator: &'f Indicator,
    /// What declared spellings mean, folded. Those who answer on one scale share it.
    meanings: Arc<HashMap<String, Meaning>>,
    options: Option<Options>,
    /// Short names of answers, folded, and their codes.
    short: Arc<HashMap<String, String>>,
    counts_as: Option<CountsAs<'f>>,
}

/// What an answer counts as.
pub type CountsAs<'f> = Box<dyn Fn(Answer) -> Answer + Sync + 'f>;

/// What somebody means who writes `text` as the answer to an indicator.
///
/// # Errors
///
/// What is wrong with it, in words.
pub fn read_answer(
    text: &str,
    indicator: &Indicator,
    framework: &Framework,
) -> Result<Answer, ResponsesKind> {
    let decoder = Decoder::new(framework, indicator);
    let read = decoder.decode(text, Manner::default());
    read.map(|read| read.answer)
        .map_err(|refusal| decoder.explain(text, &refusal))
}

/// What a declared spelling stands for.
#[derive(Clone, Debug, PartialEq)]
enum Meaning {
    Is(Answer),
    /// Declared as an answer that must not occur.
    Never,
    /// Several answers are spelled like this.
    Several(Vec<usize>),
}

/// Numbers as they mostly are: digits, perhaps with one decimal sign, within limits, and no code.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    low: f64,
    high: f64,
    /// Numbers that may be codes.
    codes: Vec<f64>,
    comma: bool,
}

impl Plain {
    /// The number that the first so many bytes of `cell` are; nothing if it takes a closer look.
    #[expect(clippy::inline_always, reason = "every number comes by here")]
    #[inline(always)]
    pub(super) fn read(&self, cell: &[u8; LONGEST_PLAIN], length: usize) -> Option<Read> {
        let written = number::plain(cell, length, self.comma)?;
        let fits = written.value >= self.low
            && written.value <= self.high
            && !self
                .codes
                .iter()
                .any(|code| code.total_cmp(&written.value).is_eq());
        fits.then_some(Read {
            answer: Answer::Given(written.value),
            decimal: written.decimal,
        })
    }
}

/// How a file writes what is not declared by the framework.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Manner {
    /// Whether `0,71` can be a number.
    pub(super) decimal_comma: bool,
    /// Texts that mean "no answer" unless they are declared, folded.
    pub(super) missing: &'static [&'static str],
    /// Whether answers may be called by their short names.
    pub(super) short: bool,
    /// Whether those who choose "other" write what that is where its mark would stand.
    pub(super) other: bool,
}

/// Why a cell is no answer; [`Decoder::explain`] makes words of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refusal {
    Unknown,
    /// It is longer than any answer, by its bytes.
    TooLong(usize),
    Forbidden,
    Several(Vec<usize>),
    List(NoList),
    /// This option excludes the others.
    Exclusive(usize),
    Number(NotANumber),
    OutOfRange,
    /// A column of its own says neither that the option was chosen nor that it was not.
    NoTick(usize),
    /// The options' columns say something else than the cell that lists them.
    Disagrees(Disagreement),
}

/// An answer, and the decimal sign of its number if it has one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Read {
    pub(super) answer: Answer,
    pub(super) decimal: Option<Decimal>,
}

impl From<Answer> for Read {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            decimal: None,
        }
    }
}

impl<'f> Decoder<'f> {
    /// Those of all indicators, in framework order. What answers on one scale mean is found out once.
    pub(super) fn all(framework: &'f Framework, mapping: Option<&Mapping>) -> Vec<Self> {
        let mut known: HashMap<&Id, Self> = HashMap::new();
        let mut of = |indicator: &'f Indicator| {
            let mut decoder = match &indicator.answers {
                Answers::Choice(Scale {
                    name: Some(name), ..
                }) => {
                    let first = known.entry(name);
                    let first = first.or_insert_with(|| Self::new(framework, indicator));
                    let alike = first.alike(indicator);
                    alike.unwrap_or_else(|| Self::new(framework, indicator))
                }
                _ => Self::new(framework, indicator),
            };
            let mapped = mapping.and_then(|mapping| mapping.answers(&indicator.code));
            for (text, answer) in mapped.into_iter().flatten() {
                decoder.map(text, answer);
            }
            decoder
        };
        let indicators = framework.indicators();
        indicators.map(|(_, _, indicator)| of(indicator)).collect()
    }

    /// The decoder of another indicator, if what it can be answered with is the same.
    fn alike(&self, indicator: &'f Indicator) -> Option<Self> {
        let same = self.options.is_none() && self.indicator.answers == indicator.answers;
        same.then(|| Self {
            indicator,
            meanings: Arc::clone(&self.meanings),
            options: None,
            short: Arc::clone(&self.short),
            counts_as: None,
        })
    }

    /// The decoder of `indicator`.
    pub(super) fn new(framework: &'f Framework, indicator: &'f Indicator) -> Self {
        let mut decoder = Self {
            indicator,
            meanings: Arc::default(),
            options: None,
            short: Arc::default(),
            counts_as: None,
        };
        match &indicator.answers {
            Answers::Choice(scale) => {
                let spellings = scale.options.iter().map(|option| {
                    let labels = option.label.translations().map(|(_, text)| text);
                    Spellings::new(&option.code, labels, &option.aliases)
                });
                for (spelling, options) in multiple::index(spellings) {
                    let meaning = match options[..] {
                        [only] => meaning(scale.options[only].outcome, Some(only)),
                        [] | [_, _, ..] => Some(Meaning::Several(options)),
                    };
                    let meanings = Arc::make_mut(&mut decoder.meanings);
                    meanings.extend(meaning.map(|m| (spelling, m)));
                }
            }
            Answers::Multiple(multiple) => decoder.options = Some(Options::new(multiple)),
            Answers::Number(number) => decoder.declare(&number.codes),
        }
        decoder.declare(&framework.codes);
        let offered = offered::offered(framework, indicator);
        decoder.declare_labels(&offered);
        decoder.add_short(&offered);
        let short = offered::short_answers(&offered)
            .into_iter()
            .zip(&offered)
            .filter(|(short, offered)| *short != offered.code)
            .map(|(short, offered)| (fold(&short).into_owned(), offered.code.to_owned()));
        decoder.short = Arc::new(short.collect());
        decoder
    }

    /// Reads `text` as the declared `answer`.
    fn map(&mut self, text: &str, answer: &str) {
        let text = fold(text).into_owned();
        if let Some(option) = self.options.as_ref().and_then(|o| o.find(answer)) {
            if let Some(options) = &mut self.options {
                options.add(text, option);
            }
            return;
        }
        let manner = Manner::default();
        if let Ok(read) = self.decode(answer, manner) {
            Arc::make_mut(&mut self.meanings).insert(text, Meaning::Is(read.answer));
        }
    }

    /// Adds codes that are not declared yet.
    fn declare(&mut self, codes: &[(String, Outcome)]) {
        for (code, outcome) in codes {
            let is_option = self
                .options
                .as_ref()
                .is_some_and(|o| o.find(code).is_some());
            if let Some(meaning) = meaning(*outcome, None).filter(|_| !is_option) {
                Arc::make_mut(&mut self.meanings)
                    .entry(fold(code).into_owned())
                    .or_insert(meaning);
            }
        }
    }

    /// Adds short names for options whose codes hold spaces, which part several options.
    fn add_short(&mut self, offered: &[Offered<'_>]) {
        let Some(options) = &mut self.options else {
            return;
        };
        for (short, offered) in offered::short_answers(offered).iter().zip(offered) {
            if let StandsFor::Option(at) = offered.stands_for
                && offered.code.contains(char::is_whitespace)
                && options.find(short).is_none()
            {
                options.add(fold(short).into_owned(), at);
            }
        }
    }

    /// Adds the labels that forms give to the framework's codes.
    fn declare_labels(&mut self, offered: &[Offered<'_>]) {
        for offered in offered {
            let StandsFor::Outcome(outcome) = offered.stands_for else {
                continue;
            };
            for (_, label) in offered.label.translations() {
                let is_option = self
                    .options
                    .as_ref()
                    .is_some_and(|options| options.find(label).is_some());
                if let Some(meaning) = meaning(outcome, None).filter(|_| !is_option) {
                    Arc::make_mut(&mut self.meanings)
                        .entry(fold(label).into_owned())
                        .or_insert(meaning);
                }
            }
        }
    }

    /// Reads every answer to a choice as what it counts as.
    pub(super) fn count_as(&mut self, counts_as: Option<CountsAs<'f>>) {
        self.counts_as = counts_as;
    }

    /// What an answer is read as.
    pub(super) fn counted(&self, answer: Answer) -> Answer {
        match &self.counts_as {
            Some(counts_as) => counts_as(answer),
            None => answer,
        }
    }

    /// The indicator.
    pub(super) fn indicator(&self) -> &'f Indicator {
        self.indicator
    }

    /// The options of a multiple choice.
    pub(super) fn options(&self) -> Option<&Options> {
        self.options.as_ref()
    }

    /// Whether it reads numbers.
    pub(super) fn is_number(&self) -> bool {
        matches!(self.indicator.answers, Answers::Number(_))
    }

    /// How plain numbers are read; nothing if it reads none.
    pub(super) fn plain(&self, manner: Manner) -> Option<Plain> {
        let Answers::Number(number) = &self.indicator.answers else {
            return None;
        };
        let (low, high) = limits(number);
        // What is declared under a number's spelling is looked up by its letters.
        let codes = self.meanings.keys().filter_map(|code| code.parse().ok());
        Some(Plain {
            low: low.unwrap_or(f64::NEG_INFINITY),
            high: high.unwrap_or(f64::INFINITY),
            codes: codes.collect(),
            comma: manner.decimal_comma,
        })
    }

    /// Every declared spelling, ascending, with what it stands for if that is one answer.
    pub(super) fn declared(&self) -> Vec<(String, Option<Answer>)> {
        let mut declared: Vec<(String, Option<Answer>)> = self
            .meanings
            .iter()
            .map(|(spelling, meaning)| match meaning {
                Meaning::Is(answer) => (spelling.clone(), Some(*answer)),
                Meaning::Never | Meaning::Several(_) => (spelling.clone(), None),
            })
            .collect();
        declared.sort_by(|a, b| a.0.cmp(&b.0));
        declared
    }

    /// What `cell` says.
    pub(super) fn read(&self, cell: &str, manner: Manner) -> Result<Read, Refusal> {
        if cell.len() > LONGEST_ANSWER {
            return Err(Refusal::TooLong(cell.len()));
        }
        self.decode(cell, manner).or_else(|refusal| {
            let bare = unguarded(cell);
            if bare.len() == cell.len() {
                return Err(refusal);
            }
            self.decode(bare, manner).map_err(|_| refusal)
        })
    }

    fn decode(&self, cell: &str, manner: Manner) -> Result<Read, Refusal> {
        let folded = fold(cell);
        if folded.is_empty() {
            return Ok(Answer::Missing(Gap::Unanswered).into());
        }
        match self.meanings.get(folded.as_ref()) {
            Some(Meaning::Is(answer)) => return Ok((*answer).into()),
            Some(Meaning::Never) => return Err(Refusal::Forbidden),
            Some(Meaning::Several(options)) => return Err(Refusal::Several(options.clone())),
            None => {}
        }
        match (&self.indicator.answers, &self.options) {
            (Answers::Multiple(_), Some(options)) => options
                .read_list(cell)
                .map_err(Refusal::List)
                .and_then(|chosen| self.set(chosen).map(Read::from)),
            (Answers::Number(number), _) => self.number(number, cell, manner),
            (Answers::Choice(_) | Answers::Multiple(_), _) => Err(Refusal::Unknown),
        }
        .or_else(|refusal| {
            if let Some(code) = self.short.get(folded.as_ref()).filter(|_| manner.short) {
                let manner = Manner {
                    short: false,
                    ..manner
                };
                return self.decode(code, manner);
            }
            if manner.other && folded == "-oth-" && self.meanings.contains_key(OTHER[0]) {
                return self.decode(OTHER[0], manner);
            }
            let missing = manner.missing.contains(&folded.as_ref());
            let unanswered = Answer::Missing(Gap::Unanswered).into();
            if missing {
                Ok(unanswered)
            } else {
                Err(refusal)
            }
        })
    }

    /// What the cell of an option's own column says.
    pub(super) fn tick(&self, option: usize, cell: &str, manner: Manner) -> Result<Tick, Refusal> {
        let folded = fold(cell);
        let declared = match self.meanings.get(folded.as_ref()) {
            Some(Meaning::Is(answer)) => Some(Tick::Else(*answer)),
            Some(Meaning::Never | Meaning::Several(_)) | None => None,
        };
        let options = self.options.as_ref();
        declared
            .or_else(|| {
                manner
                    .missing
                    .contains(&folded.as_ref())
                    .then_some(Tick::Blank)
            })
            .or_else(|| options.and_then(|options| multiple::tick(options, option, &folded)))
            .or_else(|| {
                let find = |name: &&str| options.and_then(|options| options.find(name));
                let is_other = OTHER.iter().filter_map(find).any(|other| other == option);
                (manner.other && is_other).then_some(Tick::Chosen)
            })
            .ok_or(Refusal::NoTick(option))
    }

    /// What the options' own columns come to, beside what the cell that lists them says, if there is one and it is in use.
    pub(super) fn settle(
        &self,
        split: &Split,
        listed: Option<Answer>,
        zeros: AllZero,
    ) -> Result<Answer, Refusal> {
        match split.settle(listed, zeros) {
            Ok(Settled::Set(set)) => self.set(set),
            Ok(Settled::Else(answer)) => Ok(answer),
            Err(disagreement) => Err(Refusal::Disagrees(disagreement)),
        }
    }

    /// The options in `chosen` as an answer, unless one of them excludes the others.
    pub(super) fn set(&self, chosen: u64) -> Result<Answer, Refusal> {
        let exclusive = self.options.as_ref().map_or(0, Options::exclusive);
        if chosen & exclusive != 0 && chosen.count_ones() > 1 {
            let only = (chosen & exclusive).trailing_zeros() as usize;
            return Err(Refusal::Exclusive(only));
        }
        let none = |option: u32| {
            let options = self.options.as_ref();
            options.is_some_and(|options| options.is_none(option as usize))
        };
        if chosen != 0 && none(chosen.trailing_zeros()) {
            return Ok(Answer::Given(0.0));
        }
        // At most 52 options: every set is a whole number that f64 holds exactly.
        Ok(Answer::Given(chosen as f64))
    }

    /// The text of the cell's number times ten to the power of `power`, if it is a number and no code.
    pub(super) fn times_ten_to(&self, cell: &str, power: i16, manner: Manner) -> Option<String> {
        let Answers::Number(number) = &self.indicator.answers else {
            return None;
        };
        let text = without_unit(number, cell);
        let written = number::read(text, manner.decimal_comma).ok()?;
        let is_code = self.meanings.contains_key(fold(cell).as_ref())
            || self.sentinel(written.value).is_some();
        (!is_code).then(|| number::times_ten_to(text, power))
    }

    /// What such a product says: a code is what was written, never what that comes to.
    pub(super) fn product(&self, text: &str, manner: Manner) -> Result<Read, Refusal> {
        let written = number::read(text, manner.decimal_comma).map_err(Refusal::Number)?;
        self.inside(written)
    }

    fn number(&self, number: &Number, cell: &str, manner: Manner) -> Result<Read, Refusal> {
        let text = without_unit(number, cell);
        let written = number::read(text, manner.decimal_comma).map_err(Refusal::Number)?;
        match self.sentinel(written.value) {
            Some(Meaning::Is(answer)) => Ok((*answer).into()),
            Some(Meaning::Never | Meaning::Several(_)) => Err(Refusal::Forbidden),
            None => self.inside(written),
        }
    }

    /// A number as an answer, if it is within the limits.
    fn inside(&self, written: Written) -> Result<Read, Refusal> {
        let (low, high) = match &self.indicator.answers {
            Answers::Number(number) => limits(number),
            Answers::Choice(_) | Answers::Multiple(_) => (None, None),
        };
        let inside = low.is_none_or(|low| written.value >= low)
            && high.is_none_or(|high| written.value <= high);
        if !inside {
            return Err(Refusal::OutOfRange);
        }
        Ok(Read {
            answer: Answer::Given(written.value),
            decimal: written.decimal,
        })
    }

    /// What `value` stands for if it is a sentinel in another spelling: `-99.0` for `-99`.
    fn sentinel(&self, value: f64) -> Option<&Meaning> {
        if self.meanings.is_empty() {
            return None;
        }
        self.meanings.get(&value.to_string())
    }

    /// The declared answers.
    fn codes(&self) -> Vec<&'f str> {
        match &self.indicator.answers {
            Answers::Choice(scale) => scale.options.iter().map(|o| o.code.as_str()).collect(),
            Answers::Multiple(multiple) => {
                multiple.options.iter().map(|o| o.code.as_str()).collect()
            }
            Answers::Number(number) => number.codes.iter().map(|(code, _)| code.as_str()).collect(),
        }
    }

    /// The answers that can be given, for messages.
    fn expected(&self) -> Vec<&'f str> {
        match &self.indicator.answers {
            Answers::Choice(scale) => {
                let options = scale.options.iter();
                let allowed = options.filter(|option| option.outcome != Outcome::Error);
                allowed.map(|option| option.code.as_str()).collect()
            }
            Answers::Multiple(_) | Answers::Number(_) => self.codes(),
        }
    }

    /// The code that is the same number in another spelling: `1` for `1.0`. It is suggested, never taken.
    fn same_number(&self, cell: &str) -> Option<String> {
        let value = number::read(cell, true).ok()?.value.to_string();
        let mut codes = self.codes().into_iter();
        codes.find(|code| *code == value).map(str::to_owned)
    }

    /// The codes of the options in `set`.
    pub(super) fn names(&self, set: u64) -> Vec<String> {
        let codes = self.codes().into_iter().chain([offered::NONE_OF_THESE]);
        let codes = codes.enumerate();
        codes
            .filter(|(at, _)| set >> at & 1 == 1)
            .map(|(_, code)| code.to_owned())
            .collect()
    }

    /// `refusal` of `cell` in words.
    pub(super) fn explain(&self, cell: &str, refusal: &Refusal) -> ResponsesKind {
        let indicator = self.indicator.code.clone();
        let text = shown(cell);
        let (codes, expected) = (self.codes(), self.expected());
        let none = offered::NONE_OF_THESE;
        let code = |at: usize| codes.get(at).map_or(none, |&code| code).to_owned();
        match refusal {
            Refusal::Unknown => ResponsesKind::UnknownAnswer {
                written: cell.trim().into(),
                near: nearest(cell, expected.iter().copied()).or_else(|| self.same_number(cell)),
                expected: owned(&expected),
                indicator,
                text,
            },
            Refusal::TooLong(bytes) => ResponsesKind::LongAnswer {
                indicator,
                text,
                bytes: *bytes,
                most: LONGEST_ANSWER,
            },
            Refusal::Forbidden => ResponsesKind::ForbiddenAnswer { indicator, text },
            Refusal::Several(options) => ResponsesKind::AmbiguousAnswer {
                indicator,
                text,
                answers: options.iter().map(|&at| code(at)).collect(),
            },
            Refusal::List(NoList::Unknown(part)) => ResponsesKind::UnknownAnswer {
                written: part.as_str().into(),
                near: nearest(part, expected.iter().copied()),
                expected: owned(&expected),
                indicator,
                text: shown(part),
            },
            Refusal::List(NoList::Ambiguous) => ResponsesKind::AmbiguousList { indicator, text },
            Refusal::List(NoList::JoinedLabels) => ResponsesKind::JoinedLabels { indicator, text },
            Refusal::Exclusive(at) => ResponsesKind::ExclusiveOption {
                indicator,
                option: code(*at),
            },
            Refusal::Number(why) => ResponsesKind::NotANumber {
                indicator,
                text,
                grouped: *why == NotANumber::Separators,
                too_large: *why == NotANumber::TooLarge,
            },
            Refusal::OutOfRange => {
                let (low, high) = match &self.indicator.answers {
                    Answers::Number(number) => limits(number),
                    Answers::Choice(_) | Answers::Multiple(_) => (None, None),
                };
                ResponsesKind::OutOfRange {
                    indicator,
                    text,
                    low,
                    high,
                }
            }
            Refusal::NoTick(at) => ResponsesKind::NoTick {
                option: code(*at),
                indicator,
                text,
            },
            Refusal::Disagrees(Disagreement { listed, ticked }) => ResponsesKind::SplitDisagrees {
                indicator,
                listed: self.names(*listed),
                ticked: self.names(*ticked),
            },
        }
    }
}

fn owned(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|&code| code.to_owned()).collect()
}

/// The lowest and the highest number that can be answered.
pub fn limits(number: &Number) -> (Option<f64>, Option<f64>) {
    let lowest = match &number.curve {
        Curve::Bands(bands) => bands.first().map(|&(from, _)| from),
        Curve::AsIs | Curve::Goalposts(_) | Curve::Lines(_) => None,
    };
    match number.valid {
        Some((low, high)) => (
            Some(lowest.map_or(low, |lowest| lowest.max(low))),
            Some(high),
        ),
        None => (lowest, None),
    }
}

/// Whether answers to an indicator may be so large that one would group their digits.
pub(super) fn reaches_thousands(indicator: &Indicator) -> bool {
    let Answers::Number(number) = &indicator.answers else {
        return false;
    };
    let valid = number.valid.map(|(_, high)| high);
    // A curve looks at what is left after division.
    let told_apart = match &number.curve {
        _ if number.per.is_some() => None,
        Curve::AsIs => None,
        Curve::Goalposts(Goalposts { from, to, .. }) => Some(from.max(*to)),
        Curve::Bands(points) | Curve::Lines(points) => points.last().map(|&(last, _)| last),
    };
    [valid, told_apart]
        .into_iter()
        .flatten()
        .all(|most| most >= 1000.0)
}

/// A cell without the sign that the framework says numbers carry.
fn without_unit<'c>(number: &Number, cell: &'c str) -> &'c str {
    match number.unit.as_deref() {
        Some("%") => cell.trim().strip_suffix('%').unwrap_or(cell),
        Some(_) | None => cell,
    }
}

/// The meaning of an outcome; none where a share is all that is known, for an answer is an option or a number.
fn meaning(outcome: Outcome, option: Option<usize>) -> Option<Meaning> {
    match outcome {
        Outcome::Score(_) => option.map(|option| Meaning::Is(Answer::Given(option as f64))),
        Outcome::NotApplicable => Some(Meaning::Is(Answer::NotApplicable)),
        Outcome::Missing(gap) => Some(Meaning::Is(Answer::Missing(gap))),
        Outcome::Error => Some(Meaning::Never),
    }
}
