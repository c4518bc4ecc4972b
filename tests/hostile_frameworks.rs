//! Framework files nobody would write by hand: each ends in a message, soon, and nothing panics.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dgpf::framework::{self, Framework, Source, builtin};
use dgpf::problem::{self, Problem};

fn load(text: impl Into<String>) -> Result<Framework, Vec<Problem>> {
    let source = Source {
        name: Arc::from("hostile.yaml"),
        text: text.into(),
    };
    framework::load(&source, &|_| None).map(|loaded| loaded.framework)
}

/// The codes of what is wrong, each once, in order of first appearance; fails if that took long.
fn codes(text: impl Into<String>) -> Vec<&'static str> {
    let start = Instant::now();
    let problems = load(text).err().unwrap_or_default();
    let rendered = problem::render(&problems);
    let took = start.elapsed();
    // A second on the unoptimised build of a busy machine is a tenth of that for users.
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert!(
        rendered.len() < 1 << 20,
        "{} bytes of messages",
        rendered.len()
    );
    let mut codes = Vec::new();
    for problem in problems {
        if !codes.contains(&problem.kind.code()) {
            codes.push(problem.kind.code());
        }
    }
    codes
}

/// `line` for every number below `count`.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        text += &line(number);
        text.push('\n');
    }
    text
}

/// A framework whose tree is `body`.
fn with(body: &str) -> String {
    format!("dgpf: 1\nid: hostile\nscales: {{yes-no: {{\"no\": 0, \"yes\": 1}}}}\n{body}")
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        let _ = writeln!(text, "a{level}: &a{level} [{before}]");
    }
    assert_eq!(codes(text), ["too-many-values"]);
}

#[test]
fn merges_that_multiply_are_refused() {
    let mut text = String::from("a0: &a0 {k0: 0, l0: 0}\n");
    for level in 1..20 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        let _ = writeln!(text, "a{level}: &a{level} {{<<: [{before}], k{level}: 0}}");
    }
    assert_eq!(codes(text), ["too-many-values"]);
}

#[test]
fn nesting_without_end_is_refused() {
    for opening in ["[", "{a: ", "- ", "? "] {
        assert_eq!(codes(opening.repeat(100_000)), ["too-deep"], "{opening}");
    }
    let steps = lines(2_000, |step| " ".repeat(step) + "a:");
    assert_eq!(codes(steps), ["too-deep"]);
}

#[test]
fn ten_megabytes_on_one_line_are_not_read() {
    let text = format!("dgpf: 1\ntitle: {}\n", "x".repeat(10 << 20));
    assert_eq!(codes(text), ["file-too-large"]);
}

#[test]
fn a_long_line_is_not_quoted() {
    let text = with(&format!(
        "title: {}\nrange: unbounded\n",
        "x".repeat(3 << 20)
    ));
    assert_eq!(codes(text), ["no-tree"]);
    let text = with(&format!("{}: 1\nrange: unbounded\n", "x".repeat(900)));
    assert_eq!(codes(text), ["no-tree", "unknown-key"]);
}

#[test]
fn an_id_has_at_most_64_letters() {
    let named = |letters: usize| {
        let id = "q".repeat(letters);
        with(&format!("indicators: [{{id: {id}, scale: yes-no}}]\n"))
    };
    assert_eq!(codes(named(64)), Vec::<&str>::new());
    assert_eq!(codes(named(65)), ["not-an-id"]);
}

#[test]
fn two_hundred_thousand_keys_are_refused() {
    let keys = lines(200_000, |key| format!("k{key}: 1"));
    assert_eq!(codes(keys), ["too-many-values"]);
    let keys = lines(20_000, |key| format!("k{key}: 1"));
    assert_eq!(codes(keys), ["unknown-key", "many-problems"]);
}

#[test]
fn ten_thousand_indicators_are_read() {
    let indicators = lines(10_000, |number| {
        format!("  - {{id: q{number}, scale: yes-no}}")
    });
    let framework = load(with(&format!("indicators:\n{indicators}"))).expect("it is sound");
    assert_eq!(framework.nodes.len(), 10_001);
}

