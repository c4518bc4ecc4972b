//! Indices of other houses: United Nations, World Bank, UNDP, Open Knowledge, European Commission.

use std::collections::BTreeMap;
use std::path::Path;

use dgpf::framework::{Digits, RoundingMode};

use super::corpus::{Row, Table, framework, score, score_rows};
use super::ledger::{Comparison, Line};

/// EGDI 2014, 2016, 2024.
pub(crate) fn egdi(corpus: &Path) -> Vec<Line> {
    const CASE: &str = "EGDI 2014, 2016, 2024";
    const FILE: &str = "frameworks/egdi.yaml";
    let published = Table::read(corpus, "egdi_2014_2016_2024.csv");
    let responses = published.columns(&[
        ("country", "country"),
        ("year", "year"),
        ("region", "region"),
        ("osi", "osi"),
        ("tii", "tii"),
        ("hci", "hci"),
        ("epi", "epi"),
        ("egdi", "egdi"),
    ]);
    let scored = score(FILE, &[&responses.csv()]);
    let mut index = Comparison::new(CASE, FILE, "index", 0.00005);
    let mut ranks = Comparison::new(CASE, FILE, "rank of the published value", 0.0);
    let mut recomputed = Comparison::new(CASE, FILE, "rank of the recomputed value ⁷", 0.0);
    for row in published.rows() {
        let (unit, year) = (row.get("country"), row.get("year"));
        let label = format!("{unit} {year}");
        let printed = row.number("egdi").expect("printed for all");
        index.score(&label, scored.shown(unit, year, "index"), printed);
        let rank = row.number("rank");
        ranks.same(&label, &scored.rank(unit, year, "egdi.published"), &rank);
        if !["India 2024", "Iraq 2024"].contains(&label.as_str()) {
            recomputed.same(&label, &scored.rank(unit, year, "index"), &rank);
        }
    }
    vec![index.close(579), ranks.close(579), recomputed.close(577)]
}

/// GTMI 2020, 2022, 2025.
pub(crate) fn gtmi(corpus: &Path) -> Vec<Line> {
    const CASE: &str = "GTMI 2020, 2022, 2025";
    const FILE: &str = "frameworks/gtmi.yaml";
    let published = Table::read(corpus, "gtmi_2020_2022_2025.csv");
    let responses = published.columns(&[
        ("country_code", "country"),
        ("country_name", "name"),
        ("year", "year"),
        ("cgsi", "cgsi"),
        ("psdi", "psdi"),
        ("dcei", "dcei"),
        ("gtei", "gtei"),
    ]);
    let scored = score(FILE, &[&responses.csv()]);
    let mut index = Comparison::new(CASE, FILE, "index", 1e-12);
    let mut groups = Comparison::new(CASE, FILE, "group, and no rank", 0.0);
    for row in published.rows() {
        let (unit, year) = (row.get("country_code"), row.get("year"));
        let label = format!("{unit} {year}");
        let printed = row.number("gtmi").expect("printed for all");
        index.score(&label, scored.shown(unit, year, "index"), printed);
        let level = scored.level(unit, year).and_then(|title| title.get(..1));
        let got = (level, scored.rank(unit, year, "index"));
        groups.same(&label, &got, &(Some(row.get("grp")), None));
    }
    vec![index.close(593), groups.close(593)]
}

