//! The file as written → a result, or what is wrong with it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::framework::{self, Digits, NodeIx, Range, Rounding, Text};
use crate::report::result::{
    About, FacetFacts, FrameworkFacts, LevelFacts, NodeFacts, RankingFacts, ScoreResult,
};
use crate::scoring::{
    FacetColumn, Fate, GroupRow, Lack, NodeColumn, Observation, Remark, ScoreTable, Spread,
};

use super::{ReadError, file};

type Read<T> = Result<T, ReadError>;

fn content(place: impl Into<String>, what: impl Into<String>) -> ReadError {
    ReadError::Content {
        place: place.into(),
        what: what.into(),
    }
}

pub(super) fn result(file: file::File) -> Read<ScoreResult> {
    let nodes = positions("nodes", file.nodes.iter().map(|node| node.id.as_str()))?;
    let facets = positions("facets", file.facets.iter().map(|facet| facet.id.as_str()))?;
    let names: Vec<String> = file
        .periods
        .iter()
        .map(|name| name.clone().unwrap_or_default())
        .collect();
    let periods = positions("periods", names.iter().map(String::as_str))?;
    let about = About {
        tool: file.tool.version,
        framework: framework(file.framework)?,
        responses_sha256: file.responses.sha256,
        cohort_sha256: file.stats.map(|stats| stats.sha256),
        options: file.options.into_iter().collect(),
        nodes: file
            .nodes
            .iter()
            .map(|node| self::node(node, &nodes, file.levels.len()))
            .collect::<Read<_>>()?,
        levels: file.levels.into_iter().map(levels).collect(),
        facets: file
            .facets
            .iter()
            .map(|facet| FacetFacts {
                id: facet.id.clone(),
                title: text(&facet.title),
            })
            .collect(),
        attributes: file.attributes,
    };
    check_tree(&about.nodes)?;
    let mut scores = ScoreTable {
        nodes: vec![NodeColumn::default(); about.nodes.len()],
        facets: facet_columns(&file.facet_columns, &facets, &nodes)?,
        ..ScoreTable::default()
    };
    for observation in file.observations {
        add(&mut scores, observation, &about, &periods)?;
    }
    let rows = |groups: Vec<file::Group>| -> Read<Vec<GroupRow>> {
        groups
            .into_iter()
            .map(|group| self::group(group, about.framework.range, &nodes, &periods))
            .collect()
    };
    scores.peers = rows(file.peers)?;
    scores.groups = rows(file.groups)?;
    scores.remarks = file
        .remarks
        .into_iter()
        .filter_map(|remark| self::remark(remark, &nodes).transpose())
        .collect::<Read<_>>()?;
    scores.periods = names;
    Ok(ScoreResult {
        about,
        scores,
        origin: file.inputs.map(Cow::into_owned),
    })
}

/// A tree: the index first, and every other node after the one that holds it.
fn check_tree(nodes: &[NodeFacts]) -> Read<()> {
    if nodes.is_empty() {
        return Err(content("nodes", "there are none"));
    }
    for (position, node) in nodes.iter().enumerate() {
        let sound = match node.parent {
            None => position == 0,
            Some(parent) => parent.0 < position,
        };
        if !sound {
            let what = "it does not come after the node that holds it";
            return Err(content(format!("node `{}`", node.id), what));
        }
    }
    Ok(())
}

type Positions = BTreeMap<String, usize>;

fn positions<'a>(of: &str, ids: impl Iterator<Item = &'a str>) -> Read<Positions> {
    let mut found = Positions::new();
    for (position, id) in ids.enumerate() {
        if found.insert(id.to_owned(), position).is_some() {
            return Err(content(of, format!("`{id}` is there twice")));
        }
    }
    Ok(found)
}

fn find(positions: &Positions, what: &str, id: &str, place: impl Fn() -> String) -> Read<usize> {
    positions
        .get(id)
        .copied()
        .ok_or_else(|| content(place(), format!("no {what} `{id}`")))
}

fn text(text: &file::Text) -> Text {
    match text {
        file::Text::Plain(text) => Text::plain(text),
        file::Text::Translated(texts) => Text::translated(
            texts
                .iter()
                .map(|(language, text)| (language.clone(), text.clone()))
                .collect(),
        )
        .unwrap_or_default(),
    }
}

