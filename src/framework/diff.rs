//! What changed between two editions of a framework, and whether their scores can be compared.

use super::{
    Aggregate, Body, Comparability, Framework, Indicator, Node, NodeIx, Parent, Range, RoundAt,
    spell,
};

/// One thing that is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The node, by its id in the newer file (in the older one where it is gone); `None`: the head.
    pub node: Option<String>,
    /// What is different: a key of the language, or `added`, `removed`, `renamed`, `moved`.
    pub what: &'static str,
    /// As it was; empty where there was nothing.
    pub old: String,
    /// As it is; empty where there is nothing.
    pub new: String,
    /// What the difference can move.
    pub moves: Moves,
}

/// What a difference can move, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moves {
    /// Scores.
    Scores,
    /// Levels, ranks, what is compared with whom; the scores stay.
    Reading,
    /// Words; what respondents understand can still differ.
    Words,
}

/// The differences between two editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The head first, then the newer file's nodes in their order, then what is gone.
    pub changes: Vec<Change>,
    /// What the newer framework itself says of the older one.
    pub stated: Option<bool>,
    /// Whether the first number of the version rose.
    pub major: bool,
}

impl Difference {
    /// Whether the same answers give the same scores.
    pub fn same_scores(&self) -> bool {
        self.changes
            .iter()
            .all(|change| change.moves != Moves::Scores)
    }
}

/// What changed from `old` to `new`.
pub fn diff(old: &Framework, new: &Framework) -> Difference {
    let mut changes = Vec::new();
    head(old, new, &mut changes);
    let partners = partners(old, new);
    for (ix, node) in new.walk() {
        match partners.iter().find(|(_, other)| *other == ix) {
            Some((before, _)) => {
                let pair = Pair {
                    old,
                    new,
                    before: *before,
                    after: ix,
                };
                pair.compare(&partners, &mut changes);
            }
            None => changes.push(Change {
                node: Some(node.id.to_string()),
                what: "added",
                old: String::new(),
                new: node.title.to_string(),
                moves: moves_of_presence(node),
            }),
        }
    }
    for (ix, node) in old.walk() {
        if partners.iter().all(|(before, _)| *before != ix) {
            changes.push(Change {
                node: Some(node.id.to_string()),
                what: "removed",
                old: node.title.to_string(),
                new: String::new(),
                moves: moves_of_presence(node),
            });
        }
    }
    Difference {
        stated: stated(old, new).map(|stated| stated.comparable),
        major: major(&new.version) > major(&old.version),
        changes,
    }
}

/// What the newer framework says of the scores of the older one.
pub(crate) fn stated<'f>(old: &Framework, new: &'f Framework) -> Option<&'f Comparability> {
    let mut stated = new.comparability.iter();
    stated.find(|stated| stated.with == old.id)
}

fn moves_of_presence(node: &Node) -> Moves {
    if node.scored && node.weight.get() > 0.0 {
        Moves::Scores
    } else {
        Moves::Reading
    }
}

fn major(version: &str) -> u64 {
    let first = version.split('.').next().unwrap_or_default();
    first.parse().unwrap_or(0)
}

/// Nodes of both editions that are the same: by id, else because the newer one says that it replaces the older one.
pub fn partners(old: &Framework, new: &Framework) -> Vec<(NodeIx, NodeIx)> {
    let mut partners = vec![(Framework::INDEX, Framework::INDEX)];
    let free = |partners: &[(NodeIx, NodeIx)], before: NodeIx| {
        partners.iter().all(|(taken, _)| *taken != before)
    };
    for (ix, node) in new.walk().skip(1) {
        if let Some(before) = old.find(node.id.as_str())
            && free(&partners, before)
        {
            partners.push((before, ix));
        }
    }
    for (ix, node) in new.walk().skip(1) {
        if partners.iter().any(|(_, taken)| *taken == ix) {
            continue;
        }
        let replaced = node.replaces.iter();
        let before = replaced
            .filter_map(|id| old.find(id.as_str()))
            .find(|before| free(&partners, *before));
        partners.extend(before.map(|before| (before, ix)));
    }
    partners
}

