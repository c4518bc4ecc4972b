//! A small result for the tests of the writers, put together by hand: three units, one of them with a gap and awkward
//! names, one not ranked.

use std::sync::Arc;

use crate::framework::{
    Better, Digits, NodeIx, Range, RankMethod, RoundAt, Rounding, RoundingMode, Text, Tier,
};
use crate::report::result::{
    About, FacetFacts, FrameworkFacts, LevelFacts, NodeFacts, RankingFacts, ScoreResult,
};
use crate::scoring::{
    FacetColumn, Fate, GroupRow, Lack, NodeColumn, Observation, Remark, ScoreTable, Spread,
};

pub(super) fn result() -> ScoreResult {
    ScoreResult {
        about: about(),
        scores: scores(),
        origin: None,
    }
}

fn about() -> About {
    About {
        tool: "9.9.9".to_owned(),
        framework: FrameworkFacts {
            id: "open-data".to_owned(),
            title: Text::translated(vec![
                ("en".to_owned(), "Open data".to_owned()),
                ("fr".to_owned(), "Données ouvertes".to_owned()),
            ])
            .expect("two texts"),
            edition: Some("2023".to_owned()),
            version: "1.0.0".to_owned(),
            sha256: "ab".repeat(32),
            licence: Some("CC-BY-4.0".to_owned()),
            source: vec!["https://example.org".to_owned()],
            note: Some(Text::plain("A made-up case.")),
            unit: Text::plain("Country"),
            range: Range::Between {
                low: 0.0,
                high: 100.0,
            },
            better: Better::Higher,
            rounding: Rounding {
                digits: Digits {
                    digits: 1,
                    mode: RoundingMode::HalfUp,
                },
                at: RoundAt::Display,
            },
            ranking: Some(RankingFacts {
                method: RankMethod::Competition,
                mark_ties: false,
                among: Some(Text::plain("Members")),
            }),
            groups: vec![("members".to_owned(), Text::plain("Members"))],
        },
        responses_sha256: "cd".repeat(32),
        cohort_sha256: None,
        options: vec![("weights".to_owned(), "equal".to_owned())],
        nodes: vec![
            node("index", "Index", Tier::Index, None, Some(0)),
            node("policy", "Policy", Tier::Dimension, Some(0), Some(0)),
            node(
                "pol_1",
                "Is there a policy?",
                Tier::Indicator,
                Some(1),
                None,
            ),
            node(
                "portal",
                "Open data portal",
                Tier::Dimension,
                Some(0),
                Some(0),
            ),
            node(
                "por_1",
                "Is there a portal?",
                Tier::Indicator,
                Some(3),
                None,
            ),
        ],
        levels: vec![vec![
            level("nascent", 0.0),
            level("emerging", 0.25),
            level("leading", 0.75),
        ]],
        facets: vec![FacetFacts {
            id: "strategy".to_owned(),
            title: Text::plain("Strategic approach"),
        }],
        attributes: vec!["group".to_owned()],
    }
}

fn node(
    id: &str,
    title: &str,
    tier: Tier,
    parent: Option<usize>,
    levels: Option<usize>,
) -> NodeFacts {
    NodeFacts {
        id: id.to_owned(),
        title: Text::plain(title),
        tier,
        parent: parent.map(NodeIx),
        weight: 1.0,
        scored: true,
        rounding: None,
        levels,
    }
}

fn level(id: &str, from: f64) -> LevelFacts {
    let mut title = id.to_owned();
    title[..1].make_ascii_uppercase();
    LevelFacts {
        id: id.to_owned(),
        title: Text::plain(title),
        from,
    }
}

