//! Frameworks and inputs for the tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dgpf::framework::{self, Framework, Source};
use dgpf::problem::{self, Problem};
use dgpf::responses::{self, Input, Loaded, Options};

/// The framework in `text`.
pub(crate) fn framework(text: &str) -> Framework {
    let source = Source {
        name: Arc::from("framework.yaml"),
        text: text.to_owned(),
    };
    match framework::load(&source, &|_| None) {
        Ok(loaded) => loaded.framework,
        Err(problems) => panic!("{}", problem::render(&problems)),
    }
}

/// Where the exports are.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports")
}

/// The framework that the exports answer.
pub(crate) fn small() -> Framework {
    let text = std::fs::read_to_string(folder().join("framework.yaml"));
    framework(&text.expect("the framework is there"))
}

/// Reads `bytes` as the file `responses.csv`.
pub(crate) fn read(
    framework: &Framework,
    bytes: &[u8],
    options: &Options,
) -> Result<Loaded, Vec<Problem>> {
    let input = Input {
        name: "responses.csv",
        bytes,
    };
    responses::load(&[input], framework, options)
}

/// The responses in `text`, which is sound.
pub(crate) fn sound(framework: &Framework, text: &str) -> Loaded {
    match read(framework, text.as_bytes(), &Options::default()) {
        Ok(loaded) => loaded,
        Err(problems) => panic!("{}", problem::render(&problems)),
    }
}

/// What is wrong with `bytes`.
pub(crate) fn wrong(framework: &Framework, bytes: &[u8], options: &Options) -> String {
    match read(framework, bytes, options) {
        Ok(_) => panic!("nothing is wrong"),
        Err(problems) => problem::render(&problems),
    }
}

/// The long form of the responses in `loaded`.
pub(crate) fn long(framework: &Framework, loaded: &Loaded) -> String {
    let mut out = Vec::new();
    responses::write_long(&loaded.responses, framework, &mut out).expect("memory takes it");
    String::from_utf8(out).expect("CSV is text")
}
