//! How each engine writes what every engine can say.
//!
//! Only what differs is here. Numbers are written so that each engine reads them as 64-bit floating point (a bare `0.1` is
//! an exact decimal in most of them), texts so that nothing in them is read as anything else.

use std::fmt::Write as _;

use super::expr::{Comparison, Direction, Expr, Function, Over};

/// An engine's way of writing SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `DuckDB`.
    DuckDb,
    /// `PostgreSQL`.
    Postgres,
    /// Apache Spark, 3 and 4.
    Spark,
    /// `SQLite`.
    Sqlite,
}

/// Numbers as they are read: bounded, so that no engine can overflow on them, or underflow, which `PostgreSQL` refuses.
/// A small number in full precision easily has twenty digits after the point.
const NUMBER: &str = "[+-]?([0-9]{1,18}([.][0-9]{0,100})?|[.][0-9]{1,100})(e[+-]?[0-9]{1,2})?";

/// Where lines are broken if they can be.
const WIDTH: usize = 110;

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::DuckDb, Self::Postgres, Self::Spark, Self::Sqlite];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::Postgres => "postgres",
            Self::Spark => "spark",
            Self::Sqlite => "sqlite",
        }
    }

    /// The type of texts.
    fn text_type(self) -> &'static str {
        match self {
            Self::DuckDb => "VARCHAR",
            Self::Postgres | Self::Sqlite => "TEXT",
            Self::Spark => "STRING",
        }
    }

    /// The type of numbers.
    fn number_type(self) -> &'static str {
        match self {
            Self::DuckDb | Self::Spark => "DOUBLE",
            Self::Postgres => "DOUBLE PRECISION",
            Self::Sqlite => "REAL",
        }
    }

    /// Most columns of one step or result.
    pub(super) fn most_columns(self) -> usize {
        match self {
            Self::Postgres => 1600,
            Self::Sqlite => 1990,
            Self::DuckDb | Self::Spark => 10_000,
        }
    }

    /// Keeps the engine from copying a step's expressions into those that use it: each copy would multiply their length.
    pub(super) fn head_of_step(self) -> &'static str {
        match self {
            Self::Sqlite => "MATERIALIZED ",
            Self::DuckDb | Self::Spark | Self::Postgres => "",
        }
    }

    /// The same, at the end of a step.
    pub(super) fn end_of_step(self) -> Option<&'static str> {
        match self {
            Self::DuckDb | Self::Postgres => Some("OFFSET 0"),
            Self::Spark | Self::Sqlite => None,
        }
    }

    /// A name of the user's: a table's part or a column.
    pub(super) fn identifier(self, name: &str) -> String {
        match self {
            Self::Spark => format!("`{}`", name.replace('`', "``")),
            Self::DuckDb | Self::Postgres | Self::Sqlite => {
                format!("\"{}\"", name.replace('"', "\"\""))
            }
        }
    }

    /// A text.
    ///
    /// Whatever an engine or a template could read as more than letters is written in hexadecimal: Spark takes `\` for an
    /// escape and puts variables in for `${…}`, also inside of texts; dbt runs what is in double braces.
    pub(super) fn literal(self, text: &str) -> String {
        let template = ["{{", "{%", "{#", "}}", "%}", "#}"];
        let hidden =
            text.chars().any(char::is_control) || template.iter().any(|sign| text.contains(sign));
        let doubled = || format!("'{}'", text.replace('\'', "''"));
        let hexadecimal = || {
            text.bytes().fold(String::new(), |mut hex, byte| {
                // Writing to a text cannot fail.
                let _ = write!(hex, "{byte:02X}");
                hex
            })
        };
        match self {
            Self::Spark if hidden || text.contains(['\'', '\\', '$']) => {
                format!("CAST(X'{}' AS STRING)", hexadecimal())
            }
            Self::Sqlite if hidden => format!("CAST(X'{}' AS TEXT)", hexadecimal()),
            Self::Postgres if hidden => {
                format!("convert_from(decode('{}', 'hex'), 'UTF8')", hexadecimal())
            }
            Self::DuckDb if hidden => format!("decode(unhex('{}'))", hexadecimal()),
            Self::Postgres if text.contains('\\') => {
                format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
            }
            Self::Spark | Self::Sqlite | Self::Postgres | Self::DuckDb => doubled(),
        }
    }

    /// A finite number, the shortest text that reads back to the same bits.
    pub(super) fn number(self, value: f64) -> String {
        let mut buffer = zmij::Buffer::new();
        let shortest = buffer.format_finite(value).to_owned();
        let shortest = shortest.strip_suffix(".0").unwrap_or(&shortest).to_owned();
        match self {
            Self::Postgres if value < 0.0 => format!("({shortest}::float8)"),
            Self::Postgres => format!("{shortest}::float8"),
            _ if shortest.contains('e') => shortest,
            Self::DuckDb | Self::Spark | Self::Sqlite => format!("{shortest}e0"),
        }
    }

    /// Arguments of a function, written.
    fn call(self, function: Function, a: &[String]) -> String {
        let list = |name: &str| format!("{name}({})", a.join(", "));
        let first = a.first().map_or("", String::as_str);
        match function {
            Function::Coalesce => list("COALESCE"),
            Function::Least if self == Self::Sqlite => list("MIN"),
            Function::Greatest if self == Self::Sqlite => list("MAX"),
            Function::Least => list("LEAST"),
            Function::Greatest => list("GREATEST"),
            Function::Ln => list("LN"),
            Function::Exp => list("EXP"),
            Function::Power => list("POWER"),
            Function::Floor => format!("CAST(FLOOR({first}) AS {})", self.number_type()),
            Function::Abs => list("ABS"),
            Function::Sqrt => list("SQRT"),
            Function::Concat => a.join(" || "),
            Function::Replace => list("REPLACE"),
            Function::Contains => match self {
                Self::DuckDb | Self::Postgres => format!("{} > 0", list("STRPOS")),
                Self::Spark | Self::Sqlite => format!("{} > 0", list("INSTR")),
            },
            Function::Clean => format!("NULLIF({}, '')", self.lower(&self.trim(first))),
            Function::Trim => format!("NULLIF({}, '')", self.trim(first)),
            Function::Lower => self.lower(first),
            Function::Binary if self == Self::Postgres => format!("{first} COLLATE \"C\""),
            Function::Binary => first.to_owned(),
            Function::IsNumber => self.is_number(first, ""),
            Function::IsPercentage => self.is_number(first, " ?%?"),
            Function::ToNumber => match self {
                Self::DuckDb => format!("TRY_CAST({first} AS DOUBLE)"),
                Self::Postgres | Self::Spark | Self::Sqlite => {
                    format!("CAST({first} AS {})", self.number_type())
                }
            },
            Function::TrimPercent => match self {
                Self::Spark => format!("TRIM(BOTH ' %' FROM {first})"),
                Self::Postgres => format!("BTRIM({first}, ' %')"),
                Self::DuckDb | Self::Sqlite => format!("TRIM({first}, ' %')"),
            },
        }
    }

    /// Without the spaces around it. Without a list some engines strip other space too.
    fn trim(self, of: &str) -> String {
        let cast = format!("CAST({of} AS {})", self.text_type());
        match self {
            Self::Spark => format!("TRIM(BOTH ' ' FROM {cast})"),
            Self::Postgres => format!("BTRIM({cast}, ' ')"),
            Self::DuckDb | Self::Sqlite => format!("TRIM({cast}, ' ')"),
        }
    }

    /// In lower case, whatever the server's language: Turkish has another lower case for I.
    fn lower(self, of: &str) -> String {
        match self {
            Self::Postgres => format!("LOWER({of} COLLATE \"C\")"),
            Self::DuckDb | Self::Spark | Self::Sqlite => format!("LOWER({of})"),
        }
    }

    /// Whether a clean text is a number. The pattern decides before anything is converted.
    fn is_number(self, of: &str, sign: &str) -> String {
        match self {
            Self::DuckDb => format!("REGEXP_MATCHES({of}, '^{NUMBER}{sign}$')"),
            Self::Postgres => format!("{of} ~ '^{NUMBER}{sign}$'"),
            // `$` also matches before a last line break in Java: nothing at all may follow.
            Self::Spark => format!("{of} RLIKE '^{NUMBER}{sign}(?![^0])(?!0)'"),
            // A comparison of a number with a text converts the text only if the whole of it is a number.
            Self::Sqlite => {
                let bare = if sign.is_empty() {
                    of.to_owned()
                } else {
                    format!("RTRIM({of}, ' %')")
                };
                format!(
                    "CAST({bare} AS REAL) = {bare} AND ABS(CAST({bare} AS REAL)) < 1e120 AND {of} GLOB '*[0-9]*'"
                )
            }
        }
    }

    /// An expression on one line, or on several if it is long; `indent` is where its first line starts.
    pub(super) fn write(self, of: &Expr, indent: usize) -> String {
        let flat = self.flat(of);
        if flat.len() + indent <= WIDTH {
            return flat;
        }
        let pad = " ".repeat(indent + 2);
        match of {
            Expr::Case(cases, otherwise) => {
                let mut out = String::from("CASE");
                for (condition, value) in cases {
                    let condition = self.flat(condition);
                    let value = self.write(value, indent + 4);
                    let _ = write!(out, "\n{pad}WHEN {condition} THEN {value}");
                }
                if **otherwise != Expr::Null {
                    let otherwise = self.write(otherwise, indent + 4);
                    let _ = write!(out, "\n{pad}ELSE {otherwise}");
                }
                let _ = write!(out, "\n{}END", " ".repeat(indent));
                out
            }
            Expr::Sum(terms) => {
                let terms: Vec<String> = terms
                    .iter()
                    .map(|term| self.operand(term, indent + 4))
                    .collect();
                terms.join(&format!("\n{pad}+ "))
            }
            Expr::Call(Function::Least | Function::Greatest, arguments) => {
                let Expr::Call(function, _) = of else {
                    return flat;
                };
                let arguments: Vec<String> = arguments
                    .iter()
                    .map(|argument| format!("\n{pad}{}", self.write(argument, indent + 2)))
                    .collect();
                let name = self.call(*function, &[String::new()]);
                let name = name.trim_end_matches("()");
                format!("{name}({}\n{})", arguments.join(","), " ".repeat(indent))
            }
            _ => flat,
        }
    }

    /// A term of a sum.
    fn operand(self, of: &Expr, indent: usize) -> String {
        if binds_loosely(of) {
            return format!("({})", self.write(of, indent + 1));
        }
        self.write(of, indent)
    }

    fn term(self, of: &Expr) -> String {
        let flat = self.flat(of);
        if binds_loosely(of) {
            format!("({flat})")
        } else {
            flat
        }
    }

    fn terms(self, of: &[Expr]) -> Vec<String> {
        of.iter().map(|one| self.term(one)).collect()
    }

    fn factor(self, of: &Expr) -> String {
        match of {
            Expr::Ratio(_, _) | Expr::Product(_) => format!("({})", self.flat(of)),
            _ => self.term(of),
        }
    }

    /// Never zero: an engine may divide where no branch asks for it, as within an aggregate.
    fn divisor(self, of: &Expr) -> String {
        match of {
            Expr::Number(_) => self.factor(of),
            of => format!("NULLIF({}, {})", self.flat(of), self.number(0.0)),
        }
    }

    fn flat(self, of: &Expr) -> String {
        match of {
            Expr::Null | Expr::Refused(_) => format!("CAST(NULL AS {})", self.number_type()),
            Expr::NoText => format!("CAST(NULL AS {})", self.text_type()),
            Expr::Number(value) => self.number(*value),
            Expr::Whole(value) => value.to_string(),
            Expr::Text(text) => self.literal(text),
            Expr::Column(name) => name.to_string(),
            Expr::Own(name) => self.identifier(name),
            Expr::Sum(of) => self.terms(of).join(" + "),
            Expr::Less(a, b) => format!("{} - {}", self.flat_left(a), self.term(b)),
            Expr::Product(of) => {
                let factors: Vec<String> = of.iter().map(|one| self.factor(one)).collect();
                factors.join(" * ")
            }
            Expr::Ratio(a, b) => format!("{} / {}", self.factor(a), self.divisor(b)),
            Expr::Case(cases, otherwise) => {
                let mut out = String::from("CASE");
                for (condition, value) in cases {
                    let (condition, value) = (self.flat(condition), self.flat(value));
                    let _ = write!(out, " WHEN {condition} THEN {value}");
                }
                if **otherwise != Expr::Null {
                    let _ = write!(out, " ELSE {}", self.flat(otherwise));
                }
                out + " END"
            }
            Expr::Call(function, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(|one| self.flat(one)).collect();
                self.call(*function, &arguments)
            }
            Expr::Compare(how, a, b) => {
                let sign = match how {
                    Comparison::Equal => "=",
                    Comparison::Differs => "<>",
                    Comparison::Below => "<",
                    Comparison::AtMost => "<=",
                    Comparison::Above => ">",
                    Comparison::AtLeast => ">=",
                };
                format!("{} {sign} {}", self.flat_left(a), self.flat_left(b))
            }
            Expr::IsNull(of) => format!("{} IS NULL", self.term(of)),
            Expr::NotNull(of) => format!("{} IS NOT NULL", self.term(of)),
            Expr::All(of) if of.is_empty() => "1 = 1".to_owned(),
            Expr::Any(of) if of.is_empty() => "1 = 0".to_owned(),
            Expr::All(of) => {
                let of: Vec<String> = of.iter().map(|one| self.condition(one)).collect();
                of.join(" AND ")
            }
            Expr::Any(of) => {
                let of: Vec<String> = of.iter().map(|one| self.condition(one)).collect();
                of.join(" OR ")
            }
            Expr::Among(of, texts) => {
                let of = self.term(of);
                let texts: Vec<String> = texts.iter().map(|text| self.literal(text)).collect();
                match texts.as_slice() {
                    [only] => format!("{of} = {only}"),
                    several => format!("{of} IN ({})", several.join(", ")),
                }
            }
            Expr::Aggregate(function, of) => self.over(*function, of),
            Expr::Window {
                function,
                of,
                partition,
                order,
            } => {
                let mut inside = Vec::new();
                if !partition.is_empty() {
                    let by: Vec<String> = partition.iter().map(|one| self.flat(one)).collect();
                    inside.push(format!("PARTITION BY {}", by.join(", ")));
                }
                if let Some((order, direction)) = order {
                    let descending = match direction {
                        Direction::Ascending => "",
                        Direction::Descending => " DESC",
                    };
                    inside.push(format!(
                        "ORDER BY {}{descending} NULLS LAST",
                        self.flat(order)
                    ));
                }
                format!("{} OVER ({})", self.over(*function, of), inside.join(" "))
            }
        }
    }

    fn over(self, function: Over, of: &Expr) -> String {
        let of = self.flat(of);
        match function {
            Over::Min => format!("MIN({of})"),
            Over::Max => format!("MAX({of})"),
            Over::Sum => format!("SUM({of})"),
            Over::Mean => format!("AVG({of})"),
            Over::Count => format!("COUNT({of})"),
            Over::Rank => "RANK()".to_owned(),
            Over::DenseRank => "DENSE_RANK()".to_owned(),
            Over::RowNumber => "ROW_NUMBER()".to_owned(),
        }
    }

    /// Left of a minus or a comparison a sum needs no brackets.
    fn flat_left(self, of: &Expr) -> String {
        match of {
            Expr::Sum(_) | Expr::Less(_, _) => self.flat(of),
            _ => self.term(of),
        }
    }

    fn condition(self, of: &Expr) -> String {
        match of {
            Expr::All(inner) | Expr::Any(inner) if inner.is_empty() => self.flat(of),
            Expr::All(_) | Expr::Any(_) => format!("({})", self.flat(of)),
            _ => self.flat(of),
        }
    }
}

/// Whether it needs brackets inside of another expression.
fn binds_loosely(of: &Expr) -> bool {
    matches!(
        of,
        Expr::Sum(_)
            | Expr::Less(_, _)
            | Expr::Compare(_, _, _)
            | Expr::IsNull(_)
            | Expr::NotNull(_)
            | Expr::All(_)
            | Expr::Any(_)
            | Expr::Among(_, _)
            | Expr::Call(
                Function::Concat | Function::Contains | Function::IsNumber | Function::IsPercentage,
                _
            )
    )
}
