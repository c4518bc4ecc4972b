//! Whether a piece fits behind those before it: who is in it and when, and what has been met so far.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use super::{Done, Order, Outcome, Seen};
use crate::responses::export::Skip;
use crate::responses::load::is_total;
use crate::responses::number::{Decimal, Thousands};
use crate::responses::periods::alike;
use crate::responses::spelling::look;

/// Who a row is about, and when.
#[derive(Clone, Copy)]
pub(super) struct Key<'r> {
    pub(super) unit: &'r str,
    /// Whether that is visible ASCII, of which [`look`] changes the case alone.
    pub(super) plain: bool,
    pub(super) period: &'r str,
    /// What the unit is called; empty where the row does not say so.
    pub(super) name: &'r str,
}

/// What is remembered of a [`Key`]: what is not the same has another number. Where it has not, which is rare, the file is
/// looked at closely.
#[derive(Clone, Copy)]
pub(super) struct Hashed {
    /// Who, however it is spelled.
    pub(super) unit: u64,
    /// Who, and what it is called.
    pub(super) spelled: u64,
    /// Who and when.
    pub(super) row: u64,
}

pub(super) fn hash(what: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// A [`Key`] that is kept.
pub(super) type OwnedKey = [String; 3];

impl<'r> Key<'r> {
    pub(super) fn new(unit: &'r str, period: &'r str, name: &'r str) -> Self {
        Self {
            unit,
            plain: unit
                .bytes()
                .fold(true, |plain, byte| plain & byte.is_ascii_graphic()),
            period,
            name,
        }
    }

    /// Whether this row may stand before `next` in a file that is in order: by the bytes of the units and by what counts
    /// of them, so that two that are nearly the same would stand side by side.
    pub(super) fn precedes(self, next: Key<'_>) -> bool {
        if self.unit == next.unit {
            let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
            let numbers = number(self.period).zip(number(next.period));
            // A unit is called as its first row says.
            return self.name == next.name
                && self.period < next.period
                && numbers.is_none_or(|(own, next)| own < next);
        }
        self.unit < next.unit && self.precedes_folded(next)
    }

    /// Whether another row of the same unit may stand behind this one: of the same period or a later one.
    pub(super) fn is_followed_by(self, next: Key<'_>) -> bool {
        let name = self.name;
        self.period == next.period || self.precedes(Key { name, ..next })
    }

    /// Whether the unit stands before the other as [`look`] makes them.
    fn precedes_folded(self, next: Key<'_>) -> bool {
        if !self.plain || !next.plain {
            return look(self.unit) < look(next.unit);
        }
        let (own, next) = (self.unit.bytes(), next.unit.bytes());
        let same = own.clone().zip(next.clone());
        let same = same.take_while(|(own, next)| own == next).count();
        let lower = |byte: u8| byte.to_ascii_lowercase();
        own.skip(same).map(lower).lt(next.skip(same).map(lower))
    }

    pub(super) fn hashed(self) -> Hashed {
        let folded = look(self.unit);
        Hashed {
            unit: hash(&folded),
            spelled: hash(&(self.unit, self.name)),
            row: hash(&(&folded, self.period)),
        }
    }

    pub(super) fn of([unit, period, name]: &'r OwnedKey) -> Self {
        Self::new(unit, period, name)
    }

    pub(super) fn owned(self) -> OwnedKey {
        [self.unit, self.period, self.name].map(str::to_owned)
    }
}

/// The decimal signs of some numbers.
#[derive(Clone, Default)]
pub(super) struct Signs {
    pub(super) point: bool,
    pub(super) comma: bool,
    pub(super) thousands: Thousands<String>,
}

impl Signs {
    /// Adds that of the number that `text` writes; `reaches`: it may be a thousand times as large.
    pub(super) fn see(&mut self, decimal: Decimal, reaches: bool, text: &str) {
        self.point |= decimal.sign == '.';
        self.comma |= decimal.sign != '.';
        let groups = decimal.groups && reaches;
        let decimal = Decimal { groups, ..decimal };
        self.thousands.see(decimal, || text.trim().to_owned());
    }

    /// Adds those of numbers behind them.
    pub(super) fn add(&mut self, next: &Self) {
        self.point |= next.point;
        self.comma |= next.comma;
        self.thousands.add(next.thousands.clone());
    }
}

/// What must be known of a piece to know whether it fits behind those before it.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) rows: usize,
    /// How many records were left out.
    pub(super) skipped: BTreeMap<Skip, usize>,
    pub(super) first: OwnedKey,
    pub(super) last: OwnedKey,
    pub(super) signs: Signs,
    /// Whether a row stands before one that should come first.
    pub(super) disorder: bool,
    pub(super) keys: Vec<Hashed>,
    /// The periods as they are written.
    pub(super) periods: Vec<String>,
    /// Codes of the countries that are units, and under which name.
    pub(super) countries: Vec<(&'static str, u64)>,
}

/// What has been met so far.
pub(super) struct Met {
    order: Order,
    /// Whether a unit may have several rows.
    periods: bool,
    /// The last row, once there is one.
    last: Option<OwnedKey>,
    rows: HashSet<u64>,
    /// How each unit is spelled, where it may have several rows.
    units: HashMap<u64, u64>,
    countries: HashMap<&'static str, u64>,
    /// How each period is written.
    spelled: HashMap<String, String>,
    /// Of every file that is read or has been.
    files: Vec<MetInFile>,
}

/// What has been met in one file.
#[derive(Default)]
struct MetInFile {
    rows: usize,
    /// Who the last row is about.
    last: String,
    signs: Signs,
    skipped: BTreeMap<Skip, usize>,
}

impl Met {
    pub(super) fn new(order: Order, periods: bool) -> Self {
        Self {
            order,
            periods,
            last: None,
            rows: HashSet::new(),
            units: HashMap::new(),
            countries: HashMap::new(),
            spelled: HashMap::new(),
            files: Vec::new(),
        }
    }

    /// Another file begins.
    pub(super) fn begin(&mut self) {
        self.files.push(MetInFile::default());
    }

    /// Whether the last file has any rows.
    pub(super) fn any(&self) -> bool {
        self.files.last().is_some_and(|file| file.rows > 0)
    }

    /// What there is to say of every file.
    pub(super) fn seen(self) -> Vec<Seen> {
        let files = self.files.into_iter();
        let seen = files.map(|file| Seen {
            skipped: file.skipped,
            thousands: file.signs.thousands.first(),
            total: Some(file.last).filter(|unit| is_total(unit, file.rows)),
        });
        seen.collect()
    }

    /// Takes what was made of a piece; how reading ends, if it does not fit.
    pub(super) fn settle<T>(
        &mut self,
        piece: Done<T>,
        take: &mut dyn FnMut(T) -> io::Result<()>,
    ) -> io::Result<Option<Outcome>> {
        let ended = match piece {
            Ok((done, facts)) => match self.admits(&facts) {
                Outcome::Done => {
                    take(done)?;
                    None
                }
                outcome => Some(outcome),
            },
            Err(outcome) => Some(outcome),
        };
        Ok(ended)
    }

    /// Whether a piece fits behind those before it.
    fn admits(&mut self, facts: &Facts) -> Outcome {
        if let Some(file) = self.files.last_mut() {
            for (skip, records) in &facts.skipped {
                *file.skipped.entry(*skip).or_insert(0) += records;
            }
            file.rows += facts.rows;
            if facts.rows > 0 {
                file.last.clone_from(&facts.last[0]);
            }
            file.signs.add(&facts.signs);
            if file.signs.point && file.signs.comma {
                return Outcome::Whole;
            }
        }
        if facts.rows == 0 {
            return Outcome::Done;
        }
        if self.order == Order::Ascending {
            let last = self.last.as_ref();
            let behind = last.is_none_or(|last| Key::of(last).precedes(Key::of(&facts.first)));
            if facts.disorder || !behind {
                return Outcome::Unordered;
            }
        }
        // One country under two codes is worth a warning.
        let known = |&(country, unit): &(&'static str, u64)| {
            *self.countries.entry(country).or_insert(unit) == unit
        };
        // And so is one period in two spellings.
        let spelled = &mut self.spelled;
        let one = |period: &String| {
            let entry = spelled.entry(alike(period).into_owned());
            entry.or_insert_with(|| period.clone()) == period
        };
        if !facts.periods.iter().all(one)
            || !facts.countries.iter().all(known)
            || !facts.keys.iter().all(|key| self.is_new(*key))
        {
            return Outcome::Whole;
        }
        self.last = Some(facts.last.clone());
        Outcome::Done
    }

    /// Whether a row is the only one of its unit and period, and says of the unit what others say.
    fn is_new(&mut self, key: Hashed) -> bool {
        match self.order {
            Order::Ascending => true,
            Order::Scattered if self.periods => {
                let spelled = *self.units.entry(key.unit).or_insert(key.spelled);
                spelled == key.spelled && self.rows.insert(key.row)
            }
            Order::Any | Order::Scattered => self.rows.insert(key.unit),
        }
    }
}
