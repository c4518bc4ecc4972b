//! Results as CSV: tidy (a row for every score) or wide (a row for every observation), in full precision.
//!
//! Scores stand on the framework's range; an empty cell is a score that there is not. Texts that a spreadsheet would take
//! for a formula get a leading apostrophe.

mod coherence;
mod compare;
mod improve;
mod robustness;
mod sdmx;

pub use coherence::{CoherenceTable, write_coherence};
pub use compare::{COMPARISON_HEADER, write_comparison, write_side_by_side};
pub use improve::{STEPS_HEADER, WHAT_IF_HEADER, write_improvement};
pub use robustness::{RobustnessTable, write_robustness};
pub use sdmx::{SDMX_HEADER, write_sdmx};

pub use crate::responses::guarded;

use std::borrow::Cow;
use std::io::{self, Write};

use crate::framework::NodeIx;
use crate::scoring::Observation;

use super::number::shortest;
use super::result::{ScoreResult, on_range};

/// The header of the tidy form.
pub const TIDY_HEADER: [&str; 10] = [
    "unit", "period", "node", "tier", "score", "coverage", "low", "high", "level", "rank",
];

/// The header of the facets' form.
pub const FACETS_HEADER: [&str; 7] = [
    "unit", "period", "facet", "within", "score", "coverage", "weight",
];

/// One row a unit, period and node, in framework order.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_tidy(result: &ScoreResult, out: &mut impl Write) -> io::Result<()> {
    let (about, scores) = (&result.about, &result.scores);
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(TIDY_HEADER)?;
    for (row, observation) in scores.observations.iter().enumerate() {
        let unit = guarded(&observation.unit);
        let period = period(result, observation);
        for (node, (facts, column)) in about.nodes.iter().zip(&scores.nodes).enumerate() {
            let node = NodeIx(node);
            let shown = |score: Option<f64>| number(score.map(|score| about.shown(node, score)));
            let level = column.level[row].and_then(|level| about.level(node, level));
            csv.write_record([
                unit.as_bytes(),
                period.as_bytes(),
                facts.id.as_bytes(),
                facts.tier.word().as_bytes(),
                shown(column.score[row]).as_bytes(),
                number(column.coverage[row]).as_bytes(),
                shown(column.low[row]).as_bytes(),
                shown(column.high[row]).as_bytes(),
                level.map_or("", |(level, _)| &level.id).as_bytes(),
                number(column.rank[row]).as_bytes(),
            ])?;
        }
    }
    csv.flush()
}

/// One row a unit and period, one column a node.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_wide(result: &ScoreResult, out: &mut impl Write) -> io::Result<()> {
    let (about, scores) = (&result.about, &result.scores);
    let mut csv = csv::Writer::from_writer(out);
    let nodes = about.nodes.iter().map(|node| node.id.as_str());
    csv.write_record(["unit", "period", "name"].into_iter().chain(nodes))?;
    for (row, observation) in scores.observations.iter().enumerate() {
        csv.write_field(guarded(&observation.unit).as_bytes())?;
        csv.write_field(period(result, observation).as_bytes())?;
        csv.write_field(guarded(&observation.name).as_bytes())?;
        for (node, column) in scores.nodes.iter().enumerate() {
            let shown = column.score[row].map(|score| about.shown(NodeIx(node), score));
            csv.write_field(number(shown))?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

/// One row a unit, period and facet: first over the whole index (`within` is empty), then within each dimension.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_facets(result: &ScoreResult, out: &mut impl Write) -> io::Result<()> {
    let (about, scores) = (&result.about, &result.scores);
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(FACETS_HEADER)?;
    for (row, observation) in scores.observations.iter().enumerate() {
        let unit = guarded(&observation.unit);
        let period = period(result, observation);
        for facet in &scores.facets {
            let within = facet.within.map_or("", |node| &about.nodes[node.0].id);
            let shown = facet.score[row].map(|score| on_range(about.framework.range, score));
            csv.write_record([
                unit.as_bytes(),
                period.as_bytes(),
                about.facets[facet.facet].id.as_bytes(),
                within.as_bytes(),
                number(shown).as_bytes(),
                number(facet.coverage[row]).as_bytes(),
                shortest(facet.weight).as_bytes(),
            ])?;
        }
    }
    csv.flush()
}

fn period<'a>(result: &'a ScoreResult, observation: &Observation) -> Cow<'a, str> {
    guarded(&result.scores.periods[observation.period])
}

fn number(value: Option<f64>) -> String {
    value.map(shortest).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn text(write: impl Fn(&ScoreResult, &mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&fixture::result(), &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("written from text")
    }

    #[test]
    fn tidy_has_a_row_for_every_score() {
        assert_eq!(
            text(write_tidy),
            "\
unit,period,node,tier,score,coverage,low,high,level,rank
NOR,2023,index,index,75,1,75,75,leading,1
NOR,2023,policy,dimension,50,1,50,50,emerging,2
NOR,2023,pol_1,indicator,50,1,50,50,,2
NOR,2023,portal,dimension,100,1,100,100,leading,1
NOR,2023,por_1,indicator,100,1,100,100,,1
'=1+1,2023,index,index,33.33333333333333,0.5,16.666666666666664,66.66666666666666,emerging,2
'=1+1,2023,policy,dimension,33.33333333333333,1,33.33333333333333,33.33333333333333,emerging,3
'=1+1,2023,pol_1,indicator,33.33333333333333,1,33.33333333333333,33.33333333333333,,3
'=1+1,2023,portal,dimension,,0,0,100,,
'=1+1,2023,por_1,indicator,,0,0,100,,
PER,2023,index,index,80,1,80,80,leading,
PER,2023,policy,dimension,80,1,80,80,leading,
PER,2023,pol_1,indicator,80,1,80,80,,
PER,2023,portal,dimension,80,1,80,80,leading,
PER,2023,por_1,indicator,80,1,80,80,,
"
        );
    }

    #[test]
    fn wide_has_a_row_for_every_observation() {
        assert_eq!(
            text(write_wide),
            "\
unit,period,name,index,policy,pol_1,portal,por_1
NOR,2023,Norway,75,50,50,100,100
'=1+1,2023,\"A | \"\"B\"\" <b>
C\",33.33333333333333,33.33333333333333,33.33333333333333,,
PER,2023,Peru,80,80,80,80,80
"
        );
    }

    #[test]
    fn facets_come_over_the_index_and_within_dimensions() {
        assert_eq!(
            text(write_facets),
            "\
unit,period,facet,within,score,coverage,weight
NOR,2023,strategy,,75,1,1
NOR,2023,strategy,policy,50,1,0.5
'=1+1,2023,strategy,,33.33333333333333,0.5,1
'=1+1,2023,strategy,policy,33.33333333333333,1,0.5
PER,2023,strategy,,80,1,1
PER,2023,strategy,policy,80,1,0.5
"
        );
    }
}
