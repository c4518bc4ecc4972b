//! Texts that a format would act on leave every form whole.

use dgpf::framework::Framework;
use dgpf::report::forms::{Form, Kind, Options, sheets};

use crate::kit::{filled, framework, read, same, written};
use crate::limesurvey::structure;
use crate::xlsform::table;

/// Formulas, quotes, line ends, tabs, references, markup, a label of 400 characters, letters from right to left.
fn hostile() -> Framework {
    framework(include_str!("hostile.yaml"))
}

const HEADER: &str = "unit,q1,q1__evidence,q2,q3/x;y,q3/x,q3/y,q3/=z\n";

const PLAIN: &str = "\
C,c,\"line one
line two\",,0,0,0,0
E,e,x\ty,,0,0,0,1
F,f,${q1} {q1},,1,1,1,1
G,@x,z,a,0,0,1,0
H,\"it's \"\"q\"\"\",z,f,0,0,0,1
";

const FORMULAS: &str = "\
=A,a,\"=HYPERLINK(\"\"x\"\")\",,1,0,0,0
B,b,\"-1 \"\"x\"\"\",,0,1,1,0
D,d,@x,,,,,
";

#[test]
fn answers_come_back_from_every_table() {
    let framework = hostile();
    // A formula is neutralised in CSV, so that what begins like one is another text there.
    let plain = read(&framework, format!("{HEADER}{PLAIN}").as_bytes());
    for kind in [Kind::Csv, Kind::CsvLong] {
        let form = filled(&framework, &plain, None);
        same(
            &framework,
            &written(&form, kind),
            &plain,
            &format!("{kind:?}"),
        );
    }
    #[cfg(feature = "xlsx")]
    {
        let all = read(&framework, format!("{HEADER}{PLAIN}{FORMULAS}").as_bytes());
        let form = filled(&framework, &all, None);
        same(&framework, &written(&form, Kind::Xlsx), &all, "XLSX");
    }
}

#[test]
fn nothing_in_csv_is_a_formula() {
    let framework = hostile();
    let all = read(&framework, format!("{HEADER}{PLAIN}{FORMULAS}").as_bytes());
    let form = filled(&framework, &all, None);
    for kind in [Kind::Csv, Kind::CsvLong] {
        let bytes = written(&form, kind);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        for record in reader.records() {
            for cell in &record.expect("all rows are equally long") {
                // `@x` is a code of the framework.
                let formula = cell.starts_with(['=', '+', '-', '@', '\t']) && cell != "@x";
                assert!(!formula, "{cell} in {kind:?}");
            }
        }
    }
}

#[test]
fn an_xlsform_refers_only_to_its_questions() {
    let framework = hostile();
    let sheets = sheets(&Form::of(&framework, &Options::default())).expect("all names are names");
    let survey = table(&sheets.survey);
    for row in survey.iter().chain(&table(&sheets.choices)) {
        for (column, text) in row {
            if column.starts_with("label") || column.starts_with("hint") {
                assert!(!text.contains("${"), "{text}");
            }
        }
    }
    let q2 = survey
        .iter()
        .find(|row| row["name"] == "q2")
        .expect("it is asked");
    assert_eq!(q2["relevant"], "(${q1} = '@x' or ${q1} = 'a2')");
    let settings = table(&sheets.settings);
    assert_eq!(
        settings[0]["form_title"],
        "=1+1 <b>&amp; $\u{2060}{x} {TOKEN}"
    );
}

#[test]
fn a_limesurvey_structure_keeps_a_row_a_line_and_holds_no_expression() {
    let framework = hostile();
    let form = Form::of(&framework, &Options::default());
    let rows = structure(&form);
    let lines = String::from_utf8(written(&form, Kind::LimeSurvey)).expect("it is text");
    assert_eq!(lines.lines().count(), rows.len() + 1);
    for row in &rows {
        for column in ["text", "help"] {
            let text = &row[column];
            assert!(
                !text.contains(['{', '}', '<', '"', '\t']) || text.contains("<br />"),
                "{text}"
            );
        }
    }
}

#[test]
fn a_printed_questionnaire_shows_markup() {
    let text = written(&Form::of(&hostile(), &Options::default()), Kind::Markdown);
    let text = String::from_utf8(text).expect("it is text");
    assert!(text.contains("# =1+1 &lt;b&gt;"), "{text}");
    assert!(!text.contains("<script"), "{text}");
    let boxes = text
        .lines()
        .filter(|line| line.starts_with("- [ ] "))
        .count();
    // Eight answers twice, four options and none of them.
    assert_eq!(boxes, 8 + 8 + 5, "{text}");
}

#[cfg(feature = "xlsx")]
#[test]
fn more_columns_than_a_spreadsheet_has_are_refused() {
    use std::fmt::Write as _;
    let mut text = "dgpf: 1\nid: wide\nunit: unit\nindicators:\n".to_owned();
    for at in 0..16_384 {
        writeln!(text, "  - {{id: i{at}, number: {{}}}}").expect("memory takes it");
    }
    let framework = framework(&text);
    let form = Form::of(&framework, &Options::default());
    let refused = dgpf::report::forms::write(&form, Kind::Xlsx, 0, &mut Vec::new());
    assert_eq!(
        refused.expect_err("it has no room").to_string(),
        "the form needs 16385 columns, and a spreadsheet has 16384: use --kind csv-long"
    );
}
