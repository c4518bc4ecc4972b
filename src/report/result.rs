//! [`ScoreResult`]: the scores together with all that a reader must know of how they were made.
//!
//! Every page, export and comparison is made from it, whether it was computed just now or read from a saved file: what
//! is taken from the framework is what pages show of it, so that a saved result needs no framework.

use crate::framework::{
    Better, Digits, Framework, NodeIx, Range, RankMethod, RoundAt, Rounding, Text, Tier,
};
use crate::report::json::Origin;
use crate::report::statistics;
use crate::responses::Responses;
use crate::scoring::{Assumptions, GroupRow, ScoreTable};

/// Scores and how they were made.
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreResult {
    /// How they were made.
    pub about: About,
    /// The scores.
    pub scores: ScoreTable,
    /// What they were made from, if that is kept.
    pub origin: Option<Origin>,
}

/// How scores were made, and the words to show them with.
#[derive(Clone, Debug, PartialEq)]
pub struct About {
    /// Version of the program that made them.
    pub tool: String,
    /// By which framework.
    pub framework: FrameworkFacts,
    /// SHA-256 of the responses.
    pub responses_sha256: String,
    /// SHA-256 of the statistics of the cohort that units were compared with, if it was stated.
    pub cohort_sha256: Option<String>,
    /// Options that change numbers, by name.
    pub options: Vec<(String, String)>,
    /// Its nodes, by [`NodeIx`].
    pub nodes: Vec<NodeFacts>,
    /// Sets of levels; nodes refer to them by position.
    pub levels: Vec<Vec<LevelFacts>>,
    /// Second groupings.
    pub facets: Vec<FacetFacts>,
    /// Columns that describe units, in the order of an observation's attributes.
    pub attributes: Vec<String>,
}

/// What pages show of a framework.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameworkFacts {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// The publisher's name for this edition.
    pub edition: Option<String>,
    /// Semantic version.
    pub version: String,
    /// SHA-256 of its text.
    pub sha256: String,
    /// SPDX id.
    pub licence: Option<String>,
    /// Where the method is published.
    pub source: Vec<String>,
    /// A disclaimer that every report repeats.
    pub note: Option<Text>,
    /// What a unit is called.
    pub unit: Text,
    /// The numbers on which scores are shown.
    pub range: Range,
    /// Which end is good.
    pub better: Better,
    /// How scores are rounded.
    pub rounding: Rounding,
    /// How units are ranked, if they are.
    pub ranking: Option<RankingFacts>,
    /// What its groups are called, by id.
    pub groups: Vec<(String, Text)>,
}

/// What pages show of a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct RankingFacts {
    /// What ties get.
    pub method: RankMethod,
    /// Whether a tie is printed as `2=`.
    pub mark_ties: bool,
    /// Who is ranked, if not all.
    pub among: Option<Text>,
}

/// What pages show of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeFacts {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// Its tier.
    pub tier: Tier,
    /// What holds it.
    pub parent: Option<NodeIx>,
    /// How much it counts among its siblings, as it was scored.
    pub weight: f64,
    /// `false`: stored and shown, never counted.
    pub scored: bool,
    /// How its score is rounded when it is made, if that is stated.
    pub rounding: Option<Digits>,
    /// Which set of levels it has.
    pub levels: Option<usize>,
}

/// What pages show of a level.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelFacts {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// Its lower cut-off (a share).
    pub from: f64,
}

/// What pages show of a facet.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetFacts {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: Text,
}

impl ScoreResult {
    /// The result of scoring `responses` by `framework` under these assumptions, with the options that led to them.
    pub fn new(
        framework: &Framework,
        assumptions: &Assumptions,
        responses: &Responses,
        options: Vec<(String, String)>,
        scores: ScoreTable,
    ) -> Self {
        let mut about = About::of(framework);
        about.responses_sha256.clone_from(&responses.sha256);
        about.options = options;
        about.options.sort();
        about.state_cohort(framework, assumptions);
        for (node, weight) in about.nodes.iter_mut().zip(&assumptions.weights) {
            node.weight = *weight;
        }
        Self {
            about,
            scores,
            origin: None,
        }
    }

    /// The same with what it was made from, so that its file can be used in place of the responses.
    #[must_use]
    pub fn with_origin(
        mut self,
        framework: &Framework,
        assumptions: &Assumptions,
        responses: &Responses,
    ) -> Self {
        self.origin = Some(Origin::of(framework, assumptions, responses));
        self
    }

    /// Whether periods have names: a framework without periods has one without a name.
    pub fn has_periods(&self) -> bool {
        self.scores.periods.iter().any(|period| !period.is_empty())
    }

