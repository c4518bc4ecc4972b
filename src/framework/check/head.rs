//! The head of a framework: who is scored, how results are shown, ranked and compared.

use super::answers;
use super::conditions::{Subjects, where_of};
use super::names::Names;
use super::remedy::{self, What};
use super::{number, read};
use crate::framework::findings::{Findings, Spot};
use crate::framework::language::COMBINER_WORDS;
use crate::framework::value::{Digits, Id, Range, Text};
use crate::framework::words::list;
use crate::framework::yaml::Tree;
use crate::framework::{
    Attribute, AttributeIx, AttributeKind, Cohort, CohortPeriods, Combine, Combiner, Comparability,
    Facet, Group, GroupIx, Outcome, RankMethod, Ranking, RollUp, RoundAt, Rounding, RowStep,
    Screen, UnitKey,
};
use crate::problem::FrameworkKind;

/// What the rest of a file refers to.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) unit: UnitKey,
    pub(super) period: Option<String>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) attribute_names: Names,
    pub(super) rows: Vec<RowStep>,
    pub(super) codes: Vec<(String, Outcome)>,
    pub(super) range: Range,
    pub(super) rounding: Rounding,
    pub(super) groups: Vec<Group>,
    pub(super) group_by: Vec<AttributeIx>,
    pub(super) group_names: Names,
    pub(super) facets: Vec<Facet>,
    pub(super) facet_names: Names,
    /// Columns of responses that are no indicator's.
    pub(super) columns: Vec<String>,
}

impl Head {
    pub(super) fn read(tree: &Tree, findings: &mut Findings) -> Self {
        let (attributes, attribute_names) = attributes(tree, findings);
        let subjects = Subjects::attributes(&attributes, &attribute_names);
        let (groups, group_names, group_by) = groups(tree, &subjects, findings);
        let rows = rows(tree, &subjects, findings);
        let (facets, facet_names) = facets(tree, findings);
        let columns = columns(tree, findings);
        Self {
            columns,
            unit: unit(tree),
            period: read::text(tree, "period"),
            rows,
            codes: answers::codes(tree, findings),
            range: range(tree),
            rounding: rounding(tree),
            groups,
            group_by,
            group_names,
            facets,
            facet_names,
            attributes,
            attribute_names,
        }
    }

    /// Against whom values are scaled.
    pub(super) fn cohort(&self, tree: &Tree, findings: &mut Findings) -> Cohort {
        let units = tree.get("units");
        let units = units.and_then(|units| self.group(units, findings));
        let periods = match tree.get("periods") {
            Some(periods) if periods.text() == Some("all") => CohortPeriods::All,
            Some(periods) if !periods.items().is_empty() => {
                CohortPeriods::Listed(read::texts(tree, "periods"))
            }
            _ => CohortPeriods::Same,
        };
        if let Some(entry) = tree.entry("periods")
            && self.period.is_none()
        {
            findings.error(entry.at, FrameworkKind::NoPeriods);
        }
        Cohort { units, periods }
    }

    /// How units are ranked.
    pub(super) fn ranking(&self, tree: &Tree, findings: &mut Findings) -> Option<Ranking> {
        let stated = tree.get("ranking");
        let word = stated.and_then(|ranking| {
            ranking
                .text()
                .or_else(|| ranking.get("method").and_then(Tree::text))
        });
        let method = match word {
            Some("none") => return None,
            Some("dense") => RankMethod::Dense,
            Some("average" | "fractional") => RankMethod::Average,
            _ => RankMethod::Competition,
        };
        let long = stated.filter(|ranking| !ranking.entries().is_empty());
        Some(Ranking {
            method,
            rounded: long.is_some_and(|ranking| read::is(ranking, "on", "rounded")),
            among: long
                .and_then(|ranking| ranking.get("among"))
                .and_then(|group| self.group(group, findings)),
            mark_ties: long.is_some_and(|ranking| read::is(ranking, "ties", "mark")),
        })
    }

