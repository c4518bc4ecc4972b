//! The file as written.

use indexmap::IndexMap;
use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::origin::Origin;

/// A result; one with many observations is written without holding them as they stand in the file.
#[derive(Serialize, Deserialize)]
pub(super) struct File<'r, O = Vec<Observation>> {
    pub(super) schema_version: String,
    pub(super) tool: Tool,
    pub(super) framework: Framework,
    pub(super) responses: Responses,
    /// The cohort that units were compared with; left out where they were compared with each other, and before version
    /// 1.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stats: Option<Stats>,
    /// Options that change numbers.
    pub(super) options: IndexMap<String, String>,
    /// Columns that describe units.
    pub(super) attributes: Vec<String>,
    /// Sets of levels, lowest level first.
    pub(super) levels: Vec<Vec<Level>>,
    /// In framework order.
    pub(super) nodes: Vec<Node>,
    pub(super) facets: Vec<Facet>,
    /// What an observation's `facets` stand for, in the same order.
    pub(super) facet_columns: Vec<FacetColumn>,
    /// Ascending; one `null` where the framework has no periods.
    pub(super) periods: Vec<Option<String>>,
    pub(super) observations: O,
    /// Whose mean, minimum and maximum are the comparison, by period.
    pub(super) peers: Vec<Group>,
    pub(super) groups: Vec<Group>,
    pub(super) remarks: Vec<Remark>,
    /// What it was made from; left out where that was not wanted, and before version 1.1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) inputs: Option<Cow<'r, Origin>>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) version: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Responses {
    pub(super) sha256: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Stats {
    pub(super) sha256: String,
}

/// A text: a string, or one string a language, the default first.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Text {
    Plain(String),
    Translated(IndexMap<String, String>),
}

#[derive(Serialize, Deserialize)]
pub(super) struct Framework {
    pub(super) id: String,
    pub(super) title: Text,
    pub(super) edition: Option<String>,
    pub(super) version: String,
    pub(super) sha256: String,
    pub(super) licence: Option<String>,
    pub(super) source: Vec<String>,
    pub(super) note: Option<Text>,
    pub(super) unit: Text,
    /// Lowest and highest shown score; `null`: as computed.
    pub(super) range: Option<[f64; 2]>,
    pub(super) better: Better,
    pub(super) rounding: Rounding,
    pub(super) ranking: Option<Ranking>,
    /// What its groups are called, by id.
    pub(super) groups: IndexMap<String, Text>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Better {
    Higher,
    Lower,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Rounding {
    pub(super) digits: u8,
    pub(super) mode: RoundingMode,
    pub(super) at: RoundAt,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RoundingMode {
    HalfUp,
    HalfEven,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RoundAt {
    Display,
    End,
    EveryTier,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Ranking {
    pub(super) method: RankMethod,
    pub(super) mark_ties: bool,
    pub(super) among: Option<Text>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RankMethod {
    Competition,
    Dense,
    Average,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Level {
    pub(super) id: String,
    pub(super) title: Text,
    /// A share.
    pub(super) from: f64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) title: Text,
    pub(super) tier: Tier,
    pub(super) parent: Option<String>,
    pub(super) weight: f64,
    pub(super) scored: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rounding: Option<Digits>,
    /// Position among the sets of levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) levels: Option<usize>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Digits {
    pub(super) digits: u8,
    pub(super) mode: RoundingMode,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Tier {
    Index,
    Dimension,
    Pillar,
    Indicator,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Facet {
    pub(super) id: String,
    pub(super) title: Text,
}

#[derive(Serialize, Deserialize)]
pub(super) struct FacetColumn {
    pub(super) facet: String,
    /// The dimension; `null`: over the whole index.
    pub(super) within: Option<String>,
    /// Share of the index's weight.
    pub(super) weight: f64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Observation {
    pub(super) unit: String,
    pub(super) name: String,
    pub(super) period: Option<String>,
    pub(super) attributes: IndexMap<String, String>,
    pub(super) ranked: bool,
    pub(super) scores: IndexMap<String, Score>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) facets: Vec<FacetScore>,
}

/// What is known of one node; `null`: there is none.
#[derive(Serialize, Deserialize)]
#[allow(
    clippy::struct_field_names,
    reason = "the key is the column of the CSV"
)]
pub(super) struct Score {
    pub(super) score: Option<f64>,
    pub(super) coverage: Option<f64>,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    pub(super) level: Option<String>,
    pub(super) rank: Option<f64>,
    /// Indicators answered, of those that apply.
    pub(super) answered: u32,
    pub(super) applicable: u32,
    /// The shares behind score, low and high, where those do not lead back to them to the last bit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) exact: Option<[Option<f64>; 3]>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct FacetScore {
    pub(super) score: Option<f64>,
    pub(super) coverage: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) exact: Option<f64>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) period: Option<String>,
    pub(super) members: usize,
    /// The attribute that weights its mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) weight: Option<String>,
    /// By node; nodes that nobody has a score of are left out.
    pub(super) scores: IndexMap<String, Spread>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Spread {
    pub(super) mean: f64,
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) count: usize,
    /// The shares behind mean, minimum and maximum, as for a score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) exact: Option<[f64; 3]>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub(super) enum Remark {
    UselessCohort {
        node: String,
        period: Option<String>,
        count: usize,
        constant: bool,
        /// The unit that the others are compared with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
    },
    ScreenedOut {
        unit: String,
        period: Option<String>,
        answered: f64,
        /// Share that is not zero, where there is too little of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nonzero: Option<f64>,
        /// Whether the framework names the unit among those that are left out.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        dropped: bool,
    },
    PassedOver(Cells),
    OffScale(Cells),
    BeyondRange(Cells),
    OutsidePeriods(Cells),
    /// One of a later version, which is passed over.
    #[serde(other, skip_serializing)]
    Later,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Cells {
    pub(super) period: Option<String>,
    pub(super) nodes: Vec<String>,
    pub(super) count: usize,
    pub(super) unit: String,
}
