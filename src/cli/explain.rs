//! `dgpf explain`.

use anyhow::bail;
use dgpf::analysis::explain::Explainer;
use dgpf::framework::{Framework, NodeIx};
use dgpf::report::present::{self, ExplainView};
use dgpf::report::{json, markdown, terminal as page};
use dgpf::responses::Responses;
use dgpf::scoring::Plan;

use super::Outcome;
use super::args::{Explain, ExplainFormat};
use super::choose;
use super::io::{self, Terminal};
use super::read::{Opened, Wanted, open_one};
use super::score;

/// Explains one score.
pub(crate) fn run(arguments: &Explain, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let output = arguments.output.as_deref();
    let wanted = Wanted {
        files: std::slice::from_ref(&arguments.file),
        frameworks: arguments.framework.as_slice(),
        reading: &arguments.reading,
        language: arguments.lang.as_deref(),
    };
    io::keep_inputs(output, wanted.files)?;
    let Some(opened) = open_one(wanted, "a score is explained by", terminal)? else {
        return Ok(Outcome::Problems);
    };
    let Opened {
        framework,
        responses,
        mut options,
        periods: _,
    } = opened;
    let (framework, responses) = (&framework, &responses);
    let assumptions = score::assumptions(framework, arguments.weights.as_deref(), &mut options)?;
    let unit = unit(responses, &arguments.unit)?;
    let period = period(responses, unit, arguments.period.as_deref())?;
    let node = match &arguments.node {
        Some(name) => node(framework, name)?,
        None => Framework::INDEX,
    };
    let plan = Plan::compile(framework, &assumptions);
    let id = &responses.units[unit].id;
    let explainer = Explainer::new(&plan, responses);
    let Some(explanation) = explainer.explain(id, period, node) else {
        bail!("`{id}` has no answers in {}", responses.periods[period]);
    };
    let mut text = Vec::new();
    let view = ExplainView {
        language: arguments.lang.as_deref(),
        depth: arguments.depth,
        only_losses: arguments.only_losses,
    };
    let shown = || present::explanation(&explanation, framework, &responses.periods, view);
    match arguments.format {
        ExplainFormat::Table => page::write(&shown(), terminal.look_for(output), &mut text)?,
        ExplainFormat::Markdown => markdown::write(&shown(), &mut text)?,
        ExplainFormat::Json => {
            json::write_explanation(&explanation, framework, responses, &options, &mut text)?;
        }
    }
    io::put(output, &text)?;
    Ok(Outcome::Done)
}

/// Position of the unit, whatever the case of its id.
pub(super) fn unit(responses: &Responses, id: &str) -> anyhow::Result<usize> {
    let units = &responses.units;
    let exact = units.iter().position(|unit| unit.id == id);
    let alike = || {
        units
            .iter()
            .position(|unit| unit.id.eq_ignore_ascii_case(id))
    };
    let Some(found) = exact.or_else(alike) else {
        let near = io::nearest(id, units.iter().map(|unit| unit.id.as_str()));
        let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        bail!("no unit `{id}` in the responses{near}");
    };
    Ok(found)
}

/// Position of the period: as asked, else the latest in which the unit answered.
pub(super) fn period(
    responses: &Responses,
    unit: usize,
    asked: Option<&str>,
) -> anyhow::Result<usize> {
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
