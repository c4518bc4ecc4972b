//! How answers become scores: aggregation, missing answers, rescaling, rounding, levels, conditions.

use super::answers::STEPS;
use super::{
    Bounds, Case, FILLED_TEXTS, Fits, Form, NAME, NAMES, Object, Shapes, TEXT, elsewhere,
    list_or_map, may, must, one_or_list, scalar_or_map, word, word_needs, word_with,
};

const ZEROS: Form = Form::Object(&Object {
    name: "the details of this mean",
    keys: &[must(
        "zeros",
        Form::WordOrNumber(&["zero"], Bounds::Positive),
        "what a part at 0 does: `zero` makes the score 0, a number is a floor",
    )],
});

const POWER: Form = scalar_or_map(
    &Form::Number(Bounds::Any),
    &Form::Object(&Object {
        name: "a power mean",
        keys: &[
            must("exponent", Form::Number(Bounds::Any), "the exponent, not 0"),
            may(
                "zeros",
                Form::WordOrNumber(&["zero"], Bounds::Positive),
                "what a part at 0 does where the exponent is negative",
            ),
        ],
    }),
);

const OUT_OF: Form = Form::Object(&Object {
    name: "the details of this sum",
    keys: &[may(
        "out-of",
        Form::Number(Bounds::Positive),
        "the sum is divided by this",
    )],
});

const STAGED: Form = Form::Object(&Object {
    name: "a staged score",
    keys: &[
        may(
            "pass",
            Form::Number(Bounds::Positive),
            "a stage passes when its mean reaches this share; 1 unless stated",
        ),
        may(
            "partial",
            Form::Flag,
            "whether the first stage that does not pass adds its share",
        ),
    ],
});

/// How parts become a score.
pub(super) const AGGREGATE: Form = Form::Case(&[
    word("mean"),
    word_with("geometric", &ZEROS),
    word_with("harmonic", &ZEROS),
    word_needs("power", &POWER),
    word("median"),
    word("minimum"),
    word("maximum"),
    word_with("sum", &OUT_OF),
    word("product"),
    word_with("level-sum", &OUT_OF),
    word_with("staged", &STAGED),
    word("copeland"),
    word("borda"),
]);

const NUMBER: Form = Form::Number(Bounds::Any);

const RENORMALISE: Case = word("renormalise");
const ZERO: Case = word("zero");
const LOWEST: Case = word("lowest");
const CONSTANT: Case = word_needs("constant", &NUMBER);

/// What a part without a score counts as.
pub(super) const MISSING_PART: Form = Form::Case(&[
    RENORMALISE,
    ZERO,
    LOWEST,
    CONSTANT,
    word("no-score"),
    elsewhere("mean", Fits::Indicators),
    elsewhere("median", Fits::Indicators),
    elsewhere("previous", Fits::Indicators),
    elsewhere("interpolate", Fits::Indicators),
    elsewhere("row-mean", Fits::Indicators),
    elsewhere("row-median", Fits::Indicators),
]);

const BY: Form = Form::Object(&Object {
    name: "a mean by group",
    keys: &[must(
        "by",
        Form::Name,
        "an attribute: only units with the same value count",
    )],
});

const PREVIOUS: Form = Form::Object(&Object {
    name: "the details of `previous`",
    keys: &[
        may(
            "at-most",
            Form::Count(1, 1000),
            "how many periods away the answer may be",
        ),
        may(
            "or",
            Form::Word(&["next"]),
            "`next`: the next answer counts where there is none before",
        ),
    ],
});

const WITHIN: Form = Form::Object(&Object {
    name: "a mean over other indicators",
    keys: &[must(
        "within",
        Form::Name,
        "the node whose other indicators are used",
    )],
});

/// What a missing answer becomes.
pub(super) const MISSING_ANSWER: Form = Form::Case(&[
    RENORMALISE,
    ZERO,
    LOWEST,
    CONSTANT,
    word_with("mean", &BY),
    word_with("median", &BY),
    word_with("previous", &PREVIOUS),
    word("interpolate"),
    word_with("row-mean", &WITHIN),
    word_with("row-median", &WITHIN),
    elsewhere("no-score", Fits::Parents),
]);

