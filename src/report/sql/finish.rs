//! Scores → levels, ranks, facets, and the columns of the result. What `scoring/finish.rs` does.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::framework::{Better, Framework, Levels, Need, NodeIx, Range, RankMethod, RoundAt, Tier};
use crate::scoring::above as nodes_above;

use super::aggregate::{Cell, present_weight};
use super::decode::not;
use super::expr::{
    Comparison, Direction, Expr, Name, Over, above, all, always, at_most, below, case, compare,
    equal, minus, not_null, number, only_if, over, over_ordered, plus, ratio, sum, times,
};
use super::layers::{Manner, Unwritten};
use super::names::names;
use super::slot::{Covered, Slot};
use super::work::{Work, column, reaches};

/// A column of the result.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    /// What it is called.
    pub(super) name: String,
    /// Whether that is the user's own name, which must be quoted.
    pub(super) own: bool,
    pub(super) expr: Expr,
    /// What it holds, for documentation.
    pub(super) about: String,
    /// The values that it can have, if they are few.
    pub(super) values: Vec<String>,
}

impl Work<'_> {
    /// Rounds final scores, where the framework asks for that.
    pub(super) fn round_at_end(&mut self, slots: &mut [Slot]) {
        let framework = self.framework();
        if framework.rounding.at != RoundAt::End {
            return;
        }
        self.layers.stage("rounded", "final scores, rounded");
        for (at, slot) in slots.iter_mut().enumerate() {
            let node = framework.node(NodeIx(at));
            let digits = node.rounding.unwrap_or(framework.rounding.digits);
            let name = self.names[at].clone();
            slot.score = self.rounded(&name, slot.score.clone(), digits);
            slot.low = self.rounded(&name, slot.low.clone(), digits);
            slot.high = self.rounded(&name, slot.high.clone(), digits);
        }
    }

    /// Which nodes have columns in the result.
    pub(super) fn wanted(&self) -> Vec<NodeIx> {
        let framework = self.framework();
        let deep = |node: NodeIx| {
            self.options
                .depth
                .is_none_or(|depth| framework.node(node).depth <= depth)
        };
        let nodes = framework.walk().filter(|(ix, node)| {
            deep(*ix) && (node.tier != Tier::Indicator || self.options.indicators)
        });
        nodes.map(|(ix, _)| ix).collect()
    }

    /// The columns of the result.
    pub(super) fn result(&mut self, slots: &[Slot], facets: Vec<FacetSlot>) -> Vec<Shown> {
        let framework = self.framework();
        let wanted = self.wanted();
        let levels = self.classify(slots);
        let mut shown = self.key_columns();
        self.layers.stage("ranked", "ranks");
        for node in wanted {
            let name = self.names[node.0].clone();
            let slot = &slots[node.0];
            let title = self.title(node);
            let applies = not(slot.away.clone());
            shown.push(Shown {
                expr: self.on_range(slot.score.clone()),
                ..Shown::of(&name, "score", format!("Score of {title}"))
            });
            shown.push(Shown {
                expr: only_if(applies, slot.coverage()),
                ..Shown::of(
                    &name,
                    "coverage",
                    format!("Share of the weight of {title} that was answered"),
                )
            });
            if self.options.bounds {
                self.bound_columns(&name, &title, slot, &mut shown);
            }
            if let Some(level) = &levels[node.0] {
                let bands = &framework.levels_of(node).map_or(&[][..], |own| &own.bands);
                let named = bands.iter().enumerate().map(|(at, band)| {
                    (
                        equal(level.clone(), number(at as f64)),
                        Expr::Text(band.id.to_string()),
                    )
                });
                shown.push(Shown {
                    expr: Expr::Case(named.collect(), Box::new(Expr::Null)),
                    values: bands.iter().map(|band| band.id.to_string()).collect(),
                    ..Shown::of(&name, "level", format!("Maturity level of {title}"))
                });
            }
            if self.options.ranks
                && let Some(rank) = self.rank(node, slot)
            {
                shown.push(Shown {
                    expr: rank,
                    ..Shown::of(&name, "rank", format!("Rank by {title}, 1 is best"))
                });
            }
        }
        for facet in facets {
            let name = facet.name.clone();
            shown.push(Shown {
                expr: self.on_range(facet.slot.score.clone()),
                ..Shown::of(&name, "score", facet.about.clone())
            });
            shown.push(Shown {
                expr: only_if(not(facet.slot.away.clone()), facet.slot.coverage()),
                ..Shown::of(
                    &name,
                    "coverage",
                    format!("{}: share answered", facet.about),
                )
            });
        }
        shown
    }

    fn key_columns(&self) -> Vec<Shown> {
        let own = |name: &str, of: &str, about: &str| Shown {
            name: name.to_owned(),
            own: true,
            expr: column(of),
            about: about.to_owned(),
            values: Vec::new(),
        };
        let mut shown = vec![own(&self.options.unit, "unit", "Who is scored")];
        if let Some(period) = &self.options.period {
            shown.push(own(period, "period", "When"));
        }
        shown
    }

    fn bound_columns(&mut self, name: &str, title: &str, slot: &Slot, shown: &mut Vec<Shown>) {
        for lowest in [true, false] {
            let (word, end, about) = if lowest {
                ("low", slot.low.clone(), "Lowest")
            } else {
                ("high", slot.high.clone(), "Highest")
            };
            let there = match &slot.presence {
                Expr::Whole(2) => always(),
                presence => compare(Comparison::Above, presence.clone(), Expr::Whole(0)),
            };
            let farther = if lowest {
                below(slot.score.clone(), end.clone())
            } else {
                above(slot.score.clone(), end.clone())
            };
            let end = case([(farther, slot.score.clone())], end);
            let end = only_if(there, end);
            let end = self.column_of(&format!("end_{word}"), name, end);
            shown.push(Shown {
                expr: self.on_range(end),
                ..Shown::of(
                    name,
                    word,
                    format!("{about} score of {title} that the gaps could still give"),
                )
            });
        }
    }

    /// A share as it is shown.
    fn on_range(&self, score: Expr) -> Expr {
        match self.framework().range {
            Range::Unbounded => score,
            Range::Between { low, high } => {
                let width = times(score, number(high - low));
                if low.abs() <= 0.0 {
                    width
                } else {
                    plus(number(low), width)
                }
            }
        }
    }

    /// Levels: by score first, then the conditions, the last nodes first so that the index sees final levels.
    fn classify(&mut self, slots: &[Slot]) -> Vec<Option<Expr>> {
        let framework = self.framework();
        let wanted = self.levels_wanted();
        self.layers.stage(
            "levels",
            "maturity levels: by score first, then their conditions",
        );
        let mut found: Vec<Option<Expr>> = vec![None; slots.len()];
        for (ix, _) in framework.walk().filter(|(ix, _)| wanted.contains(ix)) {
            if let Some(levels) = framework.levels_of(ix) {
                found[ix.0] = Some(self.band(ix, levels, slots[ix.0].score.clone()));
            }
        }
        for (ix, _) in framework.walk().rev() {
            let Some(levels) = framework.levels_with_needs(ix) else {
                continue;
            };
            let Some(level) = found[ix.0].clone() else {
                continue;
            };
            if levels.bands.iter().all(|band| band.needs.is_empty()) {
                continue;
            }
            let name = self.names[ix.0].clone();
            let holds: Vec<Expr> = levels
                .bands
                .iter()
                .map(|band| {
                    let needs = band.needs.iter();
                    all(needs
                        .map(|need| self.holds(need, ix, slots, &found))
                        .collect::<Vec<_>>())
                })
                .collect();
            let last = levels.bands.len() - 1;
            let order: Vec<usize> = match framework.better {
                Better::Higher => (1..=last).rev().collect(),
                Better::Lower => (0..last).collect(),
            };
            let mut cases = vec![(super::expr::is_null(level.clone()), Expr::Null)];
            for at in order {
                let reached = match framework.better {
                    Better::Higher => super::expr::at_least(level.clone(), number(at as f64)),
                    Better::Lower => super::expr::at_most(level.clone(), number(at as f64)),
                };
                cases.push((all([reached, holds[at].clone()]), number(at as f64)));
            }
            let worst = match framework.better {
                Better::Higher => 0,
                Better::Lower => last,
            };
            let settled = case(cases, number(worst as f64));
            found[ix.0] = Some(self.column_of("l", &name, settled));
        }
        found
    }

    /// Nodes whose level is shown or that the conditions of one name.
    fn levels_wanted(&self) -> BTreeSet<NodeIx> {
        let mut wanted: BTreeSet<NodeIx> = self.wanted().into_iter().collect();
        let framework = self.framework();
        for levels in &framework.levels {
            for need in levels.bands.iter().flat_map(|band| &band.needs) {
                if let Need::Level(node, _) = need {
                    wanted.insert(*node);
                }
            }
        }
        wanted
    }

    fn holds(&self, need: &Need, node: NodeIx, slots: &[Slot], found: &[Option<Expr>]) -> Expr {
        let better = self.framework().better;
        match need {
            Need::Coverage(least) => reaches(slots[node.0].coverage(), number(*least)),
            Need::Score(other, least) => {
                let score = slots[other.0].score.clone();
                match better {
                    Better::Higher => reaches(score, number(*least)),
                    Better::Lower => reaches(number(*least), score),
                }
            }
            Need::Level(other, least) => match &found[other.0] {
                Some(level) => match better {
                    Better::Higher => super::expr::at_least(level.clone(), number(*least as f64)),
                    Better::Lower => super::expr::at_most(level.clone(), number(*least as f64)),
                },
                None => super::expr::never(),
            },
        }
    }

    /// The highest band whose cut-off the score reaches; the first if none. A number, so that it compares with others.
    fn band(&mut self, node: NodeIx, levels: &Levels, score: Expr) -> Expr {
        let framework = self.framework();
        let name = self.names[node.0].clone();
        let score = if levels.rounded {
            let own = framework.node(node).rounding;
            self.rounded(&name, score, own.unwrap_or(framework.rounding.digits))
        } else {
            score
        };
        let cuts: Vec<Expr> = if levels.quantiles {
            let cohort = self.cohort(&framework.node(node).cohort.clone());
            let shares: Vec<f64> = levels.bands.iter().map(|band| band.from).collect();
            let found = self.quantile(&name, &cohort, score.clone(), &shares);
            found
                .into_iter()
                .map(|cut| self.column_of("cut", &name, cut))
                .collect()
        } else {
            levels.bands.iter().map(|band| number(band.from)).collect()
        };
        let mut cases = vec![(super::expr::is_null(score.clone()), Expr::Null)];
        for (at, cut) in cuts.into_iter().enumerate().rev() {
            let reached = if levels.closed_below {
                reaches(score.clone(), cut)
            } else {
                let cut = plus(cut, number(crate::framework::TOLERANCE));
                below(cut, score.clone())
            };
            if at > 0 {
                cases.push((reached, number(at as f64)));
            }
        }
        self.column_of("lb", &name, case(cases, number(0.0)))
    }

    /// A node's ranks, if units are ranked.
    fn rank(&mut self, node: NodeIx, slot: &Slot) -> Option<Expr> {
        let framework = self.framework();
        let ranking = framework.ranking.as_ref()?;
        let name = self.names[node.0].clone();
        let score = if ranking.rounded {
            let own = framework.node(node).rounding;
            let digits = own.unwrap_or(framework.rounding.digits);
            self.rounded(&name, slot.score.clone(), digits)
        } else {
            slot.score.clone()
        };
        let member = match ranking.among {
            Some(group) => self.belongs(&framework.groups[group.0].members),
            None => always(),
        };
        let key = self.rank_key(&name, score, member);
        let partition: Vec<Expr> = self
            .has_period()
            .then(|| column("period"))
            .into_iter()
            .collect();
        let by = |function: Over| {
            over_ordered(
                function,
                Expr::Null,
                &partition,
                key.clone(),
                Direction::Descending,
            )
        };
        let rank = match ranking.method {
            RankMethod::Competition => by(Over::Rank),
            RankMethod::Dense => by(Over::DenseRank),
            RankMethod::Average => {
                let mut alike = partition.clone();
                alike.push(key.clone());
                let tied = over(Over::Count, key.clone(), &alike);
                let others = times(minus(tied, number(1.0)), number(0.5));
                plus(by(Over::Rank), others)
            }
        };
        let rank = only_if(not_null(key), rank);
        let column = self.layers.fresh("rank", &name);
        Some(self.layers.define(&column, rank, None))
    }

    /// Scores of the facets: over the index, then within each dimension.
    pub(super) fn facets(&mut self, slots: &[Slot]) -> Vec<FacetSlot> {
        let framework = self.framework();
        if !self.options.facets || framework.facets.is_empty() {
            return Vec::new();
        }
        self.layers
            .stage("facets", "second groupings: means by effective weight");
        let effective = self.plan.assumptions.effective_weights(framework);
        let called = names(framework.facets.iter().map(|facet| facet.id.as_str()));
        let dimensions = framework
            .walk()
            .filter(|(_, node)| node.tier == Tier::Dimension);
        let within: Vec<Option<NodeIx>> = std::iter::once(None)
            .chain(dimensions.map(|(ix, _)| Some(ix)))
            .collect();
        let mut found = Vec::new();
        for within in within {
            for (facet, called) in called.iter().enumerate() {
                let members = framework.indicators().filter(|(ix, _, indicator)| {
                    effective[ix.0] > 0.0
                        && indicator.facets.iter().any(|own| own.0 == facet)
                        && within.is_none_or(|within| {
                            nodes_above(framework, *ix).any(|node| node == within)
                        })
                });
                let members: Vec<NodeIx> = members.map(|(ix, _, _)| ix).collect();
                if members.is_empty() {
                    continue;
                }
                let name = match within {
                    None => format!("facet_{called}"),
                    Some(node) => format!("facet_{called}_in_{}", self.names[node.0]),
                };
                let title = &framework.facets[facet];
                let about = match within {
                    None => format!("Facet {}: {}", title.id, title.title),
                    Some(node) => {
                        let node = framework.node(node);
                        format!("Facet {} within {}", title.id, node.id)
                    }
                };
                found.push(self.facet(name, about, &members, &effective, slots));
            }
        }
        found
    }

    fn facet(
        &mut self,
        name: String,
        about: String,
        members: &[NodeIx],
        effective: &[f64],
        slots: &[Slot],
    ) -> FacetSlot {
        let framework = self.framework();
        let mut cells = Vec::new();
        for member in members {
            let parent = framework.node(*member).parent.unwrap_or(Framework::INDEX);
            let rule = self.plan.assumptions.missing[parent.0];
            let slot = &slots[member.0];
            let own = self.names[member.0].clone();
            let value = super::slot::standing_in(slot, rule);
            cells.push(Cell {
                weight: effective[member.0],
                stage: 1,
                reach: 1.0,
                value: self.column_of("fs", &own, value),
                certain: false,
                away: slot.away.clone(),
            });
        }
        let weight = sum(cells.iter().map(present_weight).collect());
        let weight = self.layers.define(&format!("fw_{name}"), weight, None);
        let terms = cells.iter().map(|cell| {
            super::expr::coalesce(times(number(cell.weight), cell.value.clone()), number(0.0))
        });
        let total = self
            .layers
            .define(&format!("ft_{name}"), sum(terms.collect()), None);
        let score = ratio(total, weight);
        let parts = members.iter().zip(&cells);
        let answered = parts.clone().map(|(member, cell)| {
            let slot = &slots[member.0];
            case(
                [(slot.away.clone(), number(0.0))],
                times(number(cell.weight), slot.coverage()),
            )
        });
        let answered = sum(answered.collect());
        let applies = parts.map(|(member, cell)| {
            case(
                [(slots[member.0].away.clone(), number(0.0))],
                number(cell.weight),
            )
        });
        let applies = self
            .layers
            .short(&format!("fa_{name}"), sum(applies.collect()));
        let away = at_most(applies.clone(), number(0.0));
        let coverage = ratio(answered, applies);
        let slot = Slot {
            score: self
                .layers
                .define(&format!("f_{name}"), score, Some(&about)),
            away: self.layers.condition(&format!("fn_{name}"), away),
            covered: Covered::By(self.layers.define(&format!("fc_{name}"), coverage, None)),
            // Nobody asks for more of a facet.
            applicable: Expr::Null,
            answered: Expr::Null,
            low: Expr::Null,
            high: Expr::Null,
            presence: Expr::Null,
            open: false,
        };
        FacetSlot { name, about, slot }
    }

    /// The whole query.
    pub(super) fn query(&self, shown: &[Shown], head: &str) -> Result<String, Unwritten> {
        let dialect = self.options.dialect;
        if shown.len() > dialect.most_columns() {
            return Err(Unwritten::TooWide {
                step: "the result".to_owned(),
                columns: shown.len(),
            });
        }
        let mut wanted: BTreeSet<Name> = BTreeSet::new();
        for column in shown {
            column.expr.visit(&mut |part| {
                if let Expr::Column(name) = part {
                    wanted.insert(name.clone());
                }
            });
        }
        let mut refused = BTreeSet::new();
        for column in shown {
            column.expr.visit(&mut |part| {
                if let Expr::Refused(reason) = part {
                    refused.insert(*reason);
                }
            });
        }
        let manner = Manner {
            dialect,
            comments: self.options.comments,
        };
        let (steps, last) = match self.layers.write(&wanted, manner) {
            Err(Unwritten::Refused(more)) => {
                refused.extend(more);
                return Err(Unwritten::Refused(refused));
            }
            other => other?,
        };
        if !refused.is_empty() {
            return Err(Unwritten::Refused(refused));
        }
        let mut out = format!("{head}{steps}\nSELECT\n");
        let columns: Vec<String> = shown
            .iter()
            .map(|column| {
                let name = if column.own {
                    dialect.identifier(&column.name)
                } else {
                    column.name.clone()
                };
                format!("  {} AS {name}", dialect.write(&column.expr, 2))
            })
            .collect();
        out.push_str(&columns.join(",\n"));
        let _ = write!(out, "\nFROM {last}\n");
        Ok(out)
    }
}

/// A facet's columns.
#[derive(Clone, Debug)]
pub(super) struct FacetSlot {
    pub(super) name: String,
    about: String,
    pub(super) slot: Slot,
}

impl Shown {
    fn of(name: &str, ending: &str, about: String) -> Self {
        Self {
            name: format!("{name}_{ending}"),
            own: false,
            expr: Expr::Null,
            about,
            values: Vec::new(),
        }
    }
}
