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
fn a_sound_framework_is_checked() {
    Run::new("frameworks check framework.yaml")
        .file("framework.yaml", FRAMEWORK)
        .stdout("framework `open-data` 1.0.0 is sound: 6 nodes, 3 indicators, 0 warnings\n")
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
