//! Published indices, recomputed: what other houses printed must come out of the framework files.
//!
//! The tables of the publishers are not part of the project. Where `DGPF_CORPUS` names the folder that holds them, every
//! value is compared; where it does not, these tests say that they were skipped. `printed` needs no corpus.
//! `docs/published-indices.md` is made here: `DGPF_BLESS=1` writes it.

mod corpus;
mod invented;
#[path = "../sql/kit.rs"]
mod kit;
mod ledger;
mod oecd;
mod others;
mod printed;
mod structure;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Once;

use ledger::{Line, decimal, error_text};

type Case = fn(&Path) -> Vec<Line>;

/// Every case, in the order of the page.
const CASES: [Case; 15] = [
    oecd::dgi_2019,
    oecd::dgi_2023,
    oecd::dgi_2025,
    structure::dgi_2023,
    structure::ourdata_2017,
    oecd::ourdata_2019,
    oecd::ourdata_2023,
    oecd::ourdata_2025,
    others::egdi,
    others::gtmi,
    others::hdi,
    others::wbl,
    others::godi,
    others::egov_portals,
    others::egov_upper,
];

/// That the tests are skipped is said once.
static SAID: Once = Once::new();

/// The folder of published tables, if there is one.
fn corpus_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("DGPF_CORPUS").filter(|folder| !folder.is_empty());
    if folder.is_none() {
        SAID.call_once(|| {
            let message = "skipped: DGPF_CORPUS does not name the folder of published tables\n";
            // Written past the test harness, which would keep it to itself.
            std::io::stderr().write_all(message.as_bytes()).ok();
        });
    }
    folder.map(PathBuf::from)
}

fn reproduces(case: Case) {
    if let Some(corpus) = corpus_folder() {
        case(&corpus);
    }
}

#[test]
fn dgi_2019_is_reproduced() {
    reproduces(oecd::dgi_2019);
}

#[test]
fn dgi_2023_is_reproduced() {
    reproduces(oecd::dgi_2023);
}

#[test]
fn dgi_2025_is_reproduced() {
    reproduces(oecd::dgi_2025);
}

#[test]
fn ourdata_2019_is_reproduced() {
    reproduces(oecd::ourdata_2019);
}

#[test]
fn ourdata_2023_is_reproduced() {
    reproduces(oecd::ourdata_2023);
}

#[test]
fn ourdata_2025_is_reproduced() {
    reproduces(oecd::ourdata_2025);
}

#[test]
fn data_points_of_dgi_2023_weigh_what_was_printed() {
    reproduces(structure::dgi_2023);
}

#[test]
fn items_of_ourdata_2017_weigh_what_their_tree_gives_them() {
    reproduces(structure::ourdata_2017);
}

#[test]
fn egdi_is_reproduced() {
    reproduces(others::egdi);
}

#[test]
fn gtmi_is_reproduced() {
    reproduces(others::gtmi);
}

#[test]
fn hdi_is_reproduced() {
    reproduces(others::hdi);
}

#[test]
fn women_business_and_the_law_is_reproduced() {
    reproduces(others::wbl);
}

#[test]
fn the_global_open_data_index_is_reproduced() {
    reproduces(others::godi);
}

#[test]
fn portals_of_the_egovernment_benchmark_are_reproduced() {
    reproduces(others::egov_portals);
}

#[test]
fn upper_tiers_of_the_egovernment_benchmark_are_reproduced() {
    reproduces(others::egov_upper);
}

#[test]
fn the_page_of_published_indices_is_what_was_compared() {
    let Some(corpus) = corpus_folder() else {
        return;
    };
    let lines: Vec<Line> = CASES.iter().flat_map(|case| case(&corpus)).collect();
    let page = page(&lines);
    let path = corpus::root().join("docs/published-indices.md");
    if std::env::var_os("DGPF_BLESS").is_some() {
        std::fs::write(&path, page).expect("docs can be written");
    } else {
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(written, page, "set DGPF_BLESS=1 to write the page anew");
    }
}

fn page(lines: &[Line]) -> String {
    let mut case = "";
    let rows = lines.iter().map(|line| {
        let name = if line.case == case { "" } else { line.case };
        case = line.case;
        row(name, line)
    });
    [HEAD, &rows.collect::<String>(), FOOT].concat()
}

fn row(name: &str, line: &Line) -> String {
    let Line {
        framework,
        what,
        values,
        ..
    } = line;
    let file = framework.rsplit('/').next().unwrap_or(framework);
    let error = error_text(line.error);
    let tolerance = if line.tolerance > 0.0 {
        format!("≤ {}", decimal(line.tolerance))
    } else {
        "equal".to_owned()
    };
    format!("| {name} | [{file}](../{framework}) | {what} | {values} | {error} | {tolerance} |\n")
}

const HEAD: &str = "\
# Published indices, recomputed

Proof that the framework language and the engine reproduce what others published: each framework file below says with
its sources how an index is made, the publisher's figures went in, and what came out was compared with the figures
that the publisher printed. This page is written by a test (`cargo test --test published`) that reads the publishers'
tables from the folder in `DGPF_CORPUS`; the tables themselves are not part of the project. All framework files are
independent work and none is a product of the publisher it reproduces.

Errors are on the scale of the publication: 0 to 1, but 0 to 100 for Women, Business and the Law, the Global Open Data
Index and the eGovernment Benchmark. \"0\" stands for less than 1e-12. Where the publisher prints rounded inputs, the
rounding is the error that remains.

| case | framework | compared | values | largest error | must be |
|---|---|---|---:|---:|---|
";

const FOOT: &str = "
1. The open-by-default scores that are printed for Uruguay (0.60) and Brazil (0.61) are misprints of 0.65 and 0.66: the
   printed composites and ranks tell. They are kept as printed.
2. Without Slovenia and Brazil, who change places through that misprint, and without Panama and Argentina, whose printed
   composites (0.343, 0.342) lie nearer than dimension scores with two decimals can tell.
3. Ranks were made from unrounded scores. Of two countries with the same printed score either may stand first;
   everything else must agree. The two misprinted scores have no comparable rank.
4. The 0.501 that is printed as the OECD average of the composite is the mean over all 33 countries; that of the 29
   members is 0.509. The averages of the dimensions are those of the members.
5. Every data point of a facet was given the average that is printed for the facet, in whole per cent.
6. No composite is printed for 2023; this one is the mean of the printed pillars.
7. Without India and Iraq in 2024: the published values were made from components with more decimals than are printed,
   and in the fifth decimal they stand one rank lower. The published value itself is stored beside the index in the
   framework, and its ranks are all equal.
8. Every value that is printed. None is printed for Rwanda from 1990 to 1994, although its four indicators are.
9. The table does not state a group for Korea.
";
