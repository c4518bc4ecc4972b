//! `dgpf compare`.

use std::path::Path;

use anyhow::bail;
use dgpf::analysis::compare::{Side, compare, side_by_side};
use dgpf::framework::Framework;
use dgpf::report::present::{self, CompareView};
use dgpf::report::{About, ComparisonResult, SideResult, csv, json, markdown, terminal as page};
use dgpf::responses::Responses;
use dgpf::scoring::{Assumptions, Plan, Wanted};

use super::Outcome;
use super::args::{Compare, CompareFormat, Reading};
use super::choose::listed;
use super::io::{self, Terminal};
use super::read::{self, Opened, open_one, period};
use super::results::say_remarks;
use super::saved;

/// What output files are by their ending; the first without one.
const ENDINGS: [(&str, CompareFormat); 4] = [
    ("txt", CompareFormat::Table),
    ("csv", CompareFormat::Csv),
    ("json", CompareFormat::Json),
    ("md", CompareFormat::Markdown),
];

/// Compares two waves, or units of one: there have to be two of them.
pub(crate) fn run(arguments: &Compare, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let output = arguments.output.as_deref();
    let format = io::format(arguments.format, output, &ENDINGS)?;
    if arguments.periods.len() == 1 {
        bail!("--periods names two periods, the old and the new one: 2023,2025");
    }
    let (reading, units) = reading(arguments);
    let side_by_side =
        arguments.files.len() == 1 && arguments.periods.is_empty() && units.len() > 1;
    let text = if side_by_side {
        units_of_one(arguments, &reading, &units, format, terminal)?
    } else {
        waves(arguments, &reading, &units, format, terminal)?
    };
    let Some(text) = text else {
        return Ok(Outcome::Problems);
    };
    io::put(output, &text)?;
    Ok(Outcome::Done)
}

/// `--units` names units here; where it names a file, that describes units as it does in every other command.
fn reading(arguments: &Compare) -> (Reading, Vec<String>) {
    let mut reading = arguments.reading.clone();
    let names = reading.units.take_if(|named| !named.is_file());
    let names = names.map(|names| names.to_string_lossy().into_owned());
    let names = names.iter().flat_map(|names| names.split(','));
    let names = names.map(|name| name.trim().to_owned());
    (reading, names.filter(|name| !name.is_empty()).collect())
}

/// By which weights and against which cohort both waves are scored.
fn scoring(arguments: &Compare) -> (Option<&str>, Option<&Path>) {
    let (weights, stats) = (&arguments.weights, &arguments.cohort.stats);
    (weights.as_deref(), stats.as_deref())
}

/// One of the waves.
pub(crate) struct Wave {
    pub(crate) framework: Framework,
    pub(crate) assumptions: Assumptions,
    pub(crate) responses: Responses,
    pub(crate) options: Vec<(String, String)>,
    pub(crate) period: usize,
}

impl Wave {
    /// Opens a wave. A saved result holds its framework and was read already.
    pub(crate) fn open(
        file: &Path,
        framework: Option<&String>,
        reading: &Reading,
        language: Option<&str>,
        (weights, stats): (Option<&str>, Option<&Path>),
        terminal: &Terminal,
    ) -> anyhow::Result<Option<Self>> {
        let is_saved = saved::is_result(file);
        let nothing = Reading::default();
        let file = file.to_owned();
        let wanted = read::Wanted {
            files: std::slice::from_ref(&file),
            frameworks: match framework {
                Some(named) if !is_saved => std::slice::from_ref(named),
                _ => &[],
            },
            reading: if is_saved { &nothing } else { reading },
            by: &[],
            language,
        };
        let Some(mut opened) = open_one(wanted, "a wave is scored by", terminal)? else {
            return Ok(None);
        };
        let assumptions = opened.assumptions(weights, stats)?;
        let Opened {
            framework,
            responses,
            options,
            periods,
            cohort: _,
        } = opened;
        // A saved result has a wave of its own, whatever else its responses hold.
        let saved = periods.and_then(|periods| {
            let rows = responses.rows.iter().map(|row| row.period);
            let own = |period: &usize| periods.contains(&responses.periods[*period]);
            rows.filter(own).max()
        });
        let period = match saved {
            Some(period) => period,
            None => period(&responses, "latest")?,
        };
        Ok(Some(Self {
            framework,
            assumptions,
            responses,
            options,
            period,
        }))
    }

    /// The side of a comparison.
    pub(crate) fn side(&self) -> Side<'_> {
        Side {
            framework: &self.framework,
            assumptions: &self.assumptions,
            responses: &self.responses,
            period: self.period,
        }
    }

    /// How it was made.
    pub(crate) fn about(&self) -> About {
        let mut about = About::of(&self.framework);
        about.responses_sha256.clone_from(&self.responses.sha256);
        about.options.clone_from(&self.options);
        about.state_cohort(&self.framework, &self.assumptions);
        about
    }

    /// Says of its scores what scoring says; `of` begins each sentence.
    pub(crate) fn say_remarks(&self, of: &str, language: Option<&str>, terminal: &Terminal) {
        let plan = Plan::compile(&self.framework, &self.assumptions);
        let none = vec![false; self.framework.nodes.len()];
        let scores = plan.score_wanted(&self.responses, &Wanted::scores(none));
        let (about, period) = (About::of(&self.framework), self.period_name());
        let remarks = scores.remarks.iter();
        let remarks = remarks.filter(|remark| remark.is_about(&period));
        say_remarks(of, &about, remarks, language, terminal);
    }

    /// What its period is called.
    pub(crate) fn period_name(&self) -> String {
        let name = self.responses.periods.get(self.period);
        name.cloned().unwrap_or_default()
    }

    /// Position of the period that a unit was asked for in, whatever the case of its id.
    fn unit(&self, id: &str) -> Option<&str> {
        let ids = || self.responses.units.iter().map(|unit| unit.id.as_ref());
        ids()
            .find(|own| *own == id)
            .or_else(|| ids().find(|own| own.eq_ignore_ascii_case(id)))
    }
}

