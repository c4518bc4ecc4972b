//! Opening what a command that looks at one unit works on.

use std::path::{Path, PathBuf};

use anyhow::bail;
use dgpf::framework::{Framework, NodeIx};
use dgpf::responses::Responses;
use dgpf::scoring::Assumptions;

use super::args::Reading;
use super::choose;
use super::io::{self, Terminal};
use super::read::{Opened, Wanted, open_one};

/// What a command is asked about.
pub(crate) struct Asked<'a> {
    pub(crate) file: &'a PathBuf,
    pub(crate) framework: Option<&'a String>,
    pub(crate) reading: &'a Reading,
    pub(crate) language: Option<&'a str>,
    pub(crate) weights: Option<&'a str>,
    pub(crate) stats: Option<&'a Path>,
    pub(crate) unit: &'a str,
    /// The latest in which the unit answered without it.
    pub(crate) period: Option<&'a str>,
    /// The index without it.
    pub(crate) node: Option<&'a str>,
}

/// A unit among the responses, and how it is scored.
pub(crate) struct OneUnit {
    pub(crate) framework: Framework,
    pub(crate) responses: Responses,
    pub(crate) assumptions: Assumptions,
    /// What a result states.
    pub(crate) options: Vec<(String, String)>,
    /// Positions.
    pub(crate) unit: usize,
    pub(crate) period: usize,
    pub(crate) node: NodeIx,
}

impl OneUnit {
    /// The unit's id.
    pub(crate) fn id(&self) -> &str {
        &self.responses.units[self.unit].id
    }

    /// Why there is nothing to tell of it.
    pub(crate) fn no_answers(&self) -> String {
        let period = &self.responses.periods[self.period];
        format!("`{}` has no answers in {period}", self.id())
    }
}

/// Opens a file of responses, or a saved result, and finds the unit; nothing where the file has problems, which were told.
pub(crate) fn open_unit(
    asked: &Asked<'_>,
    purpose: &str,
    terminal: &Terminal,
) -> anyhow::Result<Option<OneUnit>> {
    let wanted = Wanted {
        files: std::slice::from_ref(asked.file),
        frameworks: asked
            .framework
            .map(std::slice::from_ref)
            .unwrap_or_default(),
        reading: asked.reading,
        by: &[],
        language: asked.language,
    };
    let Some(mut opened) = open_one(wanted, purpose, terminal)? else {
        return Ok(None);
    };
    let assumptions = opened.assumptions(asked.weights, asked.stats)?;
    let Opened {
        framework,
        responses,
        options,
        periods: _,
        cohort: _,
    } = opened;
    let unit = unit(&responses, asked.unit)?;
    let period = period(&responses, unit, asked.period)?;
    let node = match asked.node {
        Some(name) => node(&framework, name)?,
        None => Framework::INDEX,
    };
    Ok(Some(OneUnit {
        framework,
        responses,
        assumptions,
        options,
        unit,
        period,
        node,
    }))
}

/// Position of the unit, whatever the case of its id.
fn unit(responses: &Responses, id: &str) -> anyhow::Result<usize> {
    let units = &responses.units;
    let exact = units.iter().position(|unit| unit.id.as_ref() == id);
    let alike = || {
        units
            .iter()
            .position(|unit| unit.id.eq_ignore_ascii_case(id))
    };
    let Some(found) = exact.or_else(alike) else {
        // Tables show what units are called, too.
        let called = |name: &str| {
            let mut units = units.iter();
            let unit = units.find(|unit| unit.name.to_lowercase() == name.to_lowercase());
            unit.map(|unit| unit.id.to_string())
        };
        let near = called(id)
            .or_else(|| {
                let near = io::nearest(id, units.iter().map(|unit| unit.id.as_ref()));
                near.map(str::to_owned)
            })
            .or_else(|| {
                called(io::nearest(
                    id,
                    units.iter().map(|unit| unit.name.as_ref()),
                )?)
            });
        let near = near.map_or_else(
            || there_are(responses),
            |near| format!("did you mean `{near}`?"),
        );
        bail!("no unit `{id}` in the responses; {near}");
    };
    Ok(found)
}

/// Units that can be named, the first of them in the order of the responses.
fn there_are(responses: &Responses) -> String {
    const SHOWN: usize = 8;
    let units = &responses.units;
    let ids = units.iter().take(SHOWN).map(|unit| unit.id.to_string());
    let ids = choose::listed(&ids.collect::<Vec<_>>());
    match units.len() {
        1 => format!("there is only {ids}"),
        count if count > SHOWN => format!("there are {count}, first {ids}"),
        _ => format!("there are {ids}"),
    }
}

/// Position of the period: as asked, else the latest in which the unit answered.
fn period(responses: &Responses, unit: usize, asked: Option<&str>) -> anyhow::Result<usize> {
    let id = &responses.units[unit].id;
    let own = responses.rows.iter().filter(|row| row.unit == unit);
    let Some(name) = asked else {
        let latest = own.map(|row| row.period).max();
        return latest.ok_or_else(|| anyhow::anyhow!("`{id}` has no answers"));
    };
    let mut periods = responses.periods.iter();
    let found = periods.position(|period| period == name);
    let answered = found.filter(|found| own.clone().any(|row| row.period == *found));
    answered.ok_or_else(|| {
        let mut periods: Vec<usize> = own.clone().map(|row| row.period).collect();
        periods.sort_unstable();
        periods.dedup();
        let names: Vec<String> = periods
            .into_iter()
            .map(|period| responses.periods[period].clone())
            .collect();
        anyhow::anyhow!(
            "`{id}` has no answers in `{name}`: it has in {}",
            choose::listed(&names)
        )
    })
}

pub(super) fn node(framework: &Framework, name: &str) -> anyhow::Result<NodeIx> {
    let found = framework
        .find(name)
        .or_else(|| framework.find_indicator(name));
    let Some(found) = found else {
        let ids = framework.nodes.iter().map(|node| node.id.as_str());
        let near = io::nearest(name, ids);
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        bail!("no node `{name}` in framework `{}`{near}", framework.id);
    };
    Ok(found)
}
