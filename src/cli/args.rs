//! Every command and flag with its help text.

#![allow(clippy::doc_markdown)] // help shows names of products as their makers write them

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use dgpf::responses::Encoding;

/// What is shown when no command is given.
pub(crate) const FIRST_STEPS: &str = "\
dgpf scores maturity frameworks from survey responses.

  dgpf init demo                           make a project that works, in the folder `demo`
  dgpf score responses.csv                 score it: the framework is found by its columns
  dgpf check responses.csv -f dgi-2023     every problem of the file, nothing scored
  dgpf frameworks show dgi-2023            what a framework measures, and how

`dgpf help` lists all commands, `dgpf help score` explains one.
";

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 the inputs have problems, or a check did not hold; 2 it could not run (usage, files).";

/// Score digital government maturity frameworks from survey responses, and explain every score.
#[derive(Debug, Parser)]
#[command(
    name = "dgpf",
    version,
    after_help = EXIT_CODES,
    disable_help_subcommand = false,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Colour the output: on a terminal (auto), always or never; auto heeds `NO_COLOR`
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        help_heading = "Output"
    )]
    pub(crate) color: Colour,
}

/// When the output is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Also into files and pipes.
    Always,
    /// Nowhere.
    Never,
}

/// What can be read where nothing is scored.
const TABLES: &str =
    "Responses: CSV files or spreadsheets, read one after the other. `-` is the standard input";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a project that works: a framework, responses, gates and a workflow for CI
    #[command(after_help = INIT_EXAMPLES)]
    Init {
        /// The folder; the one you are in without it
        #[arg(value_name = "DIR", default_value = ".")]
        directory: PathBuf,
    },
    /// Score responses and print the table, or write it as data
    #[command(after_help = SCORE_EXAMPLES)]
    Score(Score),
    /// Write a saved result in another format: table, data, workbook, badges, charts
    #[command(after_help = REPORT_EXAMPLES)]
    Report(Report),
    /// Make a static site: an index page for all units and one page a unit
    #[command(after_help = SCORECARDS_EXAMPLES)]
    Scorecards(Scorecards),
    /// Show what is recognised in responses, row by row and column by column; write them in one form
    #[command(after_help = IMPORT_EXAMPLES, mut_arg("files", |files| files.help(TABLES)))]
    Import(Import),
    /// Make a form to collect responses with: CSV, Excel, XLSForm, LimeSurvey, or to print
    #[command(after_help = TEMPLATE_EXAMPLES)]
    Template(Box<Template>),
    /// Report every problem of responses, for people, build servers and code hosts; nothing is scored
    #[command(after_help = CHECK_EXAMPLES, mut_arg("files", |files| files.help(TABLES)))]
    Check(Check),
    /// Take one score apart: what each part adds, down to the answers
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(Explain),
    /// Test how far the ranking can be trusted: draw assumptions and score again
    #[command(after_help = ROBUSTNESS_EXAMPLES)]
    Robustness(Box<Robustness>),
    /// Tell what would raise a score: single steps, the smallest set that reaches a target, what-if
    #[command(after_help = IMPROVE_EXAMPLES)]
    Improve(Improve),
    /// Show what changed between two waves and by how much each cause moved each score; or put units side by side
    #[command(after_help = COMPARE_EXAMPLES, mut_arg("units", |units| units
        .value_name("UNITS")
        .help("Units to show node by node, or of one wave side by side: NOR,DNK; or a second file of unit attributes")))]
    Compare(Compare),
    /// Judge scores by rules, alone or against a baseline, and exit with 1 when one does not hold
    #[command(after_help = GATE_EXAMPLES)]
    Gate(Gate),
    /// Tell what the indicators measure together: correlations, consistency, importance, agreement
    #[command(after_help = COHERENCE_EXAMPLES)]
    Coherence(Coherence),
    /// Print the framework as one SQL query that makes the scores where the responses are
    #[command(after_help = SQL_EXAMPLES)]
    Sql(Box<Sql>),
    /// Freeze what units are compared with, so that others are scored against the same cohort
    #[command(after_help = STATS_EXAMPLES)]
    Stats(Stats),
    /// Compute a saved result again and compare it byte for byte
    #[command(after_help = VERIFY_EXAMPLES)]
    Verify(Verify),
    /// List the frameworks at hand; show, check, compare or start one
    #[command(after_help = FRAMEWORKS_EXAMPLES)]
    Frameworks(Frameworks),
    /// Explain the code of a problem, such as `duplicate-key`; list them all
    #[command(after_help = EXPLAIN_CODE_EXAMPLES)]
    ExplainCode {
        /// The code, as in `error[duplicate-key]`; all codes without it
        code: Option<String>,
    },
    /// Print the JSON Schema of a kind of file, by which editors complete and programs check it
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema {
        /// Of which kind of file
        of: SchemaOf,
    },
    /// Print a completion script for a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page of dgpf, or of one of its commands
    #[command(after_help = MAN_EXAMPLES)]
    Man {
        /// The command, for instance `score` or `frameworks show`
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
}

impl Command {
    /// What it is told to write, `-` included.
    pub(crate) fn output(&self) -> Option<&Path> {
        let output = match self {
            Self::Score(Score { writing, .. }) | Self::Report(Report { writing, .. }) => {
                &writing.output
            }
            Self::Check(Check { writing, .. }) | Self::Gate(Gate { writing, .. }) => {
                &writing.output
            }
            Self::Frameworks(Frameworks { command }) => match command {
                Some(FrameworksCommand::Check { writing, .. }) => &writing.output,
                _ => &None,
            },
            Self::Scorecards(arguments) => return Some(&arguments.output),
            Self::Import(arguments) => &arguments.output,
            Self::Template(arguments) => &arguments.output,
            Self::Explain(arguments) => &arguments.output,
            Self::Robustness(arguments) => &arguments.output,
            Self::Improve(arguments) => &arguments.output,
            Self::Compare(arguments) => &arguments.output,
            Self::Coherence(arguments) => &arguments.output,
            Self::Sql(arguments) => &arguments.output,
            Self::Stats(arguments) => &arguments.output,
            Self::Init { .. }
            | Self::Verify(_)
            | Self::ExplainCode { .. }
            | Self::Schema { .. }
            | Self::Completions { .. }
            | Self::Man { .. } => &None,
        };
        output.as_deref()
    }
}

