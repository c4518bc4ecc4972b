//! Mistakes in responses: one variant each, with its data, its text and its stable code.

/// A mistake in responses, or something worth knowing about them.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ResponsesKind {
    // ---- the file ----
    /// The file is of another kind.
    #[error("this is {what}, not a table of responses")]
    NotATable {
        /// With its article.
        what: &'static str,
    },
    /// A spreadsheet cannot be read.
    #[error("the spreadsheet is damaged")]
    BrokenSpreadsheet,
    /// A spreadsheet unpacks to too much.
    #[error("the spreadsheet unpacks to more than responses ever do")]
    SpreadsheetTooLarge,
    /// There is no such sheet.
    #[error("no sheet `{sheet}`, there is {}", listed(.sheets))]
    NoSheet {
        /// As asked for.
        sheet: String,
        /// The sheets of the file.
        sheets: Vec<String>,
        /// The one that is probably meant.
        near: Option<String>,
    },
    /// Nobody said which sheet of several is the table.
    #[error("sheet `{sheet}` was read, {} not", others_were(.others))]
    OtherSheets {
        /// The first one.
        sheet: String,
        /// The others.
        others: Vec<String>,
    },
    /// The file holds NUL bytes.
    #[error("the file holds NUL bytes, so it is no text")]
    NulBytes {
        /// Whether every second byte is one, as in UTF-16.
        utf16: bool,
    },
    /// The text is not UTF-8.
    #[error(
        "byte 0x{byte:02X} is not UTF-8: the file is read as Windows-1252, where it is `{shown}`"
    )]
    NotUtf8 {
        /// The first odd byte.
        byte: u8,
        /// What it stands for.
        shown: char,
    },
    /// The text does not hold the encoding that was named.
    #[error("the file is not {encoding}")]
    WrongEncoding {
        /// The encoding.
        encoding: &'static str,
    },
    /// Several delimiters fit.
    #[error("both {} and {} part the file into equal rows", delimiter(*.first), delimiter(*.second))]
    AmbiguousDelimiter {
        /// One.
        first: char,
        /// Another.
        second: char,
    },
    /// A quote is never closed.
    #[error("a quote opens here and is never closed")]
    OpenQuote,
    /// A record is too long.
    #[error("one row is longer than {mebibytes} MiB")]
    RecordTooLong {
        /// The limit.
        mebibytes: usize,
    },
    /// There are too many columns.
    #[error("there are more than {most} columns")]
    TooManyColumns {
        /// The limit.
        most: usize,
    },
    /// There is a header only.
    #[error("there is a header, but no row below it")]
    HeaderOnly,
    /// No row can be used.
    #[error("no row can be used, {} left out", counted(*.rows, "row"))]
    NoUsableRow {
        /// How many there are.
        rows: usize,
    },
    /// A row is longer or shorter than the header.
    #[error("{} here, {} in the header", counted(*.found, "cell"), expected)]
    RaggedRow {
        /// Cells here.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },

    // ---- columns ----
    /// A column that is needed is not there.
    #[error("no column `{column}`, which says {what}")]
    NoColumn {
        /// The column.
        column: String,
        /// What it is for.
        what: &'static str,
        /// A column that is probably meant.
        near: Option<String>,
        /// The line of a row below that looks like the header.
        header_below: Option<usize>,
    },
    /// A row below the header says nobody and names choices of the questions above it.
    #[error("a second header row: {} below {}", listed(.choices), if choices.len() == 1 { "its question" } else { "their questions" })]
    SecondHeaderRow {
        /// The choices.
        choices: Vec<String>,
    },
    /// The framework has periods, the file has none.
    #[error("no column `{column}`: all rows belong to one period without a name")]
    NoPeriodColumn {
        /// The column.
        column: String,
    },
    /// No column belongs to an indicator.
    #[error("no column belongs to an indicator of `{framework}`")]
    NoMatchingColumn {
        /// The framework.
        framework: String,
        /// The first indicators.
        expected: Vec<String>,
    },
    /// Every period has a column, in the place of indicators.
    #[error("columns are called like years, `{first}` to `{last}`, and none like an indicator")]
    PeriodsAsColumns {
        /// The first of them.
        first: String,
        /// The last of them.
        last: String,
        /// What the columns of units and periods are to be called.
        columns: Vec<String>,
        /// Whether it is a table as Eurostat writes it.
        eurostat: bool,
    },
    /// Two columns say the same.
    #[error("columns `{first}` and `{second}` are both read as `{meant}`")]
    DuplicateColumn {
        /// One.
        first: String,
        /// The other.
        second: String,
        /// What they say, as the framework calls it.
        meant: String,
    },
    /// Indicators without a column.
    #[error("{} of {} without a column: {}", indicators.len(), counted(*.of, "indicator"), listed(.indicators))]
    MissingColumns {
        /// The indicators.
        indicators: Vec<String>,
        /// How many the framework has.
        of: usize,
    },
    /// A column that nothing reads looks like an indicator.
    #[error("column `{column}` belongs to no indicator")]
    NearColumn {
        /// The column.
        column: String,
        /// The indicator.
        near: String,
    },
    /// Columns that nothing reads.
    #[error("{} not read: {}", counted(columns.len(), "column"), listed(.columns))]
    UnreadColumns {
        /// The columns.
        columns: Vec<String>,
    },

    /// A mapping names something that the framework does not have.
    #[error("`{target}` is nothing in `{framework}`")]
    UnknownTarget {
        /// As written.
        target: String,
        /// The framework.
        framework: String,
        /// The indicator that is probably meant.
        near: Option<String>,
    },

    /// A mapping names columns that are not there.
    #[error("no column {}, which the mapping names", one_of(.columns))]
    NoMappedColumn {
        /// The columns.
        columns: Vec<String>,
        /// The column of the file that is probably meant, if it is one column.
        near: Option<String>,
    },

    // ---- rows ----
    /// A key cell is empty.
    #[error("no value in column `{column}`, which says {what}")]
    EmptyKey {
        /// The column.
        column: String,
        /// What it is for.
        what: &'static str,
    },
    /// A key cell is longer than any name.
    #[error("{bytes} bytes in column `{column}`, which says {what}; a name has at most {most}")]
    LongKey {
        /// The column.
        column: String,
        /// What it is for.
        what: &'static str,
        /// How long it is.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// Rows are left out.
    #[error("{} left out: {reason}", counted(*.rows, "row"))]
    Skipped {
        /// How many.
        rows: usize,
        /// Why.
        reason: &'static str,
    },
    /// A cell holds an error of the spreadsheet.
    #[error("`{text}` is an error of the spreadsheet, not a value")]
    ErrorCell {
        /// The error.
        text: String,
    },
    /// A cell holds a formula and not what it comes to.
    #[error("`{formula}` is a formula without its value")]
    FormulaCell {
        /// The formula.
        formula: String,
    },
    /// A cell says that there is no period, or holds a number that is none.
    #[error("`{text}` in `{column}` is no period")]
    NotAPeriod {
        /// The column.
        column: String,
        /// What stands there.
        text: String,
    },
    /// Which row is the newest cannot be said.
    #[error("which of {} of {row} is the newest cannot be said: {why}", counted(*.rows, "row"))]
    NoNewest {
        /// Unit, period and finer keys as shown.
        row: String,
        /// How many.
        rows: usize,
        /// Why not.
        why: &'static str,
    },
    /// Two rows have the same keys.
    #[error("{} of {row}", counted(*.rows, "row"))]
    DuplicateRow {
        /// Unit, period and finer keys as shown.
        row: String,
        /// How many.
        rows: usize,
    },
    /// Two rows answer the same question for the same keys.
    #[error("{} of {row} to `{indicator}`", counted(*.rows, "answer"))]
    DuplicateAnswer {
        /// Unit, period and finer keys as shown.
        row: String,
        /// The indicator.
        indicator: String,
        /// How many.
        rows: usize,
    },
    /// More duplicates than are listed.
    #[error("more rows or answers stand twice")]
    MoreDuplicates,
    /// Units that a reader takes for one.
    #[error("units `{first}` and `{second}` differ only in {} and count as two", all_of(.by))]
    UnitsAlike {
        /// One.
        first: String,
        /// The other.
        second: String,
        /// What they differ in.
        by: Vec<&'static str>,
    },
    /// Periods that a reader takes for one.
    #[error("periods `{first}` and `{second}` differ only in {} and count as two", all_of(.by))]
    PeriodsAlike {
        /// One.
        first: String,
        /// The other.
        second: String,
        /// What they differ in.
        by: Vec<&'static str>,
    },
    /// The last row sums up the others.
    #[error("the last row is called `{unit}` and counts as a unit")]
    TotalRow {
        /// What it is called.
        unit: String,
    },
    /// Two units are one country.
    #[error("units `{first}` and `{second}` are both {country} and count as two")]
    SameCountry {
        /// One.
        first: String,
        /// The other.
        second: String,
        /// Its name.
        country: String,
    },
    /// Units that a file of units does not name.
    #[error("{} not in the file of units: {}", counted(units.len(), "unit"), listed(.units))]
    UnitsNotDescribed {
        /// The units.
        units: Vec<String>,
    },
    /// Units that a file of units names, but not in this period.
    #[error("{} not in the file of units in `{period}`: {}", counted(units.len(), "unit"), listed(.units))]
    PeriodsNotDescribed {
        /// The period.
        period: String,
        /// The units.
        units: Vec<String>,
        /// How the file of units probably writes it.
        near: Option<String>,
    },

    // ---- cells ----
    /// A cell is no answer.
    #[error("`{text}` is no answer to `{indicator}`, which takes {}", one_of(.expected))]
    UnknownAnswer {
        /// The indicator.
        indicator: String,
        /// What was found.
        text: String,
        /// All of it, where [`text`](Self::UnknownAnswer::text) is only its beginning or spells something out.
        written: Box<str>,
        /// The declared answers.
        expected: Vec<String>,
        /// The one that is probably meant.
        near: Option<String>,
    },
    /// A cell is longer than any answer.
    #[error(
        "`{text}` is no answer to `{indicator}`: it has {bytes} bytes, and an answer has at most {most}"
    )]
    LongAnswer {
        /// The indicator.
        indicator: String,
        /// What was found.
        text: String,
        /// How long it is.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// A cell can be several answers.
    #[error("`{text}` can be {} of `{indicator}`", one_of(.answers))]
    AmbiguousAnswer {
        /// The indicator.
        indicator: String,
        /// What was found.
        text: String,
        /// What it can be.
        answers: Vec<String>,
    },
    /// A cell holds an answer that must not occur.
    #[error("`{text}` must not occur as an answer to `{indicator}`")]
    ForbiddenAnswer {
        /// The indicator.
        indicator: String,
        /// What was found.
        text: String,
    },
    /// A list of options can be read in several ways.
    #[error("`{text}` can be taken apart into options of `{indicator}` in several ways")]
    AmbiguousList {
        /// The indicator.
        indicator: String,
        /// What was found.
        text: String,
    },
    /// A list joins labels by spaces.
    #[error("`{text}` joins labels of `{indicator}` by spaces, which labels hold themselves")]
    JoinedLabels {
        /// The indicator.
        indicator: String,
        /// What was found.
        text: String,
    },
    /// An option that excludes the others is not alone.
    #[error("`{option}` of `{indicator}` excludes every other option, yet others are chosen")]
    ExclusiveOption {
        /// The indicator.
        indicator: String,
        /// The option.
        option: String,
    },
    /// An option's own column holds no mark.
    #[error("`{text}` does not say whether option `{option}` of `{indicator}` was chosen")]
    NoTick {
        /// The indicator.
        indicator: String,
        /// The option.
        option: String,
        /// What was found.
        text: String,
    },
    /// The cell that lists options and the options' own columns do not agree.
    #[error("`{indicator}` lists {}, but its columns say {}", set(.listed), set(.ticked))]
    SplitDisagrees {
        /// The indicator.
        indicator: String,
        /// Listed in one cell.
        listed: Vec<String>,
        /// Marked in their columns.
        ticked: Vec<String>,
    },
    /// A cell is no number.
    #[error("`{text}` is no number{} for `{indicator}`", if *.too_large { " that can be computed with" } else { "" })]
    NotANumber {
        /// The indicator or attribute.
        indicator: String,
        /// What was found.
        text: String,
        /// Whether it holds signs that group thousands, or a decimal comma where it cannot be one.
        grouped: bool,
        /// Whether it is too large.
        too_large: bool,
    },
    /// Answers to one indicator differ in a column that nothing reads.
    #[error(
        "answers to `{indicator}` differ in `{column}`, which nothing reads: `{first}` and `{second}`"
    )]
    UnreadDimension {
        /// The column.
        column: String,
        /// The indicator.
        indicator: String,
        /// What it says first.
        first: String,
        /// What it says here.
        second: String,
    },
    /// A power of ten is none.
    #[error("`{text}` is no power of ten that numbers of `{indicator}` can be multiplied by")]
    NotAPower {
        /// The indicator.
        indicator: String,
        /// What was found.
        text: String,
    },
    /// A number is outside its limits.
    #[error("`{text}` is outside of what `{indicator}` takes: {}", limits(*.low, *.high))]
    OutOfRange {
        /// The indicator.
        indicator: String,
        /// What was found.
        text: String,
        /// Lowest.
        low: Option<f64>,
        /// Highest.
        high: Option<f64>,
    },
    /// Numbers are written with a decimal point and with a decimal comma.
    #[error("numbers in this file have a decimal point here and a decimal comma there")]
    MixedDecimalSigns,
    /// Every decimal sign of a file stands as a sign between thousands would.
    #[error(
        "all numbers with a decimal sign are like `{text}`, which is read as a number below 1000"
    )]
    PerhapsThousands {
        /// The first of them.
        text: String,
    },
    /// A row of the long form names no indicator.
    #[error("no indicator `{text}` in `{framework}`")]
    UnknownIndicator {
        /// What was found.
        text: String,
        /// The framework.
        framework: String,
        /// The one that is probably meant.
        near: Option<String>,
    },
    /// A cell is no value of an attribute.
    #[error("`{text}` is no value of `{attribute}`, which takes {}", one_of(.expected))]
    UnknownValue {
        /// The attribute.
        attribute: String,
        /// What was found.
        text: String,
        /// Its values.
        expected: Vec<String>,
        /// The one that is probably meant.
        near: Option<String>,
    },
    /// Positive answers have no evidence although they must.
    #[error("no evidence for {}, which require{} it", claims(.indicators), if indicators.len() == 1 { "s" } else { "" })]
    NoEvidence {
        /// The indicators.
        indicators: Vec<String>,
    },
    /// Answers do not count, because conditions on other answers do not hold.
    #[error("{} not count: {} on {} fail{}", answers(.indicators), if indicators.len() == 1 { "its condition" } else { "their conditions" }, one_of(.conditions), if indicators.len() == 1 { "s" } else { "" })]
    PassedOver {
        /// The indicators.
        indicators: Vec<String>,
        /// Whose answers do not meet the conditions.
        conditions: Vec<String>,
    },
    /// Answers do not count, because the framework does not have their indicators in those periods.
    #[error("{} not count: the framework has {} in other periods only ({count} answer{})", answers(.indicators), if indicators.len() == 1 { "it" } else { "them" }, if *count == 1 { "" } else { "s" })]
    OutsidePeriods {
        /// The indicators.
        indicators: Vec<String>,
        /// How many answers.
        count: usize,
    },
    /// Numbers have no score, because their scales have none for them.
    #[error("{} not get a score: {}", answers(.indicators), off(indicators.len() == 1, *.relative))]
    OffScale {
        /// The indicators.
        indicators: Vec<String>,
        /// Whether cohorts have no score for them, rather than fixed scales.
        relative: bool,
    },
    /// Scores lie outside of the range on which they are shown.
    #[error("{} outside of the range from {low} to {high}", scores(.nodes, *.score))]
    BeyondRange {
        /// The nodes.
        nodes: Vec<String>,
        /// The score, where it is one.
        score: Option<f64>,
        /// The lowest score of the range.
        low: f64,
        /// The highest score of the range.
        high: f64,
    },
    /// Rows that are one say different things of an attribute.
    #[error("`{second}` as `{attribute}` of {row}, which was `{first}` before")]
    AttributeConflict {
        /// The attribute.
        attribute: String,
        /// Whose.
        row: String,
        /// Said first.
        first: String,
        /// Said here.
        second: String,
    },
    /// Rows call a unit by several names.
    #[error("`{second}` as `{attribute}` of `{unit}`, which is called `{first}`")]
    SeveralNames {
        /// The attribute.
        attribute: String,
        /// The unit.
        unit: String,
        /// The name that is taken: what the first row says that says something.
        first: String,
        /// Another one.
        second: String,
    },
    /// More different mistakes of a kind than are listed.
    #[error("more cells of `{subject}` are wrong in other ways")]
    MoreWrongCells {
        /// The column or indicator.
        subject: String,
    },
}

