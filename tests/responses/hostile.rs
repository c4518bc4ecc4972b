//! Files that want too much: each ends in a message, soon and in little memory.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::kit::{framework, wrong};
use crate::workbook::{NO_TEXTS, ods, package, sheet, xlsx};
use dgpf::framework::Framework;
use dgpf::responses::Options;

fn plain() -> Framework {
    framework(
        "dgpf: 1\nid: plain\nunit: country\nindicators:\n  - {id: q, scale: {\"no\": 0, \"yes\": 1}}\n",
    )
}

/// The message for `bytes`. It takes less than a second; the limit leaves room for a build without optimisation on a
/// machine that has other work.
fn message(bytes: &[u8]) -> String {
    let start = Instant::now();
    let text = wrong(&plain(), bytes, &Options::default());
    let taken = start.elapsed();
    assert!(taken < Duration::from_mins(1), "it took {taken:?}");
    assert!(text.len() < 20_000, "{} bytes of message", text.len());
    text
}

#[test]
fn ten_megabytes_on_one_line() {
    let commas = vec![b','; 10 << 20];
    assert_eq!(
        message(&commas),
        "error[too-many-columns]: there are more than 20000 columns\n  --> responses.csv:1\n   = help: look for a line end \
         that is missing\n"
    );
    let letters = vec![b'x'; 10 << 20];
    let text = message(&letters);
    assert!(text.starts_with("error[no-column]: no column `country`, which says who is scored\n"));
    let mut cell = b"country,q\nNO,".to_vec();
    cell.extend(&letters);
    let text = message(&cell);
    assert!(text.starts_with(
        "error[long-answer]: `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` is no answer to `q`: it has \
         10485760 bytes, and an answer has at most 65536\n"
    ));
}

#[test]
fn answers_of_any_length() {
    // White space in an answer does not count, up to 64 KiB of it.
    let cell = |spaces: usize| format!("country,q\nNO,\"yes{}\"\n", " ".repeat(spaces));
    assert!(
        crate::kit::read(
            &plain(),
            cell((64 << 10) - 3).as_bytes(),
            &Options::default()
        )
        .is_ok()
    );
    let text = message(cell((64 << 10) - 2).as_bytes());
    assert!(
        text.starts_with(
            "error[long-answer]: `yes` is no answer to `q`: it has 65537 bytes, and an answer has at most 65536\n"
        ),
        "{text}"
    );
    let many = framework(
        "dgpf: 1\nid: many\nunit: country\nindicators:\n  - {id: q, multiple: {options: {a: 1, b: 1}}}\n",
    );
    let list = |options: usize| format!("country,q\nNO,{}b\n", "a;".repeat(options));
    let read = |text: String| crate::kit::read(&many, text.as_bytes(), &Options::default());
    assert!(read(list((16 << 10) / 2 - 1)).is_ok());
    assert!(read(list((16 << 10) / 2)).is_err());
}

#[test]
fn twenty_thousand_columns() {
    let text = |columns: usize| {
        let more: Vec<String> = (2..columns).map(|column| format!("c{column}")).collect();
        let (more, empty) = (more.join(","), ",".repeat(columns - 2));
        format!("country,q,{more}\nNO,yes{empty}\n")
    };
    let read = |text: String| crate::kit::read(&plain(), text.as_bytes(), &Options::default());
    assert!(read(text(20_000)).is_ok());
    assert!(message(text(20_001).as_bytes()).starts_with("error[too-many-columns]"));
}

#[test]
fn a_quote_that_swallows_the_file() {
    let mut text = b"country,q\nNO,\"yes\n".to_vec();
    text.extend(b"SE,no\n".repeat(1 << 20));
    assert_eq!(
        message(&text),
        "error[open-quote]: a quote opens here and is never closed\n  --> responses.csv:2\n   = help: close it, or double it \
         where the text itself holds a quote\n"
    );
    text.extend(b"SE,no\n".repeat(2 << 20));
    assert_eq!(
        message(&text),
        "error[record-too-long]: one row is longer than 16 MiB\n  --> responses.csv:2\n   = help: look for a quote that is \
         not closed\n"
    );
}