/// HDI 1990 to 2022.
pub(crate) fn hdi(corpus: &Path) -> Vec<Line> {
    const CASE: &str = "HDI 1990–2022";
    const FILE: &str = "tests/published/hdi.yaml";
    let published = Table::read(corpus, "hdi_1990_2022.csv");
    let responses = published.columns(&[
        ("iso3", "country"),
        ("country", "name"),
        ("year", "year"),
        ("le", "le"),
        ("eys", "eys"),
        ("mys", "mys"),
        ("gnipc", "gnipc"),
    ]);
    let scored = score(FILE, &[&responses.csv()]);
    let mut index = Comparison::new(CASE, FILE, "index, rounded to three digits ⁸", 0.0);
    let mut none = Comparison::new(CASE, FILE, "no index where an indicator is missing", 0.0);
    let mut ranks = Comparison::new(CASE, FILE, "rank in 2022", 0.0);
    let mut groups = Comparison::new(CASE, FILE, "group in 2022 ⁹", 0.0);
    for row in published.rows() {
        let (unit, year) = (row.get("iso3"), row.get("year"));
        let label = format!("{unit} {year}");
        let got = scored.shown(unit, year, "index");
        if ["le", "eys", "mys", "gnipc"]
            .iter()
            .any(|id| row.get(id).is_empty())
        {
            none.same(&label, &got, &None);
        }
        if let Some(printed) = row.number("hdi") {
            index.score(&label, got, printed);
        }
        if let Some(rank) = row.number("rank_2022").filter(|_| year == "2022") {
            ranks.same(&label, &scored.rank(unit, year, "index"), &Some(rank));
            let group = row.get("group_2022");
            if !group.is_empty() {
                groups.same(&label, &scored.level(unit, year), &Some(group));
            }
        }
    }
    vec![
        index.close(5808),
        none.close(622),
        ranks.close(193),
        groups.close(192),
    ]
}

/// Women, Business and the Law 2010 to 2024.
pub(crate) fn wbl(corpus: &Path) -> Vec<Line> {
    const CASE: &str = "Women, Business and the Law 2010–2024";
    const FILE: &str = "tests/published/wbl.yaml";
    const NODES: [(&str, &str); 9] = [
        ("mobility", "gr1_mobility"),
        ("workplace", "gr2_workplace"),
        ("pay", "gr3_pay"),
        ("marriage", "gr4_marriage"),
        ("parenthood", "gr5_parenthood"),
        ("entrepreneurship", "gr6_entrprnshp"),
        ("assets", "gr7_assets"),
        ("pension", "gr8_pension"),
        ("index", "wbl_index"),
    ];
    let published = Table::read(corpus, "wbl1_2010_2024.csv");
    let framework = framework(FILE);
    let mut names = vec![
        ("economycode", "economycode"),
        ("economy", "name"),
        ("region", "region"),
        ("incomegroup", "incomegroup"),
        ("reportyr", "reportyr"),
    ];
    let questions = framework.indicators();
    names
        .extend(questions.map(|(_, _, question)| (question.code.as_str(), question.code.as_str())));
    let responses = published.columns(&names);
    let scored = score(FILE, &[&responses.csv()]);
    let mut figures = Comparison::new(CASE, FILE, "eight indicators and the index", 1e-9);
    for row in published.rows() {
        let (unit, year) = (row.get("economycode"), row.get("reportyr"));
        for (node, column) in NODES {
            let printed = row.number(column).expect("printed for all");
            let label = format!("{unit} {year} {node}");
            figures.score(&label, scored.shown(unit, year, node), printed);
        }
    }
    vec![figures.close(2850 * 9)]
}

