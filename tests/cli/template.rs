//! `dgpf template`.

use crate::run::{FRAMEWORK, RESPONSES, Run};

fn template(more: &str) -> Run {
    Run::new(&format!("template -f framework.yaml {more}"))
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
}

#[test]
fn a_blank_table_has_a_column_for_every_indicator() {
    template("")
        .stdout("country,region,pol_1,pol_2,por_1\n")
        .code(0);
}

#[test]
fn a_long_table_has_a_row_for_every_question() {
    template("--kind csv-long")
        .stdout(
            "\
country,region,indicator,question,answer
,,pol_1,Is there an open data policy?,
,,pol_2,Is it reviewed every year?,
,,por_1,Share of data sets with a licence (%),
",
        )
        .code(0);
}

#[test]
fn the_last_waves_answers_are_filled_in() {
    template("--prefill responses.csv")
        .stdout(RESPONSES)
        .code(0);
    template("--prefill responses.csv --unit per --kind csv-long")
        .stdout(
            "\
country,region,indicator,question,answer
PER,South,pol_1,Is there an open data policy?,yes
PER,South,pol_2,Is it reviewed every year?,no
PER,South,por_1,Share of data sets with a licence (%),50
",
        )
        .code(0);
}

#[test]
fn the_answers_of_a_saved_result_are_filled_in() {
    let result = Run::new("score responses.csv -f framework.yaml --format json")
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
        .code(0)
        .stdout;
    template("--prefill result.json")
        .file("result.json", &result)
        .stdout(RESPONSES)
        .code(0);
    template("--prefill result.json")
        .file("result.json", &result)
        .file("framework.yaml", FRAMEWORK.replacen("digits: 1", "digits: 2", 1))
        .stderr("error: `result.json` was made by another framework than `framework.yaml`: prefill from the responses that it was made from\n")
        .code(2);
}

#[test]
fn the_file_says_what_kind_it_is() {
    template("-o form.txt")
        .stderr("note: `form.txt`: 3 questions, 2 languages\n")
        .code(0);
    template("-o form.md --lang fr --prefill responses.csv --unit NOR")
        .stderr("note: `form.md`: 3 questions, filled in for 1 row\n")
        .code(0);
    template("-o form.pdf")
        .stderr(
            "error: what to write to `form.pdf`? its ending is none of .csv, .xlsx, .md and .txt: say it with --kind\n",
        )
        .code(2);
}

#[test]
fn a_questionnaire_is_printed_in_the_language_that_is_asked_for() {
    template("--kind markdown --lang fr")
        .stdout(
            "\
# Maturité des données ouvertes

open-data 1.0.0

- **country** (country) : \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_
- **region** (region) : \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_

## Politique

### 1. Is there an open data policy? (pol\\_1)

- [ ] no
- [ ] yes

### 2. Is it reviewed every year? (pol\\_2)

- [ ] no
- [ ] yes

## Portail

### 3. Share of data sets with a licence (%) (por\\_1)

Un nombre : \\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_\\_
",
        )
        .code(0);
}

#[test]
fn what_cannot_be_filled_in_is_said() {
    template("--prefill responses.csv --unit NORD")
        .stderr("error: --unit NORD: no answers; did you mean `NOR`?\n")
        .code(2);
    template("--prefill responses.csv --kind limesurvey")
        .stderr("error: a LimeSurvey form is filled in with the answers of one row, and there are 3: name a unit with --unit\n")
        .code(2);
    template("--delimiter tab")
        .stderr(
            "error: flags about reading say how the file of --prefill is read, and there is none\n",
        )
        .code(2);
    template("--prefill nowhere.csv")
        .stderr_has("error: cannot read `nowhere.csv`: no such file")
        .code(2);
    template("--prefill wrong.csv")
        .file("wrong.csv", "country,pol_1\nNOR,maybe\n")
        .stderr_has("error[unknown-answer]")
        .code(1);
    Run::new("template")
        .stderr_has("--framework <FRAMEWORK>")
        .code(2);
}

#[cfg(feature = "xlsx")]
#[test]
fn a_workbook_is_scored_as_the_answers_in_it() {
    let left = template("--prefill responses.csv -o form.xlsx")
        .stderr("note: `form.xlsx`: 3 questions, filled in for 3 rows\n")
        .code(0);
    let form = left.bytes("form.xlsx");
    let scores = |name: &str, bytes: &[u8]| {
        let run = Run::new(&format!("score {name} -f framework.yaml --format csv"));
        let run = run.file("framework.yaml", FRAMEWORK).file(name, bytes);
        run.code(0).stdout
    };
    assert_eq!(
        scores("form.xlsx", &form),
        scores("responses.csv", RESPONSES.as_bytes())
    );
}

#[cfg(feature = "xlsx")]
#[test]
fn a_workbook_is_made_when_it_is_said_to_be_made() {
    let made = |epoch: &str| {
        let run = template("--kind xlsform -o form.xlsx").env("SOURCE_DATE_EPOCH", epoch);
        let run = run.stderr("note: `form.xlsx`: 3 questions, 2 languages\n");
        run.code(0).bytes("form.xlsx")
    };
    assert_eq!(made(""), made("946684800"));
    assert_ne!(made(""), made("1800000000"));
    template("--kind xlsx -o form.xlsx")
        .env("SOURCE_DATE_EPOCH", "today")
        .stderr_has("error: SOURCE_DATE_EPOCH is no number of seconds: `today`")
        .code(2);
}
