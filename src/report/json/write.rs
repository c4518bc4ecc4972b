//! A result → the file as written.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::framework::{self, Digits, NodeIx, Range, Text};
use crate::report::result::{About, FrameworkFacts, LevelFacts, NodeFacts, ScoreResult, on_range};
use crate::scoring::{Fate, GroupRow, Lack, NodeColumn, Remark, Spread};

use super::SCHEMA_VERSION;
use super::file;

pub(super) fn file(result: &ScoreResult) -> file::File<'_, Observations<'_>> {
    let (about, scores) = (&result.about, &result.scores);
    file::File {
        schema_version: SCHEMA_VERSION.to_owned(),
        tool: file::Tool {
            name: "dgpf".to_owned(),
            version: about.tool.clone(),
        },
        framework: framework(&about.framework),
        responses: file::Responses {
            sha256: about.responses_sha256.clone(),
        },
        stats: about.cohort_sha256.as_ref().map(|hash| file::Stats {
            sha256: hash.clone(),
        }),
        options: about.options.iter().cloned().collect(),
        attributes: about.attributes.clone(),
        levels: about
            .levels
            .iter()
            .map(|levels| levels.iter().map(level).collect())
            .collect(),
        nodes: about
            .nodes
            .iter()
            .map(|node| self::node(about, node))
            .collect(),
        facets: about
            .facets
            .iter()
            .map(|facet| file::Facet {
                id: facet.id.clone(),
                title: text(&facet.title),
            })
            .collect(),
        facet_columns: scores
            .facets
            .iter()
            .map(|column| file::FacetColumn {
                facet: about.facets[column.facet].id.clone(),
                within: column.within.map(|node| about.nodes[node.0].id.clone()),
                weight: column.weight,
            })
            .collect(),
        periods: scores.periods.iter().map(|name| period(name)).collect(),
        observations: Observations(result),
        peers: scores.peers.iter().map(|row| group(result, row)).collect(),
        groups: scores.groups.iter().map(|row| group(result, row)).collect(),
        remarks: scores
            .remarks
            .iter()
            .map(|remark| self::remark(about, remark))
            .collect(),
        inputs: result.origin.as_ref().map(Cow::Borrowed),
    }
}

/// The observations of a result, each made when it is written.
pub(super) struct Observations<'r>(&'r ScoreResult);

impl Serialize for Observations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = 0..self.0.scores.observations.len();
        serializer.collect_seq(rows.map(|row| observation(self.0, row)))
    }
}

