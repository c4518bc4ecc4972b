//! What all pages of a site have in common: who is shown, against whom, in which words.

use std::collections::BTreeMap;

use crate::analysis::compare::Comparison;
use crate::analysis::robustness::UnitSpread;
use crate::framework::{Better, Digits, Framework, NodeIx, Range, RoundingMode, Text};
use crate::report::names::names;
use crate::report::present::{View, ordered, title};
use crate::report::result::ScoreResult;
use crate::report::svg::Scale;
use crate::report::words::{Language, Words};
use crate::responses::Responses;
use crate::scoring::{GroupRow, Spread};

use super::{Material, Style, Trust};

/// A result in one period, seen by somebody who reads one language.
pub(super) struct Context<'a> {
    pub(super) result: &'a ScoreResult,
    pub(super) framework: Option<&'a Framework>,
    pub(super) responses: Option<&'a Responses>,
    pub(super) comparison: Option<&'a Comparison>,
    pub(super) trust: Option<Trust<'a>>,
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
    /// The observation of a unit in a period.
    found: BTreeMap<(&'a str, usize), usize>,
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
            comparison: material.comparison,
            trust: material.trust,
            style,
            period,
            words: Words::of(Language::of(style.language)),
            before: before(result, period, &rows),
            rows,
            names,
            weights: result.about.shares(),
            questions: material
                .framework
                .into_iter()
                .flat_map(Framework::indicators)
                .enumerate()
                .map(|(position, (node, _, _))| (node, position))
                .collect(),
            found: result
                .scores
                .observations
                .iter()
                .enumerate()
                .map(|(row, found)| ((found.unit.as_ref(), found.period), row))
                .collect(),
            lines: lines(material),
        }
    }

    /// How a unit fared in the draws of the study, if there is one.
    pub(super) fn drawn(&self, row: usize) -> Option<&'a UnitSpread> {
        let unit = self.result.scores.observations[row].unit.as_ref();
        let mut units = self.trust?.found.units.iter();
        units.find(|found| found.id == unit)
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

    /// The period and the language, as documents are told them.
    pub(super) fn view(&self) -> View<'a> {
        View {
            period: self.period,
            language: self.style.language,
            made_at: self.style.made_at,
            ..View::default()
        }
    }

    pub(super) fn title(&self, node: NodeIx) -> String {
        title(&self.result.about, node, self.view())
    }

    pub(super) fn period_name(&self) -> &'a str {
        let periods = &self.result.scores.periods;
        periods.get(self.period).map_or("", String::as_str)
    }

    /// The period as it is written in the reader's language.
    pub(super) fn period_shown(&self) -> String {
        self.words.language().date(self.period_name())
    }

    /// The name of the period before the one shown, if anything was scored then.
    pub(super) fn last_wave(&self) -> Option<String> {
        let period = &self.result.scores.periods[self.last_period()?];
        Some(self.words.language().date(period))
    }

    /// Position of the period before the one shown, if anything was scored then.
    pub(super) fn last_period(&self) -> Option<usize> {
        let found = self.before.values().next()?;
        Some(self.result.scores.observations[*found].period)
    }

    /// The index of a unit in every period.
    pub(super) fn course(&self, row: usize) -> Vec<Option<f64>> {
        let unit = self.result.scores.observations[row].unit.as_ref();
        let periods = 0..self.result.scores.periods.len();
        periods
            .map(|period| {
                let found = *self.found.get(&(unit, period))?;
                self.score(Framework::INDEX, found)
            })
            .collect()
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

    /// Which end of the range is good.
    pub(super) fn better(&self) -> Better {
        self.result.about.framework.better
    }

    /// Whether more is better.
    pub(super) fn up(&self) -> bool {
        self.better() == Better::Higher
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
        self.peers()
            .map_or_else(String::new, |group| self.group_name(group))
    }

    /// What a group is called, with the number of its members.
    pub(super) fn group_name(&self, group: &GroupRow) -> String {
        let members = self.words.members(group);
        let about = &self.result.about;
        match about.group_name(group, |text| self.text(text).to_owned()) {
            Some(name) => format!("{name} ({members})"),
            None => self.words.fill("peers.all", &[&members]),
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
        let unit = responses.units[row.unit].id.as_ref();
        let period = responses.periods[row.period].as_str();
        if let Some(&row) = rows.get(&(unit, period)) {
            lines.entry(row).or_default().push(line);
        }
    }
    lines
}
