//! What to do about a value that cannot stand where it does.

use crate::framework::language::{Bounds, Form, Key, Object};
use crate::framework::yaml::{Tree, Value};

/// What the whole file is called.
const FILE: &str = "the file";

/// What a value belongs to, as messages call it.
#[derive(Clone, Copy, Debug)]
pub(super) struct What<'a> {
    /// The key, or the name that was chosen for it.
    pub(super) name: &'a str,
    /// What the key means, if it is one of the language.
    meaning: Option<&'static str>,
}

impl<'a> What<'a> {
    /// A key of the language.
    pub(super) fn key(key: &'static Key) -> Self {
        Self {
            name: key.name,
            meaning: Some(key.meaning),
        }
    }

    /// The whole file.
    pub(super) const FILE: What<'static> = What {
        name: FILE,
        meaning: None,
    };

    /// A name that was chosen by who wrote the file, or a word of the language.
    pub(super) fn named(name: &'a str) -> Self {
        Self {
            name,
            meaning: None,
        }
    }

    /// What the key means, if that is known.
    fn explained(self) -> Option<Box<str>> {
        let meaning = self.meaning?;
        Some(format!("`{}`: {meaning}", self.name).into())
    }
}

/// What to do about a text, list or map where another one belongs.
pub(super) fn shape(tree: &Tree, form: &Form, what: What<'_>) -> Box<str> {
    let name = what.name;
    match (&tree.value, form) {
        (Value::Map(entries), _) if lists_maps(form) && !entries.is_empty() => {
            format!("put it into a list: `{name}: [{{…}}]`").into()
        }
        (Value::Text(_), Form::List(_) | Form::Filled(_)) => {
            format!("put it into a list: `{name}: […]`").into()
        }
        (_, Form::Object(_)) if name == FILE => {
            "begin it with `dgpf: 1`; `dgpf frameworks new NAME` writes one to start from".into()
        }
        (_, Form::Object(object)) => write_map(object),
        (_, Form::Node(object)) => write_map(object()),
        _ => what
            .explained()
            .unwrap_or_else(|| "write it in one of these ways".into()),
    }
}

/// Whether a list of maps can stand there.
fn lists_maps(form: &Form) -> bool {
    match form {
        Form::List(item) | Form::Filled(item) => {
            matches!(item, Form::Object(_) | Form::Node(_) | Form::FilledMap(_))
        }
        Form::Either(shapes) => shapes.list.is_some_and(lists_maps),
        _ => false,
    }
}

fn write_map(object: &Object) -> Box<str> {
    let required = object.keys.iter().find(|key| key.required);
    match required.or(object.keys.first()) {
        Some(key) => format!("write a map: `{{{}: …}}`", key.name).into(),
        None => "write a map".into(),
    }
}

/// What to do about a number outside its bounds.
pub(super) fn outside(value: f64, bounds: Bounds, what: What<'_>) -> Box<str> {
    let weight = what.name == "weight" || what.meaning.is_none();
    match bounds {
        Bounds::NotNegative if weight => {
            "write 0 for what does not count; where more is worse turn its scale or goalposts round"
                .into()
        }
        Bounds::Positive if what.name == "times" && value < 0.0 => {
            "leave the sign out; where less is better put `from` above `to`".into()
        }
        _ => number(bounds, what),
    }
}

/// What to do about a text where a number belongs.
pub(super) fn number(bounds: Bounds, what: What<'_>) -> Box<str> {
    let write = match bounds {
        Bounds::Share => "write two thirds as `2/3` and 80 % as `0.8`",
        _ => "write a number such as `0.5` or `2/3`",
    };
    match (bounds, what.explained()) {
        (Bounds::Share, Some(explained)) => format!("{explained}; {write}").into(),
        (_, Some(explained)) => explained,
        (_, None) => write.into(),
    }
}

/// What to do about something else than a whole number.
pub(super) fn count(what: What<'_>) -> Box<str> {
    what.explained()
        .unwrap_or_else(|| "write a whole number".into())
}

/// What to do about a text that is neither `true` nor `false`.
pub(super) fn flag(found: &str, what: What<'_>) -> Box<str> {
    match found.to_lowercase().as_str() {
        "yes" | "y" | "on" | "1" => "write `true`".into(),
        "no" | "n" | "off" | "0" => "write `false`".into(),
        _ => what
            .explained()
            .unwrap_or_else(|| "write `true` or `false`".into()),
    }
}

/// What to do about a word that is not in its list and near none of it.
pub(super) fn word(found: &str, what: What<'_>) -> Box<str> {
    match (what.name, found) {
        ("aggregate", "ratio" | "quotient") => {
            "divide one number by another in an indicator: `number: {per: …}`".into()
        }
        ("aggregate", "average" | "arithmetic") => "write `mean`".into(),
        ("transform", "ln") => "write `log`".into(),
        ("combine", "sum" | "total" | "count") => {
            "rows are not added up: write `mean`, or add them up in the responses".into()
        }
        _ => what
            .explained()
            .unwrap_or_else(|| "write one of these words".into()),
    }
}
