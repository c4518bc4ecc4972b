//! Whether a file has the shape of the language: known keys, and in every place what can stand there. What the values
//! mean together is left to the other modules, which pass over whatever has been refused here.

use super::number::{self, NotANumber};
use super::remedy::{self, What};
use crate::framework::findings::{Findings, Spot};
use crate::framework::language::{
    Bounds, Case, DIMENSION, FRAMEWORK, Fits, Form, INDICATOR, Key, MULTIPLE, NUMBER, Object,
    SCALE, SCALE_LONG, Shapes, TREATMENT,
};
use crate::framework::value::Id;
use crate::framework::words::{folded, list};
use crate::framework::yaml::{Entry, Tree, Value};
use crate::problem::FrameworkKind;

/// Notes everything in `tree` that cannot stand where `form` is expected; `what` is the key it belongs to.
pub(super) fn check(tree: &Tree, form: &Form, what: What<'_>, findings: &mut Findings) {
    match form {
        Form::Text | Form::Name => {
            text(tree, form, what, findings);
        }
        Form::Translated => translated(tree, what, findings),
        Form::Id => id(tree, what, findings),
        Form::Code => code(tree, what, findings),
        Form::Number(bounds) => number(tree, *bounds, what, findings),
        Form::Count(low, high) => count(tree, *low, *high, what, findings),
        Form::Flag => flag(tree, what, findings),
        Form::Word(words) => word(tree, words, None, what, findings),
        Form::WordOrNumber(words, bounds) => word(tree, words, Some(*bounds), what, findings),
        Form::List(item) | Form::Filled(item) => items(tree, form, item, what, findings),
        Form::Interval(bounds) => interval(tree, form, *bounds, what, findings),
        Form::Points => points(tree, what, findings),
        Form::Object(object) => keys(tree, object, what, findings),
        Form::Node(object) => keys(tree, object(), what, findings),
        Form::Map(value) | Form::FilledMap(value) => free_keys(tree, form, value, what, findings),
        Form::Scale => scale(tree, what, findings),
        Form::Either(shapes) => either(tree, shapes, form, what, findings),
        Form::Case(cases) => case(tree, cases, what, findings),
    }
}

/// What can stand in a place, in words.
pub(super) fn describe(form: &Form) -> String {
    match form {
        Form::Text => "a text".to_owned(),
        Form::Translated => "a text or one text a language".to_owned(),
        Form::Id => "an id".to_owned(),
        Form::Code => "a column name".to_owned(),
        Form::Name => "a name".to_owned(),
        Form::Number(bounds) => bounds.text(),
        Form::Count(low, high) => format!("a whole number from {low} to {high}"),
        Form::Flag => "`true` or `false`".to_owned(),
        Form::Word(words) => list(words.iter().copied(), "or"),
        Form::WordOrNumber(words, bounds) => {
            format!("{} or {}", list(words.iter().copied(), ","), bounds.text())
        }
        Form::List(_) | Form::Filled(_) => "a list".to_owned(),
        Form::Interval(Bounds::Within(low, high)) => {
            format!("two numbers `[low, high]` from {low} to {high}")
        }
        Form::Interval(_) => "two numbers `[low, high]`".to_owned(),
        Form::Points => "a list of points `[number, share]`".to_owned(),
        Form::Object(object) => format!("a map with {}", shortened(object)),
        Form::Node(object) => format!("a map with {}", shortened(object())),
        Form::Map(_) | Form::FilledMap(_) => "a map".to_owned(),
        Form::Scale => "the name of a scale or a map of answers".to_owned(),
        Form::Either(shapes) => {
            let forms = [shapes.scalar, shapes.list, shapes.map];
            let texts: Vec<String> = forms.into_iter().flatten().map(describe).collect();
            texts.join(", or ")
        }
        Form::Case(cases) => list(here(cases), "or"),
    }
}