/// Notes a difference between two texts.
fn note(
    changes: &mut Vec<Change>,
    node: Option<&Node>,
    what: &'static str,
    (old, new): (String, String),
    moves: Moves,
) {
    if old != new {
        changes.push(Change {
            node: node.map(|node| node.id.to_string()),
            what,
            old,
            new,
            moves,
        });
    }
}

fn head(old: &Framework, new: &Framework, changes: &mut Vec<Change>) {
    let both = |text: &dyn Fn(&Framework) -> String| (text(old), text(new));
    let mut head = |what, text: &dyn Fn(&Framework) -> String, moves| {
        note(changes, None, what, both(text), moves);
    };
    head("title", &|own| own.title.to_string(), Moves::Words);
    head("version", &|own| own.version.clone(), Moves::Words);
    head(
        "edition",
        &|own| own.edition.clone().unwrap_or_default(),
        Moves::Words,
    );
    head("unit", &|own| own.unit.column.clone(), Moves::Reading);
    head("rows", &|own| spell::rows(&own.rows, own), Moves::Scores);
    head("codes", &|own| spell::codes(&own.codes), Moves::Scores);
    head(
        "range",
        &|own| match own.range {
            Range::Between { low, high } => {
                format!("[{}, {}]", spell::number(low), spell::number(high))
            }
            Range::Unbounded => "unbounded".to_owned(),
        },
        Moves::Scores,
    );
    head(
        "better",
        &|own| format!("{:?}", own.better).to_lowercase(),
        Moves::Reading,
    );
    let rounds = |own: &Framework| own.rounding.at != RoundAt::Display;
    let moves = if rounds(old) || rounds(new) {
        Moves::Scores
    } else {
        Moves::Reading
    };
    head("rounding", &|own| spell::rounding(own.rounding), moves);
    head(
        "ranking",
        &|own| spell::ranking(own.ranking.as_ref(), own),
        Moves::Reading,
    );
    // A cohort that is a group has other members then.
    let compares = |own: &Framework| own.nodes.iter().any(|node| node.cohort.units.is_some());
    let moves = if compares(old) || compares(new) {
        Moves::Scores
    } else {
        Moves::Reading
    };
    head("groups", &groups, moves);
    head(
        "screen",
        &|own| own.screen.as_ref().map(spell::screen).unwrap_or_default(),
        Moves::Scores,
    );
    head(
        "peers",
        &|own| {
            own.peers
                .map_or("all".to_owned(), |group| own.groups[group.0].id.to_string())
        },
        Moves::Reading,
    );
    head("facets", &facets, Moves::Reading);
    // Nothing is computed from them.
    head("targets", &spell::targets, Moves::Words);
    head(
        "levels",
        &|own| {
            let levels = own.levels_of(Framework::INDEX);
            levels
                .map(|levels| spell::levels(levels, own))
                .unwrap_or_default()
        },
        Moves::Reading,
    );
}

fn groups(own: &Framework) -> String {
    let groups = own
        .groups
        .iter()
        .map(|group| format!("{} {}", group.id, spell::conditions(&group.members, own)));
    groups.collect::<Vec<_>>().join(", ")
}

fn facets(own: &Framework) -> String {
    let facets = own.facets.iter().map(|facet| facet.id.to_string());
    facets.collect::<Vec<_>>().join(", ")
}

/// A node in both editions.
struct Pair<'a> {
    old: &'a Framework,
    new: &'a Framework,
    before: NodeIx,
    after: NodeIx,
}

