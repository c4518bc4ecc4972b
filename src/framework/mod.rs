//! WHAT is measured: a [`Framework`] is a tree of nodes that is sound by construction.
//!
//! `yaml` reads the file as written, `check` turns it into a [`Framework`] or into every problem in it, `builtin` holds
//! the files of `frameworks/`. The language is described in `docs/framework.md`; the types here follow its sections.
//! Scores in here are shares (0 to 1): what the file states on the shown range has been converted.

mod attainable;
pub mod builtin;
mod check;
mod diff;
mod findings;
mod format;
mod language;
mod numbers;
mod schema;
mod skeleton;
mod spell;
mod value;
mod words;
mod yaml;

pub(crate) use attainable::may_be_off;
pub use attainable::{Bounds, answers_worth, attainable, hands_on, points};
pub use check::{advise, load};
pub(crate) use diff::stated;
pub use diff::{Change, Difference, Moves, diff, partners};
pub use findings::Source;
pub(crate) use findings::{Findings, Spot};
pub use format::format;
pub(crate) use numbers::{OnItsWay, StandIn, fixed_curve, rises, stand_in};
pub use schema::schema;
pub use skeleton::{Skeleton, skeleton};
pub(crate) use spell::number;
pub use value::{
    Better, Digits, Id, Range, RoundingMode, TOLERANCE, Text, Weight, reaches, tie_key,
};

pub(crate) use value::is_sizeable;
pub(crate) use yaml::{Tree, Value, read as read_yaml};

use crate::problem::Problem;

/// A framework: what is measured and how answers become scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Framework {
    /// Its id.
    pub id: Id,
    /// What it is called.
    pub title: Text,
    /// What it measures.
    pub description: Option<Text>,
    /// The publisher's name for this edition.
    pub edition: Option<String>,
    /// Semantic version: major, minor, patch as written.
    pub version: String,
    /// SPDX id.
    pub licence: Option<String>,
    /// Where the method is published.
    pub source: Vec<String>,
    /// A disclaimer that every report repeats.
    pub note: Option<Text>,
    /// Who is scored.
    pub unit: UnitKey,
    /// The column of the wave or year.
    pub period: Option<String>,
    /// Columns that describe units and rows.
    pub attributes: Vec<Attribute>,
    /// Rows finer than the unit, outermost first; all `of: scores` steps come before all `of: answers` steps.
    pub rows: Vec<RowStep>,
    /// Answers that mean the same for every indicator: text as written, what it stands for.
    pub codes: Vec<(String, Outcome)>,
    /// Names of the tiers for display, in the order of [`Tier`].
    pub tier_names: [Text; 4],
    /// The numbers on which scores are shown.
    pub range: Range,
    /// Which end is good.
    pub better: Better,
    /// How scores are rounded.
    pub rounding: Rounding,
    /// How units are ranked; `None`: they are not.
    pub ranking: Option<Ranking>,
    /// Groups of units.
    pub groups: Vec<Group>,
    /// One row for each value of these attributes.
    pub group_by: Vec<AttributeIx>,
    /// Whose mean, minimum and maximum stand for comparison; `None`: all units.
    pub peers: Option<GroupIx>,
    /// Bands of scores. A node refers to them by index; index 0 holds the framework's own, if it has any.
    pub levels: Vec<Levels>,
    /// Second groupings over the same indicators.
    pub facets: Vec<Facet>,
    /// Named weight sets: a weight for every node, in node order.
    pub weight_sets: Vec<WeightSet>,
    /// Targets by phase.
    pub targets: Vec<Target>,
    /// Units left out for lack of data.
    pub screen: Option<Screen>,
    /// What earlier editions can be compared.
    pub comparability: Vec<Comparability>,
    /// The nodes in framework order: the index first, then every node before its parts.
    pub nodes: Vec<Node>,
    /// SHA-256 of the source text, in hexadecimal (of base and overlay in this order, where there are several).
    pub sha256: String,
    /// The files it was read from: an overlay before what it extends, which has the name that `extends` calls it by.
    pub sources: Vec<Source>,
}

/// A framework and what there is to say about its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The framework.
    pub framework: Framework,
    /// Warnings and notes.
    pub remarks: Vec<Problem>,
}

