//! Multiple choice: a cell that lists options, and options with a column each.

use std::collections::{BTreeMap, BTreeSet};

use super::offered::{NONE_OF_THESE, none_of_these};
use super::spelling::{fold, without_markup};
use super::{Answer, bits_of};
use crate::framework::{Gap, Multiple};

/// The spellings of one answer.
pub(super) struct Spellings {
    code: String,
    labels: Vec<String>,
    aliases: Vec<String>,
}

impl Spellings {
    /// Code, labels in every language, aliases.
    pub(super) fn new<'a>(
        code: &str,
        labels: impl Iterator<Item = &'a str>,
        aliases: &[String],
    ) -> Self {
        // Markup that survey tools leave out of a label may also be what somebody wrote.
        let both = |text: &str| {
            let plain = fold(&without_markup(text)).into_owned();
            [plain, fold(text).into_owned()]
        };
        let [plain, code] = both(code);
        let labels: Vec<String> = labels.flat_map(both).collect();
        let aliases = aliases.iter().flat_map(|alias| both(alias));
        let aliases = aliases.chain([plain]);
        // EUSurvey writes labels with their codes if asked to.
        let with_code = labels.iter().map(|label| format!("{label} ({code})"));
        Self {
            aliases: aliases.chain(with_code).collect(),
            code,
            labels,
        }
    }
}

/// Which answers every spelling can stand for: a code wins over a label, a label over an alias; otherwise two answers
/// with one spelling are both meant.
pub(super) fn index(answers: impl Iterator<Item = Spellings>) -> BTreeMap<String, Vec<usize>> {
    let answers: Vec<Spellings> = answers.collect();
    let mut index: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let ranks: [fn(&Spellings) -> &[String]; 3] = [
        |answer| std::slice::from_ref(&answer.code),
        |answer| &answer.labels,
        |answer| &answer.aliases,
    ];
    for spellings_of in ranks {
        let mut rank: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (at, answer) in answers.iter().enumerate() {
            for spelling in spellings_of(answer) {
                rank.entry(spelling).or_default().insert(at);
            }
        }
        for (spelling, options) in rank {
            index
                .entry(spelling.to_owned())
                .or_insert_with(|| options.into_iter().collect());
        }
    }
    index.remove("");
    index
}

/// The options of a multiple choice by their spellings.
pub(super) struct Options {
    spellings: BTreeMap<String, Vec<usize>>,
    /// By separator: how many parts it makes at most of a spelling.
    widest: [usize; SEPARATORS.len()],
    exclusive: u64,
    /// Stands behind the options for the answer that none of them was chosen.
    none: usize,
}

/// Why a cell is no list of options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoList {
    /// This part is no option.
    Unknown(String),
    /// It can be read in several ways.
    Ambiguous,
    /// It joins labels, which hold spaces themselves, by spaces.
    JoinedLabels,
}

/// What parts the options in a cell. A space only parts codes: labels hold spaces themselves, and a list of them joined
/// by spaces cannot be taken apart.
const SEPARATORS: [char; 5] = [';', '|', '\n', ',', ' '];

/// Where the space stands among them.
const SPACE: usize = 4;

/// Most bytes of a cell that is read as a list; whatever is longer is prose.
const LONGEST_LIST: usize = 16 << 10;

impl Options {
    /// The options of `multiple`.
    pub(super) fn new(multiple: &Multiple) -> Self {
        let spellings = multiple.options.iter().map(|option| {
            let labels = option.label.translations().map(|(_, text)| text);
            Spellings::new(&option.code, labels, &option.aliases)
        });
        let exclusive = multiple
            .options
            .iter()
            .enumerate()
            .filter(|(_, option)| option.only)
            .fold(0, |set, (at, _)| set | 1 << at);
        let none = multiple.options.len();
        let mut spellings = index(spellings);
        let labels = none_of_these();
        let labels = labels.translations().map(|(_, label)| label);
        for spelling in labels.chain([NONE_OF_THESE]) {
            spellings
                .entry(fold(spelling).into_owned())
                .or_insert_with(|| vec![none]);
        }
        let mut options = Self {
            spellings: BTreeMap::new(),
            widest: [1; SEPARATORS.len()],
            exclusive: exclusive | 1 << none,
            none,
        };
        for (spelling, meant) in spellings {
            options.mean(spelling, meant);
        }
        options
    }

    fn mean(&mut self, spelling: String, options: Vec<usize>) {
        for (widest, separator) in self.widest.iter_mut().zip(SEPARATORS) {
            let parts = spelling.matches(separator).count() + 1;
            *widest = parts.max(*widest);
        }
        self.spellings.insert(spelling, options);
    }

    /// Whether this is no option but the answer that none was chosen.
    pub(super) fn is_none(&self, option: usize) -> bool {
        option == self.none
    }

