//! A result as a workbook: the page that everybody reads first, a sheet a tier with all that is known, the peers, the
//! framework and the method.

use std::ops::Range as Span;

use crate::framework::{Better, Digits, Framework, NodeIx, Range, RoundingMode, Tier};
use crate::scoring::GroupRow;

use super::document::{Block, Cell, Column, Document, Row, RowKind, Table};
use super::present::{self, View, method, scores, title};
use super::result::ScoreResult;
use super::words::Words;

/// One sheet.
pub(super) struct Sheet {
    /// Its name.
    pub(super) name: String,
    /// What stands on it.
    pub(super) document: Document,
    /// How many columns of its first table stay in view, beside the header.
    pub(super) frozen: usize,
    /// Which cells of its first table are shaded from the lowest to the highest number.
    pub(super) shades: Vec<Shade>,
    /// Charts, which stand to the right of the table.
    pub(super) charts: Vec<Chart>,
}

/// Columns that are shaded by their numbers.
pub(super) struct Shade {
    /// Which columns.
    pub(super) columns: Span<usize>,
    /// The ends of the shades; as found where scores have no range.
    pub(super) ends: Option<(f64, f64)>,
    /// Whether more is better.
    pub(super) up: bool,
}

/// A chart of cells in the first table of a sheet.
pub(super) struct Chart {
    /// What it shows.
    pub(super) title: String,
    /// How it is drawn.
    pub(super) kind: ChartKind,
    /// The sheet its numbers stand on.
    pub(super) sheet: String,
    /// Its lines, or its groups of bars.
    pub(super) series: Vec<Series>,
    /// The ends of its axis, if scores have a range.
    pub(super) ends: Option<(f64, f64)>,
    /// With how many decimals its axis is marked.
    pub(super) digits: Digits,
}

/// How a chart is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ChartKind {
    /// Lying bars, the first on top.
    Bars,
    /// Lines.
    Lines,
}

/// Cells of a table: rows (0 is the header) and columns.
pub(super) type Cells = (Span<usize>, Span<usize>);

/// One line or one group of bars.
pub(super) struct Series {
    /// What it is called.
    pub(super) name: String,
    /// What its numbers are of.
    pub(super) categories: Cells,
    /// Its numbers.
    pub(super) values: Cells,
}

/// With more bars a chart cannot be read.
const MOST_BARS: usize = 40;
/// With more lines a chart cannot be read.
const MOST_LINES: usize = 10;

/// All sheets; the first one shows the period of `view`.
pub(super) fn sheets(result: &ScoreResult, view: View<'_>) -> Vec<Sheet> {
    let book = Book {
        result,
        view,
        words: view.words(),
    };
    let peers = book.peers();
    let waves = book.waves();
    let mut sheets = vec![book.overview(peers.as_ref(), waves.as_ref())];
    sheets.extend(waves);
    sheets.push(book.index());
    let tiers = [
        (Tier::Dimension, "x.dimensions"),
        (Tier::Pillar, "x.pillars"),
        (Tier::Indicator, "x.indicators"),
    ];
    sheets.extend(
        tiers
            .into_iter()
            .filter_map(|(tier, name)| book.tier(tier, book.words.get(name))),
    );
    sheets.extend(book.facets());
    sheets.extend(peers);
    sheets.push(book.framework());
    sheets.push(book.method());
    sheets
}

struct Book<'a> {
    result: &'a ScoreResult,
    view: View<'a>,
    words: Words,
}

fn sheet(name: &str, document: Document) -> Sheet {
    Sheet {
        name: name.to_owned(),
        document,
        frozen: 0,
        shades: Vec::new(),
        charts: Vec::new(),
    }
}

fn of_table(table: Table) -> Document {
    Document {
        blocks: vec![Block::Table(table)],
        ..Document::default()
    }
}

