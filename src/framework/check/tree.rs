//! The tree of nodes as written: who holds whom, ids, and which property counts where defaults apply.

use super::head::id_of;
use super::names::Names;
use super::number;
use crate::framework::Tier;
use crate::framework::findings::{Findings, Spot};
use crate::framework::language::{DIMENSION, FRAMEWORK, Form, INDEX, INDICATOR, PILLAR};
use crate::framework::yaml::{Entry, Tree, Value};
use crate::problem::FrameworkKind;

/// A node as written, with its place in the tree.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    pub(super) tree: &'a Tree,
    pub(super) id: &'a str,
    /// Where its id stands.
    pub(super) spot: Spot,
    pub(super) tier: Tier,
    pub(super) depth: usize,
    pub(super) parent: Option<usize>,
    /// From 1, among all siblings.
    pub(super) position: u32,
    pub(super) children: Vec<usize>,
}

/// Every node, the index first, each before its parts.
#[derive(Debug)]
pub(super) struct Drafts<'a> {
    pub(super) nodes: Vec<Draft<'a>>,
    pub(super) names: Names,
    defaults: Option<&'a Tree>,
}

/// What holds nodes.
pub(super) const LISTS: [&str; 3] = ["dimensions", "pillars", "indicators"];

static NOTHING: Tree = Tree {
    spot: Spot {
        file: 0,
        line: 0,
        column: 0,
        length: 0,
    },
    value: Value::Map(Vec::new()),
};

impl<'a> Drafts<'a> {
    /// Reads the tree below the head.
    pub(super) fn read(head: &'a Tree, findings: &mut Findings) -> Self {
        let index = head.get("index").unwrap_or(&NOTHING);
        let (id, spot) = match index.get("id") {
            Some(id) => (id.text().unwrap_or_default().trim(), id.spot),
            None => (
                "index",
                head.get("index").map_or(head.spot, |index| index.spot),
            ),
        };
        let mut drafts = Self {
            nodes: Vec::new(),
            names: Names::new("node"),
            defaults: head.get("defaults"),
        };
        drafts.names.add(id, spot, findings);
        drafts.nodes.push(Draft {
            tree: index,
            id,
            spot,
            tier: Tier::Index,
            depth: 0,
            parent: None,
            position: 1,
            children: Vec::new(),
        });
        drafts.below(head, 0, findings);
        if LISTS.iter().all(|key| head.get(key).is_none()) {
            findings.error(head.spot, FrameworkKind::NoTree);
        }
        drafts
    }

    fn below(&mut self, tree: &'a Tree, parent: usize, findings: &mut Findings) {
        for entry in tree.entries() {
            let tier = match entry.key.as_str() {
                "dimensions" if parent == 0 => Tier::Dimension,
                "pillars" => Tier::Pillar,
                "indicators" => Tier::Indicator,
                _ => continue,
            };
            for item in entry.value.items() {
                self.node(item, tier, parent, findings);
            }
        }
    }

    fn node(&mut self, tree: &'a Tree, tier: Tier, parent: usize, findings: &mut Findings) {
        let (id, spot) = id_of(tree);
        let ix = self.nodes.len();
        if id.is_empty() {
            self.names.skip();
        } else {
            self.names.add(id, spot, findings);
        }
        let siblings = &mut self.nodes[parent].children;
        siblings.push(ix);
        let position = u32::try_from(siblings.len()).unwrap_or(u32::MAX);
        let depth = self.nodes[parent].depth + 1;
        self.nodes.push(Draft {
            tree,
            id,
            spot,
            tier,
            depth,
            parent: Some(parent),
            position,
            children: Vec::new(),
        });
        if tier != Tier::Indicator {
            self.below(tree, ix, findings);
            if matches!(tree.value, Value::Map(_))
                && LISTS.iter().all(|key| tree.get(key).is_none())
            {
                let id = id.to_owned();
                findings.error(spot, FrameworkKind::EmptyNode { id });
            }
        }
    }

