//! The example of the R package `COINr` comes out of one framework file and its variants.
//!
//! `DGPF_COINR` names the folder with `COINr`'s tables; without it these tests say that they were skipped. Every table
//! is one line of `docs/coinr.md`: how many cells were compared and how far the worst one is off.

mod aggregated;
mod collected;
mod differences;
mod example;
mod filled;
#[path = "../sql/kit.rs"]
mod kit;
mod line;
mod page;
mod periods;
mod reference;
mod scaled;
mod scored;
mod treated;

use line::Line;
use reference::Reference;

/// The tables of one subject, compared.
type Subject = fn(&Reference) -> Vec<Line>;

/// Every subject, in the order of the page.
const SUBJECTS: [Subject; 7] = [
    collected::tables,
    filled::tables,
    treated::tables,
    scaled::tables,
    aggregated::tables,
    example::tables,
    periods::tables,
];

#[allow(clippy::print_stdout)] // the summary that is asked for
fn check(subject: Subject) {
    let Some(reference) = Reference::open() else {
        return;
    };
    for line in subject(&reference) {
        println!("{line}");
    }
}

#[test]
fn what_was_collected_is_read_divided_and_screened() {
    check(collected::tables);
}

#[test]
fn gaps_are_filled() {
    check(filled::tables);
}

#[test]
fn outliers_are_tamed() {
    check(treated::tables);
}

#[test]
fn numbers_are_scaled() {
    check(scaled::tables);
}

#[test]
fn scores_are_aggregated() {
    check(aggregated::tables);
}

#[test]
fn the_example_and_the_overview_are_built() {
    check(example::tables);
}

#[test]
fn periods_are_filled_and_scaled_together() {
    check(periods::tables);
}

#[test]
fn every_file_of_the_folder_is_a_framework_of_its_name() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/coinr");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the folder is here") {
        let path = entry.expect("the folder can be read").path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let name = path.file_stem().and_then(|stem| stem.to_str());
            let name = name.expect("names are UTF-8");
            assert_eq!(scored::framework(name).id.as_str(), name);
            count += 1;
        }
    }
    assert!(count > 70, "{count} files");
}

#[test]
fn the_page_names_every_table() {
    if let Some(reference) = Reference::open() {
        page::compare(&reference);
    }
}