impl Book<'_> {
    fn ends(&self) -> Option<(f64, f64)> {
        match self.result.about.framework.range {
            Range::Between { low, high } => Some((low.min(high), low.max(high))),
            Range::Unbounded => None,
        }
    }

    fn shade(&self, columns: Span<usize>) -> Shade {
        Shade {
            columns,
            ends: self.ends(),
            up: self.result.about.framework.better == Better::Higher,
        }
    }

    fn title(&self, node: NodeIx) -> String {
        title(&self.result.about, node, self.view)
    }

    fn score(&self, node: NodeIx, score: Option<f64>) -> Cell {
        let about = &self.result.about;
        Cell::number(
            score.map(|score| about.shown(node, score)),
            about.digits(node),
        )
    }

    /// The page of the terminal, with charts beside it.
    fn overview(&self, peers: Option<&Sheet>, waves: Option<&Sheet>) -> Sheet {
        let words = &self.words;
        let mut document = scores(self.result, self.view);
        let mut charts = Vec::new();
        if let Some(Block::Table(table)) = document.blocks.first_mut() {
            *table = table.without_pictures().into_owned();
            let units = table.rows.iter();
            let units = units.filter(|row| row.kind != RowKind::Summary).count();
            let name = usize::from(self.result.about.framework.ranking.is_some());
            charts.extend(self.bars(name, units));
        }
        if let Some(peers) = peers {
            charts.extend(self.means(peers));
        }
        if let Some(waves) = waves {
            charts.extend(self.lines(waves));
        }
        Sheet {
            frozen: 1 + usize::from(self.result.about.framework.ranking.is_some()),
            charts,
            ..sheet(words.get("x.overview"), document)
        }
    }

    fn chart(&self, title: String, kind: ChartKind, sheet: &str, series: Vec<Series>) -> Chart {
        Chart {
            title,
            kind,
            sheet: sheet.to_owned(),
            series,
            ends: self.ends(),
            digits: self.result.about.digits(Framework::INDEX),
        }
    }

    /// The index of the units, as they stand in the first table.
    fn bars(&self, name: usize, units: usize) -> Option<Chart> {
        let shown = units.min(MOST_BARS);
        let index = self.title(Framework::INDEX);
        let title = if shown < units {
            let counts = [shown.to_string(), units.to_string()];
            self.words
                .fill("x.first", &[&index, &counts[0], &counts[1]])
        } else {
            index.clone()
        };
        let column = |at: usize| (1..shown + 1, at..at + 1);
        let series = Series {
            name: index,
            categories: column(name),
            values: column(name + 1),
        };
        let sheet = self.words.get("x.overview");
        (shown > 0).then(|| self.chart(title, ChartKind::Bars, sheet, vec![series]))
    }

    /// Mean, lowest and highest of the peers by dimension.
    fn means(&self, peers: &Sheet) -> Option<Chart> {
        let Some(Block::Table(table)) = peers.document.blocks.first() else {
            return None;
        };
        let found = &self.result.scores.peers;
        let mut position = 0;
        let mut first = None;
        for group in found.iter().filter(|group| group.members > 0) {
            if group.period == self.view.period && group.members > 1 {
                first = Some(position);
            }
            position += 3;
        }
        let first = first? + 1;
        let fixed = table.columns.len() - self.dimensions().len();
        let columns = fixed..table.columns.len();
        let series = ["mean", "lowest", "highest"].iter().enumerate();
        let series: Vec<Series> = series
            .map(|(at, word)| Series {
                name: self.words.get(word).to_owned(),
                categories: (0..1, columns.clone()),
                values: (first + at..first + at + 1, columns.clone()),
            })
            .collect();
        let title = self.words.get("x.peers.chart").to_owned();
        let some = !columns.is_empty();
        some.then(|| self.chart(title, ChartKind::Bars, &peers.name, series))
    }

    /// The index over the waves.
    fn lines(&self, waves: &Sheet) -> Option<Chart> {
        let Some(Block::Table(table)) = waves.document.blocks.first() else {
            return None;
        };
        let columns = 2..table.columns.len();
        let rows = table.rows.iter().take(MOST_LINES).enumerate();
        let series: Vec<Series> = rows
            .map(|(at, row)| Series {
                name: row.cells[1].shown(self.words.language()),
                categories: (0..1, columns.clone()),
                values: (at + 1..at + 2, columns.clone()),
            })
            .collect();
        let waves_title = self.words.get("waves").to_owned();
        let title = if table.rows.len() > MOST_LINES {
            let counts = [MOST_LINES.to_string(), table.rows.len().to_string()];
            self.words
                .fill("x.first", &[&waves_title, &counts[0], &counts[1]])
        } else {
            waves_title
        };
        Some(self.chart(title, ChartKind::Lines, &waves.name, series))
    }

    fn dimensions(&self) -> Vec<NodeIx> {
        self.result.about.parts(Framework::INDEX).collect()
    }

    /// Who and when: the first columns of every sheet of observations.
    fn who(&self) -> Vec<Column> {
        let unit = self.view.unit(&self.result.about);
        let mut columns = vec![Column::text(self.words.get("x.id")), Column::text(unit)];
        if self.result.has_periods() {
            columns.push(Column::text(self.words.get("x.period")));
        }
        columns
    }

    fn who_of(&self, row: usize) -> Vec<Cell> {
        let observation = &self.result.scores.observations[row];
        let mut cells = vec![
            Cell::text(observation.unit.as_ref()),
            Cell::text(observation.name.as_ref()),
        ];
        if self.result.has_periods() {
            cells.push(Cell::text(&self.result.scores.periods[observation.period]));
        }
        cells
    }

    /// A row an observation.
    fn rows(&self, of: impl Fn(usize) -> Vec<Cell>) -> Vec<Row> {
        let rows = 0..self.result.scores.observations.len();
        rows.map(|row| {
            let mut cells = self.who_of(row);
            cells.extend(of(row));
            Row::plain(cells)
        })
        .collect()
    }

    /// A row a unit, a column a period; nothing where there is one period only.
    fn waves(&self) -> Option<Sheet> {
        let scores = &self.result.scores;
        if scores.periods.len() < 2 {
            return None;
        }
        let unit = self.view.unit(&self.result.about);
        let mut columns = vec![Column::text(self.words.get("x.id")), Column::text(unit)];
        columns.extend(scores.periods.iter().map(Column::number));
        let mut rows: Vec<Row> = Vec::new();
        // Those of the shown period come in its order, then the others.
        let mut order = present::ordered(self.result, self.view.period);
        order.extend(0..scores.observations.len());
        let index = &scores.nodes[Framework::INDEX.0].score;
        let mut placed = std::collections::BTreeSet::new();
        let mut found = std::collections::BTreeMap::new();
        for (row, observation) in scores.observations.iter().enumerate() {
            found.insert((observation.unit.as_ref(), observation.period), row);
        }
        for row in order {
            let observation = &scores.observations[row];
            if !placed.insert(observation.unit.as_ref()) {
                continue;
            }
            let mut cells = vec![
                Cell::text(observation.unit.as_ref()),
                Cell::text(observation.name.as_ref()),
            ];
            cells.extend((0..scores.periods.len()).map(|period| {
                let row = found.get(&(observation.unit.as_ref(), period));
                self.score(Framework::INDEX, row.and_then(|&row| index[row]))
            }));
            rows.push(Row::plain(cells));
        }
        let shades = vec![self.shade(2..columns.len())];
        Some(Sheet {
            frozen: 2,
            shades,
            ..sheet(self.words.get("x.waves"), of_table(Table { columns, rows }))
        })
    }

    /// All that is known of the index.
    fn index(&self) -> Sheet {
        let words = &self.words;
        let about = &self.result.about;
        let column = &self.result.scores.nodes[Framework::INDEX.0];
        let mut columns = self.who();
        let shade = self.shade(columns.len()..columns.len() + 1);
        let numbers = ["score", "coverage", "x.low", "x.high"];
        columns.extend(numbers.map(|word| Column::number(words.get(word))));
        columns.push(Column::text(words.get("level")));
        let numbers = ["rank", "x.answered", "x.applicable"];
        columns.extend(numbers.map(|word| Column::number(words.get(word))));
        let attributes = self.attributes();
        columns.extend(
            attributes
                .iter()
                .map(|&at| Column::text(about.attributes[at].as_str())),
        );
        let rows = self.rows(|row| {
            let mut cells = vec![
                self.score(Framework::INDEX, column.score[row]),
                Cell::share(column.coverage[row]),
                self.score(Framework::INDEX, column.low[row]),
                self.score(Framework::INDEX, column.high[row]),
                self.level(Framework::INDEX, row),
                column.rank[row].map_or(Cell::Missing, |rank| Cell::Rank { rank, tied: false }),
                count(column.answered[row]),
                count(column.applicable[row]),
            ];
            let observation = &self.result.scores.observations[row];
            let of = |at: &usize| observation.attributes.get(*at);
            let texts = attributes.iter().map(|at| of(at).map_or("", AsRef::as_ref));
            cells.extend(texts.map(Cell::text));
            cells
        });
        Sheet {
            frozen: 2,
            shades: vec![shade],
            ..sheet(words.get("index"), of_table(Table { columns, rows }))
        }
    }

    /// Attributes that say more than the name does.
    fn attributes(&self) -> Vec<usize> {
        let observations = &self.result.scores.observations;
        (0..self.result.about.attributes.len())
            .filter(|&at| {
                observations.iter().any(|found| {
                    found
                        .attributes
                        .get(at)
                        .is_some_and(|text| *text != found.name)
                })
            })
            .collect()
    }

    fn level(&self, node: NodeIx, row: usize) -> Cell {
        let about = &self.result.about;
        let position = self.result.scores.nodes[node.0].level[row];
        position
            .and_then(|position| {
                let (level, of) = about.level(node, position)?;
                Some(Cell::Level {
                    title: self.view.text(&level.title),
                    above: about.framework.better.worse_levels(position, of),
                    of,
                })
            })
            .unwrap_or(Cell::Missing)
    }

    /// Scores of all nodes of a tier, then their coverage (of an indicator it is the answer itself).
    fn tier(&self, tier: Tier, name: &str) -> Option<Sheet> {
        let about = &self.result.about;
        let nodes: Vec<NodeIx> = (0..about.nodes.len())
            .map(NodeIx)
            .filter(|node| about.nodes[node.0].tier == tier)
            .collect();
        if nodes.is_empty() {
            return None;
        }
        let leaves = tier == Tier::Indicator;
        let mut columns = self.who();
        let first = columns.len();
        // Indicators go by their codes: their titles are questions, and stand on the framework's sheet.
        columns.extend(nodes.iter().map(|node| {
            Column::number(if leaves {
                about.nodes[node.0].id.clone()
            } else {
                self.title(*node)
            })
        }));
        if !leaves {
            columns.extend(nodes.iter().map(|node| {
                let title = self.title(*node);
                Column::number(self.words.fill("x.coverage", &[&title]))
            }));
        }
        let scores = &self.result.scores;
        let rows = self.rows(|row| {
            let score = |node: &NodeIx| self.score(*node, scores.nodes[node.0].score[row]);
            let coverage = |node: &NodeIx| Cell::share(scores.nodes[node.0].coverage[row]);
            let mut cells: Vec<Cell> = nodes.iter().map(score).collect();
            if !leaves {
                cells.extend(nodes.iter().map(coverage));
            }
            cells
        });
        Some(Sheet {
            frozen: 2,
            shades: vec![self.shade(first..first + nodes.len())],
            ..sheet(name, of_table(Table { columns, rows }))
        })
    }

    fn facets(&self) -> Option<Sheet> {
        if self.result.about.facets.is_empty() {
            return None;
        }
        let mut columns = self.who();
        let first = columns.len();
        columns.extend(present::facet_columns(self.result, self.view));
        let rows = self.rows(|row| present::facet_cells(self.result, None, &[row]));
        Some(Sheet {
            frozen: 2,
            shades: vec![self.shade(first..columns.len())],
            ..sheet(
                self.words.get("x.facets"),
                of_table(Table { columns, rows }),
            )
        })
    }

    /// Mean, lowest and highest of peers and groups: three rows each.
    fn peers(&self) -> Option<Sheet> {
        let scores = &self.result.scores;
        let words = &self.words;
        let mut groups = scores.peers.iter().chain(&scores.groups).peekable();
        groups.peek()?;
        let nodes: Vec<NodeIx> = std::iter::once(Framework::INDEX)
            .chain(self.dimensions())
            .collect();
        let mut columns = vec![Column::text(words.get("x.group"))];
        if self.result.has_periods() {
            columns.push(Column::text(words.get("x.period")));
        }
        columns.push(Column::number(words.get("x.members")));
        columns.push(Column::number(words.get("x.counted")));
        columns.push(Column::text(words.get("x.what")));
        columns.extend(nodes.iter().map(|node| Column::number(self.title(*node))));
        let mut rows = Vec::new();
        for group in groups.filter(|group| group.members > 0) {
            rows.extend(self.group(group, &nodes));
        }
        Some(Sheet {
            frozen: 1,
            ..sheet(words.get("x.peers"), of_table(Table { columns, rows }))
        })
    }

    fn group(&self, group: &GroupRow, nodes: &[NodeIx]) -> Vec<Row> {
        let words = &self.words;
        let name = self
            .result
            .about
            .group_name(group, |text| self.view.text(text));
        let title = name.unwrap_or_else(|| words.get("all-units").to_owned());
        let row = |what: &str, of: fn(crate::scoring::Spread) -> f64| {
            let mut cells = vec![Cell::text(title.as_str())];
            if self.result.has_periods() {
                cells.push(Cell::text(&self.result.scores.periods[group.period]));
            }
            for units in [group.members, group.counted()] {
                cells.push(count(u32::try_from(units).unwrap_or(u32::MAX)));
            }
            cells.push(Cell::text(what));
            cells.extend(nodes.iter().map(|node| {
                let spread = group.nodes.get(node.0).copied().flatten();
                self.score(*node, spread.map(of))
            }));
            Row::plain(cells)
        };
        vec![
            row(&words.weighted(words.get("mean"), group), |spread| {
                spread.mean
            }),
            row(words.get("lowest"), |spread| spread.min),
            row(words.get("highest"), |spread| spread.max),
        ]
    }

    /// What the columns mean: every node with its title, its tier and what it carries.
    fn framework(&self) -> Sheet {
        let words = &self.words;
        let about = &self.result.about;
        let shares = about.shares();
        let columns = vec![
            Column::text(words.get("x.id")),
            Column::text(words.get("x.title")),
            Column::text(words.get("x.tier")),
            Column::number(words.get("weight")),
            Column::number(words.get("x.share")),
        ];
        let mut depths: Vec<usize> = Vec::new();
        let mut rows = Vec::new();
        for (at, facts) in about.nodes.iter().enumerate() {
            let depth = facts.parent.map_or(0, |parent| depths[parent.0] + 1);
            depths.push(depth);
            rows.push(Row::plain(vec![
                Cell::text(facts.id.as_str()),
                Cell::Branch {
                    depth,
                    text: self.title(NodeIx(at)),
                },
                Cell::text(words.get(match facts.tier {
                    Tier::Index => "index",
                    Tier::Dimension => "dimension",
                    Tier::Pillar => "x.pillar",
                    Tier::Indicator => "indicator",
                })),
                Cell::number(
                    facts.scored.then_some(facts.weight),
                    Digits {
                        digits: 4,
                        mode: RoundingMode::HalfUp,
                    },
                ),
                Cell::Share(shares[at]),
            ]));
        }
        Sheet {
            frozen: 2,
            ..sheet(words.get("x.framework"), of_table(Table { columns, rows }))
        }
    }

    fn method(&self) -> Sheet {
        let words = &self.words;
        let about = &self.result.about;
        let mut rows = vec![Row::plain(vec![
            Cell::text(words.get("x.framework")),
            Cell::text(self.view.text(&about.framework.title)),
        ])];
        let mut add = |term: &str, text: String| {
            rows.push(Row::plain(vec![Cell::text(term), Cell::Text(text)]));
        };
        if let Some(edition) = &about.framework.edition {
            add(words.get("x.edition"), edition.clone());
        }
        add(words.get("x.version"), about.framework.version.clone());
        for (term, text) in method(self.result, None, self.view) {
            add(&term, text);
        }
        add(words.get("x.empty"), words.get("x.empty.means").to_owned());
        for remark in &self.result.scores.remarks {
            let text = present::remark(about, remark, words.language());
            add(words.get("remarks"), text);
        }
        if let Some(note) = &about.framework.note {
            add(words.get("x.note"), self.view.text(note));
        }
        let columns = vec![
            Column::text(words.get("x.what")),
            Column::text(words.get("method")),
        ];
        sheet(words.get("x.method"), of_table(Table { columns, rows }))
    }
}

fn count(count: u32) -> Cell {
    Cell::Number {
        value: f64::from(count),
        digits: Digits {
            digits: 0,
            mode: RoundingMode::HalfUp,
        },
    }
}