/// Which node, in framework order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIx(pub usize);
/// Which attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttributeIx(pub usize);
/// Which group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupIx(pub usize);
/// Which facet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FacetIx(pub usize);
/// Which set of bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LevelsIx(pub usize);

impl Framework {
    /// The root node.
    pub const INDEX: NodeIx = NodeIx(0);

    /// The node at `ix`.
    pub fn node(&self, ix: NodeIx) -> &Node {
        &self.nodes[ix.0]
    }

    /// Whether any score is rounded before it is shown, so that it can pass what it is made of.
    pub(crate) fn rounds_scores(&self) -> bool {
        let own = self.nodes.iter().any(|node| node.rounding.is_some());
        own || self.rounding.at != RoundAt::Display
    }

    /// The same with other weights, by node.
    pub(crate) fn weighted(&self, weights: &[Weight]) -> Self {
        let mut other = self.clone();
        for (node, weight) in other.nodes.iter_mut().zip(weights) {
            node.weight = *weight;
        }
        other
    }

    /// Every node with its place, in framework order.
    pub fn walk(&self) -> impl DoubleEndedIterator<Item = (NodeIx, &Node)> + ExactSizeIterator {
        self.nodes
            .iter()
            .enumerate()
            .map(|(ix, node)| (NodeIx(ix), node))
    }

    /// Every indicator with its place, in framework order.
    pub fn indicators(&self) -> impl DoubleEndedIterator<Item = (NodeIx, &Node, &Indicator)> {
        self.walk()
            .filter_map(|(ix, node)| node.indicator().map(|indicator| (ix, node, indicator)))
    }

    /// The node with this id, whatever its case.
    pub fn find(&self, id: &str) -> Option<NodeIx> {
        self.walk()
            .find(|(_, node)| node.id.as_str().eq_ignore_ascii_case(id))
            .map(|(ix, _)| ix)
    }

    /// The indicator whose code or id this is, whatever its case.
    pub fn find_indicator(&self, code: &str) -> Option<NodeIx> {
        self.indicators()
            .find(|(_, node, indicator)| {
                indicator.code.eq_ignore_ascii_case(code)
                    || node.id.as_str().eq_ignore_ascii_case(code)
            })
            .map(|(ix, _, _)| ix)
    }

    /// Whether a node can count for the index: neither it nor a node above it is stored only.
    pub fn is_scored(&self, ix: NodeIx) -> bool {
        let node = self.node(ix);
        node.scored && node.parent.is_none_or(|parent| self.is_scored(parent))
    }

    /// The bands of a node, if they ask it for more than its score: needs hold for the index, and for bands of a node's own.
    pub(crate) fn levels_with_needs(&self, ix: NodeIx) -> Option<&Levels> {
        let levels = self.levels_of(ix)?;
        (ix == Self::INDEX || !levels.shared).then_some(levels)
    }

    /// The bands that apply to a node, if it gets a level.
    pub fn levels_of(&self, ix: NodeIx) -> Option<&Levels> {
        self.node(ix).levels.map(|levels| &self.levels[levels.0])
    }

    /// What is aimed at for a node: phase and score (a share).
    pub fn targets_of(&self, ix: NodeIx) -> impl Iterator<Item = (&str, f64)> {
        let all = self.targets.iter().flat_map(|target| {
            let scores = target.scores.iter();
            scores.map(|(node, score)| (target.phase.as_str(), *node, *score))
        });
        let own = all.filter(move |(_, node, _)| *node == ix);
        own.map(|(phase, _, score)| (phase, score))
    }

    /// Displayed name of a node's tier.
    pub fn tier_name(&self, tier: Tier) -> &Text {
        &self.tier_names[tier as usize]
    }
}

/// The column that says who is scored.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitKey {
    /// The column.
    pub column: String,
    /// What a unit is called, for display.
    pub title: Text,
    /// Whether ISO 3166 codes get their names.
    pub iso3166: bool,
}

/// A column that describes a unit or a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The column.
    pub column: String,
    /// For display.
    pub title: Text,
    /// What it can hold.
    pub kind: AttributeKind,
}