/// What a missing part or answer counts as, where the node's tier is not known.
pub(super) const MISSING_ANY: Form = Form::Case(&[
    RENORMALISE,
    ZERO,
    LOWEST,
    CONSTANT,
    word("no-score"),
    word_with("mean", &BY),
    word_with("median", &BY),
    word_with("previous", &PREVIOUS),
    word("interpolate"),
    word_with("row-mean", &WITHIN),
    word_with("row-median", &WITHIN),
]);

/// How much must be answered.
pub(super) const MIN_COVERAGE: Form = scalar_or_map(
    &Form::Number(Bounds::Share),
    &Form::Object(&Object {
        name: "a minimum coverage",
        keys: &[
            may(
                "weight",
                Form::Number(Bounds::Share),
                "share of the weight of what applies, answered at the leaves",
            ),
            may(
                "parts",
                Form::Number(Bounds::Share),
                "share of the node's own parts that have a score",
            ),
            may(
                "answers",
                Form::Number(Bounds::Share),
                "share of the indicators below that were answered",
            ),
        ],
    }),
);

const ONTO: Form = Form::Object(&Object {
    name: "the details of `min-max`",
    keys: &[must(
        "onto",
        Form::Interval(Bounds::Any),
        "the result's interval",
    )],
});

const Z_SCORE: Form = Form::Object(&Object {
    name: "the details of `z-score`",
    keys: &[
        may(
            "mean",
            Form::Number(Bounds::Any),
            "mean of the result; 0 unless stated",
        ),
        may(
            "sd",
            Form::Number(Bounds::Positive),
            "standard deviation of the result; 1 unless stated",
        ),
    ],
});

const TIES: Form = Form::Object(&Object {
    name: "the details of `rank`",
    keys: &[must(
        "ties",
        Form::Word(&["lowest", "average"]),
        "the rank that ties take",
    )],
});

const TO_UNIT: Form = Form::Object(&Object {
    name: "a distance to a unit",
    keys: &[
        must("unit", Form::Text, "the reference unit"),
        may("cap", Form::Flag, "whether the result is at most 1"),
    ],
});

const TO_TARGET: Form = Form::Object(&Object {
    name: "a distance to a target",
    keys: &[
        may("at", Form::Number(Bounds::Any), "the target"),
        may("cap", Form::Flag, "whether the result is at most 1"),
        may(
            "between",
            Form::Interval(Bounds::Any),
            "the interval inside which the result is 1",
        ),
    ],
});

const GOALPOSTS: Form = Form::Object(&Object {
    name: "goalposts",
    keys: &[
        must("from", Form::Number(Bounds::Any), "scores lowest"),
        must("to", Form::Number(Bounds::Any), "scores highest"),
        may(
            "clamp",
            Form::Flag,
            "whether the result keeps to its interval; true unless stated",
        ),
        may("log", Form::Flag, "whether logarithms are taken first"),
        may(
            "onto",
            Form::Interval(Bounds::Any),
            "the result's interval; 0 to 1 unless stated",
        ),
    ],
});

/// Rescaling.
pub(super) const NORMALISE: Form = Form::Case(&[
    word_with("min-max", &ONTO),
    word_with("z-score", &Z_SCORE),
    word_with("rank", &TIES),
    word("borda"),
    word("percentile"),
    word("share-of-leader"),
    word_needs("distance-to-unit", &TO_UNIT),
    word_needs("distance-to-target", &TO_TARGET),
    word_needs("goalposts", &GOALPOSTS),
    word_needs("bands", &STEPS),
    word_needs("curve", &Form::Points),
]);

/// Against whom values are scaled.
pub(super) static COHORT: Object = Object {
    name: "a cohort",
    keys: &[
        may(
            "units",
            Form::Name,
            "`all` or the id of a group; all unless stated",
        ),
        may(
            "periods",
            one_or_list(&Form::Word(&["same", "all"]), &FILLED_TEXTS),
            "`same`: each period its own; `all`; or a list of periods",
        ),
    ],
};

/// What is done about outliers.
pub(super) const TREAT: Form = scalar_or_map(&Form::Word(&["none"]), &Form::Object(&TREATMENT));

