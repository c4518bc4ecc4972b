//! `dgpf gate`.

use crate::run::{FRAMEWORK, RESPONSES, Run};

/// Estonia's portal fell from 90 to 80.
const LATER: &str = "\
country,region,pol_1,pol_2,por_1
NOR,North,yes,yes,80
PER,South,yes,no,50
EST,North,yes,,80
";

fn gate(arguments: &str) -> Run {
    Run::new(&format!("gate responses.csv -f framework.yaml {arguments}"))
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", LATER)
}

/// The result that changes are judged against.
fn baseline() -> String {
    Run::new("score responses.csv -f framework.yaml --format json")
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
        .code(0)
        .stdout
}

#[test]
fn flags_judge_every_index() {
    gate("--fail-under 50 --min-coverage 0.5")
        .stdout("6 checks: every rule holds\n")
        .code(0);
    gate("--fail-under 60 --min-coverage 0.8")
        .stderr(
            "\
error[score-below]: PER: `index` is 50, worse than 60
  --> responses.csv

error[coverage-below]: EST: coverage of `index` is 0.75, below 0.8
  --> responses.csv
",
        )
        .stdout("6 checks: 2 do not hold\n")
        .code(1);
}

#[test]
fn a_drop_fails_with_what_caused_it() {
    gate("--baseline baseline.json --max-drop 2 --no-level-loss")
        .file("baseline.json", baseline())
        .stderr_has("error[score-dropped]: EST: `index` is 90, was 95: worse by 5, more than 2 (answers -5)\n")
        .stderr_has("error[score-dropped]: EST: `portal` is 80, was 90: worse by 10, more than 2 (answers -10)\n")
        .stdout("36 checks: 3 do not hold\n")
        .code(1);
    gate("--baseline baseline.json --max-drop 10")
        .file("baseline.json", baseline())
        .stdout("18 checks: every rule holds\n")
        .code(0);
}

#[test]
fn a_first_run_has_no_baseline_and_passes() {
    gate("--max-drop 2")
        .stderr_has("note[no-baseline]: there is no baseline: 1 rule about changes was not judged")
        .stdout("0 checks: every rule holds\n")
        .code(0);
}

#[test]
fn a_baseline_that_is_not_there_is_refused() {
    gate("--baseline mistyped.json --max-drop 2")
        .stderr_has(
            "error: there is no baseline `mistyped.json`; leave out --baseline until a result is saved as one\n",
        )
        .code(2);
}

#[test]
fn a_baseline_of_another_edition_is_refused_unless_it_is_declared_comparable() {
    let newer = |comparable: &str| {
        FRAMEWORK.replace("id: open-data\n", &format!("id: open-data-2\n{comparable}"))
    };
    let run = |comparable: &str| {
        Run::new("gate responses.csv -f newer.yaml --baseline baseline.json --max-drop 10")
            .file("newer.yaml", newer(comparable))
            .file("responses.csv", LATER)
            .file("baseline.json", baseline())
    };
    run("")
        .stderr_has("error: the baseline cannot be compared with: Neither `open-data` nor `open-data-2` says")
        .code(2);
    run("comparability: [{with: open-data, comparable: false}]\n")
        .stderr_has("cannot be compared with those of `open-data`")
        .code(2);
    run("comparability: [{with: open-data, comparable: true}]\n")
        .stdout("18 checks: every rule holds\n")
        .code(0);
}

#[test]
fn a_flag_beyond_the_range_of_the_scores_is_refused() {
    let framework = FRAMEWORK.replace("range: [0, 100]", "range: [0, 1]");
    let framework = framework
        .replace("from: 40", "from: 0.4")
        .replace("from: 80", "from: 0.8");
    let on_shares = |flag: &str| {
        Run::new(&format!("gate responses.csv -f framework.yaml {flag}"))
            .file("framework.yaml", &framework)
            .file("responses.csv", LATER)
    };
    on_shares("--fail-under 50")
        .stderr(
            "error: --fail-under 50: scores of `index` run from 0 to 1; write the middle of its scores as `0.5`\n",
        )
        .code(2);
    on_shares("--max-drop 2")
        .stderr(
            "error: --max-drop 2: scores of `index` run from 0 to 1; write 2 % of the framework's range as `0.02`\n",
        )
        .code(2);
    gate("--fail-under 50 --max-drop 2")
        .stderr_has("note[no-baseline]")
        .code(0);
}