/// What an attribute can hold.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeKind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// One of these; matching ignores case.
    OneOf(Vec<String>),
}

/// One tier of rows finer than the unit.
#[derive(Clone, Debug, PartialEq)]
pub struct RowStep {
    /// The column that names the row.
    pub key: String,
    /// How rows become one.
    pub combine: Combine,
    /// An attribute whose number weights the rows of a mean.
    pub weight: Option<AttributeIx>,
    /// What is combined.
    pub of: RollUp,
}

/// What is combined when rows become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RollUp {
    /// Each indicator's answers, before scoring.
    Answers,
    /// Each node's score.
    Scores,
}

/// How rows become one.
#[derive(Clone, Debug, PartialEq)]
pub enum Combine {
    /// Always in the same way.
    Always(Combiner),
    /// By the value of an attribute of the row group (its first row that has one).
    By {
        /// The attribute.
        attribute: AttributeIx,
        /// Value (matched without case) and what it asks for.
        cases: Vec<(String, Combiner)>,
        /// For every other value; without it such rows have no score.
        otherwise: Option<Combiner>,
    },
}

/// A way to combine values of rows; missing ones are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combiner {
    /// The (weighted) mean.
    Mean,
    /// The best value.
    Best,
    /// The worst value.
    Worst,
    /// The median.
    Median,
    /// The most frequent value, the worse one on a tie.
    Majority,
}

/// When scores are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    /// How.
    pub digits: Digits,
    /// When.
    pub at: RoundAt,
}

/// When scores are rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RoundAt {
    /// When they are printed.
    #[default]
    Display,
    /// When all are made.
    End,
    /// Each node as it is made.
    EveryTier,
}

/// How units are ranked.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// What ties get.
    pub method: RankMethod,
    /// Whether scores are rounded first.
    pub rounded: bool,
    /// Only members of this group are ranked; `None`: all.
    pub among: Option<GroupIx>,
    /// Whether a tie is printed as `2=`.
    pub mark_ties: bool,
}

/// What tied units get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankMethod {
    /// 1, 2, 2, 4.
    Competition,
    /// 1, 2, 2, 3.
    Dense,
    /// 1, 2.5, 2.5, 4.
    Average,
}

/// A group of units.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its id.
    pub id: Id,
    /// For display.
    pub title: Text,
    /// Who belongs to it.
    pub members: Where,
    /// An attribute whose number weights the group's mean.
    pub weight: Option<AttributeIx>,
}

/// Conditions on attributes; all must hold.
pub type Where = Vec<(AttributeIx, Test)>;

/// A condition on one value. A missing value meets none.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// One of these texts or answers, whatever their case.
    OneOf(Vec<String>),
    /// None of these.
    NoneOf(Vec<String>),
    /// A number at least this.
    AtLeast(f64),
}

/// Bands of scores.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else")]
pub struct Levels {
    /// In ascending order of their cut-offs.
    pub bands: Vec<Level>,
    /// Whether a score at a cut-off belongs to the upper band.
    pub closed_below: bool,
    /// Whether scores are rounded first.
    pub rounded: bool,
    /// Whether cut-offs are shares of the cohort's units instead of scores.
    pub quantiles: bool,
    /// Whether they are the framework's own, for all nodes that state none.
    pub shared: bool,
}

/// A maturity level.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Its id.
    pub id: Id,
    /// For display.
    pub title: Text,
    /// Lower cut-off: a score (share), or a share of the cohort for quantiles.
    pub from: f64,
    /// What it means.
    pub description: Option<Text>,
    /// What to do next.
    pub advice: Option<Text>,
    /// Conditions beyond the score.
    pub needs: Vec<Need>,
}

/// A condition of a level.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    /// A node's score (a share) reaches this.
    Score(NodeIx, f64),
    /// A node reaches at least the band with this index of its own levels.
    Level(NodeIx, usize),
    /// The node's own coverage reaches this.
    Coverage(f64),
}

/// A part of a second grouping.
#[derive(Clone, Debug, PartialEq)]
pub struct Facet {
    /// Its id.
    pub id: Id,
    /// For display.
    pub title: Text,
    /// What it covers.
    pub description: Option<Text>,
}

