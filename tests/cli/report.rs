//! `dgpf report`, and the formats that it has in common with `dgpf score`.

use crate::run::{FRAMEWORK, Left, RESPONSES, Run};

fn score(more: &str) -> Run {
    Run::new(&format!("score responses.csv -f framework.yaml {more}"))
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
}

fn saved() -> String {
    score("-o result.json").code(0).text("result.json")
}

fn report(more: &str) -> Run {
    Run::new(&format!("report result.json {more}")).file("result.json", saved())
}

#[test]
fn a_saved_result_is_written_as_if_it_were_scored_now() {
    for format in ["table", "csv", "csv-wide", "json", "markdown", "sdmx-csv"] {
        let flag = format!("--format {format}");
        let scored = score(&flag).code(0);
        assert!(!scored.stdout.is_empty());
        assert_eq!(report(&flag).code(0).stdout, scored.stdout, "{format}");
    }
    for (format, file) in [
        ("datapackage", "datapackage.json"),
        ("badges", "NOR.svg"),
        ("charts", "index.svg"),
    ] {
        let flags = format!("--format {format} -o out");
        let files = |run: Run| {
            run.stderr_has("of them changed")
                .code(0)
                .text(&format!("out/{file}"))
        };
        assert_eq!(files(report(&flags)), files(score(&flags)), "{format}");
    }
}

#[test]
fn french_speaks_french_on_the_terminal_too() {
    report("--lang fr")
        .stdout(
            "\
Maturité des données ouvertes
open-data 1.0.0 · 3 unités · couverture 91\u{202f}%

Rang  Country                         Indice  Intervalle  Niveau    Politique  Portail  Couverture
────  ──────────────────────────────  ──────  ──────────  ────────  ─────────  ───────  ──────────
   1  Estonia (EST)                     95,0   70,0–95,0  Leader        100,0     90,0        75\u{202f}%
   2  Norway (NOR)                      90,0              Leader        100,0     80,0       100\u{202f}%
   3  Peru (PER)                        50,0              Follower       50,0     50,0       100\u{202f}%
────  ──────────────────────────────  ──────  ──────────  ────────  ─────────  ───────  ──────────
      Moyenne, toutes les unités (3)    78,3                             83,3     73,3
      Minimum                           50,0                             50,0     50,0
      Maximum                           95,0                            100,0     90,0
",
        )
        .code(0);
}

#[test]
fn badges_say_index_and_level() {
    let left = report("--format badges -o badges")
        .stderr_has("note: `badges`: 6 files (")
        .code(0);
    assert_eq!(
        left.text("badges/PER.json"),
        "{\"schemaVersion\": 1, \"label\": \"Open data maturity\", \"message\": \"50.0 · Follower\", \"color\": \"8a5a00\"}\n"
    );
    assert!(
        left.text("badges/NOR.svg")
            .contains("<title>Open data maturity: 90.0 · Leader</title>")
    );
}

#[test]
fn where_less_is_better_the_first_level_is_the_best() {
    let framework = "{dgpf: 1, id: risk, unit: u, range: [0, 10], better: lower, \
        levels: [{id: calm, from: 0}, {id: watch, from: 4}, {id: alarm, from: 8}], \
        indicators: [{id: q, number: {from: 0, to: 10}}]}";
    let risk = |command: &str| {
        Run::new(command)
            .file("f.yaml", framework)
            .file("r.csv", "u,q\nA,1\nB,5\nC,9\nD,8\n")
    };
    for (unit, next) in [
        ("B", "Next level calm: lies below 4.00, 1.000 to go."),
        ("D", "Next level watch: lies below 8.00.\n"),
    ] {
        risk(&format!("explain r.csv {unit} -f f.yaml"))
            .stdout_has(next)
            .code(0);
    }
    let badges = risk("score r.csv -f f.yaml --format badges -o badges")
        .stderr_has("8 files")
        .code(0);
    for (unit, level, colour) in [
        ("A", "1.00 · calm", "1e6b34"),
        ("B", "5.00 · watch", "8a5a00"),
        ("C", "9.00 · alarm", "b3261e"),
    ] {
        assert_eq!(
            badges.text(&format!("badges/{unit}.json")),
            format!(
                "{{\"schemaVersion\": 1, \"label\": \"risk\", \"message\": \"{level}\", \"color\": \"{colour}\"}}\n"
            )
        );
    }
    let site = risk("scorecards r.csv -f f.yaml -o site")
        .stderr_has("5 files")
        .code(0);
    // B has to come below 4, C and D below 8.
    for (unit, place, next) in [
        ("A", "level 3 of 3", "The best level."),
        ("B", "level 2 of 3", "1.000 points to calm"),
        ("C", "level 1 of 3", "1.000 points to watch"),
        ("D", "level 1 of 3", "watch: lies below 8.00"),
    ] {
        let page = site.text(&format!("site/{unit}.html"));
        assert!(page.contains(&format!("<p>{place}</p>")), "{unit}: {page}");
        assert!(page.contains(next), "{unit}: {page}");
    }
    let index = site.text("site/index.html");
    let at = |level: &str| {
        index
            .find(&format!("<th scope=\"row\">{level}"))
            .expect(level)
    };
    assert!(at("calm") < at("watch") && at("watch") < at("alarm"));
}