    /// What a node says of a property: itself, the defaults of its tier, the defaults of all.
    pub(super) fn property(&self, ix: usize, key: &str) -> Option<&'a Tree> {
        let node = &self.nodes[ix];
        node.tree.get(key).or_else(|| self.default(node.tier, key))
    }

    /// What the defaults say of a property in a tier.
    pub(super) fn default(&self, tier: Tier, key: &str) -> Option<&'a Tree> {
        let defaults = self.defaults?;
        let of_tier = defaults.get(tier.word()).and_then(|tier| tier.get(key));
        of_tier.or_else(|| {
            // A general `missing` speaks of parts, not of answers.
            let general = !(tier == Tier::Indicator && key == "missing") && allowed(tier, key);
            defaults.get(key).filter(|_| general)
        })
    }

    /// Which stage a node belongs to.
    pub(super) fn stage(&self, ix: usize) -> u32 {
        let stated = self.property(ix, "stage");
        let stated = stated.and_then(|stage| number::count(stage.text()?));
        stated.unwrap_or(self.nodes[ix].position)
    }

    /// How much a node counts among its siblings.
    pub(super) fn weight(&self, ix: usize) -> Option<f64> {
        match self.property(ix, "weight") {
            Some(weight) => number::of(weight).filter(|weight| *weight >= 0.0),
            None => Some(1.0),
        }
    }

    /// Whether a node is counted at all.
    pub(super) fn scored(&self, ix: usize) -> bool {
        self.property(ix, "scored").and_then(Tree::text) != Some("false")
    }
}

/// Notes empty lists and maps that say nothing: they take nothing away. In overlays, which come first among the files, they
/// take away what the base says.
pub(super) fn empties(head: &Tree, drafts: &Drafts<'_>, overlays: usize, findings: &mut Findings) {
    let mut look = |tree: &Tree, is_default: &dyn Fn(&str) -> bool| {
        for entry in tree.entries() {
            let spot = entry.value.spot;
            if spot.file < overlays || is_default(&entry.key) {
                continue;
            }
            if let Some(kind) = taking_away(entry) {
                findings.error(spot, kind);
            }
        }
    };
    look(head, &|_| false);
    for draft in &drafts.nodes {
        look(draft.tree, &|key| drafts.default(draft.tier, key).is_some());
    }
    if let Some(defaults) = drafts.defaults {
        look(defaults, &|_| false);
        for tier in [Tier::Index, Tier::Dimension, Tier::Pillar, Tier::Indicator] {
            if let Some(of_tier) = defaults.get(tier.word()) {
                look(of_tier, &|key| defaults.get(key).is_some());
            }
        }
    }
}

/// What is wrong with an empty list or map that can only take something away, where there is nothing to be taken. Those that
/// cannot stand at the key at all have been refused.
fn taking_away(entry: &Entry) -> Option<FrameworkKind> {
    let what = entry.key.clone();
    let key = FRAMEWORK.key(&entry.key);
    let form = &key.or_else(|| INDICATOR.key(&entry.key))?.form;
    let (list, map) = match form {
        Form::Either(shapes) => (shapes.list, shapes.map),
        form => (Some(form), Some(form)),
    };
    match &entry.value.value {
        Value::List(items) if items.is_empty() && matches!(list, Some(Form::List(_))) => {
            Some(FrameworkKind::EmptyList { what })
        }
        Value::Map(entries) if entries.is_empty() && matches!(map, Some(Form::Map(_))) => {
            Some(FrameworkKind::EmptyMap { what })
        }
        _ => None,
    }
}

/// Whether a tier knows a property.
fn allowed(tier: Tier, key: &str) -> bool {
    match tier {
        Tier::Index => INDEX.key(key).is_some(),
        Tier::Dimension => DIMENSION.key(key).is_some(),
        Tier::Pillar => PILLAR.key(key).is_some(),
        Tier::Indicator => INDICATOR.key(key).is_some(),
    }
}
