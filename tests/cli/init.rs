use std::process::Command;

use crate::run::Run;

#[test]
fn a_project_works_as_it_is() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let dgpf = |directory: &std::path::Path, arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_dgpf"))
            .args(arguments)
            .current_dir(directory)
            .output()
            .expect("dgpf runs");
        let text = String::from_utf8(output.stdout).expect("text");
        (output.status.code(), text)
    };
    let (code, said) = dgpf(folder.path(), &["init", "Demo"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        said,
        "\
Wrote into Demo:
  dgpf.yaml
  responses.csv
  gates.yaml
  .github/workflows/scorecards.yml
Next, there: dgpf score responses.csv
"
    );
    let project = folder.path().join("Demo");
    // What the workflow runs.
    for arguments in [
        "check responses.csv --format github",
        "frameworks check dgpf.yaml",
        "score responses.csv -o result.json",
        "score responses.csv --format markdown",
        "gate result.json --rules gates.yaml --format github",
        "scorecards responses.csv -o site",
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        assert_eq!(dgpf(&project, &words).0, Some(0), "{arguments}");
    }
    assert!(project.join("site/index.html").exists());
    // A second time nothing is touched.
    assert_eq!(dgpf(folder.path(), &["init", "Demo"]).0, Some(2));
}

#[test]
fn what_is_there_stays() {
    Run::new("init project")
        .file("project/gates.yaml", "rules: []\n")
        .stderr(
            "error: `project/gates.yaml` is there already; choose another folder or remove it\n",
        )
        .code(2);
}
