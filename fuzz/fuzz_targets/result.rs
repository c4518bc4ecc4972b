//! Any bytes as a saved result; one that can be read is written back.
#![no_main]

use dgpf::report::json;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(result) = json::read(text) {
        json::write(&result, &mut Vec::new()).expect("a vector takes all");
    }
});
