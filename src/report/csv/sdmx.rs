//! Results as SDMX-CSV 2.0 (SDMX, "SDMX-CSV format specification", field guide of 2021): a row for every measure of
//! every score. Codes are the ids of the result, written with the letters that SDMX allows; comma and decimal point only.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::framework::{Digits, Framework, NodeIx, Range, Tier};
use crate::report::number::shortest;
use crate::report::result::ScoreResult;

use super::guarded;

/// The header.
pub const SDMX_HEADER: [&str; 12] = [
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "REF_AREA",
    "TIME_PERIOD",
    "EDITION",
    "COMPONENT",
    "MEASURE",
    "UNIT_MEASURE",
    "OBS_VALUE",
    "OBS_STATUS",
    "DECIMALS",
];

/// Status of an observation (SDMX cross-domain code list `CL_OBS_STATUS`).
const NORMAL: &str = "A";
const CANNOT_EXIST: &str = "M";
const IMPUTED: &str = "I";
const MISSING: &str = "O";

/// One row a unit, period, node and measure. An indicator has its score only; ranks and levels come where the framework
/// has them. A value that there is not is an empty cell whose status says why.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_sdmx(result: &ScoreResult, out: &mut impl Write) -> io::Result<()> {
    let (about, scores) = (&result.about, &result.scores);
    let facts = &about.framework;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(SDMX_HEADER)?;
    let structure = format!(
        "DGPF:DF_{}({})",
        code(&facts.id).to_uppercase(),
        facts.version
    );
    let edition = facts.edition.as_deref().unwrap_or(&facts.version);
    let components = components(result);
    let scale = match facts.range {
        Range::Between { low, high } => format!("{}_TO_{}", shortest(low), shortest(high)),
        Range::Unbounded => "NUMBER".to_owned(),
    };
    for (row, observation) in scores.observations.iter().enumerate() {
        let unit = guarded(&observation.unit);
        let period = match scores.periods[observation.period].as_str() {
            "" => time_of(edition),
            period => period,
        };
        let period = guarded(period);
        for (at, component) in components.iter().enumerate() {
            let node = NodeIx(at);
            for found in measures(result, node, row, &scale) {
                csv.write_record([
                    "dataflow",
                    structure.as_str(),
                    "M", // merge: added, or in place of what was there
                    unit.as_ref(),
                    period.as_ref(),
                    guarded(edition).as_ref(),
                    component.as_str(),
                    found.name,
                    found.unit,
                    &found.value.map(shortest).unwrap_or_default(),
                    found.status,
                    &found
                        .decimals
                        .map(|digits| digits.digits.to_string())
                        .unwrap_or_default(),
                ])?;
            }
        }
    }
    csv.flush()
}

struct Measure<'a> {
    name: &'static str,
    unit: &'a str,
    value: Option<f64>,
    status: &'static str,
    decimals: Option<Digits>,
}

fn measures<'a>(
    result: &ScoreResult,
    node: NodeIx,
    row: usize,
    scale: &'a str,
) -> Vec<Measure<'a>> {
    let (about, column) = (&result.about, &result.scores.nodes[node.0]);
    let (score, coverage) = (column.score[row], column.coverage[row]);
    let without = if coverage.is_none() {
        CANNOT_EXIST
    } else {
        MISSING
    };
    let status = match (score, coverage) {
        (Some(_), Some(0.0)) => IMPUTED,
        (Some(_), _) => NORMAL,
        (None, _) => without,
    };
    let shown = |score: Option<f64>| score.map(|score| about.shown(node, score));
    let one = |name, unit, value: Option<f64>, decimals| Measure {
        name,
        unit,
        value,
        status: if value.is_some() { NORMAL } else { without },
        decimals,
    };
    let digits = Some(about.digits(node));
    let mut all = vec![Measure {
        status,
        ..one("SCORE", scale, shown(score), digits)
    }];
    if about.nodes[node.0].tier == Tier::Indicator {
        return all;
    }
    all.push(one("COVERAGE", "SHARE", coverage, None));
    all.push(one("LOW", scale, shown(column.low[row]), digits));
    all.push(one("HIGH", scale, shown(column.high[row]), digits));
    if about.nodes[node.0].levels.is_some() {
        let level = column.level[row].map(|level| (level + 1) as f64);
        all.push(one("LEVEL", "LEVEL", level, None));
    }
    let ranked = result.scores.observations[row].ranked;
    if about.framework.ranking.is_some() && ranked {
        all.push(one("RANK", "RANK", column.rank[row], None));
    }
    all
}

/// A code for each node, all different; the index is `_T`, the total.
fn components(result: &ScoreResult) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let nodes = result.about.nodes.iter().enumerate();
    nodes
        .map(|(at, facts)| {
            let plain = if NodeIx(at) == Framework::INDEX {
                "_T".to_owned()
            } else {
                code(&facts.id)
            };
            let mut name = plain.clone();
            let mut number = 1;
            while !taken.insert(name.clone()) {
                number += 1;
                name = format!("{plain}_{number}");
            }
            name
        })
        .collect()
}

/// With the letters of an SDMX id.
fn code(id: &str) -> String {
    id.chars()
        .map(|letter| match letter {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '@' | '$' => letter,
            _ => '_',
        })
        .collect()
}

/// Where a framework has no periods, an edition that names a year is the time; else there is none.
fn time_of(edition: &str) -> &str {
    let year = edition.len() == 4 && edition.bytes().all(|byte| byte.is_ascii_digit());
    if year { edition } else { "_Z" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_row_for_every_measure_with_the_reason_of_every_gap() {
        let mut out = Vec::new();
        write_sdmx(&fixture::result(), &mut out).expect("a vector takes everything");
        let text = String::from_utf8(out).expect("written from text");
        let head = "dataflow,DGPF:DF_OPEN_DATA(1.0.0),M";
        for line in [
            format!("{head},NOR,2023,2023,_T,SCORE,0_TO_100,75,A,1"),
            format!("{head},NOR,2023,2023,_T,COVERAGE,SHARE,1,A,"),
            format!("{head},NOR,2023,2023,_T,LEVEL,LEVEL,3,A,"),
            format!("{head},NOR,2023,2023,_T,RANK,RANK,1,A,"),
            // A unit's id that is a formula, and a portal about which nothing was answered.
            format!("{head},'=1+1,2023,2023,portal,SCORE,0_TO_100,,O,1"),
            format!("{head},'=1+1,2023,2023,portal,LOW,0_TO_100,0,A,1"),
            format!("{head},PER,2023,2023,por_1,SCORE,0_TO_100,80,A,1"),
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        // Peru is not ranked; of an indicator there is the score only.
        assert!(!text.contains("PER,2023,2023,_T,RANK"));
        assert_eq!(text.matches("NOR,2023,2023,por_1,").count(), 1);
    }

    #[test]
    fn codes_have_the_letters_of_sdmx_and_stay_apart() {
        assert_eq!(code("open.data-é"), "open_data__");
        assert_eq!(time_of("2023"), "2023");
        assert_eq!(time_of("first"), "_Z");
        let mut result = fixture::result();
        result.about.nodes[1].id = "a.b".to_owned();
        result.about.nodes[2].id = "a_b".to_owned();
        assert_eq!(components(&result)[..3], ["_T", "a_b", "a_b_2"]);
    }
}
