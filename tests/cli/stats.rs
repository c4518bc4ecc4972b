//! `dgpf stats`, and what is scored with the file that it writes.

use crate::run::{Left, Run};

const FRAMEWORK: &str = "\
dgpf: 1
id: speeds
version: 1.0.0
unit: {key: city, codes: any}
range: unbounded
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
    let framework = FRAMEWORK.replace("unit:", "index: {id: index, normalise: min-max}\nunit:");
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

/// Two later cities. Among those of then, with speeds from 10 to 50, 30 is halfway; the mean price is 5.
const LATER: &str = "\
city,speed,price,ranked
e,30,4,5
f,45,3,1
";

/// The framework, both waves, the statistics of the first one, and the result of the second one scored with them.
fn later(command: &str) -> Run {
    let frozen = statistics(ALL);
    let saved = Run::new("score later.csv -f speeds.yaml --stats old/stats.json --format json")
        .file("speeds.yaml", FRAMEWORK)
        .file("later.csv", LATER)
        .file("old/stats.json", &frozen)
        .code(0)
        .stdout;
    Run::new(command)
        .file("speeds.yaml", FRAMEWORK)
        .file("responses.csv", ALL)
        .file("later.csv", LATER)
        .file("stats.json", frozen)
        .file("result.json", saved)
}

#[test]
fn a_result_keeps_the_cohort_that_it_was_scored_against() {
    let saved = later("score result.json --format json").code(0).stdout;
    // To the same bytes, wherever the file lay.
    later("score later.csv -f speeds.yaml --stats stats.json --format json")
        .stdout(&saved)
        .code(0);
    assert!(saved.contains("\"stats\": \"stats.json\""), "{saved}");
    // What it was compared with is written again as it was.
    later("stats result.json").stdout(&statistics(ALL)).code(0);
    let bare = later("score result.json --format json --without-answers");
    let bare = bare.code(0).stdout;
    assert!(!bare.contains("\"cohorts\""), "{bare}");
    assert!(bare.contains("\"stats\": {\n    \"sha256\": \""), "{bare}");
}

#[test]
fn what_is_made_of_a_result_is_what_is_made_of_its_responses_with_the_statistics() {
    for command in [
        "explain {} e",
        "explain {} e --format json",
        "explain {} f speed",
        "improve {} e",
        "improve {} e --to-score 0.6",
        "improve {} e --set speed=50",
        "compare {} --units e,f",
        "gate {} --fail-under 0.1",
        "coherence {}",
        "coherence {} --format json",
        "score {} --format csv",
        "score {}",
    ] {
        let answers = later(&command.replace("{}", "later.csv"));
        let answers = answers.argument("-f").argument("speeds.yaml");
        let answers = answers.argument("--stats").argument("stats.json");
        let (answers, _) = answers.any_code();
        assert!(!answers.stdout.is_empty(), "{command}");
        let (saved, said) = later(&command.replace("{}", "result.json")).any_code();
        assert_eq!(saved.stdout, answers.stdout, "{command}: {said}");
    }
    let site = |files: &str| {
        let left = later(&format!("scorecards {files} -o site"));
        left.stderr_has("files").code(0).text("site/e.html")
    };
    assert!(site("result.json") == site("later.csv -f speeds.yaml --stats stats.json"));
}

#[test]
fn an_explanation_tells_the_cohort_that_is_frozen() {
    // (30 − 10) ÷ (50 − 10), over the four of then and not the two of now.
    later("explain result.json e speed")
        .stdout_has("from 10 to 50 over 4 values of the frozen cohort = 0.5")
        .code(0);
    later("explain result.json e speed --lang fr")
        .stderr_has("its texts are in one language")
        .stdout_has("sur 4 valeurs de la cohorte figée = 0,5")
        .code(0);
    // Σ (x − 5)² = 4 + 0 + 1 + 9 = 14; √(14 ÷ 3) = 2.16….
    later("explain result.json e price --format json")
        .stdout_has("\"frozen\": true")
        .stdout_has("\"mean\": 5.0")
        .stdout_has("\"sd\": 2.1602468994692")
        .code(0);
}

