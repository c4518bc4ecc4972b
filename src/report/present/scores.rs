//! A result of scoring as a page: one period's units, best first, with their peers below.

use std::collections::{BTreeMap, BTreeSet};

use crate::framework::{Framework, NodeIx, Range, Text};
use crate::report::document::{Block, Cell, Column, Document, Row, RowKind, Table};
use crate::report::number::{fixed, shortest};
use crate::report::result::{About, ScoreResult};
use crate::report::words::{Language, Words, collation};
use crate::scoring::{Fate, GroupRow, Lack, Remark, ScoreTable, Spread, Wanted};

use super::facets;
use super::heads::short_heads;

/// What of a result is shown, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct View<'a> {
    /// Which period: position among the result's periods.
    pub period: usize,
    /// The language of titles; the framework's default without it.
    pub language: Option<&'a str>,
    /// Whether the second groupings are shown too.
    pub facets: bool,
    /// Whether charts of a unit come as a radar too.
    pub radar: bool,
    /// When it is made, in seconds since 1970, for formats that say so.
    pub made_at: Option<u64>,
}

/// What a page of scores shows of them.
pub fn wanted(framework: &Framework, facets: bool) -> Wanted {
    let mut wanted = Wanted::scores(vec![false; framework.nodes.len()]);
    for part in framework.node(Framework::INDEX).children() {
        wanted.nodes[part.0] = true;
    }
    let index = Framework::INDEX.0;
    wanted.nodes[index] = true;
    wanted.levels[index] = true;
    wanted.ranks[index] = true;
    Wanted {
        coverage: true,
        bounds: true,
        facets,
        groups: true,
        ..wanted
    }
}

/// Scores of one period, of which there is what is [`wanted`] at least.
pub fn scores(result: &ScoreResult, view: View<'_>) -> Document {
    let about = &result.about;
    let words = view.words();
    let rows = ordered(result, view.period);
    let mut document = Document::new(view.text(&about.framework.title));
    document.language = words.language();
    document.facts = facts(result, view, &rows, &words);
    document
        .blocks
        .push(Block::Table(table(result, view, &rows, &words)));
    if view.facets {
        document
            .blocks
            .extend(facets::blocks(result, view, &rows, &words));
    }
    document.blocks.extend(notes(result, view, &rows, &words));
    document
}

impl View<'_> {
    pub(in crate::report) fn text(&self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    /// What one of those that are scored is called, at the head of a column; where the framework leaves it open, as the
    /// interface calls it.
    pub(in crate::report) fn unit(&self, about: &About) -> String {
        let title = self.text(&about.framework.unit);
        if title == "unit" {
            self.words().get("unit").to_owned()
        } else {
            capitalised(&title)
        }
    }

    /// The words of the interface for somebody who reads this language.
    pub(in crate::report) fn words(&self) -> Words {
        Words::of(Language::of(self.language))
    }
}

/// The observations of a period: the ranked ones by rank, then those without; by name where nothing is ranked, so that a
/// list which is no ranking does not look like one, and among those that share a rank.
pub(in crate::report) fn ordered(result: &ScoreResult, period: usize) -> Vec<usize> {
    let scores = &result.scores;
    let mut rows: Vec<usize> = (0..scores.observations.len())
        .filter(|&row| scores.observations[row].period == period)
        .collect();
    rows.sort_by_cached_key(|&row| collation(&scores.observations[row].name));
    if result.about.framework.ranking.is_some() {
        let ranks = &scores.nodes[Framework::INDEX.0].rank;
        rows.sort_by(|&a, &b| {
            let key = |row: usize| (apart(result, row), ranks[row].unwrap_or(f64::INFINITY));
            let ((apart_a, rank_a), (apart_b, rank_b)) = (key(a), key(b));
            apart_a.cmp(&apart_b).then(rank_a.total_cmp(&rank_b))
        });
    }
    rows
}

/// Whether a unit is listed below those that are ranked.
fn apart(result: &ScoreResult, row: usize) -> bool {
    result.about.framework.ranking.is_some() && !result.scores.observations[row].ranked
}

fn facts(result: &ScoreResult, view: View<'_>, rows: &[usize], words: &Words) -> Vec<String> {
    let facts = &result.about.framework;
    let mut shown = vec![format!("{} {}", facts.id, facts.version)];
    if let Some(edition) = &facts.edition {
        shown.push(words.fill("edition", &[edition]));
    }
    shown.extend(period_fact(&result.scores.periods, view.period, words));
    shown.push(words.counted("units", rows.len()));
    let coverage = &result.scores.nodes[Framework::INDEX.0].coverage;
    let known: Vec<f64> = rows.iter().filter_map(|&row| coverage[row]).collect();
    if !known.is_empty() {
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        shown.push(words.fill("fact.coverage", &[&words.percent(mean)]));
    }
    let options = result.about.options.iter();
    shown.extend(options.map(|(name, value)| format!("{name} {value}")));
    shown
}

