//! Values that have passed the check of their shape, as values of the program. Whatever was refused there is `None`.

use super::number;
use crate::framework::value::{Better, Id, RoundingMode, Text};
use crate::framework::yaml::{Tree, Value};

/// The text of a scalar that holds one.
pub(super) fn text(tree: &Tree, key: &str) -> Option<String> {
    let text = tree.get(key)?.text()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A text in one or more languages.
pub(super) fn translated(tree: &Tree, key: &str) -> Option<Text> {
    tree.get(key).and_then(text_of)
}

/// A text in one or more languages.
pub(super) fn text_of(tree: &Tree) -> Option<Text> {
    match &tree.value {
        Value::Text(text) => Some(Text::plain(text.trim())),
        Value::Map(entries) => Text::translated(
            entries
                .iter()
                .filter_map(|entry| {
                    let text = entry.value.text()?;
                    Some((entry.key.clone(), text.trim().to_owned()))
                })
                .collect(),
        ),
        Value::Null | Value::List(_) => None,
    }
}

/// One text or a list of them.
pub(super) fn texts(tree: &Tree, key: &str) -> Vec<String> {
    tree.get(key).map(texts_of).unwrap_or_default()
}

/// One text or a list of them.
pub(super) fn texts_of(tree: &Tree) -> Vec<String> {
    each_of(tree)
        .filter_map(|item| item.text().map(|text| text.trim().to_owned()))
        .collect()
}

/// The one value of a key, or every value of its list.
pub(super) fn each<'a>(tree: &'a Tree, key: &str) -> impl Iterator<Item = &'a Tree> {
    tree.get(key).into_iter().flat_map(each_of)
}

/// A value itself, or every value of a list.
pub(super) fn each_of(tree: &Tree) -> impl Iterator<Item = &Tree> {
    let single = !matches!(tree.value, Value::List(_) | Value::Null);
    tree.items().iter().chain(single.then_some(tree))
}

/// A number.
pub(super) fn number(tree: &Tree, key: &str) -> Option<f64> {
    tree.get(key).and_then(number::of)
}

/// A whole number.
pub(super) fn count(tree: &Tree, key: &str) -> Option<u32> {
    tree.get(key)?.text().and_then(number::count)
}

/// Two numbers, the lower one first.
pub(super) fn interval(tree: &Tree, key: &str) -> Option<(f64, f64)> {
    tree.get(key).and_then(interval_of)
}

/// Two numbers, the lower one first.
pub(super) fn interval_of(tree: &Tree) -> Option<(f64, f64)> {
    let [low, high] = tree.items() else {
        return None;
    };
    let (low, high) = (number::of(low)?, number::of(high)?);
    (low < high).then_some((low, high))
}

/// `true` or `false`.
pub(super) fn flag(tree: &Tree, key: &str) -> Option<bool> {
    match tree.get(key)?.text()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Whether the scalar of a key is this word.
pub(super) fn is(tree: &Tree, key: &str, word: &str) -> bool {
    tree.get(key).and_then(Tree::text) == Some(word)
}

/// An id.
pub(super) fn id(tree: &Tree, key: &str) -> Option<Id> {
    tree.get(key)?.text().and_then(Id::new)
}

/// Which end is good.
pub(super) fn better(tree: &Tree) -> Better {
    if is(tree, "better", "lower") {
        Better::Lower
    } else {
        Better::Higher
    }
}

/// What happens to an exact half, if that is stated.
pub(super) fn mode(tree: &Tree) -> Option<RoundingMode> {
    tree.get("mode")?;
    Some(if is(tree, "mode", "half-even") {
        RoundingMode::HalfEven
    } else {
        RoundingMode::HalfUp
    })
}

/// The word of a case and its details.
pub(super) fn case(tree: &Tree) -> Option<(&str, Option<&Tree>)> {
    match &tree.value {
        Value::Text(word) => Some((word, None)),
        Value::Map(entries) => match entries.as_slice() {
            [entry] => Some((&entry.key, Some(&entry.value))),
            _ => None,
        },
        Value::Null | Value::List(_) => None,
    }
}
