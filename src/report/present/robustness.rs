//! How far a ranking can be trusted, as a page: in sentences first, then table by table.

use crate::analysis::robustness::{
    Benefit, Dominance, Drivers, Estimate, Freedom, Output, Removal, Removals, Sensitivity,
    Stability, Uncertainty, UnitSpread,
};
use crate::framework::{Digits, Framework, NodeIx, RoundingMode};
use crate::report::document::{Block, Cell, Column, Document, Row, Table};
use crate::report::number::{fixed, percent, shortest};
use crate::report::robustness::RobustnessResult;

use super::scores::{View, counted, title};

/// How many nodes are shown whose removal moves most.
const MOST_REMOVALS: usize = 10;

/// The page.
pub fn robustness(result: &RobustnessResult, language: Option<&str>) -> Document {
    let view = View {
        language,
        ..View::default()
    };
    let page = Page { result, view };
    let name = view.text(&result.about.framework.title);
    let mut document = Document::new(format!("How far the ranking holds: {name}"));
    document.facts = page.facts();
    let blocks = &mut document.blocks;
    if let Some(found) = &result.uncertainty {
        blocks.extend(page.sentences(found).into_iter().map(Block::Text));
        blocks.push(Block::Table(page.units(found)));
    }
    if let Some(found) = &result.sensitivity {
        blocks.extend(page.drivers(found));
    }
    if let Some(found) = &result.removals {
        blocks.extend(page.removals(found));
    }
    if let Some(found) = &result.stability {
        blocks.extend(page.stability(found));
    }
    if let Some(found) = &result.dominance {
        blocks.extend(page.dominance(found));
    }
    if let Some(found) = &result.benefit {
        blocks.extend(page.benefit(found));
    }
    document
}

struct Page<'a> {
    result: &'a RobustnessResult,
    view: View<'a>,
}

fn digits(digits: u8) -> Digits {
    Digits {
        digits,
        mode: RoundingMode::HalfUp,
    }
}

fn heading(text: &str) -> Block {
    Block::Heading(text.to_owned())
}

