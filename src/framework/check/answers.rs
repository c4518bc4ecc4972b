//! What can be answered: scales, multiple choices, numbers.

use std::collections::BTreeMap;

use super::names::{Names, fold};
use super::{number, read, shape};
use crate::framework::findings::{Findings, Spot};
use crate::framework::value::{Id, Text};
use crate::framework::yaml::{Entry, Tree, Value};
use crate::framework::{
    ChoiceOption, Cohort, Curve, Gap, Goalposts, Multiple, MultipleOption, MultipleScore, Outcome,
    Outliers, Scale, Skewed, Transform, Treat,
};
use crate::problem::FrameworkKind;

/// The most options of a multiple choice: bits of a number that an `f64` holds exactly.
const MOST_OPTIONS: usize = 52;

/// The scales of the head, by name.
#[derive(Debug)]
pub(super) struct Scales {
    names: Names,
    scales: Vec<Option<Scale>>,
}

impl Scales {
    /// Reads `scales`.
    pub(super) fn read(head: &Tree, findings: &mut Findings) -> Self {
        let mut names = Names::new("scale");
        let mut scales = Vec::new();
        for entry in head.get("scales").map_or(&[][..], Tree::entries) {
            names.add(&entry.key, entry.at, findings);
            let name = Id::new(&entry.key);
            if name.is_none() {
                let found = entry.key.clone();
                findings.error(entry.at, FrameworkKind::NotAnId { found });
            }
            if entry.value.text().is_some() {
                let name = entry.key.clone();
                findings.error(entry.value.spot, FrameworkKind::ScaleIsAName { name });
            }
            scales.push(scale(&entry.value, name, entry.at, findings));
        }
        Self { names, scales }
    }

    /// The scale that an indicator names or holds.
    pub(super) fn get(&self, tree: &Tree, findings: &mut Findings) -> Option<Scale> {
        if tree.text().is_some() {
            let position = self.names.of(tree, findings)?;
            self.scales[position].clone()
        } else {
            scale(tree, None, tree.spot, findings)
        }
    }
}

fn scale(tree: &Tree, name: Option<Id>, spot: Spot, findings: &mut Findings) -> Option<Scale> {
    let long = shape::is_long_scale(tree);
    let answers = if long { tree.get("answers")? } else { tree };
    let out_of = if long {
        read::number(tree, "out-of").unwrap_or(1.0)
    } else {
        1.0
    };
    let entries = answers.entries();
    let options: Vec<ChoiceOption> = entries
        .iter()
        .filter_map(|entry| option(entry, out_of))
        .collect();
    unique(entries, findings);
    let misread = !long && answers.get("out-of").is_some();
    if options.len() < entries.len() || entries.is_empty() || misread {
        return None;
    }
    let scored = |option: &ChoiceOption| matches!(option.outcome, Outcome::Score(_));
    if !options.iter().any(scored) {
        findings.error(spot, FrameworkKind::ScaleWithoutScore);
        return None;
    }
    Some(Scale { name, options })
}

fn option(entry: &Entry, out_of: f64) -> Option<ChoiceOption> {
    let worth = entry.value.get("score").unwrap_or(&entry.value);
    let code = entry.key.trim();
    let value = outcome(worth)?;
    Some(ChoiceOption {
        code: code.to_owned(),
        label: read::translated(&entry.value, "label").unwrap_or_else(|| Text::plain(code)),
        aliases: read::texts(&entry.value, "aliases"),
        outcome: match value {
            Outcome::Score(score) => Outcome::Score(score / out_of),
            other => other,
        },
    })
}

/// What an answer stands for.
pub(super) fn outcome(tree: &Tree) -> Option<Outcome> {
    match tree.text()? {
        "not-applicable" => Some(Outcome::NotApplicable),
        "missing" => Some(Outcome::Missing(Gap::Unanswered)),
        "dont-know" => Some(Outcome::Missing(Gap::DontKnow)),
        "not-asked" => Some(Outcome::Missing(Gap::NotAsked)),
        "error" => Some(Outcome::Error),
        other => number::read(other).ok().map(Outcome::Score),
    }
}

/// Answers that mean the same everywhere, or sentinels of a number.
pub(super) fn codes(tree: &Tree, findings: &mut Findings) -> Vec<(String, Outcome)> {
    let entries = tree.get("codes").map_or(&[][..], Tree::entries);
    unique(entries, findings);
    entries
        .iter()
        .filter_map(|entry| Some((entry.key.trim().to_owned(), outcome(&entry.value)?)))
        .collect()
}

/// Notes answers that could never be reached because an earlier one is spelled the same.
fn unique(entries: &[Entry], findings: &mut Findings) {
    let mut seen: BTreeMap<String, Spot> = BTreeMap::new();
    for entry in entries {
        let aliases = read::each(&entry.value, "aliases")
            .filter_map(|alias| alias.text().map(|text| (text, alias.spot)));
        for (text, spot) in std::iter::once((entry.key.as_str(), entry.at)).chain(aliases) {
            match seen.get(&fold(text)) {
                Some(first) => findings.error_with(
                    spot,
                    *first,
                    FrameworkKind::UnreachableAnswer {
                        answer: text.to_owned(),
                    },
                ),
                None => {
                    seen.insert(fold(text), spot);
                }
            }
        }
    }
}

