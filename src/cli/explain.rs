//! `dgpf explain`.

use anyhow::Context;
use dgpf::analysis::explain::Explainer;
use dgpf::report::present::{self, ExplainView};
use dgpf::report::{About, json, markdown, terminal as page};
use dgpf::scoring::Plan;

use super::Outcome;
use super::args::{Explain, ExplainFormat};
use super::io::{self, Terminal};
use super::one_unit::{Asked, open_unit};
use super::results::say_remarks;

/// Explains one score.
pub(crate) fn run(arguments: &Explain, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let output = arguments.output.as_deref();
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
    let Some(found) = open_unit(&asked, "a score is explained by", terminal)? else {
        return Ok(Outcome::Problems);
    };
    let (framework, responses) = (&found.framework, &found.responses);
    let plan = Plan::compile(framework, &found.assumptions);
    let explainer = Explainer::new(&plan, responses);
    let explanation = explainer
        .explain(found.id(), found.period, found.node)
        .with_context(|| found.no_answers())?;
    let period = &responses.periods[found.period];
    let told = explainer.scores().remarks.iter();
    let told = told.filter(|remark| remark.is_about(period));
    let language = arguments.lang.as_deref();
    say_remarks("", &About::of(framework), told, language, terminal);
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
            json::write_explanation(
                &explanation,
                framework,
                responses,
                &found.options,
                &mut text,
            )?;
        }
    }
    io::put(output, &text)?;
    Ok(Outcome::Done)
}
