//! Nodes of the tree and what can be said of them.

use super::answers::{MULTIPLE, NUMBER, OUTCOMES};
use super::rules::{
    AGGREGATE, COHORT, CONDITIONS, LEVELS, MIN_COVERAGE, MISSING_ANSWER, MISSING_ANY, MISSING_PART,
    NAME_OR_NAMES, NODE_ROUNDING, NORMALISE, TREAT,
};
use super::{
    Bounds, Form, ID, IDS, Key, Object, TEXT, TEXTS, may, must, one_or_list, scalar_or_map,
};

pub(super) const NODE_ID: Key = must("id", Form::Id, "unique in the file, whatever its case");
pub(super) const TITLE: Key = may("title", Form::Translated, "what it is called");
pub(super) const DESCRIPTION: Key = may("description", Form::Translated, "what it covers");
pub(super) const WEIGHT: Key = may(
    "weight",
    Form::Number(Bounds::NotNegative),
    "how much it counts among its siblings; 0: shown, not counted; 1 unless stated",
);
pub(super) const SCORED: Key = may(
    "scored",
    Form::Flag,
    "`false`: stored and shown, never counted",
);
pub(super) const AGGREGATE_KEY: Key = may("aggregate", AGGREGATE, "how its parts become its score");
pub(super) const MISSING_PART_KEY: Key = may(
    "missing",
    MISSING_PART,
    "what a part without a score counts as",
);
pub(super) const MISSING_ANY_KEY: Key = may(
    "missing",
    MISSING_ANY,
    "what a missing part or answer counts as",
);
pub(super) const MISSING_ANSWER_KEY: Key = may(
    "missing",
    MISSING_ANSWER,
    "what a missing answer becomes before anything is aggregated",
);
pub(super) const MIN_COVERAGE_KEY: Key =
    may("min-coverage", MIN_COVERAGE, "below it there is no score");
pub(super) const NORMALISE_KEY: Key = may("normalise", NORMALISE, "rescaling");
pub(super) const COHORT_KEY: Key = may(
    "cohort",
    Form::Object(&COHORT),
    "against whom it is rescaled",
);
pub(super) const CAP: Key = may(
    "cap",
    Form::Name,
    "the node whose score this one cannot exceed",
);
pub(super) const ROUNDING_KEY: Key = may(
    "rounding",
    Form::Object(&NODE_ROUNDING),
    "round this node's score when it is made",
);
pub(super) const WHEN: Key = may(
    "when",
    CONDITIONS,
    "the conditions under which it is asked: indicator or attribute, and what it must be",
);
pub(super) const OTHERWISE: Key = may(
    "otherwise",
    Form::WordOrNumber(OUTCOMES, Bounds::Any),
    "what counts where the conditions do not hold; not-applicable unless stated",
);
pub(super) const FACET: Key = may("facet", NAME_OR_NAMES, "one or more of `facets`");
pub(super) const STAGE: Key = may(
    "stage",
    Form::Count(1, 1000),
    "its stage for `level-sum` and `staged`; its position unless stated",
);
pub(super) const LEVELS_KEY: Key = may("levels", LEVELS, "its own bands");
pub(super) const STAGES: Key = may(
    "stages",
    Form::Map(&Form::Translated),
    "what each level means here, by the level's id",
);
pub(super) const PERIODS: Key = may(
    "periods",
    Form::Object(&Object {
        name: "the periods of a node",
        keys: &[
            may("from", TEXT, "the first one"),
            may("to", TEXT, "the last one"),
        ],
    }),
    "outside them it does not exist",
);
pub(super) const REPLACES: Key = may(
    "replaces",
    one_or_list(&ID, &IDS),
    "ids of an earlier edition that it continues",
);
pub(super) const DEPRECATED: Key = may("deprecated", Form::Translated, "why it goes");
pub(super) const ADVICE: Key = may("advice", Form::Translated, "what to do next");
pub(super) const REFERENCES: Key = may("references", one_or_list(&TEXT, &TEXTS), "sources");

