//! Damaged files: whatever happened to the bytes, there is an answer or a message, and what was read can be written and
//! read again.

use std::io::{Cursor, Read, Write};

use dgpf::framework::Framework;
use dgpf::problem;
use dgpf::responses::{OnDuplicate, Options};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::kit::{folder, long, read, small};

/// A sequence of numbers that is the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).expect("it is below the limit")
    }

    /// Changes, removes or repeats a few bytes, or puts one of `signs` in.
    fn damage(&mut self, bytes: &mut Vec<u8>, signs: &[u8]) {
        for _ in 0..=self.below(6) {
            if bytes.is_empty() {
                return;
            }
            let at = self.below(bytes.len());
            let to = (at + self.below(60)).min(bytes.len());
            match self.below(4) {
                0 => bytes[at] = u8::try_from(self.below(256)).expect("it is below 256"),
                1 => {
                    bytes.drain(at..to);
                }
                2 => {
                    let part = bytes[at..to].to_vec();
                    let place = self.below(bytes.len());
                    bytes.splice(place..place, part);
                }
                _ => bytes[at] = signs[self.below(signs.len())],
            }
        }
    }
}

/// Reads, and if there is an answer, writes and reads again.
fn round(framework: &Framework, bytes: &[u8], options: &Options) {
    let Ok(loaded) = read(framework, bytes, options) else {
        return;
    };
    let text = long(framework, &loaded);
    match read(framework, text.as_bytes(), &Options::default()) {
        Ok(again) => assert_eq!(long(framework, &again), text),
        Err(problems) => panic!("{}\n{text}", problem::render(&problems)),
    }
}

#[test]
fn a_record_that_is_cut_off_is_never_left_out() {
    let framework = small();
    for name in [
        "kobo-labels.csv",
        "kobo-names.csv",
        "odk-central.csv",
        "ona.csv",
        "plain-wide.csv",
        "qualtrics-three-rows.csv",
        "redcap.csv",
        "surveymonkey.csv",
    ] {
        let text = std::fs::read_to_string(folder().join(name)).expect("the file is there");
        let text = text.trim_end();
        let last = text.rfind('\n').expect("there are several records");
        for (cell, _) in text[last..].match_indices(',') {
            let cut = &text[..last + cell];
            let found = read(&framework, cut.as_bytes(), &Options::default());
            assert!(found.is_err(), "{name}: {}", &cut[last..]);
        }
    }
}

#[test]
fn damaged_text() {
    let framework = small();
    let mut chance = Chance(20_260_301);
    let policies = [OnDuplicate::Error, OnDuplicate::Last, OnDuplicate::Newest];
    for name in [
        "excel-tab-utf-16.csv",
        "kobo-labels.csv",
        "limesurvey-texts.csv",
        "plain-long.csv",
        "plain-wide.csv",
        "qualtrics-three-rows.csv",
        "redcap.csv",
        "sdmx.csv",
        "surveymonkey.csv",
    ] {
        let sound = std::fs::read(folder().join(name)).expect("the file is there");
        for run in 0..60 {
            let mut bytes = sound.clone();
            chance.damage(&mut bytes, b",;\"\n\r\t|'[]/_");
            let options = Options {
                on_duplicate: policies[run % policies.len()],
                header_rows: [None, None, Some(2), Some(3)][chance.below(4)],
                ..Options::default()
            };
            round(&framework, &bytes, &options);
        }
    }
}

#[test]
fn damaged_spreadsheets() {
    let framework = small();
    let mut chance = Chance(20_260_302);
    for name in [
        "eusurvey-split.xlsx",
        "microsoft-forms.xlsx",
        "opendocument.ods",
    ] {
        let bytes = std::fs::read(folder().join(name)).expect("the file is there");
        let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("it is a ZIP file");
        let mut parts = Vec::new();
        for at in 0..zip.len() {
            let mut part = zip.by_index(at).expect("the part is there");
            let name = part.name().expect("names are plain").into_owned();
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("the part is sound");
            parts.push((name, content));
        }
        for _ in 0..60 {
            let victim = chance.below(parts.len());
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
            for (at, (name, content)) in parts.iter().enumerate() {
                let mut content = content.clone();
                if at == victim || chance.below(4) == 0 {
                    chance.damage(&mut content, b"<>\"&;/0919=");
                }
                zip.start_file(name.as_str(), stored)
                    .expect("memory takes it");
                zip.write_all(&content).expect("memory takes it");
            }
            let bytes = zip.finish().expect("memory takes it").into_inner();
            round(&framework, &bytes, &Options::default());
        }
    }
}
