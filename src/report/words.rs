//! Words of the interface in the languages of `words.csv`; numbers, dates and the order of names as each language has them.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::framework::Digits;
use crate::report::number::{fixed, percent};
use crate::scoring::GroupRow;

/// A row a word, a column a language: translators need nothing else.
const FILE: &str = include_str!("words.csv");

/// A language that the interface speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// `en`.
    #[default]
    English,
    /// `fr`.
    French,
}

impl Language {
    /// All of them, in the order of the columns of `words.csv`.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// The one that was asked for, else English.
    pub fn of(wanted: Option<&str>) -> Self {
        wanted.and_then(Self::named).unwrap_or_default()
    }

    /// The one with this code (`fr`, `fr-CA`), if it is known.
    pub fn named(wanted: &str) -> Option<Self> {
        let primary = wanted.split('-').next().unwrap_or_default();
        let mut known = Self::ALL.into_iter();
        known.find(|known| known.code().eq_ignore_ascii_case(primary))
    }

    /// Where it stands in [`Language::ALL`].
    fn column(self) -> usize {
        match self {
            Self::English => 0,
            Self::French => 1,
        }
    }

    /// As HTML names it.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// A number's text with the decimal sign of the language.
    pub fn decimal(self, text: String) -> String {
        match self {
            Self::English => text,
            Self::French => text.replace('.', ","),
        }
    }

    /// A share in per cent.
    pub fn percent(self, share: f64) -> String {
        let text = percent(share);
        match self {
            Self::English => text,
            Self::French => text.replace('%', "\u{202f}%"),
        }
    }