/// What changed between two waves.
pub(crate) fn compared(old: &Wave, new: &Wave) -> ComparisonResult {
    ComparisonResult {
        old: old.about(),
        new: new.about(),
        periods: [old.period_name(), new.period_name()],
        found: compare(&old.side(), &new.side()),
    }
}

fn waves(
    arguments: &Compare,
    reading: &Reading,
    units: &[String],
    format: CompareFormat,
    terminal: &Terminal,
) -> anyhow::Result<Option<Vec<u8>>> {
    let open = |file: &Path, framework: Option<&String>| {
        let language = arguments.lang.as_deref();
        let scoring = scoring(arguments);
        Wave::open(file, framework, reading, language, scoring, terminal)
    };
    let named = arguments.framework.as_ref();
    let Some(mut new) = open(&arguments.files[arguments.files.len() - 1], named)? else {
        return Ok(None);
    };
    let mut old = match arguments.files.as_slice() {
        [old, _] => match open(old, arguments.framework_old.as_ref().or(named))? {
            Some(old) => old,
            None => return Ok(None),
        },
        _ => Wave {
            framework: new.framework.clone(),
            assumptions: new.assumptions.clone(),
            responses: new.responses.clone(),
            options: new.options.clone(),
            period: before(&new, &arguments.periods)?,
        },
    };
    if let [before, after] = arguments.periods.as_slice() {
        old.period = period(&old.responses, before)?;
        new.period = period(&new.responses, after)?;
    }
    for (at, wave) in [&old, &new].into_iter().enumerate() {
        // Of one file the periods tell the waves apart.
        let of = match arguments.files.as_slice() {
            [_] => String::new(),
            files => format!("`{}`: ", files[at].display()),
        };
        wave.say_remarks(&of, arguments.lang.as_deref(), terminal);
    }
    let result = compared(&old, &new);
    let units = known(units, &[&new, &old])?;
    let view = CompareView {
        language: arguments.lang.as_deref(),
        units: &units,
        depth: arguments.depth,
    };
    let mut text = Vec::new();
    let document = || present::comparison(&result, view);
    match format {
        CompareFormat::Table => {
            let look = terminal.look_for(arguments.output.as_deref());
            page::write(&document(), look, &mut text)?;
        }
        CompareFormat::Markdown => markdown::write(&document(), &mut text)?,
        CompareFormat::Csv | CompareFormat::Json => {
            if let Some(caution) = present::caution(&result, view.language) {
                terminal.warning(&caution);
            }
            match format {
                CompareFormat::Csv => csv::write_comparison(&result, &units, &mut text)?,
                _ => json::write_comparison(&result, &units, &mut text)?,
            }
        }
    }
    Ok(Some(text))
}

/// The last period with answers before the newest one, unless periods are named.
fn before(new: &Wave, named: &[String]) -> anyhow::Result<usize> {
    let rows = new.responses.rows.iter().map(|row| row.period);
    let earlier = rows.filter(|period| *period < new.period).max();
    match earlier {
        Some(earlier) => Ok(earlier),
        None if !named.is_empty() => Ok(new.period),
        None => bail!(
            "one file with one period has nothing to be compared with: name a second file, or two units with --units"
        ),
    }
}

/// The units as the responses spell them.
fn known(units: &[String], waves: &[&Wave]) -> anyhow::Result<Vec<String>> {
    let find = |id: &String| {
        let found = waves.iter().find_map(|wave| wave.unit(id));
        found.map(str::to_owned).ok_or_else(|| {
            let ids = waves.iter().flat_map(|wave| &wave.responses.units);
            let near = io::nearest(id, ids.map(|unit| unit.id.as_ref()));
            let near = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            anyhow::anyhow!("--units: there is neither a unit nor a file `{id}`{near}")
        })
    };
    units.iter().map(find).collect()
}

fn units_of_one(
    arguments: &Compare,
    reading: &Reading,
    units: &[String],
    format: CompareFormat,
    terminal: &Terminal,
) -> anyhow::Result<Option<Vec<u8>>> {
    let language = arguments.lang.as_deref();
    let opened = Wave::open(
        &arguments.files[0],
        arguments.framework.as_ref(),
        reading,
        language,
        scoring(arguments),
        terminal,
    )?;
    let Some(wave) = opened else { return Ok(None) };
    wave.say_remarks("", language, terminal);
    let units = known(units, &[&wave])?;
    let ids: Vec<&str> = units.iter().map(String::as_str).collect();
    let found = match side_by_side(&wave.side(), &ids) {
        Ok(found) => found,
        Err(unit) => bail!(
            "`{unit}` has no answers in {}",
            listed(&[wave.period_name()])
        ),
    };
    let result = SideResult {
        about: wave.about(),
        period: wave.period_name(),
        found,
    };
    let view = CompareView {
        language,
        units: &units,
        depth: arguments.depth,
    };
    let mut text = Vec::new();
    let document = || present::side_by_side(&result, view);
    match format {
        CompareFormat::Table => {
            let look = terminal.look_for(arguments.output.as_deref());
            page::write(&document(), look, &mut text)?;
        }
        CompareFormat::Markdown => markdown::write(&document(), &mut text)?,
        CompareFormat::Csv => csv::write_side_by_side(&result, &mut text)?,
        CompareFormat::Json => json::write_side_by_side(&result, &mut text)?,
    }
    Ok(Some(text))
}
