//! Any bytes as responses in text, in whatever dialect they seem to be.
#![no_main]

mod read;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| read::all("fuzzed.csv", bytes));