fn unit(id: &str, name: &str) -> Cell {
    Cell::Named {
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

fn rank(rank: Option<f64>) -> Cell {
    rank.map_or(Cell::Missing, |rank| Cell::Rank { rank, tied: false })
}

/// A rank as text: `4` or `4.5`.
fn place(rank: f64) -> String {
    shortest((rank * 10.0).round() / 10.0)
}

impl Page<'_> {
    fn facts(&self) -> Vec<String> {
        let result = self.result;
        let framework = &result.about.framework;
        let mut facts = vec![format!("{} {}", framework.id, framework.version)];
        if !result.period.is_empty() {
            facts.push(format!("period {}", result.period));
        }
        if let Some(found) = &result.uncertainty {
            facts.push(counted(found.draws, "draw"));
            facts.push(format!("seed {}", result.seed));
        }
        if !result.sources.is_empty() {
            facts.push(format!("varied: {}", result.varied()));
        }
        facts
    }

    /// What an auditor would say first.
    fn sentences(&self, found: &Uncertainty) -> Vec<String> {
        let held = self.result.held();
        let [low, _, high] = found.shift.map(|shift| fixed(shift, digits(2)));
        let mut sentences = vec![format!(
            "Ranks move by {} places on average ({low} to {high} in {held} of the draws).",
            fixed(found.mean_shift, digits(2))
        )];
        let ranked: Vec<&UnitSpread> = found
            .units
            .iter()
            .filter(|unit| unit.rank.is_some())
            .collect();
        if let Some(first) = ranked.first() {
            let share = first.acceptability.iter().find(|(rank, _)| *rank < 1.25);
            let share = share.map_or(0.0, |(_, share)| *share);
            sentences.push(format!(
                "{} is first in {} of the draws.",
                first.name,
                percent(share)
            ));
        }
        let neighbours: Vec<f64> = ranked.iter().filter_map(|unit| unit.above_next).collect();
        let sure = neighbours.iter().filter(|share| **share >= 0.95).count();
        sentences.push(format!(
            "Of {} neighbouring {}, the order of {sure} holds in at least 95% of the draws.",
            neighbours.len(),
            if neighbours.len() == 1 {
                "pair"
            } else {
                "pairs"
            }
        ));
        let gone = found.units.iter().filter(|unit| unit.scored < 1.0).count();
        if gone > 0 {
            sentences.push(format!(
                "{} without a score in some of the draws.",
                be(gone, "unit")
            ));
        }
        sentences
    }

    fn units(&self, found: &Uncertainty) -> Table {
        let about = &self.result.about;
        let held = self.result.held();
        let levels = found.units.iter().any(|unit| !unit.levels.is_empty());
        let mut columns = vec![
            Column::number("Rank"),
            Column::text(super::scores::capitalised(
                &self.view.text(&about.framework.unit),
            )),
            Column::number(format!("Ranks in {held}")).short("Ranks"),
            Column::number("Median").expendable(3),
            Column::number(title(about, Framework::INDEX, self.view)),
            Column::number(format!("Scores in {held}"))
                .short("Scores")
                .expendable(1),
        ];
        if levels {
            columns.push(Column::number("Same level").expendable(2));
        }
        columns.push(
            Column::number("Above the mean")
                .short("> mean")
                .expendable(2),
        );
        columns.push(
            Column::number("Before the next")
                .short("> next")
                .expendable(2),
        );
        if let Some(peer) = &self.result.peer {
            columns.push(Column::number(format!("Before {peer}")));
        }
        let shown = |score: f64| about.shown(Framework::INDEX, score);
        let row = |found: &UnitSpread| {
            let mut cells = vec![
                rank(found.rank),
                unit(&found.id, &found.name),
                found.ranks.map_or(Cell::Missing, |[low, _, high]| {
                    Cell::text(if low < high {
                        format!("{}–{}", place(low), place(high))
                    } else {
                        place(low)
                    })
                }),
                found
                    .ranks
                    .map_or(Cell::Missing, |[_, median, _]| Cell::text(place(median))),
                Cell::number(found.score.map(shown), about.digits(Framework::INDEX)),
                found
                    .scores
                    .map_or(Cell::Missing, |[low, _, high]| Cell::Span {
                        low: shown(low).min(shown(high)),
                        high: shown(low).max(shown(high)),
                        digits: about.digits(Framework::INDEX),
                    }),
            ];
            if levels {
                let most = found.levels.iter().copied().fold(0.0, f64::max);
                cells.push(Cell::Share(most));
            }
            cells.push(Cell::Share(found.above_mean));
            cells.push(found.above_next.map_or(Cell::Empty, Cell::Share));
            if self.result.peer.is_some() {
                cells.push(found.above_peer.map_or(Cell::Empty, Cell::Share));
            }
            Row::plain(cells)
        };
        Table {
            columns,
            rows: found.units.iter().map(row).collect(),
        }
    }

    fn drivers(&self, found: &Sensitivity) -> Vec<Block> {
        let mut blocks = vec![heading("What drives it")];
        for drivers in &found.outputs {
            blocks.push(Block::Text(format!(
                "Share of the variance of {} that each source stands for: alone, and together with others.",
                output(&drivers.output)
            )));
            blocks.push(Block::Table(self.shares(drivers)));
        }
        let runs = counted(found.runs, "run");
        blocks.push(Block::Note(format!(
            "First-order and total Sobol indices from {runs}; intervals hold 90% of the resamples."
        )));
        blocks
    }

    fn shares(&self, drivers: &Drivers) -> Table {
        let columns = vec![
            Column::text("Source"),
            Column::number("Alone"),
            Column::number("5–95%").expendable(1),
            Column::number("With others"),
            Column::number("5–95%").expendable(1),
            Column::text("").expendable(2),
        ];
        let number = |value: f64| Cell::number(Some(value), digits(2));
        let span = |estimate: Estimate| Cell::Span {
            low: estimate.low,
            high: estimate.high,
            digits: digits(2),
        };
        let row = |((word, _), indices): (&(String, String), &Option<_>)| {
            let cells = match indices {
                None => vec![
                    Cell::text(word.clone()),
                    Cell::Missing,
                    Cell::Empty,
                    Cell::Missing,
                    Cell::Empty,
                    Cell::Empty,
                ],
                Some(crate::analysis::robustness::Indices { first, total }) => vec![
                    Cell::text(word.clone()),
                    number(first.value),
                    span(*first),
                    number(total.value),
                    span(*total),
                    Cell::Bar(total.value),
                ],
            };
            Row::plain(cells)
        };
        Table {
            columns,
            rows: self
                .result
                .sources
                .iter()
                .zip(&drivers.indices)
                .map(row)
                .collect(),
        }
    }

    fn node(&self, node: NodeIx) -> Cell {
        let about = &self.result.about;
        Cell::Named {
            id: about.nodes[node.0].id.clone(),
            name: title(about, node, self.view),
        }
    }

    fn removals(&self, found: &Removals) -> Vec<Block> {
        let mut nodes: Vec<&Removal> = found.nodes.iter().collect();
        nodes.sort_by(|a, b| b.mean_shift.total_cmp(&a.mean_shift));
        let columns = vec![
            Column::text("Left out"),
            Column::number("Weight").expendable(1),
            Column::number("Ranks move by").short("Ranks"),
            Column::text("Who moves most"),
            Column::text("First place").expendable(1),
        ];
        let row = |found: &&Removal| {
            let mover = found.mover.as_ref().map_or(Cell::Empty, |mover| {
                Cell::text(format!(
                    "{} ({} → {})",
                    mover.name,
                    place(mover.from),
                    place(mover.to)
                ))
            });
            Row::plain(vec![
                self.node(found.node),
                Cell::Share(found.weight),
                Cell::number(Some(found.mean_shift), digits(2)),
                mover,
                Cell::text(if found.new_leader { "changes" } else { "stays" }),
            ])
        };
        let mut blocks = vec![
            heading("What it hangs on"),
            Block::Table(Table {
                columns,
                rows: nodes.iter().take(MOST_REMOVALS).map(row).collect(),
            }),
        ];
        if nodes.len() > MOST_REMOVALS {
            let rest = counted(nodes.len() - MOST_REMOVALS, "part");
            blocks.push(Block::Note(format!(
                "{rest} more, each moving ranks by less."
            )));
        }
        blocks
    }

    fn stability(&self, found: &[Stability]) -> Vec<Block> {
        let columns = vec![
            Column::text("Weight of"),
            Column::number("Share"),
            Column::number("Same first place"),
            Column::number("Same ranking").expendable(1),
        ];
        let span = |(low, high): (f64, f64)| {
            Cell::text(format!(
                "{}–{}%",
                fixed(low * 100.0, digits(1)),
                fixed(high * 100.0, digits(1))
            ))
        };
        let row = |found: &Stability| {
            Row::plain(vec![
                self.node(found.node),
                Cell::text(format!("{}%", fixed(found.share * 100.0, digits(1)))),
                span(found.leader),
                span(found.order),
            ])
        };
        vec![
            heading("How far one weight may move"),
            Block::Table(Table {
                columns,
                rows: found.iter().map(row).collect(),
            }),
            Block::Note("The siblings of a weight that moves keep their proportions.".to_owned()),
        ]
    }

    fn dominance(&self, found: &Dominance) -> Vec<Block> {
        let freedom = match found.freedom {
            Freedom::Any => "whatever the weights".to_owned(),
            Freedom::Within(factor) => {
                format!("with every weight up to {} more or less", percent(factor))
            }
        };
        let columns = vec![
            Column::number("Rank"),
            Column::text(super::scores::capitalised(
                &self.view.text(&self.result.about.framework.unit),
            )),
            Column::number("Best"),
            Column::number("Worst"),
            Column::number("Always before").expendable(1),
        ];
        let rows = found.units.iter().map(|place| {
            Row::plain(vec![
                rank(Some(place.rank)),
                unit(&place.id, &place.name),
                Cell::text(place.best.to_string()),
                Cell::text(place.worst.to_string()),
                Cell::text(place.before.len().to_string()),
            ])
        });
        let mut blocks = vec![
            heading("What no weights can turn round"),
            Block::Text(format!(
                "The order of {} of {} pairs stays {freedom}.",
                found.decided, found.pairs
            )),
            Block::Table(Table {
                columns,
                rows: rows.collect(),
            }),
        ];
        if !found.exact {
            blocks.push(Block::Note(
                "Some pairs were judged with caution: more of them may be decided.".to_owned(),
            ));
        }
        blocks
    }

    fn benefit(&self, found: &Benefit) -> Vec<Block> {
        let mut columns = vec![
            Column::number("Rank"),
            Column::text(super::scores::capitalised(
                &self.view.text(&self.result.about.framework.unit),
            )),
            Column::number("Score"),
        ];
        let parts = found.parts.iter();
        columns.extend(
            parts.map(|part| {
                Column::number(title(&self.result.about, *part, self.view)).expendable(1)
            }),
        );
        let rows = found.units.iter().map(|favoured| {
            let mut cells = vec![
                rank(Some(favoured.rank)),
                unit(&favoured.id, &favoured.name),
                Cell::number(favoured.score, digits(3)),
            ];
            let shares = (0..found.parts.len()).map(|part| favoured.shares.get(part));
            cells
                .extend(shares.map(|share| share.map_or(Cell::Empty, |share| Cell::Share(*share))));
            Row::plain(cells)
        });
        vec![
            heading("Under the most favourable weights"),
            Block::Text(
                "1: nobody is better under the weights that favour this unit most; then what each part stands for."
                    .to_owned(),
            ),
            Block::Table(Table {
                columns,
                rows: rows.collect(),
            }),
        ]
    }
}

/// `1 unit is`, `2 units are`.
fn be(count: usize, what: &str) -> String {
    format!(
        "{} {}",
        counted(count, what),
        if count == 1 { "is" } else { "are" }
    )
}

/// An output, in words.
pub(crate) fn output(output: &Output) -> String {
    match output {
        Output::MeanShift => "the mean shift of ranks".to_owned(),
        Output::Rank(id) => format!("the rank of {id}"),
        Output::Score(id) => format!("the score of {id}"),
    }
}
