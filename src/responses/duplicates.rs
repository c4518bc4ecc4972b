//! Which of several rows with the same keys counts, where that was asked for.
//!
//! Keys and times are read first and the rows after, so that a mistake in a row that does not count is none.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::export::Skip;
use super::load::OnDuplicate;
use super::records::Record;
use super::rows::Rows;
use super::sent::{DayOrder, Time};
use super::spelling::{fold, shown};
use super::table::Table;
use crate::problem::{Place, Problem, ResponsesKind};

/// Rows that do not count, by file and line, and why.
pub(super) type Dropped = BTreeMap<(usize, usize), Skip>;

/// A row: its file and line, and when it was sent in.
struct Candidate {
    file: usize,
    line: usize,
    sent: Option<String>,
}

/// Chooses among rows with the same keys, besides those that are dropped already.
pub(super) fn choose(
    tables: &[(usize, Arc<str>, Table<'_>)],
    rows: &mut Rows<'_>,
    policy: OnDuplicate,
    dropped: &mut Dropped,
) {
    if policy == OnDuplicate::Error {
        return;
    }
    let mut order = BTreeMap::new();
    let mut groups: BTreeMap<Vec<String>, Vec<Candidate>> = BTreeMap::new();
    for (index, _, table) in tables {
        let Ok(mut records) = table.answers() else {
            continue;
        };
        let mut days = DayOrder::default();
        // What is broken is reported when the rows are read.
        while let Ok(Some(record)) = records.next() {
            let counts =
                table.skips(&record).is_none() && !dropped.contains_key(&(*index, record.line));
            if record.is_blank() || !counts {
                continue;
            }
            let sent = table.layout.sent;
            let sent = sent.map(|column| record.cell(column).trim().to_owned());
            if let Some(sent) = &sent {
                days.learn(sent);
            }
            let candidate = Candidate {
                file: *index,
                line: record.line,
                sent,
            };
            groups
                .entry(keys(table, &record))
                .or_default()
                .push(candidate);
        }
        order.insert(*index, days);
    }
    for (key, candidates) in groups {
        if candidates.len() < 2 {
            continue;
        }
        let (kept, skip) = match pick(&candidates, policy, &order) {
            Ok(kept) => (kept, Skip::Duplicate),
            Err(why) => {
                report(rows, &key, &candidates, why);
                (0, Skip::Undecided)
            }
        };
        let others = candidates.iter().enumerate().filter(|(at, _)| *at != kept);
        dropped.extend(others.map(|(_, other)| ((other.file, other.line), skip)));
    }
}

/// Unit, period and finer keys, in the long form the indicator, too.
fn keys(table: &Table<'_>, record: &Record<'_>) -> Vec<String> {
    let layout = &table.layout;
    let mut columns = vec![layout.unit, layout.period];
    columns.extend(&layout.keys);
    let text = |column: Option<usize>| column.map_or("", |column| record.cell(column));
    let mut keys: Vec<String> = columns
        .into_iter()
        .map(|column| table.key_text(text(column)).to_owned())
        .collect();
    let indicator = layout.long.map(|long| record.cell(long.indicator));
    keys.extend(indicator.map(|name| fold(table.key_text(name)).into_owned()));
    keys
}

fn pick(
    candidates: &[Candidate],
    policy: OnDuplicate,
    order: &BTreeMap<usize, DayOrder>,
) -> Result<usize, &'static str> {
    match policy {
        OnDuplicate::Error | OnDuplicate::First => Ok(0),
        OnDuplicate::Last => Ok(candidates.len() - 1),
        OnDuplicate::Newest => newest(candidates, order),
    }
}

fn newest(
    candidates: &[Candidate],
    order: &BTreeMap<usize, DayOrder>,
) -> Result<usize, &'static str> {
    let mut best: Option<(usize, Time)> = None;
    let mut tied = false;
    for (at, candidate) in candidates.iter().enumerate() {
        let sent = candidate.sent.as_deref();
        let sent = sent.ok_or("no column says when they were sent in")?;
        let days = order.get(&candidate.file).copied().unwrap_or_default();
        let time = Time::read(sent, days)?;
        let later = best
            .as_ref()
            .map_or(Ordering::Greater, |(_, best)| time.cmp(best));
        tied = later == Ordering::Equal || (tied && later == Ordering::Less);
        if later == Ordering::Greater {
            best = Some((at, time));
        }
    }
    match best {
        Some(_) if tied => Err("they were sent in at the same time"),
        Some((at, _)) => Ok(at),
        None => Err("there is none"),
    }
}

fn report(rows: &mut Rows<'_>, key: &[String], candidates: &[Candidate], why: &'static str) {
    let named: Vec<String> = key
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| format!("`{}`", shown(text)))
        .collect();
    let kind = ResponsesKind::NoNewest {
        row: named.join(", "),
        rows: candidates.len(),
        why,
    };
    let places = candidates.iter().take(10).map(|candidate| {
        let (_, name) = &rows.files[candidate.file];
        Place::new(name, candidate.line, 0)
    });
    let mut problem = Problem::error(kind, Place::whole(&rows.files[candidates[0].file].1));
    problem.places = places.collect();
    rows.findings.add(candidates[0].file, problem);
}
