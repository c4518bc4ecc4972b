//! SQL expressions: what is computed, before it is written in a dialect.
//!
//! Conditions are true or false, never unknown, unless a comparison meets a value that is not there; then `CASE` takes it
//! for false, and nothing here negates such a comparison.

use std::sync::Arc;

/// The name of a generated column: lower-case letters, digits and `_`, unique in a query.
pub(super) type Name = Arc<str>;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expr {
    /// No number.
    Null,
    /// No text.
    NoText,
    /// A finite number.
    Number(f64),
    /// A whole number that counts or marks something.
    Whole(i64),
    /// A text from the framework or the command line.
    Text(String),
    /// A generated column.
    Column(Name),
    /// A column of the user's table.
    Own(String),
    /// a + b + …
    Sum(Vec<Expr>),
    /// a − b.
    Less(Box<Expr>, Box<Expr>),
    /// a · b · …
    Product(Vec<Expr>),
    /// a ÷ b; whoever writes it sees to it that b is not zero.
    Ratio(Box<Expr>, Box<Expr>),
    /// The first value whose condition holds.
    Case(Vec<(Expr, Expr)>, Box<Expr>),
    /// A function of its arguments.
    Call(Function, Vec<Expr>),
    /// A comparison of two values.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// Whether there is no value.
    IsNull(Box<Expr>),
    /// Whether there is a value.
    NotNull(Box<Expr>),
    /// All hold; none: true.
    All(Vec<Expr>),
    /// One of them holds; none: false.
    Any(Vec<Expr>),
    /// A text is one of these.
    Among(Box<Expr>, Vec<String>),
    /// Over all rows of a group, in a layer that groups.
    Aggregate(Over, Box<Expr>),
    /// Over the rows that agree in `partition`, up to this one in the order of `order` if there is one.
    Window {
        function: Over,
        of: Box<Expr>,
        partition: Vec<Expr>,
        order: Option<(Box<Expr>, Direction)>,
    },
    /// Something that SQL cannot say; the position of the reason. A query that needs it is refused.
    Refused(usize),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Differs,
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// A function that every engine has, if need be under another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Coalesce,
    Least,
    Greatest,
    Ln,
    Exp,
    Power,
    Floor,
    Abs,
    Sqrt,
    /// The first text followed by the others.
    Concat,
    /// The first text with every second one replaced by the third.
    Replace,
    /// Whether the first text holds the second.
    Contains,
    /// A text as it is compared: without spaces around it, in lower case, none if nothing is left.
    Clean,
    /// A key or an attribute: without spaces around it, none if nothing is left.
    Trim,
    /// In lower case.
    Lower,
    /// A text in the order of its bytes.
    Binary,
    /// Whether a clean text is a number.
    IsNumber,
    /// Whether a clean text is a number, with a per cent sign or without.
    IsPercentage,
    /// The number that a clean text is.
    ToNumber,
    /// Without the spaces and per cent signs around it.
    TrimPercent,
}

/// A function of many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    Min,
    Max,
    Sum,
    Mean,
    Count,
    Rank,
    DenseRank,
    RowNumber,
}

/// Which way an order runs; what has no value comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Ascending,
    Descending,
}

/// Always true.
pub(super) fn always() -> Expr {
    Expr::All(Vec::new())
}

/// Never true.
pub(super) fn never() -> Expr {
    Expr::Any(Vec::new())
}

pub(super) fn number(value: f64) -> Expr {
    // Minus zero is zero.
    Expr::Number(value + 0.0)
}

pub(super) fn text(value: &str) -> Expr {
    Expr::Text(value.to_owned())
}

pub(super) fn compare(how: Comparison, a: Expr, b: Expr) -> Expr {
    let constants = match (&a, &b) {
        (Expr::Number(a), Expr::Number(b)) => a.partial_cmp(b),
        (Expr::Whole(a), Expr::Whole(b)) => Some(a.cmp(b)),
        _ => None,
    };
    if let Some(order) = constants {
        let holds = match how {
            Comparison::Equal => order.is_eq(),
            Comparison::Differs => order.is_ne(),
            Comparison::Below => order.is_lt(),
            Comparison::AtMost => order.is_le(),
            Comparison::Above => order.is_gt(),
            Comparison::AtLeast => order.is_ge(),
        };
        return if holds { always() } else { never() };
    }
    Expr::Compare(how, Box::new(a), Box::new(b))
}

