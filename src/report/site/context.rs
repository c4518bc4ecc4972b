//! What all pages of a site have in common: who is shown, against whom, in which words.

use std::collections::{BTreeMap, BTreeSet};

use crate::framework::{Better, Digits, Framework, NodeIx, Range, RoundingMode, Text};
use crate::report::present::{View, ordered, title};
use crate::report::result::ScoreResult;
use crate::report::svg::Scale;
use crate::responses::Responses;
use crate::scoring::{GroupRow, Spread};

use super::words::Words;
use super::{Material, Style};

/// A result in one period, seen by somebody who reads one language.
pub(super) struct Context<'a> {
    pub(super) result: &'a ScoreResult,
    pub(super) framework: Option<&'a Framework>,
    pub(super) responses: Option<&'a Responses>,
    pub(super) style: Style<'a>,
    pub(super) period: usize,
    pub(super) words: Words,
    /// The observations shown, best first where they are ranked.
    pub(super) rows: Vec<usize>,
    /// The same unit's observation in the period before, by observation.
    pub(super) before: BTreeMap<usize, usize>,
    /// File names of the units' pages, by observation.
    pub(super) names: BTreeMap<usize, String>,
    /// What each node carries of the index, by node: the product of its shares among its siblings.
    pub(super) weights: Vec<f64>,
    /// Where an indicator's answers are.
    pub(super) questions: BTreeMap<NodeIx, usize>,
    /// The lines of the responses behind each observation.
    lines: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(material: &Material<'a>, period: usize, style: Style<'a>) -> Self {
        let result = material.result;
        let rows = ordered(result, period);
        let names = names(result, &rows);
        Self {
            result,
            framework: material.framework,
            responses: material.responses,
            style,
            period,
            words: Words::of(style.language),
            before: before(result, period, &rows),
            rows,
            names,
            weights: weights(result),
            questions: material
                .framework
                .into_iter()
                .flat_map(Framework::indicators)
                .enumerate()
                .map(|(position, (node, _, _))| (node, position))
                .collect(),
            lines: lines(material),
        }
    }

    /// The lines of the responses behind an observation.
    pub(super) fn lines(&self, row: usize) -> &[usize] {
        self.lines.get(&row).map_or(&[], Vec::as_slice)
    }

    /// Whether a node is `top` or stands somewhere below it.
    pub(super) fn is_below(&self, node: NodeIx, top: NodeIx) -> bool {
        let nodes = &self.result.about.nodes;
        std::iter::successors(Some(node), |node| nodes[node.0].parent).any(|node| node == top)
    }

    /// In the reader's language, else in the framework's.
    pub(super) fn text<'t>(&self, text: &'t Text) -> &'t str {
        text.in_language(self.style.language)
    }

    pub(super) fn title(&self, node: NodeIx) -> String {
        let view = View {
            language: self.style.language,
            ..View::default()
        };
        title(&self.result.about, node, view)
    }

    pub(super) fn period_name(&self) -> &'a str {
        let periods = &self.result.scores.periods;
        periods.get(self.period).map_or("", String::as_str)
    }

    /// The name of the period before the one shown, if anything was scored then.
    pub(super) fn last_wave(&self) -> Option<&'a str> {
        let found = self.before.values().next()?;
        let observation = &self.result.scores.observations[*found];
        Some(&self.result.scores.periods[observation.period])
    }

    /// A score (share) of an observation.
    pub(super) fn score(&self, node: NodeIx, row: usize) -> Option<f64> {
        self.result.scores.nodes[node.0].score[row]
    }

    /// A share on the shown range.
    pub(super) fn shown(&self, node: NodeIx, score: f64) -> f64 {
        self.result.about.shown(node, score)
    }

    /// A score as it is printed; a dash without one.
    pub(super) fn printed(&self, node: NodeIx, score: Option<f64>) -> String {
        score.map_or_else(
            || "–".to_owned(),
            |score| {
                self.words
                    .number(self.shown(node, score), self.result.about.digits(node))
            },
        )
    }

    /// A difference of shares as it is printed.
    pub(super) fn difference(&self, node: NodeIx, difference: f64) -> String {
        let shown = self.range().show_difference(difference);
        self.words.difference(shown, self.result.about.digits(node))
    }

    /// Points of the index: one decimal more than scores have, since they are parts of one.
    pub(super) fn points(&self, share: f64) -> String {
        let digits = self.finer();
        self.words
            .number(self.range().show_difference(share), digits)
    }

    pub(super) fn finer(&self) -> Digits {
        let digits = self.result.about.digits(Framework::INDEX);
        Digits {
            digits: digits.digits.saturating_add(1).min(6),
            mode: RoundingMode::HalfUp,
        }
    }

    pub(super) fn range(&self) -> Range {
        self.result.about.framework.range
    }

    /// Whether more is better.
    pub(super) fn up(&self) -> bool {
        self.result.about.framework.better == Better::Higher
    }

    /// Those that the units are compared with.
    pub(super) fn peers(&self) -> Option<&'a GroupRow> {
        let mut peers = self.result.scores.peers.iter();
        peers.find(|group| group.period == self.period && group.members > 1)
    }

    pub(super) fn spread(&self, node: NodeIx) -> Option<Spread> {
        self.peers()?.nodes.get(node.0).copied().flatten()
    }

    /// What the peers are called.
    pub(super) fn peers_name(&self) -> String {
        match self.peers() {
            Some(group) if !group.title.is_empty() => {
                format!("{} ({})", group.title, group.members)
            }
            Some(group) => self.words.fill("peers.all", &[&group.members.to_string()]),
            None => String::new(),
        }
    }

    /// The dimensions, or whatever stands directly below the index and counts.
    pub(super) fn dimensions(&self) -> Vec<NodeIx> {
        self.result.about.parts(Framework::INDEX).collect()
    }

    /// The ends of the axis for these nodes: the range, or what there is where scores have no range.
    pub(super) fn scale(&self, nodes: &[NodeIx]) -> Scale {
        match self.range() {
            Range::Between { low, high } => Scale { low, high },
            Range::Unbounded => {
                let scores = nodes.iter().flat_map(|node| {
                    self.rows
                        .iter()
                        .chain(self.before.values())
                        .filter_map(|&row| self.score(*node, row))
                });
                let (low, high) = scores
                    .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), score| {
                        (low.min(score), high.max(score))
                    });
                if low <= high {
                    Scale { low, high }
                } else {
                    Scale {
                        low: 0.0,
                        high: 1.0,
                    }
                }
            }
        }
    }

    /// Which of five shades a score gets: fifths of the range, or of what the peers have.
    pub(super) fn shade(&self, node: NodeIx, score: Option<f64>) -> &'static str {
        const SHADES: [&str; 5] = ["heat h1", "heat h2", "heat h3", "heat h4", "heat h5"];
        let Some(score) = score else {
            return "heat none";
        };
        let share = match self.range() {
            Range::Between { .. } => score,
            Range::Unbounded => match self.spread(node) {
                Some(spread) if spread.max > spread.min => {
                    (score - spread.min) / (spread.max - spread.min)
                }
                Some(_) | None => 0.5,
            },
        };
        let share = if self.up() { share } else { 1.0 - share };
        let fifths = [0.2, 0.4, 0.6, 0.8];
        SHADES[fifths
            .iter()
            .filter(|edge| crate::framework::reaches(share, **edge))
            .count()]
    }
}