pub(in crate::framework) const TREATMENT: Object = Object {
    name: "an outlier treatment",
    keys: &[
        may(
            "skewness",
            Form::Number(Bounds::NotNegative),
            "treated when the absolute skewness reaches this; 2 unless stated",
        ),
        may(
            "kurtosis",
            Form::Number(Bounds::Any),
            "and the excess kurtosis reaches this; 3.5 unless stated",
        ),
        may(
            "winsorise",
            Form::Count(0, 1000),
            "at most so many points are pulled in; 5 unless stated",
        ),
        may("transform", TRANSFORM, "what is done if that is not enough"),
        may(
            "on",
            Form::Word(&["original", "winsorised"]),
            "which values are transformed",
        ),
        may(
            "percentiles",
            Form::Interval(Bounds::Within(0.0, 100.0)),
            "values beyond these percentiles take theirs, whatever the skewness; 0 and 100 leave an end open",
        ),
        may(
            "cohort",
            Form::Object(&COHORT),
            "whose values are looked at; the node's cohort unless stated",
        ),
    ],
};

const TRANSFORM: Form = Form::Case(&[
    word("none"),
    word("log"),
    word("log-shift"),
    word("log-signed"),
    word("log-gii"),
    word_needs("box-cox", &NUMBER),
]);

const DIGITS: Form = Form::Count(0, 15);
const MODE: Form = Form::Word(&["half-up", "half-even"]);

/// Rounding of one node.
pub(super) const NODE_ROUNDING: Object = Object {
    name: "the rounding of a node",
    keys: &[
        must("digits", DIGITS, "decimals on the shown range"),
        may("mode", MODE, "what happens to an exact half"),
    ],
};

/// Rounding of all scores.
pub(super) const ROUNDING: Object = Object {
    name: "the rounding",
    keys: &[
        may(
            "digits",
            DIGITS,
            "decimals on the shown range; 2 unless stated",
        ),
        may("mode", MODE, "what happens to an exact half"),
        may(
            "at",
            Form::Word(&["display", "end", "every-tier"]),
            "when scores are rounded",
        ),
    ],
};

const TEST: Object = Object {
    name: "a condition",
    keys: &[
        may("not", one_or_list(&TEXT, &FILLED_TEXTS), "none of these"),
        may(
            "at-least",
            Form::Number(Bounds::Any),
            "a number at least this",
        ),
    ],
};

const TEST_FORM: Form = Form::Either(Shapes {
    scalar: Some(&TEXT),
    list: Some(&FILLED_TEXTS),
    map: Some(&Form::Object(&TEST)),
});

/// Conditions by attribute, indicator or both.
pub(super) const CONDITIONS: Form = Form::FilledMap(&TEST_FORM);

const NEED: Form = Form::Object(&Object {
    name: "a need",
    keys: &[
        may("node", Form::Name, "the node that must reach something"),
        may(
            "at-least",
            Form::Number(Bounds::Any),
            "the shown score that it must reach",
        ),
        may("level", Form::Name, "the level that it must reach"),
        may(
            "coverage",
            Form::Number(Bounds::Share),
            "the coverage that must be reached",
        ),
    ],
});

const BAND: Form = Form::Object(&Object {
    name: "a level",
    keys: &[
        must("id", Form::Id, "its id"),
        may("title", Form::Translated, "what it is called"),
        may(
            "from",
            Form::Number(Bounds::Any),
            "lower cut-off, on the shown range",
        ),
        may(
            "to",
            Form::Number(Bounds::Any),
            "upper cut-off; the next level's `from`",
        ),
        may("description", Form::Translated, "what it means"),
        may("advice", Form::Translated, "what to do next"),
        may("needs", Form::Filled(&NEED), "conditions beyond the score"),
    ],
});

const BANDS: Form = Form::Filled(&BAND);

const LEVELS_LONG: Form = Form::Object(&Object {
    name: "the levels",
    keys: &[
        may(
            "closed",
            Form::Word(&["from", "to"]),
            "whether a score at a cut-off belongs to the upper band (`from`) or to the lower one (`to`)",
        ),
        may(
            "on",
            Form::Word(&["unrounded", "rounded"]),
            "which scores are cut",
        ),
        may(
            "by",
            Form::Word(&["scores", "quantiles"]),
            "whether scores or the cohort's units are cut",
        ),
        must(
            "bands",
            Form::Filled(&BAND),
            "the levels, in ascending order",
        ),
    ],
});

/// Bands of scores.
pub(super) const LEVELS: Form = list_or_map(&BANDS, &LEVELS_LONG);

/// A name or several.
pub(super) const NAME_OR_NAMES: Form = one_or_list(&NAME, &NAMES);
