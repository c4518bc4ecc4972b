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
         help: name the source in the column `many__evidence`\n\nwarning[no-evidence]: no evidence for a positive answer to \
         `up`, which requires it\n  --> responses.csv:2\n   = help: name the source in the column `up__evidence`\n"
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
