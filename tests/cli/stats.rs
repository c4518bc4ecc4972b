//! `dgpf stats`, and what is scored with the file that it writes.

use crate::run::{Left, Run};

const FRAMEWORK: &str = "\
dgpf: 1
id: speeds
version: 1.0.0
unit: {key: city, codes: any}
indicators:
  - {id: speed, number: {}, normalise: min-max}
  - {id: price, number: {better: lower}, normalise: z-score}
  - {id: ranked, number: {}, normalise: percentile}
";

const ALL: &str = "\
city,speed,price,ranked
a,10,3,1
b,20,5,2
c,40,4,2
d,50,8,7
";

fn statistics(responses: &str) -> String {
    let left = Run::new("stats responses.csv -f speeds.yaml")
        .file("speeds.yaml", FRAMEWORK)
        .file("responses.csv", responses)
        .code(0);
    left.stdout
}

fn scored(responses: &str, statistics: &str) -> String {
    let left: Left = Run::new("score responses.csv -f speeds.yaml --stats stats.json --format csv")
        .file("speeds.yaml", FRAMEWORK)
        .file("responses.csv", responses)
        .file("stats.json", statistics)
        .code(0);
    left.stdout
}

#[test]
fn statistics_hold_every_value_of_the_cohort() {
    let text = statistics(ALL);
    let speed = r#"{"node":"speed","before":"normalise","period":null,"reference":null,"values":[[10.0,1],[20.0,1],[40.0,1],[50.0,1]]}"#;
    assert!(
        text.contains(speed)
            || text.contains(&speed.replace("null,\"reference\"", "\"\",\"reference\"")),
        "{text}"
    );
    assert!(text.contains("[2.0,2]"), "{text}");
}

#[test]
fn parts_are_scored_to_the_same_bytes_as_the_whole() {
    let frozen = statistics(ALL);
    let whole = scored(ALL, &frozen);
    let header = ALL.lines().next().expect("a header");
    let mut parts = String::new();
    for (at, line) in ALL.lines().skip(1).enumerate() {
        let part = scored(&format!("{header}\n{line}\n"), &frozen);
        let from = usize::from(at > 0);
        parts.extend(part.lines().skip(from).map(|line| format!("{line}\n")));
    }
    assert_eq!(whole, parts);
    assert!(whole.contains("a,,speed,indicator,0,1,0,0,,\n"), "{whole}");
}

#[test]
fn statistics_of_parts_are_merged_to_the_same_bytes() {
    let header = ALL.lines().next().expect("a header");
    let part = |lines: [usize; 2]| {
        let lines = lines.map(|line| ALL.lines().nth(line).expect("a line"));
        statistics(&format!("{header}\n{}\n", lines.join("\n")))
    };
    let left = Run::new("stats --merge 1.json 2.json -f speeds.yaml")
        .file("speeds.yaml", FRAMEWORK)
        .file("1.json", part([3, 1]))
        .file("2.json", part([4, 2]))
        .code(0);
    assert_eq!(left.stdout, statistics(ALL));
}

/// More than a megabyte.
fn many() -> (String, Vec<String>) {
    let note = "nothing to add ".repeat(8);
    let row = |at: u32| {
        let (speed, price) = (at * 7 % 1013, f64::from(at * 13 % 101) / 7.0);
        format!("c{at:05},{speed},{price},{},{note}\n", at % 5)
    };
    let header = "city,speed,price,ranked,note\n".to_owned();
    (header, (0..8_000).map(row).collect())
}

#[test]
fn a_large_file_gives_the_same_bytes_as_its_parts_read_as_a_whole() {
    let framework = FRAMEWORK.replace(
        "unit:",
        "index: {id: index, normalise: min-max}\nrange: unbounded\nunit:",
    );
    let framework = framework.replace(
        "number: {}, normalise: min-max",
        "number: {}, normalise: min-max, treat: {}",
    );
    let (header, rows) = many();
    let (one, two) = rows.split_at(4_500);
    let (one, two) = (
        header.clone() + &one.concat(),
        header.clone() + &two.concat(),
    );
    let all = header.clone() + &rows.concat();
    assert!(all.len() > 1 << 20);
    let mut other = rows.clone();
    other.reverse();
    let other = header + &other.concat();
    let run = |arguments: &str| {
        Run::new(arguments)
            .file("speeds.yaml", &framework)
            .file("1.csv", &one)
            .file("2.csv", &two)
            .file("all.csv", &all)
            .file("other.csv", &other)
            .stderr_has("note[unread-columns]")
    };
    let whole = run("stats 1.csv 2.csv -f speeds.yaml").code(0).stdout;
    for large in ["all.csv", "other.csv"] {
        let pieces = run(&format!("stats {large} -f speeds.yaml")).code(0).stdout;
        assert!(pieces == whole, "{large}");
    }
    // And what is scored with them.
    let scored = |files: &str, output: &str| {
        run(&format!(
            "score {files} -f speeds.yaml --stats stats.json --format csv {output}"
        ))
        .file("stats.json", &whole)
    };
    let pieces = scored("all.csv", "-o scores.csv")
        .code(0)
        .text("scores.csv");
    assert!(scored("1.csv 2.csv", "").code(0).stdout == pieces);
}

