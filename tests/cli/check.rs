use crate::run::{FRAMEWORK, RESPONSES, Run};

#[test]
fn sound_responses_are_summed_up() {
    Run::new("check responses.csv -f framework.yaml")
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
        .stdout("3 units, 8 answers, 1 missing: ready to score by `open-data` 1.0.0\n")
        .code(0);
}

#[test]
fn each_way_not_to_have_a_file_has_its_sentence() {
    let check = |files: &str| {
        Run::new(&format!("check {files} -f framework.yaml"))
            .file("framework.yaml", FRAMEWORK)
            .file("responses.csv", RESPONSES)
            .file("data/empty.csv", "")
            .file("data/header.csv", "country,pol_1,pol_2,por_1\n")
            .stdout("")
    };
    check("respnses.csv")
        .stderr("error: cannot read `respnses.csv`: no such file; did you mean `responses.csv`?\n")
        .code(2);
    check("data/nothing.csv")
        .stderr("error: cannot read `data/nothing.csv`: no such file\n")
        .code(2);
    check("data")
        .stderr("error: cannot read `data`: it is a directory; name the files in it\n")
        .code(2);
    check("data/empty.csv")
        .stderr_has("error[empty-file]: ")
        .code(1);
    check("data/header.csv")
        .stderr_has("error[header-only]: ")
        .code(1);
}

#[test]
fn a_framework_that_is_not_there_is_named_with_the_nearest() {
    let check = |framework: &str| {
        Run::new(&format!("check responses.csv -f {framework}"))
            .file("frameworks/open-data.yaml", FRAMEWORK)
            .file("responses.csv", RESPONSES)
            .stdout("")
    };
    check("open-dat")
        .stderr("error: no framework `open-dat`; did you mean `open-data`?\n")
        .code(2);
    check("framework.yaml")
        .stderr("error: cannot read `framework.yaml`: no such file\n")
        .code(2);
}

#[test]
fn problems_of_the_framework_stop_the_check() {
    Run::new("check responses.csv -f framework.yaml")
        .file(
            "framework.yaml",
            FRAMEWORK.replace("id: pol_2", "id: pol_1"),
        )
        .file("responses.csv", RESPONSES)
        .stdout("")
        .stderr_has("error[duplicate-name]: ")
        .code(1);
}

/// Two wrong cells, the second below a cell of two lines.
const WRONG: &str =
    "country,pol_1,pol_2,por_1,remark\nNO,yes,no,80,\"1\n2\"\nSE,yess,yes,\"per-\nhaps\",\n";

