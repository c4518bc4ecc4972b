//! A saved result in place of responses.

use crate::run::{FRAMEWORK, RESPONSES, Run};

/// The result of the three countries.
fn result(arguments: &str) -> String {
    Run::new(&format!(
        "score responses.csv -f framework.yaml --format json {arguments}"
    ))
    .file("framework.yaml", FRAMEWORK)
    .file("responses.csv", RESPONSES)
    .code(0)
    .stdout
}

fn on(command: &str, result: &str) -> Run {
    Run::new(command).file("result.json", result)
}

#[test]
fn it_is_scored_again_to_the_same_bytes() {
    for arguments in [
        "",
        "--weights portal-heavy",
        "--by region",
        "--weights portal-heavy --by region",
    ] {
        let saved = result(arguments);
        on("score result.json --format json", &saved)
            .stdout(&saved)
            .code(0);
    }
}

#[test]
fn it_keeps_the_period_that_was_asked_for() {
    let framework = FRAMEWORK.replace("unit: country\n", "unit: country\nperiod: year\n");
    let responses = "country,year,region,pol_1,pol_2,por_1\nNOR,2022,North,no,no,10\nNOR,2023,North,yes,yes,80\n";
    let saved = Run::new("score responses.csv -f framework.yaml --format json --period 2022")
        .file("framework.yaml", &framework)
        .file("responses.csv", responses)
        .code(0)
        .stdout;
    on("score result.json --format json", &saved)
        .stdout(&saved)
        .code(0);
}

#[test]
fn every_command_that_scores_takes_it() {
    let saved = result("");
    on("score result.json", &saved)
        .stdout_has("Norway (NOR)")
        .code(0);
    on("explain result.json NOR", &saved)
        .stdout_has("score 90.0")
        .code(0);
    on("robustness result.json --draws 50", &saved)
        .stdout_has("50 draws")
        .code(0);
    on("coherence result.json", &saved)
        .stdout_has("open-data 1.0.0")
        .code(0);
    on("compare result.json --units NOR,EST", &saved)
        .stdout_has("Norway and Estonia")
        .code(0);
    on("gate result.json --fail-under 50", &saved)
        .stdout("3 checks: every rule holds\n")
        .code(0);
    on("improve result.json PER --top 1", &saved)
        .stdout_has("Next steps: Peru (PER)")
        .code(0);
    on("verify result.json", &saved)
        .stdout(
            "\
`result.json` holds: 3 observations, 6 nodes, the same to the last byte
not checked: that its answers, notes and line numbers and the hash beside them are those of the responses; name these with --responses
not checked: that the framework in it is yours; name yours with --framework
",
        )
        .code(0);
    on("scorecards result.json -o site", &saved)
        .stderr_has("files")
        .code(0);
}

#[test]
fn it_is_explained_with_the_weights_that_made_it() {
    // 1 × 1/4 + 0.8 × 3/4 = 0.85.
    on("explain result.json NOR", &result("--weights portal-heavy"))
        .stdout_has("score 85.0")
        .code(0);
}

#[test]
fn it_holds_its_framework_and_was_read_already() {
    let saved = result("");
    on("explain result.json NOR -f dgi-2023", &saved)
        .stderr("error: `result.json` is a saved result: its framework is in it, leave out -f\n")
        .code(2);
    on("explain result.json NOR --encoding utf-8", &saved)
        .stderr_has("its answers are read already")
        .code(2);
    on("score result.json responses.csv", &saved)
        .file("responses.csv", RESPONSES)
        .stderr_has("it takes the place of all responses, so name it alone")
        .code(2);
}

#[test]
fn one_without_answers_cannot_be_scored_and_hostile_ones_are_refused() {
    let bare = result("--without-answers");
    assert!(!bare.contains("\"inputs\""));
    on("explain result.json NOR", &bare)
        .stderr_has(
            "holds scores and no answers: score the responses again without --without-answers",
        )
        .code(2);
    let saved = result("");
    for (old, new, said) in [
        (
            "\"por_1\": 80.0",
            "\"por_1\": \"many\"",
            "row 1 of the inputs: `por_1` cannot have such an answer",
        ),
        (
            "\"por_1\": 80.0",
            "\"por_7\": 80.0",
            "row 1 of the inputs: no indicator `por_7`",
        ),
        (
            "{\"pol_1\": \"yes\"",
            "{\"pol_1\": \"perhaps\"",
            "`pol_1` cannot have such an answer",
        ),
        (
            "\"schema_version\": \"1.",
            "\"schema_version\": \"2.",
            "schema version `2.2` is not known: this program reads 1.2",
        ),
        (
            "title: Beginner",
            "title: Novice",
            "the framework in it is not the one that it names",
        ),
        ("dgpf: 1\\n", "dgpf: 9\\n", "error[unknown-version]"),
    ] {
        let broken = saved.replacen(old, new, 1);
        assert_ne!(broken, saved, "{old}");
        let code = if said.starts_with("error[") { 1 } else { 2 };
        on("score result.json", &broken).stderr_has(said).code(code);
    }
    on("score result.json", "{\"a\": 1}")
        .stderr_has("error: cannot read `result.json`: not a result of dgpf")
        .code(2);
    on("score result.json", "{")
        .stderr_has("not a result of dgpf")
        .code(2);
}

#[test]
fn columns_that_nothing_reads_and_paths_never_reach_it() {
    let saved = Run::new("score deep/responses.csv -f deep/framework.yaml --format json")
        .file("deep/framework.yaml", FRAMEWORK)
        .file(
            "deep/responses.csv",
            "country,region,pol_1,pol_2,por_1,e_mail\nNOR,North,yes,yes,80,ola@example.org\n",
        )
        .stderr_has("e_mail")
        .code(0)
        .stdout;
    assert!(
        !saved.contains("ola@") && !saved.contains("deep"),
        "{saved}"
    );
}

#[test]
fn remarks_of_a_later_version_are_passed_over() {
    let saved = result("");
    let later = saved.replace(
        "\"remarks\": []",
        "\"remarks\": [{\"code\": \"told-later\", \"of\": [\"NOR\"]}]",
    );
    assert!(later != saved);
    let page = |result: &str| on("report result.json", result).code(0).stdout;
    assert_eq!(page(&later), page(&saved));
}
