//! Rules for scores: every way in which a rule can be wrong or not hold has a file in `tests/problems/gates` and, beside it,
//! the exact message; a file is named after the code of its first problem. All are judged on the responses there, with
//! the baseline there. `UPDATE=1` writes the messages anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dgpf::analysis::compare::{Side, compare};
use dgpf::analysis::gate::{self, Reach, Rule, judge};
use dgpf::framework::{self, Framework, Source};
use dgpf::problem::{self, Problem};
use dgpf::report::gate::{problems, verdict};
use dgpf::responses::{self, Input, Options, Responses};
use dgpf::scoring::{Assumptions, Plan};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/problems/gates")
}

fn source(name: &str) -> Source {
    Source {
        name: Arc::from(name),
        text: fs::read_to_string(folder().join(name)).expect("it is there"),
    }
}

fn framework() -> Framework {
    let loaded = framework::load(&source("framework.yaml"), &|_| None);
    loaded.expect("it is sound").framework
}

fn answers(name: &str, framework: &Framework) -> Responses {
    let bytes = source(name).text.into_bytes();
    let input = Input {
        name,
        bytes: &bytes,
    };
    let loaded = responses::load(&[input], framework, &Options::default());
    loaded.expect("they are sound").responses
}

/// What judging the responses by these rules finds, and its summary.
fn judged(rules: &[Rule], with_baseline: bool) -> (Vec<Problem>, String) {
    let framework = framework();
    let assumptions = Assumptions::of(&framework);
    let waves = ["baseline.csv", "responses.csv"].map(|name| answers(name, &framework));
    let side = |at: usize| Side {
        framework: &framework,
        assumptions: &assumptions,
        responses: &waves[at],
        period: 0,
    };
    let comparison = compare(&side(0), &side(1));
    let old = side(0);
    let baseline = with_baseline.then_some((&old, &comparison));
    let judged = judge(&side(1), baseline, rules);
    let found = problems(&judged, rules, &framework, &Arc::from("responses.csv"));
    (found, verdict(&judged, rules))
}

fn rules(yaml: &str) -> Vec<Rule> {
    let source = Source {
        name: Arc::from("gates.yaml"),
        text: yaml.to_owned(),
    };
    read(&source, &framework()).expect("they are sound")
}

fn read(source: &Source, framework: &Framework) -> Result<Vec<Rule>, Vec<Problem>> {
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    gate::read(source, &Reach::of(&plan))
}