/// Which period is shown, and of which.
fn period_fact(periods: &[String], shown: usize, words: &Words) -> Option<String> {
    const MOST_LISTED: usize = 4;
    let period = periods.get(shown).filter(|period| !period.is_empty())?;
    let date = |period: &String| words.language().date(period);
    let period = date(period);
    Some(match periods {
        [] | [_] => words.fill("fact.period", &[&period]),
        few if few.len() <= MOST_LISTED => {
            let all: Vec<String> = few.iter().map(date).collect();
            words.fill("fact.period.of", &[&period, &all.join(", ")])
        }
        [first, .., last] => words.fill(
            "fact.period.from",
            &[
                &period,
                &periods.len().to_string(),
                &date(first),
                &date(last),
            ],
        ),
    })
}

/// `1 unit`, `2 units`.
pub(in crate::report) fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

fn table(result: &ScoreResult, view: View<'_>, rows: &[usize], words: &Words) -> Table {
    let sheet = Sheet::new(result, view, rows, words);
    let mut table = Table {
        columns: sheet.columns(),
        rows: rows.iter().map(|&row| sheet.row(row)).collect(),
    };
    let scores = &result.scores;
    let of_period = |group: &&GroupRow| group.period == view.period;
    for peers in scores.peers.iter().filter(of_period) {
        // Of a single unit, its mean says nothing.
        if peers.members > usize::from(peers.title.is_empty()) {
            table.rows.extend(sheet.spread(peers));
        }
    }
    for group in scores.groups.iter().filter(of_period) {
        if group.members > 0 && !scores.peers.iter().any(|peers| peers.id == group.id) {
            table.rows.push(sheet.mean(group));
        }
    }
    table
}

/// What the rows of the table have in common.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each says whether a column is there"
)]
struct Sheet<'a> {
    result: &'a ScoreResult,
    view: View<'a>,
    ranks: bool,
    levels: bool,
    gaps: bool,
    /// Whether the index is drawn as a bar: its range has ends.
    bars: bool,
    /// The index of each unit in every period, where there are enough of them for a course.
    courses: BTreeMap<&'a str, Vec<Option<f64>>>,
    parts: Vec<NodeIx>,
    words: &'a Words,
    /// Ranks that are marked as shared, as bits.
    ties: BTreeSet<u64>,
}

/// What the gaps of a row leave open; empty where that does not show.
fn range(about: &About, scores: &ScoreTable, row: usize) -> Cell {
    let index = &scores.nodes[Framework::INDEX.0];
    let digits = about.digits(Framework::INDEX);
    match (index.low[row], index.high[row]) {
        (Some(low), Some(high)) if low < high => {
            let low = about.shown(Framework::INDEX, low);
            let high = about.shown(Framework::INDEX, high);
            if fixed(low, digits) == fixed(high, digits) {
                Cell::Empty
            } else {
                Cell::Span { low, high, digits }
            }
        }
        _ => Cell::Empty,
    }
}

impl<'a> Sheet<'a> {
    fn new(result: &'a ScoreResult, view: View<'a>, rows: &[usize], words: &'a Words) -> Self {
        let about = &result.about;
        let range = |row: &usize| range(about, &result.scores, *row);
        Self {
            result,
            view,
            ranks: about.framework.ranking.is_some(),
            levels: about.nodes[Framework::INDEX.0].levels.is_some(),
            gaps: rows.iter().any(|row| range(row) != Cell::Empty),
            bars: matches!(about.framework.range, Range::Between { .. }),
            courses: courses(result),
            words,
            parts: about.parts(Framework::INDEX).collect(),
            ties: ties(result, rows),
        }
    }

    fn columns(&self) -> Vec<Column> {
        let about = &self.result.about;
        let title = |node: NodeIx| title(about, node, self.view);
        let mut columns = Vec::new();
        if self.ranks {
            columns.push(Column::number(self.words.get("rank")));
        }
        columns.push(Column::text(self.view.unit(about)));
        let words = self.words;
        columns.push(Column::number(title(Framework::INDEX)).short(words.get("index")));
        if self.bars {
            columns.push(Column::text("").expendable(6).picture());
        }
        if !self.courses.is_empty() {
            let column = Column::text(words.get("course")).expendable(5);
            columns.push(column.picture());
        }
        if self.gaps {
            columns.push(Column::number(words.get("range-head")).expendable(4));
        }
        if self.levels {
            columns.push(Column::text(words.get("level")).expendable(1));
        }
        let titles: Vec<String> = self.parts.iter().map(|&part| title(part)).collect();
        let heads = short_heads(&titles.iter().map(String::as_str).collect::<Vec<_>>());
        let parts = titles.into_iter().zip(heads);
        columns.extend(parts.map(|(title, head)| Column::number(title).short(head).expendable(3)));
        let coverage = Column::number(words.get("coverage")).short(words.get("coverage.short"));
        columns.push(coverage.expendable(2));
        columns
    }