/// Global Open Data Index 2013 to 2015.
pub(crate) fn godi(corpus: &Path) -> Vec<Line> {
    const CASE: &str = "Global Open Data Index 2013–2015";
    const FILE: &str = "tests/published/godi.yaml";
    const QUESTIONS: [&str; 9] = [
        "exists",
        "digital",
        "public",
        "free",
        "online",
        "machinereadable",
        "bulk",
        "openlicense",
        "uptodate",
    ];
    let published = Table::read(corpus, "godi_entries_2013_2015.csv");

    let names = |data_set| {
        let keys = [("place", "place"), ("year", "year"), (data_set, "dataset")];
        let answers = QUESTIONS.map(|id| (id, id));
        keys.into_iter().chain(answers).collect::<Vec<_>>()
    };

    // 43 entries of 2013 are printed twice; the line tells them apart.
    let entry = |row: Row<'_>, position| format!("{} {}", row.get("dataset"), position + 2);
    let entries = published.with("entry", entry).columns(&names("entry"));
    let scored = score_rows(FILE, &[&entries.csv()], 1);
    let mut data_sets = Comparison::new(CASE, FILE, "scores of data sets", 0.0);
    for (position, row) in published.rows().enumerate() {
        let printed = row.number("score").expect("printed for all");
        let (place, year) = (row.get("place"), row.get("year"));
        let unit = format!("{place}/{}", entry(row, position));
        let got = scored.shown(&unit, year, "index").map(whole);
        data_sets.score(&format!("{unit} {year}"), got, printed);
    }

    let latest = published.filtered(|row| row.get("year") == "2015");
    let scored = score(FILE, &[&latest.columns(&names("dataset")).csv()]);
    let mut figures = Comparison::new(CASE, FILE, "scores of places in 2015", 0.0);
    let mut ranks = Comparison::new(CASE, FILE, "ranks of places in 2015", 0.0);
    for row in Table::read(corpus, "godi_places.csv").rows() {
        let unit = row.get("place");
        if !latest.rows().any(|entry| entry.get("place") == unit) {
            continue;
        }
        let printed = row.number("score_2015").expect("printed for all");
        let got = scored.shown(unit, "2015", "index").map(whole);
        figures.score(unit, got, printed);
        let rank = row.number("rank_2015");
        ranks.same(unit, &scored.rank(unit, "2015", "index"), &rank);
    }
    vec![data_sets.close(3153), figures.close(122), ranks.close(122)]
}

/// Rounded as the index is printed.
fn whole(score: f64) -> f64 {
    let digits = Digits {
        digits: 0,
        mode: RoundingMode::HalfUp,
    };
    digits.round(score)
}

/// The life events of the portal files and their columns among the scores.
const LIFE_EVENTS: [(&str, &str); 9] = [
    ("Business Start-up", "Business Start-up (2022)"),
    ("Family", "Family (2022)"),
    ("Career", "Career (2022)"),
    ("Studying", "Studying (2022)"),
    ("Economic", "Regular business operations (2021)"),
    ("Transport", "Transport (2021)"),
    ("Justice", "Justice (2021)"),
    ("Moving", "Moving (2021)"),
    ("Health", "Health (2021)"),
];

/// The published mean over the life events.
const COUNTRY: &str = "Biennial average 2021 + 2022";

