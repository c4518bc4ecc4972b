//! Whether indicators measure together what they should, as a page: what to look at first, then table by table.

use crate::analysis::coherence::{Agreement, Described, Finding, Group, LEAST_ALPHA, Link};
use crate::framework::{Digits, NodeIx, RoundingMode};
use crate::report::coherence::CoherenceResult;
use crate::report::document::{Block, Cell, Column, Document, Row, Table};
use crate::report::number::{fixed, shortest};
use crate::report::words::Words;

use super::scores::{View, title};

/// The page.
pub fn coherence(result: &CoherenceResult, language: Option<&str>) -> Document {
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
    let mut document = Document::new(words.fill("c.title", &[&name]));
    document.language = words.language();
    document.facts = page.facts();
    document.blocks = page.findings();
    let tables = [
        ("c.links", page.links()),
        ("c.groups", page.groups()),
        ("c.importance", page.importance()),
        ("c.indicators", page.indicators()),
        ("c.agreement", page.agreement()),
    ];
    for (heading, table) in tables {
        if !table.rows.is_empty() {
            document
                .blocks
                .push(Block::Heading(words.get(heading).to_owned()));
            document.blocks.push(Block::Table(table));
        }
    }
    document
}

struct Page<'a> {
    result: &'a CoherenceResult,
    view: View<'a>,
    words: &'a Words,
}

fn digits(digits: u8) -> Digits {
    Digits {
        digits,
        mode: RoundingMode::HalfUp,
    }
}

fn two(value: Option<f64>) -> Cell {
    Cell::number(value, digits(2))
}