/// A named set of weights.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightSet {
    /// Its id.
    pub id: Id,
    /// For display.
    pub title: Text,
    /// A weight for every node, in node order.
    pub weights: Vec<Weight>,
}

/// Scores to reach in a phase.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The phase, for instance a year.
    pub phase: String,
    /// Node and score (a share).
    pub scores: Vec<(NodeIx, f64)>,
}

/// Units left out for lack of data, before anything is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    /// Least share of indicators answered.
    pub answered: Option<f64>,
    /// Least share of the answered ones that are not zero.
    pub nonzero: Option<f64>,
    /// Units that stay whatever they answered.
    pub keep: Vec<String>,
    /// Units that go whatever they answered.
    pub drop: Vec<String>,
}

/// Whether scores can be compared with those of another framework or edition.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparability {
    /// Its id.
    pub with: Id,
    /// The answer.
    pub comparable: bool,
    /// Why.
    pub reason: Option<Text>,
}

/// The tiers of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// The root.
    Index,
    /// Below the root.
    Dimension,
    /// Below a dimension, or below another pillar.
    Pillar,
    /// A leaf.
    Indicator,
}

impl Tier {
    /// Its word, as in the language and in data files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Dimension => "dimension",
            Self::Pillar => "pillar",
            Self::Indicator => "indicator",
        }
    }
}

/// A node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Unique in the framework whatever its case.
    pub id: Id,
    /// For display.
    pub title: Text,
    /// What it covers.
    pub description: Option<Text>,
    /// Its tier.
    pub tier: Tier,
    /// Steps from the root: 0 for the index.
    pub depth: usize,
    /// The node that holds it.
    pub parent: Option<NodeIx>,
    /// How much it counts among its siblings.
    pub weight: Weight,
    /// `false`: stored and shown, never counted.
    pub scored: bool,
    /// Which stage it belongs to, from 1, for `level-sum` and `staged`.
    pub stage: u32,
    /// What it is made of.
    pub body: Body,
    /// Rescaling.
    pub normalise: Option<Normalise>,
    /// Against whom.
    pub cohort: Cohort,
    /// The node whose score this one cannot exceed.
    pub cap: Option<NodeIx>,
    /// Round the score when it is made.
    pub rounding: Option<Digits>,
    /// Its bands, if it gets a level.
    pub levels: Option<LevelsIx>,
    /// What each level means here: index of the band, text.
    pub stages: Vec<(usize, Text)>,
    /// The periods in which it exists.
    pub periods: Periods,
    /// Ids of earlier editions that it continues.
    pub replaces: Vec<Id>,
    /// Why it goes.
    pub deprecated: Option<Text>,
    /// What to do next.
    pub advice: Option<Text>,
    /// Sources.
    pub references: Vec<String>,
    /// Where it is written: line in the framework file (of the overlay, if that states it).
    pub line: usize,
}

impl Node {
    /// The indicator, if it is one.
    pub fn indicator(&self) -> Option<&Indicator> {
        match &self.body {
            Body::Indicator(indicator) => Some(indicator),
            Body::Parent(_) => None,
        }
    }

    /// Its parts; none for an indicator.
    pub fn children(&self) -> &[NodeIx] {
        match &self.body {
            Body::Parent(parent) => &parent.children,
            Body::Indicator(_) => &[],
        }
    }
}

/// What a node is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Other nodes.
    Parent(Parent),
    /// An answer.
    Indicator(Box<Indicator>),
}

/// A node that holds others.
#[derive(Clone, Debug, PartialEq)]
pub struct Parent {
    /// At least one.
    pub children: Vec<NodeIx>,
    /// How their scores become one.
    pub aggregate: Aggregate,
    /// What a part without a score counts as.
    pub missing: MissingPart,
    /// Below it there is no score.
    pub min_coverage: MinCoverage,
}