fn framework(file: file::Framework) -> Read<FrameworkFacts> {
    let range = match file.range {
        Some([low, high]) if low < high => Range::Between { low, high },
        Some([low, high]) => {
            let what = format!("the range from {low} to {high} is none");
            return Err(content("framework", what));
        }
        None => Range::Unbounded,
    };
    Ok(FrameworkFacts {
        id: file.id,
        title: text(&file.title),
        edition: file.edition,
        version: file.version,
        sha256: file.sha256,
        licence: file.licence,
        source: file.source,
        note: file.note.as_ref().map(text),
        unit: text(&file.unit),
        range,
        better: match file.better {
            file::Better::Higher => framework::Better::Higher,
            file::Better::Lower => framework::Better::Lower,
        },
        rounding: Rounding {
            digits: digits(&file::Digits {
                digits: file.rounding.digits,
                mode: file.rounding.mode,
            }),
            at: match file.rounding.at {
                file::RoundAt::Display => framework::RoundAt::Display,
                file::RoundAt::End => framework::RoundAt::End,
                file::RoundAt::EveryTier => framework::RoundAt::EveryTier,
            },
        },
        ranking: file.ranking.map(|ranking| RankingFacts {
            method: match ranking.method {
                file::RankMethod::Competition => framework::RankMethod::Competition,
                file::RankMethod::Dense => framework::RankMethod::Dense,
                file::RankMethod::Average => framework::RankMethod::Average,
            },
            mark_ties: ranking.mark_ties,
            among: ranking.among.as_ref().map(text),
        }),
        groups: file
            .groups
            .iter()
            .map(|(id, title)| (id.clone(), text(title)))
            .collect(),
    })
}

fn digits(file: &file::Digits) -> Digits {
    Digits {
        digits: file.digits,
        mode: match file.mode {
            file::RoundingMode::HalfUp => framework::RoundingMode::HalfUp,
            file::RoundingMode::HalfEven => framework::RoundingMode::HalfEven,
        },
    }
}

fn levels(levels: Vec<file::Level>) -> Vec<LevelFacts> {
    levels
        .into_iter()
        .map(|level| LevelFacts {
            title: text(&level.title),
            id: level.id,
            from: level.from,
        })
        .collect()
}

fn node(file: &file::Node, nodes: &Positions, sets: usize) -> Read<NodeFacts> {
    let place = || format!("node `{}`", file.id);
    if file.levels.is_some_and(|levels| levels >= sets) {
        return Err(content(place(), "its set of levels is not there"));
    }
    let parent = file.parent.as_deref();
    Ok(NodeFacts {
        id: file.id.clone(),
        title: text(&file.title),
        tier: match file.tier {
            file::Tier::Index => framework::Tier::Index,
            file::Tier::Dimension => framework::Tier::Dimension,
            file::Tier::Pillar => framework::Tier::Pillar,
            file::Tier::Indicator => framework::Tier::Indicator,
        },
        parent: parent
            .map(|parent| find(nodes, "node", parent, place).map(NodeIx))
            .transpose()?,
        weight: file.weight,
        scored: file.scored,
        rounding: file.rounding.as_ref().map(digits),
        levels: file.levels,
    })
}

fn facet_columns(
    columns: &[file::FacetColumn],
    facets: &Positions,
    nodes: &Positions,
) -> Read<Vec<FacetColumn>> {
    let place = || "facet_columns".to_owned();
    columns
        .iter()
        .map(|column| {
            let within = column.within.as_deref();
            Ok(FacetColumn {
                facet: find(facets, "facet", &column.facet, place)?,
                within: within
                    .map(|node| find(nodes, "node", node, place).map(NodeIx))
                    .transpose()?,
                weight: column.weight,
                ..FacetColumn::default()
            })
        })
        .collect()
}