    /// The options that exclude all others.
    pub(super) fn exclusive(&self) -> u64 {
        self.exclusive
    }

    /// Reads `spelling`, folded, as an option.
    pub(super) fn add(&mut self, spelling: String, option: usize) {
        self.mean(spelling, vec![option]);
    }

    /// Every spelling that is one option's, ascending.
    pub(super) fn declared(&self) -> Vec<(String, usize)> {
        let spellings = self.spellings.iter();
        spellings
            .filter_map(|(spelling, options)| match options[..] {
                [only] => Some((spelling.clone(), only)),
                [] | [_, _, ..] => None,
            })
            .collect()
    }

    /// The option spelled `text`, if it is just one.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        match self.spellings.get(fold(text).as_ref())?[..] {
            [only] => Some(only),
            [] | [_, _, ..] => None,
        }
    }

    /// The set of options that a cell lists, one bit an option. Options may hold separators themselves, so that every way
    /// to take the cell apart is tried; it counts only if all ways agree.
    pub(super) fn read_list(&self, cell: &str) -> Result<u64, NoList> {
        if cell.len() > LONGEST_LIST {
            return Err(NoList::Unknown(cell.to_owned()));
        }
        let mut readings = BTreeSet::new();
        let mut unknown = None;
        for (at, separator) in SEPARATORS.into_iter().enumerate().take(SPACE) {
            match self.parted_by(cell, at) {
                Ok(sets) => readings.extend(sets),
                Err(part) if cell.contains(separator) => {
                    unknown.get_or_insert(part);
                }
                Err(_) => {}
            }
        }
        match self.parted_by_space(cell) {
            Ok(set) => {
                readings.extend(set);
            }
            Err(part) => {
                unknown.get_or_insert(part);
            }
        }
        let mut readings = readings.into_iter();
        match (readings.next(), readings.next()) {
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) => Err(NoList::Ambiguous),
            (None, _) if self.parted_by(cell, SPACE).is_ok() => Err(NoList::JoinedLabels),
            (None, _) => Err(NoList::Unknown(unknown.unwrap_or_else(|| cell.to_owned()))),
        }
    }

    /// Every set of options that `cell` can list with the separator at this position, at most two; else the first part that is
    /// no option.
    fn parted_by(&self, cell: &str, at: usize) -> Result<BTreeSet<u64>, String> {
        // An option that holds the separator itself spans several parts.
        let (separator, widest) = (SEPARATORS[at], self.widest[at]);
        let parts: Vec<&str> = cell.split(separator).collect();
        // From the end: what the parts from `start` on can stand for.
        let mut from: Vec<BTreeSet<u64>> = vec![BTreeSet::new(); parts.len() + 1];
        from[parts.len()].insert(0);
        for start in (0..parts.len()).rev() {
            if parts[start].trim().is_empty() {
                let rest = from[start + 1].clone();
                from[start].extend(rest);
            }
            let longest = parts.len().min(start + widest);
            for end in start + 1..=longest {
                let text = parts[start..end].join(&separator.to_string());
                for &option in self.meant(&text) {
                    let sets: Vec<u64> = from[end].iter().map(|set| set | 1 << option).collect();
                    from[start].extend(sets);
                }
            }
            // Two readings are as good as many.
            while from[start].len() > 2 {
                from[start].pop_last();
            }
        }
        if from[0].is_empty() {
            let part = parts.get(self.stuck(&parts, at));
            return Err(part.map_or(cell, |part| part.trim()).to_owned());
        }
        Ok(from.swap_remove(0))
    }

    /// The first part that no way to take the cell apart gets past.
    fn stuck(&self, parts: &[&str], at: usize) -> usize {
        let (separator, widest) = (SEPARATORS[at].to_string(), self.widest[at]);
        let mut reached = vec![false; parts.len() + 1];
        reached[0] = true;
        let mut furthest = 0;
        for start in 0..parts.len() {
            if !reached[start] {
                continue;
            }
            furthest = start;
            reached[start + 1] |= parts[start].trim().is_empty();
            for end in start + 1..=parts.len().min(start + widest) {
                reached[end] |= !self.meant(&parts[start..end].join(&separator)).is_empty();
            }
        }
        furthest
    }

    /// The set that codes parted by spaces list, if there are several.
    fn parted_by_space(&self, cell: &str) -> Result<Option<u64>, String> {
        let mut set = 0;
        let mut several = false;
        for (at, word) in cell.split_whitespace().enumerate() {
            several |= at > 0;
            match self.meant(word) {
                [option] => set |= 1 << option,
                [] | [_, _, ..] => return Err(word.to_owned()),
            }
        }
        Ok(several.then_some(set))
    }

    fn meant(&self, text: &str) -> &[usize] {
        self.spellings
            .get(fold(text).as_ref())
            .map_or(&[], Vec::as_slice)
    }
}