#[test]
fn a_gigabyte_of_zeros() {
    let zeros = vec![0; 1 << 30];
    assert_eq!(
        message(&zeros),
        "error[not-a-table]: this is a file of zeros, not a table of responses\n  --> responses.csv\n   = help: save or \
         export the responses as CSV\n"
    );
}

#[test]
fn a_million_mistakes() {
    let mut text = b"country,q\n".to_vec();
    for row in 0..100_000 {
        writeln!(text, "u{row},answer {row}").expect("memory takes it");
    }
    let text = message(&text);
    assert_eq!(text.matches("error[unknown-answer]").count(), 20);
    assert!(text.ends_with(
        "error[more-wrong-cells]: more cells of `q` are wrong in other ways\n  --> responses.csv:22:2\n  ::: \
         responses.csv:23:2\n  ::: responses.csv:24:2\n   = note: 99980 times in all\n"
    ));
}

#[test]
fn a_hundred_thousand_duplicates() {
    let mut text = b"country,q\n".to_vec();
    for row in 0..100_000 {
        writeln!(text, "u{},yes", row % 50_000).expect("memory takes it");
    }
    let text = message(&text);
    assert_eq!(text.matches("error[duplicate-row]").count(), 20);
    assert!(text.contains(
        "error[more-duplicates]: more rows or answers stand twice\n  --> responses.csv:50022\n   = note: 49980 times in \
         all\n"
    ));
}

#[test]
fn a_hundred_thousand_units_that_look_alike() {
    let mut text = b"country,q\n".to_vec();
    for row in 0..100_000 {
        writeln!(text, "u{row},yes\nU{row},yes").expect("memory takes it");
    }
    text.extend(b"last,maybe\n");
    let text = message(&text);
    assert_eq!(text.matches("warning[units-alike]").count(), 20);
}

const HEADER: &str = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>country</t></is></c><c r=\"B1\" \
                      t=\"inlineStr\"><is><t>q</t></is></c></row>";

#[test]
fn a_cell_in_the_last_corner() {
    let rows = format!("{HEADER}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>");
    let text = message(&xlsx(&sheet(&rows), NO_TEXTS));
    assert!(text.contains(
        "error[ragged-row]: 16384 cells here, 2 in the header\n  --> responses.csv:1048576\n"
    ));
}

#[test]
fn many_cells_in_the_last_column() {
    let mut rows = HEADER.to_owned();
    for row in 2..100_000 {
        let _ = write!(
            rows,
            "<row r=\"{row}\"><c r=\"XFD{row}\"><v>1</v></c></row>"
        );
    }
    assert_eq!(
        message(&xlsx(&sheet(&rows), NO_TEXTS)),
        "error[spreadsheet-too-large]: the spreadsheet unpacks to more than responses ever do\n  --> responses.csv\n   = \
         help: save the table as CSV\n"
    );
}

#[test]
fn one_cell_ten_million_times() {
    let rows = format!(
        "{HEADER}<row r=\"2\">{}</row>",
        "<c r=\"A2\"><v>1</v></c>".repeat(1 << 20)
    );
    let text = message(&xlsx(&sheet(&rows), NO_TEXTS));
    assert!(text.starts_with("error[broken-spreadsheet]: the spreadsheet is damaged\n"));
}

#[test]
fn places_beyond_every_sheet() {
    for cell in [
        "<row r=\"18446744073709551615\"><c/></row><row><c><v>1</v></c></row>",
        "<row r=\"0\"><c><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"ZZZZ2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"ZZZZZZZZZZZZZZZZ2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A99999999999999999999\"><v>1</v></c></row>",
        "<row r=\"2\"><c t=\"s\"><v>99</v></c></row>",
        "<row r=\"2\"><c><v>1e999</v></c><c><v>x</v></c></row>",
    ] {
        let text = message(&xlsx(&sheet(&format!("{HEADER}{cell}")), NO_TEXTS));
        assert!(text.starts_with("error["), "{cell}");
    }
}

