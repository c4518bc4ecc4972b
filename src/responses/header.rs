//! What is wrong with, or worth knowing about, the columns of a file.

use std::collections::HashMap;
use std::sync::Arc;

use super::answers::Decoder;
use super::columns::{Heading, Role};
use super::findings::Findings;
use super::layout::Layout;
use super::recognition::called;
use super::spelling::{nearest, shown};
use super::table::Table;
use crate::framework::Framework;
use crate::problem::{Place, Problem, ResponsesKind};

/// Most unread columns that are compared with indicators.
const COMPARED: usize = 200;

/// Reports on the header of a file. Indicators that an unread column is probably meant for; nothing if the rows cannot be
/// read.
pub(super) fn check(
    (framework, decoders): (&Framework, &[Decoder<'_>]),
    table: &Table<'_>,
    file: (usize, &Arc<str>),
    findings: &mut Findings,
) -> Option<Vec<String>> {
    let layout = &table.layout;
    let (index, name) = file;
    let line = Place::new(name, layout.line, 0);
    if let Some((line, choices)) = &table.choices_below {
        let choices = choices.iter().map(|choice| shown(choice));
        let kind = ResponsesKind::SecondHeaderRow {
            choices: choices.collect(),
        };
        findings.add(index, Problem::error(kind, Place::new(name, *line, 0)));
        return None;
    }
    let mut usable = true;
    for (kind, fatal) in absent(framework, layout, table.header_below) {
        usable &= !fatal;
        findings.add(
            index,
            if fatal {
                Problem::error(kind, line.clone())
            } else {
                Problem::note(kind, line.clone())
            },
        );
    }
    for (column, first) in repeated(layout) {
        let [one, other] = [first, column].map(|at| shown(&layout.headings[at].shown()));
        let kind = ResponsesKind::DuplicateColumn {
            first: one,
            second: other,
            meant: called(layout.roles[column], framework, decoders).unwrap_or_default(),
        };
        let place = |column: usize| Place::new(name, layout.line, column + 1);
        findings.add(index, Problem::error(kind, place(first)).and(place(column)));
    }
    usable.then(|| unread((framework, decoders), layout, file, findings))
}

/// Columns that are not there, and whether nothing can be read without them.
fn absent(
    framework: &Framework,
    layout: &Layout,
    header_below: Option<usize>,
) -> Vec<(ResponsesKind, bool)> {
    let no_column = |column: &str, what| {
        let unread = layout.headings.iter().zip(&layout.roles);
        let unread = unread.filter(|(_, role)| **role == Role::Unread);
        ResponsesKind::NoColumn {
            column: column.to_owned(),
            what,
            near: nearest(column, unread.map(|(heading, _)| heading.name.as_str())),
            header_below,
        }
    };
    if let Some(kind) = periods_as_columns(framework, layout) {
        return vec![(kind, true)];
    }
    let mut absent = Vec::new();
    if layout.unit.is_none() {
        absent.push((no_column(&framework.unit.column, "who is scored"), true));
    }
    for (step, column) in framework.rows.iter().zip(&layout.keys) {
        if column.is_none() {
            let what = "which row of the unit it is";
            absent.push((no_column(&step.key, what), true));
        }
    }
    // What stands above the header names nothing.
    if header_below.is_some() {
        return absent;
    }
    if let (Some(period), None) = (&framework.period, layout.period) {
        let kind = ResponsesKind::NoPeriodColumn {
            column: period.clone(),
        };
        absent.push((kind, false));
    }
    let answers = |role: &Role| matches!(role, Role::Answer(_) | Role::Option(_, _));
    if layout.long.is_none() && !layout.roles.iter().any(answers) {
        let codes = framework.indicators().map(|(_, _, i)| i.code.clone());
        let kind = ResponsesKind::NoMatchingColumn {
            framework: framework.id.to_string(),
            expected: codes.collect(),
        };
        absent.push((kind, true));
    }
    absent
}

/// The columns of years, if that is what a file has in the place of indicators.
fn periods_as_columns(framework: &Framework, layout: &Layout) -> Option<ResponsesKind> {
    let (first, last) = layout.years()?;
    // What stands in its columns, and what in its rows: `geo\TIME_PERIOD`.
    let is_eurostat = |heading: &Heading| {
        let name = heading.shown().to_lowercase();
        name.contains("\\time")
    };
    let columns = [Some(&framework.unit.column), framework.period.as_ref()];
    Some(ResponsesKind::PeriodsAsColumns {
        first: shown(&first),
        last: shown(&last),
        columns: columns.into_iter().flatten().cloned().collect(),
        eurostat: layout.headings.iter().any(is_eurostat),
    })
}

/// Columns with the role of an earlier one, and that one.
fn repeated(layout: &Layout) -> Vec<(usize, usize)> {
    let mut first: HashMap<Role, usize> = HashMap::new();
    let mut repeated = Vec::new();
    for (column, &role) in layout.roles.iter().enumerate() {
        if matches!(role, Role::Unread | Role::Meta | Role::Ignored | Role::Sent) {
            continue;
        }
        let earlier = *first.entry(role).or_insert(column);
        if earlier != column {
            repeated.push((column, earlier));
        }
    }
    repeated
}

fn unread(
    (framework, decoders): (&Framework, &[Decoder<'_>]),
    layout: &Layout,
    (index, name): (usize, &Arc<str>),
    findings: &mut Findings,
) -> Vec<String> {
    let covered = |at: usize| {
        let mut roles = layout.roles.iter();
        roles.any(|&role| matches!(role, Role::Answer(of) | Role::Option(of, _) if of == at))
    };
    let free: Vec<(usize, &str)> = match layout.long {
        Some(_) => Vec::new(),
        None => decoders
            .iter()
            .enumerate()
            .filter(|&(at, _)| !covered(at))
            .map(|(at, decoder)| (at, decoder.indicator().code.as_str()))
            .collect(),
    };
    let codes = || free.iter().map(|&(_, code)| code);
    // Some tools call the column of an option like the option alone.
    let option = |heading: &Heading| {
        let find =
            |&(at, _): &(usize, &str)| Some((at, decoders[at].options()?.find(&heading.name)?));
        let mut found = free.iter().filter_map(find);
        let (at, option) = found.next()?;
        if found.next().is_some() {
            return None;
        }
        let named = called(Role::Option(at, option), framework, decoders)?;
        Some((decoders[at].indicator().code.clone(), named))
    };
    let (mut unread, mut meant) = (Vec::new(), Vec::new());
    for (column, heading) in layout.headings.iter().enumerate() {
        let header = heading.shown();
        if layout.roles[column] != Role::Unread || header.is_empty() {
            continue;
        }
        let near = match unread.len() {
            0..COMPARED => nearest(&header, codes()).map(|code| (code.clone(), code)),
            COMPARED.. => None,
        };
        match near.or_else(|| option(heading)) {
            Some((code, near)) => {
                meant.push(code);
                let kind = ResponsesKind::NearColumn {
                    column: shown(&header),
                    near,
                };
                let place = Place::new(name, layout.line, column + 1);
                findings.add(index, Problem::warning(kind, place));
            }
            None => unread.push(shown(&header)),
        }
    }
    if !unread.is_empty() {
        let kind = ResponsesKind::UnreadColumns { columns: unread };
        let place = Place::new(name, layout.line, 0);
        findings.add(index, Problem::note(kind, place));
    }
    meant
}
