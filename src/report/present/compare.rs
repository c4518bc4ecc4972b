//! What changed between two waves as a page, and units side by side.

use crate::analysis::compare::{
    Causes, Change, Comparison, NodePair, Passing, Relation, SideNode, UnitChange,
};
use crate::framework::{Digits, Framework, NodeIx};
use crate::report::compare::{ComparisonResult, SideResult, is_none};
use crate::report::document::{Block, Cell, Column, Document, Row, RowKind, Table};
use crate::report::number::{fixed, shortest};
use crate::report::result::About;
use crate::report::words::{Language, Words, collation};

use super::scores::{View, capitalised, title};

/// What of a comparison is shown, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompareView<'a> {
    /// The language of titles; the framework's default without it.
    pub language: Option<&'a str>,
    /// Units that are shown node by node, by id.
    pub units: &'a [String],
    /// How many tiers below the index are shown of them; all without it.
    pub depth: Option<usize>,
}

impl<'a> CompareView<'a> {
    fn titles(&self) -> View<'a> {
        View {
            language: self.language,
            ..View::default()
        }
    }
}

/// The page of a comparison: the index of every unit, or every node of some.
pub fn comparison(result: &ComparisonResult, view: CompareView<'_>) -> Document {
    let titles = view.titles();
    let words = titles.words();
    let page = Page {
        result,
        titles,
        words: &words,
        view,
    };
    let name = titles.text(&result.new.framework.title);
    let mut document = Document::new(words.fill("w.title", &[&name]));
    document.language = words.language();
    document.facts = page.facts();
    document
        .blocks
        .extend(note(result, view.language).map(Block::Note));
    if view.units.is_empty() {
        document.blocks.extend(page.mean().map(Block::Text));
        document.blocks.push(Block::Table(page.index()));
        document.blocks.extend(page.passing());
    } else {
        for id in view.units {
            let unit = result.found.unit(id);
            document
                .blocks
                .extend(unit.into_iter().flat_map(|unit| page.unit(unit)));
        }
    }
    document
}

/// What is known of whether the scores can be compared, where it is not a matter of course.
fn note(result: &ComparisonResult, language: Option<&str>) -> Option<String> {
    caution(result, language).or_else(|| declared(result, language))
}

/// What the newer edition declares about the older one.
fn declared(result: &ComparisonResult, language: Option<&str>) -> Option<String> {
    let Relation::Stated { comparable, reason } = &result.found.relation else {
        return None;
    };
    let reason = reason.as_ref().map(|reason| reason.in_language(language));
    let reason = reason.map_or_else(String::new, |reason| format!(" {reason}"));
    let key = if *comparable {
        "w.declared.comparable"
    } else {
        "w.declared"
    };
    let (old, new) = (&result.old.framework, &result.new.framework);
    Some(Words::of(Language::of(language)).fill(key, &[&new.id, &old.id, &reason]))
}

/// Why the scores should not be compared, or what is not known of that.
pub fn caution(result: &ComparisonResult, language: Option<&str>) -> Option<String> {
    let words = Words::of(Language::of(language));
    let (old, new) = (&result.old.framework, &result.new.framework);
    match &result.found.relation {
        Relation::Same
        | Relation::Stated {
            comparable: true, ..
        } => None,
        Relation::Stated {
            comparable: false, ..
        } => declared(result, language),
        Relation::Major => Some(words.fill("w.major", &[&new.id, &old.version, &new.version])),
        Relation::Unrelated => Some(words.fill("w.unrelated", &[&old.id, &new.id])),
    }
}

/// A difference with its sign. One that is smaller than the digits is shown as such, and not as nothing.
pub(in crate::report) fn signed(shown: f64, none: bool, digits: Digits) -> String {
    if none {
        return fixed(0.0, digits);
    }
    let sign = if shown < 0.0 { "-" } else { "+" };
    let size = fixed(shown.abs(), digits);
    if size.bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        let unit = 10f64.powi(-i32::from(digits.digits));
        return format!("{sign}<{}", fixed(unit, digits));
    }
    format!("{sign}{size}")
}

struct Page<'a> {
    result: &'a ComparisonResult,
    titles: View<'a>,
    words: &'a Words,
    view: CompareView<'a>,
}

