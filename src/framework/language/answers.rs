//! What can be answered and what it is worth.

use super::{Bounds, FILLED_TEXTS, Form, Object, may, must, scalar_or_map};

/// Words that an answer can stand for instead of a share.
pub(in super::super) const OUTCOMES: &[&str] = &[
    "not-applicable",
    "missing",
    "dont-know",
    "not-asked",
    "error",
];

const OUTCOME: Form = Form::WordOrNumber(OUTCOMES, Bounds::Any);

const ANSWER_LONG: Form = Form::Object(&Object {
    name: "an answer",
    keys: &[
        must(
            "score",
            OUTCOME,
            "its worth as a share, or `not-applicable`, `missing`, `dont-know`, `not-asked`, `error`",
        ),
        may("label", Form::Translated, "as shown in forms"),
        may("aliases", FILLED_TEXTS, "other spellings in responses"),
    ],
});

const ANSWER: Form = scalar_or_map(&OUTCOME, &ANSWER_LONG);

/// Answers by code, each with its worth.
pub(in super::super) const SCALE: Form = Form::FilledMap(&ANSWER);

/// Answers that mean the same everywhere. What stands for a share is an option of a scale, or a number.
pub(super) const SENTINEL: Form = Form::Word(OUTCOMES);

/// The long form of a scale.
pub(in super::super) static SCALE_LONG: Object = Object {
    name: "a scale",
    keys: &[
        may(
            "out-of",
            Form::Number(Bounds::Positive),
            "every score is divided by this",
        ),
        must("answers", SCALE, "answers by code, each with its worth"),
    ],
};

const OPTION_LONG: Form = Form::Object(&Object {
    name: "an option",
    keys: &[
        may("score", Form::Number(Bounds::Any), "points when chosen"),
        may("label", Form::Translated, "as shown in forms"),
        may("aliases", FILLED_TEXTS, "other spellings in responses"),
        may(
            "only",
            Form::Flag,
            "whether it excludes the others and is not counted as offered",
        ),
    ],
});

const OPTION: Form = scalar_or_map(&Form::Number(Bounds::Any), &OPTION_LONG);

/// A multiple choice.
pub(in super::super) static MULTIPLE: Object = Object {
    name: "a multiple choice",
    keys: &[
        must(
            "options",
            Form::FilledMap(&OPTION),
            "options by code, each with its points; at most 52",
        ),
        may(
            "score",
            Form::Word(&["share", "points", "any", "all"]),
            "how chosen options become a share",
        ),
        may("cap", Form::Number(Bounds::Positive), "the most points"),
        may(
            "out-of",
            Form::Number(Bounds::Positive),
            "points are divided by this",
        ),
    ],
};

const BAND: Form = Form::Object(&Object {
    name: "a band",
    keys: &[
        must(
            "from",
            Form::Number(Bounds::Any),
            "lower end; belongs to the band",
        ),
        may(
            "to",
            Form::Number(Bounds::Any),
            "upper end; the next band's `from`",
        ),
        must("score", Form::Number(Bounds::Any), "its share"),
    ],
});

/// Steps of a number or of a score.
pub(super) const STEPS: Form = Form::Filled(&BAND);

/// A number.
pub(in super::super) static NUMBER: Object = Object {
    name: "a number",
    keys: &[
        may("from", Form::Number(Bounds::Any), "scores 0"),
        may(
            "to",
            Form::Number(Bounds::Any),
            "scores 1; below `from` where less is better",
        ),
        may(
            "clamp",
            Form::Flag,
            "whether the result keeps to 0 to 1; true unless stated",
        ),
        may(
            "log",
            Form::Flag,
            "whether the natural logarithm of value and goalposts is taken",
        ),
        may(
            "valid",
            Form::Interval(Bounds::Any),
            "anything outside is a mistake in the responses",
        ),
        may("bands", STEPS, "steps instead of goalposts"),
        may(
            "curve",
            Form::Points,
            "straight lines between points `[number, share]`",
        ),
        may(
            "codes",
            Form::FilledMap(&SENTINEL),
            "sentinels of this indicator",
        ),
        may(
            "better",
            Form::Word(&["higher", "lower"]),
            "which end is good, for what `normalise` does; goalposts, bands and curves say it themselves",
        ),
        may("per", Form::Name, "divide by this attribute or indicator"),
        may(
            "times",
            Form::Number(Bounds::Positive),
            "multiply after dividing; 1 unless stated",
        ),
        may("unit", Form::Text, "for display"),
    ],
};
