//! Short names of columns: LimeSurvey takes letters and digits only, a letter first, at most twenty.

use std::collections::{BTreeMap, BTreeSet};

use crate::framework::{Answers, Framework};
use crate::responses::columns::Heading;
use crate::responses::offered::{offered, short_answers};
use crate::responses::spelling::fold;

/// Longest name.
const LONGEST: usize = 20;

/// What LimeSurvey calls columns of its own, or keeps for its expressions.
const RESERVED: [&str; 24] = [
    "id",
    "submitdate",
    "lastpage",
    "startlanguage",
    "seed",
    "token",
    "startdate",
    "datestamp",
    "ipaddr",
    "refurl",
    "interviewtime",
    "email",
    "lang",
    "sid",
    "savedid",
    "saved",
    "name",
    "self",
    "this",
    "that",
    "language",
    "time",
    "other",
    "sgqa",
];

/// The short names of a framework's columns: the same for the form and for its export.
#[derive(Clone, Debug)]
pub struct ShortNames {
    /// By the name that the framework declares.
    short: BTreeMap<String, String>,
    /// By the short name, folded.
    long: BTreeMap<String, String>,
    /// Options of a multiple choice: by the indicator's code and the option's short name, both folded.
    options: BTreeMap<(String, String), String>,
}

impl ShortNames {
    /// The names of `framework`: keys, attributes, every indicator with its evidence and its reason.
    pub fn of(framework: &Framework) -> Self {
        let mut names = Self {
            short: BTreeMap::new(),
            long: BTreeMap::new(),
            options: BTreeMap::new(),
        };
        let mut taken: BTreeSet<String> = RESERVED.iter().map(|&name| name.to_owned()).collect();
        let keys = std::iter::once(framework.unit.column.clone())
            .chain(framework.period.clone())
            .chain(framework.rows.iter().map(|step| step.key.clone()))
            .chain(framework.attributes.iter().map(|a| a.column.clone()));
        let codes = || framework.indicators().map(|(_, _, i)| i.code.clone());
        let beside =
            codes().flat_map(|code| [format!("{code}__evidence"), format!("{code}__reason")]);
        // What needs no other name keeps its own.
        let (fit, unfit): (Vec<String>, Vec<String>) = codes()
            .chain(keys)
            .chain(beside)
            .partition(|name| fits(name));
        for name in fit.into_iter().chain(unfit) {
            if !names.short.contains_key(&name) {
                names.add(name, &mut taken);
            }
        }
        for (_, _, indicator) in framework.indicators() {
            if !matches!(indicator.answers, Answers::Multiple(_)) {
                continue;
            }
            let offered = offered(framework, indicator);
            for (short, offered) in short_answers(&offered).into_iter().zip(&offered) {
                let key = (folded(&indicator.code), folded(&short));
                names.options.insert(key, offered.code.to_owned());
            }
        }
        names
    }

    fn add(&mut self, name: String, taken: &mut BTreeSet<String>) {
        let mut plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        if !plain.starts_with(|c: char| c.is_ascii_alphabetic()) {
            plain.insert(0, 'q');
        }
        plain.truncate(LONGEST);
        let mut short = plain.clone();
        let mut number = 2;
        while !taken.insert(short.to_ascii_lowercase()) {
            let ending = number.to_string();
            short.clone_from(&plain);
            short.truncate(LONGEST - ending.len());
            short += &ending;
            number += 1;
        }
        self.long.insert(folded(&short), name.clone());
        self.short.insert(name, short);
    }

    /// The short name of a column that the framework declares; its own if it declares none such.
    pub fn short<'a>(&'a self, name: &'a str) -> &'a str {
        self.short.get(name).map_or(name, String::as_str)
    }

    /// Puts the framework's names in the place of short ones: `govlead` → `gov_lead`, `chan[a1]` → `chan[web site]`.
    pub(in crate::responses) fn spell_out(&self, headings: &mut [Heading]) {
        for heading in headings {
            if let Some(long) = self.spelt_out(&heading.name) {
                heading.name = long;
            }
            if let Some(long) = heading
                .text
                .as_deref()
                .and_then(|text| self.spelt_out(text))
            {
                heading.text = Some(long);
            }
        }
    }

    fn spelt_out(&self, name: &str) -> Option<String> {
        let name = name.trim();
        if let Some(long) = self.long.get(fold(name).as_ref()) {
            return Some(long.clone());
        }
        let (base, option) = match name.strip_suffix(']').and_then(|open| open.split_once('[')) {
            Some(parts) => parts,
            None => name.split_once('_')?,
        };
        let base = self.long.get(fold(base).as_ref())?;
        let key = (folded(base), folded(option));
        let option = self.options.get(&key)?;
        Some(format!("{base}[{option}]"))
    }
}

fn fits(name: &str) -> bool {
    name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn folded(text: &str) -> String {
    fold(text).into_owned()
}
