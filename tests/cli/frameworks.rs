use crate::run::{FRAMEWORK, Run};

#[test]
fn those_compiled_in_and_those_at_hand_are_listed() {
    Run::new("frameworks")
        .file("frameworks/open-data.yaml", FRAMEWORK)
        .stdout_has("dgi-2023 ")
        .stdout_has("open-data ")
        .stdout_has("frameworks/open-data.yaml")
        .code(0);
}

#[test]
fn a_framework_is_shown_as_a_tree_with_weights_to_the_index() {
    Run::new("frameworks show framework.yaml")
        .file("framework.yaml", FRAMEWORK)
        .stdout(
            "\
Open data maturity
open-data 1.0.0 · scores from 0 to 100 · 3 indicators · units in column country

Node       Title                                  Weight  In index  How
─────────  ─────────────────────────────────────  ──────  ────────  ───────────────
index                                                         100%  mean
  policy   Policy                                      1    50.00%  mean
    pol_1  Is there an open data policy?               1    25.00%  yes-no
    pol_2  Is it reviewed every year?                  1    25.00%  yes-no
  portal   Portal                                      1    50.00%  mean
    por_1  Share of data sets with a licence (%)       1    50.00%  number 0 to 100

Answers

Answered by  Indicators
───────────  ──────────
One of two            2
A number              1

Levels

Level     From  Meaning
────────  ────  ───────
Beginner     0
Follower    40
Leader      80
",
        )
        .code(0);
}

#[test]
fn what_levels_need_is_shown() {
    let framework = "\
dgpf: 1
id: gated
range: [0, 100]
levels:
  - {id: low, from: 0}
  - {id: mid, title: Middle, from: 40, needs: [{coverage: 0.75}]}
  - {id: high, from: 70, needs: [{node: trust, at-least: 55}, {node: gov, level: mid}]}
dimensions:
  - {id: gov, indicators: [{id: q1, number: {from: 0, to: 1}}]}
  - {id: trust, indicators: [{id: q2, number: {from: 0, to: 1}}]}
";
    Run::new("frameworks show framework.yaml")
        .file("framework.yaml", framework)
        .stdout_has(
            "
Level   From  Needs                     Meaning
──────  ────  ────────────────────────  ───────
Low        0
Middle    40  coverage 75%
High      70  trust 55 · gov at Middle
",
        )
        .code(0);
}

#[test]
fn a_sound_framework_is_checked_and_advised_on() {
    Run::new("frameworks check framework.yaml")
        .file("framework.yaml", FRAMEWORK)
        .stdout_has("framework `open-data` 1.0.0 is sound: 6 nodes, 3 indicators, 0 warnings, ")
        .stderr_has("note[no-advice]: 3 indicators have no `advice`\n  --> framework.yaml:21:14\n")
        .code(0);
}

#[test]
fn every_mistake_of_a_framework_is_reported() {
    Run::new("frameworks check framework.yaml")
        .file(
            "framework.yaml",
            FRAMEWORK
                .replace("weight-sets", "weights-sets")
                .replace("scale: yes-no", "scale: yes-on"),
        )
        .stdout("")
        .stderr_has("`weights-sets`")
        .stderr_has("`yes-on`")
        .code(1);
}

#[test]
fn a_new_framework_is_sound_and_scores_at_once() {
    let left = Run::new("frameworks new my-index")
        .stdout("Wrote my-index.yaml and my-index.csv. Next: dgpf score my-index.csv -f my-index.yaml\n")
        .code(0);
    assert_eq!(left.files(), ["my-index.csv", "my-index.yaml"]);
    let (framework, responses) = (left.text("my-index.yaml"), left.text("my-index.csv"));
    Run::new("score my-index.csv -f my-index.yaml")
        .file("my-index.yaml", &framework)
        .file("my-index.csv", &responses)
        .stdout_has("My index\n")
        .code(0);
    Run::new("frameworks new my-index")
        .file("my-index.csv", "mine")
        .stderr("error: `my-index.csv` is there already; choose another name or remove it\n")
        .code(2);
    Run::new("frameworks new 9lives")
        .stderr_has("error: `9lives` cannot be an id: start with a letter")
        .code(2);
}

#[test]
fn warnings_fail_a_strict_check_only() {
    let check = |arguments: &str| {
        Run::new(&format!("frameworks check framework.yaml {arguments}"))
            .file(
                "framework.yaml",
                FRAMEWORK.replace("  - id: policy\n", "  - id: policy\n    weight: 0\n"),
            )
            .stdout_has("framework `open-data` 1.0.0 is sound: 6 nodes, 3 indicators, 1 warning")
            .stderr_has("warning[weight-zero]: `policy` has weight 0: it is shown, not counted")
    };
    check("").code(0);
    check("--strict").code(1);
}

#[test]
fn the_difference_of_two_editions_says_what_moves_scores() {
    let newer = FRAMEWORK
        .replace("version: 1.0.0", "version: 1.1.0")
        .replace("  - id: portal\n", "  - id: portal\n    weight: 2\n")
        .replace(
            "Is there an open data policy?",
            "Is an open data policy in force?",
        );
    Run::new("frameworks diff old.yaml new.yaml")
        .file("old.yaml", FRAMEWORK)
        .file("new.yaml", newer)
        .stdout_has("open-data 1.0.0 → open-data 1.1.0\n")
        .stdout_has("What moves scores\n\nNode    What    Was  Is\n")
        .stdout_has("\nportal  weight  1    2\n")
        .stdout_has("What changes words\n")
        .stdout_has(
            "The first number of `version` says whether scores are comparable: it should rise.\n",
        )
        .code(0);
    Run::new("frameworks diff old.yaml old.yaml")
        .file("old.yaml", FRAMEWORK)
        .stdout("open-data 1.0.0 → open-data 1.0.0\nnothing changed\n")
        .code(0);
}

#[test]
fn untidy_files_are_named_and_put_in_order() {
    let untidy = FRAMEWORK.replace("range: [0, 100]", "range: [0, 100]   ");
    Run::new("frameworks fmt framework.yaml --check")
        .file("framework.yaml", &untidy)
        .stdout("framework.yaml is not formatted\n")
        .code(1);
    let left = Run::new("frameworks fmt framework.yaml")
        .file("framework.yaml", &untidy)
        .stdout("Formatted framework.yaml\n")
        .code(0);
    assert_eq!(left.text("framework.yaml"), FRAMEWORK);
}