    /// A date in ISO 8601 (`2025-06-30`, `2025-06`) as it is written in the language; anything else as it is.
    pub fn date(self, text: &str) -> String {
        let parts: Vec<&str> = text.split('-').collect();
        let number = |part: &str, len: usize| {
            let plain = part.len() == len && part.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| part.parse::<usize>().ok()).flatten()
        };
        let (year, month, day) = match parts.as_slice() {
            [year, month] => (*year, *month, None),
            [year, month, day] => (*year, *month, Some(*day)),
            _ => return text.to_owned(),
        };
        let words = Words::of(self);
        let month = number(month, 2).filter(|month| (1..=12).contains(month));
        let (Some(_), Some(month)) = (number(year, 4), month) else {
            return text.to_owned();
        };
        let month = words.get("months").split(' ').nth(month - 1).unwrap_or("");
        match day.map(|day| number(day, 2).filter(|day| (1..=31).contains(day))) {
            None => words.fill("date.month", &[month, year]),
            Some(None) => text.to_owned(),
            Some(Some(1)) => words.fill("date.first", &[month, year]),
            Some(Some(day)) => words.fill("date.day", &[&day.to_string(), month, year]),
        }
    }

    /// The day of a moment in seconds since 1970 (UTC), as it is written in the language.
    pub fn day(self, seconds: u64) -> String {
        let (year, month, day) = civil(seconds / 86_400);
        self.date(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

/// Year, month and day of so many days after 1 January 1970; Howard Hinnant, "chrono-compatible low-level date
/// algorithms", `civil_from_days`.
pub(super) fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

/// By which names are put in order: letters before accents and case, as dictionaries of both languages do.
pub(super) fn collation(name: &str) -> (String, String) {
    let mut letters = String::with_capacity(name.len());
    for letter in name.nfd().filter(|letter| !is_combining_mark(*letter)) {
        match letter {
            'œ' | 'Œ' => letters.push_str("oe"),
            'æ' | 'Æ' => letters.push_str("ae"),
            'ß' => letters.push_str("ss"),
            'ø' | 'Ø' => letters.push('o'),
            'ł' | 'Ł' => letters.push('l'),
            'đ' | 'Đ' => letters.push('d'),
            '\'' | '’' | '-' | '\u{a0}' => letters.push(' '),
            _ => letters.extend(letter.to_lowercase()),
        }
    }
    (letters, name.to_owned())
}

/// The interface in one language.
#[derive(Clone, Debug)]
pub(super) struct Words {
    language: Language,
    texts: Arc<BTreeMap<String, String>>,
}

impl Words {
    /// The words of pages in this language; read once.
    pub(super) fn of(language: Language) -> Self {
        static READ: [OnceLock<Words>; 2] = [const { OnceLock::new() }; 2];
        let words = &READ[language.column()];
        words.get_or_init(|| Self::read(FILE, language)).clone()
    }

    /// The words of such a file in this language.
    pub(super) fn read(file: &str, language: Language) -> Self {
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        let mut texts = BTreeMap::new();
        let mut record = csv::StringRecord::new();
        while let Ok(true) = reader.read_record(&mut record) {
            let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
            texts.insert(cell(0), cell(language.column() + 1));
        }
        Self {
            language,
            texts: Arc::new(texts),
        }
    }

    /// Which language it is.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// A word or a sentence. A test holds every key against the file.
    pub(super) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// A word that the file may lack.
    pub(super) fn find(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// A sentence with its gaps `{0}`, `{1}` filled; what fills them is not looked through for gaps.
    pub(super) fn fill(&self, key: &str, gaps: &[&str]) -> String {
        let mut filled = String::new();
        let mut rest = self.get(key);
        while let Some(at) = rest.find('{') {
            let (before, gap) = rest.split_at(at);
            filled.push_str(before);
            let digit = gap
                .as_bytes()
                .get(1)
                .filter(|_| gap.as_bytes().get(2) == Some(&b'}'));
            let text = digit.and_then(|digit| gaps.get(usize::from(digit.wrapping_sub(b'0'))));
            if let Some(text) = text {
                filled.push_str(text);
                rest = &gap[3..];
            } else {
                filled.push('{');
                rest = &gap[1..];
            }
        }
        filled + rest
    }

    /// `key.one` or `key.many` with the count in its gap.
    pub(super) fn counted(&self, key: &str, count: usize) -> String {
        self.counted_with(key, count, &[])
    }

    /// `key.one` or `key.many` with the count in its first gap and the rest in those after it.
    pub(super) fn counted_with(&self, key: &str, count: usize, rest: &[&str]) -> String {
        // French counts nothing as one.
        let one = count == 1 || (count == 0 && self.language == Language::French);
        let form = format!("{key}.{}", if one { "one" } else { "many" });
        let count = count.to_string();
        let gaps: Vec<&str> = std::iter::once(count.as_str())
            .chain(rest.iter().copied())
            .collect();
        self.fill(&form, &gaps)
    }

    /// `key.one` or `key.many` for a number that need not be whole, which stands in the first gap: French speaks of one
    /// below two, English of many.
    pub(super) fn measured(&self, key: &str, value: f64, gaps: &[&str]) -> String {
        let one = value.abs() < 2.0 && self.language == Language::French;
        self.fill(&format!("{key}.{}", if one { "one" } else { "many" }), gaps)
    }

    /// A number rounded for reading.
    pub(super) fn number(&self, value: f64, digits: Digits) -> String {
        self.written(&fixed(value, digits))
    }

    /// A difference: always with its sign.
    pub(super) fn difference(&self, value: f64, digits: Digits) -> String {
        let text = fixed(value.abs(), digits);
        let nothing = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let sign = match (nothing, value < 0.0) {
            (true, _) => "±",
            (false, true) => "−",
            (false, false) => "+",
        };
        format!("{sign}{}", self.written(&text))
    }

    /// How many members a group has, and how many of them count where some do not.
    pub(super) fn members(&self, group: &GroupRow) -> String {
        let members = group.members.to_string();
        match group.counted() {
            counted if counted == group.members => members,
            counted => self.fill("counted-of", &[&counted.to_string(), &members]),
        }
    }

    /// What a group's mean is called, with what it is weighted by.
    pub(super) fn weighted(&self, mean: &str, group: &GroupRow) -> String {
        match &group.weight {
            Some(weight) => self.fill("mean.weighted", &[mean, weight]),
            None => mean.to_owned(),
        }
    }

    /// A share in per cent.
    pub(super) fn percent(&self, share: f64) -> String {
        self.language.percent(share)
    }

    /// A share in per cent, with a decimal.
    pub(super) fn share(&self, share: f64) -> String {
        let text = self.written(&format!("{:.1}", share * 100.0));
        match self.language {
            Language::English => format!("{text}%"),
            Language::French => format!("{text}\u{202f}%"),
        }
    }

    /// A number's text with the decimal sign and the minus sign of the language.
    pub(super) fn written(&self, text: &str) -> String {
        self.language.decimal(text.replace('-', "−"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::RoundingMode;

    /// Every source file of this station.
    fn sources(directory: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(directory).expect("the source is there") {
            let path = entry.expect("a listed file").path();
            if path.ends_with("report/forms") {
                continue; // forms have words of their own
            }
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && !path.ends_with("report/words.rs")
            {
                found.push(std::fs::read_to_string(&path).expect("source is UTF-8"));
            }
        }
    }

    #[test]
    fn every_word_that_is_asked_for_is_in_the_file_in_every_language() {
        let english = Words::of(Language::English);
        let mut all = Vec::new();
        let report = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report");
        sources(&report, &mut all);
        let mut asked = 0;
        for source in &all {
            for call in [
                "words.get(\"",
                "words.fill(\"",
                "words.counted(\"",
                "words.counted_with(\"",
                "words.measured(\"",
                ".word(\"",
            ] {
                for (at, _) in source.match_indices(call) {
                    let rest = &source[at + call.len()..];
                    let key = rest.split('"').next().unwrap_or_default();
                    let keys = if call.contains("counted") || call.contains("measured") {
                        vec![format!("{key}.one"), format!("{key}.many")]
                    } else {
                        vec![key.to_owned()]
                    };
                    for key in keys {
                        asked += 1;
                        assert!(english.texts.contains_key(&key), "{key}");
                    }
                }
            }
        }
        // Keys of pages that name their columns by key, wherever they stand.
        for source in &all {
            for page in ["\"c.", "\"i.", "\"r.", "\"w."] {
                for (at, _) in source.match_indices(page) {
                    let key = source[at + 1..].split('"').next().unwrap_or_default();
                    let known = [key.to_owned(), format!("{key}.one")];
                    let is_made = key.contains('{');
                    let found = known.iter().any(|key| english.texts.contains_key(key));
                    asked += 1;
                    assert!(is_made || found, "{key}");
                }
            }
        }
        assert!(asked > 80, "{asked}");
        for language in Language::ALL {
            for (key, text) in Words::of(language).texts.iter() {
                assert!(!text.is_empty(), "{key} in {language:?}");
            }
        }
    }

    #[test]
    fn each_language_writes_numbers_its_own_way() {
        let digits = Digits {
            digits: 2,
            mode: RoundingMode::HalfUp,
        };
        let (english, french) = (
            Words::of(Language::of(None)),
            Words::of(Language::of(Some("fr-CA"))),
        );
        assert_eq!(english.number(-0.5, digits), "−0.50");
        assert_eq!(french.number(-0.5, digits), "−0,50");
        assert_eq!(english.difference(0.071, digits), "+0.07");
        assert_eq!(french.difference(-0.071, digits), "−0,07");
        assert_eq!(english.difference(-0.001, digits), "±0.00");
        assert_eq!(french.percent(0.98), "98\u{202f}%");
        assert_eq!(english.counted("units", 1), "1 unit");
        assert_eq!(french.counted("units", 0), "0 unité");
        assert_eq!(
            english.measured("points.index", 0.5, &["0.5"]),
            "0.5 points"
        );
        assert_eq!(
            french.measured("points.index", -1.9, &["−1,9"]),
            "−1,9 point"
        );
        assert_eq!(french.measured("points.index", 2.0, &["2,0"]), "2,0 points");
    }

    #[test]
    fn dates_are_written_as_the_language_writes_them() {
        let (english, french) = (Language::English, Language::French);
        for (text, in_english, in_french) in [
            ("2025-06-30", "30 June 2025", "30 juin 2025"),
            ("2025-08-01", "1 August 2025", "1er août 2025"),
            ("2024-02", "February 2024", "février 2024"),
            ("2025", "2025", "2025"),
            ("2025-13-01", "2025-13-01", "2025-13-01"),
            ("2025-Q2", "2025-Q2", "2025-Q2"),
            ("wave-01", "wave-01", "wave-01"),
        ] {
            assert_eq!(english.date(text), in_english);
            assert_eq!(french.date(text), in_french);
        }
        assert_eq!(english.day(0), "1 January 1970");
        assert_eq!(english.day(951_782_400), "29 February 2000");
        assert_eq!(french.day(1_764_028_799), "24 novembre 2025");
    }

    #[test]
    fn accents_do_not_put_names_at_the_end() {
        let mut names = [
            "Zambie", "Égypte", "Etats", "Œuvre", "Estonie", "Island", "Åland",
        ];
        names.sort_by_key(|name| collation(name));
        assert_eq!(
            names,
            [
                "Åland", "Égypte", "Estonie", "Etats", "Island", "Œuvre", "Zambie"
            ]
        );
    }
}