    /// The group that stands for comparison.
    pub(super) fn peers(&self, tree: &Tree, findings: &mut Findings) -> Option<GroupIx> {
        self.group(tree.get("peers")?, findings)
    }

    /// A group by its id; `None` for `all`, unless the framework has a group of that name.
    fn group(&self, tree: &Tree, findings: &mut Findings) -> Option<GroupIx> {
        if tree.text() == Some("all") && self.group_names.find("all").is_none() {
            return None;
        }
        self.group_names.of(tree, findings).map(GroupIx)
    }
}

fn unit(tree: &Tree) -> UnitKey {
    let stated = tree.get("unit");
    let short = stated.and_then(Tree::text).map(str::to_owned);
    let long = stated.filter(|unit| !unit.entries().is_empty());
    let column = short
        .or_else(|| long.and_then(|unit| read::text(unit, "key")))
        .unwrap_or_else(|| "unit".to_owned());
    UnitKey {
        title: long
            .and_then(|unit| read::translated(unit, "title"))
            .unwrap_or_else(|| Text::plain(&column)),
        iso3166: !long.is_some_and(|unit| read::is(unit, "codes", "any")),
        column,
    }
}

fn attributes(tree: &Tree, findings: &mut Findings) -> (Vec<Attribute>, Names) {
    let mut names = Names::new("attribute");
    let mut attributes = Vec::new();
    for entry in tree.get("attributes").map_or(&[][..], Tree::entries) {
        let column = entry.key.trim();
        names.add(column, entry.at, findings);
        let kind = match entry.value.text() {
            Some("number") => AttributeKind::Number,
            Some(_) => AttributeKind::Text,
            None if entry.value.get("values").is_none() => AttributeKind::Text,
            None => AttributeKind::OneOf(values(&entry.value, findings)),
        };
        attributes.push(Attribute {
            column: column.to_owned(),
            title: read::translated(&entry.value, "title").unwrap_or_else(|| Text::plain(column)),
            kind,
        });
    }
    (attributes, names)
}

fn values(tree: &Tree, findings: &mut Findings) -> Vec<String> {
    let mut names = Names::new("value");
    let mut values = Vec::new();
    for value in tree.get("values").map_or(&[][..], Tree::items) {
        if let Some(text) = value.text() {
            names.add(text, value.spot, findings);
            values.push(text.trim().to_owned());
        }
    }
    values
}

fn rows(tree: &Tree, subjects: &Subjects<'_>, findings: &mut Findings) -> Vec<RowStep> {
    let mut rows: Vec<RowStep> = Vec::new();
    for item in tree.get("rows").map_or(&[][..], Tree::items) {
        let of = if read::is(item, "of", "scores") {
            RollUp::Scores
        } else {
            RollUp::Answers
        };
        if of == RollUp::Scores
            && rows
                .last()
                .is_some_and(|before| before.of == RollUp::Answers)
            && let Some(stated) = item.get("of")
        {
            findings.error(stated.spot, FrameworkKind::ScoresInsideAnswers);
        }
        let combine = combine(item, subjects, findings);
        let weight = item
            .get("weight")
            .and_then(|weight| subjects.number_attribute(weight, findings));
        if let Some(entry) = item.entry("weight")
            && !averages(&combine)
        {
            findings.error(entry.at, FrameworkKind::WeightOfNoMean);
        }
        rows.push(RowStep {
            key: read::text(item, "key").unwrap_or_default(),
            combine,
            weight,
            of,
        });
    }
    rows
}

fn averages(combine: &Combine) -> bool {
    match combine {
        Combine::Always(combiner) => *combiner == Combiner::Mean,
        Combine::By {
            cases, otherwise, ..
        } => cases
            .iter()
            .map(|(_, combiner)| *combiner)
            .chain(*otherwise)
            .any(|combiner| combiner == Combiner::Mean),
    }
}

