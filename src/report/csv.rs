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

pub use crate::responses::{guarded, guarded_answer};

use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use crate::framework::{Framework, NodeIx};
use crate::scoring::{Observation, ScoreTable, Wanted};

use super::number::{push_millionths, push_shortest, shortest};
use super::result::{About, Scale, ScoreResult, on_range};

/// The header of the tidy form.
pub const TIDY_HEADER: [&str; 10] = [
    "unit", "period", "node", "tier", "score", "coverage", "low", "high", "level", "rank",
];

/// The header of the facets' form.
pub const FACETS_HEADER: [&str; 7] = [
    "unit", "period", "facet", "within", "score", "coverage", "weight",
];

/// Bytes that are written at once.
const AT_ONCE: usize = 1 << 16;

/// Rows whose scores are rounded together.
const TOGETHER: usize = 256;

/// Which columns and rows are written, where not all are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The nodes, in framework order.
    pub nodes: Vec<NodeIx>,
    /// Wide form: the index's level in a last column.
    pub level: bool,
    /// Wide form: the index's rank in a last column, behind the level.
    pub rank: bool,
}

impl Columns {
    /// The scores of every node.
    pub fn all(about: &About) -> Self {
        Self {
            nodes: (0..about.nodes.len()).map(NodeIx).collect(),
            level: false,
            rank: false,
        }
    }

    /// The same for the nodes down to so many tiers below the index.
    #[must_use]
    pub fn down_to(mut self, about: &About, depth: usize) -> Self {
        let above = |node: &NodeIx| {
            std::iter::successors(about.nodes[node.0].parent, |node| {
                about.nodes[node.0].parent
            })
        };
        self.nodes.retain(|node| above(node).count() <= depth);
        self
    }

    /// What the tidy form needs of the scores.
    pub fn wanted_tidy(&self, framework: &Framework) -> Wanted {
        let mut wanted = self.wanted(framework);
        wanted.levels.clone_from(&wanted.nodes);
        wanted.ranks.clone_from(&wanted.nodes);
        wanted.coverage = true;
        wanted.bounds = true;
        wanted
    }

    /// What the facets' form needs of the scores.
    pub fn wanted_facets(framework: &Framework) -> Wanted {
        let mut wanted = Wanted::scores(vec![false; framework.nodes.len()]);
        wanted.nodes[Framework::INDEX.0] = true;
        wanted.facets = true;
        wanted
    }

    /// What the wide form needs of the scores.
    pub fn wanted(&self, framework: &Framework) -> Wanted {
        let mut wanted = Wanted::scores(vec![false; framework.nodes.len()]);
        for node in &self.nodes {
            wanted.nodes[node.0] = true;
        }
        let index = Framework::INDEX.0;
        wanted.nodes[index] = true;
        wanted.levels[index] = self.level;
        wanted.ranks[index] = self.rank;
        wanted
    }
}

/// One row a unit, period and node, in framework order.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_tidy(result: &ScoreResult, out: &mut impl Write) -> io::Result<()> {
    write_tidy_of(result, &Columns::all(&result.about), out)
}

/// The same with these columns.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_tidy_of(
    result: &ScoreResult,
    columns: &Columns,
    out: &mut impl Write,
) -> io::Result<()> {
    write_rows(tidy_header(), out, |text, ended| {
        tidy_rows(&result.about, &result.scores, columns, text, ended);
    })
}

/// Writes a header and what `rows` adds to it, while it is added: it may be far longer than what it is made of.
fn write_rows(
    mut text: Vec<u8>,
    out: &mut impl Write,
    rows: impl FnOnce(&mut Vec<u8>, &mut dyn FnMut(&mut Vec<u8>)),
) -> io::Result<()> {
    let mut written = Ok(());
    rows(&mut text, &mut |text| {
        if text.len() >= AT_ONCE {
            if written.is_ok() {
                written = out.write_all(text);
            }
            text.clear();
        }
    });
    written.and_then(|()| out.write_all(&text))
}

/// The first line of the tidy form.
pub fn tidy_header() -> Vec<u8> {
    let mut line = TIDY_HEADER.join(",").into_bytes();
    line.push(b'\n');
    line
}