/// A multiple choice.
pub(super) fn multiple(tree: &Tree, findings: &mut Findings) -> Option<Multiple> {
    let options_tree = tree.get("options")?;
    let entries = options_tree.entries();
    if entries.is_empty() {
        // That nothing stands there, or no map, has been noted.
        return None;
    }
    unique(entries, findings);
    if entries.len() > MOST_OPTIONS {
        findings.error(
            options_tree.spot,
            FrameworkKind::TooManyOptions {
                found: entries.len(),
                most: MOST_OPTIONS,
            },
        );
        return None;
    }
    let options: Vec<MultipleOption> = entries.iter().map(multiple_option).collect();
    if options.iter().all(|option| option.only) {
        findings.error(options_tree.spot, FrameworkKind::NothingOffered);
        return None;
    }
    let points = read::is(tree, "score", "points");
    for key in ["cap", "out-of"] {
        if let Some(entry) = tree.entry(key)
            && !points
        {
            let key = entry.key.clone();
            findings.error(entry.at, FrameworkKind::OnlyForPoints { key });
        }
    }
    let score = match read::text(tree, "score").as_deref() {
        Some("any") => MultipleScore::Any,
        Some("all") => MultipleScore::All,
        Some("points") => {
            let cap = read::number(tree, "cap");
            let sum: f64 = options.iter().map(|option| option.score.max(0.0)).sum();
            let out_of = read::number(tree, "out-of").or(cap).unwrap_or(sum);
            if out_of <= 0.0 {
                findings.error(options_tree.spot, FrameworkKind::NoPoints);
                return None;
            }
            MultipleScore::Points { cap, out_of }
        }
        _ => MultipleScore::Share,
    };
    Some(Multiple { options, score })
}

fn multiple_option(entry: &Entry) -> MultipleOption {
    let code = entry.key.trim();
    let only = read::flag(&entry.value, "only").unwrap_or(false);
    let stated = match &entry.value.value {
        Value::Map(_) => read::number(&entry.value, "score"),
        Value::Null | Value::Text(_) | Value::List(_) => number::of(&entry.value),
    };
    MultipleOption {
        code: code.to_owned(),
        label: read::translated(&entry.value, "label").unwrap_or_else(|| Text::plain(code)),
        aliases: read::texts(&entry.value, "aliases"),
        score: stated.unwrap_or(if only { 0.0 } else { 1.0 }),
        only,
    }
}