fn combine(item: &Tree, subjects: &Subjects<'_>, findings: &mut Findings) -> Combine {
    const NOTHING: Combine = Combine::Always(Combiner::Mean);
    let Some(tree) = item.get("combine") else {
        return NOTHING;
    };
    if let Some(word) = tree.text() {
        return Combine::Always(combiner(word).unwrap_or(Combiner::Mean));
    }
    let Some(by) = tree.get("by") else {
        if !tree.entries().is_empty() {
            findings.error(tree.spot, FrameworkKind::CombineWithoutBy);
        }
        return NOTHING;
    };
    let Some(attribute) = subjects.attribute(by, findings) else {
        return NOTHING;
    };
    let mut cases = Vec::new();
    let mut otherwise = None;
    for entry in tree.entries().iter().filter(|entry| entry.key != "by") {
        let Some(word) = entry.value.text() else {
            continue;
        };
        let Some(combiner) = combiner(word) else {
            let words = || COMBINER_WORDS.iter().copied();
            let near = findings.nearest(word, words());
            findings.error(
                entry.value.spot,
                FrameworkKind::UnknownWord {
                    what: entry.key.clone(),
                    found: word.to_owned(),
                    expected: list(words(), "or"),
                    near,
                    remedy: remedy::word(word, What::named("combine")),
                },
            );
            continue;
        };
        if entry.key == "otherwise" {
            otherwise = Some(combiner);
        } else {
            subjects.value(attribute, &entry.key, entry.at, findings);
            cases.push((entry.key.trim().to_owned(), combiner));
        }
    }
    Combine::By {
        attribute,
        cases,
        otherwise,
    }
}

fn combiner(word: &str) -> Option<Combiner> {
    match word {
        "mean" => Some(Combiner::Mean),
        "best" => Some(Combiner::Best),
        "worst" => Some(Combiner::Worst),
        "median" => Some(Combiner::Median),
        "majority" => Some(Combiner::Majority),
        _ => None,
    }
}

fn range(tree: &Tree) -> Range {
    match tree.get("range") {
        Some(range) if range.text() == Some("unbounded") => Range::Unbounded,
        Some(range) => {
            read::interval_of(range).map_or(Range::UNIT, |(low, high)| Range::Between { low, high })
        }
        None => Range::UNIT,
    }
}

fn rounding(tree: &Tree) -> Rounding {
    let stated = tree.get("rounding");
    let digits = stated
        .and_then(|rounding| read::count(rounding, "digits"))
        .and_then(|digits| u8::try_from(digits).ok());
    Rounding {
        digits: Digits {
            digits: digits.unwrap_or(2),
            mode: stated.and_then(read::mode).unwrap_or_default(),
        },
        at: match stated.and_then(|rounding| rounding.get("at")?.text()) {
            Some("end") => RoundAt::End,
            Some("every-tier") => RoundAt::EveryTier,
            _ => RoundAt::Display,
        },
    }
}

fn groups(
    tree: &Tree,
    subjects: &Subjects<'_>,
    findings: &mut Findings,
) -> (Vec<Group>, Names, Vec<AttributeIx>) {
    let mut names = Names::new("group");
    let mut groups = Vec::new();
    let mut group_by = Vec::new();
    for item in tree.get("groups").map_or(&[][..], Tree::items) {
        if let Some(by) = item.get("by") {
            if let Some(other) = item.entries().iter().find(|entry| entry.key != "by") {
                let key = other.key.clone();
                findings.error(other.at, FrameworkKind::GroupByAlone { key });
            }
            group_by.extend(subjects.attribute(by, findings));
            continue;
        }
        let Some(id) = item.get("id") else {
            findings.error(item.spot, FrameworkKind::GroupWithoutId);
            continue;
        };
        let text = id.text().unwrap_or_default();
        names.add(text, id.spot, findings);
        let id = Id::new(text).unwrap_or_else(Id::unnamed);
        groups.push(Group {
            title: read::translated(item, "title").unwrap_or_else(|| Text::plain(id.as_str())),
            id,
            members: item
                .get("where")
                .map(|tests| where_of(tests, subjects, findings))
                .unwrap_or_default(),
            weight: item
                .get("average")
                .and_then(|average| average.get("weight"))
                .and_then(|weight| subjects.number_attribute(weight, findings)),
        });
    }
    (groups, names, group_by)
}

