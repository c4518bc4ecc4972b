//! `treat`: outliers, in the raw values.

use dgpf::scoring::Statistics;

use super::filled::leaves;
use super::line::{Comparison, Line};
use super::reference::{Reference, Table};
use super::scored::Scored;

/// When values count as skewed: skewness, kurtosis.
const USUAL: (f64, f64) = (2.0, 3.5);

/// The treated values of a table, what winsorising alone makes of them, and the limits.
struct Variant {
    table: &'static str,
    framework: &'static str,
    winsorised: &'static str,
    limits: (f64, f64),
}

const fn variant(
    table: &'static str,
    framework: &'static str,
    winsorised: &'static str,
) -> Variant {
    Variant {
        table,
        framework,
        winsorised,
        limits: USUAL,
    }
}

const VARIANTS: [Variant; 8] = [
    variant("default", "treat-default", "treat-five-alone"),
    variant("winmax1", "treat-one", "treat-one-alone"),
    variant("winmax1_combine", "treat-one-combined", "treat-one-alone"),
    variant(
        "winmax1_logCTplus",
        "treat-one-log-signed",
        "treat-one-alone",
    ),
    variant(
        "winmax1_logCTorig",
        "treat-one-log-shift",
        "treat-one-alone",
    ),
    variant("winmax1_boxcox0.3", "treat-one-box-cox", "treat-one-alone"),
    variant(
        "indiv_none_Flights",
        "treat-not-flights",
        "treat-five-alone",
    ),
    Variant {
        limits: (1.0, 1.0),
        ..variant("strict_skew1_kurt1", "treat-strict", "treat-strict-alone")
    },
];

pub(crate) fn tables(reference: &Reference) -> Vec<Line> {
    let input = reference.table("input/asem_iData");
    let raw = Scored::of("raw", &input.responses());
    let mut lines = Vec::new();
    for variant in VARIANTS {
        let treated = Scored::of(variant.framework, &input.responses());
        let winsorised = Scored::of(variant.winsorised, &input.responses());
        let path = format!("treat/{}_changed_columns", variant.table);
        lines.push(changed(reference, &path, &raw, &treated, variant.framework));
        let path = format!("treat/{}_details", variant.table);
        let stages = Stages {
            before: &raw,
            winsorised: &winsorised,
            after: &treated,
        };
        let table = reference.table(&path);
        lines.push(stages.line(&path, &table, variant.framework, variant.limits));
    }
    lines.push(without_logarithm(reference, &input));
    lines.push(functions(reference, &input));
    lines
}

/// The columns that the treatment changed, and no others, with their values.
fn changed(reference: &Reference, path: &str, raw: &Scored, treated: &Scored, id: &str) -> Line {
    let table = reference.table(path);
    let changed: Vec<&str> = raw
        .indicators()
        .map(|(node, _)| node)
        .filter(|node| raw.column(node).score != treated.column(node).score)
        .collect();
    assert_eq!(changed, table.columns[1..], "{path}: other columns changed");
    leaves(reference, path, treated, id)
}

/// `COINr`'s `log_GII` gives back what it was given, so that its table holds what one moved point was enough for. See
/// `differences` for the logarithm itself.
fn without_logarithm(reference: &Reference, input: &Table) -> Line {
    let treated = Scored::of("treat-one-log-gii", &input.responses());
    leaves(
        reference,
        "treat/winmax1_logGII_changed_columns",
        &treated,
        "treat-one-log-gii",
    )
}

/// Every treatment alone, on the same numbers.
fn functions(reference: &Reference, input: &Table) -> Line {
    let path = "treat/functions_Flights";
    let table = reference.table(path);
    let columns = [
        ("winsorise2", "winsorise2"),
        ("winsorise3_forced", "winsorise3_forced"),
        ("log_CT", "log_CT"),
        ("log_CT_orig", "log_CT_orig"),
        ("log_CT_plus", "log_CT_plus"),
        ("log_CT_plus_neg", "log_CT_plus_neg"),
        ("boxcox0", "boxcox0"),
        ("boxcox0.5", "boxcox_half"),
        ("boxcoxm1", "boxcoxm1"),
    ];
    let mut data = Table {
        columns: vec!["uCode".to_owned()],
        rows: table.rows.iter().map(|row| vec![row[0].clone()]).collect(),
    };
    let flights = input.by("uCode", "Flights");
    for (_, node) in columns.iter().chain([&("", "log_GII")]) {
        data = data.with(node, |row| {
            let number = flights[&row["uCode"]].clone();
            match *node {
                "log_CT_plus_neg" if number != "NA" => format!("-{number}"),
                _ => number,
            }
        });
    }
    let treated = Scored::of("functions", &data.responses());
    let comparison = Comparison::new(path, "functions");
    let names = columns.map(|(column, _)| column);
    comparison
        .cells(&table, names, |row, name| {
            let (_, node) = columns.iter().find(|(column, _)| *column == name)?;
            treated.score(node, table.text(row, "uCode"))
        })
        .done()
}

/// Values before, between and after.
pub(crate) struct Stages<'a> {
    pub(crate) before: &'a Scored,
    pub(crate) winsorised: &'a Scored,
    pub(crate) after: &'a Scored,
}

impl Stages<'_> {
    /// Skewness, kurtosis and verdict at every stage, and how many points were moved.
    pub(crate) fn line(&self, path: &str, table: &Table, id: &str, limits: (f64, f64)) -> Line {
        let columns: Vec<&str> = table.columns[1..].iter().map(String::as_str).collect();
        Comparison::new(path, id)
            .cells(table, columns, |row, column| {
                self.detail(table.text(row, "iCode"), column, limits)
            })
            .done()
    }

    fn detail(&self, node: &str, column: &str, limits: (f64, f64)) -> Option<f64> {
        let shape = |scored: &Scored| Shape::of(scored, node, limits);
        let (before, winsorised) = (shape(self.before), shape(self.winsorised));
        let (stage, what) = column.split_once('.').expect("stage and number");
        match stage {
            "check_SkewKurt0" => before.number(what),
            _ if before.passes => None,
            "winsorise" => Some(self.moved(node)),
            "check_SkewKurt1" => winsorised.number(what),
            _ if winsorised.passes => None,
            _ => shape(self.after).number(what),
        }
    }

    /// How many points winsorising moved.
    fn moved(&self, node: &str) -> f64 {
        let (before, after) = (self.before.column(node), self.winsorised.column(node));
        let pairs = before.score.iter().zip(&after.score);
        pairs.filter(|(before, after)| before != after).count() as f64
    }
}

/// How skewed an indicator's values are.
struct Shape {
    skewness: Option<f64>,
    kurtosis: Option<f64>,
    passes: bool,
}

impl Shape {
    fn of(scored: &Scored, node: &str, limits: (f64, f64)) -> Self {
        let values = scored
            .column(node)
            .score
            .iter()
            .copied()
            .flatten()
            .collect();
        let statistics = Statistics::new(values);
        let (skewness, kurtosis) = (statistics.skewness(), statistics.kurtosis());
        let passes = skewness.is_some_and(|skewness| skewness.abs() < limits.0)
            || kurtosis.is_some_and(|kurtosis| kurtosis < limits.1);
        Self {
            skewness,
            kurtosis,
            passes,
        }
    }

    fn number(&self, what: &str) -> Option<f64> {
        match what {
            "Pass" => Some(f64::from(u8::from(self.passes))),
            "Skew" => self.skewness,
            _ => self.kurtosis,
        }
    }
}
