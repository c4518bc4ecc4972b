//! How far a ranking can be trusted, as a page: in sentences first, then table by table.

use crate::analysis::robustness::{
    Benefit, Dominance, Drivers, Estimate, Freedom, Output, Removal, Removals, Sensitivity,
    Stability, Uncertainty, UnitSpread,
};
use crate::framework::{Digits, Framework, NodeIx, RoundingMode, TOLERANCE};
use crate::report::document::{Block, Cell, Column, Document, Row, Table};
use crate::report::number::{fixed, shortest};
use crate::report::robustness::RobustnessResult;
use crate::report::words::{Words, collation};

use super::scores::{View, title};

/// How many nodes are shown whose removal moves most.
const MOST_REMOVALS: usize = 10;

/// In how many of the draws an order holds that is called sure.
const SURE: f64 = 0.95;

/// How many of the resamples lie between the ends of a Sobol index.
const RESAMPLED: f64 = 0.9;

/// The page.
pub fn robustness(result: &RobustnessResult, language: Option<&str>) -> Document {
    let view = View {
        language,
        ..View::default()
    };
    let words = view.words();
    let page = Page {
        result,
        view,
        words: &words,
    };
    let name = view.text(&result.about.framework.title);
    let mut document = Document::new(words.fill("r.title", &[&name]));
    document.language = words.language();
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
    words: &'a Words,
}

fn digits(digits: u8) -> Digits {
    Digits {
        digits,
        mode: RoundingMode::HalfUp,
    }
}