fn facets(tree: &Tree, findings: &mut Findings) -> (Vec<Facet>, Names) {
    let mut names = Names::new("facet");
    let mut facets = Vec::new();
    for item in tree.get("facets").map_or(&[][..], Tree::items) {
        let (text, spot) = id_of(item);
        names.add(text, spot, findings);
        let id = Id::new(text).unwrap_or_else(Id::unnamed);
        facets.push(Facet {
            title: read::translated(item, "title").unwrap_or_else(|| Text::plain(id.as_str())),
            id,
            description: read::translated(item, "description"),
        });
    }
    (facets, names)
}

/// The text and the place of an item's id.
pub(super) fn id_of(item: &Tree) -> (&str, Spot) {
    match item.get("id") {
        Some(id) => (id.text().unwrap_or_default().trim(), id.spot),
        None => ("", item.spot),
    }
}

/// Units left out for lack of data.
pub(super) fn screen(tree: &Tree) -> Option<Screen> {
    let screen = tree.get("screen")?;
    Some(Screen {
        answered: read::number(screen, "answered"),
        nonzero: read::number(screen, "nonzero"),
        keep: read::texts(screen, "keep"),
        drop: read::texts(screen, "drop"),
    })
}

/// What earlier editions can be compared.
pub(super) fn comparability(tree: &Tree) -> Vec<Comparability> {
    let items = tree.get("comparability").map_or(&[][..], Tree::items);
    items
        .iter()
        .filter_map(|item| {
            Some(Comparability {
                with: read::id(item, "with")?,
                comparable: read::flag(item, "comparable")?,
                reason: read::translated(item, "reason"),
            })
        })
        .collect()
}

/// Names of the tiers for display.
pub(super) fn tier_names(tree: &Tree) -> [Text; 4] {
    let tiers = tree.get("tiers");
    ["index", "dimension", "pillar", "indicator"].map(|word| {
        tiers
            .and_then(|tiers| read::translated(tiers, word))
            .unwrap_or_else(|| Text::plain(word))
    })
}

/// The version: three numbers with points, and perhaps more after a `-` or `+`.
pub(super) fn version(tree: &Tree, findings: &mut Findings) -> String {
    let Some(stated) = tree.get("version") else {
        return "0.1.0".to_owned();
    };
    let Some(text) = stated.text() else {
        return String::new();
    };
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = core.split('.').collect();
    if parts.len() != 3 || parts.iter().any(|part| number::count(part).is_none()) {
        let found = text.to_owned();
        findings.error(stated.spot, FrameworkKind::NotAVersion { found });
    }
    text.to_owned()
}

/// Columns of responses that are no indicator's; one that would be read twice is noted.
fn columns(tree: &Tree, findings: &mut Findings) -> Vec<String> {
    let mut names = Names::new("column");
    let mut columns = Vec::new();
    let unit = tree.get("unit");
    let key = unit.and_then(|unit| unit.get("key").or(Some(unit)));
    let rows = tree.get("rows").map_or(&[][..], Tree::items);
    let stated = key
        .into_iter()
        .chain(tree.get("period"))
        .chain(rows.iter().filter_map(|row| row.get("key")));
    let stated = stated.filter_map(|column| Some((column.text()?, column.spot)));
    let attributes = tree.get("attributes").map_or(&[][..], Tree::entries);
    let attributes = attributes
        .iter()
        .map(|entry| (entry.key.as_str(), entry.at));
    for (column, spot) in stated.chain(attributes) {
        // Two attributes of one name have been noted already.
        if names.find(column).is_none() {
            columns.push(column.trim().to_owned());
            names.add(column, spot, findings);
        } else if !tree.get("attributes").is_some_and(|all| {
            all.entries()
                .iter()
                .filter(|entry| entry.key == column)
                .count()
                > 1
        }) {
            names.add(column, spot, findings);
        }
    }
    if unit.is_none() {
        columns.push("unit".to_owned());
    }
    columns
}
