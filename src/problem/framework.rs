//! Mistakes in a framework file: one variant each, with its data, its text and its stable code.

/// A mistake in a framework file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FrameworkKind {
    /// The file is larger than any framework.
    #[error("the file has {bytes} bytes, a framework has at most 4 MiB")]
    FileTooLarge {
        /// Bytes.
        bytes: usize,
    },
    /// So many problems that no more are shown.
    #[error("the first {most} problems are shown")]
    ManyProblems {
        /// How many are shown.
        most: usize,
    },
    /// A byte that is no UTF-8.
    #[error("byte {byte:#04x} is not UTF-8")]
    NotUtf8 {
        /// Byte.
        byte: u8,
    },
    /// A YAML tag.
    #[error("a tag (`!…`) is not part of the language")]
    Tag,
    /// A second YAML document.
    #[error("a second document starts here, a framework file holds one")]
    SecondDocument,
    /// Nested too deep.
    #[error("lists and maps are nested more than {most} deep")]
    TooDeep {
        /// Most.
        most: usize,
    },
    /// Too many values, those that aliases repeat included.
    #[error("the file expands to more than {most} values")]
    TooManyValues {
        /// Most.
        most: usize,
    },
    /// An alias inside the value that it stands for.
    #[error("this alias stands for a value that contains it")]
    AliasInsideItself,
    /// An alias of nothing.
    #[error("this alias stands for a value that is not defined above")]
    UnknownAnchor,
    /// A list or map as a key.
    #[error("a key is a text, not a list or a map")]
    KeyIsNoText,
    /// A key that is there already.
    #[error("`{key}` is there twice")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// `<<` with something else than a map.
    #[error("`<<` takes over the entries of a map, this is none")]
    MergeOfNoMap,
    /// A tab where spaces belong.
    #[error("a tab stands where YAML allows only spaces")]
    Tab,
    /// Not YAML.
    #[error("this is not YAML: {found}")]
    Syntax {
        /// As written.
        found: String,
        /// Remedy.
        remedy: &'static str,
    },
    /// A text, list or map where another one belongs.
    #[error("`{what}` is {found}, expected {expected}")]
    WrongShape {
        /// The key.
        what: String,
        /// As written.
        found: &'static str,
        /// What belongs there.
        expected: String,
        /// What to do about it.
        remedy: Box<str>,
    },
    /// A text without letters.
    #[error("`{what}` is an empty text")]
    EmptyText {
        /// The key.
        what: String,
    },
    /// A list without items.
    #[error("`{what}` is an empty list")]
    EmptyList {
        /// The key.
        what: String,
    },
    /// A map without entries.
    #[error("`{what}` is an empty map")]
    EmptyMap {
        /// The key.
        what: String,
    },
    /// An interval that ends before it starts.
    #[error("`{what}` runs from {low} to {high}, the first number must be the lower one")]
    EmptyInterval {
        /// The key.
        what: String,
        /// Low.
        low: f64,
        /// High.
        high: f64,
    },
    /// A key of a translation that is no language.
    #[error("`{found}` is not a language")]
    NotALanguage {
        /// As written.
        found: String,
    },
    /// A text that cannot be an id.
    #[error("`{found}` cannot be an id")]
    NotAnId {
        /// As written.
        found: String,
    },
    /// A text that cannot name a column.
    #[error("`{found}` cannot name a column")]
    NotACode {
        /// As written.
        found: String,
    },
    /// A text where a number belongs.
    #[error("`{what}` is `{found}`, expected {expected}")]
    NotANumber {
        /// The key.
        what: String,
        /// As written.
        found: String,
        /// What belongs there.
        expected: String,
        /// What was probably meant.
        near: Option<String>,
        /// What to do about it.
        remedy: Box<str>,
    },
    /// A number that is not finite, or of a size that sums lose.
    #[error("`{what}` is `{found}`, which is no number that can be computed with")]
    NotFinite {
        /// The key.
        what: String,
        /// As written.
        found: String,
    },
    /// A fraction of zero.
    #[error("`{found}` divides by zero")]
    DivisionByZero {
        /// As written.
        found: String,
    },
    /// A number outside its bounds.
    #[error("`{what}` is `{found}`, expected {expected}")]
    OutOfBounds {
        /// The key.
        what: String,
        /// As written.
        found: String,
        /// What belongs there.
        expected: String,
        /// What to do about it.
        remedy: Box<str>,
    },
    /// Neither `true` nor `false`.
    #[error("`{what}` is `{found}`, expected `true` or `false`")]
    NotAFlag {
        /// The key.
        what: String,
        /// As written.
        found: String,
        /// What to do about it.
        remedy: Box<str>,
    },
    /// A word that is not in its list.
    #[error("`{what}` is `{found}`, expected {expected}")]
    UnknownWord {
        /// The key.
        what: String,
        /// As written.
        found: String,
        /// What belongs there.
        expected: String,
        /// What was probably meant.
        near: Option<String>,
        /// What to do about it.
        remedy: Box<str>,
    },
    /// A key that the language does not know.
    #[error("`{key}` is not a key of {inside}")]
    UnknownKey {
        /// The key.
        key: String,
        /// What it was found in.
        inside: &'static str,
        /// What was probably meant.
        near: Option<String>,
        /// What there is.
        known: String,
        /// Elsewhere.
        elsewhere: Option<String>,
    },
    /// A key that must be there.
    #[error("{inside} needs `{key}`")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// What it was found in.
        inside: &'static str,
        /// Meaning.
        meaning: &'static str,
        /// Whether what belongs below it stands in its place.
        level: bool,
    },
    /// Several of what there can be one of.
    #[error("`{what}` has {found}, it can have one of them")]
    SeveralCases {
        /// The key.
        what: String,
        /// As written.
        found: String,
    },
    /// Details of a word that has none.
    #[error("`{word}` has no details")]
    NoDetails {
        /// Word.
        word: &'static str,
    },
    /// A word that cannot stand alone.
    #[error("`{word}` cannot stand alone")]
    NeedsDetails {
        /// Word.
        word: &'static str,
        /// What belongs there.
        expected: String,
    },
    /// A version of the language that is not known.
    #[error("version `{found}` of the language is not known")]
    UnknownVersion {
        /// As written.
        found: String,
    },
    /// Not a semantic version.
    #[error("`{found}` is not a version")]
    NotAVersion {
        /// As written.
        found: String,
    },
    /// A name that is taken, whatever its case.
    #[error("{kind} `{name}` is there already{}", unless_same(name, before))]
    DuplicateName {
        /// What it names.
        kind: &'static str,
        /// The name.
        name: String,
        /// The name that was there first.
        before: String,
    },
    /// A name that nothing has.
    #[error("there is no {kind} `{name}`")]
    UnknownName {
        /// What it names.
        kind: &'static str,
        /// The name.
        name: String,
        /// What was probably meant.
        near: Option<String>,
        /// What there is.
        known: String,
    },
    /// Neither an indicator nor an attribute.
    #[error("there is no indicator or attribute `{name}`")]
    UnknownSubject {
        /// The name.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// An answer that an indicator does not have.
    #[error("indicator `{indicator}` has no answer `{answer}`")]
    UnknownAnswer {
        /// Answer.
        answer: String,
        /// Indicator.
        indicator: String,
        /// What was probably meant.
        near: Option<String>,
        /// What there is.
        known: String,
    },
    /// A value that an attribute cannot have.
    #[error("attribute `{attribute}` cannot be `{found}`")]
    UnknownValue {
        /// Attribute.
        attribute: String,
        /// As written.
        found: String,
        /// What there is.
        known: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// A preset that is no answer.
    #[error("`{answer}` is not an answer of this indicator")]
    UnknownPreset {
        /// Answer.
        answer: String,
    },
    /// A number is needed of an attribute that has none.
    #[error("attribute `{name}` does not hold numbers")]
    NotANumberAttribute {
        /// The name.
        name: String,
    },
    /// A condition without a test.
    #[error("this condition says nothing")]
    EmptyCondition,
    /// A scale defined as the name of another.
    #[error("scale `{name}` is a text, expected its answers")]
    ScaleIsAName {
        /// The name.
        name: String,
    },
    /// A scale that never gives a score.
    #[error("none of the answers has a score")]
    ScaleWithoutScore,
    /// `out-of` among the answers of a short scale.
    #[error("`out-of` is read as an answer here")]
    OutOfAmongAnswers,
    /// An answer spelled like an earlier one.
    #[error("answer `{answer}` can never be reached, an earlier one is spelled the same")]
    UnreachableAnswer {
        /// Answer.
        answer: String,
    },
    /// Too many options.
    #[error("{found} options, a multiple choice has at most {most}")]
    TooManyOptions {
        /// As written.
        found: usize,
        /// Most.
        most: usize,
    },
    /// Only exclusive options.
    #[error("every option excludes the others")]
    NothingOffered,
    /// A key that `score: points` only has.
    #[error("`{key}` needs `score: points`")]
    OnlyForPoints {
        /// The key.
        key: String,
    },
    /// No option has points.
    #[error("no option has points above 0")]
    NoPoints,
    /// Two ways from a number to a score.
    #[error("`{second}` is a second way to a score beside `{first}`")]
    SeveralCurves {
        /// First.
        first: String,
        /// Second.
        second: String,
    },
    /// A key that goalposts only have.
    #[error("`{key}` needs goalposts")]
    OnlyForGoalposts {
        /// The key.
        key: String,
    },
    /// One goalpost of two.
    #[error("`{there}` is there without `{lacking}`")]
    HalfGoalposts {
        /// There.
        there: &'static str,
        /// Lacking.
        lacking: &'static str,
    },
    /// Goalposts at the same place.
    #[error("both goalposts are {at}")]
    EqualGoalposts {
        /// At.
        at: f64,
    },
    /// A goalpost without a logarithm.
    #[error("the goalpost {at} has no logarithm")]
    LogOfGoalpost {
        /// At.
        at: f64,
    },
    /// Goalposts and a cohort for one number.
    #[error("the number gets its score from goalposts, bands or a curve already")]
    ScaledTwice,
    /// A curve by which a better score becomes a worse one.
    #[error("what `normalise` makes of `{id}` does not rise all along: better {} would make it worse", if *.parts { "parts" } else { "answers" })]
    FallingCurve {
        /// Of the node.
        id: String,
        /// Whether it has parts.
        parts: bool,
    },
    /// Bands that say nothing of the lowest score that they rescale.
    #[error("`{id}` can be {low}, and its first band starts at {from}")]
    FirstBand {
        /// Of the node.
        id: String,
        /// Where the first band starts.
        from: f64,
        /// The lowest that it can be.
        low: f64,
        /// Whether both are shares, not numbers as answered.
        shares: bool,
    },
    /// A band or point that does not ascend.
    #[error("{from} does not ascend, {before} comes before it")]
    NotAscending {
        /// From.
        from: f64,
        /// The name that was there first.
        before: f64,
    },
    /// A gap between bands.
    #[error("this band ends at {to}, the next one starts at {next}: what lies between has no band")]
    Gap {
        /// To.
        to: f64,
        /// Next.
        next: f64,
    },
    /// Bands that overlap.
    #[error("this band ends at {to}, the next one starts at {next} already")]
    Overlap {
        /// To.
        to: f64,
        /// Next.
        next: f64,
    },
    /// An end after the last band.
    #[error("the last band ends at {to}, what lies above has no band")]
    OpenEnd {
        /// To.
        to: f64,
    },
    /// A curve of one point.
    #[error("a curve needs two points or more")]
    OnePoint,
    /// Periods where the framework has none.
    #[error("the framework has no periods")]
    NoPeriods,
    /// Periods that end before they start.
    #[error("the periods run from `{from}` to `{to}`")]
    PeriodsReversed {
        /// From.
        from: String,
        /// To.
        to: String,
    },
    /// A step of scores inside a step of answers.
    #[error("scores cannot be combined inside a step that combines answers")]
    ScoresInsideAnswers,
    /// Weights of rows that are not averaged.
    #[error("`weight` is there, but no mean is made")]
    WeightOfNoMean,
    /// Cases without the attribute that decides.
    #[error("`combine` lists cases without the attribute that decides")]
    CombineWithoutBy,
    /// `by` beside other keys of a group.
    #[error("`{key}` has no place beside `by`")]
    GroupByAlone {
        /// The key.
        key: String,
    },
    /// A group without id.
    #[error("a group needs `id`, or `by`")]
    GroupWithoutId,
    /// A power mean of exponent 0.
    #[error("a power mean has no exponent 0")]
    PowerZero,
    /// A rule for answers on a node that holds others.
    #[error("`{word}` fills a missing answer, but this node holds other nodes")]
    OnlyForIndicators {
        /// Word.
        word: String,
    },
    /// A rule for parts on an indicator.
    #[error("`{word}` is a rule for parts, but an indicator has none")]
    OnlyForParents {
        /// Word.
        word: String,
    },
    /// A rule for numbers on another kind of answer.
    #[error("`{key}` is a rule for numbers, but this indicator has none")]
    OnlyForNumbers {
        /// Key.
        key: String,
    },
    /// Two rules for outliers.
    #[error("`{second}` is a second rule for outliers beside `percentiles`")]
    SeveralTreatments {
        /// Second.
        second: String,
    },
    /// Percentiles beyond which nothing lies.
    #[error("nothing lies beyond the percentiles 0 and 100")]
    CutsNothing,
    /// Percentiles from 0 to 1.
    #[error("percentiles run from 0 to 100, and beyond {low} and {high} lies nearly everything")]
    PercentilesAsShares {
        /// Low.
        low: f64,
        /// High.
        high: f64,
    },
    /// Two minimum coverages.
    #[error("a node has one minimum coverage")]
    SeveralCoverages,
    /// Two targets.
    #[error("`between` is a second target beside `at`")]
    TargetTwice,
    /// A distance to no target.
    #[error("a distance to a target needs one")]
    NoTarget,
    /// Cut-offs from 0 to 1 on another range.
    #[error("all cut-offs lie between 0 and 1, but scores are shown from {low} to {high}")]
    CutOffsAsShares {
        /// Low.
        low: f64,
        /// High.
        high: f64,
    },
    /// A level without cut-off.
    #[error("a level after the first one needs `from`")]
    LevelWithoutFrom,
    /// A first level above the low end.
    #[error("the first level starts at {from}, scores start at {low}")]
    FirstLevel {
        /// From.
        from: f64,
        /// Low.
        low: f64,
    },
    /// A last level that does not end at the high end.
    #[error("the last level ends at {to}, scores end at {high}")]
    LastLevel {
        /// To.
        to: f64,
        /// High.
        high: f64,
    },
    /// A share where a shown score belongs.
    #[error("{value} is a share, but scores are shown from {low} to {high}")]
    ShareOnRange {
        /// Value.
        value: f64,
        /// Low.
        low: f64,
        /// High.
        high: f64,
    },
    /// A cut-off that no score reaches.
    #[error("{from} lies outside the shown range from {low} to {high}")]
    CutOffOutside {
        /// From.
        from: f64,
        /// Low.
        low: f64,
        /// High.
        high: f64,
    },
    /// A need with none or several conditions.
    #[error("a need has one condition, this one has {found}")]
    NeedOfNothing {
        /// As written.
        found: usize,
    },
    /// A coverage of another node.
    #[error("`coverage` is that of the node whose level this is")]
    CoverageOfNode,
    /// A need that names no node.
    #[error("a need with `at-least` or `level` names a `node`")]
    NeedWithoutNode,
    /// A level of a node without levels.
    #[error("the node that is named has no levels")]
    NodeWithoutLevels,
    /// Levels that need each other.
    #[error("the levels of `{id}` need a level that needs them")]
    NeedInCircle {
        /// The node.
        id: String,
    },
    /// Texts of levels where there are none.
    #[error("there are no levels that `stages` could speak of")]
    StagesWithoutLevels,
    /// A framework without nodes.
    #[error("the framework has no `dimensions`, `pillars` or `indicators`")]
    NoTree,
    /// A node that holds nothing.
    #[error("`{id}` holds no `pillars` and no `indicators`")]
    EmptyNode {
        /// The node.
        id: String,
    },
    /// Two ways to answer.
    #[error("`{second}` is a second kind of answer beside `{first}`")]
    SeveralAnswers {
        /// First.
        first: String,
        /// Second.
        second: String,
    },
    /// No way to answer.
    #[error("indicator `{id}` does not say what can be answered")]
    NoAnswers {
        /// The node.
        id: String,
    },
    /// An indicator's id that cannot name a column.
    #[error("`{id}` cannot name a column of responses")]
    IdIsNoColumn {
        /// The node.
        id: String,
    },
    /// A column that is something else already.
    #[error("the column `{code}` holds the unit, the period, a row key or an attribute already")]
    ColumnTaken {
        /// Code.
        code: String,
    },
    /// A number divided by itself.
    #[error("the indicator is divided by itself")]
    PerItself,
    /// A denominator that is no number.
    #[error("indicator `{name}` is not a number")]
    PerNoNumber {
        /// The name.
        name: String,
    },
    /// A denominator that holds other nodes.
    #[error("`{name}` holds other nodes, it has no answer to divide by")]
    PerOnParent {
        /// The name.
        name: String,
    },
    /// A factor where nothing is divided.
    #[error("`times` is there without `per`")]
    TimesWithoutPer,
    /// A row mean within an indicator.
    #[error("`{name}` holds no other indicators")]
    WithinIndicator {
        /// The name.
        name: String,
    },
    /// `otherwise` without `when`.
    #[error("`otherwise` is there without `when`")]
    OtherwiseWithoutWhen,
    /// A condition on the indicator itself.
    #[error("`{id}` would depend on its own answer")]
    WhenItself {
        /// The node.
        id: String,
    },
    /// Conditions that wait for each other.
    #[error("the condition of `{id}` waits for an answer whose condition waits for `{id}`")]
    WhenInCircle {
        /// The node.
        id: String,
    },
    /// A condition on a node that holds others.
    #[error("`{name}` holds other nodes, it has no answer")]
    WhenOnParent {
        /// The name.
        name: String,
    },
    /// A condition on an answer that counts as none.
    #[error("answer `{answer}` counts as no answer, so a condition on it never holds")]
    WhenOnNoScore {
        /// Answer.
        answer: String,
    },
    /// `at-least` of a choice.
    #[error("`at-least` needs a number, `{id}` is a choice")]
    AtLeastOfChoice {
        /// The node.
        id: String,
    },
    /// A weight of the index.
    #[error("the index has no siblings and no weight")]
    WeightOfIndex,
    /// A weight set that names some siblings.
    #[error("the set names `{named}` but not its siblings {left_out}")]
    SetLeavesOut {
        /// Named.
        named: String,
        /// Left out.
        left_out: String,
    },
    /// A weight set in which no sibling counts.
    #[error("no sibling of this group has a weight above 0 in the set")]
    AllZeroInSet,
    /// Parts of which none counts.
    #[error("all parts of `{id}` have weight 0")]
    AllWeightsZero {
        /// The node.
        id: String,
    },
    /// Parts of which none is scored.
    #[error("no part of `{id}` is scored")]
    NothingScored {
        /// The node.
        id: String,
    },
    /// Ranks over the cohort where rows are scored.
    #[error("ranks over the cohort cannot be combined over rows that are scored one by one")]
    RanksOfRows,
    /// Rows of which the best one is wanted, and no telling which that is.
    #[error(
        "no number of `{id}` is better than another: its scores rise and fall, and `rows` asks for one of several"
    )]
    NoBetterNumber {
        /// The indicator.
        id: String,
    },
    /// `better` says what goalposts, bands or a curve contradict.
    #[error("`{id}` says `better: {better}`, and its {}", direction(*.rising, *.goalposts))]
    AgainstBetter {
        /// The indicator.
        id: String,
        /// As written.
        better: String,
        /// Whether larger numbers score more; `None` where scores rise and fall.
        rising: Option<bool>,
        /// Scores 0, scores 1, if it is these that say so.
        goalposts: Option<(f64, f64)>,
    },
    /// A cap on the node itself.
    #[error("`{id}` is capped by itself")]
    CapOnItself {
        /// The node.
        id: String,
    },
    /// A cap that depends on what it caps.
    #[error("`{id}` is capped by `{other}`, whose score depends on `{id}`")]
    CapInCircle {
        /// The node.
        id: String,
        /// Other.
        other: String,
    },
    /// Scores beyond the shown range.
    #[error(
        "`{id}` can be shown as {low} to {high}{}, beyond the range from {range_low} to {range_high}",
        .set.as_ref().map_or_else(String::new, |set| format!(" by the weights of `{set}`"))
    )]
    BeyondRange {
        /// The node.
        id: String,
        /// The weight set by whose weights it can, if not by the framework's own.
        set: Option<String>,
        /// Low.
        low: f64,
        /// High.
        high: f64,
        /// Range low.
        range_low: f64,
        /// Range high.
        range_high: f64,
    },
    /// A mean that cannot take the zero that a part can be.
    #[error("the {aggregate} mean has no value where a part is 0, and `{part}` can be 0")]
    ZeroPart {
        /// Aggregate.
        aggregate: &'static str,
        /// Part.
        part: String,
        /// The exponent of a power mean.
        exponent: Option<f64>,
    },
    /// A mean that cannot take the negative score that a part can have.
    #[error("`{part}` can be below 0, which `{aggregate}` cannot take")]
    NegativePart {
        /// Aggregate.
        aggregate: &'static str,
        /// Part.
        part: String,
        /// Zeros.
        zeros: bool,
    },
    /// `extends` of nothing.
    #[error("there is no framework `{name}`")]
    UnknownBase {
        /// The name.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// Overlays that extend each other.
    #[error("`{name}` extends this file in turn")]
    ExtendsInCircle {
        /// The name.
        name: String,
    },
    /// A key of overlays elsewhere.
    #[error("`{key}` needs `extends`")]
    OnlyWithExtends {
        /// The key.
        key: String,
    },
    /// A tree in an overlay.
    #[error("an overlay has no `{key}` of its own")]
    TreeInOverlay {
        /// The key.
        key: String,
    },
    /// The index dropped or changed like a node.
    #[error("the index is changed at the head")]
    EditOfIndex,
    /// A node that is gone already.
    #[error("`{name}` was dropped already, alone or with the node that held it")]
    EditOfDropped {
        /// The name.
        name: String,
    },
}