/// The words that fit the place.
fn here(cases: &'static [Case]) -> impl Iterator<Item = &'static str> {
    cases
        .iter()
        .filter(|case| case.fits == Fits::Here)
        .map(|case| case.word)
}

/// The first keys of an object.
fn shortened(object: &Object) -> String {
    let keys = object.keys.iter().map(|key| key.name);
    if object.keys.len() > 6 {
        format!("{}, …", list(keys.take(5), ","))
    } else {
        list(keys, ",")
    }
}

fn wrong_shape(tree: &Tree, form: &Form, what: What<'_>, findings: &mut Findings) {
    findings.error(
        tree.spot,
        FrameworkKind::WrongShape {
            what: what.name.to_owned(),
            found: tree.shape(),
            expected: describe(form),
            remedy: remedy::shape(tree, form, what),
        },
    );
}

fn text<'a>(
    tree: &'a Tree,
    form: &Form,
    what: What<'_>,
    findings: &mut Findings,
) -> Option<&'a str> {
    let Some(text) = tree.text() else {
        wrong_shape(tree, form, what, findings);
        return None;
    };
    if text.trim().is_empty() {
        let what = what.name.to_owned();
        findings.error(tree.spot, FrameworkKind::EmptyText { what });
        return None;
    }
    Some(text)
}

fn translated(tree: &Tree, what: What<'_>, findings: &mut Findings) {
    match &tree.value {
        Value::Text(_) => {
            text(tree, &Form::Text, what, findings);
        }
        Value::Map(entries) if !entries.is_empty() => {
            for entry in entries {
                if !is_language(&entry.key) {
                    let found = entry.key.clone();
                    findings.error(entry.at, FrameworkKind::NotALanguage { found });
                }
                text(&entry.value, &Form::Text, what, findings);
            }
        }
        Value::Null | Value::List(_) | Value::Map(_) => {
            wrong_shape(tree, &Form::Translated, what, findings);
        }
    }
}

/// Whether this is a language as BCP 47 writes it: two or three letters, then parts of up to eight.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_alphabetic())
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        })
}

fn id(tree: &Tree, what: What<'_>, findings: &mut Findings) {
    if let Some(found) = text(tree, &Form::Id, what, findings)
        && Id::new(found).is_none()
    {
        let found = found.to_owned();
        findings.error(tree.spot, FrameworkKind::NotAnId { found });
    }
}

fn code(tree: &Tree, what: What<'_>, findings: &mut Findings) {
    if let Some(found) = text(tree, &Form::Code, what, findings)
        && !is_code(found)
    {
        let found = found.to_owned();
        findings.error(tree.spot, FrameworkKind::NotACode { found });
    }
}

/// Whether this can name a column: a letter, then letters, digits and `_`, at most 64.
pub(super) fn is_code(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && text.len() <= Id::LONGEST
}

fn number(tree: &Tree, bounds: Bounds, what: What<'_>, findings: &mut Findings) {
    if let Some(found) = text(tree, &Form::Number(bounds), what, findings) {
        bounded(found, tree.spot, bounds, what, findings);
    }
}

fn bounded(found: &str, spot: Spot, bounds: Bounds, what: What<'_>, findings: &mut Findings) {
    match number::read(found) {
        Ok(value) if bounds.hold(value) => {}
        Ok(value) => findings.error(
            spot,
            FrameworkKind::OutOfBounds {
                what: what.name.to_owned(),
                found: found.to_owned(),
                expected: bounds.text(),
                remedy: remedy::outside(value, bounds, what),
            },
        ),
        Err(reason) => findings.error(spot, not_a_number(what, found, bounds, reason)),
    }
}

