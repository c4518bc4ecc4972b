//! Charts of how far a ranking can be trusted: rank intervals, the probability of each rank, what drives it.

use crate::analysis::robustness::{Sensitivity, Uncertainty, UnitSpread};
use crate::report::number::shortest;
use crate::report::present::{output, source};
use crate::report::robustness::RobustnessResult;
use crate::report::words::{Language, Words};

use super::Svg;

/// A chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RobustnessChart {
    /// The ranks that each unit takes.
    Intervals,
    /// How often each unit takes each rank.
    Acceptability,
    /// What drives the ranking.
    Drivers,
}

const LINE: f64 = 16.0;
const TOP: f64 = 34.0;
const NAMES: f64 = 170.0;
const PLOT: f64 = 560.0;
const MARGIN: f64 = 24.0;

/// The chart as a file, with the words of a language; `None` where what it shows was not looked for.
pub fn robustness(
    result: &RobustnessResult,
    chart: RobustnessChart,
    language: Option<&str>,
) -> Option<String> {
    let words = Words::of(Language::of(language));
    match chart {
        RobustnessChart::Intervals => {
            let held = words.percent(result.held());
            let title = words.fill("r.svg.intervals", &[&held]);
            Some(intervals(result.uncertainty.as_ref()?, &title).file(&title))
        }
        RobustnessChart::Acceptability => {
            let title = words.get("r.svg.acceptability");
            Some(acceptability(result.uncertainty.as_ref()?, title).file(title))
        }
        RobustnessChart::Drivers => {
            let title = words.get("r.svg.drivers");
            let found = result.sensitivity.as_ref()?;
            Some(drivers(result, found, title, &words).file(title))
        }
    }
}

fn ranked(found: &Uncertainty) -> Vec<&UnitSpread> {
    found
        .units
        .iter()
        .filter(|unit| unit.rank.is_some())
        .collect()
}

/// How many places there are: the worst rank that any of them took, and one for each.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // ranks are from 1 up
fn places(units: &[&UnitSpread]) -> usize {
    let taken = units.iter().flat_map(|unit| &unit.acceptability);
    let worst = taken.map(|(rank, _)| rank.ceil() as usize).max();
    units.len().max(worst.unwrap_or(0))
}

/// A picture with a line for each thing, and where each line runs.
fn lines(count: usize, title: &str) -> Svg {
    let height = TOP + LINE * count as f64 + MARGIN;
    let mut svg = Svg::new(NAMES + PLOT + 2.0 * MARGIN, height);
    svg.text("label", [MARGIN, 18.0], "start", title);
    svg
}

fn line(at: usize) -> f64 {
    TOP + LINE * (at as f64 + 0.5)
}

/// Every how many ranks one is named.
fn step(ranks: usize) -> usize {
    [1, 2, 5, 10, 20, 50, 100, 200, 500]
        .into_iter()
        .find(|step| ranks / step <= 20)
        .unwrap_or(1000)
}

fn intervals(found: &Uncertainty, title: &str) -> Svg {
    let units = ranked(found);
    let mut svg = lines(units.len(), title);
    let places = places(&units);
    let last = places.max(2) as f64;
    let place = |rank: f64| NAMES + MARGIN + (rank - 1.0) / (last - 1.0) * (PLOT - MARGIN);
    let bottom = TOP + LINE * units.len() as f64;
    for rank in (1..=places).filter(|rank| *rank == 1 || rank % step(places) == 0) {
        let x = place(rank as f64);
        svg.line("open", [x, TOP], [x, bottom]);
        svg.text(
            "axis-label",
            [x, bottom + 14.0],
            "middle",
            &rank.to_string(),
        );
    }
    for (at, unit) in units.iter().enumerate() {
        let y = line(at);
        svg.text("name", [NAMES, y + 4.0], "end", &unit.name);
        if let Some([low, median, high]) = unit.ranks {
            svg.line("bounds", [place(low), y], [place(high), y]);
            svg.circle("before", [place(median), y], 3.0);
        }
        if let Some(rank) = unit.rank {
            svg.circle("score", [place(rank), y], 4.0);
        }
    }
    svg
}

fn acceptability(found: &Uncertainty, title: &str) -> Svg {
    let units = ranked(found);
    let mut svg = lines(units.len(), title);
    let places = places(&units);
    let side = PLOT / places.max(1) as f64;
    let left = NAMES + MARGIN / 2.0;
    let bottom = TOP + LINE * units.len() as f64;
    for rank in (1..=places).filter(|rank| *rank == 1 || rank % step(places) == 0) {
        let x = left + (rank as f64 - 0.5) * side;
        svg.text(
            "axis-label",
            [x, bottom + 14.0],
            "middle",
            &rank.to_string(),
        );
    }
    for (at, unit) in units.iter().enumerate() {
        svg.text("name", [NAMES, line(at) + 4.0], "end", &unit.name);
        for (rank, share) in &unit.acceptability {
            // The darker, the more often: ten steps that a printer can tell apart.
            let shade = (share * 10.0).ceil().clamp(1.0, 10.0);
            let x = left + (rank - 1.0) * side;
            let cell = [x, TOP + LINE * at as f64, side, LINE];
            svg.rect(&format!("share share-{}", shortest(shade)), cell);
        }
    }
    svg
}

fn drivers(result: &RobustnessResult, found: &Sensitivity, title: &str, words: &Words) -> Svg {
    let rows = found.outputs.len() * (result.sources.len() + 1);
    let mut svg = lines(rows, title);
    let scale = PLOT - 60.0;
    let mut at = 0;
    for drivers in &found.outputs {
        let output = output(&drivers.output, words);
        svg.text(
            "label",
            [MARGIN, line(at) + 4.0],
            "start",
            &words.fill("r.svg.variance", &[&output]),
        );
        at += 1;
        for ((word, _), indices) in result.sources.iter().zip(&drivers.indices) {
            let y = line(at);
            svg.text("name", [NAMES, y + 4.0], "end", &source(word, words));
            if let Some(indices) = indices {
                let width = |share: f64| share.clamp(0.0, 1.0) * scale;
                let left = NAMES + MARGIN / 2.0;
                svg.rect("band", [left, y - 5.0, width(indices.total.value), 10.0]);
                svg.rect("part", [left, y - 5.0, width(indices.first.value), 10.0]);
                let end = left + width(indices.total.value) + 6.0;
                let text = words.percent(indices.total.value.clamp(0.0, 1.0));
                svg.text("axis-label", [end, y + 4.0], "start", &text);
            }
            at += 1;
        }
    }
    svg
}
