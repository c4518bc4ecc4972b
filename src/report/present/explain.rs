//! An explanation as a page: the tree of scores with the arithmetic of each, what is missing to the next level, which
//! answers cost most.

use std::fmt::Write as _;

use crate::analysis::explain::{Explained, Explanation, Made, NextLevel, Part, Standing};
use crate::framework::{Better, Digits, Framework, Need, NodeIx, TOLERANCE};
use crate::report::document::{Block, Cell, Column, Document, Row, Table};
use crate::report::number::{asked, fixed, shortest};
use crate::responses::Answer;

use super::reasons::{Words, how};

/// What of an explanation is shown, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExplainView<'a> {
    /// The language of titles; the framework's default without it.
    pub language: Option<&'a str>,
    /// How many tiers below the node are shown; all without it.
    pub depth: Option<usize>,
    /// Only what answers cost.
    pub only_losses: bool,
}

/// How many losses are shown beside the tree.
const MOST_LOSSES: usize = 5;

/// The words for where a level is reached: the cut-off is its own, or that of the next worse one where less is better.
pub(in crate::report) fn cut_off(better: Better, closed_below: bool) -> &'static str {
    match (better, closed_below) {
        (Better::Higher, true) => "e.starts",
        (Better::Higher, false) => "e.starts-above",
        (Better::Lower, true) => "e.lies-below",
        (Better::Lower, false) => "e.ends-at",
    }
}

/// The page of one explanation.
pub fn explanation(
    found: &Explanation,
    framework: &Framework,
    periods: &[String],
    view: ExplainView<'_>,
) -> Document {
    let page = Page {
        framework,
        words: Words {
            framework,
            language: view.language,
        },
        view,
    };
    let name = if found.name == found.unit {
        found.unit.to_string()
    } else {
        format!("{} ({})", found.name, found.unit)
    };
    let title = page.words.title(found.tree.node);
    let mut document = Document::new(page.words.fill("e.title", &[&title, &name]));
    document.language = page.words.spoken();
    document.facts = page.facts(found, periods);
    if !view.only_losses {
        document.blocks.push(Block::Table(page.tree(found)));
        document.blocks.extend(page.remarks(found));
    }
    document.blocks.extend(page.losses(found));
    document
}

struct Page<'a> {
    framework: &'a Framework,
    words: Words<'a>,
    view: ExplainView<'a>,
}