fn not_a_number(what: What<'_>, found: &str, bounds: Bounds, reason: NotANumber) -> FrameworkKind {
    let remedy = remedy::number(bounds, what);
    let what = what.name.to_owned();
    let found = found.to_owned();
    match reason {
        NotANumber::NotFinite => FrameworkKind::NotFinite { what, found },
        NotANumber::DivisionByZero => FrameworkKind::DivisionByZero { found },
        NotANumber::Other(near) => FrameworkKind::NotANumber {
            what,
            found,
            expected: bounds.text(),
            near,
            remedy,
        },
    }
}

fn count(tree: &Tree, low: u32, high: u32, what: What<'_>, findings: &mut Findings) {
    let form = Form::Count(low, high);
    let Some(found) = text(tree, &form, what, findings) else {
        return;
    };
    if !number::count(found).is_some_and(|value| (low..=high).contains(&value)) {
        findings.error(
            tree.spot,
            FrameworkKind::OutOfBounds {
                what: what.name.to_owned(),
                found: found.to_owned(),
                expected: describe(&form),
                remedy: remedy::count(what),
            },
        );
    }
}

fn flag(tree: &Tree, what: What<'_>, findings: &mut Findings) {
    if let Some(found) = text(tree, &Form::Flag, what, findings)
        && !matches!(found, "true" | "false")
    {
        findings.error(
            tree.spot,
            FrameworkKind::NotAFlag {
                what: what.name.to_owned(),
                found: found.to_owned(),
                remedy: remedy::flag(found, what),
            },
        );
    }
}

fn word(
    tree: &Tree,
    words: &'static [&'static str],
    or_number: Option<Bounds>,
    what: What<'_>,
    findings: &mut Findings,
) {
    let form = match or_number {
        Some(bounds) => Form::WordOrNumber(words, bounds),
        None => Form::Word(words),
    };
    let Some(found) = text(tree, &form, what, findings) else {
        return;
    };
    if words.contains(&found) {
        return;
    }
    if let Some(bounds) = or_number
        && looks_like_a_number(found)
    {
        bounded(found, tree.spot, bounds, what, findings);
        return;
    }
    unknown_word(
        tree.spot,
        found,
        words.iter().copied(),
        &form,
        what,
        findings,
    );
}

fn looks_like_a_number(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        || matches!(number::read(text), Err(NotANumber::NotFinite))
}

fn unknown_word<'a>(
    spot: Spot,
    found: &str,
    words: impl Iterator<Item = &'a str>,
    form: &Form,
    what: What<'_>,
    findings: &mut Findings,
) {
    let near = findings.nearest(found, words);
    findings.error(
        spot,
        FrameworkKind::UnknownWord {
            what: what.name.to_owned(),
            found: found.to_owned(),
            expected: describe(form),
            near,
            remedy: remedy::word(found, what),
        },
    );
}

fn items(tree: &Tree, form: &Form, item: &Form, what: What<'_>, findings: &mut Findings) {
    let Value::List(items) = &tree.value else {
        wrong_shape(tree, form, what, findings);
        return;
    };
    if items.is_empty() && matches!(form, Form::Filled(_)) {
        let what = what.name.to_owned();
        findings.error(tree.spot, FrameworkKind::EmptyList { what });
    }
    for tree in items {
        check(tree, item, what, findings);
    }
}

fn interval(tree: &Tree, form: &Form, bounds: Bounds, what: What<'_>, findings: &mut Findings) {
    let [low, high] = tree.items() else {
        wrong_shape(tree, form, what, findings);
        return;
    };
    number(low, bounds, what, findings);
    number(high, bounds, what, findings);
    if let (Some(from), Some(to)) = (number::of(low), number::of(high))
        && from >= to
    {
        findings.error(
            tree.spot,
            FrameworkKind::EmptyInterval {
                what: what.name.to_owned(),
                low: from,
                high: to,
            },
        );
    }
}

