//! Words of the interface in the languages of `words.csv`, and numbers as each language writes them.

use std::collections::BTreeMap;

use crate::framework::Digits;
use crate::report::number::{fixed, percent};

/// A row a word, a column a language: translators need nothing else.
const FILE: &str = include_str!("words.csv");

/// The interface in one language.
#[derive(Debug)]
pub(in crate::report) struct Words {
    language: &'static str,
    texts: BTreeMap<String, String>,
}

/// The languages that the interface speaks, the default first.
pub const LANGUAGES: [&str; 2] = ["en", "fr"];

impl Words {
    /// The words of the site in this language (`fr`, `fr-CA`), else in English.
    pub(super) fn of(language: Option<&str>) -> Self {
        Self::read(FILE, language)
    }

    /// The words of such a file in this language, else in English.
    pub(in crate::report) fn read(file: &str, language: Option<&str>) -> Self {
        let wanted = language.unwrap_or_default();
        let primary = wanted.split('-').next().unwrap_or_default();
        let column = LANGUAGES
            .iter()
            .position(|known| known.eq_ignore_ascii_case(primary))
            .unwrap_or(0);
        let mut reader = csv::Reader::from_reader(file.as_bytes());
        let texts = reader
            .records()
            .filter_map(Result::ok)
            .map(|record| {
                let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
                (cell(0), cell(column + 1))
            })
            .collect();
        Self {
            language: LANGUAGES[column],
            texts,
        }
    }

    /// The language, as HTML names it.
    pub(super) fn language(&self) -> &'static str {
        self.language
    }

    /// A word or a sentence. A test holds every key against the file.
    pub(in crate::report) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// A sentence with its gaps `{0}`, `{1}` filled.
    pub(in crate::report) fn fill(&self, key: &str, gaps: &[&str]) -> String {
        let mut text = self.get(key).to_owned();
        for (position, gap) in gaps.iter().enumerate() {
            text = text.replace(&format!("{{{position}}}"), gap);
        }
        text
    }

    /// `key.one` or `key.many` with the count in its gap.
    pub(super) fn counted(&self, key: &str, count: usize) -> String {
        // French counts nothing as one.
        let one = count == 1 || (count == 0 && self.language == "fr");
        let form = format!("{key}.{}", if one { "one" } else { "many" });
        self.fill(&form, &[&count.to_string()])
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

    /// A share in per cent.
    pub(super) fn percent(&self, share: f64) -> String {
        let text = percent(share);
        match self.language {
            "fr" => text.replace('%', "\u{202f}%"),
            _ => text,
        }
    }

    /// A number's text with the decimal sign and the minus sign of the language.
    pub(super) fn written(&self, text: &str) -> String {
        let text = text.replace('-', "−");
        match self.language {
            "fr" => text.replace('.', ","),
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::RoundingMode;

    const SOURCES: [&str; 9] = [
        include_str!("mod.rs"),
        include_str!("context.rs"),
        include_str!("frame.rs"),
        include_str!("unit.rs"),
        include_str!("findings.rs"),
        include_str!("answers.rs"),
        include_str!("method.rs"),
        include_str!("index.rs"),
        include_str!("explorer.rs"),
    ];

    #[test]
    fn every_word_that_is_asked_for_is_in_the_file_in_every_language() {
        let english = Words::of(None);
        let mut asked = 0;
        for source in SOURCES {
            for call in [
                "words.get(\"",
                "words.fill(\"",
                "words.counted(\"",
                ".word(\"",
            ] {
                for (at, _) in source.match_indices(call) {
                    let rest = &source[at + call.len()..];
                    let key = rest.split('"').next().unwrap_or_default();
                    let keys = if call.contains("counted") {
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
        assert!(asked > 80, "{asked}");
        for language in LANGUAGES {
            for (key, text) in Words::of(Some(language)).texts {
                assert!(!text.is_empty(), "{key} in {language}");
            }
        }
    }

    #[test]
    fn each_language_writes_numbers_its_own_way() {
        let digits = Digits {
            digits: 2,
            mode: RoundingMode::HalfUp,
        };
        let (english, french) = (Words::of(None), Words::of(Some("fr-CA")));
        assert_eq!(english.number(-0.5, digits), "−0.50");
        assert_eq!(french.number(-0.5, digits), "−0,50");
        assert_eq!(english.difference(0.071, digits), "+0.07");
        assert_eq!(french.difference(-0.071, digits), "−0,07");
        assert_eq!(english.difference(-0.001, digits), "±0.00");
        assert_eq!(french.percent(0.98), "98\u{202f}%");
        assert_eq!(english.counted("units", 1), "1 unit");
        assert_eq!(french.counted("units", 0), "0 unité");
    }
}