#[test]
fn charts_are_files() {
    let left = report("--format charts -o charts")
        .stderr_has("of them changed")
        .code(0);
    assert_eq!(
        left.files_in("charts"),
        [
            "dimensions.svg",
            "heat.svg",
            "index.svg",
            "levels.svg",
            "unit-EST.svg",
            "unit-NOR.svg",
            "unit-PER.svg"
        ]
    );
    let chart = left.text("charts/index.svg");
    assert!(chart.starts_with("<svg xmlns="), "{chart}");
    for text in ["Estonia", "95.0", "Open data maturity"] {
        assert!(chart.contains(text), "{text}");
    }
}

#[test]
fn several_files_need_a_directory() {
    report("--format badges")
        .stderr("error: several files are written: name a directory with -o\n")
        .code(2);
    report("--format charts --period all -o charts")
        .stderr("error: --period all: badges and charts show one period\n")
        .code(2);
}

#[test]
fn only_results_are_reported() {
    Run::new("report responses.csv")
        .file("responses.csv", RESPONSES)
        .stderr_has("error: cannot read `responses.csv`: not a result of dgpf: ")
        .code(2);
    Run::new("report gone.json")
        .stderr("error: cannot read `gone.json`: no such file\n")
        .code(2);
    report("-o result.json")
        .stderr("error: cannot write `result.json`: it is one of the inputs\n")
        .code(2);
}

#[test]
fn a_language_that_neither_the_result_nor_dgpf_speaks_is_refused() {
    for flags in ["--lang xx", "--lang xx --format csv"] {
        report(flags)
            .stdout("")
            .stderr("error: --lang xx: there are no texts in that language; there are in `en` and `fr`\n")
            .code(2);
    }
    // The words around the titles are in English.
    let italian = Run::new("score responses.csv -f framework.yaml --format json")
        .file(
            "framework.yaml",
            FRAMEWORK.replace("fr: Politique", "it: Politica"),
        )
        .file("responses.csv", RESPONSES)
        .code(0)
        .stdout;
    Run::new("report result.json --lang it")
        .file("result.json", italian)
        .stdout_has("Politica")
        .code(0);
}

#[cfg(feature = "xlsx")]
fn workbook(left: &Left) -> Vec<u8> {
    left.bytes("report.xlsx")
}

#[cfg(feature = "xlsx")]
#[test]
fn a_workbook_is_the_same_bytes_every_time_and_holds_no_formula() {
    let first = workbook(&report("-o report.xlsx").code(0));
    assert_eq!(first, workbook(&score("-o report.xlsx").code(0)));
    let dated = report("-o report.xlsx")
        .env("SOURCE_DATE_EPOCH", "1764028800")
        .code(0);
    assert_ne!(first, workbook(&dated));
    let part = |name: &str| {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&first)).expect("a workbook");
        let mut text = String::new();
        let mut file = archive.by_name(name).expect(name);
        std::io::Read::read_to_string(&mut file, &mut text).expect("XML is text");
        text
    };
    let names = part("xl/workbook.xml");
    for name in [
        "Overview",
        "Index",
        "Dimensions",
        "Indicators",
        "Peers",
        "Framework",
        "Method",
    ] {
        assert!(
            names.contains(&format!("<sheet name=\"{name}\"")),
            "{name}: {names}"
        );
    }
    // The header stays in view, the number has its digits, the chart is the workbook's own.
    let dimensions = part("xl/worksheets/sheet3.xml");
    assert!(
        dimensions.contains("<pane xSplit=\"2\" ySplit=\"1\""),
        "{dimensions}"
    );
    assert!(dimensions.contains("<v>83.33333333333333</v>") || dimensions.contains("<v>100</v>"));
    assert!(!dimensions.contains("<f>"));
    assert!(part("xl/charts/chart1.xml").contains("<c:barChart>"));
    assert!(part("docProps/core.xml").contains("2000-01-01T00:00:00Z"));
}