fn points(tree: &Tree, what: What<'_>, findings: &mut Findings) {
    let points = tree.items();
    if points.is_empty() {
        wrong_shape(tree, &Form::Points, what, findings);
    }
    for point in points {
        let [x, y] = point.items() else {
            wrong_shape(point, &Form::Interval(Bounds::Any), what, findings);
            continue;
        };
        number(x, Bounds::Any, what, findings);
        number(y, Bounds::Any, what, findings);
    }
}

/// Checks the keys of an object and their values.
pub(super) fn keys(tree: &Tree, object: &'static Object, what: What<'_>, findings: &mut Findings) {
    let Value::Map(entries) = &tree.value else {
        wrong_shape(tree, &Form::Object(object), what, findings);
        return;
    };
    if let Some(key) = level_left_out(entries, object, findings) {
        findings.error(tree.spot, missing(key, object, true));
        return;
    }
    let mut misspelled = Vec::new();
    for entry in entries {
        if let Some(key) = object.key(&entry.key) {
            check(&entry.value, &key.form, What::key(key), findings);
            continue;
        }
        if findings.full() {
            break;
        }
        let known = || object.keys.iter().map(|key| key.name);
        let own = in_other_tools(&entry.key);
        let near = match own {
            Some(own) => object.key(own).map(|key| key.name.to_owned()),
            None => findings.nearest(&entry.key, known()),
        };
        misspelled.extend(near.clone());
        findings.error(
            entry.at,
            FrameworkKind::UnknownKey {
                key: entry.key.clone(),
                inside: object.name,
                near,
                known: list(known(), ","),
                elsewhere: elsewhere(own.unwrap_or(&entry.key)),
            },
        );
    }
    for key in object.keys {
        let is_there =
            tree.entry(key.name).is_some() || misspelled.iter().any(|meant| meant == key.name);
        if key.required && !is_there {
            findings.error(tree.spot, missing(key, object, false));
        }
    }
}

/// The key below which all belongs that was written in its place.
fn level_left_out(
    entries: &[Entry],
    object: &'static Object,
    findings: &mut Findings,
) -> Option<&'static Key> {
    let mut required = object.keys.iter().filter(|key| key.required);
    let (Some(key), None) = (required.next(), required.next()) else {
        return None;
    };
    let takes_names = match &key.form {
        Form::FilledMap(_) => true,
        Form::Either(shapes) => matches!(shapes.map, Some(Form::FilledMap(_))),
        _ => false,
    };
    if !takes_names || entries.is_empty() {
        return None;
    }
    let mut is_meant = |written: &str| {
        let keys = object.keys.iter().map(|key| key.name);
        object.key(written).is_some() || findings.nearest(written, keys).is_some()
    };
    let is_any = entries.iter().any(|entry| is_meant(&entry.key));
    (!is_any).then_some(key)
}

fn missing(key: &Key, object: &Object, level: bool) -> FrameworkKind {
    FrameworkKind::MissingKey {
        key: key.name,
        inside: object.name,
        meaning: key.meaning,
        level,
    }
}

/// The key for what other tools of the field call like this.
fn in_other_tools(key: &str) -> Option<&'static str> {
    Some(match folded(key).as_str() {
        "direction" | "polarity" | "orientation" | "sign" => "better",
        "normalisation" | "normalization" | "normalize" | "norm" => "normalise",
        "aggregation" | "agg" => "aggregate",
        "imputation" | "impute" => "missing",
        "name" | "label" => "title",
        "min" | "lower" | "worst" => "from",
        "max" | "upper" | "best" => "to",
        "quantiles" | "trim" => "percentiles",
        _ => return None,
    })
}

/// What a key that is not known here is a key of.
fn elsewhere(key: &str) -> Option<String> {
    let objects = [
        &DIMENSION,
        &INDICATOR,
        &NUMBER,
        &MULTIPLE,
        &SCALE_LONG,
        &TREATMENT,
        &FRAMEWORK,
    ];
    objects.into_iter().find_map(|object| {
        let known = object
            .keys
            .iter()
            .find(|own| folded(own.name) == folded(key))?;
        Some(format!("`{}` is a key of {}", known.name, object.name))
    })
}

