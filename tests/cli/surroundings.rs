//! Nothing but the inputs changes a byte of what is written: not how many threads there are, nor the locale, the time
//! zone or the terminal.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::run::{FRAMEWORK, Run};

/// Threads, locale, time zone and terminal of a machine.
const MACHINES: [[(&str, &str); 5]; 3] = [
    [
        ("RAYON_NUM_THREADS", "1"),
        ("LC_ALL", "C"),
        ("LANG", "C"),
        ("TZ", "UTC"),
        ("TERM", "dumb"),
    ],
    [
        ("RAYON_NUM_THREADS", "2"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("LANG", "tr_TR.UTF-8"),
        ("TZ", "Pacific/Kiritimati"),
        ("TERM", "xterm-256color"),
    ],
    [
        ("RAYON_NUM_THREADS", "5"),
        ("LC_ALL", "ar_EG.UTF-8"),
        ("LANG", "de_DE.UTF-8"),
        ("TZ", "America/St_Johns"),
        ("TERM", "xterm"),
    ],
];

fn rows(units: usize) -> String {
    let mut text = "country,region,pol_1,pol_2,por_1\n".to_owned();
    for unit in 0..units {
        // Letters that locales sort and lower in their own way.
        let region = ["Iğdır", "ıslak", "Ärger", "Zürich"][unit % 4];
        let answers = ["yes,no", "no,yes", "YES,", ",no"][unit / 3 % 4];
        writeln!(text, "I{unit:05},{region},{answers},{}.5", unit % 97).expect("a text takes all");
    }
    text
}

/// What a command says and leaves, by name.
fn left(arguments: &str, responses: &str, machine: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let run = Run::new(arguments)
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", responses)
        .file("before.csv", rows(40).replace("YES", "no"))
        .stderr_has("");
    let run = machine
        .iter()
        .fold(run, |run, (name, value)| run.env(name, value));
    let left = run.code(0);
    let mut all = BTreeMap::from([("stdout".to_owned(), left.stdout.clone().into_bytes())]);
    for name in left.files() {
        if name == "site" {
            for page in left.files_in("site") {
                let path = format!("site/{page}");
                all.insert(path.clone(), left.bytes(&path));
            }
        } else {
            all.insert(name.clone(), left.bytes(&name));
        }
    }
    all
}

#[track_caller]
fn same_everywhere(arguments: &str, responses: &str) {
    let [first, others @ ..] = &MACHINES;
    let expected = left(arguments, responses, first);
    for machine in others {
        for (name, bytes) in left(arguments, responses, machine) {
            let same = expected.get(&name) == Some(&bytes);
            assert!(same, "{name} of `{arguments}` differs on {machine:?}");
        }
    }
}

#[test]
fn scores_are_the_same_on_every_machine() {
    for output in [
        "",
        "--lang fr",
        "--format markdown",
        "--format csv",
        "-o result.json",
        "--format sdmx-csv",
        "-o result.xlsx",
    ] {
        let arguments = format!("score responses.csv -f framework.yaml {output}");
        same_everywhere(&arguments, &rows(40));
    }
    let arguments =
        "score responses.csv -f framework.yaml --format csv-wide --with rank -o out.csv";
    let many = rows(4_000).replace('\n', &format!(",{}\n", "x".repeat(300)));
    assert!(many.len() > 1 << 20);
    same_everywhere(arguments, &many);
}

#[test]
fn what_is_made_of_scores_is_the_same_on_every_machine() {
    for arguments in [
        "scorecards responses.csv -f framework.yaml -o site",
        "explain responses.csv I00003 -f framework.yaml --format json",
        "improve responses.csv I00003 -f framework.yaml --format json",
        "compare before.csv responses.csv -f framework.yaml --format json",
        "robustness responses.csv -f framework.yaml --draws 40 --format json",
        "coherence responses.csv -f framework.yaml --format json",
        "import responses.csv -f framework.yaml -o long.csv",
        "template -f framework.yaml -o form.xlsx",
        "stats responses.csv -f framework.yaml",
        "sql -f framework.yaml --dialect sqlite",
        "frameworks show framework.yaml",
    ] {
        same_everywhere(arguments, &rows(40));
    }
}
