//! What would raise a score as a page: steps with what each gains, how to take them and who has, or the scores that changed
//! answers would give.

use crate::analysis::improve::{Aim, Now, Peer, Proof, Route, Step, Steps, Target, WhatIf};
use crate::framework::{Better, Digits, Framework, NodeIx};
use crate::report::document::{Block, Cell, Column, Document, Row, Table};
use crate::report::improve::{Found, ImproveResult};
use crate::responses::{Answer, bits_of};

use super::reasons::{Words, answer_text};

/// How many peers are named for a step.
const MOST_PEERS: usize = 3;

/// The page of what would raise a score.
pub fn improvement(result: &ImproveResult<'_>, language: Option<&str>) -> Document {
    let page = Page {
        result,
        words: Words {
            framework: result.framework,
            language,
        },
    };
    match result.found {
        Found::Steps(steps) => page.steps(steps),
        Found::Route { route, by_effort } => page.route(route, by_effort),
        Found::WhatIf { changes, outcome } => page.what_if(changes, outcome),
    }
}

struct Page<'a> {
    result: &'a ImproveResult<'a>,
    words: Words<'a>,
}

impl Page<'_> {
    fn document(&self, key: &str) -> Document {
        let observation = self.result.observation();
        let name = if observation.name == observation.unit {
            observation.unit.to_string()
        } else {
            format!("{} ({})", observation.name, observation.unit)
        };
        let framework = self.result.framework;
        let title = self.words.fill("e.title", &[&self.words.get(key), &name]);
        let mut document = Document::new(title);
        document.language = self.words.spoken();
        let stated = format!("{} {}", framework.id, framework.version);
        document.facts.push(stated);
        let period = self.result.period();
        document.facts.extend(period.map(|period| {
            let date = self.words.spoken().date(period);
            self.words.fill("fact.period", &[&date])
        }));
        document
    }

    fn text(&self, key: &str) -> Column {
        Column::text(self.words.get(key))
    }

    fn number(&self, key: &str) -> Column {
        Column::number(self.words.get(key))
    }

    fn heading(&self, key: &str) -> Block {
        Block::Heading(self.words.get(key))
    }

    fn shown(&self, cell: &Cell) -> String {
        cell.shown(self.words.spoken())
    }

    /// The ids of nodes, one after the other.
    fn codes(&self, nodes: &[NodeIx]) -> String {
        let codes: Vec<String> = nodes.iter().map(|node| self.words.code(*node)).collect();
        codes.join(", ")
    }

    /// A number without the last bits of a sum.
    fn rounded(&self, value: f64) -> String {
        self.words.shortest((value * 1e9).round() / 1e9)
    }

    fn digits(&self, node: NodeIx) -> Digits {
        let stated = self.words.framework.node(node).rounding;
        stated.unwrap_or(self.words.framework.rounding.digits)
    }

    fn score(&self, node: NodeIx, score: Option<f64>) -> Cell {
        let range = self.words.framework.range;
        Cell::number(score.map(|score| range.show(score)), self.digits(node))
    }

    /// Points of a score, one digit finer than scores are shown.
    fn points(&self, points: Option<f64>) -> Cell {
        let framework = self.words.framework;
        let shown = framework.rounding.digits;
        let digits = Digits {
            digits: (shown.digits + 1).min(9),
            ..shown
        };
        Cell::number(
            points.map(|points| framework.range.show_difference(points) + 0.0),
            digits,
        )
    }

    fn level(&self, node: NodeIx, level: Option<usize>) -> Cell {
        let levels = self.words.framework.levels_of(node);
        match (level, levels) {
            (Some(position), Some(levels)) => Cell::Level {
                title: levels.bands[position]
                    .title
                    .in_language(self.words.language)
                    .to_owned(),
                above: self
                    .words
                    .framework
                    .better
                    .worse_levels(position, levels.bands.len()),
                of: levels.bands.len(),
            },
            (None, Some(_)) => Cell::Missing,
            (_, None) => Cell::Empty,
        }
    }

    fn now(&self, step: &Step) -> String {
        match step.now {
            _ if step.closed => self.words.get("i.not-asked"),
            Now::Answer(answer) => answer_text(&self.words, step.node, answer),
            Now::Mixed(value) => {
                let value = self.words.shortest((value * 1e4).round() / 1e4);
                self.words.fill("i.mixed", &[&value])
            }
        }
    }

    /// The better answer: of a multiple choice what it adds.
    fn to(&self, step: &Step) -> String {
        let answer = answer_text(&self.words, step.node, step.to);
        match step.aim {
            Aim::Options(added) if added > 0 => {
                let kept =
                    matches!(step.now, Now::Answer(Answer::Given(bits)) if bits_of(bits) > 0);
                let added = answer_text(&self.words, step.node, Answer::Given(added as f64));
                if kept && !step.closed {
                    self.words.fill("i.also", &[&added])
                } else {
                    added
                }
            }
            Aim::Option | Aim::Options(_) => answer,
            Aim::Band => self.words.fill("i.to-band", &[&answer]),
            Aim::PeersMedian => self.words.fill("i.to-half", &[&answer]),
            Aim::PeersQuarter => self.words.fill("i.to-quarter", &[&answer]),
            Aim::PeersBest => self.words.fill("i.to-best", &[&answer]),
            Aim::Goal => self.words.fill("i.to-goal", &[&answer]),
        }
    }

    fn named(&self, step: &Step) -> String {
        let keys = step.row.iter().map(AsRef::as_ref);
        std::iter::once(self.words.title(step.node).as_str())
            .chain(keys)
            .collect::<Vec<&str>>()
            .join(" / ")
    }

    fn steps(&self, found: &Steps) -> Document {
        let title = self.words.title(found.node);
        let mut document = self.document("i.steps");
        let score = self.score(found.node, found.score);
        let score = self.shown(&score);
        document.facts.push(format!("{title} {score}"));
        let gaining: Vec<&Step> = found.steps.iter().filter(|step| step.gains()).collect();
        if gaining.is_empty() {
            document.blocks.push(Block::Text(self.words.get("i.none")));
            return document;
        }
        let most = gaining.iter().any(|step| step.best != step.to);
        let mut columns = vec![
            Column::number(self.words.fill("i.gain-of", &[&title])).short(self.words.get("i.gain")),
            self.text("indicator"),
            self.text("e.question").expendable(1),
            self.text("i.now"),
            self.text("i.next"),
        ];
        if most {
            columns.push(self.number("i.most").short(self.words.get("i.most.short")));
        }
        let rows = gaining.iter().map(|step| {
            let mut cells = vec![
                self.points(step.gain),
                Cell::Text(self.words.code(step.node)),
                Cell::Text(self.named(step)),
                Cell::Text(self.now(step)),
                Cell::Text(self.to(step)),
            ];
            if most {
                cells.push(self.points(step.most));
            }
            Row::plain(cells)
        });
        document.blocks.push(Block::Table(Table {
            columns,
            rows: rows.collect(),
        }));
        let more = found.gaining.saturating_sub(gaining.len());
        if more > 0 {
            let text = self.words.counted("i.more", more);
            document.blocks.push(Block::Note(text));
        }
        document.blocks.extend(self.ways(&gaining));
        document
    }

    /// How to take steps, and who has taken them.
    fn ways(&self, steps: &[&Step]) -> Vec<Block> {
        let mut blocks = Vec::new();
        for step in steps {
            let mut sentences = Vec::new();
            let advice = self.words.framework.node(step.node).advice.as_ref();
            sentences
                .extend(advice.map(|advice| advice.in_language(self.words.language).to_owned()));
            if !step.opens.is_empty() {
                let codes = self.codes(&step.opens);
                sentences.push(self.words.fill("i.opens", &[&codes]));
            }
            if !step.closes.is_empty() {
                let codes = self.codes(&step.closes);
                sentences.push(self.words.fill("i.closes", &[&codes]));
            }
            if step.rows > 1 {
                sentences.push(self.words.counted("i.rows", step.rows));
            }
            sentences.extend(self.peers(&step.peers));
            if !sentences.is_empty() {
                let code = self.words.code(step.node);
                let text = self.words.fill("e.title", &[&code, &sentences.join(" ")]);
                blocks.push(Block::Text(text));
            }
        }
        if !blocks.is_empty() {
            blocks.insert(0, self.heading("i.how"));
        }
        blocks
    }

    fn target(&self, target: Target) -> String {
        let title = self.words.title(target.node());
        match target {
            Target::Score(_, score) => {
                let shown = self.words.framework.range.show(score);
                let shown = self.rounded(shown);
                match self.words.framework.better {
                    Better::Higher => self.words.fill("i.at-least", &[&title, &shown]),
                    Better::Lower => self.words.fill("i.at-most", &[&title, &shown]),
                }
            }
            Target::Level(node, level) => {
                let level = self.shown(&self.level(node, Some(level)));
                self.words.fill("i.at-level", &[&title, &level])
            }
        }
    }

    fn route(&self, route: &Route, by_effort: bool) -> Document {
        let node = route.target.node();
        let target = self.target(route.target);
        let mut document = self.document("i.route");
        document.facts.push(target.clone());
        let after = route.outcome.after.nodes[node.0].score[route.outcome.row];
        if !route.reached {
            let best = self.shown(&self.score(node, after));
            let said = match route.proof {
                Proof::Sums | Proof::Blocking => "i.no-route",
                Proof::Trying => "i.no-better",
                Proof::Nothing => "i.not-found",
            };
            let text = self.words.fill(said, &[&best]);
            document.blocks.push(Block::Text(text));
            return document;
        }
        if route.changes.is_empty() {
            document
                .blocks
                .push(Block::Text(self.words.get("i.reached")));
            return document;
        }
        document
            .blocks
            .push(Block::Text(self.size(route, by_effort)));
        let mut columns = vec![
            self.text("indicator"),
            self.text("e.question").expendable(1),
            self.text("i.now"),
            self.text("i.then"),
        ];
        if by_effort {
            columns.push(self.number("i.effort"));
        }
        columns.push(self.number("i.lost"));
        let rows = route.changes.iter().zip(&route.costs).map(|(step, cost)| {
            let mut cells = vec![
                Cell::Text(self.words.code(step.node)),
                Cell::Text(self.named(step)),
                Cell::Text(self.now(step)),
                Cell::Text(self.to(step)),
            ];
            if by_effort {
                cells.push(Cell::Text(self.words.shortest(*cost)));
            }
            cells.push(self.points(step.gain));
            Row::plain(cells)
        });
        document.blocks.push(Block::Table(Table {
            columns,
            rows: rows.collect(),
        }));
        document.blocks.extend(self.assumed(&route.outcome));
        document.blocks.push(self.heading("i.before-after"));
        document
            .blocks
            .push(Block::Table(self.before_and_after(&route.outcome, false)));
        let steps: Vec<&Step> = route.changes.iter().collect();
        document.blocks.extend(self.ways(&steps));
        document
    }

    /// What was taken for newly asked questions.
    fn assumed(&self, outcome: &WhatIf) -> Vec<Block> {
        let mut blocks = Vec::new();
        if !outcome.opened.is_empty() {
            let mut texts: Vec<String> = outcome
                .opened
                .iter()
                .map(|(node, answer)| {
                    let answer = answer_text(&self.words, *node, *answer);
                    format!("{} {answer}", self.words.code(*node))
                })
                .collect();
            texts.dedup();
            let text = self.words.fill("i.opened", &[&texts.join(", ")]);
            blocks.push(Block::Note(text));
        }
        if !outcome.closed.is_empty() {
            let codes = self.codes(&outcome.closed);
            blocks.push(Block::Note(self.words.fill("i.closed", &[&codes])));
        }
        blocks
    }

    fn what_if(&self, changes: &[(NodeIx, Answer)], outcome: &WhatIf) -> Document {
        let mut document = self.document("i.what-if");
        let rows = changes.iter().map(|(node, answer)| {
            Row::plain(vec![
                Cell::Text(self.words.code(*node)),
                Cell::Text(self.words.title(*node)),
                Cell::Text(self.given(*node)),
                Cell::Text(answer_text(&self.words, *node, *answer)),
            ])
        });
        document.blocks.push(Block::Table(Table {
            columns: vec![
                self.text("indicator"),
                self.text("e.question").expendable(1),
                self.text("i.now"),
                self.text("i.then"),
            ],
            rows: rows.collect(),
        }));
        document.blocks.extend(self.assumed(outcome));
        document
            .blocks
            .push(Block::Table(self.before_and_after(outcome, true)));
        document
    }

    /// What the unit answers now: the same in every row, or all that is said.
    fn given(&self, node: NodeIx) -> String {
        let responses = self.result.responses;
        let observation = self.result.observation();
        let mut indicators = self.words.framework.indicators();
        let question = indicators.position(|(ix, _, _)| ix == node);
        let rows = responses.rows.iter().enumerate().filter(|(_, row)| {
            row.period == observation.period && responses.units[row.unit].id == observation.unit
        });
        let mut texts: Vec<String> = Vec::new();
        for (line, _) in rows {
            let answer = question.map(|question| responses.answers[question].get(line));
            let text = answer.map(|answer| answer_text(&self.words, node, answer));
            texts.extend(text.filter(|text| !texts.contains(text)));
        }
        texts.join(", ")
    }

    /// Nodes whose score, level or rank changes; without indicators unless `leaves` are wanted.
    fn before_and_after(&self, outcome: &WhatIf, leaves: bool) -> Table {
        let (framework, row) = (self.words.framework, outcome.row);
        let ranked = framework.ranking.is_some();
        let levelled = framework
            .walk()
            .any(|(ix, _)| framework.levels_of(ix).is_some());
        let mut columns = vec![
            self.text("part"),
            self.number("i.before"),
            self.number("i.after"),
            self.number("difference"),
        ];
        if levelled {
            columns.push(self.text("i.level-before").expendable(2));
            columns.push(self.text("i.level-after"));
        }
        if ranked {
            columns.push(self.number("i.rank-before").expendable(1));
            columns.push(self.number("i.rank-after"));
        }
        let mut rows = Vec::new();
        for (ix, node) in framework.walk() {
            let (old, new) = (&self.result.before.nodes[ix.0], &outcome.after.nodes[ix.0]);
            let changes = old.score[row] != new.score[row]
                || old.level[row] != new.level[row]
                || old.rank[row] != new.rank[row];
            let is_leaf = node.indicator().is_some();
            if ix != Framework::INDEX && (!changes || is_leaf && !leaves) {
                continue;
            }
            let difference = old.score[row].zip(new.score[row]);
            let mut cells = vec![
                Cell::Branch {
                    depth: node.depth,
                    text: self.words.title(ix),
                },
                self.score(ix, old.score[row]),
                self.score(ix, new.score[row]),
                self.points(difference.map(|(old, new)| new - old)),
            ];
            if levelled {
                cells.push(self.level(ix, old.level[row]));
                cells.push(self.level(ix, new.level[row]));
            }
            if ranked {
                for rank in [old.rank[row], new.rank[row]] {
                    cells.push(rank.map_or(Cell::Missing, |rank| Cell::Rank { rank, tied: false }));
                }
            }
            rows.push(Row::plain(cells));
        }
        Table { columns, rows }
    }

    /// How many changes there are, and whether fewer could do.
    fn size(&self, route: &Route, by_effort: bool) -> String {
        let words = &self.words;
        let count = route.changes.len();
        let size = if by_effort {
            let effort = self.rounded(route.cost);
            words.counted_with("i.size-effort", count, &[&effort])
        } else {
            words.counted("i.size", count)
        };
        let proved = route.cost <= route.at_least + 1e-9;
        let least = self.rounded(route.at_least);
        let known = match (route.proof, proved, by_effort) {
            (_, true, false) => words.get("i.smallest"),
            (_, true, true) => words.get("i.least-effort"),
            (Proof::Nothing, false, _) => words.get("i.unproved"),
            (_, false, false) => words.fill("i.bound", &[&least]),
            (_, false, true) => words.fill("i.bound-effort", &[&least]),
        };
        format!("{size} {known}")
    }

    /// Who is there already, with the sources that they name.
    fn peers(&self, peers: &[Peer]) -> Option<String> {
        let named: Vec<String> = peers
            .iter()
            .take(MOST_PEERS)
            .map(|peer| match &peer.evidence {
                Some(evidence) => format!("{} ({evidence})", peer.name),
                None => peer.name.to_string(),
            })
            .collect();
        let more = peers.len().saturating_sub(MOST_PEERS);
        let listed = named.join(", ");
        match (named.len(), more) {
            (0, _) => None,
            (1, 0) => Some(self.words.fill("i.peer", &[&listed])),
            (_, 0) => Some(self.words.fill("i.peers", &[&listed])),
            (_, more) => Some(self.words.counted_with("i.peers-more", more, &[&listed])),
        }
    }
}