impl ResponsesKind {
    /// The stable name of the mistake.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotATable { .. } => "not-a-table",
            Self::BrokenSpreadsheet => "broken-spreadsheet",
            Self::SpreadsheetTooLarge => "spreadsheet-too-large",
            Self::NoSheet { .. } => "no-sheet",
            Self::OtherSheets { .. } => "other-sheets",
            Self::NulBytes { .. } => "nul-bytes",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::WrongEncoding { .. } => "wrong-encoding",
            Self::AmbiguousDelimiter { .. } => "ambiguous-delimiter",
            Self::OpenQuote => "open-quote",
            Self::RecordTooLong { .. } => "record-too-long",
            Self::TooManyColumns { .. } => "too-many-columns",
            Self::HeaderOnly => "header-only",
            Self::NoUsableRow { .. } => "no-usable-row",
            Self::RaggedRow { .. } => "ragged-row",
            Self::NoColumn { .. } => "no-column",
            Self::PeriodsAsColumns { .. } => "periods-as-columns",
            Self::SecondHeaderRow { .. } => "second-header-row",
            Self::NoPeriodColumn { .. } => "no-period-column",
            Self::NoMatchingColumn { .. } => "no-matching-column",
            Self::DuplicateColumn { .. } => "duplicate-column",
            Self::MissingColumns { .. } => "missing-columns",
            Self::NearColumn { .. } => "near-column",
            Self::UnreadColumns { .. } => "unread-columns",
            Self::UnknownTarget { .. } => "unknown-target",
            Self::NoMappedColumn { .. } => "no-mapped-column",
            Self::EmptyKey { .. } => "empty-key",
            Self::LongKey { .. } => "long-key",
            Self::Skipped { .. } => "skipped",
            Self::ErrorCell { .. } => "error-cell",
            Self::FormulaCell { .. } => "formula-cell",
            Self::NotAPeriod { .. } => "not-a-period",
            Self::NoNewest { .. } => "no-newest",
            Self::DuplicateRow { .. } => "duplicate-row",
            Self::DuplicateAnswer { .. } => "duplicate-answer",
            Self::MoreDuplicates => "more-duplicates",
            Self::UnitsAlike { .. } => "units-alike",
            Self::PeriodsAlike { .. } => "periods-alike",
            Self::TotalRow { .. } => "total-row",
            Self::SameCountry { .. } => "same-country",
            Self::UnitsNotDescribed { .. } => "units-not-described",
            Self::PeriodsNotDescribed { .. } => "periods-not-described",
            Self::UnknownAnswer { .. } => "unknown-answer",
            Self::LongAnswer { .. } => "long-answer",
            Self::AmbiguousAnswer { .. } => "ambiguous-answer",
            Self::ForbiddenAnswer { .. } => "forbidden-answer",
            Self::AmbiguousList { .. } => "ambiguous-list",
            Self::JoinedLabels { .. } => "joined-labels",
            Self::ExclusiveOption { .. } => "exclusive-option",
            Self::NoTick { .. } => "no-tick",
            Self::SplitDisagrees { .. } => "split-disagrees",
            Self::NotANumber { .. } => "not-a-number",
            Self::NotAPower { .. } => "not-a-power",
            Self::UnreadDimension { .. } => "unread-dimension",
            Self::OutOfRange { .. } => "out-of-range",
            Self::MixedDecimalSigns => "mixed-decimal-signs",
            Self::PerhapsThousands { .. } => "perhaps-thousands",
            Self::UnknownIndicator { .. } => "unknown-indicator",
            Self::UnknownValue { .. } => "unknown-value",
            Self::NoEvidence { .. } => "no-evidence",
            Self::PassedOver { .. } => "passed-over",
            Self::OutsidePeriods { .. } => "outside-periods",
            Self::OffScale { .. } => "off-scale",
            Self::BeyondRange { .. } => "beyond-range",
            Self::AttributeConflict { .. } => "attribute-conflict",
            Self::SeveralNames { .. } => "several-names",
            Self::MoreWrongCells { .. } => "more-wrong-cells",
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        if let Some(text) = self.about_header() {
            return Some(text);
        }
        let text = match self {
            Self::OtherSheets { .. } => "name another one with --sheet",
            Self::NoSheet { near, .. }
            | Self::NoColumn { near, .. }
            | Self::UnknownAnswer { near, .. }
            | Self::UnknownIndicator { near, .. }
            | Self::UnknownTarget { near, .. }
            | Self::NoMappedColumn { near, .. }
            | Self::UnknownValue { near, .. } => match near {
                Some(near) => return Some(format!("did you mean `{near}`?")),
                None => return self.without_near().map(str::to_owned),
            },
            Self::NoEvidence { indicators } => {
                let code = match indicators.as_slice() {
                    [only] => only,
                    _ => "code",
                };
                let column = format!("name the source in the column `{code}__evidence`");
                return Some(format!("{column}; in the long form in `evidence`"));
            }
            Self::PassedOver {
                indicators,
                conditions,
            } => {
                let answer = match indicators.as_slice() {
                    [only] => format!("`{only}`"),
                    _ => "these answers".to_owned(),
                };
                let condition = one_of(conditions);
                return Some(format!("correct {condition}, or leave {answer} empty"));
            }
            Self::OutsidePeriods { .. } => "correct the period, or `periods` of the framework",
            Self::PeriodsNotDescribed {
                near: Some(near),
                period,
                ..
            } => return Some(format!("write `{period}` there instead of `{near}`")),
            Self::NotATable { .. }
            | Self::BrokenSpreadsheet
            | Self::SpreadsheetTooLarge
            | Self::NulBytes { .. }
            | Self::NotUtf8 { .. }
            | Self::WrongEncoding { .. }
            | Self::AmbiguousDelimiter { .. }
            | Self::OpenQuote
            | Self::RecordTooLong { .. }
            | Self::TooManyColumns { .. }
            | Self::SecondHeaderRow { .. }
            | Self::HeaderOnly
            | Self::NoUsableRow { .. }
            | Self::RaggedRow { .. } => return self.about_file().map(str::to_owned),
            Self::NotANumber { .. }
            | Self::OutOfRange { .. }
            | Self::NotAPower { .. }
            | Self::MixedDecimalSigns
            | Self::OffScale { .. }
            | Self::BeyondRange { .. }
            | Self::PerhapsThousands { .. } => return self.about_number().map(str::to_owned),
            Self::UnreadDimension { .. } => "keep the rows of one of them, such as the total",
            Self::MissingColumns { .. } => "their answers count as missing",
            Self::NoNewest { .. }
            | Self::EmptyKey { .. }
            | Self::NotAPeriod { .. }
            | Self::LongKey { .. }
            | Self::DuplicateRow { .. }
            | Self::DuplicateAnswer { .. }
            | Self::TotalRow { .. }
            | Self::UnitsAlike { .. }
            | Self::PeriodsAlike { .. }
            | Self::SameCountry { .. }
            | Self::AttributeConflict { .. }
            | Self::SeveralNames { .. } => return self.about_keys().map(str::to_owned),
            Self::ErrorCell { .. }
            | Self::FormulaCell { .. }
            | Self::LongAnswer { .. }
            | Self::AmbiguousAnswer { .. }
            | Self::AmbiguousList { .. }
            | Self::JoinedLabels { .. }
            | Self::ExclusiveOption { .. }
            | Self::NoTick { .. }
            | Self::SplitDisagrees { .. } => return self.about_cell().map(str::to_owned),
            Self::PeriodsAsColumns { .. }
            | Self::NearColumn { .. }
            | Self::NoMatchingColumn { .. }
            | Self::DuplicateColumn { .. }
            | Self::NoPeriodColumn { .. }
            | Self::UnreadColumns { .. }
            | Self::Skipped { .. }
            | Self::UnitsNotDescribed { .. }
            | Self::PeriodsNotDescribed { near: None, .. }
            | Self::ForbiddenAnswer { .. }
            | Self::MoreDuplicates
            | Self::MoreWrongCells { .. } => return None,
        };
        Some(text.to_owned())
    }
}