#[test]
fn a_result_with_its_cohort_is_verified() {
    let holds = "`result.json` holds: 2 observations, 4 nodes, the same to the last byte\n";
    let answers = "not checked: that its answers, notes and line numbers and the hash beside them are those of the responses; name these with --responses\n";
    let cohort =
        "not checked: that its cohort is the one of `stats.json`; name that file with --stats\n";
    let framework = "not checked: that the framework in it is yours; name yours with --framework\n";
    for (arguments, unchecked) in [
        ("", [answers, framework, cohort]),
        ("-f speeds.yaml", [answers, "", cohort]),
        ("-r later.csv -f speeds.yaml", ["", "", cohort]),
        ("--stats stats.json", [answers, framework, ""]),
        (
            "-r later.csv -f speeds.yaml --stats stats.json",
            ["", "", ""],
        ),
    ] {
        later(&format!("verify result.json {arguments}"))
            .stdout(&format!("{holds}{}", unchecked.concat()))
            .code(0);
    }
    // Another cohort is not taken in its place.
    let other = statistics("city,speed,price,ranked\na,10,3,1\nb,20,5,2\nd,60,8,7\n");
    later("verify result.json --stats other.json")
        .file("other.json", &other)
        .stdout_has("`result.json` does not hold\n  stats: it was scored against another cohort\n")
        .code(1);
    // One that was published without answers has none.
    let bare = later("score result.json --format json --without-answers");
    let bare = bare.code(0).stdout;
    later("verify bare.json -r later.csv -f speeds.yaml")
        .file("bare.json", &bare)
        .stdout("")
        .stderr("error: `bare.json` was scored against a cohort (`--stats stats.json`) that is not in it: name that file with --stats, or score the responses with it anew\n")
        .code(2);
    later("verify bare.json -r later.csv -f speeds.yaml --stats stats.json")
        .file("bare.json", &bare)
        .stdout("`bare.json` holds: 2 observations, 4 nodes, the same to the last byte\n")
        .code(0);
}

#[test]
fn another_cohort_than_that_of_the_result_is_for_scoring_anew_alone() {
    let other = statistics("city,speed,price,ranked\na,10,3,1\nb,20,5,2\nd,60,8,7\n");
    later("explain result.json e --stats other.json")
        .file("other.json", &other)
        .stdout("")
        .stderr("error: `result.json` was scored against another cohort (`--stats stats.json`), which is in it: leave out --stats, or score it anew first with `dgpf score result.json --stats other.json -o FILE.json`\n")
        .code(2);
    later("explain result.json e speed --stats stats.json")
        .stdout_has("= 0.5")
        .code(0);
    // (30 − 10) ÷ (60 − 10).
    let anew = later("score result.json --stats other.json --format json");
    let anew = anew.file("other.json", &other).code(0).stdout;
    later("explain anew.json e speed")
        .file("anew.json", anew)
        .stdout_has("from 10 to 60 over 3 values of the frozen cohort = 0.4")
        .code(0);
}

/// As it was saved before results kept their cohort.
fn earlier() -> String {
    let saved = later("score result.json --format json").code(0).stdout;
    let saved = saved.replace("\"schema_version\": \"1.2\"", "\"schema_version\": \"1.1\"");
    let stats = saved.find("  \"stats\": {").expect("it states the cohort");
    let options = saved.find("  \"options\": {").expect("it states options");
    let cohorts = saved.find(",\n    \"cohorts\": [").expect("it keeps them");
    format!(
        "{}{}\n  }}\n}}\n",
        &saved[..stats],
        &saved[options..cohorts]
    )
}

#[test]
fn a_result_of_a_cohort_that_is_not_in_it_is_not_scored_against_itself() {
    let why = "error: `earlier.json` was scored against a cohort (`--stats stats.json`) that is not in it: name that file with --stats, or score the responses with it anew\n";
    for command in [
        "explain earlier.json e",
        "score earlier.json",
        "improve earlier.json e",
        "verify earlier.json",
        "gate earlier.json --fail-under 0.1",
        "compare earlier.json later.csv -f speeds.yaml",
        "scorecards earlier.json -o site",
        "coherence earlier.json",
        "stats earlier.json",
    ] {
        later(command)
            .file("earlier.json", earlier())
            .stdout("")
            .stderr(why)
            .code(2);
    }
    let saved = later("score result.json --format json").code(0).stdout;
    later("score earlier.json --stats stats.json --format json")
        .file("earlier.json", earlier())
        .stdout(&saved)
        .code(0);
    later("explain earlier.json e speed --stats stats.json")
        .file("earlier.json", earlier())
        .stdout_has("over 4 values of the frozen cohort = 0.5")
        .code(0);
    later("report earlier.json")
        .file("earlier.json", earlier())
        .stdout_has("0.5")
        .code(0);
}