/// What the columns of one multiple choice say in one row.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Split {
    /// Options with a mark.
    chosen: u64,
    /// Options marked as not chosen.
    denied: u64,
    /// Options whose column was read.
    met: u64,
    /// Whether a column says that none was chosen.
    none: bool,
    /// What the columns say instead of marks.
    instead: Option<Answer>,
}

/// What a split column's cell says of its option.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tick {
    Chosen,
    NotChosen,
    /// None of the options was chosen.
    NoneChosen,
    Blank,
    /// A declared code that is no option, for instance for "not asked".
    Else(Answer),
}

/// "Yes" where the language of the survey has another word for it: German, Dutch, Swedish and Norwegian, French, Spanish,
/// Italian, Portuguese, Polish.
const YES: [&str; 6] = ["ja", "oui", "s\u{ed}", "s\u{ec}", "sim", "tak"];

/// "No" in the same languages; Spanish and Italian say `no`.
const NO: [&str; 7] = ["nein", "nee", "nej", "nei", "non", "n\u{e3}o", "nie"];

/// Reads the cell of option `option` in its own column: a mark, or the option's spelling.
pub(super) fn tick(options: &Options, option: usize, folded: &str) -> Option<Tick> {
    match folded {
        "" => Some(Tick::Blank),
        "1" | "y" | "yes" | "true" | "x" | "checked" | "selected" => Some(Tick::Chosen),
        "0" | "n" | "no" | "false" | "unchecked" | "not selected" => Some(Tick::NotChosen),
        spelling if options.meant(spelling).contains(&option) => Some(Tick::Chosen),
        word if YES.contains(&word) => Some(Tick::Chosen),
        word if NO.contains(&word) => Some(Tick::NotChosen),
        _ => None,
    }
    .map(|tick| match tick {
        Tick::Chosen if options.is_none(option) => Tick::NoneChosen,
        Tick::NotChosen if options.is_none(option) => Tick::Blank,
        tick => tick,
    })
}

/// Whether marks that all say "not chosen" mean that nothing was chosen, or may also mean that nothing was answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum AllZero {
    /// Somebody looked and chose none.
    #[default]
    NoneChosen,
    /// The exporter writes them for the unanswered, too.
    Unanswered,
}

/// What the columns of a multiple choice come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Settled {
    /// These options were chosen.
    Set(u64),
    /// There is no set.
    Else(Answer),
}

/// The cell that lists the options says something else than their columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Disagreement {
    pub(super) listed: u64,
    pub(super) ticked: u64,
}

impl Split {
    /// Adds what an option's own column says; `false` if it was said before.
    #[must_use]
    pub(super) fn tick(&mut self, option: usize, tick: Tick) -> bool {
        let bit = 1 << option;
        let first = self.met & bit == 0;
        self.met |= bit;
        match tick {
            Tick::Chosen => self.chosen |= bit,
            Tick::NotChosen => self.denied |= bit,
            Tick::NoneChosen => self.none = true,
            Tick::Blank => {}
            Tick::Else(answer) => self.instead = Some(answer),
        }
        first
    }

    /// Whether any column was read.
    pub(super) fn is_met(&self) -> bool {
        self.met != 0
    }

    /// What the columns come to, beside what the cell that lists the options says, if there is one and it is in use.
    pub(super) fn settle(
        &self,
        summary: Option<Answer>,
        zeros: AllZero,
    ) -> Result<Settled, Disagreement> {
        let ticked = self.chosen;
        if self.none && ticked != 0 {
            return Err(Disagreement { listed: 0, ticked });
        }
        match summary {
            // Options without a column of their own, or all columns blank: the list says more.
            Some(Answer::Given(set)) => {
                let listed = bits_of(set);
                let agrees = listed & self.met == ticked || (ticked | self.denied) == 0;
                if agrees {
                    Ok(Settled::Set(listed))
                } else {
                    Err(Disagreement { listed, ticked })
                }
            }
            Some(_) if ticked != 0 => Err(Disagreement { listed: 0, ticked }),
            Some(_) if self.none => Ok(Settled::Set(0)),
            // Marks that all say "not chosen" beside an empty list are written for the unanswered, too.
            Some(answer) => Ok(Settled::Else(answer)),
            None if ticked != 0 => Ok(Settled::Set(ticked)),
            None if self.none => Ok(Settled::Set(0)),
            None if self.denied != 0 && zeros == AllZero::NoneChosen => Ok(Settled::Set(0)),
            None => Ok(Settled::Else(
                self.instead.unwrap_or(Answer::Missing(Gap::Unanswered)),
            )),
        }
    }
}