/// How parts become a score. Formulas: `scoring::aggregate`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aggregate {
    /// Weighted arithmetic mean.
    Mean,
    /// Weighted geometric mean.
    Geometric(Zeros),
    /// Weighted harmonic mean.
    Harmonic(Zeros),
    /// Weighted power mean with this exponent, not zero; parts are never below zero (a negative exponent needs no zeros
    /// or [`Zeros`]).
    Power(f64, Zeros),
    /// Weighted median.
    Median,
    /// The lowest part.
    Minimum,
    /// The highest part.
    Maximum,
    /// Weighted sum, divided.
    Sum {
        /// The divisor.
        out_of: f64,
    },
    /// Product of parts to the power of their weights.
    Product,
    /// Sum over stages of the weighted mean of each, divided.
    LevelSum {
        /// The divisor; none: the number of stages with parts that count.
        out_of: Option<f64>,
    },
    /// Stages count as long as all below them pass; divided by their number.
    Staged {
        /// A stage passes when its mean reaches this; above zero.
        pass: f64,
        /// Whether the first stage that does not pass adds its share.
        partial: bool,
    },
    /// Pairwise wins minus losses over the cohort.
    Copeland,
    /// Weighted sum of ascending ranks minus 1 over the cohort.
    Borda,
}

impl Aggregate {
    /// Whether a score lies among those of its parts, as every mean does, the lowest and the highest.
    pub fn lies_among_parts(self) -> bool {
        match self {
            Self::Mean
            | Self::Geometric(_)
            | Self::Harmonic(_)
            | Self::Power(..)
            | Self::Median
            | Self::Minimum
            | Self::Maximum => true,
            Self::Sum { .. }
            | Self::Product
            | Self::LevelSum { .. }
            | Self::Staged { .. }
            | Self::Copeland
            | Self::Borda => false,
        }
    }
}

/// What a zero does to a geometric or harmonic mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zeros {
    /// The score is zero (also where no part can be zero, so that nothing is left open).
    Zero,
    /// Parts below this count as this; above zero.
    Floor(f64),
}

/// What a part without a score counts as.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MissingPart {
    /// Its weight goes to its siblings.
    Renormalise,
    /// The share zero.
    Zero,
    /// The lowest score that it could have.
    Lowest,
    /// This share.
    Constant(f64),
    /// The parent has no score.
    NoScore,
}

/// Below this a node has no score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MinCoverage {
    /// Share of the weight of what applies, answered at the leaves.
    Weight(f64),
    /// Share of the node's own parts that have a score.
    Parts(f64),
    /// Share of the indicators below that were answered.
    Answers(f64),
}

/// In which periods a node exists; bounds compare as numbers if both are, else as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Periods {
    /// First one.
    pub from: Option<String>,
    /// Last one.
    pub to: Option<String>,
}

/// A leaf: reads one answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// The column's name.
    pub code: String,
    /// As asked.
    pub question: Option<Text>,
    /// How to answer.
    pub guidance: Option<Text>,
    /// What can be answered.
    pub answers: Answers,
    /// What its own missing answer becomes before anything is aggregated.
    pub missing: MissingAnswer,
    /// All must hold, else `otherwise` of the first that does not counts. The attributes of the rows that it is for come
    /// first (`rows-where`), then conditions of its own and of what it is part of, the outermost first.
    pub when: Vec<When>,
    /// Answers for units with an attribute, where none was given.
    pub presets: Vec<(Where, Preset)>,
    /// Its facets.
    pub facets: Vec<FacetIx>,
    /// Whether a source is asked for.
    pub evidence: Evidence,
    /// What the source should show.
    pub evidence_note: Option<Text>,
    /// How hard an improvement is, 1 to 5.
    pub effort: Option<f64>,
}

/// An answer that the framework gives itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Preset {
    /// As in responses: a choice: the option's position in its scale. A multiple choice: bit n stands for option n.
    /// A number: itself.
    Given(f64),
    /// None.
    Missing(Gap),
    /// Does not concern the unit.
    NotApplicable,
}

/// What can be answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answers {
    /// One of these.
    Choice(Scale),
    /// Several of these.
    Multiple(Multiple),
    /// A number.
    Number(Box<Number>),
}

/// Answers and what each is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// Its name, if it has one.
    pub name: Option<Id>,
    /// In the order of the file.
    pub options: Vec<ChoiceOption>,
}

