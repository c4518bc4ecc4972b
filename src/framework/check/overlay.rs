//! Overlays: a file that names another with `extends` and says what is different.

use std::fmt::Write;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::names::{Names, fold};
use super::remedy::What;
use super::tree::LISTS;
use super::{shape, shape_of};
use crate::framework::builtin;
use crate::framework::findings::{Findings, Source, Spot};
use crate::framework::language::{FRAMEWORK, OVERLAY_ONLY};
use crate::framework::yaml::{self, Entry, Tree, Value};
use crate::problem::FrameworkKind;

/// A framework's tree after all overlays, and the hash of the files it was made of.
pub(super) struct Whole {
    pub(super) tree: Tree,
    pub(super) sha256: String,
    /// The overlay before what it extends, which has the name that `extends` calls it by.
    pub(super) sources: Vec<Source>,
}

/// The longest chain of overlays.
const LONGEST: usize = 16;

/// Reads a file and what it extends.
pub(super) fn read(
    source: &Source,
    find: &dyn Fn(&str) -> Option<Source>,
    findings: &mut Findings,
) -> Option<Whole> {
    let mut layers = vec![layer(source, findings)?];
    let mut sources = vec![source.clone()];
    let mut seen = vec![source.clone()];
    while let Some(stated) = layers.last().and_then(|tree| tree.get("extends")).cloned() {
        let Some(name) = stated.text().map(str::trim).filter(|name| !name.is_empty()) else {
            break;
        };
        let Some(base) = find(name) else {
            let name = name.to_owned();
            let near = findings.nearest(&name, builtin::all().iter().map(|(id, _)| *id));
            findings.error(stated.spot, FrameworkKind::UnknownBase { name, near });
            return None;
        };
        if seen.contains(&base) || layers.len() >= LONGEST {
            let name = name.to_owned();
            findings.error(stated.spot, FrameworkKind::ExtendsInCircle { name });
            return None;
        }
        layers.push(layer(&base, findings)?);
        sources.push(Source {
            name: Arc::from(name),
            text: base.text.clone(),
        });
        seen.push(base);
    }
    let mut hash = Sha256::new();
    for source in sources.iter().rev() {
        hash.update(source.text.as_bytes());
    }
    let mut sha256 = String::new();
    for byte in hash.finalize() {
        let _ = write!(sha256, "{byte:02x}");
    }
    let mut tree = layers.pop()?;
    let overlaid = !layers.is_empty();
    while let Some(overlay) = layers.pop() {
        tree = apply(tree, overlay, findings);
    }
    if overlaid {
        // What was changed may not fit the node that it was changed on. What was wrong before is noted once.
        shape::keys(&tree, &FRAMEWORK, What::FILE, findings);
    }
    Some(Whole {
        tree,
        sha256,
        sources,
    })
}

fn layer(source: &Source, findings: &mut Findings) -> Option<Tree> {
    let tree = yaml::read(source, findings)?;
    shape_of(&tree, findings);
    if tree.get("extends").is_none() {
        for key in OVERLAY_ONLY {
            if let Some(entry) = tree.entry(key) {
                let key = entry.key.clone();
                findings.error(entry.at, FrameworkKind::OnlyWithExtends { key });
            }
        }
    } else {
        for key in LISTS {
            if let Some(entry) = tree.entry(key) {
                let key = entry.key.clone();
                findings.error(entry.at, FrameworkKind::TreeInOverlay { key });
            }
        }
    }
    matches!(tree.value, Value::Map(_)).then_some(tree)
}

fn apply(base: Tree, overlay: Tree, findings: &mut Findings) -> Tree {
    let Value::Map(mut entries) = base.value else {
        return base;
    };
    let Value::Map(changes) = overlay.value else {
        return Tree {
            spot: base.spot,
            value: Value::Map(entries),
        };
    };
    let mut edits = Vec::new();
    for change in changes {
        match change.key.as_str() {
            "extends" => {}
            "change" | "drop" | "not-applicable" | "add" => edits.push(change),
            "scales" => add_scales(&mut entries, change),
            "index" => change_index(&mut entries, change),
            key if LISTS.contains(&key) => {}
            _ => replace(&mut entries, change),
        }
    }
    let mut tree = Tree {
        spot: overlay.spot,
        value: Value::Map(entries),
    };
    let ids = ids_of(&tree);
    // What is added can be named by nothing else here, so the order is: change, mark, drop, add.
    for kind in ["change", "not-applicable", "drop", "add"] {
        for edit in edits.iter().filter(|edit| edit.key == kind) {
            for item in edit.value.items() {
                one(&mut tree, kind, item, &ids, findings);
            }
        }
    }
    tree
}

fn replace(entries: &mut Vec<Entry>, entry: Entry) {
    match entries.iter_mut().find(|own| own.key == entry.key) {
        Some(own) => *own = entry,
        None => entries.push(entry),
    }
}

/// Replaces properties of the index one by one, as `change` does for other nodes.
fn change_index(entries: &mut Vec<Entry>, overlay: Entry) {
    match entries.iter_mut().find(|own| own.key == overlay.key) {
        Some(own) => {
            for entry in overlay.value.entries() {
                change(&mut own.value, entry);
            }
        }
        None => entries.push(overlay),
    }
}

