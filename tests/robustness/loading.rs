//! Frameworks and responses for tests.

use std::path::PathBuf;
use std::sync::Arc;

use dgpf::framework::{self, Framework, Source};
use dgpf::problem;
use dgpf::responses::{self, Input, Options, Responses};

/// The framework that a text describes.
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

/// The responses that a text holds.
pub(crate) fn responses(framework: &Framework, text: &str) -> Responses {
    let input = Input {
        name: "responses.csv",
        bytes: text.as_bytes(),
    };
    match responses::load(&[input], framework, &Options::default()) {
        Ok(loaded) => loaded.responses,
        Err(problems) => panic!("{}", problem::render(&problems)),
    }
}

/// A file of a folder that an environment variable names; says so if it does not.
#[allow(clippy::print_stdout)] // the reason why nothing was tested
pub(crate) fn outside(variable: &str, file: &str) -> Option<String> {
    let Some(folder) = std::env::var_os(variable) else {
        println!("skipped: {variable} names no folder with `{file}`");
        return None;
    };
    let path = PathBuf::from(folder).join(file);
    Some(
        std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
    )
}

/// The rows of a table without quoted cells, the header first.
pub(crate) fn table(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}
