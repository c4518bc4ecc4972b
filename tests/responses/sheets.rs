//! What cells of spreadsheets become.

use dgpf::framework::Framework;
use dgpf::problem;
use dgpf::responses::{Loaded, Options};

use crate::kit::{framework, long, read};
use crate::workbook::{NO_TEXTS, ods, open_document, sheet, styled, two_sheets, xlsx};

fn plain() -> Framework {
    framework(
        "dgpf: 1
id: plain
unit: country
period: wave
indicators:
  - {id: q, scale: {\"no\": 0, \"yes\": 1}}
  - {id: n, number: {from: 0, to: 1}}
  - {id: p, number: {from: 0, to: 100, unit: \"%\"}}
",
    )
}

fn read_sheet(bytes: &[u8]) -> Result<Loaded, String> {
    read(&plain(), bytes, &Options::default()).map_err(|problems| problem::render(&problems))
}

fn text(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn header() -> String {
    let names = ["country", "wave", "q", "n", "p"];
    let cells = names.iter().zip(["A1", "B1", "C1", "D1", "E1"]);
    cells.map(|(name, cell)| text(cell, name)).collect()
}

#[test]
fn numbers_dates_and_texts_are_read_as_they_are_shown() {
    // Styles: 1 is a date, 2 is per cent, 3 has a quoted per cent sign.
    let rows = format!(
        "<row r=\"1\">{}</row>
         <row r=\"2\">{}<c r=\"B2\" s=\"1\"><v>46082</v></c><c r=\"C2\" t=\"s\"><v>0</v></c><c \
         r=\"D2\"><v>0.30000000000000004</v></c><c r=\"E2\" s=\"2\"><v>0.715</v></c></row>
         <row r=\"4\">{}<c r=\"B4\" s=\"1\"><v>46082.5</v></c><c r=\"E4\" s=\"3\"><v>0.5</v></c></row>",
        header(),
        text("A2", "NO"),
        text("A4", "SE"),
    );
    let texts = b"<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><r><t>y</t></r><r><t>es</t></r></si></sst>";
    let loaded = read_sheet(&styled(&sheet(&rows), texts)).expect("the sheet is sound");
    assert_eq!(
        long(&plain(), &loaded),
        "country,wave,indicator,answer\nNO,2026-03-01,q,yes\nNO,2026-03-01,n,0.3\nNO,2026-03-01,p,71.5\nSE,2026-03-01T12:00:00,p,0.5\n"
    );
    assert_eq!(loaded.responses.rows[1].line, 4);
}

#[test]
fn times_of_day_are_no_numbers() {
    // 8:30 and 30:00, kept as parts of a day; the framework asks for hours, and 0.35416 is not what anybody answered.
    let rows = format!(
        "<row r=\"1\">{}</row>
         <row r=\"2\">{}{}<c r=\"D2\" s=\"4\"><v>0.3541666666666667</v></c><c r=\"E2\" s=\"5\"><v>1.25</v></c></row>",
        header(),
        text("A2", "NO"),
        text("B2", "2026"),
    );
    let problems = read_sheet(&styled(&sheet(&rows), NO_TEXTS)).expect_err("times are no numbers");
    let said: Vec<&str> = problems
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        said,
        [
            "error[not-a-number]: `08:30` is no number for `n`",
            "error[not-a-number]: `30:00` is no number for `p`"
        ]
    );
}

#[test]
fn errors_and_logical_values_are_no_answers() {
    let rows = format!(
        "<row r=\"1\">{}</row><row r=\"2\">{}<c r=\"B2\" t=\"e\"><v>#REF!</v></c><c r=\"C2\" t=\"b\"><v>1</v></c><c r=\"D2\" \
         t=\"e\"><v>#N/A</v></c></row>",
        header(),
        text("A2", "NO"),
    );
    assert_eq!(
        read_sheet(&xlsx(&sheet(&rows), NO_TEXTS)).err().as_deref(),
        Some(
            "error[error-cell]: `#REF!` is an error of the spreadsheet, not a value
  --> responses.csv:2:2
   = help: correct the formula, or clear the cell

error[unknown-answer]: `TRUE` is no answer to `q`, which takes `no` or `yes`
  --> responses.csv:2:3
   = help: correct it, or say what it stands for in a mapping: `dgpf import --write-mapping FILE` drafts one

error[error-cell]: `#N/A` is an error of the spreadsheet, not a value
  --> responses.csv:2:4
   = help: correct the formula, or clear the cell
"
        )
    );
}

/// A list for a drop-down stands in front of the table, and nobody who opens the file sees it.
#[test]
fn hidden_sheets_are_read_only_if_they_are_asked_for() {
    let row = |unit: &str| {
        let cells = format!("{}{}", text("A2", unit), text("B2", "2026"));
        format!("<row r=\"1\">{}</row><row r=\"2\">{cells}</row>", header())
    };
    let [list, table] = ["XX", "NO"].map(|unit| sheet(&row(unit)));
    let cell = |text: &str| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
    let open = |name: &str, style: &str, unit: &str| {
        let head = ["country", "wave", "q", "n", "p"].map(cell).concat();
        let row = [unit, "2026"].map(cell).concat();
        format!(
            "<table:table table:name=\"{name}\" table:style-name=\"{style}\"><table:table-row>{head}</table:table-row><table:table-row>{row}</table:table-row></table:table>"
        )
    };
    let styles = "<style:style style:name=\"ta1\"><style:table-properties table:display=\"false\"/></style:style>\
                  <style:style style:name=\"ta2\"><style:table-properties table:display=\"true\"/></style:style>";
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{}{}</office:spreadsheet></office:body></office:document-content>",
        open("Lists", "ta1", "XX"),
        open("Table", "ta2", "NO"),
    );
    for bytes in [
        two_sheets("state=\"hidden\"", &list, &table),
        two_sheets("state=\"veryHidden\"", &list, &table),
        open_document(&content),
    ] {
        let loaded = read_sheet(&bytes).expect("the sheet is sound");
        assert_eq!(&*loaded.responses.units[0].id, "NO");
        assert_eq!(
            problem::render(&loaded.remarks),
            "note[other-sheets]: sheet `Table` was read, `Lists` was not\n  --> responses.csv\n   = help: name another one with --sheet\n"
        );
        let options = Options {
            sheet: Some("Lists".to_owned()),
            ..Options::default()
        };
        let loaded = read(&plain(), &bytes, &options).expect("the other one, too");
        assert_eq!(&*loaded.responses.units[0].id, "XX");
    }
}

/// As programs save workbooks that do not compute.
#[test]
fn formulas_without_their_values_are_no_gaps() {
    let rows = format!(
        "<row r=\"1\">{}</row><row r=\"2\">{}{}<c r=\"D2\"><f>1/2</f><v>0.5</v></c><c r=\"E2\"><f>D2*100</f></c></row>",
        header(),
        text("A2", "NO"),
        text("B2", "2026"),
    );
    assert_eq!(
        read_sheet(&xlsx(&sheet(&rows), NO_TEXTS)).err().as_deref(),
        Some(
            "error[formula-cell]: `=D2*100` is a formula without its value
  --> responses.csv:2:5
   = help: open the file in a spreadsheet program, which computes it, and save it; or write the value
"
        )
    );
}

#[test]
fn open_document_cells_are_read_as_they_are_shown() {
    let cell = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let names = ["country", "wave", "q", "n", "p"].map(cell).concat();
    let content = format!(
        "<table:table-row>{names}</table:table-row>
         <table:table-row table:number-rows-repeated=\"3\"><table:table-cell \
         table:number-columns-repeated=\"16384\"/></table:table-row>
         <table:table-row>{}<table:table-cell office:value-type=\"date\" office:date-value=\"2026-03-01\"><text:p>1 \
         March</text:p></table:table-cell><table:table-cell office:value-type=\"string\"><office:annotation><text:p>a \
         note</text:p></office:annotation><text:p>y&#101;s</text:p></table:table-cell><table:table-cell \
         office:value-type=\"float\" office:value=\"0.5\" table:number-columns-repeated=\"2\"><text:p>0,5</text:p></table:table-cell></table:table-row>",
        cell("C&amp;A <text:s/>Ltd"),
    );
    let loaded = read_sheet(&ods(&content)).expect("the sheet is sound");
    assert_eq!(
        long(&plain(), &loaded),
        "country,wave,indicator,answer\nC&A  Ltd,2026-03-01,q,yes\nC&A  Ltd,2026-03-01,n,0.5\nC&A  Ltd,2026-03-01,p,0.5\n"
    );
    assert_eq!(loaded.responses.rows[0].line, 5);
}
