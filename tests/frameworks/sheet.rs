//! `docs/frameworks.md` is what the program says about its frameworks.

use std::fmt::Write as _;
use std::path::Path;

use dgpf::framework::builtin;
use dgpf::report::{markdown, present};

use crate::{shipped, text};

const PATH: &str = "docs/frameworks.md";

fn page() -> String {
    let mut page = String::from(
        "# The frameworks that come with dgpf\n\n\
         Made by the program from `frameworks/*.yaml`; `UPDATE_DOCS=1 cargo test --test frameworks` writes it anew.\n\
         The questionnaires `dgpf`, `ddps` and its overlays are independent instruments; what each takes from its\n\
         source stands under its tree.\n\n",
    );
    let frameworks: Vec<_> = builtin::all()
        .iter()
        .map(|(id, _)| (shipped(id), format!("frameworks/{id}.yaml")))
        .collect();
    let mut rest = Vec::new();
    markdown::write(&present::framework_list(&frameworks), &mut rest).expect("a Vec takes it all");
    for (framework, _) in &frameworks {
        rest.push(b'\n');
        let document = present::framework(framework, None);
        markdown::write(&document, &mut rest).expect("a Vec takes it all");
    }
    for line in String::from_utf8(rest).expect("Markdown is UTF-8").lines() {
        let deeper = if line.starts_with('#') { "#" } else { "" };
        writeln!(page, "{deeper}{line}").expect("a String takes it all");
    }
    page
}

#[test]
fn the_page_about_the_frameworks_is_up_to_date() {
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PATH);
        std::fs::write(path, page).expect("the docs can be written");
        return;
    }
    assert!(
        text(PATH) == page,
        "{PATH} is not up to date: run UPDATE_DOCS=1 cargo test --test frameworks"
    );
}