/// The same unit's observation in the latest earlier period in which it has one that is shown by name: the period
/// before, so that all marks on a page mean the same wave.
fn before(result: &ScoreResult, period: usize, rows: &[usize]) -> BTreeMap<usize, usize> {
    let observations = &result.scores.observations;
    let Some(last) = period.checked_sub(1) else {
        return BTreeMap::new();
    };
    let known: BTreeMap<&str, usize> = observations
        .iter()
        .enumerate()
        .filter(|(_, observation)| observation.period == last)
        .map(|(row, observation)| (observation.unit.as_ref(), row))
        .collect();
    rows.iter()
        .filter_map(|&row| Some((row, *known.get(observations[row].unit.as_ref())?)))
        .collect()
}

/// A file name for each unit: its id where that is a name on every system, else what is left of it; numbered where two
/// would be the same whatever their case.
fn names(result: &ScoreResult, rows: &[usize]) -> BTreeMap<usize, String> {
    const LONGEST: usize = 60;
    let mut taken: BTreeSet<String> = ["index", "con", "prn", "aux", "nul"]
        .map(str::to_owned)
        .into();
    // In the order of the table, so that a change of ranks moves no name.
    let mut sorted = rows.to_vec();
    sorted.sort_unstable();
    sorted
        .into_iter()
        .map(|row| {
            let plain: String = result.scores.observations[row]
                .unit
                .chars()
                .take(LONGEST)
                .map(|letter| match letter {
                    'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => letter,
                    _ => '_',
                })
                .collect();
            let plain = if plain.is_empty() {
                "_".to_owned()
            } else {
                plain
            };
            let mut name = plain.clone();
            let mut number = 1;
            while !taken.insert(name.to_ascii_lowercase()) {
                number += 1;
                name = format!("{plain}-{number}");
            }
            (row, name)
        })
        .collect()
}

/// The product of a node's shares among its siblings, down from the index; 0 for what does not count.
fn weights(result: &ScoreResult) -> Vec<f64> {
    let nodes = &result.about.nodes;
    let mut sums = vec![0.0; nodes.len()];
    for facts in nodes.iter().filter(|facts| facts.scored) {
        if let Some(parent) = facts.parent {
            sums[parent.0] += facts.weight;
        }
    }
    let mut weights: Vec<f64> = Vec::with_capacity(nodes.len());
    for facts in nodes {
        // A node comes after the one that holds it.
        weights.push(match facts.parent {
            None => 1.0,
            Some(parent) if facts.scored && sums[parent.0] > 0.0 => {
                weights[parent.0] * facts.weight / sums[parent.0]
            }
            Some(_) => 0.0,
        });
    }
    weights
}

fn lines(material: &Material<'_>) -> BTreeMap<usize, Vec<usize>> {
    let Some(responses) = material.responses else {
        return BTreeMap::new();
    };
    let scores = &material.result.scores;
    let rows: BTreeMap<(&str, &str), usize> = scores
        .observations
        .iter()
        .enumerate()
        .map(|(row, observation)| {
            let period = scores.periods[observation.period].as_str();
            ((observation.unit.as_ref(), period), row)
        })
        .collect();
    let mut lines: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (line, row) in responses.rows.iter().enumerate() {
        let unit = responses.units[row.unit].id.as_str();
        let period = responses.periods[row.period].as_str();
        if let Some(&row) = rows.get(&(unit, period)) {
            lines.entry(row).or_default().push(line);
        }
    }
    lines
}