#[test]
fn a_part_that_unpacks_to_too_much() {
    let bomb = vec![b' '; 257 << 20];
    let text = message(&xlsx(&bomb, NO_TEXTS));
    assert!(text.starts_with("error[spreadsheet-too-large]"));
}

#[test]
fn five_thousand_parts() {
    let mut names: Vec<String> = (0..5_000).map(|part| format!("xl/{part}.xml")).collect();
    names.insert(0, "[Content_Types].xml".to_owned());
    let parts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), NO_TEXTS)).collect();
    let text = message(&package(&parts));
    assert!(text.starts_with("error[spreadsheet-too-large]"), "{text}");
}

#[test]
fn a_cell_of_two_megabytes() {
    let row = |text: &str| {
        format!("{HEADER}<row r=\"2\"><c t=\"inlineStr\"><is><t>{text}</t></is></c></row>")
    };
    let text = message(&xlsx(&sheet(&row(&"x".repeat(2 << 20))), NO_TEXTS));
    assert!(text.starts_with("error[spreadsheet-too-large]"), "{text}");
}

#[test]
fn a_number_of_texts_that_is_a_lie() {
    for count in [
        "99999999999",
        "18446744073709551615",
        "999999999999999999999999",
    ] {
        let texts = format!(
            "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" count=\"1\" uniqueCount=\"{count}\"/>"
        );
        let text = message(&xlsx(&sheet(HEADER), texts.as_bytes()));
        // It is not believed, so that it does no harm.
        assert!(text.starts_with("error[header-only]"), "{count}");
    }
}

#[test]
fn a_cell_that_repeats_for_ever() {
    let cell = |repeats: &str| {
        format!(
            "<table:table-cell table:number-columns-repeated=\"{repeats}\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell>"
        )
    };
    let wide = format!(
        "<table:table-row>{}</table:table-row>",
        cell("99999999999999999999")
    );
    let text = message(&ods(&wide));
    // A number beyond all numbers is none, so that the cell stands once.
    assert!(text.starts_with("error[no-column]"), "{text}");
    let wide = format!("<table:table-row>{}</table:table-row>", cell("1000000000"));
    assert!(message(&ods(&wide)).starts_with("error[too-many-columns]"));
    let deep = format!(
        "<table:table-row table:number-rows-repeated=\"4294967295\">{}</table:table-row>",
        cell("100")
    );
    assert!(message(&ods(&deep)).starts_with("error[spreadsheet-too-large]"));
    let spaces = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>a<text:s text:c=\"4294967295\"/></text:p></table:table-cell></table:table-row>";
    assert!(message(&ods(spaces)).starts_with("error[spreadsheet-too-large]"));
}

#[test]
fn no_bytes_make_it_panic() {
    // Every start and every single damage of a file that uses all the grammar.
    let text = "sep=;\r\ncountry;q;\"a;\"\"b\"\"\"\r\nNO;yes;\"1\r\n2\"\r\nSE;\"no\";é\u{301}\r\n"
        .as_bytes();
    let framework = plain();
    let options = Options::default();
    for end in 0..text.len() {
        let _ = crate::kit::read(&framework, &text[..end], &options);
        for damage in [0, b'"', b';', b'\r', b'\n', 0xff, b'P'] {
            let mut bytes = text.to_vec();
            bytes[end] = damage;
            let _ = crate::kit::read(&framework, &bytes, &options);
        }
    }
    let spreadsheet = ods("<table:table-row><table:table-cell/></table:table-row>");
    for at in 0..spreadsheet.len() {
        let mut bytes = spreadsheet.clone();
        bytes[at] ^= 0x55;
        let _ = crate::kit::read(&framework, &bytes, &options);
    }
}
