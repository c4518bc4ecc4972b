//! The head of a framework, and overlays.

use super::answers::SENTINEL;
use super::node::{
    ADVICE, AGGREGATE_KEY, CAP, CODE, COHORT_KEY, DEPRECATED, DESCRIPTION, DIMENSIONS, EFFORT,
    EVIDENCE, FACET, GUIDANCE, INDICATORS, LEVELS_KEY, MIN_COVERAGE_KEY, MISSING_ANSWER_KEY,
    MISSING_ANY_KEY, MISSING_PART_KEY, MULTIPLE_KEY, NODE_ID, NORMALISE_KEY, NUMBER_KEY, OTHERWISE,
    PERIODS, PILLARS, PRESET, QUESTION, REFERENCES, REPLACES, ROUNDING_KEY, ROWS_WHERE, SCALE_KEY,
    SCORED, STAGE, STAGES, TITLE, TREAT_KEY, WEIGHT, WHEN,
};
use super::rules::{COHORT, CONDITIONS, LEVELS, ROUNDING};
use super::{
    Bounds, FILLED_IDS, FILLED_TEXTS, Form, Object, Shapes, TEXT, TEXTS, may, must, one_or_list,
    scalar_or_map,
};

const UNIT_LONG: Form = Form::Object(&Object {
    name: "the unit",
    keys: &[
        must("key", Form::Text, "the column that says who is scored"),
        may("title", Form::Translated, "what a unit is called"),
        may(
            "codes",
            Form::Word(&["iso3166", "any"]),
            "whether known country codes get their names",
        ),
    ],
});

const ATTRIBUTE: Form = scalar_or_map(
    &Form::Word(&["text", "number"]),
    &Form::Object(&Object {
        name: "an attribute",
        keys: &[
            may(
                "values",
                FILLED_TEXTS,
                "its allowed values; any text unless stated",
            ),
            may("title", Form::Translated, "what it is called"),
        ],
    }),
);

const COMBINERS: Form = Form::Word(COMBINER_WORDS);

/// Ways to combine rows.
pub(in super::super) const COMBINER_WORDS: &[&str] =
    &["mean", "best", "worst", "median", "majority"];

const COMBINE_BY: Form = Form::FilledMap(&TEXT);

const ROW: Form = Form::Object(&Object {
    name: "a row step",
    keys: &[
        must("key", Form::Text, "the column that names the row"),
        must(
            "combine",
            scalar_or_map(&COMBINERS, &COMBINE_BY),
            "how rows become one, or `{by: attribute, value: how, …, otherwise: how}`",
        ),
        must(
            "of",
            Form::Word(&["answers", "scores"]),
            "whether answers are combined before scoring, or scores after it",
        ),
        may("weight", Form::Name, "an attribute that weights the rows"),
    ],
});

const GROUP: Form = Form::Object(&Object {
    name: "a group",
    keys: &[
        may("id", Form::Id, "its id"),
        may("title", Form::Translated, "what it is called"),
        may("where", CONDITIONS, "attributes of its members"),
        may(
            "average",
            Form::Object(&Object {
                name: "an average",
                keys: &[must(
                    "weight",
                    Form::Name,
                    "an attribute that weights units",
                )],
            }),
            "how its mean is made",
        ),
        may("by", Form::Name, "an attribute: one row for each value"),
    ],
});

const RANKING_LONG: Form = Form::Object(&Object {
    name: "the ranking",
    keys: &[
        may("method", Form::Word(RANKINGS), "what ties get"),
        may(
            "on",
            Form::Word(&["unrounded", "rounded"]),
            "which scores are ranked",
        ),
        may("among", Form::Name, "only members of this group are ranked"),
        may(
            "ties",
            Form::Word(&["plain", "mark"]),
            "`mark` prints a tie as `2=`",
        ),
    ],
});

const RANKINGS: &[&str] = &["competition", "dense", "average", "fractional", "none"];

const FACETS: Form = Form::List(&Form::Object(&Object {
    name: "a facet",
    keys: &[
        must("id", Form::Id, "its id"),
        may("title", Form::Translated, "what it is called"),
        may("description", Form::Translated, "what it covers"),
    ],
}));

const EQUAL: Form = Form::Word(&["equal"]);
const WEIGHTS: Form = Form::FilledMap(&Form::Number(Bounds::NotNegative));

const WEIGHT_SET: Form = scalar_or_map(
    &EQUAL,
    &Form::Object(&Object {
        name: "a weight set",
        keys: &[
            may("title", Form::Translated, "what it is called"),
            must(
                "weights",
                scalar_or_map(&EQUAL, &WEIGHTS),
                "a weight by node; who names one sibling names all",
            ),
        ],
    }),
);