const INIT_EXAMPLES: &str = "\
Examples:
  dgpf init demo && cd demo
  dgpf score responses.csv
  dgpf gate responses.csv --rules gates.yaml
  dgpf scorecards responses.csv -o site";

const SCORE_EXAMPLES: &str = "\
Examples:
  dgpf score responses.csv
  dgpf score responses.csv -f dgi-2023 --format csv -o scores.csv
  dgpf score wave1.csv wave2.csv -f framework.yaml --period all
  sort-responses | dgpf score - -f egdi --format json";

const REPORT_EXAMPLES: &str = "\
Examples:
  dgpf score responses.csv -o result.json
  dgpf report result.json
  dgpf report result.json -o report.xlsx --lang fr
  dgpf report result.json --format markdown >> \"$GITHUB_STEP_SUMMARY\"
  dgpf report result.json --format datapackage -o package/
  dgpf report result.json --format badges -o badges/";

const SCORECARDS_EXAMPLES: &str = "\
Examples:
  dgpf scorecards responses.csv -o site/
  dgpf scorecards responses.csv -f dgpf -o site/ --lang fr --accent '#7a1f5c' --logo arms.svg";

const IMPORT_EXAMPLES: &str = "\
Examples:
  dgpf import export.csv -f dgi-2023
  dgpf import responses/*.csv -f framework.yaml -o normalised.csv
  dgpf import export.xlsx -f framework.yaml --write-mapping mapping.yaml
  dgpf import export.xlsx -f framework.yaml --mapping mapping.yaml --format markdown";

const TEMPLATE_EXAMPLES: &str = "\
Examples:
  dgpf template -f dgpf -o dgpf.xlsx
  dgpf template -f dgpf --kind xlsform -o dgpf-form.xlsx
  dgpf template -f framework.yaml --kind limesurvey --lang fr -o survey.txt
  dgpf template -f dgpf --prefill wave1.csv --unit NOR --period 2027 -o norway.xlsx
  dgpf template -f ddps --kind csv-long > answers.csv";

const CHECK_EXAMPLES: &str = "\
Examples:
  dgpf check responses.csv
  dgpf check responses/*.csv -f framework.yaml --format sarif -o problems.sarif
  dgpf check responses.csv --format github
  dgpf check responses.csv -f framework.yaml && dgpf score responses.csv -f framework.yaml";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  dgpf explain responses.csv NOR
  dgpf explain responses.csv NOR policy --depth 1
  dgpf explain responses.csv NOR --only-losses --format markdown
  dgpf explain responses.csv NOR -f framework.yaml --format json -o norway.json";

const ROBUSTNESS_EXAMPLES: &str = "\
Examples:
  dgpf robustness responses.csv
  dgpf robustness responses.csv --weights shares --seed 7 --draws 5000
  dgpf robustness responses.csv --weights 25% --aggregation mean,geometric:0.01 --also all
  dgpf robustness responses.csv --errors 5% --gaps --format json -o robustness.json
  dgpf robustness responses.csv --chart intervals -o ranks.svg";

const IMPROVE_EXAMPLES: &str = "\
Examples:
  dgpf improve responses.csv NOR
  dgpf improve responses.csv NOR --node policy --top 5
  dgpf improve responses.csv NOR --to-level established
  dgpf improve responses.csv NOR --to-score 0.7 --effort framework --format json
  dgpf improve responses.csv NOR --set pro_03=yes,ddps_07=all";

const COMPARE_EXAMPLES: &str = "\
Examples:
  dgpf compare 2023.csv 2025.csv
  dgpf compare old-result.json responses.csv --format csv -o changes.csv
  dgpf compare 2019.csv 2023.csv --framework-old dgi-2019 -f dgi-2023
  dgpf compare responses.csv --periods 2023,2025 --units NOR
  dgpf compare responses.csv --units NOR,DNK --depth 1";

const GATE_EXAMPLES: &str = "\
Examples:
  dgpf gate responses.csv --fail-under 0.5 --min-coverage 0.8
  dgpf gate responses.csv --baseline baseline.json --max-drop 0.02 --no-level-loss
  dgpf gate result.json --baseline baseline.json --rules gates.yaml --format junit -o gates.xml";

const COHERENCE_EXAMPLES: &str = "\
Examples:
  dgpf coherence responses.csv
  dgpf coherence responses.csv --format csv --table pairs -o pairs.csv
  dgpf coherence responses.csv -f framework.yaml -o coherence.json";

const STATS_EXAMPLES: &str = "\
Examples:
  dgpf stats all.csv -f framework.yaml -o stats.json
  dgpf score later.csv -f framework.yaml --stats stats.json --format csv
  dgpf sql -f framework.yaml --dialect spark --stats stats.json
  dgpf stats --merge part1.json part2.json -f framework.yaml -o stats.json

Scores then depend on their own row alone: parts scored on several machines are the same bytes as all scored at once.";

const SQL_EXAMPLES: &str = "\
Examples:
  dgpf sql -f dgpf --dialect duckdb | duckdb survey.db
  dgpf sql -f framework.yaml --dialect postgres --table survey.responses --input long
  dgpf sql -f framework.yaml --dialect duckdb --checks
  dgpf sql -f framework.yaml --dialect spark --as dbt -o my-project

The query gives the scores of `dgpf score` to 12 digits, and the same levels, ranks and empty scores. Something that it
cannot say is named with its line, and nothing is printed.";

const VERIFY_EXAMPLES: &str = "\
Examples:
  dgpf score responses.csv -f framework.yaml -o result.json
  dgpf verify result.json -f framework.yaml --responses responses.csv
  dgpf verify result.json";

const FRAMEWORKS_EXAMPLES: &str = "\
Examples:
  dgpf frameworks
  dgpf frameworks show dgi-2023
  dgpf frameworks check framework.yaml --strict
  dgpf frameworks diff dgi-2019 dgi-2023
  dgpf frameworks new my-index && dgpf score my-index.csv -f my-index.yaml";

const EXPLAIN_CODE_EXAMPLES: &str = "\
Examples:
  dgpf explain-code duplicate-key
  dgpf explain-code";

const SCHEMA_EXAMPLES: &str = "\
Examples:
  dgpf schema framework > framework.schema.json
  dgpf schema gates > gates.schema.json
  dgpf schema result";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  dgpf completions bash > ~/.local/share/bash-completion/completions/dgpf
  dgpf completions zsh > ~/.zfunc/_dgpf
  dgpf completions fish > ~/.config/fish/completions/dgpf.fish";

const MAN_EXAMPLES: &str = "\
Examples:
  dgpf man | man -l -
  dgpf man score > dgpf-score.1";

/// Which responses and which framework.
#[derive(Debug, Default, Args)]
pub(crate) struct Inputs {
    /// Responses: CSV files or spreadsheets, read one after the other; or a saved result. `-` is the standard input
    #[arg(required = true, value_name = "FILES")]
    pub(crate) files: Vec<PathBuf>,

    /// Framework: an id (see `dgpf frameworks`) or a file; may be repeated
    ///
    /// Without it the framework is the one whose columns the header matches, among those compiled in, those in
    /// ./frameworks and ./dgpf.yaml. Of several, it is the one whose id the responses' file name starts with.
    #[arg(
        short,
        long = "framework",
        value_name = "FRAMEWORK",
        help_heading = "Input"
    )]
    pub(crate) frameworks: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// How responses are read: the same for every command that reads them.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Reading {
    /// A second file of unit attributes: name, region, income, population, …
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) units: Option<PathBuf>,

    /// What columns and answers mean where neither code nor label says so; `dgpf import` drafts one
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) mapping: Option<PathBuf>,

    /// What to do with rows of the same unit and period; they are a mistake without it
    #[arg(long, value_name = "RULE", help_heading = "Input")]
    pub(crate) on_duplicate: Option<OnDuplicate>,

    /// What parts the cells: `,`, `;`, `|` or `tab`; found by trying if it is not given
    #[arg(long, value_name = "SIGN", value_parser = delimiter, help_heading = "Input")]
    pub(crate) delimiter: Option<u8>,

    /// The sheet of a spreadsheet; the one called "responses", else the first one that is not hidden, if it is not given
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub(crate) sheet: Option<String>,

    /// How many header rows there are: 1, 2 (questions, choices) or 3 (names, questions, ids)
    #[arg(long, value_name = "COUNT", value_parser = header_rows, help_heading = "Input")]
    pub(crate) header_rows: Option<usize>,

    /// How characters are written, for instance `windows-1252`; found by trying if it is not given
    #[arg(long, value_name = "NAME", value_parser = encoding, help_heading = "Input")]
    pub(crate) encoding: Option<Encoding>,
}

impl Reading {
    /// Whether any of it was said.
    pub(crate) fn is_stated(&self) -> bool {
        let Self {
            units,
            mapping,
            on_duplicate,
            delimiter,
            sheet,
            header_rows,
            encoding,
        } = self;
        units.is_some()
            || mapping.is_some()
            || on_duplicate.is_some()
            || delimiter.is_some()
            || sheet.is_some()
            || header_rows.is_some()
            || encoding.is_some()
    }
}

/// Whom units are compared with: the same for every command that scores.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Cohort {
    /// Compare with the cohort that `dgpf stats` wrote to this file, not with the units that are scored; there are no ranks
    /// then
    ///
    /// A saved result keeps the cohort that it was scored against, and needs no file.
    #[arg(long, value_name = "FILE", help_heading = "Scoring")]
    pub(crate) stats: Option<PathBuf>,
}

/// What to do with rows of the same unit and period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnDuplicate {
    /// They are a mistake
    Error,
    /// The first one counts
    First,
    /// The last one counts
    Last,
    /// The one sent in last counts
    Newest,
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "," | ";" | "|" => Ok(text.as_bytes()[0]),
        "tab" | "\t" | "\\t" => Ok(b'\t'),
        _ => Err("expected `,`, `;`, `|` or `tab`".to_owned()),
    }
}

fn header_rows(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(rows @ 1..=3) => Ok(rows),
        Ok(_) | Err(_) => Err("expected 1, 2 or 3".to_owned()),
    }
}

fn encoding(text: &str) -> Result<Encoding, String> {
    Encoding::named(text)
        .ok_or_else(|| "no such encoding; try `utf-8` or `windows-1252`".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Score {
    #[command(flatten)]
    pub(crate) inputs: Inputs,

    /// Weight the parts by a named weight set of the framework
    #[arg(long, value_name = "NAME", help_heading = "Scoring")]
    pub(crate) weights: Option<String>,

    #[command(flatten)]
    pub(crate) cohort: Cohort,

    /// Add a summary row for each value of an attribute, for instance `region`; all rows of a unit must say the same of it
    #[arg(long, value_name = "ATTRIBUTE", help_heading = "Scoring")]
    pub(crate) by: Vec<String>,

    #[command(flatten)]
    pub(crate) writing: Writing,

    /// In which order units are written
    ///
    /// A large file in CSV is scored in pieces. It takes least memory if its rows stand in the order that is written.
    #[arg(
        long,
        value_name = "ORDER",
        default_value = "unit",
        help_heading = "Output"
    )]
    pub(crate) order: Order,
}

/// What is written of a result, and where.
#[derive(Debug, Args)]
pub(crate) struct Writing {
    /// What to write: a table for reading, data in full precision, or several files
    ///
    /// Without it the ending of the output file decides (.csv, .json, .md, .parquet, .txt, .xlsx), and a table is printed
    /// otherwise.
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<Format>,

    /// Write to a file, whole or not at all; several files go into a directory of this name
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Leave answers, evidence and the framework's text out of the JSON, which then cannot take the place of responses
    #[arg(long, help_heading = "Output")]
    pub(crate) without_answers: bool,

    /// Show this period only: its name, `latest` or `all`
    ///
    /// Pages, badges and charts show the latest period, data all of them, unless told otherwise.
    #[arg(long, value_name = "PERIOD", help_heading = "Output")]
    pub(crate) period: Option<String>,

    /// Write the nodes down to so many tiers below the index; all of them without it
    ///
    /// For data in CSV and Parquet: 0 is the index alone, 1 the index and its dimensions.
    #[arg(long, value_name = "TIERS", help_heading = "Output")]
    pub(crate) depth: Option<usize>,

    /// Add the index's level and rank as last columns of csv-wide
    #[arg(
        long,
        value_name = "COLUMNS",
        value_delimiter = ',',
        help_heading = "Output"
    )]
    pub(crate) with: Vec<With>,

    /// Show the framework's facets too; with --format csv only them
    #[arg(long, help_heading = "Output")]
    pub(crate) facets: bool,

    /// With --format charts: a radar for every unit too
    #[arg(long, help_heading = "Output")]
    pub(crate) radar: bool,

    /// Language of titles and of the words around them: `en` or `fr`; the framework's first one without it
    #[arg(long, value_name = "LANGUAGE", help_heading = "Output")]
    pub(crate) lang: Option<String>,
}

/// What `dgpf stats` reads.
#[derive(Debug, Args)]
pub(crate) struct Stats {
    #[command(flatten)]
    pub(crate) inputs: Inputs,

    /// Weight the parts by a named weight set of the framework
    #[arg(long, value_name = "NAME", help_heading = "Scoring")]
    pub(crate) weights: Option<String>,

    /// The files are statistics of parts of a cohort: put them together
    #[arg(long, help_heading = "Input")]
    pub(crate) merge: bool,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

/// What `dgpf sql` prints.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags")]
pub(crate) struct Sql {
    /// Framework: an id (see `dgpf frameworks`) or a file
    #[arg(
        short,
        long = "framework",
        value_name = "FRAMEWORK",
        help_heading = "Input"
    )]
    pub(crate) framework: String,

    /// For which engine
    #[arg(long, value_name = "ENGINE", help_heading = "Input")]
    pub(crate) dialect: SqlDialect,

    /// The shape of the table: one column a question, or one row an answer
    #[arg(
        long,
        value_name = "SHAPE",
        default_value = "wide",
        help_heading = "Input"
    )]
    pub(crate) input: SqlInput,

    /// The table of responses, with its schema if need be: `survey.responses`
    #[arg(
        long,
        value_name = "NAME",
        default_value = "responses",
        help_heading = "Input"
    )]
    pub(crate) table: String,

    /// The column that says who is scored; the framework's `unit` without it
    #[arg(long, value_name = "COLUMN", help_heading = "Input")]
    pub(crate) unit: Option<String>,

    /// The column that says when; the framework's `period` without it
    #[arg(
        long,
        value_name = "COLUMN",
        conflicts_with = "no_period",
        help_heading = "Input"
    )]
    pub(crate) period: Option<String>,

    /// The table has no column that says when
    #[arg(long, help_heading = "Input")]
    pub(crate) no_period: bool,

    /// Weight the parts by a named weight set of the framework
    #[arg(long, value_name = "NAME", help_heading = "Scoring")]
    pub(crate) weights: Option<String>,

    /// Compare with the cohort that `dgpf stats` wrote to this file; no row looks at another then, and there are no ranks
    #[arg(long, value_name = "FILE", help_heading = "Scoring")]
    pub(crate) stats: Option<PathBuf>,

    /// Give nodes at most so many steps below the index columns: 0 is the index alone
    #[arg(long, value_name = "STEPS", help_heading = "Output")]
    pub(crate) depth: Option<usize>,

    /// Give indicators columns too
    #[arg(long, help_heading = "Output")]
    pub(crate) indicators: bool,

    /// Add the lowest and highest score that missing answers could still give
    #[arg(long, help_heading = "Output")]
    pub(crate) bounds: bool,

    /// Add the framework's facets
    #[arg(long, help_heading = "Output")]
    pub(crate) facets: bool,

    /// Leave out ranks: they are what looks at all units where nothing else does
    #[arg(long, help_heading = "Output")]
    pub(crate) no_rank: bool,

    /// Leave out titles and other comments
    #[arg(long, help_heading = "Output")]
    pub(crate) compact: bool,

    /// Print queries that return what is wrong with the responses instead; no rows: nothing is
    #[arg(long, conflicts_with = "as_files", help_heading = "Output")]
    pub(crate) checks: bool,

    /// Write files instead: a dbt model with its schema file, and a test for every check
    #[arg(
        long = "as",
        value_name = "PROJECT",
        requires = "output",
        help_heading = "Output"
    )]
    pub(crate) as_files: Option<SqlFiles>,

    /// Write to a file, whole or not at all; with --as to a directory
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqlDialect {
    /// `DuckDB`
    Duckdb,
    /// `PostgreSQL` 12 and later
    Postgres,
    /// Apache Spark 3 and 4
    Spark,
    /// `SQLite` 3.35 and later, with mathematical functions
    Sqlite,
}

/// The shape of a table of responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqlInput {
    /// One row a unit and period, one column an indicator, called by its code
    Wide,
    /// One row an answer, with columns `indicator` and `answer`
    Long,
}

/// A kind of project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqlFiles {
    /// A dbt project
    Dbt,
}

#[derive(Debug, Args)]
pub(crate) struct Template {
    /// Framework: an id (see `dgpf frameworks`) or a file
    #[arg(
        short,
        long,
        value_name = "FRAMEWORK",
        required = true,
        help_heading = "Form"
    )]
    pub(crate) framework: String,

    /// What kind of form to make
    ///
    /// Without it the ending of the output file decides (.csv, .xlsx, .md, .txt), and CSV is printed otherwise.
    #[arg(long, value_name = "KIND", help_heading = "Form")]
    pub(crate) kind: Option<TemplateKind>,

    /// The period that the form asks about; it stands in it already
    ///
    /// Questions that do not exist in that period are left out.
    #[arg(long, value_name = "PERIOD", help_heading = "Form")]
    pub(crate) period: Option<String>,

    /// Ask also for what is not scored
    #[arg(long, help_heading = "Form")]
    pub(crate) all: bool,

    /// Fill in the answers and evidence of an earlier wave: any file of responses, of which the latest period counts
    #[arg(long, value_name = "FILE", help_heading = "Form")]
    pub(crate) prefill: Option<PathBuf>,

    /// Fill in the answers of this unit only
    #[arg(long, value_name = "UNIT", requires = "prefill", help_heading = "Form")]
    pub(crate) unit: Option<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Language of the texts, for instance `fr`; the framework's first one without it
    ///
    /// XLSForm and LimeSurvey forms hold all languages of the framework and begin in this one.
    #[arg(long, value_name = "LANGUAGE", help_heading = "Output")]
    pub(crate) lang: Option<String>,
}

/// What kind of form to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TemplateKind {
    /// A table: a row a unit, a column an indicator
    Csv,
    /// A table: a row an indicator, with its question
    CsvLong,
    /// A workbook with drop-downs, a codebook and notes
    Xlsx,
    /// XLSForm, for ODK, KoboToolbox and SurveyCTO
    Xlsform,
    /// LimeSurvey's tab-separated survey structure
    Limesurvey,
    /// A questionnaire to print
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// Saved results: what `dgpf score --format json` wrote; `-` is the standard input
    #[arg(required = true, value_name = "RESULTS")]
    pub(crate) results: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) writing: Writing,
}

#[derive(Debug, Args)]
pub(crate) struct Scorecards {
    #[command(flatten)]
    pub(crate) inputs: Inputs,

    /// Weight the parts by a named weight set of the framework
    #[arg(long, value_name = "NAME", help_heading = "Scoring")]
    pub(crate) weights: Option<String>,

    #[command(flatten)]
    pub(crate) cohort: Cohort,

    /// Directory of the site; it is made if need be, and only files that change are written
    #[arg(short, long, value_name = "DIRECTORY", help_heading = "Output")]
    pub(crate) output: PathBuf,

    /// The period of the pages: its name, or `latest`
    #[arg(
        long,
        value_name = "PERIOD",
        default_value = "latest",
        help_heading = "Output"
    )]
    pub(crate) period: String,

    /// Add the interval of ranks that so many draws of other weights give, for instance 10000; none without it
    ///
    /// In a draw every weight of the framework is up to a quarter more or less, as in `dgpf robustness`, which can vary
    /// more. Not together with --weights: a named weight set is not varied.
    #[arg(long, value_name = "COUNT", value_parser = draws, help_heading = "Scoring")]
    pub(crate) draws: Option<usize>,

    /// Where the random numbers of the draws start
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 1,
        help_heading = "Scoring"
    )]
    pub(crate) seed: u64,

    /// Draw the dimensions of a unit as a radar too
    #[arg(long, help_heading = "Output")]
    pub(crate) radar: bool,

    /// Language of interface and titles: `en` or `fr`
    #[arg(long, value_name = "LANGUAGE", help_heading = "Output")]
    pub(crate) lang: Option<String>,

    /// Colour of scores and charts, for instance `#005a9c`
    #[arg(long, value_name = "#RRGGBB", value_parser = accent, help_heading = "Output")]
    pub(crate) accent: Option<String>,

    /// A picture beside the title: an SVG, PNG or JPEG file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) logo: Option<PathBuf>,
}

fn accent(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let sound = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !sound {
        return Err("expected six hexadecimal digits, for instance `#005a9c`".to_owned());
    }
    let contrast = contrast_with_white(digits);
    if contrast < LEAST_CONTRAST {
        return Err(format!(
            "it can hardly be told from white paper: their contrast is {contrast:.1}, and at least {LEAST_CONTRAST} \
             is needed"
        ));
    }
    Ok(format!("#{}", digits.to_ascii_lowercase()))
}

/// What parts of a picture need (WCAG 2.2, success criterion 1.4.11).
const LEAST_CONTRAST: f64 = 3.0;

/// Contrast ratio of WCAG 2.2 between white and six hexadecimal digits.
fn contrast_with_white(digits: &str) -> f64 {
    let part = |at: usize| {
        let value = u8::from_str_radix(&digits[at..at + 2], 16).unwrap_or(0);
        let share = f64::from(value) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    let luminance = 0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4);
    1.05 / (luminance + 0.05)
}

/// What is written beside scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum With {
    /// The id of the index's level
    Level,
    /// The index's rank
    Rank,
}

/// In which order units are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// By their ids
    Unit,
    /// As they come in the responses
    Input,
}

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for a terminal
    Table,
    /// A row for every score: unit,period,node,tier,score,coverage,low,high,level,rank
    Csv,
    /// A row for every unit and period, a column for every node
    CsvWide,
    /// SDMX-CSV 2.0: a row for every measure of every score
    SdmxCsv,
    /// The whole result, which dgpf reads again
    Json,
    /// A table for a web page, of a megabyte at most
    Markdown,
    /// Parquet: the rows of `csv`, typed; if dgpf was built with the feature `parquet`
    Parquet,
    /// A workbook: a sheet a tier, charts, the method
    #[cfg(feature = "xlsx")]
    Xlsx,
    /// Data Package version 2: tables and their description, in a directory
    #[value(alias = "data-package")]
    Datapackage,
    /// A badge for every unit, as SVG and as JSON for shields.io, in a directory
    #[value(alias = "badge")]
    Badges,
    /// Every chart as SVG, in a directory
    #[value(alias = "svg")]
    Charts,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Responses: a CSV file, a spreadsheet or a saved result; `-` is the standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Whose score: the id in the key column
    #[arg(value_name = "UNIT")]
    pub(crate) unit: String,

    /// Which node; the index without it
    #[arg(value_name = "NODE")]
    pub(crate) node: Option<String>,

    /// Framework: an id (see `dgpf frameworks`) or a file; found by the columns without it
    #[arg(short, long, value_name = "FRAMEWORK", help_heading = "Input")]
    pub(crate) framework: Option<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Which period; the latest in which the unit answered without it
    #[arg(long, value_name = "PERIOD", help_heading = "Input")]
    pub(crate) period: Option<String>,

    /// Weight the parts by a named weight set of the framework
    #[arg(long, value_name = "NAME", help_heading = "Scoring")]
    pub(crate) weights: Option<String>,

    #[command(flatten)]
    pub(crate) cohort: Cohort,

    /// Show so many tiers below the node; all without it
    #[arg(long, value_name = "TIERS", help_heading = "Output")]
    pub(crate) depth: Option<usize>,

    /// Show only which answers cost most, in points of the index
    #[arg(long, help_heading = "Output")]
    pub(crate) only_losses: bool,

    /// What to write: a table for reading, or the whole explanation as data
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "table",
        help_heading = "Output"
    )]
    pub(crate) format: ExplainFormat,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Language of titles and of the words around them: `en` or `fr`; the framework's first one without it
    #[arg(long, value_name = "LANGUAGE", help_heading = "Output")]
    pub(crate) lang: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Robustness {
    #[command(flatten)]
    pub(crate) inputs: Inputs,

    #[command(flatten)]
    pub(crate) sources: Sources,

    /// What varies, in a YAML file: the flags under this heading as keys, for instance `weights: 25%`
    #[arg(long, value_name = "FILE", help_heading = "What varies")]
    pub(crate) vary: Option<PathBuf>,

    /// How many times assumptions are drawn
    #[arg(long, value_name = "COUNT", default_value_t = 10_000, value_parser = draws, help_heading = "Draws")]
    pub(crate) draws: usize,

    /// Where the random numbers start: the same seed, the same result
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 1,
        help_heading = "Draws"
    )]
    pub(crate) seed: u64,

    /// How much of the draws an interval holds
    #[arg(long, value_name = "SHARE", default_value = "90%", value_parser = share, help_heading = "Draws")]
    pub(crate) interval: f64,

    /// Tell how often each unit ranks before this one
    #[arg(long, value_name = "UNIT", help_heading = "Draws")]
    pub(crate) peer: Option<String>,

    /// Look further: which source drives the ranking, what leaving parts out does, how far one weight may move, which pairs
    /// no weights turn round, each unit under its most favourable weights
    ///
    /// Removals are shown anyway, drivers where at least two sources vary.
    #[arg(
        long,
        value_name = "SUBJECTS",
        value_delimiter = ',',
        help_heading = "Subjects"
    )]
    pub(crate) also: Vec<Subject>,

    /// Tell what drives the rank and score of this unit; may be repeated
    #[arg(long, value_name = "UNIT", help_heading = "Subjects")]
    pub(crate) drivers_of: Vec<String>,

    /// How far every weight may move for dominance; any weights without it
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Subjects")]
    pub(crate) freedom: Option<f64>,

    /// How far a part may stray from its share for favourable weights
    #[arg(long, value_name = "SHARE", default_value = "50%", value_parser = share, help_heading = "Subjects")]
    pub(crate) favour: f64,

    /// The period: its name, or `latest`
    #[arg(
        long,
        value_name = "PERIOD",
        default_value = "latest",
        help_heading = "Output"
    )]
    pub(crate) period: String,

    /// What to write: tables for reading, or data in full precision
    ///
    /// Without it the ending of the output file decides (.csv, .json, .md, .svg), and tables are printed otherwise.
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<RobustnessFormat>,

    /// Which table is written as CSV
    #[arg(
        long,
        value_name = "TABLE",
        default_value = "units",
        help_heading = "Output"
    )]
    pub(crate) table: RobustnessTable,

    /// Which chart is written as SVG
    #[arg(
        long,
        value_name = "CHART",
        default_value = "intervals",
        help_heading = "Output"
    )]
    pub(crate) chart: RobustnessChart,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Language of titles and of the words around them: `en` or `fr`; the framework's first one without it
    #[arg(long, value_name = "LANGUAGE", help_heading = "Output")]
    pub(crate) lang: Option<String>,
}

/// What varies. Values are read by the library.
#[derive(Debug, Args)]
pub(crate) struct Sources {
    /// Weights: each up to so much more or less (`25%`, `dimension:25%`), `shares` (u/Σu over the parts of the index),
    /// `dirichlet`, `dirichlet:20`, `sets` or names of weight sets
    ///
    /// `25%` if nothing else varies.
    #[arg(
        long,
        value_name = "HOW",
        value_delimiter = ',',
        help_heading = "What varies"
    )]
    pub(crate) weights: Vec<String>,

    /// Aggregations to choose from, for instance `mean,geometric:0.01` (with a floor under zeros)
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help_heading = "What varies"
    )]
    pub(crate) aggregation: Vec<String>,

    /// Normalisations to choose from, for instance `min-max,percentile`
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help_heading = "What varies"
    )]
    pub(crate) normalisation: Vec<String>,

    /// Counts of points that may be winsorised, for instance `0,5`
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help_heading = "What varies"
    )]
    pub(crate) winsorise: Vec<String>,

    /// What missing parts count as, for instance `renormalise,zero`
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help_heading = "What varies"
    )]
    pub(crate) missing: Vec<String>,

    /// What fills missing answers, for instance `keep,mean`
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        help_heading = "What varies"
    )]
    pub(crate) imputation: Vec<String>,

    /// Leave out one of these, or none: a tier (`indicator`) or ids
    #[arg(
        long,
        value_name = "PARTS",
        value_delimiter = ',',
        help_heading = "What varies"
    )]
    pub(crate) leave_out: Vec<String>,

    /// Draw respondents again with replacement: the rows of a finer key, the innermost without a name
    #[arg(long, value_name = "KEY", num_args = 0..=1, default_missing_value = "", help_heading = "What varies")]
    pub(crate) respondents: Option<String>,

    /// Let answers be one step off with this probability (`5%`), numbers by up to a share of themselves (`numbers:2%`)
    #[arg(
        long,
        value_name = "HOW",
        value_delimiter = ',',
        help_heading = "What varies"
    )]
    pub(crate) errors: Vec<String>,

    /// Draw missing answers from what could have been answered
    #[arg(long, help_heading = "What varies")]
    pub(crate) gaps: bool,
}

/// What else is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// Which source drives the ranking: Sobol indices
    Drivers,
    /// How far one weight may move before the first place, or any place, changes
    Weights,
    /// Which pairs of units no weights turn round
    Dominance,
    /// Each unit under the weights that favour it most (benefit of the doubt)
    Favourable,
    /// All of them
    All,
}

/// What a robustness analysis can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RobustnessFormat {
    /// Tables for a terminal
    Table,
    /// One table in full precision, see --table
    Csv,
    /// Everything in full precision
    Json,
    /// Tables for a web page
    Markdown,
    /// A picture, see --chart
    Svg,
}

/// A table of a robustness analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RobustnessTable {
    /// A row for every unit: intervals of scores and ranks
    Units,
    /// A row for every unit and rank that it took
    Ranks,
    /// A row for every unit and level
    Levels,
    /// A row for every output and source
    Drivers,
    /// A row for every node that is left out
    Removals,
    /// A row for every weight: how far it may move
    Weights,
    /// A row for every unit: what its place can be
    Dominance,
    /// A row for every unit under its most favourable weights
    Favourable,
}

/// A chart of a robustness analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RobustnessChart {
    /// The ranks that each unit takes
    Intervals,
    /// How often each unit takes each rank
    Acceptability,
    /// What drives the ranking
    Drivers,
}

fn draws(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(draws @ 1..=10_000_000) => Ok(draws),
        Ok(_) | Err(_) => Err("expected a count from 1 to 10000000".to_owned()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    let share = number.ok().filter(|share| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| "expected a share such as `90%` or `0.9`".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct Improve {
    /// Responses: a CSV file or a spreadsheet; `-` is the standard input; or a saved result
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Whose score: the id in the key column
    #[arg(value_name = "UNIT")]
    pub(crate) unit: String,

    /// Which node's score; the index without it
    #[arg(long, value_name = "NODE", help_heading = "What to reach")]
    pub(crate) node: Option<String>,

    /// Find the smallest set of better answers that reaches a level, with its conditions
    #[arg(
        long,
        value_name = "LEVEL",
        conflicts_with_all = ["to_score", "set"],
        help_heading = "What to reach"
    )]
    pub(crate) to_level: Option<String>,

    /// Find the smallest set of better answers that reaches a score, on the framework's range
    #[arg(
        long,
        value_name = "SCORE",
        value_parser = finite,
        allow_negative_numbers = true,
        conflicts_with = "set",
        help_heading = "What to reach"
    )]
    pub(crate) to_score: Option<f64>,

    /// What changed answers would give: `CODE=ANSWER`, several with commas; may be repeated
    #[arg(
        long,
        value_name = "CHANGES",
        conflicts_with = "effort",
        help_heading = "What to reach"
    )]
    pub(crate) set: Vec<String>,

    /// Find the set of least effort instead of the smallest one: `framework` takes the efforts that it states
    ///
    /// A file states others, a line an indicator: its code, a comma, its effort. An indicator without an effort counts 3.
    #[arg(long, value_name = "FILE", help_heading = "What to reach")]
    pub(crate) effort: Option<PathBuf>,

    /// List so many single steps
    #[arg(
        long,
        value_name = "COUNT",
        value_parser = at_least_one,
        default_value = "10",
        help_heading = "Output"
    )]
    pub(crate) top: usize,

    /// Framework: an id (see `dgpf frameworks`) or a file; found by the columns without it
    #[arg(short, long, value_name = "FRAMEWORK", help_heading = "Input")]
    pub(crate) framework: Option<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Which period; the latest in which the unit answered without it
    #[arg(long, value_name = "PERIOD", help_heading = "Input")]
    pub(crate) period: Option<String>,

    /// Weight the parts by a named weight set of the framework
    #[arg(long, value_name = "NAME", help_heading = "Scoring")]
    pub(crate) weights: Option<String>,

    #[command(flatten)]
    pub(crate) cohort: Cohort,

    /// What to write: tables for reading, or data in full precision
    ///
    /// Without it the ending of the output file decides (.csv, .json, .md), and tables are printed otherwise.
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<ImproveFormat>,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Language of titles and of the words around them: `en` or `fr`; the framework's first one without it
    #[arg(long, value_name = "LANGUAGE", help_heading = "Output")]
    pub(crate) lang: Option<String>,
}

fn finite(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) | Err(_) => Err("expected a number".to_owned()),
    }
}

fn not_negative(text: &str) -> Result<f64, String> {
    let number = finite(text).ok().filter(|number| *number >= 0.0);
    number.ok_or_else(|| "expected a number that is not negative".to_owned())
}

fn at_least_one(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| "expected a count of at least 1".to_owned())
}

/// What improvements can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImproveFormat {
    /// Tables for a terminal
    Table,
    /// A row for every step; for every node with --set
    Csv,
    /// Everything in full precision
    Json,
    /// Tables for a web page
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The old and the new wave, each responses or a saved result; of one file two periods, or units side by side
    #[arg(required = true, num_args = 1..=2, value_name = "FILES")]
    pub(crate) files: Vec<PathBuf>,

    /// Framework: an id (see `dgpf frameworks`) or a file; found by the columns without it. Saved results have their own
    #[arg(short, long, value_name = "FRAMEWORK", help_heading = "Input")]
    pub(crate) framework: Option<String>,

    /// Framework of the old wave, where it is another one
    #[arg(long, value_name = "FRAMEWORK", help_heading = "Input")]
    pub(crate) framework_old: Option<String>,

    /// The old and the new period; the latest of each file without it, the last two of a single one
    #[arg(
        long,
        value_name = "OLD,NEW",
        value_delimiter = ',',
        num_args = 1,
        value_parser = clap::builder::NonEmptyStringValueParser::new(),
        help_heading = "Input"
    )]
    pub(crate) periods: Vec<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Weight the parts by a named weight set of the framework
    #[arg(long, value_name = "NAME", help_heading = "Scoring")]
    pub(crate) weights: Option<String>,

    #[command(flatten)]
    pub(crate) cohort: Cohort,

    /// Show so many tiers below the index of the units that are named; all without it
    #[arg(long, value_name = "TIERS", help_heading = "Output")]
    pub(crate) depth: Option<usize>,

    /// What to write: tables for reading, or data in full precision
    ///
    /// Without it the ending of the output file decides (.csv, .json, .md), and tables are printed otherwise.
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<CompareFormat>,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Language of titles and of the words around them: `en` or `fr`; the framework's first one without it
    #[arg(long, value_name = "LANGUAGE", help_heading = "Output")]
    pub(crate) lang: Option<String>,
}

/// What a comparison can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// Tables for a terminal
    Table,
    /// A row for every unit and node
    Csv,
    /// Everything in full precision
    Json,
    /// Tables for a web page
    Markdown,
}

/// Kinds of files that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// A framework
    Framework,
    /// Rules for `dgpf gate`
    Gates,
    /// A saved result
    Result,
}

#[derive(Debug, Args)]
pub(crate) struct Gate {
    /// Responses or a saved result; `-` is the standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// What changes are judged against: a saved result, or responses; without it changes are not judged
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) baseline: Option<PathBuf>,

    /// Framework: an id (see `dgpf frameworks`) or a file; found by the columns without it. Saved results have their own
    #[arg(short, long, value_name = "FRAMEWORK", help_heading = "Input")]
    pub(crate) framework: Option<String>,

    /// Which period; the latest without it
    #[arg(long, value_name = "PERIOD", help_heading = "Input")]
    pub(crate) period: Option<String>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Weight the parts by a named weight set of the framework
    #[arg(long, value_name = "NAME", help_heading = "Scoring")]
    pub(crate) weights: Option<String>,

    #[command(flatten)]
    pub(crate) cohort: Cohort,

    /// Every index must be at least as good as this score
    #[arg(
        long,
        value_name = "SCORE",
        value_parser = finite,
        allow_negative_numbers = true,
        help_heading = "Rules"
    )]
    pub(crate) fail_under: Option<f64>,

    /// Every index must be answered by so much of its weight, for instance `0.8`
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Rules")]
    pub(crate) min_coverage: Option<f64>,

    /// No score of any node may be worse than in the baseline by more than this
    #[arg(
        long,
        value_name = "POINTS",
        value_parser = not_negative,
        allow_negative_numbers = true,
        help_heading = "Rules"
    )]
    pub(crate) max_drop: Option<f64>,

    /// No level of any node may be lower than in the baseline
    #[arg(long, help_heading = "Rules")]
    pub(crate) no_level_loss: bool,

    /// Rules by node and unit, in a YAML file (`dgpf schema gates` says what it holds)
    #[arg(long, value_name = "FILE", help_heading = "Rules")]
    pub(crate) rules: Option<PathBuf>,

    /// List the rules that hold too
    #[arg(long, help_heading = "Output")]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) writing: CheckWriting,
}

#[derive(Debug, Args)]
pub(crate) struct Coherence {
    #[command(flatten)]
    pub(crate) inputs: Inputs,

    #[command(flatten)]
    pub(crate) cohort: Cohort,

    /// The period: its name, or `latest`
    #[arg(
        long,
        value_name = "PERIOD",
        default_value = "latest",
        help_heading = "Output"
    )]
    pub(crate) period: String,

    /// What to write: tables for reading, or data in full precision
    ///
    /// Without it the ending of the output file decides (.csv, .json, .md), and tables are printed otherwise.
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<CoherenceFormat>,

    /// Which table is written as CSV
    #[arg(
        long,
        value_name = "TABLE",
        default_value = "indicators",
        help_heading = "Output"
    )]
    pub(crate) table: CoherenceTable,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Language of titles and of the words around them: `en` or `fr`; the framework's first one without it
    #[arg(long, value_name = "LANGUAGE", help_heading = "Output")]
    pub(crate) lang: Option<String>,
}

/// What coherence can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CoherenceFormat {
    /// Tables for a terminal
    Table,
    /// One table in full precision, see --table
    Csv,
    /// Everything in full precision
    Json,
    /// Tables for a web page
    Markdown,
}

/// A table of coherence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CoherenceTable {
    /// A row for every indicator: what was answered
    Indicators,
    /// A row for every node: its correlation with its parent and the index
    Links,
    /// A row for every pair of parts of one node
    Pairs,
    /// A row for every two nodes that count, across pillars and dimensions too
    Matrix,
    /// A row for every node and part: Cronbach's alpha, and without the part
    Alpha,
    /// A row for every node, principal component and part
    Components,
    /// A row for every node and part: weight and importance
    Importance,
    /// A row for every indicator that several assessed
    Agreement,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The saved result (JSON)
    #[arg(value_name = "RESULT")]
    pub(crate) result: PathBuf,

    /// Responses: the files that it was made from, in the same order; the answers in the result without it
    #[arg(
        short,
        long,
        num_args = 1..,
        value_name = "FILES",
        help_heading = "Input"
    )]
    pub(crate) responses: Vec<PathBuf>,

    /// Framework: an id (see `dgpf frameworks`) or a file; the one in the result without it
    #[arg(short, long, value_name = "FRAMEWORK", help_heading = "Input")]
    pub(crate) framework: Option<String>,

    /// Statistics: the file of `dgpf stats` that it was scored with; the cohort in the result without it
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) stats: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// What an explanation can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// A tree for a terminal
    Table,
    /// The whole explanation in full precision
    Json,
    /// A tree for a web page
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(flatten)]
    pub(crate) inputs: Inputs,

    /// What the report is written as
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "table",
        help_heading = "Output"
    )]
    pub(crate) format: ImportFormat,

    /// Write the responses to a file: CSV, a row an answer, the same bytes whatever they came from; `-` is the standard
    /// output, without the report
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,

    /// Write a draft of a mapping: what was recognised, and what is left to be said, for --mapping; never over a file that
    /// is there
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) write_mapping: Option<PathBuf>,
}

/// What the report on an import is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ImportFormat {
    /// Tables for a terminal
    Table,
    /// Everything, each column and problem
    Json,
    /// Tables for a web page
    #[value(alias = "md")]
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) inputs: Inputs,

    #[command(flatten)]
    pub(crate) writing: CheckWriting,
}

/// How problems leave.
#[derive(Debug, Args)]
pub(crate) struct CheckWriting {
    /// What problems are written as
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        help_heading = "Output"
    )]
    pub(crate) format: CheckFormat,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output: Option<PathBuf>,
}

/// What problems are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Messages for people, on the standard error
    Human,
    /// An object with all problems and places
    Json,
    /// SARIF 2.1.0, which code hosts show beside the lines
    Sarif,
    /// Workflow commands, by which GitHub annotates lines: nine of a kind, and a summary
    Github,
    /// Test results in XML (`JUnit`), which build servers show as failed tests
    Junit,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Frameworks {
    #[command(subcommand)]
    pub(crate) command: Option<FrameworksCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FrameworksCommand {
    /// List the frameworks at hand (the default)
    List,
    /// Show a framework: its tree, weights and effective weights to the index
    Show {
        /// An id or a file
        framework: String,
        /// Language of titles
        #[arg(long, value_name = "LANGUAGE")]
        lang: Option<String>,
    },
    /// Report every problem of a framework file, and advice
    Check {
        /// An id or a file
        framework: String,
        /// Let warnings count as problems, and advise on what a published index should have
        #[arg(long)]
        strict: bool,
        #[command(flatten)]
        writing: CheckWriting,
    },
    /// Show what changed between two frameworks or editions, and what of it moves scores
    Diff {
        /// The older one: an id or a file
        old: String,
        /// The newer one: an id or a file
        new: String,
    },
    /// Write a commented framework to start from, and responses that it scores at once
    New {
        /// Its id, and the name of both files
        #[arg(value_name = "NAME")]
        id: String,
    },
    /// Put framework files into their canonical form: spaces and quotes; what they say, and comments, stay
    Fmt {
        /// Files to format in place
        #[arg(value_name = "FILES", required = true)]
        files: Vec<PathBuf>,

        /// Change nothing; name the files that are not formatted, and exit with 1 if there are any
        #[arg(long)]
        check: bool,
    },
}