fn add(
    scores: &mut ScoreTable,
    mut observation: file::Observation,
    about: &About,
    periods: &Positions,
) -> Read<()> {
    let place = format!("unit `{}`", observation.unit);
    let range = about.framework.range;
    for (node, (facts, column)) in about.nodes.iter().zip(&mut scores.nodes).enumerate() {
        let Some(score) = observation.scores.get(&facts.id) else {
            return Err(content(place, format!("no score of node `{}`", facts.id)));
        };
        let [share, low, high] = score.exact.unwrap_or_else(|| {
            [score.score, score.low, score.high].map(|shown| shown.map(|shown| range.read(shown)))
        });
        column.score.push(share);
        column.low.push(low);
        column.high.push(high);
        column.coverage.push(score.coverage);
        column.rank.push(score.rank);
        column.answered.push(score.answered);
        column.applicable.push(score.applicable);
        let place = || format!("{place}, node `{}`", facts.id);
        column.level.push(position(
            about,
            NodeIx(node),
            score.level.as_deref(),
            place,
        )?);
    }
    if observation.facets.len() != scores.facets.len() {
        return Err(content(place, "its facets are not those of facet_columns"));
    }
    for (column, score) in scores.facets.iter_mut().zip(&observation.facets) {
        let read = score.score.map(|shown| range.read(shown));
        column.score.push(score.exact.or(read));
        column.coverage.push(score.coverage);
    }
    let period = observation.period.unwrap_or_default();
    scores.observations.push(Observation {
        period: find(periods, "period", &period, || place.clone())?,
        attributes: about
            .attributes
            .iter()
            .map(|column| {
                observation
                    .attributes
                    .swap_remove(column)
                    .unwrap_or_default()
            })
            .map(Arc::from)
            .collect(),
        unit: Arc::from(observation.unit),
        name: Arc::from(observation.name),
        ranked: observation.ranked,
    });
    Ok(())
}

fn position(
    about: &About,
    node: NodeIx,
    level: Option<&str>,
    place: impl Fn() -> String,
) -> Read<Option<usize>> {
    let Some(level) = level else { return Ok(None) };
    let set = about.nodes[node.0].levels.map(|set| &about.levels[set]);
    set.and_then(|levels| levels.iter().position(|facts| facts.id == level))
        .map(Some)
        .ok_or_else(|| content(place(), format!("no level `{level}`")))
}

fn group(
    file: file::Group,
    range: Range,
    nodes: &Positions,
    periods: &Positions,
) -> Read<GroupRow> {
    let place = || format!("group `{}`", file.id);
    let mut spreads = vec![None; nodes.len()];
    for (node, spread) in &file.scores {
        let [mean, min, max] = spread.exact.unwrap_or_else(|| {
            [spread.mean, spread.min, spread.max].map(|shown| range.read(shown))
        });
        spreads[find(nodes, "node", node, place)?] = Some(Spread {
            mean,
            min,
            max,
            count: spread.count,
        });
    }
    let period = file.period.as_deref().unwrap_or_default();
    Ok(GroupRow {
        period: find(periods, "period", period, place)?,
        id: file.id,
        title: file.title,
        members: file.members,
        weight: file.weight,
        nodes: spreads,
    })
}

/// What a remark says; nothing if this version does not know it.
fn remark(file: file::Remark, nodes: &Positions) -> Read<Option<Remark>> {
    let told = |fate, cells: file::Cells| -> Read<Remark> {
        let found = cells.nodes.iter();
        let found = found.map(|name| find(nodes, "node", name, || "remarks".to_owned()));
        Ok(Remark::Cells {
            fate,
            period: cells.period.unwrap_or_default(),
            nodes: found.map(|node| node.map(NodeIx)).collect::<Read<_>>()?,
            count: cells.count,
            unit: cells.unit,
        })
    };
    Ok(Some(match file {
        file::Remark::UselessCohort {
            node,
            period,
            count,
            constant,
            reference,
        } => Remark::UselessCohort {
            node: NodeIx(find(nodes, "node", &node, || "remarks".to_owned())?),
            period,
            count,
            constant,
            reference,
        },
        file::Remark::ScreenedOut {
            unit,
            period,
            answered,
            nonzero,
            dropped,
        } => Remark::ScreenedOut {
            unit,
            period: period.unwrap_or_default(),
            answered,
            lack: match (dropped, nonzero) {
                (true, _) => Lack::Named,
                (false, Some(share)) => Lack::Nonzero(share),
                (false, None) => Lack::Answers,
            },
        },
        file::Remark::PassedOver(cells) => told(Fate::PassedOver, cells)?,
        file::Remark::OffScale(cells) => told(Fate::OffScale, cells)?,
        file::Remark::BeyondRange(cells) => told(Fate::BeyondRange, cells)?,
        file::Remark::OutsidePeriods(cells) => told(Fate::OutsidePeriods, cells)?,
        file::Remark::Later => return Ok(None),
    }))
}