/// One possible answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceOption {
    /// As written in responses.
    pub code: String,
    /// As shown in forms; the code if the file states none.
    pub label: Text,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// What it stands for.
    pub outcome: Outcome,
}

/// What an answer stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// A share (divided by `out-of` already).
    Score(f64),
    /// Does not concern the unit: its weight goes to its siblings.
    NotApplicable,
    /// No answer.
    Missing(Gap),
    /// Must not occur.
    Error,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Left empty.
    Unanswered,
    /// "Don't know".
    DontKnow,
    /// The question was not put.
    NotAsked,
}

/// A multiple choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Multiple {
    /// At most 52.
    pub options: Vec<MultipleOption>,
    /// How chosen options become a share.
    pub score: MultipleScore,
}

/// An option of a multiple choice.
#[derive(Clone, Debug, PartialEq)]
pub struct MultipleOption {
    /// As written in responses.
    pub code: String,
    /// As shown in forms.
    pub label: Text,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Points when chosen.
    pub score: f64,
    /// Excludes the others and is not counted as offered.
    pub only: bool,
}

/// How chosen options become a share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MultipleScore {
    /// Chosen ÷ offered.
    Share,
    /// Sum of points, at most `cap`, divided.
    Points {
        /// The most points.
        cap: Option<f64>,
        /// The divisor.
        out_of: f64,
    },
    /// 1 if any was chosen, else 0.
    Any,
    /// 1 if all were chosen, else 0.
    All,
}

/// A number.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// What the number becomes before `normalise`.
    pub curve: Curve,
    /// Anything outside is a mistake.
    pub valid: Option<(f64, f64)>,
    /// Sentinels of this indicator.
    pub codes: Vec<(String, Outcome)>,
    /// Which end is good, for what `normalise` does; goalposts, bands and curves say it themselves.
    pub better: Better,
    /// Divide by this.
    pub per: Option<Denominator>,
    /// Then multiply by this.
    pub times: f64,
    /// For display.
    pub unit: Option<String>,
    /// Outliers.
    pub treat: Option<Treat>,
}

/// What a number is divided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denominator {
    /// An attribute.
    Attribute(AttributeIx),
    /// Another indicator's raw number.
    Indicator(NodeIx),
}

/// From a number to a share.
#[derive(Clone, Debug, PartialEq)]
pub enum Curve {
    /// As it stands.
    AsIs,
    /// Fixed goalposts.
    Goalposts(Goalposts),
    /// Steps: lower ends ascending, closed below; what lies below the first has no share.
    Bands(Vec<(f64, f64)>),
    /// Straight lines between points, ascending; flat beyond the ends.
    Lines(Vec<(f64, f64)>),
}

/// Fixed goalposts: `from` becomes `onto.0`, `to` becomes `onto.1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goalposts {
    /// Scores lowest.
    pub from: f64,
    /// Scores highest; below `from` where less is better.
    pub to: f64,
    /// Keep the result between the ends of `onto`.
    pub clamp: bool,
    /// Take logarithms first; both goalposts are then above zero.
    pub log: bool,
    /// The result's interval.
    pub onto: (f64, f64),
}

/// What is done about outliers.
#[derive(Clone, Debug, PartialEq)]
pub struct Treat {
    /// By which rule.
    pub rule: Outliers,
    /// Whose values are looked at; `None`: the node's cohort.
    pub cohort: Option<Cohort>,
}

/// Which values are outliers, and what becomes of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Outliers {
    /// Where skewness and kurtosis say so.
    Skewed(Skewed),
    /// What lies beyond one of these percentiles takes its value; 0 and 100 leave that end open.
    Percentiles {
        /// From 0.
        low: f64,
        /// Above `low`, to 100.
        high: f64,
    },
}

/// Treatment of outliers by skewness and kurtosis.
#[derive(Clone, Debug, PartialEq)]
pub struct Skewed {
    /// Treated when |skewness| reaches this …
    pub skewness: f64,
    /// … and kurtosis (excess) reaches this.
    pub kurtosis: f64,
    /// At most so many points.
    pub winsorise: usize,
    /// If that is not enough.
    pub transform: Transform,
    /// Transform the winsorised values instead of the original ones.
    pub on_winsorised: bool,
}