impl Page<'_> {
    fn found(&self) -> &Comparison {
        &self.result.found
    }

    fn facts(&self) -> Vec<String> {
        let (old, new) = (&self.result.old.framework, &self.result.new.framework);
        let both = |old: &str, new: &str| {
            if old == new {
                new.to_owned()
            } else {
                format!("{old} → {new}")
            }
        };
        let named = |id: &str, version: &str| format!("{id} {version}");
        let mut facts = vec![both(
            &named(&old.id, &old.version),
            &named(&new.id, &new.version),
        )];
        let [before, after] = &self.result.periods;
        if !before.is_empty() || !after.is_empty() {
            let [before, after] = [before, after].map(|name| self.words.language().date(name));
            let period = both(&before, &after);
            facts.push(self.words.fill("fact.period", &[&period]));
        }
        let found = self.found();
        facts.push(self.words.counted("w.both", found.units.len()));
        facts.push(self.words.counted("w.entered", found.entered.len()));
        facts.push(self.words.counted("w.left", found.left.len()));
        facts
    }

    /// Which causes have a column.
    fn causes(&self) -> Vec<usize> {
        let moving = self.found().moving;
        let shown = [true, moving.framework, true, moving.cohort];
        (0..4).filter(|cause| shown[*cause]).collect()
    }

    fn digits(&self, pair: NodePair) -> Digits {
        match pair.new {
            Some(node) => self.result.new.digits(node),
            None => self.result.new.framework.rounding.digits,
        }
    }

    fn difference(&self, pair: NodePair, difference: f64) -> String {
        let shown = self.result.shown_difference(difference);
        let text = signed(shown, is_none(difference), self.digits(pair));
        self.words.language().decimal(text)
    }

    fn cause(&self, cause: usize) -> &str {
        const KEYS: [&str; 4] = ["w.answers", "w.framework", "w.coverage", "w.cohort"];
        self.words.get(KEYS[cause])
    }

    /// What the index did on average, and why.
    fn mean(&self) -> Option<String> {
        let index = index_pair();
        let units = self.found().units.iter();
        let splits: Vec<Causes> = units.filter_map(|unit| unit.nodes[0].causes).collect();
        if splits.is_empty() {
            return None;
        }
        let count = splits.len() as f64;
        let mean = |of: &dyn Fn(&Causes) -> f64| splits.iter().map(of).sum::<f64>() / count;
        let causes = self.causes().into_iter().map(|cause| {
            let part = mean(&|split| split.parts()[cause]);
            format!("{} {}", self.cause(cause), self.difference(index, part))
        });
        let causes = causes.collect::<Vec<_>>().join(", ");
        let total = self.difference(index, mean(&Causes::total));
        Some(
            self.words
                .counted_with("w.mean", splits.len(), &[&total, &causes]),
        )
    }

    /// A row for every unit: its index.
    fn index(&self) -> Table {
        let mut units: Vec<&UnitChange> = self.found().units.iter().collect();
        let rank = |unit: &UnitChange| {
            let rank = unit.nodes[0].new.and_then(|new| new.rank);
            rank.unwrap_or(f64::INFINITY)
        };
        units.sort_by_cached_key(|unit| collation(&unit.name));
        units.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
        let index = index_pair();
        Table {
            columns: self.columns(Column::text(self.titles.unit(&self.result.new))),
            rows: units
                .into_iter()
                .map(|unit| {
                    let name = Cell::Named {
                        id: unit.unit.to_string(),
                        name: unit.name.to_string(),
                    };
                    Row::plain(self.cells(name, index, &unit.nodes[0]))
                })
                .collect(),
        }
    }

    fn columns(&self, first: Column) -> Vec<Column> {
        let mut columns = vec![
            first,
            Column::number(self.words.get("w.old")),
            Column::number(self.words.get("w.new")),
            Column::number(self.words.get("w.change")),
        ];
        columns.extend(self.causes().into_iter().map(|cause| {
            let name = capitalised(self.cause(cause));
            Column::number(name)
        }));
        if self.ranks() {
            columns.push(Column::text(self.words.get("rank")).expendable(2));
        }
        if self.have_levels() {
            columns.push(Column::text(self.words.get("level")).expendable(1));
        }
        columns
    }

    /// Whether units are ranked in any of the waves.
    fn ranks(&self) -> bool {
        let both = [&self.result.old, &self.result.new];
        both.iter().any(|about| about.framework.ranking.is_some())
    }

    /// Whether there are levels in any of the waves.
    fn have_levels(&self) -> bool {
        let both = [&self.result.old, &self.result.new];
        both.iter().any(|about| !about.levels.is_empty())
    }

    fn cells(&self, first: Cell, pair: NodePair, change: &Change) -> Vec<Cell> {
        let digits = self.digits(pair);
        let score = |standing: Option<crate::analysis::compare::Standing>| {
            let score = standing.and_then(|standing| standing.score);
            match standing {
                None => Cell::Empty,
                Some(_) => Cell::number(score.map(|score| self.result.shown(pair, score)), digits),
            }
        };
        let moved = change.difference();
        let mut cells = vec![
            first,
            score(change.old),
            score(change.new),
            moved.map_or(Cell::Missing, |moved| {
                Cell::text(self.difference(pair, moved))
            }),
        ];
        for cause in self.causes() {
            cells.push(change.causes.map_or(Cell::Missing, |causes| {
                Cell::text(self.difference(pair, causes.parts()[cause]))
            }));
        }
        if self.ranks() {
            let ranks = [change.old, change.new].map(|standing| standing.and_then(|own| own.rank));
            let shown = |rank: f64| self.words.language().decimal(shortest(rank));
            cells.push(arrow(ranks.map(|rank| rank.map(shown))));
        }
        if self.have_levels() {
            cells.push(arrow(self.levels(pair, change)));
        }
        cells
    }

    /// What the levels are called.
    fn levels(&self, pair: NodePair, change: &Change) -> [Option<String>; 2] {
        let name = |about: &About, node: Option<NodeIx>, level: Option<usize>| {
            let (level, _) = about.level(node?, level?)?;
            Some(self.titles.text(&level.title))
        };
        [
            name(
                &self.result.old,
                pair.old,
                change.old.and_then(|old| old.level),
            ),
            name(
                &self.result.new,
                pair.new,
                change.new.and_then(|new| new.level),
            ),
        ]
    }

    /// Every node of a unit.
    fn unit(&self, unit: &UnitChange) -> Vec<Block> {
        let name = Cell::Named {
            id: unit.unit.to_string(),
            name: unit.name.to_string(),
        };
        let rows = self.found().nodes.iter().zip(&unit.nodes);
        let rows = rows.filter_map(|(pair, change)| {
            let (about, node) = match (pair.new, pair.old) {
                (Some(node), _) => (&self.result.new, node),
                (None, Some(node)) => (&self.result.old, node),
                (None, None) => return None,
            };
            let depth = depth(about, node);
            if self.view.depth.is_some_and(|most| depth > most) {
                return None;
            }
            let gone = pair.new.is_none();
            let text = title(about, node, self.titles);
            let text = match (pair.new, pair.old) {
                (Some(_), None) => self.words.fill("w.is-new", &[&text]),
                (None, _) => self.words.fill("w.is-gone", &[&text]),
                (Some(_), Some(_)) => text,
            };
            Some(Row {
                kind: if gone { RowKind::Apart } else { RowKind::Plain },
                cells: self.cells(Cell::Branch { depth, text }, *pair, change),
            })
        });
        let table = Table {
            rows: rows.collect(),
            columns: self.columns(Column::text(self.words.get("part"))),
        };
        vec![Block::Heading(name.to_string()), Block::Table(table)]
    }

    /// Units that only one of the waves has.
    fn passing(&self) -> Vec<Block> {
        let language = self.words.language();
        let list = |units: &[Passing], key: &str, side: usize| {
            if units.is_empty() {
                return None;
            }
            let about = [&self.result.old, &self.result.new][side];
            let mut units: Vec<&Passing> = units.iter().collect();
            units.sort_by_cached_key(|unit| collation(&unit.name));
            let listed = units.iter().map(|unit| {
                let digits = about.digits(Framework::INDEX);
                let name = Cell::Named {
                    id: unit.unit.to_string(),
                    name: unit.name.to_string(),
                };
                let score = unit
                    .index
                    .score
                    .map(|score| about.shown(Framework::INDEX, score));
                let score = Cell::number(score, digits);
                format!("{} {}", name.shown(language), score.shown(language))
            });
            let listed = listed.collect::<Vec<_>>().join(", ");
            let text = self.words.counted_with(key, units.len(), &[&listed]);
            Some(Block::Text(text))
        };
        let entered = list(&self.found().entered, "w.list-entered", 1);
        entered
            .into_iter()
            .chain(list(&self.found().left, "w.list-left", 0))
            .collect()
    }
}

