//! Rows → [`Responses`]: what can only be said when all rows have been read.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::Rows;
use crate::problem::{Place, Problem, ResponsesKind};
use crate::responses::agreement;
use crate::responses::attributes::{self, Described};
use crate::responses::findings::{self, Findings};
use crate::responses::load::perhaps_thousands;
use crate::responses::number::Thousands;
use crate::responses::periods::alike;
use crate::responses::spelling::{differences, fold, look, shown};
use crate::responses::{AttributeColumn, Responses, Unit, called, country, in_order};

/// Most places that a duplicate shows.
const PLACES: usize = 10;

/// Most duplicates, and most pairs of units alike, that are shown one by one.
const DUPLICATES: usize = 20;

impl Rows<'_> {
    /// The responses, and what was found on the way.
    pub(in crate::responses) fn finish(
        mut self,
        described: Option<&Described>,
    ) -> (Responses, Findings) {
        self.settle_long();
        self.report_repeated();
        self.report_decimals(described);
        let periods = self.sort_periods();
        self.report_alike_periods(&periods);
        if let Some(described) = described {
            self.describe(described, &periods);
        }
        let units = self.name_units();
        self.report_alike(&units);
        let responses = Responses {
            units,
            periods,
            rows: self.list,
            answers: self.answers,
            attributes: self.attributes,
            evidence: self.evidence,
            files: self.files.into_iter().map(|(_, name)| name).collect(),
            sha256: String::new(),
        };
        let origin = |row: usize| {
            let row = &responses.rows[row];
            let place = Place::new(&responses.files[row.file], row.line, 0);
            (row.file, place)
        };
        agreement::report(self.framework, &responses, &origin, &mut self.findings);
        (responses, self.findings)
    }

    fn settle_long(&mut self) {
        let answered = std::mem::take(&mut self.answered);
        self.settle_splits(|row, at| answered[at].get(row).is_some_and(Option::is_some));
        self.answered = answered;
    }

    /// What messages call a row.
    pub(super) fn row_name(&self, row: usize) -> String {
        let row = &self.list[row];
        called(
            &self.units.texts[row.unit],
            &self.periods.texts[row.period],
            &row.keys,
        )
    }

    /// Rows with the same keys, and answers given again.
    fn report_repeated(&mut self) {
        let mut duplicates = Vec::new();
        for (&row, places) in &self.repeated {
            let kind = ResponsesKind::DuplicateRow {
                row: self.row_name(row),
                rows: places.len() + 1,
            };
            let (file, first) = self.origin(row);
            duplicates.push((file, kind, Some(first), places));
        }
        for (&(row, at), places) in &self.answered_again {
            let kind = ResponsesKind::DuplicateAnswer {
                row: self.row_name(row),
                indicator: self.decoders[at].indicator().code.clone(),
                rows: places.len() + 1,
            };
            let (file, _) = self.origin(row);
            duplicates.push((file, kind, self.answered_at(row, at), places));
        }
        let more = duplicates.split_off(duplicates.len().min(DUPLICATES));
        for (file, kind, first, places) in duplicates {
            let mut problem = Problem::error(kind, Place::whole(&self.files[file].1));
            problem.places = first
                .into_iter()
                .chain(places.iter().cloned())
                .take(PLACES)
                .collect();
            self.findings.add(file, problem);
        }
        if let Some((file, _, _, places)) = more.first() {
            let mut problem = Problem::error(ResponsesKind::MoreDuplicates, places[0].clone());
            problem.count = more.len();
            self.findings.add(*file, problem);
        }
    }

    /// Long form: where the answer of a row to an indicator stands.
    fn answered_at(&self, row: usize, at: usize) -> Option<Place> {
        let line = self.answered[at].get(row).copied().flatten()?.get() as usize;
        let (before, name) = self.files.iter().rev().find(|(before, _)| *before < line)?;
        Some(Place::new(name, line - before, 0))
    }

    /// A file writes its numbers in one way; where it does not, `1,234` could be either.
    fn report_decimals(&mut self, described: Option<&Described>) {
        let names = self.files.iter().map(|(_, name)| name);
        let names = names.chain(described.map(|units| &units.file));
        for (file, name) in names.enumerate() {
            let sign = |sign| self.decimals.get(&(file, sign));
            if let (Some(point), Some(comma)) = (sign('.'), sign(',')) {
                let problem = Problem::error(ResponsesKind::MixedDecimalSigns, point.clone());
                self.findings.add(file, problem.and(comma.clone()));
            } else if let Some(first) = self.thousands.remove(&file).and_then(Thousands::first) {
                let problem = perhaps_thousands(&first, name);
                self.findings.add(file, problem);
            }
        }
    }

    /// Puts periods in order, as numbers if all are, else as text.
    fn sort_periods(&mut self) -> Vec<String> {
        let texts = &self.periods.texts;
        let order = in_order(texts);
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        for row in &mut self.list {
            row.period = place[row.period];
        }
        order.iter().map(|&old| texts[old].to_string()).collect()
    }

    /// Periods that are probably the same.
    fn report_alike_periods(&mut self, periods: &[String]) {
        let mut known: HashMap<Cow<'_, str>, usize> = HashMap::new();
        let mut pairs = Vec::new();
        for (at, period) in periods.iter().enumerate() {
            let twin = *known.entry(alike(period)).or_insert(at);
            if twin != at && pairs.len() < DUPLICATES {
                pairs.push((twin, at));
            }
        }
        for (first, second) in pairs {
            let mut rows = [first, second].map(|period| {
                let row = self.list.iter().position(|row| row.period == period);
                row.map(|row| self.origin(row))
            });
            rows.sort_by_key(|origin| origin.as_ref().map(|(file, place)| (*file, place.line)));
            let [Some((file, place)), Some((_, other))] = rows else {
                continue;
            };
            let [one, two] = [&periods[first], &periods[second]];
            let (by, [first, second]) = if look(one) == look(two) {
                differences(one, two)
            } else {
                (
                    vec!["how the number is written"],
                    [one, two].map(|text| shown(text)),
                )
            };
            let kind = ResponsesKind::PeriodsAlike { first, second, by };
            self.findings
                .add(file, Problem::warning(kind, place).and(other));
        }
    }

    /// Fills attributes that the responses leave open from a file of units.
    fn describe(&mut self, described: &Described, periods: &[String]) {
        let mut unknown = vec![true; self.units.texts.len()];
        let mut gaps = BTreeSet::new();
        for (at, row) in self.list.iter().enumerate() {
            let unit = self.units.texts[row.unit].to_string();
            let period = &periods[row.period];
            let values = described
                .units
                .get(&(unit.clone(), Some(period.clone())))
                .or_else(|| described.units.get(&(unit.clone(), None)));
            unknown[row.unit] = !described.has(&unit);
            let Some(values) = values else {
                gaps.insert((row.period, row.unit));
                continue;
            };
            for (column, value) in self.attributes.iter_mut().zip(values) {
                if let Some(value) = value {
                    // What the responses say themselves stays.
                    let _ = attributes::fill(column, at, value);
                }
            }
        }
        let units: Vec<String> = (0..unknown.len())
            .filter(|&unit| unknown[unit])
            .map(|unit| shown(&self.units.texts[unit]))
            .collect();
        if !units.is_empty() {
            let kind = ResponsesKind::UnitsNotDescribed { units };
            let problem = Problem::note(kind, Place::whole(&described.file));
            self.findings.add(self.files.len(), problem);
        }
        // Those of units that are described in another period.
        gaps.retain(|&(_, unit)| !unknown[unit]);
        for same in gaps
            .into_iter()
            .collect::<Vec<_>>()
            .chunk_by(|one, next| one.0 == next.0)
        {
            let (period, _) = same[0];
            let near = described.otherwise(&periods[period]).map(shown);
            let report = match near {
                Some(_) => Problem::warning,
                None => Problem::note,
            };
            let units = same.iter().map(|&(_, unit)| shown(&self.units.texts[unit]));
            let kind = ResponsesKind::PeriodsNotDescribed {
                period: shown(&periods[period]),
                units: units.collect(),
                near,
            };
            let problem = report(kind, Place::whole(&described.file));
            self.findings.add(self.files.len(), problem);
        }
    }

    /// Ids and display names: the attribute `name`, else the country's, else the id.
    fn name_units(&mut self) -> Vec<Unit> {
        let stated = self.stated_names();
        let iso3166 = self.framework.unit.iso3166;
        let units = self.units.texts.iter().zip(stated);
        units
            .map(|(id, name)| {
                let country = || country::find(id).filter(|_| iso3166);
                let id: Arc<str> = Arc::clone(id);
                let name = name
                    .or_else(|| country().map(|country| Arc::from(country.name)))
                    .unwrap_or_else(|| Arc::clone(&id));
                Unit { id, name }
            })
            .collect()
    }

    /// What the rows call each unit, if they do: the first name of each. Warns of others.
    fn stated_names(&mut self) -> Vec<Option<Arc<str>>> {
        let mut stated: Vec<Option<Arc<str>>> = vec![None; self.units.texts.len()];
        let mut columns = self.framework.attributes.iter().zip(&self.attributes);
        let name = columns.find(|(attribute, _)| fold(&attribute.column) == "name");
        let Some((attribute, AttributeColumn::Text(texts))) = name else {
            return stated;
        };
        let mut others: Option<(usize, Problem)> = None;
        for (at, (row, text)) in self.list.iter().zip(texts).enumerate() {
            match (&stated[row.unit], text) {
                (None, Some(text)) => stated[row.unit] = Some(Arc::clone(text)),
                (Some(first), Some(second)) if first != second => {
                    let (file, place) = self.origin(at);
                    if let Some((_, problem)) = &mut others {
                        findings::again(problem, place);
                        continue;
                    }
                    let kind = ResponsesKind::SeveralNames {
                        attribute: attribute.column.clone(),
                        unit: shown(&self.units.texts[row.unit]),
                        first: shown(first),
                        second: shown(second),
                    };
                    others = Some((file, Problem::warning(kind, place)));
                }
                (_, Some(_) | None) => {}
            }
        }
        if let Some((file, problem)) = others {
            self.findings.add(file, problem);
        }
        stated
    }

    /// Units that are probably the same.
    fn report_alike(&mut self, units: &[Unit]) {
        let mut origin: Vec<Option<usize>> = vec![None; units.len()];
        for (at, row) in self.list.iter().enumerate() {
            origin[row.unit].get_or_insert(at);
        }
        let mut shown_pairs = 0;
        let mut looks: HashMap<String, usize> = HashMap::new();
        let mut countries: HashMap<&'static str, usize> = HashMap::new();
        for (at, unit) in units.iter().enumerate() {
            let second = shown(&unit.id);
            let country = country::find(&unit.id).or_else(|| country::named(&unit.id));
            let country = country.filter(|_| self.framework.unit.iso3166);
            let twin = *looks.entry(look(&unit.id).into_owned()).or_insert(at);
            let same = country.map(|country| *countries.entry(country.alpha2).or_insert(at));
            let (first, kind) = if twin != at {
                let (by, [first, second]) = differences(&units[twin].id, &unit.id);
                (twin, ResponsesKind::UnitsAlike { first, second, by })
            } else if let (Some(same), Some(country)) = (same.filter(|&same| same != at), country) {
                let first = shown(&units[same].id);
                let country = country.name.to_owned();
                let kind = ResponsesKind::SameCountry {
                    first,
                    second,
                    country,
                };
                (same, kind)
            } else {
                continue;
            };
            shown_pairs += 1;
            if shown_pairs > DUPLICATES {
                break;
            }
            if let (Some(first), Some(second)) = (origin[first], origin[at]) {
                let (file, place) = self.origin(first);
                let problem = Problem::warning(kind, place).and(self.origin(second).1);
                self.findings.add(file, problem);
            }
        }
    }
}
