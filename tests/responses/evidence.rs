//! Which claims are backed by evidence.

use dgpf::analysis::evidence::evidence;
use dgpf::problem;

use crate::kit::{framework, sound};

const FRAMEWORK: &str = "dgpf: 1
id: claims
unit: country
scales:
  extent: {none: 0, some: 0.5, all: 1, \"n/a\": not-applicable}
indicators:
  - {id: one, scale: extent, evidence: required}
  - {id: open, scale: extent, evidence: optional}
  - {id: many, multiple: {options: {a: 1, b: 1, nothing: {score: 0, only: true}}}, evidence: required}
  - {id: up, number: {from: 0, to: 100}, evidence: required}
  - {id: down, number: {from: 60, to: 5}, evidence: required}
  - {id: next, scale: extent, evidence: required, when: {one: all}}
";

#[test]
fn positive_answers_need_evidence_and_others_do_not() {
    let framework = framework(FRAMEWORK);
    // Of Norway's answers six are claims: `some`, `a`, 12 of 100, 5 days where fewer are better, and none of the rest.
    // Sweden claims nothing: the least that could be answered, a number at its worse end, what does not apply, and what
    // the condition passes over.
    let responses = sound(
        &framework,
        "country,one,one__evidence,open,many,up,down,down__evidence,next\n\
         NO,some,https://example.org,all,a,12,5,page 3,\n\
         SE,none,,some,nothing,0,60,,all\n\
         FI,n/a,,,,,,,\n",
    )
    .responses;
    let found = evidence(&framework, &responses);
    assert_eq!((found.required, found.given), (4, 2));
    assert_eq!(
        problem::render(&found.lacking),
        "warning[no-evidence]: no evidence for a positive answer to `many`, which requires it\n  --> responses.csv:2\n   = \
         help: name the source in the column `many__evidence`; in the long form in `evidence`\n\nwarning[no-evidence]: no evidence for a positive answer to \
         `up`, which requires it\n  --> responses.csv:2\n   = help: name the source in the column `up__evidence`; in the long form in `evidence`\n"
    );
}

#[test]
fn a_framework_that_requires_none_finds_none_lacking() {
    let framework = framework(&FRAMEWORK.replace("required", "optional"));
    let responses = sound(&framework, "country,one\nNO,all\n").responses;
    let found = evidence(&framework, &responses);
    assert_eq!((found.required, found.given), (0, 0));
    assert_eq!(found.lacking, []);
}

#[test]
fn a_file_without_any_evidence_has_one_warning() {
    let codes: Vec<String> = (0..12).map(|number| format!("q{number}")).collect();
    let indicators: Vec<String> = codes
        .iter()
        .map(|code| format!("  - {{id: {code}, scale: yn, evidence: required}}\n"))
        .collect();
    let indicators = indicators.concat();
    let framework = framework(&format!(
        "dgpf: 1\nid: many\nunit: country\nscales: {{yn: {{\"no\": 0, \"yes\": 1}}}}\nindicators:\n{indicators}"
    ));
    let yes = ["yes"; 12].join(",");
    let text = format!("country,{}\nNO,{yes}\nSE,{yes}\n", codes.join(","));
    let found = evidence(&framework, &sound(&framework, &text).responses);
    assert_eq!((found.required, found.given), (24, 0));
    assert_eq!(
        problem::render(&found.lacking),
        "warning[no-evidence]: no evidence for positive answers to 12 indicators (`q0`, `q1`, `q2`, `q3`, `q4`, `q5`, `q6`, `q7` \
         and 4 more), which require it\n  --> responses.csv:2\n  ::: responses.csv:3\n   = note: 24 times in all\n   = help: \
         name the source in the column `code__evidence`; in the long form in `evidence`\n"
    );
}