    /// The same result, of these periods and with what is said of them only; cohorts and ranks stay as they were.
    #[must_use]
    pub fn of_periods(&self, wanted: impl Fn(usize) -> bool) -> Self {
        let scores = &self.scores;
        let kept: Vec<usize> = (0..scores.periods.len()).filter(|&ix| wanted(ix)).collect();
        let period = |old: usize| kept.iter().position(|&ix| ix == old);
        let rows: Vec<usize> = (0..scores.observations.len())
            .filter(|&row| period(scores.observations[row].period).is_some())
            .collect();
        let groups = |groups: &[GroupRow]| {
            groups
                .iter()
                .filter_map(|group| {
                    period(group.period).map(|period| GroupRow {
                        period,
                        ..group.clone()
                    })
                })
                .collect()
        };
        let mut kept_scores = scores.of_rows(&rows);
        for observation in &mut kept_scores.observations {
            // Only rows of kept periods are there.
            observation.period = period(observation.period).unwrap_or_default();
        }
        kept_scores.periods = kept.iter().map(|&ix| scores.periods[ix].clone()).collect();
        kept_scores.peers = groups(&scores.peers);
        kept_scores.groups = groups(&scores.groups);
        let names = &kept_scores.periods;
        kept_scores
            .remarks
            .retain(|remark| names.iter().any(|name| remark.is_about(name)));
        Self {
            about: self.about.clone(),
            scores: kept_scores,
            origin: self.origin.clone(),
        }
    }
}

impl About {
    /// What a group is called: as the framework calls it, else by the attribute's value; nothing where it is all units.
    pub(super) fn group_name(
        &self,
        group: &GroupRow,
        text: impl Fn(&Text) -> String,
    ) -> Option<String> {
        let mut groups = self.framework.groups.iter();
        let named = groups.find(|(id, _)| *id == group.id);
        let valued = || (!group.title.is_empty()).then(|| group.title.clone());
        named.map(|(_, title)| text(title)).or_else(valued)
    }

    /// The value of an option.
    pub fn option(&self, wanted: &str) -> Option<&str> {
        let mut options = self.options.iter();
        let found = options.find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    }

    /// Says with which cohort units were compared, if it was stated; the options are there already.
    pub fn state_cohort(&mut self, framework: &Framework, assumptions: &Assumptions) {
        let weights = self.option("weights");
        let cohort = assumptions.cohort.as_deref();
        let hash = cohort.map(|cohort| statistics::sha256(cohort, framework, weights));
        self.cohort_sha256 = hash;
    }

    /// What `framework` says; the hashes of responses and cohort and the options are left empty.
    pub fn of(framework: &Framework) -> Self {
        Self {
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            framework: FrameworkFacts::of(framework),
            responses_sha256: String::new(),
            cohort_sha256: None,
            options: Vec::new(),
            nodes: framework
                .nodes
                .iter()
                .map(|node| NodeFacts {
                    id: node.id.to_string(),
                    title: node.title.clone(),
                    tier: node.tier,
                    parent: node.parent,
                    weight: node.weight.get(),
                    scored: node.scored,
                    rounding: node.rounding,
                    levels: node.levels.map(|levels| levels.0),
                })
                .collect(),
            levels: framework
                .levels
                .iter()
                .map(|levels| {
                    levels
                        .bands
                        .iter()
                        .map(|level| LevelFacts {
                            id: level.id.to_string(),
                            title: level.title.clone(),
                            from: level.from,
                        })
                        .collect()
                })
                .collect(),
            facets: framework
                .facets
                .iter()
                .map(|facet| FacetFacts {
                    id: facet.id.to_string(),
                    title: facet.title.clone(),
                })
                .collect(),
            attributes: framework
                .attributes
                .iter()
                .map(|attribute| attribute.column.clone())
                .collect(),
        }
    }

    /// A node's score as it is shown, in full precision. Where the framework rounds scores themselves, the shown number
    /// has no digits beyond.
    pub fn shown(&self, node: NodeIx, score: f64) -> f64 {
        self.scale(node).shown(score)
    }

    /// How a node's scores are shown.
    pub(super) fn scale(&self, node: NodeIx) -> Scale {
        let rounding = self.framework.rounding;
        let rounded = rounding.at != RoundAt::Display;
        let stated = self.nodes[node.0].rounding;
        Scale {
            range: self.framework.range,
            digits: stated.or(rounded.then_some(rounding.digits)),
        }
    }

    /// With how many decimals a node's score is printed.
    pub fn digits(&self, node: NodeIx) -> Digits {
        self.nodes[node.0]
            .rounding
            .unwrap_or(self.framework.rounding.digits)
    }