    fn row(&self, row: usize) -> Row {
        let (about, scores) = (&self.result.about, &self.result.scores);
        let observation = &scores.observations[row];
        let index = &scores.nodes[Framework::INDEX.0];
        let mut cells = Vec::new();
        if self.ranks {
            cells.push(self.rank(row));
        }
        cells.push(Cell::Named {
            id: observation.unit.to_string(),
            name: observation.name.to_string(),
        });
        cells.push(number(about, Framework::INDEX, index.score[row]));
        if self.bars {
            cells.push(index.score[row].map_or(Cell::Empty, Cell::Bar));
        }
        if !self.courses.is_empty() {
            let course = self.courses.get(observation.unit.as_ref());
            cells.push(Cell::Course(course.cloned().unwrap_or_default()));
        }
        if self.gaps {
            cells.push(range(about, scores, row));
        }
        if self.levels {
            cells.push(self.level(row));
        }
        let parts = self.parts.iter();
        cells.extend(parts.map(|&part| number(about, part, scores.nodes[part.0].score[row])));
        cells.push(Cell::share(index.coverage[row]));
        Row {
            kind: if apart(self.result, row) {
                RowKind::Apart
            } else {
                RowKind::Plain
            },
            cells,
        }
    }

    fn rank(&self, row: usize) -> Cell {
        match self.result.scores.nodes[Framework::INDEX.0].rank[row] {
            None if apart(self.result, row) => Cell::Empty,
            None => Cell::Missing,
            Some(rank) => Cell::Rank {
                rank,
                tied: self.ties.contains(&rank.to_bits()),
            },
        }
    }

    fn level(&self, row: usize) -> Cell {
        let position = self.result.scores.nodes[Framework::INDEX.0].level[row];
        let level = position.and_then(|position| {
            let (level, of) = self.result.about.level(Framework::INDEX, position)?;
            let title = self.view.text(&level.title);
            Some(Cell::Level {
                title: if title == level.id {
                    capitalised(&title)
                } else {
                    title
                },
                above: self
                    .result
                    .about
                    .framework
                    .better
                    .worse_levels(position, of),
                of,
            })
        });
        level.unwrap_or(Cell::Missing)
    }

    /// Mean, lowest and highest of the peers.
    fn spread(&self, group: &GroupRow) -> [Row; 3] {
        [
            self.mean(group),
            self.summary(self.words.get("lowest").to_owned(), group, |spread| {
                spread.min
            }),
            self.summary(self.words.get("highest").to_owned(), group, |spread| {
                spread.max
            }),
        ]
    }

    fn mean(&self, group: &GroupRow) -> Row {
        let name = self
            .result
            .about
            .group_name(group, |text| self.view.text(text));
        let title = name.unwrap_or_else(|| self.words.get("all-units").to_owned());
        let members = self.words.members(group);
        let label = self.words.fill("mean-of-group", &[&title, &members]);
        let label = self.words.weighted(&label, group);
        self.summary(label, group, |spread| spread.mean)
    }

    fn summary(&self, label: String, group: &GroupRow, of: impl Fn(Spread) -> f64) -> Row {
        let about = &self.result.about;
        let value = |node: NodeIx| {
            let spread = group.nodes.get(node.0).copied().flatten();
            number(about, node, spread.map(&of))
        };
        let mut cells = Vec::new();
        if self.ranks {
            cells.push(Cell::Empty);
        }
        cells.push(Cell::Text(label));
        cells.push(value(Framework::INDEX));
        cells.extend(
            [self.bars, !self.courses.is_empty(), self.gaps, self.levels]
                .iter()
                .filter(|&&has| has)
                .map(|_| Cell::Empty),
        );
        cells.extend(self.parts.iter().map(|&part| value(part)));
        cells.push(Cell::Empty);
        Row {
            kind: RowKind::Summary,
            cells,
        }
    }
}

/// Ranks that several rows have, if the framework marks them.
fn ties(result: &ScoreResult, rows: &[usize]) -> BTreeSet<u64> {
    let ranking = result.about.framework.ranking.as_ref();
    if !ranking.is_some_and(|ranking| ranking.mark_ties) {
        return BTreeSet::new();
    }
    let ranks = &result.scores.nodes[Framework::INDEX.0].rank;
    let mut seen = BTreeSet::new();
    let given = rows.iter().filter_map(|&row| ranks[row]).map(f64::to_bits);
    given.filter(|&rank| !seen.insert(rank)).collect()
}