fn unit(id: &str, name: &str) -> Cell {
    Cell::Named {
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

/// The rank next to what lies between two of them, as quantiles do: a whole one, or the half that two share.
fn nearest(rank: f64) -> f64 {
    let halves = rank * 2.0;
    if (halves - halves.round()).abs() < TOLERANCE {
        halves.round() / 2.0
    } else {
        rank.round()
    }
}

fn rank(rank: Option<f64>) -> Cell {
    rank.map_or(Cell::Missing, |rank| Cell::Rank { rank, tied: false })
}

impl Page<'_> {
    fn heading(&self, key: &str) -> Block {
        Block::Heading(self.words.get(key).to_owned())
    }

    fn text(&self, key: &str) -> Column {
        Column::text(self.words.get(key))
    }

    fn number(&self, key: &str) -> Column {
        Column::number(self.words.get(key))
    }

    /// The first two columns of whatever lists ranked units.
    fn ranked(&self) -> [Column; 2] {
        let unit = Column::text(self.view.unit(&self.result.about));
        [self.number("rank"), unit]
    }

    /// A rank as text: `4`, or `4.5` where ranks are shared.
    fn place(&self, rank: f64) -> String {
        self.words.language().decimal(shortest(nearest(rank)))
    }

    fn two(&self, value: f64) -> String {
        self.words.language().decimal(fixed(value, digits(2)))
    }

    /// A share in per cent with one decimal, without the sign.
    fn hundredths(&self, share: f64) -> String {
        let text = fixed(share * 100.0, digits(1));
        self.words.language().decimal(text)
    }

    fn facts(&self) -> Vec<String> {
        let result = self.result;
        let framework = &result.about.framework;
        let mut facts = vec![format!("{} {}", framework.id, framework.version)];
        if !result.period.is_empty() {
            let period = self.words.language().date(&result.period);
            facts.push(self.words.fill("fact.period", &[&period]));
        }
        if let Some(found) = &result.uncertainty {
            facts.push(self.words.counted("r.draws", found.draws));
            facts.push(self.words.fill("r.seed", &[&result.seed.to_string()]));
        }
        if !result.sources.is_empty() {
            let varied = varied(&result.sources, self.words);
            facts.push(self.words.fill("r.varied", &[&varied]));
        }
        facts
    }

    /// What an auditor would say first.
    fn sentences(&self, found: &Uncertainty) -> Vec<String> {
        let words = self.words;
        let held = words.percent(self.result.held());
        let [low, _, high] = found.shift.map(|shift| self.two(shift));
        let mean = self.two(found.mean_shift);
        let mut sentences = vec![words.fill("r.shift", &[&mean, &low, &high, &held])];
        let ranked: Vec<&UnitSpread> = found
            .units
            .iter()
            .filter(|unit| unit.rank.is_some())
            .collect();
        if let Some(first) = ranked.first() {
            let share = first.acceptability.iter().find(|(rank, _)| *rank < 1.25);
            let share = words.percent(share.map_or(0.0, |(_, share)| *share));
            sentences.push(words.fill("r.first", &[&first.name, &share]));
        }
        let neighbours: Vec<f64> = ranked.iter().filter_map(|unit| unit.above_next).collect();
        let sure = neighbours.iter().filter(|share| **share >= SURE).count();
        sentences.push(words.counted_with(
            "r.neighbours",
            neighbours.len(),
            &[&sure.to_string(), &words.percent(SURE)],
        ));
        let gone = found.units.iter().filter(|unit| unit.scored < 1.0).count();
        if gone > 0 {
            sentences.push(words.counted("r.gone", gone));
        }
        sentences
    }

    fn units(&self, found: &Uncertainty) -> Table {
        let about = &self.result.about;
        let held = self.words.percent(self.result.held());
        let levels = found.units.iter().any(|unit| !unit.levels.is_empty());
        let mut columns = Vec::from(self.ranked());
        columns.extend([
            Column::number(self.words.fill("r.ranks-in", &[&held]))
                .short(self.words.get("r.ranks")),
            self.number("r.median").expendable(3),
            Column::number(title(about, Framework::INDEX, self.view)),
            Column::number(self.words.fill("r.scores-in", &[&held]))
                .short(self.words.get("r.scores"))
                .expendable(1),
        ]);
        if levels {
            columns.push(self.number("r.same-level").expendable(2));
        }
        columns.push(
            self.number("r.above-mean")
                .short(self.words.get("r.above-mean.short"))
                .expendable(2),
        );
        columns.push(
            self.number("r.before-next")
                .short(self.words.get("r.before-next.short"))
                .expendable(2),
        );
        if let Some(peer) = &self.result.peer {
            columns.push(Column::number(self.words.fill("r.before", &[peer])));
        }
        let shown = |score: f64| about.shown(Framework::INDEX, score);
        let row = |found: &UnitSpread| {
            let mut cells = vec![
                rank(found.rank),
                unit(&found.id, &found.name),
                found.ranks.map_or(Cell::Missing, |[low, _, high]| {
                    Cell::text(if low < high {
                        self.words
                            .fill("from-to", &[&self.place(low), &self.place(high)])
                    } else {
                        self.place(low)
                    })
                }),
                found.ranks.map_or(Cell::Missing, |[_, median, _]| {
                    Cell::text(self.place(median))
                }),
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
        let mut units: Vec<&UnitSpread> = found.units.iter().collect();
        // Ranked ones come in their order, the others by name below them.
        units.sort_by_cached_key(|unit| match unit.rank {
            Some(_) => (false, None),
            None => (true, Some(collation(&unit.name))),
        });
        Table {
            columns,
            rows: units.into_iter().map(row).collect(),
        }
    }

    fn drivers(&self, found: &Sensitivity) -> Vec<Block> {
        let mut blocks = vec![self.heading("r.drives")];
        for drivers in &found.outputs {
            let output = output(&drivers.output, self.words);
            blocks.push(Block::Text(self.words.fill("r.variance", &[&output])));
            blocks.push(Block::Table(self.shares(drivers)));
        }
        let held = self.words.percent(RESAMPLED);
        let sobol = self.words.counted_with("r.sobol", found.runs, &[&held]);
        blocks.push(Block::Note(sobol));
        blocks
    }

    fn shares(&self, drivers: &Drivers) -> Table {
        let columns = vec![
            self.text("r.source"),
            self.number("r.alone"),
            self.number("r.ends").expendable(1),
            self.number("r.with-others"),
            self.number("r.ends").expendable(1),
            Column::text("").expendable(2),
        ];
        let number = |value: f64| Cell::number(Some(value), digits(2));
        let span = |estimate: Estimate| Cell::Span {
            low: estimate.low,
            high: estimate.high,
            digits: digits(2),
        };
        let row = |((word, _), indices): (&(String, String), &Option<_>)| {
            let word = Cell::text(source(word, self.words));
            let cells = match indices {
                None => vec![
                    word,
                    Cell::Missing,
                    Cell::Empty,
                    Cell::Missing,
                    Cell::Empty,
                    Cell::Empty,
                ],
                Some(crate::analysis::robustness::Indices { first, total }) => vec![
                    word,
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
            self.text("r.left-out"),
            self.number("weight").expendable(1),
            self.number("r.move-by").short(self.words.get("r.ranks")),
            self.text("r.mover"),
            self.text("r.first-place").expendable(1),
        ];
        let row = |found: &&Removal| {
            let mover = found.mover.as_ref().map_or(Cell::Empty, |mover| {
                Cell::text(format!(
                    "{} ({} → {})",
                    mover.name,
                    self.place(mover.from),
                    self.place(mover.to)
                ))
            });
            Row::plain(vec![
                self.node(found.node),
                Cell::Share(found.weight),
                Cell::number(Some(found.mean_shift), digits(2)),
                mover,
                Cell::text(if found.new_leader {
                    self.words.get("r.changes")
                } else {
                    self.words.get("r.stays")
                }),
            ])
        };
        let mut blocks = vec![
            self.heading("r.hangs"),
            Block::Table(Table {
                columns,
                rows: nodes.iter().take(MOST_REMOVALS).map(row).collect(),
            }),
        ];
        if nodes.len() > MOST_REMOVALS {
            let rest = nodes.len() - MOST_REMOVALS;
            blocks.push(Block::Note(self.words.counted("r.rest", rest)));
        }
        blocks
    }

    fn stability(&self, found: &[Stability]) -> Vec<Block> {
        let columns = vec![
            self.text("r.weight-of"),
            self.number("r.share"),
            self.number("r.same-first"),
            self.number("r.same-ranking").expendable(1),
        ];
        let span = |(low, high): (f64, f64)| {
            let ends = [self.hundredths(low), self.hundredths(high)];
            Cell::text(self.words.fill("r.from-to", &[&ends[0], &ends[1]]))
        };
        let row = |found: &Stability| {
            Row::plain(vec![
                self.node(found.node),
                Cell::text(
                    self.words
                        .fill("r.percent", &[&self.hundredths(found.share)]),
                ),
                span(found.leader),
                span(found.order),
            ])
        };
        vec![
            self.heading("r.one-weight"),
            Block::Table(Table {
                columns,
                rows: found.iter().map(row).collect(),
            }),
            Block::Note(self.words.get("r.siblings").to_owned()),
        ]
    }

    fn dominance(&self, found: &Dominance) -> Vec<Block> {
        let [decided, pairs] = [found.decided, found.pairs].map(|count| count.to_string());
        let stays = match found.freedom {
            Freedom::Any => self.words.fill("r.stays-any", &[&decided, &pairs]),
            Freedom::Within(factor) => {
                let factor = self.words.percent(factor);
                self.words
                    .fill("r.stays-within", &[&decided, &pairs, &factor])
            }
        };
        let mut columns = Vec::from(self.ranked());
        columns.extend([
            self.number("r.best"),
            self.number("r.worst"),
            self.number("r.always-before").expendable(1),
        ]);
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
            self.heading("r.dominance"),
            Block::Text(stays),
            Block::Table(Table {
                columns,
                rows: rows.collect(),
            }),
        ];
        if !found.exact {
            blocks.push(Block::Note(self.words.get("r.caution").to_owned()));
        }
        blocks
    }

    fn benefit(&self, found: &Benefit) -> Vec<Block> {
        let mut columns = Vec::from(self.ranked());
        columns.push(self.number("score"));
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
            self.heading("r.favourable"),
            Block::Text(self.words.get("r.favourable.rule").to_owned()),
            Block::Table(Table {
                columns,
                rows: rows.collect(),
            }),
        ]
    }
}

/// An output, in words.
pub(crate) fn output(output: &Output, words: &Words) -> String {
    match output {
        Output::MeanShift => words.get("r.out.shift").to_owned(),
        Output::Rank(id) => words.fill("r.out.rank", &[id]),
        Output::Score(id) => words.fill("r.out.score", &[id]),
    }
}

/// What a source of uncertainty is called.
pub(crate) fn source(word: &str, words: &Words) -> String {
    let known = words.find(&format!("r.s.{word}"));
    known.unwrap_or(word).to_owned()
}

/// What varies, in words: `weights 25%, aggregation mean geometric`.
fn varied(sources: &[(String, String)], words: &Words) -> String {
    let told = sources.iter().map(|(word, values)| {
        let name = source(word, words);
        let values = values.split(' ').filter(|value| !value.is_empty());
        let values: Vec<String> = values.map(|own| alternative(word, own, words)).collect();
        if values.is_empty() {
            return name;
        }
        let values = values.join(words.get("r.source.and"));
        words.fill("r.source.of", &[&name, &values])
    });
    told.collect::<Vec<_>>().join(", ")
}

/// A value of a source as it was given: a word of the method with its number, a number, or what the framework calls so.
fn alternative(source: &str, text: &str, words: &Words) -> String {
    let number = |text: &str| match text.strip_suffix('%') {
        Some(number) => words.fill("r.percent", &[&words.language().decimal(number.to_owned())]),
        None if text.parse::<f64>().is_ok() => words.language().decimal(text.to_owned()),
        None => text.to_owned(),
    };
    let named = |word: &str| {
        let key = |word: &str| format!("r.o.{source}.{word}");
        let tier = || words.find(&key(word.trim_end_matches('s')));
        words.find(&key(word)).or_else(tier).map(str::to_owned)
    };
    match text.split_once(':') {
        Some((word, value)) => {
            let word = named(word).unwrap_or_else(|| word.to_owned());
            let value = named(value).unwrap_or_else(|| number(value));
            words.fill("r.option", &[&word, &value])
        }
        None => named(text).unwrap_or_else(|| number(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn what_lies_between_two_ranks_is_told_as_one_of_them() {
        let told = [1.0, 4.5, 5.9, 9.333].map(|rank| nearest(rank).to_string());
        assert_eq!(told, ["1", "4.5", "6", "9"]);
    }
}