const TARGETS: Form = Form::Map(&TARGET);
const TARGET: Form = Form::FilledMap(&Form::Number(Bounds::Any));

const SCREEN: Form = Form::Object(&Object {
    name: "the screen",
    keys: &[
        may(
            "answered",
            Form::Number(Bounds::Share),
            "least share of indicators answered",
        ),
        may(
            "nonzero",
            Form::Number(Bounds::Share),
            "least share of the answered ones that are not zero",
        ),
        may(
            "keep",
            FILLED_TEXTS,
            "units that stay whatever they answered",
        ),
        may("drop", FILLED_TEXTS, "units that go whatever they answered"),
    ],
});

const COMPARABILITY: Form = Form::List(&Form::Object(&Object {
    name: "a comparability",
    keys: &[
        must("with", Form::Id, "another framework or edition"),
        must("comparable", Form::Flag, "whether scores can be compared"),
        may("reason", Form::Translated, "why"),
    ],
}));

const TIERS: Form = Form::Object(&Object {
    name: "the tiers",
    keys: &[
        may("index", Form::Translated, "what the index is called"),
        may("dimension", Form::Translated, "what a dimension is called"),
        may("pillar", Form::Translated, "what a pillar is called"),
        may("indicator", Form::Translated, "what an indicator is called"),
    ],
});

/// The root node.
pub(in super::super) static INDEX: Object = Object {
    name: "the index",
    keys: &[
        may("id", Form::Id, "its id; `index` unless stated"),
        TITLE,
        DESCRIPTION,
        AGGREGATE_KEY,
        MISSING_PART_KEY,
        MIN_COVERAGE_KEY,
        NORMALISE_KEY,
        COHORT_KEY,
        ROUNDING_KEY,
        LEVELS_KEY,
        STAGES,
        REPLACES,
        DEPRECATED,
        ADVICE,
        REFERENCES,
    ],
};

/// Properties that any node can take from the defaults.
macro_rules! shared_defaults {
    ($($more:ident),*) => {
        &[
            DESCRIPTION,
            NORMALISE_KEY,
            COHORT_KEY,
            ROUNDING_KEY,
            LEVELS_KEY,
            STAGES,
            DEPRECATED,
            ADVICE,
            REFERENCES,
            $($more),*
        ]
    };
}

const INDEX_DEFAULTS: Form = Form::Object(&Object {
    name: "the defaults of the index",
    keys: shared_defaults!(AGGREGATE_KEY, MISSING_PART_KEY, MIN_COVERAGE_KEY),
});

const PARENT_DEFAULTS: Form = Form::Object(&Object {
    name: "the defaults of a tier",
    keys: shared_defaults!(
        WEIGHT,
        SCORED,
        AGGREGATE_KEY,
        MISSING_PART_KEY,
        MIN_COVERAGE_KEY,
        FACET,
        STAGE,
        PERIODS
    ),
});

const INDICATOR_DEFAULTS: Form = Form::Object(&Object {
    name: "the defaults of an indicator",
    keys: shared_defaults!(
        WEIGHT,
        SCORED,
        FACET,
        STAGE,
        PERIODS,
        QUESTION,
        GUIDANCE,
        SCALE_KEY,
        MULTIPLE_KEY,
        NUMBER_KEY,
        MISSING_ANSWER_KEY,
        TREAT_KEY,
        PRESET,
        ROWS_WHERE,
        EVIDENCE,
        EFFORT
    ),
});

const DEFAULTS: Form = Form::Object(&Object {
    name: "the defaults",
    keys: &[
        DESCRIPTION,
        WEIGHT,
        SCORED,
        AGGREGATE_KEY,
        MISSING_PART_KEY,
        MIN_COVERAGE_KEY,
        NORMALISE_KEY,
        COHORT_KEY,
        ROUNDING_KEY,
        FACET,
        STAGE,
        PERIODS,
        STAGES,
        DEPRECATED,
        ADVICE,
        REFERENCES,
        QUESTION,
        GUIDANCE,
        SCALE_KEY,
        MULTIPLE_KEY,
        NUMBER_KEY,
        PRESET,
        ROWS_WHERE,
        EVIDENCE,
        EFFORT,
        may("index", INDEX_DEFAULTS, "for the index"),
        may("dimension", PARENT_DEFAULTS, "for every dimension"),
        may("pillar", PARENT_DEFAULTS, "for every pillar"),
        may("indicator", INDICATOR_DEFAULTS, "for every indicator"),
    ],
});

