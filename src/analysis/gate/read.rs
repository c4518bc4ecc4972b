//! A file of rules → [`Rule`]s, or every mistake in it.

use std::fmt::Display;

use crate::framework::{
    Findings, Framework, NodeIx, Source, Target, Tree, Value, number, read_yaml,
};
use crate::problem::{FrameworkKind, GateKind, Problem, Severity};

use super::{Demand, Reach, Rule};

const FILE_KEYS: [&str; 2] = ["rules", "severity"];
const RULE_KEYS: [&str; 9] = [
    "node",
    "units",
    "severity",
    "at-least",
    "targets",
    "coverage",
    "level",
    "max-drop",
    "no-level-loss",
];
const SEVERITIES: [&str; 3] = ["off", "warn", "error"];

/// Reads rules for scores that a framework can give. Rules that are off are checked and left out.
pub fn read(source: &Source, reach: &Reach<'_>) -> Result<Vec<Rule>, Vec<Problem>> {
    let mut reader = Reader {
        framework: reach.framework(),
        reach,
        findings: Findings::default(),
        rules: Vec::new(),
    };
    if let Some(tree) = read_yaml(source, &mut reader.findings) {
        reader.file(&tree);
    }
    if reader.findings.errors() > 0 {
        return Err(reader.findings.finish());
    }
    Ok(reader.rules)
}

struct Reader<'f> {
    framework: &'f Framework,
    reach: &'f Reach<'f>,
    findings: Findings,
    rules: Vec<Rule>,
}