impl FrameworkKind {
    /// The stable name of the mistake.
    #[expect(clippy::too_many_lines, reason = "one line a mistake")]
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileTooLarge { .. } => "file-too-large",
            Self::ManyProblems { .. } => "many-problems",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::Tag => "tag",
            Self::SecondDocument => "second-document",
            Self::TooDeep { .. } => "too-deep",
            Self::TooManyValues { .. } => "too-many-values",
            Self::AliasInsideItself => "alias-inside-itself",
            Self::UnknownAnchor => "unknown-anchor",
            Self::KeyIsNoText => "key-is-no-text",
            Self::DuplicateKey { .. } => "duplicate-key",
            Self::MergeOfNoMap => "merge-of-no-map",
            Self::Tab => "tab",
            Self::Syntax { .. } => "syntax",
            Self::WrongShape { .. } => "wrong-shape",
            Self::EmptyText { .. } => "empty-text",
            Self::EmptyList { .. } => "empty-list",
            Self::EmptyMap { .. } => "empty-map",
            Self::EmptyInterval { .. } => "empty-interval",
            Self::NotALanguage { .. } => "not-a-language",
            Self::NotAnId { .. } => "not-an-id",
            Self::NotACode { .. } => "not-a-code",
            Self::NotANumber { .. } => "not-a-number",
            Self::NotFinite { .. } => "not-finite",
            Self::DivisionByZero { .. } => "division-by-zero",
            Self::OutOfBounds { .. } => "out-of-bounds",
            Self::NotAFlag { .. } => "not-a-flag",
            Self::UnknownWord { .. } => "unknown-word",
            Self::UnknownKey { .. } => "unknown-key",
            Self::MissingKey { .. } => "missing-key",
            Self::SeveralCases { .. } => "several-cases",
            Self::NoDetails { .. } => "no-details",
            Self::NeedsDetails { .. } => "needs-details",
            Self::UnknownVersion { .. } => "unknown-version",
            Self::NotAVersion { .. } => "not-a-version",
            Self::DuplicateName { .. } => "duplicate-name",
            Self::UnknownName { .. } => "unknown-name",
            Self::UnknownSubject { .. } => "unknown-subject",
            Self::UnknownAnswer { .. } => "unknown-answer",
            Self::UnknownValue { .. } => "unknown-value",
            Self::UnknownPreset { .. } => "unknown-preset",
            Self::NotANumberAttribute { .. } => "not-a-number-attribute",
            Self::EmptyCondition => "empty-condition",
            Self::ScaleIsAName { .. } => "scale-is-a-name",
            Self::ScaleWithoutScore => "scale-without-score",
            Self::OutOfAmongAnswers => "out-of-among-answers",
            Self::UnreachableAnswer { .. } => "unreachable-answer",
            Self::TooManyOptions { .. } => "too-many-options",
            Self::NothingOffered => "nothing-offered",
            Self::OnlyForPoints { .. } => "only-for-points",
            Self::NoPoints => "no-points",
            Self::SeveralCurves { .. } => "several-curves",
            Self::OnlyForGoalposts { .. } => "only-for-goalposts",
            Self::HalfGoalposts { .. } => "half-goalposts",
            Self::EqualGoalposts { .. } => "equal-goalposts",
            Self::LogOfGoalpost { .. } => "log-of-goalpost",
            Self::ScaledTwice => "scaled-twice",
            Self::FallingCurve { .. } => "falling-curve",
            Self::FirstBand { .. } => "first-band",
            Self::NotAscending { .. } => "not-ascending",
            Self::Gap { .. } => "gap",
            Self::Overlap { .. } => "overlap",
            Self::OpenEnd { .. } => "open-end",
            Self::OnePoint => "one-point",
            Self::NoPeriods => "no-periods",
            Self::PeriodsReversed { .. } => "periods-reversed",
            Self::ScoresInsideAnswers => "scores-inside-answers",
            Self::WeightOfNoMean => "weight-of-no-mean",
            Self::CombineWithoutBy => "combine-without-by",
            Self::GroupByAlone { .. } => "group-by-alone",
            Self::GroupWithoutId => "group-without-id",
            Self::PowerZero => "power-zero",
            Self::OnlyForIndicators { .. } => "only-for-indicators",
            Self::OnlyForParents { .. } => "only-for-parents",
            Self::OnlyForNumbers { .. } => "only-for-numbers",
            Self::SeveralTreatments { .. } => "several-treatments",
            Self::CutsNothing => "cuts-nothing",
            Self::PercentilesAsShares { .. } => "percentiles-as-shares",
            Self::SeveralCoverages => "several-coverages",
            Self::TargetTwice => "target-twice",
            Self::NoTarget => "no-target",
            Self::CutOffsAsShares { .. } => "cut-offs-as-shares",
            Self::LevelWithoutFrom => "level-without-from",
            Self::FirstLevel { .. } => "first-level",
            Self::LastLevel { .. } => "last-level",
            Self::ShareOnRange { .. } => "share-on-range",
            Self::CutOffOutside { .. } => "cut-off-outside",
            Self::NeedOfNothing { .. } => "need-of-nothing",
            Self::CoverageOfNode => "coverage-of-node",
            Self::NeedWithoutNode => "need-without-node",
            Self::NodeWithoutLevels => "node-without-levels",
            Self::NeedInCircle { .. } => "need-in-circle",
            Self::StagesWithoutLevels => "stages-without-levels",
            Self::NoTree => "no-tree",
            Self::EmptyNode { .. } => "empty-node",
            Self::SeveralAnswers { .. } => "several-answers",
            Self::NoAnswers { .. } => "no-answers",
            Self::IdIsNoColumn { .. } => "id-is-no-column",
            Self::ColumnTaken { .. } => "column-taken",
            Self::PerItself => "per-itself",
            Self::PerNoNumber { .. } => "per-no-number",
            Self::PerOnParent { .. } => "per-on-parent",
            Self::TimesWithoutPer => "times-without-per",
            Self::WithinIndicator { .. } => "within-indicator",
            Self::OtherwiseWithoutWhen => "otherwise-without-when",
            Self::WhenItself { .. } => "when-itself",
            Self::WhenInCircle { .. } => "when-in-circle",
            Self::WhenOnParent { .. } => "when-on-parent",
            Self::WhenOnNoScore { .. } => "when-on-no-score",
            Self::AtLeastOfChoice { .. } => "at-least-of-choice",
            Self::WeightOfIndex => "weight-of-index",
            Self::SetLeavesOut { .. } => "set-leaves-out",
            Self::AllZeroInSet => "all-zero-in-set",
            Self::AllWeightsZero { .. } => "all-weights-zero",
            Self::NothingScored { .. } => "nothing-scored",
            Self::RanksOfRows => "ranks-of-rows",
            Self::NoBetterNumber { .. } => "no-better-number",
            Self::AgainstBetter { .. } => "against-better",
            Self::CapOnItself { .. } => "cap-on-itself",
            Self::CapInCircle { .. } => "cap-in-circle",
            Self::BeyondRange { .. } => "beyond-range",
            Self::ZeroPart { .. } => "zero-part",
            Self::NegativePart { .. } => "negative-part",
            Self::UnknownBase { .. } => "unknown-base",
            Self::ExtendsInCircle { .. } => "extends-in-circle",
            Self::OnlyWithExtends { .. } => "only-with-extends",
            Self::TreeInOverlay { .. } => "tree-in-overlay",
            Self::EditOfIndex => "edit-of-index",
            Self::EditOfDropped { .. } => "edit-of-dropped",
        }
    }
}

/// How a name that is taken was spelled first, where that differs.
fn unless_same(name: &str, before: &str) -> String {
    if name == before {
        String::new()
    } else {
        format!(" as `{before}`")
    }
}

/// "goalposts rise from 0 to 85", "scores rise and fall".
fn direction(rising: Option<bool>, goalposts: Option<(f64, f64)>) -> String {
    let way = rising.map_or("rise and fall", |up| if up { "rise" } else { "fall" });
    match goalposts {
        Some((from, to)) => format!("goalposts {way} from {from} to {to}"),
        None => format!("scores {way}"),
    }
}