#[test]
fn rules_say_who_must_do_what_and_how_much_it_matters() {
    let rules = "\
severity: warn
rules:
  - {node: portal, at-least: 60}
  - {node: policy, level: leader, units: [NOR, EST], severity: error}
  - {node: policy, at-least: 100, severity: off}
";
    gate("--rules gates.yaml --all")
        .file("gates.yaml", rules)
        .stderr(
            "\
warning[score-below]: PER: `portal` is 50, worse than 60
  --> gates.yaml:3:5
   |
 3 |   - {node: portal, at-least: 60}
   |     ^

note[rule-holds]: holds: `policy` at least at level `leader` (2 checks)
  --> gates.yaml:4:5
   |
 4 |   - {node: policy, level: leader, units: [NOR, EST], severity: error}
   |     ^
",
        )
        .stdout("5 checks: every rule holds, 1 warning\n")
        .code(0);
    gate("--rules gates.yaml")
        .file("gates.yaml", "rules:\n  - {nodes: portal, at-least: 60}\n")
        .stderr_has("error[unknown-key]: `nodes` is not a key of a rule\n  --> gates.yaml:2:6\n")
        .stderr_has("did you mean `node`?")
        .code(1);
    gate("")
        .stderr_has("error: no rule: name a file with --rules, or say --fail-under")
        .code(2);
}

#[test]
fn programs_get_json_junit_and_annotations() {
    let json = gate("--fail-under 60 --format json").code(1).stdout;
    let value: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(value["errors"], 1);
    assert_eq!(value["problems"][0]["code"], "score-below");
    gate("--fail-under 60 --min-coverage 0.5 --format junit")
        .stdout(
            "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"dgpf gate\" tests=\"2\" failures=\"1\">
  <testsuite name=\"responses.csv\" tests=\"2\" failures=\"1\">
    <testcase classname=\"responses.csv\" name=\"score-below\">
      <failure type=\"score-below\" message=\"PER: `index` is 50, worse than 60\"/>
    </testcase>
    <testcase classname=\"responses.csv\" name=\"rule-holds\">
      <system-out>note: holds: `index` covered by at least 50% (3 checks)</system-out>
    </testcase>
  </testsuite>
</testsuites>
",
        )
        .code(1);
    gate("--fail-under 60 --format github")
        .stdout(
            "::error file=responses.csv,title=score-below::PER: `index` is 50, worse than 60\n1 error, 0 warnings, 0 \
             notes; 3 checks: 1 does not hold\n",
        )
        .code(1);
}

#[test]
fn the_schemas_are_those_of_the_documentation() {
    for kind in ["framework", "gates", "result"] {
        let path = format!("{}/docs/{kind}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let kept = std::fs::read_to_string(path).expect("it is there");
        Run::new(&format!("schema {kind}")).stdout(&kept).code(0);
    }
}

/// Estonia's line is gone: everybody who is left holds to the rules, and the gate fails all the same.
#[test]
fn a_unit_that_is_gone_since_the_baseline_fails_the_gate() {
    let lines = LATER.lines().filter(|line| !line.starts_with("EST"));
    let rest = lines.collect::<Vec<&str>>().join("\n");
    let without = |arguments: &str| {
        gate(&format!("--baseline baseline.json {arguments}"))
            .file("baseline.json", baseline())
            .file("responses.csv", &rest)
    };
    without("--max-drop 50")
        .stderr(
            "\
error[unit-gone]: EST: it is in the baseline and has no answers now, its index was 95
  --> responses.csv
   = help: where that is meant, save a new baseline, or say under `units` whom rules are about
",
        )
        .stdout("13 checks: 1 does not hold\n")
        .code(1);
    without("--fail-under 10 --format json")
        .stdout_has("\"code\": \"unit-gone\"")
        .code(1);
    without("--rules gates.yaml")
        .file("gates.yaml", "severity: warn\nrules: [{max-drop: 50}]\n")
        .stderr_has("warning[unit-gone]: EST")
        .stdout("3 checks: every rule holds, 1 warning\n")
        .code(0);
    without("--rules gates.yaml")
        .file("gates.yaml", "rules: [{max-drop: 50, units: [NOR, PER]}]\n")
        .stdout("2 checks: every rule holds\n")
        .code(0);
}

#[test]
fn rules_that_nothing_could_break_or_hold_are_refused() {
    for (flags, value, expected) in [
        ("--fail-under", "nan", "expected a number"),
        (
            "--max-drop",
            "inf",
            "expected a number that is not negative",
        ),
        ("--max-drop", "-1", "expected a number that is not negative"),
    ] {
        Run::new(&format!(
            "gate responses.csv -f framework.yaml {flags} {value}"
        ))
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
        .stderr_has(&format!("invalid value '{value}'"))
        .stderr_has(expected)
        .code(2);
    }
}