#[test]
fn ten_thousand_indicators_of_one_name_are_refused() {
    let indicators = "  - {id: q1, scale: yes-no}\n".repeat(10_000);
    assert_eq!(
        codes(with(&format!("indicators:\n{indicators}"))),
        ["duplicate-name", "many-problems"]
    );
}

#[test]
fn long_chains_of_conditions_and_caps_are_followed() {
    let mut indicators = String::from("  - {id: q0, scale: yes-no}\n");
    for number in 1..5_000 {
        let before = number - 1;
        let _ = writeln!(
            indicators,
            "  - {{id: q{number}, scale: yes-no, when: {{q{before}: \"yes\"}}, cap: q{before}}}"
        );
    }
    assert!(load(with(&format!("indicators:\n{indicators}"))).is_ok());
}

#[test]
fn words_that_other_readers_take_for_truth_stay_words() {
    let framework = load(
        "dgpf: 1\nid: words\nscales:\n  s: {NO: 0, yes: 0.25, on: 0.5, 010: 0.75, 1e3: 1, nan: 1, true: 1}\n\
         indicators: [{id: q1, scale: s}]\n",
    )
    .expect("they are texts");
    let (_, _, indicator) = framework.indicators().next().expect("there is one");
    let framework::Answers::Choice(scale) = &indicator.answers else {
        panic!("a scale is a choice");
    };
    let codes: Vec<&str> = scale.options.iter().map(|option| &*option.code).collect();
    assert_eq!(codes, ["NO", "yes", "on", "010", "1e3", "nan", "true"]);
}

#[test]
fn marks_of_other_editors_do_no_harm() {
    let text = with("title: Qualité\nindicators:\n  - {id: q1, scale: yes-no}\n");
    assert!(load(format!("\u{feff}{text}")).is_ok());
    assert!(load(text.replace('\n', "\r\n")).is_ok());
    let wrong = text.replace("scale: yes-no", "scale: nope");
    let place = |text: &str| load(text).expect_err("it is wrong")[0].places[0].clone();
    let expected = place(&wrong);
    assert_eq!((expected.line, expected.column), (6, 21));
    for same in [format!("\u{feff}{wrong}"), wrong.replace('\n', "\r\n")] {
        let place = place(&same);
        assert_eq!((place.line, place.column), (6, 21));
    }
    assert_eq!(codes("dgpf: 1\u{0}\n"), ["syntax"]);
}

#[test]
fn nothing_that_is_done_to_a_file_makes_it_panic() {
    let pieces = [
        "",
        ":",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "#",
        "&a ",
        "*a",
        "!t ",
        "<<: *a",
        "|",
        ">",
        "\t",
        "\n",
        "  ",
        "~",
        ".nan",
        "1e999",
        "1/0",
        "-1",
        "0",
        "999999999999999999999",
        "é",
        "\u{202e}",
        "\u{0}",
        "---",
        "%",
        "null",
        "true",
        "when: ",
        "scale: ",
        "number: {}",
        "aggregate: geometric",
    ];
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below as u64).expect("it is below a usize")
    };
    let texts: Vec<&str> = builtin::all().iter().map(|(_, text)| *text).collect();
    for _ in 0..1_500 {
        let text = texts[next(texts.len())];
        let lines: Vec<&str> = text.lines().collect();
        let from = next(lines.len());
        let mut chosen: Vec<char> = lines[from..]
            .iter()
            .take(40 + next(80))
            .flat_map(|line| line.chars().chain(['\n']))
            .collect();
        for _ in 0..=next(4) {
            let at = next(chosen.len().max(1)).min(chosen.len());
            let to = (at + next(6)).min(chosen.len());
            let piece: Vec<char> = pieces[next(pieces.len())].chars().collect();
            chosen.splice(at..to, piece);
        }
        let changed: String = format!("dgpf: 1\nid: changed\n{}", String::from_iter(&chosen));
        if let Err(problems) = load(&*changed) {
            let rendered = problem::render(&problems);
            assert!(!rendered.is_empty());
            let length = changed.lines().count();
            for place in problems.iter().flat_map(|problem| &problem.places) {
                assert!(place.line <= length + 1, "{place:?} of {length} lines");
            }
        }
    }
}