#[cfg(feature = "xlsx")]
#[test]
fn facets_of_all_periods_stand_in_a_workbook() {
    let left = Run::new("score responses.csv -f framework.yaml -o report.xlsx")
        .file(
            "framework.yaml",
            "dgpf: 1\nid: sample\nunit: {key: body, codes: any}\nperiod: year\n\
             facets: [{id: design}, {id: use}]\nindicators:\n\
             \x20 - {id: q1, number: {from: 0, to: 1}, facet: design}\n\
             \x20 - {id: q2, number: {from: 0, to: 1}, facet: use}\n",
        )
        .file(
            "responses.csv",
            "body,year,q1,q2\nA,2024,0.125,0.25\nA,2025,0.375,0.5\n",
        )
        .code(0);
    let file = workbook(&left);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&file)).expect("a workbook");
    let mut part = |name: &str| {
        let mut text = String::new();
        let mut file = archive.by_name(name).expect(name);
        std::io::Read::read_to_string(&mut file, &mut text).expect("XML is text");
        text
    };
    let names = part("xl/workbook.xml");
    let before = names.split("name=\"Facets\"").next().unwrap_or_default();
    let sheet = part(&format!(
        "xl/worksheets/sheet{}.xml",
        before.matches("<sheet ").count()
    ));
    for (cell, value) in [
        ("D2", "0.125"),
        ("E2", "0.25"),
        ("D3", "0.375"),
        ("E3", "0.5"),
    ] {
        let at = sheet.find(&format!("r=\"{cell}\"")).expect(cell);
        let value = format!("<v>{value}</v>");
        assert_eq!(sheet[at..].find("<v>"), sheet[at..].find(&value), "{cell}");
    }
}

/// Names that would do harm where they are not shown but obeyed.
const HOSTILE: &str = "\
country,name,pol_1,pol_2,por_1
A1,<script>alert(1)</script>,yes,yes,80
A2,\"=HYPERLINK(\"\"https://example.org\"\",\"\"x\"\")\",yes,no,70
A3,\"two
lines | and a pipe\",no,no,60
A4,\u{202e}right to left\u{202c} \u{5e9}\u{5dc}\u{5d5}\u{5dd},yes,no,50
A5,'quotes' & \"\"more\"\",no,no,40
=1+1,plain,no,no,30
";

fn hostile(more: &str) -> Run {
    let framework = FRAMEWORK.replace("attributes: {region: text}", "attributes: {name: text}");
    let long = format!("A7,{},yes,no,20\n", "long ".repeat(80));
    Run::new(&format!("score responses.csv -f framework.yaml {more}"))
        .file("framework.yaml", framework)
        .file("responses.csv", HOSTILE.to_owned() + &long)
}

#[test]
fn hostile_names_leave_every_text_whole() {
    let page = hostile("--format markdown").code(0).stdout;
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).collect();
    let bars = |row: &str| row.matches('|').count() - row.matches("\\|").count();
    assert!(rows.len() >= 12);
    assert!(rows.iter().all(|row| bars(row) == bars(rows[0])), "{page}");
    assert!(!page.contains("<script>") && !page.contains('\u{202e}'));
    for format in ["csv", "csv-wide", "sdmx-csv"] {
        let text = hostile(&format!("--format {format}")).code(0).stdout;
        for line in text.lines() {
            for cell in line.split(',') {
                assert!(
                    !cell.trim_start_matches('"').starts_with(['=', '+', '@']),
                    "{format}: {line}"
                );
            }
        }
    }
    let left = hostile("--format charts -o out")
        .stderr_has("changed")
        .code(0);
    for name in left.files_in("out") {
        let chart = left.text(&format!("out/{name}"));
        assert!(
            !chart.contains("<script>") && !chart.contains('\u{202e}'),
            "{name}"
        );
    }
    let left = hostile("--format badges -o out")
        .stderr_has("changed")
        .code(0);
    assert!(left.files_in("out").contains(&"_1_1.svg".to_owned()));
    let left = hostile("--format datapackage -o out")
        .stderr_has("changed")
        .code(0);
    assert!(left.text("out/units.csv").contains("'=HYPERLINK("));
}

#[test]
fn nobody_answered_anything() {
    let responses = "country,region,pol_1,pol_2,por_1\nNOR,North,,,\nPER,South,,,\n";
    let all = ["table", "markdown", "csv", "csv-wide", "sdmx-csv", "json"];
    for format in all {
        let left = score(&format!("--format {format}"))
            .file("responses.csv", responses)
            .code(0);
        assert!(
            !left.stdout.contains("NaN") && !left.stdout.contains("inf"),
            "{format}"
        );
    }
    for format in ["datapackage", "badges", "charts"] {
        let left = score(&format!("--format {format} -o out"))
            .file("responses.csv", responses)
            .stderr_has("of them changed")
            .code(0);
        for name in left.files_in("out") {
            let text = left.text(&format!("out/{name}"));
            assert!(!text.contains("NaN") && !text.contains("inf"), "{name}");
        }
    }
    let left = score("--format badges -o out")
        .file("responses.csv", responses)
        .stderr_has("changed")
        .code(0);
    assert!(left.text("out/NOR.json").contains("\"no score\""));
}