impl Page<'_> {
    fn facts(&self, found: &Explanation, periods: &[String]) -> Vec<String> {
        let framework = self.framework;
        let mut facts = vec![format!("{} {}", framework.id, framework.version)];
        let period = periods.get(found.period).filter(|name| !name.is_empty());
        facts.extend(period.map(|name| {
            let date = self.words.spoken().date(name);
            self.words.fill("fact.period", &[&date])
        }));
        let node = found.tree.node;
        let score = match found.tree.score {
            Answer::Given(score) => self.score(node, score),
            Answer::Missing(_) => self.words.get("e.no-score"),
            Answer::NotApplicable => self.words.get("flag.not-applicable"),
        };
        facts.push(self.words.fill("fact.score", &[&score]));
        if let (Some(standing), Some(levels)) = (&found.tree.standing, framework.levels_of(node)) {
            let title = &levels.bands[standing.level].title;
            facts.push(
                self.words
                    .fill("fact.level", &[title.in_language(self.view.language)]),
            );
        }
        facts.push(
            self.words
                .fill("fact.coverage", &[&self.words.percent(found.tree.coverage)]),
        );
        facts
    }

    fn digits(&self, node: NodeIx) -> Digits {
        let stated = self.framework.node(node).rounding;
        stated.unwrap_or(self.framework.rounding.digits)
    }

    fn score(&self, node: NodeIx, score: f64) -> String {
        let text = fixed(self.framework.range.show(score), self.digits(node));
        self.words.spoken().decimal(text)
    }

    /// Points of a score, one digit finer than scores are shown.
    fn points(&self, points: f64) -> Cell {
        let shown = self.framework.rounding.digits;
        Cell::Number {
            value: self.framework.range.show_difference(points),
            digits: Digits {
                digits: (shown.digits + 1).min(9),
                ..shown
            },
        }
    }

    fn shown(&self, cell: &Cell) -> String {
        cell.shown(self.words.spoken())
    }

    /// By what a part was multiplied: a fraction where it is a simple one.
    fn weight(&self, part: &Part) -> String {
        match part.effective {
            _ if part.binding && part.effective.is_none_or(|own| (own - 1.0).abs() < 1e-12) => {
                self.words.get("e.decides")
            }
            Some(effective) => self.words.spoken().decimal(fraction(effective)),
            None => String::new(),
        }
    }

    fn tree(&self, found: &Explanation) -> Table {
        let mut table = Table {
            columns: vec![
                Column::text(self.words.get("part")),
                Column::number(self.words.get("score")),
                Column::number(self.words.get("weight")),
                Column::number(self.words.get("adds")),
                Column::text(self.words.get("e.how")),
            ],
            rows: Vec::new(),
        };
        self.rows(&found.tree, None, (0, false), &mut table.rows);
        table
    }

    /// A node with what is below it; `of_rows`: it is a finer row of the same node.
    fn rows(
        &self,
        explained: &Explained,
        part: Option<&Part>,
        (depth, of_rows): (usize, bool),
        rows: &mut Vec<Row>,
    ) {
        let text = match explained.row.last() {
            Some(key) if of_rows => key.to_string(),
            _ => self.words.title(explained.node),
        };
        let score = match explained.score {
            Answer::Given(score) => Cell::Number {
                value: self.framework.range.show(score),
                digits: self.digits(explained.node),
            },
            Answer::Missing(_) => Cell::Missing,
            Answer::NotApplicable => Cell::Empty,
        };
        let (weight, adds) = match part {
            None => (Cell::Empty, Cell::Empty),
            Some(part) if part.counted.is_some() => (
                Cell::Text(self.weight(part)),
                self.points(part.contribution),
            ),
            Some(_) => (Cell::Missing, Cell::Empty),
        };
        let mut reason = how(&self.words, explained);
        if let Some(stands) = part.and_then(|part| self.standing_in(part)) {
            reason = self.words.joined([reason, stands]);
        }
        rows.push(Row::plain(vec![
            Cell::Branch { depth, text },
            score,
            weight,
            adds,
            Cell::Text(reason),
        ]));
        if self.view.depth.is_none_or(|deepest| depth < deepest) {
            let of_rows = matches!(explained.made, Made::Combined { .. });
            for part in explained.parts() {
                self.rows(&part.explained, Some(part), (depth + 1, of_rows), rows);
            }
        }
    }

    fn standing_in(&self, part: &Part) -> Option<String> {
        let counted = part.counted?;
        if part.stood_in {
            let shown = self.score(part.explained.node, counted);
            return Some(self.words.fill("e.by-rule", &[&shown]));
        }
        let score = part.explained.value()?;
        ((counted - score).abs() > 1e-12).then(|| {
            let shown = self.score(part.explained.node, counted);
            self.words.fill("e.counts", &[&shown])
        })
    }

    fn remarks(&self, found: &Explanation) -> Vec<Block> {
        let mut remarks = Vec::new();
        if let (Some(adds), Some(index)) = (found.adds, found.index)
            && found.tree.node != Framework::INDEX
        {
            remarks.push(self.words.fill(
                "e.adds",
                &[
                    &self.shown(&self.points(adds)),
                    &self.words.title(Framework::INDEX),
                    &self.score(Framework::INDEX, index),
                ],
            ));
        }
        let standing = found.tree.standing.as_ref();
        let next = standing.and_then(|own| Some((own, own.next.as_ref()?)));
        remarks.extend(next.map(|(own, next)| self.next_level(found.tree.node, own, next)));
        remarks.extend(self.targets(found));
        if let (Some(low), Some(high)) = found.tree.bounds
            && low < high
        {
            let mut open = Vec::new();
            gaps(&found.tree, &mut open);
            open.sort_unstable();
            open.dedup();
            let named: Vec<String> = open.iter().map(|node| self.words.code(*node)).collect();
            let key = if named.is_empty() {
                "e.between.rows"
            } else {
                "e.between"
            };
            let node = found.tree.node;
            let ends = [self.score(node, low), self.score(node, high)];
            let gaps = [&*ends[0], &ends[1], &named.join(", ")];
            remarks.push(self.words.fill(key, &gaps));
        }
        remarks.into_iter().map(Block::Text).collect()
    }

    /// What is missing to each target of the node.
    fn targets(&self, found: &Explanation) -> Vec<String> {
        let node = found.tree.node;
        let said = self.framework.targets_of(node).map(|(phase, target)| {
            let shown = self.score(node, target);
            let mut text = self.words.fill("e.target", &[phase, &shown]);
            if let Some(score) = found.tree.value() {
                let short = self.framework.better.short_of(score, target);
                text += &if short > 0.0 {
                    let points = self.shown(&self.points(short));
                    self.words.fill("e.to-go", &[&points])
                } else {
                    self.words.get("e.reached")
                };
            }
            text + "."
        });
        said.collect()
    }

    fn next_level(&self, node: NodeIx, own: &Standing, next: &NextLevel) -> String {
        let Some(levels) = self.framework.levels_of(node) else {
            return String::new();
        };
        let title = |position: usize| {
            levels.bands.get(position).map_or_else(String::new, |band| {
                band.title.in_language(self.view.language).to_owned()
            })
        };
        let mut text = self.words.fill("e.next", &[&title(next.level)]);
        let better = self.framework.better;
        if !better.reaches_level(own.by_score, next.level) {
            let cut = self.score(node, next.from);
            let key = cut_off(better, levels.closed_below);
            text.push_str(&self.words.fill(key, &[&cut]));
            // At a cut-off that belongs to the worse level the least step will do.
            if next.short > TOLERANCE {
                let short = self.shown(&self.points(next.short));
                text.push_str(&self.words.fill("e.to-go", &[&short]));
            }
        }
        for (need, found) in &next.unmet {
            let needed = match need {
                Need::Coverage(least) => self
                    .words
                    .fill("e.needs-coverage", &[&self.words.percent(asked(*least))]),
                Need::Score(other, least) => self.words.fill(
                    "e.needs-score",
                    &[&self.words.title(*other), &self.score(*other, *least)],
                ),
                Need::Level(other, least) => {
                    let levels = self.framework.levels_of(*other);
                    let band = levels.and_then(|levels| levels.bands.get(*least));
                    let band = band.map_or("", |band| band.title.in_language(self.view.language));
                    self.words
                        .fill("e.needs-level", &[&self.words.title(*other), band])
                }
            };
            let now = |shown: String| self.words.fill("e.now", &[&shown]);
            let so_far = match (need, found) {
                (Need::Coverage(_), Some(found)) => now(self.words.percent(*found)),
                (Need::Score(other, _), Some(found)) => now(self.score(*other, *found)),
                (Need::Level(..), Some(_)) | (_, None) => String::new(),
            };
            text = text + &needed + &so_far;
        }
        text + "."
    }

    fn losses(&self, found: &Explanation) -> Vec<Block> {
        let tiny = 1e-12;
        let costly = found.losses.iter().filter(|loss| loss.points.abs() > tiny);
        let most = if self.view.only_losses {
            usize::MAX
        } else {
            MOST_LOSSES
        };
        let rows: Vec<Row> = costly
            .take(most)
            .map(|loss| {
                let mut name = self.words.title(loss.node);
                for key in &loss.row {
                    let _ = write!(name, " / {key}");
                }
                Row::plain(vec![
                    Cell::Text(self.words.code(loss.node)),
                    Cell::Text(name),
                    self.points(loss.points.abs()),
                ])
            })
            .collect();
        if rows.is_empty() {
            let none = self.words.get("e.no-loss");
            return if self.view.only_losses {
                vec![Block::Text(none)]
            } else {
                Vec::new()
            };
        }
        let index = self.words.title(Framework::INDEX);
        vec![
            Block::Heading(self.words.get("e.losses")),
            Block::Table(Table {
                columns: vec![
                    Column::text(self.words.get("indicator")),
                    Column::text(self.words.get("e.question")),
                    Column::number(self.words.fill("e.points-of", &[&index]))
                        .short(self.words.get("e.points")),
                ],
                rows,
            }),
        ]
    }
}

/// Indicators whose gaps leave the score open.
fn gaps(explained: &Explained, open: &mut Vec<NodeIx>) {
    if let Made::Answered(_) = explained.made {
        if explained.bounds.0 != explained.bounds.1 || explained.value().is_none() {
            let applies = explained.score != Answer::NotApplicable;
            if applies {
                open.push(explained.node);
            }
        }
        return;
    }
    for part in explained.parts().iter().filter(|part| part.counts) {
        gaps(&part.explained, open);
    }
}

fn fraction(share: f64) -> String {
    for below in 1..=60_u32 {
        let above = share * f64::from(below);
        if above >= 0.5 && (above - above.round()).abs() < 1e-9 {
            let above = shortest(above.round());
            return if below == 1 {
                above
            } else {
                format!("{above}/{below}")
            };
        }
    }
    let four = Digits {
        digits: 4,
        mode: crate::framework::RoundingMode::HalfUp,
    };
    fixed(share, four)
}