fn period(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

fn text(text: &Text) -> file::Text {
    let mut translations = text.translations();
    match (translations.next(), translations.next()) {
        (Some(("", only)), None) => file::Text::Plain(only.to_owned()),
        (None, _) => file::Text::Plain(String::new()),
        (Some(_), _) => file::Text::Translated(
            text.translations()
                .map(|(language, text)| (language.to_owned(), text.to_owned()))
                .collect(),
        ),
    }
}

fn framework(facts: &FrameworkFacts) -> file::Framework {
    let rounding = digits(facts.rounding.digits);
    file::Framework {
        id: facts.id.clone(),
        title: text(&facts.title),
        edition: facts.edition.clone(),
        version: facts.version.clone(),
        sha256: facts.sha256.clone(),
        licence: facts.licence.clone(),
        source: facts.source.clone(),
        note: facts.note.as_ref().map(text),
        unit: text(&facts.unit),
        range: match facts.range {
            Range::Between { low, high } => Some([low, high]),
            Range::Unbounded => None,
        },
        better: match facts.better {
            framework::Better::Higher => file::Better::Higher,
            framework::Better::Lower => file::Better::Lower,
        },
        rounding: file::Rounding {
            digits: rounding.digits,
            mode: rounding.mode,
            at: match facts.rounding.at {
                framework::RoundAt::Display => file::RoundAt::Display,
                framework::RoundAt::End => file::RoundAt::End,
                framework::RoundAt::EveryTier => file::RoundAt::EveryTier,
            },
        },
        ranking: facts.ranking.as_ref().map(|ranking| file::Ranking {
            method: match ranking.method {
                framework::RankMethod::Competition => file::RankMethod::Competition,
                framework::RankMethod::Dense => file::RankMethod::Dense,
                framework::RankMethod::Average => file::RankMethod::Average,
            },
            mark_ties: ranking.mark_ties,
            among: ranking.among.as_ref().map(text),
        }),
        groups: facts
            .groups
            .iter()
            .map(|(id, title)| (id.clone(), text(title)))
            .collect(),
    }
}

fn digits(digits: Digits) -> file::Digits {
    file::Digits {
        digits: digits.digits,
        mode: match digits.mode {
            framework::RoundingMode::HalfUp => file::RoundingMode::HalfUp,
            framework::RoundingMode::HalfEven => file::RoundingMode::HalfEven,
        },
    }
}

fn level(level: &LevelFacts) -> file::Level {
    file::Level {
        id: level.id.clone(),
        title: text(&level.title),
        from: level.from,
    }
}

fn node(about: &About, node: &NodeFacts) -> file::Node {
    file::Node {
        id: node.id.clone(),
        title: text(&node.title),
        tier: match node.tier {
            framework::Tier::Index => file::Tier::Index,
            framework::Tier::Dimension => file::Tier::Dimension,
            framework::Tier::Pillar => file::Tier::Pillar,
            framework::Tier::Indicator => file::Tier::Indicator,
        },
        parent: node.parent.map(|parent| about.nodes[parent.0].id.clone()),
        weight: node.weight,
        scored: node.scored,
        rounding: node.rounding.map(digits),
        levels: node.levels,
    }
}

fn observation(result: &ScoreResult, row: usize) -> file::Observation {
    let (about, scores) = (&result.about, &result.scores);
    let observation = &scores.observations[row];
    file::Observation {
        unit: observation.unit.to_string(),
        name: observation.name.to_string(),
        period: period(&scores.periods[observation.period]),
        attributes: about
            .attributes
            .iter()
            .zip(&observation.attributes)
            .map(|(column, value)| (column.clone(), value.to_string()))
            .collect(),
        ranked: observation.ranked,
        scores: scores
            .nodes
            .iter()
            .enumerate()
            .map(|(node, column)| {
                let score = score(about, NodeIx(node), column, row);
                (about.nodes[node].id.clone(), score)
            })
            .collect(),
        facets: scores
            .facets
            .iter()
            .map(|column| facet_score(about, column.score[row], column.coverage[row]))
            .collect(),
    }
}

fn score(about: &About, node: NodeIx, column: &NodeColumn, row: usize) -> file::Score {
    let range = about.framework.range;
    let shares = [column.score[row], column.low[row], column.high[row]];
    let [score, low, high] = shares.map(|share| share.map(|share| about.shown(node, share)));
    let kept = [score, low, high].map(|shown| shown.map(|shown| range.read(shown)));
    file::Score {
        score,
        coverage: column.coverage[row],
        low,
        high,
        level: column.level[row]
            .and_then(|position| about.level(node, position))
            .map(|(level, _)| level.id.clone()),
        rank: column.rank[row],
        answered: column.answered[row],
        applicable: column.applicable[row],
        exact: (kept.map(bits) != shares.map(bits)).then_some(shares),
    }
}

fn facet_score(about: &About, share: Option<f64>, coverage: Option<f64>) -> file::FacetScore {
    let range = about.framework.range;
    let score = share.map(|share| on_range(range, share));
    let kept = score.map(|shown| range.read(shown));
    file::FacetScore {
        score,
        coverage,
        exact: share.filter(|_| bits(kept) != bits(share)),
    }
}

fn group(result: &ScoreResult, row: &GroupRow) -> file::Group {
    let about = &result.about;
    file::Group {
        id: row.id.clone(),
        title: row.title.clone(),
        period: period(&result.scores.periods[row.period]),
        members: row.members,
        weight: row.weight.clone(),
        scores: row
            .nodes
            .iter()
            .zip(&about.nodes)
            .filter_map(|(spread, node)| {
                spread.map(|found| (node.id.clone(), self::spread(about.framework.range, found)))
            })
            .collect(),
    }
}

fn spread(range: Range, spread: Spread) -> file::Spread {
    let shares = [spread.mean, spread.min, spread.max];
    let [mean, min, max] = shares.map(|share| on_range(range, share));
    let kept = [mean, min, max].map(|shown| range.read(shown));
    file::Spread {
        mean,
        min,
        max,
        count: spread.count,
        exact: (kept.map(f64::to_bits) != shares.map(f64::to_bits)).then_some(shares),
    }
}

fn bits(value: Option<f64>) -> Option<u64> {
    value.map(f64::to_bits)
}

fn ids(about: &About, nodes: &[NodeIx]) -> Vec<String> {
    let nodes = nodes.iter();
    nodes.map(|node| about.nodes[node.0].id.clone()).collect()
}

fn remark(about: &About, remark: &Remark) -> file::Remark {
    match remark {
        Remark::UselessCohort {
            node,
            period,
            count,
            constant,
            reference,
        } => file::Remark::UselessCohort {
            node: about.nodes[node.0].id.clone(),
            period: period.clone(),
            count: *count,
            constant: *constant,
            reference: reference.clone(),
        },
        Remark::ScreenedOut {
            unit,
            period: name,
            answered,
            lack,
        } => file::Remark::ScreenedOut {
            unit: unit.clone(),
            period: period(name),
            answered: *answered,
            nonzero: match lack {
                Lack::Nonzero(share) => Some(*share),
                Lack::Answers | Lack::Named => None,
            },
            dropped: *lack == Lack::Named,
        },
        Remark::Cells {
            fate,
            period: name,
            nodes,
            count,
            unit,
        } => {
            let told = match fate {
                Fate::PassedOver => file::Remark::PassedOver,
                Fate::OffScale => file::Remark::OffScale,
                Fate::BeyondRange => file::Remark::BeyondRange,
                Fate::OutsidePeriods => file::Remark::OutsidePeriods,
            };
            told(file::Cells {
                period: period(name),
                nodes: ids(about, nodes),
                count: *count,
                unit: unit.clone(),
            })
        }
    }
}
