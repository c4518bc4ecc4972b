//! The frameworks that come with dgpf: that each file is sound, that the questionnaires keep the promises of good
//! instruments, that weights are those of the sources, and that the worked examples give what a person gets on paper.

mod examples;
mod files;
mod instruments;
mod sheet;
mod weights;

use std::path::Path;

use dgpf::framework::{self, Framework, Source, builtin};
use dgpf::problem;

/// A framework that comes with dgpf.
fn shipped(id: &str) -> Framework {
    let source = builtin::find(id).unwrap_or_else(|| panic!("no framework `{id}`"));
    read(&source)
}

/// A framework of a file in this repository.
fn of_file(path: &str) -> Framework {
    read(&Source {
        name: path.into(),
        text: text(path),
    })
}

fn read(source: &Source) -> Framework {
    match framework::load(source, &builtin::find) {
        Ok(loaded) => {
            assert!(
                loaded.remarks.is_empty(),
                "{}",
                problem::render(&loaded.remarks)
            );
            loaded.framework
        }
        Err(problems) => panic!("{}", problem::render(&problems)),
    }
}

/// The text of a file in this repository.
fn text(path: &str) -> String {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(whole).unwrap_or_else(|error| panic!("{path}: {error}"))
}