#[test]
fn code_hosts_and_build_servers_are_told_where_cells_stand() {
    let check = |format: &str| {
        Run::new(&format!(
            "check data/wave.csv -f framework.yaml --format {format}"
        ))
        .file("framework.yaml", FRAMEWORK)
        .file("data/wave.csv", WRONG)
    };
    check("github")
        .stdout(
            "\
::error file=data/wave.csv,line=4,col=4,endColumn=8,title=unknown-answer::`yess` is no answer to `pol_1`, which takes `no` or `yes`; did you mean `yes`?
::error file=data/wave.csv,line=4,endLine=5,title=not-a-number::`per-\\nhaps` is no number for `por_1`; write digits alone, as in `80` or `12.5`, without a unit or `%25`; leave the cell empty where nothing is known
::notice file=data/wave.csv,line=1,title=unread-columns::1 column not read: `remark`
2 errors, 0 warnings, 1 note
",
        )
        .code(1);
    let left = check("sarif").code(1);
    let sarif: serde_json::Value = serde_json::from_str(&left.stdout).expect("it is JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    let region = |at: usize| &results[at]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(results.len(), 3);
    assert_eq!(
        region(1),
        &serde_json::json!({"startLine": 4, "startColumn": 4, "endLine": 4, "endColumn": 8})
    );
    assert_eq!(
        region(2),
        &serde_json::json!({"startLine": 4, "startColumn": 13, "endLine": 5, "endColumn": 6})
    );
    let left = check("json").code(1);
    let json: serde_json::Value = serde_json::from_str(&left.stdout).expect("it is JSON");
    assert_eq!(
        json["problems"][1]["places"][0],
        serde_json::json!({
            "file": "data/wave.csv", "line": 4, "column": 4, "end_line": 4, "end_column": 8, "cell": 2
        })
    );
    check("junit")
        .stdout_has("<testsuite name=\"data/wave.csv\" tests=\"3\" failures=\"2\">")
        .code(1);
}

#[test]
fn a_framework_is_checked_for_programs_too() {
    let check = |format: &str| {
        Run::new(&format!(
            "frameworks check framework.yaml --format {format} -o out"
        ))
        .file(
            "framework.yaml",
            FRAMEWORK.replace("scale: yes-no", "scale: yes-noo"),
        )
        .stdout("")
        .code(1)
        .text("out")
    };
    assert!(check("github").starts_with("::error file=framework.yaml,line="));
    let sarif: serde_json::Value = serde_json::from_str(&check("sarif")).expect("it is JSON");
    let region = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert!(region["startColumn"].as_u64() > Some(1), "{region}");
    assert!(check("junit").contains("<failure type=\"unknown-name\""));
}

#[test]
fn evidence_that_is_required_and_not_there_is_a_warning() {
    let framework = FRAMEWORK.replacen("scale: yes-no", "scale: yes-no, evidence: required", 1);
    Run::new("check responses.csv -f framework.yaml")
        .file("framework.yaml", framework)
        .file("responses.csv", RESPONSES)
        .stdout_has("evidence for 0 of ")
        .stderr_has("warning[no-evidence]: no evidence for a positive answer to `pol_1`, which requires it\n")
        .code(0);
}

#[test]
fn an_answer_that_another_one_keeps_from_counting_is_a_warning() {
    let run = |command: &str| {
        let asked = "scale: yes-no, when: {pol_1: \"yes\"}}\n  - id: portal";
        Run::new(&format!("{command} responses.csv -f framework.yaml"))
            .file(
                "framework.yaml",
                FRAMEWORK.replace("scale: yes-no}\n  - id: portal", asked),
            )
            .file("responses.csv", RESPONSES.replace("yes,no", "no,yes"))
    };
    let warning = "warning[passed-over]: an answer to `pol_2` does not count: its condition on `pol_1` fails\n  \
                   --> responses.csv:3\n   = help: correct `pol_1`, or leave `pol_2` empty\n";
    run("check")
        .stdout("3 units, 8 answers, 1 missing: ready to score by `open-data` 1.0.0\n")
        .stderr(warning)
        .code(0);
    run("import").stderr(warning).code(0);
}

#[test]
fn a_number_that_its_scale_has_no_score_for_is_a_warning() {
    let framework = "dgpf: 1\nid: scales\nunit: country\nattributes: {people: number}\nindicators:\n  \
                     - {id: visits, number: {per: people, bands: [{from: 10, score: 0.25}]}}\n";
    let responses = "country,people,visits\nNO,10,50\nSE,1,50\n";
    let run = |command: &str| {
        Run::new(&format!("{command} responses.csv -f framework.yaml"))
            .file("framework.yaml", framework)
            .file("responses.csv", responses)
    };
    let warning = "warning[off-scale]: an answer to `visits` does not get a score: the number is below the first band, or \
                   has no logarithm\n  --> responses.csv:2\n   = help: correct it, or let a lower band or \
                   `clamp: true` score it\n";
    run("check")
        .stdout("2 units, 2 answers: ready to score by `scales` 0.1.0\n")
        .stderr(warning)
        .code(0);
    run("score")
        .stdout_has("1 value of `visits` has no score: it is off the scale (`NO`)")
        .code(0);
    let note = "note: 1 value of `visits` has no score: it is off the scale (`NO`)\n";
    run("score --format csv -o scores.csv").stderr(note).code(0);
    run("score --lang fr")
        .stdout_has("1 valeur de `visits` n’a pas de score : elle est hors de l’échelle (`NO`)")
        .stderr_has("note: framework `scales` has no texts in `fr`")
        .code(0);
    Run::new("explain responses.csv NO visits -f framework.yaml")
        .file("framework.yaml", framework)
        .file("responses.csv", responses)
        .stdout_has("by bands = no score")
        .stderr(note)
        .code(0);
}

/// All members are beyond 5, so that nobody says how far the way to it is.
#[test]
fn a_number_short_of_what_all_have_reached_is_a_warning() {
    let framework = "dgpf: 1\nid: aims\nunit: country\nattributes: {side: text}\n\
                     groups: [{id: inside, where: {side: [in]}}]\nindicators:\n  \
                     - {id: lines, number: {}, normalise: {distance-to-target: {at: 5, cap: true}}, cohort: {units: inside}}\n";
    let run = |command: &str| {
        Run::new(&format!("{command} responses.csv -f framework.yaml"))
            .file("framework.yaml", framework)
            .file(
                "responses.csv",
                "country,side,lines\nNO,in,6\nSE,in,7\nFI,out,3\n",
            )
    };
    run("check")
        .stderr(
            "warning[off-scale]: an answer to `lines` does not get a score: the number is short of what all of its cohort have \
             reached, or no share of a leader\n  --> responses.csv:4\n   = help: correct it, or let another `cohort` or target \
             say how far there is to go\n",
        )
        .code(0);
    run("score")
        .stdout_has("1 value of `lines` has no score: it is off the scale (`FI`)")
        .code(0);
}

/// `old` is gone from 2024 on; `dunno` is no answer.
#[test]
fn answers_outside_of_periods_are_counted_by_what_scores_and_compares() {
    let framework = "dgpf: 1\nid: waves\nunit: country\nperiod: year\n\
                     scales: {yes-no: {\"no\": 0, \"yes\": 1, dunno: missing}}\nindicators:\n  \
                     - {id: old, scale: yes-no, periods: {to: \"2023\"}}\n  - {id: now, scale: yes-no}\n";
    let responses = "country,year,old,now\nNO,2023,yes,no\nNO,2024,yes,no\nPE,2023,no,yes\nPE,2024,no,yes\nSE,2024,dunno,no\n";
    let run = |arguments: &str| {
        Run::new(arguments)
            .file("framework.yaml", framework)
            .file("responses.csv", responses)
    };
    let told = "2 answers to `old` do not count in 2024: the framework has their indicators in other periods only (first: `NO`)";
    let note = format!("note: {told}\n");
    let of = |command: &str| run(&format!("{command} -f framework.yaml"));
    of("score responses.csv")
        .stdout_has(told.split(" (first").next().unwrap_or_default())
        .code(0);
    let other = of("score responses.csv --period 2023").code(0).stdout;
    assert!(!other.contains("do not count"), "{other}");
    of("score responses.csv --format csv -o scores.csv")
        .stderr(&note)
        .code(0);
    of("score responses.csv --lang fr")
        .stdout_has("2 réponses à `old` ne comptent pas en 2024")
        .stderr_has("has no texts in `fr`")
        .code(0);
    let saved = of("score responses.csv --format json")
        .stderr(&note)
        .code(0)
        .stdout;
    Run::new("report r.json")
        .file("r.json", &saved)
        .stdout_has(told.split(" (first").next().unwrap_or_default())
        .code(0);
    of("explain responses.csv PE").stderr(&note).code(0);
    of("explain responses.csv PE --period 2023").code(0);
    of("compare responses.csv").stderr(&note).code(0);
    of("gate responses.csv --fail-under 0")
        .stderr(&note)
        .code(0);
}

#[test]
fn scores_beyond_the_range_are_a_warning_where_they_come_from() {
    let framework = "dgpf: 1\nid: open\nunit: country\nrange: [0, 100]\ndimensions:\n  \
                     - {id: money, indicators: [{id: spend, number: {}}]}\n";
    let run = |command: &str| {
        Run::new(&format!("{command} responses.csv -f framework.yaml"))
            .file("framework.yaml", framework)
            .file("responses.csv", "country,spend\nNO,250\nSE,50\n")
    };
    let warning = "warning[beyond-range]: the score 250 of `spend` lies outside of the range from 0 to 100\n  \
                   --> responses.csv:2\n   = help: correct the answers, let goalposts with `clamp` bring numbers into \
                   the range, or write `range: unbounded`\n";
    run("check")
        .stdout("2 units, 2 answers: ready to score by `open` 0.1.0\n")
        .stderr(warning)
        .code(0);
    run("import").stderr(warning).code(0);
    run("score")
        .stdout_has("3 scores of `index`, `money`, `spend` lie outside of the range from 0 to 100 (first: `NO`)")
        .code(0);
    let told = "3 scores of `index`, `money`, `spend` lie outside of the range from 0 to 100 (first: `NO`)";
    Run::new("explain responses.csv SE --depth 0 -f framework.yaml --format json")
        .file("framework.yaml", framework)
        .file("responses.csv", "country,spend\nNO,250\nSE,50\n")
        .stderr(&format!("note: {told}\n"))
        .code(0);
    Run::new("compare old.csv responses.csv -f framework.yaml")
        .file("framework.yaml", framework)
        .file("old.csv", "country,spend\nNO,40\nSE,50\n")
        .file("responses.csv", "country,spend\nNO,250\nSE,50\n")
        .stderr(&format!("note: `responses.csv`: {told}\n"))
        .code(0);
}

/// What a file is that is no table of responses.
#[test]
fn a_wrong_file_is_told_what_it_is() {
    let zip = |part: &str| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(part, options).expect("memory takes it");
        zip.finish().expect("memory takes it").into_inner()
    };
    let wrong: [(&str, Vec<u8>, &str); 12] = [
        (
            "report.pdf",
            b"%PDF-1.7\n%\xe2\xe3\n".to_vec(),
            "a PDF document",
        ),
        (
            "photo.jpg",
            b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(),
            "a JPEG picture",
        ),
        (
            "photo.heic",
            b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(),
            "a picture or a film",
        ),
        (
            "old.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".to_vec(),
            "an old Office file (for instance XLS), or one with a password",
        ),
        (
            "older.xls",
            b"\x09\x08\x08\0\0\x05\x10\0".to_vec(),
            "an XLS file of the nineties",
        ),
        ("zeros.csv", vec![0; 100_000], "a file of zeros"),
        (
            "login.csv",
            b"\r\n<!DOCTYPE html>\n<html><head><title>Log in</title>".to_vec(),
            "a web page, perhaps the login page of the survey server",
        ),
        (
            "answers.json",
            b"{\"unit\": \"NO\"}\n".to_vec(),
            "a JSON file",
        ),
        ("report.docx", zip("word/document.xml"), "a Word document"),
        (
            "slides.pptx",
            zip("ppt/presentation.xml"),
            "a PowerPoint presentation",
        ),
        ("export.zip", zip("export.csv"), "a ZIP archive"),
        (
            "program.bin",
            b"\x7fELF\x02\x01\x01\0".to_vec(),
            "a program",
        ),
    ];
    for (name, bytes, what) in wrong {
        let left = Run::new(&format!("check {name} -f framework.yaml"))
            .file("framework.yaml", FRAMEWORK)
            .file(name, bytes)
            .stdout("")
            .stderr_has(&format!(
                "error[not-a-table]: this is {what}, not a table of responses\n"
            ))
            .code(1);
        drop(left);
    }
}