fn index_pair() -> NodePair {
    NodePair {
        old: Some(Framework::INDEX),
        new: Some(Framework::INDEX),
    }
}

/// `3 → 2`, or the one thing that both are.
fn arrow([old, new]: [Option<String>; 2]) -> Cell {
    match (old, new) {
        (None, None) => Cell::Empty,
        (Some(old), Some(new)) if old == new => Cell::text(new),
        (old, new) => {
            let shown = |side: Option<String>| side.unwrap_or_else(|| "–".to_owned());
            Cell::text(format!("{} → {}", shown(old), shown(new)))
        }
    }
}

/// Steps from the root.
fn depth(about: &About, node: NodeIx) -> usize {
    std::iter::successors(about.nodes[node.0].parent, |node| {
        about.nodes[node.0].parent
    })
    .count()
}

/// The page of units side by side.
pub fn side_by_side(result: &SideResult, view: CompareView<'_>) -> Document {
    let titles = view.titles();
    let words = titles.words();
    let about = &result.about;
    let names = result.found.units.iter().map(|(_, name)| name.to_string());
    let name = titles.text(&about.framework.title);
    let names = names.collect::<Vec<_>>().join(words.get("w.and"));
    let mut document = Document::new(words.fill("e.title", &[&name, &names]));
    document.language = words.language();
    document.facts = vec![format!(
        "{} {}",
        about.framework.id, about.framework.version
    )];
    if !result.period.is_empty() {
        let period = words.language().date(&result.period);
        document.facts.push(words.fill("fact.period", &[&period]));
    }
    let two = result.found.units.len() == 2;
    let mut columns = vec![Column::text(words.get("part"))];
    let ids = result.found.units.iter().map(|(id, _)| id.to_string());
    columns.extend(ids.map(Column::number));
    if two {
        columns.push(Column::number(words.get("difference")));
        columns.push(Column::number(words.get("w.adds-above")));
    }
    let rows = result.found.nodes.iter().filter_map(|found| {
        let depth = depth(about, found.node);
        if view.depth.is_some_and(|most| depth > most) {
            return None;
        }
        let branch = Cell::Branch {
            depth,
            text: title(about, found.node, titles),
        };
        Some(Row::plain(side_cells(
            about,
            branch,
            found,
            words.language(),
        )))
    });
    let rows = rows.collect();
    document.blocks.push(Block::Table(Table { columns, rows }));
    if two {
        let rule = words.get("w.adds-above.rule");
        document.blocks.push(Block::Text(rule.to_owned()));
    }
    let own = result.found.nodes.iter().filter_map(|found| {
        let own = found.own.filter(|own| !is_none(*own))?;
        let shown = about.framework.range.show_difference(own);
        let digits = about.digits(found.node);
        let own = words.language().decimal(signed(shown, false, digits));
        Some(words.fill("w.own", &[&title(about, found.node, titles), &own]))
    });
    document.blocks.extend(own.map(Block::Note));
    document
}