#[test]
fn every_mistake_and_every_broken_rule_has_its_message() {
    let framework = framework();
    let mut wrong = Vec::new();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("entries can be read").path())
        .filter(|path| path.extension().is_some_and(|own| own == "yaml"))
        .filter(|path| path.file_stem().is_some_and(|stem| stem != "framework"))
        .collect();
    paths.sort();
    assert!(paths.len() >= 11, "{paths:?}");
    for path in paths {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("names are plain");
        let found = match read(&source(name), &framework) {
            Ok(rules) => judged(&rules, true).0,
            Err(problems) => problems,
        };
        let text = problem::render(&found);
        let expected = path.with_extension("stderr");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &text).expect("the message can be written");
        }
        if fs::read_to_string(&expected).unwrap_or_default() != text {
            wrong.push(format!("{name}\n{text}"));
        }
        let first = found.first().map(|problem| problem.kind.code());
        if first != name.strip_suffix(".yaml") {
            wrong.push(format!("{name} begins with {first:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_score_is_judged_as_it_is_and_not_as_it_is_shown() {
    let codes = |yaml: &str| -> Vec<&'static str> {
        let (found, _) = judged(&rules(yaml), false);
        found.iter().map(|one| one.kind.code()).collect()
    };
    // 49.99999 is printed as 50.00; what lies within 1e-9 (on the scale from 0 to 1) of the threshold reaches it.
    let of = |least: f64| {
        codes(&format!(
            "rules: [{{node: portal, units: PER, at-least: {least}}}]"
        ))
    };
    assert_eq!(of(50.0), ["score-below"]);
    assert_eq!(of(49.999_990_05), ["rule-holds"]);
    assert_eq!(of(49.999_990_5), ["score-below"]);
}

#[test]
fn a_first_run_without_a_baseline_passes_and_says_so() {
    let rules = rules("rules: [{max-drop: 0}, {no-level-loss: true}, {at-least: 0, units: NOR}]");
    let (found, verdict) = judged(&rules, false);
    let codes: Vec<_> = found.iter().map(|one| one.kind.code()).collect();
    assert_eq!(codes, ["no-baseline", "rule-holds"]);
    assert_eq!(verdict, "1 check: every rule holds");
}

#[test]
fn a_message_carries_the_split_of_the_change() {
    let (found, verdict) = judged(&rules("rules: [{max-drop: 1, units: [PER, EST]}]"), true);
    // Peru: portal from 50 to 49.99999, half of it in the index, and policy stays 100 on one answer.
    // Estonia: pol_1 from yes to no: 50 of policy, 25 of the index.
    let texts: Vec<String> = found.iter().map(|one| one.kind.to_string()).collect();
    assert_eq!(
        texts,
        ["EST: `index` is 45, was 70: worse by 25, more than 1 (answers -25)"]
    );
    assert_eq!(verdict, "2 checks: 1 does not hold");
}

#[test]
fn a_demand_beyond_the_scores_that_there_can_be_is_refused() {
    let of = |framework: &str, yaml: &str| -> Vec<String> {
        let [framework, yaml] = [framework, yaml].map(|text| Source {
            name: Arc::from("x.yaml"),
            text: text.to_owned(),
        });
        let loaded = framework::load(&framework, &|_| None).expect("it is sound");
        match read(&yaml, &loaded.framework) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(|one| one.kind.to_string()).collect(),
        }
    };
    // 0 is the best score: nobody is better than -1, and nobody worse than 11. Both ends may be asked for.
    let risk = "\
dgpf: 1
id: risk
version: 1.0.0
unit: country
range: [0, 10]
better: lower
dimensions:
  - id: hazard
    indicators: [{id: h, number: {from: 0, to: 10}}]
";
    assert_eq!(
        of(
            risk,
            "rules: [{at-least: -1}, {at-least: 11}, {at-least: 0}, {at-least: 10}]"
        ),
        [
            "`at-least` is `-1`, expected a number from 0 to 10: scores of `index` run from 0 to 10",
            "`at-least` is `11`, expected a number from 0 to 10: scores of `index` run from 0 to 10",
        ]
    );
    assert_eq!(
        of(risk, "rules: [{max-drop: 10.1, node: all}, {max-drop: 10}]"),
        ["`max-drop` is `10.1`, expected a number up to 10: scores of `index` run from 0 to 10"]
    );
    // Scores without ends can be anything.
    let open = risk.replace("range: [0, 10]", "range: unbounded");
    assert_eq!(
        of(&open, "rules: [{at-least: -100}, {max-drop: 100}]"),
        [""; 0]
    );
    // One node can fall that far.
    let wide = risk.replace(
        "number: {from: 0, to: 10}",
        "number: {}, normalise: z-score",
    );
    let rules = "rules: [{max-drop: 20, node: all}, {at-least: -5, node: h}]";
    assert_eq!(of(&wide, rules), [""; 0]);
    // That says nothing of those who cannot.
    let mixed = format!(
        "{wide}  - id: exposure\n    weight: 0\n    indicators: [{{id: e, number: {{from: 0, to: 10}}}}]\n"
    );
    assert_eq!(
        of(
            &mixed,
            "rules: [{max-drop: 20, node: all}, {max-drop: 10, node: all}]"
        ),
        ["`max-drop` is `20`, expected a number up to 10: scores of `exposure` run from 0 to 10"]
    );
}

