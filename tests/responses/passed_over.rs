//! Answers that another answer keeps from counting.

use dgpf::analysis::passed_over::passed_over;
use dgpf::problem;

use crate::kit::{framework, sound};

/// What is said of these responses.
fn said(text: &str, responses: &str) -> String {
    let framework = framework(text);
    let responses = sound(&framework, responses).responses;
    problem::render(&passed_over(&framework, &responses))
}

const FRAMEWORK: &str = "dgpf: 1
id: skips
unit: country
attributes: {channel: text}
scales:
  yn: {\"no\": 0, \"yes\": 1, \"n/a\": not-applicable, dk: missing}
indicators:
  - {id: gate, scale: yn}
  - {id: far, scale: yn, rows-where: {channel: web}}
  - {id: next, scale: yn, when: {gate: \"yes\"}}
  - {id: zero, scale: yn, when: {gate: \"yes\"}, otherwise: 0}
  - {id: many, multiple: {options: {a: 1, b: 1}}, when: {gate: \"yes\"}}
  - {id: share, number: {from: 0, to: 50}, when: {gate: \"yes\"}, otherwise: 0}
  - {id: here, scale: yn, when: {gate: \"yes\"}, rows-where: {channel: web}}
  - {id: after, scale: yn, when: {far: \"yes\"}}
  - {id: last, scale: yn, when: {next: \"yes\"}}
  - {id: filled, scale: yn, when: {gate: \"yes\"}, preset: [{where: {channel: web}, answer: \"yes\"}]}
";

const HEADER: &str =
    "country,channel,gate,far,next,zero,many/a,many/b,share,here,after,last,filled\n";

#[test]
fn answers_behind_a_condition_that_fails_are_named_with_it() {
    assert_eq!(
        said(
            FRAMEWORK,
            &format!("{HEADER}NO,web,no,yes,yes,yes,1,0,20,yes,,yes,no\n")
        ),
        "warning[passed-over]: an answer to `next` does not count: its condition on `gate` fails\n  \
         --> responses.csv:2\n   = help: correct `gate`, or leave `next` empty\n\n\
         warning[passed-over]: an answer to `zero` does not count: its condition on `gate` fails\n  \
         --> responses.csv:2\n   = help: correct `gate`, or leave `zero` empty\n\n\
         warning[passed-over]: an answer to `many` does not count: its condition on `gate` fails\n  \
         --> responses.csv:2\n   = help: correct `gate`, or leave `many` empty\n\n\
         warning[passed-over]: an answer to `share` does not count: its condition on `gate` fails\n  \
         --> responses.csv:2\n   = help: correct `gate`, or leave `share` empty\n\n\
         warning[passed-over]: an answer to `here` does not count: its condition on `gate` fails\n  \
         --> responses.csv:2\n   = help: correct `gate`, or leave `here` empty\n\n\
         warning[passed-over]: an answer to `last` does not count: its condition on `next` fails\n  \
         --> responses.csv:2\n   = help: correct `next`, or leave `last` empty\n\n\
         warning[passed-over]: an answer to `filled` does not count: its condition on `gate` fails\n  \
         --> responses.csv:2\n   = help: correct `gate`, or leave `filled` empty\n"
    );
}

#[test]
fn what_contradicts_nothing_is_passed_over_in_silence() {
    // Norway: what is no score, the ticks of a question that was not asked, what counts anyway (`zero` is 0 either way), and
    // a preset. Sweden: attributes say that `far` and `here` are not for it, nor is what hangs on them.
    // Finland: nobody knows whether the conditions hold. Denmark: they do.
    assert_eq!(
        said(
            FRAMEWORK,
            &format!(
                "{HEADER}NO,web,no,,dk,no,0,0,,n/a,,,\n\
                 SE,desk,no,yes,,,,,,yes,yes,,\n\
                 FI,web,,,yes,yes,1,0,20,yes,yes,yes,yes\n\
                 DK,web,yes,yes,yes,yes,1,0,20,yes,yes,yes,yes\n"
            )
        ),
        ""
    );
}

#[test]
fn a_pillar_that_was_skipped_has_one_warning() {
    let codes: Vec<String> = (0..12).map(|number| format!("q{number}")).collect();
    let indicators: Vec<String> = codes
        .iter()
        .map(|code| format!("      - {{id: {code}, scale: yn}}\n"))
        .collect();
    let text = format!(
        "dgpf: 1\nid: many\nunit: country\nscales: {{yn: {{\"no\": 0, \"yes\": 1}}}}\ndimensions:\n  \
         - {{id: gates, indicators: [{{id: gate, scale: yn}}]}}\n  \
         - id: rest\n    when: {{gate: \"yes\"}}\n    indicators:\n{}",
        indicators.concat()
    );
    let yes = ["yes"; 12].join(",");
    let responses = format!(
        "country,gate,{}\nNO,no,{yes}\nSE,yes,{yes}\nFI,no,{yes}\n",
        codes.join(",")
    );
    assert_eq!(
        said(&text, &responses),
        "warning[passed-over]: answers to 12 indicators (`q0`, `q1`, `q2`, `q3`, `q4`, `q5`, `q6`, `q7` and 4 more) do not \
         count: their conditions on `gate` fail\n  --> responses.csv:2\n  ::: responses.csv:4\n   = note: 24 times in all\n   \
         = help: correct `gate`, or leave these answers empty\n"
    );
}

#[test]
fn several_conditions_of_one_indicator_share_a_warning() {
    let text = "dgpf: 1\nid: two\nunit: country\nindicators:\n  \
                - {id: first, scale: {\"no\": 0, \"yes\": 1}}\n  \
                - {id: second, scale: {\"no\": 0, \"yes\": 1}}\n  \
                - {id: both, scale: {\"no\": 0, \"yes\": 1}, when: {first: \"yes\", second: \"yes\"}}\n";
    assert_eq!(
        said(
            text,
            "country,first,second,both\nNO,no,yes,yes\nSE,yes,no,no\n"
        ),
        "warning[passed-over]: an answer to `both` does not count: its condition on `first` or `second` fails\n  \
         --> responses.csv:2\n  ::: responses.csv:3\n   = help: correct `first` or `second`, or leave `both` empty\n"
    );
}
