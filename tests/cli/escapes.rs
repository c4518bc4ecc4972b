//! Whatever stands in responses and frameworks, no output steers the terminal that shows it, and none is obeyed by what
//! opens it.

use std::collections::BTreeMap;

use crate::run::Run;

/// Escape sequences of terminals, marks of direction, markup of web pages and Markdown, formulas.
const FRAMEWORK: &str = r#"dgpf: 1
id: hostile
version: 1.0.0
title: "T \e[31mred\e[0m \e]0;title\a <b>x</b> | `a` [l](javascript:alert(1)) \u202Eabc \x9b31m"
description: "D <script>alert(1)</script> \e]0;t\a"
unit: {key: unit, codes: any}
range: [0, 100]
attributes: {region: text}
levels: [{id: low, title: "L <i>\e[31m|x", from: 0}, {id: high, title: "=cmd|' /C calc'!A0", from: 50}]
ranking: {}
scales:
  yes-no: {"no": 0, "yes": 1}
  odd: {"<b>\e[31m": 0, "=2+3": 0.5, "a|b": {score: 1, label: "A \e[1m <img src=x onerror=alert(1)>"}}
dimensions:
  - id: d1
    title: "D1 \e[32m <img src=x onerror=alert(1)> | *b*"
    indicators:
      - {id: q1, question: "Q1 \e[31m <b>| =1 \u2028 \u200b zero", scale: yes-no, advice: "do <b>this</b> \e[31m"}
      - {id: q2, question: "@SUM(1) \x07", scale: odd}
  - id: d2
    title: "+1"
    indicators:
      - {id: q3, question: "-1+1", number: {from: 0, to: 10}}
"#;

