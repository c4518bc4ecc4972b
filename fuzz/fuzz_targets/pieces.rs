#![no_main]

#[path = "../../tests/corpus/targets.rs"]
mod targets;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| targets::pieces(bytes));