#[test]
fn a_cohort_in_a_result_that_is_not_as_it_was_written_is_refused() {
    let saved = later("score result.json --format json").code(0).stdout;
    for (old, new, why) in [
        (
            "[10.0, 1]",
            "[11.0, 1]",
            "cohorts of the inputs: they are not those that it names",
        ),
        (
            "[10.0, 1]",
            "[10.0, 18446744073709551615]",
            "cohorts of the inputs: `speed` before `normalise`: with it there are more than 268435456 values",
        ),
        (
            "\"node\": \"speed\"",
            "\"node\": \"sped\"",
            "cohorts of the inputs: `sped` before `normalise`: the framework has no such node",
        ),
        (
            "\"before\": \"normalise\"",
            "\"before\": \"treat\"",
            "cohorts of the inputs: it holds no values of `speed` before `normalise`",
        ),
        (
            "[10.0, 1]",
            "[null, 1]",
            "not a result of dgpf: invalid type: null, expected f64 at line ",
        ),
        (
            "[10.0, 1]",
            "[10.0]",
            "not a result of dgpf: invalid length 1",
        ),
        (
            "\"cohorts\": [",
            "\"cohort\": [",
            "cohorts of the inputs: it holds no values of `speed` before `normalise`",
        ),
    ] {
        let broken = saved.replacen(old, new, 1);
        assert_ne!(broken, saved, "{old}");
        later("explain broken.json e")
            .file("broken.json", broken)
            .stdout("")
            .stderr_has(&format!("error: cannot read `broken.json`: {why}"))
            .code(2);
    }
}

#[test]
fn statistics_are_not_written_over() {
    for command in [
        "score later.csv -f speeds.yaml",
        "explain later.csv e -f speeds.yaml",
        "improve later.csv e -f speeds.yaml",
        "compare responses.csv later.csv -f speeds.yaml",
        "gate later.csv --fail-under 0.1 -f speeds.yaml",
        "coherence later.csv -f speeds.yaml",
        "sql -f speeds.yaml --dialect duckdb",
    ] {
        let left = later(&format!("{command} --stats stats.json -o stats.json"))
            .stdout("")
            .stderr("error: cannot write `stats.json`: it is one of the inputs\n")
            .code(2);
        assert_eq!(left.text("stats.json"), statistics(ALL), "{command}");
    }
}

#[test]
fn ranks_are_not_drawn_beside_a_frozen_cohort() {
    later("robustness result.json")
        .stdout("")
        .stderr("error: `result.json` was scored against a frozen cohort (`--stats stats.json`), and robustness ranks units among themselves again and again: take the responses, or a result that was scored without --stats\n")
        .code(2);
    later("scorecards result.json --draws 100 -o site")
        .stdout("")
        .stderr("error: --draws varies ranks, and beside a frozen cohort there are none: leave out --draws, or score without --stats\n")
        .code(2);
}

#[test]
fn a_cohort_that_was_found_with_other_weights_is_not_taken() {
    let framework = format!(
        "{FRAMEWORK}weight-sets: {{fast: {{weights: {{speed: 8, price: 1, ranked: 1}}}}}}\n"
    );
    let run = |command: &str| {
        Run::new(command)
            .file("speeds.yaml", &framework)
            .file("responses.csv", ALL)
            .file("later.csv", LATER)
    };
    let fast = run("stats responses.csv -f speeds.yaml --weights FAST")
        .code(0)
        .stdout;
    let plain = run("stats responses.csv -f speeds.yaml").code(0).stdout;
    let run = |command: &str| {
        run(command)
            .file("fast.json", &fast)
            .file("plain.json", &plain)
    };
    let make = "score later.csv -f speeds.yaml --weights fast --stats fast.json --format json";
    let saved = run(make).code(0).stdout;
    let on = |command: &str| run(command).file("result.json", &saved);
    on("score result.json --format json").stdout(&saved).code(0);
    on("score result.json --stats fast.json --format json")
        .stdout(&saved)
        .code(0);
    on("stats result.json").stdout(&fast).code(0);
    on("verify result.json -r later.csv -f speeds.yaml --stats fast.json")
        .stdout_has("the same to the last byte\n")
        .code(0);
    on("explain result.json e --stats plain.json")
        .stderr("error: `plain.json`: it was made with the framework's own weights, not with the weights `fast`\n")
        .code(2);
    let plain = run("score later.csv -f speeds.yaml --stats plain.json --format json");
    let plain = plain.code(0).stdout;
    run("explain plain-result.json e --weights fast")
        .file("plain-result.json", plain)
        .stderr("error: `plain-result.json` was scored against a cohort (`--stats plain.json`) that was found with other weights: freeze one with `dgpf stats --weights fast` and name it with --stats\n")
        .code(2);
}

/// One number, from the lowest of a cohort to its highest; scores from 0 to 1.
const ONE: &str = "\
dgpf: 1
id: one
version: 1.0.0
unit: {key: city, codes: any}
period: year
indicators:
  - {id: speed, number: {}, normalise: min-max}
";

/// Statistics of a cohort of two in a year.
fn from_zero_to(high: u32, year: u32) -> String {
    Run::new("stats responses.csv -f one.yaml")
        .file("one.yaml", ONE)
        .file(
            "responses.csv",
            format!("city,year,speed\na,{year},0\nb,{year},{high}\n"),
        )
        .code(0)
        .stdout
}