fn add_scales(entries: &mut Vec<Entry>, change: Entry) {
    let Some(own) = entries.iter_mut().find(|own| own.key == "scales") else {
        entries.push(change);
        return;
    };
    if let (Value::Map(scales), Value::Map(added)) = (&mut own.value.value, change.value.value) {
        for scale in added {
            match scales
                .iter_mut()
                .find(|own| fold(&own.key) == fold(&scale.key))
            {
                Some(own) => *own = scale,
                None => scales.push(scale),
            }
        }
    }
}

/// The names of all nodes of the base, for messages.
fn ids_of(tree: &Tree) -> Names {
    let mut names = Names::new("node");
    let index = tree.get("index").and_then(|index| index.get("id")?.text());
    names.note(index.unwrap_or("index"), Spot::default());
    collect(tree, &mut names);
    names
}

fn collect(tree: &Tree, names: &mut Names) {
    for list in LISTS.iter().filter_map(|key| tree.get(key)) {
        for item in list.items() {
            if let Some(id) = item.get("id").and_then(Tree::text) {
                names.note(id, Spot::default());
            }
            collect(item, names);
        }
    }
}

fn one(tree: &mut Tree, kind: &str, item: &Tree, ids: &Names, findings: &mut Findings) {
    let (name, spot) = match kind {
        "change" => match item.get("id") {
            Some(id) => (id.text(), id.spot),
            None => return,
        },
        "add" => {
            let Some(to) = item.get("to") else {
                add(tree, item);
                return;
            };
            (to.text(), to.spot)
        }
        _ => (item.text(), item.spot),
    };
    let Some(name) = name.filter(|name| !name.trim().is_empty()) else {
        return;
    };
    let Some(position) = ids.resolve(name, spot, findings) else {
        return;
    };
    if position == 0 {
        match kind {
            "add" => add(tree, item),
            _ => findings.error(spot, FrameworkKind::EditOfIndex),
        }
        return;
    }
    let mut found = false;
    edit(tree, name, &mut found, &mut |node| match kind {
        "drop" => Keep::No,
        "not-applicable" => {
            set(node, unscored(spot));
            Keep::Yes
        }
        "change" => {
            for entry in item.entries().iter().filter(|entry| entry.key != "id") {
                change(node, entry);
            }
            Keep::Yes
        }
        _ => {
            add(node, item);
            Keep::Yes
        }
    });
    if !found {
        let name = name.to_owned();
        findings.error(spot, FrameworkKind::EditOfDropped { name });
    }
}

enum Keep {
    Yes,
    No,
}

/// Finds the node of this id and does something to it.
fn edit(tree: &mut Tree, id: &str, found: &mut bool, act: &mut dyn FnMut(&mut Tree) -> Keep) {
    let Value::Map(entries) = &mut tree.value else {
        return;
    };
    for entry in entries
        .iter_mut()
        .filter(|entry| LISTS.contains(&entry.key.as_str()))
    {
        let Value::List(items) = &mut entry.value.value else {
            continue;
        };
        let position = items.iter().position(|item| {
            let own = item.get("id").and_then(Tree::text);
            own.is_some_and(|own| fold(own) == fold(id))
        });
        if let Some(position) = position {
            *found = true;
            if let Keep::No = act(&mut items[position]) {
                items.remove(position);
            }
            entries.retain(|entry| !is_emptied(entry));
            return;
        }
        for item in items {
            edit(item, id, found, act);
            if *found {
                return;
            }
        }
    }
}

/// Whether nothing is left in a list of nodes.
fn is_emptied(entry: &Entry) -> bool {
    let is_empty = matches!(&entry.value.value, Value::List(items) if items.is_empty());
    is_empty && LISTS.contains(&entry.key.as_str())
}

fn set(node: &mut Tree, entry: Entry) {
    if let Value::Map(entries) = &mut node.value {
        replace(entries, entry);
    }
}

/// Replaces a property. An indicator has one kind of answers, so that a new kind replaces the old one.
fn change(node: &mut Tree, entry: &Entry) {
    const WAYS: [&str; 3] = ["scale", "multiple", "number"];
    if let Value::Map(entries) = &mut node.value {
        if WAYS.contains(&entry.key.as_str()) {
            entries.retain(|own| !WAYS.contains(&own.key.as_str()) || own.key == entry.key);
        }
        replace(entries, entry.clone());
    }
}

fn unscored(spot: Spot) -> Entry {
    Entry {
        key: "scored".to_owned(),
        at: spot,
        value: Tree {
            spot,
            value: Value::Text("false".to_owned()),
        },
    }
}

/// Puts nodes under a node: behind those of the same list.
fn add(node: &mut Tree, item: &Tree) {
    let Value::Map(entries) = &mut node.value else {
        return;
    };
    for added in item.entries().iter().filter(|entry| entry.key != "to") {
        match entries.iter_mut().find(|own| own.key == added.key) {
            Some(own) => {
                if let (Value::List(own), Value::List(items)) =
                    (&mut own.value.value, &added.value.value)
                {
                    own.extend(items.iter().cloned());
                }
            }
            None => entries.push(added.clone()),
        }
    }
}
