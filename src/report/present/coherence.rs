//! Whether indicators measure together what they should, as a page: what to look at first, then table by table.

use crate::analysis::coherence::{Agreement, Described, Finding, Group, LEAST_ALPHA, Link};
use crate::framework::{Digits, NodeIx, RoundingMode};
use crate::report::coherence::CoherenceResult;
use crate::report::document::{Block, Cell, Column, Document, Row, Table};
use crate::report::number::{fixed, percent};

use super::scores::{View, counted, title};

/// The page.
pub fn coherence(result: &CoherenceResult, language: Option<&str>) -> Document {
    let view = View {
        language,
        ..View::default()
    };
    let page = Page { result, view };
    let name = view.text(&result.about.framework.title);
    let mut document = Document::new(format!("What the indicators measure together: {name}"));
    document.facts = page.facts();
    document.blocks = page.findings();
    let tables = [
        ("How parts go with what they are part of", page.links()),
        ("Consistency", page.groups()),
        ("Weight and importance", page.importance()),
        ("What was answered", page.indicators()),
        ("Agreement of assessors", page.agreement()),
    ];
    for (heading, table) in tables {
        if !table.rows.is_empty() {
            document.blocks.push(Block::Heading(heading.to_owned()));
            document.blocks.push(Block::Table(table));
        }
    }
    document
}

struct Page<'a> {
    result: &'a CoherenceResult,
    view: View<'a>,
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

fn text(value: f64) -> String {
    fixed(value, digits(2))
}

impl Page<'_> {
    fn facts(&self) -> Vec<String> {
        let framework = &self.result.about.framework;
        let mut facts = vec![format!("{} {}", framework.id, framework.version)];
        if !self.result.period.is_empty() {
            facts.push(format!("period {}", self.result.period));
        }
        facts.push(counted(self.result.found.units, "unit"));
        facts
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
            return vec![Block::Text("Nothing stands out.".to_owned())];
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
        let id = |node: NodeIx| format!("`{}`", self.result.about.nodes[node.0].id);
        match finding {
            Finding::WrongWay {
                node,
                parent,
                correlation,
            } => format!(
                "{} pulls the wrong way: its correlation with {} is {}.",
                id(*node),
                id(*parent),
                text(*correlation)
            ),
            Finding::Weak {
                node,
                parent,
                correlation,
            } => format!(
                "{} has little to do with {}: their correlation is {}.",
                id(*node),
                id(*parent),
                text(*correlation)
            ),
            Finding::Against {
                one,
                other,
                correlation,
            } => format!(
                "{} and {} fall against each other ({}), and their mean hides it.",
                id(*one),
                id(*other),
                text(*correlation)
            ),
            Finding::Twice {
                one,
                other,
                correlation,
            } => format!(
                "{} and {} say the same twice ({}).",
                id(*one),
                id(*other),
                text(*correlation)
            ),
            Finding::Elsewhere { node, parent, home } => {
                format!(
                    "{} goes better with {} than with {}.",
                    id(*node),
                    id(*home),
                    id(*parent)
                )
            }
            Finding::Loose {
                node,
                alpha,
                without,
            } => {
                let better = without.map_or_else(String::new, |(part, alpha)| {
                    format!("; without {} it is {}", id(part), text(alpha))
                });
                format!(
                    "The parts of {} do not hang together: alpha is {}, below {LEAST_ALPHA}{better}.",
                    id(*node),
                    text(*alpha)
                )
            }
            Finding::Several { node, count, apart } => {
                let apart: Vec<String> = apart.iter().map(|part| id(*part)).collect();
                let apart = if apart.is_empty() {
                    String::new()
                } else {
                    format!(": {} apart from the others", apart.join(", "))
                };
                format!("{} measures {count} things{apart}.", id(*node))
            }
            Finding::Misweighted {
                node,
                weight,
                share,
            } => format!(
                "{} counts for {} where its weight says {}.",
                id(*node),
                percent(*share),
                percent(*weight)
            ),
            Finding::Thin { node, coverage } => {
                format!("{} was answered by {} only.", id(*node), percent(*coverage))
            }
            Finding::Crowded { node, share, top } => format!(
                "{} tells few apart: {} are at its {} end.",
                id(*node),
                percent(*share),
                if *top { "upper" } else { "lower" }
            ),
            Finding::Constant { node } => {
                format!("{} tells nobody apart: all answers are equal.", id(*node))
            }
            Finding::Disagreement {
                node: Some(node),
                alpha,
            } => {
                format!(
                    "Assessors do not agree on {}: alpha is {}.",
                    id(*node),
                    text(*alpha)
                )
            }
            Finding::Disagreement { node: None, alpha } => {
                format!(
                    "Assessors do not agree: alpha over all choices is {}.",
                    text(*alpha)
                )
            }
        }
    }

    fn links(&self) -> Table {
        let columns = vec![
            Column::text("Part"),
            Column::text("Of"),
            Column::number("Correlation with it").short("r"),
            Column::number("Spearman").expendable(2),
            Column::number("Kendall").expendable(3),
            Column::number("With the index")
                .short("r index")
                .expendable(1),
            Column::number("Units").expendable(2),
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
            Column::text("Node"),
            Column::number("Parts"),
            Column::number("Alpha"),
            Column::number("Standardised").short("Std.").expendable(2),
            Column::number("First component explains").short("First"),
            Column::number("Components above 1")
                .short("> 1")
                .expendable(1),
        ];
        let row = |group: &Group| {
            let alpha = group.alpha.as_ref();
            let components = group.components.as_ref();
            Row::plain(vec![
                self.node(group.node),
                Cell::text(group.parts.len().to_string()),
                two(alpha.map(|alpha| alpha.raw)),
                two(alpha.map(|alpha| alpha.standardised)),
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
            Column::text("Part"),
            Column::text("Of"),
            Column::number("Weight"),
            Column::number("Importance"),
            Column::number("Correlation ratio²")
                .short("η²")
                .expendable(1),
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
            Column::text("Indicator"),
            Column::number("Answered"),
            Column::number("Mean"),
            Column::number("Sd"),
            Column::number("Skewness").short("Skew").expendable(2),
            Column::number("Kurtosis").short("Kurt").expendable(3),
            Column::number("Different").expendable(3),
            Column::number("Lowest").expendable(1),
            Column::number("Highest").expendable(1),
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
            Column::text("Indicator"),
            Column::number("Compared"),
            Column::number("Equal"),
            Column::number("Krippendorff's alpha").short("Alpha"),
        ];
        let row = |found: &Agreement| {
            Row::plain(vec![
                found
                    .node
                    .map_or_else(|| Cell::text("All choices"), |node| self.node(node)),
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