/// Adds the tidy form's rows of some observations to `out`, and tells when those of each have ended.
pub fn tidy_rows(
    about: &About,
    scores: &ScoreTable,
    columns: &Columns,
    out: &mut Vec<u8>,
    mut ended: impl FnMut(&mut Vec<u8>),
) {
    let fixed: Vec<Vec<u8>> = columns
        .nodes
        .iter()
        .map(|node| {
            let facts = &about.nodes[node.0];
            let mut text = Vec::new();
            field(&mut text, &facts.id);
            text.push(b',');
            field(&mut text, facts.tier.word());
            text.push(b',');
            text
        })
        .collect();
    let scales: Vec<Scale> = columns
        .nodes
        .iter()
        .map(|&node| about.scale(node))
        .collect();
    let mut start = Vec::new();
    for (row, observation) in scores.observations.iter().enumerate() {
        start.clear();
        begin(&mut start, scores, observation);
        for ((&node, fixed), scale) in columns.nodes.iter().zip(&fixed).zip(&scales) {
            let column = &scores.nodes[node.0];
            let shown = |score: Option<f64>| score.map(|score| scale.shown(score));
            out.extend_from_slice(&start);
            out.extend_from_slice(fixed);
            let score = column.score[row];
            let from = out.len();
            cell(out, shown(score));
            let written = from..out.len();
            cell(out, column.coverage[row]);
            for bound in [column.low[row], column.high[row]] {
                // Where everything was answered the score is all that it could be.
                if bound.map(f64::to_bits) == score.map(f64::to_bits) {
                    out.extend_from_within(written.clone());
                } else {
                    cell(out, shown(bound));
                }
            }
            field(out, level(about, node, column.level[row]));
            out.push(b',');
            cell(out, column.rank.get(row).copied().flatten());
            end(out);
        }
        ended(out);
    }
}

/// One row a unit and period, one column a node.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_wide(result: &ScoreResult, out: &mut impl Write) -> io::Result<()> {
    write_wide_of(result, &Columns::all(&result.about), out)
}

/// The same with these columns.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_wide_of(
    result: &ScoreResult,
    columns: &Columns,
    out: &mut impl Write,
) -> io::Result<()> {
    write_rows(wide_header(&result.about, columns), out, |text, ended| {
        wide_rows(&result.about, &result.scores, columns, text, ended);
    })
}

/// The first line of the wide form.
pub fn wide_header(about: &About, columns: &Columns) -> Vec<u8> {
    let ids = columns
        .nodes
        .iter()
        .map(|node| about.nodes[node.0].id.as_str());
    let last = [(columns.level, "level"), (columns.rank, "rank")];
    let last = last
        .iter()
        .filter(|(wanted, _)| *wanted)
        .map(|(_, name)| *name);
    let mut line = Vec::new();
    for name in ["unit", "period", "name"]
        .into_iter()
        .chain(ids)
        .chain(last)
    {
        field(&mut line, name);
        line.push(b',');
    }
    end(&mut line);
    line
}

/// Adds the wide form's rows of some observations to `out`, and tells when each has ended. A rank that the scores do not hold
/// stays empty.
pub fn wide_rows(
    about: &About,
    scores: &ScoreTable,
    columns: &Columns,
    out: &mut Vec<u8>,
    mut ended: impl FnMut(&mut Vec<u8>),
) {
    let nodes = columns.nodes.iter();
    let nodes = nodes.map(|&node| (scores.nodes[node.0].score.as_slice(), about.scale(node)));
    let nodes: Vec<(&[Option<f64>], Scale)> = nodes.collect();
    let mut shown = vec![Vec::new(); nodes.len()];
    for (row, observation) in scores.observations.iter().enumerate() {
        if row % TOGETHER == 0 {
            let end = scores.observations.len().min(row + TOGETHER);
            for ((column, scale), shown) in nodes.iter().zip(&mut shown) {
                scale.millionths(&column[row..end], shown);
            }
        }
        let unit = begin(out, scores, observation);
        if Arc::ptr_eq(&observation.name, &observation.unit) {
            out.extend_from_within(unit);
        } else {
            name(out, &observation.name);
        }
        out.push(b',');
        for ((column, scale), millionths) in nodes.iter().zip(&shown) {
            match millionths[row % TOGETHER] {
                short if short > 0.0 => push_millionths(short, out),
                _ => {
                    if let Some(score) = column[row] {
                        push_shortest(scale.shown(score), out);
                    }
                }
            }
            out.push(b',');
        }
        let index = &scores.nodes[Framework::INDEX.0];
        if columns.level {
            field(out, level(about, Framework::INDEX, index.level[row]));
            out.push(b',');
        }
        if columns.rank {
            cell(out, index.rank.get(row).copied().flatten());
        }
        end(out);
        ended(out);
    }
}

