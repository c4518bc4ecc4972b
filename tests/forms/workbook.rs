//! The workbook: what stands in its parts.

use std::io::Read as _;

use dgpf::report::forms::{Form, Kind, Options, write};

use crate::kit::{ANSWERS, RICH, filled, framework, read, written};

/// A part of a workbook.
fn part(bytes: &[u8], name: &str) -> String {
    let mut zip =
        zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook is a ZIP file");
    let mut text = String::new();
    let mut file = zip.by_name(name).expect("the part is there");
    file.read_to_string(&mut text).expect("it is text");
    text
}

#[test]
fn drop_downs_take_their_entries_from_the_lists() {
    let framework = framework(RICH);
    let bytes = written(&Form::of(&framework, &Options::default()), Kind::Xlsx);
    let sheet = part(&bytes, "xl/worksheets/sheet2.xml");
    let rules = sheet.matches("<dataValidation ").count();
    // Two attributes, three lists, two times three options and one, two numbers.
    assert_eq!(rules, 2 + 3 + 3 + 3 + 2, "{sheet}");
    let inline = sheet.matches("<formula1>\"").count();
    assert_eq!(inline, 0);
    assert!(
        sheet.contains("<sheetProtection"),
        "the heading is protected"
    );
    assert!(sheet.contains("state=\"frozen\""));
    let book = part(&bytes, "xl/workbook.xml");
    for name in ["readme", "responses", "codebook", "lists"] {
        assert!(book.contains(&format!("name=\"{name}\"")), "{name}");
    }
    assert!(part(&bytes, "xl/comments1.xml").contains("Is there a plan?"));
}

#[test]
fn nothing_is_a_formula() {
    let framework = framework(RICH);
    let responses = read(&framework, ANSWERS.as_bytes());
    let bytes = written(&filled(&framework, &responses, None), Kind::Xlsx);
    for number in 1..=4 {
        let sheet = part(&bytes, &format!("xl/worksheets/sheet{number}.xml"));
        assert!(!sheet.contains("<f>"), "sheet {number}");
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let framework = framework(RICH);
    let form = Form::of(&framework, &Options::default());
    let made = |kind: Kind, at: i64| {
        let mut out = Vec::new();
        write(&form, kind, at, &mut out).expect("it can be made");
        out
    };
    for kind in [Kind::Xlsx, Kind::XlsForm] {
        assert_eq!(made(kind, 946_684_800), made(kind, 946_684_800));
        assert_ne!(made(kind, 946_684_800), made(kind, 1_800_000_000));
    }
}
