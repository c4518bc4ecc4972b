//! `docs/coinr.md`: every table with its line, and where `COINr` errs.

use std::fmt::Write as _;

use super::SUBJECTS;
use super::line::Line;
use super::reference::Reference;

/// The page is what it would be made of now; with `DGPF_BLESS=1` it is made anew.
pub(crate) fn compare(reference: &Reference) {
    let lines: Vec<Line> = SUBJECTS
        .iter()
        .flat_map(|subject| subject(reference))
        .collect();
    let page = page(&lines);
    super::differences::names(&page);
    let path = format!("{}/docs/coinr.md", env!("CARGO_MANIFEST_DIR"));
    if std::env::var("DGPF_BLESS").is_ok_and(|bless| bless == "1") {
        std::fs::create_dir_all(format!("{}/docs", env!("CARGO_MANIFEST_DIR")))
            .and_then(|()| std::fs::write(&path, page))
            .unwrap_or_else(|error| panic!("{path} cannot be written: {error}"));
        return;
    }
    let found = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{path} cannot be read: {error}"));
    assert!(
        found == page,
        "docs/coinr.md is not what these tables give: run with DGPF_BLESS=1"
    );
}

fn page(lines: &[Line]) -> String {
    let cells: usize = lines.iter().map(|line| line.cells).sum();
    let worst = lines.iter().map(|line| line.difference).fold(0.0, f64::max);
    let mut table = String::new();
    for line in lines {
        writeln!(table, "{}", line.row()).expect("a string takes everything");
    }
    include_str!("page.md")
        .replace("{tables}", &lines.len().to_string())
        .replace("{cells}", &cells.to_string())
        .replace("{worst}", &super::line::shown(worst))
        .replace("{table}\n", &table)
}
