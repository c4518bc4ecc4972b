//! `dgpf gate`.

use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use dgpf::analysis::gate::{self, Demand, Rule, judge};
use dgpf::framework::{Framework, Source};
use dgpf::problem::{Problem, Severity};
use dgpf::report::problems::Checked;
use dgpf::report::{gate as found, present};

use super::Outcome;
use super::args::{CheckFormat, Gate};
use super::check;
use super::compare::{Wave, compared};
use super::io::{self, Bytes, Terminal};
use super::read::period;

/// Judges scores by rules.
pub(crate) fn run(arguments: &Gate, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let open = |file: &Path| {
        let framework = arguments.framework.as_ref();
        let (weights, stats) = (&arguments.weights, &arguments.cohort.stats);
        let scoring = (weights.as_deref(), stats.as_deref());
        Wave::open(file, framework, &arguments.reading, None, scoring, terminal)
    };
    let Some(mut wave) = open(&arguments.file)? else {
        return Ok(Outcome::Problems);
    };
    if let Some(asked) = &arguments.period {
        wave.period = period(&wave.responses, asked)?;
    }
    let rules = match rules(arguments, &wave.framework)? {
        Ok(rules) => rules,
        Err(problems) => {
            terminal.problems(&problems);
            return Ok(Outcome::Problems);
        }
    };
    let baseline = match &arguments.baseline {
        // A name that is mistyped would let everything pass.
        Some(path) if !path.exists() => bail!(
            "there is no baseline `{}`; leave out --baseline until a result is saved as one",
            path.display()
        ),
        Some(path) => match open(path)? {
            Some(baseline) => Some(baseline),
            None => return Ok(Outcome::Problems),
        },
        None => None,
    };
    let comparison = baseline.as_ref().map(|old| compared(old, &wave));
    if let Some(comparison) = &comparison
        && !comparison.found.relation.is_comparable()
    {
        let caution = present::caution(comparison, None).unwrap_or_default();
        bail!(
            "the baseline cannot be compared with: {caution} Declare the edition under `comparability`, or save a new baseline"
        );
    }
    let sides = baseline.as_ref().map(Wave::side);
    let past = sides.as_ref().zip(comparison.as_ref());
    let past = past.map(|(side, comparison)| (side, &comparison.found));
    let judged = judge(&wave.side(), past, &rules);
    let file: Arc<str> = Arc::from(arguments.file.display().to_string());
    let mut checked = Checked {
        command: Some("gate"),
        files: vec![Arc::clone(&file)],
        problems: found::problems(&judged, &rules, &wave.framework, &file),
        summaries: vec![found::verdict(&judged, &rules)],
        ..Checked::default()
    };
    // What holds is a test that passes; people and annotated lines are told of it when they ask.
    let told = match arguments.writing.format {
        CheckFormat::Json | CheckFormat::Junit => true,
        CheckFormat::Human | CheckFormat::Sarif | CheckFormat::Github => arguments.all,
    };
    checked
        .problems
        .retain(|one| told || one.kind.code() != "rule-holds");
    check::write(&checked, &arguments.writing, terminal)?;
    Ok(check::outcome(&checked))
}

/// The rules of the flags, then those of the file.
fn rules(
    arguments: &Gate,
    framework: &Framework,
) -> anyhow::Result<Result<Vec<Rule>, Vec<Problem>>> {
    let index = |demand: Demand| Rule {
        nodes: vec![Framework::INDEX],
        units: Vec::new(),
        severity: Severity::Error,
        demand,
        place: None,
    };
    let every = |demand: Demand| Rule {
        nodes: framework.walk().map(|(ix, _)| ix).collect(),
        ..index(demand)
    };
    let range = framework.range;
    let mut rules = Vec::new();
    rules.extend(
        arguments
            .fail_under
            .map(|least| index(Demand::AtLeast(range.read(least)))),
    );
    rules.extend(
        arguments
            .min_coverage
            .map(|least| index(Demand::Coverage(least))),
    );
    rules.extend(
        arguments
            .max_drop
            .map(|most| every(Demand::MaxDrop(range.read_difference(most)))),
    );
    rules.extend(arguments.no_level_loss.then(|| every(Demand::NoLevelLoss)));
    let Some(path) = &arguments.rules else {
        if rules.is_empty() {
            bail!(
                "no rule: name a file with --rules, or say --fail-under, --min-coverage, --max-drop or --no-level-loss"
            );
        }
        return Ok(Ok(rules));
    };
    let Bytes { name, bytes } = io::read_written(path)?;
    let read = match Source::decode(&name, &bytes) {
        Ok(source) => gate::read(&source, framework),
        Err(problem) => Err(vec![*problem]),
    };
    Ok(read.map(|read| {
        rules.extend(read);
        rules
    }))
}
