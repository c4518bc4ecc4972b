use std::fmt::Write;
use std::fs;

use crate::run::{FRAMEWORK, RESPONSES, Run};

fn score(arguments: &str) -> Run {
    Run::new(&format!(
        "score responses.csv -f framework.yaml {arguments}"
    ))
    .file("framework.yaml", FRAMEWORK)
    .file("responses.csv", RESPONSES)
}

const WIDE_HEADER: &str = "unit,period,name,index,policy,pol_1,pol_2,portal,por_1\n";

#[test]
fn the_ending_of_the_file_says_what_to_write() {
    let left = score("-o scores.csv").stdout("").code(0);
    assert!(left.text("scores.csv").starts_with("unit,period,node,"));
    let left = score("-o scores.json").stdout("").code(0);
    assert!(
        left.text("scores.json")
            .starts_with("{\n  \"schema_version\"")
    );
    let left = score("-o scores.md").stdout("").code(0);
    assert!(left.text("scores.md").starts_with("# Open data maturity\n"));
    let left = score("-o scores.txt --color always").stdout("").code(0);
    assert!(left.text("scores.txt").starts_with("Open data maturity\n"));
    score("-o scores.pdf")
        .stderr("error: what to write to `scores.pdf`? its ending is none of .csv, .json, .md, .parquet, .txt and .xlsx: say it with --format\n")
        .code(2);
    score("-o - --format csv-wide")
        .stdout_has(WIDE_HEADER)
        .code(0);
}

#[test]
fn nothing_is_left_beside_the_file() {
    let left = score("-o scores.csv").code(0);
    assert_eq!(
        left.files(),
        ["framework.yaml", "responses.csv", "scores.csv"]
    );
}

#[test]
fn a_file_stays_as_it_was_where_nothing_can_be_scored() {
    let left = score("-o scores.csv")
        .file("scores.csv", "old")
        .file(
            "responses.csv",
            "country,pol_1,pol_2,por_1\nNOR,perhaps,yes,1\n",
        )
        .stderr_has("`perhaps`")
        .code(1);
    assert_eq!(left.text("scores.csv"), "old");
}

#[test]
fn a_directory_is_no_file() {
    score("-o out.csv")
        .file("out.csv/file", "")
        .stderr("error: cannot write `out.csv`: it is a directory\n")
        .code(2);
    score("-o nowhere/out.csv")
        .stderr("error: cannot write `nowhere/out.csv`: there is no directory `nowhere`\n")
        .code(2);
}

#[cfg(unix)]
#[test]
fn mode_and_link_are_kept() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    let run = score("-o link.csv --format csv-wide").file("data/real.csv", "old");
    let (real, link) = (run.path("data/real.csv"), run.path("link.csv"));
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("my own file");
    symlink("data/real.csv", &link).expect("a link in a temporary directory");
    let left = run.code(0);
    assert!(left.text("data/real.csv").starts_with(WIDE_HEADER));
    assert_eq!(
        fs::metadata(&real).expect("it is there").mode() & 0o777,
        0o640
    );
    assert!(
        fs::symlink_metadata(&link)
            .expect("it is there")
            .is_symlink()
    );

    // A link to nothing yet leads to the new file.
    let run = score("-o link.csv --format csv-wide").file("data/other", "");
    symlink("data/new.csv", run.path("link.csv")).expect("a link in a temporary directory");
    let left = run.code(0);
    assert!(left.text("data/new.csv").starts_with(WIDE_HEADER));
}

#[cfg(unix)]
#[test]
fn a_file_that_would_not_change_is_left_alone() {
    use std::os::unix::fs::MetadataExt;

    let text = score("--format csv-wide").code(0).stdout;
    let run = score("-o scores.csv --format csv-wide").file("scores.csv", &text);
    let inode = |path: &std::path::Path| fs::metadata(path).expect("it is there").ino();
    let (path, before) = (run.path("scores.csv"), inode(&run.path("scores.csv")));
    let _left = run.code(0);
    assert_eq!(inode(&path), before);
}