impl Page<'_> {
    fn facts(&self) -> Vec<String> {
        let framework = &self.result.about.framework;
        let mut facts = vec![format!("{} {}", framework.id, framework.version)];
        if !self.result.period.is_empty() {
            let period = self.words.language().date(&self.result.period);
            facts.push(self.words.fill("fact.period", &[&period]));
        }
        facts.push(self.words.counted("units", self.result.found.units));
        facts
    }

    fn text(&self, key: &str) -> Column {
        Column::text(self.words.get(key))
    }

    fn number(&self, key: &str) -> Column {
        Column::number(self.words.get(key))
    }

    fn short(&self, key: &str, short: &str) -> Column {
        self.number(key).short(self.words.get(short))
    }

    fn name(&self, node: NodeIx) -> String {
        title(&self.result.about, node, self.view)
    }

    fn node(&self, node: NodeIx) -> Cell {
        Cell::Named {
            id: self.result.about.nodes[node.0].id.clone(),
            name: self.name(node),
        }
    }

    fn findings(&self) -> Vec<Block> {
        let found = &self.result.found.findings;
        if found.is_empty() {
            return vec![Block::Text(self.words.get("c.nothing").to_owned())];
        }
        let sentences = found
            .iter()
            .map(|finding| Block::Text(self.sentence(finding)));
        sentences.collect()
    }

    /// What an auditor would say.
    #[allow(
        clippy::too_many_lines,
        reason = "one sentence a finding, nothing else"
    )]
    fn sentence(&self, finding: &Finding) -> String {
        let words = self.words;
        let id = |node: &NodeIx| format!("`{}`", self.result.about.nodes[node.0].id);
        let number = |value: f64| words.language().decimal(fixed(value, digits(2)));
        match finding {
            Finding::WrongWay {
                node,
                parent,
                correlation,
            } => words.fill(
                "c.f.wrong-way",
                &[&id(node), &id(parent), &number(*correlation)],
            ),
            Finding::Weak {
                node,
                parent,
                correlation,
            } => words.fill("c.f.weak", &[&id(node), &id(parent), &number(*correlation)]),
            Finding::Against {
                one,
                other,
                correlation,
            } => words.fill(
                "c.f.against",
                &[&id(one), &id(other), &number(*correlation)],
            ),
            Finding::Twice {
                one,
                other,
                correlation,
            } => words.fill("c.f.twice", &[&id(one), &id(other), &number(*correlation)]),
            Finding::Elsewhere { node, parent, home } => {
                words.fill("c.f.elsewhere", &[&id(node), &id(home), &id(parent)])
            }
            Finding::Loose {
                node,
                alpha,
                without,
            } => {
                let better = without.as_ref().map_or_else(String::new, |(part, alpha)| {
                    words.fill("c.f.without", &[&id(part), &number(*alpha)])
                });
                let least = words.language().decimal(shortest(LEAST_ALPHA));
                words.fill("c.f.loose", &[&id(node), &number(*alpha), &least, &better])
            }
            Finding::Several { node, count, apart } => {
                let apart: Vec<String> = apart.iter().map(id).collect();
                let apart = if apart.is_empty() {
                    String::new()
                } else {
                    words.fill("c.f.apart", &[&apart.join(", ")])
                };
                words.fill("c.f.several", &[&id(node), &count.to_string(), &apart])
            }
            Finding::Misweighted {
                node,
                weight,
                share,
            } => words.fill(
                "c.f.misweighted",
                &[&id(node), &words.percent(*share), &words.percent(*weight)],
            ),
            Finding::Thin { node, coverage } => {
                words.fill("c.f.thin", &[&id(node), &words.percent(*coverage)])
            }
            Finding::Crowded { node, share, top } => {
                let key = if *top {
                    "c.f.crowded-top"
                } else {
                    "c.f.crowded-bottom"
                };
                words.fill(key, &[&id(node), &words.percent(*share)])
            }
            Finding::Constant { node } => words.fill("c.f.constant", &[&id(node)]),
            Finding::Disagreement {
                node: Some(node),
                alpha,
            } => words.fill("c.f.disagreement", &[&id(node), &number(*alpha)]),
            Finding::Disagreement { node: None, alpha } => {
                words.fill("c.f.disagreement-all", &[&number(*alpha)])
            }
        }
    }

    fn links(&self) -> Table {
        let columns = vec![
            self.text("part"),
            self.text("c.of"),
            self.short("c.with-it", "c.with-it.short"),
            self.number("c.spearman").expendable(2),
            self.number("c.kendall").expendable(3),
            self.short("c.with-index", "c.with-index.short")
                .expendable(1),
            self.number("count").expendable(2),
        ];
        let row = |link: &Link| {
            Row::plain(vec![
                self.node(link.node),
                Cell::text(self.name(link.parent)),
                two(link.with_parent.pearson),
                two(link.with_parent.spearman),
                two(link.with_parent.kendall),
                two(link.with_index.pearson),
                Cell::text(link.with_parent.count.to_string()),
            ])
        };
        Table {
            columns,
            rows: self.result.found.links.iter().map(row).collect(),
        }
    }

    fn groups(&self) -> Table {
        let columns = vec![
            self.text("c.node"),
            self.number("c.parts"),
            self.number("c.alpha"),
            self.short("c.standardised", "c.standardised.short")
                .expendable(2),
            self.short("c.first", "c.first.short"),
            self.short("c.above-one", "c.above-one.short").expendable(1),
        ];
        let row = |group: &Group| {
            let alpha = group.alpha.as_ref();
            let components = group.components.as_ref();
            Row::plain(vec![
                self.node(group.node),
                Cell::text(group.parts.len().to_string()),
                two(alpha.map(|alpha| alpha.raw)),
                two(alpha.and_then(|alpha| alpha.standardised)),
                Cell::share(components.map(|components| components.explained(0))),
                components.map_or(Cell::Missing, |components| {
                    Cell::text(components.above_one().to_string())
                }),
            ])
        };
        Table {
            columns,
            rows: self.result.found.nodes.iter().map(row).collect(),
        }
    }

    fn importance(&self) -> Table {
        let columns = vec![
            self.text("part"),
            self.text("c.of"),
            self.number("weight"),
            self.number("c.importance.head"),
            self.short("c.ratio", "c.ratio.short").expendable(1),
        ];
        let rows = self.result.found.nodes.iter().flat_map(|group| {
            group.importance.iter().map(|importance| {
                Row::plain(vec![
                    self.node(importance.node),
                    Cell::text(self.name(group.node)),
                    Cell::Share(importance.weight),
                    Cell::share(importance.share),
                    two(importance.ratio),
                ])
            })
        });
        Table {
            columns,
            rows: rows.collect(),
        }
    }

    fn indicators(&self) -> Table {
        let columns = vec![
            self.text("indicator"),
            self.number("x.answered"),
            self.number("mean"),
            self.number("c.sd"),
            self.short("c.skewness", "c.skewness.short").expendable(2),
            self.short("c.kurtosis", "c.kurtosis.short").expendable(3),
            self.number("c.different").expendable(3),
            self.number("c.lowest").expendable(1),
            self.number("c.highest").expendable(1),
        ];
        let row = |found: &Described| {
            Row::plain(vec![
                self.node(found.node),
                Cell::share(found.coverage()),
                two(found.mean),
                two(found.sd),
                two(found.skewness),
                two(found.kurtosis),
                Cell::text(found.distinct.to_string()),
                Cell::share(found.floor),
                Cell::share(found.ceiling),
            ])
        };
        Table {
            columns,
            rows: self.result.found.indicators.iter().map(row).collect(),
        }
    }

    fn agreement(&self) -> Table {
        let columns = vec![
            self.text("indicator"),
            self.number("c.compared"),
            self.number("c.equal"),
            self.short("c.krippendorff", "c.alpha"),
        ];
        let row = |found: &Agreement| {
            Row::plain(vec![
                found.node.map_or_else(
                    || Cell::text(self.words.get("c.all-choices")),
                    |node| self.node(node),
                ),
                Cell::text(found.compared.to_string()),
                Cell::share(found.equal),
                two(found.alpha),
            ])
        };
        Table {
            columns,
            rows: self.result.found.agreement.iter().map(row).collect(),
        }
    }
}
