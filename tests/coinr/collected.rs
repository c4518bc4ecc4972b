//! `input`, `denom`, `screen`: what was collected, divided, and enough or not.

use dgpf::framework::{Answers, AttributeKind, Better, Denominator, Tier};
use dgpf::scoring::{Remark, ScoreTable};

use super::line::{Comparison, Line};
use super::reference::{Reference, Table};
use super::scored::{Scored, framework};

pub(crate) fn tables(reference: &Reference) -> Vec<Line> {
    let input = reference.table("input/asem_iData");
    let raw = Scored::of("raw", &input.responses());
    let mut lines = vec![
        answers(&input, &raw),
        panel(reference),
        tree(reference),
        per_million(reference, &input),
    ];
    for (table, id) in [
        ("byNA_0.85", "screen-answered"),
        ("byzeros_0.9", "screen-nonzero"),
        ("byNAandzeros_0.85_0.9", "screen-both"),
        ("byNA_0.95_forced", "screen-forced"),
    ] {
        let screened = Scored::of(id, &input.responses());
        let path = format!("screen/{table}");
        lines.push(screen(
            &path,
            &reference.table(&path),
            id,
            &raw,
            &screened.table,
        ));
    }
    let path = "screen/data_avail_summary";
    lines.push(availability(path, &reference.table(path), "raw", &raw));
    lines.push(availability_by_group(reference, &raw));
    lines
}

/// Every number arrives as it was written.
fn answers(input: &Table, raw: &Scored) -> Line {
    Comparison::exact("input/asem_iData", "raw")
        .cells(
            input,
            raw.indicators().map(|(id, _)| id).collect::<Vec<_>>(),
            |row, id| raw.score(id, input.text(row, "uCode")),
        )
        .done()
}

fn panel(reference: &Reference) -> Line {
    let input = reference.table("input/asem_iData_p");
    let raw = Scored::of("raw", &input.responses());
    Comparison::exact("input/asem_iData_p", "raw")
        .cells(
            &input,
            raw.indicators().map(|(id, _)| id).collect::<Vec<_>>(),
            |row, id| raw.score_in(id, input.text(row, "uCode"), input.text(row, "Time")),
        )
        .done()
}

/// The framework file says what `COINr`'s table of metadata says.
fn tree(reference: &Reference) -> Line {
    let meta = reference.table("input/asem_iMeta");
    let framework = framework("asem");
    let mut comparison = Comparison::exact("input/asem_iMeta", "asem");
    for row in 0..meta.rows.len() {
        let code = meta.text(row, "iCode");
        if matches!(meta.text(row, "Type"), "Group" | "Denominator") {
            let attribute = framework
                .attributes
                .iter()
                .find(|attribute| attribute.column == code);
            let kind = match attribute.map(|attribute| &attribute.kind) {
                Some(AttributeKind::Number) => "Denominator",
                Some(AttributeKind::OneOf(_)) => "Group",
                Some(AttributeKind::Text) | None => "",
            };
            comparison.text(code, kind, meta.text(row, "Type"));
            continue;
        }
        let ix = framework.find(code).expect("every node has its code as id");
        let node = framework.node(ix);
        let level = match node.tier {
            Tier::Indicator => 1.0,
            Tier::Pillar => 2.0,
            Tier::Dimension => 3.0,
            Tier::Index => 4.0,
        };
        let parent = node
            .parent
            .map_or("NA", |parent| framework.node(parent).id.as_str());
        comparison.text(code, node.title.as_str(), meta.text(row, "iName"));
        comparison.text(code, parent, meta.text(row, "Parent"));
        comparison.cell(code, Some(level), meta.number(row, "Level"));
        comparison.cell(code, Some(node.weight.get()), meta.number(row, "Weight"));
        if let Some(Answers::Number(number)) = node.indicator().map(|own| &own.answers) {
            let direction = match number.better {
                Better::Higher => 1.0,
                Better::Lower => -1.0,
            };
            let per = match number.per {
                Some(Denominator::Attribute(at)) => framework.attributes[at.0].column.as_str(),
                Some(Denominator::Indicator(_)) => "",
                None => "NA",
            };
            comparison.cell(code, Some(direction), meta.number(row, "Direction"));
            comparison.text(code, per, meta.text(row, "Denominator"));
        }
    }
    comparison.done()
}

/// Flights per million people, with the populations of another table.
fn per_million(reference: &Reference, input: &Table) -> Line {
    let path = "denom/flights_per_million_world";
    let table = reference.table(path);
    let people = table.by("uCode", "Population");
    let input = input
        .clone()
        .with("Population", |row| people[&row["uCode"]].clone());
    let divided = Scored::of("flights-per-million", &input.responses());
    Comparison::new(path, "flights-per-million")
        .cells(&table, ["Flights"], |row, id| {
            divided.score(id, table.text(row, "uCode"))
        })
        .done()
}

/// How many answers a unit lacks, how many are zero, and whether it stays.
fn screen(path: &str, table: &Table, id: &str, raw: &Scored, screened: &ScoreTable) -> Line {
    let mut comparison = Comparison::exact(path, id);
    for row in 0..table.rows.len() {
        let unit = table.text(row, "uCode");
        let out = screened.remarks.iter().any(
            |remark| matches!(remark, Remark::ScreenedOut { unit: named, .. } if named == unit),
        );
        comparison.cell(
            &format!("{unit} Included"),
            Some(f64::from(u8::from(!out))),
            table.number(row, "Included"),
        );
    }
    counts(comparison, table, raw).done()
}

/// The same numbers without a decision.
fn availability(path: &str, table: &Table, id: &str, raw: &Scored) -> Line {
    counts(Comparison::exact(path, id), table, raw).done()
}

fn counts(comparison: Comparison, table: &Table, raw: &Scored) -> Comparison {
    comparison.cells(
        table,
        [
            "N_missing",
            "N_zero",
            "N_miss_or_zero",
            "Dat_Avail",
            "Non_Zero",
        ],
        |row, column| {
            let unit = table.text(row, "uCode");
            let index = raw.column("Index");
            let at = raw.only(unit);
            let (all, answered) = (
                f64::from(index.applicable[at]),
                f64::from(index.answered[at]),
            );
            let missing = all - answered;
            let zeros = raw
                .leaves(unit)
                .into_iter()
                .flatten()
                .filter(|value| value.abs() <= 0.0)
                .count() as f64;
            Some(match column {
                "N_missing" => missing,
                "N_zero" => zeros,
                "N_miss_or_zero" => missing + zeros,
                "Dat_Avail" => 1.0 - missing / all,
                _ => 1.0 - zeros / answered,
            })
        },
    )
}

/// Share of the indicators below each node that were answered.
fn availability_by_group(reference: &Reference, raw: &Scored) -> Line {
    let path = "screen/data_avail_by_group";
    let table = reference.table(path);
    let nodes: Vec<&str> = table.columns[1..].iter().map(String::as_str).collect();
    Comparison::new(path, "raw")
        .cells(&table, nodes, |row, node| {
            let (column, at) = (raw.column(node), raw.only(table.text(row, "uCode")));
            Some(f64::from(column.answered[at]) / f64::from(column.applicable[at]))
        })
        .done()
}