fn free_keys(tree: &Tree, form: &Form, value: &Form, what: What<'_>, findings: &mut Findings) {
    let Value::Map(entries) = &tree.value else {
        wrong_shape(tree, form, what, findings);
        return;
    };
    if entries.is_empty() && matches!(form, Form::FilledMap(_)) {
        let what = what.name.to_owned();
        findings.error(tree.spot, FrameworkKind::EmptyMap { what });
    }
    for entry in entries {
        if entry.key.trim().is_empty() {
            let what = what.name.to_owned();
            findings.error(entry.at, FrameworkKind::EmptyText { what });
        }
        check(&entry.value, value, What::named(&entry.key), findings);
    }
}

fn scale(tree: &Tree, what: What<'_>, findings: &mut Findings) {
    match &tree.value {
        Value::Text(_) => {
            text(tree, &Form::Name, what, findings);
        }
        Value::Map(_) if is_long_scale(tree) => keys(tree, &SCALE_LONG, what, findings),
        Value::Map(_) => {
            check(tree, &SCALE, what, findings);
            if let Some(entry) = tree.entry("out-of") {
                findings.error(entry.at, FrameworkKind::OutOfAmongAnswers);
            }
        }
        Value::Null | Value::List(_) => wrong_shape(tree, &Form::Scale, what, findings),
    }
}

/// Whether a scale is written with `answers`.
pub(super) fn is_long_scale(tree: &Tree) -> bool {
    tree.get("answers")
        .is_some_and(|answers| matches!(answers.value, Value::Map(_) | Value::List(_)))
}

fn either(tree: &Tree, shapes: &Shapes, form: &Form, what: What<'_>, findings: &mut Findings) {
    let fitting = match &tree.value {
        Value::Null => None,
        Value::Text(_) => shapes.scalar,
        Value::List(_) => shapes.list,
        Value::Map(_) => shapes.map,
    };
    match fitting {
        Some(form) => check(tree, form, what, findings),
        None => wrong_shape(tree, form, what, findings),
    }
}

fn case(tree: &Tree, cases: &'static [Case], what: What<'_>, findings: &mut Findings) {
    let (word, spot, details) = match &tree.value {
        Value::Text(word) => (word.as_str(), tree.spot, None),
        Value::Map(entries) => match entries.as_slice() {
            [entry] => (entry.key.as_str(), entry.at, Some(&entry.value)),
            [_, second, ..] => {
                findings.error(
                    second.at,
                    FrameworkKind::SeveralCases {
                        what: what.name.to_owned(),
                        found: list(entries.iter().map(|entry| entry.key.as_str()), "and"),
                    },
                );
                return;
            }
            [] => return wrong_shape(tree, &Form::Case(cases), what, findings),
        },
        Value::Null | Value::List(_) => {
            return wrong_shape(tree, &Form::Case(cases), what, findings);
        }
    };
    let Some(case) = cases.iter().find(|case| case.word == word) else {
        return unknown_word(spot, word, here(cases), &Form::Case(cases), what, findings);
    };
    match case.fits {
        Fits::Here => {}
        Fits::Indicators => {
            let word = word.to_owned();
            return findings.error(spot, FrameworkKind::OnlyForIndicators { word });
        }
        Fits::Parents => {
            let word = word.to_owned();
            return findings.error(spot, FrameworkKind::OnlyForParents { word });
        }
    }
    match (details, case.details) {
        (Some(details), Some(form)) => check(details, form, What::named(word), findings),
        (Some(_), None) => findings.error(spot, FrameworkKind::NoDetails { word: case.word }),
        (None, Some(form)) if !case.alone => findings.error(
            spot,
            FrameworkKind::NeedsDetails {
                word: case.word,
                expected: describe(form),
            },
        ),
        (None, _) => {}
    }
}
