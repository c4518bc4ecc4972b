//! Reads responses to the framework of the tests' exports, and writes what was read.

use std::sync::OnceLock;

use dgpf::framework::{self, Framework, Source};
use dgpf::problem;
use dgpf::responses::{self, Input, Options};

fn framework() -> &'static Framework {
    static FRAMEWORK: OnceLock<Framework> = OnceLock::new();
    FRAMEWORK.get_or_init(|| {
        let source = Source {
            name: "framework.yaml".into(),
            text: include_str!("../../tests/exports/framework.yaml").to_owned(),
        };
        framework::load(&source, &|_| None)
            .expect("it is sound")
            .framework
    })
}

pub fn all(name: &str, bytes: &[u8]) {
    let framework = framework();
    let input = Input { name, bytes };
    responses::fits(&input, framework, &Options::default());
    match responses::load(&[input], framework, &Options::default()) {
        Ok(loaded) => {
            let mut out = Vec::new();
            responses::write_long(&loaded.responses, framework, &mut out)
                .expect("a vector takes all");
        }
        Err(problems) => {
            problem::render(&problems);
        }
    }
}