#[test]
fn one_unit_and_no_levels() {
    let levels = FRAMEWORK.find("levels:").expect("it has levels");
    let after = FRAMEWORK
        .find("weight-sets:")
        .expect("they come before its weight sets");
    let framework = FRAMEWORK[..levels].to_owned() + &FRAMEWORK[after..];
    let responses = "country,region,pol_1,pol_2,por_1\nNOR,North,yes,yes,80\n";
    let run = |more: &str| {
        score(more)
            .file("framework.yaml", &framework)
            .file("responses.csv", responses)
    };
    run("--format table")
        .stdout_has("1  Norway (NOR)   90.0   100.0    80.0")
        .code(0);
    let left = run("--format charts -o out").stderr_has("changed").code(0);
    assert_eq!(
        left.files_in("out"),
        ["heat.svg", "index.svg", "unit-NOR.svg"]
    );
    let left = run("--format badges -o out").stderr_has("changed").code(0);
    assert!(
        left.text("out/NOR.json")
            .contains("\"message\": \"90.0\", \"color\": \"005a9c\"")
    );
}

/// So many units, the first of them with names that would do harm.
fn crowd(units: usize) -> String {
    use std::fmt::Write as _;
    let mut responses = HOSTILE.to_owned();
    for unit in HOSTILE.lines().count()..=units {
        let answers = ["yes,no", "no,no", ",yes"][unit % 3];
        let _ = writeln!(responses, "U{unit},Unit {unit},{answers},{}", unit % 101); // a string takes everything
    }
    responses
}

#[cfg(feature = "xlsx")]
#[test]
fn five_thousand_units_among_them_hostile_ones_fit_a_workbook() {
    let responses = crowd(5_000);
    let run = || {
        hostile("-o report.xlsx")
            .file("responses.csv", &responses)
            .code(0)
    };
    let bytes = workbook(&run());
    assert!(bytes.len() < 4_000_000, "{}", bytes.len());
    assert_eq!(bytes, workbook(&run()));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).expect("a workbook");
    let mut rows = 0;
    for at in 0..archive.len() {
        let mut text = String::new();
        let mut file = archive.by_index(at).expect("a part");
        let name = file.name().expect("parts have names").into_owned();
        std::io::Read::read_to_string(&mut file, &mut text).expect("XML is text");
        assert!(!text.contains("<script>"), "{name}");
        if name.starts_with("xl/worksheets/") {
            assert!(
                !text.contains("<f>") && !text.contains("<hyperlink"),
                "{name}"
            );
            rows = rows.max(text.matches("<row ").count());
        }
    }
    assert!(rows > 5_000, "{rows}");
}

#[test]
fn five_thousand_units_fit_a_job_summary() {
    use std::fmt::Write as _;
    let mut responses = "country,region,pol_1,pol_2,por_1\n".to_owned();
    let long = "x".repeat(180);
    for unit in 0..5_000 {
        let _ = writeln!(responses, "{long}{unit},North,yes,no,{}", unit % 101); // a string takes everything
    }
    let run = |more: &str| score(more).file("responses.csv", &responses);
    let page = run("--format markdown").code(0).stdout;
    assert!(page.len() < 1 << 20, "{}", page.len());
    assert!(
        page.contains(" of 5000 rows are left out here"),
        "{}",
        &page[page.len() - 500..]
    );
    assert!(page.contains("*Mean of all units (5000)*"));
    let csv = run("--format csv-wide").code(0).stdout;
    assert_eq!(csv.lines().count(), 5_001);
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_is_asked_for_when_dgpf_is_built() {
    let run =
        |more: &str| score(more).file("responses.csv", "country,region,pol_1\nNOR,North,yes\n");
    for asked in ["--format parquet -o scores.bin", "-o scores.parquet"] {
        let left = run(asked)
            .stderr_has(
                "built without Parquet: build it with `cargo build --release --features parquet`",
            )
            .code(2);
        assert!(left.files().iter().all(|file| !file.starts_with("scores")));
    }
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_goes_into_a_file() {
    let run =
        |more: &str| score(more).file("responses.csv", "country,region,pol_1\nNOR,North,yes\n");
    let left = run("-o scores.parquet").code(0);
    assert!(left.bytes("scores.parquet").starts_with(b"PAR1"));
}
