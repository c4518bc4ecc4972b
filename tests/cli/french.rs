//! `--lang fr`: what a command says to people holds no English word.

use std::collections::BTreeSet;

use crate::run::Run;

/// Titles are told in French where there are any, else as the framework has them.
const FRAMEWORK: &str = "
dgpf: 1
id: deux
title: {en: Two topics, fr: Deux volets}
version: 1.0.0
range: [0, 100]
rounding: {digits: 1}
indicators:
  - {id: x, title: {en: Portal, fr: Portail}, number: {from: 0, to: 1}}
  - {id: y, title: Zorgvuldigheid, number: {from: 0, to: 1}}
";

const RESPONSES: &str = "unit,x,y\nÉmu,0.6,0\nElan,0.25,0.25\nZébu,1,1\nAra,0,0\n";

/// Emu has less, Zébu left, Ibis came.
const LATER: &str = "unit,x,y\nÉmu,0.4,\nElan,0.25,0.25\nAra,1,0\nIbis,0.5,0.5\n";

/// What both languages write the same way, beside what the data say.
const SHARED: [&str; 9] = [
    "ara",
    "deux",
    "elan",
    "ibis",
    "zorgvuldigheid",
    "zébu",
    "ému",
    "source",
    "score",
];

fn run(arguments: &str) -> Run {
    Run::new(arguments)
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
        .file("later.csv", LATER)
}

/// Words of three letters or more.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_alphabetic());
    let long = words.filter(|word| word.chars().count() > 2);
    long.map(str::to_lowercase).collect()
}

/// A command says nothing in French that it says in English too, but for what both languages share.
#[track_caller]
fn differs(arguments: &str, shared: &[&str]) {
    let [english, french] = ["en", "fr"].map(|language| {
        let said = run(&format!("{arguments} -f framework.yaml --lang {language}"))
            .any_code()
            .0
            .stdout;
        words(&said)
    });
    let expected: BTreeSet<&str> = SHARED.iter().chain(shared).copied().collect();
    let both = english.intersection(&french).map(String::as_str);
    let left: Vec<&str> = both.filter(|word| !expected.contains(word)).collect();
    assert!(left.is_empty(), "{arguments}: {left:?} in both languages");
    assert!(!french.is_empty(), "{arguments}");
}

#[test]
fn robustness_speaks_french_throughout() {
    for page in ["table", "markdown"] {
        let all =
            "--also all --peer Elan --aggregation mean,geometric:0.01 --missing renormalise,zero";
        differs(
            &format!(
                "robustness responses.csv --draws 20 --weights dimension:25% {all} --format {page}"
            ),
            &["indices", "part", "proportions", "sobol", "variance"],
        );
    }
}

#[test]
fn coherence_speaks_french_throughout() {
    for page in ["table", "markdown"] {
        differs(
            &format!("coherence responses.csv --format {page}"),
            &["alpha", "index", "kendall", "spearman"],
        );
    }
}

#[test]
fn compare_speaks_french_throughout() {
    for (page, units) in [
        ("table", ""),
        ("markdown", ""),
        ("table", "--units Elan"),
        ("markdown", "--units Elan,Ara"),
    ] {
        differs(
            &format!("compare responses.csv later.csv --format {page} {units}"),
            &["emsp"], // a space in Markdown
        );
        if units.contains(',') {
            differs(
                &format!("compare responses.csv --format {page} {units}"),
                &["contribution", "emsp"],
            );
        }
    }
}

#[test]
fn improve_speaks_french_throughout() {
    for page in ["table", "markdown"] {
        for asked in [
            "",
            "--top 1",
            "--to-score 50",
            "--to-score 50 --effort framework",
            "--to-score 100 --effort framework",
            "--to-score 200",
            "--to-score 0",
            "--set x=0.7,y=0.5",
        ] {
            differs(
                &format!("improve responses.csv Elan {asked} --format {page}"),
                &["effort", "emsp", "question", "top"],
            );
        }
    }
}

#[test]
fn explain_speaks_french_throughout() {
    differs(
        "explain responses.csv Elan --format markdown",
        &["emsp", "points", "question"],
    );
}
