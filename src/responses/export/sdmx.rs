//! SDMX-CSV: one observation a row, with the columns of a statistical office's download.

use super::{Export, Exporter, Head, Skip};
use crate::responses::columns::{Heading, Role};

/// Dimensions that can name the indicator, the likeliest first.
const INDICATOR: [&str; 8] = [
    "indicator",
    "component",
    "measure",
    "series",
    "variable",
    "subject",
    "ind",
    "question",
];

/// Columns before the value that are no dimensions.
const STRUCTURE: [&str; 5] = [
    "STRUCTURE",
    "STRUCTURE_ID",
    "STRUCTURE_NAME",
    "DATAFLOW",
    "ACTION",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let mut export = Export::one_row(Exporter::SdmxCsv, head, 0);
    export.labelled = export
        .headings
        .iter()
        .any(|heading| code(&heading.name) != heading.name);
    for heading in &mut export.headings {
        *heading = Heading::plain(code(&heading.name));
    }
    let value = export.column(&["obs_value"])?;
    // Eurostat has names of its own.
    let geo = export.column(&["geo"]);
    let area = export.column(&["ref_area"]).or(geo)?;
    // Their labels, in columns of their own, are no identifiers.
    let small = export.headings[area].name.starts_with(char::is_lowercase);
    let is_label = |sign: char| {
        if small {
            sign.is_uppercase()
        } else {
            sign.is_lowercase()
        }
    };
    let is_identifier = |name: &str| !name.contains(|sign: char| sign == ' ' || is_label(sign));
    export.dimensions = (0..value)
        .filter(|&at| {
            let name = export.headings[at].name.as_str();
            is_identifier(name) && !STRUCTURE.contains(&name)
        })
        .collect();
    export.known = vec![(value, Role::Value), (area, Role::Unit)];
    let others = [
        (Role::Period, "time_period"),
        (Role::RowEvidence, "comment"),
        (Role::Status, "obs_status"),
        (Role::Multiplier, "unit_mult"),
    ];
    for (role, name) in others {
        let column = export.column(&[name]);
        export.known.extend(column.map(|at| (at, role)));
    }
    // `unit` is in what a number is measured, not who is scored.
    export.own = geo
        .and_then(|_| export.column(&["unit"]))
        .into_iter()
        .collect();
    let named = INDICATOR.iter().filter_map(|name| export.column(&[name]));
    let indic = (0..value).filter(|&at| export.headings[at].name.starts_with("indic_"));
    export.indicators = named
        .chain(indic)
        .map(|at| {
            let texts = (1..head.rows.len()).map(|row| code(head.cell(row, at)).to_owned());
            (at, texts.collect())
        })
        .collect();
    export
        .known
        .extend((0..export.headings.len()).map(|at| (at, Role::Meta)));
    export.missing = &["nan", ":"];
    // `I`, `A`, `M` and `R` give an observation: for information, to append, to merge, to replace.
    let export = export.with_rule(&["action"], |text| code(text) == "d", Skip::Deleted);
    (!export.indicators.is_empty()).then_some(export)
}

/// `REF_AREA` of `REF_AREA: Reference area`.
pub(in crate::responses) fn code(text: &str) -> &str {
    text.split_once(": ").map_or(text, |(code, _)| code)
}