/// A node's title; where it has none, its id as a word.
pub(in crate::report) fn title(about: &About, node: NodeIx, view: View<'_>) -> String {
    let facts = &about.nodes[node.0];
    let title = view.text(&facts.title);
    if title == facts.id && node == Framework::INDEX {
        view.words().get("index").to_owned()
    } else if title == facts.id {
        capitalised(&title)
    } else {
        title
    }
}

pub(in crate::report) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

pub(super) fn number(about: &About, node: NodeIx, score: Option<f64>) -> Cell {
    Cell::number(
        score.map(|score| about.shown(node, score)),
        about.digits(node),
    )
}

/// Each unit's index in every period; nothing where a course would be no more than two numbers.
fn courses(result: &ScoreResult) -> BTreeMap<&str, Vec<Option<f64>>> {
    const FEWEST: usize = 3;
    let scores = &result.scores;
    let mut courses = BTreeMap::new();
    if scores.periods.len() < FEWEST || result.about.framework.range == Range::Unbounded {
        return courses;
    }
    let index = &scores.nodes[Framework::INDEX.0].score;
    for (row, observation) in scores.observations.iter().enumerate() {
        let course = courses
            .entry(observation.unit.as_ref())
            .or_insert_with(|| vec![None; scores.periods.len()]);
        course[observation.period] = index[row];
    }
    courses
}

fn notes(result: &ScoreResult, view: View<'_>, rows: &[usize], words: &Words) -> Vec<Block> {
    let facts = &result.about.framework;
    let among = facts
        .ranking
        .as_ref()
        .and_then(|ranking| ranking.among.as_ref());
    // A result without any rows has no periods.
    let period = result.scores.periods.get(view.period);
    let mut notes = Vec::new();
    if let Some(among) = among.filter(|_| rows.iter().any(|&row| apart(result, row))) {
        notes.push(words.fill("ranked.below", &[&view.text(among)]));
    }
    notes.extend(
        result
            .scores
            .remarks
            .iter()
            .filter(|found| period.is_none_or(|period| found.is_about(period)))
            .map(|found| remark(&result.about, found, words.language())),
    );
    notes.extend(facts.note.as_ref().map(|note| view.text(note)));
    notes.into_iter().map(Block::Note).collect()
}

/// What happened while scoring, as a sentence without its full stop.
pub fn remark(about: &About, remark: &Remark, language: Language) -> String {
    let words = Words::of(language);
    let in_period = |period: &str| match period {
        "" => String::new(),
        period => words.fill("remark.in", &[&language.date(period)]),
    };
    let some_of = |nodes: &[NodeIx]| {
        const SHOWN: usize = 5;
        let shown = nodes.iter().take(SHOWN);
        let mut names: Vec<String> = shown
            .map(|node| format!("`{}`", about.nodes[node.0].id))
            .collect();
        let more = nodes.len() - names.len();
        names.extend((more > 0).then(|| words.counted("more", more)));
        names.join(", ")
    };
    match remark {
        Remark::UselessCohort {
            node,
            period,
            count,
            constant,
            reference,
        } => {
            let why = match (constant, count, reference) {
                (_, 0, _) => words.get("remark.nobody").to_owned(),
                (true, count, _) => words.fill("remark.equal", &[&count.to_string()]),
                (false, _, Some(unit)) => words.fill("remark.reference", &[unit]),
                (false, count, None) => words.counted("remark.unscaled", *count),
            };
            let period = in_period(period.as_deref().unwrap_or_default());
            words.fill("remark.cohort", &[&about.nodes[node.0].id, &period, &why])
        }
        Remark::ScreenedOut {
            unit,
            period,
            answered,
            lack,
        } => {
            let (key, share) = match *lack {
                Lack::Answers => ("remark.screened", words.percent(*answered)),
                Lack::Nonzero(share) => ("remark.screened.zeros", words.percent(share)),
                Lack::Named => ("remark.screened.named", String::new()),
            };
            words.fill(key, &[unit, &in_period(period), &share])
        }
        Remark::Cells {
            fate,
            period,
            nodes,
            count,
            unit,
        } => {
            let end = |share: f64| words.written(&shortest(about.framework.range.show(share)));
            let (nodes, period) = (some_of(nodes), in_period(period));
            match fate {
                Fate::PassedOver => {
                    words.counted_with("remark.passed", *count, &[&*nodes, &period, unit])
                }
                Fate::OutsidePeriods => {
                    words.counted_with("remark.periods", *count, &[&*nodes, &period, unit])
                }
                Fate::OffScale => {
                    words.counted_with("remark.off-scale", *count, &[&*nodes, &period, unit])
                }
                Fate::BeyondRange => {
                    let gaps = [&*nodes, &period, &end(0.0), &end(1.0), unit];
                    words.counted_with("remark.beyond", *count, &gaps)
                }
            }
        }
    }
}