/// What moved the index of `x`: answers, framework, coverage, cohort.
fn causes(run: Run) -> [f64; 4] {
    let text = run.code(0).stdout;
    let row = text.lines().find(|line| line.starts_with("x,both,index,"));
    let cells = row
        .unwrap_or_else(|| panic!("{text}"))
        .split(',')
        .skip(7)
        .take(4);
    let parts: Vec<f64> = cells.map(|cell| cell.parse().expect("a number")).collect();
    parts.try_into().expect("four causes")
}

#[test]
fn what_another_frozen_cohort_moved_is_told_apart_from_answers() {
    let (slow, fast) = (from_zero_to(10, 2020), from_zero_to(20, 2021));
    let result = |year: u32, speed: u32, statistics: &str| {
        Run::new("score responses.csv -f one.yaml --stats stats.json --format json")
            .file("one.yaml", ONE)
            .file(
                "responses.csv",
                format!("city,year,speed\nx,{year},{speed}\n"),
            )
            .file("stats.json", statistics)
            .code(0)
            .stdout
    };
    let compared = |old: &str, new: &str| {
        Run::new("compare old.json new.json --format csv")
            .file("old.json", old)
            .file("new.json", new)
    };
    let near = |found: [f64; 4], wanted: [f64; 4]| {
        let close = found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(close, "{found:?}, not {wanted:?}");
    };
    let old = result(2022, 5, &slow);
    // The same cohort: 0.5 → 0.8.
    near(
        causes(compared(&old, &result(2023, 8, &slow))),
        [0.3, 0.0, 0.0, 0.0],
    );
    // The same answer, 5 of 10 and 5 of 20.
    near(
        causes(compared(&old, &result(2023, 5, &fast))),
        [0.0, 0.0, 0.0, -0.25],
    );
    // Twice the answer among twice as fast ones. 5 → 10 is +0.5 among the old and +0.25 among the new; the new cohort
    // makes 0.25 of 0.5 with the old answer, and 0.5 of 1 with the new one.
    near(
        causes(compared(&old, &result(2023, 10, &fast))),
        [0.375, 0.0, 0.0, -0.375],
    );
    // Two periods of one cohort are two cohorts.
    let both = Run::new("stats responses.csv -f one.yaml")
        .file("one.yaml", ONE)
        .file(
            "responses.csv",
            "city,year,speed\na,2022,0\nb,2022,10\na,2023,0\nb,2023,20\n",
        )
        .code(0)
        .stdout;
    let (old, new) = (result(2022, 5, &both), result(2023, 10, &both));
    near(causes(compared(&old, &new)), [0.375, 0.0, 0.0, -0.375]);
    // A wave that the cohort did not have is compared with the last one.
    near(causes(compared(&new, &result(2024, 10, &both))), [0.0; 4]);
    Run::new("explain new.json x speed")
        .file("new.json", result(2024, 10, &both))
        .stdout_has("from 0 to 20 over 2 values of the frozen cohort in 2023 = 0.5")
        .code(0);
}

/// Last year's result is the baseline, and last year's cohort what this year is measured against.
#[test]
fn this_year_is_judged_against_last_year_and_its_cohort() {
    let last = "city,year,speed\na,2022,0\nx,2022,10\n";
    let run = |command: &str| {
        Run::new(command)
            .file("one.yaml", ONE)
            .file("last.csv", last)
            .file("this.csv", "city,year,speed\na,2023,0\nx,2023,4\n")
    };
    let statistics = run("stats last.csv -f one.yaml").code(0).stdout;
    let last = run("score last.csv -f one.yaml --format json")
        .code(0)
        .stdout;
    let run = |command: &str| {
        run(command)
            .file("stats.json", &statistics)
            .file("last.json", &last)
    };
    let this = run("score this.csv -f one.yaml --stats stats.json --format json")
        .code(0)
        .stdout;
    for now in ["this.json", "this.csv -f one.yaml --stats stats.json"] {
        run(&format!("gate {now} --baseline last.json --max-drop 0.5"))
            .file("this.json", &this)
            .stderr_has("x: `index` is 0.4, was 1: worse by 0.6, more than 0.5")
            .code(1);
        run(&format!("gate {now} --baseline last.json --max-drop 0.7"))
            .file("this.json", &this)
            .stdout_has("every rule holds")
            .code(0);
    }
    // Measured by one cohort, nothing but the answer moved; last year among themselves, x was a part of it.
    let by_both = "compare last.json this.csv -f one.yaml --stats stats.json --format csv";
    let found = causes(run(by_both));
    assert!(
        (found[0] + 0.6).abs() < 1e-12 && found[3].abs() < 1e-12,
        "{found:?}"
    );
    let found = causes(run("compare last.json this.json --format csv").file("this.json", &this));
    assert!((found.iter().sum::<f64>() + 0.6).abs() < 1e-12, "{found:?}");
    assert!(found[1].abs() < 1e-12, "no framework changed: {found:?}");
}