/// A transformation of a skewed indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transform {
    /// Leave it.
    None,
    /// ln(x − min + 0.01·(max − min)).
    Log,
    /// ln(x − min + 1).
    LogShift,
    /// As `Log`; mirrored where the skew is negative: −ln(max + 0.01·(max − min) − x).
    LogSigned,
    /// ln((max − 1)·(x − min) ÷ (max − min) + 1), as in the Global Innovation Index; needs a maximum above 1, else the
    /// values are left winsorised.
    LogGii,
    /// ((x − min + 1)^λ − 1) ÷ λ; ln(x − min + 1) for λ = 0.
    BoxCox(f64),
}

/// Rescaling of an indicator's number or a node's score.
#[derive(Clone, Debug, PartialEq)]
pub enum Normalise {
    /// A curve of one value, no cohort; never [`Curve::AsIs`].
    Fixed(Curve),
    /// (x − min) ÷ (max − min), onto an interval.
    MinMax {
        /// The result's interval.
        onto: (f64, f64),
    },
    /// (x − mean) ÷ sd (n − 1), times `sd`, plus `mean`.
    ZScore {
        /// Mean of the result.
        mean: f64,
        /// Standard deviation of the result.
        sd: f64,
    },
    /// Ascending rank, the worst is 1.
    Rank {
        /// Ties take the average instead of the lowest rank.
        average: bool,
    },
    /// Rank − 1.
    Borda,
    /// (rank − 1) ÷ (n − 1).
    Percentile,
    /// x ÷ max; where less is better min ÷ x.
    ShareOfLeader,
    /// 1 − (reference − x) ÷ (reference − min).
    DistanceToUnit {
        /// The reference unit.
        unit: String,
        /// At most 1.
        cap: bool,
    },
    /// (x − min) ÷ (target − min); where less is better (max − x) ÷ (max − target).
    DistanceToTarget {
        /// The target.
        at: f64,
        /// At most 1.
        cap: bool,
    },
    /// 1 inside, else 1 − distance ÷ largest distance in the cohort.
    DistanceToInterval {
        /// Its low end.
        low: f64,
        /// Its high end.
        high: f64,
    },
}

/// Against whom values are scaled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohort {
    /// A group; `None`: all units.
    pub units: Option<GroupIx>,
    /// Which periods.
    pub periods: CohortPeriods,
}

/// Which periods belong to a cohort.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum CohortPeriods {
    /// Each period is its own cohort.
    #[default]
    Same,
    /// All periods together.
    All,
    /// These together, for every period.
    Listed(Vec<String>),
}

/// What a missing answer becomes before anything is aggregated.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum MissingAnswer {
    /// Left to the parent.
    #[default]
    Keep,
    /// The share zero (a number: the raw value that scores lowest is not known, so this is the share itself).
    Zero,
    /// The lowest share that it could have.
    Lowest,
    /// This share.
    Constant(f64),
    /// The cohort's mean of the raw values, of units with the same attribute if one is named.
    Mean(Option<AttributeIx>),
    /// The cohort's median, likewise.
    Median(Option<AttributeIx>),
    /// The unit's last answer.
    Previous {
        /// At most so many periods old (positions in the sorted list of periods).
        at_most: Option<u32>,
        /// Where there is none, the unit's next answer, at most as far away.
        or_next: bool,
    },
    /// A straight line between the unit's answers before and after, flat beyond.
    Interpolate,
    /// The unit's mean (or median) over its other indicators under this node, each scaled min–max over the cohort.
    Row {
        /// The node.
        within: NodeIx,
        /// The median instead of the mean.
        median: bool,
    },
}

/// A condition on another answer or on an attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    /// All must hold.
    pub tests: Vec<(Subject, Test)>,
    /// What counts where they do not.
    pub otherwise: Outcome,
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Another indicator's answer; answers are named by their code.
    Indicator(NodeIx),
    /// An attribute.
    Attribute(AttributeIx),
}

/// Whether a source is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Evidence {
    /// Not asked for.
    #[default]
    None,
    /// May be given.
    Optional,
    /// A positive answer needs it.
    Required,
}
