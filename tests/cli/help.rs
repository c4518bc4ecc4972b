use crate::run::Run;

#[test]
fn without_a_command_there_are_first_steps() {
    Run::new("")
        .stdout(
            "\
dgpf scores maturity frameworks from survey responses.

  dgpf init demo                           make a project that works, in the folder `demo`
  dgpf score responses.csv                 score it: the framework is found by its columns
  dgpf check responses.csv -f dgi-2023     every problem of the file, nothing scored
  dgpf frameworks show dgi-2023            what a framework measures, and how

`dgpf help` lists all commands, `dgpf help score` explains one.
",
        )
        .code(0);
}

#[test]
fn help_and_version_are_results() {
    Run::new("--version")
        .stdout(&format!("dgpf {}\n", env!("CARGO_PKG_VERSION")))
        .code(0);
    Run::new("help")
        .stdout_has("Exit codes: 0 done; 1 ")
        .code(0);
    Run::new("help score")
        .stdout_has("  dgpf score responses.csv -f dgi-2023 ")
        .code(0);
}

#[test]
fn a_command_that_does_not_exist_is_named_with_the_nearest() {
    Run::new("scroe responses.csv")
        .stdout("")
        .stderr_has("error: unrecognized subcommand 'scroe'")
        .stderr_has("'score'")
        .code(2);
    Run::new("score").stderr_has("<FILES>...").code(2);
}

#[test]
fn completions_and_manual_come_from_the_help() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        Run::new(&format!("completions {shell}"))
            .stdout_has("on-duplicate")
            .code(0);
    }
    Run::new("man")
        .stdout_has(".TH dgpf 1")
        .stdout_has("dgpf\\-score(1)")
        .code(0);
    Run::new("man frameworks show")
        .stdout_has(".TH dgpf-frameworks-show 1")
        .code(0);
    Run::new("man frameworks shwo")
        .stderr_has("error: no command `shwo`; there is `list`, `show`")
        .code(2);
}

#[test]
fn every_command_that_reads_responses_reads_them_as_it_is_told() {
    let listed = Run::new("help").stdout_has("Commands:").code(0).stdout;
    let commands = listed.lines().filter_map(|line| line.strip_prefix("  "));
    let commands = commands.filter(|line| line.starts_with(char::is_alphabetic));
    let names = commands.filter_map(|line| line.split_whitespace().next());
    let mut reading = 0;
    for name in names.filter(|name| *name != "help") {
        let help = Run::new(&format!("{name} --help"))
            .stdout_has("Usage:")
            .code(0)
            .stdout;
        if !help.contains("--on-duplicate") {
            continue;
        }
        reading += 1;
        for flag in [
            "--units",
            "--mapping",
            "--delimiter",
            "--sheet",
            "--header-rows",
            "--encoding",
        ] {
            assert!(help.contains(flag), "{name} lacks {flag}");
        }
    }
    assert!(reading >= 8, "{reading} commands read responses");
}
