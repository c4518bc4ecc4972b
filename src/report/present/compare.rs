//! What changed between two waves as a page, and units side by side.

use crate::analysis::compare::{
    Causes, Change, Comparison, NodePair, Passing, Relation, SideNode, UnitChange,
};
use crate::framework::{Digits, Framework, NodeIx};
use crate::report::compare::{ComparisonResult, SideResult, is_none};
use crate::report::document::{Block, Cell, Column, Document, Row, RowKind, Table};
use crate::report::number::{fixed, shortest};
use crate::report::result::About;

use super::scores::{View, capitalised, counted, title};

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

/// The page of a comparison: the index of every unit, or every node of some.
pub fn comparison(result: &ComparisonResult, view: CompareView<'_>) -> Document {
    let page = Page {
        result,
        titles: View {
            language: view.language,
            ..View::default()
        },
        view,
    };
    let name = page.titles.text(&result.new.framework.title);
    let mut document = Document::new(format!("What changed: {name}"));
    document.facts = page.facts();
    document
        .blocks
        .extend(caution(result, view.language).map(Block::Note));
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

/// Why the scores should not be compared, or what is not known of that.
pub fn caution(result: &ComparisonResult, language: Option<&str>) -> Option<String> {
    let (old, new) = (&result.old.framework, &result.new.framework);
    match &result.found.relation {
        Relation::Same
        | Relation::Stated {
            comparable: true, ..
        } => None,
        Relation::Stated {
            comparable: false,
            reason,
        } => {
            let reason = reason.as_ref().map(|reason| reason.in_language(language));
            let reason = reason.map_or_else(String::new, |reason| format!(" {reason}"));
            Some(format!(
                "Not comparable: the framework declares that scores of `{}` cannot be compared with those of `{}`.{reason}",
                new.id, old.id
            ))
        }
        Relation::Major => Some(format!(
            "Not comparable: `{}` went from version {} to {}, and a new first number says that scores are not comparable.",
            new.id, old.version, new.version
        )),
        Relation::Unrelated => Some(format!(
            "Neither `{}` nor `{}` says whether their scores can be compared (`comparability`).",
            old.id, new.id
        )),
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
            facts.push(format!("period {}", both(before, after)));
        }
        facts.push(format!(
            "{} in both",
            counted(self.found().units.len(), "unit")
        ));
        facts.push(format!("{} entered", self.found().entered.len()));
        facts.push(format!("{} left", self.found().left.len()));
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
        signed(shown, is_none(difference), self.digits(pair))
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
            format!("{} {}", Causes::NAMES[cause], self.difference(index, part))
        });
        Some(format!(
            "On average over {} the index moved by {}: {}.",
            counted(splits.len(), "unit"),
            self.difference(index, mean(&Causes::total)),
            causes.collect::<Vec<_>>().join(", ")
        ))
    }

    /// A row for every unit: its index.
    fn index(&self) -> Table {
        let mut units: Vec<&UnitChange> = self.found().units.iter().collect();
        let rank = |unit: &UnitChange| {
            let rank = unit.nodes[0].new.and_then(|new| new.rank);
            rank.unwrap_or(f64::INFINITY)
        };
        units.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
        let index = index_pair();
        Table {
            columns: self.columns(Column::text(capitalised(
                &self.titles.text(&self.result.new.framework.unit),
            ))),
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
            Column::number("Old"),
            Column::number("New"),
            Column::number("Change"),
        ];
        columns.extend(self.causes().into_iter().map(|cause| {
            let name = capitalised(Causes::NAMES[cause]);
            Column::number(name)
        }));
        if self.ranks() {
            columns.push(Column::text("Rank").expendable(2));
        }
        if self.have_levels() {
            columns.push(Column::text("Level").expendable(1));
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
            cells.push(arrow(ranks.map(|rank| rank.map(shortest))));
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
                (Some(_), None) => format!("{text} (new)"),
                (None, _) => format!("{text} (gone)"),
                (Some(_), Some(_)) => text,
            };
            Some(Row {
                kind: if gone { RowKind::Apart } else { RowKind::Plain },
                cells: self.cells(Cell::Branch { depth, text }, *pair, change),
            })
        });
        let table = Table {
            rows: rows.collect(),
            columns: self.columns(Column::text("Part")),
        };
        vec![Block::Heading(name.to_string()), Block::Table(table)]
    }

    /// Units that only one of the waves has.
    fn passing(&self) -> Vec<Block> {
        let list = |units: &[Passing], verb: &str, side: usize| {
            if units.is_empty() {
                return None;
            }
            let about = [&self.result.old, &self.result.new][side];
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
                format!("{name} {}", Cell::number(score, digits))
            });
            let listed = listed.collect::<Vec<_>>().join(", ");
            Some(Block::Text(format!(
                "{} {verb}: {listed}.",
                counted(units.len(), "unit")
            )))
        };
        let entered = list(&self.found().entered, "entered", 1);
        entered
            .into_iter()
            .chain(list(&self.found().left, "left", 0))
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
    let titles = View {
        language: view.language,
        ..View::default()
    };
    let about = &result.about;
    let names = result.found.units.iter().map(|(_, name)| name.to_string());
    let name = titles.text(&about.framework.title);
    let mut document = Document::new(format!(
        "{name}: {}",
        names.collect::<Vec<_>>().join(" and ")
    ));
    document.facts = vec![format!(
        "{} {}",
        about.framework.id, about.framework.version
    )];
    if !result.period.is_empty() {
        document.facts.push(format!("period {}", result.period));
    }
    let two = result.found.units.len() == 2;
    let mut columns = vec![Column::text("Part")];
    let ids = result.found.units.iter().map(|(id, _)| id.to_string());
    columns.extend(ids.map(Column::number));
    if two {
        columns.push(Column::number("Difference"));
        columns.push(Column::number("Adds above"));
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
        Some(Row::plain(side_cells(about, branch, found)))
    });
    let rows = rows.collect();
    document.blocks.push(Block::Table(Table { columns, rows }));
    if two {
        document.blocks.push(Block::Text(
            "What a part adds is its contribution to the first unit's score above it, less that to the second one’s: the parts \
             of a node sum to its difference."
                .to_owned(),
        ));
    }
    let own = result.found.nodes.iter().filter_map(|found| {
        let own = found.own.filter(|own| !is_none(*own))?;
        let shown = about.framework.range.show_difference(own);
        let digits = about.digits(found.node);
        Some(format!(
            "{}: {} of the difference is made after adding up, by a cap, rounding or rescaling.",
            title(about, found.node, titles),
            signed(shown, false, digits)
        ))
    });
    document.blocks.extend(own.map(Block::Note));
    document
}

fn side_cells(about: &About, branch: Cell, found: &SideNode) -> Vec<Cell> {
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
                Cell::text(signed(shown, is_none(difference), digits))
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
