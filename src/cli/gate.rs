//! `dgpf gate`.

use std::path::Path;
use std::sync::Arc;

use anyhow::bail;
use dgpf::analysis::gate::{self, Demand, Reach, Rule, judge};
use dgpf::framework::{Framework, NodeIx, Source};
use dgpf::problem::{Problem, Severity};
use dgpf::report::problems::Checked;
use dgpf::report::{gate as found, present};
use dgpf::scoring::Plan;

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
    wave.say_remarks("", None, terminal);
    let reach = Reach::of(&Plan::compile(&wave.framework, &wave.assumptions));
    let rules = match rules(arguments, &reach)? {
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
fn rules(arguments: &Gate, reach: &Reach<'_>) -> anyhow::Result<Result<Vec<Rule>, Vec<Problem>>> {
    let framework = reach.framework();
    let range = framework.range;
    let index = vec![Framework::INDEX];
    let every: Vec<_> = framework.walk().map(|(ix, _)| ix).collect();
    let mut rules = Vec::new();
    let mut add = |flag: &str, nodes: &Vec<NodeIx>, demand: Demand| {
        if let Err(beyond) = reach.check(nodes, &demand) {
            bail!("{flag}: {}; {}", beyond.scores, beyond.remedy);
        }
        rules.push(Rule {
            nodes: nodes.clone(),
            units: Vec::new(),
            severity: Severity::Error,
            demand,
            place: None,
        });
        Ok(())
    };
    if let Some(least) = arguments.fail_under {
        let demand = Demand::AtLeast(range.read(least));
        add(&format!("--fail-under {least}"), &index, demand)?;
    }
    if let Some(least) = arguments.min_coverage {
        let demand = Demand::Coverage(least);
        add(&format!("--min-coverage {least}"), &index, demand)?;
    }
    if let Some(most) = arguments.max_drop {
        let demand = Demand::MaxDrop(range.read_difference(most));
        add(&format!("--max-drop {most}"), &every, demand)?;
    }
    if arguments.no_level_loss {
        add("--no-level-loss", &every, Demand::NoLevelLoss)?;
    }
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
        Ok(source) => gate::read(&source, reach),
        Err(problem) => Err(vec![*problem]),
    };
    Ok(read.map(|read| {
        rules.extend(read);
        rules
    }))
}