/// What a number becomes before `normalise`.
pub(super) fn curve(tree: &Tree, findings: &mut Findings) -> Option<Curve> {
    let ways: Vec<&Entry> = [
        tree.entry("from").or(tree.entry("to")),
        tree.entry("bands"),
        tree.entry("curve"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let [first, second, ..] = ways.as_slice() {
        findings.error_with(
            second.at,
            first.at,
            FrameworkKind::SeveralCurves {
                first: first.key.clone(),
                second: second.key.clone(),
            },
        );
        return None;
    }
    let goalposts = ways
        .first()
        .is_some_and(|way| matches!(way.key.as_str(), "from" | "to"));
    if !goalposts {
        for key in ["clamp", "log"] {
            if let Some(entry) = tree.entry(key) {
                let key = entry.key.clone();
                findings.error(entry.at, FrameworkKind::OnlyForGoalposts { key });
            }
        }
    }
    match ways.first().map(|way| way.key.as_str()) {
        None => Some(Curve::AsIs),
        Some("bands") => bands(tree.get("bands")?, findings).map(Curve::Bands),
        Some("curve") => lines(tree.get("curve")?, findings).map(Curve::Lines),
        Some(_) => goalposts_of(tree, findings).map(Curve::Goalposts),
    }
}

/// Fixed goalposts.
pub(super) fn goalposts_of(tree: &Tree, findings: &mut Findings) -> Option<Goalposts> {
    for (there, lacking) in [("from", "to"), ("to", "from")] {
        if let Some(entry) = tree.entry(there)
            && tree.entry(lacking).is_none()
        {
            findings.error(entry.at, FrameworkKind::HalfGoalposts { there, lacking });
        }
    }
    let (from, to) = (read::number(tree, "from")?, read::number(tree, "to")?);
    let log = read::flag(tree, "log").unwrap_or(false);
    let spot = tree.get("to")?.spot;
    #[expect(clippy::float_cmp, reason = "goalposts are equal or they are not")]
    if from == to {
        findings.error(spot, FrameworkKind::EqualGoalposts { at: from });
        return None;
    }
    if log {
        for key in ["from", "to"] {
            if let Some(value) = tree.get(key)
                && let Some(at) = number::of(value)
                && at <= 0.0
            {
                findings.error(value.spot, FrameworkKind::LogOfGoalpost { at });
                return None;
            }
        }
    }
    Some(Goalposts {
        from,
        to,
        clamp: read::flag(tree, "clamp").unwrap_or(true),
        log,
        onto: read::interval(tree, "onto").unwrap_or((0.0, 1.0)),
    })
}

pub(super) fn bands(tree: &Tree, findings: &mut Findings) -> Option<Vec<(f64, f64)>> {
    let mut bands: Vec<(f64, f64)> = Vec::new();
    let items = tree.items();
    for (position, item) in items.iter().enumerate() {
        let (from, score) = (read::number(item, "from")?, read::number(item, "score")?);
        if let Some((before, _)) = bands.last()
            && from <= *before
        {
            let before = *before;
            let spot = item.get("from").map_or(item.spot, |from| from.spot);
            findings.error(spot, FrameworkKind::NotAscending { from, before });
            return None;
        }
        let next = items
            .get(position + 1)
            .and_then(|next| read::number(next, "from"));
        meets(item, next, findings);
        bands.push((from, score));
    }
    if let Some(end) = items.last().and_then(|last| last.get("to"))
        && let Some(to) = number::of(end)
    {
        findings.error(end.spot, FrameworkKind::OpenEnd { to });
    }
    (!bands.is_empty()).then_some(bands)
}

/// Notes a band's `to` that does not meet the next band's `from`.
pub(super) fn meets(item: &Tree, next: Option<f64>, findings: &mut Findings) {
    let Some(end) = item.get("to") else {
        return;
    };
    let Some(to) = number::of(end) else {
        return;
    };
    match next {
        #[expect(clippy::float_cmp, reason = "both are as written")]
        Some(next) if next == to => {}
        Some(next) if next > to => findings.error(end.spot, FrameworkKind::Gap { to, next }),
        Some(next) => findings.error(end.spot, FrameworkKind::Overlap { to, next }),
        None => {}
    }
}

pub(super) fn lines(tree: &Tree, findings: &mut Findings) -> Option<Vec<(f64, f64)>> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for item in tree.items() {
        let [x, y] = item.items() else {
            return None;
        };
        let (from, score) = (number::of(x)?, number::of(y)?);
        if let Some((before, _)) = points.last()
            && from <= *before
        {
            let before = *before;
            findings.error(x.spot, FrameworkKind::NotAscending { from, before });
            return None;
        }
        points.push((from, score));
    }
    if points.len() < 2 {
        findings.error(tree.spot, FrameworkKind::OnePoint);
        return None;
    }
    Some(points)
}

/// What is done about outliers, over a cohort if it has one of its own; none where it is switched off.
pub(super) fn treat(tree: &Tree, cohort: Option<Cohort>, findings: &mut Findings) -> Option<Treat> {
    if tree.text() == Some("none") {
        return None;
    }
    let rule = match tree.entry("percentiles") {
        Some(own) => percentiles(tree, own, findings)?,
        None => Outliers::Skewed(skewed(tree)),
    };
    Some(Treat { rule, cohort })
}

fn skewed(tree: &Tree) -> Skewed {
    Skewed {
        skewness: read::number(tree, "skewness").unwrap_or(2.0),
        kurtosis: read::number(tree, "kurtosis").unwrap_or(3.5),
        winsorise: read::count(tree, "winsorise").map_or(5, |most| most as usize),
        transform: tree.get("transform").map_or(Transform::Log, transform),
        on_winsorised: read::is(tree, "on", "winsorised"),
    }
}

/// Both percentiles, which no other rule stands beside.
fn percentiles(tree: &Tree, own: &Entry, findings: &mut Findings) -> Option<Outliers> {
    for key in ["skewness", "kurtosis", "winsorise", "transform", "on"] {
        if let Some(other) = tree.entry(key) {
            let second = other.key.clone();
            let kind = FrameworkKind::SeveralTreatments { second };
            findings.error_with(other.at, own.at, kind);
        }
    }
    let (low, high) = read::interval_of(&own.value)?;
    if (low, high) == (0.0, 100.0) {
        findings.error(own.value.spot, FrameworkKind::CutsNothing);
        return None;
    }
    if low >= 0.0 && high <= 1.0 {
        let kind = FrameworkKind::PercentilesAsShares { low, high };
        findings.error(own.value.spot, kind);
        return None;
    }
    Some(Outliers::Percentiles { low, high })
}

fn transform(tree: &Tree) -> Transform {
    match read::case(tree) {
        Some(("none", _)) => Transform::None,
        Some(("log-shift", _)) => Transform::LogShift,
        Some(("log-signed", _)) => Transform::LogSigned,
        Some(("log-gii", _)) => Transform::LogGii,
        Some(("box-cox", Some(lambda))) => {
            number::of(lambda).map_or(Transform::None, Transform::BoxCox)
        }
        _ => Transform::Log,
    }
}
