//! `dgpf robustness`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use dgpf::analysis::robustness::{
    Design, Freedom, Output, Refused, Source, Study, WORDS, benefit, dominance, removals,
    sensitivity, spelled, stability, uncertainty,
};
use dgpf::framework::Framework;
use dgpf::report::About;
use dgpf::report::{RobustnessResult, csv, json, markdown, present, svg, terminal as page};
use dgpf::responses::Responses;
use dgpf::scoring::{Assumptions, Plan};

use super::Outcome;
use super::args::{
    Robustness, RobustnessChart, RobustnessFormat, RobustnessTable, Sources, Subject,
};
use super::io::{self, Terminal};
use super::progress;
use super::read::{open_one, period};

/// What a file's ending stands for.
const ENDINGS: [(&str, RobustnessFormat); 5] = [
    ("txt", RobustnessFormat::Table),
    ("csv", RobustnessFormat::Csv),
    ("json", RobustnessFormat::Json),
    ("md", RobustnessFormat::Markdown),
    ("svg", RobustnessFormat::Svg),
];

/// Tests how far the ranking can be trusted.
pub(crate) fn run(arguments: &Robustness, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let output = arguments.output.as_deref();
    let format = io::format(arguments.format, output, &ENDINGS)?;
    let wanted = arguments.inputs.wanted(arguments.lang.as_deref());
    let Some(opened) = open_one(wanted, "a ranking is tested for", terminal)? else {
        return Ok(Outcome::Problems);
    };
    opened.among_themselves("robustness ranks units among themselves again and again")?;
    let result = study(arguments, &opened.framework, &opened.responses)?;
    let mut text = Vec::new();
    write(&result, format, arguments, terminal, &mut text)?;
    io::put(output, &text)?;
    Ok(Outcome::Done)
}

/// Makes everything that was asked for.
fn study(
    arguments: &Robustness,
    framework: &Framework,
    responses: &Responses,
) -> anyhow::Result<RobustnessResult> {
    let spelt = spelt(arguments)?;
    let sources = sources(&spelt, framework)?;
    let study = Study {
        draws: arguments.draws,
        seed: arguments.seed,
        period: period(responses, &arguments.period)?,
        interval: (
            (1.0 - arguments.interval) / 2.0,
            f64::midpoint(1.0, arguments.interval),
        ),
        peer: arguments.peer.clone(),
        sources,
    };
    let wants = |subject: Subject| {
        arguments.also.contains(&subject)
            || arguments.also.contains(&Subject::All)
            || wanted_by_output(arguments) == Some(subject)
    };
    let refused = |refused: Refused| anyhow::anyhow!("{refused}");
    progress::doing("drawing");
    let found = uncertainty(framework, responses, &study, &|done| {
        progress::share(done as f64 / study.draws as f64);
    });
    let found = found.map_err(refused)?;
    let drives = !arguments.drivers_of.is_empty() || study.sources.len() > 1;
    let sensitivity = if drives || wants(Subject::Drivers) {
        let design = design(arguments);
        let runs = design.base * (study.sources.len() + 2);
        let told = |done| progress::share(done as f64 / runs as f64);
        progress::doing("looking for drivers");
        Some(sensitivity(framework, responses, &study, &design, &told).map_err(refused)?)
    } else {
        None
    };
    progress::doing("looking at ranks");
    let period = study.period;
    let assumptions = Assumptions::of(framework);
    let scores = || Plan::compile(framework, &assumptions).score(responses);
    let freedom = arguments.freedom.map_or(Freedom::Any, Freedom::Within);
    let mut about = About::of(framework);
    about.responses_sha256.clone_from(&responses.sha256);
    Ok(RobustnessResult {
        about,
        period: responses.periods.get(period).cloned().unwrap_or_default(),
        seed: study.seed,
        sources: spelt
            .iter()
            .map(|(word, values)| ((*word).to_owned(), values.join(" ")))
            .collect(),
        interval: study.interval,
        peer: study.peer.clone(),
        uncertainty: Some(found),
        sensitivity,
        removals: Some(removals(framework, responses, period).map_err(refused)?),
        stability: if wants(Subject::Weights) {
            Some(stability(framework, responses, period).map_err(refused)?)
        } else {
            None
        },
        dominance: wants(Subject::Dominance)
            .then(|| dominance(framework, &assumptions, &scores(), period, freedom)),
        benefit: wants(Subject::Favourable)
            .then(|| benefit(framework, &assumptions, &scores(), period, arguments.favour)),
    })
}

/// What the chosen table or chart shows.
fn wanted_by_output(arguments: &Robustness) -> Option<Subject> {
    match (arguments.table, arguments.chart) {
        (RobustnessTable::Drivers, _) | (_, RobustnessChart::Drivers) => Some(Subject::Drivers),
        (RobustnessTable::Weights, _) => Some(Subject::Weights),
        (RobustnessTable::Dominance, _) => Some(Subject::Dominance),
        (RobustnessTable::Favourable, _) => Some(Subject::Favourable),
        (
            RobustnessTable::Units
            | RobustnessTable::Ranks
            | RobustnessTable::Levels
            | RobustnessTable::Removals,
            RobustnessChart::Intervals | RobustnessChart::Acceptability,
        ) => None,
    }
}