pub(super) const CODE: Key = may("code", Form::Code, "the column's name, if not the id");
pub(super) const QUESTION: Key = may("question", Form::Translated, "as asked");
pub(super) const GUIDANCE: Key = may("guidance", Form::Translated, "how to answer");
pub(super) const SCALE_KEY: Key = may(
    "scale",
    Form::Scale,
    "the answers: the name of a scale, or a scale",
);
pub(super) const MULTIPLE_KEY: Key = may(
    "multiple",
    Form::Object(&MULTIPLE),
    "several options can be chosen",
);
pub(super) const NUMBER_KEY: Key = may("number", Form::Object(&NUMBER), "the answer is a number");
pub(super) const TREAT_KEY: Key = may(
    "treat",
    TREAT,
    "what is done about outliers of a number before it is rescaled",
);
pub(super) const EVIDENCE: Key = may(
    "evidence",
    scalar_or_map(&EVIDENCE_WORD, &EVIDENCE_LONG),
    "whether a source is asked for",
);
const EVIDENCE_WORD: Form = Form::Word(&["none", "optional", "required"]);
const EVIDENCE_LONG: Form = Form::Object(&Object {
    name: "the evidence",
    keys: &[
        must("ask", EVIDENCE_WORD, "whether a source is asked for"),
        may("note", Form::Translated, "what the source should show"),
    ],
});
pub(super) const EFFORT: Key = may(
    "effort",
    Form::Number(Bounds::Within(1.0, 5.0)),
    "how hard an improvement is, 1 to 5",
);
pub(super) const PRESET: Key = may(
    "preset",
    Form::List(&PRESET_FORM),
    "answers for units with an attribute, where none was given",
);
const PRESET_FORM: Form = Form::Object(&Object {
    name: "a preset",
    keys: &[
        must("where", CONDITIONS, "attributes of the unit"),
        must(
            "answer",
            TEXT,
            "an answer, `not-applicable`, `missing`, `dont-know` or `not-asked`",
        ),
    ],
});
pub(super) const ROWS_WHERE: Key = may(
    "rows-where",
    CONDITIONS,
    "only rows with these attributes count",
);

pub(super) const PILLARS: Key = may("pillars", Form::Filled(&PILLAR_FORM), "pillars below it");
pub(super) const INDICATORS: Key = may(
    "indicators",
    Form::Filled(&INDICATOR_FORM),
    "indicators below it",
);
pub(super) const DIMENSIONS: Key = may(
    "dimensions",
    Form::Filled(&DIMENSION_FORM),
    "dimensions below the index",
);

const PILLAR_FORM: Form = Form::Node(|| &PILLAR);
const INDICATOR_FORM: Form = Form::Node(|| &INDICATOR);
const DIMENSION_FORM: Form = Form::Node(|| &DIMENSION);

/// A dimension.
pub(in super::super) static DIMENSION: Object = Object {
    name: "a dimension",
    keys: PARENT_KEYS,
};

/// A pillar.
pub(in super::super) static PILLAR: Object = Object {
    name: "a pillar",
    keys: PARENT_KEYS,
};

const PARENT_KEYS: &[Key] = &[
    NODE_ID,
    TITLE,
    DESCRIPTION,
    WEIGHT,
    SCORED,
    AGGREGATE_KEY,
    MISSING_PART_KEY,
    MIN_COVERAGE_KEY,
    NORMALISE_KEY,
    COHORT_KEY,
    CAP,
    ROUNDING_KEY,
    WHEN,
    OTHERWISE,
    FACET,
    STAGE,
    LEVELS_KEY,
    STAGES,
    PERIODS,
    REPLACES,
    DEPRECATED,
    ADVICE,
    REFERENCES,
    PILLARS,
    INDICATORS,
];

/// An indicator.
pub(in super::super) static INDICATOR: Object = Object {
    name: "an indicator",
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
        MISSING_ANSWER_KEY,
        TREAT_KEY,
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
