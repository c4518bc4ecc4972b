//! The structure of indices: what each data point weighs, by the points or the tree of the questionnaire.

use std::path::Path;

use dgpf::framework::{Framework, NodeIx};
use dgpf::scoring::Assumptions;

use super::corpus::{Table, framework, score};
use super::ledger::{Comparison, Line};

/// A facet of the table, its column among the averages, and its id in the framework.
const FACETS: [(&str, &str, &str); 4] = [
    ("Strategic Approach", "strategic_approach", "strategy"),
    ("Policy levers", "policy_levers", "levers"),
    ("Implementation", "implementation", "implementation"),
    ("Monitoring", "monitoring", "monitoring"),
];

fn facet_id(name: &str) -> &'static str {
    let facet = FACETS.iter().find(|(facet, _, _)| *facet == name);
    facet.unwrap_or_else(|| panic!("no facet `{name}`")).2
}

/// The code of a data point: `Q` and the number of its question.
fn code(question: &str) -> String {
    format!("Q{}", question.replace('_', ""))
}

fn indicator(framework: &Framework, code: &str) -> NodeIx {
    framework
        .find_indicator(code)
        .unwrap_or_else(|| panic!("no indicator `{code}`"))
}

/// DGI 2023, structure.
pub(crate) fn dgi_2023(corpus: &Path) -> Vec<Line> {
    const CASE: &str = "DGI 2023, structure";
    const FILE: &str = "frameworks/dgi-2023-points.yaml";
    let questions = Table::read(corpus, "dgi2023_questions.csv");
    let averages = Table::read(corpus, "dgi2023_facet_oecd_average.csv");

    let rules = framework(FILE);
    let effective = Assumptions::of(&rules).effective_weights(&rules);
    let mut weights = Comparison::new(CASE, FILE, "weight of a data point, per cent", 0.005);
    for row in questions.rows() {
        let code = code(row.get("question"));
        let printed = row.number("weight_pct_of_composite_printed");
        let got = 100.0 * effective[indicator(&rules, &code).0];
        weights.score(&code, Some(got), printed.expect("printed for all"));
    }

    // Every data point of a facet gets the average that the OECD printed for the facet: then a dimension is the average
    // that it printed for the dimension.
    let average = |dimension: &str, facet: &str| {
        let row = averages
            .rows()
            .find(|row| row.get("dimension") == dimension);
        let column = FACETS.iter().find(|(name, _, _)| *name == facet);
        let row = row.expect("every dimension has averages");
        row.number(column.expect("one of four facets").1)
            .expect("every facet has one")
    };
    let rows = questions.rows().map(|row| {
        let average = average(row.get("dimension"), row.get("facet")) / 100.0;
        let code = code(row.get("question"));
        vec!["OECD".to_owned(), code, average.to_string()]
    });
    let responses = Table::new(&["country", "indicator", "answer"], rows.collect());
    let scored = score(FILE, &[&responses.csv()]);

    let mut facets = Comparison::new(
        CASE,
        FILE,
        "weight of a facet within a dimension, per cent",
        0.01,
    );
    let mut dimensions = Comparison::new(
        CASE,
        FILE,
        "OECD averages of dimensions from facets ⁵",
        0.005,
    );
    for row in averages.rows() {
        let dimension = row.get("dimension");
        for (name, column, id) in FACETS {
            let printed = row.number(&format!("weight_{column}_pct_of_composite"));
            let got = scored.facet_weight(id, dimension) * 100.0;
            let label = format!("{dimension} {name}");
            facets.score(&label, Some(got), printed.expect("printed for all"));
        }
        let printed = row.number("dimension_avg_table_a1");
        let got = scored.shown("OECD", "", dimension);
        dimensions.score(dimension, got, printed.expect("printed for all"));
    }
    for row in questions.rows() {
        let code = code(row.get("question"));
        let node = rules.node(indicator(&rules, &code));
        let id = node.indicator().map(|indicator| indicator.facets.clone());
        let got = id.map(|facets| {
            facets
                .iter()
                .map(|facet| rules.facets[facet.0].id.as_str().to_owned())
                .collect()
        });
        assert_eq!(
            got,
            Some(vec![facet_id(row.get("facet")).to_owned()]),
            "{code}"
        );
    }
    vec![weights.close(155), facets.close(24), dimensions.close(6)]
}

/// `OURdata` 2017, structure.
pub(crate) fn ourdata_2017(corpus: &Path) -> Vec<Line> {
    const CASE: &str = "OURdata 2017, structure";
    const FILE: &str = "frameworks/ourdata-2017.yaml";
    let items = Table::read(corpus, "ourdata2017_items.csv");
    let rules = framework(FILE);
    let effective = Assumptions::of(&rules).effective_weights(&rules);
    let mut weights = Comparison::new(CASE, FILE, "weight of an item", 0.000_000_5);
    for row in items.rows() {
        // Item 1-7 is `I107`.
        let (pillar, number) = row.get("item").split_once('-').expect("pillar and number");
        let code = format!("I{pillar}{number:0>2}");
        let printed = row.number("implied_weight_in_composite");
        let got = effective[indicator(&rules, &code).0];
        weights.score(&code, Some(got), printed.expect("stated for all"));
    }
    vec![weights.close(140)]
}