/// Published scores of the eGovernment Benchmark 2023 by country, number of the score ("1.3"), and column.
struct Benchmark(BTreeMap<(String, String, &'static str), Option<f64>>);

impl Benchmark {
    fn read(corpus: &Path) -> Self {
        let table = Table::read(corpus, "egovbench2023_scores.csv");
        let mut scores = BTreeMap::new();
        for row in table.rows() {
            let number = row.get("Scoring").split(' ').next().unwrap_or_default();
            let number = number.trim_end_matches('.');
            for column in LIFE_EVENTS
                .map(|(_, column)| column)
                .into_iter()
                .chain([COUNTRY])
            {
                let key = (row.get("Country").to_owned(), number.to_owned(), column);
                scores.insert(key, row.number(column));
            }
        }
        Self(scores)
    }

    fn get(&self, country: &str, number: &str, column: &'static str) -> Option<f64> {
        let key = (country.to_owned(), number.to_owned(), column);
        self.0[&key]
    }

    /// The 35 countries, without the averages of EU and EU27+.
    fn countries(&self) -> Vec<&str> {
        let mut countries: Vec<&str> = self
            .0
            .keys()
            .map(|(country, _, _)| country.as_str())
            .collect();
        countries.dedup();
        countries.retain(|country| country.len() == 2);
        countries
    }
}

/// The mean over all countries.
const ALL: &str = "EU27+";

/// Compares scores of life events, of countries and of all countries with the published ones.
fn compare_benchmark(
    corpus: &Path,
    (case, file): (&'static str, &'static str),
    inputs: &[&[u8]],
    nodes: &[(&str, &str)],
) -> Vec<Line> {
    let published = Benchmark::read(corpus);
    let events = score_rows(file, inputs, 1);
    let countries = score(file, inputs);
    let mut single = Comparison::new(case, file, "scores of life events", 1e-6);
    let mut means = Comparison::new(case, file, "scores of countries", 1e-6);
    let mut all = Comparison::new(case, file, "means over the 35 countries", 1e-6);
    for &(node, number) in nodes {
        for country in published.countries() {
            for (event, column) in LIFE_EVENTS {
                let unit = format!("{country}/{event}");
                let printed = published.get(country, number, column);
                let got = events.shown(&unit, "", node);
                single.score(
                    &format!("{unit} {number}"),
                    got,
                    printed.expect("printed for all"),
                );
            }
            let printed = published.get(country, number, COUNTRY);
            let got = countries.shown(country, "", node);
            means.score(
                &format!("{country} {number}"),
                got,
                printed.expect("printed for all"),
            );
        }
        let printed = published
            .get(ALL, number, COUNTRY)
            .expect("printed for all");
        all.score(number, Some(countries.peers_mean(node)), printed);
    }
    let values = published.countries().len() * nodes.len();
    vec![
        single.close(values * LIFE_EVENTS.len()),
        means.close(values),
        all.close(nodes.len()),
    ]
}

/// eGovernment Benchmark 2023, from the answers about portals.
pub(crate) fn egov_portals(corpus: &Path) -> Vec<Line> {
    const CASE: &str = "eGovernment Benchmark 2023, portals";
    let portals = |file: &str, prefix: &str| {
        // Providers are named more than once; the line tells their portals apart.
        let table = Table::read(corpus, file);
        let table = table.with("portal", |_, position| format!("{prefix}{}", position + 2));
        table.csv()
    };
    let national = portals("egovbench2023_portals.csv", "national-");
    let abroad = portals("egovbench2023_cb_portals.csv", "abroad-");
    let nodes = [
        ("user-support", "1.3"),
        ("personal-data", "2.2"),
        ("service-design", "2.3"),
        ("digital-post", "3.4"),
        ("cross-border-user-support", "4.2"),
    ];
    let case = (CASE, "tests/published/egov-portals.yaml");
    compare_benchmark(corpus, case, &[&national, &abroad], &nodes)
}

/// eGovernment Benchmark 2023, from indicators to the overall score.
pub(crate) fn egov_upper(corpus: &Path) -> Vec<Line> {
    const CASE: &str = "eGovernment Benchmark 2023, upper tiers";
    const FILE: &str = "tests/published/egov-upper.yaml";
    let published = Benchmark::read(corpus);
    let framework = framework(FILE);
    let codes: Vec<&str> = framework
        .indicators()
        .map(|(_, _, indicator)| indicator.code.as_str())
        .collect();
    let mut header = vec!["country", "life_event"];
    header.extend(&codes);
    let mut rows = Vec::new();
    for country in published.countries() {
        for (event, column) in LIFE_EVENTS {
            let mut cells = vec![country.to_owned(), event.to_owned()];
            // The code of 1.3 is `i13`.
            cells.extend(codes.iter().map(|code| {
                let number = format!("{}.{}", &code[1..2], &code[2..]);
                let score = published.get(country, &number, column);
                score.map_or_else(String::new, |score| score.to_string())
            }));
            rows.push(cells);
        }
    }
    let csv = Table::new(&header, rows).csv();
    let nodes = [
        ("index", "0"),
        ("user-centricity", "1"),
        ("transparency", "2"),
        ("key-enablers", "3"),
        ("cross-border", "4"),
    ];
    compare_benchmark(corpus, (CASE, FILE), &[&csv], &nodes)
}