pub(super) fn equal(a: Expr, b: Expr) -> Expr {
    compare(Comparison::Equal, a, b)
}

pub(super) fn above(a: Expr, b: Expr) -> Expr {
    compare(Comparison::Above, a, b)
}

pub(super) fn at_most(a: Expr, b: Expr) -> Expr {
    compare(Comparison::AtMost, a, b)
}

pub(super) fn at_least(a: Expr, b: Expr) -> Expr {
    compare(Comparison::AtLeast, a, b)
}

pub(super) fn below(a: Expr, b: Expr) -> Expr {
    compare(Comparison::Below, a, b)
}

pub(super) fn is_null(of: Expr) -> Expr {
    match of {
        Expr::Null => always(),
        Expr::Number(_) | Expr::Whole(_) | Expr::Text(_) => never(),
        of => Expr::IsNull(Box::new(of)),
    }
}

pub(super) fn not_null(of: Expr) -> Expr {
    match of {
        Expr::Null => never(),
        Expr::Number(_) | Expr::Whole(_) | Expr::Text(_) => always(),
        of => Expr::NotNull(Box::new(of)),
    }
}

/// All of these hold.
pub(super) fn all(of: impl IntoIterator<Item = Expr>) -> Expr {
    let mut left = Vec::new();
    for condition in of {
        match condition {
            Expr::All(inner) => left.extend(inner),
            Expr::Any(inner) if inner.is_empty() => return never(),
            other => left.push(other),
        }
    }
    if left.len() == 1 {
        return left.swap_remove(0);
    }
    Expr::All(left)
}

/// One of these holds.
pub(super) fn any(of: impl IntoIterator<Item = Expr>) -> Expr {
    let mut left = Vec::new();
    for condition in of {
        match condition {
            Expr::Any(inner) => left.extend(inner),
            Expr::All(inner) if inner.is_empty() => return always(),
            other => left.push(other),
        }
    }
    if left.len() == 1 {
        return left.swap_remove(0);
    }
    Expr::Any(left)
}

/// The first value whose condition holds, else `otherwise`.
pub(super) fn case(cases: impl IntoIterator<Item = (Expr, Expr)>, otherwise: Expr) -> Expr {
    let mut left: Vec<(Expr, Expr)> = Vec::new();
    let mut otherwise = otherwise;
    for (condition, value) in cases {
        match condition {
            Expr::Any(inner) if inner.is_empty() => {}
            Expr::All(inner) if inner.is_empty() => {
                otherwise = value;
                break;
            }
            condition => left.push((condition, value)),
        }
    }
    while left.last().is_some_and(|(_, value)| *value == otherwise) {
        left.pop();
    }
    if left.is_empty() {
        return otherwise;
    }
    Expr::Case(left, Box::new(otherwise))
}

/// `value` where `condition` holds, else nothing.
pub(super) fn only_if(condition: Expr, value: Expr) -> Expr {
    case([(condition, value)], Expr::Null)
}

/// 1 where a condition holds, else 0.
pub(super) fn flag(condition: Expr) -> Expr {
    case([(condition, Expr::Whole(1))], Expr::Whole(0))
}

/// Terms that one engine or another would nest too deep are added in groups.
const TERMS: usize = 64;

pub(super) fn sum(terms: Vec<Expr>) -> Expr {
    match terms.len() {
        0 => number(0.0),
        1 => terms.into_iter().next().unwrap_or(Expr::Null),
        2..=TERMS => Expr::Sum(terms),
        _ => sum(terms
            .chunks(TERMS)
            .map(|terms| sum(terms.to_vec()))
            .collect()),
    }
}

pub(super) fn plus(a: Expr, b: Expr) -> Expr {
    Expr::Sum(vec![a, b])
}

pub(super) fn minus(a: Expr, b: Expr) -> Expr {
    match (&a, &b) {
        (_, Expr::Number(zero)) if zero.abs() <= 0.0 => a,
        _ => Expr::Less(Box::new(a), Box::new(b)),
    }
}