/// The id of a level.
fn level(about: &About, node: NodeIx, level: Option<usize>) -> &str {
    let level = level.and_then(|level| about.level(node, level));
    level.map_or("", |(level, _)| &level.id)
}

/// Adds unit and period; where the unit stands.
fn begin(out: &mut Vec<u8>, scores: &ScoreTable, observation: &Observation) -> Range<usize> {
    let start = out.len();
    name(out, &observation.unit);
    let unit = start..out.len();
    out.push(b',');
    name(out, &scores.periods[observation.period]);
    out.push(b',');
    unit
}

/// Makes a line's end of the comma behind its last field.
fn end(out: &mut [u8]) {
    if let Some(last) = out.last_mut() {
        *last = b'\n';
    }
}

/// Adds what the responses call something: guarded and quoted if need be.
fn name(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_');
    let begins_plainly = bytes.first().is_none_or(u8::is_ascii_alphanumeric);
    if begins_plainly && bytes.iter().all(plain) {
        out.extend_from_slice(bytes);
    } else {
        field(out, &guarded(text));
    }
}

/// Adds a text, quoted if need be (RFC 4180).
fn field(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if !bytes
        .iter()
        .any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
    {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// Adds a number as data hold it.
pub fn push_number(out: &mut Vec<u8>, value: f64) {
    push_shortest(value, out);
}

/// Adds a number, if there is one, and a comma.
#[inline]
fn cell(out: &mut Vec<u8>, value: Option<f64>) {
    if let Some(value) = value {
        push_shortest(value, out);
    }
    out.push(b',');
}

/// One row a unit, period and facet: first over the whole index (`within` is empty), then within each dimension.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_facets(result: &ScoreResult, out: &mut impl Write) -> io::Result<()> {
    write_rows(facets_header(), out, |text, ended| {
        facet_rows(&result.about, &result.scores, text, ended);
    })
}

/// The first line of the facets' form.
pub fn facets_header() -> Vec<u8> {
    let mut line = FACETS_HEADER.join(",").into_bytes();
    line.push(b'\n');
    line
}

/// Adds the facets' rows of some observations to `out`, and tells when those of each have ended.
pub fn facet_rows(
    about: &About,
    scores: &ScoreTable,
    out: &mut Vec<u8>,
    mut ended: impl FnMut(&mut Vec<u8>),
) {
    let mut start = Vec::new();
    for (row, observation) in scores.observations.iter().enumerate() {
        start.clear();
        begin(&mut start, scores, observation);
        for facet in &scores.facets {
            let within = facet.within.map_or("", |node| &about.nodes[node.0].id);
            let shown = facet.score[row].map(|score| on_range(about.framework.range, score));
            out.extend_from_slice(&start);
            field(out, &about.facets[facet.facet].id);
            out.push(b',');
            field(out, within);
            out.push(b',');
            cell(out, shown);
            cell(out, facet.coverage[row]);
            cell(out, Some(facet.weight));
            end(out);
        }
        ended(out);
    }
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
    fn wide_can_end_with_the_indexs_level_and_rank() {
        let columns = |result: &ScoreResult| Columns {
            level: true,
            rank: true,
            ..Columns::all(&result.about).down_to(&result.about, 1)
        };
        assert_eq!(
            text(|result, out| write_wide_of(result, &columns(result), out)),
            "\
unit,period,name,index,policy,portal,level,rank
NOR,2023,Norway,75,50,100,leading,1
'=1+1,2023,\"A | \"\"B\"\" <b>
C\",33.33333333333333,33.33333333333333,,emerging,2
PER,2023,Peru,80,80,80,leading,
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
