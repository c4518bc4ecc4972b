//! `dgpf score`.

use anyhow::bail;
use dgpf::framework::Framework;
use dgpf::report::csv::Columns;
use dgpf::report::{About, Data, Format, ScoreResult, present};
use dgpf::scoring::{Assumptions, Plan};

use super::Outcome;
use super::args::{self, Score};
use super::choose::listed;
use super::io::Terminal;
use super::pieces::Tried;
use super::read::{Opened, Wanted, open_for};
use super::{results, stream};

/// Scores responses and writes the result.
pub(crate) fn run(arguments: &Score, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let writing = &arguments.writing;
    let format = results::format(writing)?;
    let chosen = match stream::run(arguments, format, terminal)? {
        Tried::Done(outcome) => return Ok(outcome),
        Tried::Whole(chosen) => chosen,
    };
    // Neither pages nor data in CSV state it.
    let unhashed = matches!(
        format,
        Format::Page(_) | Format::Data(Data::Csv | Data::CsvWide | Data::CsvFacets)
    );
    let wanted = Wanted {
        by: &arguments.by,
        ..arguments.inputs.wanted(writing.lang.as_deref())
    };
    let Some(opened) = open_for(wanted, unhashed, chosen, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let results: Vec<ScoreResult> = opened
        .into_iter()
        .map(|opened| scored(opened, arguments, format))
        .collect::<anyhow::Result<_>>()?;
    results::write(&results, format, writing, terminal)?;
    Ok(Outcome::Done)
}

/// Scores what was opened, with summary rows and weights as asked.
fn scored(mut opened: Opened, arguments: &Score, format: Format) -> anyhow::Result<ScoreResult> {
    if !arguments.by.is_empty() {
        let framework = &opened.framework;
        let attributes = framework.group_by.iter();
        let columns = attributes.map(|by| framework.attributes[by.0].column.as_str());
        let columns = columns.collect::<Vec<_>>().join(",");
        state(&mut opened.options, "by", &columns);
    }
    let stats = arguments.cohort.stats.as_deref();
    if stats.is_some() {
        // A result that is made anew says what it was made with.
        opened.cohort = None;
    }
    let assumptions = opened.assumptions(arguments.weights.as_deref(), stats)?;
    let Opened {
        framework,
        responses,
        options,
        periods,
        cohort: _,
    } = opened;
    let plan = Plan::compile(&framework, &assumptions);
    let mut scores = match format {
        Format::Data(format @ (Data::Csv | Data::CsvWide | Data::CsvFacets)) => {
            let columns = results::columns(&arguments.writing, &About::of(&framework));
            let wanted = match format {
                Data::Csv => columns.wanted_tidy(&framework),
                Data::CsvFacets => Columns::wanted_facets(&framework),
                _ => columns.wanted(&framework),
            };
            plan.score_wanted(&responses, &wanted)
        }
        Format::Page(_) => {
            let wanted = present::wanted(&framework, arguments.writing.facets);
            plan.score_wanted(&responses, &wanted)
        }
        Format::Data(_) | Format::Bundle(_) => plan.score(&responses),
    };
    if arguments.order == args::Order::Input {
        scores = scores.in_order_of(&responses);
    }
    let mut result = ScoreResult::new(&framework, &assumptions, &responses, options, scores);
    if let Some(periods) = periods {
        let all = result.scores.periods.clone();
        result = result.of_periods(|period| periods.contains(&all[period]));
    }
    if format == Format::Data(Data::Json) && !arguments.writing.without_answers {
        result = result.with_origin(&framework, &assumptions, &responses);
    }
    Ok(result)
}

/// States an option, instead of what was stated of it before.
pub(super) fn state(options: &mut Vec<(String, String)>, name: &str, value: &str) {
    options.retain(|(stated, _)| stated != name);
    options.push((name.to_owned(), value.to_owned()));
}

/// The framework's own assumptions, with the weights of the set that was asked for, which the options then state.
pub(super) fn assumptions(
    framework: &Framework,
    weights: Option<&str>,
    options: &mut Vec<(String, String)>,
) -> anyhow::Result<Assumptions> {
    let own = Assumptions::of(framework);
    let Some(name) = weights else { return Ok(own) };
    let set = weight_set(framework, name)?;
    state(options, "weights", set.id.as_str());
    Ok(own.with_weight_set(set))
}

pub(crate) fn weight_set<'a>(
    framework: &'a Framework,
    name: &str,
) -> anyhow::Result<&'a dgpf::framework::WeightSet> {
    let mut sets = framework.weight_sets.iter();
    if let Some(set) = sets.find(|set| set.id.as_str().eq_ignore_ascii_case(name)) {
        return Ok(set);
    }
    let ids: Vec<String> = framework
        .weight_sets
        .iter()
        .map(|set| set.id.to_string())
        .collect();
    bail!(
        "--weights {name}: framework `{}` has no such weight set; it has {}",
        framework.id,
        listed(&ids)
    )
}