fn design(arguments: &Robustness) -> Design {
    let mut outputs = vec![Output::MeanShift];
    for unit in &arguments.drivers_of {
        outputs.push(Output::Rank(unit.clone()));
        outputs.push(Output::Score(unit.clone()));
    }
    Design {
        outputs,
        ..Design::DEFAULT
    }
}

/// The sources as they were spelt, by flags and in the file; `weights 25%` if there are none.
fn spelt(arguments: &Robustness) -> anyhow::Result<Vec<(&'static str, Vec<String>)>> {
    let mut spelt = flags(&arguments.sources);
    if let Some(path) = &arguments.vary {
        for (word, values) in file(path)? {
            let Some(word) = WORDS.into_iter().find(|known| *known == word) else {
                let near = io::nearest(&word, WORDS.into_iter());
                let near =
                    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
                bail!("`{}`: no source `{word}`{near}", path.display());
            };
            if spelt.insert(word, values).is_some() {
                bail!("`{word}` is given by a flag and in `{}`", path.display());
            }
        }
    }
    if spelt.is_empty() {
        spelt.insert("weights", vec!["25%".to_owned()]);
    }
    let in_order = WORDS
        .into_iter()
        .filter_map(|word| spelt.remove_entry(word));
    Ok(in_order.collect())
}

fn flags(sources: &Sources) -> BTreeMap<&'static str, Vec<String>> {
    let lists = [
        ("weights", &sources.weights),
        ("aggregation", &sources.aggregation),
        ("normalisation", &sources.normalisation),
        ("winsorise", &sources.winsorise),
        ("missing", &sources.missing),
        ("imputation", &sources.imputation),
        ("leave-out", &sources.leave_out),
        ("errors", &sources.errors),
    ];
    let lists = lists.into_iter().filter(|(_, values)| !values.is_empty());
    let mut spelt: BTreeMap<_, _> = lists.map(|(word, values)| (word, values.clone())).collect();
    if let Some(key) = &sources.respondents {
        let key = Some(key.clone()).filter(|key| !key.is_empty());
        spelt.insert("respondents", key.into_iter().collect());
    }
    if sources.gaps {
        spelt.insert("gaps", Vec::new());
    }
    spelt
}

/// A value of the file: one, a list, or `true` for what has none.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Value {
    On(bool),
    Number(f64),
    One(String),
    Many(Vec<String>),
}

fn file(path: &Path) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let cannot = || format!("cannot read `{}`", path.display());
    let text = String::from_utf8(io::read_written(path)?.bytes).with_context(cannot)?;
    let read: BTreeMap<String, Value> = serde_yaml::from_str(&text).with_context(cannot)?;
    let mut sources = BTreeMap::new();
    for (word, value) in read {
        match value {
            Value::On(false) => {}
            Value::On(true) => drop(sources.insert(word, Vec::new())),
            Value::Number(number) => drop(sources.insert(word, vec![number.to_string()])),
            Value::One(one) => drop(sources.insert(word, vec![one])),
            Value::Many(many) => drop(sources.insert(word, many)),
        }
    }
    Ok(sources)
}

fn sources(
    spelt: &[(&'static str, Vec<String>)],
    framework: &Framework,
) -> anyhow::Result<Vec<Source>> {
    let source = |(word, values): &(&str, Vec<String>)| {
        spelled(word, values, framework).map_err(|expected| anyhow::anyhow!("--{word}: {expected}"))
    };
    spelt.iter().map(source).collect()
}

fn write(
    result: &RobustnessResult,
    format: RobustnessFormat,
    arguments: &Robustness,
    terminal: &Terminal,
    text: &mut Vec<u8>,
) -> anyhow::Result<()> {
    let document = || present::robustness(result, arguments.lang.as_deref());
    match format {
        RobustnessFormat::Table => {
            page::write(
                &document(),
                terminal.look_for(arguments.output.as_deref()),
                text,
            )?;
        }
        RobustnessFormat::Markdown => markdown::write(&document(), text)?,
        RobustnessFormat::Json => json::write_robustness(result, text)?,
        RobustnessFormat::Csv => csv::write_robustness(result, table(arguments.table), text)?,
        RobustnessFormat::Svg => {
            let picture =
                svg::robustness(result, chart(arguments.chart), arguments.lang.as_deref());
            text.extend(picture.unwrap_or_default().bytes());
        }
    }
    Ok(())
}

fn table(table: RobustnessTable) -> csv::RobustnessTable {
    match table {
        RobustnessTable::Units => csv::RobustnessTable::Units,
        RobustnessTable::Ranks => csv::RobustnessTable::Ranks,
        RobustnessTable::Levels => csv::RobustnessTable::Levels,
        RobustnessTable::Drivers => csv::RobustnessTable::Drivers,
        RobustnessTable::Removals => csv::RobustnessTable::Removals,
        RobustnessTable::Weights => csv::RobustnessTable::Weights,
        RobustnessTable::Dominance => csv::RobustnessTable::Dominance,
        RobustnessTable::Favourable => csv::RobustnessTable::Favourable,
    }
}

fn chart(chart: RobustnessChart) -> svg::RobustnessChart {
    match chart {
        RobustnessChart::Intervals => svg::RobustnessChart::Intervals,
        RobustnessChart::Acceptability => svg::RobustnessChart::Acceptability,
        RobustnessChart::Drivers => svg::RobustnessChart::Drivers,
    }
}
