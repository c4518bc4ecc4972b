//! `dgpf improve`.

use anyhow::{Context, bail};
use dgpf::analysis::improve::{Costs, Improver, Target};
use dgpf::framework::{Framework, NodeIx};
use dgpf::report::{About, Found, ImproveResult, csv, json, markdown, present, terminal as page};
use dgpf::responses::{self, Answer};
use dgpf::scoring::Plan;

use super::Outcome;
use super::args::{Improve, ImproveFormat};
use super::choose::listed;
use super::io::{self, Terminal};
use super::one_unit::{Asked, node, open_unit};
use super::progress;
use super::results::say_remarks;

/// What output files are by their ending; the first without one.
const ENDINGS: [(&str, ImproveFormat); 4] = [
    ("txt", ImproveFormat::Table),
    ("csv", ImproveFormat::Csv),
    ("json", ImproveFormat::Json),
    ("md", ImproveFormat::Markdown),
];

/// Where efforts are taken from the framework.
const FRAMEWORK: &str = "framework";

/// Tells what would raise a score.
pub(crate) fn run(arguments: &Improve, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let output = arguments.output.as_deref();
    let format = io::format(arguments.format, output, &ENDINGS)?;
    let asked = Asked {
        file: &arguments.file,
        framework: arguments.framework.as_ref(),
        reading: &arguments.reading,
        language: arguments.lang.as_deref(),
        weights: arguments.weights.as_deref(),
        stats: arguments.cohort.stats.as_deref(),
        unit: &arguments.unit,
        period: arguments.period.as_deref(),
        node: arguments.node.as_deref(),
    };
    let Some(opened) = open_unit(&asked, "a score is improved by", terminal)? else {
        return Ok(Outcome::Problems);
    };
    let (framework, responses) = (&opened.framework, &opened.responses);
    let (id, period, node) = (opened.id(), opened.period, opened.node);
    let changes = changes(framework, &arguments.set)?;
    let target = target(arguments, framework, node)?;
    let costs = costs(arguments, framework)?;
    let plan = Plan::compile(framework, &opened.assumptions);
    let improver = Improver::new(&plan, responses);
    let missing = || opened.no_answers();
    let (steps, route, outcome);
    progress::doing("trying answers");
    let found = if !changes.is_empty() {
        outcome = improver
            .what_if(id, period, &changes)
            .with_context(missing)?;
        Found::WhatIf {
            changes: &changes,
            outcome: &outcome,
        }
    } else if let Some(target) = target {
        route = improver
            .route(id, period, target, &costs)
            .with_context(missing)?;
        Found::Route {
            route: &route,
            by_effort: arguments.effort.is_some(),
        }
    } else {
        steps = improver
            .steps(id, period, node, arguments.top)
            .with_context(missing)?;
        Found::Steps(&steps)
    };
    let told = improver.scores().remarks.iter();
    let told = told.filter(|remark| remark.is_about(&responses.periods[period]));
    let language = arguments.lang.as_deref();
    say_remarks("", &About::of(framework), told, language, terminal);
    let reached = match &found {
        Found::Route { route, .. } => route.reached,
        Found::Steps(_) | Found::WhatIf { .. } => true,
    };
    let observations = &improver.scores().observations;
    let row = observations
        .iter()
        .position(|own| own.unit.as_ref() == id && own.period == period);
    let result = ImproveResult {
        framework,
        responses,
        options: &opened.options,
        before: improver.scores(),
        row: row.with_context(missing)?,
        found,
    };
    let mut text = Vec::new();
    let document = || present::improvement(&result, language);
    match format {
        ImproveFormat::Table => page::write(&document(), terminal.look_for(output), &mut text)?,
        ImproveFormat::Markdown => markdown::write(&document(), &mut text)?,
        ImproveFormat::Json => json::write_improvement(&result, &mut text)?,
        ImproveFormat::Csv => csv::write_improvement(&result, &mut text)?,
    }
    io::put(output, &text)?;
    Ok(if reached {
        Outcome::Done
    } else {
        Outcome::Problems
    })
}