const RESPONSES: &str = "unit,region,q1,q2,q3
=1+1,\u{1b}[31mR,yes,a|b,5
<script>alert(1)</script>,@x,no,,7
\u{202e}abc|`x`,+y,yes,=2+3,
\u{1b}]0;owned\u{7}u,-z,no,<b>\u{1b}[31m,1
[l](http://x) *b*,\u{9b}31m,,,3
u\tv\u{7f},n\u{2028}l,yes,a|b,3
";

/// A unit whose name sets the title of a terminal.
const OWNED: &str = "\u{1b}]0;owned\u{7}u";

fn run(arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let run = arguments
        .iter()
        .fold(Run::new(""), |run, argument| run.argument(argument))
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
        .file("before.csv", RESPONSES.replace(",yes,", ",no,"))
        .env("TERM", "xterm");
    let (left, stderr) = run.any_code();
    let mut all = BTreeMap::from([
        ("stdout".to_owned(), left.stdout.clone().into_bytes()),
        ("stderr".to_owned(), stderr.into_bytes()),
    ]);
    let mut waiting = left.files();
    while let Some(name) = waiting.pop() {
        if left.is_directory(&name) {
            let inside = left.files_in(&name);
            waiting.extend(inside.iter().map(|file| format!("{name}/{file}")));
        } else if !["framework.yaml", "responses.csv", "before.csv"].contains(&name.as_str()) {
            all.insert(name.clone(), left.bytes(&name));
        }
    }
    all
}

/// What a terminal would act on, line ends and tabs apart. Marks of direction may stand in data.
fn steers(text: &str, marks: bool) -> Option<char> {
    let plain = ['\n', '\t'];
    let mut signs = text.chars().filter(|sign| !plain.contains(sign));
    signs.find(|&sign| {
        sign.is_control()
            || marks && matches!(sign, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

#[test]
fn no_output_steers_a_terminal() {
    let unit = [OWNED];
    let mut looked_at = 0;
    let of = |line: &str| -> Vec<String> {
        let words = line.split(' ');
        words.map(|word| word.replace("UNIT", unit[0])).collect()
    };
    for line in [
        "score responses.csv -f framework.yaml",
        "score responses.csv -f framework.yaml --format csv",
        "score responses.csv -f framework.yaml --format csv-wide",
        "score responses.csv -f framework.yaml --format sdmx-csv",
        "score responses.csv -f framework.yaml --format json",
        "score responses.csv -f framework.yaml --format markdown",
        "score responses.csv -f framework.yaml --format datapackage -o out",
        "score responses.csv -f framework.yaml --format badges -o out",
        "score responses.csv -f framework.yaml --format charts -o out",
        "scorecards responses.csv -f framework.yaml -o out",
        "explain responses.csv UNIT -f framework.yaml",
        "explain responses.csv UNIT -f framework.yaml --format markdown",
        "explain responses.csv UNIT -f framework.yaml --format json",
        "explain responses.csv UNIX -f framework.yaml",
        "improve responses.csv UNIT -f framework.yaml",
        "improve responses.csv UNIT -f framework.yaml --format csv",
        "improve responses.csv UNIT -f framework.yaml --format json",
        "compare before.csv responses.csv -f framework.yaml",
        "compare before.csv responses.csv -f framework.yaml --format csv",
        "compare before.csv responses.csv -f framework.yaml --format json",
        "compare before.csv responses.csv -f framework.yaml --format markdown",
        "robustness responses.csv -f framework.yaml --draws 20",
        "robustness responses.csv -f framework.yaml --draws 20 --format csv",
        "robustness responses.csv -f framework.yaml --draws 20 --format json",
        "coherence responses.csv -f framework.yaml",
        "coherence responses.csv -f framework.yaml --format csv",
        "coherence responses.csv -f framework.yaml --format json",
        "gate responses.csv -f framework.yaml --fail-under 40",
        "gate responses.csv -f framework.yaml --fail-under 40 --format json",
        "gate responses.csv -f framework.yaml --fail-under 40 --format sarif",
        "gate responses.csv -f framework.yaml --fail-under 40 --format junit",
        "gate responses.csv -f framework.yaml --fail-under 40 --format github",
        "check responses.csv -f framework.yaml",
        "import responses.csv -f framework.yaml",
        "import responses.csv -f framework.yaml -o long.csv --write-mapping mapping.yaml",
        "template -f framework.yaml --kind csv --prefill responses.csv",
        "template -f framework.yaml --kind csv-long --prefill responses.csv",
        "template -f framework.yaml --kind limesurvey",
        "template -f framework.yaml --kind markdown --prefill responses.csv",
        "sql -f framework.yaml --dialect postgres",
        "sql -f framework.yaml --dialect duckdb --checks",
        "sql -f framework.yaml --dialect duckdb --as dbt -o out",
        "stats responses.csv -f framework.yaml",
        "frameworks show framework.yaml",
        "frameworks check framework.yaml",
        "score UNIT -f framework.yaml",
        "score responses.csv -f UNIT",
        "score responses.csv -f framework.yaml -o UNIT/x.csv",
        "score responses.csv -f framework.yaml --format UNIT",
        "UNIT",
    ] {
        let arguments = of(line);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        for (name, bytes) in run(&arguments) {
            let text = String::from_utf8(bytes).expect("it is text");
            let table = ["csv", "limesurvey"]
                .iter()
                .any(|kind| name.contains(kind) || line.contains(kind));
            let found = steers(&text, !table || name == "stderr");
            assert_eq!(found, None, "{name} of `{line}`:\n{text:.2000}");
            assert!(
                !text.contains("<script>alert") || !name.ends_with("html"),
                "{name}"
            );
            assert!(
                !text.contains("<img src=x") || !name.ends_with("html"),
                "{name}"
            );
            looked_at += usize::from(!text.is_empty());
        }
    }
    assert!(looked_at > 60, "only {looked_at} outputs");
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    for line in [
        "score responses.csv -f framework.yaml --format csv",
        "score responses.csv -f framework.yaml --format csv-wide",
        "score responses.csv -f framework.yaml --format sdmx-csv",
        "score responses.csv -f framework.yaml --format datapackage -o out",
        "compare before.csv responses.csv -f framework.yaml --format csv",
        "robustness responses.csv -f framework.yaml --draws 20 --format csv",
        "import responses.csv -f framework.yaml -o long.csv",
        "template -f framework.yaml --kind csv --prefill responses.csv",
        "template -f framework.yaml --kind csv-long --prefill responses.csv",
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        for (name, bytes) in run(&arguments) {
            if name == "stderr" || !(name.ends_with("csv") || name == "stdout") {
                continue;
            }
            let text = String::from_utf8(bytes).expect("it is text");
            // None of the texts above holds a comma, a quotation mark or a line end.
            for cell in text.lines().flat_map(|line| line.split(',')) {
                let cell = cell.trim_matches('"');
                let number = cell.parse::<f64>().is_ok();
                let formula = cell.starts_with(['=', '+', '-', '@']) && !number;
                // The words of a report on the standard output are no cells.
                let report = name == "stdout" && line.contains("-o ");
                assert!(!formula || report, "{name} of `{line}`: {cell}");
            }
        }
    }
}

#[test]
fn what_is_guarded_is_read_as_it_was() {
    let framework = "dgpf: 1\nid: signs\nunit: {key: unit, codes: any}\nscales: {odd: {\"=2+3\": 0, \"-x\": 1}}\n\
                     indicators:\n  - {id: q1, scale: odd}\n  - {id: q2, number: {from: -10, to: 10}}\n";
    let responses = "unit,q1,q2\n=A,=2+3,-5\n+B,-x,5\n";
    let scores = |file: &str, text: &str| {
        let run = Run::new(&format!("score {file} -f framework.yaml --format csv-wide"));
        let run = run.file("framework.yaml", framework).file(file, text);
        run.code(0).stdout
    };
    for (line, cells) in [
        (
            "import responses.csv -f framework.yaml -o again.csv",
            "'=A,q1,'=2+3\n'=A,q2,-5\n",
        ),
        (
            "template -f framework.yaml --prefill responses.csv -o again.csv",
            "'=A,'=2+3,-5\n",
        ),
    ] {
        let run = Run::new(line).file("framework.yaml", framework);
        let again = run
            .file("responses.csv", responses)
            .any_code()
            .0
            .text("again.csv");
        assert!(again.contains(cells), "{again}");
        assert_eq!(
            scores("again.csv", &again),
            scores("responses.csv", responses)
        );
    }
}
