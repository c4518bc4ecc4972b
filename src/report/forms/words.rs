//! The words of forms in the languages of `words.csv`, and the languages of a framework.

use crate::framework::{Answers, Framework, Number, Text};
use crate::report::words::{Language, Words};
use crate::responses::limits;

/// A row a word, a column a language: translators need nothing else.
const FILE: &str = include_str!("words.csv");

/// One language: the form's own words in it, and the framework's texts.
pub(super) struct Speech {
    language: String,
    words: Words,
}

impl Speech {
    /// In this language; empty where the framework does not say.
    pub(super) fn of(language: &str) -> Self {
        let stated = Some(language).filter(|language| !language.is_empty());
        Self {
            language: language.to_owned(),
            words: Words::read(FILE, Language::of(stated)),
        }
    }

    pub(super) fn word<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.get(key)
    }

    pub(super) fn fill(&self, key: &str, gaps: &[&str]) -> String {
        self.words.fill(key, gaps)
    }

    /// A text in this language, else in its own.
    pub(super) fn text<'a>(&self, text: &'a Text) -> &'a str {
        text.in_language(Some(&self.language))
    }

    /// Whether it is written from right to left.
    #[cfg(feature = "xlsx")]
    pub(super) fn is_right_to_left(&self) -> bool {
        let primary = self.language.split('-').next().unwrap_or_default();
        matches!(primary, "ar" | "fa" | "he" | "ur" | "ps" | "yi" | "dv")
    }
}

/// The languages of a framework's texts, `first` before the others if it is one of them; one empty text where none is
/// stated.
pub(super) fn languages(framework: &Framework, first: Option<&str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: &Text| {
        for (language, _) in text.translations() {
            if !language.is_empty() && !found.iter().any(|known| known == language) {
                found.push(language.to_owned());
            }
        }
    };
    add(&framework.title);
    for node in &framework.nodes {
        add(&node.title);
        let Some(indicator) = node.indicator() else {
            continue;
        };
        indicator.question.iter().for_each(&mut add);
        match &indicator.answers {
            Answers::Choice(scale) => scale.options.iter().for_each(|o| add(&o.label)),
            Answers::Multiple(multiple) => multiple.options.iter().for_each(|o| add(&o.label)),
            Answers::Number(_) => {}
        }
    }
    match (first, found.is_empty()) {
        (Some(first), true) => vec![first.to_owned()],
        (None, true) => vec![String::new()],
        (first, false) => {
            found.sort_by_key(|language| Some(language.as_str()) != first);
            found
        }
    }
}

/// What a language calls itself; its code where that is not known here.
pub(super) fn name_of(language: &str) -> &str {
    match language.split('-').next().unwrap_or_default() {
        _ if language.contains('-') => language,
        "ar" => "العربية",
        "bg" => "Български",
        "cs" => "Čeština",
        "da" => "Dansk",
        "de" => "Deutsch",
        "el" => "Ελληνικά",
        "en" => "English",
        "es" => "Español",
        "et" => "Eesti",
        "fi" => "Suomi",
        "fr" => "Français",
        "ga" => "Gaeilge",
        "he" => "עברית",
        "hr" => "Hrvatski",
        "hu" => "Magyar",
        "is" => "Íslenska",
        "it" => "Italiano",
        "ja" => "日本語",
        "ko" => "한국어",
        "lt" => "Lietuvių",
        "lv" => "Latviešu",
        "mt" => "Malti",
        "nl" => "Nederlands",
        "no" => "Norsk",
        "pl" => "Polski",
        "pt" => "Português",
        "ro" => "Română",
        "ru" => "Русский",
        "sk" => "Slovenčina",
        "sl" => "Slovenščina",
        "sv" => "Svenska",
        "tr" => "Türkçe",
        "uk" => "Українська",
        "zh" => "中文",
        _ => language,
    }
}

/// `A number from 0 to 100 (%)`.
pub(super) fn range_in_words(number: &Number, speech: &Speech) -> String {
    let text = match limits(number) {
        (Some(low), Some(high)) => {
            speech.fill("number.between", &[&low.to_string(), &high.to_string()])
        }
        (Some(low), None) => speech.fill("number.least", &[&low.to_string()]),
        (None, Some(high)) => speech.fill("number.most", &[&high.to_string()]),
        (None, None) => speech.word("number").to_owned(),
    };
    match &number.unit {
        Some(unit) => format!("{text} ({unit})"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    const SOURCES: [&str; 10] = [
        include_str!("condition.rs"),
        include_str!("columns.rs"),
        include_str!("limesurvey/mod.rs"),
        include_str!("markdown.rs"),
        include_str!("words.rs"),
        include_str!("xlsform/mod.rs"),
        include_str!("xlsx/mod.rs"),
        include_str!("xlsx/pages.rs"),
        include_str!("xlsx/responses.rs"),
        include_str!("xlsx/rules.rs"),
    ];

    #[test]
    fn every_word_that_is_asked_for_is_in_the_file_in_every_language() {
        let mut asked = 0;
        for source in SOURCES {
            for call in [".word(\"", ".fill(\"", "spoken(\""] {
                for (at, _) in source.match_indices(call) {
                    let key = source[at + call.len()..]
                        .split('"')
                        .next()
                        .unwrap_or_default();
                    for language in Language::ALL.map(Language::code) {
                        asked += 1;
                        let text = Speech::of(language).word(key).to_owned();
                        assert!(text != key && !text.is_empty(), "{key} in {language}");
                    }
                }
            }
        }
        assert!(asked > 40, "{asked}");
    }
}
