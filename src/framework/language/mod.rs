//! The keys of the language: one table that says of each key what can stand there and what it means. The reader checks
//! files against it, and the JSON Schema is made from it, so that neither can know a key that the other does not.

mod answers;
mod head;
mod node;
mod rules;

pub(super) use answers::{MULTIPLE, NUMBER, SCALE, SCALE_LONG};
pub(super) use head::{COMBINER_WORDS, FRAMEWORK, INDEX, OVERLAY_ONLY};
pub(super) use node::{DIMENSION, INDICATOR, PILLAR};
pub(super) use rules::TREATMENT;

/// A map with known keys.
#[derive(Debug)]
pub(super) struct Object {
    /// What it is called in messages, with its article: `an indicator`.
    pub(super) name: &'static str,
    /// Its keys.
    pub(super) keys: &'static [Key],
}

/// A key of an object.
#[derive(Debug)]
pub(super) struct Key {
    /// As written.
    pub(super) name: &'static str,
    /// Whether it must be there.
    pub(super) required: bool,
    /// What can stand there.
    pub(super) form: Form,
    /// What it means, for editors.
    pub(super) meaning: &'static str,
}

/// What can stand in a place.
#[derive(Debug)]
pub(super) enum Form {
    /// Any text that is not empty.
    Text,
    /// A text, or one text a language.
    Translated,
    /// An id.
    Id,
    /// The name of a column of responses that letters, digits and `_` make.
    Code,
    /// The name of something defined elsewhere.
    Name,
    /// A number or a fraction, within bounds.
    Number(Bounds),
    /// A whole number from, to.
    Count(u32, u32),
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or a number within bounds.
    WordOrNumber(&'static [&'static str], Bounds),
    /// A list; an empty one takes away what defaults or a base say.
    List(&'static Form),
    /// A list that is not empty.
    Filled(&'static Form),
    /// Two numbers within bounds, the lower one first.
    Interval(Bounds),
    /// A list of pairs of numbers.
    Points,
    /// A map with known keys.
    Object(&'static Object),
    /// A map with known keys that may hold others of its kind.
    Node(fn() -> &'static Object),
    /// A map with free keys; an empty one takes away what defaults or a base say.
    Map(&'static Form),
    /// A map with free keys that is not empty.
    FilledMap(&'static Form),
    /// A scale: answers and their worth, or the long form with `answers`.
    Scale,
    /// By what is written: a scalar, a list, a map.
    Either(Shapes),
    /// A word, some of which are written `{word: details}`.
    Case(&'static [Case]),
}

/// What can stand in a place, by its shape.
#[derive(Debug)]
pub(super) struct Shapes {
    pub(super) scalar: Option<&'static Form>,
    pub(super) list: Option<&'static Form>,
    pub(super) map: Option<&'static Form>,
}

/// A word that may have details.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) word: &'static str,
    /// Whether the word may stand alone.
    pub(super) alone: bool,
    /// What its details can be.
    pub(super) details: Option<&'static Form>,
    /// Which nodes can have it.
    pub(super) fits: Fits,
}

/// Which nodes a word fits where others can have it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fits {
    /// The one at hand.
    Here,
    /// Only nodes that hold others.
    Parents,
    /// Only indicators.
    Indicators,
}

/// Bounds of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Bounds {
    /// Any finite number.
    Any,
    /// Not negative.
    NotNegative,
    /// Above zero.
    Positive,
    /// 0 to 1.
    Share,
    /// From, to.
    Within(f64, f64),
}

impl Bounds {
    /// Whether `value` keeps to them.
    pub(super) fn hold(self, value: f64) -> bool {
        match self {
            Self::Any => true,
            Self::NotNegative => value >= 0.0,
            Self::Positive => value > 0.0,
            Self::Share => (0.0..=1.0).contains(&value),
            Self::Within(low, high) => (low..=high).contains(&value),
        }
    }

    /// In words, for messages.
    pub(super) fn text(self) -> String {
        match self {
            Self::Any => "a number".to_owned(),
            Self::NotNegative => "a number that is not negative".to_owned(),
            Self::Positive => "a number above 0".to_owned(),
            Self::Share => "a share from 0 to 1".to_owned(),
            Self::Within(low, high) => format!("a number from {low} to {high}"),
        }
    }
}

impl Object {
    /// The key of this name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}

/// A key that may be left out.
const fn may(name: &'static str, form: Form, meaning: &'static str) -> Key {
    Key {
        name,
        required: false,
        form,
        meaning,
    }
}

/// A key that must be there.
const fn must(name: &'static str, form: Form, meaning: &'static str) -> Key {
    Key {
        name,
        required: true,
        form,
        meaning,
    }
}

/// A word that stands alone.
const fn word(word: &'static str) -> Case {
    Case {
        word,
        alone: true,
        details: None,
        fits: Fits::Here,
    }
}

/// A word that may have details.
const fn word_with(word: &'static str, details: &'static Form) -> Case {
    Case {
        word,
        alone: true,
        details: Some(details),
        fits: Fits::Here,
    }
}

/// A word that needs details.
const fn word_needs(word: &'static str, details: &'static Form) -> Case {
    Case {
        word,
        alone: false,
        details: Some(details),
        fits: Fits::Here,
    }
}

/// A word that only other nodes can have, so that the message can say so.
const fn elsewhere(word: &'static str, fits: Fits) -> Case {
    Case {
        word,
        alone: true,
        details: None,
        fits,
    }
}

/// A scalar or a list of such scalars.
const fn one_or_list(scalar: &'static Form, list: &'static Form) -> Form {
    Form::Either(Shapes {
        scalar: Some(scalar),
        list: Some(list),
        map: None,
    })
}

/// A scalar or a map.
const fn scalar_or_map(scalar: &'static Form, map: &'static Form) -> Form {
    Form::Either(Shapes {
        scalar: Some(scalar),
        list: None,
        map: Some(map),
    })
}

/// A list or a map.
const fn list_or_map(list: &'static Form, map: &'static Form) -> Form {
    Form::Either(Shapes {
        scalar: None,
        list: Some(list),
        map: Some(map),
    })
}

const TEXT: Form = Form::Text;
const NAME: Form = Form::Name;
const ID: Form = Form::Id;
const TEXTS: Form = Form::List(&Form::Text);
const FILLED_TEXTS: Form = Form::Filled(&Form::Text);
const NAMES: Form = Form::List(&Form::Name);
const IDS: Form = Form::List(&Form::Id);
const FILLED_IDS: Form = Form::Filled(&Form::Id);