/// Texts that programs write where there is no answer.
const NO_ANSWERS: [&str; 14] = [
    "na", "n/a", "n.a.", "nan", "nat", "null", "none", "-", "--", ".", "..", ":", "#n/a", "missing",
];

/// What to do about them.
const NO_ANSWER: &str =
    "if it stands for no answer, leave the cell empty or declare it in the framework under `codes`";

/// Whether a program that has nothing to say writes this.
pub(crate) fn says_nothing(text: &str) -> bool {
    NO_ANSWERS.iter().any(|no| no.eq_ignore_ascii_case(text))
}

impl ResponsesKind {
    /// What to do about a header that is not where, or what, it should be.
    fn about_header(&self) -> Option<String> {
        match self {
            Self::NoColumn {
                header_below: Some(line),
                ..
            } => {
                let below = format!("line {line} looks like the header");
                Some(format!("{below}: take out what stands above it"))
            }
            Self::NearColumn { near, .. } => Some(format!("did you mean `{near}`?")),
            Self::NoMatchingColumn { expected, .. } => {
                Some(format!("columns are named {}", one_of(expected)))
            }
            // A mapping looks at no case.
            Self::DuplicateColumn { first, second, .. }
                if first.to_lowercase() == second.to_lowercase() =>
            {
                Some("leave one of them out".to_owned())
            }
            Self::DuplicateColumn { .. } => {
                Some("leave one of them out, or `ignore` it in a mapping".to_owned())
            }
            Self::PeriodsAsColumns { eurostat: true, .. } => {
                Some("download it as SDMX-CSV, which is read as it is".to_owned())
            }
            Self::PeriodsAsColumns { columns, .. } => {
                let columns = listed(columns);
                Some(format!(
                    "make a row of every number, with the columns {columns}, `indicator` and `answer` (`pivot_longer` in R, \
                     `melt` in pandas)"
                ))
            }
            _ => None,
        }
    }