#[cfg(unix)]
#[test]
fn a_device_is_written_to_not_replaced() {
    score("-o /dev/null --format csv").stdout("").code(0);
    score("-o /dev/stdout --format csv-wide")
        .stdout_has(WIDE_HEADER)
        .code(0);
}

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    const BOLD: &str = "\u{1b}[1m";
    let plain = score("").env("TERM", "xterm").code(0).stdout;
    assert!(!plain.contains('\u{1b}'));
    score("--color always")
        .env("NO_COLOR", "1")
        .stdout_has(BOLD)
        .stdout_has("\u{1b}[38;5;2mLeader\u{1b}[39m")
        .code(0);
    score("--color never").stdout(&plain).code(0);
}

#[test]
fn a_table_is_as_wide_as_it_is_told() {
    let left = score("").env("COLUMNS", "50").code(0);
    assert!(
        left.stdout.contains("Not shown for lack of width: "),
        "{}",
        left.stdout
    );
    for line in left.stdout.lines() {
        assert!(line.chars().count() <= 50, "{line}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_is_no_failure() {
    use std::process::{Command, Stdio};

    let run = score("").file("x", "");
    let mut rows = "country,region,pol_1,pol_2,por_1\n".to_owned();
    for unit in 0..20_000 {
        writeln!(rows, "unit{unit},North,yes,no,5").expect("a text takes everything");
    }
    let run = run.file("many.csv", rows);
    let mut child = Command::new(env!("CARGO_BIN_EXE_dgpf"))
        .args([
            "score",
            "many.csv",
            "-f",
            "framework.yaml",
            "--format",
            "csv",
        ])
        .current_dir(run.path("."))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built for this test");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("a child that was started");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn an_input_is_not_written_over() {
    let left = score("-o responses.csv")
        .stderr("error: cannot write `responses.csv`: it is one of the inputs\n")
        .code(2);
    assert_eq!(left.text("responses.csv"), RESPONSES);
}

/// Nothing is said of responses that are refused in any case, and nothing is made of them.
#[test]
fn an_output_that_is_an_input_is_refused_before_the_input_is_looked_at() {
    for command in [
        "score wrong.csv -f framework.yaml -o wrong.csv --format csv",
        "score responses.csv -f wrong.csv -o wrong.csv --format csv",
        "check wrong.csv -f framework.yaml -o wrong.csv --format json",
        "import wrong.csv -f framework.yaml -o wrong.csv",
        "gate responses.csv -f framework.yaml --rules wrong.csv -o wrong.csv --format json",
        "scorecards wrong.csv -f framework.yaml -o wrong.csv",
    ] {
        let left = Run::new(command)
            .file("framework.yaml", FRAMEWORK)
            .file("responses.csv", RESPONSES)
            .file("wrong.csv", "country,pol_1\nNOR,perhaps\n")
            .stdout("")
            .stderr("error: cannot write `wrong.csv`: it is one of the inputs\n")
            .code(2);
        assert_eq!(
            left.text("wrong.csv"),
            "country,pol_1\nNOR,perhaps\n",
            "{command}"
        );
    }
}

#[test]
fn columns_of_wide_data_can_be_chosen() {
    score("--format csv-wide --depth 1 --with level,rank")
        .stdout(
            "\
unit,period,name,index,policy,portal,level,rank
EST,,Estonia,95,100,90,leader,1
NOR,,Norway,90,100,80,leader,2
PER,,Peru,50,50,50,follower,3
",
        )
        .code(0);
    score("--format csv-wide --depth 0 --order input")
        .stdout("unit,period,name,index\nNOR,,Norway,90\nPER,,Peru,50\nEST,,Estonia,95\n")
        .code(0);
}

/// A file of more than a megabyte, whose rows stand in order or the other way round.
fn large(ascending: bool) -> String {
    let mut text = String::from("unit,law,share,note\n");
    for row in 0..8_000_u32 {
        let unit = if ascending { row } else { 7_999 - row };
        let law = ["yes", "no", "NA", "Yes", ""][(unit % 5) as usize];
        let note = "nothing to add ".repeat(8);
        writeln!(
            text,
            "U{unit:05},{law},{}.{},\"{note}, {unit}\"",
            unit % 97,
            unit % 10
        )
        .expect("a text takes everything");
    }
    assert!(text.len() > 1 << 20);
    text
}

const LARGE: &str = r#"
dgpf: 1
id: large
version: 1.0.0
title: Large
unit: {key: unit, codes: any}
codes: {NA: missing}
levels: [{id: low, from: 0}, {id: high, from: 0.5}]
ranking: {}
facets: [{id: rules, title: Rules}, {id: use, title: Use}]
indicators:
  - {id: law, question: Law?, scale: {"no": 0, "yes": 1}, facet: rules}
  - {id: share, question: Share?, number: {from: 0, to: 100}, facet: [rules, use]}
"#;

fn score_large(text: &str, arguments: &str) -> Run {
    Run::new(&format!(
        "score responses.csv -f framework.yaml {arguments}"
    ))
    .file("framework.yaml", LARGE)
    .file("responses.csv", text)
    .stderr_has("note[unread-columns]")
}

/// The same where it is read as a whole, as it is to know which of several rows of a unit count.
fn score_whole(text: &str, arguments: &str) -> Run {
    score_large(text, &format!("{arguments} --on-duplicate first"))
}

#[test]
fn a_large_file_gives_what_it_gives_as_a_whole() {
    for (ascending, arguments) in [
        (true, "--format csv-wide --with level,rank"),
        (true, "--format csv-wide --depth 0"),
        (false, "--format csv-wide --with level,rank --order input"),
        (false, "--format csv-wide --with level,rank"),
        (true, "--format csv"),
        (false, "--format csv"),
        (false, "--format csv --depth 0 --order input"),
        (true, "--format csv --facets"),
        (false, "--format csv --facets --order input"),
    ] {
        let text = large(ascending);
        let left = score_large(&text, &format!("{arguments} -o scores.csv"))
            .stdout("")
            .code(0);
        let pieces = left.text("scores.csv");
        assert_eq!(
            left.files(),
            ["framework.yaml", "responses.csv", "scores.csv"]
        );
        score_large(&text, arguments).stdout(&pieces).code(0);
        score_whole(&text, arguments).stdout(&pieces).code(0);
    }
}

#[test]
fn ranks_come_to_their_rows_whatever_units_are_called() {
    // Line breaks, quotes, and what an empty cell at the end of a line looks like.
    let framework = LARGE.replace("ranking: {}", "ranking: {among: some}").replace(
        "unit: {key: unit, codes: any}",
        "unit: {key: unit, codes: any}\nattributes: {kind: text}\ngroups: [{id: some, where: {kind: a}}]",
    );
    let mut text = String::from("unit,kind,law,share,note\n");
    for row in 0..15_000_u32 {
        let unit = ["a,\n,", "\"\"", ",\n\"\",\n"][(row % 3) as usize];
        let kind = ["a", "b"][usize::from(row % 5 == 0)];
        writeln!(text, "\"U{row:05}{unit}\",{kind},yes,{},", row * 7 % 101)
            .expect("a text takes everything");
    }
    assert!(text.len() > 256 << 10);
    for arguments in ["--format csv", "--format csv-wide --with level,rank"] {
        let run = |score: fn(&str, &str) -> Run| {
            let run = score(&text, arguments).file("framework.yaml", &framework);
            run.code(0).stdout
        };
        assert!(run(score_large) == run(score_whole), "{arguments}");
    }
}

/// The same framework, but units are compared: outliers are tamed, gaps filled, what is left is scaled, and the index again.
fn compared() -> String {
    LARGE
        .replace(
            "number: {from: 0, to: 100}",
            "number: {}, missing: mean, normalise: z-score, \
             treat: {winsorise: 3, skewness: 0.01, kurtosis: -2}",
        )
        .replace(
            "ranking: {}",
            "ranking: {}\nrange: unbounded\nindex: {normalise: min-max}",
        )
}

#[test]
fn a_large_file_whose_units_are_compared_gives_what_it_gives_as_a_whole() {
    for (ascending, arguments) in [
        (true, "--format csv-wide --with level,rank"),
        (false, "--format csv-wide --depth 0"),
        (false, "--format csv-wide --depth 0 --order input"),
    ] {
        let text = large(ascending);
        let framework = compared();
        let pieces = score_large(&text, &format!("{arguments} -o scores.csv"));
        let left = pieces.file("framework.yaml", &framework).code(0);
        let whole = score_whole(&text, arguments).file("framework.yaml", &framework);
        whole.stdout(&left.text("scores.csv")).code(0);
    }
}

#[test]
fn a_cohort_that_says_nothing_is_named_once_however_large_the_file() {
    let framework = LARGE.replace("ranking: {}", "range: unbounded").replace(
        "{id: share",
        "{id: same, question: The same?, number: {}, normalise: min-max}\n  - {id: share",
    );
    let text = large(true).replace("unit,law,share,note", "unit,law,share,same");
    let text: String = text
        .lines()
        .enumerate()
        .map(|(at, line)| match at {
            0 => format!("{line},note\n"),
            _ => line.replacen(",\"", ",7,\"", 1) + "\n",
        })
        .collect();
    let note = "note: no score for `same`: in its cohort ";
    let left = score_large(&text, "--format csv -o scores.csv")
        .file("framework.yaml", framework)
        .stderr_has(note)
        .code(0);
    assert_eq!(left.text("scores.csv").lines().count(), 1 + 8_000 * 4);
}

#[test]
fn answers_that_do_not_count_are_counted_over_all_of_a_large_file() {
    let goalposts = "number: {from: 0, to: 100}";
    let framework = LARGE.replace(goalposts, &format!("{goalposts}, when: {{law: \"yes\"}}"));
    let note = "\nnote: 1600 answers to `share` do not count: other answers fail their conditions (first: `U00001`)\n";
    let waves = framework.replace("ranking: {}", "period: year");
    let panel = panel().replace(",yes,", ",no,");
    let of_wave = |year: &str| {
        format!(
            "\nnote: 3000 answers to `share` do not count in {year}: other answers fail their conditions (first: `U0`)"
        )
    };
    let notes = ["9", "10", "11"].map(of_wave).concat() + "\n";
    for run in [score_large, score_whole] {
        run(&large(false), "--format csv -o scores.csv")
            .file("framework.yaml", &framework)
            .stderr_has(note)
            .code(0);
        run(&panel, "--format csv -o scores.csv")
            .file("framework.yaml", &waves)
            .stderr_has(&notes)
            .code(0);
    }
}

/// A panel of more than a megabyte, year by year, as panels often are.
fn panel() -> String {
    let mut text = String::from("unit,year,law,share,note\n");
    for year in [10, 9, 11] {
        for unit in 0..3_000_u32 {
            let note = "nothing to add ".repeat(8);
            let share = (unit * year) % 97;
            writeln!(text, "U{unit},{year},yes,{share},\"{note}\"")
                .expect("a text takes everything");
        }
    }
    assert!(text.len() > 1 << 20);
    text
}

#[test]
fn a_large_panel_may_stand_in_any_order() {
    for scaled in [
        "number: {from: 0, to: 100}",
        "number: {}, normalise: percentile",
    ] {
        let framework = LARGE
            .replace("number: {from: 0, to: 100}", scaled)
            .replace("ranking: {}", "period: year");
        let pieces = score_large(&panel(), "--format csv -o scores.csv");
        let left = pieces.file("framework.yaml", &framework).code(0);
        let scores = left.text("scores.csv");
        assert!(scores.contains("\nU1000,9,index,"));
        let whole = score_whole(&panel(), "--format csv").file("framework.yaml", &framework);
        whole.stdout(&scores).code(0);
    }
}

#[test]
fn a_panel_may_come_as_a_file_a_wave() {
    let panel = panel();
    let (header, rows) = panel.split_once('\n').expect("it has a header");
    let wave = |year: &str| {
        let rows = rows.split_inclusive('\n');
        let rows = rows.filter(|row| row.split(',').nth(1) == Some(year));
        format!("{header}\n{}", rows.collect::<String>())
    };
    let framework = LARGE
        .replace(
            "number: {from: 0, to: 100}",
            "number: {}, normalise: z-score",
        )
        .replace("ranking: {}", "range: unbounded\nperiod: year\nranking: {}");
    let one = score_large(&panel, "--format csv -o scores.csv").file("framework.yaml", &framework);
    let scores = one.code(0).text("scores.csv");
    for order in [["9", "10", "11"], ["11", "9", "10"]] {
        let [first, second, third] = order.map(wave);
        let run = score_large(&first, "second.csv third.csv --format csv -o scores.csv");
        let run = run
            .file("framework.yaml", &framework)
            .file("second.csv", second)
            .file("third.csv", third);
        let left = run
            .stderr_has("  ::: second.csv:1\n  ::: third.csv:1")
            .code(0);
        assert!(left.text("scores.csv") == scores);
    }
}

#[test]
fn a_period_of_a_large_panel_is_what_it_is_as_a_whole() {
    let framework = LARGE
        .replace(
            "number: {from: 0, to: 100}",
            "number: {}, normalise: min-max",
        )
        .replace("ranking: {}", "period: year");
    let run = |score: fn(&str, &str) -> Run, arguments: &str| {
        score(&panel(), arguments).file("framework.yaml", &framework)
    };
    for (period, shown) in [("10", "10"), ("latest", "11")] {
        for format in ["csv", "csv-wide --with rank --depth 0"] {
            let arguments = format!("--format {format} --period {period}");
            let pieces = run(score_large, &arguments).code(0).stdout;
            let first = pieces.lines().nth(1).expect("a row below the header");
            assert!(first.starts_with(&format!("U0,{shown},")), "{first}");
            run(score_whole, &arguments).stdout(&pieces).code(0);
        }
    }
    let told = "--period 12: no such period; there are `9`, `10` and `11`";
    let asked = "--format csv -o scores.csv --period 12";
    run(score_large, asked).stderr_has(told).code(2);
}

#[test]
fn the_framework_of_a_large_file_is_found_by_its_columns() {
    let text = large(true);
    for arguments in [
        "--format csv-wide --depth 0",
        "--format csv-wide --facets",
        "--format json",
    ] {
        let named = score_large(&text, arguments).code(0).stdout;
        let run = Run::new(&format!("score responses.csv {arguments} -o scores.txt"))
            .file("frameworks/large.yaml", LARGE)
            .file("responses.csv", &text);
        let (left, stderr) = run.any_code();
        assert!(left.text("scores.txt") == named, "{arguments}");
        let told = "note: framework `large` 1.0.0 (frameworks/large.yaml), found by the columns of `responses.csv`";
        // Once, whether it is read in pieces or as a whole.
        assert_eq!(stderr.matches(told).count(), 1, "{stderr}");
    }
}

#[test]
fn what_is_no_plain_text_is_read_as_a_whole_however_large() {
    let text = large(true);
    let expected = score_large(&text, "--format csv").code(0).stdout;
    let utf_16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let found = Run::new("score responses.csv --format csv")
        .file("frameworks/large.yaml", LARGE)
        .file("responses.csv", utf_16);
    assert!(found.stderr_has("found by the columns").code(0).stdout == expected);
    let saved = score_large(&text, "--format json").code(0).stdout;
    assert!(saved.len() > 1 << 20);
    let again = |files: &str| {
        Run::new(&format!("score {files} --format csv"))
            .file("scores.json", &saved)
            .file("responses.csv", &text)
    };
    assert!(again("scores.json").stderr("").code(0).stdout == expected);
    again("scores.json responses.csv")
        .stderr_has("`scores.json` is a saved result")
        .code(2);
}

#[test]
fn a_large_standard_input_gives_what_the_file_gives() {
    let text = large(false);
    let framework = compared();
    let from = |file: &str| {
        let arguments = "--format csv-wide --with level,rank -o scores.csv";
        let run = Run::new(&format!("score {file} -f framework.yaml {arguments}"));
        let run = run.file("framework.yaml", &framework);
        run.file("responses.csv", &text).stdin(&text)
    };
    let file = from("responses.csv").stderr_has("--> responses.csv:1\n");
    let input = from("-").stderr_has("--> <stdin>:1\n");
    let [file, input] = [file, input].map(|run| run.code(0).text("scores.csv"));
    assert!(input == file);
    // What is wrong is found in it, too.
    let text = large(true) + "V,perhaps,3,\n";
    Run::new("score - -f framework.yaml --format csv-wide -o scores.csv")
        .file("framework.yaml", LARGE)
        .stdin(&text)
        .stderr_has("<stdin>:8002:2")
        .code(1);
}

#[test]
fn a_mistake_in_a_large_file_leaves_nothing() {
    let text = large(true) + "V,perhaps,3,\nU00007,yes,3,\n";
    let left = score_large(&text, "--format csv-wide -o scores.csv")
        .stderr_has("responses.csv:8002:2")
        .stderr_has("error[duplicate-row]")
        .code(1);
    assert_eq!(left.files(), ["framework.yaml", "responses.csv"]);
}