    /// The parts of a node, in framework order.
    pub fn parts(&self, node: NodeIx) -> impl Iterator<Item = NodeIx> {
        (0..self.nodes.len())
            .map(NodeIx)
            .filter(move |ix| self.nodes[ix.0].parent == Some(node))
    }

    /// What each node carries of the index: the product of its shares among its siblings, down from there; 0 for what
    /// does not count.
    pub fn shares(&self) -> Vec<f64> {
        let nodes = &self.nodes;
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

    /// The level at `position` among those of a node, and how many there are.
    pub fn level(&self, node: NodeIx, position: usize) -> Option<(&LevelFacts, usize)> {
        let levels = self.levels.get(self.nodes[node.0].levels?)?;
        levels.get(position).map(|level| (level, levels.len()))
    }
}

/// How scores are shown in full precision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    range: Range,
    /// None where only pages round.
    digits: Option<Digits>,
}

impl Scale {
    /// A share as it is shown.
    pub(super) fn shown(self, share: f64) -> f64 {
        match self.digits {
            Some(digits) => digits.round(self.range.show(share)),
            None => on_range(self.range, share),
        }
    }

    /// Puts into `shown` what is shown of many shares in millionths, each a whole number that
    /// [`push_millionths`](super::number::push_millionths) can write; 0 for all else.
    pub(super) fn millionths(self, shares: &[Option<f64>], shown: &mut Vec<f64>) {
        shown.clear();
        let Some(digits) = self.digits.filter(|digits| digits.digits <= 6) else {
            shown.resize(shares.len(), 0.0);
            return;
        };
        let (rounder, (low, span)) = (digits.rounder(), self.range.line());
        let unit = 10f64.powi(6 - i32::from(digits.digits));
        let shares = shares.iter().map(|share| share.unwrap_or(f64::NAN));
        let millionths = shares.map(|share| {
            // Of a number below zero comes one below zero.
            let millionths = rounder.units(low + share * span) * unit;
            // Smaller and larger ones are written with an exponent.
            let fits = (1e3..1e12).contains(&millionths);
            if fits { millionths } else { 0.0 }
        });
        shown.extend(millionths);
    }
}

/// A share on a range: of the numbers that lead back to the same share a short one where there is one, so that 0.55 is
/// shown as 55 and not as 55.00000000000001.
#[inline]
pub(super) fn on_range(range: Range, share: f64) -> f64 {
    let shown = range.show(share);
    if shown.to_bits() == share.to_bits() {
        shown
    } else {
        shortened(range, share, shown)
    }
}

/// The number itself that a share is shown as, or a short one that leads back to the same share.
fn shortened(range: Range, share: f64, shown: f64) -> f64 {
    if (shown * 1e6).fract() == 0.0 {
        return shown;
    }
    // Thirteen decimals behind the first digit: two less than a number can hold.
    let short = format!("{shown:.13e}").parse().unwrap_or(shown);
    if range.read(short).to_bits() == share.to_bits() {
        short
    } else {
        shown
    }
}

impl FrameworkFacts {
    /// What `framework` says.
    pub fn of(framework: &Framework) -> Self {
        Self {
            id: framework.id.to_string(),
            title: framework.title.clone(),
            edition: framework.edition.clone(),
            version: framework.version.clone(),
            sha256: framework.sha256.clone(),
            licence: framework.licence.clone(),
            source: framework.source.clone(),
            note: framework.note.clone(),
            unit: framework.unit.title.clone(),
            range: framework.range,
            better: framework.better,
            rounding: framework.rounding,
            ranking: framework.ranking.as_ref().map(|ranking| RankingFacts {
                method: ranking.method,
                mark_ties: ranking.mark_ties,
                among: ranking
                    .among
                    .map(|group| framework.groups[group.0].title.clone()),
            }),
            groups: framework
                .groups
                .iter()
                .map(|group| (group.id.to_string(), group.title.clone()))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_number_is_shown_where_it_leads_back() {
        let hundred = Range::Between {
            low: 0.0,
            high: 100.0,
        };
        for (share, shown) in [
            (0.55, "55"),
            (0.07, "7"),
            (0.285, "28.5"),
            (1.0 / 3.0, "33.33333333333333"),
            (0.1 + 0.2, "30.000000000000004"), // not 0.3, and it says so
        ] {
            assert_eq!(on_range(hundred, share).to_string(), shown);
        }
        assert_eq!(
            on_range(Range::UNIT, 0.1 + 0.2).to_string(),
            "0.30000000000000004"
        );
    }
}