    /// What to do about a file that cannot be taken apart.
    fn about_file(&self) -> Option<&'static str> {
        let text = match self {
            Self::NotATable { what } if what.contains("archive") => {
                "unpack it, and name the file with the responses"
            }
            Self::NotATable { .. } => "save or export the responses as CSV",
            Self::BrokenSpreadsheet => "export it again, or save the table as CSV",
            Self::SpreadsheetTooLarge => "save the table as CSV",
            Self::NulBytes { utf16: true } => {
                "it looks like UTF-16 without a mark: name its encoding with --encoding utf-16le or utf-16be"
            }
            Self::NulBytes { utf16: false } => "export the responses again as CSV",
            Self::NotUtf8 { .. } => "save the file as UTF-8, or name its encoding with --encoding",
            Self::WrongEncoding { .. } => "leave --encoding out, or name the right one",
            Self::AmbiguousDelimiter { .. } => "say which one with --delimiter",
            Self::OpenQuote => "close it, or double it where the text itself holds a quote",
            Self::RecordTooLong { .. } => "look for a quote that is not closed",
            Self::TooManyColumns { .. } => "look for a line end that is missing",
            Self::SecondHeaderRow { .. } => "read both with `--header-rows 2`",
            Self::HeaderOnly => "add one row for each unit",
            Self::NoUsableRow { .. } => "check that the responses were exported, too",
            Self::RaggedRow { .. } => {
                "quote cells that hold the delimiter, fill up rows that are too short, and take out notes below the table"
            }
            _ => return None,
        };
        Some(text)
    }

    /// What to do about what says whom a row is about.
    fn about_keys(&self) -> Option<&'static str> {
        let text = match self {
            Self::NoNewest { .. } => "leave one in, or choose with --on-duplicate first or last",
            Self::EmptyKey { .. } => "fill it in, or leave the row out",
            Self::NotAPeriod { .. } => "write when the answers are from, or leave the row out",
            Self::LongKey { .. } => "check that the column holds names or codes",
            Self::DuplicateRow { .. } | Self::DuplicateAnswer { .. } => {
                "leave one in, or choose with --on-duplicate first, last or newest"
            }
            Self::TotalRow { .. } => "take it out if it sums up the rows above",
            Self::UnitsAlike { .. } | Self::PeriodsAlike { .. } | Self::SameCountry { .. } => {
                "use one spelling if they are the same"
            }
            Self::AttributeConflict { .. } => {
                "say the same in all of its rows, or leave it empty in the others"
            }
            Self::SeveralNames { .. } => "write one name in all of its rows: the first is shown",
            _ => return None,
        };
        Some(text)
    }

    /// What to do about a cell that cannot be read.
    fn about_cell(&self) -> Option<&'static str> {
        let text = match self {
            Self::LongAnswer { .. } => {
                "check that the column holds answers, and look for a quote that is not closed"
            }
            Self::AmbiguousAnswer { .. } => "use the code instead of the label",
            Self::AmbiguousList { .. } => "use codes without separators, or one column an option",
            Self::JoinedLabels { .. } => {
                "export with \u{201c}XML values and headers\u{201d}, or with one column an option"
            }
            Self::ExclusiveOption { .. } => "ask which one is meant",
            Self::ErrorCell { .. } => "correct the formula, or clear the cell",
            Self::FormulaCell { .. } => {
                "open the file in a spreadsheet program, which computes it, and save it; or write the value"
            }
            Self::NoTick { .. } => "use 1 and 0, or yes and no; empty is missing",
            Self::SplitDisagrees { .. } => "correct one of them, or leave one out",
            _ => return None,
        };
        Some(text)
    }

    /// What to do about how numbers are written.
    fn about_number(&self) -> Option<&'static str> {
        let text = match self {
            Self::NotANumber { grouped: true, .. } => {
                "write it without signs that group thousands, and with a decimal point; a decimal comma is \
                 understood where `;` or tab parts the cells"
            }
            Self::NotANumber { text, .. } if says_nothing(text) => NO_ANSWER,
            Self::NotANumber {
                too_large: false, ..
            } => {
                "write digits alone, as in `80` or `12.5`, without a unit or `%`; leave the cell empty where nothing \
                 is known"
            }
            Self::NotANumber { .. } => "write it in another unit, as in `80` or `1e6`",
            Self::OutOfRange { .. } => {
                "correct it; where such numbers occur, the framework's limits are too narrow"
            }
            Self::NotAPower { .. } => {
                "write a whole number, as in `3` for thousands and `6` for millions; empty for none"
            }
            Self::MixedDecimalSigns => "use one of them throughout",
            Self::OffScale { relative: true, .. } => {
                "correct it, or let another `cohort` or target say how far there is to go"
            }
            Self::OffScale { .. } => "correct it, or let a lower band or `clamp: true` score it",
            Self::BeyondRange { .. } => {
                "correct the answers, let goalposts with `clamp` bring numbers into the range, or write `range: unbounded`"
            }
            Self::PerhapsThousands { .. } => {
                "if the sign stands between thousands, write the numbers without it; if they have three decimals, they are \
                 read as they should be"
            }
            _ => return None,
        };
        Some(text)
    }

    /// What to do about a name or an answer that nothing is near to.
    fn without_near(&self) -> Option<&'static str> {
        match self {
            Self::NoColumn { .. } => Some(
                "rename the column, or name it in the framework or, for responses, in a mapping",
            ),
            Self::NoMappedColumn { .. } => {
                Some("correct its name in the mapping, or take it out there")
            }
            Self::UnknownTarget { .. } => {
                Some("name a code, `code/option`, a key column or an attribute, or `ignore`")
            }
            Self::UnknownAnswer { text, .. } => {
                let none = says_nothing(text)
                    || text.starts_with('-') && text[1..].bytes().all(|b| b.is_ascii_digit());
                Some(if none {
                    NO_ANSWER
                } else if text.contains("\\u{") {
                    "it holds a character that cannot be seen, such as a space without width: take it out"
                } else {
                    "correct it, or say what it stands for in a mapping: `dgpf import --write-mapping FILE` drafts one"
                })
            }
            _ => None,
        }
    }
}