/// What an overlay can change of a node: any property of any node.
pub(in super::super) static CHANGE: Object = Object {
    name: "a change",
    keys: &[
        NODE_ID,
        CODE,
        TITLE,
        QUESTION,
        GUIDANCE,
        DESCRIPTION,
        WEIGHT,
        SCORED,
        SCALE_KEY,
        MULTIPLE_KEY,
        NUMBER_KEY,
        AGGREGATE_KEY,
        MISSING_ANY_KEY,
        TREAT_KEY,
        MIN_COVERAGE_KEY,
        NORMALISE_KEY,
        COHORT_KEY,
        CAP,
        ROUNDING_KEY,
        WHEN,
        OTHERWISE,
        PRESET,
        ROWS_WHERE,
        FACET,
        STAGE,
        LEVELS_KEY,
        STAGES,
        PERIODS,
        EVIDENCE,
        EFFORT,
        REPLACES,
        DEPRECATED,
        ADVICE,
        REFERENCES,
    ],
};

/// What an overlay adds.
pub(in super::super) static ADD: Object = Object {
    name: "an addition",
    keys: &[
        may(
            "to",
            Form::Name,
            "the node that holds what is added; the index unless stated",
        ),
        DIMENSIONS,
        PILLARS,
        INDICATORS,
    ],
};

const CHANGES: Form = Form::Filled(&Form::Object(&CHANGE));
const ADDS: Form = Form::Filled(&Form::Object(&ADD));

/// Keys that only a file with `extends` can have.
pub(in super::super) const OVERLAY_ONLY: &[&str] = &["change", "drop", "not-applicable", "add"];

/// A framework file.
pub(in super::super) static FRAMEWORK: Object = Object {
    name: "a framework",
    keys: &[
        must("dgpf", Form::Text, "version of this language: 1"),
        must(
            "id",
            Form::Id,
            "the framework's id, the same as the file's name",
        ),
        may("extends", Form::Text, "the framework that this one changes"),
        TITLE,
        may("description", Form::Translated, "what it measures"),
        may(
            "version",
            Form::Text,
            "semantic version: a new major number says that scores are not comparable",
        ),
        may("edition", Form::Text, "the publisher's name for it"),
        may("licence", Form::Text, "SPDX id"),
        may(
            "source",
            one_or_list(&TEXT, &TEXTS),
            "where the method is published",
        ),
        may(
            "note",
            Form::Translated,
            "a disclaimer or method note that every report repeats",
        ),
        may(
            "unit",
            scalar_or_map(&TEXT, &UNIT_LONG),
            "the column that says who is scored",
        ),
        may("period", Form::Text, "the column of the wave or year"),
        may(
            "attributes",
            Form::Map(&ATTRIBUTE),
            "columns that describe units or rows",
        ),
        may(
            "rows",
            Form::List(&ROW),
            "rows finer than the unit, outermost first",
        ),
        may(
            "scales",
            Form::FilledMap(&Form::Scale),
            "answers and their worth",
        ),
        may(
            "codes",
            Form::Map(&SENTINEL),
            "answers that mean the same everywhere",
        ),
        may(
            "defaults",
            DEFAULTS,
            "properties for all nodes or for a tier",
        ),
        may("tiers", TIERS, "names of the tiers for display"),
        may(
            "range",
            Form::Either(Shapes {
                scalar: Some(&Form::Word(&["unbounded"])),
                list: Some(&Form::Interval(Bounds::Any)),
                map: None,
            }),
            "shown scores: `[low, high]`, or `unbounded`",
        ),
        may(
            "better",
            Form::Word(&["higher", "lower"]),
            "which end is good",
        ),
        may(
            "rounding",
            Form::Object(&ROUNDING),
            "how scores are rounded",
        ),
        may(
            "ranking",
            scalar_or_map(&Form::Word(RANKINGS), &RANKING_LONG),
            "how units are ranked",
        ),
        may("groups", Form::List(&GROUP), "groups of units"),
        may("peers", Form::Name, "the group that stands for comparison"),
        may(
            "cohort",
            Form::Object(&COHORT),
            "against whom values are scaled",
        ),
        may("levels", LEVELS, "bands of scores"),
        may("facets", FACETS, "second groupings over the indicators"),
        may("weight-sets", Form::Map(&WEIGHT_SET), "named weight sets"),
        may(
            "targets",
            TARGETS,
            "shown scores to reach, by phase and node",
        ),
        may("screen", SCREEN, "units left out for lack of data"),
        may(
            "comparability",
            COMPARABILITY,
            "what scores can be compared with",
        ),
        may("index", Form::Object(&INDEX), "properties of the root node"),
        DIMENSIONS,
        PILLARS,
        INDICATORS,
        may("change", CHANGES, "properties of nodes that are replaced"),
        may("drop", FILLED_IDS, "nodes that are removed"),
        may("not-applicable", FILLED_IDS, "nodes that are kept unscored"),
        may("add", ADDS, "nodes that are put under another one"),
    ],
};
