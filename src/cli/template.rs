//! `dgpf template`.

use std::io::{IsTerminal, stdout};

use anyhow::bail;
use dgpf::framework::Framework;
use dgpf::report::forms::{self, Form, Kind, Options};
use dgpf::responses::Responses;

use super::Outcome;
use super::args::{Template, TemplateKind};
use super::choose::{self, Spoken, counted};
use super::io::{self, Terminal};
use super::read::{Wanted, open_one};
use super::saved;

/// The first day of 2000, where nothing else is stated: a workbook says a day.
const UNDATED: i64 = 946_684_800;

/// Makes a form.
pub(crate) fn run(arguments: &Template, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let output = arguments.output.as_deref();
    let kind = kind(arguments)?;
    let Some((framework, responses)) = open(arguments, terminal)? else {
        return Ok(Outcome::Problems);
    };
    let options = Options {
        language: arguments.lang.as_deref(),
        period: arguments.period.as_deref(),
        unscored: arguments.all,
    };
    let mut form = Form::of(&framework, &options);
    if let Some(responses) = &responses
        && form.prefill(responses, arguments.unit.as_deref()) == 0
    {
        bail!("{}", nobody(responses, arguments.unit.as_deref()));
    }
    if form.questions().next().is_none() {
        bail!(
            "there is nothing to ask: no indicator of `{}` is scored in that period",
            framework.id
        );
    }
    let mut bytes = Vec::new();
    let made_at = io::made_at()?.and_then(|seconds| i64::try_from(seconds).ok());
    let made_at = made_at.unwrap_or(UNDATED);
    forms::write(&form, kind, made_at, &mut bytes)?;
    io::put(output, &bytes)?;
    if let Some(output) = output.filter(|output| output.as_os_str() != "-") {
        terminal.note(&format!(
            "`{}`: {}",
            output.display(),
            contents(&form, kind)
        ));
    }
    Ok(Outcome::Done)
}

/// The framework, and the answers to begin with if there are any; nothing where they have problems.
fn open(
    arguments: &Template,
    terminal: &Terminal,
) -> anyhow::Result<Option<(Framework, Option<Responses>)>> {
    let language = arguments.lang.as_deref();
    let Some(prefill) = &arguments.prefill else {
        if arguments.reading.is_stated() {
            bail!("flags about reading say how the file of --prefill is read, and there is none");
        }
        let Ok(chosen) = choose::load_named(&arguments.framework, terminal)? else {
            return Ok(None);
        };
        terminal.problems(&chosen.remarks);
        if let Some(language) = language {
            choose::check_language(&[Spoken::by(&chosen.framework)], language, terminal)?;
        }
        return Ok(Some((chosen.framework, None)));
    };
    let named = std::slice::from_ref(&arguments.framework);
    let is_result = saved::is_result(prefill);
    let wanted = Wanted {
        files: std::slice::from_ref(prefill),
        // A saved result's is in it.
        frameworks: if is_result { &[] } else { named },
        reading: &arguments.reading,
        by: &[],
        language,
    };
    let opened = open_one(wanted, "a form is made for", terminal)?;
    if let (true, Some(opened)) = (is_result, &opened) {
        let Ok(chosen) = choose::load_named(&arguments.framework, terminal)? else {
            return Ok(None);
        };
        if chosen.framework.sha256 != opened.framework.sha256 {
            bail!(
                "`{}` was made by another framework than `{}`: prefill from the responses that it was made from",
                prefill.display(),
                arguments.framework
            );
        }
    }
    Ok(opened.map(|opened| (opened.framework, Some(opened.responses))))
}

/// The kind: as asked, else by the output file's ending, else CSV.
fn kind(arguments: &Template) -> anyhow::Result<Kind> {
    let output = arguments.output.as_deref();
    let file = output.filter(|path| path.as_os_str() != "-");
    let kind = match (arguments.kind, file) {
        (Some(TemplateKind::Csv), _) | (None, None) => Kind::Csv,
        (Some(TemplateKind::CsvLong), _) => Kind::CsvLong,
        (Some(TemplateKind::Xlsx), _) => Kind::Xlsx,
        (Some(TemplateKind::Xlsform), _) => Kind::XlsForm,
        (Some(TemplateKind::Limesurvey), _) => Kind::LimeSurvey,
        (Some(TemplateKind::Markdown), _) => Kind::Markdown,
        (None, Some(path)) => match path.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => Kind::Csv,
            Some("xlsx") => Kind::Xlsx,
            Some("md") => Kind::Markdown,
            Some("txt") => Kind::LimeSurvey,
            Some(_) | None => bail!(
                "what to write to `{}`? its ending is none of .csv, .xlsx, .md and .txt: say it with --kind",
                path.display()
            ),
        },
    };
    if matches!(kind, Kind::Xlsx | Kind::XlsForm) && file.is_none() && stdout().is_terminal() {
        bail!("a workbook is no text for a terminal: name a file with -o");
    }
    Ok(kind)
}

/// Why nothing was filled in.
fn nobody(responses: &Responses, unit: Option<&str>) -> String {
    let period = responses.periods.last().filter(|period| !period.is_empty());
    let when = period.map_or_else(String::new, |period| format!(" in {period}"));
    match unit {
        Some(unit) => {
            let ids = responses.units.iter().map(|unit| unit.id.as_ref());
            let near = io::nearest(unit, ids);
            let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
            format!("--unit {unit}: no answers{when}{hint}")
        }
        None => format!("no answers{when} to fill in"),
    }
}

/// `24 questions, 2 languages, filled in for 3 rows`.
fn contents(form: &Form<'_>, kind: Kind) -> String {
    let mut parts = vec![counted(form.questions().count(), "question")];
    if matches!(kind, Kind::XlsForm | Kind::LimeSurvey) {
        parts.push(counted(form.languages.len(), "language"));
    }
    if !form.rows.is_empty() {
        parts.push(format!("filled in for {}", counted(form.rows.len(), "row")));
    }
    parts.join(", ")
}