fn side_cells(about: &About, branch: Cell, found: &SideNode, language: Language) -> Vec<Cell> {
    let digits = about.digits(found.node);
    let scores: Vec<Option<f64>> = found.standings.iter().map(|own| own.score).collect();
    let shown = |score: Option<f64>| score.map(|score| about.shown(found.node, score));
    let mut cells = vec![branch];
    cells.extend(
        scores
            .iter()
            .map(|score| Cell::number(shown(*score), digits)),
    );
    if let [first, second] = scores.as_slice() {
        let text = |difference: Option<f64>| {
            difference.map(|difference| {
                let shown = about.framework.range.show_difference(difference);
                Cell::text(language.decimal(signed(shown, is_none(difference), digits)))
            })
        };
        let difference = first.zip(*second).map(|(first, second)| first - second);
        cells.push(text(difference).unwrap_or(Cell::Missing));
        cells.push(text(found.adds).unwrap_or(Cell::Empty));
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::framework::RoundingMode;

    #[test]
    fn a_difference_below_the_digits_is_shown_as_one() {
        let digits = Digits {
            digits: 2,
            mode: RoundingMode::HalfUp,
        };
        for (shown, text) in [
            (0.5, "+0.50"),
            (-0.126, "-0.13"),
            (0.004, "+<0.01"),
            (-0.0049, "-<0.01"),
            (0.005, "+0.01"),
        ] {
            assert_eq!(signed(shown, false, digits), text);
        }
        assert_eq!(signed(1e-17, true, digits), "0.00");
    }
}
