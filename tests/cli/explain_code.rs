use crate::run::Run;

#[test]
fn a_code_is_explained() {
    Run::new("explain-code error[tag]:")
        .stdout(
            "\
tag

In framework files

YAML lets values carry types of their own (`!!python/object`, `!mine`). The language has none, so a
tag is refused instead of being passed over.
",
        )
        .code(0);
}

#[test]
fn a_code_of_two_kinds_of_files_is_explained_for_both() {
    Run::new("explain-code unknown-answer")
        .stdout_has("In framework files\n\nA condition names an answer")
        .stdout_has("In responses\n\nThe cell is none of the answers")
        .code(0);
}

#[test]
fn without_a_code_all_are_listed() {
    Run::new("explain-code")
        .stdout_has("In any file\n  empty-file\n\nIn framework files\n")
        .stdout_has("\nIn responses\n")
        .code(0);
}

#[test]
fn a_code_that_there_is_not_is_named_with_the_nearest() {
    Run::new("explain-code duplicate-keys")
        .stderr("error: no code `duplicate-keys`; did you mean `duplicate-key`?\n")
        .code(2);
}