/// A portal brings 30 of 120 points: weights are points, and parts stand on the range of the whole.
const POINTS: &str = "\
dgpf: 1
id: points
version: 1.0.0
unit: country
range: [0, 120]
index: {aggregate: {sum: {out-of: 1}}}
targets: {\"2027\": {index: 60, portal: 40}, \"2030\": {portal: 30}}
dimensions:
  - id: policy
    aggregate: {sum: {out-of: 120}}
    indicators: [{id: p, weight: 90, scale: {\"no\": 0, \"yes\": 1}}]
  - id: portal
    aggregate: {sum: {out-of: 120}}
    indicators: [{id: q, weight: 30, scale: {\"no\": 0, \"yes\": 1}}]
";

#[test]
fn what_no_answers_come_to_is_refused_on_the_range_too() {
    let loaded = framework::load(
        &Source {
            name: Arc::from("x.yaml"),
            text: POINTS.to_owned(),
        },
        &|_| None,
    );
    let framework = loaded.expect("it is sound").framework;
    let of = |rules: &str| -> Vec<String> {
        let source = Source {
            name: Arc::from("gates.yaml"),
            text: format!("rules: [{rules}]"),
        };
        let problems = read(&source, &framework).err().unwrap_or_default();
        problems.iter().map(|one| one.kind.to_string()).collect()
    };
    assert_eq!(
        of(
            "{node: portal, at-least: 50}, {node: portal, at-least: 30}, {node: policy, at-least: 50}"
        ),
        ["`at-least` is `50`, expected a number from 0 to 30: scores of `portal` run from 0 to 30"]
    );
    assert_eq!(
        of("{node: portal, max-drop: 50}, {node: all, max-drop: 50}"),
        ["`max-drop` is `50`, expected a number up to 30: scores of `portal` run from 0 to 30"]
    );
    assert_eq!(
        of("{targets: 2027}, {targets: 2027, node: index}, {targets: 2030}"),
        [
            "`targets` is `portal: 40`, expected a number from 0 to 30: scores of `portal` run from 0 to 30"
        ]
    );
}

#[test]
fn targets_where_less_is_better_are_reached_from_above() {
    let framework = |targets: &str| {
        let text = format!(
            "dgpf: 1\nid: risk\nunit: country\nrange: [0, 10]\nbetter: lower\n{targets}\
             dimensions: [{{id: hazard, indicators: [{{id: h, number: {{from: 0, to: 10}}}}]}}]\n"
        );
        let source = Source {
            name: Arc::from("risk.yaml"),
            text,
        };
        let loaded = framework::load(&source, &|_| None);
        loaded.expect("it is sound").framework
    };
    let rules = Source {
        name: Arc::from("gates.yaml"),
        text: "rules: [{targets: 2027}]".to_owned(),
    };
    let risk = framework("targets: {\"2027\": {hazard: 4}}\n");
    let input = Input {
        name: "risk.csv",
        bytes: b"country,h\nNOR,4\nPER,4.5\nEST,3\nSWE,\n",
    };
    let loaded = responses::load(&[input], &risk, &Options::default());
    let responses = loaded.expect("they are sound").responses;
    let side = Side {
        framework: &risk,
        assumptions: &Assumptions::of(&risk),
        responses: &responses,
        period: 0,
    };
    let asked = read(&rules, &risk).expect("they are sound");
    let found = problems(
        &judge(&side, None, &asked),
        &asked,
        &risk,
        &Arc::from("risk.csv"),
    );
    let texts: Vec<String> = found.iter().map(|one| one.kind.to_string()).collect();
    assert_eq!(
        texts,
        [
            "PER: `hazard` is 4.5, worse than its target for 2027, 4",
            "SWE: `hazard` has no score",
        ]
    );
    // Where there are no targets at all, that is said.
    let refused = read(&rules, &framework("")).expect_err("there are no targets");
    assert_eq!(
        problem::render(&refused),
        "\
error[unknown-phase]: no phase `2027` in the targets of framework `risk`
  --> gates.yaml:1:19
   |
 1 | rules: [{targets: 2027}]
   |                   ^^^^
   = help: it has no targets: write them under `targets` there, or ask for scores with `at-least`
"
    );
}