impl Reader<'_> {
    fn file(&mut self, tree: &Tree) {
        if !self.is_map(tree, "the file") {
            return;
        }
        self.keys(tree, &FILE_KEYS, "a file of rules");
        let severity = tree.get("severity").map(|tree| self.severity(tree));
        let severity = severity.unwrap_or(Some(Severity::Error));
        let Some(rules) = tree.get("rules") else {
            let kind = FrameworkKind::MissingKey {
                key: "rules",
                meaning: "the list of rules",
                inside: "a file of rules",
                level: false,
            };
            self.findings.error(tree.spot, kind);
            return;
        };
        if matches!(rules.value, Value::List(_)) {
            self.filled(rules, "rules");
            for rule in rules.items() {
                self.rule(rule, severity);
            }
        } else {
            self.shape(rules, "rules", "a list");
        }
    }

    fn rule(&mut self, tree: &Tree, default: Option<Severity>) {
        if !self.is_map(tree, "rules") {
            return;
        }
        self.keys(tree, &RULE_KEYS, "a rule");
        let severity = match tree.get("severity") {
            Some(stated) => self.severity(stated),
            None => default,
        };
        let nodes = self.nodes(tree.get("node"));
        let units = tree.get("units").map(|units| self.texts(units, "units"));
        let units = units.unwrap_or_default();
        let units: Vec<String> = units.into_iter().map(|(text, _)| text).collect();
        let mut demands = Vec::new();
        let range = self.framework.range;
        if let Some(value) = tree.get("at-least") {
            let shown = self.number(value, "at-least");
            let demand = shown.map(|shown| Demand::AtLeast(range.read(shown)));
            demands.extend(demand.filter(|own| self.in_reach(value, "at-least", &nodes, own)));
        }
        if let Some(value) = tree.get("coverage") {
            demands.extend(self.share(value).map(Demand::Coverage));
        }
        if let Some(value) = tree.get("level") {
            demands.extend(self.level(value, &nodes).map(Demand::Level));
        }
        if let Some(value) = tree.get("max-drop") {
            let shown = self.drop(value);
            let demand = shown.map(|shown| Demand::MaxDrop(range.read_difference(shown)));
            demands.extend(demand.filter(|own| self.in_reach(value, "max-drop", &nodes, own)));
        }
        if let Some(value) = tree.get("no-level-loss")
            && self.flag(value, "no-level-loss") == Some(true)
        {
            demands.push(Demand::NoLevelLoss);
        }
        let is_demand = |value: &Tree| value.text() != Some("false");
        let asks = RULE_KEYS[3..]
            .iter()
            .any(|key| tree.get(key).is_some_and(is_demand));
        if !asks {
            let kind = GateKind::NoDemand.into();
            self.findings.add(Severity::Error, &[tree.spot], kind);
        }
        let of_nodes = demands.into_iter().map(|demand| (nodes.clone(), demand));
        let mut demands: Vec<_> = of_nodes.collect();
        if let Some(value) = tree.get("targets") {
            demands.extend(self.targets(value, tree.get("node"), &nodes));
        }
        let Some(severity) = severity else { return };
        let place = self.findings.place(tree.spot);
        self.rules
            .extend(demands.into_iter().map(|(nodes, demand)| Rule {
                nodes,
                units: units.clone(),
                severity,
                demand,
                place: Some(place.clone()),
            }));
    }

    /// The nodes that a rule names; the index without a name, every node for `all`.
    fn nodes(&mut self, tree: Option<&Tree>) -> Vec<NodeIx> {
        let Some(tree) = tree else {
            return vec![Framework::INDEX];
        };
        let mut nodes = Vec::new();
        for (name, spot) in self.texts(tree, "node") {
            let found = self.framework.find(&name);
            match found.or_else(|| self.framework.find_indicator(&name)) {
                Some(node) => nodes.push(node),
                None if name == "all" => {
                    nodes.extend(self.framework.walk().map(|(ix, _)| ix));
                }
                None => {
                    let ids = self.framework.nodes.iter().map(|node| node.id.as_str());
                    let kind = GateKind::UnknownNode {
                        near: self.findings.nearest(&name, ids),
                        framework: self.framework.id.to_string(),
                        name,
                    };
                    self.findings.add(Severity::Error, &[spot], kind.into());
                }
            }
        }
        nodes
    }

    /// The framework's targets for a phase, each of one node: of those that are named, of all that have one without a name.
    fn targets(
        &mut self,
        tree: &Tree,
        named: Option<&Tree>,
        nodes: &[NodeIx],
    ) -> Vec<(Vec<NodeIx>, Demand)> {
        let Some(phase) = tree.text() else {
            self.shape(tree, "targets", "the name of a phase");
            return Vec::new();
        };
        let framework = self.framework;
        let mut all = framework.targets.iter();
        let Some(target) = all.find(|target| target.phase == phase) else {
            let phases = framework.targets.iter().map(|target| &target.phase);
            let kind = GateKind::UnknownPhase {
                name: phase.to_owned(),
                framework: framework.id.to_string(),
                known: listed(phases),
            };
            self.findings
                .add(Severity::Error, &[tree.spot], kind.into());
            return Vec::new();
        };
        let every = named.is_none_or(|named| named.text() == Some("all"));
        if !every {
            self.have_targets(tree, target, nodes);
        }
        let asked = |node: &NodeIx| every || nodes.contains(node);
        let scores = target.scores.iter().filter(|(node, _)| asked(node));
        let demands = scores.map(|(node, least)| {
            let demand = Demand::Target {
                phase: target.phase.clone(),
                least: *least,
            };
            (vec![*node], demand)
        });
        let demands: Vec<_> = demands.collect();
        for (node, demand) in &demands {
            self.in_reach(tree, "targets", node, demand);
        }
        demands
    }

    /// Notes nodes that a phase has no target of.
    fn have_targets(&mut self, tree: &Tree, target: &Target, nodes: &[NodeIx]) {
        let id = |node: &NodeIx| &self.framework.node(*node).id;
        let known = listed(target.scores.iter().map(|(node, _)| id(node)));
        for node in nodes {
            if target.scores.iter().any(|(own, _)| own == node) {
                continue;
            }
            let kind = GateKind::NoTarget {
                node: id(node).to_string(),
                phase: target.phase.clone(),
                known: known.clone(),
            };
            self.findings
                .add(Severity::Error, &[tree.spot], kind.into());
        }
    }

    /// The id of a level that all the nodes have.
    fn level(&mut self, tree: &Tree, nodes: &[NodeIx]) -> Option<String> {
        let Some(name) = tree.text() else {
            self.shape(tree, "level", "the id of a level");
            return None;
        };
        let mut id = None;
        for node in nodes {
            let levels = self.framework.levels_of(*node);
            let bands = levels.map_or(&[][..], |levels| levels.bands.as_slice());
            let found = bands
                .iter()
                .find(|band| band.id.as_str().eq_ignore_ascii_case(name));
            if let Some(found) = found {
                id = Some(found.id.to_string());
                continue;
            }
            let known = listed(bands.iter().map(|band| &band.id));
            let kind = GateKind::UnknownLevel {
                name: name.to_owned(),
                node: self.framework.node(*node).id.to_string(),
                known: if known.is_empty() {
                    "none".to_owned()
                } else {
                    known
                },
            };
            self.findings
                .add(Severity::Error, &[tree.spot], kind.into());
        }
        id
    }

    /// `None`: the rule is off.
    fn severity(&mut self, tree: &Tree) -> Option<Severity> {
        match tree.text() {
            Some("off") => None,
            Some("warn") => Some(Severity::Warning),
            Some("error") => Some(Severity::Error),
            Some(found) => {
                let kind = FrameworkKind::UnknownWord {
                    what: "severity".to_owned(),
                    found: found.to_owned(),
                    expected: "`off`, `warn` or `error`".to_owned(),
                    near: self.findings.nearest(found, SEVERITIES.into_iter()),
                    remedy: "say how much it matters, or switch the rule off".into(),
                };
                self.findings.error(tree.spot, kind);
                None
            }
            None => {
                self.shape(tree, "severity", "`off`, `warn` or `error`");
                None
            }
        }
    }

    fn number(&mut self, tree: &Tree, what: &str) -> Option<f64> {
        let Some(text) = tree.text() else {
            self.shape(tree, what, "a number");
            return None;
        };
        let found = text.parse::<f64>().ok().filter(|number| number.is_finite());
        if found.is_none() {
            let kind = FrameworkKind::NotANumber {
                what: what.to_owned(),
                found: text.to_owned(),
                expected: "a number on the framework's range".to_owned(),
                near: None,
                remedy: "write a number such as `40` or `0.5`".into(),
            };
            self.findings.error(tree.spot, kind);
        }
        found
    }

    fn share(&mut self, tree: &Tree) -> Option<f64> {
        let share = self.number(tree, "coverage")?;
        if (0.0..=1.0).contains(&share) {
            return Some(share);
        }
        let kind = FrameworkKind::OutOfBounds {
            what: "coverage".to_owned(),
            found: tree.text().unwrap_or_default().to_owned(),
            expected: "a share from 0 to 1".to_owned(),
            remedy: "write 80 % as `0.8`".into(),
        };
        self.findings.error(tree.spot, kind);
        None
    }

    fn drop(&mut self, tree: &Tree) -> Option<f64> {
        let drop = self.number(tree, "max-drop")?;
        if drop >= 0.0 {
            return Some(drop);
        }
        let kind = FrameworkKind::OutOfBounds {
            what: "max-drop".to_owned(),
            found: tree.text().unwrap_or_default().to_owned(),
            expected: "a number that is not negative".to_owned(),
            remedy: "write how far a score may fall".into(),
        };
        self.findings.error(tree.spot, kind);
        None
    }

    /// Notes a demand that lies beyond the scores that there can be.
    fn in_reach(&mut self, tree: &Tree, what: &str, nodes: &[NodeIx], demand: &Demand) -> bool {
        let Err(beyond) = self.reach.check(nodes, demand) else {
            return true;
        };
        let found = match (demand, nodes) {
            (Demand::Target { least, .. }, [node]) => {
                let shown = number(self.framework.range.show(*least));
                format!("{}: {shown}", self.framework.node(*node).id)
            }
            _ => tree.text().unwrap_or_default().to_owned(),
        };
        let kind = FrameworkKind::OutOfBounds {
            what: what.to_owned(),
            found,
            expected: format!("{}: {}", beyond.expected, beyond.scores),
            remedy: beyond.remedy.into(),
        };
        self.findings.error(tree.spot, kind);
        false
    }

    /// Notes a list without items: a rule about nothing would hold whatever happens.
    fn filled(&mut self, tree: &Tree, what: &str) {
        if matches!(&tree.value, Value::List(items) if items.is_empty()) {
            let what = what.to_owned();
            self.findings
                .error(tree.spot, FrameworkKind::EmptyList { what });
        }
    }

    fn flag(&mut self, tree: &Tree, what: &str) -> Option<bool> {
        match tree.text() {
            Some("true") => Some(true),
            Some("false") => Some(false),
            found => {
                let kind = FrameworkKind::NotAFlag {
                    what: what.to_owned(),
                    found: found.unwrap_or(tree.shape()).to_owned(),
                    remedy: "write `true` or `false`".into(),
                };
                self.findings.error(tree.spot, kind);
                None
            }
        }
    }

    /// A text, or a list of texts.
    fn texts(&mut self, tree: &Tree, what: &str) -> Vec<(String, crate::framework::Spot)> {
        self.filled(tree, what);
        let one = std::slice::from_ref(tree);
        let items = match &tree.value {
            Value::List(items) => items.as_slice(),
            Value::Text(_) => one,
            Value::Null | Value::Map(_) => {
                self.shape(tree, what, "a name or a list of names");
                return Vec::new();
            }
        };
        let mut texts = Vec::new();
        for item in items {
            match item.text() {
                Some(text) => texts.push((text.to_owned(), item.spot)),
                None => self.shape(item, what, "a name"),
            }
        }
        texts
    }

    fn is_map(&mut self, tree: &Tree, what: &str) -> bool {
        let is_map = matches!(tree.value, Value::Map(_));
        if !is_map {
            self.shape(tree, what, "a map");
        }
        is_map
    }

    fn shape(&mut self, tree: &Tree, what: &str, expected: &str) {
        let kind = FrameworkKind::WrongShape {
            what: what.to_owned(),
            found: tree.shape(),
            expected: expected.to_owned(),
            remedy: format!("write {expected}").into(),
        };
        self.findings.error(tree.spot, kind);
    }

    fn keys(&mut self, tree: &Tree, known: &[&str], inside: &'static str) {
        for entry in tree.entries() {
            if known.contains(&entry.key.as_str()) {
                continue;
            }
            let kind = FrameworkKind::UnknownKey {
                key: entry.key.clone(),
                inside,
                near: self.findings.nearest(&entry.key, known.iter().copied()),
                known: listed(known.iter()),
                elsewhere: None,
            };
            self.findings.error(entry.at, kind);
        }
    }
}

/// Names as they stand in messages.
fn listed(names: impl Iterator<Item = impl Display>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
