use crate::run::{FRAMEWORK, RESPONSES, Run};

/// The result of scoring the three countries.
fn result(arguments: &str) -> String {
    Run::new(&format!(
        "score responses.csv -f framework.yaml --format json {arguments}"
    ))
    .file("framework.yaml", FRAMEWORK)
    .file("responses.csv", RESPONSES)
    .code(0)
    .stdout
}

fn verify(result: &str) -> Run {
    Run::new("verify result.json -f framework.yaml --responses responses.csv")
        .file("result.json", result)
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
}

#[test]
fn a_result_holds_with_the_options_that_it_was_made_with() {
    let holds = "`result.json` holds: 3 observations, 6 nodes, the same to the last byte\n";
    verify(&result("")).stdout(holds).code(0);
    verify(&result("--weights portal-heavy"))
        .stdout(holds)
        .code(0);
}

#[test]
fn a_changed_score_is_shown_with_its_line() {
    let changed = result("").replacen("\"score\": 90.0", "\"score\": 91.0", 1);
    verify(&changed)
        .stdout_has("`result.json` does not hold\n  line ")
        .stdout_has("{\"score\": 91.0,")
        .stdout_has("\n    should be ")
        .code(1);
}

#[test]
fn what_differs_is_named() {
    let text = result("");
    verify(&text)
        .file(
            "responses.csv",
            RESPONSES.replace("PER,South,yes,no", "PER,South,yes,yes"),
        )
        .stdout_has("  responses: it was made from other files\n")
        .code(1);
    verify(&text)
        .file("framework.yaml", FRAMEWORK.replace("from: 40", "from: 45"))
        .stdout_has("  framework: another text of open-data 1.0.0 made it\n")
        .code(1);
}

#[test]
fn only_results_are_verified() {
    verify("{}")
        .stdout("")
        .stderr_has("error: cannot read `result.json`: not a result of dgpf")
        .code(2);
}

/// From its own answers a result cannot tell what they were read from: it says so, and the responses tell.
#[test]
fn what_only_the_responses_can_prove_is_said_to_be_unchecked_without_them() {
    let text = result("");
    let (_, hash) = text
        .split_once("\"responses\"")
        .expect("it says of what it is made");
    let (_, hash) = hash.split_once("\"sha256\": \"").expect("with its hash");
    let other = text.replace(&hash[..64], &"0".repeat(64));
    assert_ne!(other, text);
    Run::new("verify result.json")
        .file("result.json", &other)
        .stdout(
            "\
`result.json` holds: 3 observations, 6 nodes, the same to the last byte
not checked: that its answers, notes and line numbers and the hash beside them are those of the responses; name these with --responses
not checked: that the framework in it is yours; name yours with --framework
",
        )
        .code(0);
    verify(&other)
        .stdout_has("  responses: it was made from other files\n")
        .code(1);
}

/// Whoever gets a result and the responses needs no framework file: it is in the result, also where a shipped one has its id.
#[test]
fn the_framework_in_the_result_is_the_one_that_the_responses_are_scored_by() {
    let said = "\
`result.json` holds: 3 observations, 6 nodes, the same to the last byte
not checked: that the framework in it is yours; name yours with --framework
";
    for framework in [
        FRAMEWORK.to_owned(),
        FRAMEWORK.replacen("id: open-data", "id: dgi-2023", 1),
    ] {
        let result = Run::new("score responses.csv -f framework.yaml --format json")
            .file("framework.yaml", &framework)
            .file("responses.csv", RESPONSES)
            .code(0)
            .stdout;
        Run::new("verify result.json --responses responses.csv")
            .file("result.json", &result)
            .file("responses.csv", RESPONSES)
            .stdout(said)
            .code(0);
        let other = RESPONSES.replace("PER,South,yes,no", "PER,South,yes,yes");
        Run::new("verify result.json --responses responses.csv")
            .file("result.json", &result)
            .file("responses.csv", other)
            .stdout_has("  responses: it was made from other files\n")
            .code(1);
    }
}

/// Whoever has the framework and no responses can at least tell that it is his.
#[test]
fn a_framework_proves_without_responses_that_it_made_the_result() {
    let text = result("");
    let verified = |framework: &str| {
        Run::new("verify - -f framework.yaml")
            .file("framework.yaml", framework)
            .stdin(&text)
    };
    verified(FRAMEWORK)
        .stdout(
            "\
`-` holds: 3 observations, 6 nodes, the same to the last byte
not checked: that its answers, notes and line numbers and the hash beside them are those of the responses; name these with --responses
",
        )
        .code(0);
    verified(&FRAMEWORK.replacen("digits: 1", "digits: 2", 1))
        .stdout_has("`-` does not hold\n  framework: another text of open-data 1.0.0 made it\n")
        .code(1);
}

/// An older version did not yet say what this one says of the same scores: that is told in words, and nothing else differs.
#[test]
fn a_remark_that_is_new_is_told_as_one() {
    let framework =
        "{dgpf: 1, id: open, unit: u, range: [0, 10], indicators: [{id: a, number: {}}]}";
    let responses = "u,a\nX,20\n";
    let text = Run::new("score responses.csv -f framework.yaml --format json")
        .file("framework.yaml", framework)
        .file("responses.csv", responses)
        .stderr_has("note: ")
        .code(0)
        .stdout;
    let verified = |text: &str| {
        Run::new("verify result.json -f framework.yaml -r responses.csv")
            .file("result.json", text)
            .file("framework.yaml", framework)
            .file("responses.csv", responses)
    };
    let (before, rest) = text.split_once("\"remarks\": [\n").expect("there is one");
    let (remark, after) = rest.split_once("\n  ],\n").expect("its end");
    let older = format!("{before}\"remarks\": [],\n{after}");
    verified(&older)
        .stdout(
            "\
`result.json` does not hold
  note: dgpf says today what is not in it: 2 scores of `index`, `a` lie outside of the range from 0 to 10 (first: `X`)
",
        )
        .code(1);
    let twice = remark.replace("\"count\": 2", "\"count\": 3");
    verified(&text.replace(remark, &twice))
        .stdout_has("does not say today: ")
        .code(1);
    verified(&older.replace("\"score\": 20.0", "\"score\": 21.0"))
        .stdout_has("\n  line ")
        .code(1);
}