fn target(
    arguments: &Improve,
    framework: &Framework,
    node: NodeIx,
) -> anyhow::Result<Option<Target>> {
    if let Some(score) = arguments.to_score {
        return Ok(Some(Target::Score(node, framework.range.read(score))));
    }
    let Some(name) = &arguments.to_level else {
        return Ok(None);
    };
    let Some(levels) = framework.levels_of(node) else {
        bail!(
            "--to-level {name}: `{}` has no levels",
            framework.node(node).id
        );
    };
    let alike = |id: &str| id.eq_ignore_ascii_case(name);
    let found = levels.bands.iter().position(|band| {
        alike(band.id.as_str()) || band.title.translations().any(|(_, title)| alike(title))
    });
    let Some(found) = found else {
        let ids: Vec<String> = levels
            .bands
            .iter()
            .map(|band| band.id.to_string())
            .collect();
        bail!(
            "--to-level {name}: no such level; there are {}",
            listed(&ids)
        );
    };
    Ok(Some(Target::Level(node, found)))
}

/// The efforts that are asked for: the framework's, or those of a file beside them.
fn costs(arguments: &Improve, framework: &Framework) -> anyhow::Result<Costs> {
    let Some(source) = &arguments.effort else {
        return Ok(Costs::even(framework));
    };
    let mut costs = Costs::efforts(framework);
    if source.as_os_str() == FRAMEWORK {
        return Ok(costs);
    }
    let bytes = io::read_written(source)?;
    let name = &bytes.name;
    let text = str::from_utf8(&bytes.bytes)
        .map_err(|_| anyhow::anyhow!("cannot read `{name}`: it is not UTF-8"))?;
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
    for (at, line) in lines.enumerate() {
        let place = format!("{name}:{}", at + 1);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || at == 0 && line.starts_with("indicator") {
            continue;
        }
        let Some((code, effort)) = line.split_once([',', ';', '\t']) else {
            bail!("{place}: expected an indicator and its effort, as in `DBD01,3`");
        };
        let node = node(framework, code.trim()).with_context(|| place.clone())?;
        if framework.node(node).indicator().is_none() {
            bail!("{place}: `{}` is no indicator", code.trim());
        }
        let effort = effort.trim();
        let number = effort
            .parse::<f64>()
            .ok()
            .filter(|effort| effort.is_finite() && *effort > 0.0);
        let Some(number) = number else {
            bail!(
                "{place}: `{effort}` is no effort: expected a number above zero, as a rule 1 to 5"
            );
        };
        costs = costs.with(node, number);
    }
    Ok(costs)
}

/// `pro_03=yes,ddps_07=all`: a comma parts changes only where a `=` follows.
fn changes(framework: &Framework, stated: &[String]) -> anyhow::Result<Vec<(NodeIx, Answer)>> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for text in stated {
        for piece in text.split(',') {
            match (piece.split_once('='), pairs.last_mut()) {
                (Some((code, answer)), _) => {
                    pairs.push((code.trim().to_owned(), answer.to_owned()));
                }
                (None, Some((_, answer))) => {
                    answer.push(',');
                    answer.push_str(piece);
                }
                (None, None) => {
                    bail!("--set {text}: expected an indicator and its answer, as in `DBD01=adop`")
                }
            }
        }
    }
    let mut changes: Vec<(NodeIx, Answer)> = Vec::new();
    for (code, answer) in pairs {
        let found = node(framework, &code).with_context(|| format!("--set {code}={answer}"))?;
        let Some(indicator) = framework.node(found).indicator() else {
            bail!("--set {code}={answer}: `{code}` is no indicator");
        };
        let answer = responses::read_answer(answer.trim(), indicator, framework)
            .map_err(|problem| anyhow::anyhow!("--set {code}={answer}: {problem}"))?;
        if changes.iter().any(|(known, _)| *known == found) {
            bail!("--set {code}: it is stated twice");
        }
        changes.push((found, answer));
    }
    Ok(changes)
}