pub(super) fn times(a: Expr, b: Expr) -> Expr {
    match (a, b) {
        (Expr::Number(one), other) | (other, Expr::Number(one)) if (one - 1.0).abs() <= 0.0 => {
            other
        }
        (a, b) => Expr::Product(vec![a, b]),
    }
}

pub(super) fn ratio(a: Expr, b: Expr) -> Expr {
    match b {
        Expr::Number(one) if (one - 1.0).abs() <= 0.0 => a,
        b => Expr::Ratio(Box::new(a), Box::new(b)),
    }
}

pub(super) fn call(function: Function, arguments: Vec<Expr>) -> Expr {
    match (function, arguments.len()) {
        (Function::Least | Function::Greatest | Function::Coalesce, 1) => {
            arguments.into_iter().next().unwrap_or(Expr::Null)
        }
        // Engines take a limited number of arguments.
        (Function::Least | Function::Greatest, TERMS..) => {
            let groups = arguments.chunks(TERMS - 1);
            call(
                function,
                groups.map(|group| call(function, group.to_vec())).collect(),
            )
        }
        _ => Expr::Call(function, arguments),
    }
}

pub(super) fn coalesce(of: Expr, otherwise: Expr) -> Expr {
    match of {
        Expr::Null => otherwise,
        Expr::Number(_) | Expr::Whole(_) => of,
        of => Expr::Call(Function::Coalesce, vec![of, otherwise]),
    }
}

pub(super) fn among(of: Expr, texts: impl IntoIterator<Item = String>) -> Expr {
    let texts: Vec<String> = texts.into_iter().collect();
    if texts.is_empty() {
        return never();
    }
    Expr::Among(Box::new(of), texts)
}

pub(super) fn over(function: Over, of: Expr, partition: &[Expr]) -> Expr {
    Expr::Window {
        function,
        of: Box::new(of),
        partition: partition.to_vec(),
        order: None,
    }
}

pub(super) fn over_ordered(
    function: Over,
    of: Expr,
    partition: &[Expr],
    order: Expr,
    direction: Direction,
) -> Expr {
    Expr::Window {
        function,
        of: Box::new(of),
        partition: partition.to_vec(),
        order: Some((Box::new(order), direction)),
    }
}

pub(super) fn aggregate(function: Over, of: Expr) -> Expr {
    Expr::Aggregate(function, Box::new(of))
}

impl Expr {
    /// Calls `see` with every generated column and every reason of refusal in it.
    pub(super) fn visit(&self, see: &mut impl FnMut(&Self)) {
        see(self);
        match self {
            Self::Null
            | Self::NoText
            | Self::Number(_)
            | Self::Whole(_)
            | Self::Text(_)
            | Self::Column(_)
            | Self::Own(_)
            | Self::Refused(_) => {}
            Self::Sum(of)
            | Self::Product(of)
            | Self::Call(_, of)
            | Self::All(of)
            | Self::Any(of) => of.iter().for_each(|one| one.visit(see)),
            Self::Less(a, b) | Self::Ratio(a, b) | Self::Compare(_, a, b) => {
                a.visit(see);
                b.visit(see);
            }
            Self::Case(cases, otherwise) => {
                for (condition, value) in cases {
                    condition.visit(see);
                    value.visit(see);
                }
                otherwise.visit(see);
            }
            Self::IsNull(of) | Self::NotNull(of) | Self::Among(of, _) | Self::Aggregate(_, of) => {
                of.visit(see);
            }
            Self::Window {
                of,
                partition,
                order,
                ..
            } => {
                of.visit(see);
                for one in partition {
                    one.visit(see);
                }
                if let Some((order, _)) = order {
                    order.visit(see);
                }
            }
        }
    }

    /// Whether it can stand wherever it is needed more than once: a column or a constant.
    pub(super) fn is_short(&self) -> bool {
        match self {
            Self::Null | Self::Number(_) | Self::Whole(_) | Self::Text(_) | Self::Column(_) => true,
            Self::All(of) | Self::Any(of) => of.is_empty(),
            // A flag, as it is asked for.
            Self::Compare(Comparison::Equal, a, b) => {
                matches!((&**a, &**b), (Self::Column(_), Self::Whole(_)))
            }
            _ => false,
        }
    }

    /// Whether it is a condition that never holds.
    pub(super) fn is_never(&self) -> bool {
        matches!(self, Self::Any(of) if of.is_empty())
    }
}