impl Pair<'_> {
    fn compare(&self, partners: &[(NodeIx, NodeIx)], changes: &mut Vec<Change>) {
        let (old, new) = (self.old.node(self.before), self.new.node(self.after));
        if !old.id.as_str().eq_ignore_ascii_case(new.id.as_str()) {
            let ids = (old.id.to_string(), new.id.to_string());
            note(changes, Some(new), "renamed", ids, Moves::Words);
        }
        self.place(partners, changes);
        self.counting(partners, changes);
        self.stage(changes);
        let both =
            |text: &dyn Fn(&Node, &Framework) -> String| (text(old, self.old), text(new, self.new));
        let mut own = |what, text: &dyn Fn(&Node, &Framework) -> String, moves| {
            note(changes, Some(new), what, both(text), moves);
        };
        own(
            "normalise",
            &|node, _| {
                node.normalise
                    .as_ref()
                    .map(spell::normalise)
                    .unwrap_or_default()
            },
            Moves::Scores,
        );
        let relative = old.normalise.is_some() || new.normalise.is_some();
        let moves = if relative {
            Moves::Scores
        } else {
            Moves::Reading
        };
        own("cohort", &|node, of| spell::cohort(&node.cohort, of), moves);
        own(
            "cap",
            &|node, of| {
                node.cap
                    .map(|cap| of.node(cap).id.to_string())
                    .unwrap_or_default()
            },
            Moves::Scores,
        );
        own(
            "rounding",
            &|node, _| node.rounding.map(spell::digits).unwrap_or_default(),
            Moves::Scores,
        );
        own(
            "periods",
            &|node, _| {
                let bound = |bound: &Option<String>| bound.clone().unwrap_or_default();
                format!("{}–{}", bound(&node.periods.from), bound(&node.periods.to))
            },
            Moves::Scores,
        );
        own("levels", &own_levels, Moves::Reading);
        own("title", &own_title, Moves::Words);
        match (&old.body, &new.body) {
            (Body::Parent(old), Body::Parent(new)) => self.parents(old, new, changes),
            (Body::Indicator(old), Body::Indicator(new)) => self.indicators(old, new, changes),
            (Body::Parent(_), Body::Indicator(_)) | (Body::Indicator(_), Body::Parent(_)) => {
                let tiers = (old.tier.word().to_owned(), new.tier.word().to_owned());
                note(changes, Some(new), "tier", tiers, Moves::Scores);
            }
        }
    }

    /// Whether it stands under another node now.
    fn place(&self, partners: &[(NodeIx, NodeIx)], changes: &mut Vec<Change>) {
        let (old, new) = (self.old.node(self.before), self.new.node(self.after));
        let (Some(before), Some(after)) = (old.parent, new.parent) else {
            return;
        };
        if !partners.contains(&(before, after)) {
            let parents = (
                self.old.node(before).id.to_string(),
                self.new.node(after).id.to_string(),
            );
            note(changes, Some(new), "moved", parents, Moves::Scores);
        }
    }

    /// How much it counts. Weights that differ by one factor for all siblings, with none new or gone, give the same shares
    /// whoever answered what.
    fn counting(&self, partners: &[(NodeIx, NodeIx)], changes: &mut Vec<Change>) {
        let (old, new) = (self.old.node(self.before), self.new.node(self.after));
        let scored = (old.scored.to_string(), new.scored.to_string());
        note(changes, Some(new), "scored", scored, Moves::Scores);
        let weights = (
            spell::number(old.weight.get()),
            spell::number(new.weight.get()),
        );
        let moves = if self.is_one_factor(partners) && !self.weights_are_absolute() {
            Moves::Words
        } else {
            Moves::Scores
        };
        note(changes, Some(new), "weight", weights, moves);
    }

    fn is_one_factor(&self, partners: &[(NodeIx, NodeIx)]) -> bool {
        let (before, after) = (
            siblings(self.old, self.before),
            siblings(self.new, self.after),
        );
        let factor = |(old, new): (NodeIx, NodeIx)| {
            self.new.node(new).weight.get() / self.old.node(old).weight.get()
        };
        let own = factor((self.before, self.after));
        let same = |old: &NodeIx| {
            let pair = partners.iter().find(|(before, _)| before == old);
            pair.is_some_and(|pair| {
                after.contains(&pair.1) && (factor(*pair) / own - 1.0).abs() < 1e-12
            })
        };
        before.len() == after.len() && before.iter().all(same)
    }

    fn weights_are_absolute(&self) -> bool {
        let parent = self.new.node(self.after).parent;
        let body = parent.map(|parent| &self.new.node(parent).body);
        match body {
            Some(Body::Parent(parent)) => match parent.aggregate {
                Aggregate::Sum { .. } | Aggregate::Product | Aggregate::Borda => true,
                Aggregate::Mean
                | Aggregate::Geometric(_)
                | Aggregate::Harmonic(_)
                | Aggregate::Power(..)
                | Aggregate::Median
                | Aggregate::Minimum
                | Aggregate::Maximum
                | Aggregate::LevelSum { .. }
                | Aggregate::Staged { .. }
                | Aggregate::Copeland => false,
            },
            Some(Body::Indicator(_)) | None => false,
        }
    }

    /// Stages mean something only where they are added up.
    fn stage(&self, changes: &mut Vec<Change>) {
        let (old, new) = (self.old.node(self.before), self.new.node(self.after));
        let parent = new.parent.map(|parent| &self.new.node(parent).body);
        let staged = match parent {
            Some(Body::Parent(parent)) => matches!(
                parent.aggregate,
                Aggregate::LevelSum { .. } | Aggregate::Staged { .. }
            ),
            Some(Body::Indicator(_)) | None => false,
        };
        if staged {
            let both = (old.stage.to_string(), new.stage.to_string());
            note(changes, Some(new), "stage", both, Moves::Scores);
        }
    }

    fn parents(&self, old: &Parent, new: &Parent, changes: &mut Vec<Change>) {
        let node = Some(self.new.node(self.after));
        let rules = (
            spell::aggregate(old.aggregate),
            spell::aggregate(new.aggregate),
        );
        note(changes, node, "aggregate", rules, Moves::Scores);
        let missing = (
            spell::missing_part(old.missing),
            spell::missing_part(new.missing),
        );
        note(changes, node, "missing", missing, Moves::Scores);
        let coverage = (
            spell::min_coverage(old.min_coverage),
            spell::min_coverage(new.min_coverage),
        );
        note(changes, node, "min-coverage", coverage, Moves::Scores);
    }

    fn indicators(&self, old: &Indicator, new: &Indicator, changes: &mut Vec<Change>) {
        let (before, after) = (self.old.node(self.before), self.new.node(self.after));
        let node = Some(after);
        if old.code != before.id.as_str() || new.code != after.id.as_str() {
            let codes = (old.code.clone(), new.code.clone());
            note(changes, node, "code", codes, Moves::Words);
        }
        let both = |text: &dyn Fn(&Indicator, &Framework) -> String| {
            (text(old, self.old), text(new, self.new))
        };
        let mut own = |what, text: &dyn Fn(&Indicator, &Framework) -> String, moves| {
            note(changes, node, what, both(text), moves);
        };
        own(
            "answers",
            &|own, of| spell::answers(&own.answers, of),
            Moves::Scores,
        );
        own(
            "treat",
            &|own, of| match &own.answers {
                super::Answers::Number(number) => number
                    .treat
                    .as_ref()
                    .map(|treat| spell::treat(treat, of))
                    .unwrap_or_default(),
                super::Answers::Choice(_) | super::Answers::Multiple(_) => String::new(),
            },
            Moves::Scores,
        );
        own(
            "missing",
            &|own, of| spell::missing_answer(&own.missing, of),
            Moves::Scores,
        );
        own(
            "when",
            &|own, of| spell::whens(&own.when, of),
            Moves::Scores,
        );
        own(
            "preset",
            &|own, of| spell::presets(&own.presets, of),
            Moves::Scores,
        );

        own(
            "facet",
            &|own, of| {
                let facets = own.facets.iter();
                let facets = facets.map(|facet| of.facets[facet.0].id.to_string());
                facets.collect::<Vec<_>>().join(", ")
            },
            Moves::Reading,
        );
        own(
            "question",
            &|own, _| {
                own.question
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default()
            },
            Moves::Words,
        );
    }
}

/// Levels that are the node's own.
fn own_levels(node: &Node, of: &Framework) -> String {
    let own = node
        .levels
        .filter(|_| node.levels != of.node(Framework::INDEX).levels);
    own.map(|levels| spell::levels(&of.levels[levels.0], of))
        .unwrap_or_default()
}

/// A title that is more than the id.
fn own_title(node: &Node, _: &Framework) -> String {
    let title = node.title.to_string();
    if title == node.id.as_str() {
        String::new()
    } else {
        title
    }
}

/// Those that count beside a node, itself among them.
fn siblings(framework: &Framework, ix: NodeIx) -> Vec<NodeIx> {
    let parent = framework.node(ix).parent;
    let children = parent.map_or(&[][..], |parent| framework.node(parent).children());
    let counts = |ix: &NodeIx| {
        let node = framework.node(*ix);
        node.scored && node.weight.get() > 0.0
    };
    children.iter().copied().filter(counts).collect()
}