#[test]
fn what_is_scaled_after_something_else_is_not_merged() {
    let framework = FRAMEWORK.replace("unit:", "index: {id: index, normalise: min-max}\nunit:");
    let one = Run::new("stats responses.csv -f speeds.yaml -o 1.json")
        .file("speeds.yaml", &framework)
        .file("responses.csv", ALL)
        .stdout("")
        .code(0)
        .text("1.json");
    Run::new("stats --merge 1.json -f speeds.yaml")
        .file("speeds.yaml", framework)
        .file("1.json", one)
        .stdout("")
        .stderr(
            "error: `index` is scaled after `speed`, whose cohort is not known before the merge: read all responses at once\n",
        )
        .code(1);
}

#[test]
fn other_comparisons_of_units_are_named() {
    let framework = FRAMEWORK.replace(
        "number: {}, normalise: percentile",
        "number: {}, missing: mean",
    );
    Run::new("stats responses.csv -f speeds.yaml")
        .file("speeds.yaml", framework)
        .file("responses.csv", ALL)
        .stdout("")
        .stderr(
            "error: `ranked`: the cohort's mean or median in a gap compares units in a way that cannot be frozen\n",
        )
        .code(1);
}

#[test]
fn statistics_of_another_framework_are_refused() {
    let frozen = statistics(ALL);
    let framework = FRAMEWORK.replace("1.0.0", "1.0.1");
    Run::new("score responses.csv -f speeds.yaml --stats stats.json")
        .file("speeds.yaml", framework)
        .file("responses.csv", ALL)
        .file("stats.json", frozen)
        .stderr(
            "error: `stats.json`: it was made with another framework, or another version of `speeds`\n",
        )
        .code(2);
}

#[test]
fn statistics_that_are_not_as_they_were_written_are_refused() {
    let frozen = statistics(ALL);
    let refused = |broken: &str, why: &str| {
        assert_ne!(broken, frozen, "{why}");
        Run::new("score responses.csv -f speeds.yaml --stats stats.json")
            .file("speeds.yaml", FRAMEWORK)
            .file("responses.csv", ALL)
            .file("stats.json", broken)
            .stdout("")
            .stderr_has(&format!("error: `stats.json`: {why}"))
            .code(2);
    };
    for (old, new, why) in [
        (
            r#""node":"speed""#,
            r#""node":"sped""#,
            "`sped` before `normalise`: the framework has no such node",
        ),
        (
            r#""node":"speed""#,
            r#""node":"price""#,
            "`price` before `normalise`: it is there twice",
        ),
        (
            r#""before":"normalise""#,
            r#""before":"treat""#,
            "it holds no values of `speed` before `normalise`",
        ),
        (
            r#""before":"normalise""#,
            r#""before":"fill""#,
            "it is not laid out as `dgpf stats` writes it: unknown variant `fill`",
        ),
        (
            "[10.0,1]",
            "[null,1]",
            "it is not laid out as `dgpf stats` writes it: invalid type: null",
        ),
        ("[10.0,1]", "[NaN,1]", "no JSON, or not all of it: expected"),
        (
            "[10.0,1]",
            "[1e999,1]",
            "no JSON, or not all of it: number out of range",
        ),
        (
            "[10.0,1]",
            "[10.0,-1]",
            "it is not laid out as `dgpf stats` writes it: invalid value",
        ),
        (
            "[10.0,1]",
            "[10.0,18446744073709551615]",
            "`speed` before `normalise`: with it there are more than 268435456 values",
        ),
        (
            "[10.0,1]",
            "[10.0,268435455]",
            "`speed` before `normalise`: with it there are more than 268435456 values",
        ),
        (
            r#""weights":null"#,
            r#""weights":"fast""#,
            "it was made with the weights `fast`, not with the framework's own weights",
        ),
    ] {
        refused(&frozen.replacen(old, new, 1), why);
    }
    refused(
        &frozen[..frozen.len() / 2],
        "no JSON, or not all of it: EOF while parsing",
    );
    refused("{\"a\": 1}", "it was not written by `dgpf stats`");
    let start = frozen.find(r#"{"node":"speed""#).expect("it is scaled");
    let end = frozen.find(r#",{"node":"price""#).expect("the next one");
    let without = format!("{}{}", &frozen[..start], &frozen[end + 1..]);
    refused(&without, "it holds no values of `speed` before `normalise`");
}

#[test]
fn a_result_of_a_cohort_that_is_not_in_it_is_not_scored_against_itself() {
    let frozen = statistics(ALL);
    let make = "score responses.csv -f speeds.yaml --stats stats.json --format json";
    let saved = Run::new(make)
        .file("speeds.yaml", FRAMEWORK)
        .file(
            "responses.csv",
            "city,speed,price,ranked\nb,20,5,2\nc,40,4,2\n",
        )
        .file("stats.json", &frozen)
        .code(0)
        .stdout;
    let run = |command: &str| {
        Run::new(command)
            .file("result.json", &saved)
            .file("stats.json", &frozen)
    };
    let why = "error: `result.json` was scored with the values of a cohort (`--stats stats.json`), which are not in it";
    for command in [
        "explain result.json b",
        "score result.json",
        "improve result.json b",
    ] {
        run(command)
            .stdout("")
            .stderr(
                &(why.to_owned()
                    + ", and its units are not to be compared with each other: take the responses, or score it with \
                       `dgpf score result.json --stats FILE`\n"),
            )
            .code(2);
    }
    run("verify result.json")
        .stdout("")
        .stderr(
            &(why.to_owned() + ": score the responses with them again, and compare the files\n"),
        )
        .code(2);
    let again = run("score result.json --stats stats.json --format json").code(0);
    assert_eq!(again.stdout, saved);
}
