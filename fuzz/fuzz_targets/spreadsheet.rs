//! Any bytes as a spreadsheet. Start from those in tests/exports: few bytes make a ZIP file by chance.
#![no_main]

mod read;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| read::all("fuzzed.xlsx", bytes));
