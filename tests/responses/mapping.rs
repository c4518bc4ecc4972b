//! Mappings: what a file's own words mean.

use std::sync::Arc;

use dgpf::framework::Source;
use dgpf::problem;
use dgpf::responses::{Input, Mapping, Options, inspect};

use crate::kit::{framework, long, read, small, wrong};

fn source(text: &str) -> Source {
    Source {
        name: Arc::from("mapping.yaml"),
        text: text.to_owned(),
    }
}

const ODD: &[u8] = "Land;Jahr;Gibt es einen Plan?;Kanäle - Netz;Kanäle - Amt;Mail\n\
                    NO;2026;Ja;1;0;a@example.org\nSE;2026;Nein;;;\n"
    .as_bytes();

#[test]
fn a_mapping_reads_what_nothing_else_can() {
    let framework = small();
    let mapping = Mapping::read(
        &source(
            "columns:
  Land: country
  Jahr: year
  Gibt es einen Plan?: pol1
  Kanäle - Netz: chan1/web
  Kanäle - Amt: chan1/desk
  Mail: ignore
answers:
  pol1: {Ja: \"yes\", Nein: \"no\"}
",
        ),
        &[&framework],
    )
    .expect("the mapping is sound");
    let options = Options {
        mapping: Some(mapping),
        ..Options::default()
    };
    let loaded = read(&framework, ODD, &options).expect("the file is sound with it");
    assert_eq!(
        long(&framework, &loaded),
        "country,year,indicator,answer\nNO,2026,pol1,yes\nNO,2026,chan1,web\nSE,2026,pol1,no\n"
    );
    // Without a mapping nothing is guessed.
    let problems = wrong(&framework, ODD, &Options::default());
    assert!(
        problems.starts_with("error[no-column]: no column `country`, which says who is scored\n")
    );
}

#[test]
fn every_mistake_in_a_mapping_is_reported() {
    let text = "colums: {}
columns:
  Land: county
  Mail: [ignore]
answers:
  pol1: {Ja: yess}
  nothing: {a: b}
";
    let problems = Mapping::read(&source(text), &[&small()]).expect_err("it is full of mistakes");
    assert_eq!(
        problem::render(&problems),
        "error[unknown-key]: `colums` is not a key of a mapping
  --> mapping.yaml:1:1
   |
 1 | colums: {}
   | ^^^^^^
   = help: did you mean `columns`?

error[unknown-target]: `county` is nothing in `small`
  --> mapping.yaml:3:9
   |
 3 |   Land: county
   |         ^^^^^^
   = help: name a code, `code/option`, a key column or an attribute, or `ignore`

error[wrong-shape]: `Mail` is a list, expected a text
  --> mapping.yaml:4:9
   |
 4 |   Mail: [ignore]
   |         ^
   = help: write one name or answer, as `dgpf import` drafts it

error[unknown-answer]: `yess` is no answer to `pol1`, which takes `no` or `yes`
  --> mapping.yaml:6:14
   |
 6 |   pol1: {Ja: yess}
   |              ^^^^
   = help: did you mean `yes`?

error[unknown-target]: `nothing` is nothing in `small`
  --> mapping.yaml:7:3
   |
 7 |   nothing: {a: b}
   |   ^^^^^^^
   = help: name a code, `code/option`, a key column or an attribute, or `ignore`
"
    );
}

#[test]
fn an_empty_map_in_a_mapping_is_a_mistake() {
    let text = "columns: {}\nanswers: {pol1: {}}\n";
    let problems = Mapping::read(&source(text), &[&small()]).expect_err("it says nothing");
    assert_eq!(
        problem::render(&problems),
        "error[empty-map]: `columns` is an empty map
  --> mapping.yaml:1:10
   |
 1 | columns: {}
   |          ^
   = help: fill it in, or leave the key out

error[empty-map]: `pol1` is an empty map
  --> mapping.yaml:2:17
   |
 2 | answers: {pol1: {}}
   |                 ^
   = help: fill it in, or leave the key out
"
    );
    // What a draft leaves open is no map yet.
    assert!(Mapping::read(&source("columns:\nanswers:\n"), &[&small()]).is_ok());
}

#[test]
fn a_draft_says_what_was_recognised_and_reads_back() {
    let framework = small();
    let text = b"Pays,YEAR,Is there an open data policy?,chan1[web],\"who \"\"said\"\" it\"\nNO,2026,Yes,1,Ada\n";
    let loaded = read(&framework, text, &Options::default()).expect("the file is sound");
    let draft = Mapping::draft(&loaded.recognised, &loaded.remarks, None);
    assert_eq!(
        draft,
        "# What the columns of the responses are: a code, code/option, code__evidence, a key column, an attribute, or ignore.
columns:
  \"Is there an open data policy?\": \"pol1\"
  \"Pays\": \"country\"
  # \"who \\\"said\\\" it\": ignore
"
    );
    let mapping = Mapping::read(&source(&draft), &[&framework]).expect("a draft is sound");
    let options = Options {
        mapping: Some(mapping),
        ..Options::default()
    };
    let again = read(&framework, text, &options).expect("the file is sound with it");
    assert_eq!(again.responses, loaded.responses);
}

#[test]
fn answers_that_are_not_understood_are_drafted_question_by_question() {
    let framework = small();
    let text = b"country,year,pol1,pol2\nNO,2026,Ja,all\nSE,2026,Nein,alles\nFI,2026,Ja,nichts\n";
    let input = Input {
        name: "responses.csv",
        bytes: text,
    };
    let given = source("answers: {pol2: {alles: all}}\n");
    let options = |mapping: &Source| Options {
        mapping: Some(Mapping::read(mapping, &[&framework]).expect("it is sound")),
        ..Options::default()
    };
    let given = options(&given);
    let found = inspect(&[input], &framework, &given);
    let draft = Mapping::draft(&found.recognised, &found.problems, given.mapping.as_ref());
    let (_, answers) = draft
        .split_once("answers:\n")
        .expect("some are not understood");
    assert_eq!(
        answers,
        "  # \"pol1\":
  #   \"Ja\": \"?\"  # 2 times; one of no, yes
  #   \"Nein\": \"?\"  # 1 time; one of no, yes
  \"pol2\":
    \"alles\": \"all\"
    # \"nichts\": \"?\"  # 1 time; one of none, some, all, na, dk
"
    );
    // Without the signs of the comments, and with the answers put in.
    let filled = draft.replace("# \"", "\"").replace("#   \"", "  \"");
    let filled = filled
        .replace("\"Ja\": \"?\"", "\"Ja\": \"yes\"")
        .replace("\"Nein\": \"?\"", "\"Nein\": \"no\"")
        .replace("\"nichts\": \"?\"", "\"nichts\": \"none\"");
    let loaded = read(&framework, text, &options(&source(&filled))).expect("all is understood");
    assert_eq!(loaded.responses.rows.len(), 3);
}

#[test]
fn answers_are_drafted_as_long_as_they_are_and_once() {
    let framework = framework(
        "dgpf: 1\nid: f\nindicators:\n  - {id: sys, scale: {a: 1, other: 0}}\n  - {id: chan, multiple: {options: {web: 1, app: 1}}}\n",
    );
    let own = "We have built a system of our own together with the ministry of finance";
    let text = format!("unit,sys,chan\nx,{own},\"web, Fax\"\ny,a,\"app, Fax\"\n");
    let input = Input {
        name: "responses.csv",
        bytes: text.as_bytes(),
    };
    let found = inspect(&[input], &framework, &Options::default());
    let draft = Mapping::draft(&found.recognised, &found.problems, None);
    let (_, answers) = draft
        .split_once("answers:\n")
        .expect("some are not understood");
    assert_eq!(
        answers,
        format!(
            "  # \"chan\":\n  #   \"Fax\": \"?\"  # 2 times; one of web, app\n  # \"sys\":\n  #   \"{own}\": \"?\"  # 1 time; one of a, \
             other\n"
        )
    );
}

#[test]
fn a_mapping_wins_over_names() {
    let framework = framework(
        "dgpf: 1\nid: two\nindicators:\n  - {id: a, scale: {x: 1, y: 0}}\n  - {id: b, scale: {x: 1, y: 0}}\n",
    );
    let mapping = Mapping::read(&source("columns: {a: b, c: a}\n"), &[&framework]).expect("sound");
    let options = Options {
        mapping: Some(mapping),
        ..Options::default()
    };
    let loaded = read(&framework, b"unit,a,c\nu,x,y\n", &options).expect("sound");
    assert_eq!(
        long(&framework, &loaded),
        "unit,indicator,answer\nu,a,y\nu,b,x\n"
    );
}

/// Two rows of headers: a question, and below it its choices.
#[test]
fn what_a_mapping_says_of_a_question_holds_for_its_choices_and_what_it_says_of_a_choice_goes_before()
 {
    let framework = framework(
        "dgpf: 1\nid: channels\nunit: country\nindicators:\n  - {id: chan, multiple: {options: {web: {label: Web}, desk: {label: \
         Desk}}}}\n",
    );
    let text = "Respondent ID,Collector ID,country,How do you serve?,,\n,,Response,Web,Desk,Fax\n1,9,NO,Web,,Fax\n2,9,SE,,Desk,\n";
    let options = |columns: &str| Options {
        mapping: Some(Mapping::read(&source(columns), &[&framework]).expect("sound")),
        ..Options::default()
    };
    let told = |columns: &str| {
        let loaded = read(&framework, text.as_bytes(), &options(columns)).expect("sound");
        let remarks = problem::render(&loaded.remarks);
        (long(&framework, &loaded), remarks)
    };
    let head = "country,indicator,answer\n";
    let (answers, remarks) = told("columns: {How do you serve?: chan}\n");
    assert_eq!(answers, format!("{head}NO,chan,web\nSE,chan,desk\n"));
    assert!(remarks.contains("How do you serve? [Fax]"), "{remarks}");
    assert_eq!(
        told("columns: {How do you serve?: chan, 'How do you serve? [Fax]': ignore}\n"),
        (format!("{head}NO,chan,web\nSE,chan,desk\n"), String::new())
    );
    assert_eq!(
        told("columns: {How do you serve?: ignore, 'How do you serve? [Web]': chan/web}\n"),
        (format!("{head}NO,chan,web\nSE,chan,\n"), String::new())
    );
}
