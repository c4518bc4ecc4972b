//! What happens when a run is ended or the world fails it: the old file or the new one is there, never half of one.

#![allow(
    clippy::print_stdout,
    reason = "how often what was killed, and what cannot be tested here"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::run::{FRAMEWORK, Run};

const SIGINT: i32 = 2;
const SIGKILL: i32 = 9;
const SIGTERM: i32 = 15;

/// A directory with a framework, responses of so many units, and the outputs that there were before.
struct Place(tempfile::TempDir);

impl Place {
    fn with(units: usize) -> Self {
        Self::of(&rows(units, "yes"))
    }

    fn of(responses: &str) -> Self {
        let place = Self(tempfile::tempdir().expect("a temporary directory"));
        place.put("framework.yaml", FRAMEWORK);
        place.put("responses.csv", responses);
        place
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file in a temporary directory");
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dgpf"));
        command
            .args(arguments.split(' '))
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn start(&self, arguments: &str) -> Child {
        let child = self.command(arguments).spawn();
        child.expect("the program was built for this test")
    }

    fn run(&self, arguments: &str) -> ExitStatus {
        self.start(arguments).wait().expect("it was started")
    }

    /// Runs a line of a shell, in which `dgpf` is the program.
    fn shell(&self, line: &str) -> Output {
        let line = line.replace("dgpf ", concat!(env!("CARGO_BIN_EXE_dgpf"), " "));
        Command::new("sh")
            .args(["-c", &line])
            .current_dir(self.0.path())
            .output()
            .expect("there is a shell")
    }

    /// What is in a file, or in every file of a directory.
    fn contents(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let path = self.path(name);
        if path.is_dir() {
            let listed = fs::read_dir(path).expect("a readable directory");
            let paths = listed.map(|entry| entry.expect("a listed file").path());
            paths.map(|path| (name_of(&path), read(&path))).collect()
        } else {
            let there = path.exists().then(|| (name_of(&path), read(&path)));
            there.into_iter().collect()
        }
    }

    /// Temporary files beside an output, or in it.
    fn temporary(&self, name: &str) -> Vec<String> {
        let path = self.path(name);
        let directory = if path.is_dir() {
            path.as_path()
        } else {
            self.0.path()
        };
        let listed = fs::read_dir(directory).expect("a readable directory");
        let names = listed.map(|entry| name_of(&entry.expect("a listed file").path()));
        names.filter(|name| is_temporary(name)).collect()
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().expect("a listed file has a name");
    name.to_string_lossy().into_owned()
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn is_temporary(name: &str) -> bool {
    name.starts_with(".dgpf-")
}

fn rows(units: usize, answer: &str) -> String {
    let mut text = String::from("country,region,pol_1,pol_2,por_1\n");
    for unit in 0..units {
        writeln!(text, "U{unit:05},North,{answer},no,{}", unit % 100).expect("a text takes all");
    }
    text
}

/// Rows of which there are enough to be scored in pieces, which are written as they come.
fn many() -> String {
    let note = "x".repeat(300);
    let text = rows(MANY, "yes");
    let lines = text.lines().enumerate();
    let lines = lines.map(|(at, line)| match at {
        0 => format!("{line},note\n"),
        _ => format!("{line},{note}\n"),
    });
    let text: String = lines.collect();
    assert!(text.len() > 4 << 20);
    text
}

const MANY: usize = 14_000;

/// Waits until there is a temporary file, or nothing more to wait for.
fn until_it_writes(child: &mut Child, place: &Place, output: &str) {
    let before = place.temporary(output);
    while place.temporary(output) == before {
        if child.try_wait().expect("it was started").is_some() {
            return;
        }
    }
}

/// Kills a command at moments that are spread over the time it takes, and while it writes, and looks at what is there then.
fn killed(place: &Place, arguments: &str, output: &str, times: u32) {
    let old = place.contents(output);
    let start = Instant::now();
    assert!(place.run(arguments).success(), "{arguments}");
    let takes = start.elapsed();
    let new = place.contents(output);
    assert_ne!(old, new);
    let (mut ended, mut left) = (0, 0);
    for time in 0..times {
        for (name, bytes) in &old {
            let path = if place.path(output).is_dir() {
                place.path(output).join(name)
            } else {
                place.path(output)
            };
            fs::write(path, bytes).expect("a file in a temporary directory");
        }
        let mut child = place.start(arguments);
        if time % 2 == 0 {
            // Later moments come first and last: 0, 61, 22, 83, 44 … hundredths.
            sleep(takes.mul_f64(f64::from(time * 61 % 100) / 100.0));
        } else {
            until_it_writes(&mut child, place, output);
            sleep(Duration::from_micros(u64::from(time * 61 % 100) * 10));
        }
        child.kill().expect("my own child");
        let status = child.wait().expect("it was started");
        ended += u32::from(status.signal() == Some(SIGKILL));
        for (name, bytes) in place.contents(output) {
            if is_temporary(&name) {
                left += 1;
                continue;
            }
            let whole = [&old, &new]
                .iter()
                .any(|all| all.get(&name) == Some(&bytes));
            assert!(
                whole,
                "{name} is neither the old file nor the new one after `{arguments}`"
            );
        }
        for name in old.keys() {
            assert!(place.contents(output).contains_key(name), "{name} is gone");
        }
    }
    assert!(ended > times / 3, "{ended} of {times} runs were killed");
    println!("{arguments}: {ended} of {times} killed in {takes:?}, {left} temporary files seen");
    // Nobody who is killed can clean up: the next run does.
    assert!(place.run(arguments).success());
    assert_eq!(place.contents(output), new);
    assert_eq!(place.temporary(output), Vec::<String>::new());
}

#[test]
fn a_killed_score_leaves_the_old_file_or_the_new_one() {
    let place = Place::with(400);
    place.put("scores.json", "old");
    let arguments = "score responses.csv -f framework.yaml -o scores.json";
    killed(&place, arguments, "scores.json", 80);
}

#[test]
fn a_killed_score_of_many_rows_leaves_the_old_file_or_the_new_one() {
    let place = Place::of(&many());
    place.put("scores.csv", "old");
    let arguments =
        "score responses.csv -f framework.yaml --format csv-wide --with rank -o scores.csv";
    killed(&place, arguments, "scores.csv", 30);
}

#[test]
fn killed_scorecards_are_old_pages_or_new_ones() {
    let place = Place::with(12);
    place.put("responses.csv", &rows(12, "no"));
    let arguments = "scorecards responses.csv -f framework.yaml -o site";
    assert!(place.run(arguments).success());
    place.put("responses.csv", &rows(12, "yes"));
    killed(&place, arguments, "site", 80);
}

#[test]
fn a_killed_report_leaves_the_old_file_or_the_new_one() {
    let place = Place::with(200);
    let score = "score responses.csv -f framework.yaml -o result.json";
    assert!(place.run(score).success());
    place.put("report.md", "old");
    killed(&place, "report result.json -o report.md", "report.md", 80);
}

#[test]
fn a_killed_import_leaves_the_old_file_or_the_new_one() {
    let place = Place::with(1_000);
    place.put("long.csv", "old");
    let arguments = "import responses.csv -f framework.yaml -o long.csv";
    killed(&place, arguments, "long.csv", 80);
}

/// Starts scoring many rows and waits until some are written.
fn in_the_middle(place: &Place) -> Child {
    let arguments = "score responses.csv -f framework.yaml --format csv-wide -o scores.csv";
    let child = place.start(arguments);
    let start = Instant::now();
    while place.temporary("scores.csv").is_empty() {
        assert!(
            start.elapsed() < Duration::from_mins(1),
            "nothing is written"
        );
        sleep(Duration::from_millis(1));
    }
    child
}

/// Sends a signal to a run of this test.
fn send(child: &Child, signal: i32) {
    let (signal, id) = (format!("-{signal}"), child.id().to_string());
    let sent = Command::new("kill").args([signal, id]).status();
    assert!(sent.expect("there is a kill").success());
}

#[test]
fn who_interrupts_finds_nothing_half_written() {
    let place = Place::of(&many());
    place.put("scores.csv", "old");
    for signal in [SIGINT, SIGTERM] {
        let mut child = in_the_middle(&place);
        send(&child, signal);
        let status = child.wait().expect("it was started");
        // What a shell calls 130 and 143.
        assert_eq!(status.signal(), Some(signal));
        assert_eq!(
            fs::read_to_string(place.path("scores.csv")).expect("it is there"),
            "old"
        );
        assert_eq!(place.temporary("scores.csv"), Vec::<String>::new());
    }
}

/// A long file of which there is enough to be scored in pieces, melted: each unit's answers stand far apart.
fn many_answers() -> String {
    let note = "x".repeat(100);
    let mut text = String::from("country,region,indicator,answer,note\n");
    for (indicator, answer) in [("pol_1", "yes"), ("pol_2", "no"), ("por_1", "40")] {
        for unit in 0..MANY {
            writeln!(text, "U{unit:05},North,{indicator},{answer},{note}")
                .expect("a text takes all");
        }
    }
    assert!(text.len() > 4 << 20);
    text
}

/// Interrupts a run at moments that are spread over the time it takes: it ends by the signal and leaves the old output, if it
/// was not done.
fn interrupted(place: &Place, arguments: &str, input: Option<&str>) {
    const MOMENTS: u32 = 5;
    let directory = place.path("tmp");
    fs::create_dir_all(&directory).expect("a directory in a temporary one");
    let start = || {
        let stdin = input.map_or(Stdio::null(), |name| {
            Stdio::from(File::open(place.path(name)).expect("it was put there"))
        });
        let mut command = place.command(arguments);
        command.env("TMPDIR", &directory).stdin(stdin);
        command
            .spawn()
            .expect("the program was built for this test")
    };
    let begun = Instant::now();
    assert!(start().wait().expect("it was started").success());
    let takes = begun.elapsed();
    let new = read(&place.path("scores.csv"));
    let mut ended = 0;
    for moment in 0..MOMENTS {
        place.put("scores.csv", "old");
        let mut child = start();
        sleep(takes.mul_f64((f64::from(moment) + 0.5) / f64::from(MOMENTS)));
        let signal = [SIGINT, SIGTERM][moment as usize % 2];
        send(&child, signal);
        let status = child.wait().expect("it was started");
        let found = read(&place.path("scores.csv"));
        // Whoever is too late finds the new one.
        assert!(found == b"old" || found == new, "{arguments}");
        if status.success() {
            assert!(found == new, "{arguments}");
        } else {
            ended += u32::from(found == b"old");
            assert_eq!(status.signal(), Some(signal), "{arguments}");
        }
        assert_eq!(
            place.temporary("scores.csv"),
            Vec::<String>::new(),
            "{arguments}"
        );
        assert_eq!(place.contents("tmp"), BTreeMap::new(), "{arguments}");
    }
    assert!(ended > 0, "{ended} of {MOMENTS} runs were interrupted");
}

#[test]
fn who_interrupts_while_a_file_is_gathered_or_arranged_finds_the_old_output() {
    let place = Place::of("");
    let mut rows: Vec<String> = many().lines().map(str::to_owned).collect();
    rows[1..].reverse();
    place.put("reversed.csv", &rows.join("\n"));
    place.put("long.csv", &many_answers());
    let relative = FRAMEWORK.replace(
        "number: {from: 0, to: 100}",
        "number: {}, normalise: min-max",
    );
    assert_ne!(relative, FRAMEWORK);
    place.put("relative.yaml", &relative);
    for (what, input) in [
        ("reversed.csv -f framework.yaml --with rank", None),
        ("long.csv -f framework.yaml", None),
        ("- -f framework.yaml", Some("reversed.csv")),
        ("reversed.csv -f relative.yaml", None),
    ] {
        let arguments = format!("score {what} --format csv-wide -o scores.csv");
        interrupted(&place, &arguments, input);
    }
}

#[test]
fn who_interrupts_while_the_standard_input_is_read_finds_the_old_output() {
    let place = Place::of("");
    let text = many();
    for signal in [SIGINT, SIGTERM] {
        place.put("scores.csv", "old");
        let mut command =
            place.command("score - -f framework.yaml --format csv-wide -o scores.csv");
        let child = command.stdin(Stdio::piped()).spawn();
        let mut child = child.expect("the program was built for this test");
        let mut input = child.stdin.take().expect("it is a pipe");
        // As much as it takes, and more than a pipe holds; then it waits for the rest.
        input.write_all(text.as_bytes()).expect("it is read");
        send(&child, signal);
        let status = child.wait().expect("it was started");
        assert_eq!(status.signal(), Some(signal));
        assert_eq!(read(&place.path("scores.csv")), b"old");
        assert_eq!(place.temporary("scores.csv"), Vec::<String>::new());
    }
}

#[test]
fn what_killed_runs_left_goes_but_not_what_others_are_writing() {
    let place = Place::with(3);
    for name in [
        ".dgpf-left.tmp",
        ".dgpf-live.tmp",
        ".dgpf-notes.txt",
        "other.tmp",
    ] {
        place.put(name, "half");
    }
    let live = File::open(place.path(".dgpf-live.tmp")).expect("it was made");
    live.lock().expect("nobody else has locked it");
    assert!(
        place
            .run("score responses.csv -f framework.yaml -o scores.csv")
            .success()
    );
    let left: BTreeSet<String> = place.contents(".").into_keys().collect();
    let expected = [
        ".dgpf-live.tmp",
        ".dgpf-notes.txt",
        "framework.yaml",
        "other.tmp",
        "responses.csv",
        "scores.csv",
    ];
    assert_eq!(left, expected.map(str::to_owned).into());
}

#[test]
fn an_input_that_vanishes_takes_no_output_with_it() {
    let place = Place::of(&many());
    let arguments = "score responses.csv -f framework.yaml --format csv-wide -o scores.csv";
    assert!(place.run(arguments).success());
    let new = read(&place.path("scores.csv"));
    place.put("scores.csv", "old");
    let mut child = in_the_middle(&place);
    fs::remove_file(place.path("responses.csv")).expect("it is there");
    // Who has opened a file can read it to its end.
    assert!(child.wait().expect("it was started").success());
    assert!(read(&place.path("scores.csv")) == new);
    // Before it was opened it is a failure.
    place.put("scores.csv", "old");
    assert_eq!(place.run(arguments).code(), Some(2));
    assert_eq!(read(&place.path("scores.csv")), b"old");
    assert_eq!(place.temporary("scores.csv"), Vec::<String>::new());
}

#[test]
fn an_input_that_is_cut_off_is_scored_as_it_is_or_not_at_all() {
    let place = Place::of(&many());
    place.put("scores.csv", "old");
    let mut child = in_the_middle(&place);
    // The last row that is left ends within its unit.
    let text = many();
    let row = text.find("\nU01000").expect("there are so many units");
    let kept = row as u64 + 3;
    let input = File::options()
        .write(true)
        .open(place.path("responses.csv"));
    input
        .and_then(|input| input.set_len(kept))
        .expect("it is my own");
    let status = child.wait().expect("it was started");
    let text = fs::read_to_string(place.path("scores.csv")).expect("it is there");
    if status.success() {
        // It had been read by then.
        assert_eq!(text.lines().count(), MANY + 1);
    } else {
        // Either the row that was cut is a mistake, or the file is shorter than it was.
        assert!(matches!(status.code(), Some(1 | 2)), "{status}");
        assert_eq!(text, "old");
    }
    assert_eq!(place.temporary("scores.csv"), Vec::<String>::new());
}

#[test]
fn a_reader_may_leave_whatever_is_written() {
    let place = Place::with(3_000);
    place.put("f.yaml", FRAMEWORK);
    for arguments in [
        "score responses.csv -f framework.yaml",
        "score responses.csv -f framework.yaml --format json",
        "score responses.csv -f framework.yaml --format markdown",
        "import responses.csv -f framework.yaml -o -",
        "frameworks show gtmi",
        "sql -f gtmi --dialect duckdb",
        "explain responses.csv U00000 -f framework.yaml",
        "man",
    ] {
        let line = format!("{{ dgpf {arguments}; echo \"code $?\" >&2; }} | head -c 1");
        let output = place.shell(&line);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr, "code 0\n", "{arguments}");
    }
}

/// `set -o pipefail; dgpf gate … | grep -q …`: what was found out does not depend on who reads it.
#[test]
fn a_check_that_does_not_hold_fails_though_its_reader_left() {
    let place = Place::with(3_000);
    place.put("f.yaml", FRAMEWORK);
    place.put("bad.csv", "unit,plan\nA,perhaps\n");
    let gates = "gate responses.csv -f framework.yaml --fail-under 99";
    for arguments in [
        gates,
        &format!("{gates} --format json"),
        &format!("{gates} --format sarif"),
        &format!("{gates} --format junit"),
        &format!("{gates} --format github"),
        "check bad.csv -f framework.yaml --format json",
        "check bad.csv -f framework.yaml --format json -o /dev/stdout",
        "import bad.csv -f framework.yaml",
        "frameworks check bad.csv --format json",
        "improve responses.csv U00000 -f framework.yaml --to-score 1000",
    ] {
        let line = format!(
            "{{ sleep 0.1; dgpf {arguments}; echo \"code $?\" >&2; }} 2>code | true; cat code"
        );
        let output = place.shell(&line);
        let code = String::from_utf8_lossy(&output.stdout);
        assert_eq!(code.lines().last(), Some("code 1"), "{arguments}: {code}");
    }
}

/// Whatever was read stands after a mistyped `-o`: files that are named, those that they name, and those that were found.
#[test]
fn no_output_takes_the_place_of_what_was_read() {
    let place = Place::with(3);
    let units = "unit,name\nU00000,One\n";
    place.put("units.csv", units);
    place.put("scores.csv", &rows(3, "yes"));
    place.put("overlay.yaml", "dgpf: 1\nid: overlay\nextends: framework\n");
    place.put("rules.yaml", "rules: [{at-least: 0}]\n");
    for (input, arguments) in [
        (
            "framework.yaml",
            "gate responses.csv --fail-under 0 -f framework.yaml --format json -o framework.yaml",
        ),
        (
            "rules.yaml",
            "gate responses.csv --rules rules.yaml -f framework.yaml --format json -o rules.yaml",
        ),
        (
            "units.csv",
            "gate responses.csv --fail-under 0 -f framework.yaml --units units.csv --format json -o units.csv",
        ),
        (
            "framework.yaml",
            "compare responses.csv scores.csv --format json -f framework.yaml -o framework.yaml",
        ),
        (
            "framework.yaml",
            "sql -f framework.yaml --dialect duckdb -o framework.yaml",
        ),
        (
            "framework.yaml",
            "template -f framework.yaml --kind csv -o framework.yaml",
        ),
        (
            "framework.yaml",
            "frameworks check framework.yaml --format json -o framework.yaml",
        ),
        (
            "framework.yaml",
            "score responses.csv -f overlay.yaml --format csv -o framework.yaml",
        ),
        (
            "scores.csv",
            "score - -f framework.yaml --format csv -o scores.csv < scores.csv",
        ),
        (
            "scores.csv",
            "score scores.csv -f framework.yaml --format datapackage -o .",
        ),
        (
            "units.csv",
            "score responses.csv --units units.csv -f framework.yaml --format datapackage -o .",
        ),
    ] {
        let before = place.contents(input);
        let output = place.shell(&format!("dgpf {arguments}; echo $?"));
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            told.ends_with("it is one of the inputs\n"),
            "{arguments}: {told}"
        );
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).lines().last(),
            Some("2"),
            "{arguments}"
        );
        assert_eq!(place.contents(input), before, "{arguments}");
    }
    assert!(!place.path("nodes.csv").exists(), "half a package");
}