/// "1 row", "2 rows".
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The first of `texts` in backticks, and how many more there are.
fn some_of(texts: &[String]) -> (Vec<String>, usize) {
    const SHOWN: usize = 8;
    // One more is shorter than saying that there is one more.
    let shown = if texts.len() <= SHOWN + 1 {
        texts.len()
    } else {
        SHOWN
    };
    let quoted = texts[..shown].iter().map(|text| format!("`{text}`"));
    (quoted.collect(), texts.len() - shown)
}

/// "`a`, `b` or `c`".
fn one_of(texts: &[String]) -> String {
    match some_of(texts) {
        (shown, 0) => match shown.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => "nothing".to_owned(),
        },
        (shown, more) => format!("{} or one of {more} more", shown.join(", ")),
    }
}

/// "a, b and c".
fn all_of(texts: &[&str]) -> String {
    match texts.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// "`a` was", "`a`, `b` were".
fn others_were(sheets: &[String]) -> String {
    let was = if sheets.len() == 1 { "was" } else { "were" };
    format!("{} {was}", listed(sheets))
}

/// "`a`, `b`, `c`".
fn listed(texts: &[String]) -> String {
    match some_of(texts) {
        (shown, 0) => shown.join(", "),
        (shown, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

/// [`listed`], or "nothing".
fn set(texts: &[String]) -> String {
    if texts.is_empty() {
        "nothing".to_owned()
    } else {
        listed(texts)
    }
}

/// "a positive answer to `a`", "positive answers to 2 indicators (`a`, `b`)".
fn claims(indicators: &[String]) -> String {
    match indicators {
        [only] => format!("a positive answer to `{only}`"),
        several => format!(
            "positive answers to {} indicators ({})",
            several.len(),
            listed(several)
        ),
    }
}

/// "an answer to `a` does", "answers to 2 indicators (`a`, `b`) do".
fn answers(indicators: &[String]) -> String {
    match indicators {
        [only] => format!("an answer to `{only}` does"),
        several => format!(
            "answers to {} indicators ({}) do",
            several.len(),
            listed(several)
        ),
    }
}

/// Why numbers have no score.
fn off(is_one: bool, relative: bool) -> &'static str {
    match (is_one, relative) {
        (true, false) => "the number is below the first band, or has no logarithm",
        (false, false) => "the numbers are below the first band, or have no logarithm",
        (true, true) => {
            "the number is short of what all of its cohort have reached, or no share of a leader"
        }
        (false, true) => {
            "the numbers are short of what all of their cohorts have reached, or no share of a leader"
        }
    }
}

/// "the score 250 of `a` lies", "scores of `a` lie", "scores of 12 nodes (`a`, …) lie".
fn scores(nodes: &[String], score: Option<f64>) -> String {
    match (nodes, score) {
        ([only], Some(score)) => format!("the score {score} of `{only}` lies"),
        ([only], None) => format!("scores of `{only}` lie"),
        (several, _) => format!(
            "scores of {} nodes ({}) lie",
            several.len(),
            listed(several)
        ),
    }
}

fn delimiter(sign: char) -> String {
    match sign {
        '\t' => "tab".to_owned(),
        sign => format!("`{sign}`"),
    }
}

fn limits(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => "any number".to_owned(),
    }
}
