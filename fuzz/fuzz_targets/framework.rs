//! Any bytes as a framework file: every mistake is told, nothing panics; what is sound is laid out and described.
#![no_main]

use dgpf::framework::{self, Source};
use dgpf::problem;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::decode("fuzzed.yaml", bytes) else {
        return;
    };
    match framework::load(&source, &|_| None) {
        Ok(loaded) => {
            framework::attainable(&loaded.framework);
            problem::render(&loaded.remarks);
        }
        Err(problems) => {
            problem::render(&problems);
        }
    }
});
