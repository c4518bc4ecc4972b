use crate::run::{FRAMEWORK, RESPONSES, Run};

#[test]
fn sound_responses_are_summed_up() {
    Run::new("check responses.csv -f framework.yaml")
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
        .stdout("3 units, 8 answers, 1 missing: ready to score by `open-data` 1.0.0\n")
        .code(0);
}

#[test]
fn each_way_not_to_have_a_file_has_its_sentence() {
    let check = |files: &str| {
        Run::new(&format!("check {files} -f framework.yaml"))
            .file("framework.yaml", FRAMEWORK)
            .file("responses.csv", RESPONSES)
            .file("data/empty.csv", "")
            .file("data/header.csv", "country,pol_1,pol_2,por_1\n")
            .stdout("")
    };
    check("respnses.csv")
        .stderr("error: cannot read `respnses.csv`: no such file; did you mean `responses.csv`?\n")
        .code(2);
    check("data/nothing.csv")
        .stderr("error: cannot read `data/nothing.csv`: no such file\n")
        .code(2);
    check("data")
        .stderr("error: cannot read `data`: it is a directory; name the files in it\n")
        .code(2);
    check("data/empty.csv")
        .stderr_has("error[empty-file]: ")
        .code(1);
    check("data/header.csv")
        .stderr_has("error[header-only]: ")
        .code(1);
}

#[test]
fn a_framework_that_is_not_there_is_named_with_the_nearest() {
    let check = |framework: &str| {
        Run::new(&format!("check responses.csv -f {framework}"))
            .file("frameworks/open-data.yaml", FRAMEWORK)
            .file("responses.csv", RESPONSES)
            .stdout("")
    };
    check("open-dat")
        .stderr("error: no framework `open-dat`; did you mean `open-data`?\n")
        .code(2);
    check("framework.yaml")
        .stderr("error: cannot read `framework.yaml`: no such file\n")
        .code(2);
}

#[test]
fn problems_of_the_framework_stop_the_check() {
    Run::new("check responses.csv -f framework.yaml")
        .file(
            "framework.yaml",
            FRAMEWORK.replace("id: pol_2", "id: pol_1"),
        )
        .file("responses.csv", RESPONSES)
        .stdout("")
        .stderr_has("error[duplicate-name]: ")
        .code(1);
}
