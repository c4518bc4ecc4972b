//! The frameworks that come with dgpf: the files of `frameworks/`, compiled in.

use std::sync::Arc;

use super::Source;

/// Id and text of every framework, sorted by id.
pub fn all() -> &'static [(&'static str, &'static str)] {
    ALL
}

/// The framework with this id, whatever its case.
pub fn find(id: &str) -> Option<Source> {
    let (id, text) = ALL.iter().find(|(own, _)| own.eq_ignore_ascii_case(id))?;
    Some(Source {
        name: Arc::from(format!("{id}.yaml")),
        text: (*text).to_owned(),
    })
}

const ALL: &[(&str, &str)] = &[
    ("ddps", include_str!("../../frameworks/ddps.yaml")),
    ("ddps-hr", include_str!("../../frameworks/ddps-hr.yaml")),
    (
        "ddps-integrity",
        include_str!("../../frameworks/ddps-integrity.yaml"),
    ),
    ("dgi-2019", include_str!("../../frameworks/dgi-2019.yaml")),
    ("dgi-2023", include_str!("../../frameworks/dgi-2023.yaml")),
    (
        "dgi-2023-points",
        include_str!("../../frameworks/dgi-2023-points.yaml"),
    ),
    ("dgi-2025", include_str!("../../frameworks/dgi-2025.yaml")),
    ("dgpf", include_str!("../../frameworks/dgpf.yaml")),
    ("egdi", include_str!("../../frameworks/egdi.yaml")),
    ("gtmi", include_str!("../../frameworks/gtmi.yaml")),
    (
        "ourdata-2017",
        include_str!("../../frameworks/ourdata-2017.yaml"),
    ),
    (
        "ourdata-2019",
        include_str!("../../frameworks/ourdata-2019.yaml"),
    ),
    (
        "ourdata-2023",
        include_str!("../../frameworks/ourdata-2023.yaml"),
    ),
    (
        "ourdata-2025",
        include_str!("../../frameworks/ourdata-2025.yaml"),
    ),
];