fn scores() -> ScoreTable {
    let third = 1.0 / 3.0;
    let policy = column(
        [Some(0.5), Some(third), Some(0.8)],
        [Some(1), Some(1), Some(2)],
        [Some(2.0), Some(3.0), None],
    );
    let portal = NodeColumn {
        coverage: vec![Some(1.0), Some(0.0), Some(1.0)],
        low: vec![Some(1.0), Some(0.0), Some(0.8)],
        high: vec![Some(1.0), Some(1.0), Some(0.8)],
        ..column(
            [Some(1.0), None, Some(0.8)],
            [Some(2), None, Some(2)],
            [Some(1.0), None, None],
        )
    };
    let index = NodeColumn {
        coverage: vec![Some(1.0), Some(0.5), Some(1.0)],
        low: vec![Some(0.75), Some(third / 2.0), Some(0.8)],
        high: vec![Some(0.75), Some(third * 2.0), Some(0.8)],
        ..column(
            [Some(0.75), Some(third), Some(0.8)],
            [Some(2), Some(1), Some(2)],
            [Some(1.0), Some(2.0), None],
        )
    };
    let group = |id: &str, title: &str| GroupRow {
        id: id.to_owned(),
        title: title.to_owned(),
        period: 0,
        members: 2,
        weight: None,
        nodes: [&index, &policy, &policy, &portal, &portal]
            .into_iter()
            .map(|node| spread(&node.score[..2]))
            .collect(),
    };
    let peers = vec![group("members", "Members")];
    let groups = vec![group("north", "North")];
    let facet = |within: Option<usize>, weight, from: &NodeColumn| FacetColumn {
        facet: 0,
        within: within.map(NodeIx),
        weight,
        score: from.score.clone(),
        coverage: from.coverage.clone(),
    };
    let facets = vec![facet(None, 1.0, &index), facet(Some(1), 0.5, &policy)];
    ScoreTable {
        observations: vec![
            observation("NOR", "Norway", "oecd", true),
            observation("=1+1", "A | \"B\" <b>\nC", "oecd", true),
            observation("PER", "Peru", "", false),
        ],
        periods: vec!["2023".to_owned()],
        nodes: vec![
            index,
            policy.clone(),
            without_levels(policy),
            portal.clone(),
            without_levels(portal),
        ],
        facets,
        peers,
        groups,
        remarks: vec![
            Remark::UselessCohort {
                node: NodeIx(2),
                period: Some("2023".to_owned()),
                count: 1,
                constant: false,
                reference: None,
            },
            Remark::ScreenedOut {
                unit: "XKX".to_owned(),
                period: "2023".to_owned(),
                answered: 0.25,
                lack: Lack::Answers,
            },
            Remark::Cells {
                fate: Fate::PassedOver,
                period: "2023".to_owned(),
                nodes: vec![NodeIx(2), NodeIx(4)],
                count: 2,
                unit: "NOR".to_owned(),
            },
            Remark::Cells {
                fate: Fate::OffScale,
                period: "2023".to_owned(),
                nodes: vec![NodeIx(4)],
                count: 1,
                unit: "NOR".to_owned(),
            },
        ],
    }
}

fn column(
    score: [Option<f64>; 3],
    level: [Option<usize>; 3],
    rank: [Option<f64>; 3],
) -> NodeColumn {
    NodeColumn {
        score: score.to_vec(),
        coverage: vec![Some(1.0); 3],
        low: score.to_vec(),
        high: score.to_vec(),
        level: level.to_vec(),
        rank: rank.to_vec(),
        answered: score
            .iter()
            .map(|score| u32::from(score.is_some()))
            .collect(),
        applicable: vec![1; 3],
    }
}

fn without_levels(column: NodeColumn) -> NodeColumn {
    NodeColumn {
        level: vec![None; column.level.len()],
        ..column
    }
}

fn observation(unit: &str, name: &str, group: &str, ranked: bool) -> Observation {
    Observation {
        unit: Arc::from(unit),
        name: Arc::from(name),
        period: 0,
        attributes: vec![Arc::from(group)],
        ranked,
    }
}

fn spread(scores: &[Option<f64>]) -> Option<Spread> {
    let given: Vec<f64> = scores.iter().copied().flatten().collect();
    (!given.is_empty()).then(|| Spread {
        mean: given.iter().sum::<f64>() / given.len() as f64,
        min: given.iter().copied().fold(f64::INFINITY, f64::min),
        max: given.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        count: given.len(),
    })
}