#[test]
fn an_output_without_room_is_a_failure() {
    let place = Place::with(3_000);
    if Path::new("/dev/full").exists() {
        for arguments in [
            "score responses.csv -f framework.yaml",
            "score responses.csv -f framework.yaml --format json",
            "score responses.csv -f framework.yaml --format csv -o /dev/full",
            "frameworks",
            "--help",
        ] {
            let output = place.shell(&format!("dgpf {arguments} > /dev/full"));
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{arguments}: {stderr}");
            assert!(
                stderr.contains("No space left on device"),
                "{arguments}: {stderr}"
            );
        }
    }
    // Blocks of 512 or of 1024 bytes, by the shell.
    place.put("scores.csv", "old");
    for (limit, pieces) in [(8, false), (8, true)] {
        if pieces {
            place.put("responses.csv", &many());
        }
        let score = "dgpf score responses.csv -f framework.yaml --format csv-wide -o scores.csv";
        let output = place.shell(&format!("ulimit -f {limit}; {score}"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(
            stderr.contains("cannot write `scores.csv`: File too large"),
            "{stderr}"
        );
        assert_eq!(read(&place.path("scores.csv")), b"old");
        assert_eq!(place.temporary("scores.csv"), Vec::<String>::new());
    }
    // What goes to the standard output is kept in a file, too, until it is whole.
    let score = "dgpf score responses.csv -f framework.yaml --format csv-wide";
    let output = place.shell(&format!("ulimit -f 8; TMPDIR=. {score}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    let told = "error: cannot write to the standard output: File too large (os error 27) in `.`, where it is kept until \
                it is whole; TMPDIR names another place";
    assert!(stderr.contains(told), "{stderr}");
    assert_eq!((output.status.code(), output.stdout), (Some(2), Vec::new()));
}

/// Runs a line of a shell where `small` is a directory of so many KiB, with an old file of each output in it. None where
/// nothing can be mounted.
#[cfg(target_os = "linux")]
fn on_a_small_disk(place: &Place, line: &str, options: &str) -> Option<(Option<i32>, String)> {
    place.put("few.csv", &rows(200, "yes"));
    fs::create_dir_all(place.path("small")).expect("a directory in a temporary one");
    let mounted = "mount -t tmpfs -o size=64k none small && mkdir small/site && echo old > small/out.csv && echo old > small/out.json";
    let probe = place.shell(&format!("unshare -rm sh -c '{mounted}'"));
    if !probe.status.success() {
        println!("skipped: nothing can be mounted here");
        return None;
    }
    let line = format!(
        "unshare -rm sh -c '{mounted} && mount -o remount,{options} small || exit 99; {line}; code=$?; \
         find small -type f | sort; cat small/out.csv small/out.json; exit $code'"
    );
    let output = place.shell(&line);
    let text = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
    Some((output.status.code(), text.into_owned()))
}

#[cfg(target_os = "linux")]
const STILL_OLD: &str = "small/out.csv\nsmall/out.json\nold\nold\n";

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_keeps_the_old_file() {
    let place = Place::with(3_000);
    place.put("many.csv", &many());
    for (line, named) in [
        (
            "score responses.csv -f framework.yaml -o small/out.csv",
            "small/out.csv",
        ),
        (
            "score responses.csv -f framework.yaml -o small/out.json",
            "small/out.json",
        ),
        (
            "score many.csv -f framework.yaml --format csv-wide -o small/out.csv",
            "small/out.csv",
        ),
        (
            "import responses.csv -f framework.yaml -o small/out.csv",
            "small/out.csv",
        ),
        (
            "scorecards few.csv -f framework.yaml -o small/site",
            "small/site/index.html",
        ),
    ] {
        let line = format!("dgpf {line}");
        let Some((code, text)) = on_a_small_disk(&place, &line, "size=64k") else {
            return;
        };
        let said = format!("cannot write `{named}`: No space left on device");
        assert!(text.contains(&said), "{line}: {text}");
        assert!(text.ends_with(STILL_OLD), "{line}: {text}");
        assert_eq!(code, Some(2), "{line}: {text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_directory_that_cannot_be_written_to_keeps_the_old_file() {
    let place = Place::with(3);
    for (line, named) in [
        (
            "score responses.csv -f framework.yaml -o small/out.csv",
            "small/out.csv",
        ),
        (
            "scorecards few.csv -f framework.yaml -o small/site",
            "small/site/index.html",
        ),
        ("init small/new", ""),
    ] {
        let Some((code, text)) = on_a_small_disk(&place, &format!("dgpf {line}"), "ro") else {
            return;
        };
        assert!(text.contains("Read-only file system"), "{line}: {text}");
        assert!(
            text.contains(&format!("cannot write `{named}`")) || named.is_empty(),
            "{line}: {text}"
        );
        assert!(text.ends_with(STILL_OLD), "{line}: {text}");
        assert_eq!(code, Some(2), "{line}: {text}");
    }
}

#[test]
fn a_file_without_end_is_refused() {
    let zeros = if Path::new("/dev/zero").exists() {
        "/dev/zero"
    } else {
        return;
    };
    Run::new(&format!("frameworks check {zeros}"))
        .stderr("error: cannot read `/dev/zero`: it has more than 64 MiB, the most that is read\n")
        .code(2);
    Run::new(&format!("score responses.csv -f {zeros}"))
        .file("responses.csv", rows(3, "yes"))
        .stderr("error: cannot read `/dev/zero`: it has more than 64 MiB, the most that is read\n")
        .code(2);
    // A file with a hole takes no room.
    let run = Run::new("score huge.csv -f framework.yaml").file("framework.yaml", FRAMEWORK);
    let huge = File::create(run.path("huge.csv")).expect("a file in a temporary directory");
    huge.set_len((4 << 30) + 1).expect("a file with a hole");
    run.stderr("error: cannot read `huge.csv`: it has more than 4096 MiB, the most that is read\n")
        .code(2);
}

/// Dimensions in one another, as many as can be written, and questions of which each is only asked after the one before.
fn deep() -> String {
    let mut text = String::from(
        "dgpf: 1\nid: deep\nunit: {key: unit, codes: any}\nranking: {}\nscales: {s: {\"no\": 0, \"yes\": 1}}\n",
    );
    let tiers = 29;
    for tier in 0..tiers {
        let indent = "    ".repeat(tier);
        let key = if tier == 0 { "dimensions" } else { "pillars" };
        let _ = write!(text, "{indent}{key}:\n{indent}  - id: d{tier}\n");
    }
    let indent = "    ".repeat(tiers);
    let _ = write!(
        text,
        "{indent}indicators:\n{indent}  - {{id: q0, scale: s}}\n"
    );
    for question in 1..500 {
        let before = question - 1;
        let _ = writeln!(
            text,
            "{indent}  - {{id: q{question}, scale: s, when: {{q{before}: \"yes\"}}, cap: q{before}}}"
        );
    }
    text
}

#[test]
fn depth_takes_no_more_than_a_megabyte_of_stack() {
    let place = Place::with(0);
    place.put("deep.yaml", &deep());
    place.put("deep.csv", "unit,q0,q1,q499\nA,yes,yes,yes\nB,no,,\n");
    for arguments in [
        "frameworks check deep.yaml",
        "frameworks show deep.yaml",
        "frameworks fmt --check deep.yaml",
        "score deep.csv -f deep.yaml -o deep.json",
        "score deep.csv -f deep.yaml -o deep.md",
        "report deep.json --format csv-wide",
        "verify deep.json",
        "explain deep.csv A -f deep.yaml",
        "template -f deep.yaml",
    ] {
        // What Windows gives to a program.
        let line = format!("ulimit -s 1024; RUST_MIN_STACK=1048576 dgpf {arguments} > out.txt");
        let output = place.shell(&line);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let code = output.status.code();
        assert_eq!(code, Some(0), "{arguments}: {stderr:.2000}");
    }
}

#[test]
fn a_framework_leads_to_no_file_elsewhere() {
    use std::os::unix::fs::symlink;

    let overlay = "dgpf: 1\nid: overlay\nextends: ";
    let place = Place(tempfile::tempdir().expect("a temporary directory"));
    fs::create_dir(place.path("inside")).expect("a directory in a temporary one");
    place.put("secret.yaml", FRAMEWORK);
    place.put("inside/base.yaml", FRAMEWORK);
    symlink("../secret.yaml", place.path("inside/link.yaml")).expect("a link");
    symlink(
        place.path("secret.yaml"),
        place.path("inside/straight.yaml"),
    )
    .expect("a link");
    symlink("base.yaml", place.path("inside/beside.yaml")).expect("a link");
    let outside = place.path("secret.yaml").display().to_string();
    for (named, code) in [
        ("base", 0),
        ("beside", 0),
        ("link", 1),
        ("straight.yaml", 1),
        ("../secret", 1),
        ("../secret.yaml", 1),
        ("./base", 1),
        (outside.as_str(), 1),
        ("..", 1),
    ] {
        place.put("inside/overlay.yaml", &format!("{overlay}\"{named}\"\n"));
        let output = place.shell("dgpf frameworks check inside/overlay.yaml");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{named}: {stderr}");
        let inside = place.shell("cd inside && dgpf frameworks check overlay.yaml");
        assert_eq!(inside.status.code(), Some(code), "{named}");
    }
}

#[test]
fn who_writes_to_a_named_pipe_is_read_to_the_end() {
    let place = Place::with(10_000);
    let score = "timeout 100 dgpf score -f framework.yaml --format csv";
    let piped = place.shell(&format!(
        "mkfifo pipe && {{ cat responses.csv > pipe & {score} pipe; }}"
    ));
    assert!(piped.status.success(), "{:?}", piped.status);
    let named = place.shell(&format!("{score} responses.csv"));
    assert!(named.status.success() && named.stdout == piped.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_tells_what_takes_longer_than_a_second() {
    let place = Place::with(10);
    let shown = place.shell(
        "mkfifo pipe && { { sleep 3; cat responses.csv; } > pipe & \
         timeout 100 script -qec 'dgpf check pipe -f framework.yaml' /dev/null; }",
    );
    assert!(shown.status.success(), "{:?}", shown.status);
    let text = String::from_utf8_lossy(&shown.stdout);
    let lines: Vec<&str> = text.split("\r\u{1b}[K").collect();
    let [first, waits @ .., result] = lines.as_slice() else {
        panic!("{text:?}");
    };
    assert!(first.is_empty(), "{text:?}");
    assert!(waits.contains(&"reading: 2 s"), "{text:?}");
    assert!(waits.iter().all(|wait| wait.len() < 15), "{text:?}");
    assert!(result.starts_with("10 units, "), "{text:?}");
}
